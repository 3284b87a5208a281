import { runCommand } from '../run-command.ts';
import { LOBBIE, type Scenario } from '../scenario.ts';
import { nothing } from '../stages/nothing.ts';
import { timed, timeWith } from '../timed.ts';

const EMPTY_NODE = 'node -e 0';

/** The start of the command, compared with an empty program. */
export const version: Scenario<void> = {
  name: 'version',
  title: '`lobbie --version`',
  sizeOf: '',
  sizes: [1],
  shortSizes: [1],
  rounds: 21,
  warmUps: 1,
  metrics: [timeWith({ against: EMPTY_NODE, limit: 2 })],
  stage: nothing,
  contestants: (bench) => [
    timed(LOBBIE, () => bench.lobbie('--version')),
    timed(EMPTY_NODE, () => runCommand({ ...bench.lobbieCommand(), argv: ['-e', '0'] }, bench.signal)),
  ],
};
