/** How grave an unchecked value is: who can send it, and what it decides where it ends up. */
import type { Expr } from '../../../core/facts';
import type { Endpoint, ProjectModel, SinkKind } from '../../../core/model';
import { CONFIDENCES, SEVERITIES, type Confidence, type Severity } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { type Callers, callersOf } from '../../endpoint/shared/callers';
import { type ColumnMeaning, GRAVE, MEANINGS, columnsOf, gravestMeaning, meaningOf } from './columns';
import type { Judged, RawField } from './raw';
import { chosenRole } from './roles';

/** The row's own key names no row of another table. */
const OWN_KEY = /^_?(id|ids|uuid)$/i;

interface Rating {
  readonly severity: Severity;
  readonly confidence: Confidence;
}

export interface Weight extends Rating {
  readonly callers: Callers;
  readonly kind: SinkKind;
  /** The database binds the values: they cannot change what is asked. */
  readonly bound: boolean;
  /** Ends "… stores x unchecked: ". */
  readonly cost: string;
  /** "set any column of orders": what the caller can do, for the ranking's titles. */
  readonly deed: string;
  /** The fields that can be set, where a whole row is stored and the model lists them. */
  readonly listed: string | null;
  /** What whoever signs up chooses and nobody else should: `role`. */
  readonly role: string | null;
  /** Second line of a finding about a whole row. */
  readonly columns: string;
  readonly impact: string | null;
}

/** What the weighing of one endpoint needs to know again and again. */
interface About {
  readonly callers: Callers;
  readonly place: string;
  readonly bound: boolean;
  /** The address's host is fixed: the value is only a part of its path. */
  readonly fixedHost: boolean;
  readonly meaning: ColumnMeaning;
  /** More than one value, or an object, is written. */
  readonly many: boolean;
}

/** Weighs a judged endpoint: of all that its raw fields reach, what costs most. */
export function weigh(j: Judged, model: ProjectModel): Weight {
  const callers = callersOf(j.endpoint, model);
  const role = callers.who === 'anyone' ? roleOf(j, model) : null;
  if (role !== null) {
    return {
      callers, kind: 'db-write', bound: false, cost: '', columns: '', listed: null, role, severity: 'critical', confidence: j.confidence === 'low' ? 'medium' : j.confidence, deed: 'sign up as administrator',
      impact: 'Anyone can register as administrator: all customer data, all settings and all accounts are one form away.',
    };
  }
  if (j.whole) return { callers, kind: 'db-write', bound: false, cost: '', role, ...wholeRow(j, callers, model) };
  const written = j.fields.filter((f) => f.uses.some((u) => u.kind === 'db-write'));
  const about: About = {
    callers,
    place: placeOf(j),
    bound: binds(j, model),
    fixedHost: j.fields.every((f) => f.uses.every((u) => u.kind !== 'url' || u.fixedHost || hasFixedHost(u.at.file, u.at.span, model))),
    meaning: gravestMeaning(written.filter((f) => !isLookedUp(j.endpoint, f)).flatMap(namesOf).filter((n) => !OWN_KEY.test(n))),
    many: written.filter((f) => !f.idLike).flatMap(namesOf).length >= 2 || written.some((f) => f.whole),
  };
  const rated = kindsOf(j).map((kind) => ({ kind, ...severityOf(kind, j, about, model) }));
  const worst = rated.reduce((a, b) => (isLess(a, b) ? b : a));
  return { callers, bound: about.bound && worst.kind === 'db-read', columns: '', listed: null, role, ...worst, ...consequence(worst.kind, j, about) };
}

/** The field of an open sign-up that decides what the new account may do. */
function roleOf(j: Judged, model: ProjectModel): string | null {
  const target = targetOf(j);
  const written = j.fields.filter((f) => f.uses.some((u) => u.kind === 'db-write'));
  return chosenRole(j.endpoint, j.whole ? (columnsOf(target, model) ?? []) : written.flatMap(namesOf), target, model);
}

/** Whether the first of two ratings weighs less. */
export function isLess(a: Rating, b: Rating): boolean {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return severity > 0 || (severity === 0 && CONFIDENCES.indexOf(a.confidence) > CONFIDENCES.indexOf(b.confidence));
}

/** The names a field stands for: those read of a parameter that is an object, else its own. */
function namesOf(f: RawField): string[] {
  const inner = f.reads.flatMap((r) => (r.field.startsWith(`${f.name}.`) ? [r.field.slice(f.name.length + 1)] : [])).filter((n) => !/^\d/.test(n));
  return inner.length > 0 ? [...new Set(inner)] : [f.name];
}

const ORDER: readonly SinkKind[] = ['exec', 'auth-admin', 'payment', 'db-write', 'llm', 'mail', 'storage', 'file', 'url', 'sql', 'db-read'];

/** The kinds of work that raw fields reach, in the order in which they are told where two weigh the same. */
function kindsOf(j: Judged): SinkKind[] {
  const kinds = new Set(j.fields.filter((f) => !f.idLike || j.fields.every((x) => x.idLike)).flatMap((f) => f.uses.map((u) => u.kind)));
  const found = ORDER.filter((k) => kinds.has(k));
  return found.length > 0 ? found : ['db-write'];
}

/** The library's own to write, and not what a row is about. */
const KEPT = /^(_?id|__v|(created|updated)_?at)$/i;
/** So few columns are a list of names to choose from: whether an entry is shown decides nothing. */
const LIST_COLUMNS = 3;

function wholeRow(j: Judged, callers: Callers, model: ProjectModel): Rating & { readonly deed: string; readonly columns: string; readonly impact: string | null; readonly listed: string | null } {
  const target = targetOf(j);
  const columns = columnsOf(target, model)?.filter((c) => !KEPT.test(c)) ?? null;
  if (columns === null) {
    return {
      ...ratingOfRow(callers, null, 'plain', target), listed: null, impact: null,
      deed: `set any column of ${placeOf(j)}`, columns: 'No schema lists the fields that may be sent, so columns the form never had can be set too.',
    };
  }
  const found = gravestMeaning(columns);
  const meaning = found === 'state' && columns.length <= LIST_COLUMNS ? 'plain' : found;
  const heavy = columns.filter((c) => (GRAVE.has(meaning) ? GRAVE.has(meaningOf(c)) : meaning === 'state' && meaningOf(c) === 'state'));
  const grave = [...heavy].sort((a, b) => MEANINGS.indexOf(meaningOf(a)) - MEANINGS.indexOf(meaningOf(b))).slice(0, 3);
  const shown = grave.length > 0 ? grave : columns.length <= 4 ? columns : [...columns.slice(0, 3), `${columns.length - 3} more fields`];
  const fields = and(shown);
  return {
    ...ratingOfRow(callers, columns, meaning, target), listed: fields, deed: `set ${fields} of ${placeOf(j)}`,
    columns: grave.length > 0
      ? 'The model keeps out fields it does not know, but it knows these; nothing says which of them the form may send.'
      : 'The model keeps out fields it does not know; nothing says which lengths and values are accepted.',
    impact: grave.length > 0 ? (IMPACT[meaning] ?? null) : 'Odd or overlong values end up in these fields; no more than that, for the model lets in no others.',
  };
}

function ratingOfRow(callers: Callers, columns: readonly string[] | null, meaning: ColumnMeaning, target: string | null): Rating {
  // Whoever runs the site may write its pages; what accounts there are is another matter.
  if (callers.who === 'owner') return /user|account|admin/i.test(target ?? '') ? { severity: 'medium', confidence: 'medium' } : { severity: 'low', confidence: 'low' };
  if (callers.who === 'staff') return { severity: columns === null ? 'medium' : GRAVE.has(meaning) ? 'high' : 'low', confidence: 'high' };
  return { severity: columns === null || GRAVE.has(meaning) || meaning === 'state' ? 'high' : 'medium', confidence: 'high' };
}

const MESSAGE_PART = /text|html|body|subject|content|message|comment|notes?$|description|title|name|mail|recipient|^to$|phone|url|link|reason/i;

/** A value that costs little is not underlined, however sure we are of it. */
function severityOf(kind: SinkKind, j: Judged, about: About, model: ProjectModel): Rating {
  const confidence = j.confidence;
  const { who } = about.callers;
  if (kind === 'db-write') return severityOfWrite(j, about, model);
  if (kind === 'exec') return { severity: who === 'anyone' ? 'critical' : 'high', confidence };
  if (kind === 'url' && about.fixedHost) return { severity: who === 'anyone' ? 'medium' : 'low', confidence };
  if (kind === 'db-read') {
    // A bound value of the wrong type is an error page, no more.
    if (about.bound) return { severity: 'low', confidence: 'low' };
    // What is only asked whether it is there, and never shown or signed in with, gives little away.
    const tells = signsIn(j.endpoint) || j.endpoint.returnsData;
    return { severity: who === 'anyone' && tells ? 'high' : who === 'members' || who === 'anyone' ? 'medium' : 'low', confidence: who === 'owner' ? 'low' : confidence };
  }
  // The file's name has to be that of a row the same handler looks up.
  if ((kind === 'storage' || kind === 'file') && named(j, kind).every((f) => f.uses.some((u) => u.kind === 'db-read'))) return { severity: 'low', confidence: 'low' };
  // One date or flag in a message is not what it says.
  if (kind === 'mail' && who !== 'anyone' && !j.fields.some((f) => f.whole || namesOf(f).some((n) => MESSAGE_PART.test(n)))) return { severity: who === 'owner' ? 'low' : 'medium', confidence: who === 'owner' ? 'low' : confidence };
  return who === 'owner' ? { severity: 'low', confidence: 'low' } : { severity: who === 'staff' ? 'medium' : 'high', confidence };
}

/** The fields that reach one kind of work. */
function named(j: Judged, kind: SinkKind): readonly RawField[] {
  return j.fields.filter((f) => f.uses.some((u) => u.kind === kind));
}

function severityOfWrite(j: Judged, about: About, model: ProjectModel): Rating {
  const confidence = j.confidence;
  const { who } = about.callers;
  if (who === 'owner') return { severity: 'low', confidence: 'low' };
  if (who === 'anyone' && j.endpoint.publicBy === 'sign-up') return { severity: 'high', confidence };
  if (GRAVE.has(about.meaning) || j.fields.some((f) => f.whole)) {
    // Row rules have a say in what a caller's own client writes.
    return { severity: who === 'staff' || (asUser(j) && about.meaning !== 'rights') ? 'medium' : 'high', confidence };
  }
  if (about.meaning === 'reference' || about.meaning === 'address') return { severity: 'medium', confidence };
  if (about.many) return { severity: who === 'staff' ? 'low' : 'medium', confidence };
  // One text or flag in one typed column: odd values, and nothing hangs on them.
  return { severity: 'low', confidence: who === 'staff' || typed(model) ? 'low' : confidence };
}

/** The store has typed columns; a document store takes an object where a text was meant. */
function typed(model: ProjectModel): boolean {
  const { orms } = model.stack();
  return !orms.some((o) => o === 'mongodb' || o === 'firestore') || orms.includes('mongoose');
}

/** Values go in as parameters of SQL, or through a builder that makes it: an object cannot become an operator. */
function binds(j: Judged, model: ProjectModel): boolean {
  const reads = j.fields.flatMap((f) => f.uses.filter((u) => u.kind === 'db-read'));
  const operators = model.stack().orms.some((o) => /^(mongoose|mongodb|prisma|sequelize|firestore)$/.test(o));
  return reads.every((u) => u.op === 'sql' || !operators);
}

function asUser(j: Judged): boolean {
  const writes = j.endpoint.sinks.filter((s) => s.kind === 'db-write' && s.raw.length > 0);
  return writes.length > 0 && writes.every((s) => s.asUser);
}

/** An id that a query of the same handler asks for first: the row it names was looked at. */
function isLookedUp(e: Endpoint, f: RawField): boolean {
  return f.idLike && meaningOf(f.name) === 'reference' && e.sinks.some((s) => s.kind === 'db-read' && s.raw.some((r) => r.source === f.source && r.field === f.name));
}

/** `${BASE}/things/${id}`, `https://host/${x}`, in the call or in a constant given to it: what stands first is no part of the request. */
function hasFixedHost(file: Judged['at']['file'], span: Judged['at']['span'], model: ProjectModel): boolean {
  const script = model.file(file)?.script;
  for (const fn of script?.functions ?? []) {
    if (fn.span.start > span.start || fn.span.end < span.end) continue;
    const texts = new Map<string, readonly Expr[]>();
    for (const n of nodesOf(fn.body)) {
      if (n.k === 'var') for (const d of n.decls) if (d.target.k === 'name' && d.init?.k === 'tpl') texts.set(d.target.name, d.init.parts);
      if (n.k !== 'call' || n.s > span.start || n.e < span.end || n.fn.e < span.start) continue;
      const first = n.args[0];
      const parts = first?.k === 'tpl' ? first.parts : first?.k === 'ref' ? texts.get(first.name) : undefined;
      if (parts) return startsFixed(parts);
    }
  }
  return false;
}

function startsFixed(parts: readonly Expr[]): boolean {
  const at = parts[0]?.k === 'str' && parts[0].v === '' ? 1 : 0;
  const first = parts[at];
  if (first?.k === 'str') return /^https?:\/\/[^/?#]+[/?#]/.test(first.v);
  const after = parts[at + 1];
  // A constant or a variable of the environment, and then a path: the host ends where the slash begins.
  const constant = first?.k === 'ref' ? /^[A-Z][A-Z0-9_]*$|base|host|origin|endpoint/i.test(first.name) : first?.k === 'mem' && /base|host|origin|endpoint|^[A-Z0-9_]+$/i.test(first.prop);
  return constant === true && after?.k === 'str' && /^[/?]/.test(after.v);
}

// ------------------------------------------------------------------------------------------------ words

const IMPACT: Readonly<Partial<Record<ColumnMeaning, string>>> = {
  rights: 'Somebody makes himself an administrator, or unlocks what others pay for.',
  money: 'What you charge, owe or hold in stock can be invented from outside: money you lose, and books you cannot trust.',
  tenant: 'One customer’s data ends up with another: the kind of incident you have to report.',
  owner: 'Records appear in other people’s names, and nobody can tell any more who did what.',
  login: 'Accounts with values nobody checked: people who cannot sign in, and accounts that are easy to take over.',
  state: 'Whoever sends it decides what counts as approved, published or finished: steps of your business are skipped.',
};

/** What it finds decides who somebody is. */
function signsIn(e: Endpoint): boolean {
  return e.publicBy === 'sign-in' || e.publicBy === 'password-reset' || e.publicBy === 'session' || /(^|[/_-])(log-?in|sign-?in|auth|otp|verify)([/_-]|$)/i.test(e.path);
}

function consequence(kind: SinkKind, j: Judged, { callers, meaning, place, bound, fixedHost }: About): { cost: string; deed: string; impact: string | null } {
  const who = lowerFirst(callers.name);
  const can = (deed: string, impact: string | null = null): { cost: string; deed: string; impact: string | null } => ({ cost: `${who} can ${deed}`, deed, impact });
  switch (kind) {
    case 'exec':
      return can('run commands on your server', 'Whoever runs code on the server has everything: all data, all keys, and your name.');
    case 'llm':
      return can('feed anything to your AI model', 'You pay for every word: one caller can run up the bill overnight.');
    case 'mail':
      return can('decide what your messages say', 'What strangers write goes out under your name: phishing mail that ends with your domain on a block list.');
    case 'payment':
      return can('send unchecked amounts to your payment provider', 'What is charged is whatever the caller says.');
    case 'auth-admin':
      return can('decide what account is made', 'Accounts with rights or addresses that nobody checked.');
    case 'file':
    case 'storage':
      return can('choose which files your server touches', 'Files that are not theirs can be read or overwritten.');
    case 'url':
      return fixedHost ? can('choose what your server asks another service for', 'Your keys and your quota at that service answer questions nobody meant to ask.') : can('make your server call any address', 'Your server reaches places the internet cannot: internal services, and the keys of your cloud account.');
    case 'sql':
      return can('change what a query asks', 'Every row of the database can be read, changed or deleted through this one field.');
    case 'db-read':
      return bound ? can(`make queries on ${place} fail`, 'Error pages and support tickets.') : can(`get around the filter of a query on ${place}`, signsIn(j.endpoint) ? 'Whoever gets around the filter signs in as somebody else.' : 'Whoever gets around the filter reaches rows the query was not meant to find.');
    default:
      break;
  }
  switch (meaning) {
    case 'rights':
      return can('give out rights nobody granted', IMPACT.rights ?? null);
    case 'money':
      return j.fields.some((f) => /plan|tier/i.test(f.name)) ? can('set what is paid for', IMPACT.money ?? null) : can(`store any amount in ${place}, a negative one too`, IMPACT.money ?? null);
    case 'tenant':
      return can('file data under another company', IMPACT.tenant ?? null);
    case 'owner':
      return can(`write into ${place} in somebody else’s name`, IMPACT.owner ?? null);
    case 'login':
      return { cost: 'accounts end up with values nobody checked', deed: `write unchecked data into ${place}`, impact: IMPACT.login ?? null };
    case 'reference':
      // Where all accounts are of the people who run the site there are no others.
      if (callers.who === 'owner') return { ...can('attach it to rows that do not belong together'), deed: `link ${place} to rows that do not belong together` };
      return { ...can('attach it to rows of others', IMPACT.tenant ?? null), deed: `link ${place} to rows that are not theirs` };
    case 'address':
      return can('choose an address your server calls later', 'Your server sends messages, and what is in them, to a place a stranger chose.');
    default:
      return { cost: `broken or overlong values end up in ${place}`, deed: `write unchecked data into ${place}`, impact: null };
  }
}

/** The table a judged endpoint writes to, or else asks; null where no name is known. */
export function targetOf(j: Judged): string | null {
  const f = j.whole ?? j.fields.find((x) => x.uses.some((u) => u.kind === 'db-write')) ?? j.fields[0];
  return (f?.uses.find((u) => u.kind === 'db-write') ?? f?.uses.find((u) => u.target !== null))?.target ?? null;
}

/** The table as it is written; "the table x_y" where it would not read as a word. */
export function placeOf(j: Judged): string {
  const target = targetOf(j);
  if (target === null || target === 'Model' || !/^[\w.$-]{1,40}$/.test(target)) return 'the database';
  return /[_.$-]/.test(target) ? `the table ${target}` : target;
}

function and(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}

/** "Anyone" inside a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
