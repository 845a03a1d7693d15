/** Vercel's functions without a framework: each file of the folder `api/` is an endpoint, and its default export the handler. */
import type { FileFacts } from '../core/facts';
import { isTestPath } from '../core/paths';
import type { Location, RelPath } from '../core/types';
import type { Candidate } from '../model/endpoints';
import { innerFunction } from '../model/endpoints';
import type { AdapterContext, FrameworkAdapter } from './adapter';
import { nameOf } from './express';
import { concrete, routePath } from './next';

/** The folder at the root of what is deployed; files and folders that begin with `_` or a dot are no endpoints. */
const FUNCTION = /^((?:[^/]+\/)*?)api\/((?:[^/_.][^/]*\/)*[^/_.][^/]*)\.(?:[cm]?js|ts)$/;
const OF_A_FRAMEWORK = /(?:^|\/)(?:pages|app|src|server|routes)\/$/;
const HANDS = /^(?:_?req(?:uest)?|_?res(?:ponse)?)$/;

export const vercel: FrameworkAdapter = {
  id: 'vercel',
  hooks: { id: 'vercel' },
  foundByPlace: true,
  isRelevant: (file) => placeOf(file.path) !== null,
  find(ctx) {
    const out: Candidate[] = [];
    for (const f of ctx.files.values()) if (f.script && !isTestPath(f.path) && isDeployed(f, ctx.files)) handler(ctx, f, out);
    return out;
  },
};

function placeOf(path: string): { readonly root: string; readonly inside: string } | null {
  const m = FUNCTION.exec(path);
  return m && !OF_A_FRAMEWORK.test(m[1] ?? '') ? { root: m[1] ?? '', inside: m[2] ?? '' } : null;
}

/** What is deployed there has Vercel's settings beside it, or its code names Vercel. */
function isDeployed(f: FileFacts, files: ReadonlyMap<RelPath, FileFacts>): boolean {
  const place = placeOf(f.path);
  return place !== null && (files.has(`${place.root}vercel.json` as RelPath) || f.script?.imports.some((i) => i.specifier === '@vercel/node') === true);
}

function handler(ctx: AdapterContext, f: FileFacts, out: Candidate[]): void {
  ctx.it.asksForAll(f.path);
  const e = f.script?.exports.find((x) => x.kind !== 'star' && x.name === 'default');
  const value = e || f.script?.isCommonJs ? ctx.it.exportOf(f.path, 'default') : null;
  const fn = value ? innerFunction(value) : null;
  const fact = fn ? ctx.it.script(fn.file)?.functions[fn.id] : undefined;
  // A helper's default export takes other things than a request and its response.
  if (!value || !fact || fact.params.length !== 2 || !fact.params.every((p) => p.k === 'name' && HANDS.test(p.name))) return;
  const path = routePath(`api/${placeOf(f.path)?.inside ?? ''}`.replace(/\/index$/, ''));
  const at: Location = { file: f.path, span: e ? e.span : fact.head };
  out.push({
    framework: 'vercel', method: 'ALL', path, at, style: 'pages', scope: `route:${f.path}`, mounted: true, split: true, late: [], urlPath: concrete(path),
    steps: [{ value, level: 'handler', at, name: nameOf(ctx.it, value) || 'handler' }],
  });
}
