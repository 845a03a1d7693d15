/** The risk score at the bottom: always there, never shouting. */
import { MarkdownString, StatusBarAlignment, window, type Disposable } from 'vscode';
import type { OverviewAnswer, StatusParams } from '../server/protocol';
import { statusLook } from './status-look';

export class StatusBar implements Disposable {
  private readonly item = window.createStatusBarItem('vibeCodeRescue.score', StatusBarAlignment.Left, 0);
  private overview: OverviewAnswer | null = null;
  private status: StatusParams | null = null;
  private running = false;

  constructor() {
    this.item.name = 'Vibe Code Rescue: risk score';
    this.draw();
    this.item.show();
  }

  setRunning(running: boolean): void {
    this.running = running;
    this.draw();
  }

  setStatus(status: StatusParams): void {
    this.status = status;
    this.draw();
  }

  setOverview(overview: OverviewAnswer | null): void {
    this.overview = overview;
    this.draw();
  }

  private draw(): void {
    const look = statusLook(this.running, this.status, this.overview);
    this.item.text = look.text;
    this.item.command = look.command;
    this.item.accessibilityInformation = { label: look.spoken };
    const tooltip = new MarkdownString(look.tooltip, true);
    tooltip.isTrusted = { enabledCommands: ['vibeCodeRescue.runAudit', 'vibeCodeRescue.showLog', 'vibeCodeRescue.restartServer'] };
    this.item.tooltip = tooltip;
  }

  dispose(): void {
    this.item.dispose();
  }
}
