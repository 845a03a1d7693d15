/** Whose account a password written in the code opens: by what stands beside it, and by what the script does that makes it. */
import type { Expr } from '../../../core/facts';
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { basename } from '../../../core/paths';
import { functionAt, nodesOf } from '../../../fixes/walk';
import { isScript } from './account';
import { covers, variableOf } from './bound';

const RANDOM = /^(random|randomUUID|randomBytes|randomInt|getRandomValues|uuid|uuidv4|v4|nanoid|cuid|createId)$/;
/** Domains that RFC 2606 keeps free. */
const NOBODYS = /@(?:[\w.-]+\.)?(?:example\.(?:com|org|net)|[\w-]+\.(?:test|example|invalid))$/i;
/** Roles of those who buy or are looked after: such an account opens what is its own. */
const CUSTOMER = /^(customer|client|patient|buyer|shopper|guest|student|tenant|subscriber)s?$/i;
const ADMINISTRATOR = /admin|owner|super|root|staff|manager/i;
const TEST_DATABASE = /test[-_]?(database|db)|(database|db)[-_]?test/i;

/** `'So!' + randomUUID()`: the literal is a part of a password that is made anew each time. */
export function isMadeAnew({ fact, at }: SecretEntity, model: ProjectModel): boolean {
  const script = model.file(at.file)?.script;
  const nodes = nodesOf(script ? (functionAt(script, fact.span.start)?.body ?? []) : []);
  const isRandom = (x: Expr, depth = 0): boolean => nodesOf(x).some((n) => {
    if (n.k === 'call') return RANDOM.test(n.fn.k === 'mem' ? n.fn.prop : n.fn.k === 'ref' ? n.fn.name : '');
    return n.k === 'ref' && depth < 2 && nodes.some((v) => v.k === 'var' && v.decls.some((d) => d.init && d.target.k === 'name' && d.target.name === n.name && !covers(d.init, fact.span) && isRandom(d.init, depth + 1)));
  });
  return nodes.some((n) => ((n.k === 'bin' && n.op === '+') || n.k === 'tpl') && covers(n, fact.span) && isRandom(n));
}

/** A customer's account, or that of an address nobody has: neither its role nor its name is one of the people who run the app. */
export function isCustomers(secret: SecretEntity, model: ProjectModel): boolean {
  const beside = textsBeside(secret, model);
  return beside.some((t) => CUSTOMER.test(t) || NOBODYS.test(t)) && !beside.some((t) => ADMINISTRATOR.test(t));
}

/** A script that nobody else runs and that is for a test database by its name, or throws the database away first. */
export function startsFromNothing(secret: SecretEntity, model: ProjectModel): boolean {
  if (!isScript(secret, model)) return false;
  if (TEST_DATABASE.test(basename(secret.at.file))) return true;
  const functions = model.file(secret.at.file)?.script?.functions ?? [];
  return functions.some((f) => nodesOf(f.body).some((n) => n.k === 'call' && n.fn.k === 'mem' && n.fn.prop === 'dropDatabase'));
}

/** The texts of the object or call that the password, or the name of its hash, stands in. */
function textsBeside({ fact, at }: SecretEntity, model: ProjectModel): readonly string[] {
  const script = model.file(at.file)?.script;
  const nodes = nodesOf(script ? (functionAt(script, fact.span.start)?.body ?? []) : []);
  const name = variableOf(nodes, fact.span);
  const isIt = (x: Expr): boolean => x.k !== 'obj' && x.k !== 'arr' && x.k !== 'fn' && (covers(x, fact.span) || (name !== null && x.k === 'ref' && x.name === name));
  return nodes.flatMap((n) => {
    const parts = n.k === 'obj' ? n.props.flatMap((p) => (p.k === 'prop' ? [p.value] : [])) : n.k === 'call' ? n.args : n.k === 'arr' ? n.items : [];
    return parts.some(isIt) ? parts.flatMap((p) => (p.k === 'str' && !covers(p, fact.span) ? [p.v] : [])) : [];
  });
}
