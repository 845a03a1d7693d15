/** Text and settings → `ProjectOptions`. Nothing here throws: what is broken keeps its last good value and is named. */
import type { z } from 'zod';
import { DEFAULT_OPTIONS, type ProjectOptions, type Severity, type Span } from '../engine/core/types';
import { parseJsonc, placeOf, toValue, type JsonNode } from './jsonc';
import { nearest } from './nearest';
import { CONFIG_FILE, SEVERITY_CHOICES, SETTINGS_SECTION, configSchema, settingsSchema, severityChoice, type SettingKey } from './schema';

export interface ConfigProblem {
  /** Dotted path of the key; empty for the file as a whole. */
  readonly key: string;
  /** Names key, value and the nearest valid key. */
  readonly message: string;
  readonly span: Span;
}

export interface ParsedConfig {
  readonly options: ProjectOptions;
  readonly problems: readonly ConfigProblem[];
}

export interface ParseConfigOptions {
  /** Known rules: other ids in the file are problems. Without it every id passes. */
  readonly ruleIds?: readonly string[];
  /** Stands in for what is broken (the last good configuration). */
  readonly previous?: ProjectOptions;
}

/** The file's text, or '' where there is none. */
export function parseConfig(text: string, { ruleIds, previous = DEFAULT_OPTIONS }: ParseConfigOptions = {}): ParsedConfig {
  if (text.replace(/^\uFEFF/, '').trim() === '') return { options: { ...DEFAULT_OPTIONS, secretSalt: previous.secretSalt }, problems: [] };
  const parsed = parseJsonc(text);
  if (!parsed.ok) return { options: previous, problems: [{ key: '', message: `${CONFIG_FILE} cannot be read: ${parsed.message} The last good configuration stays in force.`, span: parsed.span }] };
  const { root } = parsed;
  if (root.kind !== 'object') return { options: previous, problems: [{ key: '', message: `${CONFIG_FILE} must hold an object, { … }. The last good configuration stays in force.`, span: root.span }] };
  const raw = toValue(root) as Record<string, unknown>;
  const problems: ConfigProblem[] = doubles(root);
  const broken = new Set<PropertyKey>();
  const result = configSchema.safeParse(raw);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const top = issue.path[0];
      // A broken list keeps its last good value as a whole; only `severities` are taken one by one.
      if (top !== undefined) broken.add(top);
      problems.push(...problemsOf(issue, raw, root));
    }
  }
  const take = <K extends keyof typeof configSchema.shape>(key: K, fallback: NonNullable<z.infer<typeof configSchema>[K]>): NonNullable<z.infer<typeof configSchema>[K]> => {
    const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
    if (value === undefined) return fallback;
    const one = configSchema.shape[key].safeParse(value);
    return one.success ? ((one.data ?? fallback) as NonNullable<z.infer<typeof configSchema>[K]>) : fallback;
  };
  const or = <K extends keyof ProjectOptions>(key: K): ProjectOptions[K] => (broken.has(key) ? previous[key] : DEFAULT_OPTIONS[key]);
  const options: ProjectOptions = {
    guards: take('guards', [...or('guards')]),
    validators: take('validators', [...or('validators')]),
    publicRoutes: take('publicRoutes', [...or('publicRoutes')]),
    ignore: take('ignore', [...or('ignore')]),
    tenantKey: broken.has('tenantKey') ? previous.tenantKey : typeof raw['tenantKey'] === 'string' ? raw['tenantKey'].trim() : null,
    severities: severities(raw['severities'], previous.severities, ruleIds, root, problems),
    secretSalt: previous.secretSalt,
  };
  if (ruleIds) {
    (options.ignore ?? []).forEach((entry, i) => {
      if (entry.rule === '*' || ruleIds.includes(entry.rule) || broken.has('ignore')) return;
      problems.push({ key: `ignore[${i}].rule`, message: `ignore[${i}].rule: ${quote(entry.rule)} is no rule.${suggest(entry.rule, ruleIds)}`, span: placeOf(root, ['ignore', i, 'rule']) });
    });
  }
  return { options, problems: problems.sort((a, b) => a.span.start - b.span.start) };
}

function severities(raw: unknown, previous: ProjectOptions['severities'], ruleIds: readonly string[] | undefined, root: JsonNode, problems: ConfigProblem[]): Record<string, Severity | 'off'> {
  const out: Record<string, Severity | 'off'> = {};
  if (raw === undefined) return out;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { ...previous };
  for (const [id, value] of Object.entries(raw)) {
    if (ruleIds && !ruleIds.includes(id)) {
      problems.push({ key: `severities.${id}`, message: `severities: ${quote(id)} is no rule.${suggest(id, ruleIds)}`, span: placeOf(root, ['severities', id], 'key') });
      continue;
    }
    const choice = severityChoice.safeParse(value);
    if (choice.success) out[id] = choice.data;
    else {
      const before = previous[id];
      if (before !== undefined) out[id] = before;
    }
  }
  return out;
}

function doubles(root: JsonNode): ConfigProblem[] {
  if (root.kind !== 'object') return [];
  const seen = new Set<string>();
  const out: ConfigProblem[] = [];
  for (const { key, keySpan } of root.members) {
    if (seen.has(key)) out.push({ key, message: `${quote(key)} stands there twice; the last one counts.`, span: keySpan });
    seen.add(key);
  }
  return out;
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown, root: JsonNode): ConfigProblem[] {
  const path = issue.path;
  const key = dotted(path);
  if (issue.code === 'unrecognized_keys') {
    const valid = path.length === 0 ? Object.keys(configSchema.shape).filter((k) => k !== '$schema') : ['rule', 'path', 'reason'];
    return issue.keys.map((unknown) => ({
      key: dotted([...path, unknown]),
      message: `${quote(unknown)} is no key of ${path.length === 0 ? CONFIG_FILE : key}.${suggest(unknown, valid)}`,
      span: placeOf(root, [...path, unknown], 'key'),
    }));
  }
  const value = path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Record<PropertyKey, unknown>)[step] : undefined), raw);
  const last = String(path[path.length - 1] ?? '');
  const isSeverity = path[0] === 'severities' && path.length === 2;
  const wanted = isSeverity ? `one of ${SEVERITY_CHOICES.join(', ')} is expected` : describe(issue).replace(/\.$/, '');
  const near = isSeverity && typeof value === 'string' ? suggest(value, SEVERITY_CHOICES) : '';
  const message = value === undefined ? `${dotted(path.slice(0, -1)) || CONFIG_FILE}: ${quote(last)} is missing.` : `${key}: ${quote(value)} does not fit: ${wanted}.${near}`;
  return [{ key, message, span: placeOf(root, path) }];
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `${issue.expected === 'array' ? 'a list, [ … ]' : issue.expected === 'record' || issue.expected === 'object' ? 'an object, { … }' : issue.expected === 'string' ? 'a text' : `a ${issue.expected}`} is expected`;
  if (issue.code === 'invalid_union') return 'a text or null is expected';
  if (issue.code === 'too_small') return 'it must not be empty';
  if (issue.code === 'invalid_format') return `${issue.message.replace(/^Invalid string: /, '')} is expected`;
  return issue.message;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>((out, step) => (typeof step === 'number' ? `${out}[${step}]` : out === '' ? String(step) : `${out}.${String(step)}`), '');
}

/** Short: a whole list or a pasted page helps nobody. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function suggest(word: string, valid: readonly string[]): string {
  const near = nearest(word, valid);
  return near === null ? '' : ` Did you mean ${quote(near)}?`;
}

// ------------------------------------------------------------------------------------------------ settings

/** What the language server reads of `vibeCodeRescue.*`. */
export interface RescueSettings {
  readonly enable: boolean;
  readonly codeLens: boolean;
  /** Squiggles for files that are not open too. */
  readonly workspaceProblems: boolean;
  readonly minimumSeverity: Severity;
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
}

export interface ParsedSettings {
  readonly settings: RescueSettings;
  /** For the log: settings have no file of ours to put a squiggle on. */
  readonly problems: readonly string[];
}

/** `raw`: what the editor answers for the section `vibeCodeRescue` (nested or dotted keys), or anything else. A wrong value costs that one setting. */
export function parseSettings(raw: unknown, ruleIds?: readonly string[]): ParsedSettings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const rules: Record<string, Severity | 'off'> = {};
  const keys = Object.keys(settingsSchema.shape) as SettingKey[];
  const visit = (key: string, value: unknown): void => {
    if (key.startsWith('trace.')) return;
    if (key.startsWith('rules.')) {
      const id = key.slice('rules.'.length);
      if (value === 'default' || value === null) return;
      const choice = severityChoice.safeParse(value);
      if (ruleIds && !ruleIds.includes(id)) problems.push(`${SETTINGS_SECTION}.${key}: ${quote(id)} is no rule.${suggest(id, ruleIds)}`);
      else if (choice.success) rules[id] = choice.data;
      else problems.push(`${SETTINGS_SECTION}.${key}: ${quote(value)} does not fit: default or one of ${SEVERITY_CHOICES.join(', ')}.`);
      return;
    }
    const known = keys.find((k) => k === key);
    if (known !== undefined) {
      if (value === null) return;
      const one = settingsSchema.shape[known].safeParse(value);
      if (one.success) values[known] = one.data;
      else problems.push(`${SETTINGS_SECTION}.${key}: ${quote(value)} does not fit: ${one.error.issues[0]?.message ?? 'wrong type'}. The default is used.`);
    } else if (isObject(value)) for (const [inner, v] of Object.entries(value)) visit(`${key}.${inner}`, v);
    else problems.push(`${SETTINGS_SECTION}.${key} is no setting.${suggest(key, keys)}`);
  };
  if (isObject(raw)) for (const [key, value] of Object.entries(raw)) if (value !== undefined) visit(key, value);
  const s = settingsSchema.parse(values);
  return {
    settings: { enable: s.enable, codeLens: s['codeLens.enable'], workspaceProblems: s['problems.scope'] === 'workspace', minimumSeverity: s['problems.minimumSeverity'], rules },
    problems,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The project's file outranks the editor's settings. */
export function mergeOptions(file: ProjectOptions, settings: RescueSettings): ProjectOptions {
  return { ...file, severities: { ...settings.rules, ...file.severities } };
}
