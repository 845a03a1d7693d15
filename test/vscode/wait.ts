/** How often a state is looked at. Nothing here sleeps for a guessed time: every wait ends when the state is there. */
const EVERY = 50;

export interface WaitOptions {
  timeout?: number;
  /** Appended to the message when the state never came: what was seen instead. */
  seen?: () => unknown;
}

/** Looks again and again until `probe` answers something else than undefined or false. */
export async function until<T>(what: string, probe: () => T | Promise<T>, { timeout = 20_000, seen }: WaitOptions = {}): Promise<Exclude<T, undefined | false | null>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false && found !== null) return found as Exclude<T, undefined | false | null>;
    if (Date.now() > deadline) {
      const instead = seen ? `\nseen instead: ${show(await seen())}` : '';
      throw new Error(`waited ${timeout / 1000} s for ${what}${instead}`);
    }
    await new Promise((again) => setTimeout(again, EVERY));
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

/** Ends with the work, or with an error when it takes longer than `ms`. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks until the answer has stayed the same for a while: for things that change late and do not say when they are done. */
export async function settled<T>(what: string, probe: () => Promise<T>, { still = 300, timeout = 20_000 } = {}): Promise<T> {
  let last: T | undefined;
  let text: string | undefined;
  let since = Date.now();
  await until(`${what} to settle`, async () => {
    last = await probe();
    const now = JSON.stringify(last);
    if (now !== text) {
      text = now;
      since = Date.now();
    }
    return Date.now() - since >= still;
  }, { timeout });
  return last as T;
}
