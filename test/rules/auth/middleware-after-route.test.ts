import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/middleware-after-route';

const AUTH = "const jwt = require('jsonwebtoken');\nexports.requireAuth = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n};\n";
const HEAD = "const express = require('express');\nconst { Pool } = require('pg');\nconst { requireAuth } = require('./auth');\n\nconst app = express();\nconst pool = new Pool();\n\n";
const ROUTE = "app.post('/orders', async (req, res) => {\n  await pool.query('INSERT INTO orders (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\n";

ruleTester(rule, {
  valid: [
    { name: 'what comes late is no guard', files: { 'auth.js': AUTH, 'app.js': `${HEAD}${ROUTE}\napp.use(express.json());\napp.listen(1);\n` } },
    { name: 'works without a user, does more with one', files: { 'auth.js': `${AUTH}exports.maybeUser = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    req.user = null;\n  }\n  next();\n};\n`, 'app.js': `${HEAD.replace('{ requireAuth }', '{ requireAuth, maybeUser }')}app.get('/notes', maybeUser, async (req, res) => {\n  if (req.user) {\n    const { rows } = await pool.query('SELECT * FROM notes WHERE user_id = $1', [req.user.sub]);\n    return res.json(rows);\n  }\n  const { rows } = await pool.query('SELECT id, title FROM notes WHERE public');\n  res.json(rows);\n});\n\napp.use(requireAuth);\napp.listen(1);\n` } },
    { name: 'guarded by its own', files: { 'auth.js': AUTH, 'app.js': `${HEAD}${ROUTE.replace("'/orders', ", "'/orders', requireAuth, ")}\napp.use(requireAuth);\napp.listen(1);\n` } },
  ],
  invalid: [
    { name: 'a guard at the very end', files: { 'auth.js': AUTH, 'app.js': `${HEAD}${ROUTE}\napp.use(requireAuth);\n\napp.listen(1);\n` }, findings: [{ file: 'app.js', line: 13, messageId: 'late', fixes: ['move-guard'] }], fixed: { 'move-guard': { 'app.js': `${HEAD}app.use(requireAuth);\n\n${ROUTE}\napp.listen(1);\n` } } },
    { name: 'a public route between the two is not locked by moving', files: { 'auth.js': AUTH, 'app.js': `${HEAD}${ROUTE}app.get('/health', (req, res) => res.json({ ok: true }));\napp.use(requireAuth);\napp.get('/me', (req, res) => res.json(req.user));\napp.listen(1);\n` }, findings: [{ file: 'app.js', line: 13, fixes: ['require-user'], confidence: 'high' }], fixed: { 'require-user': { 'app.js': [/app\.post\('\/orders', requireAuth, async/, /app\.get\('\/health', \(req/] } } },
  ],
});
