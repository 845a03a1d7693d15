import assert from 'node:assert/strict';
import type { Finding } from '../../../src/engine/core/types';
import { audit } from './support';

const NEXT = { 'package.json': '{"dependencies":{"next":"15.0.0","react":"19.0.0"}}' };
const VITE = { 'package.json': '{"dependencies":{"react":"19.0.0"},"devDependencies":{"vite":"6.0.0"}}', 'index.html': '<script type="module" src="/src/main.tsx"></script>' };
const brief = (list: readonly Finding[]): string[] => list.map((f) => `${f.ruleId} ${f.severity} ${f.confidence}`);
const HASH = `$2b$10$${'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'}`;

describe('passwords, by what they open', () => {
  const made = (path: string, email: string, value = 'Probe4All!'): readonly Finding[] =>
    audit({ [path]: `import { createClient } from '@supabase/supabase-js';\nconst client = createClient(process.env.URL, process.env.ANON);\nasync function main() {\n  const email = ${email};\n  const password = \`${value}\`;\n  await client.auth.signUp({ email, password, options: { data: { name: 'Probe' } } });\n  await client.auth.signInWithPassword({ email, password });\n}\nmain();\n` });

  it('an account made for one run is a question, told alike wherever the script lies', () => {
    for (const path of ['tools/look.js', 'tools/seed_things.js']) {
      for (const email of ['`probe_${Date.now()}@shop.io`', "'probe@example.com'", '`p${Math.random()}@shop.io`']) assert.deepEqual(brief(made(path, email)), ['secrets/hardcoded-account-password low low'], `${path} ${email}`);
    }
    assert.match(made('tools/look.js', '`probe_${Date.now()}@shop.io`')[0]?.message ?? '', /^Have a look: this script makes accounts/);
  });

  it('the account of somebody is none, and what a server makes stays', () => {
    const [found] = made('tools/look.js', "'owner@shop.io'");
    assert.match(found?.message ?? '', /^The password of an account is written in the code/);
    assert.equal(found?.severity, 'high');
    const server = audit({ 'src/app.ts': "import express from 'express';\nimport { auth } from './auth';\nconst app = express();\napp.post('/guest', async (req, res) => { const password = 'Probe4All!'; const email = `g${Date.now()}@shop.io`; await auth.createUser({ email, password }); res.json({ email }); });\napp.listen(1);\n", 'src/auth.ts': 'export const auth = { createUser: async (x) => x };\n' });
    assert.deepEqual(server.filter((f) => f.severity === 'low'), []);
  });

  it('what signs in over HTTP, is hashed, or is kept by the module belongs to an account', () => {
    const said = (source: string): string[] => brief(audit({ 'tools/look.js': source }));
    const account = ['secrets/hardcoded-account-password high medium'];
    assert.deepEqual(said("import axios from 'axios';\nexport const run = () => axios.post('https://shop.io/api/auth/login', { identifier: 'boss', password: 'Tr4velling!' });\n"), account);
    assert.deepEqual(said("const password = 'Tr4velling!';\nexport const run = () => fetch(`${base}/login`, { method: 'POST', body: JSON.stringify({ email: 'me@shop.io', password }) });\n"), account);
    assert.deepEqual(said("import bcrypt from 'bcryptjs';\nexport async function run(item) {\n  const password = item.password || 'Tr4velling!';\n  return bcrypt.hash(password, 10);\n}\n"), account);
    assert.deepEqual(said("import { client } from './client';\nconst MAIL = 'try2@example.com';\nconst TRY_PASSWORD = 'Tr4velling!';\nasync function run() { await client.auth.signUp({ email: MAIL, password: TRY_PASSWORD }); }\nrun();\n"), ['secrets/hardcoded-account-password low low']);
  });

  it('names no password after itself, and says what it opens where that is known', () => {
    const said = (source: string): string | undefined => audit({ 'src/a.ts': source }).find((f) => f.ruleId === 'secrets/hardcoded-credential')?.message.split('\n')[0];
    assert.equal(said("export const settings = { host: 'db.shop.io', database: 'shop', user: 'shop', password: 'Tr4velling!' };"), 'The password of a database is written in the code: whoever reads it and reaches the database can read and change what is in it.');
    assert.match(said("const pass = encodeURIComponent('Tr4velling!');\nexport const url = `mongodb+srv://shop:${pass}@c.abc.mongodb.net/shop`;") ?? '', /^The password of a database/);
    assert.match(said("export const box = { imap: { host: 'imap.shop.io', auth: { user: 'me@shop.io', pass: 'Tr4velling!' } } };") ?? '', /^The password of an account is written in the code: whoever reads it can sign in to that account/);
    assert.equal(said("export const password = 'Tr4velling!';"), 'A password is written in the code: whoever reads the file knows it.');
    assert.equal(said("export const portalPassword = 'Tr4velling!';"), 'A password is written in the code, as portalPassword: whoever reads the file knows it.');
  });

  it('a password in a comment beside its hash opens the account; a remark is none', () => {
    const found = ['secrets/hardcoded-account-password critical high'];
    const said = (comment: string): string[] => brief(audit({ 'src/db.ts': `export const first = ['admin',\n  '${HASH}', ${comment}\n  'Somebody'];\n` }));
    for (const comment of ['// letmein77', "// Equivalent to 'letmein'", '/* password: letmein77 */']) assert.deepEqual(said(comment), found, comment);
    for (const comment of ['// hash', '// 10 rounds', '// bcrypt', '// see docs/setup.md', '// made with bcryptjs, replace it', "// not 'letmein'"]) assert.deepEqual(said(comment), [], comment);
    const json = JSON.stringify(audit({ 'src/db.ts': `const h = '${HASH}'; // letmein77\n` }));
    assert.ok(!json.includes('letmein77'));
  });
});

describe('a password that accounts get by default', () => {
  it('is told as such, and makes nobody an administrator', () => {
    const [found, ...more] = audit({ 'routes/admin-people.js': "import bcrypt from 'bcryptjs';\nexport const add = (db) => async (req, res) => {\n  const hash = await bcrypt.hash(req.body.password || 'welcome4711', 10);\n  await db.insert(hash);\n  res.end();\n};\n" });
    assert.deepEqual(more, []);
    assert.match(found?.message ?? '', /^Accounts made without a password get one that is written in the code/);
    assert.deepEqual([found?.severity, found?.data['harm']], ['high', undefined]);
    const compared = audit({ 'src/login.ts': "export const may = (user, password) => user.ok || password === 'admin@4711';\n" });
    assert.match(compared[0]?.message ?? '', /^The sign-in compares/);
  });
});

describe('what opens accounts on the running server', () => {
  const harm = (files: Record<string, string>, rule: string): unknown => audit(files).find((f) => f.ruleId === rule)?.data['harm'];
  it('is told apart from what a script made once', () => {
    const make = "export async function first(db, bcrypt) {\n  const hash = await bcrypt.hash('admin4711', 10);\n  await db.user.create({ data: { email: 'boss@shop.io', password: hash, role: 'ADMIN' } });\n}\n";
    assert.equal(harm({ 'src/db.ts': make, 'src/index.ts': "import { first } from './db';\nfirst();\n" }, 'secrets/hardcoded-account-password'), 'accounts');
    assert.equal(harm({ 'tools/make.ts': make }, 'secrets/hardcoded-account-password'), undefined);
    assert.equal(harm({ 'src/login.ts': "export function login(username, password) {\n  return username === 'admin' && password === 'admin@4711';\n}\n" }, 'secrets/hardcoded-account-password'), 'accounts');
    assert.equal(harm({ 'src/a.ts': "export const s = process.env.JWT_SECRET || 'x1y2z3w4';\n", 'src/index.ts': "import './a';\n" }, 'env/insecure-fallback'), 'accounts-if-unset');
    assert.equal(harm({ 'tools/a.ts': "export const s = process.env.JWT_SECRET || 'x1y2z3w4';\n" }, 'env/insecure-fallback'), undefined);
    assert.equal(harm({ 'src/a.ts': "export const s = process.env.CARD_ENCRYPT_KEY || 'x1y2z3w4';\n" }, 'env/insecure-fallback'), undefined);
  });
});

describe('one password, one leak', () => {
  it('written into several URLs, encoded or plain', () => {
    const found = audit({
      'a.js': "const a = 'postgresql://postgres:Wq%239sK2xPz@db.abcdefgh.supabase.co:5432/postgres';\n",
      'b.js': "const b = 'postgresql://postgres.abcdefgh:Wq%239sK2xPz@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true';\n",
      'c.js': "import { Pool } from 'pg';\nexport const pool = new Pool({ host: 'db.abcdefgh.supabase.co', password: 'Wq#9sK2xPz' });\n",
      'd.js': 'const ref = "abcdefgh";\nconst d = `postgresql://postgres:Wq%239sK2xPz@db.${ref}.supabase.co:5432/postgres`;\n',
    });
    assert.equal(found.length, 4);
    assert.equal(new Set(found.map((f) => f.rootCause)).size, 1);
    assert.ok(found.every((f) => f.severity === 'critical'));
    // A URL with an expression in it is no value of a variable.
    assert.deepEqual(found.filter((f) => !f.fixes.includes('move-to-env')).map((f) => f.at.file), ['d.js']);
  });
});

describe('a webhook’s handshake', () => {
  const source = (name: string, more = ''): string => `const expected = process.env.${name} || 'hello_hook_token_77';\nexport function verify(url) {\n  const token = url.searchParams.get('hub.verify_token');\n  if (url.searchParams.get('hub.mode') === 'subscribe' && token === expected) return url.searchParams.get('hub.challenge');\n  return null;\n}\n${more}`;
  const rated = (text: string): string | undefined => audit({ 'src/hook.ts': text }).find((f) => f.ruleId === 'env/insecure-fallback')?.severity;

  it('opens nothing: a note, by its name or by what it is compared with', () => {
    assert.equal(rated(source('WHATSAPP_VERIFY_TOKEN')), 'low');
    assert.equal(rated(source('HOOK_VERIFY_TOKEN')), 'low');
    assert.equal(rated(source('HOOK_VERIFY_TOKEN', 'export const may = (req) => req.headers.authorization === expected;\n')), 'high');
    assert.equal(rated("export const a = process.env.CRON_SECRET || 'hello_hook_token_77';"), 'high');
  });
});

describe('public twins', () => {
  it('are told once: the plain half is no finding of its own', () => {
    const found = audit({ ...VITE, 'src/main.tsx': "import { ENV } from './env';\nconsole.log(ENV.t);\n", 'src/env.ts': "export const ENV = {\n  a: import.meta.env.VITE_GEMINI_API_KEY || import.meta.env.GEMINI_API_KEY || '',\n  t: import.meta.env.VITE_WHATSAPP_ACCESS_TOKEN || process.env.WHATSAPP_ACCESS_TOKEN || '',\n  m: import.meta.env.VITE_MAPBOX_ACCESS_TOKEN,\n};\n" }, null);
    assert.deepEqual(found.map((f) => [f.ruleId, f.data['envName']]), [['secrets/public-env-prefix', 'VITE_GEMINI_API_KEY'], ['secrets/public-env-prefix', 'VITE_WHATSAPP_ACCESS_TOKEN']]);
    assert.deepEqual([true, true], found.map((f) => f.data['published']));
    assert.deepEqual(audit({ '.env.example': 'VITE_OPENAI_API_KEY=\n' }, null).map((f) => f.data['published']), [false]);
    const other = audit({ ...NEXT, 'app/page.tsx': "'use client';\nexport default function P() { return <p>{process.env.RESEND_API_KEY}</p>; }\n" }, null);
    assert.deepEqual(other.map((f) => f.ruleId), ['secrets/client-bundle-secret']);
    const elsewhere = audit({ ...NEXT, 'app/page.tsx': "'use client';\nexport default function P() { return <p>{process.env.RESEND_API_KEY}</p>; }\n", 'app/mail.tsx': "'use client';\nexport const key = process.env.NEXT_PUBLIC_RESEND_API_KEY;\n" }, null);
    assert.deepEqual(elsewhere.map((f) => [f.ruleId, f.data['envName']]), [['secrets/public-env-prefix', 'NEXT_PUBLIC_RESEND_API_KEY']]);
  });
});

describe('env files of a folder without git', () => {
  const files = { 'package.json': '{}', 'server/.env': 'PORT=3000\nDATABASE_URL={{secret:postgres-uri}}\n', 'worker/.env': 'OPENAI_API_KEY={{secret:openai}}\n' };
  it('are one question when they hold live secrets that no .gitignore covers', () => {
    const found = audit(files, null);
    assert.deepEqual(brief(found), ['secrets/gitignore-missing-env high low']);
    assert.match(found[0]?.message ?? '', /^Have a look: is server\/\.env in your repository\?/);
    assert.equal(found[0]?.evidence.length, 2);
    assert.deepEqual(audit({ ...files, '.gitignore': '.env\n' }, null), []);
    assert.deepEqual(audit({ 'package.json': '{}', '.env': 'PORT=3000\nDB_PASSWORD=\nVITE_URL=https://shop.io\n' }, null), []);
  });

  it('that set a variable to its fallback do not help, and that is said', () => {
    const found = audit({ 'src/auth.ts': "import jwt from 'jsonwebtoken';\nexport const t = (id) => jwt.sign({ id }, process.env.JWT_SECRET || 'sesame4everybody');\n", '.env': 'JWT_SECRET=sesame4everybody\n' }, null);
    const fallback = found.find((f) => f.ruleId === 'env/insecure-fallback');
    assert.match(fallback?.evidence[0]?.note ?? '', /set to the very same value here/);
  });
});

describe('what a password opens', () => {
  const told = (files: Record<string, string>): string[] => audit(files).map((f) => `${f.severity} ${f.ruleId.split('/')[1] ?? ''} ${f.message.split('\n')[0] ?? ''} ${f.businessImpact}`);

  it('is the database, where a role of it gets the password, whatever stands near', () => {
    const guide = (value: string): Record<string, string> => ({ 'SETUP.md': `Administrator: \`boss\`\n\n- Set it: \`ALTER USER postgres WITH PASSWORD '${value}';\`\n` });
    const found = told(guide('Wolke7Regenbg24'));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^high hardcoded-credential The password of a database is written in the code/);
    for (const value of ['nueva_contraseña', 'password_seguro', 'tu_password', 'sua_senha', 'nova_senha', 'mot_de_passe', 'dein_passwort', 'clave_segura', 'neues_passwort']) assert.deepEqual(told(guide(value)), [], value);
  });

  it('is nothing, where the rest of it is random', () => {
    const source = (rest: string): Record<string, string> => ({ 'src/provision.ts': `import { db } from './db';\nimport { randomBytes } from 'node:crypto';\nexport async function start() {\n  const end = ${rest};\n  const adminPassword = 'Ab!' + end;\n  await db.make(adminPassword);\n}\n` });
    assert.deepEqual(told(source("randomBytes(6).toString('hex')")), []);
    assert.equal(told(source('new Date().getFullYear()')).length, 1);
    assert.deepEqual(told({ 'src/invite.ts': "import { db } from './db';\nexport const tempPassword = 'Ab!' + crypto.randomUUID();\n" }), []);
  });

  it('is a trial, where the script is for a test database or throws it away first', () => {
    const script = (first: string): string => `const mongoose = require('mongoose');\nconst User = require('./user');\nconst users = [{ name: 'Boss', email: 'boss@parcels.io', password: 'parcel123', role: 'admin' }];\nasync function fill() {\n  ${first}\n  for (const u of users) await User.create(u);\n}\nfill();\n`;
    assert.match(told({ 'scripts/seed-all.js': script('await mongoose.connection.dropDatabase();') }).join('|'), /^low hardcoded-account-password Have a look: this script sets up a database/);
    assert.match(told({ 'scripts/setupTestDatabase.js': script('') }).join('|'), /^low hardcoded-account-password Have a look/);
    assert.match(told({ 'scripts/seed-all.js': script('') }).join('|'), /^high hardcoded-account-password The password of an account/);
  });

  it('is a customer’s own, where that is whose account it is', () => {
    const seed = "const bcrypt = require('bcryptjs');\nconst db = require('./db');\nfunction seed() {\n  const hashBuyer = bcrypt.hashSync('buyer77x', 10);\n  const hashBoss = bcrypt.hashSync('parcel123', 10);\n  db.run('Eve', 'eve@example.com', hashBuyer, 'customer');\n  db.run('Boss', 'boss@parcels.io', hashBoss, 'super_admin');\n}\nseed();\n";
    const found = told({ 'database/start.js': seed });
    assert.match(found.find((f) => f.startsWith('low')) ?? '', /demo account.*sees and does what its customer may/);
    assert.equal(found.length, 2);
    assert.ok(found.every((f) => !f.includes('worst case')));
  });

  it('is nothing, where the provider gives the value to everybody to try out with', () => {
    const example = (sandbox: string): Record<string, string> => ({ '.env.example': `PAYQUICK_MERCHANT=778\nPAYQUICK_PASSPHRASE=kT7rQ2xVb9Lm4wNz\nPAYQUICK_SANDBOX=${sandbox}\n` });
    assert.deepEqual(told(example('true')), []);
    assert.equal(told(example('false')).length, 1);
  });
});
