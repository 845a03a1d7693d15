/** What a handler does, by a look at its code: the columns it looks things up by, and whether it works on accounts. */
import type { Expr, FunctionFact, Stmt } from '../../../core/facts';
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import type { RelPath } from '../../../core/types';
import { calleesOf } from '../../../fixes/imports';
import { chainAt, nodesOf } from '../../../fixes/walk';

/** `where: { token }`, `.eq('token', …)`, `findOne({ token })`, `eq(links.token, …)`, `WHERE token = $1`: the names on the left. */
export function lookUpColumns(s: SinkUse, model: ProjectModel): readonly string[] {
  const script = model.file(s.at.file)?.script;
  if (!script) return [];
  const out: string[] = [];
  for (const call of chainAt(script, s.at.span)) {
    const name = call.fn.k === 'mem' ? call.fn.prop : '';
    const first = call.args[0];
    if (/^(eq|filter|where|andWhere|match|is)$/.test(name) && first?.k === 'str' && /^[\w.]+$/.test(first.v)) out.push(lastPart(first.v));
    for (const [i, arg] of call.args.entries()) {
      for (const sql of textsOf(arg)) for (const m of sql.matchAll(/\b(?:where|and)\s+(?:lower\()?["`]?(?:\w+["`]?\.["`]?)?(\w+)["`]?\)?\s*=/gi)) if (m[1]) out.push(m[1]);
      if (/^(where|andWhere)$/.test(name)) for (const n of nodesOf(arg)) if (n.k === 'call' && n.fn.k === 'ref' && n.fn.name === 'eq' && n.args[0]?.k === 'mem') out.push(n.args[0].prop);
      if (arg.k !== 'obj') continue;
      const where = arg.props.find((p) => p.k === 'prop' && p.key === 'where');
      if (where?.k === 'prop') out.push(...keysOf(where.value));
      else if (i === 0 && /^(find|findOne\w*|exists|updateOne|deleteOne|where|match)$/.test(name)) out.push(...keysOf(arg));
    }
  }
  return out;
}

function lastPart(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1);
}

function keysOf(x: Expr): string[] {
  return x.k === 'obj' ? x.props.flatMap((p) => (p.k === 'prop' ? [p.key] : [])) : [];
}

function textsOf(x: Expr): string[] {
  if (x.k === 'str') return [x.v];
  if (x.k === 'tpl') return [x.parts.map((p) => (p.k === 'str' ? p.v : '?')).join('')];
  return [];
}

const ACCOUNT_CALL = /^(signIn|signUp|signOut|logIn|logOut|login|logout)([A-Z]\w*)?$|passw|jwt|otp$|token|captcha|csrf|^compare(Sync)?$|^(clearCookie|bcrypt|argon2|scrypt|scryptSync|pbkdf2|pbkdf2Sync)$/i;
const ACCOUNT_FIELD = /token|passw|passcode|(^|_)otp$|security_?answer|verification_?code|reset_?code/i;
const DEPTH = 3;

/** A password is checked or set, a token made, looked up or ended, somebody signed in or out: in the handler or in what it calls. */
export function worksOnAccounts(e: Endpoint, model: ProjectModel): boolean {
  for (const body of bodiesOf(e, model, DEPTH)) for (const n of nodesOf(body)) if (isAccountNode(n)) return true;
  return false;
}

/** Bodies of the handler, of the functions inside it and of those of the project that they call, `depth` calls deep. */
export function* bodiesOf(e: Endpoint, model: ProjectModel, depth: number): Generator<readonly Stmt[]> {
  for (const { fn } of functionsOf(e, model, depth)) yield fn.body;
}

/** The handler, the functions inside it and those of the project that they call, `depth` calls deep. */
export function* functionsOf(e: Endpoint, model: ProjectModel, depth: number): Generator<{ readonly file: RelPath; readonly fn: FunctionFact }> {
  const h = e.handler;
  if (h?.fn == null) return;
  const seen = new Set<string>();
  let todo: { readonly file: RelPath; readonly fn: number }[] = [{ file: h.file, fn: h.fn }];
  for (let calls = 0; calls <= depth && todo.length > 0; calls++) {
    const next: typeof todo = [];
    for (const at of todo) {
      const script = model.file(at.file)?.script;
      const fn = script?.functions[at.fn];
      if (!script || !fn || seen.has(`${at.file}#${at.fn}`)) continue;
      seen.add(`${at.file}#${at.fn}`);
      for (const inner of script.functions.filter((f) => f.id === fn.id || (f.kind !== 'module' && f.span.start >= fn.span.start && f.span.end <= fn.span.end))) {
        yield { file: at.file, fn: inner };
        for (const n of nodesOf(inner.body)) if (n.k === 'call') next.push(...calleesOf(n.fn, at.file, model));
      }
    }
    todo = next;
  }
}

function isAccountNode(n: { readonly k: string }): boolean {
  const x = n as Expr;
  if (x.k === 'str') return /\b(set|where|and)\s+[\w".]*(token|password|passcode|otp)\w*"?\s*=/i.test(x.v);
  if (x.k === 'obj') return x.props.some((p) => p.k === 'prop' && ACCOUNT_FIELD.test(p.key));
  if (x.k !== 'call') return false;
  const f = x.fn;
  const first = x.args[0];
  if (f.k === 'ref') return ACCOUNT_CALL.test(f.name);
  if (f.k !== 'mem') return false;
  if (ACCOUNT_CALL.test(f.prop)) return true;
  if (f.prop === 'destroy') return f.obj.k === 'mem' && f.obj.prop === 'session';
  if (/^(hash|hashSync|verify|sign)$/.test(f.prop)) return f.obj.k === 'ref' && /crypt|argon|jwt|jsonwebtoken|hash|password|token/i.test(f.obj.name);
  return f.prop === 'eq' && first?.k === 'str' && ACCOUNT_FIELD.test(first.v);
}
