/** Where a secret stands, and the small readings of the text around it that every detector shares. */
import { createHmac } from 'node:crypto';
import { basename, isTestPath } from '../../core/paths';
import type { SecretFact } from '../../core/facts';
import type { Confidence, Span } from '../../core/types';
import { splitCamel } from '../../core/text';

export type Place = SecretFact['place'];

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte)$/i;
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|rb|go|java|kt|kts|scala|php|cs|fs|swift|rs|c|cc|cpp|h|hpp|dart|ex|exs|lua|pl|r|sh|bash|zsh|ps1|html?|ipynb|graphql)$/i;
const CONFIG = /(?:\.(?:json5?|jsonc|ya?ml|toml|ini|cfg|conf|config|properties|tf|tfvars|hcl|xml|plist|gradle|npmrc|yarnrc|pypirc|netrc|http|rest)|(?:^|\/)(?:Dockerfile[^/]*|docker-compose[^/]*|Makefile|Procfile|\.npmrc|\.yarnrc|\.pypirc|\.netrc))$/i;
const LOCK_FILE = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|composer\.lock|Gemfile\.lock|poetry\.lock|Cargo\.lock|go\.sum|uv\.lock)$/i;
const ENV_EXAMPLE = /(?:^|[.\-_])(?:example|sample|template|defaults?|schema|dist)(?:[.\-_]|$)/i;

/** Lock files, minified and generated output, change logs: no place where a person writes a key. */
export function isSkippedPath(path: string): boolean {
  return (
    /(?:^|\/)(?:node_modules|\.git|\.next|\.nuxt|\.output|\.svelte-kit)\//.test(path) ||
    isLockPath(path) ||
    /(?:^|\/)CHANGELOG[^/]*$/i.test(path) ||
    /\.(?:min\.(?:js|css)|map|snap|svg|png|jpe?g|gif|webp|ico|woff2?|ttf|otf|eot|pdf|zip|gz|lock|lockb)$/i.test(path)
  );
}

/** Where package managers note what they installed from where. */
export function isLockPath(path: string): boolean {
  return LOCK_FILE.test(path);
}

export function isScriptPath(path: string): boolean {
  return SCRIPT.test(path);
}

/** `.env`, `.env.local`, `prod.env`; examples and templates are documentation. */
export function isEnvPath(path: string): boolean {
  const name = basename(path);
  return (/^\.env(?:$|[.\-_])/i.test(name) || /^[\w.-]+\.env$/i.test(name) || /^\.dev\.vars(?:$|\.)/.test(name)) && !ENV_EXAMPLE.test(name.replace(/^\.?env/i, ''));
}

export function placeOf(path: string): Place {
  const name = basename(path);
  if (isTestPath(path)) return 'test';
  if (isEnvPath(path)) return 'env-file';
  if (/^\.?env/i.test(name) && ENV_EXAMPLE.test(name)) return 'docs';
  if (/\.(?:mdx?|rst|adoc|markdown)$/i.test(name) || /(?:^|\/)(?:docs?|documentation|examples?)\//i.test(path) || /^(?:README|CONTRIBUTING|LICENSE)/i.test(name)) return 'docs';
  if (/\.(?:sql|psql|ddl|dump)$/i.test(name)) return 'sql';
  if (CODE.test(name)) return 'code';
  if (CONFIG.test(path)) return 'config';
  return 'text';
}

/** One step down for documentation and tests: a real key does land there, an invented one more often. */
export function atPlace(confidence: Confidence, place: Place): Confidence {
  return place === 'docs' || place === 'test' ? lower(confidence) : confidence;
}

export function lower(confidence: Confidence): Confidence {
  return confidence === 'proven' ? 'high' : confidence === 'high' ? 'medium' : 'low';
}

/** The only thing kept of a value: equal values share it, nothing can be read back from it. */
export function secretFingerprint(value: string, salt: string): string {
  return createHmac('sha256', salt).update(value).digest('hex').slice(0, 16);
}

/** The provider's public prefix and the length. */
export function redact(prefix: string, value: string): string {
  return `${prefix}… (${value.length} characters)`;
}

/** Beyond this a line is data, and a search to its ends would make the scan quadratic. */
const LINE_REACH = 2000;

export function lineStart(text: string, offset: number): number {
  const stop = Math.max(0, offset - LINE_REACH);
  let i = offset;
  while (i > stop && text.charCodeAt(i - 1) !== 10) i--;
  return i;
}

export function lineEnd(text: string, offset: number): number {
  const stop = Math.min(text.length, offset + LINE_REACH);
  let i = offset;
  while (i < stop && text.charCodeAt(i) !== 10) i++;
  return i;
}

export function isCommentLine(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  const before = text.slice(start, Math.min(offset, start + 200));
  return /^\s*(?:\/\/|#(?!!)|\*|\/\*|--|<!--|;|%|REM\s)/i.test(before) || /(?:^|\s)\/\/(?:\s|[A-Za-z])/.test(before);
}

/** The string literal that holds exactly this span, quotes included; the span itself when there is none. */
export function literalAround(text: string, span: Span): Span {
  const quote = text[span.start - 1];
  if ((quote !== '"' && quote !== "'" && quote !== '`') || text[span.end] !== quote) return span;
  // A quote inside another string opens nothing: walk the line.
  let open = '';
  for (let i = lineStart(text, span.start); i < span.start - 1; i++) {
    const c = text[i] ?? '';
    if (c === '\\') i++;
    else if (open) {
      if (c === open) open = '';
    } else if (c === '"' || c === "'" || c === '`') open = c;
  }
  return open ? span : { start: span.start - 1, end: span.end + 1 };
}

/** Name the value at `offset` is assigned to, read backwards on its line: `STRIPE_KEY="`, `"apiKey": "`, `ENV TOKEN `. */
export function assignedName(text: string, offset: number): string | null {
  const from = Math.max(lineStart(text, offset), offset - 160);
  const before = text.slice(from, offset);
  const match = /([A-Za-z_$][\w$.-]{0,80})["'`\]]?\s{0,8}(?::\s{0,4}[A-Za-z]{1,20}\s{0,4}=|:{0,3}=|\?=|\.=|\+=|:|=>|,|\s(?:TO|to)\s|(?<=^(?:\s{0,8}(?:ENV|ARG|export|set)\s{1,4})[\w$.-]{1,80})\s)\s{0,8}["'`]?(?:Bearer\s|Basic\s|token\s)?$/.exec(before);
  return match?.[1] ?? null;
}

/** `stripeSecretKey`, `app.jwt-secret` → `STRIPE_SECRET_KEY`, `APP_JWT_SECRET`. */
export function toEnvName(name: string): string {
  const snake = splitCamel(name)
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^[A-Z_]/.test(snake) ? snake : `SECRET_${snake}`.replace(/_+$/, '');
}
