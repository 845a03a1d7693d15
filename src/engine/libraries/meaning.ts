/** Knowledge about libraries as data: what a call means. The interpreter acts on meanings and knows no library by name. */
import type { SinkKind } from '../core/model';

export type Meaning =
  /** Yields a verified user or nothing. `nullable`: the user or null · `result`: `{ data, error }` · `fields`: an object whose fields are the user or null · `bool`: true when signed in · `throws`: ends the call without one. */
  | { readonly is: 'identity'; readonly how: 'nullable' | 'result' | 'fields' | 'bool' | 'throws'; readonly async: boolean; readonly name: string; readonly kind?: 'user' | 'signature' | 'api-key' }
  /** Reads an identity nobody verified. `how` is shown to people. */
  | { readonly is: 'unverified'; readonly how: string; readonly async: boolean; readonly result?: boolean }
  /** The result is a middleware: `enforces` ends requests without a user. */
  | { readonly is: 'guard'; readonly effect: 'enforces' | 'optional' | 'none'; readonly name: string }
  /** Takes the handler as an argument and runs it only for a verified user. */
  | { readonly is: 'guard-wrapper'; readonly name: string; readonly effect: 'enforces' | 'gives-auth' }
  /** Takes a handler and returns it in another form; no guard. */
  | { readonly is: 'wrapper' }
  | { readonly is: 'limiter' }
  | { readonly is: 'validate'; readonly how: 'throws' | 'result' | 'bool' | 'request-chain' | 'request-result' | 'middleware' }
  | { readonly is: 'sink'; readonly sink: SinkKind; readonly op: string; readonly target: 'arg0' | 'from' | 'model' | 'collection' | 'called' | 'sql' | 'none' }
  /** A template tag that makes a statement of a query language, its values apart from its text. */
  | { readonly is: 'statement' }
  /** Facts that tell what kind of endpoint this is. */
  | { readonly is: 'does'; readonly what: 'sign-in' | 'sign-up' | 'sign-out' | 'password-check' | 'password-hash' | 'token-issue' | 'reset-mail' | 'oauth' | 'session-destroy' };

export interface CallPattern {
  /** Package names (sub-paths count when listed with `/*`); empty: any package, or none resolved. */
  readonly pkg: readonly string[];
  /** Tested against the callee's shape, for instance `createClient().auth.getUser`. Keyed by its last name for speed. */
  readonly last: readonly string[];
  readonly shape?: RegExp;
  readonly means: Meaning;
}

export class CallKnowledge {
  private readonly byLast = new Map<string, CallPattern[]>();

  constructor(patterns: readonly CallPattern[]) {
    for (const p of patterns) {
      for (const last of p.last) {
        const list = this.byLast.get(last);
        if (list) list.push(p);
        else this.byLast.set(last, [p]);
      }
    }
  }

  /** First pattern that fits, most specific first as listed. `shape` ends in the called name; an empty one is the module itself. */
  meaningOf(pkg: string | null, shape: string): Meaning | null {
    const cut = shape.lastIndexOf('.');
    const last = shape.slice(cut + 1).replace(/\(\)$/, '()');
    for (const p of this.byLast.get(last) ?? []) {
      if (p.pkg.length > 0 && (pkg === null || !p.pkg.some((x) => (x.endsWith('/*') ? pkg === x.slice(0, -2) || pkg.startsWith(x.slice(0, -1)) : x === pkg)))) continue;
      if (p.shape && !p.shape.test(shape)) continue;
      return p.means;
    }
    return null;
  }
}
