/** Large files are read in a thread of their own, and one that does not end is named. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile } from '../../src/engine';
import { IsolatedExtractor } from '../../src/workspace/isolated';
import { diskHost } from '../../src/server/disk-host';
import { auditFolder } from '../../src/workspace/audit';
import { rel } from '../support/project';
import { TEST_RULES } from './rules';
import { removeTempFolders, tempFolder } from './temp';

const WORKER = join(__dirname, '../../dist/worker.js');
const BIG = `import express from 'express';\nconst app = express();\n${"app.get('/x', (req, res) => res.json({ a: 1 }));\n".repeat(8000)}`;

describe('isolated extraction', () => {
  after(removeTempFolders);

  before(() => assert.ok(existsSync(WORKER), 'dist/worker.js is missing: run `npm run build` first'));

  it('yields what the main thread would', async () => {
    const isolated = new IsolatedExtractor(WORKER);
    const facts = await isolated.extract(rel('src/big.ts'), BIG, 'salt');
    await isolated.close();
    assert.deepEqual(facts, extractFile(rel('src/big.ts'), BIG, 'salt', { whole: true }));
  });

  it('names a file whose time is up, and goes on with the next', async () => {
    const isolated = new IsolatedExtractor(WORKER, 1);
    const late = await isolated.extract(rel('src/big.ts'), BIG, 'salt');
    assert.equal(late?.parse, 'skipped');
    assert.match(late?.skippedBecause ?? '', /took longer than/);
    await isolated.close();
    const patient = new IsolatedExtractor(WORKER);
    assert.equal((await patient.extract(rel('src/small.ts'), 'export const a = 1;\n', 'salt'))?.parse, 'ok');
    await patient.close();
  });

  it('leaves the work to the caller where there is no worker', async () => {
    assert.equal(await new IsolatedExtractor('/nowhere/worker.js').extract(rel('src/a.ts'), 'let a;', 's'), null);
  });

  it('one file that does not end costs an audit nothing else, in the command line and in the editor', async () => {
    const root = tempFolder({ 'src/big.ts': BIG, 'src/small.ts': 'open();\n' });
    const { result } = await auditFolder(root, { rules: TEST_RULES, cache: false, isolated: new IsolatedExtractor(WORKER, 1) });
    assert.deepEqual(result.findings.map((f) => f.at.file), ['src/small.ts']);
    assert.deepEqual(result.stats.skipped.map((s) => [s.file, /took longer than/.test(s.reason)]), [['src/big.ts', true]]);

    const seen = new Map<string, string | undefined>();
    for await (const file of diskHost(TEST_RULES, () => new IsolatedExtractor(WORKER, 1)).openFolder(root, null).files(new AbortController().signal, () => undefined)) seen.set(file.path, file.facts?.parse);
    assert.deepEqual([...seen].sort(), [['src/big.ts', 'skipped'], ['src/small.ts', undefined]]);
  });
});
