/** Whose accounts an app has: who makes them, where they are kept, and whether it keeps customers apart. */
import type { Endpoint, ProjectModel, SinkUse } from '../../../core/model';
import { lookUpColumns } from '../../endpoint/shared/looks';
import { meaningOf, snakeOf } from './columns';
import { columnsOf, knowsTables, someColumn } from './models';

/** Sign-ins whose provider lets people make accounts for themselves; by the client's own library where only that is used. */
const HOSTED = /^(clerk|supabase|firebase-admin|better-auth)$/;
const HOSTED_CLIENT = /^(next-auth|@auth\/core)\/providers\/(?!credentials)|^passport-(?!local|jwt|http|custom)|^@react-oauth\/|^google-auth-library$|^@(clerk|auth0|kinde-oss|workos-inc|stytch)\/|^firebase\/(compat\/)?auth$|^@supabase\//;
const CREATES = /^(insert|create|add|save|upsert|set|put)/;

/** Nobody gets an account by himself: the app signs people in or makes their accounts, no endpoint that anybody can call makes one, and no hosted sign-up does. */
export function accountsMadeByStaff(model: ProjectModel): boolean {
  return model.memo(null, 'accounts-made-by-staff', madeByStaff);
}

function madeByStaff(model: ProjectModel): boolean {
  if (model.stack().auth.some((id) => HOSTED.test(id))) return false;
  // Whoever has an account at the provider gets one here.
  for (const [, face] of model.faces()) if (face.imports.some((i) => HOSTED_CLIENT.test(i.specifier))) return false;
  const endpoints = model.endpoints().filter((e) => e.mounted);
  // Where neither is to be seen, accounts come from somewhere else.
  if (!endpoints.some((e) => e.publicBy === 'sign-in' || (e.auth === 'required' && createsAccount(e, model)))) return false;
  return !endpoints.some((e) => e.auth !== 'required' && makesOwn(e, model));
}

/** A first-run set-up, a webhook and the like are public for a reason, and no sign-up. */
function makesOwn(e: Endpoint, model: ProjectModel): boolean {
  return e.publicBy === 'sign-up' || ((e.publicBy === null || e.publicBy === 'sign-in') && createsAccount(e, model));
}

function createsAccount(e: Endpoint, model: ProjectModel): boolean {
  return e.sinks.some((s) => s.kind === 'auth-admin' || (s.kind === 'db-write' && s.target !== null && CREATES.test(s.op) && isSignedInTable(s.target, model)));
}

/** Its rows sign in: they have a password, a sign-in looks for them, or the table is called so. */
export function isSignedInTable(target: string, model: ProjectModel): boolean {
  const columns = columnsOf(target, model);
  if (columns !== null) return columns.some((c) => /passw/i.test(c)) || signedInTables(model).has(target.toLowerCase());
  return /(^|_)(users?|accounts?|admins?)$/.test(snakeOf(target)) || signedInTables(model).has(target.toLowerCase());
}

function signedInTables(model: ProjectModel): ReadonlySet<string> {
  return model.memo(null, 'signed-in-against', signedInAgainst);
}

function signedInAgainst(model: ProjectModel): ReadonlySet<string> {
  return new Set(model.endpoints().filter((e) => e.publicBy === 'sign-in' || e.publicBy === 'sign-up').flatMap((e) => e.sinks.flatMap((s) => (s.target !== null && s.kind === 'db-read' && findsAccount(s, model) ? [s.target.toLowerCase()] : []))));
}

/** Somebody is looked for by what he signs in with. */
function findsAccount(s: SinkUse, model: ProjectModel): boolean {
  return lookUpColumns(s, model).some((c) => /^(e?mail|email_?address|user_?name|login|phone(_?number)?|mobile|nic|user_?id|employee_?(id|code|no))$/i.test(c));
}

/** It keeps customers apart, or may: one of its known tables says which company a row belongs to, or no table is known. */
export function keepsTenantsApart(model: ProjectModel): boolean {
  return model.memo(null, 'keeps-tenants-apart', (m) => !knowsTables(m) || m.stack().auth.includes('supabase') || someColumn(m, (c) => meaningOf(c) === 'tenant'));
}
