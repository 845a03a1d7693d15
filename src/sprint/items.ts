/** The sprint itself: 16 items and two beside them, seven days. Words people read; ids that stand in their files. */
import type { SprintItemId } from '../engine/core/types';

export type DayNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface SprintItem {
  readonly id: SprintItemId;
  /** 1 to 16; null for the two beside them. */
  readonly number: number | null;
  readonly title: string;
  /** The day that closes it. */
  readonly day: DayNumber;
  readonly deliverable: string;
  /** What a person reads when nothing is left open. */
  readonly done: string;
  /** Asked before the item is done, since no file can tell. */
  readonly byHand: string | null;
  /** Judged from endpoints: without any it does not apply. */
  readonly needsEndpoints: boolean;
}

const item = (id: SprintItemId, number: number | null, day: DayNumber, title: string, deliverable: string, done: string, byHand: string | null = null, needsEndpoints = false): SprintItem =>
  ({ id, number, title, day, deliverable, done, byHand, needsEndpoints });

export const SPRINT_ITEMS: readonly SprintItem[] = [
  item('secrets', 1, 2, 'Exposed keys', 'Exposed key findings', 'No key, token or password stands in the code.'),
  item('endpoints', 2, 2, 'Open endpoints', 'Endpoint review with access-control changes', 'Every endpoint checks who is calling, or is public for a reason.', null, true),
  item('auth', 3, 2, 'Auth middleware', 'Auth middleware fixes', 'The sign-in checks do what they promise.', null, true),
  item('validation', 4, 3, 'Input validation', 'Validation rules added or tightened', 'What comes in is checked before it is used.', null, true),
  item('cors', 5, 2, 'CORS', 'CORS against real front ends', 'Only your own front ends may call the API from a browser.', null, true),
  item('database', 6, 3, 'Database rules', 'Database rule updates', 'No table is open to strangers.'),
  item('indexes', 7, 4, 'Indexes', 'Indexes for hot queries', 'Hot columns are indexed.'),
  item('queries', 8, 4, 'Query performance', 'Query notes before and after', 'No list is unbounded, no query runs in a loop.'),
  item('errors', 9, 5, 'Error handling', 'Error handling paths', 'Failures reach the user and the log, and leak nothing.'),
  item('logging', 10, 5, 'Logging', 'Logs that help without private data', 'Logs are good enough to debug and hold no private data.'),
  item('sentry', 11, 5, 'Error tracking', 'Sentry configured or cleaned', 'An error tracker runs on server and client.', 'Was a test event seen in the tracker?'),
  item('regression', 12, 5, 'Regression checks', 'Regression checks', 'Each critical flow has a test that fails without its guard.'),
  item('redeploy', 13, 6, 'Redeploy', 'Redeployed build', 'The build is deployed and the smoke check passes.', 'Is the fixed build deployed and checked?'),
  item('environments', 14, 6, 'Environments', 'Environments verified', 'Development, staging and production are separated.', 'Do the environments use different keys and databases?'),
  item('monitoring', 15, 6, 'Monitoring', 'Monitoring checklist, first week', 'Health, errors and cost are watched.', 'Did a test alert arrive?'),
  item('documentation', 16, 7, 'Documentation', 'What changed and why, and the “do not break this” note', 'The handover and the “do not break this” note are there and fresh.'),
  item('authorization', null, 2, 'Authorization', 'Who may do what to whose data', 'Users reach only their own data.', null, true),
  item('ai', null, 3, 'AI guardrails', 'Guardrails around AI features', 'AI features are bounded in cost, input and power.'),
];

const BY_ID = new Map(SPRINT_ITEMS.map((i) => [i.id, i]));

export function sprintItem(id: SprintItemId): SprintItem {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`unknown sprint item ${id}`);
  return found;
}

export interface SprintTask {
  /** Key in the state file: never changes. */
  readonly id: string;
  readonly text: string;
}

export interface SprintDay {
  readonly day: DayNumber;
  readonly title: string;
  /** Items worked on this day; those whose `day` is another one are looked at, not closed. */
  readonly items: readonly SprintItemId[];
  /** What only a person can tick. */
  readonly tasks: readonly SprintTask[];
  /** What the day leaves behind. */
  readonly artefact: string;
}

export const SPRINT_DAYS: readonly SprintDay[] = [
  {
    day: 1, title: 'Audit and risk map', items: ['secrets', 'endpoints', 'environments', 'monitoring'],
    tasks: [{ id: 'day1.top10-read', text: 'Read the top 10 risks' }, { id: 'day1.scope-agreed', text: 'Agree what the sprint fixes and what waits' }],
    artefact: 'Risk map: the top 10, what is in the sprint, what waits',
  },
  {
    day: 2, title: 'Security and access', items: ['secrets', 'auth', 'endpoints', 'authorization', 'cors'],
    tasks: [{ id: 'day2.keys-rotated', text: 'Replace every leaked key at its provider' }],
    artefact: 'Endpoint review notes',
  },
  {
    day: 3, title: 'Data integrity', items: ['validation', 'database', 'ai'],
    tasks: [{ id: 'day3.two-tenants-tried', text: 'Sign in as two tenants and try to read each other’s data' }],
    artefact: 'Validation and tenant report',
  },
  {
    day: 4, title: 'Performance', items: ['indexes', 'queries'],
    tasks: [{ id: 'day4.p95-measured', text: 'Measure the dashboard’s 95th percentile (goal 200–500 ms)' }],
    artefact: 'Query notes',
  },
  {
    day: 5, title: 'Observability', items: ['errors', 'logging', 'sentry', 'regression'],
    tasks: [{ id: 'day5.test-event-seen', text: 'See a test event arrive in the error tracker' }],
    artefact: 'Regression suite',
  },
  {
    day: 6, title: 'Redeploy and verify', items: ['redeploy', 'environments', 'monitoring'],
    tasks: [{ id: 'day6.deployed', text: 'Deploy the fixed build' }, { id: 'day6.alert-received', text: 'Receive a test alert' }, { id: 'day6.rollback-rehearsed', text: 'Rehearse the rollback' }],
    artefact: 'Deploy record',
  },
  {
    day: 7, title: 'Handover', items: ['documentation', 'monitoring'],
    tasks: [{ id: 'day7.read-with-team', text: 'Read the handover with the team' }],
    artefact: 'Handover',
  },
];

/** The state file's key of an item's hand tick and note. */
export function itemKey(id: SprintItemId): string {
  return `item:${id}`;
}
