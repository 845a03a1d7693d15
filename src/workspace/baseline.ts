/** `.rescue/baseline.json`: fingerprints of findings that are known and do not count as new. An audit's own JSON serves as one too. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { EngineError, Finding } from '../engine/core/types';
import { writeInWorkspace } from './atomic';
import { reasonOf } from './errors';

export const BASELINE_FILE = '.rescue/baseline.json';

const fingerprint = z.string().regex(/^[0-9a-f]{8,64}$/, 'a fingerprint');
const baselineSchema = z.strictObject({ version: z.literal(1), fingerprints: z.array(fingerprint) });
const auditSchema = z.looseObject({ version: z.literal(1), findings: z.array(z.looseObject({ fingerprint })) });

export interface LoadedBaseline {
  /** null: there is none (or it cannot be read, see `error`). */
  readonly fingerprints: ReadonlySet<string> | null;
  readonly error: EngineError | null;
}

/** Without `file` the project's own baseline, which need not exist. */
export function loadBaseline(root: string, file?: string): LoadedBaseline {
  const path = file === undefined ? join(root, BASELINE_FILE) : isAbsolute(file) ? file : join(process.cwd(), file);
  const shown = file ?? BASELINE_FILE;
  const broken = (why: string): LoadedBaseline => ({
    fingerprints: null,
    error: { phase: 'state', file: null, ruleId: null, message: `the baseline ${shown} is not used: ${why}. All findings count as new.` },
  });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (file === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return { fingerprints: null, error: null };
    return broken(reasonOf(error));
  }
  return parseBaseline(text, broken);
}

function parseBaseline(text: string, broken: (why: string) => LoadedBaseline): LoadedBaseline {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (/^(<{7}|>{7}) /m.test(body)) return broken('it holds merge conflict markers');
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch {
    // V8's message quotes the file.
    return broken('it is not valid JSON');
  }
  const own = baselineSchema.safeParse(raw);
  if (own.success) return { fingerprints: new Set(own.data.fingerprints), error: null };
  const audit = auditSchema.safeParse(raw);
  if (audit.success) return { fingerprints: new Set(audit.data.findings.map((f) => f.fingerprint)), error: null };
  const issue = own.error.issues[0];
  return broken(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is no baseline'}`);
}

/** One fingerprint a line, sorted: merges well. */
export function serializeBaseline(findings: readonly Finding[]): string {
  const all = [...new Set(findings.map((f) => f.fingerprint))].sort();
  return JSON.stringify({ version: 1, fingerprints: all }, null, 2) + '\n';
}

export function writeBaseline(root: string, findings: readonly Finding[]): void {
  writeInWorkspace(root, BASELINE_FILE, serializeBaseline(findings));
}
