/** Everything a report says, as plain data: the renderers only choose words, order and looks. */
import type { Endpoint } from '../engine/core/model';
import type { RuleMeta } from '../engine/core/rule';
import type { EngineError, Finding, RelPath, RuleId, Severity, Span, SprintItemId } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { founderChecklist, type FounderChecklist } from '../sprint/founder';
import { rankRisks, type RiskRanking } from '../sprint/risk';
import type { AcceptedRisk, SprintState } from '../sprint/state';
import { sprintStatus, type SprintStatus } from '../sprint/status';
import { isBlindSpot, unexplained } from '../sprint/exposure';

/** 1-based, UTF-16 columns; the end is exclusive. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Positions = (file: RelPath, span: Span) => Position;
export type Metas = ReadonlyMap<RuleId, RuleMeta<string>>;

export interface ReportInput {
  /** The folder as the user knows it. */
  readonly root: string;
  /** Version of the engine. */
  readonly engine: string;
  readonly result: AuditResult;
  readonly state: SprintState;
  readonly metas: Metas;
  readonly positions: Positions;
  /** Some fix of the finding changes code (the session knows the classes). */
  readonly fixable: (finding: Finding) => boolean;
  /** ISO date; null where output has to be reproducible. */
  readonly date?: string | null;
  /** Wall time of the audit; without it the sum of the phases. */
  readonly ms?: number;
  /** Fingerprints already known (`.rescue/baseline.json`). */
  readonly baseline?: ReadonlySet<string> | null;
  /** Address of a rule's page. */
  readonly docsUrl?: (id: RuleId) => string | null;
  /** Problems outside the engine: broken configuration, state or baseline. */
  readonly errors?: readonly EngineError[];
}

export interface ReportEvidence {
  readonly file: RelPath;
  readonly at: Position;
  readonly note: string;
}

export interface ReportFinding {
  readonly finding: Finding;
  readonly file: RelPath;
  readonly at: Position;
  readonly evidence: readonly ReportEvidence[];
  readonly item: SprintItemId | null;
  readonly ruleTitle: string;
  readonly fixable: boolean;
  /** Accepted by a person; out of the score and of `open`. */
  readonly accepted: AcceptedRisk | null;
  /** Hidden by a comment or the configuration; only in `suppressed`. */
  readonly suppressed: string | null;
  /** In the baseline. */
  readonly known: boolean;
  readonly docs: string | null;
}

export interface ReportEndpoint {
  readonly endpoint: Endpoint;
  readonly file: RelPath;
  readonly at: Position;
  readonly guards: readonly string[];
  readonly exposure: Exposure;
  readonly findings: readonly ReportFinding[];
}

/** Who may call an endpoint, worst first. `open` = none and no public reason. */
export const EXPOSURES = ['open', 'unknown', 'optional', 'public', 'guarded', 'unmounted'] as const;
export type Exposure = (typeof EXPOSURES)[number];

export interface RescueReport {
  readonly root: string;
  /** Last segment of the root, for headings. */
  readonly project: string;
  readonly engine: string;
  readonly date: string | null;
  /** In the order of the audit: severity, file, offset, rule. */
  readonly findings: readonly ReportFinding[];
  readonly suppressed: readonly ReportFinding[];
  readonly endpoints: readonly ReportEndpoint[];
  readonly ranking: RiskRanking;
  /** Open findings (not accepted, not low confidence) by severity. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly verdict: string;
  readonly sprint: SprintStatus;
  readonly founder: FounderChecklist;
  readonly metas: Metas;
  readonly errors: readonly EngineError[];
  readonly stats: { readonly files: number; readonly bytes: number; readonly ms: number; readonly parseErrors: number; readonly skipped: readonly { readonly file: RelPath; readonly reason: string }[] };
  readonly baselineUsed: boolean;
}

/** Endpoints that requests reach, and those of routers that nobody mounts. */
export function reachedOf(endpoints: readonly ReportEndpoint[]): { readonly reached: number; readonly unmounted: number } {
  const reached = endpoints.filter((e) => e.endpoint.mounted).length;
  return { reached, unmounted: endpoints.length - reached };
}

export function exposureOf(endpoint: Endpoint): Exposure {
  if (!endpoint.mounted) return 'unmounted';
  if (endpoint.auth === 'required') return 'guarded';
  if (endpoint.publicBy !== null) return 'public';
  return endpoint.auth === 'none' ? 'open' : endpoint.auth;
}

export function buildReport(input: ReportInput): RescueReport {
  const { result, state, metas } = input;
  const view = (finding: Finding, suppressed: string | null): ReportFinding => {
    const meta = metas.get(finding.ruleId);
    return {
      finding,
      file: finding.at.file,
      at: input.positions(finding.at.file, finding.at.span),
      evidence: onePerLine(finding.evidence.map((e) => ({ file: e.at.file, at: input.positions(e.at.file, e.at.span), note: e.note }))),
      item: meta?.item ?? null,
      ruleTitle: meta?.title ?? finding.ruleId,
      fixable: finding.fixes.length > 0 && input.fixable(finding),
      accepted: state.accepted[finding.fingerprint] ?? null,
      suppressed,
      known: input.baseline?.has(finding.fingerprint) ?? false,
      docs: input.docsUrl?.(finding.ruleId) ?? null,
    };
  };
  const findings = result.findings.map((finding) => view(finding, null));
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const f of findings) if (f.accepted === null && f.finding.confidence !== 'low') counts[f.finding.severity]++;
  const ranking = rankRisks(result, metas, state);
  const sprint = sprintStatus(result, state, metas);
  const timing = result.stats.timing;
  return {
    root: input.root,
    project: input.root.replace(/[\\/]+$/, '').split(/[\\/]/).pop() || input.root,
    engine: input.engine,
    date: input.date ?? null,
    findings,
    suppressed: result.suppressed.map((s) => view(s.finding, s.reason)),
    endpoints: [...result.endpoints]
      .map((endpoint): ReportEndpoint => ({
        endpoint,
        file: endpoint.at.file,
        at: input.positions(endpoint.at.file, endpoint.at.span),
        guards: endpoint.guards.map((guard) => guard.name),
        exposure: exposureOf(endpoint),
        findings: findings.filter((f) => f.accepted === null && belongsTo(f.finding, endpoint)),
      }))
      .sort(byExposure),
    ranking,
    counts,
    verdict: verdictOf(counts, ranking, result),
    sprint,
    founder: founderChecklist(result, state, metas),
    metas,
    errors: [...result.errors, ...(input.errors ?? [])],
    stats: {
      files: result.stats.files,
      bytes: result.stats.bytes,
      ms: Math.round(input.ms ?? (timing['extract'] ?? 0) + (timing['link'] ?? 0) + (timing['check'] ?? 0)),
      parseErrors: result.stats.parseErrors,
      skipped: result.stats.skipped,
    },
    baselineUsed: input.baseline !== null && input.baseline !== undefined,
  };
}

/** A line is shown once, with what is said of it first. */
function onePerLine(evidence: readonly ReportEvidence[]): readonly ReportEvidence[] {
  const seen = new Set<string>();
  return evidence.filter((e) => {
    const line = `${e.file}:${e.at.line}`;
    if (seen.has(line)) return false;
    seen.add(line);
    return true;
  });
}

function belongsTo(finding: Finding, endpoint: Endpoint): boolean {
  return finding.endpoint === `${endpoint.method} ${endpoint.path}` && (finding.at.file === endpoint.at.file || endpoint.dependsOn.has(finding.at.file));
}

function byExposure(a: ReportEndpoint, b: ReportEndpoint): number {
  return EXPOSURES.indexOf(a.exposure) - EXPOSURES.indexOf(b.exposure) || compare(a.endpoint.path, b.endpoint.path) || compare(a.endpoint.method, b.endpoint.method) || compare(a.file, b.file);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One sentence that a founder can repeat. */
function verdictOf(counts: Readonly<Record<Severity, number>>, ranking: RiskRanking, result: AuditResult): string {
  if (result.stats.files === 0) return 'Nothing was audited: no readable source file was found in this folder.';
  // Only what is certain is counted.
  const anyone = ranking.risks.filter((r) => (r.confidence === 'proven' || r.confidence === 'high') && r.exposure >= 1 && (r.severity === 'critical' || r.severity === 'high')).length;
  // What could not be read is no all-clear.
  const unread = unreadOf(result.endpoints);
  const unknown = unexplained(result.endpoints).length;
  const open = `${unknown === 1 ? 'One endpoint is' : `${unknown} endpoints are`} open to anyone, and what ${unknown === 1 ? 'it does' : 'they do'} could not be read: look at ${unknown === 1 ? 'it' : 'them'}${counts.critical > 0 ? ' too' : ' first'}.`;
  // Beside critical flaws a handful of unread ones is no headline.
  const worthSaying = counts.critical > 0 ? unknown >= 3 && unknown * 10 >= result.endpoints.length : unknown > 0;
  const unsure = worthSaying ? ` ${open}` : unread >= 5 && unread * 10 >= result.endpoints.length ? ` Of ${plural(result.endpoints.length, 'endpoint')}, ${unread} could not be judged: look at these too.` : '';
  if (counts.critical > 0) {
    const others = anyone > 1 ? ` ${anyone} of the risks can be used by anyone on the internet, today.` : anyone === 1 ? ' One of the risks can be used by anyone on the internet, today.' : '';
    return `Do not launch yet.${others || ` ${plural(counts.critical, 'critical flaw')} would put customers’ data or money at risk.`}${unsure}`;
  }
  if (isBlindSpot(result.endpoints)) return `Not cleared for launch: ${open}${counts.high > 0 ? ` Beside them, ${plural(counts.high, 'serious flaw')} should be closed.` : ''}`;
  if (counts.high > 0) return `${ranking.score >= 70 ? 'Not ready yet' : 'Not far off'}: ${unsure === '' ? 'nothing critical' : 'nothing critical in what could be read'}, but ${plural(counts.high, 'serious flaw')} should be closed before customers depend on this.${unsure}`;
  if (unsure !== '') return `No launch blocker found in what could be read.${unsure}`;
  if (counts.medium + counts.low > 0) return 'No launch blocker found: what is left makes the app sturdier.';
  if (result.findings.length > 0) return 'No launch blocker found: a few places need a human look.';
  return 'Nothing found by the checks that ran. What was not checked is listed in this report.';
}

/** Endpoints whose sign-in check could not be followed. */
export function unreadOf(endpoints: readonly Endpoint[]): number {
  return endpoints.filter((e) => exposureOf(e) === 'unknown').length;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
