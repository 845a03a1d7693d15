/** The "do not break this" note: what the next AI session must leave alone. Written through the editor, undoable. */
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { RelPath } from '../engine';
import type { RescueReport } from '../report/build';
import { renderHandover } from '../report/handover';
import type { ActAnswer } from './protocol';
import type { Folder } from './workspace-folders';

const FILE = 'RESCUE.md' as RelPath;

export async function writeNote(folder: Folder, report: RescueReport, apply: (label: string, edit: WorkspaceEdit) => Promise<ActAnswer>): Promise<ActAnswer> {
  const newText = renderHandover(report);
  const uri = folder.uriOf(FILE);
  const old = await folder.disk.readText(FILE);
  const zero = { line: 0, character: 0 };
  const lines = (old ?? '').split(/\r\n|\r|\n/);
  const end = { line: lines.length - 1, character: lines[lines.length - 1]?.length ?? 0 };
  const edits = [{ range: { start: zero, end }, newText }];
  const answer = await apply('Do-not-break note', {
    documentChanges: old === null ? [{ kind: 'create', uri, options: { overwrite: false, ignoreIfExists: true } }, { textDocument: { uri, version: null }, edits }] : [{ textDocument: { uri, version: null }, edits }],
  });
  return answer.ok ? { ...answer, open: uri } : answer;
}
