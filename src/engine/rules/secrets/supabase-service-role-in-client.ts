import { defineRule } from '../../core/rule';
import { moveToServer, PUBLIC_PREFIX } from '../../fixes/env';
import { isSupabaseServerName } from '../../extract/secrets/names';
import { secretReport } from './shared/report';
import { hasPublicTwin } from './shared/twin';

export default defineRule({
  meta: {
    id: 'secrets/supabase-service-role-in-client',
    item: 'secrets',
    category: 'secret-client',
    severity: 'critical',
    title: 'A Supabase service_role key is used where the browser can reach it',
    businessImpact: 'This key passes every row rule: one visitor can download or delete the data of all your customers.',
    why: [
      'Supabase has two kinds of keys. The anon or publishable key is meant for the browser, and row level security decides what it may do. The service_role or secret key ignores row level security altogether.',
      '',
      'Looked at: keys whose role claim says `service_role`, `sb_secret_` keys, and variables named so, in modules that reach the browser.',
      '',
      'Not reported: edge functions, server modules, the local keys of the Supabase CLI, anon and publishable keys.',
    ].join('\n'),
    effort: 'hours',
    cwe: [269, 200],
    owasp: ['API1', 'API5'],
    messages: {
      literal: '{{a}} is in code that every visitor downloads: it opens the whole database, past all row rules.{{seen}}',
      read: '{{envName}} is read in browser code: this key opens the whole database, past all row rules.\nUse the anon or publishable key here and do the privileged work on the server.',
    },
    bad: { 'package.json': '{ "dependencies": { "next": "16.0.0", "react": "19.0.0" } }\n', 'app/users.tsx': "'use client';\nimport { createClient } from '@supabase/supabase-js';\n\nconst supabase = createClient('https://abcdefghijklmnop.supabase.co', '{{secret:supabase-service-role}}');\nexport default function Users() {\n  return <button onClick={() => supabase.from('users').select('id')}>Load</button>;\n}\n" },
    good: { 'package.json': '{ "dependencies": { "next": "16.0.0", "react": "19.0.0" } }\n', 'app/users.tsx': "'use client';\nimport { createClient } from '@supabase/supabase-js';\n\nconst supabase = createClient('https://abcdefghijklmnop.supabase.co', '{{secret:supabase-anon}}');\nexport default function Users() {\n  return <button onClick={() => supabase.from('users').select('id')}>Load</button>;\n}\n" },
    since: '0.1.0',
  },
  on: 'file',
  check(file, ctx) {
    if (!ctx.model.reachesBrowser(file.path)) return;
    for (const secret of ctx.model.secretsOf(file.path)) {
      const { fact } = secret;
      if (!secret.inBrowser || fact.place !== 'code' || (fact.detector !== 'supabase-service-role' && fact.detector !== 'supabase-secret')) continue;
      ctx.report({ ...secretReport(secret), messageId: 'literal', fixes: ['move-to-server'] });
    }
    const seen = new Set<string>();
    for (const read of file.script?.envReads ?? []) {
      if (seen.has(read.name) || PUBLIC_PREFIX.test(read.name) || !isSupabaseServerName(read.name) || hasPublicTwin(read.name, read.span, file, ctx.model)) continue;
      seen.add(read.name);
      const own = file.script?.directives.includes('use client') === true;
      ctx.report({
        at: { file: file.path, span: read.span }, messageId: 'read', data: { envName: read.name, detector: 'supabase-service-role', label: read.name }, severity: own ? 'high' : 'medium',
        confidence: own ? 'high' : 'low', rootCause: `browser-read:${read.name}`, fixes: ['move-to-server'],
      });
    }
  },
  fixes: { 'move-to-server': moveToServer },
});
