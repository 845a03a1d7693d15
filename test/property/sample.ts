/** A small project in which everything hangs together: routers across files, guards, a cycle, aliases, a shared key. */
import type { RelPath } from '../../src/engine/core/types';

/** Put together at run time: no scanner should take this file for a leak. */
const KEY = ['sk', 'live', '51Hx7QpL2mVn9Rt4Ws8Yz3Bc'].join('_');

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "sample", "dependencies": { "express": "4", "next": "14", "zod": "3", "jsonwebtoken": "9" }, "scripts": { "start": "node server" } }\n',
  'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "#lib/*": ["src/lib/*"] } } }\n',
  '.env': `JWT_SECRET=abc\nSTRIPE_SECRET_KEY=${KEY}\n`,
  '.gitignore': 'node_modules\n',
  'src/app.ts': `import express from 'express';
import { users } from './routes/users';
import admin from './routes/admin';
import { requireUser } from '@/lib/auth';
import { settings } from './config';

const app = express();
app.use(express.json());
app.use('/public', users);
if (settings.guarded) app.use(requireUser);
app.use('/users', users);
app.use('/admin', admin);
require('./late')(app);
app.listen(3000);
export default app;
`,
  'src/config.ts': `export const settings = { guarded: true, prefix: '/v1', roles: ['admin'] };
export const stripeKey = '${KEY}';
export const secret = process.env.JWT_SECRET || 'change-me-please';
`,
  'src/lib/auth.ts': `import jwt from 'jsonwebtoken';
import { secret } from '../config';
import { log } from './log';

export function requireUser(req, res, next) {
  const token = req.headers.authorization?.split(' ')[1];
  if (!token) return res.status(401).json({ error: 'sign in' });
  try {
    req.user = jwt.verify(token, secret);
    next();
  } catch (error) {
    log(error);
    return res.status(401).json({ error: 'sign in' });
  }
}

export function onlyLogs(req, res, next) {
  if (!req.headers.authorization) log('nobody');
  next();
}

export const requireRole = (role: string) => (req, res, next) => (req.user?.role === role ? next() : res.status(403).end());
`,
  // log and audit import each other.
  'src/lib/log.ts': `import { audit } from './audit';
export const level = 'info';
export function log(x: unknown) { console.log(level, x); audit.write(String(x)); }
`,
  'src/lib/audit.ts': `import { level } from './log';
import { db } from './db';
export const audit = { level, write: (line: string) => db.insert('audit', { line }) };
`,
  'src/lib/db.ts': `import { PrismaClient } from '@prisma/client';
export const prisma = new PrismaClient();
export const db = { insert: (table: string, row: object) => prisma[table].create({ data: row }), all: (table: string) => prisma[table].findMany() };
`,
  'src/lib/barrel.ts': `export * from './auth';
export { db as database } from './db';
export { default as app } from '../app';
`,
  'src/routes/users.ts': `import { Router } from 'express';
import { requireUser, onlyLogs } from '../lib/barrel';
import * as controller from '../controllers/users';
import { z } from 'zod';

const schema = z.object({ name: z.string() });
export const users = Router();
users.get('/', controller.list);
users.post('/', requireUser, controller.create);
users.put('/:id', onlyLogs, (req, res) => {
  const body = schema.parse(req.body);
  controller.update(req.params.id, body);
  res.json({ ok: true });
});
users.delete('/:id', controller.remove);
`,
  'src/routes/admin.ts': `const express = require('express');
const { requireUser, requireRole } = require('../lib/auth');
const { settings } = require('../config');
const router = express.Router();
router.use(requireUser);
router.use(requireRole(settings.roles[0]));
for (const name of ['a', 'b']) router.post('/' + name, (req, res) => res.json(req.body));
module.exports = router;
`,
  'src/late.js': `const { db } = require('./lib/db');
module.exports = function register(app) {
  app.post('/late', (req, res) => { db.insert('late', req.body); res.json({ ok: true }); });
};
`,
  'src/controllers/users.ts': `import { prisma } from '#lib/db';
import type { Request, Response } from 'express';

export async function list(_req: Request, res: Response) {
  res.json(await prisma.user.findMany());
}
export async function create(req: Request, res: Response) {
  const user = await prisma.user.create({ data: req.body });
  res.status(201).json(user);
}
export async function remove(req: Request, res: Response) {
  await prisma.user.delete({ where: { id: req.params.id } });
  res.json({ ok: true });
}
export function update(id: string, data: object) {
  return prisma.user.update({ where: { id }, data });
}
`,
  'middleware.ts': `import { NextResponse } from 'next/server';
import { getToken } from 'next-auth/jwt';
export async function middleware(req) {
  const token = await getToken({ req });
  if (!token) return NextResponse.redirect(new URL('/login', req.url));
  return NextResponse.next();
}
export const config = { matcher: ['/api/private/:path*'] };
`,
  'app/api/private/route.ts': `import { prisma } from '@/lib/db';
export async function GET() { return Response.json(await prisma.note.findMany()); }
export async function POST(req: Request) { const body = await req.json(); return Response.json(await prisma.note.create({ data: body })); }
`,
  'app/api/open/route.ts': `import { db } from '@/lib/barrel';
export async function POST(req: Request) { await db.insert('open', await req.json()); return Response.json({ ok: true }); }
`,
  'app/actions.ts': `'use server';
import { prisma } from '@/lib/db';
import { log } from '@/lib/log';
export async function save(form: FormData) { log('save'); await prisma.note.create({ data: { text: form.get('text') } }); return { ok: true }; }
`,
  'app/page.tsx': `'use client';
import { save } from './actions';
import { Button } from '../components/button';
import { stripeKey } from '@/config';
export default function Page() { return <form action={save}><Button label={stripeKey} /></form>; }
`,
  'components/button.tsx': `// rescue-ignore-next-line test/probe-file -- only a button
export function Button({ label }: { label: string }) { return <button className="x">{label}</button>; }
`,
  'supabase/functions/hook/index.ts': `import { serve } from 'https://deno.land/std@0.168.0/http/server.ts';
import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';
serve(async (req) => {
  const client = createClient(Deno.env.get('SUPABASE_URL'), Deno.env.get('SUPABASE_SERVICE_ROLE_KEY'));
  const body = await req.json();
  await client.from('orders').insert(body);
  return new Response(JSON.stringify({ ok: true }));
});
`,
  'db/schema.sql': "create table users (id int primary key, name text);\ninsert into users values (1, 'a');\n",
  'README.md': `# Sample\n\nUse \`${KEY}\`.\n`,
};

export const SAMPLE: ReadonlyMap<RelPath, string> = new Map(Object.entries(FILES) as [RelPath, string][]);
