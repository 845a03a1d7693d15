/** Secrets of one file, redacted where they are found: no value leaves this folder. Pure: path and text in, facts out. */
import type { SecretFact } from '../../core/facts';
import type { RelPath, Span } from '../../core/types';
import { scanAssignments } from './assignments';
import type { FoldedContext } from './context';
import { passwordsBesideHashes } from './hashes';
import { shannon } from './heuristics';
import { isLockPath, isScriptPath, isSkippedPath, literalAround, placeOf, redact, secretFingerprint, atPlace } from './places';
import { scanTokens, toFact, withoutOverlaps } from './tokens';
import { urisOf } from './uris';

export type { FoldedContext, LiteralContext } from './context';
export { classifyLiteral, mayTell } from './literals';
export { looksGenerated } from './heuristics';
export { KeywordAutomaton } from './keywords';
export { EXPIRED } from './tokens';
export { PIECED } from './uris';
export { isKeyOfSomething, nameClass, type NameClass } from './names';
export { isEnvPath } from './places';
export { PROVIDERS, rotatePage, type Provider } from './providers';

/** Hostile files have thousands of matches; people read the first. */
const MAX_FACTS = 200;
const MAX_TEXT = 2_000_000;

/**
 * Every secret that a text gives away by itself. Named assignments of scripts are not looked for here: the script extractor
 * knows names better and calls `classifyLiteral`.
 */
export function scanSecrets(path: RelPath, text: string, salt: string): SecretFact[] {
  if (text.length > MAX_TEXT) return [];
  // A token in the URL of a private dependency is noted there; nothing else in a lock file is written by a person.
  if (isLockPath(path)) return urisOf(text, path).slice(0, MAX_FACTS).map((c) => toFact(path, text, c, salt));
  if (isSkippedPath(path)) return [];
  const tokens = scanTokens(path, text, { wrapped: true });
  const hashes = passwordsBesideHashes(path, text);
  const all = isScriptPath(path) && hashes.length === 0 ? tokens : withoutOverlaps([...tokens, ...hashes, ...(isScriptPath(path) ? [] : scanAssignments(path, text))]);
  return all.slice(0, MAX_FACTS).map((c) => toFact(path, text, c, salt));
}

/** The same for a value that several literals make up; `literal` is the whole expression. Skip it where a fact already overlaps. */
export function scanFolded(value: string, literal: Span, ctx: FoldedContext): SecretFact[] {
  const found = scanTokens(ctx.path, value, { wrapped: false }).find((c) => c.rank >= 3);
  if (!found) return [];
  const place = placeOf(ctx.path);
  return [
    {
      kind: found.kind, detector: found.detector, label: found.label, span: literal, literal, redacted: redact(found.prefix, found.value), fingerprint: secretFingerprint(found.core ?? found.value, ctx.salt),
      severity: found.severity, confidence: atPlace(found.confidence, place), envName: found.envName, publicByDesign: found.publicByDesign, place, note: 'put together from several pieces',
    },
  ];
}

/**
 * Whether a literal's text has to be withheld from everything downstream. Conservative: wrong on the side of withholding, but
 * routes, messages, class names and content types stay readable.
 */
export function looksSensitive(value: string): boolean {
  if (value.length < 8) return false;
  let start = 0;
  let digits = 0;
  let uppers = 0;
  let lowers = 0;
  for (let i = 0; i <= value.length; i++) {
    const c = i < value.length ? value.charCodeAt(i) : 32;
    if (c >= 97 && c <= 122) lowers++;
    else if (c >= 48 && c <= 57) digits++;
    else if (c >= 65 && c <= 90) uppers++;
    else if (c !== 45 && c !== 95 && c !== 43 && c !== 61 && c !== 47) {
      if (i - start >= 16 && runLooksSensitive(value.slice(start, i), digits, uppers, lowers)) return true;
      start = i + 1;
      digits = uppers = lowers = 0;
    }
  }
  return /-----BEGIN |:\/\/[^\s/@]{0,200}:[^\s@]{3,200}@/.test(value);
}

function runLooksSensitive(run: string, digits: number, uppers: number, lowers: number): boolean {
  if (/^(?:[a-z0-9]{1,8}_){1,3}(?:live|test|secret|prod)_?|^sk-|^eyJ|^gh[a-z]_|^xox|^AKIA|^AIza/.test(run) && run.length >= 20) return true;
  if (digits < 2 || digits + uppers + lowers < 14) return false;
  // Words with a number or two: a path, a class name, an identifier.
  const pieces = run.split(/[-_/+=]/);
  if (pieces.length >= 3 && pieces.every((p) => p.length <= 12)) return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(run) ? false : digits > run.length / 4 && shannon(run) > 3.6;
  return shannon(run) >= 3.2;
}

/** The literal that stands around a span of a text, quotes included. */
export { literalAround };
