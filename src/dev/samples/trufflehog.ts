/** trufflehog: each detector has a table of inputs and the values wanted from them; none wanted is a look-alike. */
import type { RelPath, Span } from '../../engine/core/types';
import { GO_FUNCTIONS } from './gitleaks';
import { LiteralReader, type Value } from './literals';
import type { Repository, Sample, Samples } from './sample';

const TESTS = /^pkg\/detectors\/.*_test\.go$/;

export function readTrufflehog(repository: Repository): Samples {
  const samples: Sample[] = [];
  let unread = 0;
  const files = repository.texts(repository.paths(TESTS).filter((path) => !path.includes('_integration_')));
  for (const [path, source] of files) {
    const rule = path.split('/')[2] ?? path;
    const [before = '', ...bodies] = source.split(/^func /m);
    for (const body of bodies) {
      if (!/\bwant\b/.test(body) || !/\binput\b/.test(body)) continue;
      const tests = new LiteralReader(`${before}\n${body}`, 'go', GO_FUNCTIONS).read(new Set()).names.get('tests');
      const found = Array.isArray(tests) ? (tests as readonly Value[]).flatMap((entry) => sampleOf(rule, entry)) : [];
      if (found.length === 0) unread++;
      samples.push(...found);
    }
  }
  return { samples, unread };
}

function sampleOf(rule: string, entry: Value): Sample[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
  const { input, want } = entry as { readonly [key: string]: Value };
  if (typeof input !== 'string' || (want !== null && want !== undefined && !Array.isArray(want))) return [];
  const wanted = ((want ?? []) as readonly Value[]).filter((v): v is string => typeof v === 'string');
  return [{ rule, isSecret: wanted.length > 0, path: 'sample.txt' as RelPath, text: input, places: wanted.flatMap((value) => placesOf(input, value)) }];
}

function placesOf(text: string, value: string): Span[] {
  const start = value === '' ? -1 : text.indexOf(value);
  return start < 0 ? [] : [{ start, end: start + value.length }];
}
