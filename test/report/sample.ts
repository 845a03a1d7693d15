/** A made-up audit, of the shape a real one has: for the tests of sprint and report. */
import type { Endpoint, Guard, SinkUse } from '../../src/engine/core/model';
import type { RuleMeta } from '../../src/engine/core/rule';
import { LineIndex } from '../../src/engine/core/text';
import type { Confidence, Category, Fingerprint, Finding, RelPath, RuleId, Severity, Span, SprintItemId } from '../../src/engine/core/types';
import type { AuditResult } from '../../src/engine/session/api';
import { buildReport, type Positions, type ReportInput, type RescueReport } from '../../src/report/build';
import { EMPTY_STATE } from '../../src/sprint/state';

export const path = (text: string): RelPath => text as RelPath;

export function metaOf(id: RuleId, item: SprintItemId, category: Category, over: Partial<RuleMeta<string>> = {}): RuleMeta<string> {
  return {
    id, item, category, severity: 'critical', title: `Title of ${id}`, businessImpact: `Impact of ${id}.`, why: 'Why it matters.', effort: 'minutes', cwe: [306], owasp: ['API2'],
    messages: { found: 'Found.' }, bad: { 'src/app.ts': 'bad()' }, good: { 'src/app.ts': 'good()' }, since: '0.1.0', ...over,
  };
}

export const METAS: ReadonlyMap<RuleId, RuleMeta<string>> = new Map(
  [
    metaOf('secrets/hardcoded-credential', 'secrets', 'secret-exposed', { title: 'Secret in the code', cwe: [798], owasp: ['API8'] }),
    metaOf('secrets/client-bundle-secret', 'secrets', 'secret-client', { title: 'Secret in browser code', effort: 'hours' }),
    metaOf('endpoint/unauthenticated-mutation', 'endpoints', 'auth-missing', { title: 'Endpoint anyone can call' }),
    metaOf('auth/guard-result-ignored', 'auth', 'auth-missing', { title: 'Guard that stops nobody' }),
    metaOf('validate/unvalidated-input', 'validation', 'validation-missing', { severity: 'high', title: 'Input used as it comes' }),
    metaOf('webhook/unverified-signature', 'endpoints', 'webhook-unverified', { title: 'Webhook without a signature check', effort: 'hours' }),
  ].map((meta) => [meta.id, meta]),
);

let nth = 0;
export function finding(over: Partial<Omit<Finding, 'at'>> & { file?: string; start?: number }): Finding {
  const { file = 'src/app.ts', start = 0, ...rest } = over;
  nth++;
  return {
    ruleId: 'endpoint/unauthenticated-mutation', category: 'auth-missing', severity: 'critical', confidence: 'high', at: { file: path(file), span: { start, end: start + 10 } },
    message: 'Runs without checking who is calling.', businessImpact: 'A stranger can change customer data without signing in.', evidence: [], endpoint: null, rootCause: `cause-${nth}`,
    fixes: [], data: {}, fingerprint: nth.toString(16).padStart(16, '0') as Fingerprint, ...rest,
  };
}

export function guard(name: string, over: Partial<Guard> = {}): Guard {
  return { name, kind: 'authentication', level: 'route', at: { file: path('src/auth.ts'), span: { start: 0, end: 5 } }, because: 'summary', effect: 'enforces', ...over };
}

export function sink(kind: SinkUse['kind'], target: string | null, over: Partial<SinkUse> = {}): SinkUse {
  return { kind, target, op: 'insert', at: { file: path('src/app.ts'), span: { start: 0, end: 1 } }, guarded: false, asUser: false, rowGated: false, incidental: false, service: null, fixedHost: false, strangers: 'unknown', raw: [], wholeRow: false, validated: false, loopDepth: 0, lazy: false, published: 'no', shown: 'unknown', shownColumns: [], shownWhole: false, toUs: false, ...over };
}

export function endpoint(name: string, over: Partial<Omit<Endpoint, 'at'>> & { file?: string; start?: number } = {}): Endpoint {
  const { file = 'src/app.ts', start = 0, ...rest } = over;
  const cut = name.indexOf(' ');
  const method = name.slice(0, cut);
  return {
    key: `express ${name}@${file}`, framework: 'express', method, path: name.slice(cut + 1), at: { file: path(file), span: { start, end: start + 10 } }, handler: null, guards: [], fakeGuards: [],
    auth: 'none', authEvidence: [], roles: [], inputs: [], validated: 'n/a', publicBy: null, sinks: [], asksInVain: false, changesMemory: false, pagesGuarded: false, saysFixed: false, envLeaks: [], uploads: [], mutates: method !== 'GET', returnsData: method === 'GET', scope: `router:${file}`, mounted: true,
    dependsOn: new Set([path(file)]), ...rest,
  };
}

export function result(over: Partial<AuditResult> = {}): AuditResult {
  return { findings: [], suppressed: [], endpoints: [], errors: [], stats: { files: 12, bytes: 48_000, parseErrors: 0, skipped: [], timing: { extract: 200, link: 30, check: 12, 'secrets/hardcoded-credential': 3 } }, ...over };
}

const TEXT = new LineIndex(Array.from({ length: 400 }, (_, i) => `const line${i} = ${i};`).join('\n'));
export const positions: Positions = (_file: RelPath, span: Span) => {
  const a = TEXT.position(span.start);
  const b = TEXT.position(span.end);
  return { line: a.line + 1, column: a.column + 1, endLine: b.line + 1, endColumn: b.column + 1 };
};

export function reportOf(audit: AuditResult, over: Partial<ReportInput> = {}): RescueReport {
  return buildReport({
    root: '/home/ana/client-portal', engine: '0.1.0', result: audit, state: EMPTY_STATE, metas: METAS, positions, fixable: (f) => f.fixes.length > 0, date: '2026-03-31T10:00:00Z', ms: 812,
    docsUrl: (id) => `https://docs.invalid/rules/${id}.md`, ...over,
  });
}

/** An unsafe client portal. */
export function portal(): AuditResult {
  const admin = 'server/routes/admin.ts';
  const adminNames = ['GET /admin/users', 'DELETE /admin/users/:id', 'PATCH /admin/users/:id/role', 'GET /admin/invoices', 'POST /admin/invoices/:id/refund', 'GET /admin/projects', 'DELETE /admin/projects/:id'];
  const adminEndpoints = adminNames.map((n, i) => endpoint(n, { file: admin, start: 400 + i * 90 }));
  const endpoints: Endpoint[] = [
    ...adminEndpoints,
    endpoint('POST /api/webhooks/stripe', { framework: 'next-app', file: 'app/api/webhooks/stripe/route.ts', start: 60, sinks: [sink('payment', null), sink('db-write', 'subscriptions')], validated: 'no' }),
    endpoint('GET /api/clients/:id/documents', { framework: 'next-app', file: 'app/api/clients/[id]/documents/route.ts', start: 120, validated: 'no' }),
    endpoint('POST /projects', { file: 'server/routes/projects.ts', start: 700, guards: [guard('requireUser'), guard('rateLimit', { kind: 'rate-limit' })], auth: 'required', sinks: [sink('db-write', 'projects', { raw: [{ source: 'body', field: '', at: { file: path('server/routes/projects.ts'), span: { start: 710, end: 718 } } }] })], validated: 'no' }),
    endpoint('GET /projects', { file: 'server/routes/projects.ts', start: 600, guards: [guard('requireUser')], auth: 'required' }),
    endpoint('GET /projects/:id/a-very-long-path-that-somebody-really/wrote/:section/:subsection', { file: 'server/routes/projects.ts', start: 820, guards: [guard('requireUser')], auth: 'required', validated: 'yes' }),
    endpoint('POST /login', { file: 'server/routes/auth.ts', start: 200, publicBy: 'sign-in', validated: 'yes' }),
    endpoint('GET /health', { file: 'server/app.ts', start: 90, publicBy: 'health' }),
    endpoint('GET /reports/:id', { file: 'server/routes/reports.ts', start: 300, auth: 'unknown', guards: [guard('gate', { effect: 'unknown' })] }),
    endpoint('POST /legacy/import', { file: 'server/routes/legacy.ts', start: 80, mounted: false }),
    endpoint('ACTION inviteMember', { framework: 'next-action', file: 'app/team/actions.ts', start: 240, sinks: [sink('mail', null)], validated: 'partly' }),
  ];
  const f = (severity: Severity, confidence: Confidence, rest: Parameters<typeof finding>[0]): Finding => finding({ severity, confidence, ...rest });
  const findings: Finding[] = [
    f('critical', 'proven', { ruleId: 'secrets/client-bundle-secret', category: 'secret-client', file: 'src/lib/supabase.ts', start: 140, message: 'A Supabase service_role key (219 characters) is in code that reaches the browser.', businessImpact: 'Whoever opens your site can read and delete every customer’s data, past all database rules.', data: { reach: 'browser', label: 'Supabase service_role key', envName: 'SUPABASE_SERVICE_ROLE_KEY' }, evidence: [{ at: { file: path('src/components/Dashboard.tsx'), span: { start: 30, end: 40 } }, note: 'Imported here, in a client component.' }] }),
    f('critical', 'high', { ruleId: 'webhook/unverified-signature', category: 'webhook-unverified', file: 'app/api/webhooks/stripe/route.ts', start: 60, endpoint: 'POST /api/webhooks/stripe', message: 'POST /api/webhooks/stripe does not verify the Stripe signature.', businessImpact: 'Anyone can mark invoices as paid or give themselves a subscription.', fixes: ['verify-signature'] }),
    ...adminEndpoints.map((e) => f('critical', 'high', { file: admin, start: e.at.span.start, endpoint: `${e.method} ${e.path}`, rootCause: `router:${admin}`, message: `${e.method} ${e.path} runs without checking who is calling.`, fixes: ['insert-guard'], evidence: [{ at: { file: path('server/app.ts'), span: { start: 300, end: 320 } }, note: 'Mounted here, without a guard before it.' }] })),
    f('critical', 'high', { file: 'app/api/clients/[id]/documents/route.ts', start: 120, endpoint: 'GET /api/clients/:id/documents', message: 'GET /api/clients/:id/documents runs without checking who is calling.', businessImpact: 'A stranger can read your customers’ documents.', fixes: ['insert-guard'] }),
    f('critical', 'medium', { file: 'app/team/actions.ts', start: 240, endpoint: 'ACTION inviteMember', message: 'The server action `inviteMember` runs without checking who is calling.', fixes: ['insert-guard'] }),
    f('high', 'proven', { ruleId: 'secrets/hardcoded-credential', category: 'secret-exposed', file: 'server/db.ts', start: 44, message: 'A PostgreSQL connection string with its password is written in the code.', businessImpact: 'Everyone with access to the repository, now or later, has your database.', data: { reach: 'tracked', label: 'PostgreSQL password', envName: 'DATABASE_URL' }, fixes: ['move-to-env'] }),
    f('high', 'high', { ruleId: 'validate/unvalidated-input', category: 'validation-missing', file: 'server/routes/projects.ts', start: 710, endpoint: 'POST /projects', message: '`req.body` goes into the table projects unchecked.', businessImpact: 'One bad request can store data that breaks the dashboard for the whole team.', fixes: ['add-schema'] }),
    f('medium', 'high', { ruleId: 'validate/unvalidated-input', category: 'validation-missing', file: 'server/routes/projects.ts', start: 610, endpoint: 'GET /projects', message: '`req.query.sort` goes into a query unchecked.', businessImpact: 'Odd links can break the project list.' }),
    f('high', 'low', { ruleId: 'auth/guard-result-ignored', category: 'auth-missing', file: 'server/routes/reports.ts', start: 300, endpoint: 'GET /reports/:id', message: '`gate` may let strangers through: its code could not be followed.' }),
  ];
  return result({
    findings,
    suppressed: [{ finding: f('high', 'high', { file: 'server/routes/public.ts', start: 30, message: 'POST /newsletter runs without checking who is calling.' }), reason: 'newsletter sign-up, on purpose' }],
    endpoints,
    stats: { files: 64, bytes: 412_000, parseErrors: 1, skipped: [{ file: path('public/vendor.min.js'), reason: 'minified' }], timing: {} },
  });
}
