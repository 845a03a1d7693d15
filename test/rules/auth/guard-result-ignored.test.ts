import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/guard-result-ignored';

const HEAD = "const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\n";
const WORK = "  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n";
const express = (guard: string, args = 'guard') => `${HEAD}${guard}\napp.delete('/customers/:id', ${args}, async (req, res) => {\n${WORK}});\n\napp.listen(1);\n`;

const EDGE = "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n\n";
/** Asks for the user of a token that was sent; what happens without one is `otherwise`. */
const tokenOr = (otherwise: string) => ({ 'supabase/functions/ledger/index.ts': `${EDGE}Deno.serve(async (req) => {\n  const header = req.headers.get('Authorization');\n  if (header && header.startsWith('Bearer ')) {\n    const { data, error } = await admin.auth.getUser(header.replace('Bearer ', ''));\n    if (error || !data.user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n    await admin.from('ledgers').insert({ owner: data.user.id });\n    return Response.json({ ok: true });\n  } else {\n${otherwise}    return Response.json({ ok: true });\n  }\n});\n` });

ruleTester(rule, {
  valid: [
    { name: 'a guest brings his own data', files: tokenOr("    const { name } = await req.json();\n    await admin.from('ledgers').insert({ name });\n") },
    { name: 'a user who is asked for only to label a row, with nobody turned away for him', files: { 'supabase/functions/talk/index.ts': `${EDGE}Deno.serve(async (req) => {\n  const { pier, text } = await req.json();\n  const { data: found } = await admin.from('piers').select('*').eq('id', pier).single();\n  if (!found) return Response.json({ error: 'Forbidden' }, { status: 403 });\n  await admin.from('talks').insert({ pier, text });\n  const { data } = await admin.auth.getUser(req.headers.get('Authorization') ?? '');\n  let label = 'guest';\n  if (data.user) {\n    const { data: own } = await admin.from('crews').select('name').eq('id', data.user.id).single();\n    label = own.name;\n  }\n  console.log(label);\n  return Response.json({ ok: true });\n});\n` } },
    { name: 'a signature that is asked for', files: { 'app.js': `${HEAD}const crypto = require('crypto');\napp.post('/hooks/pay', async (req, res) => {\n  const sent = req.get('x-signature');\n  if (!sent || crypto.createHmac('sha256', process.env.HOOK_SECRET).update(req.body).digest('hex') !== sent) return res.status(401).end();\n  await pool.query('UPDATE payouts SET done = true WHERE ref = $1', [JSON.parse(req.body).ref]);\n  res.end();\n});\napp.listen(1);\n` } },
    { name: 'a denial for a bad value', files: { 'app.js': `${HEAD}app.post('/contact', async (req, res) => {\n  if (!req.body.email) res.status(400).json({ error: 'email is missing' });\n  await pool.query('INSERT INTO leads (email) VALUES ($1)', [req.body.email]);\n  if (!res.headersSent) res.json({ ok: true });\n});\napp.listen(1);\n` } },
    { name: 'whoever brings no token stays nobody', files: { 'app.js': `${HEAD}function optionalAuth(req, res, next) {\n  try {\n    const token = req.cookies.token;\n    if (!token) {\n      return next();\n    }\n    const claims = jwt.verify(token, process.env.JWT_SECRET);\n    req.auth = { id: claims.sub };\n    next();\n  } catch (error) {\n    next();\n  }\n}\napp.get('/files/:id', optionalAuth, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM uploads WHERE id = $1', [req.params.id]);\n  if (rows[0].private && rows[0].owner !== req.auth?.id) return res.status(403).end();\n  res.json(rows[0]);\n});\napp.listen(1);\n` } },
    { name: 'a sign-in that forgets to return', files: { 'app.js': `${HEAD}const bcrypt = require('bcrypt');\napp.post('/login', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM users WHERE email = $1', [req.body.email]);\n  if (!(await bcrypt.compare(req.body.password, rows[0].hash))) res.status(401).json({ error: 'Unauthorized' });\n  res.json({ token: jwt.sign({ sub: rows[0].id }, process.env.JWT_SECRET) });\n});\napp.listen(1);\n` } },
  ],
  invalid: [
    {
      name: 'whoever sends no token is taken for the scheduler',
      files: tokenOr("    const { data: all } = await admin.from('owners').select('id');\n    for (const o of all ?? []) await admin.from('ledgers').insert({ owner: o.id });\n"),
      findings: [{ file: 'supabase/functions/ledger/index.ts', line: 6, messageId: 'onlyIfSent', severity: 'critical', message: /only when the header "authorization" is there: whoever sends none is taken for the scheduler/, businessImpact: /^Leaving something out is all it takes/ }],
    },
    {
      name: 'a signature compared only when one was sent', files: { 'app.js': `${HEAD}const crypto = require('crypto');\napp.post('/hooks/pay', async (req, res) => {\n  const secret = process.env.HOOK_SECRET || '';\n  const sent = req.headers['x-signature'];\n  if (secret && sent) {\n    const own = crypto.createHmac('sha256', secret).update(req.body).digest('hex');\n    if (own !== sent) return res.status(401).end();\n  }\n  await pool.query('UPDATE payouts SET done = true WHERE ref = $1', [JSON.parse(req.body).ref]);\n  res.end();\n});\napp.listen(1);\n` },
      findings: [{ file: 'app.js', line: 12, messageId: 'onlyIfSent', message: /^The check can be left out: HMAC comparison is checked only when the header "x-signature" is there: whoever leaves it out passes\.\n1 endpoint/ }],
    },
    {
      name: 'no return, without braces', files: { 'app.js': express("function guard(req, res, next) {\n  if (req.get('x-key') !== process.env.KEY)\n    res.status(401).json({ error: 'Unauthorized' });\n  next();\n}\n") },
      findings: [{ file: 'app.js', line: 10, messageId: 'missingReturn', fixes: ['add-return'], message: /^The denial is sent, but nothing stops the request: 1 endpoint behind it/ }],
      fixed: { 'add-return': { 'app.js': [/KEY\)\n {4}\{\n {6}res\.status\(401\)\.json\(\{ error: 'Unauthorized' \}\);\n {6}return;\n {4}\}\n {2}next/] } },
    },
    {
      name: 'only logged', files: { 'app.js': express("function requireKey(req, res, next) {\n  if (!process.env.KEY || req.get('x-key') !== process.env.KEY) {\n    console.warn('wrong key');\n  }\n  next();\n}\n", 'requireKey') },
      findings: [{ file: 'app.js', line: 9, messageId: 'logsOnly', fixes: ['deny'] }],
      fixed: { deny: { 'app.js': [/wrong key'\);\n {4}res\.status\(401\)\.json\(\{ error: 'Unauthorized' \}\);\n {4}return;\n {2}\}/] } },
    },
    {
      name: 'not awaited', files: { 'auth.ts': "import NextAuth from 'next-auth';\nexport const { auth } = NextAuth({ providers: [] });\n", 'lib.ts': "import { auth } from './auth';\nexport async function requireUser() {\n  const session = await auth();\n  if (!session?.user) throw new Error('Please sign in');\n}\n", 'app/api/notes/route.ts': "import { PrismaClient } from '@prisma/client';\nimport { requireUser } from '../../../lib';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  requireUser();\n  return Response.json(await db.note.findMany());\n}\n" },
      findings: [{ file: 'app/api/notes/route.ts', line: 7, messageId: 'missingAwait', fixes: ['add-await'] }],
      fixed: { 'add-await': { 'app/api/notes/route.ts': [/\n {2}await requireUser\(\);\n/] } },
    },
    {
      name: 'asked after the work', files: { 'app.js': `${HEAD}app.delete('/customers/:id', async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  let user;\n  try {\n    user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).json({ error: 'Unauthorized' });\n  }\n  res.json({ user });\n});\napp.listen(1);\n` },
      findings: [{ file: 'app.js', line: 12, messageId: 'afterTheWork', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app.js': [/app\.delete\('\/customers\/:id', requireUser, async/], 'lib/require-user.js': [/NOT WIRED YET/] } },
    },
    {
      name: 'behind it stands the project’s own guard elsewhere: a catch, a way around',
      files: {
        'auth.js': "const jwt = require('jsonwebtoken');\nfunction requireAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n}\nfunction skippable(req, res, next) {\n  if (req.query.force === 'true') return next();\n  return requireAuth(req, res, next);\n}\nfunction lax(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET);\n  } catch (error) {\n    console.warn('bad token');\n  }\n  next();\n}\nmodule.exports = { requireAuth, skippable, lax };\n",
        'app.js': `${HEAD.replace("const jwt = require('jsonwebtoken');", "const { requireAuth, skippable, lax } = require('./auth');")}app.get('/me', requireAuth, (req, res) => res.json(req.user));\napp.delete('/customers/:id', skippable, async (req, res) => {\n${WORK}});\napp.delete('/leads/:id', lax, async (req, res) => {\n${WORK}});\napp.listen(1);\n`,
      },
      findings: [{ file: 'auth.js', line: 11, messageId: 'bypass', fixes: ['require-user'] }, { file: 'auth.js', line: 16, messageId: 'catchFallsThrough', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app.js': [/'\/customers\/:id', requireAuth, skippable, async/] } },
    },
    {
      name: 'Next: a catch that lets go, work before the check',
      files: {
        'package.json': '{ "name": "x", "dependencies": { "next": "15", "next-auth": "5", "jose": "6" } }', 'auth.ts': "import NextAuth from 'next-auth';\nexport const { handlers, auth } = NextAuth({ providers: [] });\n", 'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'app/api/a/route.ts': "import { jwtVerify } from 'jose';\nimport { db } from '../../../db';\n\nexport async function POST(req: Request) {\n  try {\n    await jwtVerify(req.headers.get('authorization') ?? '', new TextEncoder().encode(process.env.SECRET));\n  } catch (error) {\n    console.warn(String(error));\n  }\n  await db.payment.create({ data: { amount: 1 } });\n  return Response.json({ ok: true });\n}\n",
        'app/api/b/route.ts': "import { auth } from '../../../auth';\nimport { db } from '../../../db';\n\nexport async function DELETE() {\n  await db.payment.deleteMany({});\n  const session = await auth();\n  if (!session) return Response.json({ error: 'Sign in first' }, { status: 401 });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/a/route.ts', line: 6, messageId: 'catchFallsThrough', fixes: ['require-user'] }, { file: 'app/api/b/route.ts', line: 6, messageId: 'afterTheWork', fixes: ['require-user'] }],
      fixed: { 'require-user': { 'app/api/a/route.ts': [/POST\(req: Request\) \{\n {2}const session = await auth\(\);\n {2}if \(!session\?\.user\) return/] } },
    },
    {
      name: 'a catch that lets the request go on', files: { 'app.js': express("function guard(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    console.warn('bad token');\n  }\n  next();\n}\n") },
      findings: [{ file: 'app.js', line: 10, messageId: 'catchFallsThrough', fixes: [] }],
    },
  ],
});
