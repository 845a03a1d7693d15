/**
 * A Project for a session: endpoints are judged when asked for, what was judged in an earlier linking is taken over when
 * its whole input is unchanged.
 */
import type { FileFacts, ScriptFacts } from '../core/facts';
import type { Endpoint, GitFacts } from '../core/model';
import { replacedRange } from '../core/replaced';
import type { Location, ProjectOptions, RelPath, Span } from '../core/types';
import type { AdapterContext, FrameworkAdapter } from '../frameworks/adapter';
import { ALL_FRAMEWORKS } from '../frameworks/registry';
import { namesSetBy } from '../model/code';
import { type Candidate, judge } from '../model/endpoints';
import { Interpreter } from '../model/interpreter';
import { exportsOf, faceOf } from '../model/faces';
import { ModuleGraph } from '../model/modules';
import { Project } from '../model/project';
import { type Renaming, compareBodies } from './bodies';
import { isUnchanged } from './unchanged';
import { filesOfValues, hashOfValues } from './value-hash';
import { FileView } from './view';

/** How a file's change reaches the linked project, from least to most. */
export type Reach =
  /** Nobody but the file itself: linking never looked at it. */
  | 'none'
  /** Its code was read: linked anew, over the same module graph. */
  | 'code'
  /** What it imports changed, or on which side it runs: the module graph is built anew. */
  | 'imports'
  /** What specifiers mean may have changed: everything is done anew. */
  | 'all';

/** Two versions of a script that import the same and run on the same side. */
export interface ScriptChange {
  readonly path: RelPath;
  readonly before: ScriptFacts;
  readonly after: ScriptFacts;
  readonly textBefore: string;
  readonly textAfter: string;
}

/** What a change within function bodies has done. */
export interface Refreshed {
  /** Of files in which some endpoints are others now. */
  readonly endpoints: ReadonlyMap<RelPath, { readonly before: readonly Endpoint[]; readonly after: readonly Endpoint[] }>;
  /** Places within what is kept that stand elsewhere now. */
  readonly elsewhere: ReadonlySet<object>;
}

interface Judged {
  readonly endpoints: readonly Endpoint[];
  readonly deps: ReadonlySet<RelPath>;
  /** Functions that ran and names that were asked for (`Interpreter.runKey`, `askKey`). */
  readonly runs: ReadonlySet<number>;
}

interface Taken {
  it: Interpreter | null;
  candidates: Candidate[];
}

export interface LinkedFrom {
  readonly project: LinkedProject;
  /** Files whose facts differ from what `project` was linked from. */
  readonly changed: ReadonlySet<RelPath>;
  readonly sameGraph: boolean;
}

export class LinkedProject extends Project {
  private linked = false;
  private readonly readFiles = new Set<RelPath>();
  private readonly judged = new Map<number, Judged>();
  private keys: (string | null)[] = [];
  private byPath = new Map<RelPath, number[]>();
  private sortedFiles: readonly RelPath[] | null = null;
  private all: readonly Endpoint[] | null = null;
  private lists = new Map<RelPath, readonly Endpoint[]>();
  private readonly moduleHashes = new Map<RelPath, string | null>();
  /** Candidates whose judging read a file. */
  private readonly readersOf = new Map<RelPath, Set<number>>();
  /** Candidates by the files in which something of them stands; null: it is not known in which. */
  private named: ReadonlyMap<string | null, readonly number[]> | null = null;
  /** It shares its interpreter with the project it was forked from. */
  private forked = false;

  constructor(
    readonly view: FileView,
    options: ProjectOptions,
    git: GitFacts,
    private from: LinkedFrom | null = null,
    private readonly taken: Taken = { it: null, candidates: [] },
  ) {
    super(view, ALL_FRAMEWORKS.map((adapter) => capturing(adapter, taken)), options, git);
    if (from?.sameGraph) (this as { graph: ModuleGraph }).graph = from.project.graph;
  }

  /** The same linking over a view in which files that linking never looked at differ. */
  fork(view: FileView): LinkedProject {
    if (!this.linked) return new LinkedProject(view, this.options, this.git);
    const fork = new LinkedProject(view, this.options, this.git, { project: this, changed: new Set(), sameGraph: true }, this.taken);
    fork.from = null;
    fork.linked = true;
    fork.forked = true;
    for (const p of this.readFiles) fork.readFiles.add(p);
    for (const [i, j] of this.judged) fork.keep(i, j);
    fork.keys = this.keys;
    fork.byPath = this.byPath;
    fork.sortedFiles = this.sortedFiles;
    fork.all = this.all;
    fork.lists = new Map(this.lists);
    fork.errors.push(...this.errors);
    return fork;
  }

  /** Every endpoint has been judged: `reads` is complete. */
  get complete(): boolean {
    return this.all !== null;
  }

  // ---------------------------------------------------------------------------------------------- linking

  private link(): void {
    if (this.linked) return;
    this.linked = true;
    // Import specifiers are resolved before reads are noted: that a file exists is no look into it.
    this.graph.importersOf('' as RelPath);
    this.noting(() => super.endpoints());
    this.taken.candidates.forEach((c, i) => {
      const list = this.byPath.get(c.at.file);
      if (list) list.push(i);
      else this.byPath.set(c.at.file, [i]);
    });
    if (this.from) this.takeOver(this.from);
    this.from = null;
  }

  private noting<T>(run: () => T): T {
    const before = this.view.reading;
    this.view.reading = this.readFiles;
    const out = run();
    this.view.reading = before;
    return out;
  }

  /** Candidates that are what they were, and whose judging would read the same, are not judged again. */
  private takeOver(from: LinkedFrom): void {
    const old = from.project;
    if (old.taken.it) this.taken.it?.numberLike(old.taken.it);
    const known = new Map<string, Judged>();
    old.candidateKeys().forEach((key, i) => {
      const judged = old.judged.get(i);
      if (key !== null && judged) known.set(key, judged);
    });
    const same = new Map<RelPath, boolean>();
    const unchanged = (file: RelPath): boolean => {
      let is = same.get(file);
      if (is === undefined) {
        const hash = from.changed.has(file) ? null : this.moduleHash(file);
        is = hash !== null && hash === old.moduleHash(file);
        same.set(file, is);
      }
      return is;
    };
    this.candidateKeys().forEach((key, i) => {
      const judged = key === null ? undefined : known.get(key);
      if (!judged || judged.endpoints.length === 0 || ![...judged.deps].every(unchanged)) return;
      this.keep(i, judged);
      for (const file of judged.deps) this.readFiles.add(file);
    });
  }

  /** Everything about each candidate that judging it starts from; equal ones are told apart by their number. */
  private candidateKeys(): readonly (string | null)[] {
    if (this.keys.length !== this.taken.candidates.length) {
      const count = new Map<string, number>();
      this.keys = this.taken.candidates.map((c) => {
        const hash = hashOfValues([c]);
        if (hash === null) return null;
        const n = (count.get(hash) ?? 0) + 1;
        count.set(hash, n);
        return `${hash}:${n}`;
      });
    }
    return this.keys;
  }

  /** What a module holds after it has run. */
  private moduleHash(file: RelPath): string | null {
    let hash = this.moduleHashes.get(file);
    if (hash === undefined) {
      const it = this.taken.it;
      const { env, exportsObj } = this.noting(() => it!.module(file));
      hash = hashOfValues([env.vars, exportsObj]);
      this.moduleHashes.set(file, hash);
    }
    return hash;
  }

  /**
   * Takes a change in that touches nothing but function bodies which no module ran to become what it is: everything linked
   * stays, its places move, and the endpoints that ran what changed, or say where something stands behind it, are judged anew.
   * Those that come out as they were stay the same objects, with all that is known about them. null when the change reaches
   * further.
   */
  refresh(change: ScriptChange): Refreshed | null {
    const { path } = change;
    const { it, candidates } = this.taken;
    if (this.forked || !it || !this.all) return null;
    const places = new Set(it.placesIn(path));
    for (const c of candidates) for (const at of [c.at, ...c.steps.map((s) => s.at), ...c.late.map((s) => s.at)]) if (at.file === path) places.add(at);
    const bodies = compareBodies(change.before, change.after, change.textBefore, change.textAfter, [...places].map((at) => at.span));
    if (!bodies || [...bodies.changed].some((id) => it.ranAtTop(path).has(id) || !sameForAdapters(change, id) || setsOthers(change, id))) return null;
    if (bodies.renamed && !this.canRename(path, bodies.renamed)) return null;
    if (bodies.constants?.names.some((name) => it.isAsked(path, name))) return null;
    const moved: [Location, Span][] = [];
    const gone = new Set<Location>();
    for (const at of places) {
      if (at.span.end > 0 && bodies.constants?.before.some((d) => d.s <= at.span.start && at.span.end <= d.e)) {
        gone.add(at);
        continue;
      }
      const span = at.span.end === 0 ? at.span : bodies.moved(at.span);
      if (!span) return null;
      moved.push([at, span]);
    }
    const elsewhere = new Set<object>();
    for (const [at, span] of moved) {
      if (at.span.start !== span.start || at.span.end !== span.end) elsewhere.add(at);
      (at as { span: Span }).span = span;
    }
    if (bodies.renamed) it.rename(path, bodies.renamed.from, bodies.renamed.to);
    if (bodies.constants) it.redeclare(path, bodies.constants.names, bodies.constants.after, gone);
    it.forget(path);
    this.keys = [];
    this.moduleHashes.clear();
    this.replaced();
    const concerned = new Set([...(this.readersOf.get(path) ?? []), ...this.naming(path)].filter((i) => this.judged.has(i)));
    const files = new Set([...concerned].map((i) => candidates[i]!.at.file));
    const before = new Map([...files].map((file) => [file, this.endpointsOf(file)]));
    // What could not be judged is judged again, and says again why.
    for (const file of files) for (const i of this.byPath.get(file) ?? []) if (this.judged.get(i)?.endpoints.length === 0) concerned.add(i);
    const errors = this.errors.filter((e) => e.file === null || !files.has(e.file));
    this.errors.splice(0, this.errors.length, ...errors);
    // Whoever ran a function may have looked into those that stand in it.
    const ran = [...bodies.changed, ...(bodies.renamed ? [bodies.renamed.id] : [])].flatMap((id) => withParents(change.before, id)).map((id) => it.runKey(path, id));
    const names = [...(bodies.renamed ? [bodies.renamed.from, bodies.renamed.to] : []), ...(bodies.constants?.names ?? [])];
    if (names.length > 0) for (const name of [...names, '*']) ran.push(it.askKey(path, name));
    const from = replacedRange(change.textBefore, change.textAfter).replaced.start;
    for (const i of concerned) {
      const judged = this.judged.get(i)!;
      if (judged.endpoints.length === 0 || ran.some((key) => judged.runs.has(key)) || standsFrom(judged.endpoints, path, from, elsewhere)) this.judgeAgain(i, elsewhere);
    }
    for (const file of files) this.lists.delete(file);
    const others = new Map<RelPath, { readonly before: readonly Endpoint[]; readonly after: readonly Endpoint[] }>();
    for (const file of files) {
      const [was, is] = [before.get(file)!, this.endpointsOf(file)];
      if (was.length !== is.length || was.some((e, i) => e !== is[i])) others.set(file, { before: was, after: is });
    }
    if (others.size > 0) this.all = null;
    return { endpoints: others, elsewhere };
  }

  /** An endpoint that comes out as it was stays the same object. */
  private judgeAgain(index: number, elsewhere: ReadonlySet<object>): void {
    const { endpoints: old, deps: read } = this.judged.get(index)!;
    this.judged.delete(index);
    for (const file of read) this.readersOf.get(file)?.delete(index);
    const { endpoints, ...rest } = this.judge(index);
    if (endpoints.length === old.length) this.keep(index, { endpoints: endpoints.map((e, i) => (isUnchanged(old[i], e, elsewhere) ? old[i]! : e)), ...rest });
  }

  /** Nobody outside the file knows the function, it made no module what it is, and no step of an endpoint is called like it. */
  private canRename(path: RelPath, { id, from, to }: Renaming): boolean {
    const { it, candidates } = this.taken;
    const called = (s: { readonly name: string }): boolean => s.name === from;
    return it!.canRename(path, from, to) && !it!.ranAtTop(path).has(id) && !candidates.some((c) => c.steps.some(called) || c.late.some(called));
  }

  /** Candidates of which what they are made of says where something stands in this file, or may say so. */
  private naming(path: RelPath): readonly number[] {
    if (!this.named) {
      const named = new Map<string | null, number[]>();
      this.taken.candidates.forEach((candidate, i) => {
        for (const file of filesOfValues([candidate]) ?? [null]) {
          const list = named.get(file);
          if (list) list.push(i);
          else named.set(file, [i]);
        }
      });
      this.named = named;
    }
    return [...(this.named.get(path) ?? []), ...(this.named.get(null) ?? [])];
  }

  private keep(index: number, judged: Judged): void {
    this.judged.set(index, judged);
    for (const file of judged.deps) {
      const readers = this.readersOf.get(file);
      if (readers) readers.add(index);
      else this.readersOf.set(file, new Set([index]));
    }
  }

  private judge(index: number): Judged {
    let judged = this.judged.get(index);
    if (!judged) {
      const it = this.taken.it!;
      const candidate = this.taken.candidates[index]!;
      it.runs = new Set();
      try {
        const endpoints = this.noting(() => judge(it, candidate, this.options));
        judged = { endpoints, deps: new Set([candidate.at.file, ...endpoints.flatMap((e) => [...e.dependsOn])]), runs: it.runs };
      } catch (error) {
        // One endpoint that cannot be followed never hides the others.
        this.errors.push({ phase: 'link', file: candidate.at.file, ruleId: null, message: error instanceof Error ? error.message : String(error) });
        judged = { endpoints: [], deps: new Set([candidate.at.file]), runs: it.runs };
      }
      // The endpoint holds on to the set; what is read from now on is not its reading.
      it.deps = new Set();
      it.runs = new Set();
      this.keep(index, judged);
    }
    return judged;
  }

  /** How the change from `before` to `after` reaches this project. */
  reachOf(before: FileFacts | undefined, after: FileFacts | undefined): Reach {
    const a = before?.script ?? null;
    const b = after?.script ?? null;
    if ((a === null) !== (b === null) || JSON.stringify(before?.config ?? null) !== JSON.stringify(after?.config ?? null)) return 'all';
    if (a === b) return 'none';
    if (graphTextOf(a!) !== graphTextOf(b!)) return 'imports';
    return this.complete && !this.readFiles.has(after!.path) && !this.concerns(after!) ? 'none' : 'code';
  }

  /** Linking would look into this file. */
  private concerns(file: FileFacts): boolean {
    if (ALL_FRAMEWORKS.some((a) => a.isRelevant(file))) return true;
    const alone = new FileView(new Map([[file.path, file]]));
    const read = (path: RelPath): ScriptFacts | null => alone.get(path)?.script ?? null;
    const it = new Interpreter(read, this.graph, ALL_FRAMEWORKS.map((a) => a.hooks), this.options);
    alone.reading = new Set();
    return ALL_FRAMEWORKS.some((a) => a.find({ it, graph: this.graph, files: alone }).length > 0) || alone.reading.size > 0;
  }

  /** Files in which endpoints are registered, sorted. */
  endpointFiles(): readonly RelPath[] {
    this.link();
    this.sortedFiles ??= [...this.byPath.keys()].sort();
    return this.sortedFiles;
  }

  override endpoints(): readonly Endpoint[] {
    if (!this.all) {
      this.link();
      this.all = this.taken.candidates.flatMap((_, i) => this.judge(i).endpoints).sort(byPlace);
    }
    return this.all;
  }

  override endpointsOf(path: RelPath): readonly Endpoint[] {
    let list = this.lists.get(path);
    if (!list) {
      this.link();
      list = (this.byPath.get(path) ?? []).flatMap((i) => this.judge(i).endpoints).sort(byPlace);
      this.lists.set(path, list);
    }
    return list;
  }
}

/** The function and those that it stands in, up to the top level. */
function withParents(script: ScriptFacts, id: number): number[] {
  const out: number[] = [];
  for (let at = id; at > 0; at = script.functions[at]!.parent) out.push(at);
  return out;
}

/** Something in it stands in the file beyond an offset, or has moved: what an edit there leaves as it is stands elsewhere. */
function standsFrom(x: unknown, file: RelPath, offset: number, elsewhere: ReadonlySet<object>): boolean {
  if (typeof x !== 'object' || x === null) return false;
  if (elsewhere.has(x)) return true;
  if (Array.isArray(x)) return x.some((one) => standsFrom(one, file, offset, elsewhere));
  const at = x as { readonly file?: unknown; readonly span?: Span };
  if (at.file === file && (!at.span || at.span.end >= offset)) return true;
  for (const key in x) if (standsFrom((x as Record<string, unknown>)[key], file, offset, elsewhere)) return true;
  return false;
}

/** The function sets other variables than it did; those of its module hold something else then. */
function setsOthers(change: ScriptChange, id: number): boolean {
  const before = namesSetBy(change.before.functions[id]!);
  const after = namesSetBy(change.after.functions[id]!);
  return before.size !== after.size || [...before].some((name) => !after.has(name));
}

/** No adapter reads anything else in the function's body now. */
function sameForAdapters(change: ScriptChange, id: number): boolean {
  return ALL_FRAMEWORKS.every((a) => {
    if (!a.bodyOf) return true;
    const was = a.bodyOf(change.before, change.before.functions[id]!);
    return was !== null && was === a.bodyOf(change.after, change.after.functions[id]!);
  });
}

/** The adapter as it is, but what it finds is kept here instead of being judged at once. */
function capturing(adapter: FrameworkAdapter, taken: Taken) {
  return {
    id: adapter.id,
    hooks: adapter.hooks,
    foundByPlace: adapter.foundByPlace,
    isRelevant: (file: FileFacts) => adapter.isRelevant(file),
    find(ctx: AdapterContext): Candidate[] {
      taken.it = ctx.it;
      taken.candidates.push(...adapter.find(ctx));
      return [];
    },
  };
}

/** What is compared of two versions of a script, worked out once for each. */
const graphTexts = new WeakMap<ScriptFacts, string>();
const faceTexts = new WeakMap<ScriptFacts, string>();

/** What the module graph reads of a script. */
function graphTextOf(script: ScriptFacts): string {
  return kept(graphTexts, script, () => [
    script.directives, script.hasJsx, script.isCommonJs,
    script.imports.map((i) => [i.specifier, i.kind, i.typeOnly, i.names.length > 0 && i.names.every((n) => n.typeOnly)]),
    script.exports.flatMap((e) => (e.kind === 'star' ? [e.specifier] : ModuleGraph.readsExport(e.name) ? [e.name] : [])),
  ]);
}

/** What a module's face shows (`ModuleFace`). */
function faceTextOf(script: ScriptFacts): string {
  const face = faceOf(script);
  return kept(faceTexts, script, () => [face.imports.map((i) => [i.specifier, i.kind, i.typeOnly, i.names]), face.bindings, face.envNames]);
}

function kept(texts: WeakMap<ScriptFacts, string>, script: ScriptFacts, make: () => unknown): string {
  let text = texts.get(script);
  if (text === undefined) texts.set(script, (text = JSON.stringify(make())));
  return text;
}

/** Names that one version exports and the other does not, or for something else. */
export function changedExports(before: FileFacts | undefined, after: FileFacts | undefined): string[] {
  const a = before?.script ? exportsOf(before.script) : NONE;
  const b = after?.script ? exportsOf(after.script) : NONE;
  if (a === b) return [];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Both versions show the same face to others. */
export function sameFace(before: FileFacts | undefined, after: FileFacts | undefined): boolean {
  const a = before?.script ?? null;
  const b = after?.script ?? null;
  return a === b || (a !== null && b !== null && faceTextOf(a) === faceTextOf(b));
}

function byPlace(a: Endpoint, b: Endpoint): number {
  return a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start || (a.method < b.method ? -1 : a.method > b.method ? 1 : 0);
}
