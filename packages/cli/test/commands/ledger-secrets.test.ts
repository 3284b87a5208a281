import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { down } from '../../src/commands/down.ts';
import { history } from '../../src/commands/history.ts';
import { logs } from '../../src/commands/logs.ts';
import { recreate } from '../../src/commands/recreate.ts';
import { scale } from '../../src/commands/scale.ts';
import { status } from '../../src/commands/status.ts';
import { refusal } from '../../src/engine/engine-error.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { Result } from '../../src/model/results.ts';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import type { Reporter } from '../../src/report/reporter.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { createPiped } from '../report/fixtures.ts';
import { aProject, aService } from '../rollout/a-service.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const SECRETS = ['Sentinel-1', 'Sentinel-2', 'Sentinel-3'];
const [PASSWORD = '', IN_FILE = '', IN_URL = ''] = SECRETS;
const project = aProject([
  aService('api', {
    environment: { DB_PASSWORD: PASSWORD, CONN: `pg://me:${IN_URL}@db/x` },
    files: [
      {
        kind: 'secret',
        name: 'cert',
        target: '/run/secrets/cert',
        content: Buffer.from(`${IN_FILE}\n`).toString('base64'),
        uid: 0,
        gid: 0,
        mode: 0o400,
      },
    ],
  }),
]);

/** Without Compose files, as with `-p`: the ledger alone has the secrets. */
const COMMANDS: Readonly<Record<string, (context: CommandContext, reporter: Reporter) => Promise<Result | undefined>>> =
  {
    status: (context) => status(context),
    history: (context) => history(context, undefined),
    logs: (context, { log }) => logs(context, { services: [], follow: false }, log).then(() => undefined),
    recreate: (context) => recreate(context, [], false),
    'recreate --dry-run': (context) => recreate(context, [], true),
    scale: (context) => scale(context, new Map([['api', 2]]), false),
    down: (context) => down(context, { history: false, volumes: false, yes: true }),
    'down --volumes': (context) => down(context, { history: false, volumes: true, yes: true }),
  };

/** What an engine may refuse. Without what the ledger is read with: who cannot read it knows no secrets to mask. */
const REFUSED = [
  ...(['info', 'listContainers', 'listAllContainers', 'listNetworks', 'removeNetwork', 'createContainer'] as const),
  ...(['startContainer', 'stopContainer', 'removeContainer', 'renameContainer', 'stats', 'exec'] as const),
  ...(['writeFiles', 'listVolumes', 'removeVolume', 'inspectNetwork', 'attach'] as const),
] satisfies (keyof Engine)[];

describe.each(Object.keys(COMMANDS))('lobbie %s, with the ledger alone', (command) => {
  it.each([...REFUSED, 'logs'] as const)('masks what the engine says when it refuses %s', async (refused) => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });

    const secrets = createSecretMask();
    const { reporter, out } = createPiped('json', { mask: secrets.text });
    let isAsked = false;
    const refuse = () => {
      isAsked = true;
      return Promise.reject(refusal(`it said ${SECRETS.join(' and ')}`, 'do it'));
    };
    async function* noLines() {
      yield await refuse();
    }
    const failing = { ...engine, [refused]: refused === 'logs' ? noLines : refuse };
    try {
      const result = await COMMANDS[command]?.(
        { ...context, engine: failing, secrets, report: reporter.event },
        reporter,
      );
      if (result) reporter.result(result);
    } catch (error) {
      await secrets.settled();
      reporter.error(error);
    }
    expect(out()).not.toContain('Sentinel');
    if (out().includes('it said')) expect(isAsked && out()).toContain('it said *** and *** and ***');
  });
});

it('shows what an engine says where it refuses', async () => {
  const engine = scriptedEngine();
  const context = commandContext(engine);
  await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
  engine.listContainers = () => Promise.reject(refusal(`it said ${PASSWORD}`, 'do it'));
  const secrets = createSecretMask();
  const error: Error = await status({ ...context, engine, secrets }).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error.message).toContain(PASSWORD);
  await secrets.settled();
  expect(secrets.text(error.message)).toBe('Could not do it: it said ***.');
});
