import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/unauthenticated-mutation';

const AUTH = `const jwt = require('jsonwebtoken');

function requireAuth(req, res, next) {
  const token = (req.headers.authorization || '').replace('Bearer ', '');
  try {
    req.user = jwt.verify(token, process.env.JWT_SECRET, { algorithms: ['HS256'] });
  } catch (error) {
    return res.status(401).json({ error: 'Please sign in' });
  }
  next();
}

module.exports = { requireAuth };
`;

const ROUTER_HEAD = `const { Router } = require('express');
const { pool } = require('../db');
`;
const DB = "const { Pool } = require('pg');\nexports.pool = new Pool();\n";
const APP = "const express = require('express');\nconst app = express();\napp.use('/orders', require('./routes/orders'));\napp.use('/invoices', require('./routes/invoices'));\napp.listen(3000);\n";

const NEXT_AUTH = "import NextAuth from 'next-auth';\nexport const { handlers, auth } = NextAuth({ providers: [] });\n";
const PRISMA = "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n";
const TSCONFIG = '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }';

/** A Next.js app with a client that has the caller's own rights, one that has all, and the SQL that says what the former may. */
const supabase = (sql: string, actions: string) => ({
  'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/ssr": "0", "@supabase/supabase-js": "2", "resend": "4" } }', 'tsconfig.json': TSCONFIG, 'supabase/migrations/1.sql': sql,
  'lib/server.ts': "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\n\nexport async function createClient() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n",
  'lib/admin.ts': "import { createClient } from '@supabase/supabase-js';\nexport const admin = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!);\n",
  'app/actions.ts': `'use server';\n\nimport { Resend } from 'resend';\nimport { admin } from '@/lib/admin';\nimport { createClient } from '@/lib/server';\n\nconst resend = new Resend(process.env.RESEND_API_KEY);\n\n${actions}`,
});
const STAFF_ONLY = "create table crates (id uuid);\nalter table crates enable row level security;\ncreate policy staff on crates for all using (exists (select 1 from staff where staff.id = auth.uid()));\n";
const GATED = "export async function seal(id: string) {\n  const own = await createClient();\n  const { data: crate } = await own.from('crates').select('id').eq('id', id).single();\n  if (!crate) return { error: 'There is no such crate' };\n  await admin.from('crates').update({ sealed: true }).eq('id', id);\n  return { ok: true };\n}\n";

ruleTester(rule, {
  valid: [
    { name: 'what a run made for itself is cleaned up', files: { 'src/app.js': "const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\napp.post('/draw', (req, res) => {\n  const tmp = path.join(__dirname, 'tmp');\n  fs.rmSync(tmp, { recursive: true, force: true });\n  res.json({ ok: true });\n});\napp.listen(1);\n" } },
    { name: 'the first set-up, closed once somebody has an account', files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.use(express.json());\napp.post('/setup', async (req, res) => {\n  const { rows } = await pool.query('SELECT id FROM users LIMIT 1');\n  if (rows.length > 0) return res.status(403).end();\n  await pool.query('INSERT INTO users (email) VALUES ($1)', [req.body.email]);\n  res.end();\n});\napp.listen(1);\n" } },
    { name: 'a row that row rules show to no stranger stands before the work', files: supabase(STAFF_ONLY, GATED) },
    { name: 'the same with the look-up’s error', files: supabase(STAFF_ONLY, "export async function seal(id: string) {\n  const own = await createClient();\n  const { data, error } = await own.from('crates').select('id').eq('id', id).single();\n  if (error) throw error;\n  await admin.from('crates').update({ sealed: true }).eq('id', data.id);\n}\n") },
    { name: 'an insert that row rules refuse stands before the mail', files: supabase(STAFF_ONLY, "export async function ship(to: string) {\n  const own = await createClient();\n  const { error } = await own.from('crates').insert({ to });\n  if (error) return { error: error.message };\n  await resend.emails.send({ to, from: 'a@b.test', subject: 'On its way' });\n  return { ok: true };\n}\n") },
    { name: 'all work is done with the caller’s rights, which are none', files: supabase(STAFF_ONLY, "export async function drop(id: string) {\n  const own = await createClient();\n  await own.from('crates').delete().eq('id', id);\n}\n") },
    { name: 'the database function itself asks', files: supabase('create function close_month() returns void language plpgsql security definer as $$ begin if auth.uid() is null then raise exception $m$no$m$; end if; end $$;', "export async function close() {\n  const own = await createClient();\n  await own.rpc('close_month');\n}\n") },
    { name: 'rows that a policy lets the anonymous role add', files: supabase('create table hellos (t text);\nalter table hellos enable row level security;\ncreate policy anyone on hellos for insert to anon with check (true);\n', "export async function hello(t: string) {\n  const own = await createClient();\n  await own.from('hellos').insert({ t });\n}\n") },
    { name: 'a code handed to one person opens what it names', files: { ...supabase('select 1;', ''), 'app/api/join/route.ts': "import { admin } from '@/lib/admin';\n\nexport async function POST(req: Request) {\n  const { code, name } = await req.json();\n  const { data: crew } = await admin.from('crews').select('id').eq('invite_code', code).single();\n  if (!crew) return Response.json({}, { status: 404 });\n  await admin.from('crew_guests').insert({ crew_id: crew.id, name });\n  return Response.json({ ok: true });\n}\n" } },
    { name: 'a page by its slug, which counts its readers', files: { ...supabase('select 1;', ''), 'app/api/story/[slug]/route.ts': "import { admin } from '@/lib/admin';\n\nexport async function GET(_: Request, { params }: { params: Promise<{ slug: string }> }) {\n  const { slug } = await params;\n  const { data } = await admin.from('stories').select('title, body').eq('slug', slug).single();\n  await admin.rpc('increment_story_views', { slug });\n  return Response.json(data);\n}\n" } },
    { name: 'a guard on a prefix far away', files: { 'auth.js': AUTH, 'db.js': DB, 'app.js': "const express = require('express');\nconst { requireAuth } = require('./auth');\nconst { pool } = require('./db');\nconst app = express();\napp.use('/api', requireAuth);\napp.post('/api/orders', async (req, res) => {\n  await pool.query('INSERT INTO orders (total) VALUES ($1)', [req.body.total]);\n  res.json({ ok: true });\n});\napp.listen(1);\n" } },
    { name: 'a contact form', files: { 'lib/db.ts': PRISMA, 'app/api/contact/route.ts': "import { db } from '../../../lib/db';\nexport async function POST(req: Request) {\n  const { email, text } = await req.json();\n  await db.lead.create({ data: { email, text } });\n  return Response.json({ ok: true });\n}\n" } },
    { name: 'a link with a token', files: { 'lib/db.ts': PRISMA, 'app/api/q/[token]/approve/route.ts': "import { db } from '../../../../../lib/db';\nexport async function POST(req: Request, { params }: { params: Promise<{ token: string }> }) {\n  const { token } = await params;\n  const quote = await db.quote.findUnique({ where: { token } });\n  if (!quote) return Response.json({ error: 'Not found' }, { status: 404 });\n  await db.quote.update({ where: { id: quote.id }, data: { approved: true } });\n  return Response.json({ ok: true });\n}\n" } },
    {
      name: 'a token in the query, in a parsed body, in SQL',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "zod": "4" } }', 'lib/db.ts': PRISMA,
        'app/api/quotes/accept/route.ts': "import { z } from 'zod';\nimport { db } from '../../../../lib/db';\nconst Body = z.object({ shareToken: z.string().min(20), name: z.string() });\nexport async function POST(req: Request) {\n  const body = Body.parse(await req.json());\n  const quote = await db.quote.findUnique({ where: { shareToken: body.shareToken } });\n  if (!quote) return Response.json({ error: 'Not found' }, { status: 404 });\n  await db.quote.update({ where: { id: quote.id }, data: { acceptedBy: body.name } });\n  return Response.json({ ok: true });\n}\n",
        'app.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst app = express();\napp.post('/unsubscribe', async (req, res) => {\n  await pool.query('UPDATE members SET mail = false WHERE unsubscribe_token = $1', [req.query.t]);\n  res.json({ ok: true });\n});\napp.listen(1);\n",
      },
    },
    { name: 'named public in the configuration', options: { publicRoutes: ['POST /votes'] }, files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.post('/votes', async (req, res) => {\n  await pool.query('INSERT INTO votes (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\napp.listen(1);\n" } },
    { name: 'settings made on first use, from constants, when somebody reads', files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\nasync function settings() {\n  const found = await pool.query('SELECT * FROM branding LIMIT 1');\n  if (found.rowCount === 0) {\n    const made = await pool.query('INSERT INTO branding (name, color) VALUES ($1, $2) RETURNING *', ['Acme', '#fff']);\n    return made.rows[0];\n  }\n  return found.rows[0];\n}\napp.get('/branding', async (req, res) => res.json(await settings()));\napp.listen(1);\n" } },
    { name: 'a router nobody mounts', files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst app = express();\napp.get('/x', (req, res) => res.json({ ok: true }));\napp.listen(1);\n", 'old.js': "const { Router } = require('express');\nconst { pool } = require('./db');\nconst router = Router();\nrouter.post('/orders', async (req, res) => {\n  await pool.query('INSERT INTO orders (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\nmodule.exports = router;\n" } },
  ],
  invalid: [
    {
      name: 'a whole folder of the server is deleted',
      files: { 'src/app.js': "const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\napp.delete('/whatsapp/session', (req, res) => {\n  fs.rmSync(path.join(__dirname, 'sessions'), { recursive: true, force: true });\n  res.json({ ok: true });\n});\napp.listen(1);\n" },
      findings: [{ file: 'src/app.js', line: 5, severity: 'critical', message: /^Anyone can delete files: / }],
    },
    {
      name: 'the verb is what is done, the table what the address is about',
      files: {
        'db.js': DB,
        'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.use(express.json());\nconst mongoose = require('mongoose');\nconst Part = mongoose.model('Part', new mongoose.Schema({}));\napp.post('/parts/use', async (req, res) => {\n  for (const u of req.body.used) {\n    const part = await Part.findById(u.id);\n    part.left = part.left - u.many;\n    await part.save();\n  }\n  res.end();\n});\napp.delete('/guests/:id', async (req, res) => {\n  await pool.query('DELETE FROM stays WHERE guest_id = $1', [req.params.id]);\n  await pool.query('DELETE FROM guests WHERE id = $1', [req.params.id]);\n  res.end();\n});\napp.listen(1);\n",
      },
      findings: [{ file: 'app.js', line: 7, message: /^Anyone can change parts: / }, { file: 'app.js', line: 15, message: /^Anyone can delete guests: / }],
    },
    {
      name: 'a job that whoever calls can only start',
      files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.use(express.json());\napp.post('/reminders/run', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM stays');\n  const out = [];\n  for (const stay of rows) {\n    await pool.query('INSERT INTO message_logs (stay_id) VALUES ($1)', [stay.id]);\n    out.push({ stay: stay.id, state: 'told' });\n  }\n  res.json({ out });\n});\napp.listen(1);\n" },
      findings: [{ file: 'app.js', line: 5, severity: 'medium', message: /^Anyone can start this job: /, businessImpact: /^Anybody can set it off at any time, at your cost\.$/ }],
    },
    {
      name: 'mail to nobody but ourselves',
      files: { 'db.js': DB, 'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.use(express.json());\nconst { Resend } = require('resend');\nconst mail = new Resend(process.env.RESEND_API_KEY);\napp.post('/told', async (req, res) => {\n  await mail.emails.send({ to: 'desk@firm.test', text: `New: ${req.body.name}` });\n  res.end();\n});\napp.listen(1);\n" },
      findings: [{ file: 'app.js', line: 7, severity: 'medium', message: /^Anyone can flood one of your own mailboxes: /, businessImpact: /nobody else gets these messages/ }],
    },
    {
      name: 'row rules let everybody change, or add, or are off',
      files: supabase(
        'create table crates (id uuid);\nalter table crates enable row level security;\ncreate policy everything on crates for all using (true);\ncreate table tips (t text);\nalter table tips enable row level security;\ncreate policy add on tips for insert with check (true);\ncreate table pallets (id uuid);\n',
        "export async function rename(id: string, name: string) {\n  const own = await createClient();\n  await own.from('crates').update({ name }).eq('id', id);\n}\n\nexport async function tip(t: string) {\n  const own = await createClient();\n  await own.from('tips').insert({ t });\n}\n\nexport async function stack(id: string) {\n  const own = await createClient();\n  await own.from('pallets').delete().eq('id', id);\n}\n",
      ),
      findings: [
        { file: 'app/actions.ts', line: 9, messageId: 'openRows', confidence: 'high', severity: 'critical', message: /a policy of crates lets everybody do it\.$/ },
        { file: 'app/actions.ts', line: 14, messageId: 'openRows', confidence: 'medium', severity: 'medium' },
        { file: 'app/actions.ts', line: 19, messageId: 'openRows', confidence: 'high', severity: 'critical', message: /row level security is off for pallets\.$/ },
      ],
    },
    {
      name: 'a row stands before the work, and no file says who sees it: a question, not an alarm',
      files: supabase('select 1;', GATED),
      findings: [{ file: 'app/actions.ts', line: 9, messageId: 'rowRules', confidence: 'low', severity: 'medium' }],
    },
    {
      name: 'a row that everybody sees stands before the work, or a list that may be empty',
      files: supabase(`${STAFF_ONLY}create table lids (id uuid);\nalter table lids enable row level security;\ncreate policy shown on lids for select using (true);\n`, `${GATED.replace("from('crates').select", "from('lids').select")}\nexport async function sealAll() {\n  const own = await createClient();\n  const { data } = await own.from('crates').select('id');\n  if (!data) return;\n  await admin.from('crates').delete().neq('sealed', true);\n}\n`),
      findings: [{ file: 'app/actions.ts', line: 9, messageId: 'open', severity: 'critical' }, { file: 'app/actions.ts', line: 17, messageId: 'open' }],
    },
    {
      name: 'a code that is printed on every form opens nothing',
      files: { ...supabase('select 1;', ''), 'app/api/dock/route.ts': "import { admin } from '@/lib/admin';\n\nexport async function POST(req: Request) {\n  const { pier_code, cargo } = await req.json();\n  const { data: pier } = await admin.from('piers').select('id').eq('pier_code', pier_code).single();\n  if (!pier) return Response.json({}, { status: 404 });\n  await admin.from('unloadings').insert({ pier_id: pier.id, cargo });\n  return Response.json({ ok: true });\n}\n" },
      findings: [{ file: 'app/api/dock/route.ts', line: 3, messageId: 'open', severity: 'critical', message: /^Anyone can add unloadings:/ }],
    },
    {
      name: 'the deed is what the code does',
      files: { ...supabase('select 1;', ''), 'app/api/a/route.ts': "import { admin } from '@/lib/admin';\n\nexport async function POST(req: Request) {\n  const { id, path } = await req.json();\n  const { data } = await admin.auth.admin.getUserById(id);\n  await admin.storage.from('slips').createSignedUrl(path, 60);\n  await admin.from('slips').insert({ to: data.user?.email });\n  return Response.json({ ok: true });\n}\n" },
      findings: [{ file: 'app/api/a/route.ts', line: 3, messageId: 'open', message: /^Anyone can add slips:/ }],
    },
    {
      name: 'Express: the project’s own guard is used, imported in its habit',
      files: {
        'auth.js': AUTH, 'db.js': DB, 'app.js': APP,
        'routes/orders.js': `${ROUTER_HEAD}const { requireAuth } = require('../auth');\n\nconst router = Router();\n\nrouter.get('/', requireAuth, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM orders LIMIT 10');\n  res.json(rows);\n});\n\nmodule.exports = router;\n`,
        'routes/invoices.js': `${ROUTER_HEAD}\nconst router = Router();\n\nrouter.delete(\n  '/:id',\n  async (req, res) => {\n    await pool.query('DELETE FROM invoices WHERE id = $1', [req.params.id]);\n    res.status(204).end();\n  },\n);\n\nmodule.exports = router;\n`,
      },
      findings: [{ messageId: 'open', file: 'routes/invoices.js', line: 6, confidence: 'high', message: /^Anyone can delete invoices: DELETE \/invoices\/:id has no sign-in check\.$/, fixes: ['require-user'] }],
      fixed: { 'require-user': { 'routes/invoices.js': `${ROUTER_HEAD}const { requireAuth } = require('../auth');\n\nconst router = Router();\n\nrouter.delete(\n  '/:id',\n  requireAuth,\n  async (req, res) => {\n    await pool.query('DELETE FROM invoices WHERE id = $1', [req.params.id]);\n    res.status(204).end();\n  },\n);\n\nmodule.exports = router;\n` } },
    },
    {
      name: 'Express: three open siblings, one guard for the router; nothing to use but jsonwebtoken',
      files: {
        'package.json': '{ "name": "x", "type": "module", "dependencies": { "express": "5", "jsonwebtoken": "9", "pg": "8" } }',
        'src/app.ts': 'import express from "express"\nimport orders from "./orders"\n\nconst app = express()\napp.use("/orders", orders)\napp.listen(3000)\n',
        'src/secret.ts': 'import jwt from "jsonwebtoken"\nexport const issue = (id: string) => jwt.sign({ sub: id }, process.env.JWT_SECRET!, { expiresIn: "1h" })\n',
        'src/orders.ts': 'import { Router } from "express"\nimport { Pool } from "pg"\n\nconst pool = new Pool()\nconst router = Router()\n\nrouter.post("/", async (req, res) => {\n  await pool.query("INSERT INTO orders (n) VALUES ($1)", [req.body.n])\n  res.json({ ok: true })\n})\nrouter.put("/:id", async (req, res) => {\n  await pool.query("UPDATE orders SET n = $1 WHERE id = $2", [req.body.n, req.params.id])\n  res.json({ ok: true })\n})\nrouter.route("/:id/lines").delete(async (req, res) => {\n  await pool.query("DELETE FROM order_lines WHERE id = $1", [req.params.id])\n  res.json({ ok: true })\n})\nrouter.delete("/:id", async (req, res) => {\n  await pool.query("DELETE FROM orders WHERE id = $1", [req.params.id])\n  res.json({ ok: true })\n})\n\nexport default router\n',
      },
      findings: [{ file: 'src/orders.ts', line: 7, fixes: ['require-user', 'guard-router'] }, { file: 'src/orders.ts', line: 11 }, { file: 'src/orders.ts', line: 15 }, { file: 'src/orders.ts', line: 19 }],
      fixed: {
        'require-user': { 'src/orders.ts': [/^import \{ Router \} from "express"\nimport \{ Pool \} from "pg"\nimport \{ requireUser \} from "\.\/lib\/require-user"\n/, /router\.post\("\/", requireUser, async/], 'src/lib/require-user.ts': [/jwt\.verify\(token, secret, \{ algorithms: \["HS256"\] \}\)\n/, /process\.env\.JWT_SECRET/] },
        'guard-router': { 'src/orders.ts': [/const router = Router\(\)\n\nrouter\.use\(requireUser\)\n\nrouter\.post\("\/", async/] },
      },
    },
    {
      name: 'a token column is no pass: not looked up first, no secret, in the back office',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "express": "5", "pg": "8" } }', 'db.js': DB,
        'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst app = express();\napp.post('/members', async (req, res) => {\n  await pool.query('DELETE FROM members WHERE id = $1', [req.body.id]);\n  await pool.query('DELETE FROM links WHERE token = $1', [req.body.token]);\n  res.json({ ok: true });\n});\napp.post('/areas', async (req, res) => {\n  await pool.query('UPDATE areas SET n = 1 WHERE zip_code = $1', [req.body.zip]);\n  res.json({ ok: true });\n});\napp.put('/projects/:slug', async (req, res) => {\n  await pool.query('UPDATE projects SET n = 1 WHERE slug = $1', [req.params.slug]);\n  res.json({ ok: true });\n});\napp.listen(1);\n",
      },
      findings: [{ file: 'app.js', line: 4 }, { file: 'app.js', line: 9 }, { file: 'app.js', line: 13 }],
    },
    {
      name: 'a server action whose pages let no stranger in weighs less',
      files: {
        'tsconfig.json': TSCONFIG, 'lib/db.ts': PRISMA, 'package.json': '{"dependencies":{"next":"16.0.0","next-auth":"5.0.0"}}',
        'middleware.ts': "import { NextResponse } from 'next/server';\nimport { getToken } from 'next-auth/jwt';\nexport async function middleware(req) {\n  const token = await getToken({ req });\n  if (!token) return NextResponse.redirect(new URL('/login', req.url));\n  return NextResponse.next();\n}\n",
        'app/actions.ts': "'use server';\n\nimport { db } from '@/lib/db';\n\nexport async function archive(id: string) {\n  await db.client.update({ where: { id }, data: { archived: true } });\n}\n",
        'app/clients/page.tsx': "import { archive } from '@/app/actions';\n\nexport default function Clients() {\n  return <form action={archive.bind(null, 'a')} />;\n}\n",
      },
      findings: [{ file: 'app/actions.ts', line: 5, severity: 'high' }],
    },
    {
      name: 'Next server action: the helper that throws, and the library where a handler answers',
      files: {
        'tsconfig.json': TSCONFIG, 'auth.ts': NEXT_AUTH, 'lib/db.ts': PRISMA,
        'lib/session.ts': "import { auth } from '@/auth';\n\nexport async function requireUser() {\n  const session = await auth();\n  if (!session?.user) throw new Error('Please sign in');\n  return session.user;\n}\n",
        'app/actions.ts': "'use server';\n\nimport { db } from '@/lib/db';\nimport { requireUser } from '@/lib/session';\n\nexport async function rename(id: string, name: string) {\n  await requireUser();\n  await db.client.update({ where: { id }, data: { name } });\n}\n",
        'app/more.ts': "'use server';\n\nimport { db } from '@/lib/db';\n\nexport async function archive(id: string) {\n  await db.client.update({ where: { id }, data: { archived: true } });\n}\n",
        'app/api/clients/route.ts': "import { db } from '@/lib/db';\n\nexport const POST = async (req: Request) => Response.json(await db.client.create({ data: await req.json() }));\n",
      },
      findings: [{ file: 'app/api/clients/route.ts', line: 3 }, { file: 'app/more.ts', line: 5, message: /^Anyone can change clients: the server action archive has/, rootCause: 'actions:app/more.ts' }],
      fixed: { 'require-user': { 'app/api/clients/route.ts': "import { db } from '@/lib/db';\nimport { auth } from '@/auth';\n\nexport const POST = async (req: Request) => {\n  const session = await auth();\n  if (!session?.user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  return Response.json(await db.client.create({ data: await req.json() }));\n};\n" } },
    },
    {
      name: 'Next: the throwing helper in an action',
      files: {
        'auth.ts': NEXT_AUTH, 'lib/db.ts': PRISMA,
        'lib/session.ts': "import { auth } from '../auth';\n\nexport async function requireUser() {\n  const session = await auth();\n  if (!session?.user) throw new Error('Please sign in');\n  return session.user;\n}\n",
        'app/actions.ts': "'use server';\n\nimport { db } from '../lib/db';\nimport { requireUser } from '../lib/session';\n\nexport async function rename(id: string, name: string) {\n  await requireUser();\n  await db.client.update({ where: { id }, data: { name } });\n}\n\nexport async function archive(id: string) {\n  await db.client.update({ where: { id }, data: { archived: true } });\n}\n",
      },
      findings: [{ file: 'app/actions.ts', line: 11 }],
      fixed: { 'require-user': { 'app/actions.ts': [/archive\(id: string\) \{\n {2}await requireUser\(\);\n {2}await db/] } },
    },
    {
      name: 'Express: one call in a loop registers several',
      files: { 'auth.js': AUTH, 'db.js': DB, 'app.js': "const express = require('express');\nconst { requireAuth } = require('./auth');\nconst { pool } = require('./db');\nconst app = express();\napp.get('/me', requireAuth, (req, res) => res.json(req.user));\n['put', 'patch'].forEach((verb) => {\n  app[verb]('/orders/:id', async (req, res) => {\n    await pool.query('UPDATE orders SET n = $1 WHERE id = $2', [req.body.n, req.params.id]);\n    res.json({ ok: true });\n  });\n});\napp.listen(1);\n" },
      findings: [{ file: 'app.js', line: 7, fixes: ['guard-by-hand'] }],
    },
    {
      name: 'Express: handlers that ask a helper of the project’s own',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "express": "5", "jose": "6", "pg": "8" } }', 'db.js': DB,
        'session.js': "const { jwtVerify } = require('jose');\nasync function getUser(req) {\n  try {\n    const { payload } = await jwtVerify((req.headers.authorization || '').slice(7), new TextEncoder().encode(process.env.SECRET));\n    return payload;\n  } catch (error) {\n    return null;\n  }\n}\nmodule.exports = { getUser };\n",
        'app.js': "const express = require('express');\nconst { pool } = require('./db');\nconst { getUser } = require('./session');\nconst app = express();\napp.post('/orders', async (req, res) => {\n  const user = await getUser(req);\n  if (!user) return res.status(401).json({ error: 'Please sign in' });\n  await pool.query('INSERT INTO orders (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\napp.delete('/orders/:id', async (req, res) => {\n  await pool.query('DELETE FROM orders WHERE id = $1', [req.params.id]);\n  res.json({ ok: true });\n});\napp.listen(1);\n",
      },
      findings: [{ file: 'app.js', line: 11, fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app.js': [/app\.delete\('\/orders\/:id', async \(req, res\) => \{\n {2}const user = await getUser\(req\);\n {2}if \(!user\) return res\.status\(401\)\.json\(\{ error: 'Unauthorized' \}\);\n {2}await pool/] } },
    },
    {
      name: 'Next: a helper that is given the request, and none that wants a token',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "jose": "6" } }', 'lib/db.ts': PRISMA,
        'lib/session.ts': "import { jwtVerify } from 'jose';\nimport type { NextRequest } from 'next/server';\n\nexport async function readSession(token: string) {\n  try {\n    return (await jwtVerify(token, new TextEncoder().encode(process.env.SECRET))).payload;\n  } catch {\n    return null;\n  }\n}\n\nexport async function getSession(req: NextRequest) {\n  return readSession(req.cookies.get('session')?.value ?? '');\n}\n",
        'app/api/a/route.ts': "import type { NextRequest } from 'next/server';\nimport { db } from '../../../lib/db';\nimport { getSession } from '../../../lib/session';\n\nexport async function POST(request: NextRequest) {\n  const session = await getSession(request);\n  if (!session?.sub) return Response.json({ error: 'Sign in' }, { status: 401 });\n  await db.client.create({ data: { name: 'a' } });\n  return Response.json({ ok: true });\n}\n",
        'app/api/b/route.ts': "import { db } from '../../../lib/db';\n\nexport async function DELETE() {\n  await db.client.deleteMany({});\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/b/route.ts', line: 3, fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app/api/b/route.ts': [/DELETE\(req: NextRequest\) \{\n {2}const session = await getSession\(req\);\n {2}if \(!session\?\.sub\) return Response\.json/, /import \{ getSession \} from '\.\.\/\.\.\/\.\.\/lib\/session';/] } },
    },
    {
      name: 'Next: a wrapper around the handlers',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "jose": "6" } }', 'lib/db.ts': PRISMA,
        'lib/with-user.ts': "import { jwtVerify } from 'jose';\n\nexport function withUser(handler: (req: Request) => Promise<Response>) {\n  return async (req: Request) => {\n    try {\n      await jwtVerify((req.headers.get('authorization') ?? '').slice(7), new TextEncoder().encode(process.env.SECRET));\n    } catch {\n      return Response.json({ error: 'Sign in' }, { status: 401 });\n    }\n    return handler(req);\n  };\n}\n",
        'app/api/a/route.ts': "import { db } from '../../../lib/db';\nimport { withUser } from '../../../lib/with-user';\n\nexport const POST = withUser(async (req) => {\n  await db.client.create({ data: await req.json() });\n  return Response.json({ ok: true });\n});\n",
        'app/api/b/route.ts': "import { db } from '../../../lib/db';\n\nexport async function PUT(req: Request) {\n  await db.client.create({ data: await req.json() });\n  return Response.json({ ok: true });\n}\n\nexport const DELETE = async () => {\n  await db.client.deleteMany({});\n  return Response.json({ ok: true });\n};\n",
        'app/api/c/[id]/route.ts': "import { db } from '../../../../lib/db';\n\nexport async function DELETE(req: Request, ctx: { params: Promise<{ id: string }> }) {\n  await db.client.delete({ where: { id: (await ctx.params).id } });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/b/route.ts', line: 3, fixes: ['require-user'] }, { file: 'app/api/b/route.ts', line: 8, fixes: ['require-user'] }, { file: 'app/api/c/[id]/route.ts', line: 3, fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app/api/b/route.ts': [/export const PUT = withUser\(async function PUT\(req: Request\) \{\n {2}await[^}]*\}\);\n {2}return Response\.json\(\{ ok: true \}\);\n\}\);\n/] } },
    },
    {
      name: 'Next: nothing to use, a module that denies everybody',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15" } }', 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
        'src/lib/db.ts': PRISMA, 'src/app/api/clients/route.ts': "import { db } from '@/lib/db';\nimport { NextResponse } from 'next/server';\n\nexport async function PUT(req: Request) {\n  const { id, user } = await req.json();\n  await db.client.update({ where: { id }, data: { user } });\n  return NextResponse.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'src/app/api/clients/route.ts', line: 4 }],
      fixed: { 'require-user': { 'src/app/api/clients/route.ts': [/import \{ requireUser \} from '@\/lib\/require-user';/, /const user2 = await requireUser\(\);\n {2}if \(!user2\) return NextResponse\.json\(\{ error: 'Unauthorized' \}, \{ status: 401 \}\);/], 'src/lib/require-user.ts': [/NOT WIRED YET/, /Promise<\{ id: string \} \| null>/] } },
    },
    {
      name: 'pages/api with next-auth v4',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "13", "next-auth": "4" } }',
        'lib/auth.js': "import GoogleProvider from 'next-auth/providers/google';\nexport const authOptions = { providers: [GoogleProvider({})] };\n", 'lib/db.js': PRISMA,
        'pages/api/clients.js': "import { db } from '../../lib/db';\n\nexport default async function handler(req, res) {\n  await db.client.create({ data: req.body });\n  res.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'pages/api/clients.js', line: 3 }],
      fixed: { 'require-user': { 'pages/api/clients.js': [/import \{ authOptions \} from '\.\.\/\.\.\/lib\/auth';\nimport \{ getServerSession \} from 'next-auth';/, /const session = await getServerSession\(req, res, authOptions\);\n {2}if \(!session\?\.user\) return res\.status\(401\)/] } },
    },
    {
      name: 'saving adds a row, or changes one that was found',
      files: { 'app.js': "const express = require('express');\nconst mongoose = require('mongoose');\nconst Part = mongoose.model('Part', new mongoose.Schema({}));\nconst app = express();\n\napp.post('/parts', async (req, res) => {\n  const part = new Part(req.body);\n  await part.save();\n  res.end();\n});\napp.put('/parts/:id', async (req, res) => {\n  const part = await Part.findById(req.params.id);\n  Object.assign(part, req.body);\n  await part.save();\n  res.end();\n});\n" },
      findings: [{ file: 'app.js', line: 6, message: /Anyone can add parts: POST/ }, { file: 'app.js', line: 11, message: /Anyone can change parts: PUT/ }],
    },
    {
      name: 'Next with Clerk, Supabase’s row rules, a webhook and a limited form',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "@clerk/nextjs": "6" } }', 'lib/db.ts': PRISMA,
        'lib/supabase.ts': "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\n\nexport async function createClient() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n",
        'app/api/clients/route.ts': "import { db } from '../../../lib/db';\n\nexport async function POST() {\n  await db.client.create({ data: {} });\n  return Response.json({ ok: true });\n}\n",
        'app/api/rows/route.ts': "import { createClient } from '../../../lib/supabase';\n\nexport async function POST(req: Request) {\n  const supabase = await createClient();\n  await supabase.from('clients').insert(await req.json());\n  return Response.json({ ok: true });\n}\n",
        'app/api/webhooks/shop/route.ts': "import { db } from '../../../../lib/db';\n\nexport async function POST(req: Request) {\n  const event = await req.json();\n  await db.order.update({ where: { id: event.id }, data: { paid: true } });\n  return Response.json({ ok: true });\n}\n",
        'app/api/verify-email/route.ts': "import { db } from '../../../lib/db';\nimport { tokenFor } from '../../../lib/tokens';\n\nexport async function POST(req: Request) {\n  const { id, email } = await req.json();\n  await tokenFor(id);\n  await db.client.update({ where: { id }, data: { email } });\n  return Response.json({ ok: true });\n}\n",
        'lib/tokens.ts': "import { db } from './db';\nexport async function tokenFor(id: string) {\n  await db.check.create({ data: { id, token: crypto.randomUUID() } });\n}\n",
        'app/api/reset-password/route.ts': "import { db } from '../../../lib/db';\n\nexport async function POST(req: Request) {\n  const { id, note } = await req.json();\n  await db.client.update({ where: { id }, data: { note } });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [
        { file: 'app/api/clients/route.ts', line: 3, messageId: 'open', fixes: ['require-user'] },
        { file: 'app/api/rows/route.ts', line: 3, messageId: 'rowRules', confidence: 'low', fixes: [] },
        { file: 'app/api/webhooks/shop/route.ts', line: 3, messageId: 'webhook', fixes: [] },
        { file: 'app/api/reset-password/route.ts', line: 3, messageId: 'open', confidence: 'high' },
        { file: 'app/api/verify-email/route.ts', line: 4, messageId: 'unsure', confidence: 'low', fixes: [] },
      ],
      fixed: { 'require-user': { 'app/api/clients/route.ts': [/const \{ userId \} = await auth\(\);\n {2}if \(!userId\) return Response\.json/, /import \{ auth \} from '@clerk\/nextjs\/server';/] } },
    },
  ],
});
