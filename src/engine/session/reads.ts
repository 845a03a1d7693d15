/** The model as one run of the rules sees it: what they look at is noted, so that a change is known to concern them or not. */
import type { FileFacts } from '../core/facts';
import type { Endpoint, GitFacts, PackageInfo, ProjectModel, RowRules, SecretEntity, Stack } from '../core/model';
import type { ProjectOptions, RelPath } from '../core/types';

export interface Reads {
  readonly files: Set<RelPath>;
  /** Every file was looked at. */
  all: boolean;
  /** Endpoints beyond those of the file itself. */
  endpoints: boolean;
  /** Who imports whom, what reaches the browser, what a specifier means. */
  graph: boolean;
  /** Secrets, each with its other places. */
  secrets: boolean;
}

export function newReads(): Reads {
  return { files: new Set(), all: false, endpoints: false, graph: false, secrets: false };
}

/**
 * One object a run: rules may keep what they compute in a WeakMap under the model they were given, since no other run is
 * given the same one, and what was read for it is then this run's reading.
 */
export class NotedModel implements ProjectModel {
  readonly options: ProjectOptions;
  readonly git: GitFacts;

  constructor(
    private readonly model: ProjectModel,
    private readonly reads: Reads,
  ) {
    this.options = model.options;
    this.git = model.git;
  }

  files(): Iterable<FileFacts> {
    this.reads.all = true;
    return this.model.files();
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
