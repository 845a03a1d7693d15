/**
 * Endpoints for people without an account, told by what they do: a form that files a request, somebody who forgot a password,
 * a sign-in that a stored procedure decides, a link whose token is the key.
 */
import type { Guard } from '../core/model';
import { WRITES, keepsBooks, onlyReads, opensWhatItNames } from '../core/sinks';
import { snakeCase } from '../core/text';
import { isAccounts } from './first-run';
import type { SinkRecord, Trace } from './trace';
import { type Mark, type Value, marksOf } from './values';

const ADDS = /^(insert|insertOne|create|add|save|insertInto)$/;
const SENT = new Set(['body', 'form', 'args']);

/** What the handler changes or sends, besides journals. */
function writesOf(t: Trace): readonly SinkRecord[] {
  return t.sinks.filter((s) => WRITES.has(s.kind) && !s.inMiddleware && !keepsBooks(s) && !onlyReads(s));
}

/** `owner_email` of `body.owner_email`, in one spelling. */
function nameOf(m: Pick<Mark, 'field'>): string {
  return snakeCase(m.field.slice(m.field.lastIndexOf('.') + 1));
}

function sends(marks: readonly Mark[], name: RegExp): boolean {
  return marks.some((m) => SENT.has(m.source) && name.test(nameOf(m)));
}

// ------------------------------------------------------------------------------------------------ forms

const REACHES = /(^|_)(e?mail|phone|mobile|telephone)(_(address|number|no))?$/;
const NAMES = /(^|_)name$/;
const SAYS = /(^|_)(message|subject|body|text|content|comments?|description|notes?|inquiry|enquiry|question)$/;
/** Names an account: whoever has one could be asked to sign in. */
const ACCOUNT_ID = /(^|_)(user|customer|client|owner|member|patient|account|profile|author|student|employee|staff|created_by)_?(id|uuid)?$/;
const IS_ID = /(^|_)(id|uuid|by)$/;
/** Tables of what people ask for before anybody knows them. */
const ASKED_FOR = /(^|_)(requests?|applications?|applicants?|registrations?|enrol+ments?|bookings?|appointments?|reservations?|inquir(y|ies)|enquir(y|ies)|submissions?|leads?|candidates?|signups?)(_|$)/;
const POSTS = /^(POST|ALL|ACTION|FN)$/;

/**
 * A form that anybody fills in: whoever sends it says who he is and how to reach him, and it does no more than to add that. Either what
 * is added waits for somebody to look at it, or a limit of its own slows strangers down, or only the firm itself gets a message.
 */
export function isPublicForm(method: string, t: Trace, guards: readonly Guard[]): boolean {
  const writes = writesOf(t);
  if (!POSTS.test(method) || writes.length === 0) return false;
  if (writes.every((s) => s.kind === 'mail' && s.toUs)) return writes.some((s) => sends(s.marks, REACHES) && sends(s.marks, SAYS));
  const rows = writes.filter((s) => s.kind === 'db-write');
  const told = rows.filter((s) => ADDS.test(s.op) && sends(s.marks, REACHES) && sends(s.marks, NAMES));
  if (told.length === 0 || writes.some((s) => s.kind !== 'mail' && !(s.kind === 'db-write' && (ADDS.test(s.op) || isFoundOrAdded(s, rows))))) return false;
  // Whoever gets other people's rows back fills in no form.
  if (t.sinks.some((s) => s.kind === 'db-read' && !s.inMiddleware && t.replies.some((r) => r.holds.rows.has(s)))) return false;
  if (isLimited(t, guards)) return rows.some((s) => s.awaits === true);
  return rows.some((s) => s.awaits === true && s.target !== null && ASKED_FOR.test(snakeCase(s.target.replace(/model$/i, '')))) && !rows.some((s) => s.marks.some((m) => SENT.has(m.source) && IS_ID.test(nameOf(m)) && ACCOUNT_ID.test(nameOf(m))));
}

/** The person's own row is found or added, and points at his account from then on. */
function isFoundOrAdded(s: SinkRecord, rows: readonly SinkRecord[]): boolean {
  return s.op === 'update' && rows.some((r) => r.target === s.target && ADDS.test(r.op)) && s.marks.every((m) => m.validated || IS_ID.test(nameOf(m)));
}

/** Too many requests of one caller are turned away, by the handler itself or by a limiter that stands before this route only. */
function isLimited(t: Trace, guards: readonly Guard[]): boolean {
  return t.does.has('limits-callers') || guards.some((g) => g.kind === 'rate-limit' && (g.level === 'route' || g.level === 'handler'));
}

const STATE = /(^|_)(status|state)$/;
const WAITING = /^(pending(_\w+)?|waiting(_\w+)?|awaiting(_\w+)?|requested|submitted|received|applied|new|unconfirmed|unreviewed|under_review|in_review|for_review|to_review)$/;
const DECIDED = /^(is_)?(approved|verified|confirmed|reviewed|accepted)$/;

/** The row says of itself that somebody has yet to decide on it: `{ status: 'pending' }`, `{ approved: false }`. */
export function awaitsDecision(v: Value, depth = 2): boolean {
  switch (v.t) {
    case 'obj':
      return [...v.props].some(([key, p]) => {
        const name = snakeCase(key);
        if (STATE.test(name)) return everyWay(p, (x) => typeof x === 'string' && WAITING.test(snakeCase(x.replace(/[\s-]+/g, '_'))));
        if (DECIDED.test(name)) return everyWay(p, (x) => x === false);
        return depth > 0 && (key === 'data' || key === 'values') && awaitsDecision(p, depth - 1);
      });
    case 'arr':
      return depth > 0 && v.items.length > 0 && v.items.every((i) => awaitsDecision(i, depth - 1));
    case 'union':
      return v.of.every((m) => awaitsDecision(m.value, depth));
    default:
      return false;
  }
}

function everyWay(v: Value, holds: (x: unknown) => boolean): boolean {
  return v.t === 'const' ? holds(v.v) : v.t === 'union' && v.of.every((m) => everyWay(m.value, holds));
}

// ------------------------------------------------------------------------------------------------ accounts

const LOGIN_NAME = /(^|_)(e?mail|user_?name|user|login|phone|mobile|identifier|account|badge|employee_?(id|no|number|code))(_(address|number|id))?$/;
const PASSWORD = /passw|(^|_)(pwd|pin|passcode|pass)$/;
/** What is asked besides, by forms for people who are not signed in. */
const BESIDE = /captcha|(^|_)(remember(_?me)?|token|csrf|locale|lang|language|redirect(_?(to|url|uri))?|callback(_?url)?|return_?(to|url)|device\w*|company(_?code)?|tenant|subdomain)$/;

function sentTo(t: Trace): readonly string[] {
  return t.inputs.filter((i) => SENT.has(i.source) && i.field !== '').map(nameOf);
}

/** Somebody who cannot sign in asks for help: all he says is how he is known; who that is is looked up, and no more happens than that a code is kept or sent. */
export function asksForReset(method: string, t: Trace, named: boolean, isCode: (target: string | null) => boolean): boolean {
  const sent = sentTo(t);
  if (!POSTS.test(method) || !sent.some((n) => LOGIN_NAME.test(n)) || !sent.every((n) => LOGIN_NAME.test(n) || BESIDE.test(n))) return false;
  const found = t.sinks.some((s) => !s.inMiddleware && ((s.kind === 'db-read' && isAccounts(s.target)) || (s.kind === 'auth-admin' && onlyReads(s))) && (s.kind === 'auth-admin' || sends(s.marks, LOGIN_NAME)));
  const writes = writesOf(t);
  if (!found || writes.length === 0 || t.replies.some((r) => r.hasData && r.fromStore)) return false;
  const keeps = (s: SinkRecord): boolean => s.kind === 'db-write' && isCode(s.target);
  // A row of the account itself can hold the code; only the address tells that from another change.
  return writes.every((s) => s.kind === 'mail' || keeps(s) || (named && s.kind === 'db-write' && s.op.startsWith('update') && isAccounts(s.target) && s.marks.every((m) => LOGIN_NAME.test(nameOf(m))))) && (named || writes.some(keeps));
}

const CHECKS_WHO = /(^|_)(auth|authenticate|login|log_in|signin|sign_in|verify|check|validate)(_|$)/;

/** A name and a password are handed to a stored procedure, which says who that is: with a session or a token for him, or by an address of the kind. */
export function signsInByProcedure(method: string, t: Trace, named: boolean): boolean {
  const sent = sentTo(t);
  if (!POSTS.test(method) || !sent.some((n) => PASSWORD.test(n)) || !sent.some((n) => LOGIN_NAME.test(n))) return false;
  // By its name it may only look: it is asked all the same.
  const asked = t.sinks.filter((s) => s.op === 'rpc' && sends(s.marks, PASSWORD));
  const procedure = asked[0];
  if (asked.length !== 1 || !procedure || writesOf(t).some((s) => s !== procedure && !/session|token|device/i.test(s.target ?? ''))) return false;
  const known = t.does.has('session-set') || t.does.has('token-issue');
  const only = sent.every((n) => PASSWORD.test(n) || LOGIN_NAME.test(n) || BESIDE.test(n));
  return (known && (named || only)) || (only && (named || CHECKS_WHO.test(snakeCase(procedure.target ?? ''))));
}

// ------------------------------------------------------------------------------------------------ links

const BROUGHT = new Set(['params', 'query', 'body', 'form', 'args']);
/** Points at a device or a payment, and opens nothing. */
const POINTS_AT = /device|fcm|push|expo|apns|csrf|payment|card|refresh/i;

/** The column is one whose value is hard to guess, and what it must equal was sent. */
export function opensWith(column: string | null, value: Value | undefined, of: string | null): boolean {
  return column !== null && value !== undefined && !POINTS_AT.test(column) && opensWhatItNames(column.slice(column.lastIndexOf('.') + 1), of) && marksOf(value).some((m) => BROUGHT.has(m.source));
}

/** `{ where: { token } }`, `{ token }`: among the conditions of a look-up. */
export function opensByWhere(args: readonly Value[], of: string | null): boolean {
  return args.slice(0, 1).some((a) => {
    const where = a.t === 'obj' ? (a.props.get('where') ?? a) : undefined;
    return where?.t === 'obj' && [...where.props].some(([column, v]) => opensWith(column, v, of));
  });
}

/** What is looked up first is looked up by an unguessable value that the caller brings, and nobody asks who he is. */
export function opensByToken(t: Trace): boolean {
  const first = t.sinks.find((s) => !s.inMiddleware && (s.kind === 'db-read' || s.kind === 'db-write' || s.kind === 'sql') && !keepsBooks(s));
  return first?.opens === true && !t.origins.some((o) => o.kind === 'user');
}
