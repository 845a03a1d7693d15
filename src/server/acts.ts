/** What a person does: ticks, accepts, ignores, "the key has moved". Each writes to the user's files only when asked. */
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { parseJsonc } from '../config/jsonc';
import { type Finding, LineIndex, type RelPath, ts } from '../engine';
import { itemKey } from '../sprint/items';
import { addRotation, rotationOf, tickRotation } from '../sprint/rotations';
import { withEntry, type SprintState } from '../sprint/state';
import type { Documents } from './documents';
import { syncOpen } from './edits';
import type { AcceptParams, ActAnswer, AnswerParams, TickParams } from './protocol';
import type { Folder } from './workspace-folders';

const DONE: ActAnswer = { ok: true, message: null };

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function change(folder: Folder, make: (state: SprintState) => SprintState): Promise<ActAnswer> {
  if (folder.loose) return { ok: false, message: 'The checklist belongs to a folder: open one first.' };
  try {
    await folder.disk.updateState(make);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  await folder.reloadState();
  return DONE;
}

export function tick(folder: Folder, { kind, id, done }: TickParams): Promise<ActAnswer> {
  return change(folder, (state) => {
    if (kind === 'rotation') return tickRotation(state, id, done ? today() : null);
    const key = kind === 'item' ? itemKey(id as Parameters<typeof itemKey>[0]) : id;
    return withEntry(state, 'ticks', key, done ? { date: today() } : null);
  });
}

export function answer(folder: Folder, { id, answer: given }: AnswerParams): Promise<ActAnswer> {
  return change(folder, (state) => withEntry(state, 'answers', id, given === 'unknown' ? null : { answer: given, date: today() }));
}

export function accept(folder: Folder, finding: Finding, { reason, owner }: AcceptParams): Promise<ActAnswer> {
  return change(folder, (state) =>
    withEntry(state, 'accepted', finding.fingerprint, { ruleId: finding.ruleId, file: finding.at.file, reason, owner: owner ?? 'not named', date: today() }),
  );
}

/** A fix has moved a key out of the code: it stays leaked until it is replaced, so the checklist remembers it. */
export async function fixed(folder: Folder, finding: Finding): Promise<ActAnswer> {
  const due = rotationOf(finding);
  if (!due) return DONE;
  const answer = await change(folder, (state) => addRotation(state, finding, today()));
  return answer.ok ? { ok: true, message: `${due.name} was readable in the code: replace the key at its provider. The sprint checklist keeps this until you tick it.` } : answer;
}

// ------------------------------------------------------------------------------------------------ ignore

/** How a comment is written, by how a file's name ends; where none works the configuration takes the entry. */
function commentForms(path: RelPath): readonly ((text: string) => string)[] {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const slashes = (text: string): string => `// ${text}`;
  const hash = (text: string): string => `# ${text}`;
  const dashes = (text: string): string => `-- ${text}`;
  const html = (text: string): string => `<!-- ${text} -->`;
  const jsx = (text: string): string => `{/* ${text} */}`;
  const block = (text: string): string => `/* ${text} */`;
  if (/\.([cm]?[jt]sx?)$/.test(name)) return [slashes, jsx, block];
  if (/\.(vue|svelte|astro)$/.test(name)) return [slashes, html];
  if (/\.(html?|md|mdx|xml|svg)$/.test(name)) return [html];
  if (/\.sql$/.test(name)) return [dashes];
  if (/\.(prisma|rules|jsonc|json5|go|java|kt|swift|rs|php|c|cc|cpp|cs|dart|scala|groovy|gradle)$/.test(name)) return [slashes];
  if (/^\.env|\.env$|\.(ya?ml|toml|sh|bash|zsh|py|rb|ini|conf|properties|tf|dockerfile)$|^(dockerfile|makefile|\.npmrc|\.gitignore)/.test(name)) return [hash];
  if (/\.(css|scss|less)$/.test(name)) return [block];
  return [];
}

export type IgnoreEdit = { readonly ok: true; readonly edit: WorkspaceEdit; readonly file: RelPath } | { readonly ok: false; readonly message: string };

/**
 * The suppression comment above the finding, in the language of the file. Tried on the session first: only a form that
 * hides this finding and keeps the file readable is offered (a `//` inside JSX would be text on the page).
 */
export function ignoreEdit(folder: Folder, documents: Documents, finding: Finding, reason: string): IgnoreEdit {
  syncOpen(folder, documents);
  const path = finding.at.file;
  const text = folder.session.text(path);
  const live = folder.session.check(path).find((f) => f.fingerprint === finding.fingerprint);
  if (text === undefined || !live) return { ok: false, message: 'This is no longer a finding: the code has changed.' };
  const start = lineStart(text, live.at.span.start);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `rescue-ignore-next-line ${live.ruleId} -- ${reason.replace(/\s+/g, ' ').replace(/\*\/|-->/g, '').trim()}`;
  const parse = folder.session.model.file(path)?.parse;
  for (const form of commentForms(path)) {
    const insert = `${indent}${form(comment)}${eol}`;
    const after = text.slice(0, start) + insert + text.slice(start);
    if (standsInText(path, after, start + indent.length) || !hides(folder, live, text, after, parse)) continue;
    const open = folder.open.get(path);
    const at = folder.places.range({ file: path, span: { start, end: start } });
    return { ok: true, file: path, edit: { documentChanges: [{ textDocument: { uri: folder.uriOf(path), version: open?.version ?? null }, edits: [{ range: at, newText: insert }] }] } };
  }
  return ignoreInConfig(folder, live, reason);
}

function hides(folder: Folder, finding: Finding, before: string, after: string, parse: string | undefined): boolean {
  const path = finding.at.file;
  try {
    folder.session.apply([{ path, text: after }]);
    const same = (f: Finding): boolean => f.ruleId === finding.ruleId && f.fingerprint === finding.fingerprint;
    return !folder.session.check(path).some(same) && folder.session.model.file(path)?.parse === parse;
  } finally {
    const { affected } = folder.session.apply([{ path, text: before }]);
    folder.touched([path, ...affected]);
  }
}

/** Inside JSX text, a string or a template the words of the comment would become part of the program's output. */
function standsInText(path: RelPath, text: string, offset: number): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return false;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, /x$/.test(path) ? ts.ScriptKind.TSX : undefined);
  const words = new Set([ts.SyntaxKind.JsxText, ts.SyntaxKind.StringLiteral, ts.SyntaxKind.NoSubstitutionTemplateLiteral, ts.SyntaxKind.TemplateHead, ts.SyntaxKind.TemplateMiddle, ts.SyntaxKind.TemplateTail]);
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || node.pos > offset || node.end <= offset) return;
    // A comment before a literal belongs to its leading trivia, not to the literal; JSX text has no trivia.
    if (words.has(node.kind)) found = node.kind === ts.SyntaxKind.JsxText || node.getStart(source) <= offset;
    else node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1 || (text.startsWith('\uFEFF') ? 1 : 0);
}

/** Where a language has no comments: an entry in the project's configuration, its comments and order kept. */
function ignoreInConfig(folder: Folder, finding: Finding, reason: string): IgnoreEdit {
  const file = folder.disk.configFile;
  const text = folder.open.has(file) ? (folder.session.text(file) ?? folder.configText) : folder.configText;
  const uri = folder.uriOf(file);
  const entry = JSON.stringify({ rule: finding.ruleId, path: finding.at.file, reason: reason.trim() });
  const version = folder.open.get(file)?.version ?? null;
  const insert = (start: number, newText: string): IgnoreEdit => {
    const at = new LineIndex(text).position(start);
    const position = { line: at.line, character: at.column };
    return { ok: true, file, edit: { documentChanges: [{ textDocument: { uri, version }, edits: [{ range: { start: position, end: position }, newText }] }] } };
  };
  if (text.trim() === '') {
    const zero = { line: 0, character: 0 };
    const edits = [{ range: { start: zero, end: zero }, newText: `{\n  "ignore": [\n    ${entry}\n  ]\n}\n` }];
    return { ok: true, file, edit: { documentChanges: [{ kind: 'create', uri, options: { overwrite: false, ignoreIfExists: true } }, { textDocument: { uri, version }, edits }] } };
  }
  const parsed = parseJsonc(text);
  if (!parsed.ok || parsed.root.kind !== 'object') return { ok: false, message: `${file} cannot be read: mend it first, then ignore the finding.` };
  const { members, span } = parsed.root;
  const list = members.find((m) => m.key === 'ignore')?.value;
  if (list?.kind === 'array') {
    const last = list.items[list.items.length - 1];
    return last ? insert(last.span.end, `,\n    ${entry}`) : insert(list.span.start + 1, `\n    ${entry}\n  `);
  }
  if (list) return { ok: false, message: `“ignore” in ${file} is no list: mend it first.` };
  const last = members[members.length - 1];
  const added = `\n  "ignore": [\n    ${entry}\n  ]`;
  return last ? insert(last.value.span.end, `,${added}`) : insert(span.start + 1, `${added}\n`);
}
