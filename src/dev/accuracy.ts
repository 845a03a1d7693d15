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
  reason: z.string().min(10).max(300),
});

const missed = z.strictObject({ repository: z.string(), method: z.string(), path: z.string(), file: z.string(), line: z.number().int().positive(), reason: z.string() });

const score = z.strictObject({
  repository: z.string(), commit: z.string(), category: z.string(), expected: z.number().int(), found: z.number().int(), traps: z.number().int(), trapped: z.number().int(),
});

const endpoints = z.strictObject({ repository: z.string(), expected: z.number().int(), found: z.number().int(), authRight: z.number().int() });

const accuracySchema = z.strictObject({
  measured: z.iso.date(),
  labelled: z.strictObject({ scores: z.array(score), endpoints: z.array(endpoints), notes: z.array(z.string()) }),
  verdicts: z.array(verdict),
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
  out.push('', '## Repositories without labels', '', 'The first findings of each, read one by one.', '', '| rule | right | wrong | precision |', '|---|---|---|---|');
  for (const r of [...new Set(a.verdicts.map((v) => v.rule))].sort()) {
    const rows = a.verdicts.filter((v) => v.rule === r);
    const right = rows.filter((v) => v.verdict === 'right').length;
    out.push(`| ${r} | ${right} | ${rows.length - right} | ${percent(right, rows.length)} |`);
  }
  const right = a.verdicts.filter((v) => v.verdict === 'right').length;
  out.push(`| **all** | ${right} | ${a.verdicts.length - right} | ${percent(right, a.verdicts.length)} |`, '');
  for (const repository of [...new Set(a.verdicts.map((v) => v.repository))]) {
    const rows = a.verdicts.filter((v) => v.repository === repository);
    out.push(`### ${repository}@${rows[0]!.commit.slice(0, 7)}`, '', '| place | rule | verdict | why |', '|---|---|---|---|');
    for (const v of rows) out.push(`| ${cell(v.file)}:${v.line} | ${v.rule} | ${v.verdict} | ${cell(v.reason)} |`);
    out.push('');
  }
  out.push('## Endpoints the inventory missed', '');
  if (a.missedEndpoints.length === 0) out.push('None known.');
  else {
    out.push('| repository | endpoint | place | why |', '|---|---|---|---|');
    for (const m of a.missedEndpoints) out.push(`| ${m.repository} | ${m.method} ${cell(m.path)} | ${cell(m.file)}:${m.line} | ${cell(m.reason)} |`);
  }
  return `${out.join('\n')}\n`;
}

function percent(a: number, b: number): string {
  return b === 0 ? '–' : `${Math.round((100 * a) / b)} %`;
}

function cell(text: string): string {
  return text.replace(/[|\\`<>\r\n]/g, (c) => (c === '\n' || c === '\r' ? ' ' : `\\${c}`));
}
