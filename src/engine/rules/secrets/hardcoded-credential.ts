import { defineRule } from '../../core/rule';
import { canMoveToEnv, moveToEnv, removeByHand } from '../../fixes/env';
import { accountUse } from './shared/account';
import { isHandshake } from './shared/handshake';
import { opens } from './shared/opens';
import { purposeOf } from './shared/purpose';
import { secretReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'secrets/hardcoded-credential',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'critical',
    title: 'A password, private key or connection string is written in the code',
    businessImpact: 'Whoever reads the file can log in to your database or service as you: every customer record can be copied, changed or deleted.',
    why: [
      'A connection string with its password is the whole database. A private key lets its holder act as your server. Both stay in the git history after they are deleted.',
      '',
      'Looked at: user name and password in URLs of any scheme, private keys in PEM form (service account files included), and values under names such as `apiKey`, `secret`, `token` or `password` that look like the output of a generator.',
      '',
      'Not reported: references to the environment, placeholders, usual passwords of a database on this machine, public keys, hashes, and env files that git ignores.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [798, 312],
    owasp: ['API2', 'API8'],
    messages: {
      uri: '{{a}} is written in the code: whoever sees it can read and delete the data behind it.{{seen}}',
      key: '{{a}} is written in the code: whoever sees it can act as your server.{{seen}}',
      database: 'The password of a database is written in the code: whoever reads it and reaches the database can read and change what is in it.{{seen}}',
      account: 'The password of an account is written in the code: whoever reads it can sign in to that account.{{seen}}',
      password: 'A password is written in the code{{as}}: whoever reads the file knows it.{{seen}}',
      handshake: 'The token of a webhook’s handshake is written in the code: it only answers when the address is registered, and opens nothing by itself.{{seen}}',
      named: '{{a}} is written in the code: whoever sees it can use it as you.{{seen}}',
    },
    bad: { 'src/db.ts': "import { MongoClient } from 'mongodb';\n\nexport const client = new MongoClient('{{secret:mongodb-uri}}');\n" },
    good: {
      'src/db.ts': "import { MongoClient } from 'mongodb';\n\nconst url = process.env.MONGODB_URI;\nif (!url) throw new Error('MONGODB_URI is not set');\nexport const client = new MongoClient(url);\n",
      'README.md': 'Set `DATABASE_URL=postgres://user:password@host:5432/db`.\n',
    },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    const isProviders = fact.kind === 'signing-key' && purposeOf(secret, ctx.model) === 'credential';
    if (fact.kind !== 'connection-uri' && fact.kind !== 'private-key' && fact.kind !== 'named-assignment' && !isProviders) return;
    if (fact.publicByDesign || fact.place === 'env-file' || (secret.inBrowser && fact.place === 'code')) return;
    const fixes = canMoveToEnv(secret) ? ['move-to-env', 'remove-by-hand'] : ['remove-by-hand'];
    const report = secretReport(secret);
    if (isProviders) {
      ctx.report({ ...report, data: { ...report.data, a: 'A provider’s key', label: 'Key of a provider' }, messageId: 'named', severity: 'high', fixes, businessImpact: 'Whoever reads the file can use the service behind it as you, at your cost and in your name.' });
      return;
    }
    if (fact.detector === 'named-password') {
      // What signs up or signs in is the password of an account: the rule about those says so.
      if (accountUse(secret, ctx.model) !== null) return;
      const name = / in (.+)$/.exec(fact.label)?.[1] ?? '';
      const known = opens(secret, name, ctx.model);
      const words = known === null ? null : OPENS[known];
      ctx.report({
        ...report, messageId: known ?? 'password', fixes,
        data: { ...report.data, as: NO_NAME.test(name) ? '' : `, as ${name}`, deed: words?.deed ?? (NO_NAME.test(name) ? 'use a password of yours' : `use the password ${name}`), how: words?.how ?? 'it is' },
        businessImpact: words?.impact ?? 'Whoever reads the file gets in wherever this password is asked for.',
      });
      return;
    }
    if (fact.kind === 'named-assignment' && isHandshake(secret, ctx.model)) {
      ctx.report({ ...report, messageId: 'handshake', severity: 'low', fixes, businessImpact: 'Whoever has read it can pass the check of the address, no more; what later reaches this address needs a check of its own.' });
      return;
    }
    ctx.report({
      ...report,
      ...(fact.kind === 'connection-uri' ? {} : { businessImpact: fact.kind === 'private-key' ? 'Whoever has the key can act as your server, in front of your users and of the services it talks to.' : 'Whoever reads the file can use the service behind it as you, at your cost and in your name.' }),
      messageId: fact.kind === 'connection-uri' ? 'uri' : fact.kind === 'private-key' ? 'key' : 'named',
      fixes,
    });
  },
  fixes: { 'move-to-env': moveToEnv, 'remove-by-hand': removeByHand },
});

const OPENS = {
  database: { deed: 'get into your database', how: 'its password is', impact: 'Whoever reads the file and reaches the database can copy, change or delete every record in it.' },
  account: { deed: 'sign in to an account', how: 'the password is', impact: 'Whoever reads the file signs in to this account and may do all that it may.' },
} as const;

/** Names that say no more than the word itself. */
const NO_NAME = /^(?:pass(?:word|wd|phrase|code)?|pwd|senha|passwort)$/i;
