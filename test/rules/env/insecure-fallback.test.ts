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

  it('says what it costs by what the secret is for', () => {
    const told = (name: string) => {
      const [f] = audit({ 'src/a.ts': `const a = process.env.${name} || 'x1y2z3';` }).filter((x) => x.ruleId === 'env/insecure-fallback');
      return `${f?.message.split(': ')[1]?.split('\n')[0]} | ${f?.businessImpact}`;
    };
    assert.match(told('JWT_SECRET'), /anyone can sign in as anyone.*anyone can sign in as anyone/);
    assert.match(told('SESSION_SECRET'), /session cookies are signed with a secret everyone can read.*where sessions are kept in the cookie/);
    assert.equal(severity("const a = process.env.SESSION_SECRET || 'x1y2z3';"), 'high');
    assert.match(told('ENCRYPTION_KEY'), /can decrypt what it protects.*encrypts with a key everyone can read/);
    assert.match(told('DB_PASSWORD'), /uses a password everyone can read.*a password that stands in the code/);
    assert.match(told('CRON_SECRET'), /runs with a secret everyone can read.*can use it/);
    for (const name of ['SESSION_SECRET', 'ENCRYPTION_KEY', 'DB_PASSWORD', 'CRON_SECRET']) assert.doesNotMatch(told(name), /sign in as anyone/);
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
