/**
 * What a call has done, kept for the rest of an endpoint's run: helpers that write a log line, make a client or keep
 * count are called dozens of times by one handler, and running them again with the same values in the same situation
 * says nothing new. Of calls that leave nothing in the trace at all, what they return is kept for other endpoints too.
 *
 * Only functions of a module's top level are kept, whose variables no endpoint's run writes to, called with values that
 * nothing can be told of but what is compared here, and only where the run left nothing behind but records in the trace
 * and its own result. Whatever a call leaves besides spoils its summary. `test/model/summaries.test.ts` holds runs with
 * summaries to runs without.
 */
import type { FunctionFact } from '../core/facts';
import type { Interpreter, State } from './interpreter';
import type { Location, RelPath } from '../core/types';
import type { SinkRecord, Trace } from './trace';
import type { FnValue, Mark, Origin, Value } from './values';

/** All that a call sees besides its values. */
interface Situation {
  readonly state: State;
  readonly loopDepth: number;
  readonly inMiddleware: boolean;
  readonly incidental: boolean;
  readonly conditional: boolean;
  /** What of the trace so far decides how later work is read. */
  readonly seen: string;
}

interface Summary {
  readonly before: Situation;
  readonly after: State;
  readonly value: Value;
  readonly records: Pick<Trace, (typeof LISTS)[number]>;
  readonly fakes: Trace['fakes'];
  readonly pathRead: boolean;
  /** Functions that have run, this one included, and how deep they were nested. */
  readonly ran: ReadonlySet<FunctionFact>;
  readonly depth: number;
  /** Of the run's budget: a run ends where it would without summaries, whatever ran before it. */
  readonly cost: number;
}

/** A call that left no trace, whatever the situation. */
interface Quiet {
  readonly value: Value;
  readonly deps: ReadonlySet<RelPath>;
  readonly runs: ReadonlySet<number>;
  readonly ran: ReadonlySet<FunctionFact>;
  readonly depth: number;
  readonly cost: number;
}

interface Recording {
  /** The interpreter's clock when it began: variables made later are the call's own. */
  readonly since: number;
  /** Calls around it. */
  readonly base: number;
  readonly ran: Set<FunctionFact>;
  /** Calls within it, one upon another, itself included. */
  depth: number;
  spoiled: boolean;
  /** It has said something of the endpoint that is no record in a list. */
  told: boolean;
}

/** Lists of the trace to which each call adds; the others keep what they have been told once. */
const LISTS = ['sinks', 'replies', 'denials', 'unknownGuards', 'uploads', 'limiters'] as const;

/** How a function has done so far. Summaries change nothing that is said, so whether they are used is free to hang on this. */
interface Score {
  calls: number;
  /** Calls of which a summary was looked for, and those of which one fitted. */
  tries: number;
  hits: number;
}

/** After so many tries at least one in three has to have fitted. */
const TRIAL = 12;

/** Beyond this, telling values apart costs more than running the call. */
const MAX_DEPTH = 4;
const MAX_PARTS = 24;

export class Summaries {
  /** Most functions are called no more often than this: nothing is kept of them. Tests set it to 0. */
  static rare = 4;
  private readonly kept = new Map<string, Summary>();
  private readonly quiet = new Map<string, Quiet>();
  private readonly recordings: Recording[] = [];
  private readonly scores = new WeakMap<FunctionFact, Score>();
  private readonly ids = new WeakMap<object, number>();
  private idCount = 0;
  /** Of objects that were made while a call was recorded: the clock then. */
  private readonly births = new WeakMap<object, number>();
  /** Grows whenever a validator or a check sees more, or code puts something into a row. */
  private changes = 0;

  constructor(private readonly it: Interpreter) {}

  /** A new run begins. */
  reset(): void {
    this.kept.clear();
    this.recordings.length = 0;
    this.changes = 0;
  }

  get recording(): boolean {
    return this.recordings.length > 0;
  }

  /** The call's result: as it was in the same situation, or by running it. `stack`: the calls around it; `clock`: the interpreter's. */
  call(fn: FnValue, fact: FunctionFact, args: readonly Value[], self: Value | null, stack: readonly { readonly fn: FunctionFact }[], clock: number, run: () => Value): Value {
    const score = this.scoreOf(fact);
    score.calls++;
    if (score.calls <= Summaries.rare || (score.tries >= TRIAL && score.hits * 3 < score.tries)) return run();
    score.tries++;
    const key = this.keyOf(fn, args, self);
    if (key === null) return run();
    const fits = (s: Quiet | Summary): boolean => s.cost < this.it.fuel && stack.length + s.depth < this.it.maxCallDepth && !stack.some((f) => s.ran.has(f.fn));
    const quietKey = this.quietKey(key);
    const quiet = quietKey === null ? undefined : this.quiet.get(quietKey);
    if (quiet && fits(quiet)) {
      score.hits++;
      return this.repeat(quiet, stack.length);
    }
    const before = this.situation();
    const known = this.kept.get(key);
    if (known && sameSituation(known.before, before) && fits(known)) {
      score.hits++;
      return this.replay(known, stack.length);
    }
    const trace = this.it.trace!;
    const lengths = LISTS.map((list) => trace[list].length);
    const others = this.others(trace);
    const fakes = trace.fakes.length;
    const { pathRead, deps, runs, fuel } = this.it;
    this.it.pathRead = false;
    this.it.deps = new Set();
    this.it.runs = new Set();
    const recording: Recording = { since: clock, base: stack.length, ran: new Set([fact]), depth: 1, spoiled: false, told: false };
    this.recordings.push(recording);
    const value = run();
    this.recordings.pop();
    const readsPath = this.it.pathRead;
    this.it.pathRead ||= pathRead;
    const read = this.it.deps;
    this.it.deps = deps;
    for (const file of read) deps.add(file);
    const within = this.it.runs;
    this.it.runs = runs;
    for (const key of within) runs.add(key);
    this.within(recording.ran, recording.depth, stack.length);
    if (recording.spoiled || !this.it.state.alive || this.others(trace) !== others || LISTS.some((list, i) => trace[list].length < lengths[i]!)) return value;
    // An answer names the very records that it shows: copies of them would not be those.
    if (trace.replies.slice(lengths[LISTS.indexOf('replies')]).some(({ holds }) => holds.rows.size + holds.figures.size + holds.ids.size + holds.whole.size > 0)) return value;
    const kept = copyOf(value, this, recording.since);
    if (kept === null) return value;
    const cost = fuel - this.it.fuel;
    if (quietKey !== null && !recording.told && !readsPath && trace.fakes.length === fakes && LISTS.every((list, i) => trace[list].length === lengths[i]) && sameState(before.state, this.it.state)) {
      this.quiet.set(quietKey, { value: kept, deps: read, runs: within, ran: recording.ran, depth: recording.depth, cost });
      return value;
    }
    const added = LISTS.map((list, i) => [list, list === 'sinks' ? trace.sinks.slice(lengths[i]).map(copyOfSink) : trace[list].slice(lengths[i])] as const);
    this.kept.set(key, { before, after: this.it.state, value: kept, records: Object.fromEntries(added) as unknown as Summary['records'], fakes: trace.fakes.slice(fakes), pathRead: readsPath, ran: recording.ran, depth: recording.depth, cost });
    return value;
  }

  private scoreOf(fact: FunctionFact): Score {
    let score = this.scores.get(fact);
    if (!score) this.scores.set(fact, (score = { calls: 0, tries: 0, hits: 0 }));
    return score;
  }

  private repeat(q: Quiet, base: number): Value {
    for (const file of q.deps) this.it.deps.add(file);
    for (const key of q.runs) this.it.runs.add(key);
    this.it.fuel -= q.cost;
    this.within(q.ran, q.depth, base);
    return copyOf(q.value, this, -1)!;
  }

  private replay(s: Summary, base: number): Value {
    const { it } = this;
    const trace = it.trace!;
    for (const list of LISTS) (trace[list] as unknown[]).push(...(list === 'sinks' ? s.records.sinks.map(copyOfSink) : s.records[list]));
    for (const f of s.fakes) it.fake(f);
    if (s.pathRead) it.pathRead = true;
    it.fuel -= s.cost;
    this.within(s.ran, s.depth, base);
    // What the call left as it was is left as it is.
    const now = it.state;
    const { verified, roles } = s.after;
    it.state = { ...s.after, verified: sameList(verified, s.before.state.verified) ? now.verified : verified, roles: sameList(roles, s.before.state.roles) ? now.roles : roles };
    return copyOf(s.value, this, -1)!;
  }

  // ---------------------------------------------------------------------------------------------- what spoils a summary

  /** Something outlives the calls that are recorded, or comes from further outside than is compared. */
  spoil(): void {
    for (const r of this.recordings) r.spoiled = true;
  }

  /** Variables or an object are written to. `birth`: the clock when the variables were made. */
  wrote(map: object, birth: number | null): void {
    const born = birth ?? this.births.get(map) ?? 0;
    for (const r of this.recordings) if (born <= r.since) r.spoiled = true;
  }

  /** An object is made. */
  born(map: object, clock: number): void {
    this.births.set(map, clock);
  }

  bornSince(map: object, clock: number): boolean {
    return (this.births.get(map) ?? 0) > clock;
  }

  /** A function runs, with so many calls around it. */
  ran(fact: FunctionFact, base: number): void {
    const r = this.recordings[this.recordings.length - 1];
    if (!r) return;
    r.ran.add(fact);
    r.depth = Math.max(r.depth, base - r.base + 1);
  }

  /** These have run within the call that is recorded. */
  private within(ran: ReadonlySet<FunctionFact>, depth: number, base: number): void {
    const r = this.recordings[this.recordings.length - 1];
    if (!r) return;
    for (const f of ran) r.ran.add(f);
    r.depth = Math.max(r.depth, base - r.base + depth);
  }

  /** A validator or a check has seen something, or code has put something into a row. */
  changed(): void {
    this.changes++;
    this.spoil();
  }

  /** Something is said of the endpoint that the trace notes once, however often it is said. */
  told(): void {
    for (const r of this.recordings) r.told = true;
  }

  /** The file's code is another now. */
  forget(file: RelPath): void {
    for (const [key, quiet] of this.quiet) if (quiet.deps.has(file)) this.quiet.delete(key);
  }

  /** What must be as before once a call has ended. */
  private others(t: Trace): string {
    return `${t.origins.length},${t.methods.size},${t.chainValidated.size},${t.validators},${t.exhausted},${this.it.nexts.length},${this.it.scopes.length}`;
  }

  private situation(): Situation {
    const { it } = this;
    const t = it.trace!;
    const read = new Set<string>();
    let writes = false;
    for (const s of t.sinks) {
      if (s.kind === 'db-read' && s.target !== null) read.add(s.target);
      else if (s.kind === 'db-write') writes = true;
    }
    return { state: it.state, loopDepth: it.loopDepth, inMiddleware: it.inMiddleware, incidental: it.incidental, conditional: it.conditional > 0, seen: `${[...read].join()}|${writes}|${this.changes}|${t.validators}|${t.chainValidated.size}` };
  }

  // ---------------------------------------------------------------------------------------------- which call it is

  private idOf(v: object): number {
    let id = this.ids.get(v);
    if (id === undefined) this.ids.set(v, (id = ++this.idCount));
    return id;
  }

  /** What request data counts for once something of it was checked is for this run to say. */
  private quietKey(key: string): string | null {
    const t = this.it.trace!;
    const asChecked = this.changes > 0 || t.validators > 0 || t.chainValidated.size > 0;
    if (asChecked && /\x01(?:mark|input):/.test(key)) return null;
    const { verified, roles, denied, soft, absent, bypass } = this.it.state;
    // On such paths more is made of a test than its two sides.
    if (roles.length > 0 || denied || soft || absent || bypass) return null;
    return verified.length === 0 ? key : `${key}\x01`;
  }

  /** null: a call of which no summary is kept. */
  private keyOf(fn: FnValue, args: readonly Value[], self: Value | null): string | null {
    if (fn.env.parent !== null || fn.bound.length > 0 || fn.gives !== undefined) return null;
    const out: string[] = [fn.file, String(fn.id)];
    const own = fn.self ?? self;
    if (own !== null && !this.describe(own, out, 0)) return null;
    out.push('(');
    for (const a of args) if (!this.describe(a, out, 0)) return null;
    return out.join('\x01');
  }

  /** Adds a text that two values share exactly when no call can tell them apart; false: there is none. */
  private describe(v: Value, out: string[], depth: number): boolean {
    if (depth > MAX_DEPTH || out.length > 200) return false;
    switch (v.t) {
      case 'const':
        out.push(`${typeof v.v}:${String(v.v)}`);
        return true;
      case 'unk':
        out.push(`unk:${v.hint}:${v.ownPath ?? false}:${v.worked ?? ''}:${v.from ? this.idOf(v.from) : 0}`);
        describeMarks(v.marks, out);
        return true;
      case 'input':
        out.push(`input:${v.source}:${v.path.join('.')}:${placeOf(v.at)}`);
        describeMarks(v.marks, out);
        return true;
      case 'env':
        out.push(`env:${v.name}:${v.text ?? ''}`);
        return true;
      case 'sym':
        if (v.sink || v.idents) return false;
        out.push(`sym:${v.pkg}:${v.name}:${v.shape}:${v.links.length === 0 ? 0 : this.idOf(v.links)}`);
        describeMarks(v.marks, out);
        return true;
      case 'fn':
        if (v.env.parent !== null || v.self || v.bound.length > 0 || v.gives !== undefined) return false;
        out.push(`fn:${v.file}:${v.id}`);
        return true;
      case 'obj':
        if (this.it.isShared(v)) {
          out.push(`shared:${this.idOf(v.props)}`);
          return true;
        }
        if (v.cls || v.props.size > MAX_PARTS) return false;
        out.push(v.open ? 'obj+' : 'obj', String(v.props.size));
        describeMarks(v.marks ?? [], out);
        for (const [name, value] of v.props) {
          out.push(name);
          if (!this.describe(value, out, depth + 1)) return false;
        }
        return true;
      case 'arr':
        if (v.items.length > MAX_PARTS) return false;
        out.push(v.open ? 'arr+' : 'arr', String(v.items.length));
        describeMarks(v.marks ?? [], out);
        return v.items.every((i) => this.describe(i, out, depth + 1));
      case 'union':
        out.push('union', String(v.of.length));
        return v.of.every((m) => m.ver.length === 0 && !m.absent && m.roles === undefined && this.describe(m.value, out, depth + 1));
      case 'promise':
        if (v.gains.length > 0) return false;
        out.push('promise');
        return this.describe(v.of, out, depth + 1);
      default:
        // Requests, identities, whatever more can be told of than its text.
        return false;
    }
  }
}

function describeMarks(marks: readonly Mark[], out: string[]): void {
  for (const m of marks) out.push(`mark:${m.source}:${m.field}:${m.validated}:${m.numeric ?? false}:${m.text ?? false}:${m.piece ?? false}:${m.bounded ?? false}:${placeOf(m.at)}`);
}

function placeOf(at: Location): string {
  return `${at.file}:${at.span.start}:${at.span.end}`;
}

function sameSituation(a: Situation, b: Situation): boolean {
  return a.loopDepth === b.loopDepth && a.inMiddleware === b.inMiddleware && a.incidental === b.incidental && a.conditional === b.conditional && a.seen === b.seen && sameState(a.state, b.state);
}

/** Field by field, whatever fields there are: one that nobody thought of here must not make two paths one. */
function sameState(a: State, b: State): boolean {
  return a === b || (Object.keys(a) as (keyof State)[]).every((k) => a[k] === b[k] || (Array.isArray(a[k]) && Array.isArray(b[k]) && sameList(a[k], b[k])));
}

function sameList(a: readonly (Origin | string)[], b: readonly (Origin | string)[]): boolean {
  return a === b || (a.length === b.length && a.every((x, i) => x === b[i]));
}

/** The trace changes its records as a query grows: each summary and each replay has its own. */
function copyOfSink(s: SinkRecord): SinkRecord {
  return { ...s, marks: [...s.marks], ...(s.pins ? { pins: [...s.pins] } : {}) };
}

/**
 * A copy that nobody else holds. null: a part of it was there before the call (`since`; -1: not asked), so that it is more
 * than what it holds, or is a record of the trace.
 */
function copyOf(v: Value, summaries: Summaries, since: number, copied = new Map<object, Value>()): Value | null {
  switch (v.t) {
    case 'unk':
      return v.from ? null : v;
    case 'const':
    case 'env':
    case 'input':
    case 'schema':
      return v;
    case 'sym':
      // What code puts into a row is kept by the row.
      return v.sink ? null : { ...v };
    case 'fn':
      return v.env.parent === null ? v : null;
    case 'bool':
      return v;
    case 'promise': {
      const of = copyOf(v.of, summaries, since, copied);
      return of && { ...v, of };
    }
    case 'union': {
      const of = [];
      for (const m of v.of) {
        const value = copyOf(m.value, summaries, since, copied);
        if (!value) return null;
        of.push({ ...m, value });
      }
      return { ...v, of };
    }
    case 'arr': {
      const items = [];
      for (const i of v.items) {
        const item = copyOf(i, summaries, since, copied);
        if (!item) return null;
        items.push(item);
      }
      return { ...v, items };
    }
    case 'obj': {
      const known = copied.get(v.props);
      if (known) return known;
      if (v.cls || (since >= 0 && !summaries.bornSince(v.props, since))) return null;
      const props = new Map<string, Value>();
      const copy: Value = { ...v, props };
      copied.set(v.props, copy);
      for (const [name, value] of v.props) {
        const one = copyOf(value, summaries, since, copied);
        if (!one) return null;
        props.set(name, one);
      }
      return copy;
    }
    default:
      return null;
  }
}
