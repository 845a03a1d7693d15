/** Environment secrets in what an endpoint answers. */
import { defineRule } from '../../core/rule';

export default defineRule({
  meta: {
    id: 'secrets/secret-in-response',
    item: 'secrets',
    category: 'secret-client',
    severity: 'critical',
    title: 'An endpoint answers with server secrets',
    businessImpact: 'One request empties the vault: whoever calls this endpoint reads the keys to your database, payments and sign-ins.',
    why: 'Configuration objects and `process.env` hold every key the server has. Debug and status endpoints that return them hand those keys to the caller, and to every log and proxy on the way.\n\nLooked at: what each endpoint sends back, followed through helpers and configuration modules. Names meant for the browser (publishable keys, `NEXT_PUBLIC_…`) are fine.',
    effort: 'minutes',
    cwe: [200, 201],
    owasp: ['API3'],
    messages: {
      whole: '{{method}} {{path}} sends the whole environment to the caller: every key the server has.',
      names: '{{method}} {{path}} sends server secrets to the caller: {{names}}.',
    },
    bad: { 'app/api/debug/route.ts': 'export async function GET() {\n  return Response.json({ env: process.env });\n}\n' },
    good: { 'app/api/debug/route.ts': 'export async function GET() {\n  return Response.json({ stage: process.env.APP_ENV, ready: Boolean(process.env.DATABASE_URL) });\n}\n' },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    for (const leak of endpoint.envLeaks) {
      ctx.report({
        at: leak.at, messageId: leak.whole ? 'whole' : 'names', endpoint, confidence: 'high',
        data: { method: endpoint.method, path: endpoint.path, names: leak.names.join(', '), reach: 'public' },
        rootCause: `response:${endpoint.at.file}:${endpoint.at.span.start}`,
      });
    }
  },
});
