/** Words that several renderers share. */
import type { Severity } from '../engine/core/types';
import type { PublicReason } from '../engine/core/model';
import type { Risk } from '../sprint/risk';
import type { ItemState } from '../sprint/status';
import type { Exposure, RescueReport } from './build';

export const SEVERITY_WORD: Readonly<Record<Severity, string>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Note' };

export const ITEM_STATE_WORD: Readonly<Record<ItemState, string>> = {
  done: 'done', open: 'open', accepted: 'accepted', manual: 'needs you', 'not-applicable': 'not applicable', 'not-checked': 'not checked',
};

export const EXPOSURE_WORD: Readonly<Record<Exposure, string>> = {
  open: 'anyone', unknown: 'unclear', optional: 'works without sign-in', public: 'public on purpose', guarded: 'signed-in users', unmounted: 'never mounted',
};

export const PUBLIC_WORD: Readonly<Record<PublicReason, string>> = {
  'sign-in': 'sign-in', 'sign-up': 'sign-up', 'password-reset': 'password reset', 'sign-out': 'sign-out', session: 'reads the session', health: 'health check',
  'signed-webhook': 'checks a signature', 'public-content': 'public content', 'lead-form': 'lead form', 'first-run': 'first set-up, closed once an account exists', config: 'your configuration says so', suppressed: 'a comment says so',
  'static-asset': 'static file', 'share-token': 'needs the code in its link', preflight: 'browsers’ preflight',
};

export const VALIDATED_WORD = { yes: 'validated', partly: 'partly validated', no: 'not validated', 'n/a': 'no input' } as const;

/** 0 is calm. */
export function scoreWord(score: number): string {
  return score === 0 ? 'calm' : score < 20 ? 'low risk' : score < 45 ? 'some risk' : score < 70 ? 'high risk' : 'severe risk';
}

export function bytes(n: number): string {
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${Math.round(n / 1024)} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`;
}

export function milliseconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function hours(h: number): string {
  return h < 1 ? `${Math.round(h * 60)} min` : `${Number.isInteger(h) ? h : h.toFixed(1)} h`;
}

/** When a risk is to be closed. */
export function whenOf(risk: Risk): string {
  return risk.today ? 'today' : risk.when === 'sprint' ? 'this sprint' : 'later';
}

/** What the reader must not take for checked: items without a rule, files not read, errors of the engine. */
export function notChecked(report: RescueReport): readonly string[] {
  const out: string[] = [];
  const items = [...report.sprint.items.values()].filter((i) => i.state === 'not-checked' || (i.rules === 0 && i.doneBy === 'hand'));
  const noRule = items.filter((i) => i.rules === 0).map((i) => i.item.title);
  if (noRule.length > 0) out.push(`No rule looks at these yet: ${noRule.join(', ')}.`);
  for (const i of items) if (i.rules > 0) out.push(`${i.item.title}: ${i.because}`);
  if (report.stats.parseErrors > 0) out.push(`${report.stats.parseErrors} ${report.stats.parseErrors === 1 ? 'file has' : 'files have'} syntax errors: what could be read was checked.`);
  if (report.stats.skipped.length > 0) out.push(`${report.stats.skipped.length} ${report.stats.skipped.length === 1 ? 'file was' : 'files were'} skipped.`);
  const unclear = report.endpoints.filter((e) => e.exposure === 'unknown').length;
  if (unclear > 0) out.push(`${unclear} ${unclear === 1 ? 'endpoint has a sign-in check' : 'endpoints have sign-in checks'} that could not be followed.`);
  return out;
}
