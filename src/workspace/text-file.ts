/** Bytes ↔ text. The byte-order mark is not part of a text (editors show none): it is dropped on reading and put back on writing. */

export type Encoding = 'utf8' | 'utf8-bom' | 'utf16le' | 'utf16be';

export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** Bytes looked at to tell text from binary, as git does. */
const SNIFF = 8192;

/** null: binary (a NUL byte near the start). */
export function decode(bytes: Buffer): DecodedText | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { text: bytes.toString('utf8', 3), encoding: 'utf8-bom' };
  // Windows PowerShell's `>` writes UTF-16: an .env made that way still counts.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le', 2), encoding: 'utf16le' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: swapped(bytes.subarray(2)).toString('utf16le'), encoding: 'utf16be' };
  const nul = bytes.indexOf(0);
  if (nul >= 0 && nul < SNIFF) return null;
  return { text: bytes.toString('utf8'), encoding: 'utf8' };
}

export function encode(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text, 'utf8');
    case 'utf8-bom':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, 'utf8')]);
    case 'utf16le':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    case 'utf16be':
      return Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(Buffer.from(text, 'utf16le'))]);
  }
}

function swapped(bytes: Buffer): Buffer {
  // An odd last byte is no character.
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

/**
 * Generated code on few, very long lines. Long lines of data (base64, SVG paths) are not meant: minified code is dense
 * with punctuation.
 */
export function looksMinified(text: string): boolean {
  if (text.length < 10_000) return false;
  let long = 0;
  let punctuation = 0;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    if (end - at > 1000) {
      long += end - at;
      for (let i = at; i < end; i++) {
        const c = text.charCodeAt(i);
        // ( ) , ; { }
        if (c === 40 || c === 41 || c === 44 || c === 59 || c === 123 || c === 125) punctuation++;
      }
    }
    at = end + 1;
  }
  return long > text.length * 0.7 && punctuation > long * 0.06;
}
