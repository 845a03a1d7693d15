import assert from 'node:assert/strict';
import { METHODS, type ReportAnswer, type TimingAnswer } from '../../src/server/protocol';
import { fakeStripeKey, type TestClient, until, withServer } from './support';

describe('server: diagnostics', function () {
  this.timeout(20_000);

  it('publishes what it finds with source, code, docs page, severity, evidence and data', () =>
    withServer({ 'src/a.ts': '\ndanger();\n' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, '\ndanger();\n');
      const [diagnostic, ...rest] = await client.diagnostics(uri, 1, (d) => d.length > 0);
      assert.equal(rest.length, 0, 'quiet rules and low confidence do not squiggle');
      assert.ok(diagnostic);
      assert.equal(diagnostic.source, 'Vibe Code Rescue');
      assert.equal(diagnostic.code, 'error/danger');
      assert.match(diagnostic.codeDescription?.href ?? '', /docs\/rules\/error\/danger\.md$/);
      assert.equal(diagnostic.severity, 1);
      assert.deepEqual(diagnostic.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 8 } });
      assert.equal(diagnostic.relatedInformation?.[0]?.message, 'The file starts here.');
      assert.deepEqual(Object.keys(diagnostic.data as object).sort(), ['fingerprint', 'ruleId']);
    }));

  it('judges unsaved text and takes a fixed squiggle away at once', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, 'const a = 1;\n');
      await client.edit(uri, 'const a = 1;', 'danger();');
      await client.diagnostics(uri, 2, (d) => d.length === 1);
      const before = Date.now();
      await client.edit(uri, 'danger();', 'calm();');
      await client.diagnostics(uri, 3, (d) => d.length === 0);
      const timing = await client.request<TimingAnswer>(METHODS.timing, {});
      assert.ok(timing.samples.some((s) => s.kind === 'removal' && s.version === 3), `removed ahead of the debounce (${Date.now() - before} ms)`);
    }));

  it('publishes versions in order and ends with the last one, however fast the typing', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, '');
      for (let i = 0; i < 60; i++) await client.change(uri, [{ range: { start: { line: i, character: 0 }, end: { line: i, character: 0 } }, text: i % 2 ? 'danger();\n' : 'x;\n' }]);
      await client.diagnostics(uri, 61, (d) => d.length === 30);
      const versions = client.published.filter((p) => p.uri === uri).map((p) => p.version ?? -1);
      assert.deepEqual(versions, [...versions].sort((a, b) => a - b), 'never an older version after a newer one');
      assert.ok(versions.length < 20, `debounced: ${versions.length} publications for 60 keystrokes`);
    }));

  it('checks other open files after some quiet', () =>
    withServer({ 'src/app.ts': '', 'src/route.ts': 'entry();\n' }, async (client, folder) => {
      const [app, route] = [folder.uriOf('src/app.ts'), folder.uriOf('src/route.ts')];
      await client.ready();
      await client.open(app, '// app\n');
      await client.open(route, 'entry();\n');
      await client.diagnostics(route, 1, (d) => d.length === 1);
      await client.edit(app, '// app', 'guardAll();');
      await client.diagnostics(route, 1, (d) => d.length === 0);
    }));

  it('finds a leaked key within a second and never sends its value', () =>
    withServer({ 'src/a.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      const key = fakeStripeKey();
      await client.ready();
      await client.open(uri, 'const stripeKey = "";\n');
      const start = Date.now();
      await client.edit(uri, '""', `"${key}"`);
      const [diagnostic] = await client.diagnostics(uri, 2, (d) => d.length === 1);
      assert.ok(Date.now() - start < 1000, `${Date.now() - start} ms`);
      assert.equal(diagnostic?.code, 'secrets/leak');
      await client.request('textDocument/hover', { textDocument: { uri }, position: diagnostic.range.start });
      await client.actions(uri, [diagnostic]);
      for (const method of [METHODS.sprint, METHODS.risks, METHODS.endpoints, METHODS.overview]) await client.request(method, {});
      for (const format of ['html', 'markdown', 'sarif', 'json']) await client.request(METHODS.report, { format });
      assert.ok(!client.traffic.join('').includes(key), 'the value is in no message');
    }));

  it('goes back to the text on the disk when an unsaved editor is closed', () =>
    withServer({ 'src/app.ts': '// nothing\n', 'src/route.ts': 'entry();\n' }, async (client, folder) => {
      const [app, route] = [folder.uriOf('src/app.ts'), folder.uriOf('src/route.ts')];
      await client.ready();
      await client.open(route, 'entry();\n');
      await client.open(app, 'guardAll();\n');
      await client.diagnostics(route, 1, (d) => d.length === 0);
      await client.close(app);
      await client.diagnostics(route, 1, (d) => d.length === 1);
    }));

  it('reads what changes on the disk, and clears what is deleted or closed', () =>
    withServer({ 'src/app.ts': '', 'src/route.ts': 'entry();\n' }, async (client, folder) => {
      const route = folder.uriOf('src/route.ts');
      await client.ready();
      await client.open(route, 'entry();\n');
      await client.diagnostics(route, 1, (d) => d.length === 1);
      folder.write('src/app.ts', 'guardAll();\n');
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('src/app.ts'), type: 2 }] });
      await client.diagnostics(route, 1, (d) => d.length === 0);
      await client.edit(route, 'entry', 'danger');
      await client.diagnostics(route, 2, (d) => d.length === 1);
      await client.close(route);
      await until('the closed file to be clear', () => client.latest(route)?.diagnostics.length === 0);
    }));

  it('lists closed files too when the setting says so', () =>
    withServer(
      { 'src/a.ts': 'danger();\n' },
      async (client, folder) => {
        await until('the closed file', () => client.latest(folder.uriOf('src/a.ts'))?.diagnostics.length === 1);
        client.settings = { problems: { scope: 'openFiles' } };
        await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
        await until('it to be cleared', () => client.latest(folder.uriOf('src/a.ts'))?.diagnostics.length === 0);
      },
      { settings: { problems: { scope: 'workspace' } } },
    ));

  it('obeys severities and switches of the settings, and names a wrong one in the log', () =>
    withServer(
      { 'src/a.ts': 'danger();\nentry();\n' },
      async (client, folder) => {
        const uri = folder.uriOf('src/a.ts');
        await client.ready();
        await client.open(uri, 'danger();\nentry();\n');
        const [diagnostic] = await client.diagnostics(uri, 1, (d) => d.length === 1);
        assert.equal(diagnostic?.severity, 2);
        assert.ok(client.log.some((line) => line.includes('codeLens')), client.log.join('\n'));
        client.settings = { enable: false };
        await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
        await client.diagnostics(uri, 1, (d) => d.length === 0);
      },
      { settings: { rules: { 'error/danger': 'medium', 'auth/entry': 'off' }, codeLens: { enable: 'sometimes' } } },
    ));

  it('judges a loose file alone and leaves other schemes and dependencies in peace', () =>
    withServer([{ 'node_modules/x/a.js': '' }, {}], async (client, folder, [, other]) => {
      await client.ready();
      other?.write('loose.ts', '');
      const loose = `file://${(other?.root ?? '').replace(/vcr-server-[^/]*/, 'nowhere')}/loose.ts`;
      await client.open(loose, 'danger();\n');
      await client.diagnostics(loose, 1, (d) => d.length === 1);
      await client.open('untitled:Untitled-1', 'danger();\n');
      await client.open(folder.uriOf('node_modules/x/a.js'), 'danger();\n', 'javascript');
      await client.edit(loose, 'danger();', 'danger();\ndanger();');
      await client.diagnostics(loose, 2, (d) => d.length === 2);
      assert.deepEqual(client.published.filter((p) => p.uri !== loose && p.diagnostics.length > 0), []);
      await client.close(loose);
      await until('the loose file to be cleared', () => client.latest(loose)?.diagnostics.length === 0);
    }));

  it('survives a rule that throws: others still report, the error is in log and status', () =>
    withServer({ 'src/a.ts': 'boom();\ndanger();\n' }, async (client, folder) => {
      const uri = folder.uriOf('src/a.ts');
      await client.ready();
      await client.open(uri, 'boom();\ndanger();\n');
      await client.diagnostics(uri, 1, (d) => d.length === 1);
      await until('the status', () => client.status.some((s) => s.errors > 0 && s.lastError?.includes('log/throws')));
      assert.ok(client.log.some((line) => line.includes('the rule broke')));
    }));

  it('survives a session that throws, and wrong params', () =>
    withServer(
      { 'src/a.ts': 'danger();\n' },
      async (client, folder) => {
        const uri = folder.uriOf('src/a.ts');
        await client.ready();
        await client.open(uri, 'danger();\n');
        await until('the failure in the log', () => client.log.some((line) => line.includes('the session broke')));
        await assert.rejects(client.request(METHODS.tick, { folder: folder.uri, kind: 'nonsense', id: 1 }), /kind/);
        await assert.rejects(client.request(METHODS.sprint, { folder: 'file:///elsewhere' }), /not a folder/);
        assert.equal((await client.request<TimingAnswer>(METHODS.timing, {})).samples.length >= 0, true);
      },
      {
        host: (host) => ({
          ...host,
          createSession: (options, git) => {
            const session = host.createSession(options, git);
            const check = session.check.bind(session);
            session.check = (path) => {
              if (path === 'src/a.ts') throw new Error('the session broke');
              return check(path);
            };
            return session;
          },
        }),
      },
    ));

  it('keeps folders apart and follows folders that come and go', () =>
    withServer([{ 'src/app.ts': 'guardAll();\n', 'src/route.ts': 'entry();\n' }, { 'src/route.ts': 'entry();\n' }], async (client, _folder, [guarded, open]) => {
      await client.ready();
      const [a, b] = [guarded!.uriOf('src/route.ts'), open!.uriOf('src/route.ts')];
      await client.open(a, 'entry();\n');
      await client.open(b, 'entry();\n');
      await client.diagnostics(b, 1, (d) => d.length === 1);
      await client.diagnostics(a, 1, (d) => d.length === 0);
      await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: open!.uri, name: 'folder1' }] } });
      await until('the folder to be cleared', () => client.latest(b)?.diagnostics.length === 0);
    }));

  it('puts problems of rescue.config.json on that file, unsaved text included', () =>
    withServer({ 'rescue.config.json': '{ "severites": {} }', 'src/a.ts': 'danger();\n' }, async (client, folder) => {
      const config = folder.uriOf('rescue.config.json');
      const uri = folder.uriOf('src/a.ts');
      await until('the problem of the closed file', () => client.latest(config)?.diagnostics.some((d) => String(d.message).includes('severities')));
      await client.open(config, '{ "severites": {} }', 'json');
      await client.open(uri, 'danger();\n');
      await client.diagnostics(uri, 1, (d) => d.length === 1);
      await client.edit(config, '"severites": {}', '"severities": { "error/danger": "off" }');
      await client.diagnostics(config, 2, (d) => d.length === 0);
      await client.diagnostics(uri, 1, (d) => d.length === 0);
    }));

  it('says where package.json cannot be read, in the file, the log, the status and the report, until it is mended', () =>
    withServer({ 'package.json': '{\n  "name": "x",\n  "dependencies": { "express" }\n}\n', 'src/a.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('package.json');
      await client.ready();
      const [found] = await until('the problem', () => client.latest(uri)?.diagnostics);
      assert.match(String(found?.message), /^package\.json cannot be read/);
      assert.equal(found?.range.start.line, 2);
      assert.ok(client.log.some((line) => line.includes('package.json cannot be read')));
      await until('the count', () => client.status[client.status.length - 1]?.errors === 1);
      const report = await client.request<ReportAnswer>(METHODS.report, { format: 'json' });
      assert.match(report.text, /package\.json cannot be read/);
      folder.write('package.json', '{}\n');
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
      await until('the problem to go', () => client.latest(uri)?.diagnostics.length === 0);
      await until('the count to go', () => client.status[client.status.length - 1]?.errors === 0);
    }));

  it('leaves what git ignores in peace, even when it is open, and looks again when git no longer does', () =>
    withServer({ '.gitignore': 'scratch/\n', '.git/HEAD': 'ref: refs/heads/main\n', 'scratch/a.ts': 'danger();\n', 'src/b.ts': '' }, async (client, folder) => {
      const uri = folder.uriOf('scratch/a.ts');
      await client.ready();
      await client.open(uri, 'danger();\n');
      const other = folder.uriOf('src/b.ts');
      await client.open(other, 'danger();\n');
      await client.diagnostics(other, 1, (d) => d.length === 1);
      assert.equal(client.latest(uri)?.diagnostics.length ?? 0, 0);
      folder.write('.gitignore', '\n');
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('.gitignore'), type: 2 }] });
      await client.diagnostics(uri, 1, (d) => d.length === 1);
      folder.write('.gitignore', 'scratch/\n');
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('.gitignore'), type: 2 }] });
      await until('the squiggle to go', () => client.latest(uri)?.diagnostics.length === 0);
    }));

  it('follows git’s index where the folder is a part of a repository', () =>
    withServer({ '.git/HEAD': 'ref: refs/heads/main\n', '.gitignore': 'scratch/\n', 'app/scratch/a.ts': '' }, async (client, folder) => {
      await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: folder.uriOf('app'), name: 'app' }], removed: [{ uri: folder.uri, name: 'folder0' }] } });
      await until('the watcher', () => client.watched.find((base) => base === folder.uriOf('.git')));
      const seen = client.revisions.length;
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('.git/index'), type: 2 }] });
      await until('the folder to be looked at again', () => client.revisions.length > seen);
    }));

  it('while the folder is being read only keys squiggle: nothing that another file could refute', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await withServer(
      { 'src/app.ts': 'guardAll();\n', 'src/route.ts': 'entry();\n' },
      async (client: TestClient, folder) => {
        const uri = folder.uriOf('src/route.ts');
        await client.open(uri, `entry();\nconst stripe = "${fakeStripeKey()}";\n`);
        const early = await client.diagnostics(uri, 1, (d) => d.length > 0);
        assert.deepEqual(early.map((d) => d.code), ['secrets/leak']);
        release();
        await client.ready();
        assert.ok(!client.published.some((p) => p.diagnostics.some((d) => d.code === 'auth/entry')));
      },
      {
        host: (host) => ({
          ...host,
          openFolder: (root, cache) => {
            const disk = host.openFolder(root, cache);
            const files = disk.files.bind(disk);
            disk.files = async function* (signal, skipped) {
              await gate;
              yield* files(signal, skipped);
            };
            return disk;
          },
        }),
      },
    );
  });
});
