/** Who can send a value: the roles and the ownership that stand before it, in words that hold whatever else the app does. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import { snakeCase } from '../../../core/text';
import { type Callers, GIVEN_ROLE, callersOf, isStaffRole, roleName } from '../../endpoint/shared/callers';
import { asksWhose } from './ownership';

/** A user who is signed in is no more than that only where no role is asked for and nobody asks whose it is. */
export function sendersOf(endpoint: Endpoint, model: ProjectModel): Callers {
  const callers = callersOf(endpoint, model);
  if (callers.who !== 'members') return callers;
  const roles = [...new Set(endpoint.roles.map((r) => r.trim()).filter(Boolean))];
  if (roles.length > 0) {
    const staff = roles.some(isStaffRole) && !roles.some((r) => GIVEN_ROLE.test(snakeCase(r)));
    return { ...callers, ...(staff ? { who: 'staff' as const, task: roles.filter((r) => !/admin/i.test(r)).length <= 1 } : {}), name: roleName(roles) };
  }
  return asksWhose(endpoint, model) ? { ...callers, name: 'Whoever it belongs to' } : callers;
}
