/** The engine's public face: what the command line, the language server and tests import. Bundled once as dist/engine.cjs. */
export * from './core/types';
export * from './core/facts';
export * from './core/fix';
export * from './core/model';
export * from './core/rule';
export * from './core/text';
export * from './core/paths';
export { extractFile, languageOf, MAX_SCRIPT_CHARS, MAX_TEXT_CHARS } from './extract/extract';
export { countSyntaxErrors, ts } from './extract/script/parse';
export type { ApplyResult, AuditResult, FileChange, Session, SessionStats } from './session/api';
export { createSession } from './session/session';
export { ALL_RULES } from './rules/registry';
