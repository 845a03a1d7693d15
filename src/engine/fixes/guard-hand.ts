/** Routes that a loop or a table registers: no edit of ours fits, so the steps say where the guard goes and what it closes too. */
import type { Expr, FileFacts } from '../core/facts';
import type { Fixer } from '../core/fix';
import type { Endpoint, ProjectModel } from '../core/model';
import { LineIndex } from '../core/text';
import { endpointOf, isRegisteredPlainly } from './guard';
import { expressGuard } from './guard-find';
import { importEdit, specifierFor } from './imports';
import { nodesOf } from './walk';

type Call = Extract<Expr, { k: 'call' }>;
type Obj = Extract<Expr, { k: 'obj' }>;

export function canGuardByHand(e: Endpoint, model: ProjectModel): boolean {
  const file = model.file(e.at.file);
  return e.framework === 'express' && file?.script != null && file.parse === 'ok' && !isRegisteredPlainly(e, model);
}

const LIST = /guard|middleware|auth|before|pre|handler|chain|protect/i;

export const guardByHand: Fixer = {
  class: 'manual',
  title: (finding, model) => {
    const e = endpointOf(finding, model);
    return `How to require a signed-in user${e ? ` for ${e.method} ${e.path}` : ''}`;
  },
  compute(finding, ctx) {
    const e = endpointOf(finding, ctx.model);
    const file = e ? ctx.model.file(e.at.file) : undefined;
    const text = e ? ctx.text(e.at.file) : undefined;
    if (!e || !file?.script || text === undefined) return null;
    const own = expressGuard(ctx.model, e.at.file);
    const guard = own?.name ?? 'requireUser';
    const steps = [placeStep(e, file, text, guard, ctx.model)];
    if (own?.from) {
      const edit = importEdit(file, text, { local: own.name, imported: own.from.name, specifier: specifierFor(ctx.model, file.path, own.from.file) });
      if (edit) steps.push(`Import it there: ${edit.newText.trim()}`);
    }
    if (!own) steps.push(`${guard} stands for a middleware of yours that answers 401 when nobody is signed in; none was found in this project.`);
    return { title: this.title(finding, ctx.model), class: 'manual', edits: [], create: [], manual: steps };
  },
};

function placeStep(e: Endpoint, file: FileFacts, text: string, guard: string, model: ProjectModel): string {
  const lines = new LineIndex(text);
  const where = (offset: number): string => `${file.path}, line ${lines.position(offset).line + 1}`;
  const name = `${e.method} ${e.path}`;
  const { entry, call, list } = around(e, file);
  if (list) {
    const first = list.items[0];
    const rest = first ? `, ${short(text.slice(first.s, first.e))}${list.items.length > 1 ? ', …' : ''}` : '';
    return `${where(list.s)}: ${name} takes its handlers from this list. Put ${guard} first: [${guard}${rest}].`;
  }
  if (entry) {
    const slot = entry.props.find((p) => p.k === 'prop' && p.value.k === 'arr' && LIST.test(p.key));
    if (slot?.k === 'prop' && slot.value.k === 'arr') {
      const kept = text.slice(slot.value.s + 1, slot.value.e - 1).trim();
      return `${where(slot.s)}: ${name} is an entry of a table. Write ${guard} into its list: ${slot.key}: [${guard}${kept === '' ? '' : `, ${short(kept)}`}].`;
    }
    return `${where(entry.s)}: ${name} is an entry of a table without a place for a guard. Give each entry a list (guards: [${guard}], and [] for what is public) and hand it on where the table is registered, between the path and the handler: ...entry.guards.`;
  }
  const together = model.endpointsOf(e.at.file).filter((x) => x.at.span.start === e.at.span.start && x.key !== e.key).map((x) => `${x.method} ${x.path}`);
  const also = together.length > 0 ? ` The same call registers ${together.slice(0, 5).join(', ')}${together.length > 5 ? ` and ${together.length - 5} more` : ''}: they are guarded too; what must stay public needs a call of its own.` : '';
  const last = call?.args[call.args.length - 1];
  const path = call?.args[0];
  const after = call && last && path && path !== last && last.k !== 'spread' ? `${short(text.slice(call.s, path.e))}, ${guard}, ${last.k === 'fn' ? 'handler' : short(text.slice(last.s, last.e))})` : null;
  return `${where(e.at.span.start)}: ${name} is registered by a loop or a helper. Put ${guard} between the path and the handler${after ? `: ${after}` : ''}.${also}`;
}

/** What stands at the endpoint's place: a table's entry, the registering call, the list that holds its handler. */
function around(e: Endpoint, file: FileFacts): { readonly entry: Obj | null; readonly call: Call | null; readonly list: Extract<Expr, { k: 'arr' }> | null } {
  let entry: Obj | null = null;
  let call: Call | null = null;
  let list: Extract<Expr, { k: 'arr' }> | null = null;
  const { start, end } = e.at.span;
  for (const fn of file.script?.functions ?? []) {
    for (const n of nodesOf(fn.body)) {
      if (n.k === 'obj' && n.s === start && n.e === end) entry = n;
      if (n.k === 'call' && n.s === start && (n.e === end || n.fn.e === end || n.args[0]?.e === end)) call = n;
      if (n.k === 'arr' && e.handler?.file === file.path && n.items.some((x) => x.k === 'fn' && x.id === e.handler?.fn)) list = n;
    }
  }
  return { entry, call, list };
}

function short(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
