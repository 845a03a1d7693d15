import rule from '../../../src/engine/rules/validate/unused-validation-result';
import { ruleTester } from '../../support/rule-tester';

const head = "const express = require('express');\nconst { z } = require('zod');\nconst Joi = require('joi');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\nconst noteSchema = z.object({ title: z.string() });\nconst joiSchema = Joi.object({ title: Joi.string() });\n";
const app = (route: string): Record<string, string> => ({ 'src/app.js': `${head}${route}\n` });

ruleTester(rule, {
  valid: [
    {
      name: 'express-validator through require, asked in the handler, with a field that no check names',
      files: { 'src/app.js': "const express = require('express');\nconst { body, validationResult } = require('express-validator');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.post('/a', [body('title').isString()], async (req, res) => {\n  const errors = validationResult(req);\n  if (!errors.isEmpty()) return res.status(400).json({ errors: errors.array() });\n  res.json(await prisma.note.create({ data: { title: req.body.title, text: req.body.text } }));\n});\n" },
    },
    { name: 'the outcome is asked', files: app("app.post('/a', async (req, res) => {\n  const r = noteSchema.safeParse(req.body);\n  if (!r.success) return res.status(400).end();\n  res.json(await prisma.note.create({ data: r.data }));\n});") },
    { name: 'the result is handed on', files: app("app.post('/a', async (req, res) => {\n  const r = noteSchema.safeParse(req.body);\n  respond(res, r);\n});") },
    { name: 'parse throws', files: app("app.post('/a', async (req, res) => {\n  noteSchema.parse(req.body);\n  res.json(await prisma.note.create({ data: { title: req.body.title } }));\n});") },
    { name: 'joi, the error asked', files: app("app.post('/a', async (req, res) => {\n  const { error, value } = joiSchema.validate(req.body);\n  if (error) return res.status(400).end();\n  res.json(await prisma.note.create({ data: value }));\n});") },
    { name: 'used inside a callback', files: app("app.post('/a', async (req, res) => {\n  const r = noteSchema.safeParse(req.body);\n  setTimeout(() => { if (r.success) prisma.note.create({ data: r.data }); }, 1);\n});") },
  ],
  invalid: [
    { name: 'dropped', files: app("app.post('/a', async (req, res) => {\n  noteSchema.safeParse(req.body);\n  res.json(await prisma.note.create({ data: { title: req.body.title } }));\n});"), findings: [{ file: 'src/app.js', line: 10, messageId: 'dropped', confidence: 'high' }] },
    { name: 'never read', files: app("app.post('/a', async (req, res) => {\n  const result = await noteSchema.safeParseAsync(req.body);\n  res.json(await prisma.note.create({ data: { title: req.body.title } }));\n});"), findings: [{ file: 'src/app.js', line: 10, messageId: 'never-read' }] },
    { name: 'joi, the error ignored', files: app("app.post('/a', async (req, res) => {\n  const { error, value } = joiSchema.validate(req.body);\n  res.json(await prisma.note.create({ data: value }));\n});"), findings: [{ file: 'src/app.js', line: 10, messageId: 'error-ignored', confidence: 'medium' }] },
    {
      name: 'express-validator, nobody asks for the result',
      files: { 'src/app.js': "const express = require('express');\nconst { body } = require('express-validator');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.post('/a', body('title').isString(), async (req, res) => res.json(await prisma.note.create({ data: { title: req.body.title } })));\n" },
      findings: [{ file: 'src/app.js', line: 6, messageId: 'chain' }],
    },
  ],
});
