import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PyBytes, PyDict, PyFloat, PySet, PyTuple } from '../../../migrate/pickle/values.ts';
import { bareMessageId } from '../../../migrate/pipermail/bare-message-id.ts';
import { readArticleDatabase, readPipermailState } from '../../../migrate/pipermail/databases.ts';
import { MarshalError } from '../../../migrate/pipermail/errors.ts';
import { readMarshal } from '../../../migrate/pipermail/marshal.ts';
import { archivedLists, expectedArchive, oldArchives } from '../../support/old-archives.ts';

/** What Python marshals, in the version that Python 2 has. */
function marshalled(expression: string): Buffer {
  const code = `import marshal, sys; sys.stdout.buffer.write(marshal.dumps(${expression}, 2))`;
  return execFileSync('/usr/bin/python3', ['-c', code]);
}

describe('marshalled values', () => {
  it.each<[string, unknown]>([
    ['None', null],
    ['True', true],
    ['-70000', -70_000],
    ['2**40', 2n ** 40n],
    ['-2**100', -(2n ** 100n)],
    ['1.5', new PyFloat(1.5)],
    ["b'\\x00\\xff'", new PyBytes('\0\xff')],
    ["'\\xe9\\u3042'", 'éあ'],
    ["(1, 'a', ())", new PyTuple([1, 'a', new PyTuple([])])],
    ['[1, [2]]', [1, [2]]],
    ["{'a': (b'b', 1)}", new PyDict([['a', new PyTuple([new PyBytes('b'), 1])]])],
    ['frozenset([1])', new PySet([1], true)],
  ])('such as %s are read', (expression, value) => {
    expect(readMarshal(marshalled(expression))).toEqual(value);
  });

  it('refer back to strings that were interned', () => {
    expect(readMarshal(Buffer.from('(\x02\0\0\0t\x01\0\0\0aR\0\0\0\0', 'latin1'))).toEqual(
      new PyTuple([new PyBytes('a'), new PyBytes('a')]),
    );
  });

  it.each([
    ['nothing', ''],
    ['an end mark', '0'],
    ['an unknown type', 'q'],
    ['code', 'c\0\0\0\0'],
    ['a length that lies', 's\xff\xff\xff\x7fabc'],
    ['a negative length', 's\xff\xff\xff\xff'],
    ['a list that lies', '[\xff\xff\xff\x7f'],
    ['nesting without end', '(\x01\0\0\0'.repeat(10_000)],
    ['a list as key', '{[\0\0\0\0N0'],
    ['a reference to nothing', 'R\x05\0\0\0'],
    ['bytes behind the end', 'NN'],
    ['a number without end', `l\xff\xff\xff\x0f${'\0'.repeat(9000)}`],
  ])('that are %s are refused with their offset', (_, bytes) => {
    expect(() => readMarshal(Buffer.from(bytes, 'latin1'))).toThrow(MarshalError);
    expect(() => readMarshal(Buffer.from(bytes, 'latin1'))).toThrow(/^Marshal, byte \d+: /);
  });
});

describe("pipermail's databases", () => {
  it('name the article of each Message-ID', () => {
    for (const list of archivedLists) {
      const folder = join(oldArchives().tree(list), 'database');
      const found = new Map<string, string>();
      for (const name of readdirSync(folder).filter((file) => file.endsWith('-article'))) {
        const { articles, unreadable } = readArticleDatabase(readFileSync(join(folder, name)));
        expect(unreadable).toBe(0);
        const volume = name.slice(0, -'-article'.length);
        for (const { messageId, number } of articles)
          found.set(`${volume}/${String(number).padStart(6, '0')}.html`, messageId);
      }
      const { articles } = expectedArchive(list).archive.pipermail;
      const theirs = articles
        .filter((article) => article.in_database)
        .map(({ path, message_id }) => [path, bareMessageId(message_id)]);
      expect(theirs.filter(([path = '', id]) => bareMessageId(found.get(path) ?? '') !== id)).toEqual([]);
      expect(found.size).toBe(theirs.length);
    }
  });

  it('know volumes and the next number', () => {
    for (const list of archivedLists) {
      const state = readPipermailState(readFileSync(join(oldArchives().tree(list), 'pipermail.pck')));
      const { archive } = expectedArchive(list);
      expect(state?.volumes.toSorted()).toEqual(archive.pipermail.volumes.toSorted());
      expect(state?.nextNumber).toBe(archive.mbox.messages);
    }
  });

  it('may be damaged', () => {
    expect(readPipermailState(Buffer.from('(dp0\nS'))).toBeUndefined();
    expect(() => readArticleDatabase(Buffer.from('N'))).toThrow(MarshalError);
    const records = marshalled("{b'a': b'(dp0', b'b': 3}");
    expect(readArticleDatabase(records)).toEqual({ articles: [], unreadable: 2 });
  });
});
