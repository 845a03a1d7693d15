import assert from 'node:assert/strict';
import { statusLook } from '../../src/extension/status-look';
import { stepsLook } from '../../src/extension/steps';
import { withoutContent } from '../../src/extension/trace';
import type { TreeNode } from '../../src/extension/tree';
import { endpointId, endpointTree } from '../../src/extension/views/endpoints';
import { founderMessage, founderTree } from '../../src/extension/views/founder';
import { riskMessage, riskTree } from '../../src/extension/views/risks';
import { sprintMessage, sprintTree } from '../../src/extension/views/sprint';
import type { EndpointView, FindingItem, FolderSummary, FounderQuestionView, ItemStatus, RisksAnswer, SprintAnswer, SprintItemView } from '../../src/server/protocol';

const folder = { uri: 'file:///w/app', name: 'app' };
const place = { uri: 'file:///w/app/src/a.ts', file: 'src/a.ts', range: { start: { line: 4, character: 2 }, end: { line: 4, character: 9 } } };

function finding(over: Partial<FindingItem> = {}): FindingItem {
  return { fingerprint: 'f1', ruleId: 'error/danger', title: 'Dangerous call', severity: 'high', confidence: 'high', message: 'danger() is called.\nMore.', impact: 'Costs *money*', endpoint: null, place, fixable: true, needsHuman: false, ...over };
}

function item(status: ItemStatus, over: Partial<SprintItemView> = {}): SprintItemView {
  return { id: 'errors', title: 'Error handling', status, detail: 'Because.', question: null, tickable: false, tickedOn: null, findings: [], accepted: [], rotations: [], ...over };
}

function sprint(items: readonly SprintItemView[], folders = 1): SprintAnswer {
  const day = { day: 1, title: 'Audit', artefact: 'Risk map', done: 0, total: items.length, items, tasks: [{ kind: 'task' as const, id: 'day1.read', text: 'Read', done: false, byHand: true, since: null }] };
  return { revision: 1, folders: Array.from({ length: folders }, (_, i) => ({ ...folder, uri: `${folder.uri}${i}`, done: 1, total: 18, currentDay: 1, days: [day, { ...day, day: 2, tasks: [] }] })) };
}

function all(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children ?? [])]);
}

describe('extension: sprint tree', () => {
  it('shows days, items and findings; only the current day is open', () => {
    const tree = sprintTree(sprint([item('open', { findings: [finding()] })]));
    assert.deepEqual(tree.map((n) => [n.label, n.expanded]), [['Day 1 · Audit', true], ['Day 2 · Audit', false]]);
    const [open, task] = tree[0]?.children ?? [];
    assert.equal(open?.description, '1 finding');
    assert.equal(open?.children?.[0]?.label, 'danger() is called.');
    assert.equal(open.children[0]?.description, 'a.ts:5');
    assert.deepEqual(open.children[0]?.open, place);
    assert.deepEqual(task?.tick, { folder: `${folder.uri}0`, kind: 'task', id: 'day1.read', done: false });
  });

  it('is green by evidence or tick only, never for what was not checked', () => {
    const icons = Object.fromEntries((['done', 'open', 'accepted', 'manual', 'not-applicable', 'not-checked'] as const).map((s) => [s, sprintTree(sprint([item(s)]))[0]?.children?.[0]?.icon?.color]));
    assert.deepEqual(Object.entries(icons).filter(([, color]) => color === 'charts.green').map(([s]) => s), ['done']);
  });

  it('offers a box where a person may tick, and a key to replace below its item', () => {
    const rotation = { kind: 'rotation' as const, id: 'STRIPE_KEY', text: 'Rotate STRIPE_KEY', done: false, byHand: true, since: null };
    const [manual] = sprintTree(sprint([item('manual', { tickable: true, question: 'Was it?', rotations: [rotation] })]))[0]?.children ?? [];
    assert.deepEqual(manual?.tick, { folder: `${folder.uri}0`, kind: 'item', id: 'errors', done: false });
    assert.match(manual.description ?? '', /1 key to replace/);
    assert.equal(manual.children?.[0]?.tick?.kind, 'rotation');
    assert.equal(sprintTree(sprint([item('done')]))[0]?.children?.[0]?.tick, undefined);
  });

  it('has unique ids and words for a screen reader, over several folders too', () => {
    const nodes = all(sprintTree(sprint([item('open', { findings: [finding(), finding({ fingerprint: 'f2' })] })], 2)));
    assert.equal(new Set(nodes.map((n) => n.id)).size, nodes.length);
    assert.ok(nodes.every((n) => n.spoken.length > 3));
    assert.equal(sprintMessage(sprint([], 2)), undefined);
    assert.match(sprintMessage(sprint([])) ?? '', /1 of 18 done/);
  });

  it('escapes what comes from the code', () => {
    const nodes = all(sprintTree(sprint([item('open', { findings: [finding({ message: '[x](command:evil) <img>', impact: '**b**' })] })])));
    for (const node of nodes) assert.doesNotMatch(node.tooltip ?? '', /\]\(command|<img|\*\*b\*\*/);
  });
});

describe('extension: risks and endpoints', () => {
  const risks = (over: Partial<RisksAnswer['folders'][number]> = {}): RisksAnswer => ({
    revision: 1,
    folders: [{ ...folder, score: 74, risks: [{ rank: 1, title: 'Anyone can delete users', score: 126, when: 'later', reason: 'after the keys', severity: 'critical', impact: 'Data is lost', findings: [finding()] }], ...over }],
  });

  it('ranks risks with what waits, and is empty when there is none', () => {
    const [risk] = riskTree(risks());
    assert.equal(risk?.label, '1. Anyone can delete users');
    assert.equal(risk.description, '1 place · waits');
    assert.equal(riskMessage(risks()), 'Risk score 74 of 100');
    assert.deepEqual(riskTree(risks({ risks: [] })), []);
  });

  it('groups endpoints by exposure, worst first, leaving out empty groups; ids are unique', () => {
    const endpoint = (over: Partial<EndpointView>): EndpointView => ({ key: 'k', method: 'GET', path: '/x', framework: 'express', place, exposure: 'open', auth: 'none', guards: [], validated: 'n/a', summary: '', evidence: [], ...over });
    const tree = endpointTree({ revision: 1, folders: [{ ...folder, endpoints: [endpoint({ key: 'b', exposure: 'guarded', summary: 'requireUser' }), endpoint({}), endpoint({})] }] });
    assert.deepEqual(tree.map((n) => [n.label, n.description, n.expanded]), [['Open', '2', true], ['Guarded', '1', false]]);
    assert.equal(tree[0]?.children?.[0]?.id, endpointId(folder.uri, 'k'));
    assert.equal(tree[0].children[0].description, 'src/a.ts', 'the same path twice: the file tells');
    assert.equal(tree[1]?.children?.[0]?.description, 'src/a.ts · requireUser');
    const [single] = endpointTree({ revision: 1, folders: [{ ...folder, endpoints: [endpoint({})] }] });
    assert.equal(single?.children?.[0]?.description, 'a.ts:5');
    const ids = all(tree).map((n) => n.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(endpointTree({ revision: 1, folders: [{ ...folder, endpoints: [] }] }), []);
  });
});

describe('extension: founder checklist', () => {
  const question = (over: Partial<FounderQuestionView>): FounderQuestionView => ({ id: 'q3', number: 3, text: 'Can any endpoint be called without proper sign-in?', answer: 'yes', from: 'evidence', risky: true, because: 'Two can.', places: [place], ...over });
  const list = (questions: readonly FounderQuestionView[], folders = 1) => ({ revision: 1, folders: Array.from({ length: folders }, (_, i) => ({ ...folder, uri: `${folder.uri}${i}`, verdict: 'Not decided yet.', against: 1, open: 1, questions })) });

  it('shows a short question, the answer and who gave it, and lets a person answer only what the code cannot', () => {
    const [byCode, byYou, open] = founderTree(list([question({}), question({ id: 'q4', answer: 'no', from: 'you', risky: false, places: [] }), question({ id: 'q5', answer: 'unknown', from: null, risky: false, places: [] })]));
    assert.deepEqual([byCode?.label, byCode?.description], ['Open endpoints?', 'Yes']);
    assert.match(byCode?.tooltip ?? '', /Can any endpoint be called/);
    assert.deepEqual([byCode?.context, byCode?.icon?.id, byCode?.children?.[0]?.label, byCode?.children?.[0]?.description], ['answered-by-code', 'error', 'a.ts:5', 'src']);
    assert.deepEqual([byYou?.description, byYou?.context, byYou?.icon?.id, byYou?.children], ['No · you said so', 'question', 'pass', undefined]);
    assert.deepEqual([open?.description, open?.icon?.id], ['click to answer', 'question']);
    assert.equal(founderMessage(list([question({})])), '1 of 1 against the app · 1 to answer');
    assert.equal(founderMessage(list([], 2)), undefined);
  });

  it('has unique ids over several folders', () => {
    const ids = all(founderTree(list([question({ places: [place, place] }), question({ id: 'q4' })], 2))).map((n) => n.id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('extension: status bar and trace', () => {
  const summary: FolderSummary = { ...folder, score: 74, counts: { critical: 3, high: 1, medium: 0, low: 0, info: 0 }, findings: 4, files: 10, endpoints: 5, openEndpoints: 2, unknownEndpoints: 1, sprintDone: 2, sprintTotal: 18, errors: 0, skipped: 0, ms: 5, firstRisk: 'Anyone can…' };
  const ready = { state: 'ready' as const, files: 0, errors: 0, lastError: null };

  it('shows the score, errors, and what runs', () => {
    assert.equal(statusLook(true, ready, { revision: 1, state: 'ready', folders: [summary, { ...summary, score: 5 }] }).text, '$(shield) Rescue 74');
    assert.match(statusLook(true, ready, { revision: 1, state: 'ready', folders: [summary] }).spoken, /74 of 100, 3 critical, 1 high/);
    assert.match(statusLook(true, { ...ready, errors: 2, lastError: 'rule' }, { revision: 1, state: 'ready', folders: [summary] }).text, /warning/);
    assert.match(statusLook(true, { ...ready, state: 'indexing', files: 400 }, null).tooltip, /400 files/);
    assert.equal(statusLook(false, ready, null).command, 'vibeCodeRescue.restartServer');
    assert.match(statusLook(true, ready, null).tooltip, /Open a folder/);
  });

  it('says in one line what is left after a fix, the rest behind a button', () => {
    assert.deepEqual(stepsLook(['Rotate X.'], true), { message: 'Fixed. Left for you: Rotate X.', detail: null });
    assert.deepEqual(stepsLook(['Move it.'], false), { message: 'Nothing was changed. By hand: Move it.', detail: null });
    const { message, detail } = stepsLook([`Rotate X. ${'word '.repeat(60)}`, 'Set X.'], true);
    assert.equal(message, 'Fixed. 2 steps are left for you, first: Rotate X.');
    assert.match(detail ?? '', /^1\. Rotate X\. word[^]*\n\n2\. Set X\.$/);
    assert.ok(stepsLook(['word '.repeat(60)], false).message.length < 180);
  });

  it('keeps the contents of messages out of the trace', () => {
    assert.equal(withoutContent("[Trace - 1] Sending request 'x'.\nParams: { secret }"), "[Trace - 1] Sending request 'x'.");
    assert.equal(withoutContent('{"isLSPMessage":true,"message":{"text":"secret"}}'), '[Trace] message');
  });
});
