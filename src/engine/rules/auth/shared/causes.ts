/** Guards that do not guard: one finding at the guard, the endpoints it leaves open listed with it. */
import type { Endpoint, FakeGuard, ProjectModel } from '../../../core/model';
import type { CheckContext } from '../../../core/rule';
import type { Confidence, FixId } from '../../../core/types';
import { type Cause, type CauseRule, exposureOf, placeOf } from '../../endpoint/shared/exposure';

export function reportCauses<M extends string>(
  rule: CauseRule,
  model: ProjectModel,
  ctx: CheckContext<M>,
  message: (guard: FakeGuard) => M,
  fixes: (cause: Cause, endpoints: readonly Endpoint[]) => readonly FixId[],
): void {
  const groups = new Map<string, { readonly cause: Cause; readonly endpoints: Endpoint[] }>();
  for (const e of model.endpoints()) {
    const cause = exposureOf(e, model)?.cause;
    if (cause?.rule !== rule) continue;
    const { at, kind } = cause.guard;
    const key = `${kind} ${at.file}:${at.span.start}`;
    const group = groups.get(key);
    if (group) group.endpoints.push(e);
    else groups.set(key, { cause, endpoints: [e] });
  }
  for (const { cause, endpoints } of groups.values()) {
    const { guard } = cause;
    const first = endpoints[0];
    if (!first) continue;
    const places = endpoints.map(placeOf);
    const confidence = endpoints.map((e) => exposureOf(e, model)?.confidence ?? 'low').reduce<Confidence>((a, b) => (rank(b) < rank(a) ? b : a), 'low');
    ctx.report({
      at: guard.at, messageId: message(guard), endpoint: first, fixes: fixes(cause, endpoints),
      data: {
        guard: guard.name.replace(/^the /, 'The '), how: guard.reason.replace(/\.$/, ''), kind: guard.kind, guardStart: guard.at.span.start, guardEnd: guard.at.span.end,
        count: endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`, can: 'can', keys: endpoints.map((e) => e.key).join('\n'),
        places: `${places.slice(0, 5).join(', ')}${places.length > 5 ? ` and ${places.length - 5} more` : ''}.`,
      },
      evidence: endpoints.slice(0, 10).map((e) => ({ at: e.at, note: `${placeOf(e)} stands open behind it` })),
      ...(guard.kind === 'only-if-sent' ? { businessImpact: 'Leaving something out is all it takes: the code looks protected in review, and strangers get the work done.' } : {}),
      confidence: rank(cause.confidence) > rank(confidence) ? cause.confidence : confidence,
      rootCause: `guard:${guard.at.file}:${guard.at.span.start}`,
    });
  }
}

function rank(c: Confidence): number {
  return c === 'proven' ? 0 : c === 'high' ? 1 : c === 'medium' ? 2 : 3;
}
