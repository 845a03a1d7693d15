// Searches everything a run wrote or printed for the values of the secrets in it.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The editor's own copies of what a person typed; they are the person's text, not something we published. */
const editorCopies = /^(ext\/|user\/Backups\/|user\/User\/History\/|tmp\/playwright|tmp\/\.org\.chromium|home\/\.cache\/ms-playwright)/;

export function* filesBelow(root: string, skip: (path: string) => boolean = () => false): Generator<string> {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (skip(path)) continue;
    if (entry.isDirectory()) yield* filesBelow(path, skip);
    else if (entry.isFile()) yield path;
  }
}

/** Names the places below `root` where one of the values stands. */
export function leaksIn(root: string, values: readonly string[]): string[] {
  const found: string[] = [];
  for (const file of filesBelow(root, (path) => editorCopies.test(`${relative(root, path)}/`) || editorCopies.test(relative(root, path)))) {
    if (statSync(file).size > 64 * 1024 * 1024) continue;
    const text = readFileSync(file).toString('latin1');
    if (values.some((value) => text.includes(value))) found.push(relative(root, file));
  }
  return found;
}

/** Which of the values stand in each file of a folder. */
export function valuesIn(folder: string, values: readonly string[]): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const file of filesBelow(folder, (path) => /[\\/](\.git|node_modules)$/.test(path))) {
    const text = readFileSync(file, 'utf8');
    const here = values.filter((value) => text.includes(value));
    if (here.length > 0) found.set(relative(folder, file), new Set(here));
  }
  return found;
}

/** Files of a workspace that hold a value they did not hold before. Env files may, where git ignores them: the fix puts it there. */
export function newLeaksInWorkspace(folder: string, before: ReadonlyMap<string, ReadonlySet<string>>, values: readonly string[]): string[] {
  const leaks: string[] = [];
  for (const [file, held] of valuesIn(folder, values)) {
    if ([...held].every((value) => before.get(file)?.has(value))) continue;
    if (/(^|\/)\.env(\.[\w.]+)?$/.test(file) && ignoredByGit(folder, file)) continue;
    leaks.push(file);
  }
  return leaks;
}

function ignoredByGit(folder: string, file: string): boolean {
  return spawnSync('git', ['-c', 'core.fsmonitor=false', 'check-ignore', '--quiet', file], { cwd: folder }).status === 0;
}
