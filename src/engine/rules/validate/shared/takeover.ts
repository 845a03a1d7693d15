/** Whether an endpoint lets its caller take over accounts: the password, the role or the company of a row it names by an id. */
import type { Expr } from '../../../core/facts';
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import { nodesOf } from '../../../fixes/walk';
import { bodyNames, functionsIn, isBody } from './body-names';
import { snakeOf } from './columns';
import { asksTenant } from './filters';
import { asksWhose } from './ownership';
import { isSignedInTable, keepsTenantsApart } from './people';

export interface Takeover {
  /** The worst field first. */
  readonly fields: readonly string[];
  readonly by: 'password' | 'role' | 'tenant';
  /** Only accounts of one company can be reached. */
  readonly ofCompany: boolean;
}

const CHANGES = /^(update|updateOne|updateMany|updateById|findByIdAndUpdate|findOneAndUpdate|findAndUpdate|replaceOne|upsert|save|set|patch|merge|sql|query)$/;
const PASSWORD = /(^|_)(password|passwd|pwd)(_hash|_digest)?$|^(hashed|encrypted)_(password|pwd)$/;
const ROLE = /^(roles?|rank|user_?role|role_?id|permissions?|is_?admin|is_?super_?(user|admin)|access_?level)$/;
const TENANT = /^(organi[sz]ation|org|company|tenant|workspace|firm|clinic)_?id$/;
const COMPARES = /^(compare|compareSync|verify|verifyPassword|comparePassword\w*|matchPassword|matchesPassword|checkPassword|isPasswordValid|validPassword|validatePassword|isValidPassword|isPasswordCorrect|correctPassword)$/;
const ADDRESS = /^(e?mail|username|login)$/;

/** Of these fields, written to a table of accounts, those that take an account over; null where none does or somebody asks whose it is. */
export function takeoverOf(endpoint: Endpoint, fields: readonly string[], model: ProjectModel): Takeover | null {
  const target = changedAccounts(endpoint, model);
  if (target === null || !/[:{[]\w/.test(endpoint.path) || asksWhose(endpoint, model) || asksOldPassword(endpoint, model)) return null;
  const all = [...new Set([...fields, ...passwordsIn(endpoint, model)])];
  const of = (re: RegExp): string[] => all.filter((f) => re.test(snakeOf(f)));
  const passwords = of(PASSWORD);
  const roles = of(ROLE);
  const tenants = keepsTenantsApart(model) ? of(TENANT) : [];
  const by = passwords.length > 0 ? 'password' : roles.length > 0 ? 'role' : tenants.length > 0 ? 'tenant' : null;
  return by === null ? null : { fields: [...passwords, ...roles, ...tenants, ...of(ADDRESS)].slice(0, 4), by, ofCompany: endpoint.sinks.some((s) => s.target === target && (s.kind === 'db-read' || s.kind === 'db-write') && asksTenant(s.at, model)) };
}

/** The table of accounts a row of which is changed, not made. */
function changedAccounts(e: Endpoint, model: ProjectModel): string | null {
  const found = e.sinks.find((s): s is SinkUse & { readonly target: string } => s.kind === 'db-write' && s.target !== null && CHANGES.test(s.op) && isSignedInTable(s.target, model) && (s.op !== 'save' || e.sinks.some((r) => r.kind === 'db-read' && r.target === s.target)));
  return found?.target ?? null;
}

/** A password is held against the one that is kept; one alone is only asked for its length. */
export function comparesPassword(x: { readonly k: string }): boolean {
  const n = x as Expr;
  if (n.k !== 'call') return false;
  return n.fn.k === 'mem' ? COMPARES.test(n.fn.prop) : n.fn.k === 'ref' && COMPARES.test(n.fn.name) && n.args.length >= 2;
}

/** Whoever knows the old password is whose account it is. */
function asksOldPassword(e: Endpoint, model: ProjectModel): boolean {
  const h = e.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (!h || !script) return false;
  return functionsIn(script, h.span).some((f) => nodesOf(f.body).some(comparesPassword));
}

/** `data.password = await hash(body.password)`, `{ password: hash(password) }`: hashed or asked for its length, it is still the caller's. */
function passwordsIn(e: Endpoint, model: ProjectModel): string[] {
  const h = e.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (!h || !script) return [];
  const fns = functionsIn(script, h.span);
  const known = bodyNames(fns);
  const sent = (x: Expr): boolean => nodesOf(x).some((n) => (n.k === 'ref' && PASSWORD.test(snakeOf(known.fields.get(n.name) ?? ''))) || (n.k === 'mem' && PASSWORD.test(snakeOf(n.prop)) && isBody(n.obj, known)));
  const hashed = new Set(fns.flatMap((f) => nodesOf(f.body).flatMap((n) => (n.k === 'var' ? n.decls.flatMap((d) => (d.target.k === 'name' && d.init && sent(d.init) ? [d.target.name] : [])) : []))));
  const isSent = (x: Expr): boolean => sent(x) || nodesOf(x).some((n) => n.k === 'ref' && hashed.has(n.name));
  const out: string[] = [];
  for (const n of fns.flatMap((f) => nodesOf(f.body))) {
    if (n.k === 'obj') for (const p of n.props) if (p.k === 'prop' && PASSWORD.test(snakeOf(p.key)) && isSent(p.value)) out.push(p.key);
    // `query('update users set password_hash = ? …', [name, hashed])`.
    if (n.k === 'arr' && n.items.some((i) => i.k === 'ref' && hashed.has(i.name))) out.push('password');
    if (n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'mem' && PASSWORD.test(snakeOf(n.target.expr.prop)) && isSent(n.value)) out.push(n.target.expr.prop);
  }
  return out;
}
