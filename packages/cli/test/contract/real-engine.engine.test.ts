import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { RUN_LABELS, runName } from '../run/run-name.ts';
import { engineContract } from './engine-contract.ts';

const prefix = `${runName('contract')}-`;

describeEngine('a real engine', (engine) => {
  engineContract({
    engine,
    image: TEST_IMAGE,
    labels: { ...RUN_LABELS, 'dev.example.contract': prefix },
    subnet: `10.249.${process.pid % 250}`,
    name: (what) => `${prefix}${what}`,
  });
});
