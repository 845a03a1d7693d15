import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { tokens } from '../story.js';
import { apply, diagnosticAt, noneOf, ofRule, open, ours, portalFile, preferred, quickFixes, reportTabs, revertAll, story, tinyFile, until } from '../suite/support.js';

describe('two folders', () => {
  afterEach(revertAll);

  it('both are open', () => {
    assert.deepEqual(vscode.workspace.workspaceFolders?.map((folder) => folder.uri.fsPath), [story.portal, story.tiny]);
  });

  it('each file is judged by its own folder', async () => {
    const portal = portalFile(story.targets.auth.file);
    await open(portal);
    await diagnosticAt(portal, story.targets.auth);
    const tiny = tinyFile('src/server.ts');
    const editor = await open(tiny);
    assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(editor.document.lineCount, 0), `export const key = '${tokens(story.seed).stripe}';\n`)));
    await until('the typed key', () => ofRule(tiny, 'secrets/hardcoded-provider-key').length === 1);
    // Its one route is guarded by a function of another file of the same folder, and validated.
    assert.deepEqual(ours(tiny).filter((diagnostic) => !/secrets\//.test(JSON.stringify(diagnostic.code))).map((diagnostic) => diagnostic.message), []);
  });

  it('a fix in one folder stays in it', async () => {
    const tiny = tinyFile('src/server.ts');
    const editor = await open(tiny);
    assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(editor.document.lineCount, 0), `export const key = '${tokens(story.seed).stripe}';\n`)));
    const diagnostic = await until('the typed key', () => ofRule(tiny, 'secrets/hardcoded-provider-key')[0]);
    const action = preferred(await quickFixes(tiny, diagnostic));
    for (const [uri] of action.edit?.entries() ?? []) assert.ok(uri.fsPath.startsWith(story.tiny), `${uri.fsPath} is of the other folder`);
    await apply(action);
    await noneOf(tiny, 'secrets/hardcoded-provider-key');
  });

  it('the audit covers both', async () => {
    await vscode.commands.executeCommand('vibeCodeRescue.runAudit');
    await until('the report', () => reportTabs()[0], { timeout: 30_000 });
  });
});
