import rule from '../../../src/engine/rules/validate/server-action-args-trusted';
import { ruleTester } from '../../support/rule-tester';

const BASE = {
  'package.json': '{ "dependencies": { "next": "15.0.0", "zod": "^4.0.0", "stripe": "^17.0.0" } }\n',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n',
  'lib/db.ts': "import { PrismaClient } from '@prisma/client';\n\nexport const prisma = new PrismaClient();\n",
};
const action = (body: string): string => `'use server';\n\nimport { prisma } from '@/lib/db';\n\n${body}\n`;

ruleTester(rule, {
  valid: [
    { name: 'no parameters', files: { ...BASE, 'app/actions.ts': action('export async function clear() {\n  await prisma.note.deleteMany();\n}') } },
    { name: 'an id that only finds a row', files: { ...BASE, 'app/actions.ts': action('export async function remove(noteId: string) {\n  await prisma.note.delete({ where: { id: noteId } });\n}') } },
    { name: 'a form parsed by a schema', files: { ...BASE, 'app/actions.ts': "'use server';\n\nimport { z } from 'zod';\nimport { prisma } from '@/lib/db';\n\nconst schema = z.object({ title: z.string().max(100), text: z.string().max(1000) });\n\nexport async function add(formData: FormData) {\n  const data = schema.parse(Object.fromEntries(formData));\n  await prisma.note.create({ data });\n}\n" } },
    { name: 'not an action', files: { ...BASE, 'lib/notes.ts': "import { prisma } from '@/lib/db';\n\nexport async function add(title: string, text: string) {\n  await prisma.note.create({ data: { title, text } });\n}\n" } },
  ],
  invalid: [
    {
      name: 'typed arguments, refused in the shape the action has',
      files: {
        ...BASE,
        'app/actions.ts': action("type Kind = 'note' | 'task';\n\n/** Adds one. */\nexport async function addNote(title: string, kind: Kind, tags: string[], pinned?: boolean, parentId: string | null = null) {\n  if (!title) return { success: false, error: 'no title' };\n  await prisma.note.create({ data: { title, kind, tags, pinned, parentId } });\n  return { success: true };\n}"),
      },
      findings: [{ file: 'app/actions.ts', line: 8, messageId: 'write', confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: {
        'add-schema': {
          'app/actions.ts': [
            /const addNoteSchema = z\.object\(\{\n {2}title: z\.string\(\)\.min\(1\)\.max\(255\),\n {2}kind: z\.enum\(\['note', 'task'\]\),\n {2}tags: z\.array\(z\.string\(\)\.min\(1\)\.max\(200\)\)\.max\(1000\),\n {2}pinned: z\.boolean\(\)\.optional\(\),\n {2}parentId: z\.string\(\)\.min\(1\)\.max\(100\)\.nullable\(\)\.optional\(\),\n\}\);\n\n\/\*\* Adds one/,
            /safeParse\(\{ title, kind, tags, pinned, parentId \}\);\n {2}if \(!parsed\.success\) \{\n {4}return \{ success: false, error: `Invalid request: /,
          ],
        },
      },
    },
    {
      name: 'form fields, thrown when the action returns nothing',
      files: { ...BASE, 'app/actions.ts': action("export async function saveProfile(id: string, formData: FormData) {\n  const name = formData.get('name') as string;\n  const age = parseInt(formData.get('age') as string, 10);\n  await prisma.profile.update({ where: { id }, data: { name, age } });\n}") },
      findings: [{ file: 'app/actions.ts', line: 6, messageId: 'write', confidence: 'low', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'app/actions.ts': [/safeParse\(\{ \.\.\.Object\.fromEntries\(formData\), id \}\)/, /throw new Error\(`Invalid request: /, /const age = parsed\.data\.age;/, /name: z\.string\(\)\.trim\(\)\.max\(255\)\.optional\(\)/] } },
    },
    {
      name: 'a whole object: steps only',
      files: { ...BASE, 'app/actions.ts': action('export async function updateUser(id: string, data: { name: string }) {\n  await prisma.user.update({ where: { id }, data });\n}') },
      findings: [{ file: 'app/actions.ts', line: 5, messageId: 'whole', confidence: 'high', fixes: ['schema-by-hand'] }],
    },
    {
      name: 'a whole object, and the table lists its columns: those that decide something are named',
      files: {
        ...BASE,
        'lib/schema.ts': "import { integer, pgTable, text } from 'drizzle-orm/pg-core';\n\nexport const shops = pgTable('shops', { id: integer('id'), title: text('title'), ownerId: text('owner_id') });\n",
        'app/actions.ts': "'use server';\n\nimport { db } from '@/lib/drizzle';\nimport { shops } from '@/lib/schema';\n\nexport async function addShop(data: { title: string }) {\n  await db.insert(shops).values(data);\n}\n",
        'lib/drizzle.ts': "import { drizzle } from 'drizzle-orm/node-postgres';\n\nexport const db = drizzle(process.env.DATABASE_URL!);\n",
      },
      findings: [{ file: 'app/actions.ts', line: 6, messageId: 'listed', severity: 'high', message: /can set ownerId of shops/ }],
    },
    {
      name: 'whoever signs up chooses the role',
      files: {
        ...BASE,
        'lib/user.ts': "import mongoose from 'mongoose';\n\nexport const User = mongoose.model('User', new mongoose.Schema({ email: String, password: String, role: { type: String, enum: ['reader', 'admin'] } }));\n",
        'app/actions.ts': "'use server';\n\nimport bcrypt from 'bcryptjs';\nimport { User } from '@/lib/user';\n\nexport async function register(email: string, password: string, role: string) {\n  await User.create({ email, password: await bcrypt.hash(password, 12), role });\n}\n",
      },
      findings: [{ file: 'app/actions.ts', line: 6, messageId: 'role', severity: 'critical', message: /^Server action register lets whoever signs up choose role/ }],
    },
    {
      name: 'amounts of a payment, filters, an outside service',
      files: {
        ...BASE,
        'app/actions.ts': "'use server';\n\nimport Stripe from 'stripe';\nimport { Resend } from 'resend';\nimport { prisma } from '@/lib/db';\n\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);\nconst resend = new Resend(process.env.RESEND_API_KEY);\n\nexport async function pay(amount: number, currency: string) {\n  return stripe.paymentIntents.create({ amount, currency });\n}\n\nexport async function list(city: string, since: string) {\n  return prisma.shop.findMany({ where: { city, since: { gte: since } } });\n}\n\nexport async function invite(email: string, note: string) {\n  return resend.emails.send({ from: 'me@x.de', to: email, subject: 'hi', text: note });\n}\n",
      },
      findings: [
        { file: 'app/actions.ts', line: 10, messageId: 'payment', confidence: 'high' },
        { file: 'app/actions.ts', line: 14, messageId: 'read', confidence: 'medium' },
        { file: 'app/actions.ts', line: 18, messageId: 'outside', confidence: 'high' },
      ],
    },
  ],
});
