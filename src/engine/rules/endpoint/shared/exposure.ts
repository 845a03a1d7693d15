/**
 * Classifies each endpoint once, so that one open endpoint is one finding: which rule reports it, how sure we are, and what a
 * stranger can do with it. Where a guard that does not guard is the cause, the rule about that guard reports it instead.
 */
import type { Endpoint, FakeGuard, InputRead, ProjectModel, SinkUse } from '../../../core/model';
import { dirname } from '../../../core/paths';
import { HOSTED_CHECKOUT, keepsBooks, opensCheckout, opensWhatItNames } from '../../../core/sinks';
import type { Confidence, Evidence, Location, Severity } from '../../../core/types';
import { nodesOf } from '../../../fixes/walk';
import { isNamedForAccounts } from '../../validate/shared/columns';
import { ID_FIELD, deedOf, isMinor, textTo, words } from './deeds';
import { lookUpColumns, worksOnAccounts } from './looks';
import { passwordReads, peopleOf } from './passwords';
import { READS, isDelete, isInsert, isOpen, isWrite } from './open';
import { type Whose, columnsOf, isPrivateWord, privacy, showsCosts, whoseRows } from './privacy';

export type ExposureKind = 'admin' | 'cron' | 'edge' | 'mutation' | 'read';

export interface Exposure {
  readonly kind: ExposureKind;
  readonly confidence: Confidence;
  /** What a stranger can do, after "Anyone can": "delete customers". */
  readonly deed: string;
  /** A guard stands there and fails: the rule about that guard reports it. */
  readonly cause: Cause | null;
  /** Only the database's own row rules stand before the data, and no file says what they are. */
  readonly rowRules: boolean;
  /** The repository's own SQL lets strangers at it: how, as part of a sentence. */
  readonly openRows: string | null;
  /** Less than the rule's own severity; null: as the rule says. */
  readonly severity: Severity | null;
  readonly webhook: boolean;
  /** What whoever calls is shown, where he does no more than read; null: he does more. */
  readonly shows: Whose | 'figures' | 'passwords' | null;
}

export type CauseRule = 'ignored' | 'unverified' | 'late';

export interface Cause {
  readonly rule: CauseRule;
  readonly guard: FakeGuard;
  readonly confidence: Confidence;
}

export function exposureOf(endpoint: Endpoint, model: ProjectModel): Exposure | null {
  return model.memo(endpoint, 'exposure', (m) => classify(endpoint, m));
}

// ------------------------------------------------------------------------------------------------ classification

const ADMIN = new Set(['admin', 'admins', 'administrator', 'administration', 'superuser', 'superadmin', 'super-admin', 'backoffice', 'back-office', 'internal', 'impersonate', 'seed', 'seeds', 'seeding', 'seeder', 'migrate', 'migrations', 'reset-db', 'resetdb', 'reset-database', 'init-db', 'initdb', 'drop-db', 'bull-board', 'adminer', 'debug']);
/** Shows how the server is built even where no data is read. */
export const DIAGNOSTIC: ReadonlySet<string> = new Set(['debug', 'env', 'env-status', 'system-info', 'sysinfo', 'server-info', 'phpinfo', 'actuator', 'diagnostics', 'metrics']);
const CRON = new Set(['cron', 'crons', 'cronjob', 'cronjobs', 'cron-job', 'cron-jobs', 'scheduled', 'scheduler']);
const WEBHOOK = /^(web-?hooks?|hooks|ipn)$/;
/** An account flow by its name: where the handler does something of the kind, a question and no alarm. */
const ACCOUNT_FLOW = /^(log-?in|sign-?in|sign-?up|register|registration|log-?out|sign-?out|forgot-?password|reset-?password|password-?reset|security-?question|verify-?email|confirm|callback|captcha|csrf|refresh-?token)$/;
const SIGN_UP = /^(register|registration|sign-?up|onboard|onboarding|join|create-account|secure-registration)$/;

const LOUD = new Set<SinkUse['kind']>(['mail', 'llm', 'payment', 'exec', 'auth-admin']);

function classify(e: Endpoint, model: ProjectModel): Exposure | null {
  if (!e.mounted || isConfigured(e)) return null;
  const cause = e.auth === 'unknown' ? null : causeOf(e, model);
  if (e.auth === 'required' && cause?.guard.kind !== 'after-the-work') return null;
  if (e.publicBy !== null && !mistaken(e, cause, model)) return null;
  if (cause === null && opensByToken(e, model)) return null;
  const found = worth(e, model) ?? (cause && e.sinks.some((s) => s.guarded || isOpen(s)) ? { kind: 'mutation' as const, deed: 'use it', sure: 'high' as const } : null);
  if (!found) return null;
  const { kind, deed, sure } = found;
  const shows = showsOf(e, model);
  const open = e.sinks.filter(isOpen);
  const stores = open.filter((s) => s.kind === 'db-read' || s.kind === 'db-write' || s.kind === 'storage');
  // Beside the data itself, what costs money or reaches people counts as kept only behind a row that row rules show.
  const rowRules = stores.length > 0 && stores.every((s) => s.rowGated || (s.asUser && s.strangers === 'unknown')) && !open.some((s) => LOUD.has(s.kind) && !s.rowGated);
  const openRows = openRowsOf(stores);
  const last = words(e);
  let confidence: Confidence = sure;
  if (e.auth === 'unknown') confidence = 'low';
  // A check stands there and fails: whoever wrote it did not mean to leave it to row rules.
  else if (cause) confidence = kind === 'read' && sure === 'low' && !open.some((s) => privacy(s, model) === 'private') ? 'low' : 'high';
  // Whoever asks for the user meant to check him: row rules were not the plan.
  else if (rowRules) confidence = kind === 'admin' || (kind !== 'read' && e.asksInVain) ? 'medium' : 'low';
  else if (openRows !== null) confidence = sure === 'low' || open.every((s) => s.strangers !== 'off' && (!isWrite(s) || isInsert(s.op))) ? 'medium' : 'high';
  else if (isOptional(e, model) && !(kind !== 'read' && open.some((s) => isWrite(s) && !s.asUser))) confidence = 'low';
  else if (isOptional(e, model) && confidence !== 'low') confidence = 'medium';
  else if ((kind === 'mutation' || (kind === 'edge' && writesOf(e).length > 0)) && last.some((w) => ACCOUNT_FLOW.test(w)) && worksOnAccounts(e, model)) confidence = 'low';
  else if (asksWhereItRuns(e, model) && (kind === 'admin' || kind === 'cron')) confidence = 'low';
  else if (kind === 'mutation' && isLimitedForm(e, model)) confidence = 'low';
  // Whoever is handed passwords needs nothing else.
  const passwords = confidence === 'low' || rowRules ? [] : passwordReads(e, model).filter(isOpen);
  if (passwords.length > 0) return { kind, confidence, deed: `read stored passwords of ${peopleOf(passwords, model)}`, cause, rowRules, openRows, severity: 'critical', shows: 'passwords', webhook: false };
  return { kind, confidence, deed, cause: confidence === 'low' ? null : cause, rowRules, openRows, severity: severityOf(e, kind, open, confidence === 'low' || rowRules, model), shows, webhook: last.some((w) => WEBHOOK.test(w)) };
}

/** Why the caller's own rights do not keep strangers away, where the repository's SQL says so. */
function openRowsOf(stores: readonly SinkUse[]): string | null {
  if (stores.length === 0 || !stores.every((s) => s.asUser)) return null;
  const off = stores.find((s) => s.strangers === 'off' && !s.rowGated);
  if (off) return `row level security is off for ${off.target ?? 'the table'}`;
  const all = stores.find((s) => isWrite(s) && !s.rowGated && (s.strangers === 'all' || s.strangers === 'meant'));
  return all ? `a policy of ${all.target ?? 'the table'} lets everybody do it` : null;
}

/** What a reviewer would sign where the rule's own severity is too loud for what a stranger gains. */
function severityOf(e: Endpoint, kind: ExposureKind, open: readonly SinkUse[], question: boolean, model: ProjectModel): Severity | null {
  // It was left behind and gives nothing away.
  if (e.saysFixed && kind === 'admin' && !e.changesMemory) return 'low';
  // A question is no alarm.
  if (question || showsOf(e, model) === 'figures' || e.changesMemory) return 'medium';
  const writes = open.filter(isWrite);
  // Prices that rivals would like to know, and nobody's data.
  if (kind === 'read' && showsOnlyCosts(e, model)) return 'medium';
  const work = open.filter((s) => isWrite(s) || READS.has(s.kind));
  if (kind === 'edge' && work.length === 0) return 'medium';
  if (kind === 'edge' && startsJob(e, model)) return writes.some(isDelete) ? 'high' : 'medium';
  if (kind === 'mutation' && isMildJob(e, writes, model)) return 'medium';
  if (kind === 'edge' && isSetOff(e, writes)) return 'medium';
  const most = mildest(writes, e);
  if (most !== null) return most;
  const shows = e.returnsData && !isJobName(e) && work.some((s) => !isWrite(s) && privacy(s, model) === 'private');
  if ((kind === 'edge' || kind === 'mutation') && isInputless(e) && !shows && e.method !== 'DELETE' && writes.length > 0 && writes.every((s) => s.kind === 'db-write' && !isDelete(s))) return 'medium';
  // Rows can be added, and that is all.
  if (writes.length > 0 && writes.every((s) => s.asUser && isInsert(s.op) && s.strangers === 'all')) return 'medium';
  if (kind === 'edge' && writes.length === 0 && !work.some((s) => privacy(s, model) === 'private')) return 'medium';
  // Whoever comes by the pages has signed in; the action itself asks nobody.
  return (kind === 'admin' && writes.length === 0) || e.pagesGuarded ? 'high' : null;
}

/** Where all that strangers can do is of one mild kind: a checkout at which they pay themselves, one fixed text to whom they name. */
function mildest(writes: readonly SinkUse[], e: Endpoint): Severity | null {
  const telling = writes.filter((s) => !isMinor(s));
  if (telling.length === 0) return null;
  if (telling.some((s) => s.op === HOSTED_CHECKOUT) && telling.every((s) => s.kind === 'payment' ? opensCheckout(s) : s.kind === 'db-write' && /checkout/i.test(s.target ?? ''))) return 'medium';
  // Or a text of which nothing was seen to be his.
  if (telling.every((s) => s.kind === 'mail' && s.toUs)) return 'medium';
  return telling.every((s) => s.kind === 'mail' && (s.raw.length === 0 || textTo(s, e) === 'fixed')) ? 'high' : null;
}

/** Nothing the caller sends decides what is done: all he can do is to start it. */
function isInputless(e: Endpoint): boolean {
  // Every web handler is handed its parameters, whether its path has any or not.
  return e.inputs.every((i) => i.field === '' && (i.source === 'params' ? !e.path.includes(':') : i.source === 'body')) && e.sinks.every((s) => s.raw.length === 0 && !s.validated);
}

/** It works through the rows that are due, whoever calls; by its name, or because it does so one by one. */
function startsJob(e: Endpoint, model: ProjectModel): boolean {
  if (!isInputless(e) || e.method === 'DELETE') return false;
  const open = e.sinks.filter(isOpen);
  const writes = open.filter(isWrite);
  if (isJobName(e)) return open.length > 0;
  // Whoever gets rows back does more than to start it.
  if (writes.length === 0) return open.length > 0 && !e.returnsData && privilegedKey(e, model) !== null;
  return writes.some((s) => s.loopDepth > 0 && (s.kind === 'mail' || (s.kind === 'db-write' && !isDelete(s)))) && writes.every((s) => s.kind !== 'auth-admin' && !(isDelete(s) && s.loopDepth === 0));
}

/** The caller names a row, and a text that is not his goes to whom the row names. */
function isSetOff(e: Endpoint, writes: readonly SinkUse[]): boolean {
  const mails = writes.filter((s) => s.kind === 'mail');
  const named = e.inputs.filter((i) => i.source !== 'params' || i.field !== '');
  const ids = (list: readonly InputRead[]): boolean => list.every((i) => i.field === '' || ID_FIELD.test(i.field));
  return mails.length > 0 && named.some((i) => i.field !== '') && ids(named) && mails.every((s) => s.raw.length === 0) && writes.every((s) => (s.kind === 'mail' || s.kind === 'db-write') && !isDelete(s) && ids(s.raw));
}

function isConfigured(e: Endpoint): boolean {
  return e.publicBy === 'config' || e.publicBy === 'suppressed';
}

/** What was taken for public is not: the token in the link is never verified, or the "static files" are chosen by the request. */
function mistaken(e: Endpoint, cause: Cause | null, model: ProjectModel): boolean {
  if (e.publicBy === 'share-token') return cause?.rule === 'unverified';
  if (e.publicBy === 'static-asset') return e.sinks.some((s) => s.kind === 'file' && s.raw.some((r) => r.source === 'params' || r.source === 'query'));
  // A form adds; nobody fills one in to delete or to change.
  if (e.publicBy === 'lead-form') return /^(DELETE|PUT|PATCH)$/.test(e.method);
  // What a shop sells is for everybody to see, what it pays for it is not.
  if (e.publicBy === 'public-content') return e.sinks.some((s) => showsCosts(s, model));
  // `env-status` ends like a health check and tells more than one.
  if (e.publicBy === 'health') return words(e).some((w) => DIAGNOSTIC.has(w));
  return false;
}

/**
 * A link that opens what it names, without such a name in its path, in the query or a parsed body too: what is looked up first is looked up by an
 * unguessable value that the caller brings, and nobody asks who he is.
 */
function opensByToken(e: Endpoint, model: ProjectModel): boolean {
  if (e.auth !== 'none' || e.asksInVain || words(e).some((w) => ADMIN.has(w))) return false;
  const stores = e.sinks.filter((s) => (s.kind === 'db-read' || s.kind === 'db-write' || s.kind === 'sql') && !keepsBooks(s));
  const first = stores[0];
  if (!first || first.guarded || !(first.validated || first.raw.some((r) => BROUGHT.has(r.source)))) return false;
  const columns = lookUpColumns(first, model);
  if (columns.some((c) => opensWhatItNames(c, `${first.target ?? ''} ${e.path}`))) return true;
  // A slug is read aloud; it opens a page, no change.
  return columns.some((c) => /slug/i.test(c)) && !e.sinks.some((s) => isWrite(s) && isOpen(s));
}

const BROUGHT = new Set(['params', 'query', 'body', 'form', 'args']);

/** A public form by its shape: it only adds rows, and a limiter of its own slows it down. */
function isLimitedForm(e: Endpoint, model: ProjectModel): boolean {
  const limited = e.guards.some((g) => g.kind === 'rate-limit' && (g.level === 'route' || g.level === 'handler' || prefixOf(g.at, model) === e.path));
  return limited && e.method === 'POST' && writesOf(e).every((s) => s.kind === 'mail' || (s.kind === 'db-write' && isInsert(s.op)));
}

/** The path of `app.use('/visits/request', limiter)`. A limiter of the whole API says nothing about one route. */
function prefixOf(at: Location, model: ProjectModel): string | null {
  for (const fn of model.file(at.file)?.script?.functions ?? []) {
    if (fn.span.start > at.span.start || fn.span.end < at.span.end) continue;
    for (const n of nodesOf(fn.body)) if (n.k === 'call' && n.s === at.span.start && n.args[0]?.k === 'str') return n.args[0].v;
  }
  return null;
}

/** The handler asks first where it runs: `if (process.env.NODE_ENV === 'production') return …`. */
function asksWhereItRuns(e: Endpoint, model: ProjectModel): boolean {
  const script = e.handler ? model.file(e.handler.file)?.script : null;
  const body = e.handler?.fn != null ? script?.functions[e.handler.fn]?.body : undefined;
  for (const n of nodesOf(body ?? [])) {
    if (n.k !== 'if') continue;
    if (script?.envReads.some((r) => /^(NODE_ENV|APP_ENV|VERCEL_ENV|DENO_ENV)$/.test(r.name) && r.span.start >= n.test.s && r.span.end <= n.test.e)) return true;
  }
  return false;
}

interface Worth {
  readonly kind: ExposureKind;
  readonly deed: string;
  readonly sure: Confidence;
}

function worth(e: Endpoint, model: ProjectModel): Worth | null {
  const list = words(e);
  const writes = writesOf(e);
  const reads = e.returnsData ? readsOf(e) : [];
  if (e.framework === 'supabase-edge') return edgeWorth(e, model, writes, reads);
  const diagnostic = list.some((w) => DIAGNOSTIC.has(w)) && e.method !== 'USE';
  const works = writes.length > 0 || reads.length > 0 || e.sinks.some((s) => s.kind === 'exec' && isOpen(s));
  if (list.some((w) => ADMIN.has(w)) && works) return { kind: 'admin', deed: deedOf(e, writes, reads, model), sure: 'proven' };
  if (list.some((w) => ADMIN.has(w)) && e.changesMemory) return { kind: 'admin', deed: 'change what the server keeps in memory', sure: 'high' };
  if (diagnostic && e.framework !== 'next-action') return { kind: 'admin', deed: e.saysFixed ? 'call this test route' : 'see how your server is set up', sure: 'high' };
  if (isCron(e, model, list) && (works || e.sinks.length > 0)) return { kind: 'cron', deed: `start the job ${e.path}`, sure: 'high' };
  if (list.includes('captcha')) return null;
  if (writes.length > 0) return { kind: 'mutation', deed: isMildJob(e, writes, model) ? jobDeed(e) : deedOf(e, writes, reads, model), sure: 'high' };
  const seen = reads.map((s) => {
    // How many accounts there are says nothing about anybody.
    if (s.shown === 'figures') return privacy(s, model) === 'private' && !isNamedForAccounts(s.target ?? '') ? 'figures' : 'public';
    const known = s.target === null && columnsOf(s, model) === null && list.some(isPrivateWord) ? 'private' : privacy(s, model);
    if (e.method !== 'GET' || known === 'public' || !isShown(e, s, model)) return known;
    // Meant to be seen; a private word in its name still asks for a look.
    return known === 'unknown' && s.published !== 'unless-asked' ? 'public' : known === 'private' && s.published === 'no' ? 'private' : 'unknown';
  });
  if (seen.includes('private')) return { kind: 'read', deed: deedOf(e, writes, reads.filter((_, i) => seen[i] === 'private'), model), sure: 'high' };
  if (seen.includes('figures')) return { kind: 'read', deed: deedOf(e, writes, reads.filter((_, i) => seen[i] === 'figures'), model), sure: 'high' };
  if (seen.includes('unknown')) return { kind: 'read', deed: deedOf(e, writes, reads, model), sure: 'low' };
  return null;
}

/** What of the rows that a stranger is shown weighs most; null where he does more than read, or is shown nothing. */
function showsOf(e: Endpoint, model: ProjectModel): Whose | 'figures' | null {
  const reads = e.returnsData ? readsOf(e) : [];
  if (writesOf(e).length > 0 || reads.length === 0) return null;
  const rows = reads.filter((s) => s.shown !== 'figures');
  if (rows.length === 0) return 'figures';
  const told = rows.filter((s) => privacy(s, model) === 'private');
  const whose = (told.length > 0 ? told : rows).map((s) => whoseRows(s, words(e), model));
  return (['people', 'dealings', 'own'] as const).find((w) => whose.includes(w)) ?? 'other';
}

/** Of what it shows, nothing is private but what the firm pays for its goods. */
function showsOnlyCosts(e: Endpoint, model: ProjectModel): boolean {
  const told = e.returnsData ? readsOf(e).filter((s) => privacy(s, model) === 'private') : [];
  return told.length > 0 && told.every((s) => showsCosts(s, model));
}

interface Writers {
  readonly scopes: ReadonlySet<string>;
  readonly open: boolean;
  readonly fields: ReadonlySet<string>;
}

/** Who writes what is read here: in which routers, whether strangers can too, and which fields. */
function writersOf(model: ProjectModel): ReadonlyMap<string, Writers> {
  return model.memo(null, 'writers', (m) => {
    const made = new Map<string, { scopes: Set<string>; open: boolean; fields: Set<string> }>();
    for (const e of m.endpoints()) {
      for (const s of e.mounted ? e.sinks : []) {
        if (s.kind !== 'db-write' || s.target === null || s.lazy) continue;
        const entry = made.get(s.target) ?? { scopes: new Set(), open: false, fields: new Set() };
        made.set(s.target, entry);
        entry.scopes.add(e.scope);
        entry.open ||= e.auth !== 'required';
        for (const r of s.raw) entry.fields.add(r.field);
      }
    }
    return made;
  });
}

const PERSONAL = /e?mail|phone|mobile|address|passw|ssn|iban|birth|salary|notes?$|customer|client|patient|user_?id|owner/i;

/** A catalogue: its own router guards every change of it and leaves reading open, and nothing personal is written into it. */
function isShown(e: Endpoint, s: SinkUse, model: ProjectModel): boolean {
  const w = s.target === null ? undefined : writersOf(model).get(s.target);
  return w !== undefined && !w.open && w.scopes.has(e.scope) && ![...w.fields].some((f) => PERSONAL.test(f));
}

function edgeWorth(e: Endpoint, model: ProjectModel, writes: readonly SinkUse[], reads: readonly SinkUse[]): Worth | null {
  if (words(e).some((w) => SIGN_UP.test(w)) && e.sinks.some((s) => s.kind === 'auth-admin')) return null;
  // What a job reads to do its work is nobody's to see; that it can be started is the point.
  if (startsJob(e, model)) return { kind: 'edge', deed: jobDeed(e), sure: 'high' };
  if (isSetOff(e, writes)) return { kind: 'edge', deed: 'set off its message', sure: 'high' };
  if (writes.length > 0 || reads.length > 0) return { kind: 'edge', deed: deedOf(e, writes, reads, model), sure: 'high' };
  if (e.sinks.length > 0 && !e.sinks.some(isOpen)) return null;
  const key = privilegedKey(e, model);
  if (key !== null) return { kind: 'edge', deed: `make it work with your ${key}`, sure: 'medium' };
  return null;
}

/** Whoever calls can do no more than start it: it deletes nothing, and shows nobody's rows. */
function isMildJob(e: Endpoint, writes: readonly SinkUse[], model: ProjectModel): boolean {
  return e.method !== 'GET' && !writes.some(isDelete) && startsJob(e, model) && !(e.returnsData && readsOf(e).some((s) => s.shown !== 'figures' && privacy(s, model) === 'private'));
}

function jobDeed(e: Endpoint): string {
  return e.sinks.some((s) => s.kind === 'mail') ? 'start this job and have its messages sent' : 'start this job';
}

/** `nightly-cleanup-cron`: the function's own name says when it runs. */
function isJobName(e: Endpoint): boolean {
  return /(^|[-_/])(cron|cronjob|scheduled|scheduler|nightly|daily|hourly|weekly|check|sync|job|reminders?|cleanup)([-_]|$)/.test(e.path.toLowerCase().replace(/^\/functions\/v1/, ''));
}

/** The function reads a key that only the server has: whoever calls it makes it work with that key. */
function privilegedKey(e: Endpoint, model: ProjectModel): string | null {
  const files = [e.at.file, ...[...e.dependsOn].filter((f) => f !== e.at.file)];
  const names = files.flatMap((f) => model.file(f)?.script?.envReads.map((r) => r.name) ?? []);
  return names.find((n) => /SERVICE_ROLE/.test(n)) ?? names.find((n) => /(SECRET|API_KEY|PRIVATE_KEY|ACCESS_TOKEN|AUTH_TOKEN)/.test(n) && !/ANON|PUBLISHABLE|PUBLIC/.test(n)) ?? null;
}

function isCron(e: Endpoint, model: ProjectModel, list: readonly string[]): boolean {
  if (e.framework === 'next-action') return false;
  if (list.some((w) => CRON.has(w))) return true;
  for (const f of model.configs()) {
    if (f.config.kind !== 'vercel-json') continue;
    const root = dirname(f.path);
    if (root !== '' && !e.at.file.startsWith(`${root}/`)) continue;
    if (f.config.crons.some((c) => c.replace(/\?.*$/, '').replace(/\/$/, '') === e.path.replace(/\/$/, ''))) return true;
  }
  return false;
}

// ------------------------------------------------------------------------------------------------ what it does

function writesOf(e: Endpoint): SinkUse[] {
  return e.sinks.filter((s) => isWrite(s) && !s.lazy && isOpen(s)).concat(afterTheWork(e));
}

/** The guard is asked after these: the model calls the endpoint open for it, and so they count although nothing else is. */
function afterTheWork(e: Endpoint): SinkUse[] {
  return e.auth === 'required' && e.fakeGuards.some((f) => f.kind === 'after-the-work') ? e.sinks.filter((s) => isWrite(s) && s.guarded && !e.sinks.some((x) => isWrite(x) && !x.guarded)) : [];
}

function readsOf(e: Endpoint): SinkUse[] {
  // What another server shows to whoever has the key counts where its address says that it is somebody's.
  return e.sinks.filter((s) => s.shown !== 'nothing' && s.shown !== 'ids' && (READS.has(s.kind) || (s.service !== null && s.op !== 'post' && s.service.split(/[/._-]+/).slice(1).some(isPrivateWord))) && !isWrite(s) && isOpen(s));
}

// ------------------------------------------------------------------------------------------------ guards that do not guard

const IGNORED = new Set<FakeGuard['kind']>(['missing-return', 'logs-but-continues', 'missing-await', 'after-the-work', 'catch-falls-through', 'bypass-flag', 'only-if-sent']);
const UNVERIFIED = new Set<FakeGuard['kind']>(['decoded-not-verified', 'trusts-client', 'unverified-session']);
const AUTH_NAME = /^(require|ensure|verify|check|is|assert)_?(auth|authenticated|user|login|logged|signed|session|token|jwt|admin|role)|^(authenticate|authenticated|protect|authMiddleware|authGuard|isAuthenticated|expressjwt|requiresAuth)$/i;
const IDENTITY_HEADER = /user|uid|account|role|admin|tenant|org|mail|auth|token|key|client-id|secret|internal|session/i;

/** The guard that should have stopped strangers here, if there is one. */
export function causeOf(e: Endpoint, model: ProjectModel): Cause | null {
  for (const guard of e.fakeGuards) {
    if (UNVERIFIED.has(guard.kind) && (guard.kind !== 'trusts-client' || identityHeader(guard))) return { rule: 'unverified', guard, confidence: 'high' };
    if (guard.kind === 'bypass-flag' && isAbsence(guard, model)) continue;
    if (IGNORED.has(guard.kind) && (guard.kind !== 'missing-return' || isAuthDenial(guard, model))) return { rule: 'ignored', guard, confidence: 'high' };
  }
  // It works without a user and does more with one: nothing was meant to stop strangers.
  if (isOptional(e, model)) return null;
  for (const guard of e.fakeGuards) {
    if (guard.kind !== 'registered-after') continue;
    const real = guardsElsewhere(model).has(guard.name);
    if (real || AUTH_NAME.test(guard.name)) return { rule: 'late', guard, confidence: real ? 'high' : 'medium' };
  }
  return null;
}

/** `if (!token) return next()`: whoever brings nothing stays nobody; that is no way around the check. */
function isAbsence(guard: FakeGuard, model: ProjectModel): boolean {
  const { start, end } = guard.at.span;
  for (const fn of model.file(guard.at.file)?.script?.functions ?? []) {
    if (fn.span.start > start || fn.span.end < end) continue;
    for (const n of nodesOf(fn.body)) if (n.s === start && n.e === end && n.k === 'not') return true;
  }
  return false;
}

/** It works without a user and does more with one. */
function isOptional(e: Endpoint, model: ProjectModel): boolean {
  return e.auth === 'optional' || (e.auth === 'none' && e.guards.some((g) => g.kind === 'authentication' && g.effect === 'optional') && e.fakeGuards.length > 0 && e.fakeGuards.every((f) => f.kind === 'registered-after' || (f.kind === 'bypass-flag' && isAbsence(f, model))));
}

function identityHeader(guard: FakeGuard): boolean {
  const name = /"([^"]+)"/.exec(guard.reason)?.[1];
  return name === undefined ? true : IDENTITY_HEADER.test(name) && !name.startsWith('sec-');
}

/** A denial for want of a user (401, 403, "Unauthorized", "please sign in"), not one for a bad value. */
function isAuthDenial(guard: FakeGuard, model: ProjectModel): boolean {
  const script = model.file(guard.at.file)?.script;
  if (!script) return false;
  const { start, end } = guard.at.span;
  for (const f of script.functions) {
    if (f.span.start > start || f.span.end < end) continue;
    for (const n of nodesOf(f.body)) {
      if (n.s < start - 200 || n.s > end || n.e > end || n.e < start) continue;
      if (n.s < start && n.k !== 'num' && n.k !== 'str') continue;
      if (n.k === 'num' && n.s >= start && (n.v === 401 || n.v === 403)) return true;
      if (n.k === 'str' && n.s >= start && /unauthor|forbidden|not (allowed|logged|signed)|sign ?in|log ?in|access denied|permission/i.test(n.v)) return true;
    }
  }
  return false;
}

/** Names of guards that do stop people somewhere in this project. */
function guardsElsewhere(model: ProjectModel): ReadonlySet<string> {
  return model.memo(null, 'enforcing-guards', (m) => new Set(m.endpoints().flatMap((e) => e.guards.filter((g) => g.effect === 'enforces' && (g.kind === 'authentication' || g.kind === 'authorization') && g.name !== '').map((g) => g.name))));
}

// ------------------------------------------------------------------------------------------------ words and groups

/** "DELETE /customers/:id", "the server action removeCustomer", "the edge function export-data". */
export function placeOf(e: Endpoint): string {
  if (e.framework === 'next-action') return `the server action ${e.path}`;
  if (e.framework === 'supabase-edge') return `the edge function ${e.path.replace(/^\/functions\/v1\//, '')}`;
  return `${e.method} ${e.path}`;
}

/** Endpoints that one guard closes share it. */
export function rootCauseOf(e: Endpoint, model: ProjectModel): string {
  if (e.framework === 'next-action') return e.scope;
  // They share the gateway, its configuration and the habit of not asking.
  if (e.framework === 'supabase-edge') return `edge:${/^(?:.*?\/)?supabase\/functions(?=\/)/.exec(e.at.file)?.[0] ?? 'supabase/functions'}`;
  const siblings = e.framework === 'express' ? openSiblings(e, model) : [];
  return siblings.length >= 3 ? e.scope : `endpoint:${e.framework} ${e.method} ${e.path}@${e.at.file}`;
}

/** The open endpoints of a router none of whose routes has a guard of its own; else nothing. */
export function openSiblings(e: Endpoint, model: ProjectModel): readonly Endpoint[] {
  return model.memo(null, `open-siblings:${e.framework}:${e.scope}`, (m) => {
    const all = m.memo(null, 'scopes', byScope).get(`${e.framework}:${e.scope}`) ?? [];
    if (all.some((x) => x.auth === 'required' || (x.publicBy !== null && x.method !== 'USE'))) return [];
    return all.filter((x) => {
      const exposure = exposureOf(x, m);
      return exposure !== null && exposure.cause === null && exposure.confidence !== 'low';
    });
  });
}

function byScope(model: ProjectModel): ReadonlyMap<string, readonly Endpoint[]> {
  const out = new Map<string, Endpoint[]>();
  for (const e of model.endpoints()) {
    const key = `${e.framework}:${e.scope}`;
    const list = out.get(key);
    if (list) list.push(e);
    else out.set(key, [e]);
  }
  return out;
}

/** What the fixes need to find the place again. */
export function endpointData(e: Endpoint): Record<string, string | number | boolean> {
  return { key: e.key, method: e.method, path: e.path, framework: e.framework, scope: e.scope, handlerFile: e.handler?.file ?? '', handlerFn: e.handler?.fn ?? -1 };
}

/** Why we believe it: what is done without a check, and what we were unsure of. */
export function evidenceOf(e: Endpoint): readonly Evidence[] {
  const out: Evidence[] = e.sinks
    .filter((s) => !s.guarded && (isWrite(s) || READS.has(s.kind)))
    .slice(0, 3)
    .map((s) => ({ at: s.at, note: `${isWrite(s) ? 'done' : 'read'} without a check${s.target ? `: ${s.target}` : ''}` }));
  return [...out, ...e.authEvidence.slice(0, 3)];
}
