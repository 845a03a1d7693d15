/** The real host: folders on the disk, read as the audit of the command line reads them. */
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseConfig } from '../config/config';
import { CONFIG_FILE } from '../config/schema';
import { ALL_RULES, type AnyRule, createSession, DEFAULT_OPTIONS, type FileFacts, type GitFacts, type ProjectOptions, type RelPath } from '../engine';
import { STATE_FILE, type SprintState } from '../sprint/state';
import { NO_CACHE, openCache, type FactCache } from '../workspace/cache';
import { discover, isAuditedPath, isInside, MAX_TEXT_BYTES, readFound, worthNaming, type Discovery } from '../workspace/discover';
import { gitFacts, readGitFolder } from '../workspace/git-index';
import { IsolatedExtractor, needsThread } from '../workspace/isolated';
import { loadState, updateState } from '../workspace/state';
import { decode } from '../workspace/text-file';
import { ENGINE_VERSION, engineFingerprint } from '../workspace/version';
import type { DiskFile, FolderDisk, ServerHost, StateOnDisk } from './host';

export function diskHost(rules: readonly AnyRule[] = ALL_RULES, isolate: () => IsolatedExtractor = () => new IsolatedExtractor()): ServerHost {
  const ruleIds = rules.map((rule) => rule.meta.id);
  return {
    version: ENGINE_VERSION,
    rules,
    createSession: (options, git) => createSession({ rules, options, git }),
    openFolder: (root, cacheDir) => new Disk(root, cacheDir, ruleIds, isolate),
  };
}

class Disk implements FolderDisk {
  readonly configFile = CONFIG_FILE as RelPath;
  private discovery: Discovery | null = null;
  private cache: FactCache = NO_CACHE;
  /** What the cache knows already: not put again. */
  private readonly cached = new Set<FileFacts>();

  constructor(
    private readonly root: string,
    private readonly cacheDir: string | null,
    private readonly ruleIds: readonly string[],
    private readonly isolate: () => IsolatedExtractor,
  ) {}

  roleOf(path: RelPath): 'config' | 'state' | 'git' | 'ignore' | null {
    if (path === CONFIG_FILE) return 'config';
    if (path === STATE_FILE) return 'state';
    if (path === '.git/index' || path === '.git/info/exclude') return 'git';
    return path === '.gitignore' || path.endsWith('/.gitignore') ? 'ignore' : null;
  }

  isCandidate(path: RelPath): boolean {
    return isAuditedPath(path);
  }

  async *files(signal: AbortSignal, skipped: (file: RelPath, reason: string) => void): AsyncIterable<DiskFile> {
    const root = await realpath(this.root);
    const discovery = await discover(root, { git: readGitFolder(root), signal });
    this.discovery = discovery;
    const fingerprint = engineFingerprint();
    this.cache = this.cacheDir === null || fingerprint === null ? NO_CACHE : openCache({ dir: this.cacheDir, root, fingerprint, salt: DEFAULT_OPTIONS.secretSalt });
    this.cached.clear();
    for (const { file, reason } of discovery.skipped) skipped(file, reason);
    for (const error of discovery.errors) skipped(error.file ?? ('' as RelPath), error.message);
    const isolated = this.isolate();
    try {
      for (const found of discovery.files) {
        if (signal.aborted) return;
        const read = readFound(found);
        if (read.kind === 'text') {
          const known = this.cache.get(found.path, read.hash);
          const apart = known || !needsThread(found.path, read.text) ? null : await isolated.extract(found.path, read.text, DEFAULT_OPTIONS.secretSalt);
          // Out of time today is not out of time for ever: such facts are not kept either.
          const settled = known ?? (apart?.parse === 'skipped' ? apart : null);
          if (settled) this.cached.add(settled);
          const facts = known ?? apart;
          yield { path: found.path, text: read.text, ...(facts ? { facts } : {}) };
        } else if (read.kind === 'error') skipped(found.path, read.message);
        else if (worthNaming(found.path, read.reason)) skipped(found.path, read.reason);
      }
    } finally {
      await isolated.close();
    }
  }

  read(path: RelPath): Promise<DiskFile | null> {
    return Promise.resolve(this.readNow(path));
  }

  private readNow(path: RelPath): DiskFile | null {
    const absolute = this.inside(path);
    if (absolute === null || !isAuditedPath(path)) return null;
    // What git ignores is nobody's business, as in the audit.
    if (this.isIgnored(path)) return null;
    const read = readFound({ path, absolute });
    return read.kind === 'text' ? { path, text: read.text } : null;
  }

  readText(path: RelPath): Promise<string | null> {
    const absolute = this.inside(path);
    if (absolute === null || statSync(absolute).size > MAX_TEXT_BYTES) return Promise.resolve(null);
    return Promise.resolve(decode(readFileSync(absolute))?.text ?? null);
  }

  isIgnored(path: RelPath): boolean {
    return this.discovery !== null && !this.tracked.has(path) && this.discovery.rules.ignores(path, false);
  }

  async ignoredEnvFiles(): Promise<readonly DiskFile[]> {
    const found: DiskFile[] = [];
    for (const path of this.discovery?.ignoredEnvFiles ?? []) {
      const text = await this.readText(path);
      if (text !== null) found.push({ path, text });
    }
    return found;
  }

  outerGitIndex(): string | null {
    if (this.gitTop === null) return null;
    try {
      const dot = join(this.gitTop, '.git');
      let dir = dot;
      if (statSync(dot).isFile()) {
        const target = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(dot, 'utf8'))?.[1];
        if (target === undefined || /^[\\/]{2}/.test(target)) return null;
        dir = resolve(this.gitTop, target);
      }
      return isInside(realpathSync(this.root), dir) ? null : join(dir, 'index');
    } catch {
      return null; // the repository went away: there is nothing to watch
    }
  }

  private gitTop: string | null = null;
  private tracked: ReadonlySet<RelPath> = new Set();

  async git(): Promise<GitFacts> {
    const git = readGitFolder(await realpath(this.root));
    this.tracked = git?.tracked ?? new Set();
    this.gitTop = git?.top ?? null;
    // The ignore rules are those of the last walk.
    return this.discovery ? gitFacts(git, this.discovery.rules) : { tracked: git?.tracked ?? null, isIgnored: () => false };
  }

  config(text: string | null, previous: ProjectOptions): ReturnType<FolderDisk['config']> {
    return parseConfig(text ?? '', { ruleIds: this.ruleIds, previous });
  }

  state(): Promise<StateOnDisk> {
    const { state, error } = loadState(this.root);
    return Promise.resolve({ state, problem: error?.message ?? null });
  }

  updateState(change: (state: SprintState) => SprintState): Promise<void> {
    updateState(this.root, change);
    return Promise.resolve();
  }

  remember(files: Iterable<FileFacts>): Promise<void> {
    if (this.cache === NO_CACHE) return Promise.resolve();
    for (const facts of files) {
      if (this.cached.has(facts)) continue;
      this.cached.add(facts);
      this.cache.put(facts);
    }
    this.cache.save();
    return Promise.resolve();
  }

  /** A plain file below the folder; null when it is gone, no file, or a link leads to it. */
  private inside(path: RelPath): string | null {
    try {
      const root = realpathSync(this.root);
      const absolute = join(root, path);
      return !lstatSync(absolute).isSymbolicLink() && isInside(root, realpathSync(absolute)) && statSync(absolute).isFile() ? absolute : null;
    } catch {
      return null; // gone meanwhile: the same as never there
    }
  }
}
