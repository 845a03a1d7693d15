/** `--since REF`: the only place where git is run, and only because a person at the command line asked for it. */
import { execFile } from 'node:child_process';
import { relPath } from '../engine/core/paths';
import type { RelPath } from '../engine/core/types';

/** Nothing the repository configures may run: no hooks, no file-system monitor, no diff or text-conversion programs, no pager. */
const SAFE = ['--no-optional-locks', '--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

export class SinceError extends Error {
  override readonly name = 'SinceError';
}

/** Files below `root` that differ from `ref`: committed, staged, unstaged or untracked. Throws `SinceError`. */
export async function changedSince(root: string, ref: string): Promise<ReadonlySet<RelPath>> {
  if (ref.startsWith('-') || ref.includes('\0') || ref.trim() === '') throw new SinceError(`--since ${ref}: not a commit, branch or tag`);
  const commit = (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], `--since ${ref}: git knows no such commit, branch or tag here`)).trim();
  const changed = await git(root, ['diff', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', '--ignore-submodules', '--relative', '-z', commit, '--'], `--since ${ref}: git cannot compare`);
  const untracked = await git(root, ['ls-files', '--others', '--exclude-standard', '-z'], `--since ${ref}: git cannot list untracked files`);
  const out = new Set<RelPath>();
  for (const name of (changed + untracked).split('\0')) {
    const path = name === '' ? null : relPath(name);
    if (path !== null) out.add(path);
  }
  return out;
}

function git(cwd: string, args: readonly string[], failed: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'git', [...SAFE, ...args],
      { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, timeout: 120_000, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (error.code === 'ENOENT') reject(new SinceError('--since needs git, which is not installed'));
        else reject(new SinceError(`${failed}${firstLine(stderr)}`));
      },
    );
  });
}

function firstLine(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '')?.trim();
  return line === undefined ? '' : ` (${line})`;
}
