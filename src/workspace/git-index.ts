/** What git knows of a folder, read from its files. Git itself is never run: in a folder nobody has trusted its hooks and filters are code. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { relPath } from '../engine/core/paths';
import type { GitFacts } from '../engine/core/model';
import type { EngineError, RelPath } from '../engine/core/types';
import { reasonOf } from './errors';
import type { IgnoreRules } from './ignore-rules';

export interface GitFolder {
  /** Top of the working tree. */
  readonly top: string;
  /** Path of the audited folder inside it, `/`-separated; `''` at the top. */
  readonly prefix: string;
  /** Paths below the audited folder that git tracks; null when the index cannot be read. */
  readonly tracked: ReadonlySet<RelPath> | null;
  /** `.git/info/exclude`. */
  readonly exclude: string;
  /** `.gitignore` files between the top and the audited folder, repository-relative, from the top down. */
  readonly ignoreFilesAbove: readonly { readonly folder: string; readonly text: string }[];
  readonly ignoreCase: boolean;
  readonly errors: readonly EngineError[];
}

/** null: the folder is in no repository. `root` must be a real path. */
export function readGitFolder(root: string): GitFolder | null {
  const errors: EngineError[] = [];
  const error = (message: string): void => {
    errors.push({ phase: 'read', file: null, ruleId: null, message });
  };
  const top = topOf(root);
  if (top === null) return null;
  const prefix = relative(top, root).replaceAll('\\', '/');
  const base: Omit<GitFolder, 'tracked' | 'exclude' | 'ignoreCase'> = { top, prefix, ignoreFilesAbove: ignoreFilesAbove(top, prefix, error), errors };
  const git = gitDirOf(top);
  if (typeof git === 'string') {
    error(git);
    return { ...base, tracked: null, exclude: '', ignoreCase: false };
  }
  const config = readText(join(git.common, 'config')) ?? '';
  const exclude = readText(join(git.common, 'info', 'exclude')) ?? '';
  const ignoreCase = /^\s*ignorecase\s*=\s*true\b/im.test(config);
  const all = readIndex(git.dir, config, error);
  if (all === null) return { ...base, tracked: null, exclude, ignoreCase };

  const tracked = new Set<RelPath>();
  const below = prefix === '' ? '' : `${prefix}/`;
  const add = (path: string): void => {
    if (path.startsWith(below)) tracked.add(path.slice(below.length) as RelPath);
  };
  const collect = (entries: readonly IndexEntry[], at: string, depth: number): void => {
    for (const entry of entries) {
      add(at + entry.path);
      // A submodule's files stand in its own index.
      if (entry.isModule && depth < 4) {
        const module = gitDirOf(join(top, at + entry.path));
        if (typeof module === 'string') continue;
        const inner = readIndex(module.dir, readText(join(module.common, 'config')) ?? '', error);
        if (inner) collect(inner, `${at}${entry.path}/`, depth + 1);
      }
    }
  };
  collect(all, '', 0);
  return { ...base, tracked, exclude, ignoreCase };
}

export function gitFacts(git: GitFolder | null, rules: IgnoreRules): GitFacts {
  return { tracked: git?.tracked ?? null, isIgnored: (path) => rules.ignores(path, false) };
}

function topOf(root: string): string | null {
  for (let at = root; ; ) {
    if (existsSync(join(at, '.git'))) return at;
    const up = dirname(at);
    if (up === at) return null;
    at = up;
  }
}

function ignoreFilesAbove(top: string, prefix: string, error: (message: string) => void): { folder: string; text: string }[] {
  const out: { folder: string; text: string }[] = [];
  if (prefix === '') return out;
  const parts = prefix.split('/');
  for (let i = 0; i < parts.length; i++) {
    const folder = parts.slice(0, i).join('/');
    try {
      out.push({ folder, text: readFileSync(join(top, folder, '.gitignore'), 'utf8') });
    } catch (problem) {
      const code = (problem as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'EISDIR') error(`${folder === '' ? '' : `${folder}/`}.gitignore above the folder cannot be read: ${reasonOf(problem)}`);
    }
  }
  return out;
}

/** The folder with the index, and the one with config and info (they differ in a worktree). A string is the reason why there is none. */
function gitDirOf(top: string): { readonly dir: string; readonly common: string } | string {
  const dot = join(top, '.git');
  try {
    let dir = dot;
    if (statSync(dot).isFile()) {
      const target = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(dot, 'utf8'))?.[1];
      if (target === undefined) return '.git is a file without a gitdir line';
      // A network path would make Windows sign in at a server that the repository names.
      if (/^[\\/]{2}/.test(target)) return '.git leads to a network path, which is not followed';
      dir = isAbsolute(target) ? target : resolve(top, target);
    }
    const common = readText(join(dir, 'commondir'))?.trim();
    if (common !== undefined && /^[\\/]{2}/.test(common)) return '.git leads to a network path, which is not followed';
    return { dir, common: common === undefined || common === '' ? dir : resolve(dir, common) };
  } catch (error) {
    return `.git cannot be read: ${reasonOf(error)}`;
  }
}

interface IndexEntry {
  readonly path: string;
  readonly isModule: boolean;
}

function readIndex(gitDir: string, config: string, error: (message: string) => void): IndexEntry[] | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(gitDir, 'index'));
  } catch (problem) {
    // A repository without a first `git add` has no index: nothing is tracked.
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return [];
    error(`git's index cannot be read: ${reasonOf(problem)}`);
    return null;
  }
  try {
    return parseIndex(bytes, /^\s*objectformat\s*=\s*sha256\b/im.test(config) ? 32 : 20);
  } catch (problem) {
    error(`git's index cannot be read: ${problem instanceof Error ? problem.message : String(problem)}; which files git tracks is unknown`);
    return null;
  }
}

const SPLIT = 'it is split in two files, which is not supported';

/** `.git/index`, versions 2 to 4; throws on anything that is none. The checksum at the end is not looked at. */
export function parseIndex(bytes: Buffer, hashLength: 20 | 32 = 20): IndexEntry[] {
  if (bytes.length < 12 + hashLength || bytes.toString('latin1', 0, 4) !== 'DIRC') throw new Error('it is damaged (no DIRC header)');
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw new Error(`its version ${version} is unknown`);
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - hashLength;
  const fixed = 40 + hashLength + 2;
  if (count > (end - 12) / (fixed + 1)) throw new Error('it is damaged (too many entries)');
  const out: IndexEntry[] = [];
  let previous: Buffer = Buffer.alloc(0);
  let at = 12;
  for (let i = 0; i < count; i++) {
    const start = at;
    if (at + fixed > end) throw new Error('it is damaged (cut off)');
    const mode = bytes.readUInt32BE(at + 24);
    const flags = bytes.readUInt16BE(at + 40 + hashLength);
    at += fixed + (version >= 3 && flags & 0x4000 ? 2 : 0);
    let path: Buffer;
    if (version === 4) {
      let strip = 0;
      let byte = bytes[at++] ?? 0;
      strip = byte & 0x7f;
      // Offset encoding of pack files: each further byte adds one.
      for (let n = 0; byte & 0x80; n++) {
        if (n > 4 || at >= end) throw new Error('it is damaged (path prefix)');
        byte = bytes[at++] ?? 0;
        strip = (strip + 1) * 128 + (byte & 0x7f);
      }
      const nul = bytes.indexOf(0, at);
      if (nul < 0 || nul >= end || strip > previous.length) throw new Error('it is damaged (path)');
      path = Buffer.concat([previous.subarray(0, previous.length - strip), bytes.subarray(at, nul)]);
      previous = path;
      at = nul + 1;
    } else {
      const nul = bytes.indexOf(0, at);
      if (nul < 0 || nul >= end) throw new Error('it is damaged (path)');
      path = bytes.subarray(at, nul);
      at = start + ((nul - start + 8) & ~7);
    }
    const type = mode >>> 12;
    const clean = relPath(path.toString('utf8'));
    // 8 file, 10 link, 14 submodule, 4 folder of a sparse index.
    // Entries that replace those of a shared index have no name.
    if (path.length === 0) throw new Error(SPLIT);
    if (clean === null || clean === '' || ![8, 10, 14, 4].includes(type)) throw new Error('it is damaged (entry)');
    out.push({ path: clean, isModule: type === 14 });
  }
  while (at + 8 <= end) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'link') throw new Error(SPLIT);
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return out;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Optional files of git: absence is normal, and an unreadable one only makes us know less.
    return null;
  }
}
