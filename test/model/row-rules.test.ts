/** What the repository's own SQL lets a caller without an account do. */
import assert from 'node:assert/strict';
import { projectOf } from '../support/project';

function rules(files: Readonly<Record<string, string>>, table: string): string {
  const r = projectOf(files).rowRules(table);
  const { select, insert, update, delete: del } = r.strangers;
  return `${r.state} ${select} ${insert} ${update} ${del}`;
}

const one = (sql: string) => ({ 'supabase/migrations/1.sql': sql });
const ON = 'create table t ();\nalter table t enable row level security;\n';

describe('row rules of a project', () => {
  it('tells the states apart', () => {
    assert.equal(rules(one(ON), 't'), 'on-without-policies none none none none');
    assert.equal(rules(one('create table t ();'), 't'), 'off off off off off');
    assert.equal(rules({}, 't'), 'unknown unknown unknown unknown unknown');
    // Switched on elsewhere or not: a policy for everybody lets everybody in.
    assert.equal(rules(one('create policy p on t for select using (true);\ncreate policy q on t for insert with check (auth.uid() = owner);'), 't'), 'unknown all unknown unknown unknown');
    assert.equal(rules(one("create table t ();\ndo $$ begin execute 'alter table ' || n || ' enable row level security'; end $$;"), 't'), 'unknown unknown unknown unknown unknown');
  });

  it('joins policies: the loosest lets in, a restrictive one keeps out', () => {
    assert.equal(rules(one(`${ON}create policy a on t for select using (true);\ncreate policy b on t for insert to anon with check (true);\ncreate policy c on t using (auth.uid() = owner);`), 't'), 'on-with-policies all meant none none');
    assert.equal(rules(one(`${ON}create policy a on t using (true);\ncreate policy b on t as restrictive for delete using (auth.uid() = owner);`), 't'), 'on-with-policies all all all none');
    assert.equal(rules(one(`${ON}create policy a on t to authenticated using (true);\ncreate policy b on t for select using (published);`), 't'), 'on-with-policies some none none none');
  });

  it('follows functions that ask, through each other', () => {
    assert.equal(rules(one(`${ON}create function private.role_is(r text) returns boolean as $$ select r = who() $$ language sql;\ncreate function who() returns text as $$ select role from people where id = auth.uid() $$ language sql;\ncreate policy a on t using (private.role_is('staff'));`), 't'), 'on-with-policies none none none none');
  });

  it('takes migrations in the order of their names, and other SQL only where they say nothing', () => {
    assert.equal(rules({ 'supabase/migrations/2.sql': 'drop policy a on t;', 'supabase/migrations/1.sql': `${ON}create policy a on t for select using (true);` }, 't'), 'on-without-policies none none none none');
    assert.equal(rules({ 'supabase/migrations/1.sql': ON, 'scripts/debug.sql': 'alter table t disable row level security;' }, 't'), 'on-without-policies none none none none');
    assert.equal(rules({ 'supabase/migrations/1.sql': 'create table t ();', 'setup.sql': 'alter table t enable row level security;' }, 't'), 'on-without-policies none none none none');
    assert.equal(rules({ 'a.sql': 'alter table t enable row level security;', 'b.sql': 'alter table t disable row level security;' }, 't'), 'unknown unknown unknown unknown unknown');
    // Nobody wrote down whether a dump that is no migration is all there is.
    assert.equal(rules({ 'schema.sql': 'create table t ();' }, 't'), 'unknown unknown unknown unknown unknown');
  });
});
