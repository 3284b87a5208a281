/**
 * Counts from vitest's JSON report. A file that could not be loaded has no tests and counts as one failure. So does a run
 * that failed without naming a test, or without a report.
 *
 * @param {string | undefined} report
 * @param {number} status vitest's exit status
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTests(report, status) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report);
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  const failed = numFailedTests + broken.length;
  const executed = numPassedTests + failed > 0;
  return {
    passed: numPassedTests,
    failed: failed === 0 && status !== 0 && executed ? 1 : failed,
    skipped: numPendingTests + (numTodoTests ?? 0),
  };
}

const isFailed = (test) => test.status === 'failed';
