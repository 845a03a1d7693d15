import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/edge-function-jwt-disabled';

ruleTester(rule, { valid: [], invalid: [] });
