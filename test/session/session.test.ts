import assert from 'node:assert/strict';
import { defineRule, type AnyRule, type RuleMeta } from '../../src/engine/core/rule';
import type { RelPath } from '../../src/engine/core/types';
import { createSession } from '../../src/engine/session/session';
import { replacedRange, shifted } from '../../src/engine/core/replaced';
import { SAMPLE } from '../property/sample';

const meta = (id: RuleMeta<'x'>['id']): RuleMeta<'x'> => ({
  id, item: 'secrets', category: 'secret-exposed', severity: 'low', title: id, businessImpact: 'b', why: 'w', effort: 'minutes', cwe: [], owasp: [], messages: { x: '{{it}}' }, bad: {}, good: {}, since: '0.1.0',
});
const path = (p: string) => p as RelPath;

const runs: string[] = [];
const counting = defineRule({ meta: meta('docs/counting'), on: 'file', check: (f) => void runs.push(f.path) });
const throwing = defineRule({
  meta: meta('error/throws'),
  on: 'file',
  check(f) {
    if (f.path.endsWith('auth.ts')) throw new Error('broken rule');
  },
});
const speaking = defineRule({ meta: meta('log/speaks'), on: 'endpoint', check: (e, ctx) => ctx.report({ at: e.at, messageId: 'x', data: { it: `${e.method} ${e.path} ${e.auth}` } }) });
const listing = defineRule({ meta: meta('log/lists'), on: 'endpoint', check: (e, ctx) => ctx.report({ at: e.at, messageId: 'x', data: { it: e.sinks.map((x) => x.kind).join() } }) });
const RULES: readonly AnyRule[] = [throwing, counting, speaking];

function started() {
  const session = createSession({ rules: RULES });
  session.apply([...SAMPLE].map(([p, text]) => ({ path: p, text })));
  session.audit();
  runs.length = 0;
  return session;
}

describe('session', () => {
  it('a rule that throws is reported and silences nothing else', () => {
    const session = started();
    assert.deepEqual(session.errors().map((e) => [e.phase, e.ruleId, e.file, e.message]), [['check', 'error/throws', 'src/lib/auth.ts', 'broken rule']]);
    assert.ok(session.audit().findings.length > 8);
  });

  it('the error of a rule goes when the file does', () => {
    const session = started();
    session.apply([{ path: path('src/lib/auth.ts'), text: null }]);
    session.audit();
    assert.deepEqual(session.errors(), []);
  });

  it('an edit of a component runs the rules of that file alone', () => {
    const session = started();
    const button = path('components/button.tsx');
    const { affected } = session.apply([{ path: button, text: `${SAMPLE.get(button)}// more\n` }]);
    session.audit();
    assert.deepEqual([...affected], [button]);
    assert.deepEqual(runs, [button]);
  });

  it('a keystroke that changes no answer makes nobody who used it look again', () => {
    const asked: string[] = [];
    const asking = defineRule({
      meta: meta('auth/asks'),
      on: 'project',
      check(m, ctx) {
        asked.push('rule');
        for (const e of m.endpoints()) {
          const lines = m.memo(e, 'calls', (x) => {
            asked.push('answer');
            return e.handler ? (x.file(e.handler.file)?.script?.functions[e.handler.fn ?? 0]?.body.length ?? 0) : 0;
          });
          ctx.report({ at: e.at, messageId: 'x', data: { it: String(lines) } });
        }
      },
    });
    const handler = path('src/h.ts');
    const text = `export function list(req, res) {\n  const rows = [1];\n  res.json(rows);\n}\nfunction helper(a) {\n  const total = a;\n  return total;\n}\n`;
    const session = createSession({ rules: [asking] });
    session.apply([
      { path: path('package.json'), text: '{"dependencies":{"express":"4"}}' },
      { path: path('src/server.ts'), text: `import express from 'express';\nimport { list } from './h';\nconst app = express();\napp.get('/list', list);\napp.listen(1);\n` },
      { path: handler, text },
    ]);
    const says = () => session.audit().findings.map((f) => f.message);
    assert.deepEqual(says(), ['2']);
    const after = (edited: string): readonly string[] => {
      asked.length = 0;
      session.apply([{ path: handler, text: edited }]);
      session.audit();
      return [...asked];
    };
    assert.deepEqual(after(text.replaceAll('total', 'totals')), ['answer']);
    assert.deepEqual(after(text.replaceAll('rows', 'cows')), ['answer']);
    assert.deepEqual(after(text.replace('res.json(rows);', 'rows.sort();\n  res.json(rows);')), ['rule', 'answer']);
    assert.deepEqual(says(), ['3']);
  });

  it('a function is renamed after something before it has changed', () => {
    const file = path('src/h.ts');
    const text = `export function list(req, res) {\n  const rows = [1];\n  res.json(rows);\n}\nfunction helper(a) {\n  return a;\n}\n`;
    const session = createSession({ rules: RULES });
    session.apply([
      { path: path('package.json'), text: '{"dependencies":{"express":"4"}}' },
      { path: path('src/server.ts'), text: `import express from 'express';\nimport { list } from './h';\nconst app = express();\napp.get('/list', list);\napp.listen(1);\n` },
      { path: file, text },
    ]);
    const says = () => session.audit().findings.map((f) => f.message);
    const before = says();
    const longer = text.replace('[1]', '[1, 2]');
    for (const next of [text.replace('[1]', '[1, 2, 3, 4]'), longer, longer.replace('helper', 'helpers'), text.replace('helper', 'other')]) {
      session.apply([{ path: file, text: next }]);
      assert.deepEqual(says(), before);
    }
  });

  it('a function that begins to set a variable of its module changes what endpoints see in it', () => {
    const files = {
      'package.json': '{"dependencies":{"express":"4"}}',
      'src/db.ts': `import { Pool } from 'pg';\nlet pool = null;\nexport function open() {\n  other();\n}\nexport function clear(req, res) {\n  pool.query('delete from users');\n  res.end();\n}\n`,
      'src/server.ts': `import express from 'express';\nimport { clear } from './db';\nconst app = express();\napp.post('/clear', clear);\napp.listen(1);\n`,
    };
    const changed = { ...files, 'src/db.ts': files['src/db.ts'].replace('other();', 'pool = new Pool();') };
    const saying = (texts: Readonly<Record<string, string>>) => {
      const session = createSession({ rules: [listing] });
      session.apply(Object.entries(texts).map(([p, text]) => ({ path: path(p), text })));
      session.audit();
      return session;
    };
    const session = saying(files);
    session.apply([{ path: path('src/db.ts'), text: changed['src/db.ts'] }]);
    const messages = (s: typeof session) => s.audit().findings.map((f) => f.message);
    assert.notDeepEqual(messages(saying(changed)), messages(saying(files)));
    assert.deepEqual(messages(session), messages(saying(changed)));
  });

  it('what a sign-in puts into the session is no other endpoint\'s', () => {
    const session = createSession({ rules: [speaking] });
    session.apply(Object.entries({
      'package.json': '{"dependencies":{"express":"4","express-session":"1"}}',
      'src/auth.ts': "import { load } from './db';\nexport async function attach(req, res, next) {\n  if (req.session.userId) req.who = await load(req.session.userId);\n  next();\n}\nexport function allow(...names) {\n  return async (req, res, next) => {\n    if (!req.session.userId) return res.status(401).end();\n    next();\n  };\n}\n",
      'src/server.ts': "import express from 'express';\nimport session from 'express-session';\nimport { allow, attach } from './auth';\nimport { db } from './db';\nconst app = express();\napp.use(session({ secret: process.env.S }));\napp.use(attach);\napp.post('/login', async (req, res) => {\n  const user = await db.user.findFirst({ where: { name: req.body.name } });\n  if (!user || !(await bcrypt.compare(req.body.password, user.hash))) return res.status(401).end();\n  req.session.userId = user.id;\n  res.end();\n});\napp.post('/items', allow('items'), async (req, res) => res.json(await db.item.create({ data: { a: 1 } })));\napp.listen(1);\n",
      'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\nexport const load = (id) => db.user.findUnique({ where: { id } });\n",
    }).map(([p, text]) => ({ path: path(p), text })));
    assert.ok(session.audit().findings.some((f) => f.message === 'POST /items required'));
  });

  it('an open brace in app.ts opens no endpoint of another file', () => {
    const session = started();
    const users = path('src/routes/users.ts');
    const before = session.check(users).map((f) => f.message);
    const app = path('src/app.ts');
    session.apply([{ path: app, text: `${SAMPLE.get(app)}\nif (x) {` }]);
    assert.deepEqual(session.check(users).map((f) => f.message), before);
    session.apply([{ path: app, text: SAMPLE.get(app)!.replace("app.use('/users', users);\n", '(') }]);
    assert.deepEqual(session.check(users).map((f) => f.message), before);
  });

  it('a half-typed package.json changes nothing elsewhere', () => {
    const session = started();
    const before = session.audit().findings.map((f) => f.message);
    session.apply([{ path: path('package.json'), text: '{ "name": "sample", "dep' }]);
    assert.deepEqual(session.audit().findings.map((f) => f.message), before);
  });

  it('measures phases and rules', () => {
    const { timing } = started().audit().stats;
    for (const key of ['extract', 'link', 'check', 'log/speaks']) assert.ok(timing[key]! >= 0, key);
  });

  it('stops when told to', () => {
    const stop = new AbortController();
    stop.abort();
    assert.throws(() => started().audit(stop.signal), { name: 'AbortError' });
  });
});

describe('replaced ranges', () => {
  it('are the least that turns one text into the other', () => {
    assert.deepEqual(replacedRange('abcdef', 'abXdef'), { replaced: { start: 2, end: 3 }, length: 1 });
    assert.deepEqual(replacedRange('aaaa', 'aaaaa'), { replaced: { start: 4, end: 4 }, length: 1 });
    assert.deepEqual(replacedRange('abc', ''), { replaced: { start: 0, end: 3 }, length: 0 });
  });

  it('move spans', () => {
    const change = replacedRange('abcdef', 'abXXXdef');
    assert.deepEqual(shifted({ start: 3, end: 5 }, change), { start: 5, end: 7 });
    assert.deepEqual(shifted({ start: 0, end: 2 }, change), { start: 0, end: 2 });
    assert.deepEqual(shifted({ start: 0, end: 6 }, change), { start: 0, end: 8 });
  });
});
