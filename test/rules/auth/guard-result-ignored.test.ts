import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/guard-result-ignored';

ruleTester(rule, { valid: [], invalid: [] });
