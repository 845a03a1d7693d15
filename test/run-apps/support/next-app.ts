/** Starts a Next app with `next dev` on loopback, its database and Auth.js replaced by the stubs here. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Answer, type Call, Journal, call, ended, environment } from './app';
import { MODULES } from './bundle';

/** Single packages only: a linked scope folder would be shared with whatever writes into the copy. */
const LINKED = ['next', 'react', 'react-dom', 'jose', 'typescript'];

export class RunningNext {
  private constructor(private readonly child: ChildProcess, private readonly base: string, private readonly journal: Journal, private readonly said: () => string) {}

  static async start(root: string, env: Readonly<Record<string, string>>): Promise<RunningNext> {
    const modules = join(root, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of LINKED) {
      const from = join(MODULES, name);
      assert.ok(existsSync(from), `${name} is installed`);
      symlinkSync(from, join(modules, name));
    }
    // Without them `next dev` would install packages by itself.
    for (const name of ['react', 'node']) {
      const types = join(modules, '@types', name);
      mkdirSync(types, { recursive: true });
      writeFileSync(join(types, 'index.d.ts'), '');
      writeFileSync(join(types, 'package.json'), JSON.stringify({ name: `@types/${name}`, version: '22.0.0', types: 'index.d.ts' }));
    }
    const stub = async (name: string, source: string, entry = 'index') => {
      await build({ entryPoints: [join(import.meta.dirname, source)], outfile: join(modules, name, `${entry}.js`), bundle: true, platform: 'node', format: name === 'next-auth' ? 'esm' : 'cjs', packages: 'external', logLevel: 'silent' });
      if (entry === 'index') writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js', type: name === 'next-auth' ? 'module' : 'commonjs' }));
    };
    await stub('@prisma/client', 'prisma-stub.ts');
    await stub('next-auth', 'next-auth-stub.ts');
    mkdirSync(join(modules, 'next-auth', 'providers'), { recursive: true });
    writeFileSync(join(modules, 'next-auth', 'providers', 'credentials.js'), 'export default (options) => options;\n');
    writeFileSync(join(root, 'next.config.mjs'), `export default { turbopack: { root: '/' }, typescript: { ignoreBuildErrors: true }, devIndicators: false };\n`);
    const journal = new Journal(join(root, 'journal'));
    const child = spawn(process.execPath, [join(modules, 'next', 'dist', 'bin', 'next'), 'dev', '-H', '127.0.0.1', '-p', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(journal), NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1', CI: '1', ...env } });
    let output = '';
    const port = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          output = (output + chunk).slice(-8000);
          const address = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
          if (address !== undefined && /Ready in/.test(output)) resolve(address);
        });
      }
      child.once('exit', () => reject(new Error(`next ended: ${output}`)));
    });
    return new RunningNext(child, `http://127.0.0.1:${port}`, journal, () => output);
  }

  get log(): string {
    return this.said();
  }

  call(what: Call): Promise<Answer> {
    return call(this.base, this.journal, what);
  }

  /** What it tried to do beyond this machine. */
  get offences(): readonly string[] {
    return this.journal.offences();
  }

  stop(): Promise<void> {
    return ended(this.child);
  }
}
