/** How inserted code looks like its surroundings: indentation, quotes, semicolons, names that are still free. */
import type { FunctionFact, ScriptFacts } from '../core/facts';

export type Style = ScriptFacts['style'];

/** White space at the start of the line that holds the offset. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

export function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

/**
 * Code written as we write it (single quotes, semicolons, two blanks) in a file's own style. Quotes inside other strings or
 * templates are left alone: only whole `'…'` literals without a double quote or escape are turned.
 */
export function styled(lines: readonly string[], style: Style, indent: string): string {
  return lines
    .map((line) => {
      if (line === '') return '';
      let out = style.semicolons ? line : line.replace(/;$/, '');
      if (style.quote === '"') out = out.replace(/'([^'"\\`]*)'/g, '"$1"');
      const depth = /^ */.exec(out)?.[0].length ?? 0;
      // An odd blank is no step of depth: it stands before the star of a comment.
      return indent + style.indent.repeat(Math.floor(depth / 2)) + out.slice(depth - (depth % 2));
    })
    .join(style.eol);
}

/** A name nothing in the function (or the file's top level) uses yet. */
export function freeName(text: string, wanted: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}${i}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}

/** Edits, as offsets of one text, that put statements first in a function: after its directives; an expression gets a body. */
export function prologue(fn: FunctionFact, text: string, style: Style, lines: readonly string[], after: number | null = null): { start: number; end: number; newText: string }[] {
  if (fn.bodyStart === null) {
    let start = fn.bodySpan.start;
    let end = fn.bodySpan.end;
    // `=> ({ … })`: the parentheses belong to the expression and stay with it.
    const outer = indentAt(text, fn.span.start);
    const inner = outer + style.indent;
    if (text[start] !== '(' && /\(\s*$/.test(text.slice(0, start)) && /^\s*\)/.test(text.slice(end)) && /=>\s*\(\s*$/.test(text.slice(0, start))) {
      start = text.lastIndexOf('(', start);
      end = text.indexOf(')', end) + 1;
    }
    const semi = style.semicolons ? ';' : '';
    return [
      { start, end: start, newText: `{${style.eol}${styled(lines, style, inner)}${style.eol}${inner}return ` },
      { start: end, end, newText: `${semi}${style.eol}${outer}}` },
    ];
  }
  let at = after ?? fn.bodyStart;
  if (after === null) {
    for (let m = DIRECTIVE.exec(text.slice(at)); m && fn.directives.length > 0; m = DIRECTIVE.exec(text.slice(at))) at += m[0].length;
  }
  const first = fn.body.find((s) => s.s >= at);
  const close = fn.bodySpan.end - 1;
  const sameLine = first !== undefined && !text.slice(at, first.s).includes('\n');
  const indent = first !== undefined && !sameLine ? indentAt(text, first.s) : indentAt(text, fn.bodySpan.start) + style.indent;
  const code = styled(lines, style, indent);
  if (first === undefined) return [{ start: at, end: close, newText: `${style.eol}${code}${style.eol}${indentAt(text, fn.bodySpan.start)}` }];
  if (sameLine) return [{ start: at, end: first.s, newText: `${style.eol}${code}${style.eol}${indent}` }];
  return [{ start: at, end: at, newText: `${style.eol}${code}` }];
}

const DIRECTIVE = /^\s*(['"])use [\w-]+\1;?/;

/** Edits that make a function async, its declared return type a promise with it. */
export function makeAsync(fn: FunctionFact, text: string): { start: number; end: number; newText: string }[] {
  if (fn.async) return [];
  const head = text.slice(fn.span.start, fn.bodySpan.start);
  const out: { start: number; end: number; newText: string }[] = [];
  const keyword = /\bfunction\b/.exec(head);
  const at = fn.kind === 'arrow' || !keyword ? fn.span.start : fn.span.start + keyword.index;
  out.push({ start: at, end: at, newText: 'async ' });
  if (fn.paramsSpan) {
    const rest = text.slice(fn.paramsSpan.end + 1, fn.bodySpan.start);
    const type = returnTypeOf(rest);
    if (type !== '' && !type.startsWith('Promise<')) {
      const from = fn.paramsSpan.end + 1 + rest.indexOf(type);
      out.push({ start: from, end: from + type.length, newText: `Promise<${type}>` });
    }
  }
  return out;
}

/** What stands between the parameters and the body, `: Type =>` or `: Type`: the type; empty when there is none. */
function returnTypeOf(rest: string): string {
  let type = rest.trim();
  if (!type.startsWith(':')) return '';
  if (type.endsWith('(')) type = type.slice(0, -1).trimEnd();
  if (type.endsWith('=>')) type = type.slice(0, -2);
  return type.slice(1).trim();
}
