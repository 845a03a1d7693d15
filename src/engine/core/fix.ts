/** Quick fixes: what a finding's remedy changes, computed lazily from the live text. */
import type { ProjectModel } from './model';
import type { Finding, RelPath, Span } from './types';

/**
 * `safe`: additive or behaviour-preserving, alone allowed in fix-all. `guard`: changes who may call or what is accepted.
 * `scaffold`: creates files. `manual`: steps only.
 */
export type FixClass = 'safe' | 'guard' | 'scaffold' | 'manual';

export interface TextEdit {
  readonly file: RelPath;
  readonly span: Span;
  readonly newText: string;
  /** The new text holds a secret's value (the move into an ignored env file): never shown, logged or traced. */
  readonly sensitive?: boolean;
}

export interface Fix {
  readonly title: string;
  readonly class: FixClass;
  readonly edits: readonly TextEdit[];
  /** Files that do not exist yet. */
  readonly create: readonly { readonly file: RelPath; readonly text: string; readonly sensitive?: boolean }[];
  /** What no edit can do: rotate a key, install a package. Shown after the fix and kept on the checklist. */
  readonly manual: readonly string[];
}

export interface FixContext {
  readonly model: ProjectModel;
  /** The live text; undefined when the file does not exist. */
  text(file: RelPath): string | undefined;
}

export interface Fixer {
  readonly class: FixClass;
  /** Shown in the lightbulb before anything is computed. */
  title(finding: Finding, model: ProjectModel): string;
  /** null: does not apply here after all (the lightbulb must not have offered it: a failure in tests). */
  compute(finding: Finding, ctx: FixContext): Fix | null;
}

export type FixResult =
  | { readonly ok: true; readonly fix: Fix }
  | { readonly ok: false; readonly reason: 'stale' | 'not-fixable' | 'would-not-parse' | 'finding-stays' | 'new-finding'; readonly message: string };

/** Applies non-overlapping edits of one file to its text. Throws on overlap: a fixer's bug that must be seen. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let out = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.span.start < at || edit.span.end < edit.span.start || edit.span.end > text.length) {
      throw new Error(`edits overlap or leave the file: ${edit.span.start}-${edit.span.end} in ${edit.file}`);
    }
    out += text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return out + text.slice(at);
}
