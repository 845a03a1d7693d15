import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeLens, Hover } from 'vscode-languageserver/node';
import { METHODS, type ActAnswer, type AuditAnswer, type EndpointsAnswer, type FounderAnswerList, type FounderFolderView, type OverviewAnswer, type ReportAnswer, type RisksAnswer, type SprintAnswer, type SprintItemView } from '../../src/server/protocol';
import { until, withServer } from './support';

const EXPRESS = [
  "const express = require('express');",
  'const app = express();',
  "app.get('/orders', (req, res) => { db.order.findMany().then((rows) => res.json(rows)); });",
  'app.listen(3000);',
  '',
].join('\n');
const PACKAGE = JSON.stringify({ name: 'x', dependencies: { express: '^4.0.0' } });

function itemOf(answer: SprintAnswer, id: string): SprintItemView {
  const found = answer.folders.flatMap((f) => f.days).flatMap((d) => d.items).find((i) => i.id === id);
  assert.ok(found, `no item ${id}`);
  return found;
}

describe('server: views, audit and acts', function () {
  this.timeout(20_000);

  it('fills sprint, risks and overview by itself, places included', () =>
    withServer({ 'src/a.ts': '\ndanger();\nentry();\n' }, async (client, folder) => {
      await client.ready();
      const overview = await client.request<OverviewAnswer>(METHODS.overview, {});
      assert.equal(overview.state, 'ready');
      assert.equal(overview.folders[0]?.counts.critical, 1);
      assert.ok((overview.folders[0]?.score ?? 0) > 0);
      const risks = await client.request<RisksAnswer>(METHODS.risks, {});
      assert.equal(risks.folders[0]?.risks.length, 3);
      assert.deepEqual(risks.folders[0]?.risks[0]?.findings[0]?.place.range.start, { line: 2, character: 0 });
      const errors = itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors');
      assert.equal(errors.status, 'open');
      assert.equal(errors.findings[0]?.place.uri, folder.uriOf('src/a.ts'));
      assert.equal(itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'sentry').status, 'not-checked');
    }));

  it('ticks by evidence, and unticks when the flaw returns', () =>
    withServer({ 'src/a.ts': 'danger();\n' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, 'danger();\n');
      assert.equal(itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors').status, 'open');
      let seen = client.revisions.length;
      await client.edit(uri, 'danger', 'calm');
      await until('the model to settle', () => client.revisions.length > seen);
      assert.equal(itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors').status, 'done');
      seen = client.revisions.length;
      await client.edit(uri, 'calm', 'danger');
      await until('the model to settle', () => client.revisions.length > seen);
      assert.equal(itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors').status, 'open');
    }));

  it('ticks and unticks by hand, in the file of the repository, and never over a broken one', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      await client.ready();
      const state = join(folder.root, '.rescue/sprint.json');
      const tick = { folder: folder.uri, kind: 'task', id: 'day1.top10-read', done: true };
      assert.deepEqual(await client.request<ActAnswer>(METHODS.tick, tick), { ok: true, message: null });
      assert.match(readFileSync(state, 'utf8'), /day1\.top10-read/);
      const task = (await client.request<SprintAnswer>(METHODS.sprint, {})).folders[0]?.days[0]?.tasks.find((t) => t.id === 'day1.top10-read');
      assert.equal(task?.done, true);
      await client.request<ActAnswer>(METHODS.tick, { ...tick, done: false });
      assert.doesNotMatch(readFileSync(state, 'utf8'), /day1\.top10-read/);
      folder.write('.rescue/sprint.json', '{ broken');
      const refused = await client.request<ActAnswer>(METHODS.tick, tick);
      assert.equal(refused.ok, false);
      assert.match(refused.message ?? '', /sprint\.json/);
      assert.equal(readFileSync(state, 'utf8'), '{ broken');
    }));

  it('asks the founder’s ten questions: the code answers what it can, a person the rest', () =>
    withServer({ 'package.json': PACKAGE, 'app.js': EXPRESS }, async (client, folder) => {
      await client.ready();
      const ask = async (): Promise<FounderFolderView> => {
        const [view] = (await client.request<FounderAnswerList>(METHODS.founder, {})).folders;
        assert.ok(view);
        return view;
      };
      const first = await ask();
      assert.equal(first.questions.length, 10);
      const open = first.questions.find((q) => q.id === 'q3');
      assert.deepEqual([open?.answer, open?.from, open?.risky, open?.places[0]?.file], ['yes', 'evidence', true, 'app.js']);
      const answer = (id: string, given: string): Promise<ActAnswer> => client.request(METHODS.answer, { folder: folder.uri, id, answer: given });
      assert.equal((await answer('q10', 'yes')).ok, true);
      const after = (await ask()).questions.find((q) => q.id === 'q10');
      assert.deepEqual([after?.answer, after?.from, after?.risky], ['yes', 'you', true]);
      assert.match(readFileSync(join(folder.root, '.rescue/sprint.json'), 'utf8'), /"q10": \{ "answer": "yes"/);
      await answer('q10', 'unknown');
      assert.equal((await ask()).questions.find((q) => q.id === 'q10')?.from, null);
      await assert.rejects(answer('constructor', 'yes'), /id/);
    }));

  it('the task that rests on the audit ticks itself and has no box', () =>
    withServer({ 'src/a.ts': '' }, async (client) => {
      await client.ready();
      const task = (await client.request<SprintAnswer>(METHODS.sprint, {})).folders[0]?.days[0]?.tasks.find((t) => t.id === 'day1.audit');
      assert.deepEqual([task?.done, task?.byHand, task?.text], [true, false, 'Audit ran over 1 file']);
    }));

  it('accepts a risk with its reason, and only an existing one', () =>
    withServer({ 'src/a.ts': 'danger();\n' }, async (client, folder) => {
      await client.ready();
      const [finding] = itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors').findings;
      const answer = await client.request<ActAnswer>(METHODS.accept, { folder: folder.uri, fingerprint: finding?.fingerprint, reason: 'an internal tool', owner: 'Ada' });
      assert.equal(answer.ok, true);
      assert.equal(itemOf(await client.request<SprintAnswer>(METHODS.sprint, {}), 'errors').status, 'accepted');
      assert.equal((await client.request<ActAnswer>(METHODS.accept, { folder: folder.uri, fingerprint: 'nothing', reason: 'x' })).ok, false);
    }));

  it('audits with progress, reading the disk anew', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      await client.ready();
      folder.write('src/new.ts', 'danger();\n');
      const progress: string[] = [];
      client.connection.onNotification('$/progress', ({ token, value }: { token: string; value: { kind: string } }) => void progress.push(`${token} ${value.kind}`));
      const answer = await client.request<AuditAnswer>(METHODS.audit, { workDoneToken: 'mine' });
      assert.equal(answer.cancelled, false);
      assert.equal(answer.folders[0]?.findings, 2);
      await until('the end of the progress', () => progress.includes('mine end'));
      assert.equal(progress[0], 'mine begin');
    }));

  it('stops an audit when asked, and works afterwards', () =>
    withServer(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`src/f${i}.ts`, 'danger();\n'])), async (client) => {
      await client.ready();
      let stop: () => void = () => undefined;
      const token = { isCancellationRequested: false, onCancellationRequested: (listener: () => void) => ((stop = listener), { dispose: () => undefined }) };
      client.connection.onNotification('$/progress', () => {
        stop();
      });
      const outcome = await client.connection.sendRequest<AuditAnswer>(METHODS.audit, { workDoneToken: 'mine' }, token as never).then((answer) => answer.cancelled, () => true);
      assert.equal(outcome, true);
      assert.equal((await client.request<AuditAnswer>(METHODS.audit, {})).folders[0]?.findings, 600);
    }));

  it('renders the report in every format, the webview’s with its nonce', () =>
    withServer({ 'src/a.ts': 'danger();\n', 'src/<img src=x onerror=alert(1)>.ts': 'danger();\n' }, async (client) => {
      await client.ready();
      const nonce = 'abcdefghijklmnopqrstuvwx';
      const html = await client.request<ReportAnswer>(METHODS.report, { format: 'html', webview: { nonce, scriptUri: 'https://host/media/report.js' } });
      assert.match(html.text, new RegExp(`script-src 'nonce-${nonce}'`));
      assert.doesNotMatch(html.text, /<img src=x/);
      assert.doesNotMatch(html.text, /unsafe-inline/);
      await assert.rejects(client.request(METHODS.report, { format: 'html', webview: { nonce: '"><script>', scriptUri: 'x' } }), /nonce/);
      JSON.parse((await client.request<ReportAnswer>(METHODS.report, { format: 'json' })).text);
      JSON.parse((await client.request<ReportAnswer>(METHODS.report, { format: 'sarif' })).text);
      assert.match((await client.request<ReportAnswer>(METHODS.report, { format: 'markdown' })).text, /^#/m);
    }));

  it('lists endpoints by exposure, with a lens above each that says what is known', () =>
    withServer({ 'package.json': PACKAGE, 'app.js': EXPRESS }, async (client, folder) => {
      const uri = folder.uriOf('app.js');
      await client.ready();
      await client.open(uri, EXPRESS, 'javascript');
      const [endpoint] = (await client.request<EndpointsAnswer>(METHODS.endpoints, {})).folders[0]?.endpoints ?? [];
      assert.equal(`${endpoint?.method} ${endpoint?.path} ${endpoint?.exposure}`, 'GET /orders open');
      const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
      assert.equal(lenses.length, 1);
      assert.match(lenses[0]?.command?.title ?? '', /^⚠ anyone can call this/);
      assert.equal(lenses[0]?.range.start.line, 2);
      client.settings = { codeLens: { enable: false } };
      const seen = client.revisions.length;
      await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await until('the settings', () => client.revisions.length > seen);
      assert.deepEqual(await client.request('textDocument/codeLens', { textDocument: { uri } }), []);
    }));

  it('explains a squiggle: cost, fix, page; nothing from the code becomes markup', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, 'danger();\n');
      await client.diagnostics(uri, 1, (d) => d.length === 1);
      const hover = await client.request<Hover>('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 3 } });
      const text = (hover.contents as { value: string }).value;
      for (const part of ['What it can cost', 'Calm it down', 'docs/rules/error/danger.md']) assert.ok(text.includes(part), `${part} in ${text}`);
      assert.ok(!text.includes('<b>'), text);
      assert.equal(await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 0 } }), null);
    }));

  it('writes the note through the editor, into the block that is ours only', () =>
    withServer({ 'AGENTS.md': '# Mine\r\n' }, async (client, folder) => {
      await client.ready();
      const answer = await client.request<ActAnswer>(METHODS.note, { folder: folder.uri });
      assert.equal(answer.ok, true);
      const edit = client.applied[0]?.edit;
      const agents = client.apply(edit, folder.uriOf('AGENTS.md'), '# Mine\r\n');
      assert.match(agents, /^# Mine\r\n\r\n<!-- rescue:begin/);
      assert.doesNotMatch(agents.replaceAll('\r\n', ''), /\n/);
      assert.ok(edit?.documentChanges?.some((c) => 'kind' in c && c.kind === 'create' && c.uri.endsWith('rescue.mdc')));
      assert.ok(!existsSync(join(folder.root, '.cursor')), 'only the editor writes');
    }));
});
