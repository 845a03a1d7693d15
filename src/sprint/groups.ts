/** Findings that are told in one line: one cause, one habit, or one thing that is missing everywhere. */
import type { Endpoint } from '../engine/core/model';
import type { Finding } from '../engine/core/types';
import type { Who } from './exposure';
import { harmClass } from './harm';
import { COPIED } from './titles';

/** Where not one endpoint asks who is calling, that is the one thing to say. */
export interface NoSignIn {
  /** Endpoints that somebody should be asked at. */
  readonly endpoints: number;
  /** A sign-in exists, so there is something to ask for. */
  readonly hasSignIn: boolean;
}

/** Fewer endpoints than these are no app without a sign-in, only a small one. */
const FEWEST = 5;
/** The root cause of the group that tells it. */
export const NO_SIGN_IN = 'no-sign-in';

const isEdge = (e: Endpoint): boolean => e.path.startsWith('/functions/');

/** Null where some endpoint asks, or might. Edge functions have a gateway and a group of their own. */
export function noSignIn(endpoints: readonly Endpoint[]): NoSignIn | null {
  const mounted = endpoints.filter((e) => e.mounted && e.method !== 'USE' && !isEdge(e));
  const asked = mounted.filter((e) => e.publicBy === null);
  if (asked.length < FEWEST || endpoints.some((e) => e.mounted && e.auth !== 'none')) return null;
  return { endpoints: asked.length, hasSignIn: mounted.some((e) => e.publicBy === 'sign-in') };
}

/** The key of the group a finding belongs to; `shared` are the root causes of several findings. */
export function groupOf(finding: Finding, who: Who, shared: ReadonlySet<string>, nobodyAsks: boolean): string {
  const doubt = finding.confidence === 'low' ? 'doubt' : '';
  const habit = finding.data['cause'];
  // What opens everything is no item among lesser ones.
  if (typeof habit === 'string') return `${habit}:${finding.severity}:${doubt}:${who}:${harmClass(finding)}`;
  // Several keys of one kind in one file are moved out together.
  if (finding.category.startsWith('secret-') && !shared.has(finding.rootCause) && typeof finding.data['label'] === 'string') return `${finding.ruleId}:${finding.at.file}:${finding.data['label'].replace(/ in \w+$/, '')}:${finding.severity}:${doubt}`;
  // One variable with several values to fall back to: it has to be required once.
  if (finding.category === 'env-separation' && typeof finding.data['envName'] === 'string') return `fallback:${finding.data['envName']}:${finding.message.split('\n')[0] ?? ''}:${finding.severity}:${doubt}`;
  if (finding.category === 'auth-missing') {
    if (nobodyAsks && doubt === '' && who === 'anyone' && finding.endpoint !== null && !/^\S+ \/functions\//.test(finding.endpoint)) return NO_SIGN_IN;
    // The same mistake copied from check to check: said once, with all that stands behind it.
    if (finding.rootCause.startsWith('guard:') && typeof finding.data['how'] === 'string') return `${COPIED}${finding.ruleId}:${finding.data['how']}:${finding.severity}:${doubt}:${who}`;
    // Routes of one file that all lack the check are one thing to do.
    if (finding.rootCause.startsWith('endpoint:')) return `open:${finding.at.file}:${finding.severity}:${doubt}:${who}`;
  }
  // Without a root cause a finding stands alone.
  return finding.rootCause || finding.fingerprint;
}

/** Reads of the same file that stand open beside these, and that no finding tells of: whether they matter only their owner knows. */
export function silentReads(group: readonly { readonly finding: Finding; readonly endpoint: Endpoint | null }[], endpoints: readonly Endpoint[], told: ReadonlySet<string>): readonly Endpoint[] {
  const files = new Set(group.flatMap((g) => (g.finding.category === 'auth-missing' && g.endpoint !== null ? [g.endpoint.at.file] : [])));
  if (files.size !== 1) return [];
  return endpoints.filter((e) => files.has(e.at.file) && e.method === 'GET' && e.mounted && e.auth === 'none' && (e.publicBy === null || e.publicBy === 'public-content') && e.sinks.some((s) => s.kind === 'db-read') && !told.has(`GET ${e.path}`));
}
