/** Which fields of a row its caller names: a body stored as it is, less what the code takes out, sets itself or a schema refuses. */
import type { Expr, FunctionFact, ScriptFacts, Stmt } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location, RelPath } from '../../../core/types';
import { snakeOf } from './columns';
import { calleesOf } from '../../../fixes/imports';
import { chainAt, functionAt, nodesOf } from '../../../fixes/walk';
import { type BodyNames, bodyNames, functionsIn, isBody } from './body-names';
import { type Shape, shapeOf } from './schemas';

export interface StoredBody {
  /** Taken out of the body, or set by the code after it: not the caller's. */
  readonly kept: ReadonlySet<string>;
  /** A schema that the body was held against, though the body itself is what is stored; null without one. */
  readonly schema: Shape | null;
  /** The fields that the code copies by a list of names of its own; null where it copies all. */
  readonly copied: readonly string[] | null;
}

const NOTHING: StoredBody = { kept: new Set(), schema: null, copied: null };

/** What a handler makes of the body before it stores it. */
export function storedBody(endpoint: Endpoint, model: ProjectModel): StoredBody {
  return model.memo(endpoint, 'stored-body', (m) => {
    const h = endpoint.handler;
    const script = h ? m.file(h.file)?.script : null;
    if (!h || !script || h.fn === null) return NOTHING;
    const fns = functionsIn(script, h.span);
    const known = bodyNames(fns);
    return { kept: keptOut(fns, known), schema: schemaOf(fns, known, h.file, m), copied: copiedBy(script, fns, known) };
  });
}

function keptOut(fns: readonly FunctionFact[], known: BodyNames): ReadonlySet<string> {
  const out = new Set<string>();
  const rows: (readonly string[])[] = [];
  for (const n of fns.flatMap((f) => nodesOf(f.body))) {
    // `const { role, ...rest } = req.body`: the rest has none.
    if (n.k === 'var') for (const d of n.decls) if (d.init && d.target.k === 'obj' && d.target.rest !== null && isBody(d.init, known)) for (const p of d.target.props) if (p.key !== null) out.add(p.key);
    if (n.k !== 'obj') continue;
    const spread = n.props.findIndex((p) => p.k === 'spread' && isBody(p.value, known));
    if (spread >= 0 && n.props.length > 1) rows.push(n.props.slice(spread + 1).flatMap((p) => (p.k === 'prop' && !sends(p.value, known) ? [p.key] : [])));
  }
  // `delete body.role`, `body.total = sum`: gone, or put over what was sent; what a condition does may not happen.
  for (const s of fns.flatMap((f) => always(f.body))) {
    if (s.k !== 'expr') continue;
    if (s.x.k === 'unary' && s.x.op === 'delete' && s.x.value.k === 'mem' && isBody(s.x.value.obj, known)) out.add(s.x.value.prop);
    if (s.x.k === 'assign' && s.x.target.k === 'target' && s.x.target.expr.k === 'mem' && isBody(s.x.target.expr.obj, known) && !sends(s.x.value, known) && !isHashed(s.x.target.expr.prop, s.x.value)) out.add(s.x.target.expr.prop);
  }
  // Where several rows are made of it, only what all of them set is out of the caller's hands.
  for (const key of rows[0] ?? []) if (rows.every((r) => r.includes(key))) out.add(key);
  return out;
}

/** The columns that the code sets in a write behind the body it spreads there: what was sent for them is gone. */
export function setBeside(at: Location, model: ProjectModel): readonly string[] {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  const call = script ? chainAt(script, at.span).at(-1) : undefined;
  if (!fn || !call) return [];
  const known = bodyNames([fn]);
  for (const n of nodesOf(call)) {
    const spread = n.k === 'obj' ? n.props.findIndex((p) => p.k === 'spread' && isBody(p.value, known)) : -1;
    if (n.k === 'obj' && spread >= 0) return n.props.slice(spread + 1).flatMap((p) => (p.k === 'prop' && !sends(p.value, known) ? [p.key] : []));
  }
  return [];
}

/** `body.password = hash`: hashed on the way, it is still the one that was sent. */
function isHashed(prop: string, value: Expr): boolean {
  return /(^|_)(password|passwd|pwd)(_hash)?$/.test(snakeOf(prop)) && value.k !== 'str' && value.k !== 'undef' && value.k !== 'null';
}

/** The statements that run whatever was sent. */
function always(body: readonly Stmt[]): readonly Stmt[] {
  return body.flatMap((s) => (s.k === 'try' || s.k === 'block' ? always(s.body) : [s]));
}

/** Some of what the caller sent is in it. */
function sends(x: Expr, known: BodyNames): boolean {
  return nodesOf(x).some((n) => (n.k === 'ref' && (known.fields.has(n.name) || known.whole.has(n.name))) || (n.k === 'mem' && isBody(n, known)));
}

/** `schema.safeParse(body)`, `validateOrder(body)` where that function parses what it is given. */
function schemaOf(fns: readonly FunctionFact[], known: BodyNames, file: RelPath, model: ProjectModel): Shape | null {
  for (const f of fns) {
    for (const n of nodesOf(f.body)) {
      if (n.k !== 'call') continue;
      const given = n.args.findIndex((a) => isBody(a, known));
      if (given < 0) continue;
      const own = parses(n) ? shapeOf(n.fn, f, file, model) : null;
      if (own) return own;
      for (const c of calleesOf(n.fn, file, model)) {
        const fn = model.file(c.file)?.script?.functions[c.fn];
        const param = fn?.params[given];
        if (!fn || param?.k !== 'name') continue;
        for (const inner of nodesOf(fn.body)) {
          if (inner.k !== 'call' || !parses(inner) || !inner.args.some((a) => a.k === 'ref' && a.name === param.name)) continue;
          const shape = shapeOf(inner.fn, fn, c.file, model);
          if (shape) return shape;
        }
      }
    }
  }
  return null;
}

function parses(call: Extract<Expr, { k: 'call' }>): boolean {
  return call.fn.k === 'mem' && /^(parse|safeParse|parseAsync|safeParseAsync|spa|validate|validateAsync|validateSync)$/.test(call.fn.prop);
}

/** `['name', 'role'].forEach((f) => { row[f] = body[f]; })`: the names, and those that are given one by one beside them. */
function copiedBy(script: ScriptFacts, fns: readonly FunctionFact[], known: BodyNames): readonly string[] | null {
  const lists = new Map<string, readonly string[]>();
  for (const fn of [script.functions[0], ...fns]) {
    for (const n of nodesOf(fn?.body ?? [])) if (n.k === 'var') for (const d of n.decls) if (d.target.k === 'name' && d.init) lists.set(d.target.name, textsIn(d.init));
  }
  const listOf = (x: Expr): readonly string[] => (x.k === 'ref' ? (lists.get(x.name) ?? []) : textsIn(x));
  const out = new Set<string>();
  let byList = false;
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      if (n.k === 'loop' && n.kind === 'of' && n.over && n.each?.k === 'name') take(listOf(n.over), n.each.name, n.body);
      if (n.k === 'call' && n.fn.k === 'mem' && n.fn.prop === 'forEach' && n.args[0]?.k === 'fn') {
        const inner = script.functions[n.args[0].id];
        if (inner?.params[0]?.k === 'name') take(listOf(n.fn.obj), inner.params[0].name, inner.body);
      }
    }
  }
  if (!byList) return null;
  for (const n of fns.flatMap((f) => nodesOf(f.body))) if (n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'mem' && sends(n.value, known)) out.add(n.target.expr.prop);
  return [...out];

  function take(names: readonly string[], name: string, body: unknown): void {
    if (names.length === 0) return;
    const byName = (x: Expr): boolean => x.k === 'idx' && x.index.k === 'ref' && x.index.name === name;
    if (!nodesOf(body).some((n) => n.k === 'assign' && n.target.k === 'target' && n.target.expr.k === 'idx' && byName(n.target.expr) && !isBody(n.target.expr.obj, known) && nodesOf(n.value).some((v) => v.k === 'idx' && byName(v) && isBody(v.obj, known)))) return;
    byList = true;
    for (const t of names) out.add(t);
  }
}

function textsIn(x: Expr): readonly string[] {
  return x.k === 'arr' && x.items.length > 0 && x.items.every((i) => i.k === 'str') ? x.items.flatMap((i) => (i.k === 'str' ? [i.v] : [])) : [];
}
