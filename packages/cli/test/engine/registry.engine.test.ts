import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { readDockerfile } from '../../src/engine/read-dockerfile.ts';
import { realClock } from '../../src/real-clock.ts';
import { baseImages } from '../../src/rollout/images/base-images.ts';
import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { pushImage } from './past-lobbie.ts';
import { runContainer, sleeper, TEST_LABELS } from './test-container.ts';

/** As registry/Dockerfile has them. */
const USER = 'tester';
const PASSWORD = 'open-sesame';
const WRONG = 'close-sesame';

describeEngine('a registry with a password', (engine) => {
  const never = new AbortController().signal;
  const registryImage = `${sleeper('registry')}:1`;
  const tag = `${sleeper('from-private')}:1`;
  const container = sleeper('registry');
  /** Stands in for the user's `~/.docker`, and holds the credential helpers. */
  let config = '';
  /** `127.0.0.1:<port>`: the engine speaks HTTP to registries on loopback. */
  let registry = '';
  let image = '';

  beforeAll(async () => {
    config = await mkdtemp(join(tmpdir(), 't-eng-registry-'));
    const context = join(import.meta.dirname, 'registry');
    const args = { DEBIAN_IMAGE: TEST_IMAGE };
    const build = { context, dockerfile: 'Dockerfile', args, tags: [registryImage], labels: TEST_LABELS };
    await engine.buildImage(build, () => undefined, never);
    await runContainer(engine, {
      name: container,
      image: registryImage,
      command: ['docker-registry', 'serve', '/etc/registry.yml'],
      networkMode: 'bridge',
      ports: [{ target: 5000, protocol: 'tcp', published: 0, hostIp: '127.0.0.1' }],
    });
    const published = (await engine.inspectContainer(container))?.ports[0]?.published;
    registry = `127.0.0.1:${published}`;
    await vi.waitFor(() => fetch(`http://${registry}/v2/`), 300_000);
    image = `${registry}/team/private:1`;
    await engine.importEmptyImage(image);
    await pushImage(engine, `${registry}/team/private`, '1', {
      username: USER,
      password: PASSWORD,
      serveraddress: registry,
    });
  });
  beforeEach(() => engine.removeImage(image));
  afterAll(async () => {
    await engine.removeContainer(container, { force: true });
    if (image !== '') await engine.removeImage(image);
    for (const reference of [tag, registryImage]) await engine.removeImage(reference);
    await rm(config, { recursive: true, force: true });
  });

  const auths = (password: string, key = registry) => ({
    auths: { [key]: { auth: Buffer.from(`${USER}:${password}`).toString('base64') } },
  });
  /** A credential helper of that name that answers with the password to our registry alone. */
  const putHelper = async (name: string, password: string): Promise<void> => {
    const file = join(config, `docker-credential-${name}`);
    const answer = JSON.stringify({ ServerURL: registry, Username: USER, Secret: password });
    const script = `#!/bin/sh\nread address\n[ "$1 $address" = "get ${registry}" ] || { echo 'credentials not found in native keychain'; exit 1; }\necho '${answer}'\n`;
    await writeFile(file, script);
    await chmod(file, 0o755);
  };
  const pull = async (dockerConfig: object, reference = image): Promise<void> => {
    await writeFile(join(config, 'config.json'), JSON.stringify(dockerConfig));
    const env = { ...process.env, DOCKER_CONFIG: config, PATH: `${config}:${process.env.PATH}` };
    const puller = await connectEngine({
      clock: realClock,
      host: engine.endpoint.url,
      env,
      homeDirectory: homedir(),
      platform: process.platform,
    });
    try {
      await puller.pullImage(reference, () => undefined, never);
    } finally {
      puller.close();
    }
  };

  describe('gives its images', () => {
    it.each([
      ['as docker login writes it', () => registry],
      ['as a URL', () => `http://${registry}/`],
      ['as a URL of the first version', () => `https://${registry}/v1/`],
    ])('to the account in auths, %s', async (_how, key) => {
      await pull(auths(PASSWORD, key()));
      expect(await engine.inspectImage(image)).toBeDefined();
    });

    it("to the account of the registry's own helper", async () => {
      await putHelper('own', PASSWORD);
      await pull({ credHelpers: { [registry]: 'own' }, credsStore: 'not-installed' });
      expect(await engine.inspectImage(image)).toBeDefined();
    });

    it('to the account in the store', async () => {
      await putHelper('store', PASSWORD);
      await pull({ credsStore: 'store', auths: { [registry]: {} } });
      expect(await engine.inspectImage(image)).toBeDefined();
    });
  });

  describe('refuses, by its name and with what to type,', () => {
    const login = () => expect.stringContaining(`docker login ${registry}`);

    it('who is not logged in', async () => {
      await expect(pull({})).rejects.toMatchObject({
        code: 'IMAGE_PULL_FAILED',
        message: `Image "${image}" could not be pulled: the registry ${registry} denies it, or has no such image.`,
        hint: login(),
      });
    });

    it.each([
      ['auths', async () => auths(WRONG)],
      [
        'a helper',
        async () => {
          await putHelper('mistaken', WRONG);
          return { credsStore: 'mistaken' };
        },
      ],
    ])('a wrong password in %s, without repeating it', async (_where, dockerConfig) => {
      const failure = await pull(await dockerConfig()).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'IMAGE_PULL_FAILED',
        message: expect.stringContaining(`the registry ${registry} denies it to the account that is logged in`),
        hint: login(),
      });
      expect(inspect(failure, { depth: null })).not.toContain(WRONG);
    });

    it('what it does not have', async () => {
      await expect(pull(auths(PASSWORD), `${registry}/team/private:2`)).rejects.toMatchObject({
        code: 'IMAGE_PULL_FAILED',
        message: expect.stringContaining(`the registry ${registry} has no such image`),
      });
    });
  });

  it('is asked for the base images of a build before that, for a build has no credentials', async () => {
    const dockerfileInline = `FROM ${image}\nCOPY . /\n`;
    const build = {
      context: join(import.meta.dirname, 'registry'),
      dockerfile: 'Dockerfile',
      dockerfileInline,
      args: {},
      tags: [tag],
    };
    await expect(engine.buildImage(build, () => undefined, never)).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
    });
    for (const base of baseImages(await readDockerfile(build), build.args)) await pull(auths(PASSWORD), base);
    await engine.buildImage(build, () => undefined, never);
    expect(await engine.inspectImage(tag)).toBeDefined();
  });
});
