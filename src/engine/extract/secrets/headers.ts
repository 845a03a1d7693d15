/** Credentials in an Authorization header and on curl's command line. */
import { decodeBase64 } from './checks';
import { isPlaceholder, isReference, isUuid, looksGenerated, looksLikePassword, shannon, wordiness } from './heuristics';
import type { Candidate } from './candidate';

const HEADER = /authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?(?:(Bearer|Basic|Token|Api-?(?:Key|Token))\s{1,4})?([A-Za-z0-9._~+/=-]{12,600})/iy;
const CURL_USER = /\s(?:-u|--user|-U|--proxy-user)[ =]?\s{0,4}["']?([^\s:"'$<]{0,80}):["']?([^\s"'$<:]{3,120})/;
/** A key as the user's name, without a password: `-u "key:"`. */
const CURL_KEY_USER = /\s(?:-u|--user)[ =]?\s{0,4}["']?([^\s:"'$<{]{8,120}):["']?(?=\s|$)/;
const CURL_HEADER = /\s(?:-H|--header)[ =]?["'](?:[a-z]{1,20}-){0,3}(?:api-?)?(?:key|token):[ \t]{0,4}([\w=~@.+/-]{10,200})["']/gi;

export function headerAt(text: string, start: number, keyword: string): Candidate | null {
  if (keyword === 'authorization') {
    HEADER.lastIndex = start;
    const match = HEADER.exec(text);
    const value = match?.[2];
    if (!match || value === undefined || isPlaceholder(value) || isReference(value)) return null;
    const at = start + match[0].length - value.length;
    if (/^basic$/i.test(match[1] ?? '')) {
      const pair = /^([^:\s]{1,80}):(\S{4,200})$/.exec(decodeBase64(value) ?? '');
      const password = pair?.[2];
      if (password === undefined || isPlaceholder(password) || /^(?:password|admin|secret|test|guest|user|pass)$/i.test(password) || /[^\x20-\x7e]/.test(password)) return null;
      return found('authorization-header', 'User name and password in an Authorization header', value, at, 'SERVICE_PASSWORD');
    }
    // What follows has to end the value: an expression is none.
    if (text[start + match[0].length] === '(' || (!looksGenerated(value) && !(isUuid(value) && (match[1] !== undefined || /["'`]/.test(text[start + match[0].length] ?? ''))))) return null;
    return found('authorization-header', 'Token in an Authorization header', value, at, 'API_TOKEN');
  }
  const end = text.slice(start, start + 800).search(/[^\\]\r?\n(?![ \t]{1,12}-)/);
  const command = text.slice(start, end < 0 ? start + 800 : start + end + 1);
  for (const header of command.matchAll(CURL_HEADER)) {
    const key = header[1] ?? '';
    if (isUuid(key) || isKey(key)) return found('curl-header', 'Key in a header on a command line', key, start + header.index + header[0].length - 1 - key.length, 'API_KEY');
  }
  const keyUser = CURL_KEY_USER.exec(command);
  const user0 = keyUser?.[1] ?? '';
  if (keyUser && !isPlaceholder(user0) && (looksGenerated(user0) || (looksLikePassword(user0) && /[^\w.@-]/.test(user0)))) return found('curl-user', 'Key on a command line', user0, start + keyUser.index + keyUser[0].lastIndexOf(user0), 'API_KEY');
  const match = CURL_USER.exec(command);
  const user = match?.[1];
  const password = match?.[2];
  if (!match || user === undefined || password === undefined) return null;
  if (isPlaceholder(password) || isReference(password) || /^(?:password|passwd|pass|admin|secret|test|guest|user|changeit|x|elastic|postgres)$/i.test(password) || /^[A-Z_]+$/.test(password) || /^[[{%*]/.test(password) || password.length < 6) return null;
  return found('curl-user', 'User name and password on a command line', password, start + match.index + match[0].length - password.length, 'SERVICE_PASSWORD');
}

/** What stands in a header for a key is short now and then; it still mixes letters and digits and is no word. */
function isKey(value: string): boolean {
  return !isPlaceholder(value) && !isReference(value) && (looksGenerated(value) || (/[0-9]/.test(value) && /[A-Za-z]/.test(value) && /^[A-Za-z0-9]+$/.test(value) && shannon(value) >= 2.8 && wordiness(value) < 0.6));
}

function found(detector: string, label: string, value: string, at: number, envName: string): Candidate {
  return { kind: 'named-assignment', detector, label, span: { start: at, end: at + value.length }, value, prefix: '', severity: 'high', confidence: 'medium', envName, publicByDesign: false, note: null, rank: 2 };
}
