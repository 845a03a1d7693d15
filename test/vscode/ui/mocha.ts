// Runs the tests that use mouse and keyboard, with mocha, in this process.
import Mocha from 'mocha';
import { testFiles } from '../compile.js';
import { type SuiteResult, type TestResult, failed } from '../results.js';

export async function runUiSuite(folder: string, only?: string): Promise<SuiteResult> {
  const tests: TestResult[] = [];
  try {
    const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, slow: 10_000, reporter: function quiet() {} as unknown as Mocha.ReporterConstructor });
    if (only) mocha.grep(only);
    for (const file of testFiles(folder)) mocha.addFile(file);
    await mocha.loadFilesAsync();
    await new Promise<void>((done) => {
      const run = mocha.run(() => done());
      const note = (test: Mocha.Runnable, status: TestResult['status'], error?: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? undefined : String(error);
        tests.push({ title: test.titlePath().join(' › '), status, ms: test.duration ?? 0, ...(text === undefined ? {} : { error: text }) });
      };
      run.on('pass', (test) => note(test, 'passed'));
      run.on('fail', (test, error) => note(test, 'failed', error));
      run.on('pending', (test) => note(test, 'failed', new Error('skipped')));
    });
    return { suite: folder, tests };
  } catch (error) {
    return { ...failed(folder, error), tests };
  }
}
