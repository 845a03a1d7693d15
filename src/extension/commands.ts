/** The commands of the palette, the views and the lightbulb. */
import { commands, env, FileType, ProgressLocation, QuickPickItemKind, Uri, window, workspace, type Disposable, type ExtensionContext, type LogOutputChannel, type QuickPickItem } from 'vscode';
import { CLIENT_COMMANDS, DOCS_URL, REPORT_FORMATS, type AfterFix, type FindingItem, type FounderAnswer, type FindingRef, type FolderRef, type FolderSummary, type Place, type ReportFormat } from '../server/protocol';
import { showAnswer, type RescueClient } from './client';
import { openPlace } from './provider';
import type { ReportPanel } from './report-panel';
import { stepsLook } from './steps';
import { plural, type QuestionRef, type TreeNode } from './tree';

export interface Surfaces {
  revealEndpoint(folder: string, key: string): Promise<void>;
  refresh(): void;
}

export function registerCommands(context: ExtensionContext, client: RescueClient, panel: ReportPanel, log: LogOutputChannel, surfaces: Surfaces, failed: (what: string, error: unknown) => void): Disposable[] {
  const register = <A extends unknown[]>(id: string, what: string, run: (...args: A) => Promise<void>): Disposable =>
    commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await run(...(args as A));
      } catch (error) {
        failed(what, error);
        const choice = await window.showErrorMessage(`Vibe Code Rescue: ${what} failed. ${error instanceof Error ? error.message : ''}`.trim(), 'Show log');
        if (choice) log.show(true);
      }
    });

  /** True when a folder is open; else says what to do. */
  const hasFolder = async (): Promise<boolean> => {
    if ((workspace.workspaceFolders ?? []).length > 0) return true;
    const choice = await window.showInformationMessage('Open the folder of your app first: the rescue audit looks at a whole folder.', 'Open folder');
    if (choice) await commands.executeCommand('vscode.openFolder');
    return false;
  };

  return [
    register('vibeCodeRescue.runAudit', 'the audit', async () => {
      if (!(await hasFolder())) return;
      const answer = await window.withProgress({ location: ProgressLocation.Notification, title: 'Rescue audit', cancellable: true }, (progress, cancel) => {
        let last = 0;
        return client.audit(
          {
            report: (percent, message) => {
              progress.report({ ...(message === undefined ? {} : { message }), ...(percent === undefined ? {} : { increment: Math.max(0, percent - last) }) });
              last = Math.max(last, percent ?? 0);
            },
          },
          cancel,
        );
      });
      surfaces.refresh();
      if (answer.cancelled) {
        void window.showInformationMessage('The rescue audit was stopped. Nothing was changed.');
        return;
      }
      const first = answer.folders[0];
      if (!first) return;
      await panel.show(answer.folders.length === 1 ? first.uri : [...answer.folders].sort((a, b) => b.score - a.score)[0]?.uri);
      log.info(answer.folders.map(auditLine).join('\n'));
    }),

    register('vibeCodeRescue.showReport', 'the report', async () => {
      if (!(await hasFolder())) return;
      const folder = await pickFolder('Report of which folder?');
      if (folder) await panel.show(folder.uri);
    }),

    register('vibeCodeRescue.exportReport', 'the export', async () => {
      if (!(await hasFolder())) return;
      const format = await pickFormat();
      if (!format) return;
      const folder = await pickFolder('Export the report of which folder?');
      if (!folder) return;
      const report = await client.report({ format: format.id, folder: folder.uri });
      const target = await window.showSaveDialog({ defaultUri: Uri.joinPath(Uri.parse(folder.uri), report.fileName), filters: { [format.label]: [format.extension] }, title: 'Export the rescue report' });
      if (!target) return;
      await workspace.fs.writeFile(target, new TextEncoder().encode(report.text));
      const choice = await window.showInformationMessage(`The report was saved to ${workspace.asRelativePath(target)}.`, 'Open');
      if (choice) await commands.executeCommand('vscode.open', target);
    }),

    register('vibeCodeRescue.doNotBreakNote', 'the note', async () => {
      if (!(await hasFolder())) return;
      const folder = await pickFolder('Write the note for which folder?');
      if (!folder) return;
      const answer = await client.note({ folder: folder.uri });
      if ((await showAnswer(answer)) && answer.open) await commands.executeCommand('vscode.open', Uri.parse(answer.open));
    }),

    register(CLIENT_COMMANDS.ignoreFinding, 'ignoring', async (target?: FindingRef | TreeNode) => {
      const finding = refOf(target) ?? (await pickFinding(client, 'Which finding is to be ignored?'));
      if (!finding) return;
      const reason = await askReason('Ignore this finding', finding.message, 'Why is this all right? The reason stands in the code, for whoever reads it next.');
      if (reason === undefined) return;
      await showAnswer(await client.ignore({ folder: finding.folder, fingerprint: finding.fingerprint, reason }));
    }),

    register(CLIENT_COMMANDS.acceptRisk, 'accepting', async (target?: FindingRef | TreeNode) => {
      const finding = refOf(target) ?? (await pickFinding(client, 'Which risk is accepted?'));
      if (!finding) return;
      const reason = await askReason('Accept this risk', finding.message, 'Why can this wait? It is kept in .rescue/sprint.json with the date.');
      if (reason === undefined) return;
      const owner = await window.showInputBox({ title: 'Accept this risk', prompt: 'Who owns this decision?', placeHolder: 'Name', ignoreFocusOut: true });
      if (owner === undefined) return;
      await showAnswer(await client.accept({ folder: finding.folder, fingerprint: finding.fingerprint, reason, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) }));
    }),

    register('vibeCodeRescue.answerQuestion', 'the answer', async (target?: TreeNode) => {
      const question = target?.question ?? (await pickQuestion(client));
      if (!question) return;
      const answer = await pickAnswer(question);
      if (answer) await showAnswer(await client.answer({ folder: question.folder, id: question.id, answer }));
    }),

    register(CLIENT_COMMANDS.fixAllInWorkspace, 'the fix', async (target?: { folder: string; ruleId: string } | TreeNode) => {
      const chosen = ruleOf(target) ?? (await pickRule(client));
      if (!chosen) return;
      await showAnswer(await client.fixAll(chosen));
    }),

    register(CLIENT_COMMANDS.afterFix, 'the checklist', async (after: AfterFix) => {
      const kept = after.fingerprint === null ? null : await client.fixed({ folder: after.folder, fingerprint: after.fingerprint });
      if (kept && !kept.ok && kept.message) void window.showWarningMessage(kept.message);
      const steps = after.steps.length > 0 ? after.steps : kept?.ok && kept.message ? [kept.message] : [];
      if (steps.length === 0) return;
      log.info([after.changed ? `${after.title}. Left to do:` : `${after.title}. To be done by hand:`, ...steps.map((step, i) => `  ${i + 1}. ${step}`)].join('\n'));
      const { message, detail } = stepsLook(steps, after.changed);
      const all = detail === null ? [] : ['Show all steps'];
      // Not waited for: the fix is done, whenever a person reads this.
      void window.showInformationMessage(message, ...all, ...(kept?.message ? ['Show checklist'] : [])).then((choice) => {
        if (choice === 'Show checklist') void commands.executeCommand('vibeCodeRescue.sprint.focus');
        else if (choice && detail !== null) void window.showInformationMessage(after.changed ? 'Left for you' : after.title, { modal: true, detail });
      });
    }),

    register(CLIENT_COMMANDS.fixDeclined, 'the fix', async ({ title, message }: { title: string; message: string }) => {
      await window.showWarningMessage(`“${title}” was not applied: ${message}`);
    }),

    register(CLIENT_COMMANDS.openRuleDocs, 'the rule’s page', async (target?: string | TreeNode) => {
      const id = typeof target === 'string' ? target : (target?.finding?.ruleId ?? (await pickRuleDocs(context)));
      if (id !== undefined) await openRuleDocs(context, id);
    }),

    register(CLIENT_COMMANDS.revealEndpoint, 'the endpoint', (folder: string, key: string) => surfaces.revealEndpoint(folder, key)),
    register('vibeCodeRescue.openPlace', 'opening the file', (place: Place) => openPlace(place)),
    register('vibeCodeRescue.showLog', 'the log', async () => {
      log.show();
      return Promise.resolve();
    }),
    register('vibeCodeRescue.restartServer', 'the restart', () => client.restart()),
  ];
}

function auditLine(folder: FolderSummary): string {
  return `${folder.name}: risk score ${folder.score} of 100, ${plural(folder.findings, 'finding')}, ${plural(folder.endpoints, 'endpoint')} (${folder.openEndpoints} open), ${plural(folder.files, 'file')} in ${folder.ms} ms`;
}

function refOf(target: FindingRef | TreeNode | undefined): FindingRef | null {
  if (!target) return null;
  if ('fingerprint' in target) return target;
  return target.finding ?? null;
}

function ruleOf(target: { folder: string; ruleId: string } | TreeNode | undefined): { folder: string; ruleId: string } | null {
  if (!target) return null;
  if ('ruleId' in target) return target;
  return target.finding ? { folder: target.finding.folder, ruleId: target.finding.ruleId } : null;
}

async function askReason(title: string, what: string, prompt: string): Promise<string | undefined> {
  const reason = await window.showInputBox({
    title,
    prompt: `${what}. ${prompt}`,
    placeHolder: 'Reason (required)',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A reason is required.' : value.trim().length > 500 ? 'Shorter, please: 500 characters at most.' : null),
  });
  return reason?.trim();
}

async function pickFolder(placeHolder: string): Promise<FolderRef | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const first = folders[0];
  if (folders.length === 1 && first) return { uri: first.uri.toString(), name: first.name };
  const picked = await window.showWorkspaceFolderPick({ placeHolder });
  return picked ? { uri: picked.uri.toString(), name: picked.name } : undefined;
}

const FORMATS: Readonly<Record<ReportFormat, { readonly label: string; readonly detail: string; readonly extension: string }>> = {
  html: { label: 'HTML', detail: 'One page that opens anywhere, to send or to print', extension: 'html' },
  markdown: { label: 'Markdown', detail: 'For an issue, a pull request or a wiki', extension: 'md' },
  sarif: { label: 'SARIF', detail: 'For code scanning tools', extension: 'sarif' },
  json: { label: 'JSON', detail: 'For scripts', extension: 'json' },
};

async function pickFormat(): Promise<{ id: ReportFormat; label: string; extension: string } | undefined> {
  return window.showQuickPick(REPORT_FORMATS.map((id) => ({ id, ...FORMATS[id] })), { title: 'Export the rescue report', placeHolder: 'Format' });
}

async function allFindings(client: RescueClient): Promise<{ readonly folder: FolderRef; readonly finding: FindingItem }[]> {
  const seen = new Set<string>();
  const found: { folder: FolderRef; finding: FindingItem }[] = [];
  for (const folder of (await client.sprint()).folders) {
    for (const finding of folder.days.flatMap((day) => day.items.flatMap((item) => item.findings))) {
      const key = `${folder.uri}\0${finding.fingerprint}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ folder, finding });
    }
  }
  return found;
}

/** Those of the file in front come first. */
async function pickFinding(client: RescueClient, placeHolder: string): Promise<FindingRef | undefined> {
  const here = window.activeTextEditor?.document.uri.toString();
  const all = await allFindings(client);
  const entry = ({ folder, finding }: (typeof all)[number]): QuickPickItem & { ref?: FindingRef } => {
    const message = finding.message.split('\n')[0] ?? finding.message;
    return { label: message, description: `${finding.place.file}:${finding.place.range.start.line + 1}`, ref: { folder: folder.uri, fingerprint: finding.fingerprint, message } };
  };
  const isHere = (place: Place): boolean => here !== undefined && Uri.parse(place.uri).toString() === here;
  const mine = all.filter(({ finding }) => isHere(finding.place)).map(entry);
  const others = all.filter(({ finding }) => !isHere(finding.place)).map(entry);
  if (mine.length + others.length === 0) {
    void window.showInformationMessage('There is no finding.');
    return undefined;
  }
  const picked = await window.showQuickPick([...(mine.length > 0 ? [separator('In this file'), ...mine] : []), ...(others.length > 0 ? [separator('Elsewhere'), ...others] : [])], { placeHolder, matchOnDescription: true });
  return picked && 'ref' in picked ? picked.ref : undefined;
}

/** Those that the code cannot answer. */
async function pickQuestion(client: RescueClient): Promise<QuestionRef | undefined> {
  const open = (await client.founder()).folders.flatMap((folder) => folder.questions.filter((q) => q.from !== 'evidence').map((q) => ({ folder: folder.uri, id: q.id, text: q.text, answer: q.answer, label: q.text, description: ANSWERS[q.answer] })));
  if (open.length === 0) {
    void window.showInformationMessage('Run the rescue audit first: then the questions that only you can answer are listed here.');
    return undefined;
  }
  return window.showQuickPick(open, { title: 'Founder checklist', placeHolder: 'Which question?' });
}

const ANSWERS: Readonly<Record<FounderAnswer, string>> = { yes: 'Yes', no: 'No', unknown: 'Not answered' };

async function pickAnswer(question: QuestionRef): Promise<FounderAnswer | undefined> {
  const choices: { readonly label: string; readonly answer: FounderAnswer }[] = [{ label: 'Yes', answer: 'yes' }, { label: 'No', answer: 'no' }];
  if (question.answer !== 'unknown') choices.push({ label: 'Take the answer back', answer: 'unknown' });
  return (await window.showQuickPick(choices, { title: 'Founder checklist', placeHolder: question.text }))?.answer;
}

function separator(label: string): QuickPickItem & { ref?: FindingRef } {
  return { label, kind: QuickPickItemKind.Separator };
}

async function pickRule(client: RescueClient): Promise<{ folder: string; ruleId: string } | undefined> {
  const rules = new Map<string, { label: string; count: number; folder: string; ruleId: string }>();
  for (const { folder, finding } of await allFindings(client)) {
    if (!finding.fixable) continue;
    const key = `${folder.uri}\0${finding.ruleId}`;
    const known = rules.get(key);
    if (known) known.count++;
    else rules.set(key, { label: finding.title, count: 1, folder: folder.uri, ruleId: finding.ruleId });
  }
  if (rules.size === 0) {
    void window.showInformationMessage('There is nothing that can be fixed automatically.');
    return undefined;
  }
  return window.showQuickPick([...rules.values()].map((rule) => ({ ...rule, description: plural(rule.count, 'place') })), { placeHolder: 'Fix which kind of finding? You see every change before it is made.' });
}

// ------------------------------------------------------------------------------------------------ rule pages

async function openRuleDocs(context: ExtensionContext, id: string): Promise<void> {
  // An id becomes a path: nothing but an id may pass.
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) throw new Error(`${id} is no rule`);
  const page = Uri.joinPath(context.extensionUri, 'docs', 'rules', `${id}.md`);
  if (await exists(page)) await commands.executeCommand('markdown.showPreview', page);
  else await env.openExternal(Uri.parse(`${DOCS_URL}/${id}.md`));
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false; // not packed with this version: the page on the web is opened instead
  }
}

async function pickRuleDocs(context: ExtensionContext): Promise<string | undefined> {
  const root = Uri.joinPath(context.extensionUri, 'docs', 'rules');
  const ids: string[] = [];
  if (await exists(root)) {
    for (const [group, type] of await workspace.fs.readDirectory(root)) {
      if (type !== FileType.Directory) continue;
      for (const [name] of await workspace.fs.readDirectory(Uri.joinPath(root, group))) if (name.endsWith('.md')) ids.push(`${group}/${name.slice(0, -3)}`);
    }
  }
  return window.showQuickPick(ids.sort(), { placeHolder: 'Rule' });
}
