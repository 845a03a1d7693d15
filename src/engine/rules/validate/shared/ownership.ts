/** Whether a handler holds a row against its caller: only whose it is, or an administrator, goes on. */
import type { Expr, Stmt } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import { nodesOf } from '../../../fixes/walk';
import { bodyNames, functionsIn } from './body-names';

const CALLER = /^(user|session|auth|me|current_?user|logged_?in_?user|token|decoded|payload|claims|caller|account|auth_?user|admin|member)$/i;
const ID = /^(_?id|uid|sub|user_?id|member_?id|account_?id)$/i;
const CALLER_ID = /^(user|current|caller|session|auth|my|requester|me)_?(user)?_?id$/i;

/** A comparison with the caller's own id whose failure ends the request. */
export function asksWhose(endpoint: Endpoint, model: ProjectModel): boolean {
  return model.memo(endpoint, 'asks-whose', (m) => askedIn(endpoint, m));
}

function askedIn(endpoint: Endpoint, model: ProjectModel): boolean {
  const h = endpoint.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (!h || !script) return false;
  const fns = functionsIn(script, h.span);
  const sent = bodyNames(fns).fields;
  const isCallers = (x: Expr): boolean => namesCallerId(x, (name) => sent.has(name));
  return fns.some((f) => nodesOf(f.body).some((n) => n.k === 'if' && ends(n.then) && nodesOf(n.test).some((t) => compares(t as Expr, isCallers))));
}

/** What a framework or a middleware hands on: the caller's ids stand on it by themselves (`req.userId`, `ctx.workspaceId`). */
const CARRIER = /^(ctx|context|req|request|res|locals|auth|session)$/i;

/** `req.user._id`, `session.user.id`, `ctx.userId`, `userId` where that is no field of the request. */
export function namesCallerId(x: Expr, isSent: (name: string) => boolean = () => false): boolean {
  return nodesOf(x).some((n) => (n.k === 'ref' && CALLER_ID.test(n.name) && !isSent(n.name)) || (n.k === 'mem' && ((ID.test(n.prop) && namesCaller(n.obj)) || (CALLER_ID.test(n.prop) && onCarrier(n.obj)))));
}

function onCarrier(x: Expr): boolean {
  return x.k === 'ref' ? CARRIER.test(x.name) : x.k === 'mem' && /^(locals|auth|state)$/.test(x.prop);
}

/** `req.user.companyId`, `session.user.organizationId`, `ctx.workspaceId`: a part of who is signed in, by a name that `is` accepts. */
export function partOfCaller(x: Expr, is: (name: string) => boolean): boolean {
  return nodesOf(x).some((n) => n.k === 'mem' && is(n.prop) && (namesCaller(n.obj) || onCarrier(n.obj)));
}

/** `user`, `req.user`, `session.user`, `session?.user`. */
function namesCaller(x: Expr): boolean {
  return x.k === 'ref' ? CALLER.test(x.name) : x.k === 'mem' && CALLER.test(x.prop);
}

function compares(x: Expr, isCallers: (x: Expr) => boolean): boolean {
  const something = (y: Expr): boolean => y.k !== 'null' && y.k !== 'undef' && y.k !== 'str' && y.k !== 'num' && !isCallers(y);
  if (x.k === 'bin') return /^[!=]==?$/.test(x.op) && ((isCallers(x.l) && something(x.r)) || (isCallers(x.r) && something(x.l)));
  const other = x.k === 'call' && x.fn.k === 'mem' && /^(equals|isEqual|includes)$/.test(x.fn.prop) ? x.fn.obj : null;
  return other !== null && x.k === 'call' && x.args.some((a) => isCallers(a) !== isCallers(other));
}

function ends(body: readonly Stmt[]): boolean {
  return body.some((s) => s.k === 'return' || s.k === 'throw');
}
