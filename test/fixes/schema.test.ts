/** The result of the schema fix type-checks under strict, on the real zod. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';
import { applyEdits } from '../../src/engine/core/fix';
import type { RelPath } from '../../src/engine/core/types';
import actions from '../../src/engine/rules/validate/server-action-args-trusted';
import body from '../../src/engine/rules/validate/unvalidated-body';
import { sessionOf } from '../support/project';

const ROOT = process.cwd();

/** Libraries the sources name, as far as the check needs them. */
const AMBIENT = [
  "declare module '@prisma/client' { export class PrismaClient { [model: string]: any } }",
  "declare module 'next/server' { export class NextResponse extends Response { static json(data: unknown, init?: ResponseInit): NextResponse } }",
  "declare module 'express' { export interface Request { body: any; params: Record<string, string> } export interface Response { status(n: number): Response; json(x: unknown): Response } const e: any; export default e; }",
].join('\n');

function errors(files: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = { strict: true, noUncheckedIndexedAccess: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, skipLibCheck: true, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [] };
  const host = ts.createCompilerHost(options);
  const all = new Map(Object.entries({ ...files, 'ambient.d.ts': AMBIENT }).map(([p, t]) => [join(ROOT, 'virtual', p), t]));
  const read = host.readFile.bind(host);
  const exists = host.fileExists.bind(host);
  const source = host.getSourceFile.bind(host);
  host.readFile = (p) => all.get(p) ?? read(p);
  host.directoryExists = () => true;
  host.fileExists = (p) => all.has(p) || exists(p);
  host.getSourceFile = (p, v, ...rest) => (all.has(p) ? ts.createSourceFile(p, all.get(p)!, v) : source(p, v, ...rest));
  const program = ts.createProgram([...all.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((d) => `${d.file?.fileName.slice(ROOT.length) ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
}

describe('fixes/schema', function () {
  this.timeout(60_000);
  it('leaves code that type-checks', () => {
    const files: Record<string, string> = {
      'package.json': '{ "dependencies": { "zod": "^4.0.0", "next": "15.0.0", "express": "^5.0.0" } }\n',
      'db.ts': "import { PrismaClient } from '@prisma/client';\n\nexport const prisma = new PrismaClient();\n",
      'app/api/orders/route.ts': "import { NextResponse } from 'next/server';\nimport { prisma } from '../../../db';\n\ninterface NewOrder {\n  title: string;\n  amount: number;\n  tags?: string[];\n  kind: 'a' | 'b';\n  due: string | null;\n}\n\nfunction round(n: number): number {\n  return Math.round(n);\n}\n\nexport async function POST(request: Request) {\n  const body: NewOrder = await request.json();\n  const { title, kind, due, tags = [] } = body;\n  const order = await prisma.order.create({ data: { title, kind, due, tags: tags.join(), amount: round(body.amount) } });\n  return NextResponse.json(order);\n}\n",
      'app/actions.ts': "'use server';\n\nimport { prisma } from '../db';\n\ntype Patch = { name?: string; seats: number };\n\nexport async function change(id: string, patch: Patch, since: Date, formData: FormData): Promise<{ ok: boolean; error?: string }> {\n  if (!id) return { ok: false, error: 'no id' };\n  const email = formData.get('email') as string;\n  const seats = Number(formData.get('seats'));\n  await prisma.team.update({ where: { id }, data: { email, seats, name: patch.name, since } });\n  return { ok: true };\n}\n",
      'server.ts': "import express, { type Request, type Response } from 'express';\nimport { prisma } from './db';\n\nconst app = express();\napp.post('/items', async (req: Request, res: Response): Promise<void> => {\n  const price = Number(req.body.price);\n  const item = await prisma.item.create({ data: { name: req.body.name, price, active: req.body.active ?? true } });\n  res.json(item);\n});\n",
    };
    assert.deepEqual(errors(Object.fromEntries(Object.entries(files).filter(([p]) => p.endsWith('.ts')))), []);
    let fixed = 0;
    for (;;) {
      const session = sessionOf(files, { rules: [body, actions] as never });
      const finding = session.audit().findings.find((f) => f.fixes.includes('add-schema'));
      if (!finding) break;
      const result = session.fix(finding, 'add-schema');
      assert.ok(result.ok, `${finding.at.file}: ${result.ok ? '' : result.message}`);
      for (const file of new Set(result.fix.edits.map((e) => e.file))) files[file] = applyEdits(files[file]!, result.fix.edits.filter((e) => e.file === file));
      assert.ok(session.text('db.ts' as RelPath));
      fixed++;
    }
    assert.equal(fixed, 3);
    const scripts = Object.fromEntries(Object.entries(files).filter(([p]) => p.endsWith('.ts')));
    assert.deepEqual(errors(scripts), [], Object.values(scripts).join('\n----\n'));
  });
});
