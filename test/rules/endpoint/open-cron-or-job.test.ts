import { ruleTester } from '../../support/rule-tester';
import rule from '../../../src/engine/rules/endpoint/open-cron-or-job';

ruleTester(rule, { valid: [], invalid: [] });
