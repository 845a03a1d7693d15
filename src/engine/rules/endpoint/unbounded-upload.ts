/** A file upload that refuses nothing. */
import { defineRule } from '../../core/rule';

export default defineRule({
  meta: {
    id: 'endpoint/unbounded-upload',
    item: 'validation',
    category: 'validation-missing',
    severity: 'high',
    title: 'File upload without size or type limits',
    businessImpact: 'A single visitor can fill your storage, crash the server or host malware on your domain.',
    why: 'multer accepts files of any size and type unless told otherwise: without `limits.fileSize` one request can exhaust memory or disk, without `fileFilter` an HTML or script file can be stored and served under your name. The type a browser declares is the sender\u2019s claim, so check it against a list of what you need.\n\nLooked at: multer instances in front of each endpoint, and their options.',
    effort: 'minutes',
    cwe: [434, 770],
    owasp: ['API4'],
    messages: {
      both: '{{method}} {{path}} takes files of any size and type: one visitor can fill the disk or host malware on your domain.',
      type: '{{method}} {{path}} takes files of any type: a visitor can host malware on your domain.',
      size: '{{method}} {{path}} takes files of any size: one visitor can fill the disk.',
    },
    bad: { 'server.js': "const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst upload = multer({ dest: 'uploads/' });\napp.post('/documents', upload.single('file'), (req, res) => res.json({ ok: true }));\napp.listen(3000);\n" },
    good: { 'server.js': "const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst ALLOWED = new Set(['application/pdf']);\nconst upload = multer({ dest: 'uploads/', limits: { fileSize: 5_000_000 }, fileFilter: (req, file, cb) => cb(null, ALLOWED.has(file.mimetype)) });\napp.post('/documents', upload.single('file'), (req, res) => res.json({ ok: true }));\napp.listen(3000);\n" },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    for (const upload of endpoint.uploads) {
      if (upload.sizeLimit && upload.typeFilter) continue;
      ctx.report({
        at: upload.at, messageId: upload.sizeLimit ? 'type' : upload.typeFilter ? 'size' : 'both', endpoint, confidence: 'high',
        severity: upload.sizeLimit || upload.typeFilter ? 'medium' : 'high', data: { method: endpoint.method, path: endpoint.path },
        rootCause: `upload:${endpoint.at.file}`,
      });
    }
  },
});
