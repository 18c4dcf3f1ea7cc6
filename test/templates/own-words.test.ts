import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedText } from '../../src/templates/catalog/index.ts';
import { templateNames } from '../../src/templates/names.ts';

/** The templates of Debian's mailman3-core; they are under the GPL, ours are not. */
const THEIRS = '/usr/lib/python3/dist-packages/mailman/templates';

/** So many words in a row are no coincidence. */
const RUN = 10;

const isMissing = !existsSync(THEIRS) && process.env.CI !== 'true';

describe.skipIf(isMissing)('beside the templates of Debian’s mailman3', () => {
  test.each(['en', 'de', 'fr'])('the texts in %s are our own words', async (language) => {
    const folder = join(THEIRS, language);
    const theirs = new Set(
      readdirSync(folder)
        .filter((file) => file.endsWith('.txt'))
        .flatMap((file) => runs(readFileSync(join(folder, file), 'utf8'))),
    );
    expect(theirs.size).toBeGreaterThan(500);
    for (const name of [...templateNames, 'help', 'list:member:generic:footer']) {
      const shared = runs((await shippedText(name, language)) ?? '').filter((run) => theirs.has(run));
      expect.soft(shared, name).toEqual([]);
    }
  });
});

function runs(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}$_@]+/gu) ?? [];
  return words
    .slice(0, Math.max(0, words.length - RUN + 1))
    .map((_, at) => words.slice(at, at + RUN).join(' '));
}
