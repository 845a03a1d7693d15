import type { Expr } from '../../core/facts';
import type { Endpoint, InputSource, ProjectModel } from '../../core/model';
import { defineRule } from '../../core/rule';
import type { Location } from '../../core/types';
import { type Up, bounded, walk } from '../../fixes/schema-reads';
import { functionAt, nodesOf } from '../../fixes/walk';
import { schemaByHand } from '../../fixes/schema';
import { bodiesOf } from '../endpoint/shared/looks';
import { type Reach, reachOf } from './shared/filters';
import { type RawField, firstRead, rawFields } from './shared/raw';
import { sendersOf } from './shared/senders';
import { isOwnPeople } from './shared/whole-rows';

const SOURCES: ReadonlySet<InputSource> = new Set(['params', 'query']);

const LIMIT = /^(limit|take|first|last|page_?size|per_?page|count|size|top|max(_?results)?|n)$/i;
const ORDER = /^(sort|sort_?by|order|order_?by|sort_?(field|column|key)|direction|dir)$/i;

type Kind = 'limit' | 'order' | 'file' | 'outside';

const DEED: Readonly<Record<Exclude<Kind, 'limit' | 'file'>, string>> = { order: 'sort by columns nobody meant to show', outside: 'decide what your services are asked' };

/** What one request loads at most, when the caller names the limit. */
const LOADS: Readonly<Record<Exclude<Reach, 'one'>, string>> = { all: 'read the whole table', matching: 'load all matching rows', tenant: 'load all rows of the organisation' };

const IMPACT: Readonly<Record<Kind, string>> = {
  limit: 'Once there are many rows, one request with a huge number keeps the database busy and fills the server’s memory, while everybody else waits.',
  order: 'A column nobody meant to show can be read off the order, and a name that is no column is an error page.',
  file: 'A crafted name reaches files, buckets or programs it should not.',
  outside: 'What is asked of the services you pay for is decided in the address bar.',
};

/** What is done to the file that a parameter names. */
type FileDeed = 'deletes' | 'writes' | 'reads' | 'runs' | 'looks for' | 'reads or changes in its file store';

const DEEDS: readonly (readonly [RegExp, FileDeed])[] = [
  [/^(rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|remove|removeSync|emptyDir)$/, 'deletes'],
  [/^(write|append|output|createWriteStream|rename|copy|mkdir|move)/, 'writes'],
  [/^(read|createReadStream|download|sendFile)/, 'reads'],
];
const HARM: Readonly<Record<FileDeed, string>> = {
  deletes: 'with dots in it one request can delete other folders of the server', writes: 'with dots in it a request can write over other files of the server', reads: 'with dots in it a request can read other files of the server',
  runs: 'a caller chooses what the server runs', 'looks for': 'a caller chooses what the server touches', 'reads or changes in its file store': 'a caller chooses which file is touched',
};

/** The gravest thing done, and whether dots in the value can climb out of the folder. */
function fileDeed(e: Endpoint, f: RawField, model: ProjectModel): { readonly does: FileDeed; readonly climbs: boolean; readonly asked: boolean } {
  if (f.uses.some((u) => u.kind === 'exec')) return { does: 'runs', climbs: false, asked: false };
  const ops = f.uses.filter((u) => u.kind === 'file').map((u) => u.op);
  if (ops.length === 0) return { does: 'reads or changes in its file store', climbs: false, asked: false };
  const does = DEEDS.find(([re]) => ops.some((op) => re.test(op)))?.[1] ?? 'looks for';
  const asked = asksForDots(e, model);
  const refused = f.uses.every((u) => u.kind !== 'file' || (u.op === 'sendFile' && !isJoinedBefore(u.at, model)));
  return { does, climbs: does !== 'looks for' && !refused && !asked, asked };
}

/** `sendFile(path.join(dir, name))`: Express refuses dots in what it is handed, and joining has done away with them; below a `root` it looks itself. */
function isJoinedBefore(at: Location, model: ProjectModel): boolean {
  const script = model.file(at.file)?.script;
  const nodes = nodesOf(script ? (functionAt(script, at.span.start)?.body ?? []) : []);
  const joins = (x: Expr | undefined, depth = 0): boolean => {
    if (x?.k === 'ref') return depth < 3 && nodes.some((n) => n.k === 'var' && n.decls.some((d) => d.init && d.target.k === 'name' && d.target.name === x.name && joins(d.init, depth + 1)));
    return x?.k === 'call' && /^(join|resolve|normalize)$/.test(x.fn.k === 'mem' ? x.fn.prop : x.fn.k === 'ref' ? x.fn.name : '');
  };
  const calls = nodes.flatMap((n) => (n.k === 'call' && n.fn.k === 'mem' && n.fn.prop === 'sendFile' && n.s <= at.span.start && n.e >= at.span.end ? [n] : []));
  return calls.some((c) => joins(c.args[0]) && !c.args.some((a) => a.k === 'obj' && a.props.some((p) => p.k === 'prop' && p.key === 'root')));
}

/** `if (!full.startsWith(ROOT))`, `name.includes('..')`, `path.relative(ROOT, full)`: somebody asks where it leads. */
function asksForDots(e: Endpoint, model: ProjectModel): boolean {
  for (const body of bodiesOf(e, model, 1)) for (const n of nodesOf(body)) if (n.k === 'call' && n.fn.k === 'mem' && (/^(startsWith|relative|basename|realpath|realpathSync)$/.test(n.fn.prop) || (/^(includes|indexOf|replace|test|match)$/.test(n.fn.prop) && nodesOf([n.args, n.fn.obj]).some((a) => (a.k === 'str' || a.k === 'regex') && a.v.includes('..'))))) return true;
  return false;
}

/** How a parameter is used other than in an equality the database binds. */
function kindOf(f: RawField): Kind | null {
  // A number climbs nowhere.
  const kinds = new Set(f.uses.filter((u) => (u.kind !== 'file' && u.kind !== 'storage') || !f.reads.every((r) => r.numeric === true)).map((u) => u.kind));
  if (kinds.has('exec')) return 'file';
  // A row is asked for by the same value: a name that is in no row reads nothing.
  if (kinds.has('file') || kinds.has('storage')) return kinds.has('db-read') ? null : 'file';
  // Text of SQL is validate/sql-injection's matter.
  if (kinds.has('sql')) return null;
  if (kinds.has('mail') || kinds.has('llm') || kinds.has('payment')) return f.idLike ? null : 'outside';
  if (kinds.has('db-read')) return LIMIT.test(f.name) ? 'limit' : ORDER.test(f.name) ? 'order' : null;
  return null;
}

export default defineRule({
  meta: {
    id: 'validate/unvalidated-params-query',
    item: 'validation',
    category: 'validation-missing',
    severity: 'medium',
    title: 'A path or query parameter is used without a check',
    businessImpact: 'Anyone can edit an address: a huge limit drains the database, a crafted name reaches files or columns it should not.',
    why: [
      '`?limit=1000000` or `?sort=password` costs nothing to type. Where the value sizes a query, names a column, a file or a part of SQL, it needs a type, a range or a list.',
      '',
      'Looked at: path and query parameters that reach a limit, an order, the text of SQL, a file, a command, a message, a payment or an AI model.',
      '',
      'A name that is joined into the path of a file weighs most: with dots in it, it climbs out of the folder.',
      '',
      'Not reported: ids and filters in an equality the database binds, values that a schema, `Math.min` or a comparison bounds, limits on the rows of one record or of the caller.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [20],
    owasp: ['API4', 'API8'],
    messages: {
      limit: '{{endpoint}} takes its row limit ({{field}}) from the address unchecked: one request can {{loads}}.\nGive it a number type and a maximum.',
      order: '{{endpoint}} sorts by whatever {{field}} says: a crafted address fails or sorts by columns nobody meant to show.\nAllow a fixed list of columns.',
      file: '{{endpoint}} lets {{field}} from the address name what it {{does}}: {{harm}}.\nAllow a fixed pattern of names.',
      outside: '{{endpoint}} passes {{field}} from the address on unchecked: strangers decide what your services are asked.\nGive it a type and a maximum length.',
    },
    bad: {
      'src/app.js': "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\nexport const app = express();\n\napp.get('/orders', async (req, res) => {\n  const limit = Number(req.query.limit);\n  res.json(await prisma.order.findMany({ take: limit }));\n});\n",
    },
    good: {
      'src/app.js': "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nimport { z } from 'zod';\n\nconst prisma = new PrismaClient();\nexport const app = express();\n\nconst querySchema = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });\n\napp.get('/orders', async (req, res) => {\n  const parsed = querySchema.safeParse(req.query);\n  if (!parsed.success) return res.status(400).json({ error: 'Invalid request' });\n  res.json(await prisma.order.findMany({ take: parsed.data.limit }));\n});\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    const seen = new Set<string>();
    for (const e of model.endpoints()) {
      const hit = model.memo(e, 'worst-parameter', (m) => worst(e, m));
      if (!hit) continue;
      const { field, kind } = hit;
      if ((kind === 'limit' || kind === 'order') && e.handler && field.reads.some((r) => bounded(model, r.at))) continue;
      if (kind === 'limit' && isOptional(e, model, field.name)) continue;
      const at = firstRead(e, model, [field]);
      if (!at || seen.has(`${at.file}:${at.span.start}`)) continue;
      seen.add(`${at.file}:${at.span.start}`);
      const callers = sendersOf(e, model);
      const file = kind === 'file' ? fileDeed(e, field, model) : null;
      const reach = kind === 'limit' ? loadedBy(e, field, model) : 'all';
      // One record's rows, or the caller's own, are as many as they are.
      if (reach === 'one') continue;
      const loads = LOADS[reach];
      const operators = callers.who === 'owner' || callers.who === 'staff';
      ctx.report({
        // Whoever runs the site may read the whole table anyway.
        at, messageId: kind, businessImpact: IMPACT[kind], ...(isMinor(kind, reach, operators || isOwnPeople(callers, model), callers.who === 'anyone') ? { severity: 'low' as const } : file?.climbs ? { severity: callers.who === 'anyone' ? ('critical' as const) : ('high' as const) } : {}), confidence: kind === 'order' || file?.asked || (callers.who === 'owner' && kind !== 'file') ? 'low' : 'medium', endpoint: e, data: { endpoint: `${e.method} ${e.path}`, field: field.name, key: e.key, source: field.source, loads, deed: kind === 'limit' ? `make one request ${loads}` : kind === 'file' ? (file?.climbs ? `choose what your server ${file.does}` : 'choose what your server touches') : DEED[kind], does: file?.does ?? '', harm: file ? (file.climbs || file.does === 'runs' ? HARM[file.does] : HARM['looks for']) : '', caller: callers.name, operators, how: `takes ${field.name} from the address as it comes`, cause: `address:${kind}` },
        evidence: field.uses.slice(0, 3).map((u) => ({ at: u.at, note: `${field.name} is used here` })), rootCause: `input:${e.handler?.file ?? at.file}#${e.handler?.name ?? e.path}`, fixes: ['schema-by-hand'],
      });
    }
  },
  fixes: { 'schema-by-hand': schemaByHand },
});

function isMinor(kind: Kind, reach: Reach, own: boolean, open: boolean): boolean {
  return kind !== 'file' && (own || reach === 'tenant' || (reach === 'matching' && !open));
}

/** The most that one of the queries it sizes can load. */
function loadedBy(e: Endpoint, field: RawField, model: ProjectModel): Reach {
  const order: readonly Reach[] = ['all', 'matching', 'tenant', 'one'];
  const found = field.uses.filter((u) => u.kind === 'db-read').map((u) => reachOf(e, u.at, model));
  return order.find((r) => found.includes(r)) ?? 'all';
}

/** Without the parameter there is no limit at all: a large one reads no more than that. */
function isOptional(e: Endpoint, model: ProjectModel, name: string): boolean {
  const h = e.handler;
  const script = h ? model.file(h.file)?.script : null;
  const fn = h?.fn == null ? undefined : script?.functions[h.fn];
  if (!script || !fn) return false;
  const uses = walk(script, fn).filter(({ x, up }) => names(x, name) && sizesQuery(up));
  return uses.length > 0 && uses.every(({ up }) => onlyWhenSent(up, name));
}

function names(x: Expr, name: string): boolean {
  return x.k === 'ref' ? x.name === name : x.k === 'mem' && x.prop === name;
}

/** Inside `.limit(…)` or `{ take: … }`. */
function sizesQuery(up: Up | null): boolean {
  for (let u = up; u; u = u.up) {
    const n = u.node;
    if (n.k === 'call' && n.fn.k === 'mem' && LIMIT.test(n.fn.prop)) return true;
    if (n.k === 'prop' && LIMIT.test(n.key)) return true;
    if (n.k === 'expr' || n.k === 'decl') return false;
  }
  return false;
}

function onlyWhenSent(up: Up | null, name: string): boolean {
  const tests = (x: Expr): boolean => [...nodesOf(x)].some((n) => names(n as Expr, name));
  for (let u = up; u; u = u.up) {
    const n = u.node;
    if (n.k === 'if' && n.else === null && tests(n.test)) return true;
    if (n.k === 'logic' && n.op === '&&' && tests(n.l)) return true;
    if (n.k === 'cond' && tests(n.test) && (n.else.k === 'undef' || n.else.k === 'null' || (n.else.k === 'obj' && n.else.props.length === 0))) return true;
  }
  return false;
}

function worst(e: Endpoint, model: ProjectModel): { field: RawField; kind: Kind } | null {
  const order: Kind[] = ['file', 'limit', 'outside', 'order'];
  const hits = rawFields(e, model, SOURCES).flatMap((field) => {
    const kind = field.name === '' ? null : kindOf(field);
    return kind ? [{ field, kind }] : [];
  });
  return hits.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0] ?? null;
}
