/** Which guard a project would use here: its own most-used one, its auth library, or a generated module that denies everybody. */
import type { Expr, FileFacts, FunctionFact } from '../core/facts';
import type { Endpoint, ProjectModel } from '../core/model';
import { joinPath } from '../core/paths';
import type { Location, RelPath } from '../core/types';
import { bindingsOf, exportsOf } from '../model/faces';
import { calleesOf, usesRequire } from './imports';
import { isTypeScript } from './style';
import { functionAt, nodesOf } from './walk';

/** A value another file exports. */
export interface Exported {
  readonly file: RelPath;
  readonly name: string;
  readonly local: string;
}

// ------------------------------------------------------------------------------------------------ Express

/** The project's own middleware that stops strangers, the most used first. */
export function expressGuard(model: ProjectModel, from: RelPath): { readonly name: string; readonly from: Exported | null } | null {
  for (const name of model.memo(null, 'express-guards', guardsInUse)) {
    const target = model.file(from)?.script;
    const bound = target ? bindingsOf(target).find((b) => b.local === name) : undefined;
    const origin = bound ? model.resolve(from, bound.specifier) : null;
    if (origin && 'file' in origin && isGenerated(origin.file) && isUnwiredModule(model, origin.file)) continue;
    if (target && localFunction(target.functions[0], name, target)) return { name, from: null };
    const exported = whoExports(model, name, from);
    if (exported && !(isGenerated(exported.file) && isUnwiredModule(model, exported.file))) return { name, from: exported };
  }
  return null;
}

/** Names of the middleware that stands before Express routes and stops strangers, the most used first. */
function guardsInUse(model: ProjectModel): readonly string[] {
  const uses = new Map<string, number>();
  for (const e of model.endpoints()) {
    if (e.framework !== 'express' || e.auth !== 'required') continue;
    for (const g of e.guards) {
      if (g.effect !== 'enforces' || g.kind !== 'authentication' || g.level === 'handler' || g.because === 'name' || !/^[A-Za-z_$][\w$]*$/.test(g.name)) continue;
      uses.set(g.name, (uses.get(g.name) ?? 0) + 1);
    }
  }
  return [...uses].sort((a, b) => b[1] - a[1]).flatMap(([name]) => (/^(basicAuth|inngest|authenticate)$/.test(name) ? [] : [name]));
}

function localFunction(module: FunctionFact | undefined, name: string, script: NonNullable<FileFacts['script']>): boolean {
  for (const s of module?.body ?? []) {
    if (s.k === 'fndecl' && s.name === name) return true;
    if (s.k === 'var') for (const d of s.decls) if (d.target.k === 'name' && d.target.name === name && d.init?.k === 'fn') return true;
  }
  return bindingsOf(script).some((b) => b.local === name);
}

/** The file that exports a function of this name, the one most files import it from. */
function whoExports(model: ProjectModel, name: string, from: RelPath): Exported | null {
  return model.memo(null, `exporters:${name}`, (m) => exporters(m, name)).find((x) => x.file !== from) ?? null;
}

/** Files that others have a function of this name from, the one most have it from first. */
function exporters(model: ProjectModel, name: string): readonly Exported[] {
  const exporting = new Set(model.exporting(name));
  const votes = new Map<string, { readonly exported: Exported; n: number }>();
  for (const [path, face] of model.faces()) {
    for (const b of face.bindings) {
      const whole = b.imported === 'default' || b.imported === '*';
      if (b.local !== name && !whole) continue;
      const r = model.resolve(path, b.specifier);
      if (!r || !('file' in r)) continue;
      const direct = b.local === name && exportsName(model, r.file, b.imported);
      // `const auth = require('./auth')` and `auth.requireUser`.
      if (!direct && !(whole && exporting.has(r.file))) continue;
      const imported = direct ? b.imported : name;
      const key = `${r.file}#${imported}`;
      const vote = votes.get(key);
      if (vote) vote.n++;
      else votes.set(key, { exported: { file: r.file, name: imported, local: name }, n: 1 });
    }
  }
  return [...votes.values()].sort((a, b) => b.n - a.n).map((v) => v.exported);
}

function exportsName(model: ProjectModel, file: RelPath, name: string): boolean {
  const script = model.file(file)?.script;
  return script != null && exportsOf(script).has(name);
}

// ------------------------------------------------------------------------------------------------ Next

export interface Helper extends Exported {
  /** Throws without a user; else it yields the user or null. */
  readonly throws: boolean;
  readonly async: boolean;
  /** What it is given: the request, the answer. */
  readonly args: readonly ('req' | 'res')[];
  /** The property that is missing in what it yields without a user: `session.user`. */
  readonly member: string | null;
}

/** A project function `withUser(handler)` around the handlers it guards. */
export interface Wrapper extends Exported {
  /** It hands on the request, and in pages the answer, as it got them; more it does not promise. */
  readonly passes: number;
}

/** A project function that the guarded handlers of this kind call to learn who is there, the most used first. */
export function ownHelper(model: ProjectModel, kind: 'express' | 'next', usable: (h: Helper) => boolean): Helper | null {
  return model.memo(null, `helpers:${kind}`, (m) => rankedHelpers(m, kind)).find(usable) ?? null;
}

function rankedHelpers(model: ProjectModel, kind: 'express' | 'next'): readonly Helper[] {
  const uses = new Map<string, { readonly helper: Helper; n: number }>();
  for (const e of model.endpoints()) {
    if (!e.framework.startsWith(kind) || e.auth !== 'required') continue;
    for (const g of e.guards) {
      if (g.level !== 'handler' || g.effect !== 'enforces' || g.kind === 'signature' || /process\.env|HMAC|timingSafe/.test(g.name)) continue;
      const helper = calledHelper(model, e, g.at) ?? (kind === 'next' ? helperAt(model, g.at.file, g.at.span.start) : null);
      if (!helper || isGenerated(helper.file) || (e.handler?.file === helper.file && e.handler.name === helper.local)) continue;
      const key = `${helper.file}#${helper.name}`;
      const use = uses.get(key);
      if (use) use.n++;
      else uses.set(key, { helper, n: 1 });
    }
  }
  return [...uses.values()].sort((a, b) => b.n - a.n).map((u) => u.helper);
}

/** The function that a guarded handler calls itself, with what it is given there and how its answer is judged. */
function calledHelper(model: ProjectModel, e: Endpoint, guard: Location): Helper | null {
  const h = e.handler;
  const script = h ? model.file(h.file)?.script : null;
  const fn = h?.fn != null ? script?.functions[h.fn] : undefined;
  if (!h || !script || !fn) return null;
  const [req, res] = fn.params.map((p) => (p.k === 'name' ? p.name : null));
  for (const s of fn.body) {
    const x = s.k === 'var' && s.decls.length === 1 ? s.decls[0]?.init : s.k === 'expr' ? s.x : null;
    const call = x?.k === 'await' ? x.value : x;
    if (!x || call?.k !== 'call') continue;
    const args = call.args.map((a) => (a.k !== 'ref' ? null : a.name === req ? ('req' as const) : a.name === res && e.framework !== 'next-app' ? ('res' as const) : null));
    const target = calleesOf(call.fn, h.file, model)[0];
    if (!target || target.file === h.file || args.some((a) => a === null) || !reaches(model, target, guard)) continue;
    const facts = model.file(target.file)?.script;
    const callee = facts?.functions[target.fn];
    if (!facts || callee?.parent !== 0 || model.endpointsOf(target.file).some((t) => t.handler?.fn === target.fn)) continue;
    const name = [...exportsOf(facts)].find(([, local]) => local === callee.name)?.[0];
    if (name === undefined) continue;
    const known = s.k === 'var' && s.decls[0]?.target.k === 'name' ? s.decls[0].target.name : null;
    const judged = known === null ? null : missingTest(fn, known);
    if (s.k === 'var' && judged === null) continue;
    if (judged === null && !throwsItself(callee)) continue;
    return { file: target.file, name, local: name === 'default' ? callee.name : name, throws: judged === null, async: x.k === 'await', args: args.filter((a) => a !== null), member: judged?.member ?? null };
  }
  return null;
}

/** `if (!user)`, `if (!session?.user)`: what is missing without a user. */
function missingTest(fn: FunctionFact, name: string): { readonly member: string | null } | null {
  for (const s of fn.body) {
    if (s.k !== 'if') continue;
    for (const n of nodesOf(s.test)) {
      if (n.k !== 'not') continue;
      if (n.value.k === 'ref' && n.value.name === name) return { member: null };
      if (n.value.k === 'mem' && n.value.obj.k === 'ref' && n.value.obj.name === name) return { member: n.value.prop };
    }
  }
  return null;
}

/** The place lies in the function, one inside it, or one that it calls. */
function reaches(model: ProjectModel, from: { readonly file: RelPath; readonly fn: number }, place: Location): boolean {
  const seen = new Set<string>();
  let todo = [from];
  for (let depth = 0; depth < 4 && todo.length > 0; depth++) {
    const next: typeof todo = [];
    for (const at of todo) {
      const script = model.file(at.file)?.script;
      const fn = script?.functions[at.fn];
      if (!script || !fn || seen.has(`${at.file}#${at.fn}`)) continue;
      seen.add(`${at.file}#${at.fn}`);
      if (at.file === place.file && fn.span.start <= place.span.start && place.span.end <= fn.span.end) return true;
      for (const inner of within(script, fn)) for (const n of nodesOf(inner.body)) if (n.k === 'call') next.push(...calleesOf(n.fn, at.file, model));
    }
    todo = next;
  }
  return false;
}

function within(script: NonNullable<FileFacts['script']>, fn: FunctionFact): FunctionFact[] {
  return script.functions.filter((f) => f.kind !== 'module' && f.span.start >= fn.span.start && f.span.end <= fn.span.end);
}

/** The wrapper that guards most of the project's handlers of this framework: `export const GET = withUser(async (req) => …)`. */
export function ownWrapper(model: ProjectModel, framework: string): Wrapper | null {
  return model.memo(null, `wrapper:${framework}`, (m) => mostUsedWrapper(m, framework));
}

function mostUsedWrapper(model: ProjectModel, framework: string): Wrapper | null {
  const uses = new Map<string, { readonly wrapper: Wrapper; n: number }>();
  for (const e of model.endpoints()) {
    if (e.framework !== framework || e.auth !== 'required') continue;
    const script = model.file(e.at.file)?.script;
    for (const s of script?.functions[0]?.body ?? []) {
      const inits = s.k === 'var' ? s.decls.map((d) => d.init) : s.k === 'expr' ? [s.x] : [];
      for (const call of inits) {
        if (call?.k !== 'call' || call.fn.k !== 'ref' || call.args.length !== 1 || call.args[0]?.k !== 'fn' || call.args[0].id !== e.handler?.fn) continue;
        const target = calleesOf(call.fn, e.at.file, model)[0];
        if (!target || target.file === e.at.file || !e.guards.some((g) => g.effect === 'enforces' && g.kind === 'authentication' && reaches(model, target, g.at))) continue;
        const wrapper = wrapperAt(model, target);
        if (!wrapper) continue;
        const key = `${wrapper.file}#${wrapper.name}`;
        const use = uses.get(key);
        if (use) use.n++;
        else uses.set(key, { wrapper, n: 1 });
      }
    }
  }
  return [...uses.values()].sort((a, b) => b.n - a.n)[0]?.wrapper ?? null;
}

function wrapperAt(model: ProjectModel, at: { readonly file: RelPath; readonly fn: number }): Wrapper | null {
  const script = model.file(at.file)?.script;
  const fn = script?.functions[at.fn];
  const given = fn?.params.length === 1 && fn.params[0]?.k === 'name' ? fn.params[0].name : null;
  if (!script || fn?.parent !== 0 || given === null) return null;
  const name = [...exportsOf(script)].find(([, local]) => local === fn.name)?.[0];
  if (name === undefined) return null;
  for (const inner of within(script, fn)) {
    const own = inner.params.map((p) => (p.k === 'name' ? p.name : null));
    for (const n of nodesOf(inner.body)) {
      if (n.k !== 'call' || n.fn.k !== 'ref' || n.fn.name !== given) continue;
      let passes = 0;
      while (passes < n.args.length && own[passes] != null && isRef(n.args[passes], own[passes] ?? '')) passes++;
      return { file: at.file, name, local: name === 'default' ? fn.name : name, passes };
    }
  }
  return null;
}

function isRef(x: Expr | undefined, name: string): boolean {
  return x?.k === 'ref' && x.name === name;
}

function helperAt(model: ProjectModel, file: RelPath, offset: number): Helper | null {
  const facts = model.file(file);
  const script = facts?.script;
  if (!script || model.endpointsOf(file).length > 0) return null;
  const fn = functionAt(script, offset);
  if (!fn || fn.kind === 'module' || fn.parent !== 0 || fn.name === '' || fn.params.some((p) => p.k !== 'rest' && p.init === null)) return null;
  const name = [...exportsOf(script)].find(([, local]) => local === fn.name)?.[0];
  if (name === undefined) return null;
  const throws = throwsItself(fn);
  // Nothing is known of a helper that answers with a response or an object of both.
  if (!throws && !returnsNullish(fn)) return null;
  return { file, name, local: name === 'default' ? fn.name : name, throws, async: fn.async, args: [], member: null };
}

function throwsItself(fn: FunctionFact): boolean {
  for (const n of nodesOf(fn.body)) if (n.k === 'throw' || (n.k === 'call' && n.fn.k === 'ref' && /^(redirect|notFound|unauthorized|forbidden)$/.test(n.fn.name))) return true;
  return false;
}

function returnsNullish(fn: FunctionFact): boolean {
  for (const n of nodesOf(fn.body)) {
    if (n.k !== 'return' || !n.x) continue;
    if (n.x.k === 'null' || n.x.k === 'undef' || (n.x.k === 'logic' && n.x.op === '??')) return true;
  }
  return false;
}

export type NextLibrary =
  | { readonly id: 'authjs'; readonly auth: Exported }
  | { readonly id: 'next-auth'; readonly options: Exported; readonly specifier: string }
  | { readonly id: 'clerk' }
  | { readonly id: 'supabase'; readonly create: Exported; readonly async: boolean }
  | { readonly id: 'better-auth'; readonly auth: Exported }
  | { readonly id: 'firebase' };

/** The auth library of the endpoint's package, where the project's file that sets it up is found too. */
export function nextLibrary(model: ProjectModel, from: RelPath): NextLibrary | null {
  return model.memo(null, `library:${model.packageOf(from)?.root ?? ''}`, (m) => libraryAt(m, from));
}

function libraryAt(model: ProjectModel, from: RelPath): NextLibrary | null {
  const found: { readonly lib: NextLibrary; readonly uses: number }[] = [];
  const names = model.endpoints().filter((e) => e.framework.startsWith('next')).flatMap((e) => e.guards.filter((g) => g.effect === 'enforces').map((g) => g.name));
  const count = (re: RegExp) => names.filter((n) => re.test(n)).length;
  const pkg = model.packageOf(from);
  const imported = new Set<string>();
  for (const [path, face] of model.faces()) if (!pkg || pkg.root === '' || path.startsWith(`${pkg.root}/`)) for (const i of face.imports) imported.add(i.specifier);
  const has = (...packages: string[]) => {
    if (pkg && packages.some((p) => p in pkg.dependencies)) return true;
    for (const specifier of imported) if (packages.some((p) => specifier === p || specifier.startsWith(`${p}/`))) return true;
    return false;
  };
  if (has('next-auth', '@auth/core')) {
    const auth = exporter(model, from, 'auth', /^next-auth$/);
    const options = exporter(model, from, 'authOptions', /^next-auth(\/.*)?$|^@auth\//);
    if (auth) found.push({ lib: { id: 'authjs', auth }, uses: count(/^\.?auth$/) });
    else if (options) found.push({ lib: { id: 'next-auth', options, specifier: 'next-auth' }, uses: count(/getServerSession/) });
  }
  if (has('@clerk/nextjs')) found.push({ lib: { id: 'clerk' }, uses: count(/^(auth|currentUser|getAuth|auth\.protect)$/) });
  if (has('@supabase/ssr')) {
    const create = supabaseServer(model, from);
    if (create) found.push({ lib: { id: 'supabase', create: create.exported, async: create.async }, uses: count(/^supabase\.auth/) });
  }
  if (has('better-auth')) {
    const auth = exporter(model, from, 'auth', /^better-auth$/);
    if (auth) found.push({ lib: { id: 'better-auth', auth }, uses: count(/api\.getSession/) });
  }
  if (has('firebase-admin')) found.push({ lib: { id: 'firebase' }, uses: count(/verifyIdToken|verifySessionCookie/) });
  return found.sort((a, b) => b.uses - a.uses)[0]?.lib ?? null;
}

/** The project's file that exports this name and imports that package. */
function exporter(model: ProjectModel, from: RelPath, name: string, pkg: RegExp): Exported | null {
  const root = model.packageOf(from)?.root ?? '';
  const inside = (path: RelPath) => root === '' || path.startsWith(`${root}/`);
  const files = model.exporting(name);
  const imports = (path: RelPath): boolean => model.file(path)?.script?.imports.some((i) => !i.typeOnly && pkg.test(i.specifier)) ?? false;
  // `authOptions` may import only providers.
  const file = files.find((f) => inside(f) && imports(f) && !model.endpointsOf(f).some((e) => e.publicBy === null)) ?? (name === 'authOptions' ? files[0] : undefined);
  return file === undefined ? null : { file, name, local: name };
}

function supabaseServer(model: ProjectModel, from: RelPath): { readonly exported: Exported; readonly async: boolean } | null {
  const root = model.packageOf(from)?.root ?? '';
  for (const [path, face] of model.faces()) {
    if ((root !== '' && !path.startsWith(`${root}/`)) || /(middleware|proxy)\.[cm]?[jt]s$/.test(path)) continue;
    if (!face.imports.some((i) => i.specifier === '@supabase/ssr' && i.names.some((n) => n.imported === 'createServerClient'))) continue;
    if (!face.imports.some((i) => i.specifier === 'next/headers')) continue;
    const script = model.file(path)?.script;
    if (script) for (const [name, local] of exportsOf(script)) {
      const fn = script.functions.find((x) => x.name === local && x.parent === 0);
      if (!fn || fn.params.length > 0 || /admin|service/i.test(name) || readsServiceRole(script, fn)) continue;
      return { exported: { file: path, name, local: name === 'default' ? local : name }, async: fn.async };
    }
  }
  return null;
}

function readsServiceRole(script: NonNullable<FileFacts['script']>, fn: FunctionFact): boolean {
  return script.envReads.some((r) => /SERVICE_ROLE|SECRET/.test(r.name) && r.span.start >= fn.span.start && r.span.end <= fn.span.end);
}

// ------------------------------------------------------------------------------------------------ the generated module

export interface GeneratedModule {
  readonly file: RelPath;
  readonly exists: boolean;
  /** It stands there as it was made and lets nobody in: nothing in the project sets what it looks for. */
  readonly unwired: boolean;
  readonly typescript: boolean;
  readonly commonJs: boolean;
}

const EXTENSIONS = ['.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.jsx'];

export function isGenerated(file: RelPath): boolean {
  return /(^|\/)lib\/require-user\.[cm]?[jt]sx?$/.test(file);
}

/** `lib/require-user` in the source folder of the endpoint's package, in the file's language; null when something else stands there. */
export function generatedModule(model: ProjectModel, e: Endpoint): GeneratedModule | null {
  const from = e.handler && e.framework !== 'express' ? e.handler.file : e.at.file;
  const facts = model.file(from);
  if (!facts?.script) return null;
  const root = model.packageOf(from)?.root ?? '';
  const inside = root === '' ? from : from.slice(root.length + 1);
  const top = inside.split('/')[0] ?? '';
  const source = inside.includes('/') && /^(src|server|backend|api)$/.test(top) && !(e.framework.startsWith('next') && top !== 'src') ? top : '';
  const typescript = isTypeScript(from);
  const ext = typescript ? '.ts' : /\.[cm]js$/.test(from) ? (/\.[cm]js$/.exec(from)?.[0] ?? '.js') : '.js';
  const base = joinPath([root, source].filter(Boolean).join('/'), 'lib/require-user');
  const file = base === null ? null : joinPath('', `${base}${ext}`);
  if (base === null || file === null) return null;
  // One for the whole part, in whichever language it was made first.
  const there = [ext, ...EXTENSIONS].map((x) => joinPath('', `${base}${x}`)).find((f) => f !== null && model.file(f) !== undefined) ?? null;
  if (there === null) return { file, exists: false, unwired: false, typescript, commonJs: usesRequire(facts) };
  const made = requireUserOf(model, there);
  // A middleware and a function that yields the user are not the same thing.
  if (!made || (made.params.length >= 2) !== (e.framework === 'express')) return null;
  return { file: there, exists: true, unwired: isUnwiredModule(model, there), typescript: isTypeScript(there), commonJs: usesRequire(facts) };
}

function requireUserOf(model: ProjectModel, file: RelPath): FunctionFact | null {
  const script = model.file(file)?.script;
  const local = script ? exportsOf(script).get('requireUser') : undefined;
  return (local !== undefined ? script?.functions.find((f) => f.kind !== 'module' && f.name === local) : undefined) ?? null;
}

/** Nobody has touched what we wrote: it yields null, or looks for a `req.user` that no file sets. */
export function isUnwiredModule(model: ProjectModel, file: RelPath): boolean {
  return model.memo(null, `unwired:${file}`, (m) => looksUnwired(m, file));
}

function looksUnwired(model: ProjectModel, file: RelPath): boolean {
  const fn = requireUserOf(model, file);
  if (!fn) return false;
  const nodes = [...nodesOf(fn.body)];
  if (fn.params.length === 0) return nodes.every((n) => n.k === 'return' || n.k === 'null');
  const looks = nodes.some((n) => n.k === 'mem' && n.prop === 'user' && n.obj.k !== 'mem');
  const calls = nodes.filter((n) => n.k === 'call').map((n) => (n.fn.k === 'mem' ? n.fn.prop : n.fn.k === 'ref' ? n.fn.name : ''));
  if (!looks || calls.some((c) => !/^(status|json|next)$/.test(c))) return false;
  for (const f of model.files()) {
    if (!f.script || f.path === file) continue;
    if (f.script.imports.some((i) => /^(passport(-.*)?|express-jwt|express-oauth2-jwt-bearer|@clerk\/.*)$/.test(i.specifier))) return false;
    if (f.script.outlined) continue;
    for (const x of f.script.functions) for (const n of nodesOf(x.body)) if (n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'mem' && n.target.expr.prop === 'user' && (n.target.expr.obj.k === 'other' || (n.target.expr.obj.k === 'ref' && /^_?req/i.test(n.target.expr.obj.name)))) return false;
  }
  return true;
}

export type ExpressLibrary = 'clerk' | 'passport' | 'firebase' | 'supabase' | 'jsonwebtoken' | 'better-auth' | null;

export function expressLibrary(model: ProjectModel, from: RelPath): ExpressLibrary {
  const pkg = model.packageOf(from);
  const has = (name: string) => (pkg && name in pkg.dependencies) === true;
  if (has('@clerk/express')) return 'clerk';
  if (has('passport-jwt')) return 'passport';
  if (has('firebase-admin')) return 'firebase';
  if (has('jsonwebtoken')) return 'jsonwebtoken';
  if (has('@supabase/supabase-js')) return 'supabase';
  return null;
}

/** The name under which this project keeps the secret its tokens are signed with. */
export function jwtSecretName(model: ProjectModel): string | null {
  return model.memo(null, 'jwt-secret', mostReadSecret);
}

function mostReadSecret(model: ProjectModel): string | null {
  const names = new Map<string, number>();
  for (const [, face] of model.faces()) for (const name of face.envNames) if (/JWT|TOKEN_SECRET|AUTH_SECRET/.test(name) && /SECRET|KEY/.test(name) && !/REFRESH|RESET|SUPABASE/.test(name)) names.set(name, (names.get(name) ?? 0) + 1);
  return [...names].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

