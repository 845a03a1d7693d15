/** Provider tokens, private keys and credentials in URLs: what a text gives away by itself, in any language. */
import { createHash } from 'node:crypto';
import type { SecretFact } from '../../core/facts';
import type { RelPath } from '../../core/types';
import { decodeBase64, hasCrcTrailer, jwtClaims } from './checks';
import { isPlaceholder, isPlaceholderToken, isReference, looksGenerated, shannon, wordiness } from './heuristics';
import { KeywordAutomaton } from './keywords';
import { PROVIDERS, type Provider } from './providers';
import { assignedName, atPlace, isCommentLine, lineEnd, lineStart, literalAround, lower, placeOf, redact, secretFingerprint, toEnvName, type Place } from './places';
import type { Candidate } from './candidate';
import { uriAt } from './uris';
import { pemAt } from './pem';
import { sqlAt, SQL_KEYWORDS } from './sql';
import { headerAt } from './headers';
import { queryAt, QUERY_KEYWORDS } from './queries';
import { manifestAt, MANIFEST_KEYWORDS } from './manifests';

interface Matcher {
  readonly provider: Provider;
  readonly regex: RegExp;
  readonly exactCase: boolean;
}

/** Note of a token whose time is over. */
export const EXPIRED = 'it has expired';

const TAIL = '(?![A-Za-z0-9_-])';
const MATCHERS: readonly Matcher[] = PROVIDERS.map((provider) => {
  const flags = provider.regex.flags.replace(/[gy]/g, '');
  const body = `(?:${provider.regex.source})`;
  return {
    provider,
    exactCase: !flags.includes('i'),
    regex: provider.mode === 'context' ? new RegExp(`(?<![A-Za-z0-9_+/.%-])${body}(?![A-Za-z0-9_+/-])`, `${flags}g`) : new RegExp(body + TAIL, `${flags}y`),
  };
});

/** Base64 of the beginnings that matter, so that a wrapped key is unwrapped once. */
const WRAPPED = ['c2tfbGl2ZV', 'cmtfbGl2ZV', 'c2stYW50LW', 'c2stcHJvai', 'c2tfdGVzdF', 'Z2hwX', 'QUtJQ', 'LS0tLS1CRUdJTi', 'ZXlKa', 'ZXlKh', 'eyJ0eXBlIjoic2Vydmlj', 'ewogICJ0eXBlIjog', 'cG9zdGdyZXM6Ly', 'cG9zdGdyZXNxbDovL', 'bW9uZ29kYi'];

type Job = { readonly k: 'token'; readonly matcher: Matcher } | { readonly k: 'uri' | 'pem' | 'wrapped' | 'sql' | 'header' | 'manifest' | 'query' };

const KEYWORDS: string[] = [];
const JOBS: Job[] = [];
function add(keyword: string, job: Job): void {
  KEYWORDS.push(keyword);
  JOBS.push(job);
}
for (const matcher of MATCHERS) for (const keyword of matcher.provider.keywords) add(keyword, { k: 'token', matcher });
add('://', { k: 'uri' });
add('-----BEGIN ', { k: 'pem' });
add('authorization', { k: 'header' });
add('curl ', { k: 'header' });
for (const w of WRAPPED) add(w, { k: 'wrapped' });
for (const w of SQL_KEYWORDS) add(w, { k: 'sql' });
for (const w of QUERY_KEYWORDS) add(w, { k: 'query' });
for (const w of MANIFEST_KEYWORDS) add(w, { k: 'manifest' });

const AUTOMATON = new KeywordAutomaton(KEYWORDS);

export function scanTokens(path: string, text: string, options: { readonly wrapped: boolean }): Candidate[] {
  const out: Candidate[] = [];
  let manifestsRead = 0;
  AUTOMATON.scan(text, (index, end) => {
    const job = JOBS[index];
    const keyword = KEYWORDS[index];
    if (!job || !keyword) return;
    const start = end - keyword.length;
    switch (job.k) {
      case 'token':
        matchToken(text, start, end, keyword, job.matcher, out);
        break;
      case 'uri': {
        const found = uriAt(text, start, path);
        if (found) out.push(found);
        break;
      }
      case 'pem': {
        const found = pemAt(text, start, path);
        if (found) out.push(found);
        break;
      }
      case 'header': {
        const found = headerAt(text, start, keyword);
        if (found) out.push(found);
        break;
      }
      case 'query': {
        const found = queryAt(text, start, end);
        if (found && !isPublishedSample(found.value)) out.push(found);
        break;
      }
      case 'sql':
        sqlAt(text, start, keyword, path, out);
        break;
      case 'manifest':
        if (start >= manifestsRead) manifestsRead = manifestAt(text, start, end, out);
        break;
      case 'wrapped':
        if (options.wrapped && text.startsWith(keyword, start)) {
          const found = unwrap(path, text, start);
          if (found) out.push(found);
        }
        break;
    }
  });
  return withoutOverlaps(out);
}

function matchToken(text: string, start: number, end: number, keyword: string, matcher: Matcher, out: Candidate[]): void {
  const { provider, regex } = matcher;
  if (provider.mode === 'context') {
    matchContext(text, start, end, matcher, out);
    return;
  }
  if (matcher.exactCase && text.slice(start, end) !== keyword) return;
  let from = start;
  if (provider.mode === 'infix') {
    while (from > 0 && start - from < 140 && isTokenChar(text.charCodeAt(from - 1), provider)) from--;
  }
  // A token may begin anywhere in the run of an infix match, but only where the run begins does a boundary stand.
  if (!(boundaryBefore(text, from) || (keyword.length >= 6 && text.charCodeAt(from - 1) === 95)) || (provider.mode === 'prefix' && text.charCodeAt(from - 1) === 46 && /[A-Za-z0-9]/.test(text[from - 2] ?? ''))) return;
  regex.lastIndex = from;
  const match = regex.exec(text);
  if (!match) return;
  const found = judge(provider, match[0], from, text);
  if (found) out.push(found);
}

function isTokenChar(code: number, provider: Provider): boolean {
  const word = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95;
  return word || (provider.marks?.includes(String.fromCharCode(code)) ?? false);
}

/** Nothing of an identifier before; `\n` of an escaped text and `%22` of an encoded one are no letters. */
function boundaryBefore(text: string, at: number): boolean {
  if (at === 0) return true;
  const c = text.charCodeAt(at - 1);
  const word = (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45 || c === 95;
  if (!word) return true;
  if ((c === 110 || c === 114 || c === 116) && text.charCodeAt(at - 2) === 92) return true;
  return text.charCodeAt(at - 3) === 37 && /^%(?:2[0-9A-F]|3[A-F])$/i.test(text.slice(at - 3, at));
}

function matchContext(text: string, start: number, end: number, matcher: Matcher, out: Candidate[]): void {
  const { provider, regex } = matcher;
  const before = text.charCodeAt(start - 1);
  const lowerBefore = before >= 97 && before <= 122;
  const first = text.charCodeAt(start);
  if (lowerBefore && !(first >= 65 && first <= 90)) return;
  // The rest of the line, or the next one when this one ends open (`<token>` newline, `key:` newline).
  let stop = Math.min(lineEnd(text, end), end + 220);
  if (stop < text.length && stop - end < 60 && /[>=:(,[{|]\s*$/.test(text.slice(end, stop))) stop = Math.min(lineEnd(text, stop + 1), end + 220);
  if (stop - end < 12) return;
  const window = text.slice(end, stop);
  regex.lastIndex = 0;
  for (let match = regex.exec(window); match; match = regex.exec(window)) {
    const gap = window.slice(0, match.index);
    if (gap.length > 120) return;
    if ((provider.bare || /[=:>,(|]|\bto\b|\bis\b|bearer|basic/i.test(gap)) && !/[;{}]\s*\S/.test(gap)) {
      const name = text.slice(Math.max(lineStart(text, start), start - 40), end) + gap;
      if (!provider.near || provider.near.test(name)) {
        const found = judge(provider, match[0], end + match.index, text, name);
        if (found) {
          out.push(found);
          return;
        }
      }
    }
  }
}

const STRIPE_DOCS = new Set(['4eC39HqLyjWDarjtT1zdp7dc', 'BQokikJOvBiI2HlWgH4olfQ2', 'tR3PYbcVNZZ796tH88S4VQ2u']);
/** The fixed key that the Supabase CLI prints for every local stack. */
const SUPABASE_LOCAL = ['N7UND0UgjKTVK-Uodkm0Hg', 'xSvEMPvz'].join('_');

/** First digits of the SHA-256 of keys and passwords that the documentation and sample apps of Google, Microsoft and payment providers hold: by hash, so that none stands here. */
const PUBLISHED = new Set('f56e323494a6 2037abcaffb2 3f370c9dd822 e4a5542bb7fd a19f89ab3555 0b476bdf9acf eb540d2b6ee2 37f8f09bdf12 8731261cb72d 49f777db995e 27a9a42931df dc0fcf046c61 4c98242dcadc ea9bb1082cf9 3a8b61d0f636 a6c814bc555a dba72c00f41f a0702bc91d69 b9ac2c90a61f eed43d2224c7'.split(' '));

/** Published by its maker for everybody's first steps: no secret under any name. */
export function isPublishedSample(value: string): boolean {
  if (value.endsWith(SUPABASE_LOCAL) || value === 'super-secret-jwt-token-with-at-least-32-characters-long' || /^[A-Za-z0-9/+]{12,40}EXAMPLE(?:KEY)?$/.test(value) || /^wJalrXUtnFEMI/.test(value)) return true;
  if (value.length < 64 && PUBLISHED.has(createHash('sha256').update(value).digest('hex').slice(0, 12))) return true;
  if (/^[rs]k_test_/.test(value)) return STRIPE_DOCS.has(value.slice(8));
  if (!value.startsWith('eyJ')) return false;
  const claims = jwtClaims(value);
  return claims !== null && (claims['iss'] === 'supabase-demo' || claims['role'] === 'anon' || (claims['sub'] === '1234567890' && (claims['name'] === 'John Doe' || claims['iat'] === 1516239022)));
}

function around(text: string, at: number, length: number, reach: number): string {
  return text.slice(Math.max(0, at - reach), Math.min(text.length, at + length + reach));
}

function judge(provider: Provider, value: string, at: number, text: string, name = ''): Candidate | null {
  const prefix = provider.prefix || (provider.mode === 'prefix' ? (provider.keywords.find((k) => value.toLowerCase().startsWith(k.toLowerCase())) ?? '') : '');
  const body = value.slice(prefix.length);
  let result = {
    kind: 'provider-token' as SecretFact['kind'], detector: provider.id, label: provider.label, span: { start: at, end: at + value.length }, value, prefix,
    severity: provider.severity, confidence: provider.confidence, envName: provider.envName, publicByDesign: provider.publicByDesign,
    note: null as string | null, rank: provider.mode === 'context' ? 3 : provider.confidence === 'medium' ? 4 : 5,
  };
  if (provider.check !== 'jwt') {
    if (isPlaceholderToken(body) || isPublishedSample(value)) return null;
    if (body.length >= 16 && (new Set(body).size < 6 || shannon(body) < 2.6)) return null;
    if (provider.mode === 'context' && (isPlaceholder(value) || isReference(value))) return null;
    if (/^[A-Za-z_-]+$/.test(body) && wordiness(body) > 0.7) return null;
  }
  switch (provider.check) {
    case undefined:
      break;
    case 'crc':
      if (!hasCrcTrailer(value)) return null;
      result.confidence = 'proven';
      result.note = 'its checksum is right, so it is no invented value';
      break;
    case 'crc-if-36':
      if (value.length === 40 && !hasCrcTrailer(value)) return null;
      break;
    case 'jwt': {
      const claims = jwtClaims(value);
      if (!claims) return null;
      const role = claims['role'];
      const issuer = claims['iss'];
      if (issuer === 'supabase-demo') return null;
      const expired = typeof claims['exp'] === 'number' && claims['exp'] * 1000 < Date.now();
      if (role === 'service_role' || role === 'supabase_admin') {
        result = { ...result, detector: 'supabase-service-role', label: 'Supabase service_role key', prefix: 'eyJ', envName: 'SUPABASE_SERVICE_ROLE_KEY', severity: expired ? 'low' : 'critical', confidence: 'proven', note: `its role claim is ${role}: it passes every row rule` };
      } else if (role === 'anon' || role === 'authenticated') {
        result = { ...result, detector: 'supabase-anon', label: 'Supabase anon key', prefix: 'eyJ', envName: 'SUPABASE_ANON_KEY', severity: 'info', confidence: 'proven', publicByDesign: true, note: 'its role claim is anon: public by design' };
      } else {
        if (claims['sub'] === '1234567890' && (claims['name'] === 'John Doe' || claims['iat'] === 1516239022)) return null; // the sample of every documentation
        result = { ...result, prefix: 'eyJ', confidence: expired ? 'low' : 'medium', severity: expired ? 'low' : 'high', note: expired ? EXPIRED : null };
      }
      break;
    }
    case 'stripe': {
      const id = value.slice(value.indexOf('_', 3) + 1);
      if (STRIPE_DOCS.has(id) || id.length < 14 || !/[0-9]/.test(id) && id.length < 20 || wordiness(id) > 0.75) return null;
      const isTest = value.startsWith('sk_test_') || value.startsWith('rk_test_');
      const clerk = id.length >= 40 && id.length <= 50 && /clerk/i.test(around(text, at, value.length, 200));
      const kind = value.startsWith('rk_') ? 'restricted' : 'secret';
      result = clerk
        ? { ...result, detector: 'clerk-secret', label: `Clerk ${isTest ? 'test' : 'live'} secret key`, envName: 'CLERK_SECRET_KEY' }
        : { ...result, detector: isTest ? 'stripe-test' : 'stripe-secret', label: `Stripe ${isTest ? 'test' : 'live'} ${kind} key` };
      if (isTest) result.severity = 'medium';
      break;
    }
    case 'webhook-secret': {
      const near = around(text, at, value.length, 200);
      if (/clerk|svix|resend/i.test(near) || /[+/=]/.test(body)) {
        const sender = /clerk/i.test(near) ? 'CLERK_' : /resend/i.test(near) ? 'RESEND_' : '';
        result = { ...result, detector: 'svix-webhook', label: 'Webhook signing secret', envName: `${sender}WEBHOOK_SECRET` };
      } else result = { ...result, detector: 'stripe-webhook', label: 'Stripe webhook signing secret' };
      if (!/[0-9]/.test(body)) return null;
      break;
    }
    case 'aws-id':
      if (value.endsWith('EXAMPLE') || value.includes('IOSFODNN7') || !/[2-7]/.test(value.slice(4)) && wordiness(value.slice(4).toLowerCase()) > 0.6 || shannon(value.slice(4)) < 2.5) return null;
      break;
    case 'bedrock':
      if (value.startsWith('ABSK') && !(decodeBase64(value.slice(4)) ?? '').startsWith('BedrockAPIKey-')) return null;
      if (value.startsWith('bedrock') && !(decodeBase64(value.slice(16)) ?? '').startsWith('bedrock.amazonaws.com')) return null;
      break;
    case 'google-api-key': {
      if (shannon(body) < 3.2) return null;
      const near = around(text, at, value.length, 500);
      const siblings = around(text, at, value.length, 700);
      if (/gemini|generativelanguage|GoogleGenAI|GoogleGenerativeAI|generative[-_]?ai|vertex|google[-_ ]?ai/i.test(near)) result = { ...result, severity: 'high', envName: 'GEMINI_API_KEY', label: 'Google AI (Gemini) API key' };
      else if (/authDomain|messagingSenderId|firebase|storageBucket/i.test(siblings)) result = { ...result, severity: 'info', publicByDesign: true, label: 'Firebase web API key', detector: 'firebase-web-key', note: 'part of a Firebase web config: public, restrict it in the console' };
      else if (/maps|places|youtube|recaptcha|NEXT_PUBLIC|VITE_|EXPO_PUBLIC/i.test(around(text, at, value.length, 120))) result = { ...result, severity: 'low', confidence: 'medium', note: 'a browser key of this kind is safe only when it is restricted by referrer' };
      else result = { ...result, severity: 'high', confidence: 'medium' };
      break;
    }
    case 'discord': {
      const id = decodeBase64(value.split('.')[0] ?? '');
      if (!id || !/^\d{17,20}/.test(id)) return null;
      result.confidence = 'proven';
      break;
    }
    case 'telegram':
      if (!/telegram|bot|tg_|tgram/i.test(around(text, at, value.length, 120)) || shannon(body) < 3.4) return null;
      break;
    case 'sentry-org': {
      const middle = decodeBase64((value.split('_')[1] ?? '').replace(/=+$/, ''));
      if (!middle || !/region_url|"org"/.test(middle)) return null;
      result.confidence = 'proven';
      break;
    }
    case 'onepassword':
      if (!(decodeBase64(value.slice(4).replace(/=+$/, '')) ?? '').startsWith('{"')) return null;
      break;
    case 'hex-mixed':
      if (!/[a-f]/i.test(body) || !/[0-9]/.test(body) || shannon(body) < 2.9) return null;
      break;
    case 'generated':
      if (!looksGeneratedAt(value, name)) return null;
      break;
    case 'mixed':
      if (!/[0-9]/.test(body) && !/[A-Z][a-z]*[A-Z]/.test(body)) return null;
      if (shannon(body) < 2.6 || wordiness(body) > 0.75) return null;
      break;
    case 'supabase-secret':
      if (value.endsWith(SUPABASE_LOCAL)) return null;
      break;
    case 'slack': {
      // Numbers of a workspace and a user, then a part with letters in it.
      const parts = value.split('-').slice(1);
      const tail = parts[parts.length - 1] ?? '';
      // The oldest kind: a part of letters and digits, with at most one digit before it.
      if (/^xox[ar]-(?:\d-)?[A-Za-z0-9]{8,48}$/.test(value) && /[0-9]/.test(tail) && /[A-Za-z]/.test(tail) && wordiness(tail) < 0.6) break;
      if (value.length < 24 || !/[A-Za-z]/.test(tail) || tail.length < 9 || (/^xox[bpos]-/.test(value) && !/^\d{6,}$|[A-Za-z]/.test(parts[0] ?? '')) || parts.filter((p) => p === '1234').length > 1 || /here$/i.test(tail) || !/[0-9]/.test(tail)) return null;
      break;
    }
    case 'slack-webhook':
      if (/T0{4,}|X{6,}|\/xxx/i.test(value)) return null;
      break;
    case 'azure-sas': {
      // The signature alone is any `sig=`: its version and its permissions or end stand beside it.
      const query = around(text, at, value.length, 260);
      if (!/[?&;]?sv=(?:20\d\d-\d\d-\d\d|1\.0)/.test(query) || !/[?&;]s[ep]=/.test(query)) return null;
      const end = /[?&;]se=(20\d\d-\d\d-\d\d)/.exec(query)?.[1];
      if (end !== undefined && Date.parse(end) < Date.now()) result = { ...result, severity: 'low', confidence: 'low', note: EXPIRED };
      break;
    }
    case 'zapier':
      if (/\/(?:123|abc|xyz)/.test(value) || new Set(value.slice(value.lastIndexOf('/'))).size < 4) return null;
      break;
    case 'notion-legacy':
      if (!/[0-9]/.test(body) || !/[A-Z]/.test(body) || !/[a-z]/.test(body) || shannon(body) < 3.8) return null;
      break;
    case 'atlassian':
      break;
  }
  return result;
}

/** Context detectors know their length; ask for digits and letters mixed and no language. */
function looksGeneratedAt(value: string, name: string): boolean {
  if (looksGenerated(value)) return true;
  if (value.length < 15 || !/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  return shannon(value) >= (value.length >= 24 ? 3.1 : 2.9) && wordiness(value) < 0.6 && !/sha|hash|digest|commit|integrity|checksum|md5/i.test(name);
}

function unwrap(path: string, text: string, start: number): Candidate | null {
  if (!boundaryBefore(text, start)) return null;
  let end = start;
  while (end < text.length && end - start < 8192 && /[A-Za-z0-9+/=_-]/.test(text[end] ?? '')) end++;
  const value = text.slice(start, end);
  const decoded = decodeBase64(value);
  if (!decoded || decoded.length < 16) return null;
  const inner = scanTokens(path, decoded, { wrapped: false }).find((c) => !c.publicByDesign && c.rank >= 4);
  if (!inner) return null;
  return { ...inner, span: { start, end }, value, prefix: '', label: `${inner.label} (base64-encoded)`, note: inner.note };
}

export function withoutOverlaps(list: Candidate[]): Candidate[] {
  if (list.length < 2) return list;
  const kept: Candidate[] = [];
  for (const c of [...list].sort((a, b) => b.rank - a.rank || b.span.end - b.span.start - (a.span.end - a.span.start) || a.span.start - b.span.start)) {
    if (!kept.some((k) => k.span.start < c.span.end && c.span.start < k.span.end)) kept.push(c);
  }
  return kept.sort((a, b) => a.span.start - b.span.start);
}

/** Lets the value go: hash, prefix and length stay. */
export function toFact(path: RelPath, text: string, candidate: Candidate, salt: string): SecretFact {
  const place: Place = placeOf(path);
  const inComment = place === 'code' && isCommentLine(text, candidate.span.start);
  const name = place === 'env-file' || place === 'config' || /\.env/i.test(path) ? assignedName(text, candidate.span.start) : null;
  let confidence = atPlace(candidate.confidence, place);
  if (inComment && confidence === 'medium') confidence = lower(confidence);
  return {
    kind: candidate.kind, detector: candidate.detector, label: candidate.label, span: candidate.span, literal: literalAround(text, candidate.span),
    redacted: redact(candidate.prefix, candidate.value), fingerprint: secretFingerprint(candidate.core ?? candidate.value, salt), severity: candidate.severity, confidence,
    envName: name !== null && /^[A-Za-z_]\w*$/.test(name) ? (place === 'env-file' ? name : toEnvName(name)) : candidate.envName,
    publicByDesign: candidate.publicByDesign, place: inComment ? 'comment' : place, note: candidate.note,
  };
}
