// Ticks that come and go with the evidence.
import assert from 'node:assert';
import type { Story } from '../story.js';
import type { TreeRow } from './driver.js';
import { picture, productVsix, takeStory, useEditor } from './session.js';

describe('the checklist', () => {
  let story: Story;
  const session = useEditor(() => {
    story = takeStory();
    return { vsix: [productVsix()], folder: story.tiny, theme: 'dark' };
  });
  const items = ['Open endpoints', 'Input validation'];
  const is = (title: string, state: RegExp) => (row: TreeRow) => row.label.includes(title) && state.test(row.label);
  const done = /, done\b/;
  const open = /, \d+ (findings?|places? to look at)\b/;

  /** The items' days; a draft of the tree that comes late may fold them. */
  const unfold = async (): Promise<void> => {
    for (const day of ['Day 2', 'Day 3', 'Day 4']) await session.driver.expandRow('Sprint', day);
  };

  it('what nobody has checked is never green', async () => {
    const { driver } = session;
    await driver.runCommand('Vibe Code Rescue: Run rescue audit');
    await driver.webview('Rescue', 60_000);
    await driver.openSidebar('Vibe Code Rescue');
    await unfold();
    const row = await driver.waitForRow('Sprint', (candidate) => candidate.label.includes('Indexes'));
    assert.match(row.label, /not checked/i);
  });

  it('guarded and validated: both items are ticked', async () => {
    await unfold();
    for (const title of items) await session.driver.waitForRow('Sprint', (row) => row.level > 1 && is(title, done)(row));
    await picture(session.driver, 'sprint-ticked');
  });

  it('a question only a person can answer is answered with a click, and taken back', async () => {
    const { driver } = session;
    const answered = (words: string) => driver.waitForRow('Founder checklist', (row) => row.label.startsWith('Question 10:') && row.label.includes(words));
    await answered('not answered');
    await driver.clickForChoice('Founder checklist', 'Would a bad deploy hurt?');
    await driver.choose('No');
    await answered('? No');
    await driver.clickForChoice('Founder checklist', 'Would a bad deploy hurt?');
    await driver.choose('Take the answer back');
    await answered('not answered');
    await driver.foldView('Founder checklist');
  });

  it('they untick while an open, unvalidated route is being typed, and tick again when it is gone', async () => {
    const { driver } = session;
    await driver.openFile('src/server.ts');
    await driver.typeAtEnd("app.post('/refunds', async (req, res) => { res.json(await db.refund.create({ data: req.body })); });");
    await driver.waitForSquiggle('error');
    await driver.openSidebar('Vibe Code Rescue');
    await unfold();
    for (const title of items) await driver.waitForRow('Sprint', (row) => row.level > 1 && is(title, open)(row) && !done.test(row.label));
    await picture(driver, 'sprint-unticked');
    await driver.runCommand('File: Revert File');
    await driver.waitForNoSquiggle('error');
    for (const title of items) await driver.waitForRow('Sprint', (row) => row.level > 1 && is(title, done)(row));
  });
});
