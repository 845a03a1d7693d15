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

  it('is one finding: no rule about secrets reports the same literal', () => {
    const found = audit({ 'src/a.ts': "import jwt from 'jsonwebtoken';\nexport const t = jwt.sign({}, process.env.JWT_SECRET || 'supersecret');\n" });
    assert.deepEqual(found.map((f) => [f.ruleId, f.category]), [['env/insecure-fallback', 'env-separation']]);
  });

  it('a provider’s key as a fallback is an exposed key', () => {
    const found = audit({ 'src/a.ts': "export const k = process.env.STRIPE_SECRET_KEY || '{{secret:stripe-live}}';\n" });
    assert.deepEqual(found.map((f) => f.ruleId), ['secrets/hardcoded-provider-key']);
  });
});
