/** What of the raw fields is no unchecked value after all: it only picks a row, was looked up, or the store itself refuses the rest. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Callers } from '../../endpoint/shared/callers';
import { nodesOf } from '../../../fixes/walk';
import { tiesToCaller } from './apart';
import { claimOf } from './claims';
import { conditionsAt } from './filters';
import { lookedUp } from './look-ups';
import { leaves } from './models';
import { namesOf } from './names';
import type { RawField, Use } from './raw';
import { columnFor, partIn } from './selectors';
import { sendersOf } from './senders';
import { textOnly } from './text-only';
import { settable } from './whole-rows';

/** Of such a meaning, that a row by this key is there says nothing about whether the caller may name it. */
const NAMES_SOMEBODY = new Set(['rights', 'tenant', 'owner', 'login']);

/** It is asked for together with the caller: `members.eq('org_id', orgId).eq('user_id', user.id)`. */
function isTied(field: string, e: Endpoint, model: ProjectModel): boolean {
  return e.sinks.some((s) => {
    if (s.kind !== 'db-read') return false;
    const conditions = conditionsAt(s.at, model);
    return conditions.some(tiesToCaller) && conditions.some((c) => nodesOf(c.value).some((n) => (n.k === 'ref' && n.name === field) || (n.k === 'mem' && n.prop === field)));
  });
}

/** The fields that something is left open in, with the work that they can spoil. */
export function openFields(fields: readonly RawField[], e: Endpoint, model: ProjectModel): readonly RawField[] {
  const callers = sendersOf(e, model);
  const found = lookedUp(e, model);
  return fields.flatMap((f) => {
    const uses = f.uses.filter((u) => (u.kind === 'db-write' ? !isClosed(f, u, e, callers, found, model) : u.kind !== 'db-read' || !isText(f, u, e, model)));
    return uses.length === 0 ? [] : uses.length === f.uses.length ? [f] : [{ ...f, uses }];
  });
}

/** A text method was called on it before: it is no object that could be a filter of its own. */
function isText(f: RawField, u: Use, e: Endpoint, model: ProjectModel): boolean {
  const from = f.source === 'body' && !f.whole ? textOnly(e, model).get(f.name) : undefined;
  return from !== undefined && (u.at.file !== e.handler?.file || from < u.at.span.end);
}

function isClosed(f: RawField, u: Use, e: Endpoint, callers: Callers, found: ReadonlySet<string>, model: ProjectModel): boolean {
  // A procedure that signs somebody in looks him up.
  if (u.op === 'rpc' && (e.publicBy === 'sign-in' || e.publicBy === 'session' || /(log-?in|sign-?in)([/_-]|$)/i.test(e.path))) return true;
  if (f.whole) {
    // A parameter that is an object fills columns by its keys only where it is the row.
    const columns = f.name === '' && e.sinks.some((s) => s.kind === 'db-write' && s.wholeRow) ? settable(e, u.target, model) : null;
    return columns !== null && columns.every((c) => leaves(u, c, model) === 'nothing' && claimOf(c, u, e, callers, model) === 'plain');
  }
  const names = namesOf(f);
  if (names.every((n) => partIn(n, u.at, model) === 'picks')) return true;
  if (f.source === 'body' && found.has(f.name) && (isTied(f.name, e, model) || !NAMES_SOMEBODY.has(claimOf(columnFor(f.name, u.at, model), u, e, callers, model)))) return true;
  const numeric = f.reads.every((r) => r.numeric === true);
  return names.every((n) => {
    const column = columnFor(n, u.at, model);
    return (numeric || leaves(u, column, model) === 'nothing') && claimOf(column, u, e, callers, model) === 'plain';
  });
}
