import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyRule } from '../../src/engine/core/rule';
import { RULE_GROUPS, type RuleId } from '../../src/engine/core/types';
import { generate, generateAll, packageJsonWithSettings, readmeWithTable, registrySource, rulePage } from '../../src/dev/generate';
import { checkId, ruleTemplate, writeNewRule } from '../../src/dev/new-rule';
import { metaOf } from '../report/sample';

const ROOT = join(__dirname, '../..');
const rule = (id: RuleId, over: Parameters<typeof metaOf>[3] = {}): { id: string; rule: AnyRule } => ({ id, rule: { meta: metaOf(id, 'endpoints', 'auth-missing', over), on: 'endpoint', check: () => undefined } });
const README = '# App\n\n<!-- rules:begin -->\nold\n<!-- rules:end -->\n\nEnd.\n';

describe('generated files', () => {
  it('do not depend on the order of the rules', () => {
    const rules = [rule('validate/b'), rule('auth/a'), rule('endpoint/c')];
    const input = { packageJson: '{"name":"x"}', readme: README };
    assert.deepEqual([...generateAll({ rules, ...input })], [...generateAll({ rules: [...rules].reverse(), ...input })]);
  });

  it('import every rule once', () => {
    const source = registrySource(['endpoint/some-defect', 'auth/a']);
    assert.ok(source.includes("import authA from './auth/a';\nimport endpointSomeDefect from './endpoint/some-defect';\n"));
    assert.ok(source.includes('ALL_RULES: readonly AnyRule[] = [\n  authA,\n  endpointSomeDefect,\n];'));
  });

  it('keep all of package.json but the settings', () => {
    const before = '{\n\t"name": "x",\n\t"contributes": {\n\t\t"commands": [],\n\t\t"configuration": 1\n\t}\n}\n';
    const after = packageJsonWithSettings(before, [metaOf('auth/a', 'auth', 'auth-missing')]);
    assert.match(after, /^\{\n\t"name": "x",\n\t"contributes": \{\n\t\t"commands": \[\],\n\t\t"configuration": \[/);
    assert.equal(packageJsonWithSettings(after, [metaOf('auth/a', 'auth', 'auth-missing')]), after);
  });

  it('put the table between the markers only', () => {
    const out = readmeWithTable(README, [metaOf('auth/a', 'auth', 'auth-missing', { title: 'A | B' })]);
    assert.ok(out.startsWith('# App\n\n<!-- rules:begin -->\n| Rule') && out.endsWith('<!-- rules:end -->\n\nEnd.\n'));
    assert.ok(out.includes('A \\| B'));
    assert.equal(readmeWithTable(out, [metaOf('auth/a', 'auth', 'auth-missing', { title: 'A | B' })]), out);
    for (const bad of ['none', '<!-- rules:end --><!-- rules:begin -->', README + README]) assert.throws(() => readmeWithTable(bad, []), /once each/);
  });

  it('show no token on a page', () => {
    const page = rulePage(rule('secrets/x', { bad: { 'a.ts': 'const key = "{{secret:stripe-secret}}"; // ```' } }));
    assert.ok(page.includes('<stripe-secret>') && page.includes('````ts'));
  });

  it('refuse a rule whose id is not its path', () => assert.throws(() => generateAll({ rules: [{ ...rule('auth/a'), id: 'auth/b' }], packageJson: '{}', readme: null }), /id and path must be equal/));

  it('of this repository are current (npm run generate)', async function () {
    this.timeout(60_000);
    assert.deepEqual((await generate(ROOT, true)).stale, []);
  });
});

describe('new-rule', () => {
  it('takes group/defect-name only', () => {
    assert.ok(checkId('endpoint/some-defect').ok);
    for (const id of ['endpoint', 'endpoint/', 'nope/x', 'endpoint/Some', 'endpoint/a/b', 'endpoint/../../x', 'endpoint/a_b', '/x', 'endpoint/-a']) assert.ok(!checkId(id).ok, id);
  });

  it('names every group’s item and category', () => {
    for (const group of RULE_GROUPS) assert.match(ruleTemplate(group, 'some-defect', '0.1.0'), /item: '\w+',\n {4}category: '[\w-]+'/);
  });

  it('writes a rule that compiles and is in the registry, and refuses to write it twice', async function () {
    this.timeout(120_000);
    const root = mkdtempSync(join(tmpdir(), 'rescue-new-rule-'));
    try {
      mkdirSync(join(root, 'src/engine'), { recursive: true });
      cpSync(join(ROOT, 'src/engine/core'), join(root, 'src/engine/core'), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
      writeFileSync(join(root, 'package.json'), '{ "name": "x" }');
      writeFileSync(join(root, 'README.md'), README);
      writeFileSync(join(root, 'tsconfig.json'), readFileSync(join(ROOT, 'tsconfig.json'), 'utf8').replace('"test/**/*.ts"', '"none"'));
      for (const id of ['endpoint/some-defect', 'db/some-defect', 'secrets/some-defect', 'env/some-defect', 'cors/some-defect']) writeNewRule(root, id, '0.1.0');
      const { stale } = await generate(root, false);
      assert.ok(stale.includes('docs/rules/endpoint/some-defect.md') && stale.includes('src/engine/rules/registry.ts'));
      assert.deepEqual((await generate(root, true)).stale, []);
      assert.ok(existsSync(join(root, 'test/rules/endpoint/some-defect.test.ts')));
      execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', root], { stdio: 'pipe' });
      assert.throws(() => writeNewRule(root, 'endpoint/some-defect', '0.1.0'), /there already/);
      rmSync(join(root, 'src/engine/rules/env/some-defect.ts'));
      assert.ok((await generate(root, false)).stale.includes('docs/rules/env/some-defect.md'));
      assert.ok(!existsSync(join(root, 'docs/rules/env/some-defect.md')), 'the page goes with its rule');
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
