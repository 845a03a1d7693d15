/** The kind of harm a finding does: what opens every account or the whole database stands before what opens one table. */
import type { Finding } from '../engine/core/types';
import { deedOf, harmOf } from './titles';

/** Deeds that make somebody everybody, as the rules word them. */
const EVERYTHING = /^(pose as any user|become another user|sign up as administrator|sign in as your administrator|get past the sign-in|read stored passwords of|read or change your whole database|change what a query asks|set any column, or change the statement|give out rights|decide what account is made|run (code|commands) on)/;
/** A deed on the accounts themselves. */
const ON_ACCOUNTS = /^(?:add|change|create|delete|set any column of|set every field of|write unchecked data into)(?:,? (?:and )?(?:add|change|delete|read))* (?:the table )?(?:\w+[_ ])?(?:users?|accounts?|admins?|superadmins?|members?|profiles?|employees?)$/i;

/** The rule's own word that this opens accounts to whoever knows it, on the running server. */
export function opensAccounts(finding: Finding): boolean {
  return finding.data['harm'] === 'accounts' || isConditional(finding);
}

/** It does so on the day a setting is missing. */
function isConditional(finding: Finding): boolean {
  return finding.data['harm'] === 'accounts-if-unset';
}

/** The key of the whole database: past all row rules, or its address with the password in it. */
function opensDatabase(finding: Finding): boolean {
  const detector = String(finding.data['detector'] ?? '');
  return /service-role|supabase-secret/.test(detector) || (finding.category === 'secret-client' && detector.endsWith('-uri'));
}

/** How much is lost at once: `all` accounts or data, the same `once` a setting is missing, or `less`. */
export type Harm = 'all' | 'once' | 'less';
export const HARMS: readonly Harm[] = ['all', 'once', 'less'];

/** What kind of harm a finding does. */
export function harmClass(finding: Finding): Harm {
  if (finding.category.startsWith('secret-') && opensDatabase(finding)) return 'all';
  if (opensAccounts(finding)) return isConditional(finding) ? 'once' : 'all';
  const told = finding.data['deed'];
  const deed = typeof told === 'string' && told !== '' && finding.category !== 'secret-exposed' ? told : deedOf(finding);
  if (deed === null) return 'less';
  return EVERYTHING.test(deed) || ON_ACCOUNTS.test(deed) || (finding.category === 'auth-missing' && harmOf(deed) <= MANAGES_USERS) ? 'all' : 'less';
}

/** Place in the order of deeds up to which somebody gets all of it: running code, taking all data, managing the accounts. */
const MANAGES_USERS = 2;
