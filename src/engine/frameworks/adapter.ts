/** What a framework adapter is: one file that tells how endpoints are registered, mounted and guarded. */
import type { FileFacts } from '../core/facts';
import type { RelPath } from '../core/types';
import type { Candidate } from '../model/endpoints';
import type { FrameworkHooks, Interpreter } from '../model/interpreter';
import type { ModuleGraph } from '../model/modules';

export interface AdapterContext {
  readonly it: Interpreter;
  readonly graph: ModuleGraph;
  readonly files: ReadonlyMap<RelPath, FileFacts>;
}

export interface FrameworkAdapter {
  readonly id: string;
  readonly hooks: FrameworkHooks;
  /** Files whose top level must run before `find`: those that import the framework. */
  isRelevant(file: FileFacts): boolean;
  /** All endpoints of this framework, unjudged. */
  find(ctx: AdapterContext): Candidate[];
}
