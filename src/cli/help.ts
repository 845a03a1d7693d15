import type { Command } from './args';

const GENERAL = `Vibe Code Rescue finds and fixes what makes an AI-built backend unsafe to launch.
Nothing leaves this machine, nothing of the audited folder is run.

Usage: vibe-code-rescue <command> [folder] [options]

Commands
  audit       Find the risks of a folder and rank them (the current folder by default)
  fix         Apply the quick fixes that change no behaviour; --dry-run only shows them
  endpoints   List every endpoint with who may call it
  report      Print the handover report (Markdown)
  rules       List the rules

Options
  --help, -h      This text, or that of a command: audit --help
  --version, -v   The version

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 bad usage or a folder that cannot be read.
`;

const BY_COMMAND: Readonly<Record<Command, string>> = {
  audit: `Usage: vibe-code-rescue audit [folder] [options]

  --format FORMAT        pretty (default), json, sarif, markdown, html
  --output FILE          Write there instead of printing
  --min-severity LEVEL   Leave out what is below: critical, high, medium, low, info (default)
  --fail-on LEVEL        Exit 1 when there is a finding at or above: critical (default), high, medium, low, info, none.
                         Accepted risks, known findings of the baseline and what needs a human look do not count
  --baseline FILE        Findings that are known: a baseline or an earlier audit's JSON (default .rescue/baseline.json)
  --rule ID              Only this rule; may be given several times
  --since REF            Only findings in files that differ from this commit, branch or tag (runs git)
  --no-cache             Neither read nor write the cache of earlier audits
  --timing               Where the time goes, on standard error
`,
  fix: `Usage: vibe-code-rescue fix [folder] [options]

Applies the fixes that are safe: additive, or without a change of behaviour. Every fix is verified before it is written.

  --rule ID   Only this rule, and also its fixes that change who may call or what is accepted; may be given several times
  --dry-run   Print what would change, as a unified diff; write nothing. Secrets are never printed
  --no-cache  Neither read nor write the cache of earlier audits
`,
  endpoints: `Usage: vibe-code-rescue endpoints [folder] [--no-cache]

Every endpoint, the most exposed first: who may call it, its guards, what it accepts.
`,
  report: `Usage: vibe-code-rescue report [folder] [--output FILE] [--no-cache]

The handover report of the seven-day sprint, as Markdown.
`,
  rules: `Usage: vibe-code-rescue rules

Every rule with its severity and what it finds.
`,
};

export function helpText(command: Command | null): string {
  return command === null ? GENERAL : BY_COMMAND[command];
}
