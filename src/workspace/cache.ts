/**
 * Facts of files by content hash, on disk, in the user's cache folder: never in the repository. Anything wrong with it
 * costs a rebuild and a line in the log, never a wrong answer.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { FileFacts } from '../engine/core/facts';
import type { ContentHash, EngineError, RelPath } from '../engine/core/types';
import { writeAtomic } from './atomic';
import { reasonOf } from './errors';

const MAGIC = 'VCRFACT1';
/** An edit rewrites one of these, not everything. */
const SHARDS = 16;
const KEEP_UNUSED_DAYS = 30;

export interface CacheOptions {
  /** Default: the user's cache folder. */
  readonly dir?: string | undefined;
  /** Real path of the audited folder. */
  readonly root: string;
  /** Changes whenever the extractor would give other facts: engine version and build. */
  readonly fingerprint: string;
  /** Keys the fingerprints of secrets inside the facts. */
  readonly salt: string;
}

export interface FactCache {
  get(path: RelPath, hash: ContentHash): FileFacts | undefined;
  put(facts: FileFacts): void;
  /** Writes what changed; paths that were not asked for since opening are dropped. */
  save(): void;
  /** What went wrong, for the log: never worth more than a rebuild. */
  problems(): readonly EngineError[];
  readonly hits: number;
  readonly folder: string;
}

export const NO_CACHE: FactCache = { get: () => undefined, put: () => undefined, save: () => undefined, problems: () => [], hits: 0, folder: '' };

export function userCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const absolute = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);
  const base = process.platform === 'win32' ? absolute(env['LOCALAPPDATA']) : absolute(env['XDG_CACHE_HOME']);
  return join(base ?? join(homedir(), '.cache'), 'vibe-code-rescue');
}

export function openCache(options: CacheOptions): FactCache {
  const dir = options.dir ?? userCacheDir();
  const engine = join(dir, digest(options.fingerprint).slice(0, 16));
  const folder = join(engine, digest(`${options.root}\0${options.salt}`).slice(0, 24));
  const shards = new Map<number, Shard>();
  const problems: EngineError[] = [];
  let hits = 0;
  const problem = (message: string): void => {
    problems.push({ phase: 'read', file: null, ruleId: null, message });
  };

  const shard = (path: string): Shard => {
    const id = shardOf(path);
    let found = shards.get(id);
    if (!found) {
      found = { facts: new Map(), used: new Set(), dirty: false, file: join(folder, `${id.toString(16)}.bin`) };
      shards.set(id, found);
      try {
        for (const facts of readShard(found.file)) found.facts.set(facts.path, facts);
      } catch (error) {
        found.dirty = true;
        problem(`the cache of earlier audits is damaged and is rebuilt (${reasonOf(error)})`);
      }
    }
    return found;
  };

  return {
    folder,
    get hits() {
      return hits;
    },
    get(path, hash) {
      const at = shard(path);
      at.used.add(path);
      const facts = at.facts.get(path);
      if (facts?.hash !== hash) return undefined;
      hits++;
      return facts;
    },
    put(facts) {
      const at = shard(facts.path);
      at.used.add(facts.path);
      at.facts.set(facts.path, facts);
      at.dirty = true;
    },
    save() {
      try {
        if ([...shards.values()].some((s) => s.dirty) && mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) prune(dir, engine);
        for (const s of shards.values()) {
          const kept = [...s.facts.values()].filter((f) => s.used.has(f.path));
          if (!s.dirty && kept.length === s.facts.size) continue;
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          writeShard(s.file, kept);
          s.dirty = false;
        }
      } catch (error) {
        problem(`the cache of this audit cannot be kept: ${reasonOf(error)}`);
      }
    },
    problems: () => problems,
  };
}

interface Shard {
  readonly facts: Map<RelPath, FileFacts>;
  readonly used: Set<string>;
  readonly file: string;
  dirty: boolean;
}

function readShard(file: string): readonly FileFacts[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const body = bytes.subarray(MAGIC.length + 20);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || !createHash('sha1').update(body).digest().equals(bytes.subarray(MAGIC.length, MAGIC.length + 20))) {
    throw new Error('wrong checksum');
  }
  const all: unknown = deserialize(body);
  // The checksum says that these bytes are ours; the shape was ours when they were written.
  if (!Array.isArray(all)) throw new Error('wrong shape');
  return all as FileFacts[];
}

function writeShard(file: string, facts: readonly FileFacts[]): void {
  const body = serialize(facts);
  writeAtomic(file, Buffer.concat([Buffer.from(MAGIC, 'latin1'), createHash('sha1').update(body).digest(), body]), 0o600);
}

/** Caches of other engine versions that nobody has used for a month. */
function prune(dir: string, current: string): void {
  const limit = Date.now() - KEEP_UNUSED_DAYS * 24 * 3600 * 1000;
  for (const name of readdirSync(dir)) {
    const other = join(dir, name);
    if (other !== current && /^[0-9a-f]{16}$/.test(name) && newest(other) < limit) rmSync(other, { recursive: true, force: true });
  }
}

function newest(folder: string): number {
  return readdirSync(folder).reduce((max, name) => Math.max(max, statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0), statSync(folder).mtimeMs);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function shardOf(path: string): number {
  let h = 0;
  for (let i = 0; i < path.length; i++) h = (h * 31 + path.charCodeAt(i)) | 0;
  return (h >>> 0) % SHARDS;
}
