/** Trees of the files edited last, so that a keystroke re-parses what it touched and no more. */
import { replacedRange } from '../core/replaced';
import type { RelPath } from '../core/types';
import { MAX_SCRIPT_CHARS } from '../extract/extract';
import { type ParsedScript, parseScript, reparseScript, scriptKindOf } from '../extract/script/parse';
import { LoweringMemory } from '../extract/script/reuse';

const KEPT = 8;

export class Trees {
  private readonly trees = new Map<RelPath, { readonly text: string; readonly parsed: ParsedScript; readonly memory: LoweringMemory }>();

  /** The tree of `text`: the old one updated when there is one. null: no script, or one that cannot be parsed. */
  update(path: RelPath, text: string): ParsedScript | null {
    const known = this.trees.get(path);
    this.trees.delete(path);
    if (scriptKindOf(path) === null || text.length > MAX_SCRIPT_CHARS) return null;
    let parsed: ParsedScript | null;
    try {
      const change = known ? replacedRange(known.text, text) : null;
      if (known && change && keepsStructure(known.text.slice(change.replaced.start, change.replaced.end), text.slice(change.replaced.start, change.replaced.start + change.length))) parsed = reparseScript(known.parsed, text, change.replaced, change.length);
      else parsed = parseScript(path, text);
    } catch (error) {
      // Nested too deeply: extract says so in its own words.
      if (error instanceof RangeError) return null;
      throw error;
    }
    if (!parsed) return null;
    this.trees.set(path, { text, parsed, memory: known?.memory ?? new LoweringMemory() });
    if (this.trees.size > KEPT) this.forget(this.trees.keys().next().value!);
    return parsed;
  }

  /** What earlier versions of the file were lowered to. */
  memoryOf(path: RelPath): LoweringMemory | null {
    return this.trees.get(path)?.memory ?? null;
  }

  forget(path: RelPath): void {
    this.trees.delete(path);
  }
}

/**
 * What follows keeps its meaning: brackets are closed as they were, and no quote or comment begins or ends. Where it does not,
 * little of the old tree can be used, and looking for it costs up to five times a whole parse.
 */
function keepsStructure(before: string, after: string): boolean {
  return isClosed(before) && isClosed(after);
}

/** More than this is pasted, not typed. */
const MAX_TYPED = 2_000;

function isClosed(text: string): boolean {
  if (text.length > MAX_TYPED || /["'`/*\\]/.test(text)) return false;
  let open = '';
  for (const c of text) {
    if (c === '(' || c === '[' || c === '{') open += c;
    else if (c === ')' || c === ']' || c === '}') {
      if (open[open.length - 1] !== (c === ')' ? '(' : c === ']' ? '[' : '{')) return false;
      open = open.slice(0, -1);
    }
  }
  return open === '';
}
