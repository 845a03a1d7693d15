import { defineRule } from '../../core/rule';
import { joinPath } from '../../core/paths';
import type { ProjectModel, SecretEntity } from '../../core/model';
import type { RelPath, Severity } from '../../core/types';
import { addToGitignore, envTarget } from '../../fixes/env';
import { isEnvPath } from '../../extract/secrets/places';

export default defineRule({
  meta: {
    id: 'secrets/gitignore-missing-env',
    item: 'secrets',
    category: 'secret-exposed',
    severity: 'high',
    title: '.gitignore does not cover env files',
    businessImpact: 'The next commit can publish your passwords without anybody noticing.',
    why: [
      'Editors and AI agents run `git add .`. What `.gitignore` does not name goes into the repository.',
      '',
      'Looked at: what git would do with `.env` and with the env file this stack loads, with negations and nested files taken into account, in projects that read environment variables.',
      '',
      'In a folder without git nobody can tell what is committed: an env file with live secrets that no `.gitignore` covers is a question there.',
      '',
      'Not reported: projects whose env file is already committed (that finding says more).',
    ].join('\n'),
    effort: 'minutes',
    cwe: [538],
    owasp: ['API8'],
    messages: {
      exists: '{{file}} exists and git does not ignore it: the next commit publishes what is in it.',
      asked: 'Have a look: is {{file}} in your repository? No .gitignore covers it, and it holds {{what}}.\nIf it is, everyone with the repository has it: take the file out, name it in .gitignore, and replace what is in it.',
      missing: '.gitignore does not cover {{file}}: the first env file somebody writes goes into the repository.',
    },
    bad: { '.gitignore': 'node_modules\n', 'package.json': '{ "dependencies": { "express": "5.0.0", "dotenv": "16.0.0" } }\n', 'src/app.ts': 'export const url = process.env.DATABASE_URL;\n' },
    good: { '.gitignore': 'node_modules\n.env\n.env.*\n!.env.example\n', 'package.json': '{ "dependencies": { "express": "5.0.0", "dotenv": "16.0.0" } }\n', 'src/app.ts': 'export const url = process.env.DATABASE_URL;\n' },
    since: '0.1.0',
  },
  on: 'project',
  check(project, ctx) {
    const { tracked } = project.git;
    const envFiles = [...project.paths()].filter(isEnvPath);
    if (tracked === null) {
      const live = envFiles.filter((f) => !project.git.isIgnored(f)).map((file) => ({ file, secrets: project.secretsOf(file).filter(isLive) })).filter((f) => f.secrets.length > 0);
      const [first] = live;
      const secret = first?.secrets[0];
      if (first === undefined || secret === undefined) return;
      const start = secret.fact.span.start - secret.fact.envName.length - 1;
      ctx.report({
        // The name only: a finding's place never covers a value.
        at: { file: first.file, span: { start: Math.max(0, start), end: Math.max(0, start) + secret.fact.envName.length } }, messageId: 'asked', confidence: 'low', rootCause: 'gitignore:env', fixes: ['add-to-gitignore'],
        data: { file: first.file, what: first.secrets.length === 1 ? 'a live secret' : `${first.secrets.length} live secrets`, envName: secret.fact.envName, detector: 'gitignore' },
        businessImpact: 'Everyone who ever had the repository, every contractor and every fork included, would have the passwords in this file.',
        evidence: live.flatMap((f) => f.secrets.map((s) => ({ at: { file: f.file, span: s.fact.span }, note: `${s.fact.envName}: ${s.fact.label}` }))).slice(0, 8),
      });
      return;
    }
    if (envFiles.some((f) => tracked.has(f))) return;
    const open = envFiles.find((f) => !project.git.isIgnored(f));
    const probe = open ?? probes(project).find((p) => !project.git.isIgnored(p));
    if (probe === undefined) return;
    const at = place(project);
    if (at === null) return;
    const usesFiles = [...project.paths()].some((p) => /(?:^|\/)\.?env\.(?:example|sample|template)$/.test(p)) || project.stack().packages.some((p) => 'dotenv' in p.dependencies || 'dotenv' in p.devDependencies);
    const severity: Severity = open !== undefined ? 'high' : usesFiles ? 'medium' : 'low';
    ctx.report({
      at: { file: at, span: { start: 0, end: 0 } }, messageId: open === undefined ? 'missing' : 'exists', data: { file: probe, envName: probe, detector: 'gitignore' }, severity,
      confidence: 'high', rootCause: 'gitignore:env', fixes: ['add-to-gitignore'],
    });
  },
  fixes: { 'add-to-gitignore': addToGitignore },
});

/** Opens something beyond this machine: a key of a provider, a hosted database, a password or signing key with nothing made up about it. */
function isLive({ fact }: SecretEntity): boolean {
  return !fact.publicByDesign && (fact.severity === 'critical' || fact.severity === 'high') && fact.confidence !== 'low' && (fact.kind !== 'named-assignment' || fact.confidence === 'high' || fact.detector === 'named-password');
}

/** The file this program would load, and the one that everybody writes first; none when nothing is read from the environment. */
function probes(project: ProjectModel): readonly RelPath[] {
  for (const [path, face] of project.faces()) if (face.envNames.length > 0) return [envTarget(project, path).file, '.env' as RelPath];
  return [];
}

/** Where the finding stands; a folder with neither file is no project. */
function place(project: ProjectModel): RelPath | null {
  for (const name of ['.gitignore', 'package.json']) {
    const path = joinPath('', name);
    if (path !== null && project.file(path)) return path;
  }
  return null;
}
