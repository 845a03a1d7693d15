/** What sidebar, status bar, badge and report show: plain data made from the one report model. */
import type { AuditResult, Endpoint, EngineError, Finding, RuleId } from '../engine';
import { buildReport, type Metas, type ReportEndpoint, type RescueReport } from '../report/build';
import type { RotationEntry } from '../sprint/rotations';
import type { DayStatus, ItemStatus, TaskStatus } from '../sprint/status';
import { docsUrl } from './diagnostics';
import type { ServerHost } from './host';
import type { EndpointView, EndpointsFolderView, FindingItem, FolderSummary, FounderFolderView, Place, RisksFolderView, RiskView, SeverityCounts, SprintFolderView, SprintItemView, SprintTask } from './protocol';
import { endpointFacts, isQuiet, lensTitle } from './words';
import type { Folder } from './workspace-folders';

export class Views {
  readonly metas: Metas;
  readonly quietRules: ReadonlySet<string>;
  private readonly reports = new WeakMap<Folder, { readonly revision: number; readonly report: RescueReport }>();

  constructor(private readonly host: ServerHost) {
    this.metas = new Map(host.rules.map((rule) => [rule.meta.id as RuleId, rule.meta]));
    this.quietRules = new Set(host.rules.filter((rule) => rule.meta.quiet).map((rule) => rule.meta.id));
  }

  /** null when the folder was closed meanwhile. */
  async report(folder: Folder): Promise<RescueReport | null> {
    const result = await folder.audit();
    if (!result) return null;
    const known = this.reports.get(folder);
    if (known?.revision === folder.revision) return known.report;
    const report = this.build(folder, result);
    this.reports.set(folder, { revision: folder.revision, report });
    return report;
  }

  private build(folder: Folder, result: AuditResult): RescueReport {
    const errors: EngineError[] = folder.configProblems.map((problem) => ({ phase: 'config', file: folder.disk.configFile, ruleId: null, message: problem.message }));
    for (const [file, message] of folder.findBroken()) errors.push({ phase: 'extract', file, ruleId: null, message });
    if (folder.stateProblem !== null) errors.push({ phase: 'state', file: null, ruleId: null, message: folder.stateProblem });
    return buildReport({
      root: folder.root,
      engine: this.host.version,
      result: { ...result, stats: { ...result.stats, skipped: [...result.stats.skipped, ...folder.skipped] } },
      state: folder.state,
      metas: this.metas,
      positions: (file, span) => {
        const { start, end } = folder.places.range({ file, span });
        return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
      },
      fixable: (finding) => folder.session.fixesOf(finding).some((fix) => fix.class !== 'manual'),
      date: new Date().toISOString(),
      ...(folder.auditMs > 0 ? { ms: folder.auditMs } : {}),
      docsUrl: (id) => docsUrl(id),
      errors,
    });
  }

  summary(folder: Folder, report: RescueReport): FolderSummary {
    const open = report.findings.filter((f) => f.accepted === null && f.finding.confidence !== 'low');
    const counts: SeverityCounts = report.counts;
    return {
      uri: folder.uri,
      name: folder.name,
      score: report.ranking.score,
      counts,
      findings: open.length,
      files: report.stats.files,
      endpoints: report.endpoints.length,
      openEndpoints: report.endpoints.filter((e) => e.exposure === 'open').length,
      unknownEndpoints: report.endpoints.filter((e) => e.exposure === 'unknown').length,
      sprintDone: report.sprint.done,
      sprintTotal: report.sprint.total,
      errors: report.errors.length,
      skipped: report.stats.skipped.length,
      ms: report.stats.ms,
      firstRisk: report.ranking.top[0]?.title ?? null,
    };
  }

  sprint(folder: Folder, report: RescueReport): SprintFolderView {
    const { sprint } = report;
    const rotations = sprint.rotations.map(rotation);
    return {
      uri: folder.uri,
      name: folder.name,
      done: sprint.done,
      total: sprint.total,
      currentDay: sprint.currentDay,
      days: sprint.days.map((day: DayStatus) => ({
        day: day.day.day,
        title: day.day.title,
        artefact: day.day.artefact,
        done: day.done,
        total: day.total,
        items: day.items.map((item) => this.item(folder, item, rotations)),
        tasks: day.tasks.map(task),
      })),
    };
  }

  private item(folder: Folder, status: ItemStatus, rotations: readonly SprintTask[]): SprintItemView {
    return {
      id: status.item.id,
      title: status.item.title,
      status: status.state,
      detail: status.because,
      question: status.item.byHand,
      tickable: status.doneBy === 'hand' || status.state === 'not-checked' || (status.state === 'manual' && !(status.item.id === 'secrets' && rotations.some((r) => !r.done))),
      tickedOn: status.doneBy === 'hand' ? (status.tick?.date ?? null) : null,
      findings: status.findings.map((f) => this.finding(folder, f)),
      accepted: status.accepted.map((f) => this.finding(folder, f)),
      rotations: status.item.id === 'secrets' ? rotations : [],
    };
  }

  risks(folder: Folder, report: RescueReport): RisksFolderView {
    return {
      uri: folder.uri,
      name: folder.name,
      score: report.ranking.score,
      risks: report.ranking.top.map(
        (risk): RiskView => ({
          rank: risk.rank,
          title: risk.title,
          score: Math.round(risk.score),
          when: risk.when,
          reason: risk.reason,
          severity: risk.severity,
          impact: risk.impact,
          findings: risk.findings.map((f) => this.finding(folder, f)),
        }),
      ),
    };
  }

  founder(folder: Folder, report: RescueReport): FounderFolderView {
    const { founder } = report;
    return {
      uri: folder.uri,
      name: folder.name,
      verdict: founder.verdict,
      against: founder.riskyCount,
      open: founder.unknownCount,
      questions: founder.answers.map((a) => ({
        id: a.question.id,
        number: a.question.number,
        text: a.question.text,
        answer: a.answer,
        from: a.from,
        risky: a.isRisky,
        because: a.because,
        places: a.places.map((at) => this.place(folder, { at })),
      })),
    };
  }

  endpoints(folder: Folder, report: RescueReport): EndpointsFolderView {
    return { uri: folder.uri, name: folder.name, endpoints: report.endpoints.map((e) => this.endpoint(folder, e)) };
  }

  private endpoint(folder: Folder, view: ReportEndpoint): EndpointView {
    const { endpoint } = view;
    return {
      key: endpoint.key,
      method: endpoint.method,
      path: endpoint.path,
      framework: endpoint.framework,
      place: this.place(folder, endpoint),
      exposure: view.exposure,
      auth: endpoint.auth,
      guards: view.guards,
      validated: endpoint.validated,
      summary: view.exposure === 'public' ? lensTitle(endpoint, 'public').replace(/^\S+ /, '') : endpointFacts(endpoint),
      evidence: [...endpoint.authEvidence.map((e) => e.note), ...endpoint.fakeGuards.map((g) => `${g.name}: ${g.reason}`)].slice(0, 6),
    };
  }

  finding(folder: Folder, finding: Finding): FindingItem {
    return {
      fingerprint: finding.fingerprint,
      ruleId: finding.ruleId,
      title: this.metas.get(finding.ruleId)?.title ?? finding.ruleId,
      severity: finding.severity,
      confidence: finding.confidence,
      message: finding.message,
      impact: finding.businessImpact,
      endpoint: finding.endpoint,
      place: this.place(folder, finding),
      fixable: finding.fixes.length > 0,
      needsHuman: isQuiet(finding, this.quietRules),
    };
  }

  private place(folder: Folder, of: Pick<Finding, 'at'> | Pick<Endpoint, 'at'>): Place {
    return { uri: folder.uriOf(of.at.file), file: of.at.file, range: folder.places.range(of.at) };
  }
}

function task(status: TaskStatus): SprintTask {
  return { kind: 'task', id: status.id, text: status.text, done: status.done, byHand: status.byHand, since: status.tick?.date ?? null };
}

function rotation(entry: RotationEntry): SprintTask {
  return { kind: 'rotation', id: entry.name, text: entry.text, done: entry.done, byHand: true, since: entry.rotation.done ?? null };
}
