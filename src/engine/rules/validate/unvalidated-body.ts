import type { InputSource, ProjectModel, SinkKind } from '../../core/model';
import { type CheckContext, defineRule } from '../../core/rule';
import { addSchema, schemaByHand } from '../../fixes/schema';
import { keepsCompaniesApart } from './shared/apart';
import { unsignedAmountOf } from './shared/amounts';
import { pickedRowOf } from './shared/picked';
import { judge, reportOnce } from './shared/raw';
import { sendersOf } from './shared/senders';
import { lowerFirst } from './shared/words';

const SOURCES: ReadonlySet<InputSource> = new Set(['body', 'form']);

const MESSAGES: Readonly<Partial<Record<SinkKind, 'write' | 'read' | 'sql' | 'payment' | 'llm' | 'mail' | 'file' | 'account' | 'code'>>> = {
  'db-write': 'write', 'db-read': 'read', sql: 'sql', payment: 'payment', llm: 'llm', mail: 'mail', file: 'file', storage: 'file', url: 'file', 'auth-admin': 'account', exec: 'code',
};

/** Rows that the caller picks by an id and that nothing ties to him. */
function reportPicked(model: ProjectModel, ctx: CheckContext<'picked'>): void {
  const seen = new Set<string>();
  for (const e of model.endpoints()) {
    const found = e.mounted ? model.memo(e, 'picked-row', (m) => pickedRowOf(e, m)) : null;
    const callers = found ? sendersOf(e, model) : null;
    // Staff of the one company there is may change any row.
    if (!found || !callers || callers.who === 'owner' || (callers.who === 'staff' && !keepsCompaniesApart(model)) || seen.has(`${found.at.file}:${found.at.span.start}`)) continue;
    seen.add(`${found.at.file}:${found.at.span.start}`);
    ctx.report({
      at: found.at, messageId: 'picked', endpoint: e, severity: 'medium', confidence: 'medium', businessImpact: 'Whoever knows or guesses an id changes what belongs to another customer.',
      data: { endpoint: `${e.method} ${e.path}`, key: e.key, fields: found.field, table: found.table, source: 'body', caller: callers.name, who: lowerFirst(callers.name), operators: callers.who === 'staff', deed: `change rows of ${found.table} that are not theirs`, how: `changes the row that ${found.field} names`, cause: 'input:picked' },
      rootCause: `picked:${found.at.file}:${found.at.span.start}`, fixes: ['schema-by-hand'],
    });
  }
}

export default defineRule({
  meta: {
    id: 'validate/unvalidated-body',
    item: 'validation',
    category: 'validation-missing',
    severity: 'high',
    title: 'A request body is used without a schema',
    businessImpact: 'Whatever a caller sends goes to your database as it is: errors at best, broken rows, failed jobs and support tickets at worst.',
    why: [
      'Types in the code say nothing about what arrives over the network. A body that no schema has looked at can hold an object where a text is expected, a negative amount, a text of ten megabytes, or a `role` the form never had.',
      '',
      'Looked at: JSON and form bodies that reach a database write or query, an e-mail, a payment, an AI model, a file or an address, followed through the functions the handler calls. One finding a handler, where it first reads the body. Beside it: amounts that are reckoned with unasked, and rows that the caller picks by an id though the app keeps them apart and nothing ties them to him.',
      '',
      'How grave it is follows who can call and what the value decides: the password or the role of any account weighs most, then rights, tenants, ownership, money and whole rows; one text in one typed column, or what an administrator writes into the public pages of his own site, weighs least and is not underlined. Where the people who run the app make all accounts, amounts typed by signed-in people are their work, and weigh less. That a value names rows of others is said only of a known reference to a table whose rows the app shows to their owners; what a stored procedure does with a value is asked, not told.',
      '',
      'Not reported: routers that nobody mounts; fields that zod, valibot, joi, yup, ajv, TypeBox, express-validator and the like have parsed, or that the code itself checks (`typeof`, a list of allowed values, a pattern); webhooks whose signature is verified; values that the handler looks up and does not go on without, or that only pick a row; what the model or the database itself refuses: a list of values, a length, a form, amounts below zero (Mongoose asks them on an update only with `runValidators`). A single id that only looks up a row is left to a person.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [20, 915],
    owasp: ['API3', 'API8'],
    messages: {
      role: '{{endpoint}} lets whoever signs up choose {{role}}: anyone can become administrator.\nSet this in the code instead, and take only the other fields from the request.',
      whole: '{{endpoint}} stores whatever the request body holds: {{who}} can set any column of {{place}}{{but}}.\n{{columns}}',
      takeover: '{{endpoint}} lets {{who}} set {{listed}}: enough to {{cost}}.\nNothing asks whose account it is; let people change their own only, and take these fields out of what may be sent.',
      bypassed: '{{endpoint}} checks {{count}} fields with a schema and then stores the raw body: {{who}} can also set {{listed}} in {{place}}.\nStore what the schema gives back, which holds the fields it lists and no others.',
      listed: '{{endpoint}} stores whatever the request body holds: {{who}} can set {{listed}} of {{place}}.\n{{columns}}',
      write: '{{endpoint}} stores {{fields}} from the request in {{place}}: {{cost}}.\nSay in a schema which types, lengths and values are accepted.',
      procedure: '{{endpoint}} hands {{fields}} from the request to the stored procedure {{table}}: whether it checks them is not to be seen here.\nIf it does not, say in a schema which types, lengths and values are accepted.',
      granted: '{{endpoint}} hands {{fields}} from the request to the stored procedure {{table}}: {{cost}}.\nLet only an administrator send these, and say in a schema which values are accepted.',
      read: '{{endpoint}} queries with {{fields}} as sent: an object instead of a text can make it fail or get around the filter.\nAsk for a text first, for instance with a schema.',
      bound: '{{endpoint}} queries with {{fields}} as sent: a value of the wrong type finds nothing, or makes the query fail.\nThe value is bound, so it cannot change what is asked.',
      sql: '{{endpoint}} puts {{fields}} into the text of a query unchecked: {{cost}}.\nGive values as parameters, and say which types and lengths are accepted.',
      amount: '{{endpoint}} reckons with {{fields}} as sent: a negative one turns a debit into a credit.\nMaking it a number does not check its sign; ask whether it is above zero.',
      picked: '{{endpoint}} changes the row of {{table}} that {{fields}} names, whoever it belongs to: nothing ties it to the caller.\nAsk for it together with what says whose it is.',
      sum: '{{endpoint}} adds {{fields}} to a stored sum as sent: a negative one takes off, and a text is put behind the sum instead of added.\nMake it a number and ask whether it is above zero.',
      payment: '{{endpoint}} passes {{fields}} to the payment provider unchecked: {{cost}}.\nSay which values are accepted.',
      llm: '{{endpoint}} sends {{fields}} to the AI model at any length: one caller can run up the bill.\nLimit the length before the call.',
      mail: '{{endpoint}} puts {{fields}} from the request into a message: your address sends what {{who}} writes.\nLimit what it may hold, and escape it where the message is HTML.',
      addressed: '{{endpoint}} sends a message to {{fields}} from the request: {{who}} chooses who gets it.\nLimit how often it may be asked for, and who may be written to.',
      registered: '{{endpoint}} sends a message to whoever is registered under {{fields}}, as often as {{who}} asks.\nLimit how often it may be asked for.',
      file: '{{endpoint}} uses {{fields}} unchecked for a file or an address: {{cost}}.\nSay which values are accepted.',
      account: '{{endpoint}} passes {{fields}} to the user administration unchecked: {{cost}}.\nSay which values are accepted.',
      code: '{{endpoint}} passes {{fields}} to code that is run, unchecked: a caller can take over the server.\nSay which values are accepted.',
    },
    bad: {
      'src/app.js': "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\nexport const app = express();\napp.use(express.json());\n\napp.post('/notes', async (req, res) => {\n  const { title, content } = req.body;\n  const note = await prisma.note.create({ data: { title, content } });\n  res.status(201).json(note);\n});\n",
    },
    good: {
      'src/app.js': "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nimport { z } from 'zod';\n\nconst prisma = new PrismaClient();\nexport const app = express();\napp.use(express.json());\n\nconst noteSchema = z.object({ title: z.string().trim().min(1).max(200), content: z.string().max(10_000) });\n\napp.post('/notes', async (req, res) => {\n  const parsed = noteSchema.safeParse(req.body);\n  if (!parsed.success) return res.status(400).json({ error: 'Invalid request' });\n  const note = await prisma.note.create({ data: parsed.data });\n  res.status(201).json(note);\n});\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    reportOnce('validate/unvalidated-body', model, ctx, (e, m) => judge(e, m, SOURCES), (_, w) => w.story ?? (w.bound ? 'bound' : (MESSAGES[w.kind] ?? 'write')));
    reportPicked(model, ctx);
    const seen = new Set<string>();
    for (const e of model.endpoints()) {
      const found = e.mounted ? model.memo(e, 'unsigned-amount', (m) => unsignedAmountOf(e, m)) : null;
      if (!found || seen.has(`${found.at.file}:${found.at.span.start}`)) continue;
      // Where the field is told as unchecked anyway, its sign is part of that.
      if (judge(e, model, SOURCES)?.fields.some((f) => f.name === found.field || f.whole)) continue;
      seen.add(`${found.at.file}:${found.at.span.start}`);
      const callers = sendersOf(e, model);
      ctx.report({
        at: found.at, messageId: found.asSent ? 'sum' : 'amount', endpoint: e, severity: callers.task || callers.who === 'staff' ? 'low' : 'medium', confidence: 'medium',
        businessImpact: 'Stock, balances and invoices can be turned around with a minus sign.',
        data: { endpoint: `${e.method} ${e.path}`, key: e.key, fields: found.field, source: 'body', caller: callers.name, operators: callers.who === 'staff' || callers.who === 'owner', deed: `turn a debit into a credit with a negative ${found.field}`, how: 'reckons with it as sent', cause: 'input:amount' },
        rootCause: `amount:${found.at.file}:${found.at.span.start}`, fixes: ['schema-by-hand'],
      });
    }
  },
  fixes: { 'add-schema': addSchema, 'schema-by-hand': schemaByHand },
});
