import { defineRule } from '../../core/rule';
import { canCheckCronSecret, checkCronSecret } from '../../fixes/guard';
import { exposureOf } from './shared/exposure';
import { openReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'endpoint/open-cron-or-job',
    item: 'endpoints',
    category: 'auth-missing',
    severity: 'high',
    title: 'A scheduled job can be started by anyone',
    businessImpact: 'Strangers can start billing runs, mass mailings or expensive AI jobs as often as they like, at your cost and in your name.',
    why: [
      'A scheduler calls the job’s address like any visitor would. Without a shared secret the server cannot tell the two apart.',
      '',
      'Looked at: endpoints with `cron` or `scheduled` as a segment of their path, and those that `vercel.json` lists under `crons`, that do work before the caller has proved anything.',
      '',
      'Not reported: handlers that compare the Authorization header with a secret from the environment and refuse, or that verify the scheduler’s signature (QStash, Inngest).',
    ].join('\n'),
    effort: 'minutes',
    cwe: [306],
    owasp: ['API5', 'API6'],
    messages: {
      open: 'Anyone can {{deed}}: {{place}} does not check who calls it.',
      unsure: 'Have a look: no check of the caller was found for {{place}}, which can {{deed}}.',
    },
    bad: {
      'vercel.json': '{ "crons": [{ "path": "/api/reminders", "schedule": "0 8 * * *" }] }\n',
      'app/api/reminders/route.ts': "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\nexport async function GET() {\n  await db.invoice.updateMany({ where: { dueAt: { lt: new Date() } }, data: { overdue: true } });\n  return Response.json({ ok: true });\n}\n",
    },
    good: {
      'vercel.json': '{ "crons": [{ "path": "/api/reminders", "schedule": "0 8 * * *" }] }\n',
      'app/api/reminders/route.ts': "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\nexport async function GET(req: Request) {\n  const secret = process.env.CRON_SECRET;\n  if (!secret || req.headers.get('authorization') !== `Bearer ${secret}`) {\n    return new Response('Unauthorized', { status: 401 });\n  }\n  await db.invoice.updateMany({ where: { dueAt: { lt: new Date() } }, data: { overdue: true } });\n  return Response.json({ ok: true });\n}\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    const exposure = exposureOf(endpoint, ctx.model);
    if (exposure?.kind !== 'cron' || exposure.cause) return;
    const sure = exposure.confidence !== 'low';
    ctx.report(openReport(endpoint, exposure, ctx.model, sure ? 'open' : 'unsure', sure && canCheckCronSecret(endpoint, ctx.model) ? ['check-cron-secret'] : []));
  },
  fixes: { 'check-cron-secret': checkCronSecret },
});
