/**
 * Compares two versions of a script: do they differ in nothing but the bodies of some functions? Then the module holds what
 * it held, and only who runs those functions has to be looked at again. Places are left out of the comparison and mapped.
 */
import type { At, ExportFact, Expr, FunctionFact, ScriptFacts, Stmt } from '../core/facts';
import type { Span } from '../core/types';

type Call = Extract<Expr, { k: 'call' }>;

export interface BodyChange {
  /** Indexes of the functions whose bodies differ. */
  readonly changed: ReadonlySet<number>;
  /** A function of the top level that is called something else now, and that nothing else in the file names. */
  readonly renamed: Renaming | null;
  /** Constants of the top level that came, went or hold something else, and that nothing else in the file names. */
  readonly constants: ConstantChange | null;
  /** Where a span of the old version stands in the new one; null: in code that differs. */
  moved(span: Span): Span | null;
}

export interface Renaming {
  /** Index of the function. */
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

export interface ConstantChange {
  readonly names: readonly string[];
  /** Their declarations before and now. */
  readonly before: readonly Stmt[];
  readonly after: readonly Stmt[];
}

/** Keys of facts that say where something stands. */
const PLACES = new Set(['s', 'e', 'ps', 'span', 'head', 'bodyStart', 'bodySpan', 'paramsSpan', 'start', 'end', 'afterImports']);

/** null: they differ in more. `wanted`: the spans that will be asked for. */
export function compareBodies(before: ScriptFacts, after: ScriptFacts, textBefore: string, textAfter: string, wanted: readonly Span[]): BodyChange | null {
  if (before.functions.length !== after.functions.length || before.hasJsx !== after.hasJsx || before.isCommonJs !== after.isCommonJs) return null;
  const renamed = renamingOf(before, after, textBefore, textAfter);
  const same = new Comparison(wanted, renamed);
  const constants = constantsOf(before, after, textBefore, textAfter);
  const others = <T extends ExportFact | Stmt>(list: readonly T[]): readonly T[] => (constants ? list.filter((x) => !constants.isOne(x)) : list);
  if (!same.of(before.directives, after.directives) || !same.of(before.imports, after.imports) || !same.of(others(before.exports), others(after.exports)) || !same.of(before.classes, after.classes)) return null;
  const changed = new Set<number>();
  /** Functions whose text is the same, outermost ones only: what stands in them has moved with them. */
  const kept: { readonly from: Span; readonly delta: number }[] = [];
  const inside = new Set<number>();
  for (let i = 0; i < before.functions.length; i++) {
    const a = before.functions[i]!;
    const b = after.functions[i]!;
    if (a.parent !== b.parent) return null;
    if (inside.has(a.parent)) {
      inside.add(i);
      continue;
    }
    if (i > 0 && sameHead(a, b) && textBefore.slice(a.span.start, a.span.end) === textAfter.slice(b.span.start, b.span.end)) {
      kept.push({ from: a.span, delta: b.span.start - a.span.start });
      inside.add(i);
      continue;
    }
    same.note(a.head, b.head);
    same.note(a.span, b.span);
    const head = (sameHead(a, b) || (renamed !== null && a.name === renamed.from && sameHead(a, b, renamed.to))) && same.of(a.params, b.params);
    if (head && (i === 0 ? same.of(others(a.body), others(b.body)) : same.of(a.body, b.body))) continue;
    // The module's own code decides what it holds, and the heads of its functions what others see of them; a function within
    // a changed body is part of it.
    if (i === 0 || (!head && !changed.has(a.parent))) return null;
    changed.add(i);
  }
  return {
    changed,
    renamed,
    constants,
    moved: (span) => {
      const exact = same.moved(span);
      if (exact) return exact;
      const around = kept.find((k) => k.from.start <= span.start && span.end <= k.from.end);
      if (around) return { start: span.start + around.delta, end: span.end + around.delta };
      return same.stands(span) ? span : null;
    },
  };
}

function renamingOf(before: ScriptFacts, after: ScriptFacts, textBefore: string, textAfter: string): Renaming | null {
  let found: Renaming | null = null;
  for (let i = 1; i < before.functions.length; i++) {
    const a = before.functions[i]!;
    const b = after.functions[i]!;
    if (a.parent !== 0 || a.name === b.name) continue;
    if (found || a.kind !== 'function' || a.name === '' || b.name === '') return null;
    found = { id: i, from: a.name, to: b.name };
  }
  return found && standsOnce(found.from, textBefore) && standsOnce(found.to, textAfter) ? found : null;
}

/** Declarations of literals are left out of the comparison where nobody could have read them. */
function constantsOf(before: ScriptFacts, after: ScriptFacts, textBefore: string, textAfter: string): (ConstantChange & { isOne(x: ExportFact | Stmt): boolean }) | null {
  const a = before.functions[0]!.body;
  const b = after.functions[0]!.body;
  const most = Math.min(a.length, b.length);
  const plain = new Comparison([], null);
  const alike = (x: Stmt, y: Stmt): boolean => x.k === y.k && (x.k !== 'var' || plain.of(x, y));
  let first = 0;
  while (first < most && alike(a[first]!, b[first]!)) first++;
  let last = 0;
  while (last < most - first && alike(a[a.length - 1 - last]!, b[b.length - 1 - last]!)) last++;
  const was = a.slice(first, a.length - last);
  const is = b.slice(first, b.length - last);
  if (was.length + is.length === 0 || ![...was, ...is].every(isConstant)) return null;
  const names = new Set([...was, ...is].flatMap(namesOf));
  const times = (list: readonly Stmt[], name: string): number => list.filter((x) => namesOf(x).includes(name)).length;
  for (const name of names) if (timesIn(name, textBefore) !== times(was, name) || timesIn(name, textAfter) !== times(is, name) || times(was, name) > 1 || times(is, name) > 1) return null;
  const all = new Set<ExportFact | Stmt>([...was, ...is]);
  return { names: [...names], before: was, after: is, isOne: (x) => all.has(x) || ('name' in x && 'kind' in x && x.kind === 'local' && names.has(x.local) && x.name === x.local) };
}

function isConstant(x: Stmt): boolean {
  return x.k === 'var' && x.decls.every((d) => d.target.k === 'name' && d.init !== null && /^(?:str|num|bool|null|undef|regex)$/.test(d.init.k));
}

function namesOf(x: Stmt): string[] {
  return x.k === 'var' ? x.decls.flatMap((d) => (d.target.k === 'name' ? [d.target.name] : [])) : [];
}

function standsOnce(name: string, text: string): boolean {
  return timesIn(name, text) === 1;
}

/** How often the name stands in the text as a word, comments and texts included; 2 stands for more. */
function timesIn(name: string, text: string): number {
  let times = 0;
  for (let at = text.indexOf(name); at >= 0 && times < 2; at = text.indexOf(name, at + 1)) if (!/[\w$]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at + name.length] ?? '')) times++;
  return times;
}

/** `name`: what the first one is called now. */
function sameHead(a: FunctionFact, b: FunctionFact, name = a.name): boolean {
  return name === b.name && a.parent === b.parent && a.async === b.async && a.kind === b.kind && a.params.length === b.params.length && a.directives.length === b.directives.length && a.directives.every((d, i) => d === b.directives[i]);
}

class Comparison {
  private readonly wanted: Set<number>;
  private readonly found = new Map<number, Span>();
  /** Parts that stand where they stood, as the same objects. */
  private readonly taken: At[] = [];

  constructor(
    wanted: readonly Span[],
    private readonly renamed: Renaming | null,
  ) {
    this.wanted = new Set(wanted.map(keyOf));
  }

  note(a: Span, b: Span): void {
    const key = keyOf(a);
    if (this.wanted.has(key)) this.found.set(key, b);
  }

  moved(span: Span): Span | null {
    return this.found.get(keyOf(span)) ?? null;
  }

  /** In a part that was taken over as it is. */
  stands(span: Span): boolean {
    return this.taken.some((at) => at.s <= span.start && span.end <= at.e);
  }

  /** Equal but for places. */
  of(a: unknown, b: unknown): boolean {
    if (a === b && typeof a === 'object' && a !== null) {
      if (typeof (a as Partial<At>).e === 'number') this.taken.push(a as At);
      else if (Array.isArray(a)) for (const x of a) this.of(x, x);
      return true;
    }
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b || (this.renamed !== null && a === this.renamed.from && b === this.renamed.to);
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      for (let i = 0; i < a.length; i++) if (!this.of(a[i], b[i])) return false;
      return true;
    }
    const x = a as Record<string, unknown>;
    const y = b as Record<string, unknown>;
    this.notePlaces(x, y);
    for (const key in x) if (!PLACES.has(key) && !this.of(x[key], y[key])) return false;
    for (const key in y) if (!(key in x)) return false;
    return true;
  }

  private noteHeads(x: Call, y: Call): void {
    const to = headsOf(y);
    headsOf(x).forEach((head, i) => {
      const moved = to[i];
      if (moved) this.note(head, moved);
    });
  }

  private notePlaces(x: Record<string, unknown>, y: Record<string, unknown>): void {
    const { s, e, ps, span } = x;
    if (typeof s === 'number' && typeof e === 'number') this.note({ start: s, end: e }, { start: y['s'] as number, end: y['e'] as number });
    if (typeof ps === 'number' && typeof e === 'number') this.note({ start: ps, end: e }, { start: y['ps'] as number, end: y['e'] as number });
    if (x['k'] === 'call' && y['k'] === 'call') this.noteHeads(x as unknown as Call, y as unknown as Call);
    if (typeof span === 'object' && span !== null) this.note(span as Span, y['span'] as Span);
  }
}

/** The places that stand for a call: from where it or the called name begins to the end of the callee or of a first text. */
function headsOf(x: Call): Span[] {
  const first = x.args[0];
  const ends = first ? [x.fn.e, first.e] : [x.fn.e];
  const starts = x.fn.k === 'mem' ? [x.s, x.fn.ps] : [x.s];
  return starts.flatMap((start) => ends.map((end) => ({ start, end })));
}

/** One number a span; offsets stay below 2^22 (`MAX_SCRIPT_CHARS`). */
function keyOf(span: Span): number {
  return span.start * 4_194_304 + span.end;
}
