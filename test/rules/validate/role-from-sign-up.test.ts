import rule from '../../../src/engine/rules/validate/role-from-sign-up';
import { ruleTester } from '../../support/rule-tester';

const HEAD = "const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst { z } = require('zod');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\n";
function app(schema: string, handler: string): Record<string, string> {
  return { 'src/app.js': `${HEAD}const schema = z.object({ email: z.string(), password: z.string(), ${schema} });\napp.post('/register', async (req, res) => {\n${handler}\n  res.end();\n});\napp.listen(3000);\n` };
}
const STORE = '  const { email, password, role } = schema.parse(req.body);\n  await prisma.user.create({ data: { email, password: await bcrypt.hash(password, 12), role } });';

/** Chains of express-validator in front of a sign-up. */
function chains(role: string, named = false): Record<string, string> {
  const list = `[body('email').isEmail(), body('password').isLength({ min: 8 }), ${role}]`;
  return { 'src/app.js': `const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst { body, validationResult } = require('express-validator');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ email: String, password: String, role: String }));\nconst app = express();\napp.use(express.json());\n${named ? `const rules = ${list};\n` : ''}app.post('/api/auth/register', ${named ? 'rules' : list}, async (req, res) => {\n  if (!validationResult(req).isEmpty()) return res.status(400).end();\n  const { email, password, role } = req.body;\n  await User.create({ email, password: await bcrypt.hash(password, 12), role });\n  res.end();\n});\napp.listen(3000);\n` };
}

ruleTester(rule, {
  valid: [
    { name: 'chains of express-validator that let in ordinary roles only', files: chains("body('role').isIn(['buyer', 'seller'])") },
    { name: 'roles that anybody may have', files: app("role: z.enum(['buyer', 'seller'])", STORE) },
    { name: 'the code sets the role', files: app('role: z.string().optional()', "  const data = schema.parse(req.body);\n  await prisma.user.create({ data: { ...data, password: await bcrypt.hash(data.password, 12), role: 'buyer' } });") },
    { name: 'the role is taken out of what is stored', files: app('role: z.string().optional()', '  const { role, ...rest } = schema.parse(req.body);\n  await prisma.user.create({ data: { ...rest, password: await bcrypt.hash(rest.password, 12) } });') },
    { name: 'a role that is refused', files: app("role: z.enum(['buyer', 'admin'])", "  const { email, password, role } = schema.parse(req.body);\n  if (role === 'admin') return res.status(403).end();\n  await prisma.user.create({ data: { email, password: await bcrypt.hash(password, 12), role } });") },
    {
      name: 'administrators create accounts',
      files: { 'src/app.js': `${HEAD}const jwt = require('jsonwebtoken');\nconst schema = z.object({ email: z.string(), password: z.string(), role: z.string() });\nfunction signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).end();\n  }\n  next();\n}\napp.post('/register', signedIn, async (req, res) => {\n${STORE}\n  res.end();\n});\n` },
    },
  ],
  invalid: [
    { name: 'a chain of express-validator that lets in the administrator', files: chains("body('role').optional().isIn(['reader', 'admin'])"), findings: [{ file: 'src/app.js', line: 8, severity: 'critical', confidence: 'high' }] },
    { name: 'chains under a name, and any text is a role', files: chains("body('role').notEmpty()", true), findings: [{ file: 'src/app.js', line: 9, severity: 'critical' }] },
    {
      name: 'a joi schema shared with the administrators, in front of the handler, stored by a service',
      files: {
        'src/app.ts': "import express from 'express';\nimport { register } from './controller';\nimport { validate } from './validate';\nimport { accountSchema } from './schemas';\n\nconst app = express();\napp.use(express.json());\napp.post('/api/auth/register', validate(accountSchema), register);\n",
        'src/validate.ts': "import type { Request, Response, NextFunction } from 'express';\nimport type { ObjectSchema } from 'joi';\n\nexport const validate = (schema: ObjectSchema) => (req: Request, res: Response, next: NextFunction) => {\n  const { error, value } = schema.validate(req.body);\n  if (error) return res.status(400).json({ error: 'invalid' });\n  req.body = value;\n  next();\n};\n",
        'src/schemas.ts': "import Joi from 'joi';\nimport { Role } from './roles';\n\nexport const accountSchema = Joi.object({\n  email: Joi.string().email().required(),\n  password: Joi.string().min(12).required(),\n  role: Joi.string().valid(...Object.values(Role)).optional(),\n});\n",
        'src/roles.ts': "export enum Role { Buyer = 'buyer', Boss = 'boss' }\n",
        'src/controller.ts': "import type { Request, Response } from 'express';\nimport { create } from './service';\n\nexport const register = async (req: Request, res: Response) => {\n  const account = await create(req.body);\n  res.status(201).json({ id: account.id });\n};\n",
        'src/service.ts': "import bcrypt from 'bcryptjs';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\nexport async function create(data: any) {\n  return prisma.user.create({ data: { email: data.email, password: await bcrypt.hash(data.password, 12), role: data.role ?? 'buyer' } });\n}\n",
      },
      findings: [{ file: 'src/controller.ts', line: 4, messageId: 'role', severity: 'critical', confidence: 'high' }],
    },
    {
      name: 'methods of a controller, wrapped: the method is the place',
      files: {
        'src/app.js': `${HEAD}const { Accounts } = require('./accounts');\nconst schema = z.object({ email: z.string(), password: z.string(), role: z.string() });\nconst accounts = new Accounts();\nconst check = (s) => (req, res, next) => {\n  req.body = s.parse(req.body);\n  next();\n};\napp.get('/articles', accounts.list);\napp.post('/register', check(schema), accounts.register);\napp.listen(3000);\n`,
        'src/accounts.js': `const bcrypt = require('bcryptjs');\nconst { PrismaClient } = require('@prisma/client');\nconst { wrap } = require('./wrap');\nconst prisma = new PrismaClient();\nclass Accounts {\n  list = wrap(async (req, res) => res.json([]));\n  register = wrap(async (req, res) => {\n    const { email, password, role } = req.body;\n    await prisma.user.create({ data: { email, password: await bcrypt.hash(password, 12), role } });\n    res.end();\n  });\n}\nmodule.exports = { Accounts };\n`,
        'src/wrap.js': 'exports.wrap = (fn) => {\n  return (req, res, next) => {\n    Promise.resolve(fn(req, res, next)).catch(next);\n  };\n};\n',
      },
      findings: [{ file: 'src/accounts.js', line: 7, messageId: 'role' }],
    },
    { name: 'a flag', files: app('isAdmin: z.boolean().optional()', '  const data = schema.parse(req.body);\n  await prisma.user.create({ data: { ...data, password: await bcrypt.hash(data.password, 12) } });'), findings: [{ file: 'src/app.js', line: 9, confidence: 'medium', message: /lets people choose isAdmin/ }] },
  ],
});
