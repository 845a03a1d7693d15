/** The audit a person asks for: the disk is read anew, every file is checked, with progress and a way to stop. */
import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver/node';
import type { Analysis } from './analysis';
import type { Documents } from './documents';
import { syncOpen } from './edits';
import type { AuditAnswer, FolderSummary } from './protocol';
import type { Views } from './views';
import type { Folder } from './workspace-folders';

export async function audit(folders: readonly Folder[], views: Views, documents: Documents, analysis: Analysis, progress: WorkDoneProgressReporter, token: CancellationToken): Promise<AuditAnswer> {
  const stop = new AbortController();
  if (token.isCancellationRequested) stop.abort();
  const listener = token.onCancellationRequested(() => stop.abort());
  progress.begin('Rescue audit', 0, 'Finding files', true);
  try {
    const summaries: FolderSummary[] = [];
    for (const folder of folders) {
      const summary = await auditFolder(folder, views, documents, analysis, progress, AbortSignal.any([stop.signal, folder.signal]));
      if (!summary) return { cancelled: true, folders: summaries };
      summaries.push(summary);
    }
    return { cancelled: false, folders: summaries };
  } finally {
    listener.dispose();
    progress.done();
    analysis.settled();
  }
}

async function auditFolder(folder: Folder, views: Views, documents: Documents, analysis: Analysis, progress: WorkDoneProgressReporter, signal: AbortSignal): Promise<FolderSummary | null> {
  await folder.whenReady;
  if (signal.aborted) return null;
  const start = performance.now();
  syncOpen(folder, documents);
  let told = 0;
  const tell = (percent: number, message: string): void => {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    progress.report(percent, message);
  };
  if (!(await folder.scan(signal, (files) => tell(5, `${folder.name}: ${files} files read`)))) return null;
  await folder.reloadGit();
  await folder.reloadState();
  const finished = await folder.checkAll(signal, (done, total) => tell(10 + Math.round((85 * done) / Math.max(1, total)), `${folder.name}: ${done} of ${total} files checked`));
  if (!finished) return null;
  folder.auditMs = Math.round(performance.now() - start);
  progress.report(97, 'Ranking risks');
  const report = await views.report(folder);
  analysis.remember(folder);
  return report ? views.summary(folder, report) : null;
}
