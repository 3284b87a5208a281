import { expect, it } from 'vitest';
import { parseVolume } from '../../../src/compose/parse/parse-volume.ts';
import { resolvePaths } from '../../../src/compose/read/resolve-paths.ts';
import type { TreeMap } from '../../../src/compose/tree.ts';

/** One service and one secret with this path wherever a path may be. */
const everywhere = (path: string): TreeMap => ({
  services: {
    web: {
      build: { context: path, additional_contexts: { other: path } },
      env_file: [{ path }],
      label_file: [path],
      volumes: [{ type: 'bind', source: path, target: '/data' }],
    },
  },
  configs: { c: { file: path } },
  secrets: { s: { file: path } },
  volumes: { v: { driver: 'local', driver_opts: { o: 'bind', device: path } } },
});
const base = { directory: '/srv/shop', home: '/home/me' };

it.each(['C:\\shop\\data', 'c:/shop/data', '\\\\server\\share\\data', '/shop/data'])(
  'a path of the other platform stays as it is: %s',
  (path) => {
    expect(resolvePaths(everywhere(path), base)).toEqual(everywhere(path));
  },
);

it('a relative path starts at the directory of the file, even if it looks like a drive', () => {
  expect(resolvePaths(everywhere('./data'), base)).toEqual(everywhere('/srv/shop/data'));
  expect(resolvePaths(everywhere('c:data'), base)).toEqual(everywhere('/srv/shop/c:data'));
});

it.each([
  ['C:\\shop\\data:/data', 'C:\\shop\\data', '/data', undefined],
  ['c:/shop/data:/data:ro', 'c:/shop/data', '/data', true],
  ['\\\\server\\share:/data', '\\\\server\\share', '/data', undefined],
])('a bind mount may be of a drive: %s', (text, source, target, readOnly) => {
  expect(parseVolume(text).volume).toMatchObject({
    type: 'bind',
    source,
    target,
    ...(readOnly && { read_only: true }),
  });
});
