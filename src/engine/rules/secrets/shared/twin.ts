/** The public twin of a server's variable: `VITE_X` beside `X`. What it publishes is said of the twin, once. */
import type { FileFacts } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';
import type { Span } from '../../../core/types';
import { PUBLIC_PREFIX } from '../../../fixes/env';
import { nodesOf } from '../../../fixes/walk';

/** A variable of the same name with a public prefix is read or set somewhere, or a public one stands in the same expression. */
export function hasPublicTwin(name: string, span: Span, file: FileFacts, model: ProjectModel): boolean {
  if (publicNames(model).has(name)) return true;
  const isPublic = (s: Span): boolean => file.script?.envReads.some((r) => PUBLIC_PREFIX.test(r.name) && r.span.start >= s.start && r.span.end <= s.end) === true;
  for (const fn of file.script?.functions ?? []) {
    if (fn.span.start > span.start || fn.span.end < span.end) continue;
    for (const n of nodesOf(fn.body)) if (n.k === 'logic' && n.op !== '&&' && n.s <= span.start && n.e >= span.end && isPublic({ start: n.s, end: n.e })) return true;
  }
  return false;
}

/** Names of all public variables of the project, without their prefix. */
function publicNames(model: ProjectModel): ReadonlySet<string> {
  return model.memo(null, 'public-env-names', (m) => new Set([...m.faces()].flatMap(([, face]) => face.envNames.flatMap((name) => {
    const prefix = PUBLIC_PREFIX.exec(name);
    return prefix === null ? [] : [name.slice(prefix[0].length)];
  }))));
}
