import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/unverified-session';

const HEAD = "import express from 'express';\nimport jwt from 'jsonwebtoken';\nimport { Pool } from 'pg';\n\nconst app = express();\nconst pool = new Pool();\n\n";
const app = (guard: string) => `${HEAD}${guard}\napp.get('/invoices', requireUser, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM invoices WHERE user_id = $1', [res.locals.id]);\n  res.json(rows);\n});\n\napp.listen(3000);\n`;

ruleTester(rule, {
  valid: [
    { name: 'decoded for display only', files: { 'src/app.ts': `${HEAD}app.get('/whoami', (req, res) => {\n  const claims = jwt.decode(req.headers.authorization ?? '');\n  res.json({ claims });\n});\napp.listen(1);\n` } },
    { name: 'a header that is no identity', files: { 'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  if (!req.headers['sec-fetch-dest']) {\n    res.status(401).end();\n    return;\n  }\n  next();\n}\n") } },
  ],
  invalid: [
    {
      name: 'one helper believes a cookie that names the user: one finding, however many routes ask it',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "@supabase/ssr": "0", "@supabase/supabase-js": "2" } }', 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
        'lib/who.ts': "import { createServerClient } from '@supabase/ssr';\nimport { createClient } from '@supabase/supabase-js';\nimport { cookies } from 'next/headers';\n\nexport const admin = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!);\n\nexport async function who() {\n  const store = await cookies();\n  const stand = store.get('stand_in_for')?.value;\n  if (stand) {\n    const { data, error } = await admin.auth.admin.getUserById(stand);\n    if (!error && data.user) return { user: { id: data.user.id, email: data.user.email }, error: null };\n  }\n  const own = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n  const { data: { user }, error } = await own.auth.getUser();\n  if (error || !user) return { user: null, error: error ?? new Error('Nobody') };\n  return { user, error: null };\n}\n",
        'app/api/a/route.ts': "import { admin, who } from '@/lib/who';\n\nexport async function GET() {\n  const { user, error } = await who();\n  if (error || !user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  const { data } = await admin.from('invoices').select('*').eq('owner', user.id);\n  return Response.json(data);\n}\n\nexport async function DELETE(req: Request) {\n  const { user } = await who();\n  if (!user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  await admin.from('invoices').delete().eq('id', (await req.json()).id);\n  return Response.json({ ok: true });\n}\n",
        'app/api/b/route.ts': "import { admin, who } from '@/lib/who';\n\nexport async function POST(req: Request) {\n  const { user } = await who();\n  if (!user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  await admin.from('invoices').insert({ owner: user.id, total: Number((await req.json()).total) });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'lib/who.ts', line: 11, messageId: 'header', confidence: 'high', message: /^Anyone can pose as any user: the cookie stand_in_for names the user and anybody can set it, and it opens 3 endpoints\./ }],
    },
    {
      name: 'an id in a cookie, looked up in the table of users',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15" } }', 'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'lib/me.ts': "import { cookies } from 'next/headers';\nimport { db } from '../db';\n\nexport async function me() {\n  const id = (await cookies()).get('user_id')?.value;\n  if (!id) return null;\n  return db.person.findUnique({ where: { id } });\n}\n",
        'app/api/a/route.ts': "import { db } from '../../../db';\nimport { cookies } from 'next/headers';\n\nexport async function POST(req: Request) {\n  const id = (await cookies()).get('user_id')?.value;\n  if (!id) return Response.json({ error: 'Sign in first' }, { status: 401 });\n  return Response.json(await db.payment.create({ data: { ownerId: id, total: 1 } }));\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 6, messageId: 'header' }],
    },
    {
      name: 'a decoded token; the secret is known from where it is signed',
      files: {
        'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  const claims = jwt.decode(req.headers.authorization ?? '');\n  if (!claims) {\n    res.status(401).end();\n    return;\n  }\n  res.locals.id = claims.sub;\n  next();\n}\n"),
        'src/issue.ts': "import jwt from 'jsonwebtoken';\nexport const issue = (id: string) => jwt.sign({ sub: id }, process.env.JWT_SECRET!, { expiresIn: '1h' });\n",
      },
      findings: [{ file: 'src/app.ts', line: 9, messageId: 'decoded', fixes: ['verify-token'] }],
      fixed: { 'verify-token': { 'src/app.ts': [/function verifiedClaims\(token: string\) \{\n {2}try \{\n {4}return jwt\.verify\(token, process\.env\.JWT_SECRET!? \?\? '', \{ algorithms: \['HS256'\] \}\);/, /const claims = verifiedClaims\(req\.headers/] } },
    },
    {
      name: 'a header that anyone can set',
      files: { 'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  const id = req.headers['x-user-id'];\n  if (!id) {\n    res.status(401).end();\n    return;\n  }\n  res.locals.id = id;\n  next();\n}\n") },
      findings: [{ file: 'src/app.ts', line: 10, messageId: 'header', fixes: [] }],
    },
    {
      name: 'the project’s own guard takes the place of the one that believes anything',
      files: {
        'src/auth.ts': "import jwt from 'jsonwebtoken';\nimport type { NextFunction, Request, Response } from 'express';\nexport function requireAuth(req: Request, res: Response, next: NextFunction) {\n  try {\n    res.locals.id = jwt.verify(req.headers.authorization ?? '', process.env.JWT_SECRET!, { algorithms: ['HS256'] });\n  } catch {\n    return res.status(401).end();\n  }\n  next();\n}\nexport function byHeader(req: Request, res: Response, next: NextFunction) {\n  if (!req.headers['x-user-id']) return res.status(401).end();\n  res.locals.id = req.headers['x-user-id'];\n  next();\n}\nexport function byFlag(req: Request, res: Response, next: NextFunction) {\n  if (req.query.admin !== 'true') return res.status(403).end();\n  next();\n}\n",
        'src/app.ts': "import express from 'express';\nimport { Pool } from 'pg';\nimport { byFlag, byHeader, requireAuth } from './auth';\n\nconst app = express();\nconst pool = new Pool();\n\napp.get('/me', requireAuth, (req, res) => {\n  res.json(res.locals.id);\n});\napp.post('/invoices', byHeader, async (req, res) => {\n  await pool.query('INSERT INTO invoices (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\napp.post('/payouts', byFlag, async (req, res) => {\n  await pool.query('INSERT INTO payouts (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\napp.listen(1);\n",
      },
      findings: [{ file: 'src/auth.ts', line: 12, messageId: 'header', fixes: ['require-user'] }, { file: 'src/auth.ts', line: 17, messageId: 'header', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'src/app.ts': [/'\/invoices', requireAuth, async/, /'\/payouts', byFlag, async/] } },
    },
    {
      name: 'Next: a header, a token that is only decoded',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "next-auth": "5", "jose": "6" } }', 'auth.ts': "import NextAuth from 'next-auth';\nexport const { handlers, auth } = NextAuth({ providers: [] });\n", 'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'app/api/a/route.ts': "import { db } from '../../../db';\n\nexport async function POST(req: Request) {\n  const id = req.headers.get('x-user-id');\n  if (!id) return Response.json({ error: 'Sign in first' }, { status: 401 });\n  return Response.json(await db.payment.create({ data: { ownerId: id } }));\n}\n",
        'app/api/b/route.ts': "import { cookies } from 'next/headers';\nimport { decodeJwt } from 'jose';\nimport { db } from '../../../db';\n\nexport async function POST() {\n  const token = (await cookies()).get('session')?.value;\n  if (!token) return Response.json({ error: 'Sign in first' }, { status: 401 });\n  const user = decodeJwt(token);\n  await db.payment.create({ data: { ownerId: user.sub } });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 5, fixes: ['require-user'] }, { file: 'app/api/b/route.ts', line: 8, messageId: 'decoded', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app/api/a/route.ts': [/POST\(req: Request\) \{\n {2}const session = await auth\(\);/] } },
    },
  ],
});
