/** What a column decides, by its name; and which columns a model has, where the code says so. */
import type { Expr } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';
import { nodesOf } from '../../../fixes/walk';

/** What a forged value of a column costs, gravest first. `address`: where the server calls later. `state`: where a row stands in its life. `reference`: names a row of another table. */
export const MEANINGS = ['rights', 'money', 'tenant', 'owner', 'login', 'address', 'state', 'reference', 'plain'] as const;
export type ColumnMeaning = (typeof MEANINGS)[number];

/** A forged value changes who may do what, whose it is, or what is paid. */
export const GRAVE: ReadonlySet<ColumnMeaning> = new Set(['rights', 'money', 'tenant', 'owner', 'login']);

const RIGHTS = /(^|_)(roles?|admin|superuser|permissions?|privileges?|scopes?|rights|verified|approved|is_staff|banned|blocked|access_level|entitlements?)(_|$)/;
const MONEY = /(^|_)(price|prices|amount|amounts|total|subtotal|balance|cost|costs|fee|fees|salary|wage|wages|pay|payable|paid|payment|payments|discount|credit|credits|plan|tier|refund|wallet|budget|rate|rates|commission|tax|vat|deposit|payout|iban|account_number|routing_number|card|cvv|currency|quantity|qty|stock|invoice_total|points|bonus)(_|$)/;
/** When it was paid, what the plan is called, how much is wasted and when to order again are no amounts anybody owes. */
const NO_AMOUNT = /(^|_)(type|name|note|notes|label|date|at|day|method|unit|status|state|terms|frequency|interval)$|(^|_)(waste|wastage|scrap|reorder|threshold)(_|$)/;
const TENANT = /(^|_)(tenant|org|organi[sz]ation|company|workspace|account|firm|agency|clinic|school|business|warehouse|team|shop|store)_?(id|ids|uuid|code|slug)?$/;
/** Whoever does it. Of whom it is about (a customer, a patient) it says nothing: staff names them every day. */
const OWNER = /(^|_)(user|owner|author|creator|created_by|updated_by|approved_by|member|profile|uploader|sender)_?(id|ids|uuid)?$/;
const LOGIN = /(^|_)(password|passwd|pwd|password_hash|pin|secret|api_key|token|reset_token|username|user_name)(_|$)/;
const ADDRESS = /(^|_)(webhook|callback|subscription|hook|push)(_?(url|uri|endpoint))?$/;
const STATE = /(^|_)(status|state|stage|active|enabled|published|visibility|visible|featured|archived|deleted|confirmed|completed|created_at|updated_at|expires_at)(_|$)/;
const REFERENCE = /[a-z0-9]_(id|ids|uuid)$|^(id|ids|_id|uuid)$/;

/** What the column decides. */
export function meaningOf(column: string): ColumnMeaning {
  const name = snakeOf(column);
  if (RIGHTS.test(name)) return 'rights';
  if (MONEY.test(name) && !NO_AMOUNT.test(name)) return 'money';
  if (TENANT.test(name) && /_?(id|ids|uuid)$/.test(name)) return 'tenant';
  if (OWNER.test(name) && (/_?(id|ids|uuid)$/.test(name) || /(_by|_to|owner)$/.test(name))) return 'owner';
  if (LOGIN.test(name)) return 'login';
  if (ADDRESS.test(name)) return 'address';
  if (STATE.test(name) && !/_(name|label|note|notes|color)$/.test(name)) return 'state';
  return REFERENCE.test(name) ? 'reference' : 'plain';
}

/** Tables of people who sign in, and of what they may do. */
const ACCOUNTS = /(^|_)(users?|accounts?|auth|members?|memberships?|profiles?|admins?|administrators?|staff|employees?|person|people|personnel|roles?|permissions?|grants?|invit\w*|teams?|collaborators?|logins?|identit(y|ies)|organi[sz]ations?|workspaces?|assignments?|access)(_|$)/;
/** Tables of what is charged, owed or sold. */
const PAYMENTS = /order|payment|payout|invoice|bill|subscription|price|pricing|plan|product|cart|wallet|checkout|sale|purchase|transaction|quote|booking|reservation|salar|payroll|wage|expense|fee|tariff|contract|credit|ledger|loan|deposit|item|charge|budget|tax|stock|inventory|account|user|customer|member|profile|organi[sz]ation|workspace|tenant|company|team/;
/** Rights over accounts; the rest of what counts as rights is a state of the row itself elsewhere. */
const ACCOUNT_RIGHTS = /(^|_)(roles?|admin|superuser|permissions?|privileges?|scopes?|rights|is_staff|access_level)(_|$)/;
/** Words of money that mean other things as often: a meal plan, a frame rate, a table's tier. */
const LOOSE_MONEY = /(^|_)(plan|tier|rate|rates|card|points|bonus|credit|credits)(_|$)/;
const AMOUNT = /(^|_)(price|prices|amount|amounts|total|subtotal|balance|cost|costs|fee|fees|salary|wage|wages|payable|discount|refund|tax|vat|deposit|payout|currency|limit)(_|$)/;

/** What the column decides in this table: a role is a right only where accounts are kept, and a plan is money only where something is charged. */
export function meaningIn(column: string, target: string | null, isAccountTable: (target: string) => boolean): ColumnMeaning {
  const meaning = meaningOf(column);
  if (target === null || (meaning !== 'rights' && meaning !== 'money')) return meaning;
  const name = snakeOf(column);
  if (meaning === 'rights') return isAccountTable(target) ? 'rights' : ACCOUNT_RIGHTS.test(name) ? 'plain' : 'state';
  return LOOSE_MONEY.test(name) && !AMOUNT.test(name) && (/(^|_)(meal|floor|seat|lesson|training|diet|treatment|care|frame|heart|success|response|click|open|bounce|conversion)_?(plan|rate|rates|tier|points)/.test(name) || !PAYMENTS.test(snakeOf(target))) ? 'plain' : 'money';
}

/** Its name says that people who sign in are kept there. */
export function isNamedForAccounts(target: string): boolean {
  return ACCOUNTS.test(snakeOf(target));
}

function snakeOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}

/** The gravest meaning among columns. */
export function gravestMeaning(columns: readonly string[]): ColumnMeaning {
  const found = new Set(columns.map(meaningOf));
  return MEANINGS.find((m) => found.has(m)) ?? 'plain';
}

type Columns = ReadonlyMap<string, Expr>;

/** The columns of a model or table, where a schema in the code lists them; null where none was found. */
export function columnsOf(target: string | null, model: ProjectModel): readonly string[] | null {
  const columns = tableOf(target, model);
  return columns && [...columns.keys()];
}

/** The texts a column may hold, where its schema lists them: `{ type: String, enum: ['a', 'b'] }`, `text('kind', { enum: […] })`. */
export function valuesOf(target: string | null, column: string, model: ProjectModel): readonly string[] | null {
  const value = tableOf(target, model)?.get(column);
  if (!value) return null;
  for (const n of nodesOf(value)) {
    if (n.k !== 'obj') continue;
    const list = n.props.find((p) => p.k === 'prop' && (p.key === 'enum' || p.key === 'values'));
    const texts = list?.k === 'prop' ? [...nodesOf(list.value)].flatMap((x) => (x.k === 'str' ? [x.v] : [])) : [];
    if (texts.length > 0) return texts;
  }
  return null;
}

function tableOf(target: string | null, model: ProjectModel): Columns | null {
  if (target === null) return null;
  const known = model.memo(null, 'columns-of-models', schemas);
  return known.get(target) ?? known.get(target.toLowerCase()) ?? null;
}

/** `mongoose.model('Order', new Schema({…}))`, `pgTable('orders', {…})`, `sequelize.define('Order', {…})`. */
function schemas(model: ProjectModel): ReadonlyMap<string, Columns> {
  const out = new Map<string, Columns>();
  const add = (name: string, columns: Columns): void => {
    if (name === '' || columns.size === 0) return;
    out.set(name, columns);
    if (!out.has(name.toLowerCase())) out.set(name.toLowerCase(), columns);
  };
  for (const [path, face] of model.faces()) {
    if (!face.imports.some((i) => /^(mongoose|sequelize|drizzle-orm)/.test(i.specifier))) continue;
    const top = model.file(path)?.script?.functions[0];
    if (!top) continue;
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
  return out;
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
  return new Map(x.props.flatMap((p) => (p.k === 'prop' ? [[p.key, p.value] as const] : [])));
}
