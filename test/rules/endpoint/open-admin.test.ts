import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/open-admin';

ruleTester(rule, { valid: [], invalid: [] });
