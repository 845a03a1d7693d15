/** Which work of an endpoint nobody and nothing keeps strangers from. */
import type { SinkUse } from '../../../core/model';
import { keepsBooks, onlyReads } from '../../../core/sinks';

const WRITES = new Set<SinkUse['kind']>(['db-write', 'storage', 'auth-admin', 'mail', 'payment', 'llm', 'exec', 'file']);
/** Kinds of work that read. */
export const READS = new Set<SinkUse['kind']>(['db-read', 'storage', 'file', 'sql', 'auth-admin']);

/** It changes something, sends something or costs something. */
export function isWrite(s: SinkUse): boolean {
  if (!WRITES.has(s.kind)) return false;
  if (s.kind === 'file') return /write|unlink|^rm|append|mkdir|rename|outputFile|createWriteStream|copy/i.test(s.op);
  return !onlyReads(s);
}

/** `increment_view_count`: a database function that counts how often something was looked at. */
const COUNTER = /^(incr(ement)?|bump|track|count|record|log|add)_?\w*(view|visit|click|hit|impression|download|share|like)s?(_?count(er)?)?$/i;

/** Work that nobody and nothing keeps strangers from. */
export function isOpen(s: SinkUse): boolean {
  // A filter that was put together is part of the query beside it.
  return !s.guarded && !(s.kind === 'sql' && s.op === 'or') && !s.incidental && !keptByRows(s) && !keepsBooks(s) && !(s.op === 'rpc' && COUNTER.test(s.target ?? ''));
}

/** The database itself keeps strangers from it, or its own rules publish what is read. */
function keptByRows(s: SinkUse): boolean {
  const published = s.strangers === 'all' || s.strangers === 'meant';
  if (!isWrite(s) && published) return true;
  // A policy with a condition of its own, or one that names the anonymous role to let it add rows, was meant.
  return s.asUser && (s.strangers === 'none' || s.strangers === 'some' || (s.strangers === 'meant' && isInsert(s.op)));
}

/** Rows or files go for good. */
export function isDelete(s: SinkUse): boolean {
  return /delete|destroy|remove|^del$/i.test(s.op);
}

/** Rows are added. */
export function isInsert(op: string): boolean {
  return /^(insert|insertOne|create|add|save|createMany|insertInto|insertMany)$/.test(op);
}
