/** Activation: client, views, status bar, commands. Knows the server's protocol and nothing of the engine. */
import { commands, window, type ExtensionContext } from 'vscode';
import { RescueClient, showAnswer } from './client';
import { registerCommands } from './commands';
import { createLog } from './log';
import { RescueView } from './provider';
import { ReportPanel } from './report-panel';
import { StatusBar } from './status-bar';
import { plural } from './tree';
import { endpointId, endpointTree } from './views/endpoints';
import { founderMessage, founderTree } from './views/founder';
import { riskMessage, riskTree } from './views/risks';
import { sprintMessage, sprintTree } from './views/sprint';
import type { OverviewAnswer, TickParams } from '../server/protocol';

let running: RescueClient | null = null;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = createLog();
  const failed = (what: string, error: unknown): void => {
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  const client = new RescueClient(context, log);
  running = client;
  const statusBar = new StatusBar();
  const panel = new ReportPanel(context, client, failed);
  panel.restore();

  const tick = async (params: TickParams): Promise<void> => {
    try {
      if (await showAnswer(await client.tick(params))) return;
    } catch (error) {
      failed('ticking', error);
    }
    sprint.redraw();
  };
  const sprint = new RescueView('vibeCodeRescue.sprint', tick);
  const risks = new RescueView('vibeCodeRescue.risks', tick);
  const endpoints = new RescueView('vibeCodeRescue.endpoints', tick);
  const founder = new RescueView('vibeCodeRescue.founder', tick);

  // The views ask for what they show; a change while they wait for an answer makes them ask once more, not many times.
  let asking = false;
  let again = false;
  const refresh = (): void => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    void load()
      .catch((error: unknown) => {
        if (client.running) failed('refreshing the views', error);
      })
      .finally(() => {
        asking = false;
        if (!again) return;
        again = false;
        refresh();
      });
  };
  const load = async (): Promise<void> => {
    if (!client.running) return;
    const overview = await client.overview();
    statusBar.setOverview(overview);
    const [s, r, e, f] = await Promise.all([client.sprint(), client.risks(), client.endpoints(), client.founder()]);
    const ready = overview.folders.length > 0;
    const riskNodes = riskTree(r);
    const endpointNodes = endpointTree(e);
    sprint.show({ nodes: sprintTree(s), message: sprintMessage(s), badge: badge(overview) });
    risks.show({ nodes: riskNodes, message: riskMessage(r) });
    endpoints.show({ nodes: endpointNodes });
    founder.show({ nodes: founderTree(f), message: founderMessage(f) });
    // A tree that is being filled counts as empty: "nothing found" is said only where that is so.
    for (const [key, value] of [['ready', ready], ['noRisks', ready && riskNodes.length === 0], ['noEndpoints', ready && endpointNodes.length === 0]] as const) {
      await commands.executeCommand('setContext', `vibeCodeRescue.${key}`, value);
    }
  };

  client.onModelChanged = refresh;
  client.onStatus = (status) => {
    statusBar.setStatus(status);
  };
  client.onState = (up) => {
    statusBar.setRunning(up);
    if (up) refresh();
  };

  context.subscriptions.push(
    log,
    statusBar,
    sprint,
    risks,
    endpoints,
    founder,
    ...registerCommands(
      context,
      client,
      panel,
      log,
      {
        revealEndpoint: async (folder, key) => {
          if (!(await endpoints.reveal(endpointId(folder, key)))) await commands.executeCommand('vibeCodeRescue.endpoints.focus');
        },
        refresh,
      },
      failed,
    ),
  );

  try {
    await client.start();
  } catch (error) {
    failed('starting the server', error);
    statusBar.setRunning(false);
    void window.showErrorMessage('Vibe Code Rescue could not start. The log says why.', 'Show log').then((choice) => {
      if (choice) log.show(true);
    });
  }
}

function badge(overview: OverviewAnswer): { value: number; tooltip: string } | undefined {
  const value = overview.folders.reduce((sum, folder) => sum + folder.counts.critical + folder.counts.high, 0);
  return value > 0 ? { value, tooltip: plural(value, 'serious finding') } : undefined;
}

export async function deactivate(): Promise<void> {
  await running?.stop();
  running = null;
}
