import { describe, expect, it } from 'vitest';
import {
  isAddress,
  isDuration,
  isSize,
  mountFault,
  portFault,
  portRange,
} from '../../../src/compose/schema/formats.ts';

describe('a duration', () => {
  it.each(['5s', '1m30s', '1.5h', '.5s', '2d', '1w', '500ms', '3us', '3µs', '10ns', '0', '+5s', '-5s', '0s'])(
    'may be %s',
    (text) => {
      expect(isDuration(text)).toBe(true);
    },
  );

  it.each(['', '30', '-5', '5 s', '5S', 's', '5sec', '1h30', '.s', '5s ', '00'])('may not be "%s"', (text) => {
    expect(isDuration(text)).toBe(false);
  });
});

describe('a size', () => {
  it.each(['64', '512k', '1.5gb', '1 GiB', '1 gb', '10b', '5T', '1p', '.5g'])('may be %s', (text) => {
    expect(isSize(text)).toBe(true);
  });

  it.each(['', '-1', 'm', '5 cows', '1gbb', '1  g', '5bb', '1kib b', '0x10'])('may not be "%s"', (text) => {
    expect(isSize(text)).toBe(false);
  });
});

describe('an address', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1', '::ffff:1.2.3.4'])('may be %s', (text) => {
    expect(isAddress(text)).toBe(true);
  });

  it.each(['', 'localhost', '256.0.0.1', '1.2.3', ':::', '1:2', 'g::1'])('may not be "%s"', (text) => {
    expect(isAddress(text)).toBe(false);
  });
});

describe('a range of ports', () => {
  it.each<[string, readonly [number, number] | undefined]>([
    ['80', [80, 80]],
    ['8000-8010', [8000, 8010]],
    ['0', [0, 0]],
    ['65535', [65_535, 65_535]],
    ['65536', undefined],
    ['90-80', undefined],
    ['', undefined],
    ['80-', undefined],
    ['a', undefined],
  ])('%s', (text, range) => {
    expect(portRange(text)).toEqual(range);
  });
});

describe('a published port', () => {
  it.each([
    '80',
    '80/udp',
    '8080:80',
    '127.0.0.1:8080:80',
    '127.0.0.1::80',
    '::1:80:80',
    '[::1]:80:80',
    ':80',
    '80-82:90-92',
    '8000-8010:80',
    '0:80',
    '80/TCP',
  ])('may be %s', (spec) => {
    expect(portFault(spec)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['', '"" is not a container port'],
    ['80:', '"" is not a container port'],
    ['0', '"0" is not a container port'],
    ['web:80', '"web" is not a host port'],
    ['80:web', '"web" is not a container port'],
    ['70000:80', '"70000" is not a host port'],
    ['localhost:80:80', '"localhost" is not an IP address'],
    ['80/icmp', '"icmp" is not a protocol'],
    ['80/tcp/udp', '"tcp/udp" is not a protocol'],
    ['80-82:90-91', 'the ranges 80-82 and 90-91 have different lengths'],
    ['80:90-91', 'the ranges 80 and 90-91 have different lengths'],
  ])('may not be "%s"', (spec, fault) => {
    expect(portFault(spec)).toBe(fault);
  });
});

describe('a mount', () => {
  it.each(['/a', 'a:/b', './a:/b:ro', 'C:\\a:/b:ro', '/a:/b:rw,z', 'a:'])('may be %s', (spec) => {
    expect(mountFault(spec)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['', 'it is empty'],
    ['data::/b', 'it has an empty section between colons'],
    [':/a', 'it has an empty section between colons'],
    ['data:/b:ro:more', 'it has too many colons'],
  ])('may not be "%s"', (spec, fault) => {
    expect(mountFault(spec)).toBe(fault);
  });
});
