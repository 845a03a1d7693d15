/** Amounts that are made numbers and reckoned with, and of which nobody asks whether they are negative. */
import type { Expr, FunctionFact } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { type BodyNames, bodyNames, fieldOf, functionsIn } from './body-names';
import { snakeOf } from './columns';
import { headOf } from './money';

export interface UnsignedAmount {
  readonly field: string;
  readonly at: Location;
  /** Added to a sum that is kept as it was sent: a text is put behind it instead. */
  readonly asSent: boolean;
}

/** What is added, taken off or multiplied by: where the sign turns a withdrawal into a deposit. */
const AMOUNT = /^(amount|quantity|qty|price|total|credits?|points|units|stock|deposit|withdrawal|discount|refund|balance)$/;

/** The first amount of a handler that is reckoned with unasked; nothing where a validator stands before it. */
export function unsignedAmountOf(endpoint: Endpoint, model: ProjectModel): UnsignedAmount | null {
  const h = endpoint.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (!h || !script || h.fn === null || endpoint.guards.some((g) => g.kind === 'validation') || !endpoint.sinks.some((s) => s.kind === 'db-write')) return null;
  const fns = functionsIn(script, h.span);
  const body = bodyNames(fns);
  const coerced = coercedNames(fns, body);
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      const added = n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'mem' ? addedTo(n.target.expr, n.op, n.value) : null;
      const sent = added ? fieldOf(added, body) : null;
      if (added && sent !== null && AMOUNT.test(headOf(snakeOf(sent))) && !isAsked(sent)) return { field: sent, at: { file: h.file, span: { start: added.s, end: added.e } }, asSent: true };
      const side = n.k === 'unary' && n.op === '-' ? n.value : n.k === 'bin' && /^[-+*]$/.test(n.op) ? (amount(n.r) !== null ? n.r : n.l) : n.k === 'assign' && /^[-+*]=$/.test(n.op) ? n.value : null;
      const field = side ? amount(side) : null;
      if (side && field !== null && !isAsked(field)) return { field, at: { file: h.file, span: { start: side.s, end: side.e } }, asSent: false };
    }
  }
  return null;

  /** `Number(req.body.amount)`, or a name for it. A text is not reckoned with: `'a' + name`. */
  function amount(x: Expr): string | null {
    const field = x.k === 'ref' ? (coerced.get(x.name) ?? null) : coercion(x, body);
    return field !== null && AMOUNT.test(headOf(snakeOf(field))) ? field : null;
  }

  /** Compared with something by itself, made positive, or held against a rule. */
  function isAsked(field: string): boolean {
    const is = (x: Expr): boolean => fieldOf(x, body) === field || (x.k === 'ref' && coerced.get(x.name) === field) || coercion(x, body) === field;
    return fns.some((f) => [...nodesOf(f.body)].some((n) => (n.k === 'bin' && /^[<>]=?$/.test(n.op) && (is(n.l) || is(n.r))) || (n.k === 'unary' && n.op === 'typeof' && is(n.value)) || (n.k === 'call' && n.fn.k === 'mem' && /^(abs|max|min|sign|isInteger|isFinite|isSafeInteger|test|parse|safeParse|validate|includes)$/.test(n.fn.prop) && n.args.some(is))));
  }
}

/** `invoice.paid += x`, `invoice.paid = invoice.paid + x`: the x. */
function addedTo(target: Extract<Expr, { k: 'mem' }>, op: string, value: Expr): Expr | null {
  if (op === '+=') return value;
  return op === '=' && value.k === 'bin' && value.op === '+' && value.l.k === 'mem' && value.l.prop === target.prop ? value.r : null;
}

function coercion(x: Expr, body: BodyNames): string | null {
  if (x.k === 'unary' && x.op === '+') return fieldOf(x.value, body);
  if (x.k !== 'call') return null;
  const name = x.fn.k === 'ref' ? x.fn.name : x.fn.k === 'mem' ? x.fn.prop : '';
  return /^(Number|parseInt|parseFloat)$/.test(name) && x.args[0] ? fieldOf(x.args[0], body) : null;
}

function coercedNames(fns: readonly FunctionFact[], body: BodyNames): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'var') continue;
      for (const d of n.decls) {
        const field = d.init && d.target.k === 'name' ? coercion(d.init, body) : null;
        if (field !== null && d.target.k === 'name') out.set(d.target.name, field);
      }
    }
  }
  return out;
}
