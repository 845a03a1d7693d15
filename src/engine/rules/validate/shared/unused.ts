/** Validations nobody looks at: `schema.safeParse(body)` as a statement, a result whose outcome is never read. */
import type { Expr, FunctionFact, Stmt } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';
import type { RelPath, Span } from '../../../core/types';

export interface UnusedResult {
  readonly span: Span;
  /** Index of the function it stands in. */
  readonly fn: number;
  readonly kind: 'dropped' | 'never-read' | 'error-ignored';
  /** As written, for the message: `bodySchema.safeParse`. */
  readonly name: string;
}

const SAFE = new Set(['safeParse', 'safeParseAsync', 'spa']);

export function unusedResults(model: ProjectModel, path: RelPath): readonly UnusedResult[] {
  // Asked of every file: most have nothing of the kind, and nothing is kept for them.
  if (model.file(path)?.script?.outlined !== false) return [];
  return model.memo(null, `unused-results:${path}`, (m) => {
    const script = m.file(path)?.script;
    if (!script) return [];
    let known: boolean | null = null;
    const joi = (): boolean => (known ??= script.imports.some((i) => /^(joi|@hapi\/joi)$/.test(i.specifier)) || importsJoiSchema(m, path));
    return script.functions.flatMap((fn) => ofFunction(fn, script.functions, joi));
  });
}

/** The schema stands in a module of the project that imports joi. */
function importsJoiSchema(model: ProjectModel, path: RelPath): boolean {
  const seen = new Set<RelPath>();
  for (const i of model.file(path)?.script?.imports ?? []) {
    const r = i.typeOnly ? null : model.resolve(path, i.specifier);
    if (!r || !('file' in r) || seen.has(r.file)) continue;
    seen.add(r.file);
    if (model.file(r.file)?.script?.imports.some((x) => /^(joi|@hapi\/joi)$/.test(x.specifier))) return true;
  }
  return false;
}

/** `joi`: a schema of joi may be meant; asked only where something is called like its way to validate. */
function ofFunction(fn: FunctionFact, all: readonly FunctionFact[], joi: () => boolean): UnusedResult[] {
  const out: UnusedResult[] = [];
  eachStatement(fn.body, (s) => {
    if (s.k === 'expr') {
      const call = validation(s.x, joi);
      if (call) out.push({ span: { start: call.s, end: call.e }, fn: fn.id, kind: 'dropped', name: nameOf(call) });
    } else if (s.k === 'var') {
      for (const d of s.decls) {
        const call = d.init ? validation(d.init, joi) : null;
        if (!call) continue;
        const span = { start: call.s, end: call.e };
        if (d.target.k === 'name') {
          if (reads(fn, all, d.target.name) === 0) out.push({ span, fn: fn.id, kind: 'never-read', name: nameOf(call) });
        } else if (d.target.k === 'obj' && d.target.rest === null) {
          const names = d.target.props.flatMap((p) => (p.value.k === 'name' ? [{ key: p.key, local: p.value.name }] : []));
          const used = (key: string): boolean => names.some((n) => n.key === key && reads(fn, all, n.local) > 0);
          const outcome = names.some((n) => n.key === 'error' || n.key === 'success' || n.key === 'issues');
          if (names.length === d.target.props.length && outcome && !used('error') && !used('success') && !used('issues')) out.push({ span, fn: fn.id, kind: 'error-ignored', name: nameOf(call) });
        }
      }
    }
  });
  return out;
}

function validation(x: Expr, joi: () => boolean): Extract<Expr, { k: 'call' }> | null {
  const call = x.k === 'await' ? x.value : x;
  if (call.k !== 'call' || call.fn.k !== 'mem') return null;
  if (SAFE.has(call.fn.prop) && call.args.length > 0) return call;
  if (call.fn.prop === 'validate' && call.args.length > 0 && /[Ss]chema|[Vv]alidator|Joi/.test(text(call.fn.obj)) && joi()) return call;
  return null;
}

function nameOf(call: Extract<Expr, { k: 'call' }>): string {
  const name = text(call.fn);
  return /^[\w$.]{1,60}$/.test(name) ? name : 'The validation';
}

function text(x: Expr): string {
  if (x.k === 'ref') return x.name;
  if (x.k === 'mem') return `${text(x.obj)}.${x.prop}`;
  if (x.k === 'call') return `${text(x.fn)}()`;
  return '';
}

/** How often a name is read in a function and the functions inside it. */
function reads(fn: FunctionFact, all: readonly FunctionFact[], name: string): number {
  let n = 0;
  const visit = (v: unknown): void => {
    if (Array.isArray(v)) {
      for (const i of v) visit(i);
      return;
    }
    if (typeof v !== 'object' || v === null) return;
    const node = v as { k?: unknown; name?: unknown; id?: unknown; s?: unknown; e?: unknown };
    if (node.k === 'ref' && node.name === name) n++;
    if ((node.k === 'fn' || node.k === 'fndecl') && typeof node.id === 'number') visit(all[node.id]?.body);
    if ((node.k === 'fn' || node.k === 'fndecl') && typeof node.id === 'number') visit(all[node.id]?.params);
    for (const c of Object.values(v)) if (typeof c === 'object' && c !== null) visit(c);
  };
  visit(fn.body);
  return n;
}

function eachStatement(body: readonly Stmt[], visit: (s: Stmt) => void): void {
  for (const s of body) {
    visit(s);
    switch (s.k) {
      case 'if':
        eachStatement(s.then, visit);
        if (s.else) eachStatement(s.else, visit);
        break;
      case 'block':
      case 'loop':
        eachStatement(s.body, visit);
        break;
      case 'try':
        eachStatement(s.body, visit);
        if (s.handler) eachStatement(s.handler, visit);
        if (s.finalizer) eachStatement(s.finalizer, visit);
        break;
      case 'switch':
        for (const c of s.cases) eachStatement(c.body, visit);
        break;
      default:
        break;
    }
  }
}
