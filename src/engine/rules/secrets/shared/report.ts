/** What every report of a secret has in common: its place, what fixes need to find it again, and its copies. */
import type { SecretEntity } from '../../../core/model';
import type { Report } from '../../../core/rule';
import { secretData, secretLocation } from '../../../fixes/env';

/** All but the message and the fixes. Equal values share one root cause, so they are one risk. */
export function secretReport(secret: SecretEntity) {
  const { fact } = secret;
  return {
    at: secretLocation(secret),
    data: { ...secretData(fact), secret: fact.fingerprint },
    evidence: secret.copies.slice(0, 5).map((at) => ({ at, note: 'the same value' })),
    severity: fact.severity,
    confidence: fact.confidence,
    rootCause: `secret:${fact.fingerprint}`,
  } satisfies Omit<Report<string>, 'messageId'>;
}

/** A remark of the detector as a sentence; empty where there is none. */
export function noteOf(secret: SecretEntity): string {
  const { note } = secret.fact;
  return note === null ? '' : `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}
