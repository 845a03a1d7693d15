/** `rescue-ignore-next-line RULE-ID -- reason` in the comments of any language. */
import type { SuppressionFact } from '../core/facts';
import type { Span } from '../core/types';

const WORD = 'rescue-ignore';

/** Comment openers in front of the directive, and what closes each of them. */
const DIRECTIVE = /(\/\/|#|--|<!--|\{?[ \t]*\/\*+|^[ \t]*\*)[ \t]*rescue-ignore-next-line\b[ \t]*:?[ \t]*([^\r\n]*)/dgm;

export function extractSuppressions(_path: string, text: string): SuppressionFact[] {
  if (!text.includes(WORD)) return [];
  const out: SuppressionFact[] = [];
  for (const m of text.matchAll(DIRECTIVE)) {
    const rest = m.indices?.[2] ?? [m.index, m.index];
    const opener = (m[1] ?? '').trim();
    const block = opener.includes('/*') || opener === '*';
    const closer = block ? '*/' : opener === '<!--' ? '-->' : null;
    let body = m[2] ?? '';
    let end = rest[1];
    const close = closer === null ? -1 : body.indexOf(closer);
    if (close >= 0 && closer !== null) {
      body = body.slice(0, close);
      end = rest[0] + close + closer.length;
      // `{/* … */}`: the brace belongs to the comment.
      if (opener.startsWith('{') && /^[ \t]*\}/.test(text.slice(end, end + 8))) end = text.indexOf('}', end) + 1;
    }
    const parts = /^(\S+)(?:[ \t]+--[ \t]*|[ \t]+—[ \t]*|[ \t]*$|[ \t]+)(.*)$/.exec(body.trim());
    const id = parts?.[1] ?? '';
    const dashed = /(?:^|[ \t])(?:--|—)[ \t]*(.*)$/.exec(body);
    const reason = dashed?.[1]?.trim() ?? '';
    const start = m.index + m[0].search(/\S/);
    const target = targetLine(text, end, closer !== null && close < 0 ? closer : null);
    // Several rules, one comment: `a/b, c/d -- reason`.
    const ids = body.replace(/(?:^|[ \t])(?:--|—).*$/, '').split(/[\s,]+/).filter((one) => one !== '');
    for (const ruleId of ids.length === 0 ? [id === '--' ? '' : id] : ids) out.push({ ruleId, reason: reason === '' ? null : reason, span: { start, end }, target });
  }
  return out;
}

/**
 * The next line that holds more than a further directive or nothing: stacked comments silence the same line.
 * A block comment that ends later (`untilCloser`) is left first.
 */
function targetLine(text: string, from: number, untilCloser: string | null): Span {
  let at = from;
  if (untilCloser !== null) {
    const close = text.indexOf(untilCloser, from);
    if (close >= 0) at = close;
  }
  for (;;) {
    const start = nextLine(text, at);
    if (start >= text.length) return { start: text.length, end: text.length };
    let end = start;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    const line = text.slice(start, end);
    if (line.trim() !== '' && !line.includes(`${WORD}-next-line`)) return { start, end };
    at = end;
  }
}

function nextLine(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return i + 1;
    if (c === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}
