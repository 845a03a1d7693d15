/** The built command line as a process: pipes, exit codes, memory of nothing. Builds once when dist is missing. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, copyFileSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTempFolders, tempFolder } from '../workspace/temp';

const repo = join(__dirname, '../..');
const cli = join(repo, 'dist', 'cli.js');

function runCli(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cacheHome, ...env }, maxBuffer: 64 * 1024 * 1024 });
}

let cacheHome = '';

describe('the built command line', function () {
  this.timeout(60_000);

  before(() => {
    cacheHome = realpathSync(mkdtempSync(join(tmpdir(), 'vcr-cache-')));
    if (!existsSync(cli)) {
      const built = spawnSync(process.execPath, ['esbuild.config.mjs'], { cwd: repo, encoding: 'utf8' });
      assert.equal(built.status, 0, built.stderr);
    }
  });
  after(() => rmSync(cacheHome, { recursive: true, force: true }));
  afterEach(removeTempFolders);

  it('audits, caches outside the folder, and gives the same again', () => {
    const root = tempFolder({ 'src/a.ts': "export const a = require('a');\n", 'package.json': '{"name":"x"}' });
    const cold = runCli(['audit', '--format', 'json', '--timing'], root);
    const warm = runCli(['audit', '--format', 'json', '--timing'], root);
    assert.equal(cold.status, 0, cold.stderr);
    assert.match(cold.stderr, / 0 from the cache/);
    assert.match(warm.stderr, / 2 from the cache/);
    const parsed = (text: string): Record<string, unknown> => ({ ...(JSON.parse(text) as Record<string, unknown>), stats: null });
    assert.deepEqual(parsed(warm.stdout), parsed(cold.stdout));
    assert.ok(existsSync(join(cacheHome, 'vibe-code-rescue')));
  });

  it('keeps what was compiled for the next start, and takes nothing that does not fit', function () {
    // Newer versions of Node keep it themselves.
    if ('enableCompileCache' in nodeModule) this.skip();
    const home = tempFolder({ 'vibe-code-rescue/compiled/older.bin': 'x' });
    const root = tempFolder({ 'src/a.ts': "export const a = require('a');\n" });
    const folder = join(home, 'vibe-code-rescue', 'compiled');
    const audit = () => runCli(['audit', '--format', 'json', '--no-cache'], root, { XDG_CACHE_HOME: home });
    const first = audit();
    assert.equal(first.status, 0, first.stderr);
    const kept = join(folder, readdirSync(folder).find((name) => name.startsWith(process.version)) ?? 'nothing was kept');
    const written = statSync(kept).mtimeMs;
    const findings = (text: string): unknown => (JSON.parse(text) as { findings: unknown }).findings;
    assert.deepEqual(findings(audit().stdout), findings(first.stdout));
    assert.equal(statSync(kept).mtimeMs, written, 'it was taken, and so not written again');
    writeFileSync(kept, 'no code at all');
    const afterDamage = audit();
    assert.equal(afterDamage.status, 0, afterDamage.stderr);
    assert.equal(afterDamage.stderr, first.stderr);
    assert.ok(statSync(kept).size > 100_000, 'what was damaged is made anew');
    rmSync(kept);
    chmodSync(folder, 0o500);
    assert.equal(audit().status, 0, 'a folder that cannot be written to is no failure');
    chmodSync(folder, 0o700);
  });

  it('ends with 2 and one clear line on bad usage', () => {
    const root = tempFolder();
    for (const args of [['audit', '/does/not/exist'], ['audti'], ['audit', '--formt']]) {
      const { status, stdout, stderr } = runCli(args, root);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.ok(stderr.length > 0 && !/\bat .*:\d+:\d+/.test(stderr), stderr);
    }
  });

  it('survives a reader that goes away', async () => {
    const root = tempFolder(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}.ts`, 'x('])));
    const child = spawn(process.execPath, [cli, 'audit', '--format', 'json', '--no-cache'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => child.once('close', (c, s) => resolve([c, s])));
    assert.equal(signal, null);
    assert.ok(code === 0 || code === 1, `${code} ${err}`);
    assert.equal(err, '');
  });

  it('writes large output whole into a pipe', () => {
    const root = tempFolder(Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`src/${'deep/'.repeat(5)}file-with-a-long-name-${i}.ts`, 'const a = `'])));
    const { status, stdout } = runCli(['audit', '--format', 'json', '--no-cache'], root);
    assert.equal(status, 0);
    JSON.parse(stdout);
  });

  it('runs through a link, as npm installs it, and names itself then', () => {
    const root = tempFolder();
    const bin = join(root, 'vibe-code-rescue');
    symlinkSync(cli, bin);
    const viaLink = spawnSync(bin, ['--version'], { encoding: 'utf8' });
    // The execute bit is npm's to set; without it the link cannot be started.
    if (viaLink.status !== null) assert.match(viaLink.stdout, /^\d+\.\d+\.\d+/);
    assert.match(spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' }).stdout, /^\d+\.\d+\.\d+/);
  });

  it('needs nothing but its two files', () => {
    const root = tempFolder({ 'a.ts': 'x;\n' });
    mkdirSync(join(root, 'dist'));
    for (const file of ['cli.js', 'engine.cjs']) copyFileSync(join(repo, 'dist', file), join(root, 'dist', file));
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'audit', root, '--no-cache'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
});
