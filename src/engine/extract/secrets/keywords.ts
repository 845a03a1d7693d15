/**
 * Aho-Corasick over a small alphabet: one table look-up a character, whatever the number of keywords. Keywords are ASCII and
 * matched without regard to case (the detectors look again, exactly).
 */
export class KeywordAutomaton {
  /** Character class of each ASCII code; 0 is "in no keyword" and always leads to the root. */
  private readonly classes = new Uint8Array(128);
  private readonly width: number;
  private readonly next: Uint16Array;
  /** Keywords that end in a state: `heads[state]` starts a chain through `links`; 0 ends it. */
  private readonly heads: Uint16Array;
  private readonly links: Uint16Array;

  constructor(private readonly keywords: readonly string[]) {
    let classCount = 1;
    const lower = keywords.map((k) => k.toLowerCase());
    for (const keyword of lower) {
      for (let i = 0; i < keyword.length; i++) {
        const code = keyword.charCodeAt(i);
        if (code > 127) throw new Error(`keyword is not ASCII: ${keyword}`);
        if (this.classes[code] === 0) this.classes[code] = classCount++;
      }
    }
    for (let c = 97; c <= 122; c++) this.classes[c - 32] = this.classes[c] ?? 0;
    this.width = classCount;

    const total = lower.reduce((sum, k) => sum + k.length, 1);
    if (total > 0xffff) throw new Error('too many keywords for 16-bit states');
    const next = new Uint16Array(total * classCount);
    const heads = new Uint16Array(total);
    const links = new Uint16Array(keywords.length + 1);
    let states = 1;
    lower.forEach((keyword, index) => {
      let state = 0;
      for (let i = 0; i < keyword.length; i++) {
        const cell = state * classCount + this.classOf(keyword.charCodeAt(i));
        if (next[cell] === 0) next[cell] = states++;
        state = next[cell] ?? 0;
      }
      links[index + 1] = heads[state] ?? 0;
      heads[state] = index + 1;
    });

    // Breadth first: failure links are folded into the table, inherited keywords into a second chain (`inherit`).
    const fail = new Uint16Array(states);
    const inherit = new Uint16Array(states);
    const queue: number[] = [];
    for (let c = 1; c < classCount; c++) {
      const child = next[c] ?? 0;
      if (child !== 0) queue.push(child);
    }
    for (let q = 0; q < queue.length; q++) {
      const state = queue[q] ?? 0;
      const back = fail[state] ?? 0;
      inherit[state] = heads[back] !== 0 ? back : (inherit[back] ?? 0);
      for (let c = 1; c < classCount; c++) {
        const cell = state * classCount + c;
        const child = next[cell] ?? 0;
        const viaFail = next[back * classCount + c] ?? 0;
        if (child !== 0) {
          fail[child] = viaFail;
          queue.push(child);
        } else next[cell] = viaFail;
      }
    }
    this.next = next;
    this.heads = heads;
    this.links = links;
    this.inherit = inherit;
    this.accepts = new Uint8Array(states);
    for (let s = 0; s < states; s++) this.accepts[s] = heads[s] !== 0 || inherit[s] !== 0 ? 1 : 0;
  }

  private readonly inherit: Uint16Array;
  private readonly accepts: Uint8Array;

  private classOf(code: number): number {
    return this.classes[code] ?? 0;
  }

  /** Calls `hit` with each keyword's index and the offset just past it, in the order of the text, until it says true; whether it did. */
  scan(text: string, hit: (keyword: number, end: number) => unknown): boolean {
    const { classes, next, accepts, heads, links, inherit, width } = this;
    const length = text.length;
    let state = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      state = code < 128 ? (next[state * width + (classes[code] ?? 0)] ?? 0) : 0;
      if (accepts[state] === 1) {
        for (let s = state; s !== 0; s = inherit[s] ?? 0) {
          for (let k = heads[s] ?? 0; k !== 0; k = links[k] ?? 0) if (hit(k - 1, i + 1) === true) return true;
        }
      }
    }
    return false;
  }

  /** Whether any keyword occurs. */
  some(text: string): boolean {
    const { classes, next, accepts, width } = this;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = code < 128 ? (next[state * width + (classes[code] ?? 0)] ?? 0) : 0;
      if (accepts[state] === 1) return true;
    }
    return false;
  }

  keyword(index: number): string {
    return this.keywords[index] ?? '';
  }
}
