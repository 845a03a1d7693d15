/** A key in the query of an outbound URL: `https://api.acme.io/v1/rates?apikey=…`, in any language. */
import { isHarmlessForm, isPlaceholder, isPlaceholderToken, isReference, isUuid, looksGenerated } from './heuristics';
import { toEnvName } from './places';
import { hostOf, isLocalHost, isPlaceholderHost } from './uris';
import type { Candidate } from './candidate';

const NAMES = ['key', 'api_key', 'apikey', 'api-key', 'appid', 'app_key', 'access_key', 'access_token', 'auth_token', 'api_token', 'api_secret', 'client_secret', 'token'] as const;
export const QUERY_KEYWORDS: readonly string[] = NAMES.flatMap((name) => [`?${name}=`, `&${name}=`]);

const VALUE = /[A-Za-z0-9_.~+-]{16,300}(?![A-Za-z0-9_.~+%${<[-])/y;
const REACH = 400;

/** `start` is the offset of `?` or `&`, `end` the one just past `=`. */
export function queryAt(text: string, start: number, end: number): Candidate | null {
  VALUE.lastIndex = end;
  const value = VALUE.exec(text)?.[0];
  if (value === undefined || !looksGenerated(value) || isUuid(value) || isPlaceholder(value) || isPlaceholderToken(value) || isReference(value) || isHarmlessForm(value)) return null;
  let from = start;
  while (from > 0 && start - from < REACH && !/[\s"'`<>()]/.test(text[from - 1] ?? '')) from--;
  const address = text.slice(from, start);
  const host = hostOf(address);
  // Map tiles are fetched by every visitor's browser: their keys are bound to a site.
  if (host === null || isLocalHost(host) || isPlaceholderHost(host) || /map|tile/i.test(address)) return null;
  const name = text.slice(start + 1, end - 1);
  return {
    kind: 'named-assignment', detector: 'url-key', label: 'Key in a URL', span: { start: end, end: end + value.length }, value, prefix: '', severity: 'high', confidence: 'medium',
    envName: /^(?:key|token|appid)$/i.test(name) ? 'API_KEY' : toEnvName(name), publicByDesign: false, note: null, rank: 2,
  };
}
