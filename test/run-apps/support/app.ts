/** What the running apps have in common: calls over HTTP, and the journal of what their database was asked. */
import { readFileSync, writeFileSync } from 'node:fs';

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
