import type { ProjectModel, SecretEntity } from '../../core/model';
import { defineRule } from '../../core/rule';
import { canMoveToEnv, moveToEnv, removeByHand } from '../../fixes/env';
import { nodesOf } from '../../fixes/walk';
import { accountUse, isDefault, isScript } from './shared/account';
import { secretReport } from './shared/report';
import { isCustomers, isMadeAnew, startsFromNothing } from './shared/whose';

export default defineRule({
  meta: {
    id: 'secrets/hardcoded-account-password',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'high',
    title: 'The password of a real account is written in the code',
    businessImpact: 'Anyone who reads the code signs in to this account, and may do all that it may.',
    why: [
      'Seed and set-up code runs against production too: the first deploy creates the accounts, and nobody changes the password. Weakness is the flaw here, so no test of strength is made.',
      '',
      'Looked at: literals that reach a password hash, a call that creates an account, an insert with a password column, a comparison with a submitted password, or a comment beside a password’s hash.',
      '',
      'An account that a script makes for one run (its address made up at that moment, or of a domain nobody owns) is a question only.',
      '',
      'Accounts of a test database, or of a script that throws the database away first, are a question too; an account of a customer with sample data weighs little.',
      '',
      'Not reported: tests and fixtures, labels and form texts, hashes, passwords of which only a part is written in the code and the rest is random. In a seed that creates no administrator the finding is uncertain and stands under "needs a human look".',
    ].join('\n'),
    effort: 'minutes',
    cwe: [798, 521],
    owasp: ['API2'],
    messages: {
      account: 'The password of an account is written in the code: whoever reads it can sign in.{{seen}}\nRead it from the environment and refuse to run without it.',
      demo: 'The password of a demo account is written in the code: whoever reads it can sign in.{{seen}}\nMake sure that the account does not exist in production.',
      admin: 'The administrator’s password is written in the code: whoever reads it signs in as administrator.{{seen}}\nRead it from the environment and refuse to run without it.',
      fresh: 'Have a look: this script makes accounts with a password that is written in it.{{seen}}\nWhere such accounts are left in the live database, delete them.',
      trial: 'Have a look: this script sets up a database for trying things out, with accounts whose password is written in it.{{seen}}\nMake sure that it never runs against the live database.',
      nobody: 'Have a look: this script signs in with a password that is written in it.{{seen}}\nMake sure that the account does not exist in production.',
      commented: '{{owner}} password stands in a comment beside its hash: whoever reads it signs in.{{seen}}\nThe hash protects nothing then: change the password, and take the comment out.',
      standard: 'Accounts made without a password get one that is written in the code: whoever reads it can sign in to them.{{seen}}',
      compared: 'The sign-in compares with a password written in the code: whoever reads it is let in.{{seen}}',
    },
    bad: { 'src/create-admin.ts': "import bcrypt from 'bcryptjs';\nimport { db } from './db';\n\nexport async function createAdmin() {\n  const hash = await bcrypt.hash('admin123', 10);\n  await db.user.create({ data: { email: 'admin@acme.io', password: hash, role: 'ADMIN' } });\n}\n" },
    good: { 'src/create-admin.ts': "import bcrypt from 'bcryptjs';\nimport { db } from './db';\n\nexport async function createAdmin() {\n  const password = process.env.ADMIN_PASSWORD;\n  if (!password) throw new Error('ADMIN_PASSWORD is not set');\n  const hash = await bcrypt.hash(password, 10);\n  await db.user.create({ data: { email: 'admin@acme.io', password: hash, role: 'ADMIN' } });\n}\n", 'src/form.ts': "export const labels = { password: 'Password', error: 'Password is required' };\n" },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (secret.inBrowser && fact.place === 'code') return;
    const use = fact.kind === 'account-password' || fact.detector === 'named-password' ? accountUse(secret, ctx.model) : null;
    if (fact.kind !== 'account-password' && use === null) return;
    if (isMadeAnew(secret, ctx.model)) return;
    const fixes = canMoveToEnv(secret) ? ['move-to-env', 'remove-by-hand'] : ['remove-by-hand'];
    if (use?.throwAway === true && isScript(secret, ctx.model)) {
      ctx.report({
        ...secretReport(secret), messageId: use.deed === 'made' ? 'fresh' : 'nobody', severity: 'low', confidence: 'low', fixes,
        businessImpact: 'Accounts of a trial run that are still there can be signed in to by whoever reads the file.',
      });
      return;
    }
    if (startsFromNothing(secret, ctx.model)) {
      ctx.report({
        ...secretReport(secret), messageId: 'trial', severity: 'low', confidence: 'low', fixes,
        businessImpact: 'If the script has ever filled the live database, whoever reads it signs in to these accounts.',
      });
      return;
    }
    if (isDefault(secret, ctx.model)) {
      const report = secretReport(secret);
      ctx.report({
        ...report, messageId: 'standard', severity: 'high', fixes, businessImpact: 'Every account that was made without a password of its own opens with this one.',
        data: { ...report.data, deed: 'sign in to accounts made without a password', how: 'the one they get is' },
      });
      return;
    }
    const customer = isCustomers(secret, ctx.model);
    const demo = customer || isDemoAccount(secret, ctx.model);
    const admin = fact.severity === 'critical' && !demo;
    const compared = fact.detector === 'compared-password';
    const commented = fact.detector === 'commented-password';
    const report = secretReport(secret);
    ctx.report({
      ...report, messageId: commented ? 'commented' : compared ? 'compared' : demo ? 'demo' : admin ? 'admin' : 'account', severity: customer ? 'low' : demo && fact.severity === 'critical' ? 'high' : fact.severity,
      data: { ...report.data, owner: admin ? 'The administrator’s' : 'An account’s', ...(admin && (compared || !isScript(secret, ctx.model)) ? { harm: 'accounts' } : {}), ...(compared || !admin ? {} : { cause: `account-password:${demo ? 'demo' : 'admin'}` }), deed: compared ? 'get past the sign-in' : admin ? 'sign in as your administrator' : demo ? 'sign in to your demo account' : 'sign in to an account', how: 'the password is' },
      ...(admin && !compared ? { businessImpact: 'Anyone who reads the code, or guesses the usual default, signs in as your administrator: all data, all settings and all accounts.' } : {}),
      ...(customer ? { businessImpact: 'If this account exists in production, whoever reads the code sees and does what its customer may.' } : demo ? { businessImpact: 'A demo account that also exists in production is a way in: whoever knows the password starts from inside.' } : {}),
      fixes,
    });
  },
  fixes: { 'move-to-env': moveToEnv, 'remove-by-hand': removeByHand },
});

const DEMO = /(^|[^a-z])(demo|sample|sandbox|showcase)([^a-z]|$)/i;

/** The account says of itself that it is for show: `admin@demo.test`, a company called "Demo". */
function isDemoAccount(secret: SecretEntity, model: ProjectModel): boolean {
  const { start, end } = secret.fact.span;
  const script = model.file(secret.at.file)?.script;
  for (const fn of script?.functions ?? []) {
    if (fn.span.start > start || fn.span.end < end) continue;
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'obj' || n.s > start || n.e < end) continue;
      // The account's own object, not the list or module around it.
      const own = n.props.some((p) => p.k === 'prop' && p.value.s <= start && p.value.e >= end && p.value.k !== 'obj' && p.value.k !== 'arr' && p.value.k !== 'fn');
      if (own && n.props.some((p) => p.k === 'prop' && p.value.k === 'str' && DEMO.test(p.value.v))) return true;
    }
  }
  return false;
}
