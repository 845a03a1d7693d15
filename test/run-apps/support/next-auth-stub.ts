/** Stands in for Auth.js 5 when the Next fixture is run: the session is a signed cookie, read the way `auth()` does. */
import { jwtVerify } from 'jose';
import { cookies } from 'next/headers';

interface Options {
  readonly secret?: string;
}
interface Session {
  readonly user: { readonly id: string; readonly role: string };
}
type Req = Request & { auth?: Session | null };

export default function NextAuth(options: Options) {
  const read = async (): Promise<Session | null> => {
    const token = (await cookies()).get('authjs.session-token')?.value;
    if (!token) return null;
    try {
      const { payload } = await jwtVerify(token, new TextEncoder().encode(options.secret));
      return { user: { id: String(payload.sub), role: String(payload['role']) } };
    } catch {
      return null;
    }
  };
  /** `auth()` gives the session, `auth(handler)` a handler whose request carries it. */
  const auth = (...args: unknown[]): unknown => {
    const [handler] = args;
    if (typeof handler !== 'function') return read();
    return async (req: Req, context: unknown) => {
      req.auth = await read();
      return handler(req, context) as unknown;
    };
  };
  const answer = async () => Response.json(await read());
  return { auth, handlers: { GET: answer, POST: answer }, signIn: answer, signOut: answer };
}
