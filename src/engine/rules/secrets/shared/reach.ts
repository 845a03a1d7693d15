/** Whether a place in a module of both sides, server and browser, can run in the browser: by the names that browser code imports of it. */
import type { Expr, FunctionFact, ScriptFacts, Stmt } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';
import type { RelPath, Span } from '../../../core/types';
import { functionAt, nodesOf } from '../../../fixes/walk';

/** `top`: it runs as soon as the module is loaded. `called`: in a function that browser code may call. `unreached`: in one that it imports no way to. */
export type Reach = 'top' | 'called' | 'unreached';

/** What the browser can do with this place of a module that it loads. */
export function reachInBrowser(file: RelPath, span: Span, model: ProjectModel): Reach {
  const script = model.file(file)?.script;
  const fn = script ? functionAt(script, span.start) : undefined;
  if (!script || !fn || fn.kind === 'module') return 'top';
  const names = namesForBrowser(file, model, new Set());
  if (names === null) return 'called';
  return reached(script, names).has(fn.id) ? 'called' : 'unreached';
}

/** The exports that browser code imports of a module; null: any of them. */
function namesForBrowser(file: RelPath, model: ProjectModel, above: Set<RelPath>): ReadonlySet<string> | null {
  const script = model.file(file)?.script;
  if (!script || script.isCommonJs || above.has(file) || script.directives.includes('use client')) return null;
  const importers = model.importersOf(file).filter((p) => model.reachesBrowser(p));
  // Nobody imports it: it is where the browser begins.
  if (importers.length === 0) return null;
  const out = new Set<string>();
  for (const importer of importers) {
    const from = model.file(importer)?.script;
    if (!from) return null;
    const used = usedIn(importer, from, model, new Set([...above, file]));
    for (const i of from.imports) {
      const target = model.resolve(importer, i.specifier);
      if (i.typeOnly || target === null || !('file' in target) || target.file !== file) continue;
      if (i.kind === 'dynamic') return null;
      for (const n of i.names) {
        if (n.typeOnly) continue;
        if (n.imported === '*') return null;
        if (i.kind === 'export' || used === null || used.has(n.local)) out.add(n.imported);
      }
    }
  }
  return out;
}

/** Names that the parts of a module mention which the browser can reach; null: all of it is the browser's. */
function usedIn(file: RelPath, script: ScriptFacts, model: ProjectModel, above: Set<RelPath>): ReadonlySet<string> | null {
  const names = namesForBrowser(file, model, above);
  if (names === null) return null;
  const functions = reached(script, names);
  const used = new Set<string>();
  for (const fn of script.functions) {
    if (fn.kind !== 'module' && !functions.has(fn.id)) continue;
    for (const n of [...nodesOf(fn.params), ...nodesOf(fn.body)]) if (n.k === 'ref') used.add(n.name);
  }
  return used;
}

/** Ids of the functions that run when the module is loaded, or may when one of these exports is used. */
function reached(script: ScriptFacts, names: ReadonlySet<string>): ReadonlySet<number> {
  const declared = new Map<string, (Stmt | Expr)[]>();
  const open: (Stmt | Expr)[] = [];
  const declare = (name: string, node: Stmt | Expr): void => void declared.set(name, [...(declared.get(name) ?? []), node]);
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k === 'fndecl' || s.k === 'classdecl') declare(s.name, s);
    else if (s.k === 'var') {
      for (const d of s.decls) {
        if (!d.init) continue;
        if (d.target.k === 'name') declare(d.target.name, d.init);
        // What is no function is worked out when the module is loaded.
        if (d.target.k !== 'name' || d.init.k !== 'fn') open.push(d.init);
      }
    } else open.push(s);
  }
  for (const e of script.exports) if (e.kind === 'local' && names.has(e.name)) open.push(...(declared.get(e.local) ?? []));
  // A default export without a name stands nowhere else.
  const anonymous = script.exports.some((e) => e.kind === 'local' && names.has(e.name) && !declared.has(e.local));
  const ids = new Set<number>();
  if (anonymous) for (const f of script.functions) ids.add(f.id);
  const seen = new Set<string>();
  const enter = (fn: FunctionFact | undefined): void => {
    if (!fn || ids.has(fn.id)) return;
    ids.add(fn.id);
    open.push(...fn.body);
    for (const n of nodesOf(fn.params)) open.push(n);
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.k === 'classdecl') for (const f of script.functions) if (f.span.start >= node.s && f.span.end <= node.e) enter(f);
    for (const n of nodesOf(node)) {
      if (n.k === 'fn' || n.k === 'fndecl') enter(script.functions[n.id]);
      else if (n.k === 'class') for (const f of script.functions) if (f.span.start >= n.s && f.span.end <= n.e) enter(f);
      if (n.k !== 'ref' || seen.has(n.name)) continue;
      seen.add(n.name);
      open.push(...(declared.get(n.name) ?? []));
    }
  }
  return ids;
}
