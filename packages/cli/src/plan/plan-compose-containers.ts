import { isAlive } from '../model/is-alive.ts';
import type { ComposeContainer } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { type Definitions, stopInput } from './definitions.ts';
import type { ServiceSteps } from './desired.ts';

/** Ids of the steps that stop containers created by `docker compose up`. */
export const composeStops = (composeContainers: readonly ComposeContainer[]): string[] =>
  composeContainers.filter(isAlive).map(({ container }) => `stop-former ${container}`);

/**
 * Takes over from `docker compose up`: stops its containers when everything is prepared, and removes them at the very
 * end.
 */
export function planComposeContainers(
  composeContainers: readonly ComposeContainer[],
  reason: string,
  after: readonly string[],
  definitions: Definitions,
): ServiceSteps {
  const input = stopInput(definitions);
  return {
    before: composeContainers.filter(isAlive).map(
      ({ service, container }): PlannedStep => ({
        id: `stop-former ${container}`,
        after,
        step: { kind: 'stop-former', service, container, input, reason },
      }),
    ),
    after: composeContainers.map(({ service, container }) => removeComposeContainer(service, container, reason)),
  };
}

/** Removes containers of `docker compose up` that have no successor. */
export const endComposeContainers = (
  composeContainers: readonly ComposeContainer[],
  reason: string,
  definitions: Definitions,
): PlannedStep[] =>
  composeContainers.flatMap((one) => {
    const { service, container } = one;
    const remove = removeComposeContainer(service, container, reason);
    if (!isAlive(one)) return [remove];
    const id = `stop-former ${container}`;
    return [
      { id, after: [], step: { kind: 'stop-former', service, container, input: stopInput(definitions), reason } },
      { ...remove, after: [id] },
    ];
  });

const removeComposeContainer = (service: string, container: string, reason: string): PlannedStep => ({
  id: `remove-former ${container}`,
  after: [],
  step: { kind: 'remove-former', service, container, reason },
});
