/** Compares what was worked out before a change with what is worked out after it. */

/** Larger answers are taken for others: comparing them would cost more than to ask again whoever used them. */
const MAX_PARTS = 20_000;

/**
 * Both say the same, place by place, and hold none of the places that have moved (`elsewhere`): those are one object in both,
 * so that nothing tells where it stood when somebody read it. What is neither plain data, a list, a set nor a map is the same
 * only as the same object.
 */
export function isUnchanged(before: unknown, after: unknown, elsewhere: ReadonlySet<object>): boolean {
  let parts = 0;
  const same = (a: unknown, b: unknown): boolean => {
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
    if (elsewhere.has(a) || ++parts > MAX_PARTS) return false;
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
    const kind = Object.getPrototypeOf(a) as unknown;
    if (Object.getPrototypeOf(b) !== kind) return false;
    if (a instanceof Set) return a.size === (b as ReadonlySet<unknown>).size && [...a].every((x) => (b as ReadonlySet<unknown>).has(x));
    if (a instanceof Map) return a.size === (b as ReadonlyMap<unknown, unknown>).size && [...a].every(([key, x]) => (b as ReadonlyMap<unknown, unknown>).has(key) && same(x, (b as ReadonlyMap<unknown, unknown>).get(key)));
    if (kind !== Object.prototype) return a === b;
    const x = a as Record<string, unknown>;
    const y = b as Record<string, unknown>;
    for (const key in x) if (!same(x[key], y[key])) return false;
    for (const key in y) if (!(key in x)) return false;
    return true;
  };
  return same(before, after);
}
