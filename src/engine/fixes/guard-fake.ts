/** Repairs of guards that do not guard: the missing return, the missing await, the token that is only decoded, the guard that comes too late. */
import type { Expr, FileFacts, FunctionFact, Stmt } from '../core/facts';
import type { Fixer, TextEdit } from '../core/fix';
import type { Endpoint, FakeGuard, ProjectModel } from '../core/model';
import type { Finding, Location, RelPath } from '../core/types';
import { bindingsOf } from '../model/faces';
import { importEdit, lineAfterImports, specifierFor, topLevelNames } from './imports';
import { freeName, indentAt, makeAsync, styled } from './style';
import { functionAt, nodesOf, statementAt } from './walk';

type Call = Extract<Expr, { k: 'call' }>;

function guardAt(finding: Finding): Location | null {
  const { guardStart: start, guardEnd: end } = finding.data;
  return typeof start === 'number' && typeof end === 'number' ? { file: finding.at.file, span: { start, end } } : null;
}

interface Found {
  readonly file: FileFacts;
  readonly fn: FunctionFact;
  readonly stmt: Stmt;
  readonly list: readonly Stmt[];
}

function find(at: Location, model: ProjectModel): Found | null {
  const file = model.file(at.file);
  const fn = file?.script ? functionAt(file.script, at.span.start) : undefined;
  const found = fn ? statementAt(fn.body, at.span) : null;
  return file && fn && found && file.parse === 'ok' ? { file, fn, ...found } : null;
}

// ------------------------------------------------------------------------------------------------ return

export function canAddReturn(guard: FakeGuard, model: ProjectModel): boolean {
  const found = find(guard.at, model);
  return found !== null && found.fn.kind !== 'module' && found.stmt.k === 'expr';
}

export const addReturn: Fixer = {
  class: 'guard',
  title: () => 'Stop after the denial (add return)',
  compute(finding, ctx) {
    const at = guardAt(finding);
    const found = at ? find(at, ctx.model) : null;
    const text = at ? ctx.text(at.file) : undefined;
    if (!at || !found || found.stmt.k !== 'expr' || text === undefined) return null;
    const style = found.file.script?.style;
    const semi = style?.semicolons === false ? '' : ';';
    const eol = style?.eol ?? '\n';
    const { s, e } = found.stmt;
    // `res.status(401).json(…)`: a bare return fits whatever the function is declared to give back.
    const root = rootName(found.stmt.x);
    const own = root !== null && found.fn.params.some((p) => p.k === 'name' && p.name === root);
    if (!own) return { title: 'Stop after the denial (add return)', class: 'guard', edits: [{ file: at.file, span: { start: s, end: s }, newText: 'return ' }], create: [], manual: [] };
    const indent = indentAt(text, s);
    const braced = /[{;}]\s*$/.test(text.slice(0, s)) || found.list === found.fn.body || found.list.length > 1 || found.list[0] !== found.stmt;
    const edits: TextEdit[] = braced
      ? [{ file: at.file, span: { start: e, end: e }, newText: `${text[e - 1] === ';' || semi === '' ? '' : ';'}${eol}${indent}return${semi}` }]
      : [
          { file: at.file, span: { start: s, end: s }, newText: `{${eol}${indent}${style?.indent ?? '  '}` },
          { file: at.file, span: { start: e, end: e }, newText: `${eol}${indent}${style?.indent ?? '  '}return${semi}${eol}${indent}}` },
        ];
    return { title: 'Stop after the denial (add return)', class: 'guard', edits, create: [], manual: [] };
  },
};

function rootName(x: Expr): string | null {
  if (x.k === 'ref') return x.name;
  if (x.k === 'call') return rootName(x.fn);
  if (x.k === 'mem') return rootName(x.obj);
  return null;
}

// ------------------------------------------------------------------------------------------------ a denial that was only logged

/** The `if` whose test stands at the finding, in a function that can answer. */
function loggedIf(guard: Location, model: ProjectModel): { readonly file: FileFacts; readonly fn: FunctionFact; readonly stmt: Extract<Stmt, { k: 'if' }>; readonly res: string | null } | null {
  const found = find(guard, model);
  if (!found || found.stmt.k !== 'if' || found.stmt.test.s !== guard.span.start || found.fn.kind === 'module') return null;
  const [first, second, third] = found.fn.params.map((p) => (p.k === 'name' ? p.name : null));
  const express = third != null || (second != null && /^_?res/i.test(second));
  if (express && second == null) return null;
  void first;
  return { file: found.file, fn: found.fn, stmt: found.stmt, res: express ? (second ?? null) : null };
}

export function canDeny(guard: FakeGuard, endpoints: readonly Endpoint[], model: ProjectModel): boolean {
  const found = loggedIf(guard.at, model);
  // Only a handler's own function, or a middleware, can end the request where it stands.
  return found !== null && (found.res !== null || endpoints.every((e) => e.framework !== 'next-action' && e.handler?.file === found.file.path && e.handler.fn === found.fn.id));
}

export const denyRequest: Fixer = {
  class: 'guard',
  title: () => 'Turn the request away (401)',
  compute(finding, ctx) {
    const at = guardAt(finding);
    const found = at ? loggedIf(at, ctx.model) : null;
    const text = at ? ctx.text(at.file) : undefined;
    const script = found?.file.script;
    if (!at || !found || text === undefined || !script) return null;
    const next = bindingsOf(script).find((b) => b.imported === 'NextResponse');
    const lines = found.res !== null ? [`${found.res}.status(401).json({ error: 'Unauthorized' });`, 'return;'] : [`return ${next ? next.local : 'Response'}.json({ error: 'Unauthorized' }, { status: 401 });`];
    const outer = indentAt(text, found.stmt.s);
    const inner = outer + script.style.indent;
    const code = styled(lines, script.style, inner);
    const eol = script.style.eol;
    const last = found.stmt.then[found.stmt.then.length - 1];
    const head = /^\s*\)\s*\{/.exec(text.slice(found.stmt.test.e));
    let edits: TextEdit[];
    if (head) {
      const open = found.stmt.test.e + head[0].length;
      edits = last ? [{ file: at.file, span: { start: last.e, end: last.e }, newText: `${eol}${code}` }] : [{ file: at.file, span: { start: open, end: open }, newText: `${eol}${code}` }];
    } else if (last) {
      edits = [{ file: at.file, span: { start: last.s, end: last.s }, newText: `{${eol}${inner}` }, { file: at.file, span: { start: last.e, end: last.e }, newText: `${eol}${code}${eol}${outer}}` }];
    } else return null;
    return { title: 'Turn the request away (401)', class: 'guard', edits, create: [], manual: [] };
  },
};

// ------------------------------------------------------------------------------------------------ await

export function canAddAwait(guard: FakeGuard, model: ProjectModel): boolean {
  const found = find(guard.at, model);
  return found !== null && found.fn.kind !== 'module' && found.fn.kind !== 'constructor' && callAt(found, guard.at) !== null;
}

/** The call itself, or, where the finding stands at the test of its result, the call that made it. */
function callAt(found: Found, at: Location): Call | null {
  const tested = new Set<string>();
  for (const n of nodesOf(found.stmt)) {
    if (n.k === 'call' && n.s === at.span.start && n.e === at.span.end) return n;
    if (n.k === 'ref' && n.s >= at.span.start && n.e <= at.span.end) tested.add(n.name);
  }
  for (const s of found.fn.body) {
    if (s.k !== 'var' || s.s > at.span.start) continue;
    for (const d of s.decls) if (d.target.k === 'name' && tested.has(d.target.name) && d.init?.k === 'call') return d.init;
  }
  return null;
}

export const addAwait: Fixer = {
  class: 'guard',
  title: () => 'Wait for the check (add await)',
  compute(finding, ctx) {
    const at = guardAt(finding);
    const found = at ? find(at, ctx.model) : null;
    const text = at ? ctx.text(at.file) : undefined;
    const call = at && found ? callAt(found, at) : null;
    if (!at || !found || text === undefined || !call) return null;
    const edits: TextEdit[] = [{ file: at.file, span: { start: call.s, end: call.s }, newText: 'await ' }];
    for (const x of makeAsync(found.fn, text)) edits.push({ file: at.file, span: { start: x.start, end: x.end }, newText: x.newText });
    return { title: 'Wait for the check (add await)', class: 'guard', edits, create: [], manual: [] };
  },
};

// ------------------------------------------------------------------------------------------------ decode → verify

interface Secret {
  /** The expression as it stands elsewhere. */
  readonly at: Location;
  readonly root: string;
  readonly fromEnv: boolean;
}

/** The call `jwt.decode(token)` at the guard, with the name the file knows the library by. */
function decodeAt(at: Location, model: ProjectModel): { readonly file: FileFacts; readonly call: Call; readonly lib: string } | null {
  const file = model.file(at.file);
  if (!file?.script || file.parse !== 'ok') return null;
  for (const fn of file.script.functions) {
    for (const n of nodesOf(fn.body)) {
      if (n.k !== 'call' || n.fn.k !== 'mem' || n.fn.prop !== 'decode' || n.fn.obj.k !== 'ref' || n.args.length !== 1) continue;
      if (n.s > at.span.start || n.e < at.span.start || (n.fn.e !== at.span.end && n.e !== at.span.end && n.s !== at.span.start)) continue;
      const lib = n.fn.obj.name;
      if (bindingsOf(file.script).some((b) => b.local === lib && b.specifier === 'jsonwebtoken')) return { file, call: n, lib };
    }
  }
  return null;
}

/** What the project signs or verifies its tokens with, if that can be written in this file too. */
function secretOf(model: ProjectModel, target: RelPath): Secret | null {
  let other: Secret | null = null;
  for (const f of model.files()) {
    const script = f.script;
    if (!script || !script.imports.some((i) => i.specifier === 'jsonwebtoken')) continue;
    for (const fn of script.functions) {
      for (const n of nodesOf(fn.body)) {
        if (n.k !== 'call' || n.fn.k !== 'mem' || (n.fn.prop !== 'verify' && n.fn.prop !== 'sign') || n.fn.obj.k !== 'ref') continue;
        const lib = n.fn.obj.name;
        const key = n.args[1];
        if (!key || key.k !== 'mem' || !bindingsOf(script).some((b) => b.local === lib && b.specifier === 'jsonwebtoken')) continue;
        const root = rootName(key);
        if (root === null) continue;
        const secret: Secret = { at: { file: f.path, span: { start: key.s, end: key.e } }, root, fromEnv: root === 'process' };
        if (secret.fromEnv) return secret;
        if (f.path === target || bindingsOf(script).some((b) => b.local === root && 'file' in (model.resolve(f.path, b.specifier) ?? {}))) other ??= secret;
      }
    }
  }
  return other;
}

export function canVerifyToken(guard: FakeGuard, model: ProjectModel): boolean {
  return guard.kind === 'decoded-not-verified' && decodeAt(guard.at, model) !== null && secretOf(model, guard.at.file) !== null;
}

export const verifyToken: Fixer = {
  class: 'guard',
  title: () => 'Check the token’s signature (jwt.verify)',
  compute(finding, ctx) {
    const at = guardAt(finding);
    const found = at ? decodeAt(at, ctx.model) : null;
    const secret = at ? secretOf(ctx.model, at.file) : null;
    const text = at ? ctx.text(at.file) : undefined;
    const source = secret ? ctx.text(secret.at.file) : undefined;
    const script = found?.file.script;
    if (!at || !found || !secret || text === undefined || source === undefined || !script) return null;
    const edits: TextEdit[] = [];
    let expression = source.slice(secret.at.span.start, secret.at.span.end);
    if (secret.fromEnv) expression = `${expression} ?? ''`;
    else if (secret.at.file !== at.file) {
      const from = ctx.model.file(secret.at.file)?.script;
      const binding = from ? bindingsOf(from).find((b) => b.local === secret.root) : undefined;
      const resolved = binding ? ctx.model.resolve(secret.at.file, binding.specifier) : null;
      if (!binding || !resolved || !('file' in resolved)) return null;
      const known = bindingsOf(script).find((b) => {
        const r = ctx.model.resolve(at.file, b.specifier);
        return r && 'file' in r && r.file === resolved.file && b.imported === binding.imported;
      });
      const local = known?.local ?? (topLevelNames(script).has(secret.root) ? freeName(text, `${secret.root}Module`) : secret.root);
      const edit = known ? null : importEdit(found.file, text, { local, imported: binding.imported, specifier: specifierFor(ctx.model, at.file, resolved.file) });
      if (edit) edits.push(edit);
      expression = local + expression.slice(secret.root.length);
    }
    const name = freeName(text, 'verifiedClaims');
    const typed = /\.[cm]?tsx?$/.test(at.file);
    const helper = [
      '/** What a token says, if our signature is on it. */',
      `function ${name}(token${typed ? ': string' : ''}) {`,
      '  try {',
      `    return ${found.lib}.verify(token, ${expression}, { algorithms: ['HS256'] });`,
      '  } catch {',
      '    return null;',
      '  }',
      '}',
    ].join('\n');
    const inserted = lineAfterImports(found.file, text, helper, true);
    const same = edits[0];
    if (same && same.span.start === inserted.span.start) edits[0] = { ...same, newText: same.newText + inserted.newText };
    else edits.push(inserted);
    edits.push({ file: at.file, span: { start: found.call.s, end: found.call.fn.e }, newText: name });
    return { title: 'Check the token’s signature (jwt.verify)', class: 'guard', edits, create: [], manual: [] };
  },
};

// ------------------------------------------------------------------------------------------------ order

interface Move {
  readonly file: FileFacts;
  readonly guard: Stmt;
  readonly before: Stmt;
}

function moveOf(guard: Location, starts: readonly { readonly file: RelPath; readonly start: number }[], model: ProjectModel): Move | null {
  const found = find(guard, model);
  const script = found?.file.script;
  if (!found || !script || found.stmt.k !== 'expr' || found.list !== found.fn.body || starts.some((s) => s.file !== guard.file)) return null;
  const first = Math.min(...starts.map((s) => s.start));
  const before = found.list.find((s) => s.s <= first && first <= s.e);
  if (!before || before.s >= found.stmt.s) return null;
  // What is public on purpose between the two would need the guard too.
  if (model.endpointsOf(guard.file).some((e) => e.publicBy !== null && e.at.span.start >= before.s && e.at.span.start < found.stmt.s)) return null;
  // Names the guard uses have to exist up there already.
  const used = new Set([...nodesOf(found.stmt)].flatMap((n) => (n.k === 'ref' ? [n.name] : [])));
  for (const s of found.list) if (s.k === 'var' && s.s > before.s && s.decls.some((d) => d.target.k !== 'name' || used.has(d.target.name))) return null;
  return { file: found.file, guard: found.stmt, before };
}

export function canMoveGuard(guard: FakeGuard, endpoints: readonly Endpoint[], model: ProjectModel): boolean {
  return moveOf(guard.at, endpoints.map((e) => ({ file: e.at.file, start: e.at.span.start })), model) !== null;
}

export const moveGuard: Fixer = {
  class: 'guard',
  title: (finding) => `Move ${String(finding.data['guard'] ?? 'the check')} above the routes it should protect`,
  compute(finding, ctx) {
    const at = guardAt(finding);
    const keys = String(finding.data['keys'] ?? '').split('\n');
    const endpoints = ctx.model.endpoints().filter((e) => keys.includes(e.key));
    const move = at && endpoints.length > 0 ? moveOf(at, endpoints.map((e) => ({ file: e.at.file, start: e.at.span.start })), ctx.model) : null;
    const text = at ? ctx.text(at.file) : undefined;
    if (!at || !move || text === undefined) return null;
    const eol = move.file.script?.style.eol ?? '\n';
    const code = text.slice(move.guard.s, move.guard.e);
    const indent = indentAt(text, move.before.s);
    let start = move.guard.s - indentAt(text, move.guard.s).length;
    const lineEnd = text.indexOf('\n', move.guard.e);
    let end = lineEnd < 0 ? text.length : lineEnd + 1;
    if (text.slice(move.guard.e, end).trim() !== '') end = move.guard.e;
    // One empty line stays where there was one on both sides.
    const blank = /(\r?\n)[ \t]*\r?\n$/.exec(text.slice(0, start));
    if (blank && /^[ \t]*\r?\n/.test(text.slice(end))) start -= blank[1]?.length ?? 0;
    return {
      title: `Move ${String(finding.data['guard'] ?? 'the check')} above the routes it should protect`, class: 'guard', create: [], manual: [],
      edits: [
        { file: at.file, span: { start: move.before.s, end: move.before.s }, newText: `${code}${eol}${eol}${indent}` },
        { file: at.file, span: { start, end }, newText: '' },
      ],
    };
  },
};
