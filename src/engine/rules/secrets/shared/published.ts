/** Who reads a variable with a public prefix: a build tool prints only what browser code reads. */
import type { ProjectModel } from '../../../core/model';
import { PUBLIC_PREFIX } from '../../../fixes/env';

/** `browser`: its value is printed into the page. `server`: only server code reads it. `nobody`: no code here does. */
export type Readers = 'browser' | 'server' | 'nobody';

/** Files with which a build is set up hand on what they read. */
const BUILD = /(?:^|\/)(?:vite|next|nuxt|astro|svelte|webpack|craco|rollup|rspack|app|babel|quasar|vue|remix)\.config\.[cm]?[jt]s$/;

/** Who reads this public variable in the project. */
export function readersOf(name: string, model: ProjectModel): Readers {
  return model.memo(null, 'public-env-readers', (m) => {
    const out = new Map<string, Readers>();
    for (const [path, face] of m.faces()) {
      const names = face.envNames.filter((n) => PUBLIC_PREFIX.test(n));
      if (names.length === 0) continue;
      const reads = m.file(path)?.script?.envReads ?? [];
      for (const n of names) {
        const inBrowser = m.reachesBrowser(path) || BUILD.test(path) || reads.some((r) => r.name === n && r.via === 'import.meta.env');
        if (inBrowser || !out.has(n)) out.set(n, inBrowser ? 'browser' : 'server');
      }
    }
    return out;
  }).get(name) ?? 'nobody';
}
