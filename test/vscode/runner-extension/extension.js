// Runs the mocha suite named by RESCUE_SUITE inside the extension host and leaves what came of it in the
// file named by RESCUE_RESULT. Does nothing where these are not set: the tests that use mouse and keyboard
// install no runner, and a person who opens this folder wants no surprise.
//
// Desktop VS Code calls `run` instead (extensionTestsPath), with the same suite and the same result file.
const { renameSync, writeFileSync } = require('node:fs');

/** @returns {Promise<{ tests: object[], fatal?: string }>} */
async function runSuite() {
  process.setSourceMapsEnabled(true);
  const tests = [];
  try {
    const loaded = require(process.env.RESCUE_MOCHA);
    const Mocha = loaded.default ?? loaded;
    const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: function quiet() {} });
    mocha.addFile(process.env.RESCUE_SUITE);
    await mocha.loadFilesAsync();
    await new Promise((done) => {
      const runner = mocha.run(done);
      const note = (test, status, error) =>
        tests.push({ title: test.titlePath().join(' › '), status, ms: test.duration ?? 0, error: error && String(error.stack ?? error) });
      runner.on('pass', (test) => note(test, 'passed'));
      runner.on('fail', (test, error) => note(test, 'failed', error));
      // A skipped end-to-end test proves nothing.
      runner.on('pending', (test) => note(test, 'failed', new Error('skipped')));
    });
    return { tests };
  } catch (error) {
    return { tests, fatal: String(error?.stack ?? error) };
  }
}

async function run() {
  const result = await runSuite();
  const file = process.env.RESCUE_RESULT;
  writeFileSync(`${file}.tmp`, JSON.stringify({ ...result, host: { node: process.version, vscode: require('vscode').version } }));
  renameSync(`${file}.tmp`, file);
}

function activate() {
  if (process.env.RESCUE_SUITE && process.env.RESCUE_RESULT && process.env.RESCUE_RUNNER !== 'tests-path') void run();
}

module.exports = { activate, run };
