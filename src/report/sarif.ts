/** SARIF 2.1.0, for code scanning and editors. */
import type { RuleMeta } from '../engine/core/rule';
import type { Severity } from '../engine/core/types';
import type { Position, ReportFinding, RescueReport } from './build';
import { uri } from './text';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };
/** What GitHub sorts security alerts by. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '1.0' };
const PRECISION = { proven: 'very-high', high: 'high', medium: 'medium', low: 'low' } as const;

export function renderSarif(report: RescueReport): string {
  const all = [...report.findings, ...report.suppressed];
  const used = [...new Set(all.map((f) => f.finding.ruleId))].sort();
  const index = new Map(used.map((id, i) => [id, i]));
  const docs = new Map(all.map((f) => [f.finding.ruleId, f.docs]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Vibe Code Rescue',
            semanticVersion: report.engine,
            rules: used.map((id) => ruleOf(id, report.metas.get(id), docs.get(id) ?? null)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The audited folder' } } },
        invocations: [
          {
            // The audit ran; that it found something is no failure of the tool.
            executionSuccessful: true,
            toolExecutionNotifications: report.errors.map((e) => ({
              level: 'error',
              message: { text: e.message },
              ...(e.ruleId === null || !index.has(e.ruleId) ? {} : { associatedRule: { id: e.ruleId, index: index.get(e.ruleId) } }),
              ...(e.file === null ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(e.file) } }] }),
            })),
          },
        ],
        results: all.map((f) => resultOf(f, index.get(f.finding.ruleId) ?? -1, report.baselineUsed)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: string, meta: RuleMeta<string> | undefined, docs: string | null) {
  if (!meta) return { id };
  return {
    id,
    name: id.split('/').flatMap((part) => part.split('-')).map((w) => w.charAt(0).toUpperCase() + w.slice(1)).join(''),
    shortDescription: { text: meta.title },
    fullDescription: { text: meta.businessImpact },
    help: { text: `${meta.businessImpact}\n\n${meta.why}`, markdown: `**${meta.title}.** ${meta.businessImpact}\n\n${meta.why}` },
    ...(docs === null ? {} : { helpUri: docs }),
    defaultConfiguration: { level: LEVEL[meta.severity] },
    properties: {
      tags: ['security', meta.category, ...meta.cwe.map((n) => `external/cwe/cwe-${n}`), ...meta.owasp.map((o) => `owasp/${o}`)],
      'security-severity': SECURITY_SEVERITY[meta.severity],
    },
  };
}

function resultOf(f: ReportFinding, ruleIndex: number, baselineUsed: boolean) {
  const { finding } = f;
  const suppressions = [
    ...(f.suppressed === null ? [] : [{ kind: 'inSource', status: 'accepted', justification: f.suppressed }]),
    ...(f.accepted === null ? [] : [{ kind: 'external', status: 'accepted', justification: `${f.accepted.reason} (${f.accepted.owner}, ${f.accepted.date.slice(0, 10)})` }]),
  ];
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVEL[finding.severity],
    message: { text: `${finding.message}\n${finding.businessImpact}` },
    locations: [{ physicalLocation: { artifactLocation: artifact(f.file), region: region(f.at) } }],
    ...(f.evidence.length === 0
      ? {}
      : { relatedLocations: f.evidence.map((e, id) => ({ id, message: { text: e.note }, physicalLocation: { artifactLocation: artifact(e.file), region: region(e.at) } })) }),
    partialFingerprints: { 'vibeCodeRescue/v1': finding.fingerprint },
    ...(baselineUsed ? { baselineState: f.known ? 'unchanged' : 'new' } : {}),
    // Present and empty: looked at and not suppressed; absent would leave it open.
    suppressions,
    properties: { category: finding.category, severity: finding.severity, precision: PRECISION[finding.confidence], confidence: finding.confidence, ...(finding.endpoint === null ? {} : { endpoint: finding.endpoint }), rootCause: finding.rootCause, fixable: f.fixable },
  };
}

function artifact(file: string) {
  return { uri: uri(file), uriBaseId: 'SRCROOT' };
}

function region(at: Position) {
  return { startLine: at.line, startColumn: at.column, endLine: at.endLine, endColumn: at.endColumn };
}
