import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction } from 'vscode-languageserver/node';
import { METHODS, type ActAnswer, type AfterFix, type SprintAnswer } from '../../src/server/protocol';
import { fakeStripeKey, withServer, type TempFolder, type TestClient } from './support';

async function offered(client: TestClient, folder: TempFolder, path: string, text: string, count = 1, languageId = 'typescript'): Promise<{ uri: string; actions: CodeAction[] }> {
  const uri = folder.uriOf(path);
  await client.ready();
  await client.open(uri, text, languageId);
  const diagnostics = await client.diagnostics(uri, 1, (d) => d.length === count);
  return { uri, actions: await client.actions(uri, diagnostics.slice(0, 1)) };
}

describe('server: code actions', function () {
  this.timeout(20_000);

  it('lists fixes without edits, the preferred one first, and resolves a versioned edit', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const { uri, actions } = await offered(client, folder, 'src/a.ts', 'danger();\n');
      assert.deepEqual(actions.map((a) => a.title), ['Calm it down', 'Fix all like this in the whole workspace (preview)', 'Ignore this finding with a reason…']);
      assert.ok(actions.every((a) => a.edit === undefined && a.kind === 'quickfix'));
      assert.deepEqual(actions.map((a) => a.isPreferred ?? false), [true, false, false]);
      const { edit, command } = await client.resolve(actions[0]);
      assert.equal(client.apply(edit, uri), 'calm();\n');
      assert.equal(command, undefined);
      const change = edit?.documentChanges?.[0];
      assert.ok(change && 'textDocument' in change && change.textDocument.version === 1);
      assert.ok(Object.values(edit?.changeAnnotations ?? {}).every((a) => !a.needsConfirmation), 'one click');
    }));

  it('fixes all of a harmless rule in the file, and only then offers it', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const { uri, actions } = await offered(client, folder, 'src/a.ts', 'danger();\nentry();\ndanger();\n', 3);
      const all = actions.find((a) => a.title === 'Fix all like this in the file');
      assert.equal(client.apply((await client.resolve(all)).edit, uri), 'calm();\nentry();\ncalm();\n');
    }));

  it('declines when the text has changed, with a reason and no edit', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const { uri, actions } = await offered(client, folder, 'src/a.ts', 'danger();\n');
      await client.edit(uri, 'danger();', 'x; danger();');
      const resolved = await client.resolve(actions[0]);
      assert.equal(resolved.edit, undefined);
      assert.equal(resolved.command?.command, 'vibeCodeRescue.fixDeclined');
      assert.match((resolved.command?.arguments?.[0] as { message: string }).message, /changed/);
    }));

  it('declines when the fix does, with its reason', () =>
    withServer({ 'src/a.ts': '', 'src/app.ts': '' }, async (client, folder) => {
      const { actions } = await offered(client, folder, 'src/a.ts', 'entry();\n');
      const resolved = await client.resolve(actions.find((a) => a.title === 'Guard it here'));
      assert.equal(resolved.edit, undefined);
      assert.equal(resolved.command?.command, 'vibeCodeRescue.fixDeclined');
    }));

  it('asks for confirmation where a guard goes into another file, and works from the text on the disk now', () =>
    withServer({ 'src/a.ts': '', 'src/app.ts': '// old\n' }, async (client, folder) => {
      const { actions } = await offered(client, folder, 'src/a.ts', 'entry();\n');
      folder.write('src/app.ts', '// newer and longer\n');
      const { edit } = await client.resolve(actions[0]);
      assert.equal(client.apply(edit, folder.uriOf('src/app.ts'), '// newer and longer\n'), '// newer and longer\nguardAll();\n');
      assert.ok(Object.values(edit?.changeAnnotations ?? {}).some((a) => a.needsConfirmation));
    }));

  it('moves a key: the value goes into the one sensitive edit, the rest stays on the checklist', () =>
    withServer({ 'src/a.ts': '', '.gitignore': '.env*\n', '.git/HEAD': 'ref: refs/heads/main\n' }, async (client, folder) => {
      const key = fakeStripeKey();
      const { uri, actions } = await offered(client, folder, 'src/a.ts', `const stripe = "${key}";\n`);
      const before = client.traffic.join('');
      assert.ok(!before.includes(key));
      const { edit, command } = await client.resolve(actions[0]);
      assert.match(client.apply(edit, uri), /^const stripe = process\.env\.\w+;\n$/);
      const env = folder.uriOf('.env.local');
      assert.match(client.apply(edit, env), new RegExp(`=${key}\n$`));
      assert.ok(edit?.documentChanges?.some((c) => 'kind' in c && c.kind === 'create' && c.uri === env));
      const after = command?.arguments?.[0] as AfterFix;
      assert.match(after.steps.join(' '), /Replace \w+ at its provider/);
      assert.ok(!existsSync(join(folder.root, '.rescue')), 'nothing is written before a person acts');

      const answer = await client.request<ActAnswer>(METHODS.fixed, { folder: folder.uri, fingerprint: after.fingerprint });
      assert.equal(answer.ok, true);
      const sprint = await client.request<SprintAnswer>(METHODS.sprint, {});
      const rotations = sprint.folders[0]?.days.flatMap((d) => d.items).flatMap((i) => i.rotations) ?? [];
      assert.ok(rotations.some((r) => !r.done && r.kind === 'rotation'), JSON.stringify(sprint).slice(0, 500));
      assert.ok(!readFileSync(join(folder.root, '.rescue/sprint.json'), 'utf8').includes(key));
      const occurrences = client.traffic.join('').split(key).length - 1;
      assert.equal(occurrences, 1, 'the value was sent once: in the edit');
    }));

  it('adds to an env file that git ignores and the session does not know, and forgets it again', () =>
    withServer({ 'src/a.ts': '', '.gitignore': '.env*\n', '.git/HEAD': 'ref: refs/heads/main\n', '.env.local': 'OLD=1\n' }, async (client, folder) => {
      const { actions } = await offered(client, folder, 'src/a.ts', `const stripe = "${fakeStripeKey()}";\n`);
      const { edit } = await client.resolve(actions[0]);
      assert.match(client.apply(edit, folder.uriOf('.env.local'), 'OLD=1\n'), /^OLD=1\n\w+=sk_live/);
      assert.ok(!edit?.documentChanges?.some((c) => 'kind' in c && c.kind === 'create'));
    }));

  it('adds to an ignored env file that is open and unsaved; no diagnostic ever stands on it', () =>
    withServer({ 'src/a.ts': '', '.gitignore': '.env*\n', '.git/HEAD': 'ref: refs/heads/main\n', '.env.local': 'OLD=1\n' }, async (client, folder) => {
      await client.ready();
      const env = folder.uriOf('.env.local');
      const other = fakeStripeKey('b');
      await client.open(env, `OLD=1\nMINE=${other}\n`, 'dotenv');
      const { actions } = await offered(client, folder, 'src/a.ts', `const stripe = "${fakeStripeKey()}";\n`);
      const { edit } = await client.resolve(actions[0]);
      assert.match(client.apply(edit, env), /^OLD=1\nMINE=\w+\n\w+=sk_live/);
      const change = edit?.documentChanges?.find((c) => 'textDocument' in c && c.textDocument.uri === env);
      assert.ok(change && 'textDocument' in change && change.textDocument.version === 1, 'versioned: the document is open');
      await client.request(METHODS.audit, {});
      assert.ok(!client.published.some((p) => p.uri === env && p.diagnostics.length > 0));
      assert.ok(!client.traffic.join('').includes(other), 'what stands in the ignored file is never sent back');
    }));

  it('fixes a rule in the whole workspace through the preview', () =>
    withServer({ 'src/a.ts': 'danger();\n', 'src/b.ts': 'danger();\n' }, async (client, folder) => {
      await client.ready();
      const answer = await client.request<ActAnswer>(METHODS.fixAll, { folder: folder.uri, ruleId: 'error/danger' });
      assert.deepEqual(answer, { ok: true, message: null });
      const edit = client.applied[0]?.edit;
      assert.equal(edit?.documentChanges?.length, 2);
      assert.ok(Object.values(edit?.changeAnnotations ?? {}).every((a) => a.needsConfirmation));
      assert.equal((await client.request<ActAnswer>(METHODS.fixAll, { folder: folder.uri, ruleId: 'auth/entry' })).ok, false);
    }));

  describe('ignore with a reason', () => {
    const cases: readonly { file: string; text: string; languageId: string; expected: RegExp }[] = [
      { file: 'src/a.ts', text: 'if (x) {\n}\ndanger();\n', languageId: 'typescript', expected: /^if \(x\) \{\n\}\n\/\/ rescue-ignore-next-line error\/danger -- it is fine\ndanger\(\);\n$/ },
      { file: 'src/a.ts', text: 'danger();\r\n', languageId: 'typescript', expected: /^\/\/ rescue-ignore-next-line error\/danger -- it is fine\r\ndanger\(\);\r\n$/ },
      { file: 'config.yml', text: `stripe:\n  key: ${fakeStripeKey()}\n`, languageId: 'yaml', expected: /^stripe:\n {2}# rescue-ignore-next-line secrets\/leak -- it is fine\n {2}key/ },
      { file: 'seed.sql', text: `insert into keys values ('${fakeStripeKey()}');\n`, languageId: 'sql', expected: /^-- rescue-ignore-next-line secrets\/leak -- it is fine\n/ },
      { file: 'src/p.tsx', text: `export const P = () => (\n  <div>\n    <b>{"${fakeStripeKey()}"}</b>\n  </div>\n);\n`, languageId: 'typescriptreact', expected: /\{\/\* rescue-ignore-next-line secrets\/leak -- it is fine \*\/\}/ },
    ];
    for (const { file, text, languageId, expected } of cases) {
      it(`writes the comment of ${languageId}${text.includes('\r') ? ' with its line ends' : ''}`, () =>
        withServer({ [file]: text }, async (client, folder) => {
          const { uri, actions } = await offered(client, folder, file, text, 1, languageId);
          const ignore = actions.find((a) => a.title.startsWith('Ignore'));
          const { fingerprint } = ignore?.command?.arguments?.[0] as { fingerprint: string };
          const answer = await client.request<ActAnswer>(METHODS.ignore, { folder: folder.uri, fingerprint, reason: 'it is fine' });
          assert.deepEqual(answer, { ok: true, message: null });
          const ignored = client.apply(client.applied[0]?.edit, uri);
          assert.match(ignored, expected);
          await client.change(uri, [{ text: ignored }]);
          await client.diagnostics(uri, 2, (d) => d.length === 0);
        }));
    }

    it('writes to the configuration where a language has no comments', () =>
      withServer({ 'data.json': `{ "stripe": "${fakeStripeKey()}" }\n`, 'rescue.config.json': '{\n  // ours\n  "guards": ["requireUser"]\n}\n' }, async (client, folder) => {
        const { actions } = await offered(client, folder, 'data.json', `{ "stripe": "${fakeStripeKey()}" }\n`, 1, 'json');
        const { fingerprint } = actions.find((a) => a.title.startsWith('Ignore'))?.command?.arguments?.[0] as { fingerprint: string };
        await client.request<ActAnswer>(METHODS.ignore, { folder: folder.uri, fingerprint, reason: 'test key' });
        const config = client.apply(client.applied[0]?.edit, folder.uriOf('rescue.config.json'), readFileSync(join(folder.root, 'rescue.config.json'), 'utf8'));
        assert.match(config, /\/\/ ours/);
        assert.match(config, /"ignore": \[\n {4}\{"rule":"secrets\/leak","path":"data.json","reason":"test key"\}\n {2}\]/);
      }));

    it('needs a reason', () =>
      withServer({ 'src/a.ts': 'danger();\n' }, async (client, folder) => {
        await client.ready();
        await assert.rejects(client.request(METHODS.ignore, { folder: folder.uri, fingerprint: 'x', reason: '  ' }), /reason/);
      }));
  });
});
