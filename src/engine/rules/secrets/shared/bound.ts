/** The variable that holds a literal. */
import type { Expr } from '../../../core/facts';
import type { Span } from '../../../core/types';
import type { nodesOf } from '../../../fixes/walk';

/** The expression is, or has in it, what stands at this place. */
export function covers(x: Pick<Expr, 's' | 'e'>, span: Span): boolean {
  return x.s <= span.start && x.e >= span.end;
}

/** The name among these declarations whose initial value the literal is a part of; a part of an object or of a function is that one's. */
export function variableOf(nodes: ReturnType<typeof nodesOf>, span: Span): string | null {
  for (const n of nodes) {
    if (n.k !== 'var') continue;
    for (const d of n.decls) if (d.init && d.target.k === 'name' && covers(d.init, span) && d.init.k !== 'fn' && d.init.k !== 'obj') return d.target.name;
  }
  return null;
}
