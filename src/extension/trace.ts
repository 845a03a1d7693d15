/** The client's trace without what messages hold: texts of files, and the edit that moves a key. */
export function withoutContent(message: string): string {
  // The JSON form of the trace is one line that holds everything.
  if (message.trimStart().startsWith('{')) return '[Trace] message';
  return message.split(/\r?\n/, 1)[0] ?? '';
}
