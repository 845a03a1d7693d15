import assert from 'node:assert/strict';
import { audit, open, SECRET_RULES, summary } from './support';
import { expandSecrets, token } from '../../extract/secrets/tokens';

describe('rules about secrets', () => {
  for (const rule of SECRET_RULES) {
    it(`${rule.meta.id}: finds its bad example once, stays silent on its good one`, () => {
      assert.equal(audit(rule.meta.bad).filter((f) => f.ruleId === rule.meta.id).length, 1);
      assert.deepEqual(summary(rule.meta.bad).map((s) => s.split(' ')[0]), [rule.meta.id], 'and nothing else');
      assert.deepEqual(summary(rule.meta.good), []);
    });

    it(`${rule.meta.id}: complete metadata, a first line that stands alone, no literal token`, () => {
      const { meta } = rule;
      for (const message of Object.values(meta.messages)) assert.ok((message.split('\n')[0] ?? '').length <= 160 && /[.:]/.test(message), message);
      assert.ok(meta.why.length > 100 && meta.businessImpact.endsWith('.') && meta.cwe.length > 0 && meta.owasp.length > 0);
      assert.equal(expandSecrets(JSON.stringify(meta.bad)).length >= JSON.stringify(meta.bad).length, true);
    });
  }

  it('shows no value in any finding', () => {
    const files = { 'src/a.ts': "export const k = '{{secret:stripe-live}}';\nexport const d = '{{secret:postgres-uri}}';\n", '.env': 'OPENAI_API_KEY={{secret:openai}}\n', 'seed.sql': "select '{{secret:supabase-service-role}}';\n" };
    const json = JSON.stringify(audit(files));
    for (const id of ['stripe-live', 'postgres-uri', 'openai', 'supabase-service-role']) assert.ok(!json.includes(token(id)), id);
  });

  it('one finding a place, one root cause a value', () => {
    const found = audit({ 'src/a.ts': "export const k = '{{secret:stripe-live}}';\n", 'src/b.ts': "export const k = process.env.K || '{{secret:stripe-live}}';\n" });
    assert.equal(found.length, 2);
    assert.equal(new Set(found.map((f) => f.rootCause)).size, 1);
    assert.equal(found[0]?.evidence.length, 1);
  });

  it('a server’s secret in browser code gets no move to the environment', () => {
    const found = audit({ 'package.json': '{"dependencies":{"next":"15.0.0","react":"19.0.0"}}', 'app/page.tsx': "'use client';\nconst key = '{{secret:openai}}';\nexport default function P() { return <p>{key.length}</p>; }\n" });
    assert.deepEqual(found.map((f) => [f.ruleId, f.category, ...f.fixes]), [['secrets/client-bundle-secret', 'secret-client', 'move-to-server']]);
  });

  it('a module of both sides: what browser code imports of it decides; a password and a key made for pages have words of their own', () => {
    const next = { 'package.json': '{"dependencies":{"next":"15.0.0","react":"19.0.0"}}' };
    const of = (module: string, client: string) => audit({ ...next, 'lib/codes.ts': module, 'app/form.tsx': `'use client';\n${client}\n`, 'app/api/x/route.ts': "import { sign } from '../../../lib/codes';\nexport const GET = () => Response.json(sign('x'));\n" }).filter((f) => f.ruleId === 'secrets/client-bundle-secret').map((f) => `${f.message.split(':')[0] ?? ''} ${f.severity}`);
    const module = "export const LENGTH = 8;\nfunction key() {\n  return process.env.CODE_SIGNING_SECRET;\n}\nexport function sign(x: string) {\n  return x + key();\n}\nexport const check = (x: string) => sign(x) === x;\n";
    assert.deepEqual(of(module, "import { LENGTH } from '../lib/codes';\nexport const F = () => LENGTH;"), []);
    assert.deepEqual(of(module, "import { check } from '../lib/codes';\nexport const F = () => check('x');"), ['CODE_SIGNING_SECRET is read in browser code medium']);
    assert.deepEqual(of(module, "import * as codes from '../lib/codes';\nexport const F = () => codes.LENGTH;"), ['CODE_SIGNING_SECRET is read in browser code medium']);
    assert.deepEqual(of(`const KEY = process.env.CODE_SIGNING_SECRET;\nexport const LENGTH = 8;\nexport const sign = (x: string) => x + KEY;\n`, "import { LENGTH } from '../lib/codes';\nexport const F = () => LENGTH;"), ['CODE_SIGNING_SECRET is read in a module that browser code loads too low']);
    const fonts = (url: string) => audit({ ...next, 'app/fonts.tsx': `'use client';\nconst key = '{{secret:google-api-key}}';\nexport const load = () => fetch('${url}?key=' + key);\n` }).map((f) => f.severity);
    assert.deepEqual(fonts('https://www.googleapis.com/webfonts/v1/webfonts'), ['low']);
    assert.notDeepEqual(fonts('https://generativelanguage.googleapis.com/v1/models'), ['low']);
  });

  it('a committed env file is one finding; an ignored one is none', () => {
    const files = { '.env': 'STRIPE_SECRET_KEY={{secret:stripe-live}}\nDATABASE_URL={{secret:postgres-uri}}\n' };
    const [finding, ...more] = audit(files);
    assert.equal(finding?.ruleId, 'secrets/env-file-tracked');
    assert.equal(finding?.severity, 'critical');
    assert.equal(finding?.evidence.length, 2);
    assert.deepEqual(more, []);
    assert.deepEqual(audit({ ...files, '.gitignore': '.env\n' }), []);
    assert.deepEqual(audit(files, null).map((f) => [f.ruleId, f.confidence]), [['secrets/gitignore-missing-env', 'low']], 'no git: nobody knows, so it is asked');
    assert.equal(audit({ '.env': 'NEXT_PUBLIC_URL=https://acme.io\nPORT=3000\n' })[0]?.severity, 'info');
  });

  it('public prefixes: names of secrets, not of what is public', () => {
    const secret = ['VITE_OPENAI_API_KEY', 'NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY', 'EXPO_PUBLIC_JWT_SECRET', 'REACT_APP_ADMIN_PASSWORD', 'NEXT_PUBLIC_DATABASE_URL', 'VITE_RESEND_API_KEY', 'NEXT_PUBLIC_STRIPE_SECRET_KEY', 'VITE_SLACK_WEBHOOK_URL'];
    const open = ['VITE_SUPABASE_ANON_KEY', 'NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY', 'NEXT_PUBLIC_FIREBASE_API_KEY', 'VITE_GOOGLE_MAPS_API_KEY', 'NEXT_PUBLIC_SENTRY_DSN', 'NEXT_PUBLIC_GOOGLE_CLIENT_ID', 'NEXT_PUBLIC_RECAPTCHA_SITE_KEY', 'VITE_API_URL', 'NEXT_PUBLIC_POSTHOG_KEY', 'NEXT_PUBLIC_RAZORPAY_KEY_ID', 'VITE_PASSWORD_MIN_LENGTH', 'NEXT_PUBLIC_MAPBOX_TOKEN', 'VITE_API_KEY', 'NEXT_PUBLIC_VAPID_PUBLIC_KEY', 'NEXT_PUBLIC_ADMIN_EMAIL', 'VITE_OPENAI_MODEL'];
    const run = (name: string) => audit({ 'src/a.ts': `export const x = import.meta.env.${name};\n` }).filter((f) => f.ruleId === 'secrets/public-env-prefix').length;
    assert.deepEqual(secret.filter((n) => run(n) === 0), []);
    assert.deepEqual(open.filter((n) => run(n) > 0), []);
    assert.equal(audit({ '.env.production': 'VITE_KEY={{secret:openai}}\n' }).filter((f) => f.ruleId === 'secrets/public-env-prefix').length, 1, 'by its value');
  });
});

describe('literals of scripts', () => {
  const ids = (source: string, path = 'src/a.ts') => summary({ [path]: source }).map((s) => s.replace(/ .*:/, ':'));
  const found: readonly (readonly [string, string])[] = [
    ["app.use(session({ secret: 'kekse', resave: false }));", 'secrets/weak-or-default-secret'],
    ["app.use(cookieParser('kekse'));", 'secrets/weak-or-default-secret'],
    ["import crypto from 'crypto';\nexport const h = (d) => crypto.createHmac('sha256', 'kleines-geheimnis').update(d);", 'secrets/weak-or-default-secret'],
    ["const c = crypto.createCipheriv('aes-256-cbc', 'abcdefghabcdefgh1234567812345678', iv);", 'secrets/weak-or-default-secret'],
    ["JwtModule.register({ secret: 'topsecret', signOptions: {} });", 'secrets/weak-or-default-secret'],
    ["export const config = { port: 1, cookieSecret: 'session_cookie_secret_key_here' };", 'secrets/weak-or-default-secret'],
    ["const JWT_SECRET = 'my_super_secret_jwt_key';", 'secrets/weak-or-default-secret'],
    ["const s = process.env.SESSION_SECRET ?? 'abc123';", 'env/insecure-fallback'],
    ["const { JWT_SECRET = 'dev' } = process.env;", 'env/insecure-fallback'],
    ["const s = process.env.ENCRYPTION_KEY ? process.env.ENCRYPTION_KEY : 'default-key';", 'env/insecure-fallback'],
    ["const s = process.env.CRON_SECRET || 'local-cron';", 'env/insecure-fallback'],
    ["const p = process.env.ADMIN_PASSWORD || 'admin123';", 'env/insecure-fallback'],
    ["const t = Deno.env.get('WEBHOOK_SECRET') ?? 'whatever';", 'env/insecure-fallback'],
    ["await bcrypt.hash('123456', 10);", 'secrets/hardcoded-account-password'],
    ["await User.create({ email: 'a@b.io', password: 'password123', role: 'Admin' });", 'secrets/hardcoded-account-password'],
    ["await supabase.auth.admin.createUser({ email: 'a@b.io', password: 'Start123' });", 'secrets/hardcoded-account-password'],
    ["if (password === 'Sesam2024') login();", 'secrets/hardcoded-account-password'],
    ["const apiKey = 'v9dn0balpqas1pcc281tn5ood1';", 'secrets/hardcoded-credential'],
    ["const pool = new Pool({ host: 'db.acme.io', user: 'app', password: 'Qm7vKx2p' });", 'secrets/hardcoded-credential'],
    ["const t = nodemailer.createTransport({ auth: { user: 'a@gmail.com', pass: 'qwmz kdpt xvbn hgrl' } });", 'secrets/hardcoded-credential'],
  ];
  for (const [source, rule] of found) it(`finds ${source.slice(0, 70)}`, () => assert.deepEqual(ids(source).map((x) => x.split(':')[0]), [rule]));

  it('stays silent on what only looks like one', () => {
    const sources = [
      "const pool = new Pool({ host: 'db', password: 'nueva_contraseña' });", "const pool = new Pool({ host: 'db', password: 'password_seguro' });", "const port = process.env.PORT || '3000';", "const url = process.env.API_URL ?? 'http://localhost:3000';", "const key = process.env.SUPABASE_SERVICE_ROLE_KEY ?? '';", "const l = process.env.LOG_LEVEL || 'info';",
      "const e = process.env.JWT_EXPIRES_IN || '7d';", "const from = process.env.MAIL_FROM || 'noreply@acme.io';", "const id = process.env.GOOGLE_CLIENT_ID || 'your-client-id';", "const s = process.env.GOOGLE_CLIENT_SECRET || 'your-client-secret';",
      "const t = nodemailer.createTransport({ auth: { user: 'your-email@gmail.com', pass: 'your-app-password' } });", "if (typeof password === 'string') f();", "if (webhookSecret === 'your_webhook_secret_here') warn();", "if (field === 'password') f();",
      "const labels = { password: 'Password', confirmPassword: 'Confirm password', token: 'Token' };", "const schema = z.object({ password: z.string().min(8, 'Password too short') });", "<input type=\"password\" name=\"password\" />", "const sessionKey = 'app-session-v2';",
      "const TOKEN_KEY = 'auth_token';", "localStorage.setItem('token', value);", "const queryKey = 'clients-by-tenant';", "const hash = await bcrypt.hash(password, 10);", "jwt.sign({ id }, secret, { algorithm: 'HS256' });", "jwt.verify(token, process.env.JWT_SECRET);",
      "const publicKey = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U';", "const wallet = '0x8ba1f109551bD432803012645Ac136ddd64DBA72';", "crypto.createHmac('sha256', secret);", "crypto.createHash('sha256').update('x');", "const passwordHash = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';",
      "const DI = { JWT_SECRET: 'JWT_SECRET' };", "headers: { 'x-api-key': process.env.KEY }", "const resetPasswordUrl = '/auth/reset-password';", "const tokenType = 'Bearer';", "router.post('/forgot-password', handler);", "t('errors.password.required');", "const secretName = 'prod/db/main';",
      "const db = process.env.DATABASE_URL || 'postgres://postgres:postgres@localhost:5432/app';", "const isLive = key.startsWith('sk_live_');", "const s = process.env.STRIPE_SECRET_KEY || 'sk_test_dummy';", "const accessToken = '550e8400-e29b-41d4-a716-446655440000';",
      "res.json({ jwt: process.env.JWT_SECRET ? 'SET' : 'NOT_SET', s: process.env.AUTH_SECRET || 'missing' });", `const supabaseServiceKey = '${['sb_secret_N7UND0UgjKTVK-Uodkm0Hg', 'xSvEMPvz'].join('_')}';`, "const serviceRoleKey = '{{secret:supabase-demo}}';", "const key = '{{secret:supabase-anon}}';",
    ];
    assert.deepEqual(sources.flatMap((s) => ids(s, s.startsWith('<') ? 'src/a.tsx' : 'src/a.ts').map((x) => `${s} → ${x}`)), []);
  });

  it('tests and fixtures do not run in production', () => {
    assert.deepEqual(summary({ 'test/a.test.ts': "jwt.sign({}, 'secret'); bcrypt.hash('123456', 1); const s = process.env.JWT_SECRET || 'x1y2';" }), []);
  });

  it('a development seed is a question, an administrator in it a finding', () => {
    assert.deepEqual(summary({ 'prisma/seed.ts': "const hash = await bcrypt.hash('password123', 10);" }), []);
    assert.equal(audit({ 'prisma/seed.ts': "const hash = await bcrypt.hash('password123', 10);" })[0]?.confidence, 'low');
    assert.deepEqual(summary({ 'prisma/seed.ts': "await prisma.user.create({ data: { email: 'a@b.io', password: 'admin123' } });" }), ['secrets/hardcoded-account-password prisma/seed.ts:1']);
  });

  it('classifies cheaply and never throws on odd contexts', () => {
    const session = open({ 'src/a.ts': Array.from({ length: 2000 }, (_, i) => `export const v${i} = { password: 'label ${i}', x: f('a${i}') };`).join('\n') });
    assert.deepEqual(session.errors(), []);
  });

  it('a demo account’s password is grave, and opens no administration', () => {
    const seed = (email: string): Record<string, string> => ({ 'server/seed-users.js': `const bcrypt = require('bcryptjs');\nmodule.exports = async function createAdmin(db) {\n  await db.user.create({ data: { email: '${email}', role: 'admin', password: bcrypt.hashSync('Wolke7Regen', 10) } });\n};\n` });
    const [real] = audit(seed('chef@firma.test'));
    assert.deepEqual([real?.ruleId, real?.severity], ['secrets/hardcoded-account-password', 'critical']);
    const [demo] = audit(seed('admin@demo.test'));
    assert.deepEqual([demo?.ruleId, demo?.severity], ['secrets/hardcoded-account-password', 'high']);
    assert.match(demo?.message ?? '', /^The password of a demo account/);
  });

  it('samples in collections of requests and in set-up guides are none', () => {
    const body = JSON.stringify(JSON.stringify({ email: 'user@example.com', token: '482913', newPassword: 'Wolke7Regen!' }));
    assert.deepEqual(summary({ 'api.postman_collection.json': `{ "request": { "body": { "raw": ${body} } } }\n` }), []);
    assert.deepEqual(summary({ 'docs/SETUP.md': "CREATE USER shop_user WITH PASSWORD 'shop_password';\n" }), []);
    assert.equal(audit({ 'db/roles.sql': "CREATE USER shop_admin WITH PASSWORD 'Wolke7Regen!';\n" }).length, 1);
  });
});
