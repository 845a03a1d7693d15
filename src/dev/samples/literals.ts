/**
 * Reads the values that test tables are written in: string expressions, lists and records of Go and of Python. It runs
 * nothing of theirs: what it does not know (a call, a name) ends the reading of that value with an error.
 */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Functions = Readonly<Record<string, (args: readonly Value[]) => Value>>;
export type Language = 'go' | 'python';

interface Token {
  readonly k: 'text' | 'name' | 'number' | 'mark' | 'other';
  readonly v: string;
}

const GO = /(?<skip>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<raw>`[^`]*`)|(?<text>"(?:\\[\s\S]|[^"\\])*")|(?<name>[A-Za-z_]\w*(?:\.\w+)*)|(?<number>\d+(?:\.\d+)?)|(?<mark>\.\.\.|:=|[-+(){}[\],:=.])/y;
const PYTHON = /(?<skip>\s+|\\\n|#[^\n]*)|(?<text>[rbfu]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'))|(?<name>[A-Za-z_]\w*(?:\.\w+)*)|(?<number>\d+(?:\.\d+)?)|(?<mark>[-+(){}[\],:=.])/y;

function tokenize(source: string, language: Language): Token[] {
  const pattern = language === 'go' ? GO : PYTHON;
  const out: Token[] = [];
  for (let i = 0; i < source.length; i = pattern.lastIndex) {
    pattern.lastIndex = i;
    const groups = pattern.exec(source)?.groups;
    if (!groups) {
      pattern.lastIndex = i + 1;
      out.push({ k: 'other', v: source[i] ?? '' });
    } else if (groups['raw'] !== undefined) out.push({ k: 'text', v: groups['raw'].slice(1, -1) });
    else if (groups['text'] !== undefined) out.push({ k: 'text', v: unquote(groups['text']) });
    else if (groups['name'] !== undefined) out.push({ k: 'name', v: groups['name'] });
    else if (groups['number'] !== undefined) out.push({ k: 'number', v: groups['number'] });
    else if (groups['mark'] !== undefined) out.push({ k: 'mark', v: groups['mark'] });
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' };

function unquote(literal: string): string {
  const prefix = /^[rbfu]*/.exec(literal)?.[0] ?? '';
  const quoted = literal.slice(prefix.length);
  const edge = /^(?:"""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(edge, -edge);
  if (prefix.includes('r')) return body;
  return body.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (_, x?: string, u?: string, c?: string) => {
    const code = x ?? u;
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    return ESCAPES[c ?? ''] ?? c ?? '';
  });
}

export class LiteralReader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private readonly names = new Map<string, Value>();

  constructor(source: string, private readonly language: Language, private readonly functions: Functions) {
    this.tokens = tokenize(source, language);
  }

  /**
   * The value of each variable that the source gives one it can read, and the arguments of each call in `calls`, in the order
   * of the source. `failed` counts calls whose arguments could not be read.
   */
  read(calls: ReadonlySet<string>): { readonly found: readonly { readonly call: string; readonly args: readonly Value[] }[]; readonly failed: number; readonly names: ReadonlyMap<string, Value> } {
    const found: { call: string; args: readonly Value[] }[] = [];
    let failed = 0;
    for (let i = 0; i < this.tokens.length; i++) {
      const token = this.tokens[i];
      if (token?.k !== 'name') continue;
      if (calls.has(token.v) && this.tokens[i + 1]?.v === '(') {
        const args = this.attempt(i + 2, () => this.list(')'));
        if (args === undefined) failed++;
        else found.push({ call: token.v, args });
        continue;
      }
      // `name = …`, `name := …`, `name string = …`
      const typed = this.tokens[i + 1]?.k === 'name' ? 1 : 0;
      const sign = this.tokens[i + 1 + typed];
      if (sign?.k !== 'mark' || (sign.v !== '=' && sign.v !== ':=')) continue;
      const value = this.attempt(i + 2 + typed, () => this.expression());
      if (value === undefined) this.names.delete(token.v);
      else this.names.set(token.v, value);
    }
    return { found, failed, names: this.names };
  }

  private attempt<T>(at: number, read: () => T): T | undefined {
    this.at = at;
    try {
      return read();
    } catch (error) {
      if (error instanceof UnreadableError) return undefined;
      throw error;
    }
  }

  private peek(offset = 0): Token {
    return this.tokens[this.at + offset] ?? { k: 'other', v: '' };
  }

  private take(mark: string): boolean {
    const token = this.peek();
    if (token.k !== 'mark' || token.v !== mark) return false;
    this.at++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.take(mark)) throw new UnreadableError(`${mark} expected, ${this.peek().v} found`);
  }

  private expression(): Value {
    let value = this.operand();
    for (;;) {
      if (this.take('+')) value = join(value, this.operand());
      else if (this.language === 'python' && this.peek().k === 'text' && typeof value === 'string') value = join(value, this.operand());
      else if (this.language === 'python' && typeof value === 'string' && this.peek().v === '.' && this.peek(1).v === 'format') {
        this.at += 2;
        this.expect('(');
        value = format(value, this.list(')'));
      } else return value;
    }
  }

  private operand(): Value {
    const token = this.peek();
    this.at++;
    if (token.k === 'text') return token.v;
    if (token.k === 'number') return Number(token.v);
    if (token.k === 'name') return this.named(token.v);
    if (token.v === '{') return this.braces();
    if (token.v === '(') {
      const items = this.list(')');
      return items.length === 1 && this.peek(-2).v !== ',' ? (items[0] ?? null) : items;
    }
    if (token.v === '[') {
      if (this.language === 'python') return this.list(']');
      // A Go type: `[]string{…}`, `[]struct { … }{…}`.
      this.expect(']');
      this.skipType();
      if (this.take('(')) return this.list(')')[0] ?? null; // `[]byte(text)`
      this.expect('{');
      return this.braces();
    }
    throw new UnreadableError(`${token.v} is no value`);
  }

  private named(name: string): Value {
    if (name === 'map') {
      this.expect('[');
      this.skipType();
      this.expect(']');
      this.skipType();
      this.expect('{');
      return this.braces();
    }
    if (this.take('(')) {
      const known = this.functions[name.slice(name.lastIndexOf('.') + 1)];
      const args = this.list(')');
      if (!known) throw new UnreadableError(`no such function: ${name}`);
      return known(args);
    }
    if (name === 'true' || name === 'True') return true;
    if (name === 'false' || name === 'False') return false;
    if (name === 'nil' || name === 'None') return null;
    if (this.language === 'go' && this.take('{')) {
      this.skipBraces(); // a struct of theirs
      return null;
    }
    const value = this.names.get(name);
    if (value === undefined) throw new UnreadableError(`no such name: ${name}`);
    return value;
  }

  private skipType(): void {
    if (this.take('[')) this.expect(']');
    if (this.peek().k !== 'name') throw new UnreadableError('a type expected');
    const isStruct = this.peek().v === 'struct';
    this.at++;
    if (!isStruct) return;
    this.expect('{');
    this.skipBraces();
  }

  private skipBraces(): void {
    for (let depth = 1; depth > 0; this.at++) {
      if (this.at >= this.tokens.length) throw new UnreadableError('a brace does not close');
      if (this.peek().k === 'mark') depth += this.peek().v === '{' ? 1 : this.peek().v === '}' ? -1 : 0;
    }
  }

  private list(close: string): Value[] {
    const out: Value[] = [];
    while (!this.take(close)) {
      // `name=value` of a Python call is kept as a record of one.
      if (this.language === 'python' && this.peek().k === 'name' && this.peek(1).v === '=') {
        const name = this.peek().v;
        this.at += 2;
        out.push({ [name]: this.expression() });
      } else {
        const value = this.expression();
        if (this.take('...') && Array.isArray(value)) out.push(...(value as readonly Value[]));
        else out.push(value);
      }
      if (!this.take(',') && !(this.peek().k === 'mark' && this.peek().v === close)) throw new UnreadableError(`, or ${close} expected`);
    }
    return out;
  }

  /** After a brace: a record when its first entry has a key, else a list. */
  private braces(): Value {
    const record: Record<string, Value> = {};
    const items: Value[] = [];
    while (!this.take('}')) {
      const isField = this.peek().k === 'name' && this.peek(1).v === ':';
      const key = isField ? this.peek().v : null;
      if (isField) this.at += 2;
      const value = this.expression();
      if (key !== null) record[key] = value;
      else if (this.take(':')) record[String(value)] = this.expression();
      else items.push(value);
      if (!this.take(',') && this.peek().v !== '}') throw new UnreadableError(', or } expected');
    }
    return Object.keys(record).length > 0 ? record : items;
  }
}

class UnreadableError extends Error {}

function join(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...(a as readonly Value[]), ...(b as readonly Value[])];
  throw new UnreadableError('only texts and lists are joined');
}

/** Python's `'{}, {name}'.format(x, name=y)`. */
function format(template: string, args: readonly Value[]): string {
  const named: Record<string, Value> = Object.assign({}, ...args.filter((a) => typeof a === 'object' && a !== null));
  let next = 0;
  return template.replace(/\{\{|\}\}|\{(\w*)\}/g, (whole, name?: string) => {
    if (name === undefined) return whole.slice(1);
    const value = name === '' ? args[next++] : (named[name] ?? args[Number(name)]);
    if (typeof value !== 'string') throw new UnreadableError(`no text for {${name}}`);
    return value;
  });
}
