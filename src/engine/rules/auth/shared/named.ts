/** Guards that are named for administrators: whether they ask for one. */
import type { FunctionFact } from '../../../core/facts';
import type { Guard, ProjectModel } from '../../../core/model';
import { basename } from '../../../core/paths';
import { snakeCase } from '../../../core/text';
import type { Location } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';

/** A guard that says by its name whom it admits, reads what would tell, and admits every account. */
export interface Unasked {
  /** As people know it: the function's name, or its file's where it has none. */
  readonly name: string;
  /** What of the account it reads and never looks at: `rank`. */
  readonly field: string;
  readonly at: Location;
}

const ADMIN = /(^|_)(admins?|administrators?|super_?admins?|super_?users?|staff|moderators?)(_|$)/;
/** What kind of user an account is. */
const KIND = /^(user_?|account_?)?(roles?|rank|type|level|permissions?)$|^(is_?)(admin|staff|super_?user|owner|moderator)$/i;
/** Names that tell administrators apart in other ways: a key or a table of their own, a list of addresses. */
const TELLS = /admin|super|staff|owner|role|rank|permission|level|allow|scope|mail|type/i;

/** The guard is named for administrators and lets every account pass; null where it asks, or where reading cannot tell. */
export function unasked(guard: Guard, model: ProjectModel): Unasked | null {
  if (guard.effect !== 'enforces' || guard.kind !== 'authentication' || guard.because !== 'summary' || !guard.by) return null;
  const script = model.file(guard.by.file)?.script;
  const fn = script?.functions[guard.by.fn];
  if (!script || !fn) return null;
  const file = basename(guard.by.file).replace(/\.[cm]?[jt]sx?$/, '');
  const own = /^(exports|default|anonymous)?$/.test(fn.name) ? file : fn.name;
  if (![own, guard.name].some((n) => ADMIN.test(snakeCase(n.replace(/[-.]/g, '_'))))) return null;
  const field = fieldRead(fn);
  return field === null || asks(fn) ? null : { name: own, field, at: { file: guard.by.file, span: fn.head } };
}

/** `{ rank: decoded.rank }`, `req.role = decoded.role`: kept for later. */
function fieldRead(fn: FunctionFact): string | null {
  for (const n of nodesOf(fn.body)) if (n.k === 'mem' && KIND.test(n.prop)) return n.prop;
  return null;
}

/** Something in it decides by what tells administrators apart, or hands the question on. */
function asks(fn: FunctionFact): boolean {
  const tells = (nodes: ReturnType<typeof nodesOf>): boolean => nodes.some((n) => (n.k === 'mem' && TELLS.test(n.prop)) || (n.k === 'ref' && TELLS.test(n.name)) || (n.k === 'call' && !isPlain(n)));
  return nodesOf(fn.body).some((n) => {
    if (n.k === 'if') return tells(nodesOf(n.test));
    if (n.k === 'cond') return tells(nodesOf(n.test));
    if (n.k === 'logic') return tells(nodesOf(n.l));
    if (n.k === 'switch') return true;
    // A key of their own, or a table of their own.
    if (n.k === 'call') return n.args.some((a) => nodesOf(a).some((x) => (x.k === 'mem' || x.k === 'ref') && /admin|super/i.test(x.k === 'mem' ? x.prop : x.name))) || /admin|super|role|permission|authoriz/i.test(calledName(n)) || isLookUp(n);
    return false;
  });
}

function calledName(n: { readonly fn: { readonly k: string; readonly prop?: string; readonly name?: string } }): string {
  return n.fn.prop ?? n.fn.name ?? '';
}

/** `header.startsWith('Bearer ')`: asks for the token's form. */
function isPlain(n: { readonly fn: { readonly k: string; readonly prop?: string; readonly name?: string } }): boolean {
  return /^(startsWith|split|trim|get|header|replace|slice|substring)$/.test(calledName(n));
}

/** The account is looked up: being found may be what is asked. */
function isLookUp(n: { readonly fn: { readonly k: string; readonly prop?: string; readonly name?: string } }): boolean {
  return /^(find\w*|query|select|from|execute|get[A-Z]\w*)$/.test(calledName(n));
}
