/** Which raw input of an endpoint reaches which work, and where a reviewer would point: the first read of it in the handler. */
import type { Endpoint, InputRead, InputSource, ProjectModel, SinkKind, SinkUse } from '../../../core/model';
import type { CheckContext, Report } from '../../../core/rule';
import { BILLING_PORTAL, isBookkeeping, opensCheckout } from '../../../core/sinks';
import { CONFIDENCES, type Confidence, type Evidence, type Location, type RuleId } from '../../../core/types';
import { canAddSchema } from '../../../fixes/schema';
import { presenceTested, takenApart, walk } from '../../../fixes/schema-reads';
import { meaningOf } from './columns';
import { openFields } from './closed';
import { lookedUp } from './look-ups';
import { storedBody } from './rows';
import { unusedResults } from './unused';
import { type Weight, isLess, weigh } from './weight';
import { isClosed } from './whole-rows';
import { lowerFirst, targetOf } from './words';

/** Work whose outcome hangs on what the request says. Redirects and HTML are other rules' matter. */
const WORK: ReadonlySet<SinkKind> = new Set(['db-write', 'db-read', 'sql', 'mail', 'llm', 'payment', 'file', 'storage', 'url', 'auth-admin', 'exec']);
/** An id on its own names a row; looking it up by an equality is safe, whatever it holds. */
const ID_LIKE = /(^|[._])(id|ids|uuid|guid|slug|key|token|code)$|[a-z](Id|Ids|ID|IDs|Uuid|Token|Slug|Code|Key)$|^_id$/;
/** Names of parameters and fields that hold a whole object. */
const OBJECT_LIKE = /^(data|input|payload|values|body|form|dto|updates?|patch|changes|fields|params|props|record|profile|details|attributes|settings|req|request|args|options|item|document|doc|entity|\w*(Data|Input|Payload|Values|Dto|DTO|Updates|Form|Details|Info))$/;

export interface Use {
  readonly kind: SinkKind;
  readonly target: string | null;
  readonly op: string;
  readonly at: Location;
  /** Scheme and host of the address are fixed. */
  readonly fixedHost: boolean;
}

export interface RawField {
  readonly source: InputSource;
  /** Top-level name; empty for the whole. */
  readonly name: string;
  /** The whole object goes on: whatever keys it has. */
  readonly whole: boolean;
  /** The names by which the code copies from the body, where it has a list of its own. */
  readonly keys: readonly string[] | null;
  readonly idLike: boolean;
  readonly reads: readonly InputRead[];
  readonly uses: readonly Use[];
}

/** The raw fields of these sources that reach work, in the order in which they are read. */
export function rawFields(endpoint: Endpoint, model: ProjectModel, sources: ReadonlySet<InputSource>): RawField[] {
  const byName = new Map<string, { source: InputSource; reads: InputRead[]; uses: Use[]; deep: boolean }>();
  for (const s of endpoint.sinks) {
    if (!WORK.has(s.kind) || isBookkeeping(s.target)) continue;
    // Where the provider knows the price, and where it only shows what there is, no input decides what is charged.
    if (s.op === BILLING_PORTAL || opensCheckout(s)) continue;
    // A procedure that only looks something up is given values, no filter.
    if (s.kind === 'db-read' && s.op === 'rpc') continue;
    // Query builders encode values; document stores and Prisma take operator objects too, SQL text anything.
    if (s.kind === 'db-read' && !sources.has('query') && !sources.has('params') && /^(select|selectFrom|first|pluck|where|findUnique|findUniqueOrThrow)$/.test(s.op)) continue;
    for (const r of s.raw) {
      // A body that a middleware has put together stands nowhere; its fields do.
      if (!sources.has(r.source) || (r.field === '' && r.at.span.end <= r.at.span.start)) continue;
      const name = topOf(r);
      const known = byName.get(name) ?? { source: r.source, reads: [], uses: [], deep: false };
      byName.set(name, known);
      if (!known.reads.some((x) => x.at.file === r.at.file && x.at.span.start === r.at.span.start && x.field === r.field)) known.reads.push(r);
      if (!known.uses.some((u) => u.kind === s.kind && u.target === s.target && u.op === s.op && u.fixedHost === s.fixedHost && u.at.span.start === s.at.span.start)) known.uses.push(useOf(s));
    }
  }
  return [...byName].map(([name, f]) => {
    const keys = name === '' && f.source === 'body' ? storedBody(endpoint, model).copied : null;
    return { source: f.source, name, keys, reads: f.reads, uses: f.uses, whole: keys === null && isWhole(endpoint, model, name, f.reads), idLike: ID_LIKE.test(name) };
  });
}

function useOf(s: SinkUse): Use {
  return { kind: s.kind, target: s.target, op: s.op, at: s.at, fixedHost: s.fixedHost };
}

/** `formData.email` of an action is the form's field; `data.email` is part of the parameter `data`. */
function topOf(r: InputRead): string {
  const parts = r.field.split('.');
  if (r.source === 'args' && parts.length > 1 && isForm(parts[0]!)) return parts[1]!;
  return parts[0]!;
}

/** A parameter of an action that is a form: its fields are read with `.get`. */
function isForm(name: string): boolean {
  return /^(formData|form|fd|data)$/i.test(name) && name.toLowerCase() !== 'data';
}

/** Passed on as an object whose keys nobody has listed. */
function isWhole(endpoint: Endpoint, model: ProjectModel, name: string, reads: readonly InputRead[]): boolean {
  if (name === '') return true;
  const self = reads.find((r) => r.field === name);
  if (!self) return false;
  if (endpoint.inputs.some((i) => i.source === self.source && i.field.startsWith(`${name}.`) && !/\.\d+$/.test(i.field))) return !isForm(name) && !(endpoint.handler && takenApart(model, endpoint.handler, name));
  return self.source === 'args' && OBJECT_LIKE.test(name) && !isForm(name);
}

/** Where the request's data enters the handler: the first read of a raw field, or of the body that holds it. */
export function firstRead(endpoint: Endpoint, model: ProjectModel, fields: readonly RawField[]): Location | null {
  // An id that comes along is not what a reviewer points at.
  const strong = fields.filter((f) => !f.idLike);
  const reads = (strong.length > 0 ? strong : fields).flatMap((f) => f.reads);
  const h = endpoint.handler;
  const inside = (l: Location): boolean => h !== null && l.file === h.file && l.span.start >= h.span.start && l.span.end <= h.span.end;
  const sources = new Set(fields.map((f) => f.source));
  // `await request.json()` stands before the fields that are read from it; an Express body has no such moment.
  const boundary = endpoint.inputs.filter((i) => i.field === '' && i.source === 'body' && sources.has('body') && inside(i.at));
  const own = reads.filter((r) => inside(r.at));
  const direct = own.filter((r) => r.field !== '' || !boundary.some((b) => b.at.span.start === r.at.span.start));
  const candidates = endpoint.framework === 'express' || endpoint.framework === 'next-pages' ? (direct.length > 0 ? direct : own.length > 0 ? own : boundary) : boundary.length > 0 ? boundary : own;
  const first = [...candidates].sort((a, b) => a.at.span.start - b.at.span.start)[0] ?? [...boundary, ...reads].sort((a, b) => Number(inside(b.at)) - Number(inside(a.at)) || (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start))[0];
  if (first && boundary.length === 0 && own.length === 0 && handedOn(model, first.at)) {
    // The handler proper stands behind a wrapper: where it hands the body on is the place.
    const n = endpoint.inputs.findIndex((i) => i.at.file === first.at.file && i.at.span.start === first.at.span.start);
    const before = endpoint.inputs.slice(0, Math.max(0, n)).filter((i) => i.field === '' && i.source === first.source && i.at.span.end > i.at.span.start);
    const last = before[before.length - 1];
    if (last) return shortened(last.at);
  }
  return first ? shortened(first.at) : null;
}

/** `c.name`, where `c` is a parameter: the function was given the data, it did not read the request. */
function handedOn(model: ProjectModel, at: Location): boolean {
  const script = model.file(at.file)?.script;
  const fn = script?.functions[functionAround(model, at)];
  if (!script || !fn) return false;
  const params = new Set(fn.params.flatMap((p) => (p.k === 'name' ? [p.name] : [])));
  return walk(script, fn).some(({ x }) => x.k === 'mem' && x.s === at.span.start && x.e === at.span.end && x.obj.k === 'ref' && params.has(x.obj.name) && x.prop !== 'body');
}

/** A destructuring pattern of many lines is pointed at by its first. */
function shortened(at: Location): Location {
  return at.span.end - at.span.start > 160 ? { file: at.file, span: { start: at.span.start, end: at.span.start + 160 } } : at;
}

export interface Judged {
  readonly endpoint: Endpoint;
  readonly at: Location;
  readonly fields: readonly RawField[];
  readonly confidence: Confidence;
  readonly whole: RawField | null;
}

/** How sure a reviewer would be that this needs a schema. */
export function judge(endpoint: Endpoint, model: ProjectModel, sources: ReadonlySet<InputSource>): Judged | null {
  return model.memo(endpoint, `raw:${[...sources].join()}`, (m) => judgeAnew(endpoint, m, sources));
}

function judgeAnew(endpoint: Endpoint, model: ProjectModel, sources: ReadonlySet<InputSource>): Judged | null {
  // No request reaches a router that nobody mounts.
  if (!endpoint.mounted || endpoint.publicBy === 'signed-webhook' || endpoint.publicBy === 'first-run' || endpoint.guards.some((g) => g.kind === 'signature' && g.effect === 'enforces')) return null;
  const fields = unchecked(rawFields(endpoint, model, sources), endpoint, model);
  if (fields.length === 0) return null;
  // Whoever makes an account of his own, or asks for a new password, says for whom: the provider checks both.
  if ((endpoint.publicBy === 'sign-up' || endpoint.publicBy === 'password-reset') && fields.every((f) => f.uses.every((u) => u.kind === 'auth-admin'))) return null;
  const at = firstRead(endpoint, model, fields);
  if (!at) return null;
  if (unusedResults(model, at.file).some((u) => endpoint.handler !== null && u.fn === functionAround(model, at))) return null;
  // Only where the row is the request's own object does the caller name the columns; below one key it fills one.
  const rows = endpoint.sinks.some((s) => s.kind === 'db-write' && s.wholeRow);
  const whole = rows ? (fields.find((f) => f.whole && f.source !== 'form' && f.uses.some((u) => u.kind === 'db-write')) ?? null) : null;
  const confidence = confidenceOf(endpoint, model, fields, whole);
  return confidence ? { endpoint, at, fields, whole, confidence } : null;
}

/** Less what something else has looked at: the model, a look-up, a schema whose result nobody uses; and the body where nothing else is left in it. */
function unchecked(fields: readonly RawField[], endpoint: Endpoint, model: ProjectModel): readonly RawField[] {
  const left = openFields(fields, endpoint, model);
  if (!fields.some((f) => f.source === 'body')) return left;
  const { schema } = storedBody(endpoint, model);
  // Beside a row that is there, one text in one column is nothing a reviewer would stop at.
  if (lookedUp(endpoint, model).size > 0 && left.length < fields.length && left.every((f) => !f.whole && meaningOf(f.name) === 'plain' && f.uses.every((u) => u.kind === 'db-write' || u.kind === 'db-read')) && left.length <= 1) return [];
  if (!schema) return left;
  return left.filter((f) => f.source !== 'body' || (f.name === '' ? !isClosed(endpoint, f.uses.find((u) => u.kind === 'db-write')?.target ?? null, model) : !schema.keys.has(f.name)));
}

/** null: nothing a reviewer would insist on. */
function confidenceOf(endpoint: Endpoint, model: ProjectModel, fields: readonly RawField[], whole: RawField | null): Confidence | null {
  if (whole) return 'high';
  const strong = fields.filter((f) => !f.idLike);
  const writes = (f: RawField): boolean => f.uses.some((u) => u.kind !== 'db-read');
  if (strong.length > 0) {
    // Filters of a typed call: types alone vouch for them, yet little can come of it.
    if (fields.every((f) => f.source === 'args' && !writes(f))) return strong.length >= 2 ? 'medium' : 'low';
    if (strong.length >= 2 || (fields.length >= 2 && writes(strong[0]!))) return 'high';
    return fields.length === 1 && endpoint.handler && presenceTested(model, endpoint.handler, strong[0]!.name) ? 'low' : 'medium';
  }
  // Ids only: several that are written into a new row are foreign keys nobody has looked at; one that finds a row is bound by an equality.
  const created = fields.filter((f) => f.uses.some((u) => u.kind === 'db-write' && /^(insert|create|upsert|add|save|set|insertOne|insertMany|createMany|insertInto)/.test(u.op)));
  if (created.length >= 2) return 'medium';
  // Pasted into an address, an id is no equality: it may name anything the server's key reaches there.
  const asked = fields.some((f) => f.source !== 'args' && f.uses.some((u) => u.kind === 'url'));
  return created.length === 1 || asked || (fields.length >= 2 && fields.some(writes)) ? 'low' : null;
}

export function functionAround(model: ProjectModel, at: Location): number {
  const script = model.file(at.file)?.script;
  let best = 0;
  script?.functions.forEach((f, i) => {
    if (f.span.start <= at.span.start && at.span.end <= f.span.end && (best === 0 || f.span.end - f.span.start <= (script.functions[best]?.span.end ?? 0) - (script.functions[best]?.span.start ?? 0))) best = i;
  });
  return best;
}

/** One finding a handler, however many routes lead to it: as grave as the gravest of them. */
export function reportOnce<M extends string>(rule: RuleId, model: ProjectModel, ctx: CheckContext<M>, judged: (e: Endpoint, model: ProjectModel) => Judged | null, messageOf: (j: Judged, w: Weight) => M): void {
  const best = new Map<string, Told<M>>();
  for (const e of model.endpoints()) {
    // Kept for each endpoint: an edit makes anew what is said of those that read the file, not of all.
    const told = model.memo(e, `told:${rule}`, (m): Told<M> | null => {
      const j = judged(e, m);
      if (!j) return null;
      const weight = weigh(j, m);
      return { weight, report: reportOf(j, weight, messageOf(j, weight), m) };
    });
    if (!told) continue;
    // One question about the procedures of a file is enough.
    const key = told.weight.story === 'procedure' ? `${told.report.at.file}:procedures` : `${told.report.at.file}:${told.report.at.span.start}`;
    const known = best.get(key);
    if (!known || isGraver(told.weight, known.weight)) best.set(key, told);
  }
  for (const { report } of best.values()) ctx.report(report);
}

interface Told<M extends string> {
  readonly weight: Weight;
  readonly report: Report<M>;
}

function reportOf<M extends string>(j: Judged, w: Weight, messageId: M, model: ProjectModel): Report<M> {
  const name = `${j.endpoint.method} ${j.endpoint.path}`;
  return {
    at: j.at, messageId, severity: w.severity, confidence: w.confidence, endpoint: j.endpoint, ...(w.impact === null ? {} : { businessImpact: w.impact }),
    data: {
      endpoint: j.endpoint.method === 'ACTION' ? `Server action ${j.endpoint.path}` : name, key: j.endpoint.key, fields: listed(told(j.fields, w.kind), w.first), place: w.place, source: j.fields[0]?.source ?? 'body',
      cost: w.cost, columns: w.columns, but: w.but, listed: w.listed ?? '', count: w.count, caller: w.callers.name, who: lowerFirst(w.callers.name), operators: w.callers.who === 'staff' || w.callers.who === 'owner', deed: w.deed, table: targetOf(j) ?? 'the database', cause: `input:${messageId}`,
      ...(w.role === null ? {} : { role: w.role, how: `takes ${w.role} from whoever registers`, stakes: 1.5 }),
    },
    evidence: evidenceOf(j), rootCause: `input:${j.endpoint.handler?.file ?? j.at.file}#${j.endpoint.handler?.name ?? j.endpoint.path}`,
    // Whether people may name their own role, or anybody's password, is no question of its type: a schema that lets it in would only look like an answer. Where one stands already, a second helps nobody.
    fixes: !givesRights(j, w) && w.story !== 'bypassed' && w.story !== 'procedure' && canAddSchema(model, j.endpoint, j.at) ? ['add-schema', 'schema-by-hand'] : ['schema-by-hand'],
  };
}

function givesRights(j: Judged, w: Weight): boolean {
  return w.role !== null || w.story === 'takeover' || (w.callers.who === 'anyone' && j.fields.some((f) => meaningOf(f.name) === 'rights'));
}

/** What is believed more comes first; then what costs more. */
function isGraver(a: Weight, b: Weight): boolean {
  const confidence = CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence);
  return confidence < 0 || (confidence === 0 && isLess(b, a));
}

/** The fields that reach the work which is told of. */
function told(fields: readonly RawField[], kind: SinkKind): readonly RawField[] {
  // What an account may do is decided beside the call that makes it.
  const own = kind === 'auth-admin' ? fields : fields.filter((f) => f.uses.some((u) => u.kind === kind));
  return own.length > 0 ? own : fields;
}

/** The field that weighs most stands first: a list that begins with the harmless ones hides it. */
function listed(fields: readonly RawField[], first: string): string {
  const holds = (f: RawField): boolean => f.name === first || f.reads.some((r) => r.field === `${f.name}.${first}`);
  const ordered = first === '' ? fields : [...fields].sort((a, b) => Number(holds(b)) - Number(holds(a)));
  const all = ordered.flatMap((f) => f.keys ?? (f.name === '' ? [] : [f.name]));
  const names = all.includes(first) ? [first, ...all.filter((n) => n !== first)] : all;
  if (names.length === 0) return 'data';
  if (names.length <= 3) return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more fields`;
}

const VERB: Readonly<Record<string, string>> = {
  'db-write': 'is written to', 'db-read': 'selects rows of', sql: 'becomes part of the SQL for', mail: 'goes into a message', llm: 'goes to the AI model', payment: 'goes to the payment provider',
  file: 'names a file', storage: 'goes to the file store', url: 'decides an address the server calls', 'auth-admin': 'goes to the user administration', exec: 'reaches code that is run',
};

function evidenceOf(j: Judged): Evidence[] {
  const out: Evidence[] = [];
  const seen = new Set<string>();
  for (const f of j.fields) {
    for (const u of f.uses) {
      // One line, one note: several statements on it say the same.
      const key = `${u.at.file}:${u.at.span.start}`;
      if (seen.has(key) || out.length >= 4) continue;
      seen.add(key);
      const into = u.kind === 'db-write' || u.kind === 'db-read' || u.kind === 'sql' ? ` ${u.target ?? 'the database'}` : '';
      out.push({ at: u.at, note: `${f.name === '' ? 'what the request holds' : f.name} ${VERB[u.kind] ?? 'is used'}${into}` });
    }
  }
  return out;
}
