/** String literals of scripts: what only the code around a literal gives away. Cheap first: most literals leave after two look-ups. */
import type { SecretFact } from '../../core/facts';
import type { Confidence, Severity } from '../../core/types';
import type { LiteralContext } from './context';
import { isCountedUp, isHarmlessForm, isLongKey, isPlaceholder, isPlaceholderToken, isReference, isUuid, looksGenerated, looksLikePassword, shannon, wordiness } from './heuristics';
import { contradictsName, isAdminName, isKeyOfSomething, nameClass, wordsOf, type NameClass } from './names';
import { lower, placeOf, redact, secretFingerprint, toEnvName } from './places';
import { isPublishedSample, scanTokens } from './tokens';

type CalleeRole =
  | { readonly k: 'none' }
  /** Positional key argument. */
  | { readonly k: 'key-arg'; readonly index: number }
  /** Key in an options object under one of these names. */
  | { readonly k: 'key-prop'; readonly props: RegExp }
  | { readonly k: 'hash' }
  | { readonly k: 'account' }
  | { readonly k: 'sign-in' }
  | { readonly k: 'connect' };

const NONE: CalleeRole = { k: 'none' };
/** By module of the callee, then by callee. */
const roles = new Map<string | null, Map<string, CalleeRole>>();
let rolesKept = 0;

function roleOf(callee: string, module: string | null): CalleeRole {
  let ofModule = roles.get(module);
  const known = ofModule?.get(callee);
  if (known) return known;
  if (++rolesKept > 20_000) {
    roles.clear();
    rolesKept = 1;
    ofModule = undefined;
  }
  if (!ofModule) roles.set(module, (ofModule = new Map<string, CalleeRole>()));
  const role = readRole(callee, module);
  ofModule.set(callee, role);
  return role;
}

function readRole(callee: string, module: string | null): CalleeRole {
  if (callee.length > 160) return NONE;
  const last = callee.slice(callee.lastIndexOf('.') + 1);
  const root = callee.split(/[.(]/, 1)[0] ?? '';
  const isJwt = (module !== null && /jsonwebtoken|(?:^|\/)jwt|jwt-simple|jose|jws/.test(module)) || /jwt|jws/i.test(root);
  if (isJwt && /^(?:sign|verify|encode|decode|signAsync|verifyAsync)$/.test(last)) return module === 'jwt-simple' || /^(?:sign|verify|encode|decode)$/.test(last) ? { k: 'key-arg', index: 1 } : { k: 'key-prop', props: /^(?:secret|privateKey|publicKey|secretOrPrivateKey)$/ };
  if (last === 'createHmac' || last === 'createCipheriv' || last === 'createDecipheriv' || last === 'createCipher' || last === 'createDecipher') return { k: 'key-arg', index: 1 };
  if (/^(?:Hmac(?:SHA|MD5|SHA1|SHA256|SHA512)\w*)$/.test(last) || (/^(?:encrypt|decrypt)$/.test(last) && /AES|DES|Rabbit|RC4|cryptojs/i.test(callee))) return { k: 'key-arg', index: 1 };
  if (last === 'cookieParser' || module === 'cookie-parser') return { k: 'key-arg', index: 0 };
  if (last === 'createSecretKey') return { k: 'key-arg', index: 0 };
  if (/^(?:session|cookieSession|expressSession|expressjwt|expressJwt|NextAuth|betterAuth|getIronSession|withIronSession\w*|ironSession|getServerSession|getToken|csrf|csurf|lusca|koaSession|jwt|register|registerAsync|Strategy|JwtStrategy|JWTStrategy|super|createCookieSessionStorage|createCookie|initAuth|fastifyJwt|createSessionStorage|useSession|setupSession|cookieParser|lucia|Auth)$/.test(last) || /session|jwt|auth|iron|csrf/i.test(module ?? '')) {
    return { k: 'key-prop', props: /^(?:secret|secrets|secretOrKey|secretKey|password|keys|jwtSecret|cookieSecret|sessionSecret|encryptionKey)$/ };
  }
  if (/^(?:hash|hashSync)$/.test(last) && (/bcrypt|argon|scrypt|password|hasher/i.test(callee) || /bcrypt|argon2|scrypt|password/i.test(module ?? '')) || /^(?:hashPassword|encryptPassword|makePassword|generatePasswordHash|hashPass|bcryptHash|hashpw|setPassword|createPasswordHash|scryptHash)$/.test(last)) return { k: 'hash' };
  if (/^(?:createUser|createUserWithEmailAndPassword|signUp|signUpEmail|signup|register|registerUser|createAdmin|createAdminUser|createAccount|inviteUser|updateUser|updateUserById|create|createMany|insert|insertOne|insertMany|upsert|values|save|build|findOrCreate|bulkCreate|bulkWrite|updateOne|update|add|addUser|seed|push|set|User|Admin|users|ensureUser|seedUser|seedUsers)$/.test(last)) return { k: 'account' };
  if (/^(?:signIn|signInWithPassword|signInWithEmailAndPassword|login|authenticate|signInEmail|loginAs)$/.test(last)) return { k: 'sign-in' };
  if (/^(?:createConnection|createPool|Pool|Client|Sequelize|createTransport|createClient|DataSource|connect|knex|Redis|createTransporter|forRoot|TypeOrmModule|postgres|mysql|MongoClient|ImapFlow|Connection|Kafka|ftp|access)$/.test(last)) return { k: 'connect' };
  return NONE;
}

const SEED_PATH = /(?:^|\/)(?:seeds?|seeders?|seeding|fixtures?|init[-_]?db|bootstrap|setup|db[-_]?reset|reset[-_]?db|create[-_]?(?:admin|user|super)\w*|make[-_]?admin|migrat\w*|populate|demo[-_]?data)[^/]*(?:\/|\.[cm]?[jt]s$)|(?:^|\/)[\w-]*[-_.](?:seed|seeder|seeds|init|reset|setup|bootstrap)\.[cm]?[jt]s$/i;
const SEED_NAME = /seed|init|bootstrap|setup|create(?:Default)?(?:Admin|User|Super|Owner)|onModuleInit|onApplicationBootstrap|ensure\w*(?:Admin|User)|populate|migrat|default\w*(?:User|Admin|Account)|reset|connectDB|up$/i;
const USERS_NAME = /(?:users?|admins?|accounts?|members?|employees?|staff|people|teams?|customers?|owners?|agents?|teachers?|students?|doctors?|drivers?)(?:to\w*|data|list|seed|s)?$/i;
const DEFAULT_PASSWORD = /(?:default|admin|initial|temp|temporary|demo|seed|root|owner|super|master|bootstrap|setup)\w*(?:password|passwd|pwd|pass)$/i;

/** Values under a password's name that are text about passwords: labels, types, fields, routes. */
function isPasswordText(value: string): boolean {
  return (
    /\s/.test(value) || /^(?:password|passwd|pwd|pass|string|text|required|optional|hidden|visible|new-password|current-password|off|on|true|false|null|undefined|none|number|boolean|email|username|varchar|body|input|secret|credentials|local|jwt|bearer|basic|invalid|weak|strong|medium|short|senha|contraseña|passwort|mot)$/i.test(value) ||
    /^[.#/@[<$]|[<>{}]|^\w+(?:\.\w+)+$|^(?:https?|data|mailto):|^(?:\*+|•+|x+)$/i.test(value) || /^[a-z]+(?:[-_][a-z]+){1,5}$/.test(value) && /pass|pwd|reset|forgot|confirm|input|field|form|error|invalid/i.test(value) || /^[A-Z]+(?:_[A-Z]+)+$/.test(value) ||
    /^\$(?:2[abxy]?|argon2\w*|scrypt|pbkdf2)[$-]|^[0-9a-f]{32,}$/.test(value) || /^(?:your|my|enter|the|some|new|confirm|repeat|forgot|reset|change)[-_ ]?(?:app[-_ ]?)?(?:password|passwd|pass)/i.test(value) || /(?:password|pass)[A-Z]\w*$/.test(value) && /^[a-z]/.test(value) && !/\d/.test(value) || /^(?:invalid|wrong|missing|show|hide|forgot|reset|change|update|confirm|toggle|set)[A-Z-]/.test(value)
  );
}

/** Whether the nearest name or the call around a literal says anything about it: asked of every literal, before anything else is worked out. */
export function mayTell(name: string | undefined, callee: string | null, calleeModule: string | null): boolean {
  return (name !== undefined && (nameClass(name) !== 'none' || isKeyOfSomething(name))) || (callee !== null && roleOf(callee, calleeModule).k !== 'none');
}

export function classifyLiteral(ctx: LiteralContext): SecretFact | null {
  const { value } = ctx;
  if (value.length < 3 || value.length > 4096) return null;
  if (ctx.fallbackOf !== null) {
    const found = asFallback(ctx, ctx.fallbackOf);
    if (found) return found;
  }
  if (ctx.comparedWith !== null) {
    const found = asComparison(ctx, ctx.comparedWith);
    if (found) return found;
  }
  const role = ctx.callee === null ? NONE : roleOf(ctx.callee, ctx.calleeModule);
  const name = ctx.names[0];
  const named = name === undefined ? 'none' : nameClass(name);
  const kind = named === 'none' && name !== undefined && isKeyOfSomething(name) && isLongKey(value) ? 'credential' : named;
  if (kind === 'none' && role.k === 'none') return null;
  return asArgument(ctx, role, kind) ?? (name !== undefined && kind !== 'none' ? asNamed(ctx, name, kind, role) : null);
}

// ------------------------------------------------------------------------------------------------ fallbacks

/** `process.env.X ? 'SET' : 'NOT_SET'`: says whether it is there. */
const STATUS_TEXT = /^(?:undefined|null|none|false|true|n\/?a|set|unset|yes|no|ok|empty|absent|present|missing.*|(?:is |are )?not?[-_ ].*|no[-_ ].*|<.*|\(.*|\[.*|.*(?:not[-_ ]set|not[-_ ]found|not[-_ ]configured|missing|required)[.!]?|[^\x00-\x7f].*)$/i;

function asFallback(ctx: LiteralContext, env: string): SecretFact | null {
  const { value } = ctx;
  const kind = nameClass(env);
  if (kind === 'none' || ctx.inTest || isReference(value) || STATUS_TEXT.test(value)) return null;
  if (/^(?:https?|wss?):\/\/[^@]*$/i.test(value) || value.startsWith('/') || hasOwnDetector(ctx)) return null;
  const isSigning = kind === 'signing' || kind === 'encryption';
  if (kind === 'database-url') return null; // with a real host it is a connection string, without one it opens nothing
  if (kind === 'credential') {
    // A made-up value for a service of others only fails there; a real one is a leak.
    if (isPlaceholder(value) || isHarmlessForm(value) || !(looksGenerated(value) || looksLikePassword(value))) return null;
    return fact(ctx, 'env-fallback', `fallback-${kind}`, `Fallback for ${env}`, env, 'high', 'high', null);
  }
  if (kind === 'password') {
    const admin = isAdminName(env);
    const store = /db|database|postgres|pg|mysql|mongo|redis|sql/i.test(env);
    if (!admin && !store && (isPlaceholder(value) || isPasswordText(value))) return null;
    if (isPasswordText(value) && !/^(?:password|secret|pass|root|admin|postgres)$/i.test(value)) return null;
    return fact(ctx, 'env-fallback', 'fallback-password', `Fallback for ${env}`, env, admin ? 'critical' : 'high', store && !admin ? 'medium' : 'high', null);
  }
  if (kind === 'inbound' && (/^(?:https?:)/.test(value) || value.length < 4)) return null;
  return fact(ctx, 'env-fallback', `fallback-${kind === 'inbound' ? 'credential' : kind}`, `Fallback for ${env}`, env, isSigning ? 'critical' : 'high', 'high', 'the program runs with it whenever the variable is missing');
}

// ------------------------------------------------------------------------------------------------ comparisons

function asComparison(ctx: LiteralContext, other: string): SecretFact | null {
  if (ctx.inTest || other.startsWith('typeof') || ctx.value.length < 4) return null;
  const last = /(?:([A-Za-z_$][\w$]*)|\[['"]([\w-]+)['"]\]|(?:get|header)\(['"]([\w-]+)['"]\))\s*[!)]*$/.exec(other);
  const name = last?.[1] ?? last?.[2] ?? last?.[3];
  if (name === undefined) return null;
  const kind = nameClass(name);
  const { value } = ctx;
  if (kind === 'none' || kind === 'database-url' || isReference(value) || isPlaceholder(value) || /\s/.test(value)) return null;
  // A sentinel that stands in for a key in tests.
  if (/^(?:test|mock|fake|demo|none|missing)[-_]/i.test(value)) return null;
  if (/process\.env|import\.meta\.env|Deno\.env/.test(other)) return null; // checks for a leftover placeholder
  if (kind === 'password') {
    if (isPasswordText(value)) return null;
    const admin = /admin|owner|root/i.test(other) || ctx.enclosing.some((n) => /admin/i.test(n)) || /admin/i.test(value);
    return fact(ctx, 'account-password', 'compared-password', 'Password that a sign-in compares with', admin ? 'ADMIN_PASSWORD' : toEnvName(name), admin ? 'critical' : 'high', 'high', 'whoever sends it is let in');
  }
  if (hasOwnDetector(ctx) || isHarmlessForm(value) || /^[a-z]+$/i.test(value) && value.length < 12 || /^[A-Z_]+$/.test(value)) return null;
  if (!looksGenerated(value) && !(value.length >= 8 && /[0-9\-_]/.test(value) && /secret|key|token|admin|pass|\d{3}/i.test(value))) return null;
  return fact(ctx, 'named-assignment', 'compared-credential', 'Key or token that a check compares with', toEnvName(name), 'high', 'medium', 'whoever sends it is let in');
}

// ------------------------------------------------------------------------------------------------ calls

function asArgument(ctx: LiteralContext, role: CalleeRole, kind: NameClass): SecretFact | null {
  const { value } = ctx;
  switch (role.k) {
    case 'none':
      return null;
    case 'key-arg':
      if (ctx.argIndex !== role.index || ctx.propPath.length > 0) return null;
      // `crypto.createHmac` has "crypt" in its name and encrypts nothing.
      return signingKey(ctx, /hmac/i.test(ctx.callee ?? '') ? 'HMAC_SECRET' : kind === 'encryption' || /cipher|crypt/i.test(ctx.callee ?? '') ? 'ENCRYPTION_KEY' : /cookie/i.test(ctx.callee ?? '') ? 'COOKIE_SECRET' : 'JWT_SECRET');
    case 'key-prop': {
      const prop = ctx.propPath[ctx.propPath.length - 1];
      if (prop === undefined || !role.props.test(prop)) return null;
      // `register`, `Strategy`, `super` and whatever a library of sign-in exports: only names that mean the key itself.
      if (prop === 'password' && !/iron|session/i.test(`${ctx.callee} ${ctx.calleeModule}`)) return null;
      if (prop === 'keys' && !/cookie|session/i.test(`${ctx.callee} ${ctx.calleeModule}`)) return null;
      if (/^(?:signIn|signUp|login|useAuth|fetch|post)/.test(ctx.callee ?? '')) return null;
      return signingKey(ctx, /jwt/i.test(`${ctx.callee}${prop}`) ? 'JWT_SECRET' : /auth/i.test(ctx.callee ?? '') ? 'AUTH_SECRET' : 'SESSION_SECRET');
    }
    case 'hash':
      return ctx.argIndex === 0 && ctx.propPath.length === 0 && !isPasswordText(value) ? accountPassword(ctx, 'hashed-password') : null;
    case 'account': {
      const positional = /createUserWithEmailAndPassword$/.test(ctx.callee ?? '') && ctx.argIndex === 2;
      if (!positional && (kind !== 'password' || ctx.propPath.length === 0)) return null;
      return isPasswordText(value) ? null : accountPassword(ctx, 'created-account');
    }
    case 'sign-in': {
      const positional = /signInWithEmailAndPassword$/.test(ctx.callee ?? '') && ctx.argIndex === 2;
      if ((!positional && kind !== 'password') || isPasswordText(value) || isPlaceholder(value)) return null;
      return accountPassword(ctx, 'sign-in-password');
    }
    case 'connect':
      if (kind !== 'password' || ctx.propPath.length === 0 || ctx.inTest) return null;
      if (/^[a-z]{4}(?: [a-z]{4}){3}$/.test(value)) return fact(ctx, 'named-assignment', 'app-password', 'Mail account app password', 'SMTP_PASSWORD', 'critical', 'high', null);
      if (isPasswordText(value) || isPlaceholder(value) || /^(?:postgres|root|admin|mysql|redis|mongo|test|guest|example|user|docker|secret|prisma)$/i.test(value)) return null;
      return fact(ctx, 'named-assignment', 'service-password', 'Password of a database or mail service', /transport|mail|smtp/i.test(ctx.callee ?? '') ? 'SMTP_PASSWORD' : 'DATABASE_PASSWORD', 'critical', 'high', null);
  }
}

function signingKey(ctx: LiteralContext, envName: string): SecretFact | null {
  const { value } = ctx;
  if (ctx.inTest || isReference(value) || hasOwnDetector(ctx) || /^-----BEGIN|\.(?:pem|key|crt|json)$|^(?:HS|RS|ES|PS)\d{3}$|^(?:sha|md5|aes|base64|utf-?8|hex)[\w-]*$/i.test(value) || /^(?:undefined|null|true|false|none)$/.test(value)) return null;
  const weak = value.length < 32 || wordiness(value) > 0.6 || isPlaceholder(value);
  return fact(ctx, 'signing-key', 'signing-key', 'Signing or encryption key', envName, 'critical', 'high', weak ? 'it is short or guessable' : null);
}

function accountPassword(ctx: LiteralContext, detector: string): SecretFact | null {
  if (ctx.inTest || isReference(ctx.value) || /^(?:\*+|x+|•+)$/i.test(ctx.value)) return null;
  const isAdmin = isAdminName(ctx.value) || ctx.names.some(isAdminName) || ctx.enclosing.some(isAdminName) || isAdminName(ctx.callee ?? '') || /admin|owner|super/i.test(ctx.path);
  // A seed that a developer runs on an empty database is a question, not a verdict, unless an administrator comes out of it.
  const devSeed = /(?:^|\/)(?:prisma|drizzle|db|database|scripts|supabase)?\/?(?:seeds?|seeders?)(?:\/|[\w.-]*\.[cm]?[jt]s$)/i.test(ctx.path) && !isAdmin;
  return fact(ctx, 'account-password', detector, 'account password', isAdmin ? 'ADMIN_PASSWORD' : 'SEED_USER_PASSWORD', isAdmin ? 'critical' : 'high', devSeed ? 'low' : 'high', devSeed ? 'it stands in a seed, which may run on a developer\'s machine only' : null);
}

// ------------------------------------------------------------------------------------------------ names

function asNamed(ctx: LiteralContext, name: string, kind: NameClass, role: CalleeRole): SecretFact | null {
  const { value } = ctx;
  if (kind === 'database-url' || isReference(value) || sameWords(name, value) || contradictsName(name, value)) return null;
  const seeding = SEED_PATH.test(ctx.path) || ctx.enclosing.some((n) => SEED_NAME.test(n));
  if (kind === 'password' && !ctx.inTest && !isPasswordText(value)) {
    if (DEFAULT_PASSWORD.test(name) && ctx.callee === null) return accountPassword(ctx, 'default-password');
    if (role.k === 'none' && value.length >= 4 && ctx.names.slice(1).some((n) => USERS_NAME.test(n)) && (seeding || ctx.callee === null)) {
      if (seeding || ctx.names.slice(1).some((n) => /seed|default|initial|insert|admin/i.test(n))) return accountPassword(ctx, 'seeded-account');
    }
    if (seeding && role.k === 'none' && ctx.callee === null) return accountPassword(ctx, 'seeded-account');
  }
  // A property of settings, or a part of sample data, that holds a made-up value: nothing signs with it.
  if ((isCountedUp(value) && ctx.names.length > 1 && wordsOf(name).length < 3 && !saysWhatItSigns(name)) || (kind !== 'password' && isMadeUp(ctx) && !(looksGenerated(value) && !isPlaceholder(value)))) return null;
  if (isPlaceholder(value) || isPlaceholderToken(value) || isHarmlessForm(value) || /\s/.test(value)) {
    // A key that signs or encrypts is a flaw however it reads, when the program uses it as it stands.
    if ((kind === 'signing' || kind === 'encryption') && !ctx.inTest && isKeyText(value) && ctx.callee === null && strongSigningName(name)) return named(ctx, kind, name, 'medium');
    return null;
  }
  if (hasOwnDetector(ctx)) return null;
  const place = placeOf(ctx.path);
  if (looksGenerated(value) && !isUuid(value)) return fact(ctx, 'named-assignment', `named-${kind === 'inbound' ? 'credential' : kind}`, `${labelOf(kind)} in ${name}`, toEnvName(name), 'high', place === 'test' ? 'low' : kind === 'password' ? 'medium' : 'medium', null);
  if (ctx.inTest) return null;
  if ((kind === 'signing' || kind === 'encryption') && isKeyText(value) && (ctx.callee === null || role.k !== 'none') && strongSigningName(name)) return named(ctx, kind, name, 'medium');
  if (kind === 'password' && looksLikePassword(value) && !isPasswordText(value)) return fact(ctx, 'named-assignment', 'named-password', `Password in ${name}`, toEnvName(name), 'high', 'medium', null);
  if ((kind === 'credential' || kind === 'inbound') && value.length >= 20 && /[0-9]/.test(value) && /^[\w+/=.-]+$/.test(value) && shannon(value) >= 3.2 && wordiness(value) < 0.55 && !isUuid(value)) {
    return fact(ctx, 'named-assignment', 'named-credential', `Key or token in ${name}`, toEnvName(name), 'high', 'medium', null);
  }
  return null;
}

const SAMPLE = new Set(['mock', 'mocks', 'mocked', 'sample', 'samples', 'demo', 'dummy', 'fake', 'stub', 'fixture', 'fixtures', 'placeholder']);

/** Names around it, or the file's own, say that it is sample data. */
function isMadeUp(ctx: LiteralContext): boolean {
  const file = ctx.path.slice(ctx.path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return ctx.callee === null && [...ctx.names.slice(1), file].some((n) => wordsOf(n).some((w) => SAMPLE.has(w)));
}

/** `jwtSecret`, `sessionKey`: more than "secret key". */
function saysWhatItSigns(name: string): boolean {
  return wordsOf(name).some((w) => /^(?:jwt|session|cookie|token|auth|signing|nextauth|refresh)/.test(w));
}

function strongSigningName(name: string): boolean {
  const words = wordsOf(name);
  return words.length >= 2 || words[0] === 'jwtsecret' || words[0] === 'cookiesecret' || words[0] === 'sessionsecret';
}

/** Could be used as a key: no blank, no header name, no constant's name, no type. */
function isKeyText(value: string): boolean {
  return value.length >= 6 && !/\s/.test(value) && !isReference(value) && !/^[A-Z]+(?:_[A-Z0-9]+)+$/.test(value) && !/^x-[a-z-]+$/i.test(value) && !/^[a-z]+[A-Z]\w*$/.test(value) && !/^(?:https?:|\/|\.)/.test(value) && !/^(?:string|required|text|password|authorization|bearer|session|secret|jwt|cookie)$/i.test(value) && !/\.(?:pem|key|json|env)$/.test(value) && !/^(?:[a-z]+-)?(?:encryption|signing|jwt|session|secret)[-_.](?:key|secret|token|id|name)$/i.test(value);
}

function named(ctx: LiteralContext, kind: NameClass, name: string, confidence: Confidence): SecretFact {
  return fact(ctx, 'signing-key', 'signing-key', kind === 'encryption' ? 'Encryption key' : 'Signing key', toEnvName(name), 'critical', confidence, ctx.value.length < 32 || isPlaceholder(ctx.value) ? 'it is short or guessable' : null);
}

function labelOf(kind: NameClass): string {
  return kind === 'password' ? 'Password' : kind === 'signing' ? 'Signing key' : kind === 'encryption' ? 'Encryption key' : 'Key or token';
}

function sameWords(name: string, value: string): boolean {
  return value.length < 80 && wordsOf(name).join('') === wordsOf(value).join('');
}

/** Tokens, URLs with credentials and private keys are found in the text itself: one place, one fact. Published samples are none. */
function hasOwnDetector(ctx: LiteralContext): boolean {
  return ctx.value.length >= 16 && (isPublishedSample(ctx.value) || scanTokens(ctx.path, ctx.value, { wrapped: true }).length > 0);
}

function fact(ctx: LiteralContext, kind: SecretFact['kind'], detector: string, label: string, envName: string, severity: Severity, confidence: Confidence, note: string | null): SecretFact {
  const place = placeOf(ctx.path);
  return {
    kind, detector, label, span: ctx.span, literal: ctx.literal, redacted: redact('', ctx.value), fingerprint: secretFingerprint(ctx.value, ctx.salt), severity,
    confidence: place === 'docs' ? lower(confidence) : confidence, envName, publicByDesign: false, place: place === 'docs' || place === 'test' ? place : 'code', note,
  };
}
