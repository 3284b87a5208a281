import { type ErrorCode, LobbieError } from '../model/errors.ts';

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
];

/** The engine's refusal of a setting as an error that says what to change; undefined when its words are about other things. */
export function refusedSetting(words: string, doing: string, options: { cause?: unknown }): LobbieError | undefined {
  for (const { words: pattern, code, why, hint } of REFUSALS) {
    const match = pattern.exec(words);
    if (!match) continue;
    const named = (text: string): string => text.replace('$1', () => match[1] ?? '');
    const message = `Could not ${doing}: ${named(why)}.`;
    return new LobbieError(code, message, { hint: named(hint), details: [words], ...options });
  }
  return undefined;
}
