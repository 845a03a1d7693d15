import assert from 'node:assert/strict';
import type { Endpoint } from '../../src/engine/core/model';
import type { Finding } from '../../src/engine/core/types';
import { harmClass } from '../../src/sprint/harm';
import { rankRisks, type Risk } from '../../src/sprint/risk';
import { EMPTY_STATE } from '../../src/sprint/state';
import { METAS, endpoint, finding, guard, reportOf, result, sink } from '../report/sample';

const closed = { auth: 'required', guards: [guard('requireUser')] } as const;
const rank = (findings: readonly Finding[], endpoints: readonly Endpoint[] = []): readonly Risk[] => rankRisks(result({ findings, endpoints }), METAS, EMPTY_STATE).risks;
const open = (name: string, deed: string, over: Parameters<typeof finding>[0] = {}): Finding =>
  finding({ endpoint: name, rootCause: `endpoint:express ${name}@${over.file ?? 'src/app.ts'}`, message: `Anyone can ${deed}: ${name} has no sign-in check.`, ...over });
const input = (name: string, deed: string, table: string, over: Parameters<typeof finding>[0] = {}): Finding =>
  finding({ category: 'validation-missing', severity: 'high', endpoint: name, rootCause: `input:${name}`, data: { cause: 'input:unchecked', deed, table, caller: 'A signed-in user' }, ...over });

describe('an app without a sign-in', () => {
  const files = ['bills', 'staff', 'stores', 'guests'];
  const endpoints = files.flatMap((f) => [endpoint(`GET /${f}`, { file: `${f}.ts` }), endpoint(`DELETE /${f}/:id`, { file: `${f}.ts` })]);
  const findings = files.flatMap((f) => [open(`DELETE /${f}/:id`, `delete ${f}`, { file: `${f}.ts`, rootCause: `router:${f}.ts`, fixes: ['insert-guard'] }), open(`GET /${f}`, `read ${f}`, { file: `${f}.ts`, rootCause: `router:${f}.ts`, severity: 'high' })]);

  it('is one risk, told first, with the work of building one', () => {
    const risks = rank([...findings, finding({ category: 'validation-missing', severity: 'critical', endpoint: 'GET /bills', data: { deed: 'read or change your whole database' } })], endpoints);
    assert.equal(risks.length, 2);
    assert.equal(risks[0]?.title, 'No sign-in is checked anywhere on the server: anyone can delete staff, bills, guests and 1 more (8 endpoints stand open)');
    assert.deepEqual([risks[0]?.hours, risks[0]?.effort, risks[0]?.mendable], [16, 'days', false]);
  });

  it('offers no quick fix on the page, and does where there is a sign-in to ask for', () => {
    const [one] = rank(findings, [...endpoints, endpoint('POST /login', { publicBy: 'sign-in' })]);
    assert.deepEqual([one?.hours, one?.mendable], [3, true]);
    assert.equal(rank(findings, [...endpoints, endpoint('GET /mine', closed)]).length, 4, 'one that asks: they are told by their files');
    assert.equal(rank(findings.slice(0, 2), endpoints.slice(0, 2))[0]?.title.startsWith('2 routes behind one unguarded router'), true, 'and so are few');
  });
});

describe('risks told in one line', () => {
  it('one mistake in several guards is one risk with all that stands open', () => {
    const pose = (file: string, keys: string): Finding => finding({ ruleId: 'auth/guard-result-ignored', file, endpoint: 'ALL /x', rootCause: `guard:${file}:1`, message: `Anyone can pose as any user: the token is only decoded, so a forged token opens ${keys.split('\n').length === 1 ? '1 endpoint' : '2 endpoints'}.`, data: { how: 'the token is only decoded', count: keys.split('\n').length === 1 ? '1 endpoint' : '2 endpoints', keys } });
    const risks = rank([pose('a.ts', 'a'), pose('b.ts', 'b\nc'), pose('d.ts', 'd')], [endpoint('ALL /x', { file: 'a.ts' })]);
    assert.deepEqual(risks.map((r) => r.title), ['Anyone can pose as any user: the token is only decoded, so a forged token opens 4 endpoints']);
  });

  it('one variable that falls back in several places, to whatever, is one risk', () => {
    const fallback = (file: string, value: string): Finding => finding({ category: 'env-separation', file, rootCause: `secret:${value}`, message: 'JWT_SECRET falls back to a value written in the code: without the variable anyone can sign in as anyone.', data: { envName: 'JWT_SECRET' } });
    assert.deepEqual(rank([fallback('a.ts', '1'), fallback('b.ts', '1'), fallback('c.ts', '2')]).map((r) => r.title), ['JWT_SECRET falls back to a value written in the code: without the variable anyone can sign in as anyone (and 2 more places)']);
  });

  it('an example file is no place in browser code; several files are counted as files', () => {
    const name = (file: string, place: string): Finding => finding({ ruleId: 'secrets/client-bundle-secret', category: 'secret-client', file, rootCause: 'public-env:VITE_K', data: { label: 'VITE_K', place } });
    const [risk] = rank([name('src/env.ts', 'code'), name('.env.example', 'docs')]);
    assert.equal(risk?.title, 'Everyone who opens your site can take your VITE_K: it is in browser code');
    assert.equal(risk?.hours, 3, 'moved once');
    assert.equal(rank([finding({ category: 'secret-client', data: { label: 'Password in pwd', deed: 'sign in with a password of yours' } })])[0]?.title, 'Everyone who opens your site can sign in with a password of yours: it is in browser code');
    assert.equal(rank([finding({ category: 'secret-client', data: { label: 'VITE_K', published: false } })])[0]?.title, 'Everyone who opens your site can take your VITE_K as soon as browser code reads it: its name makes it public');
    const uri = (file: string): Finding => finding({ category: 'secret-exposed', file, rootCause: 'secret:1', data: { label: 'Postgres connection string' } });
    assert.match(rank([uri('a.js'), uri('b.js'), uri('c.js')])[0]?.title ?? '', /written in a\.js and 2 more files$/);
  });

  it('names the tables of all the routes it counts, up to three, and says when others are of another kind', () => {
    const amount = (t: string): Finding => input(`POST /${t}`, `store any amount in ${t}, a negative one too`, t);
    const four = ['bills', 'fees', 'wages', 'rents'].map(amount);
    const endpoints = [...four, input('POST /z', '', '')].map((f) => endpoint(f.endpoint ?? '', closed));
    assert.equal(rank(four.slice(0, 2), endpoints)[0]?.title, 'A signed-in user can store any amount in bills and fees, a negative one too: POST /bills uses its input as it comes (and 1 more route)');
    const named = ['bills', 'fees'].map((t) => input(`POST /${t}`, `write unchecked data into the table ${t}`, t));
    assert.match(rank(named, endpoints)[0]?.title ?? '', /into the tables bills and fees:/);
    assert.match(rank(four, endpoints)[0]?.title ?? '', /any amount in bills, fees, wages and 1 more table, a negative/);
    const other = input('POST /z', 'link plants to rows that are not theirs', 'plants');
    assert.match(rank([...four.slice(0, 2), other], endpoints)[0]?.title ?? '', /\(and 1 more route; 1 more takes its input unchecked too\)$/);
    assert.match(rank([four[0] ?? other, other], endpoints)[0]?.title ?? '', /\(1 more route takes its input unchecked too\)$/);
  });

  it('says what is done to several kinds of records once, and nothing of nameless data', () => {
    const list = [open('GET /a', 'read bills'), open('GET /b', 'read guests'), open('GET /c', 'read data')];
    assert.equal(rank(list, ['GET /a', 'GET /b', 'GET /c'].map((n) => endpoint(n)))[0]?.title, '3 routes without a sign-in check: anyone can read bills and guests');
    const figures = [open('GET /a', 'see figures about your bills'), open('GET /b', 'see figures about your guests'), open('GET /c', 'see figures about your rooms')];
    assert.equal(rank(figures, ['GET /a', 'GET /b', 'GET /c'].map((n) => endpoint(n)))[0]?.title, '3 routes without a sign-in check: anyone can see figures about your bills, guests and rooms');
    const both = [open('GET /a', 'read bills'), open('GET /b', 'see figures about your bills')];
    assert.equal(rank(both, ['GET /a', 'GET /b'].map((n) => endpoint(n)))[0]?.title, '2 routes without a sign-in check: anyone can read bills');
  });

  it('tells of the reads of the same file that stand open and that no finding names', () => {
    const write = open('POST /items', 'add items');
    const read = (over: Parameters<typeof endpoint>[1] = {}): Endpoint => endpoint('GET /items', { sinks: [sink('db-read', 'items')], ...over });
    const impact = (reads: readonly Endpoint[]): string => rank([write], [endpoint('POST /items'), endpoint('GET /mine', closed), ...reads])[0]?.impact ?? '';
    assert.match(impact([read({ publicBy: 'public-content' })]), / Reading needs no sign-in there either \(GET \/items\): right only if everyone may see it\.$/);
    for (const quiet of [read(closed), read({ publicBy: 'health' }), read({ file: 'other.ts' }), read({ sinks: [] })]) assert.doesNotMatch(impact([quiet]), /Reading/);
  });
});

describe('the kind of harm', () => {
  const secret = (harm: string | null, severity: 'critical' | 'high' = 'critical'): Finding => finding({ category: 'secret-exposed', severity, file: `${harm}-${severity}.ts`, rootCause: `secret:${harm}-${severity}`, data: { label: 'Key', deed: 'use it', ...(harm === null ? {} : { harm }) } });

  it('ranks what opens all accounts before single tables, of one severity', () => {
    const list = [open('DELETE /bills', 'delete bills'), secret(null), secret('accounts-if-unset'), secret('accounts'), secret('accounts', 'high')];
    const risks = rank(list, [endpoint('DELETE /bills'), endpoint('GET /mine', closed)]);
    assert.deepEqual(risks.map((r) => r.findings[0]?.fingerprint), [3, 2, 0, 1, 4].map((i) => list[i]?.fingerprint));
    assert.deepEqual(risks.map((r) => r.today), [true, true, true, false, false]);
    assert.match(risks[0]?.reason ?? '', /it opens your accounts: today/);
  });

  it('takes rights and accounts out of a list of lesser fields', () => {
    const list = [input('POST /bills', 'store any amount in bills, a negative one too', 'bills'), input('POST /people', 'give out rights nobody granted', 'people'), input('PATCH /users/:id', 'set any column of user', 'user')];
    const risks = rank(list, list.map((f) => endpoint(f.endpoint ?? '', closed)));
    assert.equal(risks.length, 2);
    assert.match(risks[1]?.title ?? '', /any amount in bills/);
  });

  it('reads it off the deed', () => {
    const of = (deed: string): string => harmClass(finding({ category: 'validation-missing', data: { deed } }));
    for (const deed of ['sign up as administrator', 'read or change your whole database', 'give out rights nobody granted', 'set any column of the table users', 'set every field of Employee', 'run commands on your server']) assert.equal(of(deed), 'all', deed);
    for (const deed of ['set any column of bills', 'feed anything to your AI model', 'write unchecked data into user_notes']) assert.equal(of(deed), 'less', deed);
    assert.equal(harmClass(open('POST /setup', 'add users')), 'all');
    assert.equal(harmClass(open('POST /debug', 'read stored passwords of staff')), 'all');
    assert.equal(harmClass(finding({ category: 'secret-exposed', data: { detector: 'supabase-service-role', deed: 'use it' } })), 'all');
    assert.equal(harmClass(finding({ category: 'secret-exposed', data: { detector: 'stripe-secret', deed: 'use it' } })), 'less');
    assert.equal(harmClass(open('POST /setup', 'add bills')), 'less');
  });

  it('counts in the headline only what is certain', () => {
    const two = [open('DELETE /bills', 'delete bills'), open('POST /fees', 'add fees', { confidence: 'medium', file: 'b.ts' })];
    const report = reportOf(result({ findings: two, endpoints: [endpoint('DELETE /bills'), endpoint('POST /fees', { file: 'b.ts' }), endpoint('GET /mine', closed)] }));
    assert.match(report.verdict, /One of the risks can be used by anyone/);
  });
});
