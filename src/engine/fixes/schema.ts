import type { Fixer } from '../core/fix';
import type { Endpoint, ProjectModel } from '../core/model';
import type { Location } from '../core/types';
export function canAddSchema(_m: ProjectModel, _e: Endpoint, _at: Location): boolean { return false; }
export const addSchema: Fixer = { class: 'guard', title: () => 'Validate', compute: () => null };
export const schemaByHand: Fixer = { class: 'manual', title: () => 'Steps', compute: () => ({ title: '', class: 'manual', edits: [], create: [], manual: ['x'] }) };
export const readOutcome: Fixer = { class: 'manual', title: () => 'Steps', compute: () => ({ title: '', class: 'manual', edits: [], create: [], manual: ['x'] }) };
