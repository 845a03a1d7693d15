/** The files as link and rules see them: sorted by path, so that nothing depends on the order in which they came. */
import type { FileFacts } from '../core/facts';
import type { RelPath } from '../core/types';

export class FileView implements ReadonlyMap<RelPath, FileFacts> {
  /** While set, every file somebody asks for is noted. */
  reading: Set<RelPath> | null = null;
  private sorted = true;

  constructor(private map: Map<RelPath, FileFacts> = new Map()) {}

  put(path: RelPath, facts: FileFacts): void {
    if (!this.map.has(path)) this.sorted = false;
    this.map.set(path, facts);
  }

  remove(path: RelPath): void {
    this.map.delete(path);
  }

  /** A view of its own, in which nothing has been put yet. */
  copy(): FileView {
    return new FileView(new Map(this.inOrder()));
  }

  private inOrder(): Map<RelPath, FileFacts> {
    if (!this.sorted) {
      this.map = new Map([...this.map].sort(([a], [b]) => (a < b ? -1 : 1)));
      this.sorted = true;
    }
    return this.map;
  }

  get size(): number {
    return this.map.size;
  }

  get(path: RelPath): FileFacts | undefined {
    this.reading?.add(path);
    return this.map.get(path);
  }

  has(path: RelPath): boolean {
    return this.map.has(path);
  }

  keys() {
    return this.inOrder().keys();
  }

  values() {
    return this.inOrder().values();
  }

  entries() {
    return this.inOrder().entries();
  }

  [Symbol.iterator]() {
    return this.inOrder()[Symbol.iterator]();
  }

  forEach(callback: (value: FileFacts, key: RelPath, map: ReadonlyMap<RelPath, FileFacts>) => void): void {
    for (const [path, facts] of this.inOrder()) callback(facts, path, this);
  }
}
