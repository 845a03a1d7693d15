/** Names and messages come from repositories nobody has looked at: no renderer may let them become markup or terminal control. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { doNotBreakFacts, findBlock, renderNote } from '../../src/report/do-not-break';
import { DEFAULT_OPTIONS } from '../../src/engine/core/types';
import { renderEndpoints } from '../../src/report/endpoints';
import { renderHandover } from '../../src/report/handover';
import { renderHtml } from '../../src/report/html';
import { renderJson } from '../../src/report/json';
import { renderMarkdown } from '../../src/report/markdown';
import { renderPretty } from '../../src/report/pretty';
import { renderSarif } from '../../src/report/sarif';
import { PLAIN_STYLE } from '../../src/report/style';
import { code, html, markdown, plain, uri } from '../../src/report/text';
import { EMPTY_STATE } from '../../src/sprint/state';
import { endpoint, finding, guard, path, reportOf, result } from './sample';

const NASTY = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x", '</style><script>x</script>', '</title><svg onload=x>', '`rm -rf`', '``` \n# heading', 'a|b|c', '[x](javascript:alert(1))',
  '\u001b[2J\u001b]0;owned\u0007', '\u202egnp.exe', 'a\r\nb\nc', '<!-- rescue:end -->', '<!-- rescue:begin x -->', '&lt;script&gt;', '@everyone https://evil.example', '${x} %s {{y}}', '\ud800', '<!--', ']]>', '../../etc/passwd',
];

function reportWith(text: string) {
  const name = `GET /${text}`;
  const f = finding({ file: `src/${text}.ts`, message: text, businessImpact: text, endpoint: name, data: { label: text, envName: text }, rootCause: `router:${text}`, fixes: ['x'], evidence: [{ at: { file: path(text), span: { start: 0, end: 2 } }, note: text }] });
  const secret = finding({ ruleId: 'secrets/hardcoded-credential', category: 'secret-exposed', file: text, data: { label: text } });
  const low = finding({ confidence: 'low', file: text, message: text });
  const accepted = finding({ file: text, message: text });
  return reportOf(
    result({
      findings: [f, secret, low, accepted],
      suppressed: [{ finding: finding({ file: text, message: text }), reason: text }],
      endpoints: [endpoint(name, { file: `src/${text}.ts`, guards: [guard(text)] }), endpoint(`POST /${text}`, { guards: [guard(text)], auth: 'required' }), endpoint(`ACTION ${text}`, { publicBy: 'config' })],
      errors: [{ phase: 'read', file: path(text), ruleId: null, message: text }],
      stats: { ...result().stats, skipped: [{ file: path(text), reason: text }] },
    }),
    {
      root: `/home/${text}`,
      state: {
        ...EMPTY_STATE, ticks: { 'day1.top10-read': { date: '2026-03-30', by: text } }, notes: { 'item:cors': { date: '2026-03-30', text } }, rotations: { [text]: { added: '2026-03-30', label: text, file: text } },
        accepted: { [accepted.fingerprint]: { ruleId: 'a/b', file: text, reason: text, owner: text, date: '2026-03-30' } },
      },
    },
  );
}

/** Every tag the page itself uses; anything else came from outside. */
const TAGS = new Set('!doctype html head meta title style body svg defs symbol use circle path rect text a div header nav main section h1 h2 h3 p ul ol li span b small code button figure figcaption table caption thead tbody tr th td details summary wbr footer script'.split(' '));

function checkHtml(page: string, scripts: number): void {
  const body = page.replace(/<style nonce="[^"]+">[\s\S]*?<\/style>/, '<style></style>');
  for (const [, tag, attributes] of body.matchAll(/<\/?([^\s<>/]+)((?:"[^"]*"|[^">])*)>/g)) {
    assert.ok(TAGS.has((tag ?? '').toLowerCase()), `unexpected tag ${tag}`);
    assert.doesNotMatch((attributes ?? '').replace(/"[^"]*"/g, '""'), /\son\w+\s*=|\sstyle\s*=/i);
  }
  assert.equal((body.match(/<script/gi) ?? []).length, scripts);
  assert.equal((body.match(/<style/gi) ?? []).length, 1);
  assert.doesNotMatch(page, /javascript:alert\(1\)"/);
}

/** What CommonMark does not read as a code span: a run of backticks closes with a run of equal length; a backslash escapes outside of code. */
function withoutCode(line: string): string {
  let out = '';
  for (let i = 0; i < line.length; ) {
    const run = /^`+/.exec(line.slice(i))?.[0] ?? '';
    if (line[i] === '\\') {
      out += line.slice(i, i + 2);
      i += 2;
    } else if (run === '') out += line[i++] ?? '';
    else {
      const close = [...line.slice(i + run.length).matchAll(/`+/g)].find((m) => m[0] === run);
      if (close) i += run.length + close.index + run.length;
      else {
        out += run;
        i += run.length;
      }
    }
  }
  return out;
}

/** HTML or a script's address in Markdown outside of code. */
function checkMarkdown(text: string): void {
  const prose = text.split('\n').map(withoutCode).join('\n');
  assert.doesNotMatch(prose, /<[a-z!/]/i);
  assert.doesNotMatch(prose, /(?<!\\)\]\(javascript:/i);
}

function checkAll(text: string): void {
  const report = reportWith(text);
  checkHtml(renderHtml(report, { nonce: 'abcdefgh1234' }), 0);
  checkHtml(renderHtml(report, { nonce: 'abcdefgh1234', scriptUri: 'vscode-resource:/media/report.js' }), 1);
  checkMarkdown(renderMarkdown(report));
  checkMarkdown(renderHandover(report));
  for (const out of [renderPretty(report, { style: PLAIN_STYLE, width: 80, all: true, folder: `/x/${text}` }), renderEndpoints(report, { style: PLAIN_STYLE, width: 80 })]) {
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  }
  const json = JSON.parse(renderJson(report)) as { findings: { file: string }[] };
  assert.equal(json.findings[1]?.file, JSON.parse(JSON.stringify(text)));
  const sarif = renderSarif(report);
  JSON.parse(sarif);
  for (const [, u] of sarif.matchAll(/"uri": "([^"]*)"/g)) assert.match(u ?? '', /^[A-Za-z0-9\-._~%/]*$/);
  const note = renderNote(doNotBreakFacts(result({ endpoints: report.endpoints.map((e) => e.endpoint) }), { ...DEFAULT_OPTIONS, validators: [text], tenantKey: text }, null));
  assert.equal(findBlock(note).kind, 'present');
}


describe('hostile names', () => {
  for (const text of NASTY) it(`stay text everywhere: ${JSON.stringify(text)}`, () => checkAll(text));

  it('stay text whatever they are', () => {
    const piece = fc.oneof(fc.constantFrom(...NASTY, '<', '>', '`', '|', '\\', '"', "'", '&', '\u001b', '](', ':', 'GET /'), fc.string({ unit: 'binary', maxLength: 6 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }).map((p) => p.join('')), checkAll), { numRuns: 150 });
  });

  it('never break out of a Markdown table cell or code span', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '|', 'a', ' ', '\n', '\\', '<') , maxLength: 12 }), (text) => {
        const span = code(text);
        assert.doesNotMatch(span, /\n/);
        if (span !== '') {
          const fence = /^`+/.exec(span)?.[0] ?? '';
          const inner = span.slice(fence.length, -fence.length);
          assert.ok(!inner.split(/[^`]+/).includes(fence), span);
          assert.doesNotMatch(inner, /(?<!\\)\|/);
        }
        assert.doesNotMatch(markdown(text), /[\n<]|(?<!\\)(\\\\)*\|/);
      }),
    );
  });

  it('keep what is harmless', () => {
    assert.equal(plain('src/ünïcode/日本.ts'), 'src/ünïcode/日本.ts');
    assert.equal(html(`a & "b" <c> 'd'`), 'a &amp; &quot;b&quot; &lt;c&gt; &#39;d&#39;');
    assert.equal(uri('app/[id]/(group)/a b#c?.ts'), 'app/%5Bid%5D/%28group%29/a%20b%23c%3F.ts');
    assert.equal(code('a`b'), '``a`b``');
  });
});
