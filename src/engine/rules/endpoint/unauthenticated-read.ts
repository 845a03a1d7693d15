import { defineRule } from '../../core/rule';
import { insertGuard, insertRouterGuard } from '../../fixes/guard';
import { guardByHand } from '../../fixes/guard-hand';
import { exposureOf } from './shared/exposure';
import { guardFixes, openMessage, openReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'endpoint/unauthenticated-read',
    item: 'endpoints',
    category: 'auth-missing',
    severity: 'high',
    title: 'Anyone can read private data without signing in',
    businessImpact: 'Rows that were meant for your own people are one address away from anyone, search engines included; where they name customers, that is a data breach you may have to report.',
    why: [
      'A route that returns rows of a private table answers whoever asks. Addresses are guessed, shared, logged and indexed; they are no secret.',
      '',
      'Looked at: every endpoint whose answer holds what was read from a table that belongs to people or customers (users, invoices, messages, documents …), or a file that the request names. Where the answer holds only figures made of such rows (counts, sums, rates), the finding says so and weighs less.',
      '',
      'Not reported: catalogue and content tables (products, posts, plans, countries …), look-ups of harmless columns, links with an unguessable token, ids and yes-or-no answers, rows that are read and not shown, rows that row level security keeps from strangers or publishes by the repository’s own SQL files, and what `publicRoutes` in `rescue.config.json` names. Tables whose name tells nothing are listed in the audit for a look.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [306, 862],
    owasp: ['API1', 'API2'],
    messages: {
      open: 'Anyone can {{deed}}: {{place}} has no sign-in check.',
      openRows: 'Anyone can {{deed}}: {{place}} has no sign-in check, and {{why}}.',
      rowRules: 'Nobody has to sign in for {{place}}: only the database’s row rules decide who can {{deed}}.\nHave a look whether these tables have row level security and policies.',
      unsure: 'Have a look: no sign-in check was found for {{place}}, which lets callers {{deed}}.',
    },
    bad: {
      'app/api/invoices/route.ts': "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  const invoices = await db.invoice.findMany({ take: 100 });\n  return Response.json({ invoices });\n}\n",
    },
    good: {
      'auth.ts': "import NextAuth from 'next-auth';\nimport GitHub from 'next-auth/providers/github';\n\nexport const { handlers, auth } = NextAuth({ providers: [GitHub] });\n",
      'app/api/invoices/route.ts': "import { PrismaClient } from '@prisma/client';\nimport { auth } from '../../../auth';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  const session = await auth();\n  if (!session?.user) return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  const invoices = await db.invoice.findMany({ where: { userId: session.user.id }, take: 100 });\n  return Response.json({ invoices });\n}\n",
      'app/api/plans/route.ts': "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  return Response.json(await db.plan.findMany({ take: 20 }));\n}\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    const exposure = exposureOf(endpoint, ctx.model);
    if (exposure?.kind !== 'read' || exposure.cause) return;
    ctx.report(openReport(endpoint, exposure, ctx.model, openMessage(exposure), guardFixes(endpoint, exposure, ctx.model)));
  },
  fixes: { 'require-user': insertGuard, 'guard-router': insertRouterGuard, 'guard-by-hand': guardByHand },
});
