import type { Plan, PlannedStep, Step } from '../model/plan.ts';

/**
 * Takes back what was begun: the old replicas are admitted before the new ones are drained, the new ones are drained
 * before they are retired, and an ingress that had to stop starts before nothing else is left to serve. Steps that
 * only failed half-way are undone like done ones; each undoing act is content with finding nothing to undo. A service
 * whose old replicas cannot be admitted keeps its new ones: better those than none.
 */
export function planUndo(begun: readonly PlannedStep[]): Plan {
  const made = new Set(begun.flatMap(({ step }) => (step.kind === 'create-ingress' ? [step.service] : [])));
  const acts = begun.flatMap(({ step }) => {
    // A former ingress that takes over again knows what it was told before: nothing was moved in it.
    const moves = step.kind === 'admit-replica' || step.kind === 'drain-replica';
    return moves && made.has(step.replica.service) ? [] : undoing(step);
  });
  const steps: PlannedStep[] = [];
  let previous: string[] = [];
  for (const stage of STAGES) {
    const here = acts
      .filter((act) => act.stage === stage)
      .map(({ step }, at): PlannedStep => {
        const needs = LAST_RESORT.has(stage) ? readmissions(steps, step) : [];
        return { id: `undo ${stage} ${at + 1}`, after: previous, ...(needs.length > 0 && { needs }), step };
      });
    steps.push(...here);
    if (here.length > 0) previous = here.map(({ id }) => id);
  }
  return { steps };
}

const STAGES = [
  'remove-new-ingress',
  'restore-ingress',
  'readmit',
  'drain-new',
  'retire-new',
  'remove-foundation',
] as const;

/** What takes away those that serve now. */
const LAST_RESORT: ReadonlySet<string> = new Set(['drain-new', 'retire-new']);

const readmissions = (steps: readonly PlannedStep[], step: Step): string[] =>
  steps.flatMap(({ id, step: earlier }) =>
    earlier.kind === 'admit-replica' && 'replica' in step && earlier.replica.service === step.replica.service
      ? [id]
      : [],
  );

interface Undoing {
  readonly stage: (typeof STAGES)[number];
  readonly step: Step;
}

const reason = 'the rollout is taken back';

function undoing(step: Step): Undoing[] {
  switch (step.kind) {
    case 'create-network':
      return [{ stage: 'remove-foundation', step: { kind: 'remove-network', name: step.name, reason } }];
    case 'create-ingress':
      return [
        {
          stage: 'remove-new-ingress',
          step: { kind: 'remove-ingress', service: step.service, container: step.container, reason },
        },
      ];
    case 'stop-ingress':
      return [
        {
          stage: 'restore-ingress',
          step: { kind: 'start-ingress', service: step.service, container: step.container, reason },
        },
      ];
    case 'configure-ingress':
      return [
        {
          stage: 'restore-ingress',
          step: {
            kind: 'configure-ingress',
            service: step.service,
            state: step.previous,
            previous: step.state,
            reason,
          },
        },
      ];
    case 'start-replica':
      return [
        {
          stage: 'retire-new',
          step: { kind: 'retire-replica', replica: step.replica, container: step.container, reason },
        },
      ];
    case 'admit-replica':
      return [
        {
          stage: 'drain-new',
          step: { kind: 'drain-replica', replica: step.replica, container: step.container, reason },
        },
      ];
    case 'drain-replica':
      if (step.idle) return [];
      return [
        { stage: 'readmit', step: { kind: 'admit-replica', replica: step.replica, container: step.container, reason } },
      ];
    // An image costs nothing but room, the history outlives everything, and the rest changes nothing that lasts.
    case 'build-image':
    case 'prepare-history':
    case 'start-ingress':
    case 'gate-replica':
    case 'ask-replica':
    case 'commit-release':
    case 'remove-ingress':
    case 'retire-replica':
    case 'remove-network':
      return [];
    default:
      return step satisfies never;
  }
}
