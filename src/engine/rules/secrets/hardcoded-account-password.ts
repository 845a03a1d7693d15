import { defineRule } from '../../core/rule';
import { canMoveToEnv, moveToEnv, removeByHand } from '../../fixes/env';
import { secretReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'secrets/hardcoded-account-password',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'high',
    title: 'The password of a real account is written in the code',
    businessImpact: 'Anyone who reads the code, or guesses the usual default, signs in to this account, in the worst case as your administrator.',
    why: [
      'Seed and set-up code runs against production too: the first deploy creates the accounts, and nobody changes the password. Weakness is the flaw here, so no test of strength is made.',
      '',
      'Looked at: literals that reach a password hash, a call that creates an account, an insert with a password column, or a comparison with a submitted password.',
      '',
      'Not reported: tests and fixtures, labels and form texts, hashes. In a seed that creates no administrator the finding is uncertain and stands under "needs a human look".',
    ].join('\n'),
    effort: 'minutes',
    cwe: [798, 521],
    owasp: ['API2'],
    messages: {
      account: 'The password of an account is written in the code: whoever reads it can sign in.{{seen}}\nRead it from the environment and refuse to run without it.',
      admin: 'The administrator’s password is written in the code: whoever reads it owns the app.{{seen}}\nRead it from the environment and refuse to run without it.',
      compared: 'The sign-in compares with a password written in the code: whoever reads it is let in.{{seen}}',
    },
    bad: { 'src/create-admin.ts': "import bcrypt from 'bcryptjs';\nimport { db } from './db';\n\nexport async function createAdmin() {\n  const hash = await bcrypt.hash('admin123', 10);\n  await db.user.create({ data: { email: 'admin@acme.io', password: hash, role: 'ADMIN' } });\n}\n" },
    good: { 'src/create-admin.ts': "import bcrypt from 'bcryptjs';\nimport { db } from './db';\n\nexport async function createAdmin() {\n  const password = process.env.ADMIN_PASSWORD;\n  if (!password) throw new Error('ADMIN_PASSWORD is not set');\n  const hash = await bcrypt.hash(password, 10);\n  await db.user.create({ data: { email: 'admin@acme.io', password: hash, role: 'ADMIN' } });\n}\n", 'src/form.ts': "export const labels = { password: 'Password', error: 'Password is required' };\n" },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (fact.kind !== 'account-password' || (secret.inBrowser && fact.place === 'code')) return;
    ctx.report({
      ...secretReport(secret), messageId: fact.detector === 'compared-password' ? 'compared' : fact.severity === 'critical' ? 'admin' : 'account',
      fixes: canMoveToEnv(secret) ? ['move-to-env', 'remove-by-hand'] : ['remove-by-hand'],
    });
  },
  fixes: { 'move-to-env': moveToEnv, 'remove-by-hand': removeByHand },
});
