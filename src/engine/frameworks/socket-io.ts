/** Socket.IO: each event a connected socket may send is an endpoint; `io.use` middlewares stand before the connection. */
import { isTestPath } from '../core/paths';
import type { Candidate, Step } from '../model/endpoints';
import { type Scope, type Value, asString } from '../model/values';
import type { FrameworkAdapter } from './adapter';
import { nameOf } from './express';

const ID = 'socket-io';
/** Events of the connection itself. */
const LIFECYCLE = new Set(['connection', 'connect', 'disconnect', 'disconnecting', 'error', 'connect_error', 'new_namespace']);

export const socketIo: FrameworkAdapter = {
  id: ID,
  isRelevant: (file) => file.script!.imports.some((i) => i.specifier === 'socket.io'),
  hooks: {
    id: ID,
    create(pkg, shape, _args, at, it) {
      return pkg === 'socket.io' && (shape === 'Server' || shape === '') ? { t: 'scope', scope: it.newScope(ID, 'app', at) } : null;
    },
    scopeCall(scope, method, args, at, it) {
      const event = asString(args[0] ?? { t: 'unk', hint: '', marks: [] });
      const handler = args[args.length - 1];
      if (method === 'of') return { t: 'scope', scope };
      if (method === 'use' && handler) scope.registrations.push({ kind: 'use', method: 'WS', path: null, handlers: [handler], at, conditional: it.conditional > 0 });
      else if (method === 'on' && event !== null && handler) {
        scope.registrations.push({ kind: 'route', method: 'WS', path: event, handlers: [handler], at, conditional: it.conditional > 0 });
        if ((event === 'connection' || event === 'connect') && handler.t === 'fn' && !it.trace) {
          // The connection's own handler registers what its socket listens to.
          const socket = it.newScope(ID, 'router', at);
          scope.props.set('#socket', { t: 'scope', scope: socket });
          it.callFn(handler, [{ t: 'scope', scope: socket }], null);
        }
      }
      return { t: 'scope', scope };
    },
  },
  find(ctx) {
    const out: Candidate[] = [];
    for (const scope of ctx.it.scopes) {
      if (scope.framework !== ID || scope.kind !== 'app' || isTestPath(scope.at.file)) continue;
      const socket = scope.props.get('#socket');
      if (socket?.t !== 'scope') continue;
      const guards = scope.registrations.filter((r) => r.kind === 'use').flatMap((r) => r.handlers.map((value): Step => ({ value, level: 'app', at: r.at, name: nameOf(ctx.it, value), socket: true })));
      const connection = scope.registrations.find((r) => r.kind === 'route' && (r.path === 'connection' || r.path === 'connect'));
      for (const c of events(socket.scope, guards)) {
        const value = c.steps[c.steps.length - 1]!.value;
        out.push({ ...c, scope: `socket:${connection?.at.file}:${scope.id}`, steps: [...c.steps.slice(0, -1), { ...c.steps[c.steps.length - 1]!, name: nameOf(ctx.it, value) || c.path }] });
      }
    }
    return out;
  },
};

function events(socket: Scope, guards: readonly Step[]): Candidate[] {
  return socket.registrations.flatMap((r): Candidate[] => {
    const value: Value | undefined = r.handlers[0];
    if (r.kind !== 'route' || r.path === null || LIFECYCLE.has(r.path) || !value) return [];
    return [{ framework: ID, method: 'WS', path: r.path, at: r.at, steps: [...guards, { value, level: 'handler', at: r.at, name: r.path }], style: 'action', scope: '', mounted: true, split: false, late: [], urlPath: null }];
  });
}
