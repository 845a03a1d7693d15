/** JSON with comments and trailing commas → values with the places they stand at. Recovers nothing: one error ends it. */
import type { Span } from '../engine/core/types';

export type JsonNode =
  | { readonly kind: 'object'; readonly span: Span; readonly members: readonly { readonly key: string; readonly keySpan: Span; readonly value: JsonNode }[] }
  | { readonly kind: 'array'; readonly span: Span; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly span: Span; readonly value: string | number | boolean | null };

export type ParsedJsonc = { readonly ok: true; readonly root: JsonNode } | { readonly ok: false; readonly message: string; readonly span: Span };

class JsoncError extends Error {
  constructor(
    message: string,
    readonly span: Span,
  ) {
    super(message);
  }
}

/** Deeper nesting is no configuration, and would end the stack. */
const MAX_DEPTH = 64;

export function parseJsonc(text: string): ParsedJsonc {
  const reader = new Reader(text);
  try {
    return { ok: true, root: reader.document() };
  } catch (error) {
    if (error instanceof JsoncError) return { ok: false, message: error.message, span: error.span };
    throw error;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  document(): JsonNode {
    const root = this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail('Nothing may follow the configuration');
    return root;
  }

  private fail(message: string, start = this.at, end = start + 1): never {
    throw new JsoncError(`${message}.`, { start: Math.min(start, this.text.length), end: Math.min(end, this.text.length) });
  }

  private space(): void {
    for (;;) {
      while (/\s/.test(this.text.charAt(this.at))) this.at++;
      if (this.text.startsWith('//', this.at)) {
        const end = this.text.indexOf('\n', this.at);
        this.at = end < 0 ? this.text.length : end;
      } else if (this.text.startsWith('/*', this.at)) {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end < 0) this.fail('The comment is not closed', this.at, this.text.length);
        this.at = end + 2;
      } else return;
    }
  }

  private value(depth: number): JsonNode {
    this.space();
    if (depth > MAX_DEPTH) this.fail('Nested too deeply');
    const c = this.text.charAt(this.at);
    if (c === '{') return this.object(depth);
    if (c === '[') return this.array(depth);
    if (c === '"') {
      const start = this.at;
      const value = this.string();
      return { kind: 'scalar', value, span: { start, end: this.at } };
    }
    const start = this.at;
    const word = /[-+.\w]*/y;
    word.lastIndex = start;
    const found = word.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    const span = { start, end: this.at };
    if (found === 'true' || found === 'false') return { kind: 'scalar', value: found === 'true', span };
    if (found === 'null') return { kind: 'scalar', value: null, span };
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(found)) return { kind: 'scalar', value: Number(found), span };
    if (found === '') this.fail(start >= this.text.length ? 'A value is missing at the end' : `Unexpected ${JSON.stringify(this.text.charAt(start))}`, start);
    this.fail(`${JSON.stringify(found)} is no JSON value (text needs double quotes)`, start, this.at);
  }

  private object(depth: number): JsonNode {
    const start = this.at++;
    const members: { key: string; keySpan: Span; value: JsonNode }[] = [];
    for (;;) {
      this.space();
      if (this.text.charAt(this.at) === '}') break;
      if (this.text.charAt(this.at) !== '"') this.fail(this.at >= this.text.length ? 'A closing } is missing' : 'A key in double quotes is expected');
      const keyStart = this.at;
      const key = this.string();
      const keySpan = { start: keyStart, end: this.at };
      this.space();
      if (this.text.charAt(this.at) !== ':') this.fail(`A : is expected after ${JSON.stringify(key)}`);
      this.at++;
      members.push({ key, keySpan, value: this.value(depth + 1) });
      this.space();
      const c = this.text.charAt(this.at);
      if (c === ',') this.at++;
      else if (c !== '}') this.fail(this.at >= this.text.length ? 'A closing } is missing' : 'A comma or } is expected');
    }
    this.at++;
    return { kind: 'object', members, span: { start, end: this.at } };
  }

  private array(depth: number): JsonNode {
    const start = this.at++;
    const items: JsonNode[] = [];
    for (;;) {
      this.space();
      if (this.text.charAt(this.at) === ']') break;
      items.push(this.value(depth + 1));
      this.space();
      const c = this.text.charAt(this.at);
      if (c === ',') this.at++;
      else if (c !== ']') this.fail(this.at >= this.text.length ? 'A closing ] is missing' : 'A comma or ] is expected');
    }
    this.at++;
    return { kind: 'array', items, span: { start, end: this.at } };
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      const c = this.text.charAt(this.at);
      if (c === '' || c === '\n' || c === '\r') this.fail('The text is not closed', start, this.at);
      if (c === '"') break;
      this.at += c === '\\' ? 2 : 1;
    }
    this.at++;
    const raw = this.text.slice(start, this.at);
    try {
      return JSON.parse(raw.replace(/\t/g, '\\t')) as string;
    } catch {
      // Whatever JSON.parse dislikes here is an escape: say so at its place instead of passing its own words on.
      return this.fail('The text holds an escape that JSON does not know', start, this.at);
    }
  }
}

/** The plain value. Own properties only: `__proto__` is a key like any other. */
export function toValue(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(toValue);
  const out: Record<string, unknown> = {};
  for (const { key, value } of node.members) Object.defineProperty(out, key, { value: toValue(value), enumerable: true, configurable: true, writable: true });
  return out;
}

/** Where a path (keys and indexes) stands: the value, or the key itself. As deep as the text goes. */
export function placeOf(root: JsonNode, path: readonly PropertyKey[], what: 'key' | 'value' = 'value'): Span {
  let node = root;
  let span = root.span;
  path.forEach((step, i) => {
    const last = i === path.length - 1;
    if (node.kind === 'object') {
      const member = node.members.filter((m) => m.key === step).pop();
      if (!member) return;
      span = last && what === 'key' ? member.keySpan : member.value.span;
      node = member.value;
    } else if (node.kind === 'array' && typeof step === 'number') {
      const item = node.items[step];
      if (!item) return;
      span = item.span;
      node = item;
    }
  });
  return span;
}
