import { defineRule } from '../../core/rule';
import type { ProjectModel, SecretEntity } from '../../core/model';
import { SEVERITIES, type Severity } from '../../core/types';
import { canMoveToEnv, removeByHand, requireEnv } from '../../fixes/env';
import { isEnvPath } from '../../extract/secrets/places';
import { nodesOf } from '../../fixes/walk';
import { isScript } from '../secrets/shared/account';
import { deadUse } from '../secrets/shared/dead';
import { type Purpose, purposeOf } from '../secrets/shared/purpose';
import { secretReport } from '../secrets/shared/report';

export default defineRule({
  meta: {
    id: 'env/insecure-fallback',
    item: 'environments',
    category: 'env-separation',
    severity: 'critical',
    title: 'A secret falls back to a value written in the code',
    businessImpact: 'When the variable is missing in production, the app runs with a secret everyone can read: anyone can sign in as anyone.',
    why: [
      '`process.env.JWT_SECRET || \'dev-secret\'` never fails. On the day the variable is missing, misspelt or not copied to a new host, the app starts without a warning and trusts tokens that anyone can sign.',
      '',
      'Looked at: `||`, `??`, default parameters, destructuring defaults and ternaries beside an environment read whose name says signing, encryption, password or secret; in SQL, `coalesce(current_setting(…), \'literal\')`.',
      '',
      'Where several variables stand before the literal, all of them have to be missing: that weighs less, and little where a library of the project does not start without one of them.',
      '',
      'The token of a webhook’s handshake (`hub.verify_token`) is a note: it gives access to nothing. Where an env file of the project holds the very value of the fallback, that is said.',
      '',
      'In a file that nothing loads it is a note, and nothing where the same value stands in code that runs.',
      '',
      'Not reported: empty fallbacks, ports, hosts, log levels, lifetimes, senders, URLs without credentials, placeholders for a service of others (they only fail there), tests.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [1392, 547],
    owasp: ['API2'],
    messages: {
      signing: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} anyone can sign in as anyone.{{seen}}',
      session: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} session cookies are signed with a secret everyone can read.{{seen}}',
      stored: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} the signature of your session cookies protects nothing.{{seen}}',
      forgery: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} anyone can forge what it signs.{{seen}}',
      handshake: '{{envName}} falls back to a value written in the code{{also}}: it only answers the webhook’s handshake, and opens nothing by itself.{{seen}}',
      encryption: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} whoever has the code can decrypt what it protects.{{seen}}',
      database: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} your database takes a password everyone can read.{{seen}}',
      administrator: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} whoever has read it signs in as administrator.{{seen}}',
      password: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} the app uses a password everyone can read.{{seen}}',
      credential: '{{envName}} falls back to a value written in the code{{also}}: without {{missing}} the app runs with a secret everyone can read.{{seen}}',
      dead: '{{envName}} falls back to a value written in the code, in a file that nothing loads: it does no harm as it stands.{{seen}}',
    },
    bad: { 'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nconst secret = process.env.JWT_SECRET || 'dev-secret';\nexport const sign = (id: string) => jwt.sign({ id }, secret);\n" },
    good: { 'src/auth.ts': "import jwt from 'jsonwebtoken';\n\nconst secret = process.env.JWT_SECRET;\nif (!secret) throw new Error('JWT_SECRET is not set');\nexport const port = process.env.PORT || '3000';\nexport const sign = (id: string) => jwt.sign({ id }, secret, { expiresIn: process.env.JWT_EXPIRES_IN || '1d' });\n" },
    since: '0.1.0',
  },
  on: 'secret',
  check(secret, ctx) {
    const { fact } = secret;
    if (fact.kind !== 'env-fallback') return;
    const dead = deadUse(secret, ctx.model);
    if (dead === 'told-elsewhere') return;
    if (dead === 'alone') {
      ctx.report({ ...secretReport(secret), messageId: 'dead', severity: 'low', fixes: ['remove-by-hand'], businessImpact: 'Nothing today; whoever loads the file again brings the fallback back. What is not used is best deleted.' });
      return;
    }
    const purpose = purposeOf(secret, ctx.model);
    const impact = IMPACT[purpose];
    const severity = purpose === 'handshake' ? 'low' : fact.severity === 'critical' ? (SEVERITY[purpose] ?? 'critical') : fact.severity;
    const others = alsoMissing(secret, ctx.model);
    const report = secretReport(secret);
    const setTo = setToTheSame(secret, ctx.model);
    ctx.report({
      ...report, messageId: purpose,
      evidence: report.evidence.map((e) => (setTo.has(e.at.file) ? { ...e, note: `${fact.envName} is set to the very same value here: setting it from this file does not help` } : e)), ...(impact === undefined ? {} : { businessImpact: impact }),
      data: { ...report.data, also: others.length === 0 ? '' : ` once ${listed(others)} ${others.length === 1 ? 'is' : 'are'} missing too`, missing: others.length === 0 ? 'the variable' : 'any of them', ...(OPENS_ACCOUNTS.has(purpose) && others.length === 0 && !isScript(secret, ctx.model) ? { harm: 'accounts-if-unset' } : {}) },
      severity: others.length === 0 ? severity : others.some((n) => neededToStart(n, secret, ctx.model)) ? 'low' : lower(severity),
      fixes: canMoveToEnv(secret) ? ['require-env'] : ['remove-by-hand'],
    });
  },
  fixes: { 'require-env': requireEnv, 'remove-by-hand': removeByHand },
});

/** Env files that give the variable the value of its fallback. */
function setToTheSame({ fact, copies }: SecretEntity, model: ProjectModel): ReadonlySet<string> {
  return new Set(copies.filter((c) => isEnvPath(c.file) && model.secretsOf(c.file).some((s) => s.fact.envName === fact.envName && s.fact.fingerprint === fact.fingerprint)).map((c) => c.file));
}

/** `A || B || 'literal'`: the variables besides the named one that have to be missing before the literal is used. */
function alsoMissing({ fact, at }: SecretEntity, model: ProjectModel): readonly string[] {
  const script = model.file(at.file)?.script;
  if (!script) return [];
  for (const fn of script.functions) {
    if (fn.span.start > fact.literal.start || fn.span.end < fact.literal.end) continue;
    for (const n of nodesOf(fn.body)) {
      // The chain hangs to the left: the literal is what stands last in it.
      if (n.k !== 'logic' || n.op === '&&' || n.r.s !== fact.literal.start) continue;
      const names = script.envReads.filter((r) => r.span.start >= n.l.s && r.span.end <= n.l.e).map((r) => r.name);
      return [...new Set(names)].filter((name) => name !== fact.envName);
    }
  }
  return [];
}

/** Variables without which a library refuses to start, so that they are never missing where the app runs. */
const STARTS_WITH: Readonly<Record<string, RegExp>> = { CLERK_SECRET_KEY: /^@clerk\//, STRIPE_SECRET_KEY: /^stripe$/, DATABASE_URL: /^@?prisma(\/client)?$/, NEXTAUTH_SECRET: /^next-auth$/, AUTH_SECRET: /^(next-auth|@auth\/.+)$/ };

/** The library is installed, and it is not the one that is given this very value. */
function neededToStart(name: string, { at }: SecretEntity, model: ProjectModel): boolean {
  const library = STARTS_WITH[name];
  if (library === undefined || model.file(at.file)?.script?.imports.some((i) => library.test(i.specifier)) === true) return false;
  return Object.keys(model.packageOf(at.file)?.dependencies ?? {}).some((d) => library.test(d));
}

function lower(severity: Severity): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.indexOf('low'))] ?? 'low';
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}

/** Whoever knows these is anybody, or the administrator. */
const OPENS_ACCOUNTS: ReadonlySet<Purpose> = new Set(['signing', 'administrator']);

/** Less than critical: whether a known session secret is enough depends on where sessions are kept; only those in the cookie itself can be made up. */
const SEVERITY: Readonly<Partial<Record<Purpose, Severity>>> = { session: 'high', stored: 'medium', forgery: 'high' };

const IMPACT: Readonly<Partial<Record<Purpose, string>>> = {
  session: 'On the day the variable is missing nothing warns you: where sessions are kept in the cookie, anyone makes himself one.',
  stored: 'Sessions are kept on your server, so this alone lets nobody in; it takes away one of the locks, and nothing warns you that it is gone.',
  handshake: 'Whoever has read it can pass the check of the address, and gets back only what he sent; what later reaches this address needs a check of its own.',
  forgery: 'On the day the variable is missing nothing warns you: what the signature vouches for can come from anybody.',
  encryption: 'On the day the variable is missing the app goes on and encrypts with a key everyone can read: what you promised to keep secret is not.',
  database: 'On the day the variable is missing the app goes on with a password that stands in the code: whoever reaches the database reads and changes every record.',
  administrator: 'On the day the variable is missing the administrator’s account has a password that stands in the code: all data and all settings are open to whoever read it.',
  password: 'On the day the variable is missing the app goes on with a password that stands in the code: whoever has read it gets in.',
  credential: 'On the day the variable is missing the app goes on with a secret that stands in the code: whoever has read it can use it.',
};
