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
