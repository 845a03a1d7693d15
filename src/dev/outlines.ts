/** Holds outlines to what parsing and lowering say of the same text. */
import type { ExportFact } from '../engine/core/facts';
import { extractFile } from '../engine/extract/extract';
import { outlineOf } from '../engine/extract/script/outline';
import { lowerScript } from '../engine/extract/script/lower';
import { parseScript } from '../engine/extract/script/parse';
import { scanFolded, scanSecrets } from '../engine/extract/secrets/index';
import type { RelPath } from '../engine/core/types';

/** A function's body is lowered before its own export is noted. */
function inOrder(exports: readonly ExportFact[]): readonly ExportFact[] {
  return [...exports].sort((a, b) => a.span.start - b.span.start);
}

/** What an outline says otherwise than the code; empty also where there is no outline. Code with syntax errors says nothing for sure. */
export function outlineDifferences(path: RelPath, text: string, salt: string): string[] {
  if (!extractFile(path, text, salt).script?.outlined) return [];
  const outline = outlineOf(path, text);
  const tree = parseScript(path, text);
  if (!outline || !tree || tree.syntaxErrors > 0) return [];
  const { script, secrets, folded } = lowerScript(path, text, tree.source, salt, scanSecrets(path, text, salt).map((s) => s.literal));
  const joined = folded.flatMap((f) => scanFolded(f.value, f.span, { path, salt, names: f.names }));
  const actions = script.functions.filter((f) => f.kind !== 'module' && f.directives.includes('use server'));
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['directives', outline.directives, script.directives], ['imports', outline.imports, script.imports], ['exports', inOrder(outline.exports), inOrder(script.exports)],
    ['environment', outline.envReads, script.envReads], ['JSX', outline.hasJsx || script.hasJsx, outline.hasJsx], ['CommonJS', false, script.isCommonJs],
    ['secrets', 0, secrets.length + joined.length], ['server actions', 0, actions.length],
  ];
  return pairs.filter(([, told, is]) => JSON.stringify(told) !== JSON.stringify(is)).map(([what, told, is]) => `${what}: ${JSON.stringify(told).slice(0, 200)} for ${JSON.stringify(is).slice(0, 200)}`);
}
