/** The language client: starts the server's process, starts it again when it crashes, speaks our own requests. */
import { commands, Uri, window, type CancellationToken, type Command, type Disposable, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, TransportKind, WorkDoneProgress, type ServerOptions } from 'vscode-languageclient/node';
import {
  METHODS, SECTION, SOURCE, type AcceptParams, type ActAnswer, type AnswerParams, type AuditAnswer, type EndpointsAnswer, type FixAllParams, type FixedParams,
  type FolderParams, type FounderAnswerList, type IgnoreParams, type ModelChanged, type NoteParams, type OverviewAnswer, type ReportAnswer, type ReportParams, type RisksAnswer, type SprintAnswer,
  type StatusParams, type TickParams,
} from '../server/protocol';
import { namesOnly } from './log';

const MAX_RESTARTS = 4;
/** Lightbulb entries that are looked at resolve too: as many as anybody looks at before choosing. */
const MAX_KEPT = 100;

export interface AuditProgress {
  report(percent: number | undefined, message: string | undefined): void;
}

export class RescueClient {
  private readonly client: LanguageClient;
  private tokens = 0;
  private oneShots = 0;
  private readonly kept: Disposable[] = [];
  onModelChanged: (change: ModelChanged) => void = () => undefined;
  onStatus: (status: StatusParams) => void = () => undefined;
  onState: (running: boolean) => void = () => undefined;

  constructor(context: ExtensionContext, log: LogOutputChannel) {
    const module = context.asAbsolutePath('dist/server.js');
    const server: ServerOptions = {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6041'] } },
    };
    this.client = new LanguageClient(SECTION, SOURCE, server, {
      // Secrets stand in every kind of text file; other schemes (git, output, search) are no files of the project.
      documentSelector: [{ scheme: 'file' }],
      diagnosticCollectionName: SECTION,
      outputChannel: log,
      traceOutputChannel: namesOnly(log),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      connectionOptions: { maxRestartCount: MAX_RESTARTS },
      initializationOptions: { cacheDir: Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'cache').fsPath },
      markdown: { isTrusted: false, supportHtml: false },
      middleware: {
        resolveCodeAction: async (item, token, next) => {
          const resolved = await next(item, token);
          if (resolved?.edit && resolved.command) resolved.command = this.withoutArguments(resolved.command);
          return resolved;
        },
      },
      initializationFailedHandler: (error) => {
        log.error(`The server could not start: ${String(error)}`);
        return false;
      },
    });
    this.client.onNotification(METHODS.modelChanged, (change: ModelChanged) => {
      this.onModelChanged(change);
    });
    this.client.onNotification(METHODS.status, (status: StatusParams) => {
      this.onStatus(status);
    });
    this.client.onDidChangeState(({ newState }) => {
      this.onState(newState === State.Running);
    });
  }

  /**
   * The editor keeps the arguments of a lightbulb's command only as long as the menu's list; the edit that runs first
   * makes a new list, and the command fails. A command of its own, which needs no arguments, outlives that.
   */
  private withoutArguments({ title, command, arguments: args = [] }: Command): Command {
    const id = `${command}.${++this.oneShots}`;
    this.kept.push(commands.registerCommand(id, () => commands.executeCommand(command, ...(args as unknown[]))));
    while (this.kept.length > MAX_KEPT) this.kept.shift()?.dispose();
    return { title, command: id };
  }

  get running(): boolean {
    return this.client.state === State.Running;
  }

  start(): Promise<void> {
    return this.client.start();
  }

  async restart(): Promise<void> {
    if (this.client.needsStart()) await this.client.start();
    else await this.client.restart();
  }

  async stop(): Promise<void> {
    this.kept.forEach((command) => void command.dispose());
    if (this.client.needsStop()) await this.client.stop();
  }

  async audit(progress: AuditProgress, cancel: CancellationToken): Promise<AuditAnswer> {
    const workDoneToken = `rescue-audit-${++this.tokens}`;
    const listener = this.client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'end') progress.report(value.percentage, value.message);
    });
    try {
      return await this.client.sendRequest<AuditAnswer>(METHODS.audit, { workDoneToken }, cancel);
    } finally {
      listener.dispose();
    }
  }

  overview = (): Promise<OverviewAnswer> => this.client.sendRequest(METHODS.overview, {});
  sprint = (params: FolderParams = {}): Promise<SprintAnswer> => this.client.sendRequest(METHODS.sprint, params);
  risks = (params: FolderParams = {}): Promise<RisksAnswer> => this.client.sendRequest(METHODS.risks, params);
  endpoints = (params: FolderParams = {}): Promise<EndpointsAnswer> => this.client.sendRequest(METHODS.endpoints, params);
  founder = (params: FolderParams = {}): Promise<FounderAnswerList> => this.client.sendRequest(METHODS.founder, params);
  answer = (params: AnswerParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.answer, params);
  report = (params: ReportParams): Promise<ReportAnswer> => this.client.sendRequest(METHODS.report, params);
  tick = (params: TickParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.tick, params);
  accept = (params: AcceptParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.accept, params);
  ignore = (params: IgnoreParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.ignore, params);
  fixAll = (params: FixAllParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.fixAll, params);
  fixed = (params: FixedParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.fixed, params);
  note = (params: NoteParams): Promise<ActAnswer> => this.client.sendRequest(METHODS.note, params);
}

/** Shows what an act led to; answers whether it worked. */
export async function showAnswer(answer: ActAnswer): Promise<boolean> {
  if (answer.message !== null) await (answer.ok ? window.showInformationMessage(answer.message) : window.showWarningMessage(answer.message));
  return answer.ok;
}
