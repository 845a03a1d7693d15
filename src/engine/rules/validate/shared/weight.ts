/** How grave an unchecked value is: who can send it, and what it decides where it ends up. */
import type { Endpoint, InputRead, ProjectModel, SinkKind } from '../../../core/model';
import { CONFIDENCES, SEVERITIES } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import type { Callers } from '../../endpoint/shared/callers';
import { bodiesOf } from '../../endpoint/shared/looks';
import { keepsCompaniesApart } from './apart';
import { type Written, claimOf } from './claims';
import { type ColumnMeaning, GRAVE, MEANINGS, meaningOf, snakeOf } from './columns';
import { lookedUp } from './look-ups';
import { type Leaves, columnOf, leaves } from './models';
import { namesOf } from './names';
import { asksWhose } from './ownership';
import { keepsTenantsApart } from './people';
import type { Judged, RawField } from './raw';
import { chosenRole } from './roles';
import { sendersOf } from './senders';
import { columnFor, partIn } from './selectors';
import { type Takeover, comparesPassword, takeoverOf } from './takeover';
import { storedBody } from './rows';
import { BESIDE_SCHEMA, PAST_SCHEMA, type Rating, isOwnPeople, settable, wholeRow } from './whole-rows';
import { type About, type Charged, and, consequence, givesAccounts, placeOf, signsIn, tableWords, targetOf } from './words';

export interface Weight extends Rating {
  readonly callers: Callers;
  readonly kind: SinkKind;
  /** The database binds the values: they cannot change what is asked. */
  readonly bound: boolean;
  /** The table, inside a sentence. */
  readonly place: string;
  /** Ends "… stores x from the request in y: ". */
  readonly cost: string;
  /** "set any column of orders": what the caller can do, for the ranking's titles. */
  readonly deed: string;
  /** " but a and b": columns of a whole row that the code sets itself. */
  readonly but: string;
  /** The fields that can be set, where a whole row is stored and the model lists them. */
  readonly listed: string | null;
  /** What whoever signs up chooses and nobody else should: `role`. */
  readonly role: string | null;
  /** Second line of a finding about a whole row. */
  readonly columns: string;
  /** How many fields a schema looked at whose result nobody uses. */
  readonly count: number;
  /** The sentence that fits, where it is not that of the kind of work. */
  readonly story: 'role' | 'takeover' | 'whole' | 'listed' | 'bypassed' | 'procedure' | 'granted' | 'addressed' | 'registered' | null;
  /** The field that weighs most; empty where none stands out. */
  readonly first: string;
  readonly impact: string | null;
}

/** Weighs a judged endpoint: of all that its raw fields reach, what costs most. */
export function weigh(j: Judged, model: ProjectModel): Weight {
  const callers = sendersOf(j.endpoint, model);
  const base = { callers, place: placeOf(j), kind: 'db-write', bound: false, cost: '', columns: '', but: '', listed: null, role: null, count: 0, first: '' } as const;
  const chosen = callers.who === 'anyone' ? roleOf(j, model) : null;
  if (chosen !== null) {
    const company = keepsTenantsApart(model) ? writtenOf(j).flatMap(namesOf).find((f) => meaningOf(f) === 'tenant') : undefined;
    return {
      ...base, role: company === undefined ? chosen : `${chosen} and ${company}`, story: 'role', severity: 'critical', confidence: j.confidence === 'low' ? 'medium' : j.confidence, deed: 'sign up as administrator',
      impact: company === undefined ? 'Anyone can register as administrator: all customer data, all settings and all accounts are one form away.' : 'Anyone can register as administrator of any company in the app: its data, its settings and its accounts are one form away.',
    };
  }
  const taken = givesAccounts(callers) ? null : takeoverOf(j.endpoint, j.whole ? (settable(j.endpoint, targetOf(j), model) ?? []) : writtenOf(j).flatMap(namesOf), model);
  if (taken) return { ...base, story: 'takeover', ...takeoverWeight(taken, callers) };
  if (j.whole) return { ...base, ...wholeRow(j, callers, model) };
  const written = writtenOf(j);
  const gravest = gravestOf(j, written, callers, model);
  const about: About = {
    callers, ownPeople: isOwnPeople(callers, model) || (callers.who === 'members' && asksWhose(j.endpoint, model)),
    place: gravest.written?.target != null && GRAVE.has(gravest.meaning) ? tableWords(gravest.written.target) : placeOf(j),
    decisive: gravest.name,
    linked: gravest.meaning === 'reference' ? (columnOf(gravest.written?.target ?? null, gravest.column, model)?.references ?? null) : null,
    open: leftOpen(written, model),
    compared: signsIn(j.endpoint) && asksPassword(j.endpoint, model),
    charged: chargedOf(j),
    bound: binds(j, model),
    fixedHost: j.fields.every((f) => f.uses.every((u) => u.kind !== 'url' || u.fixedHost)),
    toUs: reachesOnlyUs(j),
    picksAccount: named(j, 'auth-admin').every((f) => !f.whole && f.uses.every((u) => u.kind !== 'auth-admin' || partIn(f.name, u.at, model) === 'picks')),
    meaning: gravest.meaning,
    many: written.filter((f) => !f.idLike).flatMap(namesOf).length >= 2 || written.some((f) => f.whole),
    count: written.flatMap((f) => (f.whole ? [''] : namesOf(f))).length,
  };
  const rated = kindsOf(j).map((kind) => ({ kind, ...severityOf(kind, j, about, model) }));
  const worst = rated.reduce((a, b) => (isLess(a, b) ? b : a));
  const schema = worst.kind === 'db-write' && written.some((f) => f.name === '' && f.whole) ? storedBody(j.endpoint, model).schema : null;
  if (schema) {
    // It fills one part of the row, of which no model is known.
    return { ...base, place: 'the database', story: 'bypassed', count: schema.keys.size, listed: BESIDE_SCHEMA, severity: worst.severity === 'low' ? 'low' : 'medium', confidence: worst.confidence, deed: `set ${BESIDE_SCHEMA}`, impact: PAST_SCHEMA };
  }
  if (worst.kind === 'mail' && namesOnlyRecipients(j)) {
    const known = j.endpoint.publicBy !== null;
    const found = lookedUp(j.endpoint, model);
    // Nobody gets one who has no account here.
    if (named(j, 'mail').every((f) => found.has(f.name))) return { ...base, story: 'registered', severity: 'low', confidence: known ? 'low' : worst.confidence, deed: 'fill a registered mailbox with your messages', impact: 'Whoever knows an address that is registered can have it written to again and again.' };
    return { ...base, story: 'addressed', severity: known || callers.who === 'staff' || callers.who === 'owner' ? 'low' : 'medium', confidence: known ? 'low' : worst.confidence, deed: 'choose who gets your messages', impact: 'Your address can be used to pester strangers, and ends up on block lists.' };
  }
  const first = worst.kind === 'db-write' && gravest.meaning !== 'plain' ? gravest.name : '';
  const procedure = worst.kind === 'db-write' ? procedureOf(written) : null;
  if (procedure !== null && gravest.meaning === 'rights' && !givesAccounts(callers)) return { ...base, story: 'granted', first, ...worst, ...consequence(worst.kind, j, about) };
  if (procedure !== null) return { ...base, story: 'procedure', severity: 'low', confidence: 'low', deed: `hand values nobody checked to ${procedure}`, impact: 'Whether odd or overlong values get in is for the procedure to say: it is not to be seen here.' };
  return { ...base, place: about.place, bound: about.bound && worst.kind === 'db-read', story: null, first, ...worst, ...consequence(worst.kind, j, about) };
}

function writtenOf(j: Judged): readonly RawField[] {
  return j.fields.filter((f) => f.uses.some((u) => u.kind === 'db-write'));
}

function takeoverWeight(t: Takeover, callers: Callers): Rating & { readonly deed: string; readonly listed: string; readonly cost: string; readonly impact: string } {
  const listed = and(t.fields);
  // Another company's rows are reached, no rights are won.
  const severity = callers.who === 'staff' || t.by === 'tenant' || t.ofCompany ? 'high' : 'critical';
  const whose = t.ofCompany ? 'any account of the same company' : 'any account';
  const enough = { password: t.ofCompany ? 'sign in as any of its people' : 'sign in as anybody', role: 'make it an administrator’s', tenant: 'move it into another company' }[t.by];
  const impact = {
    password: `Whoever sets an account’s password signs in with it, the administrator’s included: all ${t.ofCompany ? 'its ' : ''}data and all rights are theirs.`,
    role: 'One request makes an ordinary account an administrator’s: all data, all settings and all other accounts.',
    tenant: 'An account moved into another company sees that company’s data: the kind of incident you have to report.',
  }[t.by];
  return { severity, confidence: 'high', listed: `${listed} of ${whose}`, deed: `set ${listed} of ${whose}`, cost: enough, impact };
}

/** The stored procedure that is all the values go to; null where they go into a table. */
function procedureOf(written: readonly RawField[]): string | null {
  const uses = written.flatMap((f) => f.uses.filter((u) => u.kind === 'db-write'));
  return uses.length > 0 && uses.every((u) => u.op === 'rpc') ? (uses.find((u) => u.target !== null)?.target ?? null) : null;
}

/** What the store leaves to the caller in the plain ones of these fields: the most of it. */
function leftOpen(written: readonly RawField[], model: ProjectModel): ReadonlySet<Leaves> {
  return new Set(written.flatMap((f) => f.uses.filter((u) => u.kind === 'db-write').flatMap((u) => (f.whole ? ['anything' as const] : namesOf(f).map((n) => leaves(u, columnFor(n, u.at, model), model))))));
}

/** A password is held against the one that was found: to find somebody's row is not yet to be him. */
function asksPassword(e: Endpoint, model: ProjectModel): boolean {
  for (const body of bodiesOf(e, model, 2)) for (const n of nodesOf(body)) if (comparesPassword(n)) return true;
  return false;
}

interface Gravest {
  readonly meaning: ColumnMeaning;
  readonly name: string;
  /** What it is called in the table. */
  readonly column: string;
  /** Where it is written to. */
  readonly written: Written | null;
}

/** Of the columns that are written, each in its own table, the one that decides most. */
function gravestOf(j: Judged, fields: readonly RawField[], callers: Callers, model: ProjectModel): Gravest {
  let found: Gravest = { meaning: 'plain', name: '', column: '', written: null };
  for (const f of fields) {
    for (const name of namesOf(f)) {
      for (const written of writesOf(j.endpoint, f, name)) {
        const column = columnFor(name, written.at, model);
        const meaning = claimOf(column, written, j.endpoint, callers, model);
        if (rankOf(meaning, callers) < rankOf(found.meaning, callers)) found = { meaning, name, column, written };
      }
    }
  }
  return found;
}

/** Amounts are what staff is there to enter: a row of another customer weighs more then. */
function rankOf(meaning: ColumnMeaning, callers: Callers): number {
  return meaning === 'reference' && callers.who === 'staff' ? MEANINGS.indexOf('money') - 0.5 : MEANINGS.indexOf(meaning);
}

/** The writes that one name of a field reaches, where it still counts there. */
function writesOf(e: Endpoint, f: RawField, name: string): readonly Written[] {
  const isRead = (r: InputRead): boolean => f.reads.some((x) => x.field === r.field && x.at.file === r.at.file && x.at.span.start === r.at.span.start);
  const counts = (w: Written): boolean => f.uses.some((u) => u.kind === 'db-write' && u.target === w.target && u.at.span.start === w.at.span.start);
  const writes = e.sinks.filter((s) => s.kind === 'db-write').flatMap((s) => s.raw.filter(isRead).map((r) => ({ target: s.target, at: s.at, field: r.field }))).filter(counts);
  const own = writes.filter((w) => w.field === name || w.field.endsWith(`.${name}`));
  return own.length > 0 ? own : writes;
}

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
  return chosenRole(j.endpoint, j.whole ? (settable(j.endpoint, target, model) ?? []) : written.flatMap(namesOf), target, model);
}

/** Whether the first of two ratings weighs less. */
export function isLess(a: Rating, b: Rating): boolean {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return severity > 0 || (severity === 0 && CONFIDENCES.indexOf(a.confidence) > CONFIDENCES.indexOf(b.confidence));
}

const ORDER: readonly SinkKind[] = ['exec', 'auth-admin', 'payment', 'db-write', 'llm', 'mail', 'storage', 'file', 'url', 'sql', 'db-read'];

/** The kinds of work that raw fields reach, in the order in which they are told where two weigh the same. */
function kindsOf(j: Judged): SinkKind[] {
  const kinds = new Set(j.fields.filter((f) => !f.idLike || j.fields.every((x) => x.idLike)).flatMap((f) => f.uses.map((u) => u.kind)));
  const found = ORDER.filter((k) => kinds.has(k));
  return found.length > 0 ? found : ['db-write'];
}

const MESSAGE_PART = /text|html|body|subject|content|message|comment|notes?$|description|title|name|mail|recipient|^to$|phone|url|link|reason/i;

/** A value that costs little is not underlined, however sure we are of it. */
function severityOf(kind: SinkKind, j: Judged, about: About, model: ProjectModel): Rating {
  const confidence = j.confidence;
  const { who } = about.callers;
  if (kind === 'db-write') return severityOfWrite(j, about, model);
  if (kind === 'exec') return { severity: who === 'anyone' ? 'critical' : 'high', confidence };
  if (kind === 'auth-admin' && (who === 'staff' || who === 'owner')) return { severity: 'low', confidence };
  if (kind === 'auth-admin' && !j.fields.some((f) => meaningOf(f.name) === 'rights')) return { severity: who === 'anyone' && j.endpoint.publicBy === 'sign-up' ? 'high' : 'medium', confidence };
  if (kind === 'url' && about.fixedHost) return { severity: who === 'anyone' ? 'medium' : 'low', confidence };
  if (kind === 'db-read') {
    // A bound value of the wrong type is an error page, no more.
    if (about.bound) return { severity: 'low', confidence: 'low' };
    // What is only asked whether it is there, and never shown or signed in with, gives little away.
    const tells = signsIn(j.endpoint) || j.endpoint.returnsData;
    // Whether an address is taken already is all that a sign-up asks.
    if (j.endpoint.publicBy === 'sign-up' || (who === 'members' && !tells)) return { severity: 'low', confidence };
    if (about.compared) return { severity: 'medium', confidence };
    return { severity: who === 'anyone' && tells ? 'high' : who === 'members' || who === 'anyone' ? 'medium' : 'low', confidence: who === 'owner' ? 'low' : confidence };
  }
  // The file's name has to be that of a row the same handler looks up.
  if ((kind === 'storage' || kind === 'file') && named(j, kind).every((f) => f.uses.some((u) => u.kind === 'db-read'))) return { severity: 'low', confidence: 'low' };
  // Nobody but ourselves gets it.
  if (kind === 'mail' && reachesOnlyUs(j)) return { severity: who === 'anyone' ? 'medium' : 'low', confidence };
  // Writing to people is what they are let in for.
  if (kind === 'mail' && who === 'staff') return { severity: 'low', confidence };
  if (kind === 'payment' && about.charged !== 'amount') return { severity: about.charged === 'address' || who === 'owner' || who === 'staff' ? 'low' : 'medium', confidence: who === 'owner' ? 'low' : confidence };
  // Who gets it is not for the caller to say: he can write to nobody else.
  if (kind === 'mail' && who === 'anyone' && !named(j, 'mail').some((f) => f.whole || namesOf(f).some(isRecipient))) return { severity: 'medium', confidence };
  // One date or flag in a message is not what it says.
  if (kind === 'mail' && who !== 'anyone' && !j.fields.some((f) => f.whole || namesOf(f).some((n) => MESSAGE_PART.test(n)))) return { severity: who === 'owner' ? 'low' : 'medium', confidence: who === 'owner' ? 'low' : confidence };
  return who === 'owner' ? { severity: 'low', confidence: 'low' } : { severity: who === 'staff' ? 'medium' : 'high', confidence };
}

/** What of the request goes into a message says where it goes, not what it says. */
function namesOnlyRecipients(j: Judged): boolean {
  return named(j, 'mail').every((f) => !f.whole && namesOf(f).every(isRecipient));
}

/** It says where a message goes, or where it is from. */
function isRecipient(name: string): boolean {
  return /^(to|recipients?|from|(\w*_)?(e?mails?|phone|mobile|whatsapp)(_?(address|number|no))?)$/i.test(snakeOf(name));
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
  const { meaning } = about;
  if (who === 'owner') return { severity: 'low', confidence: 'low' };
  const whole = j.fields.some((f) => f.whole);
  // A name, an address and a plan are what a sign-up is for.
  if (who === 'anyone' && j.endpoint.publicBy === 'sign-up') return { severity: meaning === 'rights' || meaning === 'tenant' ? 'high' : 'low', confidence };
  if (GRAVE.has(meaning)) {
    if (meaning === 'login' && who !== 'staff') return { severity: 'medium', confidence };
    const ofOthers = meaning === 'rights' || meaning === 'tenant';
    // Amounts and names are what staff is there to enter; rights and other companies' rows are not.
    if (who === 'staff' && !ofOthers) return { severity: 'low', confidence };
    if (!ofOthers && who === 'members') {
      // Whose row it is was asked: its owner types his own amounts.
      if (asksWhose(j.endpoint, model)) return { severity: 'low', confidence };
      if (about.ownPeople) return { severity: 'medium', confidence };
    }
    if (meaning === 'rights' && givesAccounts(about.callers) && !whole) return { severity: 'low', confidence };
    // Row rules have a say in what a caller's own client writes.
    return { severity: who === 'staff' || (asUser(j) && meaning !== 'rights') ? 'medium' : 'high', confidence };
  }
  if (meaning === 'address') return { severity: who === 'staff' ? 'low' : 'medium', confidence };
  if (meaning === 'reference') return { severity: ((who === 'staff' || about.ownPeople) && !keepsCompaniesApart(model)) || asUser(j) ? 'low' : 'medium', confidence };
  // Lengths, typed in by those who were let in for it: a person may look, nothing is underlined.
  if (who === 'staff' || about.ownPeople) return { severity: 'low', confidence: 'low' };
  // What the model leaves open is no more than a length or a size.
  if (!about.open.has('anything')) return { severity: 'low', confidence };
  if (about.many) return { severity: 'medium', confidence };
  // One text or flag in one typed column: odd values, and nothing hangs on them.
  return { severity: 'low', confidence: typed(model) ? 'low' : confidence };
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
  // What is looked for by its key alone is made an id, or refused.
  return reads.every((u) => u.op === 'sql' || !operators || /^(findById|findByPk|findUnique)/.test(u.op));
}

function asUser(j: Judged): boolean {
  const writes = j.endpoint.sinks.filter((s) => s.kind === 'db-write' && s.raw.length > 0);
  return writes.length > 0 && writes.every((s) => s.asUser);
}
