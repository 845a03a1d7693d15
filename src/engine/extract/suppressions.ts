/** `rescue-ignore-next-line RULE-ID -- reason` in the comments of any language. */
import type { SuppressionFact } from '../core/facts';
import type { Span } from '../core/types';

const DIRECTIVE = 'rescue-ignore-next-line';

/** What opens a comment right before the directive; a lone `*` continues a block comment. */
const OPENER = /(?:\/\/|#|--|<!--|\{?[ \t]*\/\*+|^[ \t]*\*)[ \t]*$/;
/** Longer openers are no comment that a person writes; bounded, so that no text costs much. */
const LOOK_BACK = 60;
/** Of a line, and of what stands between a comment and its closer. */
const MAX_BODY = 2_000;
/** More in one file were put there by nobody. */
const MAX_DIRECTIVES = 1_000;

export function extractSuppressions(_path: string, text: string): SuppressionFact[] {
  const out: SuppressionFact[] = [];
  // From the end: stacked comments silence the same line, which the lower one has found already.
  let below: { readonly line: number; readonly target: Span } | null = null;
  // Lines are measured once, however many directives stand on them.
  let end = text.length;
  let seen = text.length;
  let last: { readonly end: number; readonly target: Span } | null = null;
  for (let at = text.lastIndexOf(DIRECTIVE); at >= 0 && out.length < MAX_DIRECTIVES; at = at === 0 ? -1 : text.lastIndexOf(DIRECTIVE, at - 1)) {
    const gap = text.slice(at, seen).search(/[\r\n]/);
    if (gap >= 0) end = at + gap;
    seen = at;
    const comment = commentAt(text, at, end);
    if (!comment) continue;
    const target: Span = comment.closesLater === null && last?.end === end ? last.target : targetOf(text, comment, below);
    last = comment.closesLater === null ? { end, target } : null;
    below = { line: lineStart(text, at), target };
    const [, before = '', reason = ''] = /^(.*?)(?:(?:^|[ \t])(?:--|—)[ \t]*(.*))?$/.exec(comment.body) ?? [];
    const ids = before.split(/[\s,]+/).filter((id) => id !== '');
    const found = (ids.length === 0 ? [''] : ids).map((ruleId): SuppressionFact => ({ ruleId, reason: reason.trim() || null, span: { start: comment.start, end: comment.end }, target }));
    out.push(...found.reverse());
  }
  return out.reverse();
}

interface Comment {
  readonly start: number;
  /** Behind the closer when it stands on the same line, else the end of the line. */
  readonly end: number;
  readonly body: string;
  /** Closes the comment on a later line. */
  readonly closesLater: string | null;
}

function commentAt(text: string, at: number, end: number): Comment | null {
  const from = Math.max(lineStart(text, at, LOOK_BACK), at - LOOK_BACK);
  const whole = from === 0 || text.charCodeAt(from - 1) === 10 || text.charCodeAt(from - 1) === 13;
  const opener = OPENER.exec(text.slice(from, at));
  const bodyStart = at + DIRECTIVE.length;
  // `^` means the line, not the window.
  if (!opener || (/^[ \t]*\*/.test(opener[0]) && !whole) || /[\w-]/.test(text[bodyStart] ?? '')) return null;
  const word = opener[0].trim();
  const closer = word.includes('/*') || word === '*' ? '*/' : word === '<!--' ? '-->' : null;
  const line = text.slice(bodyStart, Math.min(end, bodyStart + MAX_BODY));
  const close = closer === null ? -1 : line.indexOf(closer);
  const start = from + opener.index + (opener[0].length - opener[0].trimStart().length);
  const clean = (body: string): string => body.trim().replace(/^:[ \t]*/, '');
  if (closer === null || close < 0) return { start, end, body: clean(line), closesLater: closer };
  let after = bodyStart + close + closer.length;
  // `{/* … */}`: the braces belong to the comment.
  const brace = word.startsWith('{') ? /^[ \t]*\}/.exec(text.slice(after, after + LOOK_BACK)) : null;
  if (brace) after += brace[0].length;
  return { start, end: after, body: clean(line.slice(0, close)), closesLater: null };
}

/** The next line that is not empty and holds no further directive. */
function targetOf(text: string, comment: Comment, below: { readonly line: number; readonly target: Span } | null): Span {
  const later = comment.closesLater === null ? -1 : text.slice(comment.end, comment.end + MAX_BODY).indexOf(comment.closesLater);
  const close = later < 0 ? -1 : comment.end + later;
  for (let at = close < 0 ? comment.end : close; ; ) {
    const start = nextLine(text, at);
    if (start >= text.length) return { start: text.length, end: text.length };
    if (start === below?.line) return below.target;
    const end = lineEnd(text, start);
    if (text.slice(start, end).trim() !== '') return { start, end };
    at = end;
  }
}

/** Not looked for farther back than `most`. */
function lineStart(text: string, at: number, most = MAX_BODY): number {
  for (let i = at; i > Math.max(0, at - most); i--) {
    const c = text.charCodeAt(i - 1);
    if (c === 10 || c === 13) return i;
  }
  return Math.max(0, at - most);
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

function nextLine(text: string, from: number): number {
  const end = lineEnd(text, from);
  return Math.min(text.length, end + (text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? 2 : 1));
}
