/** The Express fixture is run: what answers without a credential is what the inventory calls open. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../src/engine/core/model';
import { REPO } from './support/bundle';
import type { Answer } from './support/app';
import { RunningApp } from './support/express-app';
import { copyOf, open, removeCopies } from './support/folder';
import { isSuccess, shown, verdictOf } from './support/verdict';

const ROOT = join(REPO, 'test', 'fixtures', 'apps', 'idioms-express');
const ENV = { JWT_SECRET: 'only for the test run', INTERNAL_KEY: 'the key two servers share' };
const BODY = { title: 'Roof', name: 'Ann', email: 'ann@example.com', password: 'correct horse', amount: 5 };

/** What someone without any credential can still send. */
const forgedToken = (): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ id: 1, role: 'admin', exp: 4102444800 })}`;
  return `${head}.${createHmac('sha256', 'guessed').update(head).digest('base64url')}`;
};
const LIES: Readonly<Record<string, string>> = { authorization: `Bearer ${forgedToken()}`, 'x-user-id': '1', 'x-role': 'admin', 'x-internal-key': 'guessed', 'x-session': 'guessed', 'x-signature': 'guessed' };

/** Which endpoints show which idiom. */
const IDIOMS: Readonly<Record<string, readonly string[]>> = {
  'router mounted under a prefix': ['POST /api/auth/login'],
  'router in a router, parameters merged': ['GET /api/projects/:projectId/tasks'],
  'a guard in the middle of a router: before it open, after it not': ['GET /api/projects/feed', 'GET /api/projects', 'POST /api/projects'],
  'a guard at the mount': ['GET /api/crm/leads', 'GET /api/admin/users'],
  'two guards at the mount, the role one from a factory': ['DELETE /api/admin/users/:id'],
  '.route() chains': ['GET /api/clients', 'POST /api/clients', 'PUT /api/clients/:id', 'DELETE /api/clients/:id'],
  '.route().all() as a guard': ['GET /api/exports', 'DELETE /api/exports'],
  'app.all() as a guard': ['GET /api/vault/keys'],
  'arrays of middleware': ['GET /api/invoices', 'POST /api/invoices', 'PUT /api/invoices/:id'],
  'a factory that returns a router': ['GET /api/crm/leads', 'GET /api/crm/payouts', 'DELETE /api/crm/payouts/:id'],
  'class-based controller: arrow property': ['GET /api/tickets', 'GET /api/tickets/open'],
  'class-based controller: bound method, inherited and bound in the constructor': ['POST /api/tickets', 'GET /api/tickets/:id'],
  'class-based controller: called from an arrow, static': ['POST /api/tickets/guest', 'DELETE /api/tickets'],
  'a class that registers its own routes': ['GET /api/assets', 'POST /api/assets', 'DELETE /api/assets/:id'],
  'routes registered in loops over tables': ['GET /api/tables/summary', 'GET /api/tables/totals', 'POST /api/tables/close', 'PUT /api/tables/rename/:id', 'PATCH /api/tables/rename/:id'],
  'route maps': ['GET /api/map/clients', 'POST /api/map/clients', 'GET /api/map/mine', 'GET /api/simple/open', 'GET /api/simple/mine'],
  'routers from a table': ['GET /api/stock', 'POST /api/contact', 'GET /api/people', 'GET /api/people/:id?/card'],
  'several paths at once': ['GET /status', 'GET /livez'],
  'conditional mounts': ['GET /debug/users', 'POST /debug/seed', 'GET /api/admin/users'],
  'router.param': ['GET /api/notes', 'GET /api/notes/:noteId', 'PUT /api/notes/:noteId'],
  'static mounts': ['USE /files', 'USE /contracts'],
  'an ES module among CommonJS': ['GET /api/reports/monthly', 'GET /api/reports/mine', 'GET /api/reports/raw'],
  'TypeScript among JavaScript': ['GET /api/invoices', 'GET /api/tickets'],
  'a wrapper around the handler': ['GET /api/reports/mine', 'GET /api/map/mine'],
  'a list of open paths in front of the guard': ['GET /api/gated/ping', 'GET /api/gated/plans', 'GET /api/gated/billing'],
  'own guard helpers in other files': ['GET /api/projects'],
  'a handler that verifies the token itself': ['GET /api/auth/me'],
  'shared secrets': ['POST /internal/sync', 'POST /internal/nightly'],
  'a shared secret that is undefined': ['POST /internal/cron'],
  'a signed webhook': ['POST /webhooks/billing'],
  'sessions in memory': ['POST /api/desk/login', 'GET /api/desk/inbox', 'POST /api/desk/logout'],
  'nobody is turned away': ['GET /api/projects/feed'],
  'fake: logs but continues': ['POST /api/legacy/logs-only'],
  'fake: missing return': ['POST /api/legacy/forgets-return'],
  'fake: missing await': ['POST /api/legacy/forgets-await'],
  'fake: trusts a header': ['POST /api/legacy/trusts-header'],
  'fake: trusts a query flag': ['POST /api/legacy/trusts-flag'],
  'fake: a flag skips it': ['POST /api/legacy/skippable'],
  'fake: jwt.decode': ['POST /api/legacy/decodes'],
  'fake: verify in a try whose catch falls through': ['POST /api/legacy/falls-through'],
  'fake: runs after the work': ['DELETE /api/legacy/too-late/:id'],
  'fake: registered after the route': ['GET /api/statements'],
  'lead form, sign-up, health': ['POST /api/contact', 'POST /api/auth/register', 'GET /health'],
};

const nameOf = (e: Endpoint): string => `${e.method} ${e.path}`;

function requestOf(e: Endpoint): { method: string; path: string } {
  const path = e.path.replace(/\/:\w+\?/g, '/1').replace(/:\w+/g, '1').replace('*', 'x');
  if (e.method === 'USE') return { method: 'GET', path: `${path}/${e.path === '/files' ? 'index.html' : 'contract.txt'}` };
  return { method: e.method === 'ALL' ? 'GET' : e.method, path };
}

async function withoutCredential(app: RunningApp, e: Endpoint): Promise<Answer[]> {
  const { method, path } = requestOf(e);
  return [await app.call({ method, path, body: BODY }), await app.call({ method, path: `${path}?admin=true&force=true`, headers: LIES, body: BODY })];
}

async function credentials(app: RunningApp): Promise<Record<string, string>> {
  const signIn = async (path: string) => JSON.parse((await app.call({ method: 'POST', path, body: BODY })).text) as { token?: string; session?: string };
  const { token } = await signIn('/api/auth/login');
  const { session } = await signIn('/api/desk/login');
  assert.ok(token && session, 'the test can sign in');
  return { authorization: `Bearer ${token}`, 'x-session': session, 'x-internal-key': ENV.INTERNAL_KEY, 'x-signature': createHmac('sha256', ENV.INTERNAL_KEY).update(JSON.stringify(BODY)).digest('hex'), 'x-user-id': '1' };
}

describe('the Express fixture, run', function () {
  this.timeout(60_000);
  const endpoints = open(ROOT, []).model.endpoints();
  /** `app.all` and `.route().all` with nothing but guards pass on: they are guards, no endpoints. */
  const callable = endpoints.filter((e) => e.method !== 'ALL');
  let app: RunningApp;

  before(async () => {
    app = await RunningApp.start(copyOf(ROOT), 'src/server.js', ENV);
  });
  after(async () => {
    await app.stop();
    removeCopies();
  });

  it('the inventory is the table Express routes by', async () => {
    const real = [...new Set((await app.routes()).filter((r) => !r.startsWith('ALL ')))].sort();
    assert.deepEqual([...new Set(callable.map(nameOf))].sort(), real);
    assert.ok(real.length >= 25, `${real.length} endpoints`);
  });

  it('shows every idiom', () => {
    const names = new Set(endpoints.map(nameOf));
    for (const [idiom, routes] of Object.entries(IDIOMS)) for (const r of routes) assert.ok(names.has(r), `${idiom}: ${r}`);
  });

  for (const e of callable) {
    it(`${nameOf(e)} is ${e.auth}`, async () => {
      const attempts = await withoutCredential(app, e);
      const expected = e.auth === 'required' ? 'closed' : e.auth === 'unknown' ? 'unknown' : 'open';
      assert.equal(expected, verdictOf(attempts), `the inventory says ${e.auth}, the app answers ${shown(attempts)}`);
    });
  }

  it('everything answers to a valid credential', async () => {
    const headers = await credentials(app);
    const wrong: string[] = [];
    for (const e of callable) {
      const { method, path } = requestOf(e);
      const answer = await app.call({ method, path: `${path}?admin=true`, headers, body: BODY });
      if (!isSuccess(answer)) wrong.push(`${nameOf(e)}: ${answer.status} ${answer.text}`);
    }
    assert.deepEqual(wrong, []);
  });
});
