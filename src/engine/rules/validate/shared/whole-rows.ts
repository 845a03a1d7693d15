/** How grave it is that a row is the request's own object: which of its columns the caller can set. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Confidence, Severity } from '../../../core/types';
import type { Callers } from '../../endpoint/shared/callers';
import { type ColumnMeaning, GRAVE, MEANINGS, meaningIn } from './columns';
import { columnsOf, refusesBelow } from './models';
import { accountsMadeByStaff, isSignedInTable, keepsAccounts } from './people';
import type { Judged } from './raw';
import { storedBody } from './rows';
import { IMPACT, OWN_AMOUNTS, and, givesAccounts, placeOf, targetOf } from './words';

export interface Rating {
  readonly severity: Severity;
  readonly confidence: Confidence;
}

/** Where a schema is asked and the body stored all the same. */
export const BESIDE_SCHEMA = 'fields the schema does not list';
export const PAST_SCHEMA = 'Fields the form never had end up in your database, whatever the schema says.';

/** The library's own to write, and not what a row is about. */
const KEPT = /^(_?id|__v|(created|updated)_?at)$/i;
/** So few columns are a list of names to choose from: whether an entry is shown decides nothing. */
const LIST_COLUMNS = 3;

export interface RowWeight extends Rating {
  readonly deed: string;
  /** Second line of the message. */
  readonly columns: string;
  readonly impact: string | null;
  readonly listed: string | null;
  readonly story: 'whole' | 'listed' | 'bypassed';
  /** How many fields a schema looked at. */
  readonly count: number;
}

/** Weighs a row that is the request's own object. */
export function wholeRow(j: Judged, callers: Callers, model: ProjectModel): RowWeight {
  const target = targetOf(j);
  const place = placeOf(j);
  const { schema } = storedBody(j.endpoint, model);
  const columns = settable(j.endpoint, target, model);
  const count = schema?.keys.size ?? 0;
  const story = schema ? 'bypassed' : columns === null ? 'whole' : 'listed';
  const accounts = target !== null && isSignedInTable(target, model);
  if (columns === null) {
    const listed = schema ? BESIDE_SCHEMA : null;
    return {
      ...ratingOfRow(callers, null, 'plain', target, model), listed, story, count, impact: accounts ? 'A role or a password may be among them: whoever sets those takes accounts over.' : schema ? PAST_SCHEMA : null,
      deed: schema ? `set ${listed ?? ''} of ${place}` : `set any column of ${place}`, columns: 'No schema lists the fields that may be sent, so columns the form never had can be set too.',
    };
  }
  const meaningHere = (c: string): ColumnMeaning => (refusesNegative(j.endpoint, target, c, model) ? 'plain' : meaningIn(c, target, (t) => keepsAccounts(t, model)));
  const found = MEANINGS.find((m) => columns.some((c) => meaningHere(c) === m)) ?? 'plain';
  const meaning = found === 'state' && columns.length <= LIST_COLUMNS ? 'plain' : found;
  const heavy = columns.filter((c) => (GRAVE.has(meaning) ? GRAVE.has(meaningHere(c)) : meaning === 'state' && meaningHere(c) === 'state'));
  const grave = [...heavy].sort((a, b) => MEANINGS.indexOf(meaningHere(a)) - MEANINGS.indexOf(meaningHere(b))).slice(0, 3);
  const shown = grave.length > 0 ? grave : columns.length <= 4 ? columns : [...columns.slice(0, 3), `${columns.length - 3} more fields`];
  const fields = and(shown);
  return {
    ...ratingOfRow(callers, columns, meaning, target, model), listed: fields, story, count, deed: `set ${fields} of ${place}`,
    columns: grave.length > 0
      ? 'The model keeps out fields it does not know, but it knows these; nothing says which of them the form may send.'
      : 'The model keeps out fields it does not know; nothing says which lengths and values are accepted.',
    impact: grave.length > 0 ? impactOf(meaning, callers, model) : 'Odd or overlong values end up in these fields; no more than that, for the model lets in no others.',
  };
}

/** The columns that the caller can fill: those of the model, less what the code keeps out and what a schema has looked at; null where no model is known. */
export function settable(endpoint: Endpoint, target: string | null, model: ProjectModel): readonly string[] | null {
  const { kept, schema } = storedBody(endpoint, model);
  return columnsOf(target, model)?.filter((c) => !KEPT.test(c) && !kept.has(c) && !schema?.keys.has(c)) ?? null;
}

/** Nothing is left for the caller to set that a schema has not looked at. */
export function isClosed(endpoint: Endpoint, target: string | null, model: ProjectModel): boolean {
  const { schema } = storedBody(endpoint, model);
  return schema !== null && (schema.strict || settable(endpoint, target, model)?.length === 0);
}

/** Every write of the endpoint into this column is refused below zero by its model. */
export function refusesNegative(endpoint: Endpoint, target: string | null, column: string, model: ProjectModel): boolean {
  const writes = endpoint.sinks.filter((s) => s.kind === 'db-write' && s.target === target && s.raw.length > 0);
  return writes.length > 0 && writes.every((s) => refusesBelow(s, column, model));
}

function impactOf(meaning: ColumnMeaning, callers: Callers, model: ProjectModel): string | null {
  return (meaning === 'money' && (callers.who === 'staff' || callers.who === 'owner' || isOwnPeople(callers, model)) ? OWN_AMOUNTS : IMPACT[meaning]) ?? null;
}

function ratingOfRow(callers: Callers, columns: readonly string[] | null, meaning: ColumnMeaning, target: string | null, model: ProjectModel): Rating {
  const accounts = target !== null && isSignedInTable(target, model);
  // Whoever runs the site may write its pages; what accounts there are is another matter.
  if (callers.who === 'owner') return accounts || /user|account|admin/i.test(target ?? '') ? { severity: 'medium', confidence: 'medium' } : { severity: 'low', confidence: 'low' };
  if (callers.who === 'staff') return { severity: columns !== null && meaning === 'rights' ? (givesAccounts(callers) ? 'medium' : 'high') : columns === null || (GRAVE.has(meaning) && !callers.task) ? 'medium' : 'low', confidence: 'high' };
  // Typing amounts and names is what these people are let in for; rights and other companies' rows are not.
  if (isOwnPeople(callers, model) && !accounts && meaning !== 'rights' && meaning !== 'tenant') return { severity: 'medium', confidence: 'high' };
  return { severity: columns === null || GRAVE.has(meaning) || meaning === 'state' ? 'high' : 'medium', confidence: 'high' };
}

/** Signed in, with an account that the people who run the app have made. */
export function isOwnPeople(callers: Callers, model: ProjectModel): boolean {
  return callers.who === 'members' && accountsMadeByStaff(model);
}
