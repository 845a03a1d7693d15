/** Tells a value that somebody has to keep from a reference, a placeholder, a word: what every detector asks. */
import { decodeBase64 } from './checks';

/** The commonest letter pairs of English and of identifiers: 89 % of their text, 25 % of random letters. */
const COMMON_PAIRS = new Set(
  ('er re on in at es st te en th le ti se or de co ns al ed ng nt io ri it ar ch ro he as pa tr me li ec ta ve il is ra ct an ea ll fi ha ac ma et nc rs ge pe si om ce od ca pr pt lo wi ex to ' +
    'nd ss un am ur hi ic ul ne di so op us rt ue mp ef im na no po ol la ad em ts ou va el cr mi ry sc ut pl su ke ho da ty fa rn be ag id rr ob fo ie tt ow ig sh bl ly mo ip tc ru ir tu ai lt ' +
    'ab qu if ep sa ck oo do um ev sp yp av ls bu au wh ot lu sy fu ba cl ni os eq ov oc ld fe wa vi ui je cu yn rm fr ee bo').split(' '),
);

export function shannon(value: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  let sum = 0;
  for (const n of counts.values()) {
    const p = n / value.length;
    sum -= p * Math.log2(p);
  }
  return sum;
}

/** Share of letter pairs that are common in language; 0 when there are too few letters to tell. */
export function wordiness(value: string): number {
  let pairs = 0;
  let common = 0;
  for (const run of value.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().match(/[a-z]{3,}/g) ?? []) {
    if (/^[a-f]+$/.test(run)) continue; // digits of a hexadecimal number: hardly a word has no other letter
    for (let i = 0; i + 1 < run.length; i++) {
      pairs++;
      if (COMMON_PAIRS.has(run.slice(i, i + 2))) common++;
    }
  }
  return pairs < 8 ? 0 : common / pairs;
}

function characterClasses(value: string): number {
  return (/[a-z]/.test(value) ? 1 : 0) + (/[A-Z]/.test(value) ? 1 : 0) + (/[0-9]/.test(value) ? 1 : 0) + (/[^A-Za-z0-9]/.test(value) ? 1 : 0);
}

/** Words, numbers and marks between them: a resource's name (`cmp2-qat-1208358310`), a version, a date. */
const NAME_OF_WORDS = /^(?:[A-Za-z]{1,12}\d{0,2}|\d{1,14})(?:[-_.](?:[A-Za-z]{1,12}\d{0,2}|\d{1,14})){1,12}$/;

/** Reads like the output of a generator: entropy, character classes, no language in it. */
export function looksGenerated(value: string): boolean {
  if (value.length < 16 || /\s/.test(value)) return false;
  if (!/[0-9]/.test(value)) return isRandomLetters(value);
  if (/^[0-9]+$/.test(value)) return false;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && shannon(value) >= 3;
  if (characterClasses(value) < 2 || NAME_OF_WORDS.test(value)) return false;
  const h = shannon(value);
  if (value.length >= 24 ? h < 3.6 : h < 3.3) return false;
  return wordiness(value) < 0.62;
}

/** Generated and long enough that its name need not say more than "key"; a text in base64 is not generated. */
export function isLongKey(value: string): boolean {
  if (value.length < 24 || value.length > 200 || !looksGenerated(value) || isUuid(value)) return false;
  const decoded = decodeBase64(value);
  return decoded !== null && !/^[\x20-\x7e]*$/.test(decoded);
}

/** Letters of both cases and no digit, by chance: a quarter of the pairs is common, of any text in camel case most are. */
function isRandomLetters(value: string): boolean {
  if (value.length < 20 || value.length > 200 || !/^[A-Za-z]+$/.test(value) || shannon(value) < 3.6) return false;
  const letters = value.toLowerCase();
  let common = 0;
  for (let i = 0; i + 1 < letters.length; i++) if (COMMON_PAIRS.has(letters.slice(i, i + 2))) common++;
  return /[a-z]/.test(value) && (value.match(/[A-Z]/g)?.length ?? 0) >= 4 && common / (letters.length - 1) < 0.4;
}

/** A password somebody chose: short, no blanks, and neither a word nor a name of a thing. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 8 || value.length > 128 || /\s/.test(value)) return false;
  if (/^[A-Z][A-Z0-9_]*$/.test(value) || /^[a-z0-9]+([._:/-][a-z0-9]+)*$/.test(value) || /^[\w$]+(\.[\w$]+)+$/.test(value)) return false;
  return characterClasses(value) >= 3 && /[0-9]/.test(value);
}

/** The value stands elsewhere: an environment read, a template variable, a secret manager's address. */
export function isReference(value: string): boolean {
  return (
    /\$\{|\$\(|\{\{|<%|%\(|#\{/.test(value) ||
    /^\$[A-Za-z_]\w*$/.test(value) ||
    /^%[A-Za-z_]\w*%$/.test(value) ||
    /^@?[A-Za-z_]*\(.*\)$/.test(value) ||
    /(?:process\.env|import\.meta\.env|Deno\.env|os\.environ|os\.getenv|getenv|ENV\[|System\.getenv|secrets\.[A-Za-z_]|vars\.[A-Za-z_])/.test(value) ||
    /^(?:op|doppler|vault|aws-sm|gcp-sm|keyvault|arn|ssm|file|secret|sm|awssm|berglas|ref|env):/i.test(value) ||
    /^encrypted:/.test(value) ||
    /^!(?:Ref|Sub|GetAtt|vault|reference|secret)\b/.test(value) ||
    /^ENC\[/.test(value) ||
    /^\{[A-Za-z_]\w*\}$/.test(value) ||
    /^\[[A-Za-z_ -]+\]$/.test(value)
  );
}

const PLACEHOLDER_WORDS =
  /example|sample|dummy|fake|placeholder|redacted|todo|fixme|change[-_ ]?(?:me|this|it)|changeit|lorem|\.\.\.|…|x{4}|\*{3}|your[-_ ]?|(?:^|[-_ ])(?:my|the|some)[-_ ]?(?:api|key|secret|token|pass|super)|(?:insert|replace|enter|put|paste|add|set|fill)[-_ ]?(?:with|your|me|this|here|in|a|the|api|key|secret|token|pass)(?![a-z0-9])|(?:goes|is|key|secret|token|password|value)[-_ ]here|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|set|used|needed)|not[-_ ]?for[-_ ]?prod|(?:ci|dev|test)[-_]only|(?:^|[-_ ])(?:sua|seu|tua|teu|tu|su|votre|ton|dein|ihr)[-_ ](?:senha|chave|clave|token|projeto|proyecto|project|key|secret|api|contrase)|(?:^|[-_ ])(?:nueva|nuevo|nova|novo|nouveau|neues|new)[-_ ]?(?:contrase|senha|clave|pass|mot)|(?:contrase[^-_ ]*|senha|clave|pass\w*|pwd)[-_ ](?:segur[oa]|secure|fuerte|forte|strong|sicher|aqu[ií]|here)|(?:^|[-_ ])secure[-_ ]?(?:pass|pwd)|deadbeef|foobar|bogus|clear[-_]?text|<[^>]*>/i;

/** What a password is called, and whose or what kind of one: in the languages that guides are written in. */
const PASSWORD_WORDS = new Set('password passwd contraseña contrasena senha clave passwort kennwort parola motdepasse passe wachtwoord hasło haslo lösenord'.split(' '));
const BESIDE_PASSWORD = new Set('tu su tua sua seu teu ta votre ton mi minha mein dein ihr il la le el mot de del do da du der das uw jouw nueva nuevo nova novo nouveau nouvelle neues neue nieuw new segura seguro secure sicher sicheres forte fuerte strong aqui aquí usuario usuário user db here'.split(' '));

/** `tu_contraseña`, `dein-passwort`, `mot_de_passe`: the word itself, and what goes with it. */
function saysPassword(value: string): boolean {
  if (value.length > 40) return false;
  const words = value.toLowerCase().split(/[-_. ]+/);
  return words.some((w) => PASSWORD_WORDS.has(w)) && words.every((w) => PASSWORD_WORDS.has(w) || BESIDE_PASSWORD.has(w));
}

const SEQUENCES = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm', '9876543210', '0123456789abcdef'];

/** Longest run of the value that goes through an alphabet, digits or a keyboard row. */
function sequentialRun(value: string): number {
  const lower = value.toLowerCase();
  let best = 0;
  for (const sequence of SEQUENCES) {
    for (let i = 0; i < lower.length; ) {
      let n = 0;
      const from = sequence.indexOf(lower[i] ?? '');
      if (from >= 0) while (i + n < lower.length && from + n < sequence.length && lower[i + n] === sequence[from + n]) n++;
      best = Math.max(best, n);
      i += Math.max(1, n);
    }
  }
  return best;
}

/** Stands for a value that somebody will fill in: dummy words, one repeated character, a sequence. */
export function isPlaceholder(value: string): boolean {
  if (value.length === 0 || new Set(value).size === 1) return true;
  if (/^(?:x+|\*+|\.+|0+|-+|_+|#+|\?+)$/i.test(value)) return true;
  if (new Set(value).size <= Math.max(2, Math.min(4, value.length >> 3)) && value.length >= 8) return true;
  if (PLACEHOLDER_WORDS.test(value) || saysPassword(value)) return true;
  if (value.length >= 24 && /^(.{2,16}?)\1{2,}.{0,16}$/i.test(value)) return true; // `a1b2c3a1b2c3…`
  if (/^(?:true|false|null|none|nil|undefined|string|text|test|na|n\/a|secret|password|token|key|tbd)$/i.test(value)) return true;
  const run = sequentialRun(value);
  return run >= 8 && run >= value.length * 0.4;
}

/** Words and a number counted up from one: `secret_1234567890`, `paypal_secret_123`, `rzp_test_1234`. */
export function isCountedUp(value: string): boolean {
  const digits = /^[a-z]+(?:[-_][a-z]+)*[-_]?(\d{3,20})$/i.exec(value)?.[1];
  return digits !== undefined && '12345678901234567890'.startsWith(digits);
}

/** A provider's token whose variable part is made up: `sk_live_xxxxxxxx`, the access key of AWS's documentation. */
export function isPlaceholderToken(body: string): boolean {
  if (/x{6}|X{6}|\*{3}|\.\.\.|…|0{10}|<[^>]*>/.test(body)) return true;
  if (/example|placeholder|redacted|dummy|changeme|your[-_]|[-_]fake|fake[-_]|insert[-_]|replace[-_]?(?:me|with)|not[-_]?real/i.test(body)) return true;
  const distinct = new Set(body).size;
  if (body.length >= 12 && distinct <= 4) return true;
  const run = sequentialRun(body);
  return run >= 20 || (run >= 10 && run >= body.length * 0.25) || (run >= 8 && run >= body.length * 0.4);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** Texts of a known harmless form: hashes of public things, colours, paths, content types, dates. */
export function isHarmlessForm(value: string): boolean {
  return (
    /^(?:sha(?:1|256|384|512)[-:]|data:|blob:|#[0-9a-f]{3,8}$|https?:\/\/|wss?:\/\/|\.{0,2}\/|[A-Za-z]:\\|mailto:|urn:|rgba?\()/i.test(value) ||
    /^[\w.-]+\/[\w.+-]+$/.test(value) && wordiness(value) >= 0.62 ||
    /^\d{4}-\d\d-\d\d/.test(value) ||
    /^\$2[aby]\$\d\d\$|^\$argon2|^\$scrypt\$|^pbkdf2[:_$]/.test(value) ||
    /^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(value) ||
    /\.(?:pem|key|crt|cer|p12|json|ya?ml|txt|ts|js|tsx|env|sql|png|svg|html?|css)$/i.test(value) ||
    /^(?:pk_(?:live|test)_|(?:live|test)_pub_|(?:pi|seti)_\w{10,60}_secret_|sb_publishable_|phc_|pk\.ey|G-[A-Z0-9]{6,}|GTM-|UA-\d|6L[a-zA-Z0-9_-]{38}$)/.test(value)
  );
}
