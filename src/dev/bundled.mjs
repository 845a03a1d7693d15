/**
 * `node src/dev/bundled.mjs ENTRY [arguments]`: runs a script of this folder as what is shipped runs, bundled. What `tsx`
 * makes of a source keeps the names of functions with a call for every closure that is made, a fifth of a keystroke.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [entry, ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'rescue-bundled-'));
try {
  const outfile = join(folder, 'entry.cjs');
  await build({
    absWorkingDir: root, entryPoints: [resolve(root, entry)], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error', external: ['esbuild'],
    define: { __VCR_VERSION__: '"bundled"', 'import.meta.url': JSON.stringify(pathToFileURL(resolve(root, entry)).href) },
  });
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], { stdio: 'inherit', env: { ...process.env, NODE_PATH: join(root, 'node_modules') } }).status ?? 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
