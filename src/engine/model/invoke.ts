/** Calls: of project functions, of library symbols by what they mean, of the built-ins these apps use. */
import type { Expr } from '../core/facts';
import type { SinkKind } from '../core/model';
import type { Location } from '../core/types';
import { KNOWLEDGE, type Meaning, SERVICE_ADDRESSES } from '../libraries/index';
import { asksForFigures, goesToUs } from './answers';
import { asksForPublished, bagCall, callCallbacks, hasFixedHost, inputValue, isPublishedFilter, isWholeRow, noteLimit, noteUnstoppedDenial, redirect, settled, sink } from './bags';
import type { Interpreter } from './interpreter';
import { awaitsDecision, opensWith } from './public-forms';
import { asksWhoseTokenItIs } from './rest-identity';
import { bothRoles, eitherRole, isAdminTable, isRole, rightAskedFor, roleName, rolesOf } from './roles';
import type { SinkRecord } from './trace';
import { NULL, asNumber, asBounded, asItStands, asPiece, asText, isCredential, type Mark, type Member, type Origin, type SymValue, UNDEFINED, type Value, applied, asString, common, constant, get, isKeyedDigest, isNullish, join, marksOf, meetProofs, mergeMarks, partOfAnswer, refinement, sourceOf, symbol, truthiness, union, unknown, worked } from './values';

/** Calls `target` (or its method). `tagged`: a template tag; `isNew`: a constructor of a library. */
export function invoke(it: Interpreter, target: Value, args: readonly Value[], method: string | null, at: Location, x: Expr | null, tagged = false, isNew = false): Value {
  const v = invokeAsIs(it, target, args, method, at, x, tagged, isNew);
  return method !== null && CUTS.test(method) && args.length === 2 && args.every((a) => a.t === 'const' && typeof a.v === 'number') ? cut(v) : v;
}

const CUTS = /^(slice|substring|substr)$/;

/** `text.slice(0, 4000)`: no longer than that, whatever was sent. */
function cut(v: Value): Value {
  return v.t === 'unk' || v.t === 'input' || v.t === 'sym' ? { ...v, marks: asBounded(v.marks) } : v;
}

function invokeAsIs(it: Interpreter, target: Value, args: readonly Value[], method: string | null, at: Location, x: Expr | null, tagged: boolean, isNew: boolean): Value {
  switch (target.t) {
    case 'union': {
      const live = target.of.filter((m) => !isNullish(m.value));
      const first = live[0];
      if (live.length === 1 && first) {
        const v = invoke(it, first.value, args, method, at, x, tagged, isNew);
        return target.of.length > 1 && method !== null ? union([{ value: v, ver: first.ver }, { value: UNDEFINED, ver: [] }]) : v;
      }
      const picked = live.some((m) => m.value.t === 'sym' || m.value.t === 'fn') ? live.filter((m) => m.value.t !== 'unk') : live;
      if (picked.length === 0) return unknown('');
      // What is asked of plain lists is soon answered, and which roles are on one has to be asked of all.
      const tried = picked.every((m) => m.value.t === 'arr') ? picked : picked.slice(0, 4);
      const ends = it.branch(tried.map((m) => () => invoke(it, m.value, args, method, at, x, tagged, isNew)));
      return union(ends.filter((e) => e.state.alive).map((e, i): Member => ({ value: e.value, ver: tried[i]?.ver ?? [], ...(tried[i]?.roles ? { roles: tried[i].roles } : {}) })));
    }
    case 'bag': {
      if (method === null) return bagCall(it, target, '', args, at) ?? unknown('');
      const known = bagCall(it, target, method, args, at);
      if (known) return known;
      return invoke(it, it.member(target, method, at), args, null, at, x);
    }
    case 'scope': {
      if (method === null) return unknown('');
      const head = it.rowAt ?? headOf(it, at, x);
      const own = target.scope.props.get(method);
      if (own) return invoke(it, own, args, null, at, x);
      for (const h of it.hooks) {
        if (h.id !== target.scope.framework || it.looking) continue;
        const v = h.scopeCall?.(target.scope, method, args, head, it);
        if (v) return v;
      }
      return target;
    }
    case 'fn':
      if (method === 'bind') return { ...target, self: args[0] && !isNullish(args[0]) ? args[0] : target.self, bound: [...target.bound, ...args.slice(1)] };
      if (method === 'call') return it.callFn(target, args.slice(1), args[0] ?? null);
      if (method === 'apply') return it.callFn(target, args[1]?.t === 'arr' ? args[1].items : [], args[0] ?? null);
      if (method !== null) return invoke(it, it.member(target, method, at), args, null, at, x);
      return compared(it, target, args, it.callFn(target, args, null), at);
    case 'cls':
      if (method === null) return unknown('');
      return callMember(it, target, method, args, at, x);
    case 'obj':
      if (method === null) return unknown('');
      return callMember(it, target, method, args, at, x);
    case 'promise':
      return promiseCall(it, target, method, args);
    case 'input':
      return inputCall(it, target, method, args, at);
    case 'ident': {
      // `user.can('x')`, `user.id.toString()`: still something only a verified user has.
      callCallbacks(it, args, []);
      const role = (method === 'includes' || method === 'has') && args[0] ? roleName(args[0]) : null;
      if (role !== null && isRole(target.path)) return { t: 'bool', ifTrue: [target.origin], ifFalse: [], roles: { ifTrue: [role], ifFalse: [] } };
      const right = rightAskedFor(target.path, method, args[0]);
      if (right !== null) return { t: 'bool', ifTrue: [target.origin], ifFalse: [], roles: { ifTrue: [right], ifFalse: [] } };
      return method === null ? target : { ...target, path: [...target.path, method].slice(-4), sure: false };
    }
    case 'unverified':
      return target;
    case 'env':
      return method !== null && isGlimpse(method, args) ? unknown('') : target;
    case 'arr':
      return arrayCall(it, target, method, args, at);
    case 'sym':
      if (method !== null && it.trace && isDocument(target)) {
        if (FILLS.test(method)) {
          it.fill(target, args);
          return target;
        }
        // What was put into the document is what saving it writes.
        if (method === 'save') return symbolCall(it, get(target, method), [...args, ...madeWith(target), ...it.filledInto(target)], at, x, tagged, isNew);
      }
      if (method !== null && it.trace && target.pkg !== null) {
        // TypeORM: `repo.merge(found, body)`, then `repo.save(found)`.
        const [row] = args;
        if (row?.t === 'sym' && isDocument(row)) {
          if (method === 'merge') {
            it.fill(row, args.slice(1));
            return row;
          }
          if (method === 'save') return symbolCall(it, get(target, method), [...args, ...it.filledInto(row)], at, x, tagged, isNew);
        }
        // `request.input('name', type, value); await request.query(…)`: bound in a statement of its own.
        if (BINDS.test(method)) it.fill(target, args);
        else if (SENDS.test(method)) return symbolCall(it, get(target, method), [...args, ...it.filledInto(target)], at, x, tagged, isNew);
      }
      return symbolCall(it, method === null ? target : get(target, method), args, at, x, tagged, isNew);
    case 'const':
      if (typeof target.v === 'string' && method !== null) return stringCall(target.v, method, args);
      return unknown('');
    case 'unk': {
      const kept = method === null ? null : onFoundRow(it, target, method, args, at, x);
      if (kept) return kept;
      if (method !== null && target.hint === 'fn.bind') return target;
      const text = method === null ? null : templateCall(target, method, args);
      if (text) return text;
      const name = method ?? '';
      const base = target.hint && /^[\w$.]+$/.test(target.hint) && !target.hint.startsWith('request.') ? target.hint : '';
      const s = get(symbol(null, base, target.marks), name);
      if (method !== null && ARRAY_METHODS.has(method)) return iterate(it, target, method, args, at);
      return symbolCall(it, method === null ? symbol(null, base, target.marks) : s, args, at, x, tagged, isNew);
    }
    default:
      callCallbacks(it, args, []);
      return unknown('', marksOfAll(args));
  }
}

/** `key.slice(0, 8)`: enough to tell keys apart, too little to use one. */
function isGlimpse(method: string, args: readonly Value[]): boolean {
  if (!/^(slice|substring|substr)$/.test(method)) return false;
  const [from, to] = args.map((a) => (a.t === 'const' && typeof a.v === 'number' ? a.v : NaN));
  return to === undefined ? from !== undefined && from < 0 && from >= -12 : from === 0 && to > 0 && to <= 12;
}

/** The identity in a value that is there or missing: what one branch set and another did not. */
function identIn(v: Value): Extract<Value, { t: 'ident' }> | null {
  if (v.t === 'ident') return v;
  if (v.t !== 'union') return null;
  const there = v.of.filter((m) => !isNullish(m.value));
  const only = there.length === 1 ? there[0]!.value : null;
  return only?.t === 'ident' ? only : null;
}

/** `sameText(header, process.env.SECRET)`: a project's own comparison of what the caller sent with a shared secret. */
function compared(it: Interpreter, fn: Value, args: readonly Value[], result: Value, at: Location): Value {
  if (!it.trace || args.length < 2 || fn.t !== 'fn') return result;
  const secret = args.find((a) => a.t === 'env');
  if (secret?.t !== 'env' || !args.some((a) => a !== secret && marksOf(a).some((m) => !m.validated))) return result;
  if (result.t === 'ident' || result.t === 'promise' || refinement(result).ifTrue.length > 0) return result;
  const name = it.script(fn.file)?.functions[fn.id]?.name ?? '';
  if (!/equal|same|compare|match|verify|valid|check|safe/i.test(name)) return result;
  return { t: 'bool', ifTrue: [it.origin('shared-secret', `process.env.${secret.name}`, at)], ifFalse: [] };
}

/** A registration's own place: `app.post('/x'`, or `.post(` within a longer chain. */
function headOf(it: Interpreter, at: Location, x: Expr | null): Location {
  if (x?.k !== 'call' || x.fn.k !== 'mem') return at;
  const first = x.args[0];
  const start = x.fn.obj.k === 'call' ? x.fn.ps : x.s;
  return it.place(at.file, start, first && first.k === 'str' ? first.e : x.fn.e);
}

function callMember(it: Interpreter, self: Value, method: string, args: readonly Value[], at: Location, x: Expr | null): Value {
  if (self.t === 'obj' && !self.props.has(method) && ARRAY_METHODS.has(method) && !self.cls) return iterate(it, self, method, args, at);
  const m = it.member(self, method, at);
  if (m.t === 'fn') return it.callFn(m, args, m.self ?? self);
  if (m.t === 'const' || m.t === 'unk') {
    callCallbacks(it, args, []);
    return unknown(method, mergeMarks(marksOf(self), marksOfAll(args)));
  }
  return invoke(it, m, args, null, at, x);
}

/** Methods of a document that put values into it. */
const FILLS = /^(set|overwrite|assign|merge|setDataValue)$/;

/** One row as an object: made with `new Model(…)` or found, to be changed and saved. */
function isDocument(v: SymValue): boolean {
  if (v.pkg === 'global' || v.pkg === null) return false;
  return madeWith(v).length > 0 || v.links[v.links.length - 1]?.k === 'new' || (v.sink as Partial<SinkRecord> | null)?.kind === 'db-read';
}

/** `new Order(req.body)`, `Order.build(req.body)`: what it was made with. */
function madeWith(v: SymValue): readonly Value[] {
  const last = v.links[v.links.length - 1];
  const name = v.links[v.links.length - 2];
  return last?.k === 'new' || (last?.k === 'call' && name?.k === 'get' && name.name === 'build') ? last.args : [];
}

function marksOfAll(args: readonly Value[]): readonly Mark[] {
  let out: readonly Mark[] = [];
  for (const a of args) out = mergeMarks(out, marksOf(a));
  return out;
}

/** `for (const row of await Model.find()) await row.deleteOne()`: what is done with a row that was found among others. */
function onFoundRow(it: Interpreter, row: Extract<Value, { t: 'unk' }>, method: string, args: readonly Value[], at: Location, x: Expr | null): Value | null {
  const found = row.from as Partial<SinkRecord> | undefined;
  if (!it.trace || row.worked || found?.kind !== 'db-read' || found.figures === true || !/^(deleteOne|destroy|save)$/.test(method)) return null;
  sink(it, 'db-write', method === 'save' ? 'update' : method, found.target ?? null, shorten(it, at, x), args, found.asUser ?? false);
  return { t: 'promise', of: unknown('store'), gains: [] };
}

// ------------------------------------------------------------------------------------------------ built-in kinds

function promiseCall(it: Interpreter, p: Extract<Value, { t: 'promise' }>, method: string | null, args: readonly Value[]): Value {
  const fn = args[0];
  if (method === 'then' && fn?.t === 'fn') {
    const before = it.state;
    it.verify(p.gains);
    const v = it.callFn(fn, [p.of], null);
    const gains = it.state.verified.filter((o) => !before.verified.includes(o));
    it.state = { ...it.state, verified: before.verified, alive: true };
    if (args[1]?.t === 'fn') callCallbacks(it, [args[1]], [unknown('error')]);
    return { t: 'promise', of: v.t === 'promise' ? v.of : v, gains: join(gains, v.t === 'promise' ? v.gains : []) };
  }
  if (method === 'catch') {
    const v = fn?.t === 'fn' ? it.branch([() => it.callFn(fn, [unknown('error')], null), () => UNDEFINED])[0]!.value : UNDEFINED;
    return { t: 'promise', of: union([{ value: p.of, ver: p.gains }, { value: v.t === 'promise' ? v.of : v, ver: [] }]), gains: [] };
  }
  if (method === 'finally') {
    callCallbacks(it, args, []);
    return p;
  }
  // A query goes on: the row it looks for is still the one of who calls.
  if (p.of.t === 'ident' && method !== null && QUERY_GOES_ON.test(method)) return p;
  return unknown('');
}

const QUERY_GOES_ON = /^(lean|populate|select|exec|execute|sort|session|orFail|limit|include|cursor|hint|collation|first|where|andWhere|whereNull|join|leftJoin|orderBy)$/;

const ARRAY_METHODS = new Set(['map', 'forEach', 'filter', 'find', 'some', 'every', 'reduce', 'flatMap', 'sort', 'findIndex', 'findLast', 'reduceRight']);

function arrayCall(it: Interpreter, arr: Extract<Value, { t: 'arr' }>, method: string | null, args: readonly Value[], at: Location): Value {
  const fn = args[0];
  if (method === 'forEach' || method === 'map') {
    // A table of routes, walked: exactly, when the module is being evaluated.
    if (fn?.t === 'fn' && !arr.open && !it.trace && arr.items.length <= 200) {
      const out = arr.items.map((v, i) => {
        let r: Value = UNDEFINED;
        it.row(v, () => {
          r = it.callFn(fn, [v, constant(i), arr], null);
        });
        return r;
      });
      return method === 'map' ? { t: 'arr', items: out, open: false } : UNDEFINED;
    }
    if (fn && fn.t !== 'fn' && !arr.open && !it.trace) {
      const out = arr.items.map((v) => invoke(it, fn, [v], null, at, null));
      return method === 'map' ? { t: 'arr', items: out, open: false } : UNDEFINED;
    }
  }
  if (method === 'push' || method === 'unshift') return unknown('');
  // `path.split('/').filter(Boolean)`
  if (method === 'filter' && fn?.t === 'sym' && fn.pkg === 'global' && fn.shape === 'Boolean' && !arr.open && arr.items.every((i) => truthiness(i) !== null)) return { ...arr, items: arr.items.filter((i) => truthiness(i) === true) };
  if (method === 'includes' || method === 'indexOf' || method === 'some') {
    // `['admin', 'owner'].includes(user.role)`: holds only for somebody.
    const v = args[0];
    const who = v ? identIn(v) : null;
    if (who) {
      const names = isRole(who.path) && !arr.open ? arr.items.map(roleName) : [];
      const roles = names.every((n): n is string => n !== null) ? names : [];
      return { t: 'bool', ifTrue: [who.origin], ifFalse: [], ...(roles.length > 0 ? { roles: { ifTrue: roles, ifFalse: [] } } : {}) };
    }
    const inputs = v ? marksOf(v) : [];
    if (method === 'includes' && it.trace && !arr.open && arr.items.length > 0 && arr.items.every((i) => i.t === 'const')) it.checked(inputs.filter((m) => m.field !== ''));
    if (fn?.t === 'fn') {
      // `publicPaths.some((p) => path.startsWith(p))`: decided when every answer is.
      if (!arr.open && arr.items.length <= 60) {
        const given = arr.items.map((v) => it.callFn(fn, [v], null));
        const answers = given.map(truthiness);
        if (answers.every((a) => a !== null)) return constant(answers.some(Boolean));
        const roles = eitherRole(given.map((g) => rolesOf(g).ifTrue));
        // One of them holds: only what each would prove is proven.
        const proofs = given.map((g) => refinement(g).ifTrue);
        return { t: 'bool', ifTrue: proofs.reduce((a, b) => common(a, b)), ifFalse: [], ...(roles.length > 0 ? { roles: { ifTrue: roles, ifFalse: [] } } : {}) };
      }
      if (method === 'some' && arr.open && arr.items.length > 0) return iterate(it, arr, method, args, at);
      callCallbacks(it, args, [it.element(arr)]);
    }
    const wanted = v?.t === 'const' ? v.v : undefined;
    if (method === 'includes' && wanted !== undefined && !arr.open && arr.items.every((i) => i.t === 'const')) return constant(arr.items.some((i) => i.t === 'const' && i.v === wanted));
    return { t: 'bool', ifTrue: [], ifFalse: [], marks: inputs };
  }
  if (method === 'concat') return { t: 'arr', items: [...arr.items, ...args.flatMap((a) => (a.t === 'arr' ? a.items : [a]))], open: arr.open };
  if (method === 'flat') return { t: 'arr', items: arr.items.flatMap((a) => (a.t === 'arr' ? a.items : [a])), open: arr.open };
  if (method === 'slice' || method === 'reverse' || method === 'sort') return arr;
  if (method === 'join') return arr.items.every((i) => i.t === 'const') && asString(args[0]) !== null ? constant(arr.items.map((i) => (i.t === 'const' ? String(i.v) : '')).join(asString(args[0])!)) : unknown('', arr.items.length > 0 ? marksOfAll(arr.items) : marksOf(arr));
  if (method !== null && ARRAY_METHODS.has(method)) return iterate(it, arr, method, args, at);
  return unknown('', marksOf(arr));
}

/** A callback per element, its body run once. */
function iterate(it: Interpreter, over: Value, method: string, args: readonly Value[], at: Location): Value {
  const element = it.element(over);
  const fn = args[0];
  if (fn?.t !== 'fn') return unknown('', marksOf(over));
  // Its bytes are written in hex: the same digest.
  if (method === 'map' && isKeyedDigest(over)) return over;
  it.loopDepth++;
  const v = callCallbacks(it, [fn], method.startsWith('reduce') ? [args[1] ?? unknown(''), element, unknown('')] : [element, unknown('index')]);
  it.loopDepth--;
  if (method === 'map' || method === 'flatMap') return { t: 'arr', items: [v.t === 'promise' ? v : v], open: true, marks: marksOf(over) };
  if (method === 'filter') return over.t === 'arr' ? { ...over, open: true } : over;
  if (method === 'sort') return over;
  const looksUp = (method === 'find' || method === 'findLast' || method === 'some') && it.trace !== null && it.state.verified.length === 0;
  const [proof] = refinement(v).ifTrue;
  if (looksUp && (proof !== undefined || marksOf(v).some(isCredential))) {
    // `keys.find((k) => k.token === sent)`: found means known, as with a row.
    const origin = proof ?? it.origin('api-key', 'key look-up', at);
    return method === 'some' ? { t: 'bool', ifTrue: [origin], ifFalse: [] } : { t: 'ident', origin, path: [], sure: false };
  }
  if (method === 'find' || method === 'findLast') return union([{ value: element, ver: [] }, { value: UNDEFINED, ver: [] }]);
  if (method === 'some' || method === 'every') return { t: 'bool', ifTrue: [], ifFalse: [] };
  const marks = mergeMarks(marksOf(over), marksOf(v));
  if (method.startsWith('reduce')) {
    if (args[1]?.t === 'const' && typeof args[1].v === 'number') return worked(marks);
    // What it gathers in, whatever way it takes through the callback.
    if (args[1]?.t === 'obj' && v.t === 'obj' && !marks.some((m) => m.field === '')) return { ...v, marks };
  }
  return partOfAnswer('', marks, over);
}

function inputCall(it: Interpreter, v: Extract<Value, { t: 'input' }>, method: string | null, args: readonly Value[], at: Location): Value {
  if (method === null) return unknown('', v.marks);
  if (method === 'get' || method === 'getAll' || method === 'getSetCookie' || method === 'has') {
    const name = asString(args[0]);
    const source = v.source === 'headers' && name?.toLowerCase() === 'cookie' ? 'cookies' : v.source;
    return inputValue(it, source, name === null ? v.path : [...v.path, source === 'headers' ? name.toLowerCase() : name], at);
  }
  if (method === 'json') return { t: 'promise', of: v, gains: [] };
  if (ARRAY_METHODS.has(method)) return iterate(it, v, method, args, at);
  // `name.replace(/[^\w.-]/g, '')`: only what the pattern allows is left, or none of what has a meaning elsewhere.
  if ((method === 'replace' || method === 'replaceAll') && cleans(args[0], args[1])) return { ...v, marks: v.marks.map((m) => ({ ...m, validated: true })) };
  if (method === 'match') it.checked(v.marks.filter((m) => m.field !== ''));
  if (method === 'startsWith' || method === 'includes' || method === 'endsWith' || method === 'match') return { t: 'bool', ifTrue: [], ifFalse: [], marks: v.marks };
  callCallbacks(it, args, [v]);
  // Between two dots stands no `..`; put together again, it may.
  if (method === 'split' && asString(args[0]) === '.') return { ...v, marks: asPiece(v.marks) };
  if (method === 'join') return { ...v, marks: asPiece(v.marks, false) };
  // Trimming, splitting, lower-casing: the same input in another form. Whatever is no text would have failed here.
  return { ...v, marks: TEXT_METHODS.test(method) ? asText(v.marks) : v.marks };
}

const TEXT_METHODS = /^(trim|trimStart|trimEnd|toLowerCase|toUpperCase|toLocaleLowerCase|toLocaleUpperCase|normalize|replace|replaceAll|padStart|padEnd|substring|substr|charAt)$/;

function cleans(pattern: Value | undefined, by: Value | undefined): boolean {
  const text = pattern?.t === 'sym' && pattern.shape === 'RegExp' && by?.t === 'const' ? REGEX.exec(pattern.name)?.[1] : undefined;
  return text !== undefined && (/^\[\^[^\]]+\][+*]?$/.test(text) || /\[[^\],()'"`;<>]*[,()'"`;<>][^\]]*\]/.test(text));
}

/** A pattern that replaces all it finds. */
const REGEX = /^\/(.+)\/[a-z]*g[a-z]*$/s;

/** Methods of a text whose fixed beginning is known; null where they say nothing about it. */
function templateCall(v: Extract<Value, { t: 'unk' }>, method: string, args: readonly Value[]): Value | null {
  if (!v.hint.startsWith('template:')) return null;
  const head = v.hint.slice(9);
  const a = asString(args[0]);
  switch (method) {
    case 'toLowerCase':
      return { ...v, hint: `template:${head.toLowerCase()}` };
    case 'toUpperCase':
      return { ...v, hint: `template:${head.toUpperCase()}` };
    case 'trim':
    case 'trimStart':
      return { ...v, hint: `template:${head.trimStart()}` };
    case 'replace':
    case 'replaceAll':
      return { ...v, marks: mergeMarks(v.marks, asText(marksOfAll(args))) };
    case 'startsWith':
      return a !== null && (head.startsWith(a) || !a.startsWith(head)) ? constant(head.startsWith(a)) : null;
    default:
      return null;
  }
}

function stringCall(s: string, method: string, args: readonly Value[]): Value {
  const a = asString(args[0]);
  switch (method) {
    case 'toLowerCase':
      return constant(s.toLowerCase());
    case 'toUpperCase':
      return constant(s.toUpperCase());
    case 'trim':
      return constant(s.trim());
    case 'concat':
      return a === null ? unknown('') : constant(s + a);
    case 'replace':
      // A pattern of the project is not run here: how the text begins is what is asked of it (`sql.replace(/\$\d+/g, '?')`).
      return a !== null && asString(args[1]) !== null ? constant(s.replace(a, asString(args[1])!)) : { t: 'unk', hint: `template:${s}`, marks: asText(marksOfAll(args)) };
    case 'startsWith':
      return a === null ? unknown('') : constant(s.startsWith(a));
    case 'includes': {
      // `allowed.includes(req.user.role)` of a guard that was given one role as a text: as good as a list of one.
      const who = args[0] ? identIn(args[0]) : null;
      if (who && s !== '') return { t: 'bool', ifTrue: [who.origin], ifFalse: [], ...(isRole(who.path) ? { roles: { ifTrue: [s], ifFalse: [] } } : {}) };
      return a === null ? unknown('', marksOfAll(args)) : constant(s.includes(a));
    }
    case 'split':
      return a === null ? unknown('') : { t: 'arr', items: s.split(a).map((p) => constant(p)), open: false };
    default:
      return unknown('', marksOfAll(args));
  }
}

// ------------------------------------------------------------------------------------------------ symbols

function symbolCall(it: Interpreter, callee: SymValue, args: readonly Value[], at: Location, x: Expr | null, tagged: boolean, isNew: boolean): Value {
  // Whoever is handed the request may put a user on it.
  if (args.some((a) => a.t === 'bag' && a.kind === 'request')) it.nobodyElse = false;
  if (callee.pkg === 'global') {
    const v = globalCall(it, callee, args, at, isNew, x);
    if (v) return v;
  }
  // The last part of a path, or what follows its last dot.
  if (callee.pkg === 'path' && /(^|\.)(basename|extname)$/.test(callee.shape)) return unknown('', asPiece(marksOfAll(args)));
  const kept = keptRows(it, callee, args, at, x);
  if (kept) return kept;
  const contained = it.containers.call(callee, args, at, isNew);
  if (contained) return contained;
  const framework = frameworkCall(it, callee, args, at, isNew);
  if (framework) return framework;
  for (const h of it.hooks) {
    const v = h.create?.(callee.pkg, callee.shape, args, x?.k === 'call' ? it.place(at.file, x.s, x.fn.e) : at, it);
    if (v) return v;
  }
  const meaning = KNOWLEDGE.meaningOf(callee.pkg, callee.shape) ?? looseValidator(callee);
  const made = applied(callee, isNew ? 'new' : 'call', args, at);
  // How a client of another service is set up is not in what the service answers.
  const base: SymValue = isNew && /(OAuth\w*|Client)$/.test(callee.shape) ? { ...made, marks: [] } : made;
  if (!meaning) return unknownCall(it, callee, base, args, at, x);
  return act(it, meaning, callee, base, args, at, x, tagged);
}

/** Classes that stand in for a database. */
const STORE_CLASS = /stor(e|age)|repo(sitory)?$|database|^mem|db$/i;
/** What is kept beside rows: sessions, counters, what can be worked out again. */
const NO_ROWS = /cache|session|token|limit|timer|timeout|lock|queue|socket|client|connection|listener|subscri|index|counter|attempt|nonce/i;

/** `this.users.set(id, row)` in a class that keeps rows in maps: what a database would be asked. */
function keptRows(it: Interpreter, callee: SymValue, args: readonly Value[], at: Location, x: Expr | null): Value | null {
  const t = it.trace;
  const verb = callee.pkg === 'global' && t ? /^Map\(\)\.(get|set|delete|values|entries|forEach)$/.exec(callee.shape)?.[1] : undefined;
  if (verb === undefined || x?.k !== 'call' || x.fn.k !== 'mem' || x.fn.obj.k !== 'mem' || x.fn.obj.obj.k !== 'this') return null;
  const target = x.fn.obj.prop;
  const made = callee.links.find((l) => l.k === 'new');
  // Made when the program started: it outlives the request.
  if (made?.k !== 'new' || NO_ROWS.test(target) || !it.placesIn(made.at.file).includes(made.at)) return null;
  const owner = it.script(at.file)?.classes.find((c) => c.span.start <= at.span.start && at.span.end <= c.span.end);
  if (!owner || !STORE_CLASS.test(owner.name) || marksOfAll(args).some(isCredential)) return null;
  const base = applied(callee, 'call', args, at);
  // Which row it is says nothing about what is in it.
  const r = verb === 'set' ? sink(it, 'db-write', 'save', target, shorten(it, at, x), args.slice(1)) : sink(it, verb === 'delete' ? 'db-write' : 'db-read', verb === 'delete' ? 'delete' : verb === 'get' ? 'findById' : 'find', target, shorten(it, at, x), verb === 'forEach' ? [] : args);
  if (verb === 'forEach') callCallbacks(it, args, [unknown('row')]);
  return { ...base, marks: [], sink: r };
}

/** `bodySchema.parse(x)` where the schema's module could not be found: the name and the call say what it is. */
function looseValidator(callee: SymValue): Meaning | null {
  if (callee.pkg !== null) return null;
  const m = /(^|\.)\w*([Ss]chema|[Vv]alidator|Dto|DTO)\.(parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync)$/.exec(callee.shape);
  if (!m) return null;
  return { is: 'validate', how: m[3]!.startsWith('safe') || m[3] === 'validate' ? 'result' : 'throws' };
}

function unknownCall(it: Interpreter, callee: SymValue, base: SymValue, args: readonly Value[], at: Location, x: Expr | null): Value {
  const sinkBox = callee.sink;
  if (sinkBox) {
    // A query builder goes on: filters and values belong to the statement begun before.
    const record = sinkBox as Partial<SinkRecord>;
    if (/\.(set|values|insert|update|upsert|create)$/.test(callee.shape) && args.some(isWholeRow)) record.wholeRow = true;
    if (/\.(eq|is|match)$/.test(callee.shape) && (isPublishedFilter(asString(args[0] ?? UNDEFINED) ?? '', args[1]?.t === 'const' ? args[1].v : undefined) || asksForPublished(args[0] ?? UNDEFINED, 1))) record.published = 'always';
    if (/\.eq$/.test(callee.shape)) (record.pins ??= []).push(...marksOf(args[1] ?? UNDEFINED));
    if (/\.(eq|where|filter)$/.test(callee.shape) && opensWith(asString(args[0] ?? UNDEFINED), args[args.length - 1], record.target ?? null)) record.opens = true;
    if (/\.(values|insert|create)$/.test(callee.shape) && args.some((a) => awaitsDecision(a))) record.awaits = true;
    // PostgREST reads `or(…)` as a text of its own: commas and parentheses in a value add conditions.
    const pasted = it.trace && record.kind !== undefined && /(^|\))\.?from\(\).*\.or$/.test(callee.shape.replace(/^[\w$]+/, '')) ? settled(it, marksOf(args[0] ?? UNDEFINED)).filter((m) => !m.validated) : [];
    if (pasted.length > 0) it.trace?.sinks.push({ kind: 'sql', op: 'or', target: record.target ?? null, at: shorten(it, at, x), guards: it.state.verified, roles: it.state.roles, asUser: record.asUser ?? false, marks: [...pasted], loopDepth: it.loopDepth, inMiddleware: it.inMiddleware, incidental: it.incidental, service: null, fixedHost: false, constantText: false, wholeRow: false, published: 'no', fillsIn: false, figures: false, toUs: false, asVisitor: false, nobodyYet: it.state.nobodyYet });
    // Which rows are changed is not what is written into them.
    const filters = record.kind === 'db-write' && FILTERS.test(callee.shape);
    // The row has come: what it is then asked does not reach the database.
    const asked = ASKS_ROW.test(callee.shape) || (record.kind === 'db-read' && CHANGES_ROW.test(callee.shape));
    if (asked && marksOfAll(args).some((m) => /passw/i.test(m.field))) it.does('password-check');
    for (const m of asked ? [] : settled(it, marksOfAll(args))) if ((!filters || isCredential(m)) && !sinkBox.marks.some((y) => y.at.span.start === m.at.span.start && y.field === m.field && y.validated === m.validated)) sinkBox.marks.push(m);
  }
  const last = callee.shape.slice(callee.shape.lastIndexOf('.') + 1);
  if (last === 'then' || last === 'catch' || last === 'finally') {
    const fn = args[0];
    if (last === 'then' && fn?.t === 'fn') {
      const before = it.state;
      const asked: SymValue = { ...callee, links: callee.links.slice(0, -1), shape: callee.shape.slice(0, -5) };
      const v = it.callFn(fn, [it.foundByToken(asked) ?? asked], null);
      const gains = it.state.verified.filter((o) => !before.verified.includes(o));
      it.state = { ...it.state, alive: true, verified: before.verified };
      if (args[1]) callCallbacks(it, [args[1]], [unknown('error')]);
      return { t: 'promise', of: v.t === 'promise' ? v.of : v, gains: join(gains, v.t === 'promise' ? v.gains : []) };
    }
    callCallbacks(it, args, [unknown('error')]);
    return { ...callee, links: callee.links.slice(0, -1), shape: callee.shape.slice(0, callee.shape.lastIndexOf('.')) };
  }
  if (ARRAY_METHODS.has(last) && args[0]?.t === 'fn') return iterate(it, { ...callee, shape: callee.shape, marks: callee.marks }, last, args, at);
  // What a code or a refresh token was exchanged for was made by the other server.
  if (EXCHANGE.test(last)) return { ...base, marks: [] };
  if (INCIDENTAL.test(last) && HOUSEKEEPING.test(asString(args[0]) ?? '')) {
    const outer = it.incidental;
    it.incidental = true;
    callCallbacks(it, args, [unknown('event')]);
    it.incidental = outer;
    return base;
  }
  if (args.some((a) => a.t === 'fn')) {
    const transaction = /transaction|withTransaction|runTransaction|begin/i.test(last);
    const given: Value[] = transaction ? [{ ...callee, links: callee.links.slice(0, -1), shape: callee.shape.slice(0, callee.shape.lastIndexOf('.')) }] : [unknown('error'), { ...base, sink: sinkBox }];
    if (transaction) {
      const fn = args.find((a) => a.t === 'fn');
      if (fn?.t === 'fn') {
        const v = it.callFn(fn, given, null);
        it.state = { ...it.state, alive: true };
        return v.t === 'promise' ? v : { t: 'promise', of: v, gains: [] };
      }
    }
    // `Sentry.startSpan(options, async () => …)`, `withRetry(() => …)`: the callback runs, its result is the call's.
    const only = args.filter((a) => a.t === 'fn');
    if (only.length === 1 && only[0]!.t === 'fn' && /span|trace|with[A-Z]|^run|retry|measure|scope|context|lock|instrument|monitor|limit/i.test(last)) return it.callFn(only[0]!, [unknown('span')], null);
    // Calls of unknown libraries with callbacks at module level (`app.listen(…, () => …)`) matter as much as any other.
    callCallbacks(it, args, given);
  }
  // A guard imported from where nothing can be read: nobody knows whether it ends the request.
  if (it.trace && callee.pkg === null && callee.links.length === 0 && GUARD_NAME.test(callee.name)) {
    const origin = it.origin('user', callee.name, at);
    it.trace.unknownGuards.push({ name: callee.name, at });
    return { t: 'promise', of: { t: 'ident', origin, path: [], sure: false }, gains: [] };
  }
  // Rows are not what was asked with: filters decide which ones come, not what is in them.
  return sinkBox ? { ...base, marks: callee.marks, sink: sinkBox } : base;
}

const EXCHANGE = /^(getToken|getTokens|exchange(Code|Token|AuthorizationCode|CodeForTokens?|PublicToken|ForToken)?|itemPublicTokenExchange|validateAuthorizationCode|authorizationCodeGrant|oauthCallback|refreshAccessToken|refreshToken)$/;
const INCIDENTAL = /^(on|once|addListener|addEventListener)$/;
/** Events of a client's own upkeep: what is done then is not what the endpoint is for. */
const HOUSEKEEPING = /^(tokens?|refresh|token_?refresh(ed)?|error|warning|close|disconnect|reconnect|retry|expired?)$/i;

/** `user.comparePassword(sent)`, `rows.slice(0, n)`: methods of what was found. */
const ASKS_ROW = /\.((compare|verify|check|validate?|authenticate|matches?)[A-Z]\w*|slice|splice|includes|indexOf|push|join)$/;
/** A method of the row's own that changes it; a query builder's `addSelect` is none. */
const CHANGES_ROW = /\.(add(?!Select|OrderBy|GroupBy|Where|From|Group|Common)|apply|record|register|mark|change|increase|decrease|deposit|withdraw)[A-Z]\w*$/;

/** Builder methods that choose rows. */
const FILTERS = /\.(eq|neq|gt|gte|lt|lte|in|is|like|ilike|match|contains|filter|where|andWhere|orWhere|whereIn|order|orderBy|limit|range|single|maybeSingle|returning|select)$/;

const GUARD_NAME = /^(require|ensure|assert|verify|check|validate|get|with|is)?(Auth|User|Session|Admin|Login|LoggedIn|Authenticated|Authorized|CurrentUser|AuthUser|ServerSession|Role|Permission)/;

function act(it: Interpreter, meaning: Meaning, callee: SymValue, base: SymValue, args: readonly Value[], at: Location, x: Expr | null, tagged: boolean): Value {
  switch (meaning.is) {
    case 'identity': {
      // Auth.js: `auth((req) => …)` wraps a handler.
      const fn = args.find((a) => a.t === 'fn');
      if (fn && meaning.name === 'auth') return base;
      if (!it.trace) return base;
      const origin = it.origin(meaning.kind ?? 'user', meaning.name, at);
      const marks = marksOfAll(args);
      const ident: Value = { t: 'ident', origin, path: [], sure: false, marks: meaning.kind === 'signature' ? [] : marks.map((m) => ({ ...m, validated: true })) };
      const wrap = (v: Value): Value => (meaning.async ? { t: 'promise', of: v, gains: [] } : v);
      switch (meaning.how) {
        case 'nullable':
          return wrap(ident);
        case 'bool':
          return wrap({ t: 'bool', ifTrue: [origin], ifFalse: [] });
        case 'result': {
          const data = objectOf([['user', ident], ['claims', { ...ident, path: ['claims'] }], ['session', ident]]);
          return wrap(objectOf([['data', data], ['error', { t: 'identErr', origin }]]));
        }
        case 'fields':
          return wrap({ t: 'bag', kind: 'context', framework: 'identity', props: new Map([['#', ident]]) });
        case 'throws': {
          origin.throws = true;
          if (fn?.t === 'fn') {
            callCallbacks(it, [fn], [{ t: 'identErr', origin }, ident]);
            return UNDEFINED;
          }
          // A signed payload is the sender's own word from here on.
          if (meaning.async) return { t: 'promise', of: { ...ident, sure: true }, gains: [origin] };
          it.verify([origin]);
          return { ...ident, sure: true };
        }
      }
      return base;
    }
    case 'unverified': {
      const marks = marksOfAll(args);
      const v: Value = { t: 'unverified', how: meaning.how, at, path: [], marks, ...gatewayOf(it, marks, at) };
      const out: Value = meaning.result ? objectOf([['data', objectOf([['session', v]])], ['error', unknown('error')]]) : v;
      return meaning.async ? { t: 'promise', of: out, gains: [] } : out;
    }
    case 'guard':
    case 'guard-wrapper':
    case 'limiter':
      if (meaning.is === 'limiter') it.trace?.limiters.push(callee.shape);
      return base;
    case 'wrapper':
      return args.find((a) => a.t === 'fn') ?? args[0] ?? base;
    case 'does':
      it.does(meaning.what);
      callCallbacks(it, args, [unknown('error'), unknown('result')]);
      return { ...base, marks: [] };
    case 'validate':
      return validate(it, meaning, callee, base, args);
    case 'statement':
      return tagged ? objectOf([['text', constant(sqlText(args[0], x, true) ?? '')], ['values', { t: 'arr', items: args.slice(1), open: false }]]) : base;
    case 'sink':
      return record(it, meaning, callee, base, args, at, x, tagged);
  }
}

/** The decoded token is the one that the gateway in front has verified. */
function gatewayOf(it: Interpreter, marks: readonly Mark[], at: Location): { readonly gateway?: Origin } {
  return it.trace && it.gateway && marks.some((m) => m.source === 'headers' && /^authorization(\.|$)/i.test(m.field)) ? { gateway: it.origin('user', 'the verified token’s claims', at) } : {};
}

function objectOf(entries: readonly (readonly [string, Value])[]): Value {
  return { t: 'obj', props: new Map(entries), open: false, cls: null };
}

function clean(v: Value): Value {
  return unknown('validated', marksOf(v).map((m) => ({ ...m, validated: true })));
}

function validate(it: Interpreter, meaning: Extract<Meaning, { is: 'validate' }>, callee: SymValue, base: SymValue, args: readonly Value[]): Value {
  const t = it.trace;
  if (!t) return base;
  t.validators++;
  // `z.any()`, `z.record(z.any())`, `.passthrough()` accept everything.
  const weak = /^(z\.)?(any|unknown|record)\(\)\.\w+$|\.(passthrough|loose|unknown)\(\)\.\w+$/.test(callee.shape) || (args[0]?.t === 'sym' && /^(any|unknown)\(\)$/.test(args[0].shape));
  const input = args.find((a) => marksOf(a).length > 0) ?? args[0] ?? UNDEFINED;
  const data = weak ? input : clean(input);
  // Joi refuses what it does not know; so does a strict zod object: the raw value is closed too.
  const closed = !weak && (/^(@hapi\/)?joi$/.test(callee.pkg ?? '') ? !/unknown\(\)/.test(callee.shape) : /strict(Object)?\(\)/.test(callee.shape)) && !args.some((a) => a.t === 'obj' && a.props.has('allowUnknown'));
  if (closed) for (const m of marksOf(input)) if (m.field === '') t.checked.add(`${m.source}.*`);
  const isAsync = /Async$|^.*\.validate$/.test(callee.shape) && meaning.how !== 'bool';
  switch (meaning.how) {
    case 'throws':
      if (!weak) it.checked(marksOf(input));
      return isAsync || /Async$/.test(callee.shape) ? { t: 'promise', of: data, gains: [] } : data;
    case 'result': {
      const parsed: Value = { t: 'parsed', data, lib: callee.pkg ?? '', at: lastCallAt(base) ?? { file: it.file, span: { start: 0, end: 0 } } };
      return /Async$|\.spa$/.test(callee.shape) ? { t: 'promise', of: parsed, gains: [] } : parsed;
    }
    case 'bool':
      it.checked(marksOf(input));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    case 'request-result':
      for (const f of t.chainValidated) t.checked.add(f);
      return unknown('validationResult');
    case 'request-chain': {
      const marks = [...t.chainValidated].map((f): Mark => ({ source: 'body', field: f.slice(f.indexOf('.') + 1), at: { file: it.file, span: { start: 0, end: 0 } }, validated: true }));
      return unknown('validated', marks);
    }
    case 'middleware':
      return base;
  }
}

function lastCallAt(s: SymValue): Location | null {
  const l = s.links[s.links.length - 1];
  return l && l.k !== 'get' ? l.at : null;
}

/** Adds what an `express-validator` chain or a validating middleware covers. */
export function noteValidatorMiddleware(it: Interpreter, v: SymValue): boolean {
  const t = it.trace;
  if (!t || v.pkg === null) return false;
  if (v.pkg.startsWith('express-validator')) {
    const first = v.links.find((l) => l.k === 'call');
    const source = /^(body|check)\(/.test(v.shape) ? 'body' : /^query\(/.test(v.shape) ? 'query' : /^param/.test(v.shape) ? 'params' : /^header/.test(v.shape) ? 'headers' : 'body';
    const names = first?.k === 'call' ? (first.args[0]?.t === 'arr' ? first.args[0].items : [first.args[0] ?? UNDEFINED]) : [];
    for (const n of names) {
      const name = asString(n);
      if (name !== null) t.chainValidated.add(`${source}.${name}`);
    }
    return true;
  }
  const meaning = KNOWLEDGE.meaningOf(v.pkg, v.shape.replace(/\(\)$/, ''));
  if (meaning?.is === 'validate' && meaning.how === 'middleware') {
    t.validators++;
    const keys = v.links.flatMap((l) => (l.k === 'get' ? [l.name] : l.args.flatMap((a) => (a.t === 'obj' ? [...a.props.keys()] : []))));
    for (const s of ['body', 'query', 'params', 'headers']) if (keys.some((k) => k.toLowerCase().includes(s === 'params' ? 'param' : s)) || keys.length === 0) t.checked.add(s);
    return true;
  }
  return false;
}

function record(it: Interpreter, meaning: Extract<Meaning, { is: 'sink' }>, callee: SymValue, base: SymValue, args: readonly Value[], at: Location, x: Expr | null, tagged: boolean): Value {
  callCallbacks(it, args, [unknown('error'), unknown('store')]);
  if (!it.trace) return base;
  let kind: SinkKind = meaning.sink;
  // A fixed file of the server's own is no work that needs a guard.
  if (kind === 'file' && marksOfAll(args).length === 0 && !deletesFolder(callee, args, x)) return base;
  let target: string | null = null;
  const named = kind === 'auth-admin' ? namedByCaller(callee, args, at) : null;
  if (named) return { t: 'promise', of: objectOf([['data', objectOf([['user', named]])], ['error', unknown('error')]]), gains: [] };
  let op = meaning.op === 'fs' || kind === 'storage' || kind === 'auth-admin' ? calledName(callee, args) : meaning.op;
  if (kind === 'auth-admin' && op === 'createUser' && args[0] && makesOwnAccount(args[0])) it.does('makes-own-account');
  const asUser = actsAsUser(callee);
  let constantText = true;
  const prepared = meaning.target === 'sql' ? preparedBy(callee) : undefined;
  const statement = prepared ?? args[0];
  const text = meaning.target === 'sql' ? sqlText(statement, x, tagged) : null;
  if (meaning.target === 'sql') {
    // One of SQL Server's is what its `prepare` says; here it is given its values.
    if (/PreparedStatement\(\)\.execute$/.test(callee.shape)) return { ...base, marks: [] };
    // `sql(row)` of postgres.js: a row or names to be put into a statement, no statement.
    if (callee.pkg === 'postgres' && !tagged && /\(\)$/.test(callee.shape)) return args.length === 1 ? (args[0] ?? base) : base;
    kind = writesRows(text, callee) ? 'db-write' : 'db-read';
    op = kind === 'db-write' ? verbOf(text) : 'sql';
    target = TABLE.exec(text ?? '')?.[1] ?? null;
    const procedure = PROCEDURE.exec(text ?? '')?.[1];
    if (procedure !== undefined) [kind, op, target] = [READS_BY_NAME.test(procedure) ? 'db-read' : 'db-write', 'rpc', procedure];
    const inText = tagged || prepared ? [] : marksOf(textIn(statement)).filter((m) => changesText(it, m));
    constantText = inText.length === 0;
    if (!constantText) it.trace.sinks.push({ kind: 'sql', op: 'sql', target, at: shorten(it, at, x), guards: it.state.verified, roles: it.state.roles, asUser: false, marks: [...inText], loopDepth: it.loopDepth, inMiddleware: it.inMiddleware, incidental: it.incidental, service: null, fixedHost: false, constantText, wholeRow: false, published: 'no', fillsIn: false, figures: false, toUs: false, asVisitor: false, nobodyYet: it.state.nobodyYet });
    if (text === null && callee.pkg === null && args.length === 0) return base;
    // A statement is made ready here and run later.
    if (/(^|\.)prepare$/.test(callee.shape) && !/PreparedStatement\(\)\.prepare$/.test(callee.shape)) return { ...base, marks: [] };
    if (text !== null && CONTROLS.test(text)) return { ...base, marks: [] };
  } else {
    target = targetOf(meaning.target, callee, args);
    // A stored procedure is known by its name alone.
    if (op === 'procedure' && READS_BY_NAME.test(target ?? '')) kind = 'db-read';
    if (op === 'procedure') op = 'rpc';
  }
  if (kind === 'db-read' && callee.sink && meaning.op === 'select') {
    // `.insert(x).select()`: the statement is the write begun before.
    return { ...base, marks: callee.marks, sink: callee.sink };
  }
  if (kind === 'url') {
    // Only an address that the request decides, or a call that changes something elsewhere, is work of its own.
    const marks = marksOf(args[0] ?? UNDEFINED);
    // The answer is there whoever calls; what it says is true of somebody only.
    if (asksWhoseTokenItIs(args[0], args[1])) return { t: 'promise', of: { t: 'ident', origin: it.origin('user', 'auth/v1/user', at), path: ['response'], sure: false }, gains: [] };
    const service = serviceOf(args[0], args[1]);
    const asked = service ? null : askedWithKey(args[0], args[1]);
    if (asked !== null && marks.length > 0) {
      const r = sink(it, 'url', op, null, shorten(it, at, x), args);
      r.service = asked;
      return { t: 'promise', of: { ...base, marks: [], sink: r }, gains: [] };
    }
    if (service) {
      const r = sink(it, service.kind, service.op, service.target, shorten(it, at, x), args);
      if (r.kind === 'mail') r.toUs = goesToUs(args[1]?.t === 'obj' ? [args[1].props.get('body') ?? UNDEFINED] : []);
      return { t: 'promise', of: service.kind === 'db-read' ? { ...base, sink: r } : unknown('fetched', marksOfAll(args)), gains: [] };
    }
    const used = asked === null ? usedWithKey(args[0], args[1]) : null;
    if (used !== null) sink(it, 'url', 'post', null, shorten(it, at, x), []).service = used;
    // What another server answers is its word, not the caller's.
    if (marks.length === 0) return { t: 'promise', of: unknown('fetched'), gains: [] };
  }
  noteUnstoppedDenial(it, at);
  // Counting that a row was looked at is part of looking at it.
  if (kind === 'db-write' && countsLooks(op, text, args)) kind = 'db-read';
  const r = sink(it, kind, op, target, shorten(it, at, x), decisive(kind, op, meaning.target === 'sql' || op === 'rpc' ? [...args, ...boundBefore(callee)] : args), asUser, constantText);
  // Bound to columns that the statement lists itself, a value is one column, whatever object it came in.
  if (meaning.target === 'sql' && text !== null && LISTS_COLUMNS.test(text)) r.wholeRow = false;
  // A row that was found is kept, not added.
  if (op === 'save' && [callee, args[0]].some((v) => v !== undefined && (sourceOf(v) as Partial<SinkRecord> | undefined)?.kind === 'db-read')) r.op = 'update';
  r.asVisitor = asUser && isVisitors(callee);
  if (kind === 'db-read') r.figures = asksForFigures(op, text, args);
  if (kind === 'mail') r.toUs = goesToUs(args);
  if (kind === 'db-read' && meaning.target === 'sql' && PUBLISHED_SQL.test(text ?? '')) r.published = 'always';
  const marks = marksOfAll(args);
  // Looked up by a token, key or cookie the caller sent: found means known, as with any stored session.
  const own = (base.idents ?? []).filter((o) => !it.state.verified.includes(o));
  // The caller's own row among those who run the app: he is one of them.
  if (kind === 'db-read' && (base.idents ?? []).length > 0 && isAdminTable(target)) it.state = { ...it.state, roles: bothRoles(it.state.roles, ['admin']) };
  if (kind === 'db-read' && own.length > 0 && /^(findUnique|findFirst|findOne|findById|findByPk|findOneBy|findUniqueOrThrow|findFirstOrThrow)$/.test(meaning.op)) {
    return { t: 'promise', of: { t: 'ident', origin: own[0]!, path: [], sure: false }, gains: [] };
  }
  const byToken = kind === 'db-read' && marks.some(isCredential);
  if (byToken && it.state.verified.length === 0) {
    const origin = it.origin('api-key', `${target ?? 'session'} look-up`, at);
    // An SQL driver's answer is always there: only its rows tell.
    const ident: Value = { t: 'ident', origin, path: meaning.target === 'sql' ? ['result'] : [], sure: false };
    return meaning.target === 'sql' && ANSWERS_AT_ONCE.test(callee.pkg ?? '') ? ident : { t: 'promise', of: ident, gains: [] };
  }
  return { ...base, marks: [], sink: r };
}

/** Drivers whose methods give the rows themselves, no promise of them. */
const ANSWERS_AT_ONCE = /^(better-sqlite3|bun:sqlite|node:sqlite|sqlite|libsql)$/;

/** `fs.rm(folder, { recursive: true })`: all that was kept in it is gone. What a run of its own made, or can make again, is none. */
function deletesFolder(callee: SymValue, args: readonly Value[], x: Expr | null): boolean {
  const options = args[1];
  if (!/(^|\.)(rm|rmdir)(Sync)?$/.test(callee.shape) || options?.t !== 'obj') return false;
  const recursive = options.props.get('recursive');
  const path = x?.k === 'call' ? x.args[0] : undefined;
  const named = path ? namesIn(path) : [];
  return recursive?.t === 'const' && recursive.v === true && named.length > 0 && !named.some((n) => /te?mp|cache|build|dist|output|work/i.test(n));
}

/** Variables and texts that a path is made of. */
function namesIn(x: Expr): string[] {
  if (x.k === 'str') return [x.v];
  if (x.k === 'ref') return [x.name];
  if (x.k === 'mem') return [x.prop, ...namesIn(x.obj)];
  if (x.k === 'tpl') return x.parts.flatMap(namesIn);
  return x.k === 'call' ? x.args.flatMap(namesIn) : [];
}

/** Where a transaction begins and ends, and how a connection is set up: no rows. */
const CONTROLS = /^\s*(begin|commit|rollback|start\s+transaction|savepoint|release|set\s|pragma|listen|unlisten|notify|use\s|lock\s|vacuum|analyze)\b/i;

const READS_BY_NAME = /^(\w+\.)?((usp?|sp|proc)_?)?(get|list|select|find|search|read|fetch|load|report|count|authenticat|log_?in|verify|validat|check|calculat|comput|estimat|quote_)/i;

/** `CALL add_order(?)`, `EXEC dbo.sp_AddOrder @name = …`. */
const PROCEDURE = /^\s*(?:call|exec(?:ute)?)\s+(?:[[\w"`\]]+\.)?[["`]?(\w+)/i;

/** `INSERT INTO t (a, b`, `UPDATE t SET a = $1`; not `(${names})`, `SET ?`, nor a list that goes on with names of somebody else's. */
const LISTS_COLUMNS = /\b(?:insert|replace)\s+into\s+[^\s(]+\s*\(\s*["'`[]?\w[^)]*(?:\)|$)(?<![,(]\s*)|\bset\s+["'`[]?\w+["'`\]]?\s*=(?![\s\S]*,\s*$)/i;

const TABLE = /\b(?:from|into|update|join|merge)\s+[["'`]?(?:\w+[\]"'`]?\.)?[["'`]?(\w+)/i;

/** The statement changes rows, by its text; by the driver's method where the text is not known. */
function writesRows(text: string | null, callee: SymValue): boolean {
  if (text === null) return /(^|\.)(executeMany|none)$/.test(callee.shape) || (/sqlite/.test(callee.pkg ?? '') && /(^|\.)run$/.test(callee.shape));
  return /^\s*(insert|update|delete|create|drop|alter|truncate|replace|merge|upsert)\b/i.test(text) || /\binsert\s+into\b|\)\s*(delete\s+from|update\s+\S+\s+set)\b/i.test(text);
}

/** What a statement that changes rows does to them. */
function verbOf(text: string | null): string {
  const verb = /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|truncate|merge|replace\s+into|upsert)\b/i.exec(text ?? '')?.[1]?.toLowerCase();
  if (verb === undefined) return 'sql';
  return verb.startsWith('insert') ? (/\bon\s+(conflict|duplicate)\b/i.test(text ?? '') ? 'upsert' : 'insert') : verb.startsWith('update') ? 'update' : verb === 'truncate' || verb.startsWith('delete') ? 'delete' : 'upsert';
}

/** The arguments that decide what the work is: an address or a file's name, not what is sent there or written into it. */
function decisive(kind: SinkKind, op: string, args: readonly Value[]): readonly Value[] {
  return kind === 'url' || (kind === 'file' && /^(writeFile|appendFile|outputFile|createWriteStream)(Sync)?$/.test(op)) ? args.slice(0, 1) : args;
}

/** `db.prepare(text).run(values)`: the text that was prepared. */
function preparedBy(callee: SymValue): Value | undefined {
  for (let i = callee.links.length - 1; i > 0; i--) {
    const l = callee.links[i]!;
    const before = callee.links[i - 1]!;
    if (l.k === 'call' && before.k === 'get' && (before.name === 'prepare' || (before.name === 'query' && callee.pkg === 'bun:sqlite'))) return l.args[0] ?? UNDEFINED;
  }
  return undefined;
}

/** Columns that count how often something was looked at. */
const LOOKS = /^((page|unique|total)_?)?(views?|visits?|visitors?|clicks?|hits?|impressions?|downloads?|plays?|reads?|opens?|shares?|likes?)(_?(count|counter|total))?$/i;
const COUNTING_SQL = /^\s*update\s+\S+\s+set\s+["`[]?(\w+)["`\]]?\s*=\s*(?:(?:coalesce|ifnull|isnull)\([^()]*\)|["`\w.[\]]+)\s*\+\s*1\s+where\b/i;

/** Nothing but such a counter goes up by one. */
function countsLooks(op: string, text: string | null, args: readonly Value[]): boolean {
  if (text !== null) return LOOKS.test(COUNTING_SQL.exec(text)?.[1] ?? '');
  const one = (v: Value | undefined): boolean => v?.t === 'const' && v.v === 1;
  const all = (v: Value | undefined, holds: (p: Value) => boolean): boolean => v?.t === 'obj' && !v.open && v.props.size > 0 && [...v.props].every(([k, p]) => LOOKS.test(k) && holds(p));
  if (op === 'increment') return args.some((a) => LOOKS.test(asString(a) ?? '')) && args.every((a) => a.t !== 'const' || typeof a.v !== 'number' || one(a));
  // `post.views += 1; await post.save()`
  if (op === 'save') return args.length > 0 && args.every((a) => all(a, (p) => p.t === 'unk' && p.marks.length === 0));
  return args.some((a) => a.t === 'obj' && ((a.props.size === 1 && all(a.props.get('$inc'), one)) || all(a.props.get('data'), (p) => p.t === 'obj' && p.props.size === 1 && one(p.props.get('increment')))));
}

/** The part of a statement that is its text: of `{ text, values }`, of a list of such. */
function textIn(v: Value | undefined): Value {
  if (v?.t === 'obj') return v.props.get('text') ?? v.props.get('sql') ?? v;
  if (v?.t === 'arr') return { ...v, items: v.items.map(textIn) };
  return v ?? UNDEFINED;
}

/** Values that the chain has bound to the statement before it is sent: `request().input('name', type, value).query(…)`. */
function boundBefore(callee: SymValue): Value[] {
  const out: Value[] = [];
  let name = '';
  for (const l of callee.links) {
    if (l.k === 'get') name = l.name;
    else if (BINDS.test(name)) out.push(...l.args);
  }
  return out;
}

/** Methods that send a statement to which values were bound before. */
const SENDS = /^(query|execute|batch|exec)$/;

const BINDS = /^(input|bind|bindParam|bindValue|setParameters?|addParam(eter)?)$/;

const PUBLISHED_SQL = /\bwhere\b[\s\S]*\b((is_)?(published|visible|public|listed)\s*=\s*(true|1)|(status|state|visibility)\s*=\s*'(published|public|live|listed)')/i;

/** The account whose id stands in a cookie or header: whoever sends it says himself who he is. */
function namedByCaller(callee: SymValue, args: readonly Value[], at: Location): Value | null {
  if (!/\.getUser(ById)?$/.test(callee.shape) || !args[0]) return null;
  const marks = marksOf(args[0]);
  const claim = marks.find((m) => m.source === 'cookies' || (m.source === 'headers' && !/^authorization(\.|$)/i.test(m.field)));
  if (!claim) return null;
  const what = `${claim.source === 'cookies' ? 'cookie' : 'header'}${claim.field ? ` ${claim.field}` : ''}`;
  return { t: 'unverified', how: `the ${what} names the user and anybody can set it`, at, path: [], marks, claimed: true };
}

/** A new account by the address and password that the caller chose, with no rights given and the address still to be confirmed: what any sign-up form asks for. */
function makesOwnAccount(account: Value): boolean {
  if (account.t !== 'obj') return false;
  const sent = (name: string): boolean => marksOf(account.props.get(name) ?? UNDEFINED).some((m) => m.source === 'body' || m.source === 'form' || m.source === 'args');
  const confirmed = account.props.get('email_confirm') ?? account.props.get('emailVerified');
  return sent('email') && sent('password') && (confirmed === undefined || truthiness(confirmed) === false) && !givesRights(account, 3);
}

function givesRights(v: Value, depth: number): boolean {
  if (marksOf(v).some((m) => RIGHTS.test(m.field))) return true;
  return v.t === 'obj' && depth > 0 && [...v.props].some(([name, x]) => RIGHTS.test(name) || givesRights(x, depth - 1));
}

const RIGHTS = /role|admin|permission|tenant|claims|(^|[._])org/i;

/** The method called; for the AWS SDK's `send(new GetObjectCommand(…))` the command. */
function calledName(callee: SymValue, args: readonly Value[]): string {
  const name = callee.shape.slice(callee.shape.lastIndexOf('.') + 1);
  const command = name === 'send' && args[0]?.t === 'sym' ? /^(\w)(\w*)Command$/.exec(args[0].name) : null;
  return command ? `${(command[1] ?? '').toLowerCase()}${command[2] ?? ''}` : name;
}

/** A number is no text that could say something else; nor is what was held against a list or a pattern. A length or a type says nothing. */
function changesText(it: Interpreter, m: Mark): boolean {
  const formOnly = it.trace?.formOnly.has(`${m.source}.${m.field}`) ?? false;
  return !m.numeric && !m.validated && (formOnly || settled(it, [m]).every((x) => !x.validated));
}

/** The statement's own place: from the called name on, when a long chain stands before it. */
function shorten(it: Interpreter, at: Location, x: Expr | null): Location {
  if (x?.k === 'call' && x.fn.k === 'mem' && at.span.end - at.span.start > 0) return it.place(at.file, x.fn.ps, Math.min(at.span.end, x.fn.e));
  return at;
}

/** What a call to a fixed address of a known service does. */
function serviceOf(url: Value | undefined, options: Value | undefined): { readonly kind: SinkKind; readonly op: string; readonly target: string | null } | null {
  if (!url) return null;
  const verb = options?.t === 'obj' ? (asString(options.props.get('method') ?? UNDEFINED) ?? 'GET').toUpperCase() : 'GET';
  const text = asString(url) ?? (url.t === 'env' ? (url.text ?? null) : url.t === 'unk' && url.hint.startsWith('template:') ? url.hint.slice(9) : null);
  if (text === null) return null;
  // A bot that the caller brings speaks in nobody's name but his.
  const known = verb === 'GET' ? undefined : SERVICE_ADDRESSES.find((a) => a.address.test(text));
  if (known && !(known.op === 'chat' && marksOf(url).length > 0)) return { kind: known.sink, op: known.op, target: null };
  // PostgREST spoken by hand.
  const rest = /\/rest\/v1\/(rpc\/)?(\w+)/.exec(text);
  if (rest) {
    return { kind: verb === 'GET' && !rest[1] ? 'db-read' : 'db-write', op: verb === 'DELETE' ? 'delete' : verb === 'PATCH' ? 'update' : rest[1] ? 'rpc' : verb === 'GET' ? 'select' : 'insert', target: rest[2] ?? null };
  }
  return null;
}

/** The fixed address of another server that is read with the server's own key; null when it is none. */
function askedWithKey(url: Value | undefined, options: Value | undefined): string | null {
  if (url?.t !== 'unk' || options?.t !== 'obj') return null;
  const text = url.hint.startsWith('template:') ? /^https:\/\/([\w.-]+\.[a-z]{2,}\/[\w./-]*)/i.exec(url.hint.slice(9))?.[1] : undefined;
  if (text === undefined || (asString(options.props.get('method') ?? UNDEFINED) ?? 'GET').toUpperCase() !== 'GET') return null;
  return carriesKey(options) ? text : null;
}

/** The fixed address of another server to which what the caller sent is posted with the server's own key; null when it is none. */
function usedWithKey(url: Value | undefined, options: Value | undefined): string | null {
  const text = url ? (asString(url) ?? (url.t === 'unk' && url.hint.startsWith('template:') ? url.hint.slice(9) : '')) : '';
  const host = /^https:\/\/([\w.-]+\.[a-z]{2,}(?:\/[\w./-]*)?)/i.exec(text)?.[1];
  if (host === undefined || options?.t !== 'obj' || (asString(options.props.get('method') ?? UNDEFINED) ?? 'GET').toUpperCase() === 'GET' || !carriesKey(options)) return null;
  return marksOf(options.props.get('body') ?? UNDEFINED).some((m) => m.source === 'body' || m.source === 'query' || m.source === 'form' || m.source === 'args') ? host : null;
}

function carriesKey(options: Extract<Value, { t: 'obj' }>): boolean {
  const headers = options.props.get('headers');
  return headers?.t === 'obj' && [...headers.props.values()].some((v) => v.t === 'env' && /SECRET|KEY|TOKEN/.test(v.name));
}

function sqlText(v: Value | undefined, x: Expr | null, tagged: boolean): string | null {
  if (tagged && x?.k === 'tpl') return x.parts.map((p) => (p.k === 'str' ? p.v : '?')).join('');
  const s = v ? asString(v) : null;
  if (s !== null) return s;
  if (v?.t === 'unk' && v.hint.startsWith('template:')) return v.hint.slice(9);
  if (v?.t === 'obj') return sqlText(v.props.get('text') ?? v.props.get('sql'), x, false);
  if (v?.t === 'arr') return v.items.map((i) => sqlText(i, x, false)).find((t) => t !== null) ?? null;
  return null;
}

function targetOf(how: string, callee: SymValue, args: readonly Value[]): string | null {
  const links = callee.links;
  const callArg = (name: string): Value | undefined => {
    for (let i = links.length - 1; i > 0; i--) {
      const l = links[i]!;
      const before = links[i - 1]!;
      if (l.k === 'call' && before.k === 'get' && before.name === name) return l.args[0];
    }
    return undefined;
  };
  switch (how) {
    case 'arg0':
      return tableName(args[0]);
    case 'from':
      return tableName(callArg('from')) ?? null;
    case 'called': {
      // Knex: `db('users').where(…)`, and `db.from('users')` beside it.
      const direct = links.findLast((l, i) => l.k === 'call' && links[i - 1]?.k !== 'get' && links[i + 1]?.k === 'get' && typeof asString(l.args[0] ?? UNDEFINED) === 'string');
      return direct?.k === 'call' ? tableName(direct.args[0]) : tableName(callArg('from') ?? callArg('table') ?? callArg('into'));
    }
    case 'model': {
      const names = links.filter((l) => l.k === 'get').map((l) => (l as { name: string }).name);
      return names[names.length - 2] ?? null;
    }
    case 'collection': {
      const c = tableName(callArg('collection'));
      if (c !== null) return c;
      const first = links.find((l) => l.k === 'call' || l.k === 'new');
      return (first && first.k !== 'get' ? tableName(first.args[0]) : null) ?? (/^[A-Z]\w*$/.test(callee.name) && !['Model', 'Schema'].includes(callee.name) ? callee.name : null);
    }
    default:
      return null;
  }
}

function tableName(v: Value | undefined): string | null {
  if (!v) return null;
  const s = asString(v);
  if (s !== null) return s;
  if (v.t === 'sym') {
    // Drizzle: the table is `pgTable('name', …)`.
    const first = v.links.find((l) => l.k === 'call');
    if (first?.k === 'call') return asString(first.args[0] ?? UNDEFINED) ?? v.name;
    return v.name || null;
  }
  return null;
}

const USER_CLIENTS = /^(createServerClient|createRouteHandlerClient|createServerComponentClient|createServerActionClient|createMiddlewareClient|createPagesServerClient|createBrowserClient|createClientComponentClient)$/;

/** A Supabase client that row rules bind: built from the caller's cookies or token, or from the public key. */
function actsAsUser(callee: SymValue): boolean {
  if (!callee.pkg?.startsWith('@supabase/')) return false;
  const made = callee.links.find((l) => l.k === 'call');
  if (!made || made.k !== 'call') return false;
  const key = made.args[1];
  if (key?.t === 'env') return !/SERVICE|SECRET|ADMIN/i.test(key.name);
  if (key?.t === 'union' && key.of.some((m) => m.value.t === 'env')) return !key.of.some((m) => m.value.t === 'env' && /SERVICE|SECRET|ADMIN/i.test(m.value.name));
  return USER_CLIENTS.test(callee.name);
}

/** A client of the public key alone, made without anything the caller sent: whoever calls, the database sees a stranger. */
function isVisitors(callee: SymValue): boolean {
  const made = callee.links.find((l) => l.k === 'call');
  if (made?.k !== 'call' || made.args[1]?.t !== 'env' || !/^create(Browser)?Client$/.test(callee.name)) return false;
  const options = made.args[2];
  return options === undefined || (options.t === 'obj' && !options.open && !options.props.has('global') && !options.props.has('cookies') && !options.props.has('accessToken'));
}

// ------------------------------------------------------------------------------------------------ globals and the web platform

const NUMERIC = new Set(['Number', 'parseInt', 'parseFloat', 'BigInt', 'Number.parseInt', 'Number.parseFloat']);
const PASS_THROUGH = new Set(['String', 'Number', 'parseInt', 'parseFloat', 'BigInt', 'encodeURIComponent', 'decodeURIComponent', 'structuredClone', 'Symbol', 'Symbol.for', 'escape', 'unescape', 'encodeURI', 'decodeURI']);

/** `Math.max(1, Number(sent))`, `Math.abs(sent)`: a sent number, by itself, that is not below zero any more. What is reckoned with it, `Math.max(0, stock - sent)`, is another matter. */
function isKeptPositive(shape: string, args: readonly Value[], x: Expr | null): boolean {
  if (x?.k !== 'call' || (shape !== 'Math.abs' && !(shape === 'Math.max' && args.some((a) => a.t === 'const' && typeof a.v === 'number' && a.v >= 0)))) return false;
  const isSent = (a: Expr, v: Value | undefined): boolean => v?.t === 'const' || v?.t === 'input' || (a.k === 'call' && a.fn.k === 'ref' && NUMERIC.has(a.fn.name) && (a.args[0]?.k === 'mem' || a.args[0]?.k === 'ref')) || (a.k === 'logic' && a.op !== '&&' && isSent(a.l, undefined));
  return x.args.every((a, i) => isSent(a, args[i]));
}

function globalCall(it: Interpreter, callee: SymValue, args: readonly Value[], at: Location, isNew: boolean, x: Expr | null): Value | null {
  const shape = callee.shape;
  const first = args[0] ?? UNDEFINED;
  // Whose id it is stays known when it becomes a number.
  if (NUMERIC.has(shape) && first.t !== 'const' && first.t !== 'ident' && first.t !== 'unverified' && marksOf(first).length > 0) return asNumber(first, marksOf(first).map((m): Mark => ({ ...m, numeric: true })));
  if (shape === 'String' && first.t === 'input') return { ...first, marks: asText(first.marks) };
  if (shape === 'encodeURIComponent' && marksOf(first).length > 0 && first.t !== 'ident' && first.t !== 'unverified') return first.t === 'input' ? { ...first, marks: asPiece(first.marks) } : unknown('', asPiece(marksOf(first)));
  if (shape === 'decodeURIComponent' && first.t !== 'ident' && first.t !== 'unverified' && marksOf(first).some((m) => m.piece)) return unknown('', asPiece(marksOf(first), false));
  if (PASS_THROUGH.has(shape)) return first.t === 'const' || first.t === 'env' || first.t === 'ident' || first.t === 'unverified' ? first : first.t === 'input' || (first.t === 'unk' && first.hint.startsWith('template:')) ? first : NUMERIC.has(shape) ? asNumber(first, marksOf(first)) : partOfAnswer('', marksOf(first), first);
  if (/^Math\.\w+$/.test(shape) && it.trace) return worked(isKeptPositive(shape, args, x) ? asBounded(marksOfAll(args)) : marksOfAll(args));
  switch (shape) {
    case 'Boolean': {
      const r = refinement(first);
      const known = truthiness(first);
      return known !== null && r.ifTrue.length === 0 ? constant(known) : { t: 'bool', ifTrue: r.ifTrue, ifFalse: r.ifFalse };
    }
    case 'JSON.parse':
      if (/atob|base64|Buffer\.from/.test(first.t === 'sym' ? first.shape : first.t === 'unk' ? first.hint : '') && marksOf(first).some((m) => m.source === 'headers' || m.source === 'cookies')) {
        return { t: 'unverified', how: 'the token is decoded by hand, its signature is never checked', at, path: [], marks: marksOf(first), ...gatewayOf(it, marksOf(first), at) };
      }
      // What a text says can be an object again.
      return first.t === 'input' ? { ...first, marks: first.marks.map(({ text: _text, ...m }) => m) } : unknown('json', marksOf(first).map(({ text: _text, ...m }) => m));
    case 'JSON.stringify':
      return first.t === 'const' ? constant(JSON.stringify(first.v) ?? '') : first;
    case 'Object.assign':
      if (first.t === 'sym' && it.trace && isDocument(first)) {
        it.fill(first, args.slice(1));
        return first;
      }
      return union(args.filter((a) => a.t !== 'const').map((value) => ({ value, ver: [] })).slice(0, 4)).t === 'union' ? { t: 'obj', props: mergeProps(args), open: args.some((a) => a.t !== 'obj' || a.open), cls: first.t === 'obj' ? first.cls : null, marks: marksOfAll(args) } : first;
    case 'Object.freeze':
    case 'Object.seal':
    case 'Array.from':
    case 'Object.fromEntries':
      return shape === 'Object.fromEntries' ? unknown('', marksOf(first)) : first;
    case 'Object.keys':
      return first.t === 'obj' && !first.open ? { t: 'arr', items: [...first.props.keys()].map((k) => constant(k)), open: false } : unknown('keys', marksOf(first));
    case 'Object.values':
      return first.t === 'obj' && !first.open ? { t: 'arr', items: [...first.props.values()], open: false } : unknown('', marksOf(first));
    case 'Object.entries':
      return first.t === 'obj' && !first.open ? { t: 'arr', items: [...first.props].map(([k, v]): Value => ({ t: 'arr', items: [constant(k), v], open: false })), open: false } : unknown('', marksOf(first));
    case 'Array.isArray':
      return { t: 'bool', ifTrue: [], ifFalse: [], marks: marksOf(first) };
    case 'Promise.all':
    case 'Promise.allSettled':
      if (first.t === 'arr') {
        let gains: readonly Origin[] = [];
        for (const i of first.items) if (i.t === 'promise' && !first.open) gains = join(gains, i.gains);
        const all = shape === 'Promise.all';
        const items = first.items.map((i) => (all ? fulfilled(i) : objectOf([['status', unknown('status')], ['value', fulfilled(i)], ['reason', unknown('error')]])));
        return { t: 'promise', of: { t: 'arr', items, open: first.open }, gains: all ? gains : [] };
      }
      return { t: 'promise', of: unknown('', marksOf(first)), gains: [] };
    case 'Promise.resolve':
      return { t: 'promise', of: first.t === 'promise' ? first.of : first, gains: [] };
    case 'Promise':
      return promised(it, args);
    case 'Date':
      // A date, or none: whatever was sent, it is no object of the sender's any more.
      return unknown('now', asText(marksOfAll(args)));
    case 'Date.now':
    case 'process.uptime':
    case 'process.memoryUsage':
      return unknown('now', marksOfAll(args));
    case 'process.exit':
    case 'Deno.exit':
      it.state = { ...it.state, alive: false };
      return UNDEFINED;
    case 'Deno.env.get':
    case 'Deno.env.has': {
      const name = asString(first);
      return name === null ? unknown('env') : { t: 'env', name };
    }
    case 'Uint8Array':
    case 'btoa':
    case 'String.fromCharCode':
      return isKeyedDigest(first) ? first : null;
    case 'Buffer.from':
    case 'Buffer.alloc':
      return first.t === 'env' || first.t === 'sym' ? first : unknown(asString(args[1] ?? UNDEFINED) === 'base64' ? 'base64' : '', marksOf(first));
    case 'atob':
      return unknown('atob', marksOf(first));
    case 'URL':
    case 'URLSearchParams':
      if (first.t === 'unk' && first.hint === 'request.url') return shape === 'URL' ? { t: 'bag', kind: 'url', framework: 'web', props: new Map() } : inputValue(it, 'query', [], at);
      // A text that begins with a host of its own is taken as it is, whatever the second argument says.
      return first.t === 'unk' && (first.ownPath || hasFixedHost(first)) ? { ...first, marks: marksOfAll(args) } : unknown('url', marksOfAll(args));
    case 'Response.json':
      return { t: 'reply', status: statusOf(args[1], it), data: asItStands(first), at };
    case 'Response.redirect':
      redirect(it, first, at);
      return { t: 'reply', status: 302, data: null, at };
    case 'Response':
      return isNew ? { t: 'reply', status: statusOf(args[1], it), data: isNullish(first) ? null : asItStands(first), at } : null;
    case 'ReadableStream':
    case 'TransformStream':
      // The answer is written by its callbacks: what they do is the endpoint's work.
      if (first.t === 'obj') callCallbacks(it, [...first.props.values()], [unknown('controller'), unknown('controller')]);
      return unknown('stream');
    case 'Error':
    case 'TypeError':
      return unknown('error');
    case 'TextEncoder':
      return symbol('global', 'TextEncoderInstance');
    case 'TextEncoderInstance.encode':
      return first;
    case 'timingSafeEqual':
      return null;
    case 'Number.isInteger':
    case 'Number.isFinite':
    case 'Number.isSafeInteger':
    case 'Number.isNaN':
    case 'isNaN':
    case 'isFinite':
      it.checked(marksOf(first).filter((m) => m.field !== ''));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    case 'RegExp.test':
    case 'RegExp.exec':
      it.checked(marksOf(first).filter((m) => m.field !== ''));
      return { t: 'bool', ifTrue: [], ifFalse: [] };
    case 'console.log':
    case 'console.error':
    case 'console.warn':
    case 'console.info':
    case 'console.debug':
      return UNDEFINED;
    default:
      break;
  }
  if (/^(Map|WeakMap|Set)\(\)\.(get|has|delete)$/.test(shape) && it.trace && marksOf(first).some(isCredential)) {
    // Sessions kept in memory, found by the token the caller sent.
    if (shape.endsWith('delete')) {
      it.does('session-destroy');
      return unknown('');
    }
    if (it.state.verified.length === 0) {
      const origin = it.origin('api-key', 'session look-up', at);
      return shape.endsWith('has') ? { t: 'bool', ifTrue: [origin], ifFalse: [] } : { t: 'ident', origin, path: [], sure: false };
    }
  }
  if (/^(array|object|string)\./.test(shape)) {
    const m = shape.slice(shape.indexOf('.') + 1);
    if (args[0]?.t === 'fn') return iterate(it, unknown('', callee.marks), m, args, at);
    return unknown('', mergeMarks(callee.marks, marksOfAll(args)));
  }
  return null;
}

/** `new Promise((resolve, reject) => …)`: what `resolve` is called with, and what holds wherever it is. */
function promised(it: Interpreter, args: readonly Value[]): Value {
  const before = it.state.verified;
  const settled: Member[] = [];
  const resolve: Value = { t: 'bag', kind: 'settle', framework: 'promise', props: new Map(), settled };
  callCallbacks(it, args, [resolve, unknown('reject')]);
  const [first] = settled;
  // Handed on to what reading does not follow.
  if (!first) return { t: 'promise', of: unknown(''), gains: [] };
  let always = first.ver;
  for (const s of settled) always = meetProofs(always, s.ver);
  const of = union(settled.map((s) => ({ value: s.value.t === 'promise' ? s.value.of : s.value, ver: s.ver.filter((o) => !before.includes(o) && !always.includes(o)) })));
  return { t: 'promise', of, gains: always.filter((o) => !before.includes(o)) };
}

/** What a promise holds once it is fulfilled, whichever of several it is. */
function fulfilled(v: Value): Value {
  if (v.t === 'promise') return v.of;
  return v.t === 'union' ? union(v.of.map((m) => ({ value: fulfilled(m.value), ver: m.ver }))) : v;
}

function mergeProps(args: readonly Value[]): Map<string, Value> {
  const out = new Map<string, Value>();
  for (const a of args) if (a.t === 'obj') for (const [k, v] of a.props) out.set(k, v);
  return out;
}

export function statusOf(init: Value | undefined, it: Interpreter): number | null {
  const s = init?.t === 'obj' ? init.props.get('status') : undefined;
  noteLimit(it, s);
  if (s === undefined) return null;
  // One of several: where one of them is a success, so may the answer be.
  const known = (s.t === 'union' ? s.of.map((m) => m.value) : [s]).flatMap((v) => (v.t === 'const' && typeof v.v === 'number' ? [v.v] : []));
  // A status that is computed is an error's: success is a constant.
  return known.length > 0 ? Math.min(...known) : 400;
}

/** Next.js and Node's own modules. */
function frameworkCall(it: Interpreter, callee: SymValue, args: readonly Value[], at: Location, isNew: boolean): Value | null {
  const first = args[0] ?? UNDEFINED;
  switch (callee.pkg) {
    case 'next/server':
      if (callee.shape === 'NextResponse.json') return { t: 'reply', status: statusOf(args[1], it), data: asItStands(first), at };
      if (callee.shape === 'NextResponse.redirect' || callee.shape === 'NextResponse.rewrite') {
        if (callee.shape.endsWith('redirect')) redirect(it, first, at);
        return { t: 'reply', status: 302, data: null, at };
      }
      if (callee.shape === 'NextResponse.next') return { t: 'reply', status: -1, data: null, at };
      if (callee.shape === 'NextResponse' && isNew) return { t: 'reply', status: statusOf(args[1], it), data: isNullish(first) ? null : asItStands(first), at };
      if (callee.shape === 'after') {
        callCallbacks(it, args, []);
        return UNDEFINED;
      }
      return null;
    case 'next/navigation':
      if (/^(redirect|permanentRedirect|notFound|unauthorized|forbidden)$/.test(callee.shape)) {
        redirect(it, callee.shape === 'redirect' || callee.shape === 'permanentRedirect' ? first : constant('/unauthorized'), at);
        it.state = { ...it.state, alive: false };
        return UNDEFINED;
      }
      return null;
    case 'next/headers':
      if (callee.shape === 'headers') return inputValue(it, 'headers', [], at);
      if (callee.shape === 'cookies') return inputValue(it, 'cookies', [], at);
      return null;
    case 'crypto':
      if (callee.shape === 'timingSafeEqual') return compareSecrets(it, first, args[1] ?? NULL, at);
      return null;
    default:
      if (/(^|\.)timingSafeEqual$/.test(callee.shape) || /^(safeCompare|secureCompare|tsscmp)$/.test(callee.shape)) return compareSecrets(it, first, args[1] ?? NULL, at);
      return null;
  }
}

/** A hash that the server has worked out, held against what the caller sent: nobody takes constant time over what is no secret. */
function hashedBeside(own: Value, sent: Value): Value | undefined {
  return isHash(own, 3) && marksOf(sent).some((m) => m.source === 'query' || m.source === 'body' || m.source === 'headers' || m.source === 'form') ? own : undefined;
}

function isHash(v: Value, depth: number): boolean {
  if (v.t === 'union') return v.of.some((m) => isHash(m.value, depth));
  if (v.t !== 'sym' || depth === 0) return false;
  return /(^|\.)createHash\(\)|(^|\.)(md5|sha1|sha256|sha512)\(\)/i.test(v.shape) || v.links.some((l) => l.k !== 'get' && l.args.some((x) => isHash(x, depth - 1)));
}

function compareSecrets(it: Interpreter, a: Value, b: Value, at: Location): Value {
  const secret = [a, b].find((v) => v.t === 'env');
  const digest = [a, b].find((v) => v.t === 'sym' && (/createHmac|subtle|\.sign/.test(v.shape) || v.links.some((l) => l.k !== 'get' && l.args.some((x) => x.t === 'env')))) ?? hashedBeside(a, b) ?? hashedBeside(b, a);
  if (marksOfAll([a, b]).some((m) => /passw/i.test(m.field))) it.does('password-check');
  // Two values that nobody keeps secret: comparing them slowly proves nothing.
  if (!secret && !digest) return { t: 'bool', ifTrue: [], ifFalse: [] };
  const o = it.origin(digest ? 'signature' : 'shared-secret', secret?.t === 'env' ? `process.env.${secret.name}` : 'timingSafeEqual', at);
  return { t: 'bool', ifTrue: [o], ifFalse: [] };
}
