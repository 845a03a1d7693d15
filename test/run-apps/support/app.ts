/** What the running apps have in common: calls over HTTP, and the journal of what their database was asked. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { OFFLINE } from './bundle';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is text or a form. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the database was asked meanwhile: `payout.create`. */
  readonly work: readonly string[];
}

export class Journal {
  constructor(readonly file: string) {
    writeFileSync(file, '');
  }

  take(): string[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
    writeFileSync(this.file, '');
    return lines;
  }

  get offencesFile(): string {
    return `${this.file}-offences`;
  }

  offences(): string[] {
    return existsSync(this.offencesFile) ? readFileSync(this.offencesFile, 'utf8').split('\n').filter(Boolean) : [];
  }
}

/** What an app's process gets of ours: nothing that would change how it runs. */
export function environment(journal: Journal): NodeJS.ProcessEnv {
  const { HOME, PATH, TMPDIR } = process.env;
  return { HOME, PATH, ...(TMPDIR ? { TMPDIR } : {}), NODE_OPTIONS: `--require ${JSON.stringify(OFFLINE)}`, RUN_APPS_JOURNAL: journal.file, RUN_APPS_OFFENCES: journal.offencesFile };
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await gone;
}

export async function call(base: string, journal: Journal, { method, path, headers, body }: Call): Promise<Answer> {
  const sends = !/^(GET|HEAD)$/.test(method);
  const raw = typeof body === 'string' || body instanceof FormData;
  const response = await fetch(base + path, {
    method, redirect: 'manual', headers: { ...(sends && !raw ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(sends ? { body: raw ? body : JSON.stringify(body ?? {}) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, work: journal.take() };
}
