'use strict';
/** Preloaded into the processes of a running app: refuses and notes what would leave this machine; ends with its parent. */
const { appendFileSync } = require('node:fs');
const net = require('node:net');
const child = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|::|0\.0\.0\.0)?$/;
const note = (what) => appendFileSync(process.env.RUN_APPS_OFFENCES, `${what}\n`);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof options === 'object' ? (options.path ? '' : options.host) : typeof args[1] === 'string' ? args[1] : '';
  if (LOOPBACK.test(host ?? '')) return connect.apply(this, args);
  note(`connects to ${host}`);
  process.nextTick(() => this.destroy(Object.assign(new Error(`offline: ${host}`), { code: 'ENETUNREACH' })));
  return this;
};

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync']) {
  const original = child[name];
  child[name] = function (command, ...rest) {
    // A new process that installs packages; asking a package manager for its settings is none.
    const line = [command, ...(Array.isArray(rest[0]) ? rest[0] : [])].join(' ');
    if (/\b(npm|yarn|pnpm|bun)\S*\s+(.*\s)?(install|i|add|ci)\b/.test(line)) {
      note(`runs ${line}`);
      throw new Error(`offline: ${line}`);
    }
    return original.call(this, command, ...rest);
  };
}
syncBuiltinESMExports();

const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(0), 500).unref();
