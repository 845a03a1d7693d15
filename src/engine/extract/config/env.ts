/** Names of environment variables that files define: `.env*`, Dockerfile, compose files, workflows. Never a value. */
import { basename } from '../../core/paths';
import type { EnvNameFact } from '../../core/facts';

/** `.env`, `.env.local`, `prod.env`, `.envrc`, `.dev.vars` (Wrangler). */
export function isEnvFile(path: string): boolean {
  return /^(\.env(\..+)?|.+\.env|\.envrc|\.dev\.vars(\..+)?)$/.test(basename(path));
}

export function envNames(path: string, text: string): EnvNameFact[] {
  const name = basename(path);
  if (isEnvFile(path)) return dotenv(text);
  if (/^(Dockerfile|Containerfile)(\..+)?$|\.dockerfile$/i.test(name)) return dockerfile(text);
  if (/^(docker-)?compose(\..+)?\.ya?ml$/i.test(name) || /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return yamlEnv(text);
  return [];
}

/** One entry a line; a quoted value may go over several, and what stands inside it defines nothing. */
function dotenv(text: string): EnvNameFact[] {
  const out: EnvNameFact[] = [];
  const entry = /^[\uFEFF \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:=|:[ \t])[ \t]*/;
  for (let at = 0; at < text.length; ) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    const m = entry.exec(line);
    let next = lineEnd;
    if (m?.[1] !== undefined) {
      const start = at + m[0].search(/[^\uFEFF \t]/);
      const valueAt = at + m[0].length;
      const quote = text[valueAt];
      if (quote === '"' || quote === "'" || quote === '`') {
        const close = closingQuote(text, valueAt, quote);
        // An open quote swallows nothing: dotenv reads it as part of a one-line value.
        if (close > 0) next = endOfLine(text, close);
        out.push({ name: m[1], span: { start, end: close > 0 ? close + 1 : trimmedEnd(text, valueAt, lineEnd) }, hasValue: close < 0 || close > valueAt + 1 });
      } else {
        const value = text.slice(valueAt, lineEnd).replace(/(^|\s)#.*$/, '').trimEnd();
        out.push({ name: m[1], span: { start, end: value === '' ? trimmedEnd(text, start, valueAt) : valueAt + value.length }, hasValue: value !== '' });
      }
    }
    at = next;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 2;
    else at++;
  }
  return out;
}

function closingQuote(text: string, open: number, quote: string): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

/** `ENV A=1 B=2`, `ENV A 1`, `ARG A[=1]`. */
function dockerfile(text: string): EnvNameFact[] {
  const out: EnvNameFact[] = [];
  const joined = text.replace(/\\\r?\n/g, (m) => ' '.repeat(m.length));
  for (const m of joined.matchAll(/^[ \t]*(ENV|ARG)[ \t]+([^\r\n]*)/gim)) {
    const from = m.index + m[0].length - (m[2] ?? '').length;
    const rest = m[2] ?? '';
    const pairs = [...rest.matchAll(/(?:^|[ \t])([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)/g)];
    for (const pair of pairs) {
      const start = from + pair.index + pair[0].search(/\S/);
      out.push({ name: pair[1] ?? '', span: { start, end: from + pair.index + pair[0].length }, hasValue: (pair[2] ?? '').replace(/^["']|["']$/g, '') !== '' });
    }
    const single = pairs.length === 0 ? /^([A-Za-z_]\w*)(?:[ \t]+(\S.*?))?[ \t]*$/.exec(rest) : null;
    if (single?.[1] !== undefined) out.push({ name: single[1], span: { start: from, end: from + single[0].trimEnd().length }, hasValue: single[2] !== undefined });
  }
  return out;
}

/** Entries below `env:`, `environment:` and `args:` by indentation: maps and `- A=1` lists. */
function yamlEnv(text: string): EnvNameFact[] {
  const out: EnvNameFact[] = [];
  let block = -1;
  let child = -1;
  for (let at = 0; at <= text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const indent = line.search(/\S/);
    if (indent >= 0 && line[indent] !== '#') {
      const list = line[indent] === '-';
      if (block >= 0 && (indent < block || (indent === block && !list))) block = -1;
      if (block >= 0) {
        if (child < 0) child = indent;
        const m = indent === child ? /^(\s*(?:-\s*)?["']?)([A-Za-z_]\w*)(?:["']?:(?=\s|$)|=|["']?\s*$)\s*(.*)$/.exec(line) : null;
        if (m?.[2] !== undefined) {
          const value = (m[3] ?? '').replace(/\s+#.*$/, '').replace(/^["']|["']$/g, '').trim();
          out.push({ name: m[2], span: { start: at + (m[1] ?? '').length, end: at + line.trimEnd().length }, hasValue: value !== '' });
        }
      } else if (/^\s*(?:-\s+)?(env|environment|args):\s*(#.*)?$/.test(line)) {
        block = line.search(/[a-z]/);
        child = -1;
      }
    }
    at = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
  }
  return out;
}

function endOfLine(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}
