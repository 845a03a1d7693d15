/** Named values in every language that the script extractor does not read: env files, YAML, TOML, JSON, SQL, Docker, shell, XML. */
import type { SecretFact } from '../../core/facts';
import type { Confidence, RelPath, Severity, Span } from '../../core/types';
import { isHarmlessForm, isPlaceholder, isPlaceholderToken, isReference, isLongKey, isUuid, looksGenerated, looksLikePassword } from './heuristics';
import { KeywordAutomaton } from './keywords';
import { ASSIGNMENT_KEYWORDS, contradictsName, isKeyOfSomething, nameClass, wordsOf, type NameClass } from './names';
import { lineStart, lineEnd, placeOf, type Place, toEnvName } from './places';
import type { Candidate } from './candidate';
import { isPublishedSample } from './tokens';

const AUTOMATON = new KeywordAutomaton(ASSIGNMENT_KEYWORDS);
const MAX_VALUE = 1900;
/** Collections of requests and descriptions of an API: their bodies stand in them as JSON inside a string. */
const API_SAMPLES = /postman|insomnia|bruno|thunder[-_]?(?:client|collection)|openapi|swagger/i;

export function scanAssignments(path: RelPath, text: string): Candidate[] {
  const place = placeOf(path);
  const out: Candidate[] = [];
  let done = 0;
  AUTOMATON.scan(text, (_, end) => {
    if (end <= done) return;
    let from = end - 1;
    while (from > 0 && end - from < 100 && isNameChar(text.charCodeAt(from - 1))) from--;
    let to = end;
    while (to < text.length && to - from < 120 && isNameChar(text.charCodeAt(to))) to++;
    done = to;
    const name = text.slice(from, to).replace(/^[.-]+|[.-]+$/g, '');
    const named = nameClass(name);
    const vague = named === 'none' && isKeyOfSomething(name);
    if ((named === 'none' && !vague) || named === 'database-url') return;
    const kind = vague ? 'credential' : named;
    const value = valueAfter(text, from, to, place);
    if (!value || (vague && !isLongKey(value.text))) return;
    if (value.text.length > 100) done = value.span.end; // judged once, whatever names stand inside it
    // What a collection of requests sends is made up; a generated key in it may be real all the same.
    if (value.escaped && API_SAMPLES.test(path) && !(looksGenerated(value.text) && value.text.length >= 24)) return;
    const candidate = signsWhereDeployed(path, name, kind, value, text) ?? judge(name, kind, value, text, place);
    if (candidate) {
      out.push(candidate);
      done = Math.max(done, candidate.span.end);
    }
  });
  return out;
}

function isNameChar(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45 || c === 46;
}

interface Value {
  readonly text: string;
  readonly span: Span;
  readonly quoted: boolean;
  /** Its quotes are escaped: it stands in JSON that is itself a text. */
  readonly escaped: boolean;
}

/** How a header's value begins. */
const SCHEME = /^(?:Bearer|Basic|Token) /i;

const OPERATOR = /["'`\]]{0,2}\\?["']?[ \t]{0,20}(?:(?:value[ \t]{0,4}=|(?:\w{1,20}[ \t]{1,4})?(?::{1,3}=|\?=|\+=|\.=|=>|==?|:|>))|,|\|\||[ \t](?:to|TO)[ \t])[ \t]{0,20}/y;

function valueAfter(text: string, nameStart: number, nameEnd: number, place: Place): Value | null {
  OPERATOR.lastIndex = nameEnd;
  const operator = OPERATOR.exec(text);
  let at: number;
  if (operator) at = nameEnd + operator[0].length;
  else if (/^[ \t]{0,8}(?:ENV|ARG)[ \t]{1,4}$/i.test(text.slice(lineStart(text, nameStart), nameStart)) && text[nameEnd] === ' ') at = nameEnd + 1;
  else return null;
  if (operator && operator[0].includes(',') && text[nameStart - 1] !== '"' && text[nameStart - 1] !== "'") return null;
  // `<token>` or `key:` with the value on the next line.
  if (operator && /[>:]\s*$/.test(operator[0]) && (text[at] === '\n' || text[at] === '\r')) {
    const next = /^\r?\n[ \t]{0,40}/.exec(text.slice(at, at + 50));
    if (!next || operator[0].trim() !== '>') return null;
    at += next[0].length;
  }
  let escaped = false;
  if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === "'")) {
    escaped = true;
    at++;
  }
  const quote = text[at];
  if (quote === '"' || quote === "'" || quote === '`') {
    const from = at + 1;
    const stop = Math.min(lineEnd(text, from), from + MAX_VALUE);
    let i = from;
    while (i < stop && text[i] !== quote) i += text[i] === '\\' && !escaped ? 2 : 1;
    if (i >= stop) return null;
    const end = escaped && text[i - 1] === '\\' ? i - 1 : i;
    const scheme = SCHEME.exec(text.slice(from, Math.min(end, from + 12)))?.[0].length ?? 0;
    return { text: text.slice(from + scheme, end), span: { start: from + scheme, end }, quoted: true, escaped };
  }
  const stop = Math.min(lineEnd(text, at), at + MAX_VALUE);
  let end = at;
  if (place === 'env-file') {
    end = stop;
    const comment = text.slice(at, stop).search(/\s#/);
    if (comment >= 0) end = at + comment;
  } else while (end < stop && !/[\s"'`,;<>(){}|&]/.test(text[end] ?? '')) end++;
  if (/(?:\.\.\.|…)\s*$/.test(text.slice(Math.max(at, end - 8), end))) return null;
  while (end > at && /[\s.]/.test(text[end - 1] ?? '')) end--;
  if (end - at < 3 || text[end] === '(') return null;
  const value = text.slice(at, end).replace(/\\n.*$/, '');
  return { text: value, span: { start: at, end: at + value.length }, quoted: false, escaped: false };
}

function judge(name: string, kind: NameClass, value: Value, text: string, place: Place): Candidate | null {
  const v = value.text;
  if (v.length < 4 || isReference(v) || isPlaceholder(v) || isPlaceholderToken(v) || isPublishedSample(v) || isOwnName(name, v) || contradictsName(name, v)) return null;
  if (/-----BEGIN|:\/\/[^/\s]*:[^/\s]*@/.test(v)) return null; // theirs is a detector of its own
  if (place === 'docs' && isOfSandbox(name, text)) return null;
  if (place === 'env-file') {
    // The file says it is a secret; nothing is asked of its strength.
    if (isHarmlessForm(v) || v.length < 6 || /^(?:https?:|\d+[smhd]?$)/.test(v)) return null;
    return build(name, kind, value, kind === 'password' && v.length < 8 ? 'medium' : 'high', looksGenerated(v) ? 'high' : 'medium');
  }
  if (isHarmlessForm(v)) return null;
  if (looksGenerated(v) && !isUuid(v)) return build(name, kind, value, 'high', place === 'text' || place === 'docs' ? 'medium' : 'medium');
  if (isUuid(v)) return kind === 'credential' && value.quoted ? build(name, kind, value, 'medium', 'low') : null;
  // Chosen passwords and short keys count only where configuration assigns them.
  if (kind === 'password' && place === 'docs' && isTryOut(value, text)) return null;
  if (kind === 'password' && looksLikePassword(v) && !/^[\w-]+\.[\w.-]+$/.test(v)) return build(name, kind, value, 'high', place === 'config' || value.quoted ? 'medium' : 'low');
  if ((kind === 'signing' || kind === 'encryption') && place === 'config' && v.length >= 8 && !/\s/.test(v) && !/^[A-Z_]+$/.test(v) && !isLocalStack(text)) {
    return { ...build(name, kind, value, 'critical', 'medium'), kind: 'signing-key', detector: 'signing-key', label: 'Signing or encryption key' };
  }
  return null;
}

/** Files whose settings a deployed app runs with, whatever they read like. */
const DEPLOYED = /(?:^|\/)(?:vercel\.json|(?:docker-)?compose[\w.-]*\.ya?ml)$/i;

/** `JWT_SECRET` of a `vercel.json`, or of a compose file that starts the app in production: nobody has to fill it in, so a placeholder is the key. */
function signsWhereDeployed(path: RelPath, name: string, kind: NameClass, value: Value, text: string): Candidate | null {
  const v = value.text;
  if (kind !== 'signing' || !DEPLOYED.test(path) || v.length < 8 || /\s|^[@$<%{]/.test(v) || isReference(v) || isHarmlessForm(v) || isOwnName(name, v)) return null;
  if (!/vercel\.json$/i.test(path) && (isPlaceholder(v) || !/\bNODE_ENV["']?\s{0,4}[:=]\s{0,4}["']?production/.test(text.slice(0, 200_000)))) return null;
  return { ...build(name, kind, value, 'critical', 'medium'), kind: 'signing-key', detector: 'signing-key', label: 'Signing key' };
}

/** A reader is told to try something out: the password says so, or stands beside an address that nobody has. */
function isTryOut({ text: v, span }: Value, text: string): boolean {
  return /^(?:test|demo|example|sample|try|temp|my|your|strong|secure)/i.test(v) || /[\w.+-]+@(?:example\.(?:com|org|net)|test\.\w+|[\w-]+\.(?:test|example|invalid))\b/i.test(text.slice(Math.max(0, span.start - 160), span.end + 160));
}

/** `PAY_SANDBOX=true` beside `PAY_PASSPHRASE`: an example starts with what the provider gives everybody to try out with. */
function isOfSandbox(name: string, text: string): boolean {
  const provider = /^[A-Za-z][A-Za-z0-9]{2,30}(?=_)/.exec(name)?.[0];
  return provider !== undefined && new RegExp(`^${provider}_\\w{0,20}?(?:SANDBOX["']?\\s{0,4}[:=]\\s{0,4}["']?(?:true|1|yes)|(?:MODE|ENV|ENVIRONMENT)["']?\\s{0,4}[:=]\\s{0,4}["']?(?:sandbox|test))\\b`, 'im').test(text.slice(0, 200_000));
}

/** A compose file or the like of a development stack. */
function isLocalStack(text: string): boolean {
  return text.length < 200_000 && /(?:^|\n)\s{0,4}(?:services:|version: ['"]?[23])/.test(text.slice(0, 2000));
}

function isOwnName(name: string, value: string): boolean {
  const a = wordsOf(name).join('');
  const b = wordsOf(value).join('');
  return a === b || (b.length >= 6 && a.endsWith(b)) || toEnvName(name) === value;
}

function build(name: string, kind: NameClass, value: Value, severity: Severity, confidence: Confidence): Candidate {
  const what = kind === 'password' ? 'Password' : kind === 'signing' ? 'Signing key' : kind === 'encryption' ? 'Encryption key' : 'Key or token';
  return {
    kind: 'named-assignment' satisfies SecretFact['kind'], detector: `named-${kind === 'inbound' ? 'credential' : kind}`, label: `${what} in ${name.slice(0, 60)}`, span: value.span, value: value.text, prefix: '', severity, confidence,
    envName: toEnvName(name), publicByDesign: false, note: null, rank: 1,
  };
}
