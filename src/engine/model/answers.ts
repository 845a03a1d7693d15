/** What an answer carries of what was read: rows, figures made of rows, ids and states, or nothing that reading can name. */
import type { Shown } from '../core/model';
import type { SinkRecord, Trace } from './trace';
import { type SinkBox, type Value, asString } from './values';

/** What one answer holds of the work done for it. */
export interface Holding {
  /** Whose rows, with the columns that are named one by one. */
  readonly rows: ReadonlyMap<SinkBox, ReadonlySet<string>>;
  readonly figures: ReadonlySet<SinkBox>;
  readonly ids: ReadonlySet<SinkBox>;
  /** Whose rows go out as they came, with all that is in them. */
  readonly whole: ReadonlySet<SinkBox>;
  /** A number that was worked out; of which rows, nobody knows. */
  readonly worked: boolean;
  /** Something of which reading cannot tell what it is. */
  readonly unread: boolean;
}

interface Gathered {
  readonly rows: Map<SinkBox, Set<string>>;
  readonly figures: Set<SinkBox>;
  readonly ids: Set<SinkBox>;
  readonly whole: Set<SinkBox>;
  worked: boolean;
  unread: boolean;
  /** Looked into already: one object may stand in many places of an answer. */
  readonly seen: Set<Value>;
}

/** Deep enough for `{ data: { perDay: [{ total }] } }`. */
const DEPTH = 6;

const NOTHING: Holding = { rows: new Map(), figures: new Set(), ids: new Set(), whole: new Set(), worked: false, unread: false };

/** What of the work's answers a value carries. */
export function holdingOf(data: Value | null): Holding {
  if (data === null || data.t === 'const') return NOTHING;
  const out: Gathered = { rows: new Map(), figures: new Set(), ids: new Set(), whole: new Set(), worked: false, unread: false, seen: new Set() };
  look(data, out, DEPTH);
  return out;
}

/** Names of what says how many there are. */
const HOW_MANY = /^(length|count|rowCount|totalCount|_count|_sum|_avg|_min|_max)$/;
/** Names of what points at a row, or says how it stands. */
const POINTS_AT = /^(_?id|uuid|status|state|type|kind)$|(_id|[a-z]Id|_by|[a-z]By)$/;

function look(v: Value, out: Gathered, depth: number): void {
  switch (v.t) {
    case 'const':
    case 'env':
    case 'bool':
    case 'input':
    case 'identErr':
    case 'fn':
    case 'cls':
      return;
    case 'sym': {
      const last = v.links[v.links.length - 1];
      const name = keptSecretIn(v) ?? (last?.k === 'get' ? last.name : '');
      if (v.sink && isAsItCame(v)) out.whole.add(v.sink);
      if (v.sink) note(v.sink, name, out);
      // `error.message`, `now.toISOString()`
      else if (v.pkg === null && (v.name === 'error' || v.name === 'now')) return;
      else if (/(^|\.)toFixed\(\)$/.test(v.shape) || /^(size|length)$/.test(name)) out.worked = true;
      else if (v.pkg !== 'global' || /^(Map|Set|Object|Array|Promise|array|object)\b/.test(v.shape)) out.unread = true;
      return;
    }
    case 'unk':
      if (v.worked && !v.from) out.worked ||= v.worked === 'number';
      else if (v.from) note(v.from, v.hint, out);
      else if (POINTS_AT.test(v.hint)) return;
      else if (v.hint !== 'error' && v.hint !== 'now' && !v.hint.startsWith('template:')) out.unread = true;
      return;
    case 'promise':
      return look(v.of, out, depth);
    case 'union':
      // What a list was before anything was put into it says nothing.
      for (const m of v.of) if (!isFixedText(m.value) || v.of.every((x) => isFixedText(x.value))) look(m.value, out, depth);
      return;
    case 'obj':
    case 'arr':
      if (out.seen.has(v)) return;
      out.seen.add(v);
      // A table of defaults, or an empty list: code that fills it may be out of sight.
      if (depth === 0 || (v.t === 'obj' && v.open) || (depth < DEPTH && isFixedText(v))) out.unread = true;
      else for (const p of v.t === 'obj' ? v.props.values() : v.items) look(p, out, depth - 1);
      return;
    default:
      out.unread = true;
  }
}

/** Columns that hold what people sign in with. */
const KEPT_SECRET = /^(hashed_?|encrypted_?|user_?)?(passw(or)?d|pwd|pass_?hash|pin_?(hash|code))(_?(hash|digest|encrypted|salt))?$/i;

/** The column of a password that the value is, or was cut out of: `row.password.slice(0, 9)`; null where it is none, or only says whether there is one. */
export function keptSecretIn(v: Value): string | null {
  if (v.t === 'unk') return v.from && !v.worked && KEPT_SECRET.test(v.hint) ? v.hint : null;
  if (v.t !== 'sym' || !v.sink) return null;
  const last = v.links[v.links.length - 1];
  if (last?.k === 'get' && last.name === 'length') return null;
  const found = v.links.findLast((l) => l.k === 'get' && KEPT_SECRET.test(l.name));
  return found?.k === 'get' ? found.name : null;
}

/** Calls after which rows are still what they were. */
const LEAVES_ROWS = /(^|\.)(find\w*|select|from|where|eq|neq|in|is|match|filter|order|orderBy|sort|limit|range|skip|populate|lean|exec|slice|reverse|all|many|manyOrNone|any|single|maybeSingle|query|execute|unsafe|returning|innerJoin|leftJoin)\(\)$/;
/** Where drivers put the rows of an answer. */
const ROWS_OF = /^(rows|data|recordsets?|documents|docs)$/;

/** Nothing was taken out of the rows or picked from them. */
function isAsItCame(v: Extract<Value, { t: 'sym' }>): boolean {
  const shape = v.shape.replace(/\.(\w+)$/, (all, name: string) => (ROWS_OF.test(name) ? '' : all));
  return LEAVES_ROWS.test(shape);
}

function isFixedText(v: Value): boolean {
  if (v.t === 'obj') return [...v.props.values()].every(isFixedText);
  return v.t === 'arr' ? v.items.every(isFixedText) : v.t === 'const';
}

function note(sink: SinkBox, name: string, out: Gathered): void {
  if (HOW_MANY.test(name) || (sink as Partial<SinkRecord>).figures) out.figures.add(sink);
  else if (POINTS_AT.test(name)) out.ids.add(sink);
  else {
    const names = out.rows.get(sink);
    if (!names) out.rows.set(sink, new Set(name === '' ? [] : [name]));
    else if (name !== '') names.add(name);
  }
}

/** What the endpoint's answers show of one piece of work. */
export function shownBy(s: SinkRecord, t: Trace): Shown {
  const replies = t.replies.filter((r) => r.hasData).map((r) => r.holds);
  if (replies.some((h) => h.rows.has(s))) return 'rows';
  if (s.kind !== 'db-read' || t.exhausted || replies.some((h) => h.unread)) return 'unknown';
  if (replies.some((h) => h.worked || h.figures.has(s))) return 'figures';
  return replies.some((h) => h.ids.has(s)) ? 'ids' : 'nothing';
}

/** Columns that the answers name one by one: `{ cost: row.cost }`. */
export function columnsShownBy(s: SinkRecord, t: Trace): readonly string[] {
  return [...new Set(t.replies.flatMap((r) => [...(r.holds.rows.get(s) ?? [])]))];
}

/** Its rows go out with all that is in them. */
export function isShownWhole(s: SinkRecord, t: Trace): boolean {
  return t.replies.some((r) => r.holds.whole.has(s));
}

// ------------------------------------------------------------------------------------------------ what a query asks for

const COUNTS = /^(count|countDocuments|estimatedDocumentCount)$/;
/** What rows can be sorted into heaps by without telling whose they are. */
const HEAP = /^(status|state|type|kind|categor(y|ies)(_?id)?|date|day|week|month|year|hour|quarter|period|method|payment_?method|source|channel|stage|priority|currency|plan|level|rating|created_?at|updated_?at|due_?date)$/i;

/** It is counted, summed up or averaged in the database, over all rows or by heaps that name nobody. */
export function asksForFigures(op: string, text: string | null, args: readonly Value[]): boolean {
  if (COUNTS.test(op)) return true;
  if (text !== null) return sumsUp(text);
  const [first] = args;
  if (op === 'aggregate' && first?.t === 'arr') return !first.open && pipelineSumsUp(first.items);
  if (op === 'aggregate') return first?.t === 'obj' && !first.open && [...first.props.keys()].some((k) => /^_(count|sum|avg|min|max)$/.test(k));
  return op === 'groupBy' && first?.t === 'obj' && namesOf(first.props.get('by')).every(isHeapColumn);
}

function namesOf(v: Value | undefined): readonly string[] {
  const list = v?.t === 'arr' && !v.open ? v.items : v ? [v] : [];
  return list.map((i) => asString(i) ?? '?');
}

/** What people are called by and reached at: a heap by it names them. */
const NAMES = /name|mail|phone|mobile|contact|address|title|subject|text/i;

/** `[{ $match }, { $group: { _id: '$status', total: { $sum: '$amount' } } }, { $sort }]`. */
function pipelineSumsUp(stages: readonly Value[]): boolean {
  let grouped = false;
  for (const s of stages) {
    if (s.t !== 'obj' || s.open) return false;
    const group = s.props.get('$group');
    if (s.props.has('$count')) grouped = true;
    else if (group) grouped = group.t === 'obj' && !group.open && [...group.props].every(([k, v]) => (k === '_id' ? isHeap(v, 4) : addsUp(v)));
    // What is joined to the heaps afterwards can be anything.
    else if (grouped && !['$sort', '$limit', '$skip', '$match', '$project', '$addFields', '$set'].some((k) => s.props.has(k))) return false;
  }
  return grouped;
}

function addsUp(v: Value): boolean {
  if (v.t !== 'obj' || v.props.size !== 1) return false;
  const [how] = [...v.props.keys()];
  return /^\$(sum|avg|count|min|max|stdDevPop|stdDevSamp)$/.test(how ?? '');
}

function isHeap(v: Value, depth: number): boolean {
  const text = asString(v);
  if (text !== null) return !text.startsWith('$$') && !NAMES.test(text.slice(text.lastIndexOf('.') + 1));
  if (v.t === 'const') return true;
  if (v.t !== 'obj' || v.open || depth === 0) return false;
  return [...v.props].every(([k, p]) => /^\$(dateToString|year|month|week|isoWeek|dayOfMonth|dayOfWeek|dayOfYear|hour|dateTrunc)$/.test(k) || isHeap(p, depth - 1));
}

const ADDS_UP = /^(coalesce|ifnull|isnull|nullif|round|cast|floor|ceil|to_char|json_build_object)?\s*\(*\s*(count|sum|avg|min|max)\s*\(/i;
const BY_DATE = /^(date|date_trunc|date_format|to_char|strftime|extract|year|month|day|week|hour)\s*\(/i;

/** A `select` each of whose columns adds up rows or sorts them into heaps that name nobody. */
function sumsUp(text: string): boolean {
  const statement = text.trimStart();
  const from = statement.search(/\sfrom\s/i);
  if (from < 0 || !/^select\s/i.test(statement)) return false;
  let found = false;
  for (const column of columnsIn(statement.slice('select'.length, from).trim())) {
    if (ADDS_UP.test(column)) found = true;
    else if (!BY_DATE.test(column) && !isHeapColumn(column.replace(/\s+(as\s+)?["`]?\w+["`]?$/i, '').replace(/^.*\./, '').replace(/["`]/g, ''))) return false;
  }
  return found;
}

function isHeapColumn(name: string): boolean {
  return HEAP.test(name) || POINTS_AT.test(name);
}

/** Split at the commas that stand in no parentheses. */
function columnsIn(list: string): readonly string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i] === '(') depth++;
    else if (list[i] === ')') depth--;
    else if (list[i] === ',' && depth === 0) {
      out.push(list.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...out, list.slice(from).trim()];
}

// ------------------------------------------------------------------------------------------------ whom a message goes to

/** The message names whom it goes to, and every address is one that stands in the code or in the environment. */
export function goesToUs(args: readonly Value[]): boolean {
  const message = args.find((a) => a.t === 'obj');
  if (message?.t !== 'obj' || message.open) return false;
  const to = ['to', 'recipient', 'recipients', 'cc', 'bcc'].flatMap((k) => message.props.get(k) ?? []);
  return to.length > 0 && to.every(isFixed);
}

function isFixed(v: Value): boolean {
  if (v.t === 'arr') return !v.open && v.items.length > 0 && v.items.every(isFixed);
  if (v.t === 'obj') return !v.open && v.props.size > 0 && [...v.props.values()].every(isFixed);
  if (v.t === 'union') return v.of.every((m) => isFixed(m.value));
  return v.t === 'env' || (v.t === 'const' && typeof v.v === 'string');
}
