/** Wires LSP and our own requests to the parts. Every handler answers or fails by itself; none takes the server down. */
import { dirname } from 'node:path';
import {
  CodeLensRefreshRequest, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, ErrorCodes, ResponseError, WatchKind,
  type CancellationToken, type Connection, type InitializeParams, type InitializeResult, type WorkspaceEdit, type WorkspaceFolder,
} from 'vscode-languageserver/node';
import { parseSettings } from '../config/config';
import { accept, answer, fixed, ignoreEdit, tick } from './acts';
import { Analysis } from './analysis';
import { audit } from './audit';
import { CodeActions } from './code-actions';
import { Diagnostics } from './diagnostics';
import { Documents, SYNC } from './documents';
import { hover } from './hover';
import { lenses } from './lenses';
import type { ServerHost } from './host';
import { connectionLog } from './log';
import { writeNote } from './note';
import { checked, PARAMS } from './params';
import { uriOf } from './places';
import { METHODS, SECTION, type ActAnswer, type EndpointsAnswer, type FolderRef, type FounderAnswerList, type OverviewAnswer, type ReportAnswer, type RisksAnswer, type SprintAnswer, type TimingAnswer } from './protocol';
import { render } from './render';
import { Timing } from './timing';
import { Views } from './views';
import { Folders, type Folder } from './workspace-folders';

export function startServer(connection: Connection, host: ServerHost): void {
  const log = connectionLog(connection);
  const documents = new Documents();
  const folders = new Folders(host);
  const views = new Views(host);
  const timing = new Timing();
  const ruleIds = host.rules.map((rule) => rule.meta.id);
  const diagnostics = new Diagnostics(connection, views.quietRules);
  const analysis = new Analysis(connection, documents, folders, diagnostics, timing, log);
  const actions = new CodeActions(documents, folders, analysis, diagnostics);
  let client: InitializeParams['capabilities'] = {};
  let initial: readonly WorkspaceFolder[] = [];

  /** One failing request is logged and answered with an error; the others go on. */
  const safe = <P, R>(what: string, work: (params: P, token: CancellationToken) => R | Promise<R>) => async (params: P, token: CancellationToken): Promise<R> => {
    try {
      return await work(params, token);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      analysis.failed(what, error);
      throw new ResponseError(ErrorCodes.InternalError, `${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const chosen = (uri: string | undefined): readonly Folder[] => {
    if (uri === undefined) return folders.all();
    const folder = folders.byUri(uri);
    if (!folder) throw new ResponseError(ErrorCodes.InvalidParams, 'folder: not a folder of this workspace');
    return [folder];
  };
  const one = (uri: string): Folder => {
    const folder = chosen(uri)[0];
    if (!folder) throw new ResponseError(ErrorCodes.InvalidParams, 'folder: not a folder of this workspace');
    return folder;
  };

  const readFolderSettings = async (folder: Folder): Promise<void> => {
    const raw: unknown = client.workspace?.configuration ? await connection.workspace.getConfiguration({ section: SECTION, scopeUri: folder.uri }) : undefined;
    const { settings, problems } = parseSettings(raw, ruleIds);
    for (const problem of problems) log.warn(problem);
    folder.setSettings(settings);
  };

  const addFolder = async (folder: Folder): Promise<void> => {
    await readFolderSettings(folder);
    if (!folder.signal.aborted) await analysis.load(folder);
  };

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    initial = params.workspaceFolders ?? [];
    const options = PARAMS.initializationOptions.parse(params.initializationOptions ?? {});
    folders.setCacheDir(options.cacheDir ?? null);
    return {
      capabilities: {
        textDocumentSync: SYNC,
        codeActionProvider: { codeActionKinds: ['quickfix'], resolveProvider: true },
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'vibe-code-rescue', version: host.version },
    };
  });

  connection.onInitialized(() => {
    void start().catch((error: unknown) => analysis.failed('starting', error));
  });

  async function start(): Promise<void> {
    // First: a document that is opened now must find its folder.
    openFolders(initial);
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders((event) => {
        for (const { uri } of event.removed) {
          const folder = folders.remove(uri);
          if (folder) analysis.removeFolder(folder);
        }
        openFolders(event.added);
      });
    }
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*', kind: WatchKind.Create | WatchKind.Change | WatchKind.Delete }] });
    }
  }

  function openFolders(list: readonly WorkspaceFolder[]): void {
    const added = list.map(({ uri, name }) => folders.add(uri, name)).filter((folder) => folder !== null);
    // Documents that were opened before their folder were judged alone until now.
    for (const document of documents.all()) {
      const loose = folders.byUri(document.uri);
      if (!loose?.loose || !added.some((folder) => folders.find(document.uri)?.folder === folder)) continue;
      folders.removeLoose(document.uri);
      analysis.opened(document);
    }
    for (const folder of added) void addFolder(folder).catch((error: unknown) => analysis.failed(`opening ${folder.name}`, error));
    if (added.length === 0) analysis.settled();
  }

  documents.listen(connection, analysis);
  connection.onDidChangeWatchedFiles(({ changes }) => analysis.filesChanged(changes));
  connection.onDidChangeConfiguration(() => {
    void Promise.all(folders.everything().map(readFolderSettings))
      .then(() => {
        analysis.settingsChanged();
      })
      .catch((error: unknown) => analysis.failed('reading the settings', error));
  });

  analysis.onSettled = () => {
    if (client.workspace?.codeLens?.refreshSupport) void connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => log.failure('refreshing code lenses', error));
  };

  analysis.onLoaded = (folder) => {
    folder.outerGitIndex = folder.disk.outerGitIndex();
    if (folder.outerGitIndex === null || !client.workspace?.didChangeWatchedFiles?.relativePatternSupport) return;
    const watchers = [{ globPattern: { baseUri: uriOf(dirname(folder.outerGitIndex)), pattern: 'index' } }];
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers })
      .then((registered) => {
        const stop = (): void => registered.dispose();
        if (folder.signal.aborted) stop();
        else folder.signal.addEventListener('abort', stop, { once: true });
      })
      .catch((error: unknown) => log.failure('watching git’s index', error));
  };

  analysis.onLoose = (folder) => {
    void readFolderSettings(folder).then(() => analysis.settingsChanged(folder)).catch((error: unknown) => analysis.failed('reading the settings', error));
  };

  connection.onCodeAction(safe('listing fixes', (params) => actions.list(params)));
  connection.onCodeActionResolve(safe('computing the fix', (action) => actions.resolve(action)));
  connection.onHover(safe('hover', ({ textDocument, position }) => hover(analysis, diagnostics, textDocument.uri, position)));
  connection.onCodeLens(safe('code lenses', ({ textDocument }) => lenses(analysis, textDocument.uri)));

  // ---------------------------------------------------------------------------------------------- our own requests

  connection.onRequest(METHODS.audit, safe('audit', async (raw: unknown, token) => {
    const params = checked(PARAMS.audit, raw);
    const progress = connection.window.attachWorkDoneProgress(params.workDoneToken);
    return audit(chosen(params.folder), views, documents, analysis, progress, token);
  }));

  const perFolder = async <T>(raw: unknown, make: (folder: Folder, report: NonNullable<Awaited<ReturnType<Views['report']>>>) => T): Promise<T[]> => {
    const answers: T[] = [];
    for (const folder of chosen(checked(PARAMS.folder, raw).folder)) {
      if (!folder.ready) continue;
      const report = await views.report(folder);
      if (report) answers.push(make(folder, report));
    }
    return answers;
  };
  connection.onRequest(METHODS.overview, safe('overview', async (raw: unknown): Promise<OverviewAnswer> => ({
    revision: analysis.currentRevision, state: analysis.state(), folders: await perFolder(raw, (folder, report) => views.summary(folder, report)),
  })));
  connection.onRequest(METHODS.sprint, safe('sprint', async (raw: unknown): Promise<SprintAnswer> => ({
    revision: analysis.currentRevision, folders: await perFolder(raw, (folder, report) => views.sprint(folder, report)),
  })));
  connection.onRequest(METHODS.risks, safe('top risks', async (raw: unknown): Promise<RisksAnswer> => ({
    revision: analysis.currentRevision, folders: await perFolder(raw, (folder, report) => views.risks(folder, report)),
  })));
  connection.onRequest(METHODS.endpoints, safe('endpoints', async (raw: unknown): Promise<EndpointsAnswer> => ({
    revision: analysis.currentRevision, folders: await perFolder(raw, (folder, report) => views.endpoints(folder, report)),
  })));

  connection.onRequest(METHODS.founder, safe('founder checklist', async (raw: unknown): Promise<FounderAnswerList> => ({
    revision: analysis.currentRevision, folders: await perFolder(raw, (folder, report) => views.founder(folder, report)),
  })));

  connection.onRequest(METHODS.report, safe('report', async (raw: unknown): Promise<ReportAnswer> => {
    const params = checked(PARAMS.report, raw);
    const folder = chosen(params.folder)[0];
    if (!folder) throw new ResponseError(ErrorCodes.InvalidRequest, 'Open a folder first.');
    await folder.whenReady;
    const report = await views.report(folder);
    if (!report) throw new ResponseError(ErrorCodes.InvalidRequest, 'The folder was closed.');
    const ref: FolderRef = { uri: folder.uri, name: folder.name };
    return { ...render(report, params), folder: ref };
  }));

  const acted = async (folder: Folder, outcome: ActAnswer): Promise<ActAnswer> => {
    if (outcome.ok) {
      folder.touched([]);
      analysis.settled();
    }
    return outcome;
  };
  const noFinding: ActAnswer = { ok: false, message: 'This is no longer a finding: the code has changed.' };
  const findingOf = async (folder: Folder, fingerprint: string) => (await folder.audit())?.findings.find((f) => f.fingerprint === fingerprint) ?? null;

  connection.onRequest(METHODS.tick, safe('tick', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.tick, raw);
    const folder = one(params.folder);
    return acted(folder, await tick(folder, params));
  }));
  connection.onRequest(METHODS.answer, safe('answering', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.answer, raw);
    const folder = one(params.folder);
    return acted(folder, await answer(folder, params));
  }));
  connection.onRequest(METHODS.accept, safe('accept', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.accept, raw);
    const folder = one(params.folder);
    const finding = await findingOf(folder, params.fingerprint);
    return finding ? acted(folder, await accept(folder, finding, params)) : noFinding;
  }));
  connection.onRequest(METHODS.fixed, safe('checklist', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.fixed, raw);
    const folder = one(params.folder);
    const finding = actions.resolved.get(params.fingerprint);
    return finding && !folder.loose ? acted(folder, await fixed(folder, finding)) : { ok: true, message: null };
  }));
  connection.onRequest(METHODS.ignore, safe('ignore', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.ignore, raw);
    const folder = one(params.folder);
    const finding = await findingOf(folder, params.fingerprint);
    if (!finding) return noFinding;
    const ignored = ignoreEdit(folder, documents, finding, params.reason);
    return ignored.ok ? apply('Ignore with a reason', ignored.edit) : { ok: false, message: ignored.message };
  }));
  connection.onRequest(METHODS.fixAll, safe('fix all', async (raw: unknown): Promise<ActAnswer> => {
    const params = checked(PARAMS.fixAll, raw);
    const folder = one(params.folder);
    const result = await actions.wholeWorkspace(folder, params.ruleId);
    if (!result.ok) return { ok: false, message: result.message };
    const outcome = await apply(result.fix.title, result.edit);
    if (!outcome.ok) return outcome;
    let left = result.fix.manual;
    for (const finding of result.moved) {
      const kept = await acted(folder, await fixed(folder, finding));
      if (left.length === 0 && kept.message !== null) left = [kept.message];
    }
    return { ok: true, message: left.length > 0 ? `Left for you: ${left.join(' ')}` : null };
  }));
  connection.onRequest(METHODS.note, safe('note', async (raw: unknown): Promise<ActAnswer> => {
    return writeNote(one(checked(PARAMS.note, raw).folder), documents, apply);
  }));
  connection.onRequest(METHODS.timing, safe('timing', (): TimingAnswer => ({ samples: timing.samples() })));

  async function apply(label: string, edit: WorkspaceEdit): Promise<ActAnswer> {
    const { applied, failureReason } = await connection.workspace.applyEdit({ label, edit });
    return applied ? { ok: true, message: null } : { ok: false, message: failureReason ?? 'Nothing was changed.' };
  }

  connection.onShutdown(() => {
    for (const folder of folders.everything()) folder.dispose();
  });
  connection.listen();
}
