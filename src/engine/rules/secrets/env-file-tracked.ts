import { defineRule } from '../../core/rule';
import type { Severity } from '../../core/types';
import { PUBLIC_PREFIX, untrackEnvFile } from '../../fixes/env';
import { nameClass } from '../../extract/secrets/names';
import { isEnvPath } from '../../extract/secrets/places';

export default defineRule({
  meta: {
    id: 'secrets/env-file-tracked',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'critical',
    title: 'An env file is under version control',
    businessImpact: 'Everyone who ever had the repository, every contractor and every fork included, has the passwords in this file.',
    why: [
      'Env files exist so that secrets stay out of the repository. Once one is committed, its values are in every clone, and deleting the file later does not remove them from the history.',
      '',
      'Looked at: `.git/index` (git itself is not run), for env files that are tracked, and what is in them. A file with a server’s secrets is critical, one with only public settings is a note.',
      '',
      'Not reported: examples and templates, encrypted env files (dotenvx, SOPS), files that git ignores.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [538],
    owasp: ['API8'],
    messages: {
      secrets: '{{file}} is committed with {{count}} in it: everyone with the repository has them.',
      maybe: '{{file}} is committed: what is put into it reaches everyone with the repository.',
    },
    bad: { '.env': 'STRIPE_SECRET_KEY={{secret:stripe-live}}\nPORT=3000\n' },
    good: { '.gitignore': '.env\n', '.env.example': 'STRIPE_SECRET_KEY=\nPORT=3000\n' },
    since: '0.1.0',
  },
  on: 'file',
  check(file, ctx) {
    if (!isEnvPath(file.path) || ctx.model.git.tracked?.has(file.path) !== true) return;
    if (file.envNames.some((e) => /^DOTENV_PUBLIC_KEY|^sops_/.test(e.name))) return;
    const filled = file.envNames.filter((e) => e.hasValue);
    const secrets = ctx.model.secretsOf(file.path).filter((s) => !s.fact.publicByDesign && s.fact.severity !== 'low');
    if (filled.length === 0 && secrets.length === 0) return;
    const sure = secrets.filter((s) => s.fact.confidence !== 'low');
    const severity: Severity =
      sure.some((s) => s.fact.severity === 'critical' || s.fact.severity === 'high') ? 'critical'
      : filled.some((e) => !PUBLIC_PREFIX.test(e.name) && (nameClass(e.name) !== 'none')) || sure.length > 0 ? 'medium'
      : 'info';
    const first = filled[0] ?? file.envNames[0];
    // The name only: a finding's place never covers a value.
    const start = first?.span.start ?? 0;
    ctx.report({
      at: { file: file.path, span: { start, end: start + (first?.name.length ?? 0) } },
      messageId: sure.length > 0 ? 'secrets' : 'maybe',
      data: { file: file.path, count: sure.length === 1 ? 'a secret' : `${sure.length} secrets`, envName: first?.name ?? file.path, detector: 'env-file' },
      evidence: sure.slice(0, 8).map((s) => ({ at: { file: file.path, span: s.fact.span }, note: `${s.fact.envName}: ${s.fact.label}` })),
      severity,
      confidence: 'proven',
      rootCause: `tracked:${file.path}`,
      fixes: ['untrack'],
    });
  },
  fixes: { untrack: untrackEnvFile },
});
