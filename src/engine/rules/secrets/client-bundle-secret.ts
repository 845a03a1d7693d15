import { defineRule } from '../../core/rule';
import { EXPIRED } from '../../extract/secrets/index';
import type { FileFacts } from '../../core/facts';
import type { ProjectModel, SecretEntity } from '../../core/model';
import { PUBLIC_PREFIX, limitBrowserKey, moveToServer, splitModule, takeOutPassword } from '../../fixes/env';
import { nodesOf } from '../../fixes/walk';
import { isSupabaseServerName, nameClass } from '../../extract/secrets/names';
import { purposeOf } from './shared/purpose';
import { reachInBrowser } from './shared/reach';
import { secretReport } from './shared/report';
import { hasPublicTwin } from './shared/twin';

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
      'A module that server and browser share is judged by what browser code imports of it: a function that nobody in the browser reaches is dropped from the bundle. A password is told with words of its own, and a key made for pages (Google Fonts, Maps) is a matter of limiting it.',
      '',
      'Not reported: publishable and anon keys, modules behind `server-only`, type imports, functions of shared modules that the browser cannot reach, variables with a public twin (`VITE_X || X`: the twin is what reaches the page).',
    ].join('\n'),
    effort: 'hours',
    cwe: [200, 522],
    owasp: ['API2', 'API8'],
    messages: {
      literal: '{{a}} is in code that every visitor downloads: anyone can copy it and use it as you.{{seen}}\nAn environment variable does not help here; the call has to move to the server.',
      password: '{{a}} is in code that every visitor downloads: anyone can sign in with it.\nTake it out of the page and change the password of that account; what is right is for the server to decide.',
      pageKey: '{{a}} is in the page, as keys for Google Fonts and Maps have to be: others can use it up.{{seen}}\nLimit it to your own domains and to what the page uses.',
      shared: '{{envName}} is read in a module that browser code loads too: it is undefined there.\nGive what needs it a file of its own that only the server imports.',
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
      if (!secret.inBrowser || fact.place !== 'code' || fact.publicByDesign || fact.kind === 'env-fallback' || isSupabase(fact.detector) || fact.note === EXPIRED) continue;
      if (/password/i.test(fact.detector)) {
        const report = secretReport(secret);
        ctx.report({ ...report, data: { ...report.data, a: /account/i.test(fact.label) ? 'An account password' : 'A password', deed: 'sign in with a password of yours' }, messageId: 'password', businessImpact: 'Whoever looks at the page’s code signs in with it and may do all that this account may.', fixes: ['take-out-password'] });
      } else if (fact.detector === 'google-api-key' && isForPages(secret, ctx.model)) {
        ctx.report({ ...secretReport(secret), messageId: 'pageKey', severity: 'low', businessImpact: 'Others can spend the key’s quota from their own pages until it is limited to yours.', fixes: ['limit-browser-key'] });
      } else {
        const report = secretReport(secret);
        const isProviders = fact.kind === 'signing-key' && purposeOf(secret, ctx.model) === 'credential';
        ctx.report({ ...report, ...(isProviders ? { data: { ...report.data, a: 'A provider’s key', label: 'Key of a provider' } } : {}), messageId: 'literal', fixes: ['move-to-server'] });
      }
    }
    const isClient = file.script?.directives.includes('use client') === true;
    for (const read of serverReads(file)) {
      const reach = isClient ? 'called' : reachInBrowser(file.path, read.span, ctx.model);
      if (reach === 'unreached' || hasPublicTwin(read.name, read.span, file, ctx.model)) continue;
      const data = { envName: read.name, detector: 'env-read', label: read.name };
      const isShared = !isClient && ctx.model.importersOf(file.path).some((p) => !ctx.model.reachesBrowser(p));
      if (isShared && reach === 'top') {
        ctx.report({
          at: { file: file.path, span: read.span }, messageId: 'shared', data, severity: 'low', confidence: 'low', rootCause: `browser-read:${read.name}`, fixes: ['split-module'],
          businessImpact: 'Nothing can be copied from the page as it stands; given a public name, the secret would be in it.',
        });
        continue;
      }
      // A module that both sides import may read it on the server only: certain where the file itself says it is the browser's.
      ctx.report({
        at: { file: file.path, span: read.span }, messageId: 'read', data, severity: 'medium', confidence: isClient ? 'high' : 'low', rootCause: `browser-read:${read.name}`, fixes: ['move-to-server'],
        businessImpact: 'What needs the variable does not work in the browser, and the quick way out, a public name, would hand it to every visitor.',
      });
    }
  },
  fixes: { 'move-to-server': moveToServer, 'take-out-password': takeOutPassword, 'limit-browser-key': limitBrowserKey, 'split-module': splitModule },
});

const PAGE_SERVICE = /googleapis\.com\/(webfonts|maps)|maps\.google(apis)?\.com|fonts\.google(apis)?\.com/;
const OTHER_SERVICE = /\b(?!www\b|maps\b|fonts\b)[a-z]+\.googleapis\.com/;

/** Every address of Google's in the file is one of a service that pages call themselves. */
function isForPages({ at }: SecretEntity, model: ProjectModel): boolean {
  const texts = (model.file(at.file)?.script?.functions ?? []).flatMap((f) => nodesOf(f.body).flatMap((n) => (n.k === 'str' ? [n.v] : [])));
  return texts.some((t) => PAGE_SERVICE.test(t)) && !texts.some((t) => OTHER_SERVICE.test(t));
}

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
