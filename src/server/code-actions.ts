/** The lightbulb. Listing names fixes and computes nothing; resolving computes, verifies and may decline. */
import { CodeActionKind, type CodeAction, type CodeActionParams, type Command, type Diagnostic } from 'vscode-languageserver/node';
import type { Finding } from '../engine';
import type { Analysis } from './analysis';
import type { Documents } from './documents';
import { computeEdit, type EditResult } from './edits';
import { PARAMS } from './params';
import { CLIENT_COMMANDS, SOURCE, type AfterFix, type CodeActionData, type FindingRef } from './protocol';
import { firstLine } from './words';
import type { Folder, Folders } from './workspace-folders';
import type { Diagnostics } from './diagnostics';

/** `moved`: secrets that leave the code; the checklist has to remember them. */
export type WholeFix = (Extract<EditResult, { ok: true }> & { readonly moved: readonly Finding[] }) | Extract<EditResult, { ok: false }>;

export class CodeActions {
  /** Findings that a fix was computed for: after the edit they are gone, and the checklist asks what they were. */
  readonly resolved = new Map<string, Finding>();

  constructor(
    private readonly documents: Documents,
    private readonly folders: Folders,
    private readonly analysis: Analysis,
    private readonly diagnostics: Diagnostics,
  ) {}

  list(params: CodeActionParams): CodeAction[] {
    const { uri } = params.textDocument;
    const document = this.documents.get(uri);
    const spot = this.folders.find(uri);
    const only = params.context.only;
    if (!document || !spot || (only && !only.some((kind) => kind === '' || CodeActionKind.QuickFix.startsWith(kind) || kind.startsWith(CodeActionKind.QuickFix)))) return [];
    const standing = this.diagnostics.standing(uri);
    const actions: CodeAction[] = [];
    const more: CodeAction[] = [];
    const rules = new Set<string>();
    const several = new Set(params.context.diagnostics.filter((d) => d.source === SOURCE).map((d) => d.code)).size > 1;
    for (const diagnostic of params.context.diagnostics) {
      if (diagnostic.source !== SOURCE) continue;
      const data = PARAMS.diagnosticData.safeParse(diagnostic.data);
      const finding = data.success ? standing.find((f) => f.fingerprint === data.data.fingerprint) : undefined;
      if (!finding) continue;
      actions.push(...this.fixesOf(spot.folder, finding, diagnostic, uri, document.version));
      more.push(ignore(spot.folder, finding, diagnostic));
      if (!rules.has(finding.ruleId)) more.unshift(...this.fixAll(spot.folder, finding, standing, uri, document.version, several));
      rules.add(finding.ruleId);
    }
    return [...actions, ...more];
  }

  private fixesOf(folder: Folder, finding: Finding, diagnostic: Diagnostic, uri: string, version: number): CodeAction[] {
    return folder.session.fixesOf(finding).map((fix, index) => {
      const data: CodeActionData = { kind: 'fix', uri, version, fingerprint: finding.fingerprint, fixId: fix.id };
      const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], data };
      if (index === 0 && fix.class !== 'manual') action.isPreferred = true;
      return action;
    });
  }

  private fixAll(folder: Folder, finding: Finding, standing: readonly Finding[], uri: string, version: number, named: boolean): CodeAction[] {
    const preferred = folder.session.fixesOf(finding)[0];
    if (!preferred || preferred.class === 'manual') return [];
    // Where findings of several rules stand on one place, each entry says which it means.
    const which = named ? `: ${folder.session.rules.find((rule) => rule.meta.id === finding.ruleId)?.meta.title ?? finding.ruleId}` : '';
    const actions: CodeAction[] = [];
    if (preferred.class === 'safe' && standing.filter((f) => f.ruleId === finding.ruleId && f.fixes.length > 0).length > 1) {
      const data: CodeActionData = { kind: 'fix-file', uri, version, ruleId: finding.ruleId };
      // Deliberately no `source.fixAll`: that kind may run on save.
      actions.push({ title: `Fix all like this in the file${which}`, kind: CodeActionKind.QuickFix, data });
    }
    if (!folder.loose) {
      actions.push({
        title: `Fix all like this in the whole workspace (preview)${which}`,
        kind: CodeActionKind.QuickFix,
        command: { title: 'Fix all in the workspace', command: CLIENT_COMMANDS.fixAllInWorkspace, arguments: [{ folder: folder.uri, ruleId: finding.ruleId }] },
      });
    }
    return actions;
  }

  async resolve(action: CodeAction): Promise<CodeAction> {
    const parsed = PARAMS.codeActionData.safeParse(action.data);
    if (!parsed.success) return action;
    const data = parsed.data;
    const now = this.analysis.current(data.uri);
    if (!now || now.document.version !== data.version) return declined(action, 'The file has changed since this fix was offered. Open the lightbulb again.');
    const { folder, path } = now;
    let finding: Finding | undefined;
    let result: EditResult;
    if (data.kind === 'fix') {
      const { fingerprint, fixId } = data;
      const find = (): Finding | undefined => folder.session.check(path).find((f) => f.fingerprint === fingerprint);
      finding = find();
      result = await computeEdit(folder, this.documents, { from: path, confirmAll: false }, () => {
        const live = find();
        return live ? folder.session.fix(live, fixId) : { ok: false, reason: 'stale', message: 'This is no longer a finding: the code has changed.' };
      });
    } else {
      result = await computeEdit(folder, this.documents, { from: path, confirmAll: false }, () => folder.session.fixAll(data.ruleId, path));
    }
    if (!result.ok) return declined(action, result.message);
    // The edit is for this version only: what came in between makes it a wrong one.
    if (this.documents.get(data.uri)?.version !== data.version) return declined(action, 'The file has changed since this fix was offered. Open the lightbulb again.');
    const resolved: CodeAction = { ...action };
    const hasEdits = result.fix.edits.length + result.fix.create.length > 0;
    if (hasEdits) {
      resolved.edit = result.edit;
      if (finding) this.remember(finding);
    }
    if (result.fix.manual.length > 0 || (hasEdits && finding?.category.startsWith('secret-'))) resolved.command = afterFix(folder, hasEdits ? (finding ?? null) : null, result.fix.title, result.fix.manual, hasEdits);
    return resolved;
  }

  /** Every finding of the rule in the folder, through the editor's preview. */
  async wholeWorkspace(folder: Folder, ruleId: string): Promise<WholeFix> {
    let before: readonly Finding[] = [];
    const result = await computeEdit(folder, this.documents, { from: null, confirmAll: true }, () => {
      before = folder.session.audit().findings.filter((f) => f.ruleId === ruleId && f.category.startsWith('secret-'));
      return folder.session.fixAll(ruleId, null, true);
    });
    if (!result.ok) return result;
    const { edits } = result.fix;
    return { ...result, moved: before.filter(({ at }) => edits.some((e) => e.file === at.file && e.span.start <= at.span.end && at.span.start <= e.span.end)) };
  }

  private remember(finding: Finding): void {
    this.resolved.set(finding.fingerprint, finding);
    if (this.resolved.size <= 200) return;
    const oldest = this.resolved.keys().next();
    if (!oldest.done) this.resolved.delete(oldest.value);
  }
}

function afterFix(folder: Folder, finding: Finding | null, title: string, steps: readonly string[], changed: boolean): Command {
  const argument: AfterFix = { folder: folder.uri, fingerprint: finding?.fingerprint ?? null, changed, title, steps };
  return { title: 'What is left to do', command: CLIENT_COMMANDS.afterFix, arguments: [argument] };
}

/** A message instead of an edit; as a command, so that it shows when the fix is chosen and not when the menu is looked at. */
function declined(action: CodeAction, message: string): CodeAction {
  return { ...action, command: { title: 'Why this fix was not applied', command: CLIENT_COMMANDS.fixDeclined, arguments: [{ title: action.title, message }] } };
}

function ignore(folder: Folder, finding: Finding, diagnostic: Diagnostic): CodeAction {
  const argument: FindingRef = { folder: folder.uri, fingerprint: finding.fingerprint, message: firstLine(finding.message) };
  return {
    title: 'Ignore this finding with a reason…',
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title: 'Ignore with a reason', command: CLIENT_COMMANDS.ignoreFinding, arguments: [argument] },
  };
}
