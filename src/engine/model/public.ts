/** What is meant for everybody, and why: judged by what the endpoint does, with its name as a witness only. */
import type { AuthState, Guard, PublicReason, SinkUse } from '../core/model';
import { WRITES, keepsBooks, opensWhatItNames } from '../core/sinks';
import { splitCamel } from '../core/text';
import type { ProjectOptions } from '../core/types';
import { isFirstRun } from './first-run';
import { asksForReset, isPublicForm, opensByToken, signsInByProcedure } from './public-forms';
import type { Trace } from './trace';

/** What of an endpoint and its run decides whether everybody is meant to call it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** The handler's own name, empty where it has none. */
  readonly handler: string;
  readonly handlerKnown: boolean;
  readonly byFramework: PublicReason | undefined;
  readonly guards: readonly Guard[];
  readonly trace: Trace;
  readonly auth: AuthState;
  readonly sinks: readonly SinkUse[];
  readonly mutates: boolean;
}

/** Says that the server is there, in words of its own. */
const BANNER = /^\/?(api(\/v\d+)?\/?)?$/;
const SIGN_IN_WORDS = /(^|[/_\-.])(auth|login|log-in|signin|sign-in|sessions?|token|tokens|callback|oauth2?|sso|otp|magic-?link|verify|2fa|mfa|refresh|refresh-?token|confirm)($|[/_\-.])/i;
const SIGN_UP_WORDS = /(^|[/_\-.])(register|registration|signup|sign-up|join|onboard|create-?account|users?|customers?|accounts?)($|[/_\-.])/i;
const RESET_WORDS = /(^|[/_\-.])(forgot|forgot-?password|reset|reset-?password|recover|password|change-?password|security-?question|verify-?email)($|[/_\-.])/i;
const HEALTH_WORDS = /(^|\/)(health|healthz|healthcheck|health-check|ready|readyz|live|livez|ping|version|status|uptime)$/i;
const LEAD_WORDS = /(^|[/_\-.])(contact|contact-?us|newsletter|subscribe|waitlist|wait-list|leads?|inquir(y|ies)|enquir(y|ies)|feedback|feedbacks|demo-?request|request-?demo|book-?demo|quote-?request|complaints?)($|[/_\-.])/i;
/** Tables that exist to be shown; a project's own short prefix may stand before the name. */
const CONTENT_WORDS = /^(_?(public_?)?|[a-z]{1,3}_)?(posts?|articles?|blogs?|blog_?posts?|pages?|products?|plans?|pricing|prices|faqs?|categories|category|tags?|testimonials?|jobs?_?listings?|settings_public|announcements?|news|events_public|languages?|countries|cities|currencies|feature_?flags?|reviews?|subscription_?plans?|services?_?catalog|menu(_?items)?|recipes?|courses?|speciali?t(y|ies)|amenit(y|ies)|banners?|slid(e|er)s?|galler(y|ies)|brands?|sponsors?|showcases?)$/i;

/** Tables of codes that are sent to people and handed in once. */
const CODE_TABLE = /^((email|phone|user|account|auth|password|signup)_)?(tokens?|otps?|(verification|confirmation|reset|one_time)_?(tokens?|codes?|passwords?)|verifications?|resets?(_tokens?)?)(_?model)?$/i;
const CODE_WORDS = /(^|[/_\-.])(verify|verification|confirm|check-?email|register(-start)?|sign-?up|otp|code|recovery|forgot|reset|activate|activation|resend|validate|validation|token)($|[/_\-.])/i;

/** Asking for a code by mail, or handing one in: nothing but the codes is written, and they are looked up or sent. */
function handlesCodes(c: Asked, words: string, sinks: readonly SinkUse[]): boolean {
  if (c.method !== 'POST' || !CODE_WORDS.test(words)) return false;
  const writes = sinks.filter((s) => WRITES.has(s.kind));
  return sinks.some((s) => s.kind === 'db-read' && isCode(s.target)) && writes.every((s) => s.kind === 'mail' || (s.kind === 'db-write' && isCode(s.target)));
}

function isCode(target: string | null): boolean {
  return target !== null && CODE_TABLE.test(splitCamel(target));
}

const TOKEN_IN_PATH = /(^|\/):\w*(token|secret|invite_?code|invitation)\w*(\/|$)/i;

function camelWords(s: string): string {
  return s.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** Why an endpoint is meant for people without an account; null when nothing says so. */
export function publicReason(c: Asked, options: ProjectOptions): PublicReason | null {
  const { trace: t, sinks, auth, mutates } = c;
  if (options.publicRoutes.some((p) => routeMatches(p, c.method, c.path))) return 'config';
  if (c.byFramework) return c.byFramework;
  if (c.method === 'OPTIONS' && t.sinks.length === 0) return 'preflight';
  if (c.guards.some((g) => g.kind === 'signature' && g.effect === 'enforces')) return 'signed-webhook';
  if (auth === 'required') return null;
  const words = `${c.path}/${camelWords(c.handler)}`;
  const does = t.does;
  if (BANNER.test(c.path) && c.method === 'GET' && c.handlerKnown && t.sinks.length === 0 && t.envLeaks.length === 0 && t.replies.length > 0 && t.replies.every((x) => !x.hasData)) return 'public-content';
  if (does.has('fixed-asset') && c.method === 'GET' && sinks.length === 0) return 'static-asset';
  if (does.has('oauth')) return 'sign-in';
  if (isFirstRun(t)) return 'first-run';
  if (/(^|[/_\-.])(register|registration|sign-?up)($|[/_\-.])/i.test(words) && (does.has('password-hash') || does.has('sign-up') || t.sinks.some((s) => s.kind === 'db-write' && /user|account|customer|member/i.test(s.target ?? '') && (does.has('token-issue') || s.marks.some((x) => /passw/i.test(x.field)))))) return 'sign-up';
  if (/(^|[/_\-.])(log-?out|sign-?out)($|[/_\-.])/i.test(words) && !sinks.some((s) => s.kind === 'db-write' && !/delete|destroy|remove/i.test(s.op))) return 'sign-out';
  if (does.has('sign-in') || (does.has('password-check') && (does.has('token-issue') || SIGN_IN_WORDS.test(words)))) return 'sign-in';
  if (does.has('token-issue') && SIGN_IN_WORDS.test(words)) return 'sign-in';
  if (signsInByProcedure(c.method, t, SIGN_IN_WORDS.test(words))) return 'sign-in';
  if (asksForReset(c.method, t, RESET_WORDS.test(words), isCode)) return RESET_WORDS.test(words) ? 'password-reset' : 'sign-in';
  if (handlesCodes(c, words, sinks)) return RESET_WORDS.test(words) ? 'password-reset' : 'sign-up';
  // Asking for a code by mail or phone is the first half of signing in.
  if (/(^|[/_\-.])((request|send|resend)-?(otp|code)|otp|magic-?link)($|[/_\-.])/i.test(words) && sinks.some((s) => s.kind === 'mail' || /otp|code|token|user|session/i.test(s.target ?? ''))) return 'sign-in';
  if (does.has('sign-up') || (does.has('password-hash') && SIGN_UP_WORDS.test(words) && c.method !== 'PUT' && c.method !== 'PATCH')) return 'sign-up';
  if (does.has('makes-own-account') && !t.sinks.some((s) => (s.kind === 'auth-admin' && /^(update|delete|invite)/i.test(s.op)) || (s.kind === 'db-write' && /role|admin|staff|employee/i.test(s.target ?? '')))) return 'sign-up';
  if (does.has('public-setting') && t.sinks.length === 0 && t.envLeaks.length === 0) return 'public-content';
  if (does.has('reset-mail') || (RESET_WORDS.test(words) && (does.has('password-hash') || does.has('password-check') || sinks.some((s) => s.kind === 'mail')))) return 'password-reset';
  // Whoever changes other rows as well does more than sign out.
  if ((does.has('sign-out') || does.has('session-destroy')) && !sinks.some((s) => WRITES.has(s.kind) && !keepsBooks(s) && !/session|token|device|user|account|presence/i.test(s.target ?? ''))) return 'sign-out';
  // Whoever comes back from paying has the number of his payment, and what is written down is what the provider says of it.
  if (does.has('payment-asked')) return 'share-token';
  // `/q/:token/approve`: the unguessable token in the path is looked up, and only what it opens is changed.
  if (TOKEN_IN_PATH.test(c.path) && sinks.some((s) => s.kind === 'db-read' && s.raw.some((x) => x.source === 'params' && /token|secret|code|invit/i.test(x.field)))) return 'share-token';
  const writes = sinks.filter((s) => WRITES.has(s.kind) && !s.lazy);
  // A health check reads no row that the caller names.
  if (HEALTH_WORDS.test(c.path) && !mutates && !sinks.some((s) => s.raw.some((x) => x.source !== 'headers'))) return 'health';
  if (writes.length === 0) {
    const reads = sinks.filter((s) => s.kind === 'db-read');
    const share = reads.length > 0 && reads.every((s) => s.raw.concat([]).some((i) => (i.source === 'params' || i.source === 'query') && (/slug|uuid|^code$/i.test(i.field) || opensWhatItNames(i.field, null))));
    if (share) return 'share-token';
    const published = t.sinks.filter((s) => s.kind === 'db-read' && !s.inMiddleware && !/^(aggregate|count|countDocuments|groupBy|estimatedDocumentCount)$/.test(s.op));
    if (published.length > 0 && published.every((s) => s.published === 'always')) return 'public-content';
    if (reads.length > 0 && reads.every((s) => s.target !== null && CONTENT_WORDS.test(s.target.replace(/model$/i, '')))) return 'public-content';
  } else if (LEAD_WORDS.test(words) && !IN_BULK.test(words) && !/^(DELETE|PUT|PATCH|GET)$/.test(c.method) && writes.every((s) => s.kind === 'mail' || (s.kind === 'db-write' && /^(insert|insertOne|create|add|save|upsert|createMany|insertInto)$/.test(s.op))) && !t.replies.some((x) => x.fromStore && x.hasData && sinks.some((s) => s.kind === 'db-read'))) return 'lead-form';
  if (!IN_BULK.test(words) && !BACK_OFFICE.test(words) && isPublicForm(c.method, t, c.guards)) return 'lead-form';
  if (!BACK_OFFICE.test(words) && opensByToken(t)) return 'share-token';
  return null;
}

/** Whole words of an address that is the house's own. */
const BACK_OFFICE = /(^|[/_\-.])(admin|admins|administration|internal|back-?office|staff|debug|seed)($|[/_\-.])/i;

/** Lists of them are put in by the people of the house. */
const IN_BULK = /(^|[/_\-.])(import|imports|bulk|batch|upload|sync|seed)($|[/_\-.])/i;

/** `METHOD /path` or `/path`; `*` within a segment, `**` across. */
export function routeMatches(pattern: string, method: string, path: string): boolean {
  const m = /^(?:([A-Z]+)\s+)?(\S+)$/.exec(pattern.trim());
  if (!m) return false;
  if (m[1] && m[1] !== method && method !== 'ALL') return false;
  const re = new RegExp(`^${(m[2] ?? '').replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*/g, '\0').replace(/\*/g, '[^/]*').replace(/\0/g, '.*')}$`);
  return re.test(path);
}
