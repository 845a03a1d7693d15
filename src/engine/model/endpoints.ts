/** Judges one endpoint: runs its chain and says who may call it, what it does, and which raw input reaches its work. */
import type { AuthState, Endpoint, Guard, HandlerRef, InputRead, PublicReason, SinkUse } from '../core/model';
import { WRITES, keepsBooks, onlyReads } from '../core/sinks';
import type { Evidence, Location, ProjectOptions, RelPath } from '../core/types';
import { KNOWLEDGE, SIGN_IN_STRATEGIES } from '../libraries/index';
import { columnsShownBy, holdingOf, isShownWhole, shownBy } from './answers';
import { fromStore, inputValue, isConstant, isFixed, nextBag, noteEnvLeak, requestBag, responseBag, saysSuccess } from './bags';
import { type Interpreter, START, type State } from './interpreter';
import { noteValidatorMiddleware } from './invoke';
import { type Prefix, asLeft } from './prefixes';
import { publicReason } from './public';
import { eitherRole, namesOfRoles } from './roles';
import { type Trace, clearTrace, copyTrace, newTrace } from './trace';
import { type BagValue, type FnValue, type Mark, type Origin, type SymValue, UNDEFINED, type Value, asString, constant, join, marksOf, meetProofs, unknown } from './values';

export interface Step {
  readonly value: Value;
  readonly level: Guard['level'];
  readonly at: Location;
  readonly name: string;
  /** Path at which it is mounted: Express strips it from `req.path` and `req.url`. */
  readonly mount?: string | undefined;
  /** A `router.param` callback: it gets the parameter's value as a fourth argument. */
  readonly param?: string | undefined;
  /** Socket.IO's `(socket, next)`. */
  readonly socket?: boolean;
}

/** An endpoint as an adapter found it, not yet judged. */
export interface Candidate {
  readonly framework: string;
  readonly method: string;
  readonly path: string;
  readonly at: Location;
  /** In the order they run; the last is the handler. */
  readonly steps: readonly Step[];
  readonly style: 'express' | 'web' | 'pages' | 'action';
  readonly scope: string;
  readonly mounted: boolean;
  /** Split by the methods the handler branches on. */
  readonly split: boolean;
  /** Registered, but after the routes it should protect. */
  readonly late: readonly Step[];
  /** Names the URL path for middleware that tests it. */
  readonly urlPath: string | null;
  readonly publicByFramework?: PublicReason | undefined;
  /** A gateway in front lets nobody through without a token of the project; the public key is one. */
  readonly gateway?: boolean;
  /** A server action: addresses of the pages that post it; what stands before the handler runs for each of them. */
  readonly postedTo?: readonly string[];
  /** Strangers are stopped before every one of these pages. */
  readonly pagesGuarded?: boolean;
}

interface Run {
  readonly trace: Trace;
  readonly guards: Guard[];
  readonly state: State;
  readonly handlerKnown: boolean;
  readonly chainVerified: readonly Origin[];
  /** Roles that the guards before the handler ask for. */
  readonly chainRoles: readonly string[];
}

/** One endpoint per method the handler branches on; usually one. */
export function judge(it: Interpreter, candidate: Candidate, options: ProjectOptions): Endpoint[] {
  const looked = new Set<RelPath>();
  const c = candidate.postedTo ? asPosted(it, candidate, candidate.postedTo, looked) : candidate;
  const first = run(it, c, null);
  for (const file of looked) it.deps.add(file);
  if (c.split) {
    const methods = [...first.trace.methods].filter((m) => /^(GET|POST|PUT|PATCH|DELETE)$/.test(m));
    if (methods.length > 0) {
      // A method that no branch names and none refuses runs the rest of the handler.
      const rest = ['POST', 'GET'].filter((m) => !methods.includes(m)).filter((m) => run(it, c, m).trace.sinks.some((s) => !s.inMiddleware));
      return [...methods, ...rest].map((m) => conclude(it, { ...c, method: m }, run(it, c, m), options));
    }
  }
  const found = conclude(it, c, first, options);
  if (found.auth === 'required' || !endsAtOnce(first)) return [found];
  // Switched off where customers use it; who may call it where it is on stands behind that. Which of the two is told hangs on both.
  const read = it.deps;
  it.anywhere = true;
  try {
    const on = conclude(it, c, run(it, c, null), options);
    for (const file of it.deps) read.add(file);
    for (const file of read) it.deps.add(file);
    return [on.auth === 'required' ? on : found];
  } finally {
    it.anywhere = false;
  }
}

/** It asks the environment and then turns everybody away. */
function endsAtOnce(r: Run): boolean {
  const t = r.trace;
  return t.does.has('asks-environment') && t.denials.length > 0 && t.replies.length === 0 && t.sinks.every((s) => s.inMiddleware);
}

/** The action on its own, and whether what stands before its pages stops strangers at every one of them. Files read on the way are put into `looked`. */
function asPosted(it: Interpreter, c: Candidate, urls: readonly string[], looked: Set<RelPath>): Candidate {
  const front = c.steps.slice(0, -1);
  const handler = c.steps[c.steps.length - 1]!;
  const nothing: Step = { ...handler, value: UNDEFINED };
  const before = front.map((s) => it.prefixes.idOf(s.value)).join();
  const stops = (url: string): boolean => {
    const kept = it.pages.get(`${before}:${url}`, () => {
      const outer = it.runs;
      it.runs = new Set();
      // Of what stands before the page, whichever action asks.
      const r = run(it, { ...c, at: front[0]?.at ?? c.at, urlPath: url, steps: [...front, nothing] }, null);
      const runs = it.runs;
      it.runs = outer;
      return { stops: r.trace.fakes.length === 0 && r.chainVerified.some((o) => o.kind !== 'row-rules' && !r.trace.unknownGuards.some((u) => u.name === o.name)), deps: it.deps, runs };
    });
    for (const file of kept.deps) looked.add(file);
    for (const key of kept.runs) it.runs.add(key);
    return kept.stops;
  };
  return { ...c, steps: [handler], pagesGuarded: urls.every(stops) };
}

function run(it: Interpreter, c: Candidate, method: string | null): Run {
  const trace = newTrace();
  it.reset(trace);
  it.gateway = c.gateway === true;
  const request = requestBag(c.style === 'web' || c.style === 'action' ? 'web' : 'express');
  const verb = method ?? (c.style === 'express' && VERB.test(c.method) ? c.method : null);
  if (verb !== null) request.props.set('method', constant(verb));
  if (c.urlPath !== null) {
    const url: BagValue = { t: 'bag', kind: 'url', framework: 'web', props: new Map([['pathname', constant(c.urlPath)]]) };
    request.props.set('nextUrl', url);
    request.props.set('path', constant(c.urlPath));
    request.props.set('originalUrl', constant(c.urlPath));
  }
  it.nobodyElse = c.style === 'express' && c.mounted && c.steps.slice(0, -1).every((s) => s.value.t === 'fn' || (s.value.t === 'sym' && s.value.pkg !== null && s.value.pkg !== 'passport' && HARMLESS.test(s.value.pkg)));
  const response = responseBag('express');
  const guards: Guard[] = [];
  let state: State = START;
  let handlerKnown = false;
  let chainVerified: readonly Origin[] = [];
  let chainRoles: readonly string[] = [];
  const shared = c.style === 'express' && method === null && !it.anywhere ? it.prefixes : null;
  let caching = shared !== null;
  let key = '';
  let known: Prefix | null = null;
  const restore = () => {
    if (!known) return;
    clearTrace(trace);
    copyTrace(known.trace, trace);
    guards.splice(0, guards.length, ...known.guards);
    for (const [k, v] of asLeft(known.request)) request.props.set(k, v);
    for (const [k, v] of asLeft(known.response)) response.props.set(k, v);
    for (const d of known.deps) it.deps.add(d);
    for (const key of known.runs) it.runs.add(key);
    state = known.state;
    it.fuel = known.fuel;
    known = null;
  };
  c.steps.forEach((step, i) => {
    const isHandler = i === c.steps.length - 1;
    // Routes behind the same middlewares share what running them once has shown.
    const full = shared ? `${key}${shared.idOf(step.value)}:${step.level}:${step.at.file}:${step.at.span.start},` : '';
    if (shared && caching && !isHandler) {
      const hit = shared.get(full);
      if (hit) {
        known = hit;
        key = full;
        return;
      }
    }
    restore();
    it.file = step.at.file;
    it.state = { ...state, alive: true, denied: null, soft: null, passed: false, absent: false, bypass: null };
    if (c.urlPath !== null && step.mount !== undefined) {
      const inside = `/${c.urlPath.split('/').filter(Boolean).slice(step.mount.split('/').filter(Boolean).length).join('/')}`;
      request.props.set('path', constant(inside));
      request.props.set('url', constant(inside));
    }
    it.nexts = [];
    it.inMiddleware = !isHandler;
    if (isHandler) {
      chainVerified = it.state.verified;
      chainRoles = it.state.roles;
      handlerKnown = runHandler(it, c, step, request, response, guards);
      return;
    }
    const before = shared && caching ? signature(trace, guards, state, request, response) : '';
    it.pathRead = false;
    state = step.level === 'framework' ? runNextMiddleware(it, step, request, state, guards) : runMiddleware(it, step, request, response, state, guards);
    if (!shared || !caching) return;
    if (!it.pathRead) {
      key = full;
      shared.set(key, { trace: copyTrace(trace, newTrace()), guards: [...guards], request: asLeft(withoutPath(request.props)), response: asLeft(response.props), deps: new Set(it.deps), runs: new Set(it.runs), state, fuel: it.fuel });
      // What looked at the path and found nothing to do here leaves no mark: what follows is shared all the same.
    } else if (signature(trace, guards, state, request, response) === before) key = `${full}~`;
    else caching = false;
  });
  // Last, so that no shared prefix carries one endpoint's file to another.
  it.deps.add(c.at.file);
  return { trace, guards, state: it.state, handlerKnown, chainVerified, chainRoles };
}

const VERB = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

const PATH_PROPS = new Set(['path', 'url', 'originalUrl', 'nextUrl', 'method']);

function withoutPath(props: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...props].filter(([k]) => !PATH_PROPS.has(k)));
}

/** Equal before and after a step that did nothing that counts. */
function signature(t: Trace, guards: readonly Guard[], state: State, request: BagValue, response: BagValue): string {
  const inputs = t.inputs.filter((i) => i.source !== 'headers' && i.source !== 'cookies').length;
  const props = [...withoutPath(request.props)].map(([k, v]) => `${k}:${v.t}`).join();
  return [t.sinks.length, inputs, t.replies.length, t.denials.length, t.fakes.length, t.origins.length, t.unknownGuards.length, t.does.size, t.limiters.length, t.checked.size, t.chainValidated.size, t.validators, t.exhausted, t.uploads.length, t.envLeaks.length, guards.length, state.verified.map((o) => o.id).join('.'), state.roles.join(), props, response.props.size].join('|');
}

function namedGuard(step: Step, origins: readonly Origin[], because: Guard['because'], effect: Guard['effect'] = 'enforces'): Guard {
  const kind: Guard['kind'] = origins.some((o) => o.kind === 'signature') ? 'signature' : 'authentication';
  return { name: step.name, kind, level: step.level, at: step.at, because, effect };
}

function runMiddleware(it: Interpreter, step: Step, request: BagValue, response: BagValue, state: State, guards: Guard[]): State {
  const trace = it.trace!;
  const v = step.value;
  if (it.options.guards.includes(step.name)) {
    const o = it.origin('user', step.name, step.at);
    guards.push(namedGuard(step, [o], 'config'));
    return { ...state, verified: join(state.verified, [o]) };
  }
  const fn = innerFunction(v);
  if (v.t === 'sym') {
    const guard = symbolMiddleware(it, v, step, guards);
    if (guard) return { ...state, verified: join(state.verified, [guard]) };
    if (!fn) return state;
  }
  if (!fn) return state;
  const arity = it.script(fn.file)?.functions[fn.id]?.params.length ?? 0;
  // Four parameters: an error handler, it never runs on the way in.
  if (arity - fn.bound.length === 4 && step.param === undefined) return state;
  const replies = trace.replies.length;
  const denials = trace.denials.length;
  const fakes = trace.fakes.length;
  const work = trace.sinks.length;
  const deniedBefore = it.state;
  const socket = step.socket === true && arity === 2;
  const out = it.callFn(fn, [request, ...(socket ? [] : [response]), nextBag(), ...(step.param !== undefined ? [inputValue(it, 'params', [step.param], step.at)] : [])], null);
  if (out.t === 'fn') {
    // A factory used as the middleware itself by mistake, or a curried one: what it returns runs.
    it.callFn(out, [request, response, nextBag()], null);
  }
  const passed = it.nexts;
  trace.replies.length = replies;
  const end = it.state.verified;
  if (passed.length === 0) {
    // No `next()` on any path that reading sees: it passes by returning (a promise, another library's convention).
    const gains = out.t === 'promise' ? out.gains : [];
    const verified = join(end, gains);
    const gained = verified.filter((o) => !state.verified.includes(o));
    if (gained.length > 0) guards.push(namedGuard(step, gained, 'summary'));
    return { ...state, verified };
  }
  let verified = passed[0]!.verified;
  for (const p of passed) verified = meetProofs(verified, p.verified);
  const roles = eitherRole(passed.map((p) => p.roles));
  const gained = verified.filter((o) => !deniedBefore.verified.includes(o));
  // `asyncHandler(fn)` hands errors on: what was given to it is the guard.
  const own = wrapped(it, fn, WRAPPER_WITH_ERRORS);
  const asksRole = roles.length > 0 && roles.join() !== deniedBefore.roles.join();
  if (gained.length > 0) {
    // "Last used" on the key that was just checked: the guard's own work, not the endpoint's.
    const kept = trace.sinks.slice(work).filter((s) => s.kind !== 'db-write' || !s.guards.some((o) => gained.includes(o)));
    trace.sinks.splice(work, trace.sinks.length - work, ...kept);
    const sure = gained.filter((o) => !trace.unknownGuards.some((u) => u.name === o.name));
    const guard = namedGuard(step, gained, sure.length > 0 ? 'summary' : 'name', sure.length > 0 ? 'enforces' : 'unknown');
    guards.push({ ...guard, ...(guard.kind === 'authentication' && asksRole ? { kind: 'authorization' as const } : {}), by: { file: own.file as RelPath, fn: own.id } });
    return { ...state, verified: join(state.verified, gained), roles };
  }
  if (asksRole) {
    guards.push({ name: step.name, kind: 'authorization', level: step.level, at: step.at, because: 'summary', effect: 'enforces' });
    return { ...state, roles };
  }
  const some = passed.find((p) => p.verified.length > deniedBefore.verified.length);
  // Handing errors on is how every request of the app can end, no denial of this middleware's.
  const around = own === fn ? null : (it.script(fn.file)?.functions[fn.id]?.span ?? null);
  const denies = trace.denials.slice(denials).some((d) => around === null || d.at.file !== fn.file || d.at.span.start < around.start || d.at.span.end > around.end);
  // Lets strangers pass on purpose and turns nobody away: it only tells later handlers who is there.
  if (!denies && passed.length > 1) for (let i = trace.fakes.length - 1; i >= fakes; i--) if (trace.fakes[i]!.kind === 'catch-falls-through' || trace.fakes[i]!.kind === 'logs-but-continues') trace.fakes.splice(i, 1);
  const unguarded = passed.find((p) => p.verified.length === deniedBefore.verified.length);
  if (unguarded?.bypass && some && trace.fakes.length === fakes) it.fake({ name: step.name, at: unguarded.bypass, kind: 'bypass-flag', reason: `${step.name} lets the request pass when the client itself asks for it.` });
  const attaches = passed.length > 1 && !denies && !unguarded?.bypass;
  if (!attaches && unguarded && (some || denies || unguarded.soft) && trace.fakes.length === fakes) {
    if (unguarded.denied) it.fake({ name: step.name, at: unguarded.denied, kind: 'missing-return', reason: `${step.name} sends the denial and then calls next() all the same: there is no return between them.` });
    else if (unguarded.soft) it.fake({ name: step.name, at: unguarded.soft, kind: 'logs-but-continues', reason: `${step.name} notices that nobody is signed in and calls next() all the same.` });
  }
  if (some) guards.push(namedGuard(step, some.verified.filter((o) => !deniedBefore.verified.includes(o)), 'summary', 'optional'));
  return state;
}

const GUARD_LIKE = /auth|protect|require|ensure|guard|verify|login|session|admin|role|permission|secure|jwt|token/i;

function symbolMiddleware(it: Interpreter, v: SymValue, step: Step, guards: Guard[]): Origin | null {
  if (v.pkg === 'multer' || v.pkg === 'express-fileupload') noteUpload(it, v, step.at);
  if (noteValidatorMiddleware(it, v)) {
    guards.push({ name: step.name, kind: 'validation', level: step.level, at: step.at, because: 'library', effect: 'enforces' });
    return null;
  }
  const meaning = KNOWLEDGE.meaningOf(v.pkg, v.shape.replace(/\(\)$/, '')) ?? KNOWLEDGE.meaningOf(v.pkg, v.shape);
  if (meaning?.is === 'guard') {
    if (meaning.effect !== 'enforces') return null;
    const call = [...v.links].reverse().find((l) => l.k === 'call');
    const args = call?.k === 'call' ? call.args : [];
    const strategy = meaning.name === 'passport.authenticate' ? asString(args[0] ?? UNDEFINED) : null;
    if (strategy !== null && SIGN_IN_STRATEGIES.test(strategy)) {
      it.does('sign-in');
      return null;
    }
    const options = args.find((a) => a.t === 'obj');
    const off = options?.t === 'obj' ? options.props.get('credentialsRequired') ?? options.props.get('authRequired') : undefined;
    if (off?.t === 'const' && off.v === false) {
      guards.push({ name: step.name, kind: 'authentication', level: step.level, at: step.at, because: 'library', effect: 'optional' });
      return null;
    }
    const o = it.origin('user', meaning.name, step.at);
    guards.push(namedGuard(step, [o], 'library'));
    return o;
  }
  if (meaning?.is === 'limiter') {
    it.trace?.limiters.push(step.name);
    guards.push({ name: step.name, kind: 'rate-limit', level: step.level, at: step.at, because: 'library', effect: 'enforces' });
    return null;
  }
  if (GUARD_LIKE.test(step.name) && (v.pkg === null || !HARMLESS.test(v.pkg))) {
    it.trace?.unknownGuards.push({ name: step.name, at: step.at });
    guards.push({ name: step.name, kind: 'authentication', level: step.level, at: step.at, because: 'name', effect: 'unknown' });
  }
  return null;
}

function noteUpload(it: Interpreter, v: SymValue, at: Location): void {
  const made = v.links.find((l) => l.k === 'call');
  const options = made?.k === 'call' ? made.args.find((a) => a.t === 'obj') : undefined;
  const props = options?.t === 'obj' ? options.props : new Map<string, Value>();
  // Options that reading cannot tell may hold everything.
  if (made?.k === 'call' && made.args.length > 0 && !options) return;
  if (options?.t === 'obj' && options.open) return;
  const limits = props.get('limits');
  const storage = props.get('storage');
  // multer keeps files in memory unless told where to put them.
  const toDisk = props.has('dest') || (storage?.t === 'sym' && /diskStorage/.test(storage.shape));
  it.trace?.uploads.push({ at: made?.k === 'call' ? made.at : at, sizeLimit: limits !== undefined && (limits.t !== 'obj' || limits.open || limits.props.has('fileSize')), typeFilter: props.has('fileFilter'), toDisk });
}

const HARMLESS = /^(cors|helmet|morgan|compression|body-parser|cookie-parser|express|express-session|cookie-session|multer|serve-static|hpp|pino-http|global|express-fileupload|method-override|connect-flash|csurf|response-time|express-winston|passport|i18n|swagger-ui-express|http-proxy-middleware)(\/|$)/;

/** Next's middleware or proxy in front of a route: what passes carries what was verified on the way. */
function runNextMiddleware(it: Interpreter, step: Step, request: BagValue, state: State, guards: Guard[]): State {
  const trace = it.trace!;
  const fn = innerFunction(step.value);
  if (!fn) {
    const meaning = step.value.t === 'sym' ? KNOWLEDGE.meaningOf(step.value.pkg, step.value.shape.replace(/\(\)$/, '')) : null;
    if (meaning?.is === 'guard-wrapper') {
      const o = it.origin('user', step.name, step.at);
      guards.push(namedGuard(step, [o], 'library'));
      return { ...state, verified: join(state.verified, [o]) };
    }
    return state;
  }
  prepareWrapped(it, step.value, request);
  const replies = trace.replies.length;
  const origins = trace.origins.length;
  const out = it.callFn(fn, clerkArgs(it, step.value, request), null);
  trace.replies.length = replies;
  // It refreshes sessions for every route: that it asks says nothing about the one behind it.
  for (const o of trace.origins.slice(origins)) o.tested = true;
  const value = out.t === 'promise' ? out.of : out;
  const base = join(it.state.verified, out.t === 'promise' ? out.gains : []);
  const members = value.t === 'union' ? value.of : [{ value, ver: [] as readonly Origin[] }];
  let passing: readonly Origin[] | null = null;
  for (const m of members) {
    if (m.value.t === 'reply' && m.value.status !== -1) continue;
    const ver = join(base, m.ver);
    passing = passing === null ? ver : meetProofs(passing, ver);
  }
  const gained = (passing ?? base).filter((o) => !state.verified.includes(o));
  if (gained.length > 0) guards.push(namedGuard(step, gained, 'summary'));
  return { ...state, verified: join(state.verified, gained) };
}

/** `clerkMiddleware((auth, req) => …)` and `withAuth((req) => …)` hand over other arguments than a plain middleware. */
function clerkArgs(it: Interpreter, v: Value, request: BagValue): Value[] {
  if (v.t === 'sym' && v.pkg?.startsWith('@clerk/')) {
    const origin = it.origin('user', 'auth', { file: it.file, span: { start: 0, end: 0 } });
    const bag: BagValue = { t: 'bag', kind: 'context', framework: 'identity', props: new Map([['#', { t: 'ident', origin, path: [], sure: false } as Value]]) };
    const call: BagValue = { ...bag, props: new Map(bag.props) };
    return [call, request];
  }
  return [request, unknown('event')];
}

/** The project function that a chain of wrappers ends in. */
export function innerFunction(v: Value): FnValue | null {
  if (v.t === 'fn') return v;
  if (v.t === 'sym') {
    for (let i = v.links.length - 1; i >= 0; i--) {
      const l = v.links[i]!;
      if (l.k === 'get') continue;
      for (const a of l.args) {
        const f = innerFunction(a);
        if (f) return f;
      }
    }
  }
  if (v.t === 'union') {
    for (const m of v.of) {
      const f = innerFunction(m.value);
      if (f) return f;
    }
  }
  return null;
}

function prepareWrapped(it: Interpreter, v: Value, request: BagValue): void {
  if (v.t !== 'sym') return;
  const meaning = KNOWLEDGE.meaningOf(v.pkg, v.shape.replace(/\(\)$/, ''));
  if (meaning?.is === 'identity') {
    const origin = it.origin('user', meaning.name, { file: it.file, span: { start: 0, end: 0 } });
    request.props.set('auth', { t: 'ident', origin, path: [], sure: false });
  }
}

function runHandler(it: Interpreter, c: Candidate, step: Step, request: BagValue, response: BagValue, guards: Guard[]): boolean {
  const trace = it.trace!;
  const v = step.value;
  const fn = innerFunction(v);
  if (v.t === 'sym') {
    const meaning = KNOWLEDGE.meaningOf(v.pkg, v.shape.replace(/\(\)$/, '')) ?? KNOWLEDGE.meaningOf(v.pkg, v.shape);
    if (/^(next-auth|@auth\/|better-auth)/.test(v.pkg ?? '') && !fn) {
      // The library's own sign-in endpoints.
      trace.does.add('oauth');
      return true;
    }
    if (meaning?.is === 'guard-wrapper' || (meaning?.is === 'guard' && meaning.effect === 'enforces')) {
      const o = it.origin('user', step.name, step.at);
      it.verify([o]);
      guards.push({ ...namedGuard(step, [o], 'library'), level: 'handler', name: meaning.name });
      if (!fn) return true;
    } else if (meaning?.is === 'does') trace.does.add(meaning.what);
    else if (fn && GUARD_LIKE.test(v.name) && meaning === null && v.pkg === null) trace.unknownGuards.push({ name: v.name, at: step.at });
    prepareWrapped(it, v, request);
  }
  if (!fn) return false;
  const fact = it.script(fn.file)?.functions[fn.id];
  const before = it.state.verified;
  let args: Value[];
  if (c.style === 'action') args = (fact?.params ?? []).map((p, i) => (i === 0 && fact!.params.length === 2 && p.k === 'name' && /prev|state/i.test(p.name) ? unknown('state') : inputValue(it, 'args', p.k === 'name' ? [p.name] : [], { file: fn.file, span: { start: p.s, end: p.e } })));
  else if (c.style === 'web') args = [request, contextArg(it, step.at)];
  else args = [request, response, nextBag()];
  const out = it.callFn(fn, args, null);
  const value = out.t === 'promise' ? out.of : out;
  const base = join(it.state.verified, out.t === 'promise' ? out.gains : []);
  if (c.style === 'web' || c.style === 'action') {
    for (const m of value.t === 'union' ? value.of : [{ value, ver: [] as readonly Origin[] }]) record(it, m.value, join(base, m.ver), step.at, m.absent === true);
  }
  if (c.style === 'express' && it.nexts.length > 0 && trace.sinks.every((s) => s.inMiddleware)) {
    // The last handler passes on: what it proves on the way is the endpoint's guard.
    let passing = it.nexts[0]!.verified;
    for (const n of it.nexts) passing = meetProofs(passing, n.verified);
    const gained = passing.filter((o) => !before.includes(o));
    if (gained.length > 0) {
      it.verify(gained);
      guards.push({ ...namedGuard(step, gained, 'library'), because: 'summary' });
      trace.denials.push({ status: 401, at: step.at, absent: true });
      return true;
    }
  }
  const inner = trace.origins.filter((o) => o.tested && !o.assumed && !before.includes(o) && !trace.unknownGuards.some((u) => u.name === o.name));
  const effective = inner.filter((o) => trace.sinks.some((s) => s.guards.includes(o)) || trace.replies.some((r) => r.guards.includes(o)) || base.includes(o));
  for (const o of effective) guards.push({ name: o.name, kind: o.kind === 'signature' ? 'signature' : 'authentication', level: 'handler', at: o.at, because: 'summary', effect: 'enforces' });
  return true;
}

function contextArg(it: Interpreter, at: Location): Value {
  return { t: 'obj', props: new Map<string, Value>([['params', inputValue(it, 'params', [], at)], ['searchParams', inputValue(it, 'query', [], at)]]), open: true, cls: null };
}

function record(it: Interpreter, v: Value, guards: readonly Origin[], at: Location, absent: boolean): void {
  const t = it.trace!;
  const said = v.t === 'reply' ? v.data : v;
  if (said !== null && !isFixed(said)) it.does('tells-more');
  noteEnvLeak(it, v.t === 'reply' ? v.data : v, v.t === 'reply' ? v.at : at);
  if (v.t === 'reply') {
    if (v.status !== null && v.status >= 400) t.denials.push({ status: v.status, at: v.at, absent });
    else if (v.status !== 302) t.replies.push({ status: v.status, guards, roles: it.state.roles, hasData: v.data !== null && !isConstant(v.data), fromStore: v.data !== null && fromStore(v.data), marks: v.data ? marksOf(v.data) : [], positive: saysSuccess(v.data), absent, at: v.at, holds: holdingOf(v.data) });
    return;
  }
  // What a server action returns goes to the browser.
  t.replies.push({ status: null, guards, roles: it.state.roles, hasData: !isConstant(v), fromStore: fromStore(v), marks: marksOf(v), positive: saysSuccess(v), absent, at, holds: holdingOf(v) });
}

// ------------------------------------------------------------------------------------------------ conclusions


function conclude(it: Interpreter, c: Candidate, r: Run, options: ProjectOptions): Endpoint {
  const t = r.trace;
  const evidence: Evidence[] = [];
  const uncertain = new Set(t.unknownGuards.map((u) => u.name));
  const certain = (g: readonly Origin[]) => g.some((o) => !uncertain.has(o.name) && o.kind !== 'row-rules');
  const auth = verdict(c, r, certain);
  for (const f of t.fakes) evidence.push({ at: f.at, note: f.reason });
  if (auth !== 'required' && isSwitchedOff(r)) evidence.push({ at: t.denials[0]?.at ?? c.at, note: 'It is switched off outside development and asks nobody who they are.' });
  for (const s of c.late) {
    if (auth === 'required') break;
    const probe = GUARD_LIKE.test(s.name);
    if (probe) t.fakes.push({ name: s.name, at: s.at, kind: 'registered-after', reason: `${s.name} is registered after this route, so it never runs for it.` });
  }
  // A decoded token is the cause; that its cookie was looked for first is not.
  if (t.fakes.some((f) => f.kind === 'decoded-not-verified')) for (let i = t.fakes.length - 1; i >= 0; i--) if (t.fakes[i]!.kind === 'trusts-client') t.fakes.splice(i, 1);
  const fakes = auth === 'required' ? t.fakes.filter((f) => f.kind === 'after-the-work') : t.fakes;
  const work = t.sinks.filter((s) => !s.inMiddleware || s.kind !== 'db-read');
  const sinks: SinkUse[] = work.map((s) => ({
    kind: s.kind, target: s.target, op: s.op, at: s.at, guarded: certain(s.guards) || byRow(s.guards), asUser: s.asUser, rowGated: s.guards.some((o) => o.kind === 'row-rules'), incidental: s.incidental, service: s.service, fixedHost: s.fixedHost, strangers: it.rowRules.accessOf(s.kind, s.op, s.target), loopDepth: s.loopDepth,
    // A cache holds what was worked out; what it was asked for is only its key.
    raw: isCache(s) ? [] : s.marks.filter((m) => !m.validated && !onlyFinds(s, m)).map(toInput),
    validated: s.marks.some((m) => m.validated || onlyFinds(s, m)), wholeRow: s.wholeRow, published: s.published, shown: shownBy(s, t), shownColumns: columnsShownBy(s, t), shownWhole: isShownWhole(s, t), toUs: s.toUs,
    lazy: (c.method === 'GET' || c.method === 'HEAD') && s.fillsIn && s.marks.length === 0,
  }));
  const mutates = sinks.some((s) => WRITES.has(s.kind) && !s.lazy && !onlyReads(s) && (s.kind !== 'file' || /write|unlink|^rm|append|mkdir|rename|outputFile|copy/i.test(s.op)));
  const returnsData = t.replies.some((x) => x.hasData) && sinks.some((s) => s.kind === 'db-read' || s.kind === 'storage' || s.kind === 'file' || s.service !== null || (s.kind === 'auth-admin' && onlyReads(s)));
  const publicBy = publicReason({ method: c.method, path: c.path, handler: c.steps[c.steps.length - 1]?.name ?? '', handlerKnown: r.handlerKnown, byFramework: c.publicByFramework, guards: r.guards, trace: t, auth, sinks, mutates }, options);
  const handler = handlerRef(it, c);
  return {
    key: `${c.framework} ${c.method} ${c.path}@${c.at.file}:${c.at.span.start}`, framework: c.framework, method: c.method, path: c.path, at: c.at, handler,
    guards: r.guards, fakeGuards: fakes, auth, authEvidence: evidence, roles: rolesHere(c, r), inputs: t.inputs.filter((i) => i.source !== 'headers' && i.source !== 'cookies'),
    validated: validatedOf(t, sinks), publicBy, sinks, asksInVain: auth !== 'required' && t.origins.some((o) => o.kind === 'user' && !o.tested && !uncertain.has(o.name)), changesMemory: t.does.has('changes-memory') && sinks.length === 0, pagesGuarded: c.pagesGuarded === true, saysFixed: t.replies.length > 0 && sinks.length === 0 && r.handlerKnown && !t.exhausted && !t.does.has('tells-more'), envLeaks: t.envLeaks, uploads: t.uploads, mutates, returnsData, scope: c.scope, mounted: c.mounted, dependsOn: it.deps,
  };
}

function isCache(s: { readonly kind: SinkUse['kind']; readonly target: string | null }): boolean {
  return (s.kind === 'db-write' || s.kind === 'db-read') && s.target !== null && /(^|_)cache(s|d)?($|_)|[a-z]Cache(d)?$/i.test(s.target);
}

/** A text, a number or a date of the body that rows of a document store are found by: it can be no filter of its own. */
function onlyFinds(s: { readonly kind: SinkUse['kind']; readonly op: string }, m: Mark): boolean {
  return (m.text === true || m.numeric === true) && s.kind === 'db-read' && /^(find|count|exists|aggregate|distinct|paginate)/.test(s.op) && (m.source === 'body' || m.source === 'form');
}

/** Behind a row that row rules show to no stranger. */
function byRow(guards: readonly Origin[]): boolean {
  return guards.some((o) => o.kind === 'row-rules' && !o.assumed);
}

function verdict(c: Candidate, r: Run, certain: (g: readonly Origin[]) => boolean): AuthState {
  const t = r.trace;
  if (certain(r.chainVerified)) return 'required';
  const unsure = t.unknownGuards.length > 0 || t.exhausted || !r.handlerKnown;
  const open: AuthState = unsure ? 'unknown' : 'none';
  // A provider's or a refresh token traded for a session: that is signing in, whoever comes may try.
  if (t.does.has('token-issue') && EXCHANGE.test(c.path.slice(c.path.lastIndexOf('/') + 1))) return open;
  const work = t.sinks.filter((s) => !s.inMiddleware && s.kind !== 'redirect' && !keepsBooks(s));
  const guardedWork = work.filter((s) => certain(s.guards));
  const openWork = work.filter((s) => !certain(s.guards));
  const guardedReplies = t.replies.filter((x) => certain(x.guards));
  const openReplies = t.replies.filter((x) => !certain(x.guards));
  if (t.fakes.length > 0 && openWork.length > 0) return open;
  if (guardedWork.length + guardedReplies.length > 0) {
    const stores = openWork.filter((s) => STORES.has(s.kind));
    // Bound by the caller's own database rights: it works without a user and differs with one.
    if (stores.some((s) => s.kind === 'db-write') && stores.every((s) => s.asUser)) return 'optional';
    // Echoing the request or an error's text is no data; what came from a store is.
    const openRead = openWork.some((s) => s.kind === 'db-read' || s.kind === 'storage' || s.kind === 'file');
    if (openReplies.some((x) => x.hasData && (x.fromStore || (openRead && x.marks.length === 0)))) return 'optional';
    if (openWork.some((s) => WRITES.has(s.kind)) && !guardedWork.some((s) => WRITES.has(s.kind))) {
      const o = guardedReplies[0]?.guards[0] ?? guardedWork[0]?.guards[0];
      // Asked for a name only, with nobody turned away for it, is another matter.
      if (o && t.denials.some((d) => (d.absent || (d.at.file === o.at.file && d.at.span.start > o.at.span.start && d.status === 401)) && (d.status === null || d.status === 401 || d.status === 403 || d.status === 302))) t.fakes.push({ name: o.name, at: o.at, kind: 'after-the-work', reason: `${o.name} is asked only after the data was already changed.` });
      return open;
    }
    // One of several actions asks nobody before it spends the server's own access to another service.
    if (openWork.some((s) => s.service !== null && s.op === 'post')) return 'optional';
    // Answers 200 with something when nobody is signed in.
    if (c.style !== 'action' && openReplies.some((x) => x.absent && (x.status === null || x.status < 300))) return 'optional';
    // Nobody is turned away: without a user it quietly does less and reports success.
    if (openReplies.some((x) => x.positive) && !guardedReplies.some((x) => x.positive || x.hasData) && t.denials.length === 0) return 'optional';
    return 'required';
  }
  // Whoever calls is turned away: a guard that is not wired yet.
  if (work.length === 0 && t.replies.length === 0 && t.denials.length > 0 && t.denials.every((d) => d.status === 401 || d.status === 403) && r.handlerKnown && t.fakes.length === 0) return isSwitchedOff(r) ? open : 'required';
  if (certain(r.state.verified) && t.denials.length > 0) return 'required';
  if (r.guards.some((g) => g.level === 'handler' && g.because === 'library' && g.effect === 'enforces')) return 'required';
  if (c.publicByFramework === 'static-asset' && t.unknownGuards.length === 0) return 'none';
  // The library's own answer to browsers that ask before they send.
  if (c.method === 'OPTIONS' && t.sinks.length === 0 && t.unknownGuards.length === 0) return 'none';
  const stores = work.filter((s) => STORES.has(s.kind));
  // Where the database is never told who calls, it does not differ with a user.
  if (stores.length > 0 && !stores.every((s) => s.asVisitor) && stores.every((s) => s.asUser || byRow(s.guards)) && t.fakes.length === 0 && !unsure) return 'optional';
  return open;
}

/** It refuses everybody where customers use it, by asking where it runs: nobody is asked who he is. */
function isSwitchedOff(r: Run): boolean {
  const t = r.trace;
  return t.does.has('asks-stage') && t.origins.length === 0 && r.state.verified.length === 0 && t.sinks.every((s) => s.inMiddleware) && t.replies.length === 0;
}

/** Last path segments that give out a session for another proof. */
const EXCHANGE = /log-?in|sign-?in|refresh|token|oauth|sso|google|apple|facebook|firebase|callback|exchange/i;

const STORES = new Set(['db-read', 'db-write', 'storage', 'auth-admin']);

/** Roles without one of which nobody gets the endpoint to do its work. */
function rolesHere(c: Candidate, r: Run): readonly string[] {
  const work = r.trace.sinks.filter((s) => !s.inMiddleware && !keepsBooks(s));
  const writes = work.filter((s) => WRITES.has(s.kind));
  // Without a write the answer tells; what is returned instead of sent comes from the last read.
  const telling = writes.length > 0 ? writes : c.style === 'express' || c.style === 'pages' ? r.trace.replies : work.slice(-1);
  return namesOfRoles(telling.length > 0 ? eitherRole(telling.map((x) => x.roles)) : r.chainRoles);
}

function toInput(m: Mark): InputRead {
  return { source: m.source, field: m.field, at: m.at, ...(m.numeric ? { numeric: true } : {}) };
}

function validatedOf(t: Trace, sinks: readonly SinkUse[]): Endpoint['validated'] {
  const inputs = t.inputs.filter((i) => i.source !== 'headers' && i.source !== 'cookies');
  if (inputs.length === 0) return 'n/a';
  const raw = sinks.some((s) => s.raw.some((x) => x.source !== 'headers' && x.source !== 'cookies'));
  if (!raw) return t.validators > 0 || t.checked.size > 0 ? 'yes' : sinks.some((s) => s.validated) ? 'yes' : 'n/a';
  return t.validators > 0 || t.checked.size > 0 || sinks.some((s) => s.validated) ? 'partly' : 'no';
}

/** Longest function taken for a wrapper, and for one that sorts errors by kind as well. */
const WRAPPER = 800;
const WRAPPER_WITH_ERRORS = 4000;

/** Inside `asyncHandler(fn)`, what was given to it: the function a person means by the handler. */
export function wrapped(it: Interpreter, fn: FnValue, longest = WRAPPER, depth = 0): FnValue {
  const fact = it.script(fn.file)?.functions[fn.id];
  if (!fact || depth > 4 || fact.span.end - fact.span.start > longest) return fn;
  for (let e: FnValue['env'] | null = fn.env; e?.parent; e = e.parent) {
    for (const [name, v] of e.vars) {
      if (v.t !== 'fn' || (v.id === fn.id && v.file === fn.file) || !it.script(e.file)?.functions[e.fn]?.params.some((p) => p.k === 'name' && p.name === name)) continue;
      return wrapped(it, v, longest, depth + 1);
    }
  }
  return fn;
}

function handlerRef(it: Interpreter, c: Candidate): HandlerRef | null {
  const step = c.steps[c.steps.length - 1];
  const outer = step ? innerFunction(step.value) : null;
  const fn = outer ? wrapped(it, outer) : null;
  if (!fn) return null;
  const fact = it.script(fn.file)?.functions[fn.id];
  return fact ? { file: fn.file as RelPath, fn: fn.id, name: step!.name || fact.name, span: fact.span } : null;
}

