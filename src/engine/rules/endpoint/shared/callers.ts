/** Who can call an endpoint, in the app's own words: what a bad value costs depends on whose it is. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import { snakeCase } from '../../../core/text';
import { unasked } from '../../auth/shared/named';

/** `owner`: the only accounts of the app are its administrators'. `staff`: a role stands before the handler that nobody gives himself. */
export type Caller = 'anyone' | 'members' | 'staff' | 'owner';

export interface Callers {
  readonly who: Caller;
  /** "Anyone", "A signed-in user", "An administrator", "A user with the role editor or manager": begins a sentence. */
  readonly name: string;
  /** Administrators and at most one other kind of staff get in: what is done there is their task. */
  readonly task: boolean;
}

/** Roles that the app's people hold. A positive list: `customer`, `member`, `seller` sign up by themselves. */
const STAFF_ROLE = /(^|_)(super|admin|administrator|owner|manager|staff|operator|root|moderator|editor|supervisor|superuser|superadmin|support|internal|hr|director|head|team|management|service)(_|$)/;
/** Roles of the people an app is for: whoever comes may have one, or is given one without asking. */
export const GIVEN_ROLE = /(^|_)(customer|client|member|guest|visitor|anonymous|public|buyer|seller|vendor|merchant|student|teacher|learner|patient|tenant|landlord|driver|rider|host|author|creator|subscriber|candidate|applicant|player|parent|freelancer|basic|free|premium|default|authenticated)s?(_|$)|^(regular_|normal_|standard_)?user$/;
const ADMIN_ROLE = /^((ultra|super|global|main|head|system|site)_?)*(admin|administrator|user)$/;
/** Guards that say by their name whom they admit; only those that are known to enforce are asked. */
const STAFF_GUARD = /(^|_)(admin|admins|administrator|staff|superuser|superadmin|moderator|operator)(_|$)/;
const ACCOUNT = /(^|_)(user|account|member|customer|client|person|people|profile)s?(_|$)/;
const STAFF_ACCOUNT = /(^|_)(admin|administrator|staff|operator|superuser|superadmin|moderator|owner)s?(_|$)/;

/** Who can reach the handler of this endpoint. */
export function callersOf(endpoint: Endpoint, model: ProjectModel): Callers {
  if (endpoint.auth !== 'required') return { who: 'anyone', name: endpoint.auth === 'unknown' ? 'Possibly anyone' : 'Anyone', task: false };
  if (onlyAdministrators(model)) return { who: 'owner', name: 'An administrator', task: true };
  const roles = [...new Set(endpoint.roles.map((r) => r.trim()).filter(Boolean))];
  if (roles.length > 0 && (roles.every(isStaffRole) || isAmongStaff(roles, model))) return { who: 'staff', name: roleName(roles), task: roles.filter((r) => !ADMIN_ROLE.test(snakeCase(r))).length <= 1 };
  const enforcing = endpoint.guards.filter((g) => g.effect === 'enforces');
  if (enforcing.some((g) => STAFF_GUARD.test(snakeCase(g.name)) && unasked(g, model) === null)) return { who: 'staff', name: 'An administrator', task: true };
  if (roles.length === 0 && enforcing.some((g) => g.kind === 'authorization')) return { who: 'staff', name: 'A user with the right role', task: false };
  return { who: 'members', name: 'A signed-in user', task: false };
}

/** A role that the people who run an app hold. */
export function isStaffRole(role: string): boolean {
  return STAFF_ROLE.test(snakeCase(role));
}

/**
 * `['ACCOUNTS', 'ADMIN']`: a role that stands beside the administrator's, here or at another endpoint, is one of staff, where
 * nobody makes an account for himself and it is not the name of those the app is for.
 */
function isAmongStaff(roles: readonly string[], model: ProjectModel): boolean {
  const beside = model.memo(null, 'roles-beside-staff', rolesBesideStaff);
  return roles.every((r) => isStaffRole(r) || (beside.has(r) && !GIVEN_ROLE.test(snakeCase(r)))) && !model.memo(null, 'people-sign-up', peopleSignUp);
}

function rolesBesideStaff(model: ProjectModel): ReadonlySet<string> {
  return new Set(model.endpoints().map((e) => e.roles.map((r) => r.trim())).filter((roles) => roles.some(isStaffRole)).flat());
}

/** People make accounts for themselves, here or at a provider of sign-ins, past anything that could be read here. */
function peopleSignUp(model: ProjectModel): boolean {
  return model.stack().auth.some((id) => /^(clerk|supabase|firebase-admin|better-auth)$/.test(id)) || model.endpoints().some((e) => e.mounted && e.publicBy === 'sign-up');
}

/** "A user with the role editor or manager": begins a sentence. */
export function roleName(roles: readonly string[]): string {
  if (roles.every((r) => ADMIN_ROLE.test(snakeCase(r)))) return 'An administrator';
  // Whoever may do less is the one to name: the administrators are meant anyway.
  const others = roles.filter((r) => !ADMIN_ROLE.test(snakeCase(r)));
  const named = others.length > 0 ? others : roles;
  const shown = named.map(roleWords);
  if (named.length > 3) return `A user with one of ${roles.length} roles (${shown.slice(0, 2).join(', ')} …)`;
  return `A user with the role ${named.length < 3 ? shown.join(' or ') : `${shown.slice(0, 2).join(', ')} or ${shown[2] ?? ''}`}`;
}

/** Abbreviations stay as the code writes them: `AC_USER` is looked for in this spelling. */
function roleWords(role: string): string {
  return /^[A-Z0-9_]+$/.test(role) && role.includes('_') ? role : snakeCase(role).replace(/_+/g, ' ').trim();
}

/** A sign-in that knows administrators only, and no way to sign up: whoever is signed in runs the site. */
export function onlyAdministrators(model: ProjectModel): boolean {
  return model.memo(null, 'only-administrators', administratorsOnly);
}

/** So many guarded routes, all for the administrator, are no accident. */
const LEAST_GUARDED = 3;

function administratorsOnly(model: ProjectModel): boolean {
  // Hosted sign-in lets people sign up at the provider, past anything that could be read here.
  if (model.stack().auth.some((id) => /^(clerk|authjs|supabase|firebase-admin|better-auth)$/.test(id))) return false;
  const endpoints = model.endpoints().filter((e) => e.mounted);
  if (endpoints.some((e) => e.publicBy === 'sign-up')) return false;
  const signIns = endpoints.filter((e) => e.publicBy === 'sign-in');
  // Somebody who is not known yet gets an account by signing in.
  if (signIns.some((e) => e.sinks.some((s) => s.kind === 'db-write' && /^(insert|create|add|save|upsert)/.test(s.op) && s.target !== null && ACCOUNT.test(snakeCase(s.target))))) return false;
  // Credentials are sent; what is only asked for by a link or a token (an order, a document) is nobody's account.
  const sent = signIns.filter((e) => e.method !== 'GET');
  const accounts = (sent.length > 0 ? sent : signIns).flatMap((e) => e.sinks.filter((s) => s.kind === 'db-read' && s.target !== null).map((s) => snakeCase(s.target ?? '')));
  if (accounts.length > 0 && accounts.every((a) => STAFF_ACCOUNT.test(a))) return true;
  const guarded = endpoints.filter((e) => e.auth === 'required' && e.publicBy === null);
  return signIns.length > 0 && guarded.length >= LEAST_GUARDED && guarded.every(isForAdministrators);
}

/** One role, and that the administrator's. */
function isForAdministrators(e: Endpoint): boolean {
  if (e.roles.length > 0) return e.roles.every((r) => ADMIN_ROLE.test(snakeCase(r.trim())) && snakeCase(r.trim()) !== 'user');
  return e.guards.some((g) => g.effect === 'enforces' && /(^|_)(admin|admins|administrator|superuser|superadmin)(_|$)/.test(snakeCase(g.name)));
}
