/**
 * Lowers a TypeScript tree to the IR of core/facts: one pass, no parent pointers, no node survives.
 * Names stay names (link resolves them); types vanish; literals that may be secrets lose their text.
 */
import type { ClassFact, EnvReadFact, ExportFact, Expr, FunctionFact, ImportFact, ObjProp, Pattern, ScriptFacts, SecretFact, Stmt } from '../../core/facts';
import type { RelPath, Span } from '../../core/types';
import { ts } from './parse';
import { type LoweredParts, type LoweringMemory, type Mark, type Part, type Reuse, isModule, markBefore, markFrom, movedBy, movedFunctions } from './reuse';
import { classifyLiteral, looksSensitive, mayTell } from '../secrets/index';
import { isTestPath } from '../../core/paths';
import { K, hasModifier, isBinary, isBlock, isCall, isConstructor, isElementAccess, isIdentifier, isMetaProperty, isMethodOrAccessor, isObjectPattern, isOmitted, isProperty, isPropertyAccess, isShorthand, isSpreadProperty, isStringLiteral, isStringLiteralLike, isTemplate, isVariableList, startOf, unwrap } from './kinds';

export interface Lowered {
  readonly script: ScriptFacts;
  /** Secrets that only the code around a literal gives away. */
  readonly secrets: readonly SecretFact[];
  /** Concatenations of literals, folded: a provider token split in two is still one. */
  readonly folded: readonly { readonly value: string; readonly span: Span; readonly names: readonly string[] }[];
}

/** Nesting beyond this is generated or hostile; deeper code becomes opaque instead of overflowing the stack. */
const MAX_DEPTH = 400;

const FUNCTION_KINDS = new Map<ts.SyntaxKind, FunctionFact['kind']>([
  [K.ArrowFunction, 'arrow'],
  [K.Constructor, 'constructor'],
  [K.MethodDeclaration, 'method'],
  [K.GetAccessor, 'getter'],
  [K.SetAccessor, 'setter'],
]);

/** Names around a literal, nearest first; a list of links, since nearly all of them are never asked for. */
interface Names {
  readonly name: string;
  readonly up: Names | null;
}

/** Of names around a literal, those that say something about it. */
const NAMES_KEPT = 4;

function nearest(names: Names | null): string[] {
  const out: string[] = [];
  for (let n = names; n && out.length < NAMES_KEPT; n = n.up) out.push(n.name);
  return out;
}

type MutableFunction = { -readonly [P in keyof FunctionFact]: FunctionFact[P] };

/** `memory`: of earlier versions of a script, for one that has no syntax errors; the result is the same with and without. */
export function lowerScript(path: RelPath, text: string, source: ts.SourceFile, salt: string, secretSpans: readonly Span[], memory: LoweringMemory | null = null): Lowered {
  return new Lowering(path, text, source, salt, secretSpans).run(memory);
}

class Lowering {
  private readonly functions: MutableFunction[] = [];
  private readonly classes: ClassFact[] = [];
  private readonly imports: ImportFact[] = [];
  private readonly exports: ExportFact[] = [];
  private readonly envReads: EnvReadFact[] = [];
  private readonly secrets: SecretFact[] = [];
  private readonly folded: { value: string; span: Span; names: readonly string[] }[] = [];
  private readonly locals: (readonly [local: string, specifier: string])[] = [];
  private readonly importOf = new Map<string, string>();
  private readonly parts: Part[] = [];
  private readonly inTest: boolean;
  private hasJsx = false;
  private isCommonJs = false;
  private depth = 0;
  private fnStack: number[] = [0];

  // Context of the literal being lowered, for the secret classifier.
  private names: Names | null = null;
  private callee: ts.Expression | null = null;
  /** Dotted text of `callee`; undefined: not asked for yet. */
  private calleeText: string | null | undefined = null;
  private argIndex = -1;
  private propPath: Names | null = null;
  private fallbackOf: string | null = null;
  private comparedWith: string | null = null;

  constructor(
    private readonly path: RelPath,
    private readonly text: string,
    private readonly source: ts.SourceFile,
    private readonly salt: string,
    private readonly secretSpans: readonly Span[],
  ) {
    this.inTest = isTestPath(path);
  }

  run(memory: LoweringMemory | null): Lowered {
    const sf = this.source;
    const module: MutableFunction = {
      id: 0, name: '', parent: -1, params: [], body: [], async: true, kind: 'module', directives: [],
      span: { start: 0, end: this.text.length }, head: { start: 0, end: 0 }, bodyStart: 0,
      bodySpan: { start: 0, end: this.text.length }, paramsSpan: null,
    };
    this.functions.push(module);
    const directives = this.directivesOf(sf.statements);
    let afterImports = this.afterDirectives(sf.statements, directives.length);
    for (const s of sf.statements) {
      if (s.kind === K.ImportDeclaration || s.kind === K.ImportEqualsDeclaration || (s.kind === K.VariableStatement && isRequired((s as ts.VariableStatement).declarationList.declarations[0]?.initializer))) afterImports = s.end;
    }
    module.body = memory ? this.partwise(sf.statements, memory.plan(this.text, sf, this.salt, this.secretSpans)) : this.stmts(sf.statements);
    module.directives = directives;
    const lowered: Lowered = {
      script: {
        directives, imports: this.imports, exports: this.exports, functions: this.functions, classes: this.classes,
        hasJsx: this.hasJsx, isCommonJs: this.isCommonJs, outlined: false, envReads: this.envReads, afterImports, style: styleOf(this.text),
      },
      secrets: this.secrets,
      folded: this.folded,
    };
    memory?.keep({ text: this.text, salt: this.salt, isModule: isModule(sf), lowered, locals: this.locals, parts: this.parts });
    return lowered;
  }

  private partwise(list: readonly ts.Statement[], reuse: Reuse | null): Stmt[] {
    const out: Stmt[] = [];
    const behind = list.length - (reuse?.suffix ?? 0);
    if (reuse) this.takeOver(reuse.from, 0, reuse.prefix, 0, out);
    for (const node of list.slice(reuse?.prefix ?? 0, behind)) this.part(node, out);
    if (!reuse || reuse.suffix === 0) return out;
    const { from, suffix, delta } = reuse;
    const first = from.parts.length - suffix;
    const before = markBefore(from, first);
    const { functions, classes, locals } = this.mark(out);
    // Functions are numbered through, and what a name was imported from counts for all that follows.
    const goesOn = functions === before.functions && classes === before.classes && locals === before.locals && this.locals.every(([local, specifier], i) => from.locals[i]![0] === local && from.locals[i]![1] === specifier);
    if (goesOn) this.takeOver(from, first, from.parts.length, delta, out);
    else for (const node of list.slice(behind)) this.part(node, out);
    return out;
  }

  /** One statement of the top level. */
  private part(node: ts.Statement, out: Stmt[]): void {
    const { hasJsx, isCommonJs } = this;
    this.hasJsx = this.isCommonJs = false;
    this.stmt(node, out);
    this.parts.push({ pos: node.pos, end: node.end, kind: node.kind, after: this.mark(out), hasJsx: this.hasJsx, isCommonJs: this.isCommonJs });
    this.hasJsx ||= hasJsx;
    this.isCommonJs ||= isCommonJs;
  }

  private mark(out: readonly Stmt[]): Mark {
    return { body: out.length, functions: this.functions.length, classes: this.classes.length, imports: this.imports.length, exports: this.exports.length, envReads: this.envReads.length, locals: this.locals.length };
  }

  /** Statements of the last version, as if they had been lowered now. */
  private takeOver(from: LoweredParts, first: number, behind: number, delta: number, out: Stmt[]): void {
    if (first === behind) return;
    const a = markBefore(from, first);
    const b = markBefore(from, behind);
    const now = this.mark(out);
    const { script } = from.lowered;
    append(out, movedBy(script.functions[0]!.body.slice(a.body, b.body), delta));
    append<FunctionFact>(this.functions, movedFunctions(script.functions.slice(a.functions, b.functions), delta));
    append(this.classes, movedBy(script.classes.slice(a.classes, b.classes), delta));
    append(this.imports, movedBy(script.imports.slice(a.imports, b.imports), delta));
    append(this.exports, movedBy(script.exports.slice(a.exports, b.exports), delta));
    append(this.envReads, movedBy(script.envReads.slice(a.envReads, b.envReads), delta));
    for (const [local, specifier] of from.locals.slice(a.locals, b.locals)) this.noteLocal(local, specifier);
    for (const part of from.parts.slice(first, behind)) {
      this.parts.push({ ...part, pos: part.pos + delta, end: part.end + delta, after: markFrom(now, a, part.after) });
      this.hasJsx ||= part.hasJsx;
      this.isCommonJs ||= part.isCommonJs;
    }
  }

  private noteLocal(local: string, specifier: string): void {
    this.locals.push([local, specifier]);
    this.importOf.set(local, specifier);
  }

  private directivesOf(statements: readonly ts.Statement[]): string[] {
    const out: string[] = [];
    for (const s of statements) {
      if (ts.isExpressionStatement(s) && isStringLiteral(s.expression)) out.push(s.expression.text);
      else break;
    }
    return out;
  }

  private afterDirectives(statements: readonly ts.Statement[], count: number): number {
    const last = count > 0 ? statements[count - 1] : undefined;
    if (last) return last.end;
    const first = statements[0];
    if (this.text.startsWith('#!')) return Math.max(0, this.text.indexOf('\n'));
    return first ? Math.min(first.getStart(this.source), this.text.length) : 0;
  }

  private start(node: ts.Node): number {
    return startOf(node, this.text, this.source);
  }

  private span(node: ts.Node): Span {
    return { start: this.start(node), end: node.end };
  }

  // ---------------------------------------------------------------------------------------------- statements

  private stmts(list: readonly ts.Statement[]): Stmt[] {
    const out: Stmt[] = [];
    for (const s of list) this.stmt(s, out);
    return out;
  }

  private body(node: ts.Statement | undefined): Stmt[] {
    if (!node) return [];
    if (node.kind === K.Block) return this.stmts((node as ts.Block).statements);
    const out: Stmt[] = [];
    this.stmt(node, out);
    return out;
  }

  private stmt(node: ts.Statement, out: Stmt[]): void {
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return;
    }
    this.stmtInner(node, out);
    this.depth--;
  }

  private stmtInner(node: ts.Statement, out: Stmt[]): void {
    const s = node.pos < 0 ? 0 : this.start(node);
    const e = node.end;
    switch (node.kind) {
      case K.ExpressionStatement: {
        out.push({ k: 'expr', x: this.expr((node as ts.ExpressionStatement).expression), s, e });
        return;
      }
      case K.VariableStatement: {
        const n = node as ts.VariableStatement;
        out.push(this.varDecl(n.declarationList, s, e));
        if (isExported(n)) for (const d of n.declarationList.declarations) this.exportNames(d.name, { start: s, end: e });
        return;
      }
      case K.FunctionDeclaration: {
        const n = node as ts.FunctionDeclaration;
        if (!n.body) return;
        const exported = isExported(n);
        const isDefault = exported && hasModifier(n, K.DefaultKeyword);
        const name = n.name?.text ?? (isDefault ? '*default*' : '');
        const id = this.fn(n, name);
        out.push({ k: 'fndecl', name, id, s, e });
        if (exported) this.exports.push({ kind: 'local', name: isDefault ? 'default' : name, local: name, span: this.functions[id]!.head });
        return;
      }
      case K.ClassDeclaration: {
        const n = node as ts.ClassDeclaration;
        const exported = isExported(n);
        const isDefault = exported && hasModifier(n, K.DefaultKeyword);
        const name = n.name?.text ?? (isDefault ? '*default*' : '');
        const id = this.cls(n, name);
        out.push({ k: 'classdecl', name, id, s, e });
        if (exported) this.exports.push({ kind: 'local', name: isDefault ? 'default' : name, local: name, span: n.name ? this.span(n.name) : { start: s, end: s + 5 } });
        return;
      }
      case K.ReturnStatement: {
        const x = (node as ts.ReturnStatement).expression;
        out.push({ k: 'return', x: x ? this.expr(x) : null, s, e });
        return;
      }
      case K.ThrowStatement:
        out.push({ k: 'throw', x: this.expr((node as ts.ThrowStatement).expression), s, e });
        return;
      case K.IfStatement: {
        const n = node as ts.IfStatement;
        out.push({ k: 'if', test: this.expr(n.expression), then: this.body(n.thenStatement), else: n.elseStatement ? this.body(n.elseStatement) : null, s, e });
        return;
      }
      case K.Block:
        out.push({ k: 'block', body: this.stmts((node as ts.Block).statements), s, e });
        return;
      case K.TryStatement: {
        const n = node as ts.TryStatement;
        out.push({
          k: 'try', body: this.stmts(n.tryBlock.statements),
          param: n.catchClause?.variableDeclaration ? this.pattern(n.catchClause.variableDeclaration.name) : null,
          handler: n.catchClause ? this.stmts(n.catchClause.block.statements) : null,
          finalizer: n.finallyBlock ? this.stmts(n.finallyBlock.statements) : null, s, e,
        });
        return;
      }
      case K.ForStatement: {
        const n = node as ts.ForStatement;
        const init: Stmt[] = [];
        if (n.initializer) {
          if (isVariableList(n.initializer)) init.push(this.varDecl(n.initializer, n.initializer.pos, n.initializer.end));
          else init.push({ k: 'expr', x: this.expr(n.initializer), s, e: n.initializer.end });
        }
        out.push({ k: 'loop', kind: 'for', init, each: null, over: null, test: n.condition ? this.expr(n.condition) : null, update: n.incrementor ? this.expr(n.incrementor) : null, body: this.body(n.statement), s, e });
        return;
      }
      case K.ForOfStatement:
      case K.ForInStatement: {
        const n = node as ts.ForOfStatement | ts.ForInStatement;
        const init = n.initializer;
        const first = isVariableList(init) ? init.declarations[0] : undefined;
        const each = first ? this.pattern(first.name) : isVariableList(init) ? null : this.target(init);
        out.push({ k: 'loop', kind: node.kind === K.ForOfStatement ? 'of' : 'in', init: [], each, over: this.expr(n.expression), test: null, update: null, body: this.body(n.statement), s, e });
        return;
      }
      case K.WhileStatement:
      case K.DoStatement: {
        const n = node as ts.WhileStatement | ts.DoStatement;
        out.push({ k: 'loop', kind: node.kind === K.DoStatement ? 'do' : 'while', init: [], each: null, over: null, test: this.expr(n.expression), update: null, body: this.body(n.statement), s, e });
        return;
      }
      case K.SwitchStatement: {
        const n = node as ts.SwitchStatement;
        out.push({ k: 'switch', on: this.expr(n.expression), cases: n.caseBlock.clauses.map((c) => ({ test: ts.isCaseClause(c) ? this.expr(c.expression) : null, body: this.stmts(c.statements) })), s, e });
        return;
      }
      case K.BreakStatement:
        out.push({ k: 'break', s, e });
        return;
      case K.ContinueStatement:
        out.push({ k: 'continue', s, e });
        return;
      case K.LabeledStatement:
        this.stmt((node as ts.LabeledStatement).statement, out);
        return;
      case K.ImportDeclaration:
        this.importDecl(node as ts.ImportDeclaration);
        return;
      case K.ImportEqualsDeclaration: {
        const n = node as ts.ImportEqualsDeclaration;
        if (ts.isExternalModuleReference(n.moduleReference) && isStringLiteralLike(n.moduleReference.expression)) {
          this.imports.push({ specifier: n.moduleReference.expression.text, kind: 'require', typeOnly: n.isTypeOnly, names: [{ imported: '*', local: n.name.text, typeOnly: n.isTypeOnly }], span: { start: s, end: e } });
          this.noteLocal(n.name.text, n.moduleReference.expression.text);
        }
        return;
      }
      case K.ExportDeclaration:
        this.exportDecl(node as ts.ExportDeclaration);
        return;
      case K.ExportAssignment: {
        const n = node as ts.ExportAssignment;
        const head = { start: s, end: Math.min(n.expression.end, s + 'export default'.length) };
        if (n.isExportEquals) {
          this.isCommonJs = true;
          const value = this.expr(n.expression);
          out.push({ k: 'expr', x: { k: 'assign', op: '=', target: { k: 'target', expr: { k: 'mem', obj: { k: 'ref', name: 'module', s, e }, prop: 'exports', opt: false, ps: s, s, e }, s, e, init: null }, value, s, e }, s, e });
          return;
        }
        if (isIdentifier(n.expression)) {
          this.exports.push({ kind: 'local', name: 'default', local: n.expression.text, span: head });
          return;
        }
        const value = this.named('default', n.expression);
        out.push({ k: 'var', kind: 'const', decls: [{ target: { k: 'name', name: '*default*', s, e, init: null }, init: value, s, e }], s, e });
        this.exports.push({ kind: 'local', name: 'default', local: '*default*', span: head });
        return;
      }
      case K.EnumDeclaration: {
        const n = node as ts.EnumDeclaration;
        const props: ObjProp[] = n.members.map((m) => ({ k: 'prop', key: nameText(m.name) ?? '', value: m.initializer ? this.expr(m.initializer) : { k: 'undef', s: m.pos, e: m.end }, s: m.pos, e: m.end }));
        out.push({ k: 'var', kind: 'const', decls: [{ target: { k: 'name', name: n.name.text, s, e, init: null }, init: { k: 'obj', props, s, e }, s, e }], s, e });
        if (isExported(n)) this.exports.push({ kind: 'local', name: n.name.text, local: n.name.text, span: this.span(n.name) });
        return;
      }
      case K.ModuleDeclaration: {
        const b = (node as ts.ModuleDeclaration).body;
        if (b && ts.isModuleBlock(b) && !hasModifier(node as ts.ModuleDeclaration, K.DeclareKeyword)) out.push({ k: 'block', body: this.stmts(b.statements), s, e });
        return;
      }
      default:
        return; // types, interfaces, empty statements: nothing runs
    }
  }

  private varDecl(list: ts.VariableDeclarationList, s: number, e: number): Stmt {
    const kind = list.flags & ts.NodeFlags.Const ? 'const' : list.flags & ts.NodeFlags.Let ? 'let' : 'var';
    return {
      k: 'var', kind, s, e,
      decls: list.declarations.map((d) => {
        const name = isIdentifier(d.name) ? d.name.text : null;
        const fromEnv = d.initializer && this.isEnvObject(d.initializer) ? d.initializer : null;
        if (fromEnv && isObjectPattern(d.name)) this.destructuredEnv(d.name, fromEnv);
        const init = d.initializer ? this.named(name, d.initializer) : null;
        if (init && name) this.noteRequire(d.initializer!, name);
        return { target: this.pattern(d.name, fromEnv ? 'env' : undefined), init, s: this.start(d), e: d.end };
      }),
    };
  }

  private destructuredEnv(pattern: ts.ObjectBindingPattern, env: ts.Expression): void {
    const via = this.isImportMeta(env) ? 'import.meta.env' : 'process.env';
    for (const el of pattern.elements) {
      const key = el.propertyName ? nameText(el.propertyName) : isIdentifier(el.name) ? el.name.text : null;
      if (key) this.envReads.push({ name: key, via, span: this.span(el) });
    }
  }

  private noteRequire(init: ts.Expression, local: string): void {
    const x = unwrap(init);
    if (isCall(x) && isIdentifier(x.expression) && x.expression.text === 'require') {
      const a = x.arguments[0];
      if (a && isStringLiteralLike(a)) this.noteLocal(local, a.text);
    }
  }

  private exportNames(name: ts.BindingName, span: Span): void {
    if (isIdentifier(name)) this.exports.push({ kind: 'local', name: name.text, local: name.text, span: this.span(name) });
    else for (const el of name.elements) if (!isOmitted(el)) this.exportNames(el.name, span);
  }

  private importDecl(n: ts.ImportDeclaration): void {
    if (!isStringLiteral(n.moduleSpecifier)) return;
    const specifier = n.moduleSpecifier.text;
    const c = n.importClause;
    const typeOnly = c?.isTypeOnly ?? false;
    const names: { imported: string; local: string; typeOnly: boolean }[] = [];
    if (c?.name) names.push({ imported: 'default', local: c.name.text, typeOnly });
    const b = c?.namedBindings;
    if (b && ts.isNamespaceImport(b)) names.push({ imported: '*', local: b.name.text, typeOnly });
    if (b && ts.isNamedImports(b)) for (const el of b.elements) names.push({ imported: el.propertyName?.text ?? el.name.text, local: el.name.text, typeOnly: typeOnly || el.isTypeOnly });
    for (const x of names) this.noteLocal(x.local, specifier);
    this.imports.push({ specifier, kind: 'import', typeOnly, names, span: this.span(n) });
  }

  private exportDecl(n: ts.ExportDeclaration): void {
    if (n.isTypeOnly) return;
    const specifier = n.moduleSpecifier && isStringLiteral(n.moduleSpecifier) ? n.moduleSpecifier.text : null;
    const span = this.span(n);
    if (specifier !== null) this.imports.push({ specifier, kind: 'export', typeOnly: false, names: [], span });
    const c = n.exportClause;
    if (!c) {
      if (specifier !== null) this.exports.push({ kind: 'star', specifier, span });
    } else if (ts.isNamespaceExport(c)) {
      if (specifier !== null) this.exports.push({ kind: 'from', name: c.name.text, imported: '*', specifier, span });
    } else
      for (const el of c.elements) {
        if (el.isTypeOnly) continue;
        const imported = el.propertyName?.text ?? el.name.text;
        if (specifier !== null) this.exports.push({ kind: 'from', name: el.name.text, imported, specifier, span: this.span(el) });
        else this.exports.push({ kind: 'local', name: el.name.text, local: imported, span: this.span(el) });
      }
  }

  // ---------------------------------------------------------------------------------------------- functions

  private fn(n: ts.FunctionLikeDeclaration, name: string): number {
    const id = this.functions.length;
    const s = this.start(n);
    const body = n.body;
    const hasBlock = body !== undefined && isBlock(body);
    const kind = FUNCTION_KINDS.get(n.kind) ?? 'function';
    const head = n.name ? this.span(n.name) : { start: s, end: Math.min(body ? Math.max(s + 1, body.pos) : n.end, s + 40) };
    const f: MutableFunction = {
      id, name, parent: this.fnStack[this.fnStack.length - 1] ?? 0, params: [], body: [], async: hasModifier(n, K.AsyncKeyword), kind,
      directives: hasBlock ? this.directivesOf(body.statements) : [],
      span: { start: s, end: n.end }, head,
      bodyStart: hasBlock ? body.getStart(this.source) + 1 : null,
      bodySpan: body ? { start: body.getStart(this.source), end: body.end } : { start: n.end, end: n.end },
      paramsSpan: this.paramsSpan(n, s),
    };
    this.functions.push(f);
    const { names, callee, calleeText, argIndex, propPath, fallbackOf, comparedWith } = this;
    this.place(null, null, null, -1);
    this.propPath = null;
    this.fnStack.push(id);
    f.params = n.parameters.filter((p) => !(isIdentifier(p.name) && p.name.text === 'this')).map((p) => {
      const inner = this.pattern(p.name, undefined, p.initializer);
      return p.dotDotDotToken ? { k: 'rest' as const, value: inner, s: p.pos, e: p.end, init: null } : inner;
    });
    if (hasBlock) f.body = this.stmts(body.statements);
    else if (body) {
      const x = this.expr(body as ts.Expression);
      f.body = [{ k: 'return', x, s: x.s, e: x.e }];
    }
    this.fnStack.pop();
    this.place(names, callee, calleeText, argIndex);
    this.propPath = propPath;
    this.fallbackOf = fallbackOf;
    this.comparedWith = comparedWith;
    return id;
  }

  private paramsSpan(n: ts.FunctionLikeDeclaration, s: number): Span | null {
    const open = this.text.lastIndexOf('(', n.parameters.pos);
    if (open < s || n.parameters.pos !== open + 1) return null;
    return { start: open + 1, end: n.parameters.end };
  }

  private cls(n: ts.ClassLikeDeclaration, name: string): number {
    const id = this.classes.length;
    this.classes.push({ id, name, superClass: null, members: [], decorators: [], wiring: [], span: this.span(n) });
    const heritage = n.heritageClauses?.find((h) => h.token === K.ExtendsKeyword)?.types[0];
    const members = n.members.flatMap((m) => {
      const key = m.name ? nameText(m.name) : isConstructor(m) ? 'constructor' : null;
      if (key === null) return [];
      const isStatic = hasModifier(m, K.StaticKeyword);
      const decorators = this.decorators(m);
      if (isMethodOrAccessor(m) || isConstructor(m)) {
        if (!m.body) return [];
        const fn = this.fn(m, key);
        const out = [{ name: key, isStatic, fn: fn as number | null, init: null as Expr | null, decorators }];
        // `constructor(private readonly service: Service)` declares fields.
        if (isConstructor(m))
          for (const p of m.parameters)
            if (isIdentifier(p.name) && p.modifiers?.some((x) => x.kind === K.PrivateKeyword || x.kind === K.PublicKeyword || x.kind === K.ReadonlyKeyword || x.kind === K.ProtectedKeyword))
              out.push({ name: `*param*${p.name.text}`, isStatic: false, fn: null, init: { k: 'ref', name: p.name.text, s: p.pos, e: p.end }, decorators: [] });
        return out;
      }
      if (ts.isPropertyDeclaration(m)) {
        const init = m.initializer ? this.named(key, m.initializer) : null;
        return [{ name: key, isStatic, fn: null, init, decorators }];
      }
      return [];
    });
    this.classes[id] = { id, name, superClass: heritage ? this.expr(heritage.expression) : null, members, decorators: this.decorators(n), wiring: this.wiring(n), span: this.span(n) };
    return id;
  }

  private wiring(n: ts.ClassLikeDeclaration): ClassFact['wiring'] {
    const decorated = ts.canHaveDecorators(n) && (ts.getDecorators(n)?.length ?? 0) > 0;
    const ctor = n.members.find((m): m is ts.ConstructorDeclaration => isConstructor(m) && m.body !== undefined);
    if (!ctor || (!decorated && !ctor.parameters.some((p) => ts.getDecorators(p)?.length))) return [];
    return ctor.parameters.map((p) => {
      const inject = (ts.getDecorators(p) ?? []).find((d) => isCall(d.expression) && isIdentifier(d.expression.expression) && /^inject$/i.test(d.expression.expression.text))?.expression as ts.CallExpression | undefined;
      const asked = inject?.arguments[0];
      const type = p.type && ts.isTypeReferenceNode(p.type) && isIdentifier(p.type.typeName) ? p.type.typeName : null;
      return { name: isIdentifier(p.name) ? p.name.text : '', token: asked ? this.expr(asked) : type ? { k: 'ref', name: type.text, s: type.pos, e: type.end } : null };
    });
  }

  private decorators(n: ts.Node): Expr[] {
    if (!ts.canHaveDecorators(n)) return [];
    return (ts.getDecorators(n) ?? []).map((d) => this.expr(d.expression));
  }

  // ---------------------------------------------------------------------------------------------- patterns

  private pattern(n: ts.BindingName, from?: 'env', init?: ts.Expression): Pattern {
    const s = this.start(n);
    const e = n.end;
    if (isIdentifier(n)) return { k: 'name', name: n.text, s, e, init: init ? this.named(n.text, init) : null };
    const initX = init ? this.expr(init) : null;
    if (isObjectPattern(n)) {
      let rest: string | null = null;
      const props: { key: string | null; value: Pattern }[] = [];
      for (const el of n.elements) {
        if (el.dotDotDotToken) {
          rest = isIdentifier(el.name) ? el.name.text : null;
          continue;
        }
        const key = el.propertyName ? nameText(el.propertyName) : isIdentifier(el.name) ? el.name.text : null;
        const saved = this.fallbackOf;
        if (from === 'env' && key) this.fallbackOf = key;
        props.push({ key, value: this.pattern(el.name, undefined, el.initializer) });
        this.fallbackOf = saved;
      }
      return { k: 'obj', props, rest, s, e, init: initX };
    }
    let rest: string | null = null;
    const items: (Pattern | null)[] = [];
    for (const el of n.elements) {
      if (isOmitted(el)) items.push(null);
      else if (el.dotDotDotToken) rest = isIdentifier(el.name) ? el.name.text : null;
      else items.push(this.pattern(el.name, undefined, el.initializer));
    }
    return { k: 'arr', items, rest, s, e, init: initX };
  }

  /** Left side of an assignment. */
  private target(n: ts.Expression): Pattern {
    const x = unwrap(n);
    const s = this.start(x);
    const e = x.end;
    if (isIdentifier(x)) return { k: 'name', name: x.text, s, e, init: null };
    if (ts.isObjectLiteralExpression(x)) {
      let rest: string | null = null;
      const props: { key: string | null; value: Pattern }[] = [];
      for (const p of x.properties) {
        if (isShorthand(p)) props.push({ key: p.name.text, value: { k: 'name', name: p.name.text, s: p.pos, e: p.end, init: null } });
        else if (isProperty(p)) props.push({ key: nameText(p.name), value: this.target(isBinary(p.initializer) && p.initializer.operatorToken.kind === K.EqualsToken ? p.initializer.left : p.initializer) });
        else if (isSpreadProperty(p) && isIdentifier(p.expression)) rest = p.expression.text;
      }
      return { k: 'obj', props, rest, s, e, init: null };
    }
    if (ts.isArrayLiteralExpression(x)) return { k: 'arr', items: x.elements.map((el) => (isOmitted(el) ? null : this.target(el))), rest: null, s, e, init: null };
    return { k: 'target', expr: this.expr(x), s, e, init: null };
  }

  // ---------------------------------------------------------------------------------------------- expressions

  private expr(node: ts.Expression): Expr {
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return { k: 'other', children: [], s: node.pos, e: node.end };
    }
    const x = this.exprInner(node);
    this.depth--;
    return x;
  }

  private exprInner(node: ts.Expression): Expr {
    const s = this.start(node);
    const e = node.end;
    switch (node.kind) {
      case K.Identifier: {
        const name = (node as ts.Identifier).text;
        return name === 'undefined' ? { k: 'undef', s, e } : { k: 'ref', name, s, e };
      }
      case K.StringLiteral:
      case K.NoSubstitutionTemplateLiteral:
        return this.literal((node as ts.StringLiteralLike).text, s, e);
      case K.NumericLiteral:
        return { k: 'num', v: Number((node as ts.NumericLiteral).text), s, e };
      case K.BigIntLiteral:
        return { k: 'other', children: [], s, e };
      case K.TrueKeyword:
        return { k: 'bool', v: true, s, e };
      case K.FalseKeyword:
        return { k: 'bool', v: false, s, e };
      case K.NullKeyword:
        return { k: 'null', s, e };
      case K.RegularExpressionLiteral:
        return { k: 'regex', v: (node as ts.RegularExpressionLiteral).text.slice(0, 300), s, e };
      case K.ThisKeyword:
        return { k: 'this', s, e };
      case K.SuperKeyword:
        return { k: 'super', s, e };
      case K.ParenthesizedExpression:
      case K.AsExpression:
      case K.SatisfiesExpression:
      case K.TypeAssertionExpression:
      case K.NonNullExpression:
      case K.ExpressionWithTypeArguments:
        return this.expr((node as ts.ParenthesizedExpression).expression);
      case K.PropertyAccessExpression: {
        const n = node as ts.PropertyAccessExpression;
        this.noteEnvRead(n, n.name.text);
        if (n.name.text === 'exports' && isIdentifier(n.expression) && n.expression.text === 'module') this.isCommonJs = true;
        const name = n.name.text.startsWith('#') ? n.name.text.slice(1) : n.name.text;
        return { k: 'mem', obj: this.expr(n.expression), prop: name, opt: n.questionDotToken !== undefined, ps: this.start(n.name), s, e };
      }
      case K.ElementAccessExpression: {
        const n = node as ts.ElementAccessExpression;
        const a = n.argumentExpression;
        if (a && isStringLiteralLike(a)) {
          this.noteEnvRead(n, a.text);
          return { k: 'mem', obj: this.expr(n.expression), prop: a.text, opt: n.questionDotToken !== undefined, ps: this.start(a), s, e };
        }
        return { k: 'idx', obj: this.expr(n.expression), index: a ? this.expr(a) : { k: 'undef', s: e, e }, s, e };
      }
      case K.CallExpression:
        return this.call(node as ts.CallExpression, s, e);
      case K.NewExpression: {
        const n = node as ts.NewExpression;
        const fn = this.expr(n.expression);
        return { k: 'new', fn, args: this.args(n.arguments ?? [], n.expression), s, e };
      }
      case K.ObjectLiteralExpression:
        return { k: 'obj', props: this.objProps((node as ts.ObjectLiteralExpression).properties), s, e };
      case K.ArrayLiteralExpression:
        return { k: 'arr', items: (node as ts.ArrayLiteralExpression).elements.map((x) => this.expr(x)), s, e };
      case K.SpreadElement:
        return { k: 'spread', value: this.expr((node as ts.SpreadElement).expression), s, e };
      case K.TemplateExpression:
        return this.template(node as ts.TemplateExpression, null, s, e);
      case K.TaggedTemplateExpression: {
        const n = node as ts.TaggedTemplateExpression;
        const tag = this.expr(n.tag);
        if (isTemplate(n.template)) return this.template(n.template, tag, s, e);
        return { k: 'tpl', parts: [this.literal(n.template.text, n.template.getStart(this.source), n.template.end)], tag, s, e };
      }
      case K.BinaryExpression:
        return this.binary(node as ts.BinaryExpression, s, e);
      case K.PrefixUnaryExpression: {
        const n = node as ts.PrefixUnaryExpression;
        if (n.operator === K.ExclamationToken) return { k: 'not', value: this.expr(n.operand), s, e };
        return { k: 'unary', op: ts.tokenToString(n.operator) ?? '?', value: this.expr(n.operand), s, e };
      }
      case K.PostfixUnaryExpression:
        return { k: 'unary', op: '++', value: this.expr((node as ts.PostfixUnaryExpression).operand), s, e };
      case K.TypeOfExpression:
        return { k: 'unary', op: 'typeof', value: this.expr((node as ts.TypeOfExpression).expression), s, e };
      case K.VoidExpression:
        return { k: 'unary', op: 'void', value: this.expr((node as ts.VoidExpression).expression), s, e };
      case K.DeleteExpression:
        return { k: 'unary', op: 'delete', value: this.expr((node as ts.DeleteExpression).expression), s, e };
      case K.ConditionalExpression: {
        const n = node as ts.ConditionalExpression;
        const test = this.expr(n.condition);
        const env = envNameIn(n.condition);
        const saved = this.fallbackOf;
        const then = this.expr(n.whenTrue);
        if (env) this.fallbackOf = env;
        const other = this.expr(n.whenFalse);
        this.fallbackOf = saved;
        return { k: 'cond', test, then, else: other, s, e };
      }
      case K.AwaitExpression:
        return { k: 'await', value: this.expr((node as ts.AwaitExpression).expression), s, e };
      case K.YieldExpression: {
        const x = (node as ts.YieldExpression).expression;
        return { k: 'yield', value: x ? this.expr(x) : null, s, e };
      }
      case K.ArrowFunction:
      case K.FunctionExpression: {
        const n = node as ts.ArrowFunction | ts.FunctionExpression;
        return { k: 'fn', id: this.fn(n, n.name?.text ?? this.names?.name ?? ''), s, e };
      }
      case K.ClassExpression: {
        const n = node as ts.ClassExpression;
        return { k: 'class', id: this.cls(n, n.name?.text ?? this.names?.name ?? ''), s, e };
      }
      case K.JsxElement:
      case K.JsxSelfClosingElement:
      case K.JsxFragment:
        return this.jsx(node as ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment, s, e);
      case K.JsxExpression: {
        const x = (node as ts.JsxExpression).expression;
        return x ? this.expr(x) : { k: 'undef', s, e };
      }
      default:
        return { k: 'other', children: [], s, e }; // import.meta, new.target, missing expressions of half-typed code
    }
  }

  /** Most literals leave after two look-ups, before anything is put together for them. */
  private classify(value: string, literal: Span): SecretFact | null {
    this.calleeText ??= this.callee && dotted(this.callee);
    const callee = this.calleeText;
    const calleeModule = callee === null ? null : (this.importOf.get(rootOf(callee)) ?? null);
    if (this.fallbackOf === null && this.comparedWith === null && !mayTell(this.names?.name, callee, calleeModule)) return null;
    return classifyLiteral({
      path: this.path, value, literal, span: { start: literal.start + 1, end: Math.max(literal.start + 1, literal.end - 1) }, salt: this.salt, names: nearest(this.names), callee, calleeModule,
      argIndex: this.argIndex, propPath: nearest(this.propPath).reverse(), fallbackOf: this.fallbackOf, comparedWith: this.comparedWith, inTest: this.inTest,
      enclosing: this.enclosing(),
    });
  }

  private literal(value: string, s: number, e: number): Expr {
    const literal = { start: s, end: e };
    const inScan = this.secretSpans.length > 0 && this.secretSpans.some((x) => x.start < e && s < x.end);
    if (value.length >= 3) {
      const fact = this.classify(value, literal);
      if (fact) {
        this.secrets.push(fact);
        return { k: 'redacted', length: value.length, s, e };
      }
    }
    if (inScan || (value.length >= 8 && looksSensitive(value))) return { k: 'redacted', length: value.length, s, e };
    return { k: 'str', v: value.length > 400 ? value.slice(0, 400) : value, s, e };
  }

  private enclosing(): string[] {
    const out: string[] = [];
    for (let i = this.fnStack.length - 1; i > 0; i--) {
      const name = this.functions[this.fnStack[i] ?? 0]?.name;
      if (name) out.push(name);
    }
    return out;
  }

  private template(n: ts.TemplateExpression, tag: Expr | null, s: number, e: number): Expr {
    const parts: Expr[] = [];
    const text = (x: string, node: ts.Node) => {
      if (x) parts.push(this.piece(x, this.start(node), node.end));
    };
    text(n.head.text, n.head);
    for (const span of n.templateSpans) {
      parts.push(this.expr(span.expression));
      text(span.literal.text, span.literal);
    }
    return { k: 'tpl', parts, tag, s, e };
  }

  /** A fixed piece of a longer text: no literal of its own, so only withheld, never classified. */
  private piece(value: string, s: number, e: number): Expr {
    if (looksSensitive(value) || this.secretSpans.some((x) => x.start < e && s < x.end)) return { k: 'redacted', length: value.length, s, e };
    return { k: 'str', v: value.slice(0, 400), s, e };
  }

  private binary(n: ts.BinaryExpression, s: number, e: number): Expr {
    const op = n.operatorToken.kind;
    switch (op) {
      case K.AmpersandAmpersandToken:
      case K.BarBarToken:
      case K.QuestionQuestionToken: {
        const l = this.expr(n.left);
        const env = op === K.AmpersandAmpersandToken ? null : envNameIn(n.left);
        const saved = this.fallbackOf;
        if (env) this.fallbackOf = env;
        const r = this.expr(n.right);
        this.fallbackOf = saved;
        return { k: 'logic', op: op === K.AmpersandAmpersandToken ? '&&' : op === K.BarBarToken ? '||' : '??', l, r, s, e };
      }
      case K.CommaToken:
        return { k: 'seq', items: [this.expr(n.left), this.expr(n.right)], s, e };
      case K.PlusToken:
        return this.concat(n, s, e);
      default: {
        if (op >= K.FirstAssignment && op <= K.LastAssignment) {
          const name = lastName(n.left);
          const target = this.target(n.left);
          if (isPropertyAccess(n.left) && isIdentifier(n.left.expression) && n.left.expression.text === 'exports') this.isCommonJs = true;
          const saved = this.fallbackOf;
          const env = op === K.BarBarEqualsToken || op === K.QuestionQuestionEqualsToken ? envNameIn(n.left) : null;
          if (env) this.fallbackOf = env;
          const value = this.named(name, n.right);
          this.fallbackOf = saved;
          if (name) this.noteRequire(n.right, name);
          return { k: 'assign', op: ts.tokenToString(op) ?? '=', target, value, s, e };
        }
        const text = ts.tokenToString(op) ?? '?';
        const isCompare = text.startsWith('==') || text.startsWith('!=');
        const saved = this.comparedWith;
        if (isCompare) this.comparedWith = this.text.slice(this.start(n.right), n.right.end).slice(0, 120);
        const l = this.expr(n.left);
        if (isCompare) this.comparedWith = this.text.slice(this.start(n.left), n.left.end).slice(0, 120);
        const r = this.expr(n.right);
        this.comparedWith = saved;
        return { k: 'bin', op: text, l, r, s, e };
      }
    }
  }

  /** `'a' + b + 'c'` as one template; chains are walked in a loop, since generated ones are thousands long. */
  private concat(n: ts.BinaryExpression, s: number, e: number): Expr {
    const operands: ts.Expression[] = [];
    let left: ts.Expression = n;
    while (isBinary(left) && left.operatorToken.kind === K.PlusToken) {
      operands.push(left.right);
      left = unwrap(left.left);
    }
    operands.push(left);
    operands.reverse();
    if (operands.length > 1 && operands.every((x) => isStringLiteralLike(unwrap(x)))) {
      const value = operands.map((x) => (unwrap(x) as ts.StringLiteralLike).text).join('');
      if (value.length < 4096) this.folded.push({ value, span: { start: s, end: e }, names: nearest(this.names) });
      if (looksSensitive(value)) return { k: 'redacted', length: value.length, s, e };
    }
    if (operands.some((x) => isStringLiteralLike(unwrap(x)) || isTemplate(unwrap(x)))) return { k: 'tpl', parts: operands.map((x) => this.expr(x)), tag: null, s, e };
    let out = this.expr(operands[0]!);
    for (const x of operands.slice(1)) {
      const r = this.expr(x);
      out = { k: 'bin', op: '+', l: out, r, s: out.s, e: r.e };
    }
    return out;
  }

  private call(n: ts.CallExpression, s: number, e: number): Expr {
    const callee = n.expression;
    if (callee.kind === K.ImportKeyword) {
      const a = n.arguments[0];
      const spec = a && isStringLiteralLike(a) ? a.text : null;
      if (spec !== null) this.imports.push({ specifier: spec, kind: 'dynamic', typeOnly: false, names: [], span: { start: s, end: e } });
      return { k: 'import', spec, s, e };
    }
    if (isIdentifier(callee) && callee.text === 'require') {
      const a = n.arguments[0];
      if (a && isStringLiteralLike(a)) {
        this.isCommonJs = true;
        this.imports.push({ specifier: a.text, kind: 'require', typeOnly: false, names: [], span: { start: s, end: e } });
        return { k: 'call', fn: { k: 'ref', name: 'require', s, e: callee.end }, args: [{ k: 'str', v: a.text, s: a.pos, e: a.end }], opt: false, s, e };
      }
    }
    if (isPropertyAccess(callee) && callee.name.text === 'get' && dotted(callee) === 'Deno.env.get') {
      const a = n.arguments[0];
      if (a && isStringLiteralLike(a)) this.envReads.push({ name: a.text, via: 'Deno.env', span: { start: s, end: e } });
    }
    const fn = this.expr(callee);
    return { k: 'call', fn, args: this.args(n.arguments, callee), opt: n.questionDotToken !== undefined, s, e };
  }

  private args(list: readonly ts.Expression[], called: ts.Expression): Expr[] {
    const out: Expr[] = [];
    if (list.length === 0) return out;
    const { names, callee, calleeText, argIndex, propPath, fallbackOf, comparedWith } = this;
    let text: string | null | undefined = undefined;
    for (let i = 0; i < list.length; i++) {
      this.place(names, called, text, i);
      this.propPath = null;
      out.push(this.expr(list[i]!));
      text = this.calleeText;
    }
    this.place(names, callee, calleeText, argIndex);
    this.propPath = propPath;
    this.fallbackOf = fallbackOf;
    this.comparedWith = comparedWith;
    return out;
  }

  private objProps(list: readonly ts.ObjectLiteralElementLike[]): ObjProp[] {
    const out: ObjProp[] = [];
    for (const p of list) {
      const s = this.start(p);
      const e = p.end;
      if (isSpreadProperty(p)) out.push({ k: 'spread', value: this.expr(p.expression), s, e });
      else if (isShorthand(p)) {
        out.push({ k: 'prop', key: p.name.text, value: { k: 'ref', name: p.name.text, s, e: p.name.end }, s, e });
      }
      else if (isProperty(p)) {
        const key = nameText(p.name);
        const savedNames = this.names;
        const savedPath = this.propPath;
        if (key !== null) {
          this.names = { name: key, up: savedNames };
          this.propPath = { name: key, up: savedPath };
        }
        const value = this.expr(p.initializer);
        this.names = savedNames;
        this.propPath = savedPath;
        if (key !== null) {
          out.push({ k: 'prop', key, value, s, e });
        } else if (ts.isComputedPropertyName(p.name)) out.push({ k: 'computed', key: this.expr(p.name.expression), value, s, e });
      } else if (isMethodOrAccessor(p)) {
        const key = nameText(p.name) ?? '';
        if (p.body) out.push({ k: 'prop', key, value: { k: 'fn', id: this.fn(p, key), s, e }, s, e });
      }
    }
    return out;
  }

  private jsx(n: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment, s: number, e: number): Expr {
    this.hasJsx = true;
    const open = ts.isJsxElement(n) ? n.openingElement : ts.isJsxSelfClosingElement(n) ? n : null;
    const tag = open ? this.text.slice(this.start(open.tagName), open.tagName.end) : '';
    const props: ObjProp[] = [];
    if (open)
      for (const a of open.attributes.properties) {
        if (ts.isJsxSpreadAttribute(a)) props.push({ k: 'spread', value: this.expr(a.expression), s: a.pos, e: a.end });
        else {
          const key = a.name.getText(this.source);
          if (!a.initializer) continue;
          if (isStringLiteral(a.initializer) && (key === 'className' || key === 'class' || key === 'd' || key === 'href')) continue;
          const value = this.named(key, a.initializer as ts.Expression);
          props.push({ k: 'prop', key, value, s: a.pos, e: a.end });
        }
      }
    const children: Expr[] = [];
    if (!ts.isJsxSelfClosingElement(n)) for (const c of n.children) if (c.kind !== K.JsxText) children.push(this.expr(c as ts.Expression));
    return { k: 'jsx', tag, props, children, s, e };
  }

  // ---------------------------------------------------------------------------------------------- context

  /** An expression whose value goes by this name. */
  private named(name: string | null, value: ts.Expression): Expr {
    const saved = this.names;
    this.names = name === null ? null : { name, up: null };
    const out = this.expr(value);
    this.names = saved;
    return out;
  }

  /** Where the next literal stands; no fallback, no comparison yet. */
  private place(names: Names | null, callee: ts.Expression | null, calleeText: string | null | undefined, argIndex: number): void {
    this.names = names;
    this.callee = callee;
    this.calleeText = calleeText;
    this.argIndex = argIndex;
    this.fallbackOf = null;
    this.comparedWith = null;
  }

  // ---------------------------------------------------------------------------------------------- environment

  private isImportMeta(n: ts.Expression): boolean {
    return isPropertyAccess(n) && n.name.text === 'env' && isMetaProperty(n.expression);
  }

  private isEnvObject(n: ts.Expression): boolean {
    const x = unwrap(n);
    return isPropertyAccess(x) && x.name.text === 'env' && (this.isImportMeta(x) || (isIdentifier(x.expression) && x.expression.text === 'process'));
  }

  private noteEnvRead(n: ts.PropertyAccessExpression | ts.ElementAccessExpression, name: string): void {
    if (!this.isEnvObject(n.expression)) return;
    this.envReads.push({ name, via: this.isImportMeta(unwrap(n.expression)) ? 'import.meta.env' : 'process.env', span: this.span(n) });
  }
}

// ------------------------------------------------------------------------------------------------ helpers

/** `require('x')`, `require('x').y`, `require('x')(…)`. */
function isRequired(n: ts.Expression | undefined): boolean {
  let x = n && unwrap(n);
  while (x && (isCall(x) || isPropertyAccess(x))) {
    if (isCall(x) && isIdentifier(x.expression) && x.expression.text === 'require') return true;
    x = unwrap(x.expression);
  }
  return false;
}

/** `jwt` of `jwt.sign`. */
function rootOf(callee: string): string {
  const dot = callee.indexOf('.');
  return dot < 0 ? callee : callee.slice(0, dot);
}

function isExported(n: ts.Node): boolean {
  return hasModifier(n, K.ExportKeyword);
}

function nameText(n: ts.PropertyName | ts.BindingName): string | null {
  if (isIdentifier(n) || isStringLiteralLike(n) || ts.isNumericLiteral(n)) return n.text;
  if (ts.isPrivateIdentifier(n)) return n.text.slice(1);
  if (ts.isComputedPropertyName(n) && isStringLiteralLike(n.expression)) return n.expression.text;
  return null;
}

function lastName(n: ts.Expression): string | null {
  const x = unwrap(n);
  if (isIdentifier(x)) return x.text;
  if (isPropertyAccess(x)) return x.name.text;
  return null;
}

/** `a.b.c` of a callee; calls inside are kept as `()`: `createClient().auth.signUp`. */
function dotted(n: ts.Expression): string | null {
  const x = unwrap(n);
  if (isIdentifier(x)) return x.text;
  if (x.kind === K.ThisKeyword) return 'this';
  if (isPropertyAccess(x)) {
    const l = dotted(x.expression);
    return l === null ? x.name.text : `${l}.${x.name.text}`;
  }
  if (isCall(x)) return dotted(x.expression);
  if (ts.isAwaitExpression(x)) return dotted(x.expression);
  return null;
}

/** Name of the environment variable an expression reads, looking through `String(…)`, `!`, trims and nested fallbacks. */
function envNameIn(n: ts.Expression): string | null {
  const x = unwrap(n);
  if (isPropertyAccess(x) || isElementAccess(x)) {
    const o = unwrap(x.expression);
    if (isPropertyAccess(o) && o.name.text === 'env' && ((isIdentifier(o.expression) && o.expression.text === 'process') || isMetaProperty(o.expression))) {
      if (isPropertyAccess(x)) return x.name.text;
      return isStringLiteralLike(x.argumentExpression) ? x.argumentExpression.text : null;
    }
    return null;
  }
  if (isCall(x)) {
    const text = dotted(x.expression);
    const a = x.arguments[0];
    if ((text === 'Deno.env.get' || /(^|\.)(config|configService|env)\.get$/.test(text ?? '')) && a && isStringLiteralLike(a)) return a.text;
    if (isPropertyAccess(x.expression)) return envNameIn(x.expression.expression);
    return null;
  }
  if (isBinary(x) && (x.operatorToken.kind === K.BarBarToken || x.operatorToken.kind === K.QuestionQuestionToken)) return envNameIn(x.left) ?? envNameIn(x.right);
  return null;
}

/** The habits of the file, so that inserted code looks like its own; its first screens tell. */
/** Lists of any length: arguments of a call are not. */
function append<T>(to: T[], list: readonly T[]): void {
  for (const x of list) to.push(x);
}

function styleOf(text: string): ScriptFacts['style'] {
  const end = Math.min(text.length, 5000);
  let single = 0;
  let double = 0;
  let ends = 0;
  let semis = 0;
  let indent = '';
  let lineStart = 0;
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 39) single++;
    else if (c === 34) double++;
    else if (c === 10) {
      let last = i - 1;
      while (last > lineStart && text.charCodeAt(last) <= 32) last--;
      const x = text.charCodeAt(last);
      if (x === 59) {
        semis++;
        ends++;
      } else if (isWordEnd(x)) ends++;
      const first = text.charCodeAt(lineStart);
      if (!indent && (first === 9 || first === 32)) indent = /^(\t| {2,8})\S/.exec(text.slice(lineStart, lineStart + 10))?.[1] ?? '';
      lineStart = i + 1;
    }
  }
  return { quote: double > single ? '"' : "'", semicolons: semis * 2 >= ends, indent: indent || '  ', eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** Letter, digit, quote or closing bracket: where a statement may end. */
function isWordEnd(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 41 || c === 93 || c === 39 || c === 34 || c === 96;
}
