/** `.gitignore` semantics over nested files: the deepest file that has something to say wins, an ignored folder stays ignored. */
import ignore, { type Ignore } from 'ignore';

export class IgnoreRules {
  /** Folder → all rules that count below it. */
  private readonly byFolder = new Map<string, Ignore>();
  private readonly texts = new Map<string, string>();

  /** `prefix`: path of the audited folder inside its repository (`''` when it is the top). Paths given to us start below it. */
  constructor(private readonly prefix: string, private readonly ignoreCase: boolean) {}

  /** Rules of a folder, repository-relative; folders must be added from the top down. Later text of one folder outranks earlier text. */
  addRepository(folder: string, text: string): void {
    const all = (this.texts.get(folder) ?? '') + '\n' + (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    this.texts.set(folder, all);
    const rules = ignore({ ignorecase: this.ignoreCase, allowRelativePaths: true });
    if (folder !== '') rules.add(this.above(folder));
    rules.add(folder === '' ? all : below(folder, all));
    this.byFolder.set(folder, rules);
  }

  add(folder: string, text: string): void {
    this.addRepository(this.full(folder), text);
  }

  /** `path` is relative to the audited folder; works for paths that do not exist. */
  ignores(path: string, isFolder: boolean): boolean {
    if (path === '') return false;
    const full = this.full(path);
    return this.above(full).ignores(isFolder ? `${full}/` : full);
  }

  private full(path: string): string {
    if (this.prefix === '') return path;
    return path === '' ? this.prefix : `${this.prefix}/${path}`;
  }

  /** The rules of the nearest folder above. */
  private above(path: string): Ignore {
    for (let at = path; at !== ''; ) {
      const cut = at.lastIndexOf('/');
      at = cut < 0 ? '' : at.slice(0, cut);
      const rules = this.byFolder.get(at);
      if (rules) return rules;
    }
    return NONE;
  }
}

const NONE = ignore();

/** Rewrites the patterns of `folder/.gitignore` so that they mean the same at the top. */
function below(folder: string, text: string): string[] {
  const base = '/' + folder.replace(/[\\*?[\]]/g, '\\$&');
  const out: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const negative = line.startsWith('!');
    const pattern = negative ? line.slice(1) : line.replace(/^\\([!#])/, '$1');
    const anchored = pattern.replace(/\/\s*$/, '').includes('/');
    out.push((negative ? '!' : '') + base + (anchored ? (pattern.startsWith('/') ? '' : '/') : '/**/') + pattern);
  }
  return out;
}
