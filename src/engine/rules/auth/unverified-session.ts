import { defineRule } from '../../core/rule';
import { canGuardAll, canVerifyToken, insertGuard, verifyToken } from '../../fixes/guard';
import { reportCauses } from './shared/causes';

export default defineRule({
  meta: {
    id: 'auth/unverified-session',
    item: 'auth',
    category: 'auth-missing',
    severity: 'critical',
    title: 'The user’s identity is believed without proof',
    businessImpact: 'Anyone can be any user, an admin included, by editing a cookie, a token or a header.',
    why: [
      'Decoding a token shows what somebody wrote into it; only checking the signature shows who wrote it. A header or cookie with a user id is whatever the sender wants it to be.',
      '',
      'Looked at: checks that let a request pass because of `jwt.decode()`, `decodeJwt()`, `getSession()` on a Supabase server client, `getSessionCookie()`, a header such as `x-user-id`, or a cookie whose id picks the user, with endpoints behind them that read or change data.',
      '',
      'Not reported: tokens that are verified as well, decoding for display, endpoints that are public on purpose.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [345, 287],
    owasp: ['API2'],
    messages: {
      decoded: 'Anyone can pose as any user: {{how}}, so a forged token opens {{count}}.\n{{places}}',
      header: 'Anyone can pose as any user: {{how}}, and it opens {{count}}.\n{{places}}',
    },
    bad: {
      'server/app.js': "const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\nfunction requireUser(req, res, next) {\n  const claims = jwt.decode(req.headers.authorization || '');\n  if (!claims) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  req.user = claims;\n  next();\n}\n\napp.get('/invoices', requireUser, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM invoices WHERE user_id = $1', [req.user.sub]);\n  res.json(rows);\n});\n\napp.listen(3000);\n",
    },
    good: {
      'server/app.js': "const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\nfunction requireUser(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization || '', process.env.JWT_SECRET, { algorithms: ['HS256'] });\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n}\n\napp.get('/invoices', requireUser, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM invoices WHERE user_id = $1', [req.user.sub]);\n  res.json(rows);\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    reportCauses('unverified', model, ctx, (g) => (g.kind === 'decoded-not-verified' ? 'decoded' : 'header'), (cause, endpoints) => {
      // A helper that lets the caller say who he is must stop doing so; a second check in each route would leave it as it is.
      if (cause.guard.kind === 'unverified-session') return [];
      return canVerifyToken(cause.guard, model) ? ['verify-token'] : canGuardAll(cause.guard, endpoints, model) ? ['require-user'] : [];
    });
  },
  fixes: { 'verify-token': verifyToken, 'require-user': insertGuard },
});

