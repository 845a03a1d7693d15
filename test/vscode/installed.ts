import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { here, repo } from './paths.js';

/** What install.mjs leaves behind. */
export interface Installed {
  readonly node: string;
  readonly server: string;
  readonly chromium: string;
  readonly chromiumEnv: Record<string, string>;
  readonly fontConfig: string;
}

let once: Promise<Installed> | undefined;

/** Installs the editor when it is not there yet (a minute, once), and says where its parts are. */
export function ensureInstalled(): Promise<Installed> {
  once ??= install();
  return once;
}

async function install(): Promise<Installed> {
  const code = await new Promise<number>((done, fail) => {
    const child = spawn(process.execPath, [join(here, 'install.mjs'), '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
    child.on('error', fail);
    child.on('close', (exit) => done(exit ?? 1));
  });
  if (code !== 0) throw new Error('the editor for the tests could not be installed; the lines above say why');
  return JSON.parse(readFileSync(join(repo, '.vscode-test', 'web', 'installed.json'), 'utf8')) as Installed;
}
