/** What is left for a person after a fix: one line in the message, the rest behind a button. */
import { plural } from './tree';

const LONGEST = 140;

export function stepsLook(steps: readonly string[]): { readonly message: string; readonly detail: string | null } {
  const first = steps[0] ?? '';
  const short = shorten(first);
  if (steps.length === 1 && short === first) return { message: `Fixed. Left for you: ${first}`, detail: null };
  const head = steps.length === 1 ? 'Fixed. Left for you' : `Fixed. ${plural(steps.length, 'step')} are left for you, first`;
  return { message: `${head}: ${short}`, detail: steps.map((step, i) => (steps.length === 1 ? step : `${i + 1}. ${step}`)).join('\n\n') };
}

/** Its first sentence, or as many whole words as fit. */
function shorten(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
  if (sentence.length <= LONGEST) return sentence;
  const cut = sentence.lastIndexOf(' ', LONGEST);
  return `${sentence.slice(0, cut > 0 ? cut : LONGEST)} …`;
}
