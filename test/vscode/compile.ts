import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { here } from './paths.js';

/** The test files of a folder of this one, in order of name. */
export function testFiles(folder: string): string[] {
  const home = resolve(here, folder);
  return readdirSync(home).filter((name) => name.endsWith('.test.ts')).sort().map((name) => join(home, name));
}

/** Bundles a folder's tests into one CommonJS file, which mocha loads inside the extension host. */
export async function compileSuite(folder: string, outfile: string): Promise<void> {
  const contents = testFiles(folder).map((file) => `import ${JSON.stringify(file)};`).join('\n');
  await build({
    stdin: { contents, resolveDir: here, loader: 'ts', sourcefile: `${folder}.ts` },
    outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], sourcemap: 'inline', logLevel: 'error',
  });
}
