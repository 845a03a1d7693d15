/** What an answer shows of what was read, and what is done with what was found. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

const app = (body: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  'db.js': "const { Pool } = require('pg');\nexports.db = new Pool();\n",
  'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst { PrismaClient } = require('@prisma/client');\nconst { db } = require('./db');\nconst prisma = new PrismaClient();\nconst Trip = mongoose.model('Trip', new mongoose.Schema({}));\nconst app = express();\n${body}\napp.listen(1);\n`,
  ...more,
});

const shown = (body: string): string[] => projectOf(app(body)).endpoints().flatMap((e) => e.sinks.filter((s) => s.kind === 'db-read').map((s) => `${s.target ?? '?'} ${s.shown}`));

const CASES: readonly (readonly [name: string, body: string, expected: readonly string[]])[] = [
  ['rows as they come', "app.get('/a', async (req, res) => res.json(await Trip.find()));", ['Trip rows']],
  ['rows in another form', "app.get('/a', async (req, res) => {\n  const trips = await Trip.find();\n  res.json(trips.map((t) => ({ to: t.destination })));\n});", ['Trip rows']],
  ['how many there are', "app.get('/a', async (req, res) => res.json({ trips: await prisma.trip.count(), open: (await prisma.leg.findMany()).length }));", ['trip figures', 'leg figures']],
  ['a pipeline that sums up by heaps', "app.get('/a', async (req, res) => {\n  const steps = [{ $match: { done: true } }, { $group: { _id: '$status', km: { $sum: '$km' } } }, { $sort: { _id: 1 } }];\n  res.json({ perStatus: await Trip.aggregate(steps) });\n});", ['Trip figures']],
  ['a pipeline whose heaps name somebody, or to which rows are joined', "app.get('/a', async (req, res) => res.json(await Trip.aggregate([{ $group: { _id: '$guestEmail', n: { $sum: 1 } } }])));\napp.get('/b', async (req, res) => res.json(await Trip.aggregate([{ $group: { _id: '$driver', n: { $sum: 1 } } }, { $lookup: { from: 'drivers', localField: '_id', foreignField: '_id', as: 'driver' } }])));", ['Trip rows', 'Trip rows']],
  ['a statement that counts and sums; one that names people beside it', "app.get('/a', async (req, res) => res.json((await db.query('SELECT status, COUNT(*) AS n, SUM(total) FROM trips GROUP BY status')).rows));\napp.get('/b', async (req, res) => res.json((await db.query('SELECT guest_name, COUNT(*) AS n FROM trips GROUP BY guest_name')).rows));", ['trips figures', 'trips rows']],
  ['sums, rates and heaps made in the code', "app.get('/a', async (req, res) => {\n  const trips = await Trip.find();\n  let late = 0;\n  const per = {};\n  for (const t of trips) {\n    if (t.late) late += 1;\n    per[t.kind] = (per[t.kind] || 0) + 1;\n  }\n  const km = trips.reduce((sum, t) => sum + t.km, 0);\n  res.json({ km, rate: trips.length ? Math.round((late / trips.length) * 100) : 0, per: Object.entries(per).map(([kind, n]) => ({ kind, n })) });\n});", ['Trip figures']],
  ['the numbers of each row are no sums', "app.get('/a', async (req, res) => {\n  const trips = await Trip.find();\n  res.json(trips.map((t) => ({ price: Number(t.price) })));\n});", ['Trip rows']],
  ['a yes or no', "app.get('/a', async (req, res) => res.json({ empty: (await Trip.countDocuments()) === 0 }));", ['Trip nothing']],
  ['ids and states only', "app.post('/a', async (req, res) => {\n  const trips = await Trip.find();\n  const out = [];\n  for (const t of trips) out.push({ trip: t._id, state: 'told' });\n  res.json({ out });\n});", ['Trip ids']],
  ['looked up, and something else shown', "app.get('/a', async (req, res) => {\n  const one = await prisma.setting.findFirst();\n  if (!one) return res.status(404).end();\n  res.json(await prisma.trip.findMany());\n});", ['setting nothing', 'trip rows']],
  ['what is lost on the way counts as before', "app.get('/a', async (req, res) => {\n  const trips = await Trip.find();\n  res.json(require('./elsewhere').format(trips));\n});", ['Trip unknown']],
];

describe('what an answer shows', () => {
  for (const [name, body, expected] of CASES) it(name, () => assert.deepEqual(shown(body), expected));

  it('a row that was found is changed, one that was made is added', () => {
    const files = app("app.post('/use', async (req, res) => {\n  for (const u of req.body.used) {\n    const trip = await Trip.findById(u.id);\n    trip.seats = trip.seats - u.seats;\n    await trip.save();\n  }\n  res.end();\n});\napp.post('/add', async (req, res) => {\n  const trip = new Trip({ to: req.body.to });\n  await trip.save();\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => e.sinks.filter((s) => s.kind === 'db-write').map((s) => s.op).join()), ['update', 'save']);
  });

  it('a message goes to ourselves when every address stands in the code or the environment', () => {
    const send = (to: string): string => `app.post('/m${to.length}', async (req, res) => {\n  await new (require('resend').Resend)(process.env.RESEND_API_KEY).emails.send({ to: ${to}, text: req.body.text });\n  res.end();\n});`;
    const files = app([send("['us@firm.test']"), send('process.env.OPS_MAIL'), send('req.body.to')].join('\n'));
    assert.deepEqual(projectOf(files).endpoints().map((e) => e.sinks.map((s) => s.toUs).join()), ['true', 'true', 'false']);
  });
});

describe('first set-up', () => {
  const route = (check: string): Readonly<Record<string, string>> => app(`app.post('/api/setup', async (req, res) => {\n${check}\n  await prisma.user.create({ data: { email: req.body.email, role: 'ADMIN' } });\n  res.json({ ok: true });\n});`);
  const by = (files: Readonly<Record<string, string>>): (string | null)[] => projectOf(files).endpoints().map((e) => e.publicBy);
  const REFUSE = "return res.status(403).json({ error: 'done' });";

  for (const [name, check] of [
    ['a count', `  const n = await prisma.user.count();\n  if (n > 0) ${REFUSE}`],
    ['a count in the test', `  if ((await prisma.user.count()) !== 0) ${REFUSE}`],
    ['a row with a fixed role', `  const boss = await prisma.user.findFirst({ where: { role: 'ADMIN' } });\n  if (boss) ${REFUSE}`],
    ['rows, there and not empty', `  const { rows } = await db.query("SELECT id FROM users WHERE role = 'owner' LIMIT 1");\n  if (rows && rows.length > 0) ${REFUSE}`],
  ] as const) it(`is public by what it does: ${name}`, () => assert.deepEqual(by(route(check)), ['first-run']));

  for (const [name, check] of [
    ['the caller says what is looked for', `  const known = await prisma.user.findFirst({ where: { email: req.body.email } });\n  if (known) ${REFUSE}`],
    ['the caller can say that it does not matter', `  const n = await prisma.user.count();\n  if (n > 0 && !req.body.again) ${REFUSE}`],
    ['nobody is refused', '  const n = await prisma.user.count();\n  if (n > 0) console.log(n);'],
    ['another table is asked', `  const n = await prisma.page.count();\n  if (n > 0) ${REFUSE}`],
    ['it is refused when nobody is there', `  const n = await prisma.user.count();\n  if (n === 0) ${REFUSE}`],
  ] as const) it(`is open: ${name}`, () => assert.deepEqual(by(route(check)), [null]));

  it('work before the look keeps it open', () => {
    const files = app(`app.post('/api/setup', async (req, res) => {\n  await prisma.plan.create({ data: { name: req.body.plan } });\n  const n = await prisma.user.count();\n  if (n > 0) ${REFUSE}\n  await prisma.user.create({ data: { email: req.body.email } });\n  res.end();\n});`);
    assert.deepEqual(by(files), [null]);
  });
});

describe('who is asked for', () => {
  const edge = (fetched: string): Readonly<Record<string, string>> => ({
    'supabase/functions/bill/index.ts': `import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async (req) => {\n  const url = Deno.env.get('SUPABASE_URL')!;\n  const key = Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!;\n  const token = req.headers.get('Authorization')!;\n  const answer = await fetch(${fetched});\n  if (!answer.ok) return new Response('no', { status: 401 });\n  const user = await answer.json();\n  const { id } = await req.json();\n  await createClient(url, key).from('bills').update({ sent: true }).eq('id', id).eq('owner', user.id);\n  return Response.json({ ok: true });\n});\n`,
  });
  const auth = (files: Readonly<Record<string, string>>): string[] => projectOf(files).endpoints().map((e) => e.auth);

  it('Supabase over HTTP, with the token that came along', () => {
    assert.deepEqual(auth(edge('`${url}/auth/v1/user`, { headers: { apikey: key, Authorization: token } }')), ['required']);
    // Our own key opens the door for everybody.
    assert.deepEqual(auth(edge('`${url}/auth/v1/user`, { headers: { apikey: key, Authorization: `Bearer ${key}` } }')), ['none']);
    assert.deepEqual(auth(edge('`${url}/auth/v1/settings`, { headers: { apikey: key, Authorization: token } }')), ['none']);
  });

  it('a client of the public key alone is told nothing of who calls', () => {
    const files = (client: string): Readonly<Record<string, string>> => ({
      'app/api/figures/route.ts': `import { createClient } from '@supabase/supabase-js';\n\nexport async function GET(req: Request) {\n  const db = ${client};\n  const { data } = await db.from('bills').select('*');\n  return Response.json(data);\n}\n`,
    });
    assert.deepEqual(auth(files('createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_ANON_KEY!)')), ['none']);
    assert.deepEqual(auth(files("createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_ANON_KEY!, { global: { headers: { Authorization: req.headers.get('Authorization')! } } })")), ['optional']);
  });

  it('a right among the caller’s is asked for by a guard of its own, and is no role', () => {
    const files = app("const jwt = require('jsonwebtoken');\nconst known = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization.slice(7), process.env.JWT_SECRET);\n  } catch (e) {\n    return res.status(401).end();\n  }\n  next();\n};\nconst may = (right) => (req, res, next) => {\n  if (req.user.permissions.includes(right) || req.user.permissions.includes('all')) next();\n  else res.status(403).end();\n};\napp.delete('/trips/:id', known, may('trips.delete'), async (req, res) => {\n  await db.query('DELETE FROM trips WHERE id = $1', [req.params.id]);\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.auth} ${e.guards.map((g) => `${g.kind} ${g.effect}`).join()} [${e.roles.join()}]`), ['required authentication enforces,authorization enforces []']);
  });

  it('a banner of fixed words at the top is public; what shows settings elsewhere is not called so', () => {
    const files = app("app.get('/', (req, res) => res.json({ name: 'trips', ok: true }));\napp.get('/trips', async (req, res) => res.json(await Trip.find()));");
    assert.deepEqual(projectOf(files).endpoints().map((e) => e.publicBy), ['public-content', null]);
  });
});
