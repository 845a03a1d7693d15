/** Hash of what other files can see of a script: its imports, exports and the shape of its code, positions left out. */
import type { ScriptFacts } from '../../core/facts';
import { hashText } from '../../core/text';
import type { ContentHash } from '../../core/types';

/** Keys that hold offsets or style only. */
const POSITIONS = new Set(['s', 'e', 'ps', 'span', 'head', 'bodyStart', 'bodySpan', 'paramsSpan', 'afterImports', 'style', 'envReads']);

export function surfaceOf(script: ScriptFacts): ContentHash {
  return hashText(JSON.stringify(script, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value)));
}
