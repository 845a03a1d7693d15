/** What the status bar says: pure, so that tests can read it. */
import type { FolderSummary, OverviewAnswer, StatusParams } from '../server/protocol';
import { escapeMarkdown, plural } from './tree';

export interface StatusLook {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly command: string;
}

const LINKS = '[Run rescue audit](command:vibeCodeRescue.runAudit) · [Log](command:vibeCodeRescue.showLog) · [Restart](command:vibeCodeRescue.restartServer)';

export function statusLook(running: boolean, status: StatusParams | null, overview: OverviewAnswer | null): StatusLook {
  if (!running && status !== null) {
    return { text: '$(shield) Rescue stopped', tooltip: `**Vibe Code Rescue is not running**\n\n${LINKS}`, spoken: 'Vibe Code Rescue is not running', command: 'vibeCodeRescue.restartServer' };
  }
  if (!running || !status || status.state !== 'ready') {
    const read = status && status.files > 0 ? `${plural(status.files, 'file')} read so far` : 'Reading your project';
    return { text: '$(sync~spin) Rescue', tooltip: `**Vibe Code Rescue**\n\n${read}. Squiggles for keys are live already.`, spoken: `Vibe Code Rescue: ${read}`, command: 'vibeCodeRescue.showLog' };
  }
  const folders = overview?.folders ?? [];
  if (folders.length === 0) return { text: '$(shield) Rescue', tooltip: `**Vibe Code Rescue**\n\nOpen a folder to see its risk score.\n\n${LINKS}`, spoken: 'Vibe Code Rescue: no folder open', command: 'vibeCodeRescue.runAudit' };
  const worst = folders.reduce((a, b) => (b.score > a.score ? b : a));
  const errors = status.errors > 0 ? `\n\n$(warning) ${plural(status.errors, 'problem')} inside the checks: see the log${status.lastError ? ` (${escapeMarkdown(status.lastError)})` : ''}` : '';
  return {
    text: `$(shield) Rescue ${worst.score}${status.errors > 0 ? ' $(warning)' : ''}`,
    tooltip: `${folders.map((folder) => describe(folder, folders.length > 1)).join('\n\n---\n\n')}${errors}\n\n${LINKS}`,
    spoken: `Vibe Code Rescue: risk score ${worst.score} of 100, ${counts(worst)}`,
    command: 'vibeCodeRescue.runAudit',
  };
}

function counts({ counts: c }: FolderSummary): string {
  const parts = [[c.critical, 'critical'], [c.high, 'high'], [c.medium, 'medium'], [c.low + c.info, 'low']].filter(([n]) => Number(n) > 0).map(([n, word]) => `${n} ${word}`);
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

function describe(folder: FolderSummary, named: boolean): string {
  const lines = [`**Risk score ${folder.score} of 100**${named ? ` · ${escapeMarkdown(folder.name)}` : ''}`, '', `Findings: ${counts(folder)}`];
  if (folder.endpoints > 0) lines.push('', `Endpoints: ${folder.endpoints}, ${folder.openEndpoints} open${folder.unknownEndpoints > 0 ? `, ${folder.unknownEndpoints} unknown` : ''}`);
  if (folder.firstRisk) lines.push('', `First: ${escapeMarkdown(folder.firstRisk)}`);
  lines.push('', `Sprint: ${folder.sprintDone} of ${folder.sprintTotal} done`);
  return lines.join('\n');
}
