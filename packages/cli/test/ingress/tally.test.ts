import { describe, expect, it } from 'vitest';
import { startTally } from '../../src/ingress/tally.ts';

const counted = (total: number) => ({ total, failed: 0, retried: 0, serverErrors: 0 });
const worker = (generation: number, started = '100', pid = '8') => ({ generation, started, pid });

describe('the counters of an ingress', () => {
  it('go on where a reload replaced its worker', () => {
    const tally = startTally();
    expect(tally.add(worker(1), counted(500)).total).toBe(500);
    tally.end(worker(1), counted(538));
    expect(tally.add(worker(2, '110', '9'), counted(10)).total).toBe(548);
    expect(tally.add(worker(2, '110', '9'), counted(12)).total).toBe(550);
    expect(tally.restarts).toBe(0);
  });

  it('never go back where its container was restarted, however much came since', () => {
    for (const since of [0, 120, 2000]) {
      const tally = startTally();
      tally.add(worker(1), counted(538));
      expect(tally.add(worker(1, '130'), counted(since)).total).toBe(538 + since);
      expect(tally.add(worker(1, '130'), counted(since + 1)).total).toBe(538 + since + 1);
      expect(tally.restarts).toBe(1);
    }
  });

  it('count a worker once that was restarted and then replaced', () => {
    const tally = startTally();
    tally.add(worker(1), counted(538));
    tally.end(worker(1, '130'), counted(7));
    expect(tally.add(worker(2, '140'), counted(1)).total).toBe(546);
    // It was asked while the reload went on.
    const early = startTally();
    early.add(worker(2, '140'), counted(1));
    early.end(worker(1), counted(7));
    expect(early.add(worker(2, '140'), counted(3)).total).toBe(10);
  });
});
