import rule from '../../../src/engine/rules/secrets/secret-in-response';
import { ruleTester } from '../../support/rule-tester';

const app = (answer: string): Record<string, string> => ({ 'src/app.js': `const express = require('express');\nconst app = express();\napp.get('/a', (req, res) => {\n  ${answer}\n});\n` });

ruleTester(rule, {
  valid: [
    { name: 'whether it is set', files: app('res.json({ stripe: Boolean(process.env.STRIPE_SECRET_KEY) });') },
    { name: 'made for browsers', files: app('res.json({ dsn: process.env.SENTRY_DSN, key: process.env.STRIPE_PUBLISHABLE_KEY });') },
    { name: 'its beginning or end, to tell keys apart', files: app("res.json({ a: process.env.MAIL_API_KEY.slice(0, 6) + '…', b: process.env.MAIL_API_KEY.substring(0, 8), c: process.env.MAIL_API_KEY.slice(-4) });") },
  ],
  invalid: [
    { name: 'a key among other things', files: app('res.json({ ok: true, config: { key: process.env.MAIL_API_KEY } });'), findings: [{ file: 'src/app.js', line: 4 }] },
    { name: 'all of the environment', files: app('res.json(process.env);'), findings: [{ file: 'src/app.js', line: 4 }] },
    { name: 'all but its beginning', files: app('res.json({ key: process.env.MAIL_API_KEY.slice(2) });'), findings: [{ file: 'src/app.js', line: 4 }] },
    { name: 'most of it', files: app('res.json({ key: process.env.MAIL_API_KEY.substring(0, 40) });'), findings: [{ file: 'src/app.js', line: 4 }] },
  ],
});
