/** What a stranger can do, in words that follow "Anyone can": the worst of what the handler does. */
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import { BILLING_PORTAL, opensCheckout } from '../../../core/sinks';
import { snakeCase } from '../../../core/text';
import { isDelete, isInsert, isOpen } from './open';
import { isPrivateWord, privacy, singular } from './privacy';
import { tableWords } from './tables';

/** Whole path segments, or the words of an action's name; never substrings. */
export function words(e: Endpoint): readonly string[] {
  if (e.framework === 'next-action' || e.method === 'FN' || e.method === 'RPC') return e.path.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[\s._/-]+/).filter(Boolean);
  return e.path.toLowerCase().split('/').filter((s) => s !== '' && !s.startsWith(':') && !s.startsWith('*'));
}

/** Names a row or a choice, and says nothing. */
export const ID_FIELD = /(^|[._])u?u?id$|Id$|^(type|kind|lang(uage)?|locale)$/;

/** The worst of what is done: who reads "change counters" first looks no further. */
export function deedOf(e: Endpoint, writes: readonly SinkUse[], reads: readonly SinkUse[], model: ProjectModel): string {
  const taken = fileOf(e, writes, model);
  if (taken !== null) return taken;
  const worst = worstOf(e, writes);
  if (worst) return writeDeed(e, worst, model);
  const told = reads.find((s) => s.kind === 'auth-admin') ?? reads.find((s) => s.shown !== 'figures' && privacy(s, model) === 'private') ?? reads.find((s) => s.shown !== 'figures');
  const shown = told ?? reads[0];
  if (!shown) return 'use it';
  if (!told) return `see figures about your ${figuresOf(reads, model)}`;
  if (shown.kind === 'auth-admin') return 'read your users’ accounts';
  if (shown.service !== null) return `read what ${shown.service.replace(/\/.*$/, '')} shows to your key`;
  return shown.kind === 'file' || shown.kind === 'storage' ? (/SignedUrl/.test(shown.op) ? 'get links to files' : 'read files') : `read ${shown.target === null ? namedByAddress(e) : tableWords(shown.target, model)}`;
}

/** What the address says is read there, where the statement does not say it. */
function namedByAddress(e: Endpoint): string {
  const name = words(e).findLast((w) => isPrivateWord(w));
  return name === undefined ? 'data' : name.replace(/[-_]+/g, ' ');
}

/** The tables whose rows were counted and summed up, two at most. */
function figuresOf(reads: readonly SinkUse[], model: ProjectModel): string {
  const known = reads.filter((s) => privacy(s, model) === 'private');
  return [...new Set((known.length > 0 ? known : reads).map((s) => tableWords(s.target, model)))].slice(0, 2).join(' and ');
}

/** Rows of other people that are written to a file to which the answer holds a link. */
function fileOf(e: Endpoint, writes: readonly SinkUse[], model: ProjectModel): string | null {
  if (!e.returnsData || !writes.some((s) => s.kind === 'storage' && !isDelete(s)) || !e.sinks.some((s) => s.kind === 'storage' && isOpen(s) && /SignedUrl|PublicUrl/.test(s.op))) return null;
  const rows = [...new Set(e.sinks.filter((s) => s.kind === 'db-read' && isOpen(s) && s.raw.length > 0 && privacy(s, model) === 'private').map((s) => tableWords(s.target, model)))];
  // Every write but the file's own is a deed that weighs more than its making.
  return rows.length === 0 || writes.some((s) => s.kind !== 'storage') ? null : `download ${rows.slice(0, 2).join(' and ')} of any account`;
}

/** By the harm of it; of equals, what the address names, then what is deleted, then what most of the caller's own data goes into. */
function worstOf(e: Endpoint, writes: readonly SinkUse[]): SinkUse | undefined {
  const named = words(e).flatMap((w) => w.split(/[-_.]+/)).map(singular);
  const ranks = (s: SinkUse): readonly number[] => [harmOf(s, writes, e), ...(s.kind === 'db-write' ? [isDelete(s) || ownFieldsOf(s) > 0 ? 0 : 1, -placeIn(named, s.target), isDelete(s) ? 0 : 1, -fieldsOf(s)] : [])];
  let worst: { readonly sink: SinkUse; readonly ranks: readonly number[] } | undefined;
  for (const sink of writes) {
    const own = ranks(sink);
    if (!worst || isBefore(own, worst.ranks)) worst = { sink, ranks: own };
  }
  return worst?.sink;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((n, i) => n !== b[i]);
  return at >= 0 && at < b.length && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Where in the address the table is named; the later, the more it is what the address is about. */
function placeIn(named: readonly string[], target: string | null): number {
  const last = snakeCase((target ?? '').replace(/model$/i, '')).split('_').filter(Boolean).pop();
  return last === undefined ? -1 : named.lastIndexOf(singular(last));
}

/** How much of what he sends himself goes into it, besides the names of rows. */
function ownFieldsOf(s: SinkUse): number {
  return new Set(s.raw.filter((r) => r.source !== 'params' && !ID_FIELD.test(r.field)).map((r) => r.field)).size;
}

function fieldsOf(s: SinkUse): number {
  return new Set(s.raw.map((r) => r.field)).size;
}

/** 0 is the worst. */
function harmOf(s: SinkUse, writes: readonly SinkUse[], e: Endpoint): number {
  switch (s.kind) {
    case 'exec':
      return 0;
    case 'auth-admin':
      // Looking an account up is no deed beside a write.
      return isLookUp(s) ? 9 : 1;
    case 'mail': {
      const text = textTo(s, e);
      return s.toUs ? 7 : text === 'free' ? 2 : text === 'filled' ? 5 : 7;
    }
    case 'payment':
      return 3;
    case 'llm':
      return writes.some((w) => w.kind === 'db-write' && !isMinor(w)) ? 6 : 4;
    case 'db-write':
      return isMinor(s) ? 8 : s.raw.length > 0 ? 4 : 6;
    default:
      return 6;
  }
}

/** Counts, marks or looks up what the real work is about: `sms_credits`, `usage_counters`, `get_owner_email`. */
export function isMinor(s: SinkUse): boolean {
  if (s.kind !== 'db-write') return s.kind === 'auth-admin' && isLookUp(s);
  return s.op === 'rpc' ? /^(get|fetch|list|find|search|lookup|check|is|has|count|can)_/i.test(s.target ?? '') : /(^|_)(credits?|counters?|counts?|usages?|quotas?|attempts|memor(y|ies))$/.test(snakeCase(s.target ?? ''));
}

/** Whose words a message holds: the caller's own, a form of ours that he fills in, or only ours, to whom he names. */
export function textTo(s: SinkUse, e: Endpoint): 'free' | 'filled' | 'fixed' {
  const said = s.raw.filter((r) => r.source !== 'headers' && !ID_FIELD.test(r.field) && !ADDRESSEE.test(lastName(r.field)));
  if (said.some((r) => r.field === '' || FREE_TEXT.test(lastName(r.field)))) return 'free';
  if (said.length > 0) return 'filled';
  // The text may be lost on the way to where it is sent.
  return e.inputs.some((i) => FREE_TEXT.test(lastName(i.field))) ? 'filled' : 'fixed';
}

const FREE_TEXT = /subject|message|body|text|html|content|caption|title|notes?$|comment|description|link|(^|_)url$|Url$/i;
const ADDRESSEE = /^(e?mail|to|phone|mobile|recipient|number)$|(e?mail|phone|mobile|recipient)(_?(address|number|to))?$/i;

function lastName(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1);
}

/** `getUserById`, `listUsers`. */
function isLookUp(s: SinkUse): boolean {
  return /^(get|list|retrieve|find)/i.test(s.op);
}

function writeDeed(e: Endpoint, s: SinkUse, model: ProjectModel): string {
  switch (s.kind) {
    case 'exec':
      return 'run code on your server';
    case 'auth-admin':
      return isLookUp(s) ? 'look up your users’ accounts' : 'manage your users’ accounts';
    case 'payment':
      return s.op === BILLING_PORTAL ? 'open the billing portal of any customer' : opensCheckout(s) ? 'open a checkout in anybody’s name' : 'start payments';
    case 'llm':
      return 'use your AI model at your cost';
    case 'mail':
      if (s.toUs) return 'flood one of your own mailboxes';
      if (textTo(s, e) === 'fixed') return s.raw.length > 0 ? 'have your messages sent to any address' : 'set off its message';
      return s.op === 'sms' ? 'send text messages at your cost' : s.op === 'chat' ? 'send chat messages in your name' : 'send messages in your name';
    case 'file':
    case 'storage':
      return /del|rm|remove|unlink/i.test(s.op) ? 'delete files' : 'store files';
    default:
      break;
  }
  if (s.op === 'rpc') return `run the database function ${s.target ?? ''}`.trim();
  const what = tableWords(s.target, model);
  if (isDelete(s)) return `delete ${what}`;
  // `save` adds a row, or keeps one of which reading does not know where it was found.
  const kept = s.op === 'save' && /^(PUT|PATCH)$/.test(e.method);
  if (isInsert(s.op) && !kept) return `add ${what}`;
  return `change ${what}`;
}
