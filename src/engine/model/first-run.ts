/**
 * The first set-up of an app: whether anybody has an account is looked up, without a word of the caller's, and whoever comes
 * once somebody has is refused. Nobody can be signed in before that, so no guard could stand there.
 */
import type { Expr } from '../core/facts';
import { WRITES, keepsBooks } from '../core/sinks';
import type { RelPath } from '../core/types';
import { snakeCase } from '../core/text';
import type { SinkRecord, Trace } from './trace';
import { type Value, isNullish, sourceOf } from './values';

const ACCOUNTS = /(^|_)(users?|accounts?|(super_?)?admins?|administrators?|profiles?|members?|staff|owners?|employees?)(_|$)/;

/** A table of people who sign in. */
export function isAccounts(target: string | null): boolean {
  return target !== null && ACCOUNTS.test(snakeCase(target.replace(/model$/i, '')));
}

/** The test holds whenever there is an account, or one of a fixed kind, and nothing the caller sends makes it fail. */
export function asksWhetherAnybodyIsThere(test: Expr, file: RelPath, trace: Trace, valueOf: (x: Expr) => Value): boolean {
  const holds = (x: Expr, somebody: boolean): boolean => {
    switch (x.k) {
      case 'not':
        return holds(x.value, !somebody);
      case 'logic': {
        const sides = [holds(x.l, somebody), holds(x.r, somebody)];
        return (x.op === '||') === somebody ? sides.some(Boolean) : sides.every(Boolean);
      }
      case 'bin': {
        if (x.r.k !== 'num') return false;
        const many = (x.op === '>' && x.r.v === 0) || (x.op === '>=' && x.r.v === 1) || (/^!==?$/.test(x.op) && x.r.v === 0);
        const none = (x.op === '<' && x.r.v === 1) || (x.op === '<=' && x.r.v === 0) || (/^===?$/.test(x.op) && x.r.v === 0);
        return (somebody ? many : none) && countsAccounts(x.l);
      }
      default:
        return somebody && countsAccounts(x);
    }
  };
  const countsAccounts = (x: Expr): boolean => {
    if (x.k === 'await') return countsAccounts(x.value);
    if (x.k === 'mem' && /^(length|size|rowCount)$/.test(x.prop)) return countsAccounts(x.obj);
    if (x.k === 'call') {
      const first = x.args[0];
      if (x.fn.k === 'ref' && /^(Number|parseInt|Boolean)$/.test(x.fn.name)) return first !== undefined && countsAccounts(first);
      return trace.sinks.some((s) => s.at.file === file && s.at.span.start >= x.s && s.at.span.end <= x.e && isAskedOfAccounts(s));
    }
    let root: Expr = x;
    while (root.k === 'mem' || root.k === 'idx') root = root.obj;
    return root.k === 'ref' && comesOfAccounts(valueOf(x));
  };
  return holds(test, true);
}

function comesOfAccounts(v: Value): boolean {
  if (v.t === 'union') {
    const there = v.of.filter((m) => !isNullish(m.value));
    return there.length > 0 && there.every((m) => comesOfAccounts(m.value));
  }
  const source = sourceOf(v) as SinkRecord | undefined;
  return source !== undefined && isAskedOfAccounts(source);
}

/** Nothing the caller sends decides which accounts are looked for. */
function isAskedOfAccounts(s: SinkRecord): boolean {
  if (s.marks.length > 0) return false;
  return s.kind === 'auth-admin' ? /^list/.test(s.op) : s.kind === 'db-read' && isAccounts(s.target);
}

const ADDS = /^(insert|insertOne|insertMany|create|createMany|createUser|add|save|upsert|bulkCreate|insertInto|inviteUserByEmail)$/;

/** All that the endpoint does, it does while nobody has an account yet; and it makes one. */
export function isFirstRun(t: Trace): boolean {
  const work = t.sinks.filter((s) => WRITES.has(s.kind) && !s.inMiddleware && !keepsBooks(s) && !(s.kind === 'auth-admin' && /^(get|list)/.test(s.op)));
  return work.every((s) => s.nobodyYet) && work.some((s) => ADDS.test(s.op) && (s.kind === 'auth-admin' || (s.kind === 'db-write' && isAccounts(s.target))));
}
