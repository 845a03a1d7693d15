/** The sample app against what its authors wrote down: every endpoint, every planted flaw, every look-alike. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditResult, type Finding, LineIndex, type Session } from '../../src/engine';
import { auditFolder } from '../../src/workspace/audit';

const ROOT = join(__dirname, '../fixtures/apps/client-portal');
const COVERED = new Set(['secret-exposed', 'secret-client', 'auth-missing', 'validation-missing', 'env-separation']);

interface Label { readonly category: string; readonly file: string; readonly line: number; readonly end?: number; readonly expect: boolean; readonly why: string }
interface Expected { readonly findings: readonly Label[]; readonly endpoints: readonly { readonly method: string; readonly path: string; readonly file: string; readonly line: number; readonly auth: string }[] }

describe('the sample app', () => {
  const expected = JSON.parse(readFileSync(join(ROOT, 'expected.json'), 'utf8')) as Expected;
  let result: AuditResult;
  let session: Session;
  const lines = new Map<string, LineIndex>();
  const lineOf = (file: string, offset: number): number => {
    const known = lines.get(file) ?? new LineIndex(session.text(file as Finding['at']['file']) ?? '');
    lines.set(file, known);
    return known.position(offset).line + 1;
  };
  const near = (l: Label, f: Finding): boolean => {
    const first = lineOf(f.at.file, f.at.span.start);
    const last = Math.min(lineOf(f.at.file, f.at.span.end), first + 2);
    return f.category === l.category && f.at.file === l.file && first <= (l.end ?? l.line) + 1 && last >= l.line - 1;
  };

  before(async () => {
    ({ result, session } = await auditFolder(ROOT, { cache: false }));
  });

  it('has no engine error', () => assert.deepEqual(result.errors, []));

  it('shows every endpoint with the right auth', () => {
    const shape = (p: string): string => p.replace(/\[\[?(?:\.\.\.)?(\w+)\]?\]/g, ':p').replace(/:\w+/g, ':p');
    const wrong = expected.endpoints.flatMap((e) => {
      const found = result.endpoints.find((x) => x.at.file === e.file && (x.method === e.method || e.method === 'ALL' || x.method === 'ALL') && shape(x.path) === shape(e.path));
      return !found ? [`missed ${e.method} ${e.path}`] : found.auth === e.auth ? [] : [`${e.method} ${e.path} is ${e.auth}, found ${found.auth}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('finds every planted flaw of what is covered', () => {
    const findings = result.findings.filter((f) => f.confidence !== 'low');
    assert.deepEqual(expected.findings.filter((l) => l.expect && COVERED.has(l.category) && !findings.some((f) => near(l, f))).map((l) => `${l.category} ${l.file}:${l.line} ${l.why}`), []);
  });

  it('stays silent about every look-alike', () => {
    const findings = result.findings.filter((f) => f.confidence !== 'low');
    const trapped = expected.findings.filter((l) => !l.expect && findings.some((f) => near(l, f) && !expected.findings.some((t) => t.expect && near(t, f))));
    assert.deepEqual(trapped.map((l) => `${l.category} ${l.file}:${l.line} ${l.why}`), []);
  });
});
