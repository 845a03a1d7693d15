/** The first fix of every open endpoint is taken, and the Express fixture run again: what was open is closed, and a credential opens it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RunningApp } from './support/express-app';
import { ENV, ROOT, credentials, withCredential, withoutCredential } from './support/express-calls';
import { type Fixing, byHand, deniesEverybody, fixAuth, nameOf } from './support/fixing';
import { adopt, copyOf, removeCopies } from './support/folder';
import { differences, isSuccess, shown, verdictOf } from './support/verdict';

/** A loop or a table registers these: steps are offered, no edit. */
const BY_HAND = ['POST /api/map/clients', 'PATCH /api/tables/rename/:id', 'GET /api/tables/totals'];

describe('the Express fixture, fixed and run', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let fixing: Fixing;

  before(async () => {
    const root = copyOf(ROOT);
    fixing = fixAuth(root);
    app = await RunningApp.start(root, 'src/server.js', { ...ENV, NODE_ENV: 'development' });
  });
  after(async () => {
    await app?.stop();
    removeCopies();
  });

  it('has a fix for all, and steps for what a loop registers', () => {
    assert.deepEqual(byHand(fixing, BY_HAND), []);
    for (const l of fixing.left) assert.match(l.why, /^by hand: src\/routes\/[\w-]+\.js, line \d+: .*requireUser/);
    assert.ok(fixing.fixed.length >= 26, `${fixing.fixed.length} fixes`);
    assert.deepEqual(fixing.mixed, []);
    assert.deepEqual(fixing.alsoClosed, []);
  });

  it('denies whoever has no credential', async () => {
    const open: string[] = [];
    for (const e of fixing.endpoints.filter((x) => fixing.fixed.some((f) => f.endpoints.includes(nameOf(x))))) {
      const attempts = await withoutCredential(app, e);
      if (verdictOf(attempts) !== 'closed') open.push(`${nameOf(e)}: ${shown(attempts)}`);
    }
    assert.deepEqual(open, []);
  });

  it('answers to a valid credential, everywhere', async () => {
    const headers = await credentials(app);
    const wrong: string[] = [];
    for (const e of fixing.endpoints) {
      const answer = await withCredential(app, e, headers);
      if (!isSuccess(answer)) wrong.push(`${nameOf(e)}: ${answer.status} ${answer.text}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('is what the inventory says then', async () => {
    assert.deepEqual(await differences(fixing.endpoints, (e) => withoutCredential(app, e)), []);
  });
});

/** No auth library and no guard anywhere: a fix can only close the door. */
const BARE: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "bare", "private": true, "dependencies": { "express": "^4.21.0", "@prisma/client": "^6.0.0" } }\n',
  'src/server.js': `const express = require('express');
const { PrismaClient } = require('@prisma/client');
const orders = require('./orders').default;

const app = express();
const prisma = new PrismaClient();

app.use(express.json());
app.get('/health', (req, res) => res.json({ ok: true }));

app.get('/customers', async (req, res) => {
  res.json(await prisma.customer.findMany());
});

app.delete('/customers/:id', async (req, res) => {
  await prisma.customer.delete({ where: { id: Number(req.params.id) } });
  res.status(204).end();
});

app.use('/orders', orders);
app.listen(process.env.PORT || 3000);
`,
  'src/orders.ts': `import { Router } from 'express';
import { PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();
const router = Router();

router.post('/', async (req, res) => {
  res.status(201).json(await prisma.order.create({ data: { title: String(req.body.title) } }));
});

export default router;
`,
};

describe('an Express app without any sign-in, fixed and run', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let fixing: Fixing;

  before(async () => {
    const root = adopt(mkdtempSync(join(tmpdir(), 'rescue-run-')));
    for (const [path, text] of Object.entries(BARE)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    fixing = fixAuth(root);
    app = await RunningApp.start(root, 'src/server.js', {});
  });
  after(async () => {
    await app?.stop();
    removeCopies();
  });

  it('denies everybody, and each fix says so', async () => {
    assert.deepEqual(fixing.left, []);
    assert.deepEqual(fixing.mixed, []);
    assert.deepEqual(fixing.alsoClosed, []);
    assert.deepEqual(fixing.fixed.flatMap((f) => f.endpoints).sort(), ['DELETE /customers/:id', 'GET /customers', 'POST /orders']);
    for (const f of fixing.fixed) assert.ok(deniesEverybody(f), `${f.fix.title}: ${f.fix.manual.join(' ')}`);
    for (const e of fixing.endpoints) {
      const attempts = await withoutCredential(app, e);
      assert.equal(verdictOf(attempts), e.path === '/health' ? 'open' : 'closed', `${nameOf(e)}: ${shown(attempts)}`);
      if (e.path !== '/health') assert.deepEqual(attempts.flatMap((a) => a.work), [], nameOf(e));
    }
  });

  it('is what the inventory says then', async () => {
    assert.deepEqual(await differences(fixing.endpoints, (e) => withoutCredential(app, e)), []);
  });
});
