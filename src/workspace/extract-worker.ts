/** Runs in a worker thread (`dist/worker.js`): text in, facts out. A file that never ends is ended with the thread. */
import { parentPort } from 'node:worker_threads';
import { extractFile } from '../engine/extract/extract';
import type { RelPath } from '../engine/core/types';

export interface ExtractRequest {
  readonly path: RelPath;
  readonly text: string;
  readonly salt: string;
}

parentPort?.on('message', (request: ExtractRequest) => {
  try {
    parentPort?.postMessage({ facts: extractFile(request.path, request.text, request.salt, { whole: true }) });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
