/**
 * `npm run fuzz -- --count N [--seed S] [--corpus FOLDER]`: mutated, truncated and spliced files through extract → check → fix.
 * Nothing may throw, hang, report an engine error or name a range outside its file. The work runs in a worker thread: a
 * case that outlives its time is named and stepped over. A case is made again with `--seed S --only INDEX`.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { FileFacts } from '../engine/core/facts';
import { applyEdits } from '../engine/core/fix';
import type { Location, RelPath } from '../engine/core/types';
import { extractFile } from '../engine/extract/extract';
import { outlineDifferences } from './outlines';
import { ALL_RULES } from '../engine/rules/registry';
import { createSession } from '../engine/session/session';
import type { Session } from '../engine/session/api';
import { Random } from './random';

const SELF = fileURLToPath(import.meta.url);
const APP = join(dirname(SELF), '../../test/fixtures/apps/client-portal');

/** What one case may take on a busy machine before it counts as hanging. */
export const BUDGET_MS = 15_000;
/** What extracting one file may take; slower ones are named. */
export const SLOW_MS = 3_000;

const SNIPPETS = ['x', '(', ')', '`', '{', '}', '"', "'", '/*', '*/', ';', '\n', ' ', '\t', 'await ', 'return;\n', '.foo', ',', '!', '=>', '${', '//', '[', ']', ' && ', ' || ', '?.', '=', 'requireUser, ', 'async ', 'export ', 'import ', 'if (', 'throw ', '<div>', '\u{1F600}', 'é', '\r\n', '@', '#', '\\', ': any', '<T>'];

export interface Edited {
  readonly text: string;
  readonly what: string;
}

/** One thing a person, or a model writing for one, does to a text. */
export function edit(r: Random, text: string, others: readonly string[]): Edited {
  const at = r.below(text.length + 1);
  const splice = (start: number, end: number, put: string, what: string): Edited => ({ text: text.slice(0, start) + put + text.slice(end), what: `${what} at ${start}` });
  switch (r.below(10)) {
    case 0:
    case 1:
    case 2: {
      const put = r.pick(SNIPPETS);
      return splice(at, at, put, `insert ${JSON.stringify(put)}`);
    }
    case 3:
      return splice(at, Math.min(text.length, at + 1 + r.below(3)), '', 'delete a few');
    case 4:
      return splice(at, Math.min(text.length, at + r.below(60)), '', 'delete some');
    case 5: {
      const { start, end } = lineAround(text, at);
      return splice(start, end, '', 'delete a line');
    }
    case 6: {
      const { start, end } = lineAround(text, at);
      return splice(end, end, text.slice(start, end), 'repeat a line');
    }
    case 7: {
      const words = [...text.matchAll(/[A-Za-z_]\w*/g)];
      if (words.length === 0) return splice(at, at, 'word', 'insert a word');
      const word = r.pick(words);
      return splice(word.index, word.index + word[0].length, r.pick(words)[0], `replace ${word[0]}`);
    }
    case 8: {
      const from = r.pick(others);
      const start = r.below(from.length + 1);
      const { start: a, end: b } = lineAround(from, start);
      return splice(at, at, from.slice(a, b), 'paste a line');
    }
    default: {
      const { start, end } = lineAround(text, at);
      const to = lineAround(text, r.below(text.length + 1)).start;
      const line = text.slice(start, end);
      const rest = text.slice(0, start) + text.slice(end);
      const dest = to > start ? Math.max(start, to - line.length) : to;
      return { text: rest.slice(0, dest) + line + rest.slice(dest), what: 'move a line' };
    }
  }
}

function lineAround(text: string, at: number): { start: number; end: number } {
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const end = text.indexOf('\n', at);
  return { start: Math.min(start, at), end: end < 0 ? text.length : end + 1 };
}

// ------------------------------------------------------------------------------------------------ cases

export interface Case {
  readonly path: RelPath;
  readonly text: string;
  readonly what: string;
}

const many = (n: number, s: string): string => s.repeat(n);
const DEEP = 60_000;

/** The shapes that break parsers, walkers and regular expressions. */
export const SPECIALS: readonly { readonly path: string; readonly text: () => string; readonly what: string }[] = [
  ...['(', '[', '{', '!', '-', 'a(', 'a[', '() => ', 'async () => {', 'if (a) ', 'for (;;) ', 'function f() {', '<a>', '`${', 'a ? ', 'a = ', 'new ', 'await ', 'typeof ', 'x => ', 'class A { b = ', '[...', '{ a: ', 'try {', 'switch (a) { case 1: ', 'label: ', 'a as '].map((s) => ({ path: 'src/deep.tsx', text: () => `const x = 1;\n${many(DEEP, s)}`, what: `${DEEP} × ${s}` })),
  ...[['(', ')', '1'], ['[', ']', ''], ['{', '}', ''], ['<a>', '</a>', ''], ['(() => {', '})()', ''], ['if (a) {', '}', ''], ['f(', ')', '1'], ['[[', ']]', '1']].map(([a, b, c]) => ({ path: 'src/deep.tsx', text: () => many(DEEP, a!) + c! + many(DEEP, b!), what: `${DEEP} deep ${a}${b}` })),
  { path: 'src/chain.ts', text: () => `const x = a${many(DEEP, '.b')};`, what: 'a long member chain' },
  { path: 'src/chain.ts', text: () => `const x = a${many(DEEP, '.b()')};`, what: 'a long call chain' },
  { path: 'src/chain.ts', text: () => `app${many(20_000, ".get('/x', (req, res) => res.send(req.body))")};`, what: 'a long registration chain' },
  { path: 'src/chain.ts', text: () => `const x = 'a'${many(DEEP, " + 'b'")};`, what: 'a long concatenation' },
  { path: 'src/chain.ts', text: () => `const x = a${many(DEEP, ' + b')};`, what: 'a long sum' },
  { path: 'src/chain.ts', text: () => `const x = a${many(DEEP, ' && b')};`, what: 'a long conjunction' },
  { path: 'src/chain.ts', text: () => `const x = a${many(DEEP, ' ?? b')};`, what: 'a long fallback' },
  { path: 'src/chain.ts', text: () => `if (a) {}${many(30_000, ' else if (b) {}')}`, what: 'a long else-if' },
  { path: 'src/chain.ts', text: () => `const x = ${many(DEEP, 'a ? b : ')}c;`, what: 'a long conditional' },
  { path: 'src/chain.ts', text: () => many(40_000, 'import x from "x";\n'), what: 'many imports' },
  { path: 'src/chain.ts', text: () => many(2_000, 'export * from "./chain";\n'), what: 'a module that exports itself' },
  { path: 'src/chain.ts', text: () => `import express from 'express';\nconst app = express();\n${many(3_000, "app.post('/x', auth, (req, res) => { db.insert(req.body); res.json(1); });\n")}`, what: 'many routes' },
  { path: 'src/chain.ts', text: () => `import express from 'express';\nconst app = express();\n${many(600, "app.use(auth);\napp.post('/x', (req, res) => { db.insert(req.body); res.json(1); });\n")}`, what: 'many middlewares' },
  { path: 'src/line.ts', text: () => `const x = "${many(1_400_000, 'a')}";`, what: 'a huge string' },
  { path: 'src/line.ts', text: () => many(100_000, 'var a=1;'), what: 'a huge line' },
  { path: 'src/line.ts', text: () => many(19_000, ' '), what: 'blanks' },
  { path: 'src/line.ts', text: () => `const password = ${many(400_000, ' ')}`, what: 'an assignment of blanks' },
  { path: 'src/line.ts', text: () => `// ${many(200_000, 'rescue-ignore-next-line ')}`, what: 'a comment of markers' },
  { path: 'src/line.ts', text: () => many(100_000, '// rescue-ignore-next-line a '), what: 'directives on one line' },
  { path: 'src/line.ts', text: () => many(50_000, '/* rescue-ignore-next-line a\n'), what: 'open directives' },
  { path: 'src/line.ts', text: () => `const key = "${many(100_000, 'sk_live_')}";`, what: 'prefixes of a token' },
  { path: 'src/line.ts', text: () => `const key = "${many(100_000, 'eyJ')}";`, what: 'beginnings of a JWT' },
  { path: 'src/line.ts', text: () => `const url = "${many(60_000, 'postgres://')}";`, what: 'beginnings of a URL' },
  { path: 'src/line.ts', text: () => `const url = "postgres://${many(200_000, 'a:')}";`, what: 'a URL of colons' },
  { path: 'src/line.ts', text: () => many(50_000, 'password: '), what: 'names of secrets' },
  { path: 'src/line.ts', text: () => many(30_000, "apiKey = '"), what: 'open strings' },
  { path: 'src/line.ts', text: () => `${many(30_000, '-----BEGIN RSA PRIVATE KEY-----\n')}`, what: 'beginnings of a key' },
  { path: 'src/regex.ts', text: () => `const r = /${many(50_000, '(a+)+')}/;`, what: 'a huge regex' },
  { path: 'src/bin.ts', text: () => '\0\x01\x02'.repeat(1000), what: 'binary' },
  { path: 'src/bin.ts', text: () => `const a = 1;\n${many(9000, ' ')}\0\0`, what: 'binary later on' },
  { path: 'src/bin.ts', text: () => '\uFEFFimport x from "x";\r\nexport const a = 1;\r\n', what: 'BOM and CRLF' },
  { path: 'src/bin.ts', text: () => '\ud800\udfff\ud800 const 𝒳 = "😀";\n/* \udc00 */', what: 'lone surrogates' },
  { path: 'src/bin.ts', text: () => `const s = "${many(50_000, '😀')}";\rvar b;\u2028var c;\u2029`, what: 'emoji and odd line ends' },
  { path: 'src/empty.ts', text: () => '', what: 'empty' },
  { path: '.env', text: () => many(50_000, 'A=b\n'), what: 'a huge env file' },
  { path: '.env', text: () => `A="${many(100_000, '\\"')}`, what: 'an open env string' },
  { path: '.env', text: () => many(50_000, '${A:-'), what: 'nested env references' },
  { path: 'package.json', text: () => many(DEEP, '{"a":'), what: 'a deep package.json' },
  { path: 'tsconfig.json', text: () => many(DEEP, '['), what: 'a deep tsconfig.json' },
  { path: 'tsconfig.json', text: () => `{"compilerOptions":{"paths":{${many(5_000, '"*":["*"],')}"a":[]}}}`, what: 'many paths' },
  { path: 'vercel.json', text: () => `{"crons":${many(DEEP, '[')}`, what: 'a deep vercel.json' },
  { path: 'supabase/config.toml', text: () => `a = ${many(20_000, '[')}`, what: 'a deep TOML' },
  { path: 'supabase/config.toml', text: () => many(10_000, '[a.b]\n'), what: 'repeated TOML tables' },
  { path: 'docker-compose.yml', text: () => many(5_000, '- '), what: 'a deep YAML' },
  { path: 'docker-compose.yml', text: () => `a: &a [x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [${many(9, `*${'abcdefghij'[i]},`)}]`).join('\n')}`, what: 'a YAML bomb' },
  { path: 'db/schema.sql', text: () => many(20_000, 'select (('), what: 'a deep SQL' },
  { path: 'db/schema.sql', text: () => `insert into users values (${many(50_000, "'a',")}`, what: 'a long SQL insert' },
  { path: 'db/schema.sql', text: () => many(20_000, '/*'), what: 'open SQL comments' },
];

const PATHS = ['src/app.ts', 'src/routes/users.ts', 'src/lib/auth.ts', 'app/api/x/route.ts', 'app/actions.ts', 'middleware.ts', 'pages/api/x.js', 'supabase/functions/x/index.ts', 'src/page.tsx', 'src/x.mjs', 'src/x.cts', '.env', '.env.example', 'package.json', 'tsconfig.json', 'vercel.json', 'supabase/config.toml', 'docker-compose.yml', 'Dockerfile', 'schema.sql', 'schema.prisma', 'notes.md', 'x.vue'] as RelPath[];

export function texts(folder: string): { path: RelPath; text: string }[] {
  const out: { path: RelPath; text: string }[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (!entry.isFile() || /(^|\/)(node_modules|\.git|dist)\//.test(path) || !/\.([cm]?[jt]sx?|json|sql|ya?ml|toml|prisma|env[\w.]*|md)$|Dockerfile$/.test(path)) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    if (text.length < 60_000) out.push({ path: path as RelPath, text });
  }
  return out.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function caseOf(seed: number, index: number, seeds: readonly { readonly path: RelPath; readonly text: string }[]): Case {
  const special = SPECIALS[index];
  if (special) return { path: special.path as RelPath, text: special.text(), what: special.what };
  const r = new Random(Math.imul(seed, 0x2545f491) ^ index);
  const base = r.pick(seeds);
  let { text } = base;
  const what: string[] = [base.path];
  const other = () => r.pick(seeds).text;
  switch (r.below(6)) {
    case 0:
      text = text.slice(0, r.below(text.length + 1));
      what.push(`cut at ${text.length}`);
      break;
    case 1: {
      const b = other();
      text = text.slice(0, r.below(text.length + 1)) + b.slice(r.below(b.length + 1));
      what.push('spliced');
      break;
    }
    case 2:
      text = text.slice(r.below(text.length + 1));
      what.push('beheaded');
      break;
    default:
      break;
  }
  for (let n = r.below(7); n > 0; n--) {
    const e = edit(r, text, [other()]);
    text = e.text;
    what.push(e.what);
  }
  if (r.chance(0.05)) text = text.replaceAll('\n', '\r\n');
  if (r.chance(0.03)) text = `\uFEFF${text}`;
  if (r.chance(0.02)) text = [...text].map((c) => (r.chance(0.05) ? String.fromCharCode(r.below(65_536)) : c)).join('');
  // Mostly where it came from, so that conventions by path apply; sometimes where it does not belong.
  const path = r.chance(0.6) ? base.path : r.pick(PATHS);
  return { path, text, what: what.join(', ') };
}

// ------------------------------------------------------------------------------------------------ one case

export interface Tally {
  cases: number;
  findings: number;
  fixes: number;
  applied: number;
  problems: string[];
}

/** Every `start`/`end` and `s`/`e` of the facts lies inside the text. */
function rangesOf(facts: FileFacts, length: number, problem: (what: string) => void): void {
  const stack: unknown[] = [facts.secrets, facts.suppressions, facts.envNames, facts.script, facts.config];
  while (stack.length > 0) {
    const v = stack.pop();
    if (typeof v !== 'object' || v === null) continue;
    const o = v as Record<string, unknown>;
    for (const [a, b] of [['start', 'end'], ['s', 'e']] as const) {
      const start = o[a];
      const end = o[b];
      if (typeof start === 'number' && typeof end === 'number' && !(start >= 0 && start <= end && end <= length)) problem(`a range outside the file: ${start}-${end} of ${length}${typeof o['k'] === 'string' ? ` (${o['k']})` : ''}`);
    }
    for (const key in o) if (typeof o[key] === 'object') stack.push(o[key]);
  }
}

/** A few files that a mutated one meets: a route that is guarded, one that is not, a key. */
const AROUND: readonly { readonly path: RelPath; readonly text: string }[] = [
  { path: 'package.json' as RelPath, text: '{"name":"fuzz","dependencies":{"express":"4","next":"14","zod":"3","jsonwebtoken":"9"}}' },
  { path: 'src/app.ts' as RelPath, text: "import express from 'express';\nimport { users } from './routes/users';\nimport { requireUser } from './lib/auth';\nconst app = express();\napp.use('/users', requireUser, users);\napp.listen(1);\n" },
  { path: 'src/routes/users.ts' as RelPath, text: "import { Router } from 'express';\nimport { db } from '../lib/db';\nexport const users = Router();\nusers.post('/', async (req, res) => { await db.user.create({ data: req.body }); res.json({ ok: true }); });\n" },
  { path: 'src/lib/auth.ts' as RelPath, text: "import jwt from 'jsonwebtoken';\nexport function requireUser(req, res, next) {\n  try { req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET); next(); } catch { res.status(401).end(); }\n}\n" },
  { path: 'src/lib/db.ts' as RelPath, text: "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n" },
];

export class Fuzzer {
  private readonly session: Session;
  readonly tally: Tally = { cases: 0, findings: 0, fixes: 0, applied: 0, problems: [] };

  constructor() {
    this.session = createSession({ rules: ALL_RULES });
    this.session.apply(AROUND.map(({ path, text }) => ({ path, text })));
    this.session.audit();
  }

  run(c: Case, name: string): void {
    const { session, tally } = this;
    const problem = (what: string) => tally.problems.push(`${name} ${c.path} (${c.what.slice(0, 300)}): ${what}`);
    tally.cases++;
    const from = performance.now();
    try {
      const facts = extractFile(c.path, c.text, 'fuzz');
      const ms = performance.now() - from;
      const told = outlineDifferences(c.path, c.text, 'fuzz');
      if (told.length > 0) problem(`the outline says otherwise than the code: ${told.join('; ')}`);
      if (ms > SLOW_MS) problem(`extract took ${Math.round(ms)} ms`);
      rangesOf(facts, c.text.length, problem);
      session.apply([{ path: c.path, text: c.text }]);
      const errors = session.errors().length;
      const findings = session.check(c.path);
      tally.findings += findings.length;
      const inside = (at: Location, what: string) => {
        const length = session.text(at.file)?.length ?? 0;
        if (!(at.span.start >= 0 && at.span.start <= at.span.end && at.span.end <= length)) problem(`${what} outside ${at.file}: ${at.span.start}-${at.span.end} of ${length}`);
      };
      for (const f of findings) {
        inside(f.at, f.ruleId);
        for (const e of f.evidence) inside(e.at, `evidence of ${f.ruleId}`);
      }
      for (const f of findings.slice(0, 4)) {
        for (const { id } of session.fixesOf(f).slice(0, 2)) {
          tally.fixes++;
          const result = session.fix(f, id);
          if (!result.ok || result.fix.class === 'manual') continue;
          tally.applied++;
          for (const e of result.fix.edits) {
            inside({ file: e.file, span: e.span }, `an edit of ${f.ruleId}`);
            applyEdits(session.text(e.file) ?? '', result.fix.edits.filter((x) => x.file === e.file));
          }
        }
      }
      for (const e of session.errors().slice(errors)) problem(`${e.phase} error in ${e.ruleId ?? 'the engine'}: ${e.message}`);
      for (const e of session.errors()) if (e.phase !== 'fix' && !tally.problems.some((p) => p.includes(e.message))) problem(`${e.phase} error in ${e.ruleId ?? 'the engine'} (${e.file}): ${e.message}`);
    } catch (error) {
      problem(`threw ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error)}`);
    }
    const ms = performance.now() - from;
    if (ms > BUDGET_MS) problem(`took ${Math.round(ms)} ms`);
    const around = AROUND.find((a) => a.path === c.path);
    session.apply([{ path: c.path, text: null }]);
    if (around) session.apply([{ path: around.path, text: around.text }]);
  }
}

// ------------------------------------------------------------------------------------------------ many cases

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  readonly from?: number;
  readonly corpus?: string | undefined;
  readonly onProgress?: (done: number) => void;
}

interface Job {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly corpus: string | undefined;
  /** Case being run. */
  readonly now: SharedArrayBuffer;
}

/** Runs all cases in a worker; what hangs is named, and the next case starts in a new worker. */
export async function fuzz(options: FuzzOptions): Promise<Tally> {
  const total: Tally = { cases: 0, findings: 0, fixes: 0, applied: 0, problems: [] };
  const end = (options.from ?? 0) + options.count;
  let from = options.from ?? 0;
  while (from < end) {
    const now = new SharedArrayBuffer(4);
    const at = new Int32Array(now);
    at[0] = from;
    const job: Job = { seed: options.seed, from, to: end, corpus: options.corpus, now };
    const boot = `require(${JSON.stringify(createRequire(SELF).resolve('tsx/cjs'))}); require(${JSON.stringify(SELF)});`;
    const worker = new Worker(boot, { eval: true, execArgv: [], workerData: job, resourceLimits: { maxOldGenerationSizeMb: 1500 } });
    const next = await new Promise<number>((resolve) => {
      let last = from;
      let since = Date.now();
      const watch = setInterval(() => {
        const i = Atomics.load(at, 0);
        options.onProgress?.(i);
        if (i !== last) {
          last = i;
          since = Date.now();
        } else if (Date.now() - since > BUDGET_MS * 2) {
          total.problems.push(`case ${i} hangs`);
          clearInterval(watch);
          void worker.terminate().then(() => resolve(i + 1));
        }
      }, 500);
      worker.on('message', (t: Tally) => {
        for (const key of ['cases', 'findings', 'fixes', 'applied'] as const) total[key] += t[key];
        total.problems.push(...t.problems);
      });
      worker.on('error', (error) => {
        total.problems.push(`case ${Atomics.load(at, 0)} ended the worker: ${error.message}`);
        clearInterval(watch);
        resolve(Atomics.load(at, 0) + 1);
      });
      worker.on('exit', (code) => {
        clearInterval(watch);
        if (code === 0) resolve(end);
      });
    });
    from = next;
  }
  return total;
}

function work(job: Job): void {
  const seeds = [...texts(APP), ...(job.corpus ? texts(job.corpus) : [])];
  const at = new Int32Array(job.now);
  let fuzzer = new Fuzzer();
  for (let i = job.from; i < job.to; i++) {
    Atomics.store(at, 0, i);
    fuzzer.run(caseOf(job.seed, i, seeds), `case ${i}`);
    // What is known so far must not be lost with a later case; a session is not asked to hold a million histories.
    if (fuzzer.tally.cases >= 500 || i === job.to - 1) {
      parentPort!.postMessage(fuzzer.tally);
      fuzzer = new Fuzzer();
    }
  }
}

async function main(): Promise<void> {
  const option = (name: string): string | undefined => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const seed = Number(option('--seed') ?? 1);
  const only = option('--only');
  const corpus = option('--corpus');
  if (corpus !== undefined && !existsSync(corpus)) throw new Error(`there is no folder ${corpus}`);
  if (only !== undefined) {
    const seeds = [...texts(APP), ...(corpus ? texts(corpus) : [])];
    const c = caseOf(seed, Number(only), seeds);
    const file = join(tmpdir(), `fuzz-${seed}-${only}.txt`);
    writeFileSync(file, c.text);
    console.log(`${c.path} (${c.what}), ${c.text.length} characters, written to ${file}`);
    const fuzzer = new Fuzzer();
    const from = performance.now();
    fuzzer.run(c, `case ${only}`);
    console.log(`${Math.round(performance.now() - from)} ms`, fuzzer.tally);
    return;
  }
  const count = Number(option('--count') ?? 10_000);
  const from = Date.now();
  let shown = 0;
  const tally = await fuzz({
    count, seed, corpus,
    onProgress(done) {
      if (!process.stderr.isTTY || Date.now() - shown < 1000) return;
      shown = Date.now();
      process.stderr.write(`\r${done} of ${count}, ${Math.round((done * 1000) / (Date.now() - from))} a second   `);
    },
  });
  for (const p of tally.problems.slice(0, 50)) console.log(p);
  console.log(`${tally.cases} files, ${tally.findings} findings, ${tally.fixes} fixes asked for, ${tally.applied} made; ${tally.problems.length} problems; seed ${seed}, ${Math.round((Date.now() - from) / 1000)} s`);
  process.exitCode = tally.problems.length === 0 ? 0 : 1;
}

if (!isMainThread && (workerData as Job | null)?.now) work(workerData as Job);
else if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  });
}
