/** Ids that a handler looks up before it goes on: a row that is not there ends the request, so what was sent names one that is. */
import type { Expr, FunctionFact, Pattern, Stmt } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { type BodyNames, bodyNames, fieldOf, functionsIn } from './body-names';

const KEY = /^(_?id|uuid|slug|code|key|name|e?mail|email_?address|user_?name|phone|\w+_(id|code|key|slug)|\w+(Id|Code|Key|Slug))$/;
const BY_KEY = /^(findById|findByIdOrFail|findByPk|findOneById|getById|get|doc)$/;

/** The fields of the body that are looked up by a key, with a stop where nothing is found. */
export function lookedUp(endpoint: Endpoint, model: ProjectModel): ReadonlySet<string> {
  return model.memo(endpoint, 'looked-up', (m) => {
    const h = endpoint.handler;
    const script = h ? m.file(h.file)?.script : null;
    if (!h || !script) return new Set<string>();
    const fns = functionsIn(script, h.span);
    const known = bodyNames(fns);
    const writes = endpoint.sinks.filter((s) => s.kind === 'db-write' && s.at.file === h.file);
    return new Set(fns.flatMap((f) => inOne(f, known, writes)));
  });
}

/** `writes`: the statements of the handler that must not run where nothing was found. */
function inOne(fn: FunctionFact, known: BodyNames, writes: readonly { readonly at: Location }[]): string[] {
  const stops = fn.body.length > 0 ? nodesOf(fn.body).filter((n): n is Extract<Stmt, { k: 'if' }> => n.k === 'if' && n.then.some((s) => s.k === 'return' || s.k === 'throw')) : [];
  // `if (user) { … }`: all that is written stands inside.
  const inside = nodesOf(fn.body).filter((n): n is Extract<Stmt, { k: 'if' }> => n.k === 'if' && n.then.length > 0 && writes.length > 0 && writes.every((w) => n.test.e <= w.at.span.start && w.at.span.end <= (n.then[n.then.length - 1]?.e ?? 0)));
  const out: string[] = [];
  for (const n of nodesOf(fn.body)) {
    if (n.k !== 'var') continue;
    for (const d of n.decls) {
      if (!d.init) continue;
      const fields = keysAsked(d.init, known);
      if (fields.length > 0 && inside.some((s) => s.s > d.s && namesIn(d.target).some((name) => isRow(s.test, name)))) out.push(...fields);
      if (fields.length > 0 && stops.some((s) => s.s > d.s && namesIn(d.target).some((name) => asksForMiss(s.test, name)))) out.push(...fields);
    }
  }
  return out;
}

/** `.eq('id', id)`, `findById(id)`, `{ where: { id } }`, `findOne({ _id: id })`: the fields of the body in it. */
function keysAsked(x: Expr, known: BodyNames): string[] {
  const out: string[] = [];
  const add = (value: Expr | undefined): void => {
    // Made a text, trimmed or in small letters it is the same one.
    for (const n of value ? nodesOf(value) : []) {
      const field = fieldOf(n as Expr, known);
      if (field !== null) out.push(field);
    }
  };
  for (const n of nodesOf(x)) {
    if (n.k === 'obj') for (const p of n.props) if (p.k === 'prop' && KEY.test(p.key)) add(p.value);
    if (n.k !== 'call' || n.fn.k !== 'mem') continue;
    const first = n.args[0];
    if (BY_KEY.test(n.fn.prop)) add(first);
    else if (/^(eq|where|filter)$/.test(n.fn.prop) && first?.k === 'str' && KEY.test(first.v)) add(n.args[n.args.length - 1]);
    // A row is made of what is sent, not looked for.
    else if (/^(insert|create|createMany|insertOne|insertMany|upsert|add|save|set|update|updateOne|updateMany|delete)$/.test(n.fn.prop)) return [];
  }
  return out;
}

/** `user`, `user && …`. */
function isRow(test: Expr, name: string): boolean {
  return test.k === 'ref' ? test.name === name : test.k === 'logic' && test.op === '&&' && (isRow(test.l, name) || isRow(test.r, name));
}

function namesIn(p: Pattern): string[] {
  if (p.k === 'name') return [p.name];
  if (p.k === 'obj') return p.props.flatMap((x) => namesIn(x.value));
  return p.k === 'arr' ? p.items.flatMap((i) => (i ? namesIn(i) : [])) : [];
}

/** `!row`, `row === null`, `row.rows.length === 0`, `error || !row`. */
function asksForMiss(test: Expr, name: string): boolean {
  const about = (x: Expr): boolean => nodesOf(x).some((n) => n.k === 'ref' && n.name === name);
  return nodesOf(test).some((n) => (n.k === 'not' && about(n.value)) || (n.k === 'bin' && /^(===?|<)$/.test(n.op) && about(n.l) && (n.r.k === 'null' || n.r.k === 'undef' || (n.r.k === 'num' && n.r.v <= 1))));
}
