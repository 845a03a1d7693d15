/** The output channel, and a trace that names messages without their contents: contents may hold a secret. */
import { window, type LogOutputChannel } from 'vscode';
import { withoutContent } from './trace';

export function createLog(): LogOutputChannel {
  return window.createOutputChannel('Vibe Code Rescue', { log: true });
}

/**
 * The client writes whole messages to its trace when the user asks for "verbose", texts of files and the edit that moves
 * a key included. Only the line that names the message passes.
 */
export function namesOnly(log: LogOutputChannel): LogOutputChannel {
  return new Proxy(log, {
    get(target, key): unknown {
      if (key === 'trace') return (message: string) => target.trace(withoutContent(message));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
