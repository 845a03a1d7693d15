/** Whose data a read gives away: people's, the firm's own, or what everybody may see. */
import type { ProjectModel, SinkUse } from '../../../core/model';
import { snakeCase } from '../../../core/text';
import { chainAt } from '../../../fixes/walk';
import { columnsOf as tableColumns } from '../../validate/shared/models';

const PRIVATE = new Set('user customer client account profile member employee patient guest tenant owner contact lead message thread conversation chat note document file attachment invoice bill order payment payout transaction transfer subscription booking appointment reservation visit visitor session token credential secret key apikey log case matter ticket expense salary payroll contract statement bank card wallet address application applicant candidate submission answer record report quote proposal project task commission bonus loan claim prescription diagnosis consent address device location notification email mail password invite invitation membership organization organisation company firm student grade memory basket cart purchase refund earning balance checkin shift timesheet vendor supplier deal opportunity upload'.split(' '));
const LOOKUP = /(^|_)(rates?|types?|kinds?|status(es)?|categor(y|ies)|options?|industr(y|ies)|countr(y|ies)|cit(y|ies)|states?|regions?|currenc(y|ies)|languages?|locales?|tags?|plans?|products?|posts?|articles?|pages?|faqs?|testimonials?|features?|flags?|sqlite_master|migrations?|versions?|announcements?|news|events?|menu|recipes?|courses?|prices|pricing|commodity_prices|holidays|translations?|amenit(y|ies)|banners?|slid(e|er)s?|galler(y|ies)|brands?|sponsors?|showcases?)$/i;
const HARMLESS_COLUMNS = /^(_?id|name|title|label|slug|status|department|designation|color|icon|image|avatar|order|position|created_?at|updated_?at|count|value|code|key|published_?at|excerpt|url)$/i;

/** Does a stranger learn something that is not his? By the table's words, unless only harmless columns are asked for. */
export function privacy(s: SinkUse, model: ProjectModel): 'private' | 'public' | 'unknown' {
  if (s.kind === 'auth-admin' || s.service !== null) return 'private';
  if (s.kind === 'file' || s.kind === 'storage') return s.raw.length > 0 ? 'private' : 'unknown';
  const columns = columnsOf(s, model);
  if (columns !== null && columns.length > 0 && columns.every((c) => HARMLESS_COLUMNS.test(c))) return 'unknown';
  if (s.target === null) return 'unknown';
  const known = columns === null ? bySchema(tableColumns(s.target, model)) : null;
  if (known !== null) return known;
  if (showsCosts(s, model)) return 'private';
  const name = nameOf(s.target);
  if (LOOKUP.test(name)) return 'public';
  return name.split('_').some(isPrivateWord) ? 'private' : 'unknown';
}

const KEPT_COLUMN = /^(__v|_?id|(created|updated)_?at|is_?active|active|enabled|sort_?order)$/i;
const SECRET_COLUMN = /passw|(^|_)(ssn|iban|birth|birthday|dob|date_of_birth|salary|passport|tax_id|national_id)(_|$)/;
const CONTACT_COLUMN = /(^|_)(e?mail|phone|mobile|address|street)(_|$)/;

/** What the schema's fields say, whatever the table is called: a list of names is nobody's data, two ways to reach somebody are. */
function bySchema(columns: readonly string[] | null): 'private' | 'unknown' | null {
  if (columns === null) return null;
  const names = columns.map(snakeCase);
  if (names.some((c) => SECRET_COLUMN.test(c)) || names.filter((c) => CONTACT_COLUMN.test(c)).length >= 2) return 'private';
  const own = names.filter((c) => !KEPT_COLUMN.test(c));
  return own.length <= 3 && own.every((c) => HARMLESS_COLUMNS.test(c) || /_(name|code|label|color|colour|icon)$/.test(c)) && own.some((c) => /name|title|label|code/.test(c)) ? 'unknown' : null;
}

/** A word for what belongs to somebody. */
export function isPrivateWord(w: string): boolean {
  return PRIVATE.has(w) || PRIVATE.has(singular(w));
}

/** "companies" → "company". */
export function singular(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(ss|x|ch|sh)es$/, '$1').replace(/([^s])s$/, '$1');
}

/** The columns a query asks for, where it says so. */
export function columnsOf(s: SinkUse, model: ProjectModel): readonly string[] | null {
  const script = model.file(s.at.file)?.script;
  if (!script) return null;
  for (const call of chainAt(script, s.at.span)) {
    const first = call.args[0];
    if (call.fn.k === 'mem' && call.fn.prop === 'select' && first?.k === 'str') return first.v.split(/[\s,]+/).filter(Boolean);
    for (const a of call.args) {
      if (a.k === 'str') {
        const sql = /^\s*select\s([\w\s,."`]+?)\sfrom\s/i.exec(a.v);
        if (sql) return (sql[1] ?? '').split(',').map((c) => c.trim().replace(/^.*[\s.]/, '').replace(/["`]/g, ''));
      }
      if (a.k !== 'obj') continue;
      for (const p of a.props) if (p.k === 'prop' && (p.key === 'select' || p.key === 'attributes') && p.value.k === 'obj') return p.value.props.flatMap((x) => (x.k === 'prop' ? (x.value.k === 'bool' && !x.value.v ? [] : [x.key]) : ['*']));
    }
  }
  return null;
}

// ------------------------------------------------------------------------------------------------ what it costs

const PEOPLE = new Set('user customer client account profile member employee staff patient guest owner contact lead message thread conversation chat appointment booking reservation visit visitor person people applicant candidate submission student teacher doctor driver passenger subscriber attendee prescription diagnosis consent address email mail phone admin administrator salary payroll medical'.split(' '));
const OWN_FIGURES = new Set('product stock inventory item material setting config price'.split(' '));
/** What the firm itself pays; shipping is paid by who orders. */
const OWN_COST = /^(unit_|item_|product_|base_)?(costs?|cost_price|price_cost|cost_per_unit)$|^(purchase|buying|buy|wholesale|supplier|vendor)_(price|cost|rate)$|(^|_)(margin|markup|mark_up)(_|$)/;

/** What is sold, or kept to be sold. */
const GOODS = new Set('product item inventory stock material part variant sku article good catalog menu recipe ingredient'.split(' '));

/** Rows that show what the firm pays for what it sells: no catalogue for everybody. */
export function showsCosts(s: SinkUse, model: ProjectModel): boolean {
  if (s.kind !== 'db-read' || s.target === null || !nameOf(s.target).split('_').map(singular).some((w) => GOODS.has(w)) || (s.shown !== 'rows' && s.shown !== 'unknown')) return false;
  const named = s.shownColumns.length > 0 ? s.shownColumns : (columnsOf(s, model) ?? tableColumns(s.target, model) ?? []);
  return named.some((c) => OWN_COST.test(snakeCase(c)));
}

const DEALINGS = new Set('invoice bill order payment payout transaction transfer subscription quote quotation proposal contract refund receipt sale deal statement earning commission'.split(' '));
const SPENT = new Set('expense purchase supplier vendor cost budget margin'.split(' '));

/** `people`: rows that name somebody; `dealings`: what was agreed, billed or paid; `own`: what the firm spends, buys and keeps; `other`: none of them is known. */
export type Whose = 'people' | 'dealings' | 'own' | 'other';

/** Whose data the rows of one read are, by the table's name and the columns its schema lists. */
export function whoseRows(s: SinkUse, named: readonly string[], model: ProjectModel): Whose {
  if (s.kind === 'auth-admin') return 'people';
  // Where the statement does not say what it reads, the address may.
  const words = nameOf(s.target ?? named.join('_')).split('_').map(singular);
  if (words.some((w) => PEOPLE.has(w))) return 'people';
  if (showsCosts(s, model) || words.some((w) => SPENT.has(w))) return 'own';
  const columns = s.shownColumns.length > 0 ? s.shownColumns : (columnsOf(s, model) ?? tableColumns(s.target, model) ?? []);
  if (columns.map(snakeCase).some((c) => CONTACT_COLUMN.test(c) || SECRET_COLUMN.test(c) || /(^|_)(customer|client|patient|guest|recipient)_?(name|phone|mail|email)(_|$)/.test(c))) return 'people';
  return words.some((w) => DEALINGS.has(w)) ? 'dealings' : words.some((w) => OWN_FIGURES.has(w)) ? 'own' : 'other';
}

function nameOf(target: string): string {
  return snakeCase(target.replace(/model$/i, ''));
}
