import { describe, expect, it } from 'vitest';
import type { IngressCounters } from '../../../src/model/ingress.ts';
import { answerWindows, type Moment, type Reading } from '../../../src/rollout/record/answer-windows.ts';

const at = (seconds: number, total: number, serverErrors = 0, failed = 0): Reading => ({
  timeMs: seconds * 1000,
  counters: new Map([['web', counted(total, serverErrors, failed)]]),
  bytes: new Set(),
});

const counted = (total: number, serverErrors = 0, failed = 0): IngressCounters => ({
  total,
  failed,
  retried: 0,
  serverErrors,
});

const windows = (readings: Readonly<Partial<Record<Moment, Reading>>>, isNew = false) =>
  answerWindows('web', readings, isNew);

describe('the windows of a rollout', () => {
  it('are what was counted before, during and after the switch', () => {
    const readings = {
      begun: at(0, 1000, 10),
      switching: at(2, 1100, 11),
      switched: at(5, 1557, 60),
      ended: at(9, 1645, 60),
    };
    expect(windows(readings)).toEqual({
      before: { ...counted(100, 1), seconds: 2 },
      during: { ...counted(457, 49), seconds: 3 },
      after: { ...counted(88), seconds: 4 },
      http: true,
      rose: true,
    });
  });

  it('begin with the ingress where few requests came while the new replicas started', () => {
    const readings = {
      begun: at(0, 1000, 10),
      switching: at(2, 1019, 11),
      switched: at(5, 1119, 11),
      ended: at(9, 1119, 11),
    };
    expect(windows(readings)).toMatchObject({ before: counted(1019, 11), rose: false });
    expect(windows(readings)?.before).not.toHaveProperty('seconds');
  });

  it('show no rise where the few requests before the switch failed too', () => {
    const readings = {
      begun: at(0, 10_000, 10),
      switching: at(2, 10_005, 15),
      switched: at(5, 10_905, 913),
      ended: at(9, 10_950, 913),
    };
    expect(windows(readings)).toMatchObject({ before: counted(10_005, 15), rose: false });
    expect(windows({ ...readings, switching: at(2, 10_005, 10) })).toMatchObject({ rose: true });
  });

  it('tell that the share rose after the switch alone', () => {
    const readings = { begun: at(0, 0), switching: at(2, 100, 1), switched: at(5, 200, 2), ended: at(9, 250, 3) };
    expect(windows(readings)).toMatchObject({ rose: true });
    expect(windows({ ...readings, ended: at(9, 300, 3) })).toMatchObject({ rose: false });
  });

  it('count requests without an answer among the errors', () => {
    const readings = { begun: at(0, 0), switching: at(2, 100), switched: at(5, 200, 0, 3), ended: at(9, 250, 0, 3) };
    expect(windows(readings)).toMatchObject({ rose: true });
  });

  it('have no before where the ingress is new, and no after where the switch did not end', () => {
    const none = { timeMs: 0, counters: new Map(), bytes: new Set<string>() };
    const readings = { begun: none, switching: none, ended: at(9, 50) };
    expect(windows(readings, true)).toEqual({ during: { ...counted(50), seconds: 9 }, http: true, rose: false });
  });

  it('are not told where nothing changed hands, or the ingress did not tell', () => {
    const none = { timeMs: 0, counters: new Map(), bytes: new Set<string>() };
    expect(windows({ begun: at(0, 1), ended: at(1, 2) })).toBeUndefined();
    expect(windows({ begun: at(0, 1), switching: none, ended: at(1, 2) })).toBeUndefined();
  });

  it('are never less than nothing, where an ingress began to count again', () => {
    const readings = { begun: at(0, 100), switching: at(1, 150), switched: at(2, 20), ended: at(3, 30) };
    expect(windows(readings)?.during).toEqual({ ...counted(0), seconds: 1 });
  });
});
