/**
 * Incremental equals fresh. Random edit scripts over whole projects; after each step the session says what a session says
 * that never saw a step: one that got every file's last error-free text and then, where a file is broken now, the broken one.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts } from '../../src/engine/core/facts';
import type { GitFacts } from '../../src/engine/core/model';
import { DEFAULT_OPTIONS, type Finding, type ProjectOptions, type RelPath } from '../../src/engine/core/types';
import { extractFile } from '../../src/engine/extract/extract';
import { ALL_RULES } from '../../src/engine/rules/registry';
import type { FileChange, Session } from '../../src/engine/session/api';
import { createSession } from '../../src/engine/session/session';
import { PROBES, plain } from './probes';
import { edit } from '../../src/dev/fuzz';
import { Random } from '../../src/dev/random';
import { SAMPLE } from './sample';

const STEPS = Number(process.env['RESCUE_STEPS'] ?? 2400);
const SEED = Number(process.env['RESCUE_SEED'] ?? 1);
const RULES = [...ALL_RULES, ...PROBES];

const NO_GIT: GitFacts = { tracked: null, isIgnored: () => false };
const GIT: GitFacts = { tracked: new Set(['.env', 'src/app.ts'] as RelPath[]), isIgnored: (p) => p.startsWith('.env') };
const OPTIONS: readonly ProjectOptions[] = [
  DEFAULT_OPTIONS,
  { ...DEFAULT_OPTIONS, guards: ['onlyLogs'] },
  { ...DEFAULT_OPTIONS, publicRoutes: ['/users/**'], severities: { 'endpoint/probe': 'high', 'secrets/probe': 'off' } },
  { ...DEFAULT_OPTIONS, secretSalt: 'another' },
];

/** Extraction is a pure function of path, text and salt: computed once for the fresh sessions. */
class Facts {
  private readonly known = new Map<string, FileFacts>();

  of(path: RelPath, text: string, salt: string): FileFacts {
    const key = `${path}\0${salt}\0${text}`;
    let facts = this.known.get(key);
    if (!facts) {
      if (this.known.size > 5000) this.known.clear();
      this.known.set(key, (facts = extractFile(path, text, salt)));
    }
    return facts;
  }
}

const isBroken = (f: FileFacts) => f.parse === 'recovered' || f.config?.kind === 'invalid';

class World {
  readonly session: Session;
  readonly texts = new Map<RelPath, string>();
  readonly good = new Map<RelPath, string>();
  options = DEFAULT_OPTIONS;
  git = NO_GIT;
  broken = 0;

  constructor(
    private readonly original: ReadonlyMap<RelPath, string>,
    readonly facts: Facts,
  ) {
    this.session = createSession({ rules: RULES });
    this.apply([...original].map(([path, text]) => ({ path, text })));
  }

  apply(changes: readonly FileChange[]): ReadonlySet<RelPath> {
    for (const { path, text } of changes) {
      if (text === null) {
        this.texts.delete(path);
        this.good.delete(path);
      } else {
        this.texts.set(path, text);
        if (!isBroken(this.facts.of(path, text, this.options.secretSalt))) this.good.set(path, text);
        else this.broken++;
      }
    }
    return this.session.apply(changes).affected;
  }

  fresh(): Session {
    const session = createSession({ rules: RULES, options: this.options, git: this.git });
    const change = (path: RelPath, text: string): FileChange => ({ path, text, facts: this.facts.of(path, text, this.options.secretSalt) });
    session.apply([...this.texts].map(([path, text]) => change(path, this.good.get(path) ?? text)));
    session.apply([...this.texts].map(([path, text]) => change(path, text)));
    return session;
  }

  /** One random step; tells what it did. */
  step(r: Random): string {
    const paths = [...this.texts.keys()];
    const change = (): { change: FileChange; what: string } => {
      const path = r.pick(paths);
      const text = this.texts.get(path) ?? '';
      const first = this.original.get(path);
      if (r.chance(0.18) && first !== undefined) return { change: { path, text: first }, what: `restore ${path}` };
      if (r.chance(0.1)) {
        const good = this.good.get(path);
        if (good !== undefined) return { change: { path, text: good }, what: `repair ${path}` };
      }
      const edited = edit(r, text, [...this.texts.values()]);
      return { change: { path, text: edited.text }, what: `${path}: ${edited.what}` };
    };
    const roll = r.next();
    if (roll < 0.03 && paths.length > 6) {
      const path = r.pick(paths);
      this.apply([{ path, text: null }]);
      return `delete ${path}`;
    }
    if (roll < 0.07) {
      const gone = [...this.original.keys()].filter((p) => !this.texts.has(p));
      if (gone.length > 0) {
        const path = r.pick(gone);
        this.apply([{ path, text: this.original.get(path)! }]);
        return `add ${path}`;
      }
    }
    if (roll < 0.09) {
      const path = r.pick(paths);
      const to = path.replace(/([^/]*)$/, `${r.pick(['moved-', 'route-', 'index.', '.env.'])}$1`).replace('.env..env', '.env') as RelPath;
      this.apply([{ path: to, text: this.texts.get(path)! }, { path, text: null }]);
      return `rename ${path} to ${to}`;
    }
    if (roll < 0.11) {
      this.options = r.pick(OPTIONS);
      this.session.setOptions(this.options);
      return 'options';
    }
    if (roll < 0.12) {
      this.git = r.chance(0.5) ? GIT : NO_GIT;
      this.session.setGit(this.git);
      return 'git';
    }
    if (roll < 0.16) {
      const several = [change(), change(), change()];
      this.apply(several.map((c) => c.change));
      return several.map((c) => c.what).join(' + ');
    }
    const one = change();
    this.apply([one.change]);
    return one.what;
  }
}

function findings(list: readonly Finding[]): string[] {
  return list.map((f) => plain(f));
}

/** The first difference, with what stands around it: the whole would be pages. */
function same(actual: readonly string[], expected: readonly string[], what: () => string): void {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    const a = actual[i] ?? '(nothing)';
    const b = expected[i] ?? '(nothing)';
    if (a === b) continue;
    let at = 0;
    while (a[at] === b[at]) at++;
    const cut = (s: string) => `${s.slice(0, 160)} … ${s.slice(Math.max(160, at - 160), at + 200)}`;
    assert.fail(`${what()}\nentry ${i} of ${actual.length} (${expected.length})\nincremental: ${cut(a)}\nfresh:       ${cut(b)}`);
  }
}

function compare(world: World, where: () => string): void {
  const fresh = world.fresh();
  const { session } = world;
  const a = session.audit();
  const b = fresh.audit();
  for (const path of world.texts.keys()) same(findings(session.check(path)), findings(fresh.check(path)), () => `findings of ${path}, ${where()}`);
  same(findings(a.findings), findings(b.findings), () => `findings, ${where()}`);
  same(a.endpoints.map(plain), b.endpoints.map(plain), () => `endpoints, ${where()}`);
  same(a.suppressed.map(plain).sort(), b.suppressed.map(plain).sort(), () => `suppressed, ${where()}`);
  same(a.errors.map(plain).sort(), b.errors.map(plain).sort(), () => `errors, ${where()}`);
  const { timing: _a, ...counts } = a.stats;
  const { timing: _b, ...freshCounts } = b.stats;
  assert.deepEqual(counts, freshCounts, `counts\n${where()}`);
  for (const f of a.findings) {
    for (const { file, span } of [f.at, ...f.evidence.map((e) => e.at)]) {
      const end = world.texts.get(file)?.length ?? 0;
      assert.ok(span.start >= 0 && span.start <= span.end && span.end <= end, `${f.ruleId}: ${span.start}-${span.end} outside ${file}\n${where()}`);
    }
  }
}

interface Told {
  steps: number;
  broken: number;
  kept: number;
}

function run(original: ReadonlyMap<RelPath, string>, seed: number, steps: number, every: number, told: Told): void {
  const r = new Random(seed);
  const world = new World(original, new Facts());
  const log: string[] = [];
  const where = () => `seed ${seed}, step ${log.length}:\n${log.slice(-12).join('\n')}`;
  for (let i = 0; i < steps; i++) {
    // Findings asked for between two steps must neither stay too long nor be forgotten.
    const asked = new Map<RelPath, string>();
    for (const path of world.texts.keys()) if (r.chance(0.5)) asked.set(path, plain(world.session.check(path)));
    const before = new Set(world.texts.keys());
    const options = world.options;
    const git = world.git;
    let affected: ReadonlySet<RelPath> = new Set();
    const apply = world.apply.bind(world);
    world.apply = (changes) => (affected = apply(changes));
    log.push(world.step(r));
    world.apply = apply;
    if (options === world.options && git === world.git) {
      for (const [path, was] of asked) {
        if (affected.has(path) || !world.texts.has(path) || !before.has(path)) continue;
        told.kept++;
        assert.equal(plain(world.session.check(path)), was, `${path} was not said to be affected\n${where()}`);
      }
    }
    if (i % every === every - 1) compare(world, where);
  }
  told.steps += steps;
  told.broken += world.broken;
}

function folder(root: string): Map<RelPath, string> {
  const out = new Map<RelPath, string>();
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    out.set(path.slice(root.length + 1) as RelPath, readFileSync(path, 'utf8'));
  }
  return out;
}

describe('incremental equals fresh', function () {
  this.timeout(300_000);
  const told: Told = { steps: 0, broken: 0, kept: 0 };

  it(`over ${STEPS} random steps on a small project`, () => {
    const script = 60;
    for (let i = 0; i < STEPS / script; i++) run(SAMPLE, SEED * 1000 + i, script, 2, told);
  });

  it('over the sample app', () => {
    const app = folder(join(import.meta.dirname, '../fixtures/apps/client-portal'));
    for (let i = 0; i < Math.max(1, STEPS / 400); i++) run(app, SEED * 1000 + i, 50, 5, told);
  });

  it('while every function is renamed and its body typed in', () => {
    assert.ok(typeEverywhere(SAMPLE, 3) > 150);
    assert.ok(typeEverywhere(folder(join(import.meta.dirname, '../fixtures/apps/client-portal')), 40) > 500);
  });

  it('while constants come, hold something else, are used and go', () => {
    const world = new World(SAMPLE, new Facts());
    compare(world, () => 'at the start');
    for (const [path, text] of SAMPLE) {
      if (!/\.[jt]sx?$/.test(path)) continue;
      const [first = '', ...rest] = text.split(/(?<=;\n)/);
      for (const name of ['added', 'settings', 'GET', 'users']) {
        const steps = [`${text}export const ${name} = 1;\n`, `${text}export const ${name} = 'two';\n`, `${text}const ${name} = 'three', more = true;\n`, `${first}const ${name} = '/four';\n${rest.join('')}`, `${first}export const ${name} = '/four';\n${rest.join('')}\nif (${name}) console.log(more);\n`, text];
        for (const next of steps) {
          world.apply([{ path, text: next }]);
          compare(world, () => `${path} ${name}: ${next}`);
        }
      }
    }
  });

  /** Compares after one edit in so many; how many edits it made. */
  function typeEverywhere(original: ReadonlyMap<RelPath, string>, every: number): number {
    const world = new World(original, new Facts());
    compare(world, () => 'at the start');
    let typed = 0;
    for (const [path, text] of original) {
      for (const f of world.facts.of(path, text, DEFAULT_OPTIONS.secretSalt).script?.functions ?? []) {
        if (f.kind === 'module') continue;
        const steps: string[] = [];
        if (f.kind === 'function' && f.name !== '' && text.slice(f.head.start, f.head.end) === f.name) steps.push(`${text.slice(0, f.head.end)}x${text.slice(f.head.end)}`);
        if (f.bodyStart !== null) {
          const at = f.bodyStart;
          for (const more of [' ', ' const typed = 1;', ' if (!typed) return null;', ' await other(() => typed);']) steps.push(`${text.slice(0, at)}${more}${text.slice(at)}`);
        }
        // Now and then all of it stands further down.
        const above = '\n'.repeat(f.id % 3);
        for (const step of steps) {
          for (const next of [text, step, text]) {
            world.apply([{ path, text: `${above}${next}` }]);
            if (typed++ % every === 0) compare(world, () => `${path}, function ${f.id} ${f.name}: ${step.slice(f.head.start, f.head.end + 30)}`);
          }
        }
      }
    }
    return typed;
  }

  after(() => console.log(`      ${told.steps} steps, ${told.broken} of them left syntax errors; ${told.kept} times a file's findings were kept and were right`));
});
