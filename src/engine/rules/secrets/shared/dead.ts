/** Files that never run: a secret in one does no harm until something loads the file. */
import type { Stmt } from '../../../core/facts';
import type { ProjectModel, SecretEntity } from '../../../core/model';
import { basename } from '../../../core/paths';
import type { RelPath } from '../../../core/types';

/** Inside Next's `app/`; the folder's own files of other names run only where something imports them. */
const NEXT_APP = /^(?:src\/)?app\//;
const LOADED_BY_NEXT = /^(?:page|route|layout|template|loading|error|global-error|not-found|forbidden|unauthorized|default|icon\d*|apple-icon\d*|opengraph-image\d*|twitter-image\d*|sitemap|robots|manifest)\.[cm]?[jt]sx?$/;
/** Folders of helpers, which no framework and no host loads by their place. */
const HELPERS = /(?:^|\/)(?:libs?|utils?|helpers?|shared|common)\/(?:[\w.-]+\/)*[\w.-]+\.[cm]?[jt]sx?$/;

/** Nothing loads the file: no import, no framework by its name, no command by its path. */
export function neverRuns(path: RelPath, model: ProjectModel): boolean {
  const script = model.file(path)?.script;
  if (!script || model.importersOf(path).length > 0 || model.endpointsOf(path).length > 0 || isMeant(path, model)) return false;
  const pkg = model.packageOf(path);
  const inside = pkg === null || pkg.root === '' ? path : path.slice(pkg.root.length + 1);
  if (pkg && ('next' in pkg.dependencies || 'next' in pkg.devDependencies) && NEXT_APP.test(inside)) return !LOADED_BY_NEXT.test(basename(path)) && !isRunByHand(path, model);
  // A helper that only declares: run by hand it would do nothing.
  return HELPERS.test(path) && script.exports.length > 0 && (script.functions[0]?.body ?? []).every(onlyDeclares) && !isRunByHand(path, model);
}

function onlyDeclares(s: Stmt): boolean {
  return s.k === 'fndecl' || s.k === 'classdecl' || s.k === 'var' || (s.k === 'expr' && (s.x.k === 'assign' || s.x.k === 'str'));
}

/** A package's command names it. */
function isRunByHand(path: RelPath, model: ProjectModel): boolean {
  const name = basename(path);
  return Object.values(model.packageOf(path)?.scripts ?? {}).some((command) => command.includes(name));
}

/** An import that resolves to no file ends with its name: it may be the one that is meant. */
function isMeant(path: RelPath, model: ProjectModel): boolean {
  const unresolved = model.memo(null, 'unresolved-imports', (m) => {
    const out = new Set<string>();
    for (const [from, face] of m.faces()) {
      for (const i of face.imports) if (/^[.@~#/]/.test(i.specifier) && m.resolve(from, i.specifier) === null) out.add(stem(i.specifier));
    }
    return out;
  });
  return unresolved.has(stem(path));
}

function stem(path: string): string {
  return basename(path as RelPath).replace(/\.[cm]?[jt]sx?$/, '');
}

/** What stands in a file that never runs is told where the same value does run; alone, it is a note. */
export function deadUse(secret: SecretEntity, model: ProjectModel): 'told-elsewhere' | 'alone' | null {
  if (!neverRuns(secret.at.file, model)) return null;
  return secret.copies.some((c) => c.file !== secret.at.file && model.file(c.file)?.script && !neverRuns(c.file, model)) ? 'told-elsewhere' : 'alone';
}
