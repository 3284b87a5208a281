import { expect, it } from 'vitest';
import { monitoringOf } from '../../src/plan/monitoring-of.ts';
import { testService, testTraits, testUpdate } from './plan-fixtures.ts';

const checked = testTraits({ hasHealthcheck: true });
const unchecked = testTraits({ hasHealthcheck: false });
const service = testService();
const said = testService({ update: testUpdate({ monitorMs: 700 }) });
const inner = testService({ ports: [], update: testUpdate() });

it.each([
  ['with a healthcheck the gate is enough', service, checked, false, 0, 0],
  ['with a healthcheck and a monitor time it is watched for that', said, checked, false, 0, 700],
  ['without one checks that it stays up before it passes', service, unchecked, false, 5000, 0],
  ['… for as long as the file says', said, unchecked, false, 700, 0],
  ['… or afterwards, where requests wait for it', service, unchecked, true, 0, 5000],
  ['… which they do not without an ingress', inner, unchecked, true, 5000, 0],
])('%s', (_title, one, traits, alone, gateMs, watchMs) => {
  expect(monitoringOf(one, traits, alone)).toEqual({ gateMs, watchMs });
});
