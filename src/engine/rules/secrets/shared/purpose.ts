/** What a secret is for, by its name, its detector and the libraries beside it: what it costs when others know it follows from that. */
import type { SecretFact } from '../../../core/facts';
import type { ProjectModel } from '../../../core/model';

/**
 * `signing`: sign-ins. `session`: cookies of a library that may keep the whole session in them. `stored`: the same where sessions
 * are kept on the server, and the cookie is only a random number. `forgery`: something else that is signed.
 */
export type Purpose = 'signing' | 'session' | 'stored' | 'forgery' | 'encryption' | 'database' | 'administrator' | 'password' | 'credential';

const SESSION = /(^|_)(SESSIONS?|COOKIES?|EXPRESS)(_|$)/;
/** Their sessions are tokens: whoever has the key writes one. */
const TOKEN_SESSION = /NEXTAUTH|AUTHJS|JWT|IRON|BETTER|LUCIA/;
const FORGERY = /(^|_)(HMAC|WEBHOOKS?|CSRF|XSRF|QR|SIGNATURE|CRON)(_|$)/;
const DATABASE = /(^|_)(DB|DATABASE|MYSQL|MSSQL|SQL|PG|PGSQL|POSTGRES|POSTGRESQL|MONGO|MONGODB|MARIADB|ORACLE|REDIS)(_|$)|^(PG|MYSQL|POSTGRES)PASSWORD$/;
const ADMINISTRATOR = /(^|_)(ADMIN|ADMINISTRATOR|ROOT|SUPERUSER|SUPERADMIN)(_|$)/;

/** What the secret is for. */
export function purposeOf(fact: SecretFact, model: ProjectModel): Purpose {
  const name = fact.envName.toUpperCase();
  const what = `${fact.detector} ${fact.label}`;
  if (/password/i.test(what)) return DATABASE.test(name) ? 'database' : ADMINISTRATOR.test(name) ? 'administrator' : 'password';
  // "Signing or encryption key" says both: then the name decides.
  if (/(^|_)(ENCRYPT|ENCRYPTION|CIPHER|CRYPTO?|DECRYPTION)(_|$)/.test(name) || (/encryption/i.test(what) && !/signing/i.test(what))) return 'encryption';
  if (!/signing/i.test(what)) return 'credential';
  if (FORGERY.test(name)) return 'forgery';
  if (!SESSION.test(name) || TOKEN_SESSION.test(name)) return 'signing';
  return keepsSessions(model) ? 'stored' : 'session';
}

/** Sessions are kept on the server and nowhere in a cookie: express-session always does that, in memory if nowhere else. */
function keepsSessions(model: ProjectModel): boolean {
  return model.memo(null, 'server-side-sessions', (m) => {
    const imported = new Set([...m.faces()].flatMap(([, face]) => face.imports.map((i) => i.specifier)));
    const inCookies = ['cookie-session', 'iron-session', 'client-sessions', '@fastify/secure-session', 'next-auth', 'jsonwebtoken', 'jose'];
    return imported.has('express-session') && !inCookies.some((name) => imported.has(name));
  });
}
