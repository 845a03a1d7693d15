/** Every endpoint, grouped by who may call it, worst first. */
import type { EndpointsAnswer, EndpointsFolderView, EndpointView, Exposure } from '../../server/protocol';
import { escapeMarkdown, perFolder, plural, type TreeIcon, type TreeNode } from '../tree';

interface Group {
  readonly exposure: Exposure;
  readonly label: string;
  readonly meaning: string;
  readonly icon: TreeIcon;
  readonly expanded: boolean;
}

export const GROUPS: readonly Group[] = [
  { exposure: 'open', label: 'Open', meaning: 'Anyone on the internet can call these: no sign-in check was found.', icon: { id: 'unlock', color: 'list.errorForeground' }, expanded: true },
  { exposure: 'unknown', label: 'Unknown', meaning: 'Something stands before these that could not be followed: a person should look.', icon: { id: 'question', color: 'list.warningForeground' }, expanded: true },
  { exposure: 'optional', label: 'Optional', meaning: 'These work without signing in and do more with it.', icon: { id: 'person', color: 'descriptionForeground' }, expanded: false },
  { exposure: 'public', label: 'Public on purpose', meaning: 'Sign-in, health checks, signed webhooks and what your configuration names.', icon: { id: 'globe', color: 'descriptionForeground' }, expanded: false },
  { exposure: 'guarded', label: 'Guarded', meaning: 'Work happens only after a verified user, signature or secret.', icon: { id: 'lock', color: 'charts.green' }, expanded: false },
  { exposure: 'unmounted', label: 'Not mounted', meaning: 'Declared, but no request reaches them.', icon: { id: 'circle-slash', color: 'disabledForeground' }, expanded: false },
];

export function endpointTree(answer: EndpointsAnswer): TreeNode[] {
  if (answer.folders.every((folder) => folder.endpoints.length === 0)) return [];
  return perFolder(answer.folders, groups, (folder) => plural(folder.endpoints.length, 'endpoint'));
}

/** Where `revealEndpoint` finds its row. */
export function endpointId(folder: string, key: string): string {
  return `${folder}#endpoint:${key}`;
}

function groups(folder: EndpointsFolderView): readonly TreeNode[] {
  const titles = new Map<string, number>();
  for (const { method, path } of folder.endpoints) titles.set(`${method} ${path}`, (titles.get(`${method} ${path}`) ?? 0) + 1);
  return GROUPS.flatMap((group): TreeNode[] => {
    const members = folder.endpoints.filter((e) => e.exposure === group.exposure);
    if (members.length === 0) return [];
    const used = new Map<string, number>();
    return [
      {
        id: `${folder.uri}#${group.exposure}`,
        label: group.label,
        description: String(members.length),
        tooltip: `**${group.label}** · ${plural(members.length, 'endpoint')}\n\n${group.meaning}`,
        icon: group.icon,
        expanded: group.expanded,
        context: 'group',
        children: members.map((endpoint) => {
          const nth = used.get(endpoint.key) ?? 0;
          used.set(endpoint.key, nth + 1);
          return endpointNode(folder, group, endpoint, nth, (titles.get(`${endpoint.method} ${endpoint.path}`) ?? 0) > 1);
        }),
        spoken: `${group.label}, ${plural(members.length, 'endpoint')}. ${group.meaning}`,
      },
    ];
  });
}

function endpointNode(folder: EndpointsFolderView, group: Group, endpoint: EndpointView, nth: number, ambiguous: boolean): TreeNode {
  const line = endpoint.place.range.start.line + 1;
  const name = endpoint.place.file.slice(endpoint.place.file.lastIndexOf('/') + 1);
  const title = `${endpoint.method} ${endpoint.path}`;
  return {
    id: `${endpointId(folder.uri, endpoint.key)}${nth === 0 ? '' : `#${nth}`}`,
    label: title,
    // The same path in two apps of one folder: the file tells them apart.
    description: ambiguous ? [endpoint.place.file.split('/').slice(-2).join('/'), endpoint.summary].filter(Boolean).join(' · ') : endpoint.summary || `${name}:${line}`,
    tooltip: [
      `**${escapeMarkdown(title)}** · ${group.label.toLowerCase()}`,
      ...(endpoint.summary ? [escapeMarkdown(endpoint.summary)] : []),
      ...(endpoint.evidence.length > 0 ? [endpoint.evidence.map((e) => `- ${escapeMarkdown(e)}`).join('\n')] : []),
      escapeMarkdown(`${endpoint.place.file}:${line}`),
    ].join('\n\n'),
    icon: group.icon,
    open: endpoint.place,
    context: 'endpoint',
    spoken: `${title}, ${group.label}${endpoint.summary ? `, ${endpoint.summary}` : ''}, ${endpoint.place.file} line ${line}`,
  };
}
