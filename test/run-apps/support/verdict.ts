/** What answering says about an endpoint, in the inventory's words. */
import type { Endpoint } from '../../../src/engine/core/model';

export interface Seen {
  readonly status: number;
  readonly work: readonly string[];
}

const WRITES = /\.(create|update|updateMany|delete|deleteMany)$/;

export const isSuccess = (s: Seen): boolean => s.status >= 200 && s.status < 300;
const denied = (s: Seen): boolean => s.status === 401 || s.status === 403 || (s.status >= 300 && s.status < 400);
const wrote = (s: Seen): boolean => s.work.some((w) => WRITES.test(w));

/** `broken`: it neither answers nor denies, so nothing can be said (a fault of the fixture). */
export function verdictOf(attempts: readonly Seen[]): 'open' | 'closed' | 'broken' {
  if (attempts.some((a) => isSuccess(a) || wrote(a))) return 'open';
  return attempts.every(denied) ? 'closed' : 'broken';
}

export const shown = (attempts: readonly Seen[]): string => attempts.map((a) => `${a.status}${a.work.length > 0 ? ` (${a.work.join(', ')})` : ''}`).join(' | ');

/** The page around an action's form always answers: only the work tells. */
export const verdictIn = (e: Endpoint, attempts: readonly Seen[]): ReturnType<typeof verdictOf> => (e.framework === 'next-action' ? (attempts.some((a) => a.work.length > 0) ? 'open' : 'closed') : verdictOf(attempts));
export const isAnswered = (e: Endpoint, answer: Seen): boolean => isSuccess(answer) && (e.framework !== 'next-action' || answer.work.length > 0);

/** Where the app answers otherwise than the inventory says; empty when it does not. */
export function difference(e: Endpoint, attempts: readonly Seen[]): string[] {
  const expected = e.auth === 'required' ? 'closed' : e.auth === 'unknown' ? 'unknown' : 'open';
  return verdictIn(e, attempts) === expected ? [] : [`${e.method} ${e.path}: the inventory says ${e.auth}, the app answers ${shown(attempts)}`];
}

export async function differences(endpoints: readonly Endpoint[], ask: (e: Endpoint) => Promise<readonly Seen[]>): Promise<string[]> {
  const out: string[] = [];
  for (const e of endpoints) out.push(...difference(e, await ask(e)));
  return out;
}
