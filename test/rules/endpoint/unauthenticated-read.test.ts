import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/unauthenticated-read';

ruleTester(rule, { valid: [], invalid: [] });
