/** Meta's webhook handshake (WhatsApp, Facebook, Instagram): a token that is compared once, when the address is registered, and then a challenge is sent back. It opens nothing. */
import type { Expr, FunctionFact } from '../../../core/facts';
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { functionAt, nodesOf } from '../../../fixes/walk';
import { covers, variableOf } from './bound';

/** The name that Meta's request gives the token. */
const SENT_AS = 'hub.verify_token';
/** Named as Meta's own pages name it: what it is for needs no look at the code. */
const NAMED = /(^|_)(WHATSAPP|WA|META|FACEBOOK|FB|INSTAGRAM|IG|MESSENGER)_(\w+_)?VERIFY_TOKEN$/;

/** The secret is only compared with the token of a webhook's handshake. */
export function isHandshake({ fact, at }: SecretEntity, model: ProjectModel): boolean {
  if (NAMED.test(fact.envName)) return true;
  const script = model.file(at.file)?.script;
  if (!script) return false;
  const inside = functionAt(script, fact.span.start)?.body ?? [];
  const bound = variableOf(nodesOf(inside), fact.span);
  if (bound !== null && script.exports.some((e) => e.kind === 'local' && e.local === bound)) return false;
  let compared = 0;
  let mentioned = 0;
  for (const fn of script.functions) {
    for (const n of nodesOf(fn.body)) {
      if (bound !== null && n.k === 'ref' && n.name === bound) mentioned++;
      if (n.k !== 'bin' || !/^[!=]==?$/.test(n.op)) continue;
      for (const [own, other] of [[n.l, n.r], [n.r, n.l]] as const) {
        const isOwn = bound === null ? covers(own, fact.span) : own.k === 'ref' && own.name === bound;
        if (isOwn && comesFromHandshake(other, fn, script.functions)) compared++;
      }
    }
  }
  // Every mention of it is such a comparison.
  return compared > 0 && (bound === null || compared === mentioned);
}

/** The other side reads `hub.verify_token`, itself or through a variable of its function. */
function comesFromHandshake(x: Expr, fn: FunctionFact, functions: readonly FunctionFact[]): boolean {
  const reads = (e: Expr): boolean => nodesOf(e).some((n) => (n.k === 'str' && n.v === SENT_AS) || (n.k === 'mem' && n.prop === SENT_AS));
  if (reads(x)) return true;
  if (x.k !== 'ref') return false;
  for (const n of functions.filter((f) => f.span.start <= fn.span.start && f.span.end >= fn.span.end).flatMap((f) => nodesOf(f.body))) {
    if (n.k !== 'var') continue;
    for (const d of n.decls) {
      if (d.target.k === 'name' && d.target.name === x.name && d.init && reads(d.init)) return true;
      if (d.target.k === 'obj' && d.target.props.some((p) => p.key === SENT_AS && p.value.k === 'name' && p.value.name === x.name)) return true;
    }
  }
  return false;
}
