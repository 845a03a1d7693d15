import { defineRule } from '../../core/rule';
import { canGuardAll, canMoveGuard, insertGuard, moveGuard } from '../../fixes/guard';
import { reportCauses } from './shared/causes';

export default defineRule({
  meta: {
    id: 'auth/middleware-after-route',
    item: 'auth',
    category: 'auth-missing',
    severity: 'critical',
    title: 'The sign-in check is registered after the routes it should protect',
    businessImpact: 'The check never runs for these routes: they are open to anyone although the code looks protected in review.',
    why: [
      'Express runs what was registered in the order in which it was registered. A route that stands above `app.use(requireAuth)` answers before the check is reached.',
      '',
      'Looked at: routes that do something worth protecting, without an effective guard of their own, and a guard that is registered for their path further down.',
      '',
      'Not reported: routes that are public on purpose (sign-in, health, content, signed webhooks), and middleware that is no guard.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [696, 306],
    owasp: ['API2'],
    messages: { late: '{{guard}} comes too late: {{count}} above it {{can}} be called by anyone.\n{{places}}' },
    bad: {
      'server/messages.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst { requireAuth } = require('./auth');\n\nconst app = express();\nconst pool = new Pool();\n\napp.get('/messages', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM messages LIMIT 50');\n  res.json(rows);\n});\n\napp.use(requireAuth);\n\napp.delete('/messages/:id', async (req, res) => {\n  await pool.query('DELETE FROM messages WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
      'server/auth.js': "const jwt = require('jsonwebtoken');\n\nfunction requireAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n}\n\nmodule.exports = { requireAuth };\n",
    },
    good: {
      'server/messages.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst { requireAuth } = require('./auth');\n\nconst app = express();\nconst pool = new Pool();\n\napp.get('/health', (req, res) => res.json({ ok: true }));\n\napp.use(requireAuth);\n\napp.get('/messages', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM messages WHERE user_id = $1 LIMIT 50', [req.user.sub]);\n  res.json(rows);\n});\n\napp.listen(3000);\n",
      'server/auth.js': "const jwt = require('jsonwebtoken');\n\nfunction requireAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n}\n\nmodule.exports = { requireAuth };\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    reportCauses('late', model, ctx, () => 'late', (cause, endpoints) => (canMoveGuard(cause.guard, endpoints, model) ? ['move-guard'] : canGuardAll(cause.guard, endpoints, model) ? ['require-user'] : []));
  },
  fixes: { 'move-guard': moveGuard, 'require-user': insertGuard },
});
