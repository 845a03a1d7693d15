/** secretlint: each case is a folder with an input and the messages expected of it, by range. */
import { z } from 'zod';
import { basename } from '../../engine/core/paths';
import type { RelPath } from '../../engine/core/types';
import type { Repository, Sample, Samples } from './sample';

const CASE = /^packages\/@secretlint\/secretlint-rule-([\w-]+)\/test\/snapshots\/([^/]+)\/output\.json$/;
/** Rules that are about something else than secrets, or that report what a user configures; presets repeat the others. */
const OTHER = /^(?:preset-|filter-comments|example|no-homedir|no-dotenv|pattern)/;

const output = z.object({ filePath: z.string(), messages: z.array(z.object({ type: z.string().optional(), range: z.tuple([z.number(), z.number()]) })) });

export function readSecretlint(repository: Repository): Samples {
  const samples: Sample[] = [];
  let unread = 0;
  for (const path of repository.paths(CASE)) {
    const [, rule = '', name = ''] = CASE.exec(path) ?? [];
    if (OTHER.test(rule)) continue;
    const folder = path.slice(0, -'output.json'.length);
    const expected = output.safeParse(JSON.parse(repository.text(path)));
    const file = expected.success ? basename(expected.data.filePath) : '';
    const text = expected.success && repository.paths(/./).includes(`${folder}${file}`) ? repository.text(`${folder}${file}`) : null;
    // A negative that an option of the tool makes one says nothing of the text.
    const hasOptions = repository.paths(/\/(?:\.secretlintrc\.json|options\.ts)$/).some((p) => p.startsWith(folder));
    // A case that is called a secret and has no message was recorded with its rule off.
    if (!expected.success || text === null || (name.startsWith('ng.') && expected.data.messages.length === 0)) {
      unread++;
      continue;
    }
    if (text.includes('\0') || file.endsWith('.p12')) continue; // no text file
    const messages = expected.data.messages.filter((m) => m.type === undefined || m.type === 'message');
    const of = { rule: `${rule}/${name}`, path: file as RelPath, text };
    if (messages.length > 0) samples.push(...messages.map(({ range: [start, end] }) => ({ ...of, isSecret: true, places: [{ start, end }] })));
    else if (!hasOptions) samples.push({ ...of, isSecret: false, places: [] });
  }
  return { samples, unread };
}
