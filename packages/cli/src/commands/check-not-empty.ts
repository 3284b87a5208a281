import type { LoadedCompose } from '../compose/read/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import { namesOf } from './compose-problems.ts';

/**
 * @param cwd the directory that file names are relative to
 * @throws LobbieError `INVALID_INPUT` if the files have no service to deploy
 */
export function checkNotEmpty({ config, files, inactive, offProfiles }: LoadedCompose, cwd: string): void {
  if (Object.keys(config.services).length > 0) return;
  const { subject, verb } = namesOf(files, cwd);
  if (inactive.length === 0)
    throw new LobbieError('INVALID_INPUT', `${subject} ${verb} no service to deploy.`, {
      hint: 'Add one under `services`. To remove what was deployed before: lobbie deploy --remove-orphans',
    });
  const [first = ''] = offProfiles;
  throw new LobbieError(
    'INVALID_INPUT',
    `${subject} ${verb} no service to deploy: every service is in a profile that is not active.`,
    {
      hint: `Its profiles: ${offProfiles.join(', ')}. Activate one: lobbie deploy --profile ${first}`,
    },
  );
}
