/** What answering says about an endpoint, in the inventory's words. */
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
