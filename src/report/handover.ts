/** Day 7: the handover. The 16 deliverables with what the evidence says, and what only people know left open to fill in. */
import { SEVERITIES, type SprintItemId } from '../engine/core/types';
import type { ItemStatus } from '../sprint/status';
import { plural, type RescueReport } from './build';
import { guardText, heading } from './endpoints';
import { code, markdown as md } from './text';
import { ITEM_STATE_WORD, SEVERITY_WORD, notChecked, scoreWord } from './words';

const DELIVERABLES: readonly (readonly [string, SprintItemId | null])[] = [
  ['Security audit summary', null], ['Exposed key findings', 'secrets'], ['Endpoint review with access-control changes', 'endpoints'], ['Auth middleware fixes', 'auth'],
  ['Validation rules added or tightened', 'validation'], ['CORS against real front ends', 'cors'], ['Database rule updates', 'database'], ['Indexes for hot queries', 'indexes'],
  ['Query notes before and after', 'queries'], ['Error handling paths', 'errors'], ['Error tracking configured or cleaned', 'sentry'], ['Regression checks', 'regression'],
  ['Redeployed build', 'redeploy'], ['Environments verified', 'environments'], ['Monitoring checklist, first week', 'monitoring'], ['What changed and why', 'documentation'],
];

const FIRST_WEEK: readonly (readonly [string, string, string])[] = [
  ['Hour 1', 'Health check, sign-in, checkout or lead form, one 401, CORS preflight', 'all as expected'],
  ['Day 1', 'New error types, rate of 5xx answers', 'no new type unassigned; below 0.5 %'],
  ['Day 1', 'Webhook deliveries and retries at each provider', 'none failing'],
  ['Day 2', '401 and 403 answers by endpoint', 'no valid user shut out'],
  ['Day 3', 'Slowest 10 queries, 95th percentile of the dashboard', '200–500 ms, none above 1.5 s'],
  ['Day 4', 'Database size, connections, cache and rate limits', 'connections below 70 % of the limit'],
  ['Day 5', 'Cost of AI, mail, SMS', 'within 1.5 × of the plan'],
  ['Day 6', 'Backup restored into a scratch database', 'row counts equal'],
  ['Day 7', 'Audit again, compare with the baseline', 'no new critical finding'],
];

export function renderHandover(report: RescueReport): string {
  const out: string[] = [];
  const status = (id: SprintItemId): ItemStatus | undefined => report.sprint.items.get(id);
  out.push(`# Handover: ${md(report.project)}`, '', `${report.date === null ? '' : `${report.date.slice(0, 10)}. `}Risk score ${report.ranking.score} of 100 (${scoreWord(report.ranking.score)}). ${md(report.verdict)}`, '');
  DELIVERABLES.forEach(([title, id], i) => {
    out.push(`## ${i + 1}. ${title}`, '');
    const item = id === null ? undefined : status(id);
    if (item) out.push(`**${ITEM_STATE_WORD[item.state]}.** ${md(item.because)}`, '');
    if (item?.note) out.push(`Note (${item.note.date.slice(0, 10)}): ${md(item.note.text)}`, '');
    if (id === null) summary(report, out);
    else if (id === 'secrets') secrets(report, out);
    else if (id === 'endpoints') endpoints(report, out);
    else if (id === 'monitoring') firstWeek(report, out);
    else if (id === 'documentation') documentation(report, out);
    else open(report, id, out);
  });
  out.push('## What was not checked', '');
  const missing = notChecked(report);
  out.push(...(missing.length === 0 ? ['Nothing was left out.'] : missing.map((m) => `- ${md(m)}`)));
  return `${out.join('\n').replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}

function summary(report: RescueReport, out: string[]): void {
  out.push(`| ${SEVERITIES.map((s) => SEVERITY_WORD[s]).join(' | ')} |`, `|${' ---: |'.repeat(SEVERITIES.length)}`, `| ${SEVERITIES.map((s) => report.counts[s]).join(' | ')} |`, '');
  for (const risk of report.ranking.top) out.push(`${risk.rank}. ${md(risk.title)} (${risk.today ? 'today' : risk.when === 'sprint' ? 'in the sprint' : `later: ${md(risk.reason)}`})`);
  out.push('');
}

function secrets(report: RescueReport, out: string[]): void {
  open(report, 'secrets', out);
  const { rotations } = report.sprint;
  if (rotations.length > 0) out.push('| Key | Leaked in | Since | Replaced |', '| --- | --- | --- | --- |');
  for (const r of rotations) out.push(`| ${code(r.name)} | ${code(r.rotation.file ?? '')} | ${r.rotation.added.slice(0, 10)} | ${r.rotation.done?.slice(0, 10) ?? '**not yet**'} |`);
  out.push('');
}

function endpoints(report: RescueReport, out: string[]): void {
  if (report.endpoints.length > 0) out.push('| Who | Endpoint | Guards | Place |', '| --- | --- | --- | --- |');
  for (const e of report.endpoints) out.push(`| ${heading(e.exposure)} | ${code(`${e.endpoint.method} ${e.endpoint.path}`)} | ${md(guardText(e))} | ${code(`${e.file}:${e.at.line}`)} |`);
  out.push('');
}

function open(report: RescueReport, id: SprintItemId, out: string[]): void {
  const list = report.findings.filter((f) => f.item === id && f.accepted === null);
  for (const f of list.slice(0, 50)) out.push(`- ${SEVERITY_WORD[f.finding.severity]}, ${code(`${f.file}:${f.at.line}`)}: ${md(f.finding.message.split('\n')[0] ?? '')}${f.finding.confidence === 'low' ? ' (needs a human look)' : ''}`);
  if (list.length > 50) out.push(`- and ${list.length - 50} more`);
  out.push('');
}

function firstWeek(report: RescueReport, out: string[]): void {
  out.push('| When | Look at | Fine when | Seen |', '| --- | --- | --- | --- |');
  for (const [when, what, fine] of FIRST_WEEK) out.push(`| ${when} | ${what} | ${fine} |  |`);
  const health = report.endpoints.filter((e) => e.endpoint.publicBy === 'health');
  const hooks = report.endpoints.filter((e) => e.endpoint.publicBy === 'signed-webhook' || e.endpoint.guards.some((g) => g.kind === 'signature') || /webhook/i.test(e.endpoint.path));
  const list = (all: typeof health): string => all.map((e) => code(`${e.endpoint.method} ${e.endpoint.path}`)).join(', ');
  out.push('', `Health checks: ${health.length > 0 ? list(health) : 'none found'}. Webhooks: ${hooks.length > 0 ? list(hooks) : 'none found'}.`, '');
}

function documentation(report: RescueReport, out: string[]): void {
  const accepted = report.findings.filter((f) => f.accepted !== null);
  const later = report.ranking.risks.filter((r) => r.when === 'later');
  out.push(`Remaining: ${plural(later.length, 'risk')} later, ${plural(accepted.length, 'accepted risk')}.`, '');
  for (const r of later.slice(0, 30)) out.push(`- ${md(r.title)}: ${md(r.reason)}`);
  for (const f of accepted) out.push(`- Accepted by ${md(f.accepted?.owner ?? '')} on ${f.accepted?.date.slice(0, 10) ?? ''}: ${code(`${f.file}:${f.at.line}`)} ${md(f.finding.message.split('\n')[0] ?? '')} (${md(f.accepted?.reason ?? '')})`);
  for (const day of report.sprint.days) for (const t of day.tasks) if (t.tick) out.push(`- Day ${day.day.day}, ${t.tick.date.slice(0, 10)}${t.tick.by ? `, ${md(t.tick.by)}` : ''}: ${t.text}`);
  out.push('');
}
