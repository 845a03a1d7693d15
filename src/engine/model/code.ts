/** What statements and calls are by their form alone, whatever their values. */
import type { Expr, FunctionFact, ScriptFacts, Stmt } from '../core/facts';

const setters = new WeakMap<ScriptFacts, ReadonlyMap<string, readonly number[]>>();

/** Functions of a module's top level by the variables that they set without declaring them. */
export function settersOf(script: ScriptFacts): ReadonlyMap<string, readonly number[]> {
  let found = setters.get(script);
  if (!found) {
    const out = new Map<string, number[]>();
    for (const fn of script.functions) {
      if (fn.parent !== 0 || fn.kind === 'module') continue;
      for (const name of namesSetBy(fn)) out.set(name, [...(out.get(name) ?? []), fn.id]);
    }
    setters.set(script, (found = out));
  }
  return found;
}

/** Variables that the function sets, those among them that it declares included. */
export function namesSetBy(fn: FunctionFact): ReadonlySet<string> {
  const names = new Set<string>();
  assignedIn(fn.body, names);
  return names;
}

/** Plain names that statements assign to, nested blocks included. */
function assignedIn(body: readonly Stmt[], names: Set<string>): void {
  for (const s of body) {
    switch (s.k) {
      case 'expr':
        if (s.x.k === 'assign' && s.x.target.k === 'name') names.add(s.x.target.name);
        break;
      case 'if':
        assignedIn(s.then, names);
        if (s.else) assignedIn(s.else, names);
        break;
      case 'block':
      case 'loop':
        assignedIn(s.body, names);
        break;
      case 'try':
        assignedIn(s.body, names);
        if (s.handler) assignedIn(s.handler, names);
        if (s.finalizer) assignedIn(s.finalizer, names);
        break;
      default:
        break;
    }
  }
}

/** A case of a switch that does not fall through. */
export function endsWithBreak(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1];
  if (!last) return false;
  return last.k === 'break' || (last.k === 'block' && endsWithBreak(last.body));
}

/** The last name of what is called, as people would say it. */
export function calleeName(x: Extract<Expr, { k: 'call' }>): string {
  return x.fn.k === 'ref' ? x.fn.name : x.fn.k === 'mem' ? x.fn.prop : 'the check';
}

/** Nothing, or nothing but a note in a log. */
export function onlyLogs(body: readonly Stmt[]): boolean {
  return body.every((s) => s.k === 'expr' && s.x.k === 'call' && ((s.x.fn.k === 'mem' && /^(log|warn|error|info|debug)$/.test(s.x.fn.prop)) || (s.x.fn.k === 'ref' && /^(log|warn)/i.test(s.x.fn.name))));
}

/** `cache.get(key)`, `getCache().get(key)`, `redis.get(cacheKey)`. */
export function looksIntoCache(x: Extract<Expr, { k: 'call' }>): boolean {
  if (x.fn.k !== 'mem' || x.fn.prop !== 'get') return false;
  const called = (e: Expr | undefined): string => (e?.k === 'ref' ? e.name : e?.k === 'mem' ? e.prop : e?.k === 'call' ? called(e.fn) : '');
  return /cache/i.test(called(x.fn.obj)) || /cache/i.test(called(x.args[0]));
}
