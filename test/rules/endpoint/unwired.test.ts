/** The generated module that lets nobody in: later fixes know that it does, and never make a second one. */
import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/engine/core/fix';
import mutation from '../../../src/engine/rules/endpoint/unauthenticated-mutation';
import read from '../../../src/engine/rules/endpoint/unauthenticated-read';
import type { AnyRule } from '../../../src/engine/core/rule';
import { type Files, rel, sessionOf } from '../../support/project';

interface Taken {
  readonly title: string;
  readonly manual: string;
  readonly created: readonly string[];
}

/** Takes the first fix of every finding, one after the other. */
function fixed(files: Files): { readonly taken: readonly Taken[]; readonly text: (path: string) => string } {
  const session = sessionOf(files, { rules: [mutation, read] as unknown as AnyRule[] });
  const taken: Taken[] = [];
  for (let finding = session.audit().findings[0]; finding; finding = session.audit().findings[0]) {
    const offer = session.fixesOf(finding)[0];
    assert.ok(offer, finding.message);
    const result = session.fix(finding, offer.id);
    assert.ok(result.ok, result.ok ? '' : result.message);
    const { fix } = result;
    assert.equal(fix.title, offer.title);
    taken.push({ title: fix.title, manual: fix.manual.join(' '), created: fix.create.map((c) => c.file) });
    session.apply([
      ...fix.create.map((c) => ({ path: c.file, text: c.text })),
      ...[...new Set(fix.edits.map((e) => e.file))].map((file) => ({ path: file, text: applyEdits(session.text(file) ?? '', fix.edits.filter((e) => e.file === file)) })),
    ]);
    assert.ok(taken.length < 10);
  }
  return { taken, text: (path) => session.text(rel(path)) ?? '' };
}

describe('the generated module, once it stands', () => {
  it('Next: every fix says that it denies everybody', () => {
    const route = (model: string): string => `import { db } from '@/lib/db';\n\nexport async function PUT(req: Request) {\n  await db.${model}.create({ data: await req.json() });\n  return Response.json({ ok: true });\n}\n`;
    const { taken } = fixed({
      'package.json': '{ "name": "x", "dependencies": { "next": "15" } }', 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }', 'src/lib/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
      'src/app/api/a/route.ts': route('client'), 'src/app/api/b/route.ts': route('invoice'), 'src/app/api/c/route.js': route('order').replace(': Request', ''),
    });
    assert.deepEqual(taken.map((t) => t.created), [['src/lib/require-user.ts'], [], []]);
    for (const t of taken) assert.match(`${t.title} ${t.manual}`, /^Deny everybody until src\/lib\/require-user\.ts is wired .*it denies everybody until/);
  });

  const APP = "const express = require('express');\nconst { Pool } = require('pg');\nconst orders = require('./orders').default;\nconst app = express();\nconst pool = new Pool();\n\napp.delete('/customers/:id', async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\napp.use('/orders', orders);\napp.listen(1);\n";
  const ORDERS = "import { Router } from 'express';\nimport { Pool } from 'pg';\n\nconst pool = new Pool();\nconst router = Router();\n\nrouter.post('/', async (req, res) => {\n  await pool.query('INSERT INTO orders (n) VALUES ($1)', [req.body.n]);\n  res.json({ ok: true });\n});\n\nexport default router;\n";
  it('Express: one module for JavaScript and TypeScript', () => {
    const { taken, text } = fixed({ 'package.json': '{ "name": "x", "dependencies": { "express": "4", "pg": "8" } }', 'src/app.js': APP, 'src/orders.ts': ORDERS });
    assert.deepEqual(taken.flatMap((t) => t.created), ['src/lib/require-user.js']);
    for (const t of taken) assert.match(`${t.title} ${t.manual}`, /^Deny everybody until src\/lib\/require-user\.js is wired .*it denies everybody until/);
    assert.match(text('src/orders.ts'), /import \{ requireUser \} from '\.\/lib\/require-user';/);
  });

  it('Express: wired by a middleware that sets the user, it is a guard like any other', () => {
    const files = {
      'package.json': '{ "name": "x", "dependencies": { "express": "4", "pg": "8" } }',
      'src/user.js': "const jwt = require('jsonwebtoken');\nfunction userOf(token) {\n  if (!token) return null;\n  try {\n    return jwt.verify(token, process.env.JWT_SECRET);\n  } catch (error) {\n    return null;\n  }\n}\nexports.readUser = (req, res, next) => {\n  req.user = userOf(req.headers.authorization);\n  next();\n};\n",
      'src/lib/require-user.js': "function requireUser(req, res, next) {\n  const user = req.user;\n  if (!user) {\n    res.status(401).json({ error: 'Unauthorized' });\n    return;\n  }\n  next();\n}\n\nmodule.exports = { requireUser };\n",
      'src/app.js': APP.replace("const orders = require('./orders').default;\n", "const { readUser } = require('./user');\n").replace("app.use('/orders', orders);\n", '').replace('const pool = new Pool();\n', 'const pool = new Pool();\napp.use(readUser);\n'),
    };
    const { taken } = fixed(files);
    assert.deepEqual(taken, [{ title: 'Require a signed-in user (requireUser)', manual: '', created: [] }]);
  });
});
