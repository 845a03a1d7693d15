/** What a script has from others and hands to others; the same objects as long as the script's facts are the same. */
import type { Expr, ScriptFacts } from '../core/facts';
import type { Binding, ModuleFace } from '../core/model';

const faces = new WeakMap<ScriptFacts, ModuleFace>();
const exported = new WeakMap<ScriptFacts, ReadonlyMap<string, string>>();

export function faceOf(script: ScriptFacts): ModuleFace {
  let face = faces.get(script);
  if (!face) {
    face = { imports: script.imports, bindings: readBindings(script), envNames: [...new Set(script.envReads.map((r) => r.name))] };
    faces.set(script, face);
  }
  return face;
}

/** Value imports of a file, `require` in its usual forms included. */
export function bindingsOf(script: ScriptFacts): readonly Binding[] {
  return faceOf(script).bindings;
}

/** Exported name → local name, for ES modules, `module.exports = …` and `exports.x = …`. */
export function exportsOf(script: ScriptFacts): ReadonlyMap<string, string> {
  let names = exported.get(script);
  if (!names) exported.set(script, (names = readExports(script)));
  return names;
}

function readBindings(script: ScriptFacts): readonly Binding[] {
  const out: Binding[] = [];
  for (const i of script.imports) {
    if (i.kind !== 'import' || i.typeOnly) continue;
    for (const n of i.names) if (!n.typeOnly) out.push({ local: n.local, imported: n.imported, specifier: i.specifier });
  }
  if (!script.isCommonJs) return out;
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k !== 'var') continue;
    for (const d of s.decls) {
      if (!d.init) continue;
      const required = requireOf(d.init);
      if (!required) continue;
      if (d.target.k === 'name') out.push({ local: d.target.name, imported: required.member ?? 'default', specifier: required.specifier });
      if (d.target.k === 'obj' && required.member === null) for (const p of d.target.props) if (p.key !== null && p.value.k === 'name') out.push({ local: p.value.name, imported: p.key, specifier: required.specifier });
    }
  }
  return out;
}

function requireOf(x: Expr): { readonly specifier: string; readonly member: string | null } | null {
  if (x.k === 'call' && x.fn.k === 'ref' && x.fn.name === 'require' && x.args[0]?.k === 'str') return { specifier: x.args[0].v, member: null };
  if (x.k === 'mem') {
    const inner = requireOf(x.obj);
    return inner && inner.member === null ? { specifier: inner.specifier, member: x.prop } : null;
  }
  return null;
}

function readExports(script: ScriptFacts): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const e of script.exports) if (e.kind === 'local') out.set(e.name, e.local);
  if (!script.isCommonJs) return out;
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k !== 'expr' || s.x.k !== 'assign' || s.x.target.k !== 'target') continue;
    const target = s.x.target.expr;
    const value = s.x.value;
    if (isModuleExports(target)) {
      if (value.k === 'obj') {
        for (const p of value.props) if (p.k === 'prop') out.set(p.key, p.value.k === 'ref' ? p.value.name : p.key);
      } else out.set('default', value.k === 'ref' ? value.name : value.k === 'fn' ? (script.functions[value.id]?.name ?? '') : '');
    } else if (target.k === 'mem' && (isModuleExports(target.obj) || (target.obj.k === 'ref' && target.obj.name === 'exports'))) {
      out.set(target.prop, value.k === 'ref' ? value.name : target.prop);
    }
  }
  return out;
}

function isModuleExports(x: Expr): boolean {
  return x.k === 'mem' && x.prop === 'exports' && x.obj.k === 'ref' && x.obj.name === 'module';
}
