import type { Expr } from '../../core/facts';
import type { Endpoint, InputRead, ProjectModel, SinkUse } from '../../core/model';
import { defineRule } from '../../core/rule';
import { schemaByHand } from '../../fixes/schema';
import { nodesOf } from '../../fixes/walk';
import { callersOf } from '../endpoint/shared/callers';
import { pastedIn } from './shared/pasted';
import { lowerFirst } from './shared/words';

const SQL = /\b(select|insert|update|delete|where|values)\b/i;

export default defineRule({
  meta: {
    id: 'validate/sql-injection',
    item: 'validation',
    category: 'injection',
    severity: 'critical',
    title: 'Input is pasted into the text of a query',
    businessImpact: 'Every row of the database can be read, changed or deleted through this one field: customer data, password hashes, invoices.',
    why: [
      'A value that becomes part of the text of SQL can change what the text asks. `\' OR 1=1 --` in a search field is enough, and tools find such fields by themselves. A parameter (`$1`, `?`) cannot do that: the database takes it as a value, whatever it holds.',
      '',
      'Looked at: request data that reaches the text of a query, through concatenation, templates and the functions the handler calls. Two places that look checked and are not: elements of an array of which only `isArray()` was asked, and the names of the body’s keys used as column names.',
      '',
      'Not reported: values given as parameters or through a tagged template, numbers made by `Number` or `parseInt`, values held against a list or parsed by a schema.',
    ].join('\n'),
    effort: 'minutes',
    cwe: [89],
    owasp: ['API8'],
    messages: {
      text: '{{endpoint}} pastes {{fields}} into the text of a query: {{who}} can read or change the whole database.\nGive the value as a parameter ($1 or ?).',
      elements: '{{endpoint}} pastes the elements of {{fields}} into the text of a query: {{who}} can read or change the whole database.\nThat it is an array may be checked; what stands in it is not. Give each element as a parameter.',
      keys: '{{endpoint}} uses the names in the request body as column names: {{who}} can set any column or change the statement.\nTake the names from a fixed list.',
    },
    bad: {
      'src/app.js': "const express = require('express');\nconst { Pool } = require('pg');\n\nconst pool = new Pool();\nconst app = express();\n\napp.get('/articles', async (req, res) => {\n  const found = await pool.query(`SELECT title FROM articles WHERE title LIKE '%${req.query.search}%'`);\n  res.json(found.rows);\n});\n",
    },
    good: {
      'src/app.js': "const express = require('express');\nconst { Pool } = require('pg');\n\nconst pool = new Pool();\nconst app = express();\n\napp.get('/articles', async (req, res) => {\n  const found = await pool.query('SELECT title FROM articles WHERE title LIKE $1', [`%${req.query.search}%`]);\n  res.json(found.rows);\n});\n",
    },
    since: '0.1.0',
  },
  on: 'project',
  check(model, ctx) {
    const seen = new Set<string>();
    for (const endpoint of model.endpoints()) {
      if (!endpoint.mounted) continue;
      for (const hit of model.memo(endpoint, 'text-of-sql', (m) => hitsOf(endpoint, m))) {
        const key = `${hit.at.file}:${hit.at.span.start}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const callers = callersOf(endpoint, model);
        ctx.report({
          at: hit.at, messageId: hit.messageId, endpoint, severity: callers.who === 'anyone' ? 'critical' : 'high', confidence: hit.messageId === 'text' ? 'high' : 'medium',
          data: {
            endpoint: endpoint.method === 'ACTION' ? `Server action ${endpoint.path}` : `${endpoint.method} ${endpoint.path}`, key: endpoint.key, fields: hit.fields, source: hit.source, who: lowerFirst(callers.name), caller: callers.name,
            operators: callers.who === 'staff' || callers.who === 'owner', deed: hit.messageId === 'keys' ? 'set any column, or change the statement itself' : 'read or change your whole database', how: 'puts its input into the text of a query', cause: 'sql-injection', stakes: 1.5,
          },
          evidence: hit.reads.slice(0, 3).map((r) => ({ at: r.at, note: `${r.field === '' ? 'the request' : r.field} is read here` })),
          rootCause: `input:${endpoint.handler?.file ?? hit.at.file}#${endpoint.handler?.name ?? endpoint.path}`, fixes: ['schema-by-hand'],
        });
      }
    }
  },
  fixes: { 'schema-by-hand': schemaByHand },
});

interface Hit {
  readonly messageId: 'text' | 'elements' | 'keys';
  readonly at: SinkUse['at'];
  readonly fields: string;
  readonly source: string;
  readonly reads: readonly InputRead[];
}

function hitsOf(endpoint: Endpoint, model: ProjectModel): Hit[] {
  const pasted = pastedIn(endpoint, model);
  // The loop that makes the text is the place; the query that is then given it would be the same thing again.
  const told = (raw: readonly InputRead[]): boolean => pasted.length > 0 && raw.every((r) => r.field === '' || pasted.some((p) => r.field === p.field));
  const texts = endpoint.sinks.filter((s) => s.kind === 'sql' && s.raw.length > 0 && !told(s.raw)).map((s): Hit => ({ messageId: 'text', at: composedAt(endpoint, model, s), fields: namesOf(s.raw), source: s.raw[0]?.source ?? 'body', reads: s.raw }));
  return [...texts, ...pasted.map((p): Hit => ({ messageId: p.kind, at: p.at, fields: p.field, source: 'body', reads: [] }))];
}

/** Where the text is made, if a helper only hands it to the database: the template that names the table and the field. */
function composedAt(endpoint: Endpoint, model: ProjectModel, s: SinkUse): SinkUse['at'] {
  const wanted = new Set(s.raw.map((r) => r.field.slice(r.field.lastIndexOf('.') + 1)));
  const holds = (x: Expr): boolean => (x.k === 'ref' ? wanted.has(x.name) : x.k === 'mem' && wanted.has(x.prop));
  for (const file of [s.at.file, ...[...endpoint.dependsOn].filter((f) => f !== s.at.file)]) {
    const script = model.file(file)?.script;
    const made: Extract<Expr, { k: 'tpl' }>[] = [];
    for (const fn of script?.functions ?? []) {
      for (const n of nodesOf(fn.body)) if (n.k === 'tpl' && n.tag === null && n.parts.some(holds) && n.parts.some((p) => p.k === 'str' && SQL.test(p.v) && (s.target === null || p.v.includes(s.target)))) made.push(n);
    }
    const own = made.find((t) => file === s.at.file && Math.abs(t.s - s.at.span.start) < 400) ?? (file === s.at.file ? undefined : made[0]);
    if (own) return file === s.at.file ? s.at : { file, span: { start: own.s, end: own.e } };
  }
  return s.at;
}

function namesOf(raw: readonly InputRead[]): string {
  const names = [...new Set(raw.map((r) => r.field).filter((f) => f !== ''))].slice(0, 3);
  return names.length === 0 ? 'its input' : names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}
