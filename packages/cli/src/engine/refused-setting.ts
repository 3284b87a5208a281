import { type ErrorCode, LobbieError } from '../model/errors.ts';
import { NO_PROGRAM } from './missing-program.ts';

interface Refusal {
  readonly words: RegExp;
  readonly code: ErrorCode;
  /** What is wrong, to follow a colon; `$1` is what the words name. */
  readonly why: string;
  /** `$1` as above. */
  readonly hint: string;
}

/** What engines say of settings that cannot be had, from 20.10 to 29. */
const REFUSALS: readonly Refusal[] = [
  {
    words: /(?:^|: )address already in use\.?$/i,
    code: 'ENGINE_ERROR',
    why: 'the static address that it asks for is taken, by another container or by the gateway of the network',
    hint: 'See who has it (docker network inspect <network>), and choose another one. Addresses that nobody asks for stay out of the way of yours with an ip_range in the ipam of the network.',
  },
  {
    words: /invalid address (\S+): it does not belong to any of this network's subnets/i,
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
    words: /user specified IP address is supported only when connecting to networks with user configured subnets/i,
    code: 'INVALID_INPUT',
    why: 'it asks for a static address in a network whose subnet the engine chose',
    hint: 'Give the network a subnet: networks.<name>.ipam.config: [{subnet: 172.30.0.0/24}]',
  },
  {
    words: /pool overlaps with other one on this address space/i,
    code: 'INVALID_INPUT',
    why: 'its subnet overlaps with that of another network',
    hint: "See the others': docker network inspect $(docker network ls -q) --format '{{.Name}} {{range .IPAM.Config}}{{.Subnet}}{{end}}'",
  },
  {
    words:
      /((?:invalid (?:subnet|gateway|ip-?range)|no matching subnet for (?:gateway|range|aux-address)|failed to allocate gateway) .+?)\.?$/i,
    code: 'INVALID_INPUT',
    why: '$1',
    hint: 'Correct the ipam of the network.',
  },
  {
    words:
      /could not find an available, non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted/i,
    code: 'ENGINE_ERROR',
    why: 'the engine has no subnet left to give',
    hint: 'Remove networks that nothing uses (docker network ls, docker network rm <name>), give this one a subnet, or give the engine more: default-address-pools in its daemon.json',
  },
  {
    words: /image with reference (\S+) was found but (?:does not (?:match|provide) .+?)\.?$/i,
    code: 'ENGINE_ERROR',
    why: 'image $1 is there for another platform than it asks for',
    hint: 'Pull it for that platform (docker pull --platform <platform> $1), or leave the platform out.',
  },
  {
    words: /bind source path does not exist: (.+?)\.?$/i,
    code: 'INVALID_INPUT',
    why: "it mounts $1, which does not exist on the engine's machine",
    hint: 'Make it, correct the path, or let the engine make a directory: bind: {create_host_path: true}',
  },
  {
    words: NO_PROGRAM,
    code: 'ENGINE_ERROR',
    why: '"$1" is not in the image',
    hint: 'Correct the command or the entrypoint of the service, or bring the program into its image.',
  },
  {
    words: /exec: \\?"([^"\\]+)\\?": permission denied/i,
    code: 'ENGINE_ERROR',
    why: '"$1" may not be run: it is no program, or not marked as one',
    hint: 'Correct the command or the entrypoint of the service, or mark the program in its image: RUN chmod +x $1',
  },
  {
    words: /exec format error/i,
    code: 'ENGINE_ERROR',
    why: 'its program was made for another architecture than the engine has, or is a script without a first line such as "#!/bin/sh"',
    hint: 'Build the image for the platform of the engine: docker version --format {{.Server.Arch}}',
  },
  {
    words: /unable to find user (\S+): no matching entries in passwd file/i,
    code: 'ENGINE_ERROR',
    why: 'the image has no user "$1"',
    hint: 'Correct the user of the service, or make it in the image. A number needs no making: user: "1000:1000"',
  },
  {
    words: /unable to find group (\S+): no matching entries in group file/i,
    code: 'ENGINE_ERROR',
    why: 'the image has no group "$1"',
    hint: 'Correct the group, or make it in the image. A number needs no making: user: "1000:1000"',
  },
  {
    words: /mounting "([^"]+)" to rootfs at .*not a directory/is,
    code: 'ENGINE_ERROR',
    why: '$1 is a file and is to be mounted on a directory, or the other way round',
    hint: 'Mount a file on a file, and a directory on a directory.',
  },
  {
    words: /error gathering device information while adding custom device "([^"]+)": no such file/i,
    code: 'ENGINE_ERROR',
    why: "the engine's machine has no device $1",
    hint: 'See which it has (ls /dev), and correct the devices of the service.',
  },
];

/** The runtime's words without those that say how an engine is built. */
export const withoutRuntime = (words: string): string =>
  words
    .replace(
      /^(?:failed to create (?:shim|task|shim task)[^:]*: |OCI runtime \S+ failed: |runc \S+ failed: |container_linux\.go:\d+: |starting container process caused:? |unable to start container process: |error during container init: )+/i,
      '',
    )
    .replace(/: unknown$/, '');

/** The engine's refusal of a setting as an error that says what to change; undefined when its words are about other things. */
export function refusedSetting(words: string, doing: string, options: { cause?: unknown }): LobbieError | undefined {
  for (const { words: pattern, code, why, hint } of REFUSALS) {
    const match = pattern.exec(words);
    if (!match) continue;
    const named = (text: string): string =>
      text.replaceAll('$1', () => match.slice(1).find((one) => one !== undefined) ?? '');
    const message = `Could not ${doing}: ${named(why)}.`;
    return new LobbieError(code, message, { hint: named(hint), details: [words], ...options });
  }
  return undefined;
}
