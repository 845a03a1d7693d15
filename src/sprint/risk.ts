/** Risks ranked by business impact: score = S · X · A · C · R (rules/20-sprint.md, section d). */
import type { Endpoint } from '../engine/core/model';
import type { RuleMeta } from '../engine/core/rule';
import type { Confidence, Effort, Finding, RuleId, Severity } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { EXPOSURE, endpointOf, endpointsByName, revenueFactor, stakesOf, whoCan, type Who } from './exposure';
import type { SprintState } from './state';
import { groupTitle, titleOf } from './titles';

export interface Risk {
  /** 1-based, over all risks: those believed first, by score. */
  readonly rank: number;
  /** Who can do what, and how: plain English, no rule names. Raw text: escape it. */
  readonly title: string;
  /** What it costs the business. */
  readonly impact: string;
  readonly score: number;
  /** The lead (highest score) first. */
  readonly findings: readonly Finding[];
  readonly rootCause: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** X of the lead: 1 = anyone on the internet. */
  readonly exposure: number;
  readonly who: Who;
  readonly effort: Effort;
  readonly hours: number;
  readonly when: 'sprint' | 'later';
  /** Why it is in the sprint or waits. */
  readonly reason: string;
}

export interface RiskRanking {
  readonly risks: readonly Risk[];
  /** At most ten, never of low confidence. */
  readonly top: readonly Risk[];
  /** 0 is calm, 100 is not. */
  readonly score: number;
  /** Hours of the sprint in use, of 40. */
  readonly hours: number;
}

export const SPRINT_HOURS = 40;
const SEVERITY: Readonly<Record<Severity, number>> = { critical: 100, high: 60, medium: 25, low: 8, info: 1 };
const CONFIDENCE: Readonly<Record<Confidence, number>> = { proven: 1, high: 0.9, medium: 0.7, low: 0.3 };
const HOURS: Readonly<Record<Effort, number>> = { minutes: 0.25, hours: 3, days: 16 };

/** S · X · A · C · R of one finding. */
export function scoreOf(finding: Finding, endpoint: Endpoint | null): number {
  return SEVERITY[finding.severity] * EXPOSURE[whoCan(finding, endpoint)] * stakesOf(finding, endpoint) * CONFIDENCE[finding.confidence] * revenueFactor(finding, endpoint);
}

/** The highest plus a tenth of the others', at most 1.5 × the highest. */
export function groupScore(scores: readonly number[]): number {
  const highest = Math.max(0, ...scores);
  const sum = scores.reduce((a, b) => a + b, 0);
  return Math.min(highest + 0.1 * (sum - highest), 1.5 * highest);
}

/** 100 · (1 − e^(−Σ/400)), rounded. */
export function overallScore(scores: readonly number[]): number {
  return Math.round(100 * (1 - Math.exp(-scores.reduce((a, b) => a + b, 0) / 400)));
}

/** Accepted findings are out; findings with one root cause are one risk. */
export function rankRisks(result: AuditResult, metas: ReadonlyMap<RuleId, RuleMeta<string>>, state: SprintState): RiskRanking {
  const byName = endpointsByName(result.endpoints);
  const groups = new Map<string, Scored[]>();
  for (const finding of result.findings) {
    if (state.accepted[finding.fingerprint]) continue;
    const endpoint = endpointOf(finding, byName);
    const scored: Scored = { finding, endpoint, who: whoCan(finding, endpoint), score: scoreOf(finding, endpoint) };
    // Without a root cause a finding stands alone.
    const key = finding.rootCause || finding.fingerprint;
    const group = groups.get(key);
    if (group) group.push(scored);
    else groups.set(key, [scored]);
  }
  const drafts = [...groups].map(([rootCause, group]) => draft(rootCause, group, metas)).sort(byRank);
  const plan = planSprint(drafts);
  const risks = drafts.map((d, i): Risk => ({ rank: i + 1, ...d, ...(plan.get(d) ?? { when: 'later', reason: NO_ROOM }) }));
  return {
    risks,
    top: risks.filter((r) => r.confidence !== 'low').slice(0, 10),
    score: overallScore(risks.map((r) => r.score)),
    hours: risks.filter((r) => r.when === 'sprint').reduce((sum, r) => sum + r.hours, 0),
  };
}

interface Scored {
  readonly finding: Finding;
  readonly endpoint: Endpoint | null;
  readonly who: Who;
  readonly score: number;
}

type Draft = Omit<Risk, 'rank' | 'when' | 'reason'>;

function draft(rootCause: string, group: readonly Scored[], metas: ReadonlyMap<RuleId, RuleMeta<string>>): Draft {
  // A doubtful finding never leads one that is believed: its title would be the risk's.
  const sorted = [...group].sort(
    (a, b) => Number(a.finding.confidence === 'low') - Number(b.finding.confidence === 'low') || b.score - a.score || compare(a.finding.at.file, b.finding.at.file) || a.finding.at.span.start - b.finding.at.span.start,
  );
  const lead = sorted[0];
  if (!lead) throw new Error('a risk has at least one finding');
  const efforts = new Set(sorted.map((s) => metas.get(s.finding.ruleId)?.effort ?? 'hours'));
  const effort: Effort = efforts.has('days') ? 'days' : efforts.has('hours') ? 'hours' : 'minutes';
  return {
    title: groupTitle(titleOf(lead.finding, lead.endpoint, lead.who), sorted, rootCause),
    impact: lead.finding.businessImpact,
    score: groupScore(sorted.map((s) => s.score)),
    findings: sorted.map((s) => s.finding),
    rootCause,
    severity: worst(sorted),
    confidence: lead.finding.confidence,
    exposure: EXPOSURE[lead.who],
    who: lead.who,
    effort,
    hours: HOURS[effort],
  };
}

function worst(group: readonly Scored[]): Severity {
  const believed = group.filter((s) => s.finding.confidence !== 'low');
  return (believed.length > 0 ? believed : group).map((s) => s.finding.severity).reduce((a, b) => (SEVERITY[b] > SEVERITY[a] ? b : a));
}

function byRank(a: Draft, b: Draft): number {
  const x = a.findings[0];
  const y = b.findings[0];
  return doubt(a) - doubt(b) || b.score - a.score || a.hours - b.hours || compare(x?.category ?? '', y?.category ?? '') || compare(x?.at.file ?? '', y?.at.file ?? '') || (x?.at.span.start ?? 0) - (y?.at.span.start ?? 0);
}

/** What needs a human look first stands behind what is believed. */
function doubt(d: Draft): number {
  return d.confidence === 'low' ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const NO_ROOM = `does not fit into the ${SPRINT_HOURS} hours of this sprint`;
const EFFORT_WORDS: Readonly<Record<Effort, string>> = { minutes: 'about 15 minutes', hours: 'about 3 hours', days: 'about two days' };

/** Critical risks first, whatever their effort; then by score per hour until the hours are used. */
function planSprint(drafts: readonly Draft[]): ReadonlyMap<Draft, { when: 'sprint' | 'later'; reason: string }> {
  const plan = new Map<Draft, { when: 'sprint' | 'later'; reason: string }>();
  let used = 0;
  const rest: Draft[] = [];
  for (const d of drafts) {
    if (d.confidence === 'low') plan.set(d, { when: 'later', reason: 'needs a human look first: it may be nothing' });
    else if (d.findings.some((f) => f.data['redesign'] === true)) plan.set(d, { when: 'later', reason: 'needs a redesign, which no week-long sprint should rush' });
    else if (d.severity === 'critical') {
      used += d.hours;
      plan.set(d, { when: 'sprint', reason: `critical, always in: ${EFFORT_WORDS[d.effort]}` });
    } else rest.push(d);
  }
  for (const d of rest.sort((a, b) => b.score / b.hours - a.score / a.hours || byRank(a, b))) {
    if (used + d.hours <= SPRINT_HOURS) {
      used += d.hours;
      plan.set(d, { when: 'sprint', reason: EFFORT_WORDS[d.effort] });
    } else plan.set(d, { when: 'later', reason: `${NO_ROOM} (${EFFORT_WORDS[d.effort]})` });
  }
  return plan;
}
