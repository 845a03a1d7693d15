/** Every regular expression literal of src/ for `recheck`, the checker of catastrophic backtracking. `tsx src/dev/regex-check.ts` lists what is not safe. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSync } from 'recheck';
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

export function checkRegexes(literals: readonly RegexLiteral[]): Verdict[] {
  const known = new Map<string, ReturnType<typeof checkSync>>();
  return literals.map((r) => {
    // Without repetition there is nothing to go back over; asking costs a process each.
    if (!/[*+]|\{\d/.test(r.source)) return { ...r, status: 'safe', complexity: '', attack: '' };
    const key = `${r.source}/${r.flags}`;
    let v = known.get(key);
    if (!v) known.set(key, (v = checkSync(r.source, r.flags.replace(/[vd]/g, ''), { timeout: 2_000 })));
    return { ...r, status: v.status, complexity: v.status === 'unknown' ? '' : (v.complexity?.summary ?? ''), attack: v.status === 'vulnerable' ? v.attack.pattern.slice(0, 120) : '' };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdicts = checkRegexes(regexLiterals());
  for (const v of verdicts) if (v.status !== 'safe') console.log(`${v.file}:${v.line} ${v.status} ${v.complexity} /${v.source}/${v.flags} ${v.attack}`);
  console.log(`${verdicts.length} regular expressions, ${verdicts.filter((v) => v.status === 'safe').length} safe`);
}
