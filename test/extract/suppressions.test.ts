import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { extractSuppressions } from '../../src/engine/extract/suppressions';

const at = (text: string) => extractSuppressions('x', text).map((s) => [s.ruleId, s.reason, text.slice(s.span.start, s.span.end), text.slice(s.target.start, s.target.end)]);

describe('suppressions', () => {
  const id = 'auth/missing-middleware';
  for (const [open, close] of [['// ', ''], ['//', ''], ['# ', ''], ['-- ', ''], ['<!-- ', ' -->'], ['/* ', ' */'], ['{/* ', ' */}'], ['/** ', ' */'], ['{ /* ', ' */ }']] as const) {
    it(`in ${open}…${close}`, () => {
      const comment = `${open}rescue-ignore-next-line ${id} -- public by contract${close}`;
      assert.deepEqual(at(`a\n  ${comment}\n  next();\nb`), [[id, 'public by contract', comment, '  next();']]);
    });
  }

  it('without a reason, with several rules, stacked, over blank lines, CRLF, at the end', () => {
    assert.deepEqual(at(`// rescue-ignore-next-line ${id}\nx`).map((s) => s[1]), [null]);
    assert.deepEqual(at(`// rescue-ignore-next-line ${id} --\nx`).map((s) => s[1]), [null]);
    assert.deepEqual(at('// rescue-ignore-next-line a/b, c/d -- why\nx').map((s) => [s[0], s[1]]), [['a/b', 'why'], ['c/d', 'why']]);
    assert.deepEqual(at('// rescue-ignore-next-line a/b -- 1\r\n// rescue-ignore-next-line c/d -- 2\r\n\r\nx\r\n').map((s) => [s[0], s[3]]), [['a/b', 'x'], ['c/d', 'x']]);
    assert.deepEqual(at('x // rescue-ignore-next-line a/b -- y').map((s) => s[3]), ['']);
    assert.deepEqual(at('// rescue-ignore-next-line\nx').map((s) => [s[0], s[1]]), [['', null]]);
  });

  it('not in prose or code', () => {
    assert.deepEqual(at('const s = "rescue-ignore-next-line a/b -- x";\n'), []);
    assert.deepEqual(at('// about rescue-ignore-next-line a/b\n'), []);
    assert.deepEqual(at('// rescue-ignore-next-lines a/b -- x\n'), []);
  });

  it('ranges stay inside any text, and a hostile one costs little', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('// ', '/* ', ' */', '{', '}', 'rescue-ignore-next-line', ' a/b', ' -- ', 'why', '\n', '\r\n', '<!--', '-->'), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      for (const s of extractSuppressions('x', text)) for (const span of [s.span, s.target]) assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, JSON.stringify([text, s]));
    }), { numRuns: 2000 });
    const begin = Date.now();
    extractSuppressions('x', `rescue-ignore${' '.repeat(200_000)}{${' '.repeat(200_000)}`);
    extractSuppressions('x', '// rescue-ignore-next-line a/b -- x\n'.repeat(5000));
    assert.ok(Date.now() - begin < 1500, `${Date.now() - begin} ms`);
  });
});
