import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';

/** Names of the networks that lobbie made for a project, for its present release or an earlier one. */
export const ownNetworks = async (engine: Pick<Engine, 'listNetworks'>, project: string): Promise<string[]> =>
  (await engine.listNetworks({ [LABEL.project]: project })).map(({ name }) => name).toSorted();
