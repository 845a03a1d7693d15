/** Risks ranked by business impact: score = S · X · A · C · R (rules/20-sprint.md, section d). */
import type { Endpoint } from '../engine/core/model';
import type { RuleMeta } from '../engine/core/rule';
import { SEVERITIES, type Confidence, type Effort, type Finding, type RuleId, type Severity } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { EXPOSURE, endpointOf, endpointsByName, isBlindSpot, revenueFactor, stakesOf, whoCan, type Who } from './exposure';
import type { SprintState } from './state';
import { groupTitle, harmOfFinding, titleOf } from './titles';

export interface Risk {
  /** 1-based, over all risks: those believed first, by severity, then by score. */
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
  /** Critical and open to the internet: not this week, today. */
  readonly today: boolean;
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

/** What a score may not fall below: a page that says "do not launch" and "some risk" at once is not believed. */
function floorOf(risks: readonly Risk[], endpoints: readonly Endpoint[]): number {
  const believed = risks.filter((r) => r.confidence !== 'low' && r.who !== 'unreachable');
  if (believed.some((r) => r.severity === 'critical' && r.exposure >= 1)) return 70;
  if (believed.some((r) => r.severity === 'critical') || isBlindSpot(endpoints)) return 45;
  return believed.some((r) => r.severity === 'high') ? 20 : 0;
}

/** Findings that are told in one line: one cause, or one habit repeated in many handlers by the same people at the same cost. */
function groupOf(finding: Finding, who: Who, shared: ReadonlySet<string>): string {
  const habit = finding.data['cause'];
  if (typeof habit === 'string') return `${habit}:${finding.severity}:${finding.confidence === 'low' ? 'doubt' : ''}:${who}`;
  // Several keys of one kind in one file are moved out together.
  if (finding.category.startsWith('secret-') && !shared.has(finding.rootCause) && typeof finding.data['label'] === 'string') return `${finding.ruleId}:${finding.at.file}:${finding.data['label'].replace(/ in \w+$/, '')}:${finding.severity}:${finding.confidence === 'low' ? 'doubt' : ''}`;
  // Routes of one file that all lack the check are one thing to do.
  if (finding.category === 'auth-missing' && finding.rootCause.startsWith('endpoint:')) return `open:${finding.at.file}:${finding.severity}:${finding.confidence === 'low' ? 'doubt' : ''}:${who}`;
  // Without a root cause a finding stands alone.
  return finding.rootCause || finding.fingerprint;
}

/** Accepted findings are out; findings with one cause are one risk. */
export function rankRisks(result: AuditResult, metas: ReadonlyMap<RuleId, RuleMeta<string>>, state: SprintState): RiskRanking {
  const byName = endpointsByName(result.endpoints);
  const causes = result.findings.map((f) => f.rootCause);
  // One value in several places: they belong together wherever they stand.
  const shared = new Set(causes.filter((c, i) => causes.indexOf(c) !== i));
  const groups = new Map<string, Scored[]>();
  for (const finding of result.findings) {
    if (state.accepted[finding.fingerprint]) continue;
    const endpoint = endpointOf(finding, byName);
    const who = whoCan(finding, endpoint);
    const scored: Scored = { finding, endpoint, who, score: scoreOf(finding, endpoint) };
    const key = groupOf(finding, who, shared);
    const group = groups.get(key);
    if (group) group.push(scored);
    else groups.set(key, [scored]);
  }
  const drafts = [...groups].map(([rootCause, group]) => draft(rootCause, group, metas)).sort(byRank);
  const plan = planSprint(drafts);
  const risks = drafts.map((d, i): Risk => ({ rank: i + 1, ...d, ...(plan.get(d) ?? { when: 'later', reason: NO_ROOM }), today: isForToday(d) && plan.get(d)?.when === 'sprint' }));
  return {
    risks,
    top: risks.filter((r) => r.confidence !== 'low').slice(0, 10),
    score: Math.max(overallScore(risks.map((r) => r.score)), floorOf(risks, result.endpoints)),
    hours: risks.filter((r) => r.when === 'sprint').reduce((sum, r) => sum + r.hours, 0),
  };
}

interface Scored {
  readonly finding: Finding;
  readonly endpoint: Endpoint | null;
  readonly who: Who;
  readonly score: number;
}

type Draft = Omit<Risk, 'rank' | 'when' | 'reason' | 'today'>;

/** The leader's cost; of several open routes that of one which deletes, for what is gone weighs most. */
function impactOf(lead: Scored, group: readonly Scored[]): string {
  if (lead.finding.category !== 'auth-missing') return lead.finding.businessImpact;
  const deletes = group.find((s) => s.finding.severity === lead.finding.severity && s.finding.confidence !== 'low' && /^Anyone can delete /.test(s.finding.message));
  return (deletes && /^Anyone can (add|change) /.test(lead.finding.message) ? deletes : lead).finding.businessImpact;
}

function draft(rootCause: string, group: readonly Scored[], metas: ReadonlyMap<RuleId, RuleMeta<string>>): Draft {
  // The most harmful leads, for its title is the risk's; a doubtful one never leads one that is believed.
  const sorted = [...group].sort(
    (a, b) => Number(a.finding.confidence === 'low') - Number(b.finding.confidence === 'low') || SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) || harmOfFinding(a.finding) - harmOfFinding(b.finding) || b.score - a.score || compare(a.finding.at.file, b.finding.at.file) || a.finding.at.span.start - b.finding.at.span.start,
  );
  const lead = sorted[0];
  if (!lead) throw new Error('a risk has at least one finding');
  const efforts = new Set(sorted.map((s) => metas.get(s.finding.ruleId)?.effort ?? 'hours'));
  const effort: Effort = efforts.has('days') ? 'days' : efforts.has('hours') ? 'hours' : 'minutes';
  return {
    title: groupTitle(titleOf(lead.finding, lead.endpoint, lead.who), sorted, rootCause),
    impact: impactOf(lead, sorted),
    score: groupScore(sorted.map((s) => s.score)),
    findings: sorted.map((s) => s.finding),
    rootCause,
    severity: worst(sorted),
    confidence: lead.finding.confidence,
    exposure: EXPOSURE[lead.who],
    who: lead.who,
    effort,
    hours: hoursOf(sorted, metas),
  };
}

/** One guard, one router, one secret: mended once, however many routes hang on it. */
const MENDED_ONCE = /^(router|scope|guard|middleware|matcher|secret):/;

/** All of the work: every place that needs an edit of its own counts. */
function hoursOf(group: readonly Scored[], metas: ReadonlyMap<RuleId, RuleMeta<string>>): number {
  const places = new Map<string, number>();
  for (const { finding } of group) {
    const key = MENDED_ONCE.test(finding.rootCause) ? finding.rootCause : `${finding.rootCause} ${finding.endpoint ?? `${finding.at.file}:${finding.at.span.start}`}`;
    places.set(key, Math.max(places.get(key) ?? 0, HOURS[metas.get(finding.ruleId)?.effort ?? 'hours']));
  }
  return [...places.values()].reduce((a, b) => a + b, 0);
}

function isForToday(d: Draft): boolean {
  return d.severity === 'critical' && d.confidence !== 'low' && d.exposure >= 1;
}

function worst(group: readonly Scored[]): Severity {
  const believed = group.filter((s) => s.finding.confidence !== 'low');
  return (believed.length > 0 ? believed : group).map((s) => s.finding.severity).reduce((a, b) => (SEVERITY[b] > SEVERITY[a] ? b : a));
}

function byRank(a: Draft, b: Draft): number {
  const x = a.findings[0];
  const y = b.findings[0];
  return doubt(a) - doubt(b) || standing(a) - standing(b) || b.score - a.score || a.hours - b.hours || compare(x?.category ?? '', y?.category ?? '') || compare(x?.at.file ?? '', y?.at.file ?? '') || (x?.at.span.start ?? 0) - (y?.at.span.start ?? 0);
}

/** What needs a human look first stands behind what is believed. */
function doubt(d: Draft): number {
  return d.confidence === 'low' ? 1 : 0;
}

/** A reader expects the critical ones first. What no request reaches waits behind what can be used. */
function standing(d: Draft): number {
  return SEVERITIES.indexOf(d.severity) + (d.who === 'unreachable' ? SEVERITIES.length : 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const NO_ROOM = `does not fit into the ${SPRINT_HOURS} hours of this sprint`;

/** "about 15 minutes", "about 3 hours", "about two days". */
function effortWords(hours: number): string {
  if (hours < 1) return `about ${Math.round(hours * 60)} minutes`;
  const whole = Math.round(hours);
  if (whole < 16) return `about ${whole} ${whole === 1 ? 'hour' : 'hours'}`;
  const days = Math.round(hours / 8);
  return `about ${days === 2 ? 'two' : days} days`;
}

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
      plan.set(d, { when: 'sprint', reason: `critical, ${isForToday(d) ? 'and open to anyone: today' : 'always in'}: ${effortWords(d.hours)}` });
    } else rest.push(d);
  }
  for (const d of rest.sort((a, b) => b.score / b.hours - a.score / a.hours || byRank(a, b))) {
    if (used + d.hours <= SPRINT_HOURS) {
      used += d.hours;
      plan.set(d, { when: 'sprint', reason: effortWords(d.hours) });
    } else plan.set(d, { when: 'later', reason: `${NO_ROOM} (${effortWords(d.hours)})` });
  }
  return plan;
}
