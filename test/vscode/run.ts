// The tests in a real editor:  npx tsx test/vscode/run.ts  [part of a test's title]
//
//   RESCUE_VSIX         the packed extension; without it the one *.vsix at the top of the repository
//   RESCUE_LAUNCHER     `electron`: the in-host suites in desktop VS Code; else in the served workbench
//   RESCUE_SCREENSHOTS  1: writes docs/images
//   RESCUE_ONLY         `host` or `ui`: one half, while developing
//
// The last line is `N passed, N failed`; the exit code is 1 when anything failed or did not run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type HostRun, type Launcher, runHostSuite } from './host.js';
import { ensureInstalled } from './installed.js';
import { failures, repo } from './paths.js';
import { type SuiteResult, type TestResult, count, failed, printSuite } from './results.js';
import { leaksIn, newLeaksInWorkspace, valuesIn } from './secrecy.js';
import { type AuditFinding, type Story, chooseTargets, tokens } from './story.js';
import { runUiSuite } from './ui/mocha.js';
import { within } from './wait.js';
import { makePortal, makeTiny, sampleApp, setTraps } from './workspaces.js';

const OVERALL = 15 * 60_000;

function findVsix(): string {
  const given = process.env.RESCUE_VSIX;
  if (given) {
    if (!existsSync(given)) throw new Error(`RESCUE_VSIX names ${given}, which does not exist`);
    return resolve(given);
  }
  const found = readdirSync(repo).filter((name) => name.endsWith('.vsix'));
  if (found.length !== 1) {
    const what = found.length === 0 ? 'There is no packed extension' : `There are ${found.length} packed extensions (${found.join(', ')})`;
    throw new Error(`${what} at the top of the repository; exactly one is tested. Pack it with: npm run package`);
  }
  return join(repo, String(found[0]));
}

/** Asks the command line what is wrong with the sample app: the editor has to show the same. */
function auditSample(): { findings: AuditFinding[]; planted: string[] } {
  const cli = join(repo, 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing; build it with: npm run build');
  const audit = spawnSync(process.execPath, [cli, 'audit', sampleApp, '--format', 'json', '--no-cache'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  // 1 says that there are findings at or above the limit, which is what the sample app is for.
  if (audit.status !== 0 && audit.status !== 1) throw new Error(`the audit of the sample app ended with ${audit.status ?? audit.signal}:\n${audit.stderr}`);
  const { findings } = JSON.parse(audit.stdout) as { findings: AuditFinding[] };
  return { findings, planted: [...new Set(findings.filter((finding) => finding.ruleId.startsWith('secrets/')).flatMap(secretAt))] };
}

/** The literal a finding of a secret points at. */
function secretAt(finding: AuditFinding): string[] {
  const lines = readFileSync(join(sampleApp, finding.file), 'utf8').split('\n').slice(finding.line - 1, finding.endLine);
  if (lines.length !== 1 || lines[0] === undefined) return [];
  const literal = lines[0].slice(finding.column - 1, finding.endColumn - 1).replace(/^[`'"]|[`'"]$/g, '');
  return literal.length >= 12 && !/\s/.test(literal) ? [literal] : [];
}

async function check(title: string, test: () => void | Promise<void>): Promise<TestResult> {
  const started = Date.now();
  try {
    await test();
    return { title, status: 'passed', ms: Date.now() - started };
  } catch (error) {
    return { title, status: 'failed', ms: Date.now() - started, error: error instanceof Error ? error.message : String(error) };
  }
}

function nothing(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${what}:\n${found.join('\n')}`);
}

export async function main(): Promise<SuiteResult[]> {
  const vsix = findVsix();
  const launcher: Launcher = process.env.RESCUE_LAUNCHER === 'electron' ? 'electron' : 'code-server';
  console.log(`packed extension: ${relative(repo, vsix)}`);
  console.log(`in-host suites run in: ${launcher === 'electron' ? 'desktop VS Code, through @vscode/test-electron' : 'the VS Code server and workbench that code-server ships'}`);
  await ensureInstalled();
  rmSync(failures, { recursive: true, force: true });
  const work = mkdtempSync(join(tmpdir(), 'vcr-run-'));
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  const { findings, planted } = auditSample();
  const results: SuiteResult[] = [];
  const add = (title: string, result: SuiteResult) => {
    console.log(`\n${title}`);
    printSuite(result);
    results.push(result);
  };

  let workspaces = 0;
  /** Fresh folders for each suite: none sees what another has edited. */
  const stage = (): Story & { file: string } => {
    const home = join(work, String(++workspaces));
    mkdirSync(home);
    const story: Story = { portal: makePortal(join(home, 'client-portal')), tiny: makeTiny(join(home, 'tiny-notes')), targets: chooseTargets(findings), seed: Date.now() % 1_000_000_007, planted };
    const file = join(home, 'story.json');
    writeFileSync(file, JSON.stringify(story));
    return { ...story, file };
  };
  const host = async (title: string, suite: string, prepare: (story: Story) => Partial<HostRun>, more?: (story: Story) => Promise<TestResult>) => {
    try {
      const story = stage();
      const values = [...[0, 1, 2].flatMap((n) => Object.values(tokens(story.seed + n))), ...story.planted];
      const folders = [story.portal, story.tiny];
      const run = prepare(story);
      const before = new Map(folders.map((folder) => [folder, valuesIn(folder, values)]));
      add(title, await runHostSuite(launcher, {
        suite, vsix: [vsix], folder: story.portal,
        // Everything that can be logged is: the search below is to find what there is to find.
        settings: { 'vibeCodeRescue.trace.server': 'verbose' },
        loud: ['vibe-code-rescue.vibe-code-rescue'],
        ...run,
        env: { RESCUE_STORY: story.file },
        inspect: async (left) => [
          await check('no value of a secret in any log, cache, state or output', () => {
            nothing('a secret stands in', left.roots.flatMap((root) => leaksIn(root, values)));
            nothing('a secret was printed by', values.some((value) => left.text.includes(value)) ? ['the server or the browser console'] : []);
          }),
          await check('no value of a secret in a new file of the workspace, ignored env files aside', () => {
            for (const folder of folders) nothing(`a secret stands in ${folder}`, newLeaksInWorkspace(folder, before.get(folder) ?? new Map(), values));
          }),
          ...(more ? [await more(story)] : []),
        ],
      }));
    } catch (error) {
      add(title, failed(suite, error));
    }
  };

  const only = process.env.RESCUE_ONLY;
  if (only !== 'ui') {
    await host('In the extension host, trusted folder', 'suite', () => ({}));
    const trap = join(work, 'trap-went-off');
    await host('In the extension host, Restricted Mode', 'suite-restricted',
      (story) => {
        setTraps(story.portal, trap);
        return { trust: false };
      },
      () => check('nothing of the folder was run', () => nothing('these ran', existsSync(trap) ? [readFileSync(trap, 'utf8')] : [])));
    await host('In the extension host, two folders', 'suite-multiroot', (story) => {
      const workspaceFile = join(story.tiny, '..', 'both.code-workspace');
      writeFileSync(workspaceFile, JSON.stringify({ folders: [{ path: story.portal }, { path: story.tiny }], settings: {} }));
      return { workspaceFile };
    });
  }
  if (only !== 'host') {
    process.env.RESCUE_VSIX = vsix;
    const stories = [1, 2, 3].map(() => stage().file);
    process.env.RESCUE_STORIES = JSON.stringify(stories);
    add('With mouse and keyboard', await runUiSuite('ui', process.argv[2]));
  }
  return results;
}

async function run(): Promise<number> {
  let results: SuiteResult[];
  try {
    results = await within(OVERALL, 'the whole run', main());
  } catch (error) {
    console.log(`✗ ${error instanceof Error ? error.message : String(error)}`);
    results = [failed('run', error)];
  }
  const { passed, failed: broken } = count(results);
  if (broken > 0 && existsSync(failures)) console.log(`\npictures and logs of what failed: ${relative(process.cwd(), failures)}`);
  console.log(`\n${passed} passed, ${broken} failed`);
  return broken === 0 && passed > 0 ? 0 : 1;
}

// Ends whatever still runs: the overall deadline may have passed with an editor open.
process.exit(await run());
