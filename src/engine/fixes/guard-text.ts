/** The generated `lib/require-user` module: wired to the auth library where we know how, else it turns everybody away and says so. */
import type { ExpressLibrary, GeneratedModule } from './guard-find';
import { type Style, styled } from './style';

const NOT_WIRED = [
  ' * NOT WIRED YET: it turns everybody away (401) until you check your own session or token here.',
];

export interface GeneratedText {
  readonly text: string;
  readonly wired: boolean;
  /** What a person still has to do. */
  readonly manual: readonly string[];
}

export const wireExpress = (file: string): string => `Wire ${file}: it denies everybody until your session or token check sets req.user.`;
export const wireNext = (file: string): string => `Wire ${file}: it denies everybody until it checks your session or token.`;

export function expressModule(module: GeneratedModule, library: ExpressLibrary, secret: string | null, style: Style): GeneratedText {
  const ts = module.typescript;
  const args = ts ? 'req: Request, res: Response, next: NextFunction' : 'req, res, next';
  const returns = ts ? ': void' : '';
  const asyncReturns = ts ? ': Promise<void>' : '';
  const imports: string[] = [];
  const body: string[] = [];
  let doc = ['/** Lets a request pass only for a signed-in user; everybody else gets a 401. The user stands in res.locals.user. */'];
  let manual: string[] = [];
  let wired = true;
  const header = 'const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? \'\')?.[1];';
  const refuse = ["res.status(401).json({ error: 'Unauthorized' });", 'return;'];
  if (library === 'jsonwebtoken' && secret !== null) {
    imports.push(value(module, 'default', 'jwt', 'jsonwebtoken'));
    body.push(`function requireUser(${args})${returns} {`, `  ${header}`, `  const secret = process.env.${secret};`, '  if (!token || !secret) {', ...refuse.map((l) => `    ${l}`), '  }', '  try {', "    res.locals.user = jwt.verify(token, secret, { algorithms: ['HS256'] });", '  } catch {', ...refuse.map((l) => `    ${l}`), '  }', '  next();', '}');
  } else if (library === 'firebase') {
    imports.push(value(module, 'getAuth', 'getAuth', 'firebase-admin/auth'));
    body.push(`async function requireUser(${args})${asyncReturns} {`, `  ${header}`, '  if (!token) {', ...refuse.map((l) => `    ${l}`), '  }', '  try {', '    res.locals.user = await getAuth().verifyIdToken(token);', '  } catch {', ...refuse.map((l) => `    ${l}`), '  }', '  next();', '}');
  } else if (library === 'supabase') {
    imports.push(value(module, 'createClient', 'createClient', '@supabase/supabase-js'));
    body.push(
      "const supabase = createClient(process.env.SUPABASE_URL ?? '', process.env.SUPABASE_ANON_KEY ?? '');", '',
      `async function requireUser(${args})${asyncReturns} {`, `  ${header}`, '  if (!token) {', ...refuse.map((l) => `    ${l}`), '  }', '  const { data } = await supabase.auth.getUser(token);', '  if (!data.user) {', ...refuse.map((l) => `    ${l}`), '  }', '  res.locals.user = data.user;', '  next();', '}',
    );
    manual = ['Set SUPABASE_URL and SUPABASE_ANON_KEY where the server runs.'];
  } else {
    wired = false;
    doc = ['/**', ' * Lets a request pass only for a signed-in user.', ' *', ' * NOT WIRED YET: it turns everybody away (401) until something sets req.user. Check your session or token in a', ' * middleware that runs before this one, and set req.user to the user it belongs to.', ' */'];
    body.push(`function requireUser(${args})${returns} {`, `  const user = ${ts ? '(req as Request & { user?: unknown }).user' : 'req.user'};`, '  if (!user) {', ...refuse.map((l) => `    ${l}`), '  }', '  next();', '}');
    manual = [wireExpress(module.file)];
  }
  if (ts) imports.unshift("import type { NextFunction, Request, Response } from 'express';");
  const at = body.findIndex((l) => /^(async )?function requireUser/.test(l));
  const lines = [...imports, ...(imports.length > 0 ? [''] : []), ...body.slice(0, at), ...doc, ...body.slice(at)];
  return { text: finish(exported(lines, module), style), wired, manual };
}

/** For Next: yields the user or null. */
export function nextModule(module: GeneratedModule, style: Style): GeneratedText {
  const lines = ['/**', ' * The signed-in user, or null.', ' *', ...NOT_WIRED, ' * When it knows the user, return it instead of null.', ' */', `async function requireUser()${module.typescript ? ': Promise<{ id: string } | null>' : ''} {`, '  return null;', '}'];
  return { text: finish(exported(lines, module), style), wired: false, manual: [wireNext(module.file)] };
}

function exported(lines: readonly string[], module: GeneratedModule): string[] {
  if (module.commonJs) return [...lines, '', 'module.exports = { requireUser };'];
  return lines.map((l) => l.replace(/^(async )?function requireUser/, (m) => `export ${m}`));
}

function value(module: GeneratedModule, imported: string, local: string, specifier: string): string {
  if (module.commonJs) return `const ${imported === 'default' ? local : `{ ${local} }`} = require('${specifier}');`;
  return `import ${imported === 'default' ? local : `{ ${local} }`} from '${specifier}';`;
}

function finish(lines: readonly string[], style: Style): string {
  return `${styled(lines, style, '')}${style.eol}`;
}
