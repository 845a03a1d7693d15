/** How grave an unchecked value is: who can send it, and what it decides where it ends up. */
import type { Endpoint, InputRead, ProjectModel, SinkKind } from '../../../core/model';
import { CONFIDENCES, SEVERITIES } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { type Callers, callersOf } from '../../endpoint/shared/callers';
import { bodiesOf } from '../../endpoint/shared/looks';
import { type ColumnMeaning, GRAVE, MEANINGS, meaningIn, meaningOf } from './columns';
import { columnOf } from './models';
import { asksWhose } from './ownership';
import { isSignedInTable, keepsAccounts, keepsTenantsApart } from './people';
import type { Judged, RawField } from './raw';
import { chosenRole } from './roles';
import { type Takeover, comparesPassword, takeoverOf } from './takeover';
import { storedBody } from './rows';
import { BESIDE_SCHEMA, PAST_SCHEMA, type Rating, isOwnPeople, refusesNegative, settable, wholeRow } from './whole-rows';
import { type About, type Charged, and, consequence, givesAccounts, placeOf, signsIn, tableWords, targetOf } from './words';

/** The row's own key names no row of another table. */
const OWN_KEY = /^_?(id|ids|uuid)$/i;

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
  /** How many fields a schema looked at whose result nobody uses. */
  readonly count: number;
  /** The sentence that fits, where it is not that of the kind of work. */
  readonly story: 'role' | 'takeover' | 'whole' | 'listed' | 'bypassed' | null;
  /** The field that weighs most; empty where none stands out. */
  readonly first: string;
  readonly impact: string | null;
}

/** Weighs a judged endpoint: of all that its raw fields reach, what costs most. */
export function weigh(j: Judged, model: ProjectModel): Weight {
  const callers = callersOf(j.endpoint, model);
  const base = { callers, kind: 'db-write', bound: false, cost: '', columns: '', listed: null, role: null, count: 0, first: '' } as const;
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
  const gravest = gravestOf(j, written.filter((f) => !isLookedUp(j.endpoint, f)), model);
  const about: About = {
    callers, ownPeople: isOwnPeople(callers, model) || (callers.who === 'members' && asksWhose(j.endpoint, model)), tenants: keepsTenantsApart(model),
    place: gravest.target !== null && GRAVE.has(gravest.meaning) ? tableWords(gravest.target) : placeOf(j),
    decisive: gravest.name,
    namesPerson: gravest.meaning === 'reference' && written.some((f) => !isLookedUp(j.endpoint, f) && namesOf(f).some((n) => namesPerson(targetsOf(j.endpoint, f, n)[0] ?? null, n, model))),
    compared: signsIn(j.endpoint) && asksPassword(j.endpoint, model),
    charged: chargedOf(j),
    bound: binds(j, model),
    fixedHost: j.fields.every((f) => f.uses.every((u) => u.kind !== 'url' || u.fixedHost)),
    toUs: reachesOnlyUs(j),
    meaning: gravest.meaning,
    many: written.filter((f) => !f.idLike).flatMap(namesOf).length >= 2 || written.some((f) => f.whole),
  };
  const rated = kindsOf(j).map((kind) => ({ kind, ...severityOf(kind, j, about, model) }));
  const worst = rated.reduce((a, b) => (isLess(a, b) ? b : a));
  const schema = worst.kind === 'db-write' && written.some((f) => f.name === '' && f.whole) ? storedBody(j.endpoint, model).schema : null;
  if (schema) {
    // It fills one part of the row, of which no model is known.
    return { ...base, story: 'bypassed', count: schema.keys.size, listed: BESIDE_SCHEMA, severity: worst.severity === 'low' ? 'low' : 'medium', confidence: worst.confidence, deed: `set ${BESIDE_SCHEMA} in ${about.place}`, impact: PAST_SCHEMA };
  }
  const first = worst.kind === 'db-write' && GRAVE.has(gravest.meaning) ? gravest.name : '';
  return { ...base, bound: about.bound && worst.kind === 'db-read', story: null, first, ...worst, ...consequence(worst.kind, j, about) };
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

/** The reference names somebody who signs in. */
function namesPerson(target: string | null, column: string, model: ProjectModel): boolean {
  const row = columnOf(target, column, model)?.references ?? null;
  return row !== null && isSignedInTable(row.charAt(0).toLowerCase() + row.slice(1), model);
}

/** A password is held against the one that was found: to find somebody's row is not yet to be him. */
function asksPassword(e: Endpoint, model: ProjectModel): boolean {
  for (const body of bodiesOf(e, model, 2)) for (const n of nodesOf(body)) if (comparesPassword(n)) return true;
  return false;
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
        if (refusesNegative(j.endpoint, target, name, model)) continue;
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

/** The names a field stands for: those read of a parameter that is an object, else its own. */
function namesOf(f: RawField): readonly string[] {
  if (f.keys !== null) return f.keys;
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
    if (about.meaning !== 'rights' && about.meaning !== 'tenant' && who === 'members') {
      // Whose row it is was asked: its owner types his own amounts.
      if (asksWhose(j.endpoint, model)) return { severity: 'low', confidence };
      if (about.ownPeople) return { severity: 'medium', confidence };
    }
    if (about.meaning === 'rights' && givesAccounts(about.callers) && !j.fields.some((f) => f.whole)) return { severity: 'low', confidence };
    // Row rules have a say in what a caller's own client writes.
    return { severity: who === 'staff' || (asUser(j) && about.meaning !== 'rights') ? 'medium' : 'high', confidence };
  }
  if (about.meaning === 'address') return { severity: about.callers.task ? 'low' : 'medium', confidence };
  if (about.meaning === 'reference') return { severity: about.callers.task || (about.ownPeople && !about.tenants) ? 'low' : 'medium', confidence };
  if (who === 'members' && asksWhose(j.endpoint, model)) return { severity: 'low', confidence };
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
  // What is looked for by its key alone is made an id, or refused.
  return reads.every((u) => u.op === 'sql' || !operators || /^(findById|findByPk|findUnique)/.test(u.op));
}

function asUser(j: Judged): boolean {
  const writes = j.endpoint.sinks.filter((s) => s.kind === 'db-write' && s.raw.length > 0);
  return writes.length > 0 && writes.every((s) => s.asUser);
}

/** An id that a query of the same handler asks for first: the row it names was looked at. */
function isLookedUp(e: Endpoint, f: RawField): boolean {
  return f.idLike && meaningOf(f.name) === 'reference' && e.sinks.some((s) => s.kind === 'db-read' && s.raw.some((r) => r.source === f.source && r.field === f.name));
}
