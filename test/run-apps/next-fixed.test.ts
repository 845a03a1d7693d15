/** The first fix of every open endpoint is taken, and the Next fixtures run again: what was open is closed, and a credential opens it. */
import assert from 'node:assert/strict';
import type { Endpoint } from '../../src/engine/core/model';
import type { Answer } from './support/app';
import { type Fixing, deniesEverybody, fixAuth, nameOf } from './support/fixing';
import { copyOf, removeCopies } from './support/folder';
import { FOLDERS, NextCalls, ROOT, isOf } from './support/next-calls';
import { difference, isAnswered, shown, verdictIn } from './support/verdict';

for (const folder of FOLDERS) {
  describe(`the Next fixture ${folder}, fixed and run`, function () {
    this.timeout(120_000);
    let calls: NextCalls | undefined;
    let fixing: Fixing;
    /** What each endpoint answered, without a credential and with one: asked once, compiling takes its time. */
    const heard = new Map<Endpoint, { readonly strangers: readonly Answer[]; readonly user: Answer }>();

    before(async () => {
      const root = copyOf(ROOT);
      fixing = fixAuth(root);
      calls = await NextCalls.start(root, folder);
      for (const e of fixing.endpoints.filter((x) => isOf(x, folder))) heard.set(e, { strangers: await calls.withoutCredential(e), user: await calls.withCredential(e) });
    });
    after(async () => {
      await calls?.app.stop();
      removeCopies();
    });

    it('has a fix for all', () => {
      assert.deepEqual(fixing.left, []);
      assert.ok(fixing.fixed.length >= 16, `${fixing.fixed.length} fixes`);
      assert.deepEqual(fixing.mixed, []);
      assert.deepEqual(fixing.alsoClosed, []);
    });

    it('denies whoever has no credential', () => {
      const open = [...heard].filter(([e, { strangers }]) => fixing.fixed.some((f) => f.endpoints.includes(nameOf(e))) && verdictIn(e, strangers) !== 'closed').map(([e, { strangers }]) => `${nameOf(e)}: ${shown(strangers)}`);
      assert.deepEqual(open, [], open.length > 0 ? `${open.join('\n')}\n${calls!.app.log}` : '');
    });

    it('answers to a valid credential, except where the fix says that it denies everybody', () => {
      const wrong: string[] = [];
      for (const [e, { user }] of heard) {
        const locked = fixing.fixed.some((f) => f.endpoints.includes(nameOf(e)) && deniesEverybody(f));
        if (locked ? user.status !== 401 : !isAnswered(e, user)) wrong.push(`${nameOf(e)}: ${user.status} ${user.text.slice(0, 200)}`);
      }
      assert.deepEqual(wrong, []);
    });

    it('is what the inventory says then', () => assert.deepEqual([...heard].flatMap(([e, { strangers }]) => difference(e, strangers)), []));
  });
}
