/** A script of which only the outline has been read: the rest is parsed and lowered for the first who asks, as many never are. */
import type { ClassFact, FileFacts, FunctionFact, ScriptFacts } from '../../core/facts';
import type { RelPath, Span } from '../../core/types';
import { lowerScript } from './lower';
import type { Outline } from './outline';
import { type ParsedScript, parseScript } from './parse';
import type { LoweringMemory } from './reuse';

interface Source {
  readonly path: RelPath;
  readonly text: string;
  readonly salt: string;
  readonly secretSpans: readonly Span[];
}

interface Whole {
  readonly script: ScriptFacts;
  readonly syntaxErrors: number;
  /** Nested so deeply that nothing of it is known. */
  readonly tooDeep: boolean;
}

export class OutlinedScript implements ScriptFacts {
  readonly outlined = true;
  readonly isCommonJs = false;
  readonly directives: ScriptFacts['directives'];
  readonly imports: ScriptFacts['imports'];
  readonly exports: ScriptFacts['exports'];
  readonly envReads: ScriptFacts['envReads'];
  readonly hasJsx: boolean;
  /** Out of reach of whoever writes facts down: the text may hold secrets. */
  readonly #source: Source;
  #whole: Whole | null = null;

  /** `syntaxErrors`: where the text has been parsed already; null: not known before it is. */
  constructor(
    outline: Outline,
    source: Source,
    private readonly syntaxErrors: number | null,
  ) {
    this.#source = source;
    this.directives = outline.directives;
    this.imports = outline.imports;
    this.exports = outline.exports;
    this.envReads = outline.envReads;
    this.hasJsx = outline.hasJsx;
  }

  /** Somebody has asked for more than the outline. */
  get isRead(): boolean {
    return this.#whole !== null;
  }

  /** As of the whole file. */
  get parse(): FileFacts['parse'] {
    if (this.syntaxErrors !== null) return this.syntaxErrors > 0 ? 'recovered' : 'ok';
    const { syntaxErrors, tooDeep } = this.read();
    return tooDeep ? 'skipped' : syntaxErrors > 0 ? 'recovered' : 'ok';
  }

  get functions(): readonly FunctionFact[] {
    return this.read().script.functions;
  }

  get classes(): readonly ClassFact[] {
    return this.read().script.classes;
  }

  get afterImports(): number {
    return this.read().script.afterImports;
  }

  get style(): ScriptFacts['style'] {
    return this.read().script.style;
  }

  /** `tree`: of exactly this text, where there is one; `memory`: of earlier versions, where it has no syntax errors. */
  read(tree?: ParsedScript, memory: LoweringMemory | null = null): Whole {
    if (!this.#whole) {
      const { path, text, salt, secretSpans } = this.#source;
      const lower = (code: string, parsed: ParsedScript | null, tooDeep: boolean): Whole => {
        const { source, syntaxErrors } = parsed ?? parseScript(path, code)!;
        return { script: lowerScript(path, code, source, salt, secretSpans, tooDeep ? null : memory).script, syntaxErrors, tooDeep };
      };
      try {
        this.#whole = lower(text, tree ?? null, false);
      } catch (error) {
        // The parser recurses; absurd nesting overflows its stack, and nothing of the code is known.
        if (!(error instanceof RangeError)) throw error;
        this.#whole = lower('', null, true);
      }
    }
    return this.#whole;
  }
}

/** Facts of a file whose script is outlined: whether it has syntax errors is asked as late as its code. */
export class OutlinedFile implements FileFacts {
  readonly language = 'script';
  readonly path: FileFacts['path'];
  readonly hash: FileFacts['hash'];
  readonly bytes: number;
  readonly secrets: FileFacts['secrets'];
  readonly suppressions: FileFacts['suppressions'];
  readonly config: FileFacts['config'];
  readonly envNames: FileFacts['envNames'];

  constructor(
    facts: Pick<FileFacts, 'path' | 'hash' | 'bytes' | 'secrets' | 'suppressions' | 'config' | 'envNames'>,
    readonly script: OutlinedScript,
  ) {
    this.path = facts.path;
    this.hash = facts.hash;
    this.bytes = facts.bytes;
    this.secrets = facts.secrets;
    this.suppressions = facts.suppressions;
    this.config = facts.config;
    this.envNames = facts.envNames;
  }

  get parse(): FileFacts['parse'] {
    return this.script.parse;
  }

  get skippedBecause(): string | null {
    return this.parse === 'skipped' ? 'nested too deeply to parse' : null;
  }
}
