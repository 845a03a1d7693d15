import type { InputSource } from '../../core/model';
import { defineRule } from '../../core/rule';
import { addSchema, schemaByHand } from '../../fixes/schema';
import { judge, reportOnce } from './shared/raw';

const SOURCES: ReadonlySet<InputSource> = new Set(['args']);

export default defineRule({
  meta: {
    id: 'validate/server-action-args-trusted',
    item: 'validation',
    category: 'validation-missing',
    severity: 'high',
    title: 'A server action trusts its typed arguments',
    businessImpact: 'Anyone who may call the action can post any value to it, whatever the form offers, and it ends up in your data.',
    why: [
      'A function with `\'use server\'` is a public HTTP endpoint. The browser sends its arguments, so a caller can send an object where the type says `string`, a role the form never offered, or a negative amount. Arguments given with `.bind` come from the client too.',
      '',
      'Looked at: parameters and form fields of server actions that reach a database, an e-mail, a payment, an AI model, a file or an address, followed through the functions the action calls.',
      '',
      'Not reported: actions without parameters, values a schema has parsed or the code itself checks (`typeof`, a list of allowed values, a pattern). A single id that only looks up a row is left to a person.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [20, 501],
    owasp: ['API3'],
    messages: {
      role: '{{endpoint}} lets whoever signs up choose {{role}}: anyone can become administrator.\nSet this in the code instead, and take only the other fields from the request.',
      whole: '{{endpoint}} stores whatever object it is given: {{who}} can set any column of {{place}}.\n{{columns}}',
      listed: '{{endpoint}} stores whatever object it is given: {{who}} can set {{listed}} of {{place}}.\n{{columns}}',
      write: '{{endpoint}} stores {{fields}} unchecked: {{cost}}.\nThe form and its types are gone at run time: the action takes whatever is posted to it.',
      read: '{{endpoint}} queries with {{fields}} unchecked: {{cost}}.\nThe form and its types are gone at run time: the action takes whatever is posted to it.',
      payment: '{{endpoint}} passes {{fields}} to the payment provider unchecked: callers decide what is charged.\nThe form and its types are gone at run time.',
      outside: '{{endpoint}} uses {{fields}} unchecked: {{cost}}.\nThe form and its types are gone at run time: the action takes whatever is posted to it.',
    },
    bad: {
      'app/actions.ts': "'use server';\n\nimport { prisma } from '@/lib/db';\n\nexport async function updateRole(userId: string, role: string) {\n  await prisma.user.update({ where: { id: userId }, data: { role } });\n}\n",
      'lib/db.ts': "import { PrismaClient } from '@prisma/client';\n\nexport const prisma = new PrismaClient();\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n',
    },
    good: {
      'app/actions.ts': "'use server';\n\nimport { z } from 'zod';\nimport { prisma } from '@/lib/db';\n\nconst schema = z.object({ userId: z.string().uuid(), role: z.enum(['member', 'viewer']) });\n\nexport async function updateRole(userId: string, role: string) {\n  const parsed = schema.safeParse({ userId, role });\n  if (!parsed.success) throw new Error('Invalid request');\n  await prisma.user.update({ where: { id: parsed.data.userId }, data: { role: parsed.data.role } });\n}\n",
      'lib/db.ts': "import { PrismaClient } from '@prisma/client';\n\nexport const prisma = new PrismaClient();\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n',
    },
    since: '0.1.0',
    quiet: true,
  },
  on: 'project',
  check(model, ctx) {
    reportOnce(
      'validate/server-action-args-trusted', model, ctx, (e, m) => (e.framework === 'next-action' ? judge(e, m, SOURCES) : null),
      (j, w) => (w.role !== null ? 'role' : j.whole ? (w.listed === null ? 'whole' : 'listed') : w.kind === 'db-write' ? 'write' : w.kind === 'db-read' || w.kind === 'sql' ? 'read' : w.kind === 'payment' ? 'payment' : 'outside'),
    );
  },
  fixes: { 'add-schema': addSchema, 'schema-by-hand': schemaByHand },
});
