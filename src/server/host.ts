/**
 * What the server needs from outside: a session per folder and that folder's disk. An interface, so that tests drive the
 * server without a disk or with a session that misbehaves; `disk-host.ts` is the real one.
 */
import type { ParsedConfig } from '../config/config';
import type { AnyRule, FileFacts, GitFacts, ProjectOptions, RelPath, Session } from '../engine';
import type { SprintState } from '../sprint/state';

export interface DiskFile {
  readonly path: RelPath;
  readonly text: string;
  /** From the cache, extracted from exactly this text. */
  readonly facts?: FileFacts;
}

export interface StateOnDisk {
  readonly state: SprintState;
  /** The file cannot be read: nothing may be written over it. */
  readonly problem: string | null;
}

export interface FolderDisk {
  readonly configFile: RelPath;
  /** Files that make the answers of `git()`, `config()` and `state()` change. */
  roleOf(path: RelPath): 'config' | 'state' | 'git' | 'ignore' | null;
  /** Every file to analyse, in any order; what was left out and why goes to `skipped`. */
  files(signal: AbortSignal, skipped: (file: RelPath, reason: string) => void): AsyncIterable<DiskFile>;
  /** One file, or null when it is gone or not to be analysed (ignored, too large, binary). */
  read(path: RelPath): Promise<DiskFile | null>;
  /** The file's text as it is, whatever discovery thinks of it; null when it does not exist. */
  readText(path: RelPath): Promise<string | null>;
  /** False for what lies in dependencies, builds and the like, which are never analysed even when open. */
  isCandidate(path: RelPath): boolean;
  /** Git ignores it and does not track it: none of an audit's business, not even when it is open. */
  isIgnored(path: RelPath): boolean;
  /** The env files among those, as they stand on the disk now: a fix that adds a line must know the lines that are there. */
  ignoredEnvFiles(): Promise<readonly DiskFile[]>;
  /** Ask after `files()`: the ignore rules are those of the last walk. */
  git(): Promise<GitFacts>;
  /** Git's index where it lies outside the folder: of a worktree, or of a repository the folder is a part of. Ask after `git()`. */
  outerGitIndex(): string | null;
  /** `text`: of the config file, unsaved perhaps; null: there is none. What is broken keeps its last good value and is named. */
  config(text: string | null, previous: ProjectOptions): ParsedConfig;
  state(): Promise<StateOnDisk>;
  /** Applies `change` to what stands on the disk now. Throws when the file must not be written. */
  updateState(change: (state: SprintState) => SprintState): Promise<void>;
  /** Keeps what was extracted for the next start. */
  remember(files: Iterable<FileFacts>): Promise<void>;
}

export interface ServerHost {
  readonly version: string;
  readonly rules: readonly AnyRule[];
  createSession(options: ProjectOptions, git: GitFacts): Session;
  openFolder(root: string, cacheDir: string | null): FolderDisk;
}
