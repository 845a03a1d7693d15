/** What an unchecked value costs, in words: by what it decides, who sends it and where it ends up. */
import type { Endpoint, SinkKind } from '../../../core/model';
import type { Callers } from '../../endpoint/shared/callers';
import { type ColumnMeaning, meaningOf } from './columns';
import type { Leaves } from './models';
import type { Judged } from './raw';

/** What the weighing of one endpoint needs to know again and again. */
export interface About {
  readonly callers: Callers;
  /** Whoever is signed in was given the account by the people who run the app. */
  readonly ownPeople: boolean;
  readonly place: string;
  readonly bound: boolean;
  /** The address's host is fixed: the value is only a part of its path. */
  readonly fixedHost: boolean;
  /** Messages go to addresses of ours only. */
  readonly toUs: boolean;
  /** What goes to the user administration only says whose account is meant. */
  readonly picksAccount: boolean;
  readonly meaning: ColumnMeaning;
  /** The field that means it. */
  readonly decisive: string;
  /** The table of which it names a row that belongs to somebody. */
  readonly linked: string | null;
  /** What the store leaves to the caller in the fields that are written. */
  readonly open: ReadonlySet<Leaves>;
  /** What is found is only gone on with when a password fits it. */
  readonly compared: boolean;
  /** What the payment provider is handed. */
  readonly charged: Charged;
  /** More than one value, or an object, is written. */
  readonly many: boolean;
  /** How many names are written. */
  readonly count: number;
}

/** What of a payment the request decides: how much, which of the shop's own prices, where people land afterwards, or what stands beside it. */
export type Charged = 'amount' | 'price' | 'address' | 'beside';

/** Tables that the accounts are made up from. */
const BOOKS = /invoice|bill|payment|payout|salar|payroll|wage|expense|receipt|refund|ledger|journal|transaction/i;

/** What unchecked amounts cost in this table where only the firm's own people send them. */
export function ownAmounts(target: string | null): string {
  return target !== null && BOOKS.test(target)
    ? 'A negative amount or a misplaced decimal point goes into your books as it comes, and nobody notices before the accounts are closed.'
    : 'A negative amount or a misplaced decimal point is kept as it comes, and what is reckoned from it is wrong.';
}
/** A fixed list of fields is stored: no more than these can be odd. */
const PLAIN = 'Odd or overlong values can end up in these fields: an error page at best, rows that other parts of the app trip over at worst.';

export const IMPACT: Readonly<Partial<Record<ColumnMeaning, string>>> = {
  rights: 'Somebody makes himself an administrator, or unlocks what others pay for.',
  payee: 'What you pay out, or what customers are told to pay to, can end up in a stranger’s account.',
  money: 'Amounts that nobody checked go into what you charge, owe or hold in stock: money you lose, and books you cannot trust.',
  tenant: 'One customer’s data ends up with another: the kind of incident you have to report.',
  owner: 'Records appear in other people’s names, and nobody can tell any more who did what.',
  login: 'Accounts whose password may be a single character: easy to take over.',
  state: 'Whoever sends it decides what counts as approved, published or finished: steps of your business are skipped.',
};

/** Making, changing and ending accounts is the administrator's own task, and that of whom a permission was given for it. */
export function givesAccounts(callers: Callers): boolean {
  return callers.who === 'owner' || (callers.who === 'staff' && /^(An administrator|A user with the right role)$/.test(callers.name));
}

/** What it finds decides who somebody is. */
export function signsIn(e: Endpoint): boolean {
  return e.publicBy === 'sign-in' || e.publicBy === 'password-reset' || e.publicBy === 'session' || /(^|[/_-])(log-?in|sign-?in|auth|otp|verify)([/_-]|$)/i.test(e.path);
}

/** What a payment costs that the request decides only in part. */
const CHARGED_DEED: Readonly<Record<Charged, readonly [deed: string, impact: string]>> = {
  amount: ['send unchecked amounts to your payment provider', 'What is charged is whatever the caller says.'],
  price: ['choose which of your prices is charged', 'The amount stays yours, but a cheaper or retired price can be picked for what is bought.'],
  address: ['choose where your customers land after paying', 'A link to your checkout can end on a stranger’s page.'],
  beside: ['decide what a payment says about who paid and for what', 'Payments are filed under the wrong name, and what was bought goes to somebody else.'],
};

/** What an unchecked value of this kind of work costs: the end of the message, the ranking's title, and the price. */
export function consequence(kind: SinkKind, j: Judged, about: About): { cost: string; deed: string; impact: string | null } {
  const { callers, meaning, charged, place, bound, fixedHost } = about;
  const who = lowerFirst(callers.name);
  const can = (deed: string, impact: string | null = null): { cost: string; deed: string; impact: string | null } => ({ cost: `${who} can ${deed}`, deed, impact });
  switch (kind) {
    case 'exec':
      return can('run commands on your server', 'Whoever runs code on the server has everything: all data, all keys, and your name.');
    case 'llm':
      return can('feed anything to your AI model', 'You pay for every word: one caller can run up the bill overnight.');
    case 'mail':
      if (about.toUs) return can('decide what a message to yourselves says', 'Whoever reads this mailbox sees whatever strangers wrote, links included.');
      return can('decide what your messages say', callers.who === 'staff' || callers.who === 'owner' ? 'What is written goes out under your name as it is, slips of the keyboard included.' : 'What others write goes out under your name: whoever gets it believes that it comes from you.');
    case 'payment':
      return can(...CHARGED_DEED[charged]);
    case 'auth-admin':
      if (about.picksAccount) return { cost: 'it alone decides whose account that is done to', deed: 'choose whose account is changed', impact: 'A mistyped or forged id changes, locks or ends somebody else’s account or session.' };
      if (j.fields.some((f) => meaningOf(f.name) === 'rights') && !givesAccounts(callers)) return can('choose what rights the account gets', 'Accounts with rights that nobody granted.');
      return (callers.who === 'staff' || callers.who === 'owner') && j.fields.some((f) => /mail|password|phone/i.test(f.name))
        ? { cost: 'a slip of the keyboard becomes somebody’s account', deed: 'make accounts with values nobody checked', impact: 'Accounts with mistyped addresses or names: people who cannot sign in.' }
        : { cost: 'only the provider decides what it takes', deed: 'hand the user administration values nobody checked', impact: 'Accounts with values that nobody checked.' };
    case 'file':
    case 'storage':
      return can('choose which files your server touches', 'Files that are not theirs can be read or overwritten.');
    case 'url':
      return fixedHost ? can('choose what your server asks another service for', 'Your keys and your quota at that service answer questions nobody meant to ask.') : can('make your server call any address', 'Your server reaches places the internet cannot: internal services, and the keys of your cloud account.');
    case 'sql':
      return can('change what a query asks', 'Every row of the database can be read, changed or deleted through this one field.');
    case 'db-read':
      if (!bound && about.compared) return can('match any account at once', 'Whoever knows one common password signs in with it, without having to know whose it is.');
      return bound ? can(`make queries on ${place} fail`, 'Error pages and support tickets.') : can(`get around the filter of a query on ${place}`, signsIn(j.endpoint) ? 'Whoever gets around the filter signs in as somebody else.' : 'Whoever gets around the filter reaches rows the query was not meant to find.');
    default:
      break;
  }
  switch (meaning) {
    case 'rights':
      if (givesAccounts(callers)) return { cost: 'a role the app does not know is stored as it comes', deed: `give people in ${place} roles the app does not know`, impact: 'Somebody ends up with a role nobody meant: locked out, or let in too far.' };
      return can('give out rights nobody granted', IMPACT.rights ?? null);
    case 'money':
      return can('store any amount there, a negative one too', about.ownPeople || callers.who === 'staff' || callers.who === 'owner' ? ownAmounts(targetOf(j)) : (IMPACT.money ?? null));
    case 'payee':
      return can(`decide which bank account is kept in ${place}`, IMPACT.payee ?? null);
    case 'tenant':
      if (j.endpoint.publicBy === 'sign-up') return can('sign up into any company', 'A stranger joins a customer’s company with an account of his own, and sees what belongs to it.');
      return can('file data under another company', IMPACT.tenant ?? null);
    case 'owner':
      return can(`write into ${place} in somebody else’s name`, IMPACT.owner ?? null);
    case 'login':
      return { cost: 'nothing asks how long the password is', deed: `keep a password of any length in ${place}`, impact: IMPACT.login ?? null };
    case 'reference': {
      const rows = about.linked === null ? 'rows' : `a row of ${tableWords(about.linked)}`;
      return { ...can(`name ${rows} that belongs to somebody else`, 'What is shown beside it can be another customer’s data: the kind of incident you have to report.'), deed: `link ${place} to rows that are not theirs` };
    }
    case 'address':
      return can('choose an address your server calls later', 'Your server sends messages, and what is in them, to a place a stranger chose.');
    default:
      return { cost: limitsOf(about.open, about.count), deed: `write unchecked data into ${place}`, impact: PLAIN };
  }
}

/** What nothing limits in so many fields, by what the store leaves open in them. */
export function limitsOf(open: ReadonlySet<Leaves>, count: number): string {
  const [are, they, hold] = count === 1 ? ['is', 'it', 'holds'] : ['are', 'they', 'hold'];
  if (open.has('anything') || !open.has('size')) return `nothing limits how long ${they} ${are} or what ${they} ${hold}`;
  return open.has('length') ? `nothing limits how long or how large ${they} ${are}` : `nothing limits how small or large ${they} ${are}`;
}

/** The table a judged endpoint writes to, or else asks; null where no name is known. */
export function targetOf(j: Judged): string | null {
  const f = j.whole ?? j.fields.find((x) => x.uses.some((u) => u.kind === 'db-write')) ?? j.fields[0];
  // A procedure that is called beside it is no table.
  return (f?.uses.find((u) => u.kind === 'db-write' && u.op !== 'rpc') ?? f?.uses.find((u) => u.kind === 'db-write') ?? f?.uses.find((u) => u.target !== null))?.target ?? null;
}

/** The table as it is written; "the table x_y" where it would not read as a word. */
export function placeOf(j: Judged): string {
  return tableWords(targetOf(j));
}

/** A table's name inside a sentence. */
export function tableWords(target: string | null): string {
  if (target === null || target === 'Model' || !/^[\w.$-]{1,40}$/.test(target)) return 'the database';
  return /[_.$-]/.test(target) ? `the table ${target}` : target;
}

/** "a, b and c". */
export function and(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}

/** "Anyone" inside a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
