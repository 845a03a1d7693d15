/** A file upload that refuses nothing. */
import type { Endpoint, ProjectModel, UploadUse } from '../../core/model';
import { defineRule } from '../../core/rule';
import type { Confidence, Severity } from '../../core/types';
import { type Callers, callersOf } from './shared/callers';

export default defineRule({
  meta: {
    id: 'endpoint/unbounded-upload',
    item: 'validation',
    category: 'validation-missing',
    severity: 'high',
    title: 'File upload without size or type limits',
    businessImpact: 'One caller can fill your storage or crash the server, and what is stored goes out under your name.',
    why: 'multer accepts files of any size and type unless told otherwise: without `limits.fileSize` one request can exhaust memory or disk, without `fileFilter` an HTML or script file can be stored and served under your name. The type a browser declares is the sender\u2019s claim, so check it against a list of what you need.\n\nLooked at: multer instances in front of each endpoint, and their options. How grave it is follows who may send files and where the bytes go: a limited upload of signed-in people that is passed on from memory is not underlined.',
    effort: 'minutes',
    cwe: [434, 770],
    owasp: ['API4'],
    messages: {
      both: '{{method}} {{path}} takes files of any size and type: {{who}} can {{harm}}.',
      type: '{{method}} {{path}} takes files of any type: {{who}} can {{harm}}.',
      size: '{{method}} {{path}} takes files of any size: {{who}} can {{harm}}.',
    },
    bad: { 'server.js': "const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst upload = multer({ dest: 'uploads/' });\napp.post('/documents', upload.single('file'), (req, res) => res.json({ ok: true }));\napp.listen(3000);\n" },
    good: { 'server.js': "const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst ALLOWED = new Set(['application/pdf']);\nconst upload = multer({ dest: 'uploads/', limits: { fileSize: 5_000_000 }, fileFilter: (req, file, cb) => cb(null, ALLOWED.has(file.mimetype)) });\napp.post('/documents', upload.single('file'), (req, res) => res.json({ ok: true }));\napp.listen(3000);\n" },
    since: '0.1.0',
  },
  on: 'endpoint',
  check(endpoint, ctx) {
    for (const upload of endpoint.uploads) {
      if ((upload.sizeLimit && upload.typeFilter) || !endpoint.mounted) continue;
      const callers = callersOf(endpoint, ctx.model);
      const harm = harmOf(upload, ctx.model);
      const what = upload.sizeLimit ? 'type' : upload.typeFilter ? 'size' : 'both';
      ctx.report({
        at: upload.at, messageId: what, endpoint, ...ratingOf(upload, callers),
        data: {
          method: endpoint.method, path: endpoint.path, who: callers.name.charAt(0).toLowerCase() + callers.name.slice(1), harm, caller: callers.name, operators: callers.who === 'staff' || callers.who === 'owner', deed: harm,
          how: `takes files of any ${what === 'both' ? 'size and type' : what}`,
        },
        rootCause: `upload:${endpoint.at.file}`,
      });
    }
  },
});

/** What can come of it, where the bytes go. */
function harmOf(upload: UploadUse, model: ProjectModel): string {
  if (!upload.toDisk) return upload.sizeLimit ? 'store any kind of file through you' : 'use up the server’s memory with one file';
  const host = `host malware on your ${model.endpoints().some((e: Endpoint) => e.publicBy === 'static-asset') ? 'domain' : 'server'}`;
  return upload.sizeLimit ? host : upload.typeFilter ? 'fill the disk' : `fill the disk or ${host}`;
}

function ratingOf(upload: UploadUse, callers: Callers): { readonly severity: Severity; readonly confidence: Confidence } {
  const half = upload.sizeLimit || upload.typeFilter;
  if (callers.who === 'anyone') return { severity: half ? 'medium' : 'high', confidence: 'high' };
  // Known people, a limit, and bytes that are only passed on: a matter of taste.
  if (!upload.toDisk && upload.sizeLimit) return { severity: 'low', confidence: 'low' };
  return { severity: callers.who === 'members' && !half ? 'medium' : 'low', confidence: callers.who === 'owner' ? 'low' : 'high' };
}
