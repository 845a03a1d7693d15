import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { groups } from '../story.js';
import { apply, diagnosticAt, noneOf, ofRule, open, ours, portalFile, preferred, quickFixes, revertAll, ruleOf, story, syntaxErrors, until } from './support.js';

describe('quick fixes', () => {
  afterEach(revertAll);

  for (const group of groups) {
    const target = story.targets[group];
    it(`the preferred fix of ${target.ruleId} takes the finding away and leaves files that parse`, async () => {
      const uri = portalFile(target.file);
      const editor = await open(uri);
      const diagnostic = await diagnosticAt(uri, target);
      const original = editor.document.getText();
      const before = ofRule(uri, target.ruleId).length;
      const rulesBefore = new Set(ours(uri).map(ruleOf));
      const actions = await quickFixes(uri, diagnostic);
      const action = preferred(actions);
      assert.equal(action, actions[0], 'the preferred fix comes first');
      const touched = new Set(action.edit?.entries().map(([file]) => file.fsPath));
      await apply(action);
      await noneOf(uri, target.ruleId, before - 1);
      await until('the file to be changed', () => editor.document.getText() !== original);
      for (const file of [uri.fsPath, ...touched]) {
        const document = await vscode.workspace.openTextDocument(file);
        if (/\.[cm]?[jt]sx?$/.test(file)) assert.deepEqual(syntaxErrors(file, document.getText()), [], file);
      }
      const came = ours(uri).map(ruleOf).filter((rule) => !rulesBefore.has(rule));
      assert.deepEqual(came, [], 'the fix brought new findings');
      if (action.edit?.size === 1) {
        await vscode.window.showTextDocument(editor.document);
        await vscode.commands.executeCommand('undo');
        assert.equal(editor.document.getText(), original, 'one undo takes the fix back');
      }
    });
  }

  it('nothing runs on save', async () => {
    const uri = portalFile(story.targets.validation.file);
    const editor = await open(uri);
    await diagnosticAt(uri, story.targets.validation);
    const before = editor.document.getText();
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await editor.document.save();
    assert.equal(editor.document.getText(), `\n${before}`);
    await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
    await editor.document.save();
  });
});
