import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/unverified-session';

ruleTester(rule, { valid: [], invalid: [] });
