import type { FailureRule } from '../model/plan.ts';
import type { Service } from '../model/service.ts';

/** The meaning of a replica's failure, from `update_config`; undefined if one failure undoes everything. */
export function failureRule({ name, replicas, update }: Service): FailureRule | undefined {
  const tolerated = Math.floor(update.maxFailureRatio * replicas);
  switch (update.failureAction) {
    case 'rollback':
      return tolerated === 0 ? undefined : rule(name, tolerated, 'undo');
    case 'continue':
      return rule(name, replicas, 'undo');
    case 'pause':
      return rule(name, tolerated, 'pause');
    default:
      return update.failureAction satisfies never;
  }
}

const rule = (service: string, spare: number, consequence: FailureRule['then']): FailureRule => ({
  service,
  spare,
  // biome-ignore lint/suspicious/noThenProperty: a word; nothing that is awaited
  then: consequence,
});
