// The first rescue, as a person lives it: open, look, fix, type, audit, read.
import assert from 'node:assert';
import { type Story, groups, tokens } from '../story.js';
import { until } from '../wait.js';
import { picture, productVsix, scale, takeStory, useEditor } from './session.js';

describe('the first rescue', () => {
  let story: Story;
  const session = useEditor(() => {
    story = takeStory();
    return { vsix: [productVsix()], folder: story.portal, theme: 'dark', scale, viewport: { width: 1440, height: 900 } };
  });
  const severities = ['error', 'warning', 'info'] as const;

  /** Problems of a rule in the file that is open. */
  const problemsOf = async (ruleId: string, file: string) =>
    (await session.driver.problems(ruleId)).filter((row) => row.includes('Vibe Code Rescue') && !row.includes(` of folder `)).map((row) => `${file}: ${row}`);

  it('before an audit the side bar says what to do', async () => {
    const { driver } = session;
    await driver.openSidebar('Vibe Code Rescue');
    await driver.view('Sprint');
    await driver.view('Top risks');
    await driver.view('Endpoints');
    await picture(driver, 'welcome-dark');
  });

  for (const group of groups) {
    it(`${group}: open the file, see the squiggle, fix it through the lightbulb, undo`, async () => {
      const { driver } = session;
      const target = story.targets[group];
      await driver.openFile(target.file);
      await driver.goTo(target.line, target.column);
      await until('a squiggle', async () => {
        for (const severity of severities) if ((await driver.editor().locator(`.squiggly-${severity}`).count()) > 0) return true;
        return false;
      }, { timeout: 30_000 });
      const before = await until('the problem', async () => {
        const rows = await problemsOf(target.ruleId, target.file);
        return rows.length > 0 ? rows : undefined;
      });
      await driver.closePanel();
      const text = await hoverOf(target.message);
      for (const secret of story.planted) assert.ok(!text.includes(secret), 'the hover shows the secret');
      await picture(driver, `hover-${group}`);
      await driver.page.keyboard.press('Escape');
      const rows = await driver.lightbulbRows();
      assert.ok(rows.some((row) => /ignore/i.test(row)), `ignoring with a reason is offered: ${rows.join(' | ')}`);
      await picture(driver, group === 'auth' ? 'quick-fix' : `lightbulb-${group}`);
      await driver.closeLightbulb();
      await driver.lightbulb(String(rows[0]));
      await until('the problem to go', async () => (await problemsOf(target.ruleId, target.file)).length < before.length);
      await driver.closePanel();
      await picture(driver, `fixed-${group}`);
      await driver.closeNotifications();
      await driver.undo();
      await until('the problem to come back', async () => (await problemsOf(target.ruleId, target.file)).length === before.length);
      await driver.closePanel();
    });
  }

  async function hoverOf(message: string): Promise<string> {
    return await session.driver.hover(message.split('\n')[0]?.slice(0, 30) ?? '');
  }

  it('a leaked key is underlined within a second of typing it', async () => {
    const { driver } = session;
    const target = story.targets.auth;
    await driver.openFile(target.file);
    const took: number[] = [];
    for (const token of [tokens(story.seed).stripe, tokens(story.seed + 1).openai, tokens(story.seed + 2).stripe]) {
      await driver.typeAtEnd(`export const paymentsKey = '${token}`);
      const count = await driver.editor().locator('.squiggly-error').count();
      const started = Date.now();
      await driver.type("';");
      await until('the squiggle under the key', async () => (await driver.editor().locator('.squiggly-error').count()) > count || (await underlined(token)));
      took.push(Date.now() - started);
    }
    await picture(driver, 'typed-key');
    assert.ok(Math.min(...took) <= 1_000, `took ${took.join(', ')} ms`);
  });

  /** Whether a squiggle stands on the line that shows this text. */
  async function underlined(token: string): Promise<boolean> {
    const line = await session.driver.editor().locator('.view-line', { hasText: token.slice(0, 20) }).first().boundingBox();
    if (!line) return false;
    for (const squiggle of await session.driver.editor().locator('.squiggly-error').all()) {
      const box = await squiggle.boundingBox();
      if (box && Math.abs(box.y - line.y) < line.height) return true;
    }
    return false;
  }

  it('Run rescue audit, from the palette, shows the report with the top risks', async () => {
    const { driver } = session;
    await driver.runCommand('View: Revert and Close Editor');
    await driver.runCommand('Vibe Code Rescue: Run rescue audit');
    const report = await driver.webview('Rescue', 60_000);
    const text = await report.innerText('body');
    assert.match(text, /risk/i);
    for (const secret of story.planted) assert.ok(!text.includes(secret), 'the report shows a secret');
    assert.ok(text.includes(story.targets.auth.file) || /Anyone can/i.test(text), 'the report names what is open');
    await driver.closeNotifications();
    await picture(driver, 'report-dark');
  });

  it('the side bar shows 7 days, the top risks and the endpoints; the status bar the score', async () => {
    const { driver } = session;
    await driver.openSidebar('Vibe Code Rescue');
    const days = await until('seven days', async () => {
      const rows = await driver.treeRows('Sprint');
      const found = rows.filter((row) => row.level === 1 || /day \d/i.test(row.label)).filter((row) => /day \d/i.test(row.label));
      return found.length >= 7 ? found : undefined;
    }, { seen: () => driver.treeRows('Sprint') });
    assert.equal(days.length, 7);
    await driver.waitForRow('Top risks', (row) => row.label !== '');
    await driver.waitForRow('Endpoints', (row) => row.label !== '');
    const status = await driver.statusBar();
    assert.ok(status.some((text) => /\d/.test(text) && /rescue|risk/i.test(text)), `no risk score in: ${status.join(' | ')}`);
    const founder = await until('ten questions', async () => {
      const rows = (await driver.treeRows('Founder checklist')).filter((row) => /^Question \d+/.test(row.label));
      return rows.length === 10 ? rows : undefined;
    }, { seen: () => driver.treeRows('Founder checklist') });
    assert.match(founder[2]?.label ?? '', /sign-in\? Yes/, 'the code answers what it can');
    await picture(driver, 'founder-dark');
    await driver.foldView('Founder checklist');
  });
});
