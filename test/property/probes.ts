/** Rules that report all they can see: with them "the same findings" means "the same model". */
import type { FileFacts } from '../../src/engine/core/facts';
import type { Endpoint, ProjectModel } from '../../src/engine/core/model';
import { type AnyRule, defineRule, type RuleMeta } from '../../src/engine/core/rule';
import type { RelPath } from '../../src/engine/core/types';

const meta = (id: RuleMeta<'x'>['id']): RuleMeta<'x'> => ({
  id, item: 'secrets', category: 'secret-exposed', severity: 'low', title: id, businessImpact: 'b', why: 'w', effort: 'minutes', cwe: [], owasp: [], messages: { x: '{{it}}' }, bad: {}, good: {}, since: '0.1.0',
});

export function plain(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => (v instanceof Set ? [...(v as Set<string>)].sort() : v instanceof Map ? [...(v as Map<string, unknown>)] : v));
}

const ofEndpoint = (e: Endpoint) => plain(e);

/** What every file tells; of half of them the code as well, so that the others stay unread where only their outline is needed. */
function told(f: FileFacts): unknown {
  const { path, hash, language, bytes, secrets, suppressions, config, envNames, script } = f;
  const face = script && [script.directives, script.imports, script.exports, script.envReads, script.hasJsx, script.isCommonJs];
  const code = path.length % 2 === 0 && script ? [f.parse, f.skippedBecause, script.functions, script.classes, script.afterImports, script.style] : null;
  return [path, hash, language, bytes, secrets, suppressions, config, envNames, face, code];
}

export const PROBES: readonly AnyRule[] = [
  defineRule({
    meta: meta('endpoint/probe'),
    on: 'endpoint',
    check: (e, ctx) => ctx.report({ at: e.at, messageId: 'x', data: { it: ofEndpoint(e) }, endpoint: e }),
  }),
  defineRule({
    meta: meta('auth/probe-guards'),
    on: 'endpoint',
    // Stands at the guard, wherever that is.
    check(e, ctx) {
      for (const g of [...e.guards, ...e.fakeGuards]) ctx.report({ at: g.at, messageId: 'x', data: { it: `${g.name} ${g.kind}` }, evidence: [{ at: e.at, note: 'n' }] });
    },
  }),
  defineRule({
    meta: meta('authz/probe-neighbours'),
    on: 'endpoint',
    check(e, ctx) {
      const same = ctx.model.endpoints().filter((x) => x.scope === e.scope);
      const handler = e.handler ? ctx.model.file(e.handler.file)?.script?.functions[e.handler.fn ?? 0]?.params.length : null;
      ctx.report({ at: e.at, messageId: 'x', data: { it: `${same.length} ${handler}` } });
    },
  }),
  defineRule({
    meta: meta('secrets/probe'),
    on: 'secret',
    check: (s, ctx) => ctx.report({ at: s.at, messageId: 'x', data: { it: plain(s), secret: s.fact.fingerprint } }),
  }),
  defineRule({
    meta: meta('env/probe-file'),
    on: 'env-file',
    check: (f, ctx) => ctx.report({ at: { file: f.file.path, span: { start: 0, end: 1 } }, messageId: 'x', data: { it: plain([f.tracked, f.ignored, f.file.envNames]) } }),
  }),
  defineRule({
    meta: meta('test/probe-file'),
    on: 'file',
    check(f, ctx) {
      const m = ctx.model;
      const imports = (f.script?.imports ?? []).map((i) => {
        const r = m.resolve(f.path, i.specifier);
        return [i.specifier, r, r && 'file' in r ? m.file(r.file)?.script?.exports.length : null];
      });
      ctx.report({ at: { file: f.path, span: { start: 0, end: 0 } }, messageId: 'x', data: { it: plain([told(f), imports, m.reachesBrowser(f.path), m.importersOf(f.path), m.packageOf(f.path)?.root ?? null, m.git.isIgnored(f.path)]) } });
    },
  }),
  defineRule({
    meta: meta('docs/probe-project'),
    on: 'project',
    check(m, ctx) {
      for (const [path, text] of summary(m)) ctx.report({ at: { file: path, span: { start: 0, end: 1 } }, messageId: 'x', data: { it: text } });
    },
  }),
  defineRule({
    meta: meta('docs/probe-answers'),
    on: 'file',
    // Answers built on answers, of what was read from one file, from all of them, and from endpoints with their places.
    check(f, ctx) {
      const m = ctx.model;
      const sinks = m.endpointsOf(f.path).map((e) => m.memo(e, 'probe-sinks', (x) => [e.sinks.map((s) => s.at), x.memo(null, `probe-code:${e.handler?.file ?? ''}`, (y) => codeOf(y, e.handler?.file))]));
      ctx.report({ at: { file: f.path, span: { start: 0, end: 0 } }, messageId: 'x', data: { it: plain([m.memo(null, `probe-length:${f.path}`, (x) => answers(x, f.path)), sinks]) } });
    },
  }),
  defineRule({
    meta: meta('authz/probe-answers'),
    on: 'project',
    check(m, ctx) {
      for (const e of m.endpoints()) ctx.report({ at: e.at, messageId: 'x', data: { it: plain(m.memo(e, 'probe-guards', (x) => [e.guards.map((g) => g.at), answers(x, e.at.file)])) } });
    },
  }),
];

/** Changes seldom: whoever uses it need not look again after most edits. */
function answers(m: ProjectModel, file: RelPath): unknown {
  return [
    m.memo(null, `probe-statements:${file}`, (x) => x.file(file)?.script?.functions[0]?.body.length ?? null),
    m.memo(null, 'probe-open', (x) => x.memo(null, 'probe-all', (y) => y.endpoints().map((e) => [e, e.auth] as const)).filter(([, auth]) => auth === 'none').map(([e]) => [e.method, e.path, e.at])),
  ];
}

function codeOf(m: ProjectModel, file: RelPath | undefined): unknown {
  return file === undefined ? null : m.file(file)?.script?.functions.map((f) => [f.name, f.span, f.body.length]);
}

function summary(m: ProjectModel): Map<RelPath, string> {
  const out = new Map<RelPath, string>();
  let previous = '';
  for (const f of m.files()) {
    if (f.script) out.set(f.path, `${previous} ${f.script.functions.length} ${f.secrets.length}`);
    previous = f.path;
  }
  const stack = plain(m.stack());
  for (const e of m.endpoints()) out.set(e.at.file, `${e.key} ${stack}`);
  return out;
}
