/** A redirect whose target the request decides. */
import type { Expr } from '../../core/facts';
import type { ProjectModel, SinkUse } from '../../core/model';
import { defineRule } from '../../core/rule';
import { nodesOf } from '../../fixes/walk';
import { callersOf } from './shared/callers';

export default defineRule({
  meta: {
    id: 'endpoint/open-redirect',
    item: 'validation',
    category: 'validation-missing',
    severity: 'medium',
    title: 'Redirect target comes from the request',
    businessImpact: 'Phishing mails can carry your own domain: a link to you forwards your customers to the attacker.',
    why: 'A `next`, `url` or `redirectTo` parameter that goes into a redirect unchecked lets anybody build a link that starts at your domain and ends at theirs. After a sign-in it can also carry tokens away.\n\nLooked at: values of the request that reach a redirect. Fixed paths, and parameters that only fill the path or query after a fixed origin, are fine.',
    effort: 'minutes',
    cwe: [601],
    owasp: ['API8'],
    messages: { open: '{{method}} {{path}} redirects to wherever the request says: phishing links can start at your own domain.' },
    bad: { 'server.js': "const express = require('express');\nconst app = express();\napp.get('/out', (req, res) => res.redirect(req.query.url));\napp.listen(3000);\n" },
    good: { 'server.js': "const express = require('express');\nconst app = express();\napp.get('/out', (req, res) => res.redirect('/welcome'));\napp.listen(3000);\n" },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    for (const sink of endpoint.sinks) {
      if (sink.kind !== 'redirect') continue;
      const raw = sink.raw.find((r) => r.source === 'query' || r.source === 'body' || r.source === 'form' || r.source === 'params');
      if (!raw || staysAtHome(sink, ctx.model)) continue;
      ctx.report({
        at: raw.at.file === sink.at.file ? sink.at : raw.at, messageId: 'open', endpoint, confidence: 'medium',
        data: { method: endpoint.method, path: endpoint.path, deed: 'send your visitors to any site', how: 'redirects to wherever the request says', caller: callersOf(endpoint, ctx.model).name }, evidence: [{ at: raw.at, note: 'The target is read here.' }],
        // One parameter, one cause, however many branches use it.
        rootCause: `redirect:${raw.at.file}:${raw.at.span.start}`,
      });
    }
  },
});

/** `${origin}/admin?reason=${…}`, `/login?next=${…}`: the host is decided before the value comes. */
function staysAtHome(sink: SinkUse, model: ProjectModel): boolean {
  const { file, span } = sink.at;
  for (const fn of model.file(file)?.script?.functions ?? []) {
    if (fn.span.start > span.start || fn.span.end < span.end) continue;
    for (const n of nodesOf(fn.body)) {
      if ((n.k !== 'call' && n.k !== 'new') || n.s > span.start || n.e < span.end || n.fn.e < span.start) continue;
      const text = n.args.find((a): a is Extract<Expr, { k: 'tpl' }> => a.k === 'tpl');
      if (text) return hostIsFixed(text.parts);
    }
  }
  return false;
}

function hostIsFixed(parts: readonly Expr[]): boolean {
  const at = parts[0]?.k === 'str' && parts[0].v === '' ? 1 : 0;
  const first = parts[at];
  // `/` and a value make `//elsewhere`.
  if (first?.k === 'str') return /^\/[^/\\]/.test(first.v) || /^https?:\/\/[^/?#]+[/?#]/.test(first.v);
  const after = parts[at + 1];
  const own = (first?.k === 'ref' && /origin|base|host|site|app_?url|domain/i.test(first.name)) || (first?.k === 'mem' && /origin|base|host|site|app_?url|domain/i.test(first.prop));
  return own && after?.k === 'str' && /^[/?#]/.test(after.v);
}
