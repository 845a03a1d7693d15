import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { unifiedDiff } from '../../src/workspace/diff';
import { removeTempFolders, tempFolder } from './temp';

describe('unified diff', () => {
  afterEach(removeTempFolders);

  it('looks as people know it', () => {
    assert.equal(unifiedDiff('a.ts', 'one\ntwo\nthree\n', 'one\n2\nthree\n'), '--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n');
    assert.equal(unifiedDiff('.env', null, 'A=1'), '--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+A=1\n\\ No newline at end of file\n');
    assert.equal(unifiedDiff('a', 'x', 'x'), '');
  });

  it('is what git apply understands, for any two texts', function () {
    this.timeout(60_000);
    const root = tempFolder();
    const line = fc.constantFrom('a', 'b', 'c', '', 'ü 😀', '\ttab', '+x', '-y', '@@');
    const text = fc.tuple(fc.array(line, { maxLength: 30 }), fc.boolean()).map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        // Git has no patch between empty contents and none.
        if (before === after || before === '' || after === '') return;
        writeFileSync(join(root, 'f.txt'), before);
        const patched = spawnSync('git', ['apply', '--whitespace=nowarn', '-p1', '-'], { cwd: root, input: unifiedDiff('f.txt', before, after), encoding: 'utf8', env: { ...process.env, GIT_CEILING_DIRECTORIES: join(root, '..') } });
        assert.equal(patched.status, 0, patched.stderr);
        assert.equal(readFileSync(join(root, 'f.txt'), 'utf8'), after);
      }),
      { numRuns: 120 },
    );
  });

  it('is quick on large and very different texts', () => {
    const a = Array.from({ length: 20_000 }, (_, i) => `a${i}`).join('\n');
    const b = Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? `a${i}` : `b${i}`)).join('\n');
    const begin = Date.now();
    unifiedDiff('x', a, b);
    assert.ok(Date.now() - begin < 5000, `${Date.now() - begin} ms`);
  });
});
