import { describe, expect, it } from 'vitest';
import type { Mount } from '../../src/model/mount.ts';
import type { ServiceFile } from '../../src/model/service.ts';
import { fileDirectories } from '../../src/rollout/file-directories.ts';
import { aService } from './a-service.ts';

const file = (kind: ServiceFile['kind'], target: string): ServiceFile => ({
  kind,
  name: 'it',
  target,
  content: '',
  uid: 0,
  gid: 0,
  mode: 0o444,
});
const directories = (files: ServiceFile[], readOnly = false, mounts: Mount[] = []): readonly string[] =>
  fileDirectories(aService('api', { files, settings: { readOnly }, mounts }));

describe('fileDirectories', () => {
  it('makes a volume of the secrets, and of nothing else in a container that can be written', () => {
    expect(directories([file('secret', '/run/secrets/a'), file('config', '/etc/app.conf')])).toEqual(['/run/secrets']);
  });

  it('makes a volume of every directory in a container that is read-only, but for those within another', () => {
    const files = [
      file('config', '/etc/app/app.conf'),
      file('config', '/etc/app/d/x.conf'),
      file('secret', '/srv/key'),
    ];
    expect(directories(files, true)).toEqual(['/etc/app', '/srv']);
  });

  it('leaves to a mount what lies in it, but for memory, which is empty when the container starts', () => {
    const volume = { kind: 'volume', source: 'v', target: '/etc/app', readOnly: false } as const;
    const tmpfs = { kind: 'tmpfs', target: '/run' } as const;
    expect(directories([file('config', '/etc/app/app.conf')], true, [volume])).toEqual([]);
    expect(directories([file('config', '/run/app/app.conf')], false, [tmpfs])).toEqual(['/run/app']);
  });

  it('refuses a file in the root directory of a read-only container, for that can be no volume', () => {
    expect(() => directories([file('config', '/app.conf')], true)).toThrow(/services\.api\.configs: it has the target/);
  });
});
