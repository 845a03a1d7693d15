/** Fix → workspace edit: versioned, based on what stands on the disk now, confirmed where it reaches into other files. */
import type { ChangeAnnotation, CreateFile, TextDocumentEdit, TextEdit as LspEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import type { Fix, FixResult, RelPath } from '../engine';
import type { Documents } from './documents';
import type { Folder } from './workspace-folders';

export type EditResult =
  | { readonly ok: true; readonly fix: Fix; readonly edit: WorkspaceEdit }
  | { readonly ok: false; readonly message: string };

const CONFIRM = 'confirm';
const PLAIN = 'plain';

/** Adding a name here changes nobody's behaviour. */
function isAdditiveFile(path: RelPath): boolean {
  return /(^|\/)(\.env[^/]*|\.gitignore)$/.test(path);
}

export interface EditOptions {
  /** The document in which the person asked; null for a whole-workspace fix. */
  readonly from: RelPath | null;
  /** Everything goes through the editor's preview. */
  readonly confirmAll: boolean;
}

/**
 * Computes a fix, then compares every closed file it touches with the disk; where the session was behind it learns the
 * new text and the fix is computed again, once. An env file that git ignores is none of the session's business: it is
 * shown its text for this one computation, so that the new entry joins the old ones, and forgets it again.
 */
export async function computeEdit(folder: Folder, documents: Documents, options: EditOptions, compute: () => FixResult): Promise<EditResult> {
  syncOpen(folder, documents);
  const lent: RelPath[] = [];
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      const result = compute();
      if (!result.ok) return { ok: false, message: result.message };
      const behind = await outdated(folder, result.fix);
      if (behind.length === 0) return toEdit(folder, documents, options, result.fix);
      for (const path of behind) {
        const file = await folder.disk.read(path);
        const text = file ? null : await folder.disk.readText(path);
        if (text !== null && folder.session.text(path) === undefined) lent.push(path);
        folder.applyDisk([{ path, file: file ?? (text === null ? null : { path, text }) }]);
      }
    }
    return { ok: false, message: 'The files changed while the fix was being worked out. Try again.' };
  } finally {
    folder.applyDisk(lent.map((path) => ({ path, file: null })));
  }
}

export function syncOpen(folder: Folder, documents: Documents): void {
  for (const [path, open] of [...folder.open]) {
    const document = documents.get(open.uri);
    if (document) folder.sync(path, document);
  }
}

/** Closed files whose text on the disk is not the session's; new files that exist after all count too. */
async function outdated(folder: Folder, fix: Fix): Promise<RelPath[]> {
  const paths = new Set([...fix.edits.map((e) => e.file), ...fix.create.map((c) => c.file)].filter((path) => !folder.open.has(path)));
  const behind: RelPath[] = [];
  for (const path of paths) {
    const text = await folder.disk.readText(path);
    if ((text ?? undefined) !== folder.session.text(path)) behind.push(path);
  }
  return behind;
}

function toEdit(folder: Folder, documents: Documents, options: EditOptions, fix: Fix): EditResult {
  const changes: (TextDocumentEdit | CreateFile)[] = [];
  const annotations: Record<string, ChangeAnnotation> = {};
  const annotate = (path: RelPath, sensitive: boolean): string => {
    // A preview would show the value: what moves it is not previewed.
    const confirm = !sensitive && (options.confirmAll || (fix.class !== 'safe' && path !== options.from && !isAdditiveFile(path)));
    const id = confirm ? CONFIRM : PLAIN;
    annotations[id] ??= confirm
      ? { label: fix.title, needsConfirmation: true, description: 'Changes another file: look at it first' }
      : { label: fix.title, needsConfirmation: false };
    return id;
  };
  for (const { file, sensitive } of [...fix.create, ...fix.edits]) {
    // The last net under "a secret's value goes into an env file that git does not track, or nowhere".
    if (sensitive && (!/(^|\/)\.(env|dev\.vars)[^/]*$/.test(file) || folder.session.model.git.tracked?.has(file))) return { ok: false, message: `${file} could be committed: a secret is not written there.` };
  }
  for (const { file, text, sensitive } of fix.create) {
    if (folder.session.text(file) !== undefined) return { ok: false, message: `${file} exists already.` };
    const uri = folder.uriOf(file);
    // A new file by itself changes nobody's behaviour.
    const annotationId = options.confirmAll ? annotate(file, sensitive ?? false) : annotatePlain(annotations, fix.title);
    changes.push({ kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false }, annotationId });
    changes.push({ textDocument: { uri, version: null }, edits: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: text, annotationId }] });
  }
  const byFile = new Map<RelPath, (typeof fix.edits)[number][]>();
  for (const edit of fix.edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  for (const [file, edits] of byFile) {
    const open = folder.open.get(file);
    const document = open ? documents.get(open.uri) : undefined;
    if (document && document.getText() !== folder.session.text(file)) return { ok: false, message: `${file} changed while the fix was being worked out. Try again.` };
    const annotationId = annotate(file, edits.some((e) => e.sensitive));
    changes.push({
      textDocument: { uri: folder.uriOf(file), version: document?.version ?? null },
      edits: edits.map((edit): LspEdit & { annotationId: string } => ({ range: folder.places.range({ file, span: edit.span }), newText: edit.newText, annotationId })),
    });
  }
  return { ok: true, fix, edit: { documentChanges: changes, changeAnnotations: annotations } };
}

function annotatePlain(annotations: Record<string, ChangeAnnotation>, label: string): string {
  annotations[PLAIN] ??= { label, needsConfirmation: false };
  return PLAIN;
}
