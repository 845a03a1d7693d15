/** The module graph: what each import specifier means, who imports whom, what reaches the browser. Works on the set of known files, never on the disk. */
import type { ConfigFacts, FileFacts } from '../core/facts';
import type { PackageInfo } from '../core/model';
import { dirname, isTestPath, joinPath } from '../core/paths';
import type { RelPath } from '../core/types';

const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.mts', '.cts', '.mjs', '.cjs', '/index.ts', '/index.tsx', '/index.js', '/index.jsx', '/index.mjs'];
/** As node looks for what JavaScript asks for: of `x.ts` and `x.js` side by side it runs the second. */
const FROM_JAVASCRIPT = ['.js', '.cjs', '.mjs', '.jsx', ...EXTENSIONS];

export type Resolved = { readonly file: RelPath } | { readonly package: string } | null;

interface PathsScope {
  readonly root: string;
  readonly baseUrl: string | null;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

export class ModuleGraph {
  /** By folder and whether JavaScript asks, then by specifier. */
  private readonly cache = new Map<string, Map<string, Resolved>>();
  private readonly pathScopes: PathsScope[] = [];
  private readonly workspaceRoots = new Map<string, string>();
  readonly packages: PackageInfo[] = [];
  /** Scripts by their path in small letters; null where several share it. */
  private byLowerCase: Map<string, RelPath | null> | null = null;
  private importers: Map<RelPath, RelPath[]> | null = null;
  private browser: Set<RelPath> | null = null;
  private readonly packageCache = new Map<string, PackageInfo | null>();
  private readonly started = new Map<PackageInfo, ReadonlySet<RelPath> | null>();

  constructor(private readonly files: ReadonlyMap<RelPath, FileFacts>) {
    for (const f of files.values()) {
      if (f.config?.kind === 'package-json') this.addPackage(f.path, f.config);
    }
    for (const f of files.values()) {
      if (f.config?.kind === 'tsconfig' && (f.config.baseUrl !== null || Object.keys(f.config.paths).length > 0)) {
        this.pathScopes.push({ root: dirname(f.path), baseUrl: f.config.baseUrl, paths: Object.entries(f.config.paths) });
      }
    }
    // Nearest scope first.
    this.pathScopes.sort((a, b) => b.root.length - a.root.length);
    this.packages.sort((a, b) => b.root.length - a.root.length);
  }

  private addPackage(file: RelPath, c: Extract<ConfigFacts, { kind: 'package-json' }>): void {
    const root = dirname(file);
    this.packages.push({ root, file, name: c.name, type: c.type, dependencies: c.dependencies, devDependencies: c.devDependencies, scripts: c.scripts, main: c.main });
    if (c.name) this.workspaceRoots.set(c.name, root);
  }

  packageOf(path: RelPath): PackageInfo | null {
    const dir = dirname(path);
    const known = this.packageCache.get(dir);
    if (known !== undefined) return known;
    const found = this.packages.find((p) => p.root === '' || dir === p.root || dir.startsWith(`${p.root}/`)) ?? null;
    this.packageCache.set(dir, found);
    return found;
  }

  resolve(from: RelPath, specifier: string): Resolved {
    const asker = isJavaScript(from) ? `${dirname(from)}*` : dirname(from);
    let ofDir = this.cache.get(asker);
    if (!ofDir) this.cache.set(asker, (ofDir = new Map<string, Resolved>()));
    let out = ofDir.get(specifier);
    if (out === undefined) {
      out = this.resolveFresh(from, specifier);
      ofDir.set(specifier, out);
    }
    return out;
  }

  private resolveFresh(from: RelPath, specifier: string): Resolved {
    const dir = dirname(from);
    if (specifier.startsWith('.')) {
      const base = joinPath(dir, specifier);
      const file = base === null ? null : (this.probe(base, isJavaScript(from) ? FROM_JAVASCRIPT : EXTENSIONS) ?? this.probeAnyCase(base));
      return file ? { file } : null;
    }
    if (specifier.startsWith('/')) {
      const file = this.probe(specifier.slice(1));
      return file ? { file } : null;
    }
    for (const scope of this.pathScopes) {
      if (scope.root !== '' && dir !== scope.root && !dir.startsWith(`${scope.root}/`)) continue;
      const file = this.byPaths(scope, specifier);
      if (file) return { file };
    }
    // `@/…` and `~/…` without a tsconfig that we can read: the two roots these apps use.
    const alias = /^[@~]\/(.+)$/.exec(specifier);
    if (alias?.[1]) {
      const root = this.packageOf(from)?.root ?? '';
      for (const base of [`${root}/src`, root, `${root}/app`]) {
        const file = this.probe(joinPath(base, alias[1]) ?? '');
        if (file) return { file };
      }
      return null;
    }
    const name = packageName(specifier);
    const root = this.workspaceRoots.get(name);
    if (root !== undefined) {
      const sub = specifier.slice(name.length + 1);
      for (const base of sub ? [`${root}/${sub}`, `${root}/src/${sub}`] : [`${root}/src/index`, `${root}/index`, `${root}/src/main`]) {
        const file = this.probe(joinPath('', base) ?? '');
        if (file) return { file };
      }
    }
    return { package: normalizePackage(specifier) };
  }

  private byPaths(scope: PathsScope, specifier: string): RelPath | null {
    const base = scope.baseUrl === null ? scope.root : (joinPath(scope.root, scope.baseUrl) ?? scope.root);
    for (const [pattern, targets] of scope.paths) {
      const star = pattern.indexOf('*');
      let rest: string | null = null;
      if (star < 0) rest = pattern === specifier ? '' : null;
      else if (specifier.startsWith(pattern.slice(0, star)) && specifier.endsWith(pattern.slice(star + 1))) rest = specifier.slice(star, specifier.length - (pattern.length - star - 1));
      if (rest === null) continue;
      for (const t of targets) {
        const path = joinPath(base, t.replace('*', rest));
        const file = path === null ? null : this.probe(path);
        if (file) return file;
      }
    }
    if (scope.baseUrl !== null) {
      const path = joinPath(base, specifier);
      return path === null ? null : this.probe(path);
    }
    return null;
  }

  private probe(base: string, extensions: readonly string[] = EXTENSIONS): RelPath | null {
    if (base !== '' && this.isScript(base)) return base as RelPath;
    // TypeScript's ESM habit: `./x.js` is written for `./x.ts`.
    const swapped = base.replace(/\.([cm]?)jsx?$/, '.$1ts');
    if (swapped !== base) {
      if (this.isScript(swapped)) return swapped as RelPath;
      const tsx = base.replace(/\.jsx?$/, '.tsx');
      if (this.isScript(tsx)) return tsx as RelPath;
    }
    for (const ext of extensions) if (this.isScript(base + ext)) return (base + ext) as RelPath;
    return base === '' ? null : this.isScript(`${base}/src/index.ts`) ? (`${base}/src/index.ts` as RelPath) : null;
  }

  /** `./routes/Orders` for `orders.js`: found on the disks of macOS and Windows, where these apps are written; null when two files could be meant. */
  private probeAnyCase(base: string): RelPath | null {
    if (!this.byLowerCase) {
      this.byLowerCase = new Map();
      for (const f of this.files.values()) {
        if (!f.script) continue;
        const key = f.path.toLowerCase();
        this.byLowerCase.set(key, this.byLowerCase.has(key) ? null : f.path);
      }
    }
    const wanted = base.toLowerCase();
    for (const ext of ['', ...EXTENSIONS]) {
      const found = this.byLowerCase.get(wanted + ext);
      if (found) return found;
    }
    return null;
  }

  private isScript(path: string): boolean {
    return this.files.get(path as RelPath)?.script != null;
  }

  importersOf(path: RelPath): readonly RelPath[] {
    if (this.importers === null) {
      this.importers = new Map();
      for (const f of this.files.values()) {
        for (const target of this.targetsOf(f, true)) {
          const list = this.importers.get(target);
          if (!list) this.importers.set(target, [f.path]);
          else if (list[list.length - 1] !== f.path) list.push(f.path);
        }
      }
    }
    return this.importers.get(path) ?? [];
  }

  private targetsOf(f: FileFacts, dynamic: boolean): RelPath[] {
    const out: RelPath[] = [];
    for (const i of f.script?.imports ?? []) {
      if (i.typeOnly || (i.names.length > 0 && i.names.every((n) => n.typeOnly))) continue;
      if (i.kind === 'dynamic' && !dynamic) continue;
      const r = this.resolve(f.path, i.specifier);
      if (r && 'file' in r) out.push(r.file);
    }
    return out;
  }

  /** Scripts that the package's own commands run, and all that these load; null where its start command names none that is here. */
  startedBy(pkg: PackageInfo): ReadonlySet<RelPath> | null {
    let known = this.started.get(pkg);
    if (known === undefined) this.started.set(pkg, (known = this.loadedFrom(pkg)));
    return known;
  }

  private loadedFrom(pkg: PackageInfo): ReadonlySet<RelPath> | null {
    const commands = Object.entries(pkg.scripts);
    const start = [...commands.filter(([name]) => /^(start|serve|server|dev|prod|production)(:|$)/.test(name)).map(([, command]) => command), ...(pkg.main === null ? [] : [pkg.main])];
    if (!start.some((command) => this.namedIn(command, pkg).length > 0)) return null;
    const out = new Set<RelPath>();
    const queue = [...start, ...commands.map(([, command]) => command)].flatMap((command) => this.namedIn(command, pkg));
    for (let p = queue.pop(); p !== undefined; p = queue.pop()) {
      const f = out.has(p) ? undefined : this.files.get(p);
      if (!f?.script) continue;
      out.add(p);
      queue.push(...this.targetsOf(f, true));
    }
    return out;
  }

  /** `node dist/server.js`: what was built is found where it was built from. */
  private namedIn(command: string, pkg: PackageInfo): RelPath[] {
    const out: RelPath[] = [];
    for (const [word] of command.matchAll(/[\w@./-]+/g)) {
      if (word.startsWith('-') || word.startsWith('@')) continue;
      const from = [word, word.replace(/^(\.\/)?(dist|build|out|lib)\//, 'src/'), word.replace(/^(\.\/)?(dist|build|out|lib)\//, '')];
      for (const path of from) {
        const joined = /\.[cm]?[jt]sx?$/.test(path) || path.includes('/') || command === pkg.main ? joinPath(pkg.root, path) : null;
        const file = joined === null ? null : this.probe(joined);
        if (file) out.push(file);
      }
    }
    return out;
  }

  /** The module can reach the browser: a `'use client'` module, an SPA's entry, or anything they import without a server boundary between. */
  reachesBrowser(path: RelPath): boolean {
    this.browser ??= this.computeBrowser();
    return this.browser.has(path);
  }

  private computeBrowser(): Set<RelPath> {
    const out = new Set<RelPath>();
    const queue: RelPath[] = [];
    for (const f of this.files.values()) {
      if (f.script && !isTestPath(f.path) && this.isBrowserRoot(f)) queue.push(f.path);
    }
    for (let p = queue.pop(); p !== undefined; p = queue.pop()) {
      if (out.has(p)) continue;
      const f = this.files.get(p);
      if (!f?.script || isServerOnly(f)) continue;
      out.add(p);
      queue.push(...this.targetsOf(f, true));
    }
    return out;
  }

  /** Of the names a module exports, those that decide where it runs. */
  static readsExport(name: string): boolean {
    return /^get(ServerSide|Static)(Props|Paths)$/.test(name);
  }

  private isBrowserRoot(f: FileFacts): boolean {
    if (f.script?.directives.includes('use client')) return true;
    const pkg = this.packageOf(f.path);
    if (!pkg) return false;
    const inside = pkg.root === '' ? f.path : f.path.slice(pkg.root.length + 1);
    const has = (d: string) => d in pkg.dependencies || d in pkg.devDependencies;
    if (has('next')) {
      if (!/^(src\/)?pages\//.test(inside) || /^(src\/)?pages\/api\//.test(inside)) return false;
      // Next drops what only getServerSideProps uses; such pages are judged by their client modules alone.
      return !f.script!.exports.some((e) => e.kind !== 'star' && ModuleGraph.readsExport(e.name));
    }
    if (has('expo') || has('react-native')) return /^(app\/|src\/|App\.[jt]sx?$)/.test(inside);
    if (has('vite') || has('react-scripts') || has('parcel')) return /^(client\/)?(src\/)?(main|index)\.[jt]sx?$/.test(inside) && (f.script!.hasJsx || f.script!.imports.some((i) => /^(react-dom|vue|svelte|solid-js)/.test(i.specifier)));
    return false;
  }
}

function isJavaScript(path: RelPath): boolean {
  return /\.[cm]?jsx?$/.test(path);
}

function isServerOnly(f: FileFacts): boolean {
  return f.script!.directives.includes('use server') || f.script!.imports.some((i) => i.specifier === 'server-only');
}

/** `@scope/name/sub` → `@scope/name`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/** Deno's ways of naming npm packages, reduced to the npm name (sub-path kept): `npm:stripe@14`, `https://esm.sh/stripe@14?target=deno`. */
export function normalizePackage(specifier: string): string {
  let s = specifier.replace(/^node:/, '');
  if (/^npm:\/?/.test(s)) s = s.replace(/^npm:\/?/, '');
  else if (s.startsWith('jsr:')) s = s.slice(4);
  else if (/^https?:\/\//.test(s)) {
    const m = /^https?:\/\/(?:esm\.sh|cdn\.skypack\.dev|cdn\.jsdelivr\.net\/npm|unpkg\.com|esm\.run)\/(?:v\d+\/)?(.+)$/.exec(s);
    if (m?.[1]) s = m[1];
    else {
      const deno = /^https?:\/\/deno\.land\/(?:x\/)?([^/@]+)(?:@[^/]+)?\/(.+)$/.exec(s);
      return deno ? `deno:${deno[1]}/${deno[2]!.replace(/\.[jt]s$/, '')}` : s;
    }
  }
  s = s.replace(/\?.*$/, '');
  return s.replace(/^(@[^/]+\/[^/@]+|[^/@]+)@[^/]+/, '$1');
}
