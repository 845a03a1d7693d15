import { defineRule } from '../../core/rule';
import { insertGuard, insertRouterGuard } from '../../fixes/guard';
import { guardByHand } from '../../fixes/guard-hand';
import { exposureOf } from './shared/exposure';
import { guardFixes, openMessage, openReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'endpoint/unauthenticated-mutation',
    item: 'endpoints',
    category: 'auth-missing',
    severity: 'critical',
    title: 'Anyone can change data without signing in',
    businessImpact: 'One anonymous request can create, change or delete your customers’ records, or spend your money on mail, payments and AI calls.',
    why: [
      'A route that writes is reachable by its address alone. Hiding the button in the app does not help: the request can be sent with a browser’s address bar or one line of curl.',
      '',
      'Looked at: every endpoint that reaches a write (database, storage, mail, payment, AI model, process) with everything that runs before it: middleware of the app and its routers in order, wrappers, Next.js middleware and its matcher, checks inside the handler and the helpers it calls.',
      '',
      'Not reported: sign-in, sign-up, password reset, health checks, signed webhooks, contact and lead forms, applications and bookings that somebody has yet to decide on, the first set-up that closes itself once an account exists, links with an unguessable token, routers that nobody mounts, and what `publicRoutes` in `rescue.config.json` names. What row level security keeps from strangers by the repository’s own SQL files is not reported either, nor what happens only when a row came that strangers cannot see; a policy that lets everybody change rows, or a table without row level security, is. Where no file says what the row rules are, or a guard could not be read, the audit asks for a look and nothing is underlined.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [306],
    owasp: ['API2', 'API5'],
    messages: {
      open: 'Anyone can {{deed}}: {{place}} has no sign-in check.',
      openRows: 'Anyone can {{deed}}: {{place}} has no sign-in check, and {{why}}.',
      rowRules: 'Nobody has to sign in for {{place}}: only the database’s row rules decide who can {{deed}}.\nHave a look whether these tables have row level security and policies.',
      unsure: 'Have a look: no sign-in check was found for {{place}}, which can {{deed}}.',
      webhook: 'Anyone can send a forged event and {{deed}}: {{place}} does not check who sends it.\nVerify the sender’s signature before the event is used.',
    },
    bad: {
      'server/app.js': "const express = require('express');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\napp.use(express.json());\n\napp.delete('/customers/:id', async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    good: {
      'server/auth.js': "const jwt = require('jsonwebtoken');\n\nfunction requireAuth(req, res, next) {\n  const token = (req.headers.authorization || '').replace('Bearer ', '');\n  try {\n    req.user = jwt.verify(token, process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n}\n\nmodule.exports = { requireAuth };\n",
      'server/app.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst { requireAuth } = require('./auth');\n\nconst app = express();\nconst pool = new Pool();\n\napp.use(express.json());\n\napp.delete('/customers/:id', requireAuth, async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    const exposure = exposureOf(endpoint, ctx.model);
    if (exposure?.kind !== 'mutation' || exposure.cause) return;
    const webhook = exposure.webhook && exposure.confidence !== 'low';
    ctx.report(openReport(endpoint, exposure, ctx.model, webhook ? 'webhook' : openMessage(exposure), webhook ? [] : guardFixes(endpoint, exposure, ctx.model)));
  },
  fixes: { 'require-user': insertGuard, 'guard-router': insertRouterGuard, 'guard-by-hand': guardByHand },
});
