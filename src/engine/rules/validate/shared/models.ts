/** Which columns a table has and what the store refuses in them, where a schema of Prisma, Mongoose, Drizzle or Sequelize says so. */
import type { PrismaColumnFact, ScriptFacts } from '../../../core/facts';
import type { ProjectModel, SinkUse } from '../../../core/model';
import type { Location, RelPath } from '../../../core/types';
import { chainAt, nodesOf } from '../../../fixes/walk';
import { type Column, type ColumnType, type Columns, calledName, columnsIn, propsOf } from './code-columns';

type Store = 'prisma' | 'mongoose' | 'other' | 'sql';

interface Table {
  /** The file that declares it. */
  readonly file: RelPath;
  readonly columns: Columns;
  readonly store: Store;
}

/** The columns of a model or table, where a schema lists them; null where none was found. */
export function columnsOf(target: string | null, model: ProjectModel, near: RelPath | null = null): readonly string[] | null {
  const columns = tableOf(target, model, near)?.columns;
  return columns ? [...columns.keys()] : null;
}

/** What is known of one column of a table; of several of one name, that of the model declared nearest to the file. */
export function columnOf(target: string | null, column: string, model: ProjectModel, near: RelPath | null = null): Column | null {
  return (tableOf(target, model, near) ?? sqlTable(target, model))?.columns.get(column) ?? null;
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
  return [...tables(model).values()].flat().some((t) => [...t.columns.keys()].some(is));
}

/** A write, as far as it says whether the model's rules are asked. */
type Write = Pick<SinkUse, 'kind' | 'target' | 'op' | 'at'>;

/**
 * What the store leaves to the caller in a column: nothing (a list of values, a flag, a date, a text whose length or form is
 * limited), the length of a text, the size of a number, or anything at all, also where nothing is known of it.
 */
export type Leaves = 'nothing' | 'length' | 'size' | 'anything';

/** What the store leaves open in one column of a write. */
export function leaves(s: Write, column: string, model: ProjectModel): Leaves {
  const table = s.kind === 'db-write' ? (tableOf(s.target, model, s.at.file) ?? sqlTable(s.target, model)) : null;
  // A part of a column whose parts the model names is typed there.
  const known = table?.columns.get(column) ?? (column.includes('.') ? table?.columns.get(column.slice(0, column.indexOf('.'))) : undefined);
  if (!table || !known) return 'anything';
  const asked = asksRules(s, table, model);
  if (asked && (known.values !== null || known.limited)) return 'nothing';
  switch (known.type) {
    case 'flag':
    case 'date':
    case 'key':
      return 'nothing';
    case 'parts':
      return table.store === 'mongoose' ? 'nothing' : 'anything';
    case 'number':
      return asked && known.min !== null ? 'nothing' : 'size';
    case 'text':
      return 'length';
    default:
      return known.values !== null ? 'length' : 'anything';
  }
}

/** Databases ask their rules always; Mongoose where a document is made or saved, or an update is told to. */
function asksRules(s: Write, table: Table, model: ProjectModel): boolean {
  return table.store !== 'mongoose' || /^(save|create|insertMany)$/.test(s.op) || runsValidators(s, model) || (s.op === 'update' && savesDocument(s, model));
}

/** `doc.title = title; await doc.save()`: what was found is changed, and the whole of it asked. */
function savesDocument(s: { readonly at: Location }, model: ProjectModel): boolean {
  const script = model.file(s.at.file)?.script;
  return script ? chainAt(script, s.at.span).some((c) => c.fn.k === 'mem' && c.fn.prop === 'save') : false;
}

function runsValidators(s: { readonly at: Location }, model: ProjectModel): boolean {
  const script = model.file(s.at.file)?.script;
  return script ? chainAt(script, s.at.span).some((c) => c.args.some((a) => a.k === 'obj' && a.props.some((p) => p.k === 'prop' && p.key === 'runValidators' && p.value.k === 'bool' && p.value.v))) : false;
}

function tableOf(target: string | null, model: ProjectModel, near: RelPath | null): Table | null {
  if (target === null) return null;
  const known = tables(model);
  const found = known.get(target) ?? known.get(target.toLowerCase()) ?? [];
  return found.length < 2 || near === null ? (found[0] ?? null) : found.reduce((a, b) => (shared(b.file, near) > shared(a.file, near) ? b : a));
}

/** A table of the project's own SQL. What columns it has in all is not known: later statements add some. */
function sqlTable(target: string | null, model: ProjectModel): Table | null {
  if (target === null) return null;
  const known = model.memo(null, 'columns-of-sql', (m) => {
    const out: Tables = new Map();
    for (const f of m.configs()) if (f.config.kind === 'row-rules') for (const t of f.config.tables) put(out, t.name.toLowerCase(), { file: f.path, store: 'sql', columns: new Map(t.columns.map((c): [string, Column] => [c.name, { values: null, min: c.min, references: c.references, type: c.type, limited: c.limited }])) });
    return out;
  });
  return known.get(target.toLowerCase())?.[0] ?? null;
}

/** How many folders two paths begin with in common, less those that only the first has. */
function shared(a: RelPath, b: RelPath): number {
  const [x, y] = [a.split('/'), b.split('/')];
  const n = x.findIndex((part, i) => part !== y[i]);
  return n - (x.length - n) / 100;
}

type Tables = Map<string, Table[]>;

function tables(model: ProjectModel): ReadonlyMap<string, readonly Table[]> {
  return model.memo(null, 'columns-of-models', allTables);
}

function allTables(model: ProjectModel): Tables {
  const out: Tables = new Map();
  prismaTables(model, out);
  codeTables(model, out);
  return out;
}

function put(out: Tables, name: string, table: Table): void {
  const known = out.get(name);
  if (!known) out.set(name, [table]);
  // What is declared twice in one file is the later one.
  else out.set(name, [...known.filter((t) => t.file !== table.file), table]);
}

function prismaTables(model: ProjectModel, out: Tables): void {
  const found = [...model.configs()].flatMap((f) => (f.config.kind === 'prisma-schema' ? [{ file: f.path, ...f.config }] : []));
  const enums = new Map(found.flatMap((f) => Object.entries(f.enums)));
  for (const { file, m } of found.flatMap((f) => f.models.map((m) => ({ file: f.file, m })))) {
    const columns = new Map(m.columns.map((c): [string, Column] => [c.name, { values: enums.get(c.type) ?? null, min: null, references: c.references, type: prismaType(c), limited: c.limited }]));
    // The client calls a model by its name with a small first letter.
    if (columns.size > 0) put(out, m.name.charAt(0).toLowerCase() + m.name.slice(1), { file, columns, store: 'prisma' });
  }
}

const PRISMA_TYPES: Readonly<Record<string, ColumnType>> = { String: 'text', Int: 'number', BigInt: 'number', Float: 'number', Decimal: 'number', Boolean: 'flag', DateTime: 'date', Json: 'object' };

function prismaType(c: PrismaColumnFact): ColumnType | null {
  return c.many ? 'object' : (PRISMA_TYPES[c.type] ?? null);
}

/** `mongoose.model('Order', new Schema({…}))`, `pgTable('orders', {…})`, `sequelize.define('Order', {…})`. */
function codeTables(model: ProjectModel, out: Tables): void {
  for (const [path, face] of model.faces()) {
    const store = face.imports.some((i) => i.specifier.startsWith('mongoose')) ? 'mongoose' : 'other';
    if (!face.imports.some((i) => /^(mongoose|sequelize|drizzle-orm)/.test(i.specifier))) continue;
    const script = model.file(path)?.script;
    const top = script?.functions[0];
    if (!script || !top) continue;
    const add = (name: string, columns: Columns): void => {
      if (name === '' || columns.size === 0) return;
      put(out, name, { file: path, columns, store });
      if (name !== name.toLowerCase()) put(out, name.toLowerCase(), { file: path, columns, store });
    };
    inFile(script, top.body, add);
  }
}

const NONE: Columns = new Map();

function inFile(script: ScriptFacts, body: unknown, add: (name: string, columns: Columns) => void): void {
  const named = new Map<string, Columns>();
  for (const n of nodesOf(body)) {
    if (n.k === 'var') {
      for (const d of n.decls) {
        const columns = d.init && d.target.k === 'name' ? columnsIn(d.init, script) : null;
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
    if (/Table$/.test(name) || name === 'define') add(first.v, n.args[1]?.k === 'obj' ? propsOf(n.args[1], script) : NONE);
    else if (name === 'model') {
      const schema = n.args[1];
      add(first.v, schema?.k === 'ref' ? (named.get(schema.name) ?? NONE) : schema ? (columnsIn(schema, script) ?? NONE) : NONE);
    }
  }
}
