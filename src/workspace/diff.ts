/** Unified diffs (Myers, linear space is not needed for sources of at most 2 MB). */

interface Op {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** `before` null: a new file. Empty when nothing differs. */
export function unifiedDiff(path: string, before: string | null, after: string, context = 3): string {
  if (before === after) return '';
  const ops = lineOps(splitLines(before ?? ''), splitLines(after));
  const out = [`--- ${before === null ? '/dev/null' : `a/${path}`}`, `+++ b/${path}`];
  let oldLine = 1;
  let newLine = 1;
  for (let i = 0; i < ops.length; ) {
    if (ops[i]?.kind === ' ') {
      oldLine++;
      newLine++;
      i++;
      continue;
    }
    // A hunk: from `context` lines before to where 2 × context unchanged lines follow.
    const from = Math.max(0, i - context);
    let last = i;
    for (let j = i, same = 0; j < ops.length && same <= 2 * context; j++) {
      if (ops[j]?.kind === ' ') same++;
      else {
        same = 0;
        last = j;
      }
    }
    const hunk = ops.slice(from, Math.min(ops.length, last + 1 + context));
    const lead = i - from;
    const oldCount = hunk.filter((o) => o.kind !== '+').length;
    const newCount = hunk.filter((o) => o.kind !== '-').length;
    const start = (line: number, count: number): string => `${count === 0 ? line - lead - 1 : line - lead}${count === 1 ? '' : `,${count}`}`;
    out.push(`@@ -${start(oldLine, oldCount)} +${start(newLine, newCount)} @@`);
    for (const op of hunk) {
      const bare = op.line.endsWith('\n') ? op.line.slice(0, -1) : op.line;
      out.push(op.kind + bare + (bare === op.line ? '\n\\ No newline at end of file' : ''));
    }
    const end = from + hunk.length;
    for (; i < end; i++) {
      if (ops[i]?.kind !== '+') oldLine++;
      if (ops[i]?.kind !== '-') newLine++;
    }
  }
  return out.join('\n') + '\n';
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function lineOps(a: readonly string[], b: readonly string[]): Op[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const keep = (line: string): Op => ({ kind: ' ', line });
  return [
    ...a.slice(0, head).map(keep),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(keep),
  ];
}

/** Edits beyond which the texts have little in common: all lines of the one, then all of the other. */
const MAX_EDITS = 2000;

function middle(a: readonly string[], b: readonly string[]): Op[] {
  const replaced = (): Op[] => [...a.map((line): Op => ({ kind: '-', line })), ...b.map((line): Op => ({ kind: '+', line }))];
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return replaced();
  const trace: Map<number, number>[] = [];
  const v = new Map<number, number>([[1, 0]]);
  const at = (map: Map<number, number>, k: number): number => map.get(k) ?? -1;
  const limit = Math.min(n + m, MAX_EDITS);
  for (let d = 0; d <= limit; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && at(v, k - 1) < at(v, k + 1)) ? at(v, k + 1) : at(v, k - 1) + 1;
      let y = x - k;
      while (x < n && y < m && a[x] === b[y]) {
        x++;
        y++;
      }
      v.set(k, x);
      if (x >= n && y >= m) return backtrack(a, b, trace);
    }
  }
  return replaced();
}

function backtrack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[]): Op[] {
  const ops: Op[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const v = trace[d] ?? new Map<number, number>();
    const at = (k: number): number => v.get(k) ?? -1;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : at(down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    for (; x > fromX && y > fromY; y--) ops.push({ kind: ' ', line: a[--x] ?? '' });
    if (d === 0) break;
    if (down) ops.push({ kind: '+', line: b[--y] ?? '' });
    else ops.push({ kind: '-', line: a[--x] ?? '' });
  }
  return ops.reverse();
}
