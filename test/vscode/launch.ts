// Opens a real VS Code workbench on a folder, with the given extensions installed from their VSIX files, and
// closes all of it again.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { type Installed, ensureInstalled } from './installed.js';
import { failures } from './paths.js';
import { type Dirs, type Server, installExtensions, makeDirs, startServer } from './server.js';
import { within } from './wait.js';

export type Theme = 'dark' | 'light' | 'high-contrast';

export const themes: Record<Theme, string> = { dark: 'Dark Modern', light: 'Light Modern', 'high-contrast': 'Default High Contrast' };

export interface EditorOptions {
  /** Packed extensions, installed as a user installs them. */
  vsix: readonly string[];
  /** Absolute path of the folder to open. */
  folder?: string;
  /** Absolute path of a .code-workspace file, instead of a folder. */
  workspaceFile?: string;
  /** False opens it in Restricted Mode. */
  trust?: boolean;
  settings?: Record<string, unknown>;
  theme?: Theme;
  viewport?: { width: number; height: number };
  /** Device pixels a CSS pixel: 2 for pictures that are shown to people. */
  scale?: number;
  /** Extensions (ids) whose output channels write everything down, trace included. */
  loud?: readonly string[];
  /** Added to the environment of the extension host. */
  env?: Record<string, string>;
}

export interface Editor {
  readonly page: Page;
  readonly dirs: Dirs;
  /** What the server printed. */
  serverLog(): string;
  /** What the workbench wrote to the browser's console. */
  consoleLog(): string;
  /** Leaves a picture and the logs under .vscode-test/failures; never throws. */
  keepEvidence(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Nothing that opens by itself, nothing that moves, nothing that calls home, and no helper that types along. */
const quiet: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.tree.enableStickyScroll': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  // A tooltip under the mouse swallows the wheel that scrolls a list.
  'workbench.hover.delay': 60_000,
  'workbench.editor.enablePreview': false,
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'terminal.integrated.initialHint': false,
  'security.workspace.trust.banner': 'never',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'editor.parameterHints.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.wordBasedSuggestions': 'off',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'typescript.validate.enable': false,
  'javascript.validate.enable': false,
  'typescript.suggestionActions.enabled': false,
  'javascript.suggestionActions.enabled': false,
};

export function settingsFor(options: { settings?: Record<string, unknown>; theme?: Theme }): Record<string, unknown> {
  return { ...quiet, 'workbench.colorTheme': themes[options.theme ?? 'dark'], ...options.settings };
}

// Fastest and least odd of those tried.
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

async function launchBrowser(installed: Installed, dirs: Dirs): Promise<Browser> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return await chromium.launch({
    executablePath: installed.chromium,
    args: flags,
    env: { ...Object.fromEntries(inherited), ...installed.chromiumEnv, FONTCONFIG_FILE: installed.fontConfig, HOME: dirs.home, TMPDIR: dirs.tmp },
  });
}

const roots = new Set<string>();

// What is still open when the process ends was cut off by a deadline; the server's processes are ended in server.ts.
process.on('exit', () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

export async function openEditor(options: EditorOptions): Promise<Editor> {
  const installed = await ensureInstalled();
  // Short: a socket's path may have 107 characters at most.
  const dirs = makeDirs(mkdtempSync(join(tmpdir(), 'vcr-')));
  roots.add(dirs.root);
  let server: Server | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close().catch((error: unknown) => process.stderr.write(`[editor] the browser was gone before it was closed: ${String(error)}\n`));
    await server?.stop();
    rmSync(dirs.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    roots.delete(dirs.root);
  };
  try {
    writeFileSync(join(dirs.user, 'User', 'settings.json'), JSON.stringify(settingsFor(options), null, 2));
    await installExtensions(installed, dirs, options.vsix);
    [server, browser] = await Promise.all([startServer(installed, dirs, { trust: options.trust ?? true, env: options.env }), launchBrowser(installed, dirs)]);
    const started = server;
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1440, height: 900 }, deviceScaleFactor: options.scale ?? 1 });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const lines: string[] = [];
    page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`pageerror: ${error.message}`));
    const query = new URLSearchParams(options.workspaceFile ? { workspace: options.workspaceFile } : { folder: options.folder ?? '' });
    if (options.loud) query.set('payload', JSON.stringify([['logLevel', options.loud.map((id) => `${id}=trace`).join(',')]]));
    await page.goto(`http://127.0.0.1:${started.port}/?${query.toString()}`);
    await page.locator('.activitybar a.action-label').first().waitFor({ timeout: 60_000 });
    return {
      page,
      dirs,
      serverLog: () => started.log(),
      consoleLog: () => lines.join('\n'),
      keepEvidence: (name) => keepEvidence(name, { page, context, dirs, text: () => `${started.log()}\n--- console\n${lines.join('\n')}\n` }),
      close,
    };
  } catch (error) {
    const log = server?.log() ?? '';
    await close();
    throw new Error(`the editor did not open: ${error instanceof Error ? error.message : String(error)}\n${log.slice(-2000)}`, { cause: error });
  }
}

async function keepEvidence(name: string, from: { page: Page; context: BrowserContext; dirs: Dirs; text: () => string }): Promise<void> {
  const folder = join(failures, name.replace(/[^\w.-]+/g, '-').slice(0, 100));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'editor.log'), from.text());
    const logs = join(from.dirs.user, 'logs');
    if (existsSync(logs)) cpSync(logs, join(folder, 'logs'), { recursive: true });
    await within(10_000, 'the picture', from.page.screenshot({ path: join(folder, 'screen.png') }));
  } catch (error) {
    process.stderr.write(`[editor] could not keep all evidence of "${name}": ${String(error)}\n`);
  }
}

/** Opens an editor, uses it, and closes it whatever happens. A failure leaves a picture and logs behind. */
export async function withEditor<T>(options: EditorOptions & { deadline?: number; name?: string }, use: (editor: Editor) => Promise<T>): Promise<T> {
  const editor = await openEditor(options);
  try {
    return await within(options.deadline ?? 180_000, options.name ?? 'the work in the editor', use(editor));
  } catch (error) {
    await editor.keepEvidence(options.name ?? 'editor');
    throw error;
  } finally {
    await editor.close();
  }
}
