/** `.rescue/sprint.json`: what people did. Created only when a person acts; never holds what the audit can work out. */
import { z } from 'zod';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}/, 'a date such as 2026-03-31');
const text = z.string().min(1);

const tickSchema = z.strictObject({ date, by: text.optional() });
const noteSchema = z.strictObject({ date, text, by: text.optional() });
const acceptedSchema = z.strictObject({ ruleId: text, file: z.string(), reason: text, owner: text, date, until: date.optional() });
const rotationSchema = z.strictObject({ added: date, label: z.string().optional(), file: z.string().optional(), done: date.optional(), by: text.optional() });
const answerSchema = z.strictObject({ answer: z.enum(['yes', 'no', 'unknown']), date, by: text.optional() });

const stateSchema = z.strictObject({
  version: z.literal(1),
  /** Hand ticks, by `item:ID` (a sprint item) or the id of a day's task (`day1.top10-read`). */
  ticks: z.record(z.string(), tickSchema).default({}),
  /** Notes, by the same ids. */
  notes: z.record(z.string(), noteSchema).default({}),
  /** Accepted risks, by the finding's fingerprint. */
  accepted: z.record(z.string(), acceptedSchema).default({}),
  /** Keys to replace at their provider, by environment variable name. `done` is set by hand only. */
  rotations: z.record(z.string(), rotationSchema).default({}),
  /** Founder checklist, by question id. */
  answers: z.record(z.string(), answerSchema).default({}),
});

export type SprintState = z.infer<typeof stateSchema>;
export type Tick = z.infer<typeof tickSchema>;
export type Note = z.infer<typeof noteSchema>;
export type AcceptedRisk = z.infer<typeof acceptedSchema>;
export type Rotation = z.infer<typeof rotationSchema>;
export type FounderAnswer = z.infer<typeof answerSchema>;

/** Where the state stands in the user's repository. */
export const STATE_FILE = '.rescue/sprint.json';

export const EMPTY_STATE: SprintState = { version: 1, ticks: {}, notes: {}, accepted: {}, rotations: {}, answers: {} };

export type ParsedState =
  | { readonly ok: true; readonly state: SprintState }
  /** The file must not be overwritten: a person's ticks are in it. */
  | { readonly ok: false; readonly state: SprintState; readonly problem: string };

const SECTIONS = ['ticks', 'notes', 'accepted', 'rotations', 'answers'] as const;

/** Never throws. An unreadable file yields the empty state and a problem: then nothing may be written over it. */
export function parseState(text: string): ParsedState {
  const refuse = (problem: string): ParsedState => ({ ok: false, state: EMPTY_STATE, problem: `${STATE_FILE} ${problem} It is left as it is; nothing will be saved until it can be read.` });
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (/^(<{7}|>{7}) /m.test(body)) return refuse('holds merge conflict markers.');
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch (error) {
    return refuse(`is not valid JSON (${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}).`);
  }
  const version = typeof raw === 'object' && raw !== null && 'version' in raw ? raw.version : undefined;
  if (typeof version === 'number' && version > 1) return refuse(`was written by a newer version of Vibe Code Rescue (format ${version}).`);
  const parsed = stateSchema.safeParse(raw);
  if (parsed.success) return { ok: true, state: parsed.data };
  const issue = parsed.error.issues[0];
  return refuse(`does not fit the format: ${issue && issue.path.length > 0 ? issue.path.join('.') : 'the file'}: ${issue?.message ?? 'unknown problem'}.`);
}

/** Keys sorted, one entry a line: two people who tick different items merge without a conflict in most cases. */
export function serializeState(state: SprintState): string {
  const lines = ['{', '  "version": 1,'];
  SECTIONS.forEach((section, i) => {
    const entries = Object.entries(state[section]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const end = i === SECTIONS.length - 1 ? '' : ',';
    if (entries.length === 0) lines.push(`  "${section}": {}${end}`);
    else {
      lines.push(`  "${section}": {`);
      entries.forEach(([key, value], j) => lines.push(`    ${JSON.stringify(key)}: ${stable(value)}${j === entries.length - 1 ? '' : ','}`));
      lines.push(`  }${end}`);
    }
  });
  return [...lines, '}', ''].join('\n');
}

function stable(value: Readonly<Record<string, unknown>>): string {
  const fields = Object.keys(value).sort().filter((key) => value[key] !== undefined);
  return `{ ${fields.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(value[key])}`).join(', ')} }`;
}

type Section = (typeof SECTIONS)[number];

/** A copy with one entry set, or removed when `value` is null. */
export function withEntry<S extends Section>(state: SprintState, section: S, key: string, value: SprintState[S][string] | null): SprintState {
  const entries = Object.entries<unknown>(state[section]).filter(([k]) => k !== key);
  if (value !== null) entries.push([key, value]);
  return { ...state, [section]: Object.fromEntries(entries) };
}
