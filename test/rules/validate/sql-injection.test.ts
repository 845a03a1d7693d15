import rule from '../../../src/engine/rules/validate/sql-injection';
import { ruleTester } from '../../support/rule-tester';

function app(handler: string, imports = ''): Record<string, string> {
  return { 'src/app.js': `const express = require('express');\nconst { Pool } = require('pg');\n${imports}const pool = new Pool();\nconst app = express();\napp.use(express.json());\n${handler}\napp.listen(3000);\n` };
}

ruleTester(rule, {
  valid: [
    { name: 'placeholders made for each element', files: app("app.post('/pick', async (req, res) => {\n  const { ids } = req.body;\n  const marks = ids.map((_, i) => `$${i + 1}`).join(',');\n  res.json(await pool.query(`SELECT name FROM parts WHERE id IN (${marks})`, ids));\n});") },
    { name: 'question marks for each element', files: app("app.post('/pick', async (req, res) => {\n  const { ids } = req.body;\n  res.json(await pool.query(`SELECT name FROM parts WHERE id IN (${ids.map(() => '?').join(',')})`, ids));\n});") },
    { name: 'conditions that grow, values as parameters', files: app("app.get('/parts', async (req, res) => {\n  let sql = 'SELECT name FROM parts WHERE true';\n  const values = [];\n  if (req.query.name) {\n    values.push(req.query.name);\n    sql += ` AND name = $${values.length}`;\n  }\n  res.json(await pool.query(sql, values));\n});") },
    { name: 'numbers', files: app("app.get('/parts', async (req, res) => {\n  const limit = Number(req.query.limit);\n  res.json(await pool.query(`SELECT name FROM parts LIMIT ${limit}`));\n});") },
    { name: 'elements made numbers', files: app("app.post('/pick', async (req, res) => {\n  const { ids } = req.body;\n  const values = ids.map((id) => `(7, ${Number(id)})`).join(',');\n  res.json(await pool.query(`INSERT INTO picks (a, b) VALUES ${values}`));\n});") },
    { name: 'each element checked by express-validator', files: app("app.post('/pick', body('ids').isArray(), body('ids.*').isInt(), async (req, res) => {\n  if (!validationResult(req).isEmpty()) return res.status(400).end();\n  const values = req.body.ids.map((id) => `(7, ${id})`).join(',');\n  res.json(await pool.query(`INSERT INTO picks (a, b) VALUES ${values}`));\n});", "const { body, validationResult } = require('express-validator');\n") },
    { name: 'keys held against a list', files: app("const COLUMNS = ['name', 'colour'];\napp.put('/parts/:id', async (req, res) => {\n  const fields = [];\n  const values = [];\n  for (const key in req.body) {\n    if (!COLUMNS.includes(key)) continue;\n    values.push(req.body[key]);\n    fields.push(`${key} = $${values.length}`);\n  }\n  await pool.query(`UPDATE parts SET ${fields.join(', ')}`, values);\n  res.end();\n});") },
    { name: 'keys of a list of the code itself', files: app("app.put('/parts/:id', async (req, res) => {\n  const values = ['name', 'colour'].map((key) => req.body[key]);\n  const fields = ['name', 'colour'].map((key, i) => `${key} = $${i + 1}`);\n  await pool.query(`UPDATE parts SET ${fields.join(', ')}`, values);\n  res.end();\n});") },
    { name: 'an order held against a list', files: app("app.get('/parts', async (req, res) => {\n  const order = req.query.order;\n  if (!['name', 'price'].includes(order)) return res.status(400).end();\n  res.json(await pool.query(`SELECT name FROM parts ORDER BY ${order}`));\n});") },
    { name: 'a router that nobody mounts', files: { 'src/app.js': "const express = require('express');\nconst app = express();\napp.listen(3000);\n", 'src/parts.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst router = express.Router();\nrouter.get('/', async (req, res) => res.json(await pool.query(`SELECT name FROM parts WHERE name = '${req.query.name}'`)));\nmodule.exports = router;\n" } },
  ],
  invalid: [
    {
      name: 'a value of the body in the text, through a helper of another file',
      files: {
        'src/app.js': "const express = require('express');\nconst { find } = require('./store');\nconst app = express();\napp.use(express.json());\napp.post('/find', async (req, res) => res.json(await find(req.body.name)));\napp.listen(3000);\n",
        'src/store.js': "const { Pool } = require('pg');\nconst pool = new Pool();\nexports.find = (name) => pool.query(\"SELECT id FROM people WHERE name = '\" + name + \"'\");\n",
      },
      findings: [{ file: 'src/store.js', line: 3, messageId: 'text', severity: 'critical', confidence: 'high', message: /anyone can read or change the whole database/ }],
    },
    {
      name: 'the length asked, the type asked: what stands in it is still anything; a helper that runs any text is not the place',
      files: {
        'src/app.js': "const express = require('express');\nconst { byName, byTown } = require('./people');\nconst app = express();\napp.get('/by-name', async (req, res) => {\n  const name = req.query.name;\n  if (name.length > 200) return res.status(400).end();\n  res.json(await byName(name));\n});\napp.get('/by-town', async (req, res) => {\n  const town = req.query.town;\n  if (typeof town !== 'string') return res.status(400).end();\n  res.json(await byTown(town));\n});\napp.listen(3000);\n",
        'src/people.js': "const { run } = require('./run');\nexports.byName = (name) => {\n  return run(`SELECT id FROM people WHERE name = '${name}'`);\n};\nexports.byTown = (town) => {\n  return run(`SELECT id FROM people WHERE town = '${town}'`);\n};\n",
        'src/run.js': "const { Pool } = require('pg');\nconst pool = new Pool();\nexports.run = (sql) => pool.query(sql);\n",
      },
      findings: [{ file: 'src/people.js', line: 3, messageId: 'text' }, { file: 'src/people.js', line: 6, messageId: 'text' }],
    },
    {
      name: 'elements of an array of which only isArray was asked',
      files: app("app.post('/parts/:id/tags', body('tag_ids').optional().isArray(), async (req, res) => {\n  if (!validationResult(req).isEmpty()) return res.status(400).end();\n  const { tag_ids } = req.body;\n  const part = await pool.query('SELECT id FROM parts WHERE id = $1', [req.params.id]);\n  const rows = tag_ids.map((tag) => `(${part.rows[0].id}, ${tag})`).join(',');\n  await pool.query(`INSERT INTO part_tags (part_id, tag_id) VALUES ${rows}`);\n  res.end();\n});", "const { body, validationResult } = require('express-validator');\n"),
      findings: [{ file: 'src/app.js', line: 12, messageId: 'elements', severity: 'critical', message: /pastes the elements of tag_ids/ }],
    },
    {
      name: 'names of the body as columns, in a loop and with Object.entries; behind a sign-in it is high',
      files: app("function signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).end();\n  }\n  next();\n}\napp.post('/look', body('colour').optional().isString(), async (req, res) => {\n  if (!validationResult(req).isEmpty()) return res.status(400).end();\n  const changes = req.body;\n  const fields = [];\n  const values = [];\n  for (const key in changes) {\n    if (changes.hasOwnProperty(key)) {\n      fields.push(`${key} = $${values.length + 1}`);\n      values.push(changes[key]);\n    }\n  }\n  await pool.query(`UPDATE looks SET ${fields.join(', ')}`, values);\n  res.end();\n});\napp.put('/me', signedIn, async (req, res) => {\n  const sets = Object.entries(req.body).map(([column, value], i) => `${column} = $${i + 2}`);\n  await pool.query(`UPDATE people SET ${sets.join(', ')} WHERE id = $1`, [req.user.id, ...Object.values(req.body)]);\n  res.end();\n});", "const jwt = require('jsonwebtoken');\nconst { body, validationResult } = require('express-validator');\n"),
      findings: [{ file: 'src/app.js', line: 23, messageId: 'keys', severity: 'critical' }, { file: 'src/app.js', line: 31, messageId: 'keys', severity: 'high', message: /a signed-in user can set any column/ }],
    },
  ],
});
