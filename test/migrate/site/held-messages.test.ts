import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flattenMessage } from '../../../migrate/held/flatten.ts';
import { readHeldMessage } from '../../../migrate/held/requests.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { PyBytes, PyDict, PyInstance, PyTuple } from '../../../migrate/pickle/values.ts';
import { openLists, SITE } from './fixture-site.ts';

const DATA = join(SITE, 'data');
const held = openLists.flatMap(([, { held_messages }]) => held_messages);
const readable = held.filter(({ load_error }) => load_error === undefined);

test.each(readable)('$file is written out byte for byte as by Mailman', ({ file, sha1, bytes }) => {
  const message = flattenMessage(readPickle(readFileSync(join(DATA, file))), {
    mangleFrom: true,
    refold: true,
  });
  expect([message.length, createHash('sha1').update(message).digest('hex')]).toEqual([bytes, sha1]);
});

test('a file that is cut is refused by name', () => {
  expect(() => readHeldMessage(DATA, 'heldmsg-plain-6.pck')).toThrow(/heldmsg-plain-6\.pck cannot be read/);
});

test.each(['../../etc/passwd', 'heldmsg-x/../../adm.pw', 'adm.pw'])('%s is not opened', (file) => {
  expect(() => readHeldMessage(DATA, file)).toThrow('is no name of a held message');
});

/** A message that is no multipart, as Mailman pickles it. */
function pickled(body: string, headers: readonly (readonly [string, string])[]): PyInstance {
  const bytes = (text: string) => new PyBytes(text);
  return PyInstance.oldStyle(
    'Mailman.Message',
    'Message',
    new PyDict([
      [bytes('_headers'), headers.map(([name, value]) => new PyTuple([bytes(name), bytes(value)]))],
      [bytes('_payload'), bytes(body)],
      [bytes('_default_type'), bytes('text/plain')],
    ]),
  );
}

test('lines that begin with "From " are escaped in files and not in mail', () => {
  const message = pickled('From here\nFrom there\n', [['Subject', 'x']]);
  expect(flattenMessage(message).toString()).toBe('Subject: x\n\nFrom here\nFrom there\n');
  expect(flattenMessage(message, { mangleFrom: true, refold: true }).toString()).toBe(
    'Subject: x\n\n>From here\n>From there\n',
  );
});

test('a header cannot smuggle in another one', () => {
  const message = pickled('x', [['Subject', 'one\nBcc: everybody@example.com']]);
  expect(flattenMessage(message, { mangleFrom: false, refold: false }).toString()).toBe(
    'Subject: one\n Bcc: everybody@example.com\n\nx',
  );
});
