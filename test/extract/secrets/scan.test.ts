import assert from 'node:assert/strict';
import { PROVIDERS, scanFolded, scanSecrets, looksSensitive } from '../../../src/engine/extract/secrets/index';
import { extractFile } from '../../../src/engine/extract/extract';
import type { SecretFact } from '../../../src/engine/core/facts';
import type { RelPath } from '../../../src/engine/core/types';
import { jwt, pem, token } from './tokens';

const SALT = 'test-salt';
const scan = (text: string, path = 'src/app.ts'): SecretFact[] => scanSecrets(path as RelPath, text, SALT);
const exposed = (text: string, path?: string): SecretFact[] => scan(text, path).filter((f) => !f.publicByDesign);
const one = (text: string, path?: string): SecretFact => {
  const found = scan(text, path);
  assert.equal(found.length, 1, `one secret, found ${found.map((f) => f.detector).join(', ') || 'none'}`);
  return found[0]!;
};
/** A line on which a context detector finds its value: the service's name, and what the value is. */
const line = (id: string, value: string): string => {
  const provider = PROVIDERS.find((p) => p.id === id)!;
  const keyword = provider.keywords[0]!.replace(/^:_/, '//registry.npmjs.org/:_');
  if (provider.mode !== 'context') return `const bot = "${value}";`;
  return keyword.endsWith('_authToken') ? `${keyword}=${value}` : `${keyword}_api_secret_admin_auth_token = "${value}"`;
};

describe('provider tokens', () => {
  it('knows at least 60 providers, each with a name, a variable and a rotate page', () => {
    assert.ok(PROVIDERS.length >= 60);
    assert.equal(new Set(PROVIDERS.map((p) => p.id)).size, PROVIDERS.length, 'ids are unique');
    for (const p of PROVIDERS) {
      assert.match(p.envName, /^[A-Z][A-Z0-9_]+$/, p.id);
      assert.ok(p.label && p.rotate && p.keywords.length > 0, p.id);
      assert.doesNotMatch(p.regex.source, /[+*](?:\)|$)[+*{]|\([^)]*[+*][^)]*\)[+*]/, `${p.id}: no nested quantifier`);
      assert.doesNotMatch(p.regex.source.replace(/\[[^\]]*\]/g, 'C').replace(/\\./g, 'E'), /[+*]/, `${p.id}: every repetition is bounded`);
    }
  });

  for (const provider of PROVIDERS) {
    it(`${provider.id}: finds two in a script and in an env file, and stays silent on look-alikes`, () => {
      for (const n of [1, 2, 3]) {
        const value = token(provider.id, n);
        for (const [text, path] of [[line(provider.id, value), 'src/a.ts'], [line(provider.id, value).replace(/^const bot = "(.*)";$/, 'BOT_SECRET=$1').replace(/ = "(.*)"$/, '=$1'), 'deploy/.env']] as const) {
          const found = scan(text, path);
          assert.equal(found.length, 1, `${provider.id} #${n} in ${path} (${value.length} characters, found ${found.length})`);
          assert.ok(!JSON.stringify(found).includes(value), 'redacted');
          assert.equal(found[0]!.publicByDesign, provider.publicByDesign);
          assert.equal(text.slice(found[0]!.span.start, found[0]!.span.end).length, found[0]!.span.end - found[0]!.span.start);
        }
      }
      const body = token(provider.id, 4);
      // Cut short, made of one character, and the documentation's dots.
      const start = provider.mode === 'prefix' ? provider.keywords[0]! : '';
      for (const made of [`${start}${'x'.repeat(40)}`, `${start}...`, `${start}YOUR_KEY_HERE`, body.slice(0, Math.min(8, body.length - 12))]) {
        assert.deepEqual(scan(line(provider.id, made)).filter((f) => f.kind === 'provider-token').map((f) => f.detector), [], `${provider.id}: ${made.length} characters`);
      }
    });
  }

  it('checks checksums: a GitHub or npm token with a wrong trailer is invented', () => {
    for (const id of ['github', 'npm', 'github-app']) {
      const value = token(id, 1);
      const wrong = value.slice(0, -1) + (value.endsWith('a') ? 'b' : 'a');
      assert.equal(exposed(`x = "${value}"`).length, 1);
      assert.deepEqual(exposed(`x = "${wrong}"`), [], id);
    }
    assert.equal(one(`x = "${token('github', 2)}"`).confidence, 'proven');
  });

  it('tells Supabase keys apart by their role claim', () => {
    const admin = one(`const k = '${token('supabase-service-role')}'`);
    assert.equal(admin.detector, 'supabase-service-role');
    assert.equal(admin.severity, 'critical');
    assert.equal(one(`const k = '${token('supabase-anon')}'`).publicByDesign, true);
    assert.deepEqual(scan(`const k = '${token('supabase-demo')}'`), []);
    assert.deepEqual(scan(`const k = '${['sb_secret_N7UND0UgjKTVK-Uodkm0Hg', 'xSvEMPvz'].join('_')}'`), [], 'the local key of the CLI');
    assert.equal(one(`select net.http_post(headers := '{"Authorization": "Bearer ${token('supabase-service-role')}"}')`, 'supabase/cron.sql').place, 'sql');
  });

  it('tells Stripe from Clerk, live from test', () => {
    assert.equal(one(`const k = '${token('stripe-live')}'`).severity, 'critical');
    assert.equal(one(`const k = '${token('stripe-test')}'`).severity, 'medium');
    assert.equal(one(`CLERK_SECRET_KEY=${token('clerk')}`, '.env').detector, 'clerk-secret');
    assert.equal(one(`const k = '${token('stripe-publishable')}'`).publicByDesign, true);
  });

  it('ignores documented samples and Firebase web configuration', () => {
    assert.deepEqual(scan(`const k = 'AKIA${'IOSFODNN7'}EXAMPLE'`), []);
    assert.deepEqual(scan(`k = 'sk_${'test'}_${'4eC39HqLyjWDarjtT1zdp7dc'}'`), []);
    const key = token('google-api-key');
    assert.equal(one(`const firebaseConfig = { apiKey: '${key}', authDomain: 'a.firebaseapp.com', projectId: 'a' }`).publicByDesign, true);
    assert.equal(one(`const genAI = new GoogleGenerativeAI('${key}')`).severity, 'high');
    assert.deepEqual(scan(`Sentry.init({ dsn: 'https://${'a1b2c3d4'.repeat(4)}@o12345.ingest.sentry.io/678' })`), []);
  });

  it('finds keys in comments, escaped texts, URLs and longer strings', () => {
    const value = token('stripe-live');
    assert.equal(one(`// old key: ${value}\n`).place, 'comment');
    assert.equal(exposed(`{"a":"x\\n${value}"}`, 'a.json').length, 1);
    assert.equal(exposed(`fetch('https://x.io?key=${value}')`).length, 1);
    const bearer = one(`headers: { Authorization: 'Bearer ${value}' }`);
    assert.deepEqual(bearer.literal, bearer.span, 'the literal is more than the token');
    assert.deepEqual(exposed(`const a = 'my${value}'`), [], 'part of an identifier');
  });

  it('unwraps base64 once, and joins concatenations', () => {
    const value = token('stripe-live');
    assert.equal(one(`const k = '${Buffer.from(value).toString('base64')}'`).detector, 'stripe-secret');
    const folded = scanFolded(value, { start: 10, end: 60 }, { path: 'a.ts' as RelPath, salt: SALT, names: [] });
    assert.equal(folded.length, 1);
    assert.deepEqual(folded[0]!.span, { start: 10, end: 60 });
    assert.deepEqual(scanFolded('hello world', { start: 0, end: 5 }, { path: 'a.ts' as RelPath, salt: SALT, names: [] }), []);
  });

  it('lowers confidence in documentation and tests, keeps severity', () => {
    const value = token('stripe-live');
    assert.equal(one(`key: ${value}`, 'src/a.ts').confidence, 'high');
    assert.equal(one(`key: ${value}`, 'README.md').confidence, 'medium');
    assert.equal(one(`const k = '${value}'`, 'test/a.test.ts').confidence, 'medium');
    assert.equal(one(`STRIPE=${value}`, '.env.example').place, 'docs');
    assert.deepEqual(scan(`"integrity": "${value}"`, 'package-lock.json'), []);
    assert.deepEqual(scan(value, 'node_modules/x/index.js'), []);
  });
});

describe('private keys', () => {
  it('finds PEM blocks, escaped ones and service accounts, one fact each', () => {
    assert.equal(one(pem()).detector, 'private-key');
    assert.equal(one(`KEY="${pem('').replaceAll('\n', '\\n')}"`, '.env').kind, 'private-key');
    const json = JSON.stringify({ type: 'service_account', project_id: 'p', private_key: pem('') });
    assert.equal(one(json, 'serviceAccount.json').detector, 'gcp-service-account');
    assert.equal(one(`const k = \`${pem('EC ')}\``).kind, 'private-key');
  });

  it('ignores public keys and placeholders', () => {
    assert.deepEqual(scan(pem().replaceAll('PRIVATE', 'PUBLIC')), []);
    assert.deepEqual(scan('-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'), []);
    assert.deepEqual(scan(`-----BEGIN PRIVATE KEY-----\n${'x'.repeat(200)}\n-----END PRIVATE KEY-----`), []);
    assert.deepEqual(scan("if (key.startsWith('-----BEGIN PRIVATE KEY-----')) {}"), []);
  });
});

describe('credentials in URLs', () => {
  it('finds them for any scheme', () => {
    for (const id of ['postgres-uri', 'mongodb-uri', 'redis-uri']) assert.equal(one(`const url = "${token(id)}"`).kind, 'connection-uri', id);
    assert.equal(one(`url: "https://bot:${token('generated')}@git.acme.io/x.git"`, 'a.yml').kind, 'connection-uri');
    assert.equal(one('url = "amqps://svc:h7Kq9zPw@rabbit.acme.io/vh"').detector, 'amqp-uri');
    assert.equal(one('postgres://admin:Winter2024@prod.acme.io:5432/app', 'notes.txt').severity, 'critical');
  });

  it('leaves placeholders, references and local defaults alone', () => {
    for (const url of [
      'postgres://user:password@host:5432/db', 'postgresql://postgres:postgres@localhost:5432/app', 'postgres://postgres:postgres@db:5432/app', 'mongodb://root:example@mongo:27017',
      'mongodb+srv://<user>:<password>@cluster0.abc.mongodb.net/x', 'postgres://${USER}:${PASS}@db.acme.io/x', 'postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres',
      'https://user:pass@example.com', 'redis://localhost:6379', 'https://acme.io:443/a@b', 'postgres://app:$DB_PASSWORD@db.acme.io/x', 'mysql://user:****@db.acme.io/x', 'http://localhost:3000/@user',
    ]) assert.deepEqual(scan(`const u = "${url}"`).filter((f) => f.confidence !== 'low').map((f) => f.detector), [], url);
  });
});

describe('named values outside scripts', () => {
  const strong = token('generated', 5);
  for (const [path, text] of [
    ['a.yml', `api_key: ${strong}`], ['a.yml', `  secretKey: "${strong}"`], ['a.toml', `auth_token = "${strong}"`], ['a.json', `{ "clientSecret": "${strong}" }`], ['Dockerfile', `ENV API_TOKEN=${strong}`],
    ['Dockerfile', `ARG API_TOKEN ${strong}`], ['a.tf', `password = "${strong}"`], ['a.sql', `alter database app set "app.jwt_secret" to '${strong}';`], ['a.xml', `<add key="Password" value="${strong}"/>`],
    ['a.properties', `spring.datasource.password=${strong}`], ['run.sh', `export ADMIN_TOKEN=${strong}`], ['a.py', `API_KEY = "${strong}"`], ['req.http', `Authorization: Bearer ${strong}`], ['run.sh', `curl -u deploy:${strong} https://x.acme.io`],
  ] as const) {
    it(`finds ${text.replace(strong, '…')} in ${path}`, () => {
      const fact = one(text, path);
      assert.equal(fact.kind, 'named-assignment');
      assert.ok(!JSON.stringify(fact).includes(strong));
    });
  }

  it('stays silent on references, placeholders, words and hashes', () => {
    for (const [path, text] of [
      ['a.yml', 'password: ${DB_PASSWORD}'], ['a.yml', 'token: {{ .Values.token }}'], ['a.toml', 'auth_token = "env(TWILIO_AUTH_TOKEN)"'], ['a.yml', 'api_key: your-api-key-here'], ['a.yml', 'secret: ${{ secrets.DEPLOY_KEY }}'],
      ['a.json', '{ "tokenExpiry": "15m", "passwordField": "new-password", "keyPrefix": "user-session-cache-v2" }'], ['a.md', 'The secret: keep users happy and the token short.'], ['a.json', '{ "key": "primary-navigation-menu-item-1" }'],
      ['a.json', '{ "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1234" }'], ['a.yml', 'password: changeme'], ['a.env', 'SUPABASE_ANON_KEY=abc'], ['a.yml', 'secretName: my-app-tls-2024'], ['a.md', '`JWT_SECRET=<your secret>`'],
    ] as const) assert.deepEqual(exposed(text, path).map((f) => `${path}: ${text}: ${f.detector}`), []);
  });

  it('takes what an env file calls a secret at its word', () => {
    const found = scan('PORT=3000\nADMIN_PASSWORD=Sommer24!\nJWT_SECRET=short-one\nNEXT_PUBLIC_URL=https://acme.io\nSMTP_PASS=\nAPI_KEY=your-api-key\n', '.env.production');
    assert.deepEqual(found.map((f) => f.envName), ['ADMIN_PASSWORD', 'JWT_SECRET']);
    assert.ok(found.every((f) => f.place === 'env-file'));
  });

  it('finds passwords of accounts and fallbacks in SQL', () => {
    const rows = scan("insert into users (email, password, role) values\n ('admin@acme.io', 'letmein1', 'ADMIN'),\n ('b@acme.io', '$2b$10$abcdefghijklmnopqrstuv', 'USER');", 'supabase/migrations/1_init.sql');
    assert.deepEqual(rows.map((f) => [f.kind, f.severity]), [['account-password', 'critical']]);
    assert.equal(one("select crypt('Sommer2024', gen_salt('bf'));", 'a.sql').kind, 'account-password');
    const role = one("create role app login password 'Abendrot7';", 'a.sql');
    assert.deepEqual([role.kind, role.envName], ['named-assignment', 'DATABASE_PASSWORD']);
    assert.equal(one("select pgp_sym_encrypt(d, coalesce(current_setting('app.encryption_key', true), 'default-key'));", 'a.sql').kind, 'env-fallback');
    assert.equal(one('await sql`INSERT INTO users (email, password) VALUES (\'root@x.io\', \'hunter22\')`', 'src/init.ts').kind, 'account-password');
    assert.deepEqual(scan("insert into users (email, password) values ($1, $2); select crypt(p_password, gen_salt('bf'));", 'a.sql'), []);
  });
});

describe('what other scanners\' samples taught', () => {
  const b64 = (text: string): string => Buffer.from(text).toString('base64');
  const manifest = (data: string, kind = 'Secret'): string => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: app\ndata:\n${data}\n`;

  it('reads the data of a Kubernetes Secret before and after its kind, in one document', () => {
    const value = b64(`Quark!${token('generated', 3)}`);
    assert.equal(one(manifest(`  # base64 of it\n  db-pin: ${value}`), 'k8s/app.yaml').detector, 'kubernetes-secret');
    assert.equal(one(`data:\n  password: '${b64('Abendrot7!x')}'\nkind: "Secret"\n`, 'k8s/app.yml').envName, 'PASSWORD');
    assert.equal(one(manifest(`  .dockercfg: |\n    ${b64(`{"auths":{"r.acme.io":{"auth":"${token('generated', 4)}"}}}`)}`), 'k8s/app.yaml').detector, 'kubernetes-secret');
    for (const [text, why] of [
      [manifest(`  db-pin: ${value}`, 'SecretStore'), 'another kind'], [manifest(`  username: ${b64('admin-of-app')}`), 'a user name'], [manifest(`  ca.crt: ${b64('-----BEGIN CERTIFICATE-----\nMIIB')}`), 'a certificate'],
      [manifest('  db-pin: {{ .Values.pin }}\n  empty: ""'), 'a template'], [manifest(`  db-pin: ${b64('changeme-please')}`), 'a placeholder'], [`kind: Secret\n---\nkind: ConfigMap\ndata:\n  banner: ${value}\n`, 'another document'],
    ] as const) assert.deepEqual(scan(text, 'k8s/app.yaml').map((f) => f.detector), [], why);
  });

  it('takes keys from headers and user names of curl', () => {
    const uuid = ['3f2c9a71', '5b0d', '4e8a', '9c3f', '7a1be06d2f48'].join('-');
    assert.equal(one(`curl -s -H "X-Acme-ApiKey: ${uuid}" https://api.acme.io`, 'run.sh').detector, 'curl-header');
    assert.equal(one(`curl -H 'Token: ${token('hex64').slice(0, 16)}' https://api.acme.io`, 'run.sh').detector, 'curl-header');
    assert.equal(one(`curl -u "${token('generated', 6)}:" https://api.acme.io`, 'run.sh').detector, 'curl-user');
    for (const text of ['curl -H "X-Api-Key: $API_KEY" https://x.io', 'curl -H "Token: your-token-here1" https://x.io', 'curl -u deploy: https://x.io', 'curl -H "Api-Key: something" https://x.io']) assert.deepEqual(scan(text, 'run.sh'), [], text);
  });

  it('asks about a token that has run out, reports one that has not', () => {
    assert.equal(one(`const t = '${jwt({ sub: 'u1', exp: 1600000000 })}'`).confidence, 'low');
    assert.equal(one(`const t = '${jwt({ sub: 'u1', exp: 4102444800 })}'`).confidence, 'medium');
    const sas = token('azure-sas');
    assert.equal(one(`url = "https://a.blob.core.windows.net/b?${sas}"`, 'a.toml').confidence, 'medium');
    assert.equal(one(`url = "https://a.blob.core.windows.net/b?${sas.replace('2199', '2021')}"`, 'a.toml').confidence, 'low');
    assert.deepEqual(scan(`url = "https://a.io/b?${sas.slice(sas.indexOf('sig='))}"`, 'a.toml'), [], 'a signature of something else');
  });

  it('finds tokens of private dependencies in lock files, and nothing else there', () => {
    const value = token('generated', 8);
    assert.equal(one(`{ "x": "git+https://${value}:x-oauth-basic@github.com/acme/x.git#v1" }`, 'package-lock.json').kind, 'connection-uri');
    assert.deepEqual(scan(`resolved "https://registry.yarnpkg.com:443/@babel/core/-/core-7.0.0.tgz#${token('hex64').slice(0, 40)}"\n  token: ${value}`, 'yarn.lock'), []);
  });

  it('knows random letters, hexadecimal ones and long tokens after an underscore', () => {
    assert.equal(one(`api_key: ${token('generated', 4).replace(/[0-9]/g, (c) => 'QWxZvKjBnP'[Number(c)] ?? '')}`, 'a.yml').detector, 'named-credential');
    assert.deepEqual(scan('api_key: getCustomerAccountByIdAndName', 'a.yml'), []);
    assert.equal(one(`const apiKey = "${token('newrelic-context', 2)}"; // new relic`, 'a.py').kind, 'named-assignment');
    assert.equal(one(`name = "OLD_${token('stripe-live')}"`, 'a.toml').detector, 'stripe-secret');
    assert.equal(one(`t = "xoxa-4-${token('generated', 7).slice(-12).toLowerCase()}"`, 'a.toml').detector, 'slack');
  });

  it('asks more of the value where a name says only key, and takes the scheme off', () => {
    const value = token('generated', 11);
    assert.equal(one(`AZURE_OPENAI_KEY: ${token('hex64').slice(0, 32)}`, 'a.yml').detector, 'named-credential');
    assert.equal(one(`clockifyKey = "${value}"`, 'a.py').detector, 'named-credential');
    assert.equal(one(`acme_auth_token: "Bearer ${value}"`, 'a.yml').redacted, `… (${value.length} characters)`);
    const { secrets } = extractFile('src/lib/clock.ts' as RelPath, `export const clockifyKey = '${value}';\nexport const cacheKey = '${value}';\n`, SALT);
    assert.deepEqual(secrets.map((f) => f.envName), ['CLOCKIFY_KEY'], 'in scripts as well');
    for (const [name, text] of [
      ['cacheKey', value], ['PRIMARY_KEY', value], ['key', value], ['publicKey', value], ['acmeKey', value.slice(0, 18)], ['acmeKey', Buffer.from('nothing but some words in base64 1').toString('base64')], ['licenseKeyHash', value], ['fileKey', value], ['acmeKey', 'user-profile-settings-page-2'],
    ] as const) assert.deepEqual(scan(`${name}: "${text}"`, 'a.yml').map((f) => f.detector), [], name);
  });

  it('finds keys in the queries of URLs, in scripts too', () => {
    const value = token('generated', 12);
    assert.equal(one(`await fetch('https://api.acme.io/v1/rates?base=EUR&apikey=${value}')`).detector, 'url-key');
    assert.equal(one(`const u = \`https://api.acme.io/v1?api_key=${token('hex64').slice(0, 32)}&q=\${q}\`;`).envName, 'API_KEY');
    for (const url of [
      `https://api.acme.io/v1?key=\${key}`, `https://tiles.acme.io/1/2/3.png?key=${value}`, `https://api.example.com/v1?api_key=${value}`, `http://localhost:3000/cb?token=${value}`, `/api/files?token=${value}`, 'https://api.acme.io/v1?api_key=YOUR_API_KEY_HERE_PLEASE', 'https://a.acme.io/o/x.png?alt=media&token=3f2c9a71-5b0d-4e8a-9c3f-7a1be06d2f48',
      `https://\${host}/v1?api_key=${value}`, 'https://acme.io/docs?key=getting-started-with-the-api',
    ]) assert.deepEqual(scan(`const u = \`${url}\`;`).map((f) => f.detector), [], url.slice(0, 60));
  });

  it('stays silent on what is sent to every browser, repeats itself or contradicts its name', () => {
    for (const text of [
      `csrf_token: ${token('generated', 9)}`, `authenticity_token = "${token('generated', 9)}"`, `client_secret: pi_${token('generated', 2)}_secret_${token('generated', 3)}`, `api_key: ${'a1b2c3d4'.repeat(4)}`, 'key_vault_secrets: cmp2-qat-1208358310',
      `AWS_SECRET_ACCESS_KEY: ${token('generated', 9)}`, `api_key: live_pub_${token('hex64').slice(0, 31)}`, 'hook: https://hooks.zapier.com/hooks/catch/123456/abcdef/',
    ]) assert.deepEqual(exposed(text, 'a.yml').map((f) => f.detector), [], text.slice(0, 24));
  });
});

describe('redaction and robustness', () => {
  it('keeps no value in any fact', () => {
    const values = ['stripe-live', 'openai', 'github', 'supabase-service-role', 'postgres-uri', 'private-key', 'sendgrid'].map((id) => token(id, 9));
    const facts = values.flatMap((v) => [...scan(`const a = "${v.replaceAll('\n', '\\n')}"`), ...scan(`A=${v}`, '.env')]);
    assert.ok(facts.length >= values.length);
    const json = JSON.stringify(facts);
    for (const v of values) for (let i = 0; i + 16 <= v.length; i += 8) if (!/BEGIN|PRIVATE|postgresql|^eyJ/.test(v.slice(i, i + 16))) assert.ok(!json.includes(v.slice(i, i + 16)));
    for (const f of facts) assert.match(f.fingerprint, /^[0-9a-f]{16}$/);
  });

  it('joins equal values and depends on the salt', () => {
    const v = token('stripe-live');
    assert.equal(one(`a = '${v}'`).fingerprint, one(`STRIPE=${v}`, '.env').fingerprint);
    assert.notEqual(one(`a = '${v}'`).fingerprint, scanSecrets('a.ts' as RelPath, `a = '${v}'`, 'other')[0]!.fingerprint);
  });

  it('survives hostile texts in time that grows with their length', function () {
      this.timeout(60_000);
    for (const text of ['eyJ'.repeat(60_000), '://a:'.repeat(40_000), '-----BEGIN PRIVATE KEY-----'.repeat(8_000), 'sk-ant-'.repeat(30_000), 'password='.repeat(25_000), 'insert into a (password) values '.repeat(8_000), `xoxb-${'1-'.repeat(100_000)}`, 'T3BlbkFJ'.repeat(30_000), 'authorization: '.repeat(20_000), 'curl '.repeat(40_000), '\u{1F600}'.repeat(50_000), '"'.repeat(200_000)]) {
      for (const path of ['a.ts', 'a.txt', '.env']) {
        const start = performance.now();
        assert.ok(scan(text, path).length <= 200);
        assert.ok(performance.now() - start < 3_000, `${text.slice(0, 20)} in ${path}`);
      }
    }
  });

  it('says which literals the IR must not keep', () => {
    for (const id of ['stripe-live', 'openai', 'github', 'supabase-service-role', 'postgres-uri', 'generated', 'hex64', 'aws-secret-key', 'private-key']) assert.equal(looksSensitive(token(id)), true, id);
    for (const harmless of ['/api/v1/users/:id/items', 'application/json; charset=utf-8', 'bg-blue-500 text-white px-4 py-2', '2024-01-01T00:00:00Z', 'Password must be 8 characters', 'linear-gradient(135deg, #667eea 0%, #764ba2 100%)', 'M12 4.354a4 4 0 110 5.292M15 21H3v-1', '@supabase/supabase-js', 'Content-Security-Policy', 'select id, name from clients where tenant_id = $1', 'x-hub-signature-256', 'user_profile_settings_v2', '550e8400-e29b-41d4-a716-446655440000']) assert.equal(looksSensitive(harmless), false, harmless);
  });
});

describe('claims', () => {
  it('reads other tokens with care', () => {
    assert.deepEqual(scan(`t = '${jwt({ sub: '1234567890', name: 'John Doe', iat: 1516239022 })}'`), []);
    assert.equal(one(`t = '${jwt({ sub: 'a', exp: 1000 })}'`).confidence, 'low');
    assert.deepEqual(scan(`t = 'eyJub3QiOiJqd3QifQ.eyJhIjox.${'a'.repeat(30)}'`), []);
  });
});
