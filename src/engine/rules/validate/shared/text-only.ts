/** Fields of the body that are taken for a text before anything else is done with them: an object in their place throws, and reaches no query. */
import type { Expr, Stmt } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import { nodesOf } from '../../../fixes/walk';
import { bodyNames, fieldOf, functionsIn } from './body-names';

/** A list has `includes` and `slice` too. */
const TEXT_METHOD = /^(trim|trimStart|trimEnd|toLowerCase|toUpperCase|replace|replaceAll|split|startsWith|endsWith|match|padStart|normalize|substring|substr|charAt|localeCompare)$/;

/** Each such field, and where the first text method stands that is called on it whatever was sent. */
export function textOnly(endpoint: Endpoint, model: ProjectModel): ReadonlyMap<string, number> {
  return model.memo(endpoint, 'text-only', (m) => {
    const h = endpoint.handler;
    const script = h ? m.file(h.file)?.script : null;
    const out = new Map<string, number>();
    if (!h || !script || h.fn === null) return out;
    const fns = functionsIn(script, h.span);
    const body = bodyNames(fns);
    const own = script.functions[h.fn];
    for (const x of own ? always(own.body) : []) {
      // A choice may be that of its type.
      if (x.k !== 'call' || x.fn.k !== 'mem' || !TEXT_METHOD.test(x.fn.prop)) continue;
      const field = fieldOf(x.fn.obj, body);
      if (field !== null && !out.has(field)) out.set(field, x.s);
    }
    return out;
  });
}

/** The calls that are made on every way through: those of declarations and of statements of their own, less the branches of a choice; `to ? to.trim() : ''` makes its call for all that is no empty text. */
function always(body: readonly Stmt[]): readonly Expr[] {
  return body.flatMap((s): readonly Expr[] => {
    if (s.k === 'try' || s.k === 'block') return always(s.body);
    if (s.k !== 'var' && s.k !== 'expr') return [];
    const nodes = nodesOf(s);
    const choices = nodes.flatMap((n) => (n.k === 'cond' ? [{ on: n.test, s: n.then.s, e: n.else.e }] : n.k === 'logic' && n.op === '&&' ? [{ on: n.l, s: n.r.s, e: n.r.e }] : []));
    return nodes.filter((n): n is Extract<typeof n, { k: 'call' }> => n.k === 'call' && !choices.some((c) => c.s <= n.s && c.e >= n.e && !(n.fn.k === 'mem' && isSame(c.on, n.fn.obj))));
  });
}

function isSame(a: Expr, b: Expr): boolean {
  return (a.k === 'ref' && b.k === 'ref' && a.name === b.name) || (a.k === 'mem' && b.k === 'mem' && a.prop === b.prop && isSame(a.obj, b.obj));
}
