import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/unauthenticated-mutation';

ruleTester(rule, { valid: [], invalid: [] });
