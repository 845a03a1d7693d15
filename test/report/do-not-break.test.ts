import assert from 'node:assert/strict';
import { DEFAULT_OPTIONS } from '../../src/engine/core/types';
import { doNotBreakFacts, factsHash, findBlock, noteState, planDoNotBreak, renderNote } from '../../src/report/do-not-break';
import { endpoint, guard, result, sink } from './sample';

const audit = result({ endpoints: [endpoint('POST /projects', { auth: 'required', guards: [guard('requireUser')], sinks: [sink('db-write', 'projects')] }), endpoint('GET /health', { publicBy: 'health' })] });
const facts = doNotBreakFacts(audit, { ...DEFAULT_OPTIONS, tenantKey: 'org_id' }, null);
const plan = (files: Record<string, string>) => planDoNotBreak(facts, (file) => files[file]);

describe('do-not-break note', () => {
  it('says what holds the app together', () => {
    const note = renderNote(facts);
    for (const part of ['`requireUser` in `src/auth.ts`', '`GET /health`: health check', '`org_id`', '`projects`']) assert.ok(note.includes(part), part);
  });

  it('creates a Cursor rule with its front matter and AGENTS.md, nothing else', () => {
    const { writes, messages } = plan({});
    assert.deepEqual(writes.map((w) => [w.file, w.created]), [['.cursor/rules/rescue.mdc', true], ['AGENTS.md', true]]);
    assert.match(writes[0]?.text ?? '', /^---\ndescription: .+\nglobs:\nalwaysApply: true\n---\n\n<!-- rescue:begin /);
    assert.deepEqual(messages, []);
  });

  it('never touches text outside the markers', () => {
    const before = '# Mine\n\nKeep.\n\n<!-- rescue:begin old -->\nold\n<!-- rescue:end -->\n\ntrailing  \n';
    const { writes } = plan({ 'AGENTS.md': before, 'CLAUDE.md': 'no newline at the end' });
    const agents = writes.find((w) => w.file === 'AGENTS.md')?.text ?? '';
    assert.ok(agents.startsWith('# Mine\n\nKeep.\n\n<!-- rescue:begin ') && agents.endsWith('<!-- rescue:end -->\n\ntrailing  \n'));
    assert.ok(!agents.includes('\nold\n'));
    assert.ok(writes.find((w) => w.file === 'CLAUDE.md')?.text.startsWith('no newline at the end\n\n<!-- rescue:begin '));
  });

  it('writes nothing twice, and keeps Windows line ends', () => {
    const first = plan({ 'AGENTS.md': 'a\r\n' });
    const text = first.writes.find((w) => w.file === 'AGENTS.md')?.text ?? '';
    assert.doesNotMatch(text, /(?<!\r)\n/);
    const files = Object.fromEntries([...first.writes.map((w) => [w.file, w.text]), ['AGENTS.md', text]]) as Record<string, string>;
    assert.deepEqual(plan(files).writes, []);
  });

  const broken: readonly (readonly [string, string])[] = [
    ['no end', 'a\n<!-- rescue:begin x -->\nb'], ['no begin', 'a\n<!-- rescue:end -->'], ['two', '<!-- rescue:begin x --><!-- rescue:end --><!-- rescue:begin x --><!-- rescue:end -->'],
    ['wrong order', '<!-- rescue:end --><!-- rescue:begin x -->'], ['misspelt', '<!-- rescue:begn x -->\n<!-- rescue:end -->'], ['unknown', '<!-- rescue:other -->'],
  ];
  for (const [name, text] of broken) {
    it(`leaves a file with broken markers alone: ${name}`, () => {
      const { writes, messages } = plan({ 'AGENTS.md': text });
      assert.ok(!writes.some((w) => w.file === 'AGENTS.md'));
      assert.match(messages.join(), /AGENTS\.md was left as it is/);
      assert.equal(findBlock(text).kind, 'broken');
    });
  }

  it('knows when it is stale', () => {
    const text = renderNote(facts);
    assert.equal(noteState(text, facts), 'fresh');
    const other = doNotBreakFacts(result({ endpoints: [] }), DEFAULT_OPTIONS, null);
    assert.notEqual(factsHash(other), factsHash(facts));
    assert.equal(noteState(text, other), 'stale');
    assert.equal(noteState(undefined, facts), 'absent');
  });
});
