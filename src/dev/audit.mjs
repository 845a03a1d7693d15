/**
 * `npm run audit -- [folder] [options]`: builds when needed, audits the folder (the sample app when none is given) and ends
 * well whatever was found: an unsafe app is a result, not a failure. `node dist/cli.js audit` is the strict form.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cli = join(root, 'dist', 'cli.js');
// npm changes to the package's folder; what is typed is meant from where it was typed.
const typedIn = process.env.INIT_CWD ?? process.cwd();

if (isStale()) {
  const built = spawnSync(process.execPath, [join(root, 'esbuild.config.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
  if (built.status !== 0) process.exit(2);
}

const args = process.argv.slice(2);
const needValue = new Set(['--format', '--output', '--min-severity', '--fail-on', '--baseline', '--rule', '--since']);
const folderAt = args.findIndex((arg, i) => !arg.startsWith('-') && !needValue.has(args[i - 1] ?? ''));
const folder = folderAt < 0 ? join(root, 'test', 'fixtures', 'apps', 'client-portal') : resolve(typedIn, args[folderAt]);
const rest = folderAt < 0 ? args : args.toSpliced(folderAt, 1);
const failOn = rest.some((arg) => arg === '--fail-on' || arg.startsWith('--fail-on=')) ? [] : ['--fail-on', 'none'];
const run = spawnSync(process.execPath, [cli, 'audit', relative(typedIn, folder) || '.', ...failOn, ...rest], { cwd: typedIn, stdio: 'inherit' });
process.exitCode = run.status ?? 2;

/** Never built, or a source is newer. */
function isStale() {
  const built = statSync(cli, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return built === 0 || newest(join(root, 'src')) > built;
}

function newest(dir) {
  let max = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    max = Math.max(max, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return max;
}
