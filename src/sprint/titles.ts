/** Titles of risks in plain English: who can do what, and how. Raw text: each renderer escapes it. */
import type { Endpoint } from '../engine/core/model';
import type { Finding } from '../engine/core/types';
import type { Who } from './exposure';

/** How the root cause of one mistake in several guards begins. */
export const COPIED = 'guards:';

const VERBS = new Set([
  'refund', 'cancel', 'approve', 'reject', 'invite', 'export', 'import', 'send', 'resend', 'sync', 'impersonate', 'archive', 'publish', 'upload',
  'download', 'search', 'reset', 'confirm', 'charge', 'run', 'execute', 'seed', 'migrate', 'promote', 'revoke', 'activate', 'deactivate', 'ban',
  'restore', 'merge', 'transfer', 'delete', 'remove', 'create', 'update', 'add', 'set', 'get', 'list', 'fetch', 'read', 'save', 'submit', 'edit', 'change',
  'generate', 'assign', 'move', 'duplicate', 'share', 'mark', 'check', 'cleanup', 'clean', 'verify', 'validate', 'calculate', 'expire', 'retry', 'refresh', 'toggle', 'enable', 'disable', 'process', 'start', 'stop', 'notify',
]);
const ALONE: Readonly<Record<string, string>> = {
  export: 'export your data', import: 'import data', invite: 'invite people', search: 'search your data', upload: 'upload files', seed: 'seed your database',
  migrate: 'change your database', sync: 'start a sync', send: 'send messages', download: 'download files', impersonate: 'become another user',
};
const NOISE = /^(api|rest|rpc|trpc|graphql|v\d+|functions|public|internal)$/i;

function humanWords(text: string): string[] {
  return text.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[\s_.-]+/).filter(Boolean);
}

/** What the endpoint is about: `/api/v1/users/:id/notes` → notes; null for `/`. */
export function subjectOf(endpoint: string): string | null {
  const path = endpoint.slice(endpoint.indexOf(' ') + 1);
  const segments = path.split('/').filter((s) => s !== '' && !/^[:[{*(]/.test(s) && !NOISE.test(s));
  const nouns = segments.filter((s) => !VERBS.has(s.toLowerCase()));
  const last = nouns[nouns.length - 1];
  if (last === undefined) return null;
  const words = humanWords(last);
  return (isDeed(words) ? words.slice(1) : words).join(' ') || null;
}

/** `add payment`, `check dues`: the name is what it does, not what it is about. */
function isDeed(words: readonly string[]): boolean {
  return words.length > 1 && VERBS.has(words[0] ?? '');
}

function inWords(deed: readonly string[]): string {
  return deed.join(' ').replace(/^(get|fetch|list) /, 'read ').replace(/^cleanup /, 'clean up ');
}

/** `delete users`, `create invoices`, `run createInvoice`; null when nothing sensible can be said. */
export function actionOf(name: string, endpoint: Endpoint | null): string | null {
  const method = name.split(' ')[0] ?? '';
  const path = name.slice(method.length + 1);
  if (method === 'ACTION' || method === 'FN' || method === 'RPC' || method === 'GRAPHQL') {
    const parts = method === 'RPC' ? path.split('.').reverse() : [path];
    const words = parts.flatMap(humanWords).filter((w) => w !== 'action' && w !== 'handler');
    return isDeed(words) ? inWords(words) : `run ${path.replace(/^\//, '')}`;
  }
  const segments = path.split('/').filter((s) => s !== '' && !/^[:[{*(]/.test(s) && !NOISE.test(s));
  const subject = subjectOf(name);
  const last = segments[segments.length - 1]?.toLowerCase();
  if (last !== undefined && VERBS.has(last)) return subject === null ? (ALONE[last] ?? `call ${last}`) : `${last} ${subject}`;
  const deed = humanWords(segments[segments.length - 1] ?? '');
  if (isDeed(deed)) return inWords(deed);
  const sinks = endpoint?.sinks ?? [];
  const kinds = new Set(sinks.map((s) => s.kind));
  if (kinds.has('llm') && !kinds.has('db-write')) return 'spend your AI budget';
  if (kinds.has('mail') && !kinds.has('db-write') && method !== 'GET') return 'send e-mail in your name';
  if (subject === null) return null;
  const deletes = sinks.some((s) => s.kind === 'db-write' && /delete|remove|destroy/i.test(s.op));
  switch (method) {
    case 'DELETE': return `delete ${subject}`;
    case 'PUT':
    case 'PATCH': return `change ${subject}`;
    case 'POST': return deletes ? `delete ${subject}` : sinks.some((s) => s.kind === 'db-write' && /update|upsert|set/i.test(s.op)) ? `change ${subject}` : endpoint !== null && !endpoint.mutates ? `use ${subject}` : `create ${subject}`;
    case 'GET':
    case 'HEAD': return endpoint?.mutates ? `change ${subject}` : `read ${subject}`;
    default: return endpoint?.mutates ? `read and change ${subject}` : `use ${subject}`;
  }
}

const WHO: Readonly<Record<Who, string>> = {
  anyone: 'Anyone', tracked: 'Anyone who can read the code', unknown: 'Possibly anyone', anyUser: 'Any signed-in user', server: 'Anyone who gets into the server',
  members: 'A signed-in user', operators: 'An administrator', unreachable: 'As soon as it is mounted, anyone',
};

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').trim().replace(/\.$/, '');
const lowerFirst = (text: string): string => (/^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Title of one finding. */
export function titleOf(finding: Finding, endpoint: Endpoint | null, who: Who): string {
  const name = finding.endpoint;
  const doer = doerOf(finding, endpoint, who);
  const action = name === null ? null : (actionOf(name, endpoint) ?? `call ${name}`);
  const called = name === null ? null : calledOf(name);
  const subject = (name === null ? null : subjectOf(name)) ?? 'your data';
  switch (finding.category) {
    case 'auth-missing':
      // The rule has looked at what the handler does, and says it better than its path can.
      if (name === null || (who === 'anyone' && deedOf(finding) !== null)) break;
      if (finding.data['kind'] === 'only-if-sent') return `${doer} can ${action}: ${called} checks only those who bring something to check`;
      return who === 'unknown' ? `${doer} can ${action}: nobody could tell whether ${called} checks who is calling` : `${doer} can ${action}: ${called} has no sign-in check`;
    case 'authz-missing':
      // A guard is the cause, and the rule says what is wrong with it.
      if (name === null || text(finding.data['guard']) !== null) break;
      return `${doer} can ${whose(action ?? '', subject)}: ${called} does not check whose they are`;
    case 'validation-missing':
    case 'injection': {
      // What the handler does with its input only the rule has seen; a table made up from the path would be none.
      const deed = text(finding.data['deed']);
      if (name === null || deed === null) break;
      return `${doer} can ${deed}: ${called} ${text(finding.data['how']) ?? 'uses its input as it comes'}`;
    }
    case 'secret-client': {
      if (name !== null) break;
      const deed = text(finding.data['deed']);
      if (deed !== null) return `Everyone who opens your site can ${deed}: it is in browser code`;
      if (finding.data['published'] === false) return `Everyone who opens your site can take your ${secretName(finding)} as soon as browser code reads it: its name makes it public`;
      return `Everyone who opens your site can take your ${secretName(finding)}: it is in browser code`;
    }
    case 'secret-exposed': {
      const deed = text(finding.data['deed']);
      if (deed !== null && who !== 'anyone') return `${who === 'tracked' ? 'Anyone who can read the repository' : 'Anyone who sees the code'} can ${deed}: ${text(finding.data['how']) ?? 'it is'} written in ${finding.at.file}`;
      return who === 'anyone'
        ? `Everyone who opens your site can take your ${secretName(finding)}: it is in browser code`
        : `${who === 'tracked' ? 'Anyone who can read the repository' : 'Anyone who sees the code'} can use your ${secretName(finding)}: it is written in ${finding.at.file}`;
    }
    case 'webhook-unverified': return `Anyone can fake events from your provider: ${called ?? finding.at.file} does not verify the signature`;
    case 'rate-limit-missing':
      if (name === null) break;
      return endpoint?.publicBy === 'sign-in' || endpoint?.publicBy === 'password-reset'
        ? `Anyone can try passwords without end: ${called} has no rate limit`
        : `${doer} can call ${called} without end: it has no rate limit`;
    case 'db-rules-open': {
      const table = text(finding.data['table']);
      if (table === null) break;
      return `Anyone can reach the table ${table} past your server: its rules let everyone in`;
    }
    case 'cors-permissive': return `Any website can call your API in a visitor’s name: ${lowerFirst(firstLine(finding.message))}`;
    case 'query-n-plus-one':
    case 'query-unbounded':
    case 'index-missing':
      return `${called ?? 'A page'} gets slower with every customer: ${lowerFirst(firstLine(finding.message))}`;
    default: break;
  }
  return firstLine(finding.message);
}

/** `ACTION createInvoice` is a name for lists; in a sentence it is "the server action createInvoice". */
function calledOf(name: string): string {
  return name.replace(/^ACTION /, 'the server action ');
}

/** `delete clients` of "Anyone can delete clients: …"; null when the message says no such thing. */
export function deedOf(finding: Finding): string | null {
  return /^Anyone can ([^:]{3,80}):/.exec(finding.message)?.[1] ?? null;
}

function whose(action: string, subject: string): string {
  return action.endsWith(` ${subject}`) ? `${action.slice(0, -subject.length)}other customers’ ${subject}` : `${action} of other customers`;
}

/** Whose deed it is, in the app's own words where a rule has found them: "A user with the role editor". */
function doerOf(finding: Finding, endpoint: Endpoint | null, who: Who): string {
  const caller = text(finding.data['caller']);
  if (caller !== null && (who === 'operators' || who === 'members' || who === 'anyUser')) return caller;
  if (who !== 'operators' || !endpoint || endpoint.roles.length === 0) return WHO[who];
  const roles = [...new Set(endpoint.roles.map((r) => humanWords(r).join(' ')))];
  return roles.every((r) => /^(super ?)?(admin|administrator)$/.test(r)) ? WHO.operators : `A user with the role ${listed(roles, 3).replace(' and ', ' or ')}`;
}

function secretName(finding: Finding): string {
  const label = text(finding.data['label']);
  // "Password in newPassword" names one thing twice.
  const doubled = label === null ? null : /^(.+) in (\w+)$/.exec(label);
  if (doubled?.[1] && doubled[2] && humanWords(doubled[2]).some((w) => doubled[1]?.toLowerCase().split(/\W+/).includes(w))) return humanWords(doubled[2]).join(' ');
  // Brands keep their capitals.
  return text(finding.data['label'])?.replace(/^(Private|Signing|Encryption|Key|Token|Password|Webhook)\b/, (word) => word.toLowerCase()) ?? text(finding.data['envName']) ?? 'secret';
}

/** Title of findings that one fix closes; `lead` is the title of the worst of them. */
export function groupTitle(lead: string, findings: readonly { readonly finding: Finding; readonly endpoint: Endpoint | null; readonly who: Who }[], rootCause: string): string {
  if (rootCause.startsWith('edge:')) return edgeTitle(lead, findings);
  const first = findings[0];
  const names = [...new Set(findings.map((f) => f.finding.endpoint).filter((n): n is string => n !== null))];
  if (first === undefined || findings.length === 1) return lead;
  if (rootCause.startsWith(COPIED)) return copiedTitle(lead, findings.map((f) => f.finding));
  if (first.finding.category === 'auth-missing' && names.length > 1) {
    // Routes that are only doubted are not counted among those that stand open.
    const believed = findings.filter((f) => f.finding.confidence !== 'low');
    if (believed.length > 0 && believed.length < findings.length) return groupTitle(lead, believed, rootCause);
    const actions = unique(findings.map((f) => (f.finding.endpoint === null ? null : actionOf(f.finding.endpoint, f.endpoint))));
    const subjects = unique(names.map(subjectOf));
    const all = byHarm(unique(findings.map((f) => deedOf(f.finding))));
    // "Read data" says nothing beside what says more.
    const deeds = all.some((d) => !VAGUE.test(d)) ? all.filter((d) => !VAGUE.test(d)) : all;
    const plain = actions.length > 0 && subjects.length > 0 && actions.every((a) => subjects.some((s) => VERB_ORDER.some((v) => a === `${v} ${s}`)));
    const what = deeds.length > 0 ? listed(joined(deeds), 3) : plain ? `${listed(unique(actions.map(verb)), 4)} ${listed(subjects, 3)}` : actions.length > 0 ? listed(actions, 3) : 'call them';
    const kind = rootCause.split(':')[0];
    const cause = kind === 'router' || kind === 'scope' ? 'behind one unguarded router' : kind === 'guard' ? 'behind a guard that does not stop anyone' : kind === 'middleware' || kind === 'matcher' ? 'that the middleware misses' : 'without a sign-in check';
    return `${names.length} routes ${cause}: ${lowerFirst(WHO[first.who])} can ${what}`;
  }
  const place = text(first.finding.data['table']);
  if ((first.finding.data['cause'] === 'input:whole' || first.finding.data['cause'] === 'input:listed') && place !== null && names.length > 1) {
    const what = first.finding.data['cause'] === 'input:whole' ? 'any column' : 'every field';
    return `${doerOf(first.finding, first.endpoint, first.who)} can set ${what} of ${tablesOf(findings)}: ${names[0] ?? ''} and ${names.length - 1} more ${names.length === 2 ? 'route' : 'routes'} store what they are sent`;
  }
  if (first.finding.category.startsWith('secret-')) {
    // An example file is no place that leaks anything.
    const places = findings.filter((f) => f.finding.data['place'] !== 'docs' && f.finding.data['published'] !== false).length;
    const written = `written in ${first.finding.at.file}`;
    const files = new Set(findings.map((f) => f.finding.at.file)).size - 1;
    if (files > 0 && lead.endsWith(written)) return `${lead} and ${files} more ${files === 1 ? 'file' : 'files'}`;
    return places > 1 ? `${lead} (${places} places)` : lead;
  }
  // What is said of one table holds for those of the other routes only when they are named.
  const deed = text(first.finding.data['deed']);
  if (deed !== null && place !== null && names.length > 1 && deed.includes(place) && lead.includes(deed)) {
    const same = findings.filter((f) => text(f.finding.data['deed']) === deed.replace(place, text(f.finding.data['table']) ?? ''));
    const rest = names.length - new Set(same.map((f) => f.finding.endpoint)).size;
    const routes = new Set(same.map((f) => f.finding.endpoint)).size - 1;
    const tables = tablesOf(same);
    const wider = lead.replace(deed, tables === place ? deed : deed.replace(`the table ${place}`, `the tables ${place}`).replace(place, tables));
    const alike = routes > 0 ? [`and ${counted(routes)}`] : [];
    const others = rest > 0 ? [`${routes > 0 ? `${rest} more` : counted(rest)} ${rest === 1 ? 'takes its' : 'take their'} input unchecked too`] : [];
    return alike.length + others.length === 0 ? wider : `${wider} (${[...alike, ...others].join('; ')})`;
  }
  const more = names.length > 1 ? `${names.length - 1} more ${names.length === 2 ? 'route' : 'routes'}` : `${findings.length - 1} more ${findings.length === 2 ? 'place' : 'places'}`;
  return `${lead} (and ${more})`;
}

/** Where no endpoint asks: the worst that can be done, and how much else stands open. */
export function noSignInTitle(findings: readonly Finding[], endpoints: number): string {
  const deeds = byHarm(unique(findings.map(deedOf)));
  const worstVerb = /^(\w+) /.exec(deeds[0] ?? '')?.[1];
  const objects = deeds.filter((d) => worstVerb !== undefined && d.startsWith(`${worstVerb} `) && !/^\w+ data$/.test(d)).map((d) => d.slice((worstVerb ?? '').length + 1)).filter((o) => !/[:,]| and /.test(o));
  const worst = RECORDS.test(deeds[0] ?? '') && objects.length > 0 ? `${worstVerb ?? ''} ${upToThree(objects)}` : deeds.length > 0 ? listed(joined(deeds), 3) : 'use them';
  return `No sign-in is checked anywhere on the server: anyone can ${worst} (${endpoints} endpoints stand open)`;
}

/** One mistake in several guards: all that stands open behind them. */
function copiedTitle(lead: string, findings: readonly Finding[]): string {
  const count = text(findings[0]?.data['count']);
  const open = new Set(findings.flatMap((f) => (text(f.data['keys']) ?? '').split('\n').filter(Boolean))).size;
  return count === null || open === 0 ? `${lead} (and ${findings.length - 1} more ${findings.length === 2 ? 'place' : 'places'})` : lead.replace(count, open === 1 ? '1 endpoint' : `${open} endpoints`);
}

const counted = (routes: number): string => `${routes} more ${routes === 1 ? 'route' : 'routes'}`;

/** The tables of these findings: up to three by name. */
function tablesOf(findings: readonly { readonly finding: Finding }[]): string {
  const tables = unique(findings.map((f) => text(f.finding.data['table'])));
  return tables.length > 3 ? `${upToThree(tables)} ${tables.length === 4 ? 'table' : 'tables'}` : upToThree(tables);
}

/** `a, b, c and 4 more`. */
function upToThree(items: readonly string[]): string {
  return items.length > 3 ? `${items.slice(0, 3).join(', ')} and ${items.length - 3} more` : listed(items, 3);
}

/** Functions that are only doubted are not counted among those that never ask. */
function edgeTitle(lead: string, findings: readonly { readonly finding: Finding; readonly who: Who }[]): string {
  const believed = findings.filter((f) => f.finding.confidence !== 'low');
  const counted = new Set((believed.length > 0 ? believed : findings).map((f) => f.finding.endpoint ?? f.finding.at.file)).size;
  const all = new Set(findings.map((f) => f.finding.endpoint ?? f.finding.at.file)).size;
  // They come the worst first, by their severity before their harm.
  const deeds = unique(believed.map((f) => plainDeed(deedOf(f.finding))));
  const who = believed[0]?.who;
  if (counted > 1 && who !== undefined) return `${counted} edge functions never ask who is calling: ${lowerFirst(WHO[who])} can ${deeds.length > 0 ? listed(joined(deeds), 4) : 'call them'}`;
  return all > 1 ? `${lead} (and ${all - 1} more edge ${all === 2 ? 'function' : 'functions'})` : lead;
}

/** "This job" of one function is one of several in a list. */
function plainDeed(deed: string | null): string | null {
  return deed === null ? null : deed.replace(/^start this job.*/, 'start your jobs').replace(/^set off its message$/, 'set off messages');
}

/** Other people's data and accounts, then what is said in the owner's name, then money, files and records; what is only set off comes last. */
const HARM: readonly RegExp[] = [/^run code/, /^(download|read your users|read stored passwords)/, /^(manage|change|create) your users/, /^send /, /payment|refund|payout|billing portal/, /^delete /, /^(change|add|create|store) /, /^run the /, /AI model|your .*key/, /^read /, /^(have your|open a checkout)/, /^(start|set off) /];

/** How much harm "delete orders" does among others: 0 is the worst. */
export function harmOf(deed: string): number {
  const at = HARM.findIndex((re) => re.test(deed));
  return at < 0 ? HARM.length : at;
}

/** The deed a finding tells of, by its harm; what tells of none comes last. */
export function harmOfFinding(finding: Finding): number {
  const deed = deedOf(finding);
  return deed === null ? HARM.length + 1 : harmOf(deed);
}

/** The worst first: a list that is cut must not hide it. */
function byHarm(deeds: readonly string[]): string[] {
  return [...deeds].sort((a, b) => harmOf(a) - harmOf(b));
}

/** "delete orders", "add orders" → "delete and add orders"; "read bills", "read notes" → "read bills and notes". */
function joined(deeds: readonly string[]): string[] {
  const verbsOf = new Map<string, string[]>();
  for (const deed of deeds) {
    const [, verbOf, object] = RECORDS.exec(deed) ?? [];
    if (verbOf !== undefined && object !== undefined) verbsOf.set(object, [...(verbsOf.get(object) ?? []), verbOf]);
  }
  // Whoever reads the rows sees their figures, too.
  for (const [object, verbs] of verbsOf) if (verbs.includes('read')) verbsOf.set(object, verbs.filter((v) => !v.startsWith('see ')));
  const objectsOf = new Map<string, string[]>();
  for (const [object, verbs] of verbsOf) objectsOf.set(verbs.join(), [...(objectsOf.get(verbs.join()) ?? []), object]);
  const out: string[] = [];
  const said = new Set<string>();
  for (const deed of deeds) {
    const object = RECORDS.exec(deed)?.[2];
    const verbs = object === undefined ? undefined : verbsOf.get(object);
    if (verbs === undefined) out.push(deed);
    else if (!said.has(verbs.join())) {
      said.add(verbs.join());
      out.push(`${listed(verbs, 4)} ${upToThree(objectsOf.get(verbs.join()) ?? [])}`);
    }
  }
  return out;
}

const RECORDS = /^(add|change|delete|read|see figures about your) (.+)$/;
/** A deed on nothing that has a name. */
const VAGUE = /^(read|add|change|delete) data$/;
const VERB_ORDER = ['read', 'create', 'change', 'delete'];

function verb(action: string | null): string | null {
  const word = action?.split(' ')[0] ?? null;
  return word !== null && VERB_ORDER.includes(word) ? word : null;
}

function unique(list: readonly (string | null)[]): string[] {
  const out = [...new Set(list.filter((x): x is string => x !== null))];
  return out.every((x) => VERB_ORDER.includes(x)) ? out.sort((a, b) => VERB_ORDER.indexOf(a) - VERB_ORDER.indexOf(b)) : out;
}

/** `a, b and c`; beyond `most`: `a, b and 4 more`. */
export function listed(items: readonly string[], most: number): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : [...items];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
