/** From how a field is used, and what it is called, to its type; and the type written in a validator's words. */
import type { Field } from './schema-reads';

export type Type =
  | { readonly t: 'string'; readonly min: number; readonly max: number; readonly trim: boolean; readonly format: 'email' | 'url' | 'date' | 'number' | null }
  | { readonly t: 'number'; readonly coerce: boolean; readonly int: boolean; readonly min: number | null; readonly max: number | null }
  | { readonly t: 'boolean' }
  | { readonly t: 'enum'; readonly values: readonly string[] }
  | { readonly t: 'array'; readonly of: Type; readonly max: number }
  | { readonly t: 'object'; readonly fields: readonly Entry[] }
  | { readonly t: 'record' }
  | { readonly t: 'date' }
  | { readonly t: 'file' };

export interface Entry {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
  readonly nullable: boolean;
}

export interface InferOptions {
  /** Forms send texts, and an empty text for what was left blank. */
  readonly form: boolean;
  /** Fields not asked for may be left out: partial updates. */
  readonly partial: boolean;
  /** Ids of this project are numbers. */
  readonly numericIds: boolean;
  /** Values are checked and used as they came: no trimming, no conversion. */
  readonly exact: boolean;
  readonly signUp: boolean;
}

const LONG = /desc|content|message|^body$|^text|note|bio|comment|html|prompt|summary|reason|details|instructions|markdown|address|about|remarks|observ|feedback|template|query|motivo|mensagem/i;
const MONEY = /(amount|price|cost|total|fee|salary|rate|balance|budget|discount|subtotal|valor|payable)$/i;
const COUNT = /^(qty|quantity|count|capacity|stock|limit|seats|stars|bags\w*|num[A-Z_]\w*|number_of\w*|\w+_?(count|qty|quantity))$/i;
const BOOL = /^(is|has|can|should|allow|enable|disable|accept|agree|show|hide)[A-Z_]|^(enabled|disabled|active|published|completed|archived|verified|approved|confirmed|subscribed|agreed?|accepted|done|default|visible|hidden|public|private|force|remember(Me)?|confirmacao|ativo)$/;
const DATE = /(^|_)(date|deadline|birthday|dob)$|[a-z](Date|Deadline|At|On)$|_(at|on)$|^(start|end|due|date_?of_?birth|checkIn|checkOut|scheduled)(Date|Time|At)?$|^date[A-Z_]/;
const OBJECT = /^(metadata|meta|settings|preferences|config|options|payload|context|extra|details|data|attributes|properties|params|filters?|device_?info|event_?data|address|location|profile)$/i;
const LIST = /^(ids|items|tags|roles|emails|permissions|lines|rows|entries|files|members|categories|options|products|recipients|skills|features|images|photos)$|[a-z_](Ids|IDs|Tags|Emails|_ids|Items|List)$/;
const ID = /(^|[a-z_])(id|uuid)$|Id$|ID$/;
const COORDINATE = /^(lat|lng|lon|latitude|longitude)$/i;

export function typeOf(f: Field, o: InferOptions): Type {
  const name = f.name;
  if (f.file) return { t: 'file' };
  if (f.array || (f.children.size === 0 && !f.allowed.length && LIST.test(name) && !f.converted)) return { t: 'array', of: elementType(f, o), max: 1000 };
  const allowed = [...new Set(f.allowed)];
  if (allowed.length >= 2) return { t: 'enum', values: allowed };
  const literals = [...new Set(f.literals)];
  if (literals.length >= 2 && !o.form) return { t: 'enum', values: literals };
  if (f.children.size > 0 && !f.converted && !f.arithmetic) return { t: 'object', fields: entriesOf(f.children.values(), { ...o, partial: false }) };
  if ((f.bool || BOOL.test(name) || f.fallback?.k === 'bool') && !o.form && !f.arithmetic && literals.length === 0) return { t: 'boolean' };
  if (f.converted || f.arithmetic || f.fallback?.k === 'num' || MONEY_OR_COUNT(name) || COORDINATE.test(name)) return numberType(f, o);
  if (ID.test(name) && o.numericIds) return { t: 'number', coerce: !o.exact, int: true, min: 1, max: null };
  if (OBJECT.test(name) && f.passed && !o.form && !f.denied && /^(metadata|meta|settings|preferences|config|options|payload|context|extra|data|attributes|properties|params|filters?|device_?info|event_?data)$/i.test(name)) return { t: 'record' };
  return stringType(f, o);
}

const MONEY_OR_COUNT = (name: string): boolean => (MONEY.test(name) && !/id$|type|method|status|date|currency|link|name|note|mode|strategy|desc/i.test(name)) || COUNT.test(name);

function numberType(f: Field, o: InferOptions): Type {
  // A text from a form under a local name of its own stays a text: the code converts it where it uses it.
  if (o.form && !f.arithmetic && !f.converted) return { t: 'string', min: f.denied ? 1 : 0, max: 50, trim: true, format: 'number' };
  const coerce = o.form || (f.converted && !o.exact) || (!o.exact && !f.arithmetic);
  if (COORDINATE.test(f.name)) return /lat/i.test(f.name) ? { t: 'number', coerce, int: false, min: -90, max: 90 } : { t: 'number', coerce, int: false, min: -180, max: 180 };
  if (ID.test(f.name)) return { t: 'number', coerce, int: true, min: 1, max: null };
  if (COUNT.test(f.name)) return { t: 'number', coerce, int: false, min: 0, max: 1_000_000 };
  if (MONEY.test(f.name)) return { t: 'number', coerce, int: false, min: 0, max: 1_000_000_000 };
  return { t: 'number', coerce, int: false, min: null, max: null };
}

function elementType(f: Field, o: InferOptions): Type {
  const e = f.element;
  if (e && e.children.size > 0) return { t: 'object', fields: entriesOf(e.children.values(), { ...o, partial: false }) };
  if (f.children.size > 0) return { t: 'object', fields: entriesOf([...f.children.values()].filter((c) => !/^\d+$/.test(c.name)), { ...o, partial: false }) };
  if (e && (e.arithmetic || e.converted)) return { t: 'number', coerce: e.converted, int: false, min: null, max: null };
  if (/email/i.test(f.name)) return { t: 'string', min: 1, max: 254, trim: false, format: 'email' };
  if (/ids$/i.test(f.name) && o.numericIds) return { t: 'number', coerce: !o.exact, int: true, min: 1, max: null };
  return { t: 'string', min: 1, max: 200, trim: false, format: null };
}

function stringType(f: Field, o: InferOptions): Type {
  const name = f.name;
  const trim = !o.exact;
  if (f.json) return { t: 'string', min: f.denied ? 1 : 0, max: 100_000, trim: false, format: null };
  // An empty text stands for "left blank" where nothing refuses it.
  const min = f.denied ? 1 : f.optional || o.partial || o.form ? 0 : 1;
  if (/e-?mail/i.test(name) && !/template|subject|body|content|type|enabled|notif|verified/i.test(name)) return { t: 'string', min: 0, max: 254, trim, format: min === 0 && o.form ? null : 'email' };
  if (/passw|senha|secret|token|code$|pin$|otp/i.test(name)) return { t: 'string', min: o.signUp && /passw|senha/i.test(name) ? 8 : Math.max(min, f.denied ? 1 : min), max: /token/i.test(name) ? 4000 : 200, trim: false, format: null };
  if (/(^|_)(url|link|website|href)$|[a-z](Url|URL|Link|Website)$/i.test(name)) return { t: 'string', min, max: 2000, trim, format: min === 0 ? null : 'url' };
  if (f.date || DATE.test(name)) return { t: 'string', min: min === 0 ? 0 : 1, max: 40, trim, format: f.date && min > 0 ? 'date' : null };
  if (/phone|mobile|telefone|^tel$|whatsapp/i.test(name)) return { t: 'string', min, max: 40, trim, format: null };
  if (ID.test(name)) return { t: 'string', min, max: 100, trim: false, format: null };
  if (LONG.test(name)) return { t: 'string', min, max: 10_000, trim, format: null };
  return { t: 'string', min, max: 255, trim, format: null };
}

export function entriesOf(fields: Iterable<Field>, o: InferOptions): Entry[] {
  return [...fields].map((f) => {
    const type = typeOf(f, o);
    const optional = !f.denied && (f.optional || f.fallback !== null || o.partial || (o.form && type.t !== 'file' && type.t !== 'number'));
    return { name: f.name, type, optional, nullable: false };
  });
}

// ------------------------------------------------------------------------------------------------ validators

export type ValidatorId = 'zod' | 'joi' | 'valibot';

export interface Validator {
  readonly id: ValidatorId;
  readonly package: string;
  readonly version: string;
  /** How the module is imported under its usual name: `{ z }`, `Joi`, `* as v`. */
  readonly named: string | null;
  readonly local: string;
  readonly namespace: boolean;
  schema(local: string, type: Type, w: Writer): string;
  parse(local: string, schema: string, input: string): string;
  failed(result: string): string;
  data(result: string): string;
  /** A list of `{ path, message }`. */
  issues(local: string, result: string, q: string): string;
  /** The names of the wrong fields, as one text. */
  names(local: string, result: string, q: string): string;
}

export interface Writer {
  readonly q: string;
  readonly indent: string;
  readonly eol: string;
}

function key(name: string, w: Writer): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name, w);
}

function text(s: string, w: Writer): string {
  return w.q + s.replace(/\\/g, '\\\\').replace(/\r/g, '\\r').replace(/\n/g, '\\n').replaceAll(w.q, `\\${w.q}`) + w.q;
}

function num(n: number): string {
  return Math.abs(n) >= 10_000 ? String(n).replace(/\B(?=(\d{3})+$)/g, '_') : String(n);
}

function objectText(fields: readonly Entry[], w: Writer, depth: number, render: (e: Entry, depth: number) => string): string {
  const lines = fields.map((f) => `${w.indent.repeat(depth + 1)}${key(f.name, w)}: ${render(f, depth + 1)},`);
  return `{${w.eol}${lines.join(w.eol)}${w.eol}${w.indent.repeat(depth)}}`;
}

const zod: Validator = {
  id: 'zod', package: 'zod', version: '^4.0.0', named: 'z', local: 'z', namespace: false,
  schema: (z, type, w) => zodText(z, type, w, 0),
  parse: (_z, schema, input) => `${schema}.safeParse(${input})`,
  failed: (r) => `!${r}.success`,
  data: (r) => `${r}.data`,
  issues: (_z, r, q) => `${r}.error.issues.map((issue) => ({ path: issue.path.join(${q}.${q}), message: issue.message }))`,
  names: (_z, r, q) => `${r}.error.issues.map((issue) => issue.path.join(${q}.${q})).join(${q}, ${q})`,
};

function zodText(z: string, t: Type, w: Writer, depth: number): string {
  switch (t.t) {
    case 'string': {
      const base = `${z}.string()${t.trim ? '.trim()' : ''}`;
      if (t.format === 'email') return `${base}.email().max(${num(t.max)})`;
      if (t.format === 'url') return `${base}.url().max(${num(t.max)})`;
      const sized = `${base}${t.min > 0 ? `.min(${num(t.min)})` : ''}.max(${num(t.max)})`;
      if (t.format === 'date') return `${sized}.refine((value) => !Number.isNaN(Date.parse(value)), ${text('Not a date', w)})`;
      if (t.format === 'number') return `${sized}.refine((value) => Number.isFinite(Number(value)), ${text('Not a number', w)})`;
      return sized;
    }
    case 'number':
      return `${z}.${t.coerce ? 'coerce.' : ''}number()${t.int ? '.int()' : ''}${t.min !== null ? `.min(${num(t.min)})` : ''}${t.max !== null ? `.max(${num(t.max)})` : ''}`;
    case 'boolean':
      return `${z}.boolean()`;
    case 'enum':
      return `${z}.enum([${t.values.map((v) => text(v, w)).join(', ')}])`;
    case 'array':
      return `${z}.array(${zodText(z, t.of, w, depth)}).max(${num(t.max)})`;
    case 'object':
      return `${z}.object(${objectText(t.fields, w, depth, (e, d) => `${zodText(z, e.type, w, d)}${e.nullable ? '.nullable()' : ''}${e.optional ? '.optional()' : ''}`)})`;
    case 'record':
      return `${z}.record(${z}.string(), ${z}.unknown())`;
    case 'date':
      return `${z}.coerce.date()`;
    case 'file':
      return `${z}.instanceof(File).refine((file) => file.size <= 10 * 1024 * 1024, ${text('At most 10 MB', w)})`;
  }
}

const joi: Validator = {
  id: 'joi', package: 'joi', version: '^17.13.0', named: null, local: 'Joi', namespace: false,
  schema: (j, type, w) => joiText(j, type, w, 0),
  parse: (_j, schema, input) => `${schema}.validate(${input}, { abortEarly: false, stripUnknown: true })`,
  failed: (r) => `${r}.error`,
  data: (r) => `${r}.value`,
  issues: (_j, r, q) => `${r}.error.details.map((issue) => ({ path: issue.path.join(${q}.${q}), message: issue.message }))`,
  names: (_j, r, q) => `${r}.error.details.map((issue) => issue.path.join(${q}.${q})).join(${q}, ${q})`,
};

function joiText(j: string, t: Type, w: Writer, depth: number): string {
  switch (t.t) {
    case 'string': {
      const base = `${j}.string()${t.trim ? '.trim()' : ''}`;
      if (t.format === 'email') return `${base}.email({ tlds: { allow: false } }).max(${num(t.max)})`;
      if (t.format === 'url') return `${base}.uri().max(${num(t.max)})`;
      return `${base}${t.min > 1 ? `.min(${num(t.min)})` : t.min === 0 ? `.allow(${text('', w)})` : ''}.max(${num(t.max)})`;
    }
    case 'number':
      return `${j}.number()${t.int ? '.integer()' : ''}${t.min !== null ? `.min(${num(t.min)})` : ''}${t.max !== null ? `.max(${num(t.max)})` : ''}`;
    case 'boolean':
      return `${j}.boolean()`;
    case 'enum':
      return `${j}.string().valid(${t.values.map((v) => text(v, w)).join(', ')})`;
    case 'array':
      return `${j}.array().items(${joiText(j, t.of, w, depth)}).max(${num(t.max)})`;
    case 'object':
      return `${j}.object(${objectText(t.fields, w, depth, (e, d) => `${joiText(j, e.type, w, d)}${e.nullable ? '.allow(null)' : ''}${e.optional ? '' : '.required()'}`)})`;
    case 'record':
      return `${j}.object()`;
    case 'date':
      return `${j}.date()`;
    case 'file':
      return `${j}.any()`;
  }
}

const valibot: Validator = {
  id: 'valibot', package: 'valibot', version: '^1.0.0', named: null, local: 'v', namespace: true,
  schema: (v, type, w) => valibotText(v, type, w, 0),
  parse: (v, schema, input) => `${v}.safeParse(${schema}, ${input})`,
  failed: (r) => `!${r}.success`,
  data: (r) => `${r}.output`,
  issues: (v, r) => `${r}.issues.map((issue) => ({ path: ${v}.getDotPath(issue), message: issue.message }))`,
  names: (v, r, q) => `${r}.issues.map((issue) => ${v}.getDotPath(issue)).join(${q}, ${q})`,
};

function valibotText(v: string, t: Type, w: Writer, depth: number): string {
  const pipe = (base: string, checks: readonly (string | null)[]): string => {
    const list = checks.filter((c): c is string => c !== null);
    return list.length === 0 ? base : `${v}.pipe(${[base, ...list].join(', ')})`;
  };
  switch (t.t) {
    case 'string':
      return pipe(`${v}.string()`, [
        t.trim ? `${v}.trim()` : null, t.format === 'email' ? `${v}.email()` : t.format === 'url' ? `${v}.url()` : t.min > 0 ? `${v}.minLength(${num(t.min)})` : null, `${v}.maxLength(${num(t.max)})`,
        t.format === 'date' ? `${v}.check((value) => !Number.isNaN(Date.parse(value)), ${text('Not a date', w)})` : null,
      ]);
    case 'number':
      return pipe(t.coerce ? `${v}.unknown()` : `${v}.number()`, [t.coerce ? `${v}.transform(Number)` : null, t.coerce ? `${v}.number()` : null, t.int ? `${v}.integer()` : null, t.min !== null ? `${v}.minValue(${num(t.min)})` : null, t.max !== null ? `${v}.maxValue(${num(t.max)})` : null]);
    case 'boolean':
      return `${v}.boolean()`;
    case 'enum':
      return `${v}.picklist([${t.values.map((x) => text(x, w)).join(', ')}])`;
    case 'array':
      return pipe(`${v}.array(${valibotText(v, t.of, w, depth)})`, [`${v}.maxLength(${num(t.max)})`]);
    case 'object':
      return `${v}.object(${objectText(t.fields, w, depth, (e, d) => {
        const inner = valibotText(v, e.type, w, d);
        const withNull = e.nullable ? `${v}.nullable(${inner})` : inner;
        return e.optional ? `${v}.optional(${withNull})` : withNull;
      })})`;
    case 'record':
      return `${v}.record(${v}.string(), ${v}.unknown())`;
    case 'date':
      return pipe(`${v}.union([${v}.date(), ${v}.string()])`, [`${v}.transform((value) => new Date(value))`, `${v}.date()`]);
    case 'file':
      return pipe(`${v}.file()`, [`${v}.maxSize(10 * 1024 * 1024)`]);
  }
}

export const VALIDATOR_WRITERS: Readonly<Record<ValidatorId, Validator>> = { zod, joi, valibot };
