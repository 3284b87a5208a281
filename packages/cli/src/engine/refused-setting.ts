import type { ErrorCode } from '../model/errors.ts';
import { matchPhrase, type PhraseMatch } from './match-phrase.ts';
import { NO_PROGRAM } from './missing-program.ts';

interface Refusal {
  /** Phrases for {@link matchPhrase}, one of which must match; or a pattern. */
  readonly words: readonly string[] | RegExp;
  readonly code: ErrorCode;
  /** The problem, written to follow a colon. `$1` is the part for the first `*`, `$0` the whole match. */
  readonly why: string;
  /** `$1` as above. */
  readonly hint: string;
}

/** The messages of engines from 20.10 to 29 about settings that they refuse. */
const REFUSALS: readonly Refusal[] = [
  {
    words: /(?:^|: )address already in use\.?$/i,
    code: 'ENGINE_ERROR',
    why: 'the static address that it asks for is taken by another container or by the gateway of the network',
    hint: 'See who has it (docker network inspect <network>), and choose another one. To keep automatic addresses apart from yours, set an ip_range in the ipam of the network.',
  },
  {
    words: ["invalid address *: it does not belong to any of this network's subnets"],
    code: 'INVALID_INPUT',
    why: 'the address $1 is outside of the subnets of its network',
    hint: 'Choose one inside: docker network inspect <network>',
  },
  {
    words: /no configured subnet (?:or ip-range )?contains? (?:the )?ip address (\S+?)\.?$/i,
    code: 'INVALID_INPUT',
    why: 'the address $1 is outside of the subnets of its network',
    hint: 'Choose one inside: docker network inspect <network>',
  },
  {
    words: ['user specified IP address is supported only when connecting to networks with user configured subnets'],
    code: 'INVALID_INPUT',
    why: 'it asks for a static address in a network whose subnet the engine chose',
    hint: 'Give the network a subnet: networks.<name>.ipam.config: [{subnet: 172.30.0.0/24}]',
  },
  {
    words: ['pool overlaps with other one on this address space'],
    code: 'INVALID_INPUT',
    why: 'its subnet overlaps with that of another network',
    hint: "See the other networks: docker network inspect $(docker network ls -q) --format '{{.Name}} {{range .IPAM.Config}}{{.Subnet}}{{end}}'",
  },
  {
    words: [
      ...['subnet', 'gateway', 'iprange', 'ip-range'].map((what) => `invalid ${what} *`),
      ...['gateway', 'range', 'aux-address'].map((what) => `no matching subnet for ${what} *`),
      'failed to allocate gateway *',
    ],
    code: 'INVALID_INPUT',
    why: '$0',
    hint: 'Correct the ipam of the network.',
  },
  {
    words: [
      'could not find an available, non-overlapping IPv4 address pool',
      'all predefined address pools have been fully subnetted',
    ],
    code: 'ENGINE_ERROR',
    why: 'the engine has no subnet left to give',
    hint: 'Remove networks that nothing uses (docker network ls, docker network rm <name>), give this one a subnet, or give the engine more: default-address-pools in its daemon.json',
  },
  {
    words: [
      'image with reference * was found but does not match',
      'image with reference * was found but its platform',
      'image with reference * was found but does not provide',
    ],
    code: 'ENGINE_ERROR',
    why: 'image $1 on the engine is for another platform than the service asks for',
    hint: 'Pull it for that platform (docker pull --platform <platform> $1), or remove the platform.',
  },
  {
    words: ['bind source path does not exist: *'],
    code: 'INVALID_INPUT',
    why: "it mounts $1, which does not exist on the engine's machine",
    hint: 'Create it, correct the path, or let the engine create a directory: bind: {create_host_path: true}',
  },
  {
    words: NO_PROGRAM,
    code: 'ENGINE_ERROR',
    why: '"$1" is not in the image',
    hint: 'Correct the command or the entrypoint of the service, or add the program to its image.',
  },
  {
    words: ['exec: "*": permission denied', 'exec: "*": is a directory'],
    code: 'ENGINE_ERROR',
    why: '"$1" cannot be run: it is not a program, or not executable',
    hint: 'Correct the command or the entrypoint of the service, or make the program executable in its image: RUN chmod +x $1',
  },
  {
    words: ['exec format error'],
    code: 'ENGINE_ERROR',
    why: 'its program was built for an architecture other than that of the engine, or is a script without a first line such as "#!/bin/sh"',
    hint: 'Build the image for the platform of the engine: docker version --format {{.Server.Arch}}',
  },
  {
    words: ['unable to find user *: no matching entries in passwd file'],
    code: 'ENGINE_ERROR',
    why: 'the image has no user "$1"',
    hint: 'Correct the user of the service, or create it in the image. A number always works: user: "1000:1000"',
  },
  {
    words: ['unable to find group *: no matching entries in group file'],
    code: 'ENGINE_ERROR',
    why: 'the image has no group "$1"',
    hint: 'Correct the group, or create it in the image. A number always works: user: "1000:1000"',
  },
  {
    words: ['mounting "*" to rootfs at *not a directory'],
    code: 'ENGINE_ERROR',
    why: '$1 is a file and its target is a directory, or the other way round',
    hint: 'Mount a file on a file, and a directory on a directory.',
  },
  {
    words: ['mounting "*" to rootfs at *read-only file system'],
    code: 'ENGINE_ERROR',
    why: 'the target of $1 does not exist, and it is inside a mount or an image that is read-only',
    hint: 'Create an empty file or directory there first, or choose another target.',
  },
  {
    words: ['error gathering device information while adding custom device "*": no such file'],
    code: 'ENGINE_ERROR',
    why: "the engine's machine has no device $1",
    hint: 'List its devices (ls /dev), and correct those of the service.',
  },
  {
    words: ['cannot expose privileged port *, you can'],
    code: 'INVALID_INPUT',
    why: 'the engine is rootless and cannot publish port $1',
    hint: 'Publish a port from 1024 on, or allow it: https://docs.docker.com/engine/security/rootless/tips/#exposing-privileged-ports',
  },
  {
    words: ['no such container: *'],
    code: 'ENGINE_ERROR',
    why: 'there is no container $1',
    hint: 'It was removed meanwhile: run the command again.',
  },
  {
    words: ['could not select device driver *'],
    code: 'ENGINE_ERROR',
    why: 'the engine cannot give it the devices that it asks for (GPUs, for example)',
    hint: "Install their driver and toolkit on the engine's machine, or remove them from the service.",
  },
  {
    words: ['unknown runtime specified *', 'unknown or invalid runtime name: *'],
    code: 'INVALID_INPUT',
    why: 'the engine has no runtime "$1"',
    hint: "List its runtimes: docker info --format '{{json .Runtimes}}'",
  },
  {
    words: ['plugin "*" not found'],
    code: 'INVALID_INPUT',
    why: 'the engine has no driver "$1"',
    hint: 'Correct the driver (of the log, the network or the volume), or install it: docker plugin install <name>',
  },
  {
    words: [`unknown log opt '*' for`],
    code: 'INVALID_INPUT',
    why: 'its logging driver has no option "$1"',
    hint: 'Correct the options of logging in the service.',
  },
  {
    words: ['minimum memory limit allowed is *', 'range of cpus is from *', 'requested cpus are not available - *'],
    code: 'INVALID_INPUT',
    why: 'the engine refuses a limit ($0)',
    hint: 'Correct the limits of the service (mem_limit, cpus, cpuset, deploy.resources).',
  },
  {
    words:
      /(?:listen (?:tcp|udp)[46]?|bind host port(?: for)?) (\[[^\]]+\]|[\d.]+):\d.*cannot assign requested address/i,
    code: 'INVALID_INPUT',
    why: "it publishes a port at $1, which is not an address of the engine's machine",
    hint: 'List its addresses (ip address), and correct the address, or remove it to publish at all of them.',
  },
  {
    words: ['your kernel does not support CPU CFS scheduler or', 'kernel does not support CPU real-time scheduler'],
    code: 'ENGINE_ERROR',
    why: "the kernel of the engine's machine cannot limit the CPU, or its cgroups are not mounted",
    hint: 'Remove cpus (deploy.resources.limits.cpus) and cpu_rt_* from the service. To see what the engine can limit: docker info',
  },
  {
    words: ['open /proc/sys/*: no such file', 'open sysctl * file: '],
    code: 'INVALID_INPUT',
    why: "the kernel of the engine's machine has no setting $1",
    hint: 'List its settings (sysctl --all), and correct the sysctls of the service.',
  },
  {
    words: ['error setting rlimit'],
    code: 'ENGINE_ERROR',
    why: 'the engine is not allowed to raise a limit as far as the ulimits ask',
    hint: 'Lower the ulimits of the service.',
  },
  {
    words: ['cannot mkdir: * is not a directory'],
    code: 'INVALID_INPUT',
    why: 'its working directory $1 is a file',
    hint: 'Correct working_dir of the service.',
  },
];

/** The runtime's message without its prefixes about the internals of an engine. */
export const withoutRuntime = (words: string): string =>
  words
    .replace(
      /^(?:failed to create (?:shim|task|shim task)[^:]*: |OCI runtime \S+ failed: |runc \S+ failed: |exec failed: |container_linux\.go:\d+: |starting container process caused:? |unable to start container process: |error during container init: )+/i,
      '',
    )
    .replace(/: unknown$/, '');

/** A setting that the engine refuses, and what to change. Undefined if the message is about something else. */
export function refusedSetting(words: string): { code: ErrorCode; why: string; hint: string } | undefined {
  for (const { words: pattern, code, why, hint } of REFUSALS) {
    const match = matchOf(words.replaceAll('\\"', '"'), pattern);
    if (!match) continue;
    const named = (text: string): string =>
      text.replaceAll(/\$[01]/g, (sign) => (sign === '$0' ? match.whole : match.named));
    return { code, why: `${named(why)}.`, hint: named(hint) };
  }
  return undefined;
}

function matchOf(words: string, pattern: Refusal['words']): PhraseMatch | undefined {
  if (!(pattern instanceof RegExp)) return pattern.flatMap((phrase) => matchPhrase(words, phrase) ?? [])[0];
  const [whole, named = ''] = pattern.exec(words) ?? [];
  return whole === undefined ? undefined : { whole, named };
}
