/** URIs, paths and offsets: where the editor's ways of naming a place meet the engine's. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LineIndex, type Location, relPath, type RelPath, type Span } from '../engine';
import type { Range } from './protocol';

/** The file's path, or null for anything that is no file on this machine (`untitled:`, `git:`, `vscode-remote:` …). */
export function fsPathOf(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return resolve(fileURLToPath(uri));
  } catch {
    return null; // a file URI with a host, or with an encoded slash: no path on this machine
  }
}

export function uriOf(fsPath: string): string {
  return pathToFileURL(fsPath).href;
}

/** The path inside `root`, or null when the file lies outside. */
export function pathInside(root: string, fsPath: string): RelPath | null {
  const path = relative(root, fsPath);
  if (path === '' || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) return null;
  return relPath(path);
}

export function absolute(root: string, path: RelPath): string {
  return resolve(root, path);
}

/** An editor shows no byte order mark, so columns of the first line do not count it. */
export function rangeOf(lines: LineIndex, span: Span, bom: boolean): Range {
  const start = lines.position(span.start);
  const end = lines.position(span.end);
  const column = (p: { line: number; column: number }): number => (bom && p.line === 0 ? Math.max(0, p.column - 1) : p.column);
  return { start: { line: start.line, character: column(start) }, end: { line: end.line, character: column(end) } };
}

/** Positions in files of one session; remembers the lines of the files asked for last. */
export class Places {
  private readonly cache = new Map<RelPath, { readonly text: string; readonly lines: LineIndex }>();

  constructor(private readonly textOf: (path: RelPath) => string | undefined) {}

  lines(path: RelPath): LineIndex {
    const text = this.textOf(path) ?? '';
    const known = this.cache.get(path);
    if (known && known.text === text) return known.lines;
    const lines = new LineIndex(text);
    this.cache.delete(path);
    this.cache.set(path, { text, lines });
    if (this.cache.size > 200) {
      const oldest = this.cache.keys().next();
      if (!oldest.done) this.cache.delete(oldest.value);
    }
    return lines;
  }

  range(at: Location): Range {
    return rangeOf(this.lines(at.file), at.span, this.textOf(at.file)?.startsWith('\uFEFF') ?? false);
  }
}

export function overlaps(a: Range, b: Range): boolean {
  return !(before(a.end, b.start) || before(b.end, a.start));
}

function before(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
