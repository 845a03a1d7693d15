/** Tables as people would name them: `crewCheckIn` → "crew check ins", `abc_orders` → "orders" where every table begins with `abc_`. */
import type { ProjectModel } from '../../../core/model';

/** Tables of one maker share a prefix that means nothing to a reader; fewer than these could do so by chance. */
const LEAST_TABLES = 3;

/** The plural in plain words; "data" where no name is known. */
export function tableWords(target: string | null, model: ProjectModel): string {
  if (target === null || target === 'Model') return 'data';
  const prefix = sharedPrefix(model);
  const bare = prefix !== '' && target.startsWith(prefix) ? target.slice(prefix.length) : target;
  const words = bare.replace(/model$/i, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_.-]+/g, ' ').toLowerCase().trim();
  // "Customer master", "tbl items": the maker's word for a table, and nothing to a reader.
  const name = words.replace(/^(tbl|tb|master) (?=\w)/, '').replace(/(?<=\w) (master|table|tbl|entity|collection|record)s?$/, '');
  return name === '' ? 'data' : pluralOf(name);
}

/** "dispatch" → "dispatches", "category" → "categories", "machine status" → "machine statuses"; what is a plural stays one. */
function pluralOf(name: string): string {
  if (/(ss|us|x|z|ch|sh)$/.test(name)) return `${name}es`;
  if (/s$/.test(name) || /(^| )(data|media|people|children|staff|stock|inventory|feedback|info|metadata)$/.test(name)) return name;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** `abc_`, when all tables that the endpoints touch begin with it; empty otherwise. */
function sharedPrefix(model: ProjectModel): string {
  return model.memo(null, 'table-prefix', (m) => prefixOf([...new Set(m.endpoints().filter((e) => e.mounted).flatMap((e) => e.sinks.filter((s) => s.kind === 'db-read' || s.kind === 'db-write').flatMap((s) => (s.target === null ? [] : [s.target]))))]));
}

function prefixOf(tables: readonly string[]): string {
  // A function or a view beside them is no table of this maker.
  const counts = new Map<string, number>();
  for (const t of tables) {
    const prefix = /^[a-z]{2,6}_(?=[a-z])/.exec(t)?.[0];
    if (prefix) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  for (const [prefix, n] of counts) if (n >= LEAST_TABLES && n * 10 >= tables.length * 7) return prefix;
  return '';
}
