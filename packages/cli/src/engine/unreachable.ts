import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LobbieError } from '../model/errors.ts';
import type { Candidate } from './choose-endpoint.ts';
import type { HostEnvironment } from './docker-config.ts';
import { RefusedAnswer } from './engine-answer.ts';
import { codeOf, messageOf } from './engine-error.ts';

export interface FailedAttempt {
  readonly endpoint: Candidate;
  readonly error: unknown;
}

/** The error if no engine answered: what was tried, other engines on this machine, how to start one here. */
export async function unreachable(
  failed: readonly FailedAttempt[],
  surroundings: HostEnvironment,
): Promise<LobbieError> {
  const denied = failed.find(({ error }) => isDenied(error));
  if (denied) return permissionDenied(denied);
  // Something answers there, so starting an engine would not help.
  const foreign = failed.map(({ error }) => error).find(isForeign);
  if (foreign) return foreign;

  const tried = failed.map(({ endpoint, error }) => `${endpoint.url} (${endpoint.chosenBy}): ${reasonOf(error)}`);
  const others = (await foreignSockets(surroundings)).map(({ name, socket }) =>
    name === 'Podman'
      ? `Podman listens at ${socket}, which lobbie does not support yet`
      : `${name} listens at ${socket}: lobbie -H unix://${socket} … uses it`,
  );
  return new LobbieError('ENGINE_UNREACHABLE', 'No Docker Engine answers.', {
    details: [...tried.map((line) => `tried ${line}`), ...others],
    hint: await howToStart(failed, surroundings),
    cause: failed.at(-1)?.error,
  });
}

const isForeign = (error: unknown): error is LobbieError =>
  error instanceof LobbieError && error.code === 'NOT_AN_ENGINE';

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');

function permissionDenied({ endpoint, error }: FailedAttempt): LobbieError {
  return new LobbieError('ENGINE_PERMISSION', `No permission to use the engine at ${endpoint.url}.`, {
    hint: 'Join its group: sudo usermod -aG docker "$USER" && newgrp docker\nOr run the command with sudo.',
    details: [`chosen by: ${endpoint.chosenBy}`],
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return messageOf(error).startsWith('spawn ssh') ? 'ssh is not installed here' : 'does not exist';
    case 'ECONNREFUSED':
      return messageOf(error).startsWith('connect ') ? 'connection refused' : messageOf(error);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'host not found';
    case 'ECONNRESET':
      return 'closed the connection without an answer';
    default:
      if (error instanceof RefusedAnswer) return `answered with HTTP ${error.statusCode}: ${messageOf(error)}`;
      return error instanceof Error && error.name === 'TimeoutError' ? 'no answer within 10 s' : messageOf(error);
  }
}

/** Sockets of other engines. They are listed in the error, but never used. */
async function foreignSockets({ env, homeDirectory }: HostEnvironment): Promise<{ name: string; socket: string }[]> {
  const runtime = env.XDG_RUNTIME_DIR;
  const known: [string, string][] = [
    ['Podman', '/run/podman/podman.sock'],
    ...(runtime ? ([['Podman', join(runtime, 'podman/podman.sock')]] satisfies [string, string][]) : []),
    ['Podman', join(homeDirectory, '.local/share/containers/podman/machine/podman.sock')],
    ['Colima', join(homeDirectory, '.colima/default/docker.sock')],
    ['OrbStack', join(homeDirectory, '.orbstack/run/docker.sock')],
    ['Rancher Desktop', join(homeDirectory, '.rd/docker.sock')],
    ['Lima', join(homeDirectory, '.lima/docker/sock/docker.sock')],
  ];
  const there = await Promise.all(known.map(([, socket]) => exists(socket)));
  return known.filter((_, index) => there[index]).map(([name, socket]) => ({ name, socket }));
}

async function howToStart(failed: readonly FailedAttempt[], surroundings: HostEnvironment): Promise<string> {
  const remote = failed.find(({ endpoint }) => !endpoint.local);
  if (remote) return remoteHint(remote.endpoint);
  const named = failed.find(({ endpoint }) => endpoint.chosenBy !== 'default');
  const lines = [...(named ? [`Check the address (${named.endpoint.chosenBy}).`] : []), await startHere(surroundings)];
  // Only the root of lobbie's repository has this name. Only there, `npm start` starts an engine.
  if (await isOwnRepository(surroundings)) lines.push("In lobbie's own repository `npm start` starts one.");
  return lines.join('\n');
}

function remoteHint({ url }: Candidate): string {
  return url.startsWith('ssh:')
    ? `Check that this works: ssh ${sshTarget(new URL(url))} docker version`
    : `Check the address, and that this works: docker -H ${url} version`;
}

const sshTarget = ({ username, hostname, port }: URL): string =>
  `${port === '' ? '' : `-p ${port} `}${username === '' ? '' : `${decodeURIComponent(username)}@`}${hostname}`;

async function startHere({ env, platform }: HostEnvironment): Promise<string> {
  if (platform === 'darwin') {
    return (await exists('/Applications/Docker.app'))
      ? 'Start Docker Desktop: open -a Docker'
      : 'Install Docker Desktop: https://docs.docker.com/desktop/setup/install/mac-install/ (or: brew install --cask docker)';
  }
  if (platform === 'win32')
    return 'Start Docker Desktop, or install it: https://docs.docker.com/desktop/setup/install/windows-install/';
  const path = (env.PATH ?? '').split(delimiter);
  const daemon = await Promise.all(
    [...path, '/usr/sbin', '/usr/bin'].map((directory) => exists(join(directory, 'dockerd'))),
  );
  if (!daemon.includes(true))
    return 'Install Docker: curl -fsSL https://get.docker.com | sh (or on Debian: sudo apt install docker.io)';
  return (await exists('/run/systemd/system'))
    ? 'Start it: sudo systemctl start docker'
    : 'Start it: sudo service docker start (or: sudo dockerd &)';
}

async function isOwnRepository({ env }: HostEnvironment): Promise<boolean> {
  const text = await readFile(join(env.PWD ?? '.', 'package.json'), 'utf8').catch(() => '');
  return text.includes('"lobbie-workspace"');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
