/** A session over texts in memory: all files are tracked by git unless their .gitignore says otherwise. */
import assert from 'node:assert/strict';
import ignore from 'ignore';
import ts from 'typescript';
import { applyEdits, type Fix } from '../../../src/engine/core/fix';
import type { AnyRule } from '../../../src/engine/core/rule';
import { DEFAULT_OPTIONS, type Finding, type RelPath } from '../../../src/engine/core/types';
import { createSession } from '../../../src/engine/session/session';
import type { Session } from '../../../src/engine/session/api';
import { expandSecrets } from '../../extract/secrets/tokens';
import hardcodedProviderKey from '../../../src/engine/rules/secrets/hardcoded-provider-key';
import hardcodedCredential from '../../../src/engine/rules/secrets/hardcoded-credential';
import clientBundleSecret from '../../../src/engine/rules/secrets/client-bundle-secret';
import publicEnvPrefix from '../../../src/engine/rules/secrets/public-env-prefix';
import serviceRole from '../../../src/engine/rules/secrets/supabase-service-role-in-client';
import envFileTracked from '../../../src/engine/rules/secrets/env-file-tracked';
import gitignoreMissingEnv from '../../../src/engine/rules/secrets/gitignore-missing-env';
import weakSecret from '../../../src/engine/rules/secrets/weak-or-default-secret';
import accountPassword from '../../../src/engine/rules/secrets/hardcoded-account-password';
import insecureFallback from '../../../src/engine/rules/env/insecure-fallback';

export const SECRET_RULES: readonly AnyRule[] = [hardcodedProviderKey, hardcodedCredential, clientBundleSecret, publicEnvPrefix, serviceRole, envFileTracked, gitignoreMissingEnv, weakSecret, accountPassword, insecureFallback];

export type Files = Readonly<Record<string, string>>;

export function open(files: Files, tracked?: readonly string[] | null): Session {
  const texts = new Map(Object.entries(files).map(([p, t]) => [p as RelPath, expandSecrets(t)]));
  const ig = ignore().add(texts.get('.gitignore' as RelPath) ?? '');
  const session = createSession({ rules: SECRET_RULES, options: { ...DEFAULT_OPTIONS, secretSalt: 'test' } });
  session.setGit({
    tracked: tracked === null ? null : new Set((tracked ?? [...texts.keys()].filter((p) => !ig.ignores(p))) as RelPath[]),
    isIgnored: (p) => ig.ignores(p),
  });
  session.apply([...texts].map(([path, text]) => ({ path, text })));
  return session;
}

export function audit(files: Files, tracked?: readonly string[] | null): readonly Finding[] {
  const session = open(files, tracked);
  const result = session.audit();
  assert.deepEqual(result.errors, []);
  return result.findings;
}

/** `rule file:line` of every finding that is more than a question. */
export function summary(files: Files, tracked?: readonly string[] | null): string[] {
  return audit(files, tracked)
    .filter((f) => f.confidence !== 'low')
    .map((f) => `${f.ruleId} ${f.at.file}:${expandSecrets(files[f.at.file] ?? '').slice(0, f.at.span.start).split('\n').length}`)
    .sort();
}

export interface Fixed {
  readonly fix: Fix;
  readonly files: Record<string, string>;
  readonly left: readonly Finding[];
}

/** Applies a finding's fix and looks again. */
export function fixed(files: Files, ruleId: string, fixId: string, tracked?: readonly string[] | null): Fixed {
  const session = open(files, tracked);
  const finding = session.audit().findings.find((f) => f.ruleId === ruleId);
  assert.ok(finding, `${ruleId} is found`);
  assert.ok(finding.fixes.includes(fixId), `it offers ${fixId}`);
  // Computed here and not through session.fix, whose git facts do not follow an edit of .gitignore.
  const rule = SECRET_RULES.find((r) => r.meta.id === ruleId);
  const fix = rule?.fixes?.[fixId]?.compute(finding, { model: session.model, text: (file) => session.text(file) });
  assert.ok(fix, 'it applies');
  const out: Record<string, string> = Object.fromEntries(Object.entries(files).map(([p, t]) => [p, expandSecrets(t)]));
  for (const file of new Set(fix.edits.map((e) => e.file))) out[file] = applyEdits(out[file] ?? '', fix.edits.filter((e) => e.file === file));
  for (const c of fix.create) {
    assert.equal(out[c.file], undefined, `${c.file} is new`);
    out[c.file] = c.text;
  }
  return { fix, files: out, left: audit(out, tracked).filter((f) => f.ruleId === ruleId && f.confidence !== 'low') };
}

/** Type errors of one file under strict, other modules taken as `any`. */
export function typeErrors(files: Readonly<Record<string, string>>, path: string): string[] {
  const globals = 'declare var process: { env: Record<string, string | undefined> }; declare var Deno: { env: { get(name: string): string | undefined } }; declare module "*"; declare function require(x: string): any;';
  const texts = new Map<string, string>([...Object.entries(files).map(([p, t]) => [`/${p}`, t] as const), ['/globals.d.ts', globals]]);
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, allowJs: true, checkJs: false, skipLibCheck: true, types: [], jsx: ts.JsxEmit.Preserve };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, readFile, fileExists } = host;
  host.getSourceFile = (name, lang) => (texts.has(name) ? ts.createSourceFile(name, texts.get(name) ?? '', lang) : getSourceFile.call(host, name, lang));
  host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  const program = ts.createProgram([`/${path}`, '/globals.d.ts'], options, host);
  return ts.getPreEmitDiagnostics(program).filter((d) => d.file?.fileName === `/${path}`).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
}
