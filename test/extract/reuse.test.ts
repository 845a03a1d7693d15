/** A version of a script that takes over what the last one was lowered to says the same as one that takes over nothing. */
import assert from 'node:assert/strict';
import type { RelPath } from '../../src/engine/core/types';
import { lowerScript } from '../../src/engine/extract/script/lower';
import { parseScript } from '../../src/engine/extract/script/parse';
import { LoweringMemory } from '../../src/engine/extract/script/reuse';
import { edit } from '../../src/dev/fuzz';
import { Random } from '../../src/dev/random';
import { SAMPLE } from '../property/sample';

const STEPS = Number(process.env['RESCUE_STEPS'] ?? 2400);

/** Lowers one version after another; the last one both ways. */
function versions(path: string, texts: readonly string[]): { readonly reused: unknown; readonly fresh: unknown } {
  const memory = new LoweringMemory();
  let out: { reused: unknown; fresh: unknown } = { reused: null, fresh: null };
  for (const text of texts) {
    const tree = parseScript(path as RelPath, text)!;
    out = { reused: lowerScript(path as RelPath, text, tree.source, 'salt', [], tree.syntaxErrors > 0 ? null : memory), fresh: lowerScript(path as RelPath, text, tree.source, 'salt', []) };
  }
  return out;
}

/** Functions that have moved are objects of a class. */
const plain = (x: unknown): unknown => JSON.parse(JSON.stringify(x));

function assertSame(texts: readonly string[], path = 'src/a.ts'): void {
  const { reused, fresh } = versions(path, texts);
  assert.deepEqual(plain(reused), plain(fresh));
}

describe('taking over what the last version was lowered to', () => {
  const A = `import { a } from 'a';\nexport function one() {\n  return a(1);\n}\n`;
  const B = `export const two = (x) => {\n  const { y } = x;\n  return y;\n};\n`;
  const C = `class Three {\n  constructor(private readonly z: number) {}\n  get() {\n    return process.env.THREE ?? this.z;\n  }\n}\nexport { Three };\n`;

  it('keeps statements before the change as the same objects', () => {
    const memory = new LoweringMemory();
    const lower = (text: string) => lowerScript('src/a.ts' as RelPath, text, parseScript('src/a.ts' as RelPath, text)!.source, '', [], memory).script;
    const before = lower(A + B + C);
    const after = lower(A + B + C.replace('get', 'got'));
    assert.equal(after.functions[1], before.functions[1]);
    assert.equal(after.functions[0]!.body[0], before.functions[0]!.body[0]);
    assert.notEqual(after.functions[3], before.functions[3]);
  });

  it('moves what stands behind it', () => {
    assertSame([A + B + C, A.replace('a(1)', 'a(1234)') + B + C]);
    assertSame([A + B + C, A + C]);
    assertSame([A + C, A + B + C]);
    assertSame([A + B + C, B + C]);
    assertSame([A + B + C, `${A}\n\n${B}// a word\n${C}`]);
  });

  it('numbers functions anew where their number changes', () => {
    assertSame([A + B + C, A.replace('a(1)', 'a(() => 1)') + B + C]);
    assertSame([A + B + C, A + `class Four {}\n` + B + C]);
  });

  it('knows where names are imported from now', () => {
    const use = `import { sign } from 'jsonwebtoken';\nexport const token = (s) => sign({ s }, 'hunter2hunter2');\n`;
    assertSame([`${use}${A}`, `${use.replace('jsonwebtoken', 'somewhere')}${A}`]);
    assertSame([`import { sign } from 'x';\n${A}export const t = () => sign({}, 'some-signing-key');\n`, `import { sign } from 'jsonwebtoken';\n${A}export const t = () => sign({}, 'some-signing-key');\n`]);
  });

  it('sees a file become a module, CommonJS, or JSX, and cease to be', () => {
    const script = `const x = 1;\nasync function f() {\n  await (x);\n}\n`;
    assertSame([script, `${script}export {};\n`]);
    assertSame(['const x = 1;\nawait (x);\nconst z = 2;\n', 'const x = 1;\nawait (x);\nconst z = 2;\nexport {};\n']);
    assertSame([`${script}exports.f = f;\n`, script]);
    assertSame([script, `${script}module.exports = { f };\n`, `${script}module.exports = { f };\nf();\n`]);
    assertSame([`${script}const y = <b>{x}</b>;\n`, script], 'src/a.tsx');
    assertSame([`${script}const y = <b>{x}</b>;\n`, `${script}f();\nconst y = <b>{x}</b>;\n`], 'src/a.tsx');
  });

  it('takes nothing over where a literal has become a secret, or is one no more', () => {
    const at = A.indexOf("'a'");
    const kept = { start: at, end: at + 3 };
    const lower = (text: string, memory: LoweringMemory | null, secrets: readonly { start: number; end: number }[]) => plain(lowerScript('src/a.ts' as RelPath, text, parseScript('src/a.ts' as RelPath, text)!.source, '', secrets, memory));
    const changed = A + B.replace('return y', 'return y + 1');
    const literal = `const word = 'a fairly harmless word';\n${A}`;
    const secret = { start: literal.indexOf("'a fairly"), end: literal.indexOf(';') };
    const memory = new LoweringMemory();
    lower(literal + B, memory, []);
    assert.deepEqual(lower(`${literal}${B}\n`, memory, [secret]), lower(`${literal}${B}\n`, null, [secret]));
    assert.deepEqual(lower(changed, memory, [kept]), lower(changed, null, [kept]));
  });

  it('over random edits, some of which break the syntax', () => {
    const random = new Random(7);
    const all = [...SAMPLE].filter(([path]) => parseScript(path as RelPath, '') !== null);
    const others = all.map(([, text]) => text);
    let compared = 0;
    for (const [path, original] of all) {
      const memory = new LoweringMemory();
      let text = original;
      for (let i = 0; i < STEPS / all.length; i++) {
        const tree = parseScript(path as RelPath, text)!;
        if (tree.syntaxErrors === 0) {
          compared++;
          assert.deepEqual(plain(lowerScript(path as RelPath, text, tree.source, '', [], memory)), plain(lowerScript(path as RelPath, text, tree.source, '', [])), text);
        }
        text = random.chance(0.3) ? original : edit(random, text, others).text;
      }
    }
    assert.ok(compared > STEPS / 4, `${compared} versions without syntax errors`);
  });
});
