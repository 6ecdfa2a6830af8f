// Prints "N passed, N failed" for the given vitest reports, and fails when there is none: nothing proven is no success.
import { existsSync, readFileSync } from 'node:fs';

const reports = process.argv
  .slice(2)
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')));

let passed = 0;
let failed = 0;
for (const { numPassedTests, numFailedTests, testResults } of reports) {
  passed += numPassedTests;
  failed += numFailedTests;
  // A file that could not even be loaded has no tests, and fails all the same.
  failed += testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.length,
  ).length;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = passed === 0 || failed > 0 ? 1 : 0;
