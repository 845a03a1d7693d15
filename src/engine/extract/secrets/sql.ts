/** Literal passwords and keys in SQL, in `.sql` files and in the SQL that scripts hold. */
import type { Candidate } from './candidate';
import { isPlaceholder, isReference } from './heuristics';
import { isTestPath } from '../../core/paths';
import { placeOf } from './places';

export const SQL_KEYWORDS = ['insert into ', 'gen_salt(', 'current_setting(', ' password \'', 'identified by \''] as const;

const INSERT = /insert into\s{1,4}([\w."`]{1,120})\s{0,8}\(([^()'$]{3,2000})\)\s{0,8}(?:overriding\s{1,4}\w{1,10}\s{1,4}value\s{1,4})?values\s{0,8}/iy;
const PASSWORD_COLUMN = /^["`]?(?:\w{0,40}_)?(?:password|passwd|pwd|pass|passphrase)(?:_?(?:hash|digest|encrypted))?["`]?$|^["`]?(?:encrypted_password|password_?hash)["`]?$/i;
const MAX_ROWS = 60;

export function sqlAt(text: string, start: number, keyword: string, path: string, out: Candidate[]): void {
  if (isTestPath(path)) return;
  if (keyword === 'insert into ') insertAt(text, start, path, out);
  else if (keyword === 'gen_salt(') {
    // crypt('literal', gen_salt('bf')): the literal stands just before.
    const before = text.slice(Math.max(0, start - 160), start);
    const match = /crypt\(\s{0,4}'([^'\n]{1,120})'\s{0,4}(?:::\w{1,10}\s{0,4})?,\s{0,4}(?:\w{1,20}\.)?$/i.exec(before);
    if (match) push(out, path, start - before.length + match.index + match[0].indexOf("'") + 1, match[1] ?? '', text);
  } else if (keyword === 'current_setting(') {
    const re = /current_setting\(\s{0,4}'([\w.]{1,80})'[^)'\n]{0,20}\)\s{0,4},\s{0,4}'([^'\n]{3,200})'/iy;
    re.lastIndex = start;
    const match = re.exec(text);
    const name = match?.[1] ?? '';
    const value = match?.[2] ?? '';
    if (!match || !/(?:encrypt|crypto|jwt|secret|signing|hmac|token|password|api)\w*(?:key|secret)?$/i.test(name.replace(/[._]/g, '')) || /url|uri|host|id$|name$/i.test(name) || isReference(value)) return;
    const at = start + match[0].length - 1 - value.length;
    out.push({
      kind: 'env-fallback', detector: 'sql-setting-fallback', label: `Fallback for the database setting ${name}`, span: { start: at, end: at + value.length }, value, prefix: '', severity: 'critical',
      confidence: 'high', envName: name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase(), publicByDesign: false, note: 'the database uses it whenever the setting is absent', rank: 2,
    });
  } else {
    const quote = text.indexOf("'", start);
    const close = text.indexOf("'", quote + 1);
    const before = text.slice(Math.max(0, start - 120), start);
    if (quote < 0 || close < 0 || close - quote > 120 || !/(?:create|alter)\s{1,4}(?:user|role|login)\s[^;]{0,100}$/i.test(before)) return;
    const value = text.slice(quote + 1, close);
    const role = /(?:user|role|login)\s{1,4}(?:if not exists\s{1,4})?["'`]?([\w-]{2,60})/i.exec(before)?.[1] ?? '';
    // Set-up instructions: `CREATE USER shop WITH PASSWORD 'shop_password'` is what the reader is to replace.
    if (isGuideValue(value, role) && placeOf(path) === 'docs') return;
    pushRole(out, path, quote + 1, value);
  }
}

/** The role's own name, with or without the word password. */
function isGuideValue(value: string, role: string): boolean {
  const bare = value.toLowerCase().replace(/pass(?:word|wd)?|pwd|secret|[^a-z]/g, '');
  return bare === '' || role.toLowerCase().replace(/[^a-z]/g, '').includes(bare);
}

function insertAt(text: string, start: number, path: string, out: Candidate[]): void {
  INSERT.lastIndex = start;
  const match = INSERT.exec(text);
  if (!match) return;
  const columns = (match[2] ?? '').split(',').map((c) => c.trim());
  const index = columns.findIndex((c) => PASSWORD_COLUMN.test(c));
  if (index < 0) return;
  let i = start + match[0].length;
  for (let row = 0; row < MAX_ROWS; row++) {
    while (/[\s,]/.test(text[i] ?? '')) i++;
    if (text[i] !== '(') return;
    i++;
    let depth = 0;
    let column = 0;
    let valueAt = i;
    for (; i < text.length; i++) {
      const c = text[i];
      if (c === "'") {
        const from = i + 1;
        i++;
        while (i < text.length && (text[i] !== "'" || text[i + 1] === "'")) i += text[i] === "'" ? 2 : 1;
        if (depth === 0 && column === index && text.slice(valueAt, from - 1).trim() === '') push(out, path, from, text.slice(from, i), text);
      } else if (c === '(') depth++;
      else if (c === ')') {
        if (depth === 0) break;
        depth--;
      } else if (c === ',' && depth === 0) {
        column++;
        valueAt = i + 1;
      } else if (c === ';' || c === '`') return;
    }
    i++;
  }
}

/** Neither empty, nor a hash, nor what stands for a value; in documentation also none that the reader is to replace. */
function isValue(value: string, path: string): boolean {
  return value.length >= 3 && !/\s/.test(value) && !isReference(value) && !(placeOf(path) === 'docs' && isPlaceholder(value)) && !/^\$(?:2[abxy]?|argon2\w{0,2}|scrypt|pbkdf2|6|5|1)\$|^(?:\{[A-Z0-9]+\}|md5[0-9a-f]{32}$|SCRAM-SHA-256\$|[0-9a-f]{40,}$)|^[:@?$]\w*$|^\*+$|^<|^your[-_ ]/i.test(value);
}

/** A role signs in to the database, not to the app. */
function pushRole(out: Candidate[], path: string, at: number, value: string): void {
  if (!isValue(value, path)) return;
  out.push({
    kind: 'named-assignment', detector: 'named-password', label: 'Password of a database user', span: { start: at, end: at + value.length }, value, prefix: '', severity: 'high',
    confidence: 'high', envName: 'DATABASE_PASSWORD', publicByDesign: false, note: null, rank: 2,
  });
}

function push(out: Candidate[], path: string, at: number, value: string, text: string): void {
  if (!isValue(value, path)) return;
  const isAdmin = /admin|owner|root|super/i.test(text.slice(Math.max(0, at - 400), at + value.length + 100));
  const seed = /(?:^|\/)(?:seeds?|dev|demo|local)[^/]*(?:\/|\.sql$)|seed\.sql$/i.test(path);
  out.push({
    kind: 'account-password', detector: 'sql-account-password', label: 'account password', span: { start: at, end: at + value.length }, value, prefix: '', severity: isAdmin ? 'critical' : 'high',
    confidence: seed ? 'low' : 'high', envName: isAdmin ? 'ADMIN_PASSWORD' : 'SEED_USER_PASSWORD', publicByDesign: false, note: seed ? 'it stands in a seed, which may run on a developer\'s machine only' : null, rank: 2,
  });
}
