/** What validate/unvalidated-body says of the same code in apps of different people: the weight, the words and the price. */
import assert from 'node:assert/strict';
import type { Finding } from '../../../src/engine/core/types';
import body from '../../../src/engine/rules/validate/unvalidated-body';
import query from '../../../src/engine/rules/validate/unvalidated-params-query';
import { meaningIn, meaningOf } from '../../../src/engine/rules/validate/shared/columns';
import type { AnyRule } from '../../../src/engine/core/rule';
import { type Files, sessionOf } from '../../support/project';

function told(rule: unknown, files: Files): readonly Finding[] {
  const result = sessionOf(files, { rules: [rule as AnyRule] }).audit();
  assert.deepEqual(result.errors, []);
  return [...result.findings].sort((a, b) => a.at.span.start - b.at.span.start);
}

const HEAD = "const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst bcrypt = require('bcryptjs');\nconst { z } = require('zod');\nconst { User, Bill } = require('./models');\nconst login = z.object({ email: z.string(), password: z.string() });\nconst app = express();\napp.use(express.json());\nfunction signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify((req.headers.authorization || '').slice(7), process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).end();\n  }\n  next();\n}\nfunction allow(...roles) {\n  return (req, res, next) => {\n    if (!roles.includes(req.user.role)) return res.status(403).end();\n    next();\n  };\n}\n";
const LOGIN = "app.post('/login', async (req, res) => {\n  const { email, password } = login.parse(req.body);\n  const found = await User.findOne({ email });\n  if (!found || !(await bcrypt.compare(password, found.password))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: found.id }, process.env.JWT_SECRET) });\n});\n";
const REGISTER = "app.post('/register', async (req, res) => {\n  const { email, password } = login.parse(req.body);\n  res.json(await User.create({ email, password: await bcrypt.hash(password, 10) }));\n});\n";

/** An app with a sign-in, and bills of these columns. */
function app(routes: string, bill = 'client: String, amount: Number', user = 'email: String, password: String, role: String'): Files {
  return {
    'src/app.js': `${HEAD}${LOGIN}${routes}app.listen(3000);\n`,
    'src/models.js': `const mongoose = require('mongoose');\nexports.User = mongoose.model('User', new mongoose.Schema({ ${user} }));\nexports.Bill = mongoose.model('Bill', new mongoose.Schema({ ${bill} }));\n`,
  };
}

const ADD = "app.post('/bills', signedIn, async (req, res) => {\n  const { client, amount } = req.body;\n  res.json(await Bill.create({ client, amount }));\n});\n";

describe('names of money', () => {
  it('are told by their last word', () => {
    for (const name of ['unitPrice', 'amount_due', 'price_cents', 'discountPercent', 'outstanding', 'monthlyPremium', 'totalSpent', 'pricePerLiter', 'qty_ordered', 'creditLimit', 'hourlyRate', 'paidUntil', 'priceId']) assert.equal(meaningOf(name), 'money', name);
    for (const name of ['taxNumber', 'tax_number', 'totalHires', 'totalUnits', 'rateLimit', 'paymentMethod', 'payment_status', 'costCenter', 'discount_code', 'feeType', 'priceLabel', 'paymentDate', 'leave_balance', 'minStock', 'treatment_planning']) assert.notEqual(meaningOf(name), 'money', name);
    assert.equal(meaningOf('is_paid'), 'state');
    assert.equal(meaningOf('iban'), 'payee');
    assert.equal(meaningIn('respiratoryRate', 'VitalSigns', () => false), 'plain');
  });
});

describe('what unchecked amounts cost', () => {
  it('comes from outside only where people make accounts for themselves', () => {
    const [own] = told(body, app(ADD));
    assert.equal(own?.severity, 'medium');
    assert.match(own.message, /stores amount and client from the request in Bill: a signed-in user can store any amount there/);
    assert.match(own.businessImpact, /^A negative amount or a misplaced decimal point/);
    const [open] = told(body, app(REGISTER + ADD));
    assert.equal(open?.severity, 'high');
    assert.match(open.businessImpact, /money you lose, and books you cannot trust/);
    const hosted = told(body, { ...app(ADD), 'src/client.js': "import { Auth0Provider } from '@auth0/auth0-react';\nexport default Auth0Provider;\n" });
    assert.equal(hosted[0]?.severity, 'high');
  });

  it('is little where one role types them that stands beside the administrator’s elsewhere', () => {
    const [f] = told(body, app(`app.get('/all', signedIn, allow('admin', 'dentist'), async (req, res) => res.json(await Bill.find()));\n${ADD.replace('signedIn,', "signedIn, allow('dentist'),")}`));
    assert.equal(f?.severity, 'low');
    assert.match(f.message, /a user with the role dentist/);
  });

  it('is little where the handler lets only whose it is, or an administrator, go on', () => {
    const edit = "app.put('/bills/:id', signedIn, async (req, res) => {\n  const { client, amount } = req.body;\n  const bill = await Bill.findById(req.params.id);\n  if (bill.owner.toString() !== req.user.id && req.user.role !== 'admin') return res.status(403).end();\n  bill.client = client;\n  bill.amount = amount;\n  await bill.save();\n  res.json(bill);\n});\n";
    assert.equal(told(body, app(REGISTER + edit))[0]?.severity, 'low');
    assert.equal(told(body, app(REGISTER + edit.replace(/ {2}if \(bill\.owner.*\n/, '')))[0]?.severity, 'high');
  });

  it('is told alike where the whole row is stored, by people with a role too', () => {
    const whole = ADD.replace(/ {2}const .*\n/, '').replace('{ client, amount }', 'req.body').replace('signedIn,', "signedIn, allow('manager'),");
    const [f] = told(body, app(REGISTER + whole));
    assert.equal(f?.severity, 'low');
    assert.match(f.message, /a user with the role manager can set amount of Bill/);
    assert.match(f.businessImpact, /^A negative amount or a misplaced decimal point/);
  });

  it('names no amount that the model refuses below zero; an update asks the model only when told to', () => {
    const refused = 'client: String, amount: { type: Number, min: 0 }';
    assert.doesNotMatch(told(body, app(ADD, refused))[0]?.message ?? '', /any amount/);
    const update = "app.put('/bills/:id', signedIn, async (req, res) => {\n  const { client, amount } = req.body;\n  res.json(await Bill.findByIdAndUpdate(req.params.id, { client, amount }));\n});\n";
    assert.match(told(body, app(update, refused))[0]?.message ?? '', /any amount/);
    assert.doesNotMatch(told(body, app(update.replace('{ client, amount })', '{ client, amount }, { runValidators: true })'), refused))[0]?.message ?? '', /any amount/);
  });
});

describe('whose rows', () => {
  const link = "app.post('/bills', signedIn, async (req, res) => {\n  const { label, files } = req.body;\n  res.json(await Bill.create({ label, files }));\n});\n";
  const kept = "app.get('/folders', signedIn, async (req, res) => res.json(await Folder.find({ studio_id: req.user.studio_id, keeper: req.user.id })));\n";
  const folder = "exports.Folder = mongoose.model('Folder', new mongoose.Schema({ name: String, keeper: String }));\n";
  const of = (routes: string, ref = "{ type: mongoose.Schema.Types.ObjectId, ref: 'Folder' }"): string => {
    const files = app(routes, `label: String, files: ${ref}`);
    return told(body, { ...files, 'src/app.js': files['src/app.js']!.replace('{ User, Bill }', '{ User, Bill, Folder }'), 'src/models.js': `${files['src/models.js']!}${folder}` })[0]?.message ?? '';
  };
  it('a known reference to rows that the app shows to their owner only can be to somebody else’s', () => {
    assert.match(of(REGISTER + kept + link), /a signed-in user can name a row of Folder that belongs to somebody else/);
  });

  it('a catalogue, an id of something outside and a looked-up row are none of others', () => {
    assert.doesNotMatch(of(REGISTER + link), /somebody else/);
    assert.doesNotMatch(of(REGISTER + kept + link, 'String'), /somebody else/);
    assert.doesNotMatch(of(REGISTER + kept + link.replace('  res.json', '  const found = await Folder.findById(files);\n  if (!found) return res.status(404).end();\n  res.json')), /somebody else/);
  });

  it('a company’s column is one by which the app keeps companies apart', () => {
    const file = link.replaceAll('files', 'shop_id');
    assert.match(told(body, app(REGISTER + file, 'label: String, shop_id: String'))[0]?.message ?? '', /nothing limits/);
    const apart = "app.get('/bills', signedIn, async (req, res) => res.json(await Bill.find({ shop_id: req.user.shop_id })));\n";
    assert.match(told(body, app(REGISTER + apart + file, 'label: String, shop_id: String'))[0]?.message ?? '', /can file data under another company/);
  });

  it('no other company is meant where the caller was looked for in it', () => {
    const apart = "app.get('/bills', signedIn, async (req, res) => res.json(await Bill.find({ shop_id: req.user.shop_id })));\n";
    const member = link.replaceAll('files', 'shop_id').replace('  res.json', '  const in_it = await Bill.findOne({ shop_id, keeper_id: req.user.id });\n  if (!in_it) return res.status(403).end();\n  res.json');
    assert.doesNotMatch(told(body, app(REGISTER + apart + member, 'label: String, shop_id: String, keeper_id: String')).map((f) => f.message).join(), /another company/);
  });

  it('whoever made it is somebody else only where people act for themselves', () => {
    const sign = link.replaceAll('files', 'created_by');
    assert.match(told(body, app(REGISTER + sign, 'label: String, created_by: String'))[0]?.message ?? '', /in somebody else’s name/);
    assert.doesNotMatch(told(body, app(REGISTER + sign.replace('signedIn,', "signedIn, allow('manager'),"), 'label: String, created_by: String'))[0]?.message ?? '', /in somebody else’s name/);
  });
});

describe('what the model refuses', () => {
  const make = (fields: string, op = 'create({ label, cut })'): string => `app.post('/bills', signedIn, async (req, res) => {\n  const { label, cut } = req.body;\n  ${fields}res.json(await Bill.${op});\n});\n`;
  const limits = "label: { type: String, maxlength: 80 }, cut: { type: String, enum: ['S', 'L'] }";
  it('is no unchecked field, alone or in a whole body', () => {
    assert.deepEqual(told(body, app(REGISTER + make('', 'create({ label, cut })'), limits)), []);
    assert.deepEqual(told(body, app(REGISTER + make('', 'create(req.body)'), limits)), []);
    assert.deepEqual(told(body, app(REGISTER + make('', 'create({ label, cut })'), 'label: Date, cut: Boolean')), []);
  });

  it('is not asked on an update that is not told to', () => {
    const [f] = told(body, app(REGISTER + make('', 'findByIdAndUpdate(req.params.id, { label, cut })'), limits));
    assert.match(f?.message ?? '', /stores label and cut from the request in Bill: nothing limits how long they are or what they hold/);
    assert.deepEqual(told(body, app(REGISTER + make('', 'findByIdAndUpdate(req.params.id, { label, cut }, { runValidators: true })'), limits)), []);
  });

  it('leaves lengths and sizes, and no more is said', () => {
    const [size] = told(body, app(REGISTER + make(''), 'label: Number, cut: Date'));
    assert.match(size?.message ?? '', /stores label from the request in Bill: nothing limits how small or large it is/);
    assert.equal(size?.severity, 'low');
    const [both] = told(body, app(REGISTER + make(''), 'label: Number, cut: String'));
    assert.match(both?.message ?? '', /nothing limits how long or how large they are/);
  });

  it('is asked of the column by its name in the row', () => {
    assert.deepEqual(told(body, app(REGISTER + make('', 'create({ tag: label, shape: cut })'), limits.replace('label', 'tag').replace('cut', 'shape'))), []);
  });

  it('of two models of one name is that of the one nearer to the code', () => {
    const files = app(REGISTER + make(''), 'label: String, cut: String');
    assert.equal(told(body, { ...files, 'old/models.js': "const mongoose = require('mongoose');\nexports.Bill = mongoose.model('Bill', new mongoose.Schema({ label: Date, cut: Date }));\n" }).length, 1);
  });
});

describe('the tables of a project’s own SQL', () => {
  const files = (columns: string): Files => ({
    'src/app.js': "const express = require('express');\nconst { Pool } = require('pg');\nconst db = new Pool();\nconst app = express();\napp.use(express.json());\napp.post('/boats', async (req, res) => {\n  const { name, sails } = req.body;\n  await db.query('INSERT INTO boats (name, sails) VALUES ($1, $2)', [name, sails]);\n  res.end();\n});\napp.listen(3000);\n",
    'db/schema.sql': `create table boats (${columns});\n`,
  });
  it('refuse what they are declared to', () => {
    assert.deepEqual(told(body, files('name varchar(80), sails boolean')), []);
    assert.match(told(body, files('name text, sails boolean'))[0]?.message ?? '', /stores name from the request in boats/);
    assert.match(told(body, files('name varchar(80), sails int'))[0]?.message ?? '', /stores sails from the request in boats: nothing limits how small or large it is/);
  });
});

describe('a value that only picks the row', () => {
  it('is stored nowhere', () => {
    const pick = "app.post('/bills/tick', signedIn, async (req, res) => {\n  await Bill.updateOne({ _id: req.body.billId, 'parts._id': req.body.partId }, { $set: { 'parts.$.done': true } });\n  res.end();\n});\n";
    assert.deepEqual(told(body, app(REGISTER + pick)), []);
    assert.deepEqual(told(body, app(REGISTER + pick.replace("{ $set: { 'parts.$.done': true } }", '{ note: req.body.note }'), 'note: String')).map((f) => /stores note from the request/.test(f.message)), [true]);
  });
});

describe('what is looked up by what people sign in with', () => {
  it('is checked, also where all that follows stands inside', () => {
    const ask = (rest: string): string => `app.post('/forgot', async (req, res) => {\n  const { email } = req.body;\n  const found = await User.findOne({ email: String(email) });\n  ${rest}  res.end();\n});\n`;
    assert.deepEqual(told(body, app(ask('if (found) {\n    await Bill.create({ client: email });\n  }\n'))), []);
    assert.equal(told(body, app(ask('await Bill.create({ client: email });\n'))).length, 1);
  });
});

describe('who sends it', () => {
  it('an administrator among the roles makes it a task of staff, whoever else may sign up', () => {
    const [f] = told(body, app(`${REGISTER}${ADD.replace('signedIn,', "signedIn, allow('admin', 'pharmacist'),")}`));
    assert.equal(f?.severity, 'low');
    assert.match(f.message, /a user with the role pharmacist can/);
  });

  it('a role for customers is named, and no less is said of it', () => {
    const [f] = told(body, app(`${REGISTER}${ADD.replace('signedIn,', "signedIn, allow('customer'),")}`));
    assert.equal(f?.severity, 'high');
    assert.match(f.message, /a user with the role customer can/);
  });
});

describe('a password and a bank account', () => {
  const keep = (table: string, fields: string, guard = 'signedIn, '): string => `app.post('/keep', ${guard}async (req, res) => {\n  const { ${fields} } = req.body;\n  await ${table}.create({ ${fields} });\n  res.end();\n});\n`;
  it('may be of any length, where no model asks and people sign in with it', () => {
    const [f] = told(body, app(keep('User', 'email, password'), 'label: String', 'email: String, password: String'));
    assert.equal(f?.severity, 'medium');
    assert.match(f.message, /nothing asks how long the password is/);
    assert.doesNotMatch(told(body, app(keep('User', 'email, password'), 'label: String', 'email: String, password: { type: String, minlength: 8 }'))[0]?.message ?? '', /how long the password/);
    const mailbox = Object.fromEntries(Object.entries(app(keep('Bill', 'host, password'), 'host: String, password: String')).map(([p, t]) => [p, t.replaceAll('Bill', 'EmailAccount')]));
    assert.doesNotMatch(told(body, mailbox)[0]?.message ?? '', /how long the password/);
  });

  it('is the payer’s trouble only where strangers can set it', () => {
    assert.match(told(body, app(REGISTER + keep('Bill', 'label, iban', ''), 'label: String, iban: String'))[0]?.message ?? '', /which bank account/);
    assert.doesNotMatch(told(body, app(REGISTER + keep('Bill', 'label, iban'), 'label: String, iban: String'))[0]?.message ?? '', /which bank account/);
  });
});

describe('a role', () => {
  const post = "app.post('/crew', signedIn, async (req, res) => res.json(await Bill.create(req.body)));\n";
  it('is a job title in a table that nobody signs in against', () => {
    const files = app(REGISTER + post, "name: String, role: { type: String, enum: ['cook', 'waiter'] }, salary: Number");
    const crew = (f: Files): Files => Object.fromEntries(Object.entries(f).map(([p, t]) => [p, t.replaceAll('Bill', 'Employee')]));
    assert.match(told(body, crew(files))[0]?.message ?? '', /can set salary of Employee/);
  });

  it('a rank is one among those who sign in; a password hashed on the way is still the caller’s', () => {
    const put = "app.put('/users/:id', signedIn, (req, res) => {\n  const changed = req.body;\n  hashed(req.body.password, (hash) => {\n    changed.password = hash;\n    User.updateOne({ _id: req.params.id }, changed).then(() => res.end());\n  });\n});\n";
    const [f] = told(body, app(`function hashed(text, done) {\n  bcrypt.hash(text, 10).then(done);\n}\n${put}`, 'label: String', 'email: String, password: String, rank: String'));
    assert.equal(f?.severity, 'critical');
    assert.match(f.message, /set password, rank and email of any account/);
  });
});

describe('accounts', () => {
  it('fields copied by a list of names are these and no others; the worst stands first', () => {
    const [f] = told(body, app("app.put('/users/:id', signedIn, allow('manager'), async (req, res) => {\n  const found = await User.findById(req.params.id);\n  const data = { ...req.body };\n  ['email', 'role'].forEach((key) => {\n    if (data[key]) found[key] = data[key];\n  });\n  if (typeof data.password === 'string') found.password = data.password;\n  await found.save();\n  res.end();\n});\n"));
    assert.equal(f?.severity, 'high');
    assert.match(f.message, /a user with the role manager set password, role and email of any account/);
  });

  it('of one company only are said to be of that company', () => {
    const [f] = told(body, app("app.put('/users/:id', signedIn, async (req, res) => {\n  const { email, role } = req.body;\n  const found = await User.findOne({ _id: req.params.id, tenantId: req.user.tenantId });\n  if (!found) return res.status(404).end();\n  found.email = email;\n  found.role = role;\n  await found.save();\n  res.end();\n});\n", 'label: String', 'email: String, password: String, role: String, tenantId: String'));
    assert.equal(f?.severity, 'high');
    assert.match(f.message, /role and email of any account of the same company/);
  });

  it('whoever signs up chooses the company too', () => {
    const files = app("app.get('/all', signedIn, allow('admin'), async (req, res) => res.json(await Bill.find()));\napp.post('/register', async (req, res) => {\n  const { email, password, role, organizationId } = req.body;\n  res.json(await User.create({ email, password: await bcrypt.hash(password, 10), role, organizationId }));\n});\n", 'label: String', 'email: String, password: String, role: String, organizationId: String');
    const [f] = told(body, files).filter((x) => x.severity === 'critical');
    assert.match(f?.message ?? '', /choose role and organizationId/);
    assert.match(f?.businessImpact ?? '', /administrator of any company/);
  });

  it('a role is chosen at the user administration only where one is among the fields; an administrator makes accounts all day', () => {
    const make = (guard: string, fields: string): readonly Finding[] => told(body, app(`const { createClient } = require('@supabase/supabase-js');\nconst admin = createClient(process.env.URL, process.env.SERVICE_KEY);\napp.post('/crew', ${guard}async (req, res) => {\n  const { ${fields} } = req.body;\n  await admin.auth.admin.createUser({ ${fields} });\n  res.end();\n});\n`));
    assert.match(make('signedIn, ', 'email, role')[0]?.message ?? '', /a signed-in user can choose what rights the account gets/);
    assert.doesNotMatch(make('signedIn, ', 'email, phone')[0]?.message ?? '', /what account it becomes/);
    const [byAdmin] = make("signedIn, allow('admin'), ", 'email, role');
    assert.equal(byAdmin?.severity, 'low');
    assert.doesNotMatch(byAdmin.message, /what account it becomes/);
  });

  it('what is found by a filter nobody checked signs nobody in where no password is asked', () => {
    const other = LOGIN.replace('const { email, password } = login.parse(req.body);', 'const { email } = req.body;').replace(' || !(await bcrypt.compare(password, found.password))', '');
    const [f] = told(body, { ...app(''), 'src/app.js': `${HEAD}${other}app.listen(3000);\n` });
    assert.equal(f?.severity, 'high');
    assert.match(f.businessImpact, /signs in as somebody else/);
  });
});

describe('the columns of a Prisma schema', () => {
  const files = (schema: string): Files => ({ 'src/app.js': "const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\napp.post('/trips', async (req, res) => {\n  delete req.body.note;\n  res.json(await prisma.trip.create({ data: req.body }));\n});\n", 'prisma/schema.prisma': schema });
  it('are all that can be stored, less what the code takes out', () => {
    const [f] = told(body, files('model Trip {\n  id String @id\n  title String\n  note String?\n  updatedAt DateTime @updatedAt\n}\n'));
    assert.match(f?.message ?? '', /anyone can set title of trip/);
    const [any] = told(body, files('model Other {\n  id String @id\n}\n'));
    assert.match(any?.message ?? '', /any column of trip/);
  });
});

describe('values that the model lists', () => {
  const files = (columns: string, data: string): Files => ({ 'src/app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\napp.patch('/trips/:id', async (req, res) => {\n  const { kind, note, role } = req.body;\n  res.json(await prisma.trip.update({ where: { id: req.params.id }, data: ${data} }));\n});\n`, 'prisma/schema.prisma': `enum Kind {\n  BUS\n  BOAT\n}\nmodel Trip {\n  id String @id\n  ${columns}\n  note String\n}\n` });
  it('are the only ones that get in: such a field is no unchecked one', () => {
    assert.deepEqual(told(body, files('kind Kind', '{ kind }')), []);
    assert.equal(told(body, files('kind String', '{ kind }')).length, 1);
    assert.match(told(body, files('kind Kind', '{ kind, note }'))[0]?.message ?? '', /stores note from the request/);
  });

  it('are asked by Mongoose when a document is made, and on an update only when told to', () => {
    const make = "app.post('/bills', signedIn, async (req, res) => {\n  const { kind } = req.body;\n  res.json(await Bill.create({ kind }));\n});\n";
    const listed = "kind: { type: String, enum: ['bus', 'boat'] }";
    assert.deepEqual(told(body, app(make, listed)), []);
    assert.equal(told(body, app(make.replace('Bill.create({ kind })', 'Bill.findByIdAndUpdate(req.body.kind, { kind })'), listed)).length, 1);
  });
});

describe('how much one request loads', () => {
  const list = (where: string, path = '/bills', before = ''): string => `app.get('${path}', signedIn, async (req, res) => {\n  const limit = Number(req.query.limit);\n${before}  res.json(await Bill.find(${where}).limit(limit));\n});\n`;
  const said = (routes: string): Finding | undefined => told(query, app(REGISTER + routes))[0];
  it('is the table only where nothing filters it', () => {
    assert.match(said(list(''))?.message ?? '', /read the whole table/);
    assert.equal(said(list(''))?.severity, 'medium');
    assert.match(said(list("{ state: 'open' }"))?.message ?? '', /load all matching rows/);
    assert.match(said(list('{ state: req.query.state }'))?.message ?? '', /read the whole table/);
    assert.match(said(list('where', '/bills', "  const where = {};\n  if (req.query.state) where.state = 'open';\n"))?.message ?? '', /read the whole table/);
  });

  it('is a company’s rows where it asks for these, and nothing to speak of where they are one record’s or the caller’s', () => {
    const f = said(list('where', '/bills', '  const where = { tenantId: req.user.tenantId };\n'));
    assert.match(f?.message ?? '', /load all rows of the organisation/);
    assert.equal(f?.severity, 'low');
    assert.equal(said(list('{ clientId: req.params.clientId }', '/clients/:clientId/bills')), undefined);
    assert.equal(said(list('{ owner: req.user.id }')), undefined);
  });
});
