/**
 * Puts the missing guard before an endpoint: the project's own one, its auth library's, or a generated one that denies everybody.
 * What is offered is decided from the model alone (`can…`); the text is looked at only when the edits are made.
 */
import type { Expr, FileFacts, FunctionFact } from '../core/facts';
import type { Fix, FixContext, Fixer, TextEdit } from '../core/fix';
import type { Binding, Endpoint, FakeGuard, ProjectModel } from '../core/model';
import type { Finding, RelPath, Span } from '../core/types';
import { type Exported, type ExpressLibrary, type GeneratedModule, type Helper, type NextLibrary, type Wrapper, expressGuard, expressLibrary, generatedModule, jwtSecretName, nextLibrary, ownHelper, ownWrapper } from './guard-find';
import { expressModule, nextModule, wireExpress, wireNext } from './guard-text';
import { bindingsOf } from '../model/faces';
import { calleesOf, importEdit, specifierFor, topLevelNames } from './imports';
import { freeName, isTypeScript, makeAsync, prologue } from './style';
import { nodesOf, statementAt } from './walk';

export { addAwait, addReturn, canAddAwait, canAddReturn, canDeny, canMoveGuard, canVerifyToken, denyRequest, moveGuard, verifyToken } from './guard-fake';

type Call = Extract<Expr, { k: 'call' }>;

export function endpointOf(finding: Finding, model: ProjectModel): Endpoint | null {
  const key = finding.data['key'];
  return model.endpointsOf(finding.at.file).find((e) => e.key === key) ?? null;
}

/** One endpoint, or all that stand open behind the guard which the finding is about. */
function endpointsOf(finding: Finding, model: ProjectModel): readonly Endpoint[] {
  const one = endpointOf(finding, model);
  const keys = String(finding.data['keys'] ?? '').split('\n');
  return one ? [one] : model.endpoints().filter((e) => keys.includes(e.key));
}

/** The guard that fails at these endpoints, where the finding is about one. */
function fakeOf(finding: Finding, e: Endpoint): FakeGuard | null {
  return e.fakeGuards.find((f) => f.kind === finding.data['kind'] && f.at.span.start === finding.data['guardStart']) ?? null;
}

// ------------------------------------------------------------------------------------------------ plans

/** What a guard is called and where it comes from. */
type Plan =
  | { readonly kind: 'express'; readonly name: string; readonly from: Exported | null }
  | { readonly kind: 'express-library'; readonly expression: string; readonly name: string; readonly binding: Binding }
  | { readonly kind: 'express-module'; readonly module: GeneratedModule; readonly library: ExpressLibrary; readonly secret: string | null }
  | { readonly kind: 'helper'; readonly helper: Helper }
  | { readonly kind: 'wrapper'; readonly wrapper: Wrapper }
  | { readonly kind: 'library'; readonly library: NextLibrary }
  | { readonly kind: 'module'; readonly module: GeneratedModule };

const VERBS = /^(get|post|put|patch|delete|del|all|head|options|use)$/;

function planOf(e: Endpoint, model: ProjectModel): Plan | null {
  if (e.framework === 'express') return expressPlan(e, model);
  if (e.framework !== 'next-app' && e.framework !== 'next-action' && e.framework !== 'next-pages') return null;
  const fn = handlerOf(e, model);
  if (!fn) return null;
  const file = fn.file.path;
  if (e.framework === 'next-pages' && !(names(fn.fn)[0] && names(fn.fn)[1])) return null;
  const helper = ownHelper(model, 'next', (x) => x.args.length === 0 || canGive(x, e, fn.fn));
  const library = nextLibrary(model, file);
  const usable = library !== null && (e.framework !== 'next-pages' || library.id === 'next-auth' || library.id === 'authjs' || library.id === 'clerk');
  if (helper && (e.framework === 'next-action' || !helper.throws)) return { kind: 'helper', helper };
  if (library && usable) return { kind: 'library', library };
  if (helper && e.framework !== 'next-pages') return { kind: 'helper', helper };
  const wrapper = e.framework === 'next-action' || !canWrap(e, fn.file, fn.fn) ? null : ownWrapper(model, e.framework);
  if (wrapper && fn.fn.params.length <= wrapper.passes) return { kind: 'wrapper', wrapper };
  const module = generatedModule(model, e);
  return module ? { kind: 'module', module } : null;
}

/** The helper can be called here with what it is called with elsewhere. */
function canGive(helper: Helper, e: Endpoint, fn: FunctionFact): boolean {
  if (e.framework === 'next-action') return false;
  const [req, res] = names(fn);
  return helper.args.every((a) => (a === 'res' ? e.framework !== 'next-app' && res != null : req != null || (e.framework === 'next-app' && fn.params.length === 0 && fn.paramsSpan !== null)));
}

/** The handler is declared or assigned at the top of its own file, so that something can be put around it. */
function canWrap(e: Endpoint, file: FileFacts, fn: FunctionFact): boolean {
  if (fn.parent !== 0 || file.path !== e.at.file) return false;
  const before = file.script?.exports.some((x) => x.kind === 'local' && x.local === fn.name && x.name === 'default' && x.span.end < fn.span.start) ?? false;
  return !before && (file.script?.functions[0]?.body ?? []).some((s) => (s.k === 'fndecl' && s.id === fn.id) || (s.k === 'var' && s.decls.some((d) => d.init?.k === 'fn' && d.init.id === fn.id)));
}

function expressPlan(e: Endpoint, model: ProjectModel): Plan | null {
  if (!registrationOf(e, model)) return null;
  const middleware = expressMiddleware(e, model);
  if (middleware?.kind !== 'express-module') return middleware;
  const fn = handlerOf(e, model);
  const shared = model.endpoints().some((x) => x.auth === 'required' && x.handler?.file === e.handler?.file && x.handler?.fn === e.handler?.fn);
  const helper = fn && !shared && names(fn.fn)[0] && names(fn.fn)[1] ? ownHelper(model, 'express', (x) => canGive(x, e, fn.fn)) : null;
  return helper ? { kind: 'helper', helper } : middleware;
}

function expressMiddleware(e: Endpoint, model: ProjectModel): Plan | null {
  const own = expressGuard(model, e.at.file);
  if (own) return { kind: 'express', name: own.name, from: own.from };
  const library = expressLibrary(model, e.at.file);
  if (library === 'clerk') return { kind: 'express-library', expression: 'requireAuth()', name: 'requireAuth', binding: { local: 'requireAuth', imported: 'requireAuth', specifier: '@clerk/express' } };
  if (library === 'passport') return { kind: 'express-library', expression: "passport.authenticate('jwt', { session: false })", name: 'passport', binding: { local: 'passport', imported: 'default', specifier: 'passport' } };
  const module = generatedModule(model, e);
  return module ? { kind: 'express-module', module, library, secret: jwtSecretName(model) } : null;
}

/** The handler's function, if it is this endpoint's own to change. */
function handlerOf(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly fn: FunctionFact } | null {
  const h = e.handler;
  const inner = e.framework.startsWith('next') ? wrappedHandler(e, model) : null;
  if (inner) return inner;
  const file = h ? model.file(h.file) : undefined;
  const fn = h?.fn != null ? file?.script?.functions[h.fn] : undefined;
  if (!file || !fn || fn.kind === 'module' || file.parse !== 'ok') return null;
  // What a wrapper made serves others too.
  if (e.framework.startsWith('next') && ((fn.parent !== 0 && !(e.framework === 'next-action' && h?.file === e.at.file)) || (h?.file !== e.at.file && model.importersOf(file.path).length > 1))) return null;
  // A shared handler also serves endpoints that are public on purpose.
  if (model.endpoints().some((x) => x.publicBy !== null && x.handler?.file === h?.file && x.handler?.fn === h?.fn)) return null;
  return { file, fn };
}

/** `export const GET = withLogging('reports', async () => …)`: the function given to the wrapper, not the one it makes. */
function wrappedHandler(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly fn: FunctionFact } | null {
  const file = model.file(e.at.file);
  const script = file?.script;
  if (!file || !script || file.parse !== 'ok') return null;
  const name = e.framework === 'next-app' ? e.method : e.framework === 'next-action' ? e.path : null;
  const local = name === null ? undefined : script.exports.flatMap((x) => (x.kind === 'local' && x.name === name ? [x.local] : []))[0];
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k !== 'var') continue;
    for (const d of s.decls) {
      if (d.target.k !== 'name' || d.target.name !== local || d.init?.k !== 'call') continue;
      for (let call: Expr = d.init; call.k === 'call'; ) {
        const last: Expr | undefined = [...call.args].reverse().find((a) => a.k === 'fn' || a.k === 'call');
        if (last?.k === 'fn') {
          const fn = script.functions[last.id];
          return fn ? { file, fn } : null;
        }
        if (!last) break;
        call = last;
      }
    }
  }
  return null;
}

function names(fn: FunctionFact): (string | null)[] {
  return fn.params.map((p) => (p.k === 'name' ? p.name : null));
}

/** The call that registers an Express route, and where a guard goes in its arguments. */
function registrationOf(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly call: Call; readonly before: number | null; readonly after: number } | null {
  const file = model.file(e.at.file);
  if (!file?.script || file.parse !== 'ok') return null;
  const { start, end } = e.at.span;
  for (const fn of file.script.functions) {
    if (fn.span.start > start || fn.span.end < end) continue;
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'call' || n.fn.k !== 'mem' || !VERBS.test(n.fn.prop)) continue;
      if (!(n.fn.e === end || (n.s === start && n.args[0]?.e === end) || (n.s === start && n.e === end))) continue;
      const first = n.args[0];
      if (!first) return null;
      const second = n.args[1];
      const hasPath = first.k === 'str' || first.k === 'regex' || (second !== undefined && (first.k === 'tpl' || first.k === 'bin' || first.k === 'ref' || first.k === 'mem' || (first.k === 'arr' && first.items.every((i) => i.k === 'str' || i.k === 'regex'))));
      const routed = n.fn.obj.k === 'call' && chainHasRoute(n.fn.obj);
      if (hasPath && !routed) return second ? { file, call: n, before: second.s, after: first.e } : null;
      return { file, call: n, before: first.s, after: first.s };
    }
  }
  return null;
}

/** One call with its own path and handlers registers this route: a guard can be written into it. */
export function isRegisteredPlainly(e: Endpoint, model: ProjectModel): boolean {
  return registrationOf(e, model) !== null;
}

function chainHasRoute(x: Call): boolean {
  if (x.fn.k !== 'mem') return false;
  if (x.fn.prop === 'route') return true;
  return x.fn.obj.k === 'call' && chainHasRoute(x.fn.obj);
}

/** All this project has is the generated module, and for Next it yields nobody until somebody wires it. */
export function isUnwired(e: Endpoint, model: ProjectModel): boolean {
  const plan = planOf(e, model);
  return plan?.kind === 'module' && denies(plan);
}

export function canGuard(e: Endpoint, model: ProjectModel): boolean {
  return planOf(e, model) !== null;
}

function titleOf(plan: Plan | null): string {
  switch (plan?.kind) {
    case 'express':
    case 'express-library':
      return `Require a signed-in user (${plan.name})`;
    case 'helper':
      return `Require a signed-in user (${plan.helper.local})`;
    case 'wrapper':
      return `Require a signed-in user (${plan.wrapper.local})`;
    case 'library':
      return `Require a signed-in user (${LIBRARY_NAMES[plan.library.id]})`;
    case 'express-module':
    case 'module':
      return denies(plan) ? `Deny everybody until ${plan.module.file} is wired (requireUser)` : 'Require a signed-in user (requireUser)';
    default:
      return 'Require a signed-in user';
  }
}

/** The generated module, made now or before, lets nobody in yet. */
function denies(plan: Plan): boolean {
  if (plan.kind !== 'express-module' && plan.kind !== 'module') return false;
  return plan.module.exists ? plan.module.unwired : plan.kind === 'module' || !wires(plan);
}

function wires(plan: Extract<Plan, { kind: 'express-module' }>): boolean {
  return plan.library === 'firebase' || plan.library === 'supabase' || (plan.library === 'jsonwebtoken' && plan.secret !== null);
}

const LIBRARY_NAMES: Readonly<Record<NextLibrary['id'], string>> = { authjs: 'auth', 'next-auth': 'getServerSession', clerk: 'Clerk', supabase: 'Supabase', 'better-auth': 'better-auth', firebase: 'Firebase' };

// ------------------------------------------------------------------------------------------------ the fixes

export const insertGuard: Fixer = {
  class: 'guard',
  title: (finding, model) => {
    const e = endpointsOf(finding, model)[0];
    return titleOf(e ? planOf(e, model) : null);
  },
  compute(finding, ctx) {
    const endpoints = endpointsOf(finding, ctx.model);
    const edits: TextEdit[] = [];
    const create = new Map<RelPath, Fix['create'][number]>();
    const manual = new Set<string>();
    let title = '';
    for (const e of endpoints) {
      const plan = planOf(e, ctx.model);
      const fake = fakeOf(finding, e);
      const fix = !plan ? null : plan.kind === 'express' || plan.kind === 'express-library' || plan.kind === 'express-module' ? expressFix(e, plan, fake, ctx) : nextFix(e, plan, ctx);
      if (!fix) return null;
      title = fix.title;
      for (const x of fix.edits) if (!edits.some((y) => y.file === x.file && y.span.start === x.span.start && y.span.end === x.span.end && y.newText === x.newText)) edits.push(x);
      for (const x of fix.create) create.set(x.file, x);
      for (const x of fix.manual) manual.add(x);
      if (fake && IDENTITY.has(fake.kind)) manual.add(`What ${placeOf(e)} takes for the user’s identity is not proven (${fake.reason.replace(/\.$/, '')}): take it from the check that was added.`);
    }
    return endpoints.length === 0 ? null : { title, class: create.size > 0 ? 'scaffold' : 'guard', edits, create: [...create.values()], manual: [...manual] };
  },
};

const IDENTITY = new Set<FakeGuard['kind']>(['trusts-client', 'decoded-not-verified', 'unverified-session']);

function placeOf(e: Endpoint): string {
  return e.framework === 'next-action' ? `the action ${e.path}` : `${e.method} ${e.path}`;
}

const MOST_AT_ONCE = 5;

/** A real guard can be put before everything that stands open behind one that fails. */
export function canGuardAll(fake: FakeGuard, endpoints: readonly Endpoint[], model: ProjectModel): boolean {
  return endpoints.length > 0 && endpoints.length <= MOST_AT_ONCE && endpoints.every((e) => {
    const plan = planOf(e, model);
    if (!plan) return false;
    // What looks for `req.user` would find the one that the failing guard has put there.
    if (plan.kind === 'express-module') return !denies(plan) || fake.kind === 'registered-after' || fake.kind === 'after-the-work';
    // The file's own function of that name is the one that fails.
    if (plan.kind !== 'express' || plan.from !== null) return true;
    return !model.file(e.at.file)?.script?.functions.some((f) => f.name === plan.name && fake.at.file === e.at.file && f.span.start <= fake.at.span.start && f.span.end >= fake.at.span.end);
  });
}

interface Guarding {
  readonly expression: string;
  readonly edits: readonly TextEdit[];
  readonly create: Fix['create'];
  readonly manual: readonly string[];
}

/** The guard's expression in a file, with the import or module it needs. */
function guarding(plan: Extract<Plan, { kind: 'express' | 'express-library' | 'express-module' }>, file: FileFacts, text: string, ctx: FixContext): Guarding {
  const script = file.script;
  if (!script) return { expression: '', edits: [], create: [], manual: [] };
  const taken = topLevelNames(script);
  if (plan.kind === 'express') {
    if (!plan.from) return { expression: plan.name, edits: [], create: [], manual: [] };
    const known = boundTo(file, plan.from, ctx.model);
    if (known !== null) return { expression: known, edits: [], create: [], manual: [] };
    const local = taken.has(plan.name) ? freeName(text, plan.name) : plan.name;
    const edit = importEdit(file, text, { local, imported: plan.from.name, specifier: specifierFor(ctx.model, file.path, plan.from.file) });
    return { expression: local, edits: edit ? [edit] : [], create: [], manual: [] };
  }
  if (plan.kind === 'express-library') {
    const edit = importEdit(file, text, plan.binding);
    const quote = script.style.quote;
    return { expression: plan.expression.replaceAll("'", quote), edits: edit ? [edit] : [], create: [], manual: plan.name === 'passport' ? [] : ['Register clerkMiddleware() before your routes.'] };
  }
  const { module } = plan;
  const made = module.exists ? null : expressModule(module, plan.library, plan.secret, script.style);
  const edit = importEdit(file, text, { local: 'requireUser', imported: 'requireUser', specifier: specifierFor(ctx.model, file.path, module.file, module.exists) });
  return { expression: 'requireUser', edits: edit ? [edit] : [], create: made ? [{ file: module.file, text: made.text }] : [], manual: made?.manual ?? (denies(plan) ? [wireExpress(module.file)] : []) };
}

/** How the file names this export already: itself, or a member of the whole module. */
function boundTo(file: FileFacts, want: Exported, model: ProjectModel): string | null {
  if (!file.script) return null;
  for (const b of bindingsOf(file.script)) {
    const r = model.resolve(file.path, b.specifier);
    if (!r || !('file' in r) || r.file !== want.file) continue;
    if (b.imported === want.name) return b.local;
    if ((b.imported === '*' || b.imported === 'default') && want.name !== 'default' && !model.file(want.file)?.script?.exports.some((x) => x.kind === 'local' && x.name === 'default')) return `${b.local}.${want.name}`;
  }
  return null;
}

function expressFix(e: Endpoint, plan: Extract<Plan, { kind: 'express' | 'express-library' | 'express-module' }>, fake: FakeGuard | null, ctx: FixContext): Fix | null {
  const place = registrationOf(e, ctx.model);
  const text = ctx.text(e.at.file);
  if (!place || text === undefined || place.before === null) return null;
  const guard = guarding(plan, place.file, text, ctx);
  // Whoever believes a forged identity would go on doing so behind the real check: the real one takes its place.
  const instead = fake && IDENTITY.has(fake.kind) && !/^the query/.test(fake.reason) && plan.kind !== 'express-module' ? place.call.args.find((a) => isGuardAt(a, fake, e.at.file, ctx.model)) : undefined;
  const edit: TextEdit = instead
    ? { file: e.at.file, span: { start: instead.s, end: instead.e }, newText: guard.expression }
    : { file: e.at.file, span: { start: place.before, end: place.before }, newText: `${guard.expression},${separator(text, place.before)}` };
  return { title: titleOf(plan), class: guard.create.length > 0 ? 'scaffold' : 'guard', edits: [...guard.edits, edit], create: guard.create, manual: guard.manual };
}

/** The argument names the middleware in which the failing check stands. */
function isGuardAt(x: Expr, fake: FakeGuard, from: RelPath, model: ProjectModel): boolean {
  if (x.k !== 'ref' && x.k !== 'mem') return false;
  return calleesOf(x, from, model).some((t) => {
    const fn = model.file(t.file)?.script?.functions[t.fn];
    return t.file === fake.at.file && fn !== undefined && fn.span.start <= fake.at.span.start && fn.span.end >= fake.at.span.end;
  });
}

/** An argument on its own line keeps its own line. */
function separator(text: string, at: number): string {
  const line = text.lastIndexOf('\n', at - 1);
  const lead = text.slice(line + 1, at);
  return line >= 0 && /^\s*$/.test(lead) && lead !== '' ? `${text[line - 1] === '\r' ? '\r\n' : '\n'}${lead}` : ' ';
}

function nextFix(e: Endpoint, plan: Extract<Plan, { kind: 'helper' | 'wrapper' | 'library' | 'module' }>, ctx: FixContext): Fix | null {
  const h = handlerOf(e, ctx.model);
  const text = h ? ctx.text(h.file.path) : undefined;
  const script = h?.file.script;
  if (!h || text === undefined || !script) return null;
  const own = text.slice(h.fn.span.start, h.fn.span.end);
  const deny = denial(e, h.fn, h.file);
  const imports: Binding[] = [];
  const lines: string[] = [];
  const create: { file: RelPath; text: string }[] = [];
  let manual: readonly string[] = [];
  const importOf = (x: Exported, exists = true): string => {
    const known = exists ? boundTo(h.file, x, ctx.model) : null;
    if (known !== null) return known;
    const local = topLevelNames(script).has(x.local) || new RegExp(`\\b(const|let|var|function)\\s+${x.local}\\b`).test(own) ? freeName(text, `get${x.local[0]?.toUpperCase() ?? ''}${x.local.slice(1)}`) : x.local;
    imports.push({ local, imported: x.name, specifier: specifierFor(ctx.model, h.file.path, x.file, exists) });
    return local;
  };
  const add = (binding: Binding): void => void imports.push(binding);
  const extra: { start: number; end: number; newText: string }[] = [];
  switch (plan.kind) {
    case 'helper': {
      const [req, res] = names(h.fn);
      const given = plan.helper.args.map((a) => (a === 'req' ? (req ?? 'req') : (res ?? 'res')));
      if (given.includes('req') && req == null) {
        const next = /\bNextRequest\b/.test(ctx.text(plan.helper.file) ?? '') && isTypeScript(h.file.path);
        if (next) add({ local: 'NextRequest', imported: 'NextRequest', specifier: 'next/server' });
        extra.push(...parameter(h.fn, h.file, null, 'req', next ? 'NextRequest' : 'Request'));
      }
      const call = `${plan.helper.async ? 'await ' : ''}${importOf(plan.helper)}(${given.join(', ')})`;
      if (!plan.helper.throws) {
        const user = freeName(own, plan.helper.member === null ? 'user' : 'session');
        lines.push(`const ${user} = ${call};`, `if (!${user}${plan.helper.member === null ? '' : `?.${plan.helper.member}`}) ${deny}`);
      } else if (e.framework === 'next-action') lines.push(`${call};`);
      else lines.push('try {', `  ${call};`, '} catch {', `  ${deny}`, '}');
      break;
    }
    case 'wrapper':
      extra.push(...wrapping(h.fn, text, importOf(plan.wrapper), script.style.semicolons));
      break;
    case 'module': {
      const made = plan.module.exists ? null : nextModule(plan.module, script.style);
      const user = freeName(own, 'user');
      const name = importOf({ file: plan.module.file, name: 'requireUser', local: 'requireUser' }, plan.module.exists);
      lines.push(`const ${user} = await ${name}();`, `if (!${user}) ${deny}`);
      if (made) create.push({ file: plan.module.file, text: made.text });
      manual = made?.manual ?? (denies(plan) ? [wireNext(plan.module.file)] : []);
      break;
    }
    case 'library':
      sessionLines(e, plan.library, h.fn, own, deny, lines, importOf, add);
      break;
  }
  const edits: TextEdit[] = [];
  for (const b of imports) {
    const edit = importEdit(h.file, text, b);
    if (edit) edits.push(edit);
  }
  const joined = mergeInserts(edits);
  const inner = [...extra, ...(lines.length > 0 ? prologue(h.fn, text, script.style, lines) : []), ...(lines.some((l) => /\bawait\b/.test(l)) ? makeAsync(h.fn, text) : [])];
  for (const x of inner) joined.push({ file: h.file.path, span: { start: x.start, end: x.end }, newText: x.newText });
  return { title: titleOf(plan), class: create.length > 0 ? 'scaffold' : 'guard', edits: joined, create, manual };
}

/** `export const GET = withUser(async function GET(req) { … });` */
function wrapping(fn: FunctionFact, text: string, wrapper: string, semicolons: boolean): { start: number; end: number; newText: string }[] {
  const { start, end } = fn.span;
  const head = text.slice(start, fn.bodySpan.start);
  const keyword = fn.kind === 'function' ? /\b(?:async\s+)?function\b/.exec(head) : null;
  const at = start + (keyword?.index ?? 0);
  const before = text.slice(0, at);
  const declared = keyword !== null && !/[=(,:?]\s*$/.test(before);
  const isDefault = declared && /\bdefault\s+$/.test(before);
  const open = declared && !isDefault ? `const ${fn.name} = ${wrapper}(` : `${wrapper}(`;
  return [{ start: at, end: at, newText: open }, { start: end, end, newText: declared && semicolons ? ');' : ')' }];
}

/** Several insertions at one offset become one: their order is ours. */
function mergeInserts(edits: readonly TextEdit[]): TextEdit[] {
  const out: TextEdit[] = [];
  for (const e of edits) {
    const i = out.findIndex((x) => x.file === e.file && x.span.start === e.span.start && x.span.end === e.span.end);
    const same = out[i];
    if (same) out[i] = { ...same, newText: same.newText + e.newText };
    else out.push(e);
  }
  return out;
}

/** The verified user by the library's own call, and the way out without one. */
function sessionLines(e: Endpoint, library: NextLibrary, fn: FunctionFact, own: string, deny: string, lines: string[], importOf: (x: Exported) => string, add: (b: Binding) => void): void {
  const session = freeName(own, 'session');
  const pages = e.framework === 'next-pages';
  const [req, res] = names(fn);
  switch (library.id) {
    case 'authjs':
      lines.push(`const ${session} = await ${importOf(library.auth)}(${pages ? `${req}, ${res}` : ''});`, `if (!${session}?.user) ${deny}`);
      return;
    case 'next-auth': {
      const options = importOf(library.options);
      add({ local: 'getServerSession', imported: 'getServerSession', specifier: library.specifier });
      lines.push(`const ${session} = await getServerSession(${pages ? `${req}, ${res}, ` : ''}${options});`, `if (!${session}?.user) ${deny}`);
      return;
    }
    case 'clerk': {
      const userId = /\buserId\b/.test(own) ? freeName(own, 'signedInId') : 'userId';
      const taken = userId === 'userId' ? 'userId' : `userId: ${userId}`;
      if (pages) {
        add({ local: 'getAuth', imported: 'getAuth', specifier: '@clerk/nextjs/server' });
        lines.push(`const { ${taken} } = getAuth(${req});`, `if (!${userId}) ${deny}`);
      } else {
        add({ local: 'auth', imported: 'auth', specifier: '@clerk/nextjs/server' });
        lines.push(`const { ${taken} } = await auth();`, `if (!${userId}) ${deny}`);
      }
      return;
    }
    case 'supabase': {
      const create = importOf(library.create);
      const client = freeName(own, 'authClient');
      const user = freeName(own, 'user');
      lines.push(`const ${client} = ${library.async ? 'await ' : ''}${create}();`, `const { data: { user${user === 'user' ? '' : `: ${user}`} } } = await ${client}.auth.getUser();`, `if (!${user}) ${deny}`);
      return;
    }
    case 'better-auth': {
      const auth = importOf(library.auth);
      add({ local: 'headers', imported: 'headers', specifier: 'next/headers' });
      lines.push(`const ${session} = await ${auth}.api.getSession({ headers: await headers() });`, `if (!${session}) ${deny}`);
      return;
    }
    case 'firebase': {
      add({ local: 'headers', imported: 'headers', specifier: 'next/headers' });
      add({ local: 'getAuth', imported: 'getAuth', specifier: 'firebase-admin/auth' });
      const token = freeName(own, 'token');
      lines.push(`const ${token} = /^Bearer (.+)$/.exec((await headers()).get('authorization') ?? '')?.[1] ?? '';`, 'try {', `  await getAuth().verifyIdToken(${token});`, '} catch {', `  ${deny}`, '}');
      return;
    }
  }
}

function denial(e: Endpoint, fn: FunctionFact, file: FileFacts): string {
  if (e.framework === 'next-action') return "throw new Error('Unauthorized');";
  if (e.framework === 'next-pages' || e.framework === 'express') return `return ${names(fn)[1] ?? 'res'}.status(401).json({ error: 'Unauthorized' });`;
  return `return ${responder(file)}.json({ error: 'Unauthorized' }, { status: 401 });`;
}

function responder(file: FileFacts): string {
  const next = file.script ? bindingsOf(file.script).find((b) => b.imported === 'NextResponse' && b.specifier === 'next/server') : undefined;
  return next?.local ?? 'Response';
}

// ------------------------------------------------------------------------------------------------ the whole router

/** Where `router.use(guard)` goes: before the first registration of this router that takes requests. */
function routerPlace(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly router: string; readonly at: Span } | null {
  const file = model.file(e.at.file);
  const script = file?.script;
  if (!file || !script || file.parse !== 'ok') return null;
  const own = registrationOf(e, model);
  const router = own ? rootName(own.call) : null;
  if (router === null) return null;
  const siblings = model.endpoints().filter((x) => x.scope === e.scope && x.framework === 'express');
  if (siblings.some((x) => x.at.file !== e.at.file)) return null;
  const first = Math.min(...siblings.map((x) => x.at.span.start));
  for (const fn of script.functions) {
    if (fn.span.start > first || fn.span.end < first) continue;
    const found = statementAt(fn.body, { start: first, end: first });
    if (found && found.list === fn.body && found.stmt.k === 'expr') return { file, router, at: { start: found.stmt.s, end: found.stmt.s } };
  }
  return null;
}

function rootName(x: Expr): string | null {
  if (x.k === 'ref') return x.name;
  if (x.k === 'call') return rootName(x.fn);
  if (x.k === 'mem') return rootName(x.obj);
  return null;
}

export function canGuardRouter(e: Endpoint, model: ProjectModel): boolean {
  const place = e.framework === 'express' ? routerPlace(e, model) : null;
  return place !== null && expressMiddleware(e, model) !== null;
}

export const insertRouterGuard: Fixer = {
  class: 'guard',
  title: (finding, model) => {
    const e = endpointOf(finding, model);
    return `Require a signed-in user for the whole router${e ? suffix(expressMiddleware(e, model)) : ''}`;
  },
  compute(finding, ctx) {
    const e = endpointOf(finding, ctx.model);
    const plan = e ? expressMiddleware(e, ctx.model) : null;
    const place = e ? routerPlace(e, ctx.model) : null;
    const text = e ? ctx.text(e.at.file) : undefined;
    if (!plan || !place || text === undefined || (plan.kind !== 'express' && plan.kind !== 'express-library' && plan.kind !== 'express-module')) return null;
    const guard = guarding(plan, place.file, text, ctx);
    const style = place.file.script?.style;
    const line = text.lastIndexOf('\n', place.at.start - 1) + 1;
    const indent = text.slice(line, place.at.start);
    const eol = style?.eol ?? '\n';
    const edit: TextEdit = { file: place.file.path, span: place.at, newText: `${place.router}.use(${guard.expression})${style?.semicolons === false ? '' : ';'}${eol}${eol}${/^\s*$/.test(indent) ? indent : ''}` };
    return { title: `Require a signed-in user for the whole router${suffix(plan)}`, class: guard.create.length > 0 ? 'scaffold' : 'guard', edits: mergeInserts([...guard.edits, edit]), create: guard.create, manual: guard.manual };
  },
};

function suffix(plan: Plan | null): string {
  return plan?.kind === 'express' || plan?.kind === 'express-library' ? ` (${plan.name})` : ' (requireUser)';
}

// ------------------------------------------------------------------------------------------------ jobs

/** The handler and the name of its request, where one line can read the Authorization header. */
function jobHandler(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly fn: FunctionFact; readonly req: string | null; readonly res: string | null } | null {
  const h = handlerOf(e, model);
  if (!h) return null;
  const [req, res] = names(h.fn);
  if (h.fn.params[0] && req == null) return null;
  if (e.framework === 'next-app') return h.fn.params[0] || h.fn.paramsSpan ? { ...h, req: req ?? null, res: null } : null;
  if (e.framework === 'express' || e.framework === 'next-pages') {
    if (req == null || res == null || model.endpoints().filter((x) => x.handler?.file === h.file.path && x.handler.fn === e.handler?.fn).some((x) => x.auth === 'required')) return null;
    return { ...h, req, res };
  }
  return null;
}

export function canCheckCronSecret(e: Endpoint, model: ProjectModel): boolean {
  return jobHandler(e, model) !== null;
}

export const checkCronSecret: Fixer = {
  class: 'guard',
  title: () => 'Require the scheduler’s secret (CRON_SECRET)',
  compute(finding, ctx) {
    const e = endpointOf(finding, ctx.model);
    const h = e ? jobHandler(e, ctx.model) : null;
    const text = h ? ctx.text(h.file.path) : undefined;
    const script = h?.file.script;
    if (!e || !h || text === undefined || !script) return null;
    const own = text.slice(h.fn.span.start, h.fn.span.end);
    const req = h.req ?? 'req';
    const secret = freeName(own, 'secret');
    const header = e.framework === 'next-app' ? `${req}.headers.get('authorization')` : `${req}.headers.authorization`;
    const deny = e.framework === 'next-app' ? `return ${responder(h.file)}.json({ error: 'Unauthorized' }, { status: 401 });` : `return ${h.res ?? 'res'}.status(401).json({ error: 'Unauthorized' });`;
    const lines = [`const ${secret} = process.env.CRON_SECRET;`, `if (!${secret} || ${header} !== \`Bearer \${${secret}}\`) {`, `  ${deny}`, '}'];
    const edits = [...parameter(h.fn, h.file, h.req, 'req', 'Request'), ...prologue(h.fn, text, script.style, lines)];
    return {
      title: 'Require the scheduler’s secret (CRON_SECRET)', class: 'guard', edits: edits.map((x) => ({ file: h.file.path, span: { start: x.start, end: x.end }, newText: x.newText })), create: [],
      manual: ['Set CRON_SECRET to a long random value where the app runs; Vercel’s scheduler sends it by itself, others have to send “Authorization: Bearer …”.'],
    };
  },
};

/** A handler without a request parameter gets one; typed where nothing else types it. */
function parameter(fn: FunctionFact, file: FileFacts, have: string | null, name: string, type: string): { start: number; end: number; newText: string }[] {
  if (have !== null || fn.params.length > 0 || !fn.paramsSpan) return [];
  const at = fn.paramsSpan.start;
  return [{ start: at, end: fn.paramsSpan.end, newText: isTypeScript(file.path) ? `${name}: ${type}` : name }];
}

// ------------------------------------------------------------------------------------------------ edge functions

export function canCheckToken(e: Endpoint, model: ProjectModel): boolean {
  return edgeHandler(e, model) !== null;
}

function edgeHandler(e: Endpoint, model: ProjectModel): { readonly file: FileFacts; readonly fn: FunctionFact; readonly req: string | null } | null {
  const h = e.framework === 'supabase-edge' ? handlerOf(e, model) : null;
  if (!h || h.file.path !== e.at.file) return null;
  const [req] = names(h.fn);
  if (h.fn.params[0] && req == null) return null;
  if (req == null && !h.fn.paramsSpan) return null;
  return { ...h, req: req ?? null };
}

export const checkToken: Fixer = {
  class: 'guard',
  title: () => 'Require a signed-in user (auth.getUser)',
  compute(finding, ctx) {
    const e = endpointOf(finding, ctx.model);
    const h = e ? edgeHandler(e, ctx.model) : null;
    const text = h ? ctx.text(h.file.path) : undefined;
    const script = h?.file.script;
    if (!h || text === undefined || !script) return null;
    const own = text.slice(h.fn.span.start, h.fn.span.end);
    const req = h.req ?? 'req';
    const token = freeName(own, 'token');
    const client = freeName(own, 'authClient');
    const user = freeName(own, 'user');
    const cors = [...topLevelNames(script)].find((n) => /^cors_?headers$/i.test(n));
    const lines = [
      `const ${token} = ${req}.headers.get('Authorization')?.replace(/^Bearer /, '') ?? '';`,
      `const ${client} = createClient(Deno.env.get('SUPABASE_URL') ?? '', Deno.env.get('SUPABASE_ANON_KEY') ?? '');`,
      `const { data: { user${user === 'user' ? '' : `: ${user}`} } } = await ${client}.auth.getUser(${token});`,
      `if (!${user}) {`,
      `  return new Response(JSON.stringify({ error: 'Unauthorized' }), { status: 401, headers: { ${cors ? `...${cors}, ` : ''}'Content-Type': 'application/json' } });`,
      '}',
    ];
    const edits: TextEdit[] = [];
    const bound = bindingsOf(script).find((b) => b.imported === 'createClient' && /supabase-js/.test(b.specifier));
    if (!bound) {
      const edit = importEdit(h.file, text, { local: 'createClient', imported: 'createClient', specifier: supabaseSpecifier(ctx.model, script.imports.map((i) => i.specifier)) });
      if (edit) edits.push(edit);
    }
    const local = bound?.local ?? 'createClient';
    const inner = [...parameter(h.fn, h.file, h.req, 'req', 'Request'), ...prologue(h.fn, text, script.style, lines.map((l) => l.replace('createClient(', `${local}(`)), afterPreflight(h.fn)), ...makeAsync(h.fn, text)];
    for (const x of inner) edits.push({ file: h.file.path, span: { start: x.start, end: x.end }, newText: x.newText });
    return { title: 'Require a signed-in user (auth.getUser)', class: 'guard', edits, create: [], manual: ['If a scheduler or another server calls this function, it needs a shared secret instead: a user’s token is now required.'] };
  },
};

/** As the project's other functions import it. */
function supabaseSpecifier(model: ProjectModel, own: readonly string[]): string {
  for (const f of model.files()) {
    if (!/supabase\/functions\//.test(f.path)) continue;
    const found = f.script?.imports.find((i) => !i.typeOnly && /supabase-js/.test(i.specifier));
    if (found) return found.specifier;
  }
  if (own.some((s) => s.startsWith('https://esm.sh/'))) return 'https://esm.sh/@supabase/supabase-js@2';
  if (own.some((s) => s.startsWith('jsr:'))) return 'jsr:@supabase/supabase-js@2';
  return 'npm:@supabase/supabase-js@2';
}

/** The browser's preflight request carries no token: it is answered first. */
function afterPreflight(fn: FunctionFact): number | null {
  let after: number | null = null;
  let helper: string | null = null;
  for (const s of fn.body.slice(0, 4)) {
    if (s.k === 'var') {
      const cors = [...nodesOf(s)].some((n) => n.k === 'call' && n.fn.k === 'ref' && /cors|preflight|options/i.test(n.fn.name));
      const target = s.decls[0]?.target;
      helper = cors && target?.k === 'name' ? target.name : null;
      continue;
    }
    if (s.k !== 'if') break;
    const nodes = [...nodesOf(s.test)];
    const options = nodes.some((n) => n.k === 'str' && n.v === 'OPTIONS') || (helper !== null && nodes.some((n) => n.k === 'ref' && n.name === helper));
    if (!options) break;
    after = s.e;
  }
  return after;
}
