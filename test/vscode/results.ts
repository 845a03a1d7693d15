import { stripVTControlCharacters } from 'node:util';

export interface TestResult {
  readonly title: string;
  readonly status: 'passed' | 'failed';
  readonly ms: number;
  readonly error?: string;
}

export interface SuiteResult {
  readonly suite: string;
  readonly tests: readonly TestResult[];
  /** Why the suite as a whole could not run: counts as one failure. */
  readonly fatal?: string;
}

export function failed(suite: string, error: unknown): SuiteResult {
  return { suite, tests: [], fatal: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function printSuite(result: SuiteResult): void {
  for (const test of result.tests) {
    console.log(`  ${test.status === 'passed' ? '✓' : '✗'} ${test.title} (${test.ms} ms)`);
    if (test.error) console.log(indent(test.error));
  }
  if (result.fatal) {
    console.log(`  ✗ ${result.suite} did not run`);
    console.log(indent(result.fatal));
  } else if (result.tests.length === 0) {
    console.log(`  ✗ ${result.suite} holds no test`);
  }
}

export function count(results: readonly SuiteResult[]): { passed: number; failed: number } {
  const tests = results.flatMap((result) => result.tests);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = results.filter((result) => result.fatal !== undefined || result.tests.length === 0).length;
  return { passed, failed: tests.length - passed + broken };
}

function indent(text: string): string {
  // Playwright colours its messages.
  return stripVTControlCharacters(text).split('\n').slice(0, 25).map((line) => `      ${line}`).join('\n');
}
