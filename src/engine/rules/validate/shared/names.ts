/** The names that a raw field stands for. */
import type { RawField } from './raw';

/** Those read of a parameter that is an object, or copied by a list of names; else its own. */
export function namesOf(f: RawField): readonly string[] {
  if (f.keys !== null) return f.keys;
  const inner = f.reads.flatMap((r) => (r.field.startsWith(`${f.name}.`) ? [r.field.slice(f.name.length + 1)] : [])).filter((n) => !/^\d/.test(n));
  return inner.length > 0 ? [...new Set(inner)] : [f.name];
}
