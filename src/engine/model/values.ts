/**
 * Abstract values: what reading the code says a variable can hold. The interpreter computes with them; adapters and
 * library knowledge look at them. Immutable except objects, scopes and request bags, whose writes are journaled.
 */
import type { InputSource } from '../core/model';
import type { Location, RelPath } from '../core/types';
import type { RoleTest } from './roles';

/** A trace of request data in a value. */
export interface Mark {
  readonly source: InputSource;
  /** Dotted field path below the source; empty: the whole. */
  readonly field: string;
  readonly at: Location;
  /** It went through a validator whose result this is. */
  readonly validated: boolean;
  /** Made a number on the way: it may be negative or NaN, but it is no text. */
  readonly numeric?: true;
  /** It has been used as only a text can be: it is no object with operators of a query language. */
  readonly text?: true;
  /** One piece of a path or an address, encoded or cut out so that it can neither climb out of a folder nor name another host. */
  readonly piece?: true;
  /** Cut to a fixed number of characters. */
  readonly bounded?: true;
}

/** Names a place where a caller proves who he is; a path is guarded once one of its origins is known to hold. */
export interface Origin {
  readonly id: number;
  /** `row-rules`: a row came that the database shows to no stranger. */
  readonly kind: 'user' | 'signature' | 'shared-secret' | 'api-key' | 'row-rules';
  /** Call or expression as people would name it: `supabase.auth.getUser`. */
  readonly name: string;
  readonly at: Location;
  /** Someone branches on it, ends the request without it, or awaits a throwing call. */
  tested: boolean;
  /** Nothing puts it there: reading a part of it fails for everybody and tells nobody apart. */
  unset?: boolean;
  /** Its call throws for a forged or missing token, so a catch decides. */
  throws: boolean;
  /** Row rules that no file of the project shows: taken for granted, not proven. */
  assumed?: boolean;
  /** Request data by which a row was looked up: with the row it is known to be a value that exists. */
  pins?: readonly Mark[];
}

export interface Env {
  readonly vars: Map<string, Value>;
  readonly parent: Env | null;
  readonly file: RelPath;
  /** Function id the frame belongs to; 0 is the module. */
  readonly fn: number;
  readonly self: Value | null;
}

export type Link = { readonly k: 'get'; readonly name: string } | { readonly k: 'call' | 'new'; readonly args: readonly Value[]; readonly at: Location };

/** Mutable while a query builder chain grows; the trace holds the same object. */
export interface SinkBox {
  marks: Mark[];
}

export type Value =
  | { readonly t: 'const'; readonly v: string | number | boolean | null | undefined; readonly marks?: undefined }
  /**
   * `ownPath`: an address that begins with a fixed path of the app's own, whatever follows. `from`: the work whose answer it is a
   * part of. `worked`: worked out of other values, as a number or as a yes or no; none of them can be read from it.
   */
  | { readonly t: 'unk'; readonly hint: string; readonly marks: readonly Mark[]; readonly ownPath?: boolean; readonly from?: SinkBox; readonly worked?: 'number' | 'test' }
  | ObjValue
  | { readonly t: 'arr'; readonly items: readonly Value[]; readonly open: boolean; readonly marks?: readonly Mark[] }
  | FnValue
  | ClsValue
  | SymValue
  | ScopeValue
  | { readonly t: 'input'; readonly source: InputSource; readonly path: readonly string[]; readonly at: Location; readonly marks: readonly Mark[] }
  /** Request, response, `next` and the like, as the framework hands them in. */
  | BagValue
  /** Possibly absent verified identity or a part of it. `of`: the caller whose own row it is, where row rules prove it. */
  | { readonly t: 'ident'; readonly origin: Origin; readonly path: readonly string[]; readonly sure: boolean; readonly marks?: readonly Mark[]; readonly of?: Origin }
  /** The error half of a `{ data, error }` result: absent exactly when the identity is there. */
  | { readonly t: 'identErr'; readonly origin: Origin; readonly marks?: undefined }
  /** Looks like an identity, proves nothing (decoded token, client header, cookie presence). `claimed`: the caller just names himself. `gateway`: the token's signature was verified before the code ran, but everybody gets such a token. */
  | { readonly t: 'unverified'; readonly how: string; readonly at: Location; readonly path: readonly string[]; readonly marks: readonly Mark[]; readonly claimed?: boolean; readonly gateway?: Origin }
  /** `text`: the template it stands in, `?` for what is not fixed. */
  | { readonly t: 'env'; readonly name: string; readonly text?: string; readonly marks?: undefined }
  | { readonly t: 'bool'; readonly ifTrue: readonly Origin[]; readonly ifFalse: readonly Origin[]; readonly marks?: readonly Mark[]; readonly about?: BoolAbout; readonly assume?: boolean; readonly roles?: RoleTest; readonly unless?: Origin }
  | { readonly t: 'promise'; readonly of: Value; readonly gains: readonly Origin[]; readonly marks?: undefined }
  | { readonly t: 'union'; readonly of: readonly Member[]; readonly marks?: undefined }
  /** A schema of a validator library; `weak`: accepts anything. */
  | { readonly t: 'schema'; readonly lib: string; readonly keys: readonly string[] | null; readonly weak: boolean; readonly at: Location; readonly marks?: undefined }
  /** Result of a non-throwing validation: `success`/`error` decide whether `data` may be used. */
  | { readonly t: 'parsed'; readonly data: Value; readonly lib: string; readonly at: Location; readonly marks?: undefined }
  | { readonly t: 'reply'; readonly status: number | null; readonly data: Value | null; readonly at: Location; readonly marks?: undefined };

/** What a boolean was computed from, for fake-guard explanations. */
export interface BoolAbout {
  readonly kind: 'unverified' | 'client-header' | 'bypass' | 'env-secret';
  readonly how: string;
  readonly at: Location;
  /** The caller merely names who he is; nothing was decoded. */
  readonly claimed?: boolean;
  /** It stands in the address, where a value is often asked for as one asks for any other. */
  readonly inQuery?: boolean;
}

export interface Member {
  readonly value: Value;
  /** Origins that hold whenever the value is this one. */
  readonly ver: readonly Origin[];
  /** It is handed back when the identity is known to be missing. */
  readonly absent?: boolean;
  /** Roles of which the caller has one whenever the value is this one. */
  readonly roles?: readonly string[];
}

export interface ObjValue {
  readonly t: 'obj';
  readonly props: Map<string, Value>;
  /** Has more properties than known. */
  readonly open: boolean;
  readonly cls: ClsValue | null;
  readonly marks?: readonly Mark[];
  /** Where the literal stands; a route table's rows are registrations of their own. */
  readonly at?: Location;
}

export interface FnValue {
  readonly t: 'fn';
  readonly file: RelPath;
  readonly id: number;
  readonly env: Env;
  readonly self: Value | null;
  readonly bound: readonly Value[];
  /** Set by wrappers that hand over an identity, as `auth((req) => …)` does. */
  readonly gives?: 'auth-on-request';
  readonly props?: Map<string, Value>;
  readonly marks?: undefined;
}

export interface ClsValue {
  readonly t: 'cls';
  readonly file: RelPath;
  readonly id: number;
  readonly env: Env;
  readonly statics: Map<string, Value>;
  readonly marks?: undefined;
}

/** A term over an external symbol: `createClient(url, key).from('x')`. `pkg` null: not resolved, `name` is the variable's. */
export interface SymValue {
  readonly t: 'sym';
  readonly pkg: string | null;
  readonly name: string;
  readonly links: readonly Link[];
  /** `createClient().from`: names and calls without arguments. */
  readonly shape: string;
  readonly marks: readonly Mark[];
  readonly sink: SinkBox | null;
  /** Identities among the arguments: a look-up by the caller's own id. */
  readonly idents?: readonly Origin[];
}

export interface ScopeValue {
  readonly t: 'scope';
  readonly scope: Scope;
  readonly marks?: undefined;
}

/** Whatever can hang a guard: an Express app or router today; every framework's containers are this one shape. */
export interface Scope {
  readonly id: number;
  readonly framework: string;
  readonly kind: 'app' | 'router';
  readonly at: Location;
  readonly registrations: Registration[];
  /** Properties hung on it by code (`app.locals`, `app.requireAuth = …`). */
  readonly props: Map<string, Value>;
}

export interface Registration {
  readonly kind: 'route' | 'use' | 'param' | 'static';
  readonly method: string;
  /** null: a path that reading cannot tell. */
  readonly path: string | null;
  readonly handlers: readonly Value[];
  readonly at: Location;
  /** Registered under a condition that reading cannot decide. */
  readonly conditional: boolean;
}

/** A request, response, context … `props` are what code before hung on it. */
export interface BagValue {
  readonly t: 'bag';
  readonly kind: 'request' | 'response' | 'next' | 'context' | 'headers' | 'cookies' | 'url' | 'search' | 'reply-status' | 'form' | 'settle';
  readonly framework: string;
  readonly props: Map<string, Value>;
  /** Of the `resolve` that a promise's executor is given: what it was called with so far. */
  readonly settled?: Member[];
  readonly marks?: undefined;
}

export const UNDEFINED: Value = { t: 'const', v: undefined };
export const NULL: Value = { t: 'const', v: null };

export function constant(v: string | number | boolean | null | undefined): Value {
  return { t: 'const', v };
}

export function unknown(hint: string, marks: readonly Mark[] = []): Value {
  return { t: 'unk', hint, marks };
}

/** A number that was worked out: a sum, a count, a rate. */
export function worked(marks: readonly Mark[] = [], hint = ''): Value {
  return { t: 'unk', hint, marks, worked: 'number' };
}

/** The work whose answer a value is, or is a part of. */
export function sourceOf(v: Value): SinkBox | undefined {
  if (v.t === 'sym') return v.sink ?? undefined;
  return v.t === 'unk' ? v.from : undefined;
}

/** The number that a part of an answer is: it stays that part. */
export function asNumber(v: Value, marks: readonly Mark[]): Value {
  const from = sourceOf(v);
  const last = v.t === 'sym' ? v.links[v.links.length - 1] : undefined;
  return from ? { t: 'unk', hint: v.t === 'unk' ? v.hint : last?.k === 'get' ? last.name : '', marks, worked: 'number', from } : worked(marks);
}

/** Objects as they are now: what is put into them later, or taken back with the path it was done on, changes no answer that was made of them. */
export function asItStands(v: Value, depth = 6): Value {
  if (depth === 0) return v;
  if (v.t === 'obj' && v.cls === null) return { ...v, props: new Map([...v.props].map(([k, p]) => [k, asItStands(p, depth - 1)])) };
  if (v.t === 'arr') return { ...v, items: v.items.map((i) => asItStands(i, depth - 1)) };
  return v.t === 'union' ? { ...v, of: v.of.map((m) => ({ ...m, value: asItStands(m.value, depth - 1) })) } : v;
}

/** A value of which reading knows no more than the work it came from. */
export function partOfAnswer(hint: string, marks: readonly Mark[], of: Value): Value {
  const from = sourceOf(of);
  return from ? { t: 'unk', hint, marks, from } : unknown(hint, marks);
}

export function symbol(pkg: string | null, name: string, marks: readonly Mark[] = []): SymValue {
  return { t: 'sym', pkg, name, links: [], shape: name, marks, sink: null };
}

const MAX_MARKS = 12;
const MAX_LINKS = 24;

export function mergeMarks(a: readonly Mark[], b: readonly Mark[]): readonly Mark[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const out = [...a];
  for (const m of b) {
    if (out.length >= MAX_MARKS) break;
    if (!out.some((x) => x.source === m.source && x.field === m.field && x.validated === m.validated && x.numeric === m.numeric && x.text === m.text && x.piece === m.piece && x.bounded === m.bounded && x.at.span.start === m.at.span.start && x.at.file === m.at.file)) out.push(m);
  }
  return out;
}

/** The same inputs, known to be texts: no object with operators of a query language. */
export function asText(marks: readonly Mark[]): readonly Mark[] {
  return marks.map((m) => (m.text ? m : { ...m, text: true }));
}

/** The same inputs as pieces of a path, or, put together again, as no such pieces. */
export function asPiece(marks: readonly Mark[], piece = true): readonly Mark[] {
  if (piece) return marks.map((m) => (m.piece ? m : { ...m, piece: true }));
  return marks.map(({ piece: _, ...m }) => m);
}

/** The same inputs, cut to a fixed length. */
export function asBounded(marks: readonly Mark[]): readonly Mark[] {
  return marks.map((m) => (m.bounded ? m : { ...m, bounded: true }));
}

/** Headers that say where a request comes from, what it is about or for whom it claims to be: anyone can write them. */
const CLAIMS = /^(x-forwarded-\w+|x-real-ip|cf-connecting-ip|true-client-ip|user-agent|host|origin|referer|accept(-\w+)?|content-\w+|x-vercel-[\w-]+)?(\.\d+)?$|(^|-)(tenant|org|organi[sz]ation|workspace|company|shop|store|site|locale|lang|language|user|uid|role|region|device|version|timezone|request|correlation|trace|idempotency)(-?(id|slug|name|key|code))?$/i;

/** A cookie that names somebody by an id anybody can look up or guess, unlike a session's token. */
const NAMES_A_USER = /^(\w+[_-])?(user|uid|account|customer|member|client|employee|tenant|org|company)[_-]?(id|name|email)?$|(acting|impersonat|masquerad|view(ing)?[_-]?as)|^(role|email|username)$/i;

/** Request data that can prove who is calling: not an address, a browser's name or where a link was. */
export function isCredential(m: Mark): boolean {
  if (m.source === 'cookies') return !NAMES_A_USER.test(m.field) || /token|session|secret|auth/i.test(m.field);
  return m.source === 'headers' && !CLAIMS.test(m.field);
}

/** Deep enough for `messages[].content[].source.data` of a model's SDK. */
const MARK_DEPTH = 7;

/** Every trace of request data in a value, looking into objects and arrays some levels down. */
export function marksOf(v: Value, depth = MARK_DEPTH): readonly Mark[] {
  switch (v.t) {
    case 'const':
    case 'env':
    case 'cls':
    case 'bag':
    case 'scope':
    case 'schema':
    case 'identErr':
      return [];
    case 'fn':
      return [];
    case 'promise':
      return marksOf(v.of, depth);
    case 'parsed':
      return marksOf(v.data, depth);
    case 'reply':
      return v.data ? marksOf(v.data, depth) : [];
    case 'union': {
      let out: readonly Mark[] = [];
      for (const m of v.of) out = mergeMarks(out, marksOf(m.value, depth));
      return out;
    }
    case 'obj': {
      let out = v.marks ?? [];
      if (depth > 0) {
        for (const p of v.props.values()) {
          if (out.length >= MAX_MARKS) break;
          out = mergeMarks(out, marksOf(p, depth - 1));
        }
      }
      return out;
    }
    case 'arr': {
      let out = v.marks ?? [];
      if (depth > 0) {
        for (const p of v.items) {
          if (out.length >= MAX_MARKS) break;
          out = mergeMarks(out, marksOf(p, depth - 1));
        }
      }
      return out;
    }
    default:
      return v.marks ?? [];
  }
}

export function get(sym: SymValue, name: string): SymValue {
  if (sym.links.length >= MAX_LINKS) return sym;
  return { ...sym, links: [...sym.links, { k: 'get', name }], shape: sym.shape === '' ? name : `${sym.shape}.${name}` };
}

export function applied(sym: SymValue, k: 'call' | 'new', args: readonly Value[], at: Location): SymValue {
  let marks = sym.marks;
  let idents = sym.idents ?? [];
  for (const a of args) {
    marks = mergeMarks(marks, marksOf(a));
    idents = join(idents, identsOf(a, 3));
  }
  const extra = idents.length > 0 ? { idents } : {};
  if (sym.links.length >= MAX_LINKS) return { ...sym, ...extra, marks };
  return { ...sym, ...extra, links: [...sym.links, { k, args, at }], shape: `${sym.shape}()`, marks };
}

/** Identities that a value is made of. */
export function identsOf(v: Value, depth: number): readonly Origin[] {
  if (v.t === 'ident') return [v.origin];
  if (depth === 0) return [];
  let out: readonly Origin[] = [];
  if (v.t === 'obj') for (const p of v.props.values()) out = join(out, identsOf(p, depth - 1));
  else if (v.t === 'arr') for (const p of v.items) out = join(out, identsOf(p, depth - 1));
  else if (v.t === 'union') for (const m of v.of) out = join(out, identsOf(m.value, depth - 1));
  return out;
}

/** Joins values of two paths; flattened, deduplicated, at most eight members. */
export function union(members: readonly Member[]): Value {
  const flat: Member[] = [];
  const add = (m: Member) => {
    if (m.value.t === 'union') for (const x of m.value.of) add({ value: x.value, ver: m.ver.length ? [...new Set([...m.ver, ...x.ver])] : x.ver, ...(m.absent || x.absent ? { absent: true } : {}), ...((x.roles ?? m.roles) ? { roles: x.roles ?? m.roles ?? [] } : {}) });
    else if (!flat.some((x) => same(x.value, m.value) && x.ver.length === m.ver.length && x.ver.every((o) => m.ver.includes(o)) && (x.roles ?? []).join() === (m.roles ?? []).join())) flat.push(m);
  };
  for (const m of members) add(m);
  if (flat.length === 1 && flat[0]!.ver.length === 0 && !flat[0]!.roles) return flat[0]!.value;
  if (flat.length === 0) return UNDEFINED;
  if (flat.length > 8) {
    let marks: readonly Mark[] = [];
    for (const m of flat) marks = mergeMarks(marks, marksOf(m.value));
    return unknown('union', marks);
  }
  return { t: 'union', of: flat };
}

function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.t === 'const' && b.t === 'const') return a.v === b.v;
  if (a.t === 'unk' && b.t === 'unk') return a.marks.length === 0 && b.marks.length === 0 && a.from === b.from && a.worked === b.worked;
  if (a.t === 'fn' && b.t === 'fn') return a.file === b.file && a.id === b.id && a.env === b.env;
  if (a.t === 'ident' && b.t === 'ident') return a.origin === b.origin && a.path.join() === b.path.join();
  return false;
}

/** true/false when reading decides it; null otherwise. */
export function truthiness(v: Value): boolean | null {
  switch (v.t) {
    case 'const':
      return Boolean(v.v);
    case 'fn':
    case 'cls':
    case 'scope':
    case 'bag':
    case 'schema':
    case 'promise':
    case 'parsed':
    case 'reply':
      return true;
    case 'obj':
      return v.cls || !v.open ? true : null;
    case 'arr':
      return true;
    case 'env':
      // The environment is taken as complete; what happens without a variable is another rule's question.
      return /SECRET|KEY|TOKEN|PASSWORD|_URL|SALT/.test(v.name) ? true : null;
    case 'unk':
      // It has a beginning, so it is not empty.
      return v.hint.startsWith('template:') && v.hint.length > 'template:'.length ? true : null;
    case 'ident':
      return v.sure && v.path.length === 0 ? true : null;
    case 'union': {
      let seen: boolean | null | undefined;
      for (const m of v.of) {
        const x = truthiness(m.value);
        if (x === null || (seen !== undefined && seen !== x)) return null;
        seen = x;
      }
      return seen ?? null;
    }
    default:
      return null;
  }
}

export interface Refinement {
  readonly ifTrue: readonly Origin[];
  readonly ifFalse: readonly Origin[];
}

const NOTHING: Refinement = { ifTrue: [], ifFalse: [] };

/** Which proofs of identity follow from a value being truthy or falsy. */
export function refinement(v: Value): Refinement {
  switch (v.t) {
    case 'ident':
      return { ifTrue: [v.origin], ifFalse: [] };
    case 'identErr':
      return { ifTrue: [], ifFalse: [v.origin] };
    case 'bool':
      return v;
    case 'union': {
      let t: Origin[] | null = null;
      let f: Origin[] | null = null;
      for (const m of v.of) {
        const known = truthiness(m.value);
        const r = refinement(m.value);
        if (known !== false) t = meet(t, [...r.ifTrue, ...m.ver]);
        if (known !== true) f = meet(f, [...r.ifFalse, ...m.ver]);
      }
      return { ifTrue: t ?? [], ifFalse: f ?? [] };
    }
    default:
      return NOTHING;
  }
}

function meet(a: Origin[] | null, b: readonly Origin[]): Origin[] {
  return a === null ? [...new Set(b)] : [...meetProofs(a, b)];
}

export function join(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  return b.length === 0 ? a : a.length === 0 ? b : [...new Set([...a, ...b])];
}

export function common(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  return a.length === 0 || b.length === 0 ? [] : a.filter((x) => b.includes(x));
}

/**
 * What holds after paths with these proofs meet: the common ones, or, where each path has a proof of its own (a session
 * here, a shared secret there), one of them.
 */
export function meetProofs(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  const both = common(a, b);
  if (both.length > 0 || a.length === 0 || b.length === 0) return both;
  // A row that came is the weaker proof: it is all that is known where one of the ways has nothing better.
  const weaker = [a, b].find((side) => side.every((o) => o.kind === 'row-rules'));
  return weaker ?? join(a.slice(0, 2), b.slice(0, 2));
}

/** String constant, or null. */
export function asString(v: Value | undefined): string | null {
  return v?.t === 'const' && typeof v.v === 'string' ? v.v : null;
}

export function isNullish(v: Value): boolean {
  return v.t === 'const' && (v.v === null || v.v === undefined);
}

/** Only a keyed digest proves anything: a plain hash of a password anyone can make. */
export function isKeyedDigest(v: Value): boolean {
  return v.t === 'sym' && /createHmac|subtle\.sign|\.sign\(\)$/.test(v.shape);
}
