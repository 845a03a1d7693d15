/** What a script does with a password written in it: which account it opens, and whether that account is made for this one run. */
import type { Expr, ObjProp, ScriptFacts } from '../../../core/facts';
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { functionAt, nodesOf } from '../../../fixes/walk';
import { covers, variableOf } from './bound';

export interface AccountUse {
  /** The account is made, or one that exists is signed in to. */
  readonly deed: 'made' | 'signed-in';
  /** An address made anew at every run, or of a domain nobody owns: the account is nobody's. */
  readonly throwAway: boolean;
}

const MAKES = /^(signUp|signUpEmail|signup|createUser|createUserWithEmailAndPassword|register|registerUser)$/;
const SIGNS_IN = /^(signInWithPassword|signInWithEmailAndPassword|signInEmail|signIn|login|loginAs|authenticate)$/;
/** Domains that RFC 2606 keeps free. */
const NOBODYS = /@(?:[\w.-]+\.)?(?:example\.(?:com|org|net)|[\w-]+\.(?:test|example|invalid))$/i;
const FRESH = /^(now|random|randomUUID|randomBytes|randomInt|getTime|uuid|uuidv4|v4|nanoid|cuid|createId)$/;

/** Requests over HTTP: what they do stands in their address. */
const SENDS = /^(fetch|post|request|axios|\$fetch|ofetch)$/;
const SIGN_IN_PATH = /(^|[/_-])(log-?in|sign-?in|authenticate|auth\/(token|session|local))([/?_-]|$)/i;
const SIGN_UP_PATH = /(^|[/_-])(register|sign-?up)([/?_-]|$)/i;
/** What is hashed is kept as somebody's password. */
const HASHES = /^(hash|hashSync|hashPassword)$/;

/** How the account is used that this password belongs to; null where no sign-up or sign-in takes it. */
export function accountUse({ fact, at }: SecretEntity, model: ProjectModel): AccountUse | null {
  const script = model.file(at.file)?.script;
  if (!script) return null;
  const own = functionAt(script, fact.span.start);
  const name = variableOf(nodesOf(own?.body ?? []), fact.span);
  // What the module keeps any of its functions may use.
  const nodes = own?.kind === 'module' ? script.functions.flatMap((f) => nodesOf(f.body)) : nodesOf(own?.body ?? []);
  const holds = (x: Expr | undefined): boolean => x !== undefined && ((covers(x, fact.span) && x.k !== 'obj' && x.k !== 'fn') || (name !== null && x.k === 'ref' && x.name === name));
  let found: AccountUse | null = null;
  for (const n of nodes) {
    if (n.k !== 'call') continue;
    const called = n.fn.k === 'mem' ? n.fn.prop : n.fn.k === 'ref' ? n.fn.name : '';
    if (name !== null && HASHES.test(called) && holds(n.args[0])) {
      found ??= { deed: 'made', throwAway: false };
      continue;
    }
    const path = SENDS.test(called) ? nodesOf(n.args[0]).flatMap((x) => (x.k === 'str' ? [x.v] : [])) : [];
    const makes = MAKES.test(called) || path.some((p) => SIGN_UP_PATH.test(p));
    if (!makes && !SIGNS_IN.test(called) && !path.some((p) => SIGN_IN_PATH.test(p))) continue;
    const address = addressBeside(n.args, holds);
    if (address === null) continue;
    // What is made and then signed in to is the account that was made.
    if (found === null || makes) found = { deed: makes ? 'made' : 'signed-in', throwAway: isFresh(address, nodes, script, 0) };
  }
  return found;
}

/** `given || 'literal'`: what an account gets that is made without a password. */
export function isDefault({ fact, at }: SecretEntity, model: ProjectModel): boolean {
  const script = model.file(at.file)?.script;
  return nodesOf(script ? (functionAt(script, fact.span.start)?.body ?? []) : []).some((n) => n.k === 'logic' && n.op !== '&&' && n.r.s === fact.literal.start && n.r.e === fact.literal.end);
}

/** Nobody else runs it: a script that is started by hand. */
export function isScript({ at, inBrowser }: SecretEntity, model: ProjectModel): boolean {
  return !inBrowser && model.importersOf(at.file).length === 0 && model.endpointsOf(at.file).length === 0;
}

/** The address that goes with the password: `{ email, password }`, `(auth, email, password)`. */
function addressBeside(args: readonly Expr[], holds: (x: Expr | undefined) => boolean): Expr | null {
  const at = args.findIndex(holds);
  if (at > 0) return args[at - 1] ?? null;
  for (const arg of args) {
    for (const n of nodesOf(arg)) {
      if (n.k !== 'obj') continue;
      const props = n.props.filter((p): p is Extract<ObjProp, { k: 'prop' }> => p.k === 'prop');
      if (!props.some((p) => holds(p.value))) continue;
      return props.find((p) => /^(e?mail|user(name)?|login|identifier)/i.test(p.key))?.value ?? null;
    }
  }
  return null;
}

function isFresh(x: Expr, nodes: ReturnType<typeof nodesOf>, script: ScriptFacts, depth: number): boolean {
  for (const n of nodesOf(x)) {
    if (n.k === 'call' || n.k === 'new') {
      const called = n.fn.k === 'mem' ? n.fn.prop : n.fn.k === 'ref' ? n.fn.name : '';
      if (FRESH.test(called) || (n.k === 'new' && called === 'Date')) return true;
    }
    if (n.k === 'str' && NOBODYS.test(n.v)) return true;
    if (n.k !== 'ref' || depth > 3) continue;
    for (const d of declared(n.name, nodes, script)) if (isFresh(d, nodes, script, depth + 1)) return true;
  }
  return false;
}

/** Initial values of a name, of the function or of the module. */
function declared(name: string, nodes: ReturnType<typeof nodesOf>, script: ScriptFacts): Expr[] {
  const out: Expr[] = [];
  for (const n of [...nodes, ...nodesOf(script.functions[0]?.body ?? [])]) {
    if (n.k === 'var') for (const d of n.decls) if (d.init && d.target.k === 'name' && d.target.name === name) out.push(d.init);
  }
  return out;
}
