import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod/mini';
import { LobbieError } from '../model/errors.ts';
import { type HostEnvironment, readDockerConfig } from './docker-config.ts';

/** Credentials for the header X-Registry-Auth. */
export type RegistryCredentials =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

/** The name of Docker Hub in configuration files. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/**
 * The credentials of a registry that `docker login` stored: in its credential helper, the credential store or `auths`;
 * undefined if there are none.
 */
export async function registryCredentials(
  registry: string,
  surroundings: HostEnvironment,
): Promise<RegistryCredentials | undefined> {
  const { auths, credHelpers, credsStore } = await readDockerConfig(surroundings);
  const address = registry === 'docker.io' ? DOCKER_HUB : registry;
  const helper = credHelpers?.[address] ?? credHelpers?.[registry] ?? credsStore;
  const stored = helper && (await askHelper(helper, address, surroundings));
  if (stored) return stored;
  const entry = auths?.[address] ?? Object.entries(auths ?? {}).find(([key]) => hostOf(key) === registry)?.[1];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken, serveraddress: address };
  if (!entry?.auth) return undefined;
  const [username = '', ...password] = Buffer.from(entry.auth, 'base64').toString().replaceAll('\0', '').split(':');
  return { username, password: password.join(':'), serveraddress: address };
}

/** Like the docker CLI, also finds entries under a URL: `https://box:5000/v1/` is `box:5000`. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';

/**
 * Runs `docker-credential-<helper> get`: the address on stdin, JSON on stdout. It fails if it has none, which is not an
 * error. Source: docker/docker-credential-helpers.
 */
async function askHelper(
  helper: string,
  address: string,
  { env }: HostEnvironment,
): Promise<RegistryCredentials | undefined> {
  const child = spawn(`docker-credential-${helper}`, ['get'], { env: { ...env }, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // If a helper ends without reading, the pipe breaks. Its exit status is enough.
  child.stdin.on('error', () => undefined).end(address);
  const [status, output] = await Promise.all([ended, text(child.stdout)]).catch((error) => {
    throw new LobbieError('IMAGE_PULL_FAILED', `The credential helper docker-credential-${helper} cannot be run.`, {
      hint: 'Install it, or remove it from ~/.docker/config.json.',
      cause: error,
    });
  });
  if (status !== 0) return undefined;
  const { Username, Secret } = helperAnswer(helper, output);
  return Username === '<token>'
    ? { identitytoken: Secret, serveraddress: address }
    : { username: Username, password: Secret, serveraddress: address };
}

/** The error does not quote the output of the helper, which may contain the secret. */
function helperAnswer(helper: string, output: string): z.infer<typeof HelperAnswer> {
  try {
    return HelperAnswer.parse(JSON.parse(output));
  } catch {
    throw new LobbieError(
      'IMAGE_PULL_FAILED',
      `The credential helper docker-credential-${helper} did not print credentials.`,
      { hint: 'Log in again (docker login <registry>), or remove the helper from ~/.docker/config.json.' },
    );
  }
}

const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });
