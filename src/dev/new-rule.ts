/** `npm run new-rule endpoint/some-defect`: a rule and its test from templates, and the generated files with them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RULE_GROUPS, type Category, type RuleGroup, type SprintItemId } from '../engine/core/types';
import { RULES_DIR, generate } from './generate';

/** What a group's rules usually are (RULES.md, part 0); a rule may differ. */
const GROUPS: Readonly<Record<RuleGroup, { readonly item: SprintItemId; readonly category: Category; readonly on: string }>> = {
  secrets: { item: 'secrets', category: 'secret-exposed', on: 'secret' },
  env: { item: 'environments', category: 'env-separation', on: 'env-file' },
  endpoint: { item: 'endpoints', category: 'auth-missing', on: 'endpoint' },
  auth: { item: 'auth', category: 'auth-missing', on: 'endpoint' },
  authz: { item: 'authorization', category: 'authz-missing', on: 'endpoint' },
  validate: { item: 'validation', category: 'validation-missing', on: 'endpoint' },
  cors: { item: 'cors', category: 'cors-permissive', on: 'file' },
  db: { item: 'database', category: 'db-rules-open', on: 'project' },
  index: { item: 'indexes', category: 'index-missing', on: 'project' },
  perf: { item: 'queries', category: 'query-unbounded', on: 'endpoint' },
  error: { item: 'errors', category: 'error-unhandled', on: 'file' },
  log: { item: 'logging', category: 'observability-missing', on: 'file' },
  sentry: { item: 'sentry', category: 'observability-missing', on: 'project' },
  test: { item: 'regression', category: 'regression-missing', on: 'project' },
  deploy: { item: 'redeploy', category: 'deploy-readiness', on: 'project' },
  monitor: { item: 'monitoring', category: 'observability-missing', on: 'project' },
  docs: { item: 'documentation', category: 'documentation-missing', on: 'project' },
  ai: { item: 'ai', category: 'llm-guardrail', on: 'endpoint' },
  webhook: { item: 'endpoints', category: 'webhook-unverified', on: 'endpoint' },
};

export function checkId(id: string): { readonly ok: true; readonly group: RuleGroup; readonly name: string } | { readonly ok: false; readonly message: string } {
  const [group, name, ...more] = id.split('/');
  const known = RULE_GROUPS.find((g) => g === group);
  if (!known) return { ok: false, message: `"${id}": the group must be one of ${RULE_GROUPS.join(', ')}` };
  if (name === undefined || more.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return { ok: false, message: `"${id}": give group/defect-name in lower-case words joined by -, e.g. ${known}/some-defect` };
  return { ok: true, group: known, name };
}

const AT: Readonly<Record<string, string>> = {
  endpoint: 'endpoint.at', secret: 'secret.at', 'env-file': '{ file: envFile.file.path, span: { start: 0, end: 1 } }', file: '{ file: file.path, span: { start: 0, end: 1 } }', project: 'at',
};
const NAME: Readonly<Record<string, string>> = { endpoint: 'endpoint', secret: 'secret', 'env-file': 'envFile', file: 'file', project: 'project' };

export function ruleTemplate(group: RuleGroup, name: string, since: string): string {
  const { item, category, on } = GROUPS[group];
  const title = name.replace(/-/g, ' ').replace(/^./, (c) => c.toUpperCase());
  const body =
    on === 'project'
      ? [`  check(project, ctx) {`, `    for (const file of project.files()) {`, `      // TODO: return early unless the defect is there.`, `      if (file.path === '') ctx.report({ at: { file: file.path, span: { start: 0, end: 1 } }, messageId: 'found' });`, `    }`, `  },`]
      : [`  check(${NAME[on]}, ctx) {`, `    // TODO: return early unless the defect is there.`, `    ctx.report({ at: ${AT[on]}, messageId: 'found' });`, `  },`];
  return [
    "import { defineRule } from '../../core/rule';",
    '',
    'export default defineRule({',
    '  meta: {',
    `    id: '${group}/${name}',`,
    `    item: '${item}',`,
    `    category: '${category}',`,
    "    severity: 'high',",
    `    title: '${title}',`,
    "    businessImpact: 'TODO: one sentence, what it costs the business.',",
    "    why: 'TODO: why it matters, what is looked at, what is not.',",
    "    effort: 'hours',",
    '    cwe: [],',
    '    owasp: [],',
    "    messages: { found: 'TODO: first line short and complete.' },",
    "    bad: { 'src/app.ts': 'TODO' },",
    "    good: { 'src/app.ts': 'TODO' },",
    `    since: '${since}',`,
    '  },',
    `  on: '${on}',`,
    ...body,
    '});',
    '',
  ].join('\n');
}

export function testTemplate(group: RuleGroup, name: string): string {
  return [
    "import { ruleTester } from '../../support/rule-tester';",
    `import rule from '../../../src/engine/rules/${group}/${name}';`,
    '',
    'ruleTester(rule, {',
    '  valid: [',
    "    { name: 'TODO: a look-alike that must stay silent', files: { 'src/app.ts': `` } },",
    '  ],',
    '  invalid: [',
    "    { name: 'TODO: the defect', files: { 'src/app.ts': `` }, findings: [{ messageId: 'found', file: 'src/app.ts', line: 1 }] },",
    '  ],',
    '});',
    '',
  ].join('\n');
}

/** Writes rule and test; refuses to touch what is there. Returns the paths. */
export function writeNewRule(root: string, id: string, since: string): readonly string[] {
  const checked = checkId(id);
  if (!checked.ok) throw new Error(checked.message);
  const { group, name } = checked;
  const files = [
    [`${RULES_DIR}/${id}.ts`, ruleTemplate(group, name, since)],
    [`test/rules/${id}.test.ts`, testTemplate(group, name)],
  ] as const;
  for (const [path] of files) if (existsSync(join(root, path))) throw new Error(`${path} is there already`);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return files.map(([path]) => path);
}

async function main(args: readonly string[], root: string): Promise<number> {
  const id = args[0];
  if (id === undefined || args.length !== 1) {
    console.error('usage: npm run new-rule group/defect-name');
    return 2;
  }
  const { default: packageJson } = (await import('../../package.json')) as { default: { version: string } };
  for (const path of writeNewRule(root, id, packageJson.version)) console.log(`wrote  ${path}`);
  for (const path of (await generate(root, false)).stale) console.log(`wrote  ${path}`);
  console.log('Next: fill in the TODOs, then npm test.');
  return 0;
}

if (process.argv[1] !== undefined && /[\\/]dev[\\/]new-rule\.[cm]?[jt]s$/.test(process.argv[1])) {
  void main(process.argv.slice(2), process.cwd()).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 2;
    },
  );
}
