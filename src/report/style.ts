/** How terminal text is coloured: injected, so that renderers stay pure and tests read plain text. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
  /** Box drawing, dots and arrows beyond ASCII. */
  readonly unicode: boolean;
}

const same = (text: string): string => text;

export const PLAIN_STYLE: Style = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same, unicode: true };

const sgr = (open: number, close: number) => (text: string): string => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);

export const ANSI_STYLE: Style = { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), yellow: sgr(33, 39), green: sgr(32, 39), cyan: sgr(36, 39), unicode: true };
