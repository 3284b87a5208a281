import { expect, it } from 'vitest';
import { parseState } from '../../src/ingress/parse-state.ts';
import { keepSlots } from '../../src/ingress/slots.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { NewFile } from '../../src/model/engine-file.ts';
import type { IngressState } from '../../src/model/ingress.ts';

const empty: IngressState = {
  service: 'web',
  ports: [{ port: 3000, mode: 'http' }],
  outageTimeoutMs: 10_000,
  holdTimeoutMs: 1000,
  drainTimeoutMs: 1000,
  clientTimeoutMs: 1000,
  serverTimeoutMs: 1000,
  slots: [null, null, null],
};

/** An engine that takes files and hands them over when told to. */
const slowDisk = () => {
  const writes: { containers: (string | undefined)[]; done: () => void }[] = [];
  const writeFiles = (_container: string, _directory: string, files: readonly NewFile[]): Promise<void> =>
    new Promise((done) => {
      const file = files.find(({ name }) => name === 'haproxy.cfg');
      if (file?.kind !== 'file') throw new Error('expected a file');
      writes.push({ containers: parseState(String(file.content)).slots.map((fill) => fill?.container), done });
    });
  // Slots use nothing else of an engine.
  return { writes, engine: { writeFiles } as unknown as Engine };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('fills the slot that has been free for longest', () => {
  const slots = keepSlots(slowDisk().engine, 'ingress', empty, 0);
  expect([slots.take('a'), slots.take('b'), slots.take('c')]).toEqual([0, 1, 2]);
  slots.free(1);
  slots.free(0);
  expect([slots.take('d'), slots.take('e')]).toEqual([1, 0]);
  expect(slots.find('e')).toBe(0);
  expect(slots.find('a')).toBeUndefined();
});

it('says so when all slots are filled', () => {
  const slots = keepSlots(slowDisk().engine, 'ingress', { ...empty, slots: [{ container: 'a', state: 'ready' }] }, 0);
  expect(() => slots.take('b')).toThrow('all 1 are filled');
});

it('resolves a write only once the disk has what was set before the call', async () => {
  const { engine, writes } = slowDisk();
  const slots = keepSlots(engine, 'ingress', empty, 0);
  slots.take('a');
  const first = slots.write();
  await settled();
  slots.take('b');
  slots.take('c');
  let written = false;
  const second = Promise.all([slots.write(), slots.write()]).then(() => {
    written = true;
  });
  writes[0]?.done();
  await first;
  await settled();
  expect(written).toBe(false);
  expect(writes.map(({ containers }) => containers)).toEqual([
    ['a', undefined, undefined],
    ['a', 'b', 'c'],
  ]);
  writes[1]?.done();
  await second;
});
