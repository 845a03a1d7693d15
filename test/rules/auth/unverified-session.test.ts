import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/unverified-session';

const HEAD = "import express from 'express';\nimport jwt from 'jsonwebtoken';\nimport { Pool } from 'pg';\n\nconst app = express();\nconst pool = new Pool();\n\n";
const app = (guard: string) => `${HEAD}${guard}\napp.get('/invoices', requireUser, async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM invoices WHERE user_id = $1', [res.locals.id]);\n  res.json(rows);\n});\n\napp.listen(3000);\n`;

ruleTester(rule, {
  valid: [
    { name: 'decoded for display only', files: { 'src/app.ts': `${HEAD}app.get('/whoami', (req, res) => {\n  const claims = jwt.decode(req.headers.authorization ?? '');\n  res.json({ claims });\n});\napp.listen(1);\n` } },
    { name: 'a header that is no identity', files: { 'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  if (!req.headers['sec-fetch-dest']) {\n    res.status(401).end();\n    return;\n  }\n  next();\n}\n") } },
  ],
  invalid: [
    {
      name: 'a decoded token; the secret is known from where it is signed',
      files: {
        'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  const claims = jwt.decode(req.headers.authorization ?? '');\n  if (!claims) {\n    res.status(401).end();\n    return;\n  }\n  res.locals.id = claims.sub;\n  next();\n}\n"),
        'src/issue.ts': "import jwt from 'jsonwebtoken';\nexport const issue = (id: string) => jwt.sign({ sub: id }, process.env.JWT_SECRET!, { expiresIn: '1h' });\n",
      },
      findings: [{ file: 'src/app.ts', line: 9, messageId: 'decoded', fixes: ['verify-token'] }],
      fixed: { 'verify-token': { 'src/app.ts': [/function verifiedClaims\(token: string\) \{\n {2}try \{\n {4}return jwt\.verify\(token, process\.env\.JWT_SECRET!? \?\? '', \{ algorithms: \['HS256'\] \}\);/, /const claims = verifiedClaims\(req\.headers/] } },
    },
    {
      name: 'a header that anyone can set',
      files: { 'src/app.ts': app("function requireUser(req: express.Request, res: express.Response, next: express.NextFunction) {\n  const id = req.headers['x-user-id'];\n  if (!id) {\n    res.status(401).end();\n    return;\n  }\n  res.locals.id = id;\n  next();\n}\n") },
      findings: [{ file: 'src/app.ts', line: 10, messageId: 'header', fixes: [] }],
    },
  ],
});
