/**
 * The incremental heart: holds the files' facts and the linked project, runs the rules, verifies fixes.
 *
 * A file with syntax errors has two faces. Its secrets are those of the text as it is; all that is linked, and so every
 * endpoint, goes on seeing its last error-free code, at the place to which it has moved since: what a parser recovers from
 * half a statement is not what was meant. Nothing that `check` or `audit` says depends on the order or the
 * size of the steps in which the files came (test/property/incremental.test.ts).
 */
import type { FileFacts, ScriptFacts } from '../core/facts';
import { type Fix, type FixResult, type Fixer, type TextEdit, applyEdits } from '../core/fix';
import type { Endpoint, GitFacts } from '../core/model';
import type { AnyRule, CheckContext, EntityKind, EntityMap, Report } from '../core/rule';
import { replacedRange, shifted } from '../core/replaced';
import { fillMessage, fingerprintOf } from '../core/text';
import { DEFAULT_OPTIONS, type EngineError, type Finding, type FixId, type Location, type ProjectOptions, type RelPath, SEVERITIES, type Severity } from '../core/types';
import { extractFile } from '../extract/extract';
import { OutlinedScript } from '../extract/script/outlined';
import { countSyntaxErrors, scriptKindOf } from '../extract/script/parse';
import type { ApplyResult, AuditResult, FileChange, Session, SessionStats } from './api';
import { LinkedProject, type Reach, type Refreshed, changedExports, sameFace } from './linked';
import { Memos, NotedModel, Readings, type Reads, type Touch, newReads } from './reads';
import { applySuppressions } from './suppressions';
import { Trees } from './trees';
import { FileView } from './view';

export interface SessionInit {
  readonly rules: readonly AnyRule[];
  readonly options?: ProjectOptions;
  readonly git?: GitFacts;
}

const NOTHING_MOVED: ReadonlySet<object> = new Set();
const NO_GIT: GitFacts = { tracked: null, isIgnored: () => false };

export function createSession(init: SessionInit): Session {
  return new EngineSession(init.rules, init.options ?? DEFAULT_OPTIONS, init.git ?? NO_GIT);
}

/** What rules have said about the entities of one file, or one rule about the project. */
interface Raw {
  readonly findings: readonly Finding[];
  readonly errors: readonly EngineError[];
  readonly reads: Reads;
}

/** Facts and text of the last time a file was free of errors. */
interface Good {
  readonly facts: FileFacts;
  readonly text: string;
}

/** A file as others saw it before a change. */
interface Before {
  readonly facts: FileFacts | undefined;
  readonly text: string | undefined;
}

class EngineSession implements Session {
  /** Each file as it is. */
  private readonly facts = new Map<RelPath, FileFacts>();
  private readonly texts = new Map<RelPath, string>();
  /** Of files that are broken now. */
  private readonly good = new Map<RelPath, Good>();
  /** Each file as others see it. */
  private view = new FileView();
  private project: LinkedProject | null = null;
  private readonly raw = new Readings<RelPath, Raw>();
  private readonly projectRaw = new Readings<string, Raw>();
  private readonly found = new Map<RelPath, readonly Finding[]>();
  private readonly hidden = new Map<RelPath, readonly { finding: Finding; reason: string }[]>();
  private pointing: ReadonlyMap<RelPath, readonly Finding[]> | null = null;
  private readonly extractErrors = new Map<RelPath, EngineError>();
  private readonly fixErrors: EngineError[] = [];
  private readonly timing: Record<string, number> = {};
  private readonly trees = new Trees();
  /** What was made of each report, with what it was made from. */
  private told = new WeakMap<Report<string>, { readonly rule: AnyRule; readonly text: string; readonly start: number; readonly end: number; readonly finding: Finding }>();
  /** Of `project`. */
  private memos = new Memos();

  constructor(
    readonly rules: readonly AnyRule[],
    private options: ProjectOptions,
    private git: GitFacts,
  ) {}

  get model(): LinkedProject {
    this.project ??= new LinkedProject(this.view, this.options, this.git);
    return this.project;
  }

  private time(key: string, start: number): void {
    this.timing[key] = (this.timing[key] ?? 0) + performance.now() - start;
  }

  // ---------------------------------------------------------------------------------------------- changes

  apply(changes: readonly FileChange[]): ApplyResult {
    const seen = new Map<RelPath, Before>();
    for (const c of changes) {
      const before = { facts: this.view.get(c.path), text: this.good.get(c.path)?.text ?? this.texts.get(c.path) };
      const changed = c.text === null ? this.remove(c.path) : this.upsert(c.path, c.text, c.facts);
      if (changed && !seen.has(c.path)) seen.set(c.path, before);
    }
    const affected = new Set<RelPath>(changes.map((c) => c.path));
    if (seen.size === 0) return { affected };
    this.found.clear();
    this.hidden.clear();
    this.pointing = null;
    if (!this.project) {
      for (const p of this.facts.keys()) affected.add(p);
      return { affected };
    }
    const start = performance.now();
    this.relink(this.project, seen, affected);
    this.time('link', start);
    return { affected };
  }

  private remove(path: RelPath): boolean {
    this.trees.forget(path);
    this.extractErrors.delete(path);
    this.good.delete(path);
    this.texts.delete(path);
    this.view.remove(path);
    return this.facts.delete(path);
  }

  private upsert(path: RelPath, text: string, given: FileFacts | undefined): boolean {
    const old = this.facts.get(path);
    const oldText = this.texts.get(path);
    if (old && oldText === text) return false;
    const start = performance.now();
    const known = this.good.get(path);
    // What was broken is as it was before.
    const facts = given ?? (known?.text === text ? known.facts : this.extract(path, text, old ? (this.view.get(path)?.script ?? null) : undefined));
    if (given) {
      this.trees.forget(path);
      this.extractErrors.delete(path);
    }
    this.time('extract', start);
    this.facts.set(path, facts);
    this.texts.set(path, text);
    // Whether a file that comes has errors is asked when its code is.
    if (!old || !isBroken(facts)) this.good.delete(path);
    else if (!isBroken(old)) this.good.set(path, { facts: old, text: oldText! });
    const good = this.good.get(path)?.facts;
    this.view.put(path, good ? { ...facts, parse: facts.parse, skippedBecause: facts.skippedBecause, script: good.script, config: good.config } : facts);
    return true;
  }

  /** `seen`: the script of the file as others saw it; undefined when the file is new. */
  private extract(path: RelPath, text: string, seen: ScriptFacts | null | undefined): FileFacts {
    this.extractErrors.delete(path);
    try {
      // What was asked for its code will be asked again: then the tree at hand is read at once.
      return extractFile(path, text, this.options.secretSalt, seen === undefined ? {} : { tree: this.trees.update(path, text), memory: this.trees.memoryOf(path), read: seen instanceof OutlinedScript && seen.isRead });
    } catch (error) {
      this.trees.forget(path);
      this.extractErrors.set(path, { phase: 'extract', file: path, ruleId: null, message: messageOf(error) });
      return { path, hash: '' as FileFacts['hash'], language: 'text', parse: 'skipped', skippedBecause: 'the analysis of this file failed', bytes: text.length, secrets: [], suppressions: [], script: null, config: null, envNames: [] };
    }
  }

  /** Keeps what the changes cannot have touched: the linking, judged endpoints, what rules have said. */
  private relink(old: LinkedProject, seen: ReadonlyMap<RelPath, Before>, affected: Set<RelPath>): void {
    let reach: Reach = 'none';
    let secrets = false;
    let faces = false;
    let comeOrGone = false;
    const exports: string[] = [];
    const code = new Set<RelPath>();
    for (const [path, { facts: before }] of seen) {
      const after = this.view.get(path);
      const one = old.reachOf(before, after);
      if (one === 'code' || one === 'imports') code.add(path);
      if (RANK[one] > RANK[reach]) reach = one;
      faces ||= !sameFace(before, after);
      comeOrGone ||= before === undefined || after === undefined;
      exports.push(...changedExports(before, after));
      secrets ||= JSON.stringify(before?.secrets ?? []) !== JSON.stringify(after?.secrets ?? []);
    }
    if (reach === 'all') {
      this.reset();
      for (const p of this.facts.keys()) affected.add(p);
      return;
    }
    // Files whose endpoints are other objects now, and whether they say anything else than where things stand.
    const endpoints = new Set<RelPath>();
    let differ = false;
    const asked = this.raw.size > 0;
    const refreshed = reach === 'code' && seen.size === 1 ? this.refresh(old, seen) : null;
    if (reach === 'none') old.replaced();
    else if (refreshed) {
      for (const [file, { before, after }] of refreshed.endpoints) {
        endpoints.add(file);
        differ ||= withoutPlaces(before) !== withoutPlaces(after);
      }
    } else {
      const before = old.complete ? endpointsByFile(old) : null;
      const next = new LinkedProject(this.view, this.options, this.git, { project: old, changed: code, sameGraph: reach === 'code' });
      this.project = next;
      if (before) {
        const after = endpointsByFile(next);
        for (const file of new Set([...before.keys(), ...after.keys()])) {
          const a = before.get(file) ?? [];
          const b = after.get(file) ?? [];
          if (a.length === b.length && a.every((e, i) => e === b[i])) continue;
          endpoints.add(file);
          differ ||= withoutPlaces(a) !== withoutPlaces(b);
        }
      } else {
        for (const file of next.endpointFiles()) endpoints.add(file);
        differ = true;
      }
    }
    const change: Touch = { files: [...seen.keys()], exports, graph: reach === 'imports', faces, paths: comeOrGone, secrets };
    const moved = endpoints.size > 0;
    const elsewhere = reach === 'none' ? NOTHING_MOVED : (refreshed?.elsewhere ?? null);
    const model = this.model;
    const others = this.memos.update(change, differ, moved ? new Set(model.endpoints()) : null, elsewhere, model, (q) => this.raw.isAsked(q) || this.projectRaw.isAsked(q));
    // What is found in one file never says where endpoints of others stand: only what they are matters.
    const again = this.raw.touched(change, () => differ);
    for (const path of [...seen.keys(), ...endpoints]) if (this.raw.get(path)) again.add(path);
    for (const question of others) for (const asker of this.raw.askersOf(question)) again.add(asker);
    // Files that have their first endpoint now.
    if (asked) for (const path of endpoints) if (this.facts.has(path)) again.add(path);
    for (const path of again) {
      const r = this.raw.get(path);
      if (r) affected.add(path);
      for (const f of r?.findings ?? []) affected.add(f.at.file);
      this.raw.delete(path);
    }
    for (const path of again) if (endpoints.has(path)) for (const f of this.rawOf(path).findings) affected.add(f.at.file);
    const told = this.projectRaw.touched(change, () => moved);
    for (const question of others) for (const asker of this.projectRaw.askersOf(question)) told.add(asker);
    for (const rule of this.rules) {
      const r = told.has(rule.meta.id) ? this.projectRaw.get(rule.meta.id) : undefined;
      if (!r) continue;
      for (const f of r.findings) affected.add(f.at.file);
      this.projectRaw.delete(rule.meta.id);
      for (const f of this.rawOfProject(rule).findings) affected.add(f.at.file);
    }
  }

  /** Takes one file's change into the linked project as it stands, where that can be done. */
  private refresh(project: LinkedProject, seen: ReadonlyMap<RelPath, Before>): Refreshed | null {
    for (const [path, { facts, text }] of seen) {
      const after = this.view.get(path)?.script;
      const textAfter = this.good.get(path)?.text ?? this.texts.get(path);
      if (facts?.script && after && text !== undefined && textAfter !== undefined) return project.refresh({ path, before: facts.script, after, textBefore: text, textAfter });
    }
    return null;
  }

  text(path: RelPath): string | undefined {
    return this.texts.get(path);
  }

  setOptions(options: ProjectOptions): void {
    const resalt = options.secretSalt !== this.options.secretSalt;
    this.options = options;
    this.told = new WeakMap();
    this.reset();
    if (!resalt) return;
    const good = new Map(this.good);
    const live = [...this.texts];
    for (const [path] of live) this.remove(path);
    for (const [path, text] of live) {
      const last = good.get(path);
      if (last) this.upsert(path, last.text, undefined);
      this.upsert(path, text, undefined);
    }
  }

  setGit(git: GitFacts): void {
    this.git = git;
    this.reset();
  }

  private reset(): void {
    this.project = null;
    this.memos = new Memos();
    this.raw.clear();
    this.projectRaw.clear();
    this.found.clear();
    this.hidden.clear();
    this.pointing = null;
  }

  errors(): readonly EngineError[] {
    const out = [...this.extractErrors.values(), ...(this.project?.errors ?? [])];
    for (const r of this.projectRaw.values()) out.push(...r.errors);
    for (const r of this.raw.values()) out.push(...r.errors);
    return [...out, ...this.fixErrors];
  }

  // ---------------------------------------------------------------------------------------------- checking

  check(path: RelPath): readonly Finding[] {
    const known = this.found.get(path);
    if (known) return known;
    if (!this.facts.has(path)) return [];
    const linking = performance.now();
    const model = this.model;
    model.endpoints();
    this.time('link', linking);
    const start = performance.now();
    // An endpoint's finding may stand elsewhere, at the guard that fails: whatever points here stands here.
    const all: Finding[] = [];
    for (const f of this.foreign(model).get(path) ?? []) all.push(this.placed(f));
    for (const f of this.rawOf(path).findings) if (f.at.file === path) all.push(this.placed(f));
    const { kept, hidden } = applySuppressions(path, this.facts.get(path), dedupe(all), this.options);
    const sorted = kept.sort(byPlace);
    this.found.set(path, sorted);
    this.hidden.set(path, hidden);
    this.time('check', start);
    return sorted;
  }

  /** Findings that stand in another file than the one they were found in, by the file they stand in. */
  private foreign(model: LinkedProject): ReadonlyMap<RelPath, readonly Finding[]> {
    if (!this.pointing) {
      const out = new Map<RelPath, Finding[]>();
      const add = (f: Finding) => {
        const list = out.get(f.at.file);
        if (list) list.push(f);
        else out.set(f.at.file, [f]);
      };
      for (const file of model.endpointFiles()) for (const f of this.rawOf(file).findings) if (f.at.file !== file) add(f);
      for (const rule of this.rules) if (rule.on === 'project') this.rawOfProject(rule).findings.forEach(add);
      this.pointing = out;
    }
    return this.pointing;
  }

  /** What was seen in the last error-free text of a file, at its place in the live one. */
  private placed(f: Finding): Finding {
    if (this.good.size === 0 || isOfLiveText(f.ruleId, f.endpoint)) return f;
    const live = (at: Location): Location => {
      const good = this.good.get(at.file);
      const text = this.texts.get(at.file);
      const span = good && text !== undefined ? shifted(at.span, replacedRange(good.text, text)) : at.span;
      // A place that another module remembers of the error-free text may lie beyond a shorter live one.
      const end = text?.length ?? 0;
      return span.end <= end ? { file: at.file, span } : { file: at.file, span: { start: Math.min(span.start, end), end } };
    };
    return { ...f, at: live(f.at), evidence: f.evidence.map((e) => ({ ...e, at: live(e.at) })) };
  }

  private rawOf(path: RelPath): Raw {
    let raw = this.raw.get(path);
    if (!raw) {
      const project = this.model;
      const findings: Finding[] = [];
      const errors: EngineError[] = [];
      const reads = newReads();
      const model = new NotedModel(project, reads, this.memos);
      for (const rule of this.rules) {
        if (rule.on === 'project') continue;
        this.runRule(rule, this.entities(project, rule.on, path, reads), model, path, findings, errors);
      }
      raw = { findings, errors, reads };
      this.raw.set(path, raw);
    }
    return raw;
  }

  /** Rules over the whole project run once; their findings stand in the files they point at. */
  private rawOfProject(rule: AnyRule): Raw {
    let raw = this.projectRaw.get(rule.meta.id);
    if (!raw) {
      const findings: Finding[] = [];
      const errors: EngineError[] = [];
      const reads = newReads();
      const model = new NotedModel(this.model, reads, this.memos);
      this.runRule(rule, [model], model, null, findings, errors);
      raw = { findings, errors, reads };
      this.projectRaw.set(rule.meta.id, raw);
    }
    return raw;
  }

  private entities(project: LinkedProject, on: Exclude<EntityKind, 'project'>, path: RelPath, reads: Reads): readonly EntityMap[EntityKind][] {
    const facts = this.facts.get(path);
    if (!facts) return [];
    switch (on) {
      case 'endpoint':
        return project.endpointsOf(path);
      case 'secret':
        if (facts.secrets.length > 0) reads.secrets = reads.graph = true;
        return project.secretsOf(path);
      case 'file':
        return [facts];
      case 'env-file':
        return facts.language === 'env' ? [{ file: facts, tracked: this.git.tracked === null ? null : this.git.tracked.has(path), ignored: this.git.isIgnored(path) }] : [];
    }
  }

  /** One rule that throws is reported and silences nothing else. */
  private runRule(rule: AnyRule, entities: readonly EntityMap[EntityKind][], model: NotedModel, path: RelPath | null, findings: Finding[], errors: EngineError[]): void {
    if (entities.length === 0 || this.options.severities[rule.meta.id] === 'off') return;
    const start = performance.now();
    const ctx: CheckContext<string> = { model, report: (r) => findings.push(this.finding(rule, r)) };
    for (const entity of entities) {
      try {
        (rule.check as (e: unknown, c: CheckContext<string>) => void)(entity, ctx);
      } catch (error) {
        const message = messageOf(error);
        if (!errors.some((e) => e.ruleId === rule.meta.id && e.message === message)) errors.push({ phase: 'check', file: path, ruleId: rule.meta.id, message });
      }
    }
    this.time(rule.meta.id, start);
  }

  private finding(rule: AnyRule, r: Report<string>): Finding {
    const meta = rule.meta;
    const override = this.options.severities[meta.id];
    const good = isOfLiveText(meta.id, r.endpoint) ? undefined : this.good.get(r.at.file)?.text;
    const text = good ?? this.texts.get(r.at.file) ?? '';
    // A rule that has kept its report since the last edit says the same of the same text.
    const known = this.told.get(r);
    if (known?.rule === rule && known.text === text && known.start === r.at.span.start && known.end === r.at.span.end) return known.finding;
    const span = { start: Math.max(0, Math.min(r.at.span.start, text.length)), end: Math.max(0, Math.min(r.at.span.end, text.length)) };
    const isSecret = rule.on === 'secret';
    const code = isSecret ? String(r.data?.['secret'] ?? r.rootCause ?? '') : text.slice(span.start, Math.min(span.end, span.start + 300));
    const finding: Finding = {
      ruleId: meta.id, category: meta.category, severity: override && override !== 'off' ? override : (r.severity ?? meta.severity), confidence: r.confidence ?? 'high',
      at: { file: r.at.file, span }, message: fillMessage(meta.messages[r.messageId] ?? meta.title, r.data ?? {}), businessImpact: r.businessImpact ?? meta.businessImpact,
      evidence: r.evidence ?? [], endpoint: r.endpoint ? `${r.endpoint.method} ${r.endpoint.path}` : null, rootCause: r.rootCause ?? `${meta.id}:${r.at.file}:${span.start}`,
      fixes: r.fixes ?? [], data: r.data ?? {}, fingerprint: fingerprintOf(meta.id, r.at.file, code, 0),
    };
    this.told.set(r, { rule, text, start: r.at.span.start, end: r.at.span.end, finding });
    return finding;
  }

  audit(signal?: AbortSignal): AuditResult {
    const findings: Finding[] = [];
    const suppressed: { finding: Finding; reason: string }[] = [];
    for (const path of this.view.keys()) {
      signal?.throwIfAborted();
      findings.push(...this.check(path));
      suppressed.push(...(this.hidden.get(path) ?? []));
    }
    return { findings: findings.sort(bySeverity), suppressed, endpoints: this.model.endpoints(), errors: this.errors(), stats: this.stats() };
  }

  private stats(): SessionStats {
    let bytes = 0;
    let parseErrors = 0;
    const skipped: { file: RelPath; reason: string }[] = [];
    for (const path of this.view.keys()) {
      const f = this.facts.get(path)!;
      bytes += f.bytes;
      // Of an outlined file nothing is said that an error could make wrong, as long as nobody has read it.
      if (f.script instanceof OutlinedScript && !f.script.isRead) continue;
      if (f.parse === 'recovered' && !f.script?.outlined) parseErrors++;
      if (f.parse === 'skipped' && f.skippedBecause !== 'declarations only') skipped.push({ file: f.path, reason: f.skippedBecause ?? 'unknown' });
    }
    return { files: this.facts.size, bytes, parseErrors, skipped, timing: { ...this.timing } };
  }

  // ---------------------------------------------------------------------------------------------- fixes

  private ruleOf(finding: Finding): AnyRule | undefined {
    return this.rules.find((r) => r.meta.id === finding.ruleId);
  }

  fixesOf(finding: Finding): readonly { id: FixId; title: string; class: Fix['class'] }[] {
    const rule = this.ruleOf(finding);
    return finding.fixes.flatMap((id) => {
      const fixer = rule?.fixes?.[id];
      // Edits are worked out on error-free code; in a half-typed file they would land beside it.
      return fixer && !this.good.has(finding.at.file) ? [{ id, title: fixer.title(finding, new NotedModel(this.model, newReads(), this.memos)), class: fixer.class }] : [];
    });
  }

  fix(finding: Finding, id: FixId): FixResult {
    const current = this.check(finding.at.file).find((f) => f.fingerprint === finding.fingerprint && f.ruleId === finding.ruleId) ?? null;
    if (!current) return { ok: false, reason: 'stale', message: 'The code has changed since this finding was made; look again.' };
    if (this.good.has(current.at.file)) return { ok: false, reason: 'stale', message: `${current.at.file} has syntax errors at the moment; finish it first.` };
    const fixer = this.ruleOf(current)?.fixes?.[id];
    if (!fixer || !current.fixes.includes(id)) return { ok: false, reason: 'not-fixable', message: 'This finding has no such fix.' };
    const fix = this.computed(fixer, current);
    if (fix === null) return { ok: false, reason: 'not-fixable', message: 'This fix does not apply to the code as it stands.' };
    if (typeof fix === 'string') return { ok: false, reason: 'not-fixable', message: `The fix failed: ${fix}` };
    return fix.class === 'manual' ? { ok: true, fix } : this.verify(fix, [current]);
  }

  /** A fixer that throws is reported; the answer is its message. */
  private computed(fixer: Fixer, finding: Finding): Fix | string | null {
    try {
      return fixer.compute(finding, { model: new NotedModel(this.model, newReads(), this.memos), text: (file) => this.texts.get(file) });
    } catch (error) {
      const message = messageOf(error);
      this.fixErrors.push({ phase: 'fix', file: finding.at.file, ruleId: finding.ruleId, message });
      return message;
    }
  }

  fixAll(ruleId: string, file: RelPath | null, anyClass = false): FixResult {
    const findings = (file === null ? this.audit().findings : this.check(file)).filter((f) => f.ruleId === ruleId && !this.good.has(f.at.file));
    const edits: TextEdit[] = [];
    const create = new Map<RelPath, { file: RelPath; text: string; sensitive?: boolean }>();
    const manual = new Set<string>();
    const fixed: Finding[] = [];
    for (const f of findings) {
      const rule = this.ruleOf(f);
      const id = f.fixes.find((x) => rule?.fixes?.[x] && (anyClass ? rule.fixes[x]!.class !== 'manual' : rule.fixes[x]!.class === 'safe'));
      const fix = id ? this.computed(rule!.fixes![id]!, f) : null;
      if (fix === null || typeof fix === 'string') continue;
      const fresh = fix.edits.filter((e) => !edits.some((x) => x.file === e.file && x.span.start === e.span.start && x.span.end === e.span.end && x.newText === e.newText));
      // Overlapping edits wait for the next round, as ESLint does.
      if (fresh.some((e) => edits.some((x) => x.file === e.file && x.span.start < e.span.end && e.span.start < x.span.end))) continue;
      edits.push(...fresh);
      for (const c of fix.create) if (!create.has(c.file)) create.set(c.file, c);
      for (const m of fix.manual) manual.add(m);
      fixed.push(f);
    }
    if (fixed.length === 0) return { ok: false, reason: 'not-fixable', message: 'Nothing here can be fixed all at once.' };
    const title = `Fix ${fixed.length} ${fixed.length === 1 ? 'place' : 'places'}`;
    return this.verify({ title, class: anyClass ? 'guard' : 'safe', edits, create: [...create.values()], manual: [...manual] }, fixed);
  }

  /** A session of its own that starts from all that is known here; what happens in it does not happen here. */
  private fork(): EngineSession {
    const fork = new EngineSession(this.rules, this.options, this.git);
    for (const [path, facts] of this.facts) fork.facts.set(path, facts);
    for (const [path, text] of this.texts) fork.texts.set(path, text);
    for (const [path, good] of this.good) fork.good.set(path, good);
    for (const [path, raw] of this.raw.entries()) fork.raw.set(path, raw);
    for (const [rule, raw] of this.projectRaw.entries()) fork.projectRaw.set(rule, raw);
    fork.view = this.view.copy();
    fork.project = this.project?.fork(fork.view) ?? null;
    fork.memos = this.memos.copy();
    return fork;
  }

  /** What the open door hid: of the same endpoints, and weighing less than what the fix removes. */
  private isLess(found: readonly Finding[], fixed: readonly Finding[]): boolean {
    return found.every((f) => f.confidence === 'low' || fixed.some((x) => x.endpoint !== null && x.endpoint === f.endpoint && rank(f.severity) > rank(x.severity)));
  }

  /** Applies the fix to a copy: every touched file still parses, the findings are gone, no new one came. */
  private verify(fix: Fix, fixed: readonly Finding[]): FixResult {
    const next = new Map<RelPath, string>();
    const byFile = new Map<RelPath, TextEdit[]>();
    for (const e of fix.edits) (byFile.get(e.file) ?? byFile.set(e.file, []).get(e.file)!).push(e);
    for (const [file, edits] of byFile) {
      const text = this.texts.get(file);
      if (text === undefined) return { ok: false, reason: 'stale', message: `${file} is no longer there.` };
      if (this.good.has(file)) return { ok: false, reason: 'stale', message: `${file} has syntax errors at the moment; finish it first.` };
      try {
        next.set(file, applyEdits(text, edits));
      } catch (error) {
        const message = messageOf(error);
        this.fixErrors.push({ phase: 'fix', file, ruleId: fixed[0]?.ruleId ?? null, message });
        return { ok: false, reason: 'not-fixable', message: `The fix failed: ${message}` };
      }
    }
    for (const c of fix.create) {
      if (this.texts.has(c.file)) return { ok: false, reason: 'stale', message: `${c.file} exists already.` };
      next.set(c.file, c.text);
    }
    for (const [file, text] of next) {
      if (scriptKindOf(file) === null) continue;
      const before = this.texts.get(file);
      if (countSyntaxErrors(file, text) > (before === undefined ? 0 : countSyntaxErrors(file, before))) return { ok: false, reason: 'would-not-parse', message: `The result of this fix would not parse in ${file}; nothing was changed.` };
    }
    const trial = this.fork();
    const { affected } = trial.apply([...next].map(([path, text]) => ({ path, text })));
    const count = (list: readonly Finding[], rule: string) => list.filter((f) => f.ruleId === rule && f.confidence !== 'low').length;
    for (const f of fixed) {
      const before = count(this.check(f.at.file), f.ruleId) + (f.confidence === 'low' ? 1 : 0);
      const after = trial.check(f.at.file);
      if (count(after, f.ruleId) >= before && after.some((x) => x.fingerprint === f.fingerprint)) return { ok: false, reason: 'finding-stays', message: 'The fix would not remove this finding; nothing was changed.' };
    }
    for (const file of affected) {
      const before = this.check(file);
      const after = trial.check(file);
      if (after.length === 0 || after === before) continue;
      for (const rule of new Set(after.map((f) => f.ruleId))) {
        if (count(after, rule) > count(before, rule) && !this.isLess(after.filter((f) => f.ruleId === rule && !before.some((b) => b.fingerprint === f.fingerprint)), fixed)) return { ok: false, reason: 'new-finding', message: `The fix would bring a new finding (${rule}) into ${file}; nothing was changed.` };
      }
    }
    return { ok: true, fix };
  }
}

/** Half-typed: what could be read is not what was meant. */
function isBroken(facts: FileFacts): boolean {
  return facts.parse === 'recovered' || facts.config?.kind === 'invalid';
}

const RANK: Readonly<Record<Reach, number>> = { none: 0, code: 1, imports: 2, all: 3 };

function endpointsByFile(project: LinkedProject): Map<RelPath, readonly Endpoint[]> {
  return new Map(project.endpointFiles().map((file) => [file, project.endpointsOf(file)]));
}

/** Secrets are always those of the live text, and so are the places of their copies; all else was seen in error-free code. */
function isOfLiveText(ruleId: string, endpoint: unknown): boolean {
  return (endpoint ?? null) === null && /^(secrets|env)\//.test(ruleId);
}

/** All that is known of endpoints but where it stands. */
function withoutPlaces(endpoints: readonly Endpoint[]): string {
  return JSON.stringify(endpoints, (key, value: unknown) => (key === 'span' || key === 'key' ? undefined : value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// ------------------------------------------------------------------------------------------------ order

function rank(s: Severity): number {
  return SEVERITIES.indexOf(s);
}

function byPlace(a: Finding, b: Finding): number {
  return a.at.span.start - b.at.span.start || (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0);
}

function bySeverity(a: Finding, b: Finding): number {
  return rank(a.severity) - rank(b.severity) || (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : byPlace(a, b));
}

/** One finding a place and rule; equal fingerprints within a file are numbered. */
function dedupe(list: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  const nth = new Map<string, number>();
  const out: Finding[] = [];
  for (const f of [...list].sort(byPlace)) {
    const place = `${f.ruleId}:${f.at.span.start}:${f.at.span.end}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const n = nth.get(f.fingerprint) ?? 0;
    nth.set(f.fingerprint, n + 1);
    out.push(n === 0 ? f : { ...f, fingerprint: fingerprintOf(f.ruleId, f.at.file, f.fingerprint, n) });
  }
  return out;
}
