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

/** The one range whose replacement turns `before` into `after`: what common start and end leave. */
export function replacedRange(before: string, after: string): { readonly replaced: Span; readonly length: number } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { replaced: { start, end: before.length - tail }, length: after.length - tail - start };
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
