import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_OPTIONS, type ProjectOptions } from '../../src/engine/core/types';
import { mergeOptions, parseConfig, parseSettings } from '../../src/config/config';
import { parseJsonc, toValue } from '../../src/config/jsonc';
import { distance, nearest } from '../../src/config/nearest';
import { configJsonSchema, configSchema, settingsContribution } from '../../src/config/schema';
import { METAS } from '../report/sample';

const ruleIds = [...METAS.keys()];
const previous: ProjectOptions = { ...DEFAULT_OPTIONS, guards: ['lastGood'], tenantKey: 'org_id', severities: { 'auth/guard-result-ignored': 'low' }, secretSalt: 'salt' };
const parse = (text: string) => parseConfig(text, { ruleIds, previous });
/** What the problem points at. */
const at = (text: string): string[] => parse(text).problems.map((p) => text.slice(p.span.start, p.span.end));

describe('rescue.config.json', () => {
  it('is read with comments and trailing commas', () => {
    const { options, problems } = parse(`\uFEFF{
      // ours
      "$schema": "./rescue.config.schema.json",
      "guards": ["requireUser", "src/auth.ts#check",], /* two */
      "publicRoutes": ["/status", "POST /newsletter", "/blog/**"],
      "tenantKey": "org_id",
      "severities": { "auth/guard-result-ignored": "off" },
      "ignore": [{ "rule": "*", "path": "src/generated/**", "reason": "generated" }],
    }`);
    assert.deepEqual(problems, []);
    assert.deepEqual(options, {
      guards: ['requireUser', 'src/auth.ts#check'], validators: [], publicRoutes: ['/status', 'POST /newsletter', '/blog/**'], tenantKey: 'org_id', severities: { 'auth/guard-result-ignored': 'off' },
      ignore: [{ rule: '*', path: 'src/generated/**', reason: 'generated' }], secretSalt: 'salt',
    });
  });

  it('is the defaults when empty, the last good one when it cannot be read', () => {
    assert.deepEqual(parse('').options, { ...DEFAULT_OPTIONS, secretSalt: 'salt' });
    assert.deepEqual(parse('{}').options, { ...DEFAULT_OPTIONS, secretSalt: 'salt' });
    for (const text of ['{', '{"guards": [}', '[]', 'null', '{"a" 1}', '{"a": tru}', "{'a': 1}", '{"guards": "\n"}', '{} x', '/* open', '{"a": "\\q"}', '[' .repeat(500)]) {
      const { options, problems } = parse(text);
      assert.deepEqual(options, previous, text);
      assert.equal(problems.length, 1, text);
      assert.match(problems[0]?.message ?? '', /last good/);
    }
  });

  it('names key, value and nearest valid key, at their places', () => {
    const text = '{ "guard": ["x"], "severities": { "auth/gaurd-result-ignored": "low", "validate/unvalidated-input": "hihg" }, "ignore": [{ "rule": "*", "path": "a" }] }';
    const { problems } = parse(text);
    assert.deepEqual(problems.map((p) => p.message), [
      '"guard" is no key of rescue.config.json. Did you mean "guards"?',
      'severities: "auth/gaurd-result-ignored" is no rule. Did you mean "auth/guard-result-ignored"?',
      'severities.validate/unvalidated-input: "hihg" does not fit: one of critical, high, medium, low, info, off is expected. Did you mean "high"?',
      'ignore[0]: "reason" is missing.',
    ]);
    assert.deepEqual(at(text), ['"guard"', '"auth/gaurd-result-ignored"', '"hihg"', '{ "rule": "*", "path": "a" }']);
  });

  it('lets one broken key cost that key only', () => {
    const { options, problems } = parse('{ "guards": "requireUser", "tenantKey": 3, "validators": ["v"], "severities": { "auth/guard-result-ignored": 7, "validate/unvalidated-input": "low" } }');
    assert.deepEqual(options.guards, ['lastGood']);
    assert.equal(options.tenantKey, 'org_id');
    assert.deepEqual(options.validators, ['v']);
    assert.deepEqual(options.severities, { 'auth/guard-result-ignored': 'low', 'validate/unvalidated-input': 'low' });
    assert.equal(problems.length, 3);
    assert.match(problems[0]?.message ?? '', /^guards: "requireUser" does not fit: a list/);
  });

  it('wants a reason for whatever is ignored, and a rule that exists', () => {
    assert.match(parse('{"ignore":[{"rule":"*","path":"a","reason":" "}]}').problems[0]?.message ?? '', /reason/);
    assert.match(parse('{"ignore":[{"rule":"secrets/hardcoded","path":"a","reason":"x"}]}').problems[0]?.message ?? '', /no rule\. Did you mean/);
  });

  it('says that a key stands there twice', () => assert.match(parse('{"guards":["a"],"guards":["b"]}').problems[0]?.message ?? '', /twice/));

  it('does not fall for __proto__', () => {
    const { options } = parse('{"__proto__": {"guards": ["evil"]}, "severities": {"__proto__": "off", "constructor": "off"}}');
    assert.deepEqual(options.guards, []);
    assert.deepEqual(Object.keys(options.severities), []);
  });

  it('never throws, and points into the text', () => {
    const token = fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '"guards"', '"severities"', '"ignore"', '"off"', 'null', '1', '//', '/*', '*/', '\n', '\\', 'x', '"tenantKey":', '"auth/guard-result-ignored":');
    fc.assert(
      fc.property(fc.oneof(fc.array(token, { maxLength: 20 }).map((t) => t.join('')), fc.json(), fc.string()), (text) => {
        for (const p of parse(text).problems) assert.ok(p.span.start >= 0 && p.span.start <= p.span.end && p.span.end <= text.length && p.message !== '', JSON.stringify(p));
      }),
    );
  });

  it('reads what JSON.parse reads, equally', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false } as object), (text) => {
        const parsed = parseJsonc(text);
        assert.ok(parsed.ok);
        assert.deepEqual(JSON.stringify(toValue(parsed.root)), JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

describe('nearest key', () => {
  it('finds what was meant, and nothing when nothing is near', () => {
    assert.equal(nearest('publicRoute', ['publicRoutes', 'guards']), 'publicRoutes');
    assert.equal(nearest('unvalidated-input', ruleIds), 'validate/unvalidated-input');
    assert.equal(nearest('zzzzzz', ['publicRoutes', 'guards']), null);
    assert.equal(distance('kitten', 'sitting', 10), 3);
  });
});

describe('settings', () => {
  it('are read nested or dotted, a wrong one costing itself only', () => {
    const { settings, problems } = parseSettings({ enable: 'yes', codeLens: { enable: false }, problems: { scope: 'workspace', minimumSeverity: 'high' }, rules: { 'auth/guard-result-ignored': 'off', 'validate/unvalidated-input': 'default', 'secrets/nope': 'low' }, trace: { server: 'off' }, cdLens: 1 }, ruleIds);
    assert.deepEqual(settings, { enable: true, codeLens: false, workspaceProblems: true, minimumSeverity: 'high', rules: { 'auth/guard-result-ignored': 'off' } });
    assert.equal(problems.length, 3);
    assert.deepEqual(parseSettings({ 'rules.auth/guard-result-ignored': 'low' }).settings.rules, { 'auth/guard-result-ignored': 'low' });
    for (const raw of [null, undefined, 3, [], 'x']) assert.deepEqual(parseSettings(raw).problems, []);
  });

  it('yield to the project’s file', () => {
    const merged = mergeOptions({ ...DEFAULT_OPTIONS, severities: { 'a/b': 'off' } }, { ...parseSettings({}).settings, rules: { 'a/b': 'low', 'c/d': 'info' } });
    assert.deepEqual(merged.severities, { 'a/b': 'off', 'c/d': 'info' });
  });
});

describe('schemas', () => {
  const metas = [...METAS.values()];

  it('offer a severity for every rule, in the file and in the settings', () => {
    const schema = configJsonSchema(metas) as { properties: Record<string, { properties?: Record<string, unknown>; description?: string }>; additionalProperties: boolean };
    assert.deepEqual(Object.keys(schema.properties['severities']?.properties ?? {}), [...ruleIds].sort());
    assert.deepEqual(Object.keys(schema.properties), Object.keys(configSchema.shape));
    assert.equal(schema.additionalProperties, false);
    for (const [key, property] of Object.entries(schema.properties)) if (key !== '$schema') assert.ok(property.description, key);
    const settings = settingsContribution(metas).flatMap((s) => Object.entries(s.properties) as [string, { scope: string; default: unknown; description?: string; markdownDescription?: string }][]);
    for (const id of ruleIds) assert.ok(settings.some(([key]) => key === `vibeCodeRescue.rules.${id}`), id);
    for (const [key, s] of settings) {
      assert.ok(s.description ?? s.markdownDescription, key);
      assert.notEqual(s.default, undefined, key);
      assert.equal(s.scope, key.endsWith('trace.server') ? 'window' : 'resource', key);
    }
  });

  it('have defaults that the reader agrees with', () => {
    const defaults = Object.fromEntries(settingsContribution([]).flatMap((s) => Object.entries(s.properties)).map(([key, s]) => [key.replace('vibeCodeRescue.', ''), (s as { default: unknown }).default]));
    assert.deepEqual(parseSettings(defaults).problems, []);
    assert.deepEqual(parseSettings(defaults).settings, parseSettings({}).settings);
  });
});
