/** What a password written in the code opens, by its name and by what stands beside it. */
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { functionAt, nodesOf } from '../../../fixes/walk';

const DATABASE = /(^|_)(DB|DATABASE|MYSQL|MSSQL|SQL|PG|PGSQL|POSTGRES|POSTGRESQL|MONGO|MONGODB|MARIADB|ORACLE|REDIS)(_|$)/;

/** `DB_PASSWORD`, or a settings object that names a host and a database beside the password. */
export function opensDatabase({ fact, at }: SecretEntity, name: string, model: ProjectModel): boolean {
  if (DATABASE.test(fact.envName) || DATABASE.test(name.toUpperCase())) return true;
  const script = model.file(at.file)?.script;
  if (!script) return false;
  for (const n of nodesOf(functionAt(script, fact.span.start)?.body ?? [])) {
    if (n.k !== 'obj') continue;
    const props = n.props.filter((p) => p.k === 'prop');
    if (!props.some((p) => p.value.s <= fact.span.start && p.value.e >= fact.span.end && p.value.k !== 'obj' && p.value.k !== 'fn')) continue;
    const keys = new Set(props.map((p) => p.key.toLowerCase()));
    return (keys.has('host') || keys.has('server')) && (keys.has('database') || keys.has('dialect'));
  }
  return false;
}
