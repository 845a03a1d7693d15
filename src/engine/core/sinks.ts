/** What a piece of work does, and what its names say, where the kind alone does not tell. */
import type { SinkUse } from './model';
import { splitCamel } from './text';

/** Kinds of work that change something, cost something or reach somebody; which of it only reads, its operation says. */
export const WRITES: ReadonlySet<SinkUse['kind']> = new Set(['db-write', 'storage', 'auth-admin', 'mail', 'payment', 'llm', 'exec', 'file']);

/** Opens the payment provider's own page where a customer sees invoices and changes or ends what he subscribed to. */
export const BILLING_PORTAL = 'billing-portal';
/** Opens the payment provider's own page where whoever stands before it pays with his own card. */
export const HOSTED_CHECKOUT = 'checkout';

/** A checkout whose price is the provider's own, found by its name: nothing the caller sends could be an amount. */
export function opensCheckout(s: Pick<SinkUse, 'op' | 'raw'>): boolean {
  return s.op === HOSTED_CHECKOUT && s.raw.every((r) => r.source === 'headers' || /(id|key|url|uri|plan|tier|e?mail|name|code|locale|interval|mode)$/i.test(r.field.slice(r.field.lastIndexOf('.') + 1)));
}

const STORAGE_READ = /^(download|getObject|headObject|createSignedUrls?|getPublicUrl|getSignedUrl|list(Objects(V2)?)?)$/;

/** Reads files or accounts, with a library that writes them too. */
export function onlyReads(s: Pick<SinkUse, 'kind' | 'op'>): boolean {
  return (s.kind === 'storage' && STORAGE_READ.test(s.op)) || (s.kind === 'auth-admin' && /^(getUser|listUsers)/.test(s.op));
}

const BOOKKEEPING = /rate_?limit|throttle|audit|(^|_)logs?$|(^|_)cache(s|d)?($|_)|analytics|telemetry|metrics|page_?views?|(^|_)(security|login|auth|access|usage|error|system|tracking|webhook)_(events?|attempts?|activit(y|ies))$/i;

/** Counters, journals and caches: `activityLog`, `audit_entries`. What they are given is no business data, and they run for strangers in well-built apps too. */
export function isBookkeeping(target: string | null): boolean {
  const name = target === null ? undefined : splitCamel(target);
  return name !== undefined && BOOKKEEPING.test(name) && !OWN_LOG.test(name);
}

/** A log that is a part of the business itself: what was written to whom, who worked when. */
const OWN_LOG = /(^|_)(messages?|calls?|visits?|times?|work|works|stock|inventory|payments?|treatments?|medications?|deliver(y|ies)|trips?|mileage|fuel|maintenance|attendances?)_?logs?$/i;

const JOURNAL = /audit|(^|_)logs?$|analytics|page_?views?/i;

/**
 * Work that only keeps books: a line added to a journal, a counter, a cache. Reading a journal is no such work: whoever is
 * shown it learns who did what.
 */
export function keepsBooks(s: Pick<SinkUse, 'kind' | 'target'>): boolean {
  return isBookkeeping(s.target) && !(s.kind === 'db-read' && s.target !== null && JOURNAL.test(splitCamel(s.target)));
}

const CAPABILITY = /token|secret|(^|_)hash$|[a-z]Hash$|invit|(^|_)(otp|pin|passcode)$|(^|_)share/i;
const CODE = /(^|_)code$|[a-z]Code$/i;
/** Handed to one person to open one thing; a carrier's, status or country code is printed on every form. */
const HANDED_OUT = /invit|share|shari|access|verif|reset|otp|(^|_)pin|magic|claim|join|activation|confirm|unlock|pairing|login|sign_?in|auth|security|one_?time|recovery|backup/i;

/** A value by this name is hard to guess and opens what it names: a token, an invitation. `of` is the table or path it is looked up in. */
export function opensWhatItNames(name: string, of: string | null): boolean {
  if (CODE.test(name)) return HANDED_OUT.test(name) || (/^code$/i.test(name) && of !== null && HANDED_OUT.test(of));
  return CAPABILITY.test(name);
}
