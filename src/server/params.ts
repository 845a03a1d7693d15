/** What the client sends is checked before it is used: one schema for each request of our own. */
import { z } from 'zod';
import { ResponseError, ErrorCodes } from 'vscode-languageserver/node';
import { REPORT_FORMATS } from './protocol';

const line = z.string().trim().min(1).max(500);

export const PARAMS = {
  folder: z.object({ folder: z.string().optional() }),
  audit: z.object({ folder: z.string().optional(), workDoneToken: z.union([z.string(), z.number()]).optional() }),
  report: z.object({
    folder: z.string().optional(),
    format: z.enum(REPORT_FORMATS),
    // Both end up in attributes of the page.
    webview: z.object({ nonce: z.string().regex(/^[A-Za-z0-9+/=_-]{16,100}$/), scriptUri: z.string().max(2000) }).optional(),
  }),
  tick: z.object({ folder: z.string(), kind: z.enum(['item', 'task', 'rotation']), id: z.string().min(1).max(200), done: z.boolean() }),
  answer: z.object({ folder: z.string(), id: z.string().regex(/^q\d{1,2}$/), answer: z.enum(['yes', 'no', 'unknown']) }),
  accept: z.object({ folder: z.string(), fingerprint: z.string(), reason: line, owner: line.optional() }),
  ignore: z.object({ folder: z.string(), fingerprint: z.string(), reason: line }),
  fixAll: z.object({ folder: z.string(), ruleId: z.string() }),
  note: z.object({ folder: z.string() }),
  fixed: z.object({ folder: z.string(), fingerprint: z.string() }),
  diagnosticData: z.object({ fingerprint: z.string(), ruleId: z.string() }),
  codeActionData: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('fix'), uri: z.string(), version: z.number(), fingerprint: z.string(), fixId: z.string() }),
    z.object({ kind: z.literal('fix-file'), uri: z.string(), version: z.number(), ruleId: z.string() }),
  ]),
  initializationOptions: z.object({ cacheDir: z.string().optional() }).catch({}),
} as const;

/** Throws what the client shows as "invalid params": which key, and why; never the value. */
export function checked<T>(schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ResponseError(ErrorCodes.InvalidParams, `${issue?.path.join('.') || 'params'}: ${issue?.message ?? 'invalid'}`);
}
