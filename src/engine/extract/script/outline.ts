/**
 * What a script has from others and hands to others, read from its text without parsing it: most files of an app are
 * components that nothing on the server reads, and parsing and lowering them is what an audit would spend its time on.
 *
 * An outline is given only where the text itself shows that the rest holds nothing anybody asks every file for: no
 * literal that only the code around it makes a secret, no server action, nothing that could register endpoints on what it
 * is handed, and only forms of imports, exports and reads of the environment that are told exactly. Any doubt costs a parse.
 * `test/extract/outline.test.ts` holds outlines to what lowering says of the same text.
 */
import type { EnvReadFact, ExportFact, ImportFact } from '../../core/facts';
import { isTestPath } from '../../core/paths';
import { KeywordAutomaton, isKeyOfSomething, looksGenerated, nameClass } from '../secrets/index';

export interface Outline {
  readonly directives: readonly string[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly envReads: readonly EnvReadFact[];
  /** A .tsx or .jsx file with tags in it: whether they stand in a text is not asked. */
  readonly hasJsx: boolean;
}

/** Null: the text has to be parsed to know. */
export function outlineOf(path: string, text: string): Outline | null {
  const hasTags = /x$|js$/i.test(path) && /<\/|\/>/.test(text);
  // In a plain .js file it may stand in a text as well.
  if (hasTags && !/x$/i.test(path)) return null;
  if (HANDED.test(text) && REGISTERS.test(text)) return null;
  const words = readWords(text, isTestPath(path));
  if (words === null) return null;
  const directives: string[] = [];
  const imports: ImportFact[] = [];
  const start = readHead(text, directives, imports);
  const exports = readExports(text, start, words.modules, imports);
  const envReads = exports && readEnv(text, words.env);
  return exports && envReads ? { directives, imports, exports, envReads, hasJsx: hasTags } : null;
}

/** A name under which apps and routers are handed to functions, and a call on it that could register something. */
const HANDED = /[(,]\s*(?:app|router|server|expressApp|api|routes?)\s*[,:)=?]/i;
const REGISTERS = /\b(?:app|router|server|expressApp|api|routes?)\s*\.\s*(?:use|all|get|head|post|put|patch|delete|options|route|on)\b/i;

// ------------------------------------------------------------------------------------------------ telling words

type Telling = readonly (readonly [word: string, form: RegExp | ((text: string, end: number) => boolean) | null])[];

/** Words that are looked at more closely where they stand, and what they then have to look like; null: the word is enough. */
const MORE: Telling = [
  // CommonJS
  ['require', /\brequire\s*\(/], ['exports', /\bmodule\s*\.\s*exports\b|\bexports\s*[.[=]/],
  // Texts put together from pieces
  ['+', isJoin],
  // Server actions, who is signed in
  ['use server', null], ['.user', /\.user\s*=(?!=)/],
];
/** Of these only what is no test says anything. */
const MORE_OUTSIDE_TESTS: Telling = [
  // Validations
  ['safeparse', null], ['.spa', /\.spa\s*\(/], ['.validate', /\.validate\w*\s*\(/],
  // Calls that take a key, whatever it is called
  ['cookieparser', null], ['cookie-parser', null], ['keys', /\bkeys['"]?\s*:\s*\[/], ['crypt', /(?:en|de)crypt\s*\(|[bs]crypt/i], ['argon2', null], ['hasher', null], ['hashpw', null], ['hmac', null],
  ['cipher', /create(?:De)?cipher/i], ['secretkey', /SecretKey\s*\(/i], ['jsonwebtoken', null], ['jwt-simple', null],
  ['jwt', /jwt\w*\s*\.\s*(?:sign|verify|encode|decode)|['"/]jwt['"]/i], ['jws', /jws\w*\s*\.\s*(?:sign|verify|encode|decode)|['"/]jws['"]/i], ['jose', /['"/]jose['"]/],
];
const TELLING = [...MORE, ...MORE_OUTSIDE_TESTS];
/** Beginnings and ends of names that may say that their value is a secret. */
const STEMS = ['pass', 'pwd', 'pswd', 'secret', 'token', 'bearer', 'cred', 'key', 'senha', 'contrasena', 'motdepasse', 'sas'];
const PLAIN = ['import', 'export', 'env'];
const AUTOMATON = new KeywordAutomaton([...TELLING.map(([word]) => word), ...STEMS, ...PLAIN]);
/** How much around a word its form may take. */
const AROUND = 24;

interface Words {
  /** Where `import` and `export` stand as words. */
  readonly modules: readonly number[];
  readonly env: readonly number[];
}

/** One pass over the text; null as soon as something is met for which it has to be parsed. */
function readWords(text: string, inTest: boolean): Words | null {
  const modules: number[] = [];
  const env: number[] = [];
  let read = 0;
  const more = AUTOMATON.scan(text, (index, end) => {
    const known = TELLING[index];
    if (known) {
      if (inTest && index >= MORE.length) return false;
      const [word, form] = known;
      return form === null || (typeof form === 'function' ? form(text, end) : form.test(text.slice(Math.max(0, end - word.length - AROUND), end + AROUND)));
    }
    const start = end - AUTOMATON.keyword(index).length;
    if (index < TELLING.length + STEMS.length) {
      // The name around an earlier stem has been looked at whole.
      if (start < read) return false;
      const name = nameAround(text, start, end);
      read = name.end;
      return mayHoldSecret(text, name.start, name.end, inTest);
    }
    if (isWord(text, start, end)) (index === TELLING.length + STEMS.length + 2 ? env : modules).push(start);
    return false;
  });
  return more ? null : { modules, env };
}

/** `'a' + 'b'` with nothing but letters at the seam: an address or a sentence is seldom cut there. */
function isJoin(text: string, end: number): boolean {
  let before = end - 2;
  while (before > 0 && text.charCodeAt(before) <= 32) before--;
  let after = end;
  while (after < text.length && text.charCodeAt(after) <= 32) after++;
  return isAnyQuote(text.charCodeAt(before)) && isAnyQuote(text.charCodeAt(after)) && isNamePart(text.charCodeAt(before - 1)) && isNamePart(text.charCodeAt(after + 1));
}

function isWord(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  return !(isNamePart(before) && before !== 45) && !(isNamePart(after) && after !== 45) && text.charCodeAt(start) > 96;
}

function nameAround(text: string, from: number, to: number): { readonly start: number; readonly end: number } {
  let start = from;
  let end = to;
  while (start > 0 && isNamePart(text.charCodeAt(start - 1))) start--;
  while (end < text.length && isNamePart(text.charCodeAt(end))) end++;
  return { start, end };
}

/** A literal that could be the value of a name of each kind, somewhere behind it; see `classifyLiteral`. */
const VALUE = /['"`][^\n'"`]{3,}['"`]/;
const LONG_VALUE = /['"`][^\s'"`]{16,}['"`]/;
/** How far behind its name a value is looked for. */
const REACH = 400;

/** The name's value could be a secret, and one could follow; in a test only what was generated is one. */
function mayHoldSecret(text: string, start: number, end: number, inTest: boolean): boolean {
  const name = text.slice(start, end);
  const quoted = isQuote(text.charCodeAt(start - 1)) && text.charCodeAt(end) === text.charCodeAt(start - 1);
  // `/reset-password`, `text-token-sm`: part of a longer text.
  if (name.includes('-') && !quoted) return false;
  const kind = nameClass(name);
  if (kind === 'database-url' || (kind === 'none' && !isKeyOfSomething(name))) return false;
  if (inTest && !generatedFollows(text, start, end)) return false;
  return takesValue(text, start, quoted ? end + 1 : end, name, kind === 'none' || kind === 'credential' ? LONG_VALUE : VALUE);
}

const LITERALS = /(['"`])(?=([^\s'"`]{16,})\1)/g;

/** Within reach of the name stands a literal that may have been generated. */
function generatedFollows(text: string, start: number, end: number): boolean {
  for (const [, , value] of text.slice(Math.max(0, start - 120), end + REACH).matchAll(LITERALS)) if (value!.includes('\\') || looksGenerated(value!)) return true;
  return false;
}

function takesValue(text: string, from: number, to: number, name: string, value: RegExp): boolean {
  const after = text.slice(to, to + REACH);
  if (/^\]?\s*[?!]?\s*(?::(?!:)|=(?![=>]))/.test(after)) return value.test(after);
  if (/^[\s)\]!]*[!=]==?\s*\(?['"`]/.test(after)) return true;
  if (/^\s*\(/.test(after) && (/^\s*\(\s*['"`]/.test(after) || (/With\w*Password$/.test(name) && VALUE.test(after)))) return true;
  const before = text.slice(Math.max(0, from - 120), from);
  return /['"`]\)?\s*[!=]==?\s*[\w$.\s()[\]'"!?-]*$/.test(before) || /\benv\s*(?:\.\s*|\[\s*['"]|\?\.)$|\bget\(\s*['"]$/.test(before);
}

function isNamePart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 36 || c === 45;
}

function isQuote(c: number): boolean {
  return c === 34 || c === 39;
}

function isAnyQuote(c: number): boolean {
  return c === 34 || c === 39 || c === 96;
}

// ------------------------------------------------------------------------------------------------ the environment

const READ = /(?:process|import\.meta)\.env\.([A-Za-z_$][\w$]*)(?![\w$\x80-\uffff])/y;

/** Null where the environment is read in another way than by a plain name. */
function readEnv(text: string, words: readonly number[]): EnvReadFact[] | null {
  const out: EnvReadFact[] = [];
  const code = new Code(text, 0);
  for (const at of words) {
    const line = lineBefore(text, at);
    if (isComment(line)) continue;
    if (code.mayBeText(at, line)) return null;
    const owner = line.endsWith('import.meta.') ? 'import.meta.' : line.endsWith('process.') ? 'process.' : null;
    if (owner === null || mayBeQuoted(line)) return null;
    const start = at - owner.length;
    const read = match(READ, text, start);
    if (!read) return null;
    out.push({ name: read[1]!, via: owner === 'process.' ? 'process.env' : 'import.meta.env', span: { start, end: start + read[0].length } });
  }
  return out;
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}

/** The line begins as comments do, or one began on it. */
function isComment(line: string): boolean {
  return /^\s*\*|(?:^|\s)\/[/*]|^#!/.test(line);
}

function mayBeQuoted(line: string): boolean {
  return (line.split('"').length + line.split("'").length) % 2 === 1;
}

// ------------------------------------------------------------------------------------------------ directives and imports

const BLANK = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|;/y;
const DIRECTIVE = /(['"])([^'"\n\\]*)\1[ \t]*(?:;|(?=\r?\n)|$)/y;
/** A name in other letters than these is for the parser to read. */
const NAME = String.raw`[A-Za-z_$][\w$]*(?![\w$\x80-\uffff])`;
const IMPORT = new RegExp(String.raw`import\s+(?:(type)(?:\s+|(?=[{*]))(?!from\b))?(?:(${NAME})\s*(?:,\s*)?)?(?:\*\s*as\s+(${NAME})\s*|\{([^{}'"]*)\}\s*)?(?:from\s*)?(['"])([^'"\n\\]*)\5(?![ \t]*(?:with|assert)\b)`, 'y');

/** Directives and the imports at the top; returns where they end. */
function readHead(text: string, directives: string[], imports: ImportFact[]): number {
  let at = skip(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (let m = match(DIRECTIVE, text, at); m; m = match(DIRECTIVE, text, at)) {
    directives.push(m[2]!);
    at = skip(text, at + m[0].length);
  }
  for (let m = match(IMPORT, text, at); m; m = match(IMPORT, text, at)) {
    const names = namesOf(m);
    if (names === null) break;
    let end = at + m[0].length;
    const semicolon = /^[ \t]*;/.exec(text.slice(end, end + 8));
    if (semicolon) end += semicolon[0].length;
    imports.push({ specifier: m[6]!, kind: 'import', typeOnly: m[1] !== undefined, names, span: { start: at, end } });
    at = skip(text, end);
  }
  return at;
}

function namesOf(m: RegExpExecArray): ImportFact['names'] | null {
  const typeOnly = m[1] !== undefined;
  const out: { imported: string; local: string; typeOnly: boolean }[] = [];
  if (m[2] !== undefined) out.push({ imported: 'default', local: m[2], typeOnly });
  if (m[3] !== undefined) out.push({ imported: '*', local: m[3], typeOnly });
  if (m[4] !== undefined) {
    const named = specifiersOf(m[4]);
    if (named === null) return null;
    for (const n of named) out.push({ imported: n.name, local: n.as, typeOnly: typeOnly || n.typeOnly });
  }
  // `import x 'y'`: a clause without `from`, or `from` without a clause, is half-typed.
  return /from\s*['"][^'"]*['"]$/.test(m[0]) === out.length > 0 || (m[4] !== undefined && out.length === 0) ? out : null;
}

const SPECIFIER = new RegExp(`^(type\\s+)?(${NAME})(?:\\s+as\\s+(${NAME}))?$`);

/** `a, type B, c as d`; null where something else stands between the braces. */
function specifiersOf(list: string): { readonly name: string; readonly as: string; readonly typeOnly: boolean; readonly at: number; readonly length: number }[] | null {
  if (list.includes('/')) return null;
  const out: { name: string; as: string; typeOnly: boolean; at: number; length: number }[] = [];
  let at = 0;
  for (const piece of list.split(',')) {
    const bare = piece.trim();
    if (bare !== '') {
      const m = SPECIFIER.exec(bare);
      if (!m || (m[2] === 'type' && m[3] === undefined && m[1] !== undefined)) return null;
      out.push({ name: m[2]!, as: m[3] ?? m[2]!, typeOnly: m[1] !== undefined, at: at + piece.indexOf(bare), length: bare.length });
    }
    at += piece.length + 1;
  }
  return out;
}

function skip(text: string, at: number): number {
  let end = at;
  for (let m = match(BLANK, text, end); m; m = match(BLANK, text, end)) end += m[0].length;
  return end;
}

function match(re: RegExp, text: string, at: number): RegExpExecArray | null {
  re.lastIndex = at;
  return re.exec(text);
}

// ------------------------------------------------------------------------------------------------ exports

const DYNAMIC = /import\(\s*(['"])([^'"\n\\]*)\1\s*\)/y;
const DECLARED = new RegExp(String.raw`export\s+(?:(default)\s+)?(?:(declare|abstract)\s+)?(?:(async)\s+)?(const|let|var|function\s*\*?|class|interface|type|enum|namespace|module)\s+(?!enum\b)(${NAME})`, 'y');
const DEFAULT_NAME = new RegExp(String.raw`export\s+default\s+(${NAME})[ \t]*(?:;|(?=\r?\n)|$)`, 'y');
const LIST = new RegExp(String.raw`export\s+(type\s+)?\{([^{}'"]*)\}(?:\s*from\s*(['"])([^'"\n\\]*)\3)?`, 'y');
const STAR = new RegExp(String.raw`export\s+\*(?:\s*as\s+(${NAME}))?\s*from\s*(['"])([^'"\n\\]*)\2`, 'y');

/** Null where a word that could be one of these stands somewhere else than at the start of a statement that is told exactly. */
function readExports(text: string, start: number, words: readonly number[], imports: ImportFact[]): ExportFact[] | null {
  const out: ExportFact[] = [];
  const code = new Code(text, start);
  let read = start;
  for (const at of words) {
    if (at < read) continue;
    const line = lineBefore(text, at);
    if (isComment(line) || text.startsWith('import.meta.env', at)) continue;
    if (line === '' && text.startsWith('export', at)) {
      const end = code.mayEndAt(at) ? readExport(text, at, out, imports, code) : null;
      if (end === null) return null;
      read = end;
    } else if (/^import\s*\(/.test(text.slice(at, at + AROUND))) {
      const call = match(DYNAMIC, text, at);
      // `x as import('y').Type` imports nothing.
      if (!call || !/(?:await|=>|\(|return)\s*$/.test(line) || /^\s*\.\s*[A-Z]/.test(text.slice(at + call[0].length, at + call[0].length + AROUND)) || mayBeQuoted(line) || !code.mayEndAt(at)) return null;
      imports.push({ specifier: call[2]!, kind: 'dynamic', typeOnly: false, names: [], span: { start: at, end: at + call[0].length } });
      // `async export`: the parser takes it.
    } else if (/(?:^|[;{})])\s*$|^[\w\s]*$/.test(line)) return null;
  }
  return out;
}

/** What is known of a text without reading it as code, asked at growing places: each part of it is looked at once. */
class Code {
  private comment = false;
  private template = false;
  private lists: number | null = null;

  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** As far as counting tells, no comment and no template is open there. */
  mayEndAt(place: number): boolean {
    this.goTo(place);
    return !this.comment && !this.template;
  }

  /** In a comment, or in a template beside its code; `line`: what stands before it on its line. */
  mayBeText(place: number, line: string): boolean {
    this.goTo(place);
    return this.comment || (this.template && !line.includes('${'));
  }

  private goTo(place: number): void {
    const { text } = this;
    MARKS.lastIndex = this.at;
    for (let m = MARKS.exec(text); m && m.index < place; m = MARKS.exec(text)) {
      if (m[0] === '`') this.template = !this.template;
      // `image/*` is no comment.
      else if (m[0] === '*/') this.comment = false;
      else if (m.index === 0 || !/[\w'"*]/.test(text[m.index - 1]!)) this.comment = true;
    }
    this.at = place;
  }

  /** A declaration may go on behind this place with a further name, after a block: `}, next = …`. */
  goesOnAfter(place: number): boolean {
    if (this.lists === null) {
      this.lists = -1;
      FURTHER.lastIndex = place;
      for (let m = FURTHER.exec(this.text); m; m = FURTHER.exec(this.text)) this.lists = m.index;
    }
    return this.lists > place;
  }
}

const MARKS = /`|\/\*|\*\//g;
const FURTHER = /^[ \t]*[)\]}]*[ \t]*,[ \t]*[A-Za-z_$][\w$]*[ \t]*=(?![=>])/gm;

function readExport(text: string, at: number, out: ExportFact[], imports: ImportFact[], code: Code): number | null {
  const declared = match(DECLARED, text, at);
  if (declared) return readDeclaration(text, at, declared, out, code);
  const named = match(DEFAULT_NAME, text, at);
  if (named && !/^(?:async|function|class|new|await|typeof|void|null|true|false|undefined|this|super)$/.test(named[1]!)) {
    out.push({ kind: 'local', name: 'default', local: named[1]!, span: { start: at, end: Math.min(at + named[0].trimEnd().replace(/;$/, '').trimEnd().length, at + 'export default'.length) } });
    return at + named[0].length;
  }
  const star = match(STAR, text, at);
  if (star) {
    const end = statementEnd(text, at + star[0].length);
    imports.push({ specifier: star[3]!, kind: 'export', typeOnly: false, names: [], span: { start: at, end } });
    out.push(star[1] === undefined ? { kind: 'star', specifier: star[3]!, span: { start: at, end } } : { kind: 'from', name: star[1], imported: '*', specifier: star[3]!, span: { start: at, end } });
    return end;
  }
  const list = match(LIST, text, at);
  if (!list) return null;
  const end = statementEnd(text, at + list[0].length);
  const specifiers = specifiersOf(list[2]!);
  if (specifiers === null) return null;
  if (list[1] !== undefined) return end;
  const from = list[4];
  if (from !== undefined) imports.push({ specifier: from, kind: 'export', typeOnly: false, names: [], span: { start: at, end } });
  const open = at + list[0].indexOf('{') + 1;
  for (const s of specifiers) {
    if (s.typeOnly) continue;
    const span = { start: open + s.at, end: open + s.at + s.length };
    out.push(from !== undefined ? { kind: 'from', name: s.as, imported: s.name, specifier: from, span } : { kind: 'local', name: s.as, local: s.name, span });
  }
  return end;
}

function readDeclaration(text: string, at: number, m: RegExpExecArray, out: ExportFact[], code: Code): number | null {
  const end = at + m[0].length;
  const what = m[4]!;
  if (what === 'interface' || what === 'type') return end;
  if (m[2] === 'declare' || what === 'namespace' || what === 'module') return null;
  const isDefault = m[1] !== undefined;
  if (/^(?:const|let|var)$/.test(what) && (!isSingle(text, end) || code.goesOnAfter(end))) return null;
  // A declaration without a body is an overload: the one with the body counts.
  if (what.startsWith('function') && !text.includes('{', afterParameters(text, end))) return null;
  if (what.startsWith('function') && out.some((e) => e.kind === 'local' && e.local === m[5])) return null;
  out.push({ kind: 'local', name: isDefault ? 'default' : m[5]!, local: m[5]!, span: { start: end - m[5]!.length, end } });
  return end;
}

/** Behind the parentheses that open next, as far as counting tells. */
function afterParameters(text: string, from: number): number {
  let depth = 0;
  for (let at = text.indexOf('(', from); at >= 0 && at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 40) depth++;
    else if (c === 41 && --depth === 0) return at;
  }
  return text.length;
}

/** One name is declared, as far as the statement's first line tells. */
function isSingle(text: string, from: number): boolean {
  const next = text.indexOf('\n', from);
  const line = text.slice(from, next < 0 ? text.length : next);
  return /^\s*[:=;]/.test(line) && !hasComma(line);
}

/** Outside brackets and texts. */
function hasComma(line: string): boolean {
  let depth = 0;
  let quote = 0;
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (quote !== 0) {
      if (c === 92) i++;
      else if (c === quote) quote = 0;
    } else if (c === 34 || c === 39 || c === 96) quote = c;
    else if (c === 40 || c === 91 || c === 123 || c === 60) depth++;
    // The `>` of an arrow closes nothing.
    else if (c === 41 || c === 93 || c === 125 || (c === 62 && line.charCodeAt(i - 1) !== 61)) depth--;
    else if (c === 44 && depth <= 0) return true;
  }
  return false;
}

function statementEnd(text: string, at: number): number {
  const m = /^[ \t]*;/.exec(text.slice(at, at + 8));
  return m ? at + m[0].length : at;
}
