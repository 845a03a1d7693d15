/** Which kinds of user a test lets through: roles compared with, flags such as `isAdmin`, names looked for in a list. */
import { type Value, asString, truthiness } from './values';

/** Role names of which the caller has one when the value is true, and when it is false; empty: it does not say. */
export interface RoleTest {
  readonly ifTrue: readonly string[];
  readonly ifFalse: readonly string[];
}

const NOTHING: RoleTest = { ifTrue: [], ifFalse: [] };
const ROLE = /roles?$|^(user_?|account_?|member_?)?type$|authorit(y|ies)$|^(access_?)?level$|^groups?$/i;
const FLAG = /^(is_?|has_?)?(\w*admin|super_?user|staff|moderator|operator)(istrator|_?id|_?access)?$/i;

/** A part of the identity that says what kind of user he is. */
export function isRole(path: readonly string[]): boolean {
  return ROLE.test(path[path.length - 1] ?? '');
}

const PERMISSION = /(permission|privilege|scope|abilit(y|ie)|entitlement)s?$/i;
const RIGHT = 'right:';

/** `user.permissions.includes('users.edit')`: asked for a right rather than for a role; null where it is neither a list of rights nor a look into it. */
export function rightAskedFor(path: readonly string[], method: string | null, of: Value | undefined): string | null {
  if ((method !== 'includes' && method !== 'has') || !of || !PERMISSION.test(path[path.length - 1] ?? '')) return null;
  return `${RIGHT}${asString(of) ?? '?'}`;
}

/** The roles among what is asked for; rights have names of their own. */
export function namesOfRoles(asked: readonly string[]): readonly string[] {
  return asked.filter((r) => !r.startsWith(RIGHT));
}

/** A column that says what kind of user the row is; a plain "type" or "level" is more often about something else. */
export function isRowRole(column: string): boolean {
  return /roles?$/i.test(column) || FLAG.test(column);
}

/** The role a value stands for: a text, or the member of an enumeration nobody can read. */
export function roleName(v: Value): string | null {
  const text = asString(v);
  if (text !== null) return text;
  const last = v.t === 'sym' ? v.links[v.links.length - 1] : undefined;
  return last?.k === 'get' ? last.name : null;
}

/** A table of people who run the app. */
export function isAdminTable(target: string | null): boolean {
  return target !== null && /^(\w*_)?(super_?)?(admin|administrator)(_?(user|account))?s?$/i.test(target.replace(/([a-z])([A-Z])/g, '$1_$2').replace(/_?model$/i, ''));
}

/** What testing a value says about the caller's role. */
export function rolesOf(v: Value): RoleTest {
  switch (v.t) {
    case 'bool':
      return v.roles ?? NOTHING;
    case 'ident': {
      const last = v.path[v.path.length - 1] ?? '';
      return FLAG.test(last) ? { ifTrue: [last.replace(/^(is|has)_?(?=[A-Za-z])/, '').replace(/^[A-Z]/, (c) => c.toLowerCase()).replace(/_?(id|access)$/i, '')], ifFalse: [] } : NOTHING;
    }
    case 'union': {
      const sides = v.of.map((m) => {
        const test = rolesOf(m.value);
        return { known: truthiness(m.value), test: { ifTrue: bothRoles(test.ifTrue, m.roles ?? []), ifFalse: bothRoles(test.ifFalse, m.roles ?? []) } };
      });
      return {
        ifTrue: eitherRole(sides.filter((s) => s.known !== false).map((s) => s.test.ifTrue)),
        ifFalse: eitherRole(sides.filter((s) => s.known !== true).map((s) => s.test.ifFalse)),
      };
    }
    default:
      return NOTHING;
  }
}

/** Roles after paths meet, each of which lets these through: all of them, or anybody when one path does not ask. */
export function eitherRole(paths: readonly (readonly string[])[]): readonly string[] {
  return paths.length > 0 && paths.every((p) => p.length > 0) ? [...new Set(paths.flat())] : [];
}

/** Roles when both tests hold. */
export function bothRoles(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const shared = a.filter((r) => b.includes(r));
  return shared.length > 0 ? shared : b;
}
