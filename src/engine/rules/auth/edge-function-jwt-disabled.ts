import { defineRule } from '../../core/rule';
import type { ProjectModel } from '../../core/model';
import { dirname } from '../../core/paths';
import type { RelPath } from '../../core/types';
import { canCheckToken, checkToken } from '../../fixes/guard';
import { exposureOf } from '../endpoint/shared/exposure';
import { openReport } from '../endpoint/shared/report';

export default defineRule({
  meta: {
    id: 'auth/edge-function-jwt-disabled',
    item: 'auth',
    category: 'auth-missing',
    severity: 'critical',
    title: 'A Supabase edge function does not check who calls it',
    businessImpact: 'A public address runs with your service-role key: strangers can read and change data past every row rule, approve payments or send mail in your name.',
    why: [
      'The gateway’s `verify_jwt` only asks for a token of your project, and the anon key, which every visitor’s browser holds, is one. With `verify_jwt = false` not even that is asked. Either way the function itself has to find out who is calling.',
      '',
      'Looked at: edge functions that write, return data, or use a key only the server has, together with their entry in `supabase/config.toml`, without `auth.getUser(token)`, `getClaims()`, a compared secret or a verified signature before the work.',
      '',
      'The worst that a stranger gains is named: other people’s data before accounts, accounts before messages, messages before money and records. A job that takes no input, a fixed message to the addressee of a row and a checkout at the provider’s own price weigh less.',
      '',
      'Not reported: webhooks with a verified signature, sign-up functions, functions that do nothing with data. Functions that use the caller’s own token for all data access are judged by the row level security that the repository’s SQL files set up, and listed for a look where none do. A check of the role in the token counts where the gateway verifies it.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [306],
    owasp: ['API2'],
    messages: {
      anonKey: 'Anyone can {{deed}}: {{place}} never asks who is calling.\nThe gateway’s verify_jwt only wants a token of your project, and the public anon key is one.',
      disabled: 'Anyone can {{deed}}: {{place}} has verify_jwt = false and never asks who is calling.',
      openRows: 'Anyone can {{deed}}: {{place}} never asks who is calling, and {{why}}.',
      rowRules: 'Nobody has to sign in for {{place}}: only the database’s row rules decide who can {{deed}}.\nHave a look whether these tables have row level security and policies.',
      unsure: 'Have a look: no check of the caller was found for {{place}}, which can {{deed}}.',
    },
    bad: {
      'supabase/config.toml': '[functions.close-month]\nverify_jwt = false\n',
      'supabase/functions/close-month/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nconst admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n\nDeno.serve(async (req) => {\n  const { month } = await req.json();\n  await admin.from('payouts').update({ approved: true }).eq('month', month);\n  return Response.json({ ok: true });\n});\n",
    },
    good: {
      'supabase/functions/close-month/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nconst admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n\nDeno.serve(async (req) => {\n  const token = req.headers.get('Authorization')?.replace(/^Bearer /, '') ?? '';\n  const { data: { user } } = await admin.auth.getUser(token);\n  if (!user) return new Response('Unauthorized', { status: 401 });\n  const { month } = await req.json();\n  await admin.from('payouts').update({ approved: true }).eq('month', month);\n  return Response.json({ ok: true });\n});\n",
    },
    since: '0.1.0',
    quiet: true,
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    const exposure = exposureOf(endpoint, ctx.model);
    if (exposure?.kind !== 'edge' || exposure.cause) return;
    const low = exposure.confidence === 'low';
    const verify = verifyJwtOf(endpoint.at.file, ctx.model);
    const id = exposure.rowRules ? 'rowRules' : low ? 'unsure' : exposure.openRows !== null ? 'openRows' : verify === false ? 'disabled' : 'anonKey';
    ctx.report(openReport(endpoint, exposure, ctx.model, id, !low && endpoint.sinks.length > 0 && canCheckToken(endpoint, ctx.model) ? ['check-token'] : []));
  },
  fixes: { 'check-token': checkToken },
});

/** What `supabase/config.toml` says about the function; `true` is the default. */
function verifyJwtOf(file: RelPath, model: ProjectModel): boolean {
  const name = /(?:^|\/)functions\/([^/]+)\//.exec(file)?.[1];
  for (const f of model.configs()) {
    if (f.config.kind !== 'supabase-config' || name === undefined) continue;
    const dir = dirname(f.path);
    if (dir !== '' && !file.startsWith(`${dir}/`)) continue;
    return f.config.functions[name]?.verifyJwt ?? true;
  }
  return true;
}
