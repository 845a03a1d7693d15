/** Rows that a caller picks by an id he sends, and that nothing ties to him: those of another customer can be changed that way. */
import type { Expr, FunctionFact, ScriptFacts } from '../../../core/facts';
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import type { Location } from '../../../core/types';
import { chainAt, nodesOf } from '../../../fixes/walk';
import { isKeptApart, isShownToAll, tiesToCaller } from './apart';
import { type BodyNames, bodyNames, fieldOf, functionsIn } from './body-names';
import { columnOf, columnsOf } from './models';
import { conditionsAt, isKey } from './filters';
import { asksWhose } from './ownership';
import { PRIVILEGED } from './roles';

export interface Picked {
  readonly field: string;
  readonly table: string;
  readonly at: Location;
}

const CHANGES = /^(update|updateOne|updateMany|updateById|findByIdAnd\w+|findOneAnd\w+|replaceOne|delete|deleteOne|deleteMany|destroy|patch|set)$/;
const BY_ID = /^findByIdAnd/;
/** Whoever is asked this with the id may say no. */
const ASKS = /assert|ensure|verif|check|can[A-Z]|may[A-Z]|allow|authoriz|permit|belongs|owns|access|require|guard/i;
/** How many references lead from a row to what says whose it is. */
const STEPS = 2;

/** The first row that is changed so in the handler; null where each is tied to its caller, or to what is. */
export function pickedRowOf(e: Endpoint, model: ProjectModel): Picked | null {
  if (e.auth !== 'required' || asksWhose(e, model) || asksForAdministrator(e, model)) return null;
  for (const s of e.sinks) {
    if (s.kind !== 'db-write' || s.target === null || s.asUser || !CHANGES.test(s.op) || !belongs(s.target, model, STEPS)) continue;
    const script = model.file(s.at.file)?.script;
    const outer = script ? outermost(script, s.at) : undefined;
    if (!script || !outer) continue;
    const fns = functionsIn(script, outer.span);
    const known = bodyNames(fns);
    const items = itemsOf(fns, script, known);
    const sent = (x: Expr): string | null => fieldOf(x, known) ?? (x.k === 'mem' && x.obj.k === 'ref' ? (items.get(x.obj.name) ?? null) : null);
    const field = pickedBy(s, script, sent, model);
    if (field !== null && !isAsked(field, s, e, fns, sent, model)) return { field, table: s.target, at: s.at };
  }
  return null;
}

/** The function of the file's top level that the place stands in: a handler, also where a wrapper is what is registered. */
function outermost(script: ScriptFacts, at: Location): FunctionFact | undefined {
  return script.functions.find((f) => f.kind !== 'module' && f.span.start <= at.span.start && at.span.end <= f.span.end);
}

/** A row that makes somebody an administrator is looked for: whose rows are changed is his business. */
function asksForAdministrator(e: Endpoint, model: ProjectModel): boolean {
  return e.sinks.some((s) => s.kind === 'db-read' && conditionsAt(s.at, model).some((c) => /role|admin/i.test(c.column) && c.value.k === 'str' && PRIVILEGED.test(c.value.v)));
}

/** `for (const s of body.sections)`, `body.sections.map((s) => …)`: the names of one of them. */
function itemsOf(fns: readonly FunctionFact[], script: ScriptFacts, known: BodyNames): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const n of fns.flatMap((f) => nodesOf(f.body))) {
    if (n.k === 'loop' && n.kind === 'of' && n.over && n.each?.k === 'name') add(n.over, n.each.name);
    if (n.k !== 'call' || n.fn.k !== 'mem' || !/^(map|forEach)$/.test(n.fn.prop) || n.args[0]?.k !== 'fn') continue;
    const param = script.functions[n.args[0].id]?.params[0];
    if (param?.k === 'name') add(n.fn.obj, param.name);
  }
  return out;

  function add(list: Expr, name: string): void {
    const field = fieldOf(list, known);
    if (field !== null) out.set(name, field);
  }
}

/** Its rows are kept apart, or those that they are a part of. */
function belongs(table: string, model: ProjectModel, steps: number): boolean {
  if (isKeptApart(table, model)) return true;
  if (steps === 0 || isShownToAll(table, model)) return false;
  return (columnsOf(table, model) ?? []).some((c) => {
    const of = columnOf(table, c, model)?.references ?? null;
    return of !== null && of !== table && belongs(of.charAt(0).toLowerCase() + of.slice(1), model, steps - 1);
  });
}

/** The field that alone says which row is meant. */
function pickedBy(s: SinkUse, script: ScriptFacts, sent: (x: Expr) => string | null, model: ProjectModel): string | null {
  if (BY_ID.test(s.op)) {
    const first = chainAt(script, s.at.span).find((c) => c.fn.k === 'mem' && BY_ID.test(c.fn.prop))?.args[0];
    return first ? sent(first) : null;
  }
  const found = conditionsAt(s.at, model);
  if (found.length !== 1 || found.some(tiesToCaller)) return null;
  const [only] = found;
  return only && isKey(only.column) ? sent(only.value) : null;
}

/** The row was read with more than its id before, or something was asked about the id. */
function isAsked(field: string, s: SinkUse, e: Endpoint, fns: readonly FunctionFact[], sent: (x: Expr) => string | null, model: ProjectModel): boolean {
  const holds = (x: unknown): boolean => nodesOf(x).some((n) => sent(n as Expr) === field);
  for (const r of e.sinks) {
    if (r.kind !== 'db-read') continue;
    const found = conditionsAt(r.at, model);
    if (found.length > 1 && found.some((c) => holds(c.value))) return true;
  }
  return fns.some((f) => nodesOf(f.body).some((n) => {
    if (n.k === 'call') return ASKS.test(n.fn.k === 'ref' ? n.fn.name : n.fn.k === 'mem' ? n.fn.prop : '') && n.args.some(holds);
    // What was found is held against something: `if (row.projectId !== project.id)`.
    return n.k === 'if' && n.s < s.at.span.start && n.then.some((t) => t.k === 'return' || t.k === 'throw') && nodesOf(n.test).some((t) => t.k === 'bin' && /^[!=]==?$/.test(t.op) && t.l.k === 'mem' && /(_id|Id|_by|By|owner|tenant)$/.test(t.l.prop) && t.r.k !== 'str' && t.r.k !== 'null' && t.r.k !== 'undef');
  }));
}
