/** How grave an unchecked value is: who can send it, and what it decides where it ends up. */
import type { Endpoint, InputRead, ProjectModel, SinkKind } from '../../../core/model';
import { CONFIDENCES, SEVERITIES, type Confidence, type Severity } from '../../../core/types';
import { type Callers, callersOf } from '../../endpoint/shared/callers';
import { type ColumnMeaning, GRAVE, MEANINGS, columnsOf, gravestMeaning, isNamedForAccounts, meaningIn, meaningOf } from './columns';
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
  /** Messages go to addresses of ours only. */
  readonly toUs: boolean;
  readonly meaning: ColumnMeaning;
  /** The field that means it. */
  readonly decisive: string;
  /** What the payment provider is handed. */
  readonly charged: Charged;
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
  const gravest = gravestOf(j, written.filter((f) => !isLookedUp(j.endpoint, f)), model);
  const about: About = {
    callers,
    place: gravest.target !== null && GRAVE.has(gravest.meaning) ? tableWords(gravest.target) : placeOf(j),
    decisive: gravest.name,
    charged: chargedOf(j),
    bound: binds(j, model),
    fixedHost: j.fields.every((f) => f.uses.every((u) => u.kind !== 'url' || u.fixedHost)),
    toUs: reachesOnlyUs(j),
    meaning: gravest.meaning,
    many: written.filter((f) => !f.idLike).flatMap(namesOf).length >= 2 || written.some((f) => f.whole),
  };
  const rated = kindsOf(j).map((kind) => ({ kind, ...severityOf(kind, j, about, model) }));
  const worst = rated.reduce((a, b) => (isLess(a, b) ? b : a));
  return { callers, bound: about.bound && worst.kind === 'db-read', columns: '', listed: null, role, ...worst, ...consequence(worst.kind, j, about) };
}

interface Gravest {
  readonly meaning: ColumnMeaning;
  readonly name: string;
  /** The table it is written to; null where none is known. */
  readonly target: string | null;
}

/** Of the columns that are written, each in its own table, the one that decides most. */
function gravestOf(j: Judged, fields: readonly RawField[], model: ProjectModel): Gravest {
  let found: Gravest = { meaning: 'plain', name: '', target: null };
  for (const f of fields) {
    for (const name of namesOf(f)) {
      if (OWN_KEY.test(name)) continue;
      for (const target of targetsOf(j.endpoint, f, name)) {
        const meaning = meaningIn(name, target, (t) => keepsAccounts(t, model));
        if (MEANINGS.indexOf(meaning) < MEANINGS.indexOf(found.meaning)) found = { meaning, name, target };
      }
    }
  }
  return found;
}

/** The tables that one name of a field is written to. */
function targetsOf(e: Endpoint, f: RawField, name: string): (string | null)[] {
  const isRead = (r: InputRead): boolean => f.reads.some((x) => x.field === r.field && x.at.file === r.at.file && x.at.span.start === r.at.span.start);
  const writes = e.sinks.filter((s) => s.kind === 'db-write').flatMap((s) => s.raw.filter(isRead).map((r) => ({ target: s.target, field: r.field })));
  const own = writes.filter((w) => w.field === name || w.field.endsWith(`.${name}`));
  const targets = new Set((own.length > 0 ? own : writes).map((w) => w.target));
  return targets.size > 0 ? [...targets] : [null];
}

/** Who signs in is looked up in it, its rows have a password, or its name says so. */
function keepsAccounts(target: string, model: ProjectModel): boolean {
  if (isNamedForAccounts(target) || (columnsOf(target, model) ?? []).some((c) => /passw/i.test(c))) return true;
  return model.memo(null, 'signed-in-against', signedInAgainst).has(target.toLowerCase());
}

function signedInAgainst(model: ProjectModel): ReadonlySet<string> {
  return new Set(model.endpoints().filter((e) => e.publicBy === 'sign-in' || e.publicBy === 'sign-up').flatMap((e) => e.sinks.flatMap((s) => (s.target !== null && (s.kind === 'db-read' || s.kind === 'db-write') ? [s.target.toLowerCase()] : []))));
}

/** What of a payment the request decides: how much, which of the shop's own prices, where people land afterwards, or what stands beside it. */
type Charged = 'amount' | 'price' | 'address' | 'beside';

const CHARGED_AMOUNT = /amount|quantity|qty|currency|total|sum|cost|fee|items?$|cart|product|coupon|discount|promo|tier|credits|trial|^price$|unit_?price|price_?(data|cents)/i;
const CHARGED_PRICE = /(price|plan|package|product)(_?(id|key|code|name|type))?$/i;
const CHARGED_ADDRESS = /(^|[_.])(return|success|cancel|failure|redirect|callback|back)_?(to|url|uri|path)?$|[a-z](Url|Uri)$|(^|_)(url|uri|origin)$/i;

function chargedOf(j: Judged): Charged {
  const names = named(j, 'payment').flatMap((f) => (f.whole && f.name === '' ? ['amount'] : namesOf(f)));
  if (names.some((n) => CHARGED_AMOUNT.test(n) && !CHARGED_ADDRESS.test(n) && !/_?id$/i.test(n))) return 'amount';
  if (names.some((n) => CHARGED_PRICE.test(n))) return 'price';
  return names.length > 0 && names.every((n) => CHARGED_ADDRESS.test(n)) ? 'address' : 'beside';
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
  if (callers.who === 'staff') return { severity: columns !== null && meaning === 'rights' ? 'high' : columns === null || (GRAVE.has(meaning) && !callers.task) ? 'medium' : 'low', confidence: 'high' };
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
  // Nobody but ourselves gets it.
  if (kind === 'mail' && reachesOnlyUs(j)) return { severity: who === 'anyone' ? 'medium' : 'low', confidence };
  // Writing to people is what they are let in for.
  if (kind === 'mail' && who === 'staff') return { severity: 'low', confidence };
  if (kind === 'payment' && about.charged !== 'amount') return { severity: about.charged === 'address' || who === 'owner' || who === 'staff' ? 'low' : 'medium', confidence: who === 'owner' ? 'low' : confidence };
  // One date or flag in a message is not what it says.
  if (kind === 'mail' && who !== 'anyone' && !j.fields.some((f) => f.whole || namesOf(f).some((n) => MESSAGE_PART.test(n)))) return { severity: who === 'owner' ? 'low' : 'medium', confidence: who === 'owner' ? 'low' : confidence };
  return who === 'owner' ? { severity: 'low', confidence: 'low' } : { severity: who === 'staff' ? 'medium' : 'high', confidence };
}

/** All messages that it sends go to addresses of ours. */
function reachesOnlyUs(j: Judged): boolean {
  return j.endpoint.sinks.every((s) => s.kind !== 'mail' || s.toUs);
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
    // Amounts and names are what this one kind of staff is there to enter; rights and other companies' rows are not.
    if (about.callers.task && about.meaning !== 'rights' && about.meaning !== 'tenant' && !j.fields.some((f) => f.whole)) return { severity: 'low', confidence };
    // Row rules have a say in what a caller's own client writes.
    return { severity: who === 'staff' || (asUser(j) && about.meaning !== 'rights') ? 'medium' : 'high', confidence };
  }
  if (about.meaning === 'reference' || about.meaning === 'address') return { severity: about.callers.task ? 'low' : 'medium', confidence };
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

/** What a payment costs that the request decides only in part. */
const CHARGED_DEED: Readonly<Record<Charged, readonly [deed: string, impact: string]>> = {
  amount: ['send unchecked amounts to your payment provider', 'What is charged is whatever the caller says.'],
  price: ['choose which of your prices is charged', 'The amount stays yours, but a cheaper or retired price can be picked for what is bought.'],
  address: ['choose where your customers land after paying', 'A link to your checkout can end on a stranger’s page.'],
  beside: ['decide what a payment says about who paid and for what', 'Payments are filed under the wrong name, and what was bought goes to somebody else.'],
};

function consequence(kind: SinkKind, j: Judged, { callers, meaning, decisive, charged, place, bound, fixedHost, toUs }: About): { cost: string; deed: string; impact: string | null } {
  const who = lowerFirst(callers.name);
  const can = (deed: string, impact: string | null = null): { cost: string; deed: string; impact: string | null } => ({ cost: `${who} can ${deed}`, deed, impact });
  switch (kind) {
    case 'exec':
      return can('run commands on your server', 'Whoever runs code on the server has everything: all data, all keys, and your name.');
    case 'llm':
      return can('feed anything to your AI model', 'You pay for every word: one caller can run up the bill overnight.');
    case 'mail':
      if (toUs) return can('decide what a message to yourselves says', 'Whoever reads this mailbox sees whatever strangers wrote, links included.');
      return can('decide what your messages say', callers.who === 'staff' || callers.who === 'owner' ? 'What is written goes out under your name as it is, slips of the keyboard included.' : 'What others write goes out under your name: phishing that customers believe because it comes from you.');
    case 'payment':
      return can(...CHARGED_DEED[charged]);
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
      return /plan|tier/i.test(decisive) ? can('set what is paid for', IMPACT.money ?? null) : can(`store any amount in ${place}, a negative one too`, callers.who === 'staff' ? 'A negative amount or a misplaced decimal point goes into your books as it comes, and nobody notices before the accounts are closed.' : (IMPACT.money ?? null));
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
      return { cost: `only the database decides what ${place} takes`, deed: `write unchecked data into ${place}`, impact: null };
  }
}

/** The table a judged endpoint writes to, or else asks; null where no name is known. */
export function targetOf(j: Judged): string | null {
  const f = j.whole ?? j.fields.find((x) => x.uses.some((u) => u.kind === 'db-write')) ?? j.fields[0];
  return (f?.uses.find((u) => u.kind === 'db-write') ?? f?.uses.find((u) => u.target !== null))?.target ?? null;
}

/** The table as it is written; "the table x_y" where it would not read as a word. */
export function placeOf(j: Judged): string {
  return tableWords(targetOf(j));
}

function tableWords(target: string | null): string {
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
