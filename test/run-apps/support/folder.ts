/** A folder as the engine sees it: texts in, inventory and fixes out. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createSession, type RelPath } from '../../../src/engine/index';
import type { AnyRule } from '../../../src/engine/core/rule';
import type { Session } from '../../../src/engine/session/api';

export function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => relative(root, join(e.parentPath, e.name)).split(sep).join('/'))
    .filter((p) => !/(^|\/)(node_modules|\.next|dist)\//.test(p))
    .sort();
}

export function open(root: string, rules: readonly AnyRule[]): Session {
  const session = createSession({ rules });
  session.apply(filesOf(root).map((path) => ({ path: path as RelPath, text: readFileSync(join(root, path), 'utf8') })));
  return session;
}

const made: string[] = [];

/** It goes with the copies. */
export function adopt(dir: string): string {
  made.push(dir);
  return dir;
}

export function copyOf(root: string): string {
  const dir = adopt(mkdtempSync(join(tmpdir(), 'rescue-run-')));
  cpSync(root, dir, { recursive: true });
  return dir;
}

export function removeCopies(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}
