/**
 * Fixes as properties over every finding: what is offered works. The edit applies, every touched file parses no worse, the
 * finding is gone, no other came, and a second run has nothing left to do. RESCUE_CORPUS names more folders, `:` between them.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { applyEdits, type Fix } from '../../src/engine/core/fix';
import type { Finding, RelPath } from '../../src/engine/core/types';
import { countSyntaxErrors, scriptKindOf } from '../../src/engine/extract/script/parse';
import { ALL_RULES } from '../../src/engine/rules/registry';
import type { FileChange, Session } from '../../src/engine/session/api';
import { createSession } from '../../src/engine/session/session';
import { auditFolder } from '../../src/workspace/audit';

interface Count {
  findings: number;
  offered: number;
  applied: number;
  manual: number;
  declined: number;
}

const APP = join(import.meta.dirname, '../fixtures/apps/client-portal');
const FOLDERS = [APP, ...(process.env['RESCUE_CORPUS'] ?? '').split(':').filter((f) => f !== '')];

function changesOf(session: Session, fix: Fix): FileChange[] {
  const out: FileChange[] = [];
  for (const file of new Set(fix.edits.map((e) => e.file))) out.push({ path: file, text: applyEdits(session.text(file) ?? '', fix.edits.filter((e) => e.file === file)) });
  for (const c of fix.create) out.push({ path: c.file, text: c.text });
  return out;
}

function byRule(findings: readonly Finding[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const f of findings) if (f.confidence !== 'low') out.set(`${f.ruleId} in ${f.at.file}`, (out.get(`${f.ruleId} in ${f.at.file}`) ?? 0) + 1);
  return out;
}

describe('every fix that is offered works', function () {
  this.timeout(900_000);

  for (const folder of FOLDERS) {
    it(basename(folder), async function () {
      if (!existsSync(folder)) this.skip();
      const { session, options } = await auditFolder(folder, { cache: false });
      const before = session.audit();
      const facts = new Map([...session.model.files()].map((f) => [f.path, f]));
      const counts = new Map<string, Count>();
      const problems: string[] = [];
      const standing = byRule(before.findings);
      for (const finding of before.findings) {
        const count = counts.get(finding.ruleId) ?? { findings: 0, offered: 0, applied: 0, manual: 0, declined: 0 };
        counts.set(finding.ruleId, count);
        count.findings++;
        for (const { id, class: kind } of session.fixesOf(finding)) {
          const problem = (what: string) => problems.push(`${finding.ruleId} (${id}) at ${finding.at.file}:${finding.at.span.start}: ${what}`);
          count.offered++;
          const result = session.fix(finding, id);
          if (!result.ok) {
            count.declined++;
            problem(`declined: ${result.reason}, ${result.message}`);
            continue;
          }
          if (result.fix.class === 'manual') {
            count.manual++;
            if (result.fix.manual.length === 0) problem('manual without a step');
            continue;
          }
          if (result.fix.class !== kind && kind === 'safe') problem(`offered as ${kind}, made as ${result.fix.class}`);
          const changes = changesOf(session, result.fix);
          if (changes.length === 0) problem('changes nothing');
          for (const c of changes) {
            const worse = scriptKindOf(c.path) !== null && countSyntaxErrors(c.path, c.text!) > (session.text(c.path) === undefined ? 0 : countSyntaxErrors(c.path, session.text(c.path)!));
            if (worse) problem(`${c.path} parses worse`);
          }
          // Judged by a session that knows nothing of the first one but the files nobody touched.
          const touched = new Set<RelPath>(changes.map((c) => c.path));
          const after = createSession({ rules: ALL_RULES, options, git: session.model.git });
          after.apply([...facts.values()].filter((f) => !touched.has(f.path)).map((f) => ({ path: f.path, text: session.text(f.path)!, facts: f })));
          after.apply(changes);
          const now = after.audit();
          // A twin, the same code at another place of the file, takes over the first one's fingerprint.
          const here = (list: readonly Finding[]) => list.filter((f) => f.ruleId === finding.ruleId && f.at.file === finding.at.file).length;
          const gone = !now.findings.some((f) => f.ruleId === finding.ruleId && f.fingerprint === finding.fingerprint);
          if (here(now.findings) >= here(before.findings)) problem('the finding stays');
          for (const [key, n] of byRule(now.findings)) if (n > (standing.get(key) ?? 0)) problem(`a new finding: ${key}`);
          if (gone && after.fix(finding, id).ok) problem('a second run changes something');
          count.applied++;
        }
      }
      console.log(`      ${'rule'.padEnd(44)} findings offered applied manual declined`);
      for (const [rule, c] of [...counts].sort()) console.log(`      ${rule.padEnd(44)} ${String(c.findings).padStart(8)} ${String(c.offered).padStart(7)} ${String(c.applied).padStart(7)} ${String(c.manual).padStart(6)} ${String(c.declined).padStart(8)}`);
      assert.deepEqual(problems, []);
    });
  }
});
