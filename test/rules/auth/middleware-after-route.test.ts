import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/auth/middleware-after-route';

ruleTester(rule, { valid: [], invalid: [] });
