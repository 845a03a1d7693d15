/** Where a sent value stands in a write: whether it picks the row that is changed, or is kept in it. */
import type { Expr, FunctionFact } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import { chainAt, functionAt, nodesOf } from '../../../fixes/walk';
import { bodyNames } from './body-names';

/** Methods whose arguments say which rows are meant. */
const FILTERS = /^(eq|neq|gt|gte|lt|lte|in|is|match|filter|where|andWhere|orWhere|whereIn|not|or|contains|equals|findById|findByPk|id|doc|child)$/;
/** Methods whose first argument says so, and the others what is kept. */
const FIRST_FILTERS = /^(findByIdAnd\w+|findOneAnd\w+|updateOne|updateMany|replaceOne|deleteOne|deleteMany|updateById|updateUserById|deleteUser)$/;

/** Of a field of the request, in one write; null where the write does not name it. */
export type Part = 'picks' | 'kept' | null;

/** Whether the field only picks the row that is written, or is kept in it. */
export function partIn(field: string, at: Location, model: ProjectModel): Part {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  if (!script || !fn) return null;
  const locals = localsOf(field, fn);
  const names = (x: Expr): boolean => (x.k === 'ref' && locals.has(x.name)) || (x.k === 'mem' && x.prop === field);
  const holds = (x: unknown): boolean => nodesOf(x).some((n) => names(n as Expr));
  let picks = false;
  for (const call of chainAt(script, at.span)) {
    const method = call.fn.k === 'mem' ? call.fn.prop : '';
    for (const [i, arg] of call.args.entries()) {
      if (FILTERS.test(method) || (i === 0 && FIRST_FILTERS.test(method))) {
        picks ||= holds(arg);
        continue;
      }
      const sql = textOf(arg);
      const values = sql === null ? undefined : call.args[i + 1];
      if (sql !== null && values?.k === 'arr') {
        for (const [n, item] of values.items.entries()) {
          if (!holds(item)) continue;
          if (!isBehindWhere(sql, n)) return 'kept';
          picks = true;
        }
        break;
      }
      if (arg.k !== 'obj') {
        if (holds(arg)) return 'kept';
        continue;
      }
      for (const p of arg.props) {
        if (!holds(p.k === 'computed' ? [p.key, p.value] : p.value)) continue;
        if (p.k !== 'prop' || p.key !== 'where') return 'kept';
        picks = true;
      }
    }
  }
  return picks ? 'picks' : null;
}

/** The column that a field is kept in, where the code gives it another name: `{ mail: email }`, `doc.mail = email`; else its own name. */
export function columnFor(field: string, at: Location, model: ProjectModel): string {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  if (!fn) return field;
  const locals = localsOf(field, fn);
  const is = (x: Expr): boolean => (x.k === 'ref' && locals.has(x.name)) || (x.k === 'mem' && x.prop === field) || (x.k === 'logic' && (is(x.l) || is(x.r))) || (x.k === 'cond' && (is(x.then) || is(x.else))) || (x.k === 'call' && x.args.length > 0 && is(x.args[0]!));
  const kept = keptIn(fn).filter((k) => is(k.value));
  const keys = new Set(kept.map((k) => k.key));
  const [only] = keys;
  if (keys.size === 1 && only !== undefined) return only;
  // Of several names, the one that this write gives it.
  const own = keys.size > 1 && script ? chainAt(script, at.span).at(-1) : undefined;
  const here = new Set(own ? kept.flatMap((k) => (own.s <= k.value.s && k.value.e <= own.e ? [k.key] : [])) : []);
  return here.size === 1 ? ([...here][0] ?? field) : field;
}

/** What each function keeps under which name, and what it calls the fields of the body: asked once for every field of a handler. */
const kept = new WeakMap<FunctionFact, readonly { readonly key: string; readonly value: Expr }[]>();
const named = new WeakMap<FunctionFact, ReadonlyMap<string, string>>();

function keptIn(fn: FunctionFact): readonly { readonly key: string; readonly value: Expr }[] {
  let out = kept.get(fn);
  if (!out) {
    out = nodesOf(fn.body).flatMap((n) => {
      if (n.k === 'obj') return n.props.flatMap((p) => (p.k === 'prop' ? [{ key: p.key, value: p.value }] : []));
      return n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'mem' ? [{ key: n.target.expr.prop, value: n.value }] : [];
    });
    kept.set(fn, out);
  }
  return out;
}

function localsOf(field: string, fn: FunctionFact): ReadonlySet<string> {
  let names = named.get(fn);
  if (!names) named.set(fn, (names = bodyNames([fn]).fields));
  return new Set([field, ...[...names].flatMap(([local, of]) => (of === field ? [local] : []))]);
}

function textOf(x: Expr): string | null {
  if (x.k === 'str') return /\b(update|insert|delete|where)\b/i.test(x.v) ? x.v : null;
  return x.k === 'tpl' ? x.parts.map((p) => (p.k === 'str' ? p.v : ' ')).join('') : null;
}

/** The n-th value of a statement that changes rows stands in its condition: `UPDATE t SET a = $1 WHERE id = $2`. */
function isBehindWhere(sql: string, n: number): boolean {
  const where = sql.search(/\bwhere\b/i);
  if (where < 0 || /^\s*insert\b/i.test(sql)) return false;
  const named = sql.search(new RegExp(`[$@:]${n + 1}\\b`));
  if (named >= 0) return named > where;
  let at = -1;
  for (let i = 0; i <= n; i++) {
    at = sql.indexOf('?', at + 1);
    if (at < 0) return false;
  }
  return at > where;
}
