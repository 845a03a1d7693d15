/** Makes one runnable file of a fixture app: TypeScript and ES modules included, the database replaced by tables in memory. */
import { build } from 'esbuild';
import { join } from 'node:path';

const here = import.meta.dirname;
export const REPO = join(here, '..', '..', '..');
/** Where the apps' packages are found: the project's own, and wherever `RUN_APPS_NODE_PATH` says. */
export const NODE_PATHS: readonly string[] = [join(REPO, 'node_modules'), ...(process.env['RUN_APPS_NODE_PATH']?.split(':').filter(Boolean) ?? [])];

export interface BundleOptions {
  readonly entry: string;
  readonly out: string;
  readonly external?: readonly string[];
  readonly alias?: Readonly<Record<string, string>>;
}

export async function bundle(options: BundleOptions): Promise<void> {
  await build({
    entryPoints: [options.entry], outfile: options.out, bundle: true, platform: 'node', format: 'cjs', target: 'node20', jsx: 'automatic', logLevel: 'silent', sourcemap: 'inline',
    nodePaths: [...NODE_PATHS], external: [...(options.external ?? [])],
    alias: { '@prisma/client': join(here, 'prisma-stub.ts'), ...options.alias },
  });
}
