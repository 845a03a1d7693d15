/**
 * Moving a secret out of the code: the literal becomes a checked read of the environment, the value goes into the ignored env
 * file that this program really loads, its name into the example file, and "rotate" stays with a person.
 */
import { basename, dirname, joinPath, relativeSpecifier } from '../core/paths';
import type { Expr, FileFacts, SecretFact, Stmt } from '../core/facts';
import type { Fix, FixContext, Fixer, TextEdit } from '../core/fix';
import type { PackageInfo, ProjectModel, SecretEntity } from '../core/model';
import type { Finding, RelPath, Span } from '../core/types';
import { rotatePage } from '../extract/secrets/providers';
import { PIECED } from '../extract/secrets/uris';
import { appendLines, ENV_PATTERNS, eolOf, ignoreFile, KEY_PATTERNS, mergeChanges, NO_CHANGE, type Change } from './gitignore';

// ------------------------------------------------------------------------------------------------ what findings carry

export type SecretData = Readonly<Record<string, string | number | boolean>>;

/** What a finding about a secret tells its fixes: offsets and names, nothing of the value. */
export function secretData(fact: SecretFact): SecretData {
  return {
    detector: fact.detector, label: fact.label, a: withArticle(fact.label), cost: costOf(fact), seen: fact.redacted.startsWith('…') ? '' : `\nSeen: ${fact.redacted}.`, redacted: fact.redacted, envName: fact.envName, kind: fact.kind, place: fact.place,
    spanStart: fact.span.start, spanEnd: fact.span.end, literalStart: fact.literal.start, literalEnd: fact.literal.end,
  };
}

/** `A Stripe live secret key`, `An OpenAI API key`. */
function withArticle(label: string): string {
  const text = /^[A-Z][a-z]/.test(label) && !/^(Supabase|Postgres|Stripe|Google|Azure|Airtable|OpenAI|Anthropic|MongoDB|GitHub|GitLab|Slack|Twilio|Redis|MySQL)/.test(label) && /^(Signing|Password|Private|Key|Connection|Signed|Token)/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
  return `${/^([aeio]|u(?!se|ni))/i.test(text) ? 'An' : 'A'} ${text}`;
}

/** What somebody who has the value can do. */
function costOf(fact: SecretFact): string {
  return /service-role|supabase-secret/.test(fact.detector) ? 'read and change every customer’s data, past all row rules' : 'use it at your expense';
}

/** Where a reviewer would point: the literal, or the first line of a long key. */
export function secretLocation(entity: SecretEntity): { file: RelPath; span: Span } {
  const { literal, span, kind } = entity.fact;
  if (kind === 'private-key') return { file: entity.at.file, span: { start: span.start, end: Math.min(span.end, span.start + 27) } };
  return { file: entity.at.file, span: literal };
}

/** A string of a script on the server can become a read of the environment. */
export function canMoveToEnv(entity: SecretEntity): boolean {
  const { fact } = entity;
  return fact.place === 'code' && !entity.inBrowser && /\.[cm]?[jt]sx?$/i.test(entity.at.file) && fact.note !== PIECED && fact.detector !== 'sql-account-password' && fact.detector !== 'sql-setting-fallback';
}

interface Where {
  readonly span: Span;
  readonly literal: Span;
  readonly envName: string;
  readonly detector: string;
  readonly label: string;
  readonly kind: string;
}

function whereOf(finding: Finding): Where | null {
  const d = finding.data;
  const { spanStart, spanEnd, literalStart, literalEnd, envName, detector, label, kind } = d;
  if (typeof spanStart !== 'number' || typeof spanEnd !== 'number' || typeof literalStart !== 'number' || typeof literalEnd !== 'number') return null;
  if (typeof envName !== 'string' || typeof detector !== 'string' || !/^[A-Za-z_]\w*$/.test(envName)) return null;
  return { span: { start: spanStart, end: spanEnd }, literal: { start: literalStart, end: literalEnd }, envName, detector, label: typeof label === 'string' ? label : 'secret', kind: typeof kind === 'string' ? kind : '' };
}

// ------------------------------------------------------------------------------------------------ which file this program loads

export interface EnvTarget {
  readonly file: RelPath;
  readonly example: RelPath;
  /** What a person has to do so that the file is loaded; null when the stack loads it by itself. */
  readonly missing: string | null;
}

const LOADS_ENV_LOCAL = ['next', 'react-scripts', '@sveltejs/kit', 'astro', '@remix-run/dev', '@tanstack/react-start', '@tanstack/start'];
const SERVERS = ['express', 'fastify', 'hono', 'koa', '@nestjs/core', '@hapi/hapi', 'restify', 'polka', '@hono/node-server'];
const LOADS_ENV = ['dotenv', 'dotenv-flow', '@dotenvx/dotenvx', '@nestjs/config', 'env-cmd', 'dotenv-cli', 'dotenv-safe', 'dotenv-expand', 'nuxt', '@adonisjs/core', 'envalid', 'node-env-file', '@redwoodjs/core', 'wasp'];

export function envTarget(model: ProjectModel, file: RelPath): EnvTarget {
  const edge = /^(.*?)(?:^|\/)?supabase\/functions\//.exec(file);
  if (edge) {
    const dir = file.slice(0, file.indexOf('supabase/functions/') + 'supabase/functions'.length);
    return target(dir, '.env', null);
  }
  const pkg = model.packageOf(file);
  const root = pkg?.root ?? '';
  const has = (name: string): boolean => pkg !== null && (name in pkg.dependencies || name in pkg.devDependencies);
  const explicit = pkg === null ? null : envFileOfScripts(pkg);
  if (LOADS_ENV_LOCAL.some(has) || (has('vite') && !SERVERS.some(has) && explicit === null)) return target(root, '.env.local', null);
  if (explicit !== null) return target(root, explicit, null);
  const loads = LOADS_ENV.some(has) || usesBun(pkg) || importsDotenv(model, root);
  return target(root, '.env', loads ? null : 'Nothing here loads a .env file: start the program with `node --env-file=.env …`, or set the variable where it runs.');
}

function target(dir: string, name: string, missing: string | null): EnvTarget {
  const file = joinPath(dir, name);
  const example = joinPath(dirname(file ?? dir), '.env.example');
  if (file === null || example === null) throw new Error(`env file outside the workspace: ${dir}/${name}`);
  return { file, example, missing };
}

function envFileOfScripts(pkg: PackageInfo): string | null {
  for (const script of Object.values(pkg.scripts)) {
    const match = /--env-file(?:-if-exists)?[= ]([\w./-]{1,80})/.exec(script);
    const path = match?.[1];
    if (path !== undefined && !path.startsWith('/') && !path.includes('..') && !/example|sample|test/.test(path)) return path;
  }
  return null;
}

function usesBun(pkg: PackageInfo | null): boolean {
  return pkg !== null && Object.values(pkg.scripts).some((s) => /(?:^|\s|&)bun\s+(?:run\s+)?(?:--\w+\s+)*[\w./-]+\.[jt]sx?/.test(s));
}

function importsDotenv(model: ProjectModel, root: string): boolean {
  for (const [path, face] of model.faces()) {
    if ((root === '' || path.startsWith(`${root}/`)) && face.imports.some((i) => i.specifier === 'dotenv' || i.specifier.startsWith('dotenv/'))) return true;
  }
  return false;
}

// ------------------------------------------------------------------------------------------------ the project's own env module

interface EnvModule {
  readonly file: RelPath;
  /** Exported name of the validated object. */
  readonly name: string;
  /** Where variables are declared, and how one is written. */
  readonly inserts: readonly { readonly at: number; readonly text: (name: string) => string }[];
  readonly known: ReadonlySet<string>;
}

type ObjExpr = Extract<Expr, { k: 'obj' }>;

/** A module that exports an object which zod, t3-env or envalid built from process.env, the nearest to the file's package. */
function envModuleOf(ctx: FixContext, from: RelPath): EnvModule | null {
  const root = ctx.model.packageOf(from)?.root ?? '';
  for (const file of ctx.model.files()) {
    if (file.script === null || file.path === from || !/env|config/i.test(file.path) || (root !== '' && !file.path.startsWith(`${root}/`))) continue;
    if (!file.script.imports.some((i) => /^(?:zod|@t3-oss\/env-(?:nextjs|core|nuxt)|envalid)$/.test(i.specifier))) continue;
    if (ctx.model.reachesBrowser(file.path) && !file.script.imports.some((i) => i.specifier.startsWith('@t3-oss/'))) continue;
    const found = readEnvModule(file);
    if (found) return found;
  }
  return null;
}

function readEnvModule(file: FileFacts): EnvModule | null {
  const body = file.script?.functions[0]?.body;
  if (!body || !file.script) return null;
  const exported = new Map(file.script.exports.flatMap((e) => (e.kind === 'local' && e.name !== 'default' ? [[e.local, e.name] as const] : [])));
  const schemas = new Map<string, ObjExpr>();
  for (const declared of declarations(body)) {
    const { name, init } = declared;
    const call = init.k === 'await' ? init.value : init;
    const asSchema = zodObject(call);
    if (asSchema) schemas.set(name, asSchema);
    if (call.k !== 'call') continue;
    const exportName = exported.get(name);
    if (exportName === undefined) continue;
    const callee = call.fn;
    // z.object({…}).parse(process.env) or Schema.parse(process.env)
    if (callee.k === 'mem' && callee.prop === 'parse' && call.args[0] && isProcessEnv(call.args[0])) {
      const schema = zodObject(callee.obj) ?? (callee.obj.k === 'ref' ? schemas.get(callee.obj.name) : undefined);
      if (schema) return moduleFrom(file.path, exportName, schema, [insertion(schema, (n) => `${n}: z.string().min(1),`)]);
    }
    if (callee.k === 'ref' && callee.name === 'createEnv' && call.args[0]?.k === 'obj') {
      const server = objectProp(call.args[0], 'server');
      const runtime = objectProp(call.args[0], 'runtimeEnv') ?? objectProp(call.args[0], 'runtimeEnvStrict');
      if (server) return moduleFrom(file.path, exportName, server, [insertion(server, (n) => `${n}: z.string().min(1),`), ...(runtime ? [insertion(runtime, (n) => `${n}: process.env.${n},`)] : [])]);
    }
    if (callee.k === 'ref' && callee.name === 'cleanEnv' && call.args[1]?.k === 'obj' && file.script.imports.some((i) => i.specifier === 'envalid' && i.names.some((x) => x.local === 'str'))) {
      return moduleFrom(file.path, exportName, call.args[1], [insertion(call.args[1], (n) => `${n}: str(),`)]);
    }
  }
  return null;
}

function* declarations(body: readonly Stmt[]): Generator<{ name: string; init: Expr }> {
  for (const s of body) {
    if (s.k !== 'var') continue;
    for (const d of s.decls) if (d.target.k === 'name' && d.init) yield { name: d.target.name, init: d.init };
  }
}

function zodObject(x: Expr): ObjExpr | null {
  if (x.k !== 'call' || x.fn.k !== 'mem') return null;
  const arg = x.args[0];
  if ((x.fn.prop === 'object' || x.fn.prop === 'strictObject' || x.fn.prop === 'looseObject') && arg?.k === 'obj') return arg;
  // z.object({…}).passthrough() and the like
  return zodObject(x.fn.obj);
}

function objectProp(x: ObjExpr, key: string): ObjExpr | null {
  for (const p of x.props) if (p.k === 'prop' && p.key === key && p.value.k === 'obj') return p.value;
  return null;
}

function isProcessEnv(x: Expr): boolean {
  return x.k === 'mem' && x.prop === 'env' && x.obj.k === 'ref' && x.obj.name === 'process';
}

function insertion(object: ObjExpr, text: (name: string) => string): { at: number; text: (name: string) => string } {
  return { at: object.s + 1, text };
}

function moduleFrom(file: RelPath, name: string, schema: ObjExpr, inserts: EnvModule['inserts']): EnvModule {
  return { file, name, inserts, known: new Set(schema.props.flatMap((p) => (p.k === 'prop' ? [p.key] : []))) };
}

/** How the file at hand would import the module: the alias it already uses, else relative, with the extension it already writes. */
function specifierFor(ctx: FixContext, from: FileFacts, to: RelPath): string {
  const imports = from.script?.imports ?? [];
  const withExtension = imports.some((i) => /^\.{1,2}\/.*\.[cm]?js$/.test(i.specifier));
  const bare = to.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/index$/, '');
  for (const prefix of ['@/', '~/', '#/', '$lib/']) {
    if (!imports.some((i) => i.specifier.startsWith(prefix))) continue;
    for (const candidate of [bare.replace(/^(?:.*\/)?src\//, ''), bare]) {
      const resolved = ctx.model.resolve(from.path, prefix + candidate);
      if (resolved && 'file' in resolved && resolved.file === to) return prefix + candidate;
    }
  }
  return relativeSpecifier(from.path, to) + (withExtension ? '.js' : '');
}

// ------------------------------------------------------------------------------------------------ reading it in code

interface Read {
  /** Expression that replaces the literal. */
  readonly expression: string;
  readonly edits: readonly TextEdit[];
  /** Binds weaker than what may stand around it. */
  readonly compound: boolean;
}

function readOf(ctx: FixContext, file: FileFacts, text: string, envName: string): Read {
  const style = file.script?.style ?? { quote: "'", semicolons: true, indent: '  ', eol: eolOf(text) };
  const q = style.quote;
  const semi = style.semicolons ? ';' : '';
  const deno = isDeno(file);
  if (!deno) {
    const module = envModuleOf(ctx, file.path);
    if (module && ctx.text(module.file) !== undefined) {
      const edits: TextEdit[] = [];
      if (!module.known.has(envName)) {
        const moduleText = ctx.text(module.file) ?? '';
        for (const insert of module.inserts) edits.push({ file: module.file, span: { start: insert.at, end: insert.at }, newText: propertyText(moduleText, insert.at, insert.text(envName)) });
      }
      const existing = file.script?.imports.find((i) => !i.typeOnly && i.names.some((n) => n.imported === module.name) && isSame(ctx, file.path, i.specifier, module.file));
      const local = existing?.names.find((n) => n.imported === module.name)?.local ?? module.name;
      const taken = !existing && file.script !== null && (file.script.functions.some((f) => f.name === module.name) || file.script.imports.some((i) => i.names.some((n) => n.local === module.name)) || new RegExp(`\\b(?:const|let|var)\\s+${module.name}\\b`).test(text));
      if (!taken) {
        if (!existing) {
          const specifier = specifierFor(ctx, file, module.file);
          const line = file.script?.isCommonJs === true ? `const { ${module.name} } = require(${q}${specifier}${q})${semi}` : `import { ${module.name} } from ${q}${specifier}${q}${semi}`;
          edits.push(afterImports(file, text, [line]));
        }
        return { expression: `${local}.${envName}`, edits, compound: false };
      }
    }
  }
  const read = deno ? `Deno.env.get(${q}${envName}${q})` : `process.env.${envName}`;
  return { expression: `${read} || ${missingCall(file, envName)}`, edits: missingHelper(file, text), compound: true };
}

function isSame(ctx: FixContext, from: RelPath, specifier: string, to: RelPath): boolean {
  const resolved = ctx.model.resolve(from, specifier);
  return resolved !== null && 'file' in resolved && resolved.file === to;
}

function isDeno(file: FileFacts): boolean {
  return /(?:^|\/)supabase\/functions\//.test(file.path) || (file.script?.envReads.some((r) => r.via === 'Deno.env') === true && !file.script.envReads.some((r) => r.via === 'process.env'));
}

const HELPER = 'missingEnv';

function missingCall(file: FileFacts, envName: string): string {
  const q = file.script?.style.quote ?? "'";
  return `${HELPER}(${q}${envName}${q})`;
}

/** `process.env.X || missingEnv('X')` is a string for the type checker and stops the program with a clear message. */
function missingHelper(file: FileFacts, text: string): readonly TextEdit[] {
  if (file.script?.functions.some((f) => f.name === HELPER) === true || new RegExp(`\\b(?:function|const)\\s+${HELPER}\\b`).test(text)) return [];
  const style = file.script?.style;
  const typed = /\.[cm]?tsx?$/i.test(file.path);
  const semi = style?.semicolons === false ? '' : ';';
  const signature = typed ? `function ${HELPER}(name: string): never {` : `function ${HELPER}(name) {`;
  return [afterImports(file, text, ['', '/** A required setting is absent: better not to run than to run unsafely. */', signature, `${style?.indent ?? '  '}throw new Error(\`\${name} is not set\`)${semi}`, '}'])];
}

function afterImports(file: FileFacts, text: string, lines: readonly string[]): TextEdit {
  const script = file.script;
  const at = Math.min(script?.afterImports ?? 0, text.length);
  const eol = script?.style.eol ?? eolOf(text);
  if (at === 0 || /^\s*$/.test(text.slice(0, at))) {
    // No imports: before the first statement, with a blank line between.
    const own = lines[0] === '' ? lines.slice(1) : lines;
    return { file: file.path, span: { start: at, end: at }, newText: `${own.join(eol)}${eol}${eol}` };
  }
  return { file: file.path, span: { start: at, end: at }, newText: eol + lines.join(eol) };
}

function propertyText(text: string, at: number, property: string): string {
  const rest = text.slice(at, at + 400);
  const newline = /^[ \t]*(?:\/\/[^\n]*)?(\r?\n)([ \t]*)/.exec(rest);
  return newline ? `${newline[1] ?? '\n'}${newline[2] ?? '  '}${property}` : ` ${property}`;
}

// ------------------------------------------------------------------------------------------------ putting it into the code

/** Replaces the literal, or the part of a longer string; null where that would not mean the same. */
function replaceLiteral(file: FileFacts, text: string, where: Where, read: Read): TextEdit | null {
  const { span, literal } = where;
  if (literal.end > text.length || literal.start >= literal.end) return null;
  const open = openString(text, span.start);
  if (open === null) return null;
  if (literal.start < span.start) {
    if (open.start !== literal.start) return null;
    return { file: file.path, span: literal, newText: inExpression(text, literal, read) };
  }
  if (open.quote === '') {
    // A folded concatenation: the span is the expression itself.
    return /^["'`(]/.test(text.slice(span.start, span.start + 1)) ? { file: file.path, span, newText: inExpression(text, span, read) } : null;
  }
  if (open.quote === '`') return { file: file.path, span, newText: `\${${read.expression}}` };
  // 'Bearer sk…' → `Bearer ${…}`
  let close = span.end;
  while (close < text.length && text[close] !== open.quote && text[close] !== '\n') close += text[close] === '\\' ? 2 : 1;
  if (text[close] !== open.quote) return null;
  const quote = (part: string): string => part.replaceAll('`', '\\`').replaceAll('${', '\\${').replaceAll(`\\${open.quote}`, open.quote);
  const before = text.slice(open.start + 1, span.start);
  const after = text.slice(span.end, close);
  return { file: file.path, span: { start: open.start, end: close + 1 }, newText: `\`${quote(before)}\${${read.expression}}${quote(after)}\`` };
}

function inExpression(text: string, span: Span, read: Read): string {
  if (!read.compound) return read.expression;
  const before = text.slice(Math.max(0, span.start - 20), span.start).trimEnd();
  const after = text.slice(span.end, span.end + 20);
  const plainBefore = /(?:[([{,;]|(?<![=!<>])=|[^?]:|^:|\breturn|\bdefault)$/.test(before) || before === '';
  const plainAfter = /^\s*(?:[)\]},;]|$)|^[ \t]*\r?\n(?!\s*[.[(+?])/.test(after);
  return plainBefore && plainAfter ? read.expression : `(${read.expression})`;
}

/** The string that is open at an offset: quote and start; `quote` is '' in plain code; null in a comment or when lost. */
function openString(text: string, offset: number): { quote: string; start: number } | null {
  let i = 0;
  const nesting: { quote: string; start: number; depth: number }[] = [];
  let current: { quote: string; start: number } | null = null;
  while (i < offset) {
    const c = text[i] ?? '';
    const next = text[i + 1] ?? '';
    if (current) {
      if (c === '\\') i++;
      else if (c === current.quote) current = null;
      else if (c === '\n' && current.quote !== '`') return null; // an apostrophe in JSX text or a regular expression: lost
      else if (c === '$' && next === '{' && current.quote === '`') {
        nesting.push({ ...current, depth: 0 });
        current = null;
        i++;
      }
    } else if (c === '/' && next === '/') {
      const end = text.indexOf('\n', i);
      if (end < 0 || end >= offset) return null;
      i = end;
    } else if (c === '/' && next === '*') {
      const end = text.indexOf('*/', i + 2);
      if (end < 0 || end >= offset) return null;
      i = end + 1;
    } else if (c === '/' && /[(,=:[!&|?{};\n]\s*$|\breturn\s*$/.test(text.slice(Math.max(0, i - 12), i))) {
      // A regular expression: to its end on this line.
      let k = i + 1;
      let inClass = false;
      while (k < text.length && text[k] !== '\n' && (inClass || text[k] !== '/')) {
        if (text[k] === '\\') k++;
        else if (text[k] === '[') inClass = true;
        else if (text[k] === ']') inClass = false;
        k++;
      }
      if (text[k] === '/') i = k;
    } else if (c === '"' || c === "'" || c === '`') current = { quote: c, start: i };
    else if (nesting.length > 0) {
      const top = nesting[nesting.length - 1];
      if (top) {
        if (c === '{') top.depth++;
        else if (c === '}') {
          if (top.depth === 0) {
            current = { quote: top.quote, start: top.start };
            nesting.pop();
          } else top.depth--;
        }
      }
    }
    i++;
  }
  return current ?? { quote: '', start: offset };
}

// ------------------------------------------------------------------------------------------------ putting it into the env file

/** What the string means, as far as env files can hold it. */
function unescapeLiteral(source: string): string {
  return source.replace(/\\(?:n|r|t|\\|'|"|`|\$)/g, (m) => (m === '\\n' ? '\n' : m === '\\r' ? '' : m === '\\t' ? '\t' : m.slice(1)));
}

function envLine(name: string, value: string, expands: boolean): string {
  const escaped = expands ? value.replaceAll('$', '\\$') : value;
  if (/^[\w./:@+=~%,?&!*()|;<>^-]*$/.test(escaped) && !escaped.includes('#')) return `${name}=${escaped}`;
  if (!value.includes('\n') && !value.includes("'")) return `${name}='${escaped}'`;
  return `${name}="${escaped.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"').replaceAll('\\\\$', '\\$')}"`;
}

function definedValue(text: string, name: string): { value: string; span: Span } | null {
  const match = new RegExp(`^[ \\t]{0,8}(?:export[ \\t]{1,4})?${name}[ \\t]{0,4}=([^\\r\\n]*)`, 'm').exec(text);
  if (!match) return null;
  const raw = match[1] ?? '';
  return { value: raw.trim().replace(/^(["'])(.*)\1$/, '$2'), span: { start: match.index + match[0].length - raw.length, end: match.index + match[0].length } };
}

interface Placed {
  readonly change: Change;
  readonly envName: string;
  readonly manual: readonly string[];
}

/** The value into the ignored env file, the name into the example; a name taken by another value gets a number. */
function placeValue(ctx: FixContext, file: RelPath, wanted: string, value: string, to: EnvTarget): Placed {
  const text = ctx.text(to.file);
  const expands = to.file.endsWith('.env.local');
  let envName = wanted;
  for (let n = 2; n < 20; n++) {
    const defined = text === undefined ? null : definedValue(text, envName);
    if (!defined || defined.value === '' || defined.value === value) break;
    envName = `${wanted}_${n}`;
  }
  const manual: string[] = [];
  let change: Change;
  if (ctx.model.git.tracked?.has(to.file) === true) {
    manual.push(`${to.file} is under version control, so the value was not written there: run \`git rm --cached ${to.file}\`, then add ${envName} to it.`);
    change = ignoreFile(ctx, to.file);
  } else {
    const defined = text === undefined ? null : definedValue(text, envName);
    const line = envLine(envName, value, expands);
    const write: Change = defined
      ? defined.value === ''
        ? { edits: [{ file: to.file, span: defined.span, newText: line.slice(envName.length + 1), sensitive: true }], create: [] }
        : NO_CHANGE
      : appendLines(ctx, to.file, [line], { sensitive: true });
    change = mergeChanges(write, ignoreFile(ctx, to.file));
  }
  const example = exampleOf(ctx, to);
  const exampleText = ctx.text(example);
  if (exampleText === undefined || !definedValue(exampleText, envName)) change = mergeChanges(change, appendLines(ctx, example, [`${envName}=`]));
  if (to.missing !== null) manual.push(to.missing);
  manual.push(/(?:^|\/)supabase\/functions\//.test(file) ? `Set it for the deployed functions: \`supabase secrets set ${envName}=…\`.` : `Set ${envName} where the app is deployed (the environment settings of your host).`);
  return { change, envName, manual };
}

function exampleOf(ctx: FixContext, to: EnvTarget): RelPath {
  for (const name of ['.env.example', '.env.sample', '.env.template', 'env.example']) {
    const candidate = joinPath(dirname(to.example), name);
    if (candidate !== null && ctx.text(candidate) !== undefined) return candidate;
  }
  return to.example;
}

// ------------------------------------------------------------------------------------------------ fixers

/** The literal becomes a checked read of the environment; the value moves into the ignored env file. */
export const moveToEnv: Fixer = {
  class: 'guard',
  title: (finding, model) => `Move it to ${String(finding.data['envName'] ?? 'the environment')} in ${basename(envTarget(model, finding.at.file).file)}, which git ignores`,
  compute(finding, ctx) {
    const where = whereOf(finding);
    const file = ctx.model.file(finding.at.file);
    const text = ctx.text(finding.at.file);
    if (!where || !file?.script || text === undefined || ctx.model.reachesBrowser(file.path)) return null;
    const folded = where.literal.start === where.span.start && /^["'`(]/.test(text.slice(where.span.start, where.span.start + 1));
    const value = folded ? foldedValue(text.slice(where.span.start, where.span.end)) : unescapeLiteral(text.slice(where.span.start, where.span.end));
    if (value === null || value.length === 0) return null;
    const to = envTarget(ctx.model, file.path);
    const placed = placeValue(ctx, file.path, where.envName, value, to);
    const read = readOf(ctx, file, text, placed.envName);
    const replace = replaceLiteral(file, text, where, read);
    if (!replace) return null;
    return {
      title: `Move the ${where.label} to ${placed.envName}`, class: 'guard', edits: [replace, ...read.edits, ...placed.change.edits], create: placed.change.create,
      manual: [rotateStep(placed.envName, where.detector), ...placed.manual],
    };
  },
};

/** `'sk_' + 'abc'`: the text the pieces make up. */
function foldedValue(source: string): string | null {
  const pieces = [...source.matchAll(/'((?:[^'\\\n]|\\.){0,4096})'|"((?:[^"\\\n]|\\.){0,4096})"|`((?:[^`\\$]|\\.){0,4096})`/g)];
  return pieces.length === 0 ? null : unescapeLiteral(pieces.map((m) => m[1] ?? m[2] ?? m[3] ?? '').join(''));
}

/** `process.env.X || 'literal'` refuses to run without X instead. */
export const requireEnv: Fixer = {
  class: 'guard',
  title: (finding) => `Refuse to start without ${String(finding.data['envName'] ?? 'the variable')} instead of using the fallback`,
  compute(finding, ctx) {
    const where = whereOf(finding);
    const file = ctx.model.file(finding.at.file);
    const text = ctx.text(finding.at.file);
    if (!where || !file?.script || text === undefined) return null;
    const open = openString(text, where.span.start);
    if (open === null || open.start !== where.literal.start) return null;
    const to = envTarget(ctx.model, file.path);
    const placed = keepName(ctx, file.path, where.envName, unescapeLiteral(text.slice(where.span.start, where.span.end)), to);
    return {
      title: `Require ${where.envName}`, class: 'guard',
      edits: [{ file: file.path, span: where.literal, newText: missingCall(file, where.envName) }, ...missingHelper(file, text), ...placed.change.edits], create: placed.change.create,
      manual: [
        /signing|encryption/.test(where.detector) || where.kind === 'signing-key'
          ? `Give ${where.envName} a new value in production (\`openssl rand -base64 32\`): the old fallback is known to everyone who has read the code.`
          : rotateStep(where.envName, where.detector),
        ...placed.manual,
      ],
    };
  },
};

/** The code names the variable already: its name stays, and a value that is there stays too. */
function keepName(ctx: FixContext, file: RelPath, name: string, value: string, to: EnvTarget): Placed {
  const text = ctx.text(to.file);
  const defined = text === undefined ? null : definedValue(text, name);
  return placeValue(ctx, file, name, defined && defined.value !== '' ? defined.value : value, to);
}

export function rotateStep(envName: string, detector: string): string {
  return `Rotate ${envName} (${rotatePage(detector)}). The old value stays in the git history and has to be treated as known.`;
}

function steps(title: (finding: Finding) => string, list: (finding: Finding) => readonly string[]): Fixer {
  return {
    class: 'manual',
    title,
    compute: (finding) => ({ title: title(finding), class: 'manual', edits: [], create: [], manual: list(finding) }),
  };
}

const named = (finding: Finding): string => String(finding.data['envName'] ?? 'the secret');
const detected = (finding: Finding): string => String(finding.data['detector'] ?? '');

/** For configuration, SQL, documentation and languages whose code we do not rewrite. */
export const removeByHand: Fixer = steps(
  (f) => `Steps: take ${named(f)} out of this file and rotate it`,
  (f) => [
    f.data['place'] === 'sql'
      ? 'Replace the value: read it from Supabase Vault (`select decrypted_secret from vault.decrypted_secrets where name = …`) or from a database setting that no file holds.'
      : f.data['place'] === 'comment' || f.data['place'] === 'docs'
        ? 'Delete the value or write a placeholder in its place.'
        : `Replace the value by a reference to the environment (\`\${${named(f)}}\` where the format knows it) and set it in the settings of your host.`,
    rotateStep(named(f), detected(f)),
  ],
);

/** A browser bundle keeps no secret, whatever the variable is called. */
export const moveToServer: Fixer = steps(
  (f) => `Steps: move the call that needs ${named(f)} to the server`,
  (f) => [
    'Write a server route (API route, server action or edge function) that checks who is calling, makes the call and returns only what the page needs.',
    'Let the page call that route. A public variable (NEXT_PUBLIC_, VITE_, EXPO_PUBLIC_) would still put the value into the bundle.',
    `Read it there as ${named(f)} from the server's environment, and add \`import 'server-only'\` (Next.js) to the module that does.`,
    rotateStep(named(f), detected(f)),
  ],
);

/** A password in a page: nothing is called with it, so nothing can be moved. */
export const takeOutPassword: Fixer = steps(
  () => 'Steps: take the password out of the page and change it',
  () => [
    'Delete the password from this file: a form starts empty, and whether it is right is asked on the server alone.',
    'Change the password of every account that has it. It stays in old bundles and in the history of the repository.',
    'Look through the sign-ins of these accounts since the page went online.',
  ],
);

/** A key that has to be in the page: what it may be used for and from where is set at Google. */
export const limitBrowserKey: Fixer = steps(
  () => 'Steps: limit the key to your own site',
  () => [
    'Open the key in the Google Cloud console under APIs and services → Credentials.',
    'Under application restrictions choose websites and enter your own domains; under API restrictions tick only what the page uses.',
    'Use a key of its own for the page: one that also works for paid APIs belongs on the server.',
  ],
);

/** A module of both sides: the half that needs the secret gets a file of its own. */
export const splitModule: Fixer = steps(
  (f) => `Steps: give what needs ${named(f)} a file of its own`,
  (f) => [
    `Move what reads ${named(f)} into a file of its own, and add \`import 'server-only'\` (Next.js) to it: a build fails when browser code imports it.`,
    'Leave in this file what both sides use, and let server code import the new one.',
  ],
);

export const renamePublicVariable: Fixer = steps(
  (f) => `Steps: stop publishing ${named(f)}`,
  (f) => {
    const name = named(f);
    const plain = name.replace(PUBLIC_PREFIX, '');
    return [
      `Move the code that uses ${name} to the server, and read ${plain} there.`,
      `Rename the variable to ${plain} in every env file, in the dashboard of your host (Vercel, Netlify, Expo …) and in CI.`,
      `Rotate the value: every visitor so far could read it from the JavaScript.`,
    ];
  },
);

/** Prefixes whose variables are printed into the bundle. */
export const PUBLIC_PREFIX = /^(?:NEXT_PUBLIC_|VITE_|EXPO_PUBLIC_|REACT_APP_|NUXT_PUBLIC_|PUBLIC_|GATSBY_|VUE_APP_|NG_APP_)/;

export const untrackEnvFile: Fixer = {
  class: 'manual',
  title: (finding) => `Ignore ${basename(finding.at.file)} and take it out of version control`,
  compute(finding, ctx) {
    const change = ignoreFile(ctx, finding.at.file);
    const names = (ctx.model.file(finding.at.file)?.envNames ?? []).map((e) => e.name);
    const isEnv = /(?:^|\/)\.env|\.env$/.test(finding.at.file);
    const example = joinPath(dirname(finding.at.file), '.env.example');
    const text = example === null ? undefined : ctx.text(example);
    const lines = [...new Set(names)].filter((n) => text === undefined || !definedValue(text, n)).map((n) => `${n}=`);
    const documented = isEnv && example !== null && lines.length > 0 ? appendLines(ctx, example, lines) : NO_CHANGE;
    const all = mergeChanges(change, documented);
    return {
      title: `Ignore ${finding.at.file}`, class: 'manual', edits: all.edits, create: all.create,
      manual: [`Run \`git rm --cached ${finding.at.file}\` and commit: the file stays on your disk and leaves the repository.`, 'Rotate every secret in it: the old versions of the file stay in the history, in every clone and fork.'],
    };
  },
};

/** Adds what a .gitignore lacks. */
export const addToGitignore: Fixer = {
  class: 'safe',
  title: () => 'Add env and key files to .gitignore',
  compute(_finding, ctx) {
    const file = joinPath('', '.gitignore');
    if (file === null) return null;
    const probes: readonly (readonly [string, string])[] = [['.env', '.env'], ['.env.*', '.env.production'], ...KEY_PATTERNS.map((p) => [p, p.replace(/\*/g, 'x')] as const)];
    const lacking = probes.filter(([, probe]) => {
      const path = joinPath('', probe.replace(/\/$/, ''));
      return path !== null && !ctx.model.git.isIgnored(path);
    });
    const patterns = lacking.map(([pattern]) => pattern);
    const examples = patterns.includes('.env.*') ? ENV_PATTERNS.filter((p) => p.startsWith('!')) : [];
    const change = appendLines(ctx, file, [...patterns, ...examples], { heading: '# env and keys' });
    if (change.edits.length + change.create.length === 0) return null;
    return { title: 'Add env and key files to .gitignore', class: 'safe', edits: change.edits, create: change.create, manual: [] } satisfies Fix;
  },
};
