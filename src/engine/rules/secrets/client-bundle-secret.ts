import { defineRule } from '../../core/rule';
import type { FileFacts } from '../../core/facts';
import { moveToServer, PUBLIC_PREFIX } from '../../fixes/env';
import { isSupabaseServerName, nameClass } from '../../extract/secrets/names';
import { secretReport } from './shared/report';

export default defineRule({
  meta: {
    id: 'secrets/client-bundle-secret',
    item: 'secrets',
    category: 'secret-client',
    severity: 'critical',
    title: 'A server’s secret is in code that reaches the browser',
    businessImpact: 'Every visitor can copy the key from the page’s JavaScript: the most common way AI-built apps lose money overnight.',
    why: [
      'Whatever a browser module contains is downloaded by everyone. Moving the value into a public variable (`NEXT_PUBLIC_`, `VITE_`, `EXPO_PUBLIC_`) changes nothing: it is still in the bundle. The call has to move to the server.',
      '',
      'Looked at: secrets of every kind in modules that reach the browser, and server variables read there (which are `undefined` in the browser, so the feature does not work either).',
      '',
      'Not reported: publishable and anon keys, modules behind `server-only`, type imports.',
    ].join('\n'),
    effort: 'hours',
    cwe: [200, 522],
    owasp: ['API2', 'API8'],
    messages: {
      literal: '{{a}} is in code that every visitor downloads: anyone can copy it and use it as you.{{seen}}\nAn environment variable does not help here; the call has to move to the server.',
      read: '{{envName}} is read in browser code: it is undefined there, and giving it a public name would publish it.\nMove the call that needs it to the server.',
    },
    bad: { 'package.json': '{ "dependencies": { "next": "16.0.0", "react": "19.0.0" } }\n', 'app/chat.tsx': "'use client';\nimport OpenAI from 'openai';\n\nconst openai = new OpenAI({ apiKey: '{{secret:openai}}', dangerouslyAllowBrowser: true });\nexport default function Chat() {\n  return <button onClick={() => openai.models.list()}>Ask</button>;\n}\n" },
    good: { 'package.json': '{ "dependencies": { "next": "16.0.0", "react": "19.0.0" } }\n', 'app/chat.tsx': "'use client';\n\nexport default function Chat() {\n  return <button onClick={() => fetch('/api/chat', { method: 'POST' })}>Ask</button>;\n}\n" },
    since: '0.1.0',
  },
  on: 'file',
  check(file, ctx) {
    if (!ctx.model.reachesBrowser(file.path)) return;
    for (const secret of ctx.model.secretsOf(file.path)) {
      const { fact } = secret;
      if (!secret.inBrowser || fact.place !== 'code' || fact.publicByDesign || fact.kind === 'env-fallback' || isSupabase(fact.detector)) continue;
      ctx.report({ ...secretReport(secret), messageId: 'literal', fixes: ['move-to-server'] });
    }
    for (const read of serverReads(file)) {
      // A module that both sides import may read it on the server only: certain where the file itself says it is the browser's.
      ctx.report({
        at: { file: file.path, span: read.span }, messageId: 'read', data: { envName: read.name, detector: 'env-read', label: read.name }, severity: 'medium',
        confidence: file.script?.directives.includes('use client') === true ? 'high' : 'low', rootCause: `browser-read:${read.name}`, fixes: ['move-to-server'],
      });
    }
  },
  fixes: { 'move-to-server': moveToServer },
});

function isSupabase(detector: string): boolean {
  return detector === 'supabase-service-role' || detector === 'supabase-secret';
}

/** First read of each server-only secret's name. */
function serverReads(file: FileFacts): readonly { readonly name: string; readonly span: { readonly start: number; readonly end: number } }[] {
  const seen = new Set<string>();
  return (file.script?.envReads ?? []).filter((r) => {
    if (seen.has(r.name) || PUBLIC_PREFIX.test(r.name) || nameClass(r.name) === 'none' || isSupabaseServerName(r.name)) return false;
    seen.add(r.name);
    return true;
  });
}
