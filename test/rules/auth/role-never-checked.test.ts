import rule from '../../../src/engine/rules/auth/role-never-checked';
import { ruleTester } from '../../support/rule-tester';

const guard = (body: string, file = 'middleware/admin-only.js'): Record<string, string> => ({
  [file]: `const jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\nconst db = new Pool();\nmodule.exports = async (req, res, next) => {\n  try {\n    const token = req.headers.authorization.split(' ')[1];\n    const who = jwt.verify(token, process.env.JWT_SECRET);\n    ${body}\n    next();\n  } catch (e) {\n    res.status(401).end();\n  }\n};\n`,
  'app.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst check = require('./${file.replace('.js', '')}');\nconst app = express();\nconst pool = new Pool();\napp.post('/fees', check, async (req, res) => {\n  await pool.query('INSERT INTO fees (amount) VALUES ($1)', [Number(req.body.amount)]);\n  res.end();\n});\napp.get('/fees', check, async (req, res) => res.json((await pool.query('SELECT * FROM fees')).rows));\napp.listen(1);\n`,
});

ruleTester(rule, {
  valid: [
    { name: 'it asks', files: guard("if (who.rank !== 'boss') return res.status(403).end();") },
    { name: 'it asks by a flag', files: guard('if (!who.isAdmin) return res.status(403).end();') },
    { name: 'it asks in a list', files: guard("const ok = ['boss'].includes(who.rank) && true;\n    if (!ok) return res.status(403).end();") },
    { name: 'the account is looked up', files: guard("const { rows } = await db.query('SELECT 1 FROM bosses WHERE id = $1', [who.id]);\n    if (!rows.length) return res.status(403).end();\n    req.rank = who.rank;") },
    { name: 'accounts have no kinds', files: guard('req.account = { id: who.id };') },
    { name: 'it is named for nobody', files: guard('req.account = { id: who.id, rank: who.rank };', 'middleware/signed-in.js') },
    { name: 'a key of their own', files: Object.fromEntries(Object.entries(guard('req.account = { id: who.id, rank: who.rank };')).map(([p, t]) => [p, t.replace('process.env.JWT_SECRET', 'process.env.ADMIN_JWT_SECRET')])) },
  ],
  invalid: [
    { name: 'the file is named for administrators', files: guard('req.account = { id: who.id, rank: who.rank };'), findings: [{ file: 'middleware/admin-only.js', line: 4, severity: 'high', message: /^admin-only is named for administrators, reads the rank and never looks at it: every account gets to 2 endpoints behind it\.\nPOST \/fees, GET \/fees\./ }] },
  ],
});
