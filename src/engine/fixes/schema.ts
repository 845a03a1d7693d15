/** Checking what a request sends: a schema inferred from what the handler reads, the check at the boundary, the reads from parsed data. */
import type { FileFacts } from '../core/facts';
import { type Fix, type FixContext, type Fixer, type TextEdit } from '../core/fix';
import type { Endpoint, ProjectModel } from '../core/model';
import type { Finding, Location, RelPath } from '../core/types';
import { type Plan, planOf } from './schema-plan';
import { type Entry, type InferOptions, type Type, VALIDATOR_WRITERS, type Validator, type ValidatorId, type Writer, entriesOf } from './schema-types';
import { type Lookup, declaredIn, fromAnnotation, fromDeclared } from './schema-annotations';

export function canAddSchema(model: ProjectModel, endpoint: Endpoint, at: Location): boolean {
  return model.memo(endpoint, `schema-plan:${at.file}:${at.span.start}`, (m) => planOf(m, endpoint, at) !== null);
}

// ------------------------------------------------------------------------------------------------ which validator

interface Chosen {
  readonly validator: Validator;
  readonly installed: boolean;
}

function chooseValidator(model: ProjectModel, file: RelPath): Chosen {
  const pkg = model.packageOf(file);
  const has = (name: string): boolean => pkg !== null && (name in pkg.dependencies || name in pkg.devDependencies);
  if (isDeno(file)) return { validator: VALIDATOR_WRITERS.zod, installed: true };
  const order: ValidatorId[] = ['zod', 'joi', 'valibot'];
  const used = model.stack().validators;
  const present = order.filter((id) => has(VALIDATOR_WRITERS[id].package) || (id === 'joi' && has('@hapi/joi')));
  const best = present.sort((a, b) => rankOf(used, a) - rankOf(used, b))[0];
  return best ? { validator: VALIDATOR_WRITERS[best], installed: true } : { validator: VALIDATOR_WRITERS.zod, installed: false };
}

function rankOf(used: readonly string[], id: string): number {
  const at = used.indexOf(id);
  return at < 0 ? 99 : at;
}

function isDeno(file: RelPath): boolean {
  return /(?:^|\/)supabase\/functions\//.test(file);
}

// ------------------------------------------------------------------------------------------------ the fix

export const addSchema: Fixer = {
  class: 'guard',
  title: (finding, model) => `Validate ${finding.data['source'] === 'args' ? 'the action’s arguments' : finding.data['source'] === 'form' ? 'the form' : 'the request body'} with ${chooseValidator(model, finding.at.file).validator.id}`,
  compute(finding, ctx) {
    const endpoint = ctx.model.endpoints().find((e) => e.key === finding.data['key']);
    const plan = endpoint ? planOf(ctx.model, endpoint, finding.at) : null;
    const facts = plan ? ctx.model.file(plan.file) : undefined;
    const text = plan ? ctx.text(plan.file) : undefined;
    return endpoint && plan && facts?.script && text !== undefined ? write(ctx, endpoint, plan, facts, text) : null;
  },
};

function write(ctx: FixContext, endpoint: Endpoint, plan: Plan, facts: FileFacts, text: string): Fix | null {
  const script = facts.script!;
  const { validator, installed } = chooseValidator(ctx.model, plan.file);
  const w: Writer = { q: script.style.quote, indent: script.style.indent || '  ', eol: script.style.eol };
  const semi = script.style.semicolons ? ';' : '';
  const edits: TextEdit[] = [];
  const edit = (start: number, end: number, newText: string): void => {
    edits.push({ file: plan.file, span: { start, end }, newText });
  };
  const taken = (name: string): boolean => new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(text);
  const free = (...names: string[]): string => names.find((n) => !taken(n)) ?? Array.from({ length: 99 }, (_, i) => `${names[0]!}${i + 2}`).find((n) => !taken(n))!;

  const fields = entries(endpoint, plan, text, lookupIn(ctx, facts, text));
  const local = localOf(facts, validator);
  const schema = free(...schemaNames(endpoint, plan));
  const result = freeIn(text.slice(plan.fn.span.start, plan.fn.span.end), 'parsed', plan.source === 'body' ? 'parsedBody' : 'parsedInput', 'validated');
  const type: Type = { t: 'object', fields };

  // The import and the schema.
  const importText = local.known ? null : importLine(ctx, facts, validator, local.name, w, semi);
  const schemaText = `const ${schema} = ${validator.schema(local.name, type, w)}${semi}`;
  const at = beforeHandler(text, facts, plan);
  const where = at ?? script.afterImports;
  if (importText !== null && importPlace(text, script.afterImports).at >= where && at !== null && script.imports.length === 0) edit(where, where, `${importText}${w.eol}${w.eol}${schemaText}${w.eol}${w.eol}`);
  else {
    if (importText !== null) {
      const p = importPlace(text, script.afterImports);
      edit(p.at, p.at, p.before ? `${importText}${w.eol}` : `${w.eol}${importText}`);
    }
    if (at !== null) edit(at, at, `${schemaText}${w.eol}${w.eol}`);
    else edit(where, where, `${w.eol}${w.eol}${schemaText}`);
  }

  // The check.
  const input = inputText(plan, text);
  const reads = plan.replace.filter((r) => r.by !== 'init');
  const isArrow = plan.before === null;
  const base = isArrow ? lineIndent(text, plan.fn.span.start) : lineIndent(text, plan.before!);
  const inner = isArrow ? base + w.indent : base;
  const bindings = reads.length > 2 ? freeIn(text.slice(plan.fn.span.start, plan.fn.span.end), plan.source === 'form' || plan.input.kind === 'form' ? 'values' : 'data', 'input', 'payload') : null;
  const data = bindings ?? validator.data(result);
  const lines = [
    `const ${result} = ${validator.parse(local.name, schema, input)}${semi}`,
    `if (${validator.failed(result)}) {`,
    ...denial(endpoint, plan, facts, text, validator, local.name, result, w, semi).map((l) => w.indent + l),
    '}',
    ...(bindings !== null ? [`const ${bindings} = ${validator.data(result)}${semi}`] : []),
  ];
  if (isArrow) {
    const body = plan.fn.bodySpan;
    // `=> ({ … })`: the parentheses go with the body.
    const end = body.end;
    const start = body.start;
    edit(start, start, `{${w.eol}${lines.map((l) => inner + l).join(w.eol)}${w.eol}${inner}return `);
    edit(end, end, `${semi}${w.eol}${base}}`);
  } else edit(plan.before!, plan.before!, lines.map((l, i) => (i === 0 ? l : inner + l)).join(w.eol) + w.eol + inner);
  for (const r of plan.replace) {
    if (r.by === 'init') edit(r.span.start, r.span.end, ` = ${data}`);
    else if (r.by === 'data') edit(r.span.start, r.span.end, data);
    else edit(r.span.start, r.span.end, `${data}${/^[A-Za-z_$][\w$]*$/.test(r.field!) ? `.${r.field!}` : `[${w.q}${r.field!}${w.q}]`}`);
  }

  const manual = ['Read the schema: types and limits are inferred from names and use. Tighten what you know better.'];
  if (fields.some((f) => f.type.t === 'record')) manual.push(`${fields.filter((f) => f.type.t === 'record').map((f) => f.name).join(', ')} may hold any object: list its keys.`);
  if (!installed) {
    const added = addDependency(ctx, plan.file, validator);
    if (added) edits.push(added);
    manual.unshift(added ? `Run \`npm install\` (or your package manager's command): ${validator.package} was added to ${added.file}.` : `Install the validator: \`npm install ${validator.package}\`.`);
  }
  return { title: `Validate with ${validator.id}`, class: 'guard', edits: merged(edits), create: [], manual };
}

/** Insertions at one offset become one, in the order they were made; a replacement there comes last. */
function merged(edits: readonly TextEdit[]): TextEdit[] {
  const out: TextEdit[] = [];
  for (const e of edits) {
    const i = e.span.start === e.span.end ? out.findIndex((x) => x.file === e.file && x.span.start === e.span.start && x.span.end === e.span.start) : -1;
    if (i >= 0) out[i] = { ...out[i]!, newText: out[i]!.newText + e.newText };
    else out.push(e);
  }
  return out;
}

function freeIn(code: string, ...names: string[]): string {
  const taken = (n: string): boolean => new RegExp(`(?<![\\w$.])${n}(?![\\w$])`).test(code);
  return names.find((n) => !taken(n)) ?? Array.from({ length: 99 }, (_, i) => `${names[0]!}${i + 2}`).find((n) => !taken(n))!;
}

function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

// ------------------------------------------------------------------------------------------------ parts

/** Types declared in the file itself or in the module they are imported from. */
function lookupIn(ctx: FixContext, facts: FileFacts, text: string): Lookup {
  return (name) => {
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return null;
    const own = declaredIn(text, name);
    if (own !== null) return own;
    for (const i of facts.script!.imports) {
      const n = i.names.find((x) => x.local === name);
      const r = n ? ctx.model.resolve(facts.path, i.specifier) : null;
      const other = r && 'file' in r ? ctx.text(r.file) : undefined;
      if (n && other !== undefined) return declaredIn(other, n.imported);
    }
    return null;
  };
}

function entries(endpoint: Endpoint, plan: Plan, text: string, lookup: Lookup): readonly Entry[] {
  const form = plan.source === 'form' || plan.input.kind === 'form';
  const o: InferOptions = {
    form, partial: endpoint.method === 'PATCH', exact: plan.input.kind === 'names', signUp: endpoint.publicBy === 'sign-up' || /regist|sign-?up/i.test(endpoint.path),
    numericIds: /parseInt\([^)]*\b(id|params)|Number\([^)]*(Id|\bid)\b|\.id\)\s*,\s*10/.test(text) && /parseInt\(|Number\(/.test(text),
  };
  const also = plan.input.kind === 'form' ? new Set(plan.input.also) : plan.input.kind === 'names' ? new Set(plan.input.names) : new Set<string>();
  const guessed = entriesOf([...plan.fields.values()].filter((f) => !also.has(f.name)), o);
  const declared = plan.replace.flatMap((r) => (r.by === 'init' ? [declaredType(text.slice(r.span.start, r.span.end))] : [])).find((t) => t !== null) ?? null;
  const out = declared === null ? guessed : [...fromDeclared(declared, guessed, lookup)];
  const exact: InferOptions = { ...o, form: false, exact: true };
  for (const f of plan.fields.values()) {
    if (!also.has(f.name)) continue;
    const p = plan.params.find((x) => x.k === 'name' && x.name === f.name);
    const guess = entriesOf([f], exact)[0]!;
    out.push(p && plan.fn.paramsSpan ? fromAnnotation(text.slice(p.e, plan.fn.paramsSpan.end), guess, lookup) : guess);
  }
  return out;
}

/** `: CreateNote = await request.json()`, ` = (await request.json()) as CreateNote`. */
function declaredType(init: string): string | null {
  return /^\s*:\s*([A-Za-z_$][\w$]*|\{[\s\S]*?\})\s*=/.exec(init)?.[1] ?? /\bas\s+([A-Za-z_$][\w$]*|\{[\s\S]*\})\s*$/.exec(init)?.[1] ?? null;
}

function inputText(plan: Plan, text: string): string {
  const i = plan.input;
  if (i.kind === 'names') return `{ ${i.names.join(', ')} }`;
  if (i.kind === 'form') {
    const base = `Object.fromEntries(${i.name})`;
    const more = [...i.lists.map((l) => `${/^[A-Za-z_$][\w$]*$/.test(l) ? l : JSON.stringify(l)}: ${i.name}.getAll(${JSON.stringify(l).replace(/"/g, "'")})`), ...i.also];
    return more.length === 0 ? base : `{ ...${base}, ${more.join(', ')} }`;
  }
  const source = text.slice(i.span.start, i.span.end);
  if (!i.awaited) return source.replace(/\s*(\|\||\?\?)\s*\{\s*\}\s*$/, '').replace(/^\((.*)\)$/s, '$1');
  // A body that is no JSON is an invalid request, not a crash.
  const call = /^await\s+([\w$]+(?:\.clone\(\))?\.json\(\))$/.exec(source.trim());
  return call ? `await ${call[1]!}.catch(() => null)` : source;
}

function schemaNames(endpoint: Endpoint, plan: Plan): string[] {
  const what = plan.source === 'args' || plan.input.kind === 'form' ? 'Input' : 'Body';
  const own = plan.fn.name;
  if (/^[a-z][\w$]*$/i.test(own) && !/^(GET|POST|PUT|PATCH|DELETE|handler|default|index|action|app|router|fn|callback)$/.test(own)) {
    const name = own[0]!.toLowerCase() + own.slice(1);
    return [`${name}Schema`, `${name}${what}Schema`, `${name}RequestSchema`];
  }
  const parts = endpoint.path.split('/').filter((p) => p !== '' && !p.startsWith(':') && !p.includes('*'));
  const last = (parts[parts.length - 1] ?? '').replace(/[^A-Za-z0-9]+(.)?/g, (_, c: string | undefined) => (c ?? '').toUpperCase());
  const verb = { POST: 'create', PUT: 'update', PATCH: 'update', DELETE: 'delete' }[endpoint.method] ?? '';
  const verbish = endpoint.framework === 'supabase-edge' || /^(login|logout|register|signup|reset|verify|send|search|create|update|upload|checkout|subscribe|contact)/i.test(last);
  const noun = /^[A-Za-z]/.test(last) ? last : '';
  if (noun === '') return ['bodySchema', 'requestBodySchema'];
  const name = verbish || verb === '' ? noun[0]!.toLowerCase() + noun.slice(1) : verb + noun[0]!.toUpperCase() + (verb === 'create' && /[^s]s$/.test(noun) ? noun.slice(1, -1) : noun.slice(1));
  return [`${name}Schema`, `${name}${what}Schema`, `${name}RequestSchema`];
}

/** Start of the line of the module's statement that holds the handler, its comments and decorators included. */
function beforeHandler(text: string, facts: FileFacts, plan: Plan): number | null {
  const top = facts.script!.functions[0]?.body.find((s) => s.s <= plan.fn.span.start && plan.fn.span.end <= s.e);
  if (!top) return null;
  let line = text.lastIndexOf('\n', top.s - 1) + 1;
  if (text.slice(line, top.s).trim() !== '') return null;
  for (;;) {
    if (line === 0) break;
    const previous = text.lastIndexOf('\n', line - 2) + 1;
    const content = text.slice(previous, line).trim();
    if (!/^(\/\/|\/\*|\*|@\w)/.test(content) || /^\/\/\s*(=|-|#|region)/.test(content)) break;
    line = previous;
  }
  // Never above an import or a directive.
  return line >= facts.script!.afterImports || facts.script!.imports.length === 0 ? Math.max(line, directivesEnd(text)) : null;
}

function directivesEnd(text: string): number {
  const m = /^(?:#!.*\r?\n)?(?:\s*(?:'use \w+'|"use \w+");?[ \t]*\r?\n)*/.exec(text);
  return m ? m[0].length : 0;
}

function importPlace(text: string, afterImports: number): { at: number; before: boolean } {
  if (afterImports > 0) return { at: afterImports, before: false };
  return { at: directivesEnd(text), before: true };
}

function localOf(facts: FileFacts, validator: Validator): { name: string; known: boolean } {
  for (const i of facts.script!.imports) {
    if (i.typeOnly || !isPackage(i.specifier, validator.package)) continue;
    for (const n of i.names) {
      if (n.typeOnly) continue;
      if (validator.named === null ? n.imported === 'default' || n.imported === '*' : n.imported === validator.named || n.imported === '*' || n.imported === 'default') return { name: n.local, known: true };
    }
  }
  return { name: validator.local, known: false };
}

function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`) || new RegExp(`^(npm:|https://esm\\.sh/|jsr:@?)?${name}(@|/|$)`).test(specifier) || new RegExp(`deno\\.land/x/${name}[@/]`).test(specifier) || (name === 'joi' && specifier === '@hapi/joi');
}

function importLine(ctx: FixContext, facts: FileFacts, validator: Validator, local: string, w: Writer, semi: string): string {
  const from = isDeno(facts.path) ? denoSpecifier(ctx, facts) : validator.package === 'joi' && ctx.model.packageOf(facts.path)?.dependencies['@hapi/joi'] ? '@hapi/joi' : validator.package;
  if (facts.script!.isCommonJs) {
    const target = validator.named !== null ? `{ ${validator.named} }` : local;
    return `const ${target} = require(${w.q}${from}${w.q})${semi}`;
  }
  const names = validator.named !== null ? `{ ${validator.named} }` : validator.namespace ? `* as ${local}` : local;
  return `import ${names} from ${w.q}${from}${w.q}${semi}`;
}

/** As the project's other functions import it, else as this file imports packages. */
function denoSpecifier(ctx: FixContext, facts: FileFacts): string {
  for (const f of ctx.model.files()) {
    if (!isDeno(f.path)) continue;
    const found = f.script?.imports.find((i) => isPackage(i.specifier, 'zod') && i.names.some((n) => n.imported === 'z'));
    if (found) return found.specifier;
  }
  const remote = facts.script!.imports.map((i) => i.specifier);
  if (remote.some((s) => s.startsWith('npm:') || s.startsWith('jsr:'))) return 'npm:zod@3';
  if (remote.some((s) => s.startsWith('https://deno.land/'))) return 'https://deno.land/x/zod@v3.22.4/mod.ts';
  if (remote.some((s) => s.startsWith('https://esm.sh/'))) return 'https://esm.sh/zod@3.22.4';
  return 'npm:zod@3';
}

function addDependency(ctx: FixContext, file: RelPath, validator: Validator): TextEdit | null {
  const pkg = ctx.model.packageOf(file);
  const text = pkg ? ctx.text(pkg.file) : undefined;
  if (!pkg || text === undefined) return null;
  const section = /"dependencies"\s*:\s*\{/.exec(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const line = `"${validator.package}": "${validator.version}"`;
  if (!section) {
    const open = text.indexOf('{');
    if (open < 0) return null;
    const empty = /^\s*\}/.test(text.slice(open + 1));
    return { file: pkg.file, span: { start: open + 1, end: open + 1 }, newText: `${eol}${unit}"dependencies": {${eol}${unit}${unit}${line}${eol}${unit}}${empty ? '' : ','}` };
  }
  const start = section.index + section[0].length;
  const end = text.indexOf('}', start);
  const names = [...text.slice(start, end).matchAll(/"([^"]+)"\s*:\s*"[^"]*"/g)];
  const next = names.find((m) => m[1]! > validator.package);
  if (next) {
    const at = start + next.index;
    return { file: pkg.file, span: { start: at, end: at }, newText: `${line},${/\n/.test(text.slice(start, end)) ? eol + unit + unit : ' '}` };
  }
  const last = names[names.length - 1];
  if (!last) return { file: pkg.file, span: { start, end: start }, newText: `${eol}${unit}${unit}${line}${eol}${unit}` };
  const at = start + last.index + last[0].length;
  return { file: pkg.file, span: { start: at, end: at }, newText: `,${/\n/.test(text.slice(start, end)) ? eol + unit + unit : ' '}${line}` };
}

// ------------------------------------------------------------------------------------------------ the answer to invalid data

function denial(endpoint: Endpoint, plan: Plan, facts: FileFacts, text: string, v: Validator, local: string, result: string, w: Writer, semi: string): string[] {
  const q = w.q;
  const body = `{ error: ${q}Invalid request${q}, issues: ${v.issues(local, result, q)} }`;
  const handler = text.slice(plan.fn.span.start, plan.fn.span.end);
  if (plan.response !== null) {
    const answer = `${plan.response}.status(400).json(${body})`;
    const typed = /^\s*:\s*(Promise<\s*void\s*>|void)/.test(text.slice(plan.fn.paramsSpan ? plan.fn.paramsSpan.end + 1 : plan.fn.span.start, plan.fn.bodySpan.start));
    return !typed && (/\breturn\s+(await\s+)?[\w$]+\.(status|json|send|sendStatus)\(/.test(handler) || !/\.tsx?$/.test(plan.file) || plan.before === null) ? [`return ${answer}${semi}`] : [`${answer}${semi}`, `return${semi}`];
  }
  if (endpoint.framework === 'next-action') return actionDenial(handler, v, local, result, q, semi);
  if (/\bNextResponse\b/.test(text) && facts.script!.imports.some((i) => i.specifier === 'next/server' && i.names.some((n) => n.local === 'NextResponse' && !n.typeOnly && !i.typeOnly))) return [`return NextResponse.json(${body}, { status: 400 })${semi}`];
  const cors = /(?<![\w$.])(corsHeaders|CORS_HEADERS|cors_headers|headers)(?![\w$(])/.exec(text)?.[1];
  const known = cors && cors !== 'headers' && (facts.script!.imports.some((i) => i.names.some((n) => n.local === cors)) || new RegExp(`(?:^|\\n)(?:export\\s+)?(?:const|let|var)\\s+${cors}\\b`).test(text)) ? cors : null;
  if (/new Response\(/.test(handler) || known) return [`return new Response(JSON.stringify(${body}), {`, `${w.indent}status: 400,`, `${w.indent}headers: { ${known ? `...${known}, ` : ''}${q}Content-Type${q}: ${q}application/json${q} },`, `})${semi}`];
  return [`return Response.json(${body}, { status: 400 })${semi}`];
}

/** In the shape the action's own refusals have; thrown when it has none. */
function actionDenial(handler: string, v: Validator, local: string, result: string, q: string, semi: string): string[] {
  const names = `\`Invalid request: \${${v.names(local, result, q)}}\``;
  const returns = [...handler.matchAll(/\breturn\s+(\{[^{}]{0,300}\})/g)].map((m) => m[1]!);
  const shape = returns.find((r) => /\b(success|ok)\s*:\s*false\b/.test(r)) ?? returns.find((r) => /\b(error|message)\s*:/.test(r) && !/\b(success|ok)\s*:\s*true\b/.test(r) && !/\berror\s*:\s*null\b/.test(r));
  if (shape === undefined) return [`throw new Error(${names})${semi}`];
  const parts: string[] = [];
  for (const m of shape.slice(1, -1).matchAll(/(?<![\w$])([A-Za-z_$][\w$]*)\s*(?::((?:'[^']*'|"[^"]*"|`[^`]*`|[^,'"`])*))?(?:,|$)/g)) {
    const key = m[1]!;
    const value = (m[2] ?? '').trim();
    if (/^(error|message|msg|reason)$/.test(key)) parts.push(`${key}: ${names}`);
    else if (/^(success|ok)$/.test(key)) parts.push(`${key}: false`);
    else if (/^(null|undefined|true|false|-?\d+|\[\]|'[^']*'|"[^"]*"|'[^']*' as const)$/.test(value)) parts.push(`${key}: ${value}`);
  }
  return parts.length === 0 ? [`throw new Error(${names})${semi}`] : [`return { ${parts.join(', ')} }${semi}`];
}

// ------------------------------------------------------------------------------------------------ by hand

export const schemaByHand: Fixer = {
  class: 'manual',
  title: (f) => `Steps: validate ${f.data['source'] === 'args' ? 'the arguments' : f.data['source'] === 'query' || f.data['source'] === 'params' ? 'the parameters' : 'the input'} with a schema`,
  compute(finding, ctx) {
    const { validator, installed } = chooseValidator(ctx.model, finding.at.file);
    const source = String(finding.data['source'] ?? 'body');
    return {
      title: 'Validate with a schema', class: 'manual', edits: [], create: [],
      manual: [
        ...(installed ? [] : [`Install a validator: \`npm install ${validator.package}\`.`]),
        source === 'query' || source === 'params'
          ? 'Write a schema of the accepted parameters: a number with a maximum for limits, a list of names for sorting, a pattern for file names.'
          : 'Write a schema that lists the fields a caller may send, each with its type, a maximum and, where there are few values, the list of them. Leave out role, owner and price.',
        validator.id === 'joi' ? 'Validate at the start of the handler with stripUnknown, answer 400 when there is an error, and use only the returned value.' : 'Call safeParse at the start of the handler, answer 400 when it fails, and use only the parsed data from there on.',
      ],
    };
  },
};

export const readOutcome: Fixer = {
  class: 'manual',
  title: () => 'Steps: act on the verdict of the validation',
  compute: (_finding: Finding) => ({
    title: 'Act on the verdict', class: 'manual', edits: [], create: [],
    manual: ['Keep the result in a variable and answer 400 (or throw) when it says that the data is invalid.', 'Use the parsed data from there on, never the raw request: unknown fields are gone in it.'],
  }),
};
