/**
 * `docs/accuracy.md` from `docs/accuracy.json`: verdicts a sceptical reviewer wrote down on real repositories, and the
 * scores on labelled ones. No code of theirs is in it, only places, verdicts and reasons in our own words.
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const verdict = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  file: z.string().min(1),
  line: z.number().int().positive(),
  rule: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/),
  verdict: z.enum(['right', 'wrong']),
  /** Of a wrong one: the claim is false; it is true and overrated; a real hole, and the sentence names another. */
  wrongKind: z.enum(['untrue', 'severity', 'text']).optional(),
  /** As the tool said it; `low` asks a person and underlines nothing. */
  confidence: z.enum(['proven', 'high', 'medium', 'low']).optional(),
  reason: z.string().min(10).max(300),
});

/** Repositories nobody of us had seen, read when the engine stood at this commit; what was wrong has led to changes since. */
const round = z.strictObject({
  engine: z.string().regex(/^[0-9a-f]{7,40}$/),
  title: z.string().min(3),
  notes: z.array(z.string()),
  verdicts: z.array(verdict),
  /** Endpoints whose verdict on who may call them was checked, and how many were right. */
  endpoints: z.array(z.strictObject({ repository: z.string(), checked: z.number().int(), authRight: z.number().int() })),
});

const missed = z.strictObject({ repository: z.string(), method: z.string(), path: z.string(), file: z.string(), line: z.number().int().positive(), reason: z.string() });

const score = z.strictObject({
  repository: z.string(), commit: z.string(), category: z.string(), expected: z.number().int(), found: z.number().int(), traps: z.number().int(), trapped: z.number().int(),
});

const endpoints = z.strictObject({ repository: z.string(), expected: z.number().int(), found: z.number().int(), authRight: z.number().int() });

const accuracySchema = z.strictObject({
  measured: z.iso.date(),
  labelled: z.strictObject({ scores: z.array(score), endpoints: z.array(endpoints), notes: z.array(z.string()) }),
  /** The newest first. */
  rounds: z.array(round),
  missedEndpoints: z.array(missed),
});

export type Accuracy = z.infer<typeof accuracySchema>;

export const ACCURACY_DATA = 'docs/accuracy.json';
export const ACCURACY_PAGE = 'docs/accuracy.md';

/** Reads and validates the data file; throws with the place of the first problem. */
export function readAccuracy(path = ACCURACY_DATA): Accuracy {
  return accuracySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The page and its path; empty when there is no data file yet. */
export function accuracyPages(path = ACCURACY_DATA): Readonly<Record<string, string>> {
  return existsSync(path) ? { [ACCURACY_PAGE]: renderAccuracy(readAccuracy(path)) } : {};
}

/** The page as Markdown: precision per rule, recall and traps per category, endpoints, misses. */
export function renderAccuracy(a: Accuracy): string {
  const out: string[] = ['# Measured accuracy', '', `Generated from [accuracy.json](accuracy.json) by \`npm run generate\`; measured ${a.measured}. Repositories are public and named by commit; none of their code is here.`, ''];
  out.push('## Labelled repositories', '', 'What a careful reviewer insisted on before the engine ran (recall), and tempting false alarms (traps).', '', '| category | found | recall | traps hit |', '|---|---|---|---|');
  const categories = [...new Set(a.labelled.scores.map((s) => s.category))].sort();
  for (const c of categories) {
    const rows = a.labelled.scores.filter((s) => s.category === c);
    const sum = (k: 'expected' | 'found' | 'traps' | 'trapped') => rows.reduce((n, r) => n + r[k], 0);
    out.push(`| ${c} | ${sum('found')} of ${sum('expected')} | ${percent(sum('found'), sum('expected'))} | ${sum('trapped')} of ${sum('traps')} |`);
  }
  out.push('', '| repository | commit | category | found | traps hit |', '|---|---|---|---|---|');
  for (const s of a.labelled.scores) out.push(`| ${s.repository} | ${s.commit.slice(0, 7)} | ${s.category} | ${s.found} of ${s.expected} | ${s.trapped} of ${s.traps} |`);
  out.push('', '### Endpoints', '', '| repository | found | who may call it, judged right |', '|---|---|---|');
  for (const e of a.labelled.endpoints) out.push(`| ${e.repository} | ${e.found} of ${e.expected} | ${e.authRight} of ${e.found} |`);
  const total = a.labelled.endpoints.reduce((n, e) => ({ expected: n.expected + e.expected, found: n.found + e.found, authRight: n.authRight + e.authRight }), { expected: 0, found: 0, authRight: 0 });
  out.push(`| **all** | ${total.found} of ${total.expected} (${percent(total.found, total.expected)}) | ${total.authRight} of ${total.found} (${percent(total.authRight, total.found)}) |`, '');
  for (const n of a.labelled.notes) out.push(`- ${n}`);
  out.push('', '## Repositories without labels', '', 'The first findings of each, read one by one against the code. Strict: the claim, its words and its severity hold. True: there is what it says, be it overrated or clumsily named. Questions (confidence low) are counted apart: they underline nothing.', '');
  for (const r of a.rounds) out.push(...roundPage(r));
  out.push('## Endpoints the inventory missed', '');
  if (a.missedEndpoints.length === 0) out.push('None known.');
  else {
    out.push('| repository | endpoint | place | why |', '|---|---|---|---|');
    for (const m of a.missedEndpoints) out.push(`| ${m.repository} | ${m.method} ${cell(m.path)} | ${cell(m.file)}:${m.line} | ${cell(m.reason)} |`);
  }
  return `${out.join('\n')}\n`;
}

function roundPage(r: Accuracy['rounds'][number]): string[] {
  const out = [`### ${r.title} (engine at ${r.engine.slice(0, 7)})`, '', '| rule | right | overrated | wrong words | untrue | strict | true |', '|---|---|---|---|---|---|---|'];
  const told = r.verdicts.filter((v) => v.confidence !== 'low');
  for (const rule of [...new Set(told.map((v) => v.rule))].sort()) out.push(tally(rule, told.filter((v) => v.rule === rule)));
  out.push(tally('**all**', told), '');
  const asked = r.verdicts.filter((v) => v.confidence === 'low');
  if (asked.length > 0) out.push(`- Questions: ${asked.filter((v) => v.verdict === 'right').length} of ${asked.length} worth asking.`);
  const checked = r.endpoints.reduce((n, e) => n + e.checked, 0);
  if (checked > 0) {
    const right = r.endpoints.reduce((n, e) => n + e.authRight, 0);
    out.push(`- Who may call an endpoint: right for ${right} of ${checked} (${percent(right, checked)}) in ${r.endpoints.length} repositories.`);
  }
  for (const n of r.notes) out.push(`- ${n}`);
  out.push('');
  for (const repository of [...new Set(r.verdicts.map((v) => v.repository))]) {
    const rows = r.verdicts.filter((v) => v.repository === repository);
    out.push(`#### ${repository}@${rows[0]!.commit.slice(0, 7)}`, '', '| place | rule | verdict | why |', '|---|---|---|---|');
    for (const v of rows) out.push(`| ${cell(v.file)}:${v.line} | ${v.rule} | ${v.verdict}${v.wrongKind ? ` (${KINDS[v.wrongKind]})` : ''}${v.confidence === 'low' ? ', a question' : ''} | ${cell(v.reason)} |`);
    out.push('');
  }
  return out;
}

const KINDS = { untrue: 'untrue', severity: 'overrated', text: 'wrong words' } as const;

function tally(what: string, rows: readonly z.infer<typeof verdict>[]): string {
  const of = (kind: keyof typeof KINDS) => rows.filter((v) => v.verdict === 'wrong' && (v.wrongKind ?? 'untrue') === kind).length;
  const right = rows.filter((v) => v.verdict === 'right').length;
  return `| ${what} | ${right} | ${of('severity')} | ${of('text')} | ${of('untrue')} | ${percent(right, rows.length)} | ${percent(rows.length - of('untrue'), rows.length)} |`;
}

function percent(a: number, b: number): string {
  return b === 0 ? '–' : `${Math.round((100 * a) / b)} %`;
}

function cell(text: string): string {
  return text.replace(/[|\\`<>\r\n]/g, (c) => (c === '\n' || c === '\r' ? ' ' : `\\${c}`));
}
