import { defineRule } from '../../core/rule';
import { PUBLIC_PREFIX, renamePublicVariable } from '../../fixes/env';
import { nameClass } from '../../extract/secrets/names';
import { placeOf } from '../../extract/secrets/places';
import { readersOf } from './shared/published';

/** Services whose keys are for servers only; others (maps, analytics, search) have keys made for the browser. */
const SERVER_SERVICES = /OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|DEEPSEEK|OPENROUTER|PERPLEXITY|REPLICATE|ELEVEN_?LABS|HUGGING_?FACE|COHERE|TOGETHER|XAI|LOVABLE|RESEND|SENDGRID|MAILGUN|POSTMARK|BREVO|MAILCHIMP|TWILIO|AIRTABLE|NOTION|GITHUB_TOKEN|GITHUB_PAT|SLACK_BOT|SLACK_TOKEN|DISCORD_BOT|TELEGRAM|AWS_SECRET|WHATSAPP|(?:META|FACEBOOK|FB|INSTAGRAM|LINKEDIN|TWITTER)_(?:\w+_)?(?:ACCESS|BEARER)_TOKEN|META_TOKEN|VONAGE|MESSAGEBIRD|PLIVO|MSG91|GUPSHUP|HUBSPOT|GITLAB|VERCEL_TOKEN|NETLIFY_AUTH|CLOUDFLARE_API|GENAI|STABILITY|PINECONE|ASSEMBLY_?AI|DEEPGRAM|TAVILY|FIRECRAWL|SERP|UPSTASH|STRIPE_(?:SECRET|SK)|SERVICE_ROLE|PRIVATE_KEY|_SK$/;
const HARMLESS = /PUBLISHABLE|ANON|SITE_?KEY|CLIENT_ID|DSN|PUBLIC_KEY|VAPID|MEASUREMENT|TRACKING|APP_ID|PROJECT_ID|MAPS|MAPBOX|FIREBASE|POSTHOG|SENTRY|RECAPTCHA|TURNSTILE|HCAPTCHA|ALGOLIA_SEARCH|SEARCH_KEY|ENABLED|DISABLED/;

/** A hazard of its name, and nothing that happens today. */
const NAME_ONLY = { severity: 'low', confidence: 'medium', businessImpact: 'Nothing is published today; the day a page reads the variable, everybody has the secret.' } as const;

export function isSecretPublicName(name: string): boolean {
  const prefix = PUBLIC_PREFIX.exec(name);
  if (!prefix) return false;
  const rest = name.slice(prefix[0].length).toUpperCase();
  if (HARMLESS.test(rest) && !/SECRET(?:_KEY)?$|PRIVATE_KEY$|PASSWORD$/.test(rest)) return false;
  if (/^(?:SLACK|DISCORD|TEAMS)\w*WEBHOOK_URL$/.test(rest) || /SERVICE_ROLE(?:_KEY)?$/.test(rest)) return true;
  const kind = nameClass(rest);
  if (kind === 'none') return false;
  if (kind === 'credential') return /SECRET(?:_KEY)?$/.test(rest) || SERVER_SERVICES.test(rest) || /ADMIN\w*(?:KEY|TOKEN)$/.test(rest);
  return true;
}

export default defineRule({
  meta: {
    id: 'secrets/public-env-prefix',
    item: 'secrets',
    category: 'secret-client',
    severity: 'critical',
    title: 'A secret has a public variable name',
    businessImpact: 'Variables with this prefix are printed into the JavaScript that everyone downloads, so the secret is public from the first deploy.',
    why: [
      '`NEXT_PUBLIC_`, `VITE_`, `EXPO_PUBLIC_`, `REACT_APP_` and `PUBLIC_` tell the build tool to copy the value into the browser bundle. That is right for publishable keys and wrong for everything that has to stay secret.',
      '',
      'Looked at: names read in code and names in env files, Dockerfiles and workflows; and values of a server’s kind under any public name.',
      '',
      'Build tools print what browser code reads: a variable that only server code reads is a note about its name.',
      '',
      'Not reported: publishable, anon and site keys, client ids, DSNs, Firebase and map keys.',
    ].join('\n'),
    effort: 'hours',
    cwe: [200],
    owasp: ['API8'],
    messages: {
      name: '{{envName}} has a public prefix: its value is printed into the JavaScript that every visitor downloads.',
      value: '{{envName}} publishes a secret: {{label}} is printed into the JavaScript that every visitor downloads.',
      server: '{{envName}} has a public prefix, and only server code reads it: it is not printed anywhere, but its name invites that.\nRead by browser code, its value would be in the JavaScript that every visitor downloads.',
    },
    bad: { 'src/ai.ts': "export const key = import.meta.env.VITE_OPENAI_API_KEY;\n" },
    good: { 'src/ai.ts': "export const key = import.meta.env.VITE_STRIPE_PUBLISHABLE_KEY;\nexport const url = import.meta.env.VITE_SUPABASE_URL;\n" },
    since: '0.1.0',
  },
  on: 'file',
  check(file, ctx) {
    const place = placeOf(file.path);
    if (place === 'test') return;
    const seen = new Set<string>();
    const report = (name: string, start: number, label: string | null, fingerprint?: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      if (readersOf(name, ctx.model) === 'server') {
        ctx.report({ at: { file: file.path, span: { start, end: start + name.length } }, messageId: 'server', data: { envName: name, detector: 'public-env-prefix', label: name, place, published: false }, ...NAME_ONLY, rootCause: `public-env:${name}`, fixes: ['rename'] });
        return;
      }
      ctx.report({
        at: { file: file.path, span: { start, end: start + name.length } }, messageId: label === null ? 'name' : 'value', data: { envName: name, detector: 'public-env-prefix', label: label ?? name, place, published: false },
        // One value is one risk, whatever else is told of it.
        confidence: place === 'docs' ? 'medium' : 'high', rootCause: fingerprint === undefined ? `public-env:${name}` : `secret:${fingerprint}`, fixes: ['rename'],
      });
    };
    for (const entry of file.envNames) {
      if (!PUBLIC_PREFIX.test(entry.name)) continue;
      const value = ctx.model.secretsOf(file.path).find((s) => !s.fact.publicByDesign && s.fact.kind !== 'named-assignment' && s.fact.confidence !== 'low' && s.fact.severity !== 'low' && entry.span.start <= s.fact.span.start && s.fact.span.end <= entry.span.end);
      if (value) report(entry.name, entry.span.start, value.fact.label, value.fact.fingerprint);
      else if (isSecretPublicName(entry.name)) report(entry.name, entry.span.start, null);
    }
    for (const read of file.script?.envReads ?? []) {
      if (seen.has(read.name) || !isSecretPublicName(read.name)) continue;
      seen.add(read.name);
      const published = ctx.model.reachesBrowser(file.path) || read.via === 'import.meta.env';
      const serverOnly = !published && readersOf(read.name, ctx.model) === 'server';
      ctx.report({
        at: { file: file.path, span: read.span }, messageId: serverOnly ? 'server' : 'name', data: { envName: read.name, detector: 'public-env-prefix', label: read.name, place, published },
        confidence: published ? 'high' : 'medium', ...(serverOnly ? NAME_ONLY : {}), rootCause: `public-env:${read.name}`, fixes: ['rename'],
      });
    }
  },
  fixes: { rename: renamePublicVariable },
});
