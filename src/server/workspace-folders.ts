/** One session for each folder of the workspace, and one for each loose file that belongs to none. */
import { basename, dirname } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { mergeOptions, parseSettings, type ConfigProblem, type RescueSettings } from '../config/config';
import { type AuditResult, DEFAULT_OPTIONS, type ProjectOptions, type RelPath, type Session } from '../engine';
import { EMPTY_STATE, type SprintState } from '../sprint/state';
import type { DiskFile, FolderDisk, ServerHost } from './host';
import { absolute, fsPathOf, pathInside, Places, uriOf } from './places';
import { inSlices, yieldToEvents } from './timing';

export class Folder {
  readonly root: string;
  readonly name: string;
  readonly session: Session;
  readonly places: Places;
  /** The folder has been read once; until then only what one file alone can prove is published. */
  ready = false;
  readonly whenReady: Promise<void>;
  private tellReady: () => void = () => undefined;
  revision = 0;
  /** Files whose findings may have changed since they were last checked. */
  readonly dirty = new Set<RelPath>();
  configProblems: readonly ConfigProblem[] = [];
  configText = '';
  /** `package.json` and the like that cannot be read: what they would tell is missing everywhere. */
  broken: ReadonlyMap<RelPath, string> = new Map();
  /** Stops background checks when a keystroke comes. */
  background: AbortController | null = null;
  readonly errorsLogged = new Set<string>();
  state: SprintState = EMPTY_STATE;
  stateProblem: string | null = null;
  /** Of the last initial load or audit. */
  skipped: { readonly file: RelPath; readonly reason: string }[] = [];
  auditMs = 0;
  /** Open documents of this folder, by path: their text outranks the disk's. */
  readonly open = new Map<RelPath, { readonly uri: string; version: number }>();
  /** Watched beside the folder itself. */
  outerGitIndex: string | null = null;
  private readonly closing = new AbortController();
  settings: RescueSettings = parseSettings(undefined).settings;
  private config: ProjectOptions = DEFAULT_OPTIONS;
  private result: { readonly revision: number; readonly value: AuditResult } | null = null;
  private pending: Promise<void> | null = null;

  constructor(
    readonly uri: string,
    readonly disk: FolderDisk,
    host: ServerHost,
    /** A single file outside any folder. */
    readonly loose: boolean,
    root: string,
    name?: string,
  ) {
    this.whenReady = new Promise((resolve) => {
      this.tellReady = resolve;
    });
    this.root = root;
    this.name = name ?? (basename(root) || root);
    this.session = host.createSession(DEFAULT_OPTIONS, { tracked: null, isIgnored: () => false });
    this.places = new Places((path) => this.session.text(path));
  }

  get signal(): AbortSignal {
    return this.closing.signal;
  }

  setReady(): void {
    this.ready = true;
    this.tellReady();
  }

  dispose(): void {
    this.closing.abort();
    this.tellReady();
  }

  uriOf(path: RelPath): string {
    return this.open.get(path)?.uri ?? uriOf(absolute(this.root, path));
  }

  touched(paths: Iterable<RelPath>): void {
    for (const path of paths) this.dirty.add(path);
    this.revision++;
  }

  /** The session sees the document as it is now. True when something was new. */
  sync(path: RelPath, document: TextDocument): boolean {
    const open = this.open.get(path);
    if (open && open.uri === document.uri && open.version === document.version && this.session.text(path) !== undefined) return false;
    this.open.set(path, { uri: document.uri, version: document.version });
    const { affected } = this.session.apply([{ path, text: document.getText() }]);
    this.touched([path, ...affected]);
    return true;
  }

  /** Text from the disk, unless the file is open. */
  applyDisk(files: readonly { readonly path: RelPath; readonly file: DiskFile | null }[]): void {
    const changes = files
      .filter(({ path, file }) => !this.open.has(path) && (file ? this.session.text(path) !== file.text : this.session.text(path) !== undefined))
      .map(({ path, file }) => ({ path, text: file?.text ?? null, ...(file?.facts ? { facts: file.facts } : {}) }));
    if (changes.length === 0) return;
    const { affected } = this.session.apply(changes);
    this.touched([...changes.map((c) => c.path), ...affected]);
  }

  /** An open document that turns out to be none of the audit's business. */
  forget(path: RelPath): void {
    this.open.delete(path);
    this.dirty.delete(path);
    if (this.session.text(path) === undefined) return;
    const { affected } = this.session.apply([{ path, text: null }]);
    this.touched(affected);
    this.dirty.delete(path);
  }

  findBroken(): ReadonlyMap<RelPath, string> {
    const broken = new Map<RelPath, string>();
    for (const { path, config } of this.session.model.files()) if (config?.kind === 'invalid') broken.set(path, config.message);
    this.broken = broken;
    return broken;
  }

  allPaths(): RelPath[] {
    return Array.from(this.session.model.files(), (file) => file.path);
  }

  /** Everything may have changed: options, git facts. */
  touchAll(): void {
    this.touched(this.allPaths());
  }

  setSettings(settings: RescueSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    this.applyOptions();
  }

  /** `live`: the unsaved text of the open config file. */
  async reloadConfig(live?: string): Promise<void> {
    const text = live ?? (await this.disk.readText(this.disk.configFile));
    const config = this.disk.config(text, this.config);
    this.configText = text ?? '';
    this.configProblems = config.problems;
    if (JSON.stringify(config.options) === JSON.stringify(this.config)) return;
    this.config = config.options;
    this.applyOptions();
  }

  private applyOptions(): void {
    this.session.setOptions(mergeOptions(this.config, this.settings));
    this.touchAll();
  }

  async reloadGit(): Promise<void> {
    this.session.setGit(await this.disk.git());
    this.touchAll();
  }

  async reloadState(): Promise<void> {
    const { state, problem } = await this.disk.state();
    this.state = state;
    this.stateProblem = problem;
    this.revision++;
  }

  /** Reads the whole folder, in slices; files that went away go from the session too. */
  async scan(signal: AbortSignal, progress: (files: number) => void): Promise<boolean> {
    const seen = new Set<RelPath>();
    const skipped: { file: RelPath; reason: string }[] = [];
    let batch: { path: RelPath; file: DiskFile }[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      this.applyDisk(batch);
      batch = [];
      bytes = 0;
      progress(seen.size);
      await yieldToEvents();
    };
    for await (const file of this.disk.files(signal, (path, reason) => skipped.push({ file: path, reason }))) {
      if (signal.aborted) return false;
      seen.add(file.path);
      batch.push({ path: file.path, file });
      // Extracting costs roughly a millisecond for 12 KB; some eight of them, then keystrokes have their turn.
      bytes += file.facts ? file.text.length / 20 : file.text.length;
      if (bytes > 100_000 || batch.length >= 100) await flush();
    }
    await flush();
    if (signal.aborted) return false;
    this.applyDisk(this.allPaths().filter((path) => !seen.has(path)).map((path) => ({ path, file: null })));
    this.skipped = skipped;
    return true;
  }

  /** Goes through what is dirty, in slices. */
  async checkDirty(signal: AbortSignal, check: (path: RelPath) => void): Promise<boolean> {
    return inSlices([...this.dirty], signal, (path) => {
      if (this.dirty.delete(path)) check(path);
    });
  }

  /** Checks every file in slices, so that the audit after it has little left to do. False when aborted. */
  async checkAll(signal: AbortSignal, progress: (done: number, total: number) => void): Promise<boolean> {
    const paths = this.allPaths();
    return inSlices(paths, signal, (path, index) => {
      this.session.check(path);
      progress(index + 1, paths.length);
    });
  }

  /**
   * The whole audit of the present state; computed once for a revision and shared by all who ask.
   * null when the folder was closed meanwhile.
   */
  async audit(): Promise<AuditResult | null> {
    while (!this.signal.aborted) {
      const revision = this.revision;
      if (this.result?.revision === revision) return this.result.value;
      this.pending ??= this.compute().finally(() => {
        this.pending = null;
      });
      await this.pending;
    }
    return null;
  }

  private async compute(): Promise<void> {
    const revision = this.revision;
    if (!(await this.checkAll(this.signal, () => undefined)) || this.revision !== revision) return;
    this.result = { revision, value: this.session.audit(this.signal) };
  }
}

export class Folders {
  private readonly folders = new Map<string, Folder>();
  private readonly looseFiles = new Map<string, Folder>();
  private cacheDir: string | null = null;

  constructor(private readonly host: ServerHost) {}

  setCacheDir(dir: string | null): void {
    this.cacheDir = dir;
  }

  all(): readonly Folder[] {
    return [...this.folders.values()];
  }

  everything(): readonly Folder[] {
    return [...this.folders.values(), ...this.looseFiles.values()];
  }

  add(uri: string, name: string): Folder | null {
    const root = fsPathOf(uri);
    if (root === null || this.folders.has(uri)) return null;
    const folder = new Folder(uri, this.host.openFolder(root, this.cacheDir), this.host, false, root, name);
    this.folders.set(uri, folder);
    return folder;
  }

  remove(uri: string): Folder | null {
    const folder = this.folders.get(uri);
    if (!folder) return null;
    folder.dispose();
    this.folders.delete(uri);
    return folder;
  }

  byUri(uri: string): Folder | null {
    return this.folders.get(uri) ?? this.looseFiles.get(uri) ?? null;
  }

  /** The innermost folder that holds the file. */
  find(uri: string): { readonly folder: Folder; readonly path: RelPath } | null {
    const loose = this.looseFiles.get(uri);
    const fsPath = fsPathOf(uri);
    if (fsPath === null) return null;
    let best: { folder: Folder; path: RelPath } | null = null;
    for (const folder of this.folders.values()) {
      const path = pathInside(folder.root, fsPath);
      if (path !== null && (best === null || folder.root.length > best.folder.root.length)) best = { folder, path };
    }
    if (best) return best;
    const path = loose ? pathInside(loose.root, fsPath) : null;
    return loose && path !== null ? { folder: loose, path } : null;
  }

  /** A file that was opened without a folder is judged alone. */
  addLoose(uri: string): Folder | null {
    const fsPath = fsPathOf(uri);
    if (fsPath === null || this.find(uri)) return null;
    const root = dirname(fsPath);
    const folder = new Folder(uri, this.host.openFolder(root, null), this.host, true, root);
    folder.setReady();
    this.looseFiles.set(uri, folder);
    return folder;
  }

  removeLoose(uri: string): Folder | null {
    const folder = this.looseFiles.get(uri);
    folder?.dispose();
    this.looseFiles.delete(uri);
    return folder ?? null;
  }
}
