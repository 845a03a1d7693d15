/**
 * `npm run secret-samples -- FOLDER [--show N] [--seeds N]`: recall and false alarms on the samples of other scanners' own
 * tests. FOLDER holds their repositories without work trees (`owner+name/repo`, as a mirror leaves them) and lies outside of
 * this project; no sample is written anywhere. The same bar counts on both sides: what the engine reports with at least
 * medium confidence and does not call public by design.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretFact } from '../engine/core/facts';
import { extractFile } from '../engine/extract/extract';
import { crc32 } from '../engine/extract/secrets/checks';
import { PROVIDERS } from '../engine/extract/secrets/index';
import { Random } from './random';
import { readDetectSecrets } from './samples/detect-secrets';
import { readGitleaks } from './samples/gitleaks';
import { drawnAnew, JUDGED_AT, judgementOf, type Judgement } from './samples/judgements';
import { GitSnapshot, type Repository, type Sample, type Samples } from './samples/sample';
import { readSecretlint } from './samples/secretlint';
import { readTrufflehog } from './samples/trufflehog';

interface Scanner {
  readonly repository: string;
  readonly read: (repository: Repository, random: Random) => Samples;
  /** Its samples are made at random, in part. */
  readonly random: boolean;
  /** Half of its rules is for development; of the other half nothing but the figures is shown, so that nobody works towards them. */
  readonly halves: boolean;
}

const SCANNERS: readonly Scanner[] = [
  { repository: 'gitleaks/gitleaks', read: readGitleaks, random: true, halves: false },
  { repository: 'secretlint/secretlint', read: readSecretlint, random: false, halves: false },
  { repository: 'Yelp/detect-secrets', read: readDetectSecrets, random: false, halves: false },
  { repository: 'trufflesecurity/trufflehog', read: readTrufflehog, random: false, halves: true },
];

export interface Outcome {
  readonly sample: Sample;
  readonly reported: boolean;
  readonly judgement: Judgement | null;
}

export interface Figures {
  readonly secrets: number;
  readonly found: number;
  readonly harmless: number;
  readonly alarms: number;
}

export function figures(outcomes: readonly Outcome[]): Figures {
  const secrets = outcomes.filter((o) => o.sample.isSecret);
  const harmless = outcomes.filter((o) => !o.sample.isSecret);
  return { secrets: secrets.length, found: secrets.filter((o) => o.reported).length, harmless: harmless.length, alarms: harmless.filter((o) => o.reported).length };
}

/** Whether the engine reports the sample's secret: at its place where the sample names one, else anywhere. */
export function isReported(sample: Sample): boolean {
  const facts = extractFile(sample.path, sample.text, 'samples').secrets.filter((f) => !f.publicByDesign && f.confidence !== 'low');
  return facts.some((f) => sample.places.length === 0 || sample.places.some((p) => p.start < f.span.end && f.span.start < p.end));
}

function measure(scanner: string, samples: readonly Sample[]): Outcome[] {
  const counts = new Map<string, number>();
  return samples.map((sample) => {
    const key = `${sample.rule}${sample.isSecret ? '+' : '-'}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return { sample, reported: isReported(sample), judgement: judgementOf(scanner, sample.rule, sample.isSecret, index) };
  });
}

function main(args: readonly string[]): number {
  const folder = args.find((a, i) => !a.startsWith('--') && !(args[i - 1] ?? '').startsWith('--'));
  const option = (name: string, otherwise: number): number => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : otherwise);
  if (folder === undefined || !existsSync(folder)) {
    console.error('secret-samples FOLDER [--show N] [--seeds N]: give the folder of the mirrored repositories');
    return 2;
  }
  for (const scanner of SCANNERS) {
    const at = join(folder, scanner.repository.replace('/', '+'));
    if (!existsSync(at)) {
      console.log(`${scanner.repository}: not in ${folder}`);
      continue;
    }
    const repository = new GitSnapshot(join(at, readdirSync(at)[0] ?? ''));
    const outcomes: Outcome[] = [];
    let unread = 0;
    for (let seed = 1; seed <= (scanner.random ? option('--seeds', 5) : 1); seed++) {
      const read = scanner.read(repository, new Random(seed));
      unread = read.unread;
      outcomes.push(...measure(scanner.repository, read.samples));
    }
    console.log(`\n${scanner.repository}@${repository.commit.slice(0, 7)}, ${unread} tables unread`);
    const judgedAt = JUDGED_AT[scanner.repository];
    if (judgedAt !== undefined && judgedAt !== repository.commit) console.log(`  judged at ${judgedAt.slice(0, 7)}: positions may have moved, trust the raw figure`);
    if (!scanner.halves) report(outcomes, option('--show', 0));
    else {
      console.log('  half for development');
      report(outcomes.filter((o) => !isHeldOut(o.sample.rule)), option('--show', 0));
      console.log('  half held out; then its providers that are in our table too');
      summarize(outcomes.filter((o) => isHeldOut(o.sample.rule)));
      summarize(outcomes.filter((o) => isHeldOut(o.sample.rule) && isKnownProvider(o.sample.rule)));
    }
  }
  return 0;
}

const percent = (a: number, b: number): string => (b === 0 ? '–' : `${((100 * a) / b).toFixed(1)} %`);

/** By the checksum of the rule's name: as good as chance, and the same every time. */
export function isHeldOut(rule: string): boolean {
  return crc32(rule) % 2 === 1;
}

/** A detector is called after the provider: `stripe`, `supabasetoken`, `githuboauth2`. */
function isKnownProvider(rule: string): boolean {
  return PROVIDERS.some((p) => rule.startsWith(p.id.split('-')[0] ?? p.id));
}

function summarize(outcomes: readonly Outcome[], name = 'raw'): void {
  const f = figures(outcomes);
  console.log(`  ${name.padEnd(8)} recall ${percent(f.found, f.secrets)} (${f.found} of ${f.secrets}; mean of rules ${meanRecall(outcomes)}), false alarms ${percent(f.alarms, f.harmless)} (${f.alarms} of ${f.harmless})`);
}

/** Without the samples that were judged wrong; invented values of a right form count with other characters in them. */
function clean(outcomes: readonly Outcome[]): Outcome[] {
  const random = new Random(1);
  return outcomes.flatMap((o): Outcome[] => {
    if (o.judgement === null) return [o];
    if (o.judgement.category !== 'placeholder, drawn anew') return [];
    const sample = drawnAnew(o.sample, random);
    return [{ sample, reported: isReported(sample), judgement: null }];
  });
}

function report(outcomes: readonly Outcome[], show: number): void {
  const cleaned = clean(outcomes);
  summarize(outcomes);
  summarize(cleaned, 'cleaned');
  const reasons = new Map<string, number>();
  for (const { judgement } of outcomes) if (judgement) reasons.set(judgement.category, (reasons.get(judgement.category) ?? 0) + 1);
  for (const [category, n] of reasons) console.log(`  judged: ${n} ${category}`);
  for (const [rule, list] of byRule(cleaned)) {
    const f = figures(list);
    if (f.found < f.secrets) console.log(`  missed  ${rule}: ${f.secrets - f.found} of ${f.secrets}`);
    if (f.alarms > 0) console.log(`  alarm   ${rule}: ${f.alarms} of ${f.harmless}`);
    for (const o of list.filter((x) => x.reported !== x.sample.isSecret).slice(0, show)) console.log(`            ${JSON.stringify(o.sample.text.slice(0, 300))} ${detectors(o.sample)}`);
  }
}

function byRule(outcomes: readonly Outcome[]): Map<string, Outcome[]> {
  const out = new Map<string, Outcome[]>();
  for (const o of outcomes) out.set(o.sample.rule, [...(out.get(o.sample.rule) ?? []), o]);
  return out;
}

/** Rules with many templates of one value do not outweigh the others here. */
function meanRecall(outcomes: readonly Outcome[]): string {
  const shares = [...byRule(outcomes.filter((o) => o.sample.isSecret)).values()].map((list) => list.filter((o) => o.reported).length / list.length);
  return percent(shares.reduce((a, b) => a + b, 0), shares.length);
}

function detectors(sample: Sample): string {
  return extractFile(sample.path, sample.text, 'samples').secrets.map((f: SecretFact) => `${f.detector} (${f.confidence})`).join(', ');
}

if (process.argv[1] !== undefined && /[\\/]dev[\\/]secret-samples\.[cm]?[jt]s$/.test(process.argv[1])) process.exitCode = main(process.argv.slice(2));
