import { expect, it } from 'vitest';
import { takeTurns } from '../../src/ingress/turns.ts';

/** Acts that tell when they begin, and end when told to. */
const stage = () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const act = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, act, end: (name: string) => ends.get(name)?.() };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets one act alone wait for those under way, and later ones wait for it', async () => {
  const turns = takeTurns();
  const { begun, act, end } = stage();
  const results = [
    turns.beside(act('a')),
    turns.beside(act('b')),
    turns.alone(act('alone')),
    turns.beside(act('c')),
    turns.alone(act('alone again')),
  ];
  await settled();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await settled();
  expect(begun).toEqual(['a', 'b']);
  end('a');
  await settled();
  expect(begun).toEqual(['a', 'b', 'alone']);
  end('alone');
  await settled();
  expect(begun).toEqual(['a', 'b', 'alone', 'c']);
  end('c');
  await settled();
  end('alone again');
  expect(await Promise.all(results)).toEqual(['a', 'b', 'alone', 'c', 'alone again']);
});

it('goes on after an act that failed', async () => {
  const turns = takeTurns();
  const fail = () => Promise.reject(new Error('failed'));
  await expect(turns.beside(fail)).rejects.toThrow('failed');
  await expect(turns.alone(fail)).rejects.toThrow('failed');
  expect(await turns.beside(async () => 'next')).toBe('next');
});
