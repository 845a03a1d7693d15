import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/unauthenticated-read';

const DB = "const { Pool } = require('pg');\nexports.pool = new Pool();\n";
const read = (sql: string) => `  const { rows } = await pool.query('${sql}');\n  res.json(rows);\n`;
const app = (routes: string) => `const express = require('express');\nconst { pool } = require('./db');\n\nconst app = express();\n\n${routes}\napp.listen(3000);\n`;
const GUARD = "const jwt = require('jsonwebtoken');\nexports.requireUser = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.get('authorization'), process.env.JWT_SECRET);\n  } catch {\n    return res.status(401).end();\n  }\n  next();\n};\n";
const SUPABASE = "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\n\nexport async function createClient() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n";
const ADMIN = "import { createClient } from '@supabase/supabase-js';\nexport const admin = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!);\n";
/** A route that reads with the caller's own rights, and the SQL that decides what comes. */
const asUser = (sql: string) => ({
  'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/ssr": "0", "@supabase/supabase-js": "2" } }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }', 'utils/server.ts': SUPABASE, 'supabase/migrations/1.sql': sql,
  'app/api/a/route.ts': "import { createClient } from '@/utils/server';\n\nexport async function GET() {\n  const supabase = await createClient();\n  const { data } = await supabase.from('invoices').select('*');\n  return Response.json(data);\n}\n",
});

ruleTester(rule, {
  valid: [
    { name: 'figures of nobody: how many accounts there are, whether there is one', files: { 'db.js': DB, 'app.js': app("app.get('/numbers', async (req, res) => {\n  const { rows } = await pool.query('SELECT COUNT(*) AS n FROM users');\n  res.json({ users: Number(rows[0].n) });\n});\napp.get('/setup-needed', async (req, res) => {\n  const { rows } = await pool.query('SELECT id FROM users LIMIT 1');\n  res.json({ needed: rows.length === 0 });\n});\n") } },
    { name: 'what is sold, with the price people pay', files: { 'db.js': DB, 'app.js': app("app.get('/items', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM products');\n  res.json(rows.map((p) => ({ name: p.name, price: p.price, shippingCost: p.shipping_cost })));\n});\n") } },
    { name: 'a catalogue: its router guards every change and leaves reading open', files: { 'db.js': DB, 'guard.js': GUARD, 'app.js': app("const { requireUser } = require('./guard');\napp.get('/bundles', async (req, res) => {\n" + read('SELECT * FROM bundles') + "});\napp.post('/bundles', requireUser, async (req, res) => {\n  await pool.query('INSERT INTO bundles (title) VALUES ($1)', [req.body.title]);\n  res.end();\n});\n") } },
    { name: 'the page of a single-page app', files: { 'app.js': app("const path = require('path');\napp.get('*', (req, res) => res.sendFile(path.resolve(__dirname, 'dist', 'index.html')));\n").replace("const { pool } = require('./db');\n", '') } },
    { name: 'row rules in the migrations keep strangers away', files: asUser('create table invoices ();\nalter table invoices enable row level security;\ncreate policy own on invoices for all using (auth.uid() = owner_id);\n') },
    { name: 'row rules publish some rows on purpose', files: asUser('create table invoices ();\nalter table invoices enable row level security;\ncreate policy shown on invoices for select using (is_sample);\n') },
    { name: 'catalogue and look-up tables', files: { 'db.js': DB, 'app.js': app(`app.get('/products', async (req, res) => {\n${read('SELECT * FROM products LIMIT 20')}});\napp.get('/rates', async (req, res) => {\n${read('SELECT * FROM vat_rates')}});\n`) } },
    { name: 'a share link', files: { 'db.js': DB, 'app.js': app("app.get('/shared/:token', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM documents WHERE share_token = $1', [req.params.token]);\n  res.json(rows);\n});\n") } },
  ],
  invalid: [
    {
      name: 'figures of a business table weigh less, and say so',
      files: { 'db.js': DB, 'app.js': app("app.get('/turnover', async (req, res) => {\n" + read('SELECT date, SUM(total) AS total FROM invoices GROUP BY date') + "});\n") },
      findings: [{ file: 'app.js', line: 6, messageId: 'open', severity: 'medium', message: /^Anyone can see figures about your invoices: /, businessImpact: /^Competitors and anybody else can follow/ }],
    },
    {
      name: 'what it costs follows whose rows they are',
      files: { 'db.js': DB, 'app.js': app("app.get('/a', async (req, res) => {\n" + read('SELECT * FROM patients') + "});\napp.get('/b', async (req, res) => {\n" + read('SELECT * FROM expenses') + "});\napp.get('/c', async (req, res) => {\n" + read('SELECT * FROM invoices') + "});\n") },
      findings: [{ file: 'app.js', line: 6, businessImpact: /a data breach/ }, { file: 'app.js', line: 10, businessImpact: /^What your business spends/ }, { file: 'app.js', line: 14, businessImpact: /^What was agreed, billed and paid/ }],
    },
    {
      name: 'what is sold, with what the firm pays for it',
      files: { 'db.js': DB, 'app.js': app("app.get('/items', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM products');\n  res.json(rows.map((p) => ({ name: p.name, price: p.price, cost: Number(p.cost_price) })));\n});\n") },
      findings: [{ file: 'app.js', line: 6, severity: 'medium', message: /^Anyone can read products/, businessImpact: /competitors included/ }],
    },
    {
      name: 'where the statement is put together, the address says what is read',
      files: { 'db.js': DB, 'app.js': app("app.get('/customers', async (req, res) => {\n  let text = 'SELECT *';\n  if (req.query.sorted) text += ' FROM ' + process.env.SCHEMA + '.people';\n  const { rows } = await pool.query(text);\n  res.json(rows);\n});\n") },
      findings: [{ file: 'app.js', line: 6, message: /^Anyone can read customers: / }],
    },
    {
      name: 'no catalogue: strangers write it too, or what is written is personal',
      files: { 'db.js': DB, 'guard.js': GUARD, 'app.js': app("const { requireUser } = require('./guard');\napp.get('/bundles', async (req, res) => {\n" + read('SELECT * FROM bundles') + "});\napp.post('/bundles', async (req, res) => {\n  await pool.query('INSERT INTO bundles (title) VALUES ($1)', [req.body.title]);\n  res.end();\n});\napp.get('/visits', async (req, res) => {\n" + read('SELECT * FROM trips') + "});\napp.post('/visits', requireUser, async (req, res) => {\n  await pool.query('INSERT INTO trips (phone) VALUES ($1)', [req.body.phone]);\n  res.end();\n});\n") },
      findings: [{ file: 'app.js', line: 7, messageId: 'unsure', confidence: 'low' }, { file: 'app.js', line: 15, messageId: 'unsure', confidence: 'low' }],
    },
    {
      name: 'a private word and a filter the caller can turn off: a look',
      files: { 'guard.js': GUARD, 'app.js': app("const mongoose = require('mongoose');\nconst { requireUser } = require('./guard');\nconst Project = mongoose.model('Project', new mongoose.Schema({}));\napp.get('/projects', async (req, res) => {\n  const which = req.query.all === 'true' ? {} : { isVisible: true };\n  res.json(await Project.find(which));\n});\napp.post('/projects', requireUser, async (req, res) => {\n  await Project.create({ title: req.body.title });\n  res.end();\n});\n").replace("const { pool } = require('./db');\n", '') },
      findings: [{ file: 'app.js', line: 8, messageId: 'unsure', confidence: 'low' }],
    },
    {
      name: 'three reads behind one router, names only, and a table that tells nothing',
      files: {
        'db.js': DB,
        'app.js': "const express = require('express');\nconst app = express();\napp.use('/reports', require('./reports'));\napp.use('/misc', require('./misc'));\napp.listen(1);\n",
        'reports.js': `const { Router } = require('express');\nconst { pool } = require('./db');\n\nconst router = Router();\n\nrouter.get('/invoices', async (req, res) => {\n${read('SELECT * FROM invoices LIMIT 20')}});\nrouter.get('/messages', async (req, res) => {\n${read('SELECT * FROM messages LIMIT 20')}});\nrouter.get('/payments', async (req, res) => {\n${read('SELECT * FROM payments LIMIT 20')}});\n\nmodule.exports = router;\n`,
        'misc.js': `const { Router } = require('express');\nconst { pool } = require('./db');\n\nconst router = Router();\n\nrouter.get('/staff', async (req, res) => {\n${read('SELECT id, name FROM users LIMIT 20')}});\nrouter.get('/widgets', async (req, res) => {\n${read('SELECT * FROM widgets LIMIT 20')}});\n\nmodule.exports = router;\n`,
      },
      findings: [
        { file: 'misc.js', line: 6, messageId: 'unsure', confidence: 'low' },
        { file: 'misc.js', line: 10, messageId: 'unsure', confidence: 'low' },
        { file: 'reports.js', line: 6, messageId: 'open', message: /^Anyone can read invoices: GET \/reports\/invoices has/, fixes: ['require-user', 'guard-router'] },
        { file: 'reports.js', line: 10 },
        { file: 'reports.js', line: 14 },
      ],
      fixed: { 'guard-router': { 'reports.js': [/const \{ requireUser \} = require\('\.\/lib\/require-user'\);\n\nconst router = Router\(\);\n\nrouter\.use\(requireUser\);\n\nrouter\.get\('\/invoices', async/], 'lib/require-user.js': [/NOT WIRED YET/, /module\.exports = \{ requireUser \};\n$/] } },
    },
    {
      name: 'Supabase: row rules are a question, the service role is none',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/ssr": "0", "@supabase/supabase-js": "2" } }',
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }', 'utils/server.ts': SUPABASE, 'utils/admin.ts': ADMIN,
        'app/api/a/route.ts': "import { createClient } from '@/utils/server';\n\nexport async function GET() {\n  const supabase = await createClient();\n  const { data } = await supabase.from('invoices').select('*');\n  return Response.json(data);\n}\n",
        'app/api/b/route.ts': "import { admin } from '@/utils/admin';\n\nexport async function GET() {\n  const { data } = await admin.from('invoices').select('*');\n  return Response.json(data);\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 3, messageId: 'rowRules', confidence: 'low' }, { file: 'app/api/b/route.ts', line: 3, messageId: 'open', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app/api/b/route.ts': [/import \{ createClient \} from '@\/utils\/server';/, /const authClient = await createClient\(\);\n {2}const \{ data: \{ user \} \} = await authClient\.auth\.getUser\(\);\n {2}if \(!user\) return Response\.json/] } },
    },
    {
      name: 'where the schema is known its fields decide, whatever the model is called; tables in words people use',
      files: {
        'models.js': "const mongoose = require('mongoose');\nexports.Location = mongoose.model('LocationMaster', new mongoose.Schema({ locationName: { type: String, required: true } }, { timestamps: true }));\nexports.Emp = mongoose.model('Emp', new mongoose.Schema({ name: String, email: String, phone: String }));\nexports.Dispatch = mongoose.model('Dispatch', new mongoose.Schema({ lorry: String, leaves: Date }));\n",
        'app.js': "const express = require('express');\nconst { Location, Emp, Dispatch } = require('./models');\nconst app = express();\napp.get('/a', async (req, res) => res.json(await Location.find()));\napp.get('/b', async (req, res) => res.json(await Emp.find()));\napp.get('/c', async (req, res) => res.json(await Dispatch.find()));\napp.listen(3000);\n",
      },
      findings: [
        { file: 'app.js', line: 4, messageId: 'unsure', severity: 'medium', confidence: 'low', message: /lets callers read locations\./ },
        { file: 'app.js', line: 5, messageId: 'open', severity: 'high', confidence: 'high', message: /^Anyone can read emps:/ },
        { file: 'app.js', line: 6, messageId: 'unsure', confidence: 'low', message: /lets callers read dispatches\./ },
      ],
    },
    {
      name: 'a mailbox of the server’s own, read for whoever asks; a map is nobody’s',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15" } }',
        'app/api/a/route.ts': "export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }) {\n  const { id } = await params;\n  const res = await fetch(`https://api.post.test/emails/${id}`, { headers: { Authorization: `Bearer ${process.env.POST_API_KEY}` } });\n  return Response.json(await res.json());\n}\n",
        'app/api/b/route.ts': "export async function GET(req: Request) {\n  const place = new URL(req.url).searchParams.get('place');\n  const res = await fetch(`https://api.map.test/places/${place}`, { headers: { Authorization: `Bearer ${process.env.MAP_API_KEY}` } });\n  return Response.json(await res.json());\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 1, messageId: 'open', message: /^Anyone can read what api\.post\.test shows to your key: GET/ }],
    },
    {
      name: 'a token refreshed on the way is not what the endpoint does',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/supabase-js": "2", "googleapis": "1" } }', 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }', 'utils/admin.ts': ADMIN,
        'app/api/a/route.ts': "import { google } from 'googleapis';\nimport { admin } from '@/utils/admin';\n\nexport async function GET() {\n  const client = new google.auth.OAuth2();\n  client.on('tokens', async (t) => {\n    await admin.from('oauth_tokens').update({ access: t.access_token }).eq('id', 1);\n  });\n  const { data } = await admin.from('patients').select('*').limit(20);\n  return Response.json(data);\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 4, messageId: 'open', message: /^Anyone can read patients:/ }],
    },
    {
      name: 'row level security is off in the migrations',
      files: asUser('create table public.invoices (id uuid);\n'),
      findings: [{ file: 'app/api/a/route.ts', line: 3, messageId: 'openRows', confidence: 'high', severity: 'high', message: /row level security is off for invoices\.$/ }],
    },
    {
      name: 'an account word in the path says nothing about private rows',
      files: { 'db.js': DB, 'app.js': app("app.get('/callback', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM invoices WHERE id = $1', [req.query.id]);\n  res.json(rows);\n});\n") },
      findings: [{ file: 'app.js', line: 6, messageId: 'open', confidence: 'high' }],
    },
    {
      name: 'a table of routes',
      files: { 'db.js': DB, 'app.js': app("const ROUTES = [\n  { method: 'get', path: '/invoices', guards: [], run: () => pool.query('SELECT * FROM invoices') },\n];\nfor (const route of ROUTES) app[route.method](route.path, ...route.guards, async (req, res) => {\n  res.json(await route.run());\n});\n") },
      findings: [{ file: 'app.js', line: 7, fixes: ['guard-by-hand'] }],
    },
    {
      name: 'better-auth',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "better-auth": "1" } }', 'lib/auth.ts': "import { betterAuth } from 'better-auth';\nexport const auth = betterAuth({});\n",
        'app/api/notes/route.ts': "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  return Response.json(await db.note.findMany());\n}\n",
      },
      findings: [{ file: 'app/api/notes/route.ts', line: 5 }],
      fixed: { 'require-user': { 'app/api/notes/route.ts': [/auth\.api\.getSession\(\{ headers: await headers\(\) \}\);\n {2}if \(!session\) return/, /import \{ headers \} from 'next\/headers';/] } },
    },
    {
      name: 'Firebase Admin, a handler inside a wrapper',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "firebase-admin": "13" } }',
        'lib/log.ts': "type H = (req: Request) => Promise<Response>;\nexport function withLogging(h: H): H {\n  return async (req) => {\n    const res = await h(req);\n    console.info(res.status);\n    return res;\n  };\n}\n",
        'app/api/notes/route.ts': "import { PrismaClient } from '@prisma/client';\nimport { withLogging } from '../../../lib/log';\n\nconst db = new PrismaClient();\n\nexport const GET = withLogging(async () => {\n  return Response.json(await db.note.findMany());\n});\n",
      },
      findings: [{ file: 'app/api/notes/route.ts', line: 6 }],
      fixed: { 'require-user': { 'app/api/notes/route.ts': [/withLogging\(async \(\) => \{\n {2}const token = /, /await getAuth\(\)\.verifyIdToken\(token\);\n {2}\} catch \{\n {4}return Response\.json/] } },
    },
  ],
});
