/** The founder's ten questions: what the code answers itself stands there, the rest waits for a person. */
import type { FounderAnswerList, FounderFolderView, FounderQuestionView, Place } from '../../server/protocol';
import { escapeMarkdown, perFolder, type TreeIcon, type TreeNode } from '../tree';

/** More places than this are read in the other views. */
const MAX_PLACES = 20;

export function founderTree(answer: FounderAnswerList): TreeNode[] {
  return perFolder(answer.folders, (folder) => folder.questions.map((question) => questionNode(folder, question)), against);
}

export function founderMessage(answer: FounderAnswerList): string | undefined {
  const only = answer.folders[0];
  return answer.folders.length === 1 && only ? against(only) : undefined;
}

function against(folder: FounderFolderView): string {
  const counted = `${folder.against} of ${folder.questions.length} against the app`;
  return folder.open > 0 ? `${counted} · ${folder.open} to answer` : counted;
}

/** The whole question is in the tooltip and where it is answered: these fit into a narrow side bar. */
const SHORT: Readonly<Record<string, string>> = {
  q1: 'Errors at sign-up?', q2: 'Keys in the browser?', q3: 'Open endpoints?', q4: 'Slow queries known?', q5: 'Indexes missing?',
  q6: 'Logs useful and clean?', q7: 'Error tracker running?', q8: 'Environments separate?', q9: 'AI changes tested?', q10: 'Would a bad deploy hurt?',
};

function questionNode(folder: FounderFolderView, question: FounderQuestionView): TreeNode {
  const id = `${folder.uri}#${question.id}`;
  const words = answerWords(question);
  const given = words === null ? 'click to answer' : question.from === 'you' ? `${words} · you said so` : words;
  const children = placeNodes(id, question.places);
  return {
    id,
    label: SHORT[question.id] ?? question.text,
    description: given,
    tooltip: [`**${question.number}. ${escapeMarkdown(question.text)}**`, `${words ?? 'Not answered'}${question.risky ? ' · counts against the app' : ''}`, escapeMarkdown(question.because)].join('\n\n'),
    icon: icon(question),
    context: question.from === 'evidence' ? 'answered-by-code' : 'question',
    question: { folder: folder.uri, id: question.id, text: question.text, answer: question.answer },
    ...(children.length > 0 ? { children } : {}),
    spoken: `Question ${question.number}: ${question.text} ${words ?? 'not answered'}. ${question.because}`,
  };
}

function answerWords(question: FounderQuestionView): string | null {
  return question.answer === 'unknown' ? null : question.answer === 'yes' ? 'Yes' : 'No';
}

function icon(question: FounderQuestionView): TreeIcon {
  if (question.answer === 'unknown') return { id: 'question', color: 'descriptionForeground' };
  return question.risky ? { id: 'error', color: 'list.errorForeground' } : { id: 'pass', color: 'charts.green' };
}

function placeNodes(parent: string, places: readonly Place[]): TreeNode[] {
  return places.slice(0, MAX_PLACES).map((place, i) => {
    const line = place.range.start.line + 1;
    const slash = place.file.lastIndexOf('/');
    return {
      id: `${parent}/${i}`,
      label: `${place.file.slice(slash + 1)}:${line}`,
      ...(slash > 0 ? { description: place.file.slice(0, slash) } : {}),
      tooltip: escapeMarkdown(`${place.file}:${line}`),
      icon: { id: 'go-to-file', color: 'descriptionForeground' },
      open: place,
      spoken: `${place.file} line ${line}`,
    };
  });
}
