/** How the Express fixture is called: with nothing, with lies, with a credential. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../../src/engine/core/model';
import type { Answer } from './app';
import { REPO } from './bundle';
import type { RunningApp } from './express-app';

export const ROOT = join(REPO, 'test', 'fixtures', 'apps', 'idioms-express');
/** All that `.env.example` names. */
export const ENV = { JWT_SECRET: 'only for the test run', INTERNAL_KEY: 'the key two servers share', CRON_KEY: 'the key of the scheduler' };
const BODY = { title: 'Roof', name: 'Ann', email: 'ann@example.com', password: 'correct horse', amount: 5 };

/** What someone without any credential can still send. */
const forgedToken = (): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ id: 1, role: 'admin', exp: 4102444800 })}`;
  return `${head}.${createHmac('sha256', 'guessed').update(head).digest('base64url')}`;
};
const LIES: Readonly<Record<string, string>> = { authorization: `Bearer ${forgedToken()}`, 'x-user-id': '1', 'x-role': 'admin', 'x-internal-key': 'guessed', 'x-cron-key': 'guessed', 'x-session': 'guessed', 'x-signature': 'guessed' };

export function requestOf(e: Endpoint): { method: string; path: string } {
  const path = e.path.replace(/\/:\w+\?/g, '/1').replace(/:\w+/g, '1').replace('*', 'x');
  if (e.method === 'USE') return { method: 'GET', path: `${path}/${e.path === '/files' ? 'index.html' : 'contract.txt'}` };
  return { method: e.method === 'ALL' ? 'GET' : e.method, path };
}

export async function withoutCredential(app: RunningApp, e: Endpoint): Promise<Answer[]> {
  const { method, path } = requestOf(e);
  return [await app.call({ method, path, body: BODY }), await app.call({ method, path: `${path}?admin=true&force=true`, headers: LIES, body: BODY })];
}

export function withCredential(app: RunningApp, e: Endpoint, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { method, path } = requestOf(e);
  return app.call({ method, path: `${path}?admin=true`, headers, body: BODY });
}

export async function credentials(app: RunningApp): Promise<Record<string, string>> {
  const signIn = async (path: string) => JSON.parse((await app.call({ method: 'POST', path, body: BODY })).text) as { token?: string; session?: string };
  const { token } = await signIn('/api/auth/login');
  const { session } = await signIn('/api/desk/login');
  assert.ok(token && session, 'the test can sign in');
  return { authorization: `Bearer ${token}`, 'x-session': session, 'x-internal-key': ENV.INTERNAL_KEY, 'x-cron-key': ENV.CRON_KEY, 'x-signature': createHmac('sha256', ENV.INTERNAL_KEY).update(JSON.stringify(BODY)).digest('hex'), 'x-user-id': '1' };
}
