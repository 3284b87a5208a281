import { isAlive } from '../model/is-alive.ts';
import type { FormerContainer } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { ServiceSteps } from './desired.ts';

/** Ids of the steps that stop containers which `docker compose up` made. */
export const formerStops = (formers: readonly FormerContainer[]): string[] =>
  formers.filter(isAlive).map(({ container }) => `stop-former ${container}`);

/** Takes over from `docker compose up`: its containers stop when all is prepared, and are removed at the very end. */
export function planFormers(
  formers: readonly FormerContainer[],
  reason: string,
  after: readonly string[],
): ServiceSteps {
  return {
    before: formers.filter(isAlive).map(
      ({ service, container }): PlannedStep => ({
        id: `stop-former ${container}`,
        after,
        step: { kind: 'stop-former', service, container, reason },
      }),
    ),
    after: formers.map(({ service, container }) => removeFormer(service, container, reason)),
  };
}

/** Removes containers of `docker compose up` that nothing follows. */
export const endFormers = (formers: readonly FormerContainer[], reason: string): PlannedStep[] =>
  formers.flatMap((former) => {
    const { service, container } = former;
    const remove = removeFormer(service, container, reason);
    if (!isAlive(former)) return [remove];
    const id = `stop-former ${container}`;
    return [
      { id, after: [], step: { kind: 'stop-former', service, container, reason } },
      { ...remove, after: [id] },
    ];
  });

const removeFormer = (service: string, container: string, reason: string): PlannedStep => ({
  id: `remove-former ${container}`,
  after: [],
  step: { kind: 'remove-former', service, container, reason },
});
