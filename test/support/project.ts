/** In-memory projects for tests: file maps in, a session or the linked model out. */
import type { GitFacts, ProjectModel } from '../../src/engine/core/model';
import type { AnyRule } from '../../src/engine/core/rule';
import { relPath } from '../../src/engine/core/paths';
import { DEFAULT_OPTIONS, type ProjectOptions, type RelPath } from '../../src/engine/core/types';
import type { Session } from '../../src/engine/session/api';
import { createSession } from '../../src/engine/session/session';

export type Files = Readonly<Record<string, string>>;

export interface ProjectInit {
  readonly rules?: readonly AnyRule[];
  readonly git?: GitFacts;
  readonly options?: Partial<ProjectOptions>;
}

export function rel(path: string): RelPath {
  const out = relPath(path);
  if (out === null || out !== path) throw new Error(`${path} is no workspace-relative path`);
  return out;
}

export function sessionOf(files: Files, init: ProjectInit = {}): Session {
  const session = createSession({ rules: init.rules ?? [], options: { ...DEFAULT_OPTIONS, ...init.options }, ...(init.git ? { git: init.git } : {}) });
  session.apply(Object.entries(files).map(([path, text]) => ({ path: rel(path), text })));
  return session;
}

/** The linked model of these files. */
export function projectOf(files: Files, init: ProjectInit = {}): ProjectModel {
  return sessionOf(files, init).model;
}

/** Git facts of a folder where these files are tracked and these patterns (exact paths or `*.ext`) ignored. */
export function gitOf(tracked: readonly string[] | null, ignored: readonly string[] = []): GitFacts {
  const set = tracked === null ? null : new Set(tracked.map(rel));
  return { tracked: set, isIgnored: (path) => ignored.some((p) => p === path || (p.startsWith('*') && path.endsWith(p.slice(1)))) };
}
