/** Everything of the process that a command touches: injected, so that tests run commands in memory. */
import { ANSI_STYLE, PLAIN_STYLE, type Style } from '../report/style';

export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How the user calls us. */
  readonly command: string;
  now(): Date;
}

export function styleFor(io: Io, terminal = io.outIsTerminal): Style {
  const { env } = io;
  const colour = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0' ? true : terminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return colour ? ANSI_STYLE : PLAIN_STYLE;
}

/** One line on standard error that overwrites itself; silent when nobody looks. */
export class ProgressLine {
  private last = 0;
  private shown = false;

  constructor(private readonly io: Io) {}

  show(text: string): void {
    if (!this.io.errIsTerminal || this.io.env['CI'] || Date.now() - this.last < 80) return;
    this.last = Date.now();
    this.shown = true;
    this.io.err(`\r\u001b[K${text.slice(0, Math.max(20, this.io.columns - 1))}`);
  }

  clear(): void {
    if (this.shown) this.io.err('\r\u001b[K');
    this.shown = false;
  }
}
