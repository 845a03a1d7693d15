/** Runs that use what earlier calls have shown say what runs say that run every call. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Summaries } from '../../src/engine/model/summaries';
import { projectOf } from '../support/project';

type Files = Readonly<Record<string, string>>;

/** Every endpoint whole; origins are numbered in the order in which they came up, which says nothing. */
function told(files: Files): string {
  return JSON.stringify(projectOf(files).endpoints(), (key, value: unknown) => (value instanceof Set ? [...(value as ReadonlySet<unknown>)].sort() : key === 'id' ? undefined : value), 1);
}

/** As if every call were the first. */
function withoutSummaries<T>(work: () => T): T {
  const { call } = Summaries.prototype;
  Summaries.prototype.call = (_fn, _fact, _args, _self, _stack, _clock, run) => run();
  try {
    return work();
  } finally {
    Summaries.prototype.call = call;
  }
}

/** Functions that ran. */
function counted(work: () => void): number {
  const { ran } = Summaries.prototype;
  let count = 0;
  Summaries.prototype.ran = function (this: Summaries, ...args) {
    count++;
    ran.apply(this, args);
  };
  try {
    work();
  } finally {
    Summaries.prototype.ran = ran;
  }
  return count;
}

const app = (handlers: string, helpers: string): Files => ({
  'package.json': '{"dependencies":{"express":"5.0.0","mongoose":"8.0.0","jsonwebtoken":"9.0.0"}}',
  'models.js': "const mongoose = require('mongoose');\nexports.Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));\nexports.Note = mongoose.model('Note', new mongoose.Schema({ text: String }));\nexports.User = mongoose.model('User', new mongoose.Schema({ email: String, role: String }));\n",
  'helpers.js': `const { Order, Note, User } = require('./models');\nconst jwt = require('jsonwebtoken');\n${helpers}\n`,
  'app.js': `const express = require('express');\nconst helpers = require('./helpers');\nconst { Order, Note, User } = require('./models');\nconst app = express();\napp.use(express.json());\n${handlers}\napp.listen(3000);\n`,
});

const CASES: readonly (readonly [name: string, files: Files])[] = [
  ['a note that is written twice, once behind a check', app(
    "app.post('/a', async (req, res) => {\n  await helpers.note('start');\n  await helpers.note('start');\n  await helpers.note('start');\n  const user = helpers.userOf(req);\n  if (!user) return res.status(401).end();\n  await helpers.note('start');\n  res.json(await Order.create(req.body));\n});",
    "exports.note = async (text) => { await Note.create({ text }); };\nexports.userOf = (req) => { try { return jwt.verify(req.headers.authorization, process.env.JWT_SECRET); } catch { return null; } };",
  )],
  ['what a helper gives is changed by who asked for it', app(
    "app.post('/a', async (req, res) => {\n  const first = helpers.filter();\n  first.owner = req.body.owner;\n  const second = helpers.filter();\n  second.total = req.body.total;\n  await Order.find(first);\n  await Order.find(second);\n  res.json(await Order.find(helpers.filter()));\n});",
    "exports.filter = () => { const f = { open: true }; f.kind = 'paid'; return f; };",
  )],
  ['a row that is filled between two saves', app(
    "app.post('/a', async (req, res) => {\n  const row = new Order();\n  await helpers.save(row);\n  row.total = req.body.total;\n  await helpers.save(row);\n  res.json({ ok: true });\n});",
    'exports.save = async (row) => { await row.save(); };',
  )],
  ['an object that a helper writes to', app(
    "app.get('/a', async (req, res) => {\n  const one = {};\n  helpers.narrow(one);\n  const two = {};\n  helpers.narrow(two);\n  res.json([await Order.find(one), await Note.find(two)]);\n});",
    'exports.narrow = (filter) => { filter.published = true; };',
  )],
  ['written before and after it was read', app(
    "app.post('/a', async (req, res) => {\n  await helpers.put('x');\n  await helpers.put('x');\n  await helpers.put('x');\n  await Note.findOne({});\n  await helpers.put('x');\n  res.json({});\n});",
    'exports.put = async (text) => { if (process.env.KEEP) await Note.create({ text }); };',
  )],
  ['two endpoints that leave through one helper', {
    'package.json': '{"dependencies":{"next":"16.0.0","@supabase/supabase-js":"2.0.0"}}',
    'lib/session.ts': "import { createClient } from '@supabase/supabase-js';\nconst supabase = createClient(process.env.URL!, process.env.KEY!);\nexport async function leave() {\n  await supabase.auth.signOut();\n}\n",
    'app/api/a/route.ts': "import { leave } from '../../../lib/session';\nexport async function POST() {\n  await leave();\n  return Response.json({ ok: true });\n}\n",
    'app/api/b/route.ts': "import { leave } from '../../../lib/session';\nexport async function POST() {\n  await leave();\n  return Response.json({ ok: true });\n}\n",
  }],
  ['a first set-up that is asked for in a helper', app(
    "app.post('/setup', async (req, res) => {\n  await helpers.onlyOnce();\n  res.json(await User.create({ email: req.body.email, role: 'admin' }));\n});\napp.post('/again', async (req, res) => {\n  await helpers.onlyOnce();\n  res.json(await User.create({ email: req.body.email, role: 'admin' }));\n});",
    "exports.onlyOnce = async () => { if ((await User.countDocuments()) > 0) { throw new Error('set up already'); } };",
  )],
  ['rows that two endpoints show through one helper', app(
    "app.get('/a', async (req, res) => res.json((await Order.find({})).map(helpers.shown)));\napp.get('/b', async (req, res) => res.json((await Order.find({ open: true })).map(helpers.shown)));",
    'exports.shown = (row) => ({ total: row.total, owner: row.owner, label: helper(row.kind) });\nconst helper = (kind) => (kind ? kind : null);',
  )],
  ['a helper that says how many there are, asked twice', app(
    "app.get('/a', async (req, res) => { await helpers.howMany(); const n = await helpers.howMany(); res.json({ n }); });",
    'exports.howMany = async () => (await Note.find({})).length;',
  )],
  ['a list that a helper adds to', app(
    "app.post('/a', async (req, res) => {\n  const list = [];\n  helpers.add(list, 'a');\n  helpers.add(list, req.body.name);\n  helpers.add(list, 'a');\n  await Note.insertMany(list);\n  res.json(list);\n});",
    'exports.add = (list, text) => { list.push({ text }); };',
  )],
  ['a check between two readings of the same field', app(
    "app.post('/a', async (req, res) => {\n  await helpers.keep(req.body.total);\n  if (typeof req.body.total !== 'number' || req.body.total < 0) return res.status(400).end();\n  await helpers.keep(req.body.total);\n  res.json({});\n});",
    'exports.keep = async (total) => { await Order.create({ total }); };',
  )],
  ['a helper that ends the request for some', app(
    "app.delete('/a', async (req, res) => {\n  helpers.must(req.query.sure);\n  helpers.must('yes');\n  helpers.must('yes');\n  await Order.deleteMany({});\n  res.json({});\n});",
    "exports.must = (x) => { if (!x) throw new Error('no'); };",
  )],
  ['read, then written under a condition, in helpers', app(
    "app.post('/a', async (req, res) => {\n  await helpers.ensure('x');\n  await helpers.ensure('x');\n  await helpers.ensure('x');\n  res.json({});\n});\napp.get('/b', async (req, res) => {\n  await helpers.ensure('x');\n  res.json({});\n});",
    "exports.ensure = async (text) => { const known = await Note.findOne({ text }); if (!known) await Note.create({ text }); };",
  )],
  ['functions that call each other', app(
    "app.get('/a', async (req, res) => {\n  await helpers.even(4);\n  await helpers.even(4);\n  res.json(await helpers.odd(3));\n});",
    'exports.even = async (n) => (n === 0 ? Note.find({}) : exports.odd(n - 1));\nexports.odd = async (n) => (n === 0 ? Order.find({}) : exports.even(n - 1));',
  )],
  ['the same setting asked for by two endpoints', app(
    "app.get('/a', (req, res) => { helpers.config(); res.json(helpers.config()); });\napp.get('/b', (req, res) => res.json(helpers.config()));\napp.get('/c', async (req, res) => { const c = helpers.config(); c.secret = 'none'; res.json(c); });",
    'exports.config = () => ({ url: process.env.APP_URL, secret: process.env.API_SECRET });',
  )],
];

/** Many routes that do the same through helpers: what the summaries are for. */
const BUSY = app(
  Array.from({ length: 12 }, (_, i) => `app.post('/r${i}', async (req, res) => {\n${`  helpers.log('step', { route: 'x' });\n  helpers.log('step', { route: 'x' });\n  await helpers.audit('done');\n`.repeat(4)}  res.json(await Order.create(req.body));\n});`).join('\n'),
  "const format = (level, text) => `${level}: ${text}`;\nexports.log = (text, more) => { console.log(format('info', text), more); };\nexports.audit = async (text) => { exports.log(text, {}); await Note.create({ text: format('audit', text) }); };",
);

describe('summaries of calls', function () {
  this.timeout(30_000);
  const { rare } = Summaries;
  before(() => (Summaries.rare = 0));
  after(() => (Summaries.rare = rare));

  for (const [name, files] of [...CASES, ['many helpers', BUSY] as const]) it(name, () => assert.equal(told(files), withoutSummaries(() => told(files))));

  const root = join(__dirname, '../fixtures/apps');
  for (const name of readdirSync(root)) {
    it(`fixture app ${name}`, () => {
      const files: Record<string, string> = {};
      for (const entry of readdirSync(join(root, name), { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && !path.includes('node_modules') && /\.([cm]?[jt]sx?|json|toml|prisma)$/.test(entry.name)) files[path.slice(join(root, name).length + 1)] = readFileSync(path, 'utf8');
      }
      assert.equal(told(files), withoutSummaries(() => told(files)));
    });
  }

  it('most calls of many helpers are not run', () => {
    Summaries.rare = rare;
    const all = withoutSummaries(() => counted(() => void told(BUSY)));
    const some = counted(() => void told(BUSY));
    assert.ok(some * 3 < all, `${some} of ${all}`);
  });
});
