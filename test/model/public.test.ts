/** Endpoints for people without an account, told by what they do; and those that look alike and are none. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

const app = (body: string): Readonly<Record<string, string>> => ({
  'app.js': `const express = require('express');\nconst session = require('express-session');\nconst sql = require('mssql');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\napp.use(session({ secret: process.env.SESSION_SECRET }));\n${body}\napp.listen(1);\n`,
});
const edge = (body: string): Readonly<Record<string, string>> => ({
  'supabase/functions/ask/index.ts': `import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nconst db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async (req) => {\n${body}\n});\n`,
});
const by = (files: Readonly<Record<string, string>>): (string | null)[] => projectOf(files).endpoints().map((e) => e.publicBy);

describe('public by what it does: forms', () => {
  const apply = (row: string, path = '/api/dealers', table = 'dealerApplication'): Readonly<Record<string, string>> => app(`app.post('${path}', async (req, res) => {\n  const { fullName, email, town, userId } = req.body;\n  await prisma.${table}.create({ data: { ${row} } });\n  res.status(201).json({ ok: true });\n});`);

  it('files a request that somebody decides on', () => {
    assert.deepEqual(by(apply("fullName, email, town, status: 'pending'")), ['lead-form']);
    assert.deepEqual(by(apply('fullName, email, town, approved: false')), ['lead-form']);
  });

  for (const [name, files] of [
    ['nobody has to decide', apply("fullName, email, town, status: 'active'")],
    ['it names an account', apply("fullName, email, userId, status: 'pending'")],
    ['nobody can be reached', apply("fullName, town, status: 'pending'")],
    ['another table than one of requests', apply("fullName, email, status: 'pending'", '/api/dealers', 'invoice')],
    ['the back office', apply("fullName, email, status: 'pending'", '/api/admin/dealers')],
    ['other people’s rows come back', app("app.post('/api/dealers', async (req, res) => {\n  await prisma.dealerApplication.create({ data: { fullName: req.body.fullName, email: req.body.email, status: 'pending' } });\n  res.json(await prisma.dealerApplication.findMany());\n});")],
    ['a row is changed', app("app.post('/api/dealers', async (req, res) => {\n  await prisma.dealerApplication.create({ data: { fullName: req.body.fullName, email: req.body.email, status: 'pending' } });\n  await prisma.town.update({ where: { id: req.body.town }, data: { dealers: req.body.dealers } });\n  res.json({ ok: true });\n});")],
  ] as const) it(`is none: ${name}`, () => assert.deepEqual(by(files), [null]));

  it('slows strangers down itself', () => {
    const form = (limit: string): Readonly<Record<string, string>> => edge(`  const { name, phone, wish, memberId } = await req.json();\n${limit}\n  await db.from('jobs').insert({ name, phone, wish, member_id: memberId, status: 'pending_confirmation' });\n  return new Response('{}');`);
    assert.deepEqual(by(form("  if (tooOften(req.headers.get('x-forwarded-for'))) return new Response('later', { status: 429 });")), ['lead-form']);
    assert.deepEqual(by(form('')), [null]);
  });

  it('writes to the firm and to nobody else', () => {
    const form = (to: string): Readonly<Record<string, string>> => app(`app.post('/api/write', async (req, res) => {\n  await new (require('resend').Resend)(process.env.RESEND_API_KEY).emails.send({ to: ${to}, replyTo: req.body.email, text: req.body.message });\n  res.end();\n});`);
    assert.deepEqual(by(form('process.env.OFFICE_MAIL')), ['lead-form']);
    assert.deepEqual(by(form('req.body.email')), [null]);
  });
});

describe('public by what it does: accounts', () => {
  const forgot = (more: string, path = '/api/auth/help'): Readonly<Record<string, string>> => app(`app.post('${path}', async (req, res) => {\n  const { email } = req.body;\n  const user = await prisma.user.findUnique({ where: { email } });\n  if (user) {\n    ${more}\n  }\n  res.json({ ok: true });\n});`);
  const CODE = 'await prisma.verificationToken.create({ data: { identifier: email, token: Math.random().toString(36) } });';

  it('asks for a code, of an account found by its address', () => {
    assert.deepEqual(by(forgot(CODE)), ['sign-in']);
    assert.deepEqual(by(forgot(CODE, '/api/auth/forgot-password')), ['password-reset']);
    assert.deepEqual(by(forgot("await prisma.user.update({ where: { email }, data: { resetCode: '1', resetUntil: new Date() } });", '/api/forgot-password')), ['password-reset']);
  });

  it('asks for no code', () => {
    assert.deepEqual(by(forgot('await prisma.user.update({ where: { email }, data: { plan: 2 } });')), [null]);
    assert.deepEqual(by(forgot(`${CODE}\n    await prisma.note.create({ data: { text: req.body.text } });`)), [null]);
  });

  const signIn = (path: string, procedure: string, more: string): Readonly<Record<string, string>> => app(`app.post('${path}', async (req, res) => {\n  const { username, password } = req.body;\n  const found = await new sql.Request().input('u', username).input('p', password).execute('${procedure}');\n  ${more}\n  res.json({ user: found.recordset[0] });\n});`);

  it('signs in by a stored procedure', () => {
    assert.deepEqual(by(signIn('/api/door', 'sp_Persons', 'req.session.user = found.recordset[0];')), ['sign-in']);
    assert.deepEqual(by(signIn('/api/login', 'sp_Persons', '')), ['sign-in']);
    assert.deepEqual(by(signIn('/api/door', 'sp_AuthenticatePerson', '')), ['sign-in']);
  });

  it('hands a password to a procedure that does something else', () => {
    assert.deepEqual(by(signIn('/api/door', 'sp_StorePerson', '')), [null]);
    assert.deepEqual(by(signIn('/api/login', 'sp_Persons', 'await prisma.note.create({ data: { text: req.body.text } });')), [null]);
  });
});

describe('public by what it does: links and the status', () => {
  const link = (column: string): Readonly<Record<string, string>> => edge(`  const { ${column}, answer } = await req.json();\n  const { data: offer } = await db.from('offers').select('id, total').eq('${column}', ${column}).single();\n  if (!offer) return new Response('none', { status: 404 });\n  await db.from('offers').update({ answer }).eq('id', offer.id);\n  return new Response('{}');`);

  it('opens what an unguessable value names', () => {
    assert.deepEqual(by(link('token')), ['share-token']);
    assert.deepEqual(by(link('number')), [null]);
    assert.deepEqual(by(link('device_token')), [null]);
  });

  it('says that it is there, and when', () => {
    assert.deepEqual(by(app("app.get('/', (req, res) => res.json({ name: 'api', at: new Date().toISOString(), paths: { health: '/health' } }));")), ['public-content']);
  });
});

describe('switched off outside development', () => {
  const route = (test: string): Readonly<Record<string, string>> => app(`app.get('/api/run', async (req, res) => {\n  if (${test}) return res.status(403).json({ error: 'no' });\n  await prisma.job.create({ data: { at: new Date() } });\n  res.json({ ok: true });\n});`);

  it('asks nobody who they are, and says so', () => {
    const [off] = projectOf(route("process.env.NODE_ENV !== 'development'")).endpoints();
    assert.equal(off?.auth, 'none');
    assert.match(off.authEvidence.map((x) => x.note).join(), /switched off outside development/);
  });

  it('a route that turns everybody away stays closed', () => {
    assert.equal(projectOf(app("app.get('/api/run', (req, res) => res.status(403).json({ error: 'no' }));")).endpoints()[0]?.auth, 'required');
  });
});
