/** Writes that are whole or not at all, and never outside the workspace. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { relPath } from '../engine/core/paths';
import { isInside } from './discover';
import { reasonOf, RefusedWrite } from './errors';

/** Writes a file of the workspace. Throws `RefusedWrite` when the path leaves it (`..`, links) or is a link or a folder. */
export function writeInWorkspace(root: string, path: string, content: string | Buffer): void {
  writeAtomic(resolveInside(root, path), content);
}

/** The absolute path of a workspace file that may be written; creates its folder. */
export function resolveInside(root: string, path: string): string {
  const clean = isAbsolute(path) || /^[A-Za-z]:/.test(path) || path.includes('\0') ? null : relPath(path);
  if (clean === null || clean === '') throw new RefusedWrite(`${path} is outside the folder: nothing is written there`);
  if (/^\.git(\/|$)/i.test(clean)) throw new RefusedWrite(`${path} belongs to git: nothing is written there`);
  const realRoot = realpathSync(root);
  // Each folder on the way is checked before the next is created, so that no link leads out.
  let dir = realRoot;
  for (const part of clean.split('/').slice(0, -1)) {
    dir = join(dir, part);
    const stat = lstatSync(dir, { throwIfNoEntry: false });
    if (!stat) mkdirSync(dir);
    else if (!isInside(realRoot, realpathSync(dir))) throw new RefusedWrite(`${path} leads out of the folder through a symbolic link: nothing is written there`);
    else if (!statSync(dir).isDirectory()) throw new RefusedWrite(`${path} cannot be written: ${part} is a file`);
  }
  const target = join(dir, basename(clean));
  const stat = lstatSync(target, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) throw new RefusedWrite(`${path} is a symbolic link: nothing is written through it`);
  if (stat && !stat.isFile()) throw new RefusedWrite(`${path} is not a plain file: nothing is written there`);
  return target;
}

/** Temporary file beside the target, flushed, then renamed over it: a crash leaves the old file or the new one. */
export function writeAtomic(target: string, content: string | Buffer, mode?: number): void {
  const path = resolve(target);
  // Named like the target, so that ignore patterns such as `.env*` hold for it too.
  const temp = join(dirname(path), `${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  const old = statSync(path, { throwIfNoEntry: false });
  // rename() asks for no permission on the file itself: a read-only file is one its owner does not want changed.
  if (old && (old.mode & 0o200) === 0) throw new RefusedWrite(`${target} is read-only: it is left as it is`);
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  let fd: number | undefined;
  try {
    fd = openSync(temp, 'wx', mode ?? (old ? old.mode & 0o777 : 0o666));
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
    closeSync(fd);
    fd = undefined;
    renamePatiently(temp, path);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    rmSync(temp, { force: true });
    throw new Error(`${target} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

/** On Windows a virus scanner or indexer may hold the target for a moment. */
function renamePatiently(from: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (process.platform !== 'win32' || attempt >= 10 || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * (attempt + 1));
    }
  }
}
