import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/engine/engine-error.ts';
import { missingProgram } from '../../src/engine/missing-program.ts';
import { pullFailure } from '../../src/engine/pull-failure.ts';
import type { ErrorCode } from '../../src/model/errors.ts';

/** `containerd`: with its image store, as Engine 29 has by default. */
type Version = '20.10' | '26.1' | '28.5' | '28.5 containerd';

const RUN_20 =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const RUN_26 = `failed to create task for container: ${RUN_20}`;
const RUN_28 = `${RUN_26}error during container init: `;
const ENDPOINT = 'driver failed programming external connectivity on endpoint web (4f): ';
const NETWORKING_28 = `failed to set up container networking: ${ENDPOINT}`;
const IMAGE = 'image with reference web:1 was found but';

/** What is refused, as these engines were heard to say it, and what lobbie makes of it. */
const REFUSALS: readonly [what: string, ErrorCode, message: string, Partial<Record<Version, string>>][] = [
  [
    'a port that another container has',
    'PORT_IN_USE',
    'port 0.0.0.0:8080 is already in use',
    {
      '20.10': `${ENDPOINT}Bind for 0.0.0.0:8080 failed: port is already allocated`,
      '28.5': `${NETWORKING_28}Bind for 0.0.0.0:8080 failed: port is already allocated`,
    },
  ],
  [
    'a port that another container has over IPv6',
    'PORT_IN_USE',
    'port [::1]:8080 is already in use',
    {
      '20.10': `${ENDPOINT}Bind for ::1:8080 failed: port is already allocated`,
      '28.5': `${NETWORKING_28}Bind for ::1:8080 failed: port is already allocated`,
    },
  ],
  [
    'a port that another container has over IPv6, everywhere',
    'PORT_IN_USE',
    'port [::]:8080 is already in use',
    { '28.5': `${NETWORKING_28}Bind for :::8080 failed: port is already allocated` },
  ],
  [
    'a port that another container has at a long IPv6 address',
    'PORT_IN_USE',
    'port [fd00:1::5]:8080 is already in use',
    { '28.5': `${NETWORKING_28}Bind for fd00:1::5:8080 failed: port is already allocated` },
  ],
  [
    'a port that another program has',
    'PORT_IN_USE',
    'port 0.0.0.0:8080 is already in use',
    {
      '20.10': `${ENDPOINT}Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
      '28.5': `${NETWORKING_28}failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use`,
    },
  ],
  [
    'an address to publish at that the machine does not have',
    'INVALID_INPUT',
    "it publishes a port at 10.9.9.9, which is not an address of the engine's machine",
    {
      '20.10': `${ENDPOINT}Error starting userland proxy: listen tcp4 10.9.9.9:80: bind: cannot assign requested address`,
      '28.5': `${NETWORKING_28}failed to bind host port for 10.9.9.9:80:172.17.0.2:80/tcp: cannot assign requested address`,
    },
  ],
  [
    'a port below 1024 of a rootless engine',
    'INVALID_INPUT',
    'the engine is rootless and cannot publish port 80',
    {
      '20.10': `${ENDPOINT}Error starting userland proxy: error while calling PortManager.AddPort(): cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to /etc/sysctl.conf (currently 1024), or set CAP_NET_BIND_SERVICE on rootlesskit binary, or choose a larger port number (>= 1024): listen tcp4 0.0.0.0:80: bind: permission denied`,
    },
  ],
  [
    'a port that another program has on a rootless engine',
    'PORT_IN_USE',
    'port 0.0.0.0:8080 is already in use',
    {
      '20.10': `${ENDPOINT}Error starting userland proxy: error while calling PortManager.AddPort(): listen tcp4 0.0.0.0:8080: bind: address already in use`,
    },
  ],
  [
    'a program that is not in the image',
    'ENGINE_ERROR',
    '"nodee" is not in the image',
    {
      '20.10': `${RUN_20}exec: "nodee": executable file not found in $PATH: unknown`,
      '26.1': `${RUN_26}exec: "nodee": executable file not found in $PATH: unknown`,
      '28.5': `${RUN_28}exec: "nodee": executable file not found in $PATH`,
    },
  ],
  [
    'a file that is not in the image',
    'ENGINE_ERROR',
    '"/no/such" is not in the image',
    {
      '20.10': `${RUN_20}exec: "/no/such": stat /no/such: no such file or directory: unknown`,
      '26.1': `${RUN_26}exec: "/no/such": stat /no/such: no such file or directory: unknown`,
      '28.5': `${RUN_28}exec: "/no/such": stat /no/such: no such file or directory`,
    },
  ],
  [
    'a file that may not be run',
    'ENGINE_ERROR',
    '"/etc/passwd" cannot be run',
    {
      '20.10': `${RUN_20}exec: "/etc/passwd": permission denied: unknown`,
      '26.1': `${RUN_26}exec: "/etc/passwd": permission denied: unknown`,
      '28.5': `${RUN_28}exec: "/etc/passwd": permission denied`,
    },
  ],
  [
    'a directory as program',
    'ENGINE_ERROR',
    '"/etc" cannot be run',
    {
      '20.10': `${RUN_20}exec: "/etc": permission denied: unknown`,
      '26.1': `${RUN_26}exec: "/etc": is a directory: unknown: permission denied`,
      '28.5': `${RUN_28}exec: "/etc": is a directory: permission denied`,
    },
  ],
  [
    'a user that the image does not have',
    'ENGINE_ERROR',
    'the image has no user "app"',
    { '20.10': 'unable to find user app: no matching entries in passwd file' },
  ],
  [
    'a group that the image does not have',
    'ENGINE_ERROR',
    'the image has no group "staff2"',
    {
      '20.10': 'Unable to find group staff2: no matching entries in group file',
      '28.5': 'unable to find group staff2: no matching entries in group file',
    },
  ],
  [
    'a working directory that is a file',
    'INVALID_INPUT',
    'its working directory /etc/passwd is a file',
    { '20.10': 'Cannot mkdir: /etc/passwd is not a directory' },
  ],
  [
    'a bind mount of what is not there',
    'INVALID_INPUT',
    "it mounts /no/such/thing, which does not exist on the engine's machine",
    { '20.10': 'invalid mount config for type "bind": bind source path does not exist: /no/such/thing' },
  ],
  [
    'a file mounted on a directory',
    'ENGINE_ERROR',
    '/a.conf is a file and its target is a directory, or the other way round',
    {
      '20.10': `${RUN_20}error during container init: error mounting "/a.conf" to rootfs at "/etc": mount /a.conf:/etc (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
      '28.5': `${RUN_28}error mounting "/a.conf" to rootfs at "/etc": mount src=/a.conf, dst=/etc, dstFd=/proc/thread-self/fd/14, flags=MS_BIND|MS_REC: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
    },
  ],
  [
    'a directory mounted on a file',
    'ENGINE_ERROR',
    '/conf is a file and its target is a directory, or the other way round',
    {
      '26.1': `${RUN_28}error mounting "/conf" to rootfs at "/etc/passwd": create mount destination for /etc/passwd mount: cannot mkdir in /var/lib/docker/overlay2/4f/merged/etc/passwd: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
    },
  ],
  [
    'a file mounted where there is none, in a read-only mount',
    'ENGINE_ERROR',
    'the target of /a.conf does not exist',
    {
      '20.10': `${RUN_20}error during container init: error mounting "/a.conf" to rootfs at "/data/file": open /var/lib/docker/overlay2/61/merged/data/file: read-only file system: unknown`,
      '28.5': `${RUN_28}error mounting "/a.conf" to rootfs at "/data/file": create mountpoint for /data/file mount: make mountpoint "/data/file": read-only file system`,
    },
  ],
  [
    'a device that is not there',
    'ENGINE_ERROR',
    "the engine's machine has no device /dev/nosuch",
    {
      '20.10': 'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
    },
  ],
  [
    'devices without a driver',
    'ENGINE_ERROR',
    'cannot give it the devices that it asks for',
    { '20.10': 'could not select device driver "" with capabilities: [[gpu]]' },
  ],
  [
    'a runtime that there is not',
    'INVALID_INPUT',
    'the engine has no runtime "nosuch"',
    { '20.10': 'Unknown runtime specified nosuch', '28.5': 'unknown or invalid runtime name: nosuch' },
  ],
  [
    'a logging driver that there is not',
    'INVALID_INPUT',
    'the engine has no driver "nosuch"',
    { '20.10': 'error looking up logging plugin nosuch: plugin "nosuch" not found' },
  ],
  [
    'a network driver that there is not',
    'INVALID_INPUT',
    'the engine has no driver "nosuch"',
    { '20.10': 'plugin "nosuch" not found' },
  ],
  [
    'an option that the logging driver does not have',
    'INVALID_INPUT',
    'its logging driver has no option "nosuch"',
    { '20.10': "unknown log opt 'nosuch' for json-file log driver" },
  ],
  [
    'too little memory',
    'INVALID_INPUT',
    'the engine refuses a limit (Minimum memory limit allowed is 6MB)',
    { '20.10': 'Minimum memory limit allowed is 6MB' },
  ],
  [
    'more CPUs than there are',
    'INVALID_INPUT',
    'CPUs is from 0.01 to 2.00, as there are only 2 CPUs available)',
    {
      '20.10': 'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
      '28.5': 'range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
    },
  ],
  [
    'a limit of the CPU without the controller for it',
    'ENGINE_ERROR',
    "the kernel of the engine's machine cannot limit the CPU",
    {
      '26.1': 'kernel does not support CPU real-time scheduler',
      '28.5': 'NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted',
    },
  ],
  [
    'a CPU that there is not',
    'INVALID_INPUT',
    '(Requested CPUs are not available - requested 90, available: 0-1)',
    { '20.10': 'Requested CPUs are not available - requested 90, available: 0-1' },
  ],
  [
    'a kernel setting that there is not',
    'INVALID_INPUT',
    "the kernel of the engine's machine has no setting net",
    {
      '20.10': `${RUN_20}error during container init: open /proc/sys/net/nosuch: no such file or directory: unknown`,
      '28.5': `${RUN_28}open sysctl net.nosuch file: unsafe procfs detected: openat2 fsmount:fscontext:proc/./sys/net/nosuch: no such file or directory`,
    },
  ],
  [
    'a ulimit above what the engine has',
    'ENGINE_ERROR',
    'is not allowed to raise a limit as far as the ulimits ask',
    {
      '20.10': `${RUN_20}error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown`,
      '28.5': `${RUN_28}error setting rlimits for ready process: error setting rlimit type 7: operation not permitted`,
    },
  ],
  [
    'another platform than that of the image',
    'ENGINE_ERROR',
    'image web:1 on the engine is for another platform than the service asks for',
    {
      '20.10': `${IMAGE} does not match the specified platform: wanted linux/arm64, actual: linux/amd64`,
      '28.5': `${IMAGE} its platform (linux/amd64) does not match the specified platform (linux/arm64)`,
      '28.5 containerd': `${IMAGE} does not provide the specified platform (linux/arm64)`,
    },
  ],
  [
    'a static address that is taken',
    'ENGINE_ERROR',
    'the static address that it asks for is taken',
    { '20.10': 'Address already in use', '28.5': 'failed to set up container networking: Address already in use' },
  ],
  [
    'a static address outside of the network',
    'INVALID_INPUT',
    'the address 10.9.7.10 is outside of the subnets of its network',
    {
      '20.10': "Invalid address 10.9.7.10: It does not belong to any of this network's subnets",
      '28.5': 'no configured subnet or ip-range contain the IP address 10.9.7.10',
    },
  ],
  [
    'a subnet that overlaps',
    'INVALID_INPUT',
    'its subnet overlaps with that of another network',
    {
      '20.10': 'Pool overlaps with other one on this address space',
      '28.5': 'invalid pool request: Pool overlaps with other one on this address space',
    },
  ],
  [
    'a subnet that is none',
    'INVALID_INPUT',
    'nvalid subnet 10.9.7.0/33',
    {
      '20.10': 'Invalid subnet 10.9.7.0/33 : invalid CIDR address: 10.9.7.0/33',
      '28.5': 'invalid network config:\ninvalid subnet 10.9.7.0/33: invalid CIDR block notation',
    },
  ],
  [
    'a gateway that is none',
    'INVALID_INPUT',
    'invalid gateway',
    {
      '20.10': 'invalid gateway address x in Ipam configuration',
      '28.5': 'invalid network config:\ninvalid gateway x: invalid address',
    },
  ],
  [
    'a name that is taken',
    'NAME_TAKEN',
    'the name "web" belongs to another container (4f)',
    {
      '20.10':
        'Conflict. The container name "/web" is already in use by container "4f". You have to remove (or rename) that container to be able to reuse that name.',
    },
  ],
];

describe.each(REFUSALS)('a refusal of %s', (_what, code, message, words) => {
  it.each(Object.entries(words))('is recognised on Engine %s', (_version, said) => {
    const error = refusal(said, 'do it');
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(error.hint).toBeTruthy();
  });
});

describe('a program that is missing for an exec', () => {
  it.each([
    [
      '20.10',
      126,
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown\r\n',
    ],
    [
      '28.5',
      127,
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH\r\n',
    ],
  ])('is recognised on Engine %s', (_version, exitCode, output) => {
    expect(missingProgram(exitCode, output)).toBe('curl');
  });
});

describe('a pull that fails', () => {
  const registry = 'failed to resolve reference "box:5000/x:1": ';
  it.each<[string, string, boolean, string]>([
    ['20.10', 'Get "http://box:5000/v2/": dial tcp 10.0.0.5:5000: connect: connection refused', false, 'be reached'],
    [
      '28.5 containerd',
      `${registry}failed to do request: Head "https://box:5000/v2/x/manifests/1": dial tcp 10.0.0.5:5000: connect: connection refused`,
      false,
      'be reached',
    ],
    ['28.5', 'Head "http://box:5000/v2/x/manifests/1": no basic auth credentials', false, 'denies it'],
    [
      '28.5 containerd',
      `${registry}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
      false,
      'denies it',
    ],
    ['28.5', 'manifest for box:5000/x:1 not found: manifest unknown: manifest unknown', true, 'has no such image'],
    ['28.5 containerd', `${registry}box:5000/x:1: not found`, true, 'has no such image'],
    [
      '28.5',
      'no matching manifest for linux/arm64 in the manifest list entries',
      true,
      "but not for the engine's platform",
    ],
    [
      '28.5 containerd',
      'no matching manifest for linux/arm64 in the manifest list entries: no match for platform in manifest: not found',
      true,
      "but not for the engine's platform",
    ],
  ])('on Engine %s is recognized by "%s"', (_version, words, loggedIn, message) => {
    expect(pullFailure('box:5000/x:1', words, loggedIn)).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringContaining(message),
    });
  });
});
