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

interface Memo {
  readonly value: unknown;
  readonly reads: Reads;
}

/** What rules and fixes have worked out (`ProjectModel.memo`), each with what it was read from. */
export class Memos {
  private readonly of = new Map<Endpoint | null, Map<string, Memo>>();

  get(about: Endpoint | null, key: string): Memo | undefined {
    return this.of.get(about)?.get(key);
  }

  set(about: Endpoint | null, key: string, memo: Memo): void {
    let ofOne = this.of.get(about);
    if (!ofOne) this.of.set(about, (ofOne = new Map()));
    ofOne.set(key, memo);
  }

  /** Forgets what a change has touched, and what is about endpoints that are no more (`alive`; null: they all are). */
  drop(stale: (reads: Reads) => boolean, alive: ReadonlySet<Endpoint> | null): void {
    for (const [about, ofOne] of this.of) {
      if (about !== null && alive !== null && !alive.has(about)) {
        this.of.delete(about);
        continue;
      }
      for (const [key, memo] of ofOne) if (stale(memo.reads)) ofOne.delete(key);
    }
  }

  copy(): Memos {
    const copy = new Memos();
    for (const [about, ofOne] of this.of) copy.of.set(about, new Map(ofOne));
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
      memo = { value: make(new NotedModel(this.model, reads, this.memos)), reads };
      this.memos.set(about, key, memo);
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
