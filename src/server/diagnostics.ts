/** Findings → diagnostics, and the one place that publishes them: with the document's version, never for an older one. */
import { DiagnosticSeverity, type Connection, type Diagnostic } from 'vscode-languageserver/node';
import { type Finding, LineIndex, type RelPath, SEVERITIES, type Severity } from '../engine';
import { parseJsonc } from '../config/jsonc';
import type { ConfigProblem } from '../config/config';
import { rangeOf } from './places';
import { DOCS_URL, SOURCE, type DiagnosticData, type Range } from './protocol';
import { firstLine, isQuiet } from './words';
import type { Folder } from './workspace-folders';

const LEVELS: Readonly<Record<Severity, DiagnosticSeverity>> = {
  critical: DiagnosticSeverity.Error,
  high: DiagnosticSeverity.Error,
  medium: DiagnosticSeverity.Warning,
  low: DiagnosticSeverity.Information,
  info: DiagnosticSeverity.Hint,
};

/** More related places than this are a wall of text in the hover; the report has them all. */
const MAX_RELATED = 8;

export function docsUrl(ruleId: string): string {
  return `${DOCS_URL}/${ruleId}.md`;
}

export function toDiagnostic(folder: Folder, finding: Finding): Diagnostic {
  const data: DiagnosticData = { fingerprint: finding.fingerprint, ruleId: finding.ruleId };
  const diagnostic: Diagnostic = {
    range: folder.places.range(finding.at),
    severity: LEVELS[finding.severity],
    source: SOURCE,
    code: finding.ruleId,
    codeDescription: { href: docsUrl(finding.ruleId) },
    message: finding.message,
    data,
  };
  if (finding.evidence.length > 0) {
    diagnostic.relatedInformation = finding.evidence.slice(0, MAX_RELATED).map((evidence) => ({
      location: { uri: folder.uriOf(evidence.at.file), range: folder.places.range(evidence.at) },
      message: firstLine(evidence.note),
    }));
  }
  return diagnostic;
}

export function configDiagnostics(text: string, problems: readonly ConfigProblem[], lines: Parameters<typeof rangeOf>[0]): Diagnostic[] {
  return problems.map((problem) => ({
    range: rangeOf(lines, problem.span, text.startsWith('\uFEFF')),
    severity: DiagnosticSeverity.Warning,
    source: SOURCE,
    code: 'config',
    message: problem.message,
  }));
}

/** A file the checks read facts from and cannot: says so where it can be mended. */
export function brokenDiagnostic(path: RelPath, text: string, message: string): Diagnostic {
  const parsed = /\.jsonc?$/.test(path) ? parseJsonc(text) : null;
  const span = parsed?.ok === false ? parsed.span : { start: 0, end: Math.min(1, text.length) };
  return {
    range: rangeOf(new LineIndex(text), span, text.startsWith('\uFEFF')),
    severity: DiagnosticSeverity.Warning,
    source: SOURCE,
    code: 'unreadable',
    message: `${message}\nUntil it is mended, the checks do not know what it says.`,
  };
}

interface Published {
  readonly version: number | undefined;
  readonly json: string;
  readonly findings: readonly Finding[];
  readonly ranges: readonly Range[];
}

export class Diagnostics {
  private readonly published = new Map<string, Published>();

  constructor(
    private readonly connection: Connection,
    private readonly quietRules: ReadonlySet<string>,
  ) {}

  /** What squiggles: certain enough, severe enough, and while the folder is still being read only what needs no other file. */
  visible(folder: Folder, findings: readonly Finding[]): readonly Finding[] {
    const { enable, minimumSeverity } = folder.settings;
    if (!enable) return [];
    const least = SEVERITIES.indexOf(minimumSeverity);
    return findings.filter((f) => !isQuiet(f, this.quietRules) && SEVERITIES.indexOf(f.severity) <= least && (folder.ready || f.category.startsWith('secret-')));
  }

  /**
   * Publishes the findings of one file. `version` is that of the text they were found in; undefined for a closed file.
   * `keep`: other diagnostics of the file (configuration problems). Equal to what stands there already: nothing is sent.
   */
  publish(folder: Folder, path: RelPath, version: number | undefined, findings: readonly Finding[], extra: readonly Diagnostic[] = []): boolean {
    const uri = folder.uriOf(path);
    const before = this.published.get(uri);
    if (before?.version !== undefined && version !== undefined && version < before.version) return false;
    const shown = this.visible(folder, findings);
    const diagnostics = [...extra, ...shown.map((finding) => toDiagnostic(folder, finding))];
    const json = JSON.stringify(diagnostics);
    if (before ? before.json === json && before.version === version : diagnostics.length === 0 && version === undefined) return false;
    const entry: Published = { version, json, findings: shown, ranges: diagnostics.map((d) => d.range) };
    if (diagnostics.length === 0 && version === undefined) this.published.delete(uri);
    else this.published.set(uri, entry);
    this.send(uri, version, diagnostics);
    return true;
  }

  clear(uri: string): void {
    if (!this.published.delete(uri)) return;
    this.send(uri, undefined, []);
  }

  has(uri: string): boolean {
    return this.published.has(uri);
  }

  /** The findings that squiggle in this document now. */
  standing(uri: string): readonly Finding[] {
    return this.published.get(uri)?.findings ?? [];
  }

  ranges(uri: string): readonly Range[] {
    return this.published.get(uri)?.ranges ?? [];
  }

  uris(): readonly string[] {
    return [...this.published.keys()];
  }

  private send(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    void this.connection.sendDiagnostics({ uri, ...(version === undefined ? {} : { version }), diagnostics: [...diagnostics] });
  }
}
