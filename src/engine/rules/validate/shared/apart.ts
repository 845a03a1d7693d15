/** Whose rows an app keeps from whom: the columns by which its queries ask for the caller's own rows, or those of his company. */
import type { Endpoint, ProjectModel } from '../../../core/model';
import { meaningOf, snakeOf } from './columns';
import { type Condition, conditionsAt, isKey } from './filters';
import { namesCallerId, partOfCaller } from './ownership';
import { columnsOf } from './models';
import { keepsTenantsApart } from './people';

/** Words that mean the company an account belongs to in any app; a shop, a school or a team is as often one of many things people choose. */
const COMPANY = /(^|_)(tenant|org|organi[sz]ation|workspace)_?(id|uuid)?$/;
const ANY_COMPANY = /(^|_)(tenant|org|organi[sz]ation|company|workspace|account|firm|agency|clinic|school|business|team|shop|store|branch|practice|institution)_?(id|uuid|code|slug)?$/;

interface Asked {
  readonly table: string;
  /** Empty where all rows are read. */
  readonly column: string;
  /** `all`: rows are read whoever they belong to. */
  readonly by: 'caller' | 'company' | 'all';
}

interface Apart {
  /** Columns that name a company and that queries compare with the caller's own. */
  readonly companies: ReadonlySet<string>;
  /** Columns that queries compare with the caller's id. */
  readonly owners: ReadonlySet<string>;
  /** Tables that are asked by either, and seldom by neither. */
  readonly tables: ReadonlySet<string>;
  /** Tables of which some query reads rows whoever they belong to. */
  readonly shown: ReadonlySet<string>;
}

/** The column says which customer's company a row belongs to, and the app keeps these apart. */
export function isCompanyColumn(column: string, model: ProjectModel): boolean {
  const name = snakeOf(column);
  return (COMPANY.test(name) && meaningOf(column) === 'tenant' && keepsTenantsApart(model)) || apart(model).companies.has(name);
}

/** The column says whose row it is: queries of the app ask by it for the caller's own rows. */
export function isOwnerColumn(column: string, model: ProjectModel): boolean {
  return apart(model).owners.has(snakeOf(column));
}

/** Queries of the app ask for the rows of the caller's own company. */
export function keepsCompaniesApart(model: ProjectModel): boolean {
  return apart(model).companies.size > 0;
}

/** Rows of this table belong to one customer or company each, and the app shows them to nobody else. */
export function isKeptApart(table: string, model: ProjectModel): boolean {
  const { tables } = apart(model);
  return tables.has(table.toLowerCase()) || (columnsOf(table, model) ?? columnsOf(lowerFirst(table), model) ?? []).some((c) => isCompanyColumn(c, model));
}

/** A condition that ties a query to who is calling. */
export function tiesToCaller(c: Condition): boolean {
  return namesCallerId(c.value) || partOfCaller(c.value, (name) => ANY_COMPANY.test(snakeOf(name)));
}

/** A query of the app reads rows of this table whoever they belong to. */
export function isShownToAll(table: string, model: ProjectModel): boolean {
  return apart(model).shown.has(table.toLowerCase());
}

function apart(model: ProjectModel): Apart {
  return model.memo(null, 'kept-apart', (m) => {
    const asked = m.endpoints().flatMap((e) => m.memo(e, 'asked-of-caller', (inner) => askedIn(e, inner)));
    return {
      companies: new Set(asked.filter((a) => a.by === 'company').map((a) => a.column)),
      shown: new Set(asked.filter((a) => a.by === 'all').map((a) => a.table)),
      owners: new Set(asked.filter((a) => a.by === 'caller').map((a) => a.column)),
      tables: new Set(asked.filter((a) => a.by !== 'all' && asked.filter((o) => o.table === a.table && o.by === 'all').length <= 2 * asked.filter((o) => o.table === a.table && o.by !== 'all').length).map((a) => a.table)),
    };
  });
}

function askedIn(e: Endpoint, model: ProjectModel): readonly Asked[] {
  const out: Asked[] = [];
  for (const s of e.sinks) {
    if (s.target === null || (s.kind !== 'db-read' && s.kind !== 'db-write')) continue;
    const table = s.target.toLowerCase();
    const conditions = conditionsAt(s.at, model);
    if (s.kind === 'db-read' && !conditions.some((c) => isKey(c.column) || tiesToCaller(c))) out.push({ table, column: '', by: 'all' });
    for (const c of conditions) {
      const column = snakeOf(c.column);
      if (ANY_COMPANY.test(column) && partOfCaller(c.value, (name) => ANY_COMPANY.test(snakeOf(name)))) out.push({ table, column, by: 'company' });
      // By its own key somebody's account is found, not what belongs to him.
      else if (!/^_?(id|uuid|uid)$/.test(column) && namesCallerId(c.value)) out.push({ table, column, by: 'caller' });
    }
  }
  return out;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
