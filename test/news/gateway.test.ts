import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertCutover } from '../../src/database/cutover.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { Message } from '../../src/message/message.ts';
import { gateNews } from '../../src/news/gate.ts';
import { newsConsumer } from '../../src/news/news-consumer.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { type NewsServerStandIn, startNewsServer } from '../support/news-server.ts';

const GROUP = 'misc.ants';

let news: NewsServerStandIn;
let bench: FlowBench;

beforeEach(async () => {
  news = await startNewsServer();
  news.groups.set(GROUP, new Map());
  bench = await openFlowBench();
  await bench.set({
    gateway_to_news: true,
    gateway_to_mail: true,
    linked_newsgroup: GROUP,
    nntp_host: `127.0.0.1:${news.port}`,
    subject_prefix: '[Ant] ',
  });
});

afterEach(async () => {
  await bench.close();
  await news.stop();
});

/** Puts a post into the queue `nntp`, and has the queue worked on. @returns what is left in the queues */
async function postToNews(text: string, original_subject?: string): Promise<Map<string, number>> {
  const engine = new QueueEngine(
    bench.services,
    { processors: {}, consumers: { nntp: newsConsumer } },
    'test',
  );
  await engine.start();
  await engine.accept('nntp', Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'), {
    listid: 'ant.example.com',
    ...(original_subject === undefined ? {} : { original_subject }),
  });
  await engine.drain();
  await engine.stop();
  const counts = new Map<string, number>();
  for (const queue of ['nntp', 'shunt'] as const) {
    const entries = await listEntries(bench.database.connection, queue);
    if (entries.length > 0) counts.set(queue, entries.length);
  }
  return counts;
}

const posted = (): Message[] => news.posted.map((text) => Message.parse(Buffer.from(text, 'latin1')));

describe('posts go to the newsgroup', () => {
  test('with what news demands, and without what it forbids', async () => {
    const left = await postToNews(
      mail(
        {
          Subject: '[Ant] Re: Hello',
          Received: 'from a by b',
          'NNTP-Posting-Host': 'x',
          'X-Empty': '',
          'Content-Transfer-Encoding': '8bit',
        },
        '.dot\n..dots\n\xe9\n',
      ).replace('To: ', 'To: bart@example.net\nTo: '),
    );
    expect(left).toEqual(new Map());
    const [article] = posted();
    const { headers } = article ?? Message.parse(Buffer.alloc(0));
    expect(headers.get('Newsgroups')).toBe(GROUP);
    expect(headers.get('Message-ID')).toBe('<one@example.com>');
    expect(headers.get('Lines')).toBe('3');
    expect(headers.get('Subject')).toBe('[Ant] Re: Hello');
    expect(headers.getAll('To')).toEqual(['bart@example.net']);
    expect(headers.getAll('X-Original-To')).toEqual(['ant@example.com']);
    for (const name of ['Received', 'NNTP-Posting-Host', 'X-Empty', 'Approved'])
      expect(headers.has(name)).toBe(false);
    expect(article?.root.body.toString('latin1')).toBe('.dot\r\n..dots\r\n\xe9\r\n');
  });

  test('approved where the group is moderated, without the prefix where the list wants it so', async () => {
    await bench.set({ newsgroup_moderation: 'open_moderated', nntp_prefix_subject_too: false });
    await postToNews(mail({ Subject: '[Ant] Re: Hello', Newsgroups: 'misc.bees' }));
    const [article] = posted();
    expect(article?.headers.get('Approved')).toBe('ant@example.com');
    expect(article?.headers.get('Subject')).toBe('Re: Hello');
    expect(article?.headers.get('Newsgroups')).toBe(`misc.bees,${GROUP}`);
  });

  test('after a login, where the server asks for one', async () => {
    news.behaviour = { login: ['anne', 'secret'] };
    const { nntp } = bench.services.config;
    Object.assign(bench.services, {
      config: { ...bench.services.config, nntp: { ...nntp, user: 'anne', password: 'secret' } },
    });
    expect(await postToNews(mail())).toEqual(new Map());
    expect(news.commands).toContain('AUTHINFO USER anne');
    expect(posted()).toHaveLength(1);
  });

  test('once, even when it was there already; again under another name where another group has it', async () => {
    await postToNews(mail());
    expect(await postToNews(mail())).toEqual(new Map());
    expect(posted()).toHaveLength(1);

    news.groups.set('misc.bees', new Map());
    await bench.set({ linked_newsgroup: 'misc.bees' });
    expect(await postToNews(mail())).toEqual(new Map());
    const [, other] = posted();
    expect(other?.headers.get('Message-ID')).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
    expect(other?.headers.get('X-Mailman-Original-Message-ID')).toBe('<one@example.com>');
    expect(other?.headers.get('References')).toBe('<one@example.com>');
  });

  test('later, where the server is away or asks for patience', async () => {
    news.behaviour = { greeting: '400 too busy' };
    expect(await postToNews(mail())).toEqual(new Map([['nntp', 1]]));
    const [entry] = await listEntries(bench.database.connection, 'nntp');
    expect(entry?.attempts).toBe(1);
    expect(bench.services.logged.map(({ line }) => line)).toContain(
      'ant.example.com: not posted: The news server answers 400 too busy',
    );
  });

  test('never, where the server refuses for good: then they are set aside', async () => {
    news.behaviour = { onPost: () => '441 no such group here' };
    expect(await postToNews(mail())).toEqual(new Map([['shunt', 1]]));
  });
});

describe('articles go to the list', () => {
  const article = (headers: Readonly<Record<string, string>>, body = 'Hello.\n') =>
    mail({ Newsgroups: GROUP, To: null, ...headers }, body).replaceAll('\n', '\r\n');

  async function incoming(): Promise<Message[]> {
    const { connection } = bench.database;
    const entries = await listEntries(connection, 'in');
    const contents = await Promise.all(entries.map(({ message_id }) => loadMessage(connection, message_id)));
    return contents.map((bytes) => Message.parse(bytes ?? Buffer.alloc(0)));
  }

  const put = (...numbers: number[]) => {
    for (const number of numbers)
      news.groups.get(GROUP)?.set(number, article({ 'Message-ID': `<${number}@news.example>` }));
  };

  beforeEach(() => put(7, 8));

  test('that come after the first look, each once, and numbers that are missing do no harm', async () => {
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 0 }]);
    expect(await incoming()).toEqual([]);
    expect((await bench.list()).usenetWatermark).toBe(8);
    put(9, 12);
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 2 }]);
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 0 }]);
    const found = await incoming();
    expect(found.map(({ headers }) => headers.get('Message-ID'))).toEqual([
      '<9@news.example>',
      '<12@news.example>',
    ]);
    expect(found.map(({ headers }) => headers.get('To'))).toEqual(['ant@example.com', 'ant@example.com']);
    const [entry] = await listEntries(bench.database.connection, 'in');
    expect(JSON.parse(entry?.metadata ?? '')).toMatchObject({ fromusenet: true, to_list: true });
    expect((await bench.list()).usenetWatermark).toBe(12);
  });

  test('also from a server that cannot list numbers, however dots stand in them', async () => {
    news.behaviour = { lists: false };
    await gateNews(bench.services);
    news.groups.get(GROUP)?.set(11, article({ To: 'x@example.net' }, '.\n..\n.x\n'));
    await gateNews(bench.services);
    const [found] = await incoming();
    expect(found?.root.body.toString()).toBe('.\r\n..\r\n.x\r\n');
    expect(found?.headers.get('X-Originally-To')).toBe('x@example.net');
  });

  test('but not those that came from the list', async () => {
    await gateNews(bench.services);
    news.groups.get(GROUP)?.set(9, article({ 'List-Id': 'Ants <ant.example.com>' }));
    news.groups.get(GROUP)?.set(10, article({ 'X-BeenThere': 'ant@example.com' }));
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 0 }]);
    expect((await bench.list()).usenetWatermark).toBe(10);
  });

  test('a group that was made anew is taken up at its end', async () => {
    await gateNews(bench.services);
    news.groups.set(GROUP, new Map());
    put(1, 2);
    await gateNews(bench.services);
    expect((await bench.list()).usenetWatermark).toBe(2);
    put(3);
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 1 }]);
  });

  test('trouble is told, and the next time goes on where it was', async () => {
    await gateNews(bench.services);
    put(9);
    news.behaviour = { greeting: '502 not for you' };
    expect(await gateNews(bench.services)).toEqual([
      { listId: 'ant.example.com', posted: 0, error: 'The news server answers 502 not for you' },
    ]);
    news.behaviour = {};
    await bench.set({ linked_newsgroup: 'no.such.group' });
    expect(await gateNews(bench.services)).toMatchObject([
      { error: 'The news server answers 411 no such group' },
    ]);
    await bench.set({ linked_newsgroup: `${GROUP}\r\nPOST` });
    expect(await gateNews(bench.services)).toMatchObject([{ posted: 0 }]);
    expect(news.commands.filter((line) => line === 'POST')).toEqual([]);
    await bench.set({ linked_newsgroup: GROUP });
    expect(await gateNews(bench.services)).toEqual([{ listId: 'ant.example.com', posted: 1 }]);
  });

  test('nothing is asked for lists that do not want it, or that Mailman 2 has in charge', async () => {
    await bench.set({ gateway_to_mail: false });
    expect(await gateNews(bench.services)).toEqual([]);
    await bench.set({ gateway_to_mail: true });
    await insertCutover(bench.database.connection, {
      listId: 'ant.example.com',
      since: bench.clock.now(),
      mailman2Name: 'ant',
      mailman2Domain: 'example.com',
    });
    expect(await gateNews(bench.services)).toEqual([]);
    expect(news.commands).toEqual([]);
  });
});
