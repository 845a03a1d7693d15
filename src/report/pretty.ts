/** The terminal's report: ranked risks, few words, and what to do next. An unsafe app is a result, not a failure of the tool. */
import { SEVERITIES, type Severity } from '../engine/core/types';
import type { Risk } from '../sprint/risk';
import { plural, reachedOf, type ReportFinding, type RescueReport } from './build';
import type { Style } from './style';
import { fitPath, padEnd, plain, wrap } from './text';
import { SEVERITY_WORD, hours, milliseconds, notChecked, scoreWord, whenOf } from './words';

export interface PrettyOptions {
  readonly style: Style;
  /** Columns of the terminal. */
  readonly width: number;
  /** How the user calls us, for the commands in "what to do next". */
  readonly command?: string;
  /** The folder as typed; left out of the commands when it is the current one. */
  readonly folder?: string;
  /** Every finding after the ranked risks (default false). */
  readonly all?: boolean;
}

export function renderPretty(report: RescueReport, options: PrettyOptions): string {
  const { style } = options;
  const width = Math.max(40, Math.min(options.width, 100));
  const dot = style.unicode ? ' · ' : ' - ';
  const out: string[] = [];
  const para = (text: string, indent: number, paint: (s: string) => string = (s) => s): void => {
    for (const line of wrap(plain(text), width - indent)) out.push(' '.repeat(indent) + paint(line));
  };

  out.push('', `  ${style.bold('Vibe Code Rescue')}  ${style.dim(fitPath(plain(report.root), width - 20))}`, '');
  const { score } = report.ranking;
  const tone = score >= 70 ? style.red : score >= 20 ? style.yellow : style.green;
  out.push(`  ${style.bold(tone(`Risk score ${score} of 100`))}  ${bar(score, style, tone)}  ${scoreWord(score)}`);
  para(report.verdict, 2);
  out.push('');
  const counts = SEVERITIES.filter((s) => report.counts[s] > 0).map((s) => paintSeverity(s, style)(`${report.counts[s]} ${SEVERITY_WORD[s].toLowerCase()}`));
  const open = report.endpoints.filter((e) => e.exposure === 'open').length;
  const unread = report.endpoints.filter((e) => e.exposure === 'unknown').length;
  const { reached, unmounted } = reachedOf(report.endpoints);
  const notes = [...(open > 0 ? [`${open} open to anyone`] : []), ...(unread > 0 ? [`${unread} not clear`] : []), ...(unmounted > 0 ? [`${unmounted} more not mounted`] : [])];
  out.push(`  ${counts.length > 0 ? counts.join(dot) : style.green('no findings')}`);
  para([plural(report.stats.files, 'file'), `${plural(reached, 'endpoint')}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`, milliseconds(report.stats.ms)].join(dot), 2, style.dim);

  const { top } = report.ranking;
  if (top.length > 0) {
    out.push('', `  ${style.bold(top.length === 1 ? 'The risk' : `Top ${top.length} risks`)}${top.length === 1 ? '' : ` ${style.dim('by what they cost the business')}`}`, '');
    const found = new Map(report.findings.map((f) => [f.finding.fingerprint, f]));
    for (const risk of top) {
      const lead = risk.findings[0] && found.get(risk.findings[0].fingerprint);
      const number = padEnd(`${risk.rank}.`, 3);
      wrap(plain(risk.title), width - 16).forEach((line, i) =>
        out.push(`${i === 0 ? `  ${number} ${paintSeverity(risk.severity, style)(padEnd(SEVERITY_WORD[risk.severity], 8))}` : ' '.repeat(14)}  ${style.bold(line)}`),
      );
      para(risk.impact, 16);
      const rest = [`${whenOf(risk)}, ${hours(risk.hours)}`, ...(lead?.fixable && risk.mendable ? ['quick fix'] : [])].join(dot);
      const room = width - 16 - rest.length - dot.length;
      // Too narrow for both: the place gets its own line rather than lose its file name.
      if (room < 24) out.push(' '.repeat(16) + style.dim(place(lead, risk, width - 16)), ' '.repeat(16) + style.dim(rest), '');
      else out.push(' '.repeat(16) + style.dim([place(lead, risk, room), rest].filter(Boolean).join(dot)), '');
    }
    const rest = report.ranking.risks.filter((r) => r.confidence !== 'low').length - top.length;
    if (rest > 0) out.push(`  ${style.dim(`and ${plural(rest, 'smaller risk')} in the full report`)}`, '');
  } else out.push('');

  if (options.all && report.findings.length > 0) allFindings(report, style, width, out);
  nextSteps(report, options, width, dot, out);
  return `${out.join('\n')}\n`;
}

function place(lead: ReportFinding | undefined, risk: Risk, width: number): string {
  if (!lead) return '';
  const more = risk.findings.length > 1 ? ` +${risk.findings.length - 1}` : '';
  const tail = `:${lead.at.line}${more}`;
  return fitPath(plain(lead.file), Math.max(12, width - tail.length)) + tail;
}

function bar(score: number, style: Style, tone: (s: string) => string): string {
  const filled = Math.round(score / 5);
  return style.unicode ? tone('█'.repeat(filled)) + style.dim('░'.repeat(20 - filled)) : `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`;
}

export function paintSeverity(severity: Severity, style: Style): (text: string) => string {
  return severity === 'critical' ? (t) => style.bold(style.red(t)) : severity === 'high' ? style.red : severity === 'medium' ? style.yellow : style.cyan;
}

function allFindings(report: RescueReport, style: Style, width: number, out: string[]): void {
  out.push(`  ${style.bold('All findings')} ${style.dim('by file')}`, '');
  const files = new Map<string, ReportFinding[]>();
  for (const f of report.findings) files.set(f.file, [...(files.get(f.file) ?? []), f]);
  for (const [file, list] of files) {
    out.push(`  ${style.bold(fitPath(plain(file), width - 2))}`);
    for (const f of [...list].sort((a, b) => a.at.line - b.at.line)) {
      const note = f.accepted ? ' (accepted)' : f.finding.confidence === 'low' ? ' (needs a human look)' : '';
      const head = `${padEnd(`${f.at.line}:${f.at.column}`, 8)}${padEnd(SEVERITY_WORD[f.finding.severity], 9)}`;
      wrap(plain(f.finding.message.split('\n')[0] ?? '') + note, width - 21).forEach((line, i) =>
        out.push(i === 0 ? `    ${style.dim(head.slice(0, 8))}${paintSeverity(f.finding.severity, style)(head.slice(8))}${line}` : `${' '.repeat(21)}${line}`),
      );
      out.push(`${' '.repeat(21)}${style.dim(plain(f.finding.ruleId))}`);
    }
    out.push('');
  }
}

function nextSteps(report: RescueReport, options: PrettyOptions, width: number, dot: string, out: string[]): void {
  const { style } = options;
  const command = options.command ?? 'vibe-code-rescue';
  const folder = options.folder === undefined || options.folder === '.' || options.folder === '' ? '' : ` ${quoted(options.folder)}`;
  const run = (verb: string, rest = ''): string => style.cyan(`${command} ${verb}${folder}${rest}`);
  const open = report.findings.filter((f) => f.accepted === null && f.finding.confidence !== 'low');
  const fixable = open.filter((f) => f.fixable).length;
  const steps: [string, string][] = [];
  const first = report.ranking.top[0];
  const lead = first && report.findings.find((f) => f.finding.fingerprint === first.findings[0]?.fingerprint);
  if (lead) steps.push([`Start with risk 1: ${fitPath(plain(lead.file), width - 30)}:${lead.at.line}`, '']);
  if (fixable > 0) steps.push([`See what the quick fixes would change (${plural(fixable, 'place')}; nothing is written):`, run('fix', ' --dry-run')]);
  const due = report.sprint.rotations.filter((r) => !r.done).length;
  if (due > 0) steps.push([`Replace ${plural(due, 'leaked key')} at the provider: ${report.sprint.rotations.filter((r) => !r.done).map((r) => plain(r.name)).join(', ')}`, '']);
  if (report.findings.length > 0) steps.push(['Read the whole report, and the sprint’s seven days:', run('report')]);
  else if (report.endpoints.length > 0) steps.push(['Look through who may call what:', run('endpoints')]);
  const doubts = report.findings.filter((f) => f.accepted === null && f.finding.confidence === 'low').length;
  const missing = notChecked(report);
  const small: string[] = [];
  if (doubts > 0) small.push(`${plural(doubts, 'place needs', 'places need')} a human look`);
  if (report.errors.length > 0) small.push(plural(report.errors.length, 'error inside the audit', 'errors inside the audit'));
  if (missing.length > 0) small.push(`${plural(missing.length, 'note')} on what was not checked`);
  if (small.length > 0) {
    wrap(`${small.join(dot)}: see the report.`, width - 2).forEach((line) => out.push(`  ${style.dim(line)}`));
    for (const e of report.errors.slice(0, 3)) wrap(`! ${e.file ? `${plain(e.file)}: ` : ''}${plain(e.message)}`, width - 4).forEach((line) => out.push(`    ${style.yellow(line)}`));
    out.push('');
  }
  if (steps.length === 0) {
    out.push(`  ${style.green(style.unicode ? '✓' : 'OK')} ${report.stats.files === 0 ? 'Nothing to do here: try another folder.' : 'Nothing to do. Audit again after the next change.'}`, '');
    return;
  }
  out.push(`  ${style.bold('What to do next')}`);
  steps.forEach(([text, cmd], i) => {
    wrap(text, width - 5).forEach((line, j) => out.push(`  ${j === 0 ? `${i + 1}. ` : '   '}${line}`));
    if (cmd !== '') out.push(`     ${cmd}`);
  });
  out.push('');
}

/** Good for POSIX shells and for reading. */
function quoted(folder: string): string {
  const text = plain(folder);
  return /^[\w./:\\@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
