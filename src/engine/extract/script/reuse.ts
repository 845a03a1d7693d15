/**
 * What one version of a script was lowered to, statement by statement of its top level, for the next version to take over:
 * a keystroke changes one of them, and of those behind it only the places.
 */
import type { FunctionFact } from '../../core/facts';
import { replacedRange } from '../../core/replaced';
import type { Span } from '../../core/types';
import type { Lowered } from './lower';
import type { ts } from './parse';

/** How much there was of each when a statement had been lowered. */
export interface Mark {
  readonly body: number;
  readonly functions: number;
  readonly classes: number;
  readonly imports: number;
  readonly exports: number;
  readonly envReads: number;
  readonly locals: number;
}

/** One statement of the top level. */
export interface Part {
  readonly pos: number;
  readonly end: number;
  readonly kind: ts.SyntaxKind;
  readonly after: Mark;
  readonly hasJsx: boolean;
  readonly isCommonJs: boolean;
}

export interface LoweredParts {
  readonly text: string;
  readonly salt: string;
  readonly isModule: boolean;
  readonly lowered: Lowered;
  /** What was imported under which name, in order. */
  readonly locals: readonly (readonly [local: string, specifier: string])[];
  readonly parts: readonly Part[];
}

/** Which statements of a new version are those of the last one. */
export interface Reuse {
  readonly from: LoweredParts;
  /** So many at the beginning. */
  readonly prefix: number;
  /** So many at the end; they stand `delta` characters further on now. */
  readonly suffix: number;
  readonly delta: number;
}

/** The last version of one script without syntax errors. */
export class LoweringMemory {
  private last: LoweredParts | null = null;

  keep(parts: LoweredParts): void {
    this.last = parts;
  }

  /** null: nothing can be taken over. `scanned`: places of secrets that the text alone gives away. */
  plan(text: string, source: ts.SourceFile, salt: string, scanned: readonly Span[]): Reuse | null {
    const from = this.last;
    // How a literal is read depends on whether a secret stands there.
    if (!from || from.salt !== salt || from.isModule !== isModule(source) || scanned.length > 0 || from.lowered.secrets.length > 0 || from.lowered.folded.length > 0) return null;
    const { replaced, length } = replacedRange(from.text, text);
    const delta = length - (replaced.end - replaced.start);
    const now = source.statements;
    const most = Math.min(from.parts.length, now.length);
    const same = (part: Part, node: ts.Statement, moved: number): boolean => part.pos + moved === node.pos && part.end + moved === node.end && part.kind === node.kind;
    let prefix = 0;
    // A change that touches the end of a statement may belong to it.
    while (prefix < most && from.parts[prefix]!.end < replaced.start && same(from.parts[prefix]!, now[prefix]!, 0)) prefix++;
    let suffix = 0;
    while (suffix < most - prefix) {
      const part = from.parts[from.parts.length - 1 - suffix]!;
      if (part.pos <= replaced.end || !same(part, now[now.length - 1 - suffix]!, delta)) break;
      suffix++;
    }
    return prefix + suffix === 0 ? null : { from, prefix, suffix, delta };
  }
}

/** Whether `await` at the top level is one depends on it. */
export function isModule(source: ts.SourceFile): boolean {
  return (source as { externalModuleIndicator?: unknown }).externalModuleIndicator !== undefined;
}

/** The module itself is its first function. */
const NOTHING: Mark = { body: 0, functions: 1, classes: 0, imports: 0, exports: 0, envReads: 0, locals: 0 };

export function markBefore(from: LoweredParts, part: number): Mark {
  return from.parts[part - 1]?.after ?? NOTHING;
}

/** `mark`, counted from `now` instead of from `before`. */
export function markFrom(now: Mark, before: Mark, mark: Mark): Mark {
  const out = { ...mark };
  for (const key of Object.keys(out) as (keyof Mark)[]) (out as Record<keyof Mark, number>)[key] += now[key] - before[key];
  return out;
}

/** Keys of facts that say where something stands. */
const PLACES: ReadonlySet<string> = new Set(['s', 'e', 'ps', 'start', 'end', 'bodyStart']);

/** A function that has moved; its code moves when somebody looks at it, which few do before the next keystroke. */
class MovedFunction implements FunctionFact {
  readonly id: number;
  readonly name: string;
  readonly parent: number;
  readonly async: boolean;
  readonly kind: FunctionFact['kind'];
  readonly directives: readonly string[];
  readonly span: Span;
  readonly head: Span;
  readonly bodyStart: number | null;
  readonly bodySpan: Span;
  readonly paramsSpan: Span | null;
  #params: FunctionFact['params'] | null = null;
  #body: FunctionFact['body'] | null = null;
  readonly #from: FunctionFact;
  readonly #delta: number;

  constructor(from: FunctionFact, delta: number) {
    this.id = from.id;
    this.name = from.name;
    this.parent = from.parent;
    this.async = from.async;
    this.kind = from.kind;
    this.directives = from.directives;
    this.span = movedSpan(from.span, delta);
    this.head = movedSpan(from.head, delta);
    this.bodyStart = from.bodyStart === null ? null : from.bodyStart + delta;
    this.bodySpan = movedSpan(from.bodySpan, delta);
    this.paramsSpan = from.paramsSpan && movedSpan(from.paramsSpan, delta);
    this.#from = from;
    this.#delta = delta;
  }

  get params(): FunctionFact['params'] {
    return (this.#params ??= movedBy(this.#from.params, this.#delta));
  }

  get body(): FunctionFact['body'] {
    return (this.#body ??= movedBy(this.#from.body, this.#delta));
  }

  /** Moved once however often it moves. */
  by(delta: number): FunctionFact {
    return this.#delta + delta === 0 ? this.#from : new MovedFunction(this.#from, this.#delta + delta);
  }

  /** Like every other fact, code and all. */
  toJSON(): FunctionFact {
    const { id, name, parent, params, body, async, kind, directives, span, head, bodyStart, bodySpan, paramsSpan } = this;
    return { id, name, parent, params, body, async, kind, directives, span, head, bodyStart, bodySpan, paramsSpan };
  }
}

function movedSpan(span: Span, delta: number): Span {
  return { start: span.start + delta, end: span.end + delta };
}

export function movedFunctions(functions: readonly FunctionFact[], delta: number): readonly FunctionFact[] {
  return delta === 0 ? functions : functions.map((f) => (f instanceof MovedFunction ? f.by(delta) : new MovedFunction(f, delta)));
}

/** The same facts, `delta` characters further on. */
export function movedBy<T>(facts: T, delta: number): T {
  if (delta === 0 || typeof facts !== 'object' || facts === null) return facts;
  if (Array.isArray(facts)) return facts.map((x: unknown) => movedBy(x, delta)) as T;
  const out = { ...facts } as Record<string, unknown>;
  for (const key in out) {
    const x = out[key];
    if (typeof x === 'object') out[key] = movedBy(x, delta);
    else if (typeof x === 'number' && PLACES.has(key)) out[key] = x + delta;
  }
  return out as T;
}
