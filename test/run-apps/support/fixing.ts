/** Does what a person would do with the lightbulb: takes the first fix of each open endpoint, looks again, takes the next. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Fix, applyEdits } from '../../../src/engine/core/fix';
import type { Endpoint } from '../../../src/engine/core/model';
import type { Finding, RelPath } from '../../../src/engine/core/types';
import { ALL_RULES } from '../../../src/engine/rules/registry';
import type { Session } from '../../../src/engine/session/api';
import { open } from './folder';

export interface Fixed {
  readonly rule: string;
  readonly endpoints: readonly string[];
  readonly fix: Fix;
}

export interface Left {
  readonly rule: string;
  readonly endpoints: readonly string[];
  /** `no fix`, or what the session answered to the one that was offered. */
  readonly why: string;
}

export interface Fixing {
  readonly fixed: readonly Fixed[];
  readonly left: readonly Left[];
  /** CommonJS files that got an `import`, ES modules that got a `require`: the bundler would not mind, Node would. */
  readonly mixed: readonly string[];
  /** Endpoints that nobody complained about and that are closed now. */
  readonly alsoClosed: readonly string[];
  readonly endpoints: readonly Endpoint[];
}

export const nameOf = (e: Endpoint): string => `${e.method} ${e.path}`;

export const isAlarm = (f: Finding): boolean => f.category === 'auth-missing' && f.confidence !== 'low';

export function endpointsOf(session: Session, f: Finding): string[] {
  const keys = new Set(String(f.data['keys'] ?? f.data['key'] ?? '').split('\n'));
  return session.model.endpoints().filter((e) => keys.has(e.key)).map(nameOf);
}

/** Fixes the files below `root`. */
export function fixAuth(root: string): Fixing {
  const session = open(root, ALL_RULES);
  const before = new Map<RelPath, string>();
  const alarmed = new Set(session.audit().findings.filter(isAlarm).flatMap((f) => endpointsOf(session, f)));
  const unsuspicious = new Set(session.model.endpoints().filter((e) => e.auth !== 'required' && !alarmed.has(nameOf(e))).map(nameOf));
  const fixed: Fixed[] = [];
  const left: Left[] = [];
  const seen = new Set<string>();
  for (let round = 0; ; round++) {
    if (round === 300) throw new Error(`no end of fixes: ${fixed.map((f) => f.endpoints.join()).join(' | ')}`);
    const finding = session.audit().findings.find((f) => isAlarm(f) && !seen.has(f.fingerprint));
    if (!finding) break;
    seen.add(finding.fingerprint);
    const about = { rule: finding.ruleId, endpoints: endpointsOf(session, finding) };
    const offer = session.fixesOf(finding)[0];
    if (!offer) {
      left.push({ ...about, why: 'no fix' });
      continue;
    }
    const result = session.fix(finding, offer.id);
    if (!result.ok) {
      left.push({ ...about, why: `${offer.id}: ${result.message}` });
      continue;
    }
    if (result.fix.class === 'manual') {
      left.push({ ...about, why: `by hand: ${result.fix.manual.join(' ')}` });
      continue;
    }
    for (const [path, text] of resultOf(session, result.fix)) {
      if (!before.has(path)) before.set(path, session.text(path) ?? text);
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      session.apply([{ path, text }]);
    }
    fixed.push({ ...about, fix: result.fix });
  }
  const mixed = [...before].filter(([path, text]) => mixes(text, session.text(path) ?? '')).map(([path]) => path);
  const endpoints = session.model.endpoints();
  return { fixed, left, mixed, alsoClosed: endpoints.filter((e) => e.auth === 'required' && unsuspicious.has(nameOf(e))).map(nameOf), endpoints };
}

function resultOf(session: Session, fix: Fix): [RelPath, string][] {
  const files = new Set(fix.edits.map((e) => e.file));
  return [
    ...fix.create.map((c): [RelPath, string] => [c.file, c.text]),
    ...[...files].map((file): [RelPath, string] => [file, applyEdits(session.text(file) ?? '', fix.edits.filter((e) => e.file === file))]),
  ];
}

const imports = (text: string): boolean => /^import\s/m.test(text);
const requires = (text: string): boolean => /^(const|let|var)\b.*=\s*require\(/m.test(text);

function mixes(before: string, after: string): boolean {
  return imports(after) && requires(after) && !(imports(before) && requires(before));
}

/** What no fix was taken for although one was expected. */
export const byHand = (fixing: Fixing, expected: readonly string[]): string[] => fixing.left.filter((l) => l.endpoints.length === 0 || l.endpoints.some((e) => !expected.includes(e))).map((l) => `${l.rule} ${l.endpoints.join(', ')}: ${l.why}`);

/** The fix says that it lets nobody in until someone has finished it. */
export const deniesEverybody = ({ fix }: Fixed): boolean => /den(y|ies) everybody/i.test(fix.manual.join(' '));

/** Alarms about endpoints that are open on purpose: public by what they do, or with a check that turns nobody away. */
export function needless(root: string): string[] {
  const session = open(root, ALL_RULES);
  const meant = new Set(session.model.endpoints().filter((e) => e.publicBy !== null || e.auth === 'optional').map(nameOf));
  return session.audit().findings.filter(isAlarm).flatMap((f) => endpointsOf(session, f).filter((e) => meant.has(e)).map((e) => `${f.ruleId} ${e}`));
}
