/**
 * The words every layer shares: places, severities, categories, sprint items, findings.
 * Plain data only: everything here survives structured clone and JSON.
 */

/** Half-open UTF-16 offsets into a file's text. Lines and columns exist only at the edges (LSP, CLI, SARIF). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Workspace-relative and `/`-separated. Branded so that a URI or an OS path cannot be passed by mistake. */
export type RelPath = string & { readonly __brand: 'RelPath' };
export type ContentHash = string & { readonly __brand: 'ContentHash' };
export type Fingerprint = string & { readonly __brand: 'Fingerprint' };

export interface Location {
  readonly file: RelPath;
  readonly span: Span;
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `low` never squiggles: it stands in the audit under "needs a human look". */
export const CONFIDENCES = ['proven', 'high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const CATEGORIES = [
  'secret-exposed', 'secret-client', 'secret-logged', 'auth-missing', 'authz-missing', 'validation-missing', 'injection',
  'cors-permissive', 'db-rules-open', 'index-missing', 'query-n-plus-one', 'query-unbounded', 'error-swallowed',
  'error-leaked', 'error-unhandled', 'log-sensitive', 'webhook-unverified', 'llm-guardrail', 'rate-limit-missing',
  'env-separation', 'data-overexposed', 'weak-auth', 'observability-missing', 'deploy-readiness', 'regression-missing',
  'documentation-missing',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** The 16 items of the sprint and the two beside them. The ids stand in users' files: they never change. */
export const SPRINT_ITEM_IDS = [
  'secrets', 'endpoints', 'auth', 'validation', 'cors', 'database', 'indexes', 'queries', 'errors', 'logging', 'sentry',
  'regression', 'redeploy', 'environments', 'monitoring', 'documentation', 'authorization', 'ai',
] as const;
export type SprintItemId = (typeof SPRINT_ITEM_IDS)[number];

export const RULE_GROUPS = [
  'secrets', 'env', 'endpoint', 'auth', 'authz', 'validate', 'cors', 'db', 'index', 'perf', 'error', 'log', 'sentry',
  'test', 'deploy', 'monitor', 'docs', 'ai', 'webhook',
] as const;
export type RuleGroup = (typeof RULE_GROUPS)[number];
/** `group/defect-name`: equal to the rule's path, its docs page and its setting. */
export type RuleId = `${RuleGroup}/${string}`;

export type Effort = 'minutes' | 'hours' | 'days';

/** A place that explains why a finding is believed (editor: related information). */
export interface Evidence {
  readonly at: Location;
  readonly note: string;
}

/** Names a fix of the finding's rule; the edits are computed only when asked. */
export type FixId = string;

export interface Finding {
  readonly ruleId: RuleId;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The shortest expression a reviewer would point at. */
  readonly at: Location;
  /** First line short and complete: it is all that Problems and Error Lens show. Never holds a secret's value. */
  readonly message: string;
  readonly businessImpact: string;
  readonly evidence: readonly Evidence[];
  /** `METHOD /path` of the endpoint concerned. */
  readonly endpoint: string | null;
  /** Findings one fix would close share it, for instance `router:src/routes/admin.ts`. */
  readonly rootCause: string;
  readonly fixes: readonly FixId[];
  /** Plain data that the rule's fixes need; never a secret's value. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
  /** Rule + file + normalised code around: survives line moves. */
  readonly fingerprint: Fingerprint;
}

/** What went wrong inside the engine itself; it silences nothing else. */
export interface EngineError {
  readonly phase: 'read' | 'extract' | 'link' | 'check' | 'fix' | 'config' | 'state';
  readonly file: RelPath | null;
  readonly ruleId: RuleId | null;
  readonly message: string;
}

/** What model and rules need of the configuration. */
export interface ProjectOptions {
  /** Names (or `file#name`) of the project's own guards that the engine cannot prove by reading. */
  readonly guards: readonly string[];
  /** Names of the project's own validators. */
  readonly validators: readonly string[];
  /** `METHOD /path` or `/path` patterns (`*` within a segment, `**` across) that are public on purpose. */
  readonly publicRoutes: readonly string[];
  readonly tenantKey: string | null;
  /** Severity overrides; `off` silences a rule. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** Findings to ignore by rule and path pattern, with the reason. */
  readonly ignore: readonly { readonly rule: string; readonly path: string; readonly reason: string }[];
  /** Keys the redacting fingerprints of secrets, so that equal secrets can be joined and no table of hashes helps. */
  readonly secretSalt: string;
}

export const DEFAULT_OPTIONS: ProjectOptions = {
  guards: [], validators: [], publicRoutes: [], tenantKey: null, severities: {}, ignore: [], secretSalt: 'vibe-code-rescue',
};
