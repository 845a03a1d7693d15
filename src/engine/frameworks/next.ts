/** Next.js 13 to 16: route handlers, pages/api, server actions, and the middleware or proxy in front of them. */
import type { FileFacts, FunctionFact } from '../core/facts';
import { dirname, isTestPath } from '../core/paths';
import type { Location, RelPath } from '../core/types';
import type { Candidate, Step } from '../model/endpoints';
import { innerFunction } from '../model/endpoints';
import { type Value, asString } from '../model/values';
import type { AdapterContext, FrameworkAdapter } from './adapter';
import { nameOf } from './express';
import { ActionPages } from './next-pages';

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const ROUTE = /(?:^|\/)app\/(?:.*\/)?route\.[cm]?[jt]sx?$/;
const PAGES_API = /(?:^|\/)pages\/api\/.+\.[cm]?[jt]sx?$/;

export const next: FrameworkAdapter = {
  id: 'next',
  hooks: {
    id: 'next',
    create(pkg, shape, args) {
      // Clerk's and others' route matchers: decided by the path the request bag carries.
      if (shape === 'createRouteMatcher' && pkg?.startsWith('@clerk/')) {
        const list = args[0]?.t === 'arr' ? args[0].items : args[0] ? [args[0]] : [];
        return { t: 'obj', props: new Map<string, Value>(list.map((v, i) => [`#${i}`, v])), open: false, cls: null };
      }
      return null;
    },
  },
  foundByPlace: true,
  isRelevant: (file) => ROUTE.test(file.path) || PAGES_API.test(file.path) || file.script!.directives.includes('use server'),
  find(ctx) {
    const middlewares = findMiddleware(ctx);
    const pages = new ActionPages(ctx, (dir) => concrete(routePath(dir)));
    const out: Candidate[] = [];
    for (const f of ctx.files.values()) {
      if (!f.script || isTestPath(f.path)) continue;
      if (ROUTE.test(f.path)) routeHandlers(ctx, f, middlewares, out);
      else if (PAGES_API.test(f.path)) pagesApi(ctx, f, middlewares, out);
      else actions(ctx, f, middlewares, pages, out);
    }
    return out;
  },
};

function routeHandlers(ctx: AdapterContext, f: FileFacts, middlewares: readonly Middleware[], out: Candidate[]): void {
  ctx.it.asksForAll(f.path);
  const path = routePath(f.path.replace(/^(?:.*\/)?app\//, '').replace(/\/?route\.[cm]?[jt]sx?$/, ''));
  for (const e of f.script!.exports.flatMap((x) => (x.kind === 'star' ? starNames(ctx, f, x.specifier).map((name) => ({ name, span: x.span })) : [{ name: x.name, span: x.span }]))) {
    if (!VERBS.includes(e.name) || e.name === 'OPTIONS' || e.name === 'HEAD') continue;
    const value = ctx.it.exportOf(f.path, e.name);
    const at: Location = { file: f.path, span: e.span };
    out.push({
      framework: 'next-app', method: e.name, path, at, style: 'web', scope: `route:${f.path}`, mounted: true, split: false, late: [], urlPath: concrete(path),
      steps: [...inFront(middlewares, path, f.path), { value, level: 'handler', at, name: nameOf(ctx.it, value) || e.name }],
    });
  }
}

/** What `export * from` brings. */
function starNames(ctx: AdapterContext, f: FileFacts, specifier: string): string[] {
  const r = ctx.graph.resolve(f.path, specifier);
  return r && 'file' in r ? ctx.it.exportNames(r.file) : [];
}

function pagesApi(ctx: AdapterContext, f: FileFacts, middlewares: readonly Middleware[], out: Candidate[]): void {
  ctx.it.asksForAll(f.path);
  const e = f.script!.exports.find((x) => x.kind !== 'star' && x.name === 'default');
  const value = e || f.script!.isCommonJs ? ctx.it.exportOf(f.path, 'default') : null;
  if (!value) return;
  const path = routePath(f.path.replace(/^(?:.*\/)?pages\//, '').replace(/\.[cm]?[jt]sx?$/, '').replace(/(^|\/)index$/, ''));
  const fn = innerFunction(value);
  const at: Location = { file: f.path, span: e ? e.span : fn ? ctx.it.script(fn.file)!.functions[fn.id]!.head : { start: 0, end: 0 } };
  out.push({
    framework: 'next-pages', method: 'ALL', path, at, style: 'pages', scope: `route:${f.path}`, mounted: true, split: true, late: [], urlPath: concrete(path),
    steps: [...inFront(middlewares, path, f.path), { value, level: 'handler', at, name: nameOf(ctx.it, value) || 'handler' }],
  });
}

/** Every exported function of a `'use server'` file is a public endpoint, "internal helpers" included; so is each inline action. */
function actions(ctx: AdapterContext, f: FileFacts, middlewares: readonly Middleware[], pages: ActionPages, out: Candidate[]): void {
  const script = f.script!;
  const mounted = !script.directives.includes('use server') || pages.isBuilt(f.path);
  const urls = middlewares.length > 0 && mounted ? pages.urlsOf(f.path) : null;
  // Only what stands before every page that posts it stands before the action.
  const front = urls === null ? [] : middlewares.filter((m) => urls.every((url) => covers(m, url, f.path))).map((m) => m.step);
  const add = (name: string, value: Value, at: Location) =>
    out.push({ framework: 'next-action', method: 'ACTION', path: name, at, style: 'action', scope: `actions:${f.path}`, mounted, split: false, late: [], urlPath: null, ...(urls !== null && front.length > 0 ? { postedTo: urls } : {}), steps: [...front, { value, level: 'handler', at, name }] });
  if (script.directives.includes('use server')) {
    ctx.it.asksForAll(f.path);
    for (const e of script.exports) {
      if (e.kind === 'star') continue;
      const value = ctx.it.exportOf(f.path, e.name);
      const fn = innerFunction(value);
      if (fn || (value.t === 'sym' && value.links.some((l) => l.k === 'call'))) add(e.name === 'default' ? nameOf(ctx.it, value) || 'default' : e.name, value, { file: f.path, span: e.span });
    }
    return;
  }
  if (script.outlined) return;
  for (const fn of script.functions) {
    if (!fn.directives.includes('use server') || fn.kind === 'module') continue;
    add(fn.name || 'action', { t: 'fn', file: f.path, id: fn.id, env: envOf(ctx, f.path, fn), self: null, bound: [] }, { file: f.path, span: fn.head });
  }
}

function envOf(ctx: AdapterContext, file: RelPath, _fn: FunctionFact) {
  return ctx.it.module(file).env;
}

/** Strips groups, slots and interception markers; `[id]` → `:id`, `[...all]` → `:all*`. */
export function routePath(dir: string): string {
  const parts = dir.split('/').filter((p) => p !== '' && !/^\(.*\)$/.test(p) && !p.startsWith('@')).map((p) => p.replace(/^\(\.{1,3}\)/, ''));
  return `/${parts.map((p) => p.replace(/^\[\[\.\.\.(.+)\]\]$/, ':$1').replace(/^\[\.\.\.(.+)\]$/, ':$1').replace(/^\[(.+)\]$/, ':$1')).join('/')}`;
}

/** The path with a value for each of its parameters. */
export function concrete(path: string): string {
  return path.replace(/:[^/]+/g, 'x');
}

// ------------------------------------------------------------------------------------------------ middleware and proxy

interface Middleware {
  readonly root: string;
  readonly step: Step;
  /** null: runs for every path. */
  readonly matchers: readonly RegExp[] | null;
}

function findMiddleware(ctx: AdapterContext): Middleware[] {
  const out: Middleware[] = [];
  for (const f of ctx.files.values()) {
    const m = /^(?:(.*?)\/)?(?:src\/)?(middleware|proxy)\.[cm]?[jt]s$/.exec(f.path);
    if (!m || !f.script) continue;
    const root = (ctx.graph.packageOf(f.path)?.root ?? dirname(f.path)).replace(/\/?src$/, '');
    const dir = dirname(f.path).replace(/(^|\/)src$/, '');
    if (dir !== root) continue;
    ctx.it.asksForAll(f.path);
    const e = f.script.exports.find((x) => x.kind !== 'star' && (x.name === 'default' || x.name === m[2]));
    if (!e || e.kind === 'star') continue;
    const value = ctx.it.exportOf(f.path, e.name);
    const config = f.script.exports.some((x) => x.kind !== 'star' && x.name === 'config') ? ctx.it.exportOf(f.path, 'config') : null;
    out.push({ root, step: { value, level: 'framework', at: { file: f.path, span: e.span }, name: nameOf(ctx.it, value) || m[2]! }, matchers: config ? matchersOf(config) : null });
  }
  return out;
}

function matchersOf(config: Value): RegExp[] | null {
  const m = config.t === 'obj' ? config.props.get('matcher') : undefined;
  if (!m) return null;
  const list = m.t === 'arr' ? m.items : [m];
  return list.flatMap((v) => {
    const source = asString(v) ?? (v.t === 'obj' ? asString(v.props.get('source')) : null);
    const re = source === null ? null : matcherToRegExp(source);
    return re ? [re] : [];
  });
}

/** Next's matcher syntax (path-to-regexp 6): `/dashboard/:path*`, `/((?!api|_next).*)`. */
export function matcherToRegExp(source: string): RegExp | null {
  const body = source
    .replace(/\/:(\w+)(\([^)]*\))?\*/g, '(?:/.*)?')
    .replace(/\/:(\w+)(\([^)]*\))?\+/g, '/.+')
    .replace(/\/:(\w+)(\([^)]*\))?\?/g, '(?:/[^/]+)?')
    // `(?:png|svg)` is a group, no parameter.
    .replace(/(?<!\?):(\w+)(\([^)]*\))/g, '$2')
    .replace(/(?<!\?):(\w+)/g, '[^/]+');
  try {
    return new RegExp(`^${body.replace(/\/$/, '')}/?$`);
  } catch (error) {
    // A matcher that does not compile stops the build: nothing runs behind it, so nothing is concluded from it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function inFront(middlewares: readonly Middleware[], path: string, file: RelPath): Step[] {
  const url = concrete(path);
  return middlewares.filter((m) => covers(m, url, file)).map((m) => m.step);
}

/** It runs for this address of the app that the file belongs to. */
function covers(m: Middleware, url: string, file: RelPath): boolean {
  return (m.root === '' || file.startsWith(`${m.root}/`)) && (m.matchers === null || m.matchers.some((re) => re.test(url)));
}
