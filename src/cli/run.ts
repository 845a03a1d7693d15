/** The commands: thin, everything they do is somebody else's. Returns the exit code. */
import { randomBytes } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';
import type { FixClass } from '../engine/core/fix';
import type { AnyRule, RuleMeta } from '../engine/core/rule';
import { SEVERITIES, type EngineError, type Finding, type RuleId, type Severity } from '../engine/core/types';
import { ALL_RULES } from '../engine/rules/registry';
import type { AuditResult } from '../engine/session/api';
import { buildReport, type RescueReport } from '../report/build';
import { renderEndpoints } from '../report/endpoints';
import { renderHandover } from '../report/handover';
import { renderHtml } from '../report/html';
import { renderJson } from '../report/json';
import { renderMarkdown } from '../report/markdown';
import { renderPretty } from '../report/pretty';
import { renderSarif } from '../report/sarif';
import { PLAIN_STYLE } from '../report/style';
import { addRotation, rotationOf } from '../sprint/rotations';
import type { SprintState } from '../sprint/state';
import { writeAtomic } from '../workspace/atomic';
import { auditFolder, type FolderAudit } from '../workspace/audit';
import { loadBaseline } from '../workspace/baseline';
import { FolderError, reasonOf, RefusedWrite } from '../workspace/errors';
import { planFixes, renderPlan, secretSpans, writePlan, type FixOutcome } from '../workspace/fix-folder';
import { changedSince, SinceError } from '../workspace/since';
import { loadState, updateState } from '../workspace/state';
import { ENGINE_VERSION } from '../workspace/version';
import { didYouMean, parseInvocation, UsageError, type Format, type Values } from './args';
import { helpText } from './help';
import { ProgressLine, styleFor, type Io } from './io';

export const EXIT = { clean: 0, findings: 1, usage: 2 } as const;

interface Env {
  readonly io: Io;
  readonly rules: readonly AnyRule[];
}

/** `rules`: for tests. */
export async function run(argv: readonly string[], io: Io, rules: readonly AnyRule[] = ALL_RULES): Promise<number> {
  const env: Env = { io, rules };
  try {
    const call = parseInvocation(argv);
    if (call.kind === 'help') io.out(helpText(call.command));
    else if (call.kind === 'version') io.out(`${ENGINE_VERSION}\n`);
    else if (call.command === 'rules') io.out(rulesText(env));
    else if (call.command === 'audit') return await audit(call.folder, call.values, env);
    else if (call.command === 'fix') return await fix(call.folder, call.values, env);
    else if (call.command === 'endpoints') {
      const { report } = await loaded(call.folder, call.values, env);
      io.out(renderEndpoints(report, { style: styleFor(io), width: io.columns }));
    } else {
      const { report } = await loaded(call.folder, call.values, env);
      deliver(renderHandover(report), call.values.output, io);
    }
    return EXIT.clean;
  } catch (error) {
    if (error instanceof UsageError || error instanceof SinceError) io.err(`${error.message}\nTry: ${io.command} --help\n`);
    else if (error instanceof FolderError || error instanceof RefusedWrite || error instanceof OutputError) io.err(`${error.message}\n`);
    else throw error;
    return EXIT.usage;
  }
}

class OutputError extends Error {
  override readonly name = 'OutputError';
}

interface Loaded {
  readonly audit: FolderAudit;
  readonly state: SprintState;
  readonly report: RescueReport;
  readonly baseline: ReadonlySet<string> | null;
  /** Inside `--since`, whatever the severity. */
  readonly inScope: (finding: Finding) => boolean;
}

async function loaded(folder: string, values: Values, { io, rules: all }: Env): Promise<Loaded> {
  const rules = selectedRules(all, values.rule);
  const root = resolve(io.cwd, folder);
  // Before the long work: a wrong REF is a usage error.
  const since = values.since === undefined ? null : await changedSince(root, values.since);
  const line = new ProgressLine(io);
  const audit = await auditFolder(root, {
    rules,
    ...(values['no-cache'] ? { cache: false as const } : {}),
    onProgress: (p) => line.show(p.phase === 'find' ? `Looking for files: ${p.done}` : p.phase === 'read' ? `Reading ${p.done} of ${p.total} files` : `Checking ${p.total} files`),
  }).finally(() => line.clear());

  const { state, error: stateError } = loadState(audit.root);
  const baseline = loadBaseline(audit.root, values.baseline === undefined ? undefined : resolve(io.cwd, values.baseline));
  const lowest = SEVERITIES.indexOf(values['min-severity']);
  const inScope = (f: Finding): boolean => since === null || since.has(f.at.file);
  const shown = (f: Finding): boolean => SEVERITIES.indexOf(f.severity) <= lowest && inScope(f);
  const result: AuditResult = { ...audit.result, findings: audit.result.findings.filter(shown), suppressed: audit.result.suppressed.filter((s) => shown(s.finding)) };
  const classes = new Map<string, boolean>();
  const report = buildReport({
    root, engine: ENGINE_VERSION, result, state, metas: new Map<RuleId, RuleMeta<string>>(all.map((rule) => [rule.meta.id, rule.meta])), positions: audit.positions,
    fixable: (finding) => {
      let known = classes.get(finding.fingerprint);
      if (known === undefined) classes.set(finding.fingerprint, (known = audit.session.fixesOf(finding).some((f) => f.class !== 'manual')));
      return known;
    },
    date: io.now().toISOString(), ms: audit.ms, baseline: baseline.fingerprints,
    errors: [stateError, baseline.error].filter((e): e is EngineError => e !== null),
  });
  return { audit, state, report, baseline: baseline.fingerprints, inScope };
}

async function audit(folder: string, values: Values, env: Env): Promise<number> {
  const { io } = env;
  const { audit, state, report, baseline, inScope } = await loaded(folder, values, env);
  deliver(rendered(report, values.format, folder, values.output === undefined, io), values.output, io);
  if (values.timing) io.err(timingText(audit));
  const failOn = values['fail-on'];
  if (failOn === 'none') return EXIT.clean;
  const limit = SEVERITIES.indexOf(failOn);
  // All findings, whatever --min-severity shows.
  const fails = (f: Finding): boolean =>
    SEVERITIES.indexOf(f.severity) <= limit && f.confidence !== 'low' && !baseline?.has(f.fingerprint) && state.accepted[f.fingerprint] === undefined && inScope(f);
  return audit.result.findings.some(fails) ? EXIT.findings : EXIT.clean;
}

function rendered(report: RescueReport, format: Format, folder: string, toScreen: boolean, io: Io): string {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(report);
    case 'markdown':
      return renderMarkdown(report);
    case 'html':
      return renderHtml(report, { nonce: randomBytes(16).toString('base64url') });
    case 'pretty':
      return renderPretty(report, { style: toScreen ? styleFor(io) : PLAIN_STYLE, width: toScreen ? io.columns : 100, command: io.command, folder });
  }
}

async function fix(folder: string, values: Values, env: Env): Promise<number> {
  const { io } = env;
  const { audit, state, report } = await loaded(folder, values, env);
  const named = values.rule.length > 0;
  // A guard fix changes who may call or what is accepted: only when the rule is named.
  const classes = new Set<FixClass>(named ? ['safe', 'guard', 'scaffold'] : ['safe']);
  const findings = audit.result.findings.filter((f) => f.fixes.length > 0 && f.confidence !== 'low' && state.accepted[f.fingerprint] === undefined);
  const before = secretSpans(audit);
  const plan = planFixes(audit, { findings, classes });
  const fixed = plan.outcomes.filter((o) => o.state === 'fixed');
  if (values['dry-run']) io.out(renderPlan(audit, before, plan));
  else {
    writePlan(audit.root, plan);
    remember(audit.root, fixed, io);
  }

  const say = values['dry-run'] ? io.err : io.out;
  const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
  if (fixed.length === 0) say(report.findings.length === 0 ? 'Nothing to fix.\n' : 'No fix was applied.\n');
  else say(`${values['dry-run'] ? 'Would fix' : 'Fixed'} ${count(fixed.length, 'finding')} in ${count(plan.files.length, 'file')}${values['dry-run'] ? '; nothing was written' : ''}.\n`);
  for (const declined of plan.outcomes.filter((o) => o.state === 'declined')) say(`Not fixed: ${where(audit, declined.finding)}: ${declined.message ?? declined.title ?? ''}\n`);
  const others = plan.outcomes.filter((o) => o.state === 'not-allowed');
  if (others.length > 0) {
    const ids = [...new Set(others.map((o) => o.finding.ruleId))];
    say(`${count(others.length, 'more finding')} can be fixed, with a change of who may call or what is accepted. One rule at a time:\n`);
    for (const id of ids) say(`  ${io.command} fix${folder === '.' ? '' : ` ${folder}`} --rule ${id} --dry-run\n`);
  }
  if (plan.manual.length > 0) say(`What only a person can do:\n${plan.manual.map((step) => `  - ${step}\n`).join('')}`);
  return EXIT.clean;
}

/** A key that was moved out of the code has leaked all the same: the checklist keeps it until a person ticks it. */
function remember(root: string, fixed: readonly FixOutcome[], io: Io): void {
  const due = fixed.filter((o) => rotationOf(o.finding) !== null);
  if (due.length === 0) return;
  const date = io.now().toISOString().slice(0, 10);
  try {
    updateState(root, (state) => due.reduce((s, o) => addRotation(s, o.finding, date), state));
  } catch (error) {
    io.err(`The keys to replace could not be put on the checklist: ${reasonOf(error)}\n`);
  }
}

function where(audit: FolderAudit, finding: Finding): string {
  const at = audit.positions(finding.at.file, finding.at.span);
  return `${finding.at.file}:${at.line}:${at.column} ${finding.ruleId}`;
}

function rulesText({ io, rules }: Env): string {
  const style = styleFor(io);
  const width = Math.max(...rules.map((r) => r.meta.id.length), 0);
  const paint: Readonly<Record<Severity, (text: string) => string>> = { critical: (t) => style.bold(style.red(t)), high: style.red, medium: style.yellow, low: style.cyan, info: style.dim };
  return [...rules]
    .sort((a, b) => (a.meta.id < b.meta.id ? -1 : 1))
    .map((r) => `${r.meta.id.padEnd(width)}  ${paint[r.meta.severity](r.meta.severity.padEnd(8))}  ${r.meta.title}\n`)
    .join('');
}

function selectedRules(rules: readonly AnyRule[], ids: readonly string[]): readonly AnyRule[] {
  if (ids.length === 0) return rules;
  const known = rules.map((r) => r.meta.id as string);
  for (const id of ids) if (!known.includes(id)) throw new UsageError(`there is no rule "${id}"${didYouMean(id, known)}. All of them: rules`);
  return rules.filter((r) => ids.includes(r.meta.id));
}

/** To the screen, or whole or not at all into a file the user names. */
function deliver(text: string, output: string | undefined, io: Io): void {
  if (output === undefined) {
    io.out(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  const target = isAbsolute(output) ? output : join(io.cwd, output);
  try {
    writeAtomic(target, text.endsWith('\n') ? text : `${text}\n`);
  } catch (error) {
    throw new OutputError(error instanceof Error ? error.message : reasonOf(error));
  }
  io.err(`Written to ${output}\n`);
}

const PHASES = ['find', 'git', 'read', 'cache', 'extract', 'apply', 'link', 'check'];

function timingText(audit: FolderAudit): string {
  const { timing, files, bytes } = audit.result.stats;
  const row = (name: string, ms: number): string => `  ${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms\n`;
  const phases = PHASES.filter((p) => timing[p] !== undefined).map((p) => row(p, timing[p] ?? 0));
  const others = Object.entries(timing).filter(([name]) => !PHASES.includes(name)).sort((a, b) => b[1] - a[1]);
  return `Time of ${files} files (${(bytes / 1024 / 1024).toFixed(1)} MB, ${audit.cacheHits} from the cache): ${audit.ms.toFixed(0)} ms\n${phases.join('')}${others.length > 0 ? `By rule\n${others.map(([n, ms]) => row(n, ms)).join('')}` : ''}`;
}
