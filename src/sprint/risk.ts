/** Risks ranked by business impact: score = S · X · A · C · R (rules/20-sprint.md, section d). */
import type { Endpoint } from '../engine/core/model';
import type { RuleMeta } from '../engine/core/rule';
import { SEVERITIES, type Confidence, type Effort, type Finding, type RuleId, type Severity } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { EXPOSURE, endpointOf, endpointsByName, isBlindSpot, revenueFactor, stakesOf, whoCan, type Who } from './exposure';
import { groupOf, noSignIn, NO_SIGN_IN, silentReads, type NoSignIn } from './groups';
import { harmClass, HARMS, opensAccounts, type Harm } from './harm';
import type { SprintState } from './state';
import { groupTitle, harmOfFinding, listed, noSignInTitle, titleOf } from './titles';

export interface Risk {
  /** 1-based, over all risks: those believed first, by severity, then by the kind of harm, then by score. */
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
  /** Critical, and open to the internet or to all accounts: not this week, today. */
  readonly today: boolean;
  /** A check at each place mends it; not so where there is no sign-in yet that it could ask for. */
  readonly mendable: boolean;
  /** The worst kind of harm among its believed findings of its severity. */
  readonly harm: Harm;
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

/** Accepted findings are out; findings with one cause are one risk. */
export function rankRisks(result: AuditResult, metas: ReadonlyMap<RuleId, RuleMeta<string>>, state: SprintState): RiskRanking {
  const byName = endpointsByName(result.endpoints);
  const causes = result.findings.map((f) => f.rootCause);
  // One value in several places: they belong together wherever they stand.
  const shared = new Set(causes.filter((c, i) => causes.indexOf(c) !== i));
  const nobody = noSignIn(result.endpoints);
  const told = new Set(result.findings.map((f) => f.endpoint ?? ''));
  const groups = new Map<string, Scored[]>();
  for (const finding of result.findings) {
    if (state.accepted[finding.fingerprint]) continue;
    const endpoint = endpointOf(finding, byName);
    const who = whoCan(finding, endpoint);
    const scored: Scored = { finding, endpoint, who, score: scoreOf(finding, endpoint) };
    const key = groupOf(finding, who, shared, nobody !== null);
    const group = groups.get(key);
    if (group) group.push(scored);
    else groups.set(key, [scored]);
  }
  const drafts = [...groups].map(([rootCause, group]) => draft(rootCause, group, metas, rootCause === NO_SIGN_IN ? nobody : null, silentReads(group, result.endpoints, told))).sort(byRank);
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

function draft(rootCause: string, group: readonly Scored[], metas: ReadonlyMap<RuleId, RuleMeta<string>>, nobody: NoSignIn | null, reads: readonly Endpoint[]): Draft {
  // The most harmful leads, for its title is the risk's; a doubtful one never leads one that is believed.
  const sorted = [...group].sort(
    (a, b) => Number(a.finding.confidence === 'low') - Number(b.finding.confidence === 'low') || SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) || harmOfFinding(a.finding) - harmOfFinding(b.finding) || b.score - a.score || compare(a.finding.at.file, b.finding.at.file) || a.finding.at.span.start - b.finding.at.span.start,
  );
  const lead = sorted[0];
  if (!lead) throw new Error('a risk has at least one finding');
  const efforts = new Set(sorted.map((s) => metas.get(s.finding.ruleId)?.effort ?? 'hours'));
  // There is nothing to ask for yet: a sign-in has to be built first.
  const building = nobody !== null && !nobody.hasSignIn;
  const effort: Effort = building || efforts.has('days') ? 'days' : efforts.has('hours') ? 'hours' : 'minutes';
  return {
    title: nobody === null ? groupTitle(titleOf(lead.finding, lead.endpoint, lead.who), sorted, rootCause) : noSignInTitle(sorted.map((s) => s.finding), nobody.endpoints),
    impact: `${impactOf(lead, sorted)}${readsToo(reads)}`,
    score: groupScore(sorted.map((s) => s.score)),
    findings: sorted.map((s) => s.finding),
    rootCause,
    severity: worst(sorted),
    confidence: lead.finding.confidence,
    exposure: EXPOSURE[lead.who],
    who: lead.who,
    effort,
    hours: building ? HOURS.days : nobody === null ? hoursOf(sorted, metas) : Math.max(HOURS.hours, hoursOf(sorted, metas)),
    mendable: !building,
    harm: nobody !== null ? 'all' : worstHarm(sorted.filter((s) => s.finding.severity === lead.finding.severity && s.finding.confidence !== 'low')),
  };
}

function worstHarm(group: readonly Scored[]): Harm {
  const classes = group.map((s) => harmClass(s.finding));
  return HARMS.find((h) => classes.includes(h)) ?? 'less';
}

/** What is open beside it, and not said to be wrong. */
function readsToo(reads: readonly Endpoint[]): string {
  return reads.length === 0 ? '' : ` Reading needs no sign-in there either (${listed(reads.map((e) => `GET ${e.path}`), 3)}): right only if everyone may see it.`;
}

/** One guard, one router, one secret, one public variable: mended once, however many places hang on it. */
const MENDED_ONCE = /^(router|scope|guard|middleware|matcher|secret|public-env|browser-read):/;

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
  return d.severity === 'critical' && d.confidence !== 'low' && (d.exposure >= 1 || d.findings.some((f) => f.severity === 'critical' && opensAccounts(f)));
}

function worst(group: readonly Scored[]): Severity {
  const believed = group.filter((s) => s.finding.confidence !== 'low');
  return (believed.length > 0 ? believed : group).map((s) => s.finding.severity).reduce((a, b) => (SEVERITY[b] > SEVERITY[a] ? b : a));
}

function byRank(a: Draft, b: Draft): number {
  const x = a.findings[0];
  const y = b.findings[0];
  return doubt(a) - doubt(b) || standing(a) - standing(b) || HARMS.indexOf(a.harm) - HARMS.indexOf(b.harm) || b.score - a.score || a.hours - b.hours || compare(x?.category ?? '', y?.category ?? '') || compare(x?.at.file ?? '', y?.at.file ?? '') || (x?.at.span.start ?? 0) - (y?.at.span.start ?? 0);
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
      plan.set(d, { when: 'sprint', reason: `critical, ${d.exposure >= 1 ? 'and open to anyone: today' : isForToday(d) ? 'and it opens your accounts: today' : 'always in'}: ${effortWords(d.hours)}` });
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
