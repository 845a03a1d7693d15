/** Credentials inside a URL of any scheme: `postgres://user:password@host`, `https://user:token@host`. */
import { isTestPath } from '../../core/paths';
import { isPlaceholder, isReference } from './heuristics';
import type { Candidate } from './candidate';

const DATABASES: Readonly<Record<string, string>> = {
  postgres: 'Postgres', postgresql: 'Postgres', mysql: 'MySQL', mysql2: 'MySQL', mariadb: 'MariaDB', cockroachdb: 'CockroachDB', mongodb: 'MongoDB', redis: 'Redis', rediss: 'Redis',
  libsql: 'libSQL', amqp: 'AMQP', amqps: 'AMQP', mssql: 'SQL Server', sqlserver: 'SQL Server', oracle: 'Oracle', clickhouse: 'ClickHouse', neo4j: 'Neo4j', nats: 'NATS', kafka: 'Kafka', couchdb: 'CouchDB',
};
const ENV_NAMES: Readonly<Record<string, string>> = { MongoDB: 'MONGODB_URI', Redis: 'REDIS_URL', AMQP: 'AMQP_URL', Kafka: 'KAFKA_URL', NATS: 'NATS_URL' };
const HOSTED = /\.(?:supabase\.(?:com|co)|neon\.tech|rds\.amazonaws\.com|rlwy\.net|railway\.app|mongodb\.net|upstash\.io|render\.com|psdb\.cloud|digitalocean\.com|azure\.com|elephantsql\.com|aivencloud\.com|cockroachlabs\.cloud|redns\.redis-cloud\.com|redislabs\.com|turso\.io|cloudamqp\.com|herokuapp\.com|fly\.dev)(?:$|:)/i;
const MAX_PART = 200;
/** What is noted of a URL with an expression in it: as it stands it is no value of a variable. */
export const PIECED = 'part of its address is worked out when it runs';

/** All of them in a text that is searched for nothing else. */
export function urisOf(text: string, path: string): Candidate[] {
  const out: Candidate[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const found = uriAt(text, at, path);
    if (found) out.push(found);
  }
  return out;
}

/** `at` is the offset of `://`. */
export function uriAt(text: string, at: number, path: string): Candidate | null {
  let start = at;
  while (start > 0 && at - start < 24 && isSchemeChar(text.charCodeAt(start - 1))) start--;
  if (at - start < 2) return null;
  const scheme = text.slice(start, at).toLowerCase();
  const from = at + 3;
  // Up to the @ that ends the user info; what may not stand in it ends the search at once.
  let colon = -1;
  let i = from;
  let last = -1;
  for (; i < text.length && i - from < MAX_PART * 2; i++) {
    const c = text.charCodeAt(i);
    if (c === 64) last = i;
    else if (c === 58 && colon < 0) colon = i;
    else if (c <= 32 || c === 34 || c === 39 || c === 96 || c === 92 || c === 124) break;
    else if (c === 47 || c === 63 || c === 35) {
      if (last >= 0 || colon < 0) break;
      // A slash inside a password is not encoded now and then: only databases are read that leniently.
      if (!(scheme.replace(/\+.*$/, '') in DATABASES)) break;
    } else if (c === 60 || c === 62) {
      if (last >= 0) break;
    }
  }
  if (last < 0 || colon < 0 || colon > last) return null;
  const user = text.slice(from, colon);
  const password = text.slice(colon + 1, last);
  if (password.length < 3 || password.length > MAX_PART || user.length > MAX_PART) return null;
  if (password.includes('/') && /^\d{1,5}\//.test(password)) return null; // host:port/path@…
  if (isReference(password) || isReference(user) || /[${}<>[\]()*%](?![0-9A-Fa-f]{2})/.test(password) && /^[${<[(%*]/.test(password) || /[{}]/.test(user + password)) return null;
  let end = last + 1;
  while (end < text.length && end - last < MAX_PART && /[A-Za-z0-9._\-:[\]]/.test(text[end] ?? '')) end++;
  // Several hosts: `@a:27017,b:27017/db`.
  while (text[end] === ',' && /[A-Za-z0-9.-]/.test(text[end + 1] ?? '')) {
    end++;
    while (end < text.length && /[A-Za-z0-9._\-:]/.test(text[end] ?? '')) end++;
  }
  end = pastExpressions(text, last + 1, end);
  const host = text.slice(last + 1, end).replace(/\$\{[^}]*\}/g, 'x').replace(/:\d*$/, '').replace(/[.:]+$/, '').toLowerCase();
  if (host.length === 0 || host.startsWith('$') || /^[${<%[]/.test(text.slice(last + 1, last + 2))) return null;
  const base = scheme.replace(/^.*[^a-z0-9](?=jdbc)/, '').split('+')[0] ?? scheme;
  const database = DATABASES[base] ?? null;
  const local = isLocalHost(host);
  if (isPlaceholderHost(host)) return null;
  if (isMadeUp(password, user, local)) return null;
  if (!database && !/^(?:https?|ftps?|sftp|ssh|smtps?|imaps?|ldaps?|git|wss?|mqtts?|stomp|socks5?|rtsp|jdbc|s3|nfs|smb|vnc|rsync|svn|telnet|pop3s?|xmpp)$/.test(base) && local) return null;
  // The rest of the URL belongs to the value.
  while (end < text.length && end - start < 2048 && /[A-Za-z0-9._~\-/?#[\]@!$&()+,;=%:]/.test(text[end] ?? '')) end++;
  while (end > last && /[.,;:!?)\]]/.test(text[end - 1] ?? '')) end--;
  const hosted = HOSTED.test(`.${host}`);
  return {
    kind: 'connection-uri', detector: database ? `${database.toLowerCase().replace(/\s/g, '-')}-uri` : 'url-credentials',
    label: database ? `${database} connection string with its password` : 'User name and password in a URL',
    span: { start, end }, value: text.slice(start, end), core: decoded(password), prefix: `${scheme}://`,
    severity: local ? 'medium' : database || hosted ? 'critical' : 'high',
    confidence: isTestPath(path) ? 'medium' : local ? 'low' : hosted ? 'proven' : 'high',
    envName: database ? (ENV_NAMES[database] ?? 'DATABASE_URL') : 'SERVICE_URL', publicByDesign: false,
    note: text.slice(last, end).includes('${') ? PIECED : local ? 'the host is this machine or a container' : null, rank: 6,
  };
}

/** `db.${ref}.example.com`: an expression in the middle of a host name. */
function pastExpressions(text: string, from: number, end: number): number {
  let at = end;
  while (text[at - 1] === '.' && text.startsWith('${', at) && at - from < MAX_PART) {
    const close = text.indexOf('}', at);
    if (close < 0 || close - at > 60) return end;
    at = close + 1;
    while (at < text.length && at - from < MAX_PART && /[A-Za-z0-9._\-:]/.test(text[at] ?? '')) at++;
  }
  return at;
}

/** As it was before it was written into a URL. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch (error) {
    if (error instanceof URIError) return password; // a lone percent sign: it was never encoded
    throw error;
  }
}

function isSchemeChar(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46;
}

/** This machine, a container's service name, a private address. */
export function isLocalHost(host: string): boolean {
  return (
    !host.includes('.') || /^(?:127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(host) || /\.(?:local|localhost|internal|test|invalid|lan|home|svc|cluster\.local)$/.test(host) ||
    host === 'host.docker.internal' || /^\[?::1\]?$/.test(host)
  );
}

/** Host of an absolute URL, without port; null when there is none or an expression stands for it. */
export function hostOf(url: string): string | null {
  return /:\/\/(?:[^/@]{0,200}@)?([A-Za-z0-9.-]{3,200})(?::\d{1,5})?(?:[/?#]|$)/.exec(url)?.[1]?.toLowerCase() ?? null;
}

/** Of documentation: `example.com`, `your-host`, `cluster0.mongodb.net`. */
export function isPlaceholderHost(host: string): boolean {
  return /(?:^|\.)example(?:\.(?:com|org|net|io|dev))?$/.test(host) || /^(?:host(?:name)?|server|your[-.]|my[-.]?host|db[-_]host|xxx|ep-xxx|some[-.]|cluster0?\.(?:xxx|abc|mongodb\.net$)|domain\.com$|yourdomain|mydomain|foo|bar|myhost|ip[-_]?address|endpoint)/.test(host) || /(?:^|[-.])(?:your|xxxx+|placeholder|changeme)(?:[-.]|$)/.test(host);
}

const USUAL = /^(?:pass(?:word|wd)?\d{0,4}|pwd|secret|postgres(?:ql)?|root|admin|test|user(?:name)?|guest|mysql|mongo(?:db)?|redis|minio(?:admin)?|rabbitmq|supabase|dev(?:elopment)?|local|prisma|example|mypassword|dbpassword|db_?pass(?:word)?|the_?password|token|key|app|myapp|api_?key|x-?oauth-?basic|x-?access-?token|pw|pass|p4ssw0rd|hunter2|foo|bar|baz|abc|123+|1234(?:5(?:6(?:7(?:89?)?)?)?)?)$/i;

/** No entropy test: a short password of a real host is a leak. What everybody invents for documentation is none. */
function isMadeUp(password: string, user: string, local: boolean): boolean {
  if (isPlaceholder(password) || /^[A-Z][A-Z0-9_]+$/.test(password) && /PASS|PWD|SECRET|TOKEN|KEY/.test(password)) return true;
  if (local) return USUAL.test(password) || password.toLowerCase() === user.toLowerCase() || password.length < 6;
  return USUAL.test(password) && (USUAL.test(user) || user === '' || /^(?:your|my|db)/i.test(user)) || /^(?:x-?oauth-?basic|x-?access-?token)$/i.test(password) && user.length < 20;
}
