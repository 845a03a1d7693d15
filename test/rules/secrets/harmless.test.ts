/** Values that nobody has to keep, files that never run, names that publish nothing: less is said of them, or nothing. */
import assert from 'node:assert/strict';
import { token } from '../../extract/secrets/tokens';
import { audit, type Files } from './support';

const said = (files: Files): string[] => audit(files).map((f) => `${f.severity} ${f.ruleId.split('/')[1] ?? ''} ${f.message.split('\n')[0] ?? ''}`);
const only = (files: Files): string => said(files).join('|');

describe('placeholders', () => {
  const gateway = (value: string, name = 'gateways'): Files => ({ 'src/pay.js': `const ${name} = [{ id: 'pay', config: { apiKey: '', secretKey: '${value}', webhookUrl: '/hook' } }];\nexports.list = () => ${name}.length;\n` });

  it('words and a number counted up are made up', () => {
    for (const value of ['secret_1234567890', 'stripe_secret_123', 'rzp_test_1234567890']) assert.deepEqual(said(gateway(value)), [], value);
  });

  it('the key of a role names it', () => {
    assert.deepEqual(said({ 'src/menu.ts': "export const shows = (who: { roleKey: string }) => who.roleKey === 'shop_admin';\n" }), []);
    assert.match(only({ 'src/gate.ts': "export const passes = (sent: { apiKey: string }) => sent.apiKey === 'shop_admin_42';\n" }), /hardcoded-credential/);
  });

  it('a key that the program signs with is a flaw however it reads', () => {
    assert.match(only({ 'src/a.ts': "import jwt from 'jsonwebtoken';\nexport const sign = (id: string) => jwt.sign({ id }, 'secret_123');\n" }), /^critical weak-or-default-secret/);
    assert.match(only({ 'src/config.ts': "export const config = { auth: { jwtSecret: 'secret_123' } };\n" }), /^critical weak-or-default-secret/);
  });

  it('sample data holds samples, unless a generator made the value', () => {
    assert.deepEqual(said(gateway('key-of-the-shop-7', 'mockGateways')), []);
    assert.match(only(gateway('q7Rk2vXz9LmT4wBn8PdY1cGh', 'mockGateways')), /hardcoded-credential/);
  });

  it('a provider’s secret signs nobody in', () => {
    const found = only(gateway('key-of-the-shop-7'));
    assert.match(found, /^high hardcoded-credential A provider’s key is written in the code: whoever sees it can use it as you/);
    assert.doesNotMatch(found, /sign in|weak-or-default/);
    assert.match(only({ 'src/config.ts': "export const config = { app: { secretKey: 'key-of-the-shop-7', port: 3000 } };\n" }), /^critical weak-or-default-secret/);
  });

  it('a password to try something out with in documentation', () => {
    const guide = (password: string, mail: string): Files => ({ 'GUIDE.md': `Sign up:\n- Email: \`${mail}\`\n- Password: \`${password}\`\n` });
    assert.deepEqual(said(guide('Test987!@#', 'someone@firm.io')), []);
    assert.deepEqual(said(guide('Vk87!@#qz', 'someone@example.com')), []);
    assert.match(only(guide('Vk87!@#qz', 'boss@firm.io')), /hardcoded-credential/);
  });
});

describe('files that never run', () => {
  const next = { 'package.json': '{"dependencies":{"next":"15.0.0","react":"19.0.0"}}' };
  const guarded = "import jwt from 'jsonwebtoken';\nconst KEY = process.env.JWT_SECRET || 'kept-in-the-code-7';\nexport async function GET(req: Request) {\n  return Response.json(jwt.verify(req.headers.get('authorization') ?? '', KEY));\n}\n";

  it('a file beside the routes that Next does not serve is a note, and nothing where the value is told elsewhere', () => {
    assert.match(only({ ...next, 'app/api/hours.ts': guarded }), /^low insecure-fallback .*in a file that nothing loads/);
    assert.deepEqual(audit({ ...next, 'app/api/hours.ts': guarded, 'app/api/hours/route.ts': guarded }).filter((f) => f.ruleId === 'env/insecure-fallback').map((f) => `${f.severity} ${f.at.file}`), ['critical app/api/hours/route.ts']);
    assert.match(only({ ...next, 'app/api/hours.ts': guarded, 'app/api/x/route.ts': "export { GET } from '../hours';\n" }), /^critical/);
  });

  it('a helper that nobody imports; one that runs by itself or may be meant by an import is judged as ever', () => {
    const helper = "import jwt from 'jsonwebtoken';\nexport const sign = (id: string) => jwt.sign({ id }, 'keyboard cat');\n";
    assert.match(only({ 'src/lib/tokens.ts': helper }), /^low weak-or-default-secret .*nothing loads/);
    assert.match(only({ 'src/lib/tokens.ts': `${helper}console.log(sign('x'));\n` }), /^critical/);
    assert.match(only({ 'src/lib/tokens.ts': helper, 'src/app.ts': "import { sign } from '~/somewhere/tokens';\nexport const a = sign('1');\n" }), /^critical/);
    assert.match(only({ 'src/tokens.ts': helper }), /^critical/);
  });
});

describe('public names', () => {
  const name = 'VITE_OPENAI_API_KEY';

  it('what only a server reads is printed nowhere', () => {
    assert.match(only({ 'supabase/functions/ask/index.ts': `export const key = Deno.env.get('${name}');\n` }), new RegExp(`^low public-env-prefix ${name} has a public prefix, and only server code reads it`));
    const both = said({ 'supabase/functions/ask/index.ts': `export const key = Deno.env.get('${name}');\n`, 'src/ai.ts': `export const key = import.meta.env.${name};\n` });
    assert.ok(both.length > 0 && both.every((s) => /^critical .*printed into/.test(s)), both.join('|'));
  });

  it('one value is one risk, whatever is told of it', () => {
    const found = audit({ '.env.example': `${name}=${token('openai')}\n` });
    assert.ok(found.length === 2 && new Set(found.map((f) => f.rootCause)).size === 1, found.map((f) => `${f.ruleId} ${f.rootCause}`).join('|'));
  });

  it('in an env file, the readers decide as well', () => {
    assert.match(only({ '.env.production': `${name}=${token('openai')}\n`, 'server/ai.ts': `export const key = process.env.${name};\n` }), /low public-env-prefix/);
    assert.match(only({ '.env.production': `${name}=${token('openai')}\n` }), /critical public-env-prefix/);
  });
});

describe('settings that are deployed as they stand', () => {
  const KEY = 'please-put-a-long-value-7';

  it('a key that signs, in vercel.json, is the key: placeholders too', () => {
    assert.match(only({ 'vercel.json': `{\n  "env": { "JWT_SECRET": "${KEY}" }\n}\n` }), /^critical weak-or-default-secret .*sign in as any user/);
    assert.match(only({ 'vercel.json': '{\n  "env": { "JWT_SECRET": "your-jwt-secret-here" }\n}\n' }), /^critical weak-or-default-secret/);
    assert.deepEqual(said({ 'vercel.json': '{\n  "env": { "JWT_SECRET": "@jwt-secret" }\n}\n' }), []);
  });

  it('in a compose file, where it starts the app in production and somebody chose the value', () => {
    const compose = (stage: string, key: string): Files => ({ 'docker-compose.yml': `services:\n  api:\n    environment:\n      NODE_ENV: ${stage}\n      JWT_SECRET: "${key}"\n` });
    assert.match(only(compose('production', 'LongParcelKey77!@#')), /^critical weak-or-default-secret/);
    assert.deepEqual(said(compose('development', 'LongParcelKey77!@#')), []);
    assert.deepEqual(said(compose('production', 'your-jwt-secret-here')), []);
    assert.deepEqual(said(compose('production', '${JWT_SECRET}')), []);
  });
});
