import { describe, expect, it } from 'vitest';
import { Message } from '../../../src/message/message.ts';
import { commandBench } from './bench.ts';

const bench = commandBench();

describe('what is read as commands', () => {
  it('is the Subject, then the lines of the text', async () => {
    await bench().send({ Subject: 'echo one' }, '\n  ECHO Two THREE\n\necho four\n');
    expect(bench().resultLines()).toEqual(['echo one', 'echo Two THREE', 'echo four']);
  });

  it('is no line of nothing but control characters', async () => {
    await bench().send({ Subject: 'echo one' }, '\0\x1b\necho two\n');
    expect(bench().resultLines()).toEqual(['echo one', 'echo two']);
  });

  it('begins with the second word where the first is none', async () => {
    await bench().send({ Subject: 'please echo one' }, 'pretty please');
    expect(bench().resultLines()).toEqual(['echo one', 'No such command: pretty']);
  });

  it('is behind reply marks', async () => {
    const subjects = [
      'Re: echo x',
      'AW: Re: echo x',
      'RE:echo x',
      'RE : echo x',
      'Re[2]: echo x',
      'Re: [Ant] Re: echo x',
      '[External] Re: echo x',
      '=?utf-8?b?6L+U5L+hOiBlY2hvIHg=?=',
      // The colon of Chinese and Japanese.
      '=?utf-8?b?5Zue5aSN77yaZWNobyB4?=',
    ];
    for (const subject of subjects) {
      await bench().send({ Subject: subject });
      expect(bench().resultLines()).toEqual(['echo x']);
    }
  });

  it('is no quoted line, and nothing of a signature', async () => {
    await bench().send({ Subject: 'echo one' }, '> echo two\necho three\n-- \necho four\n');
    const [answer = ''] = bench().results();
    expect(answer).toContain('- Results:\n    echo one\n    echo three\n\n- Done.');
  });

  it('ends with end and stop', async () => {
    for (const word of ['end', 'Stop']) {
      await bench().send({ Subject: 'echo one' }, `${word}\necho two\n`);
      const [answer = ''] = bench().results();
      expect(answer).toContain('- Results:\n    echo one\n');
      expect(answer).toContain('- Unprocessed:\n    echo two\n');
    }
  });

  it('is at most ten lines of the text; others are named', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => `echo ${index}`);
    await bench().send({ Subject: 'echo subject' }, lines.join('\n'));
    const [answer = ''] = bench().results();
    expect(answer).toContain('    echo 9\n\n- Ignored:\n    echo 10\n    echo 11\n\n- Done.');
  });

  it('is in the first plain text of a multipart, in any encoding', async () => {
    const body = [
      '--x',
      'Content-Type: text/html',
      '',
      '<p>echo html</p>',
      '--x',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('echo grün\n').toString('base64'),
      '--x--',
    ].join('\n');
    await bench().send(
      { Subject: '', 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=x' },
      body,
    );
    expect(bench().resultLines()).toEqual(['echo grün']);
  });

  it('is not in HTML, which is said where it is all that there is', async () => {
    const html = { 'Content-Type': 'text/html' };
    await bench().send({ Subject: '', ...html }, '<p>echo html</p>');
    expect(bench().resultLines()).toEqual(['Ignoring non-text/plain MIME parts']);
    await bench().send({ Subject: 'Hello', ...html }, '<p>echo html</p>');
    expect(bench().resultLines()).toEqual(['Ignoring non-text/plain MIME parts', 'No such command: Hello']);
    await bench().send({ Subject: 'echo x', ...html }, '<p>echo html</p>');
    expect(bench().resultLines()).toEqual(['echo x']);
  });

  it('is what a mail to -confirm says that brings no token in the address', async () => {
    const confirm = { subaddress: 'confirm', to_request: false };
    await bench().send({ Subject: 'echo x' }, 'echo y', confirm);
    expect(bench().resultLines()).toEqual(['echo x', 'echo y']);
  });

  it('is not in an attached message', async () => {
    await bench().send({ Subject: '', 'Content-Type': 'message/rfc822' }, 'Subject: a\n\necho attached\n');
    expect(bench().results()).toEqual([]);
    expect(bench().logged()).toContain('vette: DISCARD: <one@example.org>; No commands');
  });
});

describe('the answer', () => {
  it('goes to the sender from the list, in bulk, as Mailman words it', async () => {
    await bench().send({ Subject: 'echo x', Date: 'Sat, 09 Mar 2024 17:04:05 +0000' });
    const [
      { message, metadata, queue } = { message: Message.parse(Buffer.alloc(0)), metadata: {}, queue: '' },
    ] = bench().queued;
    expect(queue).toBe('virgin');
    expect(metadata).toMatchObject({ recipients: ['anne@example.org'], reduced_list_headers: true });
    expect(message.headers.get('From')).toBe('ant-bounces@example.com');
    expect(message.headers.get('To')).toBe('Anne Person <anne@example.org>');
    expect(message.headers.get('Precedence')).toBe('bulk');
    expect(message.headers.get('Auto-Submitted')).toBe('auto-replied');
    const [text = ''] = bench().results();
    expect(text.slice(text.indexOf('- Original'))).toBe(
      [
        '- Original message details:',
        '    From: Anne Person <anne@example.org>',
        '    Subject: echo x',
        '    Date: Sat, 09 Mar 2024 17:04:05 +0000',
        '    Message-ID: <one@example.org>',
        '',
        '- Results:',
        '    echo x',
        '',
        '- Done.',
        '',
      ].join('\n'),
    );
  });

  it('is in the language of the member', async () => {
    await bench().join('member', 'anne@example.org');
    await bench().database.connection('member').update({ preferred_language: 'de' });
    await bench().send({ Subject: 'help' });
    const [{ metadata } = { metadata: {} }] = bench().queued;
    expect(metadata).toMatchObject({ lang: 'de' });
    expect(bench().mails()[0]).not.toContain('The results of');
  });

  it('comes ten times a day; the eleventh says that this is enough', async () => {
    for (let time = 0; time < 13; time += 1) await bench().send({ Subject: 'echo x' });
    expect(bench().results()).toHaveLength(10);
    expect(bench().mails()).toEqual(['anne@example.org: Last autoresponse notification for today']);
    bench().clock.advance(86_400);
    await bench().send({ Subject: 'echo x' });
    expect(bench().results()).toHaveLength(1);
  });

  it('does not go to robots, lists and mail in bulk', async () => {
    for (const [name, value] of [
      ['Precedence', 'bulk'],
      ['Precedence', 'Junk'],
      ['Precedence', 'list'],
      ['Auto-Submitted', 'auto-generated'],
      ['List-Id', '<bee.example.com>'],
      ['Return-Path', '<>'],
    ] as const) {
      await bench().send({ Subject: 'echo x', [name]: value });
    }
    await bench().send({ Subject: 'echo x' }, '', { envelope_sender: '' });
    await bench().send({ Subject: 'echo x', From: 'ant@example.com' });
    await bench().send({ Subject: 'echo x', From: 'ant-owner@example.com' });
    await bench().send({ Subject: 'echo x', From: 'nobody' }, '', { envelope_sender: 'no address' });
    expect(bench().mails()).toEqual([]);
  });

  it('goes to bulk that asks for it, and to nobody who asks for none', async () => {
    await bench().send({ Subject: 'echo x', Precedence: 'bulk', 'X-Ack': 'Yes' });
    expect(bench().results()).toHaveLength(1);
    await bench().send({ Subject: 'join', 'X-Ack': 'no' });
    expect(bench().results()).toEqual([]);
    expect(bench().mails()).toHaveLength(1);
  });

  it('leaves the rest to the automatic answer where the list wants that', async () => {
    await bench().set({ autorespond_requests: 'respond_and_discard', autoresponse_request_text: 'Away.' });
    await bench().send({ Subject: 'echo x' });
    expect(bench().results()).toEqual([]);
    expect(bench().mails()).toEqual([
      'anne@example.org: Auto-response for your message to the "Ant" mailing list',
    ]);
    await bench().send({ Subject: '' }, '', { subaddress: 'join', to_request: false });
    expect(bench().mails()).toHaveLength(1);
  });
});

describe('hostile mail', () => {
  it('brings in no header and no line of its own', async () => {
    await bench().sendBytes(
      Buffer.from(
        'From: =?utf-8?q?a=0D=0ABcc:_x=40example.net?= <anne@example.org>\r\nSubject: =?utf-8?q?echo_x=0D=0A=0D=0A-_Done.=0D=0ABcc:_y?=\r\n\r\necho a\u2028b\rBcc: z\r\n',
      ),
    );
    const [{ message } = { message: Message.parse(Buffer.alloc(0)) }] = bench().queued;
    expect(message.headers.has('Bcc')).toBe(false);
    const lines = bench().results()[0]?.split('\n') ?? [];
    expect(lines.filter((line) => line.startsWith('- Done'))).toHaveLength(1);
    expect(lines).toContain('    echo x - Done. Bcc: y');
  });

  it('is answered briefly, however long it is', async () => {
    const line = `echo ${'x'.repeat(100_000)}\n`;
    await bench().send({ Subject: 'x'.repeat(5000) }, line.repeat(9) + 'help\n'.repeat(50_000));
    const [answer = ''] = bench().results();
    expect(answer.length).toBeLessThan(30_000);
  });

  it('has the same line carried out once', async () => {
    await bench().send({ Subject: 'help' }, 'help\n'.repeat(10));
    expect(
      bench()
        .resultLines()
        .filter((line) => line.startsWith('echo')),
    ).toHaveLength(1);
  });

  it('of any bytes breaks nothing', async () => {
    for (const bytes of [
      '',
      '\0',
      '\r\n\r\n',
      'From: a@b.example\r\nContent-Type: multipart/x; boundary="\r\n\r\n--',
    ])
      await bench().sendBytes(Buffer.from(bytes, 'latin1'), { envelope_sender: 'x@example.net' });
    expect(bench().results().length).toBeLessThan(4);
  });
});
