import rule from '../../../src/engine/rules/validate/unvalidated-body';
import { ruleTester } from '../../support/rule-tester';

const PRISMA_JS = "const { PrismaClient } = require('@prisma/client');\n\nmodule.exports = new PrismaClient();\n";
const PRISMA_TS = "import { PrismaClient } from '@prisma/client';\n\nexport const prisma = new PrismaClient();\n";
const PKG = '{\n  "name": "app",\n  "dependencies": {\n    "express": "^4.21.0",\n    "zod": "^4.0.0"\n  }\n}\n';
const PATHS = '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n';

function express(handler: string, extra = ''): string {
  return `const express = require('express');\nconst prisma = require('./db');\n${extra}\nconst router = express.Router();\n${handler}\nmodule.exports = router;\n`;
}
const APP = "const express = require('express');\nconst app = express();\napp.use(express.json());\napp.use('/orders', require('./orders'));\napp.listen(3000);\n";

/** A guard that verifies a token; `role` of the signed-in user decides where one is named. */
const GUARD = "const jwt = require('jsonwebtoken');\n\nfunction signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify((req.headers.authorization || '').slice(7), process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).json({ error: 'sign in' });\n  }\n  next();\n}\nfunction allow(...roles) {\n  return (req, res, next) => {\n    if (!roles.includes(req.user.role)) return res.status(403).json({ error: 'forbidden' });\n    next();\n  };\n}\nmodule.exports = { signedIn, allow };\n";
/** One handler behind pg, on a router mounted at /orders. */
function pg(handler: string): Record<string, string> {
  return { 'src/app.js': APP, 'src/guard.js': GUARD, 'src/orders.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst { signedIn, allow } = require('./guard');\nconst db = new Pool();\nconst router = express.Router();\n${handler}\nmodule.exports = router;\n` };
}
/** A site whose one account model is `account`, with a sign-in and one guarded create of `model`. */
function site(account: string, fields: string, extra = ''): Record<string, string> {
  return {
    'src/app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst bcrypt = require('bcryptjs');\nconst { z } = require('zod');\nconst { signedIn } = require('./guard');\nconst login = z.object({ email: z.string(), password: z.string() });\nconst ${account} = require('./account');\nconst Story = require('./story');\nconst app = express();\napp.use(express.json());\napp.post('/login', async (req, res) => {\n  const { email, password } = login.parse(req.body);\n  const found = await ${account}.findOne({ email });\n  if (!found || !(await bcrypt.compare(password, found.password))) return res.status(401).json({ error: 'no' });\n  res.json({ token: jwt.sign({ id: found.id }, process.env.JWT_SECRET) });\n});\n${extra}app.post('/stories', signedIn, async (req, res) => res.json(await Story.create(req.body)));\napp.listen(3000);\n`,
    'src/guard.js': GUARD,
    'src/account.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('${account}', new mongoose.Schema({ email: String, password: String }));\n`,
    'src/story.js': `const mongoose = require('mongoose');\nconst schema = new mongoose.Schema({ ${fields} });\nmodule.exports = mongoose.model('Story', schema);\n`,
  };
}

const REGISTER =
  "app.post('/register', async (req, res) => {\n  const { email, password } = login.parse(req.body);\n  res.json(await User.create({ email, password: await bcrypt.hash(password, 10) }));\n});\n";

/** A sign-up that stores `data` in a model whose role is one of `values`. */
function signUp(data: string, values: string, check = ''): Record<string, string> {
  return {
    'src/app.js': `const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst User = require('./user');\nconst app = express();\napp.use(express.json());\napp.post('/register', async (req, res) => {\n  try {\n    const { name, email, password, role } = req.body;\n    if (!email || !password || !role) return res.status(400).end();\n${check}    await User.create(${data});\n  } catch (error) {\n    return res.status(500).end();\n  }\n  res.status(201).end();\n});\napp.listen(3000);\n`,
    'src/user.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('User', new mongoose.Schema({ name: String, email: String, password: String, role: { type: String, ${values} } }));\n`,
  };
}

/** One app with a model of Mongoose in the same file. */
function shelf(routes: string): Record<string, string> {
  return { 'src/app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst Slot = mongoose.model('Slot', new mongoose.Schema({ label: String, short: String, seats: Number, day: Date }));\nconst app = express();\napp.use(express.json());\n${routes}\napp.listen(3000);\n` };
}

ruleTester(rule, {
  valid: [
    { name: 'the first set-up fills in what nobody has yet', files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/', async (req, res) => {\n  if ((await prisma.user.count()) > 0) return res.status(403).end();\n  await prisma.user.create({ data: { email: req.body.email, name: req.body.name } });\n  res.end();\n});") } },
    {
      name: 'whoever makes an account of his own says for whom',
      files: { 'package.json': PKG, 'src/app.js': "const express = require('express');\nconst { createClient } = require('@supabase/supabase-js');\nconst admin = createClient(process.env.URL, process.env.SERVICE_KEY);\nconst app = express();\napp.post('/account', async (req, res) => res.json(await admin.auth.admin.createUser({ email: req.body.email, password: req.body.password })));\n" },
    },
    { name: 'a billing portal, and a checkout at a price that the provider knows', files: { 'supabase/functions/plan/index.ts': "import Stripe from 'npm:stripe@14';\nconst stripe = new Stripe(Deno.env.get('STRIPE_SECRET_KEY')!);\nDeno.serve(async (req) => {\n  const { price_id, return_url, manage } = await req.json();\n  if (manage) {\n    const portal = await stripe.billingPortal.sessions.create({ customer: 'cus', return_url });\n    return Response.json({ url: portal.url });\n  }\n  const session = await stripe.checkout.sessions.create({ mode: 'subscription', line_items: [{ price: price_id, quantity: 1 }], success_url: return_url });\n  return Response.json({ url: session.url });\n});\n" } },
    {
      name: 'a schema that refuses what it does not list, or lists all there is; the body stored all the same',
      files: {
        'package.json': PKG, 'src/app.js': APP, 'src/db.js': PRISMA_JS,
        'prisma/schema.prisma': 'model Parcel {\n  id String @id\n  label String\n  weight Int\n  tenantId String\n}\nmodel Crate {\n  id String @id\n  label String\n  tenantId String\n}\n',
        'src/orders.js': express("router.post('/', async (req, res) => {\n  if (!strict.safeParse(req.body).success) return res.status(400).end();\n  res.json(await prisma.parcel.create({ data: req.body }));\n});\nrouter.post('/crates', async (req, res) => {\n  if (!whole.safeParse(req.body).success) return res.status(400).end();\n  res.json(await prisma.crate.create({ data: { ...req.body, tenantId: 't1' } }));\n});", "const { z } = require('zod');\nconst strict = z.object({ label: z.string() }).strict();\nconst whole = z.object({ label: z.string() });"),
      },
    },
    {
      name: 'an id that is looked up, with an end where nothing is found, and one label beside it',
      files: { 'supabase/functions/remind/index.ts': "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nDeno.serve(async (req) => {\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const { job_id, kind } = await req.json();\n  const { data: job, error } = await admin.from('jobs').select('*').eq('id', job_id).single();\n  if (error || !job) throw new Error('no such job');\n  await admin.from('history').insert({ job_id, kind });\n  return new Response('ok');\n});\n" },
    },
    {
      name: 'an amount whose sign is asked',
      files: pg("router.post('/move', signedIn, async (req, res) => {\n  const kind = req.body.kind;\n  const count = Number(req.body.quantity);\n  if (!['in', 'out'].includes(kind) || !(count > 0)) return res.status(400).end();\n  const delta = kind === 'in' ? count : -count;\n  await db.query('UPDATE goods SET held = held + $1', [delta]);\n  res.end();\n});"),
    },
    {
      name: 'a date, a number or a text is no filter of its own',
      files: shelf("app.post('/free', async (req, res) => {\n  const day = new Date(req.body.day);\n  day.setHours(0, 0, 0, 0);\n  res.json({ taken: await Slot.findOne({ day: { $gte: day }, seats: Number(req.body.seats) }) });\n});\napp.post('/line', async (req, res) => {\n  const { to } = req.body;\n  const digits = to.replace(/[^0-9]/g, '');\n  res.json(await Slot.findOne({ label: to, short: digits }));\n});\napp.post('/maybe', async (req, res) => {\n  const { to } = req.body;\n  const digits = to ? to.replace(/[^0-9]/g, '') : to;\n  res.json(await Slot.findOne({ label: to, short: digits }));\n});"),
    },
    {
      name: 'a count that is kept above zero',
      files: pg("router.post('/baskets', signedIn, async (req, res) => {\n  const count = Math.max(1, Number(req.body.quantity));\n  await db.query('INSERT INTO baskets (quantity) VALUES ($1)', [count]);\n  res.end();\n});"),
    },
    {
      name: 'a router that nobody mounts',
      files: { 'src/app.js': "const express = require('express');\nconst app = express();\napp.use(express.json());\napp.listen(3000);\n", 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/', async (req, res) => {\n  const { owner, price } = req.body;\n  res.json(await prisma.order.create({ data: { owner, price } }));\n});") },
    },
    {
      name: 'a body parsed by zod, the parsed data used',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/', async (req, res) => {\n  const data = schema.parse(req.body);\n  res.json(await prisma.order.create({ data }));\n});", "const { z } = require('zod');\nconst schema = z.object({ name: z.string() });") },
    },
    {
      name: 'a middleware that validates',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("const validate = (schema) => (req, res, next) => {\n  const parsed = schema.safeParse(req.body);\n  if (!parsed.success) return res.status(400).json({ error: 'invalid' });\n  req.body = parsed.data;\n  next();\n};\nrouter.post('/', validate(z.object({ name: z.string() })), async (req, res) => {\n  res.json(await prisma.order.create({ data: { name: req.body.name } }));\n});", "const { z } = require('zod');") },
    },
    {
      name: 'a status from a fixed list',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/:id/status', async (req, res) => {\n  const { status } = req.body;\n  if (!['open', 'paid'].includes(status)) return res.status(400).json({ error: 'bad status' });\n  res.json(await prisma.order.update({ where: { id: req.params.id }, data: { status } }));\n});") },
    },
    {
      name: 'an id that only finds a row',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/cancel', async (req, res) => {\n  res.json(await prisma.order.update({ where: { id: req.body.orderId }, data: { cancelled: true } }));\n});") },
    },
    {
      name: 'a body that reaches no work',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/echo', async (req, res) => {\n  console.log(req.body.note);\n  res.json({ ok: true });\n});") },
    },
    {
      name: 'a webhook whose signature is verified',
      files: {
        'app/api/stripe/route.ts': "import Stripe from 'stripe';\nimport { prisma } from '@/lib/db';\n\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);\n\nexport async function POST(req: Request) {\n  const text = await req.text();\n  const event = stripe.webhooks.constructEvent(text, req.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!);\n  await prisma.event.create({ data: { type: event.type } });\n  return Response.json({ ok: true });\n}\n",
        'lib/db.ts': PRISMA_TS, 'tsconfig.json': PATHS,
      },
    },
  ],
  invalid: [
    {
      name: 'what is left of a stock is held at zero, and still grows with a negative count',
      files: pg("router.post('/taken', signedIn, async (req, res) => {\n  const { rows } = await db.query('SELECT quantity FROM goods WHERE id = 1');\n  const left = Math.max(0, rows[0].quantity - req.body.quantity);\n  await db.query('UPDATE goods SET quantity = $1 WHERE id = 1', [left]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 8, messageId: 'write' }],
    },
    {
      name: 'what goes to the user administration may only say whose account is meant',
      files: { 'supabase/functions/end/index.ts': "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nDeno.serve(async (req) => {\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const { userId } = await req.json();\n  await fetch(`https://api.acme.io/people/${userId}`);\n  await admin.auth.admin.updateUserById(userId, { app_metadata: { out: true } });\n  return new Response('ok');\n});\n" },
      findings: [{ file: 'supabase/functions/end/index.ts', line: 4, messageId: 'account', message: /it alone decides whose account that is done to/, businessImpact: /somebody else’s account or session/ }],
    },
    {
      name: 'what was sent and put back beside the rest is the caller’s',
      files: { 'supabase/functions/offer/index.ts': "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nDeno.serve(async (req) => {\n  const db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const { colour, ...rest } = await req.json();\n  await db.from('offers').insert({ ...rest, colour });\n  return new Response('ok');\n});\n" },
      findings: [{ file: 'supabase/functions/offer/index.ts', line: 4, messageId: 'whole', message: /anyone can set any column of offers\./ }],
    },
    {
      name: 'a message to whoever is registered under an address goes to nobody else',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("const mailer = require('nodemailer').createTransport({});\nrouter.post('/remind', async (req, res) => {\n  const { email } = req.body;\n  const person = await prisma.person.findUnique({ where: { email } });\n  if (!person) return res.status(404).end();\n  await mailer.sendMail({ to: email, subject: 'Hello', text: 'It is time' });\n  res.end();\n});") },
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'registered', severity: 'low' }],
    },
    {
      name: 'what the code sets after the spread is not the caller’s',
      files: { 'supabase/functions/offer/index.ts': "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nDeno.serve(async (req) => {\n  const db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const sent = await req.json();\n  await db.from('offers').insert({ ...sent, offer_number: 7, created_by: 'x' });\n  return new Response('ok');\n});\n" },
      findings: [{ file: 'supabase/functions/offer/index.ts', line: 4, messageId: 'whole', message: /anyone can set any column of offers but offer_number and created_by\./ }],
    },
    {
      name: 'an amount that may be of any size above zero comes first, and nobody says that no more can be set',
      files: site('User', 'label: String, fee: { type: Number, min: 0 }, rent: { type: Number, min: 0, max: 900 }, day: Date', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', message: /can set fee and label of Story\.\nThe model keeps out fields it does not know and amounts below zero; how large fee may be, nothing says\./, businessImpact: /^An amount of any size goes in/ }],
    },
    {
      name: 'fields that a model limits can be set all the same',
      files: site('User', 'label: String, day: Date', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', message: /can set label of Story/, businessImpact: /, and the others that the model knows can be set as well\.$/ }],
    },
    {
      name: 'each write gives a field a name of its own: a flag there, a text here',
      files: {
        'src/app.js': APP, 'src/db.js': PRISMA_JS,
        'prisma/schema.prisma': 'model Check {\n  id String @id\n  passed Boolean\n  source String\n  notes String\n}\nmodel Person {\n  id String @id\n  cleared Boolean\n}\n',
        'src/orders.js': express("router.post('/', async (req, res) => {\n  const { passed, source, notes } = req.body;\n  await prisma.check.create({ data: { passed, source, notes } });\n  res.json(await prisma.person.update({ where: { id: 'x' }, data: { cleared: passed } }));\n});"),
      },
      findings: [{ file: 'src/orders.js', line: 6, messageId: 'write', message: /stores source and notes from the request in check: nothing limits how long/ }],
    },
    {
      name: 'columns that the statement lists are all there are, whatever object the values came in',
      files: pg("router.post('/bills', async (req, res) => {\n  const { customer, lines, notes } = req.body;\n  const sum = lines.reduce((a, l) => a + l.count * l.each, 0);\n  await db.query('INSERT INTO bills (customer, sum, notes) VALUES ($1, $2, $3)', [customer, sum, notes]);\n  for (const l of lines) await db.query('INSERT INTO bill_lines (count, each) VALUES ($1, $2)', [l.count, l.each]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'write' }],
    },
    {
      name: 'a choice may be that of its type: what was sent may still be an object',
      files: shelf("app.post('/line', async (req, res) => {\n  const { to, plain } = req.body;\n  const digits = plain ? to.replace(/[^0-9]/g, '') : '';\n  res.json(await Slot.findOne({ label: to, short: digits }));\n});"),
      findings: [{ file: 'src/app.js', line: 7, messageId: 'read', severity: 'high' }],
    },
    {
      name: 'a field that is called length is one field, not the body',
      files: pg("router.post('/panes', async (req, res) => {\n  const { glass, length, width, place } = req.body;\n  await db.query('INSERT INTO panes (glass, length, width, place) VALUES ($1, $2, $3, $4)', [glass, length, width, place]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'write', severity: 'medium' }],
    },
    {
      name: 'a message to nobody but ourselves',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("const { Resend } = require('resend');\nconst mail = new Resend(process.env.KEY);\nrouter.post('/', async (req, res) => {\n  await mail.emails.send({ to: process.env.DESK, subject: 'New', text: req.body.text });\n  res.end();\n});") },
      findings: [{ file: 'src/orders.js', line: 8, messageId: 'mail', severity: 'medium', businessImpact: /^Whoever reads this mailbox/ }],
    },
    {
      name: 'a lone role that stands beside the administrator’s elsewhere is one of staff',
      files: pg("router.get('/', signedIn, allow('admin', 'nurse'), async (req, res) => res.json((await db.query('SELECT 1')).rows));\nrouter.post('/', signedIn, allow('nurse'), async (req, res) => {\n  await db.query('INSERT INTO orders (title, total) VALUES ($1, $2)', [req.body.title, req.body.total]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 8, severity: 'low', message: /a user with the role nurse can/ }],
    },
    {
      name: 'strangers may name their own role: no schema that lets it in is offered',
      files: {
        'package.json': PKG, 'src/db.js': PRISMA_JS, 'src/app.js': APP.replace("'/orders'", "'/sign'"),
        'src/orders.js': express("router.post('/register', async (req, res) => {\n  const { email, password, role } = req.body;\n  const hash = await bcrypt.hash(password, 10);\n  const user = await prisma.user.create({ data: { email, password: hash, role } });\n  res.status(201).json({ id: user.id });\n});", "const bcrypt = require('bcryptjs');\n"),
      },
      findings: [{ file: 'src/orders.js', line: 7, fixes: ['schema-by-hand'] }],
    },
    {
      name: 'one text into one typed column: told, not underlined',
      files: pg("router.post('/:id/note', signedIn, async (req, res) => {\n  const { reason } = req.body;\n  await db.query('UPDATE orders SET reason = $1 WHERE id = $2', [reason, req.params.id]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'write', severity: 'low', confidence: 'low' }],
    },
    {
      name: 'several plain columns from signed-in users: medium; from a role: low',
      files: pg("router.post('/a', signedIn, async (req, res) => {\n  const { title, colour, notes } = req.body;\n  await db.query('INSERT INTO shelves (title, colour, notes) VALUES ($1, $2, $3)', [title, colour, notes]);\n  res.end();\n});\nrouter.post('/b', signedIn, allow('admin', 'manager'), async (req, res) => {\n  const { title, colour, notes } = req.body;\n  await db.query('INSERT INTO shelves (title, colour, notes) VALUES ($1, $2, $3)', [title, colour, notes]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 7, severity: 'medium', confidence: 'high' }, { file: 'src/orders.js', line: 12, severity: 'low', confidence: 'low' }],
    },
    {
      name: 'money, rights, owner and tenant: high from whoever signs up, less from roles; the text says who and what',
      files: pg("router.post('/a', signedIn, async (req, res) => {\n  const { title, unit_price } = req.body;\n  await db.query('INSERT INTO sales (title, unit_price) VALUES ($1, $2)', [title, unit_price]);\n  res.end();\n});\nrouter.post('/b', signedIn, allow('manager'), async (req, res) => {\n  const { title, unit_price } = req.body;\n  await db.query('INSERT INTO sales (title, unit_price) VALUES ($1, $2)', [title, unit_price]);\n  res.end();\n});\nrouter.post('/c', async (req, res) => {\n  const { nick, isAdmin } = req.body;\n  await db.query('INSERT INTO people (nick, is_admin) VALUES ($1, $2)', [nick, isAdmin]);\n  res.end();\n});\nrouter.post('/d', signedIn, async (req, res) => {\n  const { title, company_id } = req.body;\n  await db.query('INSERT INTO shelves (title, company_id) VALUES ($1, $2)', [title, company_id]);\n  res.end();\n});\nrouter.post('/e', signedIn, allow('admin', 'hr', 'editor'), async (req, res) => {\n  const { title, unit_price } = req.body;\n  await db.query('INSERT INTO sales (title, unit_price) VALUES ($1, $2)', [title, unit_price]);\n  res.end();\n});"),
      findings: [
        { file: 'src/orders.js', line: 7, severity: 'high', message: /in sales: a signed-in user can store any amount there, a negative one too/ },
        { file: 'src/orders.js', line: 12, severity: 'low', message: /a user with the role manager can store any amount/ },
        { file: 'src/orders.js', line: 17, severity: 'high', message: /anyone can give out rights nobody granted/ },
        { file: 'src/orders.js', line: 22, severity: 'low', message: /nothing limits how long they are or what they hold/ },
        { file: 'src/orders.js', line: 27, severity: 'low', message: /in sales: a user with the role hr or editor can store any amount there/ },
      ],
    },
    {
      name: 'a role is a right where accounts are kept, a plan is money where something is sold; the table named is the one that holds it',
      files: pg("router.post('/a', signedIn, async (req, res) => {\n  const { name, role, phone } = req.body;\n  await db.query('INSERT INTO emergency_contacts (name, role, phone) VALUES ($1, $2, $3)', [name, role, phone]);\n  res.end();\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { name, role } = req.body;\n  await db.query('INSERT INTO members (name, role) VALUES ($1, $2)', [name, role]);\n  res.end();\n});\nrouter.post('/c', signedIn, async (req, res) => {\n  const { day, mealPlan } = req.body;\n  await db.query('INSERT INTO agenda (day, meal_plan) VALUES ($1, $2)', [day, mealPlan]);\n  res.end();\n});\nrouter.post('/d', signedIn, async (req, res) => {\n  const { note, amount } = req.body;\n  await db.query('INSERT INTO trips (note) VALUES ($1)', [note]);\n  await db.query('INSERT INTO invoices (amount) VALUES ($1)', [amount]);\n  res.end();\n});"),
      findings: [
        { file: 'src/orders.js', line: 7, severity: 'medium', message: /in the table emergency_contacts: nothing limits how long they are or what they hold/ },
        { file: 'src/orders.js', line: 12, severity: 'high', message: /can give out rights nobody granted/ },
        { file: 'src/orders.js', line: 17, severity: 'medium', message: /in agenda: nothing limits how long they are/ },
        { file: 'src/orders.js', line: 22, severity: 'high', message: /in invoices: a signed-in user can store any amount there/ },
      ],
    },
    {
      name: 'a stored procedure is no table: one question for all of a file, none about what only looks something up or signs in; rights are rights',
      files: {
        'src/app.js': APP, 'src/guard.js': GUARD,
        'src/orders.js': "const express = require('express');\nconst sql = require('mssql');\nconst { signedIn } = require('./guard');\nconst router = express.Router();\nrouter.post('/login', async (req, res) => {\n  const found = await new sql.Request().input('name', req.body.name).execute('sp_AuthenticateUser');\n  res.json(found);\n});\nrouter.post('/a', signedIn, async (req, res) => {\n  const { title, price } = req.body;\n  await new sql.Request().input('title', title).input('price', price).execute('sp_AddItem');\n  res.end();\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { title, price } = req.body;\n  await new sql.Request().input('title', title).input('price', price).execute('sp_ChangeItem');\n  res.end();\n});\nrouter.post('/c', signedIn, async (req, res) => {\n  const { roleId, name } = req.body;\n  await new sql.Request().input('role', roleId).input('name', name).execute('sp_CreateUser');\n  res.end();\n});\nmodule.exports = router;\n",
      },
      findings: [
        { file: 'src/orders.js', line: 10, messageId: 'procedure', severity: 'low', confidence: 'low', message: /hands title and price from the request to the stored procedure sp_AddItem/ },
        { file: 'src/orders.js', line: 20, messageId: 'granted', severity: 'high', message: /to the stored procedure sp_CreateUser: a signed-in user can give out rights nobody granted/ },
      ],
    },
    {
      name: 'a procedure called by SQL text',
      files: pg("router.post('/a', signedIn, async (req, res) => {\n  const { title, price } = req.body;\n  await db.query('CALL add_item($1, $2)', [title, price]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'procedure', severity: 'low', message: /to the stored procedure add_item/ }],
    },
    {
      name: 'a row that the caller picks among those the app keeps apart; with the caller asked for, or looked up by him, nothing',
      files: pg("const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nrouter.get('/mine', signedIn, async (req, res) => res.json(await prisma.parcel.findMany({ where: { holderId: req.user.id } })));\nrouter.post('/seal', signedIn, async (req, res) => {\n  res.json(await prisma.parcel.update({ where: { id: req.body.parcelId }, data: { sealed: true } }));\n});\nrouter.post('/seal-own', signedIn, async (req, res) => {\n  res.json(await prisma.parcel.updateMany({ where: { id: req.body.parcelId, holderId: req.user.id }, data: { sealed: true } }));\n});\nrouter.post('/seal-found', signedIn, async (req, res) => {\n  const found = await prisma.parcel.findFirst({ where: { id: req.body.parcelId, holderId: req.user.id } });\n  if (!found) return res.status(404).end();\n  res.json(await prisma.parcel.update({ where: { id: req.body.parcelId }, data: { sealed: true } }));\n});\nrouter.post('/seal-box', signedIn, async (req, res) => {\n  res.json(await prisma.box.update({ where: { id: req.body.boxId }, data: { sealed: true } }));\n});"),
      findings: [{ file: 'src/orders.js', line: 10, messageId: 'picked', severity: 'medium', message: /changes the row of parcel that parcelId names, whoever it belongs to/, fixes: ['schema-by-hand'] }],
    },
    {
      name: 'an amount added to a kept sum as it was sent; asked for its type, it is one',
      files: pg("const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nrouter.post('/a', signedIn, async (req, res) => {\n  const { amount } = req.body;\n  const found = await prisma.tab.findUnique({ where: { id: 1 } });\n  found.paid += amount;\n  await prisma.tab.update({ where: { id: 1 }, data: { paid: found.paid } });\n  res.end();\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { amount } = req.body;\n  if (typeof amount !== 'number' || amount <= 0) return res.status(400).end();\n  const found = await prisma.tab.findUnique({ where: { id: 1 } });\n  found.paid += amount;\n  await prisma.tab.update({ where: { id: 1 }, data: { paid: found.paid } });\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 11, messageId: 'sum', severity: 'medium', message: /adds amount to a stored sum as sent/, fixes: ['schema-by-hand'] }],
    },
    {
      name: 'the row named is the one that the body is, and no other that takes some of it',
      files: { 'src/app.js': "const express = require('express');\nconst { Note, Talk } = require('./models');\nconst app = express();\napp.use(express.json());\napp.put('/talks/:id', async (req, res) => {\n  await Note.create({ text: `changed ${req.body.title}` });\n  res.json(await Talk.findByIdAndUpdate(req.params.id, req.body));\n});\napp.listen(3000);\n", 'src/models.js': "const mongoose = require('mongoose');\nexports.Note = mongoose.model('Note', new mongoose.Schema({ text: String }));\nexports.Talk = mongoose.model('Talk', new mongoose.Schema({ title: String, fee: Number, seats: Object }));\n" },
      findings: [{ file: 'src/app.js', line: 6, messageId: 'listed', message: /anyone can set fee of Talk/ }],
    },
    {
      name: 'who gets a message is not what it says',
      files: pg("const nodemailer = require('nodemailer');\nconst mailer = nodemailer.createTransport({ host: 'smtp' });\nrouter.post('/a', signedIn, async (req, res) => {\n  await mailer.sendMail({ to: req.body.email, subject: 'Your list', text: 'Here it is.' });\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 9, messageId: 'addressed', severity: 'medium', message: /sends a message to email from the request: a signed-in user chooses who gets it/ }],
    },
    {
      name: 'a payment: an amount decides what is charged, a price id which price, an address neither',
      files: pg("const Stripe = require('stripe');\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY);\nrouter.post('/a', signedIn, async (req, res) => {\n  const { amount } = req.body;\n  res.json(await stripe.paymentIntents.create({ amount, currency: 'eur' }));\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { priceId } = req.body;\n  res.json(await stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price: priceId, quantity: 1 }] }));\n});\nrouter.post('/c', signedIn, async (req, res) => {\n  const { return_url } = req.body;\n  res.json(await stripe.accountLinks.create({ account: req.user.account, return_url }));\n});"),
      findings: [
        { file: 'src/orders.js', line: 9, severity: 'high', message: /can send unchecked amounts to your payment provider/ },
        { file: 'src/orders.js', line: 17, severity: 'low', message: /can choose where your customers land after paying/ },
      ],
    },
    {
      name: 'an address whose host is fixed, in a constant or put together, is no other server',
      files: pg("const BASE = 'https://graph.example.com/v1.0';\nconst ask = (path) => fetch(path.startsWith('http') ? path : `${BASE}${path}`);\nrouter.post('/a', signedIn, async (req, res) => {\n  const { topic, page } = req.body;\n  res.json(await ask(`/things/${topic}?page=${page}`));\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { topic, page } = req.body;\n  res.json(await ask(`/things/${encodeURIComponent(topic)}?page=${encodeURIComponent(page)}`));\n});\nrouter.post('/c', signedIn, async (req, res) => {\n  const { topic, page } = req.body;\n  res.json(await fetch(`${topic}/${page}`));\n});"),
      findings: [
        { file: 'src/orders.js', line: 9, severity: 'low', message: /can choose what your server asks another service for/ },
        { file: 'src/orders.js', line: 17, severity: 'high', message: /can make your server call any address/ },
      ],
    },
    {
      name: 'only the ending of a sent name goes into a fixed one; the name itself may climb',
      files: pg("const fs = require('fs');\nconst path = require('path');\nrouter.post('/a', signedIn, async (req, res) => {\n  const { title, text } = req.body;\n  fs.writeFileSync(path.join('/srv/up', `bill-${Date.now()}.${title.split('.').pop()}`), text);\n  fs.writeFileSync(path.join('/srv/up', 'b' + path.extname(title)), text);\n  res.end();\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { title, text } = req.body;\n  fs.writeFileSync(path.join('/srv/up', title.split('.').slice(0, -1).join('.')), text);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 15, severity: 'high', message: /can choose which files your server touches/ }],
    },
    {
      name: 'a text cut to a length does not run up the bill of the model; another does',
      files: pg("const OpenAI = require('openai');\nconst ai = new OpenAI();\nrouter.post('/a', signedIn, async (req, res) => {\n  const { text, tone } = req.body;\n  res.json(await ai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: `${tone.substring(0, 20)}: ${text.slice(0, 4000)}` }] }));\n});\nrouter.post('/b', signedIn, async (req, res) => {\n  const { text, tone } = req.body;\n  res.json(await ai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: `${tone.slice(1)}: ${text}` }] }));\n});"),
      findings: [{ file: 'src/orders.js', line: 13, severity: 'high', message: /one caller can run up the bill/ }],
    },
    {
      name: 'a login whose SQL binds the value: no talk of getting around the filter',
      files: pg("router.post('/login', async (req, res) => {\n  const { email, town } = req.body;\n  const found = await db.query('SELECT id FROM people WHERE email = $1 AND town = $2', [email, town]);\n  res.json(found.rows);\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'bound', severity: 'low', confidence: 'low' }],
    },
    {
      name: 'asked only whether it is there: no way to sign in as somebody; a sign-in is one',
      files: {
        'src/app.js': "const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst jwt = require('jsonwebtoken');\nconst { User, Reel } = require('./models');\nconst app = express();\napp.use(express.json());\napp.post('/reels/free', async (req, res) => {\n  const { number, mill } = req.body;\n  const taken = await Reel.findOne({ number, mill });\n  res.status(taken ? 409 : 204).end();\n});\napp.post('/login', async (req, res) => {\n  const { email, firm } = req.body;\n  const found = await User.findOne({ email, firm });\n  if (!found || !(await bcrypt.compare(String(req.body.password), found.password))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: found.id }, process.env.JWT_SECRET) });\n});\napp.listen(3000);\n",
        'src/models.js': "const mongoose = require('mongoose');\nexports.User = mongoose.model('User', new mongoose.Schema({ email: String, firm: String, password: String }));\nexports.Reel = mongoose.model('Reel', new mongoose.Schema({ number: String, mill: String }));\n",
      },
      findings: [{ file: 'src/app.js', line: 8, messageId: 'read', severity: 'medium' }, { file: 'src/app.js', line: 13, messageId: 'read', severity: 'medium', businessImpact: /one common password/ }],
    },
    {
      name: 'whoever signs up chooses the role: critical, and the role is named, whatever else is stored',
      files: signUp('{ name, email, role, password: await bcrypt.hash(password, 10) }', "enum: ['READER', 'ADMIN']"),
      findings: [{ file: 'src/app.js', line: 8, messageId: 'role', severity: 'critical', confidence: 'high', message: /^POST \/register lets whoever signs up choose role: anyone can become administrator\./, fixes: ['schema-by-hand'] }],
    },
    {
      name: 'the whole body of a sign-up, and the model has a role',
      files: signUp('req.body', "enum: ['READER', 'ADMIN']"),
      findings: [{ file: 'src/app.js', line: 10, messageId: 'role', severity: 'critical' }],
    },
    {
      name: 'roles that anybody may have, and a role that the code sets',
      files: signUp('{ name, email, role, password: await bcrypt.hash(password, 10) }', "enum: ['BUYER', 'SELLER']"),
      findings: [{ file: 'src/app.js', line: 8, messageId: 'write', severity: 'high' }],
    },
    {
      name: 'a role that is refused by name',
      files: signUp('{ name, email, role, password: await bcrypt.hash(password, 10) }', "enum: ['READER', 'ADMIN']", "  if (role === 'ADMIN') return res.status(403).end();\n"),
      findings: [{ file: 'src/app.js', line: 8, messageId: 'write' }],
    },
    {
      name: 'the only accounts are administrators: what they write into the site is theirs to write',
      files: site('Admin', 'title: String, text: String'),
      findings: [{ file: 'src/app.js', line: 17, messageId: 'listed', severity: 'low', confidence: 'low', message: /an administrator can set title and text of Story/ }],
    },
    {
      name: 'an order that is asked for with a token is nobody’s account: administrators it stays',
      files: site('Admin', 'title: String, ownerId: String, price: Number', "app.get('/auth/by-token', async (req, res) => {\n  const { token } = req.query;\n  res.json(await Story.findOne({ token: String(token) }));\n});\n"),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', severity: 'low', confidence: 'low', message: /an administrator can set price of Story/ }],
    },
    {
      name: 'every guarded route wants the one role of the administrator, and nobody signs up: rows of others there are none',
      files: pg("const { sign } = require('jsonwebtoken');\nconst { compare } = require('bcryptjs');\nrouter.post('/login', async (req, res) => {\n  const found = await db.query('SELECT id, hash FROM users WHERE email = $1', [String(req.body.email)]);\n  if (!(await compare(String(req.body.password), found.rows[0].hash))) return res.status(401).end();\n  res.json({ token: sign({ id: found.rows[0].id }, process.env.JWT_SECRET) });\n});\n"
        + ['a', 'b', 'c'].map((at) => `router.post('/${at}', signedIn, allow('admin'), async (req, res) => {\n  const { shelf_id, title } = req.body;\n  await db.query('INSERT INTO books (shelf_id, title) VALUES ($1, $2)', [shelf_id, title]);\n  res.end();\n});\n`).join('')),
      findings: [{ file: 'src/orders.js', line: 9, messageId: 'bound' }, ...[14, 19, 24].map((line) => ({ file: 'src/orders.js', line, messageId: 'write', severity: 'low' as const, confidence: 'low' as const, message: /in books: nothing limits how long they are or what they hold/ }))],
    },
    {
      name: 'people sign up, and the model has columns that decide something: they are named',
      files: site('User', 'title: String, paidUntil: Date, price: Number, ownerId: String', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', severity: 'high', message: /a signed-in user can set ownerId and price of Story\.\nThe model keeps out fields it does not know, but it knows these/ }],
    },
    {
      name: 'people sign up, and the model has nothing that decides anything: low, and no word of owners or prices',
      files: site('User', 'title: String, text: String', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', severity: 'low', message: /a signed-in user can set title and text of Story\.\nThe model keeps out fields it does not know/ }],
    },
    {
      name: 'where a row stands is nothing special: staff sets it every day',
      files: site('User', 'title: String, text: String, colour: String, status: String', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', severity: 'low', message: /a signed-in user can set title, text, colour and status of Story/ }],
    },
    {
      name: 'a list of names to choose from: low; a flag is one or the other',
      files: site('User', 'statusName: String, wasteQty: Number, active: Boolean', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'listed', severity: 'low', message: /can set statusName and wasteQty of Story\.\n.*nothing limits how long or how large they are/ }],
    },
    {
      name: 'a schema that lets in what it does not list says nothing',
      files: site('User', 'title: String }, { strict: false', REGISTER),
      findings: [{ file: 'src/app.js', line: 21, messageId: 'whole', severity: 'high', message: /can set any column of Story\.\nNo schema lists/ }],
    },
    {
      name: 'an amount made a number, its sign never asked',
      files: pg("router.post('/move', signedIn, async (req, res) => {\n  const { kind, quantity } = req.body;\n  if (!['in', 'out'].includes(kind)) return res.status(400).end();\n  const goods = await db.query('SELECT held FROM goods');\n  const delta = kind === 'in' ? Number(quantity) : -Number(quantity);\n  const held = Number(goods.rows[0].held) + delta;\n  if (held < 0) return res.status(400).end();\n  await db.query('UPDATE goods SET held = $1', [held]);\n  res.end();\n});"),
      findings: [{ file: 'src/orders.js', line: 10, messageId: 'amount', severity: 'medium', confidence: 'medium' }],
    },
    {
      name: 'a value in the text of a query',
      files: pg("router.post('/find', async (req, res) => {\n  const { name, town } = req.body;\n  res.json(await db.query(`SELECT id FROM people WHERE name = '${name}' AND town = '${town}'`));\n});"),
      findings: [{ file: 'src/orders.js', line: 7, messageId: 'sql', severity: 'high' }],
    },
    {
      name: 'a part of a path of a fixed host is no free address',
      files: { 'src/app.js': "const express = require('express');\nconst BASE = process.env.TRACK_URL;\nconst app = express();\napp.use(express.json());\napp.post('/track', async (req, res) => {\n  const answer = await fetch(`https://track.example/parcels/${req.body.parcel}`, { method: 'POST' });\n  res.json(await answer.json());\n});\napp.post('/go', async (req, res) => {\n  const answer = await fetch(req.body.target, { method: 'POST' });\n  res.json(await answer.json());\n});\napp.listen(3000);\n" },
      findings: [{ file: 'src/app.js', line: 6, messageId: 'file', severity: 'medium', message: /choose what your server asks another service for/ }, { file: 'src/app.js', line: 10, messageId: 'file', severity: 'high', message: /make your server call any address/ }],
    },
    {
      name: 'the whole body in a create, no field known: steps only',
      files: { 'src/app.js': APP, 'src/db.js': PRISMA_JS, 'src/orders.js': express("router.post('/', async (req, res) => {\n  res.json(await prisma.order.create({ data: req.body }));\n});") },
      findings: [{ file: 'src/orders.js', line: 6, messageId: 'whole', confidence: 'high', fixes: ['schema-by-hand'] }],
    },
    {
      name: 'validated create beside unvalidated update',
      files: {
        'package.json': PKG, 'src/app.js': APP, 'src/db.js': PRISMA_JS,
        'src/orders.js': express("router.post('/', async (req, res) => {\n  const data = schema.parse(req.body);\n  res.json(await prisma.order.create({ data }));\n});\n\n// Changes an order.\nrouter.put('/:id', async (req, res) => {\n  const { name, quantity, notes } = req.body;\n  if (!name) return res.status(400).json({ error: 'name' });\n  const total = quantity * 2;\n  res.json(await prisma.order.update({ where: { id: req.params.id }, data: { name, total, notes: notes || null } }));\n});", "const { z } = require('zod');\nconst schema = z.object({ name: z.string() });"),
      },
      findings: [{ file: 'src/orders.js', line: 13, messageId: 'write', confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: {
        'add-schema': {
          'src/orders.js': [
            /const updateOrdersSchema = z\.object\(\{\n {2}name: z\.string\(\)\.trim\(\)\.min\(1\)\.max\(255\),\n {2}quantity: z\.number\(\)\.min\(0\)\.max\(1_000_000\),\n {2}notes: z\.string\(\)\.trim\(\)\.max\(10_000\)\.optional\(\),\n\}\);\n\n\/\/ Changes an order\.\nrouter\.put/,
            /const parsed = updateOrdersSchema\.safeParse\(req\.body\);\n {2}if \(!parsed\.success\) \{\n {4}return res\.status\(400\)\.json\(\{ error: 'Invalid request', issues: /,
            /const \{ name, quantity, notes \} = parsed\.data;/,
          ],
        },
      },
    },
    {
      name: 'controller, service and repository in other files; TypeScript, no validator installed',
      files: {
        'package.json': '{\n  "name": "app",\n  "dependencies": {\n    "express": "^4.21.0"\n  }\n}\n',
        'src/app.ts': "import express from 'express';\nimport { createOrder } from './controller';\n\nconst app = express();\napp.use(express.json());\napp.post('/orders', createOrder);\n",
        'src/controller.ts': "import type { Request, Response } from 'express';\nimport { place } from './service';\n\nexport const createOrder = async (req: Request, res: Response): Promise<void> => {\n  const order = await place(req.body.email, req.body.amount);\n  res.json(order);\n};\n",
        'src/service.ts': "import { save } from './repository';\n\nexport async function place(email: string, amount: number) {\n  return save({ email, amount });\n}\n",
        'src/repository.ts': "import { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\n\nexport function save(order: { email: string; amount: number }) {\n  return prisma.order.create({ data: order });\n}\n",
      },
      findings: [{ file: 'src/controller.ts', line: 5, messageId: 'write', confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: {
        'add-schema': {
          'src/controller.ts': [/import \{ z \} from 'zod';/, /email: z\.string\(\)\.trim\(\)\.email\(\)\.max\(254\),\n {2}amount: z\.coerce\.number\(\)\.min\(0\)/, / {4}res\.status\(400\)\.json\(.*\);\n {4}return;\n {2}\}/, /place\(parsed\.data\.email, parsed\.data\.amount\)/],
          'package.json': '{\n  "name": "app",\n  "dependencies": {\n    "express": "^4.21.0",\n    "zod": "^4.0.0"\n  }\n}\n',
        },
      },
    },
    {
      name: 'an arrow without a body, CRLF, double quotes, tabs and joi',
      files: {
        'package.json': '{ "dependencies": { "joi": "^17.0.0" } }\n',
        'src/app.js': 'const express = require("express");\r\nconst { PrismaClient } = require("@prisma/client");\r\n\r\nconst prisma = new PrismaClient();\r\nconst app = express();\r\napp.use(express.json());\r\n\r\nfunction log() {\r\n\tconsole.log("up");\r\n}\r\n\r\napp.post("/notes", (req, res) => prisma.note.create({ data: { title: req.body.title, text: req.body.text } }).then((n) => res.json(n)));\r\nlog();\r\n',
      },
      findings: [{ file: 'src/app.js', line: 12, fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'src/app.js': [/const Joi = require\("joi"\);\r\n/, /const createNoteSchema = Joi\.object\(\{\r\n\ttitle: Joi\.string\(\)\.trim\(\)\.max\(255\)\.required\(\),\r\n/, /\(req, res\) => \{\r\n\tconst parsed = createNoteSchema\.validate\(req\.body, \{ abortEarly: false, stripUnknown: true \}\);\r\n\tif \(parsed\.error\) \{/, /return prisma\.note\.create\(\{ data: \{ title: parsed\.value\.title, text: parsed\.value\.text \} \}\)/] } },
    },
    {
      name: 'a Next route handler: NextResponse, arrays of objects, partial update',
      files: {
        'package.json': '{ "dependencies": { "next": "15.0.0", "zod": "^4.0.0" } }\n', 'tsconfig.json': PATHS, 'lib/db.ts': PRISMA_TS,
        'app/api/invoices/route.ts': "import { NextResponse } from 'next/server';\nimport { prisma } from '@/lib/db';\n\nexport async function PATCH(request: Request) {\n  try {\n    const body = await request.json();\n    const lines = body.items.map((item: any) => ({ productId: item.productId, quantity: Number(item.quantity) }));\n    const invoice = await prisma.invoice.update({ where: { id: body.id }, data: { dueDate: new Date(body.dueDate), title: body.title, lines: { create: lines } } });\n    return NextResponse.json(invoice);\n  } catch {\n    return NextResponse.json({ error: 'failed' }, { status: 500 });\n  }\n}\n",
      },
      findings: [{ file: 'app/api/invoices/route.ts', line: 6, messageId: 'write', confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'app/api/invoices/route.ts': [/items: z\.array\(z\.object\(\{\n {4}productId: z\.string\(\)\.min\(1\)\.max\(100\),\n {4}quantity: z\.coerce\.number\(\)/, /const parsed = updateInvoicesSchema\.safeParse\(await request\.json\(\)\.catch\(\(\) => null\)\);/, /return NextResponse\.json\(\{ error: 'Invalid request', issues: .* \}, \{ status: 400 \}\);\n {4}\}\n {4}const body = parsed\.data;/] } },
    },
    {
      name: 'pages/api, one branch a method: the other branch is left alone',
      files: {
        'package.json': '{ "dependencies": { "next": "14.0.0", "valibot": "^1.0.0" } }\n', 'tsconfig.json': PATHS, 'lib/db.ts': PRISMA_TS,
        'pages/api/tasks.ts': "import type { NextApiRequest, NextApiResponse } from 'next';\nimport { prisma } from '@/lib/db';\n\nexport default async function handler(req: NextApiRequest, res: NextApiResponse) {\n  if (req.method === 'POST') {\n    const { title, done } = req.body;\n    return res.json(await prisma.task.create({ data: { title, done } }));\n  }\n  if (req.method === 'DELETE') {\n    return res.json(await prisma.task.delete({ where: { id: req.body.id } }));\n  }\n  return res.status(405).end();\n}\n",
      },
      findings: [{ file: 'pages/api/tasks.ts', line: 6, confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'pages/api/tasks.ts': [/import \* as v from 'valibot';/, /const parsed = v\.safeParse\(createTaskSchema, req\.body\);/, /const \{ title, done \} = parsed\.output;/, /where: \{ id: req\.body\.id \}/] } },
    },
    {
      name: 'a form of a route handler',
      files: {
        'package.json': '{ "dependencies": { "next": "15.0.0", "zod": "^4.0.0" } }\n', 'tsconfig.json': PATHS, 'lib/db.ts': PRISMA_TS,
        'app/api/leads/route.ts': "import { prisma } from '@/lib/db';\n\nexport async function POST(request: Request) {\n  const form = await request.formData();\n  const email = form.get('email') as string;\n  const seats = Number(form.get('seats'));\n  if (!email) return Response.json({ error: 'email' }, { status: 400 });\n  await prisma.lead.create({ data: { email, seats } });\n  return Response.json({ ok: true });\n}\n",
      },
      findings: [{ file: 'app/api/leads/route.ts', line: 5, confidence: 'low', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'app/api/leads/route.ts': [/email: z\.string\(\)\.trim\(\)\.email\(\)\.max\(254\),\n {2}seats: z\.coerce\.number\(\)\.min\(0\)/, /safeParse\(Object\.fromEntries\(form\)\)/, /const email = parsed\.data\.email as string;\n {2}const seats = parsed\.data\.seats;/, /return Response\.json\(\{ error: 'Invalid request'/] } },
    },
    {
      name: 'a Supabase edge function: CORS headers, Deno import',
      files: {
        'supabase/functions/book/index.ts': "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nimport { serve } from 'https://deno.land/std@0.177.0/http/server.ts';\n\nconst corsHeaders = { 'Access-Control-Allow-Origin': '*' };\n\nserve(async (req) => {\n  const client = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const { name, guests } = await req.json();\n  await client.from('bookings').insert({ name, guests: guests + 1 });\n  return new Response(JSON.stringify({ ok: true }), { headers: { ...corsHeaders, 'Content-Type': 'application/json' } });\n});\n",
      },
      findings: [{ file: 'supabase/functions/book/index.ts', line: 8, messageId: 'write', confidence: 'high', fixes: ['add-schema', 'schema-by-hand'] }],
      fixed: { 'add-schema': { 'supabase/functions/book/index.ts': [/import \{ z \} from 'https:\/\/deno\.land\/x\/zod@v3\.22\.4\/mod\.ts';/, /guests: z\.number\(\),/, /status: 400,\n {4,}headers: \{ \.\.\.corsHeaders, 'Content-Type': 'application\/json' \},/, /const \{ name, guests \} = parsed\.data;/] } },
    },
    {
      name: 'the password of any account, hashed or not, by its id: accounts are taken over; who knows the old one, or is asked whose it is, takes nothing over',
      files: {
        ...pg("const bcrypt = require('bcryptjs');\nrouter.put('/people/:id', signedIn, async (req, res) => {\n  const { nick, password } = req.body;\n  if (password.length < 8) return res.status(400).end();\n  const hashed = await bcrypt.hash(password, 10);\n  await db.query('UPDATE users SET nick = $1, password_hash = $2 WHERE id = $3', [nick, hashed, req.params.id]);\n  res.end();\n});\nrouter.put('/mine/:id', signedIn, async (req, res) => {\n  if (req.user.id !== req.params.id) return res.status(403).end();\n  const { nick, password } = req.body;\n  await db.query('UPDATE users SET nick = $1, password_hash = $2 WHERE id = $3', [nick, await bcrypt.hash(password, 10), req.params.id]);\n  res.end();\n});\nrouter.put('/crew/:id', signedIn, allow('admin'), async (req, res) => {\n  const { nick, role } = req.body;\n  await db.query('UPDATE users SET nick = $1, role = $2 WHERE id = $3', [nick, role, req.params.id]);\n  res.end();\n});"),
      },
      findings: [
        { file: 'src/orders.js', line: 8, messageId: 'takeover', severity: 'critical', fixes: ['schema-by-hand'], message: /lets a signed-in user set password of any account: enough to sign in as anybody/ },
        { file: 'src/orders.js', line: 16, messageId: 'write', severity: 'low' },
        { file: 'src/orders.js', line: 21, messageId: 'write', severity: 'low', message: /a role the app does not know/ },
      ],
    },
    {
      name: 'a schema is asked and the body stored all the same: what it does not list passes, less what the code sets itself',
      files: {
        'package.json': PKG, 'src/app.js': APP, 'src/db.js': PRISMA_JS,
        'prisma/schema.prisma': 'model Parcel {\n  id String @id\n  label String\n  weight Int\n  tenantId String\n  price Decimal\n  createdAt DateTime\n}\n',
        'src/orders.js': express("function check(data) {\n  const result = schema.partial().safeParse(data);\n  return { ok: result.success };\n}\nrouter.post('/', async (req, res) => {\n  const data = req.body;\n  if (!check(data).ok) return res.status(400).end();\n  res.json(await prisma.parcel.create({ data: { ...data, tenantId: 't1' } }));\n});", "const { z } = require('zod');\nconst schema = z.object({ label: z.string(), weight: z.number() });"),
      },
      findings: [{ file: 'src/orders.js', line: 11, messageId: 'bypassed', severity: 'high', fixes: ['schema-by-hand'], message: /checks 2 fields with a schema and then stores the raw body: anyone can also set price in parcel/ }],
    },
    {
      name: 'services: payment, mail, AI model, file, user administration, login look-up, code',
      files: {
        'package.json': PKG,
        'src/app.js': [
          "const express = require('express');", "const Stripe = require('stripe');", "const OpenAI = require('openai');", "const nodemailer = require('nodemailer');", "const fs = require('fs');", "const { createClient } = require('@supabase/supabase-js');", "const prisma = require('./db');",
          'const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);', 'const openai = new OpenAI();', "const mailer = nodemailer.createTransport({ host: 'smtp' });", 'const admin = createClient(process.env.SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY);', 'const app = express();', 'app.use(express.json());',
          "app.post('/pay', async (req, res) => res.json(await stripe.paymentIntents.create({ amount: req.body.amount, currency: req.body.currency })));",
          "app.post('/ask', async (req, res) => res.json(await openai.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: req.body.question }] })));",
          "app.post('/mail', async (req, res) => res.json(await mailer.sendMail({ to: 'me@x.de', subject: req.body.subject, text: req.body.text })));",
          "app.post('/file', (req, res) => { fs.writeFileSync(req.body.file, req.body.content); res.end(); });",
          "app.post('/account', async (req, res) => res.json(await admin.auth.admin.updateUserById(req.body.id, { email: req.body.email, password: req.body.password })));",
          "app.post('/find', async (req, res) => res.json(await prisma.user.findFirst({ where: { email: req.body.email, password: req.body.password } })));",
          "app.post('/run', (req, res) => { res.json(eval(req.body.formula)); });", '',
        ].join('\n'),
        'src/db.js': PRISMA_JS,
      },
      findings: [
        { file: 'src/app.js', line: 14, messageId: 'payment' }, { file: 'src/app.js', line: 15, messageId: 'llm' }, { file: 'src/app.js', line: 16, messageId: 'mail' }, { file: 'src/app.js', line: 17, messageId: 'file' },
        { file: 'src/app.js', line: 18, messageId: 'account' }, { file: 'src/app.js', line: 19, messageId: 'read' }, { file: 'src/app.js', line: 20, messageId: 'code' },
      ],
    },
  ],
});
