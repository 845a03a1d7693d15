/** Texts that match a regular expression, for test tables that state a secret by its form: the same seed, the same text. */
import type { Random } from '../random';

/** What an unbounded repetition adds at most. */
const MORE = 5;
const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_';

/** Knows classes, groups, alternatives and repetitions; anchors and look-arounds make no text. */
export function textMatching(pattern: string, random: Random): string {
  const source = pattern.replaceAll('(?i)', '').replaceAll('[[:alnum:]]', '[A-Za-z0-9]').replaceAll('[:alnum:]', 'A-Za-z0-9').replaceAll('[:xdigit:]', 'a-fA-F0-9');
  const reader = new PatternReader(source, random);
  return reader.alternatives();
}

class PatternReader {
  private at = 0;

  constructor(private readonly source: string, private readonly random: Random) {}

  alternatives(): string {
    const options = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at++;
      options.push(this.sequence());
    }
    return this.random.pick(options);
  }

  private sequence(): string {
    let out = '';
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const from = this.at;
      const first = this.atom();
      const [low, high] = this.repetition();
      const end = this.at;
      const count = low + this.random.below(high - low + 1);
      // Each repetition is chosen anew: the atom is read again from its beginning.
      for (let i = 0; i < count; i++) {
        this.at = from;
        out += i === 0 ? first : this.atom();
      }
      this.at = end;
    }
    return out;
  }

  private atom(): string {
    const c = this.source[this.at++] ?? '';
    if (c === '(') {
      this.at += /^\?(?:i?:|[=!]|<[=!])/.exec(this.source.slice(this.at))?.[0].length ?? 0;
      const text = this.alternatives();
      this.at++;
      return text;
    }
    if (c === '[') return this.random.pick([...this.set()]);
    if (c === '.') return this.random.pick([...WORD]);
    if (c === '^' || c === '$') return '';
    if (c !== '\\') return c;
    const escaped = this.source[this.at++] ?? '';
    if (escaped === 'b' || escaped === 'B' || escaped === 'z' || escaped === 'A') return '';
    return this.random.pick([...shorthand(escaped)]);
  }

  private set(): Set<string> {
    const chosen = new Set<string>();
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    while (this.at < this.source.length && this.source[this.at] !== ']') {
      let c = this.source[this.at++] ?? '';
      if (c === '\\') {
        c = this.source[this.at++] ?? '';
        if (/[dws]/.test(c)) {
          for (const x of shorthand(c)) chosen.add(x);
          continue;
        }
      }
      const isRange = this.source[this.at] === '-' && this.source[this.at + 1] !== ']' && this.at + 1 < this.source.length;
      if (!isRange) {
        chosen.add(c);
        continue;
      }
      const last = this.source[this.at + 1] ?? c;
      this.at += 2;
      for (let code = c.charCodeAt(0); code <= last.charCodeAt(0); code++) chosen.add(String.fromCharCode(code));
    }
    this.at++;
    return negated ? new Set([...WORD].filter((x) => !chosen.has(x))) : chosen;
  }

  private repetition(): readonly [low: number, high: number] {
    const match = /^(?:\{(\d+)(,?)(\d*)\}|[*+?])\??/.exec(this.source.slice(this.at));
    if (!match) return [1, 1];
    this.at += match[0].length;
    if (match[0].startsWith('?')) return [0, 1];
    if (match[0].startsWith('*')) return [0, MORE];
    if (match[0].startsWith('+')) return [1, MORE];
    const low = Number(match[1]);
    return [low, match[2] === '' ? low : match[3] === '' ? low + MORE : Number(match[3])];
  }
}

function shorthand(letter: string): string {
  return letter === 'd' ? '0123456789' : letter === 'w' ? WORD : letter === 's' ? ' ' : letter;
}
