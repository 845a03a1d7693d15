/** Express 4 and 5 (and routers of the same shape): apps, routers, mounts, order. */
import type { FunctionFact, ScriptFacts, Stmt, Expr } from '../core/facts';
import { isTestPath } from '../core/paths';
import type { RelPath } from '../core/types';
import type { Candidate, Step } from '../model/endpoints';
import { innerFunction, wrapped } from '../model/endpoints';
import type { Interpreter } from '../model/interpreter';
import { type FnValue, type Registration, type Scope, type Value, asString, unknown } from '../model/values';
import type { AdapterContext, FrameworkAdapter } from './adapter';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'del', 'search', 'copy', 'move', 'lock', 'unlock', 'purge', 'report']);
const PACKAGES = new Set(['express', 'express-promise-router', '@feathersjs/express', 'ultimate-express', 'hyper-express']);
const ID = 'express';

export const express: FrameworkAdapter = {
  id: ID,
  isRelevant: (file) => file.script!.imports.some((i) => PACKAGES.has(i.specifier)),
  hooks: {
    id: ID,
    create(pkg, shape, _args, at, it) {
      if (pkg === null || !PACKAGES.has(pkg)) return null;
      if (shape === 'Router' || (pkg === 'express-promise-router' && shape === '')) return { t: 'scope', scope: it.newScope(ID, 'router', at) };
      if (shape === '') return { t: 'scope', scope: it.newScope(ID, 'app', at) };
      return null;
    },
    scopeCall(scope, method, args, at, it) {
      const first = args[0];
      if (method === 'route' && first) {
        const child = it.newScope(ID, 'router', at);
        scope.registrations.push({ kind: 'use', method: 'ALL', path: asString(first), handlers: [{ t: 'scope', scope: child }], at, conditional: false });
        child.props.set('#route', unknown('route'));
        return { t: 'scope', scope: child };
      }
      if (method === 'use') {
        const { paths, handlers } = split(args);
        for (const path of paths) scope.registrations.push({ kind: 'use', method: 'ALL', path, handlers, at, conditional: it.conditional > 0 });
        return { t: 'scope', scope };
      }
      if (method === 'param') {
        scope.registrations.push({ kind: 'param', method: 'ALL', path: asString(first ?? unknown('')), handlers: args.slice(1), at, conditional: it.conditional > 0 });
        return { t: 'scope', scope };
      }
      if (VERBS.has(method)) {
        const onRoute = scope.props.has('#route');
        // `app.get('setting')` reads a setting.
        if (!onRoute && args.length < 2) return unknown('setting');
        const { paths, handlers } = onRoute ? { paths: [''], handlers: flatten(args) } : split(args);
        for (const path of paths) scope.registrations.push({ kind: 'route', method: method === 'del' ? 'DELETE' : method === 'all' ? 'ALL' : method.toUpperCase(), path, handlers, at, conditional: it.conditional > 0 });
        return { t: 'scope', scope };
      }
      if (method === 'ws' && args.length > 1) {
        scope.registrations.push({ kind: 'route', method: 'WS', path: asString(first ?? unknown('')), handlers: flatten(args.slice(1)), at, conditional: false });
        return { t: 'scope', scope };
      }
      for (const a of args) if (a.t === 'fn') it.callFn(a, [], null);
      return method === 'listen' ? unknown('server') : { t: 'scope', scope };
    },
  },
  find,
  bodyOf(script, fn) {
    if (registers(fn.body)) return null;
    const parent = script.functions[fn.parent];
    return JSON.stringify([callsNext(script, fn), parent ? callsNext(script, parent) : false, sendsFile(fn), fn.params.length]);
  },
};

function split(args: readonly Value[]): { paths: (string | null)[]; handlers: Value[] } {
  const first = args[0];
  if (!first) return { paths: [''], handlers: [] };
  const s = asString(first);
  if (s !== null) return { paths: [s], handlers: flatten(args.slice(1)) };
  if (first.t === 'arr' && first.items.length > 0 && first.items.every((i) => asString(i) !== null)) return { paths: first.items.map((i) => asString(i)), handlers: flatten(args.slice(1)) };
  const isHandler = first.t === 'fn' || first.t === 'scope' || first.t === 'arr' || (first.t === 'sym' && first.name !== 'RegExp') || first.t === 'obj';
  if (isHandler) return { paths: [''], handlers: flatten(args) };
  if (first.t === 'union') {
    const strings = first.of.map((m) => asString(m.value)).filter((x): x is string => x !== null);
    if (strings.length > 0) return { paths: [strings[0]!], handlers: flatten(args.slice(1)) };
    if (first.of.some((m) => m.value.t === 'fn' || m.value.t === 'scope')) return { paths: [''], handlers: flatten(args) };
  }
  // A template (`${PREFIX}/x`), a regular expression or a variable that reading cannot tell.
  if (args.length > 1) return { paths: [null], handlers: flatten(args.slice(1)) };
  return { paths: [''], handlers: flatten(args) };
}

function flatten(values: readonly Value[]): Value[] {
  return values.flatMap((v) => (v.t === 'arr' ? flatten(v.items) : [v]));
}

function find(ctx: AdapterContext): Candidate[] {
  runUncalled(ctx);
  const scopes = ctx.it.scopes.filter((s) => s.framework === ID);
  const mountedIds = new Set<number>();
  for (const s of scopes) for (const r of s.registrations) for (const h of r.handlers) if (h.t === 'scope') mountedIds.add(h.scope.id);
  const roots = scopes.filter((s) => s.kind === 'app' && !mountedIds.has(s.id));
  const out: Candidate[] = [];
  const reached = new Set<number>();
  for (const root of roots) walk(ctx, root, '', [], out, reached, isStarted(ctx, root, roots), 0);
  // Routers nobody mounts: reported as such, not as open.
  // A factory called once for its type and once for real makes two routers; the unmounted one is nobody's.
  const sites = new Set(scopes.filter((s) => reached.has(s.id)).map((s) => `${s.at.file}:${s.at.span.start}`));
  for (const s of scopes) if (!reached.has(s.id) && !mountedIds.has(s.id) && s.registrations.length > 0 && !sites.has(`${s.at.file}:${s.at.span.start}`)) walk(ctx, s, '', [], out, reached, roots.length === 0, 0);
  return dedupe(out);
}

/** Platforms start what stands in these folders by themselves. */
const SERVERLESS = /(^|\/)(api|functions|lambdas?|netlify|\.netlify)\//;

/** Earlier versions of an app lie about in many projects: one that no command of its package starts, beside one that is started, serves nobody. */
function isStarted({ graph }: AdapterContext, app: Scope, all: readonly Scope[]): boolean {
  const pkg = graph.packageOf(app.at.file);
  const started = pkg && graph.startedBy(pkg);
  if (!started || !all.some((other) => started.has(other.at.file))) return true;
  const above = new Set<RelPath>();
  for (const queue = [app.at.file]; queue.length > 0; ) {
    const file = queue.pop()!;
    if (above.has(file) || isTestPath(file)) continue;
    if (started.has(file) || SERVERLESS.test(file) || graph.packageOf(file) !== pkg) return true;
    above.add(file);
    queue.push(...graph.importersOf(file));
  }
  return false;
}

interface Active {
  readonly path: string | null;
  readonly step: Step;
  /** An earlier route that passes on guards only its own method. */
  readonly method?: string;
}

function walk(ctx: AdapterContext, scope: Scope, prefix: string, inherited: readonly Active[], out: Candidate[], reached: Set<number>, mounted: boolean, depth: number): void {
  if (depth > 12) return;
  reached.add(scope.id);
  const active: Active[] = [...inherited];
  const level = scope.kind === 'app' ? 'app' : 'router';
  const params = scope.registrations.filter((r) => r.kind === 'param' && r.path !== null);
  const answered = new Set<string>();
  scope.registrations.forEach((r, index) => {
    if (r.kind === 'param') return;
    if (r.kind === 'use') {
      const path = r.path === null ? null : join(prefix, r.path);
      const own: Active[] = [];
      for (const h of r.handlers) {
        if (h.t === 'scope') walk(ctx, h.scope, path ?? `${prefix}/*`, [...active, ...own], out, reached, mounted, depth + 1);
        else own.push({ path, step: { value: h, level, at: r.at, name: nameOf(ctx.it, h) || `check at ${path || '/'}`, mount: path ?? undefined } });
      }
      // Handlers before a mounted router in the same call guard only that mount.
      if (!r.handlers.some((h) => h.t === 'scope')) {
        const staticMount = r.handlers.find((h) => isStatic(h) || servesFiles(ctx.it, h));
        const steps = [...applicable(active, path), ...own.map((o) => o.step)];
        if (staticMount) out.push(candidate(scope, r, 'USE', path ?? '*', steps, [], mounted));
        // `app.use('/files/:name', handler)` answers for a parameter: a route in all but name.
        else if (r.path !== null && /\/:\w/.test(r.path) && steps.length > 0) out.push({ ...candidate(scope, r, 'USE', path ?? '*', [...steps.slice(0, -1), { ...steps[steps.length - 1]!, level: 'handler' }], [], mounted), publicByFramework: undefined });
        active.push(...own);
      } else {
        // `app.use('/admin', requireAuth, adminRouter)`: the guard also runs for whatever else lies below the prefix.
        active.push(...own);
      }
      return;
    }
    // A registration of the same method and path behind one that always answers is never reached.
    const same = r.path === null ? null : `${r.method} ${r.path.replace(/:\w+/g, ':').replace(/\/$/, '').toLowerCase()}`;
    if (same !== null && answered.has(same)) return;
    if (same !== null && !r.conditional && alwaysAnswers(ctx.it, r.handlers[r.handlers.length - 1])) answered.add(same);
    const path = r.path === null ? `${prefix}/*` : join(prefix, r.path);
    const handlers = r.handlers.map((h): Step => ({ value: h, level: 'route', at: r.at, name: nameOf(ctx.it, h), mount: prefix }));
    const last = handlers[handlers.length - 1];
    if (!last) return;
    const own = params.filter((p) => new RegExp(`:${p.path}(?![\\w])`).test(r.path ?? '')).flatMap((p) => p.handlers.map((value): Step => ({ value, level, at: p.at, name: nameOf(ctx.it, value), param: p.path ?? '', mount: prefix })));
    const steps = [...applicable(active, r.path === null ? null : path, r.method), ...own, ...handlers.slice(0, -1), { ...last, level: 'handler' as const }];
    const passes = passesOn(ctx.it, last.value);
    if (passes) active.push(...handlers.map((step): Active => ({ path, step, method: r.method })));
    // `app.all('/vault/*', guard)` answers nothing itself.
    if (passes && r.method === 'ALL') return;
    const late = scope.registrations.slice(index + 1).flatMap((l) => (l.kind === 'use' && !l.handlers.some((h) => h.t === 'scope') && (l.path === null || covers(join(prefix, l.path), path)) ? l.handlers.map((h): Step => ({ value: h, level, at: l.at, name: nameOf(ctx.it, h) })) : []));
    out.push(candidate(scope, r, r.method, path || '/', steps, late, mounted));
  });
}

function applicable(active: readonly Active[], path: string | null, method = 'ALL'): Step[] {
  return active.filter((a) => (a.method === undefined || ((a.method === 'ALL' || a.method === method) && a.path !== null && path !== null && (a.path.includes('*') || a.path.split('/').length === path.split('/').length))) && (a.path === null || a.path === '' || a.path === '/' || path === null || covers(a.path, path))).map((a) => a.step);
}

function candidate(scope: Scope, r: Registration, method: string, path: string, steps: readonly Step[], late: readonly Step[], mounted: boolean): Candidate {
  return {
    framework: ID, method, path, at: r.at, steps, style: 'express', scope: scope.props.has('#route') ? `router:${r.at.file}` : `${scope.kind}:${scope.at.file}:${scope.id}`,
    mounted, split: false, late, urlPath: path.includes('*') ? null : path,
    publicByFramework: method === 'USE' ? 'static-asset' : undefined,
  };
}

/** Does a `use` at `prefix` run for `path`? Case-insensitive, whole segments, parameters match anything. */
function covers(prefix: string, path: string): boolean {
  const a = prefix.split('/').filter(Boolean);
  const b = path.split('/').filter(Boolean);
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    if (x.startsWith('*') || x === '(.*)' || x.startsWith('{*')) return true;
    const y = b[i];
    if (y === undefined) return false;
    // `/users/me` in front of `/users/:id` guards one id, not the route.
    if (x.startsWith(':') || y.startsWith('*')) continue;
    if (x.toLowerCase() !== y.toLowerCase()) return false;
  }
  return true;
}

function join(prefix: string, path: string): string {
  const p = path === '/' ? '' : path;
  const out = `${prefix.replace(/\/+$/, '')}${p && !p.startsWith('/') ? `/${p}` : p}`;
  return out;
}

function isStatic(v: Value): boolean {
  return v.t === 'sym' && ((v.pkg === 'express' && v.shape === 'static()') || v.pkg === 'serve-static' || v.pkg === 'serve-index' || (v.pkg === 'swagger-ui-express' && v.shape === 'serve'));
}

/** A mounted function that answers with files: an endpoint in all but name. */
function servesFiles(it: Interpreter, v: Value): boolean {
  if (v.t !== 'fn') return false;
  const script = it.script(v.file);
  return script?.functions.some((f) => (f.id === v.id || f.parent === v.id) && sendsFile(f)) ?? false;
}

function sendsFile(fn: FunctionFact): boolean {
  let found = false;
  eachCall(fn.body, (x) => {
    if (x.fn.k === 'mem' && (x.fn.prop === 'sendFile' || x.fn.prop === 'download')) found = true;
  });
  return found;
}

/** A route's last handler that takes `next`: what is registered later on the path may run behind it. */
function passesOn(it: Interpreter, v: Value): boolean {
  if (v.t === 'sym') return v.pkg === 'express-jwt' || v.pkg === 'passport' || v.pkg === 'express-rate-limit';
  const fn = innerFunction(v);
  if (!fn) return false;
  const script = it.script(fn.file);
  const fact = script?.functions[fn.id];
  return script != null && fact !== undefined && callsNext(script, fact);
}

/** A function of the project that is given no way to pass on. */
function alwaysAnswers(it: Interpreter, v: Value | undefined): boolean {
  if (v?.t !== 'fn' || v.bound.length > 0) return false;
  const params = it.script(v.file)?.functions[v.id]?.params ?? [];
  return (params.length === 1 || params.length === 2) && params.every((p) => p.k !== 'rest');
}

/** A function `(req, res, next)` that calls its `next()`, or one of those inside it does. */
function callsNext(script: ScriptFacts, fn: FunctionFact): boolean {
  const next = fn.params[2];
  if (fn.params.length !== 3 || next?.k !== 'name') return false;
  let calls = false;
  for (const f of script.functions) if (f.id === fn.id || f.parent === fn.id) eachNode(f.body, (x) => {
    if (x.k === 'call' && x.fn.k === 'ref' && x.fn.name === next.name && x.args.length === 0) calls = true;
  });
  return calls;
}

/** Something that may be the registration of a route or a middleware. */
function registers(body: readonly Stmt[]): boolean {
  let found = false;
  eachCall(body, (x) => {
    if (x.fn.k === 'mem' && (VERBS.has(x.fn.prop) || x.fn.prop === 'use') && x.fn.obj.k === 'ref') found = true;
  });
  return found;
}

/** As people call it: the function's name, `requireRole` of `requireRole('admin')`, `auth.required`. */
export function nameOf(it: Interpreter, v: Value): string {
  if (v.t === 'fn') {
    const f = it.script(v.file)?.functions[v.id];
    if (f?.name) return f.name;
    // `const signedIn = asyncHandler(async (req, res, next) => …)`: the guard's name is the variable's.
    const inner = wrapped(it, v, 4000);
    if (inner !== v) return nameOf(it, inner) || holderOf(it, inner);
    // What a factory returned has its factory's name; what merely stands in a function has not.
    const parent = f ? it.script(v.file)?.functions[f.parent] : undefined;
    return f && parent && parent.kind !== 'module' && returns(parent.body, f.span.start) ? parent.name : '';
  }
  if (v.t === 'sym') return v.shape.replace(/\(\)/g, '') || v.pkg || '';
  if (v.t === 'unk') return v.hint;
  if (v.t === 'union') {
    const f = innerFunction(v);
    return f ? nameOf(it, f) : '';
  }
  return '';
}

function returns(body: readonly Stmt[], start: number): boolean {
  return body.some((s) => {
    if (s.k === 'return') return s.x?.k === 'fn' && s.x.s === start;
    if (s.k === 'if') return returns(s.then, start) || returns(s.else ?? [], start);
    return s.k === 'block' && returns(s.body, start);
  });
}

/** The module's variable or the class field whose value a function stands in. */
function holderOf(it: Interpreter, fn: FnValue): string {
  const script = it.script(fn.file);
  const at = script?.functions[fn.id]?.span;
  if (!script || !at) return '';
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k !== 'var' || s.s > at.start || s.e < at.end) continue;
    for (const d of s.decls) if (d.target.k === 'name' && d.s <= at.start && d.e >= at.end) return d.target.name;
  }
  for (const c of script.classes) for (const m of c.members) if (m.init && m.init.s <= at.start && m.init.e >= at.end) return m.name;
  return '';
}

function dedupe(list: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return list.filter((c) => {
    const key = `${c.method} ${c.path} ${c.at.file}:${c.at.span.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Functions that take an app or router and that nothing read so far has called (loaded by file name, or only from tests). */
function runUncalled(ctx: AdapterContext): void {
  const registered = new Set<string>();
  const note = () => {
    for (const s of ctx.it.scopes) for (const r of s.registrations) registered.add(`${r.at.file}:${r.at.span.start}`);
  };
  note();
  for (const f of ctx.files.values()) {
    if (!f.script || isTestPath(f.path)) continue;
    const relevant = express.isRelevant(f);
    if (f.script.outlined && !relevant) continue;
    for (const fn of f.script.functions) {
      if (fn.kind === 'module') continue;
      const param = fn.params.findIndex((p) => p.k === 'name' && /^(app|router|server|expressApp|api|routes?)$/i.test(p.name));
      const creates = param < 0 && relevant && fn.parent === 0 && hasRegistration(fn.body, null);
      if (param < 0 && !creates) continue;
      const at = param >= 0 ? firstRegistration(fn, (fn.params[param] as { name: string }).name) : null;
      if (param >= 0 && (at === null || registered.has(`${f.path}:${at}`))) continue;
      if (creates && everyRegistered(fn.body, f.path, registered)) continue;
      const { env } = ctx.it.module(f.path);
      const args: Value[] = fn.params.map((_, i) => (i === param ? { t: 'scope', scope: ctx.it.newScope(ID, 'router', ctx.it.place(f.path, fn.head.start, fn.head.end)) } : unknown('')));
      ctx.it.file = f.path;
      ctx.it.trace = null;
      ctx.it.fuel = 60_000;
      ctx.it.callFn({ t: 'fn', file: f.path, id: fn.id, env, self: null, bound: [] }, args, null);
      note();
    }
  }
}

function firstRegistration(fn: FunctionFact, name: string): number | null {
  let found: number | null = null;
  eachCall(fn.body, (x) => {
    if (found === null && x.fn.k === 'mem' && x.fn.obj.k === 'ref' && x.fn.obj.name === name && (VERBS.has(x.fn.prop) || x.fn.prop === 'use') && x.args.length > (x.fn.prop === 'use' ? 0 : 1)) found = x.s;
  });
  return found;
}

function hasRegistration(body: readonly Stmt[], name: string | null): boolean {
  let found = false;
  eachCall(body, (x) => {
    if (x.fn.k === 'mem' && (VERBS.has(x.fn.prop) || x.fn.prop === 'use') && x.fn.obj.k === 'ref' && (name === null || x.fn.obj.name === name) && /app|router|server/i.test(x.fn.obj.name) && x.args.length > 0) found = true;
  });
  return found;
}

function everyRegistered(body: readonly Stmt[], file: RelPath, registered: ReadonlySet<string>): boolean {
  let all = true;
  eachCall(body, (x) => {
    if (x.fn.k === 'mem' && VERBS.has(x.fn.prop) && x.fn.obj.k === 'ref' && /app|router|server/i.test(x.fn.obj.name) && x.args.length > 1 && !registered.has(`${file}:${x.s}`)) all = false;
  });
  return all;
}

/** Statement-level calls, nested blocks included: registrations stand there. */
function eachCall(body: readonly Stmt[], visit: (x: Extract<Expr, { k: 'call' }>) => void): void {
  for (const s of body) {
    if (s.k === 'expr' && s.x.k === 'call') visit(s.x);
    else if (s.k === 'if') {
      eachCall(s.then, visit);
      if (s.else) eachCall(s.else, visit);
    } else if (s.k === 'block' || s.k === 'loop') eachCall(s.body, visit);
    else if (s.k === 'try') {
      eachCall(s.body, visit);
      if (s.handler) eachCall(s.handler, visit);
    }
  }
}

/** Every expression of a body, nested ones included. */
function eachNode(node: unknown, visit: (x: Expr) => void): void {
  if (Array.isArray(node)) {
    for (const n of node) eachNode(n, visit);
  } else if (typeof node === 'object' && node !== null) {
    if ('k' in node) visit(node as Expr);
    for (const v of Object.values(node)) if (typeof v === 'object') eachNode(v, visit);
  }
}
