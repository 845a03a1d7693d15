/**
 * Facts of files by content hash, on disk, in the user's cache folder: never in the repository. Anything wrong with it
 * costs a rebuild and a line in the log, never a wrong answer.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileFacts } from '../engine/core/facts';
import type { ContentHash, EngineError, RelPath } from '../engine/core/types';
import { writeAtomic } from './atomic';
import { userCacheDir } from './cache-dir';
import { reasonOf } from './errors';

const MAGIC = 'VCRFACT2';
/** An edit rewrites one of these, not everything. */
const SHARDS = 16;
const KEEP_UNUSED_DAYS = 30;
const KEEP_OTHERS = 2;

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
      found = { records: new Map(), used: new Set(), dirty: false, file: join(folder, `${id.toString(16)}.bin`) };
      shards.set(id, found);
      try {
        for (const record of readShard(found.file)) found.records.set(record.path, record);
      } catch (error) {
        found.records.clear();
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
      const record = at.records.get(path);
      if (record?.hash !== hash) return undefined;
      hits++;
      // The checksum says that these bytes are ours; the shape was ours when they were written.
      return JSON.parse(record.json.toString('utf8')) as FileFacts;
    },
    put(facts) {
      // Reading an outline again costs no more than reading it from here.
      if (facts.script?.outlined) return;
      const at = shard(facts.path);
      at.used.add(facts.path);
      const json = JSON.stringify(facts);
      // JSON knows no Infinity: such a file is extracted anew each time.
      if (json.includes('"k":"num","v":null') || json.includes('"v":null,"k":"num"')) {
        if (at.records.delete(facts.path)) at.dirty = true;
        return;
      }
      at.records.set(facts.path, { path: facts.path, hash: facts.hash, json: Buffer.from(json, 'utf8') });
      at.dirty = true;
    },
    save() {
      try {
        if ([...shards.values()].some((s) => s.dirty) && mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) prune(dir, engine);
        for (const s of shards.values()) {
          const kept = [...s.records.values()].filter((r) => s.used.has(r.path));
          if (!s.dirty && kept.length === s.records.size) continue;
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

/** A file's facts as JSON: parsed only when asked for, written back as it came. (v8.serialize took twice as long to read.) */
interface Entry {
  readonly path: RelPath;
  readonly hash: ContentHash;
  readonly json: Buffer;
}

interface Shard {
  readonly records: Map<RelPath, Entry>;
  readonly used: Set<string>;
  readonly file: string;
  dirty: boolean;
}

function readShard(file: string): Entry[] {
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
  const out: Entry[] = [];
  let at = 0;
  const next = (): Buffer => {
    const length = body.readUInt32LE(at);
    at += 4 + length;
    return body.subarray(at - length, at);
  };
  while (at < body.length) out.push({ path: next().toString('utf8') as RelPath, hash: next().toString('utf8') as ContentHash, json: next() });
  return out;
}

function writeShard(file: string, records: readonly Entry[]): void {
  const body = Buffer.concat(
    records.flatMap((record) =>
      [Buffer.from(record.path, 'utf8'), Buffer.from(record.hash, 'utf8'), record.json].flatMap((part) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(part.length);
        return [length, part];
      }),
    ),
  );
  writeAtomic(file, Buffer.concat([Buffer.from(MAGIC, 'latin1'), createHash('sha1').update(body).digest(), body]), 0o600);
}

/** Caches of other engine versions: the two used last stay (an editor may run one of them), unless nobody has for a month. */
function prune(dir: string, current: string): void {
  const limit = Date.now() - KEEP_UNUSED_DAYS * 24 * 3600 * 1000;
  const others = readdirSync(dir)
    .map((name) => join(dir, name))
    .filter((path) => path !== current && /^[0-9a-f]{16}$/.test(basename(path)))
    .map((path) => ({ path, used: newest(path) }))
    .sort((a, b) => b.used - a.used);
  for (const [i, other] of others.entries()) if (i >= KEEP_OTHERS || other.used < limit) rmSync(other.path, { recursive: true, force: true });
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
