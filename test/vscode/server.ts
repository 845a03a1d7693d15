// The VS Code server of one test run: started in a process group of its own, so that everything it starts
// (extension host, language server, file watcher) ends with it, whatever happens to us.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Installed } from './installed.js';
import { until } from './wait.js';

export interface Dirs {
  /** Everything of the run lies below it. */
  readonly root: string;
  readonly data: string;
  readonly user: string;
  readonly extensions: string;
  readonly tmp: string;
  readonly home: string;
}

export function makeDirs(root: string): Dirs {
  const dirs = { root, data: join(root, 'data'), user: join(root, 'user'), extensions: join(root, 'ext'), tmp: join(root, 'tmp'), home: join(root, 'home') };
  for (const dir of [dirs.data, join(dirs.user, 'User'), dirs.extensions, dirs.tmp, dirs.home]) mkdirSync(dir, { recursive: true });
  return dirs;
}

function directories(dirs: Dirs): string[] {
  return ['--server-data-dir', dirs.data, '--user-data-dir', dirs.user, '--extensions-dir', dirs.extensions, '--accept-server-license-terms', '--disable-telemetry'];
}

/**
 * Built-in extensions that are left out: TypeScript's needs a tsserver that npm does not bring (it says so in a
 * notification), the others cost time and offer things of their own. Colours come from grammars and stay.
 */
const skipped = ['vscode.typescript-language-features', 'GitHub.copilot-chat', 'vscode.github', 'vscode.github-authentication', 'vscode.microsoft-authentication', 'vscode.emmet', 'vscode.tunnel-forwarding', 'ms-vscode.js-debug', 'ms-vscode.js-debug-companion', 'ms-vscode.vscode-js-profile-table'];

/** No trace of the shell we run in: an editor inside an editor's terminal would take that one for its own. */
function environment(dirs: Dirs, extra: Record<string, string>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|XDG_|npm_)/.test(key)) env[key] = value;
  }
  return { ...env, HOME: dirs.home, TMPDIR: dirs.tmp, VSCODE_SKIP_BUILTIN_EXTENSIONS: skipped.join(','), ...extra };
}

/** Installs them the way a user does, from the packed file. */
export async function installExtensions(installed: Installed, dirs: Dirs, vsix: readonly string[]): Promise<void> {
  if (vsix.length === 0) return;
  const args = [installed.server, ...directories(dirs), ...vsix.flatMap((file) => ['--install-extension', file]), '--force'];
  const { stdout, stderr } = await promisify(execFile)(installed.node, args, { env: environment(dirs, {}), timeout: 60_000 });
  for (const file of vsix) {
    const name = file.split('/').at(-1) ?? file;
    if (!new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}.*was successfully installed`).test(stdout)) {
      throw new Error(`VS Code did not install ${file}:\n${stdout}\n${stderr}`);
    }
  }
}

const running = new Set<ChildProcess>();

function killGroup(child: ChildProcess): void {
  running.delete(child);
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

process.on('exit', () => {
  for (const child of running) killGroup(child);
});
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
  process.on(signal, () => process.exit(code));
}

export interface Server {
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

export async function startServer(installed: Installed, dirs: Dirs, options: { trust: boolean; env?: Record<string, string> }): Promise<Server> {
  // Port 0: the system picks a free one and the server says which.
  const args = [installed.server, '--host', '127.0.0.1', '--port', '0', '--without-connection-token', ...directories(dirs)];
  if (options.trust) args.push('--disable-workspace-trust');
  const child = spawn(installed.node, args, { env: environment(dirs, options.env ?? {}), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  let output = '';
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.on('error', (error) => (output += String(error)));
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const stop = async () => {
    killGroup(child);
    await ended;
  };
  try {
    const port = await until('the VS Code server to listen', () => {
      if (child.exitCode !== null) throw new Error(`the VS Code server ended with ${child.exitCode}:\n${output}`);
      return /Extension host agent listening on (\d+)/.exec(output)?.[1];
    }, { timeout: 30_000, seen: () => output });
    return { port: Number(port), log: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
