/** How apps of this kind learn who is calling: RULES.md 1.3, with what merely looks like it. */
import type { CallPattern, Meaning } from './meaning';

const identity = (how: Extract<Meaning, { is: 'identity' }>['how'], name: string, async = true): Meaning => ({ is: 'identity', how, async, name });
const CLERK = ['@clerk/*', '@clerk/nextjs/*'];
const NEXT_AUTH = ['next-auth/*', '@auth/*', 'next-auth'];

export const AUTH_PATTERNS: readonly CallPattern[] = [
  // Supabase: getUser and getClaims verify, getSession only reads the cookie.
  { pkg: [], last: ['getUser'], shape: /(^|\.)auth\.getUser$/, means: identity('result', 'supabase.auth.getUser') },
  { pkg: [], last: ['getClaims'], shape: /(^|\.)auth\.getClaims$/, means: identity('result', 'supabase.auth.getClaims') },
  // Works on the caller's own session or answers with an error.
  { pkg: [], last: ['updateUser', 'reauthenticate'], shape: /(^|\.)auth\.(updateUser|reauthenticate)$/, means: identity('result', 'supabase.auth.updateUser') },
  { pkg: [], last: ['getSession'], shape: /(^|\.)auth\.getSession$/, means: { is: 'unverified', how: 'supabase.auth.getSession() reads the cookie without verifying it', async: true, result: true } },
  { pkg: ['@supabase/server/*'], last: ['withSupabase'], means: { is: 'guard-wrapper', name: 'withSupabase', effect: 'enforces' } },
  // Clerk.
  { pkg: CLERK, last: ['protect'], shape: /^auth(\(\))?\.protect$/, means: identity('throws', 'auth.protect') },
  { pkg: CLERK, last: ['auth'], shape: /^auth$/, means: identity('fields', 'auth') },
  { pkg: CLERK, last: ['getAuth'], means: identity('fields', 'getAuth', false) },
  { pkg: CLERK, last: ['currentUser'], means: identity('nullable', 'currentUser') },
  { pkg: CLERK, last: ['requireAuth'], means: { is: 'guard', effect: 'enforces', name: 'requireAuth' } },
  { pkg: CLERK, last: ['ClerkExpressRequireAuth'], means: { is: 'guard', effect: 'enforces', name: 'ClerkExpressRequireAuth' } },
  { pkg: CLERK, last: ['clerkMiddleware', 'ClerkExpressWithAuth', 'authMiddleware'], means: { is: 'guard', effect: 'none', name: 'clerkMiddleware' } },
  { pkg: CLERK, last: ['verifyToken', 'authenticateRequest'], means: identity('throws', 'verifyToken') },
  // Auth.js / NextAuth.
  { pkg: NEXT_AUTH, last: ['getServerSession', 'unstable_getServerSession', 'getToken'], means: identity('nullable', 'getServerSession') },
  { pkg: NEXT_AUTH, last: ['auth'], shape: /(^|\.|\))auth$/, means: identity('nullable', 'auth') },
  { pkg: NEXT_AUTH, last: ['withAuth'], means: { is: 'guard-wrapper', name: 'withAuth', effect: 'enforces' } },
  { pkg: NEXT_AUTH, last: ['signIn'], means: { is: 'does', what: 'sign-in' } },
  { pkg: NEXT_AUTH, last: ['signOut'], means: { is: 'does', what: 'sign-out' } },
  // better-auth.
  { pkg: ['better-auth/*', 'better-auth'], last: ['getSession'], shape: /\.api\.getSession$/, means: identity('nullable', 'auth.api.getSession') },
  { pkg: ['better-auth/*'], last: ['getSessionCookie'], means: { is: 'unverified', how: 'getSessionCookie() only sees that a cookie is there', async: false } },
  { pkg: ['better-auth/*'], last: ['toNextJsHandler', 'toNodeHandler'], means: { is: 'does', what: 'oauth' } },
  // Firebase Admin.
  { pkg: [], last: ['verifyIdToken', 'verifySessionCookie'], means: identity('throws', 'verifyIdToken') },
  // JSON Web Tokens: `verify` throws, `decode` proves nothing.
  { pkg: ['jsonwebtoken', 'jsonwebtoken/*'], last: ['verify'], means: identity('throws', 'jwt.verify', false) },
  { pkg: ['jws'], last: ['verify'], means: identity('bool', 'jws.verify', false) },
  { pkg: ['jsonwebtoken'], last: ['decode'], means: { is: 'unverified', how: 'jwt.decode() does not check the signature', async: false } },
  { pkg: ['jsonwebtoken'], last: ['sign'], means: { is: 'does', what: 'token-issue' } },
  { pkg: ['jose', 'jose/*', 'deno:jose/*', 'deno:djwt/mod', 'djwt'], last: ['jwtVerify', 'compactVerify', 'verify', 'jwtDecrypt'], means: identity('throws', 'jwtVerify') },
  { pkg: ['jose', 'jose/*'], last: ['decodeJwt', 'decodeProtectedHeader'], means: { is: 'unverified', how: 'decodeJwt() does not check the signature', async: false } },
  { pkg: ['jose', 'jose/*', 'deno:jose/*'], last: ['sign'], shape: /^SignJWT\(\).*\.sign$/, means: { is: 'does', what: 'token-issue' } },
  { pkg: ['jwt-decode', 'jwt-decode/*'], last: ['', 'jwtDecode', 'default'], means: { is: 'unverified', how: 'jwtDecode() does not check the signature', async: false } },
  { pkg: ['hono/jwt', 'hono/*'], last: ['verify'], means: identity('throws', 'verify') },
  // Passport.
  { pkg: ['passport', 'passport/*', 'koa-passport'], last: ['authenticate'], means: { is: 'guard', effect: 'enforces', name: 'passport.authenticate' } },
  { pkg: ['passport'], last: ['initialize', 'session'], means: { is: 'guard', effect: 'none', name: 'passport.session' } },
  { pkg: ['connect-ensure-login'], last: ['ensureLoggedIn', 'ensureAuthenticated'], means: { is: 'guard', effect: 'enforces', name: 'ensureLoggedIn' } },
  // express-jwt and its relatives.
  { pkg: ['express-jwt'], last: ['', 'expressjwt', 'jwt', 'default', 'expressJwt'], means: { is: 'guard', effect: 'enforces', name: 'expressjwt' } },
  { pkg: ['express-jwt'], last: ['unless'], means: { is: 'guard', effect: 'enforces', name: 'expressjwt' } },
  { pkg: ['express-oauth2-jwt-bearer'], last: ['auth', 'requiredScopes'], means: { is: 'guard', effect: 'enforces', name: 'auth' } },
  { pkg: ['express-openid-connect'], last: ['requiresAuth'], means: { is: 'guard', effect: 'enforces', name: 'requiresAuth' } },
  { pkg: ['express-openid-connect'], last: ['auth'], means: { is: 'guard', effect: 'enforces', name: 'auth' } },
  { pkg: ['express-basic-auth'], last: [''], means: { is: 'guard', effect: 'enforces', name: 'basicAuth' } },
  // Sessions that a server keeps or signs.
  { pkg: ['iron-session', 'iron-session/*'], last: ['getIronSession', 'getServerActionIronSession'], means: identity('fields', 'getIronSession') },
  { pkg: ['iron-session', 'iron-session/*'], last: ['withIronSessionApiRoute'], means: { is: 'wrapper' } },
  { pkg: ['lucia', 'lucia/*'], last: ['validateSession', 'validateRequest'], means: identity('fields', 'validateSession') },
  { pkg: ['@auth0/nextjs-auth0', '@auth0/nextjs-auth0/*'], last: ['getSession'], means: identity('nullable', 'getSession') },
  { pkg: ['@auth0/nextjs-auth0', '@auth0/nextjs-auth0/*'], last: ['withApiAuthRequired'], means: { is: 'guard-wrapper', name: 'withApiAuthRequired', effect: 'enforces' } },
  { pkg: ['@workos-inc/authkit-nextjs'], last: ['withAuth', 'getUser'], means: identity('fields', 'withAuth') },
  { pkg: ['@kinde-oss/kinde-auth-nextjs', '@kinde-oss/kinde-auth-nextjs/*'], last: ['getUser'], means: identity('nullable', 'getKindeServerSession().getUser') },
  { pkg: ['@kinde-oss/kinde-auth-nextjs', '@kinde-oss/kinde-auth-nextjs/*'], last: ['isAuthenticated'], means: identity('bool', 'isAuthenticated') },
  { pkg: ['@remix-run/*', '@react-router/*'], last: ['getSession'], means: identity('fields', 'getSession') },
  { pkg: ['aws-jwt-verify'], last: ['verify'], means: identity('throws', 'verifier.verify') },
  { pkg: ['google-auth-library'], last: ['verifyIdToken'], means: identity('throws', 'verifyIdToken') },
  // Signed requests.
  { pkg: [], last: ['constructEvent', 'constructEventAsync'], shape: /webhooks\.constructEvent(Async)?$/, means: { is: 'identity', how: 'throws', async: false, name: 'stripe.webhooks.constructEvent', kind: 'signature' } },
  { pkg: ['svix', 'svix/*', 'standardwebhooks'], last: ['verify'], means: { is: 'identity', how: 'throws', async: false, name: 'webhook.verify', kind: 'signature' } },
  { pkg: ['@lovable.dev/*'], last: ['verifyWebhookRequest'], means: { is: 'identity', how: 'throws', async: true, name: 'verifyWebhookRequest', kind: 'signature' } },
  { pkg: ['@octokit/webhooks'], last: ['verifyAndReceive'], means: { is: 'identity', how: 'throws', async: true, name: 'webhooks.verifyAndReceive', kind: 'signature' } },
  { pkg: ['@polar-sh/sdk/*', '@dodopayments/*', 'standardwebhooks', '@paddle/paddle-node-sdk', '@workos-inc/node', 'openai'], last: ['validateEvent', 'unmarshal', 'unwrap', 'constructEvent'], shape: /(^|\.)(validateEvent|webhooks\.(unmarshal|unwrap|constructEvent))$/, means: { is: 'identity', how: 'throws', async: true, name: 'the webhook’s signature', kind: 'signature' } },
  { pkg: ['@clerk/nextjs/webhooks', '@clerk/backend/webhooks', '@clerk/express/webhooks'], last: ['verifyWebhook'], means: { is: 'identity', how: 'throws', async: true, name: 'verifyWebhook', kind: 'signature' } },
  { pkg: ['@upstash/qstash', '@upstash/qstash/*'], last: ['verifySignatureAppRouter', 'verifySignature', 'verifySignatureEdge'], means: { is: 'guard-wrapper', name: 'verifySignature', effect: 'enforces' } },
  { pkg: ['@upstash/qstash'], last: ['verify'], means: { is: 'identity', how: 'throws', async: true, name: 'receiver.verify', kind: 'signature' } },
  { pkg: ['inngest', 'inngest/*'], last: ['serve'], means: { is: 'guard', effect: 'enforces', name: 'inngest.serve' } },
  { pkg: ['@octokit/webhooks', '@octokit/webhooks-methods'], last: ['verify'], means: { is: 'identity', how: 'bool', async: true, name: 'verify', kind: 'signature' } },
  { pkg: ['razorpay', 'razorpay/*'], last: ['validateWebhookSignature', 'validatePaymentVerification'], means: { is: 'identity', how: 'bool', async: false, name: 'validateWebhookSignature', kind: 'signature' } },
  { pkg: ['twilio', 'twilio/*'], last: ['validateRequest', 'validateExpressRequest'], means: { is: 'identity', how: 'bool', async: false, name: 'validateRequest', kind: 'signature' } },
  { pkg: ['twilio'], last: ['webhook'], means: { is: 'guard', effect: 'enforces', name: 'twilio.webhook' } },
  { pkg: [], last: ['verify'], shape: /(^|\.)subtle\.verify$/, means: { is: 'identity', how: 'bool', async: true, name: 'crypto.subtle.verify', kind: 'signature' } },
  // What an endpoint does about accounts.
  { pkg: ['bcrypt', 'bcryptjs', 'bcrypt-ts', '@node-rs/bcrypt', 'deno:bcrypt/mod'], last: ['compare', 'compareSync', 'verify'], means: { is: 'does', what: 'password-check' } },
  { pkg: ['argon2', '@node-rs/argon2', '@node-rs/bcrypt'], last: ['verify'], means: { is: 'does', what: 'password-check' } },
  { pkg: ['bcrypt', 'bcryptjs', 'bcrypt-ts', 'argon2', '@node-rs/argon2', '@node-rs/bcrypt', 'deno:bcrypt/mod'], last: ['hash', 'hashSync'], means: { is: 'does', what: 'password-hash' } },
  { pkg: [], last: ['signInWithPassword', 'signInWithOtp', 'signInWithIdToken', 'verifyOtp', 'signInWithEmailAndPassword', 'exchangeCodeForSession', 'signInEmail', 'refreshSession'], means: { is: 'does', what: 'sign-in' } },
  { pkg: [], last: ['signInWithOAuth', 'signInSocial'], means: { is: 'does', what: 'oauth' } },
  { pkg: [], last: ['signUp', 'signUpEmail', 'createUserWithEmailAndPassword'], shape: /(^|\.)(auth(\.api)?\.)?(signUp|signUpEmail|createUserWithEmailAndPassword)$/, means: { is: 'does', what: 'sign-up' } },
  { pkg: [], last: ['signOut'], shape: /(^|\.)auth(\.api)?\.signOut$/, means: { is: 'does', what: 'sign-out' } },
  { pkg: [], last: ['resetPasswordForEmail', 'sendPasswordResetEmail', 'forgetPassword', 'requestPasswordReset'], means: { is: 'does', what: 'reset-mail' } },
];

/** Strategies of Passport (and kin) that sign people in rather than guard. */
export const SIGN_IN_STRATEGIES = /^(local|google|github|facebook|twitter|linkedin|apple|microsoft|azure|saml|oauth2?|openidconnect|auth0|magic.*|discord|gitlab)/i;
