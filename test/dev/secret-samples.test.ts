import assert from 'node:assert/strict';
import type { RelPath } from '../../src/engine/core/types';
import { Random } from '../../src/dev/random';
import { readDetectSecrets } from '../../src/dev/samples/detect-secrets';
import { textMatching } from '../../src/dev/samples/generate-text';
import { readGitleaks } from '../../src/dev/samples/gitleaks';
import { drawnAnew, judgementOf } from '../../src/dev/samples/judgements';
import { LiteralReader } from '../../src/dev/samples/literals';
import type { Repository, Sample } from '../../src/dev/samples/sample';
import { readSecretlint } from '../../src/dev/samples/secretlint';
import { readTrufflehog } from '../../src/dev/samples/trufflehog';
import { figures, isReported } from '../../src/dev/secret-samples';
import { token } from '../extract/secrets/tokens';

/** A repository of another scanner, in small. */
function repository(files: Readonly<Record<string, string>>): Repository {
  return {
    paths: (pattern) => Object.keys(files).filter((path) => pattern.test(path)),
    text: (path) => files[path] ?? '',
    texts: (paths) => new Map(paths.map((path) => [path, files[path] ?? ''])),
  };
}

const short = ({ rule, isSecret, path, text, places }: Sample): unknown[] => [rule, isSecret, path, text, places.length];

describe('samples of other scanners', () => {
  it('reads tables of Go: lists, maps by path, templates, appended and generated values', () => {
    const found = readGitleaks(
      repository({
        'cmd/generate/config/utils/generate.go': 'func GenerateSampleSecrets() {\n\tsamples := map[string]string{\n\t\t"ini": "{i}Token={s}", // TODO\n\t\t"up": `{I}_TOKEN: "{s}"`,\n\t}\n\n',
        'cmd/generate/config/rules/acme.go': 'package rules\n\nvar shared = []string{`one`}\n\nfunc Acme() *config.Rule {\n\tr := config.Rule{\n\t\tRuleID: "acme",\n\t}\n\ttps := utils.GenerateSampleSecrets("acme", "a"+secrets.NewSecret(utils.Hex("3")))\n\ttps = append(tps, shared...)\n\tfps := []string{"no" + "ne", fmt.Sprintf("%s!", "x")}\n\treturn utils.Validate(r, tps, fps)\n}\n\nfunc Paths() *config.Rule {\n\tr := config.Rule{RuleID: "paths"}\n\ttps := map[string]string{"a.yml": "k: v"}\n\treturn utils.ValidateWithPaths(r, tps, nil)\n}\n\nfunc Odd() *config.Rule {\n\tr := config.Rule{RuleID: "odd"}\n\treturn utils.Validate(r, unknown(), nil)\n}\n',
      }),
      new Random(1),
    );
    assert.equal(found.unread, 1, 'what it cannot read it counts');
    assert.match(found.samples[0]?.text ?? '', /^acmeToken=a[0-9a-f]{3}$/);
    assert.match(found.samples[1]?.text ?? '', /^ACME_TOKEN: "a[0-9a-f]{3}"$/);
    assert.deepEqual(found.samples.slice(2).map(short), [['acme', true, 'sample.txt', 'one', 0], ['acme', false, 'sample.txt', 'none', 0], ['acme', false, 'sample.txt', 'x!', 0], ['paths', true, 'a.yml', 'k: v', 0]]);
  });

  it('reads inputs and wanted values of trufflehog', () => {
    const { samples } = readTrufflehog(repository({ 'pkg/detectors/acme/acme_test.go': 'package acme\n\nvar (\n\tvalid = "abc"\n\tkeyword = "acme"\n)\n\nfunc TestAcme_Pattern(t *testing.T) {\n\ttests := []struct {\n\t\tname string\n\t\tinput string\n\t\twant []string\n\t}{\n\t\t{name: "y", input: fmt.Sprintf("%s = \'%s\'", keyword, valid), want: []string{valid}},\n\t\t{name: "n", input: "acme = x", want: nil},\n\t}\n}\n' }));
    assert.deepEqual(samples.map(short), [['acme', true, 'sample.txt', "acme = 'abc'", 1], ['acme', false, 'sample.txt', 'acme = x', 0]]);
  });

  it('reads cases of secretlint by the ranges of their messages', () => {
    const base = 'packages/@secretlint/secretlint-rule-acme/test/snapshots';
    const { samples, unread } = readSecretlint(
      repository({
        [`${base}/ng.a/output.json`]: JSON.stringify({ filePath: '[SNAPSHOT]/ng.a/input.txt', messages: [{ type: 'message', range: [0, 2] }, { type: 'ignore', range: [3, 4] }] }), [`${base}/ng.a/input.txt`]: 'abcd',
        [`${base}/ok.b/output.json`]: JSON.stringify({ filePath: '[SNAPSHOT]/ok.b/input', messages: [] }), [`${base}/ok.b/input`]: 'x',
        [`${base}/ok.c/output.json`]: JSON.stringify({ filePath: '[SNAPSHOT]/ok.c/input', messages: [] }), [`${base}/ok.c/input`]: 'x', [`${base}/ok.c/options.ts`]: '',
        [`${base}/ng.d/output.json`]: JSON.stringify({ filePath: '[SNAPSHOT]/ng.d/input', messages: [] }), [`${base}/ng.d/input`]: 'x',
      }),
    );
    assert.deepEqual(samples.map(short), [['acme/ng.a', true, 'input.txt', 'abcd', 1], ['acme/ok.b', false, 'input', 'x', 0]]);
    assert.equal(unread, 1);
  });

  it('reads parametrized tests of Python', () => {
    const source = "KEY = 'k1'\n@pytest.mark.parametrize(\n    'payload, should_flag',\n    [\n        ('a={}'.format(KEY), True),  # yes\n        ('b='\n         '{key}'.format(key=KEY), False),\n    ],\n)\ndef test(): pass\n@pytest.mark.parametrize('line', ['c'])\n";
    assert.deepEqual(readDetectSecrets(repository({ 'tests/plugins/acme_test.py': source })).samples.map(short), [['acme', true, 'sample.txt', 'a=k1', 0], ['acme', false, 'sample.txt', 'b=k1', 0], ['acme', true, 'sample.txt', 'c', 0]]);
  });

  it('runs nothing and guesses nothing: an unknown call or name leaves the value unread', () => {
    const { names } = new LiteralReader('a := "x"\nb := os.Getenv("HOME")\nc := a + missing\na = danger()\n', 'go', {}).read(new Set());
    assert.deepEqual([...names], []);
  });

  it('makes texts of a form, the same for the same seed', () => {
    for (const form of ['[a-f0-9]{8}', '(?i)key-[A-Z]{2,4}(?:x|y)?', '\\d{3}\\.[\\w-]+', '[^abc]{5}']) {
      const text = textMatching(form, new Random(3));
      assert.match(text, new RegExp(`^${form.replace('(?i)', '')}$`));
      assert.equal(textMatching(form, new Random(3)), text);
    }
  });

  it('counts the same bar on both sides, at the place that is named', () => {
    const sample = (text: string, places: Sample['places'] = []): Sample => ({ rule: 'r', isSecret: true, path: 'sample.txt' as RelPath, text, places });
    const value = token('stripe-live');
    assert.equal(isReported(sample(`a ${value}`)), true);
    assert.equal(isReported(sample(`a ${value}`, [{ start: 0, end: 1 }])), false, 'elsewhere');
    assert.equal(isReported(sample(`pk: ${token('stripe-publishable')}`)), false, 'public by design');
    const outcome = (isSecret: boolean, reported: boolean) => ({ sample: { ...sample(''), isSecret }, reported, judgement: null });
    assert.deepEqual(figures([outcome(true, true), outcome(true, false), outcome(false, true), outcome(false, false), outcome(false, false)]), { secrets: 2, found: 1, harmless: 3, alarms: 1 });
  });

  it('judges by position, and draws invented values anew where only they are wrong', () => {
    assert.equal(judgementOf('gitleaks/gitleaks', 'heroku-api-key', true, 26)?.category, 'placeholder');
    assert.equal(judgementOf('gitleaks/gitleaks', 'heroku-api-key', true, 0), null);
    assert.equal(judgementOf('gitleaks/gitleaks', 'heroku-api-key', false, 26), null);
    const text = `key: acme_live_${'A'.repeat(24)} end`;
    const drawn = drawnAnew({ rule: 'r', isSecret: true, path: 'a' as RelPath, text, places: [{ start: 5, end: 39 }] }, new Random(1)).text;
    assert.match(drawn, /^key: acme_live_[A-Za-z]{24} end$/);
    assert.ok(new Set(drawn).size > 16);
  });
});
