import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/guard-result-ignored';

const HEAD = "const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\n";
const WORK = "  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n";
const express = (guard: string, args = 'guard') => `${HEAD}${guard}\napp.delete('/customers/:id', ${args}, async (req, res) => {\n${WORK}});\n\napp.listen(1);\n`;

ruleTester(rule, {
  valid: [
    { name: 'a denial for a bad value', files: { 'app.js': `${HEAD}app.post('/contact', async (req, res) => {\n  if (!req.body.email) res.status(400).json({ error: 'email is missing' });\n  await pool.query('INSERT INTO leads (email) VALUES ($1)', [req.body.email]);\n  if (!res.headersSent) res.json({ ok: true });\n});\napp.listen(1);\n` } },
    { name: 'a sign-in that forgets to return', files: { 'app.js': `${HEAD}const bcrypt = require('bcrypt');\napp.post('/login', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM users WHERE email = $1', [req.body.email]);\n  if (!(await bcrypt.compare(req.body.password, rows[0].hash))) res.status(401).json({ error: 'Unauthorized' });\n  res.json({ token: jwt.sign({ sub: rows[0].id }, process.env.JWT_SECRET) });\n});\napp.listen(1);\n` } },
  ],
  invalid: [
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
      findings: [{ file: 'app.js', line: 12, messageId: 'afterTheWork', fixes: [] }],
    },
    {
      name: 'a catch that lets the request go on', files: { 'app.js': express("function guard(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    console.warn('bad token');\n  }\n  next();\n}\n") },
      findings: [{ file: 'app.js', line: 10, messageId: 'catchFallsThrough', fixes: [] }],
    },
  ],
});
