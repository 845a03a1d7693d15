'use strict';
/** Readable output, and the numbers into a file for test/run.mjs. */
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const output = options.reporterOptions && options.reporterOptions.output;
    const write = (ended) => {
      const { passes, failures, pending } = runner.stats;
      // A run that dies in the middle counts as one more failure.
      if (output) writeFileSync(output, JSON.stringify({ passes, failures: failures + (ended ? 0 : 1), pending }));
    };
    write(false);
    runner.once(Runner.constants.EVENT_RUN_END, () => write(true));
  }
};
