/** Seven days → items → findings. Green only by evidence or by a person's dated tick; "not checked" is never green. */
import type { ItemStatus, SprintAnswer, SprintDayView, SprintFolderView, SprintItemView, SprintTask } from '../../server/protocol';
import { escapeMarkdown, perFolder, plural, type TreeIcon, type TreeNode } from '../tree';
import { findingNode, severityIcon, worst } from './findings';

const STATUS_ICONS: Readonly<Record<Exclude<ItemStatus, 'open'>, TreeIcon>> = {
  done: { id: 'pass-filled', color: 'charts.green' },
  accepted: { id: 'verified', color: 'descriptionForeground' },
  manual: { id: 'person', color: 'descriptionForeground' },
  'not-applicable': { id: 'circle-slash', color: 'disabledForeground' },
  'not-checked': { id: 'question', color: 'disabledForeground' },
};

export function sprintTree(answer: SprintAnswer): TreeNode[] {
  return perFolder(answer.folders, days, (folder) => `${folder.done} of ${folder.total} done`);
}

export function sprintMessage(answer: SprintAnswer): string | undefined {
  const only = answer.folders[0];
  return answer.folders.length === 1 && only ? `Day ${only.currentDay} of 7 · ${only.done} of ${only.total} done` : undefined;
}

function days(folder: SprintFolderView): readonly TreeNode[] {
  return folder.days.map((day) => dayNode(folder, day));
}

function dayNode(folder: SprintFolderView, day: SprintDayView): TreeNode {
  const id = `${folder.uri}#day${day.day}`;
  const done = day.total > 0 && day.done === day.total;
  const current = day.day === folder.currentDay;
  return {
    id,
    label: `Day ${day.day} · ${day.title}`,
    description: `${day.done}/${day.total}`,
    tooltip: `**Day ${day.day}: ${escapeMarkdown(day.title)}**\n\n${day.done} of ${day.total} done\n\nLeaves behind: ${escapeMarkdown(day.artefact)}`,
    icon: done ? STATUS_ICONS.done : current ? { id: 'circle-filled', color: 'charts.blue' } : { id: 'circle-outline', color: 'descriptionForeground' },
    expanded: current,
    context: 'group',
    children: [...day.items.map((item) => itemNode(folder, id, item)), ...day.tasks.map((task) => taskNode(folder, id, task))],
    spoken: `Day ${day.day}, ${day.title}, ${day.done} of ${day.total} done${current ? ', current day' : ''}`,
  };
}

function statusWords(item: SprintItemView): string {
  switch (item.status) {
    case 'open': {
      const sure = item.findings.filter((f) => !f.needsHuman).length;
      return sure > 0 ? plural(sure, 'finding') : plural(item.findings.length, 'place to look at', 'places to look at');
    }
    case 'done':
      return item.tickedOn ? `ticked ${item.tickedOn.slice(0, 10)}` : 'done';
    case 'accepted':
      return 'risk accepted';
    case 'manual':
      return 'by hand';
    case 'not-applicable':
      return 'does not apply';
    case 'not-checked':
      return 'not checked';
  }
}

function itemNode(folder: SprintFolderView, parent: string, item: SprintItemView): TreeNode {
  const id = `${parent}/${item.id}`;
  const words = statusWords(item);
  const severity = worst(item.findings);
  const pending = item.rotations.filter((r) => !r.done).length;
  const description = pending > 0 ? `${words} · ${plural(pending, 'key')} to replace` : words;
  const children = [
    ...item.findings.map((finding) => findingNode(folder, id, finding)),
    ...item.rotations.map((rotation) => taskNode(folder, id, rotation)),
  ];
  return {
    id,
    label: item.title,
    description,
    tooltip: [`**${escapeMarkdown(item.title)}** · ${words}`, escapeMarkdown(item.detail), ...(item.tickable && item.question && item.question !== item.detail ? [`*${escapeMarkdown(item.question)}*`] : [])].join('\n\n'),
    icon: item.status === 'open' ? (severity ? severityIcon(severity) : { id: 'circle-outline' }) : STATUS_ICONS[item.status],
    context: 'item',
    ...(children.length > 0 ? { children } : {}),
    ...(item.tickable ? { tick: { folder: folder.uri, kind: 'item', id: item.id, done: item.status === 'done' } } : {}),
    spoken: `${item.title}, ${description}. ${item.detail}`,
  };
}

function taskNode(folder: SprintFolderView, parent: string, task: SprintTask): TreeNode {
  const when = task.done && task.since ? task.since.slice(0, 10) : undefined;
  return {
    id: `${parent}/${task.kind}:${task.id}`,
    label: task.text,
    ...(when ? { description: when } : {}),
    tooltip: `${escapeMarkdown(task.text)}\n\n${task.done ? `Ticked${when ? ` on ${when}` : ' by the audit'}` : task.byHand ? 'Only a person can tell: tick it when it is done' : 'The audit ticks it'}`,
    ...(task.byHand
      ? { tick: { folder: folder.uri, kind: task.kind, id: task.id, done: task.done } }
      : { icon: task.done ? STATUS_ICONS.done : { id: 'circle-outline', color: 'descriptionForeground' } }),
    context: 'task',
    spoken: `${task.text}, ${task.done ? 'done' : 'to do'}`,
  };
}
