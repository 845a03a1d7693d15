/**
 * What extract yields for one file: plain, serialisable data with offsets and no AST nodes.
 *
 * Scripts become a small intermediate representation (IR): functions of statements and expressions, enough to follow
 * registrations, guards and data by reading, whatever the framework. No secret's value is ever in it: literals that
 * could be one carry no text (`redacted`).
 */
import type { ContentHash, RelPath, Severity, Confidence, Span } from './types';

export type Language = 'script' | 'sql' | 'prisma' | 'env' | 'json' | 'yaml' | 'toml' | 'text';

export interface FileFacts {
  readonly path: RelPath;
  readonly hash: ContentHash;
  readonly language: Language;
  /** `recovered`: syntax errors, facts of what could be read. `skipped`: not analysed, `skippedBecause` says why. */
  readonly parse: 'ok' | 'recovered' | 'skipped';
  readonly skippedBecause: string | null;
  readonly bytes: number;
  readonly secrets: readonly SecretFact[];
  readonly suppressions: readonly SuppressionFact[];
  readonly script: ScriptFacts | null;
  readonly config: ConfigFacts | null;
  /** Names defined in an env file, a Dockerfile, a workflow … with the span of the whole entry. */
  readonly envNames: readonly EnvNameFact[];
}

// ------------------------------------------------------------------------------------------------ secrets

/** How the secret stands in the file; decides which rule reports it and which fix fits. */
export type SecretKind =
  /** A provider's token whose format is known. */
  | 'provider-token'
  | 'private-key'
  /** Credentials inside a URL of any scheme. */
  | 'connection-uri'
  /** `apiKey = "high entropy"`. */
  | 'named-assignment'
  /** Literal key given to a signing, session or encryption call. */
  | 'signing-key'
  /** `process.env.JWT_SECRET || 'literal'`. */
  | 'env-fallback'
  /** Literal password of an account that seed or set-up code creates. */
  | 'account-password';

/** A secret in a file, redacted: nothing here can hold its value. */
export interface SecretFact {
  readonly kind: SecretKind;
  /** Stable id of the detector, for instance `stripe-secret`, `supabase-service-role`, `postgres-uri`. */
  readonly detector: string;
  /** Human name: "Stripe live secret key". */
  readonly label: string;
  /** The value itself, without quotes. */
  readonly span: Span;
  /** The whole literal, quotes included, when it stands in code as one string; else equal to `span`. */
  readonly literal: Span;
  /** Public prefix of the provider and the length, e.g. `sk_live_… (32 characters)`. */
  readonly redacted: string;
  /** Keyed hash: equal values in several places share it. */
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Suggested environment variable name, e.g. `STRIPE_SECRET_KEY`; for env-fallback and env files the name found. */
  readonly envName: string;
  /** A browser may see this kind by design (publishable, anon): never reported as exposed. */
  readonly publicByDesign: boolean;
  /** Where it stands: decides which fix applies. */
  readonly place: 'code' | 'env-file' | 'config' | 'sql' | 'docs' | 'test' | 'comment' | 'text';
  /** Extra evidence for people, never the value: "JWT role claim is service_role". */
  readonly note: string | null;
}

export interface EnvNameFact {
  readonly name: string;
  readonly span: Span;
  readonly hasValue: boolean;
}

/** `rescue-ignore-next-line RULE-ID -- reason`. */
export interface SuppressionFact {
  readonly ruleId: string;
  readonly reason: string | null;
  readonly span: Span;
  /** Offsets of the line it silences. */
  readonly target: Span;
}

// ------------------------------------------------------------------------------------------------ config files

/** Parsed and validated configuration that the model needs; unknown files have none. */
export type ConfigFacts =
  | { readonly kind: 'package-json'; readonly name: string | null; readonly version: string | null; readonly type: 'module' | 'commonjs'; readonly dependencies: Readonly<Record<string, string>>; readonly devDependencies: Readonly<Record<string, string>>; readonly scripts: Readonly<Record<string, string>>; readonly workspaces: readonly string[]; readonly main: string | null }
  | { readonly kind: 'tsconfig'; readonly baseUrl: string | null; readonly paths: Readonly<Record<string, readonly string[]>>; readonly extends: readonly string[]; readonly references: readonly string[] }
  | { readonly kind: 'supabase-config'; readonly functions: Readonly<Record<string, { readonly verifyJwt: boolean | null }>> }
  | { readonly kind: 'vercel-json'; readonly crons: readonly string[] }
  | { readonly kind: 'row-rules'; readonly changes: readonly RowRuleChange[]; readonly tables: readonly SqlTableFact[] }
  /** `enums`: the values of each enumeration that stands in this file. */
  | { readonly kind: 'prisma-schema'; readonly models: readonly PrismaModelFact[]; readonly enums: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'invalid'; readonly message: string };

export interface PrismaModelFact {
  readonly name: string;
  /** Lists of other models and the names of relations are none. */
  readonly columns: readonly PrismaColumnFact[];
}

export interface PrismaColumnFact {
  readonly name: string;
  /** `String`, `Int`, … or the name of an enumeration or of another model. */
  readonly type: string;
  /** A list of them. */
  readonly many: boolean;
  /** The database refuses longer texts: `@db.VarChar(20)`. */
  readonly limited: boolean;
  /** The model whose row a foreign key names. */
  readonly references: string | null;
}

/** A table as a `create table` of the project's own SQL declares it; what later statements change is not followed. */
export interface SqlTableFact {
  readonly name: string;
  readonly columns: readonly SqlColumnFact[];
}

export interface SqlColumnFact {
  readonly name: string;
  /** `key`: an id in a fixed form. `object`: whatever JSON or a list holds. null: a type of the project's own. */
  readonly type: 'text' | 'number' | 'flag' | 'date' | 'key' | 'object' | null;
  /** The least it may hold, where a check says so. */
  readonly min: number | null;
  /** The table whose row a foreign key names. */
  readonly references: string | null;
  /** Its length, its form or its values are limited: `varchar(20)`, a check, an enumeration. */
  readonly limited: boolean;
}

export type SqlCommand = 'select' | 'insert' | 'update' | 'delete';

/** What a test lets through for a caller without an account: every row, those a condition picks, or none. */
export type Passes = 'all' | 'some' | 'none';

/** A policy's expression, as alternatives of which one must hold. */
export type RowTest = readonly {
  readonly passes: Passes;
  /** Functions it calls: one that asks who is calling lets no stranger through. */
  readonly calls: readonly string[];
  /** Texts it compares with, for instance a storage bucket's name. */
  readonly texts: readonly string[];
}[];

/** One statement about row level security. Names are without quotes and without `public.`. */
export type RowRuleChange =
  | { readonly do: 'create' | 'drop'; readonly table: string }
  | { readonly do: 'rename'; readonly table: string; readonly to: string }
  | { readonly do: 'rls'; readonly table: string; readonly on: boolean }
  /** `to` is empty for every role; a test is null when it is not written. */
  | { readonly do: 'policy'; readonly table: string; readonly name: string; readonly command: SqlCommand | 'all'; readonly restrictive: boolean; readonly to: readonly string[]; readonly using: RowTest | null; readonly check: RowTest | null }
  | { readonly do: 'alter-policy'; readonly table: string; readonly name: string; readonly to: readonly string[] | null; readonly using: RowTest | null; readonly check: RowTest | null }
  | { readonly do: 'drop-policy'; readonly table: string; readonly name: string }
  /** `asks`: its body asks who is calling, or strangers may not call it. `calls`: the functions it calls. */
  | { readonly do: 'function'; readonly name: string; readonly asks: boolean; readonly calls: readonly string[] }
  /** Statements that are put together at run time: what they change is not known. */
  | { readonly do: 'unread' };

// ------------------------------------------------------------------------------------------------ scripts

export interface ScriptFacts {
  /** `'use client'`, `'use server'` at the top of the file. */
  readonly directives: readonly string[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  /** Index = function id; 0 is the module's top-level code. */
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly hasJsx: boolean;
  readonly isCommonJs: boolean;
  /**
   * Its text alone says that nothing in it registers endpoints on what it is handed, is a server action, validates anything
   * or says who is signed in: who looks for these in all files need not ask for its functions, which would have to be
   * parsed and lowered first.
   */
  readonly outlined: boolean;
  /** Environment variables read by name, with how. */
  readonly envReads: readonly EnvReadFact[];
  /** Where a new import or statement after the imports would go. */
  readonly afterImports: number;
  readonly style: { readonly quote: "'" | '"'; readonly semicolons: boolean; readonly indent: string; readonly eol: '\n' | '\r\n' };
}

export interface EnvReadFact {
  readonly name: string;
  readonly via: 'process.env' | 'import.meta.env' | 'Deno.env';
  readonly span: Span;
}

export interface ImportFact {
  readonly specifier: string;
  /** `import` and `require` at top level, dynamic `import()` anywhere, re-export. */
  readonly kind: 'import' | 'require' | 'dynamic' | 'export';
  readonly typeOnly: boolean;
  /** `imported` is `default`, `*` or a name. Empty for side-effect imports. */
  readonly names: readonly { readonly imported: string; readonly local: string; readonly typeOnly: boolean }[];
  readonly span: Span;
}

export type ExportFact =
  /** `export { local as name }`, `export const name`, `export default` (name `default`, local may be a synthetic `*default*`). */
  | { readonly kind: 'local'; readonly name: string; readonly local: string; readonly span: Span }
  /** `export { imported as name } from 'x'`; `imported` may be `*` for `export * as name`. */
  | { readonly kind: 'from'; readonly name: string; readonly imported: string; readonly specifier: string; readonly span: Span }
  /** `export * from 'x'`. */
  | { readonly kind: 'star'; readonly specifier: string; readonly span: Span };

export interface FunctionFact {
  readonly id: number;
  /** Best known name: declared, assigned to, property key; empty when anonymous. */
  readonly name: string;
  readonly parent: number;
  readonly params: readonly Pattern[];
  readonly body: readonly Stmt[];
  readonly async: boolean;
  readonly kind: 'module' | 'function' | 'arrow' | 'method' | 'constructor' | 'getter' | 'setter';
  /** `'use server'` inside the body. */
  readonly directives: readonly string[];
  /** The whole function expression or declaration. */
  readonly span: Span;
  /** The name if it has one, else the first characters of the function. */
  readonly head: Span;
  /** Just inside the opening brace; for `=> expr` arrows null (a fix must add a body). */
  readonly bodyStart: number | null;
  /** The body, braces included, or the expression. */
  readonly bodySpan: Span;
  /** Span of the parameter list between its parentheses, excluded; null for `x => …`. */
  readonly paramsSpan: Span | null;
}

export interface ClassFact {
  readonly id: number;
  readonly name: string;
  readonly superClass: Expr | null;
  readonly members: readonly { readonly name: string; readonly isStatic: boolean; readonly fn: number | null; readonly init: Expr | null; readonly decorators: readonly Expr[] }[];
  readonly decorators: readonly Expr[];
  /**
   * What a dependency-injection container is asked for, per constructor parameter: the argument of `@inject(…)`, else the
   * declared class when the class itself is decorated. Empty when nothing says that a container makes it.
   */
  readonly wiring: readonly { readonly name: string; readonly token: Expr | null }[];
  readonly span: Span;
}

/** Offsets stand in each node as `s` (start) and `e` (end): short names, since there are millions. */
export interface At {
  readonly s: number;
  readonly e: number;
}

export type Pattern =
  | { readonly k: 'name'; readonly name: string; readonly s: number; readonly e: number; readonly init: Expr | null }
  | { readonly k: 'obj'; readonly props: readonly { readonly key: string | null; readonly value: Pattern }[]; readonly rest: string | null; readonly s: number; readonly e: number; readonly init: Expr | null }
  | { readonly k: 'arr'; readonly items: readonly (Pattern | null)[]; readonly rest: string | null; readonly s: number; readonly e: number; readonly init: Expr | null }
  | { readonly k: 'rest'; readonly value: Pattern; readonly s: number; readonly e: number; readonly init: null }
  /** `this.x = …`, `a.b[0] = …`: assignment targets that are no binding. */
  | { readonly k: 'target'; readonly expr: Expr; readonly s: number; readonly e: number; readonly init: null };

export type Expr = At &
  (
    | { readonly k: 'str'; readonly v: string }
    /** A literal whose text is withheld, since it may be a secret. */
    | { readonly k: 'redacted'; readonly length: number }
    | { readonly k: 'num'; readonly v: number }
    | { readonly k: 'bool'; readonly v: boolean }
    | { readonly k: 'null' }
    | { readonly k: 'undef' }
    | { readonly k: 'regex'; readonly v: string }
    | { readonly k: 'ref'; readonly name: string }
    | { readonly k: 'this' }
    | { readonly k: 'super' }
    /** `a.b`, `a['b']`; `ps` is where the property name starts. */
    | { readonly k: 'mem'; readonly obj: Expr; readonly prop: string; readonly opt: boolean; readonly ps: number }
    | { readonly k: 'idx'; readonly obj: Expr; readonly index: Expr }
    | { readonly k: 'call'; readonly fn: Expr; readonly args: readonly Expr[]; readonly opt: boolean }
    | { readonly k: 'new'; readonly fn: Expr; readonly args: readonly Expr[] }
    | { readonly k: 'import'; readonly spec: string | null }
    | { readonly k: 'obj'; readonly props: readonly ObjProp[] }
    | { readonly k: 'arr'; readonly items: readonly Expr[] }
    | { readonly k: 'spread'; readonly value: Expr }
    /** Template literal or string concatenation: the texts between are kept when they are harmless. */
    | { readonly k: 'tpl'; readonly parts: readonly Expr[]; readonly tag: Expr | null }
    | { readonly k: 'bin'; readonly op: string; readonly l: Expr; readonly r: Expr }
    /** `&&`, `||`, `??`. */
    | { readonly k: 'logic'; readonly op: '&&' | '||' | '??'; readonly l: Expr; readonly r: Expr }
    | { readonly k: 'not'; readonly value: Expr }
    | { readonly k: 'unary'; readonly op: string; readonly value: Expr }
    | { readonly k: 'cond'; readonly test: Expr; readonly then: Expr; readonly else: Expr }
    | { readonly k: 'assign'; readonly op: string; readonly target: Pattern; readonly value: Expr }
    | { readonly k: 'await'; readonly value: Expr }
    | { readonly k: 'yield'; readonly value: Expr | null }
    | { readonly k: 'fn'; readonly id: number }
    | { readonly k: 'class'; readonly id: number }
    | { readonly k: 'seq'; readonly items: readonly Expr[] }
    /** JSX: the expressions inside, in order; `tag` is the element's name. */
    | { readonly k: 'jsx'; readonly tag: string; readonly props: readonly ObjProp[]; readonly children: readonly Expr[] }
    | { readonly k: 'other'; readonly children: readonly Expr[] }
  );

export type ObjProp =
  | { readonly k: 'prop'; readonly key: string; readonly value: Expr; readonly s: number; readonly e: number }
  | { readonly k: 'computed'; readonly key: Expr; readonly value: Expr; readonly s: number; readonly e: number }
  | { readonly k: 'spread'; readonly value: Expr; readonly s: number; readonly e: number };

export type Stmt = At &
  (
    | { readonly k: 'expr'; readonly x: Expr }
    | { readonly k: 'var'; readonly kind: 'const' | 'let' | 'var' | 'using'; readonly decls: readonly { readonly target: Pattern; readonly init: Expr | null; readonly s: number; readonly e: number }[] }
    /** Function declaration: hoisted. */
    | { readonly k: 'fndecl'; readonly name: string; readonly id: number }
    | { readonly k: 'classdecl'; readonly name: string; readonly id: number }
    | { readonly k: 'return'; readonly x: Expr | null }
    | { readonly k: 'throw'; readonly x: Expr }
    | { readonly k: 'if'; readonly test: Expr; readonly then: readonly Stmt[]; readonly else: readonly Stmt[] | null }
    | { readonly k: 'block'; readonly body: readonly Stmt[] }
    | { readonly k: 'try'; readonly body: readonly Stmt[]; readonly param: Pattern | null; readonly handler: readonly Stmt[] | null; readonly finalizer: readonly Stmt[] | null }
    /** `for…of` and `for…in` have `each` and `over`; the others `test`. */
    | { readonly k: 'loop'; readonly kind: 'for' | 'of' | 'in' | 'while' | 'do'; readonly init: readonly Stmt[]; readonly each: Pattern | null; readonly over: Expr | null; readonly test: Expr | null; readonly update: Expr | null; readonly body: readonly Stmt[] }
    | { readonly k: 'switch'; readonly on: Expr; readonly cases: readonly { readonly test: Expr | null; readonly body: readonly Stmt[] }[] }
    | { readonly k: 'break' }
    | { readonly k: 'continue' }
  );
