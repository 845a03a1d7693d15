/** The report a founder reads first: one self-contained page, no script of its own, nothing loaded. */
import { SEVERITIES, type Severity } from '../engine/core/types';
import type { Risk } from '../sprint/risk';
import type { DayStatus, ItemState } from '../sprint/status';
import { EXPOSURES, plural, reachedOf, type Exposure, type Position, type ReportFinding, type RescueReport } from './build';
import { guardText, heading } from './endpoints';
import { CSS } from './html-style';
import { byFile } from './markdown';
import { html as esc } from './text';
import { EXPOSURE_WORD, ITEM_STATE_WORD, SEVERITY_WORD, VALIDATED_WORD, bytes, hours, milliseconds, notChecked, scoreWord, whenOf } from './words';

export interface HtmlOptions {
  /** Fresh and random per document: the only thing by which the CSP lets style (and, in the editor, script) in. */
  readonly nonce: string;
  /**
   * The editor's webview: address of its one script. Places become buttons with `data-file` (relative), `data-line`,
   * `data-column` (1-based) for it to listen to.
   */
  readonly scriptUri?: string;
}

/** Findings beyond this many are counted, not listed: the JSON has them all. */
const MOST_FINDINGS = 1000;

export function renderHtml(report: RescueReport, options: HtmlOptions): string {
  if (!/^[A-Za-z0-9+/_=-]{8,}$/.test(options.nonce)) throw new Error('the nonce must be at least 8 base64 characters');
  const page = new Page(report, options.scriptUri !== undefined);
  const script = options.scriptUri === undefined ? '' : `<script nonce="${options.nonce}" src="${esc(options.scriptUri)}"></script>`;
  const csp = `default-src 'none'; style-src 'nonce-${options.nonce}';${options.scriptUri === undefined ? '' : ` script-src 'nonce-${options.nonce}';`} base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rescue report: ${esc(report.project)}</title>
<style nonce="${options.nonce}">${CSS}</style>
</head>
<body>
${ICONS}
<a class="skip" href="#risks">Skip to the top risks</a>
<div class="page">
${page.head()}
<main>
${[page.risks(), page.plan(), page.charts(), page.sprint(), page.endpoints(), page.founder(), page.findings(), page.doubts(), page.hidden(), page.limits()].filter(Boolean).join('\n')}
</main>
<footer>Vibe Code Rescue ${esc(report.engine)}. Made on this machine; nothing was sent anywhere.</footer>
</div>
${script}
</body>
</html>
`;
}

const ICONS = `<svg width="0" height="0" aria-hidden="true" focusable="false" class="sr"><defs>
<symbol id="i-done" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6"/><path d="m5.2 8.2 2 2 3.7-4.2"/></symbol>
<symbol id="i-open" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6"/><path d="M8 4.6v4M8 11.2v.1"/></symbol>
<symbol id="i-manual" viewBox="0 0 16 16"><circle cx="8" cy="5" r="2.5"/><path d="M3 13.6c.5-2.8 2.5-4.2 5-4.2s4.5 1.4 5 4.2"/></symbol>
<symbol id="i-not-checked" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6" stroke-dasharray="2.2 2.4"/></symbol>
<symbol id="i-not-applicable" viewBox="0 0 16 16"><path d="M4 8h8"/></symbol>
<symbol id="i-box" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="2.5"/></symbol>
<symbol id="i-boxed" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="2.5"/><path d="m5 8.2 2.1 2.1L11.2 6"/></symbol>
<symbol id="i-fix" viewBox="0 0 16 16"><path d="M8.7 1.8 3.4 9h4l-.6 5.2L12.6 7h-4z"/></symbol>
<symbol id="i-buoy" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9.5"/><circle cx="12" cy="12" r="3.8"/><path d="m5.3 5.3 4 4m5.4 5.4 4 4m0-13.4-4 4m-5.4 5.4-4 4"/></symbol>
</defs></svg>`;

const icon = (name: string): string => `<svg class="ico" aria-hidden="true" focusable="false"><use href="#i-${name}"/></svg>`;

const STATE_ICON: Readonly<Record<ItemState, string>> = { done: 'done', accepted: 'done', open: 'open', manual: 'manual', 'not-applicable': 'not-applicable', 'not-checked': 'not-checked' };

const EXPOSURE_FILL: Readonly<Record<Exposure, string>> = { open: 'critical', unknown: 'medium', optional: 'high', public: 'low', guarded: 'good', unmounted: 'info' };

const sev = (severity: Severity, text = SEVERITY_WORD[severity]): string => `<span class="sev ${severity} t-${severity}">${text}</span>`;

/** Escaped text in which `code` and `METHOD /path` stand out. */
function rich(text: string): string {
  return esc(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/(^|[\s(])((?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ALL|USE|WS|ACTION|RPC|FN|GRAPHQL) \/?[^\s<]*[^\s<:,.)])/g, (_, before: string, name: string) => `${before}<code>${breakable(name.replace(' ', '&nbsp;'))}</code>`);
}

/** Long paths break after a slash. Takes escaped text. */
function breakable(escaped: string): string {
  return escaped.replace(/\//g, '/<wbr>');
}

/** One row of a bar chart; `parts` in percent. */
function bar(parts: readonly (readonly [string, number])[], label: string): string {
  let x = 0;
  const rects = parts.map(([fill, width]) => {
    const rect = `<rect class="f-${fill}" x="${round(x)}" y="0" width="${round(width)}" height="10"/>`;
    x += width;
    return rect;
  });
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${esc(label)}"><rect class="f-track" width="100" height="10"/>${rects.join('')}</svg>`;
}

const round = (n: number): number => Math.round(n * 100) / 100;

class Page {
  private readonly found: ReadonlyMap<string, ReportFinding>;
  private readonly open: readonly ReportFinding[];
  private readonly doubtful: readonly ReportFinding[];

  constructor(
    private readonly report: RescueReport,
    private readonly interactive: boolean,
  ) {
    this.found = new Map(report.findings.map((f) => [f.finding.fingerprint, f]));
    this.open = report.findings.filter((f) => f.accepted === null && f.finding.confidence !== 'low');
    this.doubtful = report.findings.filter((f) => f.accepted === null && f.finding.confidence === 'low');
  }

  private loc(file: string, at: Position, short = false): string {
    const text = short ? `Line ${at.line}` : `${breakable(esc(file))}:${at.line}`;
    return this.interactive
      ? `<button type="button" class="loc" data-file="${esc(file)}" data-line="${at.line}" data-column="${at.column}"${short ? ` aria-label="${esc(file)} line ${at.line}"` : ''}>${text}</button>`
      : `<span class="loc">${text}</span>`;
  }

  head(): string {
    const { report } = this;
    const { score } = report.ranking;
    const open = report.endpoints.filter((e) => e.exposure === 'open').length;
    const unread = report.endpoints.filter((e) => e.exposure === 'unknown').length;
    const { reached, unmounted } = reachedOf(report.endpoints);
    const facts = [
      ...SEVERITIES.filter((s) => report.counts[s] > 0).map((s) => `<li><b class="num">${report.counts[s]}</b> ${SEVERITY_WORD[s].toLowerCase()}</li>`),
      `<li><b class="num">${reached}</b> ${reached === 1 ? 'endpoint' : 'endpoints'}${open > 0 ? `, <b class="num">${open}</b> open to anyone` : ''}${unread > 0 ? `, <b class="num">${unread}</b> not clear` : ''}${unmounted > 0 ? `, <b class="num">${unmounted}</b> more not mounted` : ''}</li>`,
      `<li><b class="num">${report.stats.files}</b> ${report.stats.files === 1 ? 'file' : 'files'} read</li>`,
    ];
    const links: [string, string][] = [['risks', 'Top risks'], ['plan', 'What fits'], ['sprint', 'Seven days'], ['endpoints', 'Endpoints'], ['founder', 'Founder checklist'], ['findings', 'Findings'], ['limits', 'Not checked']];
    return `<header>
<div class="mast"><div class="brand"><svg class="ico" aria-hidden="true" focusable="false"><use href="#i-buoy"/></svg>Vibe Code Rescue</div><div class="muted num">${report.date === null ? '' : `${esc(report.date.slice(0, 10))} · `}${bytes(report.stats.bytes)} in ${milliseconds(report.stats.ms)}</div></div>
<div class="hero">
${gauge(score)}
<div><p class="project">${esc(report.project)}</p><h1>${esc(report.verdict)}</h1><ul class="facts">${facts.join('')}</ul></div>
</div>
<nav class="toc" aria-label="Sections">${links.filter(([id]) => id !== 'plan' || report.ranking.risks.length > 0).map(([id, text]) => `<a href="#${id}">${text}</a>`).join('')}</nav>
</header>`;
  }

  risks(): string {
    const { top, risks } = this.report.ranking;
    const more = risks.filter((r) => r.confidence !== 'low').length - top.length;
    const body = top.length === 0
      ? `<p class="calm">Nothing to rank. ${this.doubtful.length > 0 ? `${plural(this.doubtful.length, 'place needs', 'places need')} a human look, further down.` : 'What was not checked is listed at the end.'}</p>`
      : `<ol class="risks">${top.map((r) => this.risk(r)).join('\n')}</ol>${more > 0 ? `<p class="lede">${plural(more, 'smaller risk')} more, in the plan below.</p>` : ''}`;
    return `<section id="risks" aria-labelledby="risks-h"><h2 id="risks-h">${top.length === 1 ? 'Top risk' : top.length === 0 ? 'Top risks' : `Top ${top.length} risks`}</h2><p class="lede">The gravest first, then by what they would cost you: who can do it, what is at stake, how sure we are.</p>${body}</section>`;
  }

  private risk(risk: Risk): string {
    const places = risk.findings.map((f) => this.found.get(f.fingerprint)).filter((f): f is ReportFinding => f !== undefined);
    const files = byFile(places);
    const shown = files.slice(0, 3).map(([file, list]) => {
      const first = list[0];
      return first === undefined ? '' : this.loc(file, first.at) + (list.length > 1 ? ` <span>and ${list.length - 1} more there</span>` : '');
    });
    if (files.length > 3) shown.push(`<span>and ${files.length - 3} more files</span>`);
    return `<li class="risk"><div class="rank" aria-hidden="true">${risk.rank}</div>
<div><h3>${rich(risk.title)}</h3><p class="cost">${rich(risk.impact)}</p><p class="where">${shown.map((x) => `<span>${x}</span>`).join('')}</p></div>
<div class="side">${sev(risk.severity)}<span class="when">${risk.when === 'sprint' ? `<b>${capital(whenOf(risk))}</b>, ${hours(risk.hours)}` : '<b>Later</b>'}</span>${places[0]?.fixable && risk.mendable ? `<span class="fixmark">${icon('fix')}Quick fix</span>` : ''}</div></li>`;
  }

  plan(): string {
    const { risks, hours: used } = this.report.ranking;
    const line = (r: Risk, why: boolean): string => `<li><span class="muted num">${r.rank}</span><span>${rich(r.title)}${why ? `<small>${esc(capital(r.reason))}</small>` : ''}</span><span class="h num">${hours(r.hours)}</span></li>`;
    const now = risks.filter((r) => r.when === 'sprint');
    const later = risks.filter((r) => r.when === 'later');
    if (risks.length === 0) return '';
    const share = Math.min(100, (used / 40) * 100);
    const list = (all: readonly Risk[], why: boolean): string =>
      `<ol class="plan">${all.slice(0, 30).map((r) => line(r, why)).join('')}</ol>${all.length > 30 ? `<p class="lede">and ${all.length - 30} more</p>` : ''}`;
    return `<section id="plan" aria-labelledby="plan-h"><h2 id="plan-h">What fits the sprint, and what waits</h2><p class="lede">Seven days hold 40 hours of work. Critical risks are always in.</p>
<figure class="budget">${bar([[used > 40 ? 'high' : 'accent', share]], `${hours(used)} of 40 hours planned`)}<figcaption><span class="num">${hours(used)} planned</span><span class="num">40 h</span></figcaption></figure>
<div class="cols"><div><h3>In the sprint (${now.length})</h3>${now.length > 0 ? list(now, false) : '<p class="lede">Nothing.</p>'}</div><div><h3>Waits (${later.length})</h3>${later.length > 0 ? list(later, true) : '<p class="lede">Nothing has to wait.</p>'}</div></div></section>`;
  }

  charts(): string {
    const { report } = this;
    if (this.open.length === 0) return '';
    const most = Math.max(1, ...SEVERITIES.map((s) => report.counts[s]));
    const bySeverity = SEVERITIES.map((s) => `${sev(s)}${bar([[s, (report.counts[s] / most) * 100]], `${SEVERITY_WORD[s]}: ${report.counts[s]}`)}<span class="n num">${report.counts[s]}</span>`).join('');
    const items = [...report.sprint.items.values()]
      .map((i) => ({ title: i.item.title, list: i.findings.filter((f) => f.confidence !== 'low') }))
      .filter((i) => i.list.length > 0)
      .sort((a, b) => b.list.length - a.list.length);
    const widest = Math.max(1, ...items.map((i) => i.list.length));
    const byItem = items
      .map((i) => {
        const parts = SEVERITIES.map((s) => [s, (i.list.filter((f) => f.severity === s).length / widest) * 100] as const).filter(([, w]) => w > 0);
        return `<span>${esc(i.title)}</span>${bar(parts, `${i.title}: ${i.list.length}`)}<span class="n num">${i.list.length}</span>`;
      })
      .join('');
    return `<section aria-labelledby="charts-h"><h2 id="charts-h">Where the findings are</h2><div class="cols"><div><h3>By severity</h3><div class="bars">${bySeverity}</div></div><div><h3>By sprint item</h3><div class="bars">${byItem}</div></div></div></section>`;
  }

  sprint(): string {
    const { sprint } = this.report;
    const rotations = sprint.rotations.length === 0
      ? ''
      : `<div class="keys"><h3>Keys to replace at their provider</h3><p class="lede">A key that was in the code stays leaked until it is replaced. Only you can tick this.</p><ul>${sprint.rotations.map((r) => `<li class="${r.done ? 'st-done' : 'st-manual'}">${icon(r.done ? 'boxed' : 'box')}<span>${esc(r.text)}<span class="sr">: ${r.done ? 'done' : 'to do'}</span></span></li>`).join('')}</ul></div>`;
    return `<section id="sprint" aria-labelledby="sprint-h"><h2 id="sprint-h">The seven days</h2><p class="lede">${sprint.done} of ${sprint.total} items closed. Ticks follow the code: when a flaw returns, its tick goes.</p><ol class="days">${sprint.days.map((d) => this.day(d)).join('\n')}</ol>${rotations}</section>`;
  }

  private day(status: DayStatus): string {
    const { day } = status;
    const items = status.items.map((i) => {
      const elsewhere = i.item.day !== day.day;
      return `<li><span class="st-${i.state}">${icon(STATE_ICON[i.state])}</span><span>${esc(i.item.title)}<small>${elsewhere ? `<b>${capital(ITEM_STATE_WORD[i.state])}</b>, closed on day ${i.item.day}` : `<b>${capital(ITEM_STATE_WORD[i.state])}.</b> ${esc(i.because)}`}</small>${i.note ? `<small>Note: ${esc(i.note.text)}</small>` : ''}</span></li>`;
    });
    const tasks = status.tasks.map((t) => `<li><span class="${t.done ? 'st-done' : 'muted'}">${icon(t.done ? 'boxed' : 'box')}</span><span>${esc(t.text)}<span class="sr">: ${t.done ? 'done' : 'to do'}</span>${t.tick ? `<small>${esc(t.tick.date.slice(0, 10))}${t.tick.by ? `, ${esc(t.tick.by)}` : ''}</small>` : ''}</span></li>`);
    const now = this.report.sprint.currentDay === day.day && status.done < status.total;
    return `<li class="day${now ? ' now' : ''}"><div class="dayhead"><h3><span class="muted">Day ${day.day}</span>${day.title}</h3><p class="muted num">${status.done} of ${status.total} done</p><p class="art">Leaves behind: ${esc(day.artefact)}</p></div><ul>${items.join('')}</ul><ul class="tasks">${tasks.join('')}</ul></li>`;
  }

  endpoints(): string {
    const { endpoints } = this.report;
    if (endpoints.length === 0) return `<section id="endpoints" aria-labelledby="endpoints-h"><h2 id="endpoints-h">Endpoint review</h2><p class="lede">No endpoint was found in the frameworks that are understood.</p></section>`;
    const groups = EXPOSURES.map((x) => ({ x, list: endpoints.filter((e) => e.exposure === x) })).filter((g) => g.list.length > 0);
    const strip = bar(groups.map((g) => [EXPOSURE_FILL[g.x], (g.list.length / endpoints.length) * 100] as const), groups.map((g) => `${EXPOSURE_WORD[g.x]}: ${g.list.length}`).join(', '));
    const legend = groups.map((g) => `<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="f-${EXPOSURE_FILL[g.x]}" width="10" height="10"/></svg><span><b class="num">${g.list.length}</b> ${EXPOSURE_WORD[g.x]}</span></li>`).join('');
    const rows = groups.map((g) => `<tbody><tr><th colspan="4" scope="rowgroup">${heading(g.x)} <span class="muted">(${g.list.length})</span></th></tr>${g.list
      .map((e) => `<tr><td><code class="ep"><span class="method">${esc(e.endpoint.method)}</span>${breakable(esc(e.endpoint.path))}</code></td><td>${esc(guardText(e))}</td><td${e.endpoint.validated === 'n/a' ? ' class="muted"' : ''}>${VALIDATED_WORD[e.endpoint.validated]}</td><td>${this.loc(e.file, e.at)}</td></tr>`)
      .join('')}</tbody>`);
    return `<section id="endpoints" aria-labelledby="endpoints-h"><h2 id="endpoints-h">Endpoint review</h2><p class="lede">Who can call what, worst first.</p><figure class="strip">${strip}<ul class="legend">${legend}</ul></figure>
<div class="scroll"><table class="stack eps"><caption class="sr">Endpoints by exposure</caption><thead><tr><th scope="col">Endpoint</th><th scope="col">What stands before it</th><th scope="col">Input</th><th scope="col">Place</th></tr></thead>${rows.join('')}</table></div></section>`;
  }

  founder(): string {
    const { founder } = this.report;
    const rows = founder.answers.map((a) => {
      const tone = a.answer === 'unknown' ? 'muted' : a.isRisky ? 't-critical' : 't-good';
      return `<tr><td class="num muted">${a.question.number}</td><td>${esc(a.question.text)}</td><td><span class="answer ${tone}">${a.answer === 'unknown' ? 'Not answered' : capital(a.answer)}</span>${a.from === 'you' ? ' <span class="muted">(you)</span>' : ''}</td><td class="muted">${esc(a.because)}</td></tr>`;
    });
    return `<section id="founder" aria-labelledby="founder-h"><h2 id="founder-h">Founder checklist</h2><p class="lede">${esc(founder.verdict)}</p><div class="scroll"><table class="stack ten"><caption class="sr">Ten questions</caption><thead><tr><th scope="col">#</th><th scope="col">Question</th><th scope="col">Answer</th><th scope="col">Why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
<p class="lede">${plural(founder.riskyCount, 'answer counts', 'answers count')} against the app, ${founder.yesCount} literal yes, ${founder.unknownCount} not answered.</p></section>`;
  }

  findings(): string {
    const shown = this.open.slice(0, MOST_FINDINGS);
    const files = byFile(shown);
    const body = files.map(([file, list]) => {
      const sevs = SEVERITIES.map((s) => [s, list.filter((f) => f.finding.severity === s).length] as const).filter(([, n]) => n > 0);
      return `<details><summary><span class="name">${esc(file)}</span><span class="sevs">${sevs.map(([s, n]) => sev(s, `${n}<span class="sr"> ${SEVERITY_WORD[s].toLowerCase()}</span>`)).join('')}</span></summary>${list.map((f) => this.finding(f)).join('')}</details>`;
    });
    return `<section id="findings" aria-labelledby="findings-h"><h2 id="findings-h">Findings by file</h2>${files.length === 0 ? '<p class="lede">None.</p>' : `<p class="lede">${plural(this.open.length, 'finding')} in ${plural(byFile(this.open).length, 'file')}.</p><div class="files">${body.join('\n')}</div>`}${this.open.length > shown.length ? `<p class="lede">${this.open.length - shown.length} more are in the JSON output.</p>` : ''}</section>`;
  }

  private finding(f: ReportFinding, withFile = false): string {
    const evidence = f.evidence.map((e) => `<div>${this.loc(e.file, e.at)} ${rich(e.note)}</div>`).join('');
    const rule = f.docs === null ? `<code>${esc(f.finding.ruleId)}</code>` : `<a href="${esc(f.docs)}"><code>${esc(f.finding.ruleId)}</code></a>`;
    const meta = [this.loc(f.file, f.at, !withFile), rule, ...(f.fixable ? [`<span class="fixmark">${icon('fix')}Quick fix</span>`] : []), ...(f.known ? ['<span>In the baseline</span>'] : [])];
    return `<div class="finding">${sev(f.finding.severity)}<div>${rich(f.finding.message.split('\n')[0] ?? '')}<div class="meta">${meta.join('')}</div>${evidence === '' ? '' : `<div class="evidence">${evidence}</div>`}</div></div>`;
  }

  doubts(): string {
    if (this.doubtful.length === 0) return '';
    return `<section aria-labelledby="doubts-h"><h2 id="doubts-h">Needs a human look</h2><p class="lede">Too uncertain to call a flaw: ${plural(this.doubtful.length, 'place')} where the code could not be followed to the end.</p><div class="files">${this.doubtful.slice(0, MOST_FINDINGS).map((f) => this.finding(f, true)).join('')}</div></section>`;
  }

  hidden(): string {
    const accepted = this.report.findings.filter((f) => f.accepted !== null);
    if (accepted.length + this.report.suppressed.length === 0) return '';
    const rows = [
      ...accepted.map((f) => `<li>${this.loc(f.file, f.at)} ${rich(f.finding.message.split('\n')[0] ?? '')} <span class="muted">Accepted by ${esc(f.accepted?.owner ?? '')} on ${esc(f.accepted?.date.slice(0, 10) ?? '')}: ${esc(f.accepted?.reason ?? '')}</span></li>`),
      ...this.report.suppressed.map((f) => `<li>${this.loc(f.file, f.at)} ${rich(f.finding.message.split('\n')[0] ?? '')} <span class="muted">Ignored: ${esc(f.suppressed ?? '')}</span></li>`),
    ];
    return `<section aria-labelledby="hidden-h"><h2 id="hidden-h">Accepted and ignored</h2><p class="lede">Known, and left on purpose. They do not count in the score.</p><ul class="notes">${rows.join('')}</ul></section>`;
  }

  limits(): string {
    const { report } = this;
    const notes = notChecked(report);
    const skipped = report.stats.skipped.length === 0
      ? ''
      : `<details><summary><span class="name">${plural(report.stats.skipped.length, 'skipped file')}</span></summary><ul class="notes">${report.stats.skipped.slice(0, 200).map((s) => `<li><span class="loc">${esc(s.file)}</span> ${esc(s.reason)}</li>`).join('')}</ul></details>`;
    const errors = report.errors.length === 0
      ? ''
      : `<h3>Errors inside the audit</h3><ul class="notes">${report.errors.map((e) => `<li>${e.file === null ? '' : `<span class="loc">${esc(e.file)}</span> `}${e.ruleId === null ? '' : `<code>${esc(e.ruleId)}</code> `}${esc(e.message)}</li>`).join('')}</ul>`;
    const body = notes.length === 0 ? '<p class="lede">Nothing was left out.</p>' : `<ul class="notes">${notes.map((n) => `<li>${esc(n)}</li>`).join('')}</ul>`;
    return `<section id="limits" aria-labelledby="limits-h"><h2 id="limits-h">What was not checked</h2>${body}${skipped}${errors}</section>`;
  }
}

function gauge(score: number): string {
  const tone = score >= 70 ? 'critical' : score >= 45 ? 'high' : score >= 20 ? 'medium' : 'good';
  const arc = 'M22 122 A98 98 0 0 1 218 122';
  return `<svg class="gauge" viewBox="0 0 240 142" role="img" aria-label="Risk score ${score} of 100: ${scoreWord(score)}">
<path class="s-track" d="${arc}" fill="none" stroke-width="15" stroke-linecap="round"/>
${score > 0 ? `<path class="s-${tone}" d="${arc}" fill="none" stroke-width="15" stroke-linecap="round" pathLength="100" stroke-dasharray="${score} 200"/>` : ''}
<text class="score" x="120" y="104" text-anchor="middle">${score}</text>
<text class="of" x="120" y="129" text-anchor="middle">of 100, ${scoreWord(score)}</text></svg>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
