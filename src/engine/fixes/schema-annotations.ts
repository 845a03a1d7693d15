/** A parameter's TypeScript annotation tells its type better than its name. */
import type { Entry, Type } from './schema-types';

/** `text` begins right after the parameter's name: `?: string | null = null, next: …`. */
export function fromAnnotation(text: string, guess: Entry): Entry {
  const m = /^\s*(\?)?\s*:/.exec(text);
  if (!m) return /^\s*=/.test(text) ? { ...guess, optional: true } : guess;
  const { type, rest } = cut(text.slice(m[0].length));
  const parts = split(type, '|').map((p) => p.trim()).filter((p) => p !== '');
  const nullable = parts.includes('null');
  const optional = m[1] === '?' || parts.includes('undefined') || /^\s*=/.test(rest);
  const core = parts.filter((p) => p !== 'null' && p !== 'undefined');
  const known = typeOf(core, guess.type);
  return { ...guess, type: known ?? guess.type, optional, nullable };
}

function typeOf(parts: readonly string[], guess: Type): Type | null {
  if (parts.length === 0) return null;
  const literals = parts.map((p) => /^(['"])(.*)\1$/.exec(p)?.[2]);
  if (literals.every((l): l is string => l !== undefined)) return { t: 'enum', values: literals };
  if (parts.length > 1) return null;
  const p = parts[0]!;
  if (p === 'string') return guess.t === 'string' ? guess : { t: 'string', min: 0, max: 255, trim: false, format: null };
  if (p === 'number') return guess.t === 'number' ? { ...guess, coerce: false } : { t: 'number', coerce: false, int: false, min: null, max: null };
  if (p === 'boolean') return { t: 'boolean' };
  const list = /^(?:readonly\s+)?(string|number)\[\]$/.exec(p) ?? /^(?:Readonly)?Array<(string|number)>$/.exec(p);
  if (list) return { t: 'array', of: list[1] === 'string' ? { t: 'string', min: 1, max: 200, trim: false, format: null } : { t: 'number', coerce: false, int: false, min: null, max: null }, max: 1000 };
  return null;
}

/** Up to the parameter's end: a comma or `=` outside brackets and quotes. */
function cut(text: string): { type: string; rest: string } {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === "'" || c === '"' || c === '`') quote = c;
    else if (/[([{<]/.test(c)) depth++;
    else if (/[)\]}]/.test(c) || (c === '>' && text[i - 1] !== '=')) depth--;
    if (!quote && depth <= 0 && (c === ',' || (c === '=' && text[i + 1] !== '>') || c === ')')) return { type: text.slice(0, i), rest: text.slice(i) };
  }
  return { type: text, rest: '' };
}

function split(text: string, by: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === "'" || c === '"') quote = c;
    else if (/[([{<]/.test(c)) depth++;
    else if (/[)\]}>]/.test(c)) depth--;
    else if (c === by && depth === 0) {
      out.push(text.slice(from, i));
      from = i + 1;
    }
  }
  out.push(text.slice(from));
  return out;
}
