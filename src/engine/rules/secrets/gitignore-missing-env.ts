import { defineRule } from '../../core/rule';
import { joinPath } from '../../core/paths';
import type { ProjectModel } from '../../core/model';
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
      'Not reported: folders without git; projects whose env file is already committed (that finding says more).',
    ].join('\n'),
    effort: 'minutes',
    cwe: [538],
    owasp: ['API8'],
    messages: {
      exists: '{{file}} exists and git does not ignore it: the next commit publishes what is in it.',
      missing: '.gitignore does not cover {{file}}: the first env file somebody writes goes into the repository.',
    },
    bad: { '.gitignore': 'node_modules\n', 'package.json': '{ "dependencies": { "express": "5.0.0", "dotenv": "16.0.0" } }\n', 'src/app.ts': 'export const url = process.env.DATABASE_URL;\n' },
    good: { '.gitignore': 'node_modules\n.env\n.env.*\n!.env.example\n', 'package.json': '{ "dependencies": { "express": "5.0.0", "dotenv": "16.0.0" } }\n', 'src/app.ts': 'export const url = process.env.DATABASE_URL;\n' },
    since: '0.1.0',
  },
  on: 'project',
  check(project, ctx) {
    const { tracked } = project.git;
    if (tracked === null) return;
    const envFiles = [...project.paths()].filter(isEnvPath);
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
