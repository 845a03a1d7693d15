/** How a function reads request data: which fields, how each is used, whether its absence is answered. From the IR alone. */
import type { Expr, FunctionFact, ObjProp, Pattern, ScriptFacts, Stmt } from '../core/facts';
import type { HandlerRef, ProjectModel } from '../core/model';
import type { Location, Span } from '../core/types';
import { functionAt } from './walk';

// ------------------------------------------------------------------------------------------------ walking with ancestors

export interface Decl {
  readonly k: 'decl';
  readonly target: Pattern;
  readonly init: Expr | null;
  readonly s: number;
  readonly e: number;
}
export type Node = Expr | Stmt | Decl | ObjProp;
export interface Up {
  readonly node: Node;
  readonly up: Up | null;
}
export interface Seen {
  readonly x: Expr;
  readonly up: Up | null;
}

/** Every expression of a function and of the functions inside it, with what stands around it. */
export function walk(script: ScriptFacts, fn: FunctionFact): Seen[] {
  const out: Seen[] = [];
  const pattern = (p: Pattern, up: Up | null): void => {
    if (p.init) expr(p.init, up);
    if (p.k === 'obj') for (const x of p.props) pattern(x.value, up);
    else if (p.k === 'arr') for (const x of p.items) x && pattern(x, up);
    else if (p.k === 'rest') pattern(p.value, up);
    else if (p.k === 'target') expr(p.expr, up);
  };
  const props = (list: readonly ObjProp[], up: Up | null): void => {
    for (const p of list) {
      const here: Up = { node: p, up };
      if (p.k === 'computed') expr(p.key, here);
      expr(p.value, here);
    }
  };
  const inner = (id: number, up: Up | null): void => {
    const f = script.functions[id];
    if (!f) return;
    for (const p of f.params) pattern(p, up);
    block(f.body, up);
  };
  const expr = (x: Expr, up: Up | null): void => {
    out.push({ x, up });
    const here: Up = { node: x, up };
    switch (x.k) {
      case 'mem':
        return expr(x.obj, here);
      case 'idx':
        expr(x.obj, here);
        return expr(x.index, here);
      case 'call':
      case 'new':
        expr(x.fn, here);
        for (const a of x.args) expr(a, here);
        return;
      case 'obj':
        return props(x.props, here);
      case 'arr':
      case 'seq':
        for (const i of x.items) expr(i, here);
        return;
      case 'spread':
      case 'not':
      case 'unary':
      case 'await':
        return expr(x.value, here);
      case 'tpl':
        for (const p of x.parts) expr(p, here);
        return;
      case 'bin':
      case 'logic':
        expr(x.l, here);
        return expr(x.r, here);
      case 'cond':
        expr(x.test, here);
        expr(x.then, here);
        return expr(x.else, here);
      case 'assign':
        pattern(x.target, here);
        return expr(x.value, here);
      case 'yield':
        if (x.value) expr(x.value, here);
        return;
      case 'fn':
        return inner(x.id, here);
      case 'jsx':
        props(x.props, here);
        for (const c of x.children) expr(c, here);
        return;
      case 'other':
        for (const c of x.children) expr(c, here);
        return;
      default:
        return;
    }
  };
  const block = (body: readonly Stmt[], up: Up | null): void => {
    for (const s of body) {
      const here: Up = { node: s, up };
      switch (s.k) {
        case 'expr':
        case 'throw':
          expr(s.x, here);
          break;
        case 'return':
          if (s.x) expr(s.x, here);
          break;
        case 'var':
          for (const d of s.decls) {
            const decl: Up = { node: { k: 'decl', target: d.target, init: d.init, s: d.s, e: d.e }, up: here };
            pattern(d.target, decl);
            if (d.init) expr(d.init, decl);
          }
          break;
        case 'fndecl':
          inner(s.id, here);
          break;
        case 'if':
          expr(s.test, here);
          block(s.then, here);
          if (s.else) block(s.else, here);
          break;
        case 'block':
          block(s.body, here);
          break;
        case 'try':
          block(s.body, here);
          if (s.handler) block(s.handler, here);
          if (s.finalizer) block(s.finalizer, here);
          break;
        case 'loop':
          block(s.init, here);
          if (s.over) expr(s.over, here);
          if (s.test) expr(s.test, here);
          if (s.update) expr(s.update, here);
          block(s.body, here);
          break;
        case 'switch':
          expr(s.on, here);
          for (const c of s.cases) {
            if (c.test) expr(c.test, here);
            block(c.body, here);
          }
          break;
        default:
          break;
      }
    }
  };
  block(fn.body, null);
  return out;
}

// ------------------------------------------------------------------------------------------------ fields

export interface Field {
  readonly name: string;
  /** Its absence ends the request. */
  denied: boolean;
  /** Asked for, given a default, or passed over when absent. */
  optional: boolean;
  /** Given to Number, parseInt or parseFloat. */
  converted: boolean;
  /** Used in arithmetic or compared by size. */
  arithmetic: boolean;
  bool: boolean;
  array: boolean;
  date: boolean;
  file: boolean;
  /** A text that holds JSON. */
  json: boolean;
  /** Texts it is dispatched on or checked against. */
  readonly literals: string[];
  readonly allowed: string[];
  readonly children: Map<string, Field>;
  element: Field | null;
  fallback: Expr | null;
  /** Handed on as it is. */
  passed: boolean;
}

export function newField(name: string): Field {
  return { name, denied: false, optional: false, converted: false, arithmetic: false, bool: false, array: false, date: false, file: false, json: false, literals: [], allowed: [], children: new Map(), element: null, fallback: null, passed: false };
}

export function child(of: Map<string, Field>, name: string): Field {
  let f = of.get(name);
  if (!f) of.set(name, (f = newField(name)));
  return f;
}

const ARRAY_METHODS = new Set(['map', 'forEach', 'filter', 'find', 'some', 'every', 'reduce', 'flatMap', 'findIndex', 'join', 'push', 'sort', 'flat']);
const TEXT_METHODS = new Set(['trim', 'toLowerCase', 'toUpperCase', 'split', 'replace', 'replaceAll', 'match', 'startsWith', 'endsWith', 'padStart', 'charAt', 'normalize', 'localeCompare', 'substring', 'substr', 'toString', 'includes', 'slice', 'indexOf', 'concat', 'length', 'at']);
const FILE_PARTS = new Set(['arrayBuffer', 'stream', 'size', 'type', 'lastModified']);
const CONVERTERS = new Set(['Number', 'parseInt', 'parseFloat']);

export function endsHere(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1];
  if (!last) return false;
  if (last.k === 'return' || last.k === 'throw') return true;
  if (last.k === 'block') return endsHere(last.body);
  return last.k === 'if' && last.else !== null && endsHere(last.then) && endsHere(last.else);
}

/** Notes what one use tells of a field. `rename` is called when the value gets a local name. */
export function note(f: Field, seen: Seen, script: ScriptFacts, rename: (name: string, f: Field) => void): void {
  const { x, up } = seen;
  const p = up?.node;
  if (!p || !up) return;
  switch (p.k) {
    case 'mem': {
      if (p.obj !== x) return;
      const above = up.up?.node;
      const called = above?.k === 'call' && above.fn === p;
      if (called && ARRAY_METHODS.has(p.prop)) {
        f.array = true;
        elementOf(f, above.args[0], script, rename);
      } else if (called && CONVERTS_NUMBER.has(p.prop)) f.arithmetic = true;
      else if (called && FILE_PARTS.has(p.prop)) f.file = true;
      else if (!TEXT_METHODS.has(p.prop) && !called) {
        if (FILE_PARTS.has(p.prop)) f.file ||= p.prop === 'size';
        const c = child(f.children, p.prop);
        note(c, { x: p, up: up.up }, script, rename);
      }
      if (p.opt) f.optional = true;
      return;
    }
    case 'call':
    case 'new': {
      if (p.fn === x) return;
      const name = p.fn.k === 'ref' ? p.fn.name : p.fn.k === 'mem' && p.fn.obj.k === 'ref' ? `${p.fn.obj.name}.${p.fn.prop}` : '';
      if (CONVERTERS.has(name) || name === 'Number.parseInt' || name === 'Number.parseFloat') f.converted = true;
      else if (name === 'Date' || name === 'parseISO') f.date = true;
      else if (name === 'JSON.parse') f.json = true;
      else if (name === 'Boolean') f.bool = true;
      else if (name === 'Array.isArray') f.array = true;
      else if (/^(Number\.is|isNaN|isFinite|Math\.)/.test(name)) f.arithmetic = true;
      else if (p.fn.k === 'mem' && p.fn.prop === 'includes' && p.fn.obj.k === 'arr') {
        const texts = p.fn.obj.items.flatMap((i) => (i.k === 'str' ? [i.v] : []));
        if (texts.length === p.fn.obj.items.length) f.allowed.push(...texts);
      } else f.passed = true;
      return;
    }
    case 'bin': {
      const other = p.l === x ? p.r : p.l;
      if (/^[!=]==?$/.test(p.op)) {
        if (other.k === 'str' && other.v !== '') (up.up?.node.k === 'if' || up.up?.node.k === 'cond' || p.op.startsWith('!') ? f.literals : []).push(other.v);
        else if (other.k === 'bool') f.bool = true;
        else if (other.k === 'num') f.arithmetic = true;
        else if (other.k === 'undef' || other.k === 'null') absent(f, up, p.op.startsWith('='));
      } else if (/^(-|\*|\/|%|\*\*)$/.test(p.op)) f.arithmetic = true;
      else if (/^[<>]=?$/.test(p.op) && (other.k === 'num' || other.k === 'bin')) f.arithmetic = true;
      else if (p.op === '+' && other.k === 'num') f.arithmetic = true;
      return;
    }
    case 'not':
      absent(f, up, true);
      return;
    case 'if':
      if (p.test === x) f.optional = true;
      return;
    case 'cond':
      if (p.test === x) f.optional = true;
      else note(f, { x: p, up: up.up }, script, rename);
      return;
    case 'logic':
      if (p.l === x) {
        if (inTest(up)) f.optional ||= p.op === '&&';
        else {
          f.optional = true;
          if (p.op !== '&&') f.fallback ??= p.r;
        }
      }
      if (!inTest(up)) note(f, { x: p, up: up.up }, script, rename);
      return;
    case 'unary':
      if (p.op === '+' || p.op === '-') f.converted = true;
      return;
    case 'spread':
      if (up.up?.node.k === 'arr') f.array = true;
      else f.passed = true;
      return;
    case 'loop':
      if (p.over === x && p.kind === 'of') {
        f.array = true;
        if (p.each) bindElement(f, p.each, rename);
      }
      return;
    case 'switch':
      if (p.on === x && p.cases.length > 1) for (const c of p.cases) if (c.test?.k === 'str') f.literals.push(c.test.v);
      return;
    case 'idx':
      if (p.obj === x && p.index.k === 'num') f.array = true;
      return;
    case 'decl':
      if (p.init === x) bindLocal(f, p.target, rename);
      return;
    case 'assign':
      if (p.value === x) {
        if (p.target.k === 'name') rename(p.target.name, f);
        f.passed = true;
      }
      return;
    case 'prop':
    case 'computed':
    case 'arr':
    case 'return':
      f.passed = true;
      return;
    case 'await':
      note(f, { x: p, up: up.up }, script, rename);
      return;
    default:
      return;
  }
}

const CONVERTS_NUMBER = new Set(['toFixed', 'toPrecision']);

function inTest(up: Up): boolean {
  let at: Up | null = up;
  let child: Node | null = null;
  for (; at; at = at.up) {
    if (at.node.k === 'if') return at.node.test === child;
    if (at.node.k === 'cond' && at.node.test === child) return true;
    if (at.node.k !== 'logic' && at.node.k !== 'not' && at.node.k !== 'bin') return false;
    child = at.node;
  }
  return false;
}

/** `!x`, `x === undefined`: does the branch that finds it absent end the request? */
function absent(f: Field, up: Up, holds: boolean): void {
  let child: Node = up.node;
  for (let at = up.up; at; at = at.up) {
    const n = at.node;
    if (n.k === 'if' && n.test === child) {
      if (holds && endsHere(n.then)) f.denied = true;
      else f.optional = true;
      return;
    }
    if (n.k === 'logic' && n.op === '||') {
      child = n;
      continue;
    }
    if (n.k === 'logic' && n.op === '&&') {
      // `!a && !b`: one of them is enough.
      f.optional = true;
      return;
    }
    break;
  }
  f.optional = true;
}

function elementOf(f: Field, callback: Expr | undefined, script: ScriptFacts, rename: (name: string, f: Field) => void): void {
  const p = callback?.k === 'fn' ? script.functions[callback.id]?.params[0] : undefined;
  if (p) bindElement(f, p, rename);
}

function bindElement(f: Field, p: Pattern, rename: (name: string, f: Field) => void): void {
  f.element ??= newField('');
  bindLocal(f.element, p, rename);
}

export function bindLocal(f: Field, p: Pattern, rename: (name: string, f: Field) => void): void {
  if (p.init) {
    f.optional = true;
    f.fallback ??= p.init;
  }
  if (p.k === 'name') rename(p.name, f);
  else if (p.k === 'obj') {
    for (const x of p.props) if (x.key !== null) bindLocal(child(f.children, x.key), x.value, rename);
    if (p.rest !== null) f.passed = true;
  } else if (p.k === 'arr') f.array = true;
}

/** Follows local names of fields through a function, a few renamings deep. */
export function noteLocals(all: readonly Seen[], script: ScriptFacts, locals: Map<string, Field>): void {
  let fresh = new Map(locals);
  for (let round = 0; round < 3 && fresh.size > 0; round++) {
    const next = new Map<string, Field>();
    for (const s of all) {
      const f = s.x.k === 'ref' ? fresh.get(s.x.name) : undefined;
      if (f) note(f, s, script, (name, field) => !locals.has(name) && next.set(name, field));
    }
    for (const [k, v] of next) locals.set(k, v);
    fresh = next;
  }
}

// ------------------------------------------------------------------------------------------------ what the rules ask

/** What the handler does with one field, whatever its source. */
function fieldOf(model: ProjectModel, handler: HandlerRef, name: string): Field {
  const f = newField(name);
  const script = model.file(handler.file)?.script;
  const fn = handler.fn === null ? undefined : script?.functions[handler.fn];
  if (!script || !fn) return f;
  const locals = new Map<string, Field>([[name, f]]);
  const all = walk(script, fn);
  for (const s of all) if (s.x.k === 'mem' && s.x.prop === name && (s.x.obj.k !== 'mem' || s.x.obj.prop === 'body')) note(f, s, script, (n, field) => locals.set(n, field));
  noteLocals(all, script, locals);
  return f;
}

/** The handler ends the request when this field is missing. */
export function presenceTested(model: ProjectModel, handler: HandlerRef, name: string): boolean {
  return fieldOf(model, handler, name).denied;
}

/** A list whose items are taken one by one: it never goes on as it came. */
export function takenApart(model: ProjectModel, handler: HandlerRef, name: string): boolean {
  const f = fieldOf(model, handler, name);
  return f.array && !f.passed;
}

/** A number read here is held within bounds before it is used: `Math.min(…)`, a comparison with a number. */
export function bounded(model: ProjectModel, at: Location): boolean {
  const script = model.file(at.file)?.script;
  const fn = script ? functionAt(script, at.span.start) : undefined;
  if (!script || !fn) return false;
  const all = walk(script, fn);
  const within = (s: Span | { s: number; e: number }): boolean => ('s' in s ? s.s <= at.span.start && at.span.end <= s.e : s.start <= at.span.start && at.span.end <= s.end);
  const names = new Set<string>();
  const local = (p: Pattern): void => {
    if (p.k === 'name') names.add(p.name);
    else if (p.k === 'obj') for (const x of p.props) local(x.value);
  };
  for (const s of all) for (let u = s.up; u; u = u.up) if (u.node.k === 'decl' && within(u.node)) local(u.node.target);
  return all.some(({ x }) => {
    if (x.k === 'call' && x.fn.k === 'mem' && x.fn.obj.k === 'ref' && x.fn.obj.name === 'Math' && (x.fn.prop === 'min' || x.fn.prop === 'max')) return within(x) || x.args.some((a) => mentions(a, names));
    if (x.k === 'call' && x.fn.k === 'ref' && /clamp|bound|limit/i.test(x.fn.name)) return within(x) || x.args.some((a) => mentions(a, names));
    return x.k === 'bin' && /^[<>]=?$/.test(x.op) && (x.r.k === 'num' || x.l.k === 'num' || x.r.k === 'ref') && (within(x) || mentions(x, names));
  });
}

function mentions(x: Expr, names: ReadonlySet<string>): boolean {
  switch (x.k) {
    case 'ref':
      return names.has(x.name);
    case 'bin':
    case 'logic':
      return mentions(x.l, names) || mentions(x.r, names);
    case 'call':
      return x.args.some((a) => mentions(a, names));
    case 'unary':
    case 'not':
      return mentions(x.value, names);
    case 'mem':
      return mentions(x.obj, names);
    default:
      return false;
  }
}
