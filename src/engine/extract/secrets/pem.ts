/** Private keys in PEM form, also with `\n` escapes, quotes and indentation between their lines. */
import type { Candidate } from './candidate';
import { isTestPath } from '../../core/paths';

const HEADER = /-----BEGIN (?:(RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP|SSH2 ENCRYPTED) )?PRIVATE KEY(?: BLOCK)?-----/y;
const MAX_KEY = 16_384;

export function pemAt(text: string, start: number, path: string): Candidate | null {
  HEADER.lastIndex = start;
  const header = HEADER.exec(text);
  if (!header) return null;
  const bodyStart = start + header[0].length;
  const again = text.indexOf('-----BEGIN', bodyStart);
  // Only as far as a key can reach: a text of many beginnings must not be searched to its end for each.
  const inKey = text.slice(bodyStart, Math.min(again < 0 ? text.length : again, bodyStart + MAX_KEY + 8)).indexOf('-----END');
  const hasEnd = inKey >= 0;
  const close = bodyStart + inKey;
  const bodyEnd = hasEnd ? close : Math.min(text.length, bodyStart + MAX_KEY, again < 0 ? text.length : again);
  const body = text.slice(bodyStart, bodyEnd);
  if (!hasEnd && !/^[\s\\nr"'+]*[A-Za-z0-9+/]{60}/.test(body)) return null;
  const letters = body.replace(/\\[nrt]/g, '').replace(/^[A-Za-z-]+: .*$/gm, '').replace(/[^A-Za-z0-9+/]/g, '');
  // Dots, stars, x and one short word stand where a key would be in documentation.
  if (letters.length < 64 || new Set(letters).size < 20 || /(.)\1{15}/.test(letters)) return null;
  const tail = hasEnd ? /-----END [A-Z0-9 ]{1,40}-----/y : null;
  let end = bodyEnd;
  if (tail) {
    tail.lastIndex = close;
    end = close + (tail.exec(text)?.[0].length ?? 8);
  } else {
    end = bodyStart;
    while (end < bodyEnd && /[A-Za-z0-9+/=\\\s"',]/.test(text[end] ?? '')) end++;
  }
  const encrypted = header[1] === 'ENCRYPTED' || header[1] === 'SSH2 ENCRYPTED' || /Proc-Type: 4,ENCRYPTED/.test(body);
  const service = /"type"\s*:\s*\\?"service_account/.test(text.slice(Math.max(0, start - 1500), Math.min(text.length, end + 1500)));
  return {
    kind: 'private-key', detector: service ? 'gcp-service-account' : 'private-key',
    label: service ? 'Google Cloud service account key' : header[1] === 'PGP' ? 'PGP private key' : `${encrypted ? 'Encrypted private' : 'Private'} key`,
    span: { start, end }, value: text.slice(start, end), prefix: '-----BEGIN', severity: encrypted ? 'high' : 'critical',
    confidence: isTestPath(path) ? 'medium' : 'proven', envName: service ? 'GOOGLE_PRIVATE_KEY' : 'PRIVATE_KEY', publicByDesign: false, note: null, rank: 7,
  };
}
