/** Columns as code declares them: a schema of Mongoose, a table of Drizzle, a model of Sequelize. */
import type { Expr, ScriptFacts } from '../../../core/facts';
import { nodesOf } from '../../../fixes/walk';

/** `key`: an id in the form the store gives out. `parts`: an object or a list whose parts the schema names. `object`: whatever JSON holds. */
export type ColumnType = 'text' | 'number' | 'flag' | 'date' | 'key' | 'parts' | 'object';

/** What a schema says of one column. */
export interface Column {
  /** The texts it may hold; null where they are not listed. */
  readonly values: readonly string[] | null;
  /** The least it may hold; of a text, its least length. */
  readonly min: number | null;
  /** The model or table whose row it names. */
  readonly references: string | null;
  /** null: not known. */
  readonly type: ColumnType | null;
  /** The length or the form of its texts is limited, or a function of the schema looks at each. */
  readonly limited: boolean;
  /** A greatest number is named. */
  readonly capped?: true;
}

export type Columns = ReadonlyMap<string, Column>;

const NONE: Columns = new Map();

/** The name of what is called or constructed: `model` of `mongoose.model(…)`. */
export function calledName(x: Expr): string | null {
  if (x.k !== 'call' && x.k !== 'new') return null;
  return x.fn.k === 'ref' ? x.fn.name : x.fn.k === 'mem' ? x.fn.prop : null;
}

/** The columns of `new Schema({…})` or `pgTable('orders', {…})`; null where it is neither. */
export function columnsIn(x: Expr, script: ScriptFacts): Columns | null {
  const name = calledName(x);
  if (name === null || (x.k !== 'new' && x.k !== 'call')) return null;
  if (name === 'Schema') {
    // `{ strict: false }` lets in what the schema does not list: then it says nothing about what can be set.
    const loose = x.args[1]?.k === 'obj' && x.args[1].props.some((p) => p.k === 'prop' && p.key === 'strict' && p.value.k === 'bool' && !p.value.v);
    return !loose && x.args[0]?.k === 'obj' ? propsOf(x.args[0], script) : NONE;
  }
  return /Table$/.test(name) && x.args[1]?.k === 'obj' ? propsOf(x.args[1], script) : null;
}

/** The properties of the object that declares columns. */
export function propsOf(x: Extract<Expr, { k: 'obj' }>, script: ScriptFacts): Columns {
  return new Map(x.props.flatMap((p) => (p.k === 'prop' ? [[p.key, columnIn(p.value, script)] as const] : [])));
}

/** `{ type: Number, min: 0 }`, `{ type: ObjectId, ref: 'User' }`, `text('kind', { enum: ['a', 'b'] })`, `integer('of').references(() => users.id)`. */
function columnIn(x: Expr, script: ScriptFacts): Column {
  const rule = (name: RegExp): Expr | undefined => (x.k === 'obj' ? x.props.flatMap((p) => (p.k === 'prop' && name.test(p.key) ? [p.value] : []))[0] : undefined);
  const min = rule(/^min$/) ?? rule(/^min_?length$/i);
  const type = typeIn(rule(/^type$/) ?? x);
  const limit = rule(/^(max_?length|match|validate)$/i);
  return { values: valuesIn(x), min: min ? numberIn(min) : null, references: referenceIn(x, rule(/^(ref|references)$/), script), type: type.is, limited: limit !== undefined || type.limited, ...(rule(/^max$/i) === undefined ? {} : { capped: true as const }) };
}

function valuesIn(x: Expr): readonly string[] | null {
  for (const n of nodesOf(x)) {
    if (n.k !== 'obj') continue;
    const list = n.props.find((p) => p.k === 'prop' && (p.key === 'enum' || p.key === 'values'));
    const texts = list?.k === 'prop' ? [...nodesOf(list.value)].flatMap((t) => (t.k === 'str' ? [t.v] : [])) : [];
    if (texts.length > 0) return texts;
  }
  return null;
}

/** `ref: 'User'`, `references: { model: 'users' }`, `.references(() => users.id)`. */
function referenceIn(x: Expr, rule: Expr | undefined, script: ScriptFacts): string | null {
  // A list of references is one of them each.
  const inside = x.k === 'arr' ? x.items[0] : undefined;
  if (inside?.k === 'obj' && rule === undefined) return referenceIn(inside, inside.props.flatMap((p) => (p.k === 'prop' && p.key === 'ref' ? [p.value] : []))[0], script);
  if (rule?.k === 'str') return rule.v;
  if (rule?.k === 'obj') return rule.props.flatMap((p) => (p.k === 'prop' && p.key === 'model' && p.value.k === 'str' ? [p.value.v] : []))[0] ?? null;
  for (const n of nodesOf(x)) {
    if (n.k !== 'call' || n.fn.k !== 'mem' || n.fn.prop !== 'references' || n.args[0]?.k !== 'fn') continue;
    const named = nodesOf(script.functions[n.args[0].id]?.body ?? []).find((m) => m.k === 'mem' && m.obj.k === 'ref');
    if (named?.k === 'mem' && named.obj.k === 'ref') return named.obj.name;
  }
  return null;
}

interface TypeFound {
  readonly is: ColumnType | null;
  readonly limited: boolean;
}

const NAMED: readonly (readonly [RegExp, ColumnType])[] = [
  [/^(string|text|varchar|char|citext|tinytext|mediumtext|longtext)$/, 'text'],
  [/^(number|int|integer|smallint|bigint|tinyint|mediumint|serial|bigserial|smallserial|float|double|doubleprecision|real|decimal|decimal128|numeric|bigdecimal)$/, 'number'],
  [/^(boolean|bool)$/, 'flag'],
  [/^(date|timestamp|datetime|dateonly|time|now)$/, 'date'],
  [/^(objectid|uuid|uuidv4|buffer)$/, 'key'],
  [/^(mixed|object|array|map|json|jsonb)$/, 'object'],
];

/** The type by its name: `String`, `Schema.Types.ObjectId`, `DataTypes.STRING(20)`, `varchar('name', { length: 20 })`, `[String]`, `{ street: String }`. */
function typeIn(x: Expr): TypeFound {
  if (x.k === 'arr') return { is: x.items.length > 0 ? 'parts' : 'object', limited: false };
  if (x.k === 'obj') return { is: x.props.length > 0 ? 'parts' : 'object', limited: false };
  let named: Expr = x;
  // `text('title').notNull().default('')`: the first call of the chain says what it is.
  while (named.k === 'call' && named.fn.k === 'mem' && named.fn.obj.k === 'call') named = named.fn.obj;
  if (named.k === 'new') return { is: 'parts', limited: false };
  const name = (named.k === 'call' ? calledName(named) : named.k === 'ref' ? named.name : named.k === 'mem' ? named.prop : null) ?? '';
  const is = NAMED.find(([re]) => re.test(name.toLowerCase()))?.[1] ?? null;
  // A column of 255 characters, unless more is asked for; `varchar('name', { length: 20 })`.
  const cut = (named.k === 'mem' || named.k === 'call') && name === 'STRING' ? true : named.k === 'call' && /^(var)?char$/.test(name) && nodesOf(named.args).some((n) => n.k === 'obj' && n.props.some((p) => p.k === 'prop' && p.key === 'length'));
  // A schema of its own that stands under a name.
  return is === null && named.k === 'ref' && /schema$/i.test(name) ? { is: 'parts', limited: false } : { is, limited: cut };
}

/** `0`, or `[0, 'must not be negative']`. */
function numberIn(x: Expr): number | null {
  const first = x.k === 'arr' ? x.items[0] : x;
  return first?.k === 'num' ? first.v : null;
}
