import { readFileSync, writeFileSync } from 'node:fs';
import { CONVENTION_CASES } from './convention-cases.js';
import { CONVENTIONS_PAGE, withTable } from './conventions-page.js';
import { coverageTable } from './coverage-table.js';

const page = readFileSync(CONVENTIONS_PAGE, 'utf8');
writeFileSync(CONVENTIONS_PAGE, withTable(page, coverageTable(CONVENTION_CASES)));
