/** Outlines: what is told of a script without parsing it is what parsing would tell. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RelPath } from '../../src/engine/core/types';
import { outlineDifferences } from '../../src/dev/outlines';
import { extractFile } from '../../src/engine/extract/extract';
import { ALL_RULES, createSession } from '../../src/engine';
import { rel } from '../support/project';

const SALT = 'salt';
const outlined = (text: string, path = 'src/a.tsx'): boolean => extractFile(rel(path), text, SALT).script?.outlined === true;

/** Forms that are told without a parse. */
const TOLD: readonly string[] = [
  "'use client';\n\nimport React, { useState as state, type FC } from 'react';\nimport * as icons from './icons';\nimport type { Row } from './types';\nimport './a.css';\nexport default function Page() {\n  return <p className=\"a\">Let's export {state(1)}</p>;\n}\n",
  "import a from 'a'\nimport { b } from \"b\"\n\nexport const one = (x: string, y = 1) => x + y;\nexport { a as c, b };\nexport type { Row } from './row';\nexport * from './all';\nexport * as named from './named';\nexport { d, default as e } from './d';\nexport interface Row { id: string }\nexport type Id = string;\nexport enum Kind { A, B }\nexport class Thing {}\nexport async function go() {}\nconst last = 1;\nexport default last;\n",
  "// a comment: import x from 'x'\n/* export const no = 1; */\nimport { lazy } from 'react';\nconst Page = lazy(() => import('./Page'));\nexport const App = () => <Page accept=\"image/*\" />;\n",
  "const url = import.meta.env.VITE_URL || 'http://localhost';\n// process.env.NOT_READ\nexport const mode = process.env.NODE_ENV;\nexport const at = new URL('./x', import.meta.url);\n",
  "#!/usr/bin/env node\nconst a = 1;\n",
  "export const QUERY = `\n  select 1\n`;\nexport const after: Record<string, number> = { a: 1, b: 2 };\n",
  "export const Field = ({ password, onChange }: Props) => <input type=\"password\" value={password} onChange={onChange} className=\"w-full\" />;\n",
  "\ufeffimport a from 'a';\r\nexport const b = a;\r\n",
  '',
];

/** What has to be parsed, and why. */
const PARSED: readonly (readonly [string, string])[] = [
  ['CommonJS', "const a = require('a');\n"],
  ['CommonJS', 'module.exports = { a: 1 };\n'],
  ['a server action', "export async function f() {\n  'use server';\n  await g();\n}\n"],
  ['a fallback for a secret', "const s = process.env.JWT_SECRET || 'x1y2z3w4';\n"],
  ['the environment by another way', 'const { A } = process.env;\n'],
  ['a password', "const adminPassword = 'hunter22';\n"],
  ['a password of four words', "const t = createTransport({ auth: { pass: 'qwmz kdpt xvbn hgrl' } });\n"],
  ['a password in a seed', "await db.user.create({ data: { password: 'hunter22' } });\n"],
  ['a comparison', "if (req.body.password === 'hunter22') go();\n"],
  ['a comparison the other way round', "if ('hunter22' === input.password) go();\n"],
  ['a signature', "jwt.sign({ id }, 'x1y2z3w4');\n"],
  ['a hashed password', "bcrypt.hash('hunter22', 10);\n"],
  ['a token in two pieces', "const t = 'sk_live_' + 'abcdefgh';\n"],
  ['routes registered on a parameter', "export function add(router) {\n  router.get('/x', list);\n}\n"],
  ['who is signed in', 'export const set = (req) => {\n  req.user = decode(req);\n};\n'],
  ['a validation', 'schema.safeParse(body);\n'],
  ['an import behind code', "const a = 1;\nimport b from 'b';\n"],
  ['several names at once', 'export const GET = handler, POST = handler;\n'],
  ['several names at once, behind a block', 'export const a = {\n  b: 1,\n}, c = 2;\n'],
  ['names taken apart', 'export const { a, b } = c;\n'],
  ['a default that is an expression', 'export default wrap(Page);\n'],
  ['a name in other letters', 'export const naïve = 1;\n'],
  ['a name of the environment in other letters', 'export const a = process.env.CAFÉ;\n'],
  ['an export behind another word', 'async export const a = 1;\n'],
  ['a function without a body', 'export function total(lines: { n: number }[]): number;\n'],
  ['the environment in a long comment', '/*\nconst a = process.env.A;\n*/\nexport const b = 1;\n'],
  ['the environment in a template’s text', 'export const a = `\n  level: process.env.LEVEL\n`;\n'],
  ['export in a template', 'const code = `\nexport const no = 1;\n`;\n'],
  ['an attribute of the import', "import a from './a.json' with { type: 'json' };\n"],
];

describe('outlines', () => {
  for (const [i, text] of TOLD.entries()) {
    it(`is enough, and is what the code says (${i + 1}: ${JSON.stringify(text.slice(0, 40))})`, () => {
      assert.equal(outlined(text), true);
      assert.deepEqual(outlineDifferences(rel('src/a.tsx'), text, SALT), []);
    });
  }

  for (const [why, text] of PARSED) it(`is not enough: ${why}`, () => assert.equal(outlined(text, 'src/a.ts'), false));

  it('tells of every script of this repository what parsing tells, and tells of most', () => {
    const files = scripts(join(__dirname, '../..'));
    const told = files.filter(([path, text]) => {
      assert.deepEqual([path, ...outlineDifferences(path, text, SALT)], [path]);
      return outlined(text, path);
    });
    assert.ok(files.length > 300 && told.length > 50, `${told.length} of ${files.length}`);
  });

  it('is parsed for the first who asks for its code, and says then whether it is broken', () => {
    const text = "import { db } from './db';\nexport function list() {\n  return db.rows();\n}\n";
    const facts = extractFile(rel('src/a.ts'), text, SALT);
    const whole = extractFile(rel('src/a.ts'), text, SALT, { whole: true });
    assert.equal(facts.script?.outlined, true);
    assert.deepEqual(facts.script?.functions, whole.script?.functions);
    assert.deepEqual([facts.script?.classes, facts.script?.afterImports, facts.script?.style, facts.parse], [whole.script?.classes, whole.script?.afterImports, whole.script?.style, 'ok']);
    assert.equal(extractFile(rel('src/b.ts'), 'export function list( {\n', SALT).parse, 'recovered');
  });

  it('code nested too deeply is none, not a crash', () => {
    const deep = extractFile(rel('src/deep.ts'), `export const a = ${'[\n'.repeat(60_000)}${']\n'.repeat(60_000)};\n`, SALT);
    assert.deepEqual([deep.script?.functions.length, deep.parse, deep.skippedBecause], [1, 'skipped', 'nested too deeply to parse']);
  });

  it('a helper of which only the outline was read is followed like any other', () => {
    const files = {
      'package.json': '{ "dependencies": { "express": "5.0.0", "mongoose": "8.0.0" } }',
      'src/app.ts': "import express from 'express';\nimport { remove } from './remove';\nconst app = express();\napp.delete('/x/:id', (req, res) => remove(req.params.id).then(() => res.end()));\napp.listen(1);\n",
      'src/remove.ts': "import { Part } from './part';\nexport const remove = (id: string) => Part.findByIdAndDelete(id);\n",
      'src/part.ts': "import mongoose from 'mongoose';\nexport const Part = mongoose.model('Part', new mongoose.Schema({ name: String }));\n",
    };
    assert.equal(outlined(files['src/remove.ts'], 'src/remove.ts'), true);
    const session = createSession({ rules: ALL_RULES });
    session.apply(Object.entries(files).map(([path, text]) => ({ path: rel(path), text })));
    assert.ok(session.audit().findings.some((f) => f.ruleId === 'endpoint/unauthenticated-mutation' && f.message.startsWith('Anyone can delete parts')));
  });
});

function scripts(folder: string): [RelPath, string][] {
  const out: [RelPath, string][] = [];
  for (const top of ['src', 'test']) {
    for (const entry of readdirSync(join(folder, top), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name) || entry.parentPath.includes('node_modules')) continue;
      out.push([join(entry.parentPath, entry.name).slice(folder.length + 1).split('\\').join('/') as RelPath, readFileSync(join(entry.parentPath, entry.name), 'utf8')]);
    }
  }
  return out;
}
