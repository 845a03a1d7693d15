import assert from 'node:assert/strict';
import { EMPTY_STATE, parseState, serializeState, withEntry, type SprintState } from '../../src/sprint/state';

const full: SprintState = {
  version: 1,
  ticks: { 'item:indexes': { date: '2026-03-31', by: 'Ana' }, 'day1.top10-read': { date: '2026-03-30' } },
  notes: { 'item:cors': { date: '2026-03-31', text: 'Ask "Ben" about\nthe staging origin' } },
  accepted: { abc123: { ruleId: 'endpoint/x', file: 'src/a.ts', reason: 'demo', owner: 'Ana', date: '2026-03-31' } },
  rotations: { STRIPE_SECRET_KEY: { added: '2026-03-30', label: 'Stripe live secret key', file: 'src/pay.ts' } },
  answers: { q4: { answer: 'no', date: '2026-03-31' } },
};

describe('sprint state', () => {
  it('survives the way to the file and back', () => {
    for (const state of [EMPTY_STATE, full]) assert.deepEqual(parseState(serializeState(state)), { ok: true, state });
  });

  it('stands one entry a line, in an order that does not depend on who ticked first', () => {
    const text = serializeState(full);
    assert.ok(text.includes('\n    "day1.top10-read": { "date": "2026-03-30" },\n    "item:indexes": { "by": "Ana", "date": "2026-03-31" }\n'), text);
    assert.ok(text.includes('\\nthe staging'), 'a note with a line break is one line');
    const reversed: SprintState = { ...full, ticks: Object.fromEntries(Object.entries(full.ticks).reverse()) };
    assert.equal(serializeState(reversed), text);
  });

  it('changes one line for one tick', () => {
    const before = serializeState(full).split('\n');
    const after = serializeState(withEntry(full, 'ticks', 'day2.keys-rotated', { date: '2026-04-01' })).split('\n');
    assert.deepEqual(after.filter((l) => !before.includes(l)), ['    "day2.keys-rotated": { "date": "2026-04-01" },']);
    assert.equal(serializeState(withEntry(withEntry(full, 'ticks', 'x', { date: '2026-04-01' }), 'ticks', 'x', null)), serializeState(full));
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{ "version": 1,', /not valid JSON/],
    ['merge conflict', '{\n<<<<<<< HEAD\n"version": 1\n=======\n>>>>>>> b\n}', /merge conflict markers/],
    ['a newer format', '{"version": 2, "ticks": []}', /newer version/],
    ['an unknown key', '{"version": 1, "tiks": {}}', /tiks/],
    ['a date that is none', '{"version": 1, "ticks": {"a": {"date": "soon"}}}', /ticks\.a\.date/],
    ['accepted without a reason', '{"version": 1, "accepted": {"f": {"ruleId":"a/b","file":"x","reason":"","owner":"A","date":"2026-01-01"}}}', /reason/],
    ['another kind of value', '[]', /does not fit/],
    ['nothing', '', /not valid JSON/],
  ];
  for (const [name, text, expected] of broken) {
    it(`refuses ${name}, says why, and says that it will not be overwritten`, () => {
      const parsed = parseState(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.problem, expected);
      assert.match(parsed.problem, /left as it is/);
      assert.deepEqual(parsed.state, EMPTY_STATE);
    });
  }

  it('reads a file with a byte order mark', () => assert.ok(parseState('\uFEFF{"version":1}').ok));
});
