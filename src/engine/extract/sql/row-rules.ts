/**
 * Row level security as a project's own SQL sets it up: which tables have it on, and whom their policies let through.
 *
 * A tolerant scanner over statements, no SQL parser: strings, dollar quotes and comments are respected, statements that say
 * nothing about row rules are skipped, and what cannot be read is said to be unread rather than guessed.
 */
import type { ConfigFacts, Passes, RowRuleChange, RowTest, SqlCommand, SqlTableFact } from '../../core/facts';
import { isTestPath } from '../../core/paths';
import { tableIn } from './tables';

/** Words without which a file says nothing about row rules. */
const TELLS = /row\s+level\s+security|(?:create|alter|drop)\s+policy|(?:create|drop)\s+(?:unlogged\s+)?table|rename\s+to|create\s+(?:or\s+replace\s+)?function|revoke\s/i;
const MAX_CHANGES = 5000;
/** A longer function does work; those that policies call are short. */
const MAX_BODY = 20_000;
/** A condition nested deeper is taken as a whole. */
const MAX_NESTING = 24;
/** Nested `DO` blocks beyond this are nobody's migration. */
const MAX_DEPTH = 3;

/** What a `.sql` file changes about row rules, in order; null when it says nothing about them. */
export function extractRowRules(path: string, text: string): ConfigFacts | null {
  if (!/\.sql$/i.test(path) || isTestPath(path) || !TELLS.test(text)) return null;
  const changes: RowRuleChange[] = [];
  readStatements(text, changes, 0);
  return changes.length > 0 ? { kind: 'row-rules', changes, tables: tablesIn(text) } : null;
}

/** So many tables no app has. */
const MAX_TABLES = 500;

function tablesIn(text: string): SqlTableFact[] {
  const out: SqlTableFact[] = [];
  for (const statement of statementsOf(text)) {
    const table = out.length < MAX_TABLES && /\bcreate\b/i.test(statement.slice(0, 2000)) ? tableIn(statement) : null;
    if (table) out.push(table);
  }
  return out;
}

function readStatements(text: string, out: RowRuleChange[], depth: number): void {
  for (const statement of statementsOf(text)) {
    if (out.length >= MAX_CHANGES) return;
    const head = HEAD.exec(statement);
    if (!head) continue;
    const verb = head[1] ?? head[2] ?? head[4] ?? head[6] ?? '';
    const what = head[3] ?? head[5] ?? '';
    const kind = `${verb} ${what}`.toLowerCase().replace(/\s+/g, ' ').trim();
    // Most statements of a migration add columns and indexes: they are not worth a look inside.
    if (verb.toLowerCase() === 'do') readBlock(tokensOf(statement), out, depth);
    else if (kind === 'create table' || kind === 'create unlogged table' || kind === 'drop table') readStatement(tokensOf(statement, kind === 'drop table' ? 200 : 12), out);
    else if (kind === 'create function' || kind === 'create or replace function') readFunction(statement, out);
    else if (kind !== 'alter table' || /row\s+level\s+security|rename\s+to/i.test(statement)) readStatement(tokensOf(statement), out);
  }
}

const HEAD = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:(do)\b|(?:(create)\s+((?:or\s+replace\s+)?function|(?:unlogged\s+)?table|policy)|(alter|drop)\s+(table|policy)|(revoke)\s)\b)/i;

/** `DO $$ … $$`: the statements inside run as they stand; text handed to EXECUTE is made at run time. */
function readBlock(tokens: readonly Token[], out: RowRuleChange[], depth: number): void {
  const body = tokens.find((t) => t.k === 'dollar' || t.k === 'text')?.v ?? '';
  if (!TELLS.test(body)) return;
  if (depth >= MAX_DEPTH || /\bexecute\b/i.test(body)) out.push({ do: 'unread' });
  if (depth >= MAX_DEPTH) return;
  // Inside a block a statement may stand behind `begin`, `then`, `else` or `loop`.
  readStatements(body.replace(/\b(begin|then|else|loop)\b/gi, ';'), out, depth + 1);
}

// ------------------------------------------------------------------------------------------------ statements

/** Cuts at `;` outside strings, dollar quotes and comments; the data behind `COPY … FROM stdin` is no SQL. */
function* statementsOf(text: string): Generator<string> {
  const stop = /['"$;]|--|\/\*/g;
  let start = 0;
  let at = 0;
  while (at < text.length) {
    stop.lastIndex = at;
    const m = stop.exec(text);
    if (!m) break;
    at = m.index;
    if (m[0] === ';') {
      const statement = text.slice(start, at);
      yield statement;
      at++;
      start = at;
      if (/^\s*copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement)) {
        const end = text.indexOf('\n\\.', at);
        at = start = end < 0 ? text.length : end + 3;
      }
    } else at = Math.max(at + 1, skip(text, at));
  }
  yield text.slice(start);
}

/** What strings, quoted names, dollar quotes and comments begin with. */
const SKIPPED = new Set(['\'', '"', '$', '-', '/']);

/** The offset behind the string, quoted name, dollar quote or comment that starts here; the same offset when none does. */
function skip(text: string, at: number): number {
  const c = text[at];
  const ends = (found: number, length: number) => (found < 0 ? text.length : found + length);
  if (c === "'" || c === '"') {
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] !== c) continue;
      if (text[i + 1] !== c) return i + 1;
      i++;
    }
    return text.length;
  }
  if (text.startsWith('--', at)) return ends(text.indexOf('\n', at), 1);
  if (text.startsWith('/*', at)) return ends(text.indexOf('*/', at + 2), 2);
  if (c === '$') {
    const tag = dollarTag(text, at);
    if (tag !== null) return ends(text.indexOf(tag, at + tag.length), tag.length);
  }
  return at;
}

function dollarTag(text: string, at: number): string | null {
  const tag = /\$(?:[A-Za-z_]\w*)?\$/y;
  tag.lastIndex = at;
  return tag.exec(text)?.[0] ?? null;
}

interface Token {
  /** `word`: lower-cased · `name`: was quoted · `text`: a string · `dollar`: what stands between dollar quotes. */
  readonly k: 'word' | 'name' | 'text' | 'dollar' | 'sign';
  readonly v: string;
}

function tokensOf(statement: string, most = Infinity): Token[] {
  const out: Token[] = [];
  const token = /\s+|[A-Za-z_][\w$]*|\d[\w.]*|::|<>|!=|[<>=]+|[\s\S]/y;
  for (let at = 0; at < statement.length && out.length < most; ) {
    const c = statement[at] ?? '';
    const end = SKIPPED.has(c) ? skip(statement, at) : at;
    if (end > at) {
      if (c === "'") out.push({ k: 'text', v: statement.slice(at + 1, end - 1) });
      else if (c === '"') out.push({ k: 'name', v: statement.slice(at + 1, end - 1) });
      else if (c === '$') {
        const tag = dollarTag(statement, at) ?? '';
        out.push({ k: 'dollar', v: statement.slice(at + tag.length, Math.max(at + tag.length, end - tag.length)) });
      }
      at = end;
      continue;
    }
    token.lastIndex = at;
    const v = token.exec(statement)?.[0] ?? statement[at] ?? '';
    if (/^[A-Za-z_]/.test(v)) out.push({ k: 'word', v: v.toLowerCase() });
    else if (v.trim() !== '') out.push({ k: 'sign', v });
    at += Math.max(1, v.length);
  }
  return out;
}

/** Reads a statement's tokens from left to right. */
class Reader {
  at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  /** Takes these words if they come next. */
  take(...words: readonly string[]): boolean {
    if (!words.every((w, i) => this.tokens[this.at + i]?.k !== 'text' && this.tokens[this.at + i]?.v === w)) return false;
    this.at += words.length;
    return true;
  }

  /** A possibly qualified name; `public.` says nothing. */
  name(): string | null {
    const parts: string[] = [];
    for (;;) {
      const t = this.tokens[this.at];
      if (t?.k !== 'word' && t?.k !== 'name') break;
      parts.push(t.v);
      this.at++;
      if (!this.take('.')) break;
    }
    if (parts.length === 0) return null;
    return (parts[0] === 'public' && parts.length > 1 ? parts.slice(1) : parts).join('.');
  }

  /** The tokens of a parenthesised expression, without its parentheses; null when none comes next. */
  parens(): Token[] | null {
    if (!this.take('(')) return null;
    const from = this.at;
    for (let depth = 1; this.at < this.tokens.length; this.at++) {
      const t = this.tokens[this.at];
      if (t?.k !== 'sign') continue;
      if (t.v === '(') depth++;
      else if (t.v === ')' && --depth === 0) return this.tokens.slice(from, this.at++);
    }
    return this.tokens.slice(from);
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }
}

function readStatement(tokens: readonly Token[], out: RowRuleChange[]): void {
  const r = new Reader(tokens);
  if (r.take('create')) {
    if (r.take('policy')) return readPolicy(r, out, false);
    r.take('unlogged');
    if (!r.take('table')) return;
    r.take('if', 'not', 'exists');
    const table = r.name();
    if (table !== null) out.push({ do: 'create', table });
  } else if (r.take('alter', 'policy')) readPolicy(r, out, true);
  else if (r.take('alter', 'table')) readAlter(r, out);
  else if (r.take('drop', 'policy')) {
    r.take('if', 'exists');
    const name = r.name();
    const table = r.take('on') ? r.name() : null;
    if (name !== null && table !== null) out.push({ do: 'drop-policy', table, name });
  } else if (r.take('drop', 'table')) {
    r.take('if', 'exists');
    do {
      const table = r.name();
      if (table !== null) out.push({ do: 'drop', table });
    } while (r.take(','));
  } else if (r.take('revoke')) readRevoke(r, out);
}

function readAlter(r: Reader, out: RowRuleChange[]): void {
  r.take('if', 'exists');
  r.take('only');
  const table = r.name();
  if (table === null) return;
  r.take('*');
  while (!r.done) {
    if (r.take('enable', 'row', 'level', 'security')) out.push({ do: 'rls', table, on: true });
    else if (r.take('disable', 'row', 'level', 'security')) out.push({ do: 'rls', table, on: false });
    else if (r.take('rename', 'to')) {
      const to = r.name();
      if (to !== null) out.push({ do: 'rename', table, to });
    } else r.at++;
  }
}

const COMMANDS: ReadonlySet<string> = new Set(['all', 'select', 'insert', 'update', 'delete']);

function readPolicy(r: Reader, out: RowRuleChange[], changes: boolean): void {
  r.take('if', 'not', 'exists');
  const name = r.name();
  const table = r.take('on') ? r.name() : null;
  if (name === null || table === null) return;
  let restrictive = false;
  let command: SqlCommand | 'all' = 'all';
  let to: string[] | null = null;
  let using: RowTest | null = null;
  let check: RowTest | null = null;
  while (!r.done) {
    if (r.take('as')) restrictive = r.name() === 'restrictive';
    else if (r.take('for')) {
      const word = r.name();
      if (word !== null && COMMANDS.has(word)) command = word as SqlCommand | 'all';
    } else if (r.take('to')) {
      to = [];
      do {
        const role = r.name();
        if (role !== null) to.push(role);
      } while (r.take(','));
    } else if (r.take('using')) using = testOf(r.parens() ?? []);
    else if (r.take('with', 'check')) check = testOf(r.parens() ?? []);
    else r.at++;
  }
  out.push(changes ? { do: 'alter-policy', table, name, to, using, check } : { do: 'policy', table, name, command, restrictive, to: to ?? [], using, check });
}

function readFunction(statement: string, out: RowRuleChange[]): void {
  const r = new Reader(tokensOf(statement, 12));
  while (!r.done && !r.take('function')) r.at++;
  const name = r.name();
  if (name === null) return;
  const open = /\$(?:[A-Za-z_]\w*)?\$/.exec(statement);
  const body = open ? statement.slice(open.index + open[0].length, statement.lastIndexOf(open[0])) : statement;
  const calls = new Set<string>();
  if (body.length <= MAX_BODY) for (const m of body.matchAll(/\b([a-z_]\w*)\s*\(/gi)) if (m[1] && !NO_FUNCTION.has(m[1].toLowerCase())) calls.add(m[1].toLowerCase());
  out.push({ do: 'function', name, asks: ASKS.test(body), calls: [...calls].slice(0, 8) });
}

/** `REVOKE EXECUTE ON FUNCTION f(args) FROM anon`: strangers may not call it at all. */
function readRevoke(r: Reader, out: RowRuleChange[]): void {
  while (!r.done && !r.take('on')) r.at++;
  if (!r.take('function')) return;
  const name = r.name();
  r.parens();
  if (name === null || !r.take('from')) return;
  for (; !r.done; r.at++) if (r.take('anon')) return void out.push({ do: 'function', name, asks: true, calls: [] });
}

// ------------------------------------------------------------------------------------------------ whom a test lets through

/** Asks the database who is calling. */
const ASKS = /\bauth\s*\.\s*(?:uid|jwt|role|email)\s*\(|request\.jwt/i;

/** `a OR b OR c`: a row passes when one of them lets it. */
function testOf(tokens: readonly Token[], depth = 0): RowTest {
  return split(bare(tokens), 'or').map((t) => alternativeOf(t, depth));
}

function alternativeOf(tokens: readonly Token[], depth: number): RowTest[number] {
  const inner = bare(tokens);
  const parts = depth < MAX_NESTING ? split(inner, 'and') : [];
  if (parts.length > 1) {
    const all = parts.map((p) => testOf(p, depth + 1));
    // What every part must let through: the strictest part decides; who calls which function counts for all of them.
    const passes = all.map(loosest).reduce<Passes>((a, b) => (RANK[b] < RANK[a] ? b : a), 'all');
    return { passes, calls: all.flatMap((t) => (t.length === 1 ? (t[0]?.calls ?? []) : [])), texts: all.flatMap((t) => t.flatMap((x) => x.texts)) };
  }
  if (depth < MAX_NESTING && split(inner, 'or').length > 1) {
    const test = testOf(inner, depth + 1);
    return { passes: loosest(test), calls: [], texts: test.flatMap((x) => x.texts) };
  }
  const texts = inner.filter((t) => t.k === 'text').map((t) => t.v).slice(0, 8);
  return { passes: passesOf(inner, texts), calls: callsOf(inner), texts };
}

const RANK: Readonly<Record<Passes, number>> = { none: 0, some: 1, all: 2 };

function loosest(test: RowTest): Passes {
  return test.reduce<Passes>((a, x) => (RANK[x.passes] > RANK[a] ? x.passes : a), 'none');
}

function passesOf(tokens: readonly Token[], texts: readonly string[]): Passes {
  const text = tokens.map((t) => (t.k === 'text' ? `'${t.v}'` : t.v)).join(' ');
  if (/^(?:true|1 = 1)(?: :: \w+)?$/.test(text)) return 'all';
  if (/^false$/.test(text)) return 'none';
  if (!ASKS.test(text) && !/\b(?:current_user|session_user)\b/.test(text)) return 'some';
  if (texts.includes('anon') && !/<>|!=/.test(text)) return 'all';
  // `auth.uid() IS NULL` is true for strangers; `IS NOT NULL` is what they fail.
  return /\) is null\b/.test(text) ? 'some' : 'none';
}

const NO_FUNCTION = new Set(['in', 'any', 'all', 'exists', 'select', 'and', 'or', 'not', 'from', 'where', 'on', 'coalesce', 'lower', 'upper', 'now', 'length', 'char_length', 'array', 'cast', 'count', 'as', 'values', 'trim', 'nullif']);

/** Names of the functions it calls: one of the project's own may ask who is calling. */
function callsOf(tokens: readonly Token[]): string[] {
  const out = new Set<string>();
  tokens.forEach((t, i) => {
    if ((t.k === 'word' || t.k === 'name') && tokens[i + 1]?.v === '(' && tokens[i + 1]?.k === 'sign' && !NO_FUNCTION.has(t.v)) out.add(t.v);
  });
  return [...out].slice(0, 8);
}

/** Without parentheses around the whole. */
function bare(tokens: readonly Token[]): readonly Token[] {
  let t = tokens;
  while (t.length >= 2 && isSign(t[0], '(') && isSign(t[t.length - 1], ')') && closesAtEnd(t)) t = t.slice(1, -1);
  return t;
}

function isSign(t: Token | undefined, v: string): boolean {
  return t?.k === 'sign' && t.v === v;
}

function closesAtEnd(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.every((t, i) => {
    if (isSign(t, '(')) depth++;
    else if (isSign(t, ')')) depth--;
    return depth > 0 || i === tokens.length - 1;
  });
}

/** At this word outside parentheses; `between a and b` is one test. */
function split(tokens: readonly Token[], word: 'and' | 'or'): Token[][] {
  const out: Token[][] = [[]];
  let depth = 0;
  let between = false;
  for (const t of tokens) {
    if (isSign(t, '(')) depth++;
    else if (isSign(t, ')')) depth--;
    if (depth === 0 && t.k === 'word' && t.v === 'between') between = true;
    if (depth === 0 && t.k === 'word' && t.v === word && !(word === 'and' && between)) out.push([]);
    else {
      if (t.k === 'word' && t.v === 'and') between = false;
      out[out.length - 1]?.push(t);
    }
  }
  return out;
}
