/** Additions to .gitignore and env files: append, keep what is there, no line twice, the file's own line ends. */
import { joinPath } from '../core/paths';
import type { Fix, FixContext, TextEdit } from '../core/fix';
import type { RelPath } from '../core/types';

export interface Change {
  readonly edits: readonly TextEdit[];
  readonly create: Fix['create'];
}

export const NO_CHANGE: Change = { edits: [], create: [] };

export function mergeChanges(...changes: readonly Change[]): Change {
  return { edits: changes.flatMap((c) => c.edits), create: changes.flatMap((c) => c.create) };
}

export function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Appends the lines a file lacks (compared without white space); creates the file when there is none. */
export function appendLines(ctx: FixContext, file: RelPath, lines: readonly string[], options: { readonly heading?: string; readonly sensitive?: boolean } = {}): Change {
  const text = ctx.text(file);
  const present = new Set((text ?? '').split(/\r?\n/).map((l) => l.trim()));
  const missing = lines.filter((l) => !present.has(l.trim()));
  if (missing.length === 0) return NO_CHANGE;
  const mark = options.sensitive === true ? { sensitive: true } : {};
  if (text === undefined) {
    const all = options.heading === undefined ? missing : [options.heading, ...missing];
    return { edits: [], create: [{ file, text: `${all.join('\n')}\n`, ...mark }] };
  }
  const eol = eolOf(text);
  const glue = text.length === 0 || text.endsWith('\n') ? '' : eol;
  const heading = options.heading === undefined ? '' : `${text.trim().length > 0 ? eol : ''}${options.heading}${eol}`;
  return { edits: [{ file, span: { start: text.length, end: text.length }, newText: `${glue}${heading}${missing.join(eol)}${eol}`, ...mark }], create: [] };
}

/** Patterns that keep env and key files out of git, examples excepted. */
export const ENV_PATTERNS: readonly string[] = ['.env', '.env.*', '!.env.example', '!.env.sample', '!.env.template'];
export const KEY_PATTERNS: readonly string[] = ['*.pem', '*.p12', 'serviceAccountKey.json', '*firebase-adminsdk*.json', '.vercel', '.sentryclirc', '.env.sentry-build-plugin', 'supabase/.temp'];

/** Makes git ignore a file that it does not ignore yet. */
export function ignoreFile(ctx: FixContext, file: RelPath): Change {
  if (ctx.model.git.isIgnored(file)) return NO_CHANGE;
  const gitignore = joinPath('', '.gitignore');
  if (gitignore === null) return NO_CHANGE;
  const text = ctx.text(gitignore) ?? '';
  // A pattern that exists and does not help is overruled by a later negation: name the file itself.
  const patterns = /^\.env\.\*\s*$/m.test(text) || !/(?:^|\/)\.env/.test(file) ? [`/${file}`] : ENV_PATTERNS;
  return appendLines(ctx, gitignore, patterns, { heading: '# secrets' });
}
