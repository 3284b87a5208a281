import type { LoadedCompose } from '../compose/read/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import { namesOf } from './compose-problems.ts';

/**
 * @param cwd the files are named as seen from here
 * @throws LobbieError `INVALID_INPUT` when the files have no service that could be deployed
 */
export function checkNotEmpty({ config, files, inactive, offProfiles }: LoadedCompose, cwd: string): void {
  if (Object.keys(config.services).length > 0) return;
  const { subject, verb } = namesOf(files, cwd);
  if (inactive.length === 0)
    throw new LobbieError('INVALID_INPUT', `${subject} ${verb} no service to deploy.`, {
      hint: 'Describe one under `services`. To remove what was deployed before: lobbie deploy --remove-orphans',
    });
  const [first = ''] = offProfiles;
  throw new LobbieError('INVALID_INPUT', `${subject} ${verb} no service to deploy: each is in a profile that is off.`, {
    hint: `Its profiles: ${offProfiles.join(', ')}. Choose: lobbie deploy --profile ${first}`,
  });
}
