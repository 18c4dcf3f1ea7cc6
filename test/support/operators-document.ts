import { readFileSync } from 'node:fs';

/**
 * A block of a page in `docs/`, so that what operators are told is what the tests do.
 * @param page such as `mta.md`
 * @param heading a heading above the block, as it stands there
 * @param title what the first line of the block says behind its `# `
 * @param changes what stands there and what the test has in its place; each must occur
 */
export function documentBlock(
  page: string,
  heading: string,
  title: string,
  changes: Readonly<Record<string, string>> = {},
): string {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const section = text.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`));
  const blocks = (section ?? '').split(/^```.*\n/m).filter((_, index) => index % 2 === 1);
  const block = blocks.find((lines) => lines.startsWith(`# ${title}\n`));
  if (block === undefined) throw new Error(`docs/${page}: no block "${title}" below "${heading}"`);
  return Object.entries(changes).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`docs/${page}: "${title}" does not say ${from}`);
    return changed.replaceAll(from, to);
  }, block);
}
