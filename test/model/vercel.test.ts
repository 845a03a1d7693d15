/** Vercel's functions without a framework: one endpoint a method that the handler branches on. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

const told = (files: Readonly<Record<string, string>>): string[] => projectOf({ 'vercel.json': '{}', 'lib/db.js': "module.exports = require('knex')({ client: 'pg' });\n", ...files }).endpoints().map((e) => `${e.framework} ${e.method} ${e.path} ${e.auth} ${e.sinks.map((s) => `${s.op} ${s.target}`).join()}`);
const HANDLER = "  if (req.method === 'POST') {\n    await db('parcels').insert({ to: req.body.to });\n    return res.status(201).end();\n  }\n  if (req.method === 'DELETE') {\n    await db('parcels').where('id', req.query.id).del();\n    return res.status(204).end();\n  }\n  res.status(405).end();\n";

describe('functions of Vercel', () => {
  it('a default export and `module.exports`, by the methods they branch on', () => {
    const expected = ['vercel DELETE /api/parcels none where parcels,del parcels', 'vercel POST /api/parcels none insert parcels'];
    assert.deepEqual(told({ 'api/parcels/index.js': `import db from '../../lib/db';\nexport default async function handler(req, res) {\n${HANDLER}}\n` }).sort(), expected);
    assert.deepEqual(told({ 'api/parcels.js': `const db = require('../lib/db');\nmodule.exports = async (req, res) => {\n${HANDLER}};\n` }).sort(), expected);
  });

  it('parameters of the path', () => {
    assert.deepEqual(told({ 'api/parcels/[id].js': 'export default function handler(req, res) {\n  res.json({ ok: true });\n}\n' }).map((s) => s.split(' ')[2]), ['/api/parcels/:id']);
  });

  it('helpers, other folders and projects that are not deployed there are none', () => {
    const handler = 'export default function handler(req, res) {\n  res.json({ ok: true });\n}\n';
    assert.deepEqual(told({ 'api/_lib/a.js': handler, 'api/b.js': 'export default function sum(a, b) {\n  return a + b;\n}\n', 'src/api/c.js': handler, 'other/api/d.js': handler }), []);
    assert.deepEqual(projectOf({ 'api/a.js': handler }).endpoints(), []);
  });
});
