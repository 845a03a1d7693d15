/** Drives the real server over JSON-RPC: real session, real disk (a temporary folder), rules made for the test. No editor. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { createConnection, type ApplyWorkspaceEditParams, type CodeAction, type Diagnostic, type InitializeResult, type PublishDiagnosticsParams, type RegistrationParams, type TextDocumentEdit, type WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { defineRule, type AnyRule, type CheckContext, type FileFacts, type ProjectModel, type RelPath, type Span } from '../../src/engine';
import { diskHost } from '../../src/server/disk-host';
import type { ServerHost } from '../../src/server/host';
import { METHODS, type StatusParams } from '../../src/server/protocol';
import { startServer } from '../../src/server/server';

// ------------------------------------------------------------------------------------------------ rules

/** Top-level calls `name()` of a script. */
function callsOf(file: FileFacts | undefined, name: string): Span[] {
  const body = file?.script?.functions[0]?.body ?? [];
  return body.flatMap((s) => (s.k === 'expr' && s.x.k === 'call' && s.x.fn.k === 'ref' && s.x.fn.name === name ? [{ start: s.x.s, end: s.x.e }] : []));
}

const base = { businessImpact: 'Customers <b>leave</b>.', why: '', effort: 'minutes', cwe: [], owasp: [], bad: {}, good: {}, since: '0.1.0' } as const;

export const danger = defineRule({
  meta: { ...base, id: 'error/danger', item: 'errors', category: 'error-unhandled', severity: 'high', title: 'Dangerous call', messages: { found: 'danger() is called.' } },
  on: 'file',
  check(file, ctx) {
    for (const span of callsOf(file, 'danger')) ctx.report({ at: { file: file.path, span }, messageId: 'found', fixes: ['calm'], evidence: [{ at: { file: file.path, span: { start: 0, end: 1 } }, note: 'The file starts here.' }] });
  },
  fixes: {
    calm: {
      class: 'safe',
      title: () => 'Calm it down',
      compute: (finding) => ({ title: 'Calm it down', class: 'safe', edits: [{ file: finding.at.file, span: finding.at.span, newText: 'calm()' }], create: [], manual: [] }),
    },
  },
});

const guardIn = (model: ProjectModel): boolean => [...model.files()].some((file) => callsOf(file, 'guardAll').length > 0);

export const entry = defineRule({
  meta: { ...base, id: 'auth/entry', item: 'auth', category: 'auth-missing', severity: 'critical', title: 'Open entry', messages: { open: 'Anyone can enter.' } },
  on: 'file',
  check(file, ctx) {
    if (!guardIn(ctx.model)) for (const span of callsOf(file, 'entry')) ctx.report({ at: { file: file.path, span }, messageId: 'open', fixes: ['guard-app', 'declines'] });
  },
  fixes: {
    'guard-app': {
      class: 'guard',
      title: () => 'Guard the app',
      compute: (_finding, { text }) => {
        const file = 'src/app.ts' as RelPath;
        const end = text(file)?.length;
        return end === undefined ? null : { title: 'Guard the app', class: 'guard', edits: [{ file, span: { start: end, end }, newText: 'guardAll();\n' }], create: [], manual: [] };
      },
    },
    declines: { class: 'guard', title: () => 'Guard it here', compute: () => null },
  },
});

export const leak = defineRule({
  meta: { ...base, id: 'secrets/leak', item: 'secrets', category: 'secret-exposed', severity: 'critical', title: 'Leaked key', messages: { leak: 'A {{label}} stands in the code.' } },
  on: 'secret',
  check(secret, ctx) {
    if (secret.fact.publicByDesign || secret.fact.place === 'env-file') return;
    ctx.report({ at: secret.at, messageId: 'leak', data: { label: secret.fact.label, envName: secret.fact.envName, secret: secret.fact.fingerprint }, fixes: ['to-env'] });
  },
  fixes: {
    'to-env': {
      class: 'safe',
      title: () => 'Move it to the environment',
      compute: (finding, { model, text }) => {
        const fact = model.file(finding.at.file)?.secrets[0];
        if (!fact) return null;
        const value = text(finding.at.file)?.slice(fact.span.start, fact.span.end) ?? '';
        const env = '.env.local' as RelPath;
        const line = `${fact.envName}=${value}\n`;
        const old = text(env);
        return {
          title: 'Move it to the environment',
          class: 'safe',
          edits: [{ file: finding.at.file, span: fact.literal, newText: `process.env.${fact.envName}` }, ...(old === undefined ? [] : [{ file: env, span: { start: old.length, end: old.length }, newText: line, sensitive: true }])],
          create: old === undefined ? [{ file: env, text: line, sensitive: true }] : [],
          manual: [`Replace ${fact.envName} at its provider.`],
        };
      },
    },
  },
});

export const throwing = defineRule({
  meta: { ...base, id: 'log/throws', item: 'logging', category: 'log-sensitive', severity: 'low', title: 'Throws', messages: { never: '' } },
  on: 'file',
  check(file, _ctx: CheckContext<'never'>) {
    if (callsOf(file, 'boom').length > 0) throw new Error('the rule broke');
  },
});

export const quiet = defineRule({
  meta: { ...base, id: 'perf/quiet', item: 'queries', category: 'query-unbounded', severity: 'medium', title: 'Quiet', messages: { quiet: 'Quiet.' }, quiet: true },
  on: 'file',
  check(file, ctx) {
    for (const span of callsOf(file, 'danger')) ctx.report({ at: { file: file.path, span }, messageId: 'quiet' });
  },
});

export const unsure = defineRule({
  meta: { ...base, id: 'perf/unsure', item: 'queries', category: 'query-unbounded', severity: 'medium', title: 'Unsure', messages: { unsure: 'Unsure.' } },
  on: 'file',
  check(file, ctx) {
    for (const span of callsOf(file, 'danger')) ctx.report({ at: { file: file.path, span }, messageId: 'unsure', confidence: 'low' });
  },
});

export const TEST_RULES: readonly AnyRule[] = [danger, entry, leak, throwing, quiet, unsure];

// ------------------------------------------------------------------------------------------------ folders

export class TempFolder {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'vcr-server-')));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  get uri(): string {
    return pathToFileURL(this.root).href;
  }

  uriOf(path: string): string {
    return pathToFileURL(join(this.root, path)).href;
  }

  write(path: string, text: string): void {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

// ------------------------------------------------------------------------------------------------ client

export interface ClientOptions {
  readonly folders: readonly TempFolder[];
  readonly rules?: readonly AnyRule[];
  readonly host?: (host: ServerHost) => ServerHost;
  readonly settings?: unknown;
}

/** Waits for a condition by looking again after each message and every few milliseconds; never for a fixed time. */
export async function until<T>(what: string, look: () => T | undefined | null | false, deadline = 8000): Promise<T> {
  const end = Date.now() + deadline;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export class TestClient {
  readonly connection: MessageConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly status: StatusParams[] = [];
  readonly revisions: number[] = [];
  readonly log: string[] = [];
  readonly applied: ApplyWorkspaceEditParams[] = [];
  /** Folders outside the workspace that the server asked to be told about. */
  readonly watched: string[] = [];
  /** Every byte the server sent. */
  readonly traffic: string[] = [];
  settings: unknown;
  capabilities: InitializeResult['capabilities'] = {};
  private readonly documents = new Map<string, TextDocument>();

  private constructor(options: ClientOptions) {
    this.settings = options.settings ?? {};
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    toClient.on('data', (chunk: Buffer) => this.traffic.push(chunk.toString('utf8')));
    const host = diskHost(options.rules ?? TEST_RULES);
    startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), options.host?.(host) ?? host);
    this.connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => void this.published.push(params));
    this.connection.onNotification(METHODS.status, (params: StatusParams) => void this.status.push(params));
    this.connection.onNotification(METHODS.modelChanged, ({ revision }: { revision: number }) => void this.revisions.push(revision));
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => void this.log.push(message));
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => this.settings));
    this.connection.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
      for (const { registerOptions } of registrations) {
        const { watchers = [] } = (registerOptions ?? {}) as { watchers?: { globPattern: string | { baseUri: string } }[] };
        for (const { globPattern } of watchers) if (typeof globPattern !== 'string') this.watched.push(globPattern.baseUri);
      }
      return null;
    });
    this.connection.onRequest('workspace/codeLens/refresh', () => null);
    this.connection.onRequest('workspace/applyEdit', (params: ApplyWorkspaceEditParams) => {
      this.applied.push(params);
      return { applied: true };
    });
    this.connection.listen();
  }

  static async start(options: ClientOptions): Promise<TestClient> {
    const client = new TestClient(options);
    const { capabilities }: InitializeResult = await client.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: options.folders.map((folder, i) => ({ uri: folder.uri, name: `folder${i}` })),
      capabilities: { workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true }, codeLens: { refreshSupport: true } } },
    });
    client.capabilities = capabilities;
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  async ready(): Promise<void> {
    await until('the first reading of the workspace', () => this.status.some((s) => s.state === 'ready') && this.revisions.length > 0 && this.status[this.status.length - 1]?.state === 'ready');
  }

  async open(uri: string, text: string, languageId = 'typescript'): Promise<void> {
    this.documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces the first occurrence of `what`, as an incremental change. */
  async edit(uri: string, what: string, by: string): Promise<void> {
    const document = this.document(uri);
    const at = document.getText().indexOf(what);
    if (at < 0) throw new Error(`${what} is not in ${uri}`);
    await this.change(uri, [{ range: { start: document.positionAt(at), end: document.positionAt(at + what.length) }, text: by }]);
  }

  async change(uri: string, contentChanges: Parameters<typeof TextDocument.update>[1]): Promise<void> {
    const version = this.document(uri).version + 1;
    this.documents.set(uri, TextDocument.update(this.document(uri), contentChanges, version));
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  document(uri: string): TextDocument {
    const document = this.documents.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }

  latest(uri: string): PublishDiagnosticsParams | undefined {
    return this.published.filter((p) => p.uri === uri).pop();
  }

  /** The diagnostics of a version of the document, once they are published. */
  diagnostics(uri: string, version: number, accept: (diagnostics: readonly Diagnostic[]) => boolean = () => true): Promise<readonly Diagnostic[]> {
    return until(`diagnostics of ${uri} version ${version}: last seen ${JSON.stringify(this.latest(uri))}`, () => {
      const last = this.latest(uri);
      return last?.version === version && accept(last.diagnostics) ? last.diagnostics : undefined;
    });
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest(method, params);
  }

  async actions(uri: string, diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
    const first = diagnostics[0];
    if (!first) throw new Error('no diagnostic');
    return this.request('textDocument/codeAction', { textDocument: { uri }, range: first.range, context: { diagnostics } });
  }

  resolve(action: CodeAction | undefined): Promise<CodeAction> {
    if (!action) throw new Error('no such action');
    return this.request('codeAction/resolve', action);
  }

  /** The text of a file after an edit. */
  apply(edit: WorkspaceEdit | undefined, uri: string, closed = ''): string {
    const document = this.documents.get(uri) ?? TextDocument.create(uri, '', 0, closed);
    const edits = (edit?.documentChanges ?? []).filter((c): c is TextDocumentEdit => 'textDocument' in c && c.textDocument.uri === uri).flatMap((c) => c.edits);
    return TextDocument.applyEdits(document, edits.map((e) => ({ range: e.range, newText: 'newText' in e ? e.newText : '' })));
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    this.connection.dispose();
  }
}

/** Starts, runs, stops, removes: whatever happens. */
export async function withServer(files: Readonly<Record<string, string>> | readonly Readonly<Record<string, string>>[], run: (client: TestClient, folder: TempFolder, all: readonly TempFolder[]) => Promise<void>, options: Omit<ClientOptions, 'folders'> = {}): Promise<void> {
  const folders = (Array.isArray(files) ? (files as readonly Readonly<Record<string, string>>[]) : [files as Readonly<Record<string, string>>]).map((f) => new TempFolder(f));
  const client = await TestClient.start({ folders, ...options });
  try {
    await run(client, folders[0]!, folders);
  } finally {
    await client.stop();
    folders.forEach((folder) => folder.remove());
  }
}

/** Built at run time, so that no push protection stops the tests. */
export function fakeStripeKey(seed = 'a'): string {
  return ['sk', 'live', `51${seed}H8x2LkQ9vTzR4mWn7Yp3Bc6Df0Gj5Ks`].join('_');
}
