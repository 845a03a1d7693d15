/**
 * Dependency-injection containers (inversify, tsyringe, typedi, awilix): which class or value stands behind a token, and
 * the instances with what their constructors are given. Tokens are told apart by what they are, not by their container.
 */
import type { Location, RelPath } from '../core/types';
import type { Interpreter } from './interpreter';
import { type ClsValue, type FnValue, type SymValue, UNDEFINED, type Value, asString, symbol, unknown } from './values';

interface Bound {
  readonly kind: 'class' | 'value' | 'factory' | 'token';
  readonly value: Value;
  /** Where it was bound: whoever resolves it depends on that file. */
  readonly file: RelPath;
  /** Its constructor or factory is given the container's names instead of single parts. */
  readonly cradle?: boolean;
}

/** A constructor parameter or field, and what the container is asked for it. */
export interface Wired {
  readonly name: string;
  readonly token: Value | null;
}

const PACKAGES = /^(inversify|tsyringe|typedi|awilix)(\/|$)/;

/** The module of a library whose calls are answered here. */
export function isContainerPackage(specifier: string): boolean {
  return PACKAGES.test(specifier);
}

const BIND = /(^|\.)(bind|rebind)(\.(bind|rebind))?\(\)\.(to|toSelf|toConstantValue|toDynamicValue|toService)$/;
const REGISTER = /(^|\.)(register|registerSingleton|registerInstance|registerType|registerTransient|registerScoped|set)$/;
const RESOLVE = /(^|\.)(get|getAsync|resolve|resolveAsync)$/;

export class Containers {
  private readonly bindings = new Map<string, Bound>();
  private readonly instances = new Map<string, { readonly value: Value; readonly reads: ReadonlySet<RelPath> }>();
  private readonly building = new Set<string>();

  constructor(private readonly it: Interpreter) {}

  /** A call on a container or on the library itself; null: none of these. */
  call(callee: SymValue, args: readonly Value[], at: Location, isNew: boolean): Value | null {
    if (callee.pkg === null || !PACKAGES.test(callee.pkg)) return null;
    const shape = callee.shape;
    const first = args[0] ?? UNDEFINED;
    if (isNew && /(^|\.)(Async)?ContainerModule$/.test(shape)) {
      // Its function is handed `bind`, or an object that has it.
      if (first.t === 'fn') this.it.callFn(first, [symbol(callee.pkg, 'bind')], null);
      return null;
    }
    const bound = BIND.exec(shape);
    if (bound) {
      const token = [...callee.links].reverse().find((l) => l.k === 'call');
      if (token?.k === 'call' && token.args[0]) this.bind(token.args[0], bound[5]!, first, at);
      return null;
    }
    if (REGISTER.test(shape)) {
      this.register(callee, args, at);
      return null;
    }
    if (RESOLVE.test(shape) && args.length > 0) return this.resolve(first);
    return null;
  }

  /** `container.cradle.name`; null: not a cradle, or nothing bound. */
  cradle(v: SymValue, name: string): Value | null {
    return v.pkg === 'awilix' && v.shape.endsWith('.cradle') ? this.resolve({ t: 'const', v: name }) : null;
  }

  private bind(token: Value, how: string, value: Value, at: Location): void {
    const key = keyOf(token);
    if (key === null) return;
    const kind = how === 'to' || how === 'toSelf' ? 'class' : how === 'toDynamicValue' ? 'factory' : how === 'toService' ? 'token' : 'value';
    this.bindings.set(key, { kind, value: how === 'toSelf' ? token : value, file: at.file });
  }

  private register(callee: SymValue, args: readonly Value[], at: Location): void {
    const [first, second] = args;
    // awilix: `register({ users: asClass(Users), db: asValue(db) })`.
    if (first?.t === 'obj' && args.length === 1) {
      for (const [name, v] of first.props) this.registered({ t: 'const', v: name }, v, at);
      return;
    }
    if (!first) return;
    const key = keyOf(first);
    if (key === null) return;
    if (callee.pkg === 'awilix') return this.registered(first, second ?? UNDEFINED, at);
    if (/(registerInstance|set)$/.test(callee.shape)) this.bindings.set(key, { kind: 'value', value: second ?? UNDEFINED, file: at.file });
    else if (second?.t === 'obj') {
      for (const [how, kind] of [['useClass', 'class'], ['useValue', 'value'], ['useFactory', 'factory'], ['useToken', 'token']] as const) {
        const v = second.props.get(how);
        if (v) this.bindings.set(key, { kind, value: v, file: at.file });
      }
    } else if (second?.t === 'cls' || first.t === 'cls') this.bindings.set(key, { kind: 'class', value: second?.t === 'cls' ? second : first, file: at.file });
  }

  /** `asClass(C).singleton()`, `asFunction(f)`, `asValue(v)` under a name. */
  private registered(token: Value, v: Value, at: Location): void {
    const key = keyOf(token);
    const made = v.t === 'sym' && v.pkg === 'awilix' ? v.links.find((l) => l.k === 'call') : undefined;
    if (key === null || v.t !== 'sym' || made?.k !== 'call' || !made.args[0]) return;
    const kind = /^asClass\(/.test(v.shape) ? 'class' : /^asFunction\(/.test(v.shape) ? 'factory' : /^asValue\(/.test(v.shape) ? 'value' : null;
    if (kind) this.bindings.set(key, { kind, value: made.args[0], file: at.file, cradle: true });
  }

  /** What the container gives for a token; a class nobody bound stands for itself. null: unknown. */
  resolve(token: Value): Value | null {
    const key = keyOf(token);
    if (key === null) return null;
    const bound = this.bindings.get(key) ?? (token.t === 'cls' ? { kind: 'class' as const, value: token, file: token.file } : null);
    if (!bound) return null;
    const known = this.instances.get(key);
    if (known) {
      for (const d of known.reads) this.it.deps.add(d);
      return known.value;
    }
    // Two that need each other: whoever asks second gets nothing, as at run time.
    if (this.building.has(key)) return null;
    this.building.add(key);
    const reads = new Set<RelPath>([bound.file]);
    const value = this.it.apart(reads, bound.file, () => this.make(bound));
    this.building.delete(key);
    if (value) this.instances.set(key, { value, reads });
    return value;
  }

  private make(bound: Bound): Value | null {
    const { value } = bound;
    switch (bound.kind) {
      case 'value':
        return value;
      case 'token':
        return this.resolve(value);
      case 'factory': {
        const v = value.t === 'fn' ? this.it.callFn(value, [this.context()], null) : null;
        return v?.t === 'promise' ? v.of : v;
      }
      case 'class':
        return value.t === 'cls' ? this.instance(value, bound) : null;
    }
  }

  /** What a factory is handed: inversify's context, tsyringe's and typedi's container, awilix' cradle. */
  private context(): Value {
    return symbol('awilix', 'createContainer().cradle');
  }

  private instance(cls: ClsValue, bound: Bound): Value {
    const given = (w: Wired): Value => (w.token && this.resolve(w.token)) ?? unknown(w.name);
    const args = bound.cradle ? [this.context()] : this.it.wiringOf(cls).map(given);
    const self = this.it.construct(cls, args, { file: bound.file, span: { start: 0, end: 0 } });
    if (self.t === 'obj') for (const w of this.it.wiredFields(cls)) self.props.set(w.name, given(w));
    return self;
  }
}

/** Equal for equal tokens: classes, symbols by their description, strings. */
function keyOf(token: Value): string | null {
  const text = asString(token);
  if (text !== null) return `text:${text}`;
  if (token.t === 'cls') return `class:${token.file}:${token.id}`;
  if (token.t === 'fn') return `fn:${fnKey(token)}`;
  return token.t === 'sym' && token.links.every((l) => l.k === 'get') ? `symbol:${token.pkg ?? ''}:${token.shape}` : null;
}

function fnKey(fn: FnValue): string {
  return `${fn.file}:${fn.id}`;
}
