/** Environment secrets in what an endpoint answers. */
import type { Endpoint, EnvLeak, ProjectModel } from '../../core/model';
import { defineRule } from '../../core/rule';
import type { Severity } from '../../core/types';
import { type Caller, callersOf } from '../endpoint/shared/callers';

export default defineRule({
  meta: {
    id: 'secrets/secret-in-response',
    item: 'secrets',
    category: 'secret-client',
    severity: 'critical',
    title: 'An endpoint answers with server secrets',
    businessImpact: 'One request empties the vault: whoever calls this endpoint reads the keys to your database, payments and sign-ins.',
    why: 'Configuration objects and `process.env` hold every key the server has. Debug and status endpoints that return them hand those keys to the caller, and to every log and proxy on the way.\n\nLooked at: what each endpoint sends back, followed through helpers and configuration modules. Names meant for the browser (publishable keys, `NEXT_PUBLIC_…`) are fine. Behind a sign-in it weighs less, behind an administrator’s role less again: he may set the key and need not be able to copy it.',
    effort: 'minutes',
    cwe: [200, 201],
    owasp: ['API3'],
    messages: {
      whole: '{{method}} {{path}} sends the whole environment to the caller: every key the server has.',
      names: '{{method}} {{path}} sends server secrets to the caller: {{names}}.',
      wholeTo: '{{who}} can read the whole environment through {{method}} {{path}}: every key the server has.',
      namesTo: '{{who}} can read server secrets through {{method}} {{path}}: {{names}}.',
    },
    bad: { 'app/api/debug/route.ts': 'export async function GET() {\n  return Response.json({ env: process.env });\n}\n' },
    good: { 'app/api/debug/route.ts': 'export async function GET() {\n  return Response.json({ stage: process.env.APP_ENV, ready: Boolean(process.env.DATABASE_URL) });\n}\n' },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    for (const leak of endpoint.envLeaks) {
      const { who, name } = callersOf(endpoint, ctx.model);
      const known = endpoint.auth === 'required';
      ctx.report({
        at: leak.at, messageId: leak.whole ? (known ? 'wholeTo' : 'whole') : known ? 'namesTo' : 'names', endpoint, confidence: 'high',
        data: { method: endpoint.method, path: endpoint.path, names: leak.names.join(', '), reach: known ? who : 'public', who: name },
        ...weightOf(endpoint, leak, ctx.model),
        rootCause: `response:${endpoint.at.file}:${endpoint.at.span.start}`,
      });
    }
  },
});

const SEVERITY: Readonly<Record<Caller, Severity>> = { anyone: 'critical', members: 'high', staff: 'medium', owner: 'medium' };

/** What it costs: who gets it, and whether it is one key or all of them. */
function weightOf(endpoint: Endpoint, leak: EnvLeak, model: ProjectModel): { readonly severity?: Severity; readonly businessImpact?: string } {
  const { who } = callersOf(endpoint, model);
  const severity = SEVERITY[who];
  const one = !leak.whole && leak.names.length === 1;
  if (who === 'anyone') return one ? { businessImpact: 'Whoever calls this endpoint has the key, and whatever it opens or pays for.' } : {};
  const what = one ? 'this key' : leak.whole ? 'every key of the server' : 'these keys';
  if (who === 'members') return { severity, businessImpact: `Every user who signs in can copy ${what}, for use outside your app.` };
  return { severity, businessImpact: `Whoever has such an account, or takes one over, can copy ${what}, for use outside your app where nobody sees it.` };
}
