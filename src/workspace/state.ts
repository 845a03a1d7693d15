/** The sprint's state file: read always, written only when a person acts, never over a file that cannot be read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineError } from '../engine/core/types';
import { EMPTY_STATE, parseState, serializeState, STATE_FILE, type SprintState } from '../sprint/state';
import { writeInWorkspace } from './atomic';
import { reasonOf } from './errors';

export interface LoadedState {
  readonly state: SprintState;
  /** A person's ticks are in a file that cannot be understood: it must not be overwritten. */
  readonly writable: boolean;
  readonly error: EngineError | null;
}

export function loadState(root: string): LoadedState {
  const broken = (message: string): LoadedState => ({ state: EMPTY_STATE, writable: false, error: { phase: 'state', file: null, ruleId: null, message } });
  let text: string;
  try {
    text = readFileSync(join(root, STATE_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: EMPTY_STATE, writable: true, error: null };
    return broken(`${STATE_FILE} cannot be read: ${reasonOf(error)}`);
  }
  const parsed = parseState(text);
  return parsed.ok ? { state: parsed.state, writable: true, error: null } : broken(parsed.problem);
}

/** Applies `change` to what stands on the disk now, so that two windows lose nothing of each other's. Throws when the file must not be written. */
export function updateState(root: string, change: (state: SprintState) => SprintState): SprintState {
  const loaded = loadState(root);
  if (!loaded.writable) throw new Error(loaded.error?.message ?? `${STATE_FILE} cannot be written`);
  const next = change(loaded.state);
  if (next !== loaded.state) writeInWorkspace(root, STATE_FILE, serializeState(next));
  return next;
}
