/** What the name of a variable, property, setting or column says about the value it holds. */

export type NameClass =
  /** Signs sessions or tokens: whoever knows it is anybody. */
  | 'signing'
  | 'encryption'
  | 'password'
  /** API keys, tokens, client secrets, webhook secrets. */
  | 'credential'
  /** A secret that callers have to send to us: cron, internal, admin, webhook. */
  | 'inbound'
  | 'database-url'
  | 'none';

const cache = new Map<string, NameClass>();

export function nameClass(name: string): NameClass {
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (cache.size > 20_000) cache.clear();
  const found = name.length > 100 ? 'none' : classify(name);
  cache.set(name, found);
  return found;
}

export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((w) => w.length > 0);
}

/** Words that may follow the telling one without changing what it is. */
const TRAILING = new Set(['value', 'string', 'str', 'default', 'fallback', 'env', 'prod', 'production', 'dev', 'development', 'staging', 'live', 'base64', 'b64', 'hex', 'plain', 'plaintext', 'raw', 'v1', 'v2', 'v3', 'old', 'new', 'current', 'previous', 'test', 'const', 'literal', 'here', 'main', 'backup', 'text']);
const SECRETISH = new Set(['secret', 'secrets', 'secretkey', 'apisecret', 'clientsecret']);
const PASSWORDISH = new Set(['password', 'passwd', 'pwd', 'pass', 'passphrase', 'passcode', 'userpassword', 'pswd', 'passwort', 'senha', 'contrasena', 'motdepasse']);
const KEY_OWNERS = new Set(['api', 'secret', 'private', 'access', 'service', 'auth', 'admin', 'master', 'app', 'account', 'license', 'rest', 'server', 'shared', 'storage', 'sdk', 'write', 'token', 'subscription', 'bearer', 'zap', 'client']);
const SIGNERS = new Set(['jwt', 'jws', 'session', 'sessions', 'cookie', 'cookies', 'auth', 'nextauth', 'authjs', 'token', 'tokens', 'signing', 'sign', 'signature', 'hmac', 'csrf', 'xsrf', 'refresh', 'access', 'magic', 'invite', 'otp', 'reset', 'verification', 'iron', 'passport', 'express', 'better', 'lucia', 'qr']);
const CRYPTO = new Set(['encrypt', 'encryption', 'encrypting', 'decrypt', 'decryption', 'crypto', 'cipher', 'aes', 'aes256', 'kek', 'dek', 'fernet', 'crypt']);
const INBOUND = new Set(['cron', 'webhook', 'webhooks', 'hook', 'internal', 'admin', 'revalidate', 'revalidation', 'verify', 'shared', 'worker', 'scheduler', 'job', 'jobs', 'ingest', 'bypass', 'preview', 'draft', 'setup', 'bootstrap', 'service2service', 's2s', 'callback']);
const NOT_A_KEY = new Set(['public', 'publishable', 'anon', 'site', 'storage', 'cache', 'query', 'primary', 'foreign', 'sort', 'partition', 'i18n', 'translation', 'react', 'row', 'column', 'object', 'map', 'hot', 'short', 'enter', 'arrow', 'search', 'idempotency', 'local', 'header', 'field', 'data', 'event', 'routing', 'redis', 'queue', 'lock', 'unique', 'index', 'label', 'title', 'message', 'locale', 'group', 'filter', 'theme', 'state', 'item', 'user', 'rate', 'limit', 'maps', 'map', 'recaptcha', 'firebase', 'posthog', 'stripe_publishable', 'pub', 'vapid', 'config', 'settings', 'param', 'params', 'lookup', 'tab', 'node', 'menu', 'ref', 'type', 'by']);
/** The last word of a name that is about a secret and holds none. */
const DESCRIBING = new Set(['id', 'ids', 'name', 'names', 'path', 'file', 'filename', 'dir', 'prefix', 'suffix', 'header', 'headers', 'type', 'types', 'length', 'size', 'expiry', 'expires', 'expiration', 'expire', 'exp', 'ttl', 'lifetime', 'age', 'maxage', 'algorithm', 'alg', 'algo', 'issuer', 'audience', 'host', 'hostname', 'port', 'email', 'mail', 'user', 'username', 'regex', 'regexp', 'pattern', 'label', 'title', 'message', 'msg', 'error', 'errors', 'err', 'placeholder', 'hint', 'help', 'description', 'hash', 'hashed', 'digest', 'field', 'column', 'param', 'input', 'selector', 'class', 'classname', 'endpoint', 'scope', 'scopes', 'strategy', 'policy', 'enabled', 'required', 'count', 'format', 'url', 'uri', 'link', 'route', 'page', 'arn', 'vault', 'provider', 'service', 'status', 'state', 'strength', 'confirm', 'confirmation', 'visible', 'visibility', 'show', 'reset', 'rules', 'schema', 'table', 'model', 'mode', 'kind', 'version', 'event', 'action', 'button', 'icon', 'store', 'cookie', 'key_name', 'variable', 'var', 'reference', 'section', 'domain', 'region', 'locale', 'issue', 'issues', 'check', 'test_id', 'testid', 'limit', 'window', 'rotation', 'days', 'minutes', 'seconds', 'hours', 'ms', 'address', 'contract', 'symbol', 'mint', 'sender', 'from', 'subject', 'bucket', 'queue', 'topic', 'channel', 'example']);

function classify(name: string): NameClass {
  const words = wordsOf(name);
  while (words.length > 1 && (TRAILING.has(words[words.length - 1] ?? '') || /^\d+$/.test(words[words.length - 1] ?? ''))) words.pop();
  const last = words[words.length - 1];
  if (last === undefined) return 'none';
  const has = (set: ReadonlySet<string>) => words.some((w) => set.has(w));
  const before = words[words.length - 2] ?? '';
  if (words.some((w) => w === 'public' || w === 'publishable' || w === 'anon' || w === 'placeholder' || w === 'dummy' || w === 'mock' || w === 'fake')) return 'none';

  if (/^(?:url|uri|dsn|connectionstring|conn|connection)$/.test(last) || (last === 'string' && before === 'connection')) {
    return /(?:database|postgres|postgresql|mongo|mongodb|redis|mysql|mariadb|pg|amqp|rabbitmq|neon|db)/.test(words.slice(0, -1).join(' ')) || name.toLowerCase() === 'database_url' ? 'database-url' : 'none';
  }
  if (DESCRIBING.has(last)) return 'none';
  if (PASSWORDISH.has(last)) return 'password';
  const joined = words.join('');
  if (SECRETISH.has(last) || (last === 'key' && before === 'secret') || joined.endsWith('secretorkey')) {
    const owner = words.slice(0, -1);
    if (owner.some((w) => CRYPTO.has(w))) return 'encryption';
    if (owner.some((w) => INBOUND.has(w))) return 'inbound';
    if (owner.some((w) => w === 'client' || w === 'consumer' || w === 'api' || w === 'aws' || w === 'stripe' || w === 'oauth' || w === 'razorpay' || w === 'google' || w === 'github' || w === 'facebook' || w === 'twitter' || w === 'paypal' || w === 'cloudinary' || w === 'supabase' && !owner.includes('jwt') || w === 's3' || w === 'minio' || w === 'recaptcha' || w === 'turnstile' || w === 'twilio' || w === 'clerk' || w === 'plaid' || w === 'key')) return 'credential';
    if (owner.some((w) => SIGNERS.has(w)) || joined.endsWith('secretorkey')) return 'signing';
    return owner.length === 0 || owner.every((w) => w === 'app' || w === 'secret' || w === 'my' || w === 'server' || w === 'super' || w === 'default') ? 'signing' : 'credential';
  }
  if (last === 'key' || last === 'keys') {
    if (has(CRYPTO) || (before === 'master' && !words.includes('api'))) return 'encryption';
    // `serviceRoleKey` opens the database; `roleKey` only names a role.
    if (before === 'role') return words.includes('service') ? 'credential' : 'none';
    if (NOT_A_KEY.has(before)) return 'none';
    if (before === 'jwt' || before === 'signing' || before === 'sign' || before === 'hmac' || before === 'signature') return 'signing';
    if (KEY_OWNERS.has(before)) return words.some((w) => INBOUND.has(w)) ? 'inbound' : 'credential';
    return 'none';
  }
  if (last === 'apikey' || last === 'apitoken' || last === 'authtoken' || last === 'accesstoken' || last === 'privatekey' || last === 'accesskey') return 'credential';
  if (last === 'token' || last === 'tokens' || last === 'bearer' || last === 'credential' || last === 'credentials' || last === 'creds') {
    // Sent to every visitor: it proves that a form is ours, and opens nothing.
    if (words.some((w) => w === 'csrf' || w === 'xsrf' || w === 'authenticity' || w === 'antiforgery')) return 'none';
    if (NOT_A_KEY.has(before) && before !== 'user') return 'none';
    return words.some((w) => INBOUND.has(w)) ? 'inbound' : 'credential';
  }
  if (last === 'authtokensecret' || last === 'sas' || last === 'webhooksecret') return 'credential';
  return 'none';
}

const NAME_KEYWORDS = ['secret', 'passw', 'pwd', 'pass', 'token', 'apikey', 'api_key', 'api-key', 'api key', '_key', '-key', 'key', 'credential', 'creds', 'bearer', 'senha', 'contrasena'] as const;
export const ASSIGNMENT_KEYWORDS: readonly string[] = NAME_KEYWORDS;

/** Keys that name a thing or that everybody may have: of files, of digests, of accounts on a chain. */
const NO_SECRET_KEY = /public|publishable|anon|placeholder|dummy|mock|fake|hash|digest|checksum|commit|license|file|image|asset|video|media|wallet|mint|program|contract|owner|signer|etag/;

/** `AZURE_OPENAI_KEY`, `clockifyKey`: a key of something. Says so little that only a generated value of some length makes it a secret. */
export function isKeyOfSomething(name: string): boolean {
  if (name.length > 100 || !/key$/i.test(name)) return false; // asked of every literal's name
  const words = wordsOf(name);
  const last = words[words.length - 1];
  const before = words[words.length - 2];
  return last === 'key' && before !== undefined && before.length > 2 && !words.some((w) => NOT_A_KEY.has(w) || DESCRIBING.has(w)) && nameClass(name) === 'none' && !NO_SECRET_KEY.test(words.join(' '));
}

/** The value is not what a name of a fixed form stands for: an AWS secret key has 40 characters, whatever is encrypted or shortened is none. */
export function contradictsName(name: string, value: string): boolean {
  return /aws_?secret_?access_?key$/i.test(name.replace(/-/g, '_')) && !/^[A-Za-z0-9/+]{40}$/.test(value);
}

/** The name belongs to an administrator or owner account. */
export function isAdminName(name: string): boolean {
  return /admin|owner|root|super|master/i.test(name);
}

/** Variables that hold a Supabase key past all row rules: `SUPABASE_SERVICE_ROLE_KEY`, `SUPABASE_SECRET_KEY` and what ends up called like them. */
export function isSupabaseServerName(name: string): boolean {
  return /SERVICE_ROLE|SUPABASE_SECRET/i.test(name);
}
