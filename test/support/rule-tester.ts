/**
 * Tests of one rule on mocha: what must stay silent, what must be found, what each fix makes of it.
 * Beyond what a case states it checks what holds for every rule: bad and good examples, messages without holes, only
 * declared fixes, an offered fix that works (parses, finding gone, nothing new, nothing left to fix), no throw on half-typed files,
 * every message and fix exercised.
 */
import assert from 'node:assert/strict';
import type { Fix } from '../../src/engine/core/fix';
import { applyEdits } from '../../src/engine/core/fix';
import type { GitFacts } from '../../src/engine/core/model';
import type { AnyRule } from '../../src/engine/core/rule';
import { LineIndex } from '../../src/engine/core/text';
import type { Confidence, Finding, ProjectOptions, RelPath, Severity } from '../../src/engine/core/types';
import { countSyntaxErrors, scriptKindOf } from '../../src/engine/extract/script/parse';
import type { Session } from '../../src/engine/session/api';
import { type Files, sessionOf } from './project';

export interface ExpectedFinding {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly messageId?: string;
  readonly confidence?: Confidence;
  readonly severity?: Severity;
  readonly message?: RegExp;
  /** What it says it costs the business. */
  readonly businessImpact?: RegExp;
  readonly rootCause?: string;
  /** Ids of the fixes offered, in order. */
  readonly fixes?: readonly string[];
}

interface CaseBase {
  readonly name: string;
  readonly files: Files;
  readonly git?: GitFacts;
  readonly options?: Partial<ProjectOptions>;
}

export type ValidCase = CaseBase;

export interface InvalidCase extends CaseBase {
  readonly findings: readonly ExpectedFinding[];
  /** What a fix of the first finding that offers it makes of the files; RegExps must all match. */
  readonly fixed?: Readonly<Record<string, Readonly<Record<string, string | readonly RegExp[]>>>>;
}

export interface RuleCases {
  readonly valid: readonly ValidCase[];
  readonly invalid: readonly InvalidCase[];
}

const CUTS = 10;

/** `rule` is any rule; the loose type spares each test a cast. */
export function ruleTester(rule: { readonly meta: { readonly id: string } }, cases: RuleCases): void {
  const tested = rule as unknown as AnyRule;
  const { meta } = tested;
  rejectDuplicates(cases);
  describe(meta.id, () => {
    it('has complete metadata', () => checkMeta(tested));
    describe('finds nothing in', () => {
      for (const c of [{ name: 'the good example', files: meta.good }, ...cases.valid]) it(c.name, () => checkValid(tested, c));
    });
    describe('finds', () => {
      it('the bad example', async () => {
        const c = { name: 'bad', files: meta.bad };
        const session = await open(tested, c);
        const found = audit(session);
        assert.ok(found.length > 0, 'meta.bad yields no finding');
        await checkFindings(tested, c, session, found);
      });
      for (const c of cases.invalid) it(c.name, () => checkInvalid(tested, c));
    });
    it('survives half-typed files', async function () {
      this.timeout(60_000);
      for (const c of [{ name: 'bad', files: meta.bad }, { name: 'good', files: meta.good }, ...cases.valid, ...cases.invalid]) await checkCuts(tested, c);
    });
    it('exercises every message and fix', async () => {
      const messages = new Set<string>();
      const fixes = new Set<string>();
      for (const c of [{ name: 'bad', files: meta.bad }, ...cases.invalid]) {
        for (const f of audit(await open(tested, c))) {
          messages.add(messageIdOf(tested, f) ?? '');
          for (const id of f.fixes) fixes.add(id);
        }
      }
      assert.deepEqual(Object.keys(meta.messages).filter((m) => !messages.has(m)), [], 'messages no case produces');
      assert.deepEqual(Object.keys(tested.fixes ?? {}).filter((id) => !fixes.has(id)), [], 'fixes no case offers');
    });
  });
}

function rejectDuplicates(cases: RuleCases): void {
  const seen = new Map<string, string>();
  const names = new Set<string>();
  for (const c of [...cases.valid, ...cases.invalid]) {
    const key = JSON.stringify([Object.entries(c.files).sort(([a], [b]) => (a < b ? -1 : 1)), c.options ?? null, c.git ? c.name : null]);
    const twin = seen.get(key);
    if (twin !== undefined) throw new Error(`the cases "${twin}" and "${c.name}" are the same`);
    if (names.has(c.name)) throw new Error(`two cases are called "${c.name}"`);
    seen.set(key, c.name);
    names.add(c.name);
  }
}

function checkMeta(rule: AnyRule): void {
  const { meta } = rule;
  for (const [key, text] of Object.entries({ title: meta.title, businessImpact: meta.businessImpact, why: meta.why })) assert.ok(text.trim().length > 10 && !/TODO/.test(text), `meta.${key} is not written`);
  assert.ok(Object.keys(meta.messages).length > 0, 'no messages');
  for (const [id, text] of Object.entries(meta.messages)) assert.ok(!/TODO/.test(text) && text.split('\n')[0]!.length <= 160, `message ${id} is not written or its first line is long`);
  assert.ok(Object.keys(meta.bad).length > 0 && Object.keys(meta.good).length > 0, 'bad and good examples are required');
}

async function expanded(files: Files): Promise<Files> {
  if (!Object.values(files).some((t) => t.includes('{{secret:'))) return files;
  const { expandSecrets } = await import('../extract/secrets/tokens');
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, expandSecrets(text)]));
}

async function open(rule: AnyRule, c: CaseBase, files?: Files): Promise<Session> {
  return sessionOf(files ?? (await expanded(c.files)), { rules: [rule], ...(c.git ? { git: c.git } : {}), ...(c.options ? { options: c.options } : {}) });
}

function audit(session: Session): readonly Finding[] {
  const result = session.audit();
  assert.deepEqual(result.errors, [], 'the engine reported errors');
  return [...result.findings].sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start));
}

function lineOf(session: Session, f: Finding): number {
  return new LineIndex(session.text(f.at.file) ?? '').position(f.at.span.start).line + 1;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function messageIdOf(rule: AnyRule, f: Finding): string | null {
  for (const [id, text] of Object.entries(rule.meta.messages)) {
    const re = new RegExp(`^${text.split(/\{\{\w+\}\}/).map(escape).join('[\\s\\S]*')}$`);
    if (re.test(f.message)) return id;
  }
  return null;
}

function show(session: Session, found: readonly Finding[]): string {
  return found.map((f) => `  ${f.at.file}:${lineOf(session, f)} ${f.confidence} ${f.message.split('\n')[0] ?? ''}`).join('\n') || '  (nothing)';
}

async function checkValid(rule: AnyRule, c: CaseBase): Promise<void> {
  const session = await open(rule, c);
  const found = audit(session);
  assert.equal(found.length, 0, `must stay silent, found:\n${show(session, found)}`);
}

async function checkInvalid(rule: AnyRule, c: InvalidCase): Promise<void> {
  const session = await open(rule, c);
  const found = audit(session);
  assert.deepEqual(
    found.map((f) => `${f.at.file}:${lineOf(session, f)}`).sort(),
    c.findings.map((f) => `${f.file}:${f.line}`).sort(),
    `found:\n${show(session, found)}`,
  );
  const rest = [...found];
  for (const e of c.findings) {
    const i = rest.findIndex((f) => f.at.file === e.file && lineOf(session, f) === e.line && (e.messageId === undefined || messageIdOf(rule, f) === e.messageId));
    const f = rest[i];
    assert.ok(f, `no finding ${e.messageId ?? ''} at ${e.file}:${e.line}; found:\n${show(session, rest)}`);
    rest.splice(i, 1);
    if (e.confidence !== undefined) assert.equal(f.confidence, e.confidence, `confidence at ${e.file}:${e.line}`);
    if (e.businessImpact !== undefined) assert.match(f.businessImpact, e.businessImpact);
    if (e.severity !== undefined) assert.equal(f.severity, e.severity, `severity at ${e.file}:${e.line}`);
    if (e.message !== undefined) assert.match(f.message, e.message);
    if (e.rootCause !== undefined) assert.equal(f.rootCause, e.rootCause);
    if (e.fixes !== undefined) assert.deepEqual(f.fixes, e.fixes, `fixes at ${e.file}:${e.line}`);
  }
  const results = await checkFindings(rule, c, session, found);
  for (const [id, expected] of Object.entries(c.fixed ?? {})) {
    const made = results.get(id);
    assert.ok(made, `no finding offers the fix ${id}`);
    for (const [path, want] of Object.entries(expected)) {
      const got: string | undefined = made[path];
      assert.ok(got !== undefined, `the fix ${id} leaves no ${path}; it has ${Object.keys(made).join(', ')}`);
      if (typeof want === 'string') assert.equal(got, want, `${path} after ${id}`);
      else for (const re of want) assert.match(got, re, `${path} after ${id}:\n${got}`);
    }
  }
}

/** Checks that hold for every finding and every fix it offers. Returns the files after each fix of its first finding. */
async function checkFindings(rule: AnyRule, c: CaseBase, session: Session, found: readonly Finding[]): Promise<Map<string, Files>> {
  const results = new Map<string, Files>();
  const files = await expanded(c.files);
  for (const f of found) {
    assert.ok(!/\{\{\w+\}\}/.test(f.message), `a placeholder is left in: ${f.message}`);
    assert.ok(messageIdOf(rule, f) !== null, `the message fits no declared one: ${f.message}`);
    for (const id of f.fixes) {
      const fixer = rule.fixes?.[id];
      assert.ok(fixer, `the fix ${id} is not declared`);
      assert.ok(fixer.title(f, session.model).trim().length > 0, `the fix ${id} has no title`);
      const result = session.fix(f, id);
      assert.ok(result.ok, `${f.at.file}:${lineOf(session, f)}: the offered fix ${id} declines: ${result.ok ? '' : `${result.reason}: ${result.message}`}\n${result.ok ? '' : dryRun(rule, session, f, id)}`);
      if (fixer.class === 'manual') {
        assert.ok(result.fix.manual.length > 0, `the manual fix ${id} tells no steps`);
        continue;
      }
      const after = applied(files, result.fix);
      if (!results.has(id)) results.set(id, after);
      for (const [path, text] of Object.entries(after)) {
        if (scriptKindOf(path as RelPath) === null) continue;
        assert.ok(countSyntaxErrors(path as RelPath, text) <= countSyntaxErrors(path as RelPath, files[path] ?? ''), `${path} does not parse after ${id}:\n${text}`);
      }
      const next = await open(rule, c, after);
      const left = audit(next);
      const key = (x: Finding) => `${x.at.file} ${x.message}`;
      const before = new Map<string, number>();
      for (const x of found) before.set(key(x), (before.get(key(x)) ?? 0) + 1);
      for (const x of left) {
        const n = before.get(key(x)) ?? 0;
        assert.ok(n > 0, `the fix ${id} brings a new finding:\n${show(next, [x])}`);
        before.set(key(x), n - 1);
      }
      assert.ok((before.get(key(f)) ?? 0) > 0, `the finding is still there after ${id}`);
      const again = next.fix(f, id);
      assert.ok(!again.ok || left.some((x) => x.fingerprint === f.fingerprint), `${id} can be applied twice`);
    }
  }
  return results;
}

function dryRun(rule: AnyRule, session: Session, f: Finding, id: string): string {
  const fix = rule.fixes?.[id]?.compute(f, { model: session.model, text: (file) => session.text(file) });
  if (!fix) return '(it computes nothing)';
  const parts = fix.create.map((x) => `--- new ${x.file}\n${x.text}`);
  for (const file of new Set(fix.edits.map((e) => e.file))) parts.push(`--- ${file}\n${applyEdits(session.text(file) ?? '', fix.edits.filter((e) => e.file === file))}`);
  return parts.join('\n');
}

function applied(files: Files, fix: Fix): Files {
  const out: Record<string, string> = { ...files };
  for (const file of new Set(fix.edits.map((e) => e.file))) {
    const text = out[file];
    assert.ok(text !== undefined, `the fix edits ${file}, which does not exist`);
    out[file] = applyEdits(text, fix.edits.filter((e) => e.file === file));
  }
  for (const x of fix.create) {
    assert.ok(out[x.file] === undefined, `the fix creates ${x.file}, which exists`);
    out[x.file] = x.text;
  }
  return out;
}

async function checkCuts(rule: AnyRule, c: CaseBase): Promise<void> {
  const files = Object.entries(await expanded(c.files));
  let seed = 7;
  for (const ch of c.name) seed = (seed * 31 + ch.charCodeAt(0)) >>> 0;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  for (let i = 0; i < CUTS; i++) {
    const cut = Object.fromEntries(files.map(([path, text]) => [path, text.slice(0, Math.floor(random() * (text.length + 1)))]));
    audit(await open(rule, c, cut));
  }
}
