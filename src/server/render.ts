/** One report, four formats: the renderers are pure, this only chooses. */
import { randomBytes } from 'node:crypto';
import type { RescueReport } from '../report/build';
import { renderHtml } from '../report/html';
import { renderJson } from '../report/json';
import { renderMarkdown } from '../report/markdown';
import { renderSarif } from '../report/sarif';
import type { ReportParams } from './protocol';

export function render(report: RescueReport, { format, webview }: ReportParams): { readonly text: string; readonly fileName: string } {
  switch (format) {
    case 'html':
      return { text: renderHtml(report, webview ?? { nonce: randomBytes(16).toString('base64url') }), fileName: 'rescue-report.html' };
    case 'markdown':
      return { text: renderMarkdown(report), fileName: 'rescue-report.md' };
    case 'sarif':
      return { text: renderSarif(report), fileName: 'rescue-report.sarif' };
    case 'json':
      return { text: renderJson(report), fileName: 'rescue-report.json' };
  }
}
