/**
 * Stands in for `@prisma/client` when a fixture app is run: tables in memory, one line in the journal file for each call.
 * When the test has emptied the journal, the tables start anew.
 */
import { appendFileSync, statSync } from 'node:fs';

type Row = Record<string, unknown>;
interface Query {
  readonly where?: Row;
  readonly data?: Row;
  readonly take?: number;
}

const SEED: Readonly<Record<string, readonly Row[]>> = {
  // Password of both: `correct horse`.
  user: [
    { id: 1, email: 'ann@example.com', password: '4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631', role: 'admin' },
    { id: 2, email: 'bob@example.com', password: '', role: 'member' },
  ],
};
const ROWS: readonly Row[] = [1, 2, 3].map((id) => ({ id, title: `Title ${id}`, name: `Name ${id}`, email: `n${id}@example.com`, text: `Text ${id}`, number: `N-${id}`, subject: `Subject ${id}`, amount: id, ownerId: 1, slug: `slug-${id}` }));

const JOURNAL = process.env['RUN_APPS_JOURNAL'] ?? '';
const tables = new Map<string, Row[]>();

function table(model: string): Row[] {
  let rows = tables.get(model);
  if (!rows) tables.set(model, (rows = (SEED[model] ?? ROWS).map((r) => ({ ...r }))));
  return rows;
}

function note(model: string, op: string): Row[] {
  if (statSync(JOURNAL).size === 0) tables.clear();
  appendFileSync(JOURNAL, `${model}.${op}\n`);
  return table(model);
}

const fits = (where: Row | undefined) => (row: Row): boolean => Object.entries(where ?? {}).every(([k, v]) => v === undefined || row[k] === v);

function delegate(model: string): Record<string, (query?: Query) => Promise<unknown>> {
  const one = (op: string, q: Query): Row => {
    const row = note(model, op).find(fits(q.where));
    if (!row) throw new Error(`P2025: no ${model} to ${op}`);
    return row;
  };
  return {
    findMany: async (q = {}) => note(model, 'findMany').filter(fits(q.where)).slice(0, q.take),
    findFirst: async (q = {}) => note(model, 'findFirst').find(fits(q.where)) ?? null,
    findUnique: async (q = {}) => note(model, 'findUnique').find(fits(q.where)) ?? null,
    count: async (q = {}) => note(model, 'count').filter(fits(q.where)).length,
    create: async (q = {}) => {
      const rows = note(model, 'create');
      const row: Row = { id: rows.length + 100, ...q.data };
      rows.push(row);
      return row;
    },
    update: async (q = {}) => Object.assign(one('update', q), q.data),
    updateMany: async (q = {}) => ({ count: note(model, 'updateMany').filter(fits(q.where)).map((r) => Object.assign(r, q.data)).length }),
    delete: async (q = {}) => {
      const row = one('delete', q);
      tables.set(model, table(model).filter((r) => r !== row));
      return row;
    },
    deleteMany: async (q = {}) => {
      const rows = note(model, 'deleteMany');
      const keep = rows.filter((r) => !fits(q.where)(r));
      tables.set(model, keep);
      return { count: rows.length - keep.length };
    },
  };
}

export class PrismaClient {
  constructor() {
    const delegates = new Map<string, unknown>();
    return new Proxy(this, {
      get(target, name) {
        if (typeof name !== 'string' || name in target || name === 'then') return Reflect.get(target, name);
        if (!delegates.has(name)) delegates.set(name, delegate(name));
        return delegates.get(name);
      },
    });
  }
}
