/** Fixes of a whole folder: computed and verified in memory first, then written, env files before the code that reads them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, type Fix, type FixClass, type TextEdit } from '../engine/core/fix';
import { dirname } from '../engine/core/paths';
import type { Finding, RelPath, Span } from '../engine/core/types';
import { extractEnvNames, isEnvFile } from '../engine/extract/config';
import { resolveInside, writeAtomic } from './atomic';
import type { FolderAudit } from './audit';
import { unifiedDiff } from './diff';
import { reasonOf, RefusedWrite } from './errors';
import { decode, encode, type Encoding } from './text-file';

export interface PlannedFile {
  readonly file: RelPath;
  /** What stands on the disk; null: the file is new. */
  readonly before: string | null;
  readonly after: string;
  readonly encoding: Encoding;
  /** Holds a secret's value: an env file that git ignores, never shown. */
  readonly sensitive: boolean;
}

export interface FixOutcome {
  readonly finding: Finding;
  readonly state: 'fixed' | 'closed' | 'declined' | 'not-allowed' | 'steps-only' | 'no-fix';
  readonly title: string | null;
  readonly class: FixClass | null;
  /** Why not, for people. */
  readonly message: string | null;
}

export interface FixPlan {
  readonly outcomes: readonly FixOutcome[];
  readonly files: readonly PlannedFile[];
  /** What no edit can do, each once. */
  readonly manual: readonly string[];
}

export interface FixSelection {
  readonly findings: readonly Finding[];
  /** In all of these a fix may be applied; the first of a finding's fixes that qualifies is taken. */
  readonly classes: ReadonlySet<FixClass>;
}

/** Computes fixes one after the other, each on the result of those before. Writes nothing. */
export function planFixes(audit: FolderAudit, selection: FixSelection): FixPlan {
  const { session } = audit;
  const files = new Map<RelPath, PlannedFile>();
  const manual = new Set<string>();
  const outcomes: FixOutcome[] = [];
  // Ignored env files are none of an audit's business; a fix that adds a line must know the lines that are there.
  const known = audit.discovery.ignoredEnvFiles.flatMap((file) => {
    const found = onDisk(audit, file);
    return typeof found === 'string' || session.text(file) !== undefined ? [] : [{ path: file, text: found.after }];
  });
  if (known.length > 0) session.apply(known);

  for (const finding of selection.findings) {
    const record = (state: FixOutcome['state'], title: string | null = null, cls: FixClass | null = null, message: string | null = null): void => {
      outcomes.push({ finding, state, title, class: cls, message });
    };
    // Earlier fixes move and close findings: the fresh one is asked for by its fingerprint.
    const fresh = session.check(finding.at.file).find((f) => f.fingerprint === finding.fingerprint && f.ruleId === finding.ruleId);
    if (!fresh) {
      record('closed');
      continue;
    }
    const offered = session.fixesOf(fresh);
    const allowed = offered.filter((f) => f.class !== 'manual' && selection.classes.has(f.class));
    const first = offered[0];
    if (!first) {
      record('no-fix');
      continue;
    }
    if (allowed.length === 0) {
      record(offered.every((f) => f.class === 'manual') ? 'steps-only' : 'not-allowed', first.title, first.class);
      continue;
    }
    let last: { title: string; class: FixClass; message: string } | null = null;
    let done = false;
    for (const choice of allowed) {
      const result = session.fix(fresh, choice.id);
      const problem = result.ok ? stage(audit, files, result.fix) : result.message;
      if (result.ok && problem === null) {
        for (const step of result.fix.manual) manual.add(step);
        record('fixed', result.fix.title, choice.class);
        done = true;
        break;
      }
      last = { title: choice.title, class: choice.class, message: problem ?? '' };
    }
    if (!done && last) record('declined', last.title, last.class, last.message);
  }
  return { outcomes, files: [...files.values()].filter((f) => f.before !== f.after), manual: [...manual] };
}

/** Takes a fix into the plan, whole or not at all. Returns why not. */
function stage(audit: FolderAudit, planned: Map<RelPath, PlannedFile>, fix: Fix): string | null {
  const { session } = audit;
  const next = new Map<RelPath, PlannedFile>();
  const current = (file: RelPath): PlannedFile | string => next.get(file) ?? planned.get(file) ?? onDisk(audit, file);

  const edits = new Map<RelPath, TextEdit[]>();
  for (const edit of fix.edits) edits.set(edit.file, [...(edits.get(edit.file) ?? []), edit]);
  for (const [file, list] of edits) {
    const base = current(file);
    if (typeof base === 'string') return base;
    const live = session.text(file);
    if (live !== undefined && live !== base.after) return `${file} has changed since it was read`;
    next.set(file, { ...base, after: applyEdits(base.after, list), sensitive: base.sensitive || list.some((e) => e.sensitive === true) });
  }
  for (const creation of fix.create) {
    const base = current(creation.file);
    if (typeof base === 'string') return base;
    const sensitive = base.sensitive || creation.sensitive === true;
    // Nothing stands there, or what an earlier fix of this run has created in the same words.
    if ((base.before === null && base.after === '') || base.after === creation.text) next.set(creation.file, { ...base, after: creation.text, sensitive });
    else if (isEnvFile(creation.file)) {
      const merged = mergeEnv(creation.file, base.after, creation.text);
      if (typeof merged !== 'string') return merged.conflict;
      next.set(creation.file, { ...base, after: merged, sensitive });
    } else return `${creation.file} exists already`;
  }
  for (const one of next.values()) {
    if (one.sensitive) {
      const problem = secretPlaceProblem(audit, new Map([...planned, ...next]), one.file);
      if (problem) return problem;
    }
  }
  for (const [file, one] of next) {
    planned.set(file, one);
    if (isGitignore(file)) audit.discovery.rules.add(dirname(file), one.after);
  }
  session.apply([...next.values()].map((f) => ({ path: f.file, text: f.after })));
  return null;
}

function onDisk(audit: FolderAudit, file: RelPath): PlannedFile | string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(audit.root, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { file, before: null, after: '', encoding: 'utf8', sensitive: false };
    return `${file} cannot be read: ${reasonOf(error)}`;
  }
  const decoded = decode(bytes);
  if (!decoded || !encode(decoded.text, decoded.encoding).equals(bytes)) return `${file} is no clean UTF-8 or UTF-16 text: writing it back would change more than the fix`;
  const sensitive = isEnvFile(file) && audit.git?.tracked?.has(file) !== true && audit.discovery.rules.ignores(file, false);
  return { file, before: decoded.text, after: decoded.text, encoding: decoded.encoding, sensitive };
}

function isGitignore(file: string): boolean {
  return file === '.gitignore' || file.endsWith('/.gitignore');
}

/** The one place a secret's value may be written to: an env file that git ignores and does not track. */
function secretPlaceProblem(audit: FolderAudit, planned: ReadonlyMap<RelPath, PlannedFile>, file: RelPath): string | null {
  if (!isEnvFile(file)) return `${file} is no env file: a secret's value is not written there`;
  if (audit.git?.tracked?.has(file)) return `git tracks ${file}: a secret's value is not written there. Run git rm --cached ${file} first`;
  const { rules } = audit.discovery;
  if (rules.ignores(file, false)) return null;
  // The fix may bring the .gitignore entry itself.
  for (const plan of planned.values()) if (isGitignore(plan.file)) rules.add(dirname(plan.file), plan.after);
  return rules.ignores(file, false) ? null : `git does not ignore ${file}: add it to .gitignore first, a secret's value is not written where it could be committed`;
}

/** Adds the entries of `add` whose names are not there yet. */
function mergeEnv(file: RelPath, base: string, add: string): string | { readonly conflict: string } {
  const entries = (text: string): Map<string, string> => new Map(extractEnvNames(file, text).map((e) => [e.name, text.slice(e.span.start, e.span.end)]));
  const valueOf = (entry: string): string => entry.slice(entry.search(/[=:]/) + 1).trim().replace(/^(["'`])([\s\S]*)\1$/, '$2');
  const known = entries(base);
  const eol = base.includes('\r\n') ? '\r\n' : '\n';
  let out = base;
  for (const [name, entry] of entries(add)) {
    const old = known.get(name);
    if (old === undefined || (valueOf(old) === '' && valueOf(entry) !== '')) {
      // dotenv takes the last entry of a name: an empty one above does no harm.
      if (out !== '' && !out.endsWith('\n')) out += eol;
      out += entry + eol;
    } else if (valueOf(entry) !== '' && valueOf(old) !== valueOf(entry)) return { conflict: `${file} already defines ${name} with another value` };
  }
  return out;
}

/** The plan as a unified diff in which no secret can be read: neither those that leave the code nor those that stay. */
export function renderPlan(audit: FolderAudit, original: ReadonlyMap<RelPath, readonly Span[]>, plan: FixPlan): string {
  const values = new Set<string>();
  const masked = new Map<RelPath, { before: string | null; after: string }>();
  for (const file of plan.files) {
    const spansAfter = file.sensitive ? envValueSpans(file.file, file.after) : (audit.session.model.file(file.file)?.secrets.map((s) => s.span) ?? []);
    const spansBefore = file.before === null ? [] : file.sensitive ? envValueSpans(file.file, file.before) : (original.get(file.file) ?? []);
    // Of an env file only what the fix brings: its other values are words like `development`.
    const moved = file.sensitive ? spansAfter.filter((s) => !(file.before ?? '').includes(file.after.slice(s.start, s.end))) : spansAfter;
    for (const [text, spans] of [[file.before ?? '', file.sensitive ? [] : spansBefore], [file.after, moved]] as const) {
      for (const span of spans) for (const line of text.slice(span.start, span.end).split(/\r?\n|\\n/)) if (unquoted(line).length >= 6) values.add(unquoted(line));
    }
    masked.set(file.file, { before: file.before === null ? null : mask(file.before, spansBefore), after: mask(file.after, spansAfter) });
  }
  // A second net: the same value at a place that no fact names (a comment, another quoting).
  const rest = [...values].sort((a, b) => b.length - a.length);
  return plan.files
    .map((file) => {
      const texts = masked.get(file.file);
      let diff = unifiedDiff(file.file, texts?.before ?? null, texts?.after ?? '');
      for (const value of rest) diff = diff.replaceAll(value, REDACTED);
      return diff;
    })
    .join('');
}

/** Spans of the secrets before anything is fixed: `renderPlan` needs them to hide what the diff removes. */
export function secretSpans(audit: FolderAudit): ReadonlyMap<RelPath, readonly Span[]> {
  const out = new Map<RelPath, readonly Span[]>();
  for (const file of audit.session.model.files()) if (file.secrets.length > 0) out.set(file.path, file.secrets.map((s) => s.span));
  return out;
}

const REDACTED = '[redacted]';

function envValueSpans(file: RelPath, text: string): Span[] {
  return extractEnvNames(file, text).map((entry) => {
    const sign = text.slice(entry.span.start, entry.span.end).search(/[=:]/);
    return { start: sign < 0 ? entry.span.end : entry.span.start + sign + 1, end: entry.span.end };
  });
}

function unquoted(text: string): string {
  return text.trim().replace(/^["'`]|["'`]$/g, '');
}

function mask(text: string, spans: readonly Span[]): string {
  let out = '';
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < at || span.end <= span.start) continue;
    // Lines stay lines, so that the diff's numbers are right.
    out += text.slice(at, span.start) + REDACTED + '\n'.repeat(text.slice(span.start, span.end).split('\n').length - 1);
    at = span.end;
  }
  return out + text.slice(at);
}

/** Writes a plan: .gitignore, then env files, then code. Throws `RefusedWrite` before anything is written when a file has changed meanwhile. */
export function writePlan(root: string, plan: FixPlan): void {
  const rank = (file: PlannedFile): number => (file.file.endsWith('.gitignore') ? 0 : file.sensitive ? 1 : isEnvFile(file.file) ? 2 : 3);
  const todo = [...plan.files].sort((a, b) => rank(a) - rank(b)).map((file) => ({ file, target: resolveInside(root, file.file), bytes: encode(file.after, file.encoding) }));
  for (const { file, target } of todo) {
    let now: string | null;
    try {
      now = decode(readFileSync(target))?.text ?? '';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new RefusedWrite(`${file.file} cannot be read: ${reasonOf(error)}`);
      now = null;
    }
    if (now !== file.before) throw new RefusedWrite(`${file.file} has changed since it was read: nothing was written, run the command again`);
  }
  for (const { file, target, bytes } of todo) writeAtomic(target, bytes, file.before === null && file.sensitive ? 0o600 : undefined);
}
