const BEGIN = '<!-- table: npm run docs:conventions -->';
const END = '<!-- /table -->';

export const CONVENTIONS_PAGE = new URL('../../../docs/conventions.md', import.meta.url);

/** The page with the table in its place; the text around it is written by hand. */
export function withTable(page: string, table: string): string {
  const [before, rest = ''] = page.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined)
    throw new Error(`docs/conventions.md has no place for the table, between ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
