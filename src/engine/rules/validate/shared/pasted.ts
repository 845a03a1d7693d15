/** Input that becomes text of SQL past a check that looked elsewhere: elements of an array, names of the body's keys. From the IR alone. */
import type { Expr, FunctionFact, Pattern, ScriptFacts } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { type BodyNames, bodyNames, fieldOf, functionsIn, isBody } from './body-names';

export interface Pasted {
  readonly kind: 'elements' | 'keys';
  /** Field whose elements are pasted; empty for keys. */
  readonly field: string;
  readonly at: Location;
}

const QUERY = /^(query|raw|execute|exec|run|all|each|unsafe|whereRaw|\$queryRawUnsafe|\$executeRawUnsafe)$/;
const SQL = /\b(select|insert|update|delete|values|where|set|in)\b/i;

/** What a handler pastes; nothing where a schema stands before it. */
export function pastedIn(endpoint: Endpoint, model: ProjectModel): readonly Pasted[] {
  const h = endpoint.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (!h || !script || h.fn === null) return [];
  // A schema in front of the handler has seen the elements and the keys; single checks of express-validator have not.
  if (endpoint.guards.some((g) => g.kind === 'validation' && g.effect === 'enforces' && !/^(body|check|query|param|header|cookie)\b/.test(g.name))) return [];
  const fns = functionsIn(script, h.span);
  const known = bodyNames(fns);
  if (!sendsSql(fns)) return [];
  return [...elements(script, fns, known), ...keys(script, fns, known)].map((p) => ({ kind: p.kind, field: p.field, at: { file: h.file, span: { start: p.s, end: p.e } } }));
}

interface Found {
  readonly kind: Pasted['kind'];
  readonly field: string;
  readonly s: number;
  readonly e: number;
}

function sendsSql(fns: readonly FunctionFact[]): boolean {
  return fns.some((f) => [...nodesOf(f.body)].some((n) => n.k === 'call' && n.fn.k === 'mem' && QUERY.test(n.fn.prop) && n.args.length > 0));
}

/** The SQL texts of a handler: what is given to a query, or what a name given to one holds. */
function sqlTexts(fns: readonly FunctionFact[]): Extract<Expr, { k: 'tpl' }>[] {
  return fns.flatMap((f) => [...nodesOf(f.body)].filter((n): n is Extract<Expr, { k: 'tpl' }> => n.k === 'tpl' && n.tag === null && n.parts.some((p) => p.k === 'str' && SQL.test(p.v))));
}

// ------------------------------------------------------------------------------------------------ elements

function elements(script: ScriptFacts, fns: readonly FunctionFact[], known: BodyNames): Found[] {
  const out: Found[] = [];
  const texts = sqlTexts(fns);
  const joined = new Map<string, string>();
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'var') continue;
      for (const d of n.decls) {
        const field = d.init && d.target.k === 'name' ? joinedElements(d.init, script, known) : null;
        if (field !== null && d.target.k === 'name') joined.set(d.target.name, field);
      }
    }
  }
  for (const text of texts) {
    for (const part of text.parts) {
      const field = part.k === 'ref' ? (joined.get(part.name) ?? null) : joinedElements(part, script, known);
      if (field !== null && !elementsChecked(field, script, fns, known)) out.push({ kind: 'elements', field, s: text.s, e: text.e });
    }
  }
  return out;
}

/** `ids.join(',')`, `ids.map((id) => `(${n}, ${id})`).join()`: the field whose elements stand in the text. */
function joinedElements(x: Expr, script: ScriptFacts, known: BodyNames): string | null {
  if (x.k !== 'call' || x.fn.k !== 'mem' || x.fn.prop !== 'join') return null;
  const list = x.fn.obj;
  const plain = fieldOf(list, known);
  if (plain !== null) return plain;
  if (list.k !== 'call' || list.fn.k !== 'mem' || list.fn.prop !== 'map') return null;
  const field = fieldOf(list.fn.obj, known);
  const callback = list.args[0];
  if (field === null || callback?.k !== 'fn') return null;
  const fn = script.functions[callback.id];
  const names = fn?.params[0] ? namesIn(fn.params[0]) : [];
  return fn && [...nodesOf(fn.body)].some((n) => n.k === 'tpl' && n.parts.some((p) => pastes(p, names))) ? field : null;
}

function namesIn(p: Pattern): string[] {
  if (p.k === 'name') return [p.name];
  return p.k === 'obj' ? p.props.flatMap((x) => namesIn(x.value)) : p.k === 'arr' ? p.items.flatMap((i) => (i ? namesIn(i) : [])) : [];
}

/** The element or a part of it as it comes; `Number(id)` is a call, and no such text. */
function pastes(x: Expr, names: readonly string[]): boolean {
  return x.k === 'ref' ? names.includes(x.name) : x.k === 'mem' && pastes(x.obj, names);
}

/** `body('ids.*').isInt()`, `ids.every(…)`, `ids.some(…)`: somebody looks at each. */
function elementsChecked(field: string, script: ScriptFacts, fns: readonly FunctionFact[], known: BodyNames): boolean {
  const star = new RegExp(`^${field.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(\\.\\*|\\[\\*?\\])`);
  for (const f of script.functions) for (const n of nodesOf(f.body)) if (n.k === 'str' && star.test(n.v)) return true;
  return fns.some((f) => [...nodesOf(f.body)].some((n) => n.k === 'call' && n.fn.k === 'mem' && /^(every|some)$/.test(n.fn.prop) && fieldOf(n.fn.obj, known) === field));
}

// ------------------------------------------------------------------------------------------------ keys

function keys(script: ScriptFacts, fns: readonly FunctionFact[], known: BodyNames): Found[] {
  const out: Found[] = [];
  if (!sqlTexts(fns).some((t) => t.parts.some((p) => p.k === 'str' && /\b(update|insert)\b/i.test(p.v)))) return out;
  for (const fn of fns) {
    for (const n of nodesOf(fn.body)) {
      if (n.k === 'loop' && n.over && n.each && ((n.kind === 'in' && isBody(n.over, known)) || (n.kind === 'of' && keysOfBody(n.over, known)))) {
        const name = keyName(n.each, n.kind === 'of' && entriesOf(n.over));
        if (name !== null && !listed(n.body, name)) push(n.body, name);
      }
      if (n.k !== 'call' || n.fn.k !== 'mem' || !/^(map|forEach)$/.test(n.fn.prop) || !keysOfBody(n.fn.obj, known)) continue;
      const callback = n.args[0]?.k === 'fn' ? script.functions[n.args[0].id] : undefined;
      const name = callback?.params[0] ? keyName(callback.params[0], entriesOf(n.fn.obj)) : null;
      if (callback && name !== null && !listed(callback.body, name)) push(callback.body, name);
    }
  }
  return out;

  function push(body: unknown, name: string): void {
    for (const n of nodesOf(body)) {
      if (n.k !== 'tpl' || n.tag !== null) continue;
      const at = n.parts.findIndex((p) => p.k === 'ref' && p.name === name);
      const after = n.parts[at + 1];
      if (at < 0 || after?.k !== 'str' || !/^["`]?\s*=/.test(after.v)) continue;
      out.push({ kind: 'keys', field: '', s: n.s, e: n.e });
      return;
    }
  }
}

/** `Object.keys(req.body)`, `Object.entries(updates)`. A filter in between is somebody's list. */
function keysOfBody(x: Expr, known: BodyNames): boolean {
  return x.k === 'call' && x.fn.k === 'mem' && x.fn.obj.k === 'ref' && x.fn.obj.name === 'Object' && /^(keys|entries)$/.test(x.fn.prop) && x.args[0] !== undefined && isBody(x.args[0], known);
}

function entriesOf(x: Expr): boolean {
  return x.k === 'call' && x.fn.k === 'mem' && x.fn.prop === 'entries';
}

function keyName(p: Pattern, entries: boolean): string | null {
  const target = entries && p.k === 'arr' ? p.items[0] : p;
  return target?.k === 'name' ? target.name : null;
}

/** The key is held against a list: `allowed.includes(key)`, `COLUMNS.has(key)`, `key in schema`, `COLUMNS[key]`, a pattern, a switch. */
function listed(body: unknown, name: string): boolean {
  for (const n of nodesOf(body)) {
    if (n.k === 'call' && n.fn.k === 'mem' && /^(includes|has|indexOf|test|match)$/.test(n.fn.prop) && (n.args.some((a) => a.k === 'ref' && a.name === name) || (n.fn.obj.k === 'ref' && n.fn.obj.name === name))) return true;
    if (n.k === 'bin' && (n.op === 'in' || n.op === '===' || n.op === '!==') && [n.l, n.r].some((s) => s.k === 'ref' && s.name === name)) return true;
    if (n.k === 'switch' && n.on.k === 'ref' && n.on.name === name) return true;
    if (n.k === 'idx' && n.index.k === 'ref' && n.index.name === name && n.obj.k === 'ref' && /^[A-Z]|[aA]llow|[cC]olumn|[mM]ap$|^fields?$/.test(n.obj.name)) return true;
  }
  return false;
}
