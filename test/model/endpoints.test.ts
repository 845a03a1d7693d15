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

/** Every page but the sign-in wants a session. */
const PORTER = "const token = await getToken({ req, secret: process.env.AUTH_SECRET });\n  const atDoor = req.nextUrl.pathname === '/login';\n  if (!token && !atDoor) return NextResponse.redirect(new URL('/login', req.url));\n  return NextResponse.next();";

/** A page that posts an action, and a middleware. */
const posted = (config: string, middleware: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  'package.json': '{"dependencies":{"next":"16.0.0","next-auth":"5.0.0"}}', 'lib/db.ts': DB,
  'actions.ts': "'use server';\nimport { prisma } from './lib/db';\nexport async function wipe() {\n  await prisma.invoice.deleteMany();\n}\n",
  'app/stock/wipe-button.tsx': "'use client';\nimport { wipe } from '../../actions';\nexport const Wipe = () => <button onClick={() => wipe()} />;\n",
  'app/stock/page.tsx': "import { Wipe } from './wipe-button';\nexport default function Stock() { return <Wipe />; }\n",
  'app/login/page.tsx': 'export default function Login() { return null; }\n',
  'middleware.ts': `import { NextResponse } from 'next/server';\nimport { getToken } from 'next-auth/jwt';\nexport async function middleware(req) {\n  ${middleware}\n}\n${config}`,
  ...more,
});

const WIRED = "import { container } from './container';\nimport { TYPES } from './types';\nimport { Router } from 'express';\nclass Routes {\n  router = Router();\n  private visits = container.get<any>(TYPES.Visits);\n  constructor() {\n    this.router.get('/open', this.visits.list);\n    this.router.get('/closed', signedIn, this.visits.list.bind(this.visits));\n  }\n}\nimport { signedIn } from './guard';\nexport default new Routes().router;\n";
const VISITS = "import { inject, injectable } from 'inversify';\nimport { TYPES } from './types';\n@injectable()\nexport class Visits {\n  constructor(@inject(TYPES.Store) private store: any) {}\n  list = async (req, res) => res.json(await this.store.all());\n}\n";
const WIRED_APP = "import express from 'express';\nimport routes from './routes';\nconst app = express();\napp.use(routes);\napp.listen(3000);\n";

/** What a dependency-injection container hands out is followed like what code makes itself. */
const CONTAINERS: readonly Case[] = [
  {
    name: 'inversify: controllers, services and the verifier come from the container',
    files: {
      'package.json': '{"dependencies":{"express":"5.0.0","inversify":"6.0.0"}}', 'db.ts': DB,
      'types.ts': "export const TYPES = { Visits: Symbol.for('Visits'), Store: Symbol('Store'), Tokens: Symbol.for('Tokens') };\n",
      'container.ts': "import { Container } from 'inversify';\nimport { TYPES } from './types';\nimport { Visits } from './visits';\nimport { Store } from './store';\nimport { Tokens } from './tokens';\nconst container = new Container();\ncontainer.bind<Visits>(TYPES.Visits).to(Visits).inSingletonScope();\ncontainer.bind(TYPES.Store).to(Store);\ncontainer.bind(TYPES.Tokens).toDynamicValue(() => new Tokens());\nexport { container };\n",
      'store.ts': "import { injectable } from 'inversify';\nimport { prisma } from './db';\n@injectable()\nexport class Store {\n  all() { return prisma.visit.findMany(); }\n}\n",
      'tokens.ts': "import jwt from 'jsonwebtoken';\nexport class Tokens {\n  check(t: string) { return jwt.verify(t, process.env.JWT_SECRET); }\n}\n",
      'guard.ts': "import { container } from './container';\nimport { TYPES } from './types';\nconst tokens = container.get<any>(TYPES.Tokens);\nexport const signedIn = (req, res, next) => {\n  try { req.user = tokens.check(req.headers.authorization); } catch { return res.status(401).end(); }\n  next();\n};\n",
      'visits.ts': VISITS, 'routes.ts': WIRED, 'app.ts': WIRED_APP,
    },
    endpoints: ['GET /closed required', 'GET /open none'],
  },
  {
    name: 'tsyringe: by class, by name and by the declared type of a parameter',
    files: {
      'package.json': '{"dependencies":{"express":"5.0.0","tsyringe":"4.0.0"}}', 'db.ts': DB,
      'setup.ts': "import { container } from 'tsyringe';\nimport { Store } from './store';\ncontainer.registerSingleton<Store>('Visits', Store);\n",
      'store.ts': "import { prisma } from './db';\nexport class Store {\n  all() { return prisma.visit.findMany(); }\n}\n",
      'service.ts': "import { inject, injectable } from 'tsyringe';\n@injectable()\nexport class Service {\n  constructor(@inject('Visits') private visits: any) {}\n  all() { return this.visits.all(); }\n}\n",
      'controller.ts': "import { injectable } from 'tsyringe';\nimport { Service } from './service';\n@injectable()\nexport class Controller {\n  constructor(private service: Service) {}\n  list = async (req, res) => res.json(await this.service.all());\n}\n",
      'app.ts': "import 'reflect-metadata';\nimport './setup';\nimport express from 'express';\nimport { container } from 'tsyringe';\nimport { Controller } from './controller';\nimport { Service } from './service';\nconst app = express();\napp.get('/a', container.resolve(Controller).list);\napp.get('/b', async (req, res) => res.json(await container.resolve(Service).all()));\napp.listen(3000);\n",
    },
    endpoints: ['GET /a none', 'GET /b none'],
  },
  {
    name: 'awilix: names in the cradle',
    files: {
      'package.json': '{"dependencies":{"express":"5.0.0","awilix":"12.0.0"}}', 'db.ts': DB,
      'app.ts': "import express from 'express';\nimport { asClass, asFunction, asValue, createContainer } from 'awilix';\nimport { prisma } from './db';\nclass Visits {\n  constructor({ db }) { this.db = db; }\n  all() { return this.db.visit.findMany(); }\n}\nconst container = createContainer();\ncontainer.register({ db: asValue(prisma), visits: asClass(Visits).singleton(), list: asFunction(({ visits }) => async (req, res) => res.json(await visits.all())) });\nconst app = express();\napp.get('/a', container.resolve('list'));\napp.get('/b', container.cradle.list);\napp.listen(3000);\n",
    },
    endpoints: ['GET /a none', 'GET /b none'],
  },
];

const STORAGE = "import { drizzle } from 'drizzle-orm/node-postgres';\nimport { eq } from 'drizzle-orm';\nimport { keys, notes } from './schema';\nimport { pool } from './pool';\nconst db = drizzle(pool);\nclass Storage {\n  async keyBy(token: string) { const [row] = await db.select().from(keys).where(eq(keys.token, token)); return row; }\n  async touch(id: string) { await db.update(keys).set({ usedAt: new Date() }).where(eq(keys.id, id)); }\n  async add(text: string) { await db.insert(notes).values({ text }); }\n}\nexport const storage = new Storage();\n";

/** Middleware that looks a row up by what the caller sent. */
const keyed = (guard: string): Readonly<Record<string, string>> => ({
  'package.json': '{"dependencies":{"express":"5.0.0","drizzle-orm":"1.0.0","pg":"8.0.0","knex":"3.0.0","mongoose":"8.0.0"}}',
  'pool.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\n",
  'schema.ts': "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const keys = pgTable('keys', { id: text('id'), token: text('token') });\nexport const notes = pgTable('notes', { text: text('text') });\n",
  'storage.ts': STORAGE,
  'app.ts': `import express from 'express';\nimport { pool } from './pool';\nimport { storage } from './storage';\nimport knexOf from 'knex';\nimport mongoose from 'mongoose';\nconst knex = knexOf({});\nconst Key = mongoose.model('Key', new mongoose.Schema({}));\nconst app = express();\nconst check = async (req, res, next) => {\n${guard}\n};\napp.post('/notes', check, async (req, res) => { await storage.add(req.body.text); res.json({}); });\napp.listen(3000);\n`,
});

const KEYS: readonly (readonly [what: string, guard: string, auth: string])[] = [
  ['through a storage class, "last used" noted', "const h = req.headers.authorization;\nif (!h || !h.startsWith('Bearer ')) return res.status(401).json({});\nconst key = await storage.keyBy(h.substring(7));\nif (!key) return res.status(401).json({});\nif (!key.active) return res.status(403).json({});\nawait storage.touch(key.id);\nreq.key = key;\nnext();", 'required'],
  ['split off the scheme', "const [, token] = (req.headers.authorization ?? '').split(' ');\nconst key = await storage.keyBy(token);\nif (!key) { res.status(401).json({}); return; }\nnext();", 'required'],
  ['rows counted', "const r = await pool.query('select id from keys where token = $1', [req.header('x-api-key')]);\nif (r.rows.length === 0) return res.status(401).end();\nnext();", 'required'],
  ['rows counted the other way round', "const r = await pool.query('select id from keys where token = $1', [req.header('x-api-key')]);\nif (r.rowCount > 0) return res.status(401).end();\nnext();", 'none'],
  ['first of a knex query', "const key = await knex('keys').where({ token: req.get('x-api-key') }).first();\nif (!key) return res.status(401).end();\nnext();", 'required'],
  ['a lean document', "const key = await Key.findOne({ token: req.get('x-api-key') }).lean();\nif (!key) return res.status(401).end();\nnext();", 'required'],
  ['found in a list', "const key = [{ token: process.env.PARTNER_KEY }].find((k) => k.token === req.get('x-api-key'));\nif (!key) return res.status(401).end();\nnext();", 'required'],
  ['found and never tested', "req.key = await storage.keyBy((req.headers.authorization ?? '').slice(7));\nnext();", 'none'],
  ['a tenant by its name is no proof', "const r = await pool.query('select id from tenants where slug = $1', [req.get('x-tenant-id')]);\nif (r.rows.length === 0) return res.status(404).end();\nreq.tenant = r.rows[0];\nnext();", 'none'],
];

const FLAT = "const jwt = require('jsonwebtoken');\nexports.signedIn = (req, res, next) => {\n  try {\n    const claims = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n    req.userId = claims.id;\n    req.userRole = claims.role;\n    next();\n  } catch (e) {\n    res.status(401).end();\n  }\n};\nexports.only = (allowed = []) => (req, res, next) => {\n  if (!req.userRole) return res.status(403).end();\n  if (allowed.length > 0 && !allowed.includes(req.userRole)) return res.status(403).end();\n  next();\n};\n";

/** Who may call, told by the roles without which nothing is done. */
const ROLES: readonly (readonly [what: string, body: string, roles: Readonly<Record<string, string>>])[] = [
  ['a factory that reads a flat property', "const { signedIn, only } = require('./flat');\napp.use(signedIn);\napp.get('/a', only(['admin', 'hr']), list);\napp.get('/b', only(), list);\napp.get('/c', list);", { '/a': 'admin hr', '/b': '', '/c': '' }],
  ['one role given as a text', "const only = (allowed) => (req, res, next) => {\n  if (!req.user || !req.user.role) return res.status(401).end();\n  if (!allowed.includes(req.user.role)) return res.status(403).end();\n  next();\n};\napp.get('/a', requireAuth, only('admin'), list);\napp.get('/b', requireAuth, only(['admin', 'desk']), list);", { '/a': 'admin', '/b': 'admin desk' }],
  ['roles compared one by one', "app.get('/a', requireAuth, (req, res, next) => {\n  if (req.user.role !== 'admin' && req.user.role !== 'owner') return res.status(403).end();\n  next();\n}, list);\napp.get('/b', requireAuth, (req, res) => {\n  if (req.params.id !== req.user.id && req.user.role !== 'admin') return res.status(403).end();\n  return list(req, res);\n});\napp.get('/c', requireAuth, (req, res) => {\n  if (req.user.role === 'guest') res.set('x', 'y');\n  return list(req, res);\n});", { '/a': 'admin owner', '/b': '', '/c': '' }],
  ['members of an enumeration nobody can read', "const { Role } = require('./gen/client');\nconst one = (roles) => (req, res, next) => (roles.includes(req.user.role) ? next() : res.status(403).end());\napp.get('/a', requireAuth, one([Role.ADMIN, Role.OPS]), list);", { '/a': 'ADMIN OPS' }],
  ['flags of the session behind a prefix', "app.use('/api', (req, res, next) => {\n  if (req.path.startsWith('/owner/')) {\n    if (!req.session?.globalAdmin) return res.status(401).end();\n    return next();\n  }\n  if (req.session?.member) return next();\n  return res.status(401).end();\n});\napp.get('/api/owner/x', list);\napp.get('/api/x', list);", { '/api/owner/x': 'globalAdmin', '/api/x': '' }],
  ['the column of his own row', "app.get('/a', requireAuth, async (req, res) => {\n  const own = (await db.query('select role from users where id = $1', [req.user.id])).rows[0];\n  if (own.role !== 'admin') return res.status(403).end();\n  return list(req, res);\n});", { '/a': 'admin' }],
  ['a list of roles, asked for one', "app.get('/a', requireAuth, (req, res) => {\n  if (!req.user.roles.includes('editor')) return res.status(403).end();\n  return list(req, res);\n});\napp.get('/b', requireAuth, (req, res) => {\n  if (!['editor', 'chief'].some((r) => req.user.roles.includes(r))) return res.status(403).end();\n  return list(req, res);\n});", { '/a': 'editor', '/b': 'editor chief' }],
  ['his own row among the administrators', "const mongoose = require('mongoose');\nconst jwt = require('jsonwebtoken');\nconst Admin = mongoose.model('Admin', new mongoose.Schema({}));\napp.get('/a', async (req, res, next) => {\n  try {\n    const claims = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n    req.admin = await Admin.findById(claims.id).select('-hash');\n    next();\n  } catch (e) {\n    res.status(401).end();\n  }\n}, list);", { '/a': 'admin' }],
];

/** What is done to which table, with which inputs; a value given as a parameter is no part of a statement's text. */
const DRIVERS: readonly (readonly [what: string, body: string, deeds: readonly string[]])[] = [
  ['mssql, a request filled step by step', "const sql = require('mssql');\napp.post('/a', async (req, res) => {\n  const rq = new sql.Request();\n  rq.input('n', sql.Int, req.body.n);\n  await rq.query('INSERT INTO [dbo].[Parts] (n) VALUES (@n)');\n  res.end();\n});", ['db-write Parts n']],
  ['mssql, a pool that a helper promises', "const sql = require('mssql');\nconst ready = new sql.ConnectionPool({}).connect().then((p) => p).catch(() => process.exit(1));\napp.post('/a', async (req, res) => {\n  await (await ready).request().input('n', sql.Int, req.body.n).query(`UPDATE parts SET n = @n`);\n  res.end();\n});", ['db-write parts n']],
  ['mssql, procedures by their names', "const sql = require('mssql');\nconst open = async () => sql.connect({});\napp.post('/a', async (req, res) => {\n  await (await open()).request().input('n', req.body.n).execute('addPart');\n  res.json((await (await open()).request().execute('usp_GetParts')).recordset);\n});", ['db-write addPart n', 'db-read usp_GetParts ']],
  ['a statement prepared first', "const Database = require('better-sqlite3');\nconst lite = new Database('x');\nconst add = lite.prepare('INSERT INTO parts (n) VALUES (?)');\nconst many = lite.transaction((rows) => rows.forEach((r) => add.run(r.n)));\napp.post('/a', (req, res) => {\n  add.run(req.body.n);\n  lite.prepare('DELETE FROM bins WHERE n = ?').run(req.body.m);\n  res.json(lite.prepare('SELECT * FROM parts').all());\n});\napp.post('/b', (req, res) => {\n  many(req.body.rows);\n  res.end();\n});", ['db-write parts n', 'db-write bins m', 'db-read parts ', 'db-write parts rows.n']],
  ['a client of a pool, between begin and commit', "app.post('/a', async (req, res) => {\n  const c = await db.connect();\n  await c.query('BEGIN');\n  await c.query('INSERT INTO parts (n) VALUES ($1)', [req.body.n]);\n  await c.query('COMMIT');\n  res.end();\n});", ['db-write parts n']],
  ['a row helper of postgres.js', "const sql = require('postgres')('x');\napp.post('/a', async (req, res) => {\n  await sql`insert into parts ${sql(req.body)}`;\n  res.end();\n});", ['db-write parts ']],
  ['oracledb, mariadb and pg-promise', "const oracledb = require('oracledb');\nconst maria = require('mariadb').createPool({});\nconst pgp = require('pg-promise')()('x');\napp.post('/a', async (req, res) => {\n  const c = await oracledb.getConnection({});\n  await c.execute('INSERT INTO parts (n) VALUES (:n)', { n: req.body.n });\n  await (await maria.getConnection()).query('DELETE FROM bins WHERE n = ?', [req.body.m]);\n  res.json(await pgp.any('SELECT * FROM parts'));\n});", ['db-write parts n', 'db-write bins m', 'db-read parts ']],
  ['texts and values in one object', "const lib = require('@libsql/client').createClient({});\nconst { drizzle } = require('drizzle-orm/node-postgres');\nconst { sql } = require('drizzle-orm');\nconst d = drizzle({});\napp.post('/a', async (req, res) => {\n  await lib.execute({ sql: 'INSERT INTO parts (n) VALUES (?)', args: [req.body.n] });\n  await d.execute(sql`DELETE FROM bins WHERE n = ${req.body.m}`);\n  res.end();\n});", ['db-write parts n', 'db-write bins m']],
];

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
  { name: 'a guard behind a question to the environment is one', files: route("async function admin() {\n  const s = await getServerSession({});\n  if (s?.user?.role !== 'admin') throw new Error('no');\n}\nexport async function POST() {\n  if (process.env.ALLOW_SEED !== 'true') return Response.json({}, { status: 404 });\n  await admin();\n  return Response.json(await prisma.invoice.deleteMany());\n}\nexport async function GET() {\n  if (process.env.ALLOW_SEED !== 'true') return Response.json({}, { status: 404 });\n  return Response.json(await prisma.invoice.deleteMany());\n}", "import { getServerSession } from 'next-auth';"), endpoints: ['GET /api/x none', 'POST /api/x required'] },
  { name: 'to send the demo account’s address proves nothing, to send its password does', files: express("app.post('/a', async (req, res) => {\n  if (req.body.email !== process.env.DEMO_EMAIL) return res.status(401).end();\n  await db.query('delete from invoices');\n  res.end();\n});\napp.post('/b', async (req, res) => {\n  if (req.body.email !== process.env.DEMO_EMAIL || req.body.password !== process.env.DEMO_PASSWORD) return res.status(401).end();\n  await db.query('delete from invoices');\n  res.end();\n});"), endpoints: ['POST /a none', 'POST /b required'] },
  {
    name: 'behind the gateway, the user of a token that a helper takes apart',
    files: { 'supabase/functions/a/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nfunction claimsOf(jwt: string): any {\n  try {\n    const part = jwt.split('.')[1];\n    return JSON.parse(atob(part.padEnd(part.length + 2, '=')));\n  } catch {\n    return null;\n  }\n}\nDeno.serve(async (req) => {\n  const jwt = (req.headers.get('Authorization') || '').match(/^Bearer (.+)$/)?.[1];\n  if (!jwt) return new Response('', { status: 401 });\n  const claims = claimsOf(jwt);\n  const who = claims?.sub;\n  if (!who || !claims?.session_id) return new Response('', { status: 401 });\n  await admin.from('codes').delete().eq('owner', who);\n  return Response.json({ ok: true });\n});\n" },
    endpoints: ['ALL /functions/v1/a required'],
  },
  {
    name: 'a key made to be public is public content, one beside a secret is not; a plain hash signs nothing',
    files: {
      'supabase/functions/push-key/index.ts': "Deno.serve(async () => {\n  const key = Deno.env.get('VAPID_PUBLIC_KEY');\n  return Response.json({ key });\n});\n",
      'supabase/functions/all-keys/index.ts': "Deno.serve(async () => Response.json({ key: Deno.env.get('VAPID_PUBLIC_KEY'), secret: Deno.env.get('VAPID_SECRET_KEY') }));\n",
      'supabase/functions/hash/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async (req) => {\n  const raw = await req.text();\n  const sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(raw));\n  const hex = Array.from(new Uint8Array(sum)).map((b) => b.toString(16).padStart(2, '0')).join('');\n  if (hex !== req.headers.get('x-sum')) return new Response('bad', { status: 401 });\n  await admin.from('tanks').insert(JSON.parse(raw));\n  return new Response('ok');\n});\n",
    },
    endpoints: ['ALL /functions/v1/all-keys none', 'ALL /functions/v1/hash none', 'ALL /functions/v1/push-key none public-content'],
  },
  { name: 'verify_jwt alone lets the public key through; getUser does not', files: { 'supabase/config.toml': '[functions.a]\nverify_jwt = true\n', 'supabase/functions/a/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async () => Response.json((await db.from('users').select()).data));\n", 'supabase/functions/b/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\nconst db = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\nDeno.serve(async (req) => {\n  const { data: { user } } = await db.auth.getUser(req.headers.get('Authorization')!.slice(7));\n  if (!user) return new Response('no', { status: 401 });\n  return Response.json((await db.from('users').select()).data);\n});\n" }, endpoints: ['ALL /functions/v1/a none', 'ALL /functions/v1/b required'] },
  { name: 'an unresolved guard is unknown, never open', files: express("const { requireUser } = require('./gone');\napp.get('/u', requireUser, list);"), endpoints: ['GET /u unknown'] },
  { name: 'sign-in and sign-up are known by what they do', files: express("const bcrypt = require('bcrypt');\nconst jwt = require('jsonwebtoken');\napp.post('/login', async (req, res) => {\n  const u = (await db.query('select * from users where email = $1', [req.body.email])).rows[0];\n  if (!(await bcrypt.compare(req.body.password, u.hash))) return res.status(401).end();\n  res.json({ token: jwt.sign({ id: u.id }, process.env.JWT_SECRET) });\n});\napp.post('/api/authors', async (req, res) => {\n  await db.query('insert into authors (name) values ($1)', [req.body.name]);\n  res.end();\n});"), endpoints: ['POST /api/authors none', 'POST /login none sign-in'] },
  ...CONTAINERS,
  { name: 'an exemption for one method of a prefix holds for that method', files: express("const open = ['/shops/'];\napp.use('/api', (req, res, next) => {\n  if (open.some((p) => req.path.startsWith(p)) && req.method === 'GET') return next();\n  if (req.session?.member) return next();\n  return res.status(401).end();\n});\napp.get('/api/shops/:id', list);\napp.patch('/api/shops/:id', list);\napp.get('/api/x', list);"), endpoints: ['GET /api/shops/:id none', 'GET /api/x required', 'PATCH /api/shops/:id required'] },
  { name: 'reading a part of a user whom nothing puts there is no check', files: express("app.put('/a', async (req, res) => {\n  const who = req.user;\n  await db.query('update t set by = $1', [who.id]);\n  res.end();\n});\napp.put('/b', async (req, res) => {\n  if (!req.user) return res.status(401).end();\n  await db.query('update t set by = $1', [req.user.id]);\n  res.end();\n});\napp.put('/c', requireAuth, async (req, res) => {\n  await db.query('update t set by = $1', [req.user.id]);\n  res.end();\n});\nconst passport = require('passport');\napp.use(passport.session());\napp.put('/d', async (req, res) => {\n  await db.query('update t set by = $1', [req.user.id]);\n  res.end();\n});"), endpoints: ['PUT /a none', 'PUT /b required', 'PUT /c required', 'PUT /d required'] },
  { name: 'what follows a count of mistakes is still seen', files: express("app.post('/a', async (req, res) => {\n  const missing = ['x', 'y'].filter((f) => !req.body[f]);\n  if (missing.length > 0) return res.status(400).end();\n  if (!req.session.member) return res.status(401).end();\n  return list(req, res);\n});\napp.post('/b', async (req, res) => {\n  const errors = {};\n  if (!req.body.x) errors.x = 'missing';\n  if (Object.keys(errors).length > 0) return res.status(400).end();\n  return list(req, res);\n});"), endpoints: ['POST /a required', 'POST /b none'] },
  { name: 'one of several signatures fits', files: express("const crypto = require('crypto');\napp.post('/hook', async (req, res) => {\n  const own = crypto.createHmac('sha256', process.env.HOOK_SECRET).update(req.body).digest();\n  const sent = String(req.get('x-signature')).split(' ');\n  if (!sent.some((s) => crypto.timingSafeEqual(own, Buffer.from(s)))) return res.status(401).end();\n  await db.query('update t set done = true');\n  res.end();\n});"), endpoints: ['POST /hook required signed-webhook'] },
  { name: 'asking for a code and handing it in; keys for machines are another matter', files: express("const nodemailer = require('nodemailer');\nconst mail = nodemailer.createTransport({});\napp.post('/accounts/check-email', async (req, res) => {\n  await db.query('select id from verification_tokens where email = $1', [req.body.email]);\n  await db.query('insert into verification_tokens (email) values ($1)', [req.body.email]);\n  await mail.sendMail({ to: req.body.email });\n  res.end();\n});\napp.post('/api/tokens', async (req, res) => {\n  await db.query('insert into api_tokens (name) values ($1)', [req.body.name]);\n  res.end();\n});"), endpoints: ['POST /accounts/check-email none sign-up', 'POST /api/tokens none'] },
  { name: 'the page of a single-page app and preflight requests', files: express("const path = require('path');\nconst cors = require('cors');\napp.options('*', cors());\napp.get('*', (req, res) => res.sendFile(path.join(__dirname, 'dist', 'index.html')));\napp.get('/dl/:name', (req, res) => res.sendFile(path.join(__dirname, 'files', req.params.name)));"), endpoints: ['GET /* none static-asset', 'GET /dl/:name none', 'OPTIONS /* none preflight'] },
  { name: 'published rows only, unless the caller asks for the others', files: express("const mongoose = require('mongoose');\nconst Piece = mongoose.model('Piece', new mongoose.Schema({}));\napp.get('/a', async (req, res) => res.json(await Piece.find({ isVisible: true }).sort({ n: 1 })));\napp.get('/b', async (req, res) => {\n  const which = req.query.all === 'true' ? {} : { isVisible: true };\n  res.json(await Piece.find(which));\n});\napp.get('/c', async (req, res) => res.json((await db.query(\"select * from pieces where status = 'published'\")).rows));"), endpoints: ['GET /a none public-content', 'GET /b none', 'GET /c none public-content'] },
  { name: 'a provider’s token traded for a session is a sign-in', files: express("const jwt = require('jsonwebtoken');\nconst { OAuth2Client } = require('google-auth-library');\nconst google = new OAuth2Client();\napp.post('/auth/google', async (req, res) => {\n  const ticket = await google.verifyIdToken({ idToken: req.body.credential });\n  const u = (await db.query('insert into users (email) values ($1) returning id', [ticket.getPayload().email])).rows[0];\n  res.json({ token: jwt.sign({ id: u.id }, process.env.JWT_SECRET) });\n});\napp.post('/auth/refresh', (req, res) => {\n  const claims = jwt.verify(req.cookies.refresh, process.env.JWT_SECRET);\n  res.json({ token: jwt.sign({ id: claims.id }, process.env.JWT_SECRET) });\n});"), endpoints: ['POST /auth/google none sign-in', 'POST /auth/refresh none sign-in'] },
  { name: 'a verification in a promise of its own', files: express("const jwt = require('jsonwebtoken');\nconst claims = (t) => new Promise((resolve) => {\n  jwt.verify(t, process.env.K_SECRET, (err, decoded) => {\n    if (err) return resolve(null);\n    resolve(decoded);\n  });\n});\nconst strict = (t) => new Promise((resolve, reject) => jwt.verify(t, process.env.K_SECRET, (err, decoded) => (err ? reject(err) : resolve(decoded))));\napp.get('/p', async (req, res, next) => {\n  const c = await claims(req.headers.authorization);\n  if (!c) return res.status(401).end();\n  next();\n}, list);\napp.get('/q', async (req, res, next) => {\n  await claims(req.headers.authorization);\n  next();\n}, list);\napp.get('/r', async (req, res, next) => {\n  await strict(req.headers.authorization);\n  next();\n}, list);"), endpoints: ['GET /p required', 'GET /q none', 'GET /r required'] },
];

describe('endpoints and who may call them', () => {
  it('strangers are stopped before every page that posts an action, or are not', () => {
    const guarded = (files: Readonly<Record<string, string>>) => projectOf(files).endpoints().map((e) => `${e.path} ${e.auth} ${e.pagesGuarded}`).join();
    assert.equal(guarded(posted('', PORTER)), 'wipe none true');
    // The sign-in page lets strangers in; a layout is around it too.
    assert.equal(guarded(posted('', PORTER, { 'app/login/page.tsx': "import { wipe } from '../../actions';\nexport default function Login() { return <form action={wipe} />; }\n" })), 'wipe none false');
    assert.equal(guarded(posted('', PORTER, { 'app/layout.tsx': "import { wipe } from '../actions';\nexport default function All({ children }) { return <form action={wipe}>{children}</form>; }\n" })), 'wipe none false');
    assert.equal(guarded(posted("export const config = { matcher: ['/api/:path*'] };\n", PORTER)), 'wipe none false');
    // That a cookie came says nothing about whose it is.
    assert.equal(guarded(posted('', "if (!req.cookies.get('sid')) return NextResponse.redirect(new URL('/login', req.url));\n  return NextResponse.next();")), 'wipe none false');
  });
  it('an action of a module that no page imports is never built', () => {
    const mounted = (files: Readonly<Record<string, string>>) => projectOf(files).endpoints().map((e) => `${e.path} ${e.mounted}`);
    const unused = { 'old.ts': "'use server';\nimport { prisma } from './lib/db';\nexport async function drop() {\n  await prisma.order.deleteMany();\n}\n" };
    assert.deepEqual(mounted(posted('', PORTER, unused)), ['wipe true', 'drop false']);
    // Without pages nothing says what they use; an import that leads nowhere may mean the module.
    assert.deepEqual(mounted({ 'lib/db.ts': DB, ...unused }), ['drop true']);
    assert.deepEqual(mounted(posted('', PORTER, { ...unused, 'app/old/page.tsx': "import { drop } from '~elsewhere/old';\nexport default function Old() { return <form action={drop} />; }\n" })), ['wipe true', 'drop true']);
  });
  for (const c of CASES) {
    it(c.name, () => {
      const found = projectOf(c.files).endpoints().map((e) => [e.method, e.path, e.auth, ...(e.publicBy === null ? [] : [e.publicBy])].join(' '));
      assert.deepEqual([...found].sort(), [...c.endpoints].sort());
    });
  }

  for (const [what, body, roles] of ROLES) {
    it(`roles: ${what}`, () => {
      const endpoints = projectOf(express(body, { 'flat.js': FLAT })).endpoints();
      assert.deepEqual(Object.fromEntries(endpoints.map((e) => [e.path, e.roles.join(' ')])), roles);
      assert.ok(endpoints.every((e) => e.auth === 'required'));
    });
  }

  it('a document is filled and saved: what went into it is written', () => {
    const files = express("const mongoose = require('mongoose');\nconst Part = mongoose.model('Part', new mongoose.Schema({}));\napp.post('/made', async (req, res) => {\n  const doc = new Part(req.body);\n  await doc.save();\n  res.end();\n});\napp.put('/assigned/:id', async (req, res) => {\n  const doc = await Part.findById(req.params.id);\n  Object.assign(doc, req.body);\n  await doc.save();\n  res.end();\n});\napp.put('/set/:id', async (req, res) => {\n  const doc = await Part.findById(req.params.id);\n  doc.set(req.body);\n  await doc.save();\n  res.end();\n});\napp.put('/fields/:id', async (req, res) => {\n  const doc = await Part.findById(req.params.id);\n  doc.price = req.body.price;\n  await doc.save();\n  res.end();\n});");
    const saved = projectOf(files).endpoints().map((e) => [e.path, e.sinks.filter((s) => s.kind === 'db-write').map((s) => `${s.target} ${s.wholeRow} ${s.raw.map((r) => r.field).join()}`).join()]);
    assert.deepEqual(Object.fromEntries(saved), { '/made': 'Part true ', '/assigned/:id': 'Part true ', '/set/:id': 'Part true ', '/fields/:id': 'Part false price' });
  });

  it('a hash of what came, held in constant time against what came with it, is a signature', () => {
    const files = express("const crypto = require('crypto');\nfunction seal(rest, key) {\n  return crypto.createHash('md5').update(Object.values(rest).join('&') + key).digest('hex');\n}\nfunction genuine(query, key) {\n  const { sign, ...rest } = query;\n  if (!sign) return false;\n  try {\n    return crypto.timingSafeEqual(Buffer.from(String(sign)), Buffer.from(seal(rest, key)));\n  } catch {\n    return false;\n  }\n}\nasync function handle(query) {\n  const cfg = (await db.query('select key from settings')).rows[0];\n  if (!genuine(query, cfg.key)) return { ok: false };\n  await db.query('update orders set paid = true where no = $1', [query.no]);\n  return { ok: true };\n}\napp.get('/paid', async (req, res) => {\n  const r = await handle(req.query);\n  res.send(r.ok ? 'success' : 'fail');\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.auth} ${e.publicBy}`), ['/paid required signed-webhook']);
  });

  it('a router required in other letters than its file is still mounted', () => {
    const files = { 'app.js': "const express = require('express');\nconst app = express();\napp.use('/parts', require('./routes/Parts'));\napp.listen(1);\n", 'routes/parts.js': "const { Router } = require('express');\nconst r = Router();\nr.get('/', (req, res) => res.json([]));\nmodule.exports = r;\n", 'package.json': '{ "dependencies": { "express": "5.0.0" } }' };
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.mounted}`), ['/parts true']);
  });

  it('what is compared with a setting is a secret, also where code falls back to another or is handed one', () => {
    const guard = (expected: string): string => `const make = ({ getKey } = {}) => {\n  const admits = (req, res) => {\n    const sent = req.get('x-api-key');\n    const expected = ${expected};\n    if (!sent || sent !== expected) {\n      res.status(401).end();\n      return false;\n    }\n    return true;\n  };\n  return admits;\n};\n`;
    const open = (expected: string, handed: string): string[] => projectOf(express(`${guard(expected)}const admits = make(${handed});\napp.get('/x', async (req, res) => {\n  if (!admits(req, res)) return;\n  res.json(await db.query('select * from parts'));\n});`)).endpoints().map((e) => e.auth);
    assert.deepEqual(open("typeof getKey === 'function' ? getKey() : process.env.KEY", '{ getKey: () => process.env.KEY }'), ['required']);
    assert.deepEqual(open("typeof getKey === 'function' ? getKey() : process.env.KEY", ''), ['required']);
    assert.deepEqual(open('elsewhere() ? process.env.KEY : process.env.OLD_KEY', ''), ['required']);
    assert.deepEqual(open("elsewhere() ? process.env.KEY : req.query.key", ''), ['none']);
  });

  it('a statement is read through helpers that trim, rewrite and test its text', () => {
    const files = express("const run = async (text, params) => {\n  const sql = text == null ? '' : String(text);\n  const upper = sql.trim().toUpperCase();\n  if (process.env.PG_POOL) return db.query(sql, params);\n  const stmt = lite.prepare(sql.includes('$1') ? sql.replace(/\\$\\d+/g, '?') : sql);\n  if (upper.startsWith('SELECT')) return stmt.all(params);\n  return stmt.run(params);\n};\nconst Database = require('better-sqlite3');\nconst lite = new Database('x.db');\napp.get('/a/:id', async (req, res) => res.json(await run(`\n  select name from parts where id = $1`, [req.params.id])));\napp.get('/b', async (req, res) => res.json(await run(`SELECT name FROM parts ${req.query.all ? '' : 'limit 3'}`, [])));\napp.post('/c', async (req, res) => res.json(await run('insert into parts (name) values ($1)', [req.body.name])));");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${[...new Set(e.sinks.map((s) => `${s.kind} ${s.target}`))].join()}`), ['/a/:id db-read parts', '/b db-read parts', '/c db-write parts']);
  });

  it('an earlier version of the app that no command starts serves nobody', () => {
    const app = (path: string): string => `const express = require('express');\nconst app = express();\napp.get('${path}', (req, res) => res.json([]));\nmodule.exports = app;\n`;
    const files = { 'app.js': app('/now'), 'app-old.js': app('/before'), 'server.js': "require('./app').listen(1);\n", 'server-old.js': "require('./app-old').listen(1);\n" };
    const mounted = (scripts: object, more: Record<string, string> = {}): string[] => projectOf({ ...files, ...more, 'package.json': JSON.stringify({ scripts, dependencies: { express: '5.0.0' } }) }).endpoints().map((e) => `${e.path} ${e.mounted}`);
    assert.deepEqual(mounted({ start: 'node server.js' }), ['/before false', '/now true']);
    assert.deepEqual(mounted({ start: 'node dist/server.js', old: 'nodemon ./server-old.js' }), ['/before true', '/now true']);
    // No command names a file that is here: nobody knows.
    assert.deepEqual(mounted({ start: 'pm2 start all' }), ['/before true', '/now true']);
    assert.deepEqual(mounted({ start: 'node server.js' }, { 'api/index.js': "module.exports = require('../app-old');\n" }), ['/before true', '/now true']);
  });

  it('one of two ways in: two proofs are one, a proof and a test that reading cannot weigh are unknown, a claim is none', () => {
    const open = (test: string): string[] => projectOf(express(`const allow = (process.env.SELF_SERVICE || '').split(',');\napp.patch('/x/:id', async (req, res) => {\n  const key = req.get('x-api-key');\n  const keyOk = key && key === process.env.API_KEY;\n  const other = req.get('x-job-key') === process.env.JOB_KEY;\n  const listed = allow.includes(req.params.id);\n  if (${test}) return res.status(401).end();\n  await db.query('update parts set name = $1', [req.body.name]);\n  res.end();\n});`)).endpoints().map((e) => e.auth);
    assert.deepEqual(open('!keyOk && !other'), ['required']);
    assert.deepEqual(open('!keyOk && !listed'), ['unknown']);
    assert.deepEqual(open('!keyOk && !req.body.force'), ['none']);
  });

  it('a key that a database knows is found through any driver, past a cache, and by its hash', () => {
    const guard = "const crypto = require('crypto');\nconst Database = require('better-sqlite3');\nconst lite = new Database('x.db');\nconst cache = new Map();\nconst run = async (text, params) => {\n  const cached = await cache.get(text);\n  if (cached) return cached;\n  if (process.env.PG_POOL) return db.query(text, params);\n  return { rows: lite.prepare(text).all(...params) };\n};\nconst keyed = async (req, res, next) => {\n  const key = req.get('x-api-key');\n  if (!key) return res.status(401).end();\n  const { rows } = await run('select id from api_keys where hash = $1', [crypto.createHash('sha256').update(key).digest('hex')]);\n  if (!rows[0]) return res.status(401).end();\n  next();\n};\n";
    assert.deepEqual(projectOf(express(`${guard}app.get('/x', keyed, async (req, res) => res.json(await db.query('select * from parts')));`)).endpoints().map((e) => e.auth), ['required']);
  });

  it('a form for leads takes one in; it is not where they are deleted, listed or put in by the hundred', () => {
    const files = express("app.post('/leads', async (req, res) => {\n  await db.query('insert into leads (name) values ($1)', [req.body.name]);\n  res.end();\n});\napp.get('/clear-leads', async (req, res) => {\n  await db.query('delete from leads');\n  res.end();\n});\napp.post('/leads/import', async (req, res) => {\n  await db.query('insert into leads (name) values ($1)', [req.body.name]);\n  res.end();\n});\napp.post('/leads/reset', async (req, res) => {\n  await db.query('update leads set name = null');\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.publicBy} ${e.sinks.map((s) => s.op).join()}`), ['/leads lead-form insert', '/clear-leads null delete', '/leads/import null insert', '/leads/reset null update']);
  });

  it('events of a loop that do not show the secret are passed over', () => {
    const files = express("const work = async (events, secret) => {\n  for (const e of events) {\n    if (e.state !== secret) {\n      console.warn('not ours');\n      continue;\n    }\n    await db.query('insert into parts (name) values ($1)', [e.name]);\n  }\n};\napp.post('/hook', async (req, res) => {\n  await work(req.body.value, process.env.HOOK_SECRET);\n  res.end();\n});\napp.post('/open', async (req, res) => {\n  for (const e of req.body.value) {\n    if (!e.name) continue;\n    await db.query('insert into parts (name) values ($1)', [e.name]);\n  }\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.auth}`), ['/hook required', '/open none']);
  });

  it('a session whose check is returned unawaited, or nothing, is one; a helper answers for its handler', () => {
    const files = {
      'package.json': '{ "dependencies": { "next": "16.0.0", "jose": "6.0.0", "pg": "8.0.0" } }',
      'lib/auth.ts': "import { jwtVerify } from 'jose';\nimport { cookies } from 'next/headers';\nimport { NextResponse } from 'next/server';\nasync function verify(token: string) {\n  try {\n    const { payload } = await jwtVerify(token, new TextEncoder().encode(process.env.JWT_SECRET));\n    return payload;\n  } catch {\n    return null;\n  }\n}\nexport async function getSession() {\n  const token = (await cookies()).get('session')?.value;\n  return token ? verify(token) : null;\n}\nexport function mayBe(session: any, roles: string[]) {\n  return !!session && roles.includes(session.role);\n}\nexport function refuse(message: string, status: number) {\n  return NextResponse.json({ error: message }, { status });\n}\n",
      'app/api/parts/route.ts': "import { Pool } from 'pg';\nimport { getSession, mayBe, refuse } from '../../../lib/auth';\nconst db = new Pool();\nexport async function GET() {\n  const session = await getSession();\n  if (!session) return refuse('Unauthorized', 401);\n  return Response.json((await db.query('select * from parts')).rows);\n}\nexport async function POST(req: Request) {\n  const session = await getSession();\n  if (!mayBe(session, ['admin'])) return refuse('Forbidden', 403);\n  await db.query('delete from parts');\n  return Response.json({});\n}\nexport async function PUT() {\n  return Response.json((await db.query('select * from parts')).rows);\n}\n",
    };
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.method} ${e.auth} ${e.fakeGuards.length}`), ['GET required 0', 'POST required 0', 'PUT none 0']);
  });

  it('a sign-in stays one when a schema reads its password', () => {
    const files = express("const { z } = require('zod');\nconst shape = z.object({ name: z.string(), password: z.string() });\napp.post('/login', async (req, res) => {\n  const parsed = shape.safeParse(req.body);\n  if (!parsed.success) return res.status(400).end();\n  const { name, password } = parsed.data;\n  const user = (await db.query('select * from users where name = $1', [name])).rows[0];\n  if (user.password !== password) return res.status(401).end();\n  res.json({ id: user.id });\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.publicBy}`), ['/login sign-in']);
  });

  for (const [what, body, deeds] of DRIVERS) {
    it(`statements of a driver: ${what}`, () => {
      const sinks = projectOf(express(body)).endpoints().flatMap((e) => e.sinks.map((s) => `${s.kind} ${s.target} ${s.raw.map((r) => r.field).join()}`));
      assert.deepEqual(sinks, deeds);
    });
  }

  it('answers are seen behind a middleware that notes what is sent; work for whoever is signed in, else a denial', () => {
    const files = express("const passport = require('passport');\napp.use((req, res, next) => {\n  const original = res.json;\n  res.json = function (body, ...rest) {\n    console.log(body);\n    return original.apply(res, [body, ...rest]);\n  };\n  next();\n});\napp.use(passport.session());\napp.get('/me', (req, res) => {\n  if (req.isAuthenticated()) {\n    res.json({ user: req.user });\n  } else {\n    res.status(401).json({ message: 'no' });\n  }\n});\napp.put('/me', async (req, res) => {\n  if (req.isAuthenticated()) {\n    await db.query('update users set name = $1 where id = $2', [req.body.name, req.user.id]);\n    return res.json({});\n  }\n  res.sendStatus(401);\n});\napp.get('/open', list);");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.method} ${e.path} ${e.auth} ${e.returnsData}`), ['GET /me required false', 'PUT /me required false', 'GET /open none true']);
  });

  it('rows built, or merged with what came, and saved', () => {
    const files = express("const { Sequelize, DataTypes } = require('sequelize');\nconst Bin = new Sequelize('x').define('Bin', {});\nconst { DataSource } = require('typeorm');\nconst parts = new DataSource({}).getRepository('Part');\napp.post('/a', async (req, res) => {\n  const bin = Bin.build(req.body);\n  await bin.save();\n  res.end();\n});\napp.put('/b/:id', async (req, res) => {\n  const part = await parts.findOneBy({ id: req.params.id });\n  parts.merge(part, req.body);\n  await parts.save(part);\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => e.sinks.filter((s) => s.kind === 'db-write').map((s) => `${s.op} ${s.wholeRow} ${s.raw.map((r) => `${r.source}.${r.field}`).join()}`).join()), ['save true body.', 'update true body.']);
  });

  it('what a row that came is asked does not reach the database', () => {
    const files = express("const mongoose = require('mongoose');\nconst Member = mongoose.model('Member', new mongoose.Schema({}));\napp.post('/login', async (req, res) => {\n  const who = await Member.findOne({ email: req.body.email });\n  if (!who || !(await who.comparePassword(req.body.password))) return res.status(401).end();\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.publicBy} ${e.sinks.map((s) => s.raw.map((r) => r.field).join()).join()}`), ['sign-in email']);
  });

  it('a second registration behind one that always answers is dead', () => {
    const files = express("app.post('/x', (req, res) => res.end());\napp.post('/x', list);\napp.get('/y', (req, res, next) => (req.query.a ? next() : res.end()));\napp.get('/y', list);\napp.put('/z/:id', (req, res) => res.end());\napp.put('/z/:key/', list);\napp.get('/z/:id', list);");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.method} ${e.path} ${e.sinks.length}`), ['POST /x 0', 'GET /y 0', 'GET /y 1', 'PUT /z/:id 0', 'GET /z/:id 1']);
  });

  it('counting that something was looked at changes nothing; counting what is left does', () => {
    const files = express("const mongoose = require('mongoose');\nconst Part = mongoose.model('Part', new mongoose.Schema({}));\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\napp.get('/a/:id', async (req, res) => res.json(await Part.findByIdAndUpdate(req.params.id, { $inc: { views: 1 } })));\napp.get('/b/:id', async (req, res) => res.json(await prisma.part.update({ where: { id: req.params.id }, data: { viewCount: { increment: 1 } } })));\napp.get('/c/:id', async (req, res) => {\n  await db.query('UPDATE parts SET views = COALESCE(views, 0) + 1 WHERE id = $1', [req.params.id]);\n  res.end();\n});\napp.get('/d/:id', async (req, res) => {\n  const part = await Part.findById(req.params.id);\n  part.views += 1;\n  await part.save();\n  res.json(part);\n});\napp.get('/e/:id', async (req, res) => res.json(await Part.findByIdAndUpdate(req.params.id, { $inc: { stock: 1 } })));\napp.get('/f/:id', async (req, res) => res.json(await Part.findByIdAndUpdate(req.params.id, { $inc: { views: 1 }, name: req.query.name })));\napp.get('/g/:id', async (req, res) => {\n  await db.query('UPDATE parts SET views = views + 1, name = $2 WHERE id = $1', [req.params.id, req.query.name]);\n  res.end();\n});");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.mutates}`), ['/a/:id false', '/b/:id false', '/c/:id false', '/d/:id false', '/e/:id true', '/f/:id true', '/g/:id true']);
  });

  it('what was used as a text is no filter of its own; parsed again it can be', () => {
    const files = express("const mongoose = require('mongoose');\nconst Part = mongoose.model('Part', new mongoose.Schema({}));\napp.post('/a', async (req, res) => res.json(await Part.findOne({ code: req.body.code })));\napp.post('/b', async (req, res) => res.json(await Part.findOne({ code: String(req.body.code) })));\napp.post('/c', async (req, res) => res.json(await Part.findOne({ code: `${req.body.code}` })));\napp.post('/d', async (req, res) => {\n  const code = req.body.code.trim().toLowerCase();\n  res.json(await Part.findOne({ code }));\n});\napp.post('/e', async (req, res) => res.json(await Part.findOne({ code: JSON.parse(req.body.code.trim()) })));\napp.post('/f', async (req, res) => res.json(await Part.create({ code: req.body.code.trim() })));");
    assert.deepEqual(projectOf(files).endpoints().map((e) => `${e.path} ${e.sinks.map((x) => x.raw.map((r) => r.field).join()).join()}`), ['/a code', '/b ', '/c ', '/d ', '/e code', '/f code']);
  });

  it('a class that keeps rows in maps is asked like a database; a cache is not', () => {
    const files = express("const { storage } = require('./storage');\napp.get('/u', async (req, res) => res.json(await storage.all()));\napp.post('/u', async (req, res) => res.json(await storage.add({ name: req.body.name })));\napp.put('/u/:id', async (req, res) => {\n  const copy = { ...req.body };\n  res.json(await storage.change(Number(req.params.id), copy));\n});\napp.delete('/u/:id', async (req, res) => res.json(await storage.drop(Number(req.params.id))));\napp.get('/c/:id', (req, res) => res.json(storage.known(req.params.id)));", {
      'storage.js': "class MemStorage {\n  constructor() {\n    this.members = new Map();\n    this.pageCache = new Map();\n    this.next = 1;\n  }\n  async all() { return Array.from(this.members.values()); }\n  async add(m) {\n    const row = { ...m, id: this.next++ };\n    this.members.set(row.id, row);\n    return row;\n  }\n  async change(id, part) {\n    const old = this.members.get(id);\n    if (!old) return undefined;\n    const row = { ...old, ...part };\n    this.members.set(id, row);\n    return row;\n  }\n  async drop(id) { return this.members.delete(id); }\n  known(id) { return this.pageCache.get(id); }\n}\nexports.storage = new MemStorage();\n",
    });
    const did = projectOf(files).endpoints().map((e) => `${e.method} ${e.path} ${e.sinks.map((s) => `${s.kind} ${s.target} ${s.wholeRow}`).join()}`);
    assert.deepEqual(did, ['GET /u db-read members false', 'POST /u db-write members false', 'PUT /u/:id db-read members false,db-write members true', 'DELETE /u/:id db-write members false', 'GET /c/:id ']);
  });

  it('a pool that a function sets when the program starts, and values bound before the statement is sent', () => {
    const files = express("const { sql, getPool } = require('./mssql');\napp.post('/a', async (req, res) => {\n  const pool = getPool();\n  await pool.request().input('name', sql.NVarChar, req.body.name).query('INSERT INTO parts (name) VALUES (@name)');\n  const all = await pool.request().query('SELECT * FROM parts');\n  res.json(all.recordset);\n});", {
      'mssql.js': "const sql = require('mssql');\nlet pool = null;\nasync function init() {\n  try {\n    pool = new sql.ConnectionPool({});\n    await pool.connect();\n    return pool;\n  } catch (e) {\n    console.error(e);\n    throw e;\n  }\n}\nfunction getPool() {\n  if (!pool) throw new Error('not yet');\n  return pool;\n}\nmodule.exports = { sql, init, getPool };\n",
    });
    const [e] = projectOf(files).endpoints();
    assert.deepEqual(e?.sinks.map((s) => `${s.kind} ${s.target} ${s.raw.map((r) => r.field).join()}`), ['db-write parts name', 'db-read parts ']);
    assert.deepEqual([e?.auth, e?.returnsData], ['none', true]);
  });

  it('roles: the column of his own row, which row rules show to others too', () => {
    const [e] = projectOf(route("async function onlyAdmins() {\n  const client = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => [], setAll() {} } });\n  const { data: { user } } = await client.auth.getUser();\n  if (!user) throw new Error('sign in');\n  const { data: own } = await client.from('people').select('role').eq('id', user.id).single();\n  if (own?.role !== 'admin') throw new Error('no');\n}\nexport async function POST(req: Request) {\n  await onlyAdmins();\n  const { n } = await req.json();\n  return Response.json(await prisma.invoice.create({ data: { n } }));\n}", "import { createServerClient } from '@supabase/ssr';")).endpoints();
    assert.deepEqual([e?.auth, e?.roles], ['required', ['admin']]);
  });

  it('roles: a table of permissions asked with the caller’s role', () => {
    const files = route("const MAY: Record<string, string[]> = { desk: ['trip:add'], ledger: ['trip:add', 'bill:add'], admin: ['trip:add', 'bill:add'], visitor: [] };\nconst may = (role: string, what: string) => MAY[role]?.includes(what) ?? false;\nexport async function POST(req: Request) {\n  const session = await getServerSession({});\n  if (!session) return Response.json({ e: 1 }, { status: 401 });\n  if (!may(session.user.role, 'bill:add')) return Response.json({ e: 2 }, { status: 403 });\n  const { n } = await req.json();\n  return Response.json(await prisma.bill.create({ data: { n } }));\n}", "import { getServerSession } from 'next-auth';");
    const [e] = projectOf(files).endpoints();
    assert.deepEqual([e?.auth, e?.roles], ['required', ['ledger', 'admin']]);
  });

  it('a helper that answers, its status worked out from an argument left out: the data is sent, and a static answer stands behind the check', () => {
    const helper = "const ok = (data: unknown, how?: number | string) => Response.json({ data }, { status: typeof how === 'number' ? how : 200 });\nconst no = (status = 400) => Response.json({}, { status });\n";
    const [open] = projectOf(route(`${helper}export async function GET() {\n  const [n, rows] = await Promise.all([prisma.trip.count(), prisma.trip.findMany()]);\n  return ok({ n, rows });\n}`)).endpoints();
    assert.deepEqual([open?.auth, open?.returnsData], ['none', true]);
    const signedIn = "  const session = await getServerSession({});\n  if (!session) return no(401);\n";
    const [fixed] = projectOf(route(`${helper}const PLACES = [{ key: 'a', label: 'A' }];\nexport async function GET() {\n${signedIn}  return ok(PLACES.map((p) => p.key));\n}`, "import { getServerSession } from 'next-auth';")).endpoints();
    assert.equal(fixed?.auth, 'required');
  });

  it('a journal that is only read is guarded, and open, like any other table; a line written into it proves nothing', () => {
    const read = (check: string) => projectOf(route(`export async function GET() {\n${check}  return Response.json(await prisma.activityLog.findMany());\n}`, "import { getServerSession } from 'next-auth';")).endpoints()[0]?.auth;
    assert.equal(read("  const session = await getServerSession({});\n  if (!session) return Response.json({}, { status: 401 });\n  if (!['boss'].includes(session.user.role)) return Response.json({}, { status: 403 });\n"), 'required');
    assert.equal(read(''), 'none');
  });

  it('who comes back from paying: what the provider says of the payment decides, not who asks', () => {
    const confirm = (check: string) => projectOf(route(`const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);\nasync function book(paid) {\n${check}  return prisma.bill.update({ where: { id: paid.metadata.bill }, data: { paid: paid.amount_total } });\n}\nexport async function POST(req: Request) {\n  const { id } = await req.json();\n  const paid = await stripe.checkout.sessions.retrieve(id);\n  return Response.json(await book(paid));\n}`, "import Stripe from 'stripe';")).endpoints()[0];
    const asked = confirm("  if (paid.payment_status !== 'paid') throw new Error('not yet');\n");
    assert.deepEqual([asked?.auth, asked?.publicBy], ['none', 'share-token']);
    assert.equal(confirm('')?.publicBy, null);
  });

  it('names a check by what it is, not by the function it stands in', () => {
    const files = express("function routes(app) {\n  app.use('/api', (req, res, next) => (req.session.member ? next() : res.status(401).end()));\n  app.get('/api/x', list);\n}\nroutes(app);\nconst wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);\nconst signedIn = wrap(async (req, res, next) => {\n  if (!req.session.member) return res.status(401).end();\n  next();\n});\napp.get('/y', signedIn, list);");
    assert.deepEqual(projectOf(files).endpoints().map((e) => e.guards.map((g) => g.name)), [['check at /api'], ['signedIn']]);
  });

  for (const [what, guard, auth] of KEYS) {
    it(`an opaque key looked up: ${what}`, () => {
      const [e] = projectOf(keyed(guard)).endpoints();
      assert.equal(e?.auth, auth);
      assert.deepEqual(e?.sinks.map((s) => `${s.kind} ${s.target}`), ['db-write notes']);
    });
  }

  for (const c of CONTAINERS) {
    it(`${c.name}: what they do is seen`, () => {
      for (const e of projectOf(c.files).endpoints()) assert.deepEqual(e.sinks.map((s) => `${s.kind} ${s.target}`), ['db-read visit'], e.path);
    });
  }
});
