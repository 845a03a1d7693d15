/** Where this user's caches lie: outside every repository. Imports nothing of ours, since what starts first asks for it. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export function userCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const absolute = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);
  const base = process.platform === 'win32' ? absolute(env['LOCALAPPDATA']) : absolute(env['XDG_CACHE_HOME']);
  return join(base ?? join(homedir(), '.cache'), 'vibe-code-rescue');
}
