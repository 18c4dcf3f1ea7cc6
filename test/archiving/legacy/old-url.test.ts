import { describe, expect, it } from 'vitest';
import { readOldPath } from '../../../src/archiving/legacy/old-path.ts';
import { readOldUrl } from '../../../src/archiving/legacy/old-url.ts';
import { archivedLists, expectedArchive } from '../../support/old-archives.ts';

const MARCH = { frequency: 'monthly', year: 2019, month: 3, day: 1 };

describe('a path below the archive of a list', () => {
  it.each<[string, unknown]>([
    ['', { kind: 'overview' }],
    ['index.html', { kind: 'overview' }],
    ['2019-March', { kind: 'index', volume: MARCH, order: 'thread' }],
    ['2019-March/', { kind: 'index', volume: MARCH, order: 'thread' }],
    ['2019-March/index.html', { kind: 'index', volume: MARCH, order: 'thread' }],
    ['2019-March/thread.html', { kind: 'index', volume: MARCH, order: 'thread' }],
    ['2019-March/subject.html', { kind: 'index', volume: MARCH, order: 'subject' }],
    ['2019-March/author.html', { kind: 'index', volume: MARCH, order: 'author' }],
    ['2019-March/date.html', { kind: 'index', volume: MARCH, order: 'date' }],
    ['2019-March.txt', { kind: 'text', volume: MARCH, isCompressed: false }],
    ['2019-March.txt.gz', { kind: 'text', volume: MARCH, isCompressed: true }],
    [
      '2019-March/000123.html',
      { kind: 'article', path: '2019-March/000123.html', volume: MARCH, number: 123 },
    ],
    ['attachments/20190304/0a1b2c3d/a.pdf', { kind: 'file', path: 'attachments/20190304/0a1b2c3d/a.pdf' }],
    ['2019-March/picture.png', { kind: 'file', path: '2019-March/picture.png' }],
  ])('%s is understood', (path, target) => {
    expect(readOldPath(path)).toEqual(target);
  });

  it.each(['../plain/index.html', 'attachments/../../x', 'a\0b', 'a\\b', './x', `a/${'b'.repeat(2000)}`])(
    '%s is none',
    (path) => {
      expect(readOldPath(path)).toBeUndefined();
    },
  );

  it('is an article wherever the recorded site has one', () => {
    for (const list of archivedLists) {
      const { articles, attachments } = expectedArchive(list).archive.pipermail;
      for (const { path } of articles) expect(readOldPath(path)?.kind).toBe('article');
      for (const path of attachments) expect(readOldPath(path)?.kind).toBe('file');
    }
  });
});

describe('an address of the old server', () => {
  it('names the list and what was there', () => {
    expect(readOldUrl('/pipermail/c%2B%2B-users.v2/2019-March/000001.html')).toMatchObject({
      list: 'c++-users.v2',
      isPrivate: false,
      target: { kind: 'article', number: 1 },
    });
    expect(readOldUrl('/mailman/private/Ant/')).toMatchObject({
      list: 'ant',
      isPrivate: true,
      target: { kind: 'overview' },
    });
    expect(readOldUrl('/pipermail/ant.mbox/ant.mbox')).toEqual({
      list: 'ant',
      isPrivate: false,
      target: { kind: 'mbox' },
    });
  });

  it.each([
    '/',
    '/pipermail/',
    '/mailman/listinfo/ant',
    '/pipermail/%ff/',
    '/pipermail/../x',
    '/pipermail/a/%2e%2e/b',
  ])('is not %s', (path) => {
    expect(readOldUrl(path)).toBeUndefined();
  });
});
