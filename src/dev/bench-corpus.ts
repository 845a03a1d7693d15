/** A generated workspace of any size: routers with controllers, Next routes, components, services, SQL. The same for the same number. */

import type { RelPath } from '../engine/core/types';

const pad = (n: number): string => String(n).padStart(4, '0');

function component(i: number): string {
  const lines = [`'use client';`, `import { useState } from 'react';`, `import { format${pad(i % 40)} } from '../lib/util${pad(i % 40)}';`, '', `export function Panel${pad(i)}({ items }: { items: { id: string; name: string }[] }) {`, `  const [open, setOpen] = useState(false);`, `  const [text, setText] = useState('');`];
  for (let k = 0; k < 12; k++) lines.push(`  const part${k} = items.filter((x) => x.name.includes(text)).map((x) => format${pad(i % 40)}(x.name, ${k}));`);
  lines.push(`  return (`, `    <section className="panel">`, `      <button onClick={() => setOpen(!open)}>{open ? 'Close' : 'Open'}</button>`, `      <input value={text} onChange={(e) => setText(e.target.value)} />`);
  for (let k = 0; k < 12; k++) lines.push(`      {open && <ul>{part${k}.map((p) => <li key={p}>{p}</li>)}</ul>}`);
  return `${lines.join('\n')}\n    </section>\n  );\n}\n`;
}

function controller(i: number, actions = 6): string {
  const lines = [`import { prisma } from '../lib/db';`, `import { z } from 'zod';`, '', `const schema = z.object({ name: z.string(), amount: z.number() });`, ''];
  for (let k = 0; k < actions; k++) {
    lines.push(`export async function action${k}(req, res) {`, `  const id = req.params.id;`, `  const found = await prisma.item${i % 30}.findUnique({ where: { id } });`, `  if (!found) return res.status(404).json({ error: 'not found' });`, `  const data = schema.parse(req.body);`, `  const saved = await prisma.item${i % 30}.update({ where: { id }, data });`, `  res.json({ saved, by: req.user?.id });`, `}`, '');
  }
  return lines.join('\n');
}

function router(i: number, actions = 6): string {
  const lines = [`import { Router } from 'express';`, `import { requireUser } from '../lib/auth';`, `import * as controller from '../controllers/c${pad(i)}';`, '', `export const router${pad(i)} = Router();`, `router${pad(i)}.use(requireUser);`];
  for (let k = 0; k < actions; k++) lines.push(`router${pad(i)}.${k % 2 ? 'put' : 'post'}('/thing${k}/:id', controller.action${k});`);
  return `${lines.join('\n')}\n`;
}

function nextRoute(i: number): string {
  return `import { prisma } from '@/lib/db';\nimport { auth } from '@/lib/session';\n\nexport async function GET() {\n  const user = await auth();\n  if (!user) return Response.json({ error: 'sign in' }, { status: 401 });\n  return Response.json(await prisma.note${i % 30}.findMany({ where: { owner: user.id } }));\n}\n\nexport async function POST(req: Request) {\n  const body = await req.json();\n  return Response.json(await prisma.note${i % 30}.create({ data: body }));\n}\n`;
}

function service(i: number): string {
  const lines = [`import { prisma } from '../lib/db';`, ''];
  for (let k = 0; k < 8; k++) lines.push(`export async function step${k}(input: { id: string; total: number }) {`, `  const rows = await prisma.order${i % 20}.findMany({ where: { id: input.id }, take: 20 });`, `  let sum = 0;`, `  for (const row of rows) sum += row.total * ${k + 1};`, `  return { sum, over: sum > input.total };`, `}`, '');
  return lines.join('\n');
}

/** Lines of code that are no endpoint and no literal: to make a file as long as wanted. */
export function filler(lines: number): string {
  const out: string[] = [];
  for (let k = 0; out.length + 9 <= lines; k++) out.push(`export function helper${k}(input: { a: number; b: string }, options = { deep: true }) {`, `  const list = [input.a, ${k}, input.b.length].filter((x) => x > ${k % 7});`, `  if (list.length === 0 && options.deep) {`, `    return { ok: false, reason: \`nothing for \${input.b}\` };`, `  }`, `  const total = list.reduce((sum, x) => sum + x * 2, 0);`, `  return { ok: true, total, name: input.b.trim().toUpperCase() };`, `}`, '');
  return out.join('\n') + '\n';
}

export const HANDLER = 'src/controllers/c0000.ts' as RelPath;
export const COMPONENT = 'src/components/Panel0000.tsx' as RelPath;

export function generate(count: number): Map<RelPath, string> {
  const all = new Map<string, string>([
    ['package.json', '{"name":"generated","dependencies":{"express":"4","next":"14","react":"18","zod":"3","jsonwebtoken":"9","@prisma/client":"5"}}\n'],
    ['tsconfig.json', '{"compilerOptions":{"baseUrl":".","paths":{"@/*":["src/*"]}}}\n'],
    ['src/lib/db.ts', "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n"],
    ['src/lib/auth.ts', "import jwt from 'jsonwebtoken';\nexport function requireUser(req, res, next) {\n  const token = req.headers.authorization?.split(' ')[1];\n  if (!token) return res.status(401).json({ error: 'sign in' });\n  try {\n    req.user = jwt.verify(token, process.env.JWT_SECRET);\n  } catch {\n    return res.status(401).json({ error: 'sign in' });\n  }\n  next();\n}\n"],
    ['src/lib/session.ts', "import { cookies } from 'next/headers';\nimport jwt from 'jsonwebtoken';\nexport async function auth() {\n  const token = cookies().get('session')?.value;\n  if (!token) return null;\n  try {\n    return jwt.verify(token, process.env.JWT_SECRET);\n  } catch {\n    return null;\n  }\n}\n"],
  ]);
  for (let i = 0; i < Math.min(40, count); i++) all.set(`src/lib/util${pad(i)}.ts`, `export function format${pad(i)}(text: string, n: number) {\n  return text.padStart(n, ' ').slice(0, ${i + 5});\n}\n`);
  const routers: number[] = [];
  for (let i = 0; all.size < count - 1; i++) {
    all.set(`src/components/Panel${pad(i)}.tsx`, component(i));
    all.set(`src/components/Card${pad(i)}.tsx`, component(i + 5000).replaceAll('Panel', 'Card'));
    if (i % 2 === 0) all.set(`src/services/s${pad(i)}.ts`, service(i));
    if (i % 8 === 0) all.set(`db/migrations/${pad(i)}.sql`, `create table item${i} (id uuid primary key, name text not null, total int);\nalter table item${i} enable row level security;\n`);
    if (i % 3 === 0) all.set(`src/app/api/r${pad(i)}/route.ts`, nextRoute(i));
    // A small service keeps its routers in one app; a large one has many.
    if (i % 10 === 0) {
      routers.push(i);
      all.set(`src/routes/r${pad(i)}.ts`, router(i));
      all.set(`src/controllers/c${pad(i)}.ts`, controller(i));
    }
  }
  all.set('src/server.ts', `import express from 'express';\n${routers.map((i) => `import { router${pad(i)} } from './routes/r${pad(i)}';`).join('\n')}\nconst app = express();\napp.use(express.json());\n${routers.map((i) => `app.use('/r${pad(i)}', router${pad(i)});`).join('\n')}\napp.listen(3000);\n`);
  return all as Map<RelPath, string>;
}
