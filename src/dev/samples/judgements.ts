/**
 * Samples that say something else than their table claims, each with the reason: the cleaned figure leaves them out, or draws
 * the characters of an invented value anew. Named by rule and position in the rule's table, so that no value stands here; the
 * positions are those of the commits below.
 */
import type { Random } from '../random';
import type { Sample } from './sample';

export type Category =
  /** An invented value: documentation's words, one repeated character, a sequence, a reserved host. We stay silent on purpose. */
  | 'placeholder'
  /** The same, and its form is right otherwise: measured with other characters in the same places. */
  | 'placeholder, drawn anew'
  /** A name or number that is no secret: client id, tenant id, account number, certificate. */
  | 'no secret'
  /** A form that the provider never issues, or that does not decode. */
  | 'impossible form'
  /** Nothing of the secret is in the text. */
  | 'no value'
  /** A token that has run out opens nothing; we report it as a question (low confidence). */
  | 'expired'
  /** Meant for one rule only: the value is another rule's true positive, and is reported by right. */
  | 'another secret'
  /** Meant for one rule only: a generated value under a secret's name, in a form that is not this provider's. */
  | 'other form under a secret\'s name';

export interface Judgement {
  readonly category: Category;
  readonly reason: string;
}

/** The commits whose positions the list below names. */
export const JUDGED_AT: Readonly<Record<string, string>> = {
  'gitleaks/gitleaks': 'b58d3f102cf3a2c84cb7f923d05c25c9b1aed84b',
  'secretlint/secretlint': '18346ba31b8173d52060b971221ab38c1943def0',
  'Yelp/detect-secrets': '5e141933554a0b74e7341841f318be21e895339c',
};

type Entry = readonly [scanner: string, rule: string, sign: '+' | '-', at: 'all' | readonly number[], category: Category, reason: string];

const G = 'gitleaks/gitleaks';
const S = 'secretlint/secretlint';
const D = 'Yelp/detect-secrets';
const ENTRIES: readonly Entry[] = [
  [G, 'age-secret-key', '+', 'all', 'placeholder', 'one character repeated'],
  [G, 'anthropic-admin-api-key', '+', [0], 'placeholder', 'says "fake" twice'],
  [G, 'aws-amazon-bedrock-api-key-long-lived', '+', [0], 'placeholder', 'says "EXAMPLE" all along'],
  [G, 'heroku-api-key', '+', [26], 'placeholder', 'counts 12345678-ABCD-…'],
  [G, 'hubspot-api-key', '+', [26], 'placeholder', 'counts 12345678-ABCD-…'],
  [G, 'snyk-api-token', '+', 'all', 'placeholder', 'counts 12345678-ABCD-…'],
  [G, 'messagebird-client-id', '+', 'all', 'placeholder', 'counts 12345678-ABCD-…, and is an id'],
  [G, 'sonar-api-token', '+', [...Array.from({ length: 31 }, (_, i) => i), 32], 'placeholder', 'counts 12345678ABCDEFH…'],
  [G, 'sidekiq-secret', '+', [52, 53, 54, 55, 56, 57, 58, 59], 'placeholder', 'the words cafebabe and deadbeef'],
  [G, 'sidekiq-sensitive-url', '+', [0, 1, 4, 5], 'placeholder', 'the words cafebabe and deadbeef'],
  [G, 'slack-legacy-bot-token', '+', [29], 'placeholder', 'ends in "lFaKe" after a counted number'],
  [G, 'nuget-config-password', '+', [0, 1, 2, 3, 4, 5], 'placeholder', 'words that say they are a test or cleartext password; the first is a negative of the same table'],
  [G, 'kubernetes-secret-yaml', '+', [1, 7, 8, 14, 15], 'placeholder', 'decodes to "mypassword", or to "opensesame" at the host "example"'],
  [G, 'hashicorp-tf-password', '+', [1], 'placeholder', 'the words root and passwd'],
  [G, 'asana-client-id', '+', 'all', 'no secret', 'a client id'],
  [G, 'discord-client-id', '+', 'all', 'no secret', 'a client id'],
  [G, 'linkedin-client-id', '+', 'all', 'no secret', 'a client id'],
  [G, 'plaid-client-id', '+', 'all', 'no secret', 'a client id'],
  [G, 'kubernetes-secret-yaml', '+', [10], 'no secret', 'a certificate'],
  [G, 'discord-client-secret', '+', 'all', 'impossible form', 'digits only, by the generator of the test; Discord mixes letters and digits'],
  [G, 'curl-auth-header', '+', [1, 2], 'impossible form', 'an empty password; base64 that does not decode to text'],
  [G, 'jwt', '+', [26, 27], 'impossible form', 'the header is no JSON'],
  [G, 'jwt', '+', [55], 'impossible form', 'algorithm none and no signature: anybody can write it'],
  [G, 'jwt', '+', [48], 'placeholder', 'the anon key of every local Supabase'],
  [G, 'jwt', '+', [29, 30, 31, 35, 37, 41, 43, 44, 45, 47, 50, 51], 'expired', 'its exp claim is in the past'],
  [G, 'gcp-service-account', '+', 'all', 'no value', 'one line of the file, without the key'],
  [G, 'pkcs12-file', '+', 'all', 'no value', 'an empty text; the rule goes by the name of a binary file'],
  [G, 'anthropic-api-key', '-', [2], 'another secret', 'an Anthropic admin key'],
  [G, 'anthropic-admin-api-key', '-', [2], 'another secret', 'an Anthropic API key'],
  [G, 'cloudflare-global-api-key', '-', 'all', 'another secret', 'positives of the two other Cloudflare rules'],
  [G, 'cloudflare-api-key', '-', 'all', 'another secret', 'positives of the two other Cloudflare rules'],
  [G, 'cloudflare-origin-ca-key', '-', 'all', 'another secret', 'positives of the two other Cloudflare rules'],
  [G, 'curl-auth-header', '-', [8], 'another secret', 'a JWT that does not expire'],
  [G, 'mailchimp-api-key', '-', 'all', 'another secret', 'a key in full; the comment beside it calls it a false negative'],
  [G, 'freemius-secret-key', '-', [3], 'another secret', 'the rule\'s own positive in a file of another extension'],
  [G, 'cisco-meraki-api-key', '-', [1, 3], 'other form under a secret\'s name', 'gitleaks\' generic rule reports it as well'],
  [G, 'settlemint-personal-access-token', '-', 'all', 'other form under a secret\'s name', 'a random value in a variable called …Token; gitleaks\' generic rule reports it as well'],
  [G, 'settlemint-application-access-token', '-', 'all', 'other form under a secret\'s name', 'as above'],
  [G, 'settlemint-service-access-token', '-', 'all', 'other form under a secret\'s name', 'as above'],
  [G, 'stripe-access-token', '-', 'all', 'other form under a secret\'s name', 'as above'],
  [G, 'telegram-bot-api-token', '-', [0, 1, 5, 6, 7, 8, 9, 10], 'other form under a secret\'s name', 'a random value under telegram_api_token, with a wrong number of digits or letters'],

  [S, 'aws/ng.AWS Access Key ID', '+', 'all', 'placeholder', 'AWS\'s documented id with another ending'],
  [S, 'aws/ng.AWS Secret Access Key', '+', 'all', 'placeholder', 'AWS\'s documented key with another ending'],
  [S, 'basicauth/ng.basic-auth-ftp-url', '+', 'all', 'placeholder', 'user:pass@example.com'],
  [S, 'basicauth/ng.basic-auth-http-url', '+', 'all', 'placeholder', 'user:pass@example.com'],
  [S, 'basicauth/ng.basic-auth-https-url', '+', 'all', 'placeholder', 'a host under example.com'],
  [S, 'basicauth/ng.basic-auth-in-markdown', '+', 'all', 'placeholder', 'user:pass@example.com'],
  [S, 'basicauth/ng.real-credentials', '+', [2], 'placeholder', 'a host under example.com'],
  [S, 'database-connection-string/ng.mongodb', '+', [0], 'placeholder', 'a host under example.net'],
  [S, 'database-connection-string/ng.mongodb', '+', [1, 4], 'placeholder', 'a host of Atlas without the letters of a project, which none is without'],
  [S, 'database-connection-string/ng.mysql', '+', [3], 'placeholder', 'a host under example.com'],
  [S, 'database-connection-string/ng.postgresql', '+', [0], 'placeholder', 'a host under example.com'],
  [S, 'databricks/ng.secret', '+', 'all', 'placeholder', 'counts 1234567890ABCDEF twice'],
  [S, 'npm/npmrc-_authToken', '+', 'all', 'placeholder', 'two characters repeated'],
  [S, 'slack/ng.IncomingWebhook', '+', [0], 'placeholder', 'X all along'],
  [S, 'docker/ng.docker-pat', '+', 'all', 'placeholder, drawn anew', 'says "Example", then counts'],
  [S, 'figma/ng.secret', '+', 'all', 'placeholder, drawn anew', 'the alphabet'],
  [S, 'gitlab/ng.personal_access_token', '+', 'all', 'placeholder, drawn anew', 'the alphabet'],
  [S, 'grafana/ng.service_account_token', '+', 'all', 'placeholder, drawn anew', 'the alphabet'],
  [S, 'groq/ng.secret', '+', [0, 1], 'placeholder, drawn anew', 'the alphabet'],
  [S, 'huggingface/ng.secret', '+', 'all', 'placeholder, drawn anew', 'x all along'],
  [S, 'linear/ng.secret', '+', 'all', 'placeholder, drawn anew', 'ends in "EXAMPLE"'],
  [S, 'notion/ng.secret', '+', [0, 2], 'placeholder, drawn anew', 'counts, then the alphabet'],
  [S, 'stripe/ng.secret', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.api-key', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.auth-key', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.boundary-non-letter', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.client-key', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.scim-key', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.unknown-type', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'tailscale/ng.webhook-key', '+', 'all', 'placeholder, drawn anew', 'one character repeated'],
  [S, 'vercel/ng.secret', '+', [0, 1, 3, 4], 'placeholder, drawn anew', 'the alphabet'],
  [S, 'aws/ng.AWS Account ID', '+', 'all', 'no secret', 'an account number, of zeros'],
  [S, 'azure/ng.ad_tenant_id', '+', 'all', 'no secret', 'a tenant id'],
  [S, 'azure/ng.azure_client_id', '+', 'all', 'no secret', 'a client id'],
  [S, 'slack/ng.found-slack-token', '+', 'all', 'impossible form', 'numbers only: no Slack token ends in one'],

  [D, 'artifactory', '+', 'all', 'placeholder', 'x all along'],
  [D, 'basic_auth', '+', 'all', 'placeholder', 'username:password'],
  [D, 'cloudant', '+', 'all', 'placeholder', 'abcd1234 or the alphabet, repeated'],
  [D, 'ibm_cloud_iam', '+', 'all', 'placeholder', 'abcd1234 repeated'],
  [D, 'ibm_cos_hmac', '+', 'all', 'placeholder', '1234567890abcdef repeated'],
  [D, 'softlayer', '+', 'all', 'placeholder', 'abcd1234 repeated'],
  [D, 'gitlab_token', '+', [0, 2, 4, 5, 6, 7, 8], 'placeholder', 'words that say what the test is about'],
  [D, 'jwt', '+', [0, 3, 4], 'placeholder', 'John Doe of everybody\'s documentation'],
  [D, 'jwt', '+', [1, 2, 5], 'impossible form', 'no signature'],
  [D, 'npm', '+', [3], 'placeholder', 'x all along'],
  [D, 'private_key', '+', 'all', 'no value', 'a sentence stands where the key would be'],
  [D, 'slack', '+', [3], 'placeholder', 'ones all along'],
  [D, 'slack', '+', [7], 'placeholder', 'x all along'],
  [D, 'square_oauth', '+', 'all', 'placeholder', 'the alphabet'],
  [D, 'twilio', '+', 'all', 'placeholder', 'x all along'],
  [D, 'discord', '+', [0], 'placeholder', 'the token of Discord\'s documentation'],
  [D, 'discord', '+', [2, 3, 4, 5, 6, 7, 8], 'impossible form', 'its first part does not decode to the number of an account'],
  [D, 'gitlab_token', '-', [5], 'another secret', 'a GitHub token, whose checksum is right'],
  [D, 'npm', '-', [1, 2], 'another secret', 'the same token as in the positives, after another beginning of the URL'],
  [D, 'ibm_cloud_iam', '-', [1], 'other form under a secret\'s name', 'a value under a password\'s name, too long for this provider'],
];

export function judgementOf(scanner: string, rule: string, isSecret: boolean, index: number): Judgement | null {
  const entry = ENTRIES.find(([s, r, sign, at]) => s === scanner && r === rule && (sign === '+') === isSecret && (at === 'all' || at.includes(index)));
  return entry ? { category: entry[4], reason: entry[5] } : null;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The variable part of a token: a long run after a separator. */
const RUN = /(?<=[-_])[A-Za-z0-9]{10,}/g;

/** The sample with other characters of the same kind in the variable part of its secret. */
export function drawnAnew(sample: Sample, random: Random): Sample {
  const [place] = sample.places;
  if (!place) return sample;
  const value = sample.text.slice(place.start, place.end).replace(RUN, (run) => {
    const isMixed = /[0-9]/.test(run) && /[A-Za-z]/.test(run);
    return [...run].map((c) => (/[0-9]/.test(c) && isMixed ? String(random.below(10)) : isMixed ? random.pick([...(c === c.toUpperCase() ? LETTERS.slice(0, 26) : LETTERS.slice(26))]) : random.pick([...LETTERS]))).join('');
  });
  return { ...sample, text: sample.text.slice(0, place.start) + value + sample.text.slice(place.end) };
}
