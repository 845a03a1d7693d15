/** Fix → workspace edit: versioned, based on what stands on the disk now, confirmed where it reaches into other files. */
import type { ChangeAnnotation, CreateFile, TextDocumentEdit, TextEdit as LspEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Fix, FixResult, RelPath } from '../engine';
import type { Documents } from './documents';
import { fsPathOf, pathInside } from './places';
import type { Folder } from './workspace-folders';

export type EditResult =
  | { readonly ok: true; readonly fix: Fix; readonly edit: WorkspaceEdit }
  | { readonly ok: false; readonly message: string };

const CONFIRM = 'confirm';
const PLAIN = 'plain';

function isEnvFile(path: RelPath): boolean {
  return /(^|\/)\.(env|dev\.vars)[^/]*$/.test(path);
}

/** Adding a name here changes nobody's behaviour. */
function isAdditiveFile(path: RelPath): boolean {
  return isEnvFile(path) || /(^|\/)\.gitignore$/.test(path);
}

export interface EditOptions {
  /** The document in which the person asked; null for a whole-workspace fix. */
  readonly from: RelPath | null;
  /** Everything goes through the editor's preview. */
  readonly confirmAll: boolean;
}

/** Texts of files that git ignores, by path. */
type Lent = Map<RelPath, string>;

/**
 * Computes a fix, then compares every closed file it touches with the disk; where the session was behind it learns the
 * new text and the fix is computed again. Env files that git ignores are none of the session's business: it is shown
 * them while it computes, so that a new entry joins the old ones, and has forgotten them before anybody else may ask.
 */
export async function computeEdit(folder: Folder, documents: Documents, options: EditOptions, compute: () => FixResult): Promise<EditResult> {
  syncOpen(folder, documents);
  const lent: Lent = new Map();
  let envRead = false;
  for (let attempt = 0; attempt < 3; attempt++) {
    const result = lending(folder, lent, compute);
    if (!result.ok) return { ok: false, message: result.message };
    const touched = new Set([...result.fix.edits.map((e) => e.file), ...result.fix.create.map((c) => c.file)]);
    if (!envRead && [...touched].some((path) => isEnvFile(path))) {
      envRead = true;
      for (const { path, text } of await folder.disk.ignoredEnvFiles()) lent.set(path, openDocument(folder, documents, path)?.getText() ?? text);
      if (lent.size > 0) continue;
    }
    const behind = await outdated(folder, documents, touched, lent);
    if (behind.length === 0) return lending(folder, lent, () => toEdit(folder, documents, options, result.fix));
    for (const path of behind) {
      const file = await folder.disk.read(path);
      const text = file ? null : await folder.disk.readText(path);
      if (text !== null) lent.set(path, text);
      else {
        lent.delete(path);
        folder.applyDisk([{ path, file }]);
      }
    }
  }
  return { ok: false, message: 'The files changed while the fix was being worked out. Try again.' };
}

/** Without a pause in between: nothing else sees the session meanwhile. */
function lending<T>(folder: Folder, lent: Lent, work: () => T): T {
  const files = [...lent].filter(([path]) => folder.session.text(path) === undefined);
  if (files.length === 0) return work();
  folder.session.apply(files.map(([path, text]) => ({ path, text })));
  try {
    return work();
  } finally {
    folder.session.apply(files.map(([path]) => ({ path, text: null })));
  }
}

/** Open in the editor, whether the session looks at it or not. */
function openDocument(folder: Folder, documents: Documents, path: RelPath): TextDocument | undefined {
  const open = folder.open.get(path);
  if (open) return documents.get(open.uri);
  return documents.all().find(({ uri }) => {
    const fsPath = fsPathOf(uri);
    return fsPath !== null && pathInside(folder.root, fsPath) === path;
  });
}

export function syncOpen(folder: Folder, documents: Documents): void {
  for (const [path, open] of [...folder.open]) {
    const document = documents.get(open.uri);
    if (document) folder.sync(path, document);
  }
}

/** Closed files whose text on the disk is not the one the fix was made for; new files that exist after all count too. */
async function outdated(folder: Folder, documents: Documents, touched: ReadonlySet<RelPath>, lent: Lent): Promise<RelPath[]> {
  const behind: RelPath[] = [];
  for (const path of touched) {
    if (openDocument(folder, documents, path)) continue;
    const text = await folder.disk.readText(path);
    if ((text ?? undefined) !== (lent.get(path) ?? folder.session.text(path))) behind.push(path);
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
    if (sensitive && (!isEnvFile(file) || folder.session.model.git.tracked?.has(file))) return { ok: false, message: `${file} could be committed: a secret is not written there.` };
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
    const document = openDocument(folder, documents, file);
    if (document && document.getText() !== folder.session.text(file)) return { ok: false, message: `${file} changed while the fix was being worked out. Try again.` };
    const annotationId = annotate(file, edits.some((e) => e.sensitive));
    changes.push({
      textDocument: { uri: document?.uri ?? folder.uriOf(file), version: document?.version ?? null },
      edits: edits.map((edit): LspEdit & { annotationId: string } => ({ range: folder.places.range({ file, span: edit.span }), newText: edit.newText, annotationId })),
    });
  }
  return { ok: true, fix, edit: { documentChanges: changes, changeAnnotations: annotations } };
}

function annotatePlain(annotations: Record<string, ChangeAnnotation>, label: string): string {
  annotations[PLAIN] ??= { label, needsConfirmation: false };
  return PLAIN;
}
