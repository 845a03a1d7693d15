/** `rescue.config.json` of a folder → options. A broken one never stops an audit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineIndex } from '../engine/core/text';
import { DEFAULT_OPTIONS, type EngineError, type ProjectOptions, type RelPath } from '../engine/core/types';
import { parseConfig } from '../config/config';
import { CONFIG_FILE } from '../config/schema';
import { reasonOf } from './errors';

export interface LoadedOptions {
  readonly options: ProjectOptions;
  readonly errors: readonly EngineError[];
}

/** `ruleIds`: other ids in the file are named as problems. */
export function loadOptions(root: string, ruleIds?: readonly string[]): LoadedOptions {
  const failure = (message: string): EngineError => ({ phase: 'config', file: CONFIG_FILE as RelPath, ruleId: null, message });
  let text: string;
  try {
    text = readFileSync(join(root, CONFIG_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { options: DEFAULT_OPTIONS, errors: [] };
    return { options: DEFAULT_OPTIONS, errors: [failure(`${CONFIG_FILE} cannot be read: ${reasonOf(error)}. The defaults are used.`)] };
  }
  const { options, problems } = parseConfig(text, ruleIds ? { ruleIds } : {});
  const lines = new LineIndex(text);
  return { options, errors: problems.map((p) => failure(`line ${lines.position(p.span.start).line + 1}: ${p.message}`)) };
}
