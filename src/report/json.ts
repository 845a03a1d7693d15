/** Audit JSON, version 1: a contract (DESIGN.md). Adding a field is a new version. */
import type { RescueReport } from './build';

export function renderJson(report: RescueReport): string {
  return `${JSON.stringify(auditJson(report), null, 2)}\n`;
}

export function auditJson(report: RescueReport) {
  return {
    version: 1 as const,
    root: report.root,
    engine: report.engine,
    findings: report.findings.map(({ finding, file, at, evidence, fixable }) => ({
      ruleId: finding.ruleId,
      category: finding.category,
      severity: finding.severity,
      confidence: finding.confidence,
      file,
      line: at.line,
      column: at.column,
      endLine: at.endLine,
      endColumn: at.endColumn,
      message: finding.message,
      impact: finding.businessImpact,
      endpoint: finding.endpoint,
      rootCause: finding.rootCause,
      evidence: evidence.map((e) => ({ file: e.file, line: e.at.line, note: e.note })),
      fixable,
      fingerprint: finding.fingerprint,
    })),
    endpoints: report.endpoints.map(({ endpoint, file, at, guards }) => ({
      framework: endpoint.framework,
      method: endpoint.method,
      path: endpoint.path,
      file,
      line: at.line,
      auth: endpoint.auth,
      guards,
      validated: endpoint.validated,
      public: endpoint.publicBy !== null,
    })),
    risks: report.ranking.top.map((risk) => ({ rank: risk.rank, title: risk.title, score: Math.round(risk.score * 10) / 10, findings: risk.findings.map((f) => f.fingerprint), when: risk.when })),
    score: report.ranking.score,
    errors: report.errors.map((e) => ({ phase: e.phase, file: e.file, ruleId: e.ruleId, message: e.message })),
    stats: {
      files: report.stats.files,
      bytes: report.stats.bytes,
      ms: report.stats.ms,
      parseErrors: report.stats.parseErrors,
      skipped: report.stats.skipped.map((s) => ({ file: s.file, reason: s.reason })),
    },
  };
}
