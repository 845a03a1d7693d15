import assert from 'node:assert/strict';
import { SPECIALS, fuzz } from '../../src/dev/fuzz';

const COUNT = Number(process.env['RESCUE_FUZZ'] ?? 10_000);

describe('any text at all', function () {
  this.timeout(600_000);

  it(`${COUNT} mutated, cut and spliced files: nothing throws, hangs or points outside its file`, async () => {
    const tally = await fuzz({ count: COUNT + SPECIALS.length, seed: Number(process.env['RESCUE_SEED'] ?? 1) });
    console.log(`      ${tally.cases} files, ${tally.findings} findings, ${tally.fixes} fixes asked for, ${tally.applied} made`);
    assert.deepEqual(tally.problems.slice(0, 10), []);
    assert.equal(tally.cases, COUNT + SPECIALS.length);
  });
});
