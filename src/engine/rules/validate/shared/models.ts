/** Which columns a table has and what the store refuses in them, where a schema of Prisma, Mongoose, Drizzle or Sequelize says so. */
import type { Expr } from '../../../core/facts';
import type { ProjectModel, SinkKind, SinkUse } from '../../../core/model';
import type { Location } from '../../../core/types';
import { chainAt, nodesOf } from '../../../fixes/walk';

export interface Column {
  /** The texts it may hold; null where they are not listed. */
  readonly values: readonly string[] | null;
  /** The least it may hold. */
  readonly min: number | null;
  /** The model whose row it names. */
  readonly references: string | null;
}

type Columns = ReadonlyMap<string, Column>;
type Store = 'prisma' | 'mongoose' | 'other';

interface Table {
  readonly columns: Columns;
  readonly store: Store;
}

/** The columns of a model or table, where a schema lists them; null where none was found. */
export function columnsOf(target: string | null, model: ProjectModel): readonly string[] | null {
  const columns = tableOf(target, model)?.columns;
  return columns ? [...columns.keys()] : null;
}

/** What is known of one column of a table. */
export function columnOf(target: string | null, column: string, model: ProjectModel): Column | null {
  return tableOf(target, model)?.columns.get(column) ?? null;
}

/** The texts a column may hold, where its schema lists them: an enumeration, `{ type: String, enum: ['a', 'b'] }`, `text('kind', { enum: […] })`. */
export function valuesOf(target: string | null, column: string, model: ProjectModel): readonly string[] | null {
  return columnOf(target, column, model)?.values ?? null;
}

/** Some table of the project is known, so that what no table has is known too. */
export function knowsTables(model: ProjectModel): boolean {
  return tables(model).size > 0;
}

/** Any of the known tables has such a column. */
export function someColumn(model: ProjectModel, is: (column: string) => boolean): boolean {
  return [...tables(model).values()].some((t) => [...t.columns.keys()].some(is));
}

/** Mongoose asks `min` and `enum` when a document is saved or made, and on an update only when told to. */
export function refusesBelow(s: SinkUse, column: string, model: ProjectModel): boolean {
  const table = tableOf(s.target, model);
  const min = table?.columns.get(column)?.min ?? null;
  if (min === null || min < 0) return false;
  return /^(save|create|insertMany)$/.test(s.op) || runsValidators(s, model);
}

/** What is not on the column's list of values is refused: by Prisma always, by Mongoose where it asks. */
export function refusesOthers(s: { readonly kind: SinkKind; readonly target: string | null; readonly op: string; readonly at: Location }, column: string, model: ProjectModel): boolean {
  const table = s.kind === 'db-write' ? tableOf(s.target, model) : null;
  if (!table || (table.columns.get(column)?.values ?? null) === null) return false;
  return table.store === 'prisma' || (table.store === 'mongoose' && (/^(save|create|insertMany)$/.test(s.op) || runsValidators(s, model)));
}

function runsValidators(s: { readonly at: Location }, model: ProjectModel): boolean {
  const script = model.file(s.at.file)?.script;
  return script ? chainAt(script, s.at.span).some((c) => c.args.some((a) => a.k === 'obj' && a.props.some((p) => p.k === 'prop' && p.key === 'runValidators' && p.value.k === 'bool' && p.value.v))) : false;
}

function tableOf(target: string | null, model: ProjectModel): Table | null {
  if (target === null) return null;
  const known = tables(model);
  return known.get(target) ?? known.get(target.toLowerCase()) ?? null;
}

function tables(model: ProjectModel): ReadonlyMap<string, Table> {
  return model.memo(null, 'columns-of-models', allTables);
}

function allTables(model: ProjectModel): ReadonlyMap<string, Table> {
  const out = new Map<string, Table>();
  prismaTables(model, out);
  codeTables(model, out);
  return out;
}

function prismaTables(model: ProjectModel, out: Map<string, Table>): void {
  const found = [...model.configs()].flatMap((f) => (f.config.kind === 'prisma-schema' ? [f.config] : []));
  const enums = new Map(found.flatMap((f) => Object.entries(f.enums)));
  for (const m of found.flatMap((f) => f.models)) {
    const columns = new Map(m.columns.map((c): [string, Column] => [c.name, { values: enums.get(c.type) ?? null, min: null, references: c.references }]));
    // The client calls a model by its name with a small first letter.
    if (columns.size > 0) out.set(m.name.charAt(0).toLowerCase() + m.name.slice(1), { columns, store: 'prisma' });
  }
}

/** `mongoose.model('Order', new Schema({…}))`, `pgTable('orders', {…})`, `sequelize.define('Order', {…})`. */
function codeTables(model: ProjectModel, out: Map<string, Table>): void {
  for (const [path, face] of model.faces()) {
    const store = face.imports.some((i) => i.specifier.startsWith('mongoose')) ? 'mongoose' : 'other';
    if (!face.imports.some((i) => /^(mongoose|sequelize|drizzle-orm)/.test(i.specifier))) continue;
    const top = model.file(path)?.script?.functions[0];
    if (!top) continue;
    const add = (name: string, columns: Columns): void => {
      if (name === '' || columns.size === 0) return;
      out.set(name, { columns, store });
      if (!out.has(name.toLowerCase())) out.set(name.toLowerCase(), { columns, store });
    };
    const named = new Map<string, Columns>();
    for (const n of nodesOf(top.body)) {
      if (n.k === 'var') {
        for (const d of n.decls) {
          const columns = d.init && d.target.k === 'name' ? columnsIn(d.init) : null;
          if (columns && d.target.k === 'name') {
            named.set(d.target.name, columns);
            if (d.init && calledName(d.init)?.endsWith('Table')) add(d.target.name, columns);
          }
        }
      }
      if (n.k !== 'call') continue;
      const name = calledName(n);
      const first = n.args[0];
      if (first?.k !== 'str' || name === null) continue;
      if (/Table$/.test(name) || name === 'define') add(first.v, n.args[1]?.k === 'obj' ? propsOf(n.args[1]) : NONE);
      else if (name === 'model') {
        const schema = n.args[1];
        add(first.v, schema?.k === 'ref' ? (named.get(schema.name) ?? NONE) : schema ? (columnsIn(schema) ?? NONE) : NONE);
      }
    }
  }
}

const NONE: Columns = new Map();

function calledName(x: Expr): string | null {
  if (x.k !== 'call' && x.k !== 'new') return null;
  return x.fn.k === 'ref' ? x.fn.name : x.fn.k === 'mem' ? x.fn.prop : null;
}

function columnsIn(x: Expr): Columns | null {
  const name = calledName(x);
  if (name === null || (x.k !== 'new' && x.k !== 'call')) return null;
  if (name === 'Schema') {
    // `{ strict: false }` lets in what the schema does not list: then it says nothing about what can be set.
    const loose = x.args[1]?.k === 'obj' && x.args[1].props.some((p) => p.k === 'prop' && p.key === 'strict' && p.value.k === 'bool' && !p.value.v);
    return !loose && x.args[0]?.k === 'obj' ? propsOf(x.args[0]) : NONE;
  }
  return /Table$/.test(name) && x.args[1]?.k === 'obj' ? propsOf(x.args[1]) : null;
}

function propsOf(x: Extract<Expr, { k: 'obj' }>): Columns {
  return new Map(x.props.flatMap((p) => (p.k === 'prop' ? [[p.key, columnIn(p.value)] as const] : [])));
}

/** `{ type: Number, min: 0 }`, `{ type: ObjectId, ref: 'User' }`, `text('kind', { enum: ['a', 'b'] })`. */
function columnIn(x: Expr): Column {
  let values: readonly string[] | null = null;
  for (const n of nodesOf(x)) {
    if (values !== null || n.k !== 'obj') continue;
    const list = n.props.find((p) => p.k === 'prop' && (p.key === 'enum' || p.key === 'values'));
    const texts = list?.k === 'prop' ? [...nodesOf(list.value)].flatMap((t) => (t.k === 'str' ? [t.v] : [])) : [];
    if (texts.length > 0) values = texts;
  }
  const own = x.k === 'obj' ? x : null;
  const ref = own?.props.find((p) => p.k === 'prop' && p.key === 'ref');
  const min = own?.props.find((p) => p.k === 'prop' && p.key === 'min');
  return { values, min: min?.k === 'prop' ? numberIn(min.value) : null, references: ref?.k === 'prop' && ref.value.k === 'str' ? ref.value.v : null };
}

/** `0`, or `[0, 'must not be negative']`. */
function numberIn(x: Expr): number | null {
  const first = x.k === 'arr' ? x.items[0] : x;
  return first?.k === 'num' ? first.v : null;
}
