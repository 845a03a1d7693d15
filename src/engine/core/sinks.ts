/** What a piece of work does, where its kind alone does not tell. */
import type { SinkUse } from './model';

const STORAGE_READ = /^(download|getObject|headObject|createSignedUrls?|getPublicUrl|getSignedUrl|list(Objects(V2)?)?)$/;

/** Reads files or accounts, with a library that writes them too. */
export function onlyReads(s: Pick<SinkUse, 'kind' | 'op'>): boolean {
  return (s.kind === 'storage' && STORAGE_READ.test(s.op)) || (s.kind === 'auth-admin' && /^(getUser|listUsers)/.test(s.op));
}
