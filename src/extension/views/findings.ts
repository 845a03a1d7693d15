/** A finding as a row: used below sprint items and risks. */
import type { FindingItem, FolderRef, SeverityName } from '../../server/protocol';
import { escapeMarkdown, type TreeIcon, type TreeNode } from '../tree';

const SEVERITY_ICONS: Readonly<Record<SeverityName, TreeIcon>> = {
  critical: { id: 'error', color: 'list.errorForeground' },
  high: { id: 'error', color: 'list.errorForeground' },
  medium: { id: 'warning', color: 'list.warningForeground' },
  low: { id: 'info', color: 'editorInfo.foreground' },
  info: { id: 'info', color: 'disabledForeground' },
};

const SEVERITY_ORDER: readonly SeverityName[] = ['critical', 'high', 'medium', 'low', 'info'];

export function severityIcon(severity: SeverityName): TreeIcon {
  return SEVERITY_ICONS[severity];
}

export function worst(findings: readonly FindingItem[]): SeverityName | null {
  return SEVERITY_ORDER.find((severity) => findings.some((f) => f.severity === severity && !f.needsHuman)) ?? SEVERITY_ORDER.find((severity) => findings.some((f) => f.severity === severity)) ?? null;
}

export function findingNode(folder: FolderRef, parent: string, finding: FindingItem): TreeNode {
  const line = finding.place.range.start.line + 1;
  const name = finding.place.file.slice(finding.place.file.lastIndexOf('/') + 1);
  const message = finding.message.split('\n')[0] ?? finding.message;
  const words = finding.needsHuman ? 'needs a human look' : finding.severity;
  return {
    id: `${parent}/${finding.fingerprint}`,
    label: message,
    description: `${name}:${line}`,
    tooltip: [
      `**${escapeMarkdown(finding.title)}** · ${words}`,
      escapeMarkdown(message),
      `**What it can cost:** ${escapeMarkdown(finding.impact)}`,
      `${escapeMarkdown(`${finding.place.file}:${line}`)}${finding.fixable ? ' · a fix is offered in the editor' : ''}`,
    ].join('\n\n'),
    icon: finding.needsHuman ? { id: 'eye', color: 'disabledForeground' } : severityIcon(finding.severity),
    open: finding.place,
    context: 'finding',
    finding: { folder: folder.uri, fingerprint: finding.fingerprint, message, ruleId: finding.ruleId },
    spoken: `${words}: ${message}, ${finding.place.file} line ${line}`,
  };
}
