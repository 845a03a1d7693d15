// Light theme, high contrast, a narrow side bar, long names: nothing is cut that matters, nothing overlaps.
import assert from 'node:assert';
import type { Story } from '../story.js';
import { until } from '../wait.js';
import { picture, productVsix, scale, takeStory, useEditor } from './session.js';

describe('looks', () => {
  let story: Story;
  const session = useEditor(() => {
    story = takeStory();
    return { vsix: [productVsix()], folder: story.portal, theme: 'light', scale };
  });

  it('light theme: report and side bar', async () => {
    const { driver } = session;
    await driver.openSidebar('Vibe Code Rescue');
    await driver.openFile(story.targets.auth.file);
    await driver.waitForSquiggle('error', 30_000);
    await driver.codeLenses();
    await driver.waitForRow('Endpoints', (row) => row.label !== '');
    await driver.sidebarWidth(380);
    await driver.focusEditor();
    await picture(driver, 'editor-light');
    await driver.setTheme('dark');
    await picture(driver, 'editor-dark');
    await driver.setTheme('light');
    await driver.runCommand('Vibe Code Rescue: Run rescue audit');
    const report = await driver.webview('Rescue', 60_000);
    assert.match(await report.innerText('body'), /risk/i);
    await driver.closeNotifications();
    await picture(driver, 'report-light');
  });

  it('a narrow side bar and a narrow report do not scroll sideways', async () => {
    const { driver } = session;
    await driver.sidebarWidth(200);
    for (const title of ['Sprint', 'Top risks', 'Endpoints', 'Founder checklist']) {
      // Drawn by itself, not only once it is scrolled.
      await (await driver.view(title)).locator('.monaco-list-row').first().waitFor();
      const rows = await driver.treeRows(title);
      for (const row of rows) assert.notEqual(row.label.trim(), '', `a row of ${title} has no name for a screen reader`);
    }
    await picture(driver, 'sidebar-narrow');
    await driver.page.setViewportSize({ width: 800, height: 900 });
    const report = await driver.webview('Rescue');
    await until('the report to fit', () => report.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1'));
    await picture(driver, 'report-narrow-light');
    await driver.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('the report follows the theme, high contrast included', async () => {
    const { driver } = session;
    const background = async () => (await driver.webview('Rescue')).evaluate('getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color');
    const light = await background();
    await driver.setTheme('high-contrast');
    await until('the report to change', async () => (await background()) !== light);
    await picture(driver, 'report-high-contrast');
    await driver.setTheme('dark');
    await picture(driver, 'report-narrow-dark');
  });
});
