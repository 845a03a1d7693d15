/** Inserted code: in the file's style, wherever a handler's body begins, and the result type-checks. */
import assert from 'node:assert/strict';
import ts from 'typescript';
import { applyEdits } from '../../src/engine/core/fix';
import type { GeneratedModule } from '../../src/engine/fixes/guard-find';
import { expressModule, nextModule } from '../../src/engine/fixes/guard-text';
import { importEdit, specifierFor } from '../../src/engine/fixes/imports';
import { makeAsync, prologue } from '../../src/engine/fixes/style';
import { projectOf, rel } from '../support/project';

const STYLE = { quote: "'", semicolons: true, indent: '  ', eol: '\n' } as const;

function withGuard(text: string, fnIndex = 1): string {
  const file = rel('app/api/x/route.ts');
  const script = projectOf({ [file]: text }).file(file)?.script;
  const fn = script?.functions[fnIndex];
  assert.ok(script && fn);
  const edits = [...makeAsync(fn, text), ...prologue(fn, text, script.style, ['const a = await b();', "if (!a) return 'x';"])];
  return applyEdits(text, edits.map((e) => ({ file, span: { start: e.start, end: e.end }, newText: e.newText })));
}

describe('fixes: where a guard goes in a function', () => {
  it('a block body', () => assert.equal(withGuard('export async function GET() {\n  return 1;\n}\n'), "export async function GET() {\n  const a = await b();\n  if (!a) return 'x';\n  return 1;\n}\n"));
  it('an arrow with an expression, in the quotes of its file', () => assert.equal(withGuard('const q = "q";\nexport const GET = async () => work();\n'), 'const q = "q";\nexport const GET = async () => {\n  const a = await b();\n  if (!a) return "x";\n  return work();\n};\n'));
  it('an arrow that yields an object', () => assert.equal(withGuard('export const act = async () => ({ ok: true });\n'), "export const act = async () => {\n  const a = await b();\n  if (!a) return 'x';\n  return ({ ok: true });\n};\n"));
  it('a function that was not async, with its type', () => assert.equal(withGuard('export function GET(req: Request): Response {\n  return work(req);\n}\n'), "export async function GET(req: Request): Promise<Response> {\n  const a = await b();\n  if (!a) return 'x';\n  return work(req);\n}\n"));
  it('after a directive', () => assert.equal(withGuard("async function act() {\n  'use server';\n  work();\n}\n"), "async function act() {\n  'use server';\n  const a = await b();\n  if (!a) return 'x';\n  work();\n}\n"));
  it('a body on one line, and an empty one', () => {
    assert.equal(withGuard('export async function GET() { return 1; }\n'), "export async function GET() {\n  const a = await b();\n  if (!a) return 'x';\n  return 1; }\n");
    assert.equal(withGuard('export async function GET() {}\n'), "export async function GET() {\n  const a = await b();\n  if (!a) return 'x';\n}\n");
  });
  it('keeps CRLF and tabs', () => assert.equal(withGuard('export async function GET() {\r\n\treturn 1;\r\n}\r\n'), "export async function GET() {\r\n\tconst a = await b();\r\n\tif (!a) return 'x';\r\n\treturn 1;\r\n}\r\n"));
});

describe('fixes: imports', () => {
  const add = (path: string, text: string, specifier = './lib/x'): string => {
    const file = projectOf({ [path]: text }).file(rel(path));
    assert.ok(file);
    const edit = importEdit(file, text, { local: 'x', imported: 'x', specifier });
    return edit ? applyEdits(text, [edit]) : text;
  };
  it('ES modules, CommonJS, one already there', () => {
    assert.equal(add('a.ts', "import a from 'a';\n\na();\n"), "import a from 'a';\nimport { x } from './lib/x';\n\na();\n");
    assert.equal(add('a.js', "const a = require('a');\n\na();\nmodule.exports = a;\n"), "const a = require('a');\nconst { x } = require('./lib/x');\n\na();\nmodule.exports = a;\n");
    assert.equal(add('a.ts', "import { y } from './lib/x';\ny();\n"), "import { y, x } from './lib/x';\ny();\n");
    assert.equal(add('a.ts', "import { x } from './lib/x';\nx();\n"), "import { x } from './lib/x';\nx();\n");
  });
  it('no import yet, below a directive', () => assert.equal(add('a.ts', "'use server';\n\nexport async function f() {}\n"), "'use server';\nimport { x } from './lib/x';\n\n\nexport async function f() {}\n"));
  it('specifiers: the alias where it is used, extensions by habit', () => {
    const model = projectOf({ 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }', 'src/lib/x.ts': 'export const x = 1;\n', 'src/lib/y.ts': 'export const y = 1;\n', 'src/app/a.ts': "import { y } from '@/lib/y';\nexport const a = y;\n", 'src/app/b.ts': "import { y } from '../lib/y.js';\nexport const b = y;\n" });
    assert.equal(specifierFor(model, rel('src/app/a.ts'), rel('src/lib/x.ts')), '@/lib/x');
    assert.equal(specifierFor(model, rel('src/app/b.ts'), rel('src/lib/x.ts')), '../lib/x.js');
  });
});

describe('fixes: the generated module', () => {
  const STUBS = `
declare module 'express' { export interface Request { headers: { authorization?: string } } export interface Response { status(n: number): Response; json(x: unknown): Response; locals: Record<string, any> } export type NextFunction = (e?: unknown) => void; }
declare module 'jsonwebtoken' { const jwt: { verify(t: string, s: string, o?: { algorithms?: 'HS256'[] }): string | { sub?: string } }; export default jwt; }
declare module 'firebase-admin/auth' { export function getAuth(): { verifyIdToken(t: string): Promise<{ uid: string }> }; }
declare module '@supabase/supabase-js' { export function createClient(u: string, k: string): { auth: { getUser(t: string): Promise<{ data: { user: { id: string } | null } }> } }; }
declare const process: { env: Record<string, string | undefined> };
`;
  const errors = (text: string): string[] => {
    const files = new Map([['/m.ts', text], ['/stubs.d.ts', STUBS]]);
    const options: ts.CompilerOptions = { strict: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noEmit: true, types: [], lib: ['lib.es2022.d.ts'] };
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version) => (files.has(name) ? ts.createSourceFile(name, files.get(name) ?? '', version) : read(name, version));
    host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
    const program = ts.createProgram([...files.keys()], options, host);
    return ts.getPreEmitDiagnostics(program).filter((d) => d.file?.fileName === '/m.ts').map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  };
  const module: GeneratedModule = { file: rel('src/lib/require-user.ts'), exists: false, unwired: false, typescript: true, commonJs: false };
  for (const library of ['jsonwebtoken', 'firebase', 'supabase', null] as const) {
    it(`type-checks in a strict project: ${library ?? 'not wired'}`, function () {
      this.timeout(30_000);
      const made = expressModule(module, library, 'JWT_SECRET', STYLE);
      assert.deepEqual(errors(made.text), [], made.text);
      assert.equal(made.wired, library !== null);
    });
  }
  it('keeps the stars of its comment in line', () => {
    for (const made of [nextModule(module, STYLE), expressModule(module, null, null, { ...STYLE, indent: '\t' })]) {
      const comment = made.text.slice(made.text.indexOf('/**'), made.text.indexOf('*/') + 2).split('\n');
      assert.ok(comment.length > 2 && comment.slice(1).every((l) => l.startsWith(' *')), made.text);
    }
  });
  it('type-checks for Next', function () {
    this.timeout(30_000);
    assert.deepEqual(errors(nextModule(module, STYLE).text), []);
  });
});
