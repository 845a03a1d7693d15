/** What the script extractor knows about a string literal when it asks whether the literal is a secret. */
import type { RelPath, Span } from '../../core/types';

export interface LiteralContext {
  readonly path: RelPath;
  readonly value: string;
  /** Quotes included. */
  readonly literal: Span;
  /** Inside the quotes. */
  readonly span: Span;
  readonly salt: string;
  /** Variable, property and parameter names the literal is assigned to, nearest first: `['apiKey', 'config']`. */
  readonly names: readonly string[];
  /** Dotted text of the call the literal is an argument of: `jwt.sign`. */
  readonly callee: string | null;
  /** Import specifier of the callee's root identifier, when known. */
  readonly calleeModule: string | null;
  readonly argIndex: number;
  /** Property names from the call's argument object down to the literal: `['secret']`. */
  readonly propPath: readonly string[];
  /** Name of the environment variable whose absence this literal covers: `process.env.N || 'literal'`. */
  readonly fallbackOf: string | null;
  /** Text of the other side of `===`, `!==`, `==`, `!=`. */
  readonly comparedWith: string | null;
  readonly inTest: boolean;
  /** Names of the functions around, innermost first. */
  readonly enclosing: readonly string[];
}

/** What is known of a value that several literals make up: `'sk_live_' + 'abc'`. */
export interface FoldedContext {
  readonly path: RelPath;
  readonly salt: string;
  readonly names: readonly string[];
}
