import { MAX_FIELDS } from '../../../src/message/header-section.ts';
import { Message } from '../../../src/message/message.ts';
import { receivedMessage } from '../../../src/mta/reception.ts';
import { mails } from '../corpus.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const material = {
  seeds: mails.map((mail) => mail.subarray(0, 1500)),
  tokens: [
    ...[
      'From: ',
      'From ',
      'Subject:',
      'Message-ID: ',
      'X-MailFrom: ',
      ':',
      ': ',
      ' :',
      '\r\n ',
      '\r\n\t',
      '\r\n',
    ],
    ...[
      '\n',
      '\r',
      '\n\n',
      '\0',
      ' ',
      '\t',
      '\x85',
      '\xa0',
      '\xff',
      '=?utf-8?q?a?=',
      '<a@b>',
      'Message-ID-Hash:',
    ],
  ],
};

/** Header sections: bytes survive, and a value cannot bring in further fields. */
export const headers: Target = {
  name: 'headers',
  make: (random) => makeInput(random, material),
  read: (input) => {
    const message = Message.parse(input);
    expectThat(message.toBuffer().equals(input), 'what nobody changed leaves as it came');
    const before = message.headers.fields.length;
    for (const { name } of message.headers.fields.slice(0, 20)) {
      message.headers.get(name);
      message.headers.getAll(name);
    }
    const value = input.toString('latin1', 0, 400);
    message.headers.append('X-Last', value);
    message.headers.prepend('X-First', value);
    const again = Message.parse(message.toBuffer());
    if (before < MAX_FIELDS - 2) {
      expectThat(again.headers.fields.length === before + 2, 'two new fields are two');
      expectThat(again.root.body.equals(message.root.body), 'the body is the same under new fields');
    }
  },
};

/** What LMTP makes of a message. */
export const reception: Target = {
  name: 'reception',
  make: (random) => makeInput(random, material),
  read: (input) => {
    const stored = receivedMessage(input, input.toString('latin1', 0, 60));
    expectThat(!/(?:^|[^\r])\n|\r(?!\n)/.test(stored.toString('latin1')), 'every line ends with CRLF');
    const { headers: fields } = Message.parse(stored);
    for (const name of ['Message-ID-Hash', 'X-Message-ID-Hash', 'X-MailFrom']) {
      expectThat(fields.getAll(name).length === 1, `there is one ${name}`);
    }
    expectThat((fields.get('Message-ID') ?? '') !== '', 'there is a Message-ID');
  },
};
