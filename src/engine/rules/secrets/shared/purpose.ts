/** What a secret is for, by its name, its detector and the libraries beside it: what it costs when others know it follows from that. */
import type { ProjectModel, SecretEntity } from '../../../core/model';
import type { RelPath } from '../../../core/types';
import { functionAt, nodesOf } from '../../../fixes/walk';
import { covers } from './bound';
import { isHandshake } from './handshake';

/**
 * `signing`: sign-ins. `session`: cookies of a library that may keep the whole session in them. `stored`: the same where sessions
 * are kept on the server, and the cookie is only a random number. `forgery`: something else that is signed. `handshake`: compared
 * when a webhook's address is registered, and never again.
 */
export type Purpose = 'signing' | 'session' | 'stored' | 'forgery' | 'handshake' | 'encryption' | 'database' | 'administrator' | 'password' | 'credential';

/** Names that say themselves what they sign. */
const SIGNS = /JWT|SESSION|COOKIE|AUTH|TOKEN|PASSPORT|IRON|LUCIA|REFRESH|ACCESS|MAGIC|OTP|RESET/;
const SESSION = /(^|_)(SESSIONS?|COOKIES?|EXPRESS)(_|$)/;
/** Their sessions are tokens: whoever has the key writes one. */
const TOKEN_SESSION = /NEXTAUTH|AUTHJS|JWT|IRON|BETTER|LUCIA/;
const FORGERY = /(^|_)(HMAC|WEBHOOKS?|CSRF|XSRF|QR|SIGNATURE)(_|$)/;
/** Shown by the caller as it is: nothing is signed with it. */
const SHOWN = /(^|_)(CRON|API)(_|$)/;
const DATABASE = /(^|_)(DB|DATABASE|MYSQL|MSSQL|SQL|PG|PGSQL|POSTGRES|POSTGRESQL|MONGO|MONGODB|MARIADB|ORACLE|REDIS)(_|$)|^(PG|MYSQL|POSTGRES)PASSWORD$/;
const ADMINISTRATOR = /(^|_)(ADMIN|ADMINISTRATOR|ROOT|SUPERUSER|SUPERADMIN)(_|$)/;

/** What the secret is for. */
export function purposeOf(secret: SecretEntity, model: ProjectModel): Purpose {
  const { fact, at } = secret;
  const name = fact.envName.toUpperCase();
  const what = `${fact.detector} ${fact.label}`;
  if (isHandshake(secret, model)) return 'handshake';
  if (/password/i.test(what)) return DATABASE.test(name) ? 'database' : ADMINISTRATOR.test(name) ? 'administrator' : 'password';
  // "Signing or encryption key" says both: then the name decides.
  if (/(^|_)(ENCRYPT|ENCRYPTION|CIPHER|CRYPTO?|DECRYPTION)(_|$)/.test(name) || (/encryption/i.test(what) && !/signing/i.test(what))) return 'encryption';
  if (!/signing/i.test(what) || (SHOWN.test(name) && !SIGNS.test(name))) return 'credential';
  if (FORGERY.test(name)) return 'forgery';
  if (fact.kind === 'signing-key' && !SIGNS.test(name) && isProviders(secret, model)) return 'credential';
  // `SECRET_KEY` says nothing: the code around it does.
  const use = SIGNS.test(name) ? null : useIn(at.file, model);
  if (use !== null) return use;
  if (!SESSION.test(name) || TOKEN_SESSION.test(name)) return 'signing';
  return keepsSessions(model) ? 'stored' : 'session';
}

/** Settings that a provider of payments, mail or the like hands out together with a secret. */
const HANDED_OUT = /^(api_?key|public_?key|publishable_?key|key_?id|client_?id|merchant_?(id|key|code)|access_?key(_?id)?|app_?id|account_?sid|store_?id|webhook_?(url|secret|id)|is_?test_?mode|is_?(sandbox|production|live)|sandbox|test_?mode|mid|salt)$/i;

/** `{ apiKey: …, secretKey: …, webhookUrl: … }`: one of the settings of a provider. */
function isProviders({ fact, at }: SecretEntity, model: ProjectModel): boolean {
  const script = model.file(at.file)?.script;
  if (!script) return false;
  for (const n of nodesOf(functionAt(script, fact.span.start)?.body ?? [])) {
    if (n.k !== 'obj' || !covers(n, fact.span)) continue;
    const own = n.props.some((p) => p.k === 'prop' && covers(p.value, fact.span) && p.value.k !== 'obj' && p.value.k !== 'arr' && p.value.k !== 'fn' && p.value.k !== 'call' && p.value.k !== 'new');
    if (own && n.props.some((p) => p.k === 'prop' && !covers(p.value, fact.span) && HANDED_OUT.test(p.key))) return true;
  }
  return false;
}

/** A file that only encrypts, or only makes digests, signs nobody in. */
function useIn(file: RelPath, model: ProjectModel): 'encryption' | 'forgery' | null {
  return model.memo(null, `secret-use:${file}`, (m) => {
    const script = m.file(file)?.script;
    if (!script || script.imports.some((i) => /^(jsonwebtoken|jose|express-session|cookie-session|iron-session|next-auth|passport|jwt-simple|fast-jwt)/.test(i.specifier))) return null;
    const called = new Set<string>();
    for (const fn of script.functions) for (const n of nodesOf(fn.body)) if (n.k === 'call') called.add(n.fn.k === 'mem' ? n.fn.prop : n.fn.k === 'ref' ? n.fn.name : '');
    if (called.has('createCipheriv') || called.has('createDecipheriv')) return 'encryption';
    return called.has('createHmac') ? 'forgery' : null;
  });
}

/** Sessions are kept on the server and nowhere in a cookie: express-session always does that, in memory if nowhere else. */
function keepsSessions(model: ProjectModel): boolean {
  return model.memo(null, 'server-side-sessions', (m) => {
    const imported = new Set([...m.faces()].flatMap(([, face]) => face.imports.map((i) => i.specifier)));
    const inCookies = ['cookie-session', 'iron-session', 'client-sessions', '@fastify/secure-session', 'next-auth', 'jsonwebtoken', 'jose'];
    return imported.has('express-session') && !inCookies.some((name) => imported.has(name));
  });
}
