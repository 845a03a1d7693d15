import { defineRule } from '../../core/rule';
import { canMoveToEnv, moveToEnv, removeByHand } from '../../fixes/env';
import { EXPIRED } from '../../extract/secrets/index';
import { noteOf, secretReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'secrets/hardcoded-provider-key',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'critical',
    title: 'A live provider key is written in the code',
    businessImpact: 'Anyone with the repository, a build artefact or a stolen laptop can spend your credits, send mail as you or read your customers’ data; the bill and the breach notice are yours.',
    why: [
      'A key in a file is copied with every clone, fork, backup and build, and stays in the git history after it is deleted. Bots find keys pushed to public repositories within minutes.',
      '',
      'Looked at: every text file, for the token formats of more than 100 services. Where a format has a checksum or a structure, it is checked: GitHub and npm tokens by their CRC, Supabase keys by the role claim inside, so that an anon key is not taken for a service_role key.',
      '',
      'Not reported: publishable and anon keys, Firebase web configuration, DSNs, placeholders, the local keys of the Supabase CLI, and env files that git ignores. In tests and documentation the finding is less certain and says so.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [798, 321],
    owasp: ['API2', 'API8'],
    messages: {
      code: '{{a}} is written in the code: whoever sees this file can {{cost}}.{{seen}} {{note}}',
      file: '{{a}} is written in this file: whoever sees it can {{cost}}.{{seen}} {{note}}',
      comment: '{{a}} stands in a comment: whoever sees this file can {{cost}}.{{seen}} {{note}}',
    },
    bad: { 'src/billing.ts': "import Stripe from 'stripe';\n\nexport const stripe = new Stripe('{{secret:stripe-live}}');\n" },
    good: {
      'src/billing.ts': "import Stripe from 'stripe';\n\nconst key = process.env.STRIPE_SECRET_KEY;\nif (!key) throw new Error('STRIPE_SECRET_KEY is not set');\nexport const stripe = new Stripe(key);\n",
      'src/client.ts': "export const publishable = '{{secret:stripe-publishable}}';\nexport const isLive = (key: string) => key.startsWith('sk_live_');\n",
    },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (fact.kind !== 'provider-token' || fact.publicByDesign || fact.place === 'env-file') return;
    // It opens nothing any more.
    if (fact.note === EXPIRED) return;
    if (secret.inBrowser && fact.place === 'code') return; // client-bundle-secret and supabase-service-role-in-client report it
    const report = secretReport(secret);
    ctx.report({
      ...report,
      messageId: fact.place === 'comment' ? 'comment' : fact.place === 'code' || fact.place === 'test' ? 'code' : 'file',
      data: { ...report.data, note: noteOf(secret) },
      ...(/service-role|supabase-secret/.test(fact.detector) ? { businessImpact: 'Whoever has it reads, changes and deletes every record of your database, past all row rules, from anywhere and without signing in.' } : {}),
      fixes: canMoveToEnv(secret) ? ['move-to-env', 'remove-by-hand'] : ['remove-by-hand'],
    });
  },
  fixes: { 'move-to-env': moveToEnv, 'remove-by-hand': removeByHand },
});
