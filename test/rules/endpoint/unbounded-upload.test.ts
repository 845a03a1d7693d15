import rule from '../../../src/engine/rules/endpoint/unbounded-upload';
import { ruleTester } from '../../support/rule-tester';

const GUARD = "function signedIn(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n  } catch (error) {\n    return res.status(401).end();\n  }\n  next();\n}\n";
function app(options: string, before: string, rest = ''): Record<string, string> {
  return { 'src/app.js': `const express = require('express');\nconst multer = require('multer');\nconst jwt = require('jsonwebtoken');\nconst app = express();\n${GUARD}const upload = multer(${options});\n${rest}app.post('/plans', ${before}upload.single('plan'), (req, res) => res.json({ ok: true }));\napp.listen(3000);\n` };
}

ruleTester(rule, {
  valid: [
    { name: 'size and type are limited', files: app("{ dest: 'in/', limits: { fileSize: 1000 }, fileFilter: (req, file, cb) => cb(null, true) }", '') },
    { name: 'a router that nobody mounts', files: { 'src/app.js': "const express = require('express');\nconst app = express();\napp.listen(3000);\n", 'src/plans.js': "const express = require('express');\nconst multer = require('multer');\nconst upload = multer({ dest: 'in/' });\nconst router = express.Router();\nrouter.post('/', upload.single('plan'), (req, res) => res.end());\nmodule.exports = router;\n" } },
  ],
  invalid: [
    { name: 'anyone, onto the disk, served', files: app("{ dest: 'in/' }", '', "app.use('/files', express.static('in'));\n"), findings: [{ file: 'src/app.js', line: 13, messageId: 'both', severity: 'high', message: /anyone can fill the disk or host malware on your domain/ }] },
    { name: 'anyone, any size, in memory', files: app("{ storage: multer.memoryStorage(), fileFilter: (req, file, cb) => cb(null, true) }", ''), findings: [{ file: 'src/app.js', line: 13, messageId: 'size', severity: 'medium', message: /use up the server’s memory/ }] },
    { name: 'signed-in people, a limit, passed on from memory: not underlined, and no word of visitors', files: app('{ storage: multer.memoryStorage(), limits: { fileSize: 1000 } }', 'signedIn, '), findings: [{ file: 'src/app.js', line: 13, messageId: 'type', severity: 'low', confidence: 'low', message: /a signed-in user can store any kind of file through you/ }] },
    { name: 'signed-in people, onto the disk', files: app("{ dest: 'in/' }", 'signedIn, '), findings: [{ file: 'src/app.js', line: 13, severity: 'medium', message: /host malware on your server/ }] },
  ],
});
