/** The incremental heart: holds the files' facts and the linked project, runs the rules, verifies fixes. */
import type { FileFacts } from '../core/facts';
import { type Fix, type FixContext, type FixResult, type TextEdit, applyEdits } from '../core/fix';
import type { GitFacts } from '../core/model';
import type { AnyRule, CheckContext, EntityMap, Report } from '../core/rule';
import { fillMessage, fingerprintOf } from '../core/text';
import { DEFAULT_OPTIONS, type EngineError, type Finding, type FixId, type ProjectOptions, type RelPath, SEVERITIES, type Severity } from '../core/types';
import { extractFile } from '../extract/extract';
import { countSyntaxErrors, scriptKindOf } from '../extract/script/parse';
import { ALL_FRAMEWORKS } from '../frameworks/registry';
import { Project } from '../model/project';
import type { ApplyResult, AuditResult, FileChange, Session, SessionStats } from './api';
import { applySuppressions } from './suppressions';

export interface SessionInit {
  readonly rules: readonly AnyRule[];
  readonly options?: ProjectOptions;
  readonly git?: GitFacts;
}

const NO_GIT: GitFacts = { tracked: null, isIgnored: () => false };

export function createSession(init: SessionInit): Session {
  return new EngineSession(init.rules, init.options ?? DEFAULT_OPTIONS, init.git ?? NO_GIT);
}

class EngineSession implements Session {
  private readonly facts = new Map<RelPath, FileFacts>();
  private readonly texts = new Map<RelPath, string>();
  private project: Project | null = null;
  private readonly found = new Map<RelPath, readonly Finding[]>();
  private readonly hidden = new Map<RelPath, readonly { finding: Finding; reason: string }[]>();
  private engineErrors: EngineError[] = [];
  private readonly timing: Record<string, number> = {};

  constructor(
    readonly rules: readonly AnyRule[],
    private options: ProjectOptions,
    private git: GitFacts,
  ) {}

  get model(): Project {
    if (!this.project) {
      const start = performance.now();
      this.project = new Project(this.facts, ALL_FRAMEWORKS, this.options, this.git);
      this.project.endpoints();
      this.engineErrors = this.engineErrors.filter((e) => e.phase !== 'link').concat(this.project.errors);
      this.time('link', start);
    }
    return this.project;
  }

  private time(key: string, start: number): void {
    this.timing[key] = (this.timing[key] ?? 0) + performance.now() - start;
  }

  apply(changes: readonly FileChange[]): ApplyResult {
    let relink = false;
    const affected = new Set<RelPath>();
    for (const c of changes) {
      const old = this.facts.get(c.path);
      affected.add(c.path);
      if (c.text === null) {
        if (!old) continue;
        this.facts.delete(c.path);
        this.texts.delete(c.path);
        relink = true;
        continue;
      }
      if (old && this.texts.get(c.path) === c.text) continue;
      const start = performance.now();
      const facts = c.facts ?? this.extract(c.path, c.text);
      this.time('extract', start);
      this.facts.set(c.path, facts);
      this.texts.set(c.path, c.text);
      if (!old || old.hash !== facts.hash) relink = true;
    }
    if (relink) {
      this.project = null;
      this.found.clear();
      this.hidden.clear();
      for (const p of this.facts.keys()) affected.add(p);
    }
    return { affected };
  }

  private extract(path: RelPath, text: string): FileFacts {
    this.engineErrors = this.engineErrors.filter((e) => !(e.phase === 'extract' && e.file === path));
    try {
      return extractFile(path, text, this.options.secretSalt);
    } catch (error) {
      this.engineErrors.push({ phase: 'extract', file: path, ruleId: null, message: error instanceof Error ? error.message : String(error) });
      return { path, hash: '' as FileFacts['hash'], language: 'text', parse: 'skipped', skippedBecause: 'the analysis of this file failed', bytes: text.length, surface: '' as FileFacts['surface'], secrets: [], suppressions: [], script: null, config: null, envNames: [] };
    }
  }

  text(path: RelPath): string | undefined {
    return this.texts.get(path);
  }

  setOptions(options: ProjectOptions): void {
    const resalt = options.secretSalt !== this.options.secretSalt;
    this.options = options;
    this.reset();
    if (resalt) for (const [path, text] of this.texts) this.facts.set(path, this.extract(path, text));
  }

  setGit(git: GitFacts): void {
    this.git = git;
    this.reset();
  }

  private reset(): void {
    this.project = null;
    this.found.clear();
    this.hidden.clear();
  }

  errors(): readonly EngineError[] {
    return this.engineErrors;
  }

  // ---------------------------------------------------------------------------------------------- checking

  check(path: RelPath): readonly Finding[] {
    const known = this.found.get(path);
    if (known) return known;
    const start = performance.now();
    const model = this.model;
    this.runProject(model);
    const raw = this.runFile(model, path);
    const all = [...raw, ...(this.projectFindings.get(path) ?? [])];
    const { kept, hidden, unused } = applySuppressions(path, this.facts.get(path), dedupe(all), this.options);
    void unused;
    const sorted = kept.sort(byPlace);
    this.found.set(path, sorted);
    this.hidden.set(path, hidden);
    this.time('check', start);
    return sorted;
  }

  private projectFindings = new Map<RelPath, Finding[]>();
  private projectOf: Project | null = null;

  /** Rules over the whole project run once per link; their findings stand in the files they point at. */
  private runProject(model: Project): void {
    if (this.projectOf === model) return;
    this.projectOf = model;
    this.projectFindings = new Map();
    for (const rule of this.rules) {
      if (rule.on !== 'project') continue;
      for (const f of this.runRule(rule, model, null)) {
        const list = this.projectFindings.get(f.at.file);
        if (list) list.push(f);
        else this.projectFindings.set(f.at.file, [f]);
      }
    }
  }

  private runFile(model: Project, path: RelPath): Finding[] {
    const out: Finding[] = [];
    for (const rule of this.rules) if (rule.on !== 'project') out.push(...this.runRule(rule, model, path));
    return out;
  }

  private entities(model: Project, on: AnyRule['on'], path: RelPath | null): readonly EntityMap[AnyRule['on']][] {
    if (on === 'project') return [model];
    const facts = path === null ? undefined : this.facts.get(path);
    if (!facts || path === null) return [];
    switch (on) {
      case 'endpoint':
        return model.endpointsOf(path);
      case 'secret':
        return model.secretsOf(path);
      case 'file':
        return [facts];
      case 'env-file':
        return facts.language === 'env' ? [{ file: facts, tracked: this.git.tracked === null ? null : this.git.tracked.has(path), ignored: this.git.isIgnored(path) }] : [];
    }
  }

  /** One rule that throws is reported and silences nothing else. */
  private runRule(rule: AnyRule, model: Project, path: RelPath | null): Finding[] {
    if (this.options.severities[rule.meta.id] === 'off') return [];
    const start = performance.now();
    const out: Finding[] = [];
    const ctx: CheckContext<string> = { model, report: (r) => out.push(this.finding(rule, r)) };
    try {
      for (const entity of this.entities(model, rule.on, path)) (rule.check as (e: unknown, c: CheckContext<string>) => void)(entity, ctx);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!this.engineErrors.some((e) => e.ruleId === rule.meta.id && e.file === path && e.message === message)) this.engineErrors.push({ phase: 'check', file: path, ruleId: rule.meta.id, message });
    }
    this.time(rule.meta.id, start);
    return out;
  }

  private finding(rule: AnyRule, r: Report<string>): Finding {
    const meta = rule.meta;
    const override = this.options.severities[meta.id];
    const text = this.texts.get(r.at.file) ?? '';
    const span = { start: Math.max(0, Math.min(r.at.span.start, text.length)), end: Math.max(0, Math.min(r.at.span.end, text.length)) };
    const isSecret = rule.on === 'secret';
    const code = isSecret ? String(r.data?.['secret'] ?? r.rootCause ?? '') : text.slice(span.start, Math.min(span.end, span.start + 300));
    return {
      ruleId: meta.id, category: meta.category, severity: override && override !== 'off' ? override : (r.severity ?? meta.severity), confidence: r.confidence ?? 'high',
      at: { file: r.at.file, span }, message: fillMessage(meta.messages[r.messageId] ?? meta.title, r.data ?? {}), businessImpact: r.businessImpact ?? meta.businessImpact,
      evidence: r.evidence ?? [], endpoint: r.endpoint ? `${r.endpoint.method} ${r.endpoint.path}` : null, rootCause: r.rootCause ?? `${meta.id}:${r.at.file}:${span.start}`,
      fixes: r.fixes ?? [], data: r.data ?? {}, fingerprint: fingerprintOf(meta.id, r.at.file, code, 0),
    };
  }

  audit(signal?: AbortSignal): AuditResult {
    const findings: Finding[] = [];
    const suppressed: { finding: Finding; reason: string }[] = [];
    for (const path of this.facts.keys()) {
      signal?.throwIfAborted();
      findings.push(...this.check(path));
      suppressed.push(...(this.hidden.get(path) ?? []));
    }
    return { findings: findings.sort(bySeverity), suppressed, endpoints: this.model.endpoints(), errors: this.engineErrors, stats: this.stats() };
  }

  private stats(): SessionStats {
    let bytes = 0;
    let parseErrors = 0;
    const skipped: { file: RelPath; reason: string }[] = [];
    for (const f of this.facts.values()) {
      bytes += f.bytes;
      if (f.parse === 'recovered') parseErrors++;
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
      return fixer ? [{ id, title: fixer.title(finding, this.model), class: fixer.class }] : [];
    });
  }

  fix(finding: Finding, id: FixId): FixResult {
    const current = this.check(finding.at.file).find((f) => f.fingerprint === finding.fingerprint && f.ruleId === finding.ruleId) ?? null;
    if (!current) return { ok: false, reason: 'stale', message: 'The code has changed since this finding was made; look again.' };
    const fixer = this.ruleOf(current)?.fixes?.[id];
    if (!fixer || !current.fixes.includes(id)) return { ok: false, reason: 'not-fixable', message: 'This finding has no such fix.' };
    let fix: Fix | null;
    try {
      fix = fixer.compute(current, this.fixContext());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.engineErrors.push({ phase: 'fix', file: current.at.file, ruleId: current.ruleId, message });
      return { ok: false, reason: 'not-fixable', message: `The fix failed: ${message}` };
    }
    if (!fix) return { ok: false, reason: 'not-fixable', message: 'This fix does not apply to the code as it stands.' };
    return fix.class === 'manual' ? { ok: true, fix } : this.verify(fix, [current]);
  }

  fixAll(ruleId: string, file: RelPath | null, anyClass = false): FixResult {
    const findings = (file === null ? this.audit().findings : this.check(file)).filter((f) => f.ruleId === ruleId);
    const edits: TextEdit[] = [];
    const create = new Map<RelPath, { file: RelPath; text: string; sensitive?: boolean }>();
    const manual = new Set<string>();
    const fixed: Finding[] = [];
    for (const f of findings) {
      const rule = this.ruleOf(f);
      const id = f.fixes.find((x) => rule?.fixes?.[x] && (anyClass ? rule.fixes[x]!.class !== 'manual' : rule.fixes[x]!.class === 'safe'));
      const fix = id ? rule!.fixes![id]!.compute(f, this.fixContext()) : null;
      if (!fix) continue;
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

  private fixContext(): FixContext {
    return { model: this.model, text: (file) => this.texts.get(file) };
  }

  /** Applies the fix to a copy: every touched file still parses, the findings are gone, no new one came. */
  private verify(fix: Fix, fixed: readonly Finding[]): FixResult {
    const next = new Map<RelPath, string>();
    const byFile = new Map<RelPath, TextEdit[]>();
    for (const e of fix.edits) (byFile.get(e.file) ?? byFile.set(e.file, []).get(e.file)!).push(e);
    for (const [file, edits] of byFile) {
      const text = this.texts.get(file);
      if (text === undefined) return { ok: false, reason: 'stale', message: `${file} is no longer there.` };
      next.set(file, applyEdits(text, edits));
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
    const trial = new EngineSession(this.rules, this.options, this.git);
    for (const [path, facts] of this.facts) {
      trial.facts.set(path, facts);
      trial.texts.set(path, this.texts.get(path)!);
    }
    trial.apply([...next].map(([path, text]) => ({ path, text })));
    const touched = new Set<RelPath>([...next.keys(), ...fixed.map((f) => f.at.file)]);
    const count = (s: EngineSession, file: RelPath, rule: string) => s.check(file).filter((f) => f.ruleId === rule && f.confidence !== 'low').length;
    for (const f of fixed) {
      const before = count(this, f.at.file, f.ruleId) + (f.confidence === 'low' ? 1 : 0);
      const after = count(trial, f.at.file, f.ruleId);
      if (after >= before && trial.check(f.at.file).some((x) => x.fingerprint === f.fingerprint)) return { ok: false, reason: 'finding-stays', message: 'The fix would not remove this finding; nothing was changed.' };
    }
    for (const file of touched) {
      for (const rule of this.rules) {
        const before = this.facts.has(file) ? count(this, file, rule.meta.id) : 0;
        if (count(trial, file, rule.meta.id) > before) return { ok: false, reason: 'new-finding', message: `The fix would bring a new finding (${rule.meta.id}) into ${file}; nothing was changed.` };
      }
    }
    return { ok: true, fix };
  }
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
