/** What the views show, without the editor's API: pure models that tests can read. */
import type { FindingRef, FounderAnswer, Place, TickParams } from '../server/protocol';

export interface TreeIcon {
  /** A codicon. */
  readonly id: string;
  /** A theme colour. */
  readonly color?: string;
}

export interface QuestionRef {
  readonly folder: string;
  readonly id: string;
  readonly text: string;
  readonly answer: FounderAnswer;
}

export interface TreeNode {
  /** Unique in its view and stable over refreshes, so that the editor keeps what was expanded. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown; paths and people's words inside are escaped. */
  readonly tooltip?: string;
  readonly icon?: TreeIcon;
  readonly expanded?: boolean;
  readonly children?: readonly TreeNode[];
  /** Opened on click. */
  readonly open?: Place;
  /** Shows a box that a person ticks. */
  readonly tick?: TickParams;
  /** For `view/item/context` menus. */
  readonly context?: 'finding' | 'risk' | 'item' | 'task' | 'endpoint' | 'question' | 'answered-by-code' | 'group' | 'folder';
  readonly finding?: FindingRef & { readonly ruleId: string };
  /** One of the founder's questions. */
  readonly question?: QuestionRef;
  /** Read aloud instead of label and description. */
  readonly spoken: string;
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&$-]/g, (c) => (c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`)).replace(/\s+/g, ' ');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A single folder needs no node of its own. */
export function perFolder<F extends { readonly uri: string; readonly name: string }>(folders: readonly F[], make: (folder: F) => readonly TreeNode[], describe: (folder: F) => string): TreeNode[] {
  const only = folders[0];
  if (folders.length === 1 && only) return [...make(only)];
  return folders.map((folder) => {
    const description = describe(folder);
    return { id: `folder:${folder.uri}`, label: folder.name, description, icon: { id: 'root-folder' }, expanded: true, children: make(folder), context: 'folder', spoken: `${folder.name}, ${description}` };
  });
}
