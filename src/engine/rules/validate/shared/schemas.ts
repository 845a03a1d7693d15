/** Schemas that stand before a handler, by reading: which one is asked, and what it lets through. */
import type { Expr, FunctionFact } from '../../../core/facts';
import type { Endpoint, ProjectModel } from '../../../core/model';
import type { Location, RelPath } from '../../../core/types';
import { bindingsOf, exportsOf } from '../../../model/faces';
import { nodesOf } from '../../../fixes/walk';

/** One property of an object schema. */
export interface SchemaField {
  readonly key: string;
  readonly value: Expr;
  readonly at: Location;
}

const PARSE = /^(parse|safeParse|parseAsync|safeParseAsync|validate|validateAsync|validateSync|cast|spa|attempt)$/;

/** The fields of all schemas that an endpoint's guards or its handler hold the request against. */
export function schemaFieldsOf(endpoint: Endpoint, model: ProjectModel): readonly SchemaField[] {
  const out: SchemaField[] = [];
  for (const { file, x } of schemaNames(endpoint, model)) {
    const found = x.k === 'ref' ? declared(x.name, file, model) : { file, x };
    if (found) out.push(...fieldsIn(found.x, found.file));
  }
  for (const x of registered(endpoint, model)) out.push(...chainsIn(x, endpoint.at.file, model));
  return out;
}

function schemaNames(endpoint: Endpoint, model: ProjectModel): { readonly file: RelPath; readonly x: Expr }[] {
  const out: { file: RelPath; x: Expr }[] = [];
  const h = endpoint.handler;
  const script = h ? model.file(h.file)?.script : null;
  if (h && script) {
    for (const fn of script.functions) {
      if (fn.kind === 'module' || fn.span.start < h.span.start || fn.span.end > h.span.end) continue;
      for (const n of nodesOf(fn.body)) {
        if (n.k !== 'call') continue;
        if (n.fn.k === 'mem' && PARSE.test(n.fn.prop) && n.args.length > 0) out.push({ file: h.file, x: n.fn.obj });
      }
    }
  }
  // `router.post('/register', validate(registerSchema), register)`: any name given to what stands before the handler.
  for (const a of registered(endpoint, model)) if (a.k === 'call') for (const given of a.args) out.push({ file: endpoint.at.file, x: given });
  return out;
}

/** What the call that registers an endpoint is given. */
function registered(endpoint: Endpoint, model: ProjectModel): Expr[] {
  const { file, span } = endpoint.at;
  const out: Expr[] = [];
  for (const fn of model.file(file)?.script?.functions ?? []) {
    if (fn.span.start > span.start || fn.span.end < span.end) continue;
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'call' || n.s > span.start || n.e < span.end || n.fn.k !== 'mem' || !/^(post|put|patch|all|use|route)$/.test(n.fn.prop)) continue;
      out.push(...n.args);
    }
  }
  return out;
}

/** `body('role').isIn(['reader', 'admin'])` of express-validator, by itself, in a list, or under a name. */
function chainsIn(x: Expr, file: RelPath, model: ProjectModel): SchemaField[] {
  const found = x.k === 'ref' ? declared(x.name, file, model) : { file, x };
  if (!found || model.file(found.file)?.script?.imports.some((i) => i.specifier.startsWith('express-validator')) !== true) return [];
  const out = new Map<string, SchemaField>();
  for (const n of nodesOf(found.x)) {
    if (n.k !== 'call') continue;
    const key = checkedName(n);
    // The whole chain is met before its parts.
    if (key !== null && !out.has(key)) out.set(key, { key, value: n, at: { file: found.file, span: { start: n.s, end: n.e } } });
  }
  return [...out.values()];
}

/** The field that a chain is about. */
function checkedName(chain: Expr): string | null {
  let x = chain;
  while (x.k === 'call' && x.fn.k === 'mem' && x.fn.obj.k === 'call') x = x.fn.obj;
  const name = x.k === 'call' ? (x.fn.k === 'ref' ? x.fn.name : x.fn.k === 'mem' ? x.fn.prop : '') : '';
  return x.k === 'call' && /^(body|check)$/.test(name) && x.args[0]?.k === 'str' ? x.args[0].v : null;
}

/** Where a name is bound at the top of a file, or of the file it is imported from. */
function declared(name: string, file: RelPath, model: ProjectModel, depth = 2): { readonly file: RelPath; readonly x: Expr } | null {
  const script = model.file(file)?.script;
  if (!script) return null;
  for (const s of script.functions[0]?.body ?? []) if (s.k === 'var') for (const d of s.decls) if (d.target.k === 'name' && d.target.name === name && d.init && d.init.k !== 'import') return isRequire(d.init) ? null : { file, x: d.init };
  const binding = depth > 0 ? bindingsOf(script).find((b) => b.local === name) : undefined;
  const r = binding ? model.resolve(file, binding.specifier) : null;
  const target = r && 'file' in r ? model.file(r.file)?.script : null;
  if (!binding || !r || !('file' in r) || !target) return null;
  return declared(exportsOf(target).get(binding.imported) ?? binding.imported, r.file, model, depth - 1);
}

function isRequire(x: Expr): boolean {
  return x.k === 'call' && x.fn.k === 'ref' && x.fn.name === 'require';
}

/** `z.object({…})`, `Joi.object().keys({…})`, `yup.object({…})`, one level deep: `body: z.object({…})` too. */
function fieldsIn(x: Expr, file: RelPath): SchemaField[] {
  const out: SchemaField[] = [];
  for (const n of nodesOf(x)) {
    if (n.k !== 'call' || n.fn.k !== 'mem' || !/^(object|keys|strictObject|looseObject|shape|extend)$/.test(n.fn.prop)) continue;
    const shape = n.args[0];
    if (shape?.k === 'obj') for (const p of shape.props) if (p.k === 'prop') out.push({ key: p.key, value: p.value, at: { file, span: { start: p.s, end: p.e } } });
  }
  return out;
}

/** The keys that a schema knows, and whether it refuses all others. */
export interface Shape {
  readonly keys: ReadonlySet<string>;
  readonly strict: boolean;
}

/** The schema whose method is called (`schema.safeParse`), followed through the names of the function and of the files it comes from; null where it is not found. */
export function shapeOf(callee: Expr, fn: FunctionFact, file: RelPath, model: ProjectModel): Shape | null {
  const keys = new Set<string>();
  const omitted = new Set<string>();
  let picked: Set<string> | null = null;
  const seen = new Set<string>();
  let strict = false;
  visit(callee.k === 'mem' ? callee.obj : callee, file, fn, 0);
  // What is left out by `.omit()` is left out of what the schema is made from, wherever that stands.
  for (const k of omitted) keys.delete(k);
  const only = picked as ReadonlySet<string> | null;
  if (only !== null) for (const k of [...keys]) if (!only.has(k)) keys.delete(k);
  return keys.size > 0 ? { keys, strict } : null;

  /** `.omit({ password: true })`, `.pick({ email: true })`. */
  function narrow(method: string, by: Expr | undefined): void {
    if (by?.k !== 'obj' || (method !== 'omit' && method !== 'pick')) return;
    const named = by.props.flatMap((p) => (p.k === 'prop' ? [p.key] : []));
    if (method === 'omit') for (const k of named) omitted.add(k);
    else picked = new Set(named);
  }

  function visit(x: Expr, at: RelPath, inside: FunctionFact | null, depth: number): void {
    const fields = fieldsIn(x, at);
    // What stands inside a field is the field's own.
    const inField = (n: { readonly s: number; readonly e: number }, self?: SchemaField): boolean => fields.some((f) => f !== self && f.at.span.start < n.s && n.e <= f.at.span.end);
    for (const f of fields) {
      if (inField({ s: f.at.span.start, e: f.at.span.end }, f) || keys.has(f.key)) continue;
      keys.add(f.key);
    }
    for (const n of nodesOf(x)) if (n.k === 'call' && n.fn.k === 'mem' && !inField(n)) narrow(n.fn.prop, n.args[0]);
    strict ||= nodesOf(x).some((n) => n.k === 'call' && n.fn.k === 'mem' && /^(strict|strictObject|noUnknown)$/.test(n.fn.prop)) || (isJoi(at, model) && !nodesOf(x).some((n) => n.k === 'call' && n.fn.k === 'mem' && n.fn.prop === 'unknown'));
    for (const n of nodesOf(x)) {
      if (n.k !== 'ref' || inField(n) || depth > 3 || seen.has(`${at}#${n.name}`)) continue;
      seen.add(`${at}#${n.name}`);
      const local = inside ? localOf(n.name, inside) : null;
      const found = local ? { file: at, x: local } : declared(n.name, at, model);
      if (found) visit(found.x, found.file, local ? inside : null, depth + 1);
    }
  }
}

/** Joi refuses what a schema does not list, unless it is told not to. */
function isJoi(file: RelPath, model: ProjectModel): boolean {
  return model.file(file)?.script?.imports.some((i) => /^(joi|@hapi\/joi)$/.test(i.specifier)) === true;
}

function localOf(name: string, fn: FunctionFact): Expr | null {
  for (const n of nodesOf(fn.body)) if (n.k === 'var') for (const d of n.decls) if (d.target.k === 'name' && d.target.name === name && d.init) return d.init;
  return null;
}
