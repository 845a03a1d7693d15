/** What may be said of a column that the caller fills: a special meaning only where facts of this app support it, plain otherwise. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location } from '../../../core/types';
import type { Callers } from '../../endpoint/shared/callers';
import { isCompanyColumn, isKeptApart, isOwnerColumn } from './apart';
import { type ColumnMeaning, isNamedForAccess, isNamedForAccounts, meaningIn, meaningOf, snakeOf } from './columns';
import { columnOf, columnsOf, leaves } from './models';
import { namesPlan } from './money';
import { isSignedInTable } from './people';

/** The row's own key names no row of another table. */
const OWN_KEY = /^_?(id|ids|uuid)$/i;
const ADMIN_FLAG = /^(is_?)?(admin|super_?user|super_?admin)$/;
const PASSWORD = /(^|_)(password|passwd|pwd)(_hash)?$/;
/** Accounts at somebody else's: whose password signs nobody in here. */
const ELSEWHERE = /(^|_)(e?mail|imap|smtp|social|bank|connected|linked|external|integration|provider)_?accounts?$/;
/** Whoever did it or has it, by the word alone. */
const AUTHOR = /(^|_)(created|updated|approved|uploaded|posted|written)_by(_id)?$|^(author|creator|uploader|sender|owner)(_id)?$/;

/** Where a column is written to; `target` is null where the table is not known. */
export interface Written {
  readonly target: string | null;
  readonly at: Location;
}

/** What the column decides in this table of this app. */
export function claimOf(column: string, { target, at }: Written, e: Endpoint, callers: Callers, model: ProjectModel): ColumnMeaning {
  if (OWN_KEY.test(column)) return 'plain';
  const name = snakeOf(column);
  // Who runs the app, or has a role in it, files things for others all day.
  const forHimself = callers.who === 'members' || callers.who === 'anyone';
  const known = columnOf(target, column, model, at.file);
  if (isCompanyColumn(column, model)) return 'tenant';
  const meaning = meaningOf(column);
  switch (meaning) {
    case 'rights':
      return ADMIN_FLAG.test(name) || (target !== null && decidesAccess(target, model)) ? meaningIn(column, target, () => true) : 'plain';
    case 'money':
      return namesPlan(name) || (known !== null && (known.values !== null || (known.type !== null && known.type !== 'number'))) || refusesNegative(e, { target, at }, column, model) ? 'plain' : meaningIn(column, target, () => true);
    case 'login':
      return PASSWORD.test(name) && target !== null && isSignedInTable(target, model) && !ELSEWHERE.test(snakeOf(target)) && (known === null || known.min === null) ? 'login' : 'plain';
    case 'address':
      return /_?(url|uri|endpoint)$/.test(name) ? 'address' : 'plain';
    default:
  }
  if (forHimself && (AUTHOR.test(name) || (isOwnerColumn(column, model) && (meaning === 'owner' || namesRole(name, e))))) return 'owner';
  // A row of another table that the app shows to its owner only.
  if (known?.references != null && isKeptApart(known.references, model)) return 'reference';
  // A rank among people who sign in; one that is a number is a place in a list.
  if (name === 'rank' && target !== null && isSignedInTable(target, model) && known?.type === 'text') return 'rights';
  // Whoever is signed in keeps a bank account of his own, for all that can be seen here.
  return meaning === 'payee' && callers.who === 'anyone' ? 'payee' : 'plain';
}

/** `customer_id`, where customers call: the caller's own, had it not been sent. */
function namesRole(name: string, e: Endpoint): boolean {
  return e.roles.length > 0 && e.roles.every((r) => name.startsWith(`${snakeOf(r)}_`));
}

/** Who may do what is read off its rows: people sign in against it, its name says so, or it is one of people whose rows are those of who signs in. */
function decidesAccess(target: string, model: ProjectModel): boolean {
  return isSignedInTable(target, model) || isNamedForAccess(target) || (isNamedForAccounts(target) && (columnsOf(target, model) ?? []).some((c) => /^(auth_?)?user_?id$|^(clerk|firebase|auth|supabase)_?(user_?)?(id|uid)$/i.test(c)));
}

/** Every write of the endpoint into this column is refused below zero by its model. */
function refusesNegative(endpoint: Endpoint, { target, at }: Written, column: string, model: ProjectModel): boolean {
  const writes = endpoint.sinks.filter((s) => s.kind === 'db-write' && s.target === target && s.raw.length > 0);
  const known = columnOf(target, column, model, at.file);
  return known !== null && known.min !== null && known.min >= 0 && writes.length > 0 && writes.every((s) => leaves(s, column, model) === 'nothing');
}
