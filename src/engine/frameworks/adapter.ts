/** What a framework adapter is: one file that tells how endpoints are registered, mounted and guarded. */
import type { FileFacts, FunctionFact, ScriptFacts } from '../core/facts';
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
  /** Files become endpoints by their path or directive: whoever imports them puts nothing together. */
  readonly foundByPlace?: true;
  /** All endpoints of this framework, unjudged. */
  find(ctx: AdapterContext): Candidate[];
  /**
   * What `find` reads of a function's body, as text, so that an edit which leaves it as it is leaves the endpoints where they
   * are; null: too much to say. Absent: nothing (heads, exports and the module's own code are compared anyway).
   */
  bodyOf?(script: ScriptFacts, fn: FunctionFact): string | null;
}
