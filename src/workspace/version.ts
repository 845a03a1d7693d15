/** Which engine this is: shown to people, and in the name of the cache. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

declare const __VCR_VERSION__: string | undefined;

/** The build writes the version in; from source it is package.json's. */
export const ENGINE_VERSION: string = typeof __VCR_VERSION__ === 'string' ? __VCR_VERSION__ : versionFromSource();

/**
 * Changes with every build of the engine. null: run from source, where nothing tells cheaply whether an extractor has
 * changed since; there is no cache then.
 */
export function engineFingerprint(): string | null {
  const bundle = statSync(join(__dirname, 'engine.cjs'), { throwIfNoEntry: false });
  return bundle ? `${ENGINE_VERSION} ${bundle.size} ${bundle.mtimeMs}` : null;
}

function versionFromSource(): string {
  const parsed = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version?: unknown };
  return typeof parsed.version === 'string' ? parsed.version : '0.0.0';
}
