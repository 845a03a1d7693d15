/** The Next fixtures are run by Next itself: what answers without a credential is what the inventory calls open. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../src/engine/core/model';
import type { Answer, Call } from './support/app';
import { REPO } from './support/bundle';
import { copyOf, open, removeCopies } from './support/folder';
import { RunningNext } from './support/next-app';
import { isSuccess, shown, verdictOf } from './support/verdict';

const ROOT = join(REPO, 'test', 'fixtures', 'apps', 'idioms-next');
const SECRET = 'only for the test run, and long enough';
const BODY = { title: 'Roof', name: 'Ann', email: 'ann@example.com', password: 'correct horse', amount: 5, id: 1 };

const token = (key: string): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1', role: 'admin', exp: 4102444800 })}`;
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
};
const cookieOf = (key: string) => `authjs.session-token=${token(key)}; session=${token(key)}`;
const LIES = { cookie: cookieOf('guessed'), 'x-user-id': '1' };
const CREDENTIAL = { cookie: cookieOf(SECRET), 'x-user-id': '1' };

const nameOf = (e: Endpoint): string => `${e.method} ${e.path}`;

/** Every URL that a route file of `web` stands for, written down by hand; which verbs answer there, Next itself is asked. */
const URLS = ['/api/orders', '/api/orders/:id', '/api/panel', '/api/auth/:nextauth', '/api/files/:path', '/api/help/:slug', '/api/payments', '/api/mirror', '/api/admin/stats', '/api/admin/export.csv', '/api/team', '/reports', '/reports.csv', '/api/weak/decode', '/api/weak/await', '/api/weak/late', '/api/weak/header', '/api/weak/catch'];

for (const folder of ['web', 'portal']) {
  describe(`the Next fixture ${folder}, run`, function () {
    this.timeout(120_000);
    const endpoints = open(ROOT, []).model.endpoints().filter((e) => e.at.file.startsWith(`${folder}/`));
    let app: RunningNext | undefined;
    const actions = new Map<string, string>();

    before(async () => {
      app = await RunningNext.start(join(copyOf(ROOT), folder), { AUTH_SECRET: SECRET, SESSION_SECRET: SECRET });
      if (folder !== 'web') return;
      // A form of a server action carries the id that calls it.
      const { text } = await app.call({ method: 'GET', path: '/' });
      for (const m of text.matchAll(/<form id="(\w+)"[^>]*>(.*?)<\/form>/gs)) actions.set(m[1]!, /name="(\$ACTION_ID_\w+)"/.exec(m[2]!)?.[1] ?? '');
    });
    after(async () => {
      await app?.stop();
      removeCopies();
    });

    const requestOf = (e: Endpoint): Call => {
      if (e.framework === 'next-action') {
        const form = new FormData();
        form.set(actions.get(e.path) ?? '', '');
        for (const [k, v] of Object.entries(BODY)) form.set(k, String(v));
        return { method: 'POST', path: '/', body: form };
      }
      return { method: e.method === 'ALL' ? 'GET' : e.method, path: e.path.replace(/:\w+/g, '1'), body: BODY };
    };
    const send = (e: Endpoint, headers: Record<string, string> = {}): Promise<Answer> => app!.call({ ...requestOf(e), headers });

    for (const e of endpoints) {
      it(`${nameOf(e)} is ${e.auth}`, async () => {
        const attempts = [await send(e), await send(e, LIES)];
        // The page around an action's form always answers: only the work tells.
        const verdict = e.framework === 'next-action' ? (attempts.some((a) => a.work.length > 0) ? 'open' : 'closed') : verdictOf(attempts);
        const expected = e.auth === 'required' ? 'closed' : e.auth === 'unknown' ? 'unknown' : 'open';
        assert.equal(expected, verdict, `the inventory says ${e.auth}, the app answers ${shown(attempts)}\n${verdict === 'broken' ? app!.log : ''}`);
      });
    }

    if (folder === 'web') {
      it('the inventory is what Next routes', async () => {
        const real: string[] = [];
        for (const url of URLS) {
          for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
            const { status } = await app!.call({ method, path: url.replace(/:\w+/g, '1'), headers: CREDENTIAL, body: BODY });
            if (status !== 405 && status !== 404) real.push(`${method} ${url}`);
          }
        }
        assert.deepEqual(endpoints.filter((e) => e.framework === 'next-app').map(nameOf).sort(), real.sort());
      });
    }

    it('everything answers to a valid credential', async () => {
      const wrong: string[] = [];
      for (const e of endpoints) {
        const answer = await send(e, CREDENTIAL);
        if (!isSuccess(answer) || (e.framework === 'next-action' && answer.work.length === 0)) wrong.push(`${nameOf(e)}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
      assert.deepEqual(wrong, []);
    });
  });
}
