/** All library knowledge, indexed once. */
import { AUTH_PATTERNS } from './auth';
import { DATA_PATTERNS } from './data';
import { CallKnowledge } from './meaning';
import { SERVICE_PATTERNS } from './services';
import { VALIDATOR_PATTERNS } from './validators';

export const KNOWLEDGE = new CallKnowledge([...AUTH_PATTERNS, ...VALIDATOR_PATTERNS, ...DATA_PATTERNS, ...SERVICE_PATTERNS]);

export { SIGN_IN_STRATEGIES } from './auth';
export { ORMS } from './data';
export { SERVICE_ADDRESSES } from './services';
export { VALIDATORS } from './validators';
export type { CallPattern, Meaning } from './meaning';
