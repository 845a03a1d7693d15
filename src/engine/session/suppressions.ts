/** `rescue-ignore-next-line` comments and the configuration's ignore list. */
import type { FileFacts } from '../core/facts';
import type { Finding, ProjectOptions, RelPath } from '../core/types';

export interface Suppressed {
  kept: Finding[];
  hidden: { finding: Finding; reason: string }[];
  /** Offsets of comments that hide nothing, or lack the reason. */
  unused: FileFacts['suppressions'][number][];
}

export function applySuppressions(path: RelPath, facts: FileFacts | undefined, findings: readonly Finding[], options: ProjectOptions): Suppressed {
  const kept: Finding[] = [];
  const hidden: Suppressed['hidden'] = [];
  const used = new Set<number>();
  for (const f of findings) {
    const comment = facts?.suppressions.findIndex((s) => s.ruleId === f.ruleId && s.reason !== null && s.target.start <= f.at.span.start && f.at.span.start < Math.max(s.target.end, s.target.start + 1)) ?? -1;
    const entry = options.ignore.find((i) => (i.rule === '*' || i.rule === f.ruleId) && globMatches(i.path, path));
    if (comment >= 0) {
      used.add(comment);
      hidden.push({ finding: f, reason: facts!.suppressions[comment]!.reason! });
    } else if (entry) hidden.push({ finding: f, reason: entry.reason });
    else kept.push(f);
  }
  return { kept, hidden, unused: facts?.suppressions.filter((_, i) => !used.has(i)) ?? [] };
}

function globMatches(glob: string, path: string): boolean {
  const re = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/?/g, '\0').replace(/\*/g, '[^/]*').replace(/\0/g, '.*');
  return new RegExp(`^${re}${glob.endsWith('/') ? '.*' : ''}$`).test(path);
}
