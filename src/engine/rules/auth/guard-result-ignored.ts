import { defineRule } from '../../core/rule';
import type { FakeGuard } from '../../core/model';
import { addAwait, addReturn, canAddAwait, canAddReturn, canDeny, canGuardAll, denyRequest, insertGuard } from '../../fixes/guard';
import { reportCauses } from './shared/causes';

export default defineRule({
  meta: {
    id: 'auth/guard-result-ignored',
    item: 'auth',
    category: 'auth-missing',
    severity: 'critical',
    title: 'A sign-in check does not stop the request',
    businessImpact: 'The code looks protected in review and is not: whoever fails the check gets the work done all the same.',
    why: [
      'A check protects only what it prevents. A denial without `return`, a promise nobody awaits, a mismatch that is only logged, a signature compared only when one was sent, or a `catch` that lets the request go on leave the work behind it open to everyone.',
      '',
      'Looked at: what happens on the path where the check fails: does it end before the endpoint’s work (database, files, mail, payments, AI calls) or the answer with data? The finding stands at the check; the endpoints behind it are listed with it.',
      '',
      'Not reported: denials for a bad value (400, 404, 422), helpers that throw, endpoints that are public on purpose.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [252, 862],
    owasp: ['API2'],
    messages: {
      missingReturn: 'The denial is sent, but nothing stops the request: {{count}} behind it {{can}} be called by anyone.\n{{places}}',
      logsOnly: 'The failed check is noticed and the request goes on: {{count}} behind it {{can}} be called by anyone.\n{{places}}',
      missingAwait: '{{guard}} is not awaited, so its answer comes too late: {{count}} behind it {{can}} be called by anyone.\n{{places}}',
      afterTheWork: '{{guard}} is asked only after the work is done: {{count}} {{can}} be called by anyone.\n{{places}}',
      bypass: '{{guard}} lets whoever asks for it pass unchecked: {{count}} behind it {{can}} be called by anyone.\n{{places}}',
      onlyIfSent: 'The check can be left out: {{how}}.\n{{count}} behind it {{can}} be called by anyone: {{places}}',
      catchFallsThrough: 'A failed {{guard}} is caught and the request goes on: {{count}} behind it {{can}} be called by anyone.\n{{places}}',
    },
    bad: {
      'server/app.ts': "import express, { type NextFunction, type Request, type Response } from 'express';\nimport { Pool } from 'pg';\n\nconst app = express();\nconst pool = new Pool();\n\nfunction requireKey(req: Request, res: Response, next: NextFunction) {\n  if (req.headers['x-api-key'] !== process.env.API_KEY) {\n    res.status(401).json({ error: 'Unauthorized' });\n  }\n  next();\n}\n\napp.delete('/customers/:id', requireKey, async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    good: {
      'server/app.ts': "import express, { type NextFunction, type Request, type Response } from 'express';\nimport { Pool } from 'pg';\n\nconst app = express();\nconst pool = new Pool();\n\nfunction requireKey(req: Request, res: Response, next: NextFunction) {\n  if (!process.env.API_KEY || req.headers['x-api-key'] !== process.env.API_KEY) {\n    res.status(401).json({ error: 'Unauthorized' });\n    return;\n  }\n  next();\n}\n\napp.delete('/customers/:id', requireKey, async (req, res) => {\n  await pool.query('DELETE FROM customers WHERE id = $1', [req.params.id]);\n  res.status(204).end();\n});\n\napp.listen(3000);\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    reportCauses('ignored', model, ctx, (g) => MESSAGES[g.kind] ?? 'logsOnly', (cause, endpoints) => {
      if (cause.guard.kind === 'missing-return' && canAddReturn(cause.guard, model)) return ['add-return'];
      if (cause.guard.kind === 'missing-await' && canAddAwait(cause.guard, model)) return ['add-await'];
      if (cause.guard.kind === 'logs-but-continues' && canDeny(cause.guard, endpoints, model)) return ['deny'];
      return canGuardAll(cause.guard, endpoints, model) ? ['require-user'] : [];
    });
  },
  fixes: { 'add-return': addReturn, 'add-await': addAwait, deny: denyRequest, 'require-user': insertGuard },
});

const MESSAGES: Partial<Record<FakeGuard['kind'], 'missingReturn' | 'logsOnly' | 'missingAwait' | 'afterTheWork' | 'catchFallsThrough' | 'bypass' | 'onlyIfSent'>> = {
  'missing-return': 'missingReturn', 'logs-but-continues': 'logsOnly', 'missing-await': 'missingAwait', 'after-the-work': 'afterTheWork', 'catch-falls-through': 'catchFallsThrough', 'bypass-flag': 'bypass', 'only-if-sent': 'onlyIfSent',
};
