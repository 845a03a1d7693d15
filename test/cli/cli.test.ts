import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseInvocation, UsageError } from '../../src/cli/args';
import type { Io } from '../../src/cli/io';
import { run } from '../../src/cli/run';
import type { AnyRule } from '../../src/engine/core/rule';
import { removeTempFolders, tempFolder, write, git } from '../workspace/temp';
import { TEST_RULES } from '../workspace/rules';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function cli(cwd: string, args: readonly string[], more: Partial<Io> & { rules?: readonly AnyRule[] } = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const { rules = TEST_RULES, ...io } = more;
  const withCache = args[0] !== 'rules' && !args.includes('--no-cache') && args.length > 0 && ['audit', 'fix', 'report', 'endpoints'].includes(args[0] ?? '') ? ['--no-cache'] : [];
  const code = await run([...args, ...withCache], {
    out: (text) => (out += text), err: (text) => (err += text), outIsTerminal: false, errIsTerminal: false, columns: 100, env: {}, cwd, command: 'vibe-code-rescue', now: () => new Date('2026-03-04T05:06:07Z'), ...io,
  }, rules);
  return { code, out, err };
}

const VALUE = ['zq', 'Xw81', 'kkPd', 'm2'].join('');
const UNSAFE = { 'src/a.ts': `const apiKey = '${VALUE}';\nopen();\nuse(apiKey);\n`, '.gitignore': '.env\n' };

describe('command line grammar', () => {
  const fails = (args: string[], message: RegExp): void => assert.throws(() => parseInvocation(args), (e: Error) => e instanceof UsageError && message.test(e.message), `${args.join(' ')}: ${message}`);

  it('understands every flag of the contract', () => {
    const call = parseInvocation('audit my/app --format json --output=o.json --min-severity high --fail-on none --baseline b.json --rule a/b --rule c/d --since main --no-cache --timing'.split(' '));
    assert.deepEqual(call, {
      kind: 'run', command: 'audit', folder: 'my/app',
      values: { format: 'json', output: 'o.json', 'min-severity': 'high', 'fail-on': 'none', baseline: 'b.json', rule: ['a/b', 'c/d'], since: 'main', 'no-cache': true, timing: true, 'dry-run': false },
    });
    assert.equal(parseInvocation(['fix', '--dry-run']).kind, 'run');
    assert.deepEqual(parseInvocation(['audit', '--', '-odd']), { ...parseInvocation(['audit']), folder: '-odd' });
  });

  it('answers mistakes with the nearest word', () => {
    fails(['audti'], /unknown command "audti"\. Did you mean audit\?/);
    fails(['audit', '--formt', 'json'], /no option --formt\. Did you mean --format\?/);
    fails(['audit', '--dry-run'], /no option --dry-run/);
    fails(['audit', '-x'], /no option -x/);
    fails(['audit', '--format', 'jsn'], /"jsn" is none of .*Did you mean json\?/);
    fails(['audit', '--fail-on', 'hihg'], /Did you mean high\?/);
    fails(['audit', '--format'], /--format needs a value/);
    fails(['audit', '--format', '--timing'], /--format needs a value/);
    fails(['audit', '--timing=yes'], /takes no value/);
    fails(['audit', '--format', 'json', '--format', 'html'], /given twice/);
    fails(['audit', '--output='], /needs a file name/);
    fails(['audit', 'a', 'b'], /"b" is too much/);
    fails(['rules', 'x'], /no folder/);
    fails(['--format', 'json'], /a command comes first/);
    fails(['audit', ''], /folder is empty/);
  });
});

describe('command line', () => {
  afterEach(removeTempFolders);

  it('help and version', async () => {
    for (const args of [[], ['--help'], ['-h'], ['help'], ['help', 'audit'], ['audit', '--help'], ['fix', '-h']]) {
      const { code, out, err } = await cli('/', args);
      assert.equal(code, 0);
      assert.match(out, /Usage: vibe-code-rescue/);
      assert.equal(err, '');
    }
    const { out } = await cli('/', ['--version']);
    assert.equal(out.trim(), (JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string }).version);
  });

  it('exit codes: 0 clean, 1 findings at or above the limit, 2 usage or an unreadable folder', async () => {
    const root = tempFolder(UNSAFE);
    const clean = tempFolder({ 'a.ts': 'const x = 1;\n' });
    const code = async (...args: string[]): Promise<number> => (await cli(root, ['audit', ...args])).code;
    assert.equal(await code(clean), 0);
    assert.equal(await code(), 1);
    assert.equal(await code('.', '--fail-on', 'none'), 0);
    assert.equal(await code('--rule', 'auth/test-open'), 0);
    assert.equal(await code('--rule', 'auth/test-open', '--fail-on', 'high'), 1);
    assert.equal(await code('--rule', 'auth/test-open', '--fail-on', 'medium'), 1);
    // What is not shown fails all the same.
    assert.equal(await code('--min-severity', 'critical', '--rule', 'auth/test-open', '--fail-on', 'high'), 1);
    assert.equal(await code('nowhere'), 2);
    assert.equal(await code('src/a.ts'), 2);
    assert.equal(await code('--nope'), 2);
    assert.equal(await code('--rule', 'secrets/test-kee'), 2);
    assert.equal(await code('--since', 'main'), 2);
    const typo = await cli(root, ['audit', '--rule', 'secrets/test-kee']);
    assert.match(typo.err, /no rule "secrets\/test-kee"\. Did you mean secrets\/test-key\?/);
    assert.equal(typo.out, '');
  });

  it('broken files of the user are entries in errors, never another exit code', async () => {
    const root = tempFolder({ ...UNSAFE, 'rescue.config.json': '{', '.rescue/sprint.json': '{', '.rescue/baseline.json': '{' });
    const { code, out } = await cli(root, ['audit', '--format', 'json']);
    assert.equal(code, 1);
    const errors = (JSON.parse(out) as { errors: { phase: string; message: string }[] }).errors;
    assert.deepEqual(errors.map((e) => e.phase).sort(), ['config', 'state', 'state']);
  });

  it('JSON is the contract’s', async () => {
    const root = tempFolder(UNSAFE);
    const { out, err } = await cli(root, ['audit', '--format', 'json']);
    const audit = JSON.parse(out) as Record<string, unknown> & { findings: Record<string, unknown>[]; stats: Record<string, unknown> };
    assert.deepEqual(Object.keys(audit).sort(), ['endpoints', 'engine', 'errors', 'findings', 'risks', 'root', 'score', 'stats', 'version']);
    assert.equal(audit['version'], 1);
    const [first] = audit.findings;
    assert.deepEqual([first?.['ruleId'], first?.['file'], first?.['line'], first?.['column'], first?.['endLine'], first?.['endColumn'], first?.['fixable']], ['secrets/test-key', 'src/a.ts', 1, 16, 1, 18 + VALUE.length, true]);
    assert.equal(err, '');
    assert.ok(!out.includes(VALUE));
  });

  it('every format comes out, never with a secret', async () => {
    const root = tempFolder(UNSAFE);
    for (const format of ['pretty', 'json', 'sarif', 'markdown', 'html']) {
      const { out, code } = await cli(root, ['audit', '--format', format]);
      assert.equal(code, 1, format);
      assert.ok(out.length > 100 && out.endsWith('\n'), format);
      assert.ok(!out.includes(VALUE), format);
    }
    const { version, runs } = JSON.parse((await cli(root, ['audit', '--format', 'sarif'])).out) as { version: string; runs: unknown[] };
    assert.equal(version, '2.1.0');
    assert.equal(runs.length, 1);
  });

  it('--output writes the file, or says why not', async () => {
    const root = tempFolder(UNSAFE);
    const { code, out, err } = await cli(root, ['audit', '--format', 'json', '--output', 'out.json']);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /Written to out\.json/);
    assert.equal((JSON.parse(readFileSync(join(root, 'out.json'), 'utf8')) as { version: number }).version, 1);
    mkdirSync(join(root, 'dir'));
    assert.equal((await cli(root, ['audit', '--output', 'dir'])).code, 2);
    assert.equal((await cli(root, ['audit', '--output', 'no/such/x.md'])).code, 2);
    chmodSync(join(root, 'out.json'), 0o444);
    const readOnly = await cli(root, ['audit', '--output', 'out.json']);
    assert.equal(readOnly.code, 2);
    assert.match(readOnly.err, /read-only/);
  });

  it('a baseline or an accepted risk takes findings out of the exit code', async () => {
    const root = tempFolder(UNSAFE);
    await cli(root, ['audit', '--format', 'json', '--output', 'known.json']);
    assert.equal((await cli(root, ['audit', '--baseline', 'known.json'])).code, 0);
    assert.equal((await cli(root, ['audit', '--baseline', 'missing.json'])).code, 1);
    write(root, { '.rescue/baseline.json': JSON.stringify({ version: 1, fingerprints: (JSON.parse(readFileSync(join(root, 'known.json'), 'utf8')) as { findings: { fingerprint: string }[] }).findings.map((f) => f.fingerprint) }) });
    assert.equal((await cli(root, ['audit'])).code, 0);
    write(root, { 'src/new.ts': `const otherKey = '${VALUE}2';\n` });
    assert.equal((await cli(root, ['audit'])).code, 1);
  });

  it('--since looks at changed files only', async () => {
    const root = tempFolder({ 'old.ts': `const oldKey = '${VALUE}';\n`, 'sub/x.ts': 'x;\n' });
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'one');
    const files = async (folder = '.'): Promise<string[]> => (JSON.parse((await cli(root, ['audit', folder, '--format', 'json', '--since', 'HEAD'])).out) as { findings: { file: string }[] }).findings.map((f) => f.file);
    assert.deepEqual(await files(), []);
    write(root, { 'new file.ts': `const newKey = '${VALUE}';\n`, 'sub/y.ts': `const yKey = '${VALUE}';\n` });
    git(root, 'add', 'sub/y.ts');
    assert.deepEqual((await files()).sort(), ['new file.ts', 'sub/y.ts']);
    assert.deepEqual(await files('sub'), ['y.ts']);
    assert.equal((await cli(root, ['audit', '--since', 'HEAD'])).code, 1);
    const wrong = await cli(root, ['audit', '--since', 'no-such-branch']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /git knows no such commit/);
    assert.equal((await cli(root, ['audit', '--since=--output=x'])).code, 2);
    assert.deepEqual(readdirSync(root).sort(), ['.git', 'new file.ts', 'old.ts', 'sub']);
  });

  it('progress only for people, timing on request', async () => {
    const root = tempFolder(UNSAFE);
    assert.equal((await cli(root, ['audit'])).err, '');
    const shown = await cli(root, ['audit'], { errIsTerminal: true });
    assert.ok(shown.err === '' || (shown.err.startsWith('\r') && shown.err.endsWith('\r\u001b[K')), JSON.stringify(shown.err));
    const timing = await cli(root, ['audit', '--timing']);
    assert.match(timing.err, /extract +[\d.]+ ms/);
    assert.match(timing.err, /secrets\/test-key +[\d.]+ ms/);
  });

  it('colours for terminals that want them', async () => {
    const root = tempFolder(UNSAFE);
    const coloured = async (io: Partial<Io>): Promise<boolean> => (await cli(root, ['audit'], io)).out.includes('\u001b[');
    assert.equal(await coloured({}), false);
    assert.equal(await coloured({ outIsTerminal: true }), true);
    assert.equal(await coloured({ outIsTerminal: true, env: { NO_COLOR: '1' } }), false);
    assert.equal(await coloured({ outIsTerminal: true, env: { TERM: 'dumb' } }), false);
    assert.equal(await coloured({ env: { FORCE_COLOR: '1' } }), true);
  });

  it('rules, endpoints, report', async () => {
    const root = tempFolder(UNSAFE);
    assert.deepEqual((await cli(root, ['rules'])).out.split('\n'), ['auth/test-open    high      Title of auth/test-open', 'secrets/test-key  critical  Title of secrets/test-key', '']);
    for (const command of ['endpoints', 'report']) {
      const { code, out, err } = await cli(root, [command]);
      assert.equal(code, 0);
      assert.ok(out.length > 0);
      assert.equal(err, '');
    }
    await cli(root, ['report', '--output', 'handover.md']);
    assert.ok(readFileSync(join(root, 'handover.md'), 'utf8').length > 0);
    assert.ok(!readdirSync(root).includes('.rescue'));
  });
});

describe('fix', () => {
  afterEach(removeTempFolders);
  const repository = (files: Record<string, string | Buffer>): string => {
    const root = tempFolder(files);
    git(root, 'init', '-q');
    git(root, 'add', '.');
    return root;
  };

  it('--dry-run shows diffs without secrets and writes nothing', async () => {
    const root = repository({ ...UNSAFE, 'src/a.ts': `const apiKey = '${VALUE}'; // was ${VALUE}\nopen();\n` });
    const before = readdirSync(root, { recursive: true }).length;
    const { code, out, err } = await cli(root, ['fix', '--dry-run']);
    assert.equal(code, 0);
    assert.match(out, /^--- a\/src\/a\.ts$/m);
    assert.match(out, /^\+const apiKey = process\.env\.API_KEY;/m);
    assert.match(out, /^\+\+\+ b\/\.env$/m);
    assert.match(out, /^\+API_KEY=\[redacted\]$/m);
    assert.ok(!(out + err).includes(VALUE), out);
    assert.match(err, /Would fix 1 finding in 2 files; nothing was written/);
    assert.match(err, /--rule auth\/test-open --dry-run/);
    assert.equal(readdirSync(root, { recursive: true }).length, before);
  });

  it('applies safe fixes, guard fixes only when the rule is named, and a second run changes nothing', async () => {
    const root = repository(UNSAFE);
    const first = await cli(root, ['fix']);
    assert.match(first.out, /Fixed 1 finding in 2 files/);
    assert.match(first.out, /Rotate API_KEY/);
    assert.ok(!(first.out + first.err).includes(VALUE));
    assert.equal(readFileSync(join(root, 'src/a.ts'), 'utf8'), 'const apiKey = process.env.API_KEY;\nopen();\nuse(apiKey);\n');
    assert.equal(readFileSync(join(root, '.env'), 'utf8'), `API_KEY=${VALUE}\n`);
    assert.equal(statSync(join(root, '.env')).mode & 0o077, 0);
    const second = await cli(root, ['fix']);
    assert.match(second.out, /No fix was applied/);
    await cli(root, ['fix', '--rule', 'auth/test-open']);
    assert.equal(readFileSync(join(root, 'src/a.ts'), 'utf8'), 'const apiKey = process.env.API_KEY;\nguarded();\nuse(apiKey);\n');
    assert.equal((await cli(root, ['audit', '--fail-on', 'info'])).code, 0);
  });

  it('adds to an ignored env file that exists, several keys, CRLF kept', async () => {
    const root = repository({ 'a.ts': `const aKey = '${VALUE}1';\r\nconst bKey = '${VALUE}2';\r\n`, '.gitignore': '.env\n' });
    write(root, { '.env': 'OLD=keep' });
    const { out } = await cli(root, ['fix', '--dry-run']);
    assert.ok(!out.includes('keep') && !out.includes(VALUE), out);
    await cli(root, ['fix']);
    assert.equal(readFileSync(join(root, 'a.ts'), 'utf8'), 'const aKey = process.env.A_KEY;\r\nconst bKey = process.env.B_KEY;\r\n');
    const env = readFileSync(join(root, '.env'), 'utf8');
    assert.match(env, /OLD=keep/);
    assert.match(env, new RegExp(`A_KEY=${VALUE}1`));
    assert.match(env, new RegExp(`B_KEY=${VALUE}2`));
  });

  it('never puts a secret where git could see it', async () => {
    const open = repository({ 'a.ts': `const aKey = '${VALUE}';\n` });
    const { out } = await cli(open, ['fix']);
    assert.match(out, /Not fixed: a\.ts:1:14 secrets\/test-key: git does not ignore \.env/);
    assert.deepEqual(readdirSync(open).sort(), ['.git', 'a.ts']);
    const tracked = repository({ 'a.ts': `const aKey = '${VALUE}';\n`, '.env': 'X=1\n' });
    write(tracked, { '.gitignore': '.env\n' });
    assert.match((await cli(tracked, ['fix'])).out, /git tracks \.env/);
    assert.equal(readFileSync(join(tracked, '.env'), 'utf8'), 'X=1\n');
  });

  it('keeps byte-order mark and UTF-16, and leaves odd encodings alone', async () => {
    const bom = Buffer.from([0xef, 0xbb, 0xbf]);
    const root = repository({ 'bom.ts': Buffer.concat([bom, Buffer.from('open();\n')]), 'wide.ts': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('open();\n', 'utf16le')]), 'latin1.ts': Buffer.concat([Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]), Buffer.from('open();\n')]) });
    const { out } = await cli(root, ['fix', '--rule', 'auth/test-open']);
    assert.deepEqual(readFileSync(join(root, 'bom.ts')), Buffer.concat([bom, Buffer.from('guarded();\n')]));
    assert.deepEqual(readFileSync(join(root, 'wide.ts')), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('guarded();\n', 'utf16le')]));
    assert.match(out, /Not fixed: latin1\.ts:2:1 .*no clean UTF-8/);
  });

  it('says so when a file is read-only, and has written nothing half', async () => {
    const root = repository({ 'a.ts': 'open();\n' });
    chmodSync(join(root, 'a.ts'), 0o444);
    const { code, err } = await cli(root, ['fix', '--rule', 'auth/test-open']);
    assert.equal(code, 2);
    assert.match(err, /read-only/);
  });
});
