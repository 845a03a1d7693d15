/** "Rotate NAME": a key that was leaked stays leaked after it left the code. Only a person can say it was replaced. */
import type { Finding } from '../engine/core/types';
import { withEntry, type Rotation, type SprintState } from './state';

export interface RotationEntry {
  /** Environment variable name. */
  readonly name: string;
  readonly rotation: Rotation;
  readonly done: boolean;
  /** `Rotate STRIPE_SECRET_KEY (Stripe live secret key) at the provider`. */
  readonly text: string;
}

/** What has to be replaced once this finding's secret has left the code; null when the finding is no secret. */
export function rotationOf(finding: Finding): { readonly name: string; readonly label: string | null } | null {
  if (!finding.category.startsWith('secret-') && finding.data['envName'] === undefined) return null;
  const name = finding.data['envName'] ?? finding.data['name'];
  const label = finding.data['label'];
  return typeof name === 'string' && name !== '' ? { name, label: typeof label === 'string' ? label : null } : null;
}

/**
 * Called when a fix has moved a secret out of the code. A key that was rotated before and is leaked again is due again.
 */
export function addRotation(state: SprintState, finding: Finding, date: string): SprintState {
  const due = rotationOf(finding);
  if (!due) return state;
  const before = state.rotations[due.name];
  if (before && before.done === undefined) return state;
  return withEntry(state, 'rotations', due.name, { added: date, file: finding.at.file, ...(due.label === null ? {} : { label: due.label }) });
}

/** The hand tick, or its removal (`date` null). */
export function tickRotation(state: SprintState, name: string, date: string | null, by?: string): SprintState {
  const before = state.rotations[name];
  if (!before) return state;
  const { done: _done, by: _by, ...open } = before;
  return withEntry(state, 'rotations', name, date === null ? open : { ...open, done: date, ...(by === undefined ? {} : { by }) });
}

/** Pending first, then by name. */
export function rotationList(state: SprintState): readonly RotationEntry[] {
  return Object.entries(state.rotations)
    .map(([name, rotation]): RotationEntry => ({
      name,
      rotation,
      done: rotation.done !== undefined,
      text: `Rotate ${name}${rotation.label ? ` (${rotation.label})` : ''} at the provider`,
    }))
    .sort((a, b) => Number(a.done) - Number(b.done) || (a.name < b.name ? -1 : 1));
}
