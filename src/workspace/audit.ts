/** Audits a folder: what the command line, the tests and the bench call. Reads; writes only the cache. */
import { LineIndex } from '../engine/core/text';
import type { FileFacts } from '../engine/core/facts';
import type { AnyRule } from '../engine/core/rule';
import type { EngineError, ProjectOptions, RelPath, Span } from '../engine/core/types';
import { extractFile } from '../engine/extract/extract';
import { needsThread, IsolatedExtractor } from './isolated';
import { ALL_RULES } from '../engine/rules/registry';
import type { AuditResult, FileChange, Session } from '../engine/session/api';
import { createSession } from '../engine/session/session';
import type { Position, Positions } from '../report/build';
import { NO_CACHE, openCache, type FactCache } from './cache';
import { discover, readFound, realFolder, worthNaming, type Discovery, type Skipped } from './discover';
import { gitFacts, readGitFolder, type GitFolder } from './git-index';
import { loadOptions } from './options';
import { engineFingerprint } from './version';

export interface Progress {
  readonly phase: 'find' | 'read' | 'check';
  readonly done: number;
  /** 0: not known yet. */
  readonly total: number;
}

export interface AuditOptions {
  readonly rules?: readonly AnyRule[];
  /** Instead of `rescue.config.json`. */
  readonly options?: ProjectOptions;
  /** `false`: neither read nor written. `dir`: instead of the user's cache folder. */
  readonly cache?: false | { readonly dir?: string | undefined; readonly fingerprint?: string | undefined };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Reads the large files, and is closed afterwards; default: the worker beside the built program. */
  readonly isolated?: IsolatedExtractor;
}

export interface FolderAudit {
  /** Real path of the folder. */
  readonly root: string;
  /** With what the workspace layer adds: read errors, broken configuration, skipped files, phases of the timing. */
  readonly result: AuditResult;
  readonly session: Session;
  /** = `result.errors`. */
  readonly errors: readonly EngineError[];
  readonly positions: Positions;
  readonly options: ProjectOptions;
  readonly git: GitFolder | null;
  readonly discovery: Discovery;
  /** Wall time. */
  readonly ms: number;
  readonly cacheHits: number;
}

/** Work between two looks at the abort signal and the event loop. */
const SLICE_MS = 25;

/** Throws `FolderError` when the folder cannot be read at all, an AbortError when `signal` fires. */
export async function auditFolder(folder: string, options: AuditOptions = {}): Promise<FolderAudit> {
  const begin = performance.now();
  const timing: Record<string, number> = {};
  const timed = <T>(phase: string, work: () => T): T => {
    const from = performance.now();
    try {
      return work();
    } finally {
      timing[phase] = (timing[phase] ?? 0) + performance.now() - from;
    }
  };
  const errors: EngineError[] = [];
  const { signal, onProgress } = options;

  // `discover` resolves the real path and says what is wrong with the folder; git's index is needed before it walks.
  const root = await realFolder(folder);
  const loaded = options.options ? { options: options.options, errors: [] } : loadOptions(root, ALL_RULES.map((rule) => rule.meta.id));
  errors.push(...loaded.errors);
  const git = timed('git', () => readGitFolder(root));
  errors.push(...(git?.errors ?? []));
  const walkFrom = performance.now();
  const discovery = await discover(root, { git, signal, onProgress: (found) => onProgress?.({ phase: 'find', done: found, total: 0 }) });
  timing['find'] = performance.now() - walkFrom;
  errors.push(...discovery.errors);

  const fingerprint = options.cache === false ? null : (options.cache?.fingerprint ?? engineFingerprint());
  const cache: FactCache = options.cache === false || fingerprint === null ? NO_CACHE : openCache({ dir: options.cache?.dir, root, fingerprint, salt: loaded.options.secretSalt });

  const session = createSession({ rules: options.rules ?? ALL_RULES, options: loaded.options, git: gitFacts(git, discovery.rules) });
  const skipped: Skipped[] = [...discovery.skipped];
  const changes: FileChange[] = [];
  const isolated = options.isolated ?? new IsolatedExtractor();
  let sliceFrom = performance.now();
  for (const [i, file] of discovery.files.entries()) {
    const read = timed('read', () => readFound(file));
    if (read.kind === 'error') errors.push({ phase: 'read', file: file.path, ruleId: null, message: read.message });
    else if (read.kind === 'skipped') {
      if (worthNaming(file.path, read.reason)) skipped.push({ file: file.path, reason: read.reason });
    } else {
      const known = timed('cache', () => cache.get(file.path, read.hash));
      const apart = known || !needsThread(file.path, read.text) ? null : await isolated.extract(file.path, read.text, loaded.options.secretSalt);
      const facts = known ?? apart ?? timed('extract', () => extracted(file.path, read.text, loaded.options.secretSalt));
      // Out of time today is not out of time for ever.
      if (facts && !known && !(apart && facts.parse === 'skipped')) cache.put(facts);
      changes.push({ path: file.path, text: read.text, ...(facts ? { facts } : {}) });
    }
    if (performance.now() - sliceFrom > SLICE_MS) {
      onProgress?.({ phase: 'read', done: i + 1, total: discovery.files.length });
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceFrom = performance.now();
    }
  }
  await isolated.close();
  onProgress?.({ phase: 'check', done: 0, total: discovery.files.length });
  timed('apply', () => session.apply(changes));
  for (const file of session.model.files()) if (file.config?.kind === 'invalid') errors.push({ phase: 'extract', file: file.path, ruleId: null, message: file.config.message });
  const inner = session.audit(signal);
  timed('cache', () => cache.save());
  errors.push(...cache.problems());

  const all = [...errors, ...inner.errors];
  const seen = new Set(inner.stats.skipped.map((s) => s.file));
  const result: AuditResult = {
    ...inner,
    errors: all,
    stats: {
      ...inner.stats,
      skipped: [...inner.stats.skipped, ...skipped.filter((s) => !seen.has(s.file))].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
      timing: { ...timing, ...inner.stats.timing, extract: (timing['extract'] ?? 0) + (inner.stats.timing['extract'] ?? 0) },
    },
  };
  return { root, result, session, errors: all, positions: positionsOf(session), options: loaded.options, git, discovery, ms: performance.now() - begin, cacheHits: cache.hits };
}

/** 1-based lines and UTF-16 columns from the session's live texts. Without a text everything stands at 1:1. */
export function positionsOf(session: Pick<Session, 'text'>): Positions {
  const indexes = new Map<RelPath, { text: string; index: LineIndex }>();
  return (file: RelPath, span: Span): Position => {
    const text = session.text(file);
    if (text === undefined) return { line: 1, column: 1, endLine: 1, endColumn: 1 };
    let known = indexes.get(file);
    if (known?.text !== text) {
      known = { text, index: new LineIndex(text) };
      indexes.set(file, known);
    }
    const start = known.index.position(span.start);
    const end = known.index.position(span.end);
    return { line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
  };
}

/** A throwing extractor is the session's to report: it meets the same text once more. */
function extracted(path: RelPath, text: string, salt: string): FileFacts | undefined {
  try {
    return extractFile(path, text, salt);
  } catch {
    // Not swallowed: without facts the session extracts again and records the EngineError.
    return undefined;
  }
}
