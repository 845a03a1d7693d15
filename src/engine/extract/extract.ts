/** Text of one file → facts. Pure; never throws on any text (what cannot be read is reported as skipped). */
import type { FileFacts, Language, SecretFact } from '../core/facts';
import { hashText } from '../core/text';
import type { RelPath, Span } from '../core/types';
import { extractConfig, extractEnvNames } from './config/index';
import { lowerScript } from './script/lower';
import { outlineOf } from './script/outline';
import { OutlinedFile, OutlinedScript } from './script/outlined';
import { type ParsedScript, parseScript, scriptKindOf } from './script/parse';
import type { LoweringMemory } from './script/reuse';
import { scanFolded, scanSecrets } from './secrets/index';
import { extractSuppressions } from './suppressions';

/** Scripts beyond this are bundles or data; parsing them would stall the editor for nothing. */
export const MAX_SCRIPT_CHARS = 1_500_000;
export const MAX_TEXT_CHARS = 5_000_000;

export function languageOf(path: string): Language {
  if (scriptKindOf(path) !== null) return 'script';
  if (/(^|\/)\.env(\.[\w.-]+)?$/.test(path)) return 'env';
  const ext = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  switch (ext) {
    case 'sql':
      return 'sql';
    case 'prisma':
      return 'prisma';
    case 'json':
    case 'jsonc':
      return 'json';
    case 'yml':
    case 'yaml':
      return 'yaml';
    case 'toml':
      return 'toml';
    default:
      return 'text';
  }
}

export interface ExtractOptions {
  /** An already updated tree of exactly this text (the keystroke path). */
  readonly tree?: ParsedScript | null;
  /** What earlier versions of this script were lowered to. */
  readonly memory?: LoweringMemory | null;
  /** The code will be asked for: it is read from `tree` at once, which changes nothing in what the facts say. */
  readonly read?: boolean;
  /** No outline: the facts go to another thread or to the disk. */
  readonly whole?: boolean;
}

/** A script that its outline is enough for keeps its text, and is parsed for the first who asks for more. */
export function extractFile(path: RelPath, text: string, salt: string, options: ExtractOptions = {}): FileFacts {
  const language = languageOf(path);
  const base = { path, hash: hashText(text), language, bytes: text.length };
  if (text.length > MAX_TEXT_CHARS) return skipped(base, `larger than ${MAX_TEXT_CHARS / 1e6} MB`);
  if (isBinary(text)) return skipped(base, 'binary');
  const scanned = scanSecrets(path, text, salt);
  const suppressions = extractSuppressions(path, text);
  const envNames = extractEnvNames(path, text);
  const config = extractConfig(path, text);
  if (language !== 'script') {
    return { ...base, parse: 'ok', skippedBecause: null, secrets: scanned, suppressions, script: null, config, envNames };
  }
  const tooBig = text.length > MAX_SCRIPT_CHARS ? `larger than ${MAX_SCRIPT_CHARS / 1e6} MB` : isMinified(text) ? 'minified or generated' : null;
  if (tooBig) return { ...skipped(base, tooBig), secrets: scanned, suppressions };
  const outline = options.whole === true || scriptKindOf(path) === null ? null : outlineOf(path, text);
  if (outline) {
    const script = new OutlinedScript(outline, { path, text, salt, secretSpans: scanned.map((s) => s.literal) }, options.tree?.syntaxErrors ?? null);
    // Of a broken file others go on seeing the last code that was whole.
    if (options.read === true && options.tree?.syntaxErrors === 0) script.read(options.tree, options.memory);
    return new OutlinedFile({ ...base, secrets: scanned, suppressions, config, envNames }, script);
  }
  let tree: ParsedScript | null;
  try {
    tree = options.tree ?? parseScript(path, text);
  } catch (error) {
    // The parser recurses; absurd nesting overflows its stack.
    if (error instanceof RangeError) return { ...skipped(base, 'nested too deeply to parse'), secrets: scanned, suppressions };
    throw error;
  }
  if (!tree) return { ...skipped(base, 'declarations only'), secrets: scanned, suppressions };
  const spans = scanned.map((s) => s.literal);
  try {
    const lowered = lowerScript(path, text, tree.source, salt, spans, tree.syntaxErrors > 0 ? null : options.memory);
    const folded = lowered.folded.flatMap((f) => scanFolded(f.value, f.span, { path, salt, names: f.names }));
    const secrets = mergeSecrets([...scanned, ...folded], lowered.secrets);
    return { ...base, parse: tree.syntaxErrors > 0 ? 'recovered' : 'ok', skippedBecause: null, secrets, suppressions, script: lowered.script, config, envNames };
  } catch (error) {
    if (error instanceof RangeError) return { ...skipped(base, 'nested too deeply to analyse'), secrets: scanned, suppressions };
    throw error;
  }
}

/** Reading it is cheap however large it is: no code, or a library that was copied in or data, which imports nothing and whose outline is enough. */
export function isPlainText(path: RelPath, text: string): boolean {
  const language = languageOf(path);
  if (language !== 'script') return language !== 'sql' && language !== 'prisma';
  return text.length <= MAX_SCRIPT_CHARS && outlineOf(path, text)?.imports.length === 0;
}

/** Facts of a file that is not analysed, and why. */
export function skippedFacts(path: RelPath, text: string, because: string): FileFacts {
  return skipped({ path, hash: hashText(text), language: languageOf(path), bytes: text.length }, because);
}

function skipped(base: Pick<FileFacts, 'path' | 'hash' | 'language' | 'bytes'>, because: string): FileFacts {
  return { ...base, parse: 'skipped', skippedBecause: because, secrets: [], suppressions: [], script: null, config: null, envNames: [] };
}

function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\0');
}

/** One line of many thousand characters is no source anybody edits. */
function isMinified(text: string): boolean {
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++;
  return text.length / lines > 500;
}

/** What code tells about a literal and what its text tells, joined: one secret a place. */
function mergeSecrets(scanned: readonly SecretFact[], fromCode: readonly SecretFact[]): SecretFact[] {
  const overlaps = (a: Span, b: Span) => a.start < b.end && b.start < a.end;
  // A literal fallback beside an environment read is one defect, except a real provider's token: that is out.
  const kept = scanned.filter((s) => s.kind === 'provider-token' || !fromCode.some((c) => overlaps(c.literal, s.literal)));
  return [...kept, ...fromCode.filter((c) => !kept.some((s) => overlaps(c.literal, s.literal)))].sort((a, b) => a.span.start - b.span.start);
}
