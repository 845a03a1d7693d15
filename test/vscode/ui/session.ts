// One editor for the tests of a `describe`: opened before them, closed after them, photographed when one fails.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Editor, type EditorOptions, openEditor } from '../launch.js';
import { repo } from '../paths.js';
import type { Story } from '../story.js';
import { Driver } from './driver.js';

/** A story whose folders no other test uses. */
export function takeStory(): Story {
  const left = JSON.parse(process.env.RESCUE_STORIES ?? '[]') as string[];
  const file = left.shift();
  if (file === undefined) throw new Error('no story left: run.ts stages one for each describe');
  process.env.RESCUE_STORIES = JSON.stringify(left);
  return JSON.parse(readFileSync(file, 'utf8')) as Story;
}

export function productVsix(): string {
  const file = process.env.RESCUE_VSIX;
  if (!file) throw new Error('RESCUE_VSIX is not set: these tests are started by test/vscode/run.ts');
  return file;
}

/** Those that people see; the others are for whoever looks after the design. */
const shown = new Set(['editor-dark', 'editor-light', 'report-dark', 'report-light', 'quick-fix', 'sidebar-narrow']);

const wanted = process.env.RESCUE_SCREENSHOTS === '1';

/** Sharp enough for a README, small enough to load. */
export const scale = wanted ? 1.5 : 1;

/** Takes a picture when pictures are asked for; the test around it runs in any case. */
export async function picture(driver: Driver, name: string): Promise<void> {
  if (wanted) await driver.screenshot(join(repo, ...(shown.has(name) ? ['docs', 'images'] : ['.vscode-test', 'pictures']), `${name}.png`));
}

export interface Session {
  readonly editor: Editor;
  readonly driver: Driver;
}

export function useEditor(options: () => EditorOptions | Promise<EditorOptions>): Session {
  let editor: Editor | undefined;
  let driver: Driver | undefined;
  before(async function () {
    this.timeout(180_000);
    editor = await openEditor(await options());
    driver = new Driver(editor.page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor?.keepEvidence(this.currentTest.fullTitle());
  });
  after(async () => {
    await editor?.close();
  });
  const opened = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the editor is open only while tests run');
    return value;
  };
  return {
    get editor() {
      return opened(editor);
    },
    get driver() {
      return opened(driver);
    },
  };
}
