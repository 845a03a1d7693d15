import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/open-cron-or-job';

const work = '  await db.invoice.updateMany({ data: { overdue: true } });\n';
const HEAD = "import { PrismaClient } from '@prisma/client';\n\nconst db = new PrismaClient();\n\n";

ruleTester(rule, {
  valid: [
    { name: 'a jobs table is no cron job', files: { 'app/api/jobs/route.ts': `${HEAD}export async function GET() {\n  return Response.json(await db.product.findMany());\n}\n` } },
  ],
  invalid: [
    {
      name: 'handlers of three kinds',
      files: {
        'app/api/cron/a/route.ts': `${HEAD}export async function GET(request: Request) {\n${work}  return Response.json({ ok: true });\n}\n`,
        'app/api/cron/b/route.ts': `import { NextResponse } from 'next/server';\n${HEAD}export const POST = async () => {\n${work}  return NextResponse.json({ ok: true });\n};\n`,
        'pages/api/cron/c.ts': `${HEAD}export default async function handler(req: any, res: any) {\n${work}  res.json({ ok: true });\n}\n`,
        'app/api/cron/d/route.ts': `${HEAD}export async function GET() {\n  if (process.env.VERCEL_ENV !== 'production') return Response.json({ skipped: true });\n${work}  return Response.json({ ok: true });\n}\n`,
      },
      findings: [
        { file: 'app/api/cron/a/route.ts', line: 5, messageId: 'open', fixes: ['check-cron-secret'] },
        { file: 'app/api/cron/b/route.ts', line: 6 },
        { file: 'app/api/cron/d/route.ts', line: 5, messageId: 'unsure', confidence: 'low' },
        { file: 'pages/api/cron/c.ts', line: 5 },
      ],
      fixed: { 'check-cron-secret': { 'app/api/cron/a/route.ts': `${HEAD}export async function GET(request: Request) {\n  const secret = process.env.CRON_SECRET;\n  if (!secret || request.headers.get('authorization') !== \`Bearer \${secret}\`) {\n    return Response.json({ error: 'Unauthorized' }, { status: 401 });\n  }\n${work}  return Response.json({ ok: true });\n}\n` } },
    },
  ],
});
