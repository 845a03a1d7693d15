import { defineRule } from '../../core/rule';
import type { Endpoint, ProjectModel } from '../../core/model';
import { isTestPath } from '../../core/paths';
import type { Location, RelPath } from '../../core/types';
import { readOutcome } from '../../fixes/schema';
import { bindingsOf } from '../../model/faces';
import { unusedResults } from './shared/unused';

export default defineRule({
  meta: {
    id: 'validate/unused-validation-result',
    item: 'validation',
    category: 'validation-missing',
    severity: 'high',
    title: 'A schema runs, and nobody looks at its verdict',
    businessImpact: 'The app looks validated and is not: invalid data is noticed, ignored and used all the same.',
    why: [
      '`safeParse` and joi’s `validate` do not throw. They return a verdict, and the code has to act on it: answer 400, or take the parsed data. When it does neither, the raw data goes on as if there were no schema.',
      '',
      'Looked at: results that are dropped, variables that nothing reads, an `error` that is destructured and ignored, and express-validator checks behind which `validationResult` is never asked.',
      '',
      'Not reported: `parse`, `validateAsync` and joi’s `attempt`, which throw by themselves.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [20, 252],
    owasp: ['API8'],
    messages: {
      dropped: '{{name}} does not throw and its verdict is dropped: invalid data goes on as if it were checked.',
      'never-read': 'Nothing reads what {{name}} found: invalid data goes on as if it were checked.',
      'error-ignored': 'The error of {{name}} is ignored: invalid data goes on as if it were checked.',
      chain: '{{endpoint}} has express-validator checks and never asks validationResult(req): invalid data goes on as if it were checked.',
    },
    bad: {
      'src/app.js': "import express from 'express';\nimport { z } from 'zod';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\nexport const app = express();\nconst noteSchema = z.object({ title: z.string() });\n\napp.post('/notes', async (req, res) => {\n  noteSchema.safeParse(req.body);\n  res.json(await prisma.note.create({ data: { title: req.body.title } }));\n});\n",
    },
    good: {
      'src/app.js': "import express from 'express';\nimport { z } from 'zod';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = new PrismaClient();\nexport const app = express();\nconst noteSchema = z.object({ title: z.string() });\n\napp.post('/notes', async (req, res) => {\n  const parsed = noteSchema.safeParse(req.body);\n  if (!parsed.success) return res.status(400).json({ error: 'Invalid request' });\n  res.json(await prisma.note.create({ data: parsed.data }));\n});\n",
    },
    since: '0.1.0',
  },
  on: 'file',
  check(file, ctx) {
    const { model } = ctx;
    if (!file.script || isTestPath(file.path) || model.reachesBrowser(file.path)) return;
    for (const u of unusedResults(model, file.path)) {
      const endpoint = model.endpoints().find((e) => e.handler?.file === file.path && e.handler.span.start <= u.span.start && u.span.end <= e.handler.span.end) ?? null;
      ctx.report({ at: { file: file.path, span: u.span }, messageId: u.kind, data: { name: u.name }, confidence: u.kind === 'error-ignored' ? 'medium' : 'high', endpoint, rootCause: `input:${file.path}#${u.fn}`, fixes: ['read-outcome'] });
    }
    if (!file.script.imports.some((i) => EXPRESS_VALIDATOR.test(i.specifier))) return;
    for (const { at, endpoint: e } of model.memo(null, 'unasked-chains', unaskedChains).get(file.path) ?? []) {
      ctx.report({ at, messageId: 'chain', data: { endpoint: `${e.method} ${e.path}` }, confidence: 'medium', endpoint: e, rootCause: `input:${e.handler?.file ?? e.at.file}#${e.handler?.name ?? e.path}`, fixes: ['read-outcome'] });
    }
  },
  fixes: { 'read-outcome': readOutcome },
});

const EXPRESS_VALIDATOR = /^express-validator/;

interface Chain {
  readonly at: Location;
  readonly endpoint: Endpoint;
}

/** Checks of express-validator whose outcome nobody asks for, by the file they stand in. */
function unaskedChains(model: ProjectModel): ReadonlyMap<RelPath, readonly Chain[]> {
  const out = new Map<RelPath, Chain[]>();
  const asking = (path: RelPath): boolean => {
    const script = model.file(path)?.script;
    return script != null && bindingsOf(script).some((b) => EXPRESS_VALIDATOR.test(b.specifier) && /^(validationResult|matchedData|\*|default)$/.test(b.imported));
  };
  for (const endpoint of model.endpoints()) {
    const chain = endpoint.guards.find((g) => g.kind === 'validation' && /^(body|check|query|param|header|cookie)\b/.test(g.name) && !/checkSchema/.test(g.name));
    if (!chain || !endpoint.sinks.some((s) => s.raw.some((r) => r.source === 'body' || r.source === 'query' || r.source === 'params')) || [...endpoint.dependsOn].some(asking)) continue;
    const list = out.get(chain.at.file);
    if (list) list.push({ at: chain.at, endpoint });
    else out.set(chain.at.file, [{ at: chain.at, endpoint }]);
  }
  return out;
}
