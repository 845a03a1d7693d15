/** Small rules that make findings and fixes of every kind, independent of the product's own. */
import { defineRule, type AnyRule, type RuleMeta } from '../../src/engine/core/rule';
import type { Severity } from '../../src/engine/core/types';

const meta = <M extends string>(id: RuleMeta<M>['id'], severity: Severity, messages: RuleMeta<M>['messages']): RuleMeta<M> => ({
  id, item: 'secrets', category: 'secret-exposed', severity, title: `Title of ${id}`, businessImpact: 'It costs money.', why: 'w', effort: 'minutes', cwe: [], owasp: [], messages, bad: {}, good: {}, since: '0.1.0',
});

/** `// BAD-KEY "value"` in code: moves the value into .env. */
export const keyRule = defineRule({
  meta: meta('secrets/test-key', 'critical', { found: 'A key stands in the code' }),
  on: 'file',
  check(file, ctx) {
    for (const fn of file.script?.functions ?? []) {
      for (const s of fn.body) {
        if (s.k !== 'var') continue;
        for (const d of s.decls) {
          if (d.target.k === 'name' && /Key$/.test(d.target.name) && d.init && (d.init.k === 'str' || d.init.k === 'redacted')) {
            ctx.report({ at: { file: file.path, span: { start: d.init.s, end: d.init.e } }, messageId: 'found', fixes: ['move'], data: { start: d.init.s, end: d.init.e, name: d.target.name } });
          }
        }
      }
    }
  },
  fixes: {
    move: {
      class: 'safe',
      title: () => 'Move it to .env',
      compute(finding, ctx) {
        const text = ctx.text(finding.at.file) ?? '';
        const { start, end } = finding.at.span;
        const name = String(finding.data['name']).replace(/([A-Z])/g, '_$1').toUpperCase();
        const value = text.slice(start + 1, end - 1);
        const line = `${name}=${value}\n`;
        const env = '.env' as typeof finding.at.file;
        const old = ctx.text(env);
        return {
          title: 'Move it to .env', class: 'safe',
          edits: [{ file: finding.at.file, span: finding.at.span, newText: `process.env.${name}` }, ...(old === undefined ? [] : [{ file: env, span: { start: old.length, end: old.length }, newText: (old === '' || old.endsWith('\n') ? '' : '\n') + line, sensitive: true }])],
          create: old === undefined ? [{ file: env, text: line, sensitive: true }] : [],
          manual: [`Rotate ${name}`],
        };
      },
    },
  },
});

/** Any call of `open()`: a guard fix. */
export const openRule = defineRule({
  meta: meta('auth/test-open', 'high', { found: 'Anyone may call {{name}}' }),
  on: 'file',
  check(file, ctx) {
    for (const fn of file.script?.functions ?? []) {
      for (const s of fn.body) {
        if (s.k === 'expr' && s.x.k === 'call' && s.x.fn.k === 'ref' && s.x.fn.name === 'open') ctx.report({ at: { file: file.path, span: { start: s.x.fn.s, end: s.x.fn.e } }, messageId: 'found', data: { name: 'open' }, fixes: ['guard'] });
      }
    }
  },
  fixes: {
    guard: {
      class: 'guard',
      title: () => 'Guard it',
      compute: (finding) => ({ title: 'Guard it', class: 'guard', edits: [{ file: finding.at.file, span: finding.at.span, newText: 'guarded' }], create: [], manual: [] }),
    },
  },
});

export const throwingRule = defineRule({
  meta: meta('error/test-throws', 'low', { x: 'x' }),
  on: 'file',
  check(file) {
    throw new Error(`the rule broke on ${file.path}`);
  },
});

export const TEST_RULES: readonly AnyRule[] = [keyRule, openRule];
