import { defineRule } from '../../core/rule';
import type { Severity } from '../../core/types';
import { canMoveToEnv, removeByHand, requireEnv } from '../../fixes/env';
import { type Purpose, purposeOf } from '../secrets/shared/purpose';
import { secretReport } from '../secrets/shared/report';

export default defineRule({
  meta: {
    id: 'env/insecure-fallback',
    item: 'environments',
    category: 'env-separation',
    severity: 'critical',
    title: 'A secret falls back to a value written in the code',
    businessImpact: 'When the variable is missing in production, the app runs with a secret everyone can read: anyone can sign in as anyone.',
    why: [
      '`process.env.JWT_SECRET || \'dev-secret\'` never fails. On the day the variable is missing, misspelt or not copied to a new host, the app starts without a warning and trusts tokens that anyone can sign.',
      '',
      'Looked at: `||`, `??`, default parameters, destructuring defaults and ternaries beside an environment read whose name says signing, encryption, password or secret; in SQL, `coalesce(current_setting(…), \'literal\')`.',
      '',
      'Not reported: empty fallbacks, ports, hosts, log levels, lifetimes, senders, URLs without credentials, placeholders for a service of others (they only fail there), tests.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [1392, 547],
    owasp: ['API2'],
    messages: {
      signing: '{{envName}} falls back to a value written in the code: without the variable anyone can sign in as anyone.{{seen}}',
      session: '{{envName}} falls back to a value written in the code: without the variable session cookies are signed with a secret everyone can read.{{seen}}',
      stored: '{{envName}} falls back to a value written in the code: without the variable the signature of your session cookies protects nothing.{{seen}}',
      forgery: '{{envName}} falls back to a value written in the code: without the variable anyone can forge what it signs.{{seen}}',
      encryption: '{{envName}} falls back to a value written in the code: without the variable whoever has the code can decrypt what it protects.{{seen}}',
      database: '{{envName}} falls back to a value written in the code: without the variable your database takes a password everyone can read.{{seen}}',
      administrator: '{{envName}} falls back to a value written in the code: without the variable whoever has read it signs in as administrator.{{seen}}',
      password: '{{envName}} falls back to a value written in the code: without the variable the app uses a password everyone can read.{{seen}}',
      credential: '{{envName}} falls back to a value written in the code: without the variable the app runs with a secret everyone can read.{{seen}}',
    },
    bad: { 'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nconst secret = process.env.JWT_SECRET || 'dev-secret';\nexport const sign = (id: string) => jwt.sign({ id }, secret);\n" },
    good: { 'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nconst secret = process.env.JWT_SECRET;\nif (!secret) throw new Error('JWT_SECRET is not set');\nexport const port = process.env.PORT || '3000';\nexport const sign = (id: string) => jwt.sign({ id }, secret, { expiresIn: process.env.JWT_EXPIRES_IN || '1d' });\n" },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (fact.kind !== 'env-fallback') return;
    const purpose = purposeOf(secret, ctx.model);
    const impact = IMPACT[purpose];
    ctx.report({
      ...secretReport(secret), messageId: purpose, ...(impact === undefined ? {} : { businessImpact: impact }),
      ...(fact.severity === 'critical' ? { severity: SEVERITY[purpose] ?? 'critical' } : {}),
      fixes: canMoveToEnv(secret) ? ['require-env'] : ['remove-by-hand'],
    });
  },
  fixes: { 'require-env': requireEnv, 'remove-by-hand': removeByHand },
});

/** Less than critical: whether a known session secret is enough depends on where sessions are kept; only those in the cookie itself can be made up. */
const SEVERITY: Readonly<Partial<Record<Purpose, Severity>>> = { session: 'high', stored: 'medium', forgery: 'high' };

const IMPACT: Readonly<Partial<Record<Purpose, string>>> = {
  session: 'On the day the variable is missing nothing warns you: where sessions are kept in the cookie, anyone makes himself one.',
  stored: 'Sessions are kept on your server, so this alone lets nobody in; it takes away one of the locks, and nothing warns you that it is gone.',
  forgery: 'On the day the variable is missing nothing warns you: what the signature vouches for can come from anybody.',
  encryption: 'On the day the variable is missing the app goes on and encrypts with a key everyone can read: what you promised to keep secret is not.',
  database: 'On the day the variable is missing the app goes on with a password that stands in the code: whoever reaches the database reads and changes every record.',
  administrator: 'On the day the variable is missing the administrator’s account has a password that stands in the code: all data and all settings are open to whoever read it.',
  password: 'On the day the variable is missing the app goes on with a password that stands in the code: whoever has read it gets in.',
  credential: 'On the day the variable is missing the app goes on with a secret that stands in the code: whoever has read it can use it.',
};
