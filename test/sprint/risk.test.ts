import assert from 'node:assert/strict';
import type { Endpoint } from '../../src/engine/core/model';
import type { Finding } from '../../src/engine/core/types';
import { groupScore, overallScore, rankRisks, scoreOf } from '../../src/sprint/risk';
import { EMPTY_STATE } from '../../src/sprint/state';
import { METAS, endpoint, finding, guard, metaOf, path, result, sink } from '../report/sample';

const score = (f: Finding, e: Endpoint | null = null): number => scoreOf(f, e);
const required = { auth: 'required', guards: [guard('requireUser')] } as const;

describe('risk ranking (rules/20-sprint.md, section d)', () => {
  // The table of the specification; its scores are rounded.
  const examples: readonly (readonly [string, number, Finding, Endpoint | null])[] = [
    ['service_role key in the browser bundle', 150, finding({ category: 'secret-client', confidence: 'proven', data: { reach: 'browser' } }), null],
    ['DELETE /users/:id open, Express', 126, finding({ endpoint: 'DELETE /users/:id' }), endpoint('DELETE /users/:id', { sinks: [sink('db-write', 'users', { op: 'delete' })] })],
    ['Stripe webhook without signature', 162, finding({ category: 'webhook-unverified', endpoint: 'POST /webhooks/stripe' }), endpoint('POST /webhooks/stripe')],
    ['invoice by id without tenant filter', 95, finding({ category: 'authz-missing', endpoint: 'GET /invoices/:id' }), endpoint('GET /invoices/:id', required)],
    ['policy using (true) on profiles', 130, finding({ category: 'db-rules-open', confidence: 'proven', data: { table: 'profiles' } }), null],
    ['sign-in without rate limit', 97, finding({ category: 'rate-limit-missing', severity: 'high', endpoint: 'POST /login' }), endpoint('POST /login', { publicBy: 'sign-in' })],
    ['unvalidated body in a tenant’s own settings', 22, finding({ category: 'validation-missing', severity: 'high', endpoint: 'PUT /settings' }), endpoint('PUT /settings', required)],
    ['N+1 in the dashboard', 7, finding({ category: 'query-n-plus-one', severity: 'medium', endpoint: 'GET /dashboard' }), endpoint('GET /dashboard', { ...required, sinks: [sink('db-read', 'invoices')] })],
    ['dead admin router, never mounted, open', 13, finding({ endpoint: 'POST /admin/jobs' }), endpoint('POST /admin/jobs', { mounted: false })],
  ];
  for (const [name, expected, f, e] of examples) it(`${name}: ${expected}`, () => assert.equal(Math.round(score(f, e)), expected));

  it('tells what is in the code from what a browser gets', () => {
    const at = (reach: string): number => score(finding({ category: 'secret-exposed', confidence: 'proven', data: { reach } }));
    assert.deepEqual([at('browser'), at('tracked'), at('server')], [150, 120, 75]);
    assert.equal(score(finding({ category: 'secret-exposed', confidence: 'proven' })), 75);
  });

  it('lets operators count less than members, and members less than strangers', () => {
    const f = finding({ category: 'validation-missing', endpoint: 'POST /reports' });
    const by = (over: Parameters<typeof endpoint>[1]): number => score(f, endpoint('POST /reports', over));
    assert.ok(by({ ...required, roles: ['admin'] }) < by(required));
    assert.ok(by(required) < by({ auth: 'unknown' }));
    assert.ok(by({ auth: 'unknown' }) < by({ auth: 'none' }));
    assert.equal(by({ auth: 'optional' }), by({ auth: 'none' }));
  });

  it('does not take a parameter’s name for what is at stake', () => {
    const e = endpoint('GET /articles/:userId', required);
    assert.equal(score(finding({ endpoint: 'GET /articles/:userId', category: 'validation-missing' }), e), 100 * 0.4 * 0.4 * 0.9);
  });

  it('caps a group at one and a half of its highest', () => {
    assert.equal(groupScore([100, 50, 50]), 110);
    assert.equal(groupScore(Array.from({ length: 14 }, () => 100)), 150);
    assert.equal(groupScore([]), 0);
  });

  it('maps the sum to 0…100', () => {
    assert.equal(overallScore([]), 0);
    assert.equal(overallScore([400]), 63);
    assert.equal(overallScore(Array.from({ length: 50 }, () => 150)), 100);
  });
});

describe('ranked risks', () => {
  const rank = (findings: Finding[], endpoints: Endpoint[] = [], state = EMPTY_STATE, metas = METAS) => rankRisks(result({ findings, endpoints }), metas, state);

  it('joins findings of one root cause and names the worst', () => {
    const names = ['GET /users', 'PATCH /users/:id', 'DELETE /users/:id', 'GET /invoices'];
    const { risks } = rank(names.map((n) => finding({ endpoint: n, rootCause: 'router:src/app.ts' })), names.map((n) => endpoint(n)));
    assert.equal(risks.length, 1);
    assert.equal(risks[0]?.findings.length, 4);
    assert.equal(risks[0]?.title, '4 routes behind one unguarded router: anyone can read, change and delete invoices and users');
  });

  it('makes one risk of all open edge functions, and counts those it is sure of', () => {
    const open = (n: string, deed: string, confidence: 'high' | 'low' = 'high'): Finding => finding({ endpoint: `FN /functions/v1/${n}`, rootCause: 'edge:supabase/functions', confidence, message: confidence === 'low' ? `Have a look: no check of the caller was found for ${n}.` : `Anyone can ${deed}: the edge function ${n} never asks who is calling.` });
    const { risks } = rank([open('pay', 'add payments'), open('mail', 'send messages in your name'), open('chat', 'use your AI model at your cost'), open('tidy', 'delete jobs'), open('remind', 'start this job and have its messages sent'), open('mine', '', 'low')], ['pay', 'mail', 'chat', 'tidy', 'remind', 'mine'].map((n) => endpoint(`FN /functions/v1/${n}`)));
    assert.equal(risks.length, 1);
    assert.equal(risks[0]?.title, '5 edge functions never ask who is calling: anyone can send messages in your name, add payments, delete jobs and 2 more');
    assert.match(risks[0]?.findings[0]?.endpoint ?? '', /mail$/);
    assert.match(rank([open('a', 'start this job'), open('b', 'start this job and have its messages sent')]).risks[0]?.title ?? '', /anyone can start your jobs$/);
    assert.equal(rank([open('pay', 'add payments'), open('mine', '', 'low')], [endpoint('FN /functions/v1/pay'), endpoint('FN /functions/v1/mine')]).risks[0]?.title, 'Anyone can add payments: the edge function pay never asks who is calling (and 1 more edge function)');
  });

  it('lets the worst of a group lead, by severity before harm', () => {
    const open = (n: string, deed: string, severity: 'critical' | 'medium'): Finding => finding({ endpoint: `FN /functions/v1/${n}`, rootCause: 'edge:supabase/functions', severity, message: `Anyone can ${deed}: the edge function ${n} never asks who is calling.`, businessImpact: `cost of ${n}` });
    const { risks } = rank([open('tick', 'send messages in your name', 'medium'), open('box', 'add boxes', 'critical'), open('all', 'download crews of any account', 'critical')]);
    assert.match(risks[0]?.title ?? '', /anyone can download crews of any account, add boxes and send messages in your name$/);
    assert.equal(risks[0]?.impact, 'cost of all');
  });

  it('says who, what and how in plain English', () => {
    const title = (f: Finding, e: Endpoint | null = null): string | undefined => rank([f], e ? [e] : []).risks[0]?.title;
    assert.equal(title(finding({ endpoint: 'DELETE /users/:id' }), endpoint('DELETE /users/:id')), 'Anyone can delete users: DELETE /users/:id has no sign-in check');
    assert.equal(title(finding({ category: 'authz-missing', endpoint: 'GET /invoices/:id' }), endpoint('GET /invoices/:id', required)), 'Any signed-in user can read other customers’ invoices: GET /invoices/:id does not check whose they are');
    assert.equal(title(finding({ endpoint: 'GET /api/cron/check-dues' }), endpoint('GET /api/cron/check-dues')), 'Anyone can check dues: GET /api/cron/check-dues has no sign-in check');
    assert.equal(title(finding({ endpoint: 'ACTION deleteProject' }), endpoint('ACTION deleteProject')), 'Anyone can delete project: the server action deleteProject has no sign-in check');
    assert.equal(title(finding({ category: 'secret-exposed', file: 'server/db.ts', data: { reach: 'tracked', label: 'PostgreSQL password' } })), 'Anyone who can read the repository can use your PostgreSQL password: it is written in server/db.ts');
    for (const f of [finding({ category: 'webhook-unverified', endpoint: 'POST /hooks' }), finding({ category: 'log-sensitive', message: 'Logs passwords.' })]) assert.doesNotMatch(title(f) ?? '', /[a-z]+\/[a-z]+-[a-z]+/);
  });

  it('puts the critical ones first, whatever their score, and what no request reaches behind', () => {
    const login = finding({ category: 'validation-missing', severity: 'high', endpoint: 'POST /login' });
    const key = finding({ category: 'secret-exposed', severity: 'critical', confidence: 'medium', data: { label: 'Signing key' } });
    const dead = finding({ severity: 'critical', endpoint: 'POST /jobs' });
    const { risks } = rank([login, dead, key], [endpoint('POST /login', { publicBy: 'sign-in' }), endpoint('POST /jobs', { mounted: false })]);
    assert.deepEqual(risks.map((r) => r.findings[0]?.fingerprint), [key, login, dead].map((f) => f.fingerprint));
  });

  it('says today for what is critical and open to anyone, and counts every place', () => {
    const open = finding({ severity: 'critical', endpoint: 'DELETE /users/:id' });
    const closed = finding({ severity: 'critical', category: 'authz-missing', endpoint: 'GET /bills/:id' });
    const { risks } = rank([open, closed], [endpoint('DELETE /users/:id'), endpoint('GET /bills/:id', required)]);
    assert.deepEqual(risks.map((r) => r.today), [true, false]);
    assert.match(risks[0]?.reason ?? '', /today/);
    const meta = metaOf('validate/unvalidated-body', 'validation', 'validation-missing', { effort: 'minutes' });
    const many = Array.from({ length: 8 }, (_, i) => finding({ ruleId: meta.id, category: 'validation-missing', severity: 'high', endpoint: `POST /t${i}`, rootCause: `input:src/app.ts#h${i}`, data: { cause: 'input:whole', deed: `set any column of t${i}`, table: `t${i}`, caller: 'A signed-in user' } }));
    const [one, ...more] = rank(many, many.map((f) => endpoint(f.endpoint ?? '', required)), EMPTY_STATE, new Map([[meta.id, meta]])).risks;
    assert.deepEqual(more, []);
    assert.equal(one?.hours, 2);
    assert.equal(one?.title, 'A signed-in user can set any column of t0, t1, t2 and 5 more tables: POST /t0 and 7 more routes store what they are sent');
  });

  it('tells of several open routes what the worst of them costs', () => {
    const says = (deed: string, impact: string): Finding => finding({ category: 'auth-missing', severity: 'critical', confidence: 'high', endpoint: `POST /${impact}`, rootCause: 'router:src/app.ts', message: `Anyone can ${deed} bills: it has no sign-in check.`, businessImpact: impact });
    assert.equal(rank([says('add', 'false'), says('delete', 'gone')]).risks[0]?.impact, 'gone');
    assert.equal(rank([says('add', 'false'), says('change', 'also')]).risks[0]?.impact, 'false');
  });

  it('names the doer as the app does, and no table made up from a path', () => {
    const e = endpoint('POST /orders/initiate', { ...required, roles: ['editor'] });
    const f = finding({ category: 'validation-missing', severity: 'high', endpoint: 'POST /orders/initiate', message: 'POST /orders/initiate takes files of any type: a user can store them.' });
    assert.equal(rank([f], [e]).risks[0]?.title, 'POST /orders/initiate takes files of any type: a user can store them');
    const told = { ...f, data: { deed: 'write unchecked data into orders', caller: 'A user with the role editor', operators: true } };
    assert.equal(rank([told], [e]).risks[0]?.title, 'A user with the role editor can write unchecked data into orders: POST /orders/initiate uses its input as it comes');
    assert.equal(rank([finding({ category: 'authz-missing', endpoint: 'POST /orders' })], [endpoint('POST /orders', { ...required, roles: ['admin'] })]).risks[0]?.title.startsWith('An administrator can'), true);
    assert.equal(rank([finding({ category: 'secret-exposed', file: 'a.ts', data: { label: 'Password in newPassword' } })]).risks[0]?.title, 'Anyone who sees the code can use your new password: it is written in a.ts');
  });

  it('makes one line of routes of one file that all lack the check; doubts do not count, the worst deed comes first', () => {
    const open = (n: string, deed: string, confidence: 'high' | 'low' = 'high'): Finding => finding({ endpoint: n, rootCause: `endpoint:express ${n}@src/api.ts`, confidence, message: `Anyone can ${deed}: ${n} has no sign-in check.` });
    const list = [open('GET /a', 'send messages in your name'), open('POST /b', 'add orders'), open('DELETE /b', 'delete orders'), open('POST /c', 'start payments'), open('GET /d', 'read orders', 'low')];
    const { risks } = rank(list, [...list.map((f) => endpoint(f.endpoint ?? '')), endpoint('GET /mine', required)]);
    assert.equal(risks.filter((r) => r.confidence !== 'low').length, 1);
    assert.equal(risks[0]?.title, '4 routes without a sign-in check: anyone can send messages in your name, start payments and delete and add orders');
  });

  it('does not call a page with "do not launch" some risk', () => {
    assert.equal(rank([finding({ severity: 'critical', endpoint: 'GET /x' })], [endpoint('GET /x')]).score, 70);
    assert.equal(rank([finding({ severity: 'critical', category: 'secret-exposed' })]).score, 45);
    assert.ok(rank([finding({ severity: 'critical', confidence: 'low', endpoint: 'GET /x' })], [endpoint('GET /x')]).score < 45);
  });

  it('keeps at most ten on top, none of low confidence, ranks without gaps', () => {
    const findings = Array.from({ length: 14 }, (_, i) => finding({ confidence: i % 7 === 0 ? 'low' : 'high', endpoint: `GET /things${i}` }));
    const { top, risks } = rank(findings, [...findings.map((f) => endpoint(f.endpoint ?? '')), endpoint('GET /mine', required)]);
    assert.equal(top.length, 10);
    assert.ok(top.every((r) => r.confidence !== 'low'));
    assert.deepEqual(risks.map((r) => r.rank), Array.from({ length: 14 }, (_, i) => i + 1));
    assert.deepEqual(top.map((r) => r.rank), Array.from({ length: 10 }, (_, i) => i + 1));
  });

  it('does not depend on the order of the findings', () => {
    const findings = Array.from({ length: 9 }, (_, i) => finding({ file: `src/f${i % 3}.ts`, start: i, endpoint: 'GET /x', rootCause: `c${i % 4}` }));
    const titles = (list: Finding[]): readonly string[] => rank(list).risks.map((r) => `${r.rootCause} ${r.findings.map((f) => f.fingerprint).join()}`);
    assert.deepEqual(titles([...findings].reverse()), titles(findings));
  });

  it('leaves accepted risks out of ranks and score', () => {
    const f = finding({});
    assert.ok(rank([f]).score > 0);
    const state = { ...EMPTY_STATE, accepted: { [f.fingerprint]: { ruleId: f.ruleId, file: f.at.file, reason: 'demo', owner: 'Ana', date: '2026-03-31' } } };
    assert.deepEqual(rank([f], [], state), { risks: [], top: [], score: 0, hours: 0 });
  });

  it('plans by score per hour until 40 hours; critical risks are always in', () => {
    const days = metaOf('db/open-table', 'database', 'db-rules-open', { effort: 'days' });
    const hours = metaOf('error/swallowed', 'errors', 'error-swallowed', { effort: 'hours' });
    const metas = new Map([days, hours].map((m) => [m.id, m]));
    const critical = [1, 2].map(() => finding({ ruleId: days.id, category: 'db-rules-open', data: { table: 'profiles' } }));
    const high = finding({ ruleId: days.id, category: 'db-rules-open', severity: 'high', data: { table: 'profiles' } });
    const small = [1, 2, 3].map((i) => finding({ ruleId: hours.id, category: 'error-swallowed', severity: 'medium', file: `src/e${i}.ts` }));
    const { risks, hours: used } = rank([...critical, high, ...small], [], EMPTY_STATE, metas);
    const when = new Map(risks.map((r) => [r.findings[0]?.fingerprint, r.when]));
    assert.deepEqual(critical.map((f) => when.get(f.fingerprint)), ['sprint', 'sprint']);
    assert.equal(when.get(high.fingerprint), 'later', '32 hours are used, 16 do not fit');
    assert.deepEqual(small.map((f) => when.get(f.fingerprint)).sort(), ['later', 'sprint', 'sprint'], 'two of three hours each fill the eight left');
    assert.equal(used, 38);
    const five = [1, 2, 3, 4, 5].map(() => finding({ ruleId: days.id, category: 'db-rules-open' }));
    assert.equal(rank(five, [], EMPTY_STATE, metas).hours, 80, 'critical ones exceed the hours rather than wait');
  });

  it('lets a redesign wait, and says so', () => {
    const { risks } = rank([finding({ data: { redesign: true } })]);
    assert.equal(risks[0]?.when, 'later');
    assert.match(risks[0]?.reason ?? '', /redesign/);
  });

  it('finds the endpoint of two equal names by file', () => {
    const open = endpoint('GET /users', { file: 'a.ts' });
    const closed = endpoint('GET /users', { ...required, file: 'b.ts' });
    const { risks } = rank([finding({ file: 'b.ts', endpoint: 'GET /users', category: 'validation-missing' })], [open, closed]);
    assert.equal(risks[0]?.exposure, 0.4);
    assert.equal(rank([finding({ file: 'b.ts', endpoint: 'GET /users' })], [endpoint('GET /users', { file: 'c.ts', dependsOn: new Set([path('b.ts')]) })]).risks[0]?.exposure, 1);
  });
});
