import assert from 'node:assert/strict';
import { fixed, open, typeErrors, type Files } from './support';
import { token } from '../../extract/secrets/tokens';

const EXPRESS = '{ "dependencies": { "express": "5.0.0", "dotenv": "16.0.0" } }\n';
const KEY = 'secrets/hardcoded-provider-key';

function move(files: Files, rule = KEY, id = 'move-to-env') {
  const result = fixed(files, rule, id);
  assert.deepEqual(result.left, [], 'the finding is gone');
  return result;
}

describe('moving a secret to the environment', () => {
  const app = "import Stripe from 'stripe';\n\nexport const stripe = new Stripe('{{secret:stripe-live}}');\n";

  it('reads it checked, puts the value into the ignored env file and the name into the example', () => {
    const r = move({ 'package.json': EXPRESS, '.gitignore': 'node_modules\n.env\n', '.env': 'PORT=3000', '.env.example': 'PORT=\n', 'src/billing.ts': app });
    assert.match(r.files['src/billing.ts']!, /new Stripe\(process\.env\.STRIPE_SECRET_KEY \|\| missingEnv\('STRIPE_SECRET_KEY'\)\)/);
    assert.equal(r.files['.env'], `PORT=3000\nSTRIPE_SECRET_KEY=${token('stripe-live')}\n`);
    assert.equal(r.files['.env.example'], 'PORT=\nSTRIPE_SECRET_KEY=\n');
    assert.deepEqual(typeErrors(r.files, 'src/billing.ts'), []);
    assert.ok(r.fix.edits.filter((e) => e.newText.includes(token('stripe-live'))).every((e) => e.sensitive === true && e.file === '.env'));
    assert.ok(r.fix.manual.some((m) => m.startsWith('Rotate STRIPE_SECRET_KEY (Stripe dashboard')));
    assert.ok(!JSON.stringify(r.fix.manual).includes(token('stripe-live')));
  });

  it('ignores the env file where git does not yet, and creates what is missing', () => {
    const r = move({ 'package.json': '{ "dependencies": { "next": "16.0.0" } }', '.gitignore': 'node_modules\n', 'lib/billing.ts': app });
    assert.ok(r.fix.create.some((c) => c.file === '.env.local' && c.sensitive === true));
    assert.match(r.files['.gitignore']!, /^node_modules\n\n# secrets\n\.env\n\.env\.\*\n!\.env\.example\n/);
    assert.equal(r.files['.env.example'], 'STRIPE_SECRET_KEY=\n');
  });

  it('says what is missing when nothing loads the file, and never writes into a tracked one', () => {
    const plain = move({ 'package.json': '{ "dependencies": { "express": "5.0.0" } }', '.gitignore': '.env\n', 'src/a.ts': app });
    assert.ok(plain.fix.manual.some((m) => m.includes('--env-file')));
    const tracked = move({ 'package.json': EXPRESS, '.env': 'PORT=1\n', 'src/a.ts': app });
    assert.equal(tracked.files['.env'], 'PORT=1\n');
    assert.ok(tracked.fix.manual.some((m) => m.includes('git rm --cached .env')));
  });

  it('uses the env file a script names', () => {
    const r = move({ 'package.json': '{ "scripts": { "start": "node --env-file=config/prod.env dist/app.js" } }', '.gitignore': '*.env\n', 'src/a.ts': app });
    assert.ok(r.fix.create.some((c) => c.file === 'config/prod.env'));
  });

  it('keeps line ends, fills a blank entry, numbers a name that another value has', () => {
    const crlf = move({ 'package.json': EXPRESS, '.gitignore': '.env\r\n', '.env': 'A=1\r\nSTRIPE_SECRET_KEY=\r\nB=2\r\n', 'src/a.ts': app.replaceAll('\n', '\r\n') });
    assert.equal(crlf.files['.env'], `A=1\r\nSTRIPE_SECRET_KEY=${token('stripe-live')}\r\nB=2\r\n`);
    assert.ok(!/[^\r]\n/.test(crlf.files['src/a.ts']!));
    const other = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', '.env': 'STRIPE_SECRET_KEY=another\n', 'src/a.ts': app });
    assert.match(other.files['src/a.ts']!, /process\.env\.STRIPE_SECRET_KEY_2/);
    const same = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', '.env': 'STRIPE_SECRET_KEY={{secret:stripe-live}}\n', 'src/a.ts': app });
    assert.equal(same.files['.env'], `STRIPE_SECRET_KEY=${token('stripe-live')}\n`);
  });

  it('Deno in edge functions', () => {
    const r = move({ '.gitignore': '.env\n', 'supabase/functions/pay/index.ts': "import Stripe from 'npm:stripe';\n\nconst stripe = new Stripe('{{secret:stripe-live}}');\nDeno.serve(async () => new Response(String(stripe)));\n" });
    assert.match(r.files['supabase/functions/pay/index.ts']!, /Deno\.env\.get\('STRIPE_SECRET_KEY'\) \|\| missingEnv\('STRIPE_SECRET_KEY'\)/);
    assert.ok(r.fix.create.some((c) => c.file === 'supabase/functions/.env'));
    assert.ok(r.fix.manual.some((m) => m.includes('supabase secrets set')));
  });

  it('CommonJS without types', () => {
    const r = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/a.js': "'use strict';\nconst Stripe = require('stripe');\nmodule.exports = new Stripe('{{secret:stripe-live}}');\n" });
    assert.match(r.files['src/a.js']!, /^'use strict';\nconst Stripe = require\('stripe'\);\n\n\/\*\*.*\nfunction missingEnv\(name\) \{\n/);
  });

  it('a key inside a longer string, a template, a concatenation, a condition', () => {
    for (const [source, expected] of [
      ["export const h = { Authorization: 'Bearer {{secret:stripe-live}}' };\n", /`Bearer \$\{process\.env\.STRIPE_SECRET_KEY \|\| missingEnv\('STRIPE_SECRET_KEY'\)\}`/],
      ["export const h = `Bearer {{secret:stripe-live}}`;\n", /`Bearer \$\{process\.env/],
      [`export const h = 'sk_' + 'live_' + '${token('stripe-live').slice(8)}';\n`, /export const h = process\.env\.STRIPE_SECRET_KEY \|\| missingEnv/],
      ["export const ok = (k: string) => k === '{{secret:stripe-live}}';\n", /k === \(process\.env\.STRIPE_SECRET_KEY \|\| missingEnv\('STRIPE_SECRET_KEY'\)\)/],
      ["export const n = '{{secret:stripe-live}}'.length;\n", /\(process\.env\.STRIPE_SECRET_KEY \|\| missingEnv\('STRIPE_SECRET_KEY'\)\)\.length/],
    ] as const) {
      const r = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/a.ts': source });
      assert.match(r.files['src/a.ts']!, expected);
      assert.deepEqual(typeErrors(r.files, 'src/a.ts'), []);
      assert.match(r.files['.env']!, new RegExp(`^STRIPE_SECRET_KEY=${token('stripe-live')}$`, 'm'));
    }
  });

  it('uses the env module the project has', () => {
    const module = "import { z } from 'zod';\n\nconst Schema = z.object({\n  PORT: z.string(),\n});\n\nexport const env = Schema.parse(process.env);\n";
    const r = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/env.ts': module, 'src/billing.ts': app });
    assert.match(r.files['src/env.ts']!, /z\.object\(\{\n {2}STRIPE_SECRET_KEY: z\.string\(\)\.min\(1\),\n {2}PORT/);
    assert.match(r.files['src/billing.ts']!, /import \{ env \} from '\.\/env';/);
    assert.match(r.files['src/billing.ts']!, /new Stripe\(env\.STRIPE_SECRET_KEY\)/);
  });

  it('a private key of several lines fits into one', () => {
    const r = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/a.ts': 'export const key = `{{secret:private-key}}`;\n' }, 'secrets/hardcoded-credential');
    assert.match(r.files['.env']!, /^PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\\n[^\n]*-----END RSA PRIVATE KEY-----"\n$/);
    assert.match(r.files['src/a.ts']!, /export const key = (?:process\.env|`\$\{process\.env)/);
  });

  it('signing keys and account passwords', () => {
    const jwt = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/a.ts': "import jwt from 'jsonwebtoken';\nexport const s = (id: string) => jwt.sign({ id }, 'keyboard cat');\n" }, 'secrets/weak-or-default-secret');
    assert.match(jwt.files['src/a.ts']!, /jwt\.sign\(\{ id \}, process\.env\.JWT_SECRET \|\| missingEnv\('JWT_SECRET'\)\)/);
    assert.match(jwt.files['.env']!, /^JWT_SECRET='keyboard cat'$/m);
    const admin = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/create-admin.ts': "import bcrypt from 'bcrypt';\nexport const h = () => bcrypt.hash('admin123', 10);\n" }, 'secrets/hardcoded-account-password');
    assert.match(admin.files['src/create-admin.ts']!, /bcrypt\.hash\(process\.env\.ADMIN_PASSWORD \|\| missingEnv\('ADMIN_PASSWORD'\), 10\)/);
  });
});

describe('the session', () => {
  it('accepts these fixes: they parse, the finding goes, none comes', () => {
    const session = open({ 'package.json': EXPRESS, '.gitignore': '.env\n.env.*\n', 'src/a.ts': "export const k = '{{secret:stripe-live}}';\nexport const s = process.env.JWT_SECRET || 'dev-secret';\n" });
    const findings = session.audit().findings;
    assert.equal(findings.length, 2);
    for (const f of findings) {
      const result = session.fix(f, f.fixes[0]!);
      assert.ok(result.ok, result.ok ? '' : result.message);
      assert.ok(session.fixesOf(f).every((x) => x.title.length > 0 && !x.title.includes(token('stripe-live'))));
    }
  });
});

describe('fallbacks', () => {
  it('refuses to run without the variable', () => {
    for (const [source, expected] of [
      ["export const s = process.env.JWT_SECRET || 'dev-secret';\n", /process\.env\.JWT_SECRET \|\| missingEnv\('JWT_SECRET'\);/],
      ["export const s = process.env.JWT_SECRET ?? 'dev-secret';\n", /process\.env\.JWT_SECRET \?\? missingEnv\('JWT_SECRET'\);/],
      ["const { JWT_SECRET = 'dev-secret' } = process.env;\nexport const s: string = JWT_SECRET;\n", /\{ JWT_SECRET = missingEnv\('JWT_SECRET'\) \}/],
    ] as const) {
      const r = move({ 'package.json': EXPRESS, '.gitignore': '.env\n', 'src/a.ts': source }, 'env/insecure-fallback', 'require-env');
      assert.match(r.files['src/a.ts']!, expected);
      assert.deepEqual(typeErrors(r.files, 'src/a.ts'), []);
      assert.ok(r.fix.manual.some((m) => m.includes('openssl rand -base64 32')));
    }
  });
});

describe('env files and .gitignore', () => {
  it('takes a committed env file out, with the names kept in an example', () => {
    const r = fixed({ '.env': 'STRIPE_SECRET_KEY={{secret:stripe-live}}\nPORT=3000\n' }, 'secrets/env-file-tracked', 'untrack');
    assert.match(r.files['.gitignore']!, /^\.env$/m);
    assert.equal(r.files['.env.example'], 'STRIPE_SECRET_KEY=\nPORT=\n');
    assert.ok(r.fix.manual[0]?.includes('git rm --cached .env'));
    assert.ok(!JSON.stringify(r.fix).includes(token('stripe-live')));
  });

  it('adds to .gitignore what it lacks, and nothing twice', () => {
    const r = fixed({ '.gitignore': 'node_modules\n*.pem\n', 'package.json': EXPRESS, 'src/a.ts': 'export const u = process.env.DATABASE_URL;\n' }, 'secrets/gitignore-missing-env', 'add-to-gitignore');
    assert.equal(r.files['.gitignore']!.match(/\*\.pem/g)?.length, 1);
    assert.match(r.files['.gitignore']!, /^\.env$/m);
    assert.match(r.files['.gitignore']!, /^!\.env\.example$/m);
  });

  it('offers steps where no edit is safe', () => {
    const r = fixed({ 'supabase/cron.sql': "select '{{secret:supabase-service-role}}';\n" }, KEY, 'remove-by-hand');
    assert.equal(r.fix.edits.length, 0);
    assert.ok(r.fix.manual.some((m) => m.includes('vault')) && r.fix.manual.some((m) => m.startsWith('Rotate SUPABASE_SERVICE_ROLE_KEY')));
  });
});
