/** A guard named for administrators that lets every account pass. */
import type { Endpoint } from '../../core/model';
import { defineRule } from '../../core/rule';
import { placeOf } from '../endpoint/shared/exposure';
import { type Unasked, unasked } from './shared/named';

export default defineRule({
  meta: {
    id: 'auth/role-never-checked',
    item: 'auth',
    category: 'authz-missing',
    severity: 'high',
    title: 'A guard is named for administrators and admits every account',
    businessImpact: 'What was meant for your own people every signed-in user can do as well; the code looks as if somebody had seen to it.',
    why: [
      'A guard that verifies the token and copies the role beside the request has done half of the work. As long as nobody compares the role with anything, every account passes, and the name of the guard tells whoever reads the routes that they are safe.',
      '',
      'Looked at: middleware whose name, or whose file’s name, says administrator or staff, which verifies who is calling and reads what kind of user that is, and in which nothing is decided by it. The endpoints behind it are listed with it.',
      '',
      'Not reported: guards that look an account up, use a key of their own or hand the question on, endpoints where another guard asks for the role, and guards of apps whose accounts have no kinds.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [285, 862],
    owasp: ['API5'],
    messages: {
      found: '{{guard}} is named for administrators, reads the {{field}} and never looks at it: every account gets to {{count}} behind it.\n{{places}}',
    },
    bad: {
      'require-admin.js': "const jwt = require('jsonwebtoken');\n\nmodule.exports = function requireAdmin(req, res, next) {\n  try {\n    const token = jwt.verify((req.headers.authorization || '').replace('Bearer ', ''), process.env.JWT_SECRET);\n    req.account = { id: token.id, role: token.role };\n    next();\n  } catch (error) {\n    res.status(401).json({ error: 'Please sign in' });\n  }\n};\n",
      'app.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst requireAdmin = require('./require-admin');\n\nconst app = express();\nconst pool = new Pool();\n\napp.delete('/prices/:id', requireAdmin, async (req, res) => {\n  await pool.query('DELETE FROM prices WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    good: {
      'require-admin.js': "const jwt = require('jsonwebtoken');\n\nmodule.exports = function requireAdmin(req, res, next) {\n  try {\n    const token = jwt.verify((req.headers.authorization || '').replace('Bearer ', ''), process.env.JWT_SECRET);\n    if (token.role !== 'admin') return res.status(403).json({ error: 'Not for you' });\n    req.account = { id: token.id, role: token.role };\n    next();\n  } catch (error) {\n    res.status(401).json({ error: 'Please sign in' });\n  }\n};\n",
      'app.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst requireAdmin = require('./require-admin');\n\nconst app = express();\nconst pool = new Pool();\n\napp.delete('/prices/:id', requireAdmin, async (req, res) => {\n  await pool.query('DELETE FROM prices WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    const groups = new Map<string, { readonly guard: Unasked; readonly endpoints: Endpoint[] }>();
    for (const e of model.endpoints()) {
      if (!e.mounted || e.auth !== 'required' || e.roles.length > 0 || e.guards.some((g) => g.kind === 'authorization')) continue;
      const guard = e.guards.map((g) => unasked(g, model)).find((g) => g !== null);
      if (!guard) continue;
      const key = `${guard.at.file}:${guard.at.span.start}`;
      const group = groups.get(key);
      if (group) group.endpoints.push(e);
      else groups.set(key, { guard, endpoints: [e] });
    }
    for (const { guard, endpoints } of groups.values()) {
      const first = endpoints[0];
      // What only reads may be for every account all the same.
      if (!first || !endpoints.some((e) => e.mutates)) continue;
      const places = endpoints.map(placeOf);
      ctx.report({
        at: guard.at, messageId: 'found', endpoint: first, confidence: 'high', rootCause: `guard:${guard.at.file}:${guard.at.span.start}`,
        data: { guard: guard.name, field: guard.field, count: endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`, places: `${places.slice(0, 5).join(', ')}${places.length > 5 ? ` and ${places.length - 5} more` : ''}.` },
        evidence: endpoints.slice(0, 10).map((e) => ({ at: e.at, note: `${placeOf(e)} is behind it` })),
      });
    }
  },
});
