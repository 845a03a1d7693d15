/**
 * Tokens that look real, built at run time: no file of this repository holds one, so that no push protection stops a clone.
 * Checksums and structures are right; the values are random by a fixed seed and open nothing.
 */
import { base62, crc32 } from '../../../src/engine/extract/secrets/checks';
import { PROVIDERS, providerOf } from '../../../src/engine/extract/secrets/providers';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** mulberry32: the same seed, the same token. */
function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function seedOf(id: string, n: number): number {
  return crc32(`${id}#${n}`);
}

function letters(next: () => number, length: number, alphabet = ALNUM): string {
  let out = '';
  for (let i = 0; i < length; i++) out += alphabet[Math.floor(next() * alphabet.length)] ?? 'x';
  return out;
}

const HEX = '0123456789abcdef';
const b64url = (value: string): string => Buffer.from(value).toString('base64url');

export function jwt(claims: Readonly<Record<string, unknown>>, seed = 1): string {
  return [b64url('{"alg":"HS256","typ":"JWT"}'), b64url(JSON.stringify(claims)), letters(random(seed), 43)].join('.');
}

export function pem(kind = 'RSA ', seed = 1): string {
  const next = random(seed);
  const lines = Array.from({ length: 12 }, () => letters(next, 64, `${ALNUM}+/`));
  return [`-----BEGIN ${kind}PRIVATE KEY-----`, ...lines, `-----END ${kind}PRIVATE KEY-----`].join('\n');
}

/** Ids beside the detectors' own: what examples and tests name. */
const SPECIAL: Readonly<Record<string, (next: () => number, seed: number) => string>> = {
  'stripe-live': (r) => `sk_${'live'}_${letters(r, 24)}9`,
  'stripe-secret': (r) => `sk_${'live'}_51${letters(r, 97)}`,
  'stripe-test': (r) => `sk_${'test'}_${letters(r, 24)}7`,
  'stripe-restricted': (r) => `rk_${'live'}_${letters(r, 24)}3`,
  'stripe-publishable': (r) => `pk_${'live'}_${letters(r, 24)}`,
  'webhook-signing-secret': (r) => `whsec_${letters(r, 31)}4`,
  clerk: (r) => `sk_${'live'}_${letters(r, 42)}1`,
  github: (r) => withCrc('ghp_', r),
  'github-app': (r) => withCrc('ghs_', r),
  npm: (r) => withCrc('npm_', r),
  openai: (r) => `sk-proj-${letters(r, 74)}T3Blbk${'FJ'}${letters(r, 74)}`,
  'openai-legacy': (r) => `sk-${letters(r, 20)}T3Blbk${'FJ'}${letters(r, 20)}`,
  anthropic: (r) => `sk-ant-api03-${letters(r, 93)}AA`,
  'aws-bedrock': (r) => `ABSK${Buffer.from(`BedrockAPIKey-${letters(r, 80)}`).toString('base64').slice(0, 128)}`,
  'sentry-org': (r) => `sntrys_${Buffer.from(`{"iat":1700000000.12,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"acme-${letters(r, 6)}"}`).toString('base64').replace(/=+$/, '')}_${letters(r, 43)}`,
  onepassword: (r) => `ops_${b64url(`{"signInAddress":"acme.1password.com","userAuth":{"method":"SRPg-4096"},"email":"${letters(r, 120)}","muk":"${letters(r, 120)}"}`)}`,
  'discord-bot': (r) => `${Buffer.from(`1${letters(r, 17, '0123456789')}`).toString('base64').replace(/=+$/, '')}.G${letters(r, 5)}.${letters(r, 38)}`,
  jwt: (r, s) => jwt({ sub: letters(r, 12), scope: 'admin' }, s),
  'supabase-service-role': (_r, s) => jwt({ iss: 'supabase', ref: 'abcdefghijklmnop', role: 'service_role', iat: 1700000000, exp: 4102444800 }, s),
  'supabase-anon': (_r, s) => jwt({ iss: 'supabase', ref: 'abcdefghijklmnop', role: 'anon', iat: 1700000000, exp: 4102444800 }, s),
  'supabase-demo': (_r, s) => jwt({ iss: 'supabase-demo', role: 'service_role', exp: 1983812996 }, s),
  'private-key': (_r, s) => pem('RSA ', s),
  'postgres-uri': (r) => `postgresql://app:${letters(r, 18)}@db.${letters(r, 12, 'abcdefghijkmnpqrtuvwyz')}.supabase.co:5432/postgres`,
  'mongodb-uri': (r) => `mongodb+srv://app:${letters(r, 16)}@cluster0.k${letters(r, 5, 'bcdfghjkmn')}.mongodb.net/crm`,
  'redis-uri': (r) => `rediss://default:${letters(r, 32)}@eu1-${letters(r, 8, 'bcdfghjkmn')}.upstash.io:6379`,
  generated: (r) => `${letters(r, 30)}7Qx`,
  hex64: (r) => letters(r, 64, HEX),
  'azure-storage-key': (r) => `AccountKey=${letters(r, 86)}==`,
  'aws-secret-key': (r) => `${letters(r, 39)}7`,
  'telegram-bot': (r) => `7${letters(r, 8, '123456789')}:A${letters(r, 34)}`,
  slack: (r) => `xoxb-${letters(r, 12, '123456789')}-${letters(r, 13, '123456789')}-${letters(r, 24)}`,
  gitlab: (r) => `glpat-${letters(r, 19)}5`,
  'notion-legacy': (r) => `secret_${letters(r, 41)}4K`,
  'google-auth-key': (r) => `AQ.${letters(r, 50)}8`,
  'azure-sas': (r) => `sv=2024-11-04&ss=b&sp=rl&se=2199-01-01&sig=${letters(r, 40)}9aB%3D`,
  convex: (r) => `prod:happy-otter-123|${letters(r, 80)}`,
};

function withCrc(prefix: string, next: () => number): string {
  const body = letters(next, 30);
  return prefix + body + base62(crc32(body), 6);
}

/** A valid token of a provider (detector id) or of a special kind; `n` gives another one. */
export function token(id: string, n = 0): string {
  const next = random(seedOf(id, n));
  const special = SPECIAL[id];
  if (special) return special(next, seedOf(id, n));
  const provider = providerOf(id);
  if (!provider) throw new Error(`no token of kind ${id}`);
  for (let attempt = 0; attempt < 50; attempt++) {
    const value = generate(provider.regex.source, next);
    // As random as the real ones: digits and letters mixed where the shape allows it.
    if (new Set(value).size >= 10 && /[0-9]/.test(value.slice(provider.prefix.length)) && !/(.)\1\1\1/.test(value.slice(provider.prefix.length))) return value;
  }
  return generate(provider.regex.source, next);
}

export const TOKEN_IDS: readonly string[] = [...Object.keys(SPECIAL), ...PROVIDERS.map((p) => p.id)];

/** Replaces `{{secret:ID}}` by a token; the rule tester calls it on the examples of rules. */
export function expandSecrets(text: string): string {
  return text.replace(/\{\{secret:([\w-]+)\}\}/g, (_, id: string) => token(id));
}

// ------------------------------------------------------------------------------------------------ texts of a regular expression

/** A random text that a simple pattern matches: literals, classes, groups, alternatives, bounded repetition. */
export function generate(source: string, next: () => number): string {
  let i = 0;
  const alternatives = (): string => {
    const options: string[] = [sequence()];
    while (source[i] === '|') {
      i++;
      options.push(sequence());
    }
    return options[Math.floor(next() * options.length)] ?? '';
  };
  const sequence = (): string => {
    let out = '';
    while (i < source.length && source[i] !== '|' && source[i] !== ')') {
      const start = i;
      const one = atom();
      const end = i;
      const count = quantifier();
      if (count === 1) out += one;
      else {
        for (let k = 0; k < count; k++) {
          i = start;
          out += atom();
        }
        i = end;
        quantifier();
      }
    }
    return out;
  };
  const quantifier = (): number => {
    const c = source[i];
    if (c === '?') {
      i++;
      return next() < 0.5 ? 0 : 1;
    }
    const m = /^\{(\d+)(?:,(\d*))?\}/.exec(source.slice(i));
    if (!m) return 1;
    i += m[0].length;
    const min = Number(m[1]);
    const max = m[2] === undefined ? min : m[2] === '' ? min + 4 : Number(m[2]);
    return min + Math.floor(next() * (Math.min(max, min + 12) - min + 1));
  };
  const atom = (): string => {
    const c = source[i] ?? '';
    if (c === '(') {
      if (source.startsWith('(?!', i) || source.startsWith('(?=', i) || source.startsWith('(?<', i)) {
        let depth = 0;
        do {
          if (source[i] === '\\') i++;
          else if (source[i] === '[') while (source[i] !== ']') i++;
          else if (source[i] === '(') depth++;
          else if (source[i] === ')') depth--;
          i++;
        } while (depth > 0);
        return '';
      }
      i += source.startsWith('(?:', i) ? 3 : 1;
      const inner = alternatives();
      i++;
      return inner;
    }
    if (c === '[') {
      const end = closing(i);
      const set = expandClass(source.slice(i + 1, end));
      i = end + 1;
      return set[Math.floor(next() * set.length)] ?? '';
    }
    if (c === '\\') {
      const kind = source[i + 1] ?? '';
      i += 2;
      return kind === 'd' ? letters(next, 1, '0123456789') : kind === 'w' ? letters(next, 1, ALNUM) : kind;
    }
    i++;
    return c;
  };
  const closing = (from: number): number => {
    let k = from + 1;
    while (source[k] !== ']') k += source[k] === '\\' ? 2 : 1;
    return k;
  };
  return alternatives();
}

function expandClass(body: string): string {
  let out = '';
  for (let i = 0; i < body.length; i++) {
    let c = body[i] ?? '';
    if (c === '\\') {
      c = body[++i] ?? '';
      if (c === 'd' || c === 'w') {
        out += c === 'd' ? '0123456789' : ALNUM;
        continue;
      }
    }
    if (body[i + 1] === '-' && i + 2 < body.length) {
      const to = (body[i + 2] ?? '').charCodeAt(0);
      for (let k = c.charCodeAt(0); k <= to; k++) out += String.fromCharCode(k);
      i += 2;
    } else out += c;
  }
  // Letters and digits first of all: marks are rare in real tokens.
  const plain = out.replace(/[^A-Za-z0-9]/g, '');
  return plain.length > 1 ? plain : out;
}
