/** What requests, responses and their parts give: the web's Request, Express-like `req`/`res`, and the values read from them. */
import type { InputSource, SinkKind } from '../core/model';
import type { Location } from '../core/types';
import { holdingOf } from './answers';
import type { Interpreter } from './interpreter';
import { awaitsDecision, opensByWhere } from './public-forms';
import type { SinkRecord } from './trace';
import { type BagValue, type Mark, UNDEFINED, type Value, asString, marksOf, mergeMarks, unknown } from './values';

const SOURCES: Readonly<Record<string, InputSource>> = {
  body: 'body', rawBody: 'body', query: 'query', params: 'params', headers: 'headers', cookies: 'cookies', signedCookies: 'cookies', files: 'files', file: 'files',
};

/** Where a server-side session or an auth middleware leaves the verified user. */
const IDENTITY_PROPS = new Set(['user', 'auth', 'oidc', 'account', 'currentUser', 'authUser']);

export function inputValue(it: Interpreter, source: InputSource, path: readonly string[], at: Location): Value {
  const field = path.join('.');
  const t = it.trace;
  const validated = t !== null && (t.checked.has(`${source}.${field}`) || (path.length > 0 && (t.checked.has(source) || t.checked.has(`${source}.${path[0]}`))));
  it.reads({ source, field, at });
  return { t: 'input', source, path, at, marks: [{ source, field, at, validated }] };
}

export function inputChild(v: Extract<Value, { t: 'input' }>, name: string, at: Location, it?: Interpreter): Value {
  // A file has a size, and so has a list; a body has one where somebody orders a shirt, or a pane of glass.
  if ((name === 'length' || name === 'size') && (v.source !== 'body' || v.path.length > 0)) return unknown('length', v.marks);
  // A cookie's `.value` is the cookie.
  if (name === 'value' && v.source === 'cookies' && v.path.length > 0) return v;
  const path = name === '' ? v.path : [...v.path, name].slice(0, 5);
  // The whole was validated, or the value this part belongs to.
  if (v.marks[0]?.validated) return { ...v, path, marks: v.marks };
  if (!it) return { ...v, path };
  return inputValue(it, v.source, path, at.span.end - at.span.start > 400 ? v.at : at);
}

export function bagGet(it: Interpreter, bag: BagValue, name: string, at: Location, _nameStart?: number): Value {
  const own = bag.props.get(name);
  if (name === 'method' || name === 'path' || name === 'nextUrl' || name === 'originalUrl' || name === 'url') it.pathRead = true;
  if (own) return own;
  if (bag.framework.startsWith('module:')) {
    const file = bag.framework.slice('module:'.length) as Location['file'];
    return it.exportOf(file, name);
  }
  switch (bag.kind) {
    case 'request': {
      const source = SOURCES[name];
      // In the web's Request `body` is a stream nobody validates; `json()` is the read that counts.
      if (source) return inputValue(it, source, [], at);
      if (name === 'nextUrl') return { t: 'bag', kind: 'url', framework: bag.framework, props: new Map() };
      if (name === 'url' || name === 'originalUrl' || name === 'path') return unknown('request.url');
      if (name === 'method') return { t: 'unk', hint: 'request.method', marks: [] };
      if (name === 'session') return sessionBag(it, bag, at);
      // Socket.IO: what the client sent when it connected.
      if (name === 'handshake') return inputValue(it, 'headers', ['authorization'], at);
      if (IDENTITY_PROPS.has(name) && bag.framework !== 'web') {
        const origin = it.origin('user', `req.${name}`, at);
        if (it.nobodyElse) origin.unset = true;
        const v: Value = { t: 'ident', origin, path: [], sure: false };
        // Not journaled: the same property is the same proof wherever it is read.
        bag.props.set(name, v);
        return v;
      }
      if (name === 'raw' || name === 'req') return bag;
      return unknown(`request.${name}`);
    }
    case 'context':
      if (bag.framework === 'identity') {
        const v = bag.props.get('#');
        return v ? it.member(v, name, at) : unknown(name);
      }
      return unknown(name);
    case 'url':
      return name === 'searchParams' ? inputValue(it, 'query', [], at) : name === 'search' ? inputValue(it, 'query', [], at) : unknown('request.url');
    case 'response':
      return name === 'locals' ? { t: 'obj', props: new Map(), open: true, cls: null } : unknown(`response.${name}`);
    default:
      return unknown(name);
  }
}

/** `req.session`: what stands in it was put there by the server, so reading a user from it is a check. */
function sessionBag(it: Interpreter, request: BagValue, at: Location): Value {
  const origin = it.origin('user', 'req.session', at);
  const bag: BagValue = { t: 'bag', kind: 'context', framework: 'identity', props: new Map<string, Value>([['#', { t: 'ident', origin, path: [], sure: false }]]) };
  request.props.set('session', bag);
  return bag;
}

const READS: Readonly<Record<string, InputSource>> = { json: 'body', text: 'body', arrayBuffer: 'body', blob: 'body', formData: 'form', parseBody: 'form' };

/** A method call on a bag. null: nothing known. */
export function bagCall(it: Interpreter, bag: BagValue, method: string, args: readonly Value[], at: Location): Value | null {
  const own = bag.props.get(method);
  if (own && own.t === 'fn') return it.callFn(own, args, bag);
  if (bag.framework.startsWith('module:')) return null;
  switch (bag.kind) {
    case 'request': {
      const read = READS[method];
      if (read) {
        const known = bag.props.get(`#${read}`);
        if (known) return { t: 'promise', of: known, gains: [] };
        return { t: 'promise', of: inputValue(it, read, [], at), gains: [] };
      }
      if (method === 'get' || method === 'header') return inputValue(it, 'headers', [asString(args[0])?.toLowerCase() ?? ''], at);
      if (method === 'param') return inputValue(it, 'params', [asString(args[0]) ?? ''], at);
      if (method === 'isAuthenticated') {
        const user = bagGet(it, bag, 'user', at);
        return user.t === 'ident' ? { t: 'bool', ifTrue: [user.origin], ifFalse: [] } : { t: 'bool', ifTrue: [], ifFalse: [] };
      }
      if (method === 'isUnauthenticated') {
        const user = bagGet(it, bag, 'user', at);
        return user.t === 'ident' ? { t: 'bool', ifTrue: [], ifFalse: [user.origin] } : { t: 'bool', ifTrue: [], ifFalse: [] };
      }
      if (method === 'login' || method === 'logIn') {
        it.does('sign-in');
        callCallbacks(it, args, []);
        return UNDEFINED;
      }
      if (method === 'logout' || method === 'logOut') {
        it.does('sign-out');
        callCallbacks(it, args, []);
        return UNDEFINED;
      }
      if (method === 'clone') return bag;
      callCallbacks(it, args, []);
      return unknown(`request.${method}`);
    }
    case 'next': {
      const bad = args.length > 0 && !(args[0]!.t === 'const' && (args[0]!.v === undefined || args[0]!.v === null || args[0]!.v === 'route' || args[0]!.v === 'router'));
      if (bad) {
        it.trace?.denials.push({ status: null, at, absent: it.state.absent });
        it.state = { ...it.state, denied: it.state.denied ?? at };
        return UNDEFINED;
      }
      it.nexts.push(it.state);
      it.state = { ...it.state, passed: true };
      return UNDEFINED;
    }
    case 'response':
      return responseCall(it, bag, method, args, at);
    case 'settle':
      bag.settled?.push({ value: args[0] ?? UNDEFINED, ver: it.state.verified });
      return UNDEFINED;
    case 'context':
      if (bag.framework === 'identity') {
        const v = bag.props.get('#');
        if (v?.t !== 'ident') return null;
        if (method === 'protect') {
          it.verify([v.origin]);
          return { t: 'promise', of: { ...v, sure: true }, gains: [v.origin] };
        }
        if (method === 'destroy' || method === 'save' || method === 'regenerate' || method === 'touch') {
          if (method === 'destroy') it.does('sign-out');
          callCallbacks(it, args, []);
          return { t: 'promise', of: UNDEFINED, gains: [] };
        }
        if (method === 'has') return { t: 'bool', ifTrue: [v.origin], ifFalse: [] };
        return { ...v, path: [...v.path, method] };
      }
      return null;
    case 'url':
      return unknown('request.url');
    default:
      return null;
  }
}

/** 429: the handler itself turns away who asks too often. */
export function noteLimit(it: Interpreter, status: Value | undefined): void {
  if (status?.t === 'const' && status.v === 429 && !it.inMiddleware) it.does('limits-callers');
}

function responseCall(it: Interpreter, bag: BagValue, method: string, args: readonly Value[], at: Location): Value {
  const statusOf = (): number | null => {
    const s = bag.props.get('#status') ?? bag.props.get('statusCode');
    return s === undefined ? null : s.t === 'const' && typeof s.v === 'number' ? s.v : 500;
  };
  switch (method) {
    case 'status':
    case 'code':
    case 'writeHead':
      noteLimit(it, args[0]);
      return { ...bag, props: new Map([...bag.props, ['#status', args[0] ?? UNDEFINED]]) };
    case 'sendStatus':
      noteLimit(it, args[0]);
      reply(it, args[0]?.t === 'const' && typeof args[0].v === 'number' ? args[0].v : null, null, at);
      return UNDEFINED;
    case 'json':
    case 'send':
    case 'jsonp':
    case 'end':
      reply(it, statusOf(), args[0] ?? null, at);
      return UNDEFINED;
    case 'render':
      reply(it, statusOf(), args[1] ?? null, at);
      return UNDEFINED;
    case 'sendFile':
    case 'download':
      // `app.get('*', …)` of a single-page app: the same file for everybody.
      if (marksOf(args[0] ?? UNDEFINED).length === 0 && isAsset(args[0] ?? UNDEFINED)) {
        if (!it.inMiddleware) it.does('fixed-asset');
        return UNDEFINED;
      }
      sink(it, 'file', method, null, at, args);
      reply(it, statusOf(), unknown('file', marksOf(args[0] ?? UNDEFINED)), at);
      callCallbacks(it, args, []);
      return UNDEFINED;
    case 'redirect': {
      const target = args[args.length - 1] ?? UNDEFINED;
      redirect(it, target, at);
      return UNDEFINED;
    }
    case 'cookie':
      return bag;
    case 'write':
      it.does('tells-more');
      it.trace?.replies.push({ status: statusOf(), guards: it.state.verified, roles: it.state.roles, hasData: args[0]?.t !== 'const', fromStore: false, marks: marksOf(args[0] ?? UNDEFINED), positive: false, absent: it.state.absent, at, holds: holdingOf(args[0] ?? null) });
      return UNDEFINED;
    default:
      callCallbacks(it, args, []);
      return bag;
  }
}

/** A path that ends in a file every visitor may have: a page, a style, an image. */
function isAsset(path: Value): boolean {
  const text = asString(path);
  if (text !== null) return /\.(html?|css|m?js|ico|png|jpe?g|gif|svg|webp|webmanifest|txt|xml)$/i.test(text);
  if (path.t === 'unk') return /\.html?$/i.test(path.hint);
  const call = path.t === 'sym' ? path.links[path.links.length - 1] : undefined;
  const last = call && call.k !== 'get' ? call.args[call.args.length - 1] : undefined;
  return last !== undefined && isAsset(last);
}

/** An answer sent now (Express) or handed back (web). */
export function reply(it: Interpreter, status: number | null, data: Value | null, at: Location): void {
  const t = it.trace;
  if (!t) return;
  noteEnvLeak(it, data, at);
  if (status !== null && status >= 400) {
    t.denials.push({ status, at, absent: it.state.absent });
    it.state = { ...it.state, denied: it.state.denied ?? at };
    return;
  }
  if (data !== null && !isFixed(data)) it.does('tells-more');
  t.replies.push({ status, guards: it.state.verified, roles: it.state.roles, hasData: data !== null && !isConstant(data), fromStore: data !== null && fromStore(data), marks: data ? marksOf(data) : [], positive: saysSuccess(data), absent: it.state.absent, at, holds: holdingOf(data) });
}

const SECRET_ENV = /SECRET|PASSW|TOKEN|PRIVATE|API_?KEY|SERVICE_ROLE|DATABASE_URL|_DSN$|MONGO\w*_UR[IL]|REDIS_URL|CREDENTIAL|SALT/i;
/** Sentry's address is made to stand in browsers. */
const PUBLIC_ENV = /^SENTRY_DSN$|^(NEXT_PUBLIC|VITE|PUBLIC|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC)_|PUBLISHABLE|ANON|SITE_?KEY|CLIENT_ID|PUBLIC_KEY/i;

/** Notes server secrets of the environment that an answer carries. */
export function noteEnvLeak(it: Interpreter, data: Value | null, at: Location): void {
  const t = it.trace;
  if (!t || !data) return;
  const names = new Set<string>();
  let whole = false;
  let place = at;
  const look = (v: Value, depth: number, owner: Location): void => {
    if (v.t === 'env') {
      if (SECRET_ENV.test(v.name) && !PUBLIC_ENV.test(v.name)) {
        names.add(v.name);
        if (!whole) place = owner;
      } else if (PUBLIC_ENV.test(v.name)) it.does('public-setting');
    } else if (v.t === 'sym' && v.shape === 'process.env') {
      whole = true;
      place = owner;
    } else if (depth > 0 && v.t === 'obj') {
      const own = v.at && v.at.file === at.file ? v.at : owner;
      for (const p of v.props.values()) look(p, depth - 1, own);
    } else if (depth > 0 && v.t === 'arr') for (const p of v.items) look(p, depth - 1, owner);
    else if (depth > 0 && v.t === 'union') for (const m of v.of) look(m.value, depth - 1, owner);
  };
  look(data, 4, at);
  if (names.size > 0 || whole) it.leaks({ at: place, names: [...names], whole });
}

/** `{ success: true }`, `{ ok: true }`. */
export function saysSuccess(v: Value | null): boolean {
  if (v?.t !== 'obj') return false;
  const flag = v.props.get('success') ?? v.props.get('ok');
  return flag?.t === 'const' && flag.v === true;
}

export function redirect(it: Interpreter, target: Value, at: Location): void {
  const t = it.trace;
  if (!t) return;
  const url = target.t === 'const' && typeof target.v === 'string' ? target.v : target.t === 'unk' && target.hint.startsWith('template:') ? target.hint.slice(9) : null;
  if (url !== null && /log-?in|sign-?in|auth|unauthorized|forbidden|401|403/i.test(url)) t.denials.push({ status: 302, at, absent: it.state.absent });
  else t.replies.push({ status: 302, guards: it.state.verified, roles: it.state.roles, hasData: false, fromStore: false, marks: marksOf(target), positive: false, absent: it.state.absent, at, holds: holdingOf(null) });
  const marks = marksOf(target).filter((m) => !m.validated);
  if (marks.length > 0 && !(target.t === 'unk' && target.ownPath)) sink(it, 'redirect', 'redirect', null, at, [target]);
}

export function sink(it: Interpreter, kind: SinkKind, op: string, target: string | null, at: Location, args: readonly Value[], asUser = false, constantText = true): SinkRecord {
  let marks: readonly Mark[] = [];
  for (const a of args) marks = mergeMarks(marks, marksOf(a));
  const fixedHost = kind === 'url' && args[0] !== undefined && hasFixedHost(args[0]);
  const held = settled(it, marks).map((m) => (isHarmless(kind, m, fixedHost) ? { ...m, validated: true } : m));
  const record: SinkRecord = { kind, op, target, at, guards: it.state.verified, roles: it.state.roles, asUser, marks: held, loopDepth: it.loopDepth, inMiddleware: it.inMiddleware, incidental: it.incidental, service: null, fixedHost, constantText, wholeRow: args.some(isWholeRow), published: publishedOf(args), fillsIn: fillsIn(it, kind, op, target), figures: false, toUs: false, asVisitor: false, nobodyYet: it.state.nobodyYet };
  if (kind === 'db-write' && args.some((a) => awaitsDecision(a))) record.awaits = true;
  if ((kind === 'db-read' || (kind === 'db-write' && /^(update|delete|findOneAnd|findByIdAnd)/.test(op))) && opensByWhere(args, target)) record.opens = true;
  if (it.trace) {
    const claim = it.state.verified.length === 0 ? unverifiedIn(args, 3) : null;
    if (claim) it.fake({ name: claim.how, at: claim.at, kind: claim.claimed ? 'unverified-session' : 'decoded-not-verified', reason: claim.how });
    noteUnstoppedDenial(it, at);
    it.trace.sinks.push(record);
  }
  return record;
}

/** What was done to a value on the way rules out the harm that this kind of work can do. */
function isHarmless(kind: SinkKind, m: Mark, fixedHost: boolean): boolean {
  if (kind === 'llm' || kind === 'db-write') return m.bounded === true;
  return m.piece === true && (kind === 'file' || kind === 'storage' || (kind === 'url' && fixedHost));
}

/** An address whose scheme and host are fixed text, or which begins with a path of its own, on every way it can be made up. */
export function hasFixedHost(v: Value): boolean {
  switch (v.t) {
    case 'const':
    case 'env':
      return true;
    case 'unk':
      return v.ownPath === true || v.marks.length === 0 || /^template:https?:\/\/[^/?#\s]+[/?#]/.test(v.hint);
    case 'union':
      return v.of.every((m) => hasFixedHost(m.value));
    default:
      return false;
  }
}

function fillsIn(it: Interpreter, kind: SinkKind, op: string, target: string | null): boolean {
  if (kind !== 'db-write' || target === null || /delete|destroy|remove/i.test(op)) return false;
  return (it.conditional > 0 || /^(insert|insertOne|create|add|save)$/.test(op)) && it.trace !== null && it.trace.sinks.some((s) => s.kind === 'db-read' && s.target === target);
}

/** The row itself is what the request sent, or has it spread in: the caller names the columns. */
export function isWholeRow(v: Value): boolean {
  switch (v.t) {
    case 'input':
      return (v.source === 'body' || v.source === 'args') && !v.marks[0]?.validated;
    case 'unk':
      return v.hint === 'json' && v.marks.some((m) => m.field === '' && !m.validated && (m.source === 'body' || m.source === 'args'));
    case 'obj':
      return (v.marks ?? []).some((m) => !m.validated && (m.field === '' || (m.source === 'args' && !m.field.includes('.'))) && (m.source === 'body' || m.source === 'args')) || ['data', '$set'].some((k) => isWholeRow(v.props.get(k) ?? { t: 'const', v: null }));
    case 'arr':
      return v.items.some(isWholeRow);
    case 'union':
      return v.of.some((m) => isWholeRow(m.value));
    default:
      return false;
  }
}

/** Does a query ask for published rows only? `req.query.all ? {} : { isPublic: true }` leaves it to the caller. */
export function publishedOf(args: readonly Value[]): SinkRecord['published'] {
  if (args.some((a) => asksForPublished(a, 2))) return 'always';
  return args.some((a) => a.t === 'union' && a.of.some((m) => asksForPublished(m.value, 2))) ? 'unless-asked' : 'no';
}

/** `{ status: 'published' }`, `{ where: { isPublic: true } }`. */
export function asksForPublished(v: Value, depth: number): boolean {
  if (v.t !== 'obj') return false;
  for (const [key, p] of v.props) {
    if (p.t === 'const' && isPublishedFilter(key, p.v)) return true;
    if (depth > 0 && asksForPublished(p, depth - 1)) return true;
  }
  return false;
}

/** A column and value that mean: meant for everybody. */
export function isPublishedFilter(key: string, value: unknown): boolean {
  if (/^(status|state|visibility)$/i.test(key)) return typeof value === 'string' && /^(published|public|live|listed|open)$/i.test(value);
  return /^(is_?)?(published|public|visible|listed)$/i.test(key) && value === true;
}

/** An identity nobody verified among what a statement is built from. */
function unverifiedIn(values: readonly Value[], depth: number): Extract<Value, { t: 'unverified' }> | null {
  for (const v of values) {
    if (v.t === 'unverified' && !v.gateway) return v;
    const inner = depth === 0 ? [] : v.t === 'obj' ? [...v.props.values()] : v.t === 'arr' ? v.items : v.t === 'union' ? v.of.map((m) => m.value) : [];
    const found = inner.length > 0 ? unverifiedIn(inner, depth - 1) : null;
    if (found) return found;
  }
  return null;
}

/** The row that was looked up by this value is there: it is one of the values that exist. */
function isPinned(it: Interpreter, m: Mark): boolean {
  return m.field !== '' && it.state.verified.some((o) => o.pins?.some((p) => p.source === m.source && p.field === m.field) === true);
}

/** Marks as they count here: what a validator or check has seen by now is clean. */
export function settled(it: Interpreter, marks: readonly Mark[]): Mark[] {
  const t = it.trace;
  if (!t) return [...marks];
  return marks.map((m) => (m.validated || isPinned(it, m) || isAskedFile(t.checked, m) || (m.field !== '' && (t.checked.has(`${m.source}.${m.field}`) || t.checked.has(m.source))) || t.checked.has(`${m.source}.*`) ? { ...m, validated: true } : m));
}

/** A file whose kind or size was asked for: what it holds is limited. */
function isAskedFile(checked: ReadonlySet<string>, m: Mark): boolean {
  return (m.source === 'form' || m.source === 'files') && m.field !== '' && (checked.has(`${m.source}.${m.field}.type`) || checked.has(`${m.source}.${m.field}.size`));
}

/** Work on a path where a denial was already sent, or a failed test went unanswered. */
export function noteUnstoppedDenial(it: Interpreter, _work: Location): void {
  if (it.state.verified.length > 0) return;
  if (it.state.denied) it.fake({ name: 'denial', at: it.state.denied, kind: 'missing-return', reason: 'The denial is sent, but the function goes on: there is no return after it.' });
  else if (it.state.soft) it.fake({ name: 'check', at: it.state.soft, kind: 'logs-but-continues', reason: 'The check notices the missing user and goes on all the same.' });
}

/** It stands in the code as it is sent, but for the time of day: nothing of the store, the environment or the machine. */
export function isFixed(v: Value): boolean {
  switch (v.t) {
    case 'const':
      return true;
    case 'obj':
      return !v.open && [...v.props.values()].every(isFixed);
    case 'arr':
      return !v.open && v.items.every(isFixed);
    case 'unk':
      return v.hint === 'now' && v.marks.length === 0;
    case 'sym':
      return v.marks.length === 0 && v.sink === null && ((v.pkg === 'global' && /^Date\b/.test(v.shape)) || (v.pkg === null && v.name === 'now'));
    default:
      return false;
  }
}

export function isConstant(v: Value): boolean {
  switch (v.t) {
    case 'const':
      return true;
    case 'obj':
      return !v.open && (v.marks ?? []).length === 0 && [...v.props.values()].every(isConstant);
    case 'arr':
      return !v.open && v.items.every(isConstant);
    case 'union':
      return v.of.every((m) => isConstant(m.value));
    case 'unk':
      // A time stamp, an uptime, a caught error's text: nothing of the store.
      return v.marks.length === 0 && (v.hint === 'error' || v.hint === 'now' || v.hint.startsWith('template:'));
    case 'env':
      return true;
    case 'sym':
      return (v.pkg === 'global' || (v.pkg === null && v.name === 'now')) && v.marks.length === 0 && v.sink === null;
    default:
      return false;
  }
}

export function fromStore(v: Value, depth = 3): boolean {
  switch (v.t) {
    case 'sym':
      return v.sink !== null;
    case 'ident':
      // A row that row rules show to nobody else.
      return v.origin.kind === 'row-rules';
    case 'unk':
      return v.hint.startsWith('store');
    case 'promise':
      return fromStore(v.of, depth);
    case 'union':
      return v.of.some((m) => fromStore(m.value, depth));
    case 'obj':
      return depth > 0 && [...v.props.values()].some((p) => fromStore(p, depth - 1));
    case 'arr':
      return depth > 0 && v.items.some((p) => fromStore(p, depth - 1));
    default:
      return false;
  }
}

/** Runs function arguments as callbacks that may or may not be called. */
export function callCallbacks(it: Interpreter, args: readonly Value[], given: readonly Value[]): Value {
  let out: Value = UNDEFINED;
  for (const a of args) {
    if (a.t !== 'fn') continue;
    const [end] = it.branch([
      () => {
        const before = it.state.denied;
        const v = it.callFn(a, given, null);
        // The caller of the callback sees its end as a normal return; a denial in it ended it.
        it.state = { ...it.state, alive: true, denied: before };
        return v;
      },
      () => UNDEFINED,
    ]);
    out = end?.value ?? UNDEFINED;
  }
  return out;
}

/** The request object of the given style. */
export function requestBag(framework: string): BagValue {
  return { t: 'bag', kind: 'request', framework, props: new Map() };
}

export function responseBag(framework: string): BagValue {
  return { t: 'bag', kind: 'response', framework, props: new Map() };
}

export function nextBag(): BagValue {
  return { t: 'bag', kind: 'next', framework: 'express', props: new Map() };
}

