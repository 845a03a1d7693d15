/** Passwords as they are kept, in what an endpoint answers to every account. */
import { defineRule } from '../../core/rule';
import { callersOf } from '../endpoint/shared/callers';
import { placeOf } from '../endpoint/shared/exposure';
import { passwordReads, peopleOf } from '../endpoint/shared/passwords';

export default defineRule({
  meta: {
    id: 'secrets/password-in-response',
    item: 'secrets',
    category: 'data-overexposed',
    severity: 'high',
    title: 'An endpoint hands out what the app keeps as passwords',
    businessImpact: 'Every account can take the others’ password hashes home and try them out without end; what people use elsewhere too is lost with them.',
    why: [
      'A list of users that is sent as it comes from the database holds the column of the password as well. No page shows it, and everybody who opens the browser’s tools sees it.',
      '',
      'Looked at: endpoints whose answer holds rows of the table that people sign in against, as they come, or names a password column; with the columns that the statement asks for, and the schema or the sign-in that says there is such a column.',
      '',
      'Not reported: rows from which the password is taken out (`select`, `omit`, `select: false`, a deleted field, a form of its own), the caller’s own row, and endpoints for administrators only. Endpoints that nobody has to sign in for are told by the rules about those.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [200, 522],
    owasp: ['API3'],
    messages: {
      found: '{{caller}} can read stored passwords of {{people}}: {{place}} sends their rows with the password column.\nAsk for the columns that the page shows.',
    },
    bad: {
      'auth.js': "const jwt = require('jsonwebtoken');\n\nexports.requireUser = (req, res, next) => {\n  try {\n    req.user = jwt.verify((req.headers.authorization || '').replace('Bearer ', ''), process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n};\n",
      'app.js': "const express = require('express');\nconst mongoose = require('mongoose');\nconst { requireUser } = require('./auth');\n\nconst User = mongoose.model('User', new mongoose.Schema({ email: String, name: String, password: String }));\nconst app = express();\n\napp.get('/users', requireUser, async (req, res) => {\n  res.json(await User.find());\n});\n\napp.listen(3000);\n",
    },
    good: {
      'auth.js': "const jwt = require('jsonwebtoken');\n\nexports.requireUser = (req, res, next) => {\n  try {\n    req.user = jwt.verify((req.headers.authorization || '').replace('Bearer ', ''), process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).json({ error: 'Please sign in' });\n  }\n  next();\n};\n",
      'app.js': "const express = require('express');\nconst mongoose = require('mongoose');\nconst { requireUser } = require('./auth');\n\nconst User = mongoose.model('User', new mongoose.Schema({ email: String, name: String, password: String }));\nconst app = express();\n\napp.get('/users', requireUser, async (req, res) => {\n  res.json(await User.find().select('-password'));\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    if (endpoint.auth !== 'required' || !endpoint.mounted) return;
    const reads = passwordReads(endpoint, ctx.model);
    if (reads.length === 0) return;
    const callers = callersOf(endpoint, ctx.model);
    if (callers.who === 'owner' || callers.task) return;
    const people = peopleOf(reads, ctx.model);
    ctx.report({
      at: endpoint.at, messageId: 'found', endpoint, confidence: 'high', severity: callers.who === 'staff' ? 'medium' : 'high',
      data: { caller: callers.name, people, place: placeOf(endpoint), deed: `read stored passwords of ${people}` },
      evidence: reads.slice(0, 3).map((s) => ({ at: s.at, note: 'the rows are read here, password column included' })),
      rootCause: `passwords:${endpoint.at.file}:${endpoint.at.span.start}`,
    });
  },
});
