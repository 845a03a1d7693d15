/**
 * Every regular expression literal of src/, for a checker of catastrophic backtracking. The checker is `recheck` (npm); where
 * it is not installed nothing is proven and the test says so.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from '../engine/extract/script/parse';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface RegexLiteral {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

export function regexLiterals(root = SRC): RegexLiteral[] {
  const out: RegexLiteral[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const cut = node.text.lastIndexOf('/');
        out.push({ file: file.slice(root.length + 1), line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1, source: node.text.slice(1, cut), flags: node.text.slice(cut + 1) });
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return out.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

export interface Verdict extends RegexLiteral {
  readonly status: 'safe' | 'vulnerable' | 'unknown';
  readonly complexity: string;
  readonly attack: string;
}

type Recheck = { checkSync(source: string, flags: string, options: object): { status: Verdict['status']; complexity?: { type: string; summary: string }; attack?: { pattern: string } } };

/** null: the checker is not installed. */
export function checkRegexes(literals: readonly RegexLiteral[]): Verdict[] | null {
  const from = createRequire(join(SRC, 'index.js'));
  let found: string;
  try {
    found = from.resolve('recheck');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
  const { checkSync } = from(found) as Recheck;
  const known = new Map<string, ReturnType<Recheck['checkSync']>>();
  return literals.map((r) => {
    const key = `${r.source}/${r.flags}`;
    let v = known.get(key);
    if (!v) known.set(key, (v = checkSync(r.source, r.flags.replace(/[vd]/g, ''), { timeout: 2_000 })));
    return { ...r, status: v.status, complexity: v.complexity?.summary ?? '', attack: v.attack?.pattern.slice(0, 120) ?? '' };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdicts = checkRegexes(regexLiterals());
  if (!verdicts) console.log('recheck is not installed');
  for (const v of verdicts ?? []) if (v.status !== 'safe') console.log(`${v.file}:${v.line} ${v.status} ${v.complexity} /${v.source}/${v.flags} ${v.attack}`);
  if (verdicts) console.log(`${verdicts.length} regular expressions, ${verdicts.filter((v) => v.status === 'safe').length} safe`);
}
