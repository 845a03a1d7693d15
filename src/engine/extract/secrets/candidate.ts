/** What the detectors of secrets hand to each other before overlaps are settled. */
import type { SecretFact } from '../../core/facts';
import type { Confidence, Severity, Span } from '../../core/types';

/** What is found before it is put into a fact: the only thing that holds a value, and only inside this folder. */
export interface Candidate {
  readonly kind: SecretFact['kind'];
  readonly detector: string;
  readonly label: string;
  readonly span: Span;
  readonly value: string;
  /** What has to be changed when it is not the whole value: the password of a URL, decoded. Equal ones are one leak. */
  readonly core?: string;
  readonly prefix: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly envName: string;
  readonly publicByDesign: boolean;
  readonly note: string | null;
  /** Higher wins where candidates overlap. */
  readonly rank: number;
}
