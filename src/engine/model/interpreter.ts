/**
 * Runs the IR abstractly. The same engine evaluates a module's top level (which routers exist, what is mounted where)
 * and an endpoint's chain (is the caller verified before the work, which raw input reaches which sink).
 * Branches are both taken and joined; loops run once; every run has a budget.
 */
import type { Expr, FunctionFact, Pattern, ScriptFacts, Stmt } from '../core/facts';
import type { EnvLeak, FakeGuard, InputRead } from '../core/model';
import type { Location, ProjectOptions, RelPath } from '../core/types';
import { bagGet, inputChild } from './bags';
import { calleeName, endsWithBreak, looksIntoCache, onlyLogs, settersOf } from './code';
import { Containers, type Wired } from './containers';
import { keptSecretIn } from './answers';
import { asksWhetherAnybodyIsThere } from './first-run';
import { invoke } from './invoke';
import type { ModuleGraph } from './modules';
import { PageCache, PrefixCache } from './prefixes';
import { bothRoles, eitherRole, isRole, isRowRole, roleName, rolesOf } from './roles';
import { RowRuleBook } from './row-rules';
import { Summaries } from './summaries';
import { DIFFERENCE, about, asked, differenceIn, falsyOf, fromClient, fulfilled, headOf, isBoolish, isSum, marksOfParts, oneOf, partOf, secretIn, startsAtOwnPath, summed, textOf, typeOf, withAbout } from './telling';
import type { SinkRecord, Trace } from './trace';
import {
  type ClsValue, type Env, type FnValue, type Mark, type Member, NULL, type ObjValue, type Origin, type Scope, type SymValue, UNDEFINED, type Value, asString, asText, constant, get, isCredential, isKeyedDigest, isNullish, join, marksOf, meetProofs, mergeMarks,
  partOfAnswer, refinement, sourceOf, symbol, truthiness, union, unknown, worked,
} from './values';

/** What a framework adds to the interpreter. */
export interface FrameworkHooks {
  readonly id: string;
  /** A call of an external symbol that creates a scope (`express()`); null: not ours. */
  create?(pkg: string | null, shape: string, args: readonly Value[], at: Location, it: Interpreter): Value | null;
  /** A method call on a scope of this framework. */
  scopeCall?(scope: Scope, method: string, args: readonly Value[], at: Location, it: Interpreter): Value | null;
}

/** State of the path being run; replaced, never mutated. */
export interface State {
  readonly verified: readonly Origin[];
  readonly alive: boolean;
  /** A denial was sent on this path although it goes on. */
  readonly denied: Location | null;
  /** A test of the identity whose failing side neither ended nor answered the request. */
  readonly soft: Location | null;
  /** `next()` was called. */
  readonly passed: boolean;
  /** The identity is known to be missing here. */
  readonly absent: boolean;
  /** A flag of the client's own opened this path. */
  readonly bypass: Location | null;
  /** Roles of which the caller has one on this path; empty: any. */
  readonly roles: readonly string[];
  /** Whoever comes once there is an account has been refused. */
  readonly nobodyYet: boolean;
}

export const START: State = { verified: [], alive: true, denied: null, soft: null, passed: false, absent: false, bypass: null, roles: [], nobodyYet: false };

/** What a module's variable holds once the program has started, and what reading that took. */
interface Later {
  value: Value | null;
  readonly reads: Set<RelPath>;
}

interface Activation {
  readonly returns: { value: Value; state: State }[];
  readonly fn: FunctionFact;
  readonly file: RelPath;
}

/** Variables of one block; knows when it was made, so that branches journal only what outlives them. */
class Frame extends Map<string, Value> {
  constructor(readonly birth: number) {
    super();
  }
}

const MAX_CALL_DEPTH = 24;
/** Evaluation steps per run: enough for the largest handler seen, small enough that a hostile one costs milliseconds. */
const FUEL = 60_000;
/** Of a list that grows, as many are kept as tell what is in it. */
const MAX_GATHERED = 12;
/** More than there are in any file: it has at most 1.5 million characters (`MAX_SCRIPT_CHARS`). */
const MAX_FUNCTIONS = 1 << 20;

export class Interpreter {
  state: State = START;
  trace: Trace | null = null;
  readonly scopes: Scope[] = [];
  /** Files read in the current run. */
  deps = new Set<RelPath>();
  /** Functions run, and names asked for, since whoever counts them began, as `runKey` and `askKey` say it. */
  runs = new Set<number>();
  fuel = FUEL;
  loopDepth = 0;
  inMiddleware = false;
  /** States in which `next()` was called, of the step being run. */
  nexts: State[] = [];
  conditional = 0;
  /** In the callback of an event that is only a client's own upkeep. */
  incidental = false;
  /** Nothing is assumed of where it runs: what is switched off for customers is looked at too. */
  anywhere = false;
  /** A gateway in front has verified the caller's token, which the public key is one of. */
  gateway = false;
  /** The run has looked at the request's path or method: what it saw holds for this endpoint only. */
  pathRead = false;
  readonly prefixes = new PrefixCache();
  readonly pages = new PageCache();
  readonly containers = new Containers(this);
  readonly maxCallDepth = MAX_CALL_DEPTH;
  private readonly summaries = new Summaries(this);
  /** All that runs before the handler is known, so that `req.user` is there only if code of the project puts it there. */
  nobodyElse = false;
  rowAt: Location | null = null;
  file: RelPath = '' as RelPath;
  private journal: { map: Map<string, Value>; key: string; had: boolean; old: Value | undefined }[] | null = null;
  private readonly modules = new Map<RelPath, { env: Env; exportsObj: ObjValue; reads: Set<RelPath>; later: Map<string, Later> }>();
  private readonly stack: Activation[] = [];
  private clock = 0;
  private branchStart = 0;
  private originCount = 0;
  private scopeCount = 0;
  /** Property maps of objects that modules made: a run of one endpoint never writes to them. */
  private readonly shared = new WeakSet<Map<string, Value>>();
  private readonly placesByFile = new Map<RelPath, Location[]>();
  /** Names that were asked of a file before any endpoint ran. */
  private readonly asked = new Map<RelPath, Set<string>>();
  /** While the functions run that set a module's variable later: what they have put there. */
  private setting: { readonly env: Env; readonly name: string; readonly values: Value[] } | null = null;
  /** What the current run has put into rows and statements. */
  private filled = new WeakMap<object, Value[]>();
  private readonly topRuns = new Map<RelPath, Set<number>>();
  private fileNumbers = new Map<RelPath, number>();
  private askNumbers = new Map<string, number>();
  private readonly ctorCache = new WeakMap<ClsValue, Value>();

  constructor(
    private readonly scripts: (file: RelPath) => ScriptFacts | null,
    readonly graph: ModuleGraph,
    readonly hooks: readonly FrameworkHooks[],
    readonly options: ProjectOptions,
    readonly rowRules: RowRuleBook = new RowRuleBook([]),
  ) {}

  // ---------------------------------------------------------------------------------------------- modules

  script(file: RelPath): ScriptFacts | null {
    this.deps.add(file);
    return this.scripts(file);
  }

  /** The module's top-level frame, evaluated on first use; a cycle sees what has run so far, as in Node. */
  module(file: RelPath): { env: Env; exportsObj: ObjValue } {
    this.deps.add(file);
    const known = this.modules.get(file);
    if (known) {
      // Whoever uses the module depends on all that its top level read, whoever made it run.
      for (const d of known.reads) this.deps.add(d);
      return known;
    }
    const env: Env = { vars: this.frame(), parent: null, file, fn: 0, self: null };
    const exportsObj: ObjValue = { t: 'obj', props: new Map(), open: false, cls: null };
    const entry = { env, exportsObj, reads: new Set<RelPath>([file]), later: new Map<string, Later>() };
    this.modules.set(file, entry);
    const script = this.scripts(file);
    const top = script?.functions[0];
    if (!script || !top) return entry;
    env.vars.set('module', { t: 'obj', props: new Map<string, Value>([['exports', exportsObj]]), open: true, cls: null });
    env.vars.set('exports', exportsObj);
    this.apart(entry.reads, file, () => {
      this.stack.push({ returns: [], fn: top, file });
      this.block(top.body, env);
    });
    return entry;
  }

  /** Runs what belongs to no endpoint, whoever made it run: from a fresh state, with a budget and a stack of its own. */
  apart<T>(reads: Set<RelPath>, file: RelPath, run: () => T): T {
    const saved = this.save();
    const outer = this.deps;
    this.deps = reads;
    this.state = START;
    this.trace = null;
    this.fuel = FUEL * 4;
    this.loopDepth = 0;
    this.conditional = 0;
    this.rowAt = null;
    this.journal = null;
    // On a stack of its own: how deep the code was that needed it first must not decide what it holds.
    const frames = this.stack.splice(0);
    this.file = file;
    const out = run();
    this.stack.length = 0;
    this.stack.push(...frames);
    this.restore(saved);
    this.deps = outer;
    for (const d of reads) outer.add(d);
    return out;
  }

  private save() {
    return { rowAt: this.rowAt, state: this.state, trace: this.trace, fuel: this.fuel, loopDepth: this.loopDepth, conditional: this.conditional, journal: this.journal, file: this.file, nexts: this.nexts, inMiddleware: this.inMiddleware };
  }

  private restore(s: ReturnType<Interpreter['save']>): void {
    Object.assign(this, s);
  }

  exportOf(file: RelPath, name: string, seen: ReadonlySet<string> = new Set()): Value {
    this.noteAsked(file, name);
    const key = `${file}\0${name}`;
    if (seen.has(key)) return unknown(name);
    const next = new Set(seen).add(key);
    const script = this.script(file);
    if (!script) return symbol(null, name);
    const { env } = this.module(file);
    for (const e of script.exports) {
      if (e.kind === 'local' && e.name === name) return this.lookup(e.local, env) ?? unknown(e.local);
      if (e.kind === 'from' && e.name === name) return this.imported(file, e.specifier, e.imported, name, next);
    }
    const exported = this.commonJs(file);
    if (exported) {
      if (name === 'default' || name === '*') return exported;
      return this.member(exported, name, { file, span: { start: 0, end: 0 } });
    }
    const asked = new Set<string>();
    for (const e of script.exports) {
      if (e.kind !== 'star' || asked.has(e.specifier)) continue;
      asked.add(e.specifier);
      const r = this.graph.resolve(file, e.specifier);
      if (r && 'file' in r && this.hasExport(r.file, name, next)) return this.exportOf(r.file, name, next);
    }
    return name === '*' ? this.namespace(file) : unknown(name);
  }

  private commonJs(file: RelPath): Value | null {
    if (!this.scripts(file)?.isCommonJs) return null;
    const m = this.module(file).env.vars.get('module');
    const value = m?.t === 'obj' ? m.props.get('exports') : undefined;
    return value ?? null;
  }

  /** Names a module exports, `export *` followed. */
  exportNames(file: RelPath, seen: Set<RelPath> = new Set()): string[] {
    if (seen.has(file)) return [];
    seen.add(file);
    this.noteAsked(file, '*');
    return (this.script(file)?.exports ?? []).flatMap((e) => {
      if (e.kind !== 'star') return [e.name];
      const r = this.graph.resolve(file, e.specifier);
      return r && 'file' in r ? this.exportNames(r.file, seen) : [];
    });
  }

  private hasExport(file: RelPath, name: string, seen: ReadonlySet<string>): boolean {
    this.noteAsked(file, name);
    if (seen.has(`has\0${file}`)) return false;
    const script = this.script(file);
    if (!script) return false;
    const next = new Set(seen).add(`has\0${file}`);
    return script.exports.some((e) => {
      if (e.kind !== 'star') return e.name === name;
      const r = this.graph.resolve(file, e.specifier);
      return r !== null && 'file' in r && this.hasExport(r.file, name, next);
    });
  }

  namespace(file: RelPath): Value {
    return { t: 'bag', kind: 'context', framework: `module:${file}`, props: new Map() };
  }

  imported(from: RelPath, specifier: string, name: string, local: string, seen?: ReadonlySet<string>): Value {
    const r = this.graph.resolve(from, specifier);
    // A client that a generator writes and nobody commits.
    if (r === null) return name === 'PrismaClient' || (name === 'Prisma' && /prisma/i.test(specifier)) ? symbol('@prisma/client', name) : symbol(null, local);
    if ('package' in r) return symbol(r.package, name === 'default' || name === '*' ? '' : name);
    if (name === '*') {
      const cjs = this.script(r.file)?.isCommonJs ? this.commonJs(r.file) : null;
      return cjs ?? this.namespace(r.file);
    }
    return this.exportOf(r.file, name, seen);
  }

  require(specifier: string, hint: string): Value {
    const r = this.graph.resolve(this.file, specifier);
    if (r === null) return symbol(null, hint);
    if ('package' in r) return symbol(r.package, '');
    this.module(r.file);
    return this.commonJs(r.file) ?? this.namespace(r.file);
  }

  // ---------------------------------------------------------------------------------------------- variables

  lookup(name: string, env: Env): Value | null {
    let file: RelPath = env.file;
    for (let e: Env | null = env; e; e = e.parent) {
      const v = e.vars.get(name);
      if (v) return e.parent === null && this.trace ? this.setLater(e, name, v) : v;
      file = e.file;
    }
    const script = this.scripts(file);
    for (const i of script?.imports ?? []) {
      for (const n of i.names) if (n.local === name && !n.typeOnly && !i.typeOnly) return this.imported(file, i.specifier, n.imported, n.local);
    }
    // Declared below in the module (function bodies run later than they stand), or in a module still being evaluated.
    if (script) {
      const top = script.functions[0];
      for (const s of top?.body ?? []) {
        if (s.k === 'fndecl' && s.name === name) return { t: 'fn', file, id: s.id, env: this.module(file).env, self: null, bound: [] };
        if (s.k === 'classdecl' && s.name === name) return this.classValue(file, s.id, this.module(file).env);
      }
    }
    return null;
  }

  /**
   * `let pool = null`, which a function of the module sets when the program starts: an endpoint runs after that, so it sees
   * what is set. The module itself stays as it is: what one endpoint has looked at must not decide what the next one sees.
   */
  private setLater(env: Env, name: string, now: Value): Value {
    const entry = this.modules.get(env.file);
    const script = this.scripts(env.file);
    if (!entry || entry.env !== env || !script || !isNullish(now)) return now;
    let later = entry.later.get(name);
    if (!later) {
      entry.later.set(name, (later = { value: null, reads: new Set() }));
      const values: Value[] = [];
      const outer = this.setting;
      this.setting = { env, name, values };
      for (const id of settersOf(script).get(name) ?? []) this.apart(later.reads, env.file, () => this.callFn({ t: 'fn', file: env.file, id, env, self: null, bound: [] }, [], null));
      this.setting = outer;
      const set = values.filter((v) => !isNullish(v));
      later.value = set.length > 0 ? union(set.map((value) => ({ value, ver: [] }))) : null;
    }
    for (const d of later.reads) this.deps.add(d);
    return later.value ?? now;
  }

  /** Code runs whose effects are only looked at: it registers nothing. */
  get looking(): boolean {
    return this.setting !== null;
  }

  private frame(): Frame {
    return new Frame(++this.clock);
  }

  write(map: Map<string, Value>, key: string, value: Value): void {
    // A frame younger than the branch dies with it: nothing to take back.
    if (this.journal && !(map instanceof Frame && map.birth > this.branchStart)) this.journal.push({ map, key, had: map.has(key), old: map.get(key) });
    if (this.summaries.recording) this.summaries.wrote(map, map instanceof Frame ? map.birth : null);
    map.set(key, value);
  }

  /** A module made the object: no endpoint's run writes to it. */
  isShared(obj: ObjValue): boolean {
    return this.shared.has(obj.props);
  }

  private assignName(name: string, value: Value, env: Env): void {
    for (let e: Env | null = env; e; e = e.parent) {
      if (e.vars.has(name)) {
        if (this.setting?.env === e) {
          // Every way in which it is set counts, also one that ends in a return; nothing else changes by looking.
          if (this.setting.name === name) this.setting.values.push(value);
          return;
        }
        // A run of one endpoint must not change what another sees in a module variable.
        if (e.parent === null && this.trace) return;
        this.write(e.vars, name, value);
        return;
      }
    }
    this.write(env.vars, name, value);
  }

  bind(p: Pattern, value: Value, env: Env, declare: boolean): void {
    const v = p.init && (isNullish(value) || value.t === 'union') ? (isNullish(value) ? this.expr(p.init, env) : union([{ value, ver: [] }, { value: this.expr(p.init, env), ver: [] }])) : value;
    const at = this.at(p.s, p.e);
    switch (p.k) {
      case 'name':
        if (declare) this.write(env.vars, p.name, v);
        else this.assignName(p.name, v, env);
        return;
      case 'obj': {
        for (const prop of p.props) this.bind(prop.value, prop.key === null ? unknown('', marksOf(v)) : this.member(v, prop.key, at), env, declare);
        if (p.rest) {
          const rest: Value = v.t === 'obj' ? { ...v, props: new Map([...v.props].filter(([k]) => !p.props.some((x) => x.key === k))) } : v;
          if (declare) this.write(env.vars, p.rest, rest);
          else this.assignName(p.rest, rest, env);
        }
        return;
      }
      case 'arr': {
        p.items.forEach((item, i) => {
          if (item) this.bind(item, v.t === 'arr' && !v.open ? (v.items[i] ?? UNDEFINED) : this.element(v), env, declare);
        });
        if (p.rest) this.write(env.vars, p.rest, v);
        return;
      }
      case 'rest':
        this.bind(p.value, v, env, declare);
        return;
      case 'target':
        this.assignTo(p.expr, v, env);
    }
  }

  private assignTo(x: Expr, value: Value, env: Env): void {
    if (x.k === 'mem') {
      const obj = this.expr(x.obj, env);
      this.setMember(obj, x.prop, value);
    } else if (x.k === 'idx') {
      const obj = this.expr(x.obj, env);
      const key = asString(this.expr(x.index, env));
      if (key !== null) this.setMember(obj, key, value);
      else if (obj.t === 'obj') this.setMember(obj, '*', value);
    }
  }

  private setMember(obj: Value, name: string, value: Value): void {
    if (this.trace && !this.inMiddleware && obj.t === 'obj' && obj.cls === null && this.shared.has(obj.props) && marksOf(value).some((m) => m.source !== 'headers')) this.does('changes-memory');
    if ((this.trace || this.setting) && (obj.t === 'cls' || obj.t === 'scope' || (obj.t === 'obj' && this.shared.has(obj.props)))) return;
    // `res.json = function (body) { …; return original.call(res, body); }`: whoever notes what is sent sends it all the same.
    if (obj.t === 'bag' && obj.kind === 'response' && value.t === 'fn' && /^(json|send|end|jsonp|write|status|redirect)$/.test(name)) return;
    // What stands there unless code replaces it: a branch that does not is joined with one that does.
    if (obj.t === 'bag' && obj.kind === 'request' && !obj.props.has(name) && (name === 'body' || name === 'query' || name === 'params')) obj.props.set(name, bagGet(this, obj, name, this.at(0, 0)));
    if (this.trace && !this.inMiddleware && obj.t === 'bag' && obj.framework === 'identity' && SAYS_WHO.test(name) && !isNullish(value)) this.does('session-set');
    if (obj.t === 'obj' || obj.t === 'bag') this.write(obj.props, name, value);
    else if (obj.t === 'cls') this.write(obj.statics, name, value);
    else if (obj.t === 'scope') this.write(obj.scope.props, name, value);
    else if (obj.t === 'fn' && obj.props) this.write(obj.props, name, value);
    else if (obj.t === 'sym' && this.trace) this.fill(obj, [{ t: 'obj', props: new Map([[name, value]]), open: false, cls: null }]);
    else if (obj.t === 'union') for (const m of obj.of) if (m.value.t === 'bag' || m.value.t === 'obj' || m.value.t === 'sym') this.setMember(m.value, name, value);
  }

  /** Values that code puts into a row it has found or made, to save it later. */
  fill(row: SymValue, values: readonly Value[]): void {
    this.summaries.changed();
    const key = row.sink ?? row;
    const known = this.filled.get(key);
    if (known) known.push(...values);
    else this.filled.set(key, [...values]);
  }

  filledInto(row: SymValue): readonly Value[] {
    return this.filled.get(row.sink ?? row) ?? [];
  }

  // ---------------------------------------------------------------------------------------------- paths

  at(s: number, e: number): Location {
    return this.place(this.file, s, e);
  }

  /** A place that values may carry. Those of module top levels are kept: they move with edits (`moveTo`). */
  place(file: RelPath, start: number, end: number): Location {
    const at: Location = { file, span: { start, end } };
    if (!this.trace) {
      const list = this.placesByFile.get(file);
      if (list) list.push(at);
      else this.placesByFile.set(file, [at]);
    }
    return at;
  }

  /** Places of this file that values hold which were there before any endpoint ran. */
  placesIn(file: RelPath): readonly Location[] {
    return this.placesByFile.get(file) ?? [];
  }

  /** Functions of this file that have run to make modules what they are. */
  ranAtTop(file: RelPath): ReadonlySet<number> {
    return this.topRuns.get(file) ?? NO_RUNS;
  }

  /** One number a function. */
  runKey(file: RelPath, id: number): number {
    let number = this.fileNumbers.get(file);
    if (number === undefined) this.fileNumbers.set(file, (number = this.fileNumbers.size));
    return number * MAX_FUNCTIONS + id;
  }

  /** One number a name that a file was asked for while an endpoint ran; no function's. */
  askKey(file: RelPath, name: string): number {
    const key = `${file}\0${name}`;
    let number = this.askNumbers.get(key);
    if (number === undefined) this.askNumbers.set(key, (number = -1 - this.askNumbers.size));
    return number;
  }

  /** What another linking has counted counts for this one, too. */
  numberLike(other: Interpreter): void {
    this.fileNumbers = other.fileNumbers;
    this.askNumbers = other.askNumbers;
  }

  private noteAsked(file: RelPath, name: string): void {
    if (this.trace) {
      this.runs.add(this.askKey(file, name));
      return;
    }
    const names = this.asked.get(file);
    if (names) names.add(name);
    else this.asked.set(file, new Set([name]));
  }

  /** Somebody looks at all that this file exports, whatever it is called. */
  asksForAll(file: RelPath): void {
    this.noteAsked(file, '*');
  }

  /** Something outside the file looks at what it exports under that name. */
  isAsked(file: RelPath, name: string): boolean {
    const names = this.asked.get(file);
    return names !== undefined && (names.has('*') || names.has(name));
  }

  /** The constants of the file's top level that are called so are what these declarations make them; `gone`: places in the old ones. */
  redeclare(file: RelPath, names: readonly string[], declarations: readonly Stmt[], gone: ReadonlySet<Location>): void {
    const known = this.modules.get(file);
    if (!known) return;
    this.placesByFile.set(file, this.placesIn(file).filter((at) => !gone.has(at)));
    for (const name of names) known.env.vars.delete(name);
    this.apart(known.reads, file, () => this.block(declarations, known.env));
  }

  /** Nothing outside the file would notice that a function of its top level is called something else. */
  canRename(file: RelPath, from: string, to: string): boolean {
    const exports = this.scripts(file)?.exports ?? [];
    return !this.isAsked(file, from) && !this.isAsked(file, to) && exports.every((e) => e.kind !== 'local' || e.local !== to || e.name === to);
  }

  rename(file: RelPath, from: string, to: string): void {
    const vars = this.modules.get(file)?.env.vars;
    if (!vars?.has(from)) return;
    const entries = [...vars];
    vars.clear();
    for (const [name, value] of entries) vars.set(name === from ? to : name, value);
  }

  /** What running endpoints through this file has shown is forgotten. */
  forget(file: RelPath): void {
    this.prefixes.forget(file);
    this.pages.forget(file);
    this.summaries.forget(file);
  }

  verify(origins: readonly Origin[]): void {
    if (origins.length === 0) return;
    for (const o of origins) o.tested = true;
    this.state = { ...this.state, verified: join(this.state.verified, origins) };
  }

  origin(kind: Origin['kind'], name: string, at: Location): Origin {
    const o: Origin = { id: ++this.originCount, kind, name, at, tested: false, throws: false };
    this.trace?.origins.push(o);
    return o;
  }

  newScope(framework: string, kind: Scope['kind'], at: Location): Scope {
    const scope: Scope = { id: ++this.scopeCount, framework, kind, at, registrations: [], props: new Map() };
    this.scopes.push(scope);
    return scope;
  }

  /** Of the endpoint: it signs people in, it asks for a payment … */
  does(what: string): void {
    if (!this.trace) return;
    this.summaries.told();
    this.trace.does.add(what);
  }

  /** An HTTP method, or an action, that code compares with. */
  comparesWith(method: string): void {
    if (!this.trace) return;
    this.summaries.told();
    this.trace.methods.add(method.toUpperCase());
  }

  /** Request data is read. */
  reads(input: InputRead): void {
    const t = this.trace;
    this.summaries.told();
    if (t && !t.inputs.some((i) => i.at.file === input.at.file && i.at.span.start === input.at.span.start && i.field === input.field)) t.inputs.push(input);
  }

  /** A setting of the server's leaves with an answer. */
  leaks(leak: EnvLeak): void {
    const t = this.trace;
    this.summaries.told();
    if (t && !t.envLeaks.some((l) => l.at.file === leak.at.file && l.at.span.start === leak.at.span.start)) t.envLeaks.push(leak);
  }

  fake(fake: FakeGuard): void {
    const t = this.trace;
    this.summaries.told();
    if (t && !t.fakes.some((f) => f.kind === fake.kind && f.at.file === fake.at.file && f.at.span.start === fake.at.span.start)) t.fakes.push(fake);
  }

  /** A validator, or a check as good as one, has seen these parts of the request. */
  /** `formOnly`: of the value only its type or length was asked. */
  checked(marks: readonly Mark[], formOnly = false): void {
    if (!this.trace) return;
    if (marks.length > 0) this.summaries.changed();
    for (const m of marks) {
      const key = m.field ? `${m.source}.${m.field}` : m.source;
      if (!formOnly) this.trace.formOnly.delete(key);
      else if (!this.trace.checked.has(key)) this.trace.formOnly.add(key);
      this.trace.checked.add(key);
    }
  }

  /** Runs alternatives from the same state and joins what they leave; returns each one's value and end state. */
  branch(runs: readonly (() => Value)[]): { value: Value; state: State }[] {
    const base = this.state;
    const outer = this.journal;
    const outerStart = this.branchStart;
    const ends: { value: Value; state: State; writes: Map<Map<string, Value>, Map<string, Value>> | null }[] = [];
    this.conditional++;
    for (const run of runs) {
      this.state = base;
      this.branchStart = ++this.clock;
      const log: NonNullable<typeof this.journal> = [];
      this.journal = log;
      const value = run();
      const writes: Map<Map<string, Value>, Map<string, Value>> | null = log.length > 0 ? new Map() : null;
      for (let i = log.length - 1; i >= 0; i--) {
        const w = log[i]!;
        let m = writes!.get(w.map);
        if (!m) writes!.set(w.map, (m = new Map()));
        if (!m.has(w.key)) m.set(w.key, w.map.get(w.key)!);
        if (w.had) w.map.set(w.key, w.old!);
        else w.map.delete(w.key);
      }
      ends.push({ value, state: this.state, writes });
    }
    this.conditional--;
    this.journal = outer;
    this.branchStart = outerStart;
    const live = ends.filter((e) => e.state.alive);
    if (live.length === 0) {
      this.state = { ...base, alive: false, denied: ends.find((e) => e.state.denied)?.state.denied ?? base.denied, passed: ends.some((e) => e.state.passed) };
      return ends;
    }
    let verified = live[0]!.state.verified;
    for (const e of live) verified = meetProofs(verified, e.state.verified);
    this.state = {
      verified, alive: true,
      denied: live.find((e) => e.state.denied)?.state.denied ?? null,
      soft: live.find((e) => e.state.soft)?.state.soft ?? null,
      passed: live.some((e) => e.state.passed),
      absent: live.every((e) => e.state.absent),
      bypass: live.find((e) => e.state.bypass)?.state.bypass ?? null,
      roles: eitherRole(live.map((e) => e.state.roles)), nobodyYet: live.every((e) => e.state.nobodyYet),
    };
    if (live.every((e) => e.writes === null)) return ends;
    const touched = new Map<Map<string, Value>, Set<string>>();
    for (const e of live) for (const [map, keys] of e.writes ?? []) for (const k of keys.keys()) (touched.get(map) ?? touched.set(map, new Set()).get(map)!).add(k);
    for (const [map, keys] of touched) {
      for (const k of keys) {
        const members: Member[] = live.map((e) => ({ value: e.writes?.get(map)?.get(k) ?? map.get(k) ?? UNDEFINED, ver: e.state.verified.filter((o) => !verified.includes(o)) }));
        this.write(map, k, union(members));
      }
    }
    return ends;
  }

  // ---------------------------------------------------------------------------------------------- statements

  block(body: readonly Stmt[], env: Env): void {
    for (const s of body) if (s.k === 'fndecl' && s.name) this.write(env.vars, s.name, { t: 'fn', file: env.file, id: s.id, env, self: null, bound: [], props: new Map() });
    for (const s of body) {
      if (!this.state.alive) return;
      this.stmt(s, env);
    }
  }

  private stmt(s: Stmt, env: Env): void {
    if (this.fuel-- <= 0) {
      if (this.trace) this.trace.exhausted = true;
      this.state = { ...this.state, alive: false };
      return;
    }
    switch (s.k) {
      case 'expr': {
        const v = this.expr(s.x, env);
        if (v.t === 'promise' && v.gains.length > 0 && s.x.k !== 'await' && this.trace && s.x.k === 'call') {
          this.fake({ name: calleeName(s.x), at: this.at(s.x.s, s.x.e), kind: 'missing-await', reason: `${calleeName(s.x)}() is asynchronous and not awaited: the code goes on before the check has an answer.` });
        }
        return;
      }
      case 'var':
        for (const d of s.decls) {
          if (!this.state.alive) return;
          const v = d.init ? this.expr(d.init, env) : UNDEFINED;
          this.bind(d.target, v, env, true);
        }
        return;
      case 'fndecl':
        return;
      case 'classdecl':
        this.write(env.vars, s.name, this.classValue(env.file, s.id, env));
        return;
      case 'return': {
        const v = s.x ? this.expr(s.x, env) : UNDEFINED;
        if (!this.state.alive) return;
        this.stack[this.stack.length - 1]?.returns.push({ value: v, state: this.state });
        this.state = { ...this.state, alive: false };
        return;
      }
      case 'throw':
        this.expr(s.x, env);
        this.trace?.denials.push({ status: null, at: this.at(s.s, s.e), absent: this.state.absent });
        this.state = { ...this.state, alive: false };
        return;
      case 'if':
        this.ifStmt(s, env);
        return;
      case 'block':
        this.block(s.body, { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self });
        return;
      case 'try':
        this.tryStmt(s, env);
        return;
      case 'loop':
        this.loop(s, env);
        return;
      case 'switch':
        this.switchStmt(s, env);
        return;
      case 'break':
        return;
      case 'continue':
        // `if (event.secret !== expected) continue;`: what follows is for the others. Where a loop is walked item by item, all of it is read.
        if (this.trace && this.loopDepth > 0) this.state = { ...this.state, alive: false };
        return;
    }
  }

  private scoped(body: readonly Stmt[], env: Env): void {
    this.block(body, { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self });
  }

  private ifStmt(s: Extract<Stmt, { k: 'if' }>, env: Env): void {
    const test = this.expr(s.test, env);
    this.promiseTested(test, s.test);
    const known = this.truth(test);
    const r = refinement(test);
    const roles = rolesOf(test);
    if (known === true) {
      this.verify(r.ifTrue);
      this.scoped(s.then, env);
      return;
    }
    if (known === false) {
      this.verify(r.ifFalse);
      if (s.else) this.scoped(s.else, env);
      return;
    }
    const denialsBefore = this.trace?.denials.length ?? 0;
    const returnsBefore = this.stack[this.stack.length - 1]?.returns.length ?? 0;
    const sinksBefore = this.trace?.sinks.length ?? 0;
    let sinksBetween = sinksBefore;
    const ends = this.branch([
      () => {
        this.missing(r.ifFalse, r.ifTrue);
        this.verify(r.ifTrue);
        this.restrict(roles.ifTrue);
        if (s.test.k !== 'not' && test.t === 'bool' && test.about?.kind === 'client-header' && r.ifTrue.length === 0) this.state = { ...this.state, bypass: this.at(s.test.s, s.test.e) };
        this.narrow(s.test, test, true, env);
        this.scoped(s.then, env);
        sinksBetween = this.trace?.sinks.length ?? 0;
        return UNDEFINED;
      },
      () => {
        this.missing(r.ifTrue, r.ifFalse);
        this.verify(r.ifFalse);
        this.restrict(roles.ifFalse);
        this.narrow(s.test, test, false, env);
        if (s.else) this.scoped(s.else, env);
        return UNDEFINED;
      },
    ]);
    if (!this.trace) return;
    this.onlyIfSent(s, test, ends);
    this.noteFirstRun(s, ends, denialsBefore, returnsBefore, env);
    if (s.else) this.elseAsJob(s, test, this.trace.sinks.slice(sinksBefore, sinksBetween), this.trace.sinks.slice(sinksBetween));
    const frame = this.stack[this.stack.length - 1];
    const denies = this.trace.denials.length > denialsBefore || (frame?.returns.slice(returnsBefore).some((x) => x.value.t === 'reply' && x.value.status !== null && x.value.status >= 400) ?? false);
    const failing = r.ifFalse.length > 0 && r.ifTrue.length === 0 ? ends[0] : r.ifTrue.length > 0 && r.ifFalse.length === 0 ? ends[1] : null;
    if (failing?.state.alive && this.state.alive && !failing.state.denied && !failing.state.passed && failing === ends[0] && onlyLogs(s.then)) this.state = { ...this.state, soft: this.at(s.test.s, s.test.e) };
    // Let through with this proof, or by something else of which reading cannot tell how hard it is to meet.
    if (denies && test.t === 'bool' && test.unless && r.ifTrue.length + r.ifFalse.length === 0 && this.trace.denials.slice(denialsBefore).some((d) => d.status === 401 || d.status === 403)) this.trace.unknownGuards.push({ name: test.unless.name, at: this.at(s.test.s, s.test.e) });
    // A denial that hangs on something nobody verified.
    const a = test.t === 'bool' || test.t === 'union' ? about(test, this.at(s.test.s, s.test.e)) : undefined;
    if (denies && a && ends.some((e) => !e.state.alive || e.state.denied) && r.ifTrue.length + r.ifFalse.length === 0) {
      if (a.kind === 'unverified') this.fake({ name: a.how, at: a.at, kind: a.claimed ? 'unverified-session' : 'decoded-not-verified', reason: a.how });
      else if (a.kind === 'client-header' && !(a.inQuery && onlyBadRequests(this.trace.denials.slice(denialsBefore), frame?.returns.slice(returnsBefore).map((x) => x.value) ?? []))) this.fake({ name: a.how, at: this.claimedAt(a.at, s), kind: 'trusts-client', reason: a.how });
    }
  }

  /** `if (await User.count() > 0) return 403`: what follows happens once, before anybody has an account. */
  private noteFirstRun(s: Extract<Stmt, { k: 'if' }>, ends: readonly { readonly state: State }[], denials: number, returns: number, env: Env): void {
    const [refused, goesOn] = ends;
    if (!this.trace || s.else || !refused || !goesOn?.state.alive || refused.state.alive) return;
    const answers = this.stack[this.stack.length - 1]?.returns.slice(returns) ?? [];
    if (this.trace.denials.length === denials && !answers.some((a) => a.value.t === 'reply' && a.value.status !== null && a.value.status >= 400)) return;
    if (asksWhetherAnybodyIsThere(s.test, this.file, this.trace, (x) => this.expr(x, env))) this.state = { ...this.state, nobodyYet: true };
  }

  /** Only a caller with one of these roles comes this far. */
  private restrict(roles: readonly string[]): void {
    if (roles.length > 0) this.state = { ...this.state, roles: bothRoles(this.state.roles, roles) };
  }

  /**
   * `if (signature) { if (signature !== expected) return 401 }`: whoever leaves the header out is not asked for it. A user's
   * token looked for like this only tells who is there; a signature or key is asked for to keep strangers out.
   */
  private onlyIfSent(s: Extract<Stmt, { k: 'if' }>, test: Value, ends: readonly { readonly state: State }[]): void {
    const [checked, skipped] = ends;
    if (s.else || !checked?.state.alive || !skipped?.state.alive || skipped.state.verified.length > 0) return;
    const proof = checked.state.verified.find((o) => o.kind !== 'user');
    const sent = proof ? marksOf(test).find((m) => m.source === 'headers' || m.source === 'query' || m.source === 'body') : undefined;
    if (!proof || !sent) return;
    this.fake({ name: proof.name, at: this.at(s.test.s, s.test.e), kind: 'only-if-sent', reason: `${proof.name} is checked only when the ${sent.source === 'headers' ? 'header' : 'field'}${sent.field ? ` "${sent.field}"` : ''} is there: whoever leaves it out passes.` });
  }

  /**
   * `if (header) { const user = await getUser(header); if (!user) return 401; … } else { for (const u of await everybody()) … }`:
   * who sends no token is taken for the scheduler, and gets its work done for all. A guest who orders brings his own data.
   */
  private elseAsJob(s: Extract<Stmt, { k: 'if' }>, test: Value, asked: readonly SinkRecord[], unasked: readonly SinkRecord[]): void {
    const sent = marksOf(test).find((m) => m.source === 'headers' && isCredential(m));
    const proof = asked.flatMap((x) => x.guards).find((o) => o.kind === 'user' && !this.state.verified.includes(o));
    if (!sent || !proof || unasked.some((x) => x.guards.length > 0 || x.asUser || x.marks.length > 0)) return;
    if (!unasked.some((x) => x.kind === 'auth-admin' || x.kind === 'mail' || x.kind === 'db-write' || x.kind === 'payment')) return;
    this.fake({ name: proof.name, at: this.at(s.test.s, s.test.e), kind: 'only-if-sent', reason: `${proof.name} is asked only when the header "${sent.field}" is there: whoever sends none is taken for the scheduler, and the work is done for everybody` });
  }

  /** Read in a helper, the claim is the helper's, whoever tests it; read here, the test is what lets people pass. */
  private claimedAt(read: Location, s: Extract<Stmt, { k: 'if' }>): Location {
    const here = this.currentFunction();
    const inside = here !== null && read.file === here.file && read.span.start >= here.fn.span.start && read.span.end <= here.fn.span.end;
    return inside || read.span.end === 0 ? this.at(s.test.s, s.test.e) : read;
  }

  /** Of a test's two sides, this is the one on which nobody is signed in. */
  private missing(ifOther: readonly Origin[], ifThis: readonly Origin[]): void {
    if (this.trace && ifOther.length > 0 && ifThis.length === 0) this.state = { ...this.state, absent: true };
  }

  /** A promise is always truthy: testing one instead of its answer tests nothing. */
  private promiseTested(v: Value, x: Expr): void {
    if (!this.trace || v.t !== 'promise' || (v.gains.length === 0 && refinement(v.of).ifTrue.length === 0)) return;
    this.fake({ name: 'the check', at: this.at(x.s, x.e), kind: 'missing-await', reason: 'The check is asynchronous and not awaited: a promise is always true, so nobody is ever turned away.' });
  }

  /** Inside a branch the tested variable is known to be there or not. */
  private narrow(x: Expr, value: Value, holds: boolean, env: Env): void {
    if (x.k === 'not') return this.narrow(x.value, value, !holds, env);
    if (x.k === 'logic' && ((x.op === '&&' && holds) || (x.op === '||' && !holds))) {
      this.narrow(x.l, value, holds, env);
      this.narrow(x.r, value, holds, env);
      return;
    }
    let target: Expr = x;
    if (x.k === 'bin' && (x.r.k === 'null' || x.r.k === 'undef')) {
      if (x.op.startsWith('==')) holds = !holds;
      else if (!x.op.startsWith('!=')) return;
      target = x.l;
    }
    if (target.k === 'unary' || target.k === 'bin') return;
    const name = target.k === 'ref' ? target.name : null;
    if (!name) return;
    const v = this.lookup(name, env);
    if (v?.t === 'union') {
      const kept = v.of.filter((m) => truthiness(m.value) !== !holds);
      if (kept.length > 0 && kept.length < v.of.length) this.assignName(name, union(kept.map((m) => ({ value: m.value, ver: [] }))), env);
    }
  }

  private tryStmt(s: Extract<Stmt, { k: 'try' }>, env: Env): void {
    if (!s.handler) {
      this.scoped(s.body, env);
      const after = this.state;
      if (s.finalizer) {
        this.state = { ...after, alive: true };
        this.scoped(s.finalizer, env);
        this.state = { ...this.state, alive: after.alive && this.state.alive };
      }
      return;
    }
    const before = this.state;
    const gained: Origin[] = [];
    const denialsBefore = this.trace?.denials.length ?? 0;
    this.branch([
      () => {
        this.scoped(s.body, env);
        for (const o of this.state.verified) if (o.throws && !before.verified.includes(o)) gained.push(o);
        return UNDEFINED;
      },
      () => {
        const catchEnv: Env = { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self };
        if (s.param) this.bind(s.param, unknown('error'), catchEnv, true);
        this.block(s.handler!, catchEnv);
        if (this.trace && this.state.alive && gained.length > 0 && !this.state.denied && !this.state.passed && this.trace.denials.length === denialsBefore) {
          this.fake({ name: gained[0]!.name, at: gained[0]!.at, kind: 'catch-falls-through', reason: `${gained[0]!.name} stands in a try whose catch does not end the request: a forged token goes on as if nothing had happened.` });
        }
        return UNDEFINED;
      },
    ]);
    if (s.finalizer) {
      const after = this.state;
      this.state = { ...after, alive: true };
      this.scoped(s.finalizer, env);
      this.state = { ...this.state, alive: after.alive && this.state.alive };
    }
  }

  private loop(s: Extract<Stmt, { k: 'loop' }>, env: Env): void {
    const inner: Env = { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self };
    this.block(s.init, inner);
    const over = s.over ? this.expr(s.over, inner) : null;
    if (s.test) this.expr(s.test, inner);
    if (over?.t === 'arr' && !over.open && !this.trace && s.kind === 'of') {
      for (const item of over.items) {
        const each: Env = { ...inner, vars: this.frame(), parent: inner };
        if (s.each) this.bind(s.each, item, each, true);
        this.row(item, () => this.block(s.body, each));
        if (!this.state.alive) return;
      }
      return;
    }
    if (over?.t === 'obj' && !over.open && !this.trace && s.kind === 'in') {
      for (const key of over.props.keys()) {
        const each: Env = { ...inner, vars: this.frame(), parent: inner };
        if (s.each) this.bind(s.each, constant(key), each, true);
        this.block(s.body, each);
      }
      return;
    }
    this.loopDepth++;
    this.branch([
      () => {
        if (s.each) this.bind(s.each, over ? (s.kind === 'in' ? unknown('key', marksOf(over)) : this.element(over)) : unknown(''), inner, true);
        this.scoped(s.body, inner);
        if (s.update) this.expr(s.update, inner);
        return UNDEFINED;
      },
      () => UNDEFINED,
    ]);
    this.loopDepth--;
  }

  /** While a table of routes is walked, its rows are where the registrations stand. */
  row(item: Value, run: () => void): void {
    const saved = this.rowAt;
    this.rowAt = item.t === 'obj' && item.at ? item.at : null;
    run();
    this.rowAt = saved;
  }

  private switchStmt(s: Extract<Stmt, { k: 'switch' }>, env: Env): void {
    const on = this.expr(s.on, env);
    const key = on.t === 'const' ? on.v : null;
    const isMethod = this.isMethod(on);
    if (isMethod) for (const c of s.cases) if (c.test?.k === 'str') this.comparesWith(c.test.v);
    if (key !== null && on.t === 'const') {
      let i = s.cases.findIndex((c) => c.test && (c.test.k === 'str' || c.test.k === 'num') && c.test.v === key);
      if (i < 0 && s.cases.every((c) => c.test === null || c.test.k === 'str' || c.test.k === 'num')) i = s.cases.findIndex((c) => c.test === null);
      if (i >= 0) {
        const inner: Env = { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self };
        for (const c of s.cases.slice(i)) {
          this.block(c.body, inner);
          if (!this.state.alive || endsWithBreak(c.body)) return;
        }
        return;
      }
    }
    const runs = s.cases.map((c, i) => () => {
      const inner: Env = { vars: this.frame(), parent: env, file: env.file, fn: env.fn, self: env.self };
      if (c.test) this.expr(c.test, env);
      for (const d of s.cases.slice(i)) {
        this.block(d.body, inner);
        if (!this.state.alive || endsWithBreak(d.body)) break;
      }
      return UNDEFINED;
    });
    if (!s.cases.some((c) => c.test === null)) runs.push(() => UNDEFINED);
    this.branch(runs);
  }

  /** As `truthiness`, and in an endpoint's run with what is assumed of the environment. */
  truth(v: Value): boolean | null {
    const known = truthiness(v);
    if (known !== null || !this.trace) return known;
    if (v.t === 'bool' && v.assume !== undefined) return this.anywhere ? null : v.assume;
    return v.t === 'env' && OPT_IN.test(v.name) ? false : null;
  }

  isMethod(v: Value): boolean {
    return v.t === 'unk' && v.hint === 'request.method';
  }

  // ---------------------------------------------------------------------------------------------- expressions

  expr(x: Expr, env: Env): Value {
    if (this.fuel-- <= 0) {
      if (this.trace) this.trace.exhausted = true;
      return unknown('');
    }
    switch (x.k) {
      case 'str':
      case 'num':
      case 'bool':
        return constant(x.v);
      case 'null':
        return NULL;
      case 'undef':
        return UNDEFINED;
      case 'redacted':
        return unknown('literal');
      case 'regex':
        return { ...REGEXP, name: x.v };
      case 'ref':
        return this.lookup(x.name, env) ?? symbol('global', x.name);
      case 'this':
        return env.self ?? this.selfOf(env) ?? unknown('this');
      case 'super':
        return unknown('super');
      case 'mem': {
        const obj = this.expr(x.obj, env);
        if (!x.opt && this.trace) this.dereferenced(obj);
        return this.member(obj, x.prop, this.at(x.s, x.e), x.ps);
      }
      case 'idx': {
        const obj = this.expr(x.obj, env);
        const index = this.expr(x.index, env);
        const key = index.t === 'const' && (typeof index.v === 'string' || typeof index.v === 'number') ? String(index.v) : null;
        if (key !== null) return this.member(obj, key, this.at(x.s, x.e));
        // A session kept in memory, found by the token the caller sent.
        if (this.trace && this.state.verified.length === 0 && marksOf(index).some(isCredential) && (obj.t === 'unk' || obj.t === 'sym' || obj.t === 'obj')) {
          return { t: 'ident', origin: this.origin('api-key', 'session look-up', this.at(x.s, x.e)), path: [], sure: false };
        }
        // A table of what is allowed, asked with the input.
        if (obj.t === 'obj' && !obj.open && obj.props.size > 0 && !obj.props.has('*')) this.checked(marksOf(index).filter((m) => m.field !== ''));
        // `PERMISSIONS[user.role]`: each entry is found by one role.
        const byRole = obj.t === 'obj' && !obj.open && index.t === 'ident' && isRole(index.path) ? index.origin : null;
        if (obj.t === 'obj') return union([...obj.props].map(([name, value]) => (byRole && name !== '*' ? { value, ver: [byRole], roles: [name] } : { value, ver: [] })));
        return this.element(obj);
      }
      case 'call':
        return this.call(x, env);
      case 'new': {
        const fn = this.expr(x.fn, env);
        const args = this.args(x.args, env);
        return this.construct(fn, args, this.at(x.s, x.e));
      }
      case 'import': {
        if (x.spec === null) return unknown('import');
        const r = this.graph.resolve(env.file, x.spec);
        return { t: 'promise', of: r && 'file' in r ? this.namespace(r.file) : symbol(r ? r.package : null, ''), gains: [] };
      }
      case 'obj':
        return this.object(x, env);
      case 'arr': {
        const items: Value[] = [];
        let open = false;
        for (const i of x.items) {
          if (i.k === 'spread') {
            const v = this.expr(i.value, env);
            // `[...new Uint8Array(mac)]`: the bytes of a keyed digest, whatever form they are brought into.
            if (x.items.length === 1 && isKeyedDigest(v)) return v;
            if (v.t === 'arr') {
              items.push(...v.items);
              open ||= v.open;
            } else {
              items.push(this.element(v));
              open = true;
            }
          } else items.push(this.expr(i, env));
        }
        return { t: 'arr', items, open };
      }
      case 'spread':
        return this.expr(x.value, env);
      case 'tpl':
        return this.template(x, env);
      case 'bin':
        return this.binary(x, env);
      case 'logic':
        return this.logic(x, env);
      case 'not': {
        const v = this.expr(x.value, env);
        this.promiseTested(v, x.value);
        const known = truthiness(v);
        if (known !== null && refinement(v).ifTrue.length + refinement(v).ifFalse.length === 0) return constant(!known);
        const r = refinement(v);
        const roles = rolesOf(v);
        return { t: 'bool', ifTrue: r.ifFalse, ifFalse: r.ifTrue, ...asked({ ifTrue: roles.ifFalse, ifFalse: roles.ifTrue }), ...(v.t === 'bool' && v.assume !== undefined ? { assume: !v.assume } : {}), ...(v.t === 'bool' && v.unless ? { unless: v.unless } : {}), ...(about(v, this.at(x.s, x.e)) ? { about: about(v, this.at(x.s, x.e))! } : {}) };
      }
      case 'unary': {
        const v = this.expr(x.value, env);
        if (x.op === 'typeof') return typeOf(v) ?? { t: 'unk', hint: 'typeof', marks: marksOf(v) };
        if (x.op === 'void') return UNDEFINED;
        if (x.op === '-' && v.t === 'const' && typeof v.v === 'number') return constant(-v.v);
        return unknown('', marksOf(v));
      }
      case 'cond': {
        const test = this.expr(x.test, env);
        const known = this.truth(test);
        const r = refinement(test);
        if (known === true && r.ifTrue.length === 0) return this.expr(x.then, env);
        if (known === false) return this.expr(x.else, env);
        const before = this.state.verified;
        const ends = this.branch([
          () => {
            this.missing(r.ifFalse, r.ifTrue);
            this.verify(r.ifTrue);
            this.restrict(rolesOf(test).ifTrue);
            return this.expr(x.then, env);
          },
          () => {
            this.missing(r.ifTrue, r.ifFalse);
            this.verify(r.ifFalse);
            this.restrict(rolesOf(test).ifFalse);
            return this.expr(x.else, env);
          },
        ]);
        return union(ends.filter((e) => e.state.alive).map((e) => ({ value: e.value, ver: e.state.verified.filter((o) => !before.includes(o)) })));
      }
      case 'assign': {
        if (x.op === '=') {
          const v = this.expr(x.value, env);
          this.bind(x.target, v, env, false);
          return v;
        }
        const v = this.expr(x.value, env);
        if (x.target.k === 'name') {
          const old = this.lookup(x.target.name, env);
          const joined = x.op === '||=' || x.op === '??=' || x.op === '&&=' ? union([...(old ? [{ value: old, ver: [] }] : []), { value: v, ver: [] }]) : differenceIn(v) !== null && (x.op === '|=' || x.op === '+=') ? v : summed(x.op, old ?? UNDEFINED, v);
          this.assignName(x.target.name, joined, env);
          return joined;
        }
        if (x.target.k === 'target' && (x.op === '||=' || x.op === '??=')) this.bind(x.target, v, env, false);
        return v;
      }
      case 'await':
        return this.awaited(this.expr(x.value, env));
      case 'yield':
        if (x.value) this.expr(x.value, env);
        return unknown('');
      case 'fn':
        return { t: 'fn', file: env.file, id: x.id, env, self: null, bound: [], props: new Map() };
      case 'class':
        return this.classValue(env.file, x.id, env);
      case 'seq': {
        let v: Value = UNDEFINED;
        for (const i of x.items) v = this.expr(i, env);
        return v;
      }
      case 'jsx':
        for (const p of x.props) this.expr(p.value, env);
        for (const c of x.children) this.expr(c, env);
        return unknown('jsx');
      case 'other':
        for (const c of x.children) this.expr(c, env);
        return unknown('');
    }
  }

  /** `session.user.id` without `?.` throws when nobody is signed in: what follows runs for users only. */
  private dereferenced(v: Value): void {
    if (v.t === 'ident' && v.origin.unset) return;
    if (v.t === 'ident' && !v.sure && (v.path.length === 0 || /^\d+$/.test(v.path[v.path.length - 1]!))) this.verify([v.origin]);
    else if (v.t === 'union' && v.of.some((m) => isNullish(m.value))) this.verify(refinement(v).ifTrue);
  }

  private selfOf(env: Env): Value | null {
    for (let e: Env | null = env; e; e = e.parent) if (e.self) return e.self;
    return null;
  }

  awaited(v: Value): Value {
    if (v.t === 'promise') {
      this.verify(v.gains);
      return v.of;
    }
    if (v.t === 'sym') return this.foundByToken(v) ?? v;
    if (v.t === 'union') return union(v.of.map((m) => ({ value: this.awaited(m.value), ver: m.ver })));
    return v;
  }

  /** Rows of a query builder that were looked up by a token, key or cookie the caller sent: one is there only for who is known. */
  foundByToken(v: SymValue): Value | null {
    const sink = v.sink as Partial<SinkRecord> | null;
    if (!this.trace || sink?.kind !== 'db-read' || !sink.at || this.state.verified.length > 0 || !sink.marks?.some(isCredential)) return null;
    const one = /\.(first|executeTakeFirst|executeTakeFirstOrThrow|getOne|get)\(\)$/.test(v.shape);
    // Builders whose answer has its rows in a field: the member access decides.
    if (!one && !/(^|[.)])(from|selectFrom|where|select)\(\)/.test(v.shape) || v.pkg?.startsWith('@supabase/')) return null;
    const row: Value = { t: 'ident', origin: this.origin('api-key', `${sink.target ?? 'session'} look-up`, sink.at), path: [], sure: false };
    return one ? row : { t: 'arr', items: [row], open: true };
  }

  private object(x: Extract<Expr, { k: 'obj' }>, env: Env): Value {
    const props = new Map<string, Value>();
    let open = false;
    let marks: readonly Mark[] = [];
    for (const p of x.props) {
      if (p.k === 'prop') props.set(p.key, this.expr(p.value, env));
      else if (p.k === 'spread') {
        const v = this.expr(p.value, env);
        if (v.t === 'sym' && v.shape === 'process.env') props.set('...', v);
        if (v.t === 'obj') {
          for (const [k, value] of v.props) props.set(k, value);
          open ||= v.open;
          marks = mergeMarks(marks, v.marks ?? []);
        } else if (!isNullish(v)) {
          open = true;
          marks = mergeMarks(marks, marksOf(v));
        }
      } else {
        const key = this.expr(p.key, env);
        const value = this.expr(p.value, env);
        const name = asString(key);
        if (name !== null) props.set(name, value);
        else {
          open = true;
          marks = mergeMarks(marks, mergeMarks(marksOf(value), marksOf(key)));
        }
      }
    }
    if (!this.trace) this.shared.add(props);
    else if (this.summaries.recording) this.summaries.born(props, ++this.clock);
    return { t: 'obj', props, open, cls: null, marks, at: this.at(x.s, x.e) };
  }

  private template(x: Extract<Expr, { k: 'tpl' }>, env: Env): Value {
    const parts = x.parts.map((p) => this.expr(p, env));
    if (x.tag) {
      const tag = this.expr(x.tag, env);
      return invoke(this, tag, [{ t: 'arr', items: parts.filter((p) => asString(p) !== null), open: false }, ...parts.filter((p) => asString(p) === null)], null, this.at(x.s, x.e), x, true);
    }
    if (parts.every((p) => p.t === 'const')) return constant(parts.map((p) => (p.t === 'const' ? String(p.v) : '')).join(''));
    const own = startsAtOwnPath(parts) ? { ownPath: true } : {};
    const envPart = parts.find((p) => p.t === 'env');
    if (envPart?.t === 'env') return marksOfParts(parts).length > 0 ? { t: 'unk', hint: `template:${textOf(parts)}`, marks: marksOfParts(parts), ...own } : { ...envPart, text: textOf(parts) };
    let marks: readonly Mark[] = [];
    for (const p of parts) marks = mergeMarks(marks, marksOf(p));
    const hmac = parts.find((p) => p.t === 'sym' && p.shape.includes('createHmac'));
    if (hmac) return hmac;
    // The fixed beginning tells an SQL statement's verb and a URL's origin; a URL's end, what is asked for there.
    const head = headOf(parts);
    const from = parts.map(sourceOf).find((s) => s !== undefined);
    // `row.password.slice(0, 9) + '…'`: the better part of it.
    const kept = parts.find((p) => keptSecretIn(p) !== null);
    if (kept && head === null) return partOfAnswer(keptSecretIn(kept) ?? '', marks, kept);
    const text: Extract<Value, { t: 'unk' }> = { t: 'unk', hint: head === null ? 'template' : `template:${(/^https?:/.test(head) ? textOf(parts) : head).slice(0, 200)}`, marks: asText(marks), ...own };
    if (from) return { ...text, from };
    return parts.some((p) => p.t === 'unk' && p.worked === 'number') ? { ...text, worked: 'number' as const } : text;
  }

  private binary(x: Extract<Expr, { k: 'bin' }>, env: Env): Value {
    const l = this.expr(x.l, env);
    const r = this.expr(x.r, env);
    const at = this.at(x.s, x.e);
    const equal = x.op === '==' || x.op === '===';
    if (equal || x.op === '!=' || x.op === '!==') return this.compare(l, r, equal, at);
    if (x.op === 'instanceof') {
      // `if (auth instanceof Response) return auth`: only one side of a union is a reply.
      const isReply = r.t === 'sym' && /^(Next)?Response$/.test(r.name);
      if (isReply && l.t === 'union') return union(l.of.map((m) => ({ value: constant(m.value.t === 'reply'), ver: m.ver })));
      this.checked(marksOf(l).filter((m) => m.field !== ''));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    }
    if (x.op === 'in') {
      const key = asString(l);
      if (key !== null && r.t === 'union') return union(r.of.map((m) => ({ value: m.value.t === 'obj' && !m.value.open ? constant(m.value.props.has(key)) : { t: 'bool', ifTrue: [], ifFalse: [] }, ver: m.ver })));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    }
    if (l.t === 'ident' && COUNT.test(l.path[l.path.length - 1] ?? '') && r.t === 'const' && typeof r.v === 'number') {
      if ((x.op === '>' && r.v === 0) || (x.op === '>=' && r.v === 1)) return { t: 'bool', ifTrue: [l.origin], ifFalse: [] };
      if ((x.op === '<' && r.v === 1) || (x.op === '<=' && r.v === 0)) return { t: 'bool', ifTrue: [], ifFalse: [l.origin] };
    }
    // `text.length > 200`, `amount <= 0`: bounds, as a schema would set them.
    if ((x.op === '<' || x.op === '>' || x.op === '<=' || x.op === '>=') && (l.t === 'const' || r.t === 'const')) this.checked([...marksOf(l), ...marksOf(r)].filter((m) => m.field !== ''), [x.l, x.r].some((side) => side.k === 'mem' && side.prop === 'length'));
    // `allowed.length > 0 && !allowed.includes(role)`: what reading has counted may have grown or shrunk, roles that are named are asked for.
    if ((x.op === '>' || x.op === '>=') && l.t === 'const' && r.t === 'const' && typeof l.v === 'number' && typeof r.v === 'number' && l.v > r.v) return unknown('some');
    // `a.charCodeAt(i) ^ b.charCodeAt(i)`: how two texts differ, the secret being one of them.
    if (x.op === '^') {
      const env = l.t === 'env' ? l : r.t === 'env' ? r : null;
      if (env && fromClient(env === l ? r : l)) return { t: 'unk', hint: `${DIFFERENCE}process.env.${env.name}`, marks: mergeMarks(marksOf(l), marksOf(r)) };
    }
    if (x.op === '*' && l.t === 'const' && r.t === 'const' && typeof l.v === 'number' && typeof r.v === 'number') return constant(l.v * r.v);
    // Counted up in a loop, it is another number every time.
    if (x.op === '+' && l.t === 'const' && r.t === 'const' && typeof l.v === 'number' && typeof r.v === 'number') return this.loopDepth > 0 ? worked() : constant(l.v + r.v);
    if (x.op === '+' && l.t === 'const' && r.t === 'const') return constant(String(l.v) + String(r.v));
    const marks = mergeMarks(marksOf(l), marksOf(r));
    if (/^[<>]=?$/.test(x.op)) return { t: 'unk', hint: '', marks, worked: 'test' };
    return isSum(x.op, l, r) ? worked(marks) : unknown('', marks);
  }

  private compare(l: Value, r: Value, equal: boolean, at: Location): Value {
    if (this.isMethod(l) || this.isMethod(r)) {
      const m = asString(this.isMethod(l) ? r : l);
      if (m) this.comparesWith(m);
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    }
    if (l.t === 'const' && r.t === 'const') return constant((l.v === r.v || (isNullish(l) && isNullish(r))) === equal);
    const [v, other] = r.t === 'const' ? [l, r] : [r, l];
    if (other.t === 'const') {
      // What runs for customers is judged: production, with opt-in flags off.
      if (v.t === 'env' && typeof other.v === 'string') {
        if (STAGE.test(v.name) && !this.inMiddleware) this.does('asks-stage');
        if (!this.inMiddleware) this.does('asks-environment');
        if (STAGE.test(v.name)) return { t: 'bool', ifTrue: [], ifFalse: [], assume: (other.v === 'production' || other.v === 'prod') === equal };
        if (!/SECRET|KEY|TOKEN/.test(v.name)) return { t: 'bool', ifTrue: [], ifFalse: [], assume: !equal };
      }
      // A secret's own placeholder: the environment is taken as set up.
      if (v.t === 'env' && typeof other.v === 'string' && /SECRET|KEY|TOKEN/.test(v.name)) return constant(!equal);
      // `typeof x === 'string'`: a check of that very field, as good as a schema's.
      if (v.t === 'unk' && v.hint === 'typeof') this.checked(marksOf(v).filter((m) => m.field !== ''), true);
      if (!isNullish(other) && marksOf(v).some((m) => /passw/i.test(m.field))) this.does('password-check');
      // The provider itself says whether it was paid, before anything is written down.
      if (this.trace && v.t === 'sym' && PAID.test(v.shape) && typeof other.v === 'string') {
        this.summaries.told();
        if (!this.trace.sinks.some((x) => x.kind === 'db-write')) this.does('payment-asked');
      }
      const differing = other.v === 0 ? differenceIn(v) : null;
      if (differing !== null) {
        const o = [this.origin('shared-secret', differing, at)];
        return equal ? { t: 'bool', ifTrue: o, ifFalse: [] } : { t: 'bool', ifTrue: [], ifFalse: o };
      }
      if (v.t === 'union') return union(v.of.map((m) => ({ value: this.compare(m.value, other, equal, at), ver: m.ver })));
      // The gateway has verified the token; its role tells the public key from a user or the server.
      if (v.t === 'unverified' && v.gateway && v.path.join() === 'role' && typeof other.v === 'string') {
        const proven = equal === (other.v !== 'anon');
        return { t: 'bool', ifTrue: proven ? [v.gateway] : [], ifFalse: proven ? [] : [v.gateway] };
      }
      // Comparing with null, undefined or false asks whether it is there; with anything else (a role, an id) it must be.
      const absent = isNullish(other) || other.v === false || (other.v === 0 && v.t === 'ident' && COUNT.test(v.path[v.path.length - 1] ?? ''));
      const present = other.v === true || (!absent && other.v !== '');
      const ref = refinement(v);
      if (absent && truthiness(v) !== null && v.t !== 'ident') {
        const is = isNullish(v) ? isNullish(other) : other.v === false && v.t === 'const' && v.v === false;
        return constant(is === equal);
      }
      const flag = rolesOf(v);
      if (absent) return equal ? { t: 'bool', ifTrue: ref.ifFalse, ifFalse: ref.ifTrue, ...asked({ ifTrue: flag.ifFalse, ifFalse: flag.ifTrue }), ...withAbout(v, at) } : { t: 'bool', ifTrue: ref.ifTrue, ifFalse: ref.ifFalse, ...asked(flag), ...withAbout(v, at) };
      if (present) {
        const named = v.t !== 'ident' || v.origin.kind === 'row-rules' ? [] : typeof other.v === 'string' && isRole(v.path) ? [other.v] : other.v === true ? rolesOf(v).ifTrue : [];
        const roles = asked(equal ? { ifTrue: named, ifFalse: [] } : { ifTrue: [], ifFalse: named });
        return equal ? { t: 'bool', ifTrue: ref.ifTrue, ifFalse: [], ...roles, ...withAbout(v, at) } : { t: 'bool', ifTrue: [], ifFalse: ref.ifTrue, ...roles, ...withAbout(v, at) };
      }
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    }
    if (marksOf(l).concat(marksOf(r)).some((m) => /passw/i.test(m.field))) this.does('password-check');
    // A placeholder whose text is withheld: as above.
    if ((l.t === 'env' && r.t === 'unk' && r.hint === 'literal') || (r.t === 'env' && l.t === 'unk' && l.hint === 'literal')) return constant(!equal);
    const left = secretIn(l);
    const secret = left ?? secretIn(r);
    const input = left ? r : l;
    if (secret && !NAMES_SOMEBODY.test(secret.name) && fromClient(input)) {
      const o = this.origin('shared-secret', `process.env.${secret.name}`, at);
      return equal ? { t: 'bool', ifTrue: [o], ifFalse: [] } : { t: 'bool', ifTrue: [], ifFalse: [o] };
    }
    const digest = [l, r].find(isKeyedDigest);
    if (digest && fromClient(digest === l ? r : l)) {
      const o = this.origin('signature', 'HMAC comparison', at);
      return equal ? { t: 'bool', ifTrue: [o], ifFalse: [] } : { t: 'bool', ifTrue: [], ifFalse: [o] };
    }
    // `doc.userId === session.user.id`: holds only when the identity is there.
    const ident = l.t === 'ident' ? l : r.t === 'ident' ? r : null;
    if (ident) {
      const name = isRole(ident.path) ? roleName(ident === l ? r : l) : null;
      const names = name === null ? [] : [name];
      return equal ? { t: 'bool', ifTrue: [ident.origin], ifFalse: [], ...asked({ ifTrue: names, ifFalse: [] }) } : { t: 'bool', ifTrue: [], ifFalse: [ident.origin], ...asked({ ifTrue: [], ifFalse: names }) };
    }
    return { t: 'bool', ifTrue: [], ifFalse: [], marks: mergeMarks(marksOf(l), marksOf(r)), ...withAbout(l, at), ...withAbout(r, at) };
  }

  /** `!req.body.force`: the caller says it, and that is all. */
  private isClaim(x: Expr, env: Env): boolean {
    if (x.k === 'not') return this.isClaim(x.value, env);
    if (x.k === 'ref') return marksOf(this.lookup(x.name, env) ?? UNDEFINED).length > 0;
    let root: Expr = x;
    while (root.k === 'mem') root = root.obj;
    const v = x.k === 'mem' && root.k === 'ref' ? this.lookup(root.name, env) : undefined;
    return v != null && (v.t === 'bag' || marksOf(v).length > 0);
  }

  private logic(x: Extract<Expr, { k: 'logic' }>, env: Env): Value {
    const l = this.expr(x.l, env);
    const known = this.truth(l);
    const rl = refinement(l);
    // `globalThis.prisma ?? new PrismaClient()`: what a hot reload left is the same thing.
    if (x.op !== '&&' && l.t === 'sym' && l.pkg === 'global' && /^(globalThis|global)\./.test(l.shape)) return this.expr(x.r, env);
    if (x.op === '??') {
      if (l.t === 'unk' && l.marks.length === 0 && l.hint !== 'request.method') return this.expr(x.r, env);
      if (l.t === 'env') {
        this.expr(x.r, env);
        return l;
      }
      if (isNullish(l)) return this.expr(x.r, env);
      if (known === true) return l;
    }
    if (x.op === '||' && (known === true || known === false)) return known && rl.ifTrue.length === 0 ? l : known ? l : this.expr(x.r, env);
    if (x.op === '&&' && known === false && rl.ifFalse.length === 0) return l;
    if (x.op === '&&' && known === true && rl.ifTrue.length === 0) return this.expr(x.r, env);
    if (x.op === '||' && l.t === 'env') {
      this.expr(x.r, env);
      return l;
    }
    const before = this.state.verified;
    let right: Value = UNDEFINED;
    const ends = this.branch([
      () => {
        // The right side runs only when the left holds (&&) or fails (||).
        this.verify(x.op === '&&' ? rl.ifTrue : rl.ifFalse);
        this.restrict(x.op === '&&' ? rolesOf(l).ifTrue : rolesOf(l).ifFalse);
        right = this.expr(x.r, env);
        return right;
      },
      () => l,
    ]);
    // `PERMISSIONS[role]?.includes(p) ?? false`: what it holds for, the left side alone decides.
    if (x.op !== '&&' && right.t === 'const' && right.v === false && (isBoolish(l) || (l.t === 'union' && l.of.every((m) => isBoolish(m.value))))) return l;
    // `!token && path !== '/sign-in'` where the path is known: only the token is left to decide.
    if (x.op === '&&' && right.t === 'const' && right.v === true && isBoolish(l)) return l;
    const rr = refinement(right);
    const sent = mergeMarks(l.t === 'bool' ? marksOf(l) : [], right.t === 'bool' ? marksOf(right) : []);
    const [ql, qr] = [rolesOf(l), rolesOf(right)];
    const roles = known === true ? qr : x.op === '&&' ? { ifTrue: bothRoles(ql.ifTrue, qr.ifTrue), ifFalse: eitherRole([ql.ifFalse, qr.ifFalse]) } : { ifTrue: eitherRole([ql.ifTrue, qr.ifTrue]), ifFalse: bothRoles(ql.ifFalse, qr.ifFalse) };
    const unless = x.op === '&&' ? oneOf(l, rl.ifFalse, right, rr.ifFalse) : oneOf(l, rl.ifTrue, right, rr.ifTrue);
    const claimed = unless !== null && this.isClaim(unless.other === l ? x.l : x.r, env);
    const abouts = { ...asked(roles), ...(unless && !claimed ? { unless: unless.proof } : {}), ...(sent.length > 0 ? { marks: sent } : {}), ...withAbout(right, this.at(x.r.s, x.r.e)), ...withAbout(l, this.at(x.l.s, x.l.e)) };
    if (x.op === '&&' && l.t === 'unk' && l.hint === 'some' && right.t === 'bool' && right.roles) return right;
    if (x.op === '&&') {
      const ifTrue = join(rl.ifTrue, rr.ifTrue);
      // It fails where one of the sides does: whichever it is, that side's proof holds.
      const ifFalse = meetProofs(rl.ifFalse, rr.ifFalse);
      if (isBoolish(l) && (isBoolish(right) || right.t === 'ident')) return { t: 'bool', ifTrue, ifFalse, ...abouts };
      if (known === true) return right;
      return union([{ value: right, ver: rl.ifTrue }, ...(known === null ? [{ value: falsyOf(l), ver: rl.ifFalse }] : [])]);
    }
    const ifTrue = meetProofs(rl.ifTrue, rr.ifTrue);
    const ifFalse = join(rl.ifFalse, rr.ifFalse);
    if (isBoolish(l) && (isBoolish(right) || right.t === 'ident' || right.t === 'identErr')) return { t: 'bool', ifTrue, ifFalse, ...abouts };
    if (l.t === 'identErr' || ifFalse.length > 0) return { t: 'bool', ifTrue, ifFalse, ...abouts };
    void ends;
    return union([{ value: l, ver: join(rl.ifTrue, []).filter((o) => !before.includes(o)) }, { value: right, ver: [] }]);
  }

  // ---------------------------------------------------------------------------------------------- members

  element(v: Value): Value {
    switch (v.t) {
      case 'arr':
        return v.items.length === 0 ? unknown('') : union(v.items.map((value) => ({ value, ver: [] })));
      case 'input':
        return inputChild(v, '', v.at);
      case 'ident':
        return { ...v, path: [...v.path, '0'].slice(-4), sure: false };
      case 'sym':
        return v.idents?.length ? get(v, '0') : partOfAnswer(v.shape, v.marks, v);
      case 'union':
        return union(v.of.map((m) => ({ value: this.element(m.value), ver: m.ver })));
      case 'obj':
        return v.props.size > 0 ? union([...v.props.values()].map((value) => ({ value, ver: [] }))) : unknown('', v.marks ?? []);
      default:
        return partOfAnswer('', marksOf(v), v);
    }
  }

  member(v: Value, name: string, at: Location, nameStart?: number): Value {
    switch (v.t) {
      case 'obj': {
        const own = v.props.get(name);
        if (own) return own;
        if (v.cls) {
          const m = this.instanceMember(v.cls, name, v);
          if (m) return m;
        }
        const any = v.props.get('*');
        if (any) return any;
        return v.open || v.cls ? unknown(name, v.marks ?? []) : OBJECT_METHODS.has(name) ? get(symbol('global', 'object', marksOf(v)), name) : UNDEFINED;
      }
      case 'arr': {
        if (name === 'length') {
          const [row] = v.items;
          // As many as were found for who calls: none for a stranger.
          return v.open ? (row?.t === 'ident' && v.items.length === 1 ? { ...row, path: ['length'], sure: false } : worked([], 'length')) : constant(v.items.length);
        }
        if (/^\d+$/.test(name)) return v.open ? this.element(v) : (v.items[Number(name)] ?? UNDEFINED);
        return get(symbol('global', 'array', marksOf(v)), name);
      }
      case 'cls': {
        const own = v.statics.get(name);
        if (own) return own;
        const fact = this.script(v.file)?.classes[v.id];
        const m = fact?.members.find((x) => x.isStatic && x.name === name);
        if (m?.fn != null) return { t: 'fn', file: v.file, id: m.fn, env: v.env, self: v, bound: [] };
        if (m?.init) {
          const value = this.inFile(v.file, () => this.expr(m.init!, v.env));
          v.statics.set(name, value);
          return value;
        }
        if (fact?.superClass) return this.member(this.inFile(v.file, () => this.expr(fact.superClass!, v.env)), name, at);
        return unknown(name);
      }
      case 'fn':
        return v.props?.get(name) ?? (name === 'bind' || name === 'call' || name === 'apply' ? { t: 'unk', hint: `fn.${name}`, marks: [] } : unknown(name));
      case 'scope':
        return v.scope.props.get(name) ?? unknown(name);
      case 'bag':
        return bagGet(this, v, name, at, nameStart);
      case 'input':
        return inputChild(v, name, at, this);
      case 'ident':
        // `profile.role` of the row looked up by the caller's own id: his role, whoever else row rules show the row to.
        if (v.of && isRowRole(name)) return { t: 'ident', origin: v.of, path: [name], sure: false };
        return { ...v, path: [...v.path, name].slice(-4), sure: false };
      case 'unverified':
        // The public key is a token too, but it names nobody.
        if (v.gateway && v.path.length === 0 && (name === 'sub' || name === 'email')) return { t: 'ident', origin: v.gateway, path: [name], sure: false };
        return { ...v, path: [...v.path, name].slice(-4) };
      case 'identErr':
        return unknown(name);
      case 'bool':
        // `header.match(/^Bearer (.+)$/)[1]`: a part of the text that was looked through.
        return /^\d+$/.test(name) && v.marks ? unknown(name, v.marks) : unknown(name);
      case 'sym': {
        const held = this.containers.cradle(v, name);
        if (held) return held;
        const next = get(v, name);
        // `profile.role` of the row looked up by the caller's own id: his role.
        if (v.idents?.[0] && (v.sink as Partial<SinkRecord> | null)?.kind === 'db-read' && isRowRole(name)) return { t: 'ident', origin: v.idents[0], path: [name], sure: false };
        // Rows found by the caller's own id: there only when the caller is known.
        const own = v.idents?.filter((o) => !this.state.verified.includes(o)) ?? [];
        if (own.length > 0 && (v.sink as { kind?: string } | null)?.kind === 'db-read' && (name === 'data' || name === 'rows')) return { t: 'ident', origin: own[0]!, path: [], sure: false };
        if (this.trace && v.sink && name === 'data' && this.state.verified.length === 0 && (v.sink as { kind?: string }).kind === 'db-read' && v.sink.marks.some(isCredential)) {
          return { t: 'ident', origin: this.origin('api-key', 'session look-up', at), path: [], sure: false };
        }
        const proof = name === 'data' || name === 'error' ? this.rowProof(v) : null;
        if (proof && name === 'data') return { t: 'ident', origin: proof, path: [], sure: false, ...(v.idents?.[0] ? { of: v.idents[0] } : {}) };
        // A look-up that may find nothing reports no error when it does.
        if (proof && !v.shape.endsWith('.maybeSingle()')) return { t: 'identErr', origin: proof };
        if (next.shape === 'process.env' && v.name === 'process') return next;
        if (v.shape === 'process.env' || v.shape === 'import.meta.env') return { t: 'env', name };
        return next;
      }
      case 'parsed':
        return this.parsedMember(v, name);
      case 'reply':
        return name === 'status' ? (v.status === null ? unknown('status') : constant(v.status)) : unknown(name);
      case 'promise':
        // A field of a promise nobody awaited is always undefined.
        return name === 'then' || name === 'catch' || name === 'finally' ? unknown(`promise.${name}`) : UNDEFINED;
      case 'union':
        return union(v.of.filter((m) => !isNullish(m.value) || v.of.length === 1).map((m): Member => ({ value: this.member(m.value, name, at, nameStart), ver: m.ver, ...(m.roles ? { roles: m.roles } : {}) })).concat(v.of.some((m) => isNullish(m.value)) ? [{ value: UNDEFINED, ver: [] as readonly Origin[] }] : []));
      case 'unk':
        if (v.hint === 'headers') return unknown(name, v.marks);
        if (name === 'length') return worked(partOf(v.marks, name), name);
        if (v.from) return partOfAnswer(name, partOf(v.marks, name), v);
        return v.marks.length > 0 ? unknown(name, partOf(v.marks, name)) : v.hint && v.hint.length < 80 && /^[\w$.]+$/.test(v.hint) ? get(symbol(null, v.hint), name) : unknown(name);
      case 'const':
        if (typeof v.v === 'string') return get(symbol('global', 'string'), name);
        return UNDEFINED;
      default:
        return unknown(name);
    }
  }

  /**
   * One row asked for with the caller's own rights, where row rules let no stranger at it (or an insert they let no stranger
   * do): that it came proves a known caller as a sign-in check would.
   */
  private rowProof(v: SymValue): Origin | null {
    const record = v.sink as Partial<SinkRecord> | null;
    if (!this.trace || !record?.asUser || record.kind === undefined || record.op === undefined || !record.at) return null;
    const one = /\.(single|maybeSingle)\(\)$/.test(v.shape);
    if (!one && record.op !== 'insert') return null;
    const access = this.rowRules.accessOf(record.kind, record.op, record.target ?? null);
    // Whoever asks the database under the caller's own rights counts on row rules, also where no file shows them.
    const assumed = access === 'unknown' && record.kind === 'db-read' && record.target != null;
    if (access !== 'none' && !assumed) return null;
    if (!record.rowProof) {
      record.rowProof = this.origin('row-rules', `row rules of ${record.target}`, record.at);
      if (record.kind === 'db-read') record.rowProof.pins = record.pins ?? [];
      if (assumed) record.rowProof.assumed = true;
    }
    return record.rowProof;
  }

  private parsedMember(v: Extract<Value, { t: 'parsed' }>, name: string): Value {
    if (name === 'data' || name === 'value' || name === 'output') {
      return v.data;
    }
    if (name === 'success' || name === 'error' || name === 'issues' || name === 'errors') {
      // Whoever looks at the outcome is taken to act on it; an outcome nobody looks at validates nothing.
      this.checked(marksOf(v.data));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    }
    return unknown(name);
  }

  inFile<T>(file: RelPath, run: () => T): T {
    const saved = this.file;
    this.file = file;
    const out = run();
    this.file = saved;
    return out;
  }

  // ---------------------------------------------------------------------------------------------- classes

  classValue(file: RelPath, id: number, env: Env): ClsValue {
    return { t: 'cls', file, id, env, statics: new Map() };
  }

  private instanceMember(cls: ClsValue, name: string, self: Value): Value | null {
    const fact = this.script(cls.file)?.classes[cls.id];
    if (!fact) return null;
    const m = fact.members.find((x) => !x.isStatic && x.name === name);
    if (m?.fn != null) {
      const f = this.script(cls.file)!.functions[m.fn];
      const fn: FnValue = { t: 'fn', file: cls.file, id: m.fn, env: cls.env, self, bound: [] };
      return f?.kind === 'getter' ? this.callFn(fn, [], self) : fn;
    }
    if (fact.superClass) {
      const base = this.inFile(cls.file, () => this.expr(fact.superClass!, cls.env));
      if (base.t === 'cls') return this.instanceMember(base, name, self);
      if (base.t === 'sym') return get({ ...base, links: [...base.links, { k: 'new', args: [], at: this.place(cls.file, fact.span.start, fact.span.end) }], shape: `${base.shape}()` }, name);
    }
    return null;
  }

  /** What a container passes to the constructor of a class, or of the class it inherits it from. */
  wiringOf(cls: ClsValue, depth = 0): readonly Wired[] {
    const fact = this.script(cls.file)?.classes[cls.id];
    if (!fact) return [];
    if (fact.superClass && depth < 6 && !fact.members.some((m) => m.name === 'constructor')) {
      const base = this.inFile(cls.file, () => this.expr(fact.superClass!, cls.env));
      if (base.t === 'cls') return this.wiringOf(base, depth + 1);
    }
    return this.inFile(cls.file, () => fact.wiring.map((w) => ({ name: w.name, token: w.token ? this.expr(w.token, cls.env) : null })));
  }

  /** Fields that a container fills: `@inject(TOKEN) service`. */
  wiredFields(cls: ClsValue): readonly Wired[] {
    const fact = this.script(cls.file)?.classes[cls.id];
    return this.inFile(cls.file, () =>
      (fact?.members ?? []).flatMap((m) => {
        const asked = m.fn === null ? m.decorators.find((d) => d.k === 'call' && d.fn.k === 'ref' && /^inject$/i.test(d.fn.name)) : undefined;
        return asked?.k === 'call' && asked.args[0] ? [{ name: m.name, token: this.expr(asked.args[0], cls.env) }] : [];
      }),
    );
  }

  construct(fn: Value, args: readonly Value[], at: Location): Value {
    if (fn.t === 'cls') {
      const self: ObjValue = { t: 'obj', props: new Map(), open: false, cls: fn };
      if (!this.trace) this.shared.add(self.props);
      const key = args.length === 0 && !this.trace ? this.ctorCache.get(fn) : undefined;
      if (key) return key;
      this.initInstance(fn, self, args, 0);
      if (args.length === 0 && !this.trace) this.ctorCache.set(fn, self);
      return self;
    }
    if (fn.t === 'fn') {
      const self: ObjValue = { t: 'obj', props: new Map(), open: false, cls: null };
      const out = this.callFn(fn, args, self);
      return out.t === 'obj' && out !== self && out.props.size > 0 ? out : self;
    }
    return invoke(this, fn, args, null, at, null, false, true);
  }

  private initInstance(cls: ClsValue, self: ObjValue, args: readonly Value[], depth: number): void {
    const fact = this.script(cls.file)?.classes[cls.id];
    if (!fact || depth > 6) return;
    this.inFile(cls.file, () => {
      if (fact.superClass) {
        const base = this.expr(fact.superClass, cls.env);
        if (base.t === 'cls') this.initInstance(base, self, args, depth + 1);
      }
      const env: Env = { vars: this.frame(), parent: cls.env, file: cls.file, fn: 0, self };
      for (const m of fact.members) if (!m.isStatic && m.fn === null && m.init && !m.name.startsWith('*param*')) self.props.set(m.name, this.expr(m.init, env));
      const ctor = fact.members.find((m) => m.name === 'constructor' && m.fn !== null);
      if (ctor?.fn != null) {
        const f = this.script(cls.file)!.functions[ctor.fn]!;
        f.params.forEach((p, i) => {
          if (p.k === 'name' && fact.members.some((m) => m.name === `*param*${p.name}`)) self.props.set(p.name, args[i] ?? unknown(p.name));
        });
        this.callFn({ t: 'fn', file: cls.file, id: ctor.fn, env: cls.env, self, bound: [] }, args, self);
      }
    });
  }

  // ---------------------------------------------------------------------------------------------- calls

  args(list: readonly Expr[], env: Env): Value[] {
    const out: Value[] = [];
    for (const a of list) {
      if (a.k === 'spread') {
        const v = this.expr(a.value, env);
        if (v.t === 'arr') out.push(...v.items);
        else out.push(v);
      } else out.push(this.expr(a, env));
    }
    return out;
  }

  private call(x: Extract<Expr, { k: 'call' }>, env: Env): Value {
    if (x.fn.k === 'ref' && x.fn.name === 'require' && x.args[0]?.k === 'str') return this.inFile(env.file, () => this.require((x.args[0] as { v: string }).v, (x.args[0] as { v: string }).v));
    if (x.fn.k === 'super') {
      this.args(x.args, env);
      return UNDEFINED;
    }
    const at = this.at(x.s, x.e);
    if (x.fn.k === 'mem') {
      const self = this.expr(x.fn.obj, env);
      const args = this.args(x.args, env);
      // What a cache gives is what the way without it gave before; a session that a token finds there is more than that.
      if (this.trace && looksIntoCache(x) && !args.some((a) => marksOf(a).some(isCredential))) return UNDEFINED;
      if (self.t === 'arr' && x.fn.obj.k === 'ref' && (x.fn.prop === 'push' || x.fn.prop === 'unshift')) this.grow(x.fn.obj.name, self, args, env);
      return invoke(this, self, args, x.fn.prop, at, x);
    }
    if (x.fn.k === 'idx') {
      const self = this.expr(x.fn.obj, env);
      const key = asString(this.expr(x.fn.index, env));
      if (key !== null) return invoke(this, self, this.args(x.args, env), key, at, x);
    }
    const fn = this.expr(x.fn, env);
    const args = this.args(x.args, env);
    return invoke(this, fn, args, null, at, x);
  }

  /** What a handler gathers in a list of its own: how many there will be, nobody knows. */
  private grow(name: string, list: Extract<Value, { t: 'arr' }>, added: readonly Value[], env: Env): void {
    // `fields.push(`${key} = ?`)`: whether the names of a body were held against a list, no mark of the whole can say.
    const items = added.map((v) => (v.t === 'unk' && v.hint.startsWith('template') ? { ...v, marks: v.marks.filter((m) => m.field !== '') } : v));
    if (this.trace) this.assignName(name, { ...list, items: list.items.length < MAX_GATHERED ? [...list.items, ...items] : list.items, open: true }, env);
  }

  /** Runs a project function. An async one yields a promise that carries what awaiting it would prove. */
  callFn(fn: FnValue, args: readonly Value[], self: Value | null): Value {
    const fact = this.script(fn.file)?.functions[fn.id];
    if (!fact) return unknown('');
    this.runs.add(this.runKey(fn.file, fn.id));
    const given = [...fn.bound, ...args];
    if (this.stack.length >= MAX_CALL_DEPTH || this.stack.some((f) => f.fn === fact && this.stack.filter((g) => g.fn === fact).length > 1)) {
      this.summaries.spoil();
      let marks: readonly Mark[] = [];
      for (const a of given) marks = mergeMarks(marks, marksOf(a));
      return unknown(fact.name, marks);
    }
    if (!this.trace) {
      const runs = this.topRuns.get(fn.file);
      if (runs) runs.add(fn.id);
      else this.topRuns.set(fn.file, new Set([fn.id]));
    }
    // What is kept of calls was seen where customers use the app.
    if (!this.trace || this.setting || this.anywhere) return this.run(fn, fact, given, self);
    return this.summaries.call(fn, fact, given, self, this.stack, this.clock, () => this.run(fn, fact, given, self));
  }

  private run(fn: FnValue, fact: FunctionFact, given: readonly Value[], self: Value | null): Value {
    this.summaries.ran(fact, this.stack.length);
    const before = this.state;
    const savedFile = this.file;
    const savedLoop = this.loopDepth;
    this.file = fn.file;
    const env: Env = { vars: this.frame(), parent: fn.env, file: fn.file, fn: fn.id, self: fn.self ?? (fact.kind === 'arrow' ? null : self) };
    const frame: Activation = { returns: [], fn: fact, file: fn.file };
    this.stack.push(frame);
    fact.params.forEach((p, i) => {
      if (p.k === 'rest') this.bind(p.value, { t: 'arr', items: given.slice(i), open: false }, env, true);
      else this.bind(p, given[i] ?? UNDEFINED, env, true);
    });
    this.block(fact.body, env);
    if (this.state.alive) frame.returns.push({ value: UNDEFINED, state: this.state });
    this.stack.pop();
    this.file = savedFile;
    this.loopDepth = savedLoop;
    if (frame.returns.length === 0) {
      this.state = { ...this.state, alive: fact.async };
      return fact.async ? { t: 'promise', of: UNDEFINED, gains: [] } : UNDEFINED;
    }
    let verified = frame.returns[0]!.state.verified;
    for (const r of frame.returns) verified = meetProofs(verified, r.state.verified);
    const value = union(frame.returns.map((r) => ({ value: fact.async ? fulfilled(r.value) : r.value, ver: [...r.state.verified, ...(r.value.t === 'promise' && fact.async ? r.value.gains : [])].filter((o) => !verified.includes(o)), ...(r.state.absent && !before.absent ? { absent: true } : {}), ...(r.state.roles.length > 0 && r.state.roles !== before.roles ? { roles: r.state.roles } : {}) })));
    const denied = frame.returns.find((r) => r.state.denied && !r.state.verified.length)?.state.denied ?? null;
    const last: State = {
      verified, alive: true, denied: denied ?? before.denied,
      soft: frame.returns.find((r) => r.state.soft)?.state.soft ?? null,
      passed: frame.returns.some((r) => r.state.passed),
      absent: before.absent || frame.returns.every((r) => r.state.absent),
      bypass: frame.returns.find((r) => r.state.bypass)?.state.bypass ?? null,
      roles: eitherRole(frame.returns.map((r) => r.state.roles)), nobodyYet: frame.returns.every((r) => r.state.nobodyYet),
    };
    if (!fact.async || fact.kind === 'module') {
      this.state = last;
      return value;
    }
    const gains = verified.filter((o) => !before.verified.includes(o));
    const alsoAwaited = frame.returns.every((r) => r.value.t === 'promise') ? frame.returns.flatMap((r) => (r.value.t === 'promise' ? r.value.gains : [])) : [];
    this.state = { ...last, verified: before.verified };
    return { t: 'promise', of: value, gains: join(gains, alsoAwaited) };
  }

  currentFunction(): { fn: FunctionFact; file: RelPath } | null {
    const f = this.stack[this.stack.length - 1];
    return f ? { fn: f.fn, file: f.file } : null;
  }

  reset(trace: Trace): void {
    this.state = START;
    this.trace = trace;
    this.fuel = FUEL;
    this.loopDepth = 0;
    this.conditional = 0;
    this.journal = null;
    this.filled = new WeakMap();
    this.summaries.reset();
    this.nexts = [];
    this.stack.length = 0;
    this.deps = new Set();
    this.inMiddleware = false;
    this.nobodyElse = false;
  }
}

/** Where a session keeps who is signed in. */
const SAYS_WHO = /user|account|member|customer|admin|employee|auth|logged|^uid$/i;

/** How many rows were found. */
const COUNT = /^(length|rowCount|count|size)$/;

const NO_RUNS: ReadonlySet<number> = new Set();

/** `DEMO_EMAIL`: whom a variable names is no secret; to send the same proves nothing. */
const NAMES_SOMEBODY = /(^|_)(E?MAIL|USER_?NAME|PHONE|DOMAIN|HOST|ORIGIN)(_?ADDRESS)?S?$/;
/** Variables that name the stage the code runs in. */
const STAGE = /^(NODE_ENV|VERCEL_ENV|APP_ENV|ENVIRONMENT|ENV|NEXT_PUBLIC_(APP_)?ENV|DENO_ENV)$/;
/** Switches that nobody sets in production. */
const OPT_IN = /SKIP|BYPASS|DISABLE|TEST_MODE|E2E|MOCK|DEBUG|PLAYWRIGHT|^DEV_/;

const OBJECT_METHODS = new Set(['map', 'forEach', 'filter', 'find', 'some', 'every', 'reduce', 'then', 'catch', 'finally', 'toString', 'hasOwnProperty', 'keys', 'values', 'entries']);

/** The request is refused as incomplete, not for who sends it: `userId` may name whom it is about. */
function onlyBadRequests(denials: Trace['denials'], returned: readonly Value[]): boolean {
  const statuses = [...denials.map((d) => d.status), ...returned.map((v) => (v.t === 'reply' ? v.status : null))].filter((s) => s !== null);
  return statuses.length > 0 && statuses.every((s) => s === 400 || s === 404 || s === 422);
}

/** `stripe.checkout.sessions.retrieve(id).payment_status`: what became of a payment, asked where it was made. */
const PAID = /(checkout\.sessions|[pP]ayment_?[iI]ntents|charges|payments|orders)\.(retrieve|get|fetch)\(\)\.(payment_)?status$/;

/** A pattern: its text stands where a symbol's name does. */
const REGEXP = symbol('global', 'RegExp');
