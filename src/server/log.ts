/** The server's log: one line for people, a stack for us. Never the text of a file, never an edit. */
import type { Connection } from 'vscode-languageserver/node';

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  failure(what: string, error: unknown): void;
}

export function connectionLog(connection: Connection): Log {
  return {
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
    failure: (what, error) => connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  };
}
