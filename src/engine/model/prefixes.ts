/** Routes behind the same middlewares: what running those once has left behind. */
import type { Guard } from '../core/model';
import type { RelPath } from '../core/types';
import type { State } from './interpreter';
import type { Trace } from './trace';
import type { Value } from './values';

/** What running the first middlewares of a chain has left behind. */
export interface Prefix {
  readonly trace: Trace;
  readonly guards: readonly Guard[];
  readonly request: ReadonlyMap<string, Value>;
  readonly response: ReadonlyMap<string, Value>;
  readonly deps: ReadonlySet<RelPath>;
  readonly runs: ReadonlySet<number>;
  readonly state: State;
  /** What is left of the run's budget. */
  readonly fuel: number;
}

/** Of one linking; a key names the steps that were run. */
export class PrefixCache {
  private readonly ids = new WeakMap<object, number>();
  private readonly entries = new Map<string, Prefix>();
  private count = 0;

  idOf(v: Value): number {
    let id = this.ids.get(v);
    if (id === undefined) this.ids.set(v, (id = ++this.count));
    return id;
  }

  get(key: string): Prefix | undefined {
    return this.entries.get(key);
  }

  set(key: string, prefix: Prefix): void {
    this.entries.set(key, prefix);
  }

  /** Keys name the places of steps: those of an edited file have moved, too. */
  forget(file: RelPath): void {
    for (const [key, prefix] of this.entries) if (prefix.deps.has(file) || key.includes(`:${file}:`)) this.entries.delete(key);
  }
}

/** Whether strangers are stopped before a page, as running what stands before it has shown. */
interface Page {
  readonly stops: boolean;
  readonly deps: ReadonlySet<RelPath>;
  readonly runs: ReadonlySet<number>;
}

/** Of one linking; a key names what stands before the page, and its address. */
export class PageCache {
  private readonly entries = new Map<string, Page>();

  get(key: string, ask: () => Page): Page {
    let page = this.entries.get(key);
    if (!page) this.entries.set(key, (page = ask()));
    return page;
  }

  forget(file: RelPath): void {
    for (const [key, page] of this.entries) if (page.deps.has(file)) this.entries.delete(key);
  }
}

/** As they are now: what a later step puts into a session is that endpoint's own. */
export function asLeft(props: ReadonlyMap<string, Value>, depth = 3): Map<string, Value> {
  return new Map([...props].map(([key, v]) => [key, v.t === 'bag' && depth > 0 ? { ...v, props: asLeft(v.props, depth - 1) } : v]));
}
