/** Who may call what: each case is an idiom that fooled an earlier version or fools other tools. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** `METHOD /path auth` or `METHOD /path auth publicBy`, sorted. */
  readonly endpoints: readonly string[];
}

const DB = "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n";
const AUTH = "const jwt = require('jsonwebtoken');\nexports.requireAuth = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization.slice(7), process.env.JWT_SECRET);\n  } catch (e) {\n    return res.status(401).end();\n  }\n  next();\n};\n";
const POOL = "const { Pool } = require('pg');\nexports.db = new Pool();\n";

const express = (body: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  'db.js': POOL, 'auth.js': AUTH,
  'app.js': `const express = require('express');\nconst { db } = require('./db');\nconst { requireAuth } = require('./auth');\nconst app = express();\nconst list = async (req, res) => res.json((await db.query('select * from invoices')).rows);\n${body}\napp.listen(3000);\n`,
  ...more,
});

const route = (body: string, imports = ''): Readonly<Record<string, string>> => ({
  'package.json': '{"dependencies":{"next":"16.0.0"}}', 'lib/db.ts': DB,
  'app/api/x/route.ts': `import { prisma } from '../../../lib/db';\n${imports}\n${body}\n`,
});

const CASES: readonly Case[] = [
  { name: 'the usual matcher of Next with its list of file endings guards the api', files: { ...route("export async function POST(req: Request) {\n  return Response.json(await prisma.invoice.create({ data: { n: 1 } }));\n}"), 'middleware.ts': "import { createServerClient } from '@supabase/ssr';\nimport { NextResponse, type NextRequest } from 'next/server';\n\nconst OWN = new Set(['desk', 'api']);\n\nexport async function middleware(request: NextRequest) {\n  const { pathname } = request.nextUrl;\n  const parts = pathname.split('/').filter(Boolean);\n  if (parts.length === 1 && !OWN.has(parts[0]!)) return NextResponse.rewrite(new URL(`/story/${parts[0]}`, request.url));\n  if (!process.env.NEXT_PUBLIC_SUPABASE_URL) return NextResponse.next();\n  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => request.cookies.getAll(), setAll() {} } });\n  const { data: { user } } = await supabase.auth.getUser();\n  if (pathname.startsWith('/login')) return NextResponse.next();\n  if (!user) return NextResponse.redirect(new URL('/login', request.url));\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico|.*\\\\.(?:svg|png|webp)$).*)'] };\n" }, endpoints: ['POST /api/x required'] },
  { name: 'order decides: a guard after the route does not run', files: express("app.get('/a', list);\napp.use(requireAuth);\napp.get('/b', list);"), endpoints: ['GET /a none', 'GET /b required'] },
  { name: 'a prefix guards what lies below it, not its neighbours', files: express("app.use('/in', requireAuth);\napp.get('/in/x', list);\napp.get('/inside', list);"), endpoints: ['GET /in/x required', 'GET /inside none'] },
  { name: 'a guard of one literal id is none of the parameter', files: express("app.use('/users/me', requireAuth);\napp.get('/users/:id', list);"), endpoints: ['GET /users/:id none'] },
  { name: 'routers from a factory in another file', files: express("const { make } = require('./make');\napp.use('/open', make());\napp.use('/closed', requireAuth, make());", { 'make.js': "const { Router } = require('express');\nconst { db } = require('./db');\nexports.make = () => {\n  const r = Router();\n  r.get('/x', async (req, res) => res.json((await db.query('select * from t')).rows));\n  return r;\n};\n" }), endpoints: ['GET /closed/x required', 'GET /open/x none'] },
  { name: 'a table of routes walked in a loop', files: express("for (const r of [{ m: 'get', p: '/t1', g: [] }, { m: 'post', p: '/t2', g: [requireAuth] }]) app[r.m](r.p, ...r.g, list);"), endpoints: ['GET /t1 none', 'POST /t2 required'] },
  { name: 'class controllers, bound and as arrows', files: express("class C {\n  constructor() { this.b = this.b.bind(this); }\n  a = async (req, res) => res.json((await db.query('select 1 from t')).rows);\n  async b(req, res) { res.json((await db.query('select 1 from t')).rows); }\n}\nconst c = new C();\napp.get('/a', c.a);\napp.get('/b', requireAuth, c.b);"), endpoints: ['GET /a none', 'GET /b required'] },
  { name: 'a denial without return guards nothing', files: express("const weak = (req, res, next) => {\n  if (!req.headers.authorization) res.status(401).end();\n  next();\n};\napp.get('/w', weak, list);"), endpoints: ['GET /w none'] },
  { name: 'a decoded token proves nothing', files: express("const jwt = require('jsonwebtoken');\napp.get('/d', (req, res, next) => {\n  const u = jwt.decode(req.headers.authorization);\n  if (!u) return res.status(401).end();\n  next();\n}, list);"), endpoints: ['GET /d none'] },
  { name: 'verify in a try whose catch goes on', files: express("const jwt = require('jsonwebtoken');\napp.get('/c', (req, res, next) => {\n  try { req.user = jwt.verify(req.headers.authorization, process.env.K_SECRET); } catch (e) { console.log(e); }\n  next();\n}, list);"), endpoints: ['GET /c none'] },
  { name: 'a session kept in a map, found by the cookie', files: express("const sessions = new Map();\napp.get('/s', (req, res) => {\n  const s = sessions.get(req.cookies.sid);\n  if (!s) return res.status(401).end();\n  return list(req, res);\n});"), endpoints: ['GET /s required'] },
  { name: 'a counter kept in a map, found by the address, is no session', files: express("const hits = new Map();\napp.get('/r', (req, res) => {\n  if (hits.get(req.headers['x-forwarded-for']) > 9) return res.status(429).end();\n  return list(req, res);\n});"), endpoints: ['GET /r none'] },
  { name: 'either a shared secret or a session', files: express("const jwt = require('jsonwebtoken');\napp.get('/e', (req, res) => {\n  if (req.headers['x-key'] !== process.env.JOB_SECRET) {\n    try { jwt.verify(req.headers.authorization, process.env.JWT_SECRET); } catch (e) { return res.status(401).end(); }\n  }\n  return list(req, res);\n});"), endpoints: ['GET /e required'] },
  { name: 'a helper that answers with an error object', files: route("async function who() {\n  const s = await getServerSession({});\n  if (!s) return { error: Response.json({}, { status: 401 }) };\n  return { user: s.user };\n}\nexport async function GET() {\n  const { error } = await who();\n  if (error) return error;\n  return Response.json(await prisma.invoice.findMany());\n}", "import { getServerSession } from 'next-auth';"), endpoints: ['GET /api/x required'] },
  { name: 'a check that is not awaited', files: route("async function ok() {\n  const s = await getServerSession({});\n  return s !== null;\n}\nexport async function GET() {\n  if (!ok()) return Response.json({}, { status: 401 });\n  return Response.json(await prisma.invoice.findMany());\n}", "import { getServerSession } from 'next-auth';"), endpoints: ['GET /api/x none'] },
  { name: 'a signature verified by a helper that returns an object', files: route("function check(body: string, sig: string) {\n  const mac = createHmac('sha256', process.env.HOOK_SECRET!).update(body).digest();\n  if (!timingSafeEqual(mac, Buffer.from(sig, 'hex'))) return { ok: false };\n  return { ok: true };\n}\nexport async function POST(req: Request) {\n  const body = await req.text();\n  if (!check(body, req.headers.get('x-sig') ?? '').ok) return Response.json({}, { status: 400 });\n  await prisma.event.create({ data: { body } });\n  return Response.json({});\n}", "import { createHmac, timingSafeEqual } from 'node:crypto';"), endpoints: ['POST /api/x required signed-webhook'] },
  { name: 'answers 200 with nothing when nobody is signed in', files: route("export async function GET() {\n  const s = await getServerSession({});\n  if (!s) return Response.json({ items: [] });\n  return Response.json(await prisma.invoice.findMany());\n}", "import { getServerSession } from 'next-auth';"), endpoints: ['GET /api/x optional'] },
  { name: 'the middleware matcher decides whether it runs', files: { ...route('export async function GET() {\n  return Response.json(await prisma.invoice.findMany());\n}'), 'middleware.ts': "import { NextResponse } from 'next/server';\nimport { getToken } from 'next-auth/jwt';\nexport async function middleware(req) {\n  const t = await getToken({ req });\n  if (!t) return NextResponse.redirect(new URL('/login', req.url));\n  return NextResponse.next();\n}\nexport const config = { matcher: ['/((?!api/public).*)'] };\n", 'app/api/public/y/route.ts': "import { prisma } from '../../../../lib/db';\nexport async function GET() {\n  return Response.json(await prisma.invoice.findMany());\n}\n" }, endpoints: ['GET /api/public/y none', 'GET /api/x required'] },
  { name: 'every export of a use server file is an endpoint', files: { 'package.json': '{"dependencies":{"next":"16.0.0"}}', 'lib/db.ts': DB, 'app/actions.ts': "'use server';\nimport { prisma } from '../lib/db';\nexport async function wipe() {\n  await prisma.invoice.deleteMany();\n}\n" }, endpoints: ['ACTION wipe none'] },
  { name: 'verify_jwt alone lets the public key through; getUser does not', files: { 'supabase/config.toml': '[functions.a]\nverify_jwt = true\n', 'supabase/functions/a/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async () => Response.json((await db.from('users').select()).data));\n", 'supabase/functions/b/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async (req) => {\n  const { data: { user } } = await db.auth.getUser(req.headers.get('Authorization')!.slice(7));\n  if (!user) return new Response('no', { status: 401 });\n  return Response.json((await db.from('users').select()).data);\n});\n" }, endpoints: ['ALL /functions/v1/a none', 'ALL /functions/v1/b required'] },
  { name: 'an unresolved guard is unknown, never open', files: express("const { requireUser } = require('./gone');\napp.get('/u', requireUser, list);"), endpoints: ['GET /u unknown'] },
  { name: 'sign-in and sign-up are known by what they do', files: express("const bcrypt = require('bcrypt');\nconst jwt = require('jsonwebtoken');\napp.post('/login', async (req, res) => {\n  const u = (await db.query('select * from users where email = $1', [req.body.email])).rows[0];\n  if (!(await bcrypt.compare(req.body.password, u.hash))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: u.id }, process.env.JWT_SECRET) });\n});\napp.post('/api/authors', async (req, res) => {\n  await db.query('insert into authors (name) values ($1)', [req.body.name]);\n  res.end();\n});"), endpoints: ['POST /api/authors none', 'POST /login none sign-in'] },
];

describe('endpoints and who may call them', () => {
  for (const c of CASES) {
    it(c.name, () => {
      const found = projectOf(c.files).endpoints().map((e) => [e.method, e.path, e.auth, ...(e.publicBy === null ? [] : [e.publicBy])].join(' '));
      assert.deepEqual([...found].sort(), [...c.endpoints].sort());
    });
  }
});
