/** Validators whose result is clean data: RULES.md 1.4. */
import type { CallPattern } from './meaning';

export interface ValidatorInfo {
  readonly id: string;
  readonly packages: readonly string[];
}

export const VALIDATORS: readonly ValidatorInfo[] = [
  { id: 'zod', packages: ['zod', 'zod/v4', 'zod/v3', 'zod/mini', 'zod/v4-mini', 'deno:zod/mod', 'drizzle-zod', 'zod-openapi', '@hono/zod-openapi', 'zod-form-data', '@asteasolutions/zod-to-openapi', 'fastify-type-provider-zod', 'nestjs-zod', 'drizzle-orm/zod'] },
  { id: 'valibot', packages: ['valibot'] },
  { id: 'joi', packages: ['joi', '@hapi/joi'] },
  { id: 'yup', packages: ['yup'] },
  { id: 'ajv', packages: ['ajv', 'ajv/dist/2020'] },
  { id: 'typebox', packages: ['@sinclair/typebox', '@sinclair/typebox/value', '@sinclair/typebox/compiler', 'typebox'] },
  { id: 'superstruct', packages: ['superstruct'] },
  { id: 'arktype', packages: ['arktype'] },
  { id: 'express-validator', packages: ['express-validator', 'express-validator/check', 'express-validator/filter'] },
  { id: 'celebrate', packages: ['celebrate'] },
  { id: 'class-validator', packages: ['class-validator'] },
];

const pkgs = (...ids: string[]) => VALIDATORS.filter((v) => ids.includes(v.id)).flatMap((v) => v.packages);

export const VALIDATOR_PATTERNS: readonly CallPattern[] = [
  { pkg: pkgs('zod', 'yup', 'arktype'), last: ['parse', 'parseAsync', 'decode', 'validateSync', 'assert'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('yup'), last: ['validate'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('zod'), last: ['safeParse', 'safeParseAsync', 'spa', 'safeDecode'], means: { is: 'validate', how: 'result' } },
  { pkg: pkgs('valibot'), last: ['parse', 'parseAsync'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('valibot'), last: ['safeParse', 'safeParseAsync'], means: { is: 'validate', how: 'result' } },
  { pkg: pkgs('joi'), last: ['validate'], means: { is: 'validate', how: 'result' } },
  { pkg: pkgs('joi'), last: ['validateAsync', 'attempt', 'assert'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('ajv'), last: ['validate', 'compile()'], means: { is: 'validate', how: 'bool' } },
  { pkg: pkgs('typebox'), last: ['Check'], means: { is: 'validate', how: 'bool' } },
  { pkg: pkgs('typebox'), last: ['Decode', 'Parse'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('superstruct'), last: ['assert', 'create'], means: { is: 'validate', how: 'throws' } },
  { pkg: pkgs('superstruct'), last: ['is'], means: { is: 'validate', how: 'bool' } },
  { pkg: pkgs('express-validator'), last: ['validationResult'], means: { is: 'validate', how: 'request-result' } },
  { pkg: pkgs('express-validator'), last: ['matchedData'], means: { is: 'validate', how: 'request-chain' } },
  { pkg: pkgs('celebrate'), last: ['celebrate'], means: { is: 'validate', how: 'middleware' } },
  { pkg: ['express-joi-validation', 'zod-express-middleware', 'express-zod-api', 'express-json-validator-middleware', 'express-openapi-validator', 'zod-express'], last: ['body', 'query', 'params', 'validate', 'validateRequest', 'processRequest', 'validateRequestBody', 'processRequestBody', 'middleware'], means: { is: 'validate', how: 'middleware' } },
  { pkg: ['@conform-to/zod', '@conform-to/zod/*'], last: ['parseWithZod'], means: { is: 'validate', how: 'result' } },
];
