/** The table of the `endpoints` command: who may call what, worst first. */
import type { Guard } from '../engine/core/model';
import { EXPOSURES, plural, type Exposure, type ReportEndpoint, type RescueReport } from './build';
import type { Style } from './style';
import { displayWidth, fit, fitPath, padEnd, plain } from './text';
import { EXPOSURE_WORD, PUBLIC_WORD, VALIDATED_WORD } from './words';

export interface EndpointsOptions {
  readonly style: Style;
  readonly width: number;
}

export function renderEndpoints(report: RescueReport, options: EndpointsOptions): string {
  const { style } = options;
  const width = Math.max(60, Math.min(options.width, 160));
  if (report.endpoints.length === 0) return `\n  No endpoint was found in the frameworks that are understood.\n\n`;
  const out: string[] = ['', `  ${style.bold(plural(report.endpoints.length, 'endpoint'))}  ${style.dim(fitPath(plain(report.root), width - 20))}`];
  const method = Math.max(...report.endpoints.map((e) => e.endpoint.method.length));
  const path = Math.min(Math.max(...report.endpoints.map((e) => displayWidth(plain(e.endpoint.path)))), Math.floor(width * 0.38));
  const validated = Math.max(...report.endpoints.map((e) => VALIDATED_WORD[e.endpoint.validated].length));
  const room = width - 4 - method - 1 - path - 2 - validated - 2;
  const left = Math.max(8, Math.min(Math.max(...report.endpoints.map((e) => displayWidth(guardText(e)))), Math.floor(room * 0.5)));
  for (const exposure of EXPOSURES) {
    const list = report.endpoints.filter((e) => e.exposure === exposure);
    if (list.length === 0) continue;
    out.push('', `  ${paint(exposure, style)(`${heading(exposure)} (${list.length})`)}`);
    for (const e of list) {
      const guards = guardText(e);
      const place = `${plain(e.file)}:${e.at.line}`;
      out.push(
        `    ${padEnd(e.endpoint.method, method)} ${padEnd(fit(plain(e.endpoint.path), path), path)}  ${padEnd(VALIDATED_WORD[e.endpoint.validated], validated)}  ${padEnd(fit(guards, left), left)} ${style.dim(fitPath(place, Math.max(10, room - left - 1)))}`.trimEnd(),
      );
    }
  }
  return `${out.join('\n')}\n\n`;
}

function isLimit(guard: Guard): boolean {
  return guard.kind !== 'authentication' && guard.kind !== 'authorization' && guard.kind !== 'signature';
}

/** What stands before it, or why it is public. */
export function guardText(e: ReportEndpoint): string {
  // Who may call it is what a reader asks first: a rate limit stands behind the sign-in check, and each is named once.
  const first = [...e.endpoint.guards].sort((a, b) => Number(isLimit(a)) - Number(isLimit(b)));
  const guards = [...new Set(first.map((g) => plain(g.name)))].join(', ');
  if (e.exposure === 'public' && e.endpoint.publicBy !== null) {
    // That strangers are meant to call it says nothing about what they can do with it.
    const flawed = e.findings.some((f) => f.finding.severity === 'critical' && f.finding.confidence !== 'low');
    return `${PUBLIC_WORD[e.endpoint.publicBy]}${flawed ? ', flawed' : ''}`;
  }
  const fake = e.endpoint.fakeGuards[0];
  return guards !== '' ? guards : fake ? `${plain(fake.name)} does not protect` : 'no guard';
}

export function heading(exposure: Exposure): string {
  const word = EXPOSURE_WORD[exposure];
  return exposure === 'open' ? 'Anyone can call these' : word.charAt(0).toUpperCase() + word.slice(1);
}

function paint(exposure: Exposure, style: Style): (text: string) => string {
  return (text) => style.bold(exposure === 'open' ? style.red(text) : exposure === 'guarded' ? style.green(text) : exposure === 'unknown' || exposure === 'optional' ? style.yellow(text) : text);
}
