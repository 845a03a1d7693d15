/** Entry of `vibe-code-rescue`. */
import * as nodeModule from 'node:module';
import { join, relative } from 'node:path';
import { loadCompiled } from './compiled';

// First of all: later starts load compiled code.
const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown };
enableCompileCache?.();

async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of the pipe (`| head`) has seen enough.
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  const keep = enableCompileCache ? null : compiledEngine();
  // After the compile cache is on, so that these are in it.
  const { run } = await import('./run');
  const script = process.argv[1] ?? '';
  const fromSource = /[\\/]dist[\\/]cli\.js$/.test(script) && !/[\\/]node_modules[\\/]/.test(script);
  process.exitCode = await run(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? process.stderr.columns ?? 100,
    env: process.env,
    cwd: process.cwd(),
    command: fromSource ? `node ${relative(process.cwd(), script) || 'dist/cli.js'}` : 'vibe-code-rescue',
    now: () => new Date(),
  });
  // What is compiled by then is what an audit runs; a help text has hardly started.
  if (process.argv[2] === 'audit') await keep?.().catch(() => undefined);
}

/** It speeds up the next start; that this one goes on matters more. */
function compiledEngine(): (() => Promise<void>) | null {
  try {
    return loadCompiled(join(__dirname, 'engine.cjs'));
  } catch {
    return null;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`Vibe Code Rescue failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
});
