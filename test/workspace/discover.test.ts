import assert from 'node:assert/strict';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BINARY, discover, isAuditedPath, readFound, worthNaming, type Discovery } from '../../src/workspace/discover';
import { FolderError } from '../../src/workspace/errors';
import { readGitFolder } from '../../src/workspace/git-index';
import type { RelPath } from '../../src/engine/core/types';
import { git, isRoot, removeTempFolders, tempFolder, write } from './temp';

const paths = (d: Discovery): string[] => d.files.map((f) => f.path);
const read = (root: string, path: string): ReturnType<typeof readFound> => readFound({ path: path as RelPath, absolute: join(root, path) });

describe('discovery', () => {
  afterEach(removeTempFolders);

  it('leaves out what tools make, and keeps routes that are named like it', async () => {
    const root = tempFolder({
      'src/a.ts': '', 'node_modules/x/i.js': '', 'dist/a.js': '', '.next/b.js': '', 'build/c.js': '', 'coverage/d.js': '', 'vendor/e.js': '', 'package-lock.json': '{}',
      'logo.png': 'x', 'app/api/vendor/route.ts': '', 'app/build/page.tsx': '', 'src/coverage/report.ts': '', 'apps/web/package.json': '{}', 'apps/web/dist/x.js': '', '.env.example': '',
    });
    assert.deepEqual(paths(await discover(root)), ['.env.example', 'app/api/vendor/route.ts', 'app/build/page.tsx', 'apps/web/package.json', 'src/a.ts', 'src/coverage/report.ts']);
  });

  it('follows nested .gitignore files as git does', async () => {
    const root = tempFolder({
      '.gitignore': '*.log\n/generated/\n!keep.log\nlogs/*\ntmp/\n\\#odd\n',
      'a.log': '', 'keep.log': '', 'generated/x.ts': '', 'src/generated/y.ts': '', 'logs/one.txt': '', 'logs/.gitignore': '!two.txt\n', 'logs/two.txt': '',
      'a/.gitignore': '!tmp/\n/only-here.ts\nsub/deep.ts\n**/any.ts\n', 'a/tmp/in.ts': '', 'b/tmp/out.ts': '', 'a/only-here.ts': '', 'a/x/only-here.ts': '', 'a/sub/deep.ts': '', 'a/y/sub/deep.ts': '', 'a/y/any.ts': '', '#odd': '',
      'we[i]rd/.gitignore': 'x.ts\n', 'we[i]rd/x.ts': '', 'we[i]rd/y.ts': '', 'wei/x.ts': '',
    });
    git(root, 'init', '-q');
    const git1 = readGitFolder(root);
    const ours = paths(await discover(root, { git: git1 })).filter((p) => !p.startsWith('.git/'));
    const gits = git(root, '-c', 'core.quotepath=off', 'ls-files', '--others', '--exclude-standard').trim().split('\n').sort();
    assert.deepEqual(ours, gits);
  });

  it('reads an ignored file that git tracks, and only names an ignored env file', async () => {
    const root = tempFolder({ '.env': 'A=1\n', 'src/generated/api.ts': '', '.gitignore': '' });
    git(root, 'init', '-q');
    git(root, 'add', '.');
    write(root, { '.gitignore': '.env*\nsrc/generated\n', '.env.local': 'B=2\n', 'src/generated/other.ts': '' });
    const found = await discover(root, { git: readGitFolder(root) });
    assert.deepEqual(paths(found), ['.env', '.gitignore', 'src/generated/api.ts']);
    assert.deepEqual(found.ignoredEnvFiles, ['.env.local']);
    assert.equal(found.rules.ignores('.env.production', false), true);
    assert.equal(found.rules.ignores('not/there.ts', false), false);
  });

  it('uses rules from above when the audited folder is inside a repository, and .git/info/exclude', async () => {
    const top = tempFolder({ '.gitignore': 'secret.txt\n/packages/web/only.ts\n', 'packages/web/secret.txt': '', 'packages/web/only.ts': '', 'packages/web/a.ts': '', 'packages/web/private.ts': '' });
    git(top, 'init', '-q');
    write(top, { '.git/info/exclude': 'private.ts\n' });
    const root = join(top, 'packages', 'web');
    const found = readGitFolder(root);
    assert.equal(found?.prefix, 'packages/web');
    assert.deepEqual(paths(await discover(root, { git: found })), ['a.ts']);
  });

  it('never follows a link out of the folder, nor in a circle, and reads linked files once', async () => {
    const outside = tempFolder({ 'secret.ts': 'x' });
    const root = tempFolder({ 'real/a.ts': 'a' });
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(outside, 'secret.ts'), join(root, 'out.ts'));
    symlinkSync('..', join(root, 'real', 'loop'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('real/a.ts', join(root, 'again.ts'));
    symlinkSync('real', join(root, 'alias'));
    symlinkSync('nowhere', join(root, 'dangling.ts'));
    const found = await discover(root);
    assert.deepEqual(paths(found), ['real/a.ts']);
    assert.deepEqual(found.skipped.map((s) => [s.file, s.reason.split(':')[0]]), [
      ['dangling.ts', 'symbolic link that leads nowhere'], ['out', 'symbolic link that leaves the folder'], ['out.ts', 'symbolic link that leaves the folder'], ['self', 'symbolic link that leads nowhere'],
    ]);
  });

  it('works when the folder itself is a link', async () => {
    const real = tempFolder({ 'a.ts': '' });
    const link = join(tempFolder(), 'link');
    symlinkSync(real, link);
    const found = await discover(link);
    assert.equal(found.root, real);
    assert.deepEqual(paths(found), ['a.ts']);
  });

  it('is not stopped by a pipe that is named like a script', async function () {
    const root = tempFolder({ 'a.ts': '' });
    if (spawnSync('mkfifo', [join(root, 'pipe.ts')]).status !== 0) this.skip();
    assert.deepEqual(paths(await discover(root)), ['a.ts']);
  });

  it('names an unreadable folder and audits the rest', async () => {
    const root = tempFolder({ 'a.ts': '', 'closed/b.ts': '' });
    chmodSync(join(root, 'closed'), 0);
    try {
      const found = await discover(root);
      // root reads everything: there the folder is simply listed.
      if (isRoot) assert.deepEqual(paths(found), ['a.ts', 'closed/b.ts']);
      else {
        assert.deepEqual(paths(found), ['a.ts']);
        assert.deepEqual(found.errors.map((e) => [e.file, e.message]), [['closed', 'the folder closed cannot be read: permission denied']]);
      }
    } finally {
      chmodSync(join(root, 'closed'), 0o755);
    }
  });

  it('refuses a folder that does not exist or is a file', async () => {
    const root = tempFolder({ 'a.ts': '' });
    await assert.rejects(discover(join(root, 'nope')), (e: Error) => e instanceof FolderError && /nope cannot be read: it does not exist/.test(e.message));
    await assert.rejects(discover(join(root, 'a.ts')), FolderError);
  });

  it('stops when asked', async () => {
    const root = tempFolder({ 'a/b.ts': '' });
    await assert.rejects(discover(root, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('knows by name alone what an audit looks at', () => {
    assert.equal(isAuditedPath('src/a.ts'), true);
    assert.equal(isAuditedPath('node_modules/x/a.ts'), false);
    assert.equal(isAuditedPath('app/vendor/page.tsx'), true);
    assert.equal(isAuditedPath('dist/a.js'), false);
    assert.equal(isAuditedPath('yarn.lock'), false);
    assert.equal(isAuditedPath('a/logo.PNG'), false);
  });
});

describe('reading a file', () => {
  afterEach(removeTempFolders);

  it('skips a 20 MB script by its size, without loading it', () => {
    const root = tempFolder({ 'big.ts': Buffer.alloc(20 * 1024 * 1024, 'a') });
    const before = process.memoryUsage().arrayBuffers;
    assert.deepEqual(read(root, 'big.ts'), { kind: 'skipped', reason: '20.0 MB: larger than 1.0 MB' });
    assert.ok(process.memoryUsage().arrayBuffers - before < 5 * 1024 * 1024);
  });

  it('skips binaries, also when they are named .ts', () => {
    const root = tempFolder({ 'a.ts': Buffer.from([1, 2, 0, 3]), 'b': Buffer.from([0]), 'big.unknown': Buffer.alloc(3 * 1024 * 1024) });
    assert.deepEqual(read(root, 'a.ts'), { kind: 'skipped', reason: BINARY });
    assert.deepEqual(read(root, 'big.unknown'), { kind: 'skipped', reason: BINARY });
    assert.equal(worthNaming('a.ts', BINARY), true);
    assert.equal(worthNaming('b', BINARY), false);
  });

  it('skips minified code, not long data in readable code', () => {
    const minified = 'function a(b,c){return b(c)};var d=a(e,{f:1});'.repeat(500);
    const code = `export const icon = "${'QUJD'.repeat(5000)}";\nexport function f() {}\n`;
    const root = tempFolder({ 'app.js': minified, 'x.min.js': 'a', 'icon.ts': code, 'one-line.json': `{"a":"${'x'.repeat(20000)}"}` });
    assert.deepEqual(read(root, 'app.js'), { kind: 'skipped', reason: 'minified' });
    assert.deepEqual(read(root, 'x.min.js'), { kind: 'skipped', reason: 'minified' });
    assert.equal(read(root, 'icon.ts').kind, 'text');
    assert.equal(read(root, 'one-line.json').kind, 'text');
  });

  it('drops the byte-order mark, keeps CRLF and emoji, reads UTF-16', () => {
    const text = 'a\r\n"😀" = ü\r\n';
    const root = tempFolder({ 'bom.ts': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), '.env': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]) });
    const bom = read(root, 'bom.ts');
    const utf16 = read(root, '.env');
    assert.ok(bom.kind === 'text' && utf16.kind === 'text');
    assert.equal(bom.text, text);
    assert.equal(bom.encoding, 'utf8-bom');
    assert.equal(utf16.text, text);
    assert.equal(utf16.hash, bom.hash);
  });

  it('names a file that vanished', () => {
    const root = tempFolder({ 'a.ts': 'x' });
    rmSync(join(root, 'a.ts'));
    assert.deepEqual(read(root, 'a.ts'), { kind: 'error', message: 'a.ts cannot be read: it does not exist (any more)' });
    writeFileSync(join(root, 'a.ts'), 'back');
    assert.equal(read(root, 'a.ts').kind, 'text');
  });
});
