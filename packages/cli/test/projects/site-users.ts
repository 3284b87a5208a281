import { expect } from 'vitest';
import { type Load, type LoadResult, startLoad } from '../load.ts';

/** The users of nginx in the project `site`, while its services are replaced. */
export interface SiteUsers {
  /** Resolves once so many more requests of each application were answered. */
  pass(requests: number): Promise<void>;
  stop(): Promise<SiteResult>;
}

/** What came of the users' requests to both applications. */
export interface SiteResult {
  readonly total: number;
  readonly failed: number;
  readonly failures: LoadResult['failures'];
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers to GETs, by text. */
  readonly answers: readonly string[];
  /** Ids of the POSTs that were sent, and of those that were answered. */
  readonly sent: readonly string[];
  readonly answered: readonly string[];
}

/** Starts users of both applications: some keep their connection, some do not, one request in five is a POST. */
export async function startUsers(url: string): Promise<SiteUsers> {
  const clients = { keepAlive: 4, fresh: 2, connectionClose: 2, posts: 0.2, pauseMs: 60 };
  const loads: Load[] = [];
  for (const path of ['/', '/api/']) loads.push(await startLoad({ url: `${url}${path}`, ...clients }));
  return {
    pass: async (requests) => {
      await Promise.all(loads.map((load) => load.pass(requests)));
    },
    stop: async () => {
      const results = await Promise.all(loads.map((load) => load.stop()));
      const statuses: Record<string, number> = {};
      for (const one of results)
        for (const [status, count] of Object.entries(one.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
      return {
        total: results.reduce((sum, { total }) => sum + total, 0),
        failed: results.reduce((sum, { failed }) => sum + failed, 0),
        failures: results.flatMap(({ failures }) => failures),
        statuses,
        answers: [...new Set(results.flatMap(({ bodies }) => Object.keys(bodies)))].filter((text) =>
          text.includes(','),
        ),
        sent: results.flatMap(({ posts }) => posts.sent),
        answered: results.flatMap(({ posts }) => posts.answered),
      };
    },
  };
}

/** Every user got the answer, and none of them one of nginx's own 5xx. */
export function expectNobodyNoticed({ total, failed, failures, statuses, answers, sent, answered }: SiteResult): void {
  expect({ failed, failures, statuses }).toEqual({ failed: 0, failures: [], statuses: { 200: total } });
  expect(total).toBeGreaterThan(100);
  expect([...answered].toSorted()).toEqual([...sent].toSorted());
  expect(answers.filter((text) => !/^(web|api) \d+, (web|api) \d+, 1$/.test(text))).toEqual([]);
}
