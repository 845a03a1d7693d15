/**
 * `npm run bench -- [--corpus FOLDER[@COMMIT][,FOLDER…]] [--runs N] [--files N] [--quick] [--without-rules] [--audits-only]`: how long things take, as ratios measured side by
 * side in one run. Writes docs/performance.md between its markers and docs/images/growth.svg; what stands outside the markers
 * is kept. Without a corpus it says so and runs on a generated one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RelPath } from '../engine/core/types';
import { scanSecrets } from '../engine/extract/secrets/index';
import { parseScript, reparseScript, ts } from '../engine/extract/script/parse';
import { ALL_RULES } from '../engine/rules/registry';
import { createSession } from '../engine/session/session';
import { auditFolder } from '../workspace/audit';
import { COMPONENT, HANDLER, filler, generate } from './bench-corpus';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const DOC = join(ROOT, 'docs/performance.md');
const PEER = '/tmp/eslint-peer';
const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};
const RUNS = Math.max(5, Number(option('--runs') ?? 5));
/** A slow engine must not make an endless bench: a row ends here once it has enough samples. */
const BUDGET_MS = 15_000;
const QUICK = args.includes('--quick');

/** The workspace of the keystroke rows. */
const FILES = Number(option('--files') ?? 3000);
/** What the engine costs before any rule. */
const RULES = args.includes('--without-rules') ? [] : ALL_RULES;

type Texts = ReadonlyMap<RelPath, string>;

interface Row {
  readonly n: number;
  readonly what: string;
  readonly on: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: number | null;
  readonly hard: number;
  readonly fallback: number;
  readonly note?: string;
}

const rows: Row[] = [];
const hotspots: string[] = [];

function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}
const median = (list: readonly number[]): number => quantile(list, 0.5);
const ms = (x: number): string => `${x < 10 ? x.toFixed(2) : x.toFixed(0)} ms`;

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/** Runs the works in turn, so that drift of the machine meets all of them. */
function interleaved<K extends string>(works: Readonly<Record<K, () => void>>, runs: number, warmUp: number): Record<K, number[]> {
  const out = {} as Record<K, number[]>;
  const keys = Object.keys(works) as K[];
  for (const k of keys) out[k] = [];
  for (let i = 0; i < runs + warmUp; i++) for (const k of keys) {
    const t = timed(works[k]);
    if (i >= warmUp) out[k].push(t);
  }
  return out;
}

const isScript = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);

function parseAll(texts: Texts): void {
  for (const [path, text] of texts) if (isScript(path)) ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, /x$|js$/.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
}

function auditAll(texts: Texts) {
  const session = createSession({ rules: RULES });
  session.apply([...texts].map(([path, text]) => ({ path, text })));
  return { session, result: session.audit() };
}

// ------------------------------------------------------------------------------------------------ whole audits

function wholeAudit(name: string, texts: Texts): void {
  // What both read: the scripts, and the small files that say what imports mean.
  const same = new Map([...texts].filter(([path]) => isScript(path) || /(^|\/)(package|tsconfig[\w.]*|jsconfig)\.json$/.test(path)));
  let others = 0;
  for (const [path, text] of texts) if (!same.has(path)) others += text.length;
  const t = interleaved({ parse: () => parseAll(texts), audit: () => void auditAll(same), all: () => void auditAll(texts), secrets: () => texts.forEach((text, path) => isScript(path) && scanSecrets(path, text, 'bench')) }, RUNS, 2);
  const parse = median(t.parse);
  rows.push({ n: 1, what: 'Whole audit, warm / TypeScript parse only', on: name, ours: ms(median(t.audit)), theirs: ms(parse), ratio: median(t.audit) / parse, hard: 1.5, fallback: 2, note: `with ${(others / 1e6).toFixed(1)} MB of other texts, which TypeScript does not read: ${(median(t.all) / parse).toFixed(2)}x` });
  rows.push({ n: 11, what: 'Secrets / TypeScript parse, warm', on: name, ours: ms(median(t.secrets)), theirs: ms(parse), ratio: median(t.secrets) / parse, hard: 0.2, fallback: 0.3 });
  const { timing } = auditAll(texts).result.stats;
  hotspots.push(`**${name}**, one warm audit: ${Object.entries(timing).sort(([, a], [, b]) => b - a).slice(0, 8).map(([k, v]) => `${k} ${v.toFixed(0)} ms`).join(', ')}; the parse alone ${parse.toFixed(0)} ms.`);
}

function coldProcesses(name: string, folder: string, scripts: readonly string[], child: string, temp: string): void {
  const list = join(temp, `${name}.json`);
  writeFileSync(list, JSON.stringify(scripts));
  const eslint = join(PEER, 'node_modules/eslint/bin/eslint.js');
  const run = (command: readonly string[], cwd?: string): { wall: number; rss: number } => {
    const from = performance.now();
    const r = spawnSync('/usr/bin/time', ['-f', 'RSS %M', process.execPath, ...command], { encoding: 'utf8', cwd, maxBuffer: 1 << 28 });
    const wall = performance.now() - from;
    if (r.error) throw r.error;
    // ESLint ends with 1 when it found something.
    if (r.status === null || r.status > (command[0] === eslint ? 1 : 0)) throw new Error(`${command.slice(0, 3).join(' ')} ended with ${r.status}: ${r.stderr.slice(-500)}`);
    return { wall, rss: Number(/RSS (\d+)/.exec(r.stderr)?.[1] ?? NaN) / 1024 };
  };
  const hasPeer = existsSync(eslint);
  const config = join(PEER, 'eslint.config.mjs');
  if (hasPeer) writeFileSync(config, PEER_CONFIG);
  const all: Record<'parse' | 'audit' | 'cli' | 'eslint', { wall: number; rss: number }[]> = { parse: [], audit: [], cli: [], eslint: [] };
  const cli = [join(ROOT, 'dist/cli.js'), 'audit', folder, '--format', 'json', '--fail-on', 'none', '--no-cache'];
  // What the first start after an installation compiles is kept for those that follow.
  run(cli);
  for (let i = 0; i < RUNS; i++) {
    all.parse.push(run([child, 'parse', folder, list]));
    all.audit.push(run([child, 'audit', folder]));
    all.cli.push(run(cli));
    if (hasPeer && (i < 3 || !QUICK)) all.eslint.push(run([eslint, '--no-inline-config', '-c', config, '--no-warn-ignored', ...scripts], folder));
  }
  const wall = (k: keyof typeof all) => median(all[k].map((x) => x.wall));
  const rss = (k: keyof typeof all) => median(all[k].map((x) => x.rss));
  rows.push({ n: 2, what: 'Whole audit, cold process / cold TypeScript parse only', on: name, ours: ms(wall('audit')), theirs: ms(wall('parse')), ratio: wall('audit') / wall('parse'), hard: 1.6, fallback: 2.2 });
  rows.push({ n: 10, what: 'Peak memory, whole audit / TypeScript parse-and-drop', on: name, ours: `${rss('audit').toFixed(0)} MB`, theirs: `${rss('parse').toFixed(0)} MB`, ratio: rss('audit') / rss('parse'), hard: 1.5, fallback: 2 });
  rows.push(
    hasPeer
      ? { n: 3, what: 'Command line as it is shipped, nothing known of the folder / ESLint with security and no-secrets', on: name, ours: ms(wall('cli')), theirs: ms(wall('eslint')), ratio: wall('cli') / wall('eslint'), hard: 1 / 6, fallback: 1 / 4, note: `${all.eslint.length} runs of ESLint, memory ${(rss('cli') / rss('eslint')).toFixed(2)}x (goal 0.5)` }
      : { n: 3, what: 'Command line as it is shipped, nothing known of the folder / ESLint with security and no-secrets', on: name, ours: ms(wall('cli')), theirs: '-', ratio: null, hard: 1 / 6, fallback: 1 / 4, note: `ESLint is not installed in ${PEER}` },
  );
}

const PEER_CONFIG = `import security from 'eslint-plugin-security';
import noSecrets from 'eslint-plugin-no-secrets';
import * as parser from '@typescript-eslint/parser';
export default [{ files: ['**/*.{js,jsx,ts,tsx,mjs,cjs,mts,cts}'], languageOptions: { parser }, plugins: { security, 'no-secrets': noSecrets }, rules: { ...security.configs.recommended.rules, 'no-secrets/no-secrets': 'error' } }];
`;

// ------------------------------------------------------------------------------------------------ keystrokes

function walk(node: ts.Node): void {
  ts.forEachChild(node, walk);
}

const BREAKERS = ['(', '{', '`', '"', '}', '/*', ')', "'"];

function keystrokes(workspace: Texts, name: string, path: RelPath, lines: number, typing: 'name' | 'body'): void {
  const { session } = auditAll(workspace);
  const base = workspace.get(path)!;
  const text = base + filler(Math.max(0, lines - base.split('\n').length));
  session.apply([{ path, text }]);
  session.check(path);
  // Half-way down: inside the name of an exported function, or inside a function.
  const word = typing === 'name' ? 'helper' : 'total';
  const at = text.indexOf(word, Math.floor(text.length / 2)) + word.length;
  const ours: number[] = [];
  const theirs: number[] = [];
  let tree = parseScript(path, text)!;
  let now = text;
  const until = performance.now() + BUDGET_MS;
  for (let i = 0; i < 300 && (i < 60 || performance.now() < until); i++) {
    const typed = i % 2 === 0 ? now.slice(0, at) + 'x' + now.slice(at) : now.slice(0, at) + now.slice(at + 1);
    const span = i % 2 === 0 ? { start: at, end: at } : { start: at, end: at + 1 };
    const a = timed(() => {
      session.apply([{ path, text: typed }]);
      session.check(path);
    });
    const b = timed(() => {
      tree = reparseScript(tree, typed, span, i % 2 === 0 ? 1 : 0);
      walk(tree.source);
    });
    now = typed;
    // Compiled by then, as it is in a session after a line or two.
    if (i >= 40) {
      ours.push(a);
      theirs.push(b);
    }
  }
  rows.push({ n: 5, what: `Keystroke in a ${typing === 'name' ? 'declared name' : 'function'}, ${lines} lines, median / incremental parse and walk`, on: name, ours: ms(median(ours)), theirs: ms(median(theirs)), ratio: median(ours) / median(theirs), hard: 2, fallback: 3 });
  if (typing === 'body') return;
  // Text that breaks the structure, and its repair, which is not what stood there before.
  const another = text.slice(0, at) + 'x' + text.slice(at);
  const broken: number[] = [];
  const full: number[] = [];
  const untilBroken = performance.now() + BUDGET_MS;
  for (let i = 0; i < 60 && (i < 12 || performance.now() < untilBroken); i++) {
    const where = Math.floor((text.length * ((i * 37) % 60)) / 60);
    const breaker = BREAKERS[i % BREAKERS.length]!;
    const whole = i % 2 === 0 ? another : text;
    for (const next of [text.slice(0, where) + breaker + text.slice(where), whole]) {
      broken.push(timed(() => {
        session.apply([{ path, text: next }]);
        session.check(path);
      }));
      full.push(timed(() => void parseScript(path, next)));
    }
  }
  rows.push({ n: 6, what: `Keystroke, ${lines} lines, 95th percentile with broken syntax / full parse`, on: name, ours: ms(quantile(broken, 0.95)), theirs: ms(quantile(full, 0.95)), ratio: quantile(broken, 0.95) / quantile(full, 0.95), hard: 1.5, fallback: 2 });
  if (lines === 500 && path === HANDLER) againstEslint(text, path, name, median(ours));
}

function againstEslint(text: string, path: RelPath, name: string, ours: number): void {
  const what = 'Keystroke, 500 lines, median / warm ESLint';
  if (!existsSync(join(PEER, 'node_modules/eslint'))) {
    rows.push({ n: 7, what, on: name, ours: ms(ours), theirs: '-', ratio: null, hard: 0.1, fallback: 1 / 6, note: `ESLint is not installed in ${PEER}` });
    return;
  }
  const peer = createRequire(join(PEER, 'package.json'));
  const { Linter } = peer('eslint') as { Linter: new (o: object) => { verify(text: string, config: object[], file: string): unknown } };
  const security = peer('eslint-plugin-security') as { configs: { recommended: { rules: object } } };
  const config = [{ files: ['**/*.ts', '**/*.tsx'], languageOptions: { parser: peer('@typescript-eslint/parser') as object }, plugins: { security, 'no-secrets': peer('eslint-plugin-no-secrets') as object }, rules: { ...security.configs.recommended.rules, 'no-secrets/no-secrets': 'error' } }];
  const linter = new Linter({ configType: 'flat' });
  const theirs: number[] = [];
  for (let i = 0; i < 40; i++) {
    const t = timed(() => void linter.verify(`${text}// ${i}\n`, config, basename(path)));
    if (i >= 10) theirs.push(t);
  }
  rows.push({ n: 7, what, on: name, ours: ms(ours), theirs: ms(median(theirs)), ratio: ours / median(theirs), hard: 0.1, fallback: 1 / 6 });
}

function reAudit(workspace: Texts, name: string, path: RelPath, kind: string): void {
  const cold: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    let session: ReturnType<typeof auditAll>['session'] | undefined;
    cold.push(timed(() => (session = auditAll(workspace).session)));
    const text = workspace.get(path)!;
    for (let k = 0; k < 5; k++) again.push(timed(() => {
      session!.apply([{ path, text: `${text}\nexport const edited = ${k};\n`.replace('const ', k % 2 ? 'const  ' : 'const ') }]);
      session!.audit();
    }));
  }
  rows.push({ n: 8, what: `Re-audit after one edit (${kind}) / cold audit`, on: name, ours: ms(median(again)), theirs: ms(median(cold)), ratio: median(again) / median(cold), hard: 0.01, fallback: 0.03 });
}

// ------------------------------------------------------------------------------------------------ growth

function growth(): { files: number; ms: number; parse: number }[] {
  const sizes = QUICK ? [100, 300, 1000, 3000] : [100, 300, 1000, 3000, 10_000];
  auditAll(generate(600));
  return sizes.map((n) => {
    const texts = generate(n);
    const t = interleaved({ audit: () => void auditAll(texts), parse: () => parseAll(texts) }, n > 5000 ? 5 : RUNS, 1);
    return { files: texts.size, ms: median(t.audit), parse: median(t.parse) };
  });
}

function growthSvg(points: readonly { files: number; ms: number; parse: number }[]): string {
  const [w, h, left, bottom] = [640, 360, 70, 50];
  const maxX = Math.max(...points.map((p) => p.files));
  const maxY = Math.max(...points.map((p) => p.ms));
  const x = (v: number) => left + (Math.log10(v) - 2) * ((w - left - 20) / (Math.log10(maxX) - 2));
  const low = Math.min(...points.map((p) => p.parse));
  const y = (v: number) => h - bottom - (Math.log10(v) - Math.log10(low)) * ((h - bottom - 30) / (Math.log10(maxY) - Math.log10(low)));
  const line = (key: 'ms' | 'parse', colour: string) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((p) => `${x(p.files).toFixed(1)},${y(p[key]).toFixed(1)}`).join(' ')}"/>${points.map((p) => `<circle cx="${x(p.files).toFixed(1)}" cy="${y(p[key]).toFixed(1)}" r="3.5" fill="${colour}"><title>${p.files} files: ${p[key].toFixed(0)} ms</title></circle><text x="${x(p.files).toFixed(1)}" y="${(y(p[key]) + (key === 'ms' ? -9 : 18)).toFixed(1)}" text-anchor="middle" fill="${colour}">${p[key].toFixed(0)}</text>`).join('')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" role="img" aria-label="Milliseconds of a warm audit by number of files" font-family="system-ui, sans-serif" font-size="12">
<rect width="${w}" height="${h}" fill="#ffffff"/>
<line x1="${left}" y1="${h - bottom}" x2="${w - 20}" y2="${h - bottom}" stroke="#64748b"/><line x1="${left}" y1="20" x2="${left}" y2="${h - bottom}" stroke="#64748b"/>
${points.map((p) => `<text x="${x(p.files).toFixed(1)}" y="${h - bottom + 18}" text-anchor="middle" fill="#334155">${p.files}</text>`).join('')}
<text x="${w / 2}" y="${h - 10}" text-anchor="middle" fill="#334155">files (both axes logarithmic: a straight line of slope one is linear)</text>
<text x="16" y="${h / 2}" transform="rotate(-90 16 ${h / 2})" text-anchor="middle" fill="#334155">milliseconds</text>
<text x="${left + 14}" y="32" fill="#1d4ed8">whole audit, warm</text><text x="${left + 14}" y="50" fill="#b45309">TypeScript parse only</text>
${line('ms', '#1d4ed8')}${line('parse', '#b45309')}
</svg>
`;
}

// ------------------------------------------------------------------------------------------------ report

function commitOf(folder: string): string {
  try {
    const out = execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const top = execFileSync('git', ['-C', folder, 'rev-parse', '--show-toplevel'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return top === folder ? out : 'not known';
  } catch {
    return 'not known';
  }
}

/** The page names corpora, not where they lie on somebody's disk. */
function shownArgument(arg: string): string {
  return arg.split(',').map((part) => (part.startsWith('/') ? basename(part) : part)).join(',');
}

function table(): string {
  const lines = ['| # | what | on | ours | against | ratio | goal | required | met |', '|---|---|---|---|---|---|---|---|---|'];
  for (const r of [...rows].sort((a, b) => a.n - b.n)) {
    const met = r.ratio === null ? 'not measured' : r.ratio <= r.hard ? '**goal**' : r.ratio <= r.fallback ? 'required' : 'no';
    lines.push(`| ${r.n} | ${r.what}${r.note ? ` (${r.note})` : ''} | ${r.on} | ${r.ours} | ${r.theirs} | ${r.ratio === null ? '-' : `${r.ratio.toFixed(r.ratio < 0.1 ? 3 : 2)}x`} | ${r.hard.toFixed(2)}x | ${r.fallback.toFixed(2)}x | ${met} |`);
  }
  return lines.join('\n');
}

async function main(): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'rescue-bench-'));
  const child = join(temp, 'child.cjs');
  execFileSync(process.execPath, [join(ROOT, 'esbuild.config.mjs')], { cwd: ROOT, stdio: 'ignore' });
  await build({ entryPoints: [join(ROOT, 'src/dev/bench-child.ts')], outfile: child, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error', define: { __VCR_VERSION__: '"bench"' } });
  const named = (option('--corpus') ?? '').split(',').filter((f) => f !== '').map((f) => /^(.+?)(?:@([0-9a-f]{7,40}))?$/.exec(f)!);
  // A folder that was exported has no history to ask.
  const commits = new Map(named.map(([, folder, commit]) => [folder!, commit ?? commitOf(folder!)]));
  const folders = [...commits.keys()];
  const described: string[] = [];
  const generated = generate(FILES);
  if (folders.length === 0) {
    const folder = join(temp, 'generated');
    for (const [path, text] of generated) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    folders.push(folder);
  }
  for (const folder of folders) {
    const { session } = await auditFolder(folder, { cache: false });
    const texts = new Map<RelPath, string>();
    const scripts: string[] = [];
    for (const f of session.model.files()) {
      // What both read: our own limits on bundles and sizes hold for TypeScript too.
      if (f.language === 'script' && !f.script) continue;
      texts.set(f.path, session.text(f.path)!);
      if (f.script) scripts.push(f.path);
    }
    const bytes = scripts.reduce((sum, p) => sum + texts.get(p as RelPath)!.length, 0);
    const name = folder.startsWith(temp) ? 'generated' : basename(folder);
    described.push(`- ${name}: ${texts.size} files, ${scripts.length} of them scripts (${(bytes / 1e6).toFixed(2)} MB), ${folder.startsWith(temp) ? 'generated by `src/dev/bench-corpus.ts`: no corpus was given' : `commit ${commits.get(folder)!.slice(0, 12)}`}`);
    console.error(`whole audit: ${name}`);
    wholeAudit(name, texts);
    coldProcesses(name, folder, scripts, child, temp);
  }
  described.push(`- generated workspace for keystrokes: ${generated.size} files, \`src/dev/bench-corpus.ts\``);
  for (const lines of args.includes('--audits-only') ? [] : [500, 5000]) {
    console.error(`keystrokes: ${lines}`);
    for (const typing of ['name', 'body'] as const) {
      keystrokes(generated, 'component', COMPONENT, lines, typing);
      keystrokes(generated, 'controller', HANDLER, lines, typing);
    }
  }
  console.error('re-audit');
  if (!args.includes('--audits-only')) reAudit(generated, `generated, ${FILES} files`, COMPONENT, 'component');
  if (!args.includes('--audits-only')) reAudit(generated, `generated, ${FILES} files`, HANDLER, 'controller');
  console.error('growth');
  const points = growth();
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true });
  writeFileSync(join(ROOT, 'docs/images/growth.svg'), growthSvg(points));
  const first = points[0]!;
  const last = points[points.length - 1]!;
  const body = `${BEGIN}
Written by \`npm run bench -- ${args.map(shownArgument).join(' ')}\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, TypeScript ${ts.version}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), medians of ${RUNS} interleaved runs, ${RULES.length} rules.
Only ratios mean anything: the machine was shared. A ratio compares what ran side by side in one process, or processes started in turn.

${described.join('\n')}

${table()}

Keystroke rows: from the changed text to the findings of its file, in a session of ${generated.size} files. The server's debounce (120 ms) and the transport are not in them.

![Growth of a warm audit with the number of files](images/growth.svg)

${points.map((p) => `${p.files} files: ${p.ms.toFixed(0)} ms (${(p.ms / p.parse).toFixed(2)}x of the parse)`).join(' · ')}. ${(last.files / first.files).toFixed(0)} times the files cost ${(last.ms / first.ms).toFixed(0)} times as much (the parse alone ${(last.parse / first.parse).toFixed(0)} times).

### Where the time goes

${hotspots.join('\n\n')}
${END}`;
  const old = existsSync(DOC) ? readFileSync(DOC, 'utf8') : `# Performance\n\n${BEGIN}\n${END}\n`;
  const a = old.indexOf(BEGIN);
  const b = old.indexOf(END);
  writeFileSync(DOC, a >= 0 && b > a ? old.slice(0, a) + body + old.slice(b + END.length) : `${old}\n${body}\n`);
  console.log(body);
  rmSync(temp, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
