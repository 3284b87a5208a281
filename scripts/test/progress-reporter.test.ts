import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import ProgressReporter from '../progress-reporter.ts';

interface Skipped {
  readonly fullName: string;
  readonly note?: string;
}

/** As much of a module as is looked at. */
const moduleOf = (relativeModuleId: string, skipped: readonly Skipped[] = []): TestModule =>
  ({
    relativeModuleId,
    children: {
      allTests: () => skipped.map(({ fullName, note }) => ({ fullName, result: () => ({ state: 'skipped', note }) })),
    },
  }) as unknown as TestModule;

let written: string;
let nowMs: number;
let reporter: ProgressReporter;
beforeEach(() => {
  vi.useFakeTimers();
  written = '';
  nowMs = 0;
  reporter = new ProgressReporter({
    write: (text) => {
      written += text;
    },
    now: () => nowMs,
  });
});
afterEach(() => vi.useRealTimers());

const pass = (ms: number): void => {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
};

it('says which files still run 20 s after the last line, and every 20 s from then on', () => {
  reporter.onTestRunStart();
  reporter.onTestModuleStart(moduleOf('a.test.ts'));
  pass(15_000);
  reporter.onTestModuleStart(moduleOf('b.test.ts'));
  reporter.onTestModuleEnd(moduleOf('a.test.ts'));
  pass(19_000);
  expect(written).toBe('');
  pass(1000);
  expect(written).toBe(' … still running: b.test.ts (20 s)\n');
  pass(20_000);
  expect(written).toContain('b.test.ts (40 s)');
  reporter.onTestRunEnd([]);
  const before = written;
  pass(60_000);
  expect(written).toBe(before);
});

it('tells at the end why tests were skipped, a line for each file and reason', () => {
  reporter.onTestRunEnd([
    moduleOf('page.test.ts', [
      { fullName: 'the page (skipped: no Chromium: apt-get install chromium) > opens' },
      { fullName: 'the page (skipped: no Chromium: apt-get install chromium) > closes' },
    ]),
    moduleOf('mount.test.ts', [{ fullName: 'a full disk', note: 'only root mounts one' }]),
    // Left out by `-t`.
    moduleOf('other.test.ts', [{ fullName: 'something else' }]),
  ]);
  expect(written).toBe(`
Skipped:
  page.test.ts: no Chromium: apt-get install chromium (2 tests)
  mount.test.ts: only root mounts one (1 test)
`);
});
