/** Text utilities: hashes, lines, fingerprints. */
import { createHash } from 'node:crypto';
import type { ContentHash, Fingerprint, RelPath, RuleId, Span } from './types';

/** `orderItems` → `order_Items`: a capital begins a word. */
export function splitCamel(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

/** `orderItems`, `order-items` → `order_items`. */
export function snakeCase(name: string): string {
  return splitCamel(name).replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}

export function hashText(text: string): ContentHash {
  return createHash('sha1').update(text).digest('base64url') as ContentHash;
}

/** Turns offsets into 0-based lines and UTF-16 columns, and back. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  position(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((this.starts[mid] ?? 0) <= at) low = mid;
      else high = mid - 1;
    }
    return { line: low, column: at - (this.starts[low] ?? 0) };
  }

  offset(line: number, column: number): number {
    const start = this.starts[Math.max(0, Math.min(line, this.starts.length - 1))] ?? 0;
    const next = this.starts[line + 1] ?? this.text.length + 1;
    return Math.min(start + column, Math.max(start, next - 1), this.text.length);
  }

  get lineCount(): number {
    return this.starts.length;
  }
}

/**
 * Stable under moved lines and reformatting: rule, file and the code at the finding with white space collapsed, plus the
 * number of earlier findings with the same key (given by the caller as `nth`).
 * The code enters as a hash only, so a secret in it cannot be read back; secrets pass their keyed fingerprint instead.
 */
export function fingerprintOf(ruleId: RuleId, file: RelPath, code: string, nth: number): Fingerprint {
  const normal = code.replace(/\s+/g, ' ').trim();
  return createHash('sha256').update(`${ruleId}\0${file}\0${normal}\0${nth}`).digest('hex').slice(0, 16) as Fingerprint;
}

/** Fills `{{name}}` placeholders; an unknown one is a bug of the rule and throws. */
export function fillMessage(template: string, data: Readonly<Record<string, string | number | boolean>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = data[name];
    if (value === undefined) throw new Error(`message placeholder {{${name}}} has no data`);
    return String(value);
  }).trimEnd();
}

export function spanContains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
