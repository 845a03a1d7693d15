/** What TypeScript annotations say of a field: better than its name. Read from the text, since types are no part of the facts. */
import type { Entry, Type } from './schema-types';

/** The body of a named type, `{ … }`; null: not found. */
export type Lookup = (name: string) => string | null;

const TEXT: Type = { t: 'string', min: 0, max: 255, trim: false, format: null };

/** `text` begins right after the parameter's name: `?: string | null = null, next: …`. */
export function fromAnnotation(text: string, guess: Entry, lookup: Lookup): Entry {
  const m = /^\s*(\?)?\s*:/.exec(text);
  if (!m) return /^\s*=/.test(text) ? { ...guess, optional: true } : guess;
  const { type, rest } = cut(text.slice(m[0].length));
  const { core, nullable, undef } = parts(type);
  // An object of which nothing is known: no text, at least.
  const known = typeFrom(core, guess.type, lookup, 0) ?? (guess.type.t === 'string' && !core.includes('any') && !core.includes('unknown') ? { t: 'record' as const } : guess.type);
  return { ...guess, type: known, optional: m[1] === '?' || undef || /^\s*=/.test(rest), nullable };
}

/** What a declared type says of the entries guessed for it; fields it does not name stay as guessed. */
export function fromDeclared(type: string, guess: readonly Entry[], lookup: Lookup): readonly Entry[] {
  const known = typeFrom([type.trim()], { t: 'object', fields: guess }, lookup, 0);
  return known?.t === 'object' ? known.fields : guess;
}

function parts(type: string): { core: string[]; nullable: boolean; undef: boolean } {
  const all = split(type, '|').map((p) => p.trim()).filter((p) => p !== '');
  return { core: all.filter((p) => p !== 'null' && p !== 'undefined'), nullable: all.includes('null'), undef: all.includes('undefined') };
}

function typeFrom(core: readonly string[], guess: Type, lookup: Lookup, depth: number): Type | null {
  if (core.length === 0 || depth > 4) return null;
  const literals = core.map((p) => /^(['"])(.*)\1$/.exec(p)?.[2]);
  if (literals.every((l): l is string => l !== undefined)) return { t: 'enum', values: literals };
  if (core.length > 1) return null;
  const p = core[0]!;
  if (p === 'string') return guess.t === 'string' || guess.t === 'enum' ? guess : TEXT;
  if (p === 'number') return guess.t === 'number' ? { ...guess, coerce: false } : { t: 'number', coerce: false, int: false, min: null, max: null };
  if (p === 'boolean') return { t: 'boolean' };
  if (p === 'File') return { t: 'file' };
  if (p === 'Date') return { t: 'date' };
  if (p.startsWith('Record<')) return { t: 'record' };
  const list = /^(?:readonly\s+)?([\s\S]+)\[\]$/.exec(p)?.[1] ?? /^(?:Readonly)?Array<([\s\S]+)>$/.exec(p)?.[1];
  if (list !== undefined) {
    const inner = list.trim().replace(/^\((.*)\)$/s, '$1');
    const of = typeFrom(parts(inner).core, guess.t === 'array' ? guess.of : TEXT, lookup, depth + 1);
    return of === null ? null : { t: 'array', of, max: 1000 };
  }
  if (p.startsWith('{') && p.endsWith('}')) return objectFrom(p.slice(1, -1), guess, lookup, depth);
  const generic = /^(Partial|Required|Readonly|Omit|Pick)<([\s\S]+)>$/.exec(p);
  if (generic) {
    const [target, keys] = split(generic[2]!, ',').map((x) => x.trim());
    const of = target === undefined ? null : typeFrom([target], guess, lookup, depth + 1);
    if (of?.t !== 'object') return null;
    const names = new Set([...(keys ?? '').matchAll(/['"]([^'"]+)['"]/g)].map((m) => m[1]!));
    if (generic[1] === 'Partial') return { t: 'object', fields: of.fields.map((f) => ({ ...f, optional: true })) };
    if (generic[1] === 'Omit') return { t: 'object', fields: of.fields.filter((f) => !names.has(f.name)) };
    if (generic[1] === 'Pick') return { t: 'object', fields: of.fields.filter((f) => names.has(f.name)) };
    return of;
  }
  const body = lookup(p);
  return body === null ? null : typeFrom(body.startsWith('{') ? [body] : parts(body).core, guess, lookup, depth + 1);
}

function objectFrom(body: string, guess: Type, lookup: Lookup, depth: number): Type | null {
  const guessed = guess.t === 'object' ? guess.fields : [];
  const out: Entry[] = [];
  for (const member of membersOf(body)) {
    const m = /^(?:readonly\s+)?(?:([A-Za-z_$][\w$]*)|'([^']*)'|"([^"]*)")(\?)?\s*:\s*([\s\S]+)$/.exec(member);
    if (!m) return null;
    const name = m[1] ?? m[2] ?? m[3]!;
    const { core, nullable, undef } = parts(m[5]!);
    const before = guessed.find((g) => g.name === name);
    const type = typeFrom(core, before?.type ?? TEXT, lookup, depth + 1) ?? before?.type ?? { t: 'record' as const };
    out.push({ name, type, optional: m[4] === '?' || undef, nullable });
  }
  for (const g of guessed) if (!out.some((o) => o.name === g.name)) out.push(g);
  return out.length === 0 ? null : { t: 'object', fields: out };
}

/** Members of an object type, one by one, comments taken out. */
function membersOf(body: string): string[] {
  const plain = body.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/[^\n]*/g, '');
  return split(plain, ';').flatMap((x) => split(x, ',')).flatMap((x) => split(x, '\n')).map((x) => x.trim()).filter((x) => x !== '');
}

/** Finds `interface X {…}`, `type X = {…}` or a union of texts in a text. */
export function declaredIn(text: string, name: string): string | null {
  const union = new RegExp(`\\btype\\s+${name}\\s*=\\s*((?:\\|?\\s*(?:'[^']*'|"[^"]*")\\s*)+)(?:;|\\n|$)`).exec(text);
  if (union) return union[1]!.trim();
  const m = new RegExp(`\\b(?:interface\\s+${name}\\s*|type\\s+${name}\\s*=\\s*)\\{`).exec(text);
  if (!m) return null;
  const start = m.index + m[0].length - 1;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(start, i + 1);
  }
  return null;
}

/** Up to the parameter's end: a comma or `=` outside brackets and quotes. */
function cut(text: string): { type: string; rest: string } {
  for (const [i, c, depth] of outside(text)) if (depth < 0 || (depth === 0 && (c === ',' || (c === '=' && text[i + 1] !== '>')))) return { type: text.slice(0, i), rest: text.slice(i) };
  return { type: text, rest: '' };
}

function split(text: string, by: string): string[] {
  const out: string[] = [];
  let from = 0;
  for (const [i, c, depth] of outside(text)) {
    if (c !== by || depth !== 0) continue;
    out.push(text.slice(from, i));
    from = i + 1;
  }
  out.push(text.slice(from));
  return out;
}

/** Each character that stands in no quotes, with its depth in brackets. */
function* outside(text: string): Generator<readonly [number, string, number]> {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      continue;
    }
    if (c === "'" || c === '"' || c === '`') {
      quote = c;
      continue;
    }
    if (/[([{<]/.test(c)) depth++;
    else if (/[)\]}]/.test(c) || (c === '>' && text[i - 1] !== '=')) depth--;
    yield [i, c, depth];
  }
}
