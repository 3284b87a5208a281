import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/engine/engine-error.ts';
import { LobbieError } from '../../../src/model/errors.ts';
import { explainMountFailure } from '../../../src/rollout/files/explain-mount-failure.ts';

const file = { kind: 'config', name: 'site', target: '/data/site.conf', content: '' } as const;
const FILES = {
  placed: [
    { file: { ...file, name: 'copied', target: '/etc/x' }, path: '/etc/x', way: 'copy' },
    { file, path: '/data/site.conf', way: 'bind', source: '/srv/site.conf' },
  ],
  mounts: [{ kind: 'volume', source: 'v', target: '/data', readOnly: true }],
} as const;
/** As Docker 20.10 says it. */
const says = (why: string): LobbieError =>
  refusal(
    `OCI runtime create failed: runc create failed: error mounting "/srv/site.conf" to rootfs at "/data/site.conf": open /merged/data/site.conf: ${why}`,
    'start container "x"',
  );

describe('explainMountFailure', () => {
  it.each([
    ['read-only file system: unknown', 'the mount is read-only and does not contain the file to mount over'],
    ['is a directory', 'the target is a directory'],
    ['no such file or directory', 'the engine cannot find the file'],
  ])('names the file, its target and the mount: %s', (why, because) => {
    const explained = explainMountFailure(says(why), 'web', FILES);
    expect(explained).toMatchObject({
      code: 'ENGINE_ERROR',
      message: `services.web.configs: the engine could not mount site at /data/site.conf, in the volume v at /data: ${because}.`,
      details: [expect.stringContaining(why), expect.stringContaining('Could not start container')],
    });
  });

  it('leaves everything else as it is', () => {
    const other = new LobbieError('PORT_IN_USE', 'Port 80 is in use.');
    const copied = new LobbieError('DISK_FULL', 'No room for /etc/x.');
    for (const error of [other, copied, new Error('/data/site.conf')])
      expect(explainMountFailure(error, 'web', FILES)).toBe(error);
  });
});
