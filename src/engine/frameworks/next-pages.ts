/** From which pages of a Next.js app a server action is posted: an action is sent to the address of a page that uses it, through all that stands before that page. */
import { isTestPath } from '../core/paths';
import type { RelPath } from '../core/types';
import type { AdapterContext } from './adapter';

const PAGE = /(?:^|\/)app\/(?:.*\/)?page\.[cm]?[jt]sx?$/;
/** Files that the framework puts around every page of their folder. */
const AROUND = /(?:^|\/)app\/(?:.*\/)?(?:layout|template|default|loading|error|global-error|not-found)\.[cm]?[jt]sx?$/;
const OLD_PAGE = /(?:^|\/)pages\/(?!api\/)(?!_(?:document|error)\.).+\.[cm]?[jt]sx?$/;
/** With more pages than this it is not asked of each what stands before it. */
const MOST_PAGES = 60;

/** What the pages of an app say about the modules they use; worked out once per search. */
export class ActionPages {
  private readonly pagesIn = new Map<string, readonly RelPath[]>();
  private unresolved: ReadonlySet<string> | null = null;

  constructor(
    private readonly ctx: AdapterContext,
    /** A folder below `app/` or a file below `pages/` as the path of an address. */
    private readonly urlOf: (dir: string) => string,
  ) {}

  /** The framework builds actions from what its pages use: of a module that nothing imports, none exists. Without pages to see, nobody can say. */
  isBuilt(file: RelPath): boolean {
    if (this.pagesOfPackage(file).length === 0 || this.ctx.graph.importersOf(file).some((p) => !isTestPath(p))) return true;
    const name = /([^/]+?)(?:\/index)?\.[cm]?[jt]sx?$/.exec(file)?.[1];
    return name === undefined || this.unresolvedNames().has(name);
  }

  /** Addresses of the pages that use the file, directly or through others; null: none is known, or too many to ask. */
  urlsOf(file: RelPath): readonly string[] | null {
    const urls = new Set<string>();
    const seen = new Set<RelPath>([file]);
    const queue: RelPath[] = [file];
    for (let p = queue.pop(); p !== undefined; p = queue.pop()) {
      if (PAGE.test(p) || OLD_PAGE.test(p)) urls.add(this.address(p));
      else if (AROUND.test(p)) for (const page of this.pagesBelow(p)) urls.add(this.address(page));
      if (urls.size > MOST_PAGES) return null;
      for (const next of this.ctx.graph.importersOf(p)) {
        if (seen.has(next) || isTestPath(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return urls.size > 0 ? [...urls].sort() : null;
  }

  private pagesBelow(around: RelPath): readonly RelPath[] {
    const dir = around.slice(0, around.lastIndexOf('/') + 1);
    return this.pagesOfPackage(around).filter((p) => p.startsWith(dir));
  }

  private address(page: RelPath): string {
    if (PAGE.test(page)) return this.urlOf(page.replace(/^(?:.*\/)?app\//, '').replace(/\/?page\.[cm]?[jt]sx?$/, ''));
    return this.urlOf(page.replace(/^(?:.*\/)?pages\//, '').replace(/\.[cm]?[jt]sx?$/, '').replace(/(^|\/)index$/, ''));
  }

  private pagesOfPackage(file: RelPath): readonly RelPath[] {
    const root = this.ctx.graph.packageOf(file)?.root ?? '';
    let pages = this.pagesIn.get(root);
    if (!pages) {
      pages = [...this.ctx.files.keys()].filter((p) => (root === '' || p.startsWith(`${root}/`)) && (PAGE.test(p) || OLD_PAGE.test(p)) && !isTestPath(p));
      this.pagesIn.set(root, pages);
    }
    return pages;
  }

  /** Last parts of what is imported from places that reading cannot find: any of them may mean the file. */
  private unresolvedNames(): ReadonlySet<string> {
    if (!this.unresolved) {
      const names = new Set<string>();
      for (const f of this.ctx.files.values()) {
        for (const i of f.script?.imports ?? []) {
          const r = i.specifier.includes('/') ? this.ctx.graph.resolve(f.path, i.specifier) : null;
          const name = /([^/]+?)(?:\/index)?(?:\.[cm]?[jt]sx?)?$/.exec(i.specifier)?.[1];
          if (i.specifier.includes('/') && !(r && 'file' in r) && name !== undefined) names.add(name);
        }
      }
      this.unresolved = names;
    }
    return this.unresolved;
  }
}
