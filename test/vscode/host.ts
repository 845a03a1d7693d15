// Runs a folder of mocha tests inside the extension host of a real VS Code: in the served workbench, or in
// desktop VS Code where it can be downloaded. The suite, the runner and the result file are the same.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { compileSuite } from './compile.js';
import { type EditorOptions, openEditor, settingsFor } from './launch.js';
import { here, repo } from './paths.js';
import { type SuiteResult, type TestResult, failed } from './results.js';
import { until, within } from './wait.js';

export type Launcher = 'code-server' | 'electron';

export interface HostRun {
  /** The folder of tests under test/vscode. */
  readonly suite: string;
  readonly vsix: readonly string[];
  readonly folder?: string;
  readonly workspaceFile?: string;
  readonly trust?: boolean;
  readonly settings?: Record<string, unknown>;
  /** Extensions whose output channels write everything down. */
  readonly loud?: readonly string[];
  /** Environment of the suite. */
  readonly env?: Record<string, string>;
  readonly deadline?: number;
  /** Looks at what the run left behind (logs, state, output) before it is thrown away. */
  readonly inspect?: (left: { roots: readonly string[]; text: string }) => Promise<readonly TestResult[]>;
}

const runner = join(here, 'runner-extension');
let packed: Promise<string> | undefined;

/** Packs the runner once a process; it lies beside the other caches and is overwritten by the next run. */
function packRunner(): Promise<string> {
  packed ??= (async () => {
    const folder = join(repo, '.vscode-test');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `runner-${process.pid}.vsix`);
    const log = console.log;
    console.log = () => undefined; // vsce reports every file it packs
    try {
      await createVSIX({ cwd: runner, packagePath: file, dependencies: false, allowMissingRepository: true, skipLicense: true });
    } finally {
      console.log = log;
    }
    process.on('exit', () => rmSync(file, { force: true }));
    return file;
  })();
  return packed;
}

export async function runHostSuite(launcher: Launcher, run: HostRun): Promise<SuiteResult> {
  const work = mkdtempSync(join(tmpdir(), 'vcr-suite-'));
  try {
    const suite = join(work, 'suite.cjs');
    const result = join(work, 'result.json');
    await compileSuite(run.suite, suite);
    const env = { ...run.env, RESCUE_SUITE: suite, RESCUE_RESULT: result, RESCUE_MOCHA: join(repo, 'node_modules', 'mocha', 'lib', 'mocha.cjs'), RESCUE_REPO: repo };
    return await (launcher === 'electron' ? inDesktop(run, env, result, work) : inServer(run, env, result));
  } catch (error) {
    return failed(run.suite, error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function read(suite: string, file: string, more: readonly TestResult[]): SuiteResult {
  const found = JSON.parse(readFileSync(file, 'utf8')) as { tests: TestResult[]; fatal?: string };
  return { suite, tests: [...found.tests, ...more], fatal: found.fatal };
}

async function inServer(run: HostRun, env: Record<string, string>, file: string): Promise<SuiteResult> {
  const options: EditorOptions = { vsix: [...run.vsix, await packRunner()], folder: run.folder, workspaceFile: run.workspaceFile, trust: run.trust, settings: run.settings, loud: run.loud, env };
  const editor = await openEditor(options);
  try {
    await until(`the result of ${run.suite}`, () => existsSync(file), { timeout: run.deadline ?? 180_000 });
    const more = (await run.inspect?.({ roots: [editor.dirs.root], text: `${editor.serverLog()}\n${editor.consoleLog()}` })) ?? [];
    const result = read(run.suite, file, more);
    if (result.fatal !== undefined || result.tests.some((test) => test.status === 'failed')) await editor.keepEvidence(run.suite);
    return result;
  } catch (error) {
    await editor.keepEvidence(run.suite);
    return failed(run.suite, error);
  } finally {
    await editor.close();
  }
}

async function inDesktop(run: HostRun, env: Record<string, string>, file: string, work: string): Promise<SuiteResult> {
  if (process.platform === 'linux' && !process.env.DISPLAY) throw new Error('desktop VS Code needs a display: run this under `xvfb-run -a`');
  const { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } = await import('@vscode/test-electron');
  const executable = await downloadAndUnzipVSCode({ version: process.env.RESCUE_VSCODE_VERSION ?? 'stable', cachePath: join(repo, '.vscode-test') });
  const user = join(work, 'user');
  const dirs = [`--user-data-dir=${user}`, `--extensions-dir=${join(work, 'ext')}`];
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify({ ...settingsFor({ settings: run.settings }), 'security.workspace.trust.startupPrompt': 'never' }));
  const vsix = [...run.vsix, ...(run.trust === false ? [await packRunner()] : [])];
  const [cli, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  if (cli === undefined) throw new Error(`no command line beside ${executable}`);
  await command(cli, [...cliArgs, ...dirs, ...vsix.flatMap((name) => ['--install-extension', name]), '--force']);
  const open = run.workspaceFile ?? run.folder ?? '';
  const args = [open, ...dirs, '--disable-telemetry', ...(run.loud ?? []).flatMap((id) => ['--log', `${id}=trace`])];
  const deadline = run.deadline ?? 180_000;
  if (run.trust === false) {
    // runTests always turns workspace trust off, so here the runner is installed like the product and starts by itself.
    const child = spawn(executable, [...args, '--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes'], { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
    try {
      await until(`the result of ${run.suite}`, () => existsSync(file), { timeout: deadline });
    } finally {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    }
  } else {
    const tests = runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: runner,
      extensionTestsPath: join(runner, 'extension.js'),
      launchArgs: args,
      extensionTestsEnv: { ...env, RESCUE_RUNNER: 'tests-path' },
    });
    await within(deadline, run.suite, tests);
  }
  const more = (await run.inspect?.({ roots: [work], text: '' })) ?? [];
  return read(run.suite, file, more);
}

function command(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`${program} ended with ${code}:\n${errors}`))));
  });
}
