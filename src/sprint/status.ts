/** Where the sprint stands: worked out anew from each audit, so a tick made by evidence goes when the flaw returns. */
import { isTestPath } from '../engine/core/paths';
import type { RuleMeta } from '../engine/core/rule';
import { SPRINT_ITEM_IDS, type Finding, type RuleId, type SprintItemId } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { SPRINT_DAYS, itemKey, sprintItem, type DayNumber, type SprintDay, type SprintItem } from './items';
import { rotationList, type RotationEntry } from './rotations';
import type { Note, SprintState, Tick } from './state';
import { unexplained } from './exposure';

export const ITEM_STATES = ['done', 'open', 'accepted', 'manual', 'not-applicable', 'not-checked'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

export interface ItemStatus {
  readonly item: SprintItem;
  readonly state: ItemState;
  /** One short sentence: why. */
  readonly because: string;
  /** Open findings of the item, low confidence included. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly tick: Tick | null;
  readonly note: Note | null;
  /** `evidence`: nothing found by the item's rules. `hand`: a person ticked it. */
  readonly doneBy: 'evidence' | 'hand' | null;
  /** Rules that look at it. */
  readonly rules: number;
}

export interface TaskStatus {
  readonly id: string;
  readonly text: string;
  readonly tick: Tick | null;
  /** Ticked by the audit itself or by hand. */
  readonly done: boolean;
  /** Only a person can tick it. */
  readonly byHand: boolean;
  readonly note: Note | null;
}

export interface DayStatus {
  readonly day: SprintDay;
  /** In the order of the day; those closed on another day are shown, not counted. */
  readonly items: readonly ItemStatus[];
  readonly tasks: readonly TaskStatus[];
  readonly done: number;
  readonly total: number;
}

export interface SprintStatus {
  readonly items: ReadonlyMap<SprintItemId, ItemStatus>;
  readonly days: readonly DayStatus[];
  readonly rotations: readonly RotationEntry[];
  /** Of the items that apply: done or accepted. */
  readonly done: number;
  readonly total: number;
  /** The first day with something left. */
  readonly currentDay: DayNumber;
}

type Metas = ReadonlyMap<RuleId, RuleMeta<string>>;

/** `result` null: no audit has run yet. */
export function sprintStatus(result: AuditResult | null, state: SprintState, metas: Metas): SprintStatus {
  const items = new Map<SprintItemId, ItemStatus>();
  for (const id of SPRINT_ITEM_IDS) items.set(id, itemStatus(sprintItem(id), result, state, metas));
  const days = SPRINT_DAYS.map((day) => dayStatus(day, items, result, state));
  const applying = [...items.values()].filter((i) => i.state !== 'not-applicable');
  return {
    items,
    days,
    rotations: rotationList(state),
    done: applying.filter(isDone).length,
    total: applying.length,
    currentDay: days.find((d) => d.done < d.total)?.day.day ?? 7,
  };
}

export function isDone(status: ItemStatus): boolean {
  return status.state === 'done' || status.state === 'accepted';
}

function dayStatus(day: SprintDay, all: ReadonlyMap<SprintItemId, ItemStatus>, result: AuditResult | null, state: SprintState): DayStatus {
  const items = day.items.map((id) => all.get(id)).filter((i): i is ItemStatus => i !== undefined);
  const tasks: TaskStatus[] = day.tasks.map((task) => {
    const tick = state.ticks[task.id] ?? null;
    return { id: task.id, text: task.text, tick, done: tick !== null, byHand: true, note: state.notes[task.id] ?? null };
  });
  if (day.day === 1) {
    const missed = result === null ? [] : unread(result);
    const ran = result !== null && result.stats.files > 0;
    tasks.unshift({
      id: 'day1.audit', tick: null, byHand: false, note: null, done: ran && missed.length === 0,
      text: !ran ? 'Run the audit' : missed.length === 0 ? `Audit ran over ${count(result.stats.files, 'file')}` : `Audit ran, but ${count(missed.length, 'source file was', 'source files were')} skipped`,
    });
  }
  const counted = items.filter((i) => i.item.day === day.day && i.state !== 'not-applicable');
  return { day, items, tasks, done: counted.filter(isDone).length + tasks.filter((t) => t.done).length, total: counted.length + tasks.length };
}

function itemStatus(item: SprintItem, result: AuditResult | null, state: SprintState, metas: Metas): ItemStatus {
  const rules = new Set<RuleId>();
  for (const [id, meta] of metas) if (meta.item === item.id) rules.add(id);
  const all = result === null ? [] : result.findings.filter((f) => rules.has(f.ruleId));
  const accepted = all.filter((f) => state.accepted[f.fingerprint] !== undefined);
  const findings = all.filter((f) => state.accepted[f.fingerprint] === undefined);
  const believed = findings.filter((f) => f.confidence !== 'low');
  const tick = state.ticks[itemKey(item.id)] ?? null;
  const status = (s: ItemState, because: string, doneBy: ItemStatus['doneBy'] = null): ItemStatus =>
    ({ item, state: s, because, findings, accepted, tick, note: state.notes[itemKey(item.id)] ?? null, doneBy, rules: rules.size });
  /** What evidence cannot settle, a person's tick can. */
  const ask = (s: 'manual' | 'not-checked', because: string): ItemStatus => (tick === null ? status(s, because) : status('done', `Ticked by hand on ${day(tick)}. ${because}`, 'hand'));

  if (believed.length > 0) {
    const doubt = findings.length - believed.length;
    return status('open', `${count(believed.length, 'finding')}${doubt > 0 ? `, ${doubt} more to look at` : ''}.${tick === null ? '' : ` It was ticked on ${day(tick)}; the audit says otherwise.`}`);
  }
  if (rules.size === 0) return ask('not-checked', 'No rule looks at this yet.');
  if (result === null) return status('not-checked', 'No audit has run yet.');
  if (result.stats.files === 0) return status('not-checked', 'No readable source file was found.');
  if (item.needsEndpoints && result.endpoints.length === 0 && all.length === 0) return status('not-applicable', 'No endpoint was found in the frameworks that are understood.');
  if (item.id === 'secrets') {
    const due = rotationList(state).filter((r) => !r.done);
    // No hand tick of the item covers a key that is still the leaked one: each has its own.
    if (due.length > 0) return status('manual', `${count(due.length, 'key')} left to rotate: ${due.map((r) => r.name).join(', ')}.`);
  }
  const broken = result.errors.filter((e) => (e.ruleId !== null && rules.has(e.ruleId)) || ((e.phase === 'read' || e.phase === 'extract' || e.phase === 'link') && e.ruleId === null));
  if (broken.length > 0) return ask('not-checked', `Not fully checked: ${count(broken.length, 'error')} inside the audit, see its list of errors.`);
  const missed = unread(result);
  if (missed.length > 0) return ask('not-checked', `Not fully checked: ${count(missed.length, 'source file was', 'source files were')} skipped.`);
  if (findings.length > 0) return ask('manual', `${count(findings.length, 'place needs', 'places need')} a human look.`);
  if (item.id === 'endpoints' || item.id === 'auth') {
    const unclear = result.endpoints.filter((e) => e.auth === 'unknown' && e.mounted && e.publicBy === null).length;
    const unknown = unexplained(result.endpoints).length;
    if (unknown > 0) return ask('manual', `${count(unknown, 'endpoint is', 'endpoints are')} open to anyone, and what ${unknown === 1 ? 'it does' : 'they do'} could not be read: look at ${unknown === 1 ? 'it' : 'them'}.`);
    if (unclear > 0) return ask('manual', `${count(unclear, 'endpoint')} whose sign-in check could not be followed: look at ${unclear === 1 ? 'it' : 'them'}.`);
  }
  if (item.id === 'auth' && result.endpoints.length > 0 && !result.endpoints.some((e) => e.auth === 'required')) return ask('manual', 'No sign-in check was seen at work on any endpoint.');
  if (item.id === 'auth') {
    const bare = new Set(result.findings.filter((f) => f.category === 'auth-missing' && f.endpoint !== null && f.confidence !== 'low' && state.accepted[f.fingerprint] === undefined).map((f) => f.endpoint)).size;
    if (bare > 0) return ask('manual', `${count(bare, 'endpoint has', 'endpoints have')} no sign-in check that stops anyone: see Open endpoints.`);
  }
  if (item.id === 'validation') {
    const gap = validationGap(result);
    if (gap !== null) return ask('manual', gap);
  }
  if (accepted.length > 0) return status('accepted', `${count(accepted.length, 'risk')} accepted, with a reason and an owner.`);
  if (item.byHand !== null) return ask('manual', item.byHand);
  return status('done', `${item.done} Checked by ${count(rules.size, 'rule')}.`, 'evidence');
}

/** Why nothing found is no proof that input is checked; null where validators were seen at work and all input could be followed. */
function validationGap(result: AuditResult): string | null {
  const mounted = result.endpoints.filter((e) => e.mounted);
  const fed = mounted.filter((e) => e.inputs.length > 0);
  const lost = fed.filter((e) => e.sinks.length === 0 && e.validated !== 'yes');
  // What is posted is stored somewhere; an address's parameter may only choose what is shown.
  const posted = lost.some((e) => e.inputs.some((i) => i.source === 'body' || i.source === 'form' || i.source === 'args'));
  if (lost.length > 0 && (posted || lost.length * 4 >= fed.length)) return `What becomes of the input of ${count(lost.length, 'endpoint')} could not be followed: look at ${lost.length === 1 ? 'it' : 'them'}.`;
  const takes = fed.length > 0 || mounted.some((e) => e.publicBy === null && /^(POST|PUT|PATCH)$/.test(e.method));
  return takes && !fed.some((e) => e.validated === 'yes' || e.validated === 'partly') ? 'No check of what comes in was seen at work on any endpoint.' : null;
}

/** Source files the audit did not read, test code and built output aside. */
function unread(result: AuditResult): readonly { readonly file: string; readonly reason: string }[] {
  return result.stats.skipped.filter(
    (s) => (/\.([cm]?[jt]sx?|vue|svelte|sql|prisma)$/i.test(s.file) || /(^|\/)\.env/.test(s.file)) && !isTestPath(s.file) && !/\.min\.|(^|\/)(dist|build|out|vendor|node_modules|public|coverage)\//.test(s.file),
  );
}

function day(tick: Tick): string {
  return tick.date.slice(0, 10);
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
