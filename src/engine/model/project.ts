/** The linked project: module graph, endpoints, secrets, stack. Built lazily from the facts of all files; rebuilt when they change. */
import type { FileFacts, ScriptFacts, Stmt } from '../core/facts';
import type { ConfigFile, Endpoint, GitFacts, ModuleFace, PackageInfo, ProjectModel, RowRules, SecretEntity, Stack } from '../core/model';
import type { EngineError, Location, ProjectOptions, RelPath } from '../core/types';
import { ORMS, VALIDATORS } from '../libraries/index';
import { AUTH_LIBRARIES } from '../libraries/stack';
import { isContainerPackage } from './containers';
import { type Candidate, judge } from './endpoints';
import { exportsOf, faceOf } from './faces';
import { type FrameworkHooks, Interpreter } from './interpreter';
import { ModuleGraph } from './modules';
import { RowRuleBook } from './row-rules';
import { isTestPath } from '../core/paths';

/** As `frameworks/adapter` defines it; the model knows adapters only by this shape. */
export interface Adapter {
  readonly id: string;
  readonly hooks: FrameworkHooks;
  readonly foundByPlace?: true | undefined;
  isRelevant(file: FileFacts): boolean;
  find(ctx: { readonly it: Interpreter; readonly graph: ModuleGraph; readonly files: ReadonlyMap<RelPath, FileFacts> }): Candidate[];
}

function isConfig(f: FileFacts): f is ConfigFile {
  return f.config !== null;
}

export class Project implements ProjectModel {
  readonly graph: ModuleGraph;
  readonly errors: EngineError[] = [];
  private endpointList: readonly Endpoint[] | null = null;
  private byFile: Map<RelPath, Endpoint[]> | null = null;
  private stackInfo: Stack | null = null;
  private copies: Map<string, Location[]> | null = null;
  private exporters: Map<string, RelPath[]> | null = null;
  /** A change of one of these makes a new project. */
  private configFiles: readonly ConfigFile[] | null = null;
  private book: RowRuleBook | null = null;

  constructor(
    private readonly facts: ReadonlyMap<RelPath, FileFacts>,
    private readonly adapters: readonly Adapter[],
    readonly options: ProjectOptions,
    readonly git: GitFacts,
  ) {
    this.graph = new ModuleGraph(facts);
  }

  files(): Iterable<FileFacts> {
    return this.facts.values();
  }

  *faces(): Iterable<readonly [RelPath, ModuleFace]> {
    for (const f of this.facts.values()) if (f.script) yield [f.path, faceOf(f.script)];
  }

  exporting(name: string): readonly RelPath[] {
    if (!this.exporters) {
      this.exporters = new Map();
      for (const f of this.facts.values()) {
        if (!f.script) continue;
        for (const exported of exportsOf(f.script).keys()) {
          const list = this.exporters.get(exported);
          if (list) list.push(f.path);
          else this.exporters.set(exported, [f.path]);
        }
      }
    }
    return this.exporters.get(name) ?? [];
  }

  /** A file that linking never looked at has other facts now: indexes over all files are made anew when asked for. */
  replaced(): void {
    this.copies = null;
    this.exporters = null;
  }

  configs(): Iterable<ConfigFile> {
    this.configFiles ??= [...this.facts.values()].filter(isConfig);
    return this.configFiles;
  }

  paths(): Iterable<RelPath> {
    return this.facts.keys();
  }

  /** Here nothing is kept: a session keeps, since it knows what an edit touches. */
  memo<T>(_about: Endpoint | null, _key: string, make: (model: ProjectModel) => T): T {
    return make(this);
  }

  file(path: RelPath): FileFacts | undefined {
    return this.facts.get(path);
  }

  importersOf(path: RelPath): readonly RelPath[] {
    return this.graph.importersOf(path);
  }

  resolve(from: RelPath, specifier: string) {
    return this.graph.resolve(from, specifier);
  }

  packageOf(path: RelPath): PackageInfo | null {
    return this.graph.packageOf(path);
  }

  reachesBrowser(path: RelPath): boolean {
    return this.graph.reachesBrowser(path);
  }

  rowRules(table: string): RowRules {
    return this.rowRuleBook().of(table);
  }

  private rowRuleBook(): RowRuleBook {
    this.book ??= new RowRuleBook(this.facts.values());
    return this.book;
  }

  endpoints(): readonly Endpoint[] {
    this.endpointList ??= this.findEndpoints();
    return this.endpointList;
  }

  endpointsOf(path: RelPath): readonly Endpoint[] {
    if (!this.byFile) {
      this.byFile = new Map();
      for (const e of this.endpoints()) {
        const list = this.byFile.get(e.at.file);
        if (list) list.push(e);
        else this.byFile.set(e.at.file, [e]);
      }
    }
    return this.byFile.get(path) ?? [];
  }

  secretsOf(path: RelPath): readonly SecretEntity[] {
    const f = this.facts.get(path);
    if (!f || f.secrets.length === 0) return [];
    if (!this.copies) {
      this.copies = new Map();
      for (const x of this.facts.values()) {
        for (const s of x.secrets) {
          const list = this.copies.get(s.fingerprint) ?? [];
          list.push({ file: x.path, span: s.span });
          this.copies.set(s.fingerprint, list);
        }
      }
    }
    const inBrowser = this.reachesBrowser(path);
    const tracked = this.git.tracked === null ? null : this.git.tracked.has(path);
    return f.secrets.map((fact) => ({
      fact, at: { file: path, span: fact.literal }, inBrowser, tracked,
      copies: (this.copies!.get(fact.fingerprint) ?? []).filter((l) => l.file !== path || l.span.start !== fact.span.start),
    }));
  }

  stack(): Stack {
    if (!this.stackInfo) {
      const uses = new Map<string, number>();
      for (const f of this.facts.values()) {
        for (const i of f.script?.imports ?? []) {
          if (i.typeOnly || i.specifier.startsWith('.')) continue;
          const r = this.graph.resolve(f.path, i.specifier);
          if (r && 'package' in r) uses.set(r.package, (uses.get(r.package) ?? 0) + 1);
        }
      }
      for (const p of this.graph.packages) for (const d of Object.keys(p.dependencies)) if (!uses.has(d)) uses.set(d, 0.5);
      const rank = (kinds: readonly { readonly id: string; readonly packages: readonly string[] }[]) =>
        kinds
          .map((k) => ({ id: k.id, n: [...uses].reduce((sum, [pkg, n]) => (k.packages.some((p) => pkg === p || pkg.startsWith(`${p}/`)) ? sum + n : sum), 0) }))
          .filter((k) => k.n > 0)
          .sort((a, b) => b.n - a.n)
          .map((k) => k.id);
      this.stackInfo = { packages: this.graph.packages, auth: rank(AUTH_LIBRARIES), validators: rank(VALIDATORS), orms: rank(ORMS), frameworks: [...new Set(this.endpoints().map((e) => e.framework))] };
    }
    return this.stackInfo;
  }

  private findEndpoints(): Endpoint[] {
    const scripts = (file: RelPath): ScriptFacts | null => this.facts.get(file)?.script ?? null;
    const it = new Interpreter(scripts, this.graph, this.adapters.map((a) => a.hooks), this.options, this.rowRuleBook());
    // Everything that imports a framework, and what imports that: apps are often assembled above the files that name the framework.
    const queue: RelPath[] = [];
    const seen = new Set<RelPath>();
    for (const f of this.facts.values()) {
      if (!f.script || isTestPath(f.path)) continue;
      const relevant = this.adapters.filter((a) => a.isRelevant(f));
      if (relevant.some((a) => !a.foundByPlace)) queue.push(f.path);
      else if (relevant.length > 0) seen.add(f.path);
    }
    const placed = new Set(seen);
    for (let p = queue.pop(); p !== undefined; p = queue.pop()) {
      if ((seen.has(p) && !placed.has(p)) || isTestPath(p)) continue;
      placed.delete(p);
      seen.add(p);
      queue.push(...this.graph.importersOf(p));
    }
    // What a container gives is decided before anybody asks it.
    for (const p of this.wiringFiles()) this.guarded(p, () => it.module(p));
    for (const p of [...seen].sort()) this.guarded(p, () => it.module(p));
    const out: Endpoint[] = [];
    for (const a of this.adapters) {
      const candidates = this.guarded(null, () => a.find({ it, graph: this.graph, files: this.facts })) ?? [];
      for (const c of candidates) out.push(...(this.guarded(c.at.file, () => judge(it, c, this.options)) ?? []));
    }
    return out.sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start || (a.method < b.method ? -1 : 1)));
  }

  /** Files that tell a dependency-injection container what stands behind its tokens. */
  private wiringFiles(): RelPath[] {
    const own = new Set<RelPath>();
    for (const f of this.facts.values()) if (f.script?.imports.some((i) => !i.typeOnly && isContainerPackage(i.specifier)) && !isTestPath(f.path)) own.add(f.path);
    const near = new Set([...own].flatMap((p) => [p, ...this.graph.importersOf(p)]));
    return [...near].filter((p) => !isTestPath(p) && registers(this.facts.get(p)?.script?.functions[0]?.body ?? [])).sort();
  }

  /** One module that cannot be followed never hides the others. */
  private guarded<T>(file: RelPath | null, run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      this.errors.push({ phase: 'link', file, ruleId: null, message: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }
}

const REGISTERS = /^(to|toSelf|toConstantValue|toDynamicValue|toService|register|registerSingleton|registerInstance|set|in(Singleton|Transient|Request)Scope|load)$/;

/** Its top level calls what binds tokens; a function that does is called by whoever needs it. */
function registers(body: readonly Stmt[]): boolean {
  return body.some((s) => (s.k === 'expr' && s.x.k === 'call' && s.x.fn.k === 'mem' && REGISTERS.test(s.x.fn.prop)) || (s.k === 'var' && s.decls.some((d) => d.init?.k === 'new' && d.init.fn.k === 'ref' && d.init.fn.name.endsWith('ContainerModule'))));
}
