/** Trees of the files edited last, so that a keystroke re-parses what it touched and no more. */
import type { RelPath, Span } from '../core/types';
import { MAX_SCRIPT_CHARS } from '../extract/extract';
import { type ParsedScript, parseScript, reparseScript, scriptKindOf } from '../extract/script/parse';

const KEPT = 8;

export class Trees {
  private readonly trees = new Map<RelPath, { readonly text: string; readonly parsed: ParsedScript }>();

  /** The tree of `text`: the old one updated when there is one. null: no script, or one that cannot be parsed. */
  update(path: RelPath, text: string): ParsedScript | null {
    const known = this.trees.get(path);
    this.trees.delete(path);
    if (scriptKindOf(path) === null || text.length > MAX_SCRIPT_CHARS) return null;
    let parsed: ParsedScript | null;
    try {
      if (known) {
        const { replaced, length } = replacedRange(known.text, text);
        parsed = reparseScript(known.parsed, text, replaced, length);
      } else parsed = parseScript(path, text);
    } catch (error) {
      // Nested too deeply: extract says so in its own words.
      if (error instanceof RangeError) return null;
      throw error;
    }
    if (!parsed) return null;
    this.trees.set(path, { text, parsed });
    if (this.trees.size > KEPT) this.forget(this.trees.keys().next().value!);
    return parsed;
  }

  forget(path: RelPath): void {
    this.trees.delete(path);
  }
}

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
