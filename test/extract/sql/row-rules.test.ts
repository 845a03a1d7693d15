/** What SQL files say about row level security, read with a tolerant scanner. */
import assert from 'node:assert/strict';
import { extractRowRules } from '../../../src/engine/extract/sql/row-rules';
import type { RowRuleChange } from '../../../src/engine/core/facts';

function changes(sql: string, path = 'supabase/migrations/1_a.sql'): readonly RowRuleChange[] {
  const facts = extractRowRules(path, sql);
  return facts?.kind === 'row-rules' ? facts.changes : [];
}

/** `table for command to roles using/check`, each test as what it lets through. */
function policy(sql: string): string {
  const p = changes(sql).find((c) => c.do === 'policy');
  if (p?.do !== 'policy') return 'none';
  const test = (t: typeof p.using) => (t === null ? '-' : t.map((x) => x.passes).join('|'));
  return `${p.table} ${p.command}${p.restrictive ? ' restrictive' : ''} [${p.to.join()}] ${test(p.using)} ${test(p.check)}`;
}

describe('row rules in SQL', () => {
  it('reads tables, switches and dropped policies, with quoted and qualified names', () => {
    assert.deepEqual(
      changes('CREATE TABLE IF NOT EXISTS "public"."Orders" (id uuid);\nalter table if exists only public."Orders" enable row level security;\nALTER TABLE ledger.entries DISABLE ROW LEVEL SECURITY;\nalter table a rename to b;\ndrop policy if exists "may read" on "public"."Orders";\ndrop table if exists old_a, public.old_b cascade;'),
      [
        { do: 'create', table: 'Orders' }, { do: 'rls', table: 'Orders', on: true }, { do: 'rls', table: 'ledger.entries', on: false }, { do: 'rename', table: 'a', to: 'b' },
        { do: 'drop-policy', table: 'Orders', name: 'may read' }, { do: 'drop', table: 'old_a' }, { do: 'drop', table: 'old_b' },
      ],
    );
  });

  it('tells whom a policy lets through', () => {
    assert.equal(policy('create policy p on t for select using (true);'), 't select [] all -');
    assert.equal(policy('create policy p on t using ((auth.uid() = owner_id));'), 't all [] none -');
    assert.equal(policy("create policy p on t for insert to anon, authenticated with check (char_length(body) < 500);"), 't insert [anon,authenticated] - some');
    assert.equal(policy('create policy p on t for select using (published or auth.uid() = author);'), 't select [] some|none -');
    assert.equal(policy('create policy p on t for update using (owner = (select auth.uid()) and (open or true)) with check (false);'), 't update [] none none');
    assert.equal(policy("create policy p on t for all using (auth.role() = 'service_role');"), 't all [] none -');
    assert.equal(policy("create policy p on t for select using (auth.role() = 'anon' or auth.role() = 'authenticated');"), 't select [] all|none -');
    assert.equal(policy('create policy p on t as restrictive for select using (auth.uid() is not null);'), 't select restrictive [] none -');
    assert.equal(policy('create policy p on t for select using (day between 1 and 5);'), 't select [] some -');
    assert.equal(policy('create policy p on t for select to authenticated using (1 = 1);'), 't select [authenticated] all -');
  });

  it('is fooled by no string, comment, dollar quote or copied data', () => {
    assert.deepEqual(changes("-- create table a ();\n/* create table b (); */\ninsert into notes values ('create table c (); ''; create table d ();');\nCOPY t (x) FROM stdin;\ncreate table e ();\n\\.\ncreate table f (x text default 'a;b');"), [{ do: 'create', table: 'f' }]);
    assert.deepEqual(changes('create table g (); create function f() returns void language plpgsql as $body$ begin create table h (); end $body$;').map((c) => c.do), ['create', 'function']);
  });

  it('reads blocks, and says where a statement is put together at run time', () => {
    assert.deepEqual(changes("do $$ begin if not exists (select 1) then create policy p on t for select using (true); end if; end $$;").map((c) => c.do), ['policy']);
    assert.deepEqual(changes("do $$ begin execute format('alter table %I enable row level security', 't'); end $$;"), [{ do: 'unread' }]);
  });

  it('knows which functions ask who is calling', () => {
    assert.deepEqual(changes('create or replace function public.is_staff() returns boolean language sql as $$ select exists (select 1 from staff where id = auth.uid()) $$;\ncreate function may() returns boolean as $$ select is_staff() $$ language sql;\nrevoke execute on function sweep(int) from public, anon;'), [
      { do: 'function', name: 'is_staff', asks: true, calls: ['uid'] }, { do: 'function', name: 'may', asks: false, calls: ['is_staff'] }, { do: 'function', name: 'sweep', asks: true, calls: [] },
    ]);
  });

  it('reads nothing from other files, tests and odd text', () => {
    assert.equal(extractRowRules('notes.md', 'create table a ();'), null);
    assert.equal(extractRowRules('db/a.sql', 'select 1;'), null);
    for (const odd of ["create policy", "create policy p on", "create table", "create policy p on t using (", "create table \"", "create policy p on t for select using ('", 'create function $', 'alter table', 'create table a; do $$', `create policy p on t using (${'(a or '.repeat(3000)}b${')'.repeat(3000)});`, `create table a ();${' '.repeat(100_000)}x`]) changes(odd);
  });
});
