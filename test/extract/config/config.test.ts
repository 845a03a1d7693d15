import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { extractConfig, extractEnvNames, isEnvFile } from '../../../src/engine/extract/config';

describe('config files', () => {
  it('package.json', () => {
    const facts = extractConfig('apps/web/package.json', '\uFEFF{"name":"web","type":"module","dependencies":{"next":"16.0.0","odd":1},"optionalDependencies":{"o":"1"},"scripts":{"dev":"next"},"workspaces":{"packages":["a/*"]},"main":"i.js"}');
    assert.deepEqual(facts, { kind: 'package-json', name: 'web', version: null, type: 'module', dependencies: { o: '1', next: '16.0.0' }, devDependencies: {}, scripts: { dev: 'next' }, workspaces: ['a/*'], main: 'i.js' });
    assert.deepEqual(extractConfig('package.json', '{"workspaces":["x",1],"type":"weird","dependencies":[]}'), { kind: 'package-json', name: null, version: null, type: 'commonjs', dependencies: {}, devDependencies: {}, scripts: {}, workspaces: ['x'], main: null });
  });

  it('tsconfig with comments and trailing commas', () => {
    const text = `{ // hi\n "extends": "./base.json", "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], }, }, /* x */ "references": [{ "path": "../lib" }, 3], }`;
    assert.deepEqual(extractConfig('tsconfig.json', text), { kind: 'tsconfig', baseUrl: '.', paths: { '@/*': ['./src/*'] }, extends: ['./base.json'], references: ['../lib'] });
    assert.equal(extractConfig('tsconfig.app.json', '{"extends":["a","b"]}')?.kind, 'tsconfig');
    assert.equal(extractConfig('jsconfig.json', '')?.kind, 'tsconfig');
  });

  it('supabase/config.toml and vercel.json', () => {
    assert.deepEqual(extractConfig('supabase/config.toml', 'project_id = "x"\n[functions.hook]\nverify_jwt = false\n[functions.plain]\nenabled = true\n'), { kind: 'supabase-config', functions: { hook: { verifyJwt: false }, plain: { verifyJwt: null } } });
    assert.equal(extractConfig('other/config.toml', 'a = 1'), null);
    assert.deepEqual(extractConfig('vercel.json', '{"crons":[{"path":"/api/cron","schedule":"x"},{}]}'), { kind: 'vercel-json', crons: ['/api/cron'] });
  });

  it('a Prisma schema: columns, enumerations, and what a foreign key names', () => {
    const text = 'generator client {\n  provider = "prisma-client-js"\n}\nenum Role {\n  ADMIN @map("adm") // all of it\n  GUEST\n}\nmodel Trip {\n  id String @id\n  role Role @default(GUEST)\n  meta Json @default("{}")\n  tags String[]\n  code String @db.VarChar(8)\n  // old String\n  guideId String?\n  guide User? @relation("led", fields: [guideId], references: [id])\n  stops Stop[]\n\n  @@index([guideId])\n}\n';
    assert.deepEqual(extractConfig('prisma/schema.prisma', text), {
      kind: 'prisma-schema', enums: { Role: ['ADMIN', 'GUEST'] },
      models: [{ name: 'Trip', columns: [['id', 'String', null], ['role', 'Role', null], ['meta', 'Json', null], ['tags', 'String', null], ['code', 'String', null], ['guideId', 'String', 'User']].map(([name, type, references]) => ({ name, type, many: name === 'tags', limited: name === 'code', references })) }],
    });
    assert.deepEqual(extractConfig('schema.prisma', 'model {'), { kind: 'prisma-schema', models: [], enums: {} });
  });

  it('broken files say what and where, and quote nothing', () => {
    const secret = 'sk_live_abcdefghijklmnop';
    for (const [path, text] of [['package.json', `{\n"a": ${secret}`], ['package.json', '[]'], ['package.json', ''], ['tsconfig.json', `{ "a": ${secret} `], ['supabase/config.toml', `a = ${secret}\nb`], ['vercel.json', 'null']] as const) {
      const facts = extractConfig(path, text);
      assert.ok(facts?.kind === 'invalid', path);
      assert.match(facts.message, /cannot be read/);
      assert.ok(!facts.message.includes('sk_live'), facts.message);
    }
    assert.match((extractConfig('package.json', '{\n\n"a": x}') as { message: string }).message, /line 3/);
  });

  it('absurd nesting is named', () => {
    for (const path of ['package.json', 'tsconfig.json', 'supabase/config.toml']) {
      const facts = extractConfig(path, `${path.endsWith('toml') ? 'a = ' : ''}${'['.repeat(100_000)}`);
      assert.ok(facts?.kind === 'invalid' && /nested too deeply|not valid|cannot be read/.test(facts.message), path);
    }
  });

  it('a hostile key does no harm', () => {
    extractConfig('package.json', '{"dependencies":{"__proto__":"1","constructor":"2"},"__proto__":{"x":1}}');
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.constantFrom('package.json', 'tsconfig.json', 'supabase/config.toml', 'vercel.json', '.env', 'Dockerfile', 'compose.yml'), fc.oneof(fc.string(), fc.json()), (path, text) => {
      extractConfig(path, text);
      for (const { span } of extractEnvNames(path, text)) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    }), { numRuns: 1000 });
  });
});

describe('environment names', () => {
  const names = (path: string, text: string): string[] => extractEnvNames(path, text).map((e) => `${e.name}${e.hasValue ? '=' : ''}`);
  const slices = (path: string, text: string): string[] => extractEnvNames(path, text).map((e) => text.slice(e.span.start, e.span.end));

  it('.env files: exports, quotes over lines, comments, CRLF, BOM', () => {
    const text = '\uFEFFA=1\r\n# B=2\r\nexport C = "x\r\nD=inside\r\n" # end\r\nE=\r\nF=a b # c\r\nG="open\r\nH: yaml\r\n\'I\'=no\r\nJ=\'\'\r\nlast=#none';
    assert.deepEqual(names('.env', text), ['A=', 'C=', 'E', 'F=', 'G=', 'H=', 'J', 'last']);
    assert.deepEqual(slices('.env', text), ['A=1', 'export C = "x\r\nD=inside\r\n"', 'E=', 'F=a b', 'G="open', 'H: yaml', "J=''", 'last=']);
  });

  it('knows env files by name', () => {
    for (const yes of ['.env', 'a/.env.local', 'prod.env', '.dev.vars', '.envrc']) assert.ok(isEnvFile(yes), yes);
    for (const no of ['env.ts', '.environment', 'a/env', 'x.env.ts']) assert.ok(!isEnvFile(no), no);
  });

  it('Dockerfile', () => {
    assert.deepEqual(names('Dockerfile', 'FROM x\nENV A=1 B="two three" \\\n  C=\nARG D\nENV E old style\n# ENV F=1\n'), ['A=', 'B=', 'C', 'D', 'E=']);
  });

  it('compose files and workflows', () => {
    assert.deepEqual(names('docker-compose.yml', 'services:\n  web:\n    environment:\n      - A=1\n      - B\n      - "C=x"\n    ports:\n      - D=1\n    build:\n      args:\n        E: 2\n'), ['A=', 'B', 'C=', 'E=']);
    assert.deepEqual(names('.github/workflows/ci.yml', 'env:\n  A: ${{ secrets.A }}\njobs:\n  t:\n    steps:\n      - env:\n          B: 1\n        run: x\n      - name: C\n'), ['A=', 'B=']);
  });
});
