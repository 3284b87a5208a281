import { expect, it } from 'vitest';
import { coalesce } from '../../src/model/coalesce.ts';

const acts = () => {
  const seen: (readonly number[])[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const put = coalesce<number>((items) => {
    seen.push([...items]);
    const end = Promise.withResolvers<void>();
    ends.push(end);
    return end.promise;
  });
  const turn = () => new Promise(setImmediate);
  return { seen, ends, put, turn };
};

it('acts at once, and joins later calls into the next act, in order', async () => {
  const { seen, ends, put, turn } = acts();
  const first = put([1]);
  await turn();
  const others = [put([2]), put([3, 4])];
  await turn();
  expect(seen).toEqual([[1]]);
  ends[0]?.resolve();
  await first;
  await turn();
  expect(seen).toEqual([[1], [2, 3, 4]]);
  ends[1]?.resolve();
  await Promise.all(others);
});

it('rejects the calls whose act failed, and continues', async () => {
  const { seen, ends, put, turn } = acts();
  const [one, two] = [put([1]), put([2])];
  await turn();
  const three = put([3]);
  ends[0]?.reject(new Error('full'));
  await expect(one).rejects.toThrow('full');
  await expect(two).rejects.toThrow('full');
  await turn();
  ends[1]?.resolve();
  await three;
  expect(seen).toEqual([[1, 2], [3]]);
});
