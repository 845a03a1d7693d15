import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/open-admin';

const app = (routes: string) => `import express from 'express';\nimport { PrismaClient } from '@prisma/client';\n\nconst app = express();\nconst db = new PrismaClient();\n\n${routes}\napp.listen(3000);\n`;

ruleTester(rule, {
  valid: [
    { name: 'a seed route that does nothing in production', files: { 'src/app.ts': app("app.post('/api/seed', async (req, res) => {\n  if (process.env.NODE_ENV === 'production') return res.status(404).end();\n  await db.user.createMany({ data: [{ email: 'a' }] });\n  res.json({ ok: true });\n});\n") } },
    { name: 'the word inside another word', files: { 'src/app.ts': app("app.get('/administrative-areas', async (req, res) => {\n  res.json(await db.region.findMany());\n});\n") } },
    { name: 'a counter of its own in memory', files: { 'src/app.ts': app("const stats = { seen: 0 };\napp.post('/api/admin/ping', (req, res) => {\n  stats.seen += 1;\n  res.json({ ok: true });\n});\n") } },
    { name: 'an admin page without data', files: { 'src/app.ts': app("app.get('/admin', (req, res) => {\n  res.send('<div id=\"root\"></div>');\n});\n") } },
  ],
  invalid: [
    {
      name: 'a list that is only read costs what reading it costs',
      files: { 'src/app.ts': app("app.get('/api/admin/staff', async (req, res) => {\n  res.json(await db.staff.findMany());\n});\n") },
      findings: [{ file: 'src/app.ts', line: 7, severity: 'high', message: /^Anyone can read staff: /, businessImpact: /^What people entrusted to you/ }],
    },
    {
      name: 'a debug route that shows a part of a password, filled in on one path of a try',
      files: { 'src/app.ts': app("app.post('/debug/account', async (req, res) => {\n  try {\n    const out: Record<string, unknown> = { staff: null };\n    const found = await db.staff.findUnique({ where: { mail: req.body.mail } });\n    if (found) out.staff = { mail: found.mail, kept: found.password ? found.password.substring(0, 12) + '…' : 'none' };\n    res.json({ out });\n  } catch (e) {\n    res.status(500).end();\n  }\n});\n") },
      findings: [{ file: 'src/app.ts', line: 7, severity: 'critical', message: /^Anyone can read stored passwords of staff: POST \/debug\/account is there for debugging/, businessImpact: /^Whoever calls it gets what your app keeps as passwords/ }],
    },
    {
      name: 'whether there is a password, and how long it is, is none; what a POST shows no search engine finds',
      files: { 'src/app.ts': app("app.post('/api/admin/account', async (req, res) => {\n  const found = await db.staff.findUnique({ where: { mail: req.body.mail } });\n  res.json({ mail: found.mail, has: !!found.password, long: found.password.length });\n});\n") },
      findings: [{ file: 'src/app.ts', line: 7, severity: 'high', message: /^Anyone can read staff: /, businessImpact: /^What people entrusted to you is one request away from anyone: / }],
    },
    {
      name: 'a test route with a fixed answer is untidy, one that tells of the machine is more',
      files: { 'src/app.ts': app("app.get('/till/debug', (req, res) => {\n  res.json({ message: 'reached', at: new Date().toISOString() });\n});\napp.get('/desk/debug', (req, res) => {\n  res.json({ node: process.version, stage: process.env.STAGE });\n});\n") },
      findings: [
        { file: 'src/app.ts', line: 7, severity: 'low', message: /^Anyone can call this test route: GET \/till\/debug is there for debugging/, businessImpact: /fixed text/ },
        { file: 'src/app.ts', line: 10, severity: 'high', message: /^Anyone can see how your server is set up: / },
      ],
    },
    {
      name: 'what all requests share is changed, and nothing that is stored',
      files: { 'src/app.ts': app("const doors = [{ id: 'a', open: false }];\napp.put('/api/admin/doors/:id', (req, res) => {\n  const door = doors.find((d) => d.id === req.params.id);\n  if (!door) return res.status(404).end();\n  door.open = req.body.open;\n  res.json(door);\n});\n") },
      findings: [{ file: 'src/app.ts', line: 8, severity: 'medium', message: /^Anyone can change what the server keeps in memory: /, businessImpact: /until the server starts again/ }],
    },
    {
      name: 'rows that were found are deleted one by one',
      files: { 'src/app.ts': "import express from 'express';\nimport mongoose from 'mongoose';\n\nconst app = express();\nconst Visit = mongoose.model('Visit', new mongoose.Schema({ day: String }));\napp.post('/api/admin/merge/:day', async (req, res) => {\n  const visits = await Visit.find({ day: req.params.day });\n  for (const v of visits) await v.deleteOne();\n  res.json({ ok: true });\n});\napp.listen(3000);\n" },
      findings: [{ file: 'src/app.ts', line: 6, severity: 'critical', message: /^Anyone can delete visits: / }],
    },
    {
      name: 'figures in the back office weigh less',
      files: { 'src/app.ts': app("app.get('/api/admin/numbers', async (req, res) => {\n  res.json({ orders: await db.order.count() });\n});\n") },
      findings: [{ file: 'src/app.ts', line: 7, severity: 'medium', message: /^Anyone can see figures about your orders: / }],
    },
    {
      name: 'row rules: nobody knows, or they let everybody',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/ssr": "0" } }', 'supabase/migrations/1.sql': 'create table banners (t text);\nalter table banners enable row level security;\ncreate policy p on banners using (true);\n',
        'lib/server.ts': "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\n\nexport async function createClient() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n",
        'app/api/admin/a/route.ts': "import { createClient } from '../../../../lib/server';\n\nexport async function POST(req: Request) {\n  const own = await createClient();\n  await own.from('parcels').update({ lost: true }).eq('id', (await req.json()).id);\n  return Response.json({ ok: true });\n}\n",
        'app/api/admin/b/route.ts': "import { createClient } from '../../../../lib/server';\n\nexport async function POST(req: Request) {\n  const own = await createClient();\n  await own.from('banners').update({ t: (await req.json()).t }).eq('id', 1);\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/admin/a/route.ts', line: 3, messageId: 'rowRules', severity: 'medium' }, { file: 'app/api/admin/b/route.ts', line: 3, messageId: 'openRows', severity: 'critical' }],
    },
    {
      name: 'one finding an endpoint, internal routes of a whole router, a debug route',
      files: { 'src/app.ts': app("app.post('/internal/recalculate', async (req, res) => {\n  await db.invoice.updateMany({ data: { total: 0 } });\n  res.json({ ok: true });\n});\napp.delete('/internal/demo', async (req, res) => {\n  await db.lead.deleteMany({});\n  res.json({ ok: true });\n});\napp.get('/debug/config', (req, res) => {\n  res.json(process.env);\n});\n") },
      findings: [
        { file: 'src/app.ts', line: 7, messageId: 'open', confidence: 'proven', severity: 'critical', fixes: ['require-user', 'guard-router'] },
        { file: 'src/app.ts', line: 11, confidence: 'proven' },
        { file: 'src/app.ts', line: 15, severity: 'high', message: /see how your server is set up/ },
      ],
    },
    {
      name: 'a table without a place for a guard',
      files: { 'src/app.ts': app("const ROUTES = [{ path: '/admin/wipe', run: async (req: express.Request, res: express.Response) => {\n  await db.lead.deleteMany({});\n  res.json({ ok: true });\n} }];\nfor (const r of ROUTES) app.post(r.path, r.run);\n") },
      findings: [{ file: 'src/app.ts', line: 7, fixes: ['guard-by-hand'] }],
    },
    { name: 'a guard of which nothing is known', files: { 'src/app.ts': app("app.post('/api/admin/plans', requireStaff, async (req, res) => {\n  await db.plan.create({ data: { name: 'a' } });\n  res.json({ ok: true });\n});\n").replace("import express from 'express';", "import express from 'express';\nimport { requireStaff } from 'company-auth';") }, findings: [{ file: 'src/app.ts', line: 8, messageId: 'unsure', confidence: 'low', fixes: [] }] },
  ],
});
