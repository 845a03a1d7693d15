import assert from 'node:assert/strict';
import { extractConfig } from '../../../src/engine/extract/config/index';
import { tableIn } from '../../../src/engine/extract/sql/tables';

describe('tables of a project’s own SQL', () => {
  it('have columns with types, limits and the rows they name', () => {
    const table = tableIn(`-- the boats
create table if not exists public."boats" (
  id uuid primary key default gen_random_uuid(), -- its key
  name varchar(80) not null,
  note text default 'a, b (c',
  kind text check (kind in ('sail', 'motor')),
  price numeric(10, 2) not null check (price >= 0),
  rate numeric,
  state boat_state default 'new',
  tags text[],
  meta jsonb,
  built date,
  crew_id bigint references crews(id) on delete cascade,
  port_id uuid,
  code text,
  constraint ports foreign key (port_id) references public.ports (id),
  check (char_length(code) <= 8),
  unique (name)
)`);
    assert.equal(table?.name, 'boats');
    assert.deepEqual(table.columns.map((c) => [c.name, c.type, c.min, c.references, c.limited]), [
      ['id', 'key', null, null, false], ['name', 'text', null, null, true], ['note', 'text', null, null, false], ['kind', 'text', null, null, true], ['price', 'number', 0, null, false], ['rate', 'number', null, null, false],
      ['state', null, null, null, true], ['tags', 'object', null, null, false], ['meta', 'object', null, null, false], ['built', 'date', null, null, false], ['crew_id', 'number', null, 'crews', false], ['port_id', 'key', null, 'ports', false], ['code', 'text', null, null, true],
    ]);
  });

  it('are none in other statements, or in half a one', () => {
    assert.equal(tableIn('insert into boats (name) values (1)'), null);
    assert.equal(tableIn('create index on boats (name)'), null);
    assert.deepEqual(tableIn('create table boats (')?.columns, []);
    assert.equal(tableIn(`create table boats (${'a text,'.repeat(9000)} b text)`), null);
  });

  it('come with what the file says about row rules', () => {
    const facts = extractConfig('supabase/migrations/1.sql', 'create table boats (name text);\nalter table boats enable row level security;\ncreate table ports (name text);');
    assert.ok(facts?.kind === 'row-rules');
    assert.deepEqual(facts.tables.map((t) => t.name), ['boats', 'ports']);
  });
});
