/** What a column decides, by its name. */
import { isPlainAmount, namesMoney } from './money';
import { snakeCase } from '../../../core/text';

/** What a forged value of a column costs, gravest first. `payee`: which bank account is paid. `address`: where the server calls later. `state`: where a row stands in its life. `reference`: names a row of another table. */
export const MEANINGS = ['rights', 'tenant', 'owner', 'payee', 'money', 'login', 'address', 'reference', 'state', 'plain'] as const;
export type ColumnMeaning = (typeof MEANINGS)[number];

/** A forged value changes who may do what, whose it is, or what is paid. */
export const GRAVE: ReadonlySet<ColumnMeaning> = new Set(['rights', 'money', 'payee', 'tenant', 'owner', 'login']);

const RIGHTS = /(^|_)(roles?|admin|superuser|permissions?|privileges?|scopes?|rights|verified|approved|is_staff|banned|blocked|access_level|entitlements?)(_|$)/;
const PAYEE = /(^|_)(iban|routing_number|sort_code|bank_account(_number)?)$/;
const TENANT = /(^|_)(tenant|org|organi[sz]ation|company|workspace|account|firm|agency|clinic|school|business|team|shop|store)_?(id|ids|uuid|code|slug)?$/;
/** Whoever does it. Of whom it is about (a customer, a patient) it says nothing: staff names them every day. */
const OWNER = /(^|_)(user|owner|author|creator|created_by|updated_by|approved_by|member|profile|uploader|sender)_?(id|ids|uuid)?$/;
const LOGIN = /(^|_)(password|passwd|pwd|password_hash|pin|secret|api_key|token|reset_token|username|user_name)(_|$)/;
const ADDRESS = /(^|_)(webhook|callback|subscription|hook|push)(_?(url|uri|endpoint))?$/;
const STATE = /(^|_)(status|state|stage|active|enabled|published|visibility|visible|featured|archived|deleted|confirmed|completed|paid|created_at|updated_at|expires_at)(_|$)/;
const REFERENCE = /[a-z0-9]_(id|ids|uuid)$|^(id|ids|_id|uuid)$/;

/** What the column decides. */
export function meaningOf(column: string): ColumnMeaning {
  const name = snakeOf(column);
  if (RIGHTS.test(name)) return 'rights';
  if (namesMoney(name)) return 'money';
  if (PAYEE.test(name)) return 'payee';
  if (TENANT.test(name) && /_?(id|ids|uuid)$/.test(name)) return 'tenant';
  if (OWNER.test(name) && (/_?(id|ids|uuid)$/.test(name) || /(_by|_to|owner)$/.test(name))) return 'owner';
  if (LOGIN.test(name)) return 'login';
  if (ADDRESS.test(name)) return 'address';
  if (STATE.test(name) && !/_(name|label|note|notes|color)$/.test(name)) return 'state';
  return REFERENCE.test(name) ? 'reference' : 'plain';
}

/** Tables of people who sign in, and of what they may do. */
const ACCOUNTS = /(^|_)(users?|accounts?|auth|members?|memberships?|profiles?|admins?|administrators?|staff|employees?|person|people|personnel|roles?|permissions?|grants?|invit\w*|teams?|collaborators?|logins?|identit(y|ies)|organi[sz]ations?|workspaces?|assignments?|access)(_|$)/;
/** Of these, those of who signs in and what he may do. Who works somewhere need not sign in: his role is a job title then. */
const ACCESS = /(^|_)(users?|accounts?|auth|members?|memberships?|profiles?|admins?|administrators?|roles?|permissions?|grants?|invit\w*|collaborators?|logins?|identit(y|ies)|access)(_|$)/;
/** Tables of what is charged, owed or sold. */
const PAYMENTS = /order|payment|payout|invoice|bill|subscription|price|pricing|plan|product|cart|wallet|checkout|sale|purchase|transaction|quote|booking|reservation|salar|payroll|wage|expense|fee|tariff|contract|credit|ledger|loan|deposit|item|charge|budget|tax|stock|inventory|material|drug|medicine|goods|batch|warehouse|dispatch|production|account|user|customer|member|profile|organi[sz]ation|workspace|tenant|company|team|(^|_)rates?(_|$)/;
/** Rights over accounts; the rest of what counts as rights is a state of the row itself elsewhere. */
const ACCOUNT_RIGHTS = /(^|_)(roles?|admin|superuser|permissions?|privileges?|scopes?|rights|is_staff|access_level)(_|$)/;
/** Words of money that mean something else beside these: a meal plan, a success rate. */
const OTHER_THINGS = /(^|_)(meal|floor|seat|lesson|training|diet|treatment|care|frame|heart|success|response|click|open|bounce|conversion)_?(plan|rate|rates|tier|points)/;

/** What the column decides in this table: a role is a right only where accounts are kept, and a plan is money only where something is charged. */
export function meaningIn(column: string, target: string | null, isAccountTable: (target: string) => boolean): ColumnMeaning {
  const meaning = meaningOf(column);
  if (target === null || (meaning !== 'rights' && meaning !== 'money')) return meaning;
  const name = snakeOf(column);
  if (meaning === 'rights') return isAccountTable(target) ? 'rights' : ACCOUNT_RIGHTS.test(name) ? 'plain' : 'state';
  return !isPlainAmount(name) && (OTHER_THINGS.test(name) || !PAYMENTS.test(snakeOf(target))) ? 'plain' : 'money';
}

/** Its name says that people who sign in are kept there. */
export function isNamedForAccounts(target: string): boolean {
  return ACCOUNTS.test(snakeOf(target));
}

/** Its name says that it holds who signs in, or what they may do. */
export function isNamedForAccess(target: string): boolean {
  return ACCESS.test(snakeOf(target));
}

/** `unitPrice`, `unit-price` → `unit_price`. */
export function snakeOf(name: string): string {
  return snakeCase(name.slice(name.lastIndexOf('.') + 1));
}

/** The gravest meaning among columns. */
export function gravestMeaning(columns: readonly string[]): ColumnMeaning {
  const found = new Set(columns.map(meaningOf));
  return MEANINGS.find((m) => found.has(m)) ?? 'plain';
}
