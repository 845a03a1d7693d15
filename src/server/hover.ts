/** Hover over a squiggle. The editor shows message and evidence (related places) above: this adds the cost, the fix and the page. */
import { MarkupKind, type Hover, type Position } from 'vscode-languageserver/node';
import type { Finding } from '../engine';
import type { Analysis } from './analysis';
import { docsUrl, type Diagnostics } from './diagnostics';
import { overlaps } from './places';
import { escapeMarkdown, SEVERITY_WORDS } from './words';
import type { Folder } from './workspace-folders';

export function hover(analysis: Analysis, diagnostics: Diagnostics, uri: string, position: Position): Hover | null {
  const now = analysis.current(uri);
  if (!now) return null;
  const at = { start: position, end: position };
  const ranges = new Map<Finding, { start: Position; end: Position }>();
  for (const finding of diagnostics.visible(now.folder, now.folder.session.check(now.path))) {
    const range = now.folder.places.range(finding.at);
    if (overlaps(range, at)) ranges.set(finding, range);
  }
  const findings = [...ranges.keys()];
  const first = findings[0];
  if (!first) return null;
  return { contents: { kind: MarkupKind.Markdown, value: findings.map((finding) => describe(now.folder, finding)).join('\n\n---\n\n') }, range: ranges.get(first) };
}

export function describe(folder: Folder, finding: Finding): string {
  const title = folder.session.rules.find((rule) => rule.meta.id === finding.ruleId)?.meta.title ?? finding.ruleId;
  const sure = finding.confidence === 'medium' ? ' · likely' : '';
  const lines = [`**${escapeMarkdown(title)}** · ${SEVERITY_WORDS[finding.severity]}${sure}`, '', `**What it can cost:** ${escapeMarkdown(finding.businessImpact)}`];
  const fix = folder.session.fixesOf(finding)[0];
  if (fix) lines.push('', `**Fix:** ${escapeMarkdown(fix.title)} (lightbulb)`);
  lines.push('', `[About this rule](${docsUrl(finding.ruleId)}) · \`${finding.ruleId}\``);
  return lines.join('\n');
}
