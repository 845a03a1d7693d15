/** One tree provider for all views: it turns the pure models into the editor's items and keeps badge and message. */
import { isDeepStrictEqual } from 'node:util';
import { commands, EventEmitter, MarkdownString, Range, ThemeColor, ThemeIcon, TreeItem, TreeItemCheckboxState, TreeItemCollapsibleState, Uri, window, type Disposable, type TreeDataProvider, type TreeView, type ViewBadge } from 'vscode';
import type { Place, TickParams } from '../server/protocol';
import type { TreeNode } from './tree';

/** Long enough for the workbench to have asked for the rows of a view that has just been opened. */
const UNFOLD_MS = 400;

export interface ViewContent {
  readonly nodes: readonly TreeNode[];
  readonly message?: string | undefined;
  readonly badge?: ViewBadge | undefined;
}

export class RescueView implements TreeDataProvider<TreeNode>, Disposable {
  readonly view: TreeView<TreeNode>;
  private readonly changed = new EventEmitter<undefined>();
  private content: ViewContent = { nodes: [] };
  private readonly parents = new Map<string, TreeNode>();
  private readonly byId = new Map<string, TreeNode>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(id: string, tick: (params: TickParams) => Promise<void>) {
    this.view = window.createTreeView(id, { treeDataProvider: this, showCollapseAll: true, manageCheckboxStateManually: true });
    // The workbench (1.139) does not draw the rows of a view that starts folded when it is first opened, before something
    // makes it lay out the view once more; a message does.
    const opened = this.view.onDidChangeVisibility(({ visible }) => {
      if (!visible) return;
      opened.dispose();
      setTimeout(() => {
        const { message } = this.content;
        if (message === undefined) return;
        this.view.message = undefined;
        this.view.message = message;
      }, UNFOLD_MS);
    });
    this.view.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items) if (node.tick) void tick({ ...node.tick, done: state === TreeItemCheckboxState.Checked });
    });
  }

  show(content: ViewContent): void {
    const same = isDeepStrictEqual(content.nodes, this.content.nodes);
    this.view.message = content.message;
    this.view.badge = content.badge;
    // Rows that are drawn again for nothing can lose what a person unfolds at that very moment.
    if (same) {
      this.content = { ...content, nodes: this.content.nodes };
      return;
    }
    this.content = content;
    this.parents.clear();
    this.byId.clear();
    const walk = (nodes: readonly TreeNode[], parent: TreeNode | null): void => {
      for (const node of nodes) {
        this.byId.set(node.id, node);
        if (parent) this.parents.set(node.id, parent);
        walk(node.children ?? [], node);
      }
    };
    walk(content.nodes, null);
    this.changed.fire(undefined);
  }

  /** Draws again what is there: for one, a tick that was refused must not stay. */
  redraw(): void {
    this.changed.fire(undefined);
  }

  async reveal(id: string): Promise<boolean> {
    const node = this.byId.get(id);
    if (!node) return false;
    await this.view.reveal(node, { select: true, focus: true, expand: true });
    return true;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...(node ? (node.children ?? []) : this.content.nodes)];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.parents.get(node.id);
  }

  getTreeItem(node: TreeNode): TreeItem {
    const state = node.children && node.children.length > 0 ? (node.expanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed) : TreeItemCollapsibleState.None;
    const item = new TreeItem(node.label, state);
    item.id = node.id;
    if (node.description !== undefined) item.description = node.description;
    if (node.tooltip !== undefined) item.tooltip = new MarkdownString(node.tooltip);
    if (node.icon) item.iconPath = new ThemeIcon(node.icon.id, node.icon.color ? new ThemeColor(node.icon.color) : undefined);
    if (node.context) item.contextValue = node.context;
    item.accessibilityInformation = { label: node.spoken };
    if (node.tick) item.checkboxState = { state: node.tick.done ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked, tooltip: node.tick.done ? 'Untick' : 'Tick: done' };
    if (node.context === 'question') item.command = { title: 'Answer', command: 'vibeCodeRescue.answerQuestion', arguments: [node] };
    if (node.open) item.command = { title: 'Open', command: 'vibeCodeRescue.openPlace', arguments: [node.open] };
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }
}

export async function openPlace(place: Place): Promise<void> {
  const { start, end } = place.range;
  await commands.executeCommand('vscode.open', Uri.parse(place.uri), { selection: new Range(start.line, start.character, end.line, end.character), preview: true });
}
