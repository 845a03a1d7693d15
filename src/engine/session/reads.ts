/** The model as one run of the rules sees it: what they look at is noted, so that a change is known to concern them or not. */
import type { FileFacts } from '../core/facts';
import type { ConfigFile, Endpoint, GitFacts, ModuleFace, PackageInfo, ProjectModel, RowRules, SecretEntity, Stack } from '../core/model';
import type { ProjectOptions, RelPath } from '../core/types';
import { isUnchanged } from './unchanged';

export interface Reads {
  readonly files: Set<RelPath>;
  /** Every file was looked at. */
  all: boolean;
  /** Endpoints beyond those of the file itself. */
  endpoints: boolean;
  /** Who imports whom, what reaches the browser, what a specifier means. */
  graph: boolean;
  /** What modules have from where. */
  faces: boolean;
  /** Which files there are. */
  paths: boolean;
  /** Names whose exporters were asked for. */
  readonly exports: Set<string>;
  /** Secrets, each with its other places. */
  secrets: boolean;
  /** Questions whose answers are kept; what those were read from is theirs. */
  readonly asked: Set<Question>;
}

export function newReads(): Reads {
  return { files: new Set(), all: false, endpoints: false, graph: false, faces: false, paths: false, exports: new Set(), secrets: false, asked: new Set() };
}

/** What a change can have touched of all that somebody may have read. */
export interface Touch {
  readonly files: readonly RelPath[];
  readonly exports: readonly string[];
  readonly graph: boolean;
  readonly faces: boolean;
  readonly paths: boolean;
  readonly secrets: boolean;
}

const KINDS = ['graph', 'faces', 'paths', 'secrets'] as const;

/** Things that were worked out, each with what it was read from: after a change only those it can have touched are looked at. */
export class Readings<K, V extends { readonly reads: Reads }> {
  private readonly kept = new Map<K, V>();
  private readonly byFile = new Map<RelPath, Set<K>>();
  private readonly byExport = new Map<string, Set<K>>();
  private readonly byQuestion = new Map<Question, Set<K>>();
  private readonly byKind: Readonly<Record<(typeof KINDS)[number] | 'all' | 'endpoints', Set<K>>> = { all: new Set(), endpoints: new Set(), graph: new Set(), faces: new Set(), paths: new Set(), secrets: new Set() };

  get(key: K): V | undefined {
    return this.kept.get(key);
  }

  get size(): number {
    return this.kept.size;
  }

  entries(): Iterable<readonly [K, V]> {
    return this.kept;
  }

  values(): Iterable<V> {
    return this.kept.values();
  }

  /** `value.reads` is complete: what is read later is not noted. */
  set(key: K, value: V): void {
    this.delete(key);
    this.kept.set(key, value);
    const { reads } = value;
    for (const file of reads.files) note(this.byFile, file, key);
    for (const name of reads.exports) note(this.byExport, name, key);
    for (const question of reads.asked) note(this.byQuestion, question, key);
    for (const kind of KINDS) if (reads[kind]) this.byKind[kind].add(key);
    if (reads.all) this.byKind.all.add(key);
    if (reads.endpoints) this.byKind.endpoints.add(key);
  }

  /** The same readings, another value. */
  replace(key: K, value: V): void {
    this.kept.set(key, value);
  }

  delete(key: K): void {
    const value = this.kept.get(key);
    if (!value) return;
    this.kept.delete(key);
    for (const file of value.reads.files) this.byFile.get(file)?.delete(key);
    for (const name of value.reads.exports) this.byExport.get(name)?.delete(key);
    for (const question of value.reads.asked) {
      const keys = this.byQuestion.get(question);
      // Questions about endpoints that are no more would pile up.
      if (keys?.delete(key) && keys.size === 0) this.byQuestion.delete(question);
    }
    for (const set of Object.values(this.byKind)) set.delete(key);
  }

  clear(): void {
    this.kept.clear();
    this.byFile.clear();
    this.byExport.clear();
    this.byQuestion.clear();
    for (const set of Object.values(this.byKind)) set.clear();
  }

  isAsked(question: Question): boolean {
    return this.byQuestion.has(question);
  }

  /** Who asked it. */
  askersOf(question: Question): Iterable<K> {
    return this.byQuestion.get(question) ?? [];
  }

  /** What may be otherwise after the change; `moved`: whether for this one endpoints are others now. */
  touched(change: Touch, moved: (key: K) => boolean): Set<K> {
    const out = new Set<K>(this.byKind.all);
    const add = (keys: ReadonlySet<K> | undefined): void => {
      if (keys) for (const key of keys) out.add(key);
    };
    for (const file of change.files) add(this.byFile.get(file));
    for (const name of change.exports) add(this.byExport.get(name));
    for (const kind of KINDS) if (change[kind]) add(this.byKind[kind]);
    for (const key of this.byKind.endpoints) if (moved(key)) out.add(key);
    return out;
  }
}

function note<N, K>(into: Map<N, Set<K>>, name: N, key: K): void {
  const keys = into.get(name);
  if (keys) keys.add(key);
  else into.set(name, new Set([key]));
}

/** What was asked through `ProjectModel.memo`: one object for as long as it may be asked. */
export interface Question {
  readonly about: Endpoint | null;
  readonly key: string;
}

interface Memo {
  readonly make: (model: ProjectModel) => unknown;
  readonly value: unknown;
  readonly reads: Reads;
  /** More than that of every answer it used. */
  readonly height: number;
}

/**
 * What rules and fixes have worked out (`ProjectModel.memo`), each with what it was read from. After a change only what it has
 * touched is worked out anew, the answers that others are built on first; one that comes out as it was makes nobody who used
 * it run again.
 */
export class Memos {
  private readonly questions = new Map<Endpoint | null, Map<string, Question>>();
  private readonly memos = new Readings<Question, Memo>();

  question(about: Endpoint | null, key: string): Question {
    let ofOne = this.questions.get(about);
    if (!ofOne) this.questions.set(about, (ofOne = new Map()));
    let question = ofOne.get(key);
    if (!question) ofOne.set(key, (question = { about, key }));
    return question;
  }

  answer(question: Question, make: Memo['make'], model: ProjectModel): unknown {
    const known = this.memos.get(question);
    return known ? known.value : this.answerFirst(question, make, model).value;
  }

  private answerFirst(question: Question, make: Memo['make'], model: ProjectModel): Memo {
    const reads = newReads();
    const value = make(new NotedModel(model, reads, this));
    let height = 0;
    for (const q of reads.asked) height = Math.max(height, 1 + (this.memos.get(q)?.height ?? 0));
    const memo: Memo = { make, value, reads, height };
    this.memos.set(question, memo);
    return memo;
  }

  /**
   * Takes a change in, and forgets what is about endpoints that are no more (`alive`; null: they all are). `differ`: endpoints
   * say something else than where things stand; what is known about one endpoint never says where others stand. `elsewhere`:
   * places that have moved within what is kept; null: what is kept belongs to an earlier linking, and nothing can be compared
   * with it. `isUsed`: whether a rule has asked the question. Returns the questions whose answers are, or may be, others now.
   */
  update(change: Touch, differ: boolean, alive: ReadonlySet<Endpoint> | null, elsewhere: ReadonlySet<object> | null, model: ProjectModel, isUsed: (question: Question) => boolean): ReadonlySet<Question> {
    const stale = this.memos.touched(change, (q) => (q.about === null ? alive !== null : differ));
    const changed = new Set<Question>();
    if (alive !== null) {
      for (const [about, ofOne] of this.questions) {
        if (about === null || alive.has(about)) continue;
        for (const question of ofOne.values()) {
          changed.add(question);
          for (const asker of this.memos.askersOf(question)) stale.add(asker);
          this.memos.delete(question);
        }
        this.questions.delete(about);
      }
    }
    if (elsewhere === null) this.forget(stale, changed);
    else this.answerAgain(stale, changed, elsewhere, model, isUsed);
    return changed;
  }

  /** With all that is built on it. */
  private forget(stale: Set<Question>, changed: Set<Question>): void {
    // What is added to a set while it is walked is walked as well.
    for (const question of stale) {
      changed.add(question);
      for (const asker of this.memos.askersOf(question)) stale.add(asker);
    }
    for (const question of stale) this.memos.delete(question);
  }

  /** From the lowest up: what an answer is built on stands when its turn comes, and where it does not, its turn comes again. */
  private answerAgain(stale: Set<Question>, changed: Set<Question>, elsewhere: ReadonlySet<object>, model: ProjectModel, isUsed: (question: Question) => boolean): void {
    for (let question = this.lowestOf(stale); question; question = this.lowestOf(stale)) {
      stale.delete(question);
      const old = this.memos.get(question);
      if (!old) continue;
      this.memos.delete(question);
      const askers = [...this.memos.askersOf(question)];
      if (askers.length === 0 && !isUsed(question)) continue;
      const fresh = this.tryAnswer(question, old.make, model);
      if (fresh && isUnchanged(old.value, fresh.value, elsewhere)) {
        this.memos.replace(question, { ...fresh, value: old.value });
        continue;
      }
      changed.add(question);
      for (const asker of askers) stale.add(asker);
    }
  }

  /** null where it throws: whoever asks next reports it. */
  private tryAnswer(question: Question, make: Memo['make'], model: ProjectModel): Memo | null {
    try {
      return this.answerFirst(question, make, model);
    } catch {
      return null;
    }
  }

  private lowestOf(questions: ReadonlySet<Question>): Question | undefined {
    let lowest: Question | undefined;
    let least = Infinity;
    for (const question of questions) {
      const height = this.memos.get(question)?.height ?? -1;
      if (height >= least) continue;
      [lowest, least] = [question, height];
      if (least <= 0) break;
    }
    return lowest;
  }

  copy(): Memos {
    const copy = new Memos();
    for (const [about, ofOne] of this.questions) copy.questions.set(about, new Map(ofOne));
    for (const [question, memo] of this.memos.entries()) copy.memos.set(question, memo);
    return copy;
  }
}

/** One object a run of rules: what they look at through it is this run's reading. */
export class NotedModel implements ProjectModel {
  readonly options: ProjectOptions;
  readonly git: GitFacts;

  constructor(
    private readonly model: ProjectModel,
    private readonly reads: Reads,
    private readonly memos: Memos,
  ) {
    this.options = model.options;
    this.git = model.git;
  }

  files(): Iterable<FileFacts> {
    this.reads.all = true;
    return this.model.files();
  }

  faces(): Iterable<readonly [RelPath, ModuleFace]> {
    this.reads.faces = true;
    return this.model.faces();
  }

  exporting(name: string): readonly RelPath[] {
    this.reads.exports.add(name);
    return this.model.exporting(name);
  }

  /** Not noted: whatever a change of these touches is linked anew. */
  configs(): Iterable<ConfigFile> {
    return this.model.configs();
  }

  paths(): Iterable<RelPath> {
    this.reads.paths = true;
    return this.model.paths();
  }

  memo<T>(about: Endpoint | null, key: string, make: (model: ProjectModel) => T): T {
    const question = this.memos.question(about, key);
    this.reads.asked.add(question);
    return this.memos.answer(question, make, this.model) as T;
  }

  file(path: RelPath): FileFacts | undefined {
    this.reads.files.add(path);
    return this.model.file(path);
  }

  endpoints(): readonly Endpoint[] {
    this.reads.endpoints = true;
    return this.model.endpoints();
  }

  endpointsOf(path: RelPath): readonly Endpoint[] {
    this.reads.endpoints = true;
    return this.model.endpointsOf(path);
  }

  secretsOf(path: RelPath): readonly SecretEntity[] {
    this.reads.secrets = true;
    this.reads.graph = true;
    return this.model.secretsOf(path);
  }

  importersOf(path: RelPath): readonly RelPath[] {
    this.reads.graph = true;
    return this.model.importersOf(path);
  }

  resolve(from: RelPath, specifier: string) {
    this.reads.graph = true;
    return this.model.resolve(from, specifier);
  }

  packageOf(path: RelPath): PackageInfo | null {
    this.reads.graph = true;
    return this.model.packageOf(path);
  }

  reachesBrowser(path: RelPath): boolean {
    this.reads.graph = true;
    return this.model.reachesBrowser(path);
  }

  stack(): Stack {
    this.reads.graph = true;
    this.reads.endpoints = true;
    return this.model.stack();
  }
  rowRules(table: string): RowRules {
    // The facts of configuration count for the whole graph: a change of one links everything anew.
    this.reads.graph = true;
    return this.model.rowRules(table);
  }
}
