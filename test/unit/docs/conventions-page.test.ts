import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONVENTION_CASES } from '../../support/conventions/convention-cases.js';
import { CONVENTIONS_PAGE, withTable } from '../../support/conventions/conventions-page.js';
import { coverageTable } from '../../support/conventions/coverage-table.js';

it('docs/conventions.md has the table that the tests make; npm run docs:conventions writes it', () => {
  const page = readFileSync(CONVENTIONS_PAGE, 'utf8');
  expect(page).toBe(withTable(page, coverageTable(CONVENTION_CASES)));
});
