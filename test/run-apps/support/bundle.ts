/** Makes one runnable file of a fixture app: TypeScript and ES modules included, the database replaced by tables in memory. */
import { build } from 'esbuild';
import { join } from 'node:path';

const here = import.meta.dirname;
export const REPO = join(here, '..', '..', '..');
/** The apps use the packages of this repository. */
export const MODULES = join(REPO, 'node_modules');
/** Loaded into every process of an app: no connection leaves this machine, and no process outlives the test. */
export const OFFLINE = join(here, 'offline.cjs');

export interface BundleOptions {
  readonly entry: string;
  readonly out: string;
  readonly external?: readonly string[];
}

export async function bundle(options: BundleOptions): Promise<void> {
  await build({
    entryPoints: [options.entry], outfile: options.out, bundle: true, platform: 'node', format: 'cjs', target: 'node20', jsx: 'automatic', logLevel: 'silent', sourcemap: 'inline',
    nodePaths: [MODULES], external: [...(options.external ?? [])], alias: { '@prisma/client': join(here, 'prisma-stub.ts') },
  });
}
