/** The report as Markdown: for a repository, a pull request, an agent. */
import { SEVERITIES } from '../engine/core/types';
import { EXPOSURES, plural, reachedOf, type ReportFinding, type RescueReport } from './build';
import { guardText, heading } from './endpoints';
import { code, markdown as md } from './text';
import { ITEM_STATE_WORD, SEVERITY_WORD, VALIDATED_WORD, hours, milliseconds, notChecked, scoreWord, whenOf } from './words';

export function renderMarkdown(report: RescueReport): string {
  const out: string[] = [];
  const { ranking } = report;
  const unread = report.endpoints.filter((e) => e.exposure === 'unknown').length;
  const { reached, unmounted } = reachedOf(report.endpoints);
  const notes = [...(unread > 0 ? [`${unread} whose sign-in check could not be read`] : []), ...(unmounted > 0 ? [`${unmounted} more not mounted`] : [])];
  out.push(`# Rescue report: ${md(report.project)}`, '');
  out.push(`**Risk score ${ranking.score} of 100 (${scoreWord(ranking.score)}).** ${md(report.verdict)}`, '');
  out.push([...(report.date === null ? [] : [report.date.slice(0, 10)]), plural(report.stats.files, 'file'), `${plural(reached, 'endpoint')}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`, milliseconds(report.stats.ms), `Vibe Code Rescue ${md(report.engine)}`].join(' · '), '');
  out.push(`| ${SEVERITIES.map((s) => SEVERITY_WORD[s]).join(' | ')} |`, `|${' ---: |'.repeat(SEVERITIES.length)}`, `| ${SEVERITIES.map((s) => report.counts[s]).join(' | ')} |`, '');

  out.push('## Top risks', '');
  if (ranking.top.length === 0) out.push('None.', '');
  const found = new Map(report.findings.map((f) => [f.finding.fingerprint, f]));
  for (const risk of ranking.top) {
    out.push(`${risk.rank}. **${md(risk.title)}**  `, `   ${md(risk.impact)}  `);
    const places = risk.findings.map((f) => found.get(f.fingerprint)).filter((f): f is ReportFinding => f !== undefined);
    const shown = places.slice(0, 3).map(placeOf).join(', ');
    out.push(`   ${SEVERITY_WORD[risk.severity]} · ${shown}${places.length > 3 ? ` and ${places.length - 3} more` : ''}${places[0]?.fixable && risk.mendable ? ' · quick fix' : ''} · ${risk.when === 'sprint' ? `**${whenOf(risk)}**` : 'later'}: ${md(risk.reason)}`, '');
  }
  out.push('## What fits the sprint, and what waits', '');
  const inSprint = ranking.risks.filter((r) => r.when === 'sprint');
  const later = ranking.risks.filter((r) => r.when === 'later');
  out.push(`${plural(inSprint.length, 'risk')} in the sprint, ${hours(ranking.hours)} of 40; ${plural(later.length, 'risk')} later.`, '');
  for (const risk of later) out.push(`- ${md(risk.title)}: ${md(risk.reason)}`);
  if (later.length > 0) out.push('');

  out.push('## The seven days', '');
  for (const day of report.sprint.days) {
    out.push(`**Day ${day.day.day}: ${day.day.title}** (${day.done} of ${day.total}; leaves behind: ${day.day.artefact})`, '');
    for (const i of day.items) out.push(`- [${i.state === 'done' || i.state === 'accepted' ? 'x' : ' '}] ${i.item.title}: ${ITEM_STATE_WORD[i.state]}. ${md(i.because)}${i.note ? ` Note: ${md(i.note.text)}` : ''}`);
    for (const t of day.tasks) out.push(`- [${t.done ? 'x' : ' '}] ${t.text}${t.tick ? ` (${t.tick.date.slice(0, 10)}${t.tick.by ? `, ${md(t.tick.by)}` : ''})` : ''}`);
    out.push('');
  }
  if (report.sprint.rotations.length > 0) {
    out.push('**Keys to rotate**', '');
    for (const r of report.sprint.rotations) out.push(`- [${r.done ? 'x' : ' '}] ${md(r.text)}`);
    out.push('');
  }

  out.push('## Founder checklist', '', `${md(report.founder.verdict)} (${report.founder.riskyCount} answers count against the app, ${report.founder.yesCount} literal yes, ${report.founder.unknownCount} not answered.)`, '');
  out.push('| # | Question | Answer | Why |', '| ---: | --- | --- | --- |');
  for (const a of report.founder.answers) out.push(`| ${a.question.number} | ${md(a.question.text)} | ${a.isRisky ? `**${a.answer}**` : a.answer === 'unknown' ? 'not answered' : a.answer}${a.from === 'you' ? ' (you)' : ''} | ${md(a.because)} |`);
  out.push('');

  out.push('## Endpoint review', '');
  if (report.endpoints.length === 0) out.push('No endpoint was found in the frameworks that are understood.', '');
  for (const exposure of EXPOSURES) {
    const list = report.endpoints.filter((e) => e.exposure === exposure);
    if (list.length === 0) continue;
    out.push(`**${heading(exposure)}** (${list.length})`, '', '| Endpoint | Guards | Input | Place |', '| --- | --- | --- | --- |');
    for (const e of list) out.push(`| ${code(`${e.endpoint.method} ${e.endpoint.path}`)} | ${md(guardText(e))} | ${VALIDATED_WORD[e.endpoint.validated]} | ${code(`${e.file}:${e.at.line}`)} |`);
    out.push('');
  }

  const open = report.findings.filter((f) => f.accepted === null && f.finding.confidence !== 'low');
  const doubts = report.findings.filter((f) => f.accepted === null && f.finding.confidence === 'low');
  const accepted = report.findings.filter((f) => f.accepted !== null);
  out.push('## Findings by file', '');
  if (open.length === 0) out.push('None.', '');
  for (const [file, list] of byFile(open)) {
    out.push(`### ${code(file)}`, '');
    for (const f of list) findingLines(f, out);
    out.push('');
  }
  if (doubts.length > 0) {
    out.push('## Needs a human look', '', 'Too uncertain to call a flaw.', '');
    for (const f of doubts) out.push(`- ${placeOf(f)}: ${md(firstLine(f))}`);
    out.push('');
  }
  if (accepted.length + report.suppressed.length > 0) {
    out.push('## Accepted and ignored', '');
    for (const f of accepted) out.push(`- ${placeOf(f)}: ${md(firstLine(f))} Accepted by ${md(f.accepted?.owner ?? '')} on ${f.accepted?.date.slice(0, 10) ?? ''}: ${md(f.accepted?.reason ?? '')}`);
    for (const f of report.suppressed) out.push(`- ${placeOf(f)}: ${md(firstLine(f))} Ignored: ${md(f.suppressed ?? '')}`);
    out.push('');
  }
  out.push('## What was not checked', '');
  const missing = notChecked(report);
  out.push(...(missing.length === 0 ? ['Nothing was left out.'] : missing.map((m) => `- ${md(m)}`)), '');
  if (report.stats.skipped.length > 0) out.push(...report.stats.skipped.slice(0, 50).map((s) => `  - ${code(s.file)}: ${md(s.reason)}`), ...(report.stats.skipped.length > 50 ? [`  - and ${report.stats.skipped.length - 50} more`] : []), '');
  if (report.errors.length > 0) out.push('## Errors inside the audit', '', ...report.errors.map((e) => `- ${e.phase}${e.file === null ? '' : ` ${code(e.file)}`}${e.ruleId === null ? '' : ` ${code(e.ruleId)}`}: ${md(e.message)}`), '');
  return `${out.join('\n').replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}

function findingLines(f: ReportFinding, out: string[]): void {
  const rule = f.docs === null ? code(f.finding.ruleId) : `[${code(f.finding.ruleId)}](${f.docs})`;
  out.push(`- Line ${f.at.line}: **${SEVERITY_WORD[f.finding.severity]}** ${md(firstLine(f))} ${rule}${f.fixable ? ' · quick fix' : ''}${f.known ? ' · known' : ''}`);
  for (const e of f.evidence) out.push(`  - ${code(`${e.file}:${e.at.line}`)} ${md(e.note)}`);
}

function firstLine(f: ReportFinding): string {
  return f.finding.message.split('\n')[0] ?? '';
}

function placeOf(f: ReportFinding): string {
  return code(`${f.file}:${f.at.line}`);
}

export function byFile(findings: readonly ReportFinding[]): readonly (readonly [string, readonly ReportFinding[]])[] {
  const files = new Map<string, ReportFinding[]>();
  for (const f of findings) {
    const list = files.get(f.file);
    if (list) list.push(f);
    else files.set(f.file, [f]);
  }
  return [...files].map(([file, list]) => [file, [...list].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)] as const);
}
