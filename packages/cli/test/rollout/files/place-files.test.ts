import { describe, expect, it } from 'vitest';
import type { Mount } from '../../../src/model/mount.ts';
import type { Service, ServiceFile } from '../../../src/model/service.ts';
import { type PlaceFacts, placeFiles } from '../../../src/rollout/files/place-files.ts';
import { aService } from '../a-service.ts';

type FileChange = Partial<ServiceFile> & { readonly target: string };

const config = (change: FileChange): ServiceFile => ({ kind: 'config', name: 'site', content: '', ...change });
const secret = (change: FileChange): ServiceFile => ({ kind: 'secret', name: 'key', content: '', ...change });
const bind = (target: string, readOnly = false): Mount => ({ kind: 'bind', source: '/host', target, readOnly });
const volume = (target: string, source?: string): Mount => ({
  kind: 'volume',
  ...(source !== undefined && { source }),
  target,
  readOnly: false,
});

interface Situation {
  readonly files: readonly ServiceFile[];
  readonly mounts?: readonly Mount[];
  readonly links?: Readonly<Record<string, string>>;
  readonly service?: Partial<Service>;
  readonly facts?: Partial<PlaceFacts>;
}

/** What becomes of each file, in short. */
function place({ files, mounts = [], links = {}, service, facts }: Situation): string[] {
  const { placed, refused } = placeFiles(aService('web', { files, mounts, ...service }), {
    linkAt: (path) => links[path],
    imageVolumes: [],
    engine: '20.10.24',
    subpaths: false,
    local: true,
    isIntact: () => true,
    isThere: () => true,
    ...facts,
  });
  return [
    ...placed.map((one) => {
      if (one.way === 'bind') return `bind ${one.source} at ${one.path}`;
      if (one.way === 'volume') return `volume at ${one.path}`;
      return `copy to ${one.path}${one.directory === undefined ? '' : ` in own ${one.directory}`}`;
    }),
    ...refused.map(({ message }) => `refuse: ${message}`),
  ];
}

const ELSEWHERE: Partial<PlaceFacts> = { local: false };
const NEW: Partial<PlaceFacts> = { subpaths: true };
const SOURCE = '/srv/site.conf';
const TARGET = '/etc/app/site.conf';
const MOUNTED = [`volume at ${TARGET}`, 'volume at /run/secrets/k', `bind ${SOURCE} at /data/x`];
const COPIED = [`copy to ${TARGET}`, 'copy to /run/secrets/k in own /run/secrets', `bind ${SOURCE} at /data/x`];

describe('placeFiles, of what ends up in the file system of the container', () => {
  it.each([
    ['a config', { files: [config({ target: TARGET, source: SOURCE })] }, [`copy to ${TARGET}`]],
    ['a secret', { files: [secret({ target: '/run/secrets/k' })] }, ['copy to /run/secrets/k in own /run/secrets']],
    [
      'files of a read-only container',
      {
        files: [config({ target: TARGET }), config({ target: '/etc/app/d/x' }), secret({ target: '/srv/key' })],
        service: { settings: { readOnly: true } },
      },
      [`copy to ${TARGET} in own /etc/app`, 'copy to /etc/app/d/x in own /etc/app', 'copy to /srv/key in own /srv'],
    ],
    [
      'a config beside a mount',
      { files: [config({ target: TARGET })], mounts: [bind('/etc/app/site.conf.d'), bind('/etc/ap')] },
      [`copy to ${TARGET}`],
    ],
    [
      'a config behind a link of the image',
      { files: [config({ target: '/var/run/app/x' })], links: { '/var/run': '/run' } },
      ['copy to /run/app/x'],
    ],
    [
      'a config in the place of a link, which is replaced',
      { files: [config({ target: TARGET })], mounts: [bind('/data')], links: { [TARGET]: '/data/site.conf' } },
      [`copy to ${TARGET}`],
    ],
    [
      'a config in the root of a read-only container',
      { files: [config({ target: '/site', source: SOURCE })], service: { settings: { readOnly: true } } },
      [`bind ${SOURCE} at /site`],
    ],
  ])('%s', (_, situation, expected) => {
    expect(place(situation)).toEqual(expected);
  });
});

describe('placeFiles, of a container that has a mount in a read-only mount', () => {
  const inside = config({ target: '/data/x', source: SOURCE });
  const copied = [config({ target: TARGET }), secret({ target: '/run/secrets/k' }), inside];
  const readOnly = bind('/data', true);
  const nested = bind('/data/x');

  it.each([
    ['mounts all', { files: copied, mounts: [readOnly], facts: NEW }, MOUNTED],
    [
      'mounts all, whatever the user mounts there',
      { files: copied.slice(0, 2), mounts: [readOnly, nested], facts: NEW },
      MOUNTED.slice(0, 2),
    ],
    ['copies where the engine cannot mount from a volume', { files: copied, mounts: [readOnly] }, COPIED],
    ['copies where that mount can be written to', { files: copied, mounts: [bind('/data')], facts: NEW }, COPIED],
  ])('%s', (_, situation, expected) => {
    expect(place(situation)).toEqual(expected);
  });
});

describe('placeFiles, of what lies in memory', () => {
  it.each([
    [
      'a directory in it is a volume of its own',
      { files: [config({ target: '/run/app/x' })], mounts: [{ kind: 'tmpfs', target: '/run' }] },
      ['copy to /run/app/x in own /run/app'],
    ],
    [
      'also behind a link',
      {
        files: [config({ target: '/var/run/app/x' })],
        mounts: [{ kind: 'tmpfs', target: '/run' }],
        links: { '/var/run': '../run' },
      },
      ['copy to /run/app/x in own /run/app'],
    ],
    [
      'its root holds what is mounted there',
      { files: [config({ target: '/run/x', source: SOURCE })], mounts: [{ kind: 'tmpfs', target: '/run' }] },
      [`bind ${SOURCE} at /run/x`],
    ],
    [
      'a tmpfs below a bind mount is no part of that',
      { files: [config({ target: '/data/tmp/d/x' })], mounts: [bind('/data'), { kind: 'tmpfs', target: '/data/tmp' }] },
      ['copy to /data/tmp/d/x in own /data/tmp/d'],
    ],
    [
      'a tmpfs within a volume of its own keeps its own directories',
      {
        files: [config({ target: '/etc/app/x' }), config({ target: '/etc/app/tmp/d/y' })],
        mounts: [{ kind: 'tmpfs', target: '/etc/app/tmp' }],
        service: { settings: { readOnly: true } },
      },
      ['copy to /etc/app/x in own /etc/app', 'copy to /etc/app/tmp/d/y in own /etc/app/tmp/d'],
    ],
  ] as const)('%s', (_, situation, expected) => {
    expect(place(situation)).toEqual(expected);
  });
});

describe('placeFiles, of what lies in a mount of the user', () => {
  const WHERES: [string, Situation['mounts'], Partial<PlaceFacts>][] = [
    ['a bind mount', [bind('/etc/app')], {}],
    ['a bind mount further up', [bind('/etc')], {}],
    ['a read-only bind mount', [bind('/etc/app', true)], {}],
    ['a named volume', [volume('/etc/app', 'v')], {}],
    ['an anonymous volume', [volume('/etc/app')], {}],
    ['a volume of the image', [], { imageVolumes: ['/etc/app'] }],
    ['a volume in a tmpfs', [{ kind: 'tmpfs', target: '/etc' }, volume('/etc/app')], {}],
    ['a mount that is written with a slash', [bind('/etc/app/')], {}],
  ];

  it.each(WHERES)('mounts a file of this machine over it: %s', (_, mounts = [], facts) => {
    const files = [config({ target: TARGET, source: SOURCE })];
    expect(place({ files, mounts, facts })).toEqual([`bind ${SOURCE} at ${TARGET}`]);
    expect(place({ files, mounts, facts: { ...facts, ...NEW } })).toEqual([`bind ${SOURCE} at ${TARGET}`]);
  });

  it.each(WHERES)('mounts everything else from a volume where the engine can: %s', (_, mounts = [], facts) => {
    for (const files of [
      [config({ target: TARGET })],
      [config({ target: TARGET, source: SOURCE, mode: 0o400 })],
      [config({ target: TARGET, source: SOURCE, uid: 0 })],
      [config({ target: TARGET, source: SOURCE, gid: 0 })],
    ])
      expect(place({ files, mounts, facts: { ...facts, ...NEW } })).toEqual([`volume at ${TARGET}`]);
    const files = [config({ target: TARGET, source: SOURCE })];
    for (const more of [ELSEWHERE, { isIntact: () => false }])
      expect(place({ files, mounts, facts: { ...facts, ...NEW, ...more } })).toEqual([`volume at ${TARGET}`]);
  });

  it.each(WHERES)('refuses it where the engine cannot: %s', (_, mounts = [], facts) => {
    const refused = (file: FileChange, more: Partial<PlaceFacts> = {}) =>
      place({ files: [config(file)], mounts, facts: { ...facts, ...more } }).join('\n');
    const start =
      /^refuse: services\.web\.configs: site has the target \/etc\/app\/site\.conf, which is inside the .* at \/etc/;
    const plain = { target: TARGET, source: SOURCE };
    for (const [file, more, why] of [
      [{ target: TARGET }, {}, 'cannot mount a single file of a volume'],
      [plain, ELSEWHERE, 'cannot mount a single file of a volume'],
      [{ ...plain, mode: 0o400 }, {}, 'uid, gid and mode have no effect'],
      [plain, { isIntact: () => false }, `Its file ${SOURCE} has changed since the last deploy`],
    ] as const) {
      expect(refused(file, more)).toMatch(start);
      expect(refused(file, more)).toContain(why);
    }
  });

  it('follows the links of the image into a mount, of the target and of the mount', () => {
    const files = [config({ target: '/etc/app/link/x', source: SOURCE })];
    const links = { '/etc/app': '/opt/app', '/opt/app/link': '../../srv/./data', '/srv': 'mnt', '/mnt/data': '/deep' };
    for (const target of ['/mnt/data', '/srv/data', '/deep'])
      expect(place({ files, links, mounts: [bind(target)] }), target).toEqual([`bind ${SOURCE} at /deep/x`]);
    expect(place({ files, links, mounts: [bind('/mnt')] })).toEqual([`bind ${SOURCE} at /mnt/data/x`]);
    expect(place({ files, links, mounts: [bind('/opt/app')] })).toEqual([`bind ${SOURCE} at /opt/app/link/x`]);
    expect(place({ files, links })).toEqual(['copy to /deep/x']);
  });

  it('ends with links that lead to each other', () => {
    const links = { '/a': '/b', '/b': '/a' };
    expect(place({ files: [config({ target: '/a/x' })], links })).toHaveLength(1);
  });

  it('has secrets in a volume of their own below a mount of /run, where nothing else works', () => {
    const key = secret({ target: '/run/secrets/key' });
    const own = ['copy to /run/secrets/key in own /run/secrets'];
    expect(place({ files: [key], mounts: [bind('/run')] })).toEqual(own);
    expect(place({ files: [key], mounts: [bind('/run')], facts: NEW })).toEqual(['volume at /run/secrets/key']);
    expect(place({ files: [{ ...key, source: '/srv/key' }], mounts: [bind('/run')] })).toEqual([
      'bind /srv/key at /run/secrets/key',
    ]);
    expect(place({ files: [key], mounts: [bind('/run/secrets')] })).toEqual([
      expect.stringContaining('refuse: services.web.secrets: key has the target /run/secrets/key'),
    ]);
  });

  it('refuses a file over a read-only bind mount that has none there, and leaves another engine to find out', () => {
    const files = [config({ target: TARGET, source: SOURCE })];
    const isThere = (path: string): boolean => path !== '/host/site.conf';
    const mounts = [bind('/etc/app', true)];
    expect(place({ files, mounts, facts: { isThere } })).toEqual([
      expect.stringMatching(/which is read-only and does not contain site\.conf/),
    ]);
    expect(place({ files, mounts, facts: { isThere, ...NEW, ...ELSEWHERE } })).toEqual([`volume at ${TARGET}`]);
    expect(place({ files, mounts: [bind('/etc/app')], facts: { isThere } })).toEqual([`bind ${SOURCE} at ${TARGET}`]);
  });

  it.each([
    ['at the same path', bind(TARGET), {}],
    ['at the same path behind a link', bind('/opt/site.conf'), { '/etc/app': '/opt' }],
    ['below it', volume(`${TARGET}/d`), {}],
  ])('refuses a file where something is mounted %s', (_, mount, links) => {
    const files = [config({ target: TARGET, source: SOURCE })];
    expect(place({ files, links, mounts: [mount] })).toEqual([
      expect.stringMatching(/^refuse: .* but the service mounts something else there\.$/),
    ]);
  });

  it('refuses content in the root directory of a read-only container', () => {
    const situation = { files: [config({ target: '/site' })], service: { settings: { readOnly: true } } };
    expect(place(situation)).toEqual([expect.stringContaining('no file can be added to its root directory')]);
    expect(place({ ...situation, facts: NEW })).toEqual(['volume at /site']);
  });
});
