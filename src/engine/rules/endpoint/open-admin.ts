import { defineRule } from '../../core/rule';
import { insertGuard, insertRouterGuard } from '../../fixes/guard';
import { guardByHand } from '../../fixes/guard-hand';
import { exposureOf } from './shared/exposure';
import { guardFixes, openMessage, openReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'endpoint/open-admin',
    item: 'endpoints',
    category: 'auth-missing',
    severity: 'critical',
    title: 'An admin, seed or debug route is open to anyone',
    businessImpact: 'What was built for your own people only, strangers can do as well.',
    why: [
      'Admin, internal, seed and debug routes are the first addresses that scanners try. They do the most powerful work in the app and are often written for one afternoon, then shipped.',
      '',
      'Looked at: endpoints with such a word as a whole segment of their path (`/admin/…`, `/internal/…`, `/api/seed`, `/debug`, `/metrics`) or in a server action’s name, that do work or show how the server is set up, and behind which nobody is asked to sign in.',
      '',
      'Not reported: routes with any effective guard (whether it also checks the role is another rule’s question), words inside other words, routers that nobody mounts. A handler that looks at `NODE_ENV` is listed for a look only.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [306, 285],
    owasp: ['API5'],
    messages: {
      open: 'Anyone can {{deed}}: {{place}} {{part}} and has no sign-in check.',
      openRows: 'Anyone can {{deed}}: {{place}} {{part}} and has no sign-in check, and {{why}}.',
      rowRules: 'Nobody has to sign in for {{place}}, which {{part}}: only the database’s row rules decide who can {{deed}}.\nHave a look whether these tables have row level security and policies.',
      unsure: 'Have a look: no sign-in check was found for {{place}}, which {{part}} and lets callers {{deed}}.',
    },
    bad: {
      'src/server.ts': "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\n\nconst app = express();\nconst db = new PrismaClient();\n\napp.post('/api/admin/reset-trial/:id', async (req, res) => {\n  await db.account.update({ where: { id: req.params.id }, data: { trialEndsAt: null } });\n  res.json({ ok: true });\n});\n\napp.listen(3000);\n",
    },
    good: {
      'src/server.ts': "import express from 'express';\nimport basicAuth from 'express-basic-auth';\nimport { PrismaClient } from '@prisma/client';\n\nconst app = express();\nconst db = new PrismaClient();\n\napp.use('/api/admin', basicAuth({ users: { ops: process.env.OPS_PASSWORD! } }));\n\napp.post('/api/admin/reset-trial/:id', async (req, res) => {\n  await db.account.update({ where: { id: req.params.id }, data: { trialEndsAt: null } });\n  res.json({ ok: true });\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    const exposure = exposureOf(endpoint, ctx.model);
    if (exposure?.kind !== 'admin' || exposure.cause) return;
    ctx.report({ ...openReport(endpoint, exposure, ctx.model, openMessage(exposure), guardFixes(endpoint, exposure, ctx.model)), ...(exposure.deed.startsWith('see how') ? { severity: 'high' as const } : {}) });
  },
  fixes: { 'require-user': insertGuard, 'guard-router': insertRouterGuard, 'guard-by-hand': guardByHand },
});
