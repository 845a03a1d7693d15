/** Names a handler gives to the request body and its fields, from the IR alone. */
import type { Expr, FunctionFact, Pattern, ScriptFacts } from '../../../core/facts';
import type { Span } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';

/** The functions that stand inside a span, the handler itself included. */
export function functionsIn(script: ScriptFacts, span: Span): readonly FunctionFact[] {
  return script.functions.filter((f) => f.kind !== 'module' && f.span.start >= span.start && f.span.end <= span.end);
}

export interface BodyNames {
  /** Names of the whole body: `const updates = req.body`. */
  readonly whole: ReadonlySet<string>;
  /** Local name → field: `const { ids: list } = req.body`. */
  readonly fields: ReadonlyMap<string, string>;
}

/** What the functions of a handler call the body and its fields. */
export function bodyNames(fns: readonly FunctionFact[]): BodyNames {
  const whole = new Set<string>();
  const fields = new Map<string, string>();
  const known: BodyNames = { whole, fields };
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'var') continue;
      for (const d of n.decls) {
        if (!d.init) continue;
        if (isBody(d.init, known)) take(d.target, whole, fields);
        else if (d.target.k === 'name') {
          const field = fieldOf(d.init, known);
          if (field !== null) fields.set(d.target.name, field);
        }
      }
    }
  }
  return known;
}

function take(target: Pattern, whole: Set<string>, fields: Map<string, string>): void {
  if (target.k === 'name') whole.add(target.name);
  if (target.k !== 'obj') return;
  for (const p of target.props) if (p.key !== null && p.value.k === 'name') fields.set(p.value.name, p.key);
  if (target.rest !== null) whole.add(target.rest);
}

/** `req.body`, `await request.json()`, or a name given to one of them. */
export function isBody(x: Expr, known: BodyNames): boolean {
  if (x.k === 'ref') return known.whole.has(x.name);
  if (x.k === 'mem') return x.prop === 'body' && x.obj.k === 'ref' && /^(req|request|ctx)$/.test(x.obj.name);
  if (x.k === 'await') return x.value.k === 'call' && x.value.fn.k === 'mem' && x.value.fn.prop === 'json' && x.value.fn.obj.k === 'ref' && /^(req|request)$/.test(x.value.fn.obj.name);
  // A copy holds what the body holds, until something else is put into it.
  if (x.k === 'obj') return x.props.length === 1 && x.props[0]?.k === 'spread' && isBody(x.props[0].value, known);
  return x.k === 'logic' && isBody(x.l, known);
}

/** The field of the body that an expression is; null when it is none. */
export function fieldOf(x: Expr, known: BodyNames): string | null {
  if (x.k === 'ref') return known.fields.get(x.name) ?? null;
  if (x.k === 'mem') return isBody(x.obj, known) ? x.prop : null;
  return x.k === 'logic' ? fieldOf(x.l, known) : null;
}
