/**
 * The note that keeps the next change, by a person or an agent, from undoing the rescue: a Cursor rule and sections of
 * AGENTS.md and its like. Only what stands between our markers is ever written.
 */
import type { Stack } from '../engine/core/model';
import { hashText } from '../engine/core/text';
import type { ProjectOptions } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { code as inlineCode, markdown as md } from './text';
import { PUBLIC_WORD } from './words';

export interface DoNotBreakFacts {
  readonly guards: readonly { readonly name: string; readonly file: string; readonly endpoints: number; readonly level: string }[];
  readonly publicRoutes: readonly { readonly endpoint: string; readonly why: string }[];
  readonly validators: readonly string[];
  readonly tenantKey: string | null;
  /** Tables that signed-in endpoints write. */
  readonly tables: readonly string[];
  readonly testCommand: string | null;
}

const BEGIN = /<!--[ \t]*rescue:begin(?:[ \t]+([\w-]+))?[ \t]*-->/g;
const END = /<!--[ \t]*rescue:end[ \t]*-->/g;

export function doNotBreakFacts(result: AuditResult, options: ProjectOptions, stack: Stack | null): DoNotBreakFacts {
  const guards = new Map<string, { name: string; file: string; endpoints: number; level: string }>();
  const tables = new Set<string>();
  for (const e of result.endpoints) {
    for (const g of e.guards) {
      if (g.effect !== 'enforces' || (g.kind !== 'authentication' && g.kind !== 'authorization' && g.kind !== 'signature')) continue;
      const key = `${g.name}\0${g.at.file}\0${g.level}`;
      const seen = guards.get(key);
      if (seen) seen.endpoints++;
      else guards.set(key, { name: g.name, file: g.at.file, endpoints: 1, level: g.level });
    }
    if (e.auth === 'required') for (const s of e.sinks) if (s.target !== null && s.kind === 'db-write') tables.add(s.target);
  }
  return {
    guards: [...guards.values()].sort((a, b) => b.endpoints - a.endpoints || compare(a.name, b.name) || compare(a.file, b.file)).slice(0, 40),
    publicRoutes: result.endpoints
      .flatMap((e) => (e.publicBy === null || e.auth === 'required' ? [] : [{ endpoint: `${e.method} ${e.path}`, why: PUBLIC_WORD[e.publicBy] }]))
      .sort((a, b) => compare(a.endpoint, b.endpoint)),
    validators: [...new Set([...(stack?.validators ?? []), ...options.validators])].sort(),
    tenantKey: options.tenantKey,
    tables: [...tables].sort(),
    testCommand: stack?.packages.some((p) => p.root === '' && p.scripts['test'] !== undefined) ? 'npm test' : null,
  };
}

/** A name from the code must not end our block, or begin another. */
function code(text: string): string {
  return inlineCode(text.replaceAll('<!--', '<! --'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Changes when, and only when, something listed changes. */
export function factsHash(facts: DoNotBreakFacts): string {
  return hashText(JSON.stringify(facts)).slice(0, 12);
}

/** The note itself, markers included, without a line end after it. */
export function renderNote(facts: DoNotBreakFacts): string {
  const out = [`<!-- rescue:begin ${factsHash(facts)} -->`, '## Do not break this', '', 'Written by Vibe Code Rescue from the code. Text outside these markers is yours.', ''];
  out.push(
    '- Never remove, move or weaken a guard; a new endpoint gets one, or a reason to be public in `rescue.config.json`.',
    '- Never use the request before it passed its validator: parse at the boundary, then use only the parsed data.',
    '- Never use a service-role or admin client on behalf of a request; never disable row-level security, not even while developing.',
    '- Never edit a migration that was applied: add a new one. New tables get their policies in the same migration.',
    '- Never write a secret into code or log a request body; secrets come from the environment.',
  );
  if (facts.guards.length > 0) out.push('', '**Guards**', '');
  for (const g of facts.guards) out.push(`- ${code(g.name)} in ${code(g.file)}: ${g.endpoints === 1 ? '1 endpoint' : `${g.endpoints} endpoints`}, at ${md(g.level)} level`);
  if (facts.publicRoutes.length > 0) out.push('', '**Public on purpose; everything else needs a guard**', '');
  for (const r of facts.publicRoutes) out.push(`- ${code(r.endpoint)}: ${r.why}`);
  if (facts.validators.length > 0) out.push('', `**Validation**: with ${facts.validators.map((v) => code(v)).join(', ')}.`);
  if (facts.tenantKey !== null) out.push('', `**Tenants**: every query filters by ${code(facts.tenantKey)}.`);
  if (facts.tables.length > 0) out.push('', `**Tables that only signed-in users write**: ${facts.tables.map((t) => code(t)).join(', ')}.`);
  out.push('', `Before you call a change done: ${facts.testCommand === null ? '' : `${code(facts.testCommand)}, then `}${code('npx vibe-code-rescue audit')}; no new finding.`, '<!-- rescue:end -->');
  return out.join('\n');
}

export type BlockState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly hash: string | null; readonly start: number; readonly end: number }
  | { readonly kind: 'broken'; readonly problem: string };

/** Where our block stands. Anything but no marker or exactly one ordered pair is broken: then hands off. */
export function findBlock(text: string): BlockState {
  const begins = [...text.matchAll(BEGIN)];
  const ends = [...text.matchAll(END)];
  // A marker that is not quite one (`rescue:begn`, `rescue:begin` without its comment end) was edited by hand.
  const mentions = (text.match(/<!--[ \t]*rescue:/g) ?? []).length;
  const begin = begins[0];
  const end = ends[0];
  if (mentions > begins.length + ends.length) return { kind: 'broken', problem: 'a rescue marker was changed' };
  if (!begin && !end) return { kind: 'absent' };
  if (begins.length > 1 || ends.length > 1) return { kind: 'broken', problem: 'the rescue markers stand there more than once' };
  if (!begin || !end) return { kind: 'broken', problem: begin ? 'the end marker is missing' : 'the begin marker is missing' };
  if (end.index < begin.index) return { kind: 'broken', problem: 'the end marker stands before the begin marker' };
  return { kind: 'present', hash: begin[1] ?? null, start: begin.index, end: end.index + end[0].length };
}

export interface DoNotBreakPlan {
  /** Whole new texts; a file that is already right is left out. */
  readonly writes: readonly { readonly file: string; readonly text: string; readonly created: boolean }[];
  /** Files left alone, and why. */
  readonly messages: readonly string[];
}

const CURSOR_RULE = '.cursor/rules/rescue.mdc';
/** Written where present only. */
const OPTIONAL_TARGETS = ['CLAUDE.md', '.github/copilot-instructions.md'];

/** `existing` gives a file's text, undefined where there is none. */
export function planDoNotBreak(facts: DoNotBreakFacts, existing: (file: string) => string | undefined): DoNotBreakPlan {
  const writes: DoNotBreakPlan['writes'][number][] = [];
  const messages: string[] = [];
  const note = renderNote(facts);
  for (const file of [CURSOR_RULE, 'AGENTS.md', ...OPTIONAL_TARGETS]) {
    const before = existing(file);
    if (before === undefined) {
      if (OPTIONAL_TARGETS.includes(file)) continue;
      const head = file === CURSOR_RULE ? '---\ndescription: Guards, public routes and rules of this project that no change may break\nglobs:\nalwaysApply: true\n---\n\n' : '';
      writes.push({ file, text: `${head}${note}\n`, created: true });
      continue;
    }
    const block = findBlock(before);
    if (block.kind === 'broken') {
      messages.push(`${file} was left as it is: ${block.problem}. Put the markers right, or remove them, and try again.`);
      continue;
    }
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const body = note.replaceAll('\n', eol);
    const text =
      block.kind === 'present'
        ? before.slice(0, block.start) + body + before.slice(block.end)
        : `${before}${before === '' || before.endsWith('\n') ? '' : eol}${before.trim() === '' ? '' : eol}${body}${eol}`;
    if (text !== before) writes.push({ file, text, created: false });
  }
  return { writes, messages };
}

/** Whether a file's note tells the truth: a comparison of hashes. */
export function noteState(text: string | undefined, facts: DoNotBreakFacts): 'absent' | 'broken' | 'stale' | 'fresh' {
  const block: BlockState = text === undefined ? { kind: 'absent' } : findBlock(text);
  if (block.kind !== 'present') return block.kind;
  return block.hash === factsHash(facts) ? 'fresh' : 'stale';
}
