/** The model as one run of the rules sees it: what they look at is noted, so that a change is known to concern them or not. */
import type { FileFacts } from '../core/facts';
import type { ConfigFile, Endpoint, GitFacts, ModuleFace, PackageInfo, ProjectModel, RowRules, SecretEntity, Stack } from '../core/model';
import type { ProjectOptions, RelPath } from '../core/types';

export interface Reads {
  readonly files: Set<RelPath>;
  /** Every file was looked at. */
  all: boolean;
  /** Endpoints beyond those of the file itself. */
  endpoints: boolean;
  /** Who imports whom, what reaches the browser, what a specifier means. */
  graph: boolean;
  /** What modules have from where. */
  faces: boolean;
  /** Which files there are. */
  paths: boolean;
  /** Names whose exporters were asked for. */
  readonly exports: Set<string>;
  /** Secrets, each with its other places. */
  secrets: boolean;
}

export function newReads(): Reads {
  return { files: new Set(), all: false, endpoints: false, graph: false, faces: false, paths: false, exports: new Set(), secrets: false };
}

/** What was read for a part of a run was read for the whole. */
function absorb(into: Reads, part: Reads): void {
  for (const f of part.files) into.files.add(f);
  into.all ||= part.all;
  into.endpoints ||= part.endpoints;
  into.graph ||= part.graph;
  into.faces ||= part.faces;
  into.paths ||= part.paths;
  for (const name of part.exports) into.exports.add(name);
  into.secrets ||= part.secrets;
}

/** What a change can have touched of all that somebody may have read. */
export interface Touch {
  readonly files: readonly RelPath[];
  readonly exports: readonly string[];
  readonly graph: boolean;
  readonly faces: boolean;
  readonly paths: boolean;
  readonly secrets: boolean;
}

const KINDS = ['graph', 'faces', 'paths', 'secrets'] as const;

/** Things that were worked out, each with what it was read from: after a change only those it can have touched are looked at. */
export class Readings<K, V extends { readonly reads: Reads }> {
  private readonly kept = new Map<K, V>();
  private readonly byFile = new Map<RelPath, Set<K>>();
  private readonly byExport = new Map<string, Set<K>>();
  private readonly byKind: Readonly<Record<(typeof KINDS)[number] | 'all' | 'endpoints', Set<K>>> = { all: new Set(), endpoints: new Set(), graph: new Set(), faces: new Set(), paths: new Set(), secrets: new Set() };

  get(key: K): V | undefined {
    return this.kept.get(key);
  }

  get size(): number {
    return this.kept.size;
  }

  entries(): Iterable<readonly [K, V]> {
    return this.kept;
  }

  values(): Iterable<V> {
    return this.kept.values();
  }

  /** `value.reads` is complete: what is read later is not noted. */
  set(key: K, value: V): void {
    this.delete(key);
    this.kept.set(key, value);
    const { reads } = value;
    for (const file of reads.files) note(this.byFile, file, key);
    for (const name of reads.exports) note(this.byExport, name, key);
    for (const kind of KINDS) if (reads[kind]) this.byKind[kind].add(key);
    if (reads.all) this.byKind.all.add(key);
    if (reads.endpoints) this.byKind.endpoints.add(key);
  }

  delete(key: K): void {
    const value = this.kept.get(key);
    if (!value) return;
    this.kept.delete(key);
    for (const file of value.reads.files) this.byFile.get(file)?.delete(key);
    for (const name of value.reads.exports) this.byExport.get(name)?.delete(key);
    for (const set of Object.values(this.byKind)) set.delete(key);
  }

  clear(): void {
    this.kept.clear();
    this.byFile.clear();
    this.byExport.clear();
    for (const set of Object.values(this.byKind)) set.clear();
  }

  /** What may be otherwise after the change; `moved`: whether for this one endpoints are others now. */
  touched(change: Touch, moved: (key: K) => boolean): Set<K> {
    const out = new Set<K>(this.byKind.all);
    const add = (keys: ReadonlySet<K> | undefined): void => {
      if (keys) for (const key of keys) out.add(key);
    };
    for (const file of change.files) add(this.byFile.get(file));
    for (const name of change.exports) add(this.byExport.get(name));
    for (const kind of KINDS) if (change[kind]) add(this.byKind[kind]);
    for (const key of this.byKind.endpoints) if (moved(key)) out.add(key);
    return out;
  }
}

function note<N, K>(into: Map<N, Set<K>>, name: N, key: K): void {
  const keys = into.get(name);
  if (keys) keys.add(key);
  else into.set(name, new Set([key]));
}

interface Memo {
  readonly about: Endpoint | null;
  readonly key: string;
  readonly value: unknown;
  readonly reads: Reads;
}

/** What rules and fixes have worked out (`ProjectModel.memo`), each with what it was read from. */
export class Memos {
  private readonly of = new Map<Endpoint | null, Map<string, Memo>>();
  private readonly readings = new Readings<Memo, Memo>();

  get(about: Endpoint | null, key: string): Memo | undefined {
    return this.of.get(about)?.get(key);
  }

  set(memo: Memo): void {
    let ofOne = this.of.get(memo.about);
    if (!ofOne) this.of.set(memo.about, (ofOne = new Map()));
    const old = ofOne.get(memo.key);
    if (old) this.readings.delete(old);
    ofOne.set(memo.key, memo);
    this.readings.set(memo, memo);
  }

  private remove(memo: Memo): void {
    const ofOne = this.of.get(memo.about);
    ofOne?.delete(memo.key);
    if (ofOne?.size === 0) this.of.delete(memo.about);
    this.readings.delete(memo);
  }

  /**
   * Forgets what a change has touched, and what is about endpoints that are no more (`alive`; null: they all are). `differ`:
   * endpoints say something else than where things stand. What is known about one endpoint never says where others stand.
   */
  drop(change: Touch, differ: boolean, alive: ReadonlySet<Endpoint> | null): void {
    for (const memo of this.readings.touched(change, (m) => (m.about === null ? alive !== null : differ))) this.remove(memo);
    if (alive === null) return;
    for (const [about, ofOne] of this.of) if (about !== null && !alive.has(about)) for (const memo of [...ofOne.values()]) this.remove(memo);
  }

  copy(): Memos {
    const copy = new Memos();
    for (const ofOne of this.of.values()) for (const memo of ofOne.values()) copy.set(memo);
    return copy;
  }
}

/** One object a run of rules: what they look at through it is this run's reading. */
export class NotedModel implements ProjectModel {
  readonly options: ProjectOptions;
  readonly git: GitFacts;

  constructor(
    private readonly model: ProjectModel,
    private readonly reads: Reads,
    private readonly memos: Memos,
  ) {
    this.options = model.options;
    this.git = model.git;
  }

  files(): Iterable<FileFacts> {
    this.reads.all = true;
    return this.model.files();
  }

  faces(): Iterable<readonly [RelPath, ModuleFace]> {
    this.reads.faces = true;
    return this.model.faces();
  }

  exporting(name: string): readonly RelPath[] {
    this.reads.exports.add(name);
    return this.model.exporting(name);
  }

  /** Not noted: whatever a change of these touches is linked anew. */
  configs(): Iterable<ConfigFile> {
    return this.model.configs();
  }

  paths(): Iterable<RelPath> {
    this.reads.paths = true;
    return this.model.paths();
  }

  memo<T>(about: Endpoint | null, key: string, make: (model: ProjectModel) => T): T {
    let memo = this.memos.get(about, key);
    if (!memo) {
      const reads = newReads();
      memo = { about, key, value: make(new NotedModel(this.model, reads, this.memos)), reads };
      this.memos.set(memo);
    }
    absorb(this.reads, memo.reads);
    return memo.value as T;
  }

  file(path: RelPath): FileFacts | undefined {
    this.reads.files.add(path);
    return this.model.file(path);
  }

  endpoints(): readonly Endpoint[] {
    this.reads.endpoints = true;
    return this.model.endpoints();
  }

  endpointsOf(path: RelPath): readonly Endpoint[] {
    this.reads.endpoints = true;
    return this.model.endpointsOf(path);
  }

  secretsOf(path: RelPath): readonly SecretEntity[] {
    this.reads.secrets = true;
    this.reads.graph = true;
    return this.model.secretsOf(path);
  }

  importersOf(path: RelPath): readonly RelPath[] {
    this.reads.graph = true;
    return this.model.importersOf(path);
  }

  resolve(from: RelPath, specifier: string) {
    this.reads.graph = true;
    return this.model.resolve(from, specifier);
  }

  packageOf(path: RelPath): PackageInfo | null {
    this.reads.graph = true;
    return this.model.packageOf(path);
  }

  reachesBrowser(path: RelPath): boolean {
    this.reads.graph = true;
    return this.model.reachesBrowser(path);
  }

  stack(): Stack {
    this.reads.graph = true;
    this.reads.endpoints = true;
    return this.model.stack();
  }
  rowRules(table: string): RowRules {
    // The facts of configuration count for the whole graph: a change of one links everything anew.
    this.reads.graph = true;
    return this.model.rowRules(table);
  }
}
