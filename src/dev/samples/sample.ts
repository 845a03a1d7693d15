/** What the test tables of other scanners say: a text, and whether it gives a secret away. Samples are read, never kept. */
import { execFileSync } from 'node:child_process';
import type { RelPath, Span } from '../../engine/core/types';

export interface Sample {
  /** Rule or detector of the scanner whose test it is. */
  readonly rule: string;
  readonly isSecret: boolean;
  /** Name of the file that the text stands in, as far as the test gives one. */
  readonly path: RelPath;
  readonly text: string;
  /** Where the scanner expects the secret; empty: it says only that there is one. */
  readonly places: readonly Span[];
}

export interface Samples {
  readonly samples: readonly Sample[];
  /** Tables that could not be read. */
  readonly unread: number;
}

/** Files of one commit, by path. */
export interface Repository {
  paths(pattern: RegExp): readonly string[];
  text(path: string): string;
  texts(paths: readonly string[]): ReadonlyMap<string, string>;
}

/** A repository without a work tree, at its newest commit. */
export class GitSnapshot implements Repository {
  readonly commit: string;
  private readonly known: readonly string[];

  constructor(private readonly folder: string) {
    this.commit = this.git(['rev-parse', 'HEAD']).trim();
    this.known = this.git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).split('\0');
  }

  paths(pattern: RegExp): readonly string[] {
    return this.known.filter((path) => pattern.test(path));
  }

  text(path: string): string {
    return this.git(['show', `HEAD:${path}`]);
  }

  /** Many files at once: one process instead of one a file. */
  texts(paths: readonly string[]): ReadonlyMap<string, string> {
    const out = new Map<string, string>();
    const answer = execFileSync('git', ['--git-dir', this.folder, 'cat-file', '--batch'], { input: paths.map((p) => `HEAD:${p}\n`).join(''), maxBuffer: 1 << 30 });
    let at = 0;
    for (const path of paths) {
      const end = answer.indexOf(10, at);
      const size = Number(answer.subarray(at, end).toString('latin1').split(' ')[2]);
      out.set(path, answer.subarray(end + 1, end + 1 + size).toString('utf8'));
      at = end + size + 2;
    }
    return out;
  }

  private git(args: readonly string[]): string {
    return execFileSync('git', ['--git-dir', this.folder, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
  }
}
