/** Which guard a project would use here: its own most-used one, its auth library, or a generated module that denies everybody. */
import type { FileFacts, FunctionFact } from '../core/facts';
import type { Endpoint, ProjectModel } from '../core/model';
import { joinPath } from '../core/paths';
import type { RelPath } from '../core/types';
import { bindingsOf, exportsOf, usesRequire } from './imports';
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
  const uses = new Map<string, number>();
  for (const e of model.endpoints()) {
    if (e.framework !== 'express' || e.auth !== 'required') continue;
    for (const g of e.guards) {
      if (g.effect !== 'enforces' || g.kind !== 'authentication' || g.level === 'handler' || g.because === 'name' || !/^[A-Za-z_$][\w$]*$/.test(g.name)) continue;
      uses.set(g.name, (uses.get(g.name) ?? 0) + 1);
    }
  }
  for (const [name] of [...uses].sort((a, b) => b[1] - a[1])) {
    if (/^(basicAuth|inngest|authenticate)$/.test(name)) continue;
    const target = model.file(from)?.script;
    if (target && localFunction(target.functions[0], name, target)) return { name, from: null };
    const exported = whoExports(model, name, from);
    if (exported) return { name, from: exported };
  }
  return null;
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
  const votes = new Map<string, { readonly exported: Exported; n: number }>();
  for (const f of model.files()) {
    if (!f.script) continue;
    for (const b of bindingsOf(f.script)) {
      const r = model.resolve(f.path, b.specifier);
      if (!r || !('file' in r) || r.file === from) continue;
      const script = model.file(r.file)?.script;
      if (!script) continue;
      const exports = exportsOf(script);
      // `const auth = require('./auth')` and `auth.requireUser`, or the name itself.
      const direct = b.local === name && (exports.has(b.imported) || (b.imported === 'default' && exports.get('default') === name));
      const via = !direct && (b.imported === 'default' || b.imported === '*') && exports.has(name);
      if (!direct && !via) continue;
      const imported = via ? name : b.imported;
      const key = `${r.file}#${imported}`;
      const vote = votes.get(key);
      if (vote) vote.n++;
      else votes.set(key, { exported: { file: r.file, name: imported, local: name }, n: 1 });
    }
  }
  return [...votes.values()].sort((a, b) => b.n - a.n)[0]?.exported ?? null;
}

// ------------------------------------------------------------------------------------------------ Next

export interface Helper extends Exported {
  /** Throws without a user; else it yields the user or null. */
  readonly throws: boolean;
  readonly async: boolean;
}

/** A project function that the guarded handlers call to learn who is there. */
export function nextHelper(model: ProjectModel): Helper | null {
  const uses = new Map<string, { readonly helper: Helper; n: number }>();
  for (const e of model.endpoints()) {
    if (!e.framework.startsWith('next') || e.auth !== 'required') continue;
    for (const g of e.guards) {
      if (g.level !== 'handler' || g.effect !== 'enforces' || g.kind === 'signature' || /process\.env|HMAC|timingSafe/.test(g.name)) continue;
      const helper = helperAt(model, g.at.file, g.at.span.start);
      if (!helper || (e.handler?.file === helper.file && e.handler.name === helper.local)) continue;
      const key = `${helper.file}#${helper.name}`;
      const use = uses.get(key);
      if (use) use.n++;
      else uses.set(key, { helper, n: 1 });
    }
  }
  return [...uses.values()].sort((a, b) => b.n - a.n)[0]?.helper ?? null;
}

function helperAt(model: ProjectModel, file: RelPath, offset: number): Helper | null {
  const facts = model.file(file);
  const script = facts?.script;
  if (!script || model.endpointsOf(file).length > 0) return null;
  const fn = functionAt(script, offset);
  if (!fn || fn.kind === 'module' || fn.parent !== 0 || fn.name === '' || fn.params.some((p) => p.k !== 'rest' && p.init === null)) return null;
  const name = [...exportsOf(script)].find(([, local]) => local === fn.name)?.[0];
  if (name === undefined) return null;
  let throws = false;
  for (const n of nodesOf(fn.body)) if (n.k === 'throw' || (n.k === 'call' && n.fn.k === 'ref' && /^(redirect|notFound|unauthorized|forbidden)$/.test(n.fn.name))) throws = true;
  // Nothing is known of a helper that answers with a response or an object of both.
  if (!throws && !returnsNullish(fn)) return null;
  return { file, name, local: name === 'default' ? fn.name : name, throws, async: fn.async };
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
  const found: { readonly lib: NextLibrary; readonly uses: number }[] = [];
  const names = model.endpoints().filter((e) => e.framework.startsWith('next')).flatMap((e) => e.guards.filter((g) => g.effect === 'enforces').map((g) => g.name));
  const count = (re: RegExp) => names.filter((n) => re.test(n)).length;
  const has = (...packages: string[]) => {
    const pkg = model.packageOf(from);
    if (pkg && packages.some((p) => p in pkg.dependencies)) return true;
    for (const f of model.files()) if (f.script?.imports.some((i) => packages.some((p) => i.specifier === p || i.specifier.startsWith(`${p}/`))) === true && (!pkg || pkg.root === '' || f.path.startsWith(`${pkg.root}/`))) return true;
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
  for (const f of model.files()) {
    if (!f.script || (root !== '' && !f.path.startsWith(`${root}/`)) || model.endpointsOf(f.path).some((e) => e.publicBy === null)) continue;
    if (f.script.imports.some((i) => !i.typeOnly && pkg.test(i.specifier)) && exportsOf(f.script).has(name)) return { file: f.path, name, local: name };
  }
  // `authOptions` may import only providers.
  if (name === 'authOptions') for (const f of model.files()) if (f.script && exportsOf(f.script).has(name)) return { file: f.path, name, local: name };
  return null;
}

function supabaseServer(model: ProjectModel, from: RelPath): { readonly exported: Exported; readonly async: boolean } | null {
  const root = model.packageOf(from)?.root ?? '';
  for (const f of model.files()) {
    const script = f.script;
    if (!script || (root !== '' && !f.path.startsWith(`${root}/`)) || /(middleware|proxy)\.[cm]?[jt]s$/.test(f.path)) continue;
    if (!script.imports.some((i) => i.specifier === '@supabase/ssr' && i.names.some((n) => n.imported === 'createServerClient'))) continue;
    if (!script.imports.some((i) => i.specifier === 'next/headers')) continue;
    for (const [name, local] of exportsOf(script)) {
      const fn = script.functions.find((x) => x.name === local && x.parent === 0);
      if (!fn || fn.params.length > 0 || /admin|service/i.test(name) || readsServiceRole(script, fn)) continue;
      return { exported: { file: f.path, name, local: name === 'default' ? local : name }, async: fn.async };
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
  readonly typescript: boolean;
  readonly commonJs: boolean;
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
  const file = joinPath([root, source].filter(Boolean).join('/'), `lib/require-user${ext}`);
  if (file === null) return null;
  const there = model.file(file);
  if (there && !(there.script && exportsOf(there.script).has('requireUser'))) return null;
  return { file, exists: there !== undefined, typescript, commonJs: usesRequire(facts) };
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
  const names = new Map<string, number>();
  for (const f of model.files()) for (const r of f.script?.envReads ?? []) if (/JWT|TOKEN_SECRET|AUTH_SECRET/.test(r.name) && /SECRET|KEY/.test(r.name) && !/REFRESH|RESET|SUPABASE/.test(r.name)) names.set(r.name, (names.get(r.name) ?? 0) + 1);
  return [...names].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

