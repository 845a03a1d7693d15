/** Who can trigger a finding (X) and what is at stake (A): the two factors that come from the project itself. */
import type { Endpoint } from '../engine/core/model';
import type { Finding } from '../engine/core/types';

/** The endpoint a finding names: the one registered in its file, else the one whose analysis read that file, else the only one so named. */
export function endpointOf(finding: Finding, endpoints: ReadonlyMap<string, readonly Endpoint[]>): Endpoint | null {
  if (finding.endpoint === null) return null;
  const named = endpoints.get(finding.endpoint) ?? [];
  const file = finding.at.file;
  return (
    named.find((e) => e.at.file === file) ??
    named.find((e) => e.handler?.file === file) ??
    named.find((e) => e.dependsOn.has(file)) ??
    (named.length === 1 ? (named[0] ?? null) : null)
  );
}

export function endpointsByName(endpoints: readonly Endpoint[]): ReadonlyMap<string, readonly Endpoint[]> {
  const out = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const name = `${endpoint.method} ${endpoint.path}`;
    const list = out.get(name);
    if (list) list.push(endpoint);
    else out.set(name, [endpoint]);
  }
  return out;
}

export const EXPOSURE = { anyone: 1, tracked: 0.8, unknown: 0.7, anyUser: 0.7, server: 0.5, members: 0.4, operators: 0.3, unreachable: 0.1 } as const;
export type Who = keyof typeof EXPOSURE;

const OPERATOR_ROLE = /^(super[-_ ]?)?(admin|administrator|operator|staff|root|superuser|support|internal)$/i;

/** Who can trigger it. `finding.data.reach` (`browser`, `public`, `tracked`, `server`, `unreachable`) is the rule's own word, where there is no endpoint. */
export function whoCan(finding: Finding, endpoint: Endpoint | null): Who {
  const reach = finding.data['reach'];
  if (reach === 'unreachable') return 'unreachable';
  if (finding.category.startsWith('secret-') || finding.endpoint === null) {
    if (reach === 'browser' || reach === 'public') return 'anyone';
    if (reach === 'tracked') return 'tracked';
    if (reach === 'server') return 'server';
    // The database's own API stands open to the internet; a key in client code is read by whoever opens the page.
    return finding.category === 'db-rules-open' || finding.category === 'secret-client' ? 'anyone' : 'server';
  }
  if (endpoint === null) return 'unknown';
  if (!endpoint.mounted) return 'unreachable';
  if (finding.category === 'webhook-unverified') return 'anyone';
  if (endpoint.auth === 'none' || endpoint.auth === 'optional') return 'anyone';
  if (endpoint.auth === 'unknown') return 'unknown';
  // The rule has looked at roles and accounts: it knows better than the endpoint's list alone.
  if (finding.data['operators'] === true || isForOperators(endpoint)) return 'operators';
  return finding.category === 'authz-missing' || finding.category === 'data-overexposed' ? 'anyUser' : 'members';
}

function isForOperators(endpoint: Endpoint): boolean {
  if (endpoint.roles.length > 0 && endpoint.roles.every((role) => OPERATOR_ROLE.test(role))) return true;
  const enforced = endpoint.guards.filter((guard) => guard.effect === 'enforces');
  return enforced.some((g) => g.kind === 'signature') && !enforced.some((g) => g.kind === 'authentication');
}

// ------------------------------------------------------------------------------------------------ stakes

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const MONEY_OR_CREDENTIALS = words(
  'payment payments pay invoice invoices billing checkout charge charges refund refunds payout payouts subscription subscriptions stripe paddle paypal card cards bank wallet wallets balance balances transaction transactions price prices ' +
    'login signin password passwords passwd token tokens secret secrets apikey apikeys credential credentials otp mfa oauth oidc sso verify forgot reset session sessions',
);
const ADMIN = words('admin admins administrator superuser backoffice staff internal impersonate role roles permission permissions seed migrate debug');
const PERSONAL = words(
  'user users profile profiles account accounts customer customers client clients contact contacts member members team teams person people patient patients employee employees tenant tenants org orgs organization organizations organisation organisations company companies ' +
    'message messages conversation conversations chat chats email emails mail address addresses phone document documents file files upload uploads lead leads order orders booking bookings appointment appointments note notes ticket tickets invite invites invitation invitations',
);
const PUBLIC_CONTENT = words('blog blogs article articles news faq faqs feed rss sitemap og manifest robots changelog testimonials');
const REVENUE = words(
  'login signin signup register registration invite invites invitation invitations checkout lead leads upload uploads webhook webhooks sync subscribe purchase',
);

/** Lower-case words of paths, table names, identifiers: `/signIn/:userId` → sign in signin user id. */
export function wordsOf(...texts: readonly (string | null)[]): readonly string[] {
  const out: string[] = [];
  for (const text of texts) {
    if (text === null) continue;
    for (const chunk of text.split(/[^\p{L}\p{N}_-]+/u)) {
      const parts = chunk.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[\s_-]+/).filter(Boolean);
      out.push(...parts);
      parts.forEach((part, i) => {
        const next = parts[i + 1];
        if (next !== undefined) out.push(part + next);
      });
    }
  }
  return out;
}

/** Path words without its parameters: `/invoices/:userId` is about invoices. */
export function pathWords(endpoint: string): readonly string[] {
  return wordsOf(...endpoint.split('/').filter((segment) => !/^[:[{*(]/.test(segment)));
}

const CAPPED: Readonly<Record<string, number>> = {
  'query-n-plus-one': 0.8, 'query-unbounded': 0.8, 'index-missing': 0.8, 'error-unhandled': 0.8, 'error-swallowed': 0.8,
  'observability-missing': 0.8, 'deploy-readiness': 0.8, 'regression-missing': 0.8, 'documentation-missing': 0.2,
};

/** Open to anyone, and what they do could not be read: no all-clear. */
export function unexplained(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const asked = endpoints.filter((e) => e.mounted && e.publicBy === null && e.method !== 'USE');
  // Where hardly any work was recognised, the store itself is one that could not be read: then a page without input is no harmless page either.
  const blind = asked.length >= LEAST_BLIND && asked.filter((e) => e.sinks.length === 0).length * 2 > asked.length;
  return asked.filter((e) => e.auth === 'none' && e.sinks.length === 0 && (e.inputs.length > 0 || /^(POST|PUT|PATCH|DELETE)$/.test(e.method) || (blind && e.path !== '/')));
}

/** Fewer endpoints than these without recognised work say nothing about a project. */
const LEAST_BLIND = 5;
/** So many unexplained endpoints are a launch blocker of their own. */
const MANY_UNEXPLAINED = 3;

/** Too many endpoints stand open unexplained for any calm word. */
export function isBlindSpot(endpoints: readonly Endpoint[]): boolean {
  return unexplained(endpoints).length >= MANY_UNEXPLAINED;
}

/** What is at stake: the highest that applies. Findings about speed or operation stake that, whatever table they touch. */
export function stakesOf(finding: Finding, endpoint: Endpoint | null): number {
  const own = finding.data['stakes'];
  if (typeof own === 'number' && own >= 0.2 && own <= 1.5) return own;
  const capped = CAPPED[finding.category];
  if (capped !== undefined) return capped;
  if (finding.category.startsWith('secret-')) return 1.5;
  const data = (key: string): string | null => (typeof finding.data[key] === 'string' ? String(finding.data[key]) : null);
  if (finding.category === 'env-separation') return 1.5;
  if (finding.category === 'log-sensitive') return 1.3;
  const said = new Set([
    ...pathWords(finding.endpoint ?? ''),
    ...wordsOf(...(endpoint?.sinks ?? []).map((s) => s.target), data('table'), data('target'), data('detector')),
  ]);
  const sinks = new Set((endpoint?.sinks ?? []).map((s) => s.kind));
  const has = (set: ReadonlySet<string>): boolean => [...said].some((word) => set.has(word));
  if (sinks.has('payment') || has(MONEY_OR_CREDENTIALS) || endpoint?.publicBy === 'sign-in' || endpoint?.publicBy === 'password-reset') return 1.5;
  const method = finding.endpoint?.split(' ')[0] ?? '';
  const changesUsers = (said.has('users') || said.has('user') || said.has('members')) && ['DELETE', 'PUT', 'PATCH'].includes(method);
  if (sinks.has('auth-admin') || sinks.has('exec') || changesUsers || has(ADMIN)) return 1.4;
  if (has(PERSONAL) || sinks.has('mail')) return 1.3;
  if (has(PUBLIC_CONTENT) && endpoint !== null && !endpoint.mutates) return 0.4;
  return 1;
}

/** 1.2 in a revenue flow, else 1. */
export function revenueFactor(finding: Finding, endpoint: Endpoint | null): number {
  if (finding.category === 'webhook-unverified') return 1.2;
  const by = endpoint?.publicBy;
  if (by === 'sign-in' || by === 'sign-up' || by === 'signed-webhook' || by === 'lead-form') return 1.2;
  return pathWords(finding.endpoint ?? '').some((word) => REVENUE.has(word)) ? 1.2 : 1;
}
