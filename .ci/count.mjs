// Says of the given vitest reports what failed and why, then prints "N passed, N failed" as the last line; fails when
// there is no report: nothing proven is no success. The reasons come last because of a long log often only the end is kept.
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const LONGEST_REASON = 3_000;

const reports = process.argv
  .slice(2)
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')));

const sayFailure = (what, reason = '') =>
  process.stdout.write(`\nFAILED: ${what}\n${stripVTControlCharacters(reason).slice(0, LONGEST_REASON)}\n`);

let passed = 0;
let failed = 0;
for (const { numPassedTests, numFailedTests, testResults } of reports) {
  passed += numPassedTests;
  failed += numFailedTests;
  for (const { name: file, status, message, assertionResults } of testResults) {
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed') sayFailure(`${file}: ${fullName}`, failureMessages.join('\n'));
    // A file that could not even be loaded has no tests, and fails all the same.
    if (status !== 'failed' || assertionResults.length > 0) continue;
    failed += 1;
    sayFailure(file, message);
  }
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = passed === 0 || failed > 0 ? 1 : 0;
