/**
 * All tests, step by step; the last line is `N passed, N failed`.
 *
 *   npm test                     everything
 *   npm test -- --only unit,lint some steps
 *   npm test -- --grep "git"     passed on to mocha (the steps unit and e2e)
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const option = (name) => {
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
};
const only = option('--only')?.split(',') ?? null;
const grep = option('--grep');
const node = process.execPath;
const bin = (name) => join(root, 'node_modules', name);
const logs = join(root, 'node_modules', '.cache', 'test-run');
mkdirSync(logs, { recursive: true });

/** Counted by the step's own runner. A step without counts is one test: it passes or it fails. */
const STEPS = [
  { name: 'typecheck', run: () => [node, bin('typescript/bin/tsc'), '--noEmit', '-p', '.'] },
  { name: 'lint', run: () => [node, bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'] },
  { name: 'generated', run: () => (existsSync(join(root, 'src/dev/generate.ts')) ? [node, '--import', 'tsx', 'src/dev/generate.ts', '--check'] : 'src/dev/generate.ts is missing') },
  { name: 'build', run: () => [node, 'esbuild.config.mjs', '--production'] },
  {
    name: 'unit',
    run: () => {
      const files = tests(join(root, 'test'));
      const report = join(logs, 'unit.json');
      rmSync(report, { force: true });
      return [node, '--import', 'tsx', bin('mocha/bin/mocha.js'), '--no-config', '--no-package', '--reporter', join(root, 'test', 'mocha-reporter.cjs'), '--reporter-option', `output=${report}`, '--timeout', '20000', ...(grep ? ['--grep', grep] : []), ...files];
    },
    count: () => counted(join(logs, 'unit.json')),
  },
  { name: 'package', run: () => [node, bin('@vscode/vsce/vsce'), 'package', '--no-dependencies', '--out', 'vibe-code-rescue.vsix'] },
  {
    name: 'e2e',
    run: () => (existsSync(join(root, 'test/vscode/run.ts')) ? [node, '--import', 'tsx', 'test/vscode/run.ts', ...(grep ? [grep] : [])] : 'test/vscode/run.ts is missing'),
    // Its last line is `N passed, N failed` (and perhaps `, N skipped`).
    count: (output) => {
      const m = [...output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) (?:skipped|pending))?/g)].at(-1);
      return m ? { passed: Number(m[1]), failed: Number(m[2]), skipped: Number(m[3] ?? 0) } : null;
    },
    mustRun: true,
  },
];

let passed = 0;
let failed = 0;
const summary = [];
const known = STEPS.map((s) => s.name);
const wrong = only?.find((name) => !known.includes(name));
if (wrong !== undefined) {
  console.error(`there is no step "${wrong}"; steps: ${known.join(', ')}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

for (const step of STEPS) {
  if (only && !only.includes(step.name)) continue;
  const command = step.run();
  console.log(`\n== ${step.name}`);
  const begin = Date.now();
  const { code, output } = typeof command === 'string' ? { code: 1, output: command } : await execute(command);
  if (typeof command === 'string') console.log(command);
  const counts = step.count?.(output) ?? null;
  let p = counts?.passed ?? (code === 0 && !step.count ? 1 : 0);
  let f = counts?.failed ?? 0;
  const skipped = counts?.skipped ?? 0;
  // A step that ends badly, counted nothing or left out what must run has failed, whatever its numbers say.
  if (step.mustRun && skipped > 0) f += skipped;
  if (f === 0 && (code !== 0 || (step.count && p === 0))) f = 1;
  passed += p;
  failed += f;
  summary.push(`${f === 0 ? 'ok  ' : 'FAIL'} ${step.name.padEnd(10)} ${String(p).padStart(5)} passed ${String(f).padStart(4)} failed ${((Date.now() - begin) / 1000).toFixed(1).padStart(7)} s`);
  console.log(summary.at(-1));
}

console.log(`\n${summary.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function execute([command, ...rest]) {
  return new Promise((resolve) => {
    const child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (to) => (chunk) => {
      to.write(chunk);
      output = (output + chunk).slice(-200_000);
    };
    child.stdout.setEncoding('utf8').on('data', take(process.stdout));
    child.stderr.setEncoding('utf8').on('data', take(process.stderr));
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function tests(dir) {
  const out = [];
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (path !== join(root, 'test', 'vscode') && path !== join(root, 'test', 'fixtures')) out.push(...tests(path));
    } else if (entry.name.endsWith('.test.ts')) out.push(path);
  }
  return out;
}

function counted(file) {
  if (!existsSync(file)) return null;
  const { passes, failures, pending } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: passes, failed: failures, skipped: pending };
}
