/** How the Next fixtures are called: with nothing, with lies, with a credential. */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../../src/engine/core/model';
import type { Answer, Call } from './app';
import { REPO } from './bundle';
import { RunningNext } from './next-app';

export const ROOT = join(REPO, 'test', 'fixtures', 'apps', 'idioms-next');
export const FOLDERS = ['web', 'portal'] as const;
export type Folder = (typeof FOLDERS)[number];

const SECRET = 'only for the test run, and long enough';
const ENV = { AUTH_SECRET: SECRET, SESSION_SECRET: SECRET };
export const BODY = { title: 'Roof', name: 'Ann', email: 'ann@example.com', password: 'correct horse', amount: 5, id: 1 };

const token = (key: string): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1', role: 'admin', exp: 4102444800 })}`;
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
};
const cookieOf = (key: string) => `authjs.session-token=${token(key)}; session=${token(key)}`;
/** What someone without any credential can still send. */
const LIES = { cookie: cookieOf('guessed'), 'x-user-id': '1' };
export const CREDENTIAL = { cookie: cookieOf(SECRET), 'x-user-id': '1' };

export const isOf = (e: Endpoint, folder: Folder): boolean => e.at.file.startsWith(`${folder}/`);

export class NextCalls {
  private constructor(readonly app: RunningNext, private readonly actions: ReadonlyMap<string, string>) {}

  static async start(root: string, folder: Folder): Promise<NextCalls> {
    const app = await RunningNext.start(join(root, folder), ENV);
    const actions = new Map<string, string>();
    // A form of a server action carries the id that calls it.
    const { text } = await app.call({ method: 'GET', path: '/' });
    for (const m of text.matchAll(/<form id="(\w+)"[^>]*>(.*?)<\/form>/gs)) actions.set(m[1]!, /name="(\$ACTION_ID_\w+)"/.exec(m[2]!)?.[1] ?? '');
    return new NextCalls(app, actions);
  }

  private requestOf(e: Endpoint): Call {
    if (e.framework === 'next-action') {
      const form = new FormData();
      form.set(this.actions.get(e.path) ?? '', '');
      for (const [k, v] of Object.entries(BODY)) form.set(k, String(v));
      return { method: 'POST', path: '/', body: form };
    }
    return { method: e.method === 'ALL' ? 'GET' : e.method, path: e.path.replace(/:\w+/g, '1'), body: BODY };
  }

  async withoutCredential(e: Endpoint): Promise<Answer[]> {
    const what = this.requestOf(e);
    return [await this.app.call(what), await this.app.call({ ...what, headers: LIES })];
  }

  withCredential(e: Endpoint): Promise<Answer> {
    return this.app.call({ ...this.requestOf(e), headers: CREDENTIAL });
  }
}
