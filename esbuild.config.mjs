/**
 * Builds dist/: engine.cjs, which server and command line share, and the entries beside it. Types are checked elsewhere.
 *
 *   node esbuild.config.mjs [--production] [--watch]
 *
 * What a face imports from src/engine becomes `require('./engine.cjs')`. The engine's entry is made from those imports, so
 * nothing has to be listed by hand and nothing that nobody uses is in it.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const engineDir = join(root, 'src', 'engine');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Packages that engine and faces both use: one copy, in the engine. */
const SHARED = ['zod', 'ts-morph'];

const ENTRIES = [
  { name: 'cli', file: 'src/cli/main.ts', banner: '#!/usr/bin/env node', engine: true },
  { name: 'server', file: 'src/server/main.ts', engine: true },
  { name: 'worker', file: 'src/workspace/extract-worker.ts', engine: true },
  { name: 'extension', file: 'src/extension/extension.ts', engine: false },
].filter((entry) => existsSync(join(root, entry.file)));

/** Module (path from the top, or package) → its key among the engine's exports. */
const used = new Map();
const keyOf = (module) => {
  if (!used.has(module)) used.set(module, module.replace(/^src\/engine\//, '').replace(/\.ts$/, '').replace(/\W/g, '_'));
  return used.get(module);
};

const viaEngine = {
  name: 'via-engine',
  setup(b) {
    b.onResolve({ filter: /^\.{1,2}\// }, (args) => {
      if (args.namespace !== 'file' || args.importer.startsWith(engineDir + sep)) return undefined;
      const target = resolve(args.resolveDir, args.path);
      if (target !== engineDir && !target.startsWith(engineDir + sep)) return undefined;
      const file = [`${target}.ts`, join(target, 'index.ts'), target].find((f) => f.endsWith('.ts') && existsSync(f));
      if (!file) return { errors: [{ text: `${args.path} is no file of the engine` }] };
      return { path: relative(root, file).split(sep).join('/'), namespace: 'engine' };
    });
    b.onResolve({ filter: new RegExp(`^(${SHARED.join('|')})$`) }, (args) => (args.namespace === 'file' ? { path: args.path, namespace: 'engine' } : undefined));
    b.onResolve({ filter: /^\.\/engine\.cjs$/, namespace: 'engine' }, () => ({ path: './engine.cjs', external: true }));
    b.onLoad({ filter: /.*/, namespace: 'engine' }, (args) => ({ contents: `module.exports = require('./engine.cjs').${keyOf(args.path)};`, loader: 'js' }));
  },
};

/** The texts of TypeScript's lib.*.d.ts inside ts-morph, 2.8 MB that only a type checker would read: no fix needs one. */
const withoutLibTexts = {
  name: 'without-lib-texts',
  setup(b) {
    b.onLoad({ filter: /@ts-morph[\\/]common[\\/]dist[\\/]ts-morph-common\.js$/ }, (args) => {
      const text = readFileSync(args.path, 'utf8');
      const start = text.indexOf('const libFiles = [{');
      const end = text.indexOf('\n    }];', start);
      if (start < 0 || end < 0) return { errors: [{ text: 'the lib texts are not where they were: look at withoutLibTexts' }] };
      return { contents: `${text.slice(0, start)}const libFiles = [];${text.slice(end + '\n    }];'.length)}`, loader: 'js' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  define: { __VCR_VERSION__: JSON.stringify(version) },
};

const faceOptions = (entry) => ({
  ...common,
  entryPoints: [entry.file],
  outfile: `dist/${entry.name}.js`,
  external: ['vscode'],
  banner: entry.banner ? { js: entry.banner } : {},
  plugins: entry.engine ? [viaEngine] : [],
  // Prefer ES modules of packages: they shake.
  mainFields: ['module', 'main'],
});

const engineOptions = () => ({
  ...common,
  stdin: {
    contents: [...used].map(([module, key]) => `export * as ${key} from ${JSON.stringify(module.startsWith('src/') ? `./${module}` : module)};`).join('\n'),
    resolveDir: root,
    sourcefile: 'engine-entry.ts',
    loader: 'ts',
  },
  outfile: 'dist/engine.cjs',
  mainFields: ['module', 'main'],
  plugins: [withoutLibTexts],
});

mkdirSync(join(root, 'dist'), { recursive: true });

if (watch) {
  let engine = null;
  let seen = '';
  const rebuildEngine = {
    name: 'rebuild-engine',
    setup(b) {
      b.onEnd(async () => {
        const now = [...used.keys()].join();
        if (now === seen) return;
        seen = now;
        await engine?.dispose();
        engine = await context(engineOptions());
        await engine.watch();
      });
    },
  };
  for (const entry of ENTRIES) {
    const options = faceOptions(entry);
    await (await context({ ...options, plugins: [...options.plugins, rebuildEngine] })).watch();
  }
  console.log(`watching ${ENTRIES.map((e) => e.name).join(', ')} and the engine`);
} else {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const begin = performance.now();
  const results = await Promise.all(ENTRIES.map((entry) => build(faceOptions(entry))));
  results.push(await build(engineOptions()));
  if (ENTRIES.some((entry) => entry.name === 'cli')) chmodSync(join(root, 'dist', 'cli.js'), 0o755);
  const sizes = results.flatMap((r) => Object.entries(r.metafile.outputs)).filter(([file]) => !file.endsWith('.map'));
  console.log(`built ${sizes.map(([file, o]) => `${file} ${(o.bytes / 1024).toFixed(0)} kB`).join(', ')} in ${(performance.now() - begin).toFixed(0)} ms`);
}
