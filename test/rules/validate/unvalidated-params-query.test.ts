import rule from '../../../src/engine/rules/validate/unvalidated-params-query';
import { ruleTester } from '../../support/rule-tester';

const app = (route: string, head = ''): Record<string, string> => ({
  'src/app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\n${head}\nconst prisma = new PrismaClient();\nconst app = express();\n${route}\n`,
});

ruleTester(rule, {
  valid: [
    { name: 'the text of SQL: that is another rule’s matter', files: app("app.get('/orders', async (req, res) => res.json(await pool.query(`select * from orders where name = '${req.query.name}'`)));", "const { Pool } = require('pg');\nconst pool = new Pool();") },
    { name: 'a limit that is only there when it is asked for', files: app("app.get('/orders', async (req, res) => {\n  let found = Order.find({ shop: 1 });\n  if (req.query.limit) found = found.limit(parseInt(req.query.limit, 10));\n  res.json(await found);\n});", "const mongoose = require('mongoose');\nconst Order = mongoose.model('Order', new mongoose.Schema({ shop: Number }));") },
    { name: 'a file whose name is that of a row', files: app("app.get('/files/:name', async (req, res) => {\n  const found = await prisma.file.findFirst({ where: { name: req.params.name } });\n  if (!found) return res.status(404).end();\n  res.json(require('fs').readFileSync('in/' + req.params.name, 'utf8'));\n});") },
    { name: 'a limit or none', files: app("app.get('/orders', async (req, res) => {\n  const { limit } = req.query;\n  res.json(await prisma.order.findMany({ take: limit ? Number(limit) : undefined }));\n});") },
    { name: 'an id in an equality', files: app("app.get('/orders/:id', async (req, res) => res.json(await prisma.order.findUnique({ where: { id: req.params.id } })));") },
    { name: 'a limit held by Math.min', files: app("app.get('/orders', async (req, res) => {\n  const limit = Math.min(Number(req.query.limit) || 20, 100);\n  res.json(await prisma.order.findMany({ take: limit }));\n});") },
    { name: 'a limit compared with a number', files: app("app.get('/orders', async (req, res) => {\n  let limit = parseInt(req.query.limit, 10) || 20;\n  if (limit > 100) limit = 100;\n  res.json(await prisma.order.findMany({ take: limit }));\n});") },
    { name: 'a filter', files: app("app.get('/orders', async (req, res) => res.json(await prisma.order.findMany({ where: { status: req.query.status } })));") },
  ],
  invalid: [
    { name: 'a limit', files: app("app.get('/orders', async (req, res) => res.json(await prisma.order.findMany({ take: Number(req.query.limit) })));"), findings: [{ file: 'src/app.js', line: 6, messageId: 'limit', confidence: 'medium' }] },
    {
      name: 'a limit that only administrators set: they may read the whole table anyway',
      files: app("app.post('/login', async (req, res) => {\n  const found = await prisma.admin.findUnique({ where: { email: String(req.body.email) } });\n  if (!found || !(await bcrypt.compare(String(req.body.password), found.hash))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: found.id }, process.env.JWT_SECRET) });\n});\nfunction signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify((req.headers.authorization || '').slice(7), process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).end();\n  }\n  next();\n}\napp.get('/orders', signedIn, async (req, res) => res.json(await prisma.order.findMany({ take: Number(req.query.limit) })));", "const jwt = require('jsonwebtoken');\nconst bcrypt = require('bcryptjs');"),
      findings: [{ file: 'src/app.js', line: 20, messageId: 'limit', severity: 'low', confidence: 'low' }],
    },
    { name: 'an order', files: app("app.get('/orders', async (req, res) => res.json(await prisma.order.findMany({ orderBy: { [req.query.sort]: 'asc' } })));"), findings: [{ file: 'src/app.js', line: 6, messageId: 'order', confidence: 'low' }] },
    { name: 'a file', files: app("app.get('/files/:name', (req, res) => res.sendFile('/data/' + req.params.name));"), findings: [{ file: 'src/app.js', line: 6, messageId: 'file' }] },
    {
      name: 'a folder that anybody can have deleted, or read from; asked where it leads, or a number, it goes nowhere else',
      files: app("app.delete('/rooms/:room', (req, res) => {\n  const folder = path.join('/srv/rooms', `room-${req.params.room}`);\n  fs.rmSync(folder, { recursive: true });\n  res.end();\n});\napp.get('/rooms/:room', (req, res) => {\n  res.end(fs.readFileSync(path.join('/srv/rooms', req.params.room)));\n});\napp.get('/safe/:room', (req, res) => {\n  const full = path.resolve('/srv/rooms', req.params.room);\n  if (!full.startsWith('/srv/rooms/')) return res.status(400).end();\n  res.end(fs.readFileSync(full));\n});\napp.get('/numbered/:room', (req, res) => res.end(fs.readFileSync(path.join('/srv/rooms', String(parseInt(req.params.room, 10))))));", "const fs = require('fs');\nconst path = require('path');"),
      findings: [
        { file: 'src/app.js', line: 8, messageId: 'file', severity: 'critical', message: /lets room from the address name what it deletes: with dots in it one request can delete other folders/ },
        { file: 'src/app.js', line: 13, messageId: 'file', severity: 'critical', message: /name what it reads: with dots in it a request can read other files/ },
        { file: 'src/app.js', line: 16, messageId: 'file', severity: 'medium', confidence: 'low', message: /a caller chooses what the server touches/ },
      ],
    },
    {
      name: 'a path joined before it is sent: nothing is left for the sender to refuse, unless it looks itself below a root',
      files: app("app.get('/papers/:name', (req, res) => {\n  const full = path.join('/srv/papers', req.params.name);\n  res.sendFile(full);\n});\napp.get('/below/:name', (req, res) => res.sendFile(path.join('a', req.params.name), { root: '/srv/papers' }));", "const path = require('path');"),
      findings: [
        { file: 'src/app.js', line: 7, messageId: 'file', severity: 'critical', message: /with dots in it a request can read other files/ },
        { file: 'src/app.js', line: 10, messageId: 'file', severity: 'medium' },
      ],
    },
    { name: 'a message', files: app("app.get('/tell', async (req, res) => res.json(await mailer.sendMail({ to: 'a@b.de', text: req.query.text })));", "const mailer = require('nodemailer').createTransport({});"), findings: [{ file: 'src/app.js', line: 6, messageId: 'outside' }] },
  ],
});
