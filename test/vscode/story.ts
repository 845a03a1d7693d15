// What a run tells its suites: which files of the sample app to look at, and which values must never be seen.
// Written by run.ts, read by the suites in the extension host and by those with mouse and keyboard.

/** The three detections of the first rescue. */
export type Group = 'secret' | 'auth' | 'validation';
export const groups: readonly Group[] = ['secret', 'auth', 'validation'];

/** A finding of the audit that an editor must show as well; lines and columns are 1-based. */
export interface Target {
  readonly ruleId: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Story {
  /** A copy of the sample app, this run's own. */
  readonly portal: string;
  /** A small app without any finding of the three groups. */
  readonly tiny: string;
  readonly targets: Record<Group, Target>;
  /** Makes the tokens that are typed: the same in every process of this run. */
  readonly seed: number;
  /** Secrets planted in the sample app. */
  readonly planted: readonly string[];
}

/** A finding as `audit --format json` prints it. */
export interface AuditFinding extends Target {
  readonly endLine: number;
  readonly endColumn: number;
  readonly confidence: string;
  readonly fixable: boolean;
}

const wanted: Record<Group, readonly RegExp[]> = {
  secret: [/^secrets\/hardcoded-provider-key$/, /^secrets\//],
  auth: [/^endpoint\/unauthenticated-mutation$/, /^(endpoint|auth)\//],
  validation: [/^validate\/unvalidated-body$/, /^validate\//],
};

/** The finding of each group that a person would meet first: in a code file, squiggled, with a fix. */
export function chooseTargets(findings: readonly AuditFinding[]): Record<Group, Target> {
  const inCode = findings.filter((finding) => /\.[cm]?[jt]sx?$/.test(finding.file) && finding.fixable && finding.confidence !== 'low');
  const choose = (group: Group): Target => {
    for (const pattern of wanted[group]) {
      const found = inCode.find((finding) => pattern.test(finding.ruleId));
      if (found) return { ruleId: found.ruleId, file: found.file, line: found.line, column: found.column, message: found.message };
    }
    throw new Error(`the audit of the sample app has no fixable ${group} finding in a code file`);
  };
  return { secret: choose('secret'), auth: choose('auth'), validation: choose('validation') };
}

/** Provider keys of the right structure. Put together when the tests run: no file of ours holds one. */
export function tokens(seed: number): { stripe: string; openai: string } {
  const random = generator(seed);
  const body = (length: number) => Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  return { stripe: ['sk', 'live', body(24)].join('_'), openai: ['sk', 'proj', `${body(40)}${['T3Blbk', 'FJ'].join('')}${body(40)}`].join('-') };
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
