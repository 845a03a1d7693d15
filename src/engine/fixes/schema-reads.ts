import type { HandlerRef, ProjectModel } from '../core/model';
import type { Location } from '../core/types';
export function presenceTested(_m: ProjectModel, _h: HandlerRef, _n: string): boolean { return false; }
export function bounded(_m: ProjectModel, _l: Location): boolean { return false; }
