import assert from 'node:assert/strict';
import type { Endpoint } from '../../src/engine/core/model';
import { SPRINT_ITEM_IDS, type Finding, type SprintItemId } from '../../src/engine/core/types';
import type { AuditResult } from '../../src/engine/session/api';
import { founderChecklist } from '../../src/sprint/founder';
import { SPRINT_DAYS, SPRINT_ITEMS, itemKey } from '../../src/sprint/items';
import { addRotation, tickRotation } from '../../src/sprint/rotations';
import { EMPTY_STATE, withEntry, type SprintState } from '../../src/sprint/state';
import { sprintStatus } from '../../src/sprint/status';
import { METAS, endpoint, finding, metaOf, path, reportOf, result, sink } from '../report/sample';

const item = (id: SprintItemId, audit: AuditResult | null, state: SprintState = EMPTY_STATE, metas = METAS) => {
  const found = sprintStatus(audit, state, metas).items.get(id);
  assert.ok(found);
  return found;
};
const secret = (over: Partial<Finding> = {}): Finding => ({ ...finding({ ruleId: 'secrets/hardcoded-credential', category: 'secret-exposed', data: { envName: 'STRIPE_SECRET_KEY', label: 'Stripe live secret key' } }), ...over });
const tick = (id: SprintItemId): SprintState => withEntry(EMPTY_STATE, 'ticks', itemKey(id), { date: '2026-03-01' });

describe('sprint items', () => {
  it('are exactly the fixed ids, each closed on a day that lists it', () => {
    assert.deepEqual(SPRINT_ITEMS.map((i) => i.id), [...SPRINT_ITEM_IDS]);
    assert.deepEqual(SPRINT_ITEMS.flatMap((i) => (i.number === null ? [] : [i.number])), Array.from({ length: 16 }, (_, i) => i + 1));
    for (const i of SPRINT_ITEMS) assert.ok(SPRINT_DAYS[i.day - 1]?.items.includes(i.id), i.id);
    assert.deepEqual(SPRINT_DAYS.map((d) => d.day), [1, 2, 3, 4, 5, 6, 7]);
    const tasks = SPRINT_DAYS.flatMap((d) => d.tasks.map((t) => t.id));
    assert.equal(new Set(tasks).size, tasks.length);
  });
});

describe('sprint status', () => {
  it('is never green by silence', () => {
    for (const i of sprintStatus(null, EMPTY_STATE, METAS).items.values()) assert.equal(i.state, 'not-checked', i.item.id);
    assert.equal(item('indexes', result()).state, 'not-checked', 'no rule');
    assert.equal(item('secrets', result({ stats: { ...result().stats, files: 0 } })).state, 'not-checked', 'no file');
    assert.equal(item('secrets', result({ stats: { ...result().stats, skipped: [{ file: path('src/huge.ts'), reason: 'larger than 5 MB' }] } })).state, 'not-checked', 'a source file was skipped');
    assert.equal(item('secrets', result({ errors: [{ phase: 'check', file: null, ruleId: 'secrets/hardcoded-credential', message: 'boom' }] })).state, 'not-checked', 'a rule failed');
    assert.equal(item('secrets', result({ errors: [{ phase: 'extract', file: path('a.ts'), ruleId: null, message: 'boom' }] })).state, 'not-checked', 'a file was not extracted');
    assert.equal(item('validation', result()).state, 'not-applicable', 'no endpoint');
    assert.equal(item('endpoints', result({ endpoints: [endpoint('GET /x', { auth: 'unknown' })] })).state, 'manual', 'an endpoint nobody could follow');
  });

  it('is not done where endpoints stand open whose work could not be read', () => {
    const open = endpoint('POST /orders', { auth: 'none', inputs: [{ source: 'body', field: 'total', at: { file: path('src/app.ts'), span: { start: 0, end: 1 } } }] });
    for (const id of ['endpoints', 'auth', 'validation'] as const) assert.equal(item(id, result({ endpoints: [open] })).state, 'manual', id);
    assert.match(item('endpoints', result({ endpoints: [open] })).because, /1 endpoint is open to anyone, and what it does could not be read/);
    assert.match(reportOf(result({ endpoints: [open] })).verdict, /No launch blocker found in what could be read. One endpoint is open to anyone/);
    assert.equal(item('auth', result({ endpoints: [endpoint('GET /hello')] })).state, 'manual', 'no sign-in check seen at work');
  });

  it('warns of many open endpoints that nobody could read before anything else', () => {
    const pages = ['GET /a', 'GET /b', 'POST /c', 'GET /d', 'DELETE /e', 'GET /'].map((name) => endpoint(name, { auth: 'none' }));
    const report = reportOf(result({ endpoints: pages }));
    assert.match(report.verdict, /^Not cleared for launch: 5 endpoints are open to anyone, and what they do could not be read/);
    assert.ok(report.ranking.score >= 45, String(report.ranking.score));
    assert.match(item('endpoints', result({ endpoints: pages })).because, /^5 endpoints are open to anyone/);
    // A few pages that show something fixed, in a project whose work is read, are no alarm.
    assert.match(reportOf(result({ endpoints: [endpoint('GET /pricing'), endpoint('GET /about')] })).verdict, /^Nothing found by the checks that ran/);
  });

  it('does not call sign-in checks done while endpoints stand without one', () => {
    const guarded = endpoint('GET /mine', { auth: 'required' });
    assert.equal(item('auth', result({ endpoints: [guarded] })).state, 'done');
    const open = finding({ ruleId: 'endpoint/unauthenticated-mutation', category: 'auth-missing', endpoint: 'POST /all' });
    assert.match(item('auth', result({ endpoints: [guarded, endpoint('POST /all', { sinks: [sink('db-write', 'x')] })], findings: [open] })).because, /^1 endpoint has no sign-in check that stops anyone: see Open endpoints/);
  });

  it('ticks input validation only where a check was seen at work and all input could be followed', () => {
    const at = { file: path('src/app.ts'), span: { start: 0, end: 1 } };
    const read = { source: 'body' as const, field: 'total', at };
    const stored: Endpoint['sinks'][number] = { kind: 'db-write', op: 'create', target: 'order', at, guarded: true, incidental: false, raw: [], wholeRow: false, validated: true, asUser: false, rowGated: false, service: null, fixedHost: false, loopDepth: 0, lazy: false, strangers: 'unknown', published: 'no', shown: 'unknown', shownColumns: [], shownWhole: false, toUs: false };
    const takes = (over: Partial<Endpoint>): Endpoint => endpoint('POST /orders', { auth: 'required', inputs: [read], sinks: [stored], validated: 'yes', ...over });
    assert.equal(item('validation', result({ endpoints: [takes({})] })).state, 'done');
    assert.match(item('validation', result({ endpoints: [takes({ validated: 'no' })] })).because, /No check of what comes in was seen at work/);
    assert.match(item('validation', result({ endpoints: [takes({ inputs: [], sinks: [], validated: 'n/a' })] })).because, /No check of what comes in was seen at work/);
    const many = Array.from({ length: 9 }, () => takes({}));
    assert.match(item('validation', result({ endpoints: [...many, takes({ sinks: [], validated: 'no' })] })).because, /input of 1 endpoint could not be followed/);
  });

  it('is done by evidence, and open again when the flaw returns', () => {
    assert.deepEqual([item('secrets', result()).state, item('secrets', result()).doneBy], ['done', 'evidence']);
    assert.equal(item('secrets', result({ findings: [secret()] })).state, 'open');
    assert.equal(item('secrets', result()).state, 'done');
  });

  it('does not let a hand tick hide a finding', () => {
    const open = item('secrets', result({ findings: [secret()] }), tick('secrets'));
    assert.equal(open.state, 'open');
    assert.match(open.because, /ticked on 2026-03-01.*says otherwise/);
    assert.deepEqual([item('indexes', result(), tick('indexes')).state, item('indexes', result(), tick('indexes')).doneBy], ['done', 'hand']);
  });

  it('asks for a look at what is uncertain', () => {
    const doubt = result({ findings: [secret({ confidence: 'low' })] });
    assert.equal(item('secrets', doubt).state, 'manual');
    assert.equal(item('secrets', doubt, tick('secrets')).state, 'done');
  });

  it('is accepted only when every finding is', () => {
    const [a, b] = [secret(), secret()];
    const accept = (f: Finding): SprintState => withEntry(EMPTY_STATE, 'accepted', f.fingerprint, { ruleId: f.ruleId, file: f.at.file, reason: 'demo key', owner: 'Ana', date: '2026-03-31' });
    assert.equal(item('secrets', result({ findings: [a] }), accept(a)).state, 'accepted');
    assert.equal(item('secrets', result({ findings: [a, b] }), accept(a)).state, 'open');
  });

  it('keeps a leaked key due until a hand ticks it', () => {
    let state = addRotation(EMPTY_STATE, secret(), '2026-03-30');
    assert.equal(item('secrets', result(), state).state, 'manual');
    assert.equal(item('secrets', result(), withEntry(state, 'ticks', itemKey('secrets'), { date: '2026-03-30' })).state, 'manual', 'a tick of the item is no rotation');
    assert.match(sprintStatus(result(), state, METAS).rotations[0]?.text ?? '', /^Rotate STRIPE_SECRET_KEY \(Stripe live secret key\)/);
    state = tickRotation(state, 'STRIPE_SECRET_KEY', '2026-03-31', 'Ana');
    assert.equal(item('secrets', result(), state).state, 'done');
    assert.equal(item('secrets', result(), tickRotation(state, 'STRIPE_SECRET_KEY', null)).state, 'manual');
    const again = addRotation(state, secret(), '2026-05-01');
    assert.equal(again.rotations['STRIPE_SECRET_KEY']?.done, undefined, 'leaked again, due again');
    assert.equal(addRotation(EMPTY_STATE, finding({}), '2026-03-30'), EMPTY_STATE);
  });

  it('asks a person where no file can tell', () => {
    const metas = new Map([...METAS, ...[metaOf('sentry/not-initialised', 'sentry', 'observability-missing')].map((m) => [m.id, m] as const)]);
    assert.equal(item('sentry', result(), EMPTY_STATE, metas).state, 'manual');
    assert.equal(item('sentry', result(), tick('sentry'), metas).state, 'done');
  });

  it('counts days by what closes on them', () => {
    const status = sprintStatus(result(), EMPTY_STATE, METAS);
    assert.equal(status.currentDay, 1);
    const day1 = status.days[0];
    assert.deepEqual([day1?.done, day1?.total], [1, 3], 'the audit itself; two tasks are left');
    const read = ['day1.top10-read', 'day1.scope-agreed'].reduce((s, id) => withEntry(s, 'ticks', id, { date: '2026-03-30' }), EMPTY_STATE);
    assert.equal(sprintStatus(result(), read, METAS).currentDay, 2);
  });
});

describe('founder checklist', () => {
  const answer = (n: number, audit: AuditResult | null, state = EMPTY_STATE) => {
    const found = founderChecklist(audit, state, METAS).answers[n - 1];
    assert.ok(found);
    return found;
  };
  const typed = (id: string, value: 'yes' | 'no'): SprintState => withEntry(EMPTY_STATE, 'answers', id, { answer: value, date: '2026-03-20' });

  it('has ten questions; 4, 6, 7, 8 and 9 are good when answered yes', () => {
    const { answers } = founderChecklist(null, EMPTY_STATE, METAS);
    assert.deepEqual(answers.map((a) => a.question.number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(answers.filter((a) => a.question.risky === 'no').map((a) => a.question.number), [4, 6, 7, 8, 9]);
    assert.ok(answers.every((a) => a.answer === 'unknown' && !a.isRisky));
  });

  it('says no to open endpoints only when none is unclear', () => {
    const one = (over: Parameters<typeof endpoint>[1]): AuditResult => result({ endpoints: [endpoint('GET /x', over)] });
    assert.equal(answer(3, one({})).answer, 'yes');
    assert.equal(answer(3, one({ auth: 'unknown' })).answer, 'unknown');
    assert.equal(answer(3, one({ auth: 'unknown' })).places.length, 1);
    assert.equal(answer(3, one({ auth: 'required' })).answer, 'no');
    assert.equal(answer(3, one({ publicBy: 'health' })).answer, 'no');
    assert.equal(answer(3, result()).answer, 'unknown');
  });

  it('believes evidence over what was typed, and says so', () => {
    const open = result({ endpoints: [endpoint('GET /x')] });
    const a = answer(3, open, typed('q3', 'no'));
    assert.deepEqual([a.answer, a.from, a.contradicts, a.isRisky], ['yes', 'evidence', true, true]);
    assert.match(a.because, /2026-03-20/);
  });

  it('keeps what was typed where no file can tell, with both counts', () => {
    const state = withEntry(typed('q4', 'no'), 'answers', 'q10', { answer: 'yes', date: '2026-03-20' });
    const list = founderChecklist(result({ endpoints: [endpoint('GET /x', { auth: 'required' })] }), state, METAS);
    assert.deepEqual([list.riskyCount, list.yesCount], [2, 1]);
    assert.match(list.verdict, /rescue work now/);
  });

  it('does not call client code clean when a file was skipped', () => {
    assert.equal(answer(2, result()).answer, 'no');
    assert.equal(answer(2, result({ stats: { ...result().stats, skipped: [{ file: path('a.js'), reason: 'too large' }] } })).answer, 'unknown');
    assert.equal(answer(2, result({ findings: [secret({ category: 'secret-client' })] })).answer, 'yes');
  });
});
