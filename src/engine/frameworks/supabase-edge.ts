/** Supabase edge functions: one endpoint a folder, whatever serves it; `verify_jwt` alone proves only that the public key was sent. */
import type { FileFacts } from '../core/facts';
import { dirname, isTestPath } from '../core/paths';
import type { Location, RelPath } from '../core/types';
import type { Candidate } from '../model/endpoints';
import { innerFunction } from '../model/endpoints';
import type { Value } from '../model/values';
import type { FrameworkAdapter } from './adapter';
import { nameOf } from './express';

const FUNCTION_FILE = /(?:^|\/)supabase\/functions\/([^/_][^/]*)\/index\.[cm]?[jt]sx?$/;
const ID = 'supabase-edge';

export const supabaseEdge: FrameworkAdapter = {
  id: ID,
  foundByPlace: true,
  isRelevant: (file) => FUNCTION_FILE.test(file.path),
  hooks: {
    id: ID,
    create(pkg, shape, args, at, it) {
      const serves = (pkg === 'global' && shape === 'Deno.serve') || (shape === 'serve' && (pkg?.startsWith('deno:std') || pkg === null || pkg === '@std/http' || pkg === 'std/server' || /std/.test(pkg)));
      if (!serves || !FUNCTION_FILE.test(at.file)) return null;
      const handler = args.find((a) => innerFunction(a) !== null || (a.t === 'sym' && a.links.length > 0)) ?? args[args.length - 1];
      if (!handler) return null;
      const scope = it.newScope(ID, 'app', at);
      scope.registrations.push({ kind: 'route', method: 'ALL', path: '', handlers: [handler], at, conditional: false });
      return { t: 'scope', scope };
    },
  },
  find(ctx) {
    const out: Candidate[] = [];
    const add = (file: RelPath, handler: Value, at: Location) => {
      const name = FUNCTION_FILE.exec(file)?.[1];
      if (!name) return;
      out.push({
        framework: ID, method: 'ALL', path: `/functions/v1/${name}`, gateway: verifiesJwt(file, name, ctx.files.values()), at, style: 'web', scope: `function:${file}`, mounted: true, split: true, late: [], urlPath: null,
        steps: [{ value: handler, level: 'handler', at, name: nameOf(ctx.it, handler) || name }],
      });
    };
    for (const s of ctx.it.scopes) if (s.framework === ID) for (const r of s.registrations) if (r.handlers[0]) add(r.at.file, r.handlers[0], r.at);
    for (const f of ctx.files.values()) {
      if (!f.script || !FUNCTION_FILE.test(f.path) || isTestPath(f.path) || out.some((c) => c.at.file === f.path)) continue;
      ctx.it.asksForAll(f.path);
      const e = f.script.exports.find((x) => x.kind !== 'star' && x.name === 'default');
      if (!e || e.kind === 'star') continue;
      const value = ctx.it.exportOf(f.path, 'default');
      const fetch = value.t === 'obj' ? value.props.get('fetch') : value;
      if (fetch) add(f.path, fetch, { file: f.path, span: e.span });
    }
    return out;
  },
};

/** What `supabase/config.toml` says about the function; the gateway verifies tokens unless it is told not to. */
function verifiesJwt(file: RelPath, name: string, files: Iterable<FileFacts>): boolean {
  for (const f of files) {
    if (f.config?.kind !== 'supabase-config') continue;
    const dir = dirname(f.path);
    if (dir === '' || file.startsWith(`${dir}/`)) return f.config.functions[name]?.verifyJwt ?? true;
  }
  return true;
}
