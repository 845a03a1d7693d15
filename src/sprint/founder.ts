/** The founder's ten questions, answered from evidence where a file can tell; a person's answers fill the rest. */
import type { RuleMeta } from '../engine/core/rule';
import type { Category, Finding, Location, RuleId } from '../engine/core/types';
import type { AuditResult } from '../engine/session/api';
import { endpointOf, endpointsByName, pathWords } from './exposure';
import type { SprintState } from './state';

export type Answer = 'yes' | 'no' | 'unknown';

export interface FounderQuestion {
  /** Key in the state file: `q1` … `q10`. */
  readonly id: string;
  readonly number: number;
  readonly text: string;
  /** The answer that counts against the app. */
  readonly risky: 'yes' | 'no';
}

export interface FounderAnswerView {
  readonly question: FounderQuestion;
  readonly answer: Answer;
  readonly from: 'evidence' | 'you' | null;
  /** Date of the answer given by hand. */
  readonly date: string | null;
  /** Why, in one sentence. */
  readonly because: string;
  readonly places: readonly Location[];
  /** What was typed says something else than the evidence. */
  readonly contradicts: boolean;
  readonly isRisky: boolean;
}

export interface FounderChecklist {
  readonly answers: readonly FounderAnswerView[];
  /** Answers that count against the app (the verdict). */
  readonly riskyCount: number;
  /** Literal yes answers. */
  readonly yesCount: number;
  readonly unknownCount: number;
  readonly verdict: string;
}

const question = (number: number, risky: 'yes' | 'no', text: string): FounderQuestion => ({ id: `q${number}`, number, risky, text });

export const FOUNDER_QUESTIONS: readonly FounderQuestion[] = [
  question(1, 'yes', 'Do customers hit errors during sign-up, sign-in or onboarding?'),
  question(2, 'yes', 'Are keys, tokens or secrets in client-side code?'),
  question(3, 'yes', 'Can any endpoint be called without proper sign-in?'),
  question(4, 'no', 'Do you know which queries are slow in production?'),
  question(5, 'yes', 'Are indexes missing on tables behind dashboards or search?'),
  question(6, 'no', 'Are the logs good enough to debug, without private data in them?'),
  question(7, 'no', 'Is an error tracker installed and capturing events?'),
  question(8, 'no', 'Are development, staging and production separated?'),
  question(9, 'no', 'Were recent AI-generated changes tested against edge cases?'),
  question(10, 'yes', 'Would one bad deploy cost you leads, support time or trust?'),
];

interface Evidence {
  readonly answer: Answer;
  readonly because: string;
  readonly places?: readonly Location[];
}

type Metas = ReadonlyMap<RuleId, RuleMeta<string>>;

export function founderChecklist(result: AuditResult | null, state: SprintState, metas: Metas): FounderChecklist {
  const answers = FOUNDER_QUESTIONS.map((q) => view(q, result === null ? { answer: 'unknown', because: 'No audit has run yet.' } : evidence(q.number, result, state, metas), state));
  const riskyCount = answers.filter((a) => a.isRisky).length;
  const unknownCount = answers.filter((a) => a.answer === 'unknown').length;
  return {
    answers,
    riskyCount,
    yesCount: answers.filter((a) => a.answer === 'yes').length,
    unknownCount,
    verdict:
      riskyCount >= 2
        ? 'You probably need rescue work now rather than later maintenance after damage spreads across customers.'
        : unknownCount > 0
          ? `Not decided yet: ${unknownCount} of the ten questions ${unknownCount === 1 ? 'is' : 'are'} open.`
          : 'No rescue sprint is needed: keep the checks running and look again after the next big change.',
  };
}

function view(q: FounderQuestion, found: Evidence, state: SprintState): FounderAnswerView {
  const typed = state.answers[q.id];
  const typedAnswer = typed && typed.answer !== 'unknown' ? typed : null;
  const base = { question: q, places: found.places ?? [] };
  if (found.answer !== 'unknown') {
    const contradicts = typedAnswer !== null && typedAnswer.answer !== found.answer;
    return {
      ...base, answer: found.answer, from: 'evidence', date: null, contradicts, isRisky: found.answer === q.risky,
      because: contradicts ? `${found.because} You answered “${typedAnswer.answer}” on ${typedAnswer.date.slice(0, 10)}; the code says otherwise.` : found.because,
    };
  }
  if (typedAnswer) return { ...base, answer: typedAnswer.answer, from: 'you', date: typedAnswer.date, contradicts: false, isRisky: typedAnswer.answer === q.risky, because: `Your answer of ${typedAnswer.date.slice(0, 10)}.` };
  return { ...base, answer: 'unknown', from: null, date: null, contradicts: false, isRisky: false, because: found.because };
}

const ONBOARDING = new Set(['login', 'signin', 'signup', 'register', 'registration', 'invite', 'invites', 'invitation', 'invitations', 'onboarding', 'verify', 'reset']);

function evidence(number: number, result: AuditResult, state: SprintState, metas: Metas): Evidence {
  const byName = endpointsByName(result.endpoints);
  const believed = result.findings.filter((f) => f.confidence !== 'low' && state.accepted[f.fingerprint] === undefined);
  const of = (...categories: readonly Category[]): readonly Finding[] => believed.filter((f) => categories.includes(f.category));
  const covered = (...categories: readonly Category[]): boolean => [...metas.values()].some((m) => categories.includes(m.category));
  const complete = result.stats.files > 0 && result.stats.skipped.length === 0 && result.errors.length === 0;
  const found = (answer: Answer, list: readonly Finding[], because: string): Evidence => ({ answer, because, places: list.map((f) => f.at) });
  const ask = (because: string): Evidence => ({ answer: 'unknown', because });
  switch (number) {
    case 1: {
      const errors = of('error-swallowed', 'error-unhandled', 'error-leaked').filter((f) => {
        const by = endpointOf(f, byName)?.publicBy;
        return by === 'sign-in' || by === 'sign-up' || by === 'password-reset' || pathWords(f.endpoint ?? '').some((w) => ONBOARDING.has(w));
      });
      return errors.length > 0 ? found('yes', errors, `${things(errors.length, 'place')} on these paths lose or leak errors.`) : ask('Code cannot prove the absence of errors: please answer.');
    }
    case 2: {
      const secrets = believed.filter((f) => f.category === 'secret-client' || (f.category === 'secret-exposed' && f.data['reach'] === 'browser'));
      if (secrets.length > 0) return found('yes', secrets, `${things(secrets.length, 'secret')} in code that reaches the browser.`);
      if (!covered('secret-client')) return ask('No rule looks at this yet: please answer.');
      return complete ? { answer: 'no', because: 'Every file was read and no secret was found in code that reaches the browser.' } : ask('Some files could not be read: please answer.');
    }
    case 3: {
      const open = result.endpoints.filter((e) => e.mounted && e.auth === 'none' && e.publicBy === null);
      const missing = of('auth-missing');
      if (open.length > 0) return { answer: 'yes', because: `${things(open.length, 'endpoint')} can be called without signing in.`, places: open.map((e) => e.at) };
      if (missing.length > 0) return found('yes', missing, `${things(missing.length, 'place')} where a sign-in check is missing or does not hold.`);
      const unclear = result.endpoints.filter((e) => e.mounted && e.auth === 'unknown' && e.publicBy === null);
      if (unclear.length > 0) return { answer: 'unknown', because: `${things(unclear.length, 'endpoint')} could not be followed: please look and answer.`, places: unclear.map((e) => e.at) };
      if (result.endpoints.length === 0) return ask('No endpoint was found: please answer.');
      return complete ? { answer: 'no', because: `All ${result.endpoints.length} endpoints check who is calling or are public for a reason.` } : ask('Some files could not be read: please answer.');
    }
    case 4: return ask('The code cannot tell: please answer.');
    case 5: {
      const indexes = of('index-missing');
      return indexes.length > 0 ? found('yes', indexes, `${things(indexes.length, 'index', 'indexes')} missing.`) : ask(covered('index-missing') ? 'No missing index was found in the schema that could be read: please confirm.' : 'No rule looks at this yet: please answer.');
    }
    case 6: {
      const leaks = of('log-sensitive', 'secret-logged');
      return leaks.length > 0 ? found('no', leaks, `${things(leaks.length, 'place')} log private data or keys.`) : ask('Whether the logs help is yours to say: please answer.');
    }
    case 7: {
      const gaps = believed.filter((f) => f.ruleId.startsWith('sentry/'));
      return gaps.length > 0 ? found('no', gaps, `${things(gaps.length, 'gap')} in the error tracker’s set-up.`) : ask('Whether events really arrive is seen in the tracker: please answer.');
    }
    case 8: {
      const mixed = of('env-separation');
      return mixed.length > 0 ? found('no', mixed, `${things(mixed.length, 'place')} mix environments or fall back to a built-in value.`) : ask('Keys and databases of each environment are yours to compare: please answer.');
    }
    case 9: {
      const untested = of('regression-missing');
      return untested.length > 0 ? found('no', untested, `${things(untested.length, 'critical flow')} without a test.`) : ask('The code cannot tell: please answer.');
    }
    default: return ask('A question of judgement: please answer.');
  }
}

function things(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
