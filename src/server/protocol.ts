/**
 * What the editor and the language server say to each other beside LSP: names, params and answers of our own requests.
 * Plain data and names only, no import of the engine: the extension bundles this file and nothing else of the server.
 * Places are LSP places (0-based lines, UTF-16 columns). No answer ever holds a secret's value.
 */

export const SOURCE = 'Vibe Code Rescue';
/** Prefix of every setting and command. */
export const SECTION = 'vibeCodeRescue';
export const DOCS_URL = 'https://github.com/vibe-code-rescue/vibe-code-rescue/blob/main/docs/rules';

export const METHODS = {
  audit: 'rescue/audit',
  overview: 'rescue/overview',
  sprint: 'rescue/sprint',
  risks: 'rescue/risks',
  endpoints: 'rescue/endpoints',
  founder: 'rescue/founder',
  answer: 'rescue/answer',
  report: 'rescue/report',
  tick: 'rescue/tick',
  accept: 'rescue/accept',
  ignore: 'rescue/ignore',
  fixAll: 'rescue/fixAll',
  note: 'rescue/note',
  fixed: 'rescue/fixed',
  timing: 'rescue/timing',
  /** Notifications of the server. */
  modelChanged: 'rescue/modelChanged',
  status: 'rescue/status',
} as const;

/** Commands the client registers that the server's lightbulb, hovers and lenses name. */
export const CLIENT_COMMANDS = {
  ignoreFinding: 'vibeCodeRescue.ignoreFinding',
  acceptRisk: 'vibeCodeRescue.acceptRisk',
  fixAllInWorkspace: 'vibeCodeRescue.fixAllInWorkspace',
  /** After an applied fix: what is left for a person. */
  afterFix: 'vibeCodeRescue.afterFix',
  /** Instead of a fix that declined. */
  fixDeclined: 'vibeCodeRescue.fixDeclined',
  openRuleDocs: 'vibeCodeRescue.openRuleDocs',
  revealEndpoint: 'vibeCodeRescue.revealEndpoint',
} as const;

export type SeverityName = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type ConfidenceName = 'proven' | 'high' | 'medium' | 'low';

export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface Place {
  readonly uri: string;
  /** Relative to its folder, for people. */
  readonly file: string;
  readonly range: Range;
}

/** Stands in `Diagnostic.data`. */
export interface DiagnosticData {
  readonly fingerprint: string;
  readonly ruleId: string;
}

/** Stands in `CodeAction.data`; the edits are computed by `codeAction/resolve`. */
export type CodeActionData =
  | { readonly kind: 'fix'; readonly uri: string; readonly version: number; readonly fingerprint: string; readonly fixId: string }
  | { readonly kind: 'fix-file'; readonly uri: string; readonly version: number; readonly ruleId: string };

export interface FindingItem {
  readonly fingerprint: string;
  readonly ruleId: string;
  /** Short name of the defect, from the rule. */
  readonly title: string;
  readonly severity: SeverityName;
  readonly confidence: ConfidenceName;
  readonly message: string;
  readonly impact: string;
  readonly endpoint: string | null;
  readonly place: Place;
  readonly fixable: boolean;
  /** Shown in the audit only: low confidence or a quiet rule. */
  readonly needsHuman: boolean;
}

export interface FolderRef {
  /** URI of the workspace folder. */
  readonly uri: string;
  readonly name: string;
}

export interface SeverityCounts {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly info: number;
}

/** The state of one folder at a glance: status bar, badge, answer of `rescue/audit`. */
export interface FolderSummary extends FolderRef {
  /** 0 is calm, 100 is on fire. */
  readonly score: number;
  readonly counts: SeverityCounts;
  readonly findings: number;
  readonly files: number;
  readonly endpoints: number;
  readonly openEndpoints: number;
  readonly unknownEndpoints: number;
  readonly sprintDone: number;
  readonly sprintTotal: number;
  /** Engine errors: rules that threw, files that could not be read. */
  readonly errors: number;
  readonly skipped: number;
  readonly ms: number;
  readonly firstRisk: string | null;
}

// ------------------------------------------------------------------------------------------------ requests

export interface FolderParams {
  /** URI of one folder; without it all folders. */
  readonly folder?: string;
}

export interface AuditParams extends FolderParams {
  readonly workDoneToken?: string | number;
}
export interface AuditAnswer {
  readonly cancelled: boolean;
  readonly folders: readonly FolderSummary[];
}

export interface OverviewAnswer {
  readonly revision: number;
  readonly state: ServerState;
  readonly folders: readonly FolderSummary[];
}

/** `not-checked` is never shown as good. */
export type ItemStatus = 'done' | 'open' | 'accepted' | 'manual' | 'not-applicable' | 'not-checked';

/** A task of a day, or a leaked key that has to be replaced at its provider. */
export interface SprintTask {
  readonly kind: 'task' | 'rotation';
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
  /** Only a person can tick it; else the audit does. */
  readonly byHand: boolean;
  /** ISO date of the tick. */
  readonly since: string | null;
}
export interface SprintItemView {
  readonly id: string;
  readonly title: string;
  readonly status: ItemStatus;
  /** One line: why the status is what it is. */
  readonly detail: string;
  /** What a person is asked where no file can tell, or null. */
  readonly question: string | null;
  /** A person may tick it now: evidence neither closes nor opens it. */
  readonly tickable: boolean;
  /** Date of the hand tick that closed it; null when evidence did, or nothing. */
  readonly tickedOn: string | null;
  readonly findings: readonly FindingItem[];
  readonly accepted: readonly FindingItem[];
  readonly rotations: readonly SprintTask[];
}
export interface SprintDayView {
  readonly day: number;
  readonly title: string;
  readonly artefact: string;
  readonly done: number;
  readonly total: number;
  readonly items: readonly SprintItemView[];
  readonly tasks: readonly SprintTask[];
}
export interface SprintFolderView extends FolderRef {
  readonly done: number;
  readonly total: number;
  readonly currentDay: number;
  readonly days: readonly SprintDayView[];
}
export interface SprintAnswer {
  readonly revision: number;
  readonly folders: readonly SprintFolderView[];
}

export interface RiskView {
  readonly rank: number;
  readonly title: string;
  readonly score: number;
  readonly when: 'sprint' | 'later';
  readonly reason: string;
  readonly severity: SeverityName;
  readonly impact: string;
  readonly findings: readonly FindingItem[];
}
export interface RisksFolderView extends FolderRef {
  readonly score: number;
  readonly risks: readonly RiskView[];
}
export interface RisksAnswer {
  readonly revision: number;
  readonly folders: readonly RisksFolderView[];
}

export const EXPOSURES = ['open', 'unknown', 'optional', 'public', 'guarded', 'unmounted'] as const;
export type Exposure = (typeof EXPOSURES)[number];

export interface EndpointView {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly framework: string;
  readonly place: Place;
  readonly exposure: Exposure;
  readonly auth: 'required' | 'optional' | 'none' | 'unknown';
  readonly guards: readonly string[];
  readonly validated: 'yes' | 'partly' | 'no' | 'n/a';
  /** Only what is known: `requireUser · validated · 3 queries`. */
  readonly summary: string;
  /** Why, one line each. */
  readonly evidence: readonly string[];
}
export interface EndpointsFolderView extends FolderRef {
  readonly endpoints: readonly EndpointView[];
}
export interface EndpointsAnswer {
  readonly revision: number;
  readonly folders: readonly EndpointsFolderView[];
}

export type FounderAnswer = 'yes' | 'no' | 'unknown';

export interface FounderQuestionView {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  readonly answer: FounderAnswer;
  /** The code answered, or a person did; null: nobody yet. */
  readonly from: 'evidence' | 'you' | null;
  /** The answer counts against the app. */
  readonly risky: boolean;
  readonly because: string;
  readonly places: readonly Place[];
}
export interface FounderFolderView extends FolderRef {
  readonly verdict: string;
  /** Answers that count against the app. */
  readonly against: number;
  readonly open: number;
  readonly questions: readonly FounderQuestionView[];
}
export interface FounderAnswerList {
  readonly revision: number;
  readonly folders: readonly FounderFolderView[];
}

export const REPORT_FORMATS = ['html', 'markdown', 'sarif', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportParams extends FolderParams {
  readonly format: ReportFormat;
  /** Given by the webview: the page runs nothing but its one script, let in by the nonce. */
  readonly webview?: { readonly nonce: string; readonly scriptUri: string };
}
export interface ReportAnswer {
  readonly text: string;
  readonly fileName: string;
  readonly folder: FolderRef;
}

export interface TickParams {
  readonly folder: string;
  readonly kind: 'item' | 'task' | 'rotation';
  readonly id: string;
  readonly done: boolean;
}
/** A person's answer to one of the founder's questions; `unknown` takes it back. */
export interface AnswerParams {
  readonly folder: string;
  readonly id: string;
  readonly answer: FounderAnswer;
}
export interface AcceptParams {
  readonly folder: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner?: string;
}
export interface IgnoreParams {
  readonly folder: string;
  readonly fingerprint: string;
  readonly reason: string;
}
export interface FixAllParams {
  readonly folder: string;
  readonly ruleId: string;
}
export interface NoteParams {
  readonly folder: string;
}
/** Keeps "rotate NAME" on the checklist after a fix has moved a key out of the code, until a person ticks it. */
export interface FixedParams {
  readonly folder: string;
  readonly fingerprint: string;
}

/** What a person's act led to; `message` is shown as it is. */
export interface ActAnswer {
  readonly ok: boolean;
  readonly message: string | null;
  /** Opened afterwards. */
  readonly open?: string;
}

/** Argument of the client command that runs after an applied fix. */
export interface AfterFix {
  readonly folder: string;
  /** Null after a fix of many findings, and where nothing was changed. */
  readonly fingerprint: string | null;
  /** False: all of it is to be done by hand. */
  readonly changed: boolean;
  readonly title: string;
  readonly steps: readonly string[];
}

/** Argument of ignoreFinding and acceptRisk. */
export interface FindingRef {
  readonly folder: string;
  readonly fingerprint: string;
  readonly message: string;
}

export interface TimingSample {
  readonly uri: string;
  readonly version: number;
  /** From the end of the debounce to the publish call. */
  readonly ms: number;
  readonly kind: 'own' | 'removal' | 'others';
  readonly files: number;
}
export interface TimingAnswer {
  readonly samples: readonly TimingSample[];
}

// ------------------------------------------------------------------------------------------------ notifications

export interface ModelChanged {
  readonly revision: number;
}

export type ServerState = 'starting' | 'indexing' | 'ready';

export interface StatusParams {
  readonly state: ServerState;
  /** Files read so far while indexing. */
  readonly files: number;
  readonly errors: number;
  /** The newest error, one line. */
  readonly lastError: string | null;
}
