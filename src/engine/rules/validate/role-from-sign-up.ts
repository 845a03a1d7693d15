import type { Expr } from '../../core/facts';
import type { Endpoint, ProjectModel } from '../../core/model';
import { defineRule } from '../../core/rule';
import type { Location } from '../../core/types';
import { nodesOf } from '../../fixes/walk';
import { bodiesOf } from '../endpoint/shared/looks';
import { DEPTH, FLAG, PRIVILEGED, ROLE, isConstant, isOpenSignUp, setsItself } from './shared/roles';
import { type SchemaField, schemaFieldsOf } from './shared/schemas';

export default defineRule({
  meta: {
    id: 'validate/role-from-sign-up',
    item: 'validation',
    category: 'authz-missing',
    severity: 'critical',
    title: 'People choose their own role when they sign up',
    businessImpact: 'Anyone can register as administrator: all customer data, all settings and all accounts are one form away.',
    why: [
      'A schema says that `role` is one of the roles there are. It does not say who may have which. On a sign-up that anybody can call, the caller picks his own, and the list even tells him which ones there are. This often comes from one schema that the administrators’ form and the public one share.',
      '',
      'Looked at: sign-ups without a sign-in check whose schema, or chain of express-validator, accepts a role, permissions or an administrator’s flag, and what is stored.',
      '',
      'Not reported: schemas whose roles are all ordinary (`buyer`, `seller`), handlers that set the role themselves or take it out of what they store. A sign-up without any schema is told by validate/unvalidated-body.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [269, 915],
    owasp: ['API3', 'API5'],
    messages: {
      role: '{{endpoint}} lets people choose {{field}} when they sign up: anyone can become administrator.\nThe schema accepts it; set it in the code instead, and take it out of the schema.',
    },
    bad: {
      'src/app.js': "const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst { z } = require('zod');\nconst { PrismaClient } = require('@prisma/client');\n\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\n\nconst registerSchema = z.object({ email: z.string().email(), password: z.string().min(12), role: z.enum(['reader', 'editor', 'admin']).optional() });\n\napp.post('/register', async (req, res) => {\n  const { email, password, role } = registerSchema.parse(req.body);\n  const user = await prisma.user.create({ data: { email, password: await bcrypt.hash(password, 12), role } });\n  res.status(201).json({ id: user.id });\n});\n",
    },
    good: {
      'src/app.js': "const express = require('express');\nconst bcrypt = require('bcryptjs');\nconst { z } = require('zod');\nconst { PrismaClient } = require('@prisma/client');\n\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\n\nconst registerSchema = z.object({ email: z.string().email(), password: z.string().min(12) });\n\napp.post('/register', async (req, res) => {\n  const { email, password } = registerSchema.parse(req.body);\n  const user = await prisma.user.create({ data: { email, password: await bcrypt.hash(password, 12), role: 'reader' } });\n  res.status(201).json({ id: user.id });\n});\n",
    },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    if (!isOpenSignUp(endpoint)) return;
    const field = schemaFieldsOf(endpoint, ctx.model).find((f) => givesRights(f));
    if (!field || setsItself(endpoint, ctx.model, field.key)) return;
    const name = `${endpoint.method} ${endpoint.path}`;
    ctx.report({
      at: placeOf(endpoint, ctx.model), messageId: 'role', endpoint, confidence: stores(endpoint, ctx.model, field.key) ? 'high' : 'medium',
      data: { endpoint: endpoint.method === 'ACTION' ? `Server action ${endpoint.path}` : name, field: field.key, key: endpoint.key, deed: 'sign up as administrator', how: `takes ${field.key} from whoever registers`, stakes: 1.5 },
      evidence: [{ at: field.at, note: `the schema accepts ${field.key}` }], rootCause: `role:${field.at.file}:${field.at.span.start}`,
    });
  },
});

/** The handler's first lines; where many routes share one function it is a wrapper, and the registration is the place. */
function placeOf(e: Endpoint, model: ProjectModel): Location {
  const h = e.handler;
  if (!h || model.endpoints().some((x) => x.key !== e.key && x.handler?.file === h.file && x.handler.span.start === h.span.start)) return e.at;
  return { file: h.file, span: { start: h.span.start, end: Math.min(h.span.end, h.span.start + 120) } };
}

/** `z.enum([… 'admin' …])`, `body('role').isIn([… 'admin' …])`, `Joi.string().valid(…Object.values(Role))`, `z.nativeEnum(Role)`, any text, a flag. */
function givesRights(f: SchemaField): boolean {
  const calls = [...nodesOf(f.value)].filter((n): n is Extract<Expr, { k: 'call' }> => n.k === 'call');
  const called = (re: RegExp): Extract<Expr, { k: 'call' }>[] => calls.filter((c) => c.fn.k === 'mem' && re.test(c.fn.prop));
  if (called(/^(forbidden|strip|never|undefined)$/).length > 0) return false;
  if (FLAG.test(f.key)) return called(/^(boolean|bool|isBoolean)$/).length > 0;
  if (!ROLE.test(f.key)) return false;
  const lists = called(/^(enum|valid|oneOf|picklist|nativeEnum|literal|equal|allow|only|enums|isIn)$/);
  if (lists.length === 0) return called(/^(string|array|any|number|isString|isArray|notEmpty|isLength|optional|exists)$/).length > 0;
  const texts = lists.flatMap((c) => c.args.flatMap((a) => [...nodesOf(a)])).flatMap((n) => (n.k === 'str' ? [n.v] : n.k === 'mem' ? [n.prop] : []));
  if (texts.some((t) => PRIVILEGED.test(t))) return true;
  // Every value of an enumeration: `nativeEnum(Role)`, `...Object.values(Role)`.
  return lists.some((c) => c.args.some((a) => (a.k === 'ref' && /role|permission|scope|type/i.test(a.name)) || [...nodesOf(a)].some((n) => n.k === 'call' && n.fn.k === 'mem' && n.fn.prop === 'values')));
}

function stores(e: Endpoint, model: ProjectModel, key: string): boolean {
  for (const body of bodiesOf(e, model, DEPTH)) for (const n of nodesOf(body)) if (n.k === 'obj' && n.props.some((p) => p.k === 'prop' && p.key === key && !isConstant(p.value))) return true;
  return false;
}
