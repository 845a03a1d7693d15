/** The Express fixture is run: what answers without a credential is what the inventory calls open. */
import assert from 'node:assert/strict';
import { ENV, ROOT, credentials, withCredential, withoutCredential } from './support/express-calls';
import { RunningApp } from './support/express-app';
import { nameOf, needless } from './support/fixing';
import { copyOf, open, removeCopies } from './support/folder';
import { differences, isSuccess } from './support/verdict';

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
  'shared secrets': ['POST /internal/sync', 'POST /internal/nightly', 'POST /internal/cron'],
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

/** What a fake guard is called, and why an open endpoint may be open. */
const FAKES: Readonly<Record<string, string>> = {
  'POST /api/legacy/logs-only': 'logs-but-continues', 'POST /api/legacy/forgets-return': 'missing-return', 'POST /api/legacy/forgets-await': 'missing-await', 'POST /api/legacy/trusts-header': 'trusts-client',
  'POST /api/legacy/trusts-flag': 'trusts-client', 'POST /api/legacy/skippable': 'bypass-flag', 'POST /api/legacy/decodes': 'decoded-not-verified', 'POST /api/legacy/falls-through': 'catch-falls-through',
  'DELETE /api/legacy/too-late/:id': 'after-the-work', 'GET /api/statements': 'registered-after', 'GET /api/projects/feed': 'registered-after',
};
const PUBLIC_BY: Readonly<Record<string, string>> = {
  'USE /files': 'static-asset', 'USE /contracts': 'static-asset', 'GET /health': 'health', 'GET /status': 'health', 'GET /livez': 'health', 'GET /api/gated/ping': 'health', 'POST /api/contact': 'lead-form',
  'POST /api/auth/login': 'sign-in', 'POST /api/auth/register': 'sign-up', 'POST /api/desk/login': 'sign-in', 'POST /api/desk/logout': 'sign-out', 'POST /webhooks/billing': 'signed-webhook',
};
/** Mounted `if (process.env.NODE_ENV !== 'production')`. */
const DEVELOPMENT_ONLY = ['GET /debug/users', 'POST /debug/seed'];

describe('the Express fixture, run', function () {
  this.timeout(60_000);
  const endpoints = open(ROOT, []).model.endpoints();
  let app: RunningApp;
  let development: RunningApp;

  before(async () => {
    app = await RunningApp.start(copyOf(ROOT), 'src/server.js', ENV);
    development = await RunningApp.start(copyOf(ROOT), 'src/server.js', { ...ENV, NODE_ENV: 'development' });
  });
  after(async () => {
    await app?.stop();
    await development?.stop();
    removeCopies();
  });

  it('the inventory is the table Express routes by', async () => {
    // `app.all` and `.route().all` with nothing but guards pass on: Express lists them, they are no endpoints.
    const table = async (of: RunningApp) => [...new Set((await of.routes()).filter((r) => !r.startsWith('ALL ')))].sort();
    const listed = [...new Set(endpoints.map(nameOf))].sort();
    assert.deepEqual(listed, await table(development));
    assert.deepEqual(listed.filter((e) => !DEVELOPMENT_ONLY.includes(e)), await table(app));
    assert.ok(listed.length >= 60, `${listed.length} endpoints`);
  });

  it('shows every idiom', () => {
    const names = new Set(endpoints.map(nameOf));
    for (const [idiom, routes] of Object.entries(IDIOMS)) for (const r of routes) assert.ok(names.has(r), `${idiom}: ${r}`);
  });

  for (const e of endpoints) {
    it(`${nameOf(e)} is ${e.auth}`, async () => {
      const where = DEVELOPMENT_ONLY.includes(nameOf(e)) ? development : app;
      assert.deepEqual(await differences([e], (x) => withoutCredential(where, x)), []);
    });
  }

  it('names what pretends to guard', () => {
    assert.deepEqual(Object.fromEntries(endpoints.filter((e) => e.fakeGuards.length > 0).map((e) => [nameOf(e), e.fakeGuards.map((f) => f.kind).join()])), FAKES);
  });

  it('says why an open endpoint may be open', () => {
    assert.deepEqual(Object.fromEntries(endpoints.filter((e) => e.publicBy !== null).map((e) => [nameOf(e), e.publicBy])), PUBLIC_BY);
  });

  it('raises no alarm about what is open on purpose', () => assert.deepEqual(needless(ROOT), []));

  it('everything answers to a valid credential', async () => {
    const wrong: string[] = [];
    for (const where of [app, development]) {
      const headers = await credentials(where);
      for (const e of endpoints.filter((x) => DEVELOPMENT_ONLY.includes(nameOf(x)) === (where === development))) {
        const answer = await withCredential(where, e, headers);
        if (!isSuccess(answer)) wrong.push(`${nameOf(e)}: ${answer.status} ${answer.text}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('kept to this machine', () => assert.deepEqual([...app.offences, ...development.offences], []));
});
