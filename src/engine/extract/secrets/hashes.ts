/** The password of a stored hash, written in a comment beside it: `'$2b$10$…', // letmein7`. A hash alone gives nothing away. */
import { isTestPath } from '../../core/paths';
import { lineEnd, lineStart } from './places';
import { isPlaceholder } from './heuristics';
import { isAdminName } from './names';
import type { Candidate } from './candidate';

const HASH = /\$2[abxy]\$\d\d\$[A-Za-z0-9./]{53}(?![A-Za-z0-9./])/g;
const REMARK = /^["'`]?[\s,;)\]}]{0,20}(?:\/\/|\/\*|--|#)[ \t]{0,8}/;
const FULL_LINE_REMARK = /^[ \t]{0,80}(?:\/\/|\/\*|\*|--|#)[ \t]{0,8}/;
/** The comment is the password and nothing else. */
const ALONE = /^(["'`(]?)([^\s"'`()]{5,40})["'`)]?[ \t]*(?:\*\/)?[ \t]*$/;
/** A quoted word after one that says what it is. */
const TOLD = /(?:\b(?:pass(?:word|wd)?|pwd|senha)\b|\bhash(?:ed)?\b|\bbcrypt\b|\bequivalent to\b|\bequals?\b)[^"'`\n]{0,30}["'`]([^\s"'`]{4,40})["'`]/i;
/** `password: letmein7`. */
const ASSIGNED = /\b(?:pass(?:word|wd)?|pwd|senha)[ \t]{0,2}[:=][ \t]{0,2}([^\s"'`,;()]{5,40})/i;
/** How far around the hash its account is looked for. */
const AROUND = 400;

/** Every password that a comment gives away with its hash. */
export function passwordsBesideHashes(path: string, text: string): Candidate[] {
  if (!text.includes('$2') || isTestPath(path)) return [];
  const out: Candidate[] = [];
  for (const m of text.matchAll(HASH)) {
    const end = m.index + m[0].length;
    const found = remarkBehind(text, end) ?? remarkAbove(text, m.index);
    if (found === null || isPlaceholder(found.value)) continue;
    const admin = isAdminName(found.value) || isAdminName(text.slice(Math.max(0, m.index - AROUND), end + AROUND));
    out.push({
      kind: 'account-password', detector: 'commented-password', label: 'account password', span: { start: found.at, end: found.at + found.value.length }, value: found.value, prefix: '',
      severity: admin ? 'critical' : 'high', confidence: 'high', envName: admin ? 'ADMIN_PASSWORD' : 'SEED_USER_PASSWORD', publicByDesign: false, note: null, rank: 3,
    });
  }
  return out;
}

interface Found {
  readonly value: string;
  readonly at: number;
}

function remarkBehind(text: string, end: number): Found | null {
  const rest = text.slice(end, Math.min(lineEnd(text, end), end + 240));
  const remark = REMARK.exec(rest)?.[0];
  return remark === undefined ? null : passwordIn(rest.slice(remark.length), end + remark.length, true);
}

/** The line above: a word alone may be anything there. */
function remarkAbove(text: string, start: number): Found | null {
  const own = lineStart(text, start);
  if (own === 0) return null;
  const above = lineStart(text, own - 1);
  const line = text.slice(above, own - 1);
  const remark = line.length > 240 ? undefined : FULL_LINE_REMARK.exec(line)?.[0];
  return remark === undefined ? null : passwordIn(line.slice(remark.length), above + remark.length, false);
}

function passwordIn(comment: string, at: number, mayStandAlone: boolean): Found | null {
  const alone = mayStandAlone ? ALONE.exec(comment) : null;
  if (alone?.[2] !== undefined && isNoWord(alone[2])) return { value: alone[2], at: at + (alone[1]?.length ?? 0) };
  const told = TOLD.exec(comment);
  if (told?.[1] !== undefined) return { value: told[1], at: at + told.index + told[0].length - 1 - told[1].length };
  const assigned = ASSIGNED.exec(comment);
  if (assigned?.[1] !== undefined && isNoWord(assigned[1])) return { value: assigned[1], at: at + assigned.index + assigned[0].length - assigned[1].length };
  return null;
}

/** Letters with a digit or a mark among them: no word of a sentence, no number of rounds. */
function isNoWord(value: string): boolean {
  return /[A-Za-z]/.test(value) && /[\d@!$%^&*]/.test(value) && !/^(?:bcrypt(?:js)?|md5|sha\d*|https?:.*|v?\d[\d.]*|TODO.*|eslint.*|@ts.*|\w+\(.*)$/i.test(value) && !/[/\\]|\.\w{2,4}$/.test(value);
}
