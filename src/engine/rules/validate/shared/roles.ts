/** Whether people choose their own role when they sign up: the fields that hold one, and whether the code decides instead. */
import type { Expr } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import { nodesOf } from '../../../fixes/walk';
import { bodiesOf } from '../../endpoint/shared/looks';
import { valuesOf } from './models';

/** Names of fields that hold a role. */
export const ROLE = /^(roles?|user_?role|account_?type|user_?type|access_?level|permissions?|scopes?)$/i;
/** Names of flags that make an administrator. */
export const FLAG = /^(is_?)?(admin|super_?user|super_?admin|staff)$/i;
/** Words of roles that nobody should give himself. */
export const PRIVILEGED = /admin|super|owner|root|staff|manager|moderator|operator|support/i;

/** Anybody may call it, and it makes an account. */
export function isOpenSignUp(e: Endpoint): boolean {
  if (!e.mounted || e.auth === 'required' || e.auth === 'unknown') return false;
  const writes = e.sinks.some((s) => s.kind === 'db-write' || s.kind === 'auth-admin');
  return writes && (e.publicBy === 'sign-up' || /(^|[/_-])(register|sign-?up)([/_-]|$)|(register|signUp)[A-Z]?/.test(e.path));
}

/** How many calls deep the code of a sign-up is followed. */
export const DEPTH = 2;

/** `role: 'reader'`, `const { role, ...rest } = data` and the rest is stored, `delete data.role`, a test of the role that refuses. */
export function setsItself(e: Endpoint, model: ProjectModel, key: string): boolean {
  for (const body of bodiesOf(e, model, DEPTH)) {
    for (const n of nodesOf(body)) {
      if (n.k === 'obj' && n.props.some((p) => p.k === 'prop' && p.key === key && isConstant(p.value)) && n.props.some((p) => p.k === 'spread' || (p.k === 'prop' && /pass|mail|name/i.test(p.key)))) return true;
      if (n.k === 'var' && n.decls.some((d) => d.target.k === 'obj' && d.target.rest !== null && d.target.props.some((p) => p.key === key))) return true;
      if (n.k === 'if' && [...nodesOf(n.test)].some((t) => asksWhich(t, key))) return true;
    }
  }
  return false;
}

/** `role === 'admin'`, `ALLOWED.includes(role)`. That one was sent (`!role`, `role == null`) says nothing about which. */
function asksWhich(t: Expr | { readonly k: string }, key: string): boolean {
  const x = t as Expr;
  const named = (y: Expr): boolean => [...nodesOf(y)].some((n) => (n.k === 'ref' && n.name === key) || (n.k === 'mem' && n.prop === key));
  const nothing = (y: Expr): boolean => y.k === 'null' || y.k === 'undef' || (y.k === 'ref' && y.name === 'undefined');
  if (x.k === 'bin') return (named(x.l) && !nothing(x.r)) || (named(x.r) && !nothing(x.l));
  return x.k === 'call' && (x.args.some(named) || (x.fn.k === 'mem' && named(x.fn.obj)));
}

/** A constant, or a member of an enumeration. */
export function isConstant(x: Expr): boolean {
  return x.k === 'str' || x.k === 'bool' || (x.k === 'mem' && x.obj.k === 'ref' && /^[A-Z]/.test(x.obj.name));
}

/** Kinds of accounts are rights only where one of them is known to be. */
const KIND = /type$/i;

/** Of these fields, stored by an open sign-up as sent, the one that decides what the new account may do; null where none does, or the code decides it. */
export function chosenRole(e: Endpoint, fields: readonly string[], target: string | null, model: ProjectModel): string | null {
  if (!isOpenSignUp(e)) return null;
  return fields.find((f) => (ROLE.test(f) || FLAG.test(f)) && isPowerful(f, target, model) && !setsItself(e, model, f)) ?? null;
}

/** One of its values is an administrator’s; where the values are not listed, something in the app has to ask for a role. */
function isPowerful(field: string, target: string | null, model: ProjectModel): boolean {
  const values = valuesOf(target, field, model);
  if (values !== null) return values.some((v) => PRIVILEGED.test(v));
  if (KIND.test(field)) return false;
  return model.endpoints().some((e) => e.roles.some((r) => PRIVILEGED.test(r)) || e.guards.some((g) => g.effect === 'enforces' && (g.kind === 'authorization' || PRIVILEGED.test(g.name))));
}
