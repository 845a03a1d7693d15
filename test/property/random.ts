/** A small seeded generator, so that a failure names the seed that brings it back. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** 0 ≤ x < 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    const x = list[this.below(list.length)];
    if (x === undefined) throw new Error('nothing to pick from');
    return x;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }
}

const SNIPPETS = ['x', '(', ')', '`', '{', '}', '"', "'", '/*', '*/', ';', '\n', ' ', '\t', 'await ', 'return;\n', '.foo', ',', '!', '=>', '${', '//', '[', ']', ' && ', ' || ', '?.', '=', 'requireUser, ', 'async ', 'export ', 'import ', 'if (', 'throw ', '<div>', '\u{1F600}', 'é', '\r\n', '@', '#', '\\', ': any', '<T>'];

export interface Edited {
  readonly text: string;
  readonly what: string;
}

/** One thing a person, or a model writing for one, does to a text. */
export function edit(r: Random, text: string, others: readonly string[]): Edited {
  const at = r.below(text.length + 1);
  const splice = (start: number, end: number, put: string, what: string): Edited => ({ text: text.slice(0, start) + put + text.slice(end), what: `${what} at ${start}` });
  switch (r.below(10)) {
    case 0:
    case 1:
    case 2: {
      const put = r.pick(SNIPPETS);
      return splice(at, at, put, `insert ${JSON.stringify(put)}`);
    }
    case 3:
      return splice(at, Math.min(text.length, at + 1 + r.below(3)), '', 'delete a few');
    case 4:
      return splice(at, Math.min(text.length, at + r.below(60)), '', 'delete some');
    case 5: {
      const { start, end } = lineAround(text, at);
      return splice(start, end, '', 'delete a line');
    }
    case 6: {
      const { start, end } = lineAround(text, at);
      return splice(end, end, text.slice(start, end), 'repeat a line');
    }
    case 7: {
      const words = [...text.matchAll(/[A-Za-z_]\w*/g)];
      if (words.length === 0) return splice(at, at, 'word', 'insert a word');
      const word = r.pick(words);
      return splice(word.index, word.index + word[0].length, r.pick(words)[0], `replace ${word[0]}`);
    }
    case 8: {
      const from = r.pick(others);
      const start = r.below(from.length + 1);
      const { start: a, end: b } = lineAround(from, start);
      return splice(at, at, from.slice(a, b), 'paste a line');
    }
    default: {
      const { start, end } = lineAround(text, at);
      const to = lineAround(text, r.below(text.length + 1)).start;
      const line = text.slice(start, end);
      const rest = text.slice(0, start) + text.slice(end);
      const dest = to > start ? Math.max(start, to - line.length) : to;
      return { text: rest.slice(0, dest) + line + rest.slice(dest), what: 'move a line' };
    }
  }
}

function lineAround(text: string, at: number): { start: number; end: number } {
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const end = text.indexOf('\n', at);
  return { start: Math.min(start, at), end: end < 0 ? text.length : end + 1 };
}
