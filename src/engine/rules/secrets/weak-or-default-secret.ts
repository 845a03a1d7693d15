import { defineRule } from '../../core/rule';
import type { Severity } from '../../core/types';
import { canMoveToEnv, moveToEnv, removeByHand } from '../../fixes/env';
import { isScript } from './shared/account';
import { deadUse } from './shared/dead';
import { type Purpose, purposeOf } from './shared/purpose';
import { noteOf, secretReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'secrets/weak-or-default-secret',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'critical',
    title: 'The key that signs sessions or tokens is written in the code',
    businessImpact: 'Anyone who knows the key can write a valid login for any user, administrators included, without a password.',
    why: [
      'Sessions and tokens are trusted because only your server can sign them. A key in the code is known to everyone who has seen the code; a short or common one can be guessed from a single token.',
      '',
      'Looked at: literals given to signing, session, cookie and encryption calls (jsonwebtoken, jose, express-session, cookie-session, iron-session, Auth.js, better-auth, Nest, Passport, Hono, node:crypto, CryptoJS), and literals under names such as `jwtSecret` or `cookieSecret`.',
      '',
      'In a file that nothing loads it is a note, and nothing where the same value stands in code that runs. A `secretKey` among the settings of a provider (beside `apiKey`, `keyId`, `webhookUrl`) is that provider’s key.',
      '',
      'Not reported: test files, public keys, values read from the environment. A literal beside `process.env.X` is reported once, by `env/insecure-fallback`.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [1392, 521, 798],
    owasp: ['API2'],
    messages: {
      found: '{{a}} is written in the code: whoever has seen it can sign in as any user.{{seen}} {{note}}',
      session: '{{a}} is written in the code: whoever has seen it can sign your cookies.{{seen}} {{note}}',
      forgery: '{{a}} is written in the code: whoever has seen it can forge what it signs.{{seen}} {{note}}',
      encryption: '{{a}} is written in the code: whoever has seen it can decrypt what it protects.{{seen}} {{note}}',
      dead: '{{a}} is written in the code, in a file that nothing loads: it does no harm as it stands.{{seen}}',
    },
    bad: { 'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nexport const sign = (id: string) => jwt.sign({ id }, 'keyboard cat');\n" },
    good: {
      'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nconst secret = process.env.JWT_SECRET;\nif (!secret) throw new Error('JWT_SECRET is not set');\nexport const sign = (id: string) => jwt.sign({ id }, secret, { algorithm: 'HS256' });\n",
      'src/storage.ts': "export const sessionKey = 'my-app-session';\n",
    },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (fact.kind !== 'signing-key' || fact.place === 'env-file' || (secret.inBrowser && fact.place === 'code')) return;
    const report = secretReport(secret);
    const purpose = purposeOf(secret, ctx.model);
    // The key of a service of others signs nothing of ours: the rule about credentials tells it.
    if (purpose === 'credential') return;
    const dead = deadUse(secret, ctx.model);
    if (dead === 'told-elsewhere') return;
    if (dead === 'alone') {
      ctx.report({ ...report, messageId: 'dead', severity: 'low', fixes: ['remove-by-hand'], businessImpact: 'Nothing today; whoever loads the file again signs with it. What is not used is best deleted.' });
      return;
    }
    const said = SAID[purpose];
    ctx.report({
      ...report, messageId: said?.message ?? 'found', ...(said === undefined ? {} : { businessImpact: said.impact }), ...(said?.severity === undefined ? {} : { severity: said.severity }), data: { ...report.data, note: noteOf(secret), ...(purpose === 'signing' && !isScript(secret, ctx.model) ? { harm: 'accounts' } : {}) },
      fixes: canMoveToEnv(secret) ? ['move-to-env', 'remove-by-hand'] : ['remove-by-hand'],
    });
  },
  fixes: { 'move-to-env': moveToEnv, 'remove-by-hand': removeByHand },
});

interface Said {
  readonly message: 'session' | 'forgery' | 'encryption';
  readonly impact: string;
  /** Less than the rule's own. */
  readonly severity?: Severity;
}

/** What a known key costs where it signs no sign-ins. */
const SAID: Readonly<Partial<Record<Purpose, Said>>> = {
  session: { message: 'session', impact: 'Where sessions are kept in the cookie, anyone who knows the key makes himself one, an administrator’s included.', severity: 'high' },
  stored: { message: 'session', impact: 'Sessions are kept on your server, so this alone lets nobody in; it takes away one of the locks in front of them.', severity: 'medium' },
  forgery: { message: 'forgery', impact: 'What the signature vouches for can come from anybody: forged events, links or requests.' },
  encryption: { message: 'encryption', impact: 'Whoever gets a copy of the data, and the code, reads what you promised to keep secret.' },
};
