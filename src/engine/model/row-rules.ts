/** What the repository's own SQL says about row level security: whom the database itself lets at a table's rows. */
import type { FileFacts, Passes, RowRuleChange, RowTest, SqlCommand } from '../core/facts';
import type { RowAccess, RowRules, SinkKind } from '../core/model';

type Policy = Extract<RowRuleChange, { do: 'policy' }>;

interface Table {
  /** A `create table` was read. */
  created: boolean;
  /** null: no statement says. */
  on: boolean | null;
  /** Some file turns it on and another off, and no order tells which holds. */
  disputed: boolean;
  readonly policies: Map<string, Policy>;
}

const NOTHING: Readonly<Record<SqlCommand, RowAccess>> = { select: 'unknown', insert: 'unknown', update: 'unknown', delete: 'unknown' };
const UNKNOWN: RowRules = { state: 'unknown', strangers: NOTHING };
const OFF: RowRules = { state: 'off', strangers: { select: 'off', insert: 'off', update: 'off', delete: 'off' } };

/** Migrations run in the order of their names; other SQL files are run by hand, in an order nobody wrote down. */
const MIGRATION = /(^|\/)migrations\//;

export class RowRuleBook {
  private readonly migrated = new Map<string, Table>();
  private readonly other = new Map<string, Table>();
  /** Database functions by their last name: one that asks who is calling, itself or through another. */
  private readonly functions = new Map<string, { readonly asks: boolean; readonly calls: readonly string[] }>();
  private unread = false;
  private readonly known = new Map<string, RowRules>();

  constructor(files: Iterable<FileFacts>) {
    const found = [...files].flatMap((f) => (f.config?.kind === 'row-rules' ? [{ path: f.path, changes: f.config.changes }] : []));
    found.sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const f of found) for (const c of f.changes) this.apply(c, MIGRATION.test(f.path) ? this.migrated : this.other);
  }

  /** Row rules of a table, by its name as the client calls it. */
  of(table: string): RowRules {
    let rules = this.known.get(table);
    if (!rules) this.known.set(table, (rules = this.judge(table)));
    return rules;
  }

  /** Row rules of the files in a storage bucket: policies of `storage.objects` that name it, or name none. */
  ofBucket(bucket: string): RowRules {
    const t = this.tableOf('storage.objects');
    if (!t) return UNKNOWN;
    const about = [...t.policies.values()].filter((p) => {
      const texts = [...(p.using ?? []), ...(p.check ?? [])].flatMap((x) => x.texts);
      return texts.includes(bucket) || !texts.some((x) => x !== 'authenticated' && x !== 'anon');
    });
    return about.length === 0 ? UNKNOWN : { state: 'on-with-policies', strangers: this.strangersOf(about) };
  }

  /** The database function itself asks who is calling. */
  asks(name: string, depth = 0): boolean {
    const f = this.functions.get(lastPart(name));
    return f !== undefined && (f.asks || (depth < 4 && f.calls.some((c) => c !== name && this.asks(c, depth + 1))));
  }

  /** What row rules leave a stranger of this piece of work, were it done with his own rights. */
  accessOf(kind: SinkKind, op: string, target: string | null): RowAccess {
    if (target === null) return 'unknown';
    if (kind === 'storage') return this.ofBucket(target).strangers[/^(upload|createSignedUploadUrl)/.test(op) ? 'insert' : /^(remove|delete)/.test(op) ? 'delete' : /^(move|copy|update)/.test(op) ? 'update' : 'select'];
    if (kind !== 'db-read' && kind !== 'db-write') return 'unknown';
    if (op === 'rpc') return this.asks(target) ? 'none' : 'unknown';
    const command = op === 'upsert' ? 'insert' : op;
    return command === 'select' || command === 'insert' || command === 'update' || command === 'delete' ? this.of(target).strangers[command] : 'unknown';
  }

  private apply(c: RowRuleChange, into: Map<string, Table>): void {
    if (c.do === 'unread') {
      this.unread = true;
      return;
    }
    if (c.do === 'function') {
      this.functions.set(lastPart(c.name), c);
      return;
    }
    if (c.do === 'drop') {
      into.delete(c.table);
      return;
    }
    let t = into.get(c.table);
    if (!t) into.set(c.table, (t = { created: false, on: null, disputed: false, policies: new Map<string, Policy>() }));
    switch (c.do) {
      case 'create':
        t.created = true;
        return;
      case 'rename':
        into.delete(c.table);
        into.set(c.to, t);
        return;
      case 'rls':
        t.disputed ||= into === this.other && t.on !== null && t.on !== c.on;
        t.on = c.on;
        return;
      case 'policy':
        t.policies.set(c.name, c);
        return;
      case 'drop-policy':
        t.policies.delete(c.name);
        return;
      case 'alter-policy': {
        const old = t.policies.get(c.name);
        if (old) t.policies.set(c.name, { ...old, to: c.to ?? old.to, using: c.using ?? old.using, check: c.check ?? old.check });
      }
    }
  }

  /** The migrations' word where they have one; else that of the other SQL files. */
  private tableOf(name: string): Table | null {
    const m = this.migrated.get(name);
    return m && (m.on !== null || m.policies.size > 0) ? m : (this.other.get(name) ?? m ?? null);
  }

  private judge(name: string): RowRules {
    const t = this.tableOf(name);
    if (!t || t.disputed) return UNKNOWN;
    if (t.on === null || !t.on) {
      // Switched on where no file shows it (a dashboard, a statement made at run time) is switched on all the same.
      const certain = this.migrated.get(name) === t && !this.unread && t.policies.size === 0 && (t.on === false || (t.created && !this.other.has(name)));
      return certain ? OFF : this.atLeast(t);
    }
    return { state: t.policies.size > 0 ? 'on-with-policies' : 'on-without-policies', strangers: this.strangersOf([...t.policies.values()]) };
  }

  /** Whether row level security is on is not known: what a policy lets everybody do is open either way. */
  private atLeast(t: Table): RowRules {
    const { select, insert, update, delete: remove } = this.strangersOf([...t.policies.values()]);
    const open = (a: RowAccess): RowAccess => (a === 'all' || a === 'meant' ? a : 'unknown');
    return { state: 'unknown', strangers: { select: open(select), insert: open(insert), update: open(update), delete: open(remove) } };
  }

  private strangersOf(policies: readonly Policy[]): Readonly<Record<SqlCommand, RowAccess>> {
    const access = (command: SqlCommand): RowAccess => {
      const about = policies.filter((p) => p.command === 'all' || p.command === command).filter((p) => p.to.length === 0 || p.to.includes('public') || p.to.includes('anon'));
      let best: RowAccess = 'none';
      for (const p of about) {
        if (p.restrictive) continue;
        const passes = this.passes(p, command);
        const own: RowAccess = passes === 'all' ? (p.to.includes('anon') ? 'meant' : 'all') : passes;
        if (ORDER[own] > ORDER[best]) best = own;
      }
      for (const p of about) {
        if (!p.restrictive) continue;
        const passes = this.passes(p, command);
        if (ORDER[passes] < ORDER[best]) best = passes;
      }
      return best;
    };
    return { select: access('select'), insert: access('insert'), update: access('update'), delete: access('delete') };
  }

  /** What the policy's tests let through for somebody without an account. */
  private passes(p: Policy, command: SqlCommand): Passes {
    const using = this.loosest(p.using);
    const check = this.loosest(p.check ?? p.using);
    if (command === 'insert') return check;
    if (command === 'update') return RANK[check] < RANK[using] ? check : using;
    return using;
  }

  private loosest(test: RowTest | null): Passes {
    if (test === null) return 'all';
    let best: Passes = 'none';
    for (const x of test) {
      const passes: Passes = x.calls.some((c) => this.asks(c)) ? 'none' : x.passes;
      if (RANK[passes] > RANK[best]) best = passes;
    }
    return best;
  }
}

const RANK: Readonly<Record<Passes, number>> = { none: 0, some: 1, all: 2 };
const ORDER: Readonly<Record<RowAccess, number>> = { unknown: -1, none: 0, some: 1, meant: 2, all: 3, off: 4 };

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
