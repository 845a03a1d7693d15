/** gitleaks: each rule is a Go function that validates itself on true and false positives, many of them made at random. */
import type { RelPath } from '../../engine/core/types';
import type { Random } from '../random';
import { LiteralReader, type Functions, type Value } from './literals';
import type { Repository, Sample, Samples } from './sample';
import { textMatching } from './generate-text';

const RULES = /^cmd\/generate\/config\/rules\/\w+\.go$/;
const TEMPLATES = 'cmd/generate/config/utils/generate.go';
const VALIDATE = new Set(['utils.Validate', 'utils.ValidateWithPaths']);

export function readGitleaks(repository: Repository, random: Random): Samples {
  const functions = functionsOf(repository.text(TEMPLATES), random);
  const samples: Sample[] = [];
  let unread = 0;
  const files = repository.texts(repository.paths(RULES));
  for (const source of files.values()) {
    const [before = '', ...bodies] = source.split(/^func /m);
    for (const body of bodies) {
      const rule = /\bRuleID:\s*"([^"]+)"/.exec(body)?.[1];
      if (rule === undefined) continue;
      const { found, failed } = new LiteralReader(`${before}\n${body}`, 'go', functions).read(VALIDATE);
      unread += failed;
      for (const { args } of found) {
        samples.push(...samplesOf(rule, true, args[1] ?? null), ...samplesOf(rule, false, args[2] ?? null));
      }
    }
  }
  return { samples, unread };
}

/** A list of texts, or texts by path. */
function samplesOf(rule: string, isSecret: boolean, value: Value): Sample[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? (value as readonly Value[]).map((text) => ['sample.txt', text] as const) : Object.entries(value);
  return entries.flatMap(([path, text]) => (typeof text === 'string' ? [{ rule, isSecret, path: path as RelPath, text, places: [] }] : []));
}

const FORMS: Readonly<Record<string, string>> = { Numeric: '[0-9]', Hex: '[a-f0-9]', AlphaNumeric: '[a-z0-9]', AlphaNumericExtendedShort: '[a-z0-9_-]', AlphaNumericExtended: '[a-z0-9=_\\-]', AlphaNumericExtendedLong: '[a-z0-9\\/=_\\+\\-]' };

function functionsOf(templates: string, random: Random): Functions {
  const table = /samples := (map\[string\]string\{[\s\S]*?\n\t\})\n/.exec(templates)?.[1] ?? 'map[string]string{}';
  const lines = Object.values(new LiteralReader(`samples := ${table}`, 'go', {}).read(new Set()).names.get('samples') ?? {}).filter((v): v is string => typeof v === 'string');
  const forms = Object.fromEntries(Object.entries(FORMS).map(([name, form]) => [name, ([size]: readonly Value[]) => `${form}{${String(size)}}`]));
  return {
    ...forms,
    Hex8_4_4_4_12: () => '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    NewSecret: ([pattern]) => textMatching(String(pattern), random),
    newPlausibleSecret: ([pattern]) => {
      for (;;) {
        const text = textMatching(String(pattern), random);
        if (/[1-9]/.test(text)) return text;
      }
    },
    GenerateSampleSecret: ([name, secret]) => `${String(name)}_api_token = "${String(secret)}"`,
    GenerateSampleSecrets: ([name, secret]) => lines.map((line) => line.replaceAll('{i}', String(name)).replaceAll('{I}', String(name).toUpperCase()).replaceAll('{s}', String(secret))),
    append: ([list, ...more]) => [...(Array.isArray(list) ? (list as readonly Value[]) : []), ...more],
    ...GO_FUNCTIONS,
  };
}

/** What the tables of Go tests call. */
export const GO_FUNCTIONS: Functions = {
  Sprintf: ([template, ...args]) => {
    let next = 0;
    return String(template).replace(/%(?:[sdvq]|%)/g, (verb) => (verb === '%%' ? '%' : verb === '%q' ? JSON.stringify(args[next++]) : String(args[next++])));
  },
  ToUpper: ([text]) => String(text).toUpperCase(),
  ToLower: ([text]) => String(text).toLowerCase(),
  EncodeToString: ([text]) => Buffer.from(String(text)).toString('base64'),
  Repeat: ([text, count]) => String(text).repeat(Number(count)),
};
