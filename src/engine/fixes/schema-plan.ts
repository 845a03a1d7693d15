/** Where a schema goes: the source of the data in the handler, the places that read it, the statement before which it is checked. */
import type { Expr, FunctionFact, Pattern, ScriptFacts, Stmt } from '../core/facts';
import type { Endpoint, InputSource, ProjectModel } from '../core/model';
import type { Location, RelPath, Span } from '../core/types';
import { type Field, type Seen, type Up, bindLocal, child, newField, note, noteLocals, walk } from './schema-reads';
import { functionAt, innerLists } from './walk';

export interface Replace {
  readonly span: Span;
  /** `data`: the parsed data; `field`: one of its fields; `init`: the initialiser of a declaration. */
  readonly by: 'data' | 'field' | 'init';
  readonly field?: string;
}

export interface Plan {
  readonly file: RelPath;
  readonly fn: FunctionFact;
  readonly source: InputSource;
  readonly fields: ReadonlyMap<string, Field>;
  readonly replace: readonly Replace[];
  /** The text of the expression that is parsed; `form` and `args` wrap names. */
  readonly input: { readonly kind: 'expr'; readonly span: Span; readonly awaited: boolean } | { readonly kind: 'form'; readonly name: string; readonly lists: readonly string[]; readonly also: readonly string[] } | { readonly kind: 'names'; readonly names: readonly string[] };
  /** Start of the statement the check stands before; null: the arrow function has no body yet. */
  readonly before: number | null;
  /** Response object of Express and pages. */
  readonly response: string | null;
  /** Parameters of an action whose types stand in the text. */
  readonly params: readonly Pattern[];
}

const CHAINED = new Set(['catch', 'then']);

export function planOf(model: ProjectModel, endpoint: Endpoint, at: Location): Plan | null {
  const facts = model.file(at.file);
  const script = facts?.script;
  const h = endpoint.handler;
  if (!script || !h || facts.parse !== 'ok') return null;
  const inHandler = h.file === at.file && h.span.start <= at.span.start && at.span.start <= h.span.end;
  const fn = inHandler ? (h.fn === null ? undefined : script.functions[h.fn]) : outermost(script, at.span.start);
  if (!fn || fn.kind === 'module' || fn.kind === 'constructor') return null;
  const source = endpoint.inputs.find((i) => i.at.file === at.file && i.at.span.start === at.span.start)?.source ?? endpoint.sinks.flatMap((s) => s.raw).find((r) => r.at.file === at.file && r.at.span.start === at.span.start)?.source;
  const b = new Builder(endpoint, script, fn, at);
  // A second schema beside the one that is there helps nobody: the first wants extending.
  if (b.hasSchema()) return null;
  const plan = source === 'args' ? b.args() : source === 'form' ? b.form() : source === 'body' ? b.body() : null;
  if (!plan || plan.fields.size === 0) return null;
  return { file: at.file, fn, source: source!, params: fn.params, ...plan };
}

function outermost(script: ScriptFacts, offset: number): FunctionFact | undefined {
  let fn = functionAt(script, offset);
  while (fn && fn.kind !== 'module') {
    const parent: FunctionFact | undefined = script.functions[fn.parent];
    if (!parent || parent.kind === 'module' || parent.kind === 'constructor' || parent.params.length < 2) break;
    fn = parent;
  }
  return fn;
}

type Made = Pick<Plan, 'fields' | 'replace' | 'input' | 'before' | 'response'>;

class Builder {
  private readonly all: readonly Seen[];
  private readonly fields = new Map<string, Field>();
  private readonly replace: Replace[] = [];
  private bad = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly script: ScriptFacts,
    private readonly fn: FunctionFact,
    private readonly at: Location,
  ) {
    this.all = walk(script, fn);
  }

  /** The function gives request data to a schema already. */
  hasSchema(): boolean {
    return this.endpoint.validated === 'partly' && this.all.some(({ x }) => x.k === 'call' && x.fn.k === 'mem' && /^(safeParse|safeParseAsync|parse|parseAsync|validate|validateAsync|validateSync)$/.test(x.fn.prop) && x.args.length > 0 && !(x.fn.obj.k === 'ref' && /^(JSON|Date|url|querystring|qs|path|csv|yaml|Papa)$/.test(x.fn.obj.name)));
  }

  // ---------------------------------------------------------------------------------------------- bodies

  body(): Made | null {
    const direct = this.all.filter((s) => this.isRequestBody(s.x));
    if (direct.length > 0) return this.express(direct);
    const alias = this.bodyAlias();
    if (alias !== null) return this.viaAlias(alias, null);
    return this.json();
  }

  /** `req.body`, where `req` is a parameter of this function. */
  private isRequestBody(x: Expr): boolean {
    return x.k === 'mem' && x.prop === 'body' && x.obj.k === 'ref' && this.fn.params.some((p) => p.k === 'name' && p.name === (x.obj as { name: string }).name) && this.endpoint.framework !== 'supabase-edge' && this.endpoint.framework !== 'next-app';
  }

  private express(found: readonly Seen[]): Made | null {
    if (this.handsOnWhole('body', '')) return null;
    const place = this.place(found.map((s) => s.x));
    if (!place) return null;
    const kept = found.filter((s) => place.kept(s.x));
    for (const s of kept) this.source(s);
    if (this.bad) return null;
    return this.made({ kind: 'expr', span: spanOf(kept[0]!.x), awaited: false }, place.before);
  }

  /** `({ body }, res) =>` or `const { body } = req`. */
  private bodyAlias(): string | null {
    for (const p of this.fn.params) if (p.k === 'obj') for (const x of p.props) if (x.key === 'body' && x.value.k === 'name') return x.value.name;
    for (const s of this.all) {
      const d = s.up?.node;
      if (d?.k === 'decl' && d.init === s.x && s.x.k === 'ref' && d.target.k === 'obj' && this.fn.params.some((p) => p.k === 'name' && p.name === (s.x as { name: string }).name)) {
        for (const x of d.target.props) if (x.key === 'body' && x.value.k === 'name') return x.value.name;
      }
    }
    return null;
  }

  /** The data has a name already; every use of the name is replaced. */
  private viaAlias(name: string, after: number | null): Made | null {
    if (this.handsOnWhole('body', '') || this.declaredOften(name)) return null;
    const refs = this.all.filter((s) => s.x.k === 'ref' && s.x.name === name && (after === null || s.x.s > after) && !this.assigned(s));
    if (refs.length === 0) return null;
    const place = this.place(refs.map((s) => s.x));
    if (!place) return null;
    const kept = refs.filter((s) => place.kept(s.x));
    for (const s of kept) this.source(s);
    if (this.bad) return null;
    return this.made({ kind: 'expr', span: spanOf(kept[0]!.x), awaited: false }, place.before);
  }

  private assigned(s: Seen): boolean {
    const p = s.up?.node;
    return p?.k === 'assign' && p.value !== s.x;
  }

  /** `await request.json()`. */
  private json(): Made | null {
    const calls = this.all.filter((s) => s.x.k === 'call' && s.x.fn.k === 'mem' && s.x.fn.prop === 'json' && s.x.args.length === 0 && (s.x.fn.obj.k === 'ref' || (s.x.fn.obj.k === 'call' && s.x.fn.obj.fn.k === 'mem' && s.x.fn.obj.fn.prop === 'clone')));
    const call = calls.find((s) => s.x.s === this.at.span.start) ?? calls.find((s) => this.decl(s)?.target.s === this.at.span.start);
    if (!call || this.handsOnWhole('body', '')) return null;
    const top = this.top(call);
    if (!top) return null;
    const parent = top.up?.node;
    if (parent?.k === 'assign' && parent.op === '=' && parent.target.k === 'name') return this.viaAlias(parent.target.name, parent.e);
    const inner = functionAt(this.script, top.x.s);
    if (!inner) return null;
    if (inner !== this.fn && !this.returnsWhatHolds(inner)) return null;
    const before = statementStart(inner.body, top.x);
    if (before === null && inner.bodyStart !== null) return null;
    this.source(top);
    if (this.bad) return null;
    return this.made({ kind: 'expr', span: spanOf(top.x), awaited: true }, inner.bodyStart === null ? null : before);
  }

  private decl(s: Seen): Extract<Up['node'], { k: 'decl' }> | null {
    for (let u = s.up; u; u = u.up) {
      if (u.node.k === 'decl') return u.node;
      if (u.node.k !== 'await' && u.node.k !== 'call' && u.node.k !== 'mem' && u.node.k !== 'logic') return null;
    }
    return null;
  }

  /** From the call up through `.catch(…)`, `await` and `?? {}`. */
  private top(s: Seen): Seen | null {
    let { x, up } = s;
    let awaited = false;
    for (; up; ) {
      const n = up.node;
      if (n.k === 'mem' && n.obj === x && CHAINED.has(n.prop) && up.up?.node.k === 'call' && up.up.node.fn === n) {
        if (n.prop === 'then') return null;
        x = up.up.node;
        up = up.up.up;
      } else if (n.k === 'await') {
        awaited = true;
        x = n;
        up = up.up;
      } else if (n.k === 'logic' && n.l === x && (n.r.k === 'obj' || n.r.k === 'null')) {
        x = n;
        up = up.up;
      } else break;
    }
    return awaited ? { x, up } : null;
  }

  /** The inner function's result is what the handler returns: `return withSpan(async () => …)`. */
  private returnsWhatHolds(inner: FunctionFact): boolean {
    return this.fn.body.some((s) => s.k === 'return' && s.s <= inner.span.start && inner.span.end <= s.e);
  }

  // ---------------------------------------------------------------------------------------------- forms and arguments

  form(): Made | null {
    const name = this.formName();
    return name === null ? null : this.viaForm(name, []);
  }

  private formName(): string | null {
    for (const s of this.all) {
      if (s.x.k !== 'call' || s.x.fn.k !== 'mem' || s.x.fn.prop !== 'formData') continue;
      const d = this.decl(s);
      if (d?.target.k === 'name') return d.target.name;
    }
    return null;
  }

  private viaForm(name: string, also: readonly string[]): Made | null {
    if (this.declaredOften(name)) return null;
    const refs = this.all.filter((s) => s.x.k === 'ref' && s.x.name === name);
    const reads: { field: string; many: boolean; x: Expr; up: Up | null }[] = [];
    const objects: Seen[] = [];
    for (const s of refs) {
      const mem = s.up?.node;
      const call = s.up?.up?.node;
      if (mem?.k === 'mem' && mem.obj === s.x && call?.k === 'call' && call.fn === mem && (mem.prop === 'get' || mem.prop === 'getAll') && call.args[0]?.k === 'str') reads.push({ field: call.args[0].v, many: mem.prop === 'getAll', x: call, up: s.up!.up!.up });
      else if (mem?.k === 'mem' && mem.prop === 'has') continue;
      else if (mem?.k === 'call' && mem.fn.k === 'mem' && mem.fn.prop === 'fromEntries') objects.push({ x: mem, up: s.up!.up });
      else if (mem?.k === 'call' && mem.fn.k === 'mem' && mem.fn.obj.k === 'ref' && /^(console|logger|log)$/.test(mem.fn.obj.name)) continue;
      else return null;
    }
    if (reads.length === 0 && objects.length === 0) return null;
    if (objects.length > 0 && reads.length === 0 && this.handsOnWhole(this.endpoint.framework === 'next-action' ? 'args' : 'form', this.endpoint.framework === 'next-action' ? name : '')) return null;
    const place = this.place([...reads.map((r) => r.x), ...objects.map((o) => o.x)]);
    if (!place) return null;
    const locals = new Map<string, Field>();
    const lists = new Set<string>();
    for (const r of reads) {
      if (!place.kept(r.x)) continue;
      const f = child(this.fields, r.field);
      if (r.many) {
        f.array = true;
        lists.add(r.field);
      }
      // `Number(formData.get('x'))`: the schema converts, the call goes.
      const around = r.up?.node;
      const converts = around?.k === 'call' && around.args[0] === r.x && around.fn.k === 'ref' && /^(Number|parseInt|parseFloat|String)$/.test(around.fn.name);
      note(f, { x: r.x, up: r.up }, this.script, (n, field) => locals.set(n, field));
      if (converts && around) {
        if ((around.fn as { name: string }).name === 'String') f.converted = false;
        note(f, { x: around, up: r.up!.up }, this.script, (n, field) => locals.set(n, field));
        this.replace.push({ span: spanOf(around), by: 'field', field: r.field });
      } else {
        // Without a conversion around every read it stays a text.
        this.replace.push({ span: spanOf(r.x), by: 'field', field: r.field });
        texts.add(f);
      }
    }
    for (const o of objects) if (place.kept(o.x)) this.source(o, locals);
    noteLocals(this.all, this.script, locals);
    for (const f of this.fields.values()) {
      if (!texts.has(f)) continue;
      // Converted later, under its own name: checked as a text here.
      f.converted = false;
      f.arithmetic = false;
    }
    if (this.bad) return null;
    for (const n of also) child(this.fields, n);
    return this.made({ kind: 'form', name, lists: [...lists], also }, place.before);
  }

  args(): Made | null {
    const raw = new Set(this.endpoint.sinks.flatMap((s) => s.raw.filter((r) => r.source === 'args').map((r) => r.field)));
    const tops = new Set([...raw].map((r) => r.split('.')[0]!));
    const names = this.fn.params.flatMap((p) => (p.k === 'name' && tops.has(p.name) ? [p.name] : []));
    const form = names.find((n) => this.all.some((s) => s.x.k === 'call' && s.x.fn.k === 'mem' && /^(get|getAll)$/.test(s.x.fn.prop) && s.x.fn.obj.k === 'ref' && s.x.fn.obj.name === n));
    const entries = names.find((n) => this.all.some((s) => s.x.k === 'call' && s.x.fn.k === 'mem' && s.x.fn.prop === 'fromEntries' && s.x.args[0]?.k === 'ref' && s.x.args[0].name === n));
    const viaForm = form ?? entries;
    const scalars = names.filter((n) => n !== viaForm);
    const locals = new Map<string, Field>();
    for (const n of scalars) {
      if (this.handsOnObject(n, raw)) return null;
      locals.set(n, child(this.fields, n));
    }
    for (const p of this.fn.params) {
      if (p.k !== 'obj' || p.rest !== null) continue;
      for (const x of p.props) if (x.key !== null && tops.has(x.key) && x.value.k === 'name') {
        const f = child(this.fields, x.key);
        bindLocal(f, x.value, (n, field) => locals.set(n, field));
      }
    }
    noteLocals(this.all, this.script, locals);
    this.nested('args');
    if (viaForm !== undefined) return this.viaForm(viaForm, scalars);
    const list = [...this.fields.keys()];
    // A renamed or nested parameter cannot be written as `{ name }`.
    if (list.length === 0 || this.fn.params.some((p) => p.k === 'obj' && p.props.some((x) => x.key !== null && tops.has(x.key) && !(x.value.k === 'name' && x.value.name === x.key)))) return null;
    return this.made({ kind: 'names', names: list }, this.firstStatement());
  }

  /** After the directives. */
  private firstStatement(): number | null {
    if (this.fn.bodyStart === null) return null;
    const s = this.fn.body.find((x) => !(x.k === 'expr' && x.x.k === 'str'));
    return s ? s.s : null;
  }

  /** The parameter's object goes into the work as it is: only its own keys would survive a schema. */
  private handsOnObject(name: string, raw: ReadonlySet<string>): boolean {
    return raw.has(name) && (this.endpoint.inputs.some((i) => i.source === 'args' && i.field.startsWith(`${name}.`) && !/\.\d+$/.test(i.field)) || /^(data|input|payload|values|body|form|dto|updates?|patch|changes|fields|props|record|profile|details|attributes|settings|options|item|document|entity|expense|customer|\w*(Data|Input|Payload|Values|Dto|Updates|Form|Details|Info|Settings|Preferences|Filters|Options))$/.test(name));
  }

  // ---------------------------------------------------------------------------------------------- common parts

  /** The whole of it reaches work: nobody has said which fields there are. */
  private handsOnWhole(source: InputSource, field: string): boolean {
    const raw = this.endpoint.sinks.flatMap((s) => s.raw).filter((r) => r.source === source);
    // What a middleware has put together stands nowhere: its fields are what counts.
    return raw.some((r) => r.field === field && (r.field !== '' || r.at.span.end > r.at.span.start));
  }

  /** A part that is an object with known keys and yet goes on whole: a schema of these keys would cut the others off. */
  private handsOnPart(): boolean {
    const of = (f: string): Field | undefined => f.split('.').filter((p) => p !== '').reduce<Field | undefined>((at, p, i) => (i === 0 ? this.fields.get(p) : (at?.children.get(p) ?? at?.element?.children.get(p))), undefined);
    const sources = new Set<InputSource>(['body', 'form']);
    const objects = new Set(this.endpoint.inputs.filter((i) => sources.has(i.source) && i.field.includes('.') && !/\.\d+$/.test(i.field)).map((i) => i.field.slice(0, i.field.lastIndexOf('.'))));
    return this.endpoint.sinks.some((s) => s.raw.some((r) => {
      if (!sources.has(r.source) || !objects.has(r.field)) return false;
      const f = of(r.field);
      return !(f && f.array && !f.passed);
    }));
  }

  /** One occurrence of the source: what is read from it here. */
  private source(s: Seen, given?: Map<string, Field>): void {
    const locals = given ?? new Map<string, Field>();
    const p = s.up?.node;
    const up = s.up;
    const rename = (n: string, f: Field): void => {
      locals.set(n, f);
    };
    const span = spanOf(s.x);
    if (p?.k === 'mem' && p.obj === s.x && up) {
      const called = up.up?.node.k === 'call' && up.up.node.fn === p;
      if (called && p.prop === 'hasOwnProperty') this.bad = true;
      const f = child(this.fields, p.prop);
      if (up.up?.node.k === 'assign' || (up.up?.node.k === 'unary' && up.up.node.op === 'delete')) this.bad = true;
      note(f, { x: p, up: up.up }, this.script, rename);
      this.replace.push({ span, by: 'data' });
    } else if (p?.k === 'decl' && p.init === s.x) {
      if (p.target.k === 'obj') {
        for (const x of p.target.props) {
          if (x.key === null) this.bad = true;
          else bindLocal(child(this.fields, x.key), x.value, rename);
        }
        if (p.target.rest !== null) this.rest(p.target.rest, locals);
      } else if (p.target.k === 'name') this.alias(p.target.name, locals);
      else this.bad = true;
      this.replace.push({ span: { start: p.target.e, end: p.e }, by: 'init' });
    } else if (p?.k === 'assign') this.bad = true;
    else if (p?.k === 'logic' && p.l === s.x && (p.r.k === 'obj' || p.r.k === 'null') && up) this.source({ x: p, up: up.up }, locals);
    else this.replace.push({ span, by: 'data' });
    if (!given) noteLocals(this.all, this.script, locals);
    this.nested('body');
  }

  /** `const body = …`: its own reads tell the fields. */
  private alias(name: string, locals: Map<string, Field>): void {
    if (this.declaredOften(name)) {
      this.bad = true;
      return;
    }
    for (const s of this.all) {
      if (s.x.k !== 'ref' || s.x.name !== name) continue;
      const p = s.up?.node;
      if (p?.k === 'mem' && p.obj === s.x && s.up) {
        if (s.up.up?.node.k === 'assign') this.bad = true;
        note(child(this.fields, p.prop), { x: p, up: s.up.up }, this.script, (n, f) => locals.set(n, f));
      } else if (p?.k === 'decl' && p.init === s.x && p.target.k === 'obj') {
        for (const x of p.target.props) if (x.key !== null) bindLocal(child(this.fields, x.key), x.value, (n, f) => locals.set(n, f));
        if (p.target.rest !== null) this.rest(p.target.rest, locals);
      } else if (p?.k === 'assign') this.bad = true;
    }
  }

  private rest(name: string, locals: Map<string, Field>): void {
    for (const s of this.all) {
      const p = s.up?.node;
      if (s.x.k === 'ref' && s.x.name === name && p?.k === 'mem' && p.obj === s.x) note(child(this.fields, p.prop), { x: p, up: s.up!.up }, this.script, (n, f) => locals.set(n, f));
    }
  }

  /** Fields that other functions read from what this one hands on. */
  private nested(source: InputSource): void {
    for (const i of this.endpoint.inputs) {
      if (i.source !== source || i.field === '' || (i.at.file === this.at.file && this.fn.span.start <= i.at.span.start && i.at.span.end <= this.fn.span.end)) continue;
      const parts = i.field.split('.').filter((p) => p !== '');
      if (source === 'args' && !this.fields.has(parts[0]!)) continue;
      let of: Map<string, Field> = this.fields;
      parts.slice(0, 3).forEach((p, n) => {
        if (/^\d+$/.test(p)) return;
        let f = of.get(p);
        if (!f) {
          f = newField(p);
          f.optional = n === 0;
          of.set(p, f);
        }
        of = f.array && f.element ? f.element.children : f.children;
      });
    }
  }

  private declaredOften(name: string): boolean {
    let n = 0;
    const pattern = (p: Pattern): void => {
      if (p.k === 'name') n += Number(p.name === name);
      else if (p.k === 'obj') {
        for (const x of p.props) pattern(x.value);
        n += Number(p.rest === name);
      } else if (p.k === 'arr') for (const x of p.items) x && pattern(x);
      else if (p.k === 'rest') pattern(p.value);
    };
    for (const f of this.script.functions) if (f === this.fn || (f.span.start >= this.fn.span.start && f.span.end <= this.fn.span.end)) f.params.forEach(pattern);
    const seen = new Set<unknown>();
    for (const s of this.all) {
      for (let u = s.up; u; u = u.up) {
        if (u.node.k === 'decl' && !seen.has(u.node.target)) {
          seen.add(u.node.target);
          pattern(u.node.target);
        }
      }
    }
    return n > 1;
  }

  /** The statement before which all kept reads stand behind one check; reads in another branch of the method are left alone. */
  private place(reads: readonly Expr[]): { before: number | null; kept: (x: Expr) => boolean } | null {
    if (this.fn.bodyStart === null) return { before: null, kept: () => true };
    let kept = reads;
    let list: readonly Stmt[] = this.fn.body;
    for (let depth = 0; depth < 12; depth++) {
      const holding = list.filter((s) => kept.some((r) => s.s <= r.s && r.e <= s.e));
      const mine = holding.find((s) => s.s <= this.at.span.start && this.at.span.start <= s.e) ?? holding[0];
      if (!mine) return null;
      const branch = innerLists(mine).find((l) => l.some((s) => s.s <= this.at.span.start && this.at.span.start <= s.e));
      if (branch && ((mine.k === 'if' && byMethod(mine.test)) || (mine.k === 'switch' && byMethod(mine.on)))) {
        kept = kept.filter((r) => branch.some((s) => s.s <= r.s && r.e <= s.e));
        if (kept.length === 0) return null;
        list = branch;
        continue;
      }
      const only = holding.length === 1 ? innerLists(mine).filter((l) => l.some((s) => kept.some((r) => s.s <= r.s && r.e <= s.e))) : [];
      const inside = only.length === 1 ? only[0]! : null;
      const deeper = inside !== null && mine.k !== 'loop' && kept.every((r) => inside.some((s) => s.s <= r.s && r.e <= s.e)) && !(mine.k === 'try' && inside !== mine.body);
      if (deeper) {
        list = inside;
        continue;
      }
      const final = kept;
      return { before: holding[0]!.s, kept: (x) => final.includes(x) };
    }
    return null;
  }

  private made(input: Plan['input'], before: number | null): Made | null {
    const p = this.fn.params[1];
    const response = p?.k === 'name' ? p.name : null;
    const express = this.endpoint.framework === 'express' || this.endpoint.framework === 'next-pages';
    if (express && response === null) return null;
    if (before === null && this.fn.bodyStart !== null) return null;
    if (this.handsOnPart()) return null;
    for (const f of this.fields.values()) if (f.array && unknownList(f)) return null;
    return { fields: this.fields, replace: this.replace, input, before, response: express ? response : null };
  }
}

const texts = new WeakSet<Field>();

/** A list of things of which nothing is known. */
function unknownList(f: Field): boolean {
  return f.passed && f.children.size === 0 && (f.element === null || f.element.children.size === 0) && !/ids?$|tags|roles|emails|names|skills|permissions/i.test(f.name);
}

function byMethod(x: Expr): boolean {
  switch (x.k) {
    case 'mem':
      return x.prop === 'method';
    case 'ref':
      return x.name === 'method';
    case 'bin':
    case 'logic':
      return byMethod(x.l) || byMethod(x.r);
    default:
      return false;
  }
}

function spanOf(x: { readonly s: number; readonly e: number }): Span {
  return { start: x.s, end: x.e };
}

/** Start of the innermost statement around an expression. */
function statementStart(body: readonly Stmt[], x: Expr): number | null {
  for (const s of body) {
    if (s.s > x.s || s.e < x.e) continue;
    for (const inner of innerLists(s)) {
      const found = statementStart(inner, x);
      if (found !== null) return found;
    }
    return s.s;
  }
  return null;
}
