/** Values of a Kubernetes Secret: base64, so their form says nothing; the manifest says what they are. */
import { decodeBase64 } from './checks';
import { isHarmlessForm, isPlaceholder, isReference, looksGenerated, looksLikePassword } from './heuristics';
import { nameClass } from './names';
import { toEnvName } from './places';
import type { Candidate } from './candidate';

export const MANIFEST_KEYWORDS = ['kind: secret', 'kind: "secret"', "kind: 'secret'"] as const;

/** How far a manifest is read on both sides of its kind. */
const REACH = 8000;
const ENTRY = /^[ \t]{1,40}["']?([\w.-]{1,80})["']?:[ \t]{0,8}(["']?)([A-Za-z0-9+/]{8,4096}={0,2})?\2[ \t]{0,8}(?:#.*)?$/;
const BLOCK = /^[ \t]{1,40}["']?([\w.-]{1,80})["']?:[ \t]{0,8}[|>][-+]?[ \t]{0,8}$/;
const BLOCK_VALUE = /^[ \t]{1,60}([A-Za-z0-9+/]{8,4096}={0,2})[ \t]{0,8}$/;

/** `start` is the offset of `kind`, `end` the one just past the keyword. Returns how far the text has been read: a document has one kind. */
export function manifestAt(text: string, start: number, end: number, out: Candidate[]): number {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(line, start);
  if (indent.length > 40 || indent.trim() !== '' || !/^[ \t]*(?:#.*)?(?:\r?\n|$)/.test(text.slice(end, end + 200))) return end;
  const before = text.slice(Math.max(0, start - REACH), start);
  const from = start - before.length + Math.max(0, before.lastIndexOf('\n---') + 1);
  const after = text.slice(end, end + REACH);
  const next = after.indexOf('\n---');
  const to = next < 0 ? end + after.length : end + next;
  let inData = false;
  let block: string | null = null;
  for (let at = from; at < to; ) {
    const stop = text.indexOf('\n', at);
    const lineEnd = stop < 0 || stop > to ? to : stop;
    const content = text.slice(at, lineEnd).replace(/\r$/, '');
    if (content.startsWith(indent) && /^data:[ \t]*$/.test(content.slice(indent.length))) inData = true;
    else if (content.trim() !== '' && content.startsWith(indent) && !/^[ \t#]/.test(content.slice(indent.length))) inData = false;
    else if (inData) {
      const opened = BLOCK.exec(content);
      const entry = ENTRY.exec(content);
      const name = block ?? entry?.[1];
      const value = block === null ? entry?.[3] : BLOCK_VALUE.exec(content)?.[1];
      block = opened?.[1] ?? null;
      if (name !== undefined && value !== undefined && isKept(name, value)) out.push(found(name, value, at + content.lastIndexOf(value)));
    }
    at = lineEnd + 1;
  }
  return to;
}

function isKept(name: string, value: string): boolean {
  const decoded = decodeBase64(value);
  if (decoded === null || /^(?:ca|tls)\.(?:crt|pem)$|user(?:name)?$/i.test(name)) return false;
  if (/[^\x09\x0a\x0d\x20-\x7e]/.test(decoded)) return looksGenerated(value);
  const plain = decoded.trim();
  if (plain.length < 6 || plain.includes('-----BEGIN CERTIFICATE') || isPlaceholder(plain) || isReference(plain) || isHarmlessForm(plain)) return false;
  return nameClass(name) !== 'none' || looksGenerated(plain) || looksLikePassword(plain) || /^[^:\s]{1,60}:(?!\d{1,5}$)\S{4,200}$/.test(plain) || /"auths?"/.test(plain);
}

function found(name: string, value: string, at: number): Candidate {
  return {
    kind: 'named-assignment', detector: 'kubernetes-secret', label: `Value ${name.slice(0, 60)} of a Kubernetes Secret`, span: { start: at, end: at + value.length }, value, prefix: '', severity: 'high', confidence: 'medium',
    envName: toEnvName(name), publicByDesign: false, note: 'base64 hides nothing', rank: 2,
  };
}
