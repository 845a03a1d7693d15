/** What rules and fixes see of a project: entities that link has joined over all files. Nothing here is a syntax tree. */
import type { ConfigFacts, FileFacts, ImportFact, SecretFact, SqlCommand } from './facts';
import type { Evidence, Location, ProjectOptions, RelPath, Span } from './types';

export type AuthState = 'required' | 'optional' | 'none' | 'unknown';

export interface Guard {
  readonly name: string;
  readonly kind: 'authentication' | 'authorization' | 'validation' | 'rate-limit' | 'signature' | 'other';
  readonly level: 'app' | 'router' | 'route' | 'handler' | 'framework';
  readonly at: Location;
  /** Why we believe it: known library, the user's configuration, what its body does, or only its name. */
  readonly because: 'library' | 'config' | 'summary' | 'name';
  readonly effect: 'enforces' | 'optional' | 'unknown';
  /** The function that checks, where it is one of the project: its file, and its index among that file's functions. */
  readonly by?: { readonly file: RelPath; readonly fn: number };
}

/** Something that looks like a guard and is none; `reason` is shown to people. */
export interface FakeGuard {
  readonly name: string;
  readonly at: Location;
  readonly kind: 'logs-but-continues' | 'missing-return' | 'missing-await' | 'after-the-work' | 'trusts-client' | 'decoded-not-verified' | 'catch-falls-through' | 'bypass-flag' | 'only-if-sent' | 'undefined-secret' | 'unverified-session' | 'registered-after';
  readonly reason: string;
}

export type InputSource = 'body' | 'query' | 'params' | 'headers' | 'cookies' | 'form' | 'args' | 'files';

/** A raw read of request data in the handler or what it calls. */
export interface InputRead {
  readonly source: InputSource;
  /** `email`, `address.city`; empty when the whole is read. */
  readonly field: string;
  readonly at: Location;
  /** Made a number on the way: it may be negative, but it is no text. */
  readonly numeric?: true;
}

export type SinkKind = 'db-write' | 'db-read' | 'sql' | 'file' | 'url' | 'mail' | 'llm' | 'payment' | 'exec' | 'auth-admin' | 'storage' | 'redirect' | 'html';

/**
 * What row rules leave to a caller without an account, by the repository's own SQL: `none` of the rows; `some`, which a
 * condition picks; all of them, by a policy that names the anonymous role (`meant`) or one for every role (`all`); row level
 * security is `off`; or no file says (`unknown`).
 */
export type RowAccess = 'none' | 'some' | 'meant' | 'all' | 'off' | 'unknown';

export interface RowRules {
  readonly state: 'on-with-policies' | 'on-without-policies' | 'off' | 'unknown';
  readonly strangers: Readonly<Record<SqlCommand, RowAccess>>;
}

/** Work that an endpoint does: what it touches, whether a verified user stands before it, which raw inputs reach it. */
export interface SinkUse {
  readonly kind: SinkKind;
  /** Table, model, bucket … when known. */
  readonly target: string | null;
  readonly op: string;
  readonly at: Location;
  /** A verified identity, signature or secret stands on every path to here, or a row that row rules show to no stranger. */
  readonly guarded: boolean;
  /** Data access runs with the caller's own database rights (row rules decide), not a service role. */
  readonly asUser: boolean;
  /** It happens only when a row came that was asked for with the caller's own rights: row rules decide who gets here. */
  readonly rowGated: boolean;
  /** Host and path of another server that is asked with the server's own key: `api.mail.test/inbox/`. */
  readonly service: string | null;
  /** An address is called whose scheme and host are fixed: what the request sends is a part of its path or query. */
  readonly fixedHost: boolean;
  /** Done in the callback of an event that is only a client's own upkeep, for instance when a token was refreshed. */
  readonly incidental: boolean;
  /** What row rules would leave a stranger here, were the access his own. */
  readonly strangers: RowAccess;
  /** Raw inputs that reach it without passing a validator. */
  readonly raw: readonly InputRead[];
  /** The caller names the columns: the row is the request's own object, or has it spread in. */
  readonly wholeRow: boolean;
  /** At least one input reaches it through a validator. */
  readonly validated: boolean;
  readonly loopDepth: number;
  /** A write of a GET that only fills in what a read before it did not find, with nothing of the request. */
  readonly lazy: boolean;
  /** A read asks for published rows only: always, or unless the caller asks for the others too. */
  readonly published: 'always' | 'unless-asked' | 'no';
  /**
   * What of a read goes into an answer: its rows; only figures made of them (counts, sums, rates); only ids and states; nothing
   * at all. `unknown`: the answer holds something that reading cannot tell.
   */
  readonly shown: Shown;
  /** Columns of its rows that an answer names one by one; it may hold others. */
  readonly shownColumns: readonly string[];
  /** Its rows go into an answer as they came, with all columns that were asked for. */
  readonly shownWhole: boolean;
  /** A message to an address that stands in the code or in the environment: the caller does not choose who gets it. */
  readonly toUs: boolean;
}

export type Shown = 'rows' | 'figures' | 'ids' | 'nothing' | 'unknown';

/** Environment variables that go into an answer. */
export interface EnvLeak {
  readonly at: Location;
  /** Names that look like server secrets; never values. */
  readonly names: readonly string[];
  /** `process.env` as a whole. */
  readonly whole: boolean;
}

/** A middleware that takes files, and what it refuses. */
export interface UploadUse {
  readonly at: Location;
  readonly sizeLimit: boolean;
  readonly typeFilter: boolean;
  /** Files are written to the server's own disk; else they stay in memory or go to a store of files. */
  readonly toDisk: boolean;
}

export type PublicReason = 'sign-in' | 'sign-up' | 'password-reset' | 'sign-out' | 'session' | 'health' | 'signed-webhook' | 'public-content' | 'lead-form' | 'config' | 'suppressed' | 'static-asset' | 'share-token' | 'preflight' | 'first-run';

export type FrameworkId = 'express' | 'next-app' | 'next-pages' | 'next-action' | 'supabase-edge' | (string & {});

/** Where a quick fix inserts, in the framework's own terms. */
export interface HandlerRef {
  readonly file: RelPath;
  /** Index into the file's functions; null when the handler is not a function of the project. */
  readonly fn: number | null;
  readonly name: string;
  readonly span: Span;
}

export interface Endpoint {
  /** `${framework} ${method} ${path}@${file}`: unique in the project. */
  readonly key: string;
  readonly framework: FrameworkId;
  /** HTTP verb, ALL, WS, GRAPHQL, USE, ACTION, RPC, FN. */
  readonly method: string;
  readonly path: string;
  /** Registration, or the exported handler; the shortest expression. */
  readonly at: Location;
  readonly handler: HandlerRef | null;
  /** In the order they really run. */
  readonly guards: readonly Guard[];
  readonly fakeGuards: readonly FakeGuard[];
  readonly auth: AuthState;
  /** Why `auth` is what it is. */
  readonly authEvidence: readonly Evidence[];
  readonly roles: readonly string[];
  readonly inputs: readonly InputRead[];
  readonly validated: 'yes' | 'partly' | 'no' | 'n/a';
  readonly publicBy: PublicReason | null;
  readonly sinks: readonly SinkUse[];
  /** It asks who is signed in and never looks at the answer. */
  readonly asksInVain: boolean;
  /** What the request sends is put into an object that all requests share, and nowhere else. */
  readonly changesMemory: boolean;
  /** A server action that asks nobody itself, while strangers are stopped before every page that posts it. */
  readonly pagesGuarded: boolean;
  /** It does nothing but answer with what stands in the code. */
  readonly saysFixed: boolean;
  readonly envLeaks: readonly EnvLeak[];
  readonly uploads: readonly UploadUse[];
  /** A write is reachable. */
  readonly mutates: boolean;
  /** Data that was read from a store goes into the response. */
  readonly returnsData: boolean;
  /** Joins endpoints that one fix at the router or app closes, e.g. `router:src/routes/admin.ts`. */
  readonly scope: string;
  readonly mounted: boolean;
  /** Files whose facts the analysis read: when one changes, the endpoint is judged anew. */
  readonly dependsOn: ReadonlySet<RelPath>;
}

export interface PackageInfo {
  /** Folder of the package.json, '' at the top. */
  readonly root: string;
  readonly file: RelPath;
  readonly name: string | null;
  readonly type: 'module' | 'commonjs';
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly main: string | null;
}

export interface Stack {
  readonly packages: readonly PackageInfo[];
  /** Ids of `libraries/`, most used first. */
  readonly auth: readonly string[];
  readonly validators: readonly string[];
  readonly orms: readonly string[];
  readonly frameworks: readonly string[];
}

export interface SecretEntity {
  readonly fact: SecretFact;
  readonly at: Location;
  /** The file can reach the browser. */
  readonly inBrowser: boolean;
  /** The file is tracked by git (read from `.git/index`); null when there is no git folder. */
  readonly tracked: boolean | null;
  /** The same value elsewhere. */
  readonly copies: readonly Location[];
}

export interface EnvFileEntity {
  readonly file: FileFacts;
  readonly tracked: boolean | null;
  readonly ignored: boolean;
}

/** Facts about the folder that are no file's text; computed by the workspace layer. */
export interface GitFacts {
  /** null: no git folder, or an index that cannot be read. */
  readonly tracked: ReadonlySet<RelPath> | null;
  /** Evaluates .gitignore files; works for paths that do not exist. */
  isIgnored(path: RelPath): boolean;
}

/** A name that a file has from elsewhere, by `import` or `require`. */
export interface Binding {
  readonly local: string;
  /** `default`, `*` or a name. */
  readonly imported: string;
  readonly specifier: string;
}

/** Where a script has things from; nothing of what its code does. */
export interface ModuleFace {
  readonly imports: readonly Omit<ImportFact, 'span'>[];
  /** Value imports, `require` in its usual forms included. */
  readonly bindings: readonly Binding[];
  /** Environment variables it reads. */
  readonly envNames: readonly string[];
}

export type ConfigFile = FileFacts & { readonly config: ConfigFacts };

export interface ProjectModel {
  readonly options: ProjectOptions;
  readonly git: GitFacts;
  /** All that is known of every file. Whoever asks is asked again after every edit: `faces`, `exporting`, `configs` and `paths` are cheaper to have looked at. */
  files(): Iterable<FileFacts>;
  /** What each script imports and reads from the environment. */
  faces(): Iterable<readonly [RelPath, ModuleFace]>;
  /** Scripts that export a value under this name, ES modules and CommonJS alike; `export *` is not followed. */
  exporting(name: string): readonly RelPath[];
  /** The files that configure something: package.json, tsconfig.json, vercel.json, supabase/config.toml … */
  configs(): Iterable<ConfigFile>;
  paths(): Iterable<RelPath>;
  /**
   * What several rules or fixes work out from the model, once for all of them: about one endpoint, or about the project when
   * `about` is null. It is kept, under its key, for as long as nothing that `make` looked at changes; so `make` may look at
   * nothing but the model it is given.
   */
  memo<T>(about: Endpoint | null, key: string, make: (model: ProjectModel) => T): T;
  file(path: RelPath): FileFacts | undefined;
  importersOf(path: RelPath): readonly RelPath[];
  /** The file a specifier means, or the package it names, or null when neither is known. */
  resolve(from: RelPath, specifier: string): { readonly file: RelPath } | { readonly package: string } | null;
  endpoints(): readonly Endpoint[];
  endpointsOf(path: RelPath): readonly Endpoint[];
  secretsOf(path: RelPath): readonly SecretEntity[];
  stack(): Stack;
  /** Nearest package.json above the file. */
  packageOf(path: RelPath): PackageInfo | null;
  /** The module can reach the browser. */
  reachesBrowser(path: RelPath): boolean;
  /** Row level security of a table, as the repository's own SQL sets it up. */
  rowRules(table: string): RowRules;
}
