// What the suites in the extension host share. They assume no desktop: the host may run behind a browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Story, Target } from '../story.js';
import { until } from '../wait.js';

export { until };

export const SOURCE = 'Vibe Code Rescue';
export const EXTENSION = 'vibe-code-rescue.vibe-code-rescue';

function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are started by test/vscode/run.ts`);
  return value;
}

export const story = JSON.parse(readFileSync(env('RESCUE_STORY'), 'utf8')) as Story;

export const portalFile = (name: string): vscode.Uri => vscode.Uri.file(join(story.portal, name));
export const tinyFile = (name: string): vscode.Uri => vscode.Uri.file(join(story.tiny, name));

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Takes back everything that was changed and not saved, and closes the editors. */
export async function revertAll(): Promise<void> {
  // Of the folders only: the workbench writes files of its own, its settings for one.
  const isOurs = ({ isDirty, uri }: vscode.TextDocument) => isDirty && uri.scheme === 'file' && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  for (const document of vscode.workspace.textDocuments.filter(isOurs)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === SOURCE);
}

export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const code = diagnostic.code;
  return String(typeof code === 'object' ? code.value : code);
}

export function ofRule(uri: vscode.Uri, ruleId: string): vscode.Diagnostic[] {
  return ours(uri).filter((diagnostic) => ruleOf(diagnostic) === ruleId);
}

function describeAll(uri: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(uri).map((diagnostic) => `${diagnostic.source ?? '?'} ${ruleOf(diagnostic)} ${diagnostic.range.start.line + 1}:${diagnostic.range.start.character + 1}`);
}

/** The diagnostic that stands for a finding of the audit. */
export async function diagnosticAt(uri: vscode.Uri, target: Pick<Target, 'ruleId' | 'line'>): Promise<vscode.Diagnostic> {
  return await until(
    `${target.ruleId} at line ${target.line}`,
    () => ofRule(uri, target.ruleId).find((diagnostic) => diagnostic.range.start.line + 1 === target.line),
    { timeout: 30_000, seen: () => describeAll(uri) },
  );
}

export async function noneOf(uri: vscode.Uri, ruleId: string, atMost = 0): Promise<void> {
  await until(`at most ${atMost} of ${ruleId}`, () => ofRule(uri, ruleId).length <= atMost, { seen: () => describeAll(uri) });
}

/** How many of the fixes offered are worked out: the lightbulb works out the one that is clicked. */
const RESOLVED = 1;

/**
 * The quick fixes at a diagnostic, the way the lightbulb gets them, edits resolved. Asked again while there is none:
 * the diagnostic is known in this process before the workbench has it, and the workbench hands it to the provider.
 */
export async function quickFixes(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
  return await until(`quick fixes of ${ruleOf(diagnostic)}`, async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, diagnostic.range, vscode.CodeActionKind.QuickFix.value, RESOLVED);
    // Some versions of the editor do not say which diagnostics an action is for.
    const found = actions.filter((action) => action.diagnostics === undefined || action.diagnostics.some((of) => ruleOf(of) === ruleOf(diagnostic)));
    return found.length > 0 ? found : undefined;
  }, { timeout: 10_000 });
}

export function preferred(actions: readonly vscode.CodeAction[]): vscode.CodeAction {
  const found = actions.find((action) => action.isPreferred === true);
  if (!found) throw new Error(`no preferred fix among: ${actions.map((action) => action.title).join(' | ') || 'nothing'}`);
  return found;
}

/** What a click on it does. */
export async function apply(action: vscode.CodeAction): Promise<void> {
  if (action.command?.command === 'vibeCodeRescue.fixDeclined') throw new Error(`"${action.title}" was declined: ${JSON.stringify(action.command.arguments)}`);
  if (!action.edit && !action.command) throw new Error(`"${action.title}" has neither an edit nor a command`);
  if (action.edit && !(await vscode.workspace.applyEdit(action.edit))) throw new Error(`the editor refused the edit of "${action.title}"`);
  // What the command shows may wait for a person: it is started, not awaited.
  if (action.command) void vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
}

/** Syntax errors that TypeScript finds in a text. */
export function syntaxErrors(name: string, text: string): string[] {
  const ts = createRequire(join(env('RESCUE_REPO'), 'package.json'))('typescript') as typeof import('typescript');
  const result = ts.transpileModule(text, { fileName: name, reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.Preserve } });
  return (result.diagnostics ?? []).map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

/** Everything the extension shows about a file: messages, related places, hovers, lenses, titles of fixes. */
export async function everythingShown(uri: vscode.Uri): Promise<string> {
  const shown: unknown[] = [];
  for (const diagnostic of ours(uri)) {
    shown.push(diagnostic.message, diagnostic.code, (diagnostic.relatedInformation ?? []).map((related) => related.message));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, diagnostic.range.start);
    shown.push(hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === 'string' ? content : content.value))));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, diagnostic.range);
    shown.push(actions.map((action) => [action.title, action.command?.arguments ?? []]));
  }
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  shown.push(lenses.map((lens) => [lens.command?.title, lens.command?.arguments ?? []]));
  return JSON.stringify(shown);
}

/** The tabs that show a webview of ours. */
export function reportTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.input instanceof vscode.TabInputWebview && /rescue/i.test(`${tab.input.viewType} ${tab.label}`));
}
