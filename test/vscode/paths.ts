import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const repo = resolve(here, '../..');
/** Pictures and logs of what went wrong; ignored by git, and what a person looks at first. */
export const failures = join(repo, '.vscode-test', 'failures');
