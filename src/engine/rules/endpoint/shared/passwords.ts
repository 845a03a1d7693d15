/** Answers that hold what the app keeps as people's passwords: named one by one, or in whole rows from which nobody took them. */
import type { Expr, FunctionFact, Pattern } from '../../../core/facts';
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import type { RelPath } from '../../../core/types';
import { chainAt, nodesOf } from '../../../fixes/walk';
import { columnsOf as tableColumns } from '../../validate/shared/models';
import { functionsOf } from './looks';
import { columnsOf } from './privacy';
import { tableWords } from './tables';

const PASSWORD = /^(hashed_?|encrypted_?|user_?)?(passw(or)?d|pwd|pass_?hash)(_?(hash|digest|encrypted))?$/i;
/** Calls that find many rows; others find one, by what they are given. */
const MANY = /^(find|findMany|findAll|findAndCountAll|select|sql)$/;
const DEPTH = 2;

/** Reads whose answer holds passwords. */
export function passwordReads(e: Endpoint, model: ProjectModel): readonly SinkUse[] {
  if (e.publicBy !== null || !e.returnsData) return [];
  return e.sinks.filter((s) => s.kind === 'db-read' && s.shown === 'rows' && !s.asUser && (s.shownColumns.some((c) => PASSWORD.test(c)) || (s.shownWhole && isOthers(s, e, model) && asksForPassword(s, model) && !isLeftOut(e, model))));
}

/** "users", "customers and workers". */
export function peopleOf(reads: readonly SinkUse[], model: ProjectModel): string {
  return [...new Set(reads.map((s) => tableWords(s.target, model)))].slice(0, 2).join(' and ');
}

/** Not only the caller's own row: a list, or the row that he names. */
function isOthers(s: SinkUse, e: Endpoint, model: ProjectModel): boolean {
  if (s.raw.length > 0 || e.auth === 'none') return true;
  if (!MANY.test(s.op)) return false;
  if (s.op !== 'select' && s.op !== 'sql') return true;
  // A condition whose value was not sent is the caller's own id, or may be.
  const script = model.file(s.at.file)?.script;
  return script !== null && script !== undefined && chainAt(script, s.at.span).every((c) => !(c.fn.k === 'mem' && /^(eq|match|single|maybeSingle)$/.test(c.fn.prop) && c.args.every((a) => a.k !== 'bool')) && c.args.every((a) => a.k !== 'str' || !/\bwhere\b/i.test(a.v)));
}

/** The statement asks for the column, by its name or with all others of a table that is known to have it. */
function asksForPassword(s: SinkUse, model: ProjectModel): boolean {
  const asked = columnsOf(s, model) ?? picked(s, model);
  if (asked !== null && !asked.includes('*')) return asked.some((c) => PASSWORD.test(c));
  if (s.target === null || hidden(model).has(s.target.toLowerCase()) || hidden(model).has('*')) return false;
  const columns = tableColumns(s.target, model);
  return columns === null ? comparedAtSignIn(model).has(s.target.toLowerCase()) : columns.some((c) => PASSWORD.test(c));
}

/** `db.select({ id: users.id })`, `User.find({}, { name: 1 })`, `User.find({}, 'name mail')`: the columns that are picked; null where it is all of them, or all but some. */
function picked(s: SinkUse, model: ProjectModel): readonly string[] | null {
  const script = model.file(s.at.file)?.script;
  for (const call of script ? chainAt(script, s.at.span) : []) {
    const name = calledName(call);
    const list = name === 'select' ? call.args[0] : /^find(One|ById)?$/.test(name) ? call.args[1] : undefined;
    if (list?.k === 'str') return list.v.split(/\s+/).some((c) => c.startsWith('-')) ? null : list.v.split(/[\s,]+/).filter(Boolean);
    // `select(columns)`: some are picked, and which stands elsewhere.
    if (list && list.k !== 'obj' && list.k !== 'null' && list.k !== 'undef') return [];
    if (list?.k !== 'obj') continue;
    const left = list.props.flatMap((p) => (p.k === 'prop' ? [p] : []));
    if (left.some((p) => (p.value.k === 'num' && p.value.v === 0) || (p.value.k === 'bool' && !p.value.v))) continue;
    return left.flatMap((p) => [p.key, ...(p.value.k === 'mem' ? [p.value.prop] : [])]);
  }
  return null;
}

// ------------------------------------------------------------------------------------------------ what takes them out

/** The handler, or what it calls, takes the password out of rows or asks for all but it. */
function isLeftOut(e: Endpoint, model: ProjectModel): boolean {
  return model.memo(e, 'password-left-out', (m) => [...functionsOf(e, m, DEPTH)].some(({ fn }) => takesOut(fn)));
}

function takesOut(fn: FunctionFact): boolean {
  if (fn.params.some(leavesRest)) return true;
  for (const n of nodesOf(fn.body)) {
    if (n.k === 'var' && n.decls.some((d) => leavesRest(d.target))) return true;
    if (n.k === 'unary' && n.op === 'delete' && namesPassword(n.value)) return true;
    if (n.k === 'assign' && n.target.k === 'target' && namesPassword(n.target.expr)) return true;
    if (n.k === 'assign' && leavesRest(n.target)) return true;
    if (n.k === 'str' && /(^|\s)-\w*passw/i.test(n.v)) return true;
    if (n.k === 'arr' && n.items.some((i) => i.k === 'str' && PASSWORD.test(i.v))) return true;
    if (n.k === 'call' && /^(omit|pick|exclude|without|sanitize\w*|strip\w*|serialize\w*|to[A-Z]\w*DTO|plainToInstance|instanceToPlain)$/.test(calledName(n))) return true;
    if (n.k === 'obj' && n.props.some((p) => p.k === 'prop' && PASSWORD.test(p.key) && (p.value.k === 'bool' || p.value.k === 'num' || p.value.k === 'undef' || p.value.k === 'null'))) return true;
  }
  return false;
}

function leavesRest(p: Pattern): boolean {
  if (p.k === 'obj') return (p.rest !== null && p.props.some((x) => x.key !== null && PASSWORD.test(x.key))) || p.props.some((x) => leavesRest(x.value));
  return p.k === 'arr' && p.items.some((i) => i !== null && leavesRest(i));
}

function namesPassword(x: Expr): boolean {
  return (x.k === 'mem' && PASSWORD.test(x.prop)) || (x.k === 'idx' && x.index.k === 'str' && PASSWORD.test(x.index.v));
}

function calledName(x: Extract<Expr, { k: 'call' }>): string {
  return x.fn.k === 'mem' ? x.fn.prop : x.fn.k === 'ref' ? x.fn.name : '';
}

/** Tables whose model keeps the password back by itself, in small letters; `*`: the client does so for all. */
function hidden(model: ProjectModel): ReadonlySet<string> {
  return model.memo(null, 'passwords-kept-back', (m) => {
    const out = new Set<string>();
    for (const [path, face] of m.faces()) {
      const isModel = face.imports.some((i) => /^(mongoose|sequelize)/.test(i.specifier));
      if (!isModel && !face.imports.some((i) => /prisma/i.test(i.specifier))) continue;
      keptBackIn(path, isModel, m, out);
    }
    return out;
  });
}

function keptBackIn(path: RelPath, isModel: boolean, model: ProjectModel, out: Set<string>): void {
  const nodes = (model.file(path)?.script?.functions ?? []).flatMap((f) => nodesOf(f.body));
  if (!isModel) {
    if (nodes.some((n) => n.k === 'new' && n.fn.k === 'ref' && n.fn.name === 'PrismaClient' && n.args.some((a) => a.k === 'obj' && a.props.some((p) => p.k === 'prop' && p.key === 'omit')))) out.add('*');
    return;
  }
  // `select: false`, a scope of its own, or another form in which rows are sent: what is in it is the model's own business.
  const keeps = nodes.some((n) => (n.k === 'obj' && n.props.some((p) => p.k === 'prop' && ((p.key === 'select' && p.value.k === 'bool' && !p.value.v) || /^(toJSON|toObject|defaultScope|transform)$/.test(p.key)))) || (n.k === 'mem' && /^(toJSON|toObject)$/.test(n.prop)));
  if (!keeps) return;
  for (const n of nodes) if (n.k === 'call' && /^(model|define)$/.test(calledName(n)) && n.args[0]?.k === 'str') out.add(n.args[0].v.toLowerCase());
}

// ------------------------------------------------------------------------------------------------ tables no schema tells of

/** Tables in whose rows a sign-in finds the password it compares with. */
function comparedAtSignIn(model: ProjectModel): ReadonlySet<string> {
  return model.memo(null, 'compared-at-sign-in', (m) => new Set(m.endpoints().filter((e) => e.publicBy === 'sign-in' && [...functionsOf(e, m, DEPTH)].some(({ fn }) => compares(fn))).flatMap((e) => e.sinks.flatMap((s) => (s.kind === 'db-read' && s.target !== null && (s.raw.length > 0 || s.validated) ? [s.target.toLowerCase()] : [])))));
}

function compares(fn: FunctionFact): boolean {
  const ofRow = (x: Expr | undefined): boolean => x?.k === 'mem' && PASSWORD.test(x.prop) && !(x.obj.k === 'mem' && x.obj.prop === 'body') && !(x.obj.k === 'ref' && /^(body|data|input|values|credentials|dto)$/.test(x.obj.name));
  return nodesOf(fn.body).some((n) => (n.k === 'call' && /^(compare|compareSync|verify|comparePassword|verifyPassword|checkPassword)$/.test(calledName(n)) && n.args.some(ofRow)) || (n.k === 'bin' && /^[!=]==?$/.test(n.op) && (ofRow(n.l) || ofRow(n.r))));
}
