import { describe, expect, it } from 'vitest';
import { countTests } from '../test-counts.mjs';

const report = (counts: { passed?: number; failed?: number; pending?: number; todo?: number }, files: unknown[] = []) =>
  JSON.stringify({
    numPassedTests: counts.passed ?? 0,
    numFailedTests: counts.failed ?? 0,
    numPendingTests: counts.pending ?? 0,
    numTodoTests: counts.todo ?? 0,
    testResults: files,
  });

describe('countTests', () => {
  it('counts passed, failed, skipped and planned tests', () => {
    const files = [{ status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }];
    const counts = countTests(report({ passed: 5, failed: 1, pending: 2, todo: 1 }, files), 1);
    expect(counts).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const counts = countTests(report({ passed: 5 }, [{ status: 'failed', assertionResults: [] }]), 1);
    expect(counts).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it('counts a run that failed outside of any test as a failure', () => {
    expect(countTests(report({ passed: 5 }), 1).failed).toBe(1);
  });

  it('counts a run without a report as a failure', () => {
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
