/** A rule: metadata, the entity it looks at, its check and its fixes, in one file. */
import type { FileFacts } from './facts';
import type { Endpoint, EnvFileEntity, ProjectModel, SecretEntity } from './model';
import type { Fixer } from './fix';
import type { Category, Confidence, Effort, Evidence, FixId, Location, RuleId, Severity, SprintItemId } from './types';

/** What a rule can look at. A missing kind is added here and in the session's runner, once, for all rules. */
export interface EntityMap {
  endpoint: Endpoint;
  secret: SecretEntity;
  'env-file': EnvFileEntity;
  file: FileFacts;
  project: ProjectModel;
}
export type EntityKind = keyof EntityMap;

/** One or several files that show the defect (or its absence): `{ 'src/app.ts': '…' }`. */
export type ExampleFiles = Readonly<Record<string, string>>;

export interface RuleMeta<M extends string> {
  readonly id: RuleId;
  readonly item: SprintItemId;
  readonly category: Category;
  readonly severity: Severity;
  /** Names the defect in a few words, for lists. */
  readonly title: string;
  /** One sentence: what it costs the business. */
  readonly businessImpact: string;
  /** Markdown for the rule's page: why it matters, what is looked at, what is not. */
  readonly why: string;
  readonly effort: Effort;
  readonly cwe: readonly number[];
  /** OWASP API 2023 / LLM ids, e.g. `API2`. */
  readonly owasp: readonly string[];
  /** Typed message ids; `{{name}}` placeholders come from the report's data. */
  readonly messages: Readonly<Record<M, string>>;
  /** Shown in the docs and run as tests. `{{secret:ID}}` builds a token at run time (see test/support). */
  readonly bad: ExampleFiles;
  readonly good: ExampleFiles;
  readonly since: string;
  /** Measured precision below 80 %: not a squiggle by default, in the audit only. */
  readonly quiet?: boolean;
}

export interface Report<M extends string> {
  readonly at: Location;
  readonly messageId: M;
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  readonly evidence?: readonly Evidence[];
  readonly fixes?: readonly FixId[];
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly endpoint?: Endpoint | null;
  readonly rootCause?: string;
  readonly businessImpact?: string;
}

export interface CheckContext<M extends string> {
  readonly model: ProjectModel;
  report(report: Report<M>): void;
}

export interface Rule<K extends EntityKind = EntityKind, M extends string = string> {
  readonly meta: RuleMeta<M>;
  readonly on: K;
  check(entity: EntityMap[K], ctx: CheckContext<M>): void;
  /** In order of preference. */
  readonly fixes?: Readonly<Record<FixId, Fixer>>;
}

/** A rule of any entity kind, as registries hold it. `never` parameters: only the runner, which knows the kind, may call `check`. */
export type AnyRule = {
  readonly [K in EntityKind]: {
    readonly meta: RuleMeta<string>;
    readonly on: K;
    check(entity: EntityMap[K], ctx: CheckContext<string>): void;
    readonly fixes?: Readonly<Record<FixId, Fixer>>;
  };
}[EntityKind];

/** Identity function that infers the message ids, so that a wrong `messageId` does not compile. */
export function defineRule<const K extends EntityKind, const M extends string>(rule: Rule<K, M>): Rule<K, M> {
  return rule;
}
