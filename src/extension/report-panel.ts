/** The report in a panel: the server renders the page, the policy lets in one script of ours and nothing else. */
import { randomBytes } from 'node:crypto';
import { Range, Uri, ViewColumn, window, workspace, type ExtensionContext, type WebviewPanel } from 'vscode';
import type { RescueClient } from './client';

const TYPE = 'vibeCodeRescue.report';

export class ReportPanel {
  private panel: WebviewPanel | null = null;
  private folder: string | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly client: RescueClient,
    private readonly failed: (what: string, error: unknown) => void,
  ) {}

  /** Comes back with the window. */
  restore(): void {
    this.context.subscriptions.push(
      window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: async (panel, state: unknown) => {
          this.adopt(panel);
          const folder = typeof state === 'object' && state !== null && 'folder' in state && typeof state.folder === 'string' ? state.folder : undefined;
          await this.fill(folder);
        },
      }),
    );
  }

  async show(folder?: string): Promise<void> {
    if (this.panel) this.panel.reveal(undefined, false);
    else this.adopt(window.createWebviewPanel(TYPE, 'Rescue report', ViewColumn.Active, {}));
    await this.fill(folder);
  }

  private adopt(panel: WebviewPanel): void {
    this.panel = panel;
    const icon = (theme: string): Uri => Uri.joinPath(this.context.extensionUri, 'media', `report-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, enableForms: false, enableCommandUris: false, localResourceRoots: [Uri.joinPath(this.context.extensionUri, 'media')] };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      void this.open(message).catch((error: unknown) => {
        this.failed('opening a place of the report', error);
      });
    });
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
  }

  private async fill(folder: string | undefined): Promise<void> {
    const { panel } = this;
    if (!panel) return;
    try {
      const nonce = randomBytes(16).toString('base64url');
      const scriptUri = panel.webview.asWebviewUri(Uri.joinPath(this.context.extensionUri, 'media', 'report.js')).toString();
      const answer = await this.client.report({ format: 'html', webview: { nonce, scriptUri }, ...(folder === undefined ? {} : { folder }) });
      if (this.panel !== panel) return;
      this.folder = answer.folder.uri;
      panel.title = `Rescue report: ${answer.folder.name}`;
      panel.webview.html = answer.text;
    } catch (error) {
      this.failed('the report', error);
      panel.webview.html = '<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"><title>Rescue report</title></head><body><p>The report could not be made. Run the rescue audit again; the log says what happened.</p></body></html>';
    }
  }

  /** A place of the report was clicked. What comes from the page is checked like anything from outside. */
  private async open(message: unknown): Promise<void> {
    if (typeof message !== 'object' || message === null || this.folder === undefined) return;
    const { file, line, column } = message as Record<string, unknown>;
    if (typeof file !== 'string' || file.startsWith('/') || file.includes('\\') || file.split('/').includes('..')) return;
    const at = { line: positive(line), column: positive(column) };
    const uri = Uri.joinPath(Uri.parse(this.folder), file);
    const document = await workspace.openTextDocument(uri);
    const range = new Range(at.line - 1, at.column - 1, at.line - 1, at.column - 1);
    await window.showTextDocument(document, { selection: range, viewColumn: ViewColumn.Beside, preview: true });
  }
}

function positive(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}
