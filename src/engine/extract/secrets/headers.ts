/** Credentials in an Authorization header and on curl's command line. */
import { decodeBase64 } from './checks';
import { isPlaceholder, isReference, isUuid, looksGenerated } from './heuristics';
import type { Candidate } from './candidate';

const HEADER = /authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?(?:(Bearer|Basic|Token|Api-?(?:Key|Token))\s{1,4})?([A-Za-z0-9._~+/=-]{12,600})/iy;
const CURL_USER = /\s(?:-u|--user|-U|--proxy-user)[ =]?\s{0,4}["']?([^\s:"'$<]{0,80}):["']?([^\s"'$<:]{3,120})/;

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
  const match = CURL_USER.exec(command);
  const user = match?.[1];
  const password = match?.[2];
  if (!match || user === undefined || password === undefined) return null;
  if (isPlaceholder(password) || isReference(password) || /^(?:password|passwd|pass|admin|secret|test|guest|user|changeit|x|elastic|postgres)$/i.test(password) || /^[A-Z_]+$/.test(password) || /^[[{%*]/.test(password) || password.length < 6) return null;
  return found('curl-user', 'User name and password on a command line', password, start + match.index + match[0].length - password.length, 'SERVICE_PASSWORD');
}

function found(detector: string, label: string, value: string, at: number, envName: string): Candidate {
  return { kind: 'named-assignment', detector, label, span: { start: at, end: at + value.length }, value, prefix: '', severity: 'high', confidence: 'medium', envName, publicByDesign: false, note: null, rank: 2 };
}
