import { expect, test } from 'vitest';
import { install, makeList, problemOf, succeed } from '../support/mailman.ts';

const MAIL = 'From: anne@example.net\nSubject: Hello\n\nHello.\n';
const LIST = 'ant@example.com';

const counts = (server: ReturnType<typeof install>): Record<string, number> =>
  JSON.parse(succeed(server.mailman('queues', '--json'))) as Record<string, number>;

test('inject queues a message, queues counts it, qfile shows it', () => {
  const server = install();
  makeList(server, LIST);
  expect(server.mailmanReading(MAIL, 'inject', '-m', 'key=value', '-m', 'bare', LIST)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(counts(server)).toMatchObject({ in: 1, out: 0, shunt: 0 });
  expect(succeed(server.mailman('queues'))).toMatch(/^in +1$/m);
  const id = server.query('SELECT entry_id FROM queue_entry')[0]?.entry_id as string;
  const shown = succeed(server.mailman('qfile', id));
  expect(shown).toMatch(
    /^\[----- start pickle -----\]\n<----- start object 1 ----->\nFrom: anne@example\.net\n/,
  );
  expect(shown).toMatch(/^Message-ID: <[^>]+>$/m);
  expect(shown).toMatch(/^Message-ID-Hash: [A-Z2-7]{32}$/m);
  expect(shown).toMatch(/^X-Message-ID-Hash: [A-Z2-7]{32}$/m);
  expect(shown).toMatch(/^Date: /m);
  expect(shown).toContain(
    `<----- start object 2 ----->\n{   'bare': '',\n    'key': 'value',\n    'listid': 'ant.example.com',\n    'original_size': ${MAIL.length}}\n[----- end pickle -----]\n`,
  );
  expect(succeed(server.mailman('qfile', '-n', id))).toBe('');
});

test('queues shows the entries of one queue, with what went wrong', () => {
  const server = install();
  makeList(server, LIST);
  succeed(server.mailmanReading(MAIL, 'inject', '-q', 'shunt', LIST));
  server.sql("UPDATE queue_entry SET error = 'TypeError: \u001b[1m no\n  at somewhere'");
  const id = String(server.query('SELECT entry_id FROM queue_entry')[0]?.entry_id);
  expect(succeed(server.mailman('queues', 'shunt'))).toMatch(
    new RegExp(
      `^${id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  ant\\.example\\.com  TypeError: \\\\x1b\\[1m no\n$`,
    ),
  );
  expect(JSON.parse(succeed(server.mailman('queues', '--json', 'shunt')))).toMatchObject([
    { entry_id: id, list_id: 'ant.example.com', attempts: 0 },
  ]);
  expect(succeed(server.mailman('queues', 'in'))).toBe('');
  expect(problemOf(server.mailman('queues', 'nope'))).toBe('Error: No such queue: nope');
});

test('inject names the queues and refuses others', () => {
  const server = install();
  makeList(server, LIST);
  expect(succeed(server.mailman('inject', '-s', LIST))).toMatch(/^Available queues:\n {4}archive\n {4}bad\n/);
  expect(problemOf(server.mailmanReading(MAIL, 'inject', '-q', 'nope', LIST))).toBe(
    'Error: No such queue: nope',
  );
  expect(problemOf(server.mailmanReading(MAIL, 'inject', 'bee@example.com'))).toBe(
    'Error: No such list: bee@example.com',
  );
  expect(problemOf(server.mailman('inject'))).toBe("Error: Missing argument 'LISTSPEC'.");
  expect(problemOf(server.mailman('qfile', '0123'))).toBe('Error: No such queue entry: 0123');
});

test('unshunt puts back what is shunted: all, or what is named; or throws it away', () => {
  const server = install();
  makeList(server, LIST);
  for (const whichq of ['pipeline', 'virgin', 'nonsense', 'in']) {
    succeed(server.mailmanReading(MAIL, 'inject', '-q', 'shunt', '-m', `whichq=${whichq}`, LIST));
  }
  const ids = server
    .query('SELECT entry_id FROM queue_entry ORDER BY entry_id')
    .map(({ entry_id }) => String(entry_id));
  expect(problemOf(server.mailman('unshunt', 'nobody'))).toBe('Error: No such shunted message: nobody');
  expect(server.mailman('unshunt', ids[0] ?? '')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(counts(server)).toMatchObject({ pipeline: 1, shunt: 3 });
  expect(JSON.parse(succeed(server.mailman('unshunt', '--json', '-d', ids[1] ?? '')))).toEqual({
    discarded: [ids[1]],
  });
  expect(counts(server)).toMatchObject({ virgin: 0, shunt: 2 });
  succeed(server.mailman('unshunt'));
  expect(counts(server)).toMatchObject({ pipeline: 1, in: 2, shunt: 0 });
  expect(server.query('SELECT count(*) AS messages FROM queue_message')).toEqual([{ messages: 3 }]);
});

test('an entry whose metadata is damaged can be seen and thrown away; unshunt says why it stays', () => {
  const server = install();
  makeList(server, LIST);
  for (const whichq of ['in', 'virgin'])
    succeed(server.mailmanReading(MAIL, 'inject', '-q', 'shunt', '-m', `whichq=${whichq}`, LIST));
  const [id = ''] = server
    .query('SELECT entry_id FROM queue_entry ORDER BY entry_id')
    .map(({ entry_id }) => String(entry_id));
  server.sql(`UPDATE queue_entry SET metadata = '{"listid":' WHERE entry_id = '${id}'`);
  expect(succeed(server.mailman('queues', 'shunt'))).toMatch(new RegExp(`^${id}  \\S+ \\S+  -$`, 'm'));
  expect(succeed(server.mailman('qfile', id))).toMatch(/^'\{"listid":'$/m);
  const { status, stderr } = server.mailman('unshunt');
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^Cannot unshunt message ${id}, skipping:\n.*damaged.*\n$`));
  expect(counts(server)).toMatchObject({ virgin: 1, shunt: 1 });
  succeed(server.mailman('unshunt', '-d'));
  expect(counts(server)).toMatchObject({ virgin: 1, shunt: 0 });
});
