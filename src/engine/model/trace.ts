/** What a run of the interpreter over one endpoint's chain has seen, in order. */
import type { EnvLeak, FakeGuard, InputRead, SinkKind, UploadUse } from '../core/model';
import type { Location } from '../core/types';
import type { Holding } from './answers';
import type { Mark, Origin, SinkBox } from './values';

export interface SinkRecord extends SinkBox {
  readonly kind: SinkKind;
  op: string;
  target: string | null;
  readonly at: Location;
  readonly guards: readonly Origin[];
  /** Roles of which the caller has one here; empty: any. */
  readonly roles: readonly string[];
  readonly asUser: boolean;
  /** Set once a row has been asked for that row rules show to no stranger: whoever holds one is known to the database. */
  rowProof?: Origin;
  /** Request data that a row must equal in some column. */
  pins?: Mark[];
  marks: Mark[];
  readonly loopDepth: number;
  /** It stands in a guard or middleware, not in the handler. */
  readonly inMiddleware: boolean;
  /** Done in the callback of an event that is only a client's own upkeep: a refreshed token is kept. */
  readonly incidental: boolean;
  /** Host and path of another server that is asked with the server's own key. */
  service: string | null;
  /** Scheme and host of the address that is called are fixed text. */
  fixedHost: boolean;
  /** Fixed text only: an SQL statement without interpolated values. */
  readonly constantText: boolean;
  /** The caller names the columns. */
  wholeRow: boolean;
  /** Rows marked as published or public are read: only these, or these on one path and all on another. */
  published: 'always' | 'unless-asked' | 'no';
  /** It comes after a read of the same, under a condition or as an insert. */
  readonly fillsIn: boolean;
  /** What is asked for is counted or summed up by the database: no row comes. */
  figures: boolean;
  /** A message to an address that stands in the code or in the environment. */
  toUs: boolean;
  /** With the public key and no session: the database never learns who calls. */
  asVisitor: boolean;
  /** A row that says of itself that somebody has yet to decide on it is added. */
  awaits?: boolean;
  /** What it is about is found by an unguessable value that the caller sent: a token, an invitation. */
  opens?: boolean;
  /** It is done only while there is no account yet: a look-up before it has refused whoever comes later. */
  readonly nobodyYet: boolean;
}

export interface ReplyRecord {
  readonly status: number | null;
  readonly guards: readonly Origin[];
  readonly roles: readonly string[];
  readonly hasData: boolean;
  readonly fromStore: boolean;
  readonly marks: readonly Mark[];
  /** Says that all went well: `{ success: true }`. */
  readonly positive: boolean;
  /** Sent when nobody is signed in. */
  readonly absent: boolean;
  readonly at: Location;
  /** What of the work's answers it carries. */
  readonly holds: Holding;
}

export interface Trace {
  readonly sinks: SinkRecord[];
  readonly inputs: InputRead[];
  readonly replies: ReplyRecord[];
  /** The request ends with 401, 403, an error or a redirect to a sign-in page; `absent`: because nobody is signed in. */
  readonly denials: { readonly status: number | null; readonly at: Location; readonly absent: boolean }[];
  readonly fakes: FakeGuard[];
  readonly origins: Origin[];
  /** Guards of whose body nothing is known: an external or unresolved function. */
  readonly unknownGuards: { readonly name: string; readonly at: Location }[];
  readonly envLeaks: EnvLeak[];
  readonly uploads: UploadUse[];
  readonly does: Set<string>;
  /** HTTP methods, and values of an `action` in the body, that the handler compares with. */
  readonly methods: Set<string>;
  readonly limiters: string[];
  /** Sources, or `source.field`, that a validator that stops the request has seen. */
  readonly checked: Set<string>;
  /** Those of `checked` of which only the type or the length was asked: what stands in them can be anything. */
  readonly formOnly: Set<string>;
  readonly chainValidated: Set<string>;
  validators: number;
  /** The budget ran out: nothing can be concluded. */
  exhausted: boolean;
}

export function newTrace(): Trace {
  return {
    sinks: [], inputs: [], replies: [], denials: [], envLeaks: [], uploads: [], fakes: [], origins: [], unknownGuards: [], does: new Set(), methods: new Set(), limiters: [],
    checked: new Set(), formOnly: new Set(), chainValidated: new Set(), validators: 0, exhausted: false,
  };
}

/** Empties a trace in place. */
export function clearTrace(t: Trace): void {
  for (const list of [t.sinks, t.inputs, t.replies, t.denials, t.fakes, t.origins, t.unknownGuards, t.limiters, t.uploads, t.envLeaks]) list.length = 0;
  for (const set of [t.does, t.methods, t.checked, t.formOnly, t.chainValidated]) set.clear();
  t.validators = 0;
  t.exhausted = false;
}

/** Adds all that `from` holds to `to`. */
export function copyTrace(from: Trace, to: Trace): Trace {
  to.sinks.push(...from.sinks);
  to.inputs.push(...from.inputs);
  to.replies.push(...from.replies);
  to.denials.push(...from.denials);
  to.fakes.push(...from.fakes);
  to.origins.push(...from.origins);
  to.unknownGuards.push(...from.unknownGuards);
  to.uploads.push(...from.uploads);
  to.envLeaks.push(...from.envLeaks);
  to.limiters.push(...from.limiters);
  for (const k of ['does', 'methods', 'checked', 'formOnly', 'chainValidated'] as const) for (const v of from[k]) to[k].add(v);
  to.validators += from.validators;
  to.exhausted ||= from.exhausted;
  return to;
}
