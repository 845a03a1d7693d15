import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { groups } from '../story.js';
import { apply, diagnosticAt, EXTENSION, noneOf, ofRule, open, portalFile, preferred, quickFixes, reportTabs, revertAll, story, syntaxErrors, until } from '../suite/support.js';

describe('Restricted Mode', () => {
  afterEach(revertAll);

  it('the folder is not trusted and the extension runs all the same', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension, 'disabled in Restricted Mode');
    await open(portalFile(story.targets.auth.file));
    await until('its activation', () => extension.isActive, { timeout: 30_000 });
  });

  for (const group of groups) {
    const target = story.targets[group];
    it(`${target.ruleId} is shown, and its fix works`, async () => {
      const uri = portalFile(target.file);
      const editor = await open(uri);
      const diagnostic = await diagnosticAt(uri, target);
      const before = ofRule(uri, target.ruleId).length;
      await apply(preferred(await quickFixes(uri, diagnostic)));
      await noneOf(uri, target.ruleId, before - 1);
      assert.deepEqual(syntaxErrors(uri.fsPath, editor.document.getText()), []);
    });
  }

  it('the audit works', async () => {
    await vscode.commands.executeCommand('vibeCodeRescue.runAudit');
    await until('the report', () => reportTabs()[0], { timeout: 30_000 });
  });
});
