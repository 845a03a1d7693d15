/** One report of one open endpoint, in the words all rules of this group share. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Report } from '../../../core/rule';
import type { FixId } from '../../../core/types';
import { canGuard, canGuardRouter, isUnwired } from '../../../fixes/guard';
import { canGuardByHand } from '../../../fixes/guard-hand';
import { type Exposure, endpointData, evidenceOf, openSiblings, placeOf, rootCauseOf } from './exposure';

export type OpenMessage = 'open' | 'openRows' | 'rowRules' | 'unsure';

/** Which of the four sentences fits. */
export function openMessage(exposure: Exposure): OpenMessage {
  return exposure.rowRules ? 'rowRules' : exposure.confidence === 'low' ? 'unsure' : exposure.openRows === null ? 'open' : 'openRows';
}

export function openReport<M extends string>(endpoint: Endpoint, exposure: Exposure, model: ProjectModel, messageId: M, fixes: readonly FixId[]): Report<M> {
  return {
    at: endpoint.at, messageId, endpoint, fixes,
    data: { ...endpointData(endpoint), deed: exposure.deed, place: placeOf(endpoint), why: exposure.openRows ?? '' },
    evidence: evidenceOf(endpoint), ...impactOf(exposure), confidence: exposure.confidence, rootCause: rootCauseOf(endpoint, model),
    ...(exposure.severity ? { severity: exposure.severity } : {}),
  };
}

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
  [/^delete /, 'One anonymous request deletes records of your business; only a backup brings them back.'],
  [/^add /, 'Strangers can add false records, and nobody can tell afterwards who it was.'],
  [/^change /, 'Strangers can overwrite real records, and nobody can tell afterwards who it was.'],
];
/** What it costs that strangers see it. */
const SHOWN: Readonly<Record<NonNullable<Exposure['shows']>, string>> = {
  people: 'What people entrusted to you is one address away from anyone, search engines included: a data breach that you may have to report.',
  dealings: 'What was agreed, billed and paid is one address away from anyone, search engines included.',
  own: 'What your business spends, buys and keeps is one address away from anyone, competitors included.',
  other: 'These rows are one address away from anyone, search engines included.',
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
function impactOf({ deed, kind, confidence, shows }: Exposure): { readonly businessImpact?: string } {
  // What the rows hold is the question that is asked here.
  if (kind === 'read' && confidence === 'low') return { businessImpact: 'If these rows are meant for your own people only, they are one address away from anyone, search engines included.' };
  if (shows !== null && /^(read|see figures|get links) ?/.test(deed) && !/^read (your users|what) /.test(deed)) return { businessImpact: SHOWN[shows] };
  const found = [...IMPACTS, ...(kind === 'edge' ? EDGE_IMPACTS : [])].find(([re]) => re.test(deed));
  return found ? { businessImpact: found[1] } : {};
}
