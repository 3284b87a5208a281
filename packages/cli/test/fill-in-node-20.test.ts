import { describe, expect, it } from 'vitest';
import { fillInNode20, groupIntoMap, groupIntoRecord, withResolvers } from '../src/fill-in-node-20.ts';

describe('what is filled in on Node 20 does as what newer Nodes have', () => {
  const words = ['pear', 'fig', 'plum', 'kiwi', 'nut'];
  const byLength = (word: string) => word.length;
  const byPlace = (_: string, index: number) => index % 2;

  it.each([byLength, byPlace])('Map.groupBy', (keyOf) => {
    expect(groupIntoMap(words, keyOf)).toEqual(Map.groupBy(words, keyOf));
    expect([...groupIntoMap(new Set(words), keyOf).keys()]).toEqual([...Map.groupBy(new Set(words), keyOf).keys()]);
  });

  it('Object.groupBy, with keys that every object has', () => {
    const keys: ((word: string, index: number) => PropertyKey)[] = [
      byLength,
      byPlace,
      () => '__proto__',
      () => Symbol.for('x'),
    ];
    for (const keyOf of keys) {
      const grouped = groupIntoRecord(words, keyOf);
      const wanted = Object.groupBy(words, keyOf);
      expect(Reflect.ownKeys(grouped)).toEqual(Reflect.ownKeys(wanted));
      expect(grouped).toEqual(wanted);
      expect(Object.getPrototypeOf(grouped)).toBeNull();
    }
  });

  it('Promise.withResolvers', async () => {
    const done = withResolvers<number>();
    done.resolve(1);
    await expect(done.promise).resolves.toBe(1);
    const failed = withResolvers<number>();
    failed.reject(new Error('no'));
    await expect(failed.promise).rejects.toThrow('no');
  });

  it('replaces nothing that is there', () => {
    const own = [Map.groupBy, Object.groupBy, Promise.withResolvers];
    fillInNode20();
    expect([Map.groupBy, Object.groupBy, Promise.withResolvers]).toEqual(own);
  });
});
