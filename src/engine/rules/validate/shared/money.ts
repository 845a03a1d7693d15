/** Whether a name means money or stock: what its last word is decides, `tax_number` is a number and `total_hires` are hires. */

/** What is counted in money or in pieces. */
const AMOUNT = new Set('price prices amount amounts total subtotal balance cost costs fee fees salary salaries wage wages payable payment payments pay discount discounts refund refunds tax taxes vat gst deposit deposits payout payouts wallet budget commission commissions premium outstanding rent income revenue turnover charge charges invoice_total quantity qty stock bonus credit credits points earnings'.split(' '));
/** What it is counted in or how, behind the word that says what it is: `price_cents`, `discount_percent`, `amount_due`. */
const MEASURE = /_(cents?|minor|usd|eur|gbp|inr|lkr|aed|pkr|etb|mad|percent|percentage|pct|value|due|paid|owed|charged|received|collected|spent|earned|billed|invoiced|net|gross|overall|each|incl|excl)$/;
/** How much of a stock: `qty_ordered`, `quantity_available`. */
const OF_STOCK = /(^|_)(quantity|qty|stock)_(ordered|available|loaned|sold|used|reserved|required|requested|delivered|needed|remaining|on_hand|in_[a-z]+)$/;
/** A limit is an amount where it says how much may be owed or spent. */
const CEILING = /(^|_)(credit|spending|spend|overdraft|loan)_limit$/;
/** Rates of money; a frame rate or a success rate is none. */
const RATE = /(^|_)(hour|hourly|day|daily|week|weekly|month|monthly|overtime|extra|tax|vat|gst|exchange|interest|commission|discount|pay|labou?r|billing|unit|room|rental|fee)_?rates?$/;
/** What unlocks what others pay for, by whatever key it is named, and until when. */
const PLAN = /(^|_)(plan|tier|price)(_(id|key|code))?$|(^|_)(paid|premium|subscribed|subscription|plan|trial)_(until|ends?(_at)?|expires?(_at|_on)?|expiry|expiration)$/;
/** Of these, what is no amount itself. */
const NO_AMOUNT = /(^|_)(plan|tier)(_(id|key|code))?$|_(until|ends?(_at)?|expires?(_at|_on)?|expiry|expiration|id|key|code)$/;
/** Limits and thresholds of stock, loads and leave are no amounts anybody owes; a flag is none either. */
const NONE = /^(is|has|was|can|show|hide|allow|use|enable|include|requires?)_|(^|_)(waste|wastage|scrap|reorder|threshold)(_|$)|^(min|max|minimum|maximum|low|safety)_(stock|quantity|qty)$|(^|_)(leave|vacation|holiday|load|sick)_(balance|credits?|total|quantity)$/;

/** The name, in words joined by `_`, is that of an amount or of what is paid for. */
export function namesMoney(snake: string): boolean {
  if (NONE.test(snake)) return false;
  if (PLAN.test(snake) || RATE.test(snake) || CEILING.test(snake) || OF_STOCK.test(snake)) return true;
  return AMOUNT.has(headOf(snake)) || /(^|_)rates?$/.test(snake);
}

/** What is paid for is chosen, no amount is written. */
export function namesPlan(snake: string): boolean {
  return NO_AMOUNT.test(snake);
}

/** The last word that says what it is: `price_per_liter` is a price, `total_units` are units. */
export function headOf(snake: string): string {
  let name = snake.replace(/_(per|of|for|in|on|to|from|by|before|after|with)_.+$/, '');
  for (let shorter = name.replace(MEASURE, ''); shorter !== name && shorter !== ''; shorter = name.replace(MEASURE, '')) name = shorter;
  return name.slice(name.lastIndexOf('_') + 1);
}

/** A word that is no trifle where it stands in any table: the others mean other things as often. */
export function isPlainAmount(snake: string): boolean {
  return !/^(credits?|points|bonus|pay|charges?|premium|rates?|plan|tier|quantity|qty)$/.test(headOf(snake)) || RATE.test(snake);
}
