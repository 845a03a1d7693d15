/** Columns of the tables that a project's own SQL creates: their types, what the database refuses in them, and the rows they name. */
import type { SqlColumnFact, SqlTableFact } from '../../core/facts';

const CREATE = /^\s*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:["`[]?\w+["`\]]?\.)?["`[]?(\w+)["`\]]?\s*\(/i;
/** A longer statement is data, no table. */
const MAX_STATEMENT = 20_000;
const MAX_COLUMNS = 200;
/** What begins no column. */
const CONSTRAINT = /^(constraint|primary|foreign|unique|check|exclude|like|key|index|fulltext|period)\b/i;

const TYPES: readonly (readonly [RegExp, SqlColumnFact['type']])[] = [
  [/^(text|citext|varchar|nvarchar|char|nchar|character|tinytext|mediumtext|longtext|bpchar|name)\b/i, 'text'],
  [/^(int|int2|int4|int8|integer|smallint|bigint|tinyint|mediumint|serial|bigserial|smallserial|numeric|decimal|real|double|float|float4|float8|money)\b/i, 'number'],
  [/^(bool|boolean|bit)\b/i, 'flag'],
  [/^(date|datetime|datetime2|timestamp|timestamptz|time|timetz|interval|year)\b/i, 'date'],
  [/^(uuid|uniqueidentifier|inet|bytea|blob|varbinary|binary)\b/i, 'key'],
  [/^(json|jsonb|xml|hstore)\b/i, 'object'],
];

/** The table a statement creates; null when it creates none. Comments are blanks. */
export function tableIn(statement: string): SqlTableFact | null {
  if (statement.length > MAX_STATEMENT) return null;
  const text = statement.replace(/--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//g, ' ');
  const head = CREATE.exec(text);
  if (!head?.[1]) return null;
  const parts = topLevel(text.slice(head[0].length));
  const columns = parts.flatMap((p) => (CONSTRAINT.test(p) ? [] : columnIn(p))).slice(0, MAX_COLUMNS);
  const keys = new Map(parts.flatMap((p) => foreignKey(p)));
  const checks = parts.filter((p) => /^(constraint\s+\S+\s+)?check\b/i.test(p));
  return { name: head[1], columns: columns.map((c) => ({ ...c, ...(keys.has(c.name) ? { references: keys.get(c.name) ?? null } : {}), ...checksOf(c, checks) })) };
}

/** The parts between commas up to the closing parenthesis. */
function topLevel(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) break;
      i = end;
    } else if (c === '(') depth++;
    else if (c === ')' && depth-- === 0) {
      out.push(text.slice(from, i));
      break;
    } else if (c === ',' && depth === 0) {
      out.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return out.map((p) => p.trim()).filter((p) => p !== '');
}

function columnIn(part: string): SqlColumnFact[] {
  const m = /^["`[]?(\w+)["`\]]?\s+(.+)$/s.exec(part);
  if (!m?.[1] || !m[2]) return [];
  const rest = m[2].replace(/^["[]?(?:public\.)?/i, '');
  const type = TYPES.find(([re]) => re.test(rest))?.[1] ?? null;
  const array = /^\w+(\s*\([^)]*\))?\s*\[\]/.test(rest);
  const base: SqlColumnFact = { name: m[1], type: array ? 'object' : type, min: null, references: /\breferences\s+(?:["`[]?\w+["`\]]?\.)?["`[]?(\w+)/i.exec(rest)?.[1] ?? null, limited: !array && (type === null || /^\w*char(acter)?(\s+varying)?\s*\(\s*\d/i.test(rest) || /^enum\s*\(/i.test(rest)) };
  return [{ ...base, ...checksOf(base, [rest]) }];
}

function foreignKey(part: string): (readonly [string, string])[] {
  const m = /\bforeign\s+key\s*\(\s*["`[]?(\w+)["`\]]?\s*\)\s*references\s+(?:["`[]?\w+["`\]]?\.)?["`[]?(\w+)/i.exec(part);
  return m?.[1] && m[2] ? [[m[1], m[2]]] : [];
}

/** `CHECK (kind IN ('a', 'b'))`, `CHECK (price >= 0)`, `CHECK (char_length(name) <= 80)`. */
function checksOf(c: SqlColumnFact, texts: readonly string[]): Pick<SqlColumnFact, 'min' | 'limited'> {
  const name = `["\`]?\\b${c.name}\\b["\`]?`;
  const checks = texts.flatMap((t) => [...t.matchAll(/\bcheck\s*\((.*)/gis)].map((m) => m[1] ?? ''));
  const has = (re: string): boolean => checks.some((t) => new RegExp(re, 'i').test(t));
  return {
    min: c.min ?? (has(`${name}(::\\w+)?\\s*>=?\\s*\\(?0`) || has(`${name}\\s+between\\s+\\d`) ? 0 : null),
    limited: c.limited || has(`${name}(::\\w+)?\\s*(in\\s*\\(|=\\s*any)`) || has(`length\\(\\s*${name}\\s*\\)\\s*(<|between)`) || has(`${name}\\s*~`),
  };
}
