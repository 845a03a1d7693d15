/** What is written: cache, state, baseline, atomic files. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RelPath } from '../../src/engine/core/types';
import { extractFile } from '../../src/engine/extract/extract';
import { STATE_FILE } from '../../src/sprint/state';
import { resolveInside, writeAtomic, writeInWorkspace } from '../../src/workspace/atomic';
import { BASELINE_FILE, loadBaseline, serializeBaseline, writeBaseline } from '../../src/workspace/baseline';
import { openCache } from '../../src/workspace/cache';
import { userCacheDir } from '../../src/workspace/cache-dir';
import { RefusedWrite } from '../../src/workspace/errors';
import { loadOptions } from '../../src/workspace/options';
import { loadState, updateState } from '../../src/workspace/state';
import { isRoot, removeTempFolders, tempFolder, write } from './temp';

describe('atomic writes', () => {
  afterEach(removeTempFolders);

  it('replace whole files, keep the mode, leave nothing behind', () => {
    const root = tempFolder({ 'a.sh': 'old' });
    chmodSync(join(root, 'a.sh'), 0o750);
    writeInWorkspace(root, 'a.sh', 'new');
    writeInWorkspace(root, 'deep/er/b.txt', 'x');
    assert.equal(readFileSync(join(root, 'a.sh'), 'utf8'), 'new');
    assert.equal(statSync(join(root, 'a.sh')).mode & 0o777, 0o750);
    assert.deepEqual(readdirSync(root).sort(), ['a.sh', 'deep']);
    assert.deepEqual(readdirSync(join(root, 'deep/er')), ['b.txt']);
  });

  it('never leave the workspace', () => {
    const outside = tempFolder({ 'victim.txt': 'safe' });
    const root = tempFolder({ 'in/x': '', 'file.txt': '' });
    symlinkSync(outside, join(root, 'link'));
    symlinkSync(join(outside, 'victim.txt'), join(root, 'victim.txt'));
    symlinkSync('nowhere', join(root, 'dangling'));
    for (const path of ['../victim.txt', 'in/../../victim.txt', join(outside, 'victim.txt'), 'link/victim.txt', 'link/new/deep.txt', 'victim.txt', 'dangling', 'C:\\x', '..\\victim.txt', '', '.', 'in', 'file.txt/below', '.git/hooks/post-checkout', 'a\0b']) {
      assert.throws(() => writeInWorkspace(root, path, 'evil'), RefusedWrite, path);
    }
    assert.equal(readFileSync(join(outside, 'victim.txt'), 'utf8'), 'safe');
    assert.deepEqual(readdirSync(outside), ['victim.txt']);
    assert.equal(resolveInside(root, 'in/./y.txt'), join(root, 'in', 'y.txt'));
  });

  it('leave a read-only file alone and say so', () => {
    const root = tempFolder({ 'a.txt': 'mine' });
    chmodSync(join(root, 'a.txt'), 0o444);
    assert.throws(() => writeInWorkspace(root, 'a.txt', 'x'), /read-only/);
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'mine');
  });

  it('in a read-only folder fail in plain words', function () {
    if (isRoot) this.skip();
    const root = tempFolder({ 'd/a.txt': '' });
    chmodSync(join(root, 'd'), 0o555);
    assert.throws(() => writeInWorkspace(root, 'd/b.txt', 'x'), /cannot be written: permission denied/);
    chmodSync(join(root, 'd'), 0o755);
  });

  it('a writer that is killed at any moment leaves the old or the new file', async function () {
    this.timeout(30_000);
    const root = tempFolder({ 'state.json': JSON.stringify({ n: 0, fill: 'x'.repeat(500_000) }) });
    const target = join(root, 'state.json');
    const script = `const { writeAtomic } = require(${JSON.stringify(join(__dirname, '../../src/workspace/atomic.ts'))}); process.stdout.write('go'); for (let n = 1; ; n++) writeAtomic(${JSON.stringify(target)}, JSON.stringify({ n, fill: String(n % 10).repeat(500_000) }));`;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: join(__dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 17));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      const read = JSON.parse(readFileSync(target, 'utf8')) as { n: number; fill: string };
      assert.equal(read.fill.length, 500_000);
    }
    assert.ok((JSON.parse(readFileSync(target, 'utf8')) as { n: number }).n > 0);
  });
});

describe('cache', () => {
  afterEach(removeTempFolders);
  const facts = (path: string, text: string) => extractFile(path as RelPath, text, 'salt', { whole: true });

  it('gives back what was put in, by path and content, for one engine and salt only', () => {
    const dir = tempFolder();
    const options = { dir, root: '/w', fingerprint: '1', salt: 's' };
    const a = facts('a.ts', 'export const a = 1;');
    const first = openCache(options);
    assert.equal(first.get(a.path, a.hash), undefined);
    first.put(a);
    first.save();
    const again = openCache(options);
    assert.deepEqual(again.get(a.path, a.hash), a);
    assert.equal(again.hits, 1);
    assert.equal(again.get('b.ts' as RelPath, a.hash), undefined);
    assert.equal(openCache(options).get(a.path, facts('a.ts', 'x').hash), undefined);
    for (const other of [{ root: '/x' }, { fingerprint: '2' }, { salt: 't' }]) assert.equal(openCache({ ...options, ...other }).get(a.path, a.hash), undefined);
    assert.equal(statSync(first.folder).mode & 0o077, 0);
  });

  it('does not keep what only the outline was read of', () => {
    const options = { dir: tempFolder(), root: '/w', fingerprint: '1', salt: 's' };
    const a = extractFile('a.ts' as RelPath, 'export const a = 1;', 'salt');
    const first = openCache(options);
    first.put(a);
    first.save();
    assert.equal(a.script?.outlined, true);
    assert.equal(openCache(options).get(a.path, a.hash), undefined);
  });

  it('does not keep what JSON cannot say', () => {
    const options = { dir: tempFolder(), root: '/w', fingerprint: '1', salt: 's' };
    const odd = facts('odd.ts', 'const a = 1e999;');
    const fine = facts('fine.ts', 'const a = null; const s = "\\ud800 ü 😀"; // \u2028');
    const first = openCache(options);
    first.put(odd);
    first.put(fine);
    first.save();
    const again = openCache(options);
    assert.equal(again.get(odd.path, odd.hash), undefined);
    assert.deepEqual(again.get(fine.path, fine.hash), fine);
  });

  it('a damaged one is rebuilt and logged', () => {
    const dir = tempFolder();
    const options = { dir, root: '/w', fingerprint: '1', salt: 's' };
    const a = facts('a.ts', 'x');
    const first = openCache(options);
    first.put(a);
    first.save();
    const shard = readdirSync(first.folder)[0] ?? '';
    const bytes = readFileSync(join(first.folder, shard));
    for (const damage of [bytes.subarray(0, bytes.length - 3), Buffer.from('rubbish'), Buffer.alloc(0), Buffer.concat([bytes.subarray(0, 40), Buffer.from([bytes[40]! ^ 1]), bytes.subarray(41)])]) {
      writeFileSync(join(first.folder, shard), damage);
      const cache = openCache(options);
      assert.equal(cache.get(a.path, a.hash), undefined);
      assert.match(cache.problems()[0]?.message ?? '', /damaged and is rebuilt/);
      cache.put(a);
      cache.save();
      assert.deepEqual(openCache(options).get(a.path, a.hash), a);
    }
  });

  it('two processes at once do no harm', () => {
    const dir = tempFolder();
    const options = { dir, root: '/w', fingerprint: '1', salt: 's' };
    const one = openCache(options);
    const two = openCache(options);
    const files = Array.from({ length: 50 }, (_, i) => facts(`f${i}.ts`, `export const x = ${i};`));
    for (const f of files) one.put(f), two.put(f);
    one.save();
    two.save();
    const after = openCache(options);
    for (const f of files) assert.deepEqual(after.get(f.path, f.hash), f);
    assert.deepEqual(after.problems(), []);
    assert.deepEqual(readdirSync(after.folder).filter((n) => n.endsWith('.tmp')), []);
  });

  it('cannot be written: a line in the log, nothing more', () => {
    const dir = join(tempFolder({ file: '' }), 'file');
    const cache = openCache({ dir, root: '/w', fingerprint: '1', salt: 's' });
    cache.put(facts('a.ts', 'x'));
    cache.save();
    assert.match(cache.problems().at(-1)?.message ?? '', /cannot be kept/);
  });

  it('forgets deleted files, and engines that nobody uses any more', () => {
    const dir = tempFolder();
    const options = { dir, root: '/w', fingerprint: '1', salt: 's' };
    const old = join(dir, 'a'.repeat(16));
    mkdirSync(old);
    utimesSync(old, new Date(0), new Date(0));
    const a = facts('a.ts', 'x');
    const first = openCache(options);
    first.put(a);
    first.save();
    assert.equal(existsSync(old), false);
    const size = (): number => readdirSync(first.folder).reduce((n, f) => n + statSync(join(first.folder, f)).size, 0);
    const before = size();
    const second = openCache(options);
    // Another file of the same shard was asked for, this one was not.
    for (let i = 0; i < 64; i++) second.get(`other${i}.ts` as RelPath, a.hash);
    second.save();
    assert.ok(size() < before);
  });

  it('stands where caches stand', () => {
    if (process.platform === 'win32') return;
    assert.equal(userCacheDir({ XDG_CACHE_HOME: '/c' }), '/c/vibe-code-rescue');
    assert.match(userCacheDir({ XDG_CACHE_HOME: 'relative' }), /\.cache\/vibe-code-rescue$/);
  });
});

describe('files people own', () => {
  afterEach(removeTempFolders);

  it('a broken configuration means defaults and an error that names the line', () => {
    assert.deepEqual(loadOptions(tempFolder()).errors, []);
    const broken = loadOptions(tempFolder({ 'rescue.config.json': '{\n "guards": [' }));
    assert.equal(broken.errors[0]?.phase, 'config');
    assert.match(broken.errors[0]?.message ?? '', /^line \d+: rescue\.config\.json cannot be read/);
    const typo = loadOptions(tempFolder({ 'rescue.config.json': '{\n "gards": ["x"],\n "validators": ["ok"]\n}' }));
    assert.match(typo.errors[0]?.message ?? '', /^line 2: .*gards.*Did you mean .*guards/);
    assert.deepEqual(typo.options.validators, ['ok']);
    const root = tempFolder();
    mkdirSync(join(root, 'rescue.config.json'));
    assert.match(loadOptions(root).errors[0]?.message ?? '', /it is a folder/);
  });

  it('the state is kept, and never written over when it cannot be read', () => {
    const root = tempFolder();
    updateState(root, (s) => ({ ...s, notes: { n: { date: '2026-01-01', text: 'x' } } }));
    assert.equal(loadState(root).state.notes['n']?.text, 'x');
    const broken = '{ "version": 1,\n<<<<<<< HEAD\n';
    write(root, { [STATE_FILE]: broken });
    const loaded = loadState(root);
    assert.equal(loaded.writable, false);
    assert.equal(loaded.error?.phase, 'state');
    assert.throws(() => updateState(root, (s) => ({ ...s, notes: {} })));
    assert.equal(readFileSync(join(root, STATE_FILE), 'utf8'), broken);
  });

  it('nothing is created in the repository by reading', () => {
    const root = tempFolder();
    loadState(root);
    loadBaseline(root);
    loadOptions(root);
    assert.deepEqual(readdirSync(root), []);
  });

  it('a baseline is read, written sorted, and taken from an audit too', () => {
    const root = tempFolder();
    assert.deepEqual(loadBaseline(root), { fingerprints: null, error: null });
    const findings = ['bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaa'].map((fingerprint) => ({ fingerprint }) as never);
    writeBaseline(root, findings);
    assert.equal(readFileSync(join(root, BASELINE_FILE), 'utf8'), serializeBaseline(findings));
    assert.deepEqual([...(loadBaseline(root).fingerprints ?? [])], ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']);
    write(root, { 'audit.json': '{"version":1,"root":".","findings":[{"fingerprint":"cccccccccccccccc","file":"x"}]}' });
    assert.deepEqual([...(loadBaseline(root, join(root, 'audit.json')).fingerprints ?? [])], ['cccccccccccccccc']);
  });

  it('a broken baseline counts as none, with an error', () => {
    for (const text of ['', '{', '[]', '{"version":2,"fingerprints":[]}', '{"version":1,"fingerprints":["../x"]}', '{"version":1}\n<<<<<<< HEAD\n']) {
      const { fingerprints, error } = loadBaseline(tempFolder({ [BASELINE_FILE]: text }));
      assert.equal(fingerprints, null, text);
      assert.match(error?.message ?? '', /is not used: .*All findings count as new/, text);
    }
    assert.match(loadBaseline(tempFolder(), '/nope.json').error?.message ?? '', /does not exist/);
  });

  it('the atomic writer itself refuses nothing inside', () => {
    const root = tempFolder();
    writeAtomic(join(root, 'x.txt'), Buffer.from('x'));
    assert.ok(lstatSync(join(root, 'x.txt')).isFile());
  });
});
