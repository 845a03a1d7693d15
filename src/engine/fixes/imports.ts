/** What a file imports and exports, ES modules and CommonJS alike; new imports in its habit. */
import type { Expr, FileFacts, ScriptFacts } from '../core/facts';
import type { TextEdit } from '../core/fix';
import type { Binding, ProjectModel } from '../core/model';
import { basename, relativeSpecifier } from '../core/paths';
import type { RelPath } from '../core/types';
import { bindingsOf, exportsOf } from '../model/faces';
import { styled } from './style';

/** Functions of the project that a callee may be: of the same file, or imported by name or as a member of a whole module. */
export function calleesOf(callee: Expr, file: RelPath, model: ProjectModel): { readonly file: RelPath; readonly fn: number }[] {
  const script = model.file(file)?.script;
  const root = callee.k === 'ref' ? callee.name : callee.k === 'mem' && callee.obj.k === 'ref' ? callee.obj.name : null;
  if (!script || root === null) return [];
  const binding = bindingsOf(script).find((b) => b.local === root);
  if (!binding) {
    const own = callee.k === 'ref' ? script.functions.find((f) => f.kind !== 'module' && f.name === root) : undefined;
    return own ? [{ file, fn: own.id }] : [];
  }
  const r = model.resolve(file, binding.specifier);
  const target = r && 'file' in r ? model.file(r.file)?.script : null;
  if (!r || !('file' in r) || !target) return [];
  const wanted = callee.k === 'mem' ? callee.prop : binding.imported;
  const local = exportsOf(target).get(wanted) ?? wanted;
  const fn = target.functions.find((f) => f.kind !== 'module' && f.name === local);
  return fn ? [{ file: r.file, fn: fn.id }] : [];
}

/** A name the file's top level binds, by import, declaration or parameterless require. */
export function topLevelNames(script: ScriptFacts): ReadonlySet<string> {
  const out = new Set(bindingsOf(script).map((b) => b.local));
  for (const i of script.imports) for (const n of i.names) out.add(n.local);
  for (const s of script.functions[0]?.body ?? []) {
    if (s.k === 'fndecl' || s.k === 'classdecl') out.add(s.name);
    if (s.k === 'var') for (const d of s.decls) if (d.target.k === 'name') out.add(d.target.name);
  }
  return out;
}

/** How `from` writes an import of `target`: as it does already, else through the project's alias, else relative, extension by habit. */
export function specifierFor(model: ProjectModel, from: RelPath, target: RelPath, exists = true): string {
  const file = model.file(from);
  if (file?.script) {
    for (const i of file.script.imports) {
      const r = exists ? model.resolve(from, i.specifier) : null;
      if (r && 'file' in r && r.file === target) return i.specifier;
    }
  }
  const alias = aliasFor(model, from, target);
  if (alias !== null) return alias;
  const bare = relativeSpecifier(from, target);
  const ext = extensionHabit(model, from, target);
  return ext === null ? bare : `${/\/index\.[cm]?[jt]sx?$/.test(target) ? `${bare}/index` : bare}${ext}`;
}

function aliasFor(model: ProjectModel, from: RelPath, target: RelPath): string | null {
  const uses = [...(model.file(from)?.script?.imports ?? [])].some((i) => isAlias(i.specifier)) || !hasRelative(model, from);
  if (!uses) return null;
  let best: { readonly root: string; readonly baseUrl: string | null; readonly paths: Readonly<Record<string, readonly string[]>> } | null = null;
  for (const f of model.configs()) {
    if (f.config.kind !== 'tsconfig' || !/(^|\/)(ts|js)config\.json$/.test(f.path)) continue;
    const root = f.path.slice(0, Math.max(0, f.path.lastIndexOf('/')));
    if ((root === '' || from.startsWith(`${root}/`)) && (best === null || root.length > best.root.length) && Object.keys(f.config.paths).length > 0) best = { root, baseUrl: f.config.baseUrl, paths: f.config.paths };
  }
  if (!best || ![...model.faces()].some(([, face]) => face.imports.some((i) => isAlias(i.specifier)))) return null;
  for (const [key, values] of Object.entries(best.paths)) {
    if (!key.endsWith('/*') || !isAlias(key)) continue;
    for (const v of values) {
      if (!v.endsWith('/*')) continue;
      const dir = [best.root, best.baseUrl ?? '', v.slice(0, -2)].join('/').split('/').filter((p) => p !== '' && p !== '.').join('/');
      if (dir !== '' && !target.startsWith(`${dir}/`)) continue;
      const rest = (dir === '' ? target : target.slice(dir.length + 1)).replace(/\.(d\.)?[cm]?[jt]sx?$/, '').replace(/\/index$/, '');
      return `${key.slice(0, -2)}/${rest}`;
    }
  }
  return null;
}

function isAlias(specifier: string): boolean {
  return /^(@|~|#)\//.test(specifier);
}

function hasRelative(model: ProjectModel, from: RelPath): boolean {
  return model.file(from)?.script?.imports.some((i) => i.specifier.startsWith('.')) ?? false;
}

/** `.js`, `.ts` or none, as the file's other relative imports have it; Node's own ES modules need one. */
function extensionHabit(model: ProjectModel, from: RelPath, target: RelPath): string | null {
  const file = model.file(from);
  const relative = file?.script?.imports.filter((i) => i.specifier.startsWith('.') && !i.typeOnly).map((i) => i.specifier) ?? [];
  const own = /\.[cm]?[jt]sx?$/.exec(basename(target))?.[0] ?? '';
  if (relative.length > 0) {
    const ext = /\.[cm]?[jt]s$/.exec(relative[0] ?? '')?.[0];
    if (ext === undefined) return null;
    return ext.endsWith('ts') ? own : own.replace('ts', 'js');
  }
  const needs = file?.script && !file.script.isCommonJs && /\.m?js$/.test(from) && (from.endsWith('.mjs') || model.packageOf(from)?.type === 'module') && !isBundled(model, from);
  return needs ? own : null;
}

function isBundled(model: ProjectModel, from: RelPath): boolean {
  const pkg = model.packageOf(from);
  return pkg !== null && ['next', 'vite', 'webpack', 'react-scripts'].some((p) => p in pkg.dependencies || p in pkg.devDependencies);
}

export function usesRequire(file: FileFacts): boolean {
  const script = file.script;
  if (!script) return false;
  if (script.imports.some((i) => i.kind === 'import') || script.exports.length > 0) return false;
  return script.isCommonJs || script.imports.some((i) => i.kind === 'require') || /\.cjs$/.test(file.path);
}

/** The edit that imports a name; null when the file has it already under that name. */
export function importEdit(file: FileFacts, text: string, want: Binding): TextEdit | null {
  const script = file.script;
  if (!script) return null;
  if (bindingsOf(script).some((b) => b.local === want.local)) return null;
  const named = want.imported === want.local ? want.imported : want.imported;
  if (usesRequire(file)) {
    const left = want.imported === 'default' || want.imported === '*' ? want.local : `{ ${named === want.local ? named : `${named}: ${want.local}`} }`;
    return lineAfterImports(file, text, `const ${left} = require('${want.specifier}');`);
  }
  if (want.imported !== 'default' && want.imported !== '*') {
    const sibling = script.imports.find((i) => i.kind === 'import' && !i.typeOnly && i.specifier === want.specifier && i.names.some((n) => n.imported !== 'default' && n.imported !== '*'));
    if (sibling) {
      const source = text.slice(sibling.span.start, sibling.span.end);
      const close = source.indexOf('}');
      const last = /[\w$]\s*,?\s*$/.exec(source.slice(0, close));
      if (close > 0 && last) {
        const head = source.slice(0, close);
        const at = sibling.span.start + head.trimEnd().replace(/,$/, '').trimEnd().length;
        return { file: file.path, span: { start: at, end: at }, newText: `, ${named === want.local ? named : `${named} as ${want.local}`}` };
      }
    }
  }
  const left = want.imported === 'default' ? want.local : want.imported === '*' ? `* as ${want.local}` : `{ ${named === want.local ? named : `${named} as ${want.local}`} }`;
  return lineAfterImports(file, text, `import ${left} from '${want.specifier}';`);
}

/** A statement after the last import, or, where there is none, after the directives and the first comment. */
export function lineAfterImports(file: FileFacts, text: string, line: string, gap = false): TextEdit {
  const script = file.script;
  const style = script?.style ?? { quote: "'", semicolons: true, indent: '  ', eol: '\n' };
  const code = styled(line.split('\n'), style, '');
  let at = script?.afterImports ?? 0;
  const none = script ? script.imports.every((i) => i.kind === 'dynamic' || i.kind === 'export') : true;
  if (none) {
    at = 0;
    for (const re of [/^#![^\n]*\n/, /^(?:\s*(?:\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*\n))+(?=\s*['"]use )/, /^(?:\s*(['"])use [\w ]+\1;?)+[ \t]*\r?\n?/]) {
      const m = re.exec(text.slice(at));
      if (m) at += m[0].length;
    }
    return { file: file.path, span: { start: at, end: at }, newText: `${at > 0 && text[at - 1] !== '\n' ? style.eol : ''}${code}${style.eol}${style.eol}` };
  }
  return { file: file.path, span: { start: at, end: at }, newText: `${style.eol}${gap ? style.eol : ''}${code}` };
}
