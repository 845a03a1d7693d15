/** The command line's grammar: flags by command, checked with zod, mistakes answered with the nearest valid word. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SEVERITIES } from '../engine/core/types';

export const COMMANDS = ['audit', 'fix', 'endpoints', 'report', 'rules'] as const;
export type Command = (typeof COMMANDS)[number];
export const FORMATS = ['pretty', 'json', 'sarif', 'markdown', 'html'] as const;
export type Format = (typeof FORMATS)[number];

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
}

const FLAGS: Readonly<Record<Command, Readonly<Record<string, Flag>>>> = {
  audit: {
    format: { type: 'string' }, output: { type: 'string' }, 'min-severity': { type: 'string' }, 'fail-on': { type: 'string' }, baseline: { type: 'string' },
    rule: { type: 'string', multiple: true }, since: { type: 'string' }, 'no-cache': { type: 'boolean' }, timing: { type: 'boolean' },
  },
  fix: { rule: { type: 'string', multiple: true }, 'dry-run': { type: 'boolean' }, 'no-cache': { type: 'boolean' } },
  endpoints: { 'no-cache': { type: 'boolean' } },
  report: { output: { type: 'string' }, 'no-cache': { type: 'boolean' } },
  rules: {},
};
const COMMON: Readonly<Record<string, Flag>> = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } };

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: (issue) => `"${String(issue.input)}" is none of ${values.join(', ')}${didYouMean(String(issue.input), values)}` });

const flagSchemas = {
  format: oneOf(FORMATS).default('pretty'),
  output: z.string().min(1, 'needs a file name').optional(),
  'min-severity': oneOf(SEVERITIES).default('info'),
  'fail-on': oneOf([...SEVERITIES, 'none']).default('critical'),
  baseline: z.string().min(1, 'needs a file name').optional(),
  rule: z.array(z.string().min(1, 'needs a rule id')).default([]),
  since: z.string().min(1, 'needs a commit, branch or tag').optional(),
  'no-cache': z.boolean().default(false),
  timing: z.boolean().default(false),
  'dry-run': z.boolean().default(false),
};
const valuesSchema = z.object(flagSchemas);
export type Values = z.infer<typeof valuesSchema>;

export type Invocation =
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly folder: string; readonly values: Values };

/** Throws `UsageError`. */
export function parseInvocation(argv: readonly string[]): Invocation {
  const [first] = argv;
  if (first === undefined) return { kind: 'help', command: null };
  if (first === 'help') return { kind: 'help', command: isCommand(argv[1]) ? argv[1] : null };
  if (first.startsWith('-')) {
    if (['-h', '--help'].includes(first)) return { kind: 'help', command: null };
    if (['-v', '--version'].includes(first)) return { kind: 'version' };
    throw new UsageError(`a command comes first: ${COMMANDS.join(', ')}`);
  }
  if (!isCommand(first)) throw new UsageError(`unknown command "${first}"${didYouMean(first, COMMANDS)}. Commands: ${COMMANDS.join(', ')}`);

  const flags = { ...FLAGS[first], ...COMMON };
  const { tokens, positionals } = parseArgs({ args: [...argv.slice(1)], options: flags, allowPositionals: true, strict: false, tokens: true });
  const raw: Record<string, unknown> = {};
  let help = false;
  let version = false;
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = flags[token.name];
    if (!flag) throw new UsageError(`${first} has no option ${token.rawName}${didYouMean(token.rawName.startsWith('--') ? token.name : token.rawName, Object.keys(flags), '--')}`);
    if (flag.type === 'boolean') {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
      if (token.name === 'help') help = true;
      else if (token.name === 'version') version = true;
      else raw[token.name] = true;
      continue;
    }
    // parseArgs takes `--format --timing` for a format named "--timing".
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) throw new UsageError(`${token.rawName} needs a value`);
    if (flag.multiple) raw[token.name] = [...((raw[token.name] as string[] | undefined) ?? []), token.value];
    else if (raw[token.name] !== undefined) throw new UsageError(`${token.rawName} is given twice`);
    else raw[token.name] = token.value;
  }
  if (help) return { kind: 'help', command: first };
  if (version) return { kind: 'version' };
  if (positionals.length > (first === 'rules' ? 0 : 1)) throw new UsageError(`${first} takes ${first === 'rules' ? 'no folder' : 'one folder'}; "${positionals.at(-1)}" is too much`);
  const parsed = valuesSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message ?? 'invalid'}`);
  }
  const folder = positionals[0] ?? '.';
  if (folder === '') throw new UsageError('the folder is empty');
  return { kind: 'run', command: first, folder, values: parsed.data };
}

function isCommand(word: string | undefined): word is Command {
  return (COMMANDS as readonly (string | undefined)[]).includes(word);
}

/** `. Did you mean X?` or nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const one of known) {
    const d = distance(word.toLowerCase(), one.toLowerCase());
    if (d < least) {
      least = d;
      best = one;
    }
  }
  // A word that was only begun, or a rule without its group.
  best ??= known.find((one) => word.length >= 3 && (one.startsWith(word) || one.endsWith(`/${word}`))) ?? null;
  return best === null ? '' : `. Did you mean ${prefix}${best}?`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
