/**
 * Tokens that look real, built at run time: no file of this repository holds one, so that no push protection stops a clone.
 * Checksums and structures are right; the values are random by a fixed seed and open nothing.
 */
import { base62, crc32 } from '../../../src/engine/extract/secrets/checks';
import { PROVIDERS, providerOf } from '../../../src/engine/extract/secrets/providers';
import { Random } from '../../../src/dev/random';
import { textMatching } from '../../../src/dev/samples/generate-text';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function seedOf(id: string, n: number): number {
  return crc32(`${id}#${n}`);
}

function letters(random: Random, length: number, alphabet = ALNUM): string {
  let out = '';
  for (let i = 0; i < length; i++) out += random.pick([...alphabet]);
  return out;
}

const HEX = '0123456789abcdef';
const b64url = (value: string): string => Buffer.from(value).toString('base64url');

export function jwt(claims: Readonly<Record<string, unknown>>, seed = 1): string {
  return [b64url('{"alg":"HS256","typ":"JWT"}'), b64url(JSON.stringify(claims)), letters(new Random(seed), 43)].join('.');
}

export function pem(kind = 'RSA ', seed = 1): string {
  const random = new Random(seed);
  const lines = Array.from({ length: 12 }, () => letters(random, 64, `${ALNUM}+/`));
  return [`-----BEGIN ${kind}PRIVATE KEY-----`, ...lines, `-----END ${kind}PRIVATE KEY-----`].join('\n');
}

/** Ids beside the detectors' own: what examples and tests name. */
const SPECIAL: Readonly<Record<string, (random: Random, seed: number) => string>> = {
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

function withCrc(prefix: string, random: Random): string {
  const body = letters(random, 30);
  return prefix + body + base62(crc32(body), 6);
}

/** A valid token of a provider (detector id) or of a special kind; `n` gives another one. */
export function token(id: string, n = 0): string {
  const random = new Random(seedOf(id, n));
  const special = SPECIAL[id];
  if (special) return special(random, seedOf(id, n));
  const provider = providerOf(id);
  if (!provider) throw new Error(`no token of kind ${id}`);
  for (let attempt = 0; attempt < 50; attempt++) {
    const value = textMatching(provider.regex.source, random);
    // As random as the real ones: digits and letters mixed where the shape allows it.
    if (new Set(value).size >= 10 && /[0-9]/.test(value.slice(provider.prefix.length)) && !/(.)\1\1\1/.test(value.slice(provider.prefix.length))) return value;
  }
  return textMatching(provider.regex.source, random);
}

export const TOKEN_IDS: readonly string[] = [...Object.keys(SPECIAL), ...PROVIDERS.map((p) => p.id)];

/** Replaces `{{secret:ID}}` by a token; the rule tester calls it on the examples of rules. */
export function expandSecrets(text: string): string {
  return text.replace(/\{\{secret:([\w-]+)\}\}/g, (_, id: string) => token(id));
}
