/** A redirect whose target the request decides. */
import { defineRule } from '../../core/rule';

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
      if (!raw) continue;
      ctx.report({
        at: raw.at.file === sink.at.file ? sink.at : raw.at, messageId: 'open', endpoint, confidence: 'medium',
        data: { method: endpoint.method, path: endpoint.path }, evidence: [{ at: raw.at, note: 'The target is read here.' }],
        rootCause: `redirect:${sink.at.file}:${sink.at.span.start}`,
      });
    }
  },
});
