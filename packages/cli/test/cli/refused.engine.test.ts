import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { foreignContainer } from './foreign-container.ts';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { type TestPlace, testPlace, withoutIds } from './test-place.ts';

/** Compares a whole screen of an error, ids replaced. */
async function expectScreen(
  place: TestPlace,
  run: Promise<{ exit: unknown; stdout: string; stderr: string }>,
  lines: string[],
) {
  const { exit, stdout, stderr } = await run;
  expect(withoutIds(stderr, place).trimEnd().split('\n')).toEqual(lines);
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
}

describeEngine('what is told before anything changes', (engine) => {
  it.each(['recreate', 'scale api=3', 'logs'])(
    'says of %s that nothing is deployed, and what to do',
    async (command) => {
      await using place = testPlace(engine);
      const run = await place.lobbie(command);
      expect(run).toMatchObject({ exit: 5, stdout: '' });
      expect(withoutIds(run.stderr, place)).toMatch(
        /^x Project <project> is not deployed.*\n {2}-> Run `lobbie deploy` first\.\n$/,
      );
      expect(await place.containers('keeper')).toEqual([]);
    },
  );

  it('says that a registry cannot be reached', async () => {
    await using place = testPlace(engine);
    const run = await place.lobbie('deploy --demo', { LOBBIE_NODE_IMAGE: 'registry.invalid/none:1' });
    const [failed, why, ...next] = run.stderr.trimEnd().split('\n');
    expect(failed).toMatch(
      /^x Image "registry\.invalid\/none:1" could not be pulled: the registry registry\.invalid cannot be reached\. The image of service api is built on it: \/\S+Dockerfile\.api\.$/,
    );
    expect(why).toMatch(/^ {2}\| /);
    expect(next).toEqual([
      '  -> Check the network, and the proxy of the engine. Without a network, load the image: docker load -i <file>',
      '     Or use an image with Node 24 that is on the engine: LOBBIE_NODE_IMAGE=<image> lobbie deploy --demo',
    ]);
    expect(run.exit).toBe(5);
    expect(await place.containers('replica')).toEqual([]);
  });

  it('names the container that holds the port', async () => {
    await using place = testPlace(engine);
    const port = await freePort();
    await using foreign = await foreignContainer(engine, `${place.project}-other`, { port });
    await expectScreen(place, place.lobbie('deploy --demo', { LOBBIE_PORT: String(port) }), [
      `x Port ${port} of service api is in use by container <project>-other.`,
      '  -> Free it: docker stop <project>-other',
      '     Or publish another port: LOBBIE_PORT=<port> lobbie deploy --demo',
    ]);
    expect(foreign.name).toBe(`${place.project}-other`);
  });

  it.runIf(engine.endpoint.local)('says that a program holds the port and how to find out which', async () => {
    await using place = testPlace(engine);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expectScreen(place, place.lobbie('deploy --demo', { LOBBIE_PORT: String(port) }), [
      `x Port ${port} of service api is in use on this machine by a program outside containers.`,
      `  -> Find out which: sudo ss -lntp 'sport = :${port}'   (macOS: sudo lsof -nP -iTCP:${port})`,
      '     Or publish another port: LOBBIE_PORT=<port> lobbie deploy --demo',
    ]);
    server.close();
  });

  it.each([
    ['keeper', 'lobbie did not create it: it does not have its labels.', 'lobbie does not use it.'],
    ['lease', 'lobbie did not create it.', 'Nothing was changed.'],
  ])('leaves a foreign container alone that has the name of its %s', async (role, why, hint) => {
    await using place = testPlace(engine);
    const name = `<project>-lobbie-${role}`;
    await using foreign = await foreignContainer(engine, `${place.project}-lobbie-${role}`);
    const { exit, stderr } = await place.lobbie('deploy --demo');
    const lines = withoutIds(stderr, place).trimEnd().split('\n');
    expect(lines.slice(-3)).toEqual([
      `x Container ${name} (<id>) has the name of the ${role} of project <project>, but ${why}`,
      `  -> ${hint} Inspect it: docker inspect ${name}`,
      `     Then remove it (docker rm -f ${name}) or rename it: docker rename ${name} <name>`,
    ]);
    expect(exit).toBe(5);
    expect((await engine.inspectContainer(foreign.id))?.state).toBe('running');
    expect(await place.containers('replica')).toEqual([]);
  });

  it('leaves a network alone that it did not make', async () => {
    await using place = testPlace(engine);
    await using stack = new AsyncDisposableStack();
    const network = `${place.project}_default`;
    await engine.createNetwork({ name: network, labels: {} });
    stack.defer(() => engine.removeNetwork(network));
    await expectScreen(place, place.lobbie('deploy --demo'), [
      'x Network <project>_default already exists, and lobbie did not create it.',
      '  -> See who uses it: docker network inspect <project>_default',
      '     Then remove it (docker network rm <project>_default), or deploy under another name: lobbie deploy -p <name>',
      '     To use it as it is, set `external: true` in the Compose file.',
    ]);
    await place.lobbie('down');
    expect(await engine.inspectNetwork(network)).toMatchObject({ labels: {} });
  });

  it.each([
    [
      'belongs to someone else',
      (path: string) => {
        mkdirSync(path);
        chownSync(path, 12_345, 12_345);
      },
      /The history <here>\/history belongs to 12345:12345, but the containers of api run as 1000:1000 and could not write to it\.\n {2}-> Run `sudo chown 1000:1000 <here>\/history` on the engine's machine, then deploy again\.\n/,
    ],
    [
      'is a file',
      (path: string) => writeFileSync(path, 'mine'),
      /The history <here>\/history is not a directory\.\n {2}-> Move it away, then deploy again\.\n/,
    ],
  ] satisfies [string, (path: string) => void, RegExp][])('does not touch a history that %s', async (_, make, said) => {
    await using place = testPlace(engine);
    make(join(place.path, 'history'));
    const run = await place.lobbie('deploy --demo --json');
    expect(run.exit).toBe(5);
    expect(lastJson(run)).toMatchObject({
      type: 'receipt',
      outcome: 'failed-restored',
      error: { code: 'HISTORY_OWNER' },
    });
    const { stderr } = await place.lobbie('deploy --demo -q');
    expect(withoutIds(stderr, place)).toMatch(said);
    expect([...(await place.containers('replica')), ...(await place.containers('ingress'))]).toEqual([]);
  });

  it('asks for --yes before it removes a history where nobody can be asked', async () => {
    await using place = testPlace(engine);
    const { exit, stderr } = await runLobbie(['down', '--history', '-p', place.project], { cwd: place.path });
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr:
        'x Removing the history cannot be undone, and there is no terminal to ask at.\n  -> To confirm: lobbie down --history --yes\n',
    });
  });
});
