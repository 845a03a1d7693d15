/** How much a query can load when nothing caps its limit: what it is filtered by, whatever the caller sends. */
import type { Expr, FunctionFact, ScriptFacts } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import { chainAt, functionAt, nodesOf } from '../../../fixes/walk';
import { meaningOf } from './columns';
import { namesCallerId } from './ownership';

/** `one`: the rows of the caller, or those that belong to one record. */
export type Reach = 'all' | 'matching' | 'tenant' | 'one';

/** One test of a query's filter. */
export interface Condition {
  readonly column: string;
  readonly value: Expr;
}

const KEY = /(^|_)_?id$|[a-z]I[dD]$|^(uuid|slug)$/;
/** The column names a row. */
export function isKey(column: string): boolean {
  return KEY.test(column);
}

/** A relation is asked by a column of its own. */
const JOINS = /^(AND|is|some|every|\$and)$/;

/** The narrowest condition that always holds. */
export function reachOf(endpoint: Endpoint, at: Location, model: ProjectModel): Reach {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  if (!script || !fn) return 'all';
  const params = new Set([...endpoint.path.matchAll(/[:{[](?:\.\.\.)?(\w+)/g)].map((m) => m[1] ?? ''));
  const found = conditionsOf(script, fn, at).filter((c) => !isOptional(c.value));
  const fromPath = (x: Expr): boolean => nodesOf(x).some((n) => (n.k === 'ref' && params.has(n.name)) || (n.k === 'mem' && params.has(n.prop)));
  if (found.some((c) => namesCallerId(c.value) || (isKey(c.column) && fromPath(c.value)))) return 'one';
  if (found.some((c) => meaningOf(c.column) === 'tenant')) return 'tenant';
  return found.length > 0 ? 'matching' : 'all';
}

/** What a query asks of the rows it finds or changes; nothing where it stands in no code that could be read. */
export function conditionsAt(at: Location, model: ProjectModel): readonly Condition[] {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  return script && fn ? conditionsOf(script, fn, at).filter((c) => !isOptional(c.value)) : [];
}

/** It asks for rows of one company only. */
export function asksTenant(at: Location, model: ProjectModel): boolean {
  return conditionsAt(at, model).some((c) => meaningOf(c.column) === 'tenant');
}

/** `x ? { … } : undefined`, `status || undefined`, a value from the query string that may be missing: no filter then. */
function isOptional(x: Expr): boolean {
  if (x.k === 'undef') return true;
  if (x.k === 'cond') return isOptional(x.then) || isOptional(x.else);
  if (x.k === 'logic') return x.op === '&&' || isOptional(x.r);
  return nodesOf(x).some((n) => n.k === 'mem' && n.prop === 'query');
}

function conditionsOf(script: ScriptFacts, fn: FunctionFact, at: Location): Condition[] {
  const out: Condition[] = [];
  for (const call of chainAt(script, at.span)) {
    const name = call.fn.k === 'mem' ? call.fn.prop : '';
    const first = call.args[0];
    const last = call.args[call.args.length - 1];
    if (/^(eq|where|andWhere|filter|match|is|in|contains)$/.test(name) && first?.k === 'str' && last && last !== first && /^[\w.]+$/.test(first.v)) out.push({ column: first.v.slice(first.v.lastIndexOf('.') + 1), value: last });
    for (const [i, arg] of call.args.entries()) {
      for (const n of nodesOf(arg)) if (n.k === 'call' && n.fn.k === 'ref' && n.fn.name === 'eq' && n.args[0]?.k === 'mem' && n.args[1]) out.push({ column: n.args[0].prop, value: n.args[1] });
      for (const column of sqlColumns(arg)) out.push({ column, value: arg });
      const where = arg.k === 'obj' ? arg.props.find((p) => p.k === 'prop' && p.key === 'where') : undefined;
      if (where?.k === 'prop') out.push(...inFilter(where.value, script, fn));
      else if (i === 0 && /^(find|findOne|where|match|paginate|updateOne|updateMany|deleteOne|deleteMany|findOneAndUpdate|findOneAndDelete|countDocuments)$/.test(name)) out.push(...inFilter(arg, script, fn));
    }
  }
  return out;
}

/** The keys of a filter that stands there, or that a name of the function holds. */
function inFilter(x: Expr, script: ScriptFacts, fn: FunctionFact): Condition[] {
  if (x.k === 'ref') {
    const held = heldBy(x.name, script, fn);
    // `where.shop = …` outside any condition always holds.
    const set = fn.body.flatMap((s) => (s.k === 'expr' && s.x.k === 'assign' && s.x.target.k === 'target' && s.x.target.expr.k === 'mem' && s.x.target.expr.obj.k === 'ref' && s.x.target.expr.obj.name === x.name ? [{ column: s.x.target.expr.prop, value: s.x.value }] : []));
    return [...(held && held.k !== 'ref' ? inFilter(held, script, fn) : []), ...set];
  }
  if (x.k === 'arr') return x.items.flatMap((i) => inFilter(i, script, fn));
  if (x.k !== 'obj') return [];
  return x.props.flatMap((p): Condition[] => {
    if (p.k === 'spread') return inFilter(p.value, script, fn);
    if (p.k !== 'prop' || p.key === 'OR' || p.key === 'NOT' || p.key === '$or') return [];
    const inner = JOINS.test(p.key) || p.value.k === 'obj' ? inFilter(p.value, script, fn) : [];
    return p.value.k === 'obj' || p.value.k === 'arr' ? [{ column: p.key, value: p.value }, ...inner] : [{ column: p.key, value: p.value }];
  });
}

function heldBy(name: string, script: ScriptFacts, fn: FunctionFact): Expr | null {
  for (let f: FunctionFact | undefined = fn; f; f = f.kind === 'module' ? undefined : script.functions[f.parent]) {
    for (const n of nodesOf(f.body)) if (n.k === 'var') for (const d of n.decls) if (d.target.k === 'name' && d.target.name === name && d.init) return d.init;
  }
  return null;
}

function sqlColumns(x: Expr): string[] {
  const text = x.k === 'str' ? x.v : x.k === 'tpl' ? x.parts.map((p) => (p.k === 'str' ? p.v : '?')).join('') : '';
  return [...text.matchAll(/\b(?:where|and)\s+["`]?(?:\w+["`]?\.["`]?)?(\w+)["`]?\s*=/gi)].map((m) => m[1] ?? '');
}
