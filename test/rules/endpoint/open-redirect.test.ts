import rule from '../../../src/engine/rules/endpoint/open-redirect';
import { ruleTester } from '../../support/rule-tester';

const route = (body: string): Record<string, string> => ({ 'package.json': '{ "dependencies": { "next": "15.0.0" } }\n', 'app/back/route.ts': `import { NextResponse } from 'next/server';\n\nexport async function GET(request: Request) {\n  const { searchParams, origin } = new URL(request.url);\n${body}\n}\n` });

ruleTester(rule, {
  valid: [
    { name: 'a value in the query of a fixed path', files: route("  const reason = searchParams.get('reason');\n  return NextResponse.redirect(`${origin}/settings?state=error&reason=${encodeURIComponent(reason ?? '')}`);") },
    { name: 'a value behind a path of one’s own', files: { 'server.js': "const express = require('express');\nconst app = express();\napp.get('/out', (req, res) => res.redirect(`/orders/${req.query.id}`));\napp.listen(3000);\n" } },
  ],
  invalid: [
    { name: 'a value that may begin the host', files: route("  const next = searchParams.get('next') ?? '/';\n  if (searchParams.get('code')) return NextResponse.redirect(`${origin}${next}`);\n  return NextResponse.redirect(`${origin}${next}`);"), findings: [{ file: 'app/back/route.ts', line: 6 }, { file: 'app/back/route.ts', line: 7 }] },
    { name: 'a slash and a value', files: { 'server.js': "const express = require('express');\nconst app = express();\napp.get('/out', (req, res) => res.redirect(`/${req.query.to}`));\napp.listen(3000);\n" }, findings: [{ file: 'server.js', line: 3 }] },
  ],
});
