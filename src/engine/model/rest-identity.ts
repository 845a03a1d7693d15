/** Sign-in services that are asked over HTTP who a token belongs to. */
import type { Value } from './values';
import { asString, isCredential, marksOf } from './values';

/** Answers with the user of the token that came along, and with an error for anybody else's. */
const WHO_IS_IT = /\/auth\/v1\/user\/?(\?|$)/;

/** `fetch(`${url}/auth/v1/user`, { headers: { Authorization } })` with the token that the caller sent. */
export function asksWhoseTokenItIs(url: Value | undefined, options: Value | undefined): boolean {
  if (!url || options?.t !== 'obj' || (asString(options.props.get('method')) ?? 'GET').toUpperCase() !== 'GET') return false;
  const text = asString(url) ?? (url.t === 'env' ? (url.text ?? '') : url.t === 'unk' && url.hint.startsWith('template:') ? url.hint.slice('template:'.length) : '');
  if (!WHO_IS_IT.test(text)) return false;
  const headers = options.props.get('headers');
  return headers?.t === 'obj' && [...headers.props].some(([name, v]) => name.toLowerCase() === 'authorization' && marksOf(v).some(isCredential));
}
