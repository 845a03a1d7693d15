/**
 * When what is checked. A keystroke: its own file after a short debounce, the other open files after some quiet, closed
 * files in slices after that. A newer keystroke cancels what is older. Nothing here blocks for longer than one file takes.
 */
import { FileChangeType, type Connection, type FileEvent } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex, type RelPath } from '../engine';
import { brokenDiagnostic, configDiagnostics, type Diagnostics } from './diagnostics';
import type { Documents, DocumentEvents } from './documents';
import type { Log } from './log';
import { fsPathOf, overlaps, pathInside } from './places';
import { METHODS, type ModelChanged, type Range, type ServerState, type StatusParams } from './protocol';
import { yieldToEvents, type Timing } from './timing';
import type { Folder, Folders } from './workspace-folders';

export const OWN_MS = 120;
export const QUIET_MS = 500;
const WATCH_MS = 150;

export class Analysis implements DocumentEvents {
  private readonly own = new Map<string, NodeJS.Timeout>();
  private readonly quiet = new Map<Folder, NodeJS.Timeout>();
  private readonly watched = new Map<string, FileChangeType>();
  private watchTimer: NodeJS.Timeout | null = null;
  private watching: Promise<void> = Promise.resolve();
  private revision = 0;
  private lastError: string | null = null;
  /** Told after the model has settled: code lenses are asked for anew. */
  onSettled: () => void = () => undefined;
  /** A folder has been read for the first time. */
  onLoaded: (folder: Folder) => void = () => undefined;
  /** A file outside every folder was opened: its settings are to be read. */
  onLoose: (folder: Folder) => void = () => undefined;

  constructor(
    private readonly connection: Connection,
    private readonly documents: Documents,
    private readonly folders: Folders,
    private readonly diagnostics: Diagnostics,
    private readonly timing: Timing,
    private readonly log: Log,
  ) {}

  get currentRevision(): number {
    return this.revision;
  }

  state(): ServerState {
    return this.folders.all().some((folder) => !folder.ready) ? 'indexing' : 'ready';
  }

  // ---------------------------------------------------------------------------------------------- documents

  opened(document: TextDocument): void {
    if (fsPathOf(document.uri) === null) return;
    const loose = this.folders.find(document.uri) ? null : this.folders.addLoose(document.uri);
    if (loose) this.onLoose(loose);
    this.arm(document.uri, 0);
  }

  changed(document: TextDocument, ranges: readonly (Range | null)[]): void {
    const spot = this.folders.find(document.uri);
    if (!spot) return;
    spot.folder.background?.abort();
    this.arm(document.uri, OWN_MS);
    this.armQuiet(spot.folder);
    // What was fixed must not stay painted until the typing stops.
    const standing = this.diagnostics.ranges(document.uri);
    if (standing.length > 0 && ranges.some((range) => range === null || standing.some((s) => overlaps(s, range)))) {
      const version = document.version;
      setImmediate(() => this.guarded('removing what was fixed', () => this.removeFixed(document.uri, version)));
    }
  }

  saved(document: TextDocument): void {
    // A .gitignore, a package.json … may change what other files mean; the watcher reports it too, but not for every client.
    const fsPath = fsPathOf(document.uri);
    if (fsPath !== null) this.filesChanged([{ uri: document.uri, type: FileChangeType.Changed }]);
  }

  closed(document: TextDocument): void {
    const { uri } = document;
    clearTimeout(this.own.get(uri));
    this.own.delete(uri);
    const spot = this.folders.find(uri);
    if (!spot) return;
    const { folder, path } = spot;
    folder.open.delete(path);
    if (folder.loose) {
      this.folders.removeLoose(uri);
      this.diagnostics.clear(uri);
      return;
    }
    if (!folder.settings.workspaceProblems) this.diagnostics.clear(uri);
    // Text that was never saved is gone with the editor.
    this.filesChanged([{ uri, type: FileChangeType.Changed }]);
  }

  /** The session as new as the document: for requests that come between a keystroke and its check. */
  current(uri: string): { readonly folder: Folder; readonly path: RelPath; readonly document: TextDocument } | null {
    const document = this.documents.get(uri);
    const spot = this.folders.find(uri);
    if (!document || !spot || !spot.folder.disk.isCandidate(spot.path) || spot.folder.disk.isIgnored(spot.path)) return null;
    spot.folder.sync(spot.path, document);
    return { ...spot, document };
  }

  private arm(uri: string, delay: number): void {
    clearTimeout(this.own.get(uri));
    this.own.set(
      uri,
      setTimeout(() => {
        const due = performance.now();
        this.own.delete(uri);
        // Keystrokes that have arrived but were not read yet re-arm the timer; then this text is an old one.
        void yieldToEvents().then(() => {
          if (!this.own.has(uri)) this.guarded(`checking ${uri}`, () => this.checkOwn(uri, due));
        });
      }, delay),
    );
  }

  private armQuiet(folder: Folder): void {
    clearTimeout(this.quiet.get(folder));
    this.quiet.set(
      folder,
      setTimeout(() => {
        this.quiet.delete(folder);
        void this.settle(folder).catch((error: unknown) => this.failed('checking the workspace', error));
      }, QUIET_MS),
    );
  }

  private checkOwn(uri: string, due: number): void {
    const now = this.current(uri);
    if (!now) return;
    const { folder, path, document } = now;
    folder.dirty.delete(path);
    const findings = folder.session.check(path);
    this.publish(folder, path, document.version, findings);
    this.timing.add({ uri, version: document.version, ms: performance.now() - due, kind: 'own', files: 1 });
    if (path === folder.disk.configFile) void this.configChanged(folder).catch((error: unknown) => this.failed('reading the configuration', error));
    if (!this.quiet.has(folder) && folder.dirty.size > 0) this.armQuiet(folder);
  }

  private removeFixed(uri: string, version: number): void {
    const start = performance.now();
    const before = this.documents.get(uri);
    if (!before || before.version !== version) return;
    const now = this.current(uri);
    if (!now) return;
    const rules = new Set(this.diagnostics.standing(uri).map((finding) => finding.ruleId));
    const findings = now.folder.session.check(now.path).filter((finding) => rules.has(finding.ruleId));
    if (findings.length >= this.diagnostics.standing(uri).length) return;
    this.publish(now.folder, now.path, version, findings);
    this.timing.add({ uri, version, ms: performance.now() - start, kind: 'removal', files: 1 });
  }

  private publish(folder: Folder, path: RelPath, version: number | undefined, findings: Parameters<Diagnostics['publish']>[3]): void {
    const extra = path === folder.disk.configFile ? configDiagnostics(folder.configText, folder.configProblems, new LineIndex(folder.configText)) : [];
    const config = folder.session.model.file(path)?.config;
    if (config?.kind === 'invalid' && folder.settings.enable) extra.push(brokenDiagnostic(path, folder.session.text(path) ?? '', config.message));
    this.diagnostics.publish(folder, path, version, findings, extra);
    this.reportErrors(folder);
  }

  /** Every open document of the folder that may have changed. */
  private checkOpen(folder: Folder, all: boolean): number {
    let files = 0;
    // Git may have come to ignore what is open.
    for (const [path, { uri }] of [...folder.open]) {
      if (!folder.disk.isIgnored(path)) continue;
      folder.forget(path);
      this.diagnostics.clear(uri);
    }
    for (const [path, open] of [...folder.open]) {
      const document = this.documents.get(open.uri);
      if (!document || this.own.has(open.uri)) continue; // its own debounce is running
      folder.sync(path, document);
      if (!all && !folder.dirty.has(path)) continue;
      folder.dirty.delete(path);
      this.guarded(`checking ${path}`, () => this.publish(folder, path, document.version, folder.session.check(path)));
      files++;
    }
    return files;
  }

  /** After some quiet: other open files at once, closed ones in slices; then the views may ask. */
  private async settle(folder: Folder, all = false): Promise<void> {
    if (folder.signal.aborted) return;
    folder.background?.abort();
    const background = new AbortController();
    folder.background = background;
    const start = performance.now();
    const files = this.checkOpen(folder, all);
    if (files > 0) this.timing.add({ uri: folder.uri, version: 0, ms: performance.now() - start, kind: 'others', files });
    if (!folder.ready) return;
    const finished = await folder.checkDirty(AbortSignal.any([background.signal, folder.signal]), (path) => {
      this.guarded(`checking ${path}`, () => {
        const findings = folder.session.check(path);
        if (folder.open.has(path)) return;
        if (folder.settings.workspaceProblems) this.publish(folder, path, undefined, findings);
        else if (path !== folder.disk.configFile && (folder.session.model.file(path)?.config?.kind === 'invalid' || this.diagnostics.has(folder.uriOf(path)))) this.publish(folder, path, undefined, []);
      });
    });
    if (!finished) return;
    folder.findBroken();
    this.reportErrors(folder);
    folder.background = null;
    this.settled();
  }

  settled(): void {
    this.revision++;
    const params: ModelChanged = { revision: this.revision };
    void this.connection.sendNotification(METHODS.modelChanged, params);
    this.sendStatus();
    this.onSettled();
  }

  // ---------------------------------------------------------------------------------------------- folders

  /** The first reading of a folder, in the background. */
  async load(folder: Folder): Promise<void> {
    this.sendStatus();
    await this.part(`reading ${folder.name}`, () => this.firstLoad(folder));
    if (folder.signal.aborted) return;
    folder.setReady();
    this.onLoaded(folder);
    await this.settle(folder, true);
  }

  private async firstLoad(folder: Folder): Promise<void> {
    const start = performance.now();
    await this.part('configuration', () => folder.reloadConfig());
    await this.part('sprint state', () => folder.reloadState());
    let last = 0;
    await folder.scan(folder.signal, (files) => {
      if (files - last < 200) return;
      last = files;
      this.sendStatus(files);
    });
    await this.part('git index', () => folder.reloadGit());
    if (!folder.signal.aborted) await this.publishConfig(folder);
    this.log.info(`${folder.name}: ${folder.allPaths().length} files read in ${Math.round(performance.now() - start)} ms`);
    this.remember(folder);
  }

  remember(folder: Folder): void {
    if (folder.loose) return;
    void this.part('cache', () => folder.disk.remember(folder.session.model.files()));
  }

  /** One part that fails costs itself only. */
  private async part(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failed(name, error);
    }
  }

  removeFolder(folder: Folder): void {
    clearTimeout(this.quiet.get(folder));
    this.quiet.delete(folder);
    for (const uri of this.diagnostics.uris()) {
      const fsPath = fsPathOf(uri);
      if (fsPath !== null && pathInside(folder.root, fsPath) !== null) this.diagnostics.clear(uri);
    }
    this.settled();
  }

  /** Settings changed: what squiggles may be another set. */
  settingsChanged(only?: Folder): void {
    for (const folder of only ? [only] : this.folders.everything()) {
      if (folder.settings.workspaceProblems) folder.touchAll();
      else this.clearClosed(folder);
      void this.settle(folder, true).catch((error: unknown) => this.failed('applying the settings', error));
    }
  }

  private clearClosed(folder: Folder): void {
    const kept = new Set([...[...folder.open.values()].map((open) => open.uri), folder.uriOf(folder.disk.configFile), ...[...folder.broken.keys()].map((path) => folder.uriOf(path))]);
    for (const uri of this.diagnostics.uris()) if (!kept.has(uri) && this.folders.find(uri)?.folder === folder) this.diagnostics.clear(uri);
  }

  private async configChanged(folder: Folder): Promise<void> {
    const open = folder.open.get(folder.disk.configFile);
    const document = open ? this.documents.get(open.uri) : undefined;
    await folder.reloadConfig(document?.getText());
    await this.publishConfig(folder);
    this.armQuiet(folder);
  }

  /** Configuration problems stand on the config file, open or not. */
  private async publishConfig(folder: Folder): Promise<void> {
    const path = folder.disk.configFile;
    const open = folder.open.get(path);
    if (open && this.documents.get(open.uri)?.version !== open.version) return; // its next check publishes them
    this.publish(folder, path, open?.version, folder.session.check(path));
  }

  // ---------------------------------------------------------------------------------------------- the disk

  filesChanged(events: readonly FileEvent[]): void {
    for (const event of events) this.watched.set(event.uri, event.type);
    if (this.watchTimer !== null) return;
    this.watchTimer = setTimeout(() => {
      this.watchTimer = null;
      const batch = new Map(this.watched);
      this.watched.clear();
      // One batch after the other, so that an older reading never replaces a newer one.
      this.watching = this.watching.then(() => this.readChanged(batch)).catch((error: unknown) => this.failed('reading changed files', error));
    }, WATCH_MS);
  }

  private async readChanged(batch: ReadonlyMap<string, FileChangeType>): Promise<void> {
    const byFolder = new Map<Folder, { path: RelPath; type: FileChangeType }[]>();
    for (const [uri, type] of batch) {
      const fsPath = fsPathOf(uri);
      for (const folder of this.folders.all()) {
        if (fsPath === null || folder.outerGitIndex !== fsPath) continue;
        await folder.whenReady;
        await this.part('git index', () => folder.reloadGit());
        await this.settle(folder);
      }
      const spot = this.folders.find(uri);
      if (!spot || spot.folder.loose) continue;
      const list = byFolder.get(spot.folder) ?? [];
      list.push({ path: spot.path, type });
      byFolder.set(spot.folder, list);
    }
    for (const [folder, changes] of byFolder) {
      await folder.whenReady;
      if (folder.signal.aborted) continue;
      const before = folder.revision;
      let rescan = false;
      const files: RelPath[] = [];
      for (const { path, type } of changes) {
        const role = folder.disk.roleOf(path);
        if (role === 'config') await this.part('configuration', () => this.configChanged(folder));
        else if (role === 'git') await this.part('git index', () => folder.reloadGit());
        else if (role === 'state') await this.part('sprint state', () => folder.reloadState());
        else if (role === 'ignore') rescan = true;
        // A folder that goes is reported as one deletion.
        if (type === FileChangeType.Deleted && folder.session.text(path) === undefined && folder.allPaths().some((p) => p.startsWith(`${path}/`))) rescan = true;
        if (folder.disk.isCandidate(path)) files.push(path);
      }
      if (rescan) {
        await folder.scan(folder.signal, () => undefined);
        await this.part('git index', () => folder.reloadGit());
        // Git may have stopped to ignore what is open.
        for (const { uri } of this.documents.all()) {
          const spot = this.folders.find(uri);
          if (spot?.folder === folder && !folder.open.has(spot.path)) this.arm(uri, 0);
        }
      } else {
        const read = await Promise.all(files.map(async (path) => ({ path, file: await folder.disk.read(path) })));
        folder.applyDisk(read);
        for (const { path, file } of read) if (file === null && !folder.open.has(path)) this.diagnostics.clear(folder.uriOf(path));
      }
      if (folder.revision !== before) await this.settle(folder);
    }
  }

  // ---------------------------------------------------------------------------------------------- errors

  sendStatus(files = 0): void {
    const status: StatusParams = {
      state: this.state(),
      files,
      errors: this.folders.all().reduce((sum, folder) => sum + folder.session.errors().length + folder.broken.size, 0),
      lastError: this.lastError,
    };
    void this.connection.sendNotification(METHODS.status, status);
  }

  /** New engine errors go to the log and the status bar, once. */
  private reportErrors(folder: Folder): void {
    let fresh = false;
    const broken = [...folder.broken].map(([file, message]) => ({ phase: 'read', file, ruleId: null, message }));
    for (const error of [...broken, ...folder.session.errors()]) {
      const where = [error.ruleId ? `rule ${error.ruleId}` : null, error.file].filter(Boolean).join(', ');
      const line = `${error.phase}${where ? ` (${where})` : ''}: ${error.message}`;
      if (folder.errorsLogged.has(line)) continue;
      folder.errorsLogged.add(line);
      this.lastError = line;
      this.log.error(line);
      fresh = true;
    }
    if (fresh) this.sendStatus();
  }

  private guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failed(what, error);
    }
  }

  failed(what: string, error: unknown): void {
    this.lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.log.failure(what, error);
    this.sendStatus();
  }
}
