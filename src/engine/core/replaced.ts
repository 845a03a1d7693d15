/** What a change of a text replaced, and where that leaves what stood in it. */
import type { Span } from './types';

/** Texts are compared in blocks of this many characters before they are compared one by one. */
const BLOCK = 1024;

/** The one range whose replacement turns `before` into `after`: what common start and end leave. */
export function replacedRange(before: string, after: string): { readonly replaced: Span; readonly length: number } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start + BLOCK <= most && before.slice(start, start + BLOCK) === after.slice(start, start + BLOCK)) start += BLOCK;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  const rest = most - start;
  const b = before.length;
  const a = after.length;
  while (tail + BLOCK <= rest && before.slice(b - tail - BLOCK, b - tail) === after.slice(a - tail - BLOCK, a - tail)) tail += BLOCK;
  while (tail < rest && before.charCodeAt(b - 1 - tail) === after.charCodeAt(a - 1 - tail)) tail++;
  return { replaced: { start, end: b - tail }, length: a - tail - start };
}

/** Moves a span of `before` to where it stands in `after`; what the replaced range swallowed shrinks to its edges. */
export function shifted(span: Span, change: ReturnType<typeof replacedRange>): Span {
  const { replaced, length } = change;
  const delta = length - (replaced.end - replaced.start);
  const end = replaced.start + length;
  const start = span.start < replaced.start ? span.start : span.start >= replaced.end ? span.start + delta : replaced.start;
  const stop = span.end <= replaced.start ? span.end : span.end >= replaced.end ? span.end + delta : end;
  return { start: Math.min(start, stop), end: Math.max(start, stop) };
}
