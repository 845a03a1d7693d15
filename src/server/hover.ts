/** Hover over a squiggle. The message stands above it already: this adds the cost, the evidence, the fix and the page. */
import { MarkupKind, type Hover, type Position } from 'vscode-languageserver/node';
import type { Finding } from '../engine';
import type { Analysis } from './analysis';
import { docsUrl, type Diagnostics } from './diagnostics';
import { overlaps } from './places';
import { escapeMarkdown, firstLine, SEVERITY_WORDS } from './words';
import type { Folder } from './workspace-folders';

const MAX_EVIDENCE = 5;

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
  if (finding.evidence.length > 0) {
    lines.push('', '**Why we say so:**', '');
    for (const evidence of finding.evidence.slice(0, MAX_EVIDENCE)) {
      const line = folder.places.range(evidence.at).start.line + 1;
      const label = escapeMarkdown(`${evidence.at.file}:${line}`);
      lines.push(`- ${escapeMarkdown(firstLine(evidence.note))} ([${label}](${linkTarget(folder.uriOf(evidence.at.file), line)}))`);
    }
    if (finding.evidence.length > MAX_EVIDENCE) lines.push(`- and ${finding.evidence.length - MAX_EVIDENCE} more`);
  }
  const fix = folder.session.fixesOf(finding)[0];
  if (fix) lines.push('', `**Fix:** ${escapeMarkdown(fix.title)} (lightbulb)`);
  lines.push('', `[About this rule](${linkTarget(docsUrl(finding.ruleId))}) · \`${finding.ruleId}\``);
  return lines.join('\n');
}

function linkTarget(uri: string, line?: number): string {
  return `${uri.replace(/[()<>\s]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}${line === undefined ? '' : `#L${line}`}`;
}
