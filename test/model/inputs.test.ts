/** Where request data ends up, and where it does not: each case is a shape found in the wild, in words of our own. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

const ADMIN = "import { createClient } from '@supabase/supabase-js';\nexport const db = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!);\n";
const PACKAGE = '{ "dependencies": { "next": "15", "@supabase/supabase-js": "2", "openai": "4", "stripe": "16", "web-push": "3", "googleapis": "1" } }';

/** `kind:target:op field,field` of every piece of work of the one endpoint. */
function work(body: string, imports = ''): string[] {
  const endpoints = projectOf({ 'package.json': PACKAGE, 'lib/db.ts': ADMIN, 'app/api/x/route.ts': `import { db } from '../../../lib/db';\n${imports}\nexport async function POST(req: Request) {\n  const body = await req.json();\n${body}\n}\n` }).endpoints();
  assert.equal(endpoints.length, 1);
  return endpoints[0]!.sinks.map((s) => `${s.kind}:${s.target ?? ''}:${s.op} ${s.raw.map((r) => r.field).join()}`.trim());
}

describe('where request data ends up', () => {
  it('values nested in what a model or a payment is asked for', () => {
    assert.deepEqual(work("  const ai = new OpenAI();\n  await ai.chat.completions.create({ messages: [{ role: 'user', content: [{ type: 'image', source: { data: body.picture } }] }] });\n  return Response.json({});", "import OpenAI from 'openai';"), ['llm::generate picture']);
    assert.deepEqual(work("  const names = body.items.map((i: { name: string }) => i.name);\n  await new Stripe('k').checkout.sessions.create({ line_items: names.map((name: string) => ({ price_data: { product_data: { name } } })) });\n  return Response.json({});", "import Stripe from 'stripe';").map((s) => s.replace(/ .*items.*/, ' items')), ['payment::checkout items']);
  });

  it('what is gathered in a list, and sent through a provider’s address', () => {
    assert.deepEqual(work("  const rows: unknown[] = [];\n  for (const b of [1, 2]) rows.push({ b, name: body.name });\n  await db.from('boats').insert(rows);\n  return Response.json({});"), ['db-write:boats:insert name']);
    assert.deepEqual(work("  await fetch('https://api.ng.termii.com/api/sms/send', { method: 'POST', body: JSON.stringify({ to: body.to }) });\n  await fetch(`https://api.telegram.org/bot${process.env.BOT}/setWebhook`, { method: 'POST', body: '{}' });\n  await fetch(`https://api.telegram.org/bot${body.token}/sendMessage`, { method: 'POST', body: '{}' });\n  return Response.json({});"), ['mail::sms to', 'url::fetch token']);
  });

  it('of two files of one name, JavaScript means the JavaScript', () => {
    const route = "const express = require('express');\nconst { add } = require('./add');\nconst app = express();\napp.use(express.json());\napp.post('/boats', add);\napp.listen(3000);\n";
    const add = (data: string): string => `const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nexports.add = async (req, res) => res.json(await prisma.boat.create({ data: ${data} }));\n`;
    const read = (app: string, text: string): string[] => projectOf({ [app]: text, 'add.js': add('{ name: req.body.name }'), 'add.ts': add('{ port: req.body.port }') }).endpoints().flatMap((e) => e.sinks.flatMap((s) => s.raw.map((r) => r.field)));
    assert.deepEqual(read('app.js', route), ['name']);
    assert.deepEqual(read('app.ts', route), ['port']);
  });

  it('a body may have a size, and a text cut short is no long one', () => {
    assert.deepEqual(work("  await db.from('shirts').insert({ size: body.size, note: body.note.slice(0, 80), text: body.text });\n  return Response.json({});"), ['db-write:shirts:insert size,text']);
  });

  it('what a found row does with a value is no query', () => {
    const files = { 'app.js': "const express = require('express');\nconst { Boat } = require('./boat');\nconst app = express();\napp.use(express.json());\napp.post('/boats/:id', async (req, res) => {\n  const boat = await Boat.findById(req.params.id);\n  await boat.addTrip(req.body.miles);\n  res.end();\n});\napp.listen(3000);\n", 'boat.js': "const mongoose = require('mongoose');\nexports.Boat = mongoose.model('Boat', new mongoose.Schema({ miles: Number }));\n" };
    assert.deepEqual(projectOf(files).endpoints().flatMap((e) => e.sinks.flatMap((s) => s.raw.map((r) => r.field))), ['id']);
  });

  it('push messages', () => {
    assert.deepEqual(work("  await webpush.sendNotification(subscription, JSON.stringify({ title: body.title }));\n  return Response.json({});", "import webpush from 'web-push';\nconst subscription = { endpoint: 'x' };"), ['mail::sendNotification title']);
  });

  it('a filter of PostgREST that is put together as text, unless the value was cleaned', () => {
    assert.deepEqual(work("  const { data } = await db.from('boats').select('*').or(`name.ilike.%${body.q}%,port.ilike.%${body.q}%`);\n  return Response.json(data);").sort(), ['db-read:boats:select q,q', 'sql:boats:or q,q']);
    assert.deepEqual(work("  const q = String(body.q).replace(/[%,()]/g, ' ');\n  const { data } = await db.from('boats').select('*').or(`name.ilike.%${q}%`);\n  return Response.json(data);"), ['db-read:boats:select']);
    assert.deepEqual(work("  const name = body.name.replace(/[^\\w.-]/g, '_');\n  await db.storage.from('scans').upload(`in/${name}`, 'x');\n  return Response.json({});"), ['storage:scans:upload']);
    assert.deepEqual(work("  const name = body.name.replace(/\\s+/g, ' ');\n  await db.storage.from('scans').upload(`in/${name}`, 'x');\n  return Response.json({});"), ['storage:scans:upload name']);
  });

  it('not in what a code was exchanged for, what another server answers, or the key of a cache', () => {
    assert.deepEqual(work("  const client = new google.auth.OAuth2('id', 'secret', body.redirect);\n  const { tokens } = await client.getToken(body.code);\n  await db.from('links').upsert({ access: tokens.access_token });\n  return Response.json({});", "import { google } from 'googleapis';"), ['db-write:links:upsert']);
    assert.deepEqual(work("  const res = await fetch('https://api.rates.test/v1', { method: 'POST', body: JSON.stringify({ from: body.from }) });\n  const { price } = await res.json();\n  await db.from('offers').insert({ price });\n  return Response.json({});"), ['db-write:offers:insert']);
    assert.deepEqual(work("  await db.from('api_cache').upsert({ cache_key: `report:${body.period}`, payload: {} });\n  return Response.json({});"), ['db-write:api_cache:upsert']);
  });

  it('in the callbacks of a stream that writes the answer', () => {
    assert.deepEqual(work("  const stream = new ReadableStream({\n    async start(controller) {\n      await db.from('drafts').insert({ text: body.text });\n      controller.close();\n    },\n  });\n  return new Response(stream);"), ['db-write:drafts:insert text']);
  });

  it('not an id of a row that came, on the way where it came', () => {
    const own = { 'lib/own.ts': "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\n\nexport async function own() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n" };
    const route = (body: string) => projectOf({ 'package.json': PACKAGE, ...own, 'app/api/x/route.ts': `import { own } from '../../../lib/own';\n\nexport async function POST(req: Request) {\n  const { id, note, again } = await req.json();\n  const db = await own();\n${body}\n}\n` }).endpoints()[0]!.sinks.filter((s) => s.kind === 'db-write').map((s) => s.raw.map((r) => r.field).join());
    assert.deepEqual(route("  const { data: boat } = await db.from('boats').select('id').eq('id', id).single();\n  if (!boat) return Response.json({}, { status: 404 });\n  await db.from('trips').insert({ boat: id, note });\n  return Response.json({});"), ['note']);
    assert.deepEqual(route("  const { data: boat } = await db.from('boats').select('id').ilike('name', `%${note}%`).single();\n  if (!boat) return Response.json({}, { status: 404 });\n  await db.from('trips').insert({ note });\n  return Response.json({});"), ['note']);
    assert.deepEqual(route("  if (!again) {\n    const { data: boat } = await db.from('boats').select('id').eq('id', id).single();\n    if (boat) return Response.json(boat);\n  }\n  await db.from('trips').insert({ boat: id });\n  return Response.json({});"), ['id']);
  });

  it('a redirect decides its host only where a value stands before the first path', () => {
    const target = (url: string) => projectOf({ 'package.json': PACKAGE, 'app/api/x/route.ts': `import { NextResponse } from 'next/server';\n\nexport async function GET(req: Request) {\n  const { searchParams, origin } = new URL(req.url);\n  const why = searchParams.get('why');\n  return NextResponse.redirect(${url});\n}\n` }).endpoints()[0]!.sinks.map((s) => s.kind);
    for (const own of ['`${origin}/desk?why=${encodeURIComponent(why ?? "")}`', '`${process.env.APP_URL}/desk?why=${why}`', 'new URL(`/desk?why=${why}`, req.url)']) assert.deepEqual(target(own), [], own);
    for (const open of ['`${origin}${why}`', '`${origin}/${why}`', 'why!', 'new URL(why!, req.url)']) assert.deepEqual(target(open), ['redirect'], open);
  });

  it('a value in the address may name whom a request is about', () => {
    const files = { 'package.json': PACKAGE, 'lib/db.ts': ADMIN, 'app/api/x/route.ts': "import { db } from '../../../lib/db';\n\nexport async function DELETE(req: Request) {\n  const userId = new URL(req.url).searchParams.get('userId');\n  if (!userId) return Response.json({ error: 'userId is missing' }, { status: 400 });\n  await db.from('shares').delete().eq('shared_with', userId);\n  return Response.json({});\n}\n" };
    assert.deepEqual(projectOf(files).endpoints().flatMap((e) => e.fakeGuards), []);
  });
});
