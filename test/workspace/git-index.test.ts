import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { discover } from '../../src/workspace/discover';
import { gitFacts, parseIndex, readGitFolder } from '../../src/workspace/git-index';
import { git, removeTempFolders, tempFolder, write } from './temp';

const FILES = { 'a.ts': '', 'src/long/path/to/b.ts': '', 'src/long/path/to/c.ts': '', 'src/ü 😀.ts': '', '.env': 'A=1', 'x/y.sql': '', [`deep/${'n'.repeat(150)}.ts`]: '' };

function listed(root: string): string[] {
  return git(root, '-c', 'core.quotepath=off', 'ls-files', '-z').split('\0').filter(Boolean).sort();
}

describe('git index', () => {
  afterEach(removeTempFolders);

  for (const version of [2, 3, 4]) {
    it(`reads version ${version} as git does`, () => {
      const root = tempFolder(FILES);
      git(root, 'init', '-q');
      git(root, 'add', '.');
      git(root, 'update-index', '--index-version', String(version));
      // Version 3 exists only with an extended flag.
      if (version >= 3) {
        write(root, { 'later.ts': '' });
        git(root, 'add', '--intent-to-add', 'later.ts');
      }
      assert.equal(readFileSync(join(root, '.git', 'index')).readUInt32BE(4), version);
      assert.deepEqual([...(readGitFolder(root)?.tracked ?? [])].sort(), listed(root));
    });
  }

  it('reads a SHA-256 repository', () => {
    const root = tempFolder(FILES);
    git(root, 'init', '-q', '--object-format=sha256');
    git(root, 'add', '.');
    assert.deepEqual([...(readGitFolder(root)?.tracked ?? [])].sort(), listed(root));
  });

  it('reads worktrees and submodules through their .git files', () => {
    const main = tempFolder({ 'a.ts': '' });
    git(main, 'init', '-q');
    git(main, 'add', '.');
    git(main, 'commit', '-qm', 'x');
    const inner = tempFolder({ 'inner.ts': '' });
    git(inner, 'init', '-q');
    git(inner, 'add', '.');
    git(inner, 'commit', '-qm', 'x');
    const tree = join(tempFolder(), 'tree');
    git(main, 'worktree', 'add', '-q', tree);
    write(tree, { 'b.ts': '' });
    git(tree, 'add', '.');
    write(main, { '.git/info/exclude': 'hidden.ts\n' });
    const found = readGitFolder(tree);
    assert.deepEqual([...(found?.tracked ?? [])].sort(), ['a.ts', 'b.ts']);
    assert.match(found?.exclude ?? '', /hidden/);

    git(main, 'submodule', '--quiet', 'add', inner, 'libs/inner');
    assert.deepEqual([...(readGitFolder(main)?.tracked ?? [])].sort(), ['.gitmodules', 'a.ts', 'libs/inner', 'libs/inner/inner.ts']);
    assert.deepEqual([...(readGitFolder(join(main, 'libs', 'inner'))?.tracked ?? [])], ['inner.ts']);
  });

  it('gives paths relative to the audited folder', () => {
    const root = tempFolder(FILES);
    git(root, 'init', '-q');
    git(root, 'add', '.');
    assert.deepEqual([...(readGitFolder(join(root, 'src'))?.tracked ?? [])].sort(), ['long/path/to/b.ts', 'long/path/to/c.ts', 'ü 😀.ts']);
  });

  it('answers for a folder without repository, and for one without a first add', () => {
    assert.equal(readGitFolder(tempFolder({ 'a.ts': '' })), null);
    const root = tempFolder({ 'a.ts': '' });
    git(root, 'init', '-q');
    assert.deepEqual(readGitFolder(root)?.tracked, new Set());
  });

  it('says so when the index is damaged, and does not guess', () => {
    const root = tempFolder(FILES);
    git(root, 'init', '-q');
    git(root, 'add', '.');
    writeFileSync(join(root, '.git', 'index'), 'DIRC rubbish');
    const broken = readGitFolder(root);
    assert.equal(broken?.tracked, null);
    assert.match(broken?.errors[0]?.message ?? '', /git's index cannot be read: it is damaged/);

    rmSync(join(root, '.git'), { recursive: true });
    writeFileSync(join(root, '.git'), 'gitdir: //evil.example/share\n');
    assert.match(readGitFolder(root)?.errors[0]?.message ?? '', /network path/);
  });

  it('a split index is named, not half read', () => {
    const root = tempFolder(FILES);
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'update-index', '--split-index');
    const split = readGitFolder(root);
    assert.equal(split?.tracked, null);
    assert.match(split?.errors[0]?.message ?? '', /split/);
  });

  it('survives any damage', () => {
    const root = tempFolder(FILES);
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'update-index', '--index-version', '4');
    const bytes = readFileSync(join(root, '.git', 'index'));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, cut) => {
        const copy = Buffer.from(bytes.subarray(0, Math.max(cut, at + 1)));
        copy[at] = value;
        try {
          for (const entry of parseIndex(copy)) assert.ok(!entry.path.includes('..'));
        } catch (error) {
          assert.match((error as Error).message, /^it(s version| is) /);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('isIgnored agrees with git check-ignore for files that do not exist', async () => {
    const root = tempFolder({ '.gitignore': '.env*\n!.env.example\n/out\n', 'web/.gitignore': '*.local\n!.env.local\n' });
    git(root, 'init', '-q');
    const facts = gitFacts(readGitFolder(root), (await discover(root)).rules);
    for (const path of ['.env', '.env.local', '.env.example', 'web/.env', 'web/.env.local', 'web/a.local', 'web/x/b.local', 'out/a', 'web/out/a', 'a.ts']) {
      let expected = true;
      try {
        git(root, 'check-ignore', '-q', path);
      } catch {
        expected = false;
      }
      assert.equal(facts.isIgnored(path as never), expected, path);
    }
  });
});
