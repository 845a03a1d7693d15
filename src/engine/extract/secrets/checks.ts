/** Structure checks: what a provider's format promises beyond its shape. Pure; they see a value and keep nothing. */

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const CRC_TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  CRC_TABLE[n] = c >>> 0;
}

export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function base62(value: number, width: number): string {
  let out = '';
  for (let v = value; v > 0; v = Math.floor(v / 62)) out = (BASE62[v % 62] ?? '') + out;
  return out.padStart(width, '0');
}

/** GitHub and npm: the last six characters are the CRC-32 of the thirty before them, in base 62. */
export function hasCrcTrailer(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  if (body.length !== 36) return false;
  return base62(crc32(body.slice(0, 30)), 6) === body.slice(30);
}

/** Decodes base64 or base64url leniently; null when the text is neither. */
export function decodeBase64(text: string): string | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  return Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString('latin1');
}

/** A JSON Web Token's claims; null when it is none. Nothing is verified: this tells what a token says it is. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | null {
  const [header, payload] = token.split('.');
  const head = parseObject(header);
  const claims = parseObject(payload);
  return head && claims && ('alg' in head || 'typ' in head) ? claims : null;
}

function parseObject(part: string | undefined): Record<string, unknown> | null {
  const decoded = part ? decodeBase64(part) : null;
  if (decoded === null || !decoded.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(decoded);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null; // not a token: the answer to the question asked
    throw error;
  }
}
