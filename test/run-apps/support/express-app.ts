/** Starts an Express app on loopback and calls it. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type Answer, type Call, Journal, call, ended, environment } from './app';
import { MODULES, bundle } from './bundle';

export class RunningApp {
  private constructor(private readonly child: ChildProcess, private readonly port: number, private readonly journal: Journal, private readonly said: () => string) {}

  /** Runs as it would where it is deployed, unless `env` says otherwise. */
  static async start(root: string, entry: string, env: Readonly<Record<string, string>>): Promise<RunningApp> {
    const out = join(root, 'dist', 'app.cjs');
    await bundle({ entry: join(root, entry), out, external: ['express', 'jsonwebtoken'] });
    const journal = new Journal(join(root, 'dist', 'journal'));
    const child = fork(join(import.meta.dirname, 'express-child.cjs'), [out], { cwd: root, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...environment(journal), NODE_ENV: 'production', NODE_PATH: MODULES, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (output = (output + chunk).slice(-4000)));
    const { port } = await answerOf<{ port: number }>(child, 'port', () => output);
    return new RunningApp(child, port, journal, () => output);
  }

  /** The table Express itself routes by. */
  async routes(): Promise<string[]> {
    this.child.send('routes');
    return (await answerOf<{ routes: string[] }>(this.child, 'routes', this.said)).routes;
  }

  call(what: Call): Promise<Answer> {
    return call(`http://127.0.0.1:${this.port}`, this.journal, what);
  }

  /** What it tried to do beyond this machine. */
  get offences(): readonly string[] {
    return this.journal.offences();
  }

  stop(): Promise<void> {
    return ended(this.child);
  }
}

function answerOf<T extends object>(child: ChildProcess, key: keyof T & string, said: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = () => {
      child.off('message', take);
      child.off('exit', fail);
    };
    const take = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !(key in message)) return;
      done();
      resolve(message as T);
    };
    const fail = () => {
      done();
      reject(new Error(`the app ended: ${said()}`));
    };
    child.on('message', take);
    child.on('exit', fail);
    if (child.exitCode !== null) fail();
  });
}
