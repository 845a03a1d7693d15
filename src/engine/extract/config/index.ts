/**
 * Configuration files that the model reads: parsed, validated, reduced to the facts of `ConfigFacts`.
 * Tolerant where people are sloppy (an odd entry is dropped), clear where nothing can be read (`invalid`).
 */
import { parse as parseTomlText } from 'smol-toml';
import { ts } from 'ts-morph';
import { z } from 'zod';
import { basename } from '../../core/paths';
import type { ConfigFacts, EnvNameFact } from '../../core/facts';
import { extractRowRules } from '../sql/row-rules';
import { envNames } from './env';
import { prismaSchema } from './prisma';

export { isEnvFile } from './env';

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

const loose = z.looseObject;
/** An entry of the wrong type is worth less than the rest of the file: it counts as absent. */
const stringRecord = z.record(z.string(), z.unknown()).transform((all) => record(all, (v) => (typeof v === 'string' ? v : undefined))).catch({});
const strings = z.array(z.unknown()).transform((all) => all.filter((v) => typeof v === 'string')).catch([]);
const optionalString = z.string().nullish().catch(null).transform((v) => v ?? null);

const packageJson = loose({
  name: optionalString,
  version: optionalString,
  type: z.enum(['module', 'commonjs']).catch('commonjs'),
  dependencies: stringRecord.optional(),
  devDependencies: stringRecord.optional(),
  optionalDependencies: stringRecord.optional(),
  scripts: stringRecord.optional(),
  workspaces: z.union([loose({ packages: strings }).transform((w) => w.packages), strings]).optional().catch([]),
  main: optionalString,
});

const tsconfig = loose({
  extends: z.union([z.string().transform((one) => [one]), strings]).optional().catch([]),
  compilerOptions: loose({ baseUrl: optionalString, paths: z.record(z.string(), strings).optional().catch({}) }).optional().catch(undefined),
  references: z.array(z.unknown()).transform((all) => all.flatMap((r) => (isObject(r) && typeof r['path'] === 'string' ? [r['path']] : []))).optional().catch([]),
});

const supabase = loose({
  functions: z.record(z.string(), z.unknown()).optional().catch({}),
});

const vercel = loose({
  crons: z.array(z.unknown()).transform((all) => all.flatMap((c) => (isObject(c) && typeof c['path'] === 'string' ? [c['path']] : []))).optional().catch([]),
});

interface Reader {
  readonly matches: (path: string, name: string) => boolean;
  readonly parse: (text: string, path: string) => Parsed;
  readonly read: (value: unknown) => ConfigFacts;
}

const READERS: readonly Reader[] = [
  {
    matches: (_, name) => name === 'package.json',
    parse: parseJson,
    read: (value) => {
      const p = packageJson.parse(value);
      return {
        kind: 'package-json', name: p.name, version: p.version, type: p.type, main: p.main, workspaces: p.workspaces ?? [],
        dependencies: { ...p.optionalDependencies, ...p.dependencies }, devDependencies: p.devDependencies ?? {}, scripts: p.scripts ?? {},
      };
    },
  },
  {
    matches: (_, name) => /^(ts|js)config(\..+)?\.json$/.test(name),
    parse: parseJsonc,
    read: (value) => {
      const t = tsconfig.parse(value);
      return { kind: 'tsconfig', baseUrl: t.compilerOptions?.baseUrl ?? null, paths: t.compilerOptions?.paths ?? {}, extends: t.extends ?? [], references: t.references ?? [] };
    },
  },
  {
    matches: (path, name) => name === 'config.toml' && /(^|\/)supabase\/config\.toml$/.test(path),
    parse: parseToml,
    read: (value) => {
      const functions = supabase.parse(value).functions ?? {};
      return {
        kind: 'supabase-config',
        functions: record(functions, (f) => (isObject(f) ? { verifyJwt: typeof f['verify_jwt'] === 'boolean' ? f['verify_jwt'] : null } : undefined)),
      };
    },
  },
  {
    matches: (_, name) => name === 'vercel.json',
    parse: parseJson,
    read: (value) => ({ kind: 'vercel-json', crons: vercel.parse(value).crons ?? [] }),
  },
];

/** null: a file without configuration that the model needs. */
export function extractConfig(path: string, text: string): ConfigFacts | null {
  const name = basename(path);
  const reader = READERS.find((r) => r.matches(path, name));
  if (!reader) return name.endsWith('.prisma') ? prismaSchema(text) : extractRowRules(path, text);
  const parsed = shallow(() => reader.parse(stripBom(text), path));
  if (!parsed.ok) return { kind: 'invalid', message: `${name} cannot be read: ${parsed.message}` };
  if (!isObject(parsed.value)) return { kind: 'invalid', message: `${name} cannot be read: it holds no object` };
  return reader.read(parsed.value);
}

/** Names that env files, Dockerfiles, compose files and workflows define. */
export function extractEnvNames(path: string, text: string): EnvNameFact[] {
  return envNames(path, text);
}

/** The readers recurse: absurd nesting overflows their stack. */
function shallow(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, message: 'it is nested too deeply' };
    throw error;
  }
}

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, message: jsonProblem(text) };
  }
}

function parseJsonc(text: string, path: string): Parsed {
  const { config, error } = ts.parseConfigFileTextToJson(path, text) as { config?: unknown; error?: ts.Diagnostic };
  if (!error) return { ok: true, value: config ?? {} };
  const at = error.start === undefined ? '' : ` on line ${lineOf(text, error.start)}`;
  return { ok: false, message: `${ts.flattenDiagnosticMessageText(error.messageText, ' ')}${at}` };
}

function parseToml(text: string): Parsed {
  try {
    return { ok: true, value: parseTomlText(text) };
  } catch (error) {
    // The rest of smol-toml's message quotes the file, which may hold a secret.
    const first = error instanceof Error ? error.message.split('\n')[0] : 'not TOML';
    const line = (error as { line?: unknown }).line;
    return { ok: false, message: `${first}${typeof line === 'number' ? ` on line ${line}` : ''}` };
  }
}

/** V8 quotes the text around an error, which may hold a secret, and names no place in short texts: TypeScript's reader does. */
function jsonProblem(text: string): string {
  if (text.trim() === '') return 'it is empty';
  const at = ts.parseConfigFileTextToJson('x.json', text).error?.start;
  return at === undefined ? 'not valid JSON (it has no comments and no trailing commas)' : `not valid JSON on line ${lineOf(text, at)}`;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset && i < text.length; i++) if (text.charCodeAt(i) === 10) line++;
  return line;
}

function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Maps values; undefined drops the entry. Own keys only, and never a prototype's. */
function record<T>(from: Readonly<Record<string, unknown>>, map: (value: unknown) => T | undefined): Record<string, T> {
  const out: Record<string, T> = {};
  for (const [key, value] of Object.entries(from)) {
    const mapped = map(value);
    if (mapped !== undefined && key !== '__proto__') out[key] = mapped;
  }
  return out;
}
