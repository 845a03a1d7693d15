import assert from 'node:assert/strict';
import type { Finding } from '../../src/engine/core/types';
import { plural } from '../../src/report/build';
import { renderEndpoints } from '../../src/report/endpoints';
import { renderHandover } from '../../src/report/handover';
import { renderHtml } from '../../src/report/html';
import { auditJson, renderJson } from '../../src/report/json';
import { renderMarkdown } from '../../src/report/markdown';
import { renderPretty } from '../../src/report/pretty';
import { renderSarif } from '../../src/report/sarif';
import { ANSI_STYLE, PLAIN_STYLE } from '../../src/report/style';
import { displayWidth } from '../../src/report/text';
import { EMPTY_STATE, type SprintState } from '../../src/sprint/state';
import { endpoint, finding, guard, path, portal, reportOf, result } from './sample';

const keys = (value: object | undefined): string[] => Object.keys(value ?? {});
const accept = (f: Finding): SprintState => ({ ...EMPTY_STATE, accepted: { [f.fingerprint]: { ruleId: f.ruleId, file: f.at.file, reason: 'demo data only', owner: 'Ana', date: '2026-03-31' } } });

describe('audit JSON, version 1', () => {
  const json = auditJson(reportOf(portal()));

  it('has the fields of the contract, and no other', () => {
    assert.deepEqual(keys(json), ['version', 'root', 'engine', 'findings', 'endpoints', 'risks', 'score', 'errors', 'stats']);
    assert.deepEqual(keys(json.findings[0]), ['ruleId', 'category', 'severity', 'confidence', 'file', 'line', 'column', 'endLine', 'endColumn', 'message', 'impact', 'endpoint', 'rootCause', 'evidence', 'fixable', 'fingerprint']);
    assert.deepEqual(keys(json.findings[0]?.evidence[0]), ['file', 'line', 'note']);
    assert.deepEqual(keys(json.endpoints[0]), ['framework', 'method', 'path', 'file', 'line', 'auth', 'guards', 'validated', 'public']);
    assert.deepEqual(keys(json.risks[0]), ['rank', 'title', 'score', 'findings', 'when']);
    assert.deepEqual(keys(json.stats), ['files', 'bytes', 'ms', 'parseErrors', 'skipped']);
    assert.equal(json.version, 1);
  });

  it('is the same text for the same audit', () => {
    const audit = portal();
    assert.equal(renderJson(reportOf(audit)), renderJson(reportOf(audit)));
  });

  it('keeps accepted and uncertain findings, leaves suppressed ones out', () => {
    const f = finding({ confidence: 'low' });
    const g = finding({});
    const out = auditJson(reportOf(result({ findings: [g, f], suppressed: [{ finding: finding({}), reason: 'x' }] }), { state: accept(g) }));
    assert.deepEqual(out.findings.map((x) => x.fingerprint), [g.fingerprint, f.fingerprint]);
    assert.deepEqual(out.risks, [], 'neither is ranked');
  });

  it('says public and fixable as the contract means them', () => {
    assert.equal(json.endpoints.find((e) => e.path === '/health')?.public, true);
    assert.equal(json.endpoints.find((e) => e.path === '/admin/users')?.public, false);
    const f = finding({ fixes: ['steps'] });
    assert.equal(auditJson(reportOf(result({ findings: [f] }), { fixable: () => false })).findings[0]?.fixable, false);
    assert.equal(auditJson(reportOf(result({ findings: [finding({})] }), { fixable: () => true })).findings[0]?.fixable, false, 'no fix at all');
  });

  it('counts lines from 1', () => {
    const first = auditJson(reportOf(result({ findings: [finding({ start: 0 })] }))).findings[0];
    assert.deepEqual([first?.line, first?.column, first?.endLine, first?.endColumn], [1, 1, 1, 11]);
  });
});

describe('what page one says', () => {
  it('counts the endpoints that requests reach, and says how many more nobody mounts', () => {
    const report = reportOf(result({ endpoints: [endpoint('GET /bills'), endpoint('GET /old', { mounted: false }), endpoint('GET /older', { mounted: false })] }));
    assert.match(renderPretty(report, { style: PLAIN_STYLE, width: 100 }), /1 endpoint \(1 open to anyone, 2 more not mounted\)/);
    assert.match(renderMarkdown(report), /1 endpoint \(2 more not mounted\)/);
    assert.match(renderHtml(report, { nonce: 'abcdefgh' }), /<b class="num">1<\/b> endpoint, .*<b class="num">2<\/b> more not mounted/);
  });

  it('shows a line of evidence once, and how many endpoints could not be judged', () => {
    const at = { file: path('src/app.ts'), span: { start: 0, end: 4 } };
    const f = finding({ evidence: [{ at, note: 'done here' }, { at: { ...at, span: { start: 1, end: 5 } }, note: 'done here too' }] });
    const endpoints = Array.from({ length: 6 }, (_, i) => endpoint(`GET /x${i}`, { auth: 'unknown' }));
    const report = reportOf(result({ findings: [f], endpoints }));
    assert.equal(report.findings[0]?.evidence.length, 1);
    assert.match(report.verdict, /^Do not launch yet\..* Of 6 endpoints, 6 could not be judged: look at these too\.$/);
    assert.match(renderPretty(report, { style: PLAIN_STYLE, width: 80 }), /6 endpoints \(6 not clear\)/);
    assert.match(renderMarkdown(report), /6 endpoints \(6 whose sign-in check could not be read\)/);
    assert.match(renderHtml(report, { nonce: 'abcdefgh' }), /<b class="num">6<\/b> not clear/);
    assert.match(reportOf(result({ endpoints })).verdict, /^No launch blocker found in what could be read\./);
  });

  it('says today where it is meant', () => {
    const f = finding({ severity: 'critical', endpoint: 'DELETE /users/:id' });
    const report = reportOf(result({ findings: [f], endpoints: [endpoint('DELETE /users/:id')] }));
    assert.match(renderPretty(report, { style: PLAIN_STYLE, width: 80 }), /today, /);
    assert.match(renderMarkdown(report), /\*\*today\*\*/);
    assert.match(renderHtml(report, { nonce: 'abcdefgh' }), /<b>Today<\/b>/);
  });
});

describe('SARIF', () => {
  interface Sarif {
    version: string;
    runs: {
      tool: { driver: { rules: { id: string; help?: { text: string }; helpUri?: string }[] } };
      invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[];
      results: { ruleId: string; ruleIndex: number; level: string; baselineState?: string; suppressions: { kind: string; justification: string }[]; partialFingerprints: Record<string, string>; relatedLocations?: unknown[]; locations: { physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> } }[] }[];
    }[];
  }
  const parse = (text: string) => {
    const run = (JSON.parse(text) as Sarif).runs[0];
    assert.ok(run);
    return run;
  };

  it('points results at their rules, which explain themselves', () => {
    const run = parse(renderSarif(reportOf(portal())));
    for (const r of run.results) assert.equal(run.tool.driver.rules[r.ruleIndex]?.id, r.ruleId);
    for (const rule of run.tool.driver.rules) assert.ok(rule.help?.text && rule.helpUri, rule.id);
    assert.equal(run.invocations[0]?.executionSuccessful, true);
    assert.equal(run.results[0]?.level, 'error');
    assert.equal(run.results[0]?.relatedLocations?.length, 1);
    const next = run.results.find((r) => r.locations[0]?.physicalLocation.artifactLocation.uri.includes('documents'));
    assert.equal(next?.locations[0]?.physicalLocation.artifactLocation.uri, 'app/api/clients/%5Bid%5D/documents/route.ts');
  });

  it('carries suppressions with their reasons', () => {
    const f = finding({});
    const run = parse(renderSarif(reportOf(result({ findings: [f], suppressed: [{ finding: finding({}), reason: 'on purpose' }] }), { state: accept(f) })));
    assert.deepEqual(run.results.map((r) => r.suppressions.map((s) => [s.kind, s.justification])), [[['external', 'demo data only (Ana, 2026-03-31)']], [['inSource', 'on purpose']]]);
  });

  it('tells new findings from known ones when there is a baseline', () => {
    const [a, b] = [finding({}), finding({})];
    const run = parse(renderSarif(reportOf(result({ findings: [a, b] }), { baseline: new Set([a.fingerprint]) })));
    assert.deepEqual(run.results.map((r) => r.baselineState), ['unchanged', 'new']);
  });
});

describe('terminal report', () => {
  const plainText = (width: number): string => renderPretty(reportOf(portal()), { style: PLAIN_STYLE, width });

  it('fits the terminal', () => {
    for (const width of [60, 80, 120]) for (const line of plainText(width).split('\n')) if (!line.includes('vibe-code-rescue')) assert.ok(displayWidth(line) <= width, `${width}: ${line}`);
  });

  it('ranks, and ends with what to do next', () => {
    const text = plainText(80);
    assert.match(text, /Top 8 risks/);
    assert.match(text, /What to do next\n {2}1\. Start with risk 1: .*\n[\s\S]*vibe-code-rescue report\n\n$/);
    assert.doesNotMatch(text, /error|fail|exception|fatal/i, 'an unsafe app is no failure of the tool');
  });

  it('writes commands that can be pasted', () => {
    const text = renderPretty(reportOf(portal()), { style: PLAIN_STYLE, width: 80, command: 'node dist/cli.js', folder: "my app's" });
    assert.ok(text.includes(`node dist/cli.js fix 'my app'\\''s' --dry-run`), text);
    assert.doesNotMatch(renderPretty(reportOf(portal()), { style: PLAIN_STYLE, width: 80, folder: '.' }), /report \./);
  });

  it('colours only through the style', () => {
    const coloured = renderPretty(reportOf(portal()), { style: ANSI_STYLE, width: 80 });
    assert.match(coloured, /\u001b\[31m/);
    // eslint-disable-next-line no-control-regex
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), plainText(80));
  });

  it('says calmly when there is nothing', () => {
    const text = renderPretty(reportOf(result()), { style: PLAIN_STYLE, width: 80 });
    assert.match(text, /Risk score 0 of 100/);
    assert.match(text, /Nothing to do/);
    assert.match(renderPretty(reportOf(result({ stats: { ...result().stats, files: 0 } })), { style: PLAIN_STYLE, width: 80 }), /Nothing was audited/);
  });

  it('lists everything when asked', () => {
    const text = renderPretty(reportOf(portal()), { style: PLAIN_STYLE, width: 100, all: true });
    assert.match(text, /needs a human look/);
    assert.ok(text.includes('secrets/client-bundle-secret'));
  });

  it('does not call a sign-up public and no more where anyone can make himself administrator', () => {
    const signUp = endpoint('POST /register', { publicBy: 'sign-up' });
    const flaw = finding({ ruleId: 'validate/unvalidated-body', category: 'validation-missing', severity: 'critical', confidence: 'high', endpoint: 'POST /register' });
    const shown = (f: typeof flaw): string => renderEndpoints(reportOf(result({ endpoints: [signUp], findings: [f] })), { style: PLAIN_STYLE, width: 100 });
    assert.match(shown(flaw), /sign-up, flawed/);
    assert.doesNotMatch(shown({ ...flaw, severity: 'medium' }), /flawed/);
  });

  it('names the sign-in check before a rate limit, and each guard once', () => {
    const limit = guard('express-rate-limit', { kind: 'rate-limit' });
    const e = endpoint('GET /mine', { auth: 'required', guards: [limit, limit, guard('requireUser')] });
    assert.match(renderEndpoints(reportOf(result({ endpoints: [e] })), { style: PLAIN_STYLE, width: 140 }), /requireUser, express-rate-limit {2,}|requireUser, express-rate-limit src/);
  });

  it('shows endpoints worst first', () => {
    const text = renderEndpoints(reportOf(portal()), { style: PLAIN_STYLE, width: 100 });
    const order = ['Anyone can call these', 'Unclear', 'Public on purpose', 'Signed-in users', 'Never mounted'].map((h) => text.indexOf(h));
    assert.ok(order.every((at, i) => at > (order[i - 1] ?? -1)), text);
    for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 100, line);
  });
});

describe('HTML report', () => {
  const page = renderHtml(reportOf(portal()), { nonce: 'abcdefgh1234' });

  it('loads nothing and runs nothing', () => {
    assert.match(page, /default-src 'none'; style-src 'nonce-abcdefgh1234'; base-uri 'none'/);
    assert.doesNotMatch(page, /<script|<link|<img|<iframe|url\(|@import|\sstyle="/i);
    for (const [, href] of page.matchAll(/href="([^"]*)"/g)) assert.match(href ?? '', /^(#|https:\/\/docs\.invalid\/)/);
  });

  it('refuses a nonce that could end the attribute', () => assert.throws(() => renderHtml(reportOf(result()), { nonce: '"><script>' })));

  it('names every figure for those who cannot see it', () => {
    for (const [svg] of page.matchAll(/<svg[^>]*>/g)) assert.match(svg, /role="img" aria-label="[^"]+"|aria-hidden="true"/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(id), `#${id}`);
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]+)"/g)) assert.ok(ids.includes(id), id);
  });

  it('gives the editor buttons that say where', () => {
    const webview = renderHtml(reportOf(portal()), { nonce: 'abcdefgh1234', scriptUri: 'https://file.vscode/media/report.js' });
    assert.match(webview, /<button type="button" class="loc" data-file="server\/db\.ts" data-line="3" data-column="\d+">/);
    assert.match(webview, /script-src 'nonce-abcdefgh1234';/);
    assert.doesNotMatch(page, /<button/);
  });

  it('has no link to a section that is not there', () => {
    const calm = renderHtml(reportOf(result()), { nonce: 'abcdefgh1234' });
    for (const [, id] of calm.matchAll(/href="#(?!i-)([^"]+)"/g)) assert.ok(calm.includes(`id="${id}"`), id);
  });
});

describe('Markdown', () => {
  it('tells the same story', () => {
    const text = renderMarkdown(reportOf(portal()));
    for (const heading of ['Top risks', 'What fits the sprint, and what waits', 'The seven days', 'Founder checklist', 'Endpoint review', 'Findings by file', 'Needs a human look', 'Accepted and ignored', 'What was not checked']) assert.ok(text.includes(`## ${heading}\n`), heading);
    assert.match(text, /No rule looks at these yet: .*Indexes/);
  });

  it('hands over all sixteen deliverables', () => {
    const text = renderHandover(reportOf(portal(), { state: { ...EMPTY_STATE, rotations: { DATABASE_URL: { added: '2026-03-30' } } } }));
    assert.deepEqual([...text.matchAll(/^## (\d+)\. /gm)].map((m) => Number(m[1])), Array.from({ length: 16 }, (_, i) => i + 1));
    assert.match(text, /\| `DATABASE_URL` \|.*\*\*not yet\*\*/);
  });
});

describe('building the report', () => {
  it('counts what is believed and not accepted', () => {
    const f = finding({});
    const report = reportOf(result({ findings: [f, finding({}), finding({ confidence: 'low' })] }), { state: accept(f) });
    assert.equal(report.counts.critical, 1);
  });

  it('adds the errors of configuration, state and baseline', () => {
    const report = reportOf(result(), { errors: [{ phase: 'config', file: path('rescue.config.json'), ruleId: null, message: 'broken' }] });
    assert.equal(auditJson(report).errors.length, 1);
    assert.equal(report.sprint.items.get('secrets')?.state, 'done', 'a broken configuration leaves no file unread');
  });

  it('sorts endpoints by exposure, then path', () => {
    const report = reportOf(result({ endpoints: [endpoint('GET /b', { auth: 'required' }), endpoint('GET /z'), endpoint('GET /a'), endpoint('GET /h', { publicBy: 'health' })] }));
    assert.deepEqual(report.endpoints.map((e) => [e.endpoint.path, e.exposure]), [['/a', 'open'], ['/z', 'open'], ['/h', 'public'], ['/b', 'guarded']]);
  });

  it('counts in words', () => assert.deepEqual([plural(1, 'file'), plural(2, 'index', 'indexes')], ['1 file', '2 indexes']));
});
