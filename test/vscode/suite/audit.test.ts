import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { open, portalFile, reportTabs, revertAll, story, until } from './support.js';

describe('audit', () => {
  after(revertAll);

  it('the commands are registered', async () => {
    await open(portalFile(story.targets.auth.file));
    const wanted = ['runAudit', 'exportReport', 'showLog', 'restartServer', 'openRuleDocs'].map((name) => `vibeCodeRescue.${name}`);
    const missing = await until('commands', async () => {
      const all = new Set(await vscode.commands.getCommands(true));
      const absent = wanted.filter((name) => !all.has(name));
      return all.has('vibeCodeRescue.runAudit') ? absent : undefined;
    });
    assert.deepEqual(missing, []);
  });

  it('Run rescue audit ends and opens the report', async () => {
    await vscode.commands.executeCommand('vibeCodeRescue.runAudit');
    const tab = await until('the report', () => reportTabs()[0], { timeout: 30_000 });
    assert.match(tab.label, /rescue/i);
  });

  it('running it again reuses the report and does not open a second one', async () => {
    await vscode.commands.executeCommand('vibeCodeRescue.runAudit');
    await until('the report', () => reportTabs().length > 0);
    assert.equal(reportTabs().length, 1);
  });

  it('the server can be restarted and answers again', async () => {
    await vscode.commands.executeCommand('vibeCodeRescue.restartServer');
    await vscode.commands.executeCommand('vibeCodeRescue.runAudit');
    assert.equal(reportTabs().length, 1);
  });
});
