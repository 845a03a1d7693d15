// What a person does in the editor, with mouse and keyboard. Every step ends when its effect can be seen.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { type Theme, themes } from '../launch.js';
import { settled, until } from '../wait.js';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface TreeRow {
  /** What a screen reader says of the row. */
  readonly label: string;
  /** What is written in it. */
  readonly text: string;
  readonly level: number;
  readonly expanded: boolean | undefined;
  readonly checked: boolean | undefined;
}

const quickInput = '.quick-input-widget';
const lightbulb = '.action-widget:not(.action-list-submenu-panel)';

/** A row of a list itself, not the copy of its parent that sticks to the top. */
const drawn = '.monaco-list-rows > .monaco-list-row';

/** Entries of the status bar that exist only because this workbench runs in a browser. */
const onlyInBrowser = '#status\\.host, #status\\.forwardedPorts, #status\\.workbench\\.keyboardLayout { display: none !important; }';

export class Driver {
  constructor(readonly page: Page) {}

  /** Opens a file of the workspace by (the end of) its path, through Ctrl+P. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.pick('Control+p', path, (row) => row.includes(name));
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().locator('.view-lines').first().waitFor();
  }

  /** Runs a command of the palette: the row whose text contains `title`. */
  async runCommand(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, (row) => row.includes(title));
  }

  /** Titles that the palette offers for what is typed. */
  async paletteRows(typed: string): Promise<string[]> {
    await this.openQuickInput('F1');
    await this.page.locator(`${quickInput} input[type=text]`).first().fill(`>${typed}`);
    const rows = this.page.locator(`${quickInput} .monaco-list-row`);
    await rows.first().waitFor();
    const texts = await settled('the palette', () => rows.locator('.label-name').allInnerTexts());
    await this.closeQuickInput();
    return texts;
  }

  /** Clicks a row that asks something, until it asks: a busy workbench may drop a click. */
  async clickForChoice(view: string, label: string): Promise<void> {
    const row = this.page.locator(`${quickInput} .monaco-list-row`).first();
    await until(`the choices of ${label}`, async () => {
      if (await row.isVisible()) return true;
      await this.clickRow(view, label);
      return await row.waitFor({ timeout: 3_000 }).then(() => true, () => false);
    });
  }

  /** Picks an entry of the quick input that is open or about to open. */
  async choose(entry: string): Promise<void> {
    const row = this.page.locator(`${quickInput} .monaco-list-row`).filter({ hasText: entry }).first();
    await row.waitFor();
    await row.click();
    await this.page.locator(quickInput).waitFor({ state: 'hidden' });
  }

  private async closeQuickInput(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator(quickInput).waitFor({ state: 'hidden' });
  }

  private async openQuickInput(key: string): Promise<void> {
    const input = this.page.locator(`${quickInput} input[type=text]`).first();
    // A workbench that is still starting may drop a key; pressing it again does no harm.
    await until(`the quick input after ${key}`, async () => {
      if (await input.isVisible()) return true;
      await this.page.keyboard.press(key);
      return await input.waitFor({ timeout: 1_000 }).then(() => true, () => false);
    });
  }

  private async pick(key: string, typed: string, wanted: (row: string) => boolean): Promise<void> {
    const input = this.page.locator(`${quickInput} input[type=text]`).first();
    const rows = this.page.locator(`${quickInput} .monaco-list-row`);
    let seen: string[] = [];
    const find = async () => {
      if ((await input.inputValue()) !== typed) await input.fill(typed);
      seen = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent ?? ''));
      const index = seen.findIndex(wanted);
      return index < 0 ? undefined : index;
    };
    // The list is made when it is opened: what an extension adds later is there only when it is opened again.
    // While it fills its rows move, and a click misses.
    await until(`"${typed}" in the quick input`, async () => {
      await this.openQuickInput(key);
      const found = await until('the row', find, { timeout: 1_500 }).catch(() => undefined);
      if (found === undefined) await this.closeQuickInput();
      return found !== undefined && (await rows.nth(found).click({ timeout: 1_500 }).then(() => true, () => false));
    }, { timeout: 30_000, seen: () => seen });
    // What was picked may open a quick input of its own.
    await until('the quick input to close', async () => !(await input.isVisible()) || (await input.inputValue()) !== typed);
  }

  /** The editor that has the focus or is shown; its group is the active one. */
  editor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  }

  /** Puts the caret at a line (1-based) and column with Ctrl+G, as a person would who was told the place. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.openQuickInput('Control+g');
    await this.page.locator(`${quickInput} input[type=text]`).first().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator(quickInput).waitFor({ state: 'hidden' });
    await until(`the caret at ${line}:${column}`, async () => (await this.statusBar()).some((text) => text.startsWith(`Ln ${line}, Col ${column}`)), { seen: () => this.statusBar() });
  }

  /** Types, key by key, where the caret is. */
  async type(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.type(text);
  }

  /** At the very end of the file, on a line of its own. */
  async typeAtEnd(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.press('Enter');
    await this.page.keyboard.type(text);
  }

  async focusEditor(): Promise<void> {
    const editor = this.editor();
    if (await editor.evaluate((element) => element.classList.contains('focused'))) return;
    await this.page.keyboard.press('Control+1');
    await until('the focus in the editor', () => editor.evaluate((element) => element.classList.contains('focused')));
  }

  /** Takes the last change back; of one in several files, in all of them, as the editor then asks. */
  async undo(): Promise<void> {
    await this.focusEditor();
    const lines = this.editor().locator('.view-lines').first();
    const before = await lines.innerText();
    await this.page.keyboard.press('Control+z');
    const all = this.page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: /^Undo in \d+ Files/ });
    await until('the change to be taken back', async () => {
      if (await all.isVisible()) await all.click();
      return (await lines.innerText()) !== before;
    });
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await this.page.locator('.tabs-container .tab.active:not(.dirty)').waitFor();
  }

  /** Waits for a squiggle of this severity in the visible part of the active editor; says how many there are. */
  async waitForSquiggle(severity: Severity = 'error', timeout = 20_000): Promise<number> {
    const squiggles = this.editor().locator(`.squiggly-${severity}`);
    await squiggles.first().waitFor({ state: 'attached', timeout });
    return await squiggles.count();
  }

  async waitForNoSquiggle(severity: Severity = 'error', timeout = 20_000): Promise<void> {
    const squiggles = this.editor().locator(`.squiggly-${severity}`);
    await until(`no ${severity} squiggle`, async () => (await squiggles.count()) === 0, { timeout });
  }

  /** Opens the lightbulb's menu at the caret and says what it offers. */
  async lightbulbRows(): Promise<string[]> {
    await this.focusEditor();
    const rows = this.page.locator(`${lightbulb} .monaco-list-row.action`);
    await until('the lightbulb menu', async () => {
      if (await rows.first().isVisible()) return true;
      await this.page.keyboard.press('Control+.');
      return await rows.first().waitFor({ timeout: 2_000 }).then(() => true, () => false);
    });
    // The list grows while providers answer.
    const texts = await settled('the lightbulb menu', () => rows.allInnerTexts());
    return texts.map((text) => text.trim()).filter(Boolean);
  }

  /** Applies the quick fix at the caret whose title contains `title`, through the lightbulb; gives its full title. */
  async lightbulb(title: string | RegExp): Promise<string> {
    const rows = await this.lightbulbRows();
    const wanted = rows.find((row) => (typeof title === 'string' ? row.includes(title) : title.test(row)));
    if (wanted === undefined) throw new Error(`the lightbulb offers no "${title}" but: ${rows.join(' | ')}`);
    await this.page.locator(`${lightbulb} .monaco-list-row.action`).filter({ hasText: wanted }).first().click();
    await this.page.locator(lightbulb).waitFor({ state: 'hidden' });
    return wanted;
  }

  async closeLightbulb(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator(lightbulb).waitFor({ state: 'hidden' });
  }

  /** Shows the hover at the caret (Ctrl+K Ctrl+I) and says what stands in it, once it holds `containing`. */
  async hover(containing = ''): Promise<string> {
    await this.focusEditor();
    const hover = this.page.locator('.monaco-editor .monaco-hover:not(.hidden) .monaco-hover-content').first();
    let text = '';
    return await until(`a hover with "${containing}"`, async () => {
      if (!(await hover.isVisible())) {
        await this.page.keyboard.press('Control+k');
        await this.page.keyboard.press('Control+i');
        await hover.waitFor({ timeout: 2_000 }).catch(() => undefined); // looked at again below
      }
      text = (await hover.isVisible()) ? await hover.innerText() : '';
      return text !== '' && text.includes(containing) ? text : undefined;
    }, { seen: () => text });
  }

  /** The code lenses that are in view. */
  async codeLenses(): Promise<string[]> {
    const lenses = this.editor().locator('.codelens-decoration');
    await lenses.first().waitFor();
    return await lenses.allInnerTexts();
  }

  /** Opens a view container by the name its icon in the activity bar begins with. */
  async openSidebar(name: string): Promise<void> {
    const icon = this.page.locator(`.activitybar a.action-label[aria-label^="${name}"]`).first();
    await icon.waitFor();
    const item = this.page.locator(`.activitybar .action-item:has(a.action-label[aria-label^="${name}"])`).first();
    if (!(await item.evaluate((element) => element.classList.contains('checked')))) await icon.click({ force: true }); // a badge may lie over it
    await this.sidebar().locator('.composite.title, .pane-header').first().waitFor();
    await until(`the side bar of ${name}`, () => item.evaluate((element) => element.classList.contains('checked')));
  }

  sidebar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** One view of the side bar, opened when it is folded. */
  async view(title: string): Promise<Locator> {
    const pane = this.sidebar().locator(`.pane:has(> .pane-header[aria-label^="${title}" i])`).first();
    const header = pane.locator('> .pane-header');
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    await until(`the view ${title} to open`, async () => (await header.getAttribute('aria-expanded')) !== 'false');
    return pane;
  }

  /** Folds a view of the side bar: the others get its room. */
  async foldView(title: string): Promise<void> {
    const header = (await this.view(title)).locator('> .pane-header');
    await header.click();
    await until(`the view ${title} to fold`, async () => (await header.getAttribute('aria-expanded')) === 'false');
  }

  /** All rows of a view, folded ones aside. A tree draws only what is in sight: it is scrolled through. */
  async treeRows(title: string): Promise<TreeRow[]> {
    const rows = new Map<number, TreeRow>();
    await this.scrollThrough(title, async (list) => {
      for (const { index, ...row } of await drawnRows(list)) rows.set(index, row);
      return false;
    });
    await this.scrollThrough(title, () => Promise.resolve(true)); // back to the top
    return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  /** Shows a view's list screen by screen, from the top, until `look` answers true or the end is reached. */
  private async scrollThrough(title: string, look: (list: Locator) => Promise<boolean>): Promise<boolean> {
    const list = (await this.view(title)).locator('.monaco-list').first();
    const box = (await list.isVisible()) ? await list.boundingBox() : null;
    if (!box) return false; // a view without rows shows its welcome instead
    const indexes = () => list.locator(drawn).evaluateAll((rows) => rows.map((row) => row.getAttribute('data-index')).join());
    const wheel = async (pixels: number) => {
      const before = await indexes();
      // To the list itself: what lies over it (a tooltip, a message) would swallow the mouse's.
      await list.locator('> .monaco-scrollable-element').dispatchEvent('wheel', { deltaY: pixels, wheelDeltaY: -pixels, bubbles: true, cancelable: true });
      // Drawn in the next frames, if there is anything to draw: at the end of the list nothing changes.
      return await until('the list to scroll', async () => (await indexes()) !== before, { timeout: 250 }).catch(() => false);
    };
    if (!(await list.locator(`${drawn}[data-index="0"]`).isVisible())) await wheel(-100_000);
    do {
      if (await look(list)) return true;
    } while (await wheel(Math.max(22, box.height - 44)));
    return false;
  }

  /** Brings the first row with this text into sight. */
  private async row(title: string, text: string): Promise<Locator> {
    let found: Locator | undefined;
    await until(`a row "${text}" in ${title}`, () => this.scrollThrough(title, async (list) => {
      const candidate = list.locator(drawn).filter({ hasText: text }).first();
      if ((await candidate.count()) === 0) return false;
      found = candidate;
      return true;
    }));
    if (!found) throw new Error(`no row "${text}" in ${title}`);
    await found.scrollIntoViewIfNeeded();
    return found;
  }

  /** Waits until a view has a row that satisfies `wanted`. */
  async waitForRow(title: string, wanted: (row: TreeRow) => boolean, timeout = 20_000): Promise<TreeRow> {
    let rows: TreeRow[] = [];
    return await until(`a row of ${title}`, async () => {
      rows = await this.treeRows(title);
      return rows.find(wanted);
    }, { timeout, seen: () => rows.map((row) => row.label) });
  }

  async clickRow(title: string, text: string): Promise<void> {
    await (await this.row(title, text)).click();
  }

  /** Opens a row that has others below it; again, where the tree was drawn anew under the click and forgot it. */
  async expandRow(title: string, text: string): Promise<void> {
    let seenOpen = 0;
    await until(`${text} to open, and to stay open`, async () => {
      const row = await this.row(title, text);
      if ((await row.getAttribute('aria-expanded')) === 'true') return ++seenOpen >= 3;
      seenOpen = 0;
      await row.locator('.monaco-tl-twistie').click();
      return false;
    });
  }

  /** Ticks or unticks the box of a row. */
  async toggleRow(title: string, text: string): Promise<void> {
    await (await this.row(title, text)).locator('.custom-view-tree-node-item-checkbox').click();
  }

  /** What a view says when it is empty. */
  async welcome(title: string): Promise<string> {
    const content = (await this.view(title)).locator('.welcome-view-content');
    await content.waitFor();
    return await content.innerText();
  }

  /** The document inside the webview of the tab with this title. */
  async webview(tabTitle: string, timeout = 30_000): Promise<Frame> {
    await this.page.locator(`.tabs-container .tab.active:has-text("${tabTitle}")`).waitFor({ timeout });
    return await until(`the webview "${tabTitle}"`, async () => {
      for (const outer of await this.page.locator('iframe.webview.ready').all()) {
        if (!(await outer.isVisible())) continue;
        const frame = await (await outer.elementHandle())?.contentFrame();
        const inner = await (await frame?.$('iframe#active-frame'))?.contentFrame();
        if (inner && (await inner.evaluate('document.readyState === "complete" && document.body !== null && document.body.innerText.trim() !== ""'))) return inner;
      }
      return undefined;
    }, { timeout });
  }

  async statusBar(): Promise<string[]> {
    return (await this.page.locator('.statusbar-item:visible').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  async notifications(): Promise<string[]> {
    return await this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }

  async closeNotifications(): Promise<void> {
    if ((await this.page.locator('.notification-toast').count()) > 0) await this.runCommand('Notifications: Clear All Notifications');
    await until('no notification', async () => (await this.page.locator('.notification-toast').count()) === 0);
  }

  /** Presses a button of a notification or of a modal dialog. */
  async press(button: string): Promise<void> {
    await this.page.locator('.notification-toast .monaco-button, .monaco-dialog-box .monaco-button').filter({ hasText: button }).first().click();
  }

  async closeAllEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await until('no open editor', async () => (await this.page.locator('.tabs-container .tab').count()) === 0);
  }

  /** Rows of the Problems panel, as a screen reader says them, that match a filter (a text, a file name, a rule id). */
  async problems(filter: string): Promise<string[]> {
    const panel = this.page.locator('.markers-panel-container');
    if (!(await panel.isVisible())) await this.runCommand('Problems: Focus on Problems View');
    await panel.waitFor();
    const input = this.page.locator('.part.panel .viewpane-filter input').first();
    if ((await input.inputValue()) !== filter) await input.fill(filter);
    const rows = panel.locator('.monaco-list-row');
    const read = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    // The panel filters a moment after the last key.
    return await settled('the Problems panel', read, { still: 450 });
  }

  async closePanel(): Promise<void> {
    if (await this.page.locator('.part.panel').isVisible()) await this.runCommand('View: Hide Panel');
    await this.page.locator('.part.panel').waitFor({ state: 'hidden' });
  }

  /** Drags the edge of the side bar to a width. */
  async sidebarWidth(width: number): Promise<void> {
    const box = await this.sidebar().boundingBox();
    if (!box) throw new Error('the side bar is not shown');
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, y, { steps: 5 });
    await this.page.mouse.up();
    await this.page.mouse.move(box.x + width + 300, y);
    await until(`the side bar to be about ${width} wide`, async () => Math.abs(((await this.sidebar().boundingBox())?.width ?? 0) - width) < 40);
  }

  /** Changes the colour theme while the editor runs, through its own picker. */
  async setTheme(theme: Theme): Promise<void> {
    const label = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    const rows = this.page.locator(`${quickInput} .monaco-list-row`);
    await rows.first().waitFor();
    await this.page.locator(`${quickInput} input[type=text]`).first().fill(label);
    await rows.filter({ hasText: label }).first().click();
    await this.page.locator(quickInput).waitFor({ state: 'hidden' });
    const name = theme === 'high-contrast' ? 'hc-black' : theme === 'light' ? 'vs' : 'vs-dark';
    await this.page.locator(`.monaco-workbench.${name}`).waitFor();
  }

  async screenshot(path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    // Over nothing that lights up.
    await this.page.mouse.move(350, 4);
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide', style: onlyInBrowser });
  }
}

async function drawnRows(list: Locator): Promise<(TreeRow & { index: number })[]> {
  return await list.locator(drawn).evaluateAll((rows) =>
    rows.map((row) => {
      const box = row.querySelector('.custom-view-tree-node-item-checkbox');
      return {
        index: Number(row.getAttribute('data-index') ?? 0),
        label: row.getAttribute('aria-label') ?? '',
        text: row.querySelector('.monaco-icon-label-container, .label-name')?.textContent ?? row.textContent ?? '',
        level: Number(row.getAttribute('aria-level') ?? 1),
        expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
        checked: box ? box.classList.contains('checked') : undefined,
      };
    }),
  );
}
