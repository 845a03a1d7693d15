/** A line above each endpoint: who may call it, and what is known of what it does. */
import type { CodeLens } from 'vscode-languageserver/node';
import { exposureOf } from '../report/build';
import type { Analysis } from './analysis';
import { CLIENT_COMMANDS } from './protocol';
import { lensTitle } from './words';

export function lenses(analysis: Analysis, uri: string): CodeLens[] {
  const now = analysis.current(uri);
  // Until the folder has been read nobody knows what stands before an endpoint.
  if (!now || !now.folder.ready) return [];
  const { folder, path } = now;
  const { settings } = folder;
  if (!settings.enable || !settings.codeLens) return [];
  const seen = new Set<string>();
  const result: CodeLens[] = [];
  for (const endpoint of folder.session.model.endpointsOf(path)) {
    if (endpoint.at.file !== path) continue;
    const range = folder.places.range(endpoint.at);
    const title = lensTitle(endpoint, exposureOf(endpoint));
    const several = `${range.start.line}\0${title}`;
    if (seen.has(several)) continue; // one handler mounted twice, judged the same
    seen.add(several);
    result.push({ range: { start: range.start, end: range.start }, command: { title, command: CLIENT_COMMANDS.revealEndpoint, arguments: [folder.uri, endpoint.key] } });
  }
  return result;
}
