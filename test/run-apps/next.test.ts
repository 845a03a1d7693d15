/** The Next fixtures are run by Next itself: what answers without a credential is what the inventory calls open. */
import assert from 'node:assert/strict';
import { nameOf, needless } from './support/fixing';
import { copyOf, open, removeCopies } from './support/folder';
import { BODY, CREDENTIAL, FOLDERS, type Folder, NextCalls, ROOT, isOf } from './support/next-calls';
import { differences, isAnswered } from './support/verdict';

/** Which endpoints show which idiom. */
const IDIOMS: Readonly<Record<Folder, Readonly<Record<string, readonly string[]>>>> = {
  web: {
    'a route group is no part of the address': ['GET /api/orders', 'POST /api/orders'],
    'a dynamic segment': ['GET /api/orders/:id'],
    'a parallel route is no part of the address': ['GET /api/panel'],
    'a catch-all': ['GET /api/files/:path', 'DELETE /api/files/:path'],
    'an optional catch-all': ['GET /api/help/:slug'],
    'a path with a dot': ['GET /reports.csv', 'GET /api/admin/export.csv'],
    'a handler in a constant, wrapped': ['GET /api/orders/:id'],
    'a wrapper in a wrapper': ['DELETE /api/orders/:id'],
    'a wrapper that only measures': ['PATCH /api/orders/:id', 'GET /api/help/:slug'],
    'export { x as PUT }': ['PUT /api/orders/:id'],
    'export { x as GET } from': ['GET /api/payments', 'POST /api/payments'],
    'export * from another route': ['GET /api/mirror', 'POST /api/mirror'],
    'handlers destructured from the library': ['GET /api/auth/:nextauth', 'POST /api/auth/:nextauth'],
    'auth(handler) of Auth.js 5': ['GET /api/files/:path'],
    'auth() and a denial in the handler': ['GET /api/orders'],
    'a helper that throws, caught and answered': ['DELETE /api/team'],
    'nobody is turned away': ['GET /api/team'],
    'the proxy guards': ['GET /api/admin/stats', 'GET /reports'],
    'the matcher leaves it out': ['GET /reports.csv'],
    'server actions of a file': ['ACTION createOrder', 'ACTION cancelOrder', 'ACTION archiveOrder', 'ACTION purgeOrders'],
    'server actions in a component': ['ACTION renameShop', 'ACTION closeShop'],
    'fake: missing await': ['POST /api/weak/await'],
    'fake: decoded': ['POST /api/weak/decode'],
    'fake: trusts a header': ['POST /api/weak/header'],
    'fake: a caught refusal': ['POST /api/weak/catch'],
    'fake: after the work': ['DELETE /api/weak/late'],
  },
  portal: {
    'pages: one handler for every verb': ['ALL /api/public/plans'],
    'pages: verbs by if': ['PUT /api/invoices/:id', 'DELETE /api/invoices/:id'],
    'pages: verbs by switch': ['GET /api/invoices', 'POST /api/invoices'],
    'pages: other verbs refused first': ['POST /api/login'],
    'pages: a wrapper': ['ALL /api/mine'],
    'pages: CommonJS, a catch-all': ['ALL /api/old/:path'],
    'middleware with a list of open paths': ['ALL /api/public/plans', 'GET /api/invoices'],
    'the matcher leaves out each path with a dot': ['ALL /api/export.csv'],
  },
};

/** What a fake guard is called, and why an open endpoint may be open. */
const FAKES: Readonly<Record<Folder, Readonly<Record<string, string>>>> = {
  web: { 'POST /api/weak/await': 'missing-await', 'POST /api/weak/catch': 'catch-falls-through', 'POST /api/weak/decode': 'decoded-not-verified', 'POST /api/weak/header': 'trusts-client', 'DELETE /api/weak/late': 'after-the-work' },
  portal: {},
};
const PUBLIC_BY: Readonly<Record<Folder, Readonly<Record<string, string>>>> = {
  web: { 'GET /api/auth/:nextauth': 'sign-in', 'POST /api/auth/:nextauth': 'sign-in', 'GET /api/help/:slug': 'public-content' },
  portal: { 'POST /api/login': 'sign-in', 'ALL /api/public/plans': 'public-content' },
};

/** Every address that a route file stands for, written down by hand; which verbs answer there, Next itself is asked. */
const URLS: Readonly<Record<Folder, readonly string[]>> = {
  web: ['/api/orders', '/api/orders/:id', '/api/panel', '/api/auth/:nextauth', '/api/files/:path', '/api/help/:slug', '/api/payments', '/api/mirror', '/api/admin/stats', '/api/admin/export.csv', '/api/team', '/reports', '/reports.csv', '/api/weak/decode', '/api/weak/await', '/api/weak/late', '/api/weak/header', '/api/weak/catch'],
  portal: ['/api/export.csv', '/api/invoices', '/api/invoices/:id', '/api/login', '/api/mine', '/api/old/:path', '/api/public/plans'],
};
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('the Next fixtures', () => {
  it('raise no alarm about what is open on purpose', () => assert.deepEqual(needless(ROOT), []));
});

for (const folder of FOLDERS) {
  describe(`the Next fixture ${folder}, run`, function () {
    this.timeout(120_000);
    const endpoints = open(ROOT, []).model.endpoints().filter((e) => isOf(e, folder));
    let calls: NextCalls | undefined;

    before(async () => {
      calls = await NextCalls.start(copyOf(ROOT), folder);
    });
    after(async () => {
      await calls?.app.stop();
      removeCopies();
    });

    for (const e of endpoints) {
      it(`${nameOf(e)} is ${e.auth}`, async () => {
        const found = await differences([e], (x) => calls!.withoutCredential(x));
        assert.deepEqual(found, [], found.length > 0 ? `${found.join('\n')}\n${calls!.app.log}` : '');
      });
    }

    it('shows every idiom', () => {
      const names = new Set(endpoints.map(nameOf));
      for (const [idiom, routes] of Object.entries(IDIOMS[folder])) for (const r of routes) assert.ok(names.has(r), `${idiom}: ${r}`);
    });

    it('names what pretends to guard', () => {
      assert.deepEqual(Object.fromEntries(endpoints.filter((e) => e.fakeGuards.length > 0).map((e) => [nameOf(e), e.fakeGuards.map((f) => f.kind).join()])), FAKES[folder]);
    });

    it('says why an open endpoint may be open', () => {
      assert.deepEqual(Object.fromEntries(endpoints.filter((e) => e.publicBy !== null).map((e) => [nameOf(e), e.publicBy])), PUBLIC_BY[folder]);
    });

    it('the inventory is what Next routes', async () => {
      const real: string[] = [];
      for (const url of URLS[folder]) {
        for (const method of VERBS) {
          const { status } = await calls!.app.call({ method, path: url.replace(/:\w+/g, '1'), headers: CREDENTIAL, body: BODY });
          if (status !== 405 && status !== 404) real.push(`${method} ${url}`);
        }
      }
      const listed = endpoints.filter((e) => e.framework !== 'next-action').flatMap((e) => (e.method === 'ALL' ? VERBS.map((v) => `${v} ${e.path}`) : [nameOf(e)]));
      assert.deepEqual(listed.sort(), real.sort());
    });

    it('everything answers to a valid credential', async () => {
      const wrong: string[] = [];
      for (const e of endpoints) {
        const answer = await calls!.withCredential(e);
        if (!isAnswered(e, answer)) wrong.push(`${nameOf(e)}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
      assert.deepEqual(wrong, []);
    });

    it('kept to this machine', () => assert.deepEqual(calls!.app.offences, []));
  });
}
