import type { Bench } from './bench.ts';
import type { Composing } from './compose.ts';
import { withCompose } from './compose-contestant.ts';
import type { Twins } from './project.ts';
import { type Bar, type Contestant, LOBBIE, type Scenario } from './scenario.ts';
import { deployed } from './stages/deployed.ts';
import { timed, timeWith } from './timed.ts';

/** The rival of commands that change nothing. */
export const COMPOSE_PS = 'compose ps';

/** A command of lobbie that changes nothing in a running project. */
export interface Looking {
  readonly name: string;
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly command: (twins: Twins) => readonly string[];
  /** Rivals beside `compose ps`. */
  readonly more?: (compose: Composing, twins: Twins) => readonly Contestant[];
}

/** The scenario of a command that changes nothing, beside `docker compose ps` of the same project. */
export const besideComposePs = ({ name, title, bars, command, more }: Looking): Scenario<Twins> => ({
  name,
  title,
  sizeOf: 'services',
  sizes: [1, 10, 50],
  shortSizes: [1],
  rounds: 9,
  warmUps: 1,
  metrics: [timeWith(...bars)],
  stage: deployed,
  contestants: (bench: Bench, twins) => [
    timed(LOBBIE, () => bench.lobbie(...command(twins))),
    ...withCompose(bench, (compose) => [
      timed(COMPOSE_PS, () => compose.run(...twins.compose.argv, 'ps')),
      ...(more?.(compose, twins) ?? []),
    ]),
  ],
});
