/** Paths inside a workspace: always relative, `/`-separated. */
import type { RelPath } from './types';

/** Normalises separators and `.`/`..` segments. Returns null when the path would leave the workspace. */
export function relPath(path: string): RelPath | null {
  const out: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (out.length === 0) return null;
      out.pop();
    } else out.push(part);
  }
  return out.join('/') as RelPath;
}

export function dirname(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(dir: string, path: string): RelPath | null {
  return relPath(dir ? `${dir}/${path}` : path);
}

/** Specifier of `to` as written in an import of `from`, extension dropped: `../lib/db`. */
export function relativeSpecifier(from: string, to: string): string {
  const a = dirname(from).split('/').filter(Boolean);
  const b = to.replace(/\.(d\.)?[cm]?[jt]sx?$/, '').replace(/\/index$/, '').split('/');
  let i = 0;
  while (i < a.length && i < b.length - 1 && a[i] === b[i]) i++;
  const up = a.length - i;
  return (up === 0 ? './' : '../'.repeat(up)) + b.slice(i).join('/');
}

/** Test code, fixtures, examples: what runs there does not run in production. */
export function isTestPath(path: string): boolean {
  let known = testPaths.get(path);
  if (known === undefined) {
    if (testPaths.size > 50_000) testPaths.clear();
    testPaths.set(path, (known = readsLikeTest(path)));
  }
  return known;
}

/** Asked of every file by nearly everybody. */
const testPaths = new Map<string, boolean>();

function readsLikeTest(path: string): boolean {
  // A folder of Next's `app/` or `pages/` is a route, whatever its name.
  const folders = path.replace(/(^|\/)(app|pages)\/.*/, '$1');
  return /(^|\/)(__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|cypress|playwright|fixtures?|mocks?)\//i.test(folders) || /(^|\/)__(tests|mocks|fixtures)__\//.test(path) || /\.(test|spec|e2e|cy|stories|mock)\.[cm]?[jt]sx?$/i.test(path);
}
