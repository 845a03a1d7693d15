import rule from '../../../src/engine/rules/secrets/secret-in-response';
import { ruleTester } from '../../support/rule-tester';

const app = (answer: string): Record<string, string> => ({ 'src/app.js': `const express = require('express');\nconst app = express();\napp.get('/a', (req, res) => {\n  ${answer}\n});\n` });

const signedIn = (routes: string): Record<string, string> => ({
  'src/app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\nconst signedIn = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (e) {\n    return res.status(401).end();\n  }\n  next();\n};\nconst only = (role) => (req, res, next) => (req.user.role === role ? next() : res.status(403).end());\n${routes}\napp.listen(1);\n`,
});

ruleTester(rule, {
  valid: [
    { name: 'whether it is set', files: app('res.json({ stripe: Boolean(process.env.STRIPE_SECRET_KEY) });') },
    { name: 'made for browsers', files: app('res.json({ dsn: process.env.SENTRY_DSN, key: process.env.STRIPE_PUBLISHABLE_KEY });') },
    { name: 'its beginning or end, to tell keys apart', files: app("res.json({ a: process.env.MAIL_API_KEY.slice(0, 6) + '…', b: process.env.MAIL_API_KEY.substring(0, 8), c: process.env.MAIL_API_KEY.slice(-4) });") },
  ],
  invalid: [
    { name: 'a key among other things', files: app('res.json({ ok: true, config: { key: process.env.MAIL_API_KEY } });'), findings: [{ file: 'src/app.js', line: 4 }] },
    {
      name: 'who gets it decides how much it weighs',
      files: signedIn("app.get('/a', signedIn, (req, res) => res.json({ key: process.env.MAIL_API_KEY }));\napp.get('/b', signedIn, only('super_admin'), (req, res) => res.json({ key: process.env.MAIL_API_KEY }));\napp.get('/c', (req, res) => res.json({ key: process.env.MAIL_API_KEY }));\napp.get('/d', signedIn, only('admin'), (req, res) => res.json(process.env));"),
      findings: [
        { file: 'src/app.js', line: 13, severity: 'high', message: /^A signed-in user can read server secrets through GET \/a: MAIL_API_KEY/, businessImpact: /^Every user who signs in can copy this key/ },
        { file: 'src/app.js', line: 14, severity: 'medium', message: /^An administrator can read server secrets through GET \/b: MAIL_API_KEY/, businessImpact: /^Whoever has such an account/ },
        { file: 'src/app.js', line: 15, severity: 'critical', message: /^GET \/c sends server secrets to the caller: MAIL_API_KEY/, businessImpact: /has the key/ },
        { file: 'src/app.js', line: 16, severity: 'medium', message: /^An administrator can read the whole environment through GET \/d/, businessImpact: /every key of the server/ },
      ],
    },
    { name: 'all of the environment', files: app('res.json(process.env);'), findings: [{ file: 'src/app.js', line: 4 }] },
    { name: 'all but its beginning', files: app('res.json({ key: process.env.MAIL_API_KEY.slice(2) });'), findings: [{ file: 'src/app.js', line: 4 }] },
    { name: 'most of it', files: app('res.json({ key: process.env.MAIL_API_KEY.substring(0, 40) });'), findings: [{ file: 'src/app.js', line: 4 }] },
  ],
});
