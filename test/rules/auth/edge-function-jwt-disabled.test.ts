import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/edge-function-jwt-disabled';

const CORS = "import { serve } from 'https://deno.land/std@0.168.0/http/server.ts'\nimport { createClient } from 'https://esm.sh/@supabase/supabase-js@2'\n\nconst corsHeaders = { 'Access-Control-Allow-Origin': '*' }\n\n";

ruleTester(rule, {
  valid: [
    { name: 'a greeting without data', files: { 'supabase/functions/hello/index.ts': "Deno.serve(async (req) => {\n  const { name } = await req.json();\n  return Response.json({ hello: name });\n});\n" } },
    { name: 'a shared secret', files: { 'supabase/config.toml': '[functions.tidy]\nverify_jwt = false\n', 'supabase/functions/tidy/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async (req) => {\n  const secret = Deno.env.get('TIDY_SECRET');\n  if (!secret || req.headers.get('x-secret') !== secret) return new Response('Unauthorized', { status: 401 });\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  await admin.from('jobs').delete().lt('created_at', '2020-01-01');\n  return Response.json({ ok: true });\n});\n" } },
  ],
  invalid: [
    {
      name: 'the default verify_jwt lets the anon key through; preflight is answered first',
      files: { 'supabase/functions/pay/index.ts': `${CORS}serve(async (req) => {\n  if (req.method === 'OPTIONS') {\n    return new Response('ok', { headers: corsHeaders })\n  }\n  const user = await req.json()\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!)\n  await admin.from('payments').insert({ user })\n  return new Response('ok', { headers: corsHeaders })\n})\n` },
      findings: [{ file: 'supabase/functions/pay/index.ts', line: 6, messageId: 'anonKey', fixes: ['check-token'], message: /^Anyone can add payments: the edge function pay never asks/ }],
      fixed: { 'check-token': { 'supabase/functions/pay/index.ts': [/headers: corsHeaders \}\)\n {2}\}\n {2}const token = req\.headers\.get\('Authorization'\)\?\.replace\(\/\^Bearer \/, ''\) \?\? ''\n {2}const authClient = createClient\(/, /data: \{ user: user2 \} \} = await/, /status: 401, headers: \{ \.\.\.corsHeaders, 'Content-Type'/] } },
    },
    {
      name: 'row rules, a key, a handler without request',
      files: {
        'supabase/functions/mine/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async (req) => {\n  const client = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_ANON_KEY')!, { global: { headers: { Authorization: req.headers.get('Authorization')! } } });\n  await client.from('notes').insert(await req.json());\n  return Response.json({ ok: true });\n});\n",
        'supabase/functions/chat/index.ts': "Deno.serve(async (req) => {\n  const { text } = await req.json();\n  return Response.json({ key: Deno.env.get('MODEL_API_KEY')!.length, text });\n});\n",
        'supabase/functions/clean/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async () => {\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  await admin.from('invites').delete().lt('created_at', '2020-01-01');\n  return Response.json({ ok: true });\n});\n",
        'supabase/functions/login/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async (req) => {\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  await admin.from('visits').insert(await req.json());\n  return Response.json({ ok: true });\n});\n",
        'supabase/functions/verify-email/index.ts': "import { createClient } from 'npm:@supabase/supabase-js@2';\n\nDeno.serve(async (req) => {\n  const admin = createClient(Deno.env.get('SUPABASE_URL')!, Deno.env.get('SUPABASE_SERVICE_ROLE_KEY')!);\n  const { email } = await req.json();\n  await admin.from('verifications').insert({ email, token: crypto.randomUUID() });\n  return Response.json({ ok: true });\n});\n",
      },
      findings: [
        { file: 'supabase/functions/chat/index.ts', line: 1, messageId: 'anonKey', confidence: 'medium', fixes: [] },
        { file: 'supabase/functions/login/index.ts', line: 3, confidence: 'high', messageId: 'anonKey', fixes: ['check-token'], rootCause: 'edge:supabase/functions' },
        { file: 'supabase/functions/mine/index.ts', line: 3, messageId: 'rowRules', confidence: 'low', fixes: [] },
        { file: 'supabase/functions/clean/index.ts', line: 3, messageId: 'anonKey', confidence: 'high', rootCause: 'edge:supabase/functions' },
        { file: 'supabase/functions/verify-email/index.ts', line: 3, messageId: 'unsure', confidence: 'low', fixes: [] },
      ],
      fixed: { 'check-token': { 'supabase/functions/clean/index.ts': [/Deno\.serve\(async \(req: Request\) => \{\n {2}const token = req\./] } },
    },
  ],
});
