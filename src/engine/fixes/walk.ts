/** Reading the IR by place: which node stands at an offset, what lies inside it. */
import type { Expr, FunctionFact, ScriptFacts, Stmt } from '../core/facts';
import type { Span } from '../core/types';

type Node = Expr | Stmt;

/** Of bodies that several rules walk through, what they have found there. */
const walked = new WeakMap<readonly unknown[], readonly Node[]>();

/** Every statement and expression inside, the node itself first. Functions are not entered: they stand in their own list. */
export function nodesOf(x: unknown): readonly Node[] {
  if (!Array.isArray(x)) return listNodes(x);
  let list = walked.get(x);
  if (!list) walked.set(x, (list = listNodes(x)));
  return list;
}

function listNodes(x: unknown): Node[] {
  const out: Node[] = [];
  const open: unknown[] = [x];
  while (open.length > 0) {
    const top = open.pop();
    if (typeof top !== 'object' || top === null) continue;
    const node = top as Record<string, unknown>;
    if (!Array.isArray(top) && typeof node['k'] === 'string' && typeof node['s'] === 'number') out.push(top as Node);
    const values = Array.isArray(top) ? top : Object.values(node);
    for (let i = values.length - 1; i >= 0; i--) if (typeof values[i] === 'object' && values[i] !== null) open.push(values[i]);
  }
  return out;
}

/** The innermost function around an offset; the module's top level when there is none. */
export function functionAt(script: ScriptFacts, offset: number): FunctionFact | undefined {
  let best = script.functions[0];
  for (const f of script.functions) {
    if (f.kind === 'module' || f.span.start > offset || f.span.end < offset) continue;
    if (!best || best.kind === 'module' || f.span.end - f.span.start < best.span.end - best.span.start) best = f;
  }
  return best;
}

/** The calls of the chain that the place (a called name, or a whole call) belongs to, shortest first: `User.find()`, `User.find().select()` … */
export function chainAt(script: ScriptFacts, at: Span): Extract<Expr, { k: 'call' }>[] {
  const calls: Extract<Expr, { k: 'call' }>[] = [];
  for (const n of nodesOf(functionAt(script, at.start)?.body ?? [])) if (n.k === 'call') calls.push(n);
  const own = calls.find((c) => c.fn.e === at.end) ?? calls.find((c) => c.s === at.start && c.e === at.end);
  return own ? calls.filter((c) => c.s === own.s && c.e >= own.fn.s).sort((a, b) => a.e - b.e) : [];
}

/** The statement that holds the offset, innermost, with the list it stands in. */
export function statementAt(body: readonly Stmt[], span: Span): { readonly stmt: Stmt; readonly list: readonly Stmt[] } | null {
  for (const stmt of body) {
    if (stmt.s > span.start || stmt.e < span.end) continue;
    for (const inner of innerLists(stmt)) {
      const found = statementAt(inner, span);
      if (found) return found;
    }
    return { stmt, list: body };
  }
  return null;
}

export function innerLists(s: Stmt): (readonly Stmt[])[] {
  switch (s.k) {
    case 'if':
      return s.else ? [s.then, s.else] : [s.then];
    case 'block':
    case 'loop':
      return [s.body];
    case 'try':
      return [s.body, ...(s.handler ? [s.handler] : []), ...(s.finalizer ? [s.finalizer] : [])];
    case 'switch':
      return s.cases.map((c) => c.body);
    default:
      return [];
  }
}
