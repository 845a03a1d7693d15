/** Words that several surfaces share, so that squiggle, hover, lens and tree say the same. */
import type { Endpoint, Finding, SinkUse } from '../engine';
import type { Exposure, SeverityName } from './protocol';

export const SEVERITY_WORDS: Readonly<Record<SeverityName, string>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Note' };

/** A file name, a path of the project or a person's text inside markdown: it must not become markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&$-]/g, (c) => (c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`)).replace(/\s+/g, ' ');
}

export function firstLine(text: string): string {
  const end = text.search(/\r?\n/);
  return end < 0 ? text : text.slice(0, end);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

const READS = new Set<SinkUse['kind']>(['db-read', 'db-write', 'sql']);

/** `requireUser · validated · 3 queries`: only what is known. */
export function endpointFacts(endpoint: Endpoint): string {
  const parts: string[] = [];
  const guards = [...new Set(endpoint.guards.filter((g) => g.kind === 'authentication' || g.kind === 'authorization' || g.kind === 'signature').map((g) => g.name))];
  if (guards.length > 0) parts.push(guards.length > 3 ? `${guards.slice(0, 3).join(', ')} and ${guards.length - 3} more` : guards.join(', '));
  if (endpoint.roles.length > 0) parts.push(`only ${endpoint.roles.join(', ')}`);
  if (endpoint.validated === 'yes') parts.push('validated');
  else if (endpoint.validated === 'partly') parts.push('partly validated');
  else if (endpoint.validated === 'no') parts.push('input not validated');
  const queries = endpoint.sinks.filter((s) => READS.has(s.kind)).length;
  if (queries > 0) parts.push(plural(queries, 'query', 'queries'));
  return parts.join(' · ');
}

const PUBLIC_WORDS: Readonly<Record<NonNullable<Endpoint['publicBy']>, string>> = {
  'sign-in': 'public: sign-in', 'sign-up': 'public: sign-up', 'password-reset': 'public: password reset', 'sign-out': 'public: sign-out',
  session: 'public: session', health: 'public: health check', 'signed-webhook': 'signed webhook', 'public-content': 'public content',
  'lead-form': 'public form', 'first-run': 'public until the first account is made', config: 'public: your configuration says so', suppressed: 'public: accepted with a reason',
  'static-asset': 'static files', 'share-token': 'needs the code in its link', preflight: 'answers browsers’ preflight requests',
};

export function lensTitle(endpoint: Endpoint, exposure: Exposure): string {
  const facts = endpointFacts(endpoint);
  const withFacts = (head: string): string => (facts ? `${head} · ${facts}` : head);
  switch (exposure) {
    case 'guarded':
      return `🔒 ${facts || 'sign-in required'}`;
    case 'open':
      return withFacts('⚠ anyone can call this');
    case 'public':
      return withFacts(`🌐 ${endpoint.publicBy ? PUBLIC_WORDS[endpoint.publicBy] : 'public on purpose'}`);
    case 'optional':
      return withFacts('◐ works without sign-in');
    case 'unmounted':
      return withFacts('○ not mounted: no request reaches it');
    case 'unknown':
      return withFacts('? could not tell who may call this');
  }
}

export function isQuiet(finding: Finding, quietRules: ReadonlySet<string>): boolean {
  return finding.confidence === 'low' || quietRules.has(finding.ruleId);
}
