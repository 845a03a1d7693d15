/** What is left for a person after a fix: one line in the message, the rest behind a button. */
import { plural } from './tree';

const LONGEST = 140;

/** `changed` false: the fix itself is a list of steps, no file was touched. */
export function stepsLook(steps: readonly string[], changed: boolean): { readonly message: string; readonly detail: string | null } {
  const first = steps[0] ?? '';
  const short = shorten(first);
  const one = changed ? 'Fixed. Left for you' : 'Nothing was changed. By hand';
  if (steps.length === 1 && short === first) return { message: `${one}: ${first}`, detail: null };
  const many = changed ? `Fixed. ${plural(steps.length, 'step')} are left for you, first` : `Nothing was changed. ${plural(steps.length, 'step')} by hand, first`;
  return { message: `${steps.length === 1 ? one : many}: ${short}`, detail: steps.map((step, i) => (steps.length === 1 ? step : `${i + 1}. ${step}`)).join('\n\n') };
}

/** Its first sentence, or as many whole words as fit. */
function shorten(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
  if (sentence.length <= LONGEST) return sentence;
  const cut = sentence.lastIndexOf(' ', LONGEST);
  return `${sentence.slice(0, cut > 0 ? cut : LONGEST)} …`;
}
