import assert from 'node:assert/strict';
import { audit } from '../secrets/support';

const severity = (source: string): string | undefined => audit({ 'src/a.ts': source }).find((f) => f.ruleId === 'env/insecure-fallback')?.severity;

describe('env/insecure-fallback', () => {
  it('is critical for keys that sign or encrypt, high for other secrets', () => {
    assert.equal(severity("const a = process.env.JWT_SECRET || 'x1y2z3';"), 'critical');
    assert.equal(severity("const a = process.env.ENCRYPTION_KEY ?? 'x1y2z3';"), 'critical');
    assert.equal(severity("const a = process.env.ADMIN_PASSWORD || 'admin';"), 'critical');
    assert.equal(severity("const a = process.env.CRON_SECRET || 'local';"), 'high');
    assert.equal(severity("const a = process.env.DB_PASSWORD || 'postgres';"), 'high');
  });

  it('says what each kind of secret costs, and signs nobody in who cannot sign in', () => {
    const said = (source: string): string => {
      const f = audit({ 'src/a.ts': source }).find((x) => x.ruleId === 'env/insecure-fallback');
      return `${f?.severity} ${f?.message} ${f?.businessImpact}`;
    };
    assert.match(said("const a = process.env.JWT_SECRET || 'x1y2z3';"), /^critical .*sign in as anyone/);
    assert.match(said("const a = process.env.MSSQL_PASSWORD || 'x1y2z3w4';"), /your database takes a password everyone can read.*reaches the database/);
    assert.match(said("const a = process.env.ADMIN_PASSWORD || 'x1y2z3w4';"), /^critical .*signs in as administrator/);
    assert.match(said("const a = process.env.CARD_ENCRYPT_KEY || 'x1y2z3w4';"), /decrypt what it protects/);
    assert.match(said("const a = process.env.CRON_SECRET || 'x1y2z3w4';"), /runs with a secret everyone can read.*can use it/);
    assert.match(said("const a = process.env.HMAC_SECRET || 'x1y2z3w4';"), /^high .*forge what it signs/);
    // A name that says nothing is judged by the code around it.
    assert.match(said("import crypto from 'node:crypto';\nconst key = crypto.scryptSync(process.env.SECRET_KEY || 'x1y2z3w4', 'salt', 32);\nexport const seal = (iv) => crypto.createCipheriv('aes-256-gcm', key, iv);"), /decrypt what it protects/);
    assert.match(said("import jwt from 'jsonwebtoken';\nexport const t = jwt.sign({}, process.env.SECRET_KEY || 'x1y2z3w4');"), /sign in as anyone/);
    const session = (lib: string): string => said(`import session from '${lib}';\nexport const s = session({ secret: process.env.SESSION_SECRET || 'x1y2z3w4' });`);
    assert.match(session('express-session'), /^medium .*this alone lets nobody in/);
    assert.match(session('cookie-session'), /^high .*where sessions are kept in the cookie/);
    for (const source of ["const a = process.env.MSSQL_PASSWORD || 'x1y2z3w4';", "const a = process.env.ENCRYPTION_KEY || 'x1y2z3w4';"]) assert.doesNotMatch(said(source), /as anyone/);
  });

  it('a chain of variables: all have to be missing, and one may never be', () => {
    const said = (source: string, dependencies = '{}'): string => {
      const f = audit({ 'package.json': `{"dependencies":${dependencies}}`, 'src/a.ts': source }).find((x) => x.ruleId === 'env/insecure-fallback');
      return `${f?.severity} ${f?.message}`;
    };
    const chain = "export const a = process.env.JWT_SECRET || process.env.CLERK_SECRET_KEY || 'x1y2z3';";
    assert.match(said(chain), /^high JWT_SECRET falls back to a value written in the code once CLERK_SECRET_KEY is missing too: without any of them anyone/);
    assert.match(said(chain, '{"@clerk/nextjs":"6.0.0"}'), /^low /);
    // Given to the library itself, the literal is what it starts with.
    assert.match(said("import NextAuth from 'next-auth';\nexport const a = NextAuth({ secret: process.env.AUTH_SECRET || process.env.NEXTAUTH_SECRET || 'x1y2z3' });", '{"next-auth":"4.0.0"}'), /^high .*once NEXTAUTH_SECRET is missing too/);
    assert.match(said("export const a = process.env.JWT_SECRET || 'x1y2z3';", '{"@clerk/nextjs":"6.0.0"}'), /^critical .*without the variable/);
  });

  it('a key written in a call is told by what the call does with it', () => {
    const said = (call: string): string => audit({ 'src/a.ts': `import crypto from 'node:crypto';\nexport const x = (text, iv) => ${call};\n` }).map((f) => `${f.ruleId} ${f.message}`).join();
    assert.match(said("crypto.createHmac('sha256', 'pa4qacea4VK9t9nGv7yZtwmj').update(text).digest('hex')"), /weak-or-default-secret .*forge what it signs/);
    assert.match(said("crypto.createCipheriv('aes-192-cbc', 'pa4qacea4VK9t9nGv7yZtwmj', iv)"), /weak-or-default-secret .*decrypt what it protects/);
  });

  it('is one finding: no rule about secrets reports the same literal', () => {
    const found = audit({ 'src/a.ts': "import jwt from 'jsonwebtoken';\nexport const t = jwt.sign({}, process.env.JWT_SECRET || 'supersecret');\n" });
    assert.deepEqual(found.map((f) => [f.ruleId, f.category]), [['env/insecure-fallback', 'env-separation']]);
  });

  it('a provider’s key as a fallback is an exposed key', () => {
    const found = audit({ 'src/a.ts': "export const k = process.env.STRIPE_SECRET_KEY || '{{secret:stripe-live}}';\n" });
    assert.deepEqual(found.map((f) => f.ruleId), ['secrets/hardcoded-provider-key']);
  });
});
