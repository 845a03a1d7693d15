/** The ten risks that matter most, in words a founder can repeat. */
import type { RisksAnswer, RisksFolderView, RiskView } from '../../server/protocol';
import { escapeMarkdown, perFolder, plural, type TreeNode } from '../tree';
import { findingNode, severityIcon } from './findings';

export function riskTree(answer: RisksAnswer): TreeNode[] {
  if (answer.folders.every((folder) => folder.risks.length === 0)) return [];
  return perFolder(answer.folders, (folder) => folder.risks.map((risk) => riskNode(folder, risk)), (folder) => `risk score ${folder.score}`);
}

export function riskMessage(answer: RisksAnswer): string | undefined {
  const only = answer.folders[0];
  return answer.folders.length === 1 && only && only.risks.length > 0 ? `Risk score ${only.score} of 100` : undefined;
}

function riskNode(folder: RisksFolderView, risk: RiskView): TreeNode {
  const id = `${folder.uri}#risk:${risk.findings[0]?.fingerprint ?? risk.rank}`;
  const places = plural(risk.findings.length, 'place');
  const description = risk.when === 'later' ? `${places} · waits` : places;
  const lead = risk.findings[0];
  return {
    id,
    label: `${risk.rank}. ${risk.title}`,
    description,
    tooltip: [
      `**${risk.rank}. ${escapeMarkdown(risk.title)}**`,
      `**What it can cost:** ${escapeMarkdown(risk.impact)}`,
      `${risk.when === 'sprint' ? 'In this sprint' : 'Waits'}: ${escapeMarkdown(risk.reason)}`,
      `Score ${risk.score} · ${risk.severity} · ${places}`,
    ].join('\n\n'),
    icon: severityIcon(risk.severity),
    context: 'risk',
    children: risk.findings.map((finding) => findingNode(folder, id, finding)),
    ...(lead ? { finding: { folder: folder.uri, fingerprint: lead.fingerprint, message: risk.title, ruleId: lead.ruleId } } : {}),
    spoken: `Risk ${risk.rank}, ${risk.severity}: ${risk.title}, ${description}`,
  };
}
