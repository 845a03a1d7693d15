/** What the bench starts as a process of its own: one audit, or one pass of TypeScript's parser, over a folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from '../engine/extract/script/parse';
import { auditFolder } from '../workspace/audit';

const [mode, folder = '.', list = ''] = process.argv.slice(2);

/** The comparison of the whole report: read, parse, drop. */
function parseOnly(): void {
  const files = JSON.parse(readFileSync(list, 'utf8')) as string[];
  for (const file of files) ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, false, /x$|js$/.test(file) ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
}

async function main(): Promise<void> {
  if (mode === 'parse') parseOnly();
  else await auditFolder(folder, { cache: false });
  console.log(JSON.stringify({ rss: process.resourceUsage().maxRSS / 1024 }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
