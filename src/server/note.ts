/** The "do not break this" note: what the next change must leave alone. Written through the editor, undoable. */
import type { TextDocumentEdit, CreateFile, WorkspaceEdit } from 'vscode-languageserver/node';
import { LineIndex, relPath } from '../engine';
import { doNotBreakFacts, planDoNotBreak } from '../report/do-not-break';
import type { Documents } from './documents';
import { rangeOf } from './places';
import type { ActAnswer } from './protocol';
import type { Folder } from './workspace-folders';

/** Where the note goes or may go: read before it is planned. */
const TARGETS = ['.cursor/rules/rescue.mdc', 'AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md'];

export async function writeNote(folder: Folder, documents: Documents, apply: (label: string, edit: WorkspaceEdit) => Promise<ActAnswer>): Promise<ActAnswer> {
  const result = await folder.audit();
  if (!result) return { ok: false, message: 'The folder was closed.' };
  const { model } = folder.session;
  const texts = new Map<string, { readonly text: string; readonly version: number | null }>();
  for (const target of TARGETS) {
    const path = relPath(target);
    const open = path === null ? undefined : folder.open.get(path);
    const document = open ? documents.get(open.uri) : undefined;
    const text = document ? document.getText() : path === null ? null : await folder.disk.readText(path);
    if (text !== null) texts.set(target, { text, version: document?.version ?? null });
  }
  const plan = planDoNotBreak(doNotBreakFacts(result, model.options, model.stack()), (file) => texts.get(file)?.text);
  const problems = plan.messages.join(' ');
  const changes: (TextDocumentEdit | CreateFile)[] = [];
  for (const { file, text, created } of plan.writes) {
    const path = relPath(file);
    if (path === null) continue;
    const uri = folder.uriOf(path);
    const old = texts.get(file);
    if (created) changes.push({ kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false } });
    changes.push({ textDocument: { uri, version: old?.version ?? null }, edits: [smallestEdit(old?.text ?? '', text)] });
  }
  const first = plan.writes[0] ?? (texts.has('AGENTS.md') ? { file: 'AGENTS.md' } : null);
  const path = first ? relPath(first.file) : null;
  const open = path === null ? {} : { open: folder.uriOf(path) };
  if (changes.length === 0) return { ok: problems === '', message: problems || 'The note is there already and says what is true now.', ...open };
  const answer = await apply('“Do not break this” note', { documentChanges: changes });
  return answer.ok ? { ok: true, message: problems || null, ...open } : answer;
}

/** Only what differs, so that the rest of the file keeps its marks and folds. */
function smallestEdit(before: string, after: string): TextDocumentEdit['edits'][number] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < before.length - start && tail < after.length - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  // A line end of two characters stays whole.
  if (start > 0 && before[start - 1] === '\r') start--;
  if (tail > 0 && before[before.length - tail] === '\n') tail--;
  return { range: rangeOf(new LineIndex(before), { start, end: before.length - tail }, false), newText: after.slice(start, after.length - tail) };
}
