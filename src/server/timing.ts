/** Time slices and counters: long work gives way to keystrokes, and the bench can ask how long a keystroke took. */
import type { TimingSample } from './protocol';

const SLICE_MS = 8;

/** Lets timers and messages that have arrived run first. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs `work` over the items in slices; gives way between slices; stops when aborted (answers false). */
export async function inSlices<T>(items: Iterable<T>, signal: AbortSignal, work: (item: T, index: number) => void): Promise<boolean> {
  let until = performance.now() + SLICE_MS;
  let index = 0;
  for (const item of items) {
    if (signal.aborted) return false;
    work(item, index++);
    if (performance.now() < until) continue;
    await yieldToEvents();
    until = performance.now() + SLICE_MS;
  }
  return !signal.aborted;
}

const KEEP = 1000;

export class Timing {
  private kept: TimingSample[] = [];

  add(sample: TimingSample): void {
    this.kept.push(sample);
    if (this.kept.length > KEEP * 2) this.kept = this.kept.slice(-KEEP);
  }

  samples(): readonly TimingSample[] {
    return this.kept.slice(-KEEP);
  }
}
