/** The layers of docs (DESIGN.md, "Rooms"), enforced by our own extractor's import facts. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile } from '../src/engine/extract/extract';
import { joinPath, dirname } from '../src/engine/core/paths';
import type { RelPath } from '../src/engine/core/types';

/**
 * From the ground up: a room may import itself and rooms of lower floors. Rooms of one floor do not know each other.
 * `report` describes the sprint: the one step inside a floor.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['engine/core'],
  ['engine/libraries'],
  ['engine/extract'],
  ['engine/model'],
  ['engine/frameworks'],
  ['engine/fixes'],
  ['engine/rules'],
  ['engine/session'],
  // The door of the engine: re-exports.
  ['engine'],
  ['config', 'sprint'],
  ['report'],
  ['workspace'],
  ['server', 'cli'],
];

/** Pure rooms: texts in, plain data out. */
const PURE = /^(engine|report|sprint|config)(\/|$)/;
const IMPURE_MODULES = /^(node:)?(fs|fs\/promises|child_process|net|http|https|http2|dgram|dns|tls|worker_threads|cluster|inspector|vm)$/;
const EDITOR = /^(vscode$|vscode-language|vscode-jsonrpc)/;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(files: ReadonlyMap<string, string>): { edges: Edge[]; packages: { from: string; name: string }[]; unresolved: string[] } {
  const edges: Edge[] = [];
  const packages: { from: string; name: string }[] = [];
  const unresolved: string[] = [];
  for (const [from, text] of files) {
    const facts = extractFile(from as RelPath, text, 'test').script;
    assert.ok(facts, `${from} yields no script facts`);
    for (const one of facts.imports) {
      if (!one.specifier.startsWith('.')) {
        packages.push({ from, name: one.specifier });
        continue;
      }
      const target = joinPath(dirname(from), one.specifier);
      const file = target === null ? undefined : [target, `${target}.ts`, `${target}/index.ts`, target.replace(/\.js$/, '.ts')].find((f) => files.has(f));
      if (file !== undefined) edges.push({ from, to: file, typeOnly: one.typeOnly });
      else if (target === null || target.startsWith('src/')) unresolved.push(`${from} imports ${one.specifier}, which does not exist`);
    }
  }
  return { edges, packages, unresolved };
}

/** `src/engine/rules/auth/x.ts` → `engine/rules`; `src/engine/index.ts` → `engine`. */
function roomOf(file: string): string {
  const [, first = '', second = '', third] = file.split('/');
  return first === 'engine' && third !== undefined ? `engine/${second}` : first;
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function problems(files: ReadonlyMap<string, string>): string[] {
  const { edges, packages, unresolved } = importsOf(files);
  const out = [...unresolved];
  for (const { from, to } of edges) {
    const a = roomOf(from);
    const b = roomOf(to);
    if (a === b || a === 'dev') continue;
    if (a === 'extension') {
      if (to !== 'src/server/protocol.ts') out.push(`${from} imports ${to}: the extension knows server/protocol.ts and nothing else`);
    } else if (floorOf(a) < 0) out.push(`${from}: src/${a} is no room of DESIGN.md`);
    else if (floorOf(b) < 0 || floorOf(b) >= floorOf(a)) out.push(`${from} imports ${to}: ${a} must not know ${b}`);
  }
  for (const { from, name } of packages) {
    const room = roomOf(from);
    if (PURE.test(room) && IMPURE_MODULES.test(name)) out.push(`${from} imports ${name}: ${room} is pure`);
    if (EDITOR.test(name) && room !== 'server' && room !== 'extension') out.push(`${from} imports ${name}: only server and extension know the editor`);
    if (name === 'vscode' && room !== 'extension') out.push(`${from} imports vscode: only the extension runs inside the editor`);
  }
  return [...out, ...cycles(edges)];
}

/** Modules that import each other, types aside: a cycle of types has no order to get wrong. */
function cycles(edges: readonly Edge[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of edges) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  const out: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      out.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      return;
    }
    state.set(file, 'open');
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of next.keys()) visit(file);
  return out;
}

function source(): Map<string, string> {
  const files = new Map<string, string>();
  const root = join(__dirname, '..');
  const walk = (dir: string): void => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith('.ts')) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('src');
  return files;
}

describe('architecture', () => {
  it('imports point one way, without cycles, and the engine is pure', () => {
    const files = source();
    assert.ok(files.size > 40, 'the whole of src is looked at');
    assert.ok(importsOf(files).edges.length > 80, 'imports are seen');
    assert.deepEqual(problems(files), []);
  });

  const planted = (extra: Record<string, string>): string[] => problems(new Map(Object.entries(extra)));

  it('a rule that imports the session turns it red', () => {
    const found = planted({ 'src/engine/rules/auth/x.ts': `import { createSession } from '../../session/session';\ncreateSession();`, 'src/engine/session/session.ts': 'export function createSession() {}' });
    assert.deepEqual(found, ['src/engine/rules/auth/x.ts imports src/engine/session/session.ts: engine/rules must not know engine/session']);
  });

  it('so do a type import upwards, a re-export, a require and a dynamic import', () => {
    const up = { 'src/workspace/b.ts': 'export const b = 1; export type B = 1;' };
    for (const text of [`import type { B } from '../workspace/b';\nexport type A = B;`, `export { b } from '../workspace/b';`, `export * from '../workspace/b';`, `const b = require('../workspace/b');\nb();`, `export const f = () => import('../workspace/b');`]) {
      assert.equal(planted({ 'src/report/a.ts': text, ...up }).length, 1, text);
    }
  });

  it('so do node:fs in the engine, vscode below the extension and the engine in the extension', () => {
    assert.match(planted({ 'src/engine/core/a.ts': `import { readFileSync } from 'node:fs';\nreadFileSync('x');` })[0] ?? '', /engine\/core is pure/);
    assert.match(planted({ 'src/report/a.ts': `import { spawn } from 'child_process';\nspawn('x');` })[0] ?? '', /report is pure/);
    assert.match(planted({ 'src/cli/a.ts': `import * as vscode from 'vscode';\nvscode.x();` })[0] ?? '', /only server and extension/);
    assert.match(planted({ 'src/engine/session/a.ts': `import { Position } from 'vscode-languageserver';\nnew Position();` })[0] ?? '', /only server and extension/);
    assert.match(planted({ 'src/extension/a.ts': `import { x } from '../engine/core/x';\nx();`, 'src/engine/core/x.ts': 'export const x = 1;' })[0] ?? '', /server\/protocol/);
  });

  it('and so does a cycle', () => {
    const found = planted({ 'src/cli/a.ts': `import { b } from './b';\nexport const a = b;`, 'src/cli/b.ts': `import { c } from './c';\nexport const b = c;`, 'src/cli/c.ts': `export { a as c } from './a';` });
    assert.deepEqual(found, ['import cycle: src/cli/a.ts → src/cli/b.ts → src/cli/c.ts → src/cli/a.ts']);
    assert.deepEqual(planted({ 'src/cli/a.ts': `import type { B } from './b';\nexport type A = B;`, 'src/cli/b.ts': `import { A } from './a';\nexport type B = A;` }), []);
  });
});
