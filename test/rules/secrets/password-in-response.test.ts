import rule from '../../../src/engine/rules/secrets/password-in-response';
import { ruleTester } from '../../support/rule-tester';

const AUTH = { 'auth.js': "const jwt = require('jsonwebtoken');\nexports.user = (req, res, next) => {\n  try { req.user = jwt.verify((req.headers.authorization || '').slice(7), process.env.JWT_SECRET); } catch (e) { return res.status(401).end(); }\n  next();\n};\nexports.boss = (req, res, next) => (req.user.role === 'admin' ? next() : res.status(403).end());\n" };
const HEAD = "const express = require('express');\nconst { user, boss } = require('./auth');\nconst app = express();\n";

/** Members with a password, by Mongoose; `more` joins the schema. */
const mongo = (route: string, more = ''): Record<string, string> => ({
  ...AUTH,
  'member.js': `const mongoose = require('mongoose');\nconst schema = new mongoose.Schema({ mail: String, town: String, password: { type: String${more} } });\nmodule.exports = mongoose.model('Member', schema);\n`,
  'app.js': `${HEAD}const Member = require('./member');\n${route}\napp.listen(1);\n`,
});
/** The same kept in a store of which no schema is known; the sign-in compares. */
const rows = (route: string): Record<string, string> => ({
  ...AUTH,
  'app.js': `${HEAD}const bcrypt = require('bcrypt');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\nconst db = new Pool();\napp.post('/login', async (req, res) => {\n  const { rows: [m] } = await db.query('SELECT * FROM members WHERE mail = $1', [req.body.mail]);\n  if (!m || !(await bcrypt.compare(req.body.password, m.password_hash))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: m.id }, process.env.JWT_SECRET) });\n});\n${route}\napp.listen(1);\n`,
});
const list = (answer: string): string => `app.get('/members', user, async (req, res) => {\n  ${answer}\n});`;

ruleTester(rule, {
  valid: [
    { name: 'left out by the statement', files: mongo(list("res.json(await Member.find().select('-password'));")) },
    { name: 'left out by a projection', files: mongo(list('res.json(await Member.find({}, { password: 0 }));')) },
    { name: 'other columns are picked', files: mongo(list("res.json(await Member.find({}, 'mail town'));")) },
    { name: 'other columns are picked by an object', files: mongo(list('res.json(await Member.find({}, { mail: 1 }));')) },
    { name: 'other columns are picked by a list that stands elsewhere', files: mongo(`const SHOWN = { mail: 1 };\n${list('res.json(await Member.find({}, SHOWN));')}`) },
    { name: 'and so by a select', files: mongo(`const { SHOWN } = require('./shown');\n${list('res.json(await Member.find().select(SHOWN));')}`) },
    { name: 'the schema keeps it back', files: mongo(list('res.json(await Member.find());'), ', select: false') },
    { name: 'it is taken out of each row', files: mongo(list('const found = await Member.find().lean();\n  res.json(found.map(({ password, ...m }) => m));')) },
    { name: 'it is deleted', files: mongo(list('const found = await Member.find().lean();\n  found.forEach((m) => { delete m.password; });\n  res.json(found);')) },
    { name: 'rows take another form', files: mongo(list('res.json((await Member.find()).map((m) => ({ mail: m.mail })));')) },
    { name: 'the caller’s own row', files: mongo("app.get('/me', user, async (req, res) => {\n  res.json(await Member.findById(req.user.id));\n});") },
    { name: 'administrators only', files: mongo("app.get('/members', user, boss, async (req, res) => {\n  res.json(await Member.find());\n});") },
    { name: 'nobody signs in: told by the rules about open endpoints', files: mongo("app.get('/members', async (req, res) => {\n  res.json(await Member.find());\n});") },
    { name: 'a table without a password', files: rows(list("res.json((await db.query('SELECT * FROM towns')).rows);")) },
    { name: 'columns of a statement', files: rows(list("res.json((await db.query('SELECT id, mail FROM members')).rows);")) },
  ],
  invalid: [
    { name: 'whole documents', files: mongo(list('const found = await Member.find().sort({ mail: 1 });\n  res.json({ found });')), findings: [{ file: 'app.js', line: 5, severity: 'high', message: /^A signed-in user can read stored passwords of members: GET \/members / }] },
    { name: 'the row that the caller names', files: mongo("app.get('/members/:id', user, async (req, res) => {\n  res.json(await Member.findById(req.params.id));\n});"), findings: [{ file: 'app.js', line: 5 }] },
    { name: 'a promise’s callback', files: mongo("app.get('/members', user, (req, res) => {\n  Member.find().then((all) => { res.json(all); });\n});"), findings: [{ file: 'app.js', line: 5 }] },
    { name: 'the sign-in says that there is one', files: rows(list("res.json((await db.query('SELECT * FROM members')).rows);")), findings: [{ file: 'app.js', line: 13 }] },
    { name: 'named', files: rows(list("const { rows: all } = await db.query('SELECT * FROM members');\n  res.json(all.map((m) => ({ mail: m.mail, secret: m.password_hash })));")), findings: [{ file: 'app.js', line: 13 }] },
  ],
});
