/** What a password written in the code opens, by its name and by what stands beside it. */
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { functionAt, nodesOf } from '../../../fixes/walk';
import { covers, variableOf } from './bound';

const DATABASE = /(^|_)(DB|DATABASE|MYSQL|MSSQL|SQL|PG|PGSQL|POSTGRES|POSTGRESQL|MONGO|MONGODB|MARIADB|ORACLE|REDIS)(_|$)/;
const DATABASE_URL = /^(mongodb(\+srv)?|postgres(ql)?|mysql|mariadb|redis|rediss|mssql|sqlserver):\/\//;
const USER = /^(user(name)?|e-?mail|login|identifier)$/i;

/** `database`: `DB_PASSWORD`, settings with a host and a database, a piece of a connection string. `account`: a user stands beside it. */
export function opens({ fact, at }: SecretEntity, name: string, model: ProjectModel): 'database' | 'account' | null {
  if (DATABASE.test(fact.envName) || DATABASE.test(name.toUpperCase())) return 'database';
  const script = model.file(at.file)?.script;
  if (!script) return null;
  const nodes = nodesOf(functionAt(script, fact.span.start)?.body ?? []);
  const bound = variableOf(nodes, fact.span);
  let account = false;
  for (const n of nodes) {
    if (n.k === 'tpl' && bound !== null && n.parts.some((p) => p.k === 'str' && DATABASE_URL.test(p.v)) && nodesOf(n).some((x) => x.k === 'ref' && x.name === bound)) return 'database';
    if (n.k !== 'obj') continue;
    const props = n.props.filter((p) => p.k === 'prop');
    if (!props.some((p) => covers(p.value, fact.span) && p.value.k !== 'obj' && p.value.k !== 'fn')) continue;
    const keys = new Set(props.map((p) => p.key.toLowerCase()));
    if ((keys.has('host') || keys.has('server')) && (keys.has('database') || keys.has('dialect'))) return 'database';
    account ||= props.some((p) => USER.test(p.key));
  }
  return account ? 'account' : null;
}
