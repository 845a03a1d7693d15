/**
 * Reads unusually large files in a worker thread with a time budget: one pathological file is named as skipped and costs
 * its budget, not the audit. Ordinary files stay on the main thread, where they are faster (no second copy of the parser
 * to warm up).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FileFacts } from '../engine/core/facts';
import type { RelPath } from '../engine/core/types';
import { isPlainText, skippedFacts } from '../engine/extract/extract';

/** Beyond this a text that has to be parsed is worth a thread of its own. */
const ISOLATE_CHARS = 300_000;
const BUDGET_MS = 10_000;

export function needsThread(path: RelPath, text: string): boolean {
  return text.length >= ISOLATE_CHARS && !isPlainText(path, text);
}

type Answer = { readonly facts: FileFacts } | { readonly error: string };

export class IsolatedExtractor {
  private worker: Worker | null = null;

  constructor(
    private readonly script: string = join(__dirname, 'worker.js'),
    private readonly budgetMs: number = BUDGET_MS,
  ) {}

  /** Facts of the text; skipped ones when the budget ran out; null when there is no worker to be had or the extractor threw: the caller extracts itself. */
  async extract(path: RelPath, text: string, salt: string): Promise<FileFacts | null> {
    if (!existsSync(this.script)) return null;
    const worker = (this.worker ??= new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: 1024 } }));
    worker.ref();
    const answer = await new Promise<Answer | 'late' | 'died'>((resolve) => {
      const done = (value: Answer | 'late' | 'died') => {
        clearTimeout(timer);
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        resolve(value);
      };
      const timer = setTimeout(() => done('late'), this.budgetMs);
      const onMessage = (value: Answer) => done(value);
      const onError = () => done('died');
      const onExit = () => done('died');
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage({ path, text, salt });
    });
    if (typeof answer === 'string') {
      await this.close();
      return skippedFacts(path, text, answer === 'late' ? `took longer than ${this.budgetMs / 1000} s to read` : 'ran out of memory while it was read');
    }
    worker.unref();
    return 'facts' in answer ? answer.facts : null;
  }

  async close(): Promise<void> {
    const worker = this.worker;
    this.worker = null;
    await worker?.terminate();
  }
}
