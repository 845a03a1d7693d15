/** How grave it is that a row is the request's own object: which of its columns the caller can set. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Confidence, Location, Severity } from '../../../core/types';
import type { Callers } from '../../endpoint/shared/callers';
import { isCompanyColumn } from './apart';
import { claimOf } from './claims';
import { type ColumnMeaning, GRAVE, MEANINGS, meaningOf, snakeOf } from './columns';
import { columnOf, columnsOf, leaves } from './models';
import { asksWhose } from './ownership';
import { accountsMadeByStaff, isSignedInTable } from './people';
import type { Judged, Use } from './raw';
import { setBeside, storedBody } from './rows';
import { IMPACT, and, givesAccounts, limitsOf, ownAmounts, tableWords, targetOf } from './words';

export interface Rating {
  readonly severity: Severity;
  readonly confidence: Confidence;
}

/** Where a schema is asked and the body stored all the same. */
export const BESIDE_SCHEMA = 'fields the schema does not list';
export const PAST_SCHEMA = 'Fields the form never had end up in your database, whatever the schema says.';

/** The library's own to write, and not what a row is about. */
const KEPT = /^(_?id|__v|(created|updated)_?at)$/i;
export interface RowWeight extends Rating {
  readonly place: string;
  readonly deed: string;
  /** Second line of the message. */
  readonly columns: string;
  readonly but: string;
  readonly impact: string | null;
  readonly listed: string | null;
  readonly story: 'whole' | 'listed' | 'bypassed';
  /** How many fields a schema looked at. */
  readonly count: number;
}

/** Weighs a row that is the request's own object. */
export function wholeRow(j: Judged, callers: Callers, model: ProjectModel): RowWeight {
  const target = rowOf(j)?.target ?? targetOf(j);
  const place = tableWords(target);
  const { schema } = storedBody(j.endpoint, model);
  const columns = settable(j.endpoint, target, model);
  const count = schema?.keys.size ?? 0;
  // What the schema lists itself is no way around it.
  const story = schema && !(columns ?? []).some((c) => schema.keys.has(c)) ? 'bypassed' : columns === null ? 'whole' : 'listed';
  const accounts = target !== null && isSignedInTable(target, model);
  if (columns === null) {
    const row = rowOf(j);
    const but = row ? less(setBeside(row.at, model)) : '';
    const listed = schema ? BESIDE_SCHEMA : null;
    return {
      ...ratingOfRow(j.endpoint, callers, null, 'plain', target, model), listed, story, count, place, but, impact: accounts ? 'A role or a password may be among them: whoever sets those takes accounts over.' : schema ? PAST_SCHEMA : null,
      deed: schema ? `set ${listed ?? ''} of ${place}` : `set any column of ${place}${but}`, columns: 'No schema lists the fields that may be sent, so columns the form never had can be set too.',
    };
  }
  const meaningHere = (c: string): ColumnMeaning => (isSecret(c) && accounts ? 'login' : claimOf(c, { target, at: rowOf(j)?.at ?? j.at }, j.endpoint, callers, model));
  const rank = (c: string): number => (meaningHere(c) === 'login' ? -1 : MEANINGS.indexOf(meaningHere(c)));
  const meaning = MEANINGS.find((m) => columns.some((c) => meaningHere(c) === m)) ?? 'plain';
  const grave = columns.filter((c) => GRAVE.has(meaningHere(c)) || (meaning === 'reference' && meaningHere(c) === meaning)).sort((a, b) => rank(a) - rank(b)).slice(0, 3);
  const writes = j.endpoint.sinks.filter((s) => s.kind === 'db-write' && s.target === target && s.wholeRow);
  const amounts = grave.length > 0 ? [] : columns.filter((c) => isUnboundedAmount(target, c, rowOf(j)?.at ?? j.at, model) && writes.every((s) => leaves(s, c, model) === 'nothing'));
  const open = columns.filter((c) => writes.some((s) => leaves(s, c, model) !== 'nothing'));
  const told = open.length > 0 ? open : columns;
  const listed = [...amounts, ...told.filter((c) => !amounts.includes(c))];
  const fields = and(grave.length > 0 ? grave : listed.length <= 4 ? listed : [...listed.slice(0, 3), `${listed.length - 3} more fields`]);
  return {
    ...ratingOfRow(j.endpoint, callers, columns, meaning, target, model, open.some((c) => writes.some((s) => leaves(s, c, model) === 'anything'))), listed: fields, story, count, place, but: '', deed: `set ${fields} of ${place}`,
    columns: `The model keeps out fields it does not know${grave.length > 0 ? ', but it knows these; list in the code which of them may be sent' : amounts.length > 0 ? ` and amounts below zero; how large ${and(amounts)} may be, nothing says` : `; ${limitsOf(new Set(open.flatMap((c) => writes.map((s) => leaves(s, c, model)))), open.length)}`}.`,
    impact: grave.length > 0 ? impactOf(meaning, target, callers, model) : amounts.length > 0 ? 'An amount of any size goes in as it comes, and every sum it is part of is wrong.' : ODD + (told.length === columns.length ? '; no more than that, for the model lets in no others.' : ', and the others that the model knows can be set as well.'),
  };
}

const ODD = 'Odd or overlong values can end up in these fields';

/** An amount that the model refuses below zero, and at no size. */
function isUnboundedAmount(target: string | null, column: string, at: Location, model: ProjectModel): boolean {
  const known = columnOf(target, column, model, at.file);
  return meaningOf(column) === 'money' && known?.type === 'number' && known.values === null && !known.limited && known.capped !== true && known.min !== null && known.min >= 0;
}

/** What the code itself sets after it has taken the body over. */
function less(set: readonly string[]): string {
  const named = set.filter((c) => !KEPT.test(c));
  return named.length === 0 ? '' : named.length <= 3 ? ` but ${and(named)}` : ' that the code does not set itself';
}

/** The write whose row the body is: another may only take some of it. */
function rowOf(j: Judged): Use | null {
  const isRow = (u: Use): boolean => j.endpoint.sinks.some((s) => s.kind === 'db-write' && s.wholeRow && s.target === u.target && s.at.file === u.at.file && s.at.span.start === u.at.span.start);
  return j.whole?.uses.find((u) => u.kind === 'db-write' && isRow(u)) ?? null;
}

/** What signs somebody in, however it is kept. */
function isSecret(column: string): boolean {
  return /(^|_)(password|passwd|pwd)(_hash)?$/.test(snakeOf(column));
}

/** The columns that the caller can fill: those of the model, less what the code keeps out and what a schema has looked at; null where no model is known. */
export function settable(endpoint: Endpoint, target: string | null, model: ProjectModel): readonly string[] | null {
  const { kept, schema } = storedBody(endpoint, model);
  // That a schema knows which company a row belongs to says nothing about whose it may be.
  return columnsOf(target, model, endpoint.handler?.file ?? null)?.filter((c) => !KEPT.test(c) && !kept.has(c) && (!schema?.keys.has(c) || isCompanyColumn(c, model))) ?? null;
}

/** Nothing is left for the caller to set that a schema has not looked at. */
export function isClosed(endpoint: Endpoint, target: string | null, model: ProjectModel): boolean {
  const { schema } = storedBody(endpoint, model);
  if (schema === null) return false;
  const left = settable(endpoint, target, model);
  return left?.length === 0 || (schema.strict && !(left ?? []).some((c) => schema.keys.has(c)));
}

function impactOf(meaning: ColumnMeaning, target: string | null, callers: Callers, model: ProjectModel): string | null {
  return (meaning === 'money' && (callers.who === 'staff' || callers.who === 'owner' || isOwnPeople(callers, model)) ? ownAmounts(target) : IMPACT[meaning]) ?? null;
}

/** `loose`: a column takes anything at all. */
function ratingOfRow(e: Endpoint, callers: Callers, columns: readonly string[] | null, meaning: ColumnMeaning, target: string | null, model: ProjectModel, loose = true): Rating {
  const accounts = target !== null && isSignedInTable(target, model);
  // Whoever runs the site may write its pages; what accounts there are is another matter.
  if (callers.who === 'owner') return accounts || /user|account|admin/i.test(target ?? '') ? { severity: 'medium', confidence: 'medium' } : { severity: 'low', confidence: 'low' };
  if (callers.who === 'staff') return { severity: columns !== null && meaning === 'rights' ? (givesAccounts(callers) ? 'medium' : 'high') : columns === null || meaning === 'tenant' ? 'medium' : 'low', confidence: columns !== null && meaning === 'plain' ? 'low' : 'high' };
  // Whose row it is was asked: its owner types his own amounts.
  if (callers.who === 'members' && meaning !== 'rights' && meaning !== 'tenant' && asksWhose(e, model)) return { severity: columns === null ? 'medium' : 'low', confidence: 'high' };
  // Typing amounts and names is what these people are let in for; rights and other companies' rows are not.
  if (isOwnPeople(callers, model) && !accounts && meaning !== 'rights' && meaning !== 'tenant') return columns !== null && meaning === 'plain' ? { severity: 'low', confidence: 'low' } : { severity: 'medium', confidence: 'high' };
  // What the model leaves open is no more than a length or a size.
  return { severity: columns === null || GRAVE.has(meaning) ? 'high' : meaning === 'plain' && callers.who === 'members' && !loose ? 'low' : 'medium', confidence: 'high' };
}

/** Signed in, with an account that the people who run the app have made. */
export function isOwnPeople(callers: Callers, model: ProjectModel): boolean {
  return callers.who === 'members' && accountsMadeByStaff(model);
}
