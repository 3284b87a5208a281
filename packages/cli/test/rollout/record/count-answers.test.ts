import { describe, expect, it } from 'vitest';
import type { Ingress } from '../../../src/ingress/ingress.ts';
import type { IngressCounters } from '../../../src/model/ingress.ts';
import type { Service } from '../../../src/model/service.ts';
import { type CountContext, countAnswers } from '../../../src/rollout/record/count-answers.ts';
import { aService, aWebService } from '../a-service.ts';

type Counts = readonly [total: number, serverErrors: number, failed?: number];

const counters = ([total, serverErrors, failed = 0]: Counts): IngressCounters => ({
  total,
  failed,
  retried: 0,
  serverErrors,
});

/** What is told of ingresses that had counted so much at each moment. */
async function told(services: readonly Service[], counts: Readonly<Record<string, readonly Counts[]>>) {
  let moment = 0;
  const session = (name: string) => ({
    state: { ports: [{ port: 3000, mode: 'http' }] },
    counters: async () => counters(counts[name]?.[moment] ?? [0, 0]),
  });
  const running = Object.keys(counts);
  const context = {
    clock: { now: () => moment * 1000 },
    carried: new Map(),
    sessions: new Map(running.map((name) => [name, Promise.resolve(session(name) as unknown as Ingress)])),
  } as unknown as CountContext;
  const answers = countAnswers(context, { services, running, steps: [] });
  for (const name of ['begun', 'switching', 'switched', 'ended'] as const) {
    await answers.mark(name);
    moment += 1;
  }
  return answers.told();
}

const inside = aService('app', { update: { ...aService('app').update, order: 'start-first' } });

describe('the requests of a rollout', () => {
  const app: readonly Counts[] = [
    [500, 0],
    [600, 0],
    [650, 8],
    [700, 8],
  ];

  it('are those that users sent to published ports, once, and the numbers of each service', async () => {
    const web: readonly Counts[] = [
      [100, 0],
      [200, 0],
      [250, 8],
      [300, 8],
    ];
    const requests = await told([aWebService('web', 8080), inside], { web, app });
    expect(requests).toMatchObject({ total: 200, failed: 0, serverErrors: 8 });
    expect(requests?.services).toMatchObject({
      web: { summed: true, rose: true, during: { total: 50, serverErrors: 8 } },
      app: { summed: false, rose: true, during: { total: 50, serverErrors: 8 } },
    });
  });

  it('are those of all services where none publishes a port', async () => {
    const requests = await told([inside], { app });
    expect(requests).toMatchObject({ total: 200, serverErrors: 8, services: { app: { summed: true } } });
  });

  it('are never fewer than those that failed', async () => {
    const web: readonly Counts[] = [
      [100, 0],
      [200, 100],
      [224, 131, 0],
      [250, 157, 3],
    ];
    const { services, ...sum } = (await told([aWebService('web', 8080)], { web })) ?? {};
    expect(sum).toMatchObject({ total: 160, failed: 3, serverErrors: 157 });
    expect(services?.web).toMatchObject({ during: { total: 31, serverErrors: 31 }, after: { total: 29 } });
  });
});
