/** The open documents, unsaved text included. Keeps the ranges of each change, which the library's own manager drops. */
import { TextDocumentSyncKind, type Connection, type Disposable } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from './protocol';

export interface DocumentEvents {
  opened(document: TextDocument): void;
  /** Ranges in the text before the change; null when the whole text was replaced. */
  changed(document: TextDocument, ranges: readonly (Range | null)[]): void;
  saved(document: TextDocument): void;
  closed(document: TextDocument): void;
}

export const SYNC = { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } } as const;

export class Documents {
  private readonly byUri = new Map<string, TextDocument>();

  get(uri: string): TextDocument | undefined {
    return this.byUri.get(uri);
  }

  all(): readonly TextDocument[] {
    return [...this.byUri.values()];
  }

  listen(connection: Connection, events: DocumentEvents): Disposable {
    const parts = [
      connection.onDidOpenTextDocument(({ textDocument: t }) => {
        const document = TextDocument.create(t.uri, t.languageId, t.version, t.text);
        this.byUri.set(t.uri, document);
        events.opened(document);
      }),
      connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
        const document = this.byUri.get(textDocument.uri);
        if (!document || contentChanges.length === 0) return;
        const updated = TextDocument.update(document, contentChanges, textDocument.version);
        this.byUri.set(textDocument.uri, updated);
        events.changed(updated, contentChanges.map((change) => ('range' in change ? change.range : null)));
      }),
      connection.onDidSaveTextDocument(({ textDocument }) => {
        const document = this.byUri.get(textDocument.uri);
        if (document) events.saved(document);
      }),
      connection.onDidCloseTextDocument(({ textDocument }) => {
        const document = this.byUri.get(textDocument.uri);
        this.byUri.delete(textDocument.uri);
        if (document) events.closed(document);
      }),
    ];
    return { dispose: () => parts.forEach((part) => part.dispose()) };
  }
}
