/** Bad input of every kind: each with a clear message, and the rest of the audit intact. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyRule } from '../../src/engine/core/rule';
import { auditFolder, type FolderAudit } from '../../src/workspace/audit';
import { FolderError } from '../../src/workspace/errors';
import { TEST_RULES, throwingRule } from './rules';
import { git, removeTempFolders, tempFolder, write } from './temp';

const GOOD = { 'src/good.ts': 'open();\n' };
const audit = (root: string, rules: readonly AnyRule[] = TEST_RULES): Promise<FolderAudit> => auditFolder(root, { rules, cache: false });
const found = (a: FolderAudit): string[] => a.result.findings.map((f) => {
  const at = a.positions(f.at.file, f.at.span);
  return `${f.at.file}:${at.line}:${at.column}-${at.endLine}:${at.endColumn} ${f.ruleId}`;
});
const GOOD_FOUND = 'src/good.ts:1:1-1:5 auth/test-open';

describe('auditing a folder', () => {
  afterEach(removeTempFolders);

  it('finds, counts and places', async () => {
    const root = tempFolder({ ...GOOD, 'src/key.ts': "const apiKey = 'abcdefgh';\n" });
    const a = await audit(root);
    assert.deepEqual(found(a), ['src/key.ts:1:16-1:26 secrets/test-key', GOOD_FOUND]);
    assert.deepEqual(a.errors, []);
    assert.equal(a.result.stats.files, 2);
    for (const phase of ['find', 'read', 'extract', 'link', 'check']) assert.ok((a.result.stats.timing[phase] ?? -1) >= 0, phase);
  });

  it('an empty folder is a clean one', async () => {
    assert.deepEqual((await audit(tempFolder())).result.findings, []);
  });

  it('columns count UTF-16 units, lines CRLF, and a byte-order mark is not there', async () => {
    const root = tempFolder({
      'emoji.ts': "/* 😀é */ open();\n", 'crlf.ts': 'const a = 1;\r\n\r\n  open();\r\n', 'bom.ts': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('open();\n')]), 'cr.ts': 'let a;\ropen();\r',
    });
    assert.deepEqual(found(await audit(root)).sort(), ['bom.ts:1:1-1:5 auth/test-open', 'cr.ts:2:1-2:5 auth/test-open', 'crlf.ts:3:3-3:7 auth/test-open', 'emoji.ts:1:11-1:15 auth/test-open']);
  });

  const BAD: Readonly<Record<string, { readonly files: Readonly<Record<string, string | Buffer>>; readonly error?: RegExp; readonly skipped?: RegExp; readonly extra?: readonly string[] }>> = {
    'a 20 MB file': { files: { 'big.ts': Buffer.alloc(20 * 1024 * 1024, ' ') }, skipped: /^big\.ts: 20\.0 MB: larger than/ },
    'a large text': { files: { 'dump.sql': Buffer.alloc(3 * 1024 * 1024, ' ') }, skipped: /^dump\.sql: 3\.0 MB: larger than/ },
    'a minified bundle': { files: { 'public/app.js': 'function a(b,c){return b(c)};open();'.repeat(1000) }, skipped: /^public\/app\.js: minified/ },
    'a binary named .ts': { files: { 'bin.ts': Buffer.from([0x4d, 0x5a, 0, 0, 1, 2, 3]) }, skipped: /^bin\.ts: binary content/ },
    'invalid UTF-8': { files: { 'latin1.ts': Buffer.from([0x2f, 0x2f, 0xe9, 0x0a, 0x6f, 0x70, 0x65, 0x6e, 0x28, 0x29, 0x3b]) }, extra: ['latin1.ts:2:1-2:5 auth/test-open'] },
    'nesting 60,000 deep': { files: { 'deep.ts': `const a = require('a');\nconst x = ${'[\n'.repeat(60_000)}${']\n'.repeat(60_000)};`, 'deep2.ts': 'if (a) {\n'.repeat(60_000), 'deep3.ts': `x = ${'a +\n'.repeat(60_000)}b;`, 'deep4.js': `f(${'function(){(\n'.repeat(20_000)}`, 'deep.json': '['.repeat(60_000), 'tsconfig.json': '[\n'.repeat(60_000) }, skipped: /^deep\.ts: nested too deeply/, error: /^extract tsconfig\.json: tsconfig\.json cannot be read: it is nested too deeply/ },
    'half-typed and unparsable files': { files: { 'half.ts': 'const a = {\nexport function (', 'tick.ts': 'const a = `', 'junk.ts': '<<<<<<< HEAD\n@@@ ###\n' } },
    'broken package.json, tsconfig and config.toml': { files: { 'package.json': '{ "name": ', 'tsconfig.json': '{ "compilerOptions": ', 'supabase/config.toml': '[[[', 'packages/a/package.json': '[]' }, error: /^extract package\.json: package\.json cannot be read: not valid JSON on line 1/ },
    'a broken configuration': { files: { 'rescue.config.json': '{ broken' }, error: /^config rescue\.config\.json: line 1: rescue\.config\.json cannot be read/ },
    'a damaged git index': { files: { '.git/HEAD': 'ref: refs/heads/main\n', '.git/index': 'DIRC\0\0\0\x02' }, error: /^read -: git's index cannot be read: it is damaged/ },
    'hostile names': { files: { 'a\nb.ts': '', '<img src=x onerror=alert(1)>.ts': '', '__proto__.ts': '', 'constructor/toString.ts': '', "it's `$(x)`.ts": '' } },
    'a lone surrogate and zero-width text': { files: { 'odd.ts': 'const s = "\\ud800";\u200b\n' } },
    'empty files': { files: { 'empty.ts': '', 'tsconfig.json': '', '.env': '', 'x.sql': '' } },
  };
  for (const [name, { files, error, skipped, extra = [] }] of Object.entries(BAD)) {
    it(`${name} leaves the rest intact`, async function () {
      this.timeout(60_000);
      const a = await audit(tempFolder({ ...GOOD, ...files }));
      assert.deepEqual(found(a), [...extra, GOOD_FOUND]);
      const errors = a.errors.map((e) => `${e.phase} ${e.file ?? '-'}: ${e.message}`);
      if (error) assert.ok(errors.some((e) => error.test(e)), errors.join('\n'));
      else assert.deepEqual(errors, []);
      const skips = a.result.stats.skipped.map((s) => `${s.file}: ${s.reason}`);
      if (skipped) assert.ok(skips.some((s) => skipped.test(s)), skips.join('\n'));
    });
  }

  it('a rule that throws is named with its file, and silences nothing', async () => {
    const a = await audit(tempFolder(GOOD), [throwingRule, ...TEST_RULES]);
    assert.deepEqual(found(a), [GOOD_FOUND]);
    assert.deepEqual(a.errors.map((e) => [e.phase, e.file, e.ruleId, e.message]), [['check', 'src/good.ts', 'error/test-throws', 'the rule broke on src/good.ts']]);
  });

  it('files and folders that vanish while it runs', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`gone/${i}.ts`, 'open();\n']));
    const root = tempFolder({ ...GOOD, ...files });
    let removed = false;
    const a = await auditFolder(root, {
      rules: TEST_RULES, cache: false,
      onProgress: (p) => {
        if (p.phase !== 'find' || removed || p.done < 60) return;
        removed = true;
        rmSync(join(root, 'gone'), { recursive: true });
      },
    });
    assert.ok(removed);
    assert.deepEqual(found(a), [GOOD_FOUND]);
    assert.equal(a.errors.length, 60);
    assert.match(a.errors[0]?.message ?? '', /^gone\/\d+\.ts cannot be read: it does not exist/);
  });

  it('the whole folder vanishes', async () => {
    const root = tempFolder(GOOD);
    const a = await auditFolder(root, { rules: TEST_RULES, cache: false, onProgress: (p) => p.phase === 'find' && p.done > 0 && rmSync(root, { recursive: true, force: true }) });
    assert.deepEqual(found(a), []);
    assert.equal(a.errors.length, 1);
    await assert.rejects(audit(root), FolderError);
  });

  it('links in circles and out of the folder', async () => {
    const outside = tempFolder({ 'secret.ts': 'open();\n' });
    const root = tempFolder(GOOD);
    symlinkSync('.', join(root, 'src', 'loop'));
    symlinkSync(outside, join(root, 'out'));
    const a = await audit(root);
    assert.deepEqual(found(a), [GOOD_FOUND]);
    assert.deepEqual(a.result.stats.skipped.map((s) => s.file), ['out']);
  });

  it('a folder name with spaces, quotes and emoji', async () => {
    const root = join(tempFolder(), "it's a \"test\" 😀");
    write(root, GOOD);
    assert.deepEqual(found(await audit(root)), [GOOD_FOUND]);
  });

  it('can be cancelled', async () => {
    const root = tempFolder(GOOD);
    await assert.rejects(auditFolder(root, { rules: TEST_RULES, cache: false, signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('reads the configuration', async () => {
    const root = tempFolder({ ...GOOD, 'rescue.config.json': '{ "ignore": [{ "rule": "auth/test-open", "path": "src/**", "reason": "demo" }] }' });
    const a = await audit(root);
    assert.deepEqual(found(a), []);
    assert.deepEqual(a.result.suppressed.map((s) => s.reason), ['demo']);
  });

  it('never runs git, and writes nothing into the folder', async () => {
    const root = tempFolder({ ...GOOD, '.gitignore': '' });
    git(root, 'init', '-q');
    git(root, 'add', '.');
    const trap = join(tempFolder(), 'ran');
    git(root, 'config', 'core.fsmonitor', `touch ${trap}`);
    const list = (): string[] => readdirSync(root, { recursive: true }).map(String).sort();
    const before = list();
    await auditFolder(root, { rules: TEST_RULES, cache: { dir: tempFolder(), fingerprint: 'x' } });
    assert.deepEqual(list(), before);
    assert.throws(() => readdirSync(trap), /ENOENT/);
  });

  it('warm and cold give the same', async () => {
    const root = tempFolder({ ...GOOD, 'src/key.ts': "const apiKey = 'abcdefgh-ijklmnop-qrst';\n", 'package.json': '{"name":"x"}', 'broken.ts': 'const a = {' });
    const cache = { dir: tempFolder(), fingerprint: 'x' };
    const strip = (a: FolderAudit) => ({ ...a.result, stats: { ...a.result.stats, timing: {} } });
    const cold = await auditFolder(root, { rules: TEST_RULES, cache });
    const warm = await auditFolder(root, { rules: TEST_RULES, cache });
    assert.equal(cold.cacheHits, 0);
    // What only the outline was read of is not kept.
    assert.equal(warm.cacheHits, 2);
    assert.deepEqual(strip(warm), strip(cold));
    write(root, { 'src/key.ts': 'open();\n' });
    const edited = await auditFolder(root, { rules: TEST_RULES, cache });
    assert.equal(edited.cacheHits, 1);
    assert.deepEqual(found(edited), [GOOD_FOUND, 'src/key.ts:1:1-1:5 auth/test-open'].sort((a, b) => (a < b ? -1 : 1)));
  });
});
