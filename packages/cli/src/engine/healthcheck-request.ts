import type { Healthcheck } from '../model/service.ts';
import { isOlder } from './api-version.ts';
import { SINCE } from './container-api.ts';

const NS_PER_MS = 1_000_000;

/**
 * A healthcheck for the engine. Without a test, the image's own applies with these timings. A timing of 0 also means
 * the image's own.
 */
export const healthcheckRequest = (check: Healthcheck, apiVersion: string): object => ({
  Test: check.test,
  Interval: check.intervalMs * NS_PER_MS,
  Timeout: check.timeoutMs * NS_PER_MS,
  Retries: check.retries,
  StartPeriod: check.startPeriodMs * NS_PER_MS,
  ...(check.startIntervalMs !== undefined &&
    !isOlder(apiVersion, SINCE.startInterval) && { StartInterval: check.startIntervalMs * NS_PER_MS }),
});
