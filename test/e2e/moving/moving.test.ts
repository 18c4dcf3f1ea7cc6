import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { missingPostfix } from '../../peers/postfix.ts';
import { describeWhere } from '../../support/where-available.ts';
import { followGuide } from './follow-guide.ts';
import { excerptOf, readGuide } from './guide.ts';
import { OldSite } from './old-site.ts';

/** A post at this moment would be a difference that the page does not tell of. */
const QUIET = /migrate follow /;

/** A way through one of the pages. */
interface Way {
  readonly page: string;
  readonly chapter?: string;
  readonly lists: readonly string[];
  /** The list that moves, somebody in it, and how many get its posts. */
  readonly list: string;
  readonly author: string;
  readonly size: number;
  /** How many are handed over with the first tenth. */
  readonly tenth: number;
}

const WAYS: readonly Way[] = [
  {
    page: 'docs/moving.md',
    lists: ['announce', 'members-lab', 'nihongo-users', 'plain', 'staff', 'truncated', 'vereinsrundbrief'],
    ...{ list: 'plain', author: 'anna@example.com', size: 12, tenth: 2 },
  },
  {
    page: 'README.md',
    chapter: 'Moving a site',
    lists: ['nihongo-users', 'staff'],
    ...{ list: 'staff', author: 'one@staff.example.com', size: 3, tenth: 1 },
  },
];

/** The part of the members that Ferryman delivers to after a command; undefined where it changes nothing. */
function sharesAfter(text: string, { tenth }: Way): number | 'all' | undefined {
  if (/cutover (rollback|observe) (?!--dry-run)/.test(text)) return 0;
  if (/cutover lead --yes|--percent 100$/.test(text)) return 'all';
  return /--percent 10$/.test(text) ? tenth : undefined;
}

test.each(WAYS)('$page names only files of Ferryman that there are', ({ page }) => {
  const text = readFileSync(page, 'utf8');
  const files = [...text.matchAll(/\/opt\/ferryman\/([\w./-]+\w)/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect([file, existsSync(file)]).toEqual([file, true]);
});

describeWhere(missingPostfix(), 'moving a site as', () => {
  let site: OldSite | undefined;

  afterEach(async () => {
    await site?.stop();
    site = undefined;
  });

  test.each(WAYS)(
    '$page says, word for word; each member gets each post once all the way',
    { timeout: 600_000 },
    async (way) => {
      const { page, chapter, lists, list, author, size } = way;
      site = await OldSite.start(
        excerptOf(readGuide('docs/moving.md'), '/etc/postfix/main.cf, before'),
        lists,
      );
      const members = new Set(site.receivers(list));
      expect([...members]).toContain(author);
      expect(members.size).toBe(size);
      let share: number | 'all' = 0;
      let posts = 0;
      for await (const { text } of followGuide(site, readGuide(page, chapter))) {
        const [, joins] = /^echo (\S+@example\.com) \| .*add_members/.exec(text) ?? [];
        if (joins !== undefined) members.add(joins);
        share = sharesAfter(text, way) ?? share;
        if (QUIET.test(text)) continue;
        const got = await site.post(author, `${list}@lists.example.com`, `post${++posts}`);
        const ferryman = share === 'all' ? members.size : share;
        expect({ text, ...got }).toEqual({
          ...{ text, ferryman, mailman2: members.size - ferryman },
          ...{ recipients: [...members].sort(), twice: [] },
        });
      }
      expect(share).toBe('all');
      expect(posts).toBeGreaterThan(10);
    },
  );
});
