/** One report of one open endpoint, in the words all rules of this group share. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Report } from '../../../core/rule';
import type { FixId } from '../../../core/types';
import { canGuard, canGuardRouter, isUnwired } from '../../../fixes/guard';
import { canGuardByHand } from '../../../fixes/guard-hand';
import { words } from './deeds';
import { DIAGNOSTIC, type Exposure, endpointData, evidenceOf, openSiblings, placeOf, rootCauseOf } from './exposure';

export type OpenMessage = 'open' | 'openRows' | 'rowRules' | 'unsure';

/** Which of the four sentences fits. */
export function openMessage(exposure: Exposure): OpenMessage {
  return exposure.rowRules ? 'rowRules' : exposure.confidence === 'low' ? 'unsure' : exposure.openRows === null ? 'open' : 'openRows';
}

export function openReport<M extends string>(endpoint: Endpoint, exposure: Exposure, model: ProjectModel, messageId: M, fixes: readonly FixId[]): Report<M> {
  return {
    at: endpoint.at, messageId, endpoint, fixes,
    data: { ...endpointData(endpoint), deed: exposure.deed, place: placeOf(endpoint), part: partOf(endpoint), why: exposure.openRows ?? '' },
    evidence: [...evidenceOf(endpoint), ...(endpoint.pagesGuarded ? [{ at: endpoint.at, note: 'the pages that post it ask for a sign-in, the action itself asks nobody' }] : [])], ...impactOf(endpoint, exposure), confidence: exposure.confidence, rootCause: rootCauseOf(endpoint, model),
    ...(exposure.severity ? { severity: exposure.severity } : {}),
  };
}

/** Which part of the app an address like this one is: said of the routes that scanners try first. */
function partOf(endpoint: Endpoint): string {
  const named = words(endpoint);
  return named.some((w) => DIAGNOSTIC.has(w)) ? 'is there for debugging' : named.some((w) => SETS_UP.test(w)) ? 'sets up the database' : 'belongs to the back office';
}

const SETS_UP = /^(seed|seeds|seeding|seeder|migrate|migrations|reset-?db|reset-database|init-?db|drop-db)$/;

/** The guard at the endpoint first; where a whole router stands open, the router's as a second choice. */
export function guardFixes(endpoint: Endpoint, exposure: Exposure, model: ProjectModel): readonly FixId[] {
  if (exposure.confidence === 'low') return [];
  if (!canGuard(endpoint, model)) return canGuardByHand(endpoint, model) ? ['guard-by-hand'] : [];
  // Where nothing but the answer shows what happens, a guard that denies everybody cannot be told from a broken one.
  if (endpoint.sinks.length === 0 && isUnwired(endpoint, model)) return [];
  const router = endpoint.framework === 'express' && openSiblings(endpoint, model).length >= 3 && canGuardRouter(endpoint, model);
  return router ? ['require-user', 'guard-router'] : ['require-user'];
}

const IMPACTS: readonly (readonly [RegExp, string])[] = [
  [/^run code/, 'One request takes over the server, with every key and every record on it.'],
  [/^download /, 'Whoever calls it leaves with a file of other people’s data; you will hear of it from them.'],
  [/^(manage|look up) your users/, 'A stranger can see or take over the accounts of your customers.'],
  [/^open the billing portal/, 'Strangers see your customers’ invoices, and change or cancel their subscriptions.'],
  [/^open a checkout/, 'Nobody else’s card is charged; but which account a payment is for is whatever the caller says.'],
  [/payment|refund|payout/, 'Strangers start payments through your account: chargebacks, fees, and a provider that may close it.'],
  [/AI model/, 'You pay for every call: a script left running overnight is a bill you did not plan for.'],
  [/^send text messages/, 'You pay for every text, and what strangers write reaches people’s phones from your number: fraud in your name.'],
  [/^send chat messages/, 'What strangers write reaches your customers’ chats with you as the sender: fraud in your name.'],
  [/^have your messages sent/, 'A script can flood strangers’ inboxes with your mail, until your domain ends on block lists.'],
  [/^set off its message/, 'Anybody can have it sent at any time; its text and its addressee stay yours.'],
  [/^flood one of your own mailboxes/, 'Strangers can fill this mailbox and use up what you may send; nobody else gets these messages.'],
  [/^start this job and have its messages sent/, 'Anybody can set it off at any time, at your cost; what it has to send goes out then.'],
  [/^start (this|the) job/, 'Anybody can set it off at any time, at your cost.'],
  [/^send messages/, 'Spam and phishing go out under your name, and your domain ends on block lists.'],
  [/^(store|delete) files/, 'Your storage can be filled, emptied, or used to pass on other people’s files.'],
  [/^call this test route/, 'It answers with a fixed text and gives nothing away; take it out all the same, scanners look for such addresses.'],
  [/^change what the server keeps/, 'What strangers set is used for everybody, until the server starts again; nothing that is stored changes.'],
  [/^delete /, 'One anonymous request deletes records of your business; only a backup brings them back.'],
  [/^add /, 'Strangers can add false records, and nobody can tell afterwards who it was.'],
  [/^change /, 'Strangers can overwrite real records, and nobody can tell afterwards who it was.'],
];
/** What it costs that strangers see it; `{engines}` where a search engine could find it too. */
const SHOWN: Readonly<Record<NonNullable<Exposure['shows']>, string>> = {
  passwords: 'Whoever calls it gets what your app keeps as passwords: hashes can be tried out without end, and what is no hash works at once.',
  people: 'What people entrusted to you is one {reach} away from anyone{engines}: a data breach that you may have to report.',
  dealings: 'What was agreed, billed and paid is one {reach} away from anyone{engines}.',
  own: 'What your business spends, buys and keeps is one {reach} away from anyone, competitors included.',
  other: 'These rows are one {reach} away from anyone{engines}.',
  figures: 'Competitors and anybody else can follow how your business is doing; the rows behind the figures are not shown.',
};
/** What an edge function's deeds cost; other endpoints' rules have words of their own for these. */
const EDGE_IMPACTS: readonly (readonly [RegExp, string])[] = [
  [/^read your users/, 'Every address your users signed up with is there for whoever asks: a list for phishing, and a leak you must report.'],
  [/^read what /, 'Other people’s data is one request away from anyone who finds the address.'],
  [/^run the database function/, 'A stranger decides when this runs and for whom, as if your own app had asked.'],
  [/^make it work with your/, 'Whatever this key opens or pays for, strangers use through your server.'],
];

/** What exactly it costs, where the deed says more than "a write". */
function impactOf(endpoint: Endpoint, { deed, kind, confidence, shows }: Exposure): { readonly businessImpact?: string } {
  // Only what an address alone opens is found by search engines.
  const filled = (text: string): { readonly businessImpact: string } => ({ businessImpact: text.replace('{engines}', endpoint.method === 'GET' ? ', search engines included' : '').replace('{reach}', endpoint.method === 'GET' ? 'address' : 'request') });
  if (shows === 'passwords') return filled(SHOWN.passwords);
  // What the rows hold is the question that is asked here.
  if (kind === 'read' && confidence === 'low') return filled('If these rows are meant for your own people only, they are one {reach} away from anyone{engines}.');
  if (shows !== null && /^(read|see figures|get links) ?/.test(deed) && !/^read (your users|what) /.test(deed)) return filled(SHOWN[shows]);
  const found = [...IMPACTS, ...(kind === 'edge' ? EDGE_IMPACTS : [])].find(([re]) => re.test(deed));
  return found ? { businessImpact: found[1] } : {};
}
