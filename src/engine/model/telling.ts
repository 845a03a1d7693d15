/** What values say where they are compared, put together into texts or numbers, or tested. */
import type { Location } from '../core/types';
import type { RoleTest } from './roles';
import { type Mark, type Origin, type Value, UNDEFINED, asString, constant, isNullish, join, marksOf, mergeMarks, truthiness, union, unknown, worked } from './values';

/** A part of what a validator has let through is known by its name, so that a password is still one. */
export function partOf(marks: readonly Mark[], name: string): readonly Mark[] {
  return marks.some((m) => m.validated && m.field === '') ? marks.map((m) => (m.validated && m.field === '' ? { ...m, field: name } : m)) : marks;
}

/** `a - b`, `count + 1`: a number, and not two texts put together. */
export function isSum(op: string, l: Value, r: Value): boolean {
  return /^([-*/%]|\*\*)$/.test(op) || (op === '+' && (isNumber(l) || isNumber(r)) && asString(l) === null && asString(r) === null);
}

function isNumber(v: Value): boolean {
  return (v.t === 'const' && typeof v.v === 'number') || (v.t === 'unk' && v.worked === 'number' && !v.hint.startsWith('template')) || (v.t === 'union' && v.of.some((m) => isNumber(m.value)));
}

/** What `+=` and its kin leave in a variable. */
export function summed(op: string, old: Value, by: Value): Value {
  const marks = mergeMarks(marksOf(old), marksOf(by));
  return isSum(op.slice(0, -1), old, by) ? worked(marks) : unknown('', marks);
}

/** The roles a test asks for, as a part of its value; nothing where it asks for none. */
export function asked(roles: RoleTest): { readonly roles?: RoleTest } {
  return roles.ifTrue.length + roles.ifFalse.length > 0 ? { roles } : {};
}

/** `/done?x=…`, `${origin}/done?x=…`: the first part is fixed or the app's own origin, and a path begins that no value can turn into a host. */
export function startsAtOwnPath(parts: readonly Value[]): boolean {
  const first = parts[0];
  // A variable of the environment, the request's own address, or whatever else was not sent: a configured base.
  const origin = first !== undefined && asString(first) === null && (marksOf(first).length === 0 || (first.t === 'unk' && first.hint === 'request.url'));
  return /^\/[^/\\]/.test(asString(parts[origin ? 1 : 0]) ?? '');
}

/** The fixed text a template begins with: constants, and the beginning of a template put in after them; null where it begins with a value. */
export function headOf(parts: readonly Value[]): string | null {
  let head: string | null = null;
  for (const p of parts) {
    const text = asString(p);
    if (text === null) return p.t === 'unk' && p.hint.startsWith('template:') ? `${head ?? ''}${p.hint.slice('template:'.length)}` : head;
    head = `${head ?? ''}${text}`;
  }
  return head;
}

/** Fixed texts of a template, `?` for the rest. */
export function textOf(parts: readonly Value[]): string {
  return parts.map((p) => asString(p) ?? '?').join('').slice(0, 300);
}

/** Request data in any of the parts. */
export function marksOfParts(parts: readonly Value[]): readonly Mark[] {
  let out: readonly Mark[] = [];
  for (const p of parts) out = mergeMarks(out, marksOf(p));
  return out;
}

/** Used as a condition, it is one: a test, or an identity that is there or not. */
export function isBoolish(v: Value): boolean {
  return v.t === 'bool' || v.t === 'ident' || v.t === 'identErr' || v.t === 'unverified' || (v.t === 'const' && typeof v.v === 'boolean');
}

/** What a value is where it is known to be no more than falsy. */
export function falsyOf(v: Value): Value {
  return v.t === 'union' ? union(v.of.filter((m) => truthiness(m.value) !== true).map((m) => ({ value: falsyOf(m.value), ver: m.ver }))) : v.t === 'bool' ? constant(false) : v.t === 'const' ? v : UNDEFINED;
}

/** How the hint of a value begins in which differences from a secret are gathered. */
export const DIFFERENCE = 'difference:';

/** What is compared where differences are gathered character by character: `process.env.X`; null for anything else. */
export function differenceIn(v: Value): string | null {
  if (v.t === 'unk') return v.hint.startsWith(DIFFERENCE) ? v.hint.slice(DIFFERENCE.length) : null;
  // Nothing differs before the loop has run.
  return v.t === 'union' && v.of.every((m) => differenceIn(m.value) !== null || (m.value.t === 'const' && m.value.v === 0)) ? (v.of.map((m) => differenceIn(m.value)).find((d) => d !== null) ?? null) : null;
}

/** The proof that one of two alternatives is, where the other is a test that says nothing of the caller and that he does not simply claim. */
export function oneOf(l: Value, provenByLeft: readonly Origin[], r: Value, provenByRight: readonly Origin[]): { readonly proof: Origin; readonly other: Value } | null {
  if ((provenByLeft.length > 0) === (provenByRight.length > 0)) return null;
  const other = provenByLeft.length > 0 ? r : l;
  const [proof] = [...provenByLeft, ...provenByRight];
  return proof && other.t === 'bool' && !other.about && marksOf(other).length === 0 ? { proof, other } : null;
}

/** What an async function's own promise gives for this: promises it returns are waited for, also where it is one of several (`return token ? verify(token) : null`). */
export function fulfilled(v: Value): Value {
  if (v.t === 'promise') return v.of;
  if (v.t !== 'union' || !v.of.some((m) => m.value.t === 'promise')) return v;
  return union(v.of.map((m) => (m.value.t === 'promise' ? { ...m, value: m.value.of, ver: join(m.ver, m.value.gains) } : m)));
}

/** What `typeof` says of a value that reading knows; null where it does not. */
export function typeOf(v: Value): Value | null {
  if (v.t === 'const') return constant(v.v === null ? 'object' : typeof v.v);
  if (v.t === 'fn' || v.t === 'cls') return constant('function');
  return v.t === 'obj' || v.t === 'arr' ? constant('object') : null;
}

/** A setting whose value is a secret, also where code falls back to another setting or to nothing. */
export function secretIn(v: Value): Extract<Value, { t: 'env' }> | null {
  if (v.t === 'env') return v;
  if (v.t !== 'union') return null;
  const found = v.of.find((m) => m.value.t === 'env')?.value;
  return found?.t === 'env' && v.of.every(({ value: m }) => m.t === 'env' || isNullish(m) || (m.t === 'const' && m.v === '') || ((m.t === 'sym' || (m.t === 'unk' && m.hint !== 'literal')) && m.marks.length === 0)) ? found : null;
}

/** Some of it was sent by the caller. */
export function fromClient(v: Value): boolean {
  return marksOf(v).some((m) => m.source === 'headers' || m.source === 'query' || m.source === 'body' || m.source === 'cookies' || m.source === 'params');
}

/** What a test of the value hangs on that nobody verified; undefined where it hangs on nothing of the kind. `at`: where it is tested. */
export function about(v: Value, at: Location): Extract<Value, { t: 'bool' }>['about'] | undefined {
  if (v.t === 'bool') return v.about;
  if (v.t === 'unverified' && v.gateway) return undefined;
  if (v.t === 'unverified') return { kind: 'unverified', how: v.how, at: v.at, ...(v.claimed ? { claimed: true } : {}) };
  // One way to the value is a claim nobody verified: as the whole, or as the parts an object was made of.
  if (v.t === 'union') {
    for (const m of v.of) {
      const parts = m.value.t === 'obj' ? [...m.value.props.values()] : [m.value];
      for (const p of parts) {
        const a = p.t === 'unverified' || (p.t === 'bool' && p === m.value) ? about(p, at) : undefined;
        if (a?.kind === 'unverified') return a;
      }
    }
    return undefined;
  }
  const claim = marksOf(v).find((m) => (m.source === 'headers' && !/^(authorization|cookie)$/i.test(m.field)) || m.source === 'cookies' || (m.source === 'query' && /^(admin|is_?admin|force|bypass|debug|role|user_?id|internal|preview|skip_?auth)$/i.test(m.field)));
  if (claim && (v.t === 'input' || v.t === 'unk')) return { kind: 'client-header', how: `the ${claim.source === 'cookies' ? 'cookie' : claim.source === 'query' ? 'query parameter' : 'header'} "${claim.field || '?'}" is whatever the client sends`, at: claim.at, ...(claim.source === 'query' ? { inQuery: true } : {}) };
  return undefined;
}

/** The same as a part of a test's value. */
export function withAbout(v: Value, at: Location): { about?: NonNullable<Extract<Value, { t: 'bool' }>['about']> } {
  const a = about(v, at);
  return a ? { about: a } : {};
}
