/** detect-secrets: each plugin's test is parametrized with lines and whether the plugin flags them. */
import type { RelPath } from '../../engine/core/types';
import { LiteralReader, type Value } from './literals';
import type { Repository, Sample, Samples } from './sample';

const TESTS = /^tests\/plugins\/(\w+)_test\.py$/;
/** The base class, entropy alone, and addresses: no format of a secret. */
const OTHER = new Set(['base', 'high_entropy_strings', 'ip_public']);
const PARAMETRIZE = new Set(['pytest.mark.parametrize']);

export function readDetectSecrets(repository: Repository): Samples {
  const samples: Sample[] = [];
  let unread = 0;
  for (const [path, source] of repository.texts(repository.paths(TESTS))) {
    const rule = TESTS.exec(path)?.[1] ?? path;
    if (OTHER.has(rule)) continue;
    const { found, failed } = new LiteralReader(source, 'python', {}).read(PARAMETRIZE);
    unread += failed;
    for (const { args } of found) {
      const table = args[1];
      if (Array.isArray(table)) samples.push(...(table as readonly Value[]).flatMap((row) => sampleOf(rule, row)));
    }
  }
  return { samples, unread };
}

/** `(line, flagged)`, or a line that is flagged. */
function sampleOf(rule: string, row: Value): Sample[] {
  const [text, flagged] = Array.isArray(row) ? (row as readonly Value[]) : [row, true];
  if (typeof text !== 'string' || typeof flagged !== 'boolean') return [];
  return [{ rule, isSecret: flagged, path: 'sample.txt' as RelPath, text, places: [] }];
}
