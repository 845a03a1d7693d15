// The folders that the suites open: copies and small apps in a temporary place. The checkout is never edited.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repo } from './paths.js';

export const sampleApp = join(repo, 'test', 'fixtures', 'apps', 'client-portal');

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** As a person has it: a git repository with everything committed. */
function commit(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'core.autocrlf=false', '-c', 'safe.directory=*', ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=Tests', '-c', 'user.email=tests@localhost', '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--no-verify', '--message', 'The app as it was built');
}

/** A copy of the sample app. */
export function makePortal(folder: string): string {
  if (!existsSync(join(sampleApp, 'package.json'))) throw new Error(`there is no sample app at ${sampleApp}`);
  cpSync(sampleApp, folder, { recursive: true, filter: (source) => !/[\\/](node_modules|\.git|\.next|dist)$/.test(source) });
  commit(folder);
  return folder;
}

/** A small Express app in which nothing of the three groups is wrong: guarded, validated, no key. */
export function makeTiny(folder: string): string {
  write(folder, {
    'package.json': `${JSON.stringify({ name: 'tiny-notes', private: true, scripts: { start: 'node --env-file=.env dist/server.js' }, dependencies: { '@prisma/client': '^6.0.0', express: '^5.0.0', jsonwebtoken: '^9.0.0', zod: '^4.0.0' }, devDependencies: { typescript: '^5.9.0' } }, null, 2)}\n`,
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext", "target": "es2022", "outDir": "dist" }, "include": ["src"] }\n',
    '.gitignore': 'node_modules/\ndist/\n.env\n.env.*\n!.env.example\n*.pem\n',
    '.env.example': 'JWT_SECRET=\nDATABASE_URL=\n',
    'src/db.ts': "import { PrismaClient } from '@prisma/client';\n\nexport const db = new PrismaClient();\n",
    'src/require-user.ts': tinyGuard,
    'src/server.ts': tinyServer,
  });
  commit(folder);
  return folder;
}

const tinyGuard = `import type { NextFunction, Request, Response } from 'express';
import jwt from 'jsonwebtoken';

export interface SignedIn extends Request {
  userId?: string;
}

export function requireUser(req: SignedIn, res: Response, next: NextFunction) {
  const header = req.headers.authorization ?? '';
  try {
    const claims = jwt.verify(header.replace('Bearer ', ''), process.env.JWT_SECRET as string, { algorithms: ['HS256'] });
    req.userId = String(claims.sub);
  } catch {
    res.status(401).json({ error: 'Please sign in.' });
    return;
  }
  next();
}
`;

const tinyServer = `import express from 'express';
import { z } from 'zod';
import { db } from './db.js';
import { type SignedIn, requireUser } from './require-user.js';

const app = express();
app.use(express.json());

const Note = z.object({ text: z.string().min(1).max(2000) });

app.post('/notes', requireUser, async (req: SignedIn, res) => {
  const parsed = Note.safeParse(req.body);
  if (!parsed.success) {
    res.status(400).json({ error: 'The note needs a text.' });
    return;
  }
  const note = await db.note.create({ data: { text: parsed.data.text, ownerId: req.userId } });
  res.status(201).json({ id: note.id });
});

app.listen(3000);
`;

/** What an attacker would leave in a repository for whoever opens it: each would create the file \`trap\`. */
export function setTraps(folder: string, trap: string): void {
  const js = `require('node:fs').appendFileSync(${JSON.stringify(trap)}, __filename + '\\n'); module.exports = {};\n`;
  const script = `#!/bin/sh\necho "$0" >> '${trap}'\n`;
  write(folder, {
    'node_modules/typescript/package.json': '{"name":"typescript","version":"99.0.0","main":"index.js"}',
    'node_modules/typescript/index.js': js,
    'node_modules/zod/package.json': '{"name":"zod","version":"99.0.0","main":"index.js"}',
    'node_modules/zod/index.js': js,
    'node_modules/.bin/git': script,
    'rescue.config.js': js,
    'eslint.config.js': js,
    'prisma.config.js': js,
    '.git/hooks/fsmonitor': script,
    '.git/hooks/post-index-change': script,
  });
  for (const name of ['node_modules/.bin/git', '.git/hooks/fsmonitor', '.git/hooks/post-index-change']) chmodSync(join(folder, name), 0o755);
  execFileSync('git', ['config', 'core.fsmonitor', join(folder, '.git/hooks/fsmonitor')], { cwd: folder });
}
