/**
 * The engine as V8 compiled it, kept for the next start: compiling 10 MB of code costs a cold audit up to a fifth of its
 * time. From 22.1 on Node keeps what it compiled itself (`module.enableCompileCache`); for the versions before it this does.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { Script, constants } from 'node:vm';
import { userCacheDir } from '../workspace/cache-dir';

/** Of other builds and other Nodes. */
const KEEP_OTHERS = 3;

/** Node's own way to make a function of a CommonJS module; not documented as such, but there since its first version. */
const { wrap } = nodeModule.Module as unknown as { wrap(code: string): string };

/** Nothing to keep. */
const nothing = async (): Promise<void> => undefined;

/**
 * Puts a CommonJS file into Node's cache of modules, made from what an earlier start compiled where that is kept and fits.
 * Returns what keeps it for the next start, to be called when the code has done its work. Whatever goes wrong with the kept
 * code, the file is loaded as it always is.
 */
export function loadCompiled(file: string): () => Promise<void> {
  const { size, mtimeMs } = statSync(file);
  const folder = join(userCacheDir(), 'compiled');
  const kept = join(folder, `${[process.version, process.arch, size, Math.round(mtimeMs)].join('-')}.bin`);
  const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData: contentOf(kept), importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  const require = nodeModule.createRequire(file);
  const module = new nodeModule.Module(file);
  module.filename = file;
  const run = script.runInThisContext() as (this: unknown, exports: unknown, require: NodeJS.Require, module: NodeJS.Module, filename: string, dirname: string) => void;
  run.call(module.exports, module.exports, require, module, file, dirname(file));
  module.loaded = true;
  require.cache[file] = module;
  if (script.cachedDataRejected === false) return nothing;
  return async () => {
    const { writeAtomic } = await import('../workspace/atomic');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeAtomic(kept, script.createCachedData());
    const others = readdirSync(folder).map((name) => join(folder, name)).filter((path) => path !== kept && existsSync(path));
    for (const path of others.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs).slice(KEEP_OTHERS)) rmSync(path, { force: true });
  };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
