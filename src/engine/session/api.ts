/** The only API of all faces (command line, language server, tests): text in, findings, endpoints and edits out. */
import type { Fix, FixResult } from '../core/fix';
import type { FileFacts } from '../core/facts';
import type { Endpoint, GitFacts, ProjectModel } from '../core/model';
import type { AnyRule } from '../core/rule';
import type { EngineError, Finding, FixId, ProjectOptions, RelPath } from '../core/types';

export interface FileChange {
  readonly path: RelPath;
  /** The new text; null: the file is gone. */
  readonly text: string | null;
  /** Facts already extracted from exactly this text (cache, worker); else the session extracts. */
  readonly facts?: FileFacts;
}

export interface SessionStats {
  readonly files: number;
  readonly bytes: number;
  readonly parseErrors: number;
  readonly skipped: readonly { readonly file: RelPath; readonly reason: string }[];
  /** Milliseconds by phase (`extract`, `link`, `check`) and by rule id. */
  readonly timing: Readonly<Record<string, number>>;
}

export interface AuditResult {
  /** Every finding that no suppression or ignore entry hides, `low` confidence included; sorted by severity, file, offset, rule. */
  readonly findings: readonly Finding[];
  /** Hidden by a comment or the configuration, with the reason. */
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string }[];
  readonly endpoints: readonly Endpoint[];
  readonly errors: readonly EngineError[];
  readonly stats: SessionStats;
}

export interface ApplyResult {
  /** Files whose findings may differ now, the edited ones included. */
  readonly affected: ReadonlySet<RelPath>;
}

export interface Session {
  readonly rules: readonly AnyRule[];
  readonly model: ProjectModel;
  /** Upserts and removes files. Cheap for one keystroke; a throwing extractor becomes an EngineError, never a throw. */
  apply(changes: readonly FileChange[]): ApplyResult;
  /** The live text of a file the session knows. */
  text(path: RelPath): string | undefined;
  /** Findings that stand in this file, `low` confidence included, suppressions applied. */
  check(path: RelPath): readonly Finding[];
  /** All findings. `signal` stops between files with an AbortError. */
  audit(signal?: AbortSignal): AuditResult;
  setOptions(options: ProjectOptions): void;
  setGit(git: GitFacts): void;
  /** Errors so far, for the log and the status bar. */
  errors(): readonly EngineError[];
  /** Title and class of each fix of a finding, in order of preference, without computing edits. */
  fixesOf(finding: Finding): readonly { readonly id: FixId; readonly title: string; readonly class: Fix['class'] }[];
  /** Computes and verifies: the result parses, the finding is gone, nothing new came. */
  fix(finding: Finding, id: FixId): FixResult;
  /** One fix for all findings of a rule that share its file (or the whole project when `file` is null), `safe` class only unless `anyClass`. */
  fixAll(ruleId: string, file: RelPath | null, anyClass?: boolean): FixResult;
}
